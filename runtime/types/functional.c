// SPDX-License-Identifier: MIT
// runtime/types/functional.c: enumerate, zip, map, filter and reversed: iterators over other iterators.
//
// Always: an iterator's members are set once, when it is made, and kept to its end, so that a step may run any code.
#include "runtime/types/container.h"
#include "runtime/types/dict.h"
#include "runtime/types/int.h"
#include "runtime/types/iterators.h"
#include "runtime/types/list.h"
#include "runtime/types/str.h"
#include "runtime/types/tuple.h"

Type enumerate_type, zip_type, map_type, filter_type, reversed_type;

static bool plain_or_no_keywords(Thread *t, Type *type, const Type *plain, Value kwnames)
{
    bool strict = type == plain || type->slots.init == plain->slots.init;
    return !strict || check_no_keywords(t, plain->name, kwnames);
}

// ---- enumerate(iterable, start=0)

typedef struct Enumerate { Object head; Value iterator, count; Tuple *row; } Enumerate;   // count: an int of any size

static Value enumerate_construct(Thread *t, Type *type, const Value *args)
{
    OWN Value start = is_unbound(args[1]) ? small_int(0) : object_index(t, args[1]);
    if (is_error(start)) return ERROR;
    OWN Value iterator = object_iter(t, args[0]);
    if (is_error(iterator)) return ERROR;
    Enumerate *e = (Enumerate *)object_new(t, type);
    if (!e) return ERROR;
    e->iterator = MOVE(iterator);
    e->count = MOVE(start);
    return object_value(e);
}

static void enumerate_visit(Object *o, VisitFn visit, void *context)
{
    visit(((Enumerate *)o)->iterator, context);
    visit(((Enumerate *)o)->count, context);
    if (((Enumerate *)o)->row) visit(object_value(((Enumerate *)o)->row), context);
}

static void enumerate_finish(Thread *t, Object *o)
{
    clear(&((Enumerate *)o)->iterator);
    clear(&((Enumerate *)o)->count);
    drop_pointer(MOVE_POINTER(((Enumerate *)o)->row));
}

static Value enumerate_next(Thread *t, Value v)
{
    Enumerate *e = (Enumerate *)as_object(v);
    OWN Value item = iterator_step(t, e->iterator);
    if (is_unbound(item) || is_error(item)) return MOVE(item);
    Value following;
    if (!is_small_int(e->count) || !small_int_add(e->count, small_int(1), &following)) {
        following = object_binary(t, OP_ADD, e->count, small_int(1));
        if (is_error(following)) return ERROR;
    }
    Tuple *pair = iterator_row(t, &e->row, 2);
    if (!pair) {
        drop(following);
        return ERROR;
    }
    Value count = pair->items[0], last = pair->items[1];
    pair->items[0] = e->count;
    pair->items[1] = MOVE(item);
    e->count = following;
    drop(count);
    drop(last);
    return object_value(pair);
}

static Value enumerate_reduce(Thread *t, Value self, const Value *args)
{
    Enumerate *e = (Enumerate *)as_object(self);
    OWN Value arguments = tuple_of(t, 2, e->iterator, e->count);
    return is_error(arguments) ? ERROR : tuple_of(t, 2, type_value(type_of(self)), arguments);
}

static const Method enumerate_methods[] = {
    {"__reduce__", enumerate_reduce, "(self, /)", "Return state information for pickling."},
    CLASS_GET_ITEM,
    {0},
};
const TypeSpec enumerate_spec = {
    .name = "enumerate",
    .text_signature = "(iterable, start=0)",
    .doc = "Return an enumerate object.\n\n  iterable\n    an object supporting iteration\n\nThe enumerate object yields pairs containing a count (from start, which\n"
           "defaults to zero) and a value yielded by the iterable argument.\n\nenumerate is useful for obtaining an indexed list:\n    (0, seq[0]), (1, seq[1]), (2, seq[2]), ...",
    .size = sizeof(Enumerate),
    .flags = TYPE_BASE | TYPE_GC,
    .slots = {.visit = enumerate_visit, .finish = enumerate_finish, .iter = iter_self, .next = enumerate_next},
    .methods = enumerate_methods,
    .new_signature = "(iterable, start=<unset>)",
    .construct = enumerate_construct,
};

// ---- zip(*iterables, strict=False)

typedef struct Zip { Object head; Tuple *iterators, *row; bool strict; } Zip;

// A tuple of an iterator for each item. NULL: raised.
static Tuple *iterators_of(Thread *t, const Value *items, size_t count)
{
    OWN_POINTER Tuple *made = tuple_blank(t, count);
    for (size_t i = 0; made && i < count; i++) {
        Value iterator = object_iter(t, items[i]);
        if (is_error(iterator)) return NULL;
        made->items[i] = iterator;
    }
    return MOVE_POINTER(made);
}

