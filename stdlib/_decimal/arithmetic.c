// SPDX-License-Identifier: MIT
// stdlib/_decimal/arithmetic.c: sums, products, quotients and roots.
//
// Each has a fast path for coefficients of up to 38 digits, which need 128 or, before rounding, 256 bits, and a general one over GMP. A result
// that is longer than the precision is cut once: what is known beyond the digits at hand is handed to fit_slowly as `sticky`.
#include "stdlib/_decimal/number.h"

// ---- Sums

static bool add_small(Work *w, Number *r, u128 x, bool x_negative, u128 y, bool y_negative, int64_t exponent)
{
    if (x_negative == y_negative) number_small(r, x_negative, x + y, exponent);
    else if (x > y) number_small(r, x_negative, x - y, exponent);
    else if (y > x) number_small(r, y_negative, y - x, exponent);
    else number_small(r, w->settings->rounding == ROUND_FLOOR, 0, exponent);
    if (UNLIKELY(r->digits > SMALL_DIGITS)) {          // a sum of 39 digits does not belong in `small`
        mp_limb_t words[4] = {r->small[0], r->small[1], 0, 0};
        return fit_wide(w, r, x_negative, words, exponent, false);
    }
    return fit(w, r);
}

// One operand is zero: the other with an exponent that is as low as that of the zero and the precision allow.
static bool add_zero(Work *w, Number *r, const Number *zero, bool zero_negative, const Number *n, bool negative)
{
    int64_t exponent = zero->exponent < n->exponent ? zero->exponent : n->exponent;
    if (is_zero(n)) {
        bool sign = zero_negative == negative ? negative : w->settings->rounding == ROUND_FLOOR;
        number_small(r, sign, 0, exponent);
        return fit(w, r);
    }
    int64_t spare = w->settings->precision - (int64_t)n->digits;
    if (spare < 0) spare = 0;
    if (exponent < n->exponent - spare - 1) exponent = n->exponent - spare - 1;      // one more than fits: Rounded
    if (!number_copy(w, r, n)) return false;
    r->negative = negative;
    return add_zeros(w, r, n->exponent - exponent) && fit(w, r);
}

// x 10^off and y, not zero, where the first has up to 76 digits.
static bool add_wide(Work *w, Number *r, u128 x, int64_t off, bool x_negative, u128 y, bool y_negative, int64_t exponent)
{
    mp_limb_t words[4];
    multiply_wide(x, tens[off], words);
    u128 low = (u128)words[1] << 64 | words[0], high = (u128)words[3] << 64 | words[2], sum = low + y;
    if (x_negative == y_negative) high += sum < low;
    else {
        sum = low - y;
        bool borrow = low < y;
        if (borrow && !high) {                         // y is the greater one
            sum = y - low;
            x_negative = y_negative;
        } else high -= borrow;
        if (!sum && !high) x_negative = w->settings->rounding == ROUND_FLOOR;
    }
    mp_limb_t result[4] = {(uint64_t)sum, (uint64_t)(sum >> 64), (uint64_t)high, (uint64_t)(high >> 64)};
    return fit_wide(w, r, x_negative, result, exponent, false);
}

