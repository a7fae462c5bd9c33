# SPDX-License-Identifier: MIT
"""A lock lets one thread in at a time, a semaphore so many; the others wait without the GIL.

Eight threads each spend 0.1 s in the guarded place: with a lock 0.8 s, with a semaphore of four 0.2 s, unguarded 0.1 s.
Run: scripts/baton scripts/demos/lock_and_semaphore.py
"""
import contextlib
import threading
import time

from table import Times, show_gil

inside = most = 0
count_lock = threading.Lock()


def visit(guard):
    global inside, most
    with guard:
        with count_lock:
            inside += 1
            most = max(most, inside)
        time.sleep(0.1)
        with count_lock:
            inside -= 1


def run(name, guard):
    global most
    most = 0
    threads = [threading.Thread(target=visit, args=(guard,), name=f"{name} {i}") for i in range(8)]
    with times(name):
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    print(f"{name}: at most {most} inside at once")


times = Times()
run("unguarded", contextlib.nullcontext())
run("semaphore of 4", threading.Semaphore(4))
run("lock", threading.Lock())
times.show()
show_gil()
