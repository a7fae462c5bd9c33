// SPDX-License-Identifier: MIT
// runtime/types/set_methods.c: the types set and frozenset and their iterator, over the table of set.c.
//
// The iterator notes how many items there were; when that has changed the next step raises RuntimeError.
#include "runtime/types/container.h"
#include "runtime/types/dict.h"
#include "runtime/types/int.h"
#include "runtime/types/iterators.h"
#include "runtime/types/list.h"
#include "runtime/types/set_inner.h"
#include "runtime/types/str.h"
#include "runtime/types/tuple.h"

Type set_type, frozenset_type, set_iterator_type;

static inline Type *plain_type(Value set) { return is_instance_of(set, &frozenset_type) ? &frozenset_type : &set_type; }
static Value copy_plain(Thread *t, Value set) { return set_from_iterable(t, plain_type(set), set); }

// ---- Life

static void set_visit(Object *o, VisitFn visit, void *context)
{
    Set *s = (Set *)o;
    for (size_t i = 0; s->table && i <= s->mask; i++) {
        if (!is_unbound(s->table[i].key)) visit(s->table[i].key, context);
    }
}

static void set_finish(Thread *t, Object *o) { set_clear(t, (Set *)o); }

static Value set_make(Thread *t, Type *type, const Value *args, size_t nargs, Value kwnames) { return set_new(t, type); }

static bool set_init(Thread *t, Value self, const Value *args, size_t nargs, Value kwnames)
{
    if (!check_no_keywords(t, "set", kwnames) || !check_count(t, "set", nargs, 0, 1)) return false;
    if (as_set(self)->table) set_clear(t, as_set(self));
    as_set(self)->hash = 0;
    return nargs == 0 || set_update(t, self, args[0]);
}

static Value frozenset_make(Thread *t, Type *type, const Value *args, size_t nargs, Value kwnames)
{
    if ((type == &frozenset_type || type->slots.init == frozenset_type.slots.init) && !check_no_keywords(t, "frozenset", kwnames)) return ERROR;
    if (!check_count(t, "frozenset", nargs, 0, 1)) return ERROR;
    if (nargs == 0) return set_new(t, type);
    if (type == &frozenset_type && type_of(args[0]) == &frozenset_type) return retain(args[0]);
    return set_from_iterable(t, type, args[0]);
}

// ---- Showing and hashing

static Value set_repr(Thread *t, Value v)
{
    Set *s = as_set(v);
    const char *name = type_name(v);
    if (s->count == 0) return str_format(t, "%s()", name);
    int entered = repr_enter(t, v);
    if (entered < 0) return ERROR;
    if (entered) return str_format(t, "%s(...)", name);
    OWN Value list = list_from_iterable(t, v);
    OWN Value text = is_error(list) ? ERROR : object_repr(t, list);
    repr_leave(t, v);
    if (is_error(text)) return ERROR;
    StrBuilder b;
    builder_start(t, &b);
    bool plain = type_of(v) == &set_type;
    if (!plain) builder_add_text(&b, name);
    if (!plain) builder_add(&b, '(');
    builder_add(&b, '{');
    builder_add_slice(&b, as_str(text), 1, as_str(text)->length - 1);
    builder_add(&b, '}');
    if (!plain) builder_add(&b, ')');
    return builder_finish(&b);
}

static bool frozenset_hash(Thread *t, Value v, int64_t *hash)
{
    Set *s = as_set(v);
    if (s->hash == -1) s->hash = frozenset_mix(s);
    *hash = s->hash;
    return true;
}

// ---- Comparing

// 1 if every item of a is in b.
static int is_subset(Thread *t, Set *a, Set *b)
{
    if (a->count > b->count) return 0;
    size_t at = 0;
    Value key;
    int64_t hash;
    while (set_next_hashed(a, &at, &key, &hash)) {
        OWN Value kept = key;
        int there = set_contains_hashed(t, b, kept, hash);
        if (there <= 0) return there;
    }
    return 1;
}

static int sets_equal(Thread *t, Set *a, Set *b) { return a->count == b->count ? is_subset(t, a, b) : 0; }

