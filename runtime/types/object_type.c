// SPDX-License-Identifier: MIT
// runtime/types/object_type.c: object, the base of all: identity, default repr and comparison, and what pickling asks for.
#include <stdio.h>

#include "runtime/call.h"
#include "runtime/class.h"
#include "runtime/error.h"
#include "runtime/shape.h"
#include "runtime/slots.h"
#include "runtime/types/dict.h"
#include "runtime/types/float.h"
#include "runtime/types/function.h"
#include "runtime/types/int.h"
#include "runtime/types/list.h"
#include "runtime/types/str.h"
#include "runtime/types/tuple.h"

Type object_type;

static Value object_type_repr(Thread *t, Value v)
{
    OWN Value name = type_full_name(t, type_of(v));
    if (is_error(name)) return ERROR;
    char address[32];
    snprintf(address, sizeof address, "0x%llx", (unsigned long long)v.bits);
    return str_format(t, "<%S object at %s>", name, address);
}

static Value object_type_str(Thread *t, Value v) { return object_repr(t, v); }

static bool object_type_hash(Thread *t, Value v, int64_t *hash)
{
    *hash = (int64_t)(v.bits >> 4 | v.bits << 60);
    if (*hash == -1) *hash = -2;
    return true;
}

static Value object_type_compare(Thread *t, Value a, Value b, CompareOp op)
{
    if (op == CMP_EQ) return is_same(a, b) ? TRUE : NOT_IMPLEMENTED;
    if (op != CMP_NE) return NOT_IMPLEMENTED;
    Value (*compare)(Thread *, Value, Value, CompareOp) = type_of(a)->slots.compare;
    Value equal = compare(t, a, b, CMP_EQ);
    if (is_error(equal) || is_not_implemented(equal)) return equal;
    int truth = object_truth(t, equal);
    drop(equal);
    return truth < 0 ? ERROR : bool_value(!truth);
}

static bool excess_arguments(size_t nargs, Value kwnames) { return nargs > 0 || (!is_unbound(kwnames) && as_tuple(kwnames)->length > 0); }

static Value abstract_error(Thread *t, Type *type)
{
    Value methods = dict_get_str(type->dict, NAME(__abstractmethods__));
    OWN Value sorted = is_unbound(methods) ? list_new(t, 0) : list_from_iterable(t, methods);
    if (is_error(sorted) || !list_sort(t, sorted, NONE, false)) return ERROR;
    OWN Value comma = str_from_text(t, ", ");
    if (is_error(comma)) return ERROR;
    OWN Value joined = str_join(t, as_str(comma), sorted);
    if (is_error(joined)) return ERROR;
    return raise_type_error(t, "Can't instantiate abstract class %N with abstract method%s %S", type, as_list(sorted)->length == 1 ? "" : "s", joined);
}

static bool object_type_init(Thread *t, Value self, const Value *args, size_t nargs, Value kwnames);

static Value object_type_make(Thread *t, Type *type, const Value *args, size_t nargs, Value kwnames)
{
    if (excess_arguments(nargs, kwnames)) {
        if (type->slots.make != object_type_make) return raise_type_error(t, "object.__new__() takes exactly one argument (the type to instantiate)");
        if (type->slots.init == object_type_init) return raise_type_error(t, "%N() takes no arguments", type);
    }
    if (type->flags & TYPE_ABSTRACT) return abstract_error(t, type);
    Object *o = object_new(t, type);
    return o ? object_value(o) : ERROR;
}

static bool object_type_init(Thread *t, Value self, const Value *args, size_t nargs, Value kwnames)
{
    if (!excess_arguments(nargs, kwnames)) return true;
    Type *type = type_of(self);
    if (type->slots.init != object_type_init)
        return error_false(raise_type_error(t, "object.__init__() takes exactly one argument (the instance to initialize)"));
    if (type->slots.make == object_type_make)
        return error_false(raise_type_error(t, "%N.__init__() takes exactly one argument (the instance to initialize)", type));
    return true;
}

// ---- Methods
static Value object_type_format(Thread *t, Value self, const Value *args)
{
    if (!is_str(args[0])) return raise_type_error(t, "__format__() argument must be str, not %T", args[0]);
    if (as_str(args[0])->length) return raise_type_error(t, "unsupported format string passed to %T.__format__", self);
    return object_str(t, self);
}

static bool add_names(Thread *t, Dict *all, Value mapping)
{
    if (!is_dict(mapping)) return true;
    size_t at = 0;
    Value key, value;
    while (dict_next(as_dict(mapping), &at, &key, &value))
        if (!dict_set(t, all, key, NONE)) return false;
    return true;
}

bool class_dir_into(Thread *t, Type *type, Dict *all)
{
    for (size_t i = type->mro ? type->mro->length : 0; i-- > 0;)      // none while its metaclass's mro() runs
        if (!add_names(t, all, object_value(as_type(type->mro->items[i])->dict))) return false;
    return true;
}

