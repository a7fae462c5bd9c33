# threading.settrace and setprofile: for the threads that start from then on, not for the one that asks.
import sys
import threading

events = []


def traced(x):
    y = x + 1
    return y


def tracer(frame, event, arg):
    if frame.f_code is traced.__code__:
        events.append((threading.current_thread().name, event, frame.f_lineno - traced.__code__.co_firstlineno))
    return tracer


def profiler(frame, event, arg):
    if frame.f_code is traced.__code__:
        events.append((threading.current_thread().name, event))


def run(name):
    thread = threading.Thread(target=traced, args=(1,), name=name)
    thread.start()
    thread.join()


run("before")
threading.settrace(tracer)
print(threading.gettrace() is tracer, sys.gettrace())
run("traced")
traced(1)
threading.settrace(None)
run("after")
print(events)
events.clear()
threading.setprofile(profiler)
print(threading.getprofile() is profiler, sys.getprofile())
run("profiled")
threading.setprofile(None)
run("after")
print(events)
