// SPDX-License-Identifier: MIT
// stdlib/itertools/groups.c: chain, zip_longest, groupby and tee: several sources into one, one into several.
#include "stdlib/itertools/itertools.h"

// ---- chain(*iterables): source iterates over the iterables, saved is the iterator of the present one

static Value chain_of(Thread *t, Type *type, Value iterables)
{
    Flow *f = flow_new(t, type, iterables);
    return f ? object_value(f) : ERROR;
}

static Value chain_make(Thread *t, Type *type, const Value *args, size_t nargs, Value kwnames)
{
    if (!itertool_no_keywords(t, type, &it_chain_type, kwnames)) return ERROR;
    OWN Value iterables = tuple_from_values(t, args, nargs);
    return is_error(iterables) ? ERROR : chain_of(t, type, iterables);
}

static Value chain_from_iterable(Thread *t, Value cls, const Value *args) { return chain_of(t, as_type(cls), args[0]); }

static Value chain_next(Thread *t, Value v)
{
    Flow *f = as_flow(v);
    while (!is_unbound(f->source)) {
        if (is_unbound(f->saved)) {
            OWN Value source = retain(f->source);
            OWN Value iterable = object_next(t, source);
            OWN Value iterator = is_unbound(iterable) || is_error(iterable) ? retain(iterable) : object_iter(t, iterable);
            if (is_unbound(iterator) || is_error(iterator)) {
                clear(&f->source);
                return MOVE(iterator);
            }
            assign(&f->saved, MOVE(iterator));
        }
        OWN Value present = retain(f->saved);
        Value item = object_next(t, present);
        if (!is_unbound(item)) return item;
        clear(&f->saved);
    }
    return UNBOUND;
}

static Value chain_reduce(Thread *t, Value self, const Value *args)
{
    Flow *f = as_flow(self);
    OWN Value state = is_unbound(f->source) ? UNBOUND : is_unbound(f->saved) ? tuple_of(t, 1, f->source) : tuple_of(t, 2, f->source, f->saved);
    return itertool_reduction(t, self, tuple_from_values(t, NULL, 0), MOVE(state));
}

static Value chain_set_state(Thread *t, Value self, const Value *args)
{
    Flow *f = as_flow(self);
    if (!is_tuple(args[0])) return raise_type_error(t, "state is not a tuple");
    Tuple *state = as_tuple(args[0]);
    if (state->length < 1 || state->length > 2) return raise_type_error(t, "function takes at least 1 argument (%zu given)", state->length);
    for (size_t i = 0; i < state->length; i++) {
        if (!type_of(state->items[i])->slots.next) return raise_type_error(t, "Arguments must be iterators.");
    }
    assign(&f->source, retain(state->items[0]));
    assign(&f->saved, state->length == 2 ? retain(state->items[1]) : UNBOUND);
    return NONE;
}

static const Method chain_methods[] = {
    {"from_iterable", chain_from_iterable, "(cls, iterable, /)", "Alternative chain() constructor taking a single iterable argument that evaluates lazily."},
    {"__reduce__", chain_reduce, "(self, /)", "Return state information for pickling."},
    {"__setstate__", chain_set_state, "(self, state, /)", "Set state information for unpickling."},
    CLASS_GET_ITEM,
    {0},
};
const TypeSpec it_chain_spec = {
    .name = "itertools.chain",
    .doc = "chain(*iterables) --> chain object\n\nReturn a chain object whose .__next__() method returns elements from the\nfirst iterable until it is exhausted, "
           "then elements from the next\niterable, until all of the iterables are exhausted.",
    .size = sizeof(Flow),
    .flags = TYPE_BASE | TYPE_GC,
    .slots = {FLOW_SLOTS, .next = chain_next, .make = chain_make},
    .methods = chain_methods,
};

// ---- zip_longest(*iterables, fillvalue=None): function is the list of iterators (None: ended), extra the fill value,
// at how many have not ended

