# SPDX-License-Identifier: MIT
"""The same CPU-bound job serial, in two threads, in two processes.

Threads take turns with the GIL, so two of them need the time of both jobs; each process has a GIL of its own.
Run: scripts/baton scripts/demos/cpu_bound.py
"""
import multiprocessing
import threading

from table import Times, show_gil

N = 10_000_000


def count(n):
    total = 0
    for i in range(n):
        total += i
    return total


def in_workers(worker_class):
    workers = [worker_class(target=count, args=(N,)) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


times = Times()
with times("serial"):
    count(N)
    count(N)
with times("threads"):
    in_workers(threading.Thread)
with times("processes"):
    in_workers(multiprocessing.Process)
times.show()
show_gil()
