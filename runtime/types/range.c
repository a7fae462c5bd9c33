// SPDX-License-Identifier: MIT
// runtime/types/range.c: range and its iterators.
//
// start, stop, step and length are ints of any size; where all of them are immediates, which is nearly always, no
// arithmetic allocates. A range whose numbers fit int64 iterates by RangeIterator, others by LongRangeIterator.
#include "runtime/types/container.h"
#include "runtime/types/int.h"
#include "runtime/types/slice.h"
#include "runtime/types/str.h"
#include "runtime/types/tuple.h"

Type range_type, range_iterator_type, long_range_iterator_type;

typedef struct LongRangeIterator { Object head; Value start, step, length, at; } LongRangeIterator;

static inline Range *as_range(Value v) { ASSERT(is_range(v)); return (Range *)as_object(v); }

// ---- Making

// How many numbers start, start + step, … lie before stop.
static Value count_numbers(Thread *t, Value start, Value stop, Value step)
{
    if (both_small_ints(start, stop) && is_small_int(step)) {
        int64_t from = as_small_int(start), to = as_small_int(stop), pace = as_small_int(step);
        int64_t span = pace > 0 ? to - from : from - to;
        return int_value(t, span <= 0 ? 0 : (span - 1) / (pace > 0 ? pace : -pace) + 1);
    }
    bool up = int_sign(step) > 0;
    OWN Value span = up ? object_binary(t, OP_SUBTRACT, stop, start) : object_binary(t, OP_SUBTRACT, start, stop);
    if (is_error(span)) return ERROR;
    if (int_sign(span) <= 0) return small_int(0);
    OWN Value pace = up ? retain(step) : object_unary(t, OP_NEGATIVE, step);
    if (is_error(pace)) return ERROR;
    OWN Value less = object_binary(t, OP_SUBTRACT, span, small_int(1));
    if (is_error(less)) return ERROR;
    OWN Value whole = object_binary(t, OP_FLOORDIV, less, pace);
    return is_error(whole) ? ERROR : object_binary(t, OP_ADD, whole, small_int(1));
}

// start, stop, step: ints already.
static Value range_of(Thread *t, Value start, Value stop, Value step)
{
    OWN Value length = count_numbers(t, start, stop, step);
    if (is_error(length)) return ERROR;
    Range *r = (Range *)object_new(t, &range_type);
    if (!r) return ERROR;
    r->start = retain(start);
    r->stop = retain(stop);
    r->step = retain(step);
    r->length = MOVE(length);
    return object_value(r);
}

Value range_new(Thread *t, Value start, Value stop, Value step)
{
    OWN Value from = object_index(t, start);
    if (is_error(from)) return ERROR;
    OWN Value to = object_index(t, stop);
    if (is_error(to)) return ERROR;
    OWN Value pace = object_index(t, step);
    if (is_error(pace)) return ERROR;
    if (int_sign(pace) == 0) return raise_value_error(t, "range() arg 3 must not be zero");
    return range_of(t, from, to, pace);
}

static Value construct(Thread *t, Type *type, const Value *args, size_t nargs, Value kwnames)
{
    if (!check_no_keywords(t, "range", kwnames) || !check_count(t, "range", nargs, 1, 3)) return ERROR;
    if (nargs == 1) return range_new(t, small_int(0), args[0], small_int(1));
    return range_new(t, args[0], args[1], nargs == 3 ? args[2] : small_int(1));
}

static void range_finish(Thread *t, Object *o)
{
    Range *r = (Range *)o;
    clear(&r->start);
    clear(&r->stop);
    clear(&r->step);
    clear(&r->length);
}

// ---- Items

// start + i * step
static Value number_at(Thread *t, Value start, Value step, Value i)
{
    if (both_small_ints(step, i)) {
        Value product, sum;
        if (is_small_int(start) && small_int_multiply(step, i, &product) && small_int_add(start, product, &sum)) return sum;
    }
    OWN Value offset = object_binary(t, OP_MULTIPLY, i, step);
    return is_error(offset) ? ERROR : object_binary(t, OP_ADD, start, offset);
}

static ptrdiff_t range_length(Thread *t, Value v)
{
    int64_t length;
    if (is_small_int(as_range(v)->length)) return (ptrdiff_t)as_small_int(as_range(v)->length);
    if (int_as_i64(t, as_range(v)->length, &length)) return (ptrdiff_t)length;
    if (error_clear_if(t, &exc_OverflowError)) raise_error(t, &exc_OverflowError, "Python int too large to convert to C ssize_t");
    return -1;
}

static int range_truth(Thread *t, Value v) { return int_sign(as_range(v)->length) != 0; }

