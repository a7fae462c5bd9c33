// SPDX-License-Identifier: MIT
// runtime/types/dict_methods.c: the type dict: its constructor, methods and operators, over the table of dict.c.
#include <stdio.h>

#include "runtime/types/container.h"
#include "runtime/types/dict_inner.h"
#include "runtime/types/int.h"
#include "runtime/types/iterators.h"
#include "runtime/types/list.h"
#include "runtime/types/set_inner.h"
#include "runtime/types/tuple.h"

Type dict_type;

// ---- Life

void dict_visit(Object *o, VisitFn visit, void *context)
{
    Dict *d = (Dict *)o;
    for (size_t at = 0; at < d->used; at++) {
        if (is_unbound(d->entries[at].key)) continue;
        visit(d->entries[at].key, context);
        visit(d->entries[at].value, context);
    }
}

void dict_unlink(Thread *t, Object *o) { dict_clear(t, (Dict *)o); }
void dict_finish(Thread *t, Object *o) { dict_clear(t, (Dict *)o); }

Value dict_make(Thread *t, Type *type, const Value *args, size_t nargs, Value kwnames)
{
    Dict *d = dict_new_of_type(t, type);
    return d ? dict_value(d) : ERROR;
}

// ---- Updating

static bool merge_dict(Thread *t, Dict *d, Dict *other)
{
    if (other == d || other->count == 0) return true;
    if (d->count == 0 && d->used == 0) return dict_copy_into(t, d, other);
    if (!dict_reserve(t, d, other->count)) return false;
    uint32_t version = other->version;
    for (size_t at = 0; at < other->used; at++) {
        DictEntry e = other->entries[at];
        if (is_unbound(e.key)) continue;
        OWN Value key = retain(e.key);
        OWN Value value = retain(e.value);
        if (!dict_set_hashed(t, d, key, e.hash, value)) return false;
        if (other->version != version) return error_false(raise_error(t, &exc_RuntimeError, "dict mutated during update"));
    }
    return true;
}

static bool merge_mapping(Thread *t, Dict *d, Value other)
{
    OWN Value keys = call_method0(t, other, NAME(keys));
    if (is_error(keys)) return false;
    OWN Value iterator = object_iter(t, keys);
    if (is_error(iterator)) return false;
    for (;;) {
        OWN Value key = object_next(t, iterator);
        if (is_unbound(key)) return true;
        if (is_error(key)) return false;
        OWN Value value = object_get_item(t, other, key);
        if (is_error(value) || !dict_set(t, d, key, value)) return false;
    }
}

// Item n of an iterable of pairs, as a tuple or a list.
static Value pair_of(Thread *t, Value item, size_t n)
{
    if (is_exact_tuple(item)) return retain(item);
    char message[96];
    snprintf(message, sizeof message, "cannot convert dictionary update sequence element #%zu to a sequence", n);
    return list_from_iterable_or(t, item, message);
}

bool dict_update_pairs(Thread *t, Dict *d, Value pairs)
{
    OWN Value iterator = object_iter(t, pairs);
    if (is_error(iterator)) return false;
    for (size_t n = 0;; n++) {
        OWN Value item = object_next(t, iterator);
        if (is_unbound(item)) return true;
        if (is_error(item)) return false;
        OWN Value pair = pair_of(t, item, n);
        if (is_error(pair)) return false;
        const Value *both = is_tuple(pair) ? as_tuple(pair)->items : as_list(pair)->items;
        size_t length = is_tuple(pair) ? as_tuple(pair)->length : as_list(pair)->length;
        if (length != 2) {
            return error_false(raise_value_error(t, "dictionary update sequence element #%zu has length %zu; 2 is required", n, length));
        }
        if (!dict_set(t, d, both[0], both[1])) return false;
    }
}

// A dict whose class left iteration alone can be read without its methods.
static bool is_plain_dict(Value v) { return is_dict(v) && type_of(v)->slots.iter == dict_iter; }

bool dict_update(Thread *t, Dict *d, Value other)
{
    if (is_plain_dict(other)) return merge_dict(t, d, as_dict(other));
    OWN Value keys = object_get_attr_optional(t, other, NAME(keys));
    if (is_error(keys)) return false;
    return is_unbound(keys) ? dict_update_pairs(t, d, other) : merge_mapping(t, d, other);
}

