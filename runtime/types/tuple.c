// SPDX-License-Identifier: MIT
// runtime/types/tuple.c: tuple: its items follow the head and never change once it is handed out.
#include "runtime/types/tuple.h"

#include <stdarg.h>

#include "runtime/types/container.h"
#include "runtime/types/int.h"
#include "runtime/types/iterators.h"
#include "runtime/types/list.h"
#include "runtime/types/slice.h"
#include "runtime/types/str.h"

Type tuple_type;
static Tuple empty_tuple = {.head = {.type = &tuple_type, .refs = IMMORTAL_REFS, .flags = OBJECT_IMMORTAL | OBJECT_UNTRACKED}};
Tuple *tuple_empty = &empty_tuple;

#define LENGTH_MAX (((size_t)PTRDIFF_MAX - sizeof(Tuple)) / sizeof(Value))

static Tuple *blank_of_type(Thread *t, Type *type, size_t length)
{
    if (length > LENGTH_MAX) return error_null(raise_memory_error(t));
    Tuple *tuple = (Tuple *)object_new_sized(t, type, sizeof(Tuple) + length * sizeof(Value));
    if (tuple) tuple->length = length;
    return tuple;
}

Tuple *tuple_blank(Thread *t, size_t length)
{
    if (length == 0) return RETAIN(tuple_empty);
    return blank_of_type(t, &tuple_type, length);
}

Value tuple_from_values(Thread *t, const Value *values, size_t count)
{
    Tuple *tuple = tuple_blank(t, count);
    if (!tuple) return ERROR;
    for (size_t i = 0; i < count; i++) tuple->items[i] = retain(values[i]);
    return object_value(tuple);
}

Value tuple_from_owned(Thread *t, Value *values, size_t count)
{
    Tuple *tuple = tuple_blank(t, count);
    if (!tuple) {
        for (size_t i = 0; i < count; i++) clear(&values[i]);
        return ERROR;
    }
    if (count) memcpy(tuple->items, values, count * sizeof(Value));
    memset(values, 0, count * sizeof(Value));
    return object_value(tuple);
}

Value tuple_of(Thread *t, size_t count, ...)
{
    Tuple *tuple = tuple_blank(t, count);
    if (!tuple) return ERROR;
    va_list items;
    va_start(items, count);
    for (size_t i = 0; i < count; i++) tuple->items[i] = retain(va_arg(items, Value));
    va_end(items);
    return object_value(tuple);
}

Value tuple_from_iterable(Thread *t, Value iterable)
{
    if (is_exact_tuple(iterable)) return retain(iterable);
    if (is_exact_list(iterable)) return list_to_tuple(t, iterable);
    OWN Value list = list_from_iterable(t, iterable);
    if (is_error(list)) return ERROR;
    return tuple_from_values(t, as_list(list)->items, as_list(list)->length);
}

Value tuple_slice(Thread *t, Value v, size_t start, size_t end)
{
    Tuple *tuple = as_tuple(v);
    if (end > tuple->length) end = tuple->length;
    if (start >= end) return tuple_from_values(t, NULL, 0);
    if (start == 0 && end == tuple->length && is_exact_tuple(v)) return retain(v);
    return tuple_from_values(t, tuple->items + start, end - start);
}

// ---- Life

static void tuple_visit(Object *o, VisitFn visit, void *context)
{
    Tuple *tuple = (Tuple *)o;
    for (size_t i = 0; i < tuple->length; i++) visit(tuple->items[i], context);
}

static void tuple_finish(Thread *t, Object *o)
{
    Tuple *tuple = (Tuple *)o;
    for (size_t i = tuple->length; i-- > 0; ) clear(&tuple->items[i]);
}

static size_t tuple_size(Object *o) { return sizeof(Tuple) + ((Tuple *)o)->length * sizeof(Value); }

static Value tuple_construct(Thread *t, Type *type, const Value *args, size_t nargs, Value kwnames)
{
    if ((type == &tuple_type || type->slots.init == tuple_type.slots.init) && !check_no_keywords(t, "tuple", kwnames)) return ERROR;
    if (!check_count(t, "tuple", nargs, 0, 1)) return ERROR;
    OWN Value plain = nargs ? tuple_from_iterable(t, args[0]) : tuple_from_values(t, NULL, 0);
    if (is_error(plain) || type == &tuple_type) return MOVE(plain);
    Tuple *from = as_tuple(plain), *made = blank_of_type(t, type, from->length);
    if (!made) return ERROR;
    for (size_t i = 0; i < from->length; i++) made->items[i] = retain(from->items[i]);
    return object_value(made);
}

