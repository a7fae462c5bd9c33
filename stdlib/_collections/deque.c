// SPDX-License-Identifier: MIT
// stdlib/_collections/deque.c: deque: a ring of values, fast at both ends.
//
// Always
//   1. Item i is ring[(head + i) & mask]; the ring has a power of two of places, or none (mask 0, ring NULL).
//   2. `state` changes with each change of length: what walks over the items while Python code runs (iterators,
//      searches) sees by it that it must stop.
//   3. What is removed is dropped last, when the deque is whole again.
#include "runtime/types/int.h"
#include "runtime/types/list.h"
#include "runtime/types/str.h"
#include "runtime/call.h"
#include "runtime/types/tuple.h"
#include "stdlib/_collections/collections.h"

Type deque_type, deque_iterator_type, deque_reverse_iterator_type;

typedef struct Deque {
    Object head_;
    Value *ring;
    size_t head, length, mask;
    ptrdiff_t limit;        // maxlen; -1: none
    uint64_t state;
} Deque;

static inline bool is_deque(Value v) { return is_instance_of(v, &deque_type); }
static inline Deque *as_deque(Value v) { return (Deque *)as_object(v); }
static inline Value *place(Deque *d, size_t i) { return &d->ring[(d->head + i) & d->mask]; }

// ---- The ring

static bool grow(Thread *t, Deque *d, size_t wanted)
{
    size_t places = 8;
    while (places < wanted) places *= 2;
    Value *ring = mem_allocate(t, places * sizeof(Value));
    if (!ring) return false;
    for (size_t i = 0; i < d->length; i++) ring[i] = *place(d, i);
    mem_free(d->ring);
    d->ring = ring;
    d->head = 0;
    d->mask = places - 1;
    return true;
}

static inline bool room_for_one(Thread *t, Deque *d) { return (d->ring && d->length <= d->mask) || grow(t, d, d->length + 1); }

static Value take_first(Deque *d)
{
    Value item = *place(d, 0);
    d->head = (d->head + 1) & d->mask;
    d->length--;
    d->state++;
    return item;
}

static Value take_last(Deque *d)
{
    d->length--;
    d->state++;
    return *place(d, d->length);
}

static inline bool too_long(const Deque *d) { return d->limit >= 0 && d->length > (size_t)d->limit; }

static bool append(Thread *t, Deque *d, Value item)
{
    if (!room_for_one(t, d)) return false;
    *place(d, d->length) = retain(item);
    d->length++;
    d->state++;
    if (too_long(d)) drop(take_first(d));
    return true;
}

static bool append_left(Thread *t, Deque *d, Value item)
{
    if (!room_for_one(t, d)) return false;
    d->head = (d->head - 1) & d->mask;
    d->length++;
    d->state++;
    *place(d, 0) = retain(item);
    if (too_long(d)) drop(take_last(d));
    return true;
}

static void deque_clear(Thread *t, Deque *d)
{
    Value *ring = d->ring;
    size_t head = d->head, length = d->length, mask = d->mask;
    d->ring = NULL;
    d->head = d->length = d->mask = 0;
    d->state++;
    for (size_t i = 0; i < length; i++) drop(ring[(head + i) & mask]);
    mem_free(ring);
}

static Value take_at(Deque *d, size_t index)
{
    Value item = *place(d, index);
    if (index < d->length / 2) {
        for (size_t i = index; i > 0; i--) *place(d, i) = *place(d, i - 1);
        d->head = (d->head + 1) & d->mask;
    } else {
        for (size_t i = index; i + 1 < d->length; i++) *place(d, i) = *place(d, i + 1);
    }
    d->length--;
    d->state++;
    return item;
}

static void rotate(Deque *d, ptrdiff_t steps)
{
    if (d->length < 2) return;
    ptrdiff_t length = (ptrdiff_t)d->length;
    steps %= length;
    if (steps > length / 2) steps -= length;
    if (steps < -(length / 2)) steps += length;
    if (steps) d->state++;
    for (; steps > 0; steps--) {
        Value item = *place(d, d->length - 1);
        d->head = (d->head - 1) & d->mask;
        *place(d, 0) = item;
    }
    for (; steps < 0; steps++) {
        Value item = *place(d, 0);
        d->head = (d->head + 1) & d->mask;
        *place(d, d->length - 1) = item;
    }
}

