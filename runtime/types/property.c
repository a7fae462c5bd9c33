// SPDX-License-Identifier: MIT
// runtime/types/property.c: property, classmethod, staticmethod: descriptors that wrap functions.
#include "runtime/class.h"
#include "runtime/error.h"
#include "runtime/types/dict.h"
#include "runtime/types/function.h"
#include "runtime/types/str.h"
#include "runtime/types/tuple.h"

Type property_type, classmethod_type, staticmethod_type;

static Property *as_property(Value v) { return (Property *)as_object(v); }

// None, an absent argument and no function are one here.
static Value given(Value v) { return is_none(v) ? UNBOUND : v; }
static Value or_none(Value v) { return is_unbound(v) ? NONE : retain(v); }

static bool property_initialize(Thread *t, Value self, const Value *args)
{
    Property *p = as_property(self);
    assign(&p->get, retain(given(args[0])));
    assign(&p->set, retain(given(args[1])));
    assign(&p->del, retain(given(args[2])));
    assign(&p->doc, retain(given(args[3])));
    clear(&p->name);
    p->doc_from_getter = false;
    if (is_unbound(p->doc) && !is_unbound(p->get)) {
        OWN Value doc = object_get_attr_optional(t, p->get, NAME(__doc__));
        if (is_error(doc)) return false;
        if (!is_unbound(doc) && !is_none(doc)) {
            p->doc_from_getter = true;
            if (type_of(self) == &property_type) assign(&p->doc, MOVE(doc));
            else return object_set_attr(t, self, NAME(__doc__), doc);
        }
    } else if (!is_unbound(p->doc) && type_of(self) != &property_type) {
        return object_set_attr(t, self, NAME(__doc__), p->doc);
    }
    return true;
}

static Value refuse(Thread *t, Property *p, Value instance, const char *what)
{
    OWN Value qualname = type_qualified_name(t, type_of(instance));
    if (is_error(qualname)) return ERROR;
    if (is_unbound(p->name)) return raise_error(t, &exc_AttributeError, "property of %R object has no %s", qualname, what);
    return raise_error(t, &exc_AttributeError, "property %R of %R object has no %s", p->name, qualname, what);
}

static Value property_get(Thread *t, Value v, Value instance, Value type)
{
    if (is_unbound(instance)) return retain(v);
    Property *p = as_property(v);
    return is_unbound(p->get) ? refuse(t, p, instance, "getter") : call1(t, p->get, instance);
}
static bool property_set(Thread *t, Value v, Value instance, Value value)
{
    Property *p = as_property(v);
    bool deletes = is_unbound(value);
    Value function = deletes ? p->del : p->set;
    if (is_unbound(function)) return error_false(refuse(t, p, instance, deletes ? "deleter" : "setter"));
    OWN Value result = deletes ? call1(t, function, instance) : call2(t, function, instance, value);
    return !is_error(result);
}

