// SPDX-License-Identifier: MIT
// runtime/types/weakref.c: weak references and proxies.
//
// Owns     the interpreter's table from an object to the list of its weak references, so that objects carry no field for
//          it; OBJECT_WEAKLY_REFERENCED says that the table has an entry.
// Always   a live reference is in its target's list; a dead one has target NULL and is in none.
#include "runtime/types/weakref.h"

#include <stdio.h>
#include <stdlib.h>

#include "runtime/call.h"
#include "runtime/types/tuple.h"
#include "runtime/error.h"
#include "runtime/heap.h"
#include "runtime/slots.h"
#include "runtime/types/str.h"
#include "runtime/types/weak_table.h"

Type weakref_type, weak_proxy_type, weak_callable_proxy_type;

// ---- The table: open addressing, keys are addresses
typedef struct WeakEntry { Object *target; WeakRef *first; } WeakEntry;
struct WeakTable { WeakEntry *entries; size_t count, size; };

struct WeakTable *weak_table_create(void) { return calloc(1, sizeof(struct WeakTable)); }
void weak_table_destroy(struct WeakTable *table)
{
    free(table->entries);
    free(table);
}
static size_t bucket_of(const struct WeakTable *table, const Object *o) { return ((uintptr_t)o * UINT64_C(0x9E3779B97F4A7C15)) >> 16 & (table->size - 1); }

static WeakEntry *find(struct WeakTable *table, const Object *o)
{
    if (!table->size) return NULL;
    for (size_t i = bucket_of(table, o); table->entries[i].target; i = (i + 1) & (table->size - 1))
        if (table->entries[i].target == o) return &table->entries[i];
    return NULL;
}
static bool grow(Thread *t, struct WeakTable *table)
{
    size_t size = table->size ? table->size * 2 : 64;
    WeakEntry *old = table->entries;
    size_t old_size = table->size;
    WeakEntry *entries = calloc(size, sizeof *entries);
    if (!entries) return error_false(raise_memory_error(t));
    table->entries = entries;
    table->size = size;
    for (size_t i = 0; i < old_size; i++) {
        if (!old[i].target) continue;
        size_t j = bucket_of(table, old[i].target);
        while (entries[j].target) j = (j + 1) & (size - 1);
        entries[j] = old[i];
    }
    free(old);
    return true;
}
static WeakEntry *insert(Thread *t, struct WeakTable *table, Object *o)
{
    WeakEntry *entry = find(table, o);
    if (entry) return entry;
    if ((table->count + 1) * 2 > table->size && !grow(t, table)) return NULL;
    size_t i = bucket_of(table, o);
    while (table->entries[i].target) i = (i + 1) & (table->size - 1);
    table->entries[i] = (WeakEntry){o, NULL};
    table->count++;
    o->flags |= OBJECT_WEAKLY_REFERENCED;
    return &table->entries[i];
}
// Removes the entry, moving up those that its place had pushed on.
static void erase(struct WeakTable *table, WeakEntry *entry)
{
    entry->target->flags &= ~(uint32_t)OBJECT_WEAKLY_REFERENCED;
    size_t hole = (size_t)(entry - table->entries), mask = table->size - 1;
    for (size_t i = (hole + 1) & mask; table->entries[i].target; i = (i + 1) & mask) {
        size_t home = bucket_of(table, table->entries[i].target);
        if (((i - home) & mask) < ((i - hole) & mask)) continue;
        table->entries[hole] = table->entries[i];
        hole = i;
    }
    table->entries[hole] = (WeakEntry){0};
    table->count--;
}

// ---- References
static WeakRef *as_ref(Value v) { return (WeakRef *)as_object(v); }

static void leave_list(Thread *t, WeakRef *ref)
{
    if (!ref->target) return;
    struct WeakTable *table = t->interp->weak_table;
    WeakEntry *entry = find(table, ref->target);
    ASSERT(entry);
    if (ref->previous) ref->previous->next = ref->next;
    else entry->first = ref->next;
    if (ref->next) ref->next->previous = ref->previous;
    if (!entry->first) erase(table, entry);
    ref->target = NULL;
    ref->previous = ref->next = NULL;
}

