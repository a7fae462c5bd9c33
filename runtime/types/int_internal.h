// SPDX-License-Identifier: MIT
// runtime/types/int_internal.h: what the files of int share: a value seen as a GMP number, and results on their way.
#ifndef BATON_RUNTIME_TYPES_INT_INTERNAL_H
#define BATON_RUNTIME_TYPES_INT_INTERNAL_H

#include "runtime/error.h"
#include "runtime/types/int.h"

#define INT_BITS_MAX ((UINT64_C(1) << 36) - 64)    // beyond this GMP itself would give up

// A borrowed look at any int as a GMP number: no allocation. Good while both `v` and the view live.
typedef struct IntView { mpz_t small; mp_limb_t limb; } IntView;

// int, bool or a subclass instance that is immediate: its value.
static ALWAYS_INLINE bool int_is_immediate(Value v) { return is_small_int(v) || is_bool(v); }
static ALWAYS_INLINE int64_t int_immediate(Value v) { return is_small_int(v) ? as_small_int(v) : is_true(v); }

static inline mpz_srcptr int_view(Value v, IntView *view)
{
    if (is_object(v)) return as_int_object(v)->value;
    int64_t i = int_immediate(v);
    view->limb = i < 0 ? (mp_limb_t)-i : (mp_limb_t)i;
    return mpz_roinit_n(view->small, &view->limb, i < 0 ? -1 : i > 0);
}

// The magnitude of a number beyond an immediate, as an Int that needs no GMP.
NEEDS_GIL NEW_REF Value int_of_limbs(Thread *t, unsigned __int128 magnitude, bool negative);

// Ints below 2^127 are computed with in the machine's own arithmetic: Wide holds what they are.
typedef __int128 Wide;
static ALWAYS_INLINE bool int_wide(Value v, Wide *wide)
{
    if (int_is_immediate(v)) {
        *wide = int_immediate(v);
        return true;
    }
    const Int *i = as_int_object(v);
    if (!(i->head.flags & INT_SHORT) || i->limbs[1] >> 63) return false;
    Wide magnitude = (Wide)((unsigned __int128)i->limbs[1] << 64 | i->limbs[0]);
    *wide = mpz_sgn(i->value) < 0 ? -magnitude : magnitude;
    return true;
}
// The same below 2^63, the most common of them.
static ALWAYS_INLINE bool int_word(Value v, int64_t *word)
{
    if (int_is_immediate(v)) {
        *word = int_immediate(v);
        return true;
    }
    const Int *i = as_int_object(v);
    if (!(i->head.flags & INT_SHORT) || i->limbs[1] || i->limbs[0] >> 63) return false;
    *word = mpz_sgn(i->value) < 0 ? -(int64_t)i->limbs[0] : (int64_t)i->limbs[0];
    return true;
}
static ALWAYS_INLINE NEEDS_GIL NEW_REF Value int_from_wide(Thread *t, Wide wide)
{
    if (wide >= INT_IMMEDIATE_MIN && wide <= INT_IMMEDIATE_MAX) return small_int((int64_t)wide);
    return int_of_limbs(t, wide < 0 ? -(unsigned __int128)wide : (unsigned __int128)wide, wide < 0);
}

// An int of type int with value 0, to be given its value by the caller at once and then handed to int_settle.
NEEDS_GIL NEW_REF Int *int_blank(Thread *t);
// The exact int with the value of `i`, which it takes: an immediate if it fits.
NEEDS_GIL NEW_REF Value int_settle(Thread *t, TAKES Int *i);
// MemoryError unless a number of so many bits can be had.
NEEDS_GIL MAY_RAISE bool int_room(Thread *t, uint64_t bits);
size_t int_bit_length(Value v);
NEEDS_GIL NEW_REF Value int_exact(Thread *t, Value v);                    // of type int exactly, same value
NEEDS_GIL NEW_REF Value int_true_divide(Thread *t, Value a, Value b);
// a - floor(a / b) * b and the quotient; either may be NULL.
NEEDS_GIL MAY_RAISE bool int_divmod(Thread *t, Value a, Value b, Value *quotient, Value *remainder);
NEEDS_GIL NEW_REF Value int_repr(Thread *t, Value v);
NEEDS_GIL NEW_REF Value int_power(Thread *t, Value base, Value exponent, Value modulus);
NEEDS_GIL NEW_REF Value int_divmod_pair(Thread *t, Value a, Value b), int_negative(Thread *t, Value v), int_positive(Thread *t, Value v),
    int_invert(Thread *t, Value v), int_absolute(Thread *t, Value v);

#endif
