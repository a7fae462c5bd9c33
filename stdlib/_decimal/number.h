// SPDX-License-Identifier: MIT
// stdlib/_decimal/number.h: decimal numbers as C values: what the General Decimal Arithmetic Specification calls operands and results.
//
// A Number is (-1)^negative * coefficient * 10^exponent, an infinity, or a NaN with an integer as payload. Functions that compute take
// a Work, which has the settings that they obey and gathers the conditions that they meet, and write a result that is none of their operands.
// They return false only with an exception pending, which is a MemoryError: GMP ends the process when it finds no memory, so whoever is
// about to make a number of many digits asks for room first.
//
// Always
//   1. A coefficient of up to SMALL_DIGITS digits is in `small` (two 64-bit words, the lower first), a longer one in `large`.
//   2. `digits` counts those of the coefficient, 1 for zero; of a NaN's payload, 0 if that is zero. An infinity has coefficient 0.
//   3. Exponents of operands are at most twice MAX_EMAX away from 0, so sums of a few of them fit 64 bits.
#ifndef BATON_STDLIB_DECIMAL_NUMBER_H
#define BATON_STDLIB_DECIMAL_NUMBER_H

#include <gmp.h>

#include "runtime/error.h"

#define MAX_PREC INT64_C(999999999999999999)
#define MAX_EMAX MAX_PREC
#define MIN_EMIN (-MAX_EMAX)
#define MIN_ETINY (MIN_EMIN - (MAX_PREC - 1))
#define SMALL_DIGITS 38

typedef unsigned __int128 u128;
enum Kind { FINITE, INFINITE, QUIET_NAN, SIGNALING_NAN };
typedef struct Number {
    int64_t exponent;
    uint64_t digits : 60, kind : 3, negative : 1;
    union { uint64_t small[2]; mpz_t large; };
} Number;

// In the order in which an exception lists them; the first five are kinds of InvalidOperation.
enum Condition {
    INVALID_OPERATION = 1, CONVERSION_SYNTAX = 2, DIVISION_IMPOSSIBLE = 4, DIVISION_UNDEFINED = 8, INVALID_CONTEXT = 16,
    FLOAT_OPERATION = 32, DIVISION_BY_ZERO = 64, OVERFLOW = 128, UNDERFLOW = 256, SUBNORMAL = 512, INEXACT = 1024, ROUNDED = 2048, CLAMPED = 4096,
    ANY_INVALID = 31,
};
enum Rounding {
    ROUND_CEILING, ROUND_FLOOR, ROUND_UP, ROUND_DOWN, ROUND_HALF_UP, ROUND_HALF_DOWN, ROUND_HALF_EVEN, ROUND_05UP, ROUNDING_COUNT
};
typedef struct Settings { int64_t precision, emax, emin; uint8_t rounding; bool clamp; } Settings;
extern const Settings exact_settings;    // the widest there are

typedef struct Work { Thread *t; const Settings *settings; uint32_t status; } Work;
static inline int64_t etiny(const Settings *s) { return s->emin - (s->precision - 1); }
static inline int64_t etop(const Settings *s) { return s->emax - (s->precision - 1); }

// ---- number.c: making numbers, and fitting them to the settings
extern const u128 tens[SMALL_DIGITS + 1];                     // 10^n
static inline u128 small_coefficient(const Number *n) { return (u128)n->small[1] << 64 | n->small[0]; }
static inline bool is_large(const Number *n) { return n->digits > SMALL_DIGITS; }
static inline bool is_finite(const Number *n) { return n->kind == FINITE; }
static inline bool is_nan(const Number *n) { return n->kind >= QUIET_NAN; }
static inline bool is_zero(const Number *n) { return n->kind == FINITE && !is_large(n) && !(n->small[0] | n->small[1]); }
static inline int64_t adjusted(const Number *n) { return n->exponent + (int64_t)n->digits - 1; }

