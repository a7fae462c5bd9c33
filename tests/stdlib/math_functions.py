# math: every function over numbers of many kinds, and what they refuse.
import math
def attempt(f, *args, **kw):
    try:
        r = f(*args, **kw)
        return '%.13g' % r if isinstance(r, float) else repr(r)
    except Exception as e:
        return type(e).__name__ + ': ' + str(e)
inf, nan = math.inf, math.nan
values = [0.0, -0.0, 0.5, -0.5, 1.0, -1.0, 2.0, -2.0, 3.7, -3.7, 10.0, 100.5, 1e10, 1e300, -1e300, 5e-324, inf, -inf, nan, 0, 7, -3, True, 2**70, 10**400, 'a', None]
for name in sorted(n for n in dir(math) if not n.startswith('_')):
    f = getattr(math, name)
    if not callable(f):
        print(name, repr(f))
    elif name in ('atan2', 'copysign', 'fmod', 'nextafter', 'pow', 'remainder', 'isclose', 'log', 'hypot'):
        print(name, [attempt(f, a, b) for a in values for b in values[:-4]])
    elif name == 'ldexp':
        print(name, [attempt(f, a, b) for a in values for b in (0, 1, -1, 1000, -1100, 10**30, -10**30, 1.5)])
    elif name in ('comb', 'perm', 'gcd', 'lcm'):
        print(name, [attempt(f, a, b) for a in (0, 1, 5, 10, 60, -1, 2**65, 1.5, True) for b in (0, 1, 2, 5, 30, -2, 'x')])
    elif name in ('dist', 'fsum', 'prod'):
        pass
    elif name == 'factorial':
        print(name, [attempt(f, n) for n in (0, 1, 5, 20, 21, 25, 100, -1, 1.0, 'x')])
    else:
        print(name, [attempt(f, v) for v in values])
print(attempt(math.dist, (1, 2), (4, 6)), attempt(math.dist, [0.5], (1,)), attempt(math.dist, (1,), (1, 2)), attempt(math.dist, (inf,), (1,)), attempt(math.dist, (nan, inf), (1, 2)))
print(attempt(math.fsum, [0.1] * 10), attempt(math.fsum, [1e100, 1.0, -1e100]), attempt(math.fsum, [inf, 1]), attempt(math.fsum, [inf, -inf]), attempt(math.fsum, []), attempt(math.fsum, [1e308, 1e308]), attempt(math.fsum, ['a']), attempt(math.fsum, [nan, 1]), repr(math.fsum([1e16, 1, 1e-16] * 7)))
print(attempt(math.prod, [1, 2, 3]), attempt(math.prod, [2.5, 4]), attempt(math.prod, [], start=5), attempt(math.prod, ['a', 3]), attempt(math.prod, 5))
print(math.gcd(), math.lcm(), math.gcd(12, 18, 27), math.lcm(4, 6, 10), math.gcd(-4, 6), math.isqrt(10**40), math.comb(100, 50), math.perm(10), math.perm(10, 3), attempt(math.perm, -1), attempt(math.isqrt, -1), attempt(math.isqrt, 2.0))
print(math.floor(-2.5), math.ceil(-2.5), math.trunc(-2.5), math.floor(10**20), attempt(math.floor, inf), attempt(math.ceil, nan), attempt(math.trunc, 'a'), math.hypot(), math.hypot(3, 4, 12), math.log(8, 2), math.log2(2**1000), math.log10(10**400), attempt(math.log, 0), attempt(math.log, -1), attempt(math.log, 2, 1), math.isclose(1, 1 + 1e-10), math.isclose(1, 2, abs_tol=1), attempt(math.isclose, 1, 2, rel_tol=-1), math.ulp(1.0), math.nextafter(1, 2), math.cbrt(27), math.exp2(10))
class F:
    def __floor__(self): return 'fl'
    def __ceil__(self): return 'ce'
    def __trunc__(self): return 'tr'
    def __float__(self): return 2.0
print(math.floor(F()), math.ceil(F()), math.trunc(F()), math.sqrt(F()))