static bool extend(Thread *t, Deque *d, Value iterable, bool (*add)(Thread *, Deque *, Value))
{
    OWN Value source = is_same(iterable, object_value(d)) ? list_from_iterable(t, iterable) : retain(iterable);
    if (is_error(source)) return false;
    OWN Value iterator = object_iter(t, source);
    if (is_error(iterator)) return false;
    for (;;) {
        OWN Value item = object_next(t, iterator);
        if (is_unbound(item)) return true;
        if (is_error(item) || !add(t, d, item)) return false;
    }
}

// ---- Life

static void deque_visit(Object *o, VisitFn visit, void *context)
{
    Deque *d = (Deque *)o;
    for (size_t i = 0; i < d->length; i++) visit(*place(d, i), context);
}

static void deque_finish(Thread *t, Object *o) { deque_clear(t, (Deque *)o); }

static Value deque_make(Thread *t, Type *type, const Value *args, size_t nargs, Value kwnames)
{
    Deque *d = (Deque *)object_new(t, type);
    if (!d) return ERROR;
    d->limit = -1;
    return object_value(d);
}

static bool deque_initialize(Thread *t, Value self, const Value *args)
{
    Deque *d = as_deque(self);
    ptrdiff_t limit = -1;
    if (!is_none(args[1])) {
        if (!is_int(args[1])) return error_false(raise_type_error(t, "an integer is required"));
        int64_t wanted;
        if (!int_as_i64(t, args[1], &wanted)) return false;
        if (wanted < 0) return error_false(raise_value_error(t, "maxlen must be non-negative"));
        limit = (ptrdiff_t)wanted;
    }
    d->limit = limit;
    if (d->length) deque_clear(t, d);
    return is_unbound(args[0]) || extend(t, d, args[0], append);
}

// An empty deque of v's class with v's maxlen.
static Value twin(Thread *t, Value v)
{
    Type *type = type_of(v);
    ptrdiff_t limit = as_deque(v)->limit;
    if (type == &deque_type) {
        Value made = deque_make(t, type, NULL, 0, UNBOUND);
        if (!is_error(made)) as_deque(made)->limit = limit;
        return made;
    }
    OWN Value made = limit < 0 ? call0(t, type_value(type)) : call2(t, type_value(type), object_value(tuple_empty), small_int(limit));
    if (is_error(made)) return ERROR;
    if (!is_deque(made)) return raise_type_error(t, "%.200s() must return a deque, not %.200T", type->name, made);
    return MOVE(made);
}

static Value method_copy(Thread *t, Value self, const Value *args)
{
    OWN Value copy = twin(t, self);
    if (is_error(copy) || !extend(t, as_deque(copy), self, append)) return ERROR;
    return MOVE(copy);
}

// ---- Showing, comparing, searching

static Value deque_repr(Thread *t, Value v)
{
    int entered = repr_enter(t, v);
    if (entered < 0) return ERROR;
    if (entered) return str_from_text(t, "[...]");
    OWN Value list = list_from_iterable(t, v);
    OWN Value text = is_error(list) ? ERROR : object_repr(t, list);
    repr_leave(t, v);
    if (is_error(text)) return ERROR;
    ptrdiff_t limit = as_deque(v)->limit;
    if (limit >= 0) return str_format(t, "%s(%S, maxlen=%zd)", type_name(v), text, limit);
    return str_format(t, "%s(%S)", type_name(v), text);
}

static Value deque_compare(Thread *t, Value a, Value b, CompareOp op)
{
    if (!is_deque(a) || !is_deque(b)) return NOT_IMPLEMENTED;
    if (as_deque(a)->length != as_deque(b)->length && (op == CMP_EQ || op == CMP_NE)) return bool_value(op == CMP_NE);
    OWN Value x = list_from_iterable(t, a);
    if (is_error(x)) return ERROR;
    OWN Value y = list_from_iterable(t, b);
    return is_error(y) ? ERROR : object_compare(t, x, y, op);
}

