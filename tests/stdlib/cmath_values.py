# cmath: ordinary and special values, errors, conversions.
import cmath
import math


def show(call):
    try:
        print(call())
    except Exception as e:
        print(type(e).__name__, e)


names = ['acos', 'acosh', 'asin', 'asinh', 'atan', 'atanh', 'cos', 'cosh', 'exp', 'log', 'log10', 'sin', 'sinh', 'sqrt', 'tan', 'tanh']
inf, nan = math.inf, math.nan
for name in names:
    for z in [0.5 + 0.25j, -2 - 3j]:
        result = getattr(cmath, name)(z)
        print(name, z, f"{result.real:.12f} {result.imag:.12f}")
    for z in [complex(0.0, inf), complex(inf, 0.0), complex(inf, inf), complex(1.0, nan), complex(-0.0, -0.0), complex(1e300, 1e300)]:
        try:
            result = getattr(cmath, name)(z)
            print(name, z, f"{result.real:.10g} {result.imag:.10g}".replace("-nan", "nan"))
        except Exception as e:
            print(name, z, type(e).__name__, e)
show(lambda: cmath.log(0))
show(lambda: cmath.log(8, 2))
show(lambda: cmath.log(8, 1))
show(lambda: cmath.atanh(1))
show(lambda: cmath.atan(1j))
show(lambda: cmath.exp(1000))
show(lambda: cmath.polar(3 + 4j))
show(lambda: cmath.polar(complex(1.7e308, 1.7e308)))
show(lambda: cmath.rect(2, 0))
show(lambda: cmath.rect(1, inf))
show(lambda: cmath.phase(-1))
show(lambda: cmath.isclose(1 + 1e-10j, 1))
show(lambda: cmath.isclose(1, 2, rel_tol=-1))
show(lambda: cmath.sqrt("a"))
show(lambda: (cmath.isnan(complex(nan, 1)), cmath.isinf(complex(1, -inf)), cmath.isfinite(1j)))
show(lambda: (cmath.pi, cmath.e, cmath.tau, cmath.inf, cmath.infj, cmath.nanj))


class Number:
    def __complex__(self):
        return -4 + 0j


class Wrong:
    def __complex__(self):
        return "no"


show(lambda: cmath.sqrt(Number()))
show(lambda: cmath.sqrt(Wrong()))
show(lambda: cmath.sqrt(10**400))
