// SPDX-License-Identifier: MIT
// stdlib/itertools/infinite.c: count, cycle, repeat: iterators that need not end.
#include "runtime/types/float.h"
#include "stdlib/itertools/itertools.h"

// ---- count(start=0, step=1): saved is the next number, extra the step

static bool is_number(Value v)
{
    Slots *slots = &type_of(v)->slots;
    return slots->index || slots->to_int || slots->to_float || is_instance_of(v, &complex_type);
}

static Value count_construct(Thread *t, Type *type, const Value *args)
{
    if (!is_number(args[0]) || !is_number(args[1])) return raise_type_error(t, "a number is required");
    Flow *f = (Flow *)object_new(t, type);
    if (!f) return ERROR;
    f->saved = retain(args[0]);
    f->extra = retain(args[1]);
    return object_value(f);
}

static Value count_next(Thread *t, Value v)
{
    Flow *f = as_flow(v);
    Value following;
    if (both_small_ints(f->saved, f->extra) && small_int_add(f->saved, f->extra, &following)) {
        Value number = f->saved;
        f->saved = following;
        return number;
    }
    OWN Value number = retain(f->saved);
    following = object_binary(t, OP_ADD, number, f->extra);
    if (is_error(following)) return ERROR;
    assign(&f->saved, following);
    return MOVE(number);
}

static bool steps_by_one(const Flow *f) { return is_same(f->extra, small_int(1)); }

static Value count_repr(Thread *t, Value v)
{
    Flow *f = as_flow(v);
    if (steps_by_one(f)) return str_format(t, "%s(%R)", type_name(v), f->saved);
    return str_format(t, "%s(%R, %R)", type_name(v), f->saved, f->extra);
}

static Value count_reduce(Thread *t, Value self, const Value *args)
{
    Flow *f = as_flow(self);
    return itertool_reduction(t, self, steps_by_one(f) ? tuple_of(t, 1, f->saved) : tuple_of(t, 2, f->saved, f->extra), UNBOUND);
}

static const Method count_methods[] = {{"__reduce__", count_reduce, "(self, /)", "Return state information for pickling."}, {0}};
const TypeSpec it_count_spec = {
    .name = "itertools.count",
    .doc = "Return a count object whose .__next__() method returns consecutive values.",
    .size = sizeof(Flow),
    .flags = TYPE_BASE | TYPE_GC,
    .slots = {FLOW_SLOTS, .next = count_next, .repr = count_repr},
    .methods = count_methods,
    .new_signature = "(start=0, step=1)",
    .construct = count_construct,
};

// ---- cycle(iterable): saved is the list of what came, flag says that the source has ended, at is the next of the list

static Value cycle_make(Thread *t, Type *type, const Value *args, size_t nargs, Value kwnames)
{
    if (!itertool_no_keywords(t, type, &it_cycle_type, kwnames) || !check_count(t, "cycle", nargs, 1, 1)) return ERROR;
    OWN_POINTER Flow *f = flow_new(t, type, args[0]);
    if (!f) return ERROR;
    f->saved = list_new(t, 0);
    return is_error(f->saved) ? ERROR : object_value(MOVE_POINTER(f));
}

static Value cycle_next(Thread *t, Value v)
{
    Flow *f = as_flow(v);
    if (!is_unbound(f->source)) {
        OWN Value source = retain(f->source);
        OWN Value item = object_next(t, source);
        if (is_error(item)) return ERROR;
        if (!is_unbound(item)) return f->flag || list_append(t, f->saved, item) ? MOVE(item) : ERROR;
        clear(&f->source);
    }
    List *list = as_list(f->saved);
    if (list->length == 0) return UNBOUND;
    if ((size_t)f->at >= list->length) f->at = 0;
    return retain(list->items[f->at++]);
}

static Value cycle_reduce(Thread *t, Value self, const Value *args)
{
    Flow *f = as_flow(self);
    OWN Value iterator = is_unbound(f->source) ? object_iter(t, f->saved) : retain(f->source);
    if (is_error(iterator)) return ERROR;
    if (is_unbound(f->source)) {     // go on where it is in the list
        for (int64_t i = 0; i < f->at; i++) drop(object_next(t, iterator));
    }
    bool saved = f->flag || is_unbound(f->source);
    return itertool_reduction(t, self, tuple_of(t, 1, iterator), tuple_of(t, 2, f->saved, bool_value(saved)));
}

