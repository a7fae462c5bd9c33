// SPDX-License-Identifier: MIT
// stdlib/_decimal/transcendental.c: exp, ln, log10 and power.
//
// The functions are computed in fixed point, as integers scaled by a power of two, with some digits more than the precision asks for. If these
// leave open which way the result is to be rounded, it is computed again with more of them: so results are correctly rounded. A power that is not
// one of integers may be exact, in which case that would never end: there the second attempt, with twice the digits, decides.
//
//   exp(x)   x = k ln 10 + r; e^r by its series at r / 2^h, squared h times
//   ln(x)    x = m 10^s, m about 1; y = ln m from y' of a third of the bits by Halley's step, y = y' + 2 (m - e^y') / (m + e^y')
//   ln 10    46 atanh(1/31) + 34 atanh(1/49) + 20 atanh(1/161), each series summed by halves; kept by the interpreter
#include "stdlib/_decimal/number.h"

#define FIRST_GUARD 12         // digits beyond the precision at the first attempt
#define MARGIN 8               // the results below are off by fewer units of their last digit
#define FAR_EXPONENT (4 * MAX_EMAX)

static size_t bits_for(int64_t digits) { return (size_t)((double)digits * 3.3219280948873626) + 16; }

// ---- In fixed point

// sum of 1 / ((2k + 1) n2^(k - first + 1)) for k in [first, end) as t / (d q)
static void sum_atanh(mpz_t t, mpz_t d, mpz_t q, unsigned long n2, unsigned long first, unsigned long end)
{
    if (end - first == 1) {
        mpz_set_ui(t, 1);
        mpz_set_ui(d, 2 * first + 1);
        mpz_set_ui(q, n2);
        return;
    }
    unsigned long middle = first + (end - first) / 2;
    OWN_MPZ mpz_t t2, d2, q2;
    mpz_init(t2);
    mpz_init(d2);
    mpz_init(q2);
    sum_atanh(t, d, q, n2, first, middle);
    sum_atanh(t2, d2, q2, n2, middle, end);
    mpz_mul(t, t, d2);
    mpz_mul(t, t, q2);
    mpz_addmul(t, t2, d);
    mpz_mul(d, d, d2);
    mpz_mul(q, q, q2);
}
static void add_atanh_of_inverse(mpz_t sum, unsigned long factor, unsigned long n, size_t bits)
{
    OWN_MPZ mpz_t t, d, q;
    mpz_init(t);
    mpz_init(d);
    mpz_init(q);
    sum_atanh(t, d, q, n * n, 0, (unsigned long)((double)bits / (2 * log2((double)n))) + 2);
    mpz_mul_2exp(t, t, bits);
    mpz_mul(d, d, q);
    mpz_tdiv_q(t, t, d);
    mpz_addmul_ui(sum, t, factor * n);
}
// ln 10 scaled by 2^bits, off by less than 1.
static void ln10_fixed(Thread *t, mpz_t result, size_t bits)
{
    Ln10 *known = known_ln10(t);
    if (known->bits < bits) {
        size_t wide = bits + bits / 4 + 64;
        mpz_t sum;
        mpz_init(sum);
        add_atanh_of_inverse(sum, 46, 31, wide);
        add_atanh_of_inverse(sum, 34, 49, wide);
        add_atanh_of_inverse(sum, 20, 161, wide);
        if (known->bits) mpz_clear(known->scaled);
        mpz_init(known->scaled);
        mpz_swap(known->scaled, sum);
        mpz_clear(sum);
        known->bits = wide - 32;
        mpz_tdiv_q_2exp(known->scaled, known->scaled, 32);
    }
    mpz_tdiv_q_2exp(result, known->scaled, known->bits - bits);
}

// e^x for |x| < 1.2: off by less than 2.
static void exp_fixed(mpz_t result, mpz_srcptr x, size_t bits)
{
    size_t halvings = (size_t)sqrt((double)bits) / 2 + 3, wide = bits + halvings + 32;
    OWN_MPZ mpz_t small, term;
    mpz_init(small);
    mpz_init(term);
    mpz_mul_2exp(small, x, 32);                       // x / 2^halvings, scaled by 2^wide
    mpz_set(term, small);
    mpz_set_ui(result, 1);
    mpz_mul_2exp(result, result, wide);
    for (unsigned long n = 2; mpz_sgn(term); n++) {
        mpz_add(result, result, term);
        mpz_mul(term, term, small);
        mpz_tdiv_q_2exp(term, term, wide);
        mpz_tdiv_q_ui(term, term, n);
    }
    for (size_t i = 0; i < halvings; i++) {
        mpz_mul(result, result, result);
        mpz_tdiv_q_2exp(result, result, wide);
    }
    mpz_tdiv_q_2exp(result, result, wide - bits);
}

