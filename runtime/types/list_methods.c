// SPDX-License-Identifier: MIT
// runtime/types/list_methods.c: the type list: its constructor, operators and methods, over the array of list.c.
#include "runtime/types/container.h"
#include "runtime/types/int.h"
#include "runtime/types/iterators.h"
#include "runtime/types/list_inner.h"
#include "runtime/types/slice.h"
#include "runtime/types/str.h"
#include "runtime/types/tuple.h"

Type list_type;

// ---- Life

static void list_visit(Object *o, VisitFn visit, void *context)
{
    List *list = (List *)o;
    for (size_t i = 0; i < list->length; i++) visit(list->items[i], context);
}

static void list_finish(Thread *t, Object *o) { list_clear(t, (List *)o); }

static Value list_make(Thread *t, Type *type, const Value *args, size_t nargs, Value kwnames)
{
    Object *o = object_new(t, type);
    return o ? object_value(o) : ERROR;
}

static bool list_init(Thread *t, Value self, const Value *args, size_t nargs, Value kwnames)
{
    Type *type = type_of(self);
    if ((type == &list_type || type->slots.make == list_make) && !check_no_keywords(t, "list", kwnames)) return false;
    if (!check_count(t, "list", nargs, 0, 1)) return false;
    if (as_list(self)->items) list_clear(t, as_list(self));
    return nargs == 0 || list_extend(t, self, args[0]);
}

// ---- Showing and comparing

static Value list_repr(Thread *t, Value v)
{
    List *list = as_list(v);
    if (list->length == 0) return str_from_text(t, "[]");
    int entered = repr_enter(t, v);
    if (entered < 0) return ERROR;
    if (entered) return str_from_text(t, "[...]");
    StrBuilder b;
    builder_start(t, &b);
    builder_add(&b, '[');
    for (size_t i = 0; i < list->length && !b.failed; i++) {
        OWN Value item = retain(list->items[i]);
        if (i) builder_add_ascii(&b, ", ", 2);
        builder_add_repr(&b, item);
    }
    builder_add(&b, ']');
    repr_leave(t, v);
    return builder_finish(&b);
}

static Value list_compare(Thread *t, Value a, Value b, CompareOp op)
{
    if (!is_list(a) || !is_list(b)) return NOT_IMPLEMENTED;
    List *x = as_list(a), *y = as_list(b);
    if (x->length != y->length && (op == CMP_EQ || op == CMP_NE)) return bool_value(op == CMP_NE);
    for (size_t i = 0; i < x->length && i < y->length; i++) {
        int equal = equal_at_once(x->items[i], y->items[i]);
        if (equal == 1) continue;
        OWN Value mine = retain(x->items[i]);
        OWN Value other = retain(y->items[i]);
        if (equal == -2) equal = object_equal(t, mine, other);
        if (equal < 0) return ERROR;
        if (equal) continue;
        if (i >= x->length || i >= y->length) break;      // comparing has shortened one
        if (op == CMP_EQ) return FALSE;
        if (op == CMP_NE) return TRUE;
        return object_compare(t, mine, other, op);
    }
    size_t m = x->length, n = y->length;
    return order_value((m > n) - (m < n), op);
}

static int list_contains(Thread *t, Value v, Value item)
{
    List *list = as_list(v);
    for (size_t i = 0; i < list->length; i++) {
        int equal = equal_at_once(list->items[i], item);
        if (equal == -2) {
            OWN Value mine = retain(list->items[i]);
            equal = object_equal(t, mine, item);
        }
        if (equal) return equal;
    }
    return 0;
}

// ---- Items

static ptrdiff_t list_length(Thread *t, Value v) { return (ptrdiff_t)as_list(v)->length; }

static Value get_slice(Thread *t, List *list, Slice *slice)
{
    ptrdiff_t start, stop, step;
    if (!slice_read(t, slice, &start, &stop, &step)) return ERROR;
    size_t count = slice_clip_bounds(list->length, &start, &stop, step);
    if (step == 1) return list_from_values(t, list->items + (count ? start : 0), count);
    Value made = list_new(t, count);
    if (is_error(made)) return ERROR;
    List *result = as_list(made);
    for (size_t i = 0; i < count; i++) result->items[i] = retain(list->items[start + (ptrdiff_t)i * step]);
    result->length = count;
    return made;
}