// "module.qualname()" of a callable, as messages about its arguments name it.
static Value function_text(Thread *t, Value f)
{
    OWN Value qualname = object_get_attr_optional(t, f, NAME(__qualname__));
    if (is_error(qualname)) return ERROR;
    if (is_unbound(qualname)) return object_str(t, f);
    OWN Value module = object_get_attr_optional(t, f, NAME(__module__));
    if (is_error(module)) return ERROR;
    bool in_builtins = is_str(module) && str_equal_text(as_str(module), "builtins");
    if (is_unbound(module) || is_none(module) || in_builtins) return str_format(t, "%S()", qualname);
    return str_format(t, "%S.%S()", module, qualname);
}

static bool refuse_keywords(Thread *t, Value callee, Value duplicate, Value other)
{
    OWN Value name = function_text(t, callee);
    if (is_error(name)) return false;
    if (!is_unbound(duplicate)) return error_false(raise_type_error(t, "%S got multiple values for keyword argument '%S'", name, duplicate));
    return error_false(raise_type_error(t, "%S argument after ** must be a mapping, not %.200T", name, other));
}

static bool add_keyword(Thread *t, Dict *d, Value key, Value value, Value callee)
{
    int known = dict_contains(t, d, key);
    if (known < 0) return false;
    return known ? refuse_keywords(t, callee, key, UNBOUND) : dict_set(t, d, key, value);
}

bool dict_merge_keywords(Thread *t, Dict *d, Value other, Value callee)
{
    if (is_plain_dict(other)) {
        Dict *from = as_dict(other);
        if (d->count == 0 && d->used == 0) return dict_copy_into(t, d, from);
        size_t at = 0;
        Value key, value;
        while (dict_next(from, &at, &key, &value)) {
            OWN Value kept_key = retain(key);
            OWN Value kept_value = retain(value);
            if (!add_keyword(t, d, kept_key, kept_value, callee)) return false;
        }
        return true;
    }
    OWN Value method = object_get_attr_optional(t, other, NAME(keys));
    if (is_error(method)) return false;
    if (is_unbound(method)) return refuse_keywords(t, callee, UNBOUND, other);
    OWN Value keys = call0(t, method);
    if (is_error(keys)) return false;
    OWN Value iterator = object_iter(t, keys);
    if (is_error(iterator)) return false;
    for (;;) {
        OWN Value key = object_next(t, iterator);
        if (is_unbound(key)) return true;
        if (is_error(key)) return false;
        OWN Value value = object_get_item(t, other, key);
        if (is_error(value) || !add_keyword(t, d, key, value, callee)) return false;
    }
}

static bool update_from_call(Thread *t, Value self, const char *name, const Value *args, size_t nargs, Value kwnames)
{
    if (!check_count(t, name, nargs, 0, 1)) return false;
    if (nargs == 1 && !dict_update(t, as_dict(self), args[0])) return false;
    if (is_unbound(kwnames)) return true;
    Tuple *keywords = as_tuple(kwnames);
    for (size_t i = 0; i < keywords->length; i++) {
        if (!dict_set(t, as_dict(self), keywords->items[i], args[nargs + i])) return false;
    }
    return true;
}

bool dict_init(Thread *t, Value self, const Value *args, size_t nargs, Value kwnames)
{
    return update_from_call(t, self, "dict", args, nargs, kwnames);
}

static Value method_update(Thread *t, Value self, const Value *args)
{
    if (!check_count(t, "update", as_tuple(args[0])->length, 0, 1)) return ERROR;
    if (as_tuple(args[0])->length == 1 && !dict_update(t, as_dict(self), as_tuple(args[0])->items[0])) return ERROR;
    return dict_update(t, as_dict(self), args[1]) ? NONE : ERROR;
}

// ---- Showing and comparing

Value dict_repr(Thread *t, Value v)
{
    int entered = repr_enter(t, v);
    if (entered < 0) return ERROR;
    if (entered) return str_from_text(t, "{...}");
    Dict *d = as_dict(v);
    StrBuilder b;
    builder_start(t, &b);
    builder_add(&b, '{');
    size_t at = 0;
    Value key, value;
    for (bool first = true; !b.failed && dict_next(d, &at, &key, &value); first = false) {
        OWN Value kept_key = retain(key);
        OWN Value kept_value = retain(value);
        if (!first) builder_add_ascii(&b, ", ", 2);
        builder_add_repr(&b, kept_key);
        builder_add_ascii(&b, ": ", 2);
        if (!b.failed) builder_add_repr(&b, kept_value);
    }
    builder_add(&b, '}');
    repr_leave(t, v);
    return builder_finish(&b);
}