// The coefficient of n without its last `count` digits; *sticky: some of them were not 0.
static bool cut_coefficient(Work *w, mpz_t result, const Number *n, int64_t count, bool *sticky)
{
    *sticky = true;
    if (count >= (int64_t)n->digits) return true;
    View v;
    mpz_srcptr z = view(n, &v), five;
    OWN_MPZ mpz_t own, rest;
    mpz_init(own);
    mpz_init(rest);
    if (!five_to(w, count, own, &five)) return false;
    mpz_tdiv_q_2exp(result, z, (mp_bitcnt_t)count);
    mpz_tdiv_qr(result, rest, result, five);
    *sticky = mpz_sgn(rest) != 0 || mpz_scan1(z, 0) < (mp_bitcnt_t)count;
    return true;
}
static bool add_large(Work *w, Number *r, const Number *a, bool a_negative, const Number *b, bool b_negative)
{
    if (is_zero(a)) return add_zero(w, r, a, a_negative, b, b_negative);
    if (is_zero(b)) return add_zero(w, r, b, b_negative, a, a_negative);
    const Number *high = a, *low = b;
    bool high_negative = a_negative, low_negative = b_negative;
    if (a->exponent < b->exponent) {
        high = b, low = a;
        high_negative = b_negative, low_negative = a_negative;
    }
    // Of a much smaller number only what reaches into the digits that rounding looks at counts, and whether there is more.
    int64_t spare = w->settings->precision + 2 - (int64_t)high->digits, exponent = high->exponent - (spare > 0 ? spare : 0);
    bool cut = exponent > low->exponent && adjusted(low) + 2 <= adjusted(high), sticky = false;
    if (!cut) exponent = low->exponent;
    View v, u;
    OWN_MPZ mpz_t x, part;
    mpz_init(x);
    mpz_init(part);
    mpz_srcptr sum_of = view(high, &v), y = part;
    if (!cut) y = view(low, &u);
    else if (!cut_coefficient(w, part, low, exponent - low->exponent, &sticky)) return false;
    if (high->exponent != exponent) {
        if (!times_ten_to(w, x, sum_of, high->exponent - exponent)) return false;
        sum_of = x;
    } else if (!room_for_digits(w->t, (int64_t)(low->digits > high->digits ? low->digits : high->digits))) return false;
    if (high_negative == low_negative) mpz_add(x, sum_of, y);
    else {
        mpz_sub(x, sum_of, y);
        if (sticky) mpz_sub_ui(x, x, 1);
    }
    int sign = mpz_sgn(x);
    bool negative = sign > 0 ? high_negative : sign < 0 ? low_negative : high_negative == low_negative ? high_negative : w->settings->rounding == ROUND_FLOOR;
    mpz_abs(x, x);
    return number_from_mpz(w, r, negative, x, exponent) && (sticky ? fit_slowly(w, r, true) : fit(w, r));
}

static ALWAYS_INLINE bool add_signed(Work *w, Number *r, const Number *a, const Number *b, bool b_negative)
{
    if (UNLIKELY(!is_finite(a) || !is_finite(b))) {
        bool done;
        if (!propagate_nan(w, r, a, b, &done)) return false;
        if (done) return true;
        if (is_finite(a) || is_finite(b)) {
            number_special(r, INFINITE, is_finite(a) ? b_negative : a->negative);
            return true;
        }
        if (a->negative != b_negative) return invalid(w, r, INVALID_OPERATION);
        number_special(r, INFINITE, b_negative);
        return true;
    }
    int64_t off = a->exponent - b->exponent;
    if (LIKELY(!is_large(a) && !is_large(b))) {
        u128 x = small_coefficient(a), y = small_coefficient(b);
        if (off == 0) return add_small(w, r, x, a->negative, y, b_negative, a->exponent);
        if (off > 0 && off + (int64_t)a->digits <= SMALL_DIGITS && x) return add_small(w, r, x * tens[off], a->negative, y, b_negative, b->exponent);
        if (off < 0 && -off + (int64_t)b->digits <= SMALL_DIGITS && y) return add_small(w, r, x, a->negative, y * tens[-off], b_negative, a->exponent);
        if (x && y && off > 0 && off < SMALL_DIGITS) return add_wide(w, r, x, off, a->negative, y, b_negative, b->exponent);
        if (x && y && off < 0 && off > -SMALL_DIGITS) return add_wide(w, r, y, -off, b_negative, x, a->negative, a->exponent);
    }
    return add_large(w, r, a, a->negative, b, b_negative);
}
bool number_add(Work *w, Number *r, const Number *a, const Number *b) { return add_signed(w, r, a, b, b->negative); }
bool number_subtract(Work *w, Number *r, const Number *a, const Number *b) { return add_signed(w, r, a, b, !b->negative); }

