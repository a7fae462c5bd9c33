// SPDX-License-Identifier: MIT
// runtime/types/type_type.c: type: calling a class, its attributes, and the three-argument form that makes one.
#include <stdlib.h>

#include "runtime/call.h"
#include "runtime/class.h"
#include "runtime/error.h"
#include "runtime/heap.h"
#include "runtime/shape.h"
#include "runtime/slots.h"
#include "runtime/types/dict.h"
#include "runtime/types/function.h"
#include "runtime/types/generic_alias.h"
#include "runtime/types/int.h"
#include "runtime/types/list.h"
#include "runtime/types/tuple.h"
#include "runtime/types/weakref.h"

Type type_type;

static size_t keyword_count(Value kwnames) { return is_unbound(kwnames) ? 0 : as_tuple(kwnames)->length; }

static Value type_call(Thread *t, Value f, const Value *args, size_t nargs, Value kwnames)
{
    Type *type = as_type(f);
    if (type == &type_type && nargs == 1 && keyword_count(kwnames) == 0) return retain(type_value(type_of(args[0])));
    if (type == &str_type && nargs == 1 && is_unbound(kwnames)) return object_str(t, args[0]);
    if (type == &type_type && nargs != 3) return raise_type_error(t, "type() takes 1 or 3 arguments");
    if (!type->slots.make || (type->flags & TYPE_NO_NEW)) return type->spec ? raise_type_error(t, "cannot create '%s' instances", type->spec->name) : raise_type_error(t, "cannot create '%S' instances", type->name_value);
    OWN Value made = type->slots.make(t, type, args, nargs, kwnames);
    if (is_error(made)) return ERROR;
    Type *made_type = type_of(made);
    if (made_type != type && !type_is_subtype(made_type, type)) return MOVE(made);
    if (made_type->slots.init && !made_type->slots.init(t, made, args, nargs, kwnames)) return ERROR;
    return MOVE(made);
}

static Value type_make(Thread *t, Type *metatype, const Value *args, size_t nargs, Value kwnames)
{
    if (nargs != 3)
        return raise_type_error(t, "type.__new__() takes exactly 3 arguments (%zu given)", nargs);
    if (!is_str(args[0])) return raise_type_error(t, "type.__new__() argument 1 must be str, not %T", args[0]);
    if (!is_tuple(args[1])) return raise_type_error(t, "type.__new__() argument 2 must be tuple, not %T", args[1]);
    if (!is_dict(args[2])) return raise_type_error(t, "type.__new__() argument 3 must be dict, not %T", args[2]);
    Tuple *bases = as_tuple(args[1]);
    for (size_t i = 0; i < bases->length; i++) {
        if (is_type(bases->items[i])) continue;
        OWN Value entries = special_method(t, bases->items[i], NAME(__mro_entries__));
        if (is_error(entries)) return ERROR;
        if (!is_unbound(entries)) return raise_type_error(t, "type() doesn't support MRO entry resolution; use types.new_class()");
        break;
    }
    Type *winner = type_choose_metatype(t, metatype, bases);
    if (!winner) return ERROR;
    if (winner != metatype && winner->slots.make != type_make) return winner->slots.make(t, winner, args, nargs, kwnames);
    return type_create(t, winner, args[0], args[1], args[2], args + 3, kwnames);
}

static bool type_init(Thread *t, Value self, const Value *args, size_t nargs, Value kwnames)
{
    if (keyword_count(kwnames) && nargs == 1) return error_false(raise_type_error(t, "type.__init__() takes no keyword arguments"));
    if (nargs != 1 && nargs != 3) return error_false(raise_type_error(t, "type.__init__() takes 1 or 3 arguments"));
    return true;
}

// ---- Attribute access
static Value type_get_attr(Thread *t, Value v, Str *name)
{
    Value found = type_attr_optional(t, as_type(v), name);
    if (!is_unbound(found)) return found;
    return raise_attribute_error(t, v, name);
}

