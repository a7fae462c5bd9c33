// SPDX-License-Identifier: MIT
// runtime/value.h: one Python value in one 64-bit word; no other file knows a bit pattern.
//
//   top 16 bits      meaning
//   0x0000           a pointer to an Object as it is (>= 4096), or a small constant (UNBOUND 0, ERROR 1, None 2, …)
//   0x0002 … 0xFFFA  a float: the bits of the double + 2^49
//   0xFFFF           an int that fits 48 bits, two's complement in the low 48
//
// Always
//   1. A NaN that enters (from bytes, from C) is made the canonical one; arithmetic on x86 and arm makes no other
//      than +/- canonical, so no result of arithmetic needs a check.
//   2. An int that fits 48 bits is an immediate, never an Int object (but for instances of subclasses of int).
//   3. Zeroed memory is UNBOUND.
#ifndef BATON_RUNTIME_VALUE_H
#define BATON_RUNTIME_VALUE_H

#include <math.h>
#include <string.h>

#include "runtime/base.h"

typedef struct Value { uint64_t bits; } Value;

#define VALUE_CONSTANT(n) ((Value){n})
#define UNBOUND VALUE_CONSTANT(0)          // no value: an unset local, an absent argument, an exhausted iterator
#define ERROR VALUE_CONSTANT(1)            // failed: the exception is pending on the thread
#define NONE VALUE_CONSTANT(2)
#define FALSE VALUE_CONSTANT(4)
#define TRUE VALUE_CONSTANT(5)
#define NOT_IMPLEMENTED VALUE_CONSTANT(6)
#define ELLIPSIS VALUE_CONSTANT(7)

#define INT_TAG UINT64_C(0xFFFF000000000000)
#define INT_IMMEDIATE_MAX INT64_C(0x00007FFFFFFFFFFF)
#define INT_IMMEDIATE_MIN (-INT_IMMEDIATE_MAX - 1)
#define FLOAT_OFFSET (UINT64_C(2) << 48)
#define FLOAT_SPAN (UINT64_C(0xFFF9) << 48)   // floats occupy [FLOAT_OFFSET, FLOAT_OFFSET + FLOAT_SPAN)

static ALWAYS_INLINE bool is_same(Value a, Value b) { return a.bits == b.bits; }
static ALWAYS_INLINE bool is_error(Value v) { return v.bits == 1; }
static ALWAYS_INLINE bool is_unbound(Value v) { return v.bits == 0; }
static ALWAYS_INLINE bool is_none(Value v) { return v.bits == 2; }
static ALWAYS_INLINE bool is_true(Value v) { return v.bits == 5; }
static ALWAYS_INLINE bool is_false(Value v) { return v.bits == 4; }
static ALWAYS_INLINE bool is_bool(Value v) { return (v.bits | 1) == 5; }
static ALWAYS_INLINE bool is_not_implemented(Value v) { return v.bits == 6; }
static ALWAYS_INLINE bool is_ellipsis(Value v) { return v.bits == 7; }
static ALWAYS_INLINE Value bool_value(bool b) { return VALUE_CONSTANT(4 | (uint64_t)b); }

static ALWAYS_INLINE bool is_object(Value v) { return v.bits - 4096 < (UINT64_C(1) << 48) - 4096; }
static ALWAYS_INLINE Object *as_object(Value v) { ASSERT(is_object(v)); return (Object *)(uintptr_t)v.bits; }
static ALWAYS_INLINE Value object_value(const void *o) { return (Value){(uint64_t)(uintptr_t)o}; }

static ALWAYS_INLINE bool is_small_int(Value v) { return v.bits >= INT_TAG; }
static ALWAYS_INLINE bool both_small_ints(Value a, Value b) { return (a.bits & b.bits) >= INT_TAG; }
static ALWAYS_INLINE int64_t as_small_int(Value v) { ASSERT(is_small_int(v)); return (int64_t)(v.bits << 16) >> 16; }
static ALWAYS_INLINE bool fits_small_int(int64_t i) { return i >= INT_IMMEDIATE_MIN && i <= INT_IMMEDIATE_MAX; }
static ALWAYS_INLINE Value small_int(int64_t i) { ASSERT(fits_small_int(i)); return (Value){(uint64_t)i | INT_TAG}; }

// *sum = a + b (or the difference) of two immediates; false, with *sum untouched, if it does not fit 48 bits.
static ALWAYS_INLINE bool small_int_add(Value a, Value b, Value *sum)
{
    int64_t shifted;
    if (__builtin_add_overflow((int64_t)(a.bits << 16), (int64_t)(b.bits << 16), &shifted)) return false;
    *sum = (Value){(uint64_t)(shifted >> 16) | INT_TAG};
    return true;
}
static ALWAYS_INLINE bool small_int_subtract(Value a, Value b, Value *difference)
{
    int64_t shifted;
    if (__builtin_sub_overflow((int64_t)(a.bits << 16), (int64_t)(b.bits << 16), &shifted)) return false;
    *difference = (Value){(uint64_t)(shifted >> 16) | INT_TAG};
    return true;
}
static ALWAYS_INLINE bool small_int_multiply(Value a, Value b, Value *product)
{
    int64_t shifted;
    if (__builtin_mul_overflow((int64_t)(a.bits << 16), as_small_int(b), &shifted)) return false;
    *product = (Value){(uint64_t)(shifted >> 16) | INT_TAG};
    return true;
}

static ALWAYS_INLINE bool is_small_float(Value v) { return v.bits - FLOAT_OFFSET < FLOAT_SPAN; }
static ALWAYS_INLINE double as_small_float(Value v)
{
    ASSERT(is_small_float(v));
    uint64_t bits = v.bits - FLOAT_OFFSET;
    double d;
    memcpy(&d, &bits, sizeof d);
    return d;
}
// The result of arithmetic as a Value.
static ALWAYS_INLINE Value float_value(double d)
{
    uint64_t bits;
    memcpy(&bits, &d, sizeof bits);
    return (Value){bits + FLOAT_OFFSET};
}
// A double from outside (bytes, C code), whose NaN may carry a payload.
static inline Value float_from_outside(double d)
{
    return float_value(isnan(d) ? (signbit(d) ? -(double)NAN : (double)NAN) : d);
}

#endif
