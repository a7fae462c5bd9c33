// SPDX-License-Identifier: MIT
// runtime/types/list.c: list: a growing array of owned values. Sorting is in list_sort.c, its methods in list_methods.c.
//
// Always
//   1. items[0..length) are owned values, never UNBOUND; items is NULL when capacity is 0 (but while it is being sorted).
//   2. Whatever runs Python code (dropping an item, comparing, an iterator) may change the list: the array is whole
//      before an item is dropped, and `items` and `length` are read anew after any such call.
#include "runtime/types/list.h"

#include "runtime/types/container.h"
#include "runtime/types/list_inner.h"
#include "runtime/types/tuple.h"

#define LENGTH_MAX ((size_t)PTRDIFF_MAX / sizeof(Value))

// Room for `length` items. Grows by an eighth, so that appending takes constant time on average.
bool list_reserve(Thread *t, List *list, size_t length)
{
    if (LIKELY(length <= list->capacity)) return true;
    if (length > LENGTH_MAX) return error_false(raise_memory_error(t));
    size_t capacity = (length + (length >> 3) + 6) & ~(size_t)3;
    if (length - list->length > capacity - length) capacity = (length + 3) & ~(size_t)3;
    Value *items = mem_reallocate(t, list->items, capacity * sizeof(Value));
    if (!items) return false;
    list->items = items;
    list->capacity = capacity;
    return true;
}

// Gives memory back when less than half is used.
static void shrink(Thread *t, List *list)
{
    if (list->length >= list->capacity / 2) return;
    if (list->length == 0) {
        mem_free(list->items);
        list->items = NULL;
        list->capacity = 0;
        return;
    }
    size_t capacity = (list->length + (list->length >> 3) + 6) & ~(size_t)3;
    if (capacity >= list->capacity) return;
    Value *items = mem_reallocate(t, list->items, capacity * sizeof(Value));
    if (!items) {
        error_clear(t);   // it only stays larger than it need be
        return;
    }
    list->items = items;
    list->capacity = capacity;
}

Value list_new(Thread *t, size_t capacity)
{
    List *list = (List *)object_new(t, &list_type);
    if (!list) return ERROR;
    OWN Value owner = object_value(list);
    if (capacity) {
        if (capacity > LENGTH_MAX) return raise_memory_error(t);
        list->items = mem_allocate(t, capacity * sizeof(Value));
        if (!list->items) return ERROR;
        list->capacity = capacity;
    }
    return MOVE(owner);
}

Value list_from_values(Thread *t, const Value *values, size_t count)
{
    Value made = list_new(t, count);
    if (is_error(made)) return ERROR;
    Value *items = as_list(made)->items;
    for (size_t i = 0; i < count; i++) items[i] = retain(values[i]);
    as_list(made)->length = count;
    return made;
}

Value list_from_owned(Thread *t, Value *values, size_t count)
{
    Value made = list_new(t, count);
    if (is_error(made)) {
        for (size_t i = 0; i < count; i++) clear(&values[i]);
        return ERROR;
    }
    List *list = as_list(made);
    if (count) memcpy(list->items, values, count * sizeof(Value));
    memset(values, 0, count * sizeof(Value));
    list->length = count;
    return made;
}

Value list_from_iterable(Thread *t, Value iterable)
{
    if (is_exact_list(iterable)) return list_from_values(t, as_list(iterable)->items, as_list(iterable)->length);
    if (is_exact_tuple(iterable)) return list_from_values(t, as_tuple(iterable)->items, as_tuple(iterable)->length);
    OWN Value list = list_new(t, 0);
    if (is_error(list) || !list_extend(t, list, iterable)) return ERROR;
    return MOVE(list);
}

Value list_to_tuple(Thread *t, Value list) { return tuple_from_values(t, as_list(list)->items, as_list(list)->length); }

bool list_append_owned(Thread *t, Value v, TAKES Value item)
{
    List *list = as_list(v);
    if (UNLIKELY(list->length == list->capacity) && !list_reserve(t, list, list->length + 1)) {
        drop(item);
        return false;
    }
    list->items[list->length++] = item;
    return true;
}

bool list_append(Thread *t, Value v, Value item) { return list_append_owned(t, v, retain(item)); }

