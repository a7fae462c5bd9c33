// SPDX-License-Identifier: MIT
// stdlib/itertools/filters.c: iterators that take one source and give some of it, or something made of it.
#include "stdlib/itertools/itertools.h"

// ---- (function, source): takewhile, dropwhile, filterfalse, starmap

static Value function_and_source(Thread *t, Type *type, const Type *plain, const Value *args, size_t nargs, Value kwnames)
{
    if (!itertool_no_keywords(t, type, plain, kwnames) || !check_count(t, plain->name, nargs, 2, 2)) return ERROR;
    Flow *f = flow_new(t, type, args[1]);
    if (!f) return ERROR;
    f->function = retain(args[0]);
    return object_value(f);
}
#define MAKE(name) \
    static Value name##_make(Thread *t, Type *type, const Value *args, size_t nargs, Value kwnames) \
    { \
        return function_and_source(t, type, &it_##name##_type, args, nargs, kwnames); \
    }
MAKE(takewhile)
MAKE(dropwhile)
MAKE(filterfalse)
MAKE(starmap)

// What the function says of item: 1, 0, -1.
static int says(Thread *t, Flow *f, Value item)
{
    OWN Value answer = call1(t, f->function, item);
    return is_error(answer) ? -1 : object_truth(t, answer);
}

static Value function_reduce(Thread *t, Value self, const Value *args)
{
    Flow *f = as_flow(self);
    return itertool_reduction(t, self, tuple_of(t, 2, f->function, f->source), UNBOUND);
}
static Value flag_reduce(Thread *t, Value self, const Value *args)
{
    Flow *f = as_flow(self);
    return itertool_reduction(t, self, tuple_of(t, 2, f->function, f->source), small_int(f->flag));
}
static Value flag_set_state(Thread *t, Value self, const Value *args)
{
    int flag = object_truth(t, args[0]);
    if (flag < 0) return ERROR;
    as_flow(self)->flag = flag;
    return NONE;
}
static const Method function_methods[] = {{"__reduce__", function_reduce, "(self, /)", "Return state information for pickling."}, {0}};
static const Method flag_methods[] = {
    {"__reduce__", flag_reduce, "(self, /)", "Return state information for pickling."},
    {"__setstate__", flag_set_state, "(self, state, /)", "Set state information for unpickling."},
    {0},
};

// flag: the function has said no.
static Value takewhile_next(Thread *t, Value v)
{
    Flow *f = as_flow(v);
    if (f->flag) return UNBOUND;
    OWN Value item = object_next(t, f->source);
    if (is_unbound(item) || is_error(item)) return MOVE(item);
    int good = says(t, f, item);
    if (good < 0) return ERROR;
    if (good) return MOVE(item);
    f->flag = true;
    return UNBOUND;
}

static Value dropwhile_next(Thread *t, Value v)
{
    Flow *f = as_flow(v);
    for (;;) {
        OWN Value item = object_next(t, f->source);
        if (is_unbound(item) || is_error(item) || f->flag) return MOVE(item);
        int dropped = says(t, f, item);
        if (dropped < 0) return ERROR;
        if (dropped) continue;
        f->flag = true;
        return MOVE(item);
    }
}

static Value filterfalse_next(Thread *t, Value v)
{
    Flow *f = as_flow(v);
    bool by_truth = is_none(f->function) || is_same(f->function, type_value(&bool_type));
    for (;;) {
        OWN Value item = object_next(t, f->source);
        if (is_unbound(item) || is_error(item)) return MOVE(item);
        int truth = by_truth ? object_truth(t, item) : says(t, f, item);
        if (truth < 0) return ERROR;
        if (!truth) return MOVE(item);
    }
}

static Value starmap_next(Thread *t, Value v)
{
    Flow *f = as_flow(v);
    OWN Value row = object_next(t, f->source);
    if (is_unbound(row) || is_error(row)) return MOVE(row);
    OWN Value args = tuple_from_iterable(t, row);
    return is_error(args) ? ERROR : call(t, f->function, as_tuple(args)->items, as_tuple(args)->length, UNBOUND);
}

#define FUNCTION_SPEC(c_name, method_table, text) \
    const TypeSpec it_##c_name##_spec = { \
        .name = "itertools." #c_name, \
        .doc = text, \
        .size = sizeof(Flow), \
        .flags = TYPE_BASE | TYPE_GC, \
        .slots = {FLOW_SLOTS, .next = c_name##_next, .make = c_name##_make}, \
        .methods = method_table, \
    }
FUNCTION_SPEC(takewhile, flag_methods, "Return successive entries from an iterable as long as the predicate evaluates to true for each entry.");
FUNCTION_SPEC(dropwhile, flag_methods, "Drop items from the iterable while predicate(item) is true.\n\nAfterwards, return every element until the iterable is exhausted.");
FUNCTION_SPEC(filterfalse, function_methods,
              "Return those items of iterable for which function(item) is false.\n\nIf function is None, return the items that are false.");
FUNCTION_SPEC(starmap, function_methods,
              "Return an iterator whose values are returned from the function evaluated with an argument tuple taken from the given sequence.");

// ---- compress(data, selectors): extra is the iterator of selectors

static Value compress_construct(Thread *t, Type *type, const Value *args)
{
    OWN_POINTER Flow *f = flow_new(t, type, args[0]);
    if (!f) return ERROR;
    f->extra = object_iter(t, args[1]);
    return is_error(f->extra) ? ERROR : object_value(MOVE_POINTER(f));
}

static Value compress_next(Thread *t, Value v)
{
    Flow *f = as_flow(v);
    for (;;) {
        OWN Value item = object_next(t, f->source);
        if (is_unbound(item) || is_error(item)) return MOVE(item);
        OWN Value selector = object_next(t, f->extra);
        if (is_unbound(selector) || is_error(selector)) return MOVE(selector);
        int chosen = object_truth(t, selector);
        if (chosen < 0) return ERROR;
        if (chosen) return MOVE(item);
    }
}

static Value compress_reduce(Thread *t, Value self, const Value *args)
{
    return itertool_reduction(t, self, tuple_of(t, 2, as_flow(self)->source, as_flow(self)->extra), UNBOUND);
}
static const Method compress_methods[] = {{"__reduce__", compress_reduce, "(self, /)", "Return state information for pickling."}, {0}};
const TypeSpec it_compress_spec = {
    .name = "itertools.compress",
    .doc = "Return data elements corresponding to true selector elements.",
    .size = sizeof(Flow),
    .flags = TYPE_BASE | TYPE_GC,
    .slots = {FLOW_SLOTS, .next = compress_next},
    .methods = compress_methods,
    .new_signature = "(data, selectors)",
    .construct = compress_construct,
};

// ---- pairwise(iterable): saved is the item before

static Value pairwise_construct(Thread *t, Type *type, const Value *args)
{
    Flow *f = flow_new(t, type, args[0]);
    return f ? object_value(f) : ERROR;
}

static Value pairwise_next(Thread *t, Value v)
{
    Flow *f = as_flow(v);
    if (is_unbound(f->source)) return UNBOUND;
    OWN Value source = retain(f->source);
    if (is_unbound(f->saved)) {
        Value first = object_next(t, source);
        if (is_error(first)) return ERROR;
        if (is_unbound(first) || is_unbound(f->source)) {
            drop(first);
            clear(&f->source);
            return UNBOUND;
        }
        assign(&f->saved, first);
    }
    OWN Value before = retain(f->saved);
    OWN Value item = object_next(t, source);
    if (is_error(item)) return ERROR;
    if (is_unbound(item)) {
        clear(&f->source);
        clear(&f->saved);
        return UNBOUND;
    }
    assign(&f->saved, retain(item));
    return tuple_of(t, 2, before, item);
}

const TypeSpec it_pairwise_spec = {
    .name = "itertools.pairwise",
    .doc = "Return an iterator of overlapping pairs taken from the input iterator.\n\n    s -> (s0,s1), (s1,s2), (s2, s3), ...",
    .size = sizeof(Flow),
    .flags = TYPE_BASE | TYPE_GC,
    .slots = {FLOW_SLOTS, .next = pairwise_next},
    .new_signature = "(iterable, /)",
    .construct = pairwise_construct,
};

// ---- accumulate(iterable, func=None, *, initial=None): saved is the total, extra the initial value yet to come

static Value accumulate_construct(Thread *t, Type *type, const Value *args)
{
    Flow *f = flow_new(t, type, args[0]);
    if (!f) return ERROR;
    f->function = retain(args[1]);
    f->extra = is_none(args[2]) ? UNBOUND : retain(args[2]);
    return object_value(f);
}

static Value accumulate_next(Thread *t, Value v)
{
    Flow *f = as_flow(v);
    if (!is_unbound(f->extra)) {
        assign(&f->saved, MOVE(f->extra));
        return retain(f->saved);
    }
    OWN Value item = object_next(t, f->source);
    if (is_unbound(item) || is_error(item)) return MOVE(item);
    if (is_unbound(f->saved)) {
        f->saved = retain(item);
        return MOVE(item);
    }
    OWN Value before = retain(f->saved);
    OWN Value total = is_none(f->function) ? object_binary(t, OP_ADD, before, item) : call2(t, f->function, before, item);
    if (is_error(total)) return ERROR;
    assign(&f->saved, retain(total));
    return MOVE(total);
}

// chain([first], rest): a source that begins with a value which is none of its own.
static Value with_first(Thread *t, Value first, Value rest)
{
    OWN Value one = tuple_of(t, 1, first);
    return is_error(one) ? ERROR : call2(t, type_value(&it_chain_type), one, rest);
}

static Value accumulate_reduce(Thread *t, Value self, const Value *args)
{
    Flow *f = as_flow(self);
    if (!is_unbound(f->extra)) {
        OWN Value source = with_first(t, f->extra, f->source);
        return is_error(source) ? ERROR : itertool_reduction(t, self, tuple_of(t, 2, source, f->function), NONE);
    }
    if (is_none(f->saved)) {         // None as a state means that there is no total yet
        OWN Value source = with_first(t, NONE, f->source);
        if (is_error(source)) return ERROR;
        OWN Value again = call2(t, type_value(type_of(self)), source, f->function);
        if (is_error(again)) return ERROR;
        OWN Value arguments = tuple_of(t, 3, again, small_int(1), NONE);
        return is_error(arguments) ? ERROR : tuple_of(t, 2, type_value(&it_islice_type), arguments);
    }
    return itertool_reduction(t, self, tuple_of(t, 2, f->source, f->function), is_unbound(f->saved) ? NONE : retain(f->saved));
}

static Value accumulate_set_state(Thread *t, Value self, const Value *args)
{
    assign(&as_flow(self)->saved, is_none(args[0]) ? UNBOUND : retain(args[0]));
    return NONE;
}

static const Method accumulate_methods[] = {
    {"__reduce__", accumulate_reduce, "(self, /)", "Return state information for pickling."},
    {"__setstate__", accumulate_set_state, "(self, state, /)", "Set state information for unpickling."},
    {0},
};
const TypeSpec it_accumulate_spec = {
    .name = "itertools.accumulate",
    .doc = "Return series of accumulated sums (or other binary function results).",
    .size = sizeof(Flow),
    .flags = TYPE_BASE | TYPE_GC,
    .slots = {FLOW_SLOTS, .next = accumulate_next},
    .methods = accumulate_methods,
    .new_signature = "(iterable, func=None, *, initial=None)",
    .construct = accumulate_construct,
};

// ---- islice: at items of the source are gone, extra (an int) is the number of the next to give, stop the bound or -1

static bool slice_number(Thread *t, Value v, int64_t *number, const char *message)
{
    if (is_none(v)) return true;
    if (has_index(v) && int_as_i64(t, v, number) && *number >= 0) return true;
    error_clear(t);
    return error_false(raise_value_error(t, "%s", message));
}

static Value islice_make(Thread *t, Type *type, const Value *args, size_t nargs, Value kwnames)
{
    static const char stop_message[] = "Stop argument for islice() must be None or an integer: 0 <= x <= sys.maxsize.";
    static const char start_message[] = "Indices for islice() must be None or an integer: 0 <= x <= sys.maxsize.";
    if (!itertool_no_keywords(t, type, &it_islice_type, kwnames) || !check_count(t, "islice", nargs, 2, 4)) return ERROR;
    int64_t start = 0, stop = -1, step = 1;
    if (!slice_number(t, args[nargs == 2 ? 1 : 2], &stop, stop_message)) return ERROR;
    if (nargs > 2 && !slice_number(t, args[1], &start, start_message)) return ERROR;
    if (nargs == 4 && (!slice_number(t, args[3], &step, "Step for islice() must be a positive integer or None.") || step == 0)) {
        return check_error_pending(t) ? ERROR : raise_value_error(t, "Step for islice() must be a positive integer or None.");
    }
    OWN_POINTER Flow *f = flow_new(t, type, args[0]);
    if (!f) return ERROR;
    f->extra = int_value(t, start);
    f->stop = stop;
    f->step = step;
    return is_error(f->extra) ? ERROR : object_value(MOVE_POINTER(f));
}

static Value islice_end(Flow *f)
{
    clear(&f->source);
    return UNBOUND;
}

static Value islice_next(Thread *t, Value v)
{
    Flow *f = as_flow(v);
    if (is_unbound(f->source)) return UNBOUND;
    OWN Value source = retain(f->source);
    int64_t wanted = 0;
    if (!int_as_i64(t, f->extra, &wanted)) return ERROR;
    while (f->at < wanted) {
        if (f->stop >= 0 && f->at >= f->stop) return islice_end(f);
        OWN Value skipped = object_next(t, source);
        if (is_error(skipped)) return ERROR;
        if (is_unbound(skipped)) return islice_end(f);
        f->at++;
    }
    if (f->stop >= 0 && f->at >= f->stop) return islice_end(f);
    OWN Value item = object_next(t, source);
    if (is_error(item)) return ERROR;
    if (is_unbound(item)) return islice_end(f);
    f->at++;
    int64_t following;
    if (__builtin_add_overflow(wanted, f->step, &following) || (f->stop >= 0 && following > f->stop)) following = f->stop >= 0 ? f->stop : INT64_MAX;
    Value next = int_value(t, following);
    if (is_error(next)) return ERROR;
    assign(&f->extra, next);
    return MOVE(item);
}

static Value islice_reduce(Thread *t, Value self, const Value *args)
{
    Flow *f = as_flow(self);
    if (is_unbound(f->source)) {
        OWN Value nothing = list_new(t, 0);
        if (is_error(nothing)) return ERROR;
        OWN Value iterator = object_iter(t, nothing);
        return is_error(iterator) ? ERROR : itertool_reduction(t, self, tuple_of(t, 2, iterator, small_int(0)), small_int(0));
    }
    OWN Value stop = f->stop < 0 ? NONE : int_value(t, f->stop);
    OWN Value step = int_value(t, f->step);
    OWN Value at = int_value(t, f->at);
    if (is_error(stop) || is_error(step) || is_error(at)) return ERROR;
    return itertool_reduction(t, self, tuple_of(t, 4, f->source, f->extra, stop, step), MOVE(at));
}

static Value islice_set_state(Thread *t, Value self, const Value *args) { return small_number(t, args[0], &as_flow(self)->at) ? NONE : ERROR; }

static const Method islice_methods[] = {
    {"__reduce__", islice_reduce, "(self, /)", "Return state information for pickling."},
    {"__setstate__", islice_set_state, "(self, state, /)", "Set state information for unpickling."},
    {0},
};
const TypeSpec it_islice_spec = {
    .name = "itertools.islice",
    .doc = "islice(iterable, stop) --> islice object\nislice(iterable, start, stop[, step]) --> islice object\n\n"
           "Return an iterator whose next() method returns selected values from an\niterable. Works like a slice() on a list but returns an iterator.",
    .size = sizeof(Flow),
    .flags = TYPE_BASE | TYPE_GC,
    .slots = {FLOW_SLOTS, .next = islice_next, .make = islice_make},
    .methods = islice_methods,
};
