// SPDX-License-Identifier: MIT
// runtime/types/shortest_decimal.c: the shortest decimal that reads back as a double.
//
// The algorithm is Schubfach (Raffaello Giulietti, "The Schubfach way to render doubles", 2020): of the decimals of a length, one or two lie
// in the interval of what rounds to d, and one multiplication by a power of ten, kept to 128 bits, tells which.
#include "runtime/types/shortest_decimal.h"

#include <stdbool.h>
#include <string.h>

enum { FRACTION_BITS = 52, EXPONENT_BIAS = 1023 + FRACTION_BITS };

// The floors of logarithms, by multiplication: exact for every exponent of a double.
static int floor_log10_power_of_2(int e) { return (e * 1262611) >> 22; }
static int floor_log10_three_quarters_power_of_2(int e) { return (e * 1262611 - 524031) >> 22; }
static int floor_log2_power_of_10(int e) { return (e * 1741647) >> 19; }

// power * n / 2^128, cut off; the last bit is set if anything but the power's own rounding was cut off.
static uint64_t multiply_to_odd(PowerOfTen power, uint64_t n)
{
    unsigned __int128 low = (unsigned __int128)power.low * n;
    unsigned __int128 high = (unsigned __int128)power.high * n + (uint64_t)(low >> 64);
    return (uint64_t)(high >> 64) | ((uint64_t)high > 1);
}

Decimal64 shortest_decimal(double d)
{
    uint64_t bits;
    memcpy(&bits, &d, sizeof bits);
    uint64_t fraction = bits & ((UINT64_C(1) << FRACTION_BITS) - 1);
    int biased = (int)(bits >> FRACTION_BITS);
    uint64_t c = biased ? fraction | UINT64_C(1) << FRACTION_BITS : fraction;        // d = c * 2^q
    int q = (biased ? biased : 1) - EXPONENT_BIAS;
    bool near_below = fraction == 0 && biased > 1;              // below a power of two the doubles lie twice as dense
    int k = near_below ? floor_log10_three_quarters_power_of_2(q) : floor_log10_power_of_2(q);
    int shift = q + floor_log2_power_of_10(-k) + 1;
    PowerOfTen power = powers_of_ten[-k - least_power_of_ten];
    // d and the ends of its interval in units of 10^k / 4; the ends belong to it where c is even.
    bool open = c & 1;
    uint64_t middle = multiply_to_odd(power, 4 * c << shift);
    uint64_t lower = multiply_to_odd(power, (4 * c - 2 + near_below) << shift) + open;
    uint64_t upper = multiply_to_odd(power, (4 * c + 2) << shift) - open;
    uint64_t s = middle / 4;
    if (s >= 10) {                                              // one digit less: at most one such decimal lies in the interval
        uint64_t tens = s / 10;
        bool down = lower <= 40 * tens, up = 40 * tens + 40 <= upper;
        if (down != up) return (Decimal64){tens + up, k + 1};
    }
    bool down = lower <= 4 * s, up = 4 * s + 4 <= upper;
    if (down != up) return (Decimal64){s + up, k};
    uint64_t half = 4 * s + 2;
    return (Decimal64){s + (middle > half || (middle == half && s & 1)), k};
}