static Value get_slice(Thread *t, Range *r, Slice *slice)
{
    OWN Value start = UNBOUND;
    OWN Value stop = UNBOUND;
    OWN Value step = UNBOUND;
    if (!slice_big_indices(t, slice, r->length, &start, &stop, &step)) return ERROR;
    OWN Value pace = object_binary(t, OP_MULTIPLY, step, r->step);
    if (is_error(pace)) return ERROR;
    OWN Value from = number_at(t, r->start, r->step, start);
    if (is_error(from)) return ERROR;
    OWN Value to = number_at(t, r->start, r->step, stop);
    return is_error(to) ? ERROR : range_of(t, from, to, pace);
}

static Value range_get_item(Thread *t, Value v, Value key)
{
    Range *r = as_range(v);
    if (is_slice(key)) return get_slice(t, r, as_slice(key));
    if (!has_index(key)) return raise_type_error(t, "range indices must be integers or slices, not %.200T", key);
    OWN Value i = object_index(t, key);
    if (is_error(i)) return ERROR;
    if (int_sign(i) < 0) {
        Value wrapped = object_binary(t, OP_ADD, i, r->length);
        if (is_error(wrapped)) return ERROR;
        assign(&i, wrapped);
    }
    int inside = int_sign(i) < 0 ? 0 : object_compare_bool(t, i, r->length, CMP_LT);
    if (inside < 0) return ERROR;
    return inside ? number_at(t, r->start, r->step, i) : raise_error(t, &exc_IndexError, "range object index out of range");
}

// Is the exact int (or bool) v in the range?
static int contains_int(Thread *t, Range *r, Value v)
{
    bool up = int_sign(r->step) > 0;
    int low = object_compare_bool(t, r->start, v, up ? CMP_LE : CMP_GE);
    if (low <= 0) return low;
    int high = object_compare_bool(t, v, r->stop, up ? CMP_LT : CMP_GT);
    if (high <= 0) return high;
    OWN Value offset = object_binary(t, OP_SUBTRACT, v, r->start);
    if (is_error(offset)) return -1;
    OWN Value rest = object_binary(t, OP_MODULO, offset, r->step);
    return is_error(rest) ? -1 : int_sign(rest) == 0;
}

static bool counts_exactly(Value v) { return is_exact_int(v) || is_bool(v); }

// For other types: by comparing with each number, as iteration would. -1: absent, -2: raised.
static ptrdiff_t search(Thread *t, Value v, Value wanted, int64_t *count)
{
    OWN Value iterator = object_iter(t, v);
    if (is_error(iterator)) return -2;
    for (ptrdiff_t i = 0;; i++) {
        OWN Value number = object_next(t, iterator);
        if (is_unbound(number)) return -1;
        if (is_error(number)) return -2;
        int equal = object_equal(t, number, wanted);
        if (equal < 0) return -2;
        if (equal && !count) return i;
        if (equal) ++*count;
    }
}

static int range_contains(Thread *t, Value v, Value item)
{
    if (counts_exactly(item)) return contains_int(t, as_range(v), item);
    ptrdiff_t at = search(t, v, item, NULL);
    return at >= 0 ? 1 : at == -1 ? 0 : -1;
}

static Value method_count(Thread *t, Value self, const Value *args)
{
    if (counts_exactly(args[0])) {
        int there = contains_int(t, as_range(self), args[0]);
        return there < 0 ? ERROR : small_int(there);
    }
    int64_t count = 0;
    return search(t, self, args[0], &count) == -2 ? ERROR : small_int(count);
}

static Value method_index(Thread *t, Value self, const Value *args)
{
    Range *r = as_range(self);
    if (!counts_exactly(args[0])) {
        ptrdiff_t at = search(t, self, args[0], NULL);
        if (at == -2) return ERROR;
        return at >= 0 ? int_value(t, at) : raise_value_error(t, "sequence.index(x): x not in sequence");
    }
    int there = contains_int(t, r, args[0]);
    if (there < 0) return ERROR;
    if (!there) return raise_value_error(t, "%R is not in range", args[0]);
    OWN Value offset = object_binary(t, OP_SUBTRACT, args[0], r->start);
    return is_error(offset) ? ERROR : object_binary(t, OP_FLOORDIV, offset, r->step);
}

// ---- Showing, comparing, hashing: two ranges are equal when they yield the same numbers.

static Value range_repr(Thread *t, Value v)
{
    Range *r = as_range(v);
    if (is_same(r->step, small_int(1))) return str_format(t, "range(%R, %R)", r->start, r->stop);
    return str_format(t, "range(%R, %R, %R)", r->start, r->stop, r->step);
}