static Value mutated(Thread *t) { return raise_error(t, &exc_RuntimeError, "deque mutated during iteration"); }

// Where value is in [start, stop): -1 absent, -2 raised. Every equal one is counted in *count when that is asked for.
static ptrdiff_t find(Thread *t, Deque *d, Value value, size_t start, size_t stop, int64_t *count)
{
    uint64_t state = d->state;
    for (size_t i = start; i < stop && i < d->length; i++) {
        OWN Value item = retain(*place(d, i));
        int equal = object_equal(t, item, value);
        if (equal < 0) return -2;
        if (equal && !count) return (ptrdiff_t)i;
        if (equal) ++*count;
        if (d->state != state) {
            mutated(t);
            return -2;
        }
    }
    return -1;
}

static int deque_contains(Thread *t, Value v, Value item)
{
    ptrdiff_t at = find(t, as_deque(v), item, 0, SIZE_MAX, NULL);
    return at >= 0 ? 1 : at == -1 ? 0 : -1;
}

static Value method_count(Thread *t, Value self, const Value *args)
{
    int64_t count = 0;
    return find(t, as_deque(self), args[0], 0, SIZE_MAX, &count) == -2 ? ERROR : small_int(count);
}

static Value method_index(Thread *t, Value self, const Value *args)
{
    Deque *d = as_deque(self);
    size_t start, stop;
    if (!clip_index(t, args[1], d->length, &start) || !clip_index(t, args[2], d->length, &stop)) return ERROR;
    ptrdiff_t at = find(t, d, args[0], start, stop, NULL);
    if (at == -2) return ERROR;
    return at >= 0 ? small_int(at) : raise_value_error(t, "%R is not in deque", args[0]);
}

static Value method_remove(Thread *t, Value self, const Value *args)
{
    Deque *d = as_deque(self);
    uint64_t state = d->state;
    size_t length = d->length;
    for (size_t i = 0; i < length; i++) {
        OWN Value item = retain(*place(d, i));
        int equal = object_equal(t, item, args[0]);
        if (equal < 0) return ERROR;
        if (d->state != state) return raise_error(t, &exc_IndexError, "deque mutated during remove().");
        if (!equal) continue;
        drop(take_at(d, i));
        return NONE;
    }
    return raise_value_error(t, "%R is not in deque", args[0]);
}

// ---- Items and operators

static ptrdiff_t deque_length(Thread *t, Value v) { return (ptrdiff_t)as_deque(v)->length; }

static bool index_of(Thread *t, Deque *d, Value key, size_t *index)
{
    ptrdiff_t i;
    if (!has_index(key)) return error_false(raise_type_error(t, "sequence index must be integer, not '%.200T'", key));
    if (!object_as_index(t, key, &i, &exc_IndexError)) return false;
    if (wrap_index(i, d->length, index)) return true;
    return error_false(raise_error(t, &exc_IndexError, "deque index out of range"));
}

static Value deque_get_item(Thread *t, Value v, Value key)
{
    size_t index;
    return index_of(t, as_deque(v), key, &index) ? retain(*place(as_deque(v), index)) : ERROR;
}

static bool deque_set_item(Thread *t, Value v, Value key, Value item)
{
    size_t index;
    if (!index_of(t, as_deque(v), key, &index)) return false;
    if (is_unbound(item)) drop(take_at(as_deque(v), index));
    else assign(place(as_deque(v), index), retain(item));
    return true;
}

static Value deque_add(Thread *t, Value a, Value b)
{
    if (!is_deque(a)) return NOT_IMPLEMENTED;
    if (!is_deque(b)) return raise_type_error(t, "can only concatenate deque (not \"%.200T\") to deque", b);
    OWN Value sum = method_copy(t, a, NULL);
    if (is_error(sum) || !extend(t, as_deque(sum), b, append)) return ERROR;
    return MOVE(sum);
}

static Value deque_inplace_add(Thread *t, Value a, Value b) { return extend(t, as_deque(a), b, append) ? retain(a) : ERROR; }

