// SPDX-License-Identifier: MIT
// stdlib/_decimal/number.c: making numbers, cutting digits off them, and fitting results to the settings of a context.
#include "stdlib/_decimal/number.h"

#include "runtime/types/int_internal.h"

#define E19 ((u128)UINT64_C(10000000000000000000))
const u128 tens[SMALL_DIGITS + 1] = {
    1u, 10u, 100u, 1000u, 10000u, 100000u, 1000000u, 10000000u, 100000000u, 1000000000u, 10000000000u, 100000000000u, 1000000000000u, 10000000000000u,
    100000000000000u, 1000000000000000u, 10000000000000000u, 100000000000000000u, 1000000000000000000u, E19, E19 * 10u, E19 * 100u, E19 * 1000u,
    E19 * 10000u, E19 * 100000u, E19 * 1000000u, E19 * 10000000u, E19 * 100000000u, E19 * 1000000000u, E19 * 10000000000u, E19 * 100000000000u,
    E19 * 1000000000000u, E19 * 10000000000000u, E19 * 100000000000000u, E19 * 1000000000000000u, E19 * 10000000000000000u,
    E19 * 100000000000000000u, E19 * 1000000000000000000u, E19 * E19,
};
const Settings exact_settings = {.precision = MAX_PREC, .emax = MAX_EMAX, .emin = MIN_EMIN, .rounding = ROUND_HALF_EVEN};

// ---- Making

void number_special(Number *n, enum Kind kind, bool negative)
{
    *n = (Number){.kind = kind, .negative = negative, .digits = kind == INFINITE};
}

bool room_for_digits(Thread *t, int64_t digits)
{
    if (LIKELY(digits < 1 << 20)) return true;
    if (digits > INT64_C(1) << 34) return error_false(raise_memory_error(t));
    return int_room(t, (uint64_t)digits * 14);    // four numbers of 3.33 bits a digit: operand, result, and what GMP works with
}

// How many digits z has, which is beyond 128 bits. Near a power of ten the estimate is settled by comparing.
static bool count_digits(Work *w, mpz_srcptr z, int64_t *digits)
{
    long exponent;
    double mantissa = mpz_get_d_2exp(&exponent, z), log = log10(mantissa) + (double)exponent * 0.30102999566398119521;
    double whole = floor(log + 0.5), off = fabs(log - whole);
    *digits = (int64_t)floor(log) + 1;
    if (LIKELY(off > 1e-9 + log * 1e-14)) return true;
    OWN_MPZ mpz_t power;
    mpz_init(power);
    if (!ten_to(w, power, (int64_t)whole)) return false;
    *digits = (int64_t)whole + (mpz_cmp(z, power) >= 0);
    return true;
}

static u128 u128_of_mpz(mpz_srcptr z) { return (u128)mpz_getlimbn(z, 1) << 64 | mpz_getlimbn(z, 0); }

bool number_from_mpz(Work *w, Number *n, bool negative, mpz_t z, int64_t exponent)
{
    if (mpz_size(z) <= 2) {
        u128 small = u128_of_mpz(z);
        if (small < tens[SMALL_DIGITS]) {
            number_small(n, negative, small, exponent);
            return true;
        }
    }
    int64_t digits;
    if (!count_digits(w, z, &digits)) return false;
    *n = (Number){.exponent = exponent, .digits = (uint64_t)digits, .kind = FINITE, .negative = negative};
    mpz_init(n->large);
    mpz_swap(n->large, z);
    return true;
}

bool number_copy(Work *w, Number *result, const Number *n)
{
    if (is_large(n)) {
        if (!room_for_digits(w->t, (int64_t)n->digits)) return false;
        *result = *n;
        mpz_init_set(result->large, n->large);
    } else *result = *n;
    return true;
}

// ---- Powers of ten

bool ten_to(Work *w, mpz_t result, int64_t power)
{
    if (!room_for_digits(w->t, power)) return false;
    mpz_ui_pow_ui(result, 10, (unsigned long)power);
    return true;
}

bool times_ten_to(Work *w, mpz_t result, mpz_srcptr z, int64_t power)
{
    if (power < 20) {
        mpz_mul_ui(result, z, (unsigned long)tens[power]);
        return true;
    }
    OWN_MPZ mpz_t five;
    mpz_init(five);
    if (!room_for_digits(w->t, power) || !room_for_digits(w->t, power + (int64_t)mpz_sizeinbase(z, 2) / 3)) return false;
    mpz_ui_pow_ui(five, 5, (unsigned long)power);
    mpz_mul(result, z, five);
    mpz_mul_2exp(result, result, (mp_bitcnt_t)power);
    return true;
}