// 0 + a, 0 - a: so a zero loses its sign.
static bool signed_copy(Work *w, Number *r, const Number *a, bool flip)
{
    bool done;
    if (is_nan(a)) return propagate_nan(w, r, a, NULL, &done);
    if (!number_copy(w, r, a)) return false;
    r->negative = is_zero(a) ? w->settings->rounding == ROUND_FLOOR && a->negative != flip : a->negative != flip;
    return fit(w, r);
}
bool number_plus(Work *w, Number *r, const Number *a) { return signed_copy(w, r, a, false); }
bool number_minus(Work *w, Number *r, const Number *a) { return signed_copy(w, r, a, true); }
bool number_abs(Work *w, Number *r, const Number *a)
{
    if (is_nan(a)) return signed_copy(w, r, a, false);
    if (!number_copy(w, r, a)) return false;
    r->negative = false;
    return fit(w, r);
}

// ---- Products

static bool multiply_large(Work *w, Number *r, const Number *a, const Number *b)
{
    View v, u;
    OWN_MPZ mpz_t z;
    mpz_init(z);
    if (!room_for_digits(w->t, (int64_t)(a->digits + b->digits))) return false;
    mpz_mul(z, view(a, &v), view(b, &u));
    return number_from_mpz(w, r, a->negative != b->negative, z, a->exponent + b->exponent);
}

static bool multiply_specials(Work *w, Number *r, const Number *a, const Number *b)
{
    bool done;
    if (!propagate_nan(w, r, a, b, &done)) return false;
    if (done) return true;
    if (is_zero(a) || is_zero(b)) return invalid(w, r, INVALID_OPERATION);
    number_special(r, INFINITE, a->negative != b->negative);
    return true;
}

bool number_multiply(Work *w, Number *r, const Number *a, const Number *b)
{
    if (UNLIKELY(!is_finite(a) || !is_finite(b))) return multiply_specials(w, r, a, b);
    bool negative = a->negative != b->negative;
    int64_t exponent = a->exponent + b->exponent, digits = (int64_t)(a->digits + b->digits);
    if (digits <= SMALL_DIGITS) {
        number_small(r, negative, small_coefficient(a) * small_coefficient(b), exponent);
        return fit(w, r);
    }
    if (!is_large(a) && !is_large(b)) {
        mp_limb_t product[4];
        multiply_wide(small_coefficient(a), small_coefficient(b), product);
        return fit_wide(w, r, negative, product, exponent, false);
    }
    return multiply_large(w, r, a, b) && fit(w, r);
}

bool number_fma(Work *w, Number *result, const Number *a, const Number *b, const Number *c)
{
    OWN_NUMBER Number product = {0};
    if (!is_finite(a) || !is_finite(b)) {
        if (!multiply_specials(w, &product, a, b)) return false;
        if (w->status & ANY_INVALID) return number_copy(w, result, &product);
    } else if (!multiply_large(w, &product, a, b)) return false;
    return number_add(w, result, &product, c);
}

// ---- Quotients

// Zero, infinity and NaN among the operands of a division.
static bool divide_specials(Work *w, Number *r, const Number *a, const Number *b, bool *done)
{
    bool negative = a->negative != b->negative;
    if (!propagate_nan(w, r, a, b, done)) return false;
    if (*done) return true;
    *done = true;
    if (a->kind == INFINITE) {
        if (b->kind == INFINITE) return invalid(w, r, INVALID_OPERATION);
        number_special(r, INFINITE, negative);
    } else if (b->kind == INFINITE) {
        number_small(r, negative, 0, etiny(w->settings));
        w->status |= CLAMPED;
    } else if (is_zero(b)) {
        if (is_zero(a)) return invalid(w, r, DIVISION_UNDEFINED);
        w->status |= DIVISION_BY_ZERO;
        number_special(r, INFINITE, negative);
    } else *done = false;
    return true;
}