static bool is_special(const Str *name) { return name->length > 4 && str_at(name, 0) == '_' && str_at(name, 1) == '_' && str_at(name, name->length - 1) == '_'; }

static bool type_set_attr(Thread *t, Value v, Str *name, Value value)
{
    Type *type = as_type(v);
    if (type->flags & TYPE_IMMUTABLE)
        return error_false(raise_type_error(t, "cannot %s '%U' attribute of immutable type '%N'", is_unbound(value) ? "delete" : "set", name, type));
    Value meta = type_lookup(type->head.type, name);
    if (!is_unbound(meta) && type_of(meta)->slots.descr_set) {
        OWN Value keeps = retain(meta);
        return type_of(meta)->slots.descr_set(t, meta, v, value);
    }
    if (is_unbound(value)) {
        OWN Value old = retain(dict_get_str(type->dict, name));
        if (is_unbound(old)) return error_false(raise_error(t, &exc_AttributeError, "type object '%N' has no attribute '%U'", type, name));
        type_modified(type);
        if (dict_delete(t, type->dict, object_value(name)) < 0) return false;
    } else {
        OWN Value old = retain(dict_get_str(type->dict, name));     // lives until the caches have forgotten it
        if (!dict_set_str(t, type->dict, name, value)) return false;
        type_modified(type);
    }
    if (is_special(name)) slots_update(type, name);
    return true;
}

static Value type_repr(Thread *t, Value v)
{
    Type *type = as_type(v);
    OWN Value name = type_full_name(t, type);
    return is_error(name) ? ERROR : str_format(t, "<class '%S'>", name);
}

