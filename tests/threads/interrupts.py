# Ctrl-C reaches the main thread wherever it waits; signal handlers run in it while others work.
import os
import queue
import signal
import threading
import time

stop = threading.Event()


def work():
    while not stop.is_set():
        sum(range(1000))


def hold(lock, ready, go):
    with lock:
        ready.set()
        go.wait()


def interrupted(what, wait):
    timer = threading.Timer(0.05, os.kill, (os.getpid(), signal.SIGINT))
    try:
        timer.start()
        wait()
    except KeyboardInterrupt:
        print(what, "interrupted")
    else:
        print(what, "was not interrupted")
    timer.join()


lock, rlock = threading.Lock(), threading.RLock()
for name, held in (("Lock", lock), ("RLock", rlock)):
    ready, go = threading.Event(), threading.Event()
    holder = threading.Thread(target=hold, args=(held, ready, go))
    holder.start()
    ready.wait()
    interrupted(name + ".acquire", held.acquire)
    interrupted(name + ".acquire with a timeout", lambda: held.acquire(timeout=30))
    go.set()
    holder.join()
    print(held.acquire(False), held.release())
waiters = [threading.Thread(target=stop.wait) for _ in range(2)]
for waiter in waiters: waiter.start()
interrupted("join", lambda: waiters[0].join())
interrupted("join with a timeout", lambda: waiters[1].join(30))
interrupted("Queue.get", queue.Queue().get)
interrupted("SimpleQueue.get", queue.SimpleQueue().get)
full = queue.Queue(1)
full.put(1)
interrupted("Queue.put", lambda: full.put(2))
interrupted("Event.wait", threading.Event().wait)
interrupted("Semaphore.acquire", threading.Semaphore(0).acquire)
interrupted("Barrier.wait", threading.Barrier(2).wait)
interrupted("sleep", lambda: time.sleep(30))
condition = threading.Condition()


def wait_on_condition():
    with condition:
        condition.wait()


interrupted("Condition.wait", wait_on_condition)
print(condition._is_owned())


def loop():
    while True: pass


worker = threading.Thread(target=work)
worker.start()
interrupted("a loop", loop)
seen = []
signal.signal(signal.SIGUSR1, lambda number, frame: seen.append((number == signal.SIGUSR1, threading.current_thread() is threading.main_thread())))
for _ in range(5):
    before = len(seen)
    threading.Thread(target=os.kill, args=(os.getpid(), signal.SIGUSR1)).start()
    while len(seen) == before: time.sleep(0.001)
print(seen)
# A handler runs in the middle of a wait, and the wait goes on for the rest of its time.
signal.signal(signal.SIGALRM, lambda number, frame: seen.append("alarm"))
signal.setitimer(signal.ITIMER_REAL, 0.02)
begin = time.monotonic()
with lock:
    print(lock.acquire(timeout=0.1), time.monotonic() - begin >= 0.1, seen[-1])
results = []


def install():
    try:
        signal.signal(signal.SIGUSR2, signal.SIG_DFL)
    except ValueError as error:
        results.append(str(error))


thread = threading.Thread(target=install)
thread.start()
thread.join()
print(results)
stop.set()
worker.join()
