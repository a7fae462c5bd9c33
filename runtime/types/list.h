// SPDX-License-Identifier: MIT
// runtime/types/list.h: list, a growing array of owned values.
#ifndef BATON_RUNTIME_TYPES_LIST_H
#define BATON_RUNTIME_TYPES_LIST_H

#include "runtime/type.h"

struct List { Object head; Value *items; size_t length, capacity; };

extern Type list_type;
static ALWAYS_INLINE bool is_list(Value v) { return has_type_flag(v, TYPE_IS_LIST); }
static ALWAYS_INLINE bool is_exact_list(Value v) { return is_object(v) && as_object(v)->type == &list_type; }
static ALWAYS_INLINE List *as_list(Value v) { ASSERT(is_list(v)); return (List *)as_object(v); }

NEEDS_GIL NEW_REF Value list_new(Thread *t, size_t capacity);                    // empty
NEEDS_GIL NEW_REF Value list_from_values(Thread *t, const Value *values, size_t count);      // retains them
NEEDS_GIL NEW_REF Value list_from_owned(Thread *t, Value *values, size_t count);             // takes them over (from registers), even on failure
NEEDS_GIL NEW_REF Value list_from_iterable(Thread *t, Value iterable);
NEEDS_GIL MAY_RAISE bool list_append(Thread *t, Value list, Value item);
NEEDS_GIL MAY_RAISE bool list_append_owned(Thread *t, Value list, TAKES Value item);
NEEDS_GIL MAY_RAISE bool list_insert(Thread *t, Value list, ptrdiff_t index, Value item);
NEEDS_GIL MAY_RAISE bool list_extend(Thread *t, Value list, Value iterable);     // TypeError: Value after * must be an iterable is the VM's
NEEDS_GIL MAY_RAISE bool list_set_slice(Thread *t, Value list, size_t start, size_t end, const Value *values, size_t count);
NEEDS_GIL MAY_RAISE bool list_sort(Thread *t, Value list, Value key /*NONE*/, bool reverse); // stable merge sort
NEEDS_GIL NEW_REF Value list_to_tuple(Thread *t, Value list);

#endif