// ln m for m from 0.3 to 3.2: off by less than 2.
static void ln_fixed(mpz_t result, mpz_srcptr m, size_t bits)
{
    if (bits <= 44) {
        mpz_set_d(result, ldexp(log(ldexp(mpz_get_d(m), -(int)bits)), (int)bits));
        return;
    }
    size_t wide = bits + 16, third = wide / 3 + 8;
    OWN_MPZ mpz_t wide_m, e;
    mpz_init(wide_m);
    mpz_init(e);
    mpz_tdiv_q_2exp(wide_m, m, third < bits ? bits - third : 0);
    ln_fixed(result, wide_m, third < bits ? third : bits);
    mpz_mul_2exp(result, result, wide - (third < bits ? third : bits));
    mpz_mul_2exp(wide_m, m, 16);
    exp_fixed(e, result, wide);
    OWN_MPZ mpz_t difference;
    mpz_init(difference);
    mpz_sub(difference, wide_m, e);
    mpz_mul_2exp(difference, difference, wide + 1);
    mpz_add(e, e, wide_m);
    mpz_tdiv_q(difference, difference, e);
    mpz_add(result, result, difference);
    mpz_tdiv_q_2exp(result, result, 16);
}

// c * 10^exponent scaled by 2^bits.
static bool to_fixed(Work *w, mpz_t result, mpz_srcptr c, int64_t exponent, size_t bits)
{
    if (exponent >= 0) {
        if (!times_ten_to(w, result, c, exponent)) return false;
        mpz_mul_2exp(result, result, bits);
        return true;
    }
    OWN_MPZ mpz_t unit;
    mpz_init(unit);
    if (!ten_to(w, unit, -exponent)) return false;
    mpz_mul_2exp(result, c, bits);
    mpz_tdiv_q(result, result, unit);
    return true;
}
// The scaled value as digits: value * 10^places.
static bool to_digits(Work *w, mpz_t value, int64_t places, size_t bits)
{
    if (!times_ten_to(w, value, value, places)) return false;
    mpz_tdiv_q_2exp(value, value, bits);
    return true;
}

// ---- Digits of functions: d * 10^exponent, d off by fewer than MARGIN, with at least `digits` - 1 digits

// e^x for x = (-1)^negative c 10^e, below 10^19 and not so small that c * 10^e vanishes beside 1.
static bool exp_digits(Work *w, bool negative, mpz_srcptr c, int64_t e, int64_t digits, mpz_t d, int64_t *exponent)
{
    if (!room_for_digits(w->t, digits + 40)) return false;
    size_t bits = bits_for(digits), wide = bits + 70;
    OWN_MPZ mpz_t x, ln10, k, half;
    mpz_init(x);
    mpz_init(ln10);
    mpz_init(k);
    mpz_init(half);
    if (!to_fixed(w, x, c, e, wide)) return false;
    if (negative) mpz_neg(x, x);
    ln10_fixed(w->t, ln10, wide);
    mpz_tdiv_q_2exp(half, ln10, 1);
    mpz_add(half, half, x);
    mpz_fdiv_q(k, half, ln10);
    mpz_submul(x, k, ln10);
    mpz_tdiv_q_2exp(x, x, wide - bits);
    exp_fixed(d, x, bits);
    *exponent = mpz_get_si(k) - digits;
    return to_digits(w, d, digits, bits);
}

// How many zeros 1 - x begins with behind the point; 0 unless x is near 1.
static bool nearness_to_one(Work *w, const Number *x, int64_t *zeros)
{
    Work exact = {w->t, &exact_settings, 0};
    Number one;
    OWN_NUMBER Number off = {0};
    number_small(&one, false, 1, 0);
    *zeros = 0;
    if (adjusted(x) > 0 || adjusted(x) < -1) return true;
    if (!number_subtract(&exact, &off, x, &one)) return false;
    if (adjusted(&off) < 0) *zeros = -adjusted(&off);
    return true;
}
// ln x for x > 0, not 1.
static bool ln_digits(Work *w, const Number *x, int64_t digits, mpz_t d, int64_t *exponent, bool *negative, bool base_ten)
{
    int64_t zeros, scale = adjusted(x);
    View v;
    long power;
    if (!nearness_to_one(w, x, &zeros) || !room_for_digits(w->t, digits + zeros + (int64_t)x->digits)) return false;
    double mantissa = mpz_get_d_2exp(&power, view(x, &v));
    double leading = log10(mantissa) + (double)power * 0.30102999566398119521;
    if (leading - (double)(x->digits - 1) > 0.5) scale++;       // so that x / 10^scale is about 1
    size_t bits = bits_for(digits + zeros) + 70;
    OWN_MPZ mpz_t m, ln10;
    mpz_init(m);
    mpz_init(ln10);
    if (!to_fixed(w, m, view(x, &v), x->exponent - scale, bits)) return false;
    ln_fixed(d, m, bits);
    ln10_fixed(w->t, ln10, bits);
    mpz_set_si(m, (long)scale);
    mpz_addmul(d, m, ln10);
    if (base_ten) {
        mpz_mul_2exp(d, d, bits);
        mpz_tdiv_q(d, d, ln10);
    }
    *negative = mpz_sgn(d) < 0;
    mpz_abs(d, d);
    *exponent = -(digits + zeros);
    return to_digits(w, d, digits + zeros, bits);
}

