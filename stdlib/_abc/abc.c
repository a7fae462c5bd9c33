// SPDX-License-Identifier: MIT
// stdlib/_abc/abc.c: what abc.py takes from C: registered subclasses, and caches of answers.
//
// Each abstract class has an AbcData under `_abc_impl`: three sets of weak references to classes. A negative answer holds
// while no class has been registered anywhere since: `registrations` counts them. Dead references are swept when a set
// has doubled.
#include "runtime/call.h"
#include "runtime/error.h"
#include "runtime/thread.h"
#include "runtime/types/dict.h"
#include "runtime/types/function.h"
#include "runtime/types/int.h"
#include "runtime/types/list.h"
#include "runtime/types/module.h"
#include "runtime/types/set.h"
#include "runtime/types/str.h"
#include "runtime/types/tuple.h"
#include "runtime/types/weakref.h"

typedef struct WeakSet { Value set; size_t sweep_at; } WeakSet;       // set UNBOUND: empty
typedef struct AbcData { Object head; WeakSet registry, positive, negative; uint64_t version; } AbcData;

enum { CPYTHON_SEQUENCE = 1 << 5, CPYTHON_MAPPING = 1 << 6 };          // as __abc_tpflags__ has them
#define PATTERN_FLAGS (TYPE_PATTERN_SEQUENCE | TYPE_PATTERN_MAPPING)

static Type abc_data_type;
static uint64_t registrations;

static void data_visit(Object *o, VisitFn visit, void *context)
{
    AbcData *data = (AbcData *)o;
    visit(data->registry.set, context);
    visit(data->positive.set, context);
    visit(data->negative.set, context);
}
static void data_finish(Thread *t, Object *o)
{
    AbcData *data = (AbcData *)o;
    clear(&data->registry.set);
    clear(&data->positive.set);
    clear(&data->negative.set);
}
static Value data_construct(Thread *t, Type *type, const Value *args)
{
    AbcData *data = (AbcData *)object_new(t, type);
    if (!data) return ERROR;
    data->version = registrations;
    return object_value(data);
}
static const TypeSpec abc_data_spec = {
    .name = "_abc._abc_data", .doc = "Internal state held by ABC machinery.", .size = sizeof(AbcData), .flags = TYPE_GC,
    .slots = {.visit = data_visit, .unlink = data_finish, .finish = data_finish}, .new_signature = "()", .construct = data_construct,
};
static AbcData *data_of(Thread *t, Value cls)      // owned; NULL: raised
{
    OWN Value found = object_get_attr(t, cls, NAME(_abc_impl));
    if (is_error(found)) return NULL;
    if (type_of(found) != &abc_data_type) return error_null(raise_type_error(t, "_abc_impl is set to a wrong type"));
    return (AbcData *)as_object(MOVE(found));
}

// ---- Weak sets
static int weak_contains(Thread *t, WeakSet *weak, Value cls)
{
    if (is_unbound(weak->set) || as_set(weak->set)->count == 0 || !is_object(cls)) return 0;
    OWN Value reference = weakref_new(t, &weakref_type, cls, UNBOUND);
    if (is_error(reference)) return error_clear_if(t, &exc_TypeError) ? 0 : -1;
    OWN Value set = retain(weak->set);
    return set_contains(t, set, reference);
}
static bool weak_sweep(Thread *t, WeakSet *weak)
{
    if (is_unbound(weak->set)) return true;
    OWN Value alive = set_new(t, &set_type);
    if (is_error(alive)) return false;
    OWN Value all = tuple_from_iterable(t, weak->set);
    if (is_error(all)) return false;
    for (size_t i = 0; i < as_tuple(all)->length; i++) {
        OWN Value target = weakref_target(as_tuple(all)->items[i]);
        if (!is_none(target) && set_add(t, alive, as_tuple(all)->items[i]) < 0) return false;
    }
    weak->sweep_at = as_set(alive)->count * 2 + 16;
    assign(&weak->set, MOVE(alive));
    return true;
}
static bool weak_add(Thread *t, WeakSet *weak, Value cls)
{
    if (is_unbound(weak->set)) {
        Value set = set_new(t, &set_type);
        if (is_error(set)) return false;
        assign(&weak->set, set);
        weak->sweep_at = 16;
    }
    OWN Value reference = weakref_new(t, &weakref_type, cls, UNBOUND);
    if (is_error(reference) || (as_set(weak->set)->count >= weak->sweep_at && !weak_sweep(t, weak))) return false;
    OWN Value set = retain(weak->set);
    return set_add(t, set, reference) >= 0;
}
static Value weak_copy(Thread *t, WeakSet *weak)
{
    if (!weak_sweep(t, weak)) return ERROR;
    return is_unbound(weak->set) ? set_new(t, &set_type) : set_copy_as(t, &set_type, weak->set);
}

