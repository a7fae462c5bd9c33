# Structures of many levels end without recursion (CPython 3.11 crashes at the slice: what is expected is what must be).
import sys
import threading

LEVELS = 10**6


class Node:
    __slots__ = ("next",)

    def __init__(self, next): self.next = next


class Plain:
    def __init__(self, next): self.next = next


class Counted:
    gone = 0

    def __init__(self, next): self.next = next
    def __del__(self): Counted.gone += 1


def generator(inner):
    yield inner


def closure(inner): return lambda: inner


WRAPS = {"list": lambda x: [x], "tuple": lambda x: (x,), "dict": lambda x: {1: x}, "slots": Node, "instance": Plain, "closure": closure, "generator": generator,
         "partial": lambda x: __import__("functools").partial(print, x), "method": lambda x: Node(x).__init__, "iterator": lambda x: iter([x]), "slice": lambda x: slice(x),
         "map": lambda x: map(print, [x]), "mixed": lambda x: {1: [(Plain(x),)]}}


def every():
    for name, wrap in WRAPS.items():
        value = None
        for _ in range(LEVELS // 20):
            value = wrap(value)
        del value
        print(name)
    value = None
    for _ in range(20000):
        value = Counted(value)
    del value
    print(Counted.gone)
    error = None
    for _ in range(20000):
        new = ValueError()
        new.__context__ = error
        error = new
    del error, new
    print("exceptions")


every()
Counted.gone = 0
thread = threading.Thread(target=every)
thread.start()
thread.join()
value = None
for _ in range(LEVELS):
    value = [value]
print("left to the end")
