# _thread: what threading stands on.
import _thread
import sys
import threading
import time

print(_thread.error is RuntimeError, _thread.LockType is type(_thread.allocate_lock()), _thread.TIMEOUT_MAX == threading.TIMEOUT_MAX > 1e9)
ended = _thread.allocate_lock()
ended.acquire()
results = []


def work(a, b=0, *, c=0):
    results.append((a, b, c, _thread.get_ident() != main))
    ended.release()


main = _thread.get_ident()
ident = _thread.start_new_thread(work, (1, 2), {"c": 3})
ended.acquire()
print(results, type(ident), ident != main)
for wrong in (lambda: _thread.start_new_thread(1, ()), lambda: _thread.start_new_thread(work, []), lambda: _thread.start_new_thread(work, (), 1), lambda: _thread.start_new_thread(work),
              lambda: _thread.stack_size(-1), lambda: _thread.stack_size(4096), lambda: _thread.exit(), lambda: _thread.interrupt_main(1000)):
    try:
        wrong()
    except (TypeError, ValueError, SystemExit) as error:
        print(type(error).__name__, error)
print(_thread.stack_size(), _thread.stack_size(256 * 1024))
_thread.start_new_thread(work, (4,))
ended.acquire()
print(_thread.stack_size(0) >= 256 * 1024, results[-1])


def leave():
    ended.release()
    _thread.exit()


_thread.start_new_thread(leave, ())
ended.acquire()
while _thread._count(): time.sleep(0.001)
print("a thread that exits says nothing")

# A foreign thread gets a Thread of its own when it asks who it is.
def who():
    thread = threading.current_thread()
    results.append((type(thread).__name__, thread.name.startswith("Dummy-"), thread.daemon, thread.is_alive()))
    ended.release()


_thread.start_new_thread(who, ())
ended.acquire()
print(results[-1])
hooked = []
sys.unraisablehook = lambda unraisable: (hooked.append((unraisable.exc_type, unraisable.err_msg, unraisable.object is fails)), ended.release())


def fails():
    raise LookupError


_thread.start_new_thread(fails, ())
ended.acquire()
print(hooked)
try:
    _thread.interrupt_main()
    time.sleep(5)
except KeyboardInterrupt:
    print("interrupted")