// ---- _abc_init
static int is_abstract(Thread *t, Value v)
{
    OWN Value flag = object_get_attr_optional(t, v, NAME(__isabstractmethod__));
    return is_unbound(flag) ? 0 : is_error(flag) ? -1 : object_truth(t, flag);
}
static bool own_abstracts(Thread *t, Type *type, Value abstracts)
{
    OWN Value keys = list_new(t, type->dict->count);
    if (is_error(keys)) return false;
    Value key, value;
    for (size_t at = 0; dict_next(type->dict, &at, &key, &value);) {
        OWN Value pair = tuple_of(t, 2, key, value);
        if (is_error(pair) || !list_append(t, keys, pair)) return false;
    }
    for (size_t i = 0; i < as_list(keys)->length; i++) {
        Tuple *pair = as_tuple(as_list(keys)->items[i]);
        int abstract = is_abstract(t, pair->items[1]);
        if (abstract < 0 || (abstract && set_add(t, abstracts, pair->items[0]) < 0)) return false;
    }
    return true;
}
static bool inherited_abstracts(Thread *t, Value cls, Value base, Value abstracts)
{
    OWN Value names_of_base = object_get_attr_optional(t, base, NAME(__abstractmethods__));
    if (is_unbound(names_of_base)) return true;
    OWN Value iterator = is_error(names_of_base) ? ERROR : object_iter(t, names_of_base);
    if (is_error(iterator)) return false;
    for (;;) {
        OWN Value name = object_next(t, iterator);
        if (is_unbound(name)) return true;
        if (is_error(name)) return false;
        if (!is_str(name)) continue;
        OWN_POINTER Str *interned = str_intern(t, RETAIN(as_str(name)));
        if (!interned) return false;
        OWN Value value = object_get_attr_optional(t, cls, interned);
        if (is_unbound(value)) continue;
        int abstract = is_error(value) ? -1 : is_abstract(t, value);
        if (abstract < 0 || (abstract && set_add(t, abstracts, name) < 0)) return false;
    }
}
static Value abc_init(Thread *t, Value self, const Value *args)
{
    if (!is_type(args[0])) return raise_attribute_error(t, args[0], NAME(__dict__));
    Type *type = as_type(args[0]);
    OWN Value abstracts = set_new(t, &frozenset_type);
    if (is_error(abstracts) || !own_abstracts(t, type, abstracts)) return ERROR;
    for (size_t i = 0; type->bases && i < type->bases->length; i++)
        if (!inherited_abstracts(t, args[0], type->bases->items[i], abstracts)) return ERROR;
    if (!object_set_attr(t, args[0], NAME(__abstractmethods__), abstracts)) return ERROR;
    OWN Value data = data_construct(t, &abc_data_type, NULL);
    if (is_error(data) || !object_set_attr(t, args[0], NAME(_abc_impl), data)) return ERROR;
    Value flags = dict_get_str(type->dict, NAME(__abc_tpflags__));
    if (!is_unbound(flags) && is_small_int(flags)) {
        int64_t bits = as_small_int(flags);
        if ((bits & CPYTHON_SEQUENCE) && (bits & CPYTHON_MAPPING)) return raise_type_error(t, "__abc_tpflags__ cannot be both Py_TPFLAGS_SEQUENCE and Py_TPFLAGS_MAPPING");
        uint32_t pattern = (bits & CPYTHON_SEQUENCE ? TYPE_PATTERN_SEQUENCE : 0u) | (bits & CPYTHON_MAPPING ? TYPE_PATTERN_MAPPING : 0u);
        type->flags = (type->flags & ~(uint32_t)PATTERN_FLAGS) | pattern;
        if (!object_set_attr(t, args[0], NAME(__abc_tpflags__), UNBOUND)) return ERROR;
    }
    return NONE;
}