Value weakref_new(Thread *t, Type *type, Value target, Value callback)
{
    if (!is_object(target) || !(type_of(target)->flags & TYPE_HAS_WEAKREFS))
        return raise_type_error(t, "cannot create weak reference to '%T' object", target);
    if (is_none(callback)) callback = UNBOUND;
    WeakEntry *known = find(t->interp->weak_table, as_object(target));
    if (is_unbound(callback) && known && (type == &weakref_type || type == &weak_proxy_type || type == &weak_callable_proxy_type))
        for (WeakRef *ref = known->first; ref; ref = ref->next)
            if (ref->head.type == type && is_unbound(ref->callback)) return retain(object_value(ref));
    OWN_POINTER WeakRef *ref = (WeakRef *)object_new(t, type);
    if (!ref) return ERROR;
    WeakEntry *entry = insert(t, t->interp->weak_table, as_object(target));
    if (!entry) return ERROR;
    ref->target = as_object(target);
    ref->callback = retain(callback);
    ref->hash = -1;
    ref->next = entry->first;
    if (ref->next) ref->next->previous = ref;
    entry->first = ref;
    return object_value(MOVE_POINTER(ref));
}

Value weakref_target(Value reference)
{
    Object *target = as_ref(reference)->target;
    return target && target->refs > 0 ? retain(object_value(target)) : NONE;
}

Value weakref_first(Thread *t, Value target)
{
    WeakEntry *entry = find(t->interp->weak_table, as_object(target));
    return entry ? retain(object_value(entry->first)) : NONE;
}

static bool is_proxy_type(Type *type) { return type == &weak_proxy_type || type == &weak_callable_proxy_type; }

size_t weakref_count(Thread *t, Value target)
{
    size_t count = 0;
    WeakEntry *entry = is_object(target) ? find(t->interp->weak_table, as_object(target)) : NULL;
    for (WeakRef *ref = entry ? entry->first : NULL; ref; ref = ref->next) count++;
    return count;
}
Value weakref_each(Thread *t, Value target, size_t i)
{
    WeakEntry *entry = find(t->interp->weak_table, as_object(target));
    WeakRef *ref = entry ? entry->first : NULL;
    while (ref && i--) ref = ref->next;
    return ref ? object_value(ref) : UNBOUND;
}

// Every reference goes dead first; then the callbacks run, newest first, so none can reach the dying object.
void weakrefs_clear(Thread *t, Object *o)
{
    WeakEntry *entry = find(t->interp->weak_table, o);
    if (!entry) return;
    WeakRef *first = entry->first;
    erase(t->interp->weak_table, entry);
    WeakRef *with_callback = NULL, **tail = &with_callback;
    for (WeakRef *ref = first, *next; ref; ref = next) {
        next = ref->next;
        ref->target = NULL;
        ref->previous = ref->next = NULL;
        if (!is_unbound(ref->callback) && ref->head.refs > 0) {
            RETAIN(ref);
            *tail = ref;
            tail = &ref->next;
        }
    }
    Value pending = error_take(t);
    while (with_callback) {
        WeakRef *ref = with_callback;
        with_callback = ref->next;
        ref->next = NULL;
        OWN Value callback = MOVE(ref->callback);
        OWN Value result = call1(t, callback, object_value(ref));
        if (is_error(result)) error_unraisable(t, "Exception ignored in", callback);
        drop_pointer(ref);
    }
    error_restore(t, pending);
}

