# Class creation, metaclasses, descriptors, slots, operators, C3, annotations.
class Meta(type):
    @classmethod
    def __prepare__(m, name, bases, **kw):
        print("prepare", name, bases, kw); return {}
    def __new__(m, name, bases, ns, **kw):
        print("new", name, sorted(k for k in ns if not k.startswith('__'))); return super().__new__(m, name, bases, ns)
    def __init__(c, name, bases, ns, **kw):
        print("init", name, kw); super().__init__(name, bases, ns)
    def __call__(c, *a):
        print("call", a); return super().__call__(*a)
class X(metaclass=Meta, opt=1):
    a = 1
    def m(self): return __class__
x = X()
print(x.m() is X, type(X))
class Y(X, opt=2): pass
print(Y.__mro__)
class Base:
    def __init_subclass__(cls, tag=None, **kw):
        print("init_subclass", cls.__name__, tag); super().__init_subclass__(**kw)
class D(Base, tag="t"): pass
class Desc:
    def __set_name__(self, o, n): print("set_name", o.__name__, n); self.n = n
    def __get__(self, i, o): return (self.n, i is None, o.__name__)
    def __set__(self, i, v): print("set", v)
    def __delete__(self, i): print("delete")
class HD:
    d = Desc()
print(HD.d, HD().d); h = HD(); h.d = 5; del h.d
class S:
    __slots__ = ("a", "b")
s = S(); s.a = 1; print(s.a)
try: s.c = 1
except AttributeError as e: print(e)
try: s.b
except AttributeError as e: print(e)
class P:
    @property
    def v(self): return self._v
    @v.setter
    def v(self, x): self._v = x
    @v.deleter
    def v(self): del self._v
p = P(); p.v = 3; print(p.v); del p.v
try: p.v
except AttributeError as e: print(e)
class Op:
    def __init__(self, v): self.v = v
    def __add__(self, o): return ("add", self.v, o)
    def __radd__(self, o): return ("radd", self.v, o)
    def __iadd__(self, o): self.v += o; return self
    def __eq__(self, o): return "eq"
    def __lt__(self, o): return NotImplemented
    def __len__(self): return 3
    def __getitem__(self, k): return k
    def __setitem__(self, k, v): print("si", k, v)
    def __delitem__(self, k): print("di", k)
    def __contains__(self, k): return k == 1
    def __call__(self, *a, **k): return (a, k)
    def __bool__(self): return False
    def __neg__(self): return "neg"
    def __getattr__(self, n): return "ga_" + n
    def __hash__(self): return 5
    def __iter__(self): return iter([1, 2])
    def __format__(self, s): return "fmt:" + s
    def __enter__(self): return 1
    def __exit__(self, *a): pass
o = Op(1)
print(o + 1, 2 + o, o == 3, len(o), o[1:2], o[1, 2], o[...], 1 in o, o(1, z=2), bool(o), -o, o.zzz, hash(o), list(o), f"{o:abc}")
o += 5; print(o.v); o[1] = 2; del o[1]
try: o < 3
except TypeError as e: print(e)
with o as q: print(q)
class G:
    def __class_getitem__(cls, i): return (cls.__name__, i)
print(G[int])
class A0:
    def f(self): return "A0"
class B0(A0):
    def f(self): return "B0" + super().f()
class C0(A0):
    def f(self): return "C0" + super().f()
class D0(B0, C0):
    def f(self): return "D0" + super().f()
print(D0().f(), [c.__name__ for c in D0.__mro__])
try:
    class Bad(A0, B0): pass
except TypeError as e: print(e)
class N:
    x = 1
    y = [x for _ in range(2)] if False else 0
    class Inner:
        z = 5
    def __private(self): return "priv"
    def call(self): return self.__private()
print(N().call(), N.Inner.z, N.Inner.__qualname__)
print(N.__dict__['x'], N.__module__, N.__name__, N.__qualname__)
def func(a: int, b: str = "x", *args: float, c: "q" = 1, **kw: dict) -> bool:
    "doc"
    pass
print(func.__annotations__, func.__defaults__, func.__kwdefaults__, func.__doc__, func.__name__)
func.attr = 5; print(func.attr, func.__dict__)
class An:
    x: int = 5
    y: "str"
    (z): int = 3
print(An.__annotations__)
v: int = 3
print(__annotations__)
class MRO:
    def __mro_entries__(self, b): return (A0,)
class FromMro(MRO()): pass
print(FromMro.__bases__, FromMro.__orig_bases__[0].__class__)
class It:
    def __init__(self): self.n = 0
    def __iter__(self): return self
    def __next__(self):
        self.n += 1
        if self.n > 3: raise StopIteration
        return self.n
print(list(It()), [x for x in It()], sum(It()), *It())
class Sub(int):
    def __add__(self, o): return "sub"
print(Sub(3) + 1, Sub(3) * 2, type(Sub(3) * 2))
class L(list):
    def append(self, x): super().append(x * 2)
l = L(); l.append(2); print(l, isinstance(l, list))
class Dd(dict):
    def __missing__(self, k): return k * 2
print(Dd()["ab"])
class Ex(Exception): pass
print(issubclass(Ex, Exception), isinstance(Ex(), (int, Exception)))
print(type("Dyn", (A0,), {"k": 1})().f())
class Del:
    def __del__(self): print("del")
d = Del(); del d
def fd(): d = Del(); print("in fd")
fd()
class CallMe:
    def __new__(cls, *a): print("new", a); return object.__new__(cls)
    def __init__(self, *a): print("init", a)
CallMe(1, 2)
class NoInitRet:
    def __init__(self): return 5
try: NoInitRet()
except TypeError as e: print(e)
print(A0().f.__func__ is A0.f)
try: A0.f()
except TypeError as e: print(e)
try: A0(1)
except TypeError as e: print(e)
try: A0().f(1)
except TypeError as e: print(e)
import sys
print(sys._getframe().f_code.co_name)
