// SPDX-License-Identifier: MIT
// runtime/types/int_arithmetic.c: the operators of int.
//
// Each slot takes two values of which at least one is an int, and gives NOT_IMPLEMENTED for what is none. Immediates (bool
// counts as 0 and 1) are computed in 64 bits where that cannot overflow, what is below 2^127 in 128 bits; the rest goes to
// GMP through borrowed views.
#include "runtime/types/float.h"
#include "runtime/types/int_internal.h"
#include "runtime/types/tuple.h"

#define REQUIRE_INTS(a, b) \
    if (UNLIKELY(!is_int(a) || !is_int(b))) return NOT_IMPLEMENTED

static ALWAYS_INLINE bool both_immediate(Value a, Value b) { return int_is_immediate(a) && int_is_immediate(b); }
static ALWAYS_INLINE bool both_words(Value a, Value b, int64_t *i, int64_t *j) { return int_word(a, i) && int_word(b, j); }
static ALWAYS_INLINE bool both_wide(Value a, Value b, Wide *x, Wide *y) { return int_wide(a, x) && int_wide(b, y); }

typedef void (*BigOperation)(mpz_ptr result, mpz_srcptr a, mpz_srcptr b);

static NOINLINE Value compute(Thread *t, Value a, Value b, BigOperation operation)
{
    Int *result = int_blank(t);
    if (!result) return ERROR;
    IntView first, second;
    operation(result->value, int_view(a, &first), int_view(b, &second));
    return int_settle(t, result);
}

Value int_add(Thread *t, Value a, Value b)
{
    REQUIRE_INTS(a, b);
    int64_t i, j;
    if (both_words(a, b, &i, &j) && !__builtin_add_overflow(i, j, &i)) return int_value(t, i);
    Wide x, y;
    if (both_wide(a, b, &x, &y) && !__builtin_add_overflow(x, y, &x)) return int_from_wide(t, x);
    return compute(t, a, b, mpz_add);
}

Value int_subtract(Thread *t, Value a, Value b)
{
    REQUIRE_INTS(a, b);
    int64_t i, j;
    if (both_words(a, b, &i, &j) && !__builtin_sub_overflow(i, j, &i)) return int_value(t, i);
    Wide x, y;
    if (both_wide(a, b, &x, &y) && !__builtin_sub_overflow(x, y, &x)) return int_from_wide(t, x);
    return compute(t, a, b, mpz_sub);
}

Value int_multiply(Thread *t, Value a, Value b)
{
    REQUIRE_INTS(a, b);
    int64_t i, j;
    if (both_words(a, b, &i, &j)) return int_from_wide(t, (Wide)i * j);
    Wide x, y;
    if (both_wide(a, b, &x, &y) && !__builtin_mul_overflow(x, y, &x)) return int_from_wide(t, x);
    if (!int_room(t, (uint64_t)int_bit_length(a) + int_bit_length(b))) return ERROR;
    return compute(t, a, b, mpz_mul);
}

// ---- Division

// The quotient rounded down and what is left, of the sign of b. b is not 0.
static ALWAYS_INLINE void floor_divide_64(int64_t a, int64_t b, int64_t *quotient, int64_t *remainder)
{
    int64_t q = a / b, r = a % b;
    bool down = r != 0 && (r ^ b) < 0;
    *quotient = q - down;
    *remainder = down ? r + b : r;
}
static inline void floor_divide_wide(Wide a, Wide b, Wide *quotient, Wide *remainder)
{
    if (a == (int64_t)a && b == (int64_t)b && b != -1) {
        int64_t q, r;
        floor_divide_64((int64_t)a, (int64_t)b, &q, &r);
        *quotient = q;
        *remainder = r;
        return;
    }
    Wide q = a / b, r = a % b;
    bool down = r != 0 && (r ^ b) < 0;
    *quotient = q - down;
    *remainder = down ? r + b : r;
}

Value int_floor_divide(Thread *t, Value a, Value b)
{
    REQUIRE_INTS(a, b);
    if (int_sign(b) == 0) return raise_error(t, &exc_ZeroDivisionError, "integer division or modulo by zero");
    Wide x, y, quotient, remainder;
    if (both_wide(a, b, &x, &y)) {
        floor_divide_wide(x, y, &quotient, &remainder);
        return int_from_wide(t, quotient);
    }
    return compute(t, a, b, mpz_fdiv_q);
}

