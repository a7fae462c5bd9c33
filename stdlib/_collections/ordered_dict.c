// SPDX-License-Identifier: MIT
// stdlib/_collections/ordered_dict.c: OrderedDict: a dict whose order can be changed, and counts when two are compared.
//
// A dict keeps its order already: this type adds moving to either end (dict_move), taking from either end, iterators
// that notice every change of order, and a __dict__. Its methods go through __setitem__ of subclasses, as dict's do not.
#include <stddef.h>

#include "runtime/types/dict_inner.h"
#include "runtime/types/iterators.h"
#include "runtime/types/list.h"
#include "runtime/types/str.h"
#include "runtime/types/tuple.h"
#include "stdlib/_collections/collections.h"

Type ordered_dict_type;
static Type iterator_type, keys_type, values_type, items_type;

typedef struct OrderedDict { Dict dict; Attrs attrs; } OrderedDict;

static bool is_ordered(Value v) { return is_instance_of(v, &ordered_dict_type); }

// ---- Iterating

typedef enum Part { PART_KEY, PART_VALUE, PART_ITEM } Part;
typedef struct OrderedIterator { Object head; Dict *dict; size_t at, left; uint32_t version; uint8_t part; bool backwards; } OrderedIterator;

static Value iterator_new(Thread *t, Value dict, Part part, bool backwards)
{
    OrderedIterator *i = (OrderedIterator *)object_new(t, &iterator_type);
    if (!i) return ERROR;
    i->dict = RETAIN(as_dict(dict));
    i->at = backwards ? i->dict->used : i->dict->first;
    i->left = i->dict->count;
    i->version = i->dict->version;
    i->part = (uint8_t)part;
    i->backwards = backwards;
    return object_value(i);
}

static void iterator_visit(Object *o, VisitFn visit, void *context)
{
    Dict *d = ((OrderedIterator *)o)->dict;
    if (d) visit(dict_value(d), context);
}
static void iterator_finish(Thread *t, Object *o) { drop_pointer(MOVE_POINTER(((OrderedIterator *)o)->dict)); }

static Value iterator_next(Thread *t, Value v)
{
    OrderedIterator *i = (OrderedIterator *)as_object(v);
    Dict *d = i->dict;
    if (!d) return UNBOUND;
    if (i->left == 0) {        // before any change is noticed: a loop may add in its last round
        drop_pointer(MOVE_POINTER(i->dict));
        return UNBOUND;
    }
    if (i->version != d->version) {
        drop_pointer(MOVE_POINTER(i->dict));
        return raise_error(t, &exc_RuntimeError, "OrderedDict mutated during iteration");
    }
    DictEntry *e;
    do {
        e = &d->entries[i->backwards ? --i->at : i->at++];
    } while (is_unbound(e->key));
    i->left--;
    if (i->part == PART_KEY) return retain(e->key);
    if (i->part == PART_VALUE) return retain(e->value);
    return tuple_of(t, 2, e->key, e->value);
}

static Value iterator_reduce(Thread *t, Value self, const Value *args)
{
    OrderedIterator *i = (OrderedIterator *)as_object(self), *twin = (OrderedIterator *)object_new(t, &iterator_type);
    if (!twin) return ERROR;
    OWN Value copy = object_value(twin);
    twin->dict = RETAIN(i->dict);
    twin->at = i->at;
    twin->left = i->left;
    twin->version = i->version;
    twin->part = i->part;
    twin->backwards = i->backwards;
    OWN Value rest = list_from_iterable(t, copy);
    return is_error(rest) ? ERROR : iterator_reduction(t, "iter", rest, UNBOUND);
}

static const Method iterator_methods[] = {{"__reduce__", iterator_reduce, "(self, /)", "Return state information for pickling"}, {0}};
static const TypeSpec iterator_spec = {
    .name = "odict_iterator",
    .size = sizeof(OrderedIterator),
    .flags = TYPE_GC | TYPE_NO_NEW,
    .slots = {.visit = iterator_visit, .finish = iterator_finish, .iter = iter_self, .next = iterator_next},
    .methods = iterator_methods,
};

// ---- Views: dict's, with these iterators

static Value viewed(Value view) { return dict_value(((DictView *)as_object(view))->dict); }

