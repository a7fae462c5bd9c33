// SPDX-License-Identifier: MIT
// runtime/types/set_inner.h: what the files of set and frozenset (set.c, set_methods.c) share.
#ifndef BATON_RUNTIME_TYPES_SET_INNER_H
#define BATON_RUNTIME_TYPES_SET_INNER_H

#include "runtime/types/set.h"

NEEDS_GIL NEW_REF Set *set_new_of_type(Thread *t, Type *type);
NEEDS_GIL MAY_RAISE int set_contains_hashed(Thread *t, Set *s, Value item, int64_t hash);
NEEDS_GIL MAY_RAISE int set_discard_hashed(Thread *t, Set *s, Value item, int64_t hash);
NEEDS_GIL MAY_RAISE bool set_tidy(Thread *t, Set *s);               // builds the table anew if many slots were emptied
NEEDS_GIL NEW_REF Value set_take_any(Thread *t, Set *s);            // removes and returns some item; UNBOUND: empty
NEEDS_GIL MAY_RAISE bool set_merge(Thread *t, Set *s, Set *other);
NEEDS_GIL int64_t frozenset_mix(const Set *s);                      // the hash of the items, in any order
size_t set_table_bytes(const Set *s);
// Like set_next, but the hash too, and the key retained: to go on safely while Python code runs.
NEEDS_GIL bool set_next_hashed(Set *s, size_t *at, Value *key, int64_t *hash);

#endif