// ---- Getters
static Value get_name(Thread *t, Value v) { return retain(as_type(v)->name_value); }
static bool set_name(Thread *t, Value v, Value value)
{
    Type *type = as_type(v);
    if (type->flags & TYPE_IMMUTABLE) return error_false(raise_type_error(t, "cannot set '__name__' attribute of immutable type '%N'", type));
    if (is_unbound(value)) return error_false(raise_type_error(t, "cannot delete '__name__' attribute of type '%N'", type));
    if (!is_str(value)) return error_false(raise_type_error(t, "can only assign string to %N.__name__, not '%T'", type, value));
    char *text = type_name_text(t, value);
    if (!text) return false;
    if (!type->spec) mem_free((void *)(uintptr_t)type->name);
    type->name = text;
    assign(&type->name_value, retain(value));
    return true;
}
static Value get_qualname(Thread *t, Value v) { return retain(as_type(v)->qualname); }
static bool set_qualname(Thread *t, Value v, Value value)
{
    Type *type = as_type(v);
    if (type->flags & TYPE_IMMUTABLE) return error_false(raise_type_error(t, "cannot set '__qualname__' attribute of immutable type '%N'", type));
    if (!is_str(value)) return error_false(raise_type_error(t, "can only assign string to %N.__qualname__, not '%T'", type, value));
    assign(&type->qualname, retain(value));
    return true;
}
static Value get_module(Thread *t, Value v)
{
    Type *type = as_type(v);
    Value own = dict_get_str(type->dict, NAME(__module__));
    if (!is_unbound(own) && (type->flags & TYPE_HEAP)) return retain(own);
    return is_unbound(type->module_value) ? raise_error(t, &exc_AttributeError, "__module__") : retain(type->module_value);
}
static bool set_module(Thread *t, Value v, Value value)
{
    Type *type = as_type(v);
    if (type->flags & TYPE_IMMUTABLE) return error_false(raise_type_error(t, "cannot set '__module__' attribute of immutable type '%N'", type));
    type_modified(type);
    return dict_set_str(t, type->dict, NAME(__module__), value);
}
static Value get_dict(Thread *t, Value v) { return mapping_proxy_new(t, object_value(as_type(v)->dict)); }
static Value get_bases(Thread *t, Value v) { return retain(object_value(as_type(v)->bases)); }
static bool set_bases(Thread *t, Value v, Value value) { return type_set_bases(t, as_type(v), value); }
static Value get_base(Thread *t, Value v) { return as_type(v)->base ? retain(type_value(as_type(v)->base)) : NONE; }
static Value get_mro(Thread *t, Value v) { return as_type(v)->mro ? retain(object_value(as_type(v)->mro)) : NONE; }     // none yet: its metaclass's mro() asks
static Value get_basicsize(Thread *t, Value v) { return int_value(t, (int64_t)as_type(v)->size); }
static Value get_itemsize(Thread *t, Value v) { return small_int((as_type(v)->flags & TYPE_VAR_SIZED) ? 8 : 0); }
static Value get_dictoffset(Thread *t, Value v) { return small_int(as_type(v)->attrs_offset); }
static Value get_flags(Thread *t, Value v)
{
    Type *type = as_type(v);
    int64_t flags = 1 << 12;                     // Py_TPFLAGS_READY, and those that Python code looks at
    if (type->flags & TYPE_HEAP) flags |= 1 << 9;
    if (type->flags & TYPE_BASE) flags |= 1 << 10;
    if (type->flags & TYPE_GC) flags |= 1 << 14;
    if (type->flags & TYPE_ABSTRACT) flags |= 1 << 20;
    if (type->flags & TYPE_IMMUTABLE) flags |= 1 << 8;
    if (type->flags & TYPE_PATTERN_SEQUENCE) flags |= 1 << 5;
    if (type->flags & TYPE_PATTERN_MAPPING) flags |= 1 << 6;
    return small_int(flags);
}
static Value get_doc(Thread *t, Value v)
{
    if (!(as_type(v)->flags & TYPE_HEAP)) return is_unbound(as_type(v)->doc_value) ? NONE : retain(as_type(v)->doc_value);
    Value found = dict_get_str(as_type(v)->dict, NAME(__doc__));
    if (is_unbound(found)) return NONE;
    Value (*get)(Thread *, Value, Value, Value) = type_of(found)->slots.descr_get;
    return get ? get(t, found, UNBOUND, v) : retain(found);
}
static bool set_doc(Thread *t, Value v, Value value)
{
    if (is_unbound(value)) return error_false(raise_type_error(t, "cannot delete '__doc__' attribute of immutable type '%N'", as_type(v)));
    if (as_type(v)->flags & TYPE_IMMUTABLE) return error_false(raise_type_error(t, "cannot set '__doc__' attribute of immutable type '%N'", as_type(v)));
    type_modified(as_type(v));
    return dict_set_str(t, as_type(v)->dict, NAME(__doc__), value);
}
static Value get_text_signature(Thread *t, Value v)
{
    Type *type = as_type(v);
    const TypeSpec *spec = type->spec;
    const char *text = !spec ? NULL : spec->text_signature ? spec->text_signature : spec->new_signature ? spec->new_signature : spec->init_signature;
    return text && !strstr(text, "<unset>") ? str_from_text(t, text) : NONE;
}
static Value get_abstract(Thread *t, Value v)
{
    Value found = as_type(v) == &type_type ? UNBOUND : dict_get_str(as_type(v)->dict, NAME(__abstractmethods__));
    return is_unbound(found) ? raise_error(t, &exc_AttributeError, "__abstractmethods__") : retain(found);
}
static bool set_abstract(Thread *t, Value v, Value value)
{
    Type *type = as_type(v);
    if (type->flags & TYPE_IMMUTABLE) return error_false(raise_type_error(t, "cannot set '__abstractmethods__' attribute of immutable type '%N'", type));
    int abstract = is_unbound(value) ? 0 : object_truth(t, value);
    if (abstract < 0) return false;
    if (is_unbound(value)) {
        int deleted = dict_delete(t, type->dict, NAME_VALUE(__abstractmethods__));
        if (deleted == 0) raise_error(t, &exc_AttributeError, "__abstractmethods__");
        if (deleted <= 0) return false;
    } else if (!dict_set_str(t, type->dict, NAME(__abstractmethods__), value)) {
        return false;
    }
    type_modified(type);
    if (abstract) type->flags |= TYPE_ABSTRACT;
    else type->flags &= ~(uint32_t)TYPE_ABSTRACT;
    return true;
}
static Value get_annotations(Thread *t, Value v)
{
    Type *type = as_type(v);
    if (!(type->flags & TYPE_HEAP)) return raise_error(t, &exc_AttributeError, "type object '%N' has no attribute '__annotations__'", type);
    Value found = dict_get_str(type->dict, NAME(__annotations__));
    if (!is_unbound(found)) {
        Value (*get)(Thread *, Value, Value, Value) = type_of(found)->slots.descr_get;
        return get ? get(t, found, UNBOUND, v) : retain(found);
    }
    OWN_POINTER Dict *fresh = dict_new(t);
    if (!fresh || !dict_set_str(t, type->dict, NAME(__annotations__), object_value(fresh))) return ERROR;
    type_modified(type);
    return object_value(MOVE_POINTER(fresh));
}
static bool set_annotations(Thread *t, Value v, Value value)
{
    Type *type = as_type(v);
    if (type->flags & TYPE_IMMUTABLE) return error_false(raise_type_error(t, "cannot set '__annotations__' attribute of immutable type '%N'", type));
    type_modified(type);
    if (!is_unbound(value)) return dict_set_str(t, type->dict, NAME(__annotations__), value);
    int deleted = dict_delete(t, type->dict, NAME_VALUE(__annotations__));
    if (deleted == 0) raise_error(t, &exc_AttributeError, "__annotations__");
    return deleted > 0;
}

