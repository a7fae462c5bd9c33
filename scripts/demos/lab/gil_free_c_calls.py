# SPDX-License-Identifier: MIT
"""C functions that let go of the lock run beside each other; those that keep it do not.

Run: scripts/baton --gil-trace calls.html scripts/demos/lab/gil_free_c_calls.py
See: under "through CDLL" the two lanes are blocked: ffi at the same time. Under "through PyDLL" the C function keeps the lock: one lane
     holds it, the other wants it. The hash of a large buffer lets go, too (blocked: hash), of a small one it does not.
Ask: what may C code not do while it is without the lock?
"""
import ctypes
import hashlib
import threading
import time

LARGE = bytes(150_000_000)


def both(name, function, *args):
    threads = [threading.Thread(target=function, args=args, name=f"{name} {number}") for number in (1, 2)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - start


def alone(function, *args):
    start = time.perf_counter()
    function(*args)
    return time.perf_counter() - start


sleep = 200_000                                       # µs
for name, function, argument in (("through CDLL", ctypes.CDLL(None).usleep, sleep), ("through PyDLL", ctypes.PyDLL(None).usleep, sleep),
                                 ("hash", hashlib.sha256, LARGE)):
    one, two = alone(function, argument), both(name, function, argument)
    print(f"{name:13} one thread {one:.2f} s, two at once {two:.2f} s: {two / one:.1f} times as long")