static Value set_compare(Thread *t, Value a, Value b, CompareOp op)
{
    if (!is_any_set(a) || !is_any_set(b)) return NOT_IMPLEMENTED;
    Set *x = as_set(a), *y = as_set(b);
    int answer = 0;
    switch (op) {
    case CMP_EQ: case CMP_NE: answer = sets_equal(t, x, y); break;
    case CMP_LT: answer = x->count < y->count ? is_subset(t, x, y) : 0; break;
    case CMP_LE: answer = is_subset(t, x, y); break;
    case CMP_GT: answer = x->count > y->count ? is_subset(t, y, x) : 0; break;
    case CMP_GE: answer = is_subset(t, y, x); break;
    }
    return answer < 0 ? ERROR : bool_value(op == CMP_NE ? !answer : answer);
}

// ---- The four operations, on whatever can be iterated

static Value intersection(Thread *t, Value a, Value other)
{
    if (is_same(a, other)) return copy_plain(t, a);
    OWN Value result = set_new(t, plain_type(a));
    if (is_error(result)) return ERROR;
    if (is_any_set(other)) {
        Set *small = as_set(other), *large = as_set(a);
        if (small->count > large->count) {
            small = large;
            large = as_set(other);
        }
        size_t at = 0;
        Value key;
        int64_t hash;
        while (set_next_hashed(small, &at, &key, &hash)) {
            OWN Value kept = key;
            int shared = set_contains_hashed(t, large, kept, hash);
            if (shared < 0 || (shared && set_add_hashed(t, as_set(result), kept, hash) < 0)) return ERROR;
        }
        return MOVE(result);
    }
    OWN Value iterator = object_iter(t, other);
    if (is_error(iterator)) return ERROR;
    for (;;) {
        OWN Value item = object_next(t, iterator);
        if (is_unbound(item)) return MOVE(result);
        int64_t hash;
        if (is_error(item) || !object_hash(t, item, &hash)) return ERROR;
        int shared = set_contains_hashed(t, as_set(a), item, hash);
        if (shared < 0 || (shared && set_add_hashed(t, as_set(result), item, hash) < 0)) return ERROR;
    }
}

// s takes over what `from` holds and gives it its own.
static void swap_contents(Set *s, Set *from)
{
    Set kept = *s;
    s->count = from->count;
    s->filled = from->filled;
    s->mask = from->mask;
    s->table = from->table;
    from->count = kept.count;
    from->filled = kept.filled;
    from->mask = kept.mask;
    from->table = kept.table;
}

static bool subtract_from(Thread *t, Value set, Value other)
{
    Set *s = as_set(set);
    if (is_same(set, other)) {
        set_clear(t, s);
        return true;
    }
    if (is_any_set(other)) {
        size_t at = 0;
        Value key;
        int64_t hash;
        while (set_next_hashed(as_set(other), &at, &key, &hash)) {
            OWN Value kept = key;
            if (set_discard_hashed(t, s, kept, hash) < 0) return false;
        }
        return set_tidy(t, s);
    }
    OWN Value iterator = object_iter(t, other);
    if (is_error(iterator)) return false;
    for (;;) {
        OWN Value item = object_next(t, iterator);
        if (is_unbound(item)) return set_tidy(t, s);
        if (is_error(item) || set_discard(t, set, item) < 0) return false;
    }
}

// Is the item with this hash in other, a set or a dict?
static int contained(Thread *t, Value other, Value item, int64_t hash)
{
    if (is_any_set(other)) return set_contains_hashed(t, as_set(other), item, hash);
    Value found = dict_get_hashed(t, as_dict(other), item, hash);
    return is_error(found) ? -1 : !is_unbound(found);
}

static Value difference(Thread *t, Value a, Value other)
{
    bool can_ask = is_any_set(other) || is_exact_dict(other);
    size_t others = !can_ask ? 0 : is_any_set(other) ? as_set(other)->count : as_dict(other)->count;
    if (!can_ask || as_set(a)->count / 4 > others) {
        OWN Value result = copy_plain(t, a);
        if (is_error(result) || !subtract_from(t, result, other)) return ERROR;
        return MOVE(result);
    }
    OWN Value result = set_new(t, plain_type(a));
    if (is_error(result)) return ERROR;
    size_t at = 0;
    Value key;
    int64_t hash;
    while (set_next_hashed(as_set(a), &at, &key, &hash)) {
        OWN Value kept = key;
        int there = contained(t, other, kept, hash);
        if (there < 0 || (!there && set_add_hashed(t, as_set(result), kept, hash) < 0)) return ERROR;
    }
    return MOVE(result);
}