static Value zip_make(Thread *t, Type *type, const Value *args, size_t nargs, Value kwnames)
{
    bool strict = false;
    if (!is_unbound(kwnames)) {
        Tuple *keywords = as_tuple(kwnames);
        for (size_t i = 0; i < keywords->length; i++) {
            if (!str_equal_text(as_str(keywords->items[i]), "strict")) {
                return raise_type_error(t, "'%S' is an invalid keyword argument for zip()", keywords->items[i]);
            }
            int truth = object_truth(t, args[nargs + i]);
            if (truth < 0) return ERROR;
            strict = truth;
        }
    }
    OWN_POINTER Tuple *iterators = iterators_of(t, args, nargs);
    if (!iterators) return ERROR;
    Zip *z = (Zip *)object_new(t, type);
    if (!z) return ERROR;
    z->iterators = MOVE_POINTER(iterators);
    z->strict = strict;
    return object_value(z);
}

static void zip_visit(Object *o, VisitFn visit, void *context)
{
    if (((Zip *)o)->iterators) visit(object_value(((Zip *)o)->iterators), context);
    if (((Zip *)o)->row) visit(object_value(((Zip *)o)->row), context);
}
static void zip_finish(Thread *t, Object *o)
{
    drop_pointer(MOVE_POINTER(((Zip *)o)->iterators));
    drop_pointer(MOVE_POINTER(((Zip *)o)->row));
}

// Iterator `at` has ended; under strict=True all must end together.
static Value zip_ended(Thread *t, Zip *z, size_t at)
{
    if (!z->strict) return UNBOUND;
    if (at == 1) return raise_value_error(t, "zip() argument 2 is shorter than argument 1");
    if (at > 1) return raise_value_error(t, "zip() argument %zu is shorter than arguments 1-%zu", at + 1, at);
    for (size_t i = 1; i < z->iterators->length; i++) {
        OWN Value item = object_next(t, z->iterators->items[i]);
        if (is_error(item)) return ERROR;
        if (is_unbound(item)) continue;
        if (i == 1) return raise_value_error(t, "zip() argument 2 is longer than argument 1");
        return raise_value_error(t, "zip() argument %zu is longer than arguments 1-%zu", i + 1, i);
    }
    return UNBOUND;
}

static Value zip_next(Thread *t, Value v)
{
    Zip *z = (Zip *)as_object(v);
    if (z->iterators->length == 0) return UNBOUND;
    OWN_POINTER Tuple *row = iterator_row(t, &z->row, z->iterators->length);
    if (!row) return ERROR;
    for (size_t i = 0; i < row->length; i++) {
        Value item = iterator_step(t, z->iterators->items[i]);
        if (is_error(item)) return ERROR;
        if (is_unbound(item)) return zip_ended(t, z, i);
        assign(&row->items[i], item);
    }
    return object_value(MOVE_POINTER(row));
}

static Value zip_reduce(Thread *t, Value self, const Value *args)
{
    Zip *z = (Zip *)as_object(self);
    if (z->strict) return tuple_of(t, 3, type_value(type_of(self)), object_value(z->iterators), TRUE);
    return tuple_of(t, 2, type_value(type_of(self)), object_value(z->iterators));
}

static Value zip_set_state(Thread *t, Value self, const Value *args)
{
    int strict = object_truth(t, args[0]);
    if (strict < 0) return ERROR;
    ((Zip *)as_object(self))->strict = strict;
    return NONE;
}

static const Method zip_methods[] = {
    {"__reduce__", zip_reduce, "(self, /)", "Return state information for pickling."},
    {"__setstate__", zip_set_state, "(self, state, /)", "Set state information for unpickling."},
    {0},
};
const TypeSpec zip_spec = {
    .name = "zip",
    .doc = "zip(*iterables, strict=False) --> Yield tuples until an input is exhausted.\n\n   >>> list(zip('abcdefg', range(3), range(4)))\n"
           "   [('a', 0, 0), ('b', 1, 1), ('c', 2, 2)]\n\nThe zip object yields n-length tuples, where n is the number of iterables\npassed as positional arguments. "
           "If strict is true and one of the arguments is exhausted before the\nothers, raise a ValueError.",
    .size = sizeof(Zip),
    .flags = TYPE_BASE | TYPE_GC,
    .slots = {.visit = zip_visit, .finish = zip_finish, .make = zip_make, .iter = iter_self, .next = zip_next},
    .methods = zip_methods,
};

// ---- map(function, *iterables)

typedef struct Map { Object head; Value function; Tuple *iterators; } Map;