// ---- Methods
static Value type_mro(Thread *t, Value self, const Value *args)
{
    OWN_POINTER Tuple *mro = type_compute_mro(t, as_type(self));
    return mro ? list_from_iterable(t, object_value(mro)) : ERROR;
}
static Value type_subclasses(Thread *t, Value self, const Value *args)
{
    Type *type = as_type(self);
    OWN Value list = list_new(t, type->subclass_count);
    if (is_error(list)) return ERROR;
    for (uint32_t i = 0; i < type->subclass_count; i++)
        if (type->subclasses[i]->head.refs > 0 && !list_append(t, list, type_value(type->subclasses[i]))) return ERROR;
    return MOVE(list);
}
static Value type_prepare_namespace(Thread *t, Value self, const Value *args)
{
    Dict *namespace = dict_new(t);
    return namespace ? object_value(namespace) : ERROR;
}
static Value type_instancecheck(Thread *t, Value self, const Value *args)
{
    Type *type = as_type(self);
    if (is_instance_of(args[0], type)) return TRUE;
    OWN Value claimed = object_get_attr_optional(t, args[0], NAME(__class__));
    if (is_error(claimed)) return ERROR;
    return bool_value(is_type(claimed) && type_is_subtype(as_type(claimed), type));
}
static Value type_subclasscheck(Thread *t, Value self, const Value *args)
{
    int yes = object_descends(t, args[0], self);
    return yes < 0 ? ERROR : bool_value(yes);
}
static Value type_dir(Thread *t, Value self, const Value *args)
{
    OWN_POINTER Dict *all = dict_new(t);
    if (!all || !class_dir_into(t, as_type(self), all)) return ERROR;
    return list_from_iterable(t, object_value(all));
}
static Value type_sizeof(Thread *t, Value self, const Value *args) { return int_value(t, (int64_t)sizeof(Type)); }

// ---- As an object
static void type_visit(Object *o, VisitFn visit, void *context)
{
    Type *type = (Type *)o;
    if (!(type->flags & TYPE_HEAP)) return;
    void *owned[] = {type->base, type->bases, type->mro, type->dict};
    for (size_t i = 0; i < COUNT_OF(owned); i++)
        if (owned[i]) visit(object_value(owned[i]), context);
}