// set ^= other
static bool toggle(Thread *t, Value set, Value other)
{
    Set *s = as_set(set);
    if (is_same(set, other)) {
        set_clear(t, s);
        return true;
    }
    OWN Value others = is_any_set(other) ? retain(other) : set_from_iterable(t, &set_type, other);
    if (is_error(others)) return false;
    size_t at = 0;
    Value key;
    int64_t hash;
    while (set_next_hashed(as_set(others), &at, &key, &hash)) {
        OWN Value kept = key;
        int removed = set_discard_hashed(t, s, kept, hash);
        if (removed < 0 || (!removed && set_add_hashed(t, s, kept, hash) < 0)) return false;
    }
    return true;
}

static Value symmetric_difference(Thread *t, Value a, Value other)
{
    OWN Value result = set_from_iterable(t, plain_type(a), other);
    if (is_error(result) || !toggle(t, result, a)) return ERROR;
    return MOVE(result);
}

// ---- Operators: between sets only

static Value set_or(Thread *t, Value a, Value b)
{
    if (!is_any_set(a) || !is_any_set(b)) return NOT_IMPLEMENTED;
    OWN Value result = copy_plain(t, a);
    if (is_error(result) || !set_update(t, result, b)) return ERROR;
    return MOVE(result);
}
static Value set_and(Thread *t, Value a, Value b) { return is_any_set(a) && is_any_set(b) ? intersection(t, a, b) : NOT_IMPLEMENTED; }
static Value set_subtract(Thread *t, Value a, Value b) { return is_any_set(a) && is_any_set(b) ? difference(t, a, b) : NOT_IMPLEMENTED; }
static Value set_xor(Thread *t, Value a, Value b) { return is_any_set(a) && is_any_set(b) ? symmetric_difference(t, a, b) : NOT_IMPLEMENTED; }

static bool intersect_with(Thread *t, Value set, Value other)
{
    OWN Value result = intersection(t, set, other);
    if (is_error(result)) return false;
    swap_contents(as_set(set), as_set(result));
    return true;
}

static Value set_inplace_or(Thread *t, Value a, Value b) { return !is_any_set(b) ? NOT_IMPLEMENTED : set_update(t, a, b) ? retain(a) : ERROR; }
static Value set_inplace_and(Thread *t, Value a, Value b) { return !is_any_set(b) ? NOT_IMPLEMENTED : intersect_with(t, a, b) ? retain(a) : ERROR; }
static Value set_inplace_subtract(Thread *t, Value a, Value b) { return !is_any_set(b) ? NOT_IMPLEMENTED : subtract_from(t, a, b) ? retain(a) : ERROR; }
static Value set_inplace_xor(Thread *t, Value a, Value b) { return !is_any_set(b) ? NOT_IMPLEMENTED : toggle(t, a, b) ? retain(a) : ERROR; }

static ptrdiff_t set_length(Thread *t, Value v) { return (ptrdiff_t)as_set(v)->count; }

// ---- Methods

static Value method_union(Thread *t, Value self, const Value *args)
{
    OWN Value result = copy_plain(t, self);
    if (is_error(result)) return ERROR;
    Tuple *others = as_tuple(args[0]);
    for (size_t i = 0; i < others->length; i++) {
        if (!set_update(t, result, others->items[i])) return ERROR;
    }
    return MOVE(result);
}

// self with `step` applied for each argument in turn; self's copy when there is none.
static Value fold(Thread *t, Value self, Tuple *others, Value (*step)(Thread *, Value, Value))
{
    if (others->length == 0) return copy_plain(t, self);
    OWN Value result = retain(self);
    for (size_t i = 0; i < others->length; i++) {
        Value next = step(t, result, others->items[i]);
        if (is_error(next)) return ERROR;
        assign(&result, next);
    }
    return MOVE(result);
}