// Where the precision is far beyond the operands, most quotients cannot be written at all: those that end are found without trying.
static bool divide_exactly(Work *w, Number *r, const Number *a, const Number *b, bool *done)
{
    View v, u;
    OWN_MPZ mpz_t x, y, factor;
    mpz_init(x);
    mpz_init(y);
    mpz_init(factor);
    if (!room_for_digits(w->t, (int64_t)(a->digits + b->digits))) return false;
    mpz_gcd(factor, view(a, &v), view(b, &u));
    mpz_divexact(x, view(a, &v), factor);
    mpz_divexact(y, view(b, &u), factor);
    mp_bitcnt_t twos = mpz_scan1(y, 0);
    mpz_tdiv_q_2exp(y, y, twos);
    mpz_set_ui(factor, 5);
    mp_bitcnt_t fives = mpz_remove(y, y, factor);
    *done = mpz_cmp_ui(y, 1) == 0;
    if (!*done) return true;
    mp_bitcnt_t places = twos > fives ? twos : fives;
    if (!room_for_digits(w->t, (int64_t)(a->digits + places))) return false;
    mpz_ui_pow_ui(factor, 5, places - fives);
    mpz_mul(x, x, factor);
    mpz_mul_2exp(x, x, places - twos);
    return number_from_mpz(w, r, a->negative != b->negative, x, a->exponent - b->exponent - (int64_t)places) && fit(w, r);
}

static bool divide_large(Work *w, Number *r, const Number *a, const Number *b, int64_t shift, bool *rest)
{
    View v, u;
    OWN_MPZ mpz_t x, quotient, remainder;
    mpz_init(x);
    mpz_init(quotient);
    mpz_init(remainder);
    if (!room_for_digits(w->t, (int64_t)(a->digits + b->digits))) return false;
    if (!times_ten_to(w, x, shift >= 0 ? view(a, &v) : view(b, &u), shift >= 0 ? shift : -shift)) return false;
    if (shift >= 0 && !is_large(b) && b->small[1] == 0) {      // by one word: in place
        *rest = mpz_tdiv_q_ui(x, x, b->small[0]) != 0;
        return number_from_mpz(w, r, a->negative != b->negative, x, a->exponent - b->exponent - shift);
    }
    mpz_srcptr dividend = shift >= 0 ? x : view(a, &v), divisor = shift >= 0 ? view(b, &u) : x;
    mpz_tdiv_qr(quotient, remainder, dividend, divisor);
    *rest = mpz_sgn(remainder) != 0;
    return number_from_mpz(w, r, a->negative != b->negative, quotient, a->exponent - b->exponent - shift);
}

// x / y, known to fit 128 bits, and its remainder.
static u128 divide_wide(const mp_limb_t x[4], u128 y, u128 *remainder)
{
    mp_limb_t quotient[5] = {0}, rest[2] = {0}, divisor[2] = {(mp_limb_t)y, (mp_limb_t)(y >> 64)}, dividend[4] = {x[0], x[1], x[2], x[3]};
    mp_size_t count = 4;
    while (count > 1 && !dividend[count - 1]) count--;
    if (!divisor[1]) rest[0] = mpn_divrem_1(quotient, 0, dividend, count, divisor[0]);
    else mpn_tdiv_qr(quotient, rest, 0, dividend, count, divisor, 2);
    *remainder = (u128)rest[1] << 64 | rest[0];
    return (u128)quotient[1] << 64 | quotient[0];
}
// The quotient has as many digits as the precision, so that what is left of the dividend tells how to round it.
static bool divide_small(Work *w, Number *r, const Number *a, const Number *b)
{
    u128 x = small_coefficient(a), y = small_coefficient(b), quotient, rest;
    int64_t off = (int64_t)b->digits - (int64_t)a->digits;
    bool less = off >= 0 ? x * tens[off] < y : x < y * tens[-off];
    int64_t shift = w->settings->precision - 1 + off + less, ideal = a->exponent - b->exponent;
    bool negative = a->negative != b->negative;
    if (shift + (int64_t)a->digits <= SMALL_DIGITS) {
        x *= tens[shift];
        quotient = x / y;
        rest = x - quotient * y;
    } else {
        mp_limb_t dividend[4];
        multiply_wide(x, tens[shift], dividend);
        quotient = divide_wide(dividend, y, &rest);
    }
    if (rest) return fit_rest(w, r, negative, quotient, ideal - shift, rest_class(true, rest > y - rest ? 1 : rest < y - rest ? -1 : 0));
    number_small(r, negative, quotient, ideal - shift);
    return strip_zeros(w, r, shift) && fit(w, r);
}

