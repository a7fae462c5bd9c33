// SPDX-License-Identifier: MIT
// runtime/types/dict_inner.h: what the files of dict (dict.c, dict_methods.c, dict_views.c) and its subtypes share.
#ifndef BATON_RUNTIME_TYPES_DICT_INNER_H
#define BATON_RUNTIME_TYPES_DICT_INNER_H

#include "runtime/types/dict.h"

NEEDS_GIL NEW_REF Dict *dict_new_of_type(Thread *t, Type *type);
NEEDS_GIL MAY_RAISE bool dict_reserve(Thread *t, Dict *d, size_t more);              // room for so many keys more
NEEDS_GIL MAY_RAISE bool dict_copy_into(Thread *t, Dict *to, Dict *from);            // `to` is empty
// The place of key's value, good until d changes; NULL: absent, or (*failed) comparing raised.
NEEDS_GIL Value *dict_find_value(Thread *t, Dict *d, Value key, int64_t hash, bool *failed);
NEEDS_GIL MAY_RAISE int dict_contains_hashed(Thread *t, Dict *d, Value key, int64_t hash);
NEEDS_GIL MAY_RAISE int dict_delete_hashed(Thread *t, Dict *d, Value key, int64_t hash);
NEEDS_GIL bool dict_take_last(Thread *t, Dict *d, Value *key, Value *value);         // owned by the caller; false: d is empty
NEEDS_GIL bool dict_take_first(Thread *t, Dict *d, Value *key, Value *value);
// Makes the entry of key the last one, or the first. 1: done, 0: no such key, -1: raised.
NEEDS_GIL MAY_RAISE int dict_move(Thread *t, Dict *d, Value key, bool to_end);
size_t dict_table_bytes(const Dict *d);

// dict_methods.c; also the slots of dict's native subtypes.
NEEDS_GIL void dict_visit(Object *o, VisitFn visit, void *context);
NEEDS_GIL void dict_unlink(Thread *t, Object *o);
NEEDS_GIL void dict_finish(Thread *t, Object *o);
NEEDS_GIL NEW_REF Value dict_make(Thread *t, Type *type, const Value *args, size_t nargs, Value kwnames);
NEEDS_GIL MAY_RAISE bool dict_init(Thread *t, Value self, const Value *args, size_t nargs, Value kwnames);
NEEDS_GIL NEW_REF Value dict_repr(Thread *t, Value v);
NEEDS_GIL NEW_REF Value dict_compare(Thread *t, Value a, Value b, CompareOp op);
NEEDS_GIL NEW_REF Value dict_iter(Thread *t, Value v);
NEEDS_GIL NEW_REF Value dict_get_item(Thread *t, Value v, Value key);
NEEDS_GIL MAY_RAISE bool dict_set_item(Thread *t, Value v, Value key, Value item);
// The pairs of dict(pairs) / update(pairs): each in turn to `set`, as CPython checks them.
NEEDS_GIL MAY_RAISE bool dict_update_pairs(Thread *t, Dict *d, Value pairs);

// dict_views.c
typedef struct DictView { Object head; Dict *dict; } DictView;
NEEDS_GIL NEW_REF Value dict_view_new(Thread *t, Type *type, Dict *d);
NEEDS_GIL NEW_REF Value dict_iterator_new(Thread *t, Type *type, Dict *d);
NEEDS_GIL NEW_REF Value dict_reverse_iterator_new(Thread *t, Type *type, Dict *d);

#endif