static Value zip_longest_make(Thread *t, Type *type, const Value *args, size_t nargs, Value kwnames)
{
    Value fill = NONE;
    size_t keywords = is_unbound(kwnames) ? 0 : as_tuple(kwnames)->length;
    for (size_t i = 0; i < keywords; i++) {
        if (!str_equal_text(as_str(as_tuple(kwnames)->items[i]), "fillvalue")) return raise_type_error(t, "zip_longest() got an unexpected keyword argument");
        fill = args[nargs + i];
    }
    OWN Value iterators = list_new(t, nargs);
    if (is_error(iterators)) return ERROR;
    for (size_t i = 0; i < nargs; i++) {
        Value iterator = object_iter(t, args[i]);
        if (is_error(iterator) || !list_append_owned(t, iterators, iterator)) return ERROR;
    }
    Flow *f = (Flow *)object_new(t, type);
    if (!f) return ERROR;
    f->function = MOVE(iterators);
    f->extra = retain(fill);
    f->at = (int64_t)nargs;
    return object_value(f);
}

static Value zip_longest_next(Thread *t, Value v)
{
    Flow *f = as_flow(v);
    List *iterators = as_list(f->function);
    if (iterators->length == 0 || f->at == 0) return UNBOUND;
    OWN_POINTER Tuple *row = tuple_blank(t, iterators->length);
    if (!row) return ERROR;
    for (size_t i = 0; i < row->length; i++) {
        OWN Value iterator = retain(iterators->items[i]);
        Value item = is_none(iterator) ? UNBOUND : object_next(t, iterator);
        if (is_error(item)) {
            f->at = 0;
            return ERROR;
        }
        if (is_unbound(item)) {
            if (!is_none(iterators->items[i])) {
                if (f->at > 0) f->at--;
                if (f->at == 0) return UNBOUND;
                assign(&iterators->items[i], NONE);
            }
            item = retain(f->extra);
        }
        row->items[i] = item;
    }
    return object_value(MOVE_POINTER(row));
}

static Value zip_longest_reduce(Thread *t, Value self, const Value *args)
{
    Flow *f = as_flow(self);
    OWN Value arguments = list_to_tuple(t, f->function);
    if (is_error(arguments)) return ERROR;
    for (size_t i = 0; i < as_tuple(arguments)->length; i++) {
        if (is_none(as_tuple(arguments)->items[i])) as_tuple(arguments)->items[i] = object_value(tuple_empty);
    }
    return itertool_reduction(t, self, MOVE(arguments), retain(f->extra));
}

static Value zip_longest_set_state(Thread *t, Value self, const Value *args)
{
    assign(&as_flow(self)->extra, retain(args[0]));
    return NONE;
}

static const Method zip_longest_methods[] = {
    {"__reduce__", zip_longest_reduce, "(self, /)", "Return state information for pickling."},
    {"__setstate__", zip_longest_set_state, "(self, state, /)", "Set state information for unpickling."},
    {0},
};
const TypeSpec it_zip_longest_spec = {
    .name = "itertools.zip_longest",
    .doc = "zip_longest(iter1 [,iter2 [...]], [fillvalue=None]) --> zip_longest object\n\nLike zip(), but continues until the longest iterable is exhausted, "
           "with the fillvalue\nin the place of what has ended.",
    .size = sizeof(Flow),
    .flags = TYPE_BASE | TYPE_GC,
    .slots = {FLOW_SLOTS, .next = zip_longest_next, .make = zip_longest_make},
    .methods = zip_longest_methods,
};

// ---- groupby(iterable, key=None)
//
// `value` is an item that was read but not given yet, and `key` its key; `target` is the key of the group being given,
// `grouper` that group (not owned: only compared), which ends when groupby goes on.

typedef struct GroupBy { Object head; Value source, function, target, key, value; const Object *grouper; } GroupBy;
typedef struct Grouper { Object head; Value parent, target; } Grouper;

