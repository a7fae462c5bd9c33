// SPDX-License-Identifier: MIT
// runtime/types/dict_views.c: dict_keys, dict_values, dict_items, and the iterators over a dict, forwards and backwards.
//
// An iterator notes how many keys the dict had; when that has changed, or when more keys turn up than there were,
// the next step raises RuntimeError. It never holds a pointer into the table between two steps.
#include "runtime/types/container.h"
#include "runtime/types/dict_inner.h"
#include "runtime/types/int.h"
#include "runtime/types/iterators.h"
#include "runtime/types/list.h"
#include "runtime/types/function.h"
#include "runtime/types/set.h"
#include "runtime/types/tuple.h"

Type dict_keys_type, dict_values_type, dict_items_type, dict_key_iterator_type, dict_value_iterator_type, dict_item_iterator_type,
    dict_reverse_key_iterator_type, dict_reverse_value_iterator_type, dict_reverse_item_iterator_type;

// ---- Iterators

enum { COUNT_SPOILT = -1 };   // of DictIterator.count: the dict changed, every further step says so

static Value iterator_new(Thread *t, Type *type, Dict *d, size_t at)
{
    DictIterator *i = (DictIterator *)object_new(t, type);
    if (!i) return ERROR;
    i->dict = RETAIN(d);
    i->at = at;
    i->count = d->count;
    i->left = (uint32_t)d->count;
    return object_value(i);
}

Value dict_iterator_new(Thread *t, Type *type, Dict *d) { return iterator_new(t, type, d, d->first); }
// Backwards, `at` is the number of the entry behind the next one.
Value dict_reverse_iterator_new(Thread *t, Type *type, Dict *d) { return iterator_new(t, type, d, d->used); }

static void iterator_visit(Object *o, VisitFn visit, void *context)
{
    Dict *d = ((DictIterator *)o)->dict;
    if (d) visit(dict_value(d), context);
}

static void iterator_finish(Thread *t, Object *o)
{
    DictIterator *i = (DictIterator *)o;
    drop_pointer(MOVE_POINTER(i->dict));
}

typedef enum Part { PART_KEY, PART_VALUE, PART_ITEM } Part;

static ALWAYS_INLINE Value entry_part(Thread *t, const DictEntry *e, Part part)
{
    if (part == PART_KEY) return retain(e->key);
    if (part == PART_VALUE) return retain(e->value);
    Tuple *pair = tuple_blank(t, 2);
    if (!pair) return ERROR;
    pair->items[0] = retain(e->key);
    pair->items[1] = retain(e->value);
    return object_value(pair);
}

static COLD Value spoilt(Thread *t, DictIterator *i)
{
    i->count = (size_t)COUNT_SPOILT;
    return raise_error(t, &exc_RuntimeError, "dictionary changed size during iteration");
}

static Value exhaust(DictIterator *i)
{
    drop_pointer(MOVE_POINTER(i->dict));
    return UNBOUND;
}

static ALWAYS_INLINE Value step(Thread *t, Value v, Part part)
{
    DictIterator *i = (DictIterator *)as_object(v);
    Dict *d = i->dict;
    if (!d) return UNBOUND;
    if (UNLIKELY(i->count != d->count)) return spoilt(t, i);
    while (i->at < d->used && is_unbound(d->entries[i->at].key)) i->at++;
    if (i->at >= d->used) return exhaust(i);
    if (UNLIKELY(i->left == 0)) {
        exhaust(i);
        return raise_error(t, &exc_RuntimeError, "dictionary keys changed during iteration");
    }
    i->left--;
    return entry_part(t, &d->entries[i->at++], part);
}

static ALWAYS_INLINE Value step_back(Thread *t, Value v, Part part)
{
    DictIterator *i = (DictIterator *)as_object(v);
    Dict *d = i->dict;
    if (!d) return UNBOUND;
    if (UNLIKELY(i->count != d->count)) return spoilt(t, i);
    if (i->at > d->used) i->at = d->used;
    while (i->at > d->first && is_unbound(d->entries[i->at - 1].key)) i->at--;
    if (i->at <= d->first) return exhaust(i);
    if (UNLIKELY(i->left == 0)) {
        exhaust(i);
        return raise_error(t, &exc_RuntimeError, "dictionary keys changed during iteration");
    }
    i->left--;
    return entry_part(t, &d->entries[--i->at], part);
}

