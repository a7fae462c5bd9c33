# Semaphore and BoundedSemaphore: permits, timeouts, mistakes, and never more inside than permitted.
import threading
import time

semaphore = threading.Semaphore(2)
print(semaphore.acquire(), semaphore.acquire(), semaphore.acquire(False), semaphore.acquire(timeout=0.01))
print(repr(semaphore).split(" at ")[0], repr(semaphore).split(": ")[1])
semaphore.release()
semaphore.release(3)
print([semaphore.acquire(blocking=False) for _ in range(5)])
for wrong in (lambda: threading.Semaphore(-1), lambda: semaphore.release(0), lambda: semaphore.acquire(False, 1), lambda: semaphore.acquire(blocking=False, timeout=0)):
    try:
        print(wrong())
    except ValueError as error:
        print(error)
bounded = threading.BoundedSemaphore()
with bounded as got:
    print(got, bounded.acquire(False), repr(bounded).split(": ")[1])
for times in (1, 2):
    try:
        bounded.release(times)
    except ValueError as error:
        print(error)
print(bounded.acquire(False))
print(threading.Semaphore(0).acquire(timeout=0))

inside = most = 0
guard = threading.Lock()
gate = threading.BoundedSemaphore(3)


def enter():
    global inside, most
    for _ in range(5):
        with gate:
            with guard:
                inside += 1
                most = max(most, inside)
            time.sleep(0.002)
            with guard:
                inside -= 1


threads = [threading.Thread(target=enter) for _ in range(10)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(inside, most)
