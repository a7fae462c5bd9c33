# What happens to an exception that nobody catches in a thread: excepthook, the traceback's text, SystemExit.
import io
import sys
import threading


def run(function, **more):
    thread = threading.Thread(target=function, **more)
    thread.start()
    thread.join()


def fail():
    raise ValueError("in a thread")


def fail_twice():
    try:
        fail()
    except ValueError as error:
        raise KeyError("second") from error


def report(text):
    print(text.replace(__file__, "FILE"))


for function in (fail, fail_twice, lambda: sys.exit(3), lambda: sys.exit("words"), lambda: 1 / 0):
    sys.stderr = io.StringIO()
    run(function, name="failing")
    text, sys.stderr = sys.stderr.getvalue(), sys.__stderr__
    print("\n".join(line for line in text.replace(__file__, "FILE").splitlines() if "threading" not in line and "self." not in line and "^^^^^" not in line))


def hook(args):
    print("hook:", args.exc_type.__name__, args.exc_value, args.exc_traceback is not None, args.thread.name)


threading.excepthook = hook
run(fail, name="hooked")
run(lambda: sys.exit(1), name="leaves")


def bad_hook(args):
    raise RuntimeError("in the hook")


threading.excepthook = bad_hook
sys.stderr = io.StringIO()
sys.excepthook, before = lambda kind, value, traceback: print("sys.excepthook:", kind.__name__, value), sys.excepthook
run(fail)
print(sys.stderr.getvalue().splitlines()[:1])
sys.stderr, sys.excepthook = sys.__stderr__, before
threading.excepthook = threading.__excepthook__
args = threading.ExceptHookArgs((ValueError, ValueError("made"), None, None))
print(args.exc_type, args.exc_value, args.exc_traceback, args.thread)
sys.stderr = None
run(fail)
threading.excepthook(threading.ExceptHookArgs((SystemExit, SystemExit(), None, None)))
sys.stderr = sys.__stderr__
print("main goes on")


class Boom(BaseException): pass


def boom():
    raise Boom("base")


threading.excepthook = hook
run(boom)
try:
    threading.ExceptHookArgs(1, 2)
except TypeError as error:
    print("TypeError")