static Value next_key(Thread *t, Value v) { return step(t, v, PART_KEY); }
static Value next_value(Thread *t, Value v) { return step(t, v, PART_VALUE); }
static Value next_item(Thread *t, Value v) { return step(t, v, PART_ITEM); }
static Value previous_key(Thread *t, Value v) { return step_back(t, v, PART_KEY); }
static Value previous_value(Thread *t, Value v) { return step_back(t, v, PART_VALUE); }
static Value previous_item(Thread *t, Value v) { return step_back(t, v, PART_ITEM); }

static Value iterator_length_hint(Thread *t, Value self, const Value *args)
{
    DictIterator *i = (DictIterator *)as_object(self);
    return small_int(i->dict && i->count == i->dict->count ? (int64_t)i->left : 0);
}

// iter, (what is left as a list,): the iterator itself stays where it is.
static Value iterator_reduce(Thread *t, Value self, const Value *args)
{
    DictIterator *i = (DictIterator *)as_object(self);
    DictIterator *twin = (DictIterator *)object_new(t, type_of(self));
    if (!twin) return ERROR;
    OWN Value copy = object_value(twin);
    twin->dict = RETAIN(i->dict);
    twin->at = i->at;
    twin->count = i->count;
    twin->left = i->left;
    OWN Value left = list_from_iterable(t, copy);
    if (is_error(left)) return ERROR;
    OWN Value function = builtin_named(t, "iter");
    if (is_error(function)) return ERROR;
    OWN Value arguments = tuple_of(t, 1, left);
    return is_error(arguments) ? ERROR : tuple_of(t, 2, function, arguments);
}

static const Method iterator_methods[] = {
    {"__length_hint__", iterator_length_hint, "(self, /)", "Private method returning an estimate of len(list(it))."},
    {"__reduce__", iterator_reduce, "(self, /)", "Return state information for pickling."},
    {0},
};

#define ITERATOR_SPEC(c_name, python_name, next_function) \
    const TypeSpec c_name##_spec = { \
        .name = python_name, \
        .size = sizeof(DictIterator), \
        .flags = TYPE_GC | TYPE_NO_NEW, \
        .slots = {.visit = iterator_visit, .finish = iterator_finish, .iter = iter_self, .next = next_function}, \
        .methods = iterator_methods, \
    }
ITERATOR_SPEC(dict_key_iterator, "dict_keyiterator", next_key);
ITERATOR_SPEC(dict_value_iterator, "dict_valueiterator", next_value);
ITERATOR_SPEC(dict_item_iterator, "dict_itemiterator", next_item);
ITERATOR_SPEC(dict_reverse_key_iterator, "dict_reversekeyiterator", previous_key);
ITERATOR_SPEC(dict_reverse_value_iterator, "dict_reversevalueiterator", previous_value);
ITERATOR_SPEC(dict_reverse_item_iterator, "dict_reverseitemiterator", previous_item);

// ---- Views

static inline Dict *viewed(Value v) { return ((DictView *)as_object(v))->dict; }
static inline bool is_set_view(Value v) { return is_instance_of(v, &dict_keys_type) || is_instance_of(v, &dict_items_type); }

Value dict_view_new(Thread *t, Type *type, Dict *d)
{
    DictView *view = (DictView *)object_new(t, type);
    if (!view) return ERROR;
    view->dict = RETAIN(d);
    return object_value(view);
}

static void view_visit(Object *o, VisitFn visit, void *context)
{
    Dict *d = ((DictView *)o)->dict;
    if (d) visit(dict_value(d), context);
}

static void view_finish(Thread *t, Object *o) { drop_pointer(MOVE_POINTER(((DictView *)o)->dict)); }

