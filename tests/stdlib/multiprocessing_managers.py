# Objects kept by a manager's process, memory shared by name, connections that travel, connections by address.
import multiprocessing
from multiprocessing import shared_memory
from multiprocessing.connection import Client, Listener
from multiprocessing.managers import BaseManager


def work(numbers, items, space, lock, number):
    with lock:
        numbers[number] = number * number
        items.append(number)
        space.total += number


def raise_first(name):
    memory = shared_memory.SharedMemory(name=name)
    memory.buf[0] += 1
    memory.close()


def answer(connection):
    other = connection.recv()
    other.send("through a connection that travelled")
    other.close()


def call(address, key):
    with Client(address, authkey=key) as connection:
        connection.send([1, "two", 3.0])
        print(connection.recv(), flush=True)


class Counter:
    def __init__(self):
        self.count = 0

    def add(self, n=1):
        self.count += n
        return self.count


class OurManager(BaseManager):
    pass


OurManager.register("Counter", Counter)


def run(target, *args):
    process = multiprocessing.Process(target=target, args=args)
    process.start()
    return process


def managers():
    with multiprocessing.Manager() as manager:
        numbers, items, space, lock = manager.dict(), manager.list(), manager.Namespace(total=0), manager.Lock()
        for process in [run(work, numbers, items, space, lock, n) for n in range(3)]:
            process.join()
        print(sorted(numbers.items()), sorted(items), space.total)
        try:
            numbers["none"]
        except KeyError as error:
            print("KeyError:", error)
        queue, event, value = manager.Queue(), manager.Event(), manager.Value("i", 4)
        queue.put("item")
        event.set()
        value.value += 1
        print(queue.get(), event.wait(1), value.value, list(manager.Array("i", [1, 2])))
    with OurManager() as manager:
        counter = manager.Counter()
        print(counter.add(), counter.add(5))


def memory():
    block = shared_memory.SharedMemory(create=True, size=16)
    process = run(raise_first, block.name)
    process.join()
    print(block.buf[0], process.exitcode)
    block.close()
    block.unlink()
    items = shared_memory.ShareableList([1, "two", 3.0, None])
    print(list(items))
    items.shm.close()
    items.shm.unlink()
    try:
        shared_memory.SharedMemory(name="no_such_block_of_memory")
    except FileNotFoundError as error:
        print(error)


def connections():
    ours, theirs = multiprocessing.Pipe()
    mine, sent = multiprocessing.Pipe()
    process = run(answer, theirs)
    ours.send(sent)
    print(mine.recv())
    process.join()
    with Listener(authkey=b"key") as listener:
        process = run(call, listener.address, b"key")
        with listener.accept() as connection:
            print(connection.recv(), flush=True)
            connection.send("heard")
        process.join()
        process = run(refused, listener.address)
        try:
            listener.accept()
        except multiprocessing.AuthenticationError as error:
            print("AuthenticationError:", error)
        process.join()
        print("the other side's:", process.exitcode)


def refused(address):
    try:
        call(address, b"another")
    except multiprocessing.AuthenticationError:
        raise SystemExit(7)


if __name__ == "__main__":
    managers()
    memory()
    connections()
    for method in "fork", "bogus":
        try:
            print(multiprocessing.get_context(method).Process.__name__)
        except ValueError as error:
            print("ValueError:", error)
