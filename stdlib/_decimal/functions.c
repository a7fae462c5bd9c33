// SPDX-License-Identifier: MIT
// stdlib/_decimal/functions.c: everything that compares, moves, picks or takes apart.
#include "stdlib/_decimal/number.h"

#include "runtime/heap.h"
#include "runtime/types/str.h"

// ---- Signs

bool number_copy_abs(Work *w, Number *r, const Number *a)
{
    if (!number_copy(w, r, a)) return false;
    r->negative = false;
    return true;
}
bool number_copy_negate(Work *w, Number *r, const Number *a)
{
    if (!number_copy(w, r, a)) return false;
    r->negative = !a->negative;
    return true;
}
bool number_copy_sign(Work *w, Number *r, const Number *a, const Number *b)
{
    if (!number_copy(w, r, a)) return false;
    r->negative = b->negative;
    return true;
}

// ---- Comparing

static void set_order(Number *r, int order) { number_small(r, order < 0, order != 0, 0); }

bool number_compare(Work *w, Number *r, const Number *a, const Number *b)
{
    bool done;
    int order;
    if (!propagate_nan(w, r, a, b, &done)) return false;
    if (done) return true;
    if (!compare_numbers(w, a, b, &order)) return false;
    set_order(r, order);
    return true;
}
bool number_compare_signal(Work *w, Number *r, const Number *a, const Number *b)
{
    if (is_nan(a) || is_nan(b)) w->status |= INVALID_OPERATION;
    return number_compare(w, r, a, b);
}

// Finite numbers, infinities, signaling NaNs, quiet NaNs.
static int rank_of(const Number *n) { return n->kind == QUIET_NAN ? 3 : n->kind == SIGNALING_NAN ? 2 : n->kind == INFINITE; }

static int compare_payloads(const Number *a, const Number *b)
{
    View v, u;
    int compared = mpz_cmp(view(a, &v), view(b, &u));
    return (compared > 0) - (compared < 0);
}

bool total_order(Work *w, const Number *a, const Number *b, bool of_magnitudes, int *order)
{
    bool negative = !of_magnitudes && a->negative;
    if (!of_magnitudes && a->negative != b->negative) {
        *order = a->negative ? -1 : 1;
        return true;
    }
    int rank = rank_of(a);
    if (rank != rank_of(b)) *order = rank < rank_of(b) ? -1 : 1;
    else if (rank >= 2) *order = compare_payloads(a, b);
    else if (rank == 1) *order = 0;
    else {
        if (!compare_magnitudes(w, a, b, order)) return false;
        if (*order == 0) *order = (a->exponent > b->exponent) - (a->exponent < b->exponent);
    }
    if (negative) *order = -*order;
    return true;
}
bool number_compare_total(Work *w, Number *r, const Number *a, const Number *b)
{
    int order;
    if (!total_order(w, a, b, false, &order)) return false;
    set_order(r, order);
    return true;
}
bool number_compare_total_mag(Work *w, Number *r, const Number *a, const Number *b)
{
    int order;
    if (!total_order(w, a, b, true, &order)) return false;
    set_order(r, order);
    return true;
}

// The larger (want 1) or the smaller (want -1); a number goes before a quiet NaN.
static bool pick(Work *w, Number *r, const Number *a, const Number *b, int want, bool of_magnitudes)
{
    bool done;
    int order = 0;
    if (a->kind == QUIET_NAN && !is_nan(b)) return number_copy(w, r, b) && fit(w, r);
    if (b->kind == QUIET_NAN && !is_nan(a)) return number_copy(w, r, a) && fit(w, r);
    if (!propagate_nan(w, r, a, b, &done)) return false;
    if (done) return true;
    if (of_magnitudes) {
        Number x = *a, y = *b;                // borrowed: neither is cleared
        x.negative = y.negative = false;
        if (!compare_numbers(w, &x, &y, &order)) return false;
    } else if (!compare_numbers(w, a, b, &order)) return false;
    if (order == 0 && !total_order(w, a, b, false, &order)) return false;
    return number_copy(w, r, order == want || order == 0 ? a : b) && fit(w, r);
}
bool number_max(Work *w, Number *r, const Number *a, const Number *b) { return pick(w, r, a, b, 1, false); }
bool number_min(Work *w, Number *r, const Number *a, const Number *b) { return pick(w, r, a, b, -1, false); }
bool number_max_mag(Work *w, Number *r, const Number *a, const Number *b) { return pick(w, r, a, b, 1, true); }
bool number_min_mag(Work *w, Number *r, const Number *a, const Number *b) { return pick(w, r, a, b, -1, true); }