static Value deque_inplace_multiply(Thread *t, Value a, Value b)
{
    Deque *d = as_deque(a);
    size_t times, total;
    if (!repeat_count(t, b, &times)) return ERROR;
    if (times == 0 || d->length == 0) {
        deque_clear(t, d);
        return retain(a);
    }
    size_t length = d->length;
    if (__builtin_mul_overflow(length, times, &total) || total > PTRDIFF_MAX / sizeof(Value)) return raise_memory_error(t);
    if (d->limit >= 0 && total > (size_t)d->limit) {
        OWN Value once = list_from_iterable(t, a);
        if (is_error(once)) return ERROR;
        // Only the last `limit` items of the product stay: begin with the round in which they begin.
        size_t rounds = (size_t)d->limit / length + 1;
        for (size_t n = 1; n < times && n <= rounds; n++) {
            if (!extend(t, d, once, append)) return ERROR;
        }
        return retain(a);
    }
    if ((!d->ring || total > d->mask + 1) && !grow(t, d, total)) return ERROR;
    for (size_t n = length; n < total; n++) *place(d, n) = retain(*place(d, n - length));
    d->length = total;
    d->state++;
    return retain(a);
}

static Value deque_multiply(Thread *t, Value a, Value b)
{
    if (!is_deque(a)) {
        Value swap = a;
        a = b;
        b = swap;
    }
    OWN Value copy = method_copy(t, a, NULL);
    return is_error(copy) ? ERROR : deque_inplace_multiply(t, copy, b);
}

// ---- Methods

static Value method_append(Thread *t, Value self, const Value *args) { return append(t, as_deque(self), args[0]) ? NONE : ERROR; }
static Value method_append_left(Thread *t, Value self, const Value *args) { return append_left(t, as_deque(self), args[0]) ? NONE : ERROR; }
static Value method_extend(Thread *t, Value self, const Value *args) { return extend(t, as_deque(self), args[0], append) ? NONE : ERROR; }
static Value method_extend_left(Thread *t, Value self, const Value *args) { return extend(t, as_deque(self), args[0], append_left) ? NONE : ERROR; }

static Value method_pop(Thread *t, Value self, const Value *args)
{
    if (as_deque(self)->length == 0) return raise_error(t, &exc_IndexError, "pop from an empty deque");
    return take_last(as_deque(self));
}

static Value method_pop_left(Thread *t, Value self, const Value *args)
{
    if (as_deque(self)->length == 0) return raise_error(t, &exc_IndexError, "pop from an empty deque");
    return take_first(as_deque(self));
}

static Value method_insert(Thread *t, Value self, const Value *args)
{
    Deque *d = as_deque(self);
    ptrdiff_t index;
    if (!object_as_index(t, args[0], &index, &exc_OverflowError)) return ERROR;
    if (d->limit >= 0 && d->length >= (size_t)d->limit) return raise_error(t, &exc_IndexError, "deque already at its maximum size");
    if (!room_for_one(t, d)) return ERROR;
    if (index < 0) index += (ptrdiff_t)d->length;
    size_t at = index < 0 ? 0 : (size_t)index > d->length ? d->length : (size_t)index;
    for (size_t i = d->length; i > at; i--) *place(d, i) = *place(d, i - 1);
    *place(d, at) = retain(args[1]);
    d->length++;
    d->state++;
    return NONE;
}

static Value method_rotate(Thread *t, Value self, const Value *args)
{
    ptrdiff_t steps;
    if (!object_as_index(t, args[0], &steps, &exc_OverflowError)) return ERROR;
    rotate(as_deque(self), steps);
    return NONE;
}

static Value method_reverse(Thread *t, Value self, const Value *args)
{
    Deque *d = as_deque(self);
    for (size_t i = 0, j = d->length; i + 1 < j; i++) {
        j--;
        Value swap = *place(d, i);
        *place(d, i) = *place(d, j);
        *place(d, j) = swap;
    }
    return NONE;
}

static Value method_clear(Thread *t, Value self, const Value *args)
{
    deque_clear(t, as_deque(self));
    return NONE;
}