// ---- Registering
static void mark_pattern(Type *type, uint32_t flags)
{
    if ((type->flags & TYPE_IMMUTABLE) || !(type->flags & TYPE_HEAP) || (type->flags & PATTERN_FLAGS) == flags) return;
    type->flags = (type->flags & ~(uint32_t)PATTERN_FLAGS) | flags;
    for (uint32_t i = 0; i < type->subclass_count; i++) mark_pattern(type->subclasses[i], flags);
}
static Value abc_register(Thread *t, Value self, const Value *args)
{
    if (!is_type(args[1])) return raise_type_error(t, "Can only register classes");
    int already = object_is_subclass(t, args[1], args[0]);
    if (already != 0) return already > 0 ? retain(args[1]) : ERROR;
    int cycle = object_is_subclass(t, args[0], args[1]);
    if (cycle != 0) return cycle > 0 ? raise_error(t, &exc_RuntimeError, "Refusing to create an inheritance cycle") : ERROR;
    OWN_POINTER AbcData *data = data_of(t, args[0]);
    if (!data || !weak_add(t, &data->registry, args[1])) return ERROR;
    registrations++;
    if (is_type(args[0]) && (as_type(args[0])->flags & PATTERN_FLAGS)) mark_pattern(as_type(args[1]), as_type(args[0])->flags & PATTERN_FLAGS);
    return retain(args[1]);
}

// ---- Asking
static Value answered(Thread *t, AbcData *data, Value subclass, bool yes)
{
    return weak_add(t, yes ? &data->positive : &data->negative, subclass) ? bool_value(yes) : ERROR;
}
// Is subclass one of any of `classes`? 1, 0, -1.
static int below_any(Thread *t, Value subclass, Value classes, bool weak)
{
    for (size_t i = 0; i < as_tuple(classes)->length; i++) {
        OWN Value cls = weak ? weakref_target(as_tuple(classes)->items[i]) : retain(as_tuple(classes)->items[i]);
        int below = is_none(cls) ? 0 : object_is_subclass(t, subclass, cls);
        if (below != 0) return below;
    }
    return 0;
}
static Value children_of(Thread *t, Value cls)
{
    OWN_POINTER Str *name = str_intern_text(t, "__subclasses__", 14);
    OWN Value list = name ? call_method0(t, cls, name) : ERROR;
    if (is_error(list)) return ERROR;
    return is_list(list) ? list_to_tuple(t, list) : raise_type_error(t, "__subclasses__() must return a list");
}
static Value subclass_check(Thread *t, Value self, const Value *args)
{
    Value cls = args[0], subclass = args[1];
    if (!is_type(subclass)) return raise_type_error(t, "issubclass() arg 1 must be a class");
    OWN_POINTER AbcData *data = data_of(t, cls);
    if (!data) return ERROR;
    int known = weak_contains(t, &data->positive, subclass);
    if (known != 0) return known > 0 ? TRUE : ERROR;
    if (data->version != registrations) {
        clear(&data->negative.set);
        data->version = registrations;
    } else if ((known = weak_contains(t, &data->negative, subclass)) != 0) {
        return known > 0 ? FALSE : ERROR;
    }
    OWN Value hook = call_method1(t, cls, NAME(__subclasshook__), subclass);
    if (is_error(hook)) return ERROR;
    if (is_bool(hook)) return answered(t, data, subclass, is_true(hook));
    if (!is_not_implemented(hook)) return raise_error(t, &exc_AssertionError, "__subclasshook__ must return either False, True, or NotImplemented");
    if (is_type(cls) && type_is_subtype(as_type(subclass), as_type(cls))) return answered(t, data, subclass, true);
    if ((known = weak_contains(t, &data->registry, subclass)) != 0) return known > 0 ? TRUE : ERROR;
    OWN Value registered = is_unbound(data->registry.set) ? retain(object_value(tuple_empty)) : tuple_from_iterable(t, data->registry.set);
    int below = is_error(registered) ? -1 : below_any(t, subclass, registered, true);
    if (below != 0) return below > 0 ? answered(t, data, subclass, true) : ERROR;
    OWN Value children = children_of(t, cls);
    below = is_error(children) ? -1 : below_any(t, subclass, children, false);
    return below < 0 ? ERROR : answered(t, data, subclass, below > 0);
}
static Value instance_check(Thread *t, Value self, const Value *args)
{
    OWN_POINTER AbcData *data = data_of(t, args[0]);
    OWN Value subclass = data ? object_get_attr(t, args[1], NAME(__class__)) : ERROR;
    if (is_error(subclass)) return ERROR;
    int known = weak_contains(t, &data->positive, subclass);
    if (known != 0) return known > 0 ? TRUE : ERROR;
    Value own = type_value(type_of(args[1]));
    bool alike = is_same(own, subclass);
    if (alike && data->version == registrations && (known = weak_contains(t, &data->negative, subclass)) != 0) return known > 0 ? FALSE : ERROR;
    OWN Value result = call_method1(t, args[0], NAME(__subclasscheck__), subclass);
    if (alike || is_error(result)) return MOVE(result);
    int yes = object_truth(t, result);
    return yes < 0 ? ERROR : yes ? MOVE(result) : call_method1(t, args[0], NAME(__subclasscheck__), own);
}