static Value method_intersection(Thread *t, Value self, const Value *args) { return fold(t, self, as_tuple(args[0]), intersection); }
static Value method_difference(Thread *t, Value self, const Value *args) { return fold(t, self, as_tuple(args[0]), difference); }
static Value method_symmetric_difference(Thread *t, Value self, const Value *args) { return symmetric_difference(t, self, args[0]); }

static Value method_update(Thread *t, Value self, const Value *args)
{
    Tuple *others = as_tuple(args[0]);
    for (size_t i = 0; i < others->length; i++) {
        if (!set_update(t, self, others->items[i])) return ERROR;
    }
    return NONE;
}

static Value method_difference_update(Thread *t, Value self, const Value *args)
{
    Tuple *others = as_tuple(args[0]);
    for (size_t i = 0; i < others->length; i++) {
        if (!subtract_from(t, self, others->items[i])) return ERROR;
    }
    return NONE;
}

static Value method_intersection_update(Thread *t, Value self, const Value *args)
{
    OWN Value result = fold(t, self, as_tuple(args[0]), intersection);
    if (is_error(result)) return ERROR;
    if (!is_same(result, self)) swap_contents(as_set(self), as_set(result));
    return NONE;
}

static Value method_symmetric_difference_update(Thread *t, Value self, const Value *args) { return toggle(t, self, args[0]) ? NONE : ERROR; }

static Value method_is_disjoint(Thread *t, Value self, const Value *args)
{
    if (is_same(self, args[0])) return bool_value(as_set(self)->count == 0);
    if (is_any_set(args[0])) {
        Set *small = as_set(self), *large = as_set(args[0]);
        if (small->count > large->count) {
            small = large;
            large = as_set(self);
        }
        size_t at = 0;
        Value key;
        int64_t hash;
        while (set_next_hashed(small, &at, &key, &hash)) {
            OWN Value kept = key;
            int there = set_contains_hashed(t, large, kept, hash);
            if (there) return there < 0 ? ERROR : FALSE;
        }
        return TRUE;
    }
    OWN Value iterator = object_iter(t, args[0]);
    if (is_error(iterator)) return ERROR;
    for (;;) {
        OWN Value item = object_next(t, iterator);
        if (is_unbound(item)) return TRUE;
        int64_t hash;
        if (is_error(item) || !object_hash(t, item, &hash)) return ERROR;
        int there = set_contains_hashed(t, as_set(self), item, hash);
        if (there) return there < 0 ? ERROR : FALSE;
    }
}

static Value method_is_subset(Thread *t, Value self, const Value *args)
{
    OWN Value other = is_any_set(args[0]) ? retain(args[0]) : set_from_iterable(t, &set_type, args[0]);
    if (is_error(other)) return ERROR;
    int answer = is_subset(t, as_set(self), as_set(other));
    return answer < 0 ? ERROR : bool_value(answer);
}

static Value method_is_superset(Thread *t, Value self, const Value *args)
{
    if (is_any_set(args[0])) {
        int answer = is_subset(t, as_set(args[0]), as_set(self));
        return answer < 0 ? ERROR : bool_value(answer);
    }
    OWN Value iterator = object_iter(t, args[0]);
    if (is_error(iterator)) return ERROR;
    for (;;) {
        OWN Value item = object_next(t, iterator);
        if (is_unbound(item)) return TRUE;
        if (is_error(item)) return ERROR;
        int there = set_contains(t, self, item);
        if (there <= 0) return there < 0 ? ERROR : FALSE;
    }
}

static Value method_add(Thread *t, Value self, const Value *args) { return set_add(t, self, args[0]) < 0 ? ERROR : NONE; }
static Value method_discard(Thread *t, Value self, const Value *args) { return set_discard(t, self, args[0]) < 0 ? ERROR : NONE; }

static Value method_remove(Thread *t, Value self, const Value *args)
{
    int removed = set_discard(t, self, args[0]);
    if (removed < 0) return ERROR;
    return removed ? NONE : raise_key_error(t, args[0]);
}

static Value method_pop(Thread *t, Value self, const Value *args)
{
    Value item = set_take_any(t, as_set(self));
    return is_unbound(item) ? raise_error(t, &exc_KeyError, "pop from an empty set") : item;
}

