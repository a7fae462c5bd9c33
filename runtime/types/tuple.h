// SPDX-License-Identifier: MIT
// runtime/types/tuple.h: tuple: its items follow the head.
#ifndef BATON_RUNTIME_TYPES_TUPLE_H
#define BATON_RUNTIME_TYPES_TUPLE_H

#include "runtime/type.h"

struct Tuple { Object head; size_t length; Value items[]; };

extern Type tuple_type;
static ALWAYS_INLINE bool is_tuple(Value v) { return has_type_flag(v, TYPE_IS_TUPLE); }
static ALWAYS_INLINE bool is_exact_tuple(Value v) { return is_object(v) && as_object(v)->type == &tuple_type; }
static ALWAYS_INLINE Tuple *as_tuple(Value v) { ASSERT(is_tuple(v)); return (Tuple *)as_object(v); }
extern Tuple *tuple_empty;   // (), immortal

NEEDS_GIL NEW_REF Tuple *tuple_blank(Thread *t, size_t length);                  // items UNBOUND, to be filled at once
NEEDS_GIL NEW_REF Value tuple_from_values(Thread *t, const Value *values, size_t count);     // retains them
NEEDS_GIL NEW_REF Value tuple_from_owned(Thread *t, Value *values, size_t count);            // takes them over, even on failure
NEEDS_GIL NEW_REF Value tuple_of(Thread *t, size_t count, ...);                  // of Values, retained
NEEDS_GIL NEW_REF Value tuple_from_iterable(Thread *t, Value iterable);
NEEDS_GIL NEW_REF Value tuple_slice(Thread *t, Value tuple, size_t start, size_t end);
// A type like time.struct_time: a tuple whose items have names (types/struct_sequence.c).
typedef struct StructField { const char *name, *doc; } StructField;
NEEDS_GIL NEW_REF Type *struct_sequence_type(Thread *t, const char *name, const char *doc, const StructField *fields, size_t visible);
NEEDS_GIL NEW_REF Value struct_sequence_new(Thread *t, Type *type, TAKES Value *items, size_t count);

#endif
