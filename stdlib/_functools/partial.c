// SPDX-License-Identifier: MIT
// stdlib/_functools/partial.c: functools.partial: a callable with some of its arguments given already.
#include "runtime/types/dict.h"
#include "runtime/types/list.h"
#include "runtime/types/str.h"
#include "runtime/types/tuple.h"
#include "stdlib/_functools/functools.h"

Type partial_type;

typedef struct Partial { Object head; Attrs attrs; Value function; Tuple *args; Dict *keywords; } Partial;

static inline Partial *as_partial(Value v) { return (Partial *)as_object(v); }

static Tuple *joined(Thread *t, Tuple *first, const Value *rest, size_t count)
{
    Tuple *all = tuple_blank(t, first->length + count);
    if (!all) return NULL;
    for (size_t i = 0; i < first->length; i++) all->items[i] = retain(first->items[i]);
    for (size_t i = 0; i < count; i++) all->items[first->length + i] = retain(rest[i]);
    return all;
}

static Value partial_make(Thread *t, Type *type, const Value *args, size_t nargs, Value kwnames)
{
    if (nargs == 0) return raise_type_error(t, "type 'partial' takes at least one argument");
    if (!object_is_callable(args[0])) return raise_type_error(t, "the first argument must be callable");
    Value function = args[0];
    Tuple *before = tuple_empty;
    OWN_POINTER Dict *keywords = NULL;
    // A partial of a plain partial is one partial.
    if (type_of(function) == &partial_type && !(as_partial(function)->attrs.shape == NULL && as_partial(function)->attrs.dict && as_partial(function)->attrs.dict->count)) {
        Partial *inner = as_partial(function);
        function = inner->function;
        before = inner->args;
        keywords = dict_copy(t, inner->keywords);
    } else {
        keywords = dict_new(t);
    }
    if (!keywords) return ERROR;
    size_t names_count = is_unbound(kwnames) ? 0 : as_tuple(kwnames)->length;
    for (size_t i = 0; i < names_count; i++) {
        if (!dict_set(t, keywords, as_tuple(kwnames)->items[i], args[nargs + i])) return ERROR;
    }
    OWN_POINTER Tuple *all = joined(t, before, args + 1, nargs - 1);
    if (!all) return ERROR;
    Partial *made = (Partial *)object_new(t, type);
    if (!made) return ERROR;
    made->function = retain(function);
    made->args = MOVE_POINTER(all);
    made->keywords = MOVE_POINTER(keywords);
    return object_value(made);
}

static void partial_visit(Object *o, VisitFn visit, void *context)
{
    Partial *p = (Partial *)o;
    visit(p->function, context);
    if (p->args) visit(object_value(p->args), context);
    if (p->keywords) visit(dict_value(p->keywords), context);
}

static void partial_finish(Thread *t, Object *o)
{
    Partial *p = (Partial *)o;
    clear(&p->function);
    drop_pointer(MOVE_POINTER(p->args));
    drop_pointer(MOVE_POINTER(p->keywords));
}

static Value call_with_keywords(Thread *t, Value function, Tuple *args, Dict *own, const Value *values, Value kwnames)
{
    OWN_POINTER Dict *keywords = dict_copy(t, own);
    if (!keywords) return ERROR;
    size_t count = is_unbound(kwnames) ? 0 : as_tuple(kwnames)->length;
    for (size_t i = 0; i < count; i++) {
        if (!dict_set(t, keywords, as_tuple(kwnames)->items[i], values[i])) return ERROR;
    }
    return call_with_dict(t, function, object_value(args), dict_value(keywords));
}

static Value partial_call(Thread *t, Value f, const Value *args, size_t nargs, Value kwnames)
{
    enum { FEW = 8 };
    Partial *p = as_partial(f);
    OWN Value function = retain(p->function);
    OWN_POINTER Tuple *given = RETAIN(p->args);
    OWN_POINTER Dict *keywords = RETAIN(p->keywords);
    size_t all = given->length + nargs + (is_unbound(kwnames) ? 0 : as_tuple(kwnames)->length);
    if (keywords->count == 0 && all <= FEW) {
        Value row[FEW];
        if (given->length) memcpy(row, given->items, given->length * sizeof(Value));
        if (all > given->length) memcpy(row + given->length, args, (all - given->length) * sizeof(Value));
        return call(t, function, row, given->length + nargs, kwnames);
    }
    OWN_POINTER Tuple *positional = joined(t, given, args, nargs);
    return positional ? call_with_keywords(t, function, positional, keywords, args + nargs, kwnames) : ERROR;
}