bool same_quantum(const Number *a, const Number *b)
{
    if (is_finite(a) && is_finite(b)) return a->exponent == b->exponent;
    return (is_nan(a) && is_nan(b)) || (a->kind == INFINITE && b->kind == INFINITE);
}

// ---- Exponents

bool number_quantize(Work *w, Number *r, const Number *a, const Number *b)
{
    bool done, inexact;
    const Settings *s = w->settings;
    if (UNLIKELY(!is_finite(a) || !is_finite(b))) {
        if (!propagate_nan(w, r, a, b, &done)) return false;
        if (done) return true;
        return is_finite(a) || is_finite(b) ? invalid(w, r, INVALID_OPERATION) : number_copy(w, r, a);
    }
    int64_t exponent = b->exponent;
    if (exponent > s->emax || exponent < etiny(s)) return invalid(w, r, INVALID_OPERATION);
    if (is_zero(a)) {
        number_small(r, a->negative, 0, exponent);
        return fit(w, r);
    }
    if (adjusted(a) > s->emax || adjusted(a) - exponent + 1 > s->precision) return invalid(w, r, INVALID_OPERATION);
    if (!number_copy(w, r, a) || !rescale(w, r, exponent, s->rounding, &inexact)) return false;
    if ((int64_t)r->digits > s->precision || (!is_zero(r) && adjusted(r) > s->emax)) {
        number_clear(r);
        return invalid(w, r, INVALID_OPERATION);
    }
    if (exponent > a->exponent) w->status |= inexact ? INEXACT | ROUNDED : ROUNDED;
    return fit(w, r);
}

static bool to_integral(Work *w, Number *r, const Number *a, bool tell)
{
    bool done, inexact = false;
    if (is_nan(a)) return propagate_nan(w, r, a, NULL, &done);
    if (!number_copy(w, r, a)) return false;
    if (a->kind == INFINITE || a->exponent >= 0) return true;
    if (is_zero(a)) {
        r->exponent = 0;
        return true;
    }
    if (!rescale(w, r, 0, w->settings->rounding, &inexact)) return false;
    if (tell) w->status |= inexact ? INEXACT | ROUNDED : ROUNDED;
    return true;
}
bool number_to_integral_value(Work *w, Number *r, const Number *a) { return to_integral(w, r, a, false); }
bool number_to_integral_exact(Work *w, Number *r, const Number *a) { return to_integral(w, r, a, true); }

bool number_normalize(Work *w, Number *r, const Number *a)
{
    bool done;
    const Settings *s = w->settings;
    if (is_nan(a)) return propagate_nan(w, r, a, NULL, &done);
    if (!number_copy(w, r, a) || !fit(w, r)) return false;
    if (!is_finite(r)) return true;
    if (is_zero(r)) {
        r->exponent = 0;
        return true;
    }
    return strip_zeros(w, r, (s->clamp ? etop(s) : s->emax) - r->exponent);
}

bool number_logb(Work *w, Number *r, const Number *a)
{
    bool done;
    if (is_nan(a)) return propagate_nan(w, r, a, NULL, &done);
    if (a->kind == INFINITE) number_special(r, INFINITE, false);
    else if (is_zero(a)) {
        w->status |= DIVISION_BY_ZERO;
        number_special(r, INFINITE, true);
    } else {
        int64_t e = adjusted(a);
        number_small(r, e < 0, (u128)(e < 0 ? -e : e), 0);
        return fit(w, r);
    }
    return true;
}

// The second operand of shift, rotate and scaleb: an integer written with exponent 0, within the bound.
static bool small_count(const Number *n, int64_t bound, int64_t *count)
{
    if (!is_finite(n) || n->exponent != 0 || n->digits > 19 || small_coefficient(n) > (u128)bound) return false;
    *count = n->negative ? -(int64_t)n->small[0] : (int64_t)n->small[0];
    return true;
}

