# The shortest decimal of a float: the same text as CPython's for numbers of every kind, and it reads back.
import hashlib
import random
import struct

chance = random.Random(7)
KINDS = {
    "any bits": lambda: struct.unpack("<d", chance.getrandbits(64).to_bytes(8, "little"))[0],
    "fractions": chance.random,
    "few decimals": lambda: chance.randrange(10**9) / 10 ** chance.randrange(9),
    "below powers of two": lambda: 2.0 ** chance.randrange(-1074, 1024) * (1 - 2.0**-53),
    "whole": lambda: float(chance.randrange(10 ** chance.randrange(1, 23))),
}
for kind, make in KINDS.items():
    numbers = [make() for _ in range(3000)]
    texts = [repr(x) for x in numbers]
    assert all(x == float(text) or x != x for x, text in zip(numbers, texts))
    print(kind, hashlib.md5("\n".join(texts).encode()).hexdigest())
print("powers of two", hashlib.md5("\n".join(repr(2.0**q) for q in range(-1074, 1024)).encode()).hexdigest())
print("the smallest", [n * 5e-324 for n in range(12)], 2.2250738585072014e-308, 2.225073858507201e-308)
print(1.7976931348623157e308, 9007199254740993.0, 1e16, 1e15, 123456789012345.6, 1e22, 1e23, 0.0001, 0.00001, 5e-5, -0.0, 0.1 + 0.2, -1e-7)