// Gives n the coefficient z, of which it keeps all else.
static bool replace_coefficient(Work *w, Number *n, mpz_t z, int64_t exponent)
{
    Number fresh;
    if (!number_from_mpz(w, &fresh, n->negative, z, exponent)) return false;
    number_clear(n);
    *n = fresh;
    return true;
}

bool add_zeros(Work *w, Number *n, int64_t count)
{
    if (count <= 0) return true;
    if (is_zero(n)) n->exponent -= count;
    else if ((int64_t)n->digits + count <= SMALL_DIGITS) number_small(n, n->negative, small_coefficient(n) * tens[count], n->exponent - count);
    else {
        View v;
        OWN_MPZ mpz_t z;
        mpz_init(z);
        return times_ten_to(w, z, view(n, &v), count) && replace_coefficient(w, n, z, n->exponent - count);
    }
    return true;
}

static void strip_small(Number *n, int64_t most)
{
    u128 c = small_coefficient(n);
    int64_t stripped = 0;
    for (int step = 32; step; step /= 2) {
        if (step > most - stripped || tens[step] > c) continue;
        u128 quotient = (uint64_t)(c >> 64) ? c / tens[step] : (uint64_t)c / (uint64_t)tens[step];
        if (quotient * tens[step] != c) continue;
        c = quotient;
        stripped += step;
    }
    if (stripped) number_small(n, n->negative, c, n->exponent + stripped);
}
bool strip_zeros(Work *w, Number *n, int64_t most)
{
    if (is_zero(n) || most <= 0) return true;
    if (is_large(n)) {
        int64_t twos = (int64_t)mpz_scan1(n->large, 0);    // as many zeros as this at the most
        if (twos < most) most = twos;
        if (most == 0) return true;
        OWN_MPZ mpz_t z, power, quotient, rest;
        mpz_init_set(z, n->large);
        mpz_init(power);
        mpz_init(quotient);
        mpz_init(rest);
        int64_t stripped = 0, step = 1;
        while (step * 2 <= most) step *= 2;
        for (; step; step /= 2) {
            if (step > most - stripped) continue;
            if (!ten_to(w, power, step)) return false;
            mpz_tdiv_qr(quotient, rest, z, power);
            if (mpz_sgn(rest)) continue;
            mpz_swap(z, quotient);
            stripped += step;
        }
        return replace_coefficient(w, n, z, n->exponent + stripped);
    }
    strip_small(n, most);
    return true;
}

// ---- Rounding

enum { REST_NONE, REST_BELOW, REST_HALF, REST_ABOVE };

bool rounds_away(enum Rounding rounding, bool negative, unsigned last_digit, int rest)
{
    if (rest == REST_NONE) return false;
    switch (rounding) {
    case ROUND_CEILING: return !negative;
    case ROUND_FLOOR: return negative;
    case ROUND_UP: return true;
    case ROUND_DOWN: return false;
    case ROUND_HALF_UP: return rest >= REST_HALF;
    case ROUND_HALF_DOWN: return rest == REST_ABOVE;
    case ROUND_05UP: return last_digit == 0 || last_digit == 5;
    default: return rest == REST_ABOVE || (rest == REST_HALF && (last_digit & 1));
    }
}

// What the digits cut off come to, from how twice them compares to the unit that is left.
static int rest_class(bool any, int twice_to_unit, bool sticky)
{
    if (!any) return sticky ? REST_BELOW : REST_NONE;
    return twice_to_unit < 0 ? REST_BELOW : twice_to_unit > 0 || sticky ? REST_ABOVE : REST_HALF;
}

static void drop_small(Number *n, int64_t count, bool sticky, enum Rounding rounding, bool *inexact)
{
    u128 c = small_coefficient(n), unit = tens[count], quotient, rest;
    if ((uint64_t)(c >> 64) == 0 && count < 20) {
        quotient = (uint64_t)c / (uint64_t)unit;
        rest = (uint64_t)c - (uint64_t)quotient * (uint64_t)unit;
    } else {
        quotient = c / unit;
        rest = c - quotient * unit;
    }
    u128 half = unit / 2;
    int class = count == 0 ? rest_class(false, 0, sticky) : rest_class(rest != 0, rest < half ? -1 : rest > half, sticky);
    *inexact = class != REST_NONE;
    if (rounds_away(rounding, n->negative, (unsigned)(quotient % 10), class)) quotient++;
    number_small(n, n->negative, quotient, n->exponent + count);
}

