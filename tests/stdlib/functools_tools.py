# functools: reduce, partial, cmp_to_key, lru_cache, cached_property, singledispatch, wraps, total_ordering
def show(*calls):
    for call in calls:
        try:
            print(repr(call()))
        except BaseException as error:
            print(type(error).__name__ + ":", error)


import functools
from functools import *
show(lambda: reduce(lambda a, b: a + b, [1, 2, 3]), lambda: reduce(lambda a, b: a + b, [], 5), lambda: reduce(max, []), lambda: reduce(1), lambda: reduce(max, 5), lambda: reduce(max, [3, 9, 4], 7), lambda: reduce(lambda a, b: 1 / 0, [1, 2]))
def f(*args, **kwargs): return args, kwargs
p = partial(f, 1, x=2)
show(lambda: p(), lambda: p(3, y=4), lambda: p(x=5), lambda: p.func is f, lambda: p.args, lambda: p.keywords, lambda: partial(p, 9)(10), lambda: partial(p, x=7).keywords, lambda: partial(), lambda: partial(1), lambda: p.__setstate__(1), lambda: partial(int, base=2)("101"), lambda: partial(print, "a", sep="-"))
p.note = 1
print(p.__dict__, partial(p, 3).func is p, type(p), repr(partial(max, 1, 2)))
class C:
    method = partialmethod(f, "bound")
print(C().method(1)[0][1:], isinstance(p, partial))
show(lambda: sorted([3, 1, 2], key=cmp_to_key(lambda a, b: b - a)), lambda: cmp_to_key(lambda a, b: 0)(1) == cmp_to_key(lambda a, b: 0)(2), lambda: cmp_to_key(max)(1) < 3, lambda: cmp_to_key(lambda a, b: a - b)(1).obj, lambda: cmp_to_key(), lambda: cmp_to_key(max)(), lambda: cmp_to_key(max)(1, 2), lambda: hash(cmp_to_key(max)(1)))
calls = []
@lru_cache(maxsize=2)
def square(x):
    "Docs."
    calls.append(x)
    return x * x
print(square(2), square(2), square(3), square(4), square(2), calls, square.cache_info(), square.cache_parameters(), square.__name__, square.__doc__, square.__wrapped__(5))
square.cache_clear()
print(square.cache_info())
show(lambda: square([]), lambda: square(), lambda: square(x=2), lambda: square.cache_info())
@lru_cache
def fib(n): return n if n < 2 else fib(n - 1) + fib(n - 2)
print(fib(80), fib.cache_info())
@cache
def unbounded(a, b=1): return a, b
print(unbounded(1), unbounded(1, 1), unbounded(1, b=1), unbounded(1.0), unbounded.cache_info())
@lru_cache(typed=True)
def typed(x): return type(x).__name__
print(typed(1), typed(1.0), typed(True), typed.cache_info())
@lru_cache(maxsize=0)
def none(x): return x
none(1), none(1)
print(none.cache_info())
class M:
    @lru_cache
    def method(self, x): return x + 1
    @cached_property
    def prop(self):
        print("computed")
        return 5
m = M()
print(m.method(1), m.method(1), M.method.cache_info().hits, m.prop, m.prop, m.__dict__)
show(lambda: lru_cache(1.5)(f), lambda: lru_cache("a"), lambda: lru_cache(2)(5))
@singledispatch
def kind(x): return "object"
@kind.register
def _(x: int): return "int"
@kind.register(list)
def _(x): return "list"
print(kind(1), kind([]), kind("a"), kind(True))
@total_ordering
class T:
    def __init__(self, n): self.n = n
    def __eq__(self, o): return self.n == o.n
    def __lt__(self, o): return self.n < o.n
print(T(1) <= T(2), T(1) > T(2), T(1) >= T(1))
@wraps(square)
def wrapper(): pass
print(wrapper.__name__, wrapper.__doc__, wrapper.__wrapped__ is square)
