import pickle, sys
class P:
    def __init__(self): self.x, self.y = 1, [self.__class__.__name__]
    def __eq__(self, o): return type(o) is P and vars(self) == vars(o)
class S:
    __slots__ = ("a", "b")
    def __init__(self): self.a = 1
class N(tuple):
    def __new__(cls, a, b): return super().__new__(cls, (a, b))
    def __getnewargs__(self): return tuple(self)
class G:
    def __getstate__(self): return {"s": 5}
    def __setstate__(self, s): self.got = s
class K:
    def __new__(cls, *, k): o = super().__new__(cls); o.k = k; return o
    def __getnewargs_ex__(self): return (), {"k": self.k}
class L(list): pass
class D(dict): pass
class R:
    def __reduce__(self): return int, ("12",)
class Outer:
    class Inner: pass
    @classmethod
    def cm(cls): return 5
def func(): return 1
big = list(range(2500))
data = [None, True, False, 0, 1, 255, 256, 65535, 65536, -1, -128, -129, 2**31, -2**31, 2**31 - 1, 2**63, -2**63, -2**71, 10**400, 1.5, -0.0, float("inf"), "", "abc", "é€😀", "x" * 300,
        b"", b"ab", b"z" * 300, bytearray(b"q"), (), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4), [], [1], [1, "a", [2]], {}, {"a": 1}, {"a": 1, "b": {2: 3}}, {1}, frozenset([1]), big, {i: str(i) for i in range(1100)},
        ..., NotImplemented, type(None), int, len, func, P, Outer.Inner, 1 + 2j, range(3), slice(1, 2, 3), ValueError("a", 1), P(), N(1, 2), "y" * 70000, ["k"] * 3, b"w" * 70000, Outer.cm]
shared = [1]; data.append([shared, shared, (shared,)])
for proto in range(6):
    for i, x in enumerate(data):
        try: s = pickle.dumps(x, proto)
        except Exception as e: print(proto, i, type(e).__name__, e); continue
        y = pickle.loads(s)
        if not (y == x or isinstance(x, (Exception,)) and y.args == x.args): print("differ", proto, i, x, y)
        print(proto, i, s if len(s) < 120 else (len(s), sum(s)))
s = S(); t = pickle.loads(pickle.dumps(s)); print(t.a, hasattr(t, "b"))
print(pickle.loads(pickle.dumps(G())).got, pickle.loads(pickle.dumps(K(k=3))).k, pickle.loads(pickle.dumps(R())))
l = L([1, 2]); l.z = 1; m = pickle.loads(pickle.dumps(l)); print(m, m.z, type(m)); print(pickle.loads(pickle.dumps(D(a=1))))
r = []; r.append(r); q = pickle.loads(pickle.dumps(r)); print(q[0] is q)
tt = ([],); tt[0].append(tt); q = pickle.loads(pickle.dumps(tt)); print(q[0][0] is q)
for bad in (lambda: 1, (lambda: (lambda: 1))(), sys, (i for i in ())):
    try: pickle.dumps(bad)
    except Exception as e: print(type(e), str(e).split(" at 0x")[0], str(e)[-40:].split(">")[-1])
def loc():
    class Z: pass
    def f(): pass
    return Z, f, Z()
for x in loc():
    try: pickle.dumps(x)
    except Exception as e: print(type(e), e)
for bad in (b"", b"\x80\x04", b"\x80\x04.", b"\xff", b"}u.", b"c__main__\nnope\n.", b"cnope_mod\nx\n.", b"\x80\x09.", b"j\1\0\0\0.", b"e.", b"\x80\x04\x95\x05\0\0\0\0\0\0\0K."):
    try: print(pickle.loads(bad))
    except Exception as e: print(type(e), e)
import io
f = io.BytesIO(); pickle.dump(1, f); pickle.dump("b", f); f.seek(0); print(pickle.load(f), pickle.load(f))
class PP(pickle.Pickler):
    def persistent_id(self, o): return "me" if o is func else None
class UU(pickle.Unpickler):
    def persistent_load(self, p): return [p]
f = io.BytesIO(); PP(f).dump([func, 1]); print(f.getvalue()); f.seek(0); print(UU(f).load())
bufs = []; b = pickle.dumps(pickle.PickleBuffer(bytearray(b"abc")), 5, buffer_callback=bufs.append); print(b, pickle.loads(b, buffers=bufs)[:] if False else len(bufs))
