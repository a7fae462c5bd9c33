// SPDX-License-Identifier: MIT
// stdlib/_collections/collections.c: the module _collections: what collections/__init__.py takes from C.
#include "runtime/types/dict_inner.h"
#include "runtime/types/int.h"
#include "runtime/types/module.h"
#include "runtime/types/str.h"
#include "stdlib/_collections/collections.h"

// mapping[item] += 1, on the table itself.
static bool count_in_dict(Thread *t, Dict *d, Value item)
{
    int64_t hash;
    if (!object_hash(t, item, &hash)) return false;
    bool failed;
    Value *count = dict_find_value(t, d, item, hash, &failed);
    if (!count) return !failed && dict_set_hashed(t, d, item, hash, small_int(1));
    if (is_small_int(*count) && small_int_add(*count, small_int(1), count)) return true;
    OWN Value kept = retain(*count);
    OWN Value sum = object_binary(t, OP_ADD, kept, small_int(1));
    return !is_error(sum) && dict_set_hashed(t, d, item, hash, sum);
}

// The same by the methods get and __setitem__ of whatever mapping is.
static bool count_by_methods(Thread *t, Value mapping, Value get, Value item)
{
    OWN Value found = call2(t, get, item, small_int(0));
    if (is_error(found)) return false;
    OWN Value sum = object_binary(t, OP_ADD, found, small_int(1));
    return !is_error(sum) && object_set_item(t, mapping, item, sum);
}

static Value count_elements(Thread *t, Value module, const Value *args)
{
    Value mapping = args[0];
    OWN Value iterator = object_iter(t, args[1]);
    if (is_error(iterator)) return ERROR;
    Type *type = type_of(mapping);
    bool plain = is_dict(mapping) && is_same(type_lookup(type, NAME(get)), type_lookup(&dict_type, NAME(get))) &&
                 is_same(type_lookup(type, NAME(__setitem__)), type_lookup(&dict_type, NAME(__setitem__)));
    OWN Value get = plain ? UNBOUND : object_get_attr(t, mapping, NAME(get));
    if (is_error(get)) return ERROR;
    for (;;) {
        OWN Value item = object_next(t, iterator);
        if (is_unbound(item)) return NONE;
        if (is_error(item)) return ERROR;
        if (!(plain ? count_in_dict(t, as_dict(mapping), item) : count_by_methods(t, mapping, get, item))) return ERROR;
    }
}

static const Method functions[] = {
    {"_count_elements", count_elements, "(mapping, iterable, /)", "Count elements in the iterable, updating the mapping"},
    {0},
};

static bool start(Thread *t, Value module)
{
    static const struct { const char *name; Type *type; const TypeSpec *spec; } types[] = {
        {"deque", &deque_type, &deque_spec},
        {"_deque_iterator", &deque_iterator_type, &deque_iterator_spec},
        {"_deque_reverse_iterator", &deque_reverse_iterator_type, &deque_reverse_iterator_spec},
        {"defaultdict", &default_dict_type, &default_dict_spec},
        {"_tuplegetter", &tuple_getter_type, &tuple_getter_spec},
    };
    for (size_t i = 0; i < COUNT_OF(types); i++) {
        if (!type_prepare(t, types[i].type, types[i].spec)) return false;
        if (!module_add(t, module, types[i].name, retain(type_value(types[i].type)))) return false;
    }
    return ordered_dict_prepare(t) && module_add(t, module, "OrderedDict", retain(type_value(&ordered_dict_type)));
}

extern const ModuleSpec _collections_spec;
const ModuleSpec _collections_spec = {
    .name = "_collections",
    .doc = "High performance data structures.\n- deque:        ordered collection accessible from endpoints only\n- defaultdict:  dict subclass with a default value factory\n",
    .functions = functions,
    .start = start,
};
