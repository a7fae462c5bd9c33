# Numbers that no memory holds: MemoryError where their digits are asked for, results where they are not.
from decimal import *

wide = Context(prec=MAX_PREC, Emax=MAX_EMAX, Emin=MIN_EMIN)
far, near = Decimal("1e999999999999999999"), Decimal("1e-999999999999999999")


def show(name, f):
    try: print(name, f())
    except (MemoryError, OverflowError, InvalidOperation) as error: print(name, type(error).__name__)


show("far", lambda: far)
show("compare", lambda: (far > near, far == near, hash(far), far.adjusted()))
show("rounded", lambda: (Context(prec=5, Emax=MAX_EMAX, Emin=MIN_EMIN).add(far, near), Context(Emax=MAX_EMAX, Emin=MIN_EMIN).subtract(near, 1)))
show("product", lambda: wide.multiply(far, near))
show("exact quotient", lambda: (wide.divide(1, 8), wide.divide(far, 4)))
show("roots", lambda: (wide.sqrt(Decimal("6.25")), wide.sqrt(Decimal("4e-998"))))
show("power", lambda: (wide.power(2, -3), wide.power(Decimal("1e1"), 999999999999999999), wide.power(3, 5)))
for name, f in {
    "sum": lambda: wide.add(far, near), "third": lambda: wide.divide(1, 3), "root": lambda: wide.sqrt(2), "exp": lambda: wide.exp(1), "ln": lambda: wide.ln(2),
    "log10": lambda: wide.log10(7), "real power": lambda: wide.power(2, Decimal("0.5")), "invert": lambda: wide.logical_invert(1), "next": lambda: wide.next_plus(1),
    "int": lambda: int(far), "ratio": lambda: near.as_integer_ratio(), "format": lambda: format(far, "f"), "places": lambda: format(Decimal(1), ".999999999999f"),
    "width": lambda: format(Decimal(1), "99999999999999999"), "quantize": lambda: wide.quantize(far, near), "integral": lambda: wide.divide_int(far, 3),
    "largest": lambda: Context(prec=MAX_PREC, Emax=5, Emin=-5, rounding=ROUND_DOWN, traps=[]).multiply(far, far), "rotate": lambda: wide.rotate(12, 999999999999999998),
}.items(): show(name, f)
show("round", lambda: round(Decimal(1), 10**17))
print(Decimal(1) / 3)