// 1, 0, -1. Keys are looked up in b, values compared as containers compare.
static int dicts_equal(Thread *t, Dict *a, Dict *b)
{
    if (a->count != b->count) return 0;
    for (size_t at = 0; at < a->used; at++) {
        DictEntry e = a->entries[at];
        if (is_unbound(e.key)) continue;
        OWN Value key = retain(e.key);
        OWN Value mine = retain(e.value);
        Value found = dict_get_hashed(t, b, key, e.hash);
        if (is_error(found)) return -1;
        if (is_unbound(found)) return 0;
        OWN Value other = retain(found);
        int equal = object_equal(t, mine, other);
        if (equal <= 0) return equal;
    }
    return 1;
}

Value dict_compare(Thread *t, Value a, Value b, CompareOp op)
{
    if (!is_dict(a) || !is_dict(b) || (op != CMP_EQ && op != CMP_NE)) return NOT_IMPLEMENTED;
    int equal = dicts_equal(t, as_dict(a), as_dict(b));
    return equal < 0 ? ERROR : bool_value((op == CMP_EQ) == equal);
}

// ---- Items

Value dict_get_item(Thread *t, Value v, Value key)
{
    Value found = dict_get(t, as_dict(v), key);
    if (LIKELY(!is_unbound(found))) return is_error(found) ? ERROR : retain(found);
    if (as_object(v)->type != &dict_type) {
        Value made = call_special(t, v, NAME(__missing__), &key, 1);
        if (!is_unbound(made)) return made;
    }
    return raise_key_error(t, key);
}

bool dict_set_item(Thread *t, Value v, Value key, Value item)
{
    if (!is_unbound(item)) return dict_set(t, as_dict(v), key, item);
    int removed = dict_delete(t, as_dict(v), key);
    if (removed == 0) raise_key_error(t, key);
    return removed > 0;
}

static int dict_contains_slot(Thread *t, Value v, Value item) { return dict_contains(t, as_dict(v), item); }
static ptrdiff_t dict_length(Thread *t, Value v) { return (ptrdiff_t)as_dict(v)->count; }
Value dict_iter(Thread *t, Value v) { return dict_iterator_new(t, &dict_key_iterator_type, as_dict(v)); }

static Value dict_or(Thread *t, Value a, Value b)
{
    if (!is_dict(a) || !is_dict(b)) return NOT_IMPLEMENTED;
    OWN_POINTER Dict *both = dict_copy(t, as_dict(a));
    if (!both || !dict_update(t, both, b)) return ERROR;
    return dict_value(MOVE_POINTER(both));
}

static Value dict_inplace_or(Thread *t, Value a, Value b) { return dict_update(t, as_dict(a), b) ? retain(a) : ERROR; }

// ---- Methods

static Value method_get(Thread *t, Value self, const Value *args)
{
    Value found = dict_get(t, as_dict(self), args[0]);
    if (is_error(found)) return ERROR;
    return retain(is_unbound(found) ? args[1] : found);
}

static Value method_set_default(Thread *t, Value self, const Value *args) { return dict_set_default(t, as_dict(self), args[0], args[1]); }

static Value method_pop(Thread *t, Value self, const Value *args)
{
    Value found = dict_pop(t, as_dict(self), args[0]);
    if (!is_unbound(found)) return found;
    return is_unbound(args[1]) ? raise_key_error(t, args[0]) : retain(args[1]);
}

static Value method_pop_item(Thread *t, Value self, const Value *args)
{
    OWN Value key = UNBOUND;
    OWN Value value = UNBOUND;
    if (!dict_take_last(t, as_dict(self), &key, &value)) return raise_error(t, &exc_KeyError, "popitem(): dictionary is empty");
    return tuple_of(t, 2, key, value);
}

static Value method_clear(Thread *t, Value self, const Value *args)
{
    dict_clear(t, as_dict(self));
    return NONE;
}

static Value method_copy(Thread *t, Value self, const Value *args)
{
    Dict *copy = dict_copy(t, as_dict(self));
    return copy ? dict_value(copy) : ERROR;
}

static Value method_keys(Thread *t, Value self, const Value *args) { return dict_view_new(t, &dict_keys_type, as_dict(self)); }
static Value method_values(Thread *t, Value self, const Value *args) { return dict_view_new(t, &dict_values_type, as_dict(self)); }
static Value method_items(Thread *t, Value self, const Value *args) { return dict_view_new(t, &dict_items_type, as_dict(self)); }
static Value method_reversed(Thread *t, Value self, const Value *args)
{
    return dict_reverse_iterator_new(t, &dict_reverse_key_iterator_type, as_dict(self));
}