static inline unsigned digits_of_u128(u128 v)
{
    uint64_t high = (uint64_t)(v >> 64), low = (uint64_t)v;
    if (!(high | low)) return 1;
    unsigned bits = high ? 128 - (unsigned)__builtin_clzll(high) : 64 - (unsigned)__builtin_clzll(low);
    unsigned guess = bits * 1233 >> 12;                       // log10(2) is a little more than 1233/4096
    return guess + (v >= tens[guess]);
}
static inline void number_small(Number *n, bool negative, u128 coefficient, int64_t exponent)
{
    n->exponent = exponent;
    n->kind = FINITE;
    n->negative = negative;
    n->digits = digits_of_u128(coefficient);
    n->small[0] = (uint64_t)coefficient;
    n->small[1] = (uint64_t)(coefficient >> 64);
}
static inline void number_clear(Number *n) { if (is_large(n)) mpz_clear(n->large); }
#define OWN_NUMBER __attribute__((cleanup(number_clear)))     // OWN_NUMBER Number n = {0};
#define OWN_MPZ __attribute__((cleanup(mpz_release)))         // OWN_MPZ mpz_t z; mpz_init(z);
static inline void mpz_release(mpz_t *z) { mpz_clear(*z); }

// A look at any coefficient as a GMP number, good while both live.
typedef struct View { mpz_t head; mp_limb_t limbs[2]; } View;
static inline mpz_srcptr view(const Number *n, View *v)
{
    if (is_large(n)) return n->large;
    v->limbs[0] = n->small[0];
    v->limbs[1] = n->small[1];
    return mpz_roinit_n(v->head, v->limbs, v->limbs[1] ? 2 : v->limbs[0] ? 1 : 0);
}
void number_special(Number *n, enum Kind kind, bool negative);
NEEDS_GIL MAY_RAISE bool room_for_digits(Thread *t, int64_t digits);    // of a number and of what making it takes: else MemoryError
NEEDS_GIL MAY_RAISE bool number_from_mpz(Work *w, Number *n, bool negative, mpz_t z, int64_t exponent);     // z >= 0 is taken from and left empty
NEEDS_GIL MAY_RAISE bool number_copy(Work *w, Number *result, const Number *n);
NEEDS_GIL MAY_RAISE bool times_ten_to(Work *w, mpz_t result, mpz_srcptr z, int64_t power);    // result may be z
NEEDS_GIL MAY_RAISE bool ten_to(Work *w, mpz_t result, int64_t power);
// n with `count` digits cut off its end, rounded; *inexact: they were not all 0. `sticky`: the true number is a little larger than n.
NEEDS_GIL MAY_RAISE bool drop_digits(Work *w, Number *n, int64_t count, bool sticky, enum Rounding rounding, bool *inexact);
NEEDS_GIL MAY_RAISE bool add_zeros(Work *w, Number *n, int64_t count);       // the same value with an exponent lower by `count`
NEEDS_GIL MAY_RAISE bool strip_zeros(Work *w, Number *n, int64_t most);      // the same with an exponent higher by up to `most`
NEEDS_GIL MAY_RAISE bool rescale(Work *w, Number *n, int64_t exponent, enum Rounding rounding, bool *inexact);
// Rounds n to what the settings allow, as the end of every operation.
NEEDS_GIL MAY_RAISE bool fit_slowly(Work *w, Number *n, bool sticky);
static ALWAYS_INLINE NEEDS_GIL MAY_RAISE bool fit(Work *w, Number *n)
{
    const Settings *s = w->settings;
    if (LIKELY(n->kind == FINITE && (int64_t)n->digits <= s->precision && !s->clamp && adjusted(n) <= s->emax && adjusted(n) >= s->emin &&
               (n->small[0] | n->small[1]))) return true;    // a zero asks for more, and so, needlessly, may a large one
    return fit_slowly(w, n, false);
}
// The parts of that which the fast paths of arithmetic use.
bool rounds_away(enum Rounding rounding, bool negative, unsigned last_digit, int rest);      // rest: 0 exact, 1 below half a unit, 2 half, 3 above
NEEDS_GIL MAY_RAISE bool invalid(Work *w, Number *result, enum Condition condition);         // the result is NaN
// If an operand is a NaN: the result that it makes, and true in *done.
NEEDS_GIL MAY_RAISE bool propagate_nan(Work *w, Number *result, const Number *a, const Number *b, bool *done);    // b may be NULL
NEEDS_GIL MAY_RAISE bool compare_magnitudes(Work *w, const Number *a, const Number *b, int *order);    // of finite numbers: |a| <=> |b|
NEEDS_GIL MAY_RAISE bool compare_numbers(Work *w, const Number *a, const Number *b, int *order);       // of any but NaN
static inline bool is_odd(const Number *n) { return is_large(n) ? mpz_odd_p(n->large) : n->small[0] & 1; }     // the coefficient
NEEDS_GIL MAY_RAISE bool is_integral(Work *w, const Number *n, bool *integral);
// A finite integer that fits 64 bits, whatever its form; false: none such, or too large.
NEEDS_GIL bool as_small_integer(const Number *n, int64_t *i);

