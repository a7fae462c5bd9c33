// SPDX-License-Identifier: MIT
// runtime/type.c: types made ready: bases, slots, method tables; looking names up along the MRO.
//
// Always: `version` is unique to a type and its contents; the method cache maps (version, name) to what lookup found, so
// a changed type never finds stale entries. The cache owns its names, not its values: those live as long as the version.
#include "runtime/type.h"

#include <stdio.h>
#include <stdlib.h>

#include "runtime/class.h"
#include "runtime/error.h"
#include "runtime/heap.h"
#include "runtime/shape.h"
#include "runtime/slots.h"
#include "runtime/types/dict.h"
#include "runtime/types/function.h"
#include "runtime/types/tuple.h"

#define CACHE_SIZE 4096

typedef struct CacheEntry { uint32_t version; Str *name; Value found; } CacheEntry;
struct MethodCache { CacheEntry entries[CACHE_SIZE]; };

static _Atomic uint32_t last_version;
static uint32_t new_version(void) { return atomic_fetch_add_explicit(&last_version, 1, memory_order_relaxed) + 1; }

struct MethodCache *method_cache_create(void) { return calloc(1, sizeof(struct MethodCache)); }

void method_cache_clear(struct MethodCache *cache)
{
    for (size_t i = 0; i < CACHE_SIZE; i++) {
        Str *name = cache->entries[i].name;
        cache->entries[i] = (CacheEntry){0};
        drop_pointer(name);
    }
}
void method_cache_destroy(struct MethodCache *cache)
{
    method_cache_clear(cache);
    free(cache);
}

void type_modified(Type *type)
{
    type->version = new_version();
    for (uint32_t i = 0; i < type->subclass_count; i++) type_modified(type->subclasses[i]);
}

bool type_is_subtype(const Type *a, const Type *b)
{
    if (a == b || b == &object_type) return true;
    if (!a->mro) {
        for (; a; a = a->base)
            if (a == b) return true;
        return false;
    }
    for (size_t i = 0; i < a->mro->length; i++)
        if (as_object(a->mro->items[i]) == &b->head) return true;
    return false;
}

static Value lookup_in_mro(Type *type, Str *name)
{
    for (size_t i = 0; i < type->mro->length; i++) {
        Value found = dict_get_str(as_type(type->mro->items[i])->dict, name);
        if (!is_unbound(found)) return found;
    }
    return UNBOUND;
}

Value type_lookup(Type *type, Str *name)
{
    ASSERT(type->version != 0);
    uint32_t bucket = (type->version * 31u ^ (uint32_t)((uintptr_t)name >> 4)) % CACHE_SIZE;
    CacheEntry *entry = &thread_current()->interp->method_cache->entries[bucket];
    if (LIKELY(entry->version == type->version && entry->name == name)) return entry->found;
    if (UNLIKELY(!type->mro)) return UNBOUND;        // the metaclass's own mro() asks
    Value found = lookup_in_mro(type, name);
    Str *old = entry->name;
    *entry = (CacheEntry){type->version, RETAIN(name), found};
    drop_pointer(old);
    return found;
}

Value special_method(Thread *t, Value v, Str *name)
{
    Type *type = type_of(v);
    Value found = type_lookup(type, name);
    if (is_unbound(found)) return UNBOUND;
    Value (*get)(Thread *, Value, Value, Value) = type_of(found)->slots.descr_get;
    return get ? get(t, found, v, type_value(type)) : retain(found);
}

// ---- Preparing a native type
// Copies what `type` lacks from its base; compare and hash go together, and so do the two ways of construction.
void type_inherit_slots(Type *type, const Type *base)
{
    Slots *own = &type->slots;
    const Slots *from = &base->slots;
    bool compares = own->compare != NULL;
    if (!compares && !own->hash) own->hash = from->hash;
    AnySlot hash = (AnySlot)own->hash;
    for (size_t offset = 0; offset < sizeof(Slots); offset += sizeof(AnySlot)) {
        if (offset == offsetof(Slots, hash) || offset == offsetof(Slots, finalize)) continue;
        if (!slot_at(own, offset)) slot_set(own, offset, slot_at(from, offset));
    }
    slot_set(own, offsetof(Slots, hash), hash);
    if (!own->hash) own->hash = compares ? hash_refused : from->hash;
    if (!own->finalize) own->finalize = from->finalize;
}

