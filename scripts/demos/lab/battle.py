# Python 2's battle (David Beazley, 2009). Every 100 instructions the holder let go of the lock, woke a waiter, and took the lock
# again before the waiter was awake. On several processors the waiter woke up in vain, thousands of times.
#
#   scripts/baton scripts/demos/lab/battle.py
#
# `let go`: how often the lock was given up; `in vain`: how often a thread was woken and found it taken again. Under `ticks` (Python 1.5
# to 3.1) there are thousands, where `interval` (CPython since 3.2) has a few; instructions are counted one by one, so all is slower, too.
import threading
import time

import gil


def count():
    n = 1_000_000
    while n:
        n -= 1


def measure(policy):
    gil.policy = policy
    before = gil.stats()["total"]
    started = time.perf_counter()
    threads = [threading.Thread(target=count) for _ in range(2)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    took = time.perf_counter() - started
    after = gil.stats()["total"]
    print(f"{policy:12} {took:6.2f} s   let go {after['forced'] - before['forced']:7}   in vain {after['lost'] - before['lost']:7}")


for name in ("interval", "interval-any", "ticks"):
    measure(name)