static Value list_get_item(Thread *t, Value v, Value key)
{
    List *list = as_list(v);
    ptrdiff_t i;
    if (is_small_int(key)) {
        i = (ptrdiff_t)as_small_int(key);
    } else if (is_slice(key)) {
        return get_slice(t, list, as_slice(key));
    } else if (!has_index(key)) {
        return raise_type_error(t, "list indices must be integers or slices, not %.200T", key);
    } else if (!object_as_index(t, key, &i, &exc_IndexError)) {
        return ERROR;
    }
    size_t index;
    if (!wrap_index(i, list->length, &index)) return raise_error(t, &exc_IndexError, "list index out of range");
    return retain(list->items[index]);
}

static bool delete_slice(Thread *t, List *list, Slice *slice)
{
    ptrdiff_t start, stop, step;
    if (!slice_read(t, slice, &start, &stop, &step)) return false;
    size_t count = slice_clip_bounds(list->length, &start, &stop, step);
    if (!count) return true;
    if (step == 1) return list_set_slice(t, object_value(list), (size_t)start, (size_t)stop, NULL, 0);
    if (step < 0) {
        start += (ptrdiff_t)(count - 1) * step;
        step = -step;
    }
    return list_delete_steps(t, list, (size_t)start, (size_t)step, count);
}

static bool set_slice(Thread *t, List *list, Slice *slice, Value values)
{
    ptrdiff_t start, stop, step;
    if (!slice_read(t, slice, &start, &stop, &step)) return false;
    // Always a copy: values may be this list, and making it may have changed this list.
    OWN Value copy = list_from_iterable_or(t, values, step == 1 ? "can only assign an iterable" : "must assign iterable to extended slice");
    if (is_error(copy)) return false;
    List *from = as_list(copy);
    size_t count = slice_clip_bounds(list->length, &start, &stop, step);
    if (step == 1) return list_set_slice(t, object_value(list), (size_t)start, (size_t)(stop < start ? start : stop), from->items, from->length);
    if (from->length != count) {
        return error_false(raise_value_error(t, "attempt to assign sequence of size %zu to extended slice of size %zu", from->length, count));
    }
    for (size_t i = 0; i < count; i++) {
        Value *place = &list->items[start + (ptrdiff_t)i * step], old = *place;
        *place = from->items[i];
        from->items[i] = old;    // dropped with the copy, when the list is whole
    }
    return true;
}

static bool list_set_item(Thread *t, Value v, Value key, Value item)
{
    List *list = as_list(v);
    ptrdiff_t i;
    if (is_small_int(key)) {
        i = (ptrdiff_t)as_small_int(key);
    } else if (is_slice(key)) {
        return is_unbound(item) ? delete_slice(t, list, as_slice(key)) : set_slice(t, list, as_slice(key), item);
    } else if (!has_index(key)) {
        return error_false(raise_type_error(t, "list indices must be integers or slices, not %.200T", key));
    } else if (!object_as_index(t, key, &i, &exc_IndexError)) {
        return false;
    }
    size_t index;
    if (!wrap_index(i, list->length, &index)) return error_false(raise_error(t, &exc_IndexError, "list assignment index out of range"));
    if (is_unbound(item)) drop(list_take_item(t, list, index));
    else assign(&list->items[index], retain(item));
    return true;
}

// ---- Operators

static Value list_add(Thread *t, Value a, Value b)
{
    if (!is_list(a)) return NOT_IMPLEMENTED;
    if (!is_list(b)) return raise_type_error(t, "can only concatenate list (not \"%.200T\") to list", b);
    List *x = as_list(a), *y = as_list(b);
    Value made = list_new(t, x->length + y->length);
    if (is_error(made)) return ERROR;
    List *sum = as_list(made);
    for (size_t i = 0; i < x->length; i++) sum->items[i] = retain(x->items[i]);
    for (size_t i = 0; i < y->length; i++) sum->items[x->length + i] = retain(y->items[i]);
    sum->length = x->length + y->length;
    return made;
}

