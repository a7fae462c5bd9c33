# No thread and no process can be made: RuntimeError, BlockingIOError; what there is goes on.
# only: release
import ctypes
import multiprocessing
import os
import threading


class Limit(ctypes.Structure):
    _fields_ = [("soft", ctypes.c_ulong), ("hard", ctypes.c_ulong)]


if os.getuid() == 0:
    os.setuid(54321)       # the limit does not bind root, and counts all of a user's
ctypes.CDLL(None).setrlimit(6, ctypes.byref(Limit(3, 3)))             # RLIMIT_NPROC
stop = threading.Event()
threads = []
try:
    for _ in range(20):
        thread = threading.Thread(target=stop.wait)
        thread.start()
        threads.append(thread)
except RuntimeError as error:
    print(type(error).__name__, error)
print(len(threads), threading.active_count() == 1 + len(threads))


def attempt(what, function):
    try:
        function()
    except (OSError, RuntimeError) as error:
        print(what, type(error).__name__, error)
    else:
        print(what, "ended")


attempt("fork", os.fork)
attempt("Process", lambda: multiprocessing.Process(target=print).start())
attempt("Timer", lambda: threading.Timer(1, print).start())
attempt("_thread", lambda: __import__("_thread").start_new_thread(print, ()))
stop.set()
for thread in threads: thread.join()
thread = threading.Thread(target=print, args=("again",))
thread.start()
thread.join()