// ---- arithmetic.c
typedef bool (*UnaryOperation)(Work *w, Number *result, const Number *a);
typedef bool (*BinaryOperation)(Work *w, Number *result, const Number *a, const Number *b);
#define UNARY(name) NEEDS_GIL MAY_RAISE bool number_##name(Work *w, Number *result, const Number *a)
#define BINARY(name) NEEDS_GIL MAY_RAISE bool number_##name(Work *w, Number *result, const Number *a, const Number *b)
BINARY(add); BINARY(subtract); BINARY(multiply); BINARY(divide); BINARY(divide_int); BINARY(remainder); BINARY(remainder_near);
UNARY(plus); UNARY(minus); UNARY(abs); UNARY(sqrt);
NEEDS_GIL MAY_RAISE bool number_divmod(Work *w, Number *quotient, Number *remainder, const Number *a, const Number *b);
NEEDS_GIL MAY_RAISE bool number_fma(Work *w, Number *result, const Number *a, const Number *b, const Number *c);
NEEDS_GIL MAY_RAISE bool number_powmod(Work *w, Number *result, const Number *base, const Number *exponent, const Number *modulus);

// ---- functions.c
BINARY(compare); BINARY(compare_signal); BINARY(compare_total); BINARY(compare_total_mag); BINARY(max); BINARY(max_mag); BINARY(min); BINARY(min_mag);
BINARY(quantize); BINARY(scaleb); BINARY(shift); BINARY(rotate); BINARY(next_toward); BINARY(logical_and); BINARY(logical_or); BINARY(logical_xor);
UNARY(next_plus); UNARY(next_minus); UNARY(normalize); UNARY(logb); UNARY(logical_invert); UNARY(to_integral_value); UNARY(to_integral_exact);
BINARY(copy_sign); UNARY(copy_abs); UNARY(copy_negate);
NEEDS_GIL MAY_RAISE bool total_order(Work *w, const Number *a, const Number *b, bool of_magnitudes, int *order);
bool same_quantum(const Number *a, const Number *b);
bool is_subnormal(const Settings *s, const Number *n);
const char *number_class(const Settings *s, const Number *n);

// ---- transcendental.c: correctly rounded
UNARY(exp); UNARY(ln); UNARY(log10);
BINARY(power);
typedef struct Ln10 { mpz_t scaled; size_t bits; } Ln10;      // by 2^bits; bits 0: not known yet
NEEDS_GIL Ln10 *known_ln10(Thread *t);                        // module.c

// ---- text.c
// Reads a number as it stands, without rounding; *is_number says whether the text is one.
NEEDS_GIL MAY_RAISE bool number_from_ascii(Work *w, Number *result, const char *text, size_t length, bool *is_number);
// Digits of the coefficient, at least n->digits + 1 bytes, with a NUL.
NEEDS_GIL MAY_RAISE bool coefficient_text(Thread *t, const Number *n, char *text);
NEEDS_GIL NEW_REF Value number_to_str(Thread *t, const Number *n, bool capitals, bool engineering);
NEEDS_GIL NEW_REF Value number_format(Work *w, const Number *n, bool capitals, Str *spec, Value override);   // format.c

#endif