static Value method_clear(Thread *t, Value self, const Value *args)
{
    set_clear(t, as_set(self));
    return NONE;
}

static Value method_copy(Thread *t, Value self, const Value *args)
{
    return type_of(self) == &frozenset_type ? retain(self) : copy_plain(t, self);
}

static int set_contains_slot(Thread *t, Value v, Value item) { return set_contains(t, v, item); }
static Value method_contains(Thread *t, Value self, const Value *args)
{
    int there = set_contains(t, self, args[0]);
    return there < 0 ? ERROR : bool_value(there);
}

static Value method_reduce(Thread *t, Value self, const Value *args)
{
    OWN Value items = list_from_iterable(t, self);
    if (is_error(items)) return ERROR;
    OWN Value arguments = tuple_of(t, 1, items);
    if (is_error(arguments)) return ERROR;
    OWN Value state = call_method0(t, self, NAME(__getstate__));
    return is_error(state) ? ERROR : tuple_of(t, 3, type_value(type_of(self)), arguments, state);
}

static Value method_size(Thread *t, Value self, const Value *args)
{
    return int_value(t, (int64_t)(type_of(self)->size + set_table_bytes(as_set(self))));
}

// ---- Iterating

typedef struct SetIterator { Object head; Set *set; size_t at, count, left; } SetIterator;   // set NULL: at its end

static Value set_iter(Thread *t, Value v)
{
    SetIterator *i = (SetIterator *)object_new(t, &set_iterator_type);
    if (!i) return ERROR;
    i->set = RETAIN(as_set(v));
    i->count = i->left = i->set->count;
    return object_value(i);
}

static void iterator_visit(Object *o, VisitFn visit, void *context)
{
    Set *s = ((SetIterator *)o)->set;
    if (s) visit(object_value(s), context);
}

static void iterator_finish(Thread *t, Object *o) { drop_pointer(MOVE_POINTER(((SetIterator *)o)->set)); }

static Value iterator_next(Thread *t, Value v)
{
    SetIterator *i = (SetIterator *)as_object(v);
    if (!i->set) return UNBOUND;
    if (UNLIKELY(i->count != i->set->count)) {
        i->count = SIZE_MAX;    // every further step says so too
        return raise_error(t, &exc_RuntimeError, "Set changed size during iteration");
    }
    Value key;
    if (!set_next(i->set, &i->at, &key)) {
        drop_pointer(MOVE_POINTER(i->set));
        return UNBOUND;
    }
    if (i->left) i->left--;
    return retain(key);
}

static Value iterator_length_hint(Thread *t, Value self, const Value *args)
{
    SetIterator *i = (SetIterator *)as_object(self);
    return small_int(i->set && i->count == i->set->count ? (int64_t)i->left : 0);
}

static Value iterator_reduce(Thread *t, Value self, const Value *args)
{
    SetIterator *i = (SetIterator *)as_object(self), *twin = (SetIterator *)object_new(t, &set_iterator_type);
    if (!twin) return ERROR;
    OWN Value copy = object_value(twin);
    twin->set = RETAIN(i->set);
    twin->at = i->at;
    twin->count = i->count;
    twin->left = i->left;
    OWN Value left = list_from_iterable(t, copy);
    return is_error(left) ? ERROR : iterator_reduction(t, "iter", left, UNBOUND);
}

static const Method iterator_methods[] = {
    {"__length_hint__", iterator_length_hint, "(self, /)", "Private method returning an estimate of len(list(it))."},
    {"__reduce__", iterator_reduce, "(self, /)", "Return state information for pickling."},
    {0},
};
const TypeSpec set_iterator_spec = {
    .name = "set_iterator",
    .size = sizeof(SetIterator),
    .flags = TYPE_GC | TYPE_NO_NEW,
    .slots = {.visit = iterator_visit, .finish = iterator_finish, .iter = iter_self, .next = iterator_next},
    .methods = iterator_methods,
};