// ---- The type weakref.ref
static Value ref_make(Thread *t, Type *type, const Value *args, size_t nargs, Value kwnames)
{
    if (nargs < 1 || nargs > 2) return raise_type_error(t, "__new__ expected at %s 1 argument%s, got %zu", nargs < 1 ? "least" : "most", "", nargs);
    return weakref_new(t, type, args[0], nargs > 1 ? args[1] : UNBOUND);
}
static bool ref_init(Thread *t, Value self, const Value *args, size_t nargs, Value kwnames)
{
    if (!is_unbound(kwnames) && as_tuple(kwnames)->length) return error_false(raise_type_error(t, "ref() takes no keyword arguments"));
    if (nargs < 1 || nargs > 2) return error_false(raise_type_error(t, "__init__ expected at %s argument%s, got %zu", nargs < 1 ? "least 1" : "most 2", nargs < 1 ? "" : "s", nargs));
    return true;
}
static Value ref_call(Thread *t, Value f, const Value *args, size_t nargs, Value kwnames)
{
    if (nargs) return raise_type_error(t, "weakref() takes 0 positional arguments but %zu %s given", nargs, nargs == 1 ? "was" : "were");
    return weakref_target(f);
}
static bool ref_hash(Thread *t, Value v, int64_t *hash)
{
    WeakRef *ref = as_ref(v);
    if (ref->hash == -1) {
        OWN Value target = weakref_target(v);
        if (is_none(target)) return error_false(raise_type_error(t, "weak object has gone away"));
        if (!object_hash(t, target, &ref->hash)) return false;
    }
    *hash = ref->hash;
    return true;
}
static Value ref_compare(Thread *t, Value a, Value b, CompareOp op)
{
    if ((op != CMP_EQ && op != CMP_NE) || !is_instance_of(a, &weakref_type) || !is_instance_of(b, &weakref_type)) return NOT_IMPLEMENTED;
    OWN Value x = weakref_target(a);
    OWN Value y = weakref_target(b);
    if (is_none(x) || is_none(y)) return bool_value(is_same(a, b) == (op == CMP_EQ));
    return object_compare(t, x, y, op);
}
static Value ref_repr(Thread *t, Value v)
{
    char own[32], at[32];
    snprintf(own, sizeof own, "0x%llx", (unsigned long long)v.bits);
    OWN Value target = weakref_target(v);
    if (is_none(target)) return str_format(t, "<weakref at %s; dead>", own);
    snprintf(at, sizeof at, "0x%llx", (unsigned long long)target.bits);
    OWN Value name = object_get_attr_optional(t, target, NAME(__name__));
    if (is_error(name)) return ERROR;
    if (is_str(name)) return str_format(t, "<weakref at %s; to '%T' at %s (%S)>", own, target, at, name);
    return str_format(t, "<weakref at %s; to '%T' at %s>", own, target, at);
}
static void ref_visit(Object *o, VisitFn visit, void *context)
{
    if (is_object(((WeakRef *)o)->callback)) visit(((WeakRef *)o)->callback, context);
}
static void ref_unlink(Thread *t, Object *o) { clear(&((WeakRef *)o)->callback); }
static void ref_finish(Thread *t, Object *o)
{
    leave_list(t, (WeakRef *)o);
    ref_unlink(t, o);
}
static Value ref_callback(Thread *t, Value v) { return is_unbound(as_ref(v)->callback) ? NONE : retain(as_ref(v)->callback); }
static Value ref_class_getitem(Thread *t, Value self, const Value *args)
{
    OWN_POINTER Str *types = str_intern_text(t, "types", 5);
    OWN Value module = types ? t->interp->up.import_module(t, types) : ERROR;
    OWN_POINTER Str *name = str_intern_text(t, "GenericAlias", 12);
    OWN Value alias = is_error(module) || !name ? ERROR : object_get_attr(t, module, name);
    return is_error(alias) ? ERROR : call2(t, alias, self, args[0]);
}
static const Method ref_methods[] = {{"__class_getitem__", ref_class_getitem, "(cls, item, /)", "See PEP 585"}, {0}};
static const GetSet ref_getsets[] = {{"__callback__", ref_callback, NULL, NULL}, {0}};
const TypeSpec weakref_spec = {
    .name = "weakref.ReferenceType",
    .size = sizeof(WeakRef),
    .flags = TYPE_BASE | TYPE_GC,
    .slots = {.visit = ref_visit, .unlink = ref_unlink, .finish = ref_finish, .repr = ref_repr, .hash = ref_hash, .compare = ref_compare, .call = ref_call,
              .make = ref_make, .init = ref_init},
    .methods = ref_methods,
    .getsets = ref_getsets,
};

