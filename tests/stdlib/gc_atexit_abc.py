import _abc
import atexit
import gc
import stat
from abc import ABC, ABCMeta, abstractmethod

# gc
class Node:
    pass
gc.collect()
a = Node(); a.me = a; a.b = Node(); a.b.a = a
del a
print(gc.collect() >= 2, gc.isenabled())
gc.disable(); print(gc.isenabled()); gc.enable()
seen = []
gc.callbacks.append(lambda phase, info: seen.append((phase, info["generation"], sorted(info))))
gc.collect(1)
gc.callbacks.clear()
print(seen)
x = [1]; holder = [x]; d = {"k": x}
print(holder in gc.get_referrers(x), any(r is d for r in gc.get_referrers(x)), gc.get_referents(holder) == [x])
print(any(o is holder for o in gc.get_objects()), gc.is_tracked(holder), gc.is_tracked(1), gc.is_finalized(holder))
gc.set_threshold(500, 5, 5); print(gc.get_threshold(), gc.garbage, gc.DEBUG_LEAK)
for call in (lambda: gc.collect(5), lambda: gc.set_threshold(), lambda: gc.set_debug("a")):
    try:
        call()
    except Exception as error:
        print(repr(error))
gc.freeze(); print(gc.get_freeze_count() > 0); gc.unfreeze(); print(gc.get_freeze_count())

# abc
class Shape(ABC):
    @abstractmethod
    def area(self): ...
    @property
    @abstractmethod
    def name(self): ...
class Square(Shape):
    def area(self): return 4
print(sorted(Shape.__abstractmethods__), sorted(Square.__abstractmethods__))
try:
    Square()
except TypeError as error:
    print(error)
class Round:
    pass
print(issubclass(Round, Shape), isinstance(Round(), Shape), Shape.register(Round), issubclass(Round, Shape), isinstance(Round(), Shape))
print([len(s) for s in _abc._get_dump(Shape)[:3]])
for call in (lambda: Shape.register(3), lambda: Square.register(Shape), lambda: ABCMeta.__subclasscheck__(Shape, 3), lambda: _abc._abc_init(3), lambda: _abc._abc_register(int, str)):
    try:
        call()
    except Exception as error:
        print(type(error).__name__, error)
class Hooked(ABC):
    @classmethod
    def __subclasshook__(cls, other):
        return True if hasattr(other, "quack") else NotImplemented
class Duck:
    quack = 1
print(issubclass(Duck, Hooked), issubclass(int, Hooked), isinstance(Duck(), Hooked))
from collections.abc import Iterable, Mapping, Sequence, Hashable, Callable
print(isinstance([], Sequence), isinstance({}, Mapping), isinstance(3, Iterable), isinstance([], Hashable), isinstance(len, Callable))
class MySequence(Sequence):
    def __len__(self): return 2
    def __getitem__(self, i): return (10, 20)[i]
match MySequence():
    case [p, q]:
        print(p, q)
    case _:
        print("no")

# stat
print(stat.filemode(0o100644), stat.filemode(0o41777), stat.filemode(0o104755), stat.S_ISDIR(0o40000), stat.S_IMODE(0o100644), stat.S_IFMT(0o100644))

# atexit
def leave(*args, **kwargs):
    print("leave", args, kwargs)
print(atexit.register(leave, 1, k=2) is leave, atexit._ncallbacks())
atexit.register(print, "last registered, first called")
def forgotten(): print("never")
atexit.register(forgotten); atexit.unregister(forgotten)
for call in (lambda: atexit.register(3), lambda: atexit.register()):
    try:
        call()
    except TypeError as error:
        print(error)
