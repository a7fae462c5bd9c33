# Which lines sys.settrace tells of, and at which line functions return, as CPython 3.11 has them.
import sys
def run(f):
    ev = []
    def tr(fr, e, a):
        if fr.f_code.co_name == f.__name__: ev.append((fr.f_lineno - f.__code__.co_firstlineno, e))
        return tr
    sys.settrace(tr)
    try:
        try: f()
        except Exception: pass
    finally: sys.settrace(None)
    print(f.__name__, ev)
def ireturn():
    a = 1
    b = 2
    if a == b: return 3
    else:
        del b
    return
def ifs():
    a = True
    if a:
        if a:
            if a:
                b = 1
            else: b = 2
        else: b = 3
    else: b = 4
def ifs2():
    a = b = True
    if a:
        if not b:
            print("no")
    elif b:
        print("no")
    c = 1
def tryex():
    try:
        2
    except:
        4
    finally:
        6
def intry():
    try:
        try:
            1/0
        except ZeroDivisionError:
            a = 1
    finally:
        b = 2
def breaks():
    i = 0
    while i < 10:
        i += 1
        while True:
            if i > 2: break
            break
        for j in range(2):
            if j: break
    return i
def withs():
    class W:
        def __enter__(self): return self
        def __exit__(self, *a): return None
    with W():
        for i in range(2):
            with W():
                break
    return 1
def cls():
    class A:
        if 3 < 9:
            a = 1
        else:
            a = 2
    A()
def finret():
    a = 1
    try:
        return a
    finally:
        b = 2
def star2():
    try:
        1
    except* ValueError:
        3
    else:
        5
def genx():
    for i in [1]: pass
    list(x for x in range(2))
    return 1
def loop():
    for i in range(2):
        if i:
            continue
        else:
            pass
    while i < 3:
        i += 1
    else:
        i = 5
def elsetry():
    try:
        a = 1
    except KeyError:
        b = 1
    else:
        1/0
for f in (ireturn, ifs, ifs2, tryex, intry, breaks, withs, cls, finret, star2, genx, loop, elsetry): run(f)


def where(f):
    try:
        f()
    except Exception as e:
        return e.__traceback__.tb_next.tb_frame.f_lineno - f.__code__.co_firstlineno
def other():
    try:
        1/0
    except TypeError as e:
        pass
def named():
    try:
        1/0
    except Exception as e:
        1/0
        pass
class Nothing:
    def __enter__(self): pass
    def __exit__(self, *a): pass
def inside():
    with Nothing():
        1/0
        pass
print(where(other), where(named), where(inside))