static Value make_from_spec(Thread *t, Type *type, const Value *args, size_t nargs, Value kwnames)
{
    Type *native = type;
    while (!native->new_binder) native = native->base;
    Value slots[SIGNATURE_SLOTS_MAX];
    if (!signature_bind(t, native->new_binder, native->name, args, nargs, kwnames, slots)) return ERROR;
    Value made = native->spec->construct(t, type, slots);
    signature_release(native->new_binder, slots);
    return made;
}

static bool init_from_spec(Thread *t, Value self, const Value *args, size_t nargs, Value kwnames)
{
    Type *native = type_of(self);
    while (!native->init_binder) native = native->base;
    Value slots[SIGNATURE_SLOTS_MAX];
    if (!signature_bind(t, native->init_binder, native->name, args, nargs, kwnames, slots)) return false;
    bool done = native->spec->initialize(t, self, slots);
    signature_release(native->init_binder, slots);
    return done;
}

// For a type whose construct does all the work: whatever else object.__init__ would complain of, construct has seen.
static bool init_nothing(Thread *t, Value self, const Value *args, size_t nargs, Value kwnames) { return true; }
// For a type whose initialize does all the work.
static Value make_blank(Thread *t, Type *type, const Value *args, size_t nargs, Value kwnames)
{
    Object *o = object_new(t, type);
    return o ? object_value(o) : ERROR;
}

static bool set_names(Thread *t, Type *type, const char *full_name)
{
    const char *dot = strrchr(full_name, '.');
    type->name = dot ? dot + 1 : full_name;
    Str *name = str_intern_text(t, type->name, strlen(type->name));
    Str *module = name ? str_intern_text(t, dot ? full_name : "builtins", dot ? (size_t)(dot - full_name) : 8) : NULL;
    if (!module) return false;
    type->name_value = object_value(name);
    type->qualname = retain(type->name_value);
    type->module_value = object_value(module);
    return true;
}

static bool add_descriptors(Thread *t, Type *type, const TypeSpec *spec)
{
    for (const Method *m = spec->methods; m && m->name; m++)
        if (!dict_set_text(t, type->dict, m->name, method_descriptor_new(t, type, m))) return false;
    for (const GetSet *g = spec->getsets; g && g->name; g++)
        if (!dict_set_text(t, type->dict, g->name, getset_descriptor_new(t, type, g))) return false;
    bool instances_have_doc = !is_unbound(dict_get_str(type->dict, NAME(__doc__)));
    if (spec->doc && !instances_have_doc && !dict_set_str(t, type->dict, NAME(__doc__), type->doc_value)) return false;
    if (!spec->doc && is_unbound(dict_get_str(type->dict, NAME(__doc__))) && !dict_set_str(t, type->dict, NAME(__doc__), NONE)) return false;
    if (spec->match_args) {
        size_t count = 0;
        while (spec->match_args[count]) count++;
        OWN_POINTER Tuple *names_tuple = tuple_blank(t, count);
        if (!names_tuple) return false;
        for (size_t i = 0; i < count; i++) {
            names_tuple->items[i] = str_from_text(t, spec->match_args[i]);
            if (is_error(names_tuple->items[i])) return false;
        }
        if (!dict_set_str(t, type->dict, NAME(__match_args__), object_value(names_tuple))) return false;
    }
    return slots_add_wrappers(t, type);
}

// `__new__` of a native type, as Python sees it: a function whose self is the type.
static bool add_new(Thread *t, Type *type)
{
    if (type->flags & TYPE_NO_NEW) return true;
    if (!type->spec->slots.make && !type->new_binder && type->slots.make != make_blank && type != &object_type) return true;
    return dict_set_text(t, type->dict, "__new__", native_new_function(t, type));
}

static void prepare_layout(Type *type, const TypeSpec *spec, const Type *base)
{
    type->size = spec->size ? spec->size : base ? base->size : sizeof(Object);
    type->base_size = type->size;
    type->attrs_offset = base ? base->attrs_offset : 0;
    if (spec->flags & TYPE_HAS_ATTRS) type->attrs_offset = sizeof(Object);
    type->flags |= spec->flags;
    if (base) type->flags |= base->flags & (TYPE_SUBCLASS_BITS | TYPE_GC | TYPE_HAS_ATTRS | TYPE_HAS_WEAKREFS | TYPE_MATCH_SELF |
                                            TYPE_PATTERN_SEQUENCE | TYPE_PATTERN_MAPPING | TYPE_VAR_SIZED);
}

