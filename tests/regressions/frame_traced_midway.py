# A frame that is traced from the middle of a line on, as pdb.set_trace() does with all callers, tells of its next line first.
import sys
told = []
def tracer(frame, event, argument):
    told.append((frame.f_code.co_name, event, frame.f_lineno - start))
    return tracer
def begin():
    frame = sys._getframe().f_back
    while frame is not None:
        frame.f_trace = tracer
        frame = frame.f_back
    sys.settrace(tracer)
def inner():
    begin()
    return 1
def outer():
    value = inner() + 1
    for i in range(2): value += i
    return value
def generator():
    yield 1
    begin()
    yield 2
start = sys._getframe().f_lineno
print(outer()); sys.settrace(None)
for event in told: print(event)
told.clear()
g = generator(); next(g)
next(g); sys.settrace(None)
g.close()
print(told)
del sys._getframe().f_trace
