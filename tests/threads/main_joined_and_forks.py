# A thread can join the main thread, whose end it then sees; in a forked child the other threads have ended; the longest timeout
# is one; what a thread that has lost sys.stderr leaves uncaught goes to the stream it knew; SimpleQueue.put() in a __del__.
import gc
import io
import os
import queue
import sys
import threading
import time

main = threading.current_thread()


def last():
    main.join()
    print("end of thread, main alive:", main.is_alive())


gate = threading.Event()
waiting = threading.Thread(target=gate.wait)
waiting.start()
ended = threading.Thread(target=lambda: None)
ended.start()
sys.stdout.flush()
child = os.fork()
if child == 0:
    try:
        fine = threading.active_count() == 1 and not waiting.is_alive() and not ended.is_alive() and main.is_alive()
        waiting.join()
        os._exit(7 if fine else 1)
    finally:
        os._exit(2)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
gate.set()
waiting.join()

for lock in threading.Lock(), threading.RLock():
    print(lock.acquire(timeout=threading.TIMEOUT_MAX))
    try:
        lock.acquire(timeout=threading.TIMEOUT_MAX + 1)
    except OverflowError:
        print("too long")

known, sys.stderr = sys.stderr, io.StringIO()
stream = sys.stderr


def failing():
    sys.stderr = None
    1 / 0


thread = threading.Thread(target=failing, name="Failing")
thread.start()
thread.join()
sys.stderr = known
print([line for line in stream.getvalue().splitlines() if not line.startswith(" ")])

items = queue.SimpleQueue()


class Putting:
    def __init__(self, n):
        self.n, self.self = n, self

    def __del__(self):
        items.put(self.n)


gc.set_threshold(5)
for i in range(2000):
    Putting(i)
    items.put(-1)
gc.collect()
gc.set_threshold(700)
got = [items.get() for _ in range(4000)]
print(sorted(got) == [-1] * 2000 + list(range(2000)), items.empty())
try:
    threading.stack_size(100)
except ValueError as e:
    print(e)
print(threading.stack_size(1 << 20), threading.stack_size(0))
threading.Thread(target=last).start()
time.sleep(0.02)
print("end of main")