// ---- Proxies: every operation goes to the target
// The target, owned; ERROR: ReferenceError.
static Value target_of(Thread *t, Value v)
{
    if (!is_object(v) || !is_proxy_type(as_object(v)->type)) return retain(v);
    Value target = weakref_target(v);
    return is_none(target) ? raise_error(t, &exc_ReferenceError, "weakly-referenced object no longer exists") : target;
}
#define WITH_TARGET(v, failure) OWN Value target = target_of(t, v); if (is_error(target)) return failure
static Value proxy_repr(Thread *t, Value v)
{
    char own[32], at[32];
    snprintf(own, sizeof own, "0x%llx", (unsigned long long)v.bits);
    OWN Value target = weakref_target(v);
    snprintf(at, sizeof at, "0x%llx", (unsigned long long)target.bits);
    return str_format(t, "<weakproxy at %s to %T at %s>", own, target, at);
}
static Value proxy_str(Thread *t, Value v) { WITH_TARGET(v, ERROR); return object_str(t, target); }
static Value proxy_get_attr(Thread *t, Value v, Str *name) { WITH_TARGET(v, ERROR); return object_get_attr(t, target, name); }
static bool proxy_set_attr(Thread *t, Value v, Str *name, Value value) { WITH_TARGET(v, false); return object_set_attr(t, target, name, value); }
static Value proxy_iter(Thread *t, Value v) { WITH_TARGET(v, ERROR); return object_iter(t, target); }
static Value proxy_next(Thread *t, Value v) { WITH_TARGET(v, ERROR); return object_next(t, target); }
static ptrdiff_t proxy_length(Thread *t, Value v) { WITH_TARGET(v, -1); return object_length(t, target); }
static int proxy_truth(Thread *t, Value v) { WITH_TARGET(v, -1); return object_truth(t, target); }
static int proxy_contains(Thread *t, Value v, Value item) { WITH_TARGET(v, -1); return object_contains(t, target, item); }
static Value proxy_get_item(Thread *t, Value v, Value key) { WITH_TARGET(v, ERROR); return object_get_item(t, target, key); }
static bool proxy_set_item(Thread *t, Value v, Value key, Value item)
{
    WITH_TARGET(v, false);
    return is_unbound(item) ? object_delete_item(t, target, key) : object_set_item(t, target, key, item);
}
static Value proxy_call(Thread *t, Value f, const Value *args, size_t nargs, Value kwnames) { WITH_TARGET(f, ERROR); return call(t, target, args, nargs, kwnames); }
static Value proxy_compare(Thread *t, Value a, Value b, CompareOp op)
{
    OWN Value x = target_of(t, a);
    OWN Value y = is_error(x) ? ERROR : target_of(t, b);
    return is_error(x) || is_error(y) ? ERROR : object_compare(t, x, y, op);
}
static Value proxy_binary(Thread *t, BinaryOp op, Value a, Value b)
{
    OWN Value x = target_of(t, a);
    OWN Value y = is_error(x) ? ERROR : target_of(t, b);
    return is_error(x) || is_error(y) ? ERROR : object_binary(t, op, x, y);
}
#define PROXY_BINARY(op, name) static Value proxy_##name(Thread *t, Value a, Value b) { return proxy_binary(t, op, a, b); }
PROXY_BINARY(OP_ADD, add) PROXY_BINARY(OP_SUBTRACT, subtract) PROXY_BINARY(OP_MULTIPLY, multiply) PROXY_BINARY(OP_MATMUL, matmul)
PROXY_BINARY(OP_TRUEDIV, truediv) PROXY_BINARY(OP_FLOORDIV, floordiv) PROXY_BINARY(OP_MODULO, modulo) PROXY_BINARY(OP_LSHIFT, lshift)
PROXY_BINARY(OP_RSHIFT, rshift) PROXY_BINARY(OP_AND, and) PROXY_BINARY(OP_XOR, xor) PROXY_BINARY(OP_OR, or) PROXY_BINARY(OP_DIVMOD, divmod)
#define PROXY_INPLACE(op, name) \
    static Value proxy_i##name(Thread *t, Value a, Value b) { WITH_TARGET(a, ERROR); return object_inplace(t, op, target, b); }