static Value map_make(Thread *t, Type *type, const Value *args, size_t nargs, Value kwnames)
{
    if (!plain_or_no_keywords(t, type, &map_type, kwnames)) return ERROR;
    if (nargs < 2) return raise_type_error(t, "map() must have at least two arguments.");
    OWN_POINTER Tuple *iterators = iterators_of(t, args + 1, nargs - 1);
    if (!iterators) return ERROR;
    Map *m = (Map *)object_new(t, type);
    if (!m) return ERROR;
    m->function = retain(args[0]);
    m->iterators = MOVE_POINTER(iterators);
    return object_value(m);
}

static void map_visit(Object *o, VisitFn visit, void *context)
{
    visit(((Map *)o)->function, context);
    if (((Map *)o)->iterators) visit(object_value(((Map *)o)->iterators), context);
}

static void map_finish(Thread *t, Object *o)
{
    clear(&((Map *)o)->function);
    drop_pointer(MOVE_POINTER(((Map *)o)->iterators));
}

static Value map_next(Thread *t, Value v)
{
    Map *m = (Map *)as_object(v);
    if (m->iterators->length == 1) {
        OWN Value item = iterator_step(t, m->iterators->items[0]);
        if (is_unbound(item) || is_error(item)) return MOVE(item);
        return call1(t, m->function, item);
    }
    size_t count = m->iterators->length;
    OWN_POINTER Tuple *row = tuple_blank(t, count);
    if (!row) return ERROR;
    for (size_t i = 0; i < count; i++) {
        Value item = iterator_step(t, m->iterators->items[i]);
        if (is_unbound(item) || is_error(item)) return item;
        row->items[i] = item;
    }
    return call(t, m->function, row->items, count, UNBOUND);
}

static Value map_reduce(Thread *t, Value self, const Value *args)
{
    Map *m = (Map *)as_object(self);
    OWN_POINTER Tuple *arguments = tuple_blank(t, m->iterators->length + 1);
    if (!arguments) return ERROR;
    arguments->items[0] = retain(m->function);
    for (size_t i = 0; i < m->iterators->length; i++) arguments->items[i + 1] = retain(m->iterators->items[i]);
    return tuple_of(t, 2, type_value(type_of(self)), object_value(arguments));
}

static const Method map_methods[] = {{"__reduce__", map_reduce, "(self, /)", "Return state information for pickling."}, {0}};
const TypeSpec map_spec = {
    .name = "map",
    .doc = "map(func, *iterables) --> map object\n\nMake an iterator that computes the function using arguments from\neach of the iterables.  Stops when the shortest iterable is exhausted.",
    .size = sizeof(Map),
    .flags = TYPE_BASE | TYPE_GC,
    .slots = {.visit = map_visit, .finish = map_finish, .make = map_make, .iter = iter_self, .next = map_next},
    .methods = map_methods,
};

// ---- filter(function or None, iterable)

typedef struct Filter { Object head; Value function, iterator; } Filter;

static Value filter_make(Thread *t, Type *type, const Value *args, size_t nargs, Value kwnames)
{
    if (!plain_or_no_keywords(t, type, &filter_type, kwnames) || !check_count(t, "filter", nargs, 2, 2)) return ERROR;
    OWN Value iterator = object_iter(t, args[1]);
    if (is_error(iterator)) return ERROR;
    Filter *f = (Filter *)object_new(t, type);
    if (!f) return ERROR;
    f->function = retain(args[0]);
    f->iterator = MOVE(iterator);
    return object_value(f);
}

static void filter_visit(Object *o, VisitFn visit, void *context)
{
    visit(((Filter *)o)->function, context);
    visit(((Filter *)o)->iterator, context);
}

static void filter_finish(Thread *t, Object *o)
{
    clear(&((Filter *)o)->function);
    clear(&((Filter *)o)->iterator);
}

static Value filter_next(Thread *t, Value v)
{
    Filter *f = (Filter *)as_object(v);
    bool by_truth = is_none(f->function) || is_same(f->function, type_value(&bool_type));
    for (;;) {
        OWN Value item = object_next(t, f->iterator);
        if (is_unbound(item) || is_error(item)) return MOVE(item);
        OWN Value answer = by_truth ? retain(item) : call1(t, f->function, item);
        if (is_error(answer)) return ERROR;
        int good = object_truth(t, answer);
        if (good < 0) return ERROR;
        if (good) return MOVE(item);
    }
}

static Value filter_reduce(Thread *t, Value self, const Value *args)
{
    Filter *f = (Filter *)as_object(self);
    OWN Value arguments = tuple_of(t, 2, f->function, f->iterator);
    return is_error(arguments) ? ERROR : tuple_of(t, 2, type_value(type_of(self)), arguments);
}