static Value property_copy(Thread *t, Value self, Value get, Value set, Value del)
{
    Property *p = as_property(self);
    Value args[4] = {is_none(get) ? or_none(p->get) : retain(get), is_none(set) ? or_none(p->set) : retain(set), is_none(del) ? or_none(p->del) : retain(del),
                     p->doc_from_getter && !is_none(get) ? NONE : or_none(p->doc)};
    if (p->doc_from_getter) assign(&args[3], NONE);
    Value copy = call(t, type_value(type_of(self)), args, 4, UNBOUND);
    for (size_t i = 0; i < 4; i++) drop(args[i]);
    if (!is_error(copy) && is_instance_of(copy, &property_type)) assign(&as_property(copy)->name, retain(p->name));
    return copy;
}
static Value property_getter(Thread *t, Value self, const Value *args) { return property_copy(t, self, args[0], NONE, NONE); }
static Value property_setter(Thread *t, Value self, const Value *args) { return property_copy(t, self, NONE, args[0], NONE); }
static Value property_deleter(Thread *t, Value self, const Value *args) { return property_copy(t, self, NONE, NONE, args[0]); }
// (owner, name): in CPython's words when there are not two of them.
static Value property_set_name(Thread *t, Value self, const Value *args)
{
    const Tuple *given_args = as_tuple(args[0]);
    if (given_args->length != 2)
        return raise_type_error(t, "__set_name__() takes 2 positional arguments but %zu were given", given_args->length);
    assign(&as_property(self)->name, retain(given_args->items[1]));
    return NONE;
}
static Value property_fget(Thread *t, Value v) { return or_none(as_property(v)->get); }
static Value property_fset(Thread *t, Value v) { return or_none(as_property(v)->set); }
static Value property_fdel(Thread *t, Value v) { return or_none(as_property(v)->del); }
static Value property_doc(Thread *t, Value v) { return or_none(as_property(v)->doc); }
static bool property_set_doc(Thread *t, Value v, Value value)
{
    assign(&as_property(v)->doc, retain(value));
    return true;
}
static Value property_abstract(Thread *t, Value v)
{
    Property *p = as_property(v);
    Value functions[] = {p->get, p->set, p->del};
    for (size_t i = 0; i < COUNT_OF(functions); i++) {
        OWN Value mark = is_unbound(functions[i]) ? UNBOUND : object_get_attr_optional(t, functions[i], NAME(__isabstractmethod__));
        if (is_error(mark)) return ERROR;
        int abstract = is_unbound(mark) ? 0 : object_truth(t, mark);
        if (abstract) return abstract < 0 ? ERROR : TRUE;
    }
    return FALSE;
}
static void property_visit(Object *o, VisitFn visit, void *context)
{
    Property *p = (Property *)o;
    Value owned[] = {p->get, p->set, p->del, p->doc, p->name};
    for (size_t i = 0; i < COUNT_OF(owned); i++)
        if (is_object(owned[i])) visit(owned[i], context);
}
static void property_unlink(Thread *t, Object *o)
{
    Property *p = (Property *)o;
    clear(&p->get);
    clear(&p->set);
    clear(&p->del);
    clear(&p->doc);
    clear(&p->name);
}
static const Method property_methods[] = {
    {"getter", property_getter, "(self, fget, /)", "Descriptor to obtain a copy of the property with a different getter."},
    {"setter", property_setter, "(self, fset, /)", "Descriptor to obtain a copy of the property with a different setter."},
    {"deleter", property_deleter, "(self, fdel, /)", "Descriptor to obtain a copy of the property with a different deleter."},
    {"__set_name__", property_set_name, "(self, /, *args)", "Method to set name of a property."},
    {0},
};
static const GetSet property_getsets[] = {
    {"fget", property_fget, member_readonly, NULL}, {"fset", property_fset, member_readonly, NULL}, {"fdel", property_fdel, member_readonly, NULL},
    {"__doc__", property_doc, property_set_doc, NULL}, {"__isabstractmethod__", property_abstract, NULL, NULL}, {0},
};
const TypeSpec property_spec = {
    .name = "property",
    .doc = "An attribute that functions compute: fget(self) gives it, fset(self, value) sets it, fdel(self) deletes it.",
    .size = sizeof(Property),
    .flags = TYPE_BASE | TYPE_GC,
    .slots = {.visit = property_visit, .unlink = property_unlink, .finish = property_unlink, .descr_get = property_get, .descr_set = property_set},
    .methods = property_methods,
    .getsets = property_getsets,
    .init_signature = "(fget=None, fset=None, fdel=None, doc=None)",
    .initialize = property_initialize,
};

// ---- classmethod, staticmethod
static Wrapping *as_wrapping(Value v) { return (Wrapping *)as_object(v); }