static Value method_size(Thread *t, Value self, const Value *args)
{
    return int_value(t, (int64_t)(type_of(self)->size + dict_table_bytes(as_dict(self))));
}

// The keys of a set, or of a dict, all with one value: their hashes are known.
static bool add_keys_of_set(Thread *t, Dict *d, Set *from, Value value)
{
    size_t at = 0;
    Value key;
    int64_t hash;
    while (set_next_hashed(from, &at, &key, &hash)) {
        OWN Value kept = key;
        if (!dict_set_hashed(t, d, kept, hash, value)) return false;
    }
    return true;
}

static bool add_keys_of_dict(Thread *t, Dict *d, Dict *from, Value value)
{
    for (size_t at = from->first; at < from->used; at++) {
        if (is_unbound(from->entries[at].key)) continue;
        int64_t hash = from->entries[at].hash;
        OWN Value key = retain(from->entries[at].key);
        if (!dict_set_hashed(t, d, key, hash, value)) return false;
    }
    return true;
}

static Value method_from_keys(Thread *t, Value cls, const Value *args)
{
    OWN Value made = call0(t, cls);
    if (is_error(made)) return ERROR;
    bool plain = is_exact_dict(made);
    if (plain && is_any_set(args[0]) && as_dict(made)->count == 0) return add_keys_of_set(t, as_dict(made), as_set(args[0]), args[1]) ? MOVE(made) : ERROR;
    if (plain && is_exact_dict(args[0]) && as_dict(made)->count == 0) return add_keys_of_dict(t, as_dict(made), as_dict(args[0]), args[1]) ? MOVE(made) : ERROR;
    OWN Value iterator = object_iter(t, args[0]);
    if (is_error(iterator)) return ERROR;
    for (;;) {
        OWN Value key = object_next(t, iterator);
        if (is_unbound(key)) return MOVE(made);
        if (is_error(key)) return ERROR;
        bool done = plain ? dict_set(t, as_dict(made), key, args[1]) : object_set_item(t, made, key, args[1]);
        if (!done) return ERROR;
    }
}

static const Method dict_methods[] = {
    {"get", method_get, "(self, key, default=None, /)", "Return the value for key if key is in the dictionary, else default."},
    {"setdefault", method_set_default, "(self, key, default=None, /)", "The value of key, which is put in as default if it was absent."},
    {"pop", method_pop, "(self, key, default=<unset>, /)", "Remove key and return its value, or default; KeyError without either."},
    {"popitem", method_pop_item, "(self, /)", "Remove and return the (key, value) pair that came last."},
    {"keys", method_keys, "(self, /)", "A set-like view of the keys."},
    {"items", method_items, "(self, /)", "A set-like view of the (key, value) pairs."},
    {"values", method_values, "(self, /)", "A view of the values."},
    {"update", method_update, "(self, /, *args, **kwargs)", "Take keys and values from a mapping or an iterable of pairs, and from keywords."},
    {"fromkeys", method_from_keys, "(cls, iterable, value=None, /)", "A new dictionary with the keys of iterable, all set to value."},
    {"clear", method_clear, "(self, /)", "Remove all items."},
    {"copy", method_copy, "(self, /)", "A shallow copy."},
    {"__reversed__", method_reversed, "(self, /)", "Return a reverse iterator over the dict keys."},
    {"__sizeof__", method_size, "(self, /)", "Size of the dict in memory, in bytes."},
    CLASS_GET_ITEM,
    {0},
};

const TypeSpec dict_spec = {
    .name = "dict",
    .doc = "dict() -> new empty dictionary\n"
           "dict(mapping) -> new dictionary initialized from a mapping object's\n    (key, value) pairs\n"
           "dict(iterable) -> new dictionary of the pairs in iterable\n"
           "dict(**kwargs) -> new dictionary of the name=value pairs",
    .size = sizeof(Dict),
    .flags = TYPE_BASE | TYPE_GC | TYPE_IS_DICT | TYPE_MATCH_SELF | TYPE_PATTERN_MAPPING,
    .slots = {
        .visit = dict_visit,
        .unlink = dict_unlink,
        .finish = dict_finish,
        .repr = dict_repr,
        .compare = dict_compare,
        .iter = dict_iter,
        .make = dict_make,
        .init = dict_init,
        .length = dict_length,
        .get_item = dict_get_item,
        .set_item = dict_set_item,
        .contains = dict_contains_slot,
        .binary = {[OP_OR] = dict_or},
        .inplace = {[OP_OR] = dict_inplace_or},
    },
    .methods = dict_methods,
};
