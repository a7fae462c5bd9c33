// SPDX-License-Identifier: MIT
// runtime/types/slice.c: slice: start, stop and step as they were written, None where they were left out.
#include "runtime/types/slice.h"

#include "runtime/types/container.h"
#include "runtime/types/int.h"
#include "runtime/types/str.h"
#include "runtime/types/tuple.h"

Type slice_type;

Value slice_new(Thread *t, Value start, Value stop, Value step)
{
    Slice *s = (Slice *)object_new(t, &slice_type);
    if (!s) return ERROR;
    s->start = retain(start);
    s->stop = retain(stop);
    s->step = retain(step);
    return object_value(s);
}

static void slice_visit(Object *o, VisitFn visit, void *context)
{
    Slice *s = (Slice *)o;
    visit(s->start, context);
    visit(s->stop, context);
    visit(s->step, context);
}

static void slice_finish(Thread *t, Object *o)
{
    Slice *s = (Slice *)o;
    clear(&s->start);
    clear(&s->stop);
    clear(&s->step);
}

// One bound: clipped to a C integer; None leaves it as it is.
static bool bound(Thread *t, Value v, ptrdiff_t *result)
{
    if (is_none(v)) return true;
    if (is_small_int(v)) {
        *result = (ptrdiff_t)as_small_int(v);
        return true;
    }
    if (!has_index(v)) return error_false(raise_type_error(t, "slice indices must be integers or None or have an __index__ method"));
    return object_as_index(t, v, result, NULL);
}

static ptrdiff_t clip(ptrdiff_t i, ptrdiff_t length, ptrdiff_t step)
{
    if (i < 0) {
        i += length;
        return i < 0 ? (step < 0 ? -1 : 0) : i;
    }
    return i >= length ? (step < 0 ? length - 1 : length) : i;
}

bool slice_read(Thread *t, Slice *s, ptrdiff_t *start, ptrdiff_t *stop, ptrdiff_t *step)
{
    *step = 1;
    if (!bound(t, s->step, step)) return false;
    if (*step == 0) return error_false(raise_value_error(t, "slice step cannot be zero"));
    if (*step < -PTRDIFF_MAX) *step = -PTRDIFF_MAX;    // so that it can be negated
    *start = *step < 0 ? PTRDIFF_MAX : 0;
    *stop = *step < 0 ? PTRDIFF_MIN : PTRDIFF_MAX;
    return bound(t, s->start, start) && bound(t, s->stop, stop);
}

size_t slice_clip_bounds(size_t size, ptrdiff_t *start, ptrdiff_t *stop, ptrdiff_t step)
{
    ptrdiff_t length = (ptrdiff_t)size;
    *start = clip(*start, length, step);
    *stop = clip(*stop, length, step);
    if (step == 1 && *stop < *start) *stop = *start;
    if (step < 0) return *stop < *start ? (size_t)((*start - *stop - 1) / -step + 1) : 0;
    return *start < *stop ? (size_t)((*stop - *start - 1) / step + 1) : 0;
}

bool slice_indices(Thread *t, Slice *s, size_t length, ptrdiff_t *start, ptrdiff_t *stop, ptrdiff_t *step, size_t *count)
{
    if (!slice_read(t, s, start, stop, step)) return false;
    *count = slice_clip_bounds(length, start, stop, *step);
    return true;
}

static Value construct(Thread *t, Type *type, const Value *args, size_t nargs, Value kwnames)
{
    if (!check_no_keywords(t, "slice", kwnames) || !check_count(t, "slice", nargs, 1, 3)) return ERROR;
    if (nargs == 1) return slice_new(t, NONE, args[0], NONE);
    return slice_new(t, args[0], args[1], nargs == 3 ? args[2] : NONE);
}

static Value slice_repr(Thread *t, Value v)
{
    Slice *s = as_slice(v);
    return str_format(t, "slice(%R, %R, %R)", s->start, s->stop, s->step);
}

static Value as_parts(Thread *t, Slice *s) { return tuple_of(t, 3, s->start, s->stop, s->step); }

static Value slice_compare(Thread *t, Value a, Value b, CompareOp op)
{
    if (!is_slice(a) || !is_slice(b)) return NOT_IMPLEMENTED;
    OWN Value x = as_parts(t, as_slice(a));
    if (is_error(x)) return ERROR;
    OWN Value y = as_parts(t, as_slice(b));
    return is_error(y) ? ERROR : object_compare(t, x, y, op);
}