bool number_scaleb(Work *w, Number *r, const Number *a, const Number *b)
{
    bool done;
    int64_t count;
    if (!propagate_nan(w, r, a, b, &done)) return false;
    if (done) return true;
    if (!small_count(b, 2 * (w->settings->emax + w->settings->precision), &count)) return invalid(w, r, INVALID_OPERATION);
    if (!number_copy(w, r, a)) return false;
    if (a->kind == INFINITE) return true;
    r->exponent += count;
    return fit(w, r);
}

// ---- Digits

// Parts a coefficient at a digit: *high and *low, each a number of its own.
static bool part_at(Work *w, mpz_srcptr z, int64_t place, mpz_t high, mpz_t low)
{
    OWN_MPZ mpz_t unit;
    mpz_init(unit);
    if (!ten_to(w, unit, place)) return false;
    mpz_tdiv_qr(high, low, z, unit);
    return true;
}

// Moves the digits of a, seen as `precision` of them, to the left by b; around: what leaves on the left comes back on the right.
static bool move_digits(Work *w, Number *r, const Number *a, const Number *b, bool around)
{
    bool done;
    int64_t count, precision = w->settings->precision;
    if (!propagate_nan(w, r, a, b, &done)) return false;
    if (done) return true;
    if (!small_count(b, precision, &count)) return invalid(w, r, INVALID_OPERATION);
    if (a->kind == INFINITE) return number_copy(w, r, a);
    View v;
    OWN_MPZ mpz_t all, high, low;
    mpz_init(all);
    mpz_init(high);
    mpz_init(low);
    if (!room_for_digits(w->t, (int64_t)a->digits)) return false;
    mpz_set(all, view(a, &v));
    if ((int64_t)a->digits > precision && !part_at(w, view(a, &v), precision, high, all)) return false;
    if (around && count < 0) count += precision;
    if (count >= 0) {
        bool fits = !around && (int64_t)a->digits + count <= precision;
        if (fits || (around && (int64_t)a->digits + count <= precision)) mpz_set(low, all);
        else if (!part_at(w, all, precision - count, high, low)) return false;
        if (mpz_sgn(low) && !times_ten_to(w, low, low, count)) return false;
        if (around && mpz_sgn(high)) mpz_add(low, low, high);
        mpz_swap(all, low);
    } else if (-count >= (int64_t)a->digits) mpz_set_ui(all, 0);
    else {
        if (!part_at(w, all, -count, high, low)) return false;
        mpz_swap(all, high);
    }
    return number_from_mpz(w, r, a->negative, all, a->exponent);
}
bool number_shift(Work *w, Number *r, const Number *a, const Number *b) { return move_digits(w, r, a, b, false); }
bool number_rotate(Work *w, Number *r, const Number *a, const Number *b) { return move_digits(w, r, a, b, true); }