static Value cycle_set_state(Thread *t, Value self, const Value *args)
{
    Flow *f = as_flow(self);
    Tuple *state = is_tuple(args[0]) ? as_tuple(args[0]) : NULL;
    if (!state) return raise_type_error(t, "state is not a tuple");
    if (state->length != 2 || !is_list(state->items[0]) || !has_index(state->items[1])) return raise_type_error(t, "invalid state");
    int first_pass_over = object_truth(t, state->items[1]);
    if (first_pass_over < 0) return ERROR;
    assign(&f->saved, retain(state->items[0]));
    f->flag = first_pass_over;
    f->at = 0;
    return NONE;
}

static const Method cycle_methods[] = {
    {"__reduce__", cycle_reduce, "(self, /)", "Return state information for pickling."},
    {"__setstate__", cycle_set_state, "(self, state, /)", "Set state information for unpickling."},
    {0},
};
const TypeSpec it_cycle_spec = {
    .name = "itertools.cycle",
    .doc = "Return elements from the iterable until it is exhausted. Then repeat the sequence indefinitely.",
    .size = sizeof(Flow),
    .flags = TYPE_BASE | TYPE_GC,
    .slots = {FLOW_SLOTS, .next = cycle_next, .make = cycle_make},
    .methods = cycle_methods,
};

// ---- repeat(object, times): saved is the object, at how often it is still given, or -1

static Value repeat_construct(Thread *t, Type *type, const Value *args)
{
    int64_t times = -1;
    if (!is_unbound(args[1]) && !small_number(t, args[1], &times)) return ERROR;
    if (!is_unbound(args[1]) && times < 0) times = 0;
    Flow *f = (Flow *)object_new(t, type);
    if (!f) return ERROR;
    f->saved = retain(args[0]);
    f->at = times;
    return object_value(f);
}

static Value repeat_next(Thread *t, Value v)
{
    Flow *f = as_flow(v);
    if (f->at == 0) return UNBOUND;
    if (f->at > 0) f->at--;
    return retain(f->saved);
}

static Value repeat_repr(Thread *t, Value v)
{
    Flow *f = as_flow(v);
    if (f->at < 0) return str_format(t, "%s(%R)", type_name(v), f->saved);
    return str_format(t, "%s(%R, %zd)", type_name(v), f->saved, (ptrdiff_t)f->at);
}

static Value repeat_length_hint(Thread *t, Value self, const Value *args)
{
    if (as_flow(self)->at < 0) return raise_type_error(t, "len() of unsized object");
    return int_value(t, as_flow(self)->at);
}

static Value repeat_reduce(Thread *t, Value self, const Value *args)
{
    Flow *f = as_flow(self);
    if (f->at < 0) return itertool_reduction(t, self, tuple_of(t, 1, f->saved), UNBOUND);
    OWN Value times = int_value(t, f->at);
    return is_error(times) ? ERROR : itertool_reduction(t, self, tuple_of(t, 2, f->saved, times), UNBOUND);
}

static const Method repeat_methods[] = {
    {"__length_hint__", repeat_length_hint, "(self, /)", "Private method returning an estimate of len(list(it))."},
    {"__reduce__", repeat_reduce, "(self, /)", "Return state information for pickling."},
    {0},
};
const TypeSpec it_repeat_spec = {
    .name = "itertools.repeat",
    .doc = "repeat(object [,times]) -> create an iterator which returns the object\nfor the specified number of times.  If not specified, returns the object\nendlessly.",
    .size = sizeof(Flow),
    .flags = TYPE_BASE | TYPE_GC,
    .slots = {FLOW_SLOTS, .next = repeat_next, .repr = repeat_repr},
    .methods = repeat_methods,
    .new_signature = "(object, times=<unset>)",
    .construct = repeat_construct,
};