// ---- Rounding what is not known exactly

// Whether d * 10^exponent rounds to the same however it is off by less than MARGIN.
static bool is_settled(Work *w, mpz_srcptr d, int64_t exponent, bool *settled)
{
    const Settings *s = w->settings;
    OWN_MPZ mpz_t copy, unit;
    OWN_NUMBER Number n = {0};
    mpz_init_set(copy, d);
    mpz_init(unit);
    if (!number_from_mpz(w, &n, false, copy, exponent)) return false;
    int64_t drop = (int64_t)n.digits - s->precision;
    if (adjusted(&n) < s->emin && etiny(s) - exponent > drop) drop = etiny(s) - exponent;
    *settled = drop > (int64_t)n.digits + 1;
    if (drop < 3 || *settled) return true;
    if (!ten_to(w, unit, drop)) return false;
    mpz_fdiv_r(copy, d, unit);                        // from half a unit, and from a whole one, by the margin?
    bool near_whole = mpz_cmp_ui(copy, MARGIN) < 0;
    mpz_sub(copy, unit, copy);
    near_whole |= mpz_cmp_ui(copy, MARGIN) < 0;
    mpz_tdiv_q_2exp(unit, unit, 1);
    mpz_sub(copy, unit, copy);
    *settled = !near_whole && mpz_cmpabs_ui(copy, MARGIN) >= 0;
    return true;
}
static bool finish(Work *w, Number *r, bool negative, mpz_t d, int64_t exponent)
{
    return number_from_mpz(w, r, negative, d, exponent) && fit_slowly(w, r, true);
}

// e^x where x is so small that the result is 1 and a little, or a little less.
static bool exp_of_tiny(Work *w, Number *r, bool negative)
{
    int64_t places = w->settings->precision + 1;
    OWN_MPZ mpz_t d;
    mpz_init(d);
    if (!ten_to(w, d, places)) return false;
    if (negative) mpz_sub_ui(d, d, 1);
    return finish(w, r, false, d, -places);
}
static bool exp_of_huge(Work *w, Number *r, bool result_negative, bool negative)
{
    number_small(r, result_negative, 1, negative ? -FAR_EXPONENT : FAR_EXPONENT);
    return fit_slowly(w, r, true);
}

static bool exp_of_finite(Work *w, Number *r, const Number *a)
{
    if (adjusted(a) >= 19) return exp_of_huge(w, r, false, a->negative);
    if (adjusted(a) < -(w->settings->precision + 1)) return exp_of_tiny(w, r, false);      // 1 in any case, half to even
    OWN_MPZ mpz_t d;
    mpz_init(d);
    View v;
    bool settled = false;
    int64_t exponent = 0;
    for (int64_t guard = FIRST_GUARD; !settled; guard *= 2) {
        if (!exp_digits(w, a->negative, view(a, &v), a->exponent, w->settings->precision + guard, d, &exponent)) return false;
        if (!is_settled(w, d, exponent, &settled)) return false;
    }
    return finish(w, r, false, d, exponent);
}

// These three round half to even, whatever the settings say.
static bool half_even(Work *w, Number *r, const Number *a, bool (*compute)(Work *w, Number *r, const Number *a))
{
    Settings settings = *w->settings;
    settings.rounding = ROUND_HALF_EVEN;
    Work inner = {w->t, &settings, 0};
    bool done = compute(&inner, r, a);
    w->status |= inner.status;
    return done;
}
bool number_exp(Work *w, Number *r, const Number *a)
{
    bool done;
    if (is_nan(a)) return propagate_nan(w, r, a, NULL, &done);
    if (a->kind == INFINITE) {
        if (a->negative) number_small(r, false, 0, 0);
        else number_special(r, INFINITE, false);
        return true;
    }
    if (is_zero(a)) {
        number_small(r, false, 1, 0);
        return true;
    }
    return half_even(w, r, a, exp_of_finite);
}

