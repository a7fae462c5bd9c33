# Details that CPython's own tests know, as CPython 3.11 has them.
import copy
import os
import pickle
import types


def tell(what, f):
    try:
        result = f()
    except BaseException as e:
        result = f"{type(e).__name__}: {e}"
    print(what, result)


# What except* clauses raise is a group.
def raised(original, kinds, error):
    try:
        try:
            raise original
        except* kinds:
            raise error
    except BaseException as e:
        return repr(e)
tell("group", lambda: raised(ExceptionGroup("eg", [TypeError(1), ValueError(2)]), (TypeError, ValueError), SyntaxError(3)))
tell("some", lambda: raised(ExceptionGroup("eg", [TypeError(1), ValueError(2)]), TypeError, SyntaxError(3)))
tell("plain", lambda: raised(TypeError(1), TypeError, SyntaxError(3)))

# classmethod over descriptors and methods.
class Wrapping:
    def __init__(self, function): self.function = function
    def __get__(self, instance, owner): return self.function.__get__(instance, owner)
class A:
    @classmethod
    @Wrapping
    def who(cls): return cls.__name__
    def bound(self, cls): return cls.__name__
    @classmethod
    @property
    def prop(cls): return cls.__name__
class B:
    taken = classmethod(A().bound)
print(A.who(), A().who(), B.taken(), A.prop)
print(sorted(vars(classmethod(A.bound))))

# Attributes that cannot be set.
for thing, name in ((slice(1), "start"), (range(1), "stop"), (property(), "fget"), (tell, "__globals__"), (A().bound, "__func__")):
    tell(name, lambda: setattr(thing, name, 1))
tell("class", lambda: object.__setattr__(str, "foo", 42))
tell("class", lambda: object.__delattr__(str, "lower"))
class Plain: pass
tell("init", lambda: Plain().__init__(42))
plain = Plain()
plain.x = 1
del plain.__dict__
print(vars(plain))

class Disguised:
    __slots__ = ["__class__", "__dict__"]
disguised = Disguised()
disguised.bar = 1
print(dir(disguised))

class Left: __slots__ = ("a", "b")
class Right: __slots__ = ("b", "a")
class Other: __slots__ = ("a", "c")
left = Left()
left.a = 1
left.__class__ = Right
print(left.a)
tell("layout", lambda: setattr(left, "__class__", Other))

# super() without arguments takes the first argument as it is, cell or not.
class S:
    def method(self): super()
def outer():
    k = 1
    return lambda: k
tell("super", lambda: S.method(outer().__closure__[0]))

# Aliases.
print(types.AsyncGeneratorType[int, str], os.DirEntry[str])
unpacked = next(iter(tuple[int, str]))
for again in (copy.copy(unpacked), copy.deepcopy(unpacked), pickle.loads(pickle.dumps(unpacked))):
    print(again, again.__unpacked__)

class Reduced:
    given = ()
    def __getnewargs_ex__(self): return self.given
for Reduced.given in (1, (), ([], {}), ((), [])):
    tell("newargs", lambda: copy.copy(Reduced()))

for place in ((1, 2, "abcdefg", 1, 100), (1, 10 ** 9, "abcdefg", 1, 10 ** 12), (1, 4, "abcdefg", 1, 2)):
    import sys
    sys.stderr = sys.stdout
    try:
        raise SyntaxError("bad", ("bad.py",) + place)
    except SyntaxError as e:
        e.__traceback__ = None
        sys.excepthook(type(e), e, None)