Value int_modulo(Thread *t, Value a, Value b)
{
    REQUIRE_INTS(a, b);
    if (int_sign(b) == 0) return raise_error(t, &exc_ZeroDivisionError, "integer modulo by zero");
    Wide x, y, quotient, remainder;
    if (both_wide(a, b, &x, &y)) {
        floor_divide_wide(x, y, &quotient, &remainder);
        return int_from_wide(t, remainder);
    }
    return compute(t, a, b, mpz_fdiv_r);
}

bool int_divmod(Thread *t, Value a, Value b, Value *quotient, Value *remainder)
{
    if (int_sign(b) == 0) return error_false(raise_error(t, &exc_ZeroDivisionError, "integer division or modulo by zero"));
    Wide x, y, wide_quotient, wide_remainder;
    if (both_wide(a, b, &x, &y)) {
        floor_divide_wide(x, y, &wide_quotient, &wide_remainder);
        OWN Value rest = int_from_wide(t, wide_remainder);
        if (is_error(rest)) return false;
        if (quotient && is_error(*quotient = int_from_wide(t, wide_quotient))) return false;
        if (remainder) *remainder = MOVE(rest);
        return true;
    }
    OWN_POINTER Int *q = int_blank(t), *r = int_blank(t);
    if (!q || !r) return false;
    IntView first, second;
    mpz_fdiv_qr(q->value, r->value, int_view(a, &first), int_view(b, &second));
    if (quotient) *quotient = int_settle(t, MOVE_POINTER(q));
    if (remainder) *remainder = int_settle(t, MOVE_POINTER(r));
    return true;
}

Value int_divmod_pair(Thread *t, Value a, Value b)
{
    REQUIRE_INTS(a, b);
    OWN Value quotient = UNBOUND, remainder = UNBOUND;
    if (!int_divmod(t, a, b, &quotient, &remainder)) return ERROR;
    return tuple_of(t, 2, quotient, remainder);
}

// |a| / |b| rounded once, half to even. The quotient is cut to 55 bits or more (fewer where the result is subnormal), and
// what the cut and the division left over decides between the two neighbours.
static Value big_true_divide(Thread *t, mpz_srcptr a, mpz_srcptr b, bool negative)
{
    long difference = (long)mpz_sizeinbase(a, 2) - (long)mpz_sizeinbase(b, 2);
    if (difference > 1024) return raise_error(t, &exc_OverflowError, "integer division result too large for a float");
    if (difference < -1076) return float_value(negative ? -0.0 : 0.0);
    long shift = (difference < -1021 ? -1021 : difference) - 55;
    mpz_t numerator, denominator, quotient, remainder;
    mpz_inits(numerator, denominator, quotient, remainder, NULL);
    mpz_abs(numerator, a);
    mpz_abs(denominator, b);
    if (shift < 0) mpz_mul_2exp(numerator, numerator, (mp_bitcnt_t)-shift);
    else mpz_mul_2exp(denominator, denominator, (mp_bitcnt_t)shift);
    mpz_tdiv_qr(quotient, remainder, numerator, denominator);
    uint64_t bits = mpz_get_ui(quotient);
    bool inexact = mpz_sgn(remainder) != 0;
    mpz_clears(numerator, denominator, quotient, remainder, NULL);
    long extra = (bits ? 64 - __builtin_clzll(bits) : 0) - 53;
    if (extra < -1074 - shift) extra = -1074 - shift;
    if (extra > 0) {
        uint64_t half = UINT64_C(1) << (extra - 1), rest = bits & ((half << 1) - 1);
        bits >>= extra;
        if (rest > half || (rest == half && (inexact || (bits & 1)))) bits++;
        shift += extra;
    }
    double d = ldexp((double)bits, (int)shift);
    if (isinf(d)) return raise_error(t, &exc_OverflowError, "integer division result too large for a float");
    return float_value(negative ? -d : d);
}

Value int_true_divide(Thread *t, Value a, Value b)
{
    REQUIRE_INTS(a, b);
    int sign = int_sign(b);
    if (sign == 0) return raise_error(t, &exc_ZeroDivisionError, "division by zero");
    if (both_immediate(a, b)) return float_value((double)int_immediate(a) / (double)int_immediate(b));
    if (int_sign(a) == 0) return float_value(sign < 0 ? -0.0 : 0.0);
    IntView first, second;
    return big_true_divide(t, int_view(a, &first), int_view(b, &second), int_sign(a) != sign);
}

// ---- Power

static bool small_power(int64_t base, uint64_t exponent, int64_t *result)
{
    int64_t power = 1;
    while (exponent) {
        if (exponent & 1 && __builtin_mul_overflow(power, base, &power)) return false;
        exponent >>= 1;
        if (exponent && __builtin_mul_overflow(base, base, &base)) return false;
    }
    *result = power;
    return true;
}

