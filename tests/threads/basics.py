# Threads, locks, conditions and queues do what they say, in an order that does not depend on chance.
import queue
import threading
import time

log = []
threads = [threading.Thread(target=log.append, args=(n,)) for n in range(5)]
for t in threads:
    t.start()
    t.join()
print(log)                                      # expect: [0, 1, 2, 3, 4]

total = 0
lock = threading.Lock()


def add():
    global total
    for _ in range(10000):
        with lock:
            total += 1


threads = [threading.Thread(target=add) for _ in range(4)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(total)                                    # expect: 40000

rlock = threading.RLock()
with rlock:
    with rlock:
        print(rlock._is_owned())                # expect: True
try:
    rlock.release()
except RuntimeError as e:
    print(e)                                    # expect: cannot release un-acquired lock
try:
    lock.release()
except RuntimeError as e:
    print(e)                                    # expect: release unlocked lock
print(lock.acquire(timeout=0.01), lock.acquire(timeout=0.01), lock.acquire(False))   # expect: True False False
lock.release()

q = queue.Queue(maxsize=1)
out = []


def consume():
    while (item := q.get()) is not None:
        out.append(item)
        q.task_done()
    q.task_done()


t = threading.Thread(target=consume)
t.start()
for n in range(3):
    q.put(n)
q.put(None)
q.join()
t.join()
print(out)                                      # expect: [0, 1, 2]
try:
    q.get(timeout=0.01)
except queue.Empty:
    print("empty")                              # expect: empty

barrier = threading.Barrier(3)
threads = [threading.Thread(target=barrier.wait) for _ in range(2)]
for t in threads:
    t.start()
print(barrier.wait() in range(3))               # expect: True
for t in threads:
    t.join()

local = threading.local()
local.x = 1
seen = []
t = threading.Thread(target=lambda: seen.append(hasattr(local, "x")))
t.start()
t.join()
print(seen, local.x)                            # expect: [False] 1

event = threading.Event()
timer = threading.Timer(0.01, event.set)
timer.start()
print(event.wait(5))                            # expect: True

sleepers = [threading.Thread(target=time.sleep, args=(0.1,)) for _ in range(20)]
start = time.monotonic()
for t in sleepers:
    t.start()
for t in sleepers:
    t.join()
print(time.monotonic() - start < 1.5)           # expect: True
