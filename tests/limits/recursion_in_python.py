# Recursion without end in Python code raises RecursionError, in the main thread and in others; the program goes on.
import sys
import threading


def attempt(what, function):
    try:
        function()
    except RecursionError as error:
        print(what, type(error).__name__, str(error).split(" in ")[0].split(" while ")[0])
    else:
        print(what, "ended")


def plain():
    return plain()


def mutual(): return other()
def other(): return mutual()


def generator():
    yield from generator()


async def coroutine():
    await coroutine()


def run(coro):
    try:
        coro.send(None)
    finally:
        coro.close()


class Everything:
    def __getattr__(self, name): return getattr(self, name + "x")
    def __eq__(self, other): return self == other
    def __repr__(self): return repr(self)
    def __str__(self): return str(self)
    def __hash__(self): return hash(self)
    def __len__(self): return len(self)
    def __bool__(self): return bool(self)
    def __getitem__(self, key): return self[key]
    def __call__(self): return self()
    def __iter__(self): return iter(self)
    def __contains__(self, item): return item in self
    def __add__(self, other): return self + other
    def __lt__(self, other): return self < other
    def __index__(self): return [1][self]
    def __format__(self, spec): return format(self, spec)
    def __enter__(self):
        with self: pass
    def __exit__(self, *args): pass


class Meta(type):
    def __instancecheck__(cls, instance): return isinstance(instance, cls)
    def __subclasscheck__(cls, other): return issubclass(other, cls)


class Checked(metaclass=Meta): pass


class Property:
    @property
    def x(self): return self.x
    @x.setter
    def x(self, value): self.x = value


class New:
    def __new__(cls): return cls()


class Init:
    def __init__(self): Init()


class Descriptor:
    def __get__(self, instance, owner): return instance.d


class Holder:
    d = Descriptor()


def every():
    e = Everything()
    attempt("plain", plain)
    attempt("mutual", mutual)
    attempt("lambda", lambda: (lambda f: f(f))(lambda f: f(f)))
    attempt("generator", lambda: list(generator()))
    attempt("coroutine", lambda: run(coroutine()))
    attempt("getattr", lambda: e.missing)
    attempt("eq", lambda: e == e)
    attempt("repr", lambda: repr(e))
    attempt("str", lambda: str(e))
    attempt("hash", lambda: hash(e))
    attempt("len", lambda: len(e))
    attempt("bool", lambda: bool(e))
    attempt("getitem", lambda: e[1])
    attempt("call", lambda: e())
    attempt("iter", lambda: iter(e))
    attempt("contains", lambda: 1 in e)
    attempt("add", lambda: e + 1)
    attempt("lt", lambda: e < 1)
    attempt("index", lambda: [1][e])
    attempt("format", lambda: f"{e}")
    attempt("with", lambda: e.__enter__())
    attempt("isinstance", lambda: isinstance(1, Checked))
    attempt("issubclass", lambda: issubclass(int, Checked))
    attempt("property", lambda: Property().x)
    attempt("setter", lambda: setattr(Property(), "x", 1))
    attempt("new", New)
    attempt("init", Init)
    attempt("descriptor", lambda: Holder().d)
    attempt("sort key", lambda: sorted([1, 2], key=lambda x: plain()))
    attempt("map", lambda: deep_map())
    attempt("exec", lambda: exec_again())
    attempt("in except", lambda: in_except())


def deep_map(): return list(map(lambda x: deep_map(), [1]))
def exec_again(): exec("exec_again()", globals())
def in_except():
    try:
        1 / 0
    except ZeroDivisionError:
        in_except()


every()
thread = threading.Thread(target=every)
thread.start()
thread.join()
sys.setrecursionlimit(150)
attempt("low limit", plain)
sys.setrecursionlimit(20000)
depth = 0


def count():
    global depth
    depth += 1
    count()


attempt("high limit", count)
print(depth > 15000)
for wrong in (0, -1):
    try:
        sys.setrecursionlimit(wrong)
    except ValueError as error:
        print(error)