static ptrdiff_t view_length(Thread *t, Value v) { return (ptrdiff_t)viewed(v)->count; }
static Value keys_iter(Thread *t, Value v) { return dict_iterator_new(t, &dict_key_iterator_type, viewed(v)); }
static Value values_iter(Thread *t, Value v) { return dict_iterator_new(t, &dict_value_iterator_type, viewed(v)); }
static Value items_iter(Thread *t, Value v) { return dict_iterator_new(t, &dict_item_iterator_type, viewed(v)); }

static Value keys_reversed(Thread *t, Value self, const Value *args) { return dict_reverse_iterator_new(t, &dict_reverse_key_iterator_type, viewed(self)); }
static Value values_reversed(Thread *t, Value self, const Value *args) { return dict_reverse_iterator_new(t, &dict_reverse_value_iterator_type, viewed(self)); }
static Value items_reversed(Thread *t, Value self, const Value *args) { return dict_reverse_iterator_new(t, &dict_reverse_item_iterator_type, viewed(self)); }

static int keys_contains(Thread *t, Value v, Value item) { return dict_contains(t, viewed(v), item); }

static int items_contains(Thread *t, Value v, Value item)
{
    if (!is_tuple(item) || as_tuple(item)->length != 2) return 0;
    Value found = dict_get(t, viewed(v), as_tuple(item)->items[0]);
    if (is_error(found)) return -1;
    if (is_unbound(found)) return 0;
    OWN Value kept = retain(found);
    return object_equal(t, kept, as_tuple(item)->items[1]);
}

static Value view_repr(Thread *t, Value v)
{
    int entered = repr_enter(t, v);
    if (entered < 0) return ERROR;
    if (entered) return str_from_text(t, "...");
    OWN Value list = list_from_iterable(t, v);
    OWN Value text = is_error(list) ? ERROR : object_repr(t, list);
    repr_leave(t, v);
    return is_error(text) ? ERROR : str_format(t, "%s(%S)", type_name(v), text);
}

static Value view_mapping(Thread *t, Value self) { return mapping_proxy_new(t, dict_value(viewed(self))); }

// ---- Keys and items as sets

static Value set_of(Thread *t, Value v) { return set_from_iterable(t, &set_type, v); }

static Value view_subtract(Thread *t, Value a, Value b)
{
    OWN Value result = set_of(t, a);
    if (is_error(result)) return ERROR;
    OWN Value iterator = object_iter(t, b);
    if (is_error(iterator)) return ERROR;
    for (;;) {
        OWN Value item = object_next(t, iterator);
        if (is_unbound(item)) return MOVE(result);
        if (is_error(item) || set_discard(t, result, item) < 0) return ERROR;
    }
}

static Value view_and(Thread *t, Value a, Value b)
{
    if (!is_set_view(a)) {
        Value swap = a;
        a = b;
        b = swap;
    } else if (is_set_view(b) && viewed(b)->count > viewed(a)->count) {
        Value swap = a;
        a = b;
        b = swap;
    }
    OWN Value result = set_new(t, &set_type);
    if (is_error(result)) return ERROR;
    OWN Value iterator = object_iter(t, b);
    if (is_error(iterator)) return ERROR;
    for (;;) {
        OWN Value item = object_next(t, iterator);
        if (is_unbound(item)) return MOVE(result);
        if (is_error(item)) return ERROR;
        int shared = object_contains(t, a, item);
        if (shared < 0 || (shared && set_add(t, result, item) < 0)) return ERROR;
    }
}

static Value view_or(Thread *t, Value a, Value b)
{
    OWN Value result = set_of(t, a);
    if (is_error(result) || !set_update(t, result, b)) return ERROR;
    return MOVE(result);
}

static Value view_xor(Thread *t, Value a, Value b)
{
    OWN Value mine = set_of(t, a);
    if (is_error(mine)) return ERROR;
    OWN Value other = set_of(t, b);
    return is_error(other) ? ERROR : object_binary(t, OP_XOR, mine, other);
}

// 1 if every item of a is in b.
static int all_in(Thread *t, Value a, Value b)
{
    OWN Value iterator = object_iter(t, a);
    if (is_error(iterator)) return -1;
    for (;;) {
        OWN Value item = object_next(t, iterator);
        if (is_unbound(item)) return 1;
        if (is_error(item)) return -1;
        int there = object_contains(t, b, item);
        if (there <= 0) return there;
    }
}

