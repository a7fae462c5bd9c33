// SPDX-License-Identifier: MIT
// runtime/types/float_internal.h: what the files of float, complex and number formatting share.
#ifndef BATON_RUNTIME_TYPES_FLOAT_INTERNAL_H
#define BATON_RUNTIME_TYPES_FLOAT_INTERNAL_H

#include "runtime/error.h"
#include "runtime/types/float.h"

double float_read(const char *text, char **end);            // strtod, with the point of the C locale
int float_print(char *text, size_t size, char letter, int precision, double d);   // snprintf of %.<precision><letter>
// |d| * 10^decimals rounded to the nearest integer, if that can be told without exact arithmetic: n < 2^53, and no tie is near.
bool float_scale(double d, int decimals, uint64_t *n, double *unit);
void float_shortest_digits(double d, char digits[20], int *exponent);
// Reads one decimal number (or inf, nan) at *from and moves *from behind it; scratch has room for the text and 8 more. False: none there.
bool float_scan(const char **from, const char *end, char *scratch, double *result);
NEEDS_GIL NEW_REF Value float_method_hex(Thread *t, Value self, const Value *args);
NEEDS_GIL NEW_REF Value float_method_fromhex(Thread *t, Value cls, const Value *args);
NEEDS_GIL NEW_REF Value float_power(Thread *t, Value base, Value exponent, Value modulus);
NEEDS_GIL NEW_REF Value complex_power(Thread *t, Value base, Value exponent, Value modulus);
NEEDS_GIL COLD Value raise_math_range(Thread *t);           // OverflowError(34, 'Numerical result out of range')
// |d| written by `letter` (e E f F g G, or r for the shortest), without a sign; mem_free'd by the caller. NULL: raised.
enum FloatFormat { FLOAT_ALTERNATE = 1, FLOAT_ADD_DOT_0 = 2 };     // '#'; write at least one decimal when there is no exponent
NEEDS_GIL NEW_REF char *float_format(Thread *t, double d, char letter, size_t precision, int flags);
NEEDS_GIL NEW_REF Value format_complex_spec(Thread *t, Value v, Str *spec);
// int, float or bool as a double: 1; another type: 0; raised (an int that is too large): -1.
NEEDS_GIL MAY_RAISE int float_operand(Thread *t, Value v, double *d);

#endif
