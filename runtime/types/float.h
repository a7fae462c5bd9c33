// SPDX-License-Identifier: MIT
// runtime/types/float.h: float: always an immediate, but for instances of subclasses of float.
#ifndef BATON_RUNTIME_TYPES_FLOAT_H
#define BATON_RUNTIME_TYPES_FLOAT_H

#include "runtime/type.h"

typedef struct FloatObject { Object head; double value; } FloatObject;

static ALWAYS_INLINE bool is_float(Value v) { return is_small_float(v) || has_type_flag(v, TYPE_IS_FLOAT); }
static inline double as_float(Value v) { return is_small_float(v) ? as_small_float(v) : ((FloatObject *)as_object(v))->value; }
// Any real number (__float__, __index__): TypeError "must be real number, not X".
NEEDS_GIL MAY_RAISE bool float_from_value(Thread *t, Value v, double *result);
// The shortest decimal that reads back as d, as repr() writes it: into text of at least 32 bytes; returns its length.
size_t float_repr(double d, char *text);
NEEDS_GIL NEW_REF Value float_from_text(Thread *t, const char *ascii, size_t length, Value original);   // float("…")
int64_t float_hash(double d);
extern Type complex_type;
typedef struct Complex { Object head; double real, imag; } Complex;
NEEDS_GIL NEW_REF Value complex_from_doubles(Thread *t, double real, double imag);

#endif
