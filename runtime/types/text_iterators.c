// SPDX-License-Identifier: MIT
// runtime/types/text_iterators.c: the iterators of str, bytes and bytearray.
//
// Always: an iterator that has come to its end has let go of its sequence and stays at its end.
#include "runtime/thread.h"
#include "runtime/types/bytes.h"
#include "runtime/types/dict.h"
#include "runtime/types/int.h"
#include "runtime/types/iterators.h"
#include "runtime/types/tuple.h"

#include "runtime/error.h"

Type str_iterator_type, bytes_iterator_type, bytearray_iterator_type;

static SequenceIterator *as_iterator(Value v) { return (SequenceIterator *)as_object(v); }

static size_t length_of(Value sequence)
{
    return is_str(sequence) ? as_str(sequence)->length : is_bytes(sequence) ? bytes_length(sequence) : as_bytearray(sequence)->length;
}

static void visit_sequence(Object *o, VisitFn visit, void *context) { visit(((SequenceIterator *)o)->sequence, context); }
static void finish(Thread *t, Object *o) { (void)t, clear(&((SequenceIterator *)o)->sequence); }
static Value iter(Thread *t, Value v) { (void)t; return retain(v); }

static Value str_next(Thread *t, Value v)
{
    SequenceIterator *it = as_iterator(v);
    if (is_unbound(it->sequence)) return UNBOUND;
    Str *s = as_str(it->sequence);
    if (it->at < s->length) return str_from_codepoint(t, str_at(s, it->at++));
    clear(&it->sequence);
    return UNBOUND;
}

static Value bytes_next(Thread *t, Value v)
{
    (void)t;
    SequenceIterator *it = as_iterator(v);
    if (is_unbound(it->sequence)) return UNBOUND;
    Bytes *b = as_bytes(it->sequence);
    if (it->at < b->length) return small_int((uint8_t)b->data[it->at++]);
    clear(&it->sequence);
    return UNBOUND;
}

static Value bytearray_next(Thread *t, Value v)
{
    (void)t;
    SequenceIterator *it = as_iterator(v);
    if (is_unbound(it->sequence)) return UNBOUND;
    ByteArray *b = as_bytearray(it->sequence);
    if (it->at < b->length) return small_int((uint8_t)b->data[it->at++]);
    clear(&it->sequence);
    return UNBOUND;
}

static Value length_hint(Thread *t, Value self, const Value *args)
{
    (void)t, (void)args;
    SequenceIterator *it = as_iterator(self);
    size_t length = is_unbound(it->sequence) ? 0 : length_of(it->sequence);
    return small_int(it->at < length ? (int64_t)(length - it->at) : 0);
}

static Value reduce(Thread *t, Value self, const Value *args)
{
    (void)args;
    SequenceIterator *it = as_iterator(self);
    OWN_POINTER Str *name = str_intern_text(t, "iter", 4);
    if (!name) return ERROR;
    Value function = dict_get_str(t->interp->builtins, name);
    if (is_unbound(function)) return raise_error(t, &exc_AttributeError, "iter");
    Value nothing = type_of(self) == &str_iterator_type ? object_value(str_empty) : object_value(tuple_empty);
    OWN Value arguments = tuple_of(t, 1, is_unbound(it->sequence) ? nothing : it->sequence);
    if (is_error(arguments)) return ERROR;
    if (is_unbound(it->sequence)) return tuple_of(t, 2, function, arguments);
    return tuple_of(t, 3, function, arguments, small_int((int64_t)it->at));
}

static Value set_state(Thread *t, Value self, const Value *args)
{
    ptrdiff_t at;
    if (!object_as_index(t, args[0], &at, &exc_OverflowError)) return ERROR;
    SequenceIterator *it = as_iterator(self);
    if (is_unbound(it->sequence)) return NONE;
    size_t length = length_of(it->sequence);
    it->at = at < 0 ? 0 : (size_t)at > length ? length : (size_t)at;
    return NONE;
}

static const Method methods[] = {
    {"__length_hint__", length_hint, "(self, /)", "Private method returning an estimate of len(list(it))."},
    {"__reduce__", reduce, "(self, /)", "Return state information for pickling."},
    {"__setstate__", set_state, "(self, state, /)", "Set state information for unpickling."},
    {0},
};

#define ITERATOR_SPEC(type_name, next_function) { \
    .name = type_name, \
    .size = sizeof(SequenceIterator), \
    .flags = TYPE_GC | TYPE_NO_NEW | TYPE_IMMUTABLE, \
    .slots = {.visit = visit_sequence, .finish = finish, .iter = iter, .next = next_function}, \
    .methods = methods, \
}
const TypeSpec str_iterator_spec = ITERATOR_SPEC("str_iterator", str_next);
const TypeSpec bytes_iterator_spec = ITERATOR_SPEC("bytes_iterator", bytes_next);
const TypeSpec bytearray_iterator_spec = ITERATOR_SPEC("bytearray_iterator", bytearray_next);