static bool log_of_finite(Work *w, Number *r, const Number *a, bool base_ten)
{
    OWN_MPZ mpz_t d;
    mpz_init(d);
    bool settled = false, negative = false;
    int64_t exponent = 0;
    for (int64_t guard = FIRST_GUARD; !settled; guard *= 2) {
        if (!ln_digits(w, a, w->settings->precision + guard, d, &exponent, &negative, base_ten)) return false;
        if (!is_settled(w, d, exponent, &settled)) return false;
    }
    return finish(w, r, negative, d, exponent);
}
static bool ln_of_finite(Work *w, Number *r, const Number *a) { return log_of_finite(w, r, a, false); }
static bool log10_of_finite(Work *w, Number *r, const Number *a) { return log_of_finite(w, r, a, true); }

static bool log10_of_power(Work *w, Number *r, const Number *a)
{
    int64_t e = adjusted(a);
    number_small(r, e < 0, (u128)(e < 0 ? -e : e), 0);
    return fit(w, r);
}

// What both logarithms make of all but positive finite numbers.
static bool log_specials(Work *w, Number *r, const Number *a, bool *done)
{
    *done = true;
    if (is_nan(a)) return propagate_nan(w, r, a, NULL, done);
    if (is_zero(a)) number_special(r, INFINITE, true);
    else if (a->negative) return invalid(w, r, INVALID_OPERATION);
    else if (a->kind == INFINITE) number_special(r, INFINITE, false);
    else *done = false;
    return true;
}
// 10^k: *is_one says so of the coefficient without its zeros, and *k is its adjusted exponent.
static bool power_of_ten(Work *w, const Number *a, bool *is_one)
{
    OWN_NUMBER Number stripped = {0};
    if (!number_copy(w, &stripped, a) || !strip_zeros(w, &stripped, INT64_MAX / 4)) return false;
    *is_one = stripped.digits == 1 && stripped.small[0] == 1;
    return true;
}
bool number_ln(Work *w, Number *r, const Number *a)
{
    bool done, one;
    if (!log_specials(w, r, a, &done)) return false;
    if (done) return true;
    if (adjusted(a) == 0) {
        if (!power_of_ten(w, a, &one)) return false;
        if (one) {
            number_small(r, false, 0, 0);
            return true;
        }
    }
    return half_even(w, r, a, ln_of_finite);
}
bool number_log10(Work *w, Number *r, const Number *a)
{
    bool done, one;
    if (!log_specials(w, r, a, &done)) return false;
    if (done) return true;
    if (!power_of_ten(w, a, &one)) return false;
    return half_even(w, r, a, one ? log10_of_power : log10_of_finite);
}

// ---- power

static int64_t clipped(__int128 exponent) { return exponent > FAR_EXPONENT ? FAR_EXPONENT : exponent < -FAR_EXPONENT ? -FAR_EXPONENT : (int64_t)exponent; }

// |a|^|n| as it is, if that is not too long to write; its exponent as low as that of a would make it, as far as the precision has a use for it.
static bool whole_power(Work *w, Number *r, const Number *a, int64_t n, bool *possible)
{
    OWN_NUMBER Number base = {0};
    if (!number_copy(w, &base, a) || !strip_zeros(w, &base, INT64_MAX / 4)) return false;
    uint64_t times = (uint64_t)(n < 0 ? -n : n);
    bool one = base.digits == 1 && base.small[0] == 1;
    *possible = one || (__int128)base.digits * times <= 20 * (__int128)(w->settings->precision < 1000000 ? w->settings->precision : 1000000) + 2000;
    if (!*possible) return true;
    View v;
    OWN_MPZ mpz_t z;
    mpz_init(z);
    if (one) mpz_set_ui(z, 1);
    else mpz_pow_ui(z, view(&base, &v), times);
    int64_t exponent = clipped((__int128)base.exponent * times), wanted = clipped((__int128)a->exponent * times);
    if (!number_from_mpz(w, r, false, z, exponent)) return false;
    int64_t zeros = exponent - wanted, useful = w->settings->precision + 1 - (int64_t)r->digits;
    return n < 0 || add_zeros(w, r, zeros < useful ? zeros : useful);
}
static bool integer_power(Work *w, Number *r, const Number *a, int64_t n, bool negative, bool *done)
{
    OWN_NUMBER Number power = {0};
    if (!whole_power(w, &power, a, n, done)) return false;
    if (!*done) return true;
    power.negative = negative;
    if (n < 0) {
        Number one;
        number_small(&one, false, 1, 0);
        return number_divide(w, r, &one, &power);
    }
    *r = power;
    power = (Number){0};
    return fit(w, r);
}