static Value view_compare(Thread *t, Value a, Value b, CompareOp op)
{
    if (!is_any_set(b) && !is_set_view(b)) return NOT_IMPLEMENTED;
    ptrdiff_t mine = object_length(t, a), others = object_length(t, b);
    if (mine < 0 || others < 0) return ERROR;
    int answer = 0;
    switch (op) {
    case CMP_EQ: case CMP_NE: answer = mine == others ? all_in(t, a, b) : 0; break;
    case CMP_LT: answer = mine < others ? all_in(t, a, b) : 0; break;
    case CMP_LE: answer = mine <= others ? all_in(t, a, b) : 0; break;
    case CMP_GT: answer = mine > others ? all_in(t, b, a) : 0; break;
    case CMP_GE: answer = mine >= others ? all_in(t, b, a) : 0; break;
    }
    return answer < 0 ? ERROR : bool_value(op == CMP_NE ? !answer : answer);
}

static Value view_is_disjoint(Thread *t, Value self, const Value *args)
{
    Value other = args[0];
    if (is_same(self, other)) return bool_value(viewed(self)->count == 0);
    if ((is_any_set(other) || is_set_view(other))) {
        ptrdiff_t length = object_length(t, other);
        if (length < 0) return ERROR;
        if ((size_t)length > viewed(self)->count) {
            Value swap = self;
            self = other;
            other = swap;
        }
    }
    OWN Value iterator = object_iter(t, other);
    if (is_error(iterator)) return ERROR;
    for (;;) {
        OWN Value item = object_next(t, iterator);
        if (is_unbound(item)) return TRUE;
        if (is_error(item)) return ERROR;
        int there = object_contains(t, self, item);
        if (there) return there < 0 ? ERROR : FALSE;
    }
}

static const GetSet view_getsets[] = {{"mapping", view_mapping, NULL, "dictionary that this view refers to"}, {0}};

static const Method keys_methods[] = {
    {"isdisjoint", view_is_disjoint, "(self, other, /)", "Return True if the view and the given iterable have a null intersection."},
    {"__reversed__", keys_reversed, "(self, /)", "Return a reverse iterator over the dict keys."},
    {0},
};
static const Method items_methods[] = {
    {"isdisjoint", view_is_disjoint, "(self, other, /)", "Return True if the view and the given iterable have a null intersection."},
    {"__reversed__", items_reversed, "(self, /)", "Return a reverse iterator over the dict items."},
    {0},
};
static const Method values_methods[] = {
    {"__reversed__", values_reversed, "(self, /)", "Return a reverse iterator over the dict values."},
    {0},
};

#define SET_OPERATORS {[OP_SUBTRACT] = view_subtract, [OP_AND] = view_and, [OP_OR] = view_or, [OP_XOR] = view_xor}

const TypeSpec dict_keys_spec = {
    .name = "dict_keys",
    .size = sizeof(DictView),
    .flags = TYPE_GC | TYPE_NO_NEW,
    .slots = {
        .visit = view_visit,
        .finish = view_finish,
        .repr = view_repr,
        .compare = view_compare,
        .iter = keys_iter,
        .length = view_length,
        .contains = keys_contains,
        .binary = SET_OPERATORS,
    },
    .methods = keys_methods,
    .getsets = view_getsets,
};

const TypeSpec dict_items_spec = {
    .name = "dict_items",
    .size = sizeof(DictView),
    .flags = TYPE_GC | TYPE_NO_NEW,
    .slots = {
        .visit = view_visit,
        .finish = view_finish,
        .repr = view_repr,
        .compare = view_compare,
        .iter = items_iter,
        .length = view_length,
        .contains = items_contains,
        .binary = SET_OPERATORS,
    },
    .methods = items_methods,
    .getsets = view_getsets,
};

const TypeSpec dict_values_spec = {
    .name = "dict_values",
    .size = sizeof(DictView),
    .flags = TYPE_GC | TYPE_NO_NEW,
    .slots = {.visit = view_visit, .finish = view_finish, .repr = view_repr, .iter = values_iter, .length = view_length},
    .methods = values_methods,
    .getsets = view_getsets,
};
