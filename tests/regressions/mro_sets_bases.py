# A metaclass's mro() may look at the class that is being made and set its bases, or those of its relatives.
import gc


class Curious(type):
    def mro(cls):
        print("mro of", cls.__name__, "now", cls.__mro__, cls.__base__.__name__)
        try:
            super(cls, cls).nothing
        except AttributeError as e:
            print(type(e).__name__)
        dir(cls)
        hasattr(cls, "nothing")
        if cls.__name__ == "Seen":
            try:
                type("Heir", (cls,), {})
            except TypeError as e:
                print(e)
        return super().mro()


class Seen(metaclass=Curious):
    pass


class Reentrant(type):
    plan = None

    def mro(cls):
        if cls.__mro__ is not None and Reentrant.plan:
            plan, Reentrant.plan = Reentrant.plan, None
            try:
                plan(cls)
            except TypeError as e:
                print("inside:", e)
        return type.mro(cls)


class A(metaclass=Reentrant): pass
class A1(metaclass=Reentrant): pass
class A2(metaclass=Reentrant): pass
class B(A): name = "B"
class C(B): name = "C"
def names(cls): return [c.__name__ for c in cls.__mro__]
def subclasses(*classes): return [sorted(s.__name__ for s in c.__subclasses__()) for c in classes]


def to_a2(cls): B.__bases__ = (A2,)
Reentrant.plan = to_a2
B.__bases__ = (A1,)
print(names(B), names(C), B.__bases__[0].__name__, subclasses(A1, A2, B))

def cycle(cls): A1.__bases__ = (C,)
Reentrant.plan = cycle
B.__bases__ = (A1,)
print(names(B), names(C), subclasses(A1, A2, B))

def same(cls): B.__bases__ = B.__bases__
Reentrant.plan = same
B.__bases__ = (A,)
print(names(B), names(C), subclasses(A1, A2, B))

# The MROs of all that derive follow the bases; a mro() that fails leaves all as it was.
class Refusing(type):
    refuse = False
    def mro(cls):
        if Refusing.refuse and cls.__name__ == "Z":
            raise ZeroDivisionError("no")
        return type.mro(cls)
class P(metaclass=Refusing): value = "P"
class Q(metaclass=Refusing): value = "Q"
class X(P): pass
class Y(X): pass
class Z(Y): pass
print(Z.value, names(Z))
Refusing.refuse = True
try:
    X.__bases__ = (Q,)
except ZeroDivisionError as e:
    print(e, X.__bases__[0].__name__, names(X), names(Y), names(Z), X.value, Z.value)
Refusing.refuse = False
X.__bases__ = (Q,)
print(names(X), names(Y), names(Z), X.value, Z.value, subclasses(P, Q, X))
try:
    del X.__bases__
except TypeError as e:
    print(e)


# An MRO may have any order, but not nothing.
class Empty(type):
    def mro(cls):
        return ()
try:
    class Loose(metaclass=Empty): pass
except TypeError as e:
    print(e)

class Odd(type):
    def mro(cls):
        return [object, cls, object]
class NotMine(metaclass=Odd):
    pass
NotMine.me = NotMine
print(NotMine.__mro__)
del NotMine
gc.collect()


# Bases set by mro() while the class is made.
class Early(Refusing):
    def mro(cls):
        if cls.__mro__ is None and cls.__bases__ == (P,):
            cls.__bases__ = (Q,)
        return type.mro(cls)
class Made(P, metaclass=Early): pass
print(names(Made), Made.value, Made.__bases__[0].__name__, subclasses(Q))
gc.collect()
