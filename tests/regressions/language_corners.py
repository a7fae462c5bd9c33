# Corners of the language that went wrong once: what CPython 3.11 says of each.
import copy
import pickle
import sys
import types
import warnings


def tell(what, f):
    try:
        result = f()
    except BaseException as e:
        result = f"{type(e).__name__}: {e}"
    print(what, result)


# A lambda that is a generator returns the value of its expression.
generator = (lambda: (yield 1))()
next(generator)
tell("lambda", lambda: generator.send(2))

# The docstring of a method is its function's.
class C:
    def method(self):
        "what it does"
tell("bound doc", lambda: C().method.__doc__)
tell("type doc", lambda: type(C().method).__doc__ is not None)

# Classes that cannot be.
tell("slots over int", lambda: type("A", (int,), {"__slots__": "x"}))
tell("doc", lambda: type("A", (), {"__doc__": "x\udcdcy"}))
def rename(name): C.__name__ = name
tell("name", lambda: rename("A\0B"))
tell("unsubscriptable", lambda: type("Q", (), {"__class_getitem__": None})[int])
tell("type()", lambda: type())
tell("meta", lambda: type("M", (type,), {})(1))

# Names of a namespace that is a dict of one's own are asked of it, in exec() and eval().
class Invents(dict):
    def __missing__(self, name):
        return name.upper()
    def __setitem__(self, name, value):
        super().__setitem__(name, [value])
space = Invents(__builtins__=__builtins__)
tell("missing name", lambda: eval("unknown + other", space))
tell("set name", lambda: (exec("x = 1", space), space["x"])[1])

# Modules.
class WithDict(types.ModuleType):
    __dict__ = 8
tell("dir", lambda: dir(WithDict("m")))
module = types.ModuleType("m")
tell("repr", lambda: repr(module))
module.__loader__ = "loader"
tell("repr", lambda: repr(module))
module.__file__ = "/there/m.py"
tell("repr", lambda: repr(module))
del module.__name__
tell("repr", lambda: repr(module))

# Exceptions.
error = ImportError("text", name="n", path="p")
tell("pickled", lambda: vars(pickle.loads(pickle.dumps(error))) or (pickle.loads(pickle.dumps(error)).name, copy.copy(error).path))
error.__init__()
tell("again", lambda: (error.args, error.msg, error.name, error.path))
tell("blank", lambda: repr(str(UnicodeEncodeError.__new__(UnicodeEncodeError))))
class Hook:
    blech = 1
    def __getattr__(self, name):
        raise AttributeError("no")
try:
    Hook().bluch
except AttributeError as e:
    print("hook", e.name, type(e.obj).__name__)

# Pickles keep slots of sets and bytearrays.
class Bag(set):
    __slots__ = ("label",)
class Buffer(bytearray):
    __slots__ = ("label",)
for cls in (Bag, Buffer):
    thing = cls()
    thing.label = "kept"
    print(cls.__name__, [pickle.loads(pickle.dumps(thing, p)).label for p in (0, 2, 4)], copy.copy(thing).label)
print(copy.copy(int | str), pickle.loads(pickle.dumps(int | None)))
print(types.MappingProxyType[int, str])

# Warnings of the compiler.
with warnings.catch_warnings(record=True) as seen:
    warnings.simplefilter("always")
    for text in (r"b'\477'", r"'\501'", "1if 1else 2", "[0x1for x in ()]", "0b1and 0", "1.5in ()", "'\\q'", "1 is 1", "()(1)", "[1]['a']"):
        compile(text, "file", "eval")
    class I(int): pass
    class Indexed:
        def __index__(self): return I(3)
    print([0, 1, 2, 3][Indexed()], hex(Indexed()))
for warning in seen:
    print(warning.category.__name__, warning.message)

# What cannot be assigned to, or matched.
for text in ("(__debug__ := 1)", "def f(**__debug__): pass", "lambda *__debug__: 1", "match x:\n  case f'a': pass",
             ", ".join(f"a{i}" for i in range(300)) + ", *rest = x"):
    try:
        compile(text, "file", "exec")
    except SyntaxError as e:
        print(e.msg)

# The frame of a function that has ended can be cleared.
def outer():
    x = 5
    def inner():
        x
        raise ZeroDivisionError
    inner()
try:
    outer()
except ZeroDivisionError as e:
    frame = e.__traceback__.tb_next.tb_next.tb_frame
print(frame.f_locals)
e = None
frame.clear()
print(frame.f_locals)
def delete(): del frame.f_lineno
tell("delete", delete)
