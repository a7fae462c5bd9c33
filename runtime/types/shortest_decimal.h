// SPDX-License-Identifier: MIT
// runtime/types/shortest_decimal.h: the shortest decimal that reads back as a double.
#ifndef BATON_RUNTIME_TYPES_SHORTEST_DECIMAL_H
#define BATON_RUNTIME_TYPES_SHORTEST_DECIMAL_H

#include <stdint.h>

// significand * 10^exponent; the significand has 17 digits at most, and may end in zeros.
typedef struct {
    uint64_t significand;
    int exponent;
} Decimal64;

// The shortest of d > 0, finite; of several as short the one nearest to d.
Decimal64 shortest_decimal(double d);

// The first 128 bits of a power of ten, rounded up (make_powers_of_ten.py).
typedef struct {
    uint64_t high, low;
} PowerOfTen;
extern const PowerOfTen powers_of_ten[];
extern const int least_power_of_ten;

#endif
