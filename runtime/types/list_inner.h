// SPDX-License-Identifier: MIT
// runtime/types/list_inner.h: what the files of list share (list.c, list_methods.c, list_sort.c).
#ifndef BATON_RUNTIME_TYPES_LIST_INNER_H
#define BATON_RUNTIME_TYPES_LIST_INNER_H

#include "runtime/types/list.h"

NEEDS_GIL MAY_RAISE bool list_reserve(Thread *t, List *list, size_t length);
NEEDS_GIL MAY_RAISE bool list_append_values(Thread *t, List *list, const Value *values, size_t count);   // values may be the list's own items
NEEDS_GIL void list_clear(Thread *t, List *list);
NEEDS_GIL MAY_RAISE bool list_delete_steps(Thread *t, List *list, size_t start, size_t step, size_t count);
NEEDS_GIL NEW_REF Value list_take_item(Thread *t, List *list, size_t index);     // removes it; the caller owns it. Never fails
NEEDS_GIL void values_drop(Value *values, size_t count);

#endif
