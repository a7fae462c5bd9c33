// SPDX-License-Identifier: MIT
// stdlib/_decimal/convert.c: Decimals from and to Python's other values, hashes, and comparing with other kinds of numbers.
#include "stdlib/_decimal/decimal.h"

#include <stdio.h>

#include "runtime/call.h"
#include "runtime/heap.h"
#include "runtime/types/float.h"
#include "runtime/types/int_internal.h"
#include "runtime/types/list.h"
#include "runtime/types/str.h"
#include "runtime/types/tuple.h"

#define HASH_MODULUS ((UINT64_C(1) << 61) - 1)
#define INVERSE_OF_TEN UINT64_C(2075258708292324556)     // modulo HASH_MODULUS
#define HASH_INFINITY 314159

Value decimal_new(Thread *t, Type *type, Number *n)
{
    Decimal *d = (Decimal *)object_new(t, type);
    if (UNLIKELY(!d)) return ERROR;
    d->number = *n;
    *n = (Number){0};
    return object_value(d);
}
Value decimal_result(Thread *t, DecimalContext *c, Work *w, Number *n)
{
    return tell(t, c, w->status) ? decimal_new(t, &decimal_type, n) : ERROR;
}

// ---- From ints and floats

int operand_of_int(Thread *t, Value v, Operand *o)
{
    if (!is_int(v)) return 0;
    o->number = &o->own;
    if (int_is_immediate(v)) {
        int64_t i = int_immediate(v);
        number_small(&o->own, i < 0, (u128)(i < 0 ? -i : i), 0);
        return 1;
    }
    Work w = {t, &exact_settings, 0};
    mpz_srcptr z = as_int_object(v)->value;
    if (!room_for_digits(t, (int64_t)(mpz_sizeinbase(z, 2) / 3))) return -1;
    OWN_MPZ mpz_t copy;
    mpz_init_set(copy, z);
    mpz_abs(copy, copy);
    return number_from_mpz(&w, &o->own, mpz_sgn(z) < 0, copy, 0) ? 1 : -1;
}
bool operand_from(Thread *t, Value v, Operand *o)
{
    int found = operand_optional(t, v, o);
    return found == 0 ? error_false(raise_type_error(t, "conversion from %T to Decimal is not supported", v)) : found > 0;
}

bool number_from_double(Work *w, Number *n, double d)
{
    bool negative = signbit(d);
    if (!isfinite(d)) {
        number_special(n, isnan(d) ? QUIET_NAN : INFINITE, !isnan(d) && negative);
        return true;
    }
    int exponent;
    double mantissa = frexp(fabs(d), &exponent);
    uint64_t whole = (uint64_t)ldexp(mantissa, 53);
    if (whole == 0) {
        number_small(n, negative, 0, 0);
        return true;
    }
    exponent -= 53;
    int zeros = __builtin_ctzll(whole);
    whole >>= zeros;
    exponent += zeros;
    OWN_MPZ mpz_t z;
    mpz_init(z);
    if (exponent >= 0) {
        mpz_set_ui(z, whole);
        mpz_mul_2exp(z, z, (mp_bitcnt_t)exponent);
        return number_from_mpz(w, n, negative, z, 0);
    }
    mpz_ui_pow_ui(z, 5, (unsigned long)-exponent);    // whole / 2^k = whole 5^k / 10^k
    mpz_mul_ui(z, z, whole);
    return number_from_mpz(w, n, negative, z, exponent);
}

// The end of every conversion: what does not fit is rounded, or, where it must not be, invalid.
static Value converted(Thread *t, Type *type, Number *n, DecimalContext *c, enum Exactness exactness, uint32_t status)
{
    Work w = {t, exactness == EXACTLY ? &exact_settings : &c->settings, status};
    if (exactness == ROUNDED_TO_CONTEXT && is_nan(n) && (int64_t)n->digits > c->settings.precision - c->settings.clamp) {
        number_clear(n);
        if (!invalid(&w, n, CONVERSION_SYNTAX)) return ERROR;
    } else if (!fit(&w, n)) return ERROR;
    if (exactness == EXACTLY) {
        if (w.status & (INEXACT | ROUNDED | CLAMPED)) {
            number_clear(n);
            if (!invalid(&w, n, INVALID_OPERATION)) return ERROR;
        }
        w.status &= ANY_INVALID | FLOAT_OPERATION;
    }
    return tell(t, c, w.status) ? decimal_new(t, type, n) : ERROR;
}
Value decimal_from_float(Thread *t, Type *type, Value v, DecimalContext *c, enum Exactness exactness)
{
    Work w = {t, &exact_settings, 0};
    OWN_NUMBER Number n = {0};
    return number_from_double(&w, &n, as_float(v)) ? converted(t, type, &n, c, exactness, 0) : ERROR;
}