static bool slice_hash(Thread *t, Value v, int64_t *hash) { return error_false(raise_type_error(t, "unhashable type: 'slice'")); }

// ---- indices(): the same arithmetic on ints of any size.

static Value exact_index(Thread *t, Value v)
{
    if (!has_index(v)) return raise_type_error(t, "slice indices must be integers or None or have an __index__ method");
    return object_index(t, v);
}

// v clipped to lower … upper, counted from the end when negative.
static Value big_bound(Thread *t, Value v, Value length, Value lower, Value upper)
{
    OWN Value i = exact_index(t, v);
    if (is_error(i)) return ERROR;
    if (int_sign(i) < 0) {
        OWN Value moved = object_binary(t, OP_ADD, i, length);
        if (is_error(moved)) return ERROR;
        int below = object_compare_bool(t, moved, lower, CMP_LT);
        return below < 0 ? ERROR : below ? retain(lower) : MOVE(moved);
    }
    int above = object_compare_bool(t, i, upper, CMP_GT);
    return above < 0 ? ERROR : above ? retain(upper) : MOVE(i);
}

bool slice_big_indices(Thread *t, Slice *s, Value length, Value *start, Value *stop, Value *step)
{
    OWN Value pace = is_none(s->step) ? small_int(1) : exact_index(t, s->step);
    if (is_error(pace)) return false;
    int direction = int_sign(pace);
    if (direction == 0) return error_false(raise_value_error(t, "slice step cannot be zero"));
    OWN Value lower = small_int(direction < 0 ? -1 : 0);
    OWN Value upper = direction < 0 ? object_binary(t, OP_SUBTRACT, length, small_int(1)) : retain(length);
    if (is_error(upper)) return false;
    OWN Value first = is_none(s->start) ? retain(direction < 0 ? upper : lower) : big_bound(t, s->start, length, lower, upper);
    if (is_error(first)) return false;
    OWN Value last = is_none(s->stop) ? retain(direction < 0 ? lower : upper) : big_bound(t, s->stop, length, lower, upper);
    if (is_error(last)) return false;
    *start = MOVE(first);
    *stop = MOVE(last);
    *step = MOVE(pace);
    return true;
}

static Value method_indices(Thread *t, Value self, const Value *args)
{
    OWN Value length = object_index(t, args[0]);
    if (is_error(length)) return ERROR;
    if (int_sign(length) < 0) return raise_value_error(t, "length should not be negative");
    OWN Value start = UNBOUND;
    OWN Value stop = UNBOUND;
    OWN Value step = UNBOUND;
    if (!slice_big_indices(t, as_slice(self), length, &start, &stop, &step)) return ERROR;
    return tuple_of(t, 3, start, stop, step);
}

static Value method_reduce(Thread *t, Value self, const Value *args)
{
    OWN Value parts = as_parts(t, as_slice(self));
    return is_error(parts) ? ERROR : tuple_of(t, 2, type_value(&slice_type), parts);
}

static Value get_start(Thread *t, Value self) { return retain(as_slice(self)->start); }
static Value get_stop(Thread *t, Value self) { return retain(as_slice(self)->stop); }
static Value get_step(Thread *t, Value self) { return retain(as_slice(self)->step); }

static const Method slice_methods[] = {
    {"indices", method_indices, "(self, length, /)",
     "S.indices(len) -> (start, stop, stride)\n\nThe indices that the slice has in a sequence of length len; out of bounds ones are clipped."},
    {"__reduce__", method_reduce, "(self, /)", "Return state information for pickling."},
    {0},
};
static const GetSet slice_getsets[] = {
    {"start", get_start, member_readonly, NULL},
    {"stop", get_stop, member_readonly, NULL},
    {"step", get_step, member_readonly, NULL},
    {0},
};

const TypeSpec slice_spec = {
    .name = "slice",
    .doc = "slice(stop)\nslice(start, stop[, step])\n\nCreate a slice object.  This is used for extended slicing (e.g. a[0:10:2]).",
    .size = sizeof(Slice),
    .flags = TYPE_GC,
    .slots = {
        .visit = slice_visit,
        .finish = slice_finish,
        .repr = slice_repr,
        .hash = slice_hash,
        .compare = slice_compare,
        .make = construct,
    },
    .methods = slice_methods,
    .getsets = slice_getsets,
};
