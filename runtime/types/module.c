// SPDX-License-Identifier: MIT
// runtime/types/module.c: module objects, and modules made from a native table.
#include "runtime/types/module.h"

#include "runtime/call.h"
#include "runtime/error.h"
#include "runtime/types/function.h"
#include "runtime/types/int.h"
#include "runtime/types/list.h"

Type module_type;

static bool fill_start(Thread *t, Dict *dict, Value name, Value doc)
{
    return dict_set_str(t, dict, NAME(__name__), name) && dict_set_str(t, dict, NAME(__doc__), doc) && dict_set_str(t, dict, NAME(__package__), NONE) &&
           dict_set_str(t, dict, NAME(__loader__), NONE) && dict_set_str(t, dict, NAME(__spec__), NONE);
}

static Value module_make(Thread *t, Type *type, const Value *args, size_t nargs, Value kwnames)
{
    OWN_POINTER Module *module = (Module *)object_new(t, type);
    if (!module) return ERROR;
    module->dict = dict_new(t);
    if (!module->dict) return ERROR;
    return object_value(MOVE_POINTER(module));
}
static bool module_initialize(Thread *t, Value self, const Value *args)
{
    if (!is_str(args[0])) return error_false(raise_type_error(t, "module.__init__() argument 1 must be str, not %T", args[0]));
    return fill_start(t, as_module(self)->dict, args[0], args[1]);
}

Value module_new(Thread *t, Str *name, Value doc)
{
    OWN Value module = module_make(t, &module_type, NULL, 0, UNBOUND);
    if (is_error(module) || !fill_start(t, as_module(module)->dict, object_value(name), doc)) return ERROR;
    return MOVE(module);
}

Value module_from_spec(Thread *t, const ModuleSpec *spec)
{
    OWN_POINTER Str *name = str_intern_text(t, spec->name, strlen(spec->name));
    OWN Value doc = spec->doc ? str_from_text(t, spec->doc) : NONE;
    if (!name || is_error(doc)) return ERROR;
    OWN Value module = module_new(t, name, doc);
    if (is_error(module)) return ERROR;
    for (const Method *m = spec->functions; m && m->name; m++)
        if (!module_add_function(t, module, m)) return ERROR;
    if (spec->start && !spec->start(t, module)) return ERROR;
    return MOVE(module);
}

bool module_add(Thread *t, Value module, const char *name, Value value)
{
    if (is_error(value)) return false;
    return dict_set_text(t, as_module(module)->dict, name, value);
}
bool module_add_int(Thread *t, Value module, const char *name, int64_t value) { return module_add(t, module, name, int_value(t, value)); }
bool module_add_ints(Thread *t, Value module, const NamedInt *ints, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!module_add_int(t, module, ints[i].name, ints[i].value)) return false;
    return true;
}
bool module_add_function(Thread *t, Value module, const Method *method)
{
    Value name = dict_get_str(as_module(module)->dict, NAME(__name__));
    return module_add(t, module, method->name, native_function_new(t, method, module, name));
}
bool module_add_type(Thread *t, Value module, Type *type) { return module_add(t, module, type->name, retain(type_value(type))); }

static bool is_initializing(Thread *t, Dict *dict)
{
    Value spec = dict_get_str(dict, NAME(__spec__));
    if (is_unbound(spec) || is_none(spec)) return false;
    OWN_POINTER Str *name = str_intern_text(t, "_initializing", 13);
    OWN Value flag = name ? object_get_attr_optional(t, spec, name) : ERROR;
    if (is_error(flag)) error_clear(t);
    return is_true(flag);
}

static Value module_get_attr(Thread *t, Value v, Str *name)
{
    Dict *dict = as_module(v)->dict;
    Value own = dict_get_str(dict, name);
    Value meta = type_lookup(type_of(v), name);
    if (!is_unbound(own) && (is_unbound(meta) || !type_of(meta)->slots.descr_set)) return retain(own);
    Value found = generic_get_attr_optional(t, v, name);
    if (!is_unbound(found)) return found;
    OWN Value getter = retain(dict_get_str(dict, NAME(__getattr__)));
    if (!is_unbound(getter)) return call1(t, getter, object_value(name));
    Value module_name = dict_get_str(dict, NAME(__name__));
    if (!is_str(module_name)) raise_error(t, &exc_AttributeError, "module has no attribute '%U'", name);
    else if (is_initializing(t, dict))
        raise_error(t, &exc_AttributeError, "partially initialized module '%S' has no attribute '%U' (most likely due to a circular import)", module_name, name);
    else raise_error(t, &exc_AttributeError, "module '%S' has no attribute '%U'", module_name, name);
    OWN Value error = error_take(t);
    attribute_error_set(t, error, v, name);
    error_restore(t, MOVE(error));
    return ERROR;
}
static bool module_set_attr(Thread *t, Value v, Str *name, Value value)
{
    Value meta = type_lookup(type_of(v), name);
    if (!is_unbound(meta) && type_of(meta)->slots.descr_set) return type_of(meta)->slots.descr_set(t, meta, v, value);
    Dict *dict = as_module(v)->dict;
    if (!is_unbound(value)) return dict_set_str(t, dict, name, value);
    int deleted = dict_delete(t, dict, object_value(name));
    if (deleted == 0) raise_attribute_error(t, v, name);
    return deleted > 0;
}

static Value attribute_or_none(Thread *t, Value v, const char *text)
{
    OWN_POINTER Str *name = str_intern_text(t, text, strlen(text));
    Value found = name ? object_get_attr_optional(t, v, name) : ERROR;
    return is_unbound(found) ? NONE : found;
}