// |a|^b, b not an integer or a large one: exp(b ln |a|).
static bool real_power(Work *w, Number *r, const Number *a, const Number *b, bool negative)
{
    Number positive = *a;                             // borrowed
    positive.negative = false;
    OWN_MPZ mpz_t d;
    mpz_init(d);
    View v;
    bool settled = false, ln_negative;
    int64_t exponent = 0, guard = FIRST_GUARD;
    for (int attempt = 0; attempt < 2 && !settled; attempt++, guard += w->settings->precision + FIRST_GUARD) {
        if (!ln_digits(w, &positive, w->settings->precision + guard + 22, d, &exponent, &ln_negative, false)) return false;
        if (!room_for_digits(w->t, w->settings->precision + (int64_t)b->digits)) return false;
        mpz_mul(d, d, view(b, &v));
        exponent += b->exponent;
        OWN_NUMBER Number product = {0};
        if (!number_from_mpz(w, &product, ln_negative != b->negative, d, exponent)) return false;
        if (adjusted(&product) >= 19) return exp_of_huge(w, r, negative, product.negative);
        if (adjusted(&product) < -(w->settings->precision + 1)) {
            if (!exp_of_tiny(w, r, product.negative)) return false;
            r->negative = negative;
            return true;
        }
        View p;
        if (!exp_digits(w, product.negative, view(&product, &p), product.exponent, w->settings->precision + guard, d, &exponent)) return false;
        if (!is_settled(w, d, exponent, &settled)) return false;
    }
    if (settled) return finish(w, r, negative, d, exponent);
    bool inexact;
    if (!number_from_mpz(w, r, negative, d, exponent) || !drop_digits(w, r, 6, false, ROUND_HALF_EVEN, &inexact) || !fit(w, r)) return false;
    w->status |= INEXACT | ROUNDED;                   // as any power that is not of integers
    return true;
}

static bool power_of_one(Work *w, Number *r, const Number *a, const Number *b, bool integral, bool negative)
{
    int64_t least = 1 - w->settings->precision, exponent = least, n;
    if (integral) {
        if (b->negative) exponent = 0;
        else if (as_small_integer(b, &n)) exponent = clipped((__int128)a->exponent * n);
        else exponent = a->exponent ? -FAR_EXPONENT : 0;
    } else w->status |= INEXACT | ROUNDED;
    if (exponent < least) {
        w->status |= ROUNDED;
        exponent = least;
    }
    number_small(r, negative, 1, 0);
    return add_zeros(w, r, -exponent);
}

static bool power_specials(Work *w, Number *r, const Number *a, const Number *b, bool negative, int order_to_one)
{
    bool grows = a->kind == INFINITE || order_to_one > 0;
    if (grows != b->negative) number_special(r, INFINITE, negative);
    else number_small(r, negative, 0, 0);
    return true;
}

bool number_power(Work *w, Number *r, const Number *a, const Number *b)
{
    bool done, integral;
    int order;
    int64_t n;
    Number one, magnitude = *a;                       // borrowed
    if (!propagate_nan(w, r, a, b, &done)) return false;
    if (done) return true;
    if (!is_integral(w, b, &integral)) return false;
    if (is_zero(b)) {
        if (is_zero(a)) return invalid(w, r, INVALID_OPERATION);
        number_small(r, false, 1, 0);
        return true;
    }
    bool odd = false;
    if (integral && b->exponent <= 0) {
        OWN_NUMBER Number whole = {0};
        if (!number_copy(w, &whole, b) || !rescale(w, &whole, 0, ROUND_DOWN, &done)) return false;
        odd = is_odd(&whole);
    }
    bool negative = a->negative && odd;
    if (is_zero(a)) return power_specials(w, r, a, b, negative, -1);
    if (a->negative && !integral) return invalid(w, r, INVALID_OPERATION);
    if (a->kind == INFINITE) return power_specials(w, r, a, b, negative, 1);
    number_small(&one, false, 1, 0);
    magnitude.negative = false;
    if (!compare_magnitudes(w, &magnitude, &one, &order)) return false;
    if (order == 0) return power_of_one(w, r, a, b, integral, negative);
    if (b->kind == INFINITE) return power_specials(w, r, a, b, negative, order);
    if (integral && as_small_integer(b, &n)) {
        if (!integer_power(w, r, a, n, negative, &done)) return false;
        if (done) return true;
    }
    return real_power(w, r, a, b, negative);
}
