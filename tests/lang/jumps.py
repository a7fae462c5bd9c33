# A tracer sets f_lineno: the frame goes on there, unless that is inside of what only its beginning makes.
import sys


def jumping(function, start, to):
    """Runs the function; at its line `start` (counted from def) it is sent to line `to`."""
    first, done, out = function.__code__.co_firstlineno, [], []

    def tracer(frame, event, argument):
        if frame.f_code is function.__code__ and event == "line" and frame.f_lineno == first + start and not done:
            done.append(True)
            frame.f_lineno = first + to
            out.append(frame.f_lineno - first)
        return tracer
    sys.settrace(tracer)
    try:
        result = list(function(out)) if function.__code__.co_flags & 0x20 else function(out)
    except BaseException as e:
        result = f"{type(e).__name__}: {e}"
    finally:
        sys.settrace(None)
    handled = sys.exc_info()[0]
    print(function.__name__, start, to, out, result, handled)


def straight(out):
    out.append("a")
    out.append("b")
    out.append("c")
    return "end"
jumping(straight, 1, 3)
jumping(straight, 3, 1)
jumping(straight, 2, 2)
jumping(straight, 2, 99)
jumping(straight, 2, -1)


def loops(out):
    for i in range(3):
        out.append(i)
        for j in "xy":
            out.append(j)
    else:
        out.append("else")
    out.append("after")
jumping(loops, 2, 7)
jumping(loops, 4, 7)
jumping(loops, 4, 2)
jumping(loops, 4, 1)
jumping(loops, 1, 4)
jumping(loops, 7, 2)


class Guard:
    def __init__(self, out): self.out = out
    def __enter__(self): self.out.append("enter")
    def __exit__(self, *a): self.out.append("exit")


def guarded(out):
    with Guard(out):
        out.append("inside")
    out.append("outside")
    return "end"
jumping(guarded, 2, 3)
jumping(guarded, 3, 2)
jumping(guarded, 3, 1)


def handlers(out):
    try:
        out.append("try")
        1 / 0
    except ZeroDivisionError as e:
        out.append(type(e).__name__)
        out.append("handled")
    finally:
        out.append("finally")
    out.append(sys.exc_info()[0])
    return "end"
jumping(handlers, 3, 9)
jumping(handlers, 5, 9)
jumping(handlers, 2, 5)
jumping(handlers, 5, 6)
jumping(handlers, 6, 2)
jumping(handlers, 1, 8)


def generator(out):
    for i in range(2):
        try:
            yield i
            raise KeyError
        except KeyError:
            out.append(sys.exc_info()[0].__name__)
            out.append("k")
    yield "last"
jumping(generator, 6, 8)
jumping(generator, 3, 8)
jumping(generator, 7, 3)


def returns(out):
    try:
        return out.append("value")
    finally:
        out.append("finally")
    out.append("never")
jumping(returns, 4, 5)
jumping(returns, 2, 5)


def at_call(frame, event, argument):
    if event == "call":
        try: frame.f_lineno = frame.f_lineno + 1
        except ValueError as e: print(e)
        return at_return
def at_return(frame, event, argument):
    if event == "return":
        try: frame.f_lineno = frame.f_lineno - 1
        except ValueError as e: print(e)
    elif event == "line":
        try: frame.f_lineno = "x"
        except ValueError as e: print(e)
    return at_return
sys.settrace(at_call)
straight([])
sys.settrace(None)
