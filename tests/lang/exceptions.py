# try in all its forms, except*, generators that raise, and the texts of errors.
def f(x):
    return 1 / x
def g():
    f(0)
try:
    g()
except ZeroDivisionError as e:
    tb = e.__traceback__
    while tb:
        print(tb.tb_frame.f_code.co_name, tb.tb_lineno)
        tb = tb.tb_next
# nested
def h():
    try:
        try:
            raise ValueError(1)
        finally:
            print("f1")
    except TypeError:
        print("no")
    except (ValueError, KeyError) as e:
        print("yes", e)
        try:
            raise
        except ValueError as e2:
            print("re", e2 is e)
    else:
        print("else")
    finally:
        print("f2")
    return 5
print(h())
def r():
    for i in range(3):
        try:
            return i
        finally:
            if i == 0:
                continue
print(r())
def s():
    while True:
        try:
            try:
                1/0
            finally:
                break
        finally:
            print("outer fin")
    return "s done"
print(s())
def nested_ctx():
    try:
        try:
            1/0
        except ZeroDivisionError:
            raise KeyError("k")
    except KeyError as e:
        print(type(e.__context__), e.__suppress_context__, e.__cause__)
        try:
            raise TypeError from None
        except TypeError as t:
            print(t.__suppress_context__, type(t.__context__))
nested_ctx()
import sys
def exc_info():
    print(sys.exc_info()[0])
    try: 1/0
    except: print(sys.exc_info()[0])
    print(sys.exc_info()[0])
exc_info()
try:
    raise RuntimeError
except RuntimeError as e: print(repr(e))
try: raise 5
except TypeError as e: print(e)
try: raise ValueError from 5
except TypeError as e: print(e)
try:
    raise
except RuntimeError as e: print(e)
# except star
try:
    raise ExceptionGroup("eg", [ValueError(1), TypeError(2), ExceptionGroup("in", [ValueError(3), KeyError(4)])])
except* ValueError as e:
    print("VE", e, e.exceptions)
except* (TypeError, KeyError) as e:
    print("TK", e.exceptions)
try:
    try:
        raise ExceptionGroup("eg", [ValueError(1), TypeError(2)])
    except* ValueError as e:
        raise KeyError("new")
except ExceptionGroup as e:
    print(repr(e), [repr(x) for x in e.exceptions])
try:
    try:
        raise ExceptionGroup("eg", [ValueError(1), TypeError(2)])
    except* ValueError as e:
        pass
except ExceptionGroup as e:
    print(repr(e))
try:
    raise ValueError("plain")
except* ValueError as e:
    print(repr(e))
try:
    try: raise OSError("x")
    except* ValueError: print("no")
except OSError as e: print(repr(e))
# generators & exceptions
def gen():
    try:
        yield 1
        yield 2
    except ValueError as e:
        print("in gen", e)
        yield 3
    finally:
        print("gen fin")
g = gen(); print(next(g)); print(g.throw(ValueError("v")))
try: next(g)
except StopIteration as e: print("stop", e.value)
g = gen(); next(g); g.close()
def bad():
    try: yield 1
    except GeneratorExit: yield 2
b = bad(); next(b)
try: b.close()
except RuntimeError as e: print(e)
def si():
    yield 1
    raise StopIteration("x")
try: list(si())
except RuntimeError as e: print(e, repr(e.__cause__))
def ret():
    return 7
    yield
try: next(ret())
except StopIteration as e: print(e.value)
def inner():
    try:
        x = yield 1
        print("x", x)
    except KeyError: print("inner KE"); 
    return "ir"
def outer():
    r = yield from inner()
    print("r", r)
    yield "end"
o = outer(); next(o); print(o.send(5))
o = outer(); next(o); print(o.throw(KeyError))
# handled state across generators
def gh():
    try: raise ValueError("gv")
    except ValueError:
        yield sys.exc_info()[0]
        yield sys.exc_info()[0]
    yield sys.exc_info()[0]
g = gh()
print(next(g), sys.exc_info()[0])
try: raise KeyError
except KeyError:
    print(next(g)); print(next(g))
    print(sys.exc_info()[0])
# del e
try: 1/0
except ZeroDivisionError as zz: pass
try: zz
except NameError as e: print(e)
class E(Exception):
    def __str__(self): return "custom"
try: raise E(1,2)
except E as e: print(e, e.args, repr(e))
# recursion
def rec(n): return rec(n+1)
try: rec(0)
except RecursionError as e: print(e)
# unpack errors
for code in ("a, b = 1", "a, b = (1,2,3)", "a, b, c = (1,2)", "a, *b, c = (1,)", "[a,b] = 'x'", "for a, b in [1]: pass", "f(**5)", "f(*5)", "print(*5)", "{**5}", "[*5]", "f(1,2)", "f()", "f(y=2)", "f(1, x=2)",
   "(lambda a,b,c: 0)()", "(lambda a,b=1,*,c: 0)(1,2,3)", "(lambda a,/,b: 0)(a=1,b=2)", "(lambda *,c,d: 0)()", "x.y", "1 + 'a'", "'a' + 1", "[][0]", "{}['a']", "del q", "with 5: pass", "len(5)", "int('x')", "(1).foo", "None.foo", "for i in 5: pass", "'%d' % 'a'", "[1,2].index(5)", "a.b.c = 1", "f(1)(2)", "import nonexistent_xyz", "raise 'x'", "assert 0, 'm'", "1 < 'a'", "-'a'", "~1.5", "not_defined", "print(1, foo=2)", "class X(5): pass", "class X(int, str): pass","x: int = y", "f(a=1, **{'a': 2})", "f(*[1], **{'x': 2})", "{[]: 1}", "{[]}", "hash([])", "int.foo", "type('X', (), {}).bar", "super()", "(yield)"):
    try:
        exec(code)
        print(code, "fine")
    except BaseException as e:
        print(code, '->', type(e).__name__, e)
