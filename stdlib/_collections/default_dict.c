// SPDX-License-Identifier: MIT
// stdlib/_collections/default_dict.c: defaultdict: a dict that makes absent values by calling its factory.
#include "runtime/types/dict_inner.h"
#include "runtime/types/str.h"
#include "runtime/types/tuple.h"
#include "stdlib/_collections/collections.h"

Type default_dict_type;

typedef struct DefaultDict { Dict dict; Value factory; } DefaultDict;   // factory UNBOUND: None

static inline DefaultDict *as_default(Value v) { return (DefaultDict *)as_object(v); }
static inline Value factory_of(Value v) { return is_unbound(as_default(v)->factory) ? NONE : as_default(v)->factory; }

static void default_visit(Object *o, VisitFn visit, void *context)
{
    visit(((DefaultDict *)o)->factory, context);
    dict_visit(o, visit, context);
}

static void default_unlink(Thread *t, Object *o)
{
    clear(&((DefaultDict *)o)->factory);
    dict_unlink(t, o);
}

static bool default_init(Thread *t, Value self, const Value *args, size_t nargs, Value kwnames)
{
    if (nargs > 0 && !is_none(args[0]) && !object_is_callable(args[0])) return error_false(raise_type_error(t, "first argument must be callable or None"));
    assign(&as_default(self)->factory, nargs ? retain(args[0]) : UNBOUND);
    return dict_init(t, self, args + (nargs > 0), nargs ? nargs - 1 : 0, kwnames);
}

static Value method_missing(Thread *t, Value self, const Value *args)
{
    OWN Value factory = retain(factory_of(self));
    if (is_none(factory)) return raise_key_error(t, args[0]);
    OWN Value made = call0(t, factory);
    if (is_error(made) || !object_set_item(t, self, args[0], made)) return ERROR;
    return MOVE(made);
}

// type(self)(factory, contents)
static Value remake(Thread *t, Value self, Value contents) { return call2(t, type_value(type_of(self)), factory_of(self), contents); }

static Value method_copy(Thread *t, Value self, const Value *args) { return remake(t, self, self); }

static Value method_reduce(Thread *t, Value self, const Value *args)
{
    Value factory = factory_of(self);
    OWN Value arguments = is_none(factory) ? retain(object_value(tuple_empty)) : tuple_of(t, 1, factory);
    if (is_error(arguments)) return ERROR;
    OWN Value items = call_method0(t, self, NAME(items));
    if (is_error(items)) return ERROR;
    OWN Value iterator = object_iter(t, items);
    return is_error(iterator) ? ERROR : tuple_of(t, 5, type_value(type_of(self)), arguments, NONE, NONE, iterator);
}

static Value default_repr(Thread *t, Value v)
{
    OWN Value contents = dict_repr(t, v);
    if (is_error(contents)) return ERROR;
    int entered = is_unbound(as_default(v)->factory) ? 0 : repr_enter(t, v);
    if (entered < 0) return ERROR;
    OWN Value factory = entered ? str_from_text(t, "...") : object_repr(t, factory_of(v));
    if (!entered && !is_unbound(as_default(v)->factory)) repr_leave(t, v);
    return is_error(factory) ? ERROR : str_format(t, "%s(%S, %S)", type_name(v), factory, contents);
}

static Value default_or(Thread *t, Value a, Value b)
{
    if (!is_dict(a) || !is_dict(b)) return NOT_IMPLEMENTED;
    Value self = is_instance_of(a, &default_dict_type) ? a : b;
    OWN Value made = remake(t, self, a);
    if (is_error(made)) return ERROR;
    if (!is_dict(made)) return raise_type_error(t, "%.200s() must return a dict, not %.200T", type_name(self), made);
    return dict_update(t, as_dict(made), b) ? MOVE(made) : ERROR;
}

static Value get_factory(Thread *t, Value self) { return retain(factory_of(self)); }
static bool set_factory(Thread *t, Value self, Value value)
{
    assign(&as_default(self)->factory, retain(value));
    return true;
}

static const Method default_methods[] = {
    {"__missing__", method_missing, "(self, key, /)",
     "__missing__(key) # Called by __getitem__ for missing key; pseudo-code:\n  if self.default_factory is None: raise KeyError((key,))\n"
     "  self[key] = value = self.default_factory()\n  return value\n"},
    {"copy", method_copy, "(self, /)", "D.copy() -> a shallow copy of D."},
    {"__copy__", method_copy, "(self, /)", "D.copy() -> a shallow copy of D."},
    {"__reduce__", method_reduce, "(self, /)", "Return state information for pickling."},
    CLASS_GET_ITEM,
    {0},
};
static const GetSet default_getsets[] = {{"default_factory", get_factory, set_factory, "Factory for default value called by __missing__()."}, {0}};

const TypeSpec default_dict_spec = {
    .name = "collections.defaultdict",
    .doc = "defaultdict(default_factory=None, /, [...]) --> dict with default factory\n\nThe default factory is called without arguments to produce\n"
           "a new value when a key is not present, in __getitem__ only.\nA defaultdict compares equal to a dict with the same items.\n"
           "All remaining arguments are treated the same as if they were\npassed to the dict constructor, including keyword arguments.",
    .size = sizeof(DefaultDict),
    .flags = TYPE_BASE | TYPE_GC,
    .base = &dict_type,
    .slots = {
        .visit = default_visit,
        .unlink = default_unlink,
        .finish = default_unlink,
        .repr = default_repr,
        .init = default_init,
        .binary = {[OP_OR] = default_or},
    },
    .methods = default_methods,
    .getsets = default_getsets,
};