#define VIEW(view, part, base_type) \
    static Value view##_iter(Thread *t, Value v) { return iterator_new(t, viewed(v), part, false); } \
    static Value view##_reversed(Thread *t, Value self, const Value *args) { return iterator_new(t, viewed(self), part, true); } \
    static const Method view##_methods[] = {{"__reversed__", view##_reversed, "(self, /)", NULL}, {0}}; \
    static const TypeSpec view##_spec = { \
        .name = "odict_" #view, \
        .size = sizeof(DictView), \
        .flags = TYPE_GC | TYPE_NO_NEW, \
        .base = &base_type, \
        .slots = {.iter = view##_iter}, \
        .methods = view##_methods, \
    }; \
    static Value method_##view(Thread *t, Value self, const Value *args) { return dict_view_new(t, &view##_type, as_dict(self)); }
VIEW(keys, PART_KEY, dict_keys_type)
VIEW(values, PART_VALUE, dict_values_type)
VIEW(items, PART_ITEM, dict_items_type)

// ---- Filling, by __setitem__

static bool set_from_keys(Thread *t, Value self, Value keys, Value other)
{
    OWN Value iterator = object_iter(t, keys);
    if (is_error(iterator)) return false;
    for (;;) {
        OWN Value key = object_next(t, iterator);
        if (is_unbound(key)) return true;
        if (is_error(key)) return false;
        OWN Value value = object_get_item(t, other, key);
        if (is_error(value) || !object_set_item(t, self, key, value)) return false;
    }
}

static bool set_pair(Thread *t, Value self, Value pair)
{
    OWN Value iterator = object_iter(t, pair);
    if (is_error(iterator)) return false;
    OWN Value key = object_next(t, iterator);
    if (is_error(key)) return false;
    if (is_unbound(key)) return error_false(raise_value_error(t, "need more than 0 values to unpack"));
    OWN Value value = object_next(t, iterator);
    if (is_error(value)) return false;
    if (is_unbound(value)) return error_false(raise_value_error(t, "need more than 1 value to unpack"));
    OWN Value more = object_next(t, iterator);
    if (is_error(more)) return false;
    if (!is_unbound(more)) return error_false(raise_value_error(t, "too many values to unpack (expected 2)"));
    return object_set_item(t, self, key, value);
}

static bool set_from_pairs(Thread *t, Value self, Value pairs)
{
    OWN Value iterator = object_iter(t, pairs);
    if (is_error(iterator)) return false;
    for (;;) {
        OWN Value pair = object_next(t, iterator);
        if (is_unbound(pair)) return true;
        if (is_error(pair) || !set_pair(t, self, pair)) return false;
    }
}

static bool set_from_other(Thread *t, Value self, Value other)
{
    if (is_exact_dict(other)) {
        OWN Value pairs = call_method0(t, other, NAME(items));
        if (is_error(pairs)) return false;
        OWN Value snapshot = list_from_iterable(t, pairs);
        return !is_error(snapshot) && set_from_pairs(t, self, snapshot);
    }
    OWN Value method = object_get_attr_optional(t, other, NAME(keys));
    if (is_error(method)) return false;
    if (!is_unbound(method)) {
        OWN Value keys = call0(t, method);
        return !is_error(keys) && set_from_keys(t, self, keys, other);
    }
    OWN Value items = object_get_attr_optional(t, other, NAME(items));
    if (is_error(items)) return false;
    if (is_unbound(items)) return set_from_pairs(t, self, other);
    OWN Value pairs = call0(t, items);
    return !is_error(pairs) && set_from_pairs(t, self, pairs);
}

static bool update(Thread *t, Value self, const Value *args, size_t nargs, Value kwnames)
{
    if (nargs > 1) return error_false(raise_type_error(t, "expected at most 1 arguments, got %zu", nargs));
    if (nargs && !set_from_other(t, self, args[0])) return false;
    size_t keywords = is_unbound(kwnames) ? 0 : as_tuple(kwnames)->length;
    for (size_t i = 0; i < keywords; i++) {
        if (!object_set_item(t, self, as_tuple(kwnames)->items[i], args[nargs + i])) return false;
    }
    return true;
}

static bool ordered_init(Thread *t, Value self, const Value *args, size_t nargs, Value kwnames) { return update(t, self, args, nargs, kwnames); }

static Value method_update(Thread *t, Value self, const Value *args)
{
    Tuple *given = as_tuple(args[0]);
    if (!update(t, self, given->items, given->length, UNBOUND)) return ERROR;
    return set_from_other(t, self, args[1]) ? NONE : ERROR;
}

// ---- Comparing, showing