// ---- From text

// The characters of s as ASCII, if they are digits of any script: at most s->length of them go to `text`. A character that no number has becomes '?'.
static size_t ascii_of(const Str *s, bool lenient, char *text)
{
    size_t first = 0, end = s->length, length = 0;
    if (lenient) {
        while (first < end && codepoint_is_space(str_at(s, first))) first++;
        while (end > first && codepoint_is_space(str_at(s, end - 1))) end--;
    }
    for (size_t i = first; i < end; i++) {
        Codepoint c = str_at(s, i);
        if (c == '_' && lenient) continue;
        int digit = c < 128 ? -1 : codepoint_decimal_value(c);
        text[length++] = digit >= 0 ? (char)('0' + digit) : c < 128 && c ? (char)c : '?';
    }
    return length;
}
static Value decimal_from_text(Thread *t, Type *type, const char *text, size_t length, DecimalContext *c, enum Exactness exactness)
{
    Work w = {t, &exact_settings, 0};
    OWN_NUMBER Number n = {0};
    bool is_number;
    if (!number_from_ascii(&w, &n, text, length, &is_number)) return ERROR;
    if (!is_number && !invalid(&w, &n, CONVERSION_SYNTAX)) return ERROR;
    return converted(t, type, &n, c, exactness, w.status);
}
static Value decimal_from_str(Thread *t, Type *type, const Str *s, DecimalContext *c, enum Exactness exactness)
{
    char few[64];
    OWN_MEMORY char *many = NULL;
    char *text = few;
    if (s->length >= sizeof few && !(text = many = mem_allocate(t, s->length + 1))) return ERROR;
    size_t length = ascii_of(s, exactness == EXACTLY, text);
    return decimal_from_text(t, type, text, length, c, exactness);
}

// ---- From (sign, digits, exponent)

static bool digits_from(Thread *t, Value digits, char *text)
{
    const Value *items = is_list(digits) ? as_list(digits)->items : as_tuple(digits)->items;
    size_t count = is_list(digits) ? as_list(digits)->length : as_tuple(digits)->length;
    for (size_t i = 0; i < count; i++) {
        int64_t digit = is_int(items[i]) && int_is_immediate(items[i]) ? int_immediate(items[i]) : -1;
        if (digit < 0 || digit > 9) return error_false(raise_value_error(t, "coefficient must be a tuple of digits"));
        text[i] = (char)('0' + digit);
    }
    return true;
}
static Value decimal_from_parts(Thread *t, Type *type, Value v, DecimalContext *c, enum Exactness exactness)
{
    OWN Value parts = is_list(v) ? list_to_tuple(t, v) : retain(v);
    if (is_error(parts)) return ERROR;
    if (as_tuple(parts)->length != 3) return raise_value_error(t, "argument must be a sequence of length 3");
    Value sign = as_tuple(parts)->items[0], digits = as_tuple(parts)->items[1], exponent = as_tuple(parts)->items[2];
    const char *special = NULL;
    int64_t e = 0;
    if (!is_int(sign) || !int_is_immediate(sign) || (uint64_t)int_immediate(sign) > 1) return raise_value_error(t, "sign must be an integer with the value 0 or 1");
    if (is_str(exponent)) {
        special = str_equal_text(as_str(exponent), "F") ? "Inf" : str_equal_text(as_str(exponent), "n") ? "NaN" : str_equal_text(as_str(exponent), "N") ? "sNaN" : NULL;
        if (!special) return raise_value_error(t, "string argument in the third position must be 'F', 'n' or 'N'");
    } else if (!is_int(exponent)) return raise_value_error(t, "exponent must be an integer");
    else if (!int_as_i64(t, exponent, &e))
        return error_clear_if(t, &exc_OverflowError) ? raise_error(t, &exc_OverflowError, "Python int too large to convert to C ssize_t") : ERROR;
    if (!is_list(digits) && !is_tuple(digits)) return raise_value_error(t, "coefficient must be a tuple of digits");
    size_t count = is_list(digits) ? as_list(digits)->length : as_tuple(digits)->length;
    OWN_MEMORY char *text = mem_allocate(t, count + 64);
    if (!text) return ERROR;
    char *at = text;
    if (int_immediate(sign)) *at++ = '-';
    for (const char *from = special; from && *from;) *at++ = *from++;
    if (!special || special[0] != 'I') {
        if (!digits_from(t, digits, at)) return ERROR;
        at += count;
        if (!special && count == 0) *at++ = '0';
    }
    if (!special) at += snprintf(at, 32, "E%lld", (long long)e);
    return decimal_from_text(t, type, text, (size_t)(at - text), c, exactness);
}

