// SPDX-License-Identifier: MIT
// runtime/types/iterators.c: iterators over list and tuple, over anything with __getitem__, and iter(callable, sentinel).
//
// Always: an iterator that has come to its end lets go of its sequence, and stays at its end.
#include "runtime/types/iterators.h"

#include "runtime/types/container.h"
#include "runtime/types/int.h"
#include "runtime/types/list.h"
#include "runtime/types/tuple.h"

Type list_iterator_type, list_reverse_iterator_type, tuple_iterator_type, sequence_iterator_type, callable_iterator_type;

Value sequence_iterator_new(Thread *t, Type *type, Value sequence)
{
    SequenceIterator *i = (SequenceIterator *)object_new(t, type);
    if (!i) return ERROR;
    i->sequence = retain(sequence);
    return object_value(i);
}

static inline SequenceIterator *as_iterator(Value v) { return (SequenceIterator *)as_object(v); }

void sequence_iterator_visit(Object *o, VisitFn visit, void *context) { visit(((SequenceIterator *)o)->sequence, context); }
void sequence_iterator_finish(Thread *t, Object *o) { clear(&((SequenceIterator *)o)->sequence); }

static Value exhaust(SequenceIterator *i)
{
    clear(&i->sequence);
    return UNBOUND;
}

static Value list_iterator_next(Thread *t, Value v)
{
    SequenceIterator *i = as_iterator(v);
    if (is_unbound(i->sequence)) return UNBOUND;
    List *list = as_list(i->sequence);
    return i->at < list->length ? retain(list->items[i->at++]) : exhaust(i);
}

static Value tuple_iterator_next(Thread *t, Value v)
{
    SequenceIterator *i = as_iterator(v);
    if (is_unbound(i->sequence)) return UNBOUND;
    Tuple *tuple = as_tuple(i->sequence);
    return i->at < tuple->length ? retain(tuple->items[i->at++]) : exhaust(i);
}

// Backwards `at` is the number of items still to come.
static Value list_reverse_next(Thread *t, Value v)
{
    SequenceIterator *i = as_iterator(v);
    if (is_unbound(i->sequence)) return UNBOUND;
    List *list = as_list(i->sequence);
    if (i->at == 0 || i->at > list->length) return exhaust(i);
    return retain(list->items[--i->at]);
}

static Value sequence_iterator_next(Thread *t, Value v)
{
    SequenceIterator *i = as_iterator(v);
    if (is_unbound(i->sequence)) return UNBOUND;
    OWN Value sequence = retain(i->sequence);
    OWN Value index = int_value(t, (int64_t)i->at);
    if (is_error(index)) return ERROR;
    Value item = object_get_item(t, sequence, index);
    if (is_error(item)) {
        if (!error_clear_if(t, &exc_IndexError) && !error_clear_if(t, &exc_StopIteration)) return ERROR;
        return exhaust(i);
    }
    i->at++;
    return item;
}

// How many are left, by the sequence's present length; 0 when it is gone.
static Value iterator_length_hint(Thread *t, Value self, const Value *args)
{
    SequenceIterator *i = as_iterator(self);
    if (is_unbound(i->sequence)) return small_int(0);
    if (!type_of(i->sequence)->slots.length) return NOT_IMPLEMENTED;
    ptrdiff_t length = object_length(t, i->sequence);
    if (length < 0) return ERROR;
    return small_int((size_t)length > i->at ? length - (ptrdiff_t)i->at : 0);
}

static Value reverse_length_hint(Thread *t, Value self, const Value *args)
{
    SequenceIterator *i = as_iterator(self);
    if (is_unbound(i->sequence) || i->at > as_list(i->sequence)->length) return small_int(0);
    return small_int((int64_t)i->at);
}

// (function, (argument,), state), or without state when it is UNBOUND.
Value iterator_reduction(Thread *t, const char *function, Value argument, Value state)
{
    OWN Value callee = builtin_named(t, function);
    if (is_error(callee)) return ERROR;
    OWN Value arguments = tuple_of(t, 1, argument);
    if (is_error(arguments)) return ERROR;
    return is_unbound(state) ? tuple_of(t, 2, callee, arguments) : tuple_of(t, 3, callee, arguments, state);
}

static Value iterator_reduce(Thread *t, Value self, const Value *args)
{
    SequenceIterator *i = as_iterator(self);
    if (!is_unbound(i->sequence)) return iterator_reduction(t, "iter", i->sequence, small_int((int64_t)i->at));
    bool of_tuple = type_of(self) == &tuple_iterator_type || type_of(self) == &sequence_iterator_type;
    OWN Value nothing = of_tuple ? tuple_from_values(t, NULL, 0) : list_new(t, 0);
    return is_error(nothing) ? ERROR : iterator_reduction(t, "iter", nothing, UNBOUND);
}

static Value reverse_reduce(Thread *t, Value self, const Value *args)
{
    SequenceIterator *i = as_iterator(self);
    if (!is_unbound(i->sequence)) return iterator_reduction(t, "reversed", i->sequence, small_int((int64_t)i->at - 1));
    OWN Value nothing = list_new(t, 0);
    return is_error(nothing) ? ERROR : iterator_reduction(t, "iter", nothing, UNBOUND);
}

static bool state_of(Thread *t, Value v, ptrdiff_t *state)
{
    int64_t i;
    if (!int_as_i64(t, v, &i)) return false;
    *state = (ptrdiff_t)i;
    return true;
}

