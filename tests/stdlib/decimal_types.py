# Decimals and contexts among other objects: conversions, comparisons, hashes, subclasses, copies, threads, tasks, and what errors say.
import asyncio
import contextvars
import copy
import numbers
import pickle
import threading
from decimal import *
from fractions import Fraction


def show(f):
    try: print(f())
    except (ArithmeticError, TypeError, ValueError, KeyError, AttributeError) as error: print(type(error).__name__, error)


# constructors
for value in ["1_000.50", " 12 ", "\u0663.\u0664", "-inf", "snan12", "1e", "", "1 2", "0x1", True, 2**200, 0.1, -0.0, float("nan"), (1, (0, 3, 4), -2), (0, (), "F"),
              [0, [7], 1], (0, (10,), 0), (2, (1,), 0), (0, (1,), "x"), (1, 2), {}, None, "1e1000000000000000000", "0E-5"]:
    show(lambda: repr(Decimal(value)))
class Money(Decimal):
    def __new__(cls, value, unit="EUR"):
        self = super().__new__(cls, value)
        self.unit = unit
        return self
m = Money("1.50")
print(repr(m), m.unit, type(m + 1), type(-m), type(Money.from_float(0.5)), Decimal(m).__class__)
print(copy.copy(m) is m, copy.deepcopy(m) is m, pickle.loads(pickle.dumps(m)), m.as_tuple(), DecimalTuple._fields)
show(lambda: Decimal("1").x)

# numbers of other types
half = Decimal("0.5")
print(half == 0.5, half == Fraction(1, 2), 0.5 == half, Fraction(1, 2) == half, half < Fraction(2, 3), half > 0.25, half == 0.5 + 0j, half in {0.5}, half == "0.5")
print(hash(half) == hash(0.5) == hash(Fraction(1, 2)), hash(Decimal(2**70)) == hash(2**70), hash(Decimal("-1e400")) == hash(-10**400), hash(Decimal("inf")) == hash(float("inf")))
print(isinstance(half, numbers.Number), isinstance(half, numbers.Real), half.real, half.imag, half.conjugate(), complex(half))
for f in (lambda: half + 0.5, lambda: half < "x", lambda: half < 1j, lambda: half ** 0.5, lambda: 1.0 // half, lambda: Decimal("nan") < 1, lambda: Decimal("snan") == 1,
          lambda: hash(Decimal("snan")), lambda: Decimal("nan") == Decimal("nan"), lambda: float(Decimal("snan")), lambda: int(Decimal("nan")), lambda: int(Decimal("-inf")),
          lambda: [int(Decimal(s)) for s in ("12.9", "-12.9", "1e20", "1e-5")], lambda: [round(Decimal(s)) for s in ("0.5", "1.5", "-2.5")],
          lambda: [Decimal("-7.5").__floor__(), Decimal("-7.5").__ceil__(), Decimal("-7.5").__trunc__()], lambda: round(Decimal("2.675"), 2), lambda: round(half, 0.5),
          lambda: Decimal("3.25").as_integer_ratio(), lambda: Decimal("inf").as_integer_ratio(), lambda: [float(Decimal(s)) for s in ("0.1", "1e-400", "-1e400", "123456789012345678.9")],
          lambda: sum([Decimal("0.10")] * 3), lambda: max(Decimal(1), 2, Fraction(5, 2)), lambda: divmod(-7, Decimal(2)), lambda: pow(3, Decimal(200), 7)):
    show(f)

# powers
for a, b in [(2, 10), (2, -2), ("1.00", 3), (4, "0.5"), (10, 30), (7, 100), (-2, 3), (-2, "0.5"), (0, 0), (0, -1), ("1.0001", 12345), ("inf", -1), (1, "inf"), (2, "1e9"), ("0.5", "inf")]:
    show(lambda: Decimal(a) ** Decimal(b))

for prec, a, b in [(36, "9999999999999999999999999999999999.99", "1.5"), (9, "4", "0.5"), (20, "-1.00000", "-9")]:      # a tie but for digits far behind; exact ones
    print(Context(prec=prec, Emax=99, Emin=-99, clamp=1).power(Decimal(a), Decimal(b)))
print(Context(prec=1, rounding=ROUND_DOWN).log10(Decimal("1e38")))

# traps and flags
c = Context(prec=5)
for f in (lambda: c.divide(1, 0), lambda: c.divide(0, 0), lambda: c.create_decimal("x"), lambda: c.power(10, 10**7), lambda: c.divide_int(10**9, 1), lambda: c.remainder(1, 0),
          lambda: c.sqrt(-1), lambda: c.add(1.5, 1), lambda: c.flags[3], lambda: c.flags.pop(Inexact), lambda: setattr(c, "prec", 0), lambda: setattr(c, "rounding", "up"),
          lambda: setattr(c, "clamp", 2), lambda: setattr(c, "Emin", 1), lambda: setattr(c, "traps", [Inexact]), lambda: setattr(c, "x", 1), lambda: delattr(c, "prec"),
          lambda: Context(traps=[1]), lambda: Context(capitals="x"), lambda: localcontext(depth=3), lambda: setcontext(1), lambda: half.exp(context=1)):
    show(f)
print(c, c.copy() == c, pickle.loads(pickle.dumps(c)))
c.traps[Inexact] = True
show(lambda: c.divide(1, 3))
c.clear_traps()
print(c.flags == c.copy().flags, c.traps == dict(c.traps), len(c.flags), sorted(s.__name__ for s in c.traps), [s.__mro__[1].__name__ for s in c.flags])
flags = c.flags
flags.update({Clamped: True})
print(flags[Clamped], flags.copy()[Rounded])
for e in (InvalidOperation, DivisionByZero, FloatOperation, Underflow):
    print([k.__name__ for k in e.__mro__])
getcontext().traps[FloatOperation] = True
show(lambda: Decimal(0.5))
show(lambda: half < 1.0)
show(lambda: half == 0.5)
getcontext().traps[FloatOperation] = False

# whose context is current
with localcontext(prec=3) as inner:
    print(Decimal(1) / 3, getcontext() is inner)
    with localcontext(Context(prec=7, rounding=ROUND_UP)): print(Decimal(1) / 3)
    def in_thread(): print(getcontext().prec, Decimal(2) / 3)
    t = threading.Thread(target=in_thread)
    t.start()
    t.join()
    contextvars.copy_context().run(lambda: (setattr(getcontext(), "Emax", 5), setcontext(Context(prec=9))))
    print(getcontext().prec, getcontext().Emax)
print(Decimal(1) / 3)
async def worker(prec):
    getcontext().prec = 50
    with localcontext() as own:
        own.prec = prec
        await asyncio.sleep(0)
        return 1 / Decimal(7)
async def main(): print(*await asyncio.gather(*map(worker, (4, 8, 16))))
asyncio.run(main())
setcontext(ExtendedContext)
print(getcontext() is ExtendedContext, Decimal(1) / 0, Decimal(1) / 3)
setcontext(DefaultContext)

# text
x = Decimal("1234567.891")
print(f"{x:,.2f} {x:>20} {x:.3e} {x:+g} {x:%} {x:015,.1f} {x:n} {x:*^20.0f}", f"{Decimal('-0.001'):z.1f}", f"{Decimal('NaN'):05}")
for spec in ("q", ".", "<05", ",n", "5.2fx"): show(lambda: format(x, spec))
show(lambda: format(x, 3))
print(x.to_eng_string(), Decimal("1e-7"), Decimal("123e3").to_eng_string(), Decimal("0E-8").to_eng_string(), str(Decimal("-0e3")), Context(capitals=0).to_sci_string(Decimal("1e50")))
