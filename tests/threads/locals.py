# threading.local: each thread its own attributes; __init__ runs again for each; what a thread had goes with it.
import gc
import threading
import weakref

data = threading.local()
data.name = "main"
seen = {}


def look():
    seen["before"] = hasattr(data, "name")
    data.name = "thread"
    seen["dict"] = dict(data.__dict__)
    del data.name
    try:
        del data.name
    except AttributeError as error:
        seen["again"] = str(error)
    try:
        data.missing
    except AttributeError as error:
        seen["missing"] = str(error)


thread = threading.Thread(target=look)
thread.start()
thread.join()
print(seen, data.name, data.__dict__)


class Counted(threading.local):
    made = 0
    shared = "class"
    __slots__ = ("common",)

    def __init__(self, start, *, step=1):
        Counted.made += 1
        self.value, self.step = start, step

    def advance(self):
        self.value += self.step
        return self.value


counter = Counted(10, step=5)
counter.common = "slot"
results = []
print(counter.advance(), counter.advance())
for _ in range(3):
    thread = threading.Thread(target=lambda: results.append((counter.advance(), counter.shared, counter.common)))
    thread.start()
    thread.join()
print(results, Counted.made, counter.value)
for wrong in (lambda: threading.local(1), lambda: setattr(data, "__dict__", {}), lambda: delattr(data, "__dict__")):
    try:
        wrong()
    except (TypeError, AttributeError) as error:
        print(type(error).__name__, error)


class Thing: pass


things = []


def keep():
    data.thing = Thing()
    things.append(weakref.ref(data.thing))


thread = threading.Thread(target=keep)
thread.start()
thread.join()
print(things[0]())
data.thing = Thing()
kept = weakref.ref(data.thing)
del data
gc.collect()
print(kept())


class Failing(threading.local):
    def __init__(self):
        if threading.current_thread() is not threading.main_thread():
            raise ValueError("not here")


failing = Failing()


def touch():
    try:
        failing.x
    except ValueError as error:
        results.append(str(error))


thread = threading.Thread(target=touch)
thread.start()
thread.join()
print(results[-1])