bool list_insert(Thread *t, Value v, ptrdiff_t index, Value item)
{
    List *list = as_list(v);
    if (!list_reserve(t, list, list->length + 1)) return false;
    if (index < 0) index += (ptrdiff_t)list->length;
    size_t at = index < 0 ? 0 : (size_t)index > list->length ? list->length : (size_t)index;
    memmove(&list->items[at + 1], &list->items[at], (list->length - at) * sizeof(Value));
    list->items[at] = retain(item);
    list->length++;
    return true;
}

bool list_append_values(Thread *t, List *list, const Value *values, size_t count)
{
    if (!count) return true;
    if (count > LENGTH_MAX - list->length) return error_false(raise_memory_error(t));
    bool own = values == list->items;
    if (!list_reserve(t, list, list->length + count)) return false;
    if (own) values = list->items;    // it moved
    Value *to = list->items + list->length;
    for (size_t i = 0; i < count; i++) to[i] = retain(values[i]);
    list->length += count;
    return true;
}

bool list_extend(Thread *t, Value v, Value iterable)
{
    List *list = as_list(v);
    if (is_exact_list(iterable) || is_same(v, iterable)) return list_append_values(t, list, as_list(iterable)->items, as_list(iterable)->length);
    if (is_exact_tuple(iterable)) return list_append_values(t, list, as_tuple(iterable)->items, as_tuple(iterable)->length);
    OWN Value iterator = object_iter(t, iterable);
    if (is_error(iterator)) return false;
    ptrdiff_t expected = object_length_hint(t, iterable, 8);
    if (expected < 0) return false;
    if ((size_t)expected <= LENGTH_MAX - list->length && list->length == 0 && expected > 0) {
        if (!list_reserve(t, list, (size_t)expected)) return false;
    }
    for (;;) {
        Value item = object_next(t, iterator);
        if (is_unbound(item)) break;
        if (is_error(item) || !list_append_owned(t, v, item)) return false;
    }
    shrink(t, list);
    return true;
}

// Drops what a change has taken out of a list: last of all, since it may run code.
void values_drop(Value *values, size_t count)
{
    for (size_t i = 0; i < count; i++) drop(values[i]);
}

void list_clear(Thread *t, List *list)
{
    Value *items = list->items;
    size_t length = list->length;
    list->items = NULL;
    list->length = list->capacity = 0;
    while (length > 0) drop(items[--length]);
    mem_free(items);
}

bool list_set_slice(Thread *t, Value v, size_t start, size_t end, const Value *values, size_t count)
{
    List *list = as_list(v);
    if (start > list->length) start = list->length;
    if (end > list->length) end = list->length;
    if (end < start) end = start;
    size_t gone = end - start, tail = list->length - end;
    if (count > LENGTH_MAX - list->length) return error_false(raise_memory_error(t));
    Value few[8], *taken = few;
    if (gone > COUNT_OF(few) && !(taken = mem_allocate(t, gone * sizeof(Value)))) return false;
    if (count > gone && !list_reserve(t, list, list->length + (count - gone))) {
        if (taken != few) mem_free(taken);
        return false;
    }
    if (gone) memcpy(taken, list->items + start, gone * sizeof(Value));
    if (tail && count != gone) memmove(list->items + start + count, list->items + end, tail * sizeof(Value));
    for (size_t i = 0; i < count; i++) list->items[start + i] = retain(values[i]);
    list->length = start + count + tail;
    if (count < gone) shrink(t, list);
    values_drop(taken, gone);
    if (taken != few) mem_free(taken);
    return true;
}

// Takes the items start, start + step, … (`count` of them, step > 0) out of the list.
bool list_delete_steps(Thread *t, List *list, size_t start, size_t step, size_t count)
{
    if (!count) return true;
    Value *taken = mem_allocate(t, count * sizeof(Value));
    if (!taken) return false;
    size_t to = start, next = start, n = 0;
    for (size_t from = start; from < list->length; from++) {
        if (n < count && from == next) {
            taken[n++] = list->items[from];
            next += step;
        } else {
            list->items[to++] = list->items[from];
        }
    }
    list->length = to;
    shrink(t, list);
    values_drop(taken, n);
    mem_free(taken);
    return true;
}

Value list_take_item(Thread *t, List *list, size_t index)
{
    ASSERT(index < list->length);
    Value item = list->items[index];
    list->length--;
    if (index < list->length) memmove(&list->items[index], &list->items[index + 1], (list->length - index) * sizeof(Value));
    if (UNLIKELY(list->length < list->capacity / 2) && list->capacity > 8) shrink(t, list);
    return item;
}