static Value ordered_compare(Thread *t, Value a, Value b, CompareOp op)
{
    OWN Value same = dict_compare(t, a, b, CMP_EQ);
    if (is_error(same) || is_not_implemented(same)) return MOVE(same);
    if (op != CMP_EQ && op != CMP_NE) return NOT_IMPLEMENTED;
    bool equal = is_true(same);
    if (equal && is_ordered(a) && is_ordered(b)) {
        OWN Value mine = list_from_iterable(t, a);
        if (is_error(mine)) return ERROR;
        OWN Value others = list_from_iterable(t, b);
        if (is_error(others)) return ERROR;
        int alike = object_equal(t, mine, others);
        if (alike < 0) return ERROR;
        equal = alike;
    }
    return bool_value((op == CMP_EQ) == equal);
}

static Value ordered_repr(Thread *t, Value v)
{
    if (as_dict(v)->count == 0) return str_format(t, "%s()", type_name(v));
    int entered = repr_enter(t, v);
    if (entered < 0) return ERROR;
    if (entered) return str_from_text(t, "...");
    OWN Value items = call_method0(t, v, NAME(items));
    OWN Value list = is_error(items) ? ERROR : list_from_iterable(t, items);
    OWN Value text = is_error(list) ? ERROR : object_repr(t, list);
    repr_leave(t, v);
    return is_error(text) ? ERROR : str_format(t, "%s(%S)", type_name(v), text);
}

static Value ordered_iter(Thread *t, Value v) { return iterator_new(t, v, PART_KEY, false); }
static Value method_reversed(Thread *t, Value self, const Value *args) { return iterator_new(t, self, PART_KEY, true); }

// type(self)(first), then updated by second
static Value merged(Thread *t, Value self, Value first, Value second)
{
    OWN Value made = call1(t, type_value(type_of(self)), first);
    if (is_error(made) || !set_from_other(t, made, second)) return ERROR;
    return MOVE(made);
}

static Value ordered_or(Thread *t, Value a, Value b)
{
    if (!is_dict(a) || !is_dict(b)) return NOT_IMPLEMENTED;
    return merged(t, is_ordered(a) ? a : b, a, b);
}

static Value ordered_inplace_or(Thread *t, Value a, Value b) { return set_from_other(t, a, b) ? retain(a) : ERROR; }

// ---- Methods

static Value method_move_to_end(Thread *t, Value self, const Value *args)
{
    int last = object_truth(t, args[1]);
    int moved = last < 0 ? -1 : dict_move(t, as_dict(self), args[0], last);
    if (moved < 0) return ERROR;
    return moved ? NONE : raise_key_error(t, args[0]);
}

static Value method_pop_item(Thread *t, Value self, const Value *args)
{
    int last = object_truth(t, args[0]);
    if (last < 0) return ERROR;
    OWN Value key = UNBOUND;
    OWN Value value = UNBOUND;
    bool any = last ? dict_take_last(t, as_dict(self), &key, &value) : dict_take_first(t, as_dict(self), &key, &value);
    return any ? tuple_of(t, 2, key, value) : raise_error(t, &exc_KeyError, "dictionary is empty");
}

static Value method_pop(Thread *t, Value self, const Value *args)
{
    Value found = dict_pop(t, as_dict(self), args[0]);
    if (!is_unbound(found)) return found;
    return is_unbound(args[1]) ? raise_key_error(t, args[0]) : retain(args[1]);
}

static Value method_set_default(Thread *t, Value self, const Value *args)
{
    Value found = dict_get(t, as_dict(self), args[0]);
    if (is_error(found)) return ERROR;
    if (!is_unbound(found)) return retain(found);
    return object_set_item(t, self, args[0], args[1]) ? retain(args[1]) : ERROR;
}

static Value method_copy(Thread *t, Value self, const Value *args)
{
    OWN Value made = call0(t, type_value(type_of(self)));
    if (is_error(made)) return ERROR;
    OWN Value attributes = object_get_attr_optional(t, self, NAME(__dict__));
    if (is_error(attributes)) return ERROR;
    if (is_dict(attributes) && as_dict(attributes)->count) {
        OWN Value fresh = object_get_attr(t, made, NAME(__dict__));
        if (is_error(fresh) || (is_dict(fresh) && !dict_update(t, as_dict(fresh), attributes))) return ERROR;
    }
    if (type_of(self) == &ordered_dict_type && is_dict(made)) {
        size_t at = 0;
        Value key, value;
        while (dict_next(as_dict(self), &at, &key, &value)) {
            OWN Value kept = retain(key);
            OWN Value item = retain(value);
            if (!dict_set(t, as_dict(made), kept, item)) return ERROR;
        }
        return MOVE(made);
    }
    return set_from_keys(t, made, self, self) ? MOVE(made) : ERROR;
}