static Value range_compare(Thread *t, Value a, Value b, CompareOp op)
{
    if (!is_range(a) || !is_range(b) || (op != CMP_EQ && op != CMP_NE)) return NOT_IMPLEMENTED;
    Range *x = as_range(a), *y = as_range(b);
    int equal = object_equal(t, x->length, y->length);
    if (equal == 1 && int_sign(x->length) != 0) {
        equal = object_equal(t, x->start, y->start);
        if (equal == 1 && !is_same(x->length, small_int(1))) equal = object_equal(t, x->step, y->step);
    }
    return equal < 0 ? ERROR : bool_value((op == CMP_EQ) == equal);
}

static bool range_hash(Thread *t, Value v, int64_t *hash)
{
    Range *r = as_range(v);
    bool some = int_sign(r->length) != 0, several = some && !is_same(r->length, small_int(1));
    OWN Value parts = tuple_of(t, 3, r->length, some ? r->start : NONE, several ? r->step : NONE);
    return !is_error(parts) && object_hash(t, parts, hash);
}

static Value method_reduce(Thread *t, Value self, const Value *args)
{
    Range *r = as_range(self);
    OWN Value parts = tuple_of(t, 3, r->start, r->stop, r->step);
    return is_error(parts) ? ERROR : tuple_of(t, 2, type_value(&range_type), parts);
}

// ---- Iterating

static Value iterate(Thread *t, Value start, Value step, Value length)
{
    if (both_small_ints(start, step) && is_small_int(length)) {
        // 48 bits each: the last number, and one step beyond it, could still leave int64 only if step * length did.
        int64_t span, end;
        if (!__builtin_mul_overflow(as_small_int(step), as_small_int(length), &span) && !__builtin_add_overflow(as_small_int(start), span, &end)) {
            RangeIterator *i = (RangeIterator *)object_new(t, &range_iterator_type);
            if (!i) return ERROR;
            i->next = as_small_int(start);
            i->step = as_small_int(step);
            i->left = as_small_int(length);
            return object_value(i);
        }
    }
    LongRangeIterator *i = (LongRangeIterator *)object_new(t, &long_range_iterator_type);
    if (!i) return ERROR;
    i->start = retain(start);
    i->step = retain(step);
    i->length = retain(length);
    i->at = small_int(0);
    return object_value(i);
}

static Value range_iter(Thread *t, Value v)
{
    Range *r = as_range(v);
    return iterate(t, r->start, r->step, r->length);
}

static Value method_reversed(Thread *t, Value self, const Value *args)
{
    Range *r = as_range(self);
    OWN Value last = object_binary(t, OP_SUBTRACT, r->length, small_int(1));
    if (is_error(last)) return ERROR;
    OWN Value start = number_at(t, r->start, r->step, last);
    if (is_error(start)) return ERROR;
    OWN Value step = object_unary(t, OP_NEGATIVE, r->step);
    return is_error(step) ? ERROR : iterate(t, start, step, r->length);
}

static Value iterator_next(Thread *t, Value v)
{
    RangeIterator *i = (RangeIterator *)as_object(v);
    if (i->left == 0) return UNBOUND;
    int64_t number = i->next;
    i->next += i->step;
    i->left--;
    return int_value(t, number);
}

static Value iterator_length_hint(Thread *t, Value self, const Value *args) { return int_value(t, ((RangeIterator *)as_object(self))->left); }

static Value iter_of_range(Thread *t, Value start, Value stop, Value step, Value state)
{
    OWN Value range = range_of(t, start, stop, step);
    if (is_error(range)) return ERROR;
    OWN Value function = builtin_named(t, "iter");
    if (is_error(function)) return ERROR;
    OWN Value arguments = tuple_of(t, 1, range);
    return is_error(arguments) ? ERROR : tuple_of(t, 3, function, arguments, state);
}

static Value iterator_reduce(Thread *t, Value self, const Value *args)
{
    RangeIterator *i = (RangeIterator *)as_object(self);
    OWN Value start = int_value(t, i->next);
    if (is_error(start)) return ERROR;
    OWN Value stop = int_value(t, i->next + i->step * i->left);
    if (is_error(stop)) return ERROR;
    return iter_of_range(t, start, stop, small_int(i->step), small_int(0));
}

static Value iterator_set_state(Thread *t, Value self, const Value *args)
{
    RangeIterator *i = (RangeIterator *)as_object(self);
    int64_t steps;
    if (is_none(args[0])) return NONE;
    if (!int_as_i64(t, args[0], &steps)) return ERROR;
    steps = steps < 0 ? 0 : steps > i->left ? i->left : steps;
    i->next += i->step * steps;
    i->left -= steps;
    return NONE;
}

