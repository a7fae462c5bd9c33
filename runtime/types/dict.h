// SPDX-License-Identifier: MIT
// runtime/types/dict.h: dict: insertion-ordered, open addressing over a compact array of entries.
//
// Always
//   1. entries[0..used) are in order of insertion; a deleted entry has key UNBOUND (all of entries[0..first) are).
//   2. `version` changes whenever a key is added, removed or the table moves; `watched` values change it too:
//      an inline cache may keep (version, entry index) of a dict of globals and read entries[index].value.
//   3. While `only_str` is set every key is an exact str, and lookups of a str never call Python code.
#ifndef BATON_RUNTIME_TYPES_DICT_H
#define BATON_RUNTIME_TYPES_DICT_H

#include "runtime/types/str.h"

typedef struct DictEntry { int64_t hash; Value key, value; } DictEntry;

struct Dict {
    Object head;
    size_t count;             // live entries
    size_t used;              // entries in use, deleted ones included
    size_t first;             // no entry before it is live
    size_t capacity;          // of entries: when used has come to it, the table is built anew
    DictEntry *entries;
    void *index;              // int8/16/32 slots into entries, by table size
    uint32_t table_bits;      // log2 of the slots; 0: no table yet
    uint32_t version;         // of the keys and their places; never 0
    bool only_str;
};

extern Type dict_type;
static ALWAYS_INLINE bool is_dict(Value v) { return has_type_flag(v, TYPE_IS_DICT); }
static ALWAYS_INLINE bool is_exact_dict(Value v) { return is_object(v) && as_object(v)->type == &dict_type; }
static ALWAYS_INLINE Dict *as_dict(Value v) { ASSERT(is_dict(v)); return (Dict *)as_object(v); }
static ALWAYS_INLINE Value dict_value(Dict *d) { return object_value(d); }

NEEDS_GIL NEW_REF Dict *dict_new(Thread *t);
NEEDS_GIL NEW_REF Dict *dict_new_sized(Thread *t, size_t expected);
NEEDS_GIL NEW_REF Dict *dict_copy(Thread *t, Dict *d);
// Borrowed value; UNBOUND: absent; ERROR: hashing or comparing raised.
NEEDS_GIL MAY_RAISE Value dict_get(Thread *t, Dict *d, Value key);
NEEDS_GIL MAY_RAISE Value dict_get_hashed(Thread *t, Dict *d, Value key, int64_t hash);
NEEDS_GIL Value dict_get_str(Dict *d, Str *key);              // for dicts whose keys are str (namespaces): never raises
NEEDS_GIL ptrdiff_t dict_find_str(Dict *d, Str *key);         // index into entries, or -1: for inline caches
NEEDS_GIL MAY_RAISE bool dict_set(Thread *t, Dict *d, Value key, Value value);         // retains both
NEEDS_GIL MAY_RAISE bool dict_set_hashed(Thread *t, Dict *d, Value key, int64_t hash, Value value);
NEEDS_GIL MAY_RAISE bool dict_set_str(Thread *t, Dict *d, Str *key, Value value);
NEEDS_GIL MAY_RAISE bool dict_set_text(Thread *t, Dict *d, const char *key, TAKES Value value);   // interns the key; ERROR value: fails
NEEDS_GIL MAY_RAISE int dict_delete(Thread *t, Dict *d, Value key);                    // 1 deleted, 0 absent, -1 raised
NEEDS_GIL NEW_REF Value dict_pop(Thread *t, Dict *d, Value key);                       // UNBOUND: absent
NEEDS_GIL NEW_REF Value dict_set_default(Thread *t, Dict *d, Value key, Value value);  // the value now there
NEEDS_GIL void dict_clear(Thread *t, Dict *d);
NEEDS_GIL MAY_RAISE int dict_contains(Thread *t, Dict *d, Value key);
NEEDS_GIL MAY_RAISE bool dict_update(Thread *t, Dict *d, Value other);                 // mapping or iterable of pairs
NEEDS_GIL MAY_RAISE bool dict_merge_keywords(Thread *t, Dict *d, Value other, Value callee);   // for f(**a, **b): "got multiple values for keyword argument"
// Iterating in C: size_t at = 0; while (dict_next(d, &at, &key, &value)) – borrowed. The dict may change between steps.
static inline bool dict_next(Dict *d, size_t *at, Value *key, Value *value)
{
    if (*at < d->first) *at = d->first;
    while (*at < d->used) {
        DictEntry *e = &d->entries[(*at)++];
        if (is_unbound(e->key)) continue;
        *key = e->key;
        *value = e->value;
        return true;
    }
    return false;
}

#endif