static void type_unlink(Thread *t, Object *o)
{
    Type *type = (Type *)o;
    if (!(type->flags & TYPE_HEAP) || !type->dict) return;
    type_modified(type);
    dict_clear(t, type->dict);
    // The MRO holds the type itself; the others serve what may still run.
    Tuple *mro = type->mro;
    if (!mro) return;
    size_t others = 0;
    for (size_t i = 0; i < mro->length; i++) others += !is_same(mro->items[i], type_value(type));
    Tuple *rest = tuple_blank(t, others);
    if (!rest) {
        error_clear(t);
        return;
    }
    for (size_t i = 0, at = 0; i < mro->length; i++)
        if (!is_same(mro->items[i], type_value(type))) rest->items[at++] = retain(mro->items[i]);
    type->mro = rest;
    drop_pointer(mro);
}

static void type_finish(Thread *t, Object *o)
{
    Type *type = (Type *)o;
    if (type->bases)
        for (size_t i = 0; i < type->bases->length; i++) type_remove_subclass(as_type(type->bases->items[i]), type);
    type->version = 0;
    drop_pointer(type->dict);
    drop_pointer(type->bases);
    drop_pointer(type->mro);
    drop_pointer(type->base);
    drop(type->name_value);
    drop(type->qualname);
    drop(type->module_value);
    drop(type->doc_value);
    if (!type->spec) mem_free((void *)(uintptr_t)type->name);
    for (uint32_t i = 0; i < type->member_count; i++) drop_pointer(type->members[i].name);
    mem_free(type->members);
    mem_free(type->subclasses);
    shape_destroy(type->root_shape);
}

static const Method type_methods[] = {
    {"mro", type_mro, "(self, /)", "Return a type's method resolution order."},
    {"__subclasses__", type_subclasses, "(self, /)", "Return a list of immediate subclasses."},
    {"__prepare__", type_prepare_namespace, "(cls, /, *args, **kwargs)", "__prepare__() -> dict\nused to create the namespace for the class statement"},
    {"__instancecheck__", type_instancecheck, "(self, instance, /)", "Check if an object is an instance."},
    {"__subclasscheck__", type_subclasscheck, "(self, subclass, /)", "Check if a class is a subclass."},
    {"__dir__", type_dir, "(self, /)", "Specialized __dir__ implementation for types."},
    {"__sizeof__", type_sizeof, "(self, /)", "Return memory consumption of the type object."},
    {0},
};
static const GetSet type_getsets[] = {
    {"__name__", get_name, set_name, NULL},
    {"__qualname__", get_qualname, set_qualname, NULL},
    {"__module__", get_module, set_module, NULL},
    {"__dict__", get_dict, NULL, NULL},
    {"__bases__", get_bases, set_bases, NULL},
    {"__base__", get_base, NULL, NULL},
    {"__mro__", get_mro, NULL, NULL},
    {"__basicsize__", get_basicsize, NULL, NULL},
    {"__itemsize__", get_itemsize, NULL, NULL},
    {"__dictoffset__", get_dictoffset, NULL, NULL},
    {"__flags__", get_flags, NULL, NULL},
    {"__doc__", get_doc, set_doc, NULL},
    {"__text_signature__", get_text_signature, NULL, NULL},
    {"__abstractmethods__", get_abstract, set_abstract, NULL},
    {"__annotations__", get_annotations, set_annotations, NULL},
    {0},
};
const TypeSpec type_spec = {
    .name = "type",
    .doc = "type(object) -> the object's type\ntype(name, bases, dict, **kwds) -> a new type",
    .size = sizeof(Type),
    .flags = TYPE_BASE | TYPE_GC | TYPE_IS_TYPE | TYPE_HAS_WEAKREFS,
    .slots = {.visit = type_visit, .unlink = type_unlink, .finish = type_finish, .repr = type_repr, .call = type_call, .get_attr = type_get_attr,
              .set_attr = type_set_attr, .make = type_make, .init = type_init, .binary = {[OP_OR] = union_or}},
    .methods = type_methods,
    .getsets = type_getsets,
};
