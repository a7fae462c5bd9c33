# Lock and RLock: who may take them, who may release them, and what a wait with a timeout answers.
import threading
import time


def in_thread(function, *args):
    answers = []
    thread = threading.Thread(target=lambda: answers.append(function(*args)))
    thread.start()
    thread.join()
    return answers[0]


lock = threading.Lock()
print(lock.locked(), lock.acquire(), lock.locked(), lock.acquire(False), lock.acquire(blocking=False))
begin = time.monotonic()
print(lock.acquire(timeout=0.05), 0.04 < time.monotonic() - begin < 5)
print(in_thread(lock.acquire, True, 0.01), in_thread(lock.acquire, False))
print(in_thread(lock.release), lock.locked())     # any thread may release a Lock
for wrong in [dict(blocking=False, timeout=1), dict(timeout=-2), dict(timeout=1e12), dict(timeout=float("nan")), dict(timeout="1"), dict(timeout=None)]:
    try:
        print(wrong, lock.acquire(**wrong))
    except Exception as error:
        print(wrong, type(error).__name__, error)
try:
    lock.release()
except RuntimeError as error:
    print(error)
with lock as taken:
    print(taken, lock.locked(), repr(lock).split(" at ")[0])
print(lock.locked(), repr(lock).split(" at ")[0])

rlock = threading.RLock()
print(rlock.acquire(), rlock.acquire(), rlock._is_owned())
print(in_thread(rlock.acquire, False), in_thread(rlock.acquire, True, 0.01), in_thread(rlock._is_owned))


def release_anothers():
    try:
        rlock.release()
    except RuntimeError as error:
        return str(error)


print(in_thread(release_anothers))
rlock.release()
print(in_thread(rlock.acquire, False))
rlock.release()
print(release_anothers())
with rlock:
    with rlock:
        print(repr(rlock).split(" object ")[0], "count=2" in repr(rlock))
print(repr(rlock).split(" object ")[0], "count=0" in repr(rlock))
try:
    with rlock:
        raise KeyError("inside")
except KeyError:
    print("released:", in_thread(lambda: rlock.acquire(False) and (rlock.release() or True)))

# A lock hands a counter from thread to thread without losing a step.
total = 0


def count(times):
    global total
    for _ in range(times):
        with lock:
            value = total
            total = value + 1


threads = [threading.Thread(target=count, args=(500,)) for _ in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(total)