static Value groupby_construct(Thread *t, Type *type, const Value *args)
{
    OWN Value iterator = object_iter(t, args[0]);
    if (is_error(iterator)) return ERROR;
    GroupBy *g = (GroupBy *)object_new(t, type);
    if (!g) return ERROR;
    g->source = MOVE(iterator);
    g->function = retain(args[1]);
    return object_value(g);
}

static void groupby_visit(Object *o, VisitFn visit, void *context)
{
    GroupBy *g = (GroupBy *)o;
    visit(g->source, context);
    visit(g->function, context);
    visit(g->target, context);
    visit(g->key, context);
    visit(g->value, context);
}

static void groupby_finish(Thread *t, Object *o)
{
    GroupBy *g = (GroupBy *)o;
    clear(&g->source);
    clear(&g->function);
    clear(&g->target);
    clear(&g->key);
    clear(&g->value);
}

// Reads the next item. 1: done, 0: at the end, -1: raised.
static int read_item(Thread *t, GroupBy *g)
{
    OWN Value item = object_next(t, g->source);
    if (is_error(item)) return -1;
    if (is_unbound(item)) return 0;
    OWN Value key = is_none(g->function) ? retain(item) : call1(t, g->function, item);
    if (is_error(key)) return -1;
    assign(&g->value, MOVE(item));
    assign(&g->key, MOVE(key));
    return 1;
}

static int keys_equal(Thread *t, Value a, Value b)
{
    OWN Value x = retain(a);
    OWN Value y = retain(b);
    return object_equal(t, x, y);
}

static Value groupby_next(Thread *t, Value v)
{
    GroupBy *g = (GroupBy *)as_object(v);
    g->grouper = NULL;
    for (;;) {       // over the rest of the present group
        if (!is_unbound(g->key)) {
            if (is_unbound(g->target)) break;
            int same = keys_equal(t, g->target, g->key);
            if (same < 0) return ERROR;
            if (!same) break;
        }
        int read = read_item(t, g);
        if (read <= 0) return read < 0 ? ERROR : UNBOUND;
    }
    assign(&g->target, retain(g->key));
    Grouper *group = (Grouper *)object_new(t, &it_grouper_type);
    if (!group) return ERROR;
    OWN Value owner = object_value(group);
    group->parent = retain(v);
    group->target = retain(g->target);
    g->grouper = &group->head;
    return tuple_of(t, 2, g->key, owner);
}

static Value groupby_reduce(Thread *t, Value self, const Value *args)
{
    GroupBy *g = (GroupBy *)as_object(self);
    bool begun = !is_unbound(g->target) && !is_unbound(g->key) && !is_unbound(g->value);
    return itertool_reduction(t, self, tuple_of(t, 2, g->source, g->function), begun ? tuple_of(t, 3, g->key, g->value, g->target) : UNBOUND);
}

static Value groupby_set_state(Thread *t, Value self, const Value *args)
{
    GroupBy *g = (GroupBy *)as_object(self);
    if (!is_tuple(args[0])) return raise_type_error(t, "state is not a tuple");
    Tuple *state = as_tuple(args[0]);
    if (state->length != 3) return raise_type_error(t, "function takes exactly 3 arguments (%zu given)", state->length);
    assign(&g->key, retain(state->items[0]));
    assign(&g->value, retain(state->items[1]));
    assign(&g->target, retain(state->items[2]));
    return NONE;
}

static const Method groupby_methods[] = {
    {"__reduce__", groupby_reduce, "(self, /)", "Return state information for pickling."},
    {"__setstate__", groupby_set_state, "(self, state, /)", "Set state information for unpickling."},
    {0},
};
const TypeSpec it_groupby_spec = {
    .name = "itertools.groupby",
    .doc = "make an iterator that returns consecutive keys and groups from the iterable\n\n  iterable\n    Elements to divide into groups according to the key function.\n"
           "  key\n    A function for computing the group category for each element.\n    If the key function is not specified or is None, the element itself\n    is used for grouping.",
    .size = sizeof(GroupBy),
    .flags = TYPE_BASE | TYPE_GC,
    .slots = {.visit = groupby_visit, .finish = groupby_finish, .iter = iter_self, .next = groupby_next},
    .methods = groupby_methods,
    .new_signature = "(iterable, key=None)",
    .construct = groupby_construct,
};