// By its spec: where it is from, or what kind of module it is, or who loaded it.
static Value repr_by_spec(Thread *t, Value spec)
{
    OWN Value name = attribute_or_none(t, spec, "name");
    OWN Value origin = attribute_or_none(t, spec, "origin");
    OWN Value loader = attribute_or_none(t, spec, "loader");
    OWN Value has_location = attribute_or_none(t, spec, "has_location");
    if (is_error(name) || is_error(origin) || is_error(loader) || is_error(has_location)) return ERROR;
    OWN Value shown = is_none(name) ? str_from_text(t, "?") : retain(name);
    if (is_error(shown)) return ERROR;
    if (is_none(origin)) return is_none(loader) ? str_format(t, "<module %R>", shown) : str_format(t, "<module %R (%R)>", shown, loader);
    int located = object_truth(t, has_location);
    if (located < 0) return ERROR;
    return located ? str_format(t, "<module %R from %R>", shown, origin) : str_format(t, "<module %R (%S)>", shown, origin);
}

// What its loader says of it; UNBOUND: nothing, or it failed.
static Value repr_by_loader(Thread *t, Value v, Value loader)
{
    OWN_POINTER Str *name = str_intern_text(t, "module_repr", 11);
    OWN Value method = name ? object_get_attr_optional(t, loader, name) : ERROR;
    if (is_error(method) || is_unbound(method)) return MOVE(method);
    Value text = call1(t, method, v);
    return is_error(text) && error_clear_if(t, &exc_Exception) ? UNBOUND : text;
}

static Value module_repr(Thread *t, Value v)
{
    Dict *dict = as_module(v)->dict;
    OWN Value spec = retain(dict_get_str(dict, NAME(__spec__)));
    int by_spec = is_unbound(spec) || is_none(spec) ? 0 : object_truth(t, spec);
    if (by_spec) return by_spec < 0 ? ERROR : repr_by_spec(t, spec);
    OWN Value loader = retain(dict_get_str(dict, NAME(__loader__)));
    if (is_unbound(loader)) loader = NONE;
    Value text = is_none(loader) ? UNBOUND : repr_by_loader(t, v, loader);
    if (!is_unbound(text)) return text;
    OWN Value name = retain(dict_get_str(dict, NAME(__name__)));
    OWN Value file = retain(dict_get_str(dict, NAME(__file__)));
    if (is_unbound(name)) name = str_from_text(t, "?");
    if (is_error(name)) return ERROR;
    if (!is_unbound(file)) return str_format(t, "<module %R from %R>", name, file);
    return is_none(loader) ? str_format(t, "<module %R>", name) : str_format(t, "<module %R (%R)>", name, loader);
}
static Value module_dict(Thread *t, Value v) { return retain(object_value(as_module(v)->dict)); }
static Value module_dir(Thread *t, Value self, const Value *args)
{
    OWN Value dict = object_get_attr(t, self, NAME(__dict__));      // a class over module may have its own
    if (is_error(dict)) return ERROR;
    if (!is_dict(dict)) return raise_type_error(t, "<module>.__dict__ is not a dictionary");
    OWN Value own = retain(dict_get_str(as_dict(dict), NAME(__dir__)));
    return is_unbound(own) ? list_from_iterable(t, dict) : call0(t, own);
}
static Value module_annotations(Thread *t, Value v)
{
    Dict *dict = as_module(v)->dict;
    Value own = dict_get_str(dict, NAME(__annotations__));
    if (!is_unbound(own)) return retain(own);
    OWN_POINTER Dict *fresh = dict_new(t);
    if (!fresh || !dict_set_str(t, dict, NAME(__annotations__), object_value(fresh))) return ERROR;
    return object_value(MOVE_POINTER(fresh));
}
static bool module_set_annotations(Thread *t, Value v, Value value)
{
    Dict *dict = as_module(v)->dict;
    if (!is_unbound(value)) return dict_set_str(t, dict, NAME(__annotations__), value);
    int deleted = dict_delete(t, dict, NAME_VALUE(__annotations__));
    if (deleted == 0) raise_attribute_error(t, v, NAME(__annotations__));
    return deleted > 0;
}
static void module_visit(Object *o, VisitFn visit, void *context)
{
    if (((Module *)o)->dict) visit(object_value(((Module *)o)->dict), context);
}
static void module_finish(Thread *t, Object *o)
{
    Module *m = (Module *)o;
    if (m->free_state) m->free_state(t, m->state);
    drop_pointer(m->dict);
}
static const Method module_methods[] = {{"__dir__", module_dir, "(self, /)", "__dir__() -> list\nspecialized dir() implementation"}, {0}};
static const GetSet module_getsets[] = {{"__dict__", module_dict, NULL, NULL}, {"__annotations__", module_annotations, module_set_annotations, NULL}, {0}};
const TypeSpec module_spec = {
    .name = "module",
    .doc = "Create a module object.\n\nThe name must be a string; the optional docstring can have any type.",
    .size = sizeof(Module),
    .flags = TYPE_BASE | TYPE_GC | TYPE_HAS_WEAKREFS | TYPE_IS_MODULE,
    .slots = {.visit = module_visit, .finish = module_finish, .repr = module_repr, .get_attr = module_get_attr, .set_attr = module_set_attr, .make = module_make},
    .methods = module_methods,
    .getsets = module_getsets,
    .init_signature = "(name, doc=None)",
    .initialize = module_initialize,
};