// Of immediates: products fit 128 bits.
static int64_t small_modular_power(int64_t base, uint64_t exponent, int64_t modulus)
{
    uint64_t m = (uint64_t)modulus, power = 1 % m, square = (uint64_t)(base % modulus + (base % modulus < 0 ? modulus : 0));
    for (; exponent; exponent >>= 1) {
        if (exponent & 1) power = (uint64_t)((unsigned __int128)power * square % m);
        square = (uint64_t)((unsigned __int128)square * square % m);
    }
    return (int64_t)power;
}

static Value modular_power(Thread *t, Value base, Value exponent, Value modulus)
{
    if (int_sign(modulus) == 0) return raise_value_error(t, "pow() 3rd argument cannot be 0");
    if (int_is_immediate(base) && int_is_immediate(exponent) && int_is_immediate(modulus) && int_immediate(exponent) >= 0 && int_immediate(modulus) > 0)
        return small_int(small_modular_power(int_immediate(base), (uint64_t)int_immediate(exponent), int_immediate(modulus)));
    Int *result = int_blank(t);
    if (!result) return ERROR;
    IntView views[3];
    mpz_srcptr b = int_view(base, &views[0]), e = int_view(exponent, &views[1]), m = int_view(modulus, &views[2]);
    bool invertible = true;
    if (mpz_cmpabs_ui(m, 1) == 0) {
        mpz_set_ui(result->value, 0);
    } else {
        mpz_t magnitude, inverse;
        mpz_init(magnitude);
        mpz_abs(magnitude, m);
        if (mpz_sgn(e) < 0) {
            mpz_t positive;
            mpz_inits(inverse, positive, NULL);
            invertible = mpz_invert(inverse, b, magnitude) != 0;
            mpz_neg(positive, e);
            if (invertible) mpz_powm(result->value, inverse, positive, magnitude);
            mpz_clears(inverse, positive, NULL);
        } else {
            mpz_powm(result->value, b, e, magnitude);
        }
        mpz_clear(magnitude);
        if (mpz_sgn(m) < 0 && mpz_sgn(result->value) != 0) mpz_add(result->value, result->value, m);
    }
    if (invertible) return int_settle(t, result);
    drop_pointer(result);
    return raise_value_error(t, "base is not invertible for the given modulus");
}

static Value big_power(Thread *t, Value base, Value exponent)
{
    int64_t small_base = int_is_immediate(base) ? int_immediate(base) : 2;
    if (int_is_immediate(base) && small_base >= -1 && small_base <= 1) {
        IntView view;
        bool odd = mpz_odd_p(int_view(exponent, &view));
        return small_int(small_base == -1 && !odd ? 1 : small_base);
    }
    if (!int_is_immediate(exponent)) return raise_memory_error(t);
    uint64_t power = (uint64_t)int_immediate(exponent), bits;
    if (__builtin_mul_overflow((uint64_t)int_bit_length(base), power, &bits)) return raise_memory_error(t);
    if (!int_room(t, bits)) return ERROR;
    Int *result = int_blank(t);
    if (!result) return ERROR;
    IntView view;
    mpz_pow_ui(result->value, int_view(base, &view), power);
    return int_settle(t, result);
}

Value int_power(Thread *t, Value base, Value exponent, Value modulus)
{
    REQUIRE_INTS(base, exponent);
    if (!is_none(modulus) && !is_int(modulus)) return NOT_IMPLEMENTED;
    if (!is_none(modulus)) return modular_power(t, base, exponent, modulus);
    if (int_sign(exponent) < 0) {
        double x, y;
        if (!int_as_double(t, base, &x) || !int_as_double(t, exponent, &y)) return ERROR;
        return float_type.slots.power(t, float_value(x), float_value(y), NONE);
    }
    int64_t result;
    if (both_immediate(base, exponent) && small_power(int_immediate(base), (uint64_t)int_immediate(exponent), &result)) return int_value(t, result);
    return big_power(t, base, exponent);
}

// ---- Bits