// The digits of a logical operand, which are all 0 or 1, filled up on the left to `width`. NULL: no such operand, or (*raised) an exception.
static char *logical_digits(Work *w, const Number *n, size_t width, bool *raised)
{
    *raised = false;
    if (!is_finite(n) || n->negative || n->exponent != 0) return NULL;
    size_t digits = (size_t)n->digits;
    char *text = mem_allocate(w->t, (digits > width ? digits : width) + 1);
    *raised = !text || !coefficient_text(w->t, n, text + (digits < width ? width - digits : 0));
    bool binary = !*raised;
    if (binary && digits < width) memset(text, '0', width - digits);
    for (char *at = text; binary && *at; at++) binary = *at == '0' || *at == '1';
    if (binary) {
        if (digits > width) memmove(text, text + digits - width, width + 1);
        return text;
    }
    mem_free(text);
    return NULL;
}
enum Logic { LOGIC_AND, LOGIC_OR, LOGIC_XOR };
static bool logical(Work *w, Number *r, const Number *a, const Number *b, enum Logic logic)
{
    int64_t longest = (int64_t)(a->digits > b->digits ? a->digits : b->digits), precision = w->settings->precision;
    size_t width = (size_t)(longest < precision ? longest : precision);
    bool raised, is_number;
    OWN_MEMORY char *x = logical_digits(w, a, width, &raised);
    if (!x) return !raised && invalid(w, r, INVALID_OPERATION);
    OWN_MEMORY char *y = logical_digits(w, b, width, &raised);
    if (!y) return !raised && invalid(w, r, INVALID_OPERATION);
    for (size_t i = 0; i < width; i++)
        x[i] = logic == LOGIC_AND ? x[i] & y[i] : logic == LOGIC_OR ? x[i] | y[i] : '0' + (x[i] ^ y[i]);
    return number_from_ascii(w, r, x, width, &is_number);
}
bool number_logical_and(Work *w, Number *r, const Number *a, const Number *b) { return logical(w, r, a, b, LOGIC_AND); }
bool number_logical_or(Work *w, Number *r, const Number *a, const Number *b) { return logical(w, r, a, b, LOGIC_OR); }
bool number_logical_xor(Work *w, Number *r, const Number *a, const Number *b) { return logical(w, r, a, b, LOGIC_XOR); }
bool number_logical_invert(Work *w, Number *r, const Number *a)
{
    bool raised, is_number;
    if (!room_for_digits(w->t, w->settings->precision)) return false;
    size_t width = (size_t)w->settings->precision;
    OWN_MEMORY char *x = logical_digits(w, a, width, &raised);
    if (!x) return !raised && invalid(w, r, INVALID_OPERATION);
    for (size_t i = 0; i < width; i++) x[i] ^= 1;
    return number_from_ascii(w, r, x, width, &is_number);
}

// ---- Neighbours

static bool next_number(Work *w, Number *r, const Number *a, bool up)
{
    bool done;
    if (is_nan(a)) return propagate_nan(w, r, a, NULL, &done);
    Settings directed = *w->settings;
    directed.rounding = up ? ROUND_CEILING : ROUND_FLOOR;
    if (a->kind == INFINITE) {
        number_special(r, INFINITE, a->negative);
        if (a->negative != up) return true;
        OWN_MPZ mpz_t z;                              // away from an infinity: the largest finite number
        mpz_init(z);
        if (!ten_to(w, z, directed.precision)) return false;
        mpz_sub_ui(z, z, 1);
        return number_from_mpz(w, r, a->negative, z, etop(&directed));
    }
    Work inner = {w->t, &directed, 0};
    OWN_NUMBER Number rounded = {0}, tiny = {0};
    if (!number_copy(w, &rounded, a) || !fit(&inner, &rounded)) return false;
    if (inner.status & INEXACT) {                     // rounding moved it already
        *r = rounded;
        rounded = (Number){0};
        return true;
    }
    number_small(&tiny, !up, 1, etiny(&directed) - 1);
    return number_add(&inner, r, a, &tiny);           // what this meets is told to nobody
}
bool number_next_plus(Work *w, Number *r, const Number *a) { return next_number(w, r, a, true); }
bool number_next_minus(Work *w, Number *r, const Number *a) { return next_number(w, r, a, false); }

bool number_next_toward(Work *w, Number *r, const Number *a, const Number *b)
{
    bool done;
    int order;
    if (!propagate_nan(w, r, a, b, &done)) return false;
    if (done) return true;
    if (!compare_numbers(w, a, b, &order)) return false;
    if (order == 0) return number_copy_sign(w, r, a, b);
    if (!next_number(w, r, a, order < 0)) return false;
    if (r->kind == INFINITE) w->status |= OVERFLOW | ROUNDED | INEXACT;
    else if (adjusted(r) < w->settings->emin) w->status |= UNDERFLOW | SUBNORMAL | ROUNDED | INEXACT | (is_zero(r) ? CLAMPED : 0);
    return true;
}

// ---- Classes

bool is_subnormal(const Settings *s, const Number *n) { return is_finite(n) && !is_zero(n) && adjusted(n) < s->emin; }

const char *number_class(const Settings *s, const Number *n)
{
    if (is_nan(n)) return n->kind == QUIET_NAN ? "NaN" : "sNaN";
    if (n->kind == INFINITE) return n->negative ? "-Infinity" : "+Infinity";
    if (is_zero(n)) return n->negative ? "-Zero" : "+Zero";
    if (is_subnormal(s, n)) return n->negative ? "-Subnormal" : "+Subnormal";
    return n->negative ? "-Normal" : "+Normal";
}