// ---- Showing, comparing, hashing

static Value tuple_repr(Thread *t, Value v)
{
    Tuple *tuple = as_tuple(v);
    if (tuple->length == 0) return str_from_text(t, "()");
    int entered = repr_enter(t, v);
    if (entered < 0) return ERROR;
    if (entered) return str_from_text(t, "(...)");
    StrBuilder b;
    builder_start(t, &b);
    builder_add(&b, '(');
    for (size_t i = 0; i < tuple->length && !b.failed; i++) {
        if (i) builder_add_ascii(&b, ", ", 2);
        builder_add_repr(&b, tuple->items[i]);
    }
    if (tuple->length == 1) builder_add(&b, ',');
    builder_add(&b, ')');
    repr_leave(t, v);
    return builder_finish(&b);
}

static Value tuple_compare(Thread *t, Value a, Value b, CompareOp op)
{
    if (!is_tuple(a) || !is_tuple(b)) return NOT_IMPLEMENTED;
    Tuple *x = as_tuple(a), *y = as_tuple(b);
    size_t m = x->length, n = y->length;
    for (size_t i = 0; i < m && i < n; i++) {
        int equal = equal_at_once(x->items[i], y->items[i]);
        if (equal == -2) equal = object_equal(t, x->items[i], y->items[i]);
        if (equal < 0) return ERROR;
        if (equal) continue;
        if (op == CMP_EQ) return FALSE;
        if (op == CMP_NE) return TRUE;
        return object_compare(t, x->items[i], y->items[i], op);
    }
    return order_value((m > n) - (m < n), op);
}

// xxHash64's mixing of one lane per item: every bit of every item's hash, and its place, reach the result.
static bool tuple_hash(Thread *t, Value v, int64_t *hash)
{
    static const uint64_t prime1 = UINT64_C(11400714785074694791), prime2 = UINT64_C(14029467366897019727), prime5 = UINT64_C(2870177450012600261);
    Tuple *tuple = as_tuple(v);
    uint64_t mixed = prime5;
    for (size_t i = 0; i < tuple->length; i++) {
        int64_t item;
        Value v_item = tuple->items[i];
        if (is_small_int(v_item)) item = as_small_int(v_item) == -1 ? -2 : as_small_int(v_item);
        else if (!object_hash(t, v_item, &item)) return false;
        mixed += (uint64_t)item * prime2;
        mixed = (mixed << 31) | (mixed >> 33);
        mixed *= prime1;
    }
    mixed += tuple->length ^ (prime5 ^ UINT64_C(3527539));
    *hash = mixed == UINT64_MAX ? 1546275796 : (int64_t)mixed;
    return true;
}

static int tuple_contains(Thread *t, Value v, Value item)
{
    Tuple *tuple = as_tuple(v);
    for (size_t i = 0; i < tuple->length; i++) {
        int equal = equal_at_once(tuple->items[i], item);
        if (equal == -2) equal = object_equal(t, tuple->items[i], item);
        if (equal) return equal;
    }
    return 0;
}

// ---- Items and operators

static ptrdiff_t tuple_length(Thread *t, Value v) { return (ptrdiff_t)as_tuple(v)->length; }

static Value tuple_get_item(Thread *t, Value v, Value key)
{
    Tuple *tuple = as_tuple(v);
    ptrdiff_t i;
    if (is_small_int(key)) {
        i = (ptrdiff_t)as_small_int(key);
    } else if (is_slice(key)) {
        ptrdiff_t start, stop, step;
        size_t count;
        if (!slice_indices(t, as_slice(key), tuple->length, &start, &stop, &step, &count)) return ERROR;
        if (count == 0) return tuple_from_values(t, NULL, 0);
        if (step == 1) return tuple_slice(t, v, (size_t)start, (size_t)start + count);
        Tuple *made = tuple_blank(t, count);
        if (!made) return ERROR;
        for (size_t n = 0; n < count; n++) made->items[n] = retain(tuple->items[start + (ptrdiff_t)n * step]);
        return object_value(made);
    } else if (!has_index(key)) {
        return raise_type_error(t, "tuple indices must be integers or slices, not %.200T", key);
    } else if (!object_as_index(t, key, &i, &exc_IndexError)) {
        return ERROR;
    }
    size_t index;
    if (!wrap_index(i, tuple->length, &index)) return raise_error(t, &exc_IndexError, "tuple index out of range");
    return retain(tuple->items[index]);
}