bool drop_digits(Work *w, Number *n, int64_t count, bool sticky, enum Rounding rounding, bool *inexact)
{
    if (count > (int64_t)n->digits) {                 // less than a tenth of a unit is there, and all of it goes
        *inexact = !is_zero(n) || sticky;
        bool away = rounds_away(rounding, n->negative, 0, *inexact ? REST_BELOW : REST_NONE), negative = n->negative;
        int64_t exponent = n->exponent + count;
        number_clear(n);
        number_small(n, negative, away, exponent);
        return true;
    }
    if (!is_large(n)) {
        drop_small(n, count, sticky, rounding, inexact);
        return true;
    }
    OWN_MPZ mpz_t unit, quotient, rest;
    mpz_init(unit);
    mpz_init(quotient);
    mpz_init(rest);
    if (!room_for_digits(w->t, (int64_t)n->digits) || !ten_to(w, unit, count)) return false;
    mpz_tdiv_qr(quotient, rest, n->large, unit);
    bool any = mpz_sgn(rest) != 0;
    mpz_mul_2exp(rest, rest, 1);
    int class = rest_class(any, mpz_cmp(rest, unit), sticky);
    *inexact = class != REST_NONE;
    unsigned last = rounding == ROUND_05UP ? (unsigned)mpz_fdiv_ui(quotient, 10) : (unsigned)mpz_odd_p(quotient);
    if (rounds_away(rounding, n->negative, last, class)) mpz_add_ui(quotient, quotient, 1);
    return replace_coefficient(w, n, quotient, n->exponent + count);
}

bool rescale(Work *w, Number *n, int64_t exponent, enum Rounding rounding, bool *inexact)
{
    *inexact = false;
    if (exponent <= n->exponent) return add_zeros(w, n, n->exponent - exponent);
    return drop_digits(w, n, exponent - n->exponent, false, rounding, inexact);
}

// ---- Fitting

static bool overflow(Work *w, Number *n)
{
    const Settings *s = w->settings;
    bool negative = n->negative;
    w->status |= OVERFLOW | INEXACT | ROUNDED;
    number_clear(n);
    number_special(n, INFINITE, negative);
    if (rounds_away(s->rounding, negative, 9, REST_ABOVE)) return true;
    OWN_MPZ mpz_t z;                                  // the largest finite number
    mpz_init(z);
    if (!ten_to(w, z, s->precision)) return false;
    mpz_sub_ui(z, z, 1);
    return number_from_mpz(w, n, negative, z, etop(s));
}

static void fit_zero(Work *w, Number *n)
{
    const Settings *s = w->settings;
    int64_t least = etiny(s), most = s->clamp ? etop(s) : s->emax;
    if (n->exponent < least) n->exponent = least;
    else if (n->exponent > most) n->exponent = most;
    else return;
    w->status |= CLAMPED;
}

// A NaN keeps the end of its payload.
static bool fit_payload(Work *w, Number *n)
{
    int64_t most = w->settings->precision - w->settings->clamp;
    if ((int64_t)n->digits <= most) return true;
    Number kept = {0};
    View v;
    OWN_MPZ mpz_t z, unit;
    mpz_init(z);
    mpz_init(unit);
    if (!ten_to(w, unit, most)) return false;
    mpz_tdiv_r(z, view(n, &v), unit);
    if (!number_from_mpz(w, &kept, n->negative, z, 0)) return false;
    if (is_zero(&kept)) kept.digits = 0;
    kept.kind = n->kind;
    number_clear(n);
    *n = kept;
    return true;
}

bool fit_slowly(Work *w, Number *n, bool sticky)
{
    const Settings *s = w->settings;
    if (n->kind != FINITE) return is_nan(n) ? fit_payload(w, n) : true;
    if (is_zero(n)) {
        fit_zero(w, n);
        return true;
    }
    if (adjusted(n) > s->emax) return overflow(w, n);
    int64_t drop = (int64_t)n->digits - s->precision;
    bool subnormal = adjusted(n) < s->emin;
    if (subnormal) {
        w->status |= SUBNORMAL;
        if (etiny(s) - n->exponent > drop) drop = etiny(s) - n->exponent;
    }
    if (drop > 0 || sticky) {
        bool inexact;
        if (!drop_digits(w, n, drop > 0 ? drop : 0, sticky, s->rounding, &inexact)) return false;
        w->status |= ROUNDED;
        if (inexact) w->status |= subnormal ? INEXACT | UNDERFLOW : INEXACT;
        if (is_zero(n)) w->status |= CLAMPED;
        if ((int64_t)n->digits > s->precision && !drop_digits(w, n, 1, false, s->rounding, &inexact)) return false;    // 99.9 became 100
        if (adjusted(n) > s->emax) return overflow(w, n);
    }
    if (s->clamp && n->exponent > etop(s)) {
        w->status |= CLAMPED;
        return add_zeros(w, n, n->exponent - etop(s));
    }
    return true;
}

