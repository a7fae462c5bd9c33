# No descriptor is left: OSError of errno 24, and the program goes on when some are free again.
import asyncio
import ctypes
import multiprocessing
import multiprocessing.queues
import os
import select
import threading


class Limit(ctypes.Structure):
    _fields_ = [("soft", ctypes.c_ulong), ("hard", ctypes.c_ulong)]


ctypes.CDLL(None).setrlimit(7, ctypes.byref(Limit(32, 32)))           # RLIMIT_NOFILE
files = []
try:
    while True:
        files.append(open("/dev/null"))
except OSError as error:
    print(type(error).__name__, error.errno, error.strerror, error.filename)


def attempt(what, function):
    try:
        function()
    except OSError as error:
        print(what, type(error).__name__, error.errno)
    else:
        print(what, "ended")


attempt("open", lambda: open("/dev/zero"))
attempt("os.open", lambda: os.open("/dev/zero", 0))
attempt("pipe", os.pipe)
attempt("dup", lambda: os.dup(0))
attempt("listdir", lambda: os.listdir("/"))
attempt("scandir", lambda: os.scandir("/"))
attempt("epoll", select.epoll)
try:
    import nonesuch_module
except ImportError as error:
    print(type(error).__name__)
threads = [threading.Thread(target=lambda: None) for _ in range(3)]
for thread in threads: thread.start()
for thread in threads: thread.join()
attempt("asyncio", lambda: asyncio.run(asyncio.sleep(0)))
attempt("Queue", multiprocessing.Queue)
attempt("Process", lambda: multiprocessing.Process(target=print).start())
for file in files: file.close()
print(open("/dev/null").read() == "", asyncio.run(asyncio.sleep(0, "again")))