static Value object_type_dir(Thread *t, Value self, const Value *args)
{
    OWN_POINTER Dict *all = dict_new(t);
    OWN Value class = object_get_attr_optional(t, self, NAME(__class__));      // which it may claim to be another than it is
    if (!all || is_error(class) || (is_type(class) && !class_dir_into(t, as_type(class), all))) return ERROR;
    OWN Value own = object_get_attr_optional(t, self, NAME(__dict__));
    if (is_error(own) || (!is_unbound(own) && !add_names(t, all, own))) return ERROR;
    return list_from_iterable(t, object_value(all));
}

static Value object_type_sizeof(Thread *t, Value self, const Value *args)
{
    if (!is_object(self)) return int_value(t, (int64_t)type_of(self)->size);
    Slots *slots = &type_of(self)->slots;
    return int_value(t, (int64_t)(slots->size ? slots->size(as_object(self)) : type_of(self)->size));
}

static Value object_type_init_subclass(Thread *t, Value self, const Value *args) { return NONE; }
static Value object_type_subclasshook(Thread *t, Value self, const Value *args) { return NOT_IMPLEMENTED; }

static bool add_member_state(Thread *t, Value self, Type *type, Dict *state)
{
    for (; type && (type->flags & TYPE_HEAP); type = type->base)
        for (uint32_t i = 0; i < type->member_count; i++) {
            Value v = *(Value *)(void *)((char *)as_object(self) + type->members[i].offset);
            if (!is_unbound(v) && !dict_set_str(t, state, type->members[i].name, v)) return false;
        }
    return true;
}

static Value object_type_getstate(Thread *t, Value self, const Value *args)
{
    OWN Value own = is_object(self) && object_attrs(as_object(self)) ? object_get_attr_optional(t, self, NAME(__dict__)) : UNBOUND;
    if (is_error(own)) return ERROR;
    if (is_dict(own) && as_dict(own)->count == 0) clear(&own);
    if (is_dict(own)) assign(&own, object_value(dict_copy(t, as_dict(own))));
    OWN_POINTER Dict *members = dict_new(t);
    if (!members || !add_member_state(t, self, type_of(self), members)) return ERROR;
    if (members->count) return tuple_of(t, 2, is_unbound(own) ? NONE : own, object_value(members));
    return is_unbound(own) ? NONE : MOVE(own);
}

static NEW_REF Value copyreg_function(Thread *t, Str *name)
{
    Value module = dict_get_str(t->interp->modules, NAME(copyreg));
    OWN Value imported = is_unbound(module) ? t->interp->up.import_module(t, NAME(copyreg)) : retain(module);
    return is_error(imported) ? ERROR : object_get_attr(t, imported, name);
}
static Value reduce_with_copyreg(Thread *t, Value self, Value protocol)
{
    OWN Value function = copyreg_function(t, NAME(_reduce_ex));
    return is_error(function) ? ERROR : call2(t, function, self, protocol);
}

// (copyreg.__newobj__, (class, *args), state, list items, dict items): protocol 2 and later.
static Value reduce_newobj(Thread *t, Value self)
{
    Type *type = type_of(self);
    if (!type->slots.make || (type->flags & TYPE_NO_NEW)) return raise_type_error(t, "cannot pickle '%T' object", self);
    bool native = !(type->flags & TYPE_HEAP);
    OWN Value args = UNBOUND;
    OWN Value kwargs = UNBOUND;
    OWN Value newargs_ex = SPECIAL(t, self, __getnewargs_ex__);
    if (is_error(newargs_ex)) return ERROR;
    if (!is_unbound(newargs_ex)) {
        if (!is_tuple(newargs_ex)) return raise_type_error(t, "__getnewargs_ex__ should return a tuple, not '%T'", newargs_ex);
        if (as_tuple(newargs_ex)->length != 2)
            return raise_value_error(t, "__getnewargs_ex__ should return a tuple of length 2, not %zu", as_tuple(newargs_ex)->length);
        args = retain(as_tuple(newargs_ex)->items[0]);
        kwargs = retain(as_tuple(newargs_ex)->items[1]);
        if (!is_tuple(args)) return raise_type_error(t, "first item of the tuple returned by __getnewargs_ex__ must be a tuple, not '%T'", args);
        if (!is_dict(kwargs)) return raise_type_error(t, "second item of the tuple returned by __getnewargs_ex__ must be a dict, not '%T'", kwargs);
    } else {
        args = SPECIAL(t, self, __getnewargs__);
        if (is_error(args)) return ERROR;
        if (!is_unbound(args) && !is_tuple(args)) return raise_type_error(t, "__getnewargs__ should return a tuple, not '%T'", args);
    }
    // A native type with more in it than a __dict__ must say itself how it is to be built.
    bool has_more = native && !(type->flags & TYPE_HAS_ATTRS && type->size == sizeof(Object) + sizeof(Attrs));
    bool says = !is_same(type_lookup(type, NAME(__getstate__)), type_lookup(&object_type, NAME(__getstate__)));
    if (has_more && !says && is_unbound(args) && type != &object_type) return raise_type_error(t, "cannot pickle '%T' object", self);
    OWN Value state = call_method0(t, self, NAME(__getstate__));
    if (is_error(state)) return ERROR;
    OWN Value list_items = is_list(self) ? object_iter(t, self) : NONE;
    OWN_POINTER Str *items_name = RETAIN(NAME(items));
    OWN Value pairs = is_dict(self) ? call_method0(t, self, items_name) : NONE;
    OWN Value dict_items = is_error(pairs) || is_none(pairs) ? NONE : object_iter(t, pairs);
    if (is_error(list_items) || is_error(pairs) || is_error(dict_items)) return ERROR;
    bool with_keywords = is_dict(kwargs) && as_dict(kwargs)->count;
    OWN Value maker = copyreg_function(t, with_keywords ? NAME(__newobj_ex__) : NAME(__newobj__));
    if (is_error(maker)) return ERROR;
    OWN Value maker_args = UNBOUND;
    if (with_keywords) {
        maker_args = tuple_of(t, 3, type_value(type), args, kwargs);
    } else {
        size_t count = is_unbound(args) ? 0 : as_tuple(args)->length;
        Tuple *all = tuple_blank(t, count + 1);
        if (!all) return ERROR;
        all->items[0] = retain(type_value(type));
        for (size_t i = 0; i < count; i++) all->items[i + 1] = retain(as_tuple(args)->items[i]);
        maker_args = object_value(all);
    }
    if (is_error(maker_args)) return ERROR;
    return tuple_of(t, 5, maker, maker_args, state, list_items, dict_items);
}

