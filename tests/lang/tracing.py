# Tracing, frames, code objects, exec and eval.
import sys
def f(x):
    y = x + 1
    for i in range(2):
        y += i
    try:
        1/0
    except ZeroDivisionError:
        pass
    return y
def tr(frame, event, arg):
    if frame.f_code.co_name not in ("f", "g", "<listcomp>"): return None
    if event == "exception": arg = arg[0].__name__
    if event == "line": arg = None
    print(frame.f_code.co_name, event, frame.f_lineno - frame.f_code.co_firstlineno, arg)
    return tr
sys.settrace(tr)
f(5)
sys.settrace(None)
def g():
    yield 1
    x = [i for i in (1, 2)]
    while x:
        x.pop()
    if not x:
        yield 2
    with open.__class__ if 0 else C() as q:
        pass
class C:
    def __enter__(self): return 1
    def __exit__(self, *a): return None
sys.settrace(tr)
list(g())
sys.settrace(None)
def prof(frame, event, arg):
    if frame.f_code.co_name == "f": print("prof", event, arg if event == "return" else "")
sys.setprofile(prof)
f(1)
sys.setprofile(None)
def lo():
    a = 1
    b = locals()
    c = 2
    return sorted(b), sorted(locals())
print(lo())
fr = sys._getframe()
print(fr.f_lineno, fr.f_code.co_name, fr.f_back)
def w():
    return sys._getframe(1).f_lineno, sys._getframe().f_back.f_code.co_name
print(w())
c = f.__code__
print(c.co_argcount, c.co_varnames, c.co_names, c.co_flags, c.co_firstlineno, c.co_name, c.co_qualname, c.co_nlocals, c.co_freevars, c.co_cellvars)
def h(a, /, b, *, d, **k):
    z = 1
    def inner(): return z + a
    return inner
c = h.__code__
print(c.co_argcount, c.co_posonlyargcount, c.co_kwonlyargcount, c.co_varnames, c.co_cellvars, h(1, 2, d=3).__code__.co_freevars, h(1,2,d=3).__closure__[0].cell_contents)
print(c.co_flags, list(c.co_lines())[:0])
h2 = c.replace(co_name="renamed"); print(h2.co_name)
import types
fn = types.FunctionType(f.__code__, globals(), "nm"); print(fn.__name__, fn(3))
f.__code__ = (lambda x: x * 100).__code__; print(f(2))
try: f.__code__ = h(1,2,d=3).__code__
except ValueError as e: print(e)
f.__defaults__ = (7,); print(f())
print(f.__globals__ is globals(), f.__module__, f.__closure__)
g1 = (x for x in [1]); print(g1.gi_running, g1.gi_frame.f_lineno is not None, g1.gi_code.co_name, g1.gi_yieldfrom, g1.__name__, g1.__qualname__)
next(g1); list(g1); print(g1.gi_frame)
try: next(g1)
except StopIteration: print("done")
def selfrun():
    yield next(me)
me = selfrun()
try: next(me)
except ValueError as e: print(e)
print(eval("x + y", {"x": 1}, {"y": 2}))
class M(dict):
    def __missing__(self, k): return k + "!"
print(eval("foo", {}, M()))
exec("a = b", {"b": 5}, ns := {}); print(ns)
code = compile("1 + 2", "<s>", "eval"); print(eval(code), code.co_filename)
try: compile("1 +", "<s>", "eval")
except SyntaxError as e: print(e)
try: exec("x = ", {})
except SyntaxError as e: print(e.msg, e.lineno)
print(sorted(vars(types.SimpleNamespace(a=1))), 'lo' in dir())
def ann(a: "x", b: int = 1) -> None: pass
print(ann.__annotations__)
print(__build_class__.__name__, __import__("sys") is sys)
print([k for k in (lambda: locals())()])
exec("from __future__ import annotations\ndef fa(x: a.b[c], y: 'q' = 1, *z: (1, 2), **k: lambda q: q + 1) -> [i for i in x if not y]: pass\nprint(fa.__annotations__)")