static Value list_multiply(Thread *t, Value a, Value b)
{
    if (!is_list(a)) {
        Value swap = a;
        a = b;
        b = swap;
    }
    size_t times, total;
    if (!repeat_count(t, b, &times)) return ERROR;
    List *list = as_list(a);
    if (__builtin_mul_overflow(list->length, times, &total)) return raise_memory_error(t);
    Value made = list_new(t, total);
    if (is_error(made)) return ERROR;
    if (total) {
        Value *to = as_list(made)->items;
        for (size_t i = 0; i < list->length; i++) {
            Value item = to[i] = list->items[i];
            if (is_object(item)) as_object(item)->refs += (uint32_t)times;
        }
        for (size_t done = list->length; done < total; ) {      // what is there, once more
            size_t more = done <= total - done ? done : total - done;
            memcpy(to + done, to, more * sizeof *to);
            done += more;
        }
    }
    as_list(made)->length = total;
    return made;
}

static Value list_inplace_add(Thread *t, Value a, Value b) { return list_extend(t, a, b) ? retain(a) : ERROR; }

static Value list_inplace_multiply(Thread *t, Value a, Value b)
{
    List *list = as_list(a);
    size_t times, total;
    if (!has_index(b)) return NOT_IMPLEMENTED;
    if (!repeat_count(t, b, &times)) return ERROR;
    size_t length = list->length;
    if (__builtin_mul_overflow(length, times, &total)) return raise_memory_error(t);
    if (times == 0) {
        list_clear(t, list);
    } else {
        if (!list_reserve(t, list, total)) return ERROR;
        for (size_t n = length; n < total; n++) list->items[n] = retain(list->items[n - length]);
        list->length = total;
    }
    return retain(a);
}

// ---- Methods

static Value method_append(Thread *t, Value self, const Value *args) { return list_append(t, self, args[0]) ? NONE : ERROR; }
static Value method_extend(Thread *t, Value self, const Value *args) { return list_extend(t, self, args[0]) ? NONE : ERROR; }

static Value method_insert(Thread *t, Value self, const Value *args)
{
    ptrdiff_t index;
    if (!object_as_index(t, args[0], &index, &exc_OverflowError)) return ERROR;
    return list_insert(t, self, index, args[1]) ? NONE : ERROR;
}

static Value method_pop(Thread *t, Value self, const Value *args)
{
    ptrdiff_t i;
    size_t index;
    if (!object_as_index(t, args[0], &i, &exc_OverflowError)) return ERROR;
    List *list = as_list(self);
    if (list->length == 0) return raise_error(t, &exc_IndexError, "pop from empty list");
    if (!wrap_index(i, list->length, &index)) return raise_error(t, &exc_IndexError, "pop index out of range");
    return list_take_item(t, list, index);
}

// Where value is from start on, or -1; -2: raised.
static ptrdiff_t find(Thread *t, List *list, Value value, size_t start, size_t stop)
{
    for (size_t i = start; i < stop && i < list->length; i++) {
        int equal = equal_at_once(list->items[i], value);
        if (equal == -2) {
            OWN Value mine = retain(list->items[i]);
            equal = object_equal(t, mine, value);
        }
        if (equal) return equal < 0 ? -2 : (ptrdiff_t)i;
    }
    return -1;
}

static Value method_remove(Thread *t, Value self, const Value *args)
{
    List *list = as_list(self);
    ptrdiff_t at = find(t, list, args[0], 0, SIZE_MAX);
    if (at == -2) return ERROR;
    if (at == -1) return raise_value_error(t, "list.remove(x): x not in list");
    if ((size_t)at < list->length) drop(list_take_item(t, list, (size_t)at));   // comparing may have shortened it
    return NONE;
}

static Value method_index(Thread *t, Value self, const Value *args)
{
    List *list = as_list(self);
    size_t start, stop;
    if (!clip_index(t, args[1], list->length, &start) || !clip_index(t, args[2], list->length, &stop)) return ERROR;
    ptrdiff_t at = find(t, list, args[0], start, stop);
    if (at == -2) return ERROR;
    return at >= 0 ? small_int(at) : raise_value_error(t, "%R is not in list", args[0]);
}

static Value method_count(Thread *t, Value self, const Value *args)
{
    List *list = as_list(self);
    int64_t count = 0;
    for (size_t i = 0; i < list->length; i++) {
        int equal = equal_at_once(list->items[i], args[0]);
        if (equal == -2) {
            OWN Value mine = retain(list->items[i]);
            equal = object_equal(t, mine, args[0]);
        }
        if (equal < 0) return ERROR;
        count += equal;
    }
    return small_int(count);
}

