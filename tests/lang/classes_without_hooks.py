# What a metaclass's mro() may return, __class__ inside it, and isinstance of things that only say they have bases.
class Perverse(type):
    def mro(cls): return [cls, dict, object]
try:
    class X(metaclass=Perverse): pass
except TypeError as e: print(e)
class Asks(type):
    def mro(cls):
        print(cls.__dict__["f"]() is cls)
        return super().mro()
class A(metaclass=Asks):
    def f(): return __class__
class Says:
    def __init__(self, *bases): self.bases = bases
    __bases__ = property(lambda self: self.bases)
class Claims:
    def __init__(self, cls): self.cls = cls
    __class__ = property(lambda self: self.cls)
top = Says(); middle = Says(top); other = Says()
print(isinstance(Claims(middle), top), isinstance(Claims(other), top), issubclass(middle, top), issubclass(top, middle))
try: issubclass(1, top)
except TypeError as e: print(e)
nested = {}
for i in range(1100): nested = {1: nested}
try: repr(nested)
except RecursionError as e: print(e)