#define SHARED_METHODS \
    {"union", method_union, "(self, /, *others)", "Return the union of sets as a new set.\n\n(i.e. all elements that are in either set.)"}, \
    {"intersection", method_intersection, "(self, /, *others)", "Return the intersection of two sets as a new set.\n\n(i.e. all elements that are in both sets.)"}, \
    {"difference", method_difference, "(self, /, *others)", "Return the difference of two or more sets as a new set."}, \
    {"symmetric_difference", method_symmetric_difference, "(self, other, /)", "Return the symmetric difference of two sets as a new set."}, \
    {"isdisjoint", method_is_disjoint, "(self, other, /)", "Return True if two sets have a null intersection."}, \
    {"issubset", method_is_subset, "(self, other, /)", "Report whether another set contains this set."}, \
    {"issuperset", method_is_superset, "(self, other, /)", "Report whether this set contains another set."}, \
    {"copy", method_copy, "(self, /)", "Return a shallow copy of a set."}, \
    {"__contains__", method_contains, "(self, item, /)", "x.__contains__(y) <==> y in x."}, \
    {"__reduce__", method_reduce, "(self, /)", "Return state information for pickling."}, \
    {"__sizeof__", method_size, "(self, /)", "S.__sizeof__() -> size of S in memory, in bytes"}, \
    CLASS_GET_ITEM

static const Method set_methods[] = {
    SHARED_METHODS,
    {"add", method_add, "(self, item, /)", "Add an element to a set.\n\nThis has no effect if the element is already present."},
    {"discard", method_discard, "(self, item, /)", "Remove an element from a set if it is a member."},
    {"remove", method_remove, "(self, item, /)", "Remove an element from a set; it must be a member.\n\nIf the element is not a member, raise a KeyError."},
    {"pop", method_pop, "(self, /)", "Remove and return an arbitrary set element.\nRaises KeyError if the set is empty."},
    {"clear", method_clear, "(self, /)", "Remove all elements from this set."},
    {"update", method_update, "(self, /, *others)", "Update a set with the union of itself and others."},
    {"intersection_update", method_intersection_update, "(self, /, *others)", "Update a set with the intersection of itself and another."},
    {"difference_update", method_difference_update, "(self, /, *others)", "Remove all elements of another set from this set."},
    {"symmetric_difference_update", method_symmetric_difference_update, "(self, other, /)",
     "Update a set with the symmetric difference of itself and another."},
    {0},
};
static const Method frozenset_methods[] = {SHARED_METHODS, {0}};

const TypeSpec set_spec = {
    .name = "set",
    .doc = "set() -> new empty set object\nset(iterable) -> new set object\n\nBuild an unordered collection of unique elements.",
    .size = sizeof(Set),
    .flags = TYPE_BASE | TYPE_GC | TYPE_IS_SET | TYPE_MATCH_SELF | TYPE_HAS_WEAKREFS,
    .slots = {
        .visit = set_visit,
        .unlink = set_finish,
        .finish = set_finish,
        .repr = set_repr,
        .compare = set_compare,
        .iter = set_iter,
        .make = set_make,
        .init = set_init,
        .binary = {[OP_OR] = set_or, [OP_AND] = set_and, [OP_SUBTRACT] = set_subtract, [OP_XOR] = set_xor},
        .inplace = {[OP_OR] = set_inplace_or, [OP_AND] = set_inplace_and, [OP_SUBTRACT] = set_inplace_subtract, [OP_XOR] = set_inplace_xor},
        .length = set_length,
        .contains = set_contains_slot,
    },
    .methods = set_methods,
};

const TypeSpec frozenset_spec = {
    .name = "frozenset",
    .doc = "frozenset() -> empty frozenset object\nfrozenset(iterable) -> frozenset object\n\nBuild an immutable unordered collection of unique elements.",
    .size = sizeof(Set),
    .flags = TYPE_BASE | TYPE_GC | TYPE_IS_SET | TYPE_MATCH_SELF | TYPE_HAS_WEAKREFS,
    .slots = {
        .visit = set_visit,
        .finish = set_finish,
        .repr = set_repr,
        .hash = frozenset_hash,
        .compare = set_compare,
        .iter = set_iter,
        .make = frozenset_make,
        .binary = {[OP_OR] = set_or, [OP_AND] = set_and, [OP_SUBTRACT] = set_subtract, [OP_XOR] = set_xor},
        .length = set_length,
        .contains = set_contains_slot,
    },
    .methods = frozenset_methods,
};