// ---- From anything

Value decimal_from_value(Thread *t, Type *type, Value v, DecimalContext *c, enum Exactness exactness)
{
    if (is_str(v)) return decimal_from_str(t, type, as_str(v), c, exactness);
    if (is_int(v) || is_decimal(v)) {
        if (is_decimal(v) && exactness == EXACTLY && type == &decimal_type && type_of(v) == type) return retain(v);
        Work w = {t, &exact_settings, 0};
        OWN_OPERAND Operand o = {0};
        OWN_NUMBER Number n = {0};
        if (operand_optional(t, v, &o) < 0 || !number_copy(&w, &n, o.number)) return ERROR;
        if (exactness == EXACTLY && is_nan(&n)) return decimal_new(t, type, &n);
        return converted(t, type, &n, c, exactness, 0);
    }
    if (is_tuple(v) || is_list(v)) return decimal_from_parts(t, type, v, c, exactness);
    if (is_float(v)) return tell(t, c, FLOAT_OPERATION) ? decimal_from_float(t, type, v, c, exactness) : ERROR;
    return raise_type_error(t, "conversion from %T to Decimal is not supported", v);
}

// ---- To ints, floats, ratios and tuples

Value number_to_int(Thread *t, const Number *n, enum Rounding rounding)
{
    if (is_nan(n)) return raise_value_error(t, "cannot convert NaN to integer");
    if (!is_finite(n)) return raise_error(t, &exc_OverflowError, "cannot convert Infinity to integer");
    if (is_zero(n)) return small_int(0);
    Work w = {t, &exact_settings, 0};
    OWN_NUMBER Number whole = {0};
    bool inexact;
    if (!number_copy(&w, &whole, n) || !rescale(&w, &whole, 0, rounding, &inexact)) return ERROR;
    if (!is_large(&whole) && whole.small[1] == 0 && whole.small[0] <= INT64_MAX)
        return int_value(t, whole.negative ? -(int64_t)whole.small[0] : (int64_t)whole.small[0]);
    View v;
    OWN_MPZ mpz_t z;
    mpz_init_set(z, view(&whole, &v));
    if (whole.negative) mpz_neg(z, z);
    return int_from_mpz(t, z);
}

