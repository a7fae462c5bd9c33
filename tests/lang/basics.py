# A little of everything: functions, classes, closures, generators, with, match, unpacking.
class A:
    z = 5
    def __init__(self, x, y=3):
        self.x = x
        self.y = y
    def add(self, k):
        return self.x + self.y + k
    @property
    def p(self): return self.x * 2
    @classmethod
    def cm(cls, q): return (cls.__name__, q)
    @staticmethod
    def sm(q): return q + 1
    def __repr__(self): return f"A({self.x!r}, {self.y})"
class B(A):
    def __init__(self, *a, **k):
        super().__init__(*a, **k)
        self.extra = 1
    def add(self, k): return super().add(k) + 100
a = A(1); b = B(2, y=7)
print(a, b, a.add(5), b.add(5), a.p, A.cm(3), a.sm(4), b.extra)
try:
    1/0
except ZeroDivisionError as e:
    print("caught", e, type(e))
try:
    a.nope
except AttributeError as e:
    print(e)
def gen(n):
    for i in range(n):
        x = yield i * 2
        if x: print("got", x)
    return "done"
print(list(gen(4)))
g = gen(3)
print(next(g)); print(g.send("hey"))
def outer():
    r = yield from gen(2)
    print("r", r)
    yield 99
print(list(outer()))
print([i*i for i in range(5) if i % 2], {i: i+1 for i in range(3)}, {i%2 for i in range(5)}, sum(i for i in range(10)))
def closure():
    n = 0
    def inc():
        nonlocal n
        n += 1
        return n
    return inc
c = closure(); c(); print(c())
class CM:
    def __enter__(self): print("enter"); return self
    def __exit__(self, *a): print("exit", a[0]); return True
with CM() as m:
    print("body")
    raise ValueError("x")
print("after")
def f():
    try:
        return "try"
    finally:
        print("finally")
print(f())
def ff():
    for i in range(5):
        try:
            if i == 1: continue
            if i == 3: break
            print("i", i)
        finally:
            print("fin", i)
    else:
        print("else")
ff()
x, *y, z = range(6)
print(x, y, z)
print(1 < 2 < 3, 1 < 3 < 2, not 1, 5 if 0 else 6, 1 and 0 or 7)
d = {'a': 1, **{'b': 2}}
print(d, [*range(3), *'ab'], (*range(2),), {*'a'})
lam = lambda x, /, y, *, z=3: x + y + z
print(lam(1, 2), lam(1, y=5, z=1))
def m(v):
    match v:
        case 0: return "zero"
        case [x, y]: return f"pair {x} {y}"
        case [x, *rest]: return f"seq {x} {rest}"
        case {"k": v, **kw}: return f"map {v} {kw}"
        case A(x=1, y=yy): return f"A1 {yy}"
        case str() | bytes(): return "strbytes"
        case int(n) if n > 10: return f"big {n}"
        case _: return "other"
for v in (0, (1,2), [1,2,3], {"k": 1, "z": 2}, A(1), "s", 50, 5, None): print(m(v))
print(f"{3.14159:.2f} {'x':>5} {5!r:>3} {'a'*3}")
s = 0
while s < 10:
    s += 3
else: print("we", s)
try:
    try:
        raise KeyError("a")
    except KeyError as e:
        raise ValueError("b") from e
except ValueError as e:
    print(repr(e), repr(e.__cause__), e.__context__ is e.__cause__)
print(__name__)
del x
try: print(x)
except NameError as e: print(e)
def ul():
    print(q)
    q = 1
try: ul()
except UnboundLocalError as e: print(e)
import sys
print(sys.version_info[:2])
global_var = 1
def setg():
    global global_var
    global_var += 10
setg(); print(global_var)
assert True
try:
    assert 1 == 2, "msg"
except AssertionError as e: print("AE", e)
print((lambda *a, **k: (a, k))(1, 2, x=3))
def dec(f):
    def w(*a): return ("w", f(*a))
    return w
@dec
def decorated(x): return x
print(decorated(4))
for i, (p, q) in enumerate([(1, 2), (3, 4)]): print(i, p, q)
print(max([3, 1, 2]), sorted([3, 1, 2], key=lambda v: -v))
a.x += 5; print(a.x)
l = [1, 2, 3]; l[0] += 10; l[1:] = [7, 8, 9]; del l[0]; print(l, l[-1], l[::2])