Value int_left_shift(Thread *t, Value a, Value b)
{
    REQUIRE_INTS(a, b);
    if (int_sign(b) < 0) return raise_value_error(t, "negative shift count");
    if (int_sign(a) == 0) return small_int(0);
    if (!int_is_immediate(b)) return raise_error(t, &exc_OverflowError, "too many digits in integer");
    uint64_t count = (uint64_t)int_immediate(b);
    if (int_is_immediate(a) && count < 64) {
        int64_t i = int_immediate(a), shifted = (int64_t)((uint64_t)i << count);
        if (shifted >> count == i) return int_value(t, shifted);
    }
    Wide x;
    if (count < 127 && int_wide(a, &x) && (Wide)((unsigned __int128)x << count) >> count == x) return int_from_wide(t, (Wide)((unsigned __int128)x << count));
    if (!int_room(t, int_bit_length(a) + count)) return ERROR;
    Int *result = int_blank(t);
    if (!result) return ERROR;
    IntView view;
    mpz_mul_2exp(result->value, int_view(a, &view), count);
    return int_settle(t, result);
}

Value int_right_shift(Thread *t, Value a, Value b)
{
    REQUIRE_INTS(a, b);
    if (int_sign(b) < 0) return raise_value_error(t, "negative shift count");
    if (!int_is_immediate(b)) return small_int(int_sign(a) < 0 ? -1 : 0);
    uint64_t count = (uint64_t)int_immediate(b);
    if (int_is_immediate(a)) return small_int(int_immediate(a) >> (count > 63 ? 63 : count));
    Wide x;
    if (int_wide(a, &x)) return int_from_wide(t, x >> (count > 127 ? 127 : count));
    Int *result = int_blank(t);
    if (!result) return ERROR;
    mpz_fdiv_q_2exp(result->value, as_int_object(a)->value, count);
    return int_settle(t, result);
}

// Not negative and below 2^64: then only the low bits of the other operand count.
static bool is_mask(Value v)
{
    return is_object(v) ? mpz_sgn(as_int_object(v)->value) > 0 && mpz_size(as_int_object(v)->value) == 1 : int_immediate(v) >= 0;
}

Value int_and(Thread *t, Value a, Value b)
{
    REQUIRE_INTS(a, b);
    int64_t i, j;
    if (both_words(a, b, &i, &j)) return int_value(t, i & j);
    if (is_mask(a) || is_mask(b)) return int_from_u64(t, int_low_bits(a) & int_low_bits(b));
    Wide x, y;
    if (both_wide(a, b, &x, &y)) return int_from_wide(t, x & y);
    return compute(t, a, b, mpz_and);
}

Value int_or(Thread *t, Value a, Value b)
{
    REQUIRE_INTS(a, b);
    int64_t i, j;
    if (both_words(a, b, &i, &j)) return int_value(t, i | j);
    Wide x, y;
    if (both_wide(a, b, &x, &y)) return int_from_wide(t, x | y);
    return compute(t, a, b, mpz_ior);
}

Value int_xor(Thread *t, Value a, Value b)
{
    REQUIRE_INTS(a, b);
    int64_t i, j;
    if (both_words(a, b, &i, &j)) return int_value(t, i ^ j);
    Wide x, y;
    if (both_wide(a, b, &x, &y)) return int_from_wide(t, x ^ y);
    return compute(t, a, b, mpz_xor);
}

// ---- Of one operand

Value int_negative(Thread *t, Value v)
{
    if (int_is_immediate(v)) return int_value(t, -int_immediate(v));
    Wide x;
    if (int_wide(v, &x)) return int_from_wide(t, -x);
    Int *result = int_blank(t);
    if (!result) return ERROR;
    mpz_neg(result->value, as_int_object(v)->value);
    return int_settle(t, result);
}

Value int_positive(Thread *t, Value v) { return int_exact(t, v); }

Value int_invert(Thread *t, Value v)
{
    if (int_is_immediate(v)) return small_int(~int_immediate(v));
    Int *result = int_blank(t);
    if (!result) return ERROR;
    mpz_com(result->value, as_int_object(v)->value);
    return int_settle(t, result);
}

Value int_absolute(Thread *t, Value v)
{
    return int_sign(v) < 0 ? int_negative(t, v) : int_exact(t, v);
}

Value int_compare(Thread *t, Value a, Value b, CompareOp op)
{
    (void)t;
    REQUIRE_INTS(a, b);
    int order;
    int64_t x, y;
    Wide wide_x, wide_y;
    if (both_words(a, b, &x, &y)) {
        order = (x > y) - (x < y);
    } else if (both_wide(a, b, &wide_x, &wide_y)) {
        order = (wide_x > wide_y) - (wide_x < wide_y);
    } else {
        IntView first, second;
        order = mpz_cmp(int_view(a, &first), int_view(b, &second));
    }
    return order_value(order, op);
}