Value number_to_float(Thread *t, const Number *n)
{
    static const double exact_powers[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    if (n->kind == SIGNALING_NAN) return raise_value_error(t, "cannot convert signaling NaN to float");
    if (n->kind == QUIET_NAN) return float_from_outside(n->negative ? -(double)NAN : (double)NAN);
    if (!is_finite(n)) return float_value(n->negative ? -(double)INFINITY : (double)INFINITY);
    if (!is_large(n) && n->small[1] == 0 && n->small[0] <= UINT64_C(1) << 53 && n->exponent >= -22 && n->exponent <= 22) {
        double d = (double)n->small[0];               // both operands are exact, so the result is rounded once
        d = n->exponent < 0 ? d / exact_powers[-n->exponent] : d * exact_powers[n->exponent];
        return float_value(n->negative ? -d : d);
    }
    OWN Value text = number_to_str(t, n, true, false);
    return is_error(text) ? ERROR : float_from_text(t, str_text(as_str(text)), as_str(text)->length, text);
}

Value number_to_ratio(Thread *t, const Number *n)
{
    if (is_nan(n)) return raise_value_error(t, "cannot convert NaN to integer ratio");
    if (!is_finite(n)) return raise_error(t, &exc_OverflowError, "cannot convert Infinity to integer ratio");
    if (is_zero(n)) return tuple_of(t, 2, small_int(0), small_int(1));
    Work w = {t, &exact_settings, 0};
    OWN_MPZ mpz_t numerator, denominator, common;
    mpz_init(numerator);
    mpz_init_set_ui(denominator, 1);
    mpz_init(common);
    View v;
    if (n->exponent >= 0) {
        if (!times_ten_to(&w, numerator, view(n, &v), n->exponent)) return ERROR;
    } else {
        if (!ten_to(&w, denominator, -n->exponent)) return ERROR;
        mpz_gcd(common, view(n, &v), denominator);
        mpz_divexact(numerator, view(n, &v), common);
        mpz_divexact(denominator, denominator, common);
    }
    if (n->negative) mpz_neg(numerator, numerator);
    OWN Value top = int_from_mpz(t, numerator);
    OWN Value bottom = is_error(top) ? ERROR : int_from_mpz(t, denominator);
    return is_error(bottom) ? ERROR : tuple_of(t, 2, top, bottom);
}

Value number_to_tuple(Thread *t, const Number *n)
{
    OWN Value digits = UNBOUND;
    if (n->kind == INFINITE) digits = tuple_of(t, 1, small_int(0));
    else {
        OWN_MEMORY char *text = mem_allocate(t, (size_t)n->digits + 2);
        OWN_POINTER Tuple *tuple = text ? tuple_blank(t, (size_t)n->digits) : NULL;
        if (!tuple || (n->digits && !coefficient_text(t, n, text))) return ERROR;
        for (size_t i = 0; i < tuple->length; i++) tuple->items[i] = small_int(text[i] - '0');
        digits = object_value(MOVE_POINTER(tuple));
    }
    if (is_error(digits)) return ERROR;
    OWN Value exponent = is_finite(n) ? int_value(t, n->exponent) : str_from_text(t, n->kind == INFINITE ? "F" : n->kind == QUIET_NAN ? "n" : "N");
    return is_error(exponent) ? ERROR : call3(t, state_of(t)->decimal_tuple, small_int(n->negative), digits, exponent);
}

// ---- Hashes: those of the ints, floats and fractions that are equal

static uint64_t times(uint64_t a, uint64_t b)
{
    u128 product = (u128)a * b;
    uint64_t sum = (uint64_t)(product & HASH_MODULUS) + (uint64_t)(product >> 61);
    return sum >= HASH_MODULUS ? sum - HASH_MODULUS : sum;
}
static uint64_t power_of(uint64_t base, uint64_t exponent)
{
    uint64_t result = 1;
    for (; exponent; exponent >>= 1, base = times(base, base)) if (exponent & 1) result = times(result, base);
    return result;
}
bool number_hash(Thread *t, Value v, int64_t *hash)
{
    const Number *n = &as_decimal(v)->number;
    if (n->kind == SIGNALING_NAN) return error_false(raise_type_error(t, "Cannot hash a signaling NaN value"));
    if (n->kind == QUIET_NAN) {
        *hash = (int64_t)(v.bits >> 4 | v.bits << 60);       // as object's
        if (*hash == -1) *hash = -2;
        return true;
    }
    uint64_t h = HASH_INFINITY;
    if (is_finite(n)) {
        View look;
        uint64_t unit = n->exponent >= 0 ? power_of(10, (uint64_t)n->exponent) : power_of(INVERSE_OF_TEN, (uint64_t)-n->exponent);
        h = times(mpz_fdiv_ui(view(n, &look), HASH_MODULUS), unit);
    }
    *hash = n->negative ? -(int64_t)h : (int64_t)h;
    if (*hash == -1) *hash = -2;
    return true;
}

// ---- Comparing

enum Comparable { NOT_COMPARABLE, COMPARABLE, FAILED };

static enum Comparable operand_of_float(Thread *t, DecimalContext *c, double d, CompareOp op, Operand *o)
{
    Work w = {t, &exact_settings, 0};
    o->number = &o->own;
    if (op == CMP_EQ || op == CMP_NE) as_signal_dict(c->flags)->bits |= FLOAT_OPERATION;      // noted, never raised
    else if (!tell(t, c, FLOAT_OPERATION)) return FAILED;
    return number_from_double(&w, &o->own, d) ? COMPARABLE : FAILED;
}
static Value attribute_of(Thread *t, Value v, const char *name, size_t length)
{
    OWN_POINTER Str *interned = str_intern_text(t, name, length);
    return interned ? object_get_attr(t, v, interned) : ERROR;
}
// The ratio p / q against a: compares a q with p.
static enum Comparable operands_of_ratio(Thread *t, const Number *a, Value ratio, Operand *scaled, Operand *o)
{
    Work w = {t, &exact_settings, 0};
    OWN Value numerator = attribute_of(t, ratio, "numerator", 9);
    OWN Value denominator = is_error(numerator) ? ERROR : attribute_of(t, ratio, "denominator", 11);
    if (is_error(denominator)) return FAILED;
    if (!is_int(numerator) || !is_int(denominator)) return raise_type_error(t, "numerator and denominator must be ints"), FAILED;
    OWN_OPERAND Operand q = {0};
    if (operand_of_int(t, numerator, o) < 0 || operand_of_int(t, denominator, &q) < 0) return FAILED;
    scaled->number = &scaled->own;
    bool done = is_finite(a) ? number_multiply(&w, &scaled->own, a, q.number) : number_copy(&w, &scaled->own, a);
    return done ? COMPARABLE : FAILED;
}
static enum Comparable comparison_operands(Thread *t, DecimalContext *c, Value a, Value b, CompareOp op, Operand *x, Operand *y)
{
    x->number = &as_decimal(a)->number;
    int found = operand_optional(t, b, y);
    if (found) return found < 0 ? FAILED : COMPARABLE;
    if (is_float(b)) return operand_of_float(t, c, as_float(b), op, y);
    if (!is_object(b)) return NOT_COMPARABLE;
    if (is_instance_of(b, &complex_type)) {
        const Complex *z = (const Complex *)as_object(b);
        return (op == CMP_EQ || op == CMP_NE) && z->imag == 0 ? operand_of_float(t, c, z->real, op, y) : NOT_COMPARABLE;
    }
    if (is_str(b) || is_tuple(b) || is_list(b)) return NOT_COMPARABLE;
    int ratio = object_is_instance(t, b, state_of(t)->rational);
    if (ratio <= 0) return ratio < 0 ? FAILED : NOT_COMPARABLE;
    return operands_of_ratio(t, x->number, b, x, y);
}

Value decimal_order(Thread *t, Value a, Value b, CompareOp op)
{
    int order;
    Work w = {t, &exact_settings, 0};
    if (LIKELY(is_decimal(b)) && !is_nan(&as_decimal(a)->number) && !is_nan(&as_decimal(b)->number))
        return compare_numbers(&w, &as_decimal(a)->number, &as_decimal(b)->number, &order) ? order_value(order, op) : ERROR;
    DecimalContext *c = current_decimal_context(t);
    if (!c) return ERROR;
    OWN Value kept = retain(object_value(c));         // isinstance() may run anything
    OWN_OPERAND Operand x = {0}, y = {0};
    enum Comparable comparable = comparison_operands(t, c, a, b, op, &x, &y);
    if (comparable != COMPARABLE) return comparable == FAILED ? ERROR : NOT_IMPLEMENTED;
    if (UNLIKELY(is_nan(x.number) || is_nan(y.number))) {
        bool told = x.number->kind == SIGNALING_NAN || y.number->kind == SIGNALING_NAN || (op != CMP_EQ && op != CMP_NE);
        return tell(t, c, told ? INVALID_OPERATION : 0) ? bool_value(op == CMP_NE) : ERROR;
    }
    return compare_numbers(&w, x.number, y.number, &order) ? order_value(order, op) : ERROR;
}