static Value method_reduce(Thread *t, Value self, const Value *args)
{
    ptrdiff_t limit = as_deque(self)->limit;
    OWN Value state = call_method0(t, self, NAME(__getstate__));
    if (is_error(state)) return ERROR;
    OWN Value iterator = object_iter(t, self);
    if (is_error(iterator)) return ERROR;
    OWN Value arguments = limit < 0 ? retain(object_value(tuple_empty)) : tuple_of(t, 2, object_value(tuple_empty), small_int(limit));
    if (is_error(arguments)) return ERROR;
    return tuple_of(t, 4, type_value(type_of(self)), arguments, state, iterator);
}

static Value method_size(Thread *t, Value self, const Value *args)
{
    Deque *d = as_deque(self);
    return int_value(t, (int64_t)(type_of(self)->size + (d->ring ? (d->mask + 1) * sizeof(Value) : 0)));
}

static Value get_maxlen(Thread *t, Value self)
{
    ptrdiff_t limit = as_deque(self)->limit;
    return limit < 0 ? NONE : int_value(t, limit);
}

// ---- Iterating, both ways: `done` items have been given.

typedef struct DequeIterator { Object head; Deque *deque; size_t done; uint64_t state; } DequeIterator;

static Value iterator_new(Thread *t, Type *type, Value deque)
{
    DequeIterator *i = (DequeIterator *)object_new(t, type);
    if (!i) return ERROR;
    i->deque = RETAIN(as_deque(deque));
    i->state = i->deque->state;
    return object_value(i);
}

static Value deque_iter(Thread *t, Value v) { return iterator_new(t, &deque_iterator_type, v); }
static Value method_reversed(Thread *t, Value self, const Value *args) { return iterator_new(t, &deque_reverse_iterator_type, self); }

// _deque_iterator(deque, index=0), as pickles call it.
static Value iterator_construct(Thread *t, Type *type, const Value *args)
{
    ptrdiff_t done;
    if (!is_deque(args[0])) return raise_type_error(t, "%s() argument 1 must be collections.deque, not %.200T", type->name, args[0]);
    if (!object_as_index(t, args[1], &done, &exc_OverflowError)) return ERROR;
    Value made = iterator_new(t, type, args[0]);
    if (is_error(made)) return ERROR;
    size_t length = as_deque(args[0])->length;
    ((DequeIterator *)as_object(made))->done = done < 0 ? 0 : (size_t)done > length ? length : (size_t)done;
    return made;
}

static void iterator_visit(Object *o, VisitFn visit, void *context)
{
    Deque *d = ((DequeIterator *)o)->deque;
    if (d) visit(object_value(d), context);
}

static void iterator_finish(Thread *t, Object *o) { drop_pointer(MOVE_POINTER(((DequeIterator *)o)->deque)); }

static ALWAYS_INLINE Value step(Thread *t, Value v, bool backwards)
{
    DequeIterator *i = (DequeIterator *)as_object(v);
    Deque *d = i->deque;
    if (!d) return UNBOUND;
    if (d->state != i->state) {
        drop_pointer(MOVE_POINTER(i->deque));
        return mutated(t);
    }
    if (i->done >= d->length) {
        drop_pointer(MOVE_POINTER(i->deque));
        return UNBOUND;
    }
    i->done++;
    return retain(*place(d, backwards ? d->length - i->done : i->done - 1));
}

static Value iterator_next(Thread *t, Value v) { return step(t, v, false); }
static Value iterator_previous(Thread *t, Value v) { return step(t, v, true); }

static Value iterator_length_hint(Thread *t, Value self, const Value *args)
{
    DequeIterator *i = (DequeIterator *)as_object(self);
    return small_int(i->deque && i->deque->length > i->done ? (int64_t)(i->deque->length - i->done) : 0);
}

static Value iterator_reduce(Thread *t, Value self, const Value *args)
{
    DequeIterator *i = (DequeIterator *)as_object(self);
    OWN Value deque = i->deque ? retain(object_value(i->deque)) : deque_make(t, &deque_type, NULL, 0, UNBOUND);
    if (is_error(deque)) return ERROR;
    OWN Value arguments = tuple_of(t, 2, deque, small_int(i->deque ? (int64_t)i->done : 0));
    return is_error(arguments) ? ERROR : tuple_of(t, 2, type_value(type_of(self)), arguments);
}

