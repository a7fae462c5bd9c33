# Large functions and displays, nesting, scopes, star expressions, loops, formatting.
# many locals (far registers)
src = "def f(" + ", ".join("p%d" % i for i in range(200)) + "):\n" + "\n".join("  v%d = p%d + 1" % (i, i) for i in range(200)) + "\n  def g(): return v199 + p199 + v0\n  del v5\n  try: v5\n  except UnboundLocalError as e: print(e)\n  return sum([" + ", ".join("v%d" % i for i in range(200) if i != 5) + "]) + g()\n"
ns = {}
exec(src, ns)
print(ns['f'](*range(200)))
print(ns['f'](**{"p%d" % i: i for i in range(200)}))
try: ns['f'](1, 2)
except TypeError as e: print(str(e)[:80])
# many constants & names
src = "x = [" + ",".join(str(i * 1000 + 70000) for i in range(3000)) + "]\nprint(sum(x))\n"
exec(src)
src = "\n".join("n%d = %d.5" % (i, i) for i in range(70000)) + "\nprint(n69999, n300)"
exec(src, {})
# big dict / set / call
d = eval("{" + ",".join("'%d': %d" % (i, i) for i in range(500)) + "}"); print(len(d), d['499'])
s = eval("{" + ",".join("x%d" % (i % 7) for i in range(300)) + "}", {"x%d" % i: i for i in range(7)}); print(s)
def many(*a, **k): return len(a), len(k)
print(eval("many(" + ",".join(str(i) for i in range(300)) + ")"))
print(eval("many(" + ",".join("a%d=%d" % (i, i) for i in range(300)) + ")"))
print(eval("f'" + "".join("{%d}" % (i % 10) for i in range(200)) + "'")[:50])
a = eval("[" + ",".join("many" for i in range(100)) + "]"); print(len(a))
t = eval("(" + ",".join("d" for i in range(100)) + ")"); print(len(t), type(t))
exec(",".join("u%d" % i for i in range(100)) + " = range(100)\nprint(u99, u0)")
exec(",".join("u%d" % i for i in range(70)) + ", *rest, last = range(100)\nprint(u69, rest[0], len(rest), last)")
try: exec(",".join("u%d" % i for i in range(100)) + " = range(99)")
except ValueError as e: print(e)
# deep nesting
try: print(eval("(" * 90 + "1" + ")" * 90))
except Exception as e: print(type(e))
e = "1" + "+1" * 900
print(eval(e))
e = "x" + "+x" * 900
print(eval(e, {"x": 2}))
print(eval("[" * 50 + "]" * 50))
f = "lambda: " * 50 + "5"
g = eval(f)
for _ in range(50): g = g()
print(g)
# nested functions/closures
def mk():
    fs = []
    for i in range(3):
        def f(j=i): return (i, j)
        fs.append(f)
    return [f() for f in fs]
print(mk())
def cl(x):
    def a():
        def b():
            nonlocal x
            x += 1
            return x
        return b
    return a()(), x
print(cl(5))
class K:
    v = 1
    def m(self, v=v): return v
    l = [i for i in range(v + 2)]
    def __init__(self): self.q = [self.v for _ in range(2)]
print(K().m(), K.l, K().q)
def gl():
    global newg
    newg = 3
gl(); print(newg)
# walrus
if (n := 10) > 5: print(n)
print([y := 5, y ** 2], y)
print([last := i for i in range(3)], last)
def w():
    total = 0
    vals = [total := total + v for v in range(5)]
    return vals, total
print(w())
def w2(x):
    return x + (x := 5) + x
print(w2(1))
while (q := n) > 8: n -= 1
print(q)
# star
def st(*args, a=1, **kw): return args, a, kw
print(st(*[1, 2], 3, *(4,), a=5, **{'z': 1}, **{'y': 2}))
first, *rest = "abc"; print(first, rest)
*a, b = [1]; print(a, b)
(a, b), c = (1, 2), 3; print(a, b, c)
for a, *b in [(1, 2, 3), (4,)]: print(a, b)
x = y = z = []; x.append(1); print(z)
i = 0; lst = [0, 0]; i, lst[i] = 1, 9; print(lst)
a, b = 1, 2; a, b = b, a; print(a, b)
# conditional/bool
print([x if x % 2 else -x for x in range(4)], (1 or 2) and (0 or 3), not (1 and 0))
print(1 < 2 < 3 != 4, 1 == 1 in [1], 3 in [1] in [2])
# del
def dl():
    x = 1
    del x
    try: return x
    except UnboundLocalError as e: return str(e)
print(dl())
# loops
for i in range(3):
    for j in range(3):
        if j == 2: break
        if i == 1: continue
        print(i, j)
    else: print("no break")
else: print("done")
while True:
    break
else: print("never")
# global lookups shadow
len_ = len
def sh():
    return len([1, 2])
print(sh()); len = lambda x: 99
print(sh()); del len
print(sh())
# strings
s = ''
for c in "abc": s += c
print(s, "%s-%d" % ("a", 5), "{:>5}|{!r}".format(3, "x"))
print(f"{1+1=}", f"{'a':>{3}}", f"{{}}", f"{3.0:.1f}{'b'!r}", f"{n!s:*^9}")
print(b"abc"[0], b"a" + b"b", "a" "b")
# int
print(2**100, -7 // 2, -7 % 3, 7 // -2, 1 << 70, ~5, 5 & 3, 5 | 3, 5 ^ 3, 2**-1, 10**20 // 3, 140737488355327 + 1, -140737488355328 - 1, 140737488355327 * 3)
print(0.1 + 0.2, 1e100, 5 / 2, 5 // 2.0, 5 % 2.5, float('inf'), -0.0, 1_000, 0x1f, 0b11, 1j * 1j)
print(True + True, True & False, None is None, 1 == 1.0, hash(1) == hash(1.0))
import sys
def args(a, b=[]): b.append(a); return b
args(1); print(args(2))
assert isinstance(5, int), "no"
exec("def ex(): return 5"); print(ex())
print(eval("1+2"), eval("a+b", {"a": 1}, {"b": 2}))
print((lambda: (yield))().__class__)
def deco(arg):
    def d(f):
        def w(*a): return (arg, f(*a))
        return w
    return d
@deco("x")
@deco("y")
def decf(q): return q
print(decf(1))
print(type(print), type(len), type(decf), type(type), type(None), type(...), ...)
print(*map(lambda x: x * 2, [1, 2]), *filter(None, [0, 1]), *zip([1], [2]), *enumerate("a"), *reversed([1, 2]))
class Ctx:
    def __enter__(self): print("E"); return self
    def __exit__(self, t, v, tb): print("X", t); return False
def wr():
    with Ctx() as a, Ctx() as b:
        return "ret"
print(wr())
def wl():
    for i in range(3):
        with Ctx():
            if i == 0: continue
            break
wl()
try:
    with Ctx(): 1/0
except ZeroDivisionError: print("zde")
