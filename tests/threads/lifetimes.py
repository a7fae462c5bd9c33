# What a Thread tells about itself, from before its start until after its end; names; wrong uses.
import threading
import time

go = threading.Event()
thread = threading.Thread(target=go.wait, name="waiter")
print(thread.name, thread.ident, thread.native_id, thread.daemon, thread.is_alive(), repr(thread))
for wrong in (thread.join, lambda: threading.current_thread().join()):
    try:
        wrong()
    except RuntimeError as error:
        print(error)
thread.start()
print(thread.is_alive(), thread.ident is not None, thread.native_id is not None, thread in threading.enumerate(), threading.active_count())
print(repr(thread).replace(str(thread.ident), "IDENT"))
for wrong in (thread.start, lambda: setattr(thread, "daemon", True)):
    try:
        wrong()
    except RuntimeError as error:
        print(error)
print(thread.join(0.01), thread.is_alive(), thread.join(timeout=-1), thread.is_alive())
thread.name = "renamed"
go.set()
thread.join()
print(thread.is_alive(), thread.join(), thread in threading.enumerate(), repr(thread).replace(str(thread.ident), "IDENT"))
try:
    thread.start()
except RuntimeError as error:
    print(error)


def named(): pass


class Callable:
    def __call__(self): pass


first = threading.Thread(target=named).name
number = int(first.split("-")[1].split(" ")[0])
names = [threading.Thread(target=Callable()).name, threading.Thread().name, threading.Thread(target=lambda: None).name, threading.Thread(name=5).name]
print([name.replace(str(number + 1), "N+1").replace(str(number + 2), "N+2").replace(str(number + 3), "N+3") for name in names])
daemon = threading.Thread(target=time.sleep, args=(60,), daemon=True)
print(daemon.daemon, repr(daemon).split(", ")[1])
inherits = []
parent = threading.Thread(target=lambda: inherits.append(threading.Thread().daemon), daemon=True)
parent.start()
parent.join()
print(inherits, threading.Thread(daemon=False).daemon)
main = threading.main_thread()
print(main.name, main is threading.current_thread(), main.is_alive(), main.daemon, main.ident == threading.get_ident(), type(main).__name__)


class Own(threading.Thread):
    def __init__(self, value):
        super().__init__()
        self.value = value

    def run(self):
        self.value *= 2


own = Own(21)
own.start()
own.join()
print(own.value, type(own).__name__ in repr(own))


class Forgot(threading.Thread):
    def __init__(self): pass


for wrong in (lambda: Forgot().start(), lambda: Forgot().join(), lambda: threading.Thread(group=1), lambda: threading.Thread(5, 6)):
    try:
        wrong()
    except (RuntimeError, AssertionError) as error:
        print(type(error).__name__, error)

# Many: started and joined at once, and one after the other.
done = []
threads = [threading.Thread(target=done.append, args=(i,)) for i in range(300)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(sorted(done) == list(range(300)), threading.active_count())
for i in range(300):
    thread = threading.Thread(target=done.append, args=(i,))
    thread.start()
    thread.join()
print(len(done), threading.active_count())
import warnings
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    thread.getName(), thread.isDaemon(), threading.currentThread(), threading.activeCount()
    threading.Event().isSet()
print([str(w.message) for w in caught])
