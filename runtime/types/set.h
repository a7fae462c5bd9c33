// SPDX-License-Identifier: MIT
// runtime/types/set.h: set and frozenset: open addressing over hashed entries.
#ifndef BATON_RUNTIME_TYPES_SET_H
#define BATON_RUNTIME_TYPES_SET_H

#include "runtime/type.h"

typedef struct SetEntry { int64_t hash; Value key; } SetEntry;     // key UNBOUND: free (hash -1: was deleted)
typedef struct Set { Object head; size_t count, filled, mask; SetEntry *table; int64_t hash; } Set;
// hash: of a frozenset, -1: not known; of a set: the slot where pop() looks first. table NULL: nothing was ever in it (mask 0)

extern Type set_type, frozenset_type;
static ALWAYS_INLINE bool is_any_set(Value v) { return has_type_flag(v, TYPE_IS_SET); }
static inline Set *as_set(Value v) { ASSERT(is_any_set(v)); return (Set *)as_object(v); }

NEEDS_GIL NEW_REF Value set_new(Thread *t, Type *type /*set_type or frozenset_type*/);
NEEDS_GIL NEW_REF Value set_from_iterable(Thread *t, Type *type, Value iterable);
NEEDS_GIL MAY_RAISE int set_add(Thread *t, Value set, Value item);           // 1 added, 0 was there, -1 raised
NEEDS_GIL MAY_RAISE int set_discard(Thread *t, Value set, Value item);       // 1 removed, 0 absent, -1 raised
NEEDS_GIL MAY_RAISE int set_contains(Thread *t, Value set, Value item);
NEEDS_GIL MAY_RAISE bool set_update(Thread *t, Value set, Value iterable);
NEEDS_GIL MAY_RAISE int set_add_hashed(Thread *t, Set *s, Value item, int64_t hash);
NEEDS_GIL void set_clear(Thread *t, Set *s);
// s, whatever its class, as a new set or frozenset; a plain frozenset itself.
NEEDS_GIL NEW_REF Value set_copy_as(Thread *t, Type *type, Value set);
NEEDS_GIL bool set_next(Set *s, size_t *at, Value *key);                     // borrowed

#endif
