# Every operator of int on both sides of each limit inside Baton: 48, 64, 127 and 128 bits. The last line sums up all results.
import operator
import random

random.seed(5)
EXPONENTS = (0, 1, 2, 8, 31, 46, 47, 48, 61, 62, 63, 64, 65, 126, 127, 128, 129)
numbers = [0, 3, 7, 10**18, 10**19, 10**30, 10**40] + [2**e + d for e in EXPONENTS for d in (-1, 0, 1)]
numbers += [random.getrandbits(random.randrange(1, 140)) for _ in range(20)]
numbers += [-n for n in numbers]
OPERATORS = [getattr(operator, name) for name in "add sub mul and_ or_ xor lt le eq ne gt ge".split()]
total = count = 0


class Own(int):
    pass


def note(*results):
    global total, count
    for r in results:
        count += 1
        total = (total * 1000003 ^ (int(r) if isinstance(r, int) else hash(r)) ^ hash(r)) & 2**200 - 1


for a in numbers:
    for b in numbers:
        for op in OPERATORS:
            result = op(a, b)
            note(result)
            assert op(Own(a), b) == result == op(a, Own(b))
        if b:
            q, r = divmod(a, b)
            assert q * b + r == a and (q, r) == (a // b, a % b)
            note(q, r, a / b)
        if 0 <= b < 300:
            note(a << b, a >> b)
            assert (a << b) >> b == a
    note(-a, ~a, abs(a), a + 1, a - 1, a * 3, a % 7, a // 7, a & 255, a + 100, a.bit_length(), len(str(a)))
    assert int(str(a)) == a == int.from_bytes(a.to_bytes(20, "big", signed=True), "big", signed=True)
    assert hash(a) == hash(Own(a)) and {a: 1}[Own(a)] == 1
    x = a
    for k in range(5):
        x += a; x -= 1; x ^= k; x *= 3; x //= 2; x %= 2**100 + 1; x |= 1; x &= -2; x <<= 2; x >>= 1
    note(x)
print(count, total)
