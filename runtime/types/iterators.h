// SPDX-License-Identifier: MIT
// runtime/types/iterators.h: the iterators that the evaluation loop steps in line.
#ifndef BATON_RUNTIME_TYPES_ITERATORS_H
#define BATON_RUNTIME_TYPES_ITERATORS_H

#include "runtime/error.h"
#include "runtime/types/list.h"
#include "runtime/types/tuple.h"

typedef struct SequenceIterator { Object head; Value sequence; size_t at; } SequenceIterator;   // sequence UNBOUND: exhausted
typedef struct DictIterator { Object head; Dict *dict; size_t at, count; uint32_t left; } DictIterator;   // dict NULL: exhausted

extern Type list_iterator_type, tuple_iterator_type, str_iterator_type, sequence_iterator_type, dict_key_iterator_type, dict_value_iterator_type,
    dict_item_iterator_type, set_iterator_type, enumerate_type, zip_type, map_type, filter_type, reversed_type, list_reverse_iterator_type, callable_iterator_type,
    dict_keys_type, dict_values_type, dict_items_type, bytes_iterator_type, bytearray_iterator_type, dict_reverse_key_iterator_type,
    dict_reverse_value_iterator_type, dict_reverse_item_iterator_type;

NEEDS_GIL NEW_REF Value sequence_iterator_new(Thread *t, Type *type, Value sequence);
NEEDS_GIL NEW_REF Value callable_iterator_new(Thread *t, Value callable, Value sentinel);    // iter(callable, sentinel)
NEEDS_GIL void sequence_iterator_visit(Object *o, VisitFn visit, void *context);             // slots of iterators laid out as SequenceIterator
NEEDS_GIL void sequence_iterator_finish(Thread *t, Object *o);
// What __reduce__ of an iterator returns: (the builtin so named, (argument,), state), or without state when it is UNBOUND.
NEEDS_GIL NEW_REF Value iterator_reduction(Thread *t, const char *function, Value argument, Value state);

// object_next, for a loop in C: what goes through a list or a tuple takes no call.
static ALWAYS_INLINE NEEDS_GIL NEW_REF Value iterator_step(Thread *t, Value iterator)
{
    Type *type = type_of(iterator);
    if (type == &list_iterator_type || type == &tuple_iterator_type) {
        SequenceIterator *s = (SequenceIterator *)as_object(iterator);
        if (!is_unbound(s->sequence) && type == &list_iterator_type && s->at < ((List *)as_object(s->sequence))->length)
            return retain(((List *)as_object(s->sequence))->items[s->at++]);
        if (!is_unbound(s->sequence) && type == &tuple_iterator_type && s->at < ((Tuple *)as_object(s->sequence))->length)
            return retain(((Tuple *)as_object(s->sequence))->items[s->at++]);
    }
    return object_next(t, iterator);
}

// The tuple that an iterator of tuples gives next. It gives the one that it keeps again where nobody else has it any more, as in a loop
// that unpacks each: the items are UNBOUND, or those of before.
static inline NEEDS_GIL NEW_REF Tuple *iterator_row(Thread *t, Tuple **kept, size_t length)
{
    Tuple *row = *kept;
    if (row && row->head.refs == 1) return RETAIN(row);
    Tuple *made = tuple_blank(t, length);
    if (!row && made && length) *kept = RETAIN(made);
    return made;
}

#endif
