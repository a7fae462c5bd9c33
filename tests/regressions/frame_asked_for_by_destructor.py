# A destructor that runs while a frame ends asks for that frame: the frame outlives its call, and nothing of it is left at the end.
import sys, types
kept = []


class Asks:
    def __del__(self):
        frame = sys._getframe(0).f_back
        while frame is not None:
            kept.append(frame)
            frame = frame.f_back


def returns(a):
    asks, b = Asks(), [a, "text" * 10]
    return 1


def raises():
    asks = Asks()
    raise ValueError


def generates():
    asks = Asks()
    yield 1
    yield 2


def consumes(items):
    for item in items:
        return item


def guarded():
    try:
        while True:
            yield 1
    except ValueError:
        pass


def overwrite(n):
    x = [n] * 3
    return overwrite(x[0] - 1) if n else 0


returns("one")
try:
    raises()
except ValueError:
    pass
consumes(generates())
list(generates())
consumes(guarded())                  # closing it made a frame object for consumes(), which was lost
exec("asks = Asks()", {"Asks": Asks})
types.new_class("C", (), {}, lambda space: space.update(asks=Asks()))


class Body:
    asks = Asks()


del Body
overwrite(30)
for frame in kept:
    for name in ("f_code", "f_lineno", "f_locals", "f_globals", "f_back"):
        getattr(frame, name)
print(len(kept) > 5)   # expect: True
del kept[:], frame
