// SPDX-License-Identifier: MIT
// runtime/types/int.h: int of any size: an immediate of 48 bits, else an Int over GMP. bool is a subtype.
//
// Always: an exact int that fits 48 bits is the immediate, one that fits two limbs is INT_SHORT. Instances of subclasses of int are Int objects of any size.
#ifndef BATON_RUNTIME_TYPES_INT_H
#define BATON_RUNTIME_TYPES_INT_H

#include <gmp.h>

#include "runtime/type.h"

// INT_SHORT: up to two limbs, which stand in `limbs`, where `value` points. Others have GMP's own memory.
enum IntFlags { INT_SHORT = 1 };     // in Object.flags
typedef struct Int { Object head; mpz_t value; mp_limb_t limbs[2]; } Int;

// int or a subclass, bool included.
static ALWAYS_INLINE bool is_int(Value v) { return is_small_int(v) || is_bool(v) || has_type_flag(v, TYPE_IS_INT); }
static ALWAYS_INLINE bool is_exact_int(Value v) { return is_small_int(v) || (is_object(v) && as_object(v)->type == &int_type); }
static inline Int *as_int_object(Value v) { ASSERT(has_type_flag(v, TYPE_IS_INT)); return (Int *)as_object(v); }

NEEDS_GIL NEW_REF Value int_from_i64(Thread *t, int64_t i);
NEEDS_GIL NEW_REF Value int_from_u64(Thread *t, uint64_t u);
static ALWAYS_INLINE NEEDS_GIL NEW_REF Value int_value(Thread *t, int64_t i) { return LIKELY(fits_small_int(i)) ? small_int(i) : int_from_i64(t, i); }
NEEDS_GIL NEW_REF Value int_from_mpz(Thread *t, mpz_t value);           // copies; narrows to an immediate
NEEDS_GIL NEW_REF Value int_from_double(Thread *t, double d);           // truncates; OverflowError / ValueError for inf / nan
// Parses digits in base 2–36 or 0 with Python's rules (sign, underscores, prefix, white space): ValueError as int() gives.
NEEDS_GIL NEW_REF Value int_from_text(Thread *t, const char *ascii, size_t length, int base, Value original);
NEEDS_GIL NEW_REF Value int_from_bytes(Thread *t, const uint8_t *data, size_t length, bool little_endian, bool is_signed);
NEEDS_GIL MAY_RAISE bool int_to_bytes(Thread *t, Value v, uint8_t *data, size_t length, bool little_endian, bool is_signed);
// v is an int (or has __index__): OverflowError "Python int too large to convert to C …" beyond the range.
NEEDS_GIL MAY_RAISE bool int_as_i64(Thread *t, Value v, int64_t *result);
NEEDS_GIL MAY_RAISE bool int_as_u64(Thread *t, Value v, uint64_t *result);
NEEDS_GIL MAY_RAISE bool int_as_int(Thread *t, Value v, int *result);          // C int
NEEDS_GIL MAY_RAISE bool int_as_size(Thread *t, Value v, size_t *result);      // ValueError/OverflowError when negative
NEEDS_GIL uint64_t int_low_bits(Value v);                               // two's complement, modulo 2^64: v is an int
NEEDS_GIL MAY_RAISE bool int_as_double(Thread *t, Value v, double *result);    // OverflowError: int too large to convert to float
NEEDS_GIL void int_get_mpz(Value v, mpz_t result);                      // result is initialised by the caller
NEEDS_GIL NEW_REF Value int_to_str(Thread *t, Value v, int base);              // no prefix
NEEDS_GIL int int_sign(Value v);                                        // -1, 0, 1
NEEDS_GIL int64_t int_hash(Value v);
// The operators. Each takes two values of which at least one is an int; NOT_IMPLEMENTED when the other is none. Runs no Python code.
NEEDS_GIL NEW_REF Value int_add(Thread *t, Value a, Value b), int_subtract(Thread *t, Value a, Value b), int_multiply(Thread *t, Value a, Value b),
    int_floor_divide(Thread *t, Value a, Value b), int_modulo(Thread *t, Value a, Value b), int_left_shift(Thread *t, Value a, Value b),
    int_right_shift(Thread *t, Value a, Value b), int_and(Thread *t, Value a, Value b), int_or(Thread *t, Value a, Value b),
    int_xor(Thread *t, Value a, Value b), int_compare(Thread *t, Value a, Value b, CompareOp op);
// sys.get_int_max_str_digits(): how many decimal digits may be converted from or to text; 0: any number.
#define INT_MAX_STR_DIGITS_DEFAULT 4300
NEEDS_GIL int int_max_str_digits(Thread *t);
NEEDS_GIL void int_set_max_str_digits(Thread *t, int digits);

#endif
