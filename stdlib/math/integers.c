// SPDX-License-Identifier: MIT
// stdlib/math/integers.c: the functions of math about whole numbers: gcd, lcm, isqrt, comb, perm, factorial.
#include "stdlib/math/math.h"

typedef void (*Combine)(mpz_ptr result, mpz_srcptr a, mpz_srcptr b);

// gcd or lcm of all arguments, beginning with `first`.
static Value combine_all(Thread *t, const Value *args, unsigned long first, Combine combine)
{
    Tuple *numbers = as_tuple(args[0]);
    OWN_POINTER Int *result = int_blank(t);
    if (!result) return ERROR;
    mpz_set_ui(result->value, first);
    for (size_t i = 0; i < numbers->length; i++) {
        OWN Value number = object_index(t, numbers->items[i]);
        if (is_error(number)) return ERROR;
        IntView view;
        combine(result->value, result->value, int_view(number, &view));
    }
    return int_settle(t, MOVE_POINTER(result));
}

Value math_gcd(Thread *t, Value self, const Value *args)
{
    (void)self;
    Tuple *numbers = as_tuple(args[0]);
    if (numbers->length != 2 || !both_small_ints(numbers->items[0], numbers->items[1])) return combine_all(t, args, 0, mpz_gcd);
    int64_t a = as_small_int(numbers->items[0]), b = as_small_int(numbers->items[1]);
    while (b) {
        int64_t rest = a % b;
        a = b;
        b = rest;
    }
    return int_from_i64(t, a < 0 ? -a : a);
}
Value math_lcm(Thread *t, Value self, const Value *args) { (void)self; return combine_all(t, args, 1, mpz_lcm); }

Value math_isqrt(Thread *t, Value self, const Value *args)
{
    (void)self;
    OWN Value n = object_index(t, args[0]);
    if (is_error(n)) return ERROR;
    if (int_sign(n) < 0) return raise_value_error(t, "isqrt() argument must be nonnegative");
    Int *root = int_blank(t);
    if (!root) return ERROR;
    IntView view;
    mpz_sqrt(root->value, int_view(n, &view));
    return int_settle(t, root);
}

Value math_factorial(Thread *t, Value self, const Value *args)
{
    (void)self;
    OWN Value n = object_index(t, args[0]);
    if (is_error(n)) return ERROR;
    if (int_sign(n) < 0) return raise_value_error(t, "factorial() not defined for negative values");
    if (!int_is_immediate(n)) return raise_error(t, &exc_OverflowError, "factorial() argument should not exceed %ld", INT64_MAX);
    uint64_t k = (uint64_t)int_immediate(n);
    if (!int_room(t, k * (64 - (unsigned)__builtin_clzll(k | 1)))) return ERROR;
    Int *result = int_blank(t);
    if (!result) return ERROR;
    mpz_fac_ui(result->value, k);
    return int_settle(t, result);
}

// n and k of comb and perm, not negative. False: raised.
static bool read_pair(Thread *t, const Value *args, Value *n, Value *k)
{
    *n = object_index(t, args[0]);
    if (is_error(*n)) return false;
    *k = is_none(args[1]) ? retain(*n) : object_index(t, args[1]);
    if (is_error(*k)) return false;
    if (int_sign(*n) < 0) return error_false(raise_value_error(t, "n must be a non-negative integer"));
    if (int_sign(*k) < 0) return error_false(raise_value_error(t, "k must be a non-negative integer"));
    return true;
}

// n * (n - 1) * ... of `count` factors.
static Value falling_product(Thread *t, Value n, uint64_t count)
{
    if (!int_room(t, (uint64_t)int_bit_length(n) * count)) return ERROR;
    OWN_POINTER Int *result = int_blank(t), *factor = int_blank(t);
    if (!result || !factor) return ERROR;
    int_get_mpz(n, factor->value);
    mpz_set_ui(result->value, 1);
    for (; count; count--) {
        mpz_mul(result->value, result->value, factor->value);
        mpz_sub_ui(factor->value, factor->value, 1);
    }
    return int_settle(t, MOVE_POINTER(result));
}

Value math_perm(Thread *t, Value self, const Value *args)
{
    (void)self;
    if (is_none(args[1])) return math_factorial(t, self, args);
    OWN Value n = UNBOUND, k = UNBOUND;
    if (!read_pair(t, args, &n, &k)) return ERROR;
    IntView first, second;
    if (mpz_cmp(int_view(n, &first), int_view(k, &second)) < 0) return small_int(0);
    if (!int_is_immediate(k)) return raise_error(t, &exc_OverflowError, "k must not exceed %ld", INT64_MAX);
    return falling_product(t, n, (uint64_t)int_immediate(k));
}

Value math_comb(Thread *t, Value self, const Value *args)
{
    (void)self;
    OWN Value n = UNBOUND, k = UNBOUND;
    if (!read_pair(t, args, &n, &k)) return ERROR;
    IntView first, second;
    OWN_POINTER Int *other = int_blank(t), *result = int_blank(t);
    if (!other || !result) return ERROR;
    mpz_sub(other->value, int_view(n, &first), int_view(k, &second));
    if (mpz_sgn(other->value) < 0) return small_int(0);
    if (mpz_cmp(other->value, int_view(k, &second)) > 0) mpz_set(other->value, int_view(k, &second));
    if (!mpz_fits_ulong_p(other->value)) return raise_error(t, &exc_OverflowError, "min(n - k, k) must not exceed %ld", INT64_MAX);
    uint64_t count = mpz_get_ui(other->value);
    if (!int_room(t, (uint64_t)int_bit_length(n) * count)) return ERROR;
    mpz_bin_ui(result->value, int_view(n, &first), count);
    return int_settle(t, MOVE_POINTER(result));
}