static const Method filter_methods[] = {{"__reduce__", filter_reduce, "(self, /)", "Return state information for pickling."}, {0}};
const TypeSpec filter_spec = {
    .name = "filter",
    .doc = "filter(function or None, iterable) --> filter object\n\nReturn an iterator yielding those items of iterable for which function(item)\nis true. "
           "If function is None, return the items that are true.",
    .size = sizeof(Filter),
    .flags = TYPE_BASE | TYPE_GC,
    .slots = {.visit = filter_visit, .finish = filter_finish, .make = filter_make, .iter = iter_self, .next = filter_next},
    .methods = filter_methods,
};

// ---- reversed(sequence): of what has no __reversed__ of its own. `at`: how many are left.

static Value reversed_make(Thread *t, Type *type, const Value *args, size_t nargs, Value kwnames)
{
    if (!plain_or_no_keywords(t, type, &reversed_type, kwnames) || !check_count(t, "reversed", nargs, 1, 1)) return ERROR;
    Value sequence = args[0];
    OWN Value method = special_method(t, sequence, NAME(__reversed__));
    if (is_error(method)) return ERROR;
    if (is_none(method)) return raise_type_error(t, "'%.200T' object is not reversible", sequence);
    if (!is_unbound(method)) return call0(t, method);
    Type *kind = type_of(sequence);
    if (!kind->slots.get_item || is_instance_of(sequence, &dict_type)) return raise_type_error(t, "'%.200T' object is not reversible", sequence);
    ptrdiff_t length = object_length(t, sequence);
    if (length < 0) return ERROR;
    Value made = sequence_iterator_new(t, type, sequence);
    if (!is_error(made)) ((SequenceIterator *)as_object(made))->at = (size_t)length;
    return made;
}

static Value reversed_next(Thread *t, Value v)
{
    SequenceIterator *i = (SequenceIterator *)as_object(v);
    if (is_unbound(i->sequence)) return UNBOUND;
    if (i->at > 0) {
        OWN Value index = int_value(t, (int64_t)i->at - 1);
        if (is_error(index)) return ERROR;
        OWN Value sequence = retain(i->sequence);
        Value item = object_get_item(t, sequence, index);
        if (!is_error(item)) {
            if (i->at > 0) i->at--;
            return item;
        }
        if (!error_clear_if(t, &exc_IndexError) && !error_clear_if(t, &exc_StopIteration)) return ERROR;
    }
    i->at = 0;
    clear(&i->sequence);
    return UNBOUND;
}

static Value reversed_length_hint(Thread *t, Value self, const Value *args)
{
    SequenceIterator *i = (SequenceIterator *)as_object(self);
    if (is_unbound(i->sequence)) return small_int(0);
    ptrdiff_t length = object_length(t, i->sequence);
    if (length < 0) return ERROR;
    return small_int((size_t)length < i->at ? 0 : (int64_t)i->at);
}

static Value reversed_reduce(Thread *t, Value self, const Value *args)
{
    SequenceIterator *i = (SequenceIterator *)as_object(self);
    OWN Value arguments = tuple_of(t, 1, is_unbound(i->sequence) ? object_value(tuple_empty) : i->sequence);
    if (is_unbound(i->sequence)) return is_error(arguments) ? ERROR : tuple_of(t, 2, type_value(type_of(self)), arguments);
    if (is_error(arguments)) return ERROR;
    return tuple_of(t, 3, type_value(type_of(self)), arguments, small_int((int64_t)i->at - 1));
}

static Value reversed_set_state(Thread *t, Value self, const Value *args)
{
    SequenceIterator *i = (SequenceIterator *)as_object(self);
    int64_t state;
    if (!int_as_i64(t, args[0], &state)) return ERROR;
    if (is_unbound(i->sequence)) return NONE;
    ptrdiff_t length = object_length(t, i->sequence);
    if (length < 0) return ERROR;
    if (state < -1) state = -1;
    if (state > length - 1) state = length - 1;
    i->at = (size_t)(state + 1);
    return NONE;
}

static const Method reversed_methods[] = {
    {"__length_hint__", reversed_length_hint, "(self, /)", "Private method returning an estimate of len(list(it))."},
    {"__reduce__", reversed_reduce, "(self, /)", "Return state information for pickling."},
    {"__setstate__", reversed_set_state, "(self, state, /)", "Set state information for unpickling."},
    {0},
};
const TypeSpec reversed_spec = {
    .name = "reversed",
    .doc = "Return a reverse iterator over the values of the given sequence.",
    .size = sizeof(SequenceIterator),
    .flags = TYPE_BASE | TYPE_GC,
    .slots = {
        .visit = sequence_iterator_visit,
        .finish = sequence_iterator_finish,
        .make = reversed_make,
        .iter = iter_self,
        .next = reversed_next,
    },
    .methods = reversed_methods,
};
