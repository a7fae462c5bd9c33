// SPDX-License-Identifier: MIT
// runtime/types/container.h: what the container types share: checks of arguments, index arithmetic, `__class_getitem__`.
#ifndef BATON_RUNTIME_TYPES_CONTAINER_H
#define BATON_RUNTIME_TYPES_CONTAINER_H

#include "runtime/call.h"
#include "runtime/error.h"
#include "runtime/heap.h"
#include "runtime/types/str.h"

// "list() takes no keyword arguments"
NEEDS_GIL MAY_RAISE bool check_no_keywords(Thread *t, const char *name, Value kwnames);
// "list expected at most 1 argument, got 2"
NEEDS_GIL MAY_RAISE bool check_count(Thread *t, const char *name, size_t nargs, size_t least, size_t most);

// Can v be an index: is it an int, or has it __index__?
static inline bool has_index(Value v) { return is_small_int(v) || type_of(v)->slots.index != NULL; }
// a == b as containers ask it, for the values that need no code to tell: 1 or 0; -2: object_equal must be asked.
static ALWAYS_INLINE int equal_at_once(Value a, Value b)
{
    if (is_same(a, b)) return 1;
    if (both_small_ints(a, b)) return 0;
    if (is_exact_str(a) && is_exact_str(b)) return str_equal(as_str(a), as_str(b));
    if (is_small_float(a) && is_small_float(b)) return as_small_float(a) == as_small_float(b);
    return -2;
}
// A start or stop as list.index() takes it: clipped to 0 … length. TypeError: slice indices must be integers or have an __index__ method.
NEEDS_GIL MAY_RAISE bool clip_index(Thread *t, Value v, size_t length, size_t *index);
// Item `i` as written in a subscript, negative from the end: false, without an exception, when out of range.
static inline bool wrap_index(ptrdiff_t i, size_t length, size_t *index)
{
    if (i < 0) i += (ptrdiff_t)length;
    *index = (size_t)i;
    return *index < length;
}
// How often a sequence is to be repeated: the int of `sequence * v`, clipped to 0 …; "can't multiply sequence by non-int of type 'X'".
NEEDS_GIL MAY_RAISE bool repeat_count(Thread *t, Value v, size_t *count);

// `__class_getitem__` of a class that only documents its parameters: X[item] is types.GenericAlias(X, item).
NEEDS_GIL NEW_REF Value class_get_item(Thread *t, Value cls, const Value *args);
#define CLASS_GET_ITEM {"__class_getitem__", class_get_item, "(cls, item, /)", "See PEP 585."}

// A new list of what v yields; TypeError `message` when v is not iterable.
NEEDS_GIL NEW_REF Value list_from_iterable_or(Thread *t, Value v, const char *message);
NEEDS_GIL NEW_REF Value iter_self(Thread *t, Value v);          // slots.iter of an iterator
NEEDS_GIL NEW_REF Value builtin_named(Thread *t, const char *name);   // the function that module builtins has under that name
// `name([a, b])` of a class that is not the built-in itself shows its own name; borrowed UTF-8.
static inline const char *type_name(Value v) { return type_of(v)->name; }

#endif