static void grouper_visit(Object *o, VisitFn visit, void *context)
{
    visit(((Grouper *)o)->parent, context);
    visit(((Grouper *)o)->target, context);
}

static void grouper_finish(Thread *t, Object *o)
{
    Grouper *group = (Grouper *)o;
    if (!is_unbound(group->parent)) {
        GroupBy *g = (GroupBy *)as_object(group->parent);
        if (g->grouper == o) g->grouper = NULL;
    }
    clear(&group->parent);
    clear(&group->target);
}

static Value grouper_construct(Thread *t, Type *type, const Value *args)
{
    if (!is_instance_of(args[0], &it_groupby_type)) return raise_type_error(t, "_grouper() argument 1 must be itertools.groupby, not %.50T", args[0]);
    Grouper *group = (Grouper *)object_new(t, type);
    if (!group) return ERROR;
    group->parent = retain(args[0]);
    group->target = retain(args[1]);
    ((GroupBy *)as_object(args[0]))->grouper = &group->head;
    return object_value(group);
}

static Value grouper_next(Thread *t, Value v)
{
    Grouper *group = (Grouper *)as_object(v);
    GroupBy *g = (GroupBy *)as_object(group->parent);
    if (g->grouper != &group->head) return UNBOUND;
    if (is_unbound(g->value)) {
        int read = read_item(t, g);
        if (read <= 0) return read < 0 ? ERROR : UNBOUND;
    }
    int same = keys_equal(t, group->target, g->key);
    if (same <= 0) return same < 0 ? ERROR : UNBOUND;
    Value item = MOVE(g->value);
    clear(&g->key);
    return item;
}

static Value grouper_reduce(Thread *t, Value self, const Value *args)
{
    Grouper *group = (Grouper *)as_object(self);
    if (((GroupBy *)as_object(group->parent))->grouper == &group->head) return itertool_reduction(t, self, tuple_of(t, 2, group->parent, group->target), UNBOUND);
    OWN Value iter = builtin_named(t, "iter");
    if (is_error(iter)) return ERROR;
    OWN Value arguments = tuple_of(t, 1, object_value(tuple_empty));
    return is_error(arguments) ? ERROR : tuple_of(t, 2, iter, arguments);
}

static const Method grouper_methods[] = {{"__reduce__", grouper_reduce, "(self, /)", "Return state information for pickling."}, {0}};
const TypeSpec it_grouper_spec = {
    .name = "itertools._grouper",
    .size = sizeof(Grouper),
    .flags = TYPE_GC,
    .slots = {.visit = grouper_visit, .finish = grouper_finish, .iter = iter_self, .next = grouper_next},
    .methods = grouper_methods,
    .new_signature = "(parent, tgtkey, /)",
    .construct = grouper_construct,
};

// ---- tee(iterable, n=2)
//
// What the source gave is kept in a chain of blocks, each filled in order; every tee has a place in the chain, and a
// block lives as long as a tee, or the block before, needs it.

enum { BLOCK_ITEMS = 57 };
typedef struct TeeData { Object head; Value source, next; size_t count; bool running; Value items[BLOCK_ITEMS]; } TeeData;   // next: the block behind, or UNBOUND
typedef struct Tee { Object head; TeeData *data; size_t at; } Tee;

static TeeData *tee_data_new(Thread *t, Value source)
{
    TeeData *data = (TeeData *)object_new(t, &it_tee_data_type);
    if (data) data->source = retain(source);
    return data;
}

static void tee_data_visit(Object *o, VisitFn visit, void *context)
{
    TeeData *data = (TeeData *)o;
    visit(data->source, context);
    visit(data->next, context);
    for (size_t i = 0; i < data->count; i++) visit(data->items[i], context);
}