static const Method range_iterator_methods[] = {
    {"__length_hint__", iterator_length_hint, "(self, /)", "Private method returning an estimate of len(list(it))."},
    {"__reduce__", iterator_reduce, "(self, /)", "Return state information for pickling."},
    {"__setstate__", iterator_set_state, "(self, state, /)", "Set state information for unpickling."},
    {0},
};
const TypeSpec range_iterator_spec = {
    .name = "range_iterator",
    .size = sizeof(RangeIterator),
    .flags = TYPE_NO_NEW,
    .slots = {.iter = iter_self, .next = iterator_next},
    .methods = range_iterator_methods,
};

static void long_finish(Thread *t, Object *o)
{
    LongRangeIterator *i = (LongRangeIterator *)o;
    clear(&i->start);
    clear(&i->step);
    clear(&i->length);
    clear(&i->at);
}

static Value long_next(Thread *t, Value v)
{
    LongRangeIterator *i = (LongRangeIterator *)as_object(v);
    int more = object_compare_bool(t, i->at, i->length, CMP_LT);
    if (more <= 0) return more < 0 ? ERROR : UNBOUND;
    Value following = object_binary(t, OP_ADD, i->at, small_int(1));
    if (is_error(following)) return ERROR;
    OWN Value number = number_at(t, i->start, i->step, i->at);
    assign(&i->at, following);
    return MOVE(number);
}

static Value long_length_hint(Thread *t, Value self, const Value *args)
{
    LongRangeIterator *i = (LongRangeIterator *)as_object(self);
    return object_binary(t, OP_SUBTRACT, i->length, i->at);
}

static Value long_reduce(Thread *t, Value self, const Value *args)
{
    LongRangeIterator *i = (LongRangeIterator *)as_object(self);
    OWN Value stop = number_at(t, i->start, i->step, i->length);
    return is_error(stop) ? ERROR : iter_of_range(t, i->start, stop, i->step, i->at);
}

static Value long_set_state(Thread *t, Value self, const Value *args)
{
    LongRangeIterator *i = (LongRangeIterator *)as_object(self);
    OWN Value state = object_index(t, args[0]);
    if (is_error(state)) return ERROR;
    int beyond = object_compare_bool(t, state, i->length, CMP_GT);
    if (beyond < 0) return ERROR;
    assign(&i->at, int_sign(state) < 0 ? small_int(0) : beyond ? retain(i->length) : retain(state));
    return NONE;
}

static const Method long_range_iterator_methods[] = {
    {"__length_hint__", long_length_hint, "(self, /)", "Private method returning an estimate of len(list(it))."},
    {"__reduce__", long_reduce, "(self, /)", "Return state information for pickling."},
    {"__setstate__", long_set_state, "(self, state, /)", "Set state information for unpickling."},
    {0},
};
const TypeSpec long_range_iterator_spec = {
    .name = "longrange_iterator",
    .size = sizeof(LongRangeIterator),
    .flags = TYPE_NO_NEW,
    .slots = {.finish = long_finish, .iter = iter_self, .next = long_next},
    .methods = long_range_iterator_methods,
};

static Value get_start(Thread *t, Value self) { return retain(as_range(self)->start); }
static Value get_stop(Thread *t, Value self) { return retain(as_range(self)->stop); }
static Value get_step(Thread *t, Value self) { return retain(as_range(self)->step); }

static const Method range_methods[] = {
    {"count", method_count, "(self, value, /)", "rangeobject.count(value) -> integer -- return number of occurrences of value"},
    {"index", method_index, "(self, value, /)",
     "rangeobject.index(value) -> integer -- return index of value.\nRaise ValueError if the value is not present."},
    {"__reversed__", method_reversed, "(self, /)", "Return a reverse iterator."},
    {"__reduce__", method_reduce, "(self, /)", "Return state information for pickling."},
    {0},
};
static const GetSet range_getsets[] = {
    {"start", get_start, member_readonly, NULL},
    {"stop", get_stop, member_readonly, NULL},
    {"step", get_step, member_readonly, NULL},
    {0},
};

const TypeSpec range_spec = {
    .name = "range",
    .doc = "range(stop) -> range object\nrange(start, stop[, step]) -> range object\n\nThe integers from start (inclusive) to stop (exclusive) by step.",
    .size = sizeof(Range),
    .flags = TYPE_PATTERN_SEQUENCE,
    .slots = {
        .finish = range_finish,
        .repr = range_repr,
        .hash = range_hash,
        .compare = range_compare,
        .iter = range_iter,
        .make = construct,
        .truth = range_truth,
        .length = range_length,
        .get_item = range_get_item,
        .contains = range_contains,
    },
    .methods = range_methods,
    .getsets = range_getsets,
};