// Takes over what identifies the wrapped function, as functools.wraps would.
static bool take_identity(Thread *t, Value self, Value callable)
{
    Str *taken[] = {NAME(__module__), NAME(__name__), NAME(__qualname__), NAME(__doc__), NAME(__annotations__)};
    for (size_t i = 0; i < COUNT_OF(taken); i++) {
        OWN Value found = object_get_attr_optional(t, callable, taken[i]);
        if (is_error(found)) return false;
        if (!is_unbound(found) && !attrs_set(t, as_object(self), object_attrs(as_object(self)), taken[i], found)) return false;
    }
    return true;
}
static bool wrapping_initialize(Thread *t, Value self, const Value *args)
{
    assign(&as_wrapping(self)->callable, retain(args[0]));
    return take_identity(t, self, args[0]);
}
static Value classmethod_get(Thread *t, Value v, Value instance, Value type)
{
    Value callable = as_wrapping(v)->callable;
    if (is_unbound(callable)) return raise_error(t, &exc_RuntimeError, "uninitialized classmethod object");
    if (is_unbound(type)) type = type_value(type_of(instance));
    Value (*get)(Thread *, Value, Value, Value) = type_of(callable)->slots.descr_get;
    bool binds = type_of(callable)->flags & TYPE_METHOD_DESCRIPTOR || type_of(callable) == &bound_method_type;
    if (get && !binds) return get(t, callable, type, type);
    return bound_method_new(t, callable, type);
}
static Value staticmethod_get(Thread *t, Value v, Value instance, Value type)
{
    Value callable = as_wrapping(v)->callable;
    return is_unbound(callable) ? raise_error(t, &exc_RuntimeError, "uninitialized staticmethod object") : retain(callable);
}
static Value staticmethod_call(Thread *t, Value f, const Value *args, size_t nargs, Value kwnames)
{
    Value callable = as_wrapping(f)->callable;
    return is_unbound(callable) ? raise_error(t, &exc_RuntimeError, "uninitialized staticmethod object") : call(t, callable, args, nargs, kwnames);
}
static Value classmethod_repr(Thread *t, Value v) { return str_format(t, "<classmethod(%R)>", is_unbound(as_wrapping(v)->callable) ? NONE : as_wrapping(v)->callable); }
static Value staticmethod_repr(Thread *t, Value v) { return str_format(t, "<staticmethod(%R)>", is_unbound(as_wrapping(v)->callable) ? NONE : as_wrapping(v)->callable); }
static Value wrapping_function(Thread *t, Value v) { return or_none(as_wrapping(v)->callable); }
static Value callable_or_none(Value v) { return is_unbound(as_wrapping(v)->callable) ? NONE : as_wrapping(v)->callable; }      // borrowed
static Value wrapping_abstract(Thread *t, Value v)
{
    if (!enter_recursion(t, "")) return ERROR;            // one may wrap itself
    OWN Value mark = object_get_attr_optional(t, callable_or_none(v), NAME(__isabstractmethod__));
    leave_recursion(t);
    if (is_error(mark)) return ERROR;
    int abstract = is_unbound(mark) ? 0 : object_truth(t, mark);
    return abstract < 0 ? ERROR : bool_value(abstract);
}
static Value wrapping_annotations(Thread *t, Value v)
{
    if (!enter_recursion(t, "")) return ERROR;
    Value found = object_get_attr(t, callable_or_none(v), NAME(__annotations__));
    leave_recursion(t);
    return found;
}
static void wrapping_visit(Object *o, VisitFn visit, void *context)
{
    Wrapping *w = (Wrapping *)o;
    if (is_object(w->callable)) visit(w->callable, context);
}
static void wrapping_unlink(Thread *t, Object *o) { clear(&((Wrapping *)o)->callable); }
static Value wrapping_dict(Thread *t, Value v) { return object_get_dict(t, v); }
static const GetSet wrapping_getsets[] = {
    {"__func__", wrapping_function, NULL, NULL}, {"__wrapped__", wrapping_function, NULL, NULL}, {"__isabstractmethod__", wrapping_abstract, NULL, NULL},
    {"__annotations__", wrapping_annotations, NULL, NULL}, {"__dict__", wrapping_dict, NULL, NULL}, {0},
};
const TypeSpec classmethod_spec = {
    .name = "classmethod",
    .doc = "Convert a function to be a class method.",
    .size = sizeof(Wrapping),
    .flags = TYPE_BASE | TYPE_GC | TYPE_HAS_ATTRS,
    .slots = {.visit = wrapping_visit, .unlink = wrapping_unlink, .finish = wrapping_unlink, .repr = classmethod_repr, .descr_get = classmethod_get},
    .getsets = wrapping_getsets,
    .init_signature = "(function, /)",
    .initialize = wrapping_initialize,
};
const TypeSpec staticmethod_spec = {
    .name = "staticmethod",
    .doc = "Convert a function to be a static method.",
    .size = sizeof(Wrapping),
    .flags = TYPE_BASE | TYPE_GC | TYPE_HAS_ATTRS,
    .slots = {.visit = wrapping_visit, .unlink = wrapping_unlink, .finish = wrapping_unlink, .repr = staticmethod_repr, .descr_get = staticmethod_get, .call = staticmethod_call},
    .getsets = wrapping_getsets,
    .init_signature = "(function, /)",
    .initialize = wrapping_initialize,
};