static Value partial_repr(Thread *t, Value v)
{
    Partial *p = as_partial(v);
    int entered = repr_enter(t, v);
    if (entered < 0) return ERROR;
    const char *name = type_of(v) == &partial_type ? "functools.partial" : type_name(v);
    if (entered) return str_from_text(t, "...");
    OWN_POINTER Tuple *args = RETAIN(p->args);
    OWN_POINTER Dict *keywords = RETAIN(p->keywords);
    StrBuilder b;
    builder_start(t, &b);
    builder_add_text(&b, name);
    builder_add(&b, '(');
    builder_add_repr(&b, p->function);
    for (size_t i = 0; i < args->length && !b.failed; i++) {
        builder_add_ascii(&b, ", ", 2);
        builder_add_repr(&b, args->items[i]);
    }
    size_t at = 0;
    Value key, value;
    while (!b.failed && dict_next(keywords, &at, &key, &value)) {
        OWN Value kept = retain(value);
        OWN Value text = object_str(t, key);
        if (is_error(text)) {
            b.failed = true;
            break;
        }
        builder_add_ascii(&b, ", ", 2);
        builder_add_str(&b, as_str(text));
        builder_add(&b, '=');
        builder_add_repr(&b, kept);
    }
    builder_add(&b, ')');
    repr_leave(t, v);
    return builder_finish(&b);
}

static Value method_reduce(Thread *t, Value self, const Value *args)
{
    Partial *p = as_partial(self);
    OWN Value arguments = tuple_of(t, 1, p->function);
    if (is_error(arguments)) return ERROR;
    OWN Value attributes = object_get_dict(t, self);
    if (is_error(attributes)) return ERROR;
    bool none = !is_dict(attributes) || as_dict(attributes)->count == 0;
    OWN Value state = tuple_of(t, 4, p->function, object_value(p->args), dict_value(p->keywords), none ? NONE : attributes);
    return is_error(state) ? ERROR : tuple_of(t, 3, type_value(type_of(self)), arguments, state);
}

static Value new_dict(Thread *t)
{
    Dict *d = dict_new(t);
    return d ? dict_value(d) : ERROR;
}

static Value method_set_state(Thread *t, Value self, const Value *args)
{
    Partial *p = as_partial(self);
    Tuple *state = is_tuple(args[0]) ? as_tuple(args[0]) : NULL;
    bool valid = state && state->length == 4 && object_is_callable(state->items[0]) && is_tuple(state->items[1]) &&
                 (is_none(state->items[2]) || is_dict(state->items[2]));
    if (!valid) return raise_type_error(t, "invalid partial state");
    OWN Value plain_args = is_exact_tuple(state->items[1]) ? retain(state->items[1]) : tuple_from_values(t, as_tuple(state->items[1])->items, as_tuple(state->items[1])->length);
    if (is_error(plain_args)) return ERROR;
    OWN_POINTER Dict *keywords = is_none(state->items[2]) ? dict_new(t) : is_exact_dict(state->items[2]) ? RETAIN(as_dict(state->items[2])) : dict_copy(t, as_dict(state->items[2]));
    if (!keywords) return ERROR;
    OWN Value attributes = is_none(state->items[3]) ? new_dict(t) : retain(state->items[3]);
    if (is_error(attributes) || !object_set_dict(t, self, attributes)) return ERROR;
    assign(&p->function, retain(state->items[0]));
    Tuple *old_args = p->args;
    Dict *old_keywords = p->keywords;
    p->args = as_tuple(MOVE(plain_args));
    p->keywords = MOVE_POINTER(keywords);
    drop_pointer(old_args);
    drop_pointer(old_keywords);
    return NONE;
}

static Value get_function(Thread *t, Value self) { return retain(as_partial(self)->function); }
static Value get_args(Thread *t, Value self) { return retain(object_value(as_partial(self)->args)); }
static Value get_keywords(Thread *t, Value self) { return retain(dict_value(as_partial(self)->keywords)); }
static Value get_dict(Thread *t, Value self) { return object_get_dict(t, self); }
static bool set_dict(Thread *t, Value self, Value value)
{
    return is_unbound(value) ? error_false(raise_type_error(t, "cannot delete __dict__")) : object_set_dict(t, self, value);
}

static const Method partial_methods[] = {
    {"__reduce__", method_reduce, "(self, /)", NULL},
    {"__setstate__", method_set_state, "(self, state, /)", NULL},
    CLASS_GET_ITEM,
    {0},
};
static const GetSet partial_getsets[] = {
    {"func", get_function, NULL, "function object to use in future partial calls"},
    {"args", get_args, NULL, "tuple of arguments to future partial calls"},
    {"keywords", get_keywords, NULL, "dictionary of keyword arguments to future partial calls"},
    {"__dict__", get_dict, set_dict, NULL},
    {0},
};

const TypeSpec partial_spec = {
    .name = "functools.partial",
    .doc = "partial(func, *args, **keywords) - new function with partial application\n    of the given arguments and keywords.\n",
    .size = sizeof(Partial),
    .flags = TYPE_BASE | TYPE_GC | TYPE_HAS_ATTRS | TYPE_HAS_WEAKREFS,
    .slots = {
        .visit = partial_visit,
        .finish = partial_finish,
        .repr = partial_repr,
        .call = partial_call,
        .make = partial_make,
    },
    .methods = partial_methods,
    .getsets = partial_getsets,
};