bool number_divide(Work *w, Number *r, const Number *a, const Number *b)
{
    bool done = false, rest, negative = a->negative != b->negative;
    if (UNLIKELY(!is_finite(a) || !is_finite(b) || is_zero(b))) {
        if (!divide_specials(w, r, a, b, &done)) return false;
        if (done) return true;
    }
    int64_t ideal = a->exponent - b->exponent;
    if (is_zero(a)) {
        number_small(r, negative, 0, ideal);
        return fit(w, r);
    }
    int64_t precision = w->settings->precision, shift = precision + 1 + (int64_t)b->digits - (int64_t)a->digits;   // one or two digits more
    if (!is_large(a) && !is_large(b) && precision < SMALL_DIGITS && shift >= 2 && shift <= SMALL_DIGITS && adjusted(a) - adjusted(b) - 1 >= w->settings->emin)
        return divide_small(w, r, a, b);
    if (shift > 2000 && shift > 10 * (int64_t)(a->digits + b->digits)) {
        if (!divide_exactly(w, r, a, b, &done)) return false;
        if (done) return true;
    }
    if (!divide_large(w, r, a, b, shift, &rest)) return false;
    if (rest) return fit_slowly(w, r, true);
    return strip_zeros(w, r, ideal - r->exponent) && fit(w, r);
}

// The integer quotient and the remainder of finite numbers, b not zero. `nearest`: the remainder may be negative, and is as small as can be.
static bool divide_whole(Work *w, Number *quotient, Number *remainder, const Number *a, const Number *b, bool nearest, bool *possible)
{
    int64_t exponent = a->exponent < b->exponent ? a->exponent : b->exponent, off = adjusted(a) - adjusted(b), precision = w->settings->precision;
    bool negative = a->negative != b->negative, inexact;
    *possible = true;
    if (is_zero(a) || off <= -2) {
        number_small(quotient, negative, 0, 0);
        if (!number_copy(w, remainder, a)) return false;
        return rescale(w, remainder, exponent, ROUND_DOWN, &inexact);
    }
    if (off > precision) {
        *possible = false;
        return true;
    }
    View v, u;
    OWN_MPZ mpz_t x, y, q, r;
    mpz_init(x);
    mpz_init(y);
    mpz_init(q);
    mpz_init(r);
    if (!times_ten_to(w, x, view(a, &v), a->exponent - exponent) || !times_ten_to(w, y, view(b, &u), b->exponent - exponent)) return false;
    mpz_tdiv_qr(q, r, x, y);
    bool remainder_negative = a->negative;
    if (nearest) {
        mpz_mul_2exp(x, r, 1);
        int compared = mpz_cmp(x, y);
        if (compared > 0 || (compared == 0 && mpz_odd_p(q))) {
            mpz_sub(r, y, r);
            mpz_add_ui(q, q, 1);
            remainder_negative = !remainder_negative;
        }
    }
    if (!number_from_mpz(w, quotient, negative, q, 0)) return false;
    if ((int64_t)quotient->digits > precision) *possible = false;
    return number_from_mpz(w, remainder, remainder_negative, r, exponent);
}