static const Method iterator_methods[] = {
    {"__length_hint__", iterator_length_hint, "(self, /)", "Private method returning an estimate of len(list(it))."},
    {"__reduce__", iterator_reduce, "(self, /)", "Return state information for pickling."},
    {0},
};

#define ITERATOR_SPEC(c_name, python_name, next_function) \
    const TypeSpec c_name##_spec = { \
        .name = python_name, \
        .size = sizeof(DequeIterator), \
        .flags = TYPE_GC, \
        .slots = {.visit = iterator_visit, .finish = iterator_finish, .iter = iter_self, .next = next_function}, \
        .methods = iterator_methods, \
        .new_signature = "(deque, index=0, /)", \
        .construct = iterator_construct, \
    }
ITERATOR_SPEC(deque_iterator, "_collections._deque_iterator", iterator_next);
ITERATOR_SPEC(deque_reverse_iterator, "_collections._deque_reverse_iterator", iterator_previous);

static const Method deque_methods[] = {
    {"append", method_append, "(self, item, /)", "Add an element to the right side of the deque."},
    {"appendleft", method_append_left, "(self, item, /)", "Add an element to the left side of the deque."},
    {"pop", method_pop, "(self, /)", "Remove and return the rightmost element."},
    {"popleft", method_pop_left, "(self, /)", "Remove and return the leftmost element."},
    {"extend", method_extend, "(self, iterable, /)", "Extend the right side of the deque with elements from the iterable"},
    {"extendleft", method_extend_left, "(self, iterable, /)", "Extend the left side of the deque with elements from the iterable"},
    {"clear", method_clear, "(self, /)", "Remove all elements from the deque."},
    {"copy", method_copy, "(self, /)", "Return a shallow copy of a deque."},
    {"__copy__", method_copy, "(self, /)", "Return a shallow copy of a deque."},
    {"count", method_count, "(self, value, /)", "D.count(value) -- return number of occurrences of value"},
    {"index", method_index, "(self, value, start=0, stop=9223372036854775807, /)",
     "D.index(value, [start, [stop]]) -- return first index of value.\nRaises ValueError if the value is not present."},
    {"insert", method_insert, "(self, index, object, /)", "D.insert(index, object) -- insert object before index"},
    {"remove", method_remove, "(self, value, /)", "D.remove(value) -- remove first occurrence of value."},
    {"reverse", method_reverse, "(self, /)", "D.reverse() -- reverse *IN PLACE*"},
    {"rotate", method_rotate, "(self, n=1, /)", "Rotate the deque n steps to the right (default n=1).  If n is negative, rotates left."},
    {"__reversed__", method_reversed, "(self, /)", "D.__reversed__() -- return a reverse iterator over the deque"},
    {"__reduce__", method_reduce, "(self, /)", "Return state information for pickling."},
    {"__sizeof__", method_size, "(self, /)", "D.__sizeof__() -- size of D in memory, in bytes"},
    CLASS_GET_ITEM,
    {0},
};
static const GetSet deque_getsets[] = {{"maxlen", get_maxlen, NULL, "maximum size of a deque or None if unbounded"}, {0}};

const TypeSpec deque_spec = {
    .name = "collections.deque",
    .doc = "deque([iterable[, maxlen]]) --> deque object\n\nA list-like sequence optimized for data accesses near its endpoints.",
    .size = sizeof(Deque),
    .flags = TYPE_BASE | TYPE_GC | TYPE_SEQUENCE | TYPE_HAS_WEAKREFS | TYPE_PATTERN_SEQUENCE,
    .slots = {
        .visit = deque_visit,
        .unlink = deque_finish,
        .finish = deque_finish,
        .repr = deque_repr,
        .compare = deque_compare,
        .iter = deque_iter,
        .make = deque_make,
        .binary = {[OP_ADD] = deque_add, [OP_MULTIPLY] = deque_multiply},
        .inplace = {[OP_ADD] = deque_inplace_add, [OP_MULTIPLY] = deque_inplace_multiply},
        .length = deque_length,
        .get_item = deque_get_item,
        .set_item = deque_set_item,
        .contains = deque_contains,
    },
    .methods = deque_methods,
    .getsets = deque_getsets,
    .init_signature = "(iterable=<unset>, maxlen=None)",
    .initialize = deque_initialize,
};