PROXY_INPLACE(OP_ADD, add) PROXY_INPLACE(OP_SUBTRACT, subtract) PROXY_INPLACE(OP_MULTIPLY, multiply) PROXY_INPLACE(OP_OR, or) PROXY_INPLACE(OP_AND, and)
#define PROXY_UNARY(op, name) static Value proxy_##name(Thread *t, Value v) { WITH_TARGET(v, ERROR); return object_unary(t, op, target); }
PROXY_UNARY(OP_NEGATIVE, negative) PROXY_UNARY(OP_POSITIVE, positive) PROXY_UNARY(OP_INVERT, invert)
static Value proxy_power(Thread *t, Value base, Value exponent, Value modulus)
{
    OWN Value x = target_of(t, base);
    OWN Value y = is_error(x) ? ERROR : target_of(t, exponent);
    return is_error(x) || is_error(y) ? ERROR : object_power(t, x, y, modulus);
}
static Value proxy_index(Thread *t, Value v) { WITH_TARGET(v, ERROR); return object_index(t, target); }
static Value proxy_convert(Thread *t, Value v, Value (*const *slot)(Thread *, Value)) { return *slot ? (*slot)(t, v) : raise_type_error(t, "bad operand type: '%T'", v); }
static Value proxy_to_int(Thread *t, Value v) { WITH_TARGET(v, ERROR); return proxy_convert(t, target, &type_of(target)->slots.to_int); }
static Value proxy_to_float(Thread *t, Value v) { WITH_TARGET(v, ERROR); return proxy_convert(t, target, &type_of(target)->slots.to_float); }
static Value proxy_absolute(Thread *t, Value v) { WITH_TARGET(v, ERROR); return object_absolute(t, target); }
static Value proxy_bytes(Thread *t, Value self, const Value *args) { WITH_TARGET(self, ERROR); return object_bytes(t, target); }
static Value proxy_reversed(Thread *t, Value self, const Value *args) { WITH_TARGET(self, ERROR); return call_method0(t, target, NAME(__reversed__)); }
static const Method proxy_methods[] = {{"__bytes__", proxy_bytes, "(self, /)", NULL}, {"__reversed__", proxy_reversed, "(self, /)", NULL}, {0}};

#define PROXY_SLOTS \
    .visit = ref_visit, .unlink = ref_unlink, .finish = ref_finish, .repr = proxy_repr, .str = proxy_str, .hash = hash_refused, .compare = proxy_compare, \
    .get_attr = proxy_get_attr, .set_attr = proxy_set_attr, .iter = proxy_iter, .next = proxy_next, .length = proxy_length, .truth = proxy_truth, \
    .contains = proxy_contains, .get_item = proxy_get_item, .set_item = proxy_set_item, .power = proxy_power, .index = proxy_index, .to_int = proxy_to_int, \
    .to_float = proxy_to_float, .absolute = proxy_absolute, \
    .binary = {[OP_ADD] = proxy_add, [OP_SUBTRACT] = proxy_subtract, [OP_MULTIPLY] = proxy_multiply, [OP_MATMUL] = proxy_matmul, [OP_TRUEDIV] = proxy_truediv, \
               [OP_FLOORDIV] = proxy_floordiv, [OP_MODULO] = proxy_modulo, [OP_LSHIFT] = proxy_lshift, [OP_RSHIFT] = proxy_rshift, [OP_AND] = proxy_and, \
               [OP_XOR] = proxy_xor, [OP_OR] = proxy_or, [OP_DIVMOD] = proxy_divmod}, \
    .inplace = {[OP_ADD] = proxy_iadd, [OP_SUBTRACT] = proxy_isubtract, [OP_MULTIPLY] = proxy_imultiply, [OP_OR] = proxy_ior, [OP_AND] = proxy_iand}, \
    .unary = {[OP_NEGATIVE] = proxy_negative, [OP_POSITIVE] = proxy_positive, [OP_INVERT] = proxy_invert}
const TypeSpec weak_proxy_spec = {
    .name = "weakref.ProxyType", .size = sizeof(WeakRef), .flags = TYPE_GC | TYPE_NO_NEW, .slots = {PROXY_SLOTS}, .methods = proxy_methods,
};
const TypeSpec weak_callable_proxy_spec = {
    .name = "weakref.CallableProxyType", .size = sizeof(WeakRef), .flags = TYPE_GC | TYPE_NO_NEW, .slots = {PROXY_SLOTS, .call = proxy_call}, .methods = proxy_methods,
};
