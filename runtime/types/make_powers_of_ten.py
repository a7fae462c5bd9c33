# SPDX-License-Identifier: MIT
# runtime/types/make_powers_of_ten.py: writes the table of shortest_decimal.c: powers of ten to 128 bits, rounded up. Run by meson.
import sys

LEAST, GREATEST = -292, 324           # -k for the exponents k that a double's shortest decimal can have


def to_128_bits(k):
    """10**k * 2**s rounded up, for the s that gives it 128 bits."""
    over, under = (10**k, 1) if k >= 0 else (1, 10**-k)
    shift = 128 - (over.bit_length() - under.bit_length())
    while True:
        value = -(-(over << max(shift, 0)) // (under << max(-shift, 0)))
        if value.bit_length() == 128:
            return value
        shift += 1 if value.bit_length() < 128 else -1


with open(sys.argv[1], "w") as out:
    out.write('#include "runtime/types/shortest_decimal.h"\n')
    out.write(f"const int least_power_of_ten = {LEAST};\nconst PowerOfTen powers_of_ten[] = {{\n")
    for k in range(LEAST, GREATEST + 1):
        value = to_128_bits(k)
        out.write(f"    {{0x{value >> 64:016x}, 0x{value & (1 << 64) - 1:016x}}},     // {k}\n")
    out.write("};\n")
