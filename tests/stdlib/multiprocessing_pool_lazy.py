# imap() takes its items as the workers do: an iterable without end, and one that raises.
import itertools
import multiprocessing
from multiprocessing.dummy import Pool as ThreadPool


def square(x):
    return x * x


def worker_name():
    return multiprocessing.current_process().name


def two_then_error():
    yield 1
    yield 2
    raise ValueError("no third")


def look(pool):
    results = pool.imap(square, two_then_error())
    print(next(results), next(results))
    try:
        next(results)
    except ValueError as error:
        print("ValueError:", error)
    print(list(pool.imap(square, range(10), chunksize=4)), pool.map(square, range(5)))
    try:
        next(pool.imap(square, 5))
    except TypeError as error:
        print("TypeError:", error)


if __name__ == "__main__":
    for make in multiprocessing.Pool, ThreadPool:
        with make(2) as pool:
            results = pool.imap(square, itertools.count())
            print([next(results) for _ in range(6)])
        with make(2) as pool:
            results = pool.imap_unordered(square, itertools.count(), chunksize=2)
            print(all(next(results) >= 0 for _ in range(6)))
        with make(1) as pool:
            look(pool)
    with multiprocessing.Pool(1) as pool:
        print(pool.apply(worker_name).startswith("ForkPoolWorker-"))
    lock = multiprocessing.Lock()
    print(lock.acquire(timeout=1), lock.acquire(block=False), lock.acquire(timeout=0.01))
