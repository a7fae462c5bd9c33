# SPDX-License-Identifier: MIT
"""What is to be done in a new child and at the end of a process."""
import itertools
import sys
import _weakref

_after_fork_calls = {}       # number -> (weak reference to an object, function of it)
_exit_calls = {}             # number -> (priority, function)
_numbers = itertools.count()
_exiting = False


def register_after_fork(obj, func):
    """Have each child call func(obj), for as long as obj lives."""
    number = next(_numbers)
    _after_fork_calls[number] = _weakref.ref(obj, lambda dead: _after_fork_calls.pop(number, None)), func


def run_after_fork():
    for reference, func in list(_after_fork_calls.values()):
        obj = reference()
        if obj is not None:
            func(obj)


def at_exit(func, priority):
    """Have this process call func() at its end, those of high priority first; what it gives takes the call back."""
    number = next(_numbers)
    _exit_calls[number] = priority, func
    return lambda: _exit_calls.pop(number, None)


def forget_exit_calls():
    _exit_calls.clear()


def _run_exit_calls(lowest):
    wanted = [(-priority, -number, func) for number, (priority, func) in _exit_calls.items() if lowest is None or priority >= lowest]
    for priority, number, func in sorted(wanted, key=lambda each: each[:2]):
        if _exit_calls.pop(-number, None) is None:
            continue
        try:
            func()
        except Exception:
            sys.__excepthook__(*sys.exc_info())


def flush_streams():
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (AttributeError, ValueError, OSError):
            continue


def _exit_function():
    """The end of a process: ends the daemons, waits for the other children, and for the threads that feed queues."""
    global _exiting
    if _exiting:
        return
    _exiting = True
    from multiprocessing import process
    _run_exit_calls(0)
    if process.current_process() is not None:
        for child in process.active_children():
            if child.daemon or child._is_stuck:           # a reported deadlock: it would never end
                child._terminate_quietly()
        for child in process.active_children():
            child.join()
    _run_exit_calls(None)


def traceback_text(error):
    """What the interpreter prints of an exception that nobody caught."""
    parts = []

    class Catcher:
        def write(self, text):
            parts.append(text)

        def flush(self):
            return None

    saved, sys.stderr = sys.stderr, Catcher()
    try:
        sys.__excepthook__(type(error), error, error.__traceback__)
    finally:
        sys.stderr = saved
    return "".join(parts)


def _cleanup_tests():
    """For suites of tests, which want nothing left of one when the next begins: ends the children that are still there."""
    import gc
    from multiprocessing.process import active_children
    gc.collect()
    for child in active_children():
        child.terminate()
        child.join()
