# float: operators, text, rounding, hashing.
import operator
def attempt(f, *args, **kw):
    try:
        return repr(f(*args, **kw))
    except Exception as e:
        return type(e).__name__ + ': ' + str(e)
inf, nan = float('inf'), float('nan')
values = [0.0, -0.0, 1.0, -1.0, 0.1, 2.5, -2.5, 1e16, 1e15, 123456789.123456789, 1e-5, 1e-4, 0.0001234, 1e22, 1e23, 5e-324, 1.7976931348623157e308, 2.0**53, 1/3, 100.0, 1e300, inf, -inf, nan, 4.35, 1e21, 123456789012345680.0, 9007199254740993.0, 0.1 + 0.2, 1e100, 3, -4, 2**70, True]
for v in values:
    print(repr(v), str(v), float(v), -v, abs(v), bool(v), attempt(int, v), attempt(lambda: float(v).hex()), attempt(lambda: float(v).is_integer()), attempt(lambda: float(v).as_integer_ratio()))
    if v == v: print(hash(v))
for name in ['add', 'sub', 'mul', 'truediv', 'floordiv', 'mod', 'lt', 'le', 'eq', 'ne', 'gt', 'ge']:
    f = getattr(operator, name)
    print(name, [attempt(f, a, b) for a in values for b in values if type(a) is float or type(b) is float])
for a in [2.0, -2.0, 0.0, 1e200, -8.0, inf, 0.5, -0.0]:
    print([attempt(operator.pow, a, b) for b in [0.0, 1.0, -1.0, 0.5, 2.0, 3.0, 1e300, -3.0, inf, nan, 2, -1]])
print([attempt(divmod, a, b) for a in (7.5, -7.5, 0.0, -0.0, inf) for b in (2.0, -2.0, 0.0, inf)])
for x in (0.5, 1.5, 2.5, -0.5, 2.675, 1.005, 1234.5678, 1e22, 5e-324, 15.0, 25.0, 35.0, 5.0, 6.0, 0.15, 1e308, 987654321.5):
    print(x, [attempt(round, x, n) for n in (None, 0, 1, 2, 3, 10, 400, -1, -2, -308, -400)], round(x))
print(attempt(round, inf), attempt(round, nan), attempt(round, 1.5, 2.0), attempt(round, 1.7e308, -308))
for t in ['1', '1.', '.5', '1e5', '1E-5', ' 1.5 ', '+1.5', '-1.5', '1_0.5_0', '1__0', '_1', 'inf', '-Infinity', '+nan', 'infinit', '', ' ', '.', 'e5', '1e', '1e+', '0x10', '1.5.5', '\u0661.5', '1 2', '1e400', '-1e400', '1e-400', '٣.٥']:
    print(repr(t), attempt(float, t))
print(attempt(float), attempt(float, 10**400), attempt(float, []), attempt(float, b'1.5'), attempt(float, b'x'), attempt(float, 1, 2), attempt(float, x=1), attempt(float, None))
for t in ['0x1p0', '0x1.8p3', '-0x1.fffffffffffffp1023', '0x1p1024', 'inf', '-nan', '1.8', 'x', '0x', '0x.8p-1074', '0x1p-1075', ' 0x1p1 ', '0x1.00000000000008p0', '0x1.00000000000018p0', '1p', '0x1p+']:
    print(t, attempt(float.fromhex, t))
class F(float):
    pass
f = F('2.5')
print(f, repr(f), f + 1, type(f + 1), type(F(1)), f == 2.5, hash(f) == hash(2.5), f.real, type(f.real), F(f).imag, f.__getnewargs__())
class Conv:
    def __float__(self): return 4.5
class Bad:
    def __float__(self): return 'x'
print(float(Conv()), attempt(float, Bad()), 1.5.__floor__(), (-1.5).__ceil__(), 1.7.__trunc__(), 1.5.conjugate(), float.__getformat__('double'))
print(2**53 + 1 == float(2**53), 2**53 == float(2**53), 2**53 + 1 > float(2**53), 10**400 > 1e308, -10**400 < -1e308, 10**400 < inf, 10**400 == inf, 1 < nan, nan == nan, 0.0 == -0.0, hash(2.0**70) == hash(2**70), hash(0.5))
