# Every operation of decimal on random numbers, roundings, precisions and limits: a checksum for each, and with a word on the command line its cases.
import random
import sys
import zlib
from decimal import *

ROUNDINGS = [ROUND_CEILING, ROUND_FLOOR, ROUND_UP, ROUND_DOWN, ROUND_HALF_UP, ROUND_HALF_DOWN, ROUND_HALF_EVEN, ROUND_05UP]
PRECISIONS = [1, 2, 5, 9, 19, 20, 28, 28, 34, 36, 37, 38, 39, 60]
LIMITS = [(999999, -999999), (999999, -999999), (9, -9), (99, -99), (384, -383), (5, -60)]
ONE = """abs plus minus sqrt logb logical_invert next_minus next_plus normalize copy_abs copy_negate to_integral_exact to_integral_value number_class
is_normal is_subnormal is_zero is_signed is_finite is_nan to_sci_string to_eng_string create_decimal exp ln log10""".split()
TWO = """add subtract multiply divide divide_int remainder remainder_near divmod compare compare_signal compare_total compare_total_mag max max_mag min
min_mag next_toward quantize rotate scaleb shift logical_and logical_or logical_xor same_quantum copy_sign""".split()


def digits(r, count):
    kind = r.randrange(6)
    if kind == 0: return "9" * count
    if kind == 1: return "5".ljust(count, "0")
    if kind == 2: return "".join(r.choice("01") for _ in range(count))
    if kind == 3: return "1".ljust(count, "0")
    return "".join(r.choice("0123456789") for _ in range(count))


def number(r, precision):
    kind = r.random()
    if kind < 0.05: return Decimal(r.choice(["NaN", "-NaN12", "sNaN", "-sNaN3456", "Infinity", "-Infinity"]))
    if kind < 0.1: return Decimal("-0E1" if kind < 0.07 else "0").scaleb(r.randrange(-precision, precision))
    count = r.choice([1, 2, 3, max(1, precision - 1), precision, precision + 1, r.randrange(1, 2 * precision + 2)])
    exponent = r.choice([0, 0, -1, -2, r.randrange(-10, 10), r.randrange(-2 * precision, 2 * precision)])
    return Decimal(r.choice(["", "", "-"]) + digits(r, count) + "E%d" % exponent)


def operands(r, name, count, precision):
    args = [number(r, precision) for _ in range(count)]
    if name.startswith("logical") and r.random() < 0.9:
        args = [Decimal("".join(r.choice("01") for _ in range(r.randrange(1, precision + 3)))) for _ in args]
    if name in ("rotate", "shift", "scaleb"): args[1] = Decimal(r.randrange(-precision - 2, precision + 3))
    if name == "quantize": args[1] = Decimal("1E%d" % r.randrange(-20, 10))
    return args


def check(name, count, cases=60):
    r = random.Random(name)
    sum = 0
    for case in range(cases):
        emax, emin = r.choice(LIMITS)
        c = Context(r.choice(PRECISIONS), r.choice(ROUNDINGS), emin, emax, r.randrange(2), r.random() < 0.2, [], [])
        args = operands(r, name, count, c.prec)
        line = f"{name} {args} {c.prec} {c.rounding} {emax} {c.clamp}: {getattr(c, name)(*args)!r} {[f.__name__ for f in c.flags if c.flags[f]]}"
        if name in sys.argv: print(line)
        sum = zlib.crc32(line.encode(), sum)
    print(name, sum)


for name in ONE: check(name, 1)
for name in TWO: check(name, 2)
check("fma", 3)


def check_formats(cases=400):
    r = random.Random("format")
    sum = 0
    for case in range(cases):
        setcontext(Context(rounding=r.choice(ROUNDINGS), capitals=r.randrange(2)))
        spec = "".join(r.choice(part) for part in (["", "<", ">", "^", "=", "*<", "x^"], ["", "+", "-", " "], ["", "0"], ["", "5", "21", "40"], ["", ","],
                                                   ["", ".0", ".1", ".7", ".30"], ["", *"eEfFgGn%"]))
        x = number(r, 28)
        try: text = format(x, spec)
        except ValueError as error: text = str(error)
        if "format" in sys.argv: print(x, repr(spec), repr(text))
        sum = zlib.crc32(text.encode(), sum)
    print("format", sum)


check_formats()
