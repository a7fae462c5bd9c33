# What __del__ of the program's last objects finds when the program has ended: its module, sys.stdout, threads, thread-locals.
import atexit
import sys
import threading

main = threading.current_thread()
here = threading.local()
here.value = "of the main thread"
atexit.register(print, "atexit")


class Plain:
    def __del__(self):
        print("plain", Plain.__name__, sys.is_finalizing())


class Cycle:
    def __init__(self):
        self.self = self

    def __del__(self):
        print("cycle", threading.current_thread() is main, threading.enumerate() == [main], here.value)


class Failing:
    def __del__(self):
        raise ValueError("told of, and no more")


class Importing:
    def __del__(self):
        try:
            import json
        except ImportError as e:
            print(e)


class Hidden:                        # reached from sys alone: found when sys is emptied, with nothing left to write to
    def __del__(self):
        print("not seen")
        open("/dev/null").read()
        undefined_name


plain = Plain()
cycle = Cycle()
failing = Failing()
importing = Importing()
print("end of main")
