# SPDX-License-Identifier: MIT
"""A C function called with and without the GIL.

usleep(200000) twice, in two threads. Through CDLL each call lets go of the lock, so both sleep together; through PyDLL it keeps the
lock, so the second waits for the first.
Run: scripts/baton scripts/demos/c_calls.py
"""
import ctypes
import threading

from table import Times, show_gil


def in_two_threads(library):
    threads = [threading.Thread(target=library.usleep, args=(200_000,)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


times = Times()
with times("CDLL: lets go"):
    in_two_threads(ctypes.CDLL(None))
with times("PyDLL: keeps it"):
    in_two_threads(ctypes.PyDLL(None))
times.show()
show_gil()