static Value tuple_add(Thread *t, Value a, Value b)
{
    if (!is_tuple(a)) return NOT_IMPLEMENTED;
    if (!is_tuple(b)) return raise_type_error(t, "can only concatenate tuple (not \"%.200T\") to tuple", b);
    Tuple *x = as_tuple(a), *y = as_tuple(b);
    if (x->length == 0 && is_exact_tuple(b)) return retain(b);
    if (y->length == 0 && is_exact_tuple(a)) return retain(a);
    Tuple *sum = tuple_blank(t, x->length + y->length);
    if (!sum) return ERROR;
    for (size_t i = 0; i < x->length; i++) sum->items[i] = retain(x->items[i]);
    for (size_t i = 0; i < y->length; i++) sum->items[x->length + i] = retain(y->items[i]);
    return object_value(sum);
}

static Value tuple_multiply(Thread *t, Value a, Value b)
{
    if (!is_tuple(a)) {
        Value swap = a;
        a = b;
        b = swap;
    }
    size_t times, total;
    if (!repeat_count(t, b, &times)) return ERROR;
    Tuple *tuple = as_tuple(a);
    if (times == 1 && is_exact_tuple(a)) return retain(a);
    if (__builtin_mul_overflow(tuple->length, times, &total)) return raise_memory_error(t);
    Tuple *made = tuple_blank(t, total);
    if (!made) return ERROR;
    for (size_t n = 0; n < total; ) {
        for (size_t i = 0; i < tuple->length; i++) made->items[n++] = retain(tuple->items[i]);
    }
    return object_value(made);
}

// ---- Methods

static Value tuple_iter(Thread *t, Value v) { return sequence_iterator_new(t, &tuple_iterator_type, v); }

static Value method_index(Thread *t, Value self, const Value *args)
{
    Tuple *tuple = as_tuple(self);
    size_t start, stop;
    if (!clip_index(t, args[1], tuple->length, &start) || !clip_index(t, args[2], tuple->length, &stop)) return ERROR;
    for (size_t i = start; i < stop; i++) {
        int equal = object_equal(t, tuple->items[i], args[0]);
        if (equal) return equal < 0 ? ERROR : small_int((int64_t)i);
    }
    return raise_value_error(t, "tuple.index(x): x not in tuple");
}

static Value method_count(Thread *t, Value self, const Value *args)
{
    Tuple *tuple = as_tuple(self);
    int64_t count = 0;
    for (size_t i = 0; i < tuple->length; i++) {
        int equal = object_equal(t, tuple->items[i], args[0]);
        if (equal < 0) return ERROR;
        count += equal;
    }
    return small_int(count);
}

static Value method_new_args(Thread *t, Value self, const Value *args)
{
    OWN Value plain = tuple_from_values(t, as_tuple(self)->items, as_tuple(self)->length);
    return is_error(plain) ? ERROR : tuple_of(t, 1, plain);
}

static const Method tuple_methods[] = {
    {"index", method_index, "(self, value, start=0, stop=9223372036854775807, /)", "Return first index of value.\n\nRaises ValueError if the value is not present."},
    {"count", method_count, "(self, value, /)", "Return number of occurrences of value."},
    {"__getnewargs__", method_new_args, "(self, /)", "The arguments that make an equal tuple."},
    CLASS_GET_ITEM,
    {0},
};

const TypeSpec tuple_spec = {
    .name = "tuple",
    .text_signature = "(iterable=(), /)",
    .doc = "Built-in immutable sequence.\n\nIf no argument is given, the constructor returns an empty tuple.\nIf iterable is specified the tuple is initialized from "
           "iterable's items.\n\nIf the argument is a tuple, the return value is the same object.",
    .size = sizeof(Tuple),
    .flags = TYPE_BASE | TYPE_GC | TYPE_SEQUENCE | TYPE_VAR_SIZED | TYPE_IS_TUPLE | TYPE_MATCH_SELF | TYPE_PATTERN_SEQUENCE,
    .slots = {
        .visit = tuple_visit,
        .finish = tuple_finish,
        .size = tuple_size,
        .repr = tuple_repr,
        .hash = tuple_hash,
        .compare = tuple_compare,
        .iter = tuple_iter,
        .make = tuple_construct,
        .binary = {[OP_ADD] = tuple_add, [OP_MULTIPLY] = tuple_multiply},
        .length = tuple_length,
        .get_item = tuple_get_item,
        .contains = tuple_contains,
    },
    .methods = tuple_methods,
};