// ---- For tests
static Value reset_registry(Thread *t, Value self, const Value *args)
{
    OWN_POINTER AbcData *data = data_of(t, args[0]);
    if (!data) return ERROR;
    clear(&data->registry.set);
    return NONE;
}
static Value reset_caches(Thread *t, Value self, const Value *args)
{
    OWN_POINTER AbcData *data = data_of(t, args[0]);
    if (!data) return ERROR;
    clear(&data->positive.set);
    clear(&data->negative.set);
    return NONE;
}
static Value get_dump(Thread *t, Value self, const Value *args)
{
    OWN_POINTER AbcData *data = data_of(t, args[0]);
    if (!data) return ERROR;
    OWN Value registry = weak_copy(t, &data->registry);
    OWN Value positive = weak_copy(t, &data->positive);
    OWN Value negative = weak_copy(t, &data->negative);
    if (is_error(registry) || is_error(positive) || is_error(negative)) return ERROR;
    return tuple_of(t, 4, registry, positive, negative, small_int((int64_t)data->version));
}
static Value get_cache_token(Thread *t, Value self, const Value *args) { return small_int((int64_t)registrations); }

static const Method functions[] = {
    {"get_cache_token", get_cache_token, "()", "Returns the current ABC cache token."},
    {"_abc_init", abc_init, "(cls_, /)", "Internal ABC helper for class set-up. Should be never used outside abc module."},
    {"_abc_register", abc_register, "(cls_, subclass, /)", "Internal ABC helper for subclasss registration. Should be never used outside abc module."},
    {"_abc_instancecheck", instance_check, "(cls_, instance, /)", "Internal ABC helper for instance checks. Should be never used outside abc module."},
    {"_abc_subclasscheck", subclass_check, "(cls_, subclass, /)", "Internal ABC helper for subclasss checks. Should be never used outside abc module."},
    {"_get_dump", get_dump, "(cls_, /)", "Internal ABC helper for cache and registry debugging."},
    {"_reset_registry", reset_registry, "(cls_, /)", "Internal ABC helper to reset registry of a given class."},
    {"_reset_caches", reset_caches, "(cls_, /)", "Internal ABC helper to reset both caches of a given class."},
    {0},
};
static bool start(Thread *t, Value module) { return abc_data_type.version != 0 || type_prepare(t, &abc_data_type, &abc_data_spec); }
extern const ModuleSpec _abc_spec;
const ModuleSpec _abc_spec = {.name = "_abc", .doc = "Module contains faster implementation of abc.ABCMeta", .functions = functions, .start = start};
