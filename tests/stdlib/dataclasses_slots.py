# Data classes with slots, with slots inherited, without an __init__; what a member descriptor is; a tuple given to sys.exit().
import dataclasses
import inspect
import sys
import types
from dataclasses import dataclass


@dataclass(slots=True)
class Point:
    x: int
    y: int = 0


@dataclass(slots=True)
class Solid(Point):
    z: int = 1


@dataclass(init=False)
class Bare:
    x: int


class Slotted:
    __slots__ = ("x",)


@dataclass
class Over(Slotted):
    x: int


print(Solid(1), Solid.__slots__, Point.__doc__, Bare.__doc__)
try:
    Over()
except TypeError as e:
    print(e)
print(inspect.signature(object), inspect.signature(Bare), object.__text_signature__)
print(type(types.FunctionType.__globals__).__name__, inspect.ismemberdescriptor(Slotted.x), inspect.isgetsetdescriptor(Slotted.x), inspect.isgetsetdescriptor(types.FunctionType.__code__))
try:
    chain = lambda: 0
    chain.__globals__ = {}
except AttributeError as e:
    print(e)
for status in (42,), (1, 2), (), None, 3:
    try:
        sys.exit(status)
    except SystemExit as e:
        print(e.code, e.args)