// An immortal type keeps what its table made for ever, so that the count of what a program leaves behind is true.
static void make_immortal(Value v)
{
    if (is_object(v)) as_object(v)->flags |= OBJECT_IMMORTAL;
}
void type_keep(Type *type)
{
    Value owned[] = {object_value(type->dict), object_value(type->bases), object_value(type->mro), type->name_value, type->qualname, type->module_value, type->doc_value};
    for (size_t i = 0; i < COUNT_OF(owned); i++) make_immortal(owned[i]);
    size_t at = 0;
    Value key, value;
    while (dict_next(type->dict, &at, &key, &value)) {
        make_immortal(key);
        make_immortal(value);
        if (is_object(value) && (as_object(value)->type == &staticmethod_type || as_object(value)->type == &classmethod_type))
            make_immortal(((Wrapping *)as_object(value))->callable);
    }
}

bool type_prepare(Thread *t, Type *type, const TypeSpec *spec)
{
    if (type->version) return true;
    Type *base = spec->base ? spec->base : type == &object_type ? NULL : &object_type;
    if (!(type->flags & TYPE_HEAP)) {
        type->head = (Object){&type_type, IMMORTAL_REFS, OBJECT_IMMORTAL};
        type->flags |= TYPE_IMMUTABLE;
    }
    type->spec = spec;
    type->base = base;
    type->slots = spec->slots;
    prepare_layout(type, spec, base);
    type->version = new_version();
    type->root_shape = shape_root(type);
    type->dict = dict_new(t);
    if (!type->root_shape || !type->dict || !set_names(t, type, spec->name)) return false;
    type->doc_value = spec->doc ? str_from_text(t, spec->doc) : UNBOUND;
    if (spec->new_signature) {
        type->new_binder = signature_read(t, spec->new_signature);
        type->slots.make = make_from_spec;
        if (!spec->init_signature && !spec->slots.init) type->slots.init = init_nothing;
    }
    if (spec->init_signature) {
        type->init_binder = signature_read(t, spec->init_signature);
        type->slots.init = init_from_spec;
        if (!spec->new_signature && !spec->slots.make) type->slots.make = make_blank;
    }
    if (base) type_inherit_slots(type, base);
    if (type->slots.get_attr == generic_get_attr) type->flags |= TYPE_DEFAULT_GETATTR;
    Value base_value = base ? type_value(base) : UNBOUND;
    OWN Value bases = tuple_from_values(t, &base_value, base ? 1 : 0);
    if (is_error(bases)) return false;
    type->bases = as_tuple(MOVE(bases));
    type->mro = type_compute_mro(t, type);
    if (!type->mro || (base && !type_add_subclass(t, base, type))) return false;
    if (!add_new(t, type) || !add_descriptors(t, type, spec)) return false;
    if (!(type->flags & TYPE_HEAP)) type_keep(type);
    return true;
}

Type *type_from_spec(Thread *t, const TypeSpec *spec, const char *module)
{
    OWN_POINTER Type *type = heap_allocate(t, sizeof(Type), true);
    if (!type) return NULL;
    type->head.type = &type_type;
    type->head.refs = 1;
    type->flags = TYPE_HEAP | (spec->flags & TYPE_IMMUTABLE);
    if (spec->base) RETAIN(spec->base);
    if (!type_prepare(t, type, spec)) return NULL;
    if (module) assign(&type->module_value, object_value(str_intern_text(t, module, strlen(module))));
    return MOVE_POINTER(type);
}

bool type_add_subclass(Thread *t, Type *base, Type *type)
{
    if (base->subclass_count == base->subclass_capacity) {
        uint32_t capacity = base->subclass_capacity ? base->subclass_capacity * 2 : 4;
        Type **subclasses = mem_reallocate(t, base->subclasses, capacity * sizeof *subclasses);
        if (!subclasses) return false;
        base->subclasses = subclasses;
        base->subclass_capacity = capacity;
    }
    base->subclasses[base->subclass_count++] = type;
    return true;
}

void type_remove_subclass(Type *base, Type *type)
{
    for (uint32_t i = 0; i < base->subclass_count; i++)
        if (base->subclasses[i] == type) {
            memmove(&base->subclasses[i], &base->subclasses[i + 1], (base->subclass_count - i - 1) * sizeof(Type *));
            base->subclass_count--;
            return;
        }
}

Value type_qualified_name(Thread *t, Type *type) { return retain(type->qualname); }

Value type_full_name(Thread *t, Type *type)
{
    Value module = (type->flags & TYPE_HEAP) ? dict_get_str(type->dict, NAME(__module__)) : type->module_value;
    if (is_unbound(module)) module = type->module_value;
    if (!is_str(module) || str_equal_text(as_str(module), "builtins")) return retain(type->qualname);
    return str_format(t, "%S.%S", module, type->qualname);
}
