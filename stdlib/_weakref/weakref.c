// SPDX-License-Identifier: MIT
// stdlib/_weakref/weakref.c: the module _weakref: what weakref.py takes from C.
#include "runtime/types/container.h"
#include "runtime/types/dict.h"
#include "runtime/types/list.h"
#include "runtime/types/module.h"
#include "runtime/types/weak_table.h"

static Value get_count(Thread *t, Value module, const Value *args) { return small_int((int64_t)weakref_count(t, args[0])); }

static Value get_references(Thread *t, Value module, const Value *args)
{
    OWN Value list = list_new(t, 0);
    if (is_error(list)) return ERROR;
    for (size_t i = 0;; i++) {
        Value reference = weakref_each(t, args[0], i);
        if (is_unbound(reference)) return MOVE(list);
        if (!list_append(t, list, reference)) return ERROR;
    }
}

static Value proxy(Thread *t, Value module, const Value *args)
{
    Type *type = object_is_callable(args[0]) ? &weak_callable_proxy_type : &weak_proxy_type;
    return weakref_new(t, type, args[0], is_none(args[1]) ? UNBOUND : args[1]);
}

// Deletes mapping[key] if it is a weak reference whose object is gone: the key may have been used anew meanwhile.
static Value remove_dead(Thread *t, Value module, const Value *args)
{
    if (!is_dict(args[0])) return raise_type_error(t, "_remove_dead_weakref() argument 1 must be dict, not %.50T", args[0]);
    Value found = dict_get(t, as_dict(args[0]), args[1]);
    if (is_error(found)) return ERROR;
    if (is_unbound(found)) return NONE;
    if (!is_instance_of(found, &weakref_type)) return raise_type_error(t, "not a weakref");
    OWN Value target = weakref_target(found);
    if (is_none(target) && dict_delete(t, as_dict(args[0]), args[1]) < 0) return ERROR;
    return NONE;
}

static const Method functions[] = {
    {"getweakrefcount", get_count, "(object, /)", "Return the number of weak references to 'object'."},
    {"getweakrefs", get_references, "(object, /)", "Return a list of all weak reference objects pointing to 'object'."},
    {"proxy", proxy, "(object, callback=None, /)", "Create a proxy object that weakly references 'object'."},
    {"_remove_dead_weakref", remove_dead, "(dct, key, /)", "Atomically remove key from dict if it points to a dead weakref."},
    {0},
};

static bool start(Thread *t, Value module)
{
    return module_add(t, module, "ref", retain(type_value(&weakref_type))) && module_add(t, module, "ReferenceType", retain(type_value(&weakref_type))) &&
           module_add(t, module, "ProxyType", retain(type_value(&weak_proxy_type))) &&
           module_add(t, module, "CallableProxyType", retain(type_value(&weak_callable_proxy_type)));
}

extern const ModuleSpec _weakref_spec;
const ModuleSpec _weakref_spec = {.name = "_weakref", .doc = "Weak-reference support module.", .functions = functions, .start = start};
