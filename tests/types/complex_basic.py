# complex: operators, text, the constructor.
import operator
def attempt(f, *args, **kw):
    try:
        return repr(f(*args, **kw))
    except Exception as e:
        return type(e).__name__ + ': ' + str(e)
inf, nan = float('inf'), float('nan')
values = [0j, 1j, -1j, 1+2j, -1.5-2.25j, complex(-0.0, 0.0), complex(0.0, -0.0), complex(inf, 1), complex(1, nan), 1e300+1e300j, 3+4j, 5, 2.5, True, 2**70]
for v in values:
    print(repr(v), str(v), attempt(complex, v), -v, +v, attempt(abs, v), bool(v), v.real, v.imag, v.conjugate(), hash(v) if v == v else None)
for name in ['add', 'sub', 'mul', 'truediv', 'pow', 'floordiv', 'mod', 'lt', 'eq', 'ne']:
    f = getattr(operator, name)
    print(name, [attempt(f, a, b) for a in values[:-1] for b in values[:-1] if type(a) is complex or type(b) is complex])
for t in ['1', 'j', '-j', '+j', '1j', '1+2j', '1-2j', ' 1+2j ', '(1+2j)', '( 1+2j )', '1 + 2j', '1+', '', '()', '1e5+1e-5j', 'inf+nanj', '-infj', 'nan', '1_0+2_0j', '1+j', '1+2J', '1j+2', '2jj', '1+2', '(1+2j', '\u0661+\u0662j', '1__0']:
    print(repr(t), attempt(complex, t))
print(attempt(complex), attempt(complex, 1, 2), attempt(complex, 1j, 2j), attempt(complex, real=1), attempt(complex, imag=2), attempt(complex, '1', 2), attempt(complex, 1, '2'), attempt(complex, []), attempt(complex, 1, []), attempt(complex, None), attempt(int, 1j), attempt(float, 1j), attempt(pow, 1j, 2, 3), attempt(divmod, 1j, 2), attempt(round, 1j))
class C(complex): pass
class HasComplex:
    def __complex__(self): return 1+1j
class HasFloat:
    def __float__(self): return 2.5
print(C(1, 2), type(C(1) + 1), repr(C(3j)), complex(HasComplex()), complex(HasFloat()), C(1) == 1, hash(C(1)) == 1, (1j).__complex__(), (1+2j).__getnewargs__(), 1 == 1+0j, 2**70 == complex(2**70), 1+0j == 1.0, {1: 'x'}[1+0j])