static bool modulo_specials(Work *w, Number *quotient, Number *remainder, const Number *a, const Number *b, bool *done)
{
    bool negative = a->negative != b->negative;
    *done = true;
    if (a->kind == INFINITE) {
        if (b->kind == INFINITE) return invalid(w, quotient, INVALID_OPERATION) && invalid(w, remainder, INVALID_OPERATION);
        number_special(quotient, INFINITE, negative);
        return invalid(w, remainder, INVALID_OPERATION);
    }
    if (is_zero(b)) {
        if (is_zero(a)) return invalid(w, quotient, DIVISION_UNDEFINED) && invalid(w, remainder, DIVISION_UNDEFINED);
        w->status |= DIVISION_BY_ZERO;
        number_special(quotient, INFINITE, negative);
        return invalid(w, remainder, INVALID_OPERATION);
    }
    *done = false;
    return true;
}

bool number_divmod(Work *w, Number *quotient, Number *remainder, const Number *a, const Number *b)
{
    bool done = false, possible;
    if (!propagate_nan(w, quotient, a, b, &done)) return false;
    if (done) return number_copy(w, remainder, quotient);
    if (!modulo_specials(w, quotient, remainder, a, b, &done)) return false;
    if (done) return true;
    if (b->kind == INFINITE) {
        number_small(quotient, a->negative != b->negative, 0, 0);
        return number_copy(w, remainder, a) && fit(w, remainder);
    }
    if (!divide_whole(w, quotient, remainder, a, b, false, &possible)) return false;
    if (possible) return fit(w, quotient) && fit(w, remainder);
    number_clear(quotient);
    number_clear(remainder);
    return invalid(w, quotient, DIVISION_IMPOSSIBLE) && invalid(w, remainder, DIVISION_IMPOSSIBLE);
}

bool number_divide_int(Work *w, Number *r, const Number *a, const Number *b)
{
    bool done = false, possible;
    if (!is_finite(a) || !is_finite(b) || is_zero(b)) {
        if (is_finite(a) && b->kind == INFINITE) {
            number_small(r, a->negative != b->negative, 0, 0);
            return true;
        }
        if (!divide_specials(w, r, a, b, &done)) return false;
        if (done) return true;
    }
    OWN_NUMBER Number remainder = {0};
    if (!divide_whole(w, r, &remainder, a, b, false, &possible)) return false;
    if (possible) return fit(w, r);
    number_clear(r);
    return invalid(w, r, DIVISION_IMPOSSIBLE);
}

static bool remainder_of(Work *w, Number *r, const Number *a, const Number *b, bool nearest)
{
    bool done = false, possible;
    if (!propagate_nan(w, r, a, b, &done)) return false;
    if (done) return true;
    if (a->kind == INFINITE) return invalid(w, r, INVALID_OPERATION);
    if (is_zero(b)) return invalid(w, r, is_zero(a) ? DIVISION_UNDEFINED : INVALID_OPERATION);
    if (b->kind == INFINITE) return number_copy(w, r, a) && fit(w, r);
    OWN_NUMBER Number quotient = {0};
    if (!divide_whole(w, &quotient, r, a, b, nearest, &possible)) return false;
    if (possible) return fit(w, r);
    number_clear(r);
    return invalid(w, r, DIVISION_IMPOSSIBLE);
}
bool number_remainder(Work *w, Number *r, const Number *a, const Number *b) { return remainder_of(w, r, a, b, false); }
bool number_remainder_near(Work *w, Number *r, const Number *a, const Number *b) { return remainder_of(w, r, a, b, true); }

// ---- Roots