// ---- NaN

bool invalid(Work *w, Number *result, enum Condition condition)
{
    w->status |= condition;
    number_special(result, QUIET_NAN, false);
    return true;
}

bool propagate_nan(Work *w, Number *result, const Number *a, const Number *b, bool *done)
{
    const Number *from = NULL;
    if (a->kind == SIGNALING_NAN || (b && b->kind == SIGNALING_NAN)) {
        from = a->kind == SIGNALING_NAN ? a : b;
        w->status |= INVALID_OPERATION;
    } else if (is_nan(a)) from = a;
    else if (b && is_nan(b)) from = b;
    *done = from != NULL;
    if (!from) return true;
    if (!number_copy(w, result, from)) return false;
    result->kind = QUIET_NAN;
    return fit_payload(w, result);
}

// ---- Looking at numbers

static int compare_u128(u128 a, u128 b) { return (a > b) - (a < b); }

bool compare_magnitudes(Work *w, const Number *a, const Number *b, int *order)
{
    if (is_zero(a) || is_zero(b)) *order = is_zero(b) - is_zero(a);
    else if (adjusted(a) != adjusted(b)) *order = adjusted(a) < adjusted(b) ? -1 : 1;
    else if (!is_large(a) && !is_large(b)) {
        int64_t off = a->exponent - b->exponent;        // the one with the higher exponent has as many digits less
        u128 x = small_coefficient(a), y = small_coefficient(b);
        *order = off >= 0 ? compare_u128(x * tens[off], y) : compare_u128(x, y * tens[-off]);
    } else {
        int64_t off = a->exponent - b->exponent;
        View v, u;
        OWN_MPZ mpz_t scaled;
        mpz_init(scaled);
        if (!times_ten_to(w, scaled, off >= 0 ? view(a, &v) : view(b, &u), off >= 0 ? off : -off)) return false;
        int compared = off >= 0 ? mpz_cmp(scaled, view(b, &u)) : mpz_cmp(view(a, &v), scaled);
        *order = (compared > 0) - (compared < 0);
    }
    return true;
}

bool compare_numbers(Work *w, const Number *a, const Number *b, int *order)
{
    int sign_a = is_zero(a) ? 0 : a->negative ? -1 : 1, sign_b = is_zero(b) ? 0 : b->negative ? -1 : 1;
    if (sign_a != sign_b || sign_a == 0) *order = (sign_a > sign_b) - (sign_a < sign_b);
    else if (a->kind == INFINITE || b->kind == INFINITE) *order = sign_a * ((a->kind == INFINITE) - (b->kind == INFINITE));
    else {
        if (!compare_magnitudes(w, a, b, order)) return false;
        *order *= sign_a;
    }
    return true;
}

bool is_integral(Work *w, const Number *n, bool *integral)
{
    *integral = is_finite(n);
    if (!is_finite(n) || n->exponent >= 0 || is_zero(n)) return true;
    *integral = false;
    if (-n->exponent >= (int64_t)n->digits) return true;       // below 1
    OWN_NUMBER Number stripped = {0};
    if (!number_copy(w, &stripped, n) || !strip_zeros(w, &stripped, -n->exponent)) return false;
    *integral = stripped.exponent >= 0;
    return true;
}

bool as_small_integer(const Number *n, int64_t *i)
{
    if (!is_finite(n) || is_large(n)) return false;
    Number plain = *n;
    if (is_zero(n)) number_small(&plain, n->negative, 0, 0);
    if (plain.exponent < 0) strip_small(&plain, -plain.exponent);
    if (plain.exponent < 0 || plain.exponent > 18 || (int64_t)plain.digits + plain.exponent > 18) return false;
    int64_t magnitude = (int64_t)(small_coefficient(&plain) * tens[plain.exponent]);
    *i = plain.negative ? -magnitude : magnitude;
    return true;
}