static void tee_data_finish(Thread *t, Object *o)
{
    TeeData *data = (TeeData *)o;
    clear(&data->source);
    clear(&data->next);
    while (data->count) clear(&data->items[--data->count]);
}

// Item `at` of the block: read from the source if nobody has needed it yet.
static Value tee_data_item(Thread *t, TeeData *data, size_t at)
{
    if (at < data->count) return retain(data->items[at]);
    if (data->running) return raise_error(t, &exc_RuntimeError, "cannot re-enter the tee iterator");
    UNUSED OWN_POINTER TeeData *kept = RETAIN(data);
    data->running = true;
    OWN Value item = object_next(t, data->source);
    data->running = false;
    if (is_unbound(item) || is_error(item)) return MOVE(item);
    data->items[data->count++] = retain(item);
    return MOVE(item);
}

static TeeData *block_behind(Thread *t, TeeData *data)
{
    if (is_unbound(data->next)) {
        TeeData *next = tee_data_new(t, data->source);
        if (!next) return NULL;
        data->next = object_value(next);
    }
    return (TeeData *)as_object(data->next);
}

// _tee_dataobject(iterator, values, next), as pickles call it.
static Value tee_data_construct(Thread *t, Type *type, const Value *args)
{
    if (!is_list(args[1])) return raise_type_error(t, "_tee_dataobject() argument 2 must be list, not %.50T", args[1]);
    OWN_POINTER TeeData *data = tee_data_new(t, args[0]);
    if (!data) return ERROR;
    List *values = as_list(args[1]);
    if (values->length > BLOCK_ITEMS || (!is_none(args[2]) && (values->length != BLOCK_ITEMS || type_of(args[2]) != &it_tee_data_type))) {
        return raise_value_error(t, "Invalid arguments");
    }
    for (size_t i = 0; i < values->length; i++) data->items[data->count++] = retain(values->items[i]);
    if (!is_none(args[2])) data->next = retain(args[2]);
    return object_value(MOVE_POINTER(data));
}

static Value tee_data_reduce(Thread *t, Value self, const Value *args)
{
    TeeData *data = (TeeData *)as_object(self);
    OWN Value values = list_from_values(t, data->items, data->count);
    if (is_error(values)) return ERROR;
    return itertool_reduction(t, self, tuple_of(t, 3, data->source, values, is_unbound(data->next) ? NONE : data->next), UNBOUND);
}

static const Method tee_data_methods[] = {{"__reduce__", tee_data_reduce, "(self, /)", "Return state information for pickling."}, {0}};
const TypeSpec it_tee_data_spec = {
    .name = "itertools._tee_dataobject",
    .doc = "teedataobject(iterable, values, next, /)\n--\n\nData container common to multiple tee objects.",
    .size = sizeof(TeeData),
    .flags = TYPE_GC,
    .slots = {.visit = tee_data_visit, .finish = tee_data_finish},
    .methods = tee_data_methods,
    .new_signature = "(iterable, values, next, /)",
    .construct = tee_data_construct,
};

static Value tee_at(Thread *t, TeeData *data, size_t at)
{
    Tee *made = (Tee *)object_new(t, &it_tee_type);
    if (!made) return ERROR;
    made->data = RETAIN(data);
    made->at = at;
    return object_value(made);
}

static Value tee_of(Thread *t, Value iterable)
{
    OWN Value iterator = object_iter(t, iterable);
    if (is_error(iterator)) return ERROR;
    if (type_of(iterator) == &it_tee_type) return tee_at(t, ((Tee *)as_object(iterator))->data, ((Tee *)as_object(iterator))->at);
    OWN_POINTER TeeData *data = tee_data_new(t, iterator);
    return data ? tee_at(t, data, 0) : ERROR;
}

static void tee_visit(Object *o, VisitFn visit, void *context)
{
    if (((Tee *)o)->data) visit(object_value(((Tee *)o)->data), context);
}
static void tee_finish(Thread *t, Object *o) { drop_pointer(MOVE_POINTER(((Tee *)o)->data)); }