static Value method_reverse(Thread *t, Value self, const Value *args)
{
    List *list = as_list(self);
    for (size_t i = 0, j = list->length; i + 1 < j; i++) {
        j--;
        Value swap = list->items[i];
        list->items[i] = list->items[j];
        list->items[j] = swap;
    }
    return NONE;
}

static Value method_copy(Thread *t, Value self, const Value *args) { return list_from_values(t, as_list(self)->items, as_list(self)->length); }

static Value method_clear(Thread *t, Value self, const Value *args)
{
    list_clear(t, as_list(self));
    return NONE;
}

static Value method_sort(Thread *t, Value self, const Value *args)
{
    int reverse = 0;
    if (has_index(args[1])) {
        if (!int_as_int(t, args[1], &reverse)) return ERROR;
    } else {
        return raise_type_error(t, "'%.200T' object cannot be interpreted as an integer", args[1]);
    }
    return list_sort(t, self, args[0], reverse != 0) ? NONE : ERROR;
}

static Value list_iter(Thread *t, Value v) { return sequence_iterator_new(t, &list_iterator_type, v); }
static Value method_reversed(Thread *t, Value self, const Value *args)
{
    Value made = sequence_iterator_new(t, &list_reverse_iterator_type, self);
    if (!is_error(made)) ((SequenceIterator *)as_object(made))->at = as_list(self)->length;
    return made;
}

static Value method_size(Thread *t, Value self, const Value *args)
{
    return int_value(t, (int64_t)(type_of(self)->size + as_list(self)->capacity * sizeof(Value)));
}

static const Method list_methods[] = {
    {"append", method_append, "(self, object, /)", "Append object to the end of the list."},
    {"extend", method_extend, "(self, iterable, /)", "Extend list by appending elements from the iterable."},
    {"insert", method_insert, "(self, index, object, /)", "Insert object before index."},
    {"pop", method_pop, "(self, index=-1, /)", "Remove and return item at index (default last).\n\nRaises IndexError if list is empty or index is out of range."},
    {"remove", method_remove, "(self, value, /)", "Remove first occurrence of value.\n\nRaises ValueError if the value is not present."},
    {"index", method_index, "(self, value, start=0, stop=9223372036854775807, /)", "Return first index of value.\n\nRaises ValueError if the value is not present."},
    {"count", method_count, "(self, value, /)", "Return number of occurrences of value."},
    {"reverse", method_reverse, "(self, /)", "Reverse *IN PLACE*."},
    {"sort", method_sort, "(self, /, *, key=None, reverse=False)",
     "Sort the list in ascending order and return None.\n\nThe sort is in-place and stable. key, if given, is called once for each item; "
     "reverse sorts in descending order."},
    {"copy", method_copy, "(self, /)", "Return a shallow copy of the list."},
    {"clear", method_clear, "(self, /)", "Remove all items from list."},
    {"__reversed__", method_reversed, "(self, /)", "Return a reverse iterator over the list."},
    {"__sizeof__", method_size, "(self, /)", "Return the size of the list in memory, in bytes."},
    CLASS_GET_ITEM,
    {0},
};

const TypeSpec list_spec = {
    .name = "list",
    .text_signature = "(iterable=(), /)",
    .doc = "Built-in mutable sequence.\n\nIf no argument is given, the constructor creates a new empty list.\nThe argument must be an iterable if specified.",
    .size = sizeof(List),
    .flags = TYPE_BASE | TYPE_GC | TYPE_SEQUENCE | TYPE_IS_LIST | TYPE_MATCH_SELF | TYPE_PATTERN_SEQUENCE,
    .slots = {
        .visit = list_visit,
        .unlink = list_finish,
        .finish = list_finish,
        .repr = list_repr,
        .compare = list_compare,
        .iter = list_iter,
        .make = list_make,
        .init = list_init,
        .binary = {[OP_ADD] = list_add, [OP_MULTIPLY] = list_multiply},
        .inplace = {[OP_ADD] = list_inplace_add, [OP_MULTIPLY] = list_inplace_multiply},
        .length = list_length,
        .get_item = list_get_item,
        .set_item = list_set_item,
        .contains = list_contains,
    },
    .methods = list_methods,
};