static Value iterator_set_state(Thread *t, Value self, const Value *args)
{
    SequenceIterator *i = as_iterator(self);
    ptrdiff_t state;
    if (!state_of(t, args[0], &state)) return ERROR;
    if (is_unbound(i->sequence)) return NONE;
    if (state < 0) state = 0;
    if (is_tuple(i->sequence) && (size_t)state > as_tuple(i->sequence)->length) state = (ptrdiff_t)as_tuple(i->sequence)->length;
    i->at = (size_t)state;
    return NONE;
}

static Value reverse_set_state(Thread *t, Value self, const Value *args)
{
    SequenceIterator *i = as_iterator(self);
    ptrdiff_t state;
    if (!state_of(t, args[0], &state)) return ERROR;
    if (is_unbound(i->sequence)) return NONE;
    ptrdiff_t length = (ptrdiff_t)as_list(i->sequence)->length;
    if (state < -1) state = -1;
    if (state > length - 1) state = length - 1;
    i->at = (size_t)(state + 1);
    return NONE;
}

static const Method iterator_methods[] = {
    {"__length_hint__", iterator_length_hint, "(self, /)", "Private method returning an estimate of len(list(it))."},
    {"__reduce__", iterator_reduce, "(self, /)", "Return state information for pickling."},
    {"__setstate__", iterator_set_state, "(self, state, /)", "Set state information for unpickling."},
    {0},
};
static const Method reverse_methods[] = {
    {"__length_hint__", reverse_length_hint, "(self, /)", "Private method returning an estimate of len(list(it))."},
    {"__reduce__", reverse_reduce, "(self, /)", "Return state information for pickling."},
    {"__setstate__", reverse_set_state, "(self, state, /)", "Set state information for unpickling."},
    {0},
};

#define ITERATOR_SPEC(c_name, python_name, next_function, method_table) \
    const TypeSpec c_name##_spec = { \
        .name = python_name, \
        .size = sizeof(SequenceIterator), \
        .flags = TYPE_GC | TYPE_NO_NEW, \
        .slots = {.visit = sequence_iterator_visit, .finish = sequence_iterator_finish, .iter = iter_self, .next = next_function}, \
        .methods = method_table, \
    }
ITERATOR_SPEC(list_iterator, "list_iterator", list_iterator_next, iterator_methods);
ITERATOR_SPEC(tuple_iterator, "tuple_iterator", tuple_iterator_next, iterator_methods);
ITERATOR_SPEC(sequence_iterator, "iterator", sequence_iterator_next, iterator_methods);
ITERATOR_SPEC(list_reverse_iterator, "list_reverseiterator", list_reverse_next, reverse_methods);

// ---- iter(callable, sentinel)

typedef struct CallableIterator { Object head; Value callable, sentinel; } CallableIterator;   // callable UNBOUND: at its end

Value callable_iterator_new(Thread *t, Value callable, Value sentinel)
{
    CallableIterator *i = (CallableIterator *)object_new(t, &callable_iterator_type);
    if (!i) return ERROR;
    i->callable = retain(callable);
    i->sentinel = retain(sentinel);
    return object_value(i);
}

static void callable_visit(Object *o, VisitFn visit, void *context)
{
    visit(((CallableIterator *)o)->callable, context);
    visit(((CallableIterator *)o)->sentinel, context);
}

static void callable_finish(Thread *t, Object *o)
{
    clear(&((CallableIterator *)o)->callable);
    clear(&((CallableIterator *)o)->sentinel);
}

static Value callable_next(Thread *t, Value v)
{
    CallableIterator *i = (CallableIterator *)as_object(v);
    if (is_unbound(i->callable)) return UNBOUND;
    OWN Value callable = retain(i->callable);
    OWN Value result = call0(t, callable);
    if (is_error(result)) {
        if (!error_clear_if(t, &exc_StopIteration)) return ERROR;
        callable_finish(t, as_object(v));
        return UNBOUND;
    }
    if (is_unbound(i->callable)) return UNBOUND;    // the call has used this iterator up
    OWN Value sentinel = retain(i->sentinel);
    int equal = object_equal(t, sentinel, result);
    if (equal < 0) return ERROR;
    if (!equal) return MOVE(result);
    callable_finish(t, as_object(v));
    return UNBOUND;
}

static Value callable_reduce(Thread *t, Value self, const Value *args)
{
    CallableIterator *i = (CallableIterator *)as_object(self);
    if (is_unbound(i->callable)) return iterator_reduction(t, "iter", object_value(tuple_empty), UNBOUND);
    OWN Value callee = builtin_named(t, "iter");
    if (is_error(callee)) return ERROR;
    OWN Value arguments = tuple_of(t, 2, i->callable, i->sentinel);
    return is_error(arguments) ? ERROR : tuple_of(t, 2, callee, arguments);
}

static const Method callable_methods[] = {
    {"__reduce__", callable_reduce, "(self, /)", "Return state information for pickling."},
    {0},
};
const TypeSpec callable_iterator_spec = {
    .name = "callable_iterator",
    .size = sizeof(CallableIterator),
    .flags = TYPE_GC | TYPE_NO_NEW,
    .slots = {.visit = callable_visit, .finish = callable_finish, .iter = iter_self, .next = callable_next},
    .methods = callable_methods,
};