static Value reduce_default(Thread *t, Value self, Value protocol)
{
    int64_t number;
    if (!int_as_i64(t, protocol, &number)) return ERROR;
    return number < 2 ? reduce_with_copyreg(t, self, protocol) : reduce_newobj(t, self);
}
static Value object_type_reduce(Thread *t, Value self, const Value *args) { return reduce_with_copyreg(t, self, small_int(0)); }
static Value object_type_reduce_ex(Thread *t, Value self, const Value *args)
{
    Value own = type_lookup(type_of(self), NAME(__reduce__));
    if (!is_same(own, type_lookup(&object_type, NAME(__reduce__)))) return call_method0(t, self, NAME(__reduce__));
    return reduce_default(t, self, args[0]);
}

// ---- Attributes
static Value object_get_class(Thread *t, Value self) { return retain(type_value(type_of(self))); }

static bool object_set_class(Thread *t, Value self, Value value)
{
    if (is_unbound(value)) return error_false(raise_type_error(t, "can't delete __class__ attribute"));
    if (!is_type(value)) return error_false(raise_type_error(t, "__class__ must be set to a class, not '%T' object", value));
    Type *from = type_of(self), *to = as_type(value);
    bool modules = (from->flags & to->flags & TYPE_IS_MODULE) != 0;
    if (!(from->flags & to->flags & TYPE_HEAP) && !modules)
        return error_false(raise_type_error(t, "__class__ assignment only supported for mutable types or ModuleType subclasses"));
    if (modules ? from->size != to->size : !type_same_layout(from, to))
        return error_false(raise_type_error(t, "__class__ assignment: '%N' object layout differs from '%N'", to, from));
    Object *o = as_object(self);
    Attrs *attrs = object_attrs(o);
    if (attrs && attrs->shape && !attrs_make_dict(t, o, attrs)) return false;      // shapes belong to one type
    o->type = RETAIN(to);
    if (from->flags & TYPE_HEAP) drop(type_value(from));
    return true;
}

static const Method object_methods[] = {
    {"__format__", object_type_format, "(self, format_spec, /)", "Default object formatter."},
    {"__dir__", object_type_dir, "(self, /)", "Default dir() implementation."},
    {"__sizeof__", object_type_sizeof, "(self, /)", "Size of object in memory, in bytes."},
    {"__init_subclass__", object_type_init_subclass, "(cls, /)", "This method is called when a class is subclassed."},
    {"__subclasshook__", object_type_subclasshook, "(cls, subclass, /)", "Abstract classes can override this to customize issubclass()."},
    {"__getstate__", object_type_getstate, "(self, /)", "Helper for pickle."},
    {"__reduce__", object_type_reduce, "(self, /)", "Helper for pickle."},
    {"__reduce_ex__", object_type_reduce_ex, "(self, protocol, /)", "Helper for pickle."},
    {0},
};
static const GetSet object_getsets[] = {
    {"__class__", object_get_class, object_set_class, "the object's class"},
    {0},
};
const TypeSpec object_spec = {
    .name = "object",
    .text_signature = "()",
    .doc = "The base class of the class hierarchy.\n\nWhen called, it accepts no arguments and returns a new featureless\ninstance that has no instance attributes and cannot be given any.\n",
    .size = sizeof(Object),
    .flags = TYPE_BASE,
    .slots = {.repr = object_type_repr, .str = object_type_str, .hash = object_type_hash, .compare = object_type_compare, .get_attr = generic_get_attr,
              .set_attr = generic_set_attr, .make = object_type_make, .init = object_type_init},
    .methods = object_methods,
    .getsets = object_getsets,
};