static Value method_reduce(Thread *t, Value self, const Value *args)
{
    OWN_POINTER Str *name = str_intern_text(t, "__getstate__", strlen("__getstate__"));
    if (!name) return ERROR;
    OWN Value state = call_method0(t, self, name);
    if (is_error(state)) return ERROR;
    OWN Value items = call_method0(t, self, NAME(items));
    if (is_error(items)) return ERROR;
    OWN Value iterator = object_iter(t, items);
    if (is_error(iterator)) return ERROR;
    return tuple_of(t, 5, type_value(type_of(self)), object_value(tuple_empty), state, NONE, iterator);
}

static Value method_from_keys(Thread *t, Value cls, const Value *args)
{
    OWN Value made = call0(t, cls);
    if (is_error(made)) return ERROR;
    OWN Value iterator = object_iter(t, args[0]);
    if (is_error(iterator)) return ERROR;
    for (;;) {
        OWN Value key = object_next(t, iterator);
        if (is_unbound(key)) return MOVE(made);
        if (is_error(key) || !object_set_item(t, made, key, args[1])) return ERROR;
    }
}

static const Method ordered_methods[] = {
    {"move_to_end", method_move_to_end, "(self, /, key, last=True)",
     "Move an existing element to the end (or beginning if last is false).\n\nRaise KeyError if the element does not exist."},
    {"popitem", method_pop_item, "(self, /, last=True)",
     "Remove and return a (key, value) pair from the dictionary.\n\nPairs are returned in LIFO order if last is true or FIFO order if false."},
    {"pop", method_pop, "(self, /, key, default=<unset>)",
     "od.pop(key[,default]) -> v, remove specified key and return the corresponding value.\n\n  If the key is not found, return the default if given; otherwise,\n  raise a KeyError."},
    {"setdefault", method_set_default, "(self, /, key, default=None)",
     "Insert key with a value of default if key is not in the dictionary.\n\nReturn the value for key if key is in the dictionary, else default."},
    {"update", method_update, "(self, /, *args, **kwargs)", "Take keys and values from a mapping or an iterable of pairs, and from keywords, by __setitem__."},
    {"keys", method_keys, "(self, /)", "A set-like view of the keys."},
    {"values", method_values, "(self, /)", "A view of the values."},
    {"items", method_items, "(self, /)", "A set-like view of the (key, value) pairs."},
    {"copy", method_copy, "(self, /)", "od.copy() -> a shallow copy of od"},
    {"fromkeys", method_from_keys, "(cls, /, iterable, value=None)", "Create a new ordered dictionary with keys from iterable and values set to value."},
    {"__reversed__", method_reversed, "(self, /)", "od.__reversed__() <==> reversed(od)"},
    {"__reduce__", method_reduce, "(self, /)", "Return state information for pickling"},
    {0},
};

static Value get_dict(Thread *t, Value self) { return object_get_dict(t, self); }
static bool set_dict(Thread *t, Value self, Value value)
{
    return is_unbound(value) ? error_false(raise_type_error(t, "cannot delete __dict__")) : object_set_dict(t, self, value);
}
static const GetSet ordered_getsets[] = {{"__dict__", get_dict, set_dict, NULL}, {0}};

static const TypeSpec ordered_dict_spec = {
    .name = "collections.OrderedDict",
    .doc = "Dictionary that remembers insertion order",
    .size = sizeof(OrderedDict),
    .flags = TYPE_BASE | TYPE_GC | TYPE_HAS_WEAKREFS,
    .base = &dict_type,
    .slots = {
        .repr = ordered_repr,
        .compare = ordered_compare,
        .iter = ordered_iter,
        .init = ordered_init,
        .binary = {[OP_OR] = ordered_or},
        .inplace = {[OP_OR] = ordered_inplace_or},
    },
    .methods = ordered_methods,
    .getsets = ordered_getsets,
};

bool ordered_dict_prepare(Thread *t)
{
    if (!type_prepare(t, &iterator_type, &iterator_spec) || !type_prepare(t, &keys_type, &keys_spec) || !type_prepare(t, &values_type, &values_spec) ||
        !type_prepare(t, &items_type, &items_spec) || !type_prepare(t, &ordered_dict_type, &ordered_dict_spec)) {
        return false;
    }
    // Its attributes stand behind the dict, not behind the head as in other native types.
    ordered_dict_type.attrs_offset = offsetof(OrderedDict, attrs);
    ordered_dict_type.flags |= TYPE_HAS_ATTRS;
    return true;
}