static Value tee_next(Thread *t, Value v)
{
    Tee *own = (Tee *)as_object(v);
    if (own->at >= BLOCK_ITEMS) {
        TeeData *next = block_behind(t, own->data);
        if (!next) return ERROR;
        TeeData *before = own->data;
        own->data = RETAIN(next);
        own->at = 0;
        drop_pointer(before);
    }
    Value item = tee_data_item(t, own->data, own->at);
    if (!is_unbound(item) && !is_error(item)) own->at++;
    return item;
}

static Value tee_construct(Thread *t, Type *type, const Value *args) { return tee_of(t, args[0]); }
static Value tee_copy(Thread *t, Value self, const Value *args) { return tee_at(t, ((Tee *)as_object(self))->data, ((Tee *)as_object(self))->at); }

static Value tee_reduce(Thread *t, Value self, const Value *args)
{
    Tee *own = (Tee *)as_object(self);
    return itertool_reduction(t, self, tuple_of(t, 1, object_value(tuple_empty)), tuple_of(t, 2, object_value(own->data), small_int((int64_t)own->at)));
}

static Value tee_set_state(Thread *t, Value self, const Value *args)
{
    Tee *own = (Tee *)as_object(self);
    if (!is_tuple(args[0])) return raise_type_error(t, "state is not a tuple");
    Tuple *state = as_tuple(args[0]);
    int64_t at;
    if (state->length != 2 || type_of(state->items[0]) != &it_tee_data_type) return raise_type_error(t, "state must be a _tee_dataobject and an index");
    if (!small_number(t, state->items[1], &at)) return ERROR;
    if (at < 0 || at > BLOCK_ITEMS) return raise_value_error(t, "Index out of range");
    TeeData *before = own->data;
    own->data = RETAIN((TeeData *)as_object(state->items[0]));
    own->at = (size_t)at;
    drop_pointer(before);
    return NONE;
}

static const Method tee_methods[] = {
    {"__copy__", tee_copy, "(self, /)", "Returns an independent iterator."},
    {"__reduce__", tee_reduce, "(self, /)", "Return state information for pickling."},
    {"__setstate__", tee_set_state, "(self, state, /)", "Set state information for unpickling."},
    {0},
};
const TypeSpec it_tee_spec = {
    .name = "itertools._tee",
    .doc = "Iterator wrapped to make it copyable.",
    .size = sizeof(Tee),
    .flags = TYPE_GC | TYPE_HAS_WEAKREFS,
    .slots = {.visit = tee_visit, .finish = tee_finish, .iter = iter_self, .next = tee_next},
    .methods = tee_methods,
    .new_signature = "(iterable, /)",
    .construct = tee_construct,
};

Value tee(Thread *t, Value module, const Value *args)
{
    int64_t n;
    if (!small_number(t, args[1], &n)) return ERROR;
    if (n < 0) return raise_value_error(t, "n must be >= 0");
    OWN_POINTER Tuple *result = tuple_blank(t, (size_t)n);
    if (!result || n == 0) return result ? object_value(MOVE_POINTER(result)) : ERROR;
    OWN Value iterator = object_iter(t, args[0]);
    if (is_error(iterator)) return ERROR;
    OWN_POINTER Str *name = str_intern_text(t, "__copy__", strlen("__copy__"));
    if (!name) return ERROR;
    OWN Value copy = object_get_attr_optional(t, iterator, name);
    if (is_error(copy)) return ERROR;
    result->items[0] = is_unbound(copy) ? tee_of(t, iterator) : retain(iterator);
    if (is_error(result->items[0])) return ERROR;
    for (int64_t i = 1; i < n; i++) {
        Value next = call_method0(t, result->items[0], name);
        if (is_error(next)) return ERROR;
        result->items[i] = next;
    }
    return object_value(MOVE_POINTER(result));
}