// Rounds half to even, whatever the settings say.
bool number_sqrt(Work *w, Number *r, const Number *a)
{
    bool done;
    if (is_nan(a)) return propagate_nan(w, r, a, NULL, &done);
    if (is_zero(a)) {
        number_small(r, a->negative, 0, a->exponent >> 1);
        return fit(w, r);
    }
    if (a->negative) return invalid(w, r, INVALID_OPERATION);
    if (a->kind == INFINITE) return number_copy(w, r, a);
    Settings half_even = *w->settings;
    half_even.rounding = ROUND_HALF_EVEN;
    Work inner = {w->t, &half_even, 0};
    int64_t ideal = a->exponent >> 1, odd = a->exponent & 1;
    int64_t shift = half_even.precision + 1 - (((int64_t)a->digits + odd + 1) >> 1);     // of the root's digits: one more than the precision
    View v;
    OWN_MPZ mpz_t x, root, rest;
    mpz_init(x);
    mpz_init(root);
    mpz_init(rest);
    if (!times_ten_to(w, x, view(a, &v), odd)) return false;
    bool exact = mpz_perfect_square_p(x), sticky = false;
    if (exact) shift = 0;
    else if (shift < 0) shift = 0;                    // more digits than are needed, which fit_slowly cuts off
    if (!times_ten_to(w, x, x, 2 * shift)) return false;
    mpz_sqrtrem(root, rest, x);
    sticky = mpz_sgn(rest) != 0;
    if (!number_from_mpz(w, r, false, root, ideal - shift)) return false;
    done = sticky ? fit_slowly(&inner, r, true) : fit(&inner, r);
    w->status |= inner.status;
    return done;
}

// ---- pow(base, exponent, modulus) of integers

static bool integer_of(Work *w, mpz_t z, const Number *n, bool *integral)
{
    View v;
    if (!is_integral(w, n, integral)) return false;
    if (!*integral) return true;
    if (is_zero(n)) return true;
    if (n->exponent >= 0) {
        if (!times_ten_to(w, z, view(n, &v), n->exponent)) return false;
    } else {
        OWN_MPZ mpz_t unit;
        mpz_init(unit);
        if (!ten_to(w, unit, -n->exponent)) return false;
        mpz_divexact(z, view(n, &v), unit);
    }
    if (n->negative) mpz_neg(z, z);
    return true;
}

bool number_powmod(Work *w, Number *r, const Number *base, const Number *exponent, const Number *modulus)
{
    if (is_nan(base) || is_nan(exponent) || is_nan(modulus)) {
        bool done;
        bool signals = base->kind == SIGNALING_NAN || exponent->kind == SIGNALING_NAN;
        if (signals || (modulus->kind != SIGNALING_NAN && (is_nan(base) || is_nan(exponent)))) return propagate_nan(w, r, base, exponent, &done);
        return propagate_nan(w, r, modulus, NULL, &done);
    }
    bool integral[3];
    if (!is_integral(w, base, &integral[0]) || !is_integral(w, exponent, &integral[1]) || !is_integral(w, modulus, &integral[2])) return false;
    if (!integral[0] || !integral[1] || !integral[2] || is_zero(modulus) || (exponent->negative && !is_zero(exponent)) ||
        (is_zero(base) && is_zero(exponent)) || adjusted(modulus) >= w->settings->precision) return invalid(w, r, INVALID_OPERATION);
    OWN_MPZ mpz_t x, y, m;
    mpz_init(x);
    mpz_init(y);
    mpz_init(m);
    bool whole;
    if (!integer_of(w, m, modulus, &whole) || !integer_of(w, y, exponent, &whole)) return false;
    mpz_abs(m, m);
    if (base->exponent > 0 && !is_zero(base)) {       // 10^exponent may be far too long to write: reduce it first
        View v;
        mpz_set_ui(x, 10);
        mpz_powm_ui(x, x, (unsigned long)base->exponent, m);
        mpz_mul(x, x, view(base, &v));
        if (base->negative) mpz_neg(x, x);
    } else if (!integer_of(w, x, base, &whole)) return false;
    bool negative = base->negative && mpz_odd_p(y);
    mpz_abs(x, x);
    mpz_powm(x, x, y, m);
    return number_from_mpz(w, r, negative, x, 0);      // no longer than the modulus, which fits the precision; the exponents do not matter
}
