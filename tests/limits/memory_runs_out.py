# Memory runs out: MemoryError, not the end of the process; what was held is free again, and the program goes on.
# only: release
import ctypes
import sys
import threading


class Limit(ctypes.Structure):
    _fields_ = [("soft", ctypes.c_ulong), ("hard", ctypes.c_ulong)]


size = 512 * 1024 * 1024
ctypes.CDLL(None).setrlimit(9, ctypes.byref(Limit(size, size)))       # RLIMIT_AS


def attempt(what, function):
    try:
        function()
    except MemoryError as error:
        print(what, type(error).__name__, error)
    except OverflowError as error:
        print(what, type(error).__name__)
    else:
        print(what, "ended")


def fill(make):
    kept = []
    while True:
        kept.append(make(len(kept)))


def every():
    attempt("bytes", lambda: bytes(10**10))
    attempt("bytearray", lambda: bytearray(10**10))
    attempt("list", lambda: [0] * 10**10)
    attempt("tuple", lambda: (0,) * 10**10)
    attempt("str", lambda: "x" * 10**10)
    attempt("wide str", lambda: "\U0001f600" * 10**9)
    attempt("int", lambda: 1 << 10**11)
    attempt("join", lambda: ",".join(["x" * 10**6] * 10**4))
    attempt("replace", lambda: ("x" * 10**6).replace("x", "y" * 10**5))
    attempt("format", lambda: "%*d" % (2**31 - 1, 1))
    attempt("center", lambda: "x".center(10**10))
    attempt("fill with strings", lambda: fill(lambda i: "x" * 10**6))
    attempt("fill with lists", lambda: fill(lambda i: [None] * 10**5))
    attempt("a list that grows", lambda: [].extend(iter(int, 1)))
    attempt("a set that grows", lambda: set(range(10**9)))
    attempt("a bytearray that grows", lambda: grow())


def grow():
    array = bytearray(b"x")
    while True:
        array += bytes(array)


go = threading.Event()
thread = threading.Thread(target=lambda: go.wait() and every())
thread.start()
every()
go.set()
thread.join()
print(sum(range(1000)), len([0] * 10**6))
