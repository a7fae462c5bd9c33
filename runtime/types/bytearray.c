// SPDX-License-Identifier: MIT
// runtime/types/bytearray.c: bytearray: a growing array of bytes. Its methods that change nothing are bytes' own.
//
// Always
//   1. data[length] is 0 when there is data; capacity counts that byte.
//   2. While `exports` is not 0 somebody looks at `data`: it neither moves nor changes its length (BufferError).
#include "runtime/call.h"
#include "runtime/types/bytes_internal.h"
#include "runtime/types/dict.h"
#include "runtime/types/int.h"
#include "runtime/types/iterators.h"
#include "runtime/types/list.h"
#include "runtime/types/slice.h"
#include "runtime/types/tuple.h"

Type bytearray_type;

#define BYTE_RANGE "byte must be in range(0, 256)"

// ---- Size

Value bytearray_from(Thread *t, const char *data, size_t length)
{
    OWN Value v = object_value(object_new(t, &bytearray_type));
    if (is_unbound(v)) return ERROR;
    if (length && !bytearray_resize(t, v, length)) return ERROR;
    if (length && data) memcpy(as_bytearray(v)->data, data, length);
    return MOVE(v);
}

bool bytearray_resize(Thread *t, Value v, size_t length)
{
    ByteArray *b = as_bytearray(v);
    if (length == b->length) return true;
    if (b->exports) return error_false(raise_error(t, &exc_BufferError, "Existing exports of data: object cannot be re-sized"));
    if (length >= (size_t)PTRDIFF_MAX / 2) return error_false(raise_memory_error(t));
    if (length + 1 > b->capacity || length + 1 < b->capacity / 4) {
        size_t capacity = length > b->length && b->capacity ? length + length / 8 + 9 : length + 1;
        char *data = mem_reallocate(t, b->data, capacity);
        if (!data) return false;
        b->data = data;
        b->capacity = capacity;
    }
    b->length = length;
    b->data[length] = 0;
    return true;
}

bool bytearray_append(Thread *t, Value v, const char *data, size_t length)
{
    if (length == 0) return true;
    size_t before = as_bytearray(v)->length;
    if (!bytearray_resize(t, v, before + length)) return false;
    memcpy(as_bytearray(v)->data + before, data, length);
    return true;
}

// Puts data[0..length) in the place of v[start..end).
static bool replace_range(Thread *t, Value v, size_t start, size_t end, const char *data, size_t length)
{
    ByteArray *b = as_bytearray(v);
    size_t behind = b->length - end, total = start + length + behind;
    if (length > end - start) {
        if (!bytearray_resize(t, v, total)) return false;
        memmove(b->data + start + length, b->data + end, behind);
    } else if (length < end - start) {
        if (b->exports) return bytearray_resize(t, v, total);
        memmove(b->data + start + length, b->data + end, behind);
        if (!bytearray_resize(t, v, total)) return false;
    }
    if (length) memcpy(b->data + start, data, length);
    return true;
}

// ---- Slots

static void finish(Thread *t, Object *o)
{
    (void)t;
    mem_free(((ByteArray *)o)->data);
}

static Value make(Thread *t, Type *type, const Value *args, size_t nargs, Value kwnames)
{
    (void)args, (void)nargs, (void)kwnames;
    Object *o = object_new(t, type);
    return o ? object_value(o) : ERROR;
}

// bytearray(iterable) grows while it reads: an iterator that looks at it sees what is there so far.
static bool append_items(Thread *t, Value self, Value iterator)
{
    for (;;) {
        OWN Value item = object_next(t, iterator);
        uint8_t byte;
        if (is_error(item)) return false;
        if (is_unbound(item)) return true;
        if (!byte_from(t, item, &byte, BYTE_RANGE) || !bytearray_append(t, self, (const char *)&byte, 1)) return false;
    }
}

static bool initialize(Thread *t, Value self, const Value *args)
{
    bool alone = !is_unbound(args[0]) && is_unbound(args[1]) && is_unbound(args[2]);
    Type *type = alone ? type_of(args[0]) : NULL;
    if (alone && type->slots.iter && !type->slots.index && !type->slots.get_buffer && !is_str(args[0])) {
        if (!bytearray_resize(t, self, 0)) return false;
        OWN Value iterator = object_iter(t, args[0]);
        return !is_error(iterator) && append_items(t, self, iterator);
    }
    ByteBuilder b;
    byte_builder_start(t, &b);
    bool good = bytes_from_arguments(t, args, &b, BYTE_RANGE, &bytearray_type) &&
                replace_range(t, self, 0, as_bytearray(self)->length, b.data, b.length);
    byte_builder_abandon(&b);
    return good;
}

static Value repr(Thread *t, Value v)
{
    OWN Value text = bytes_repr_of(t, bytes_view(v), "b", ")");
    if (is_error(text)) return ERROR;
    return str_format(t, "%T(%U", v, as_str(text));
}
static Value str(Thread *t, Value v) { return bytes_str_allowed(t, "bytearray") ? repr(t, v) : ERROR; }

static ptrdiff_t length(Thread *t, Value v) { (void)t; return (ptrdiff_t)as_bytearray(v)->length; }
static Value iter(Thread *t, Value v) { return sequence_iterator_new(t, &bytearray_iterator_type, v); }

// A key as an index into v; IndexError when it is outside.
static bool read_index(Thread *t, Value v, Value key, ptrdiff_t *at)
{
    if (!is_int(key) && !type_of(key)->slots.index) return error_false(raise_type_error(t, "bytearray indices must be integers or slices, not %.200T", key));
    if (!object_as_index(t, key, at, &exc_IndexError)) return false;
    size_t size = as_bytearray(v)->length;
    if (*at < 0) *at += (ptrdiff_t)size;
    return (*at >= 0 && (size_t)*at < size) || error_false(raise_error(t, &exc_IndexError, "bytearray index out of range"));
}

static Value get_item(Thread *t, Value v, Value key)
{
    ptrdiff_t at;
    if (is_slice(key)) {
        ptrdiff_t start, stop, step;
        if (!slice_read(t, as_slice(key), &start, &stop, &step)) return ERROR;
        size_t count = slice_clip_bounds(as_bytearray(v)->length, &start, &stop, step);
        if (step == 1) return bytearray_from(t, count ? as_bytearray(v)->data + start : "", count);
        return bytes_slice(t, v, start, step, count);
    }
    return read_index(t, v, key, &at) ? small_int((uint8_t)as_bytearray(v)->data[at]) : ERROR;
}

static bool delete_steps(Thread *t, Value v, ptrdiff_t start, ptrdiff_t step, size_t count)
{
    ByteArray *b = as_bytearray(v);
    if (count == 0) return true;
    if (b->exports) return bytearray_resize(t, v, b->length - count);
    if (step < 0) {
        start += step * (ptrdiff_t)(count - 1);
        step = -step;
    }
    size_t to = (size_t)start, next = (size_t)start, gone = 0;
    for (size_t from = (size_t)start; from < b->length; from++) {
        if (gone < count && from == next) {
            gone++;
            next += (size_t)step;
        } else {
            b->data[to++] = b->data[from];
        }
    }
    return bytearray_resize(t, v, b->length - count);
}

static bool set_slice(Thread *t, Value v, Slice *slice, Value item)
{
    ByteBuilder b;
    byte_builder_start(t, &b);
    if (!is_unbound(item)) {               // a copy first: item may be v, or may change v while it is read
        bool good;
        if (is_int(item) || is_str(item)) {
            good = error_false(raise_type_error(t, "can assign only bytes, buffers, or iterables of ints in range(0, 256)"));
        } else {
            good = bytes_collect(t, item, &b, BYTE_RANGE);
        }
        if (!good) {
            byte_builder_abandon(&b);
            return false;
        }
    }
    ptrdiff_t start, stop, step;
    bool good = slice_read(t, slice, &start, &stop, &step);
    size_t count = good ? slice_clip_bounds(as_bytearray(v)->length, &start, &stop, step) : 0;
    if (good && step == 1) {
        good = replace_range(t, v, (size_t)start, (size_t)start + count, b.data, b.length);
    } else if (good && is_unbound(item)) {
        good = delete_steps(t, v, start, step, count);
    } else if (good && b.length == 0) {
        good = delete_steps(t, v, start, step, count);
    } else if (good && b.length != count) {
        raise_value_error(t, "attempt to assign bytes of size %zu to extended slice of size %zu", b.length, count);
        good = false;
    } else if (good) {
        for (size_t i = 0; i < count; i++) as_bytearray(v)->data[start + (ptrdiff_t)i * step] = b.data[i];
    }
    byte_builder_abandon(&b);
    return good;
}

static bool set_item(Thread *t, Value v, Value key, Value item)
{
    if (is_slice(key)) return set_slice(t, v, as_slice(key), item);
    ptrdiff_t at;
    uint8_t byte = 0;
    if (!read_index(t, v, key, &at)) return false;
    if (is_unbound(item)) return replace_range(t, v, (size_t)at, (size_t)at + 1, NULL, 0);
    if (!byte_from(t, item, &byte, BYTE_RANGE)) return false;
    if ((size_t)at >= as_bytearray(v)->length) return error_false(raise_error(t, &exc_IndexError, "bytearray index out of range"));
    as_bytearray(v)->data[at] = (char)byte;
    return true;
}

static Value inplace_add(Thread *t, Value a, Value b)
{
    OWN_BUFFER Buffer held = {0};
    if (!is_buffer(b)) return raise_type_error(t, "can't concat %.100T to %.100T", b, a);
    if (!buffer_get(t, b, &held, 0)) return ERROR;
    return bytearray_append(t, a, held.data, (size_t)held.length) ? retain(a) : ERROR;
}

static Value inplace_multiply(Thread *t, Value a, Value b)
{
    ptrdiff_t n;
    if (!is_int(b) && !type_of(b)->slots.index) return raise_type_error(t, "'%.200T' object cannot be interpreted as an integer", b);
    if (!object_as_index(t, b, &n, &exc_OverflowError)) return ERROR;
    size_t unit = as_bytearray(a)->length;
    if (n < 0) n = 0;
    if (unit && (size_t)n > (size_t)PTRDIFF_MAX / unit) return raise_memory_error(t);
    if (!bytearray_resize(t, a, unit * (size_t)n)) return ERROR;
    char *data = as_bytearray(a)->data;
    for (ptrdiff_t i = 1; i < n; i++) memcpy(data + (size_t)i * unit, data, unit);
    return retain(a);
}

static bool get_buffer(Thread *t, Value v, Buffer *buffer, int flags)
{
    (void)t, (void)flags;
    ByteArray *b = as_bytearray(v);
    static char nothing[1];
    *buffer = (Buffer){.owner = retain(v), .data = b->data ? b->data : nothing, .length = (ptrdiff_t)b->length, .item_size = 1, .format = "B", .dimensions = 1};
    b->exports++;
    return true;
}

static void release_buffer(Value v, Buffer *buffer)
{
    (void)buffer;
    as_bytearray(v)->exports--;
}

// ---- Methods

static Value method_append(Thread *t, Value self, const Value *args)
{
    uint8_t byte;
    if (!byte_from(t, args[0], &byte, BYTE_RANGE)) return ERROR;
    return bytearray_append(t, self, (const char *)&byte, 1) ? NONE : ERROR;
}

static Value method_extend(Thread *t, Value self, const Value *args)
{
    if (!is_buffer(args[0]) && !type_of(args[0])->slots.iter && !type_of(args[0])->slots.get_item)
        return raise_type_error(t, "can't extend bytearray with %.100T", args[0]);
    if (!is_buffer(args[0]) && object_length_hint(t, args[0], 32) < 0) return ERROR;      // a __len__ that raises is not passed over
    ByteBuilder b;
    byte_builder_start(t, &b);
    bool good;
    if (is_str(args[0]) && as_str(args[0])->length) good = error_false(raise_type_error(t, "'str' object cannot be interpreted as an integer"));
    else good = is_str(args[0]) || bytes_collect(t, args[0], &b, BYTE_RANGE);
    if (good) good = bytearray_append(t, self, b.data, b.length);
    byte_builder_abandon(&b);
    return good ? NONE : ERROR;
}

static Value method_insert(Thread *t, Value self, const Value *args)
{
    ptrdiff_t at;
    uint8_t byte;
    if (!argument_index(t, args[0], &at) || !byte_from(t, args[1], &byte, BYTE_RANGE)) return ERROR;
    ptrdiff_t size = (ptrdiff_t)as_bytearray(self)->length;
    if (at < 0) at = at + size < 0 ? 0 : at + size;
    if (at > size) at = size;
    return replace_range(t, self, (size_t)at, (size_t)at, (const char *)&byte, 1) ? NONE : ERROR;
}

static Value method_pop(Thread *t, Value self, const Value *args)
{
    ptrdiff_t at;
    if (!argument_index(t, args[0], &at)) return ERROR;
    ByteArray *b = as_bytearray(self);
    if (b->length == 0) return raise_error(t, &exc_IndexError, "pop from empty bytearray");
    if (at < 0) at += (ptrdiff_t)b->length;
    if (at < 0 || (size_t)at >= b->length) return raise_error(t, &exc_IndexError, "pop index out of range");
    uint8_t byte = (uint8_t)b->data[at];
    return replace_range(t, self, (size_t)at, (size_t)at + 1, NULL, 0) ? small_int(byte) : ERROR;
}

static Value method_remove(Thread *t, Value self, const Value *args)
{
    uint8_t byte;
    if (!byte_from(t, args[0], &byte, BYTE_RANGE)) return ERROR;
    ByteView view = bytes_view(self);
    const char *found = memchr(view.data, byte, view.length);
    if (!found) return raise_value_error(t, "value not found in bytearray");
    size_t at = (size_t)(found - view.data);
    return replace_range(t, self, at, at + 1, NULL, 0) ? NONE : ERROR;
}

static Value method_clear(Thread *t, Value self, const Value *args) { (void)args; return bytearray_resize(t, self, 0) ? NONE : ERROR; }

static Value method_copy(Thread *t, Value self, const Value *args)
{
    (void)args;
    ByteView view = bytes_view(self);
    return bytearray_from(t, view.data, view.length);
}

static Value method_reverse(Thread *t, Value self, const Value *args)
{
    (void)t, (void)args;
    ByteArray *b = as_bytearray(self);
    for (size_t i = 0, j = b->length; i + 1 < j; i++) {
        char byte = b->data[i];
        b->data[i] = b->data[--j];
        b->data[j] = byte;
    }
    return NONE;
}

static Value method_alloc(Thread *t, Value self, const Value *args)
{
    (void)args;
    return int_value(t, (int64_t)as_bytearray(self)->capacity);
}

static Value method_sizeof(Thread *t, Value self, const Value *args)
{
    (void)args;
    return int_value(t, 56 + (int64_t)as_bytearray(self)->capacity);
}

// (type, (text in Latin-1, 'latin-1'), dict) before protocol 3, (type, (bytes,), dict) from then on.
static Value reduce(Thread *t, Value self, int protocol)
{
    ByteView view = bytes_view(self);
    OWN Value state = call_method0(t, self, NAME(__getstate__));
    if (is_error(state)) return ERROR;
    OWN Value arguments = UNBOUND;
    if (protocol < 3) {
        OWN Value text = str_from_latin1(t, view.data, view.length), encoding = str_from_text(t, "latin-1");
        if (is_error(text) || is_error(encoding)) return ERROR;
        arguments = view.length ? tuple_of(t, 2, text, encoding) : retain(object_value(tuple_empty));
    } else {
        OWN Value copy = bytes_from(t, view.data, view.length);
        if (is_error(copy)) return ERROR;
        arguments = view.length ? tuple_of(t, 1, copy) : retain(object_value(tuple_empty));
    }
    if (is_error(arguments)) return ERROR;
    return tuple_of(t, 3, type_value(type_of(self)), arguments, state);
}

static Value method_reduce(Thread *t, Value self, const Value *args) { (void)args; return reduce(t, self, 2); }

static Value method_reduce_ex(Thread *t, Value self, const Value *args)
{
    int protocol;
    return int_as_int(t, args[0], &protocol) ? reduce(t, self, protocol) : ERROR;
}

static const Method methods[] = {
    BYTES_SHARED_METHODS,
    {"append", method_append, "(self, item, /)", "Append a single item to the end of the bytearray."},
    {"clear", method_clear, "(self, /)", "Remove all items from the bytearray."},
    {"copy", method_copy, "(self, /)", "Return a copy of B."},
    {"extend", method_extend, "(self, iterable_of_ints, /)", "Append all the items from the iterator or sequence to the end of the bytearray."},
    {"insert", method_insert, "(self, index, item, /)", "Insert a single item into the bytearray before the given index."},
    {"pop", method_pop, "(self, index=-1, /)", "Remove and return a single item from B."},
    {"remove", method_remove, "(self, value, /)", "Remove the first occurrence of a value in the bytearray."},
    {"reverse", method_reverse, "(self, /)", "Reverse the order of the values in B in place."},
    {"__alloc__", method_alloc, "(self, /)", "B.__alloc__() -> int\n\nReturn the number of bytes actually allocated."},
    {"__reduce__", method_reduce, "(self, /)", "Return state information for pickling."},
    {"__reduce_ex__", method_reduce_ex, "(self, proto=0, /)", "Return state information for pickling."},
    {"__sizeof__", method_sizeof, "(self, /)", "Returns the size of the bytearray object in memory, in bytes."},
    {0},
};

const TypeSpec bytearray_spec = {
    .name = "bytearray",
    .doc = "bytearray(iterable_of_ints) -> bytearray\nbytearray(string, encoding[, errors]) -> bytearray\n"
           "bytearray(bytes_or_buffer) -> mutable copy of bytes_or_buffer\n"
           "bytearray(int) -> bytes array of size given by the parameter initialized with null bytes\nbytearray() -> empty bytes array",
    .size = sizeof(ByteArray),
    .flags = TYPE_BASE | TYPE_SEQUENCE | TYPE_MATCH_SELF | TYPE_IMMUTABLE,
    .slots = {
        .finish = finish,
        .make = make,
        .repr = repr,
        .str = str,
        .compare = bytes_compare,
        .iter = iter,
        .binary = {[OP_ADD] = bytes_concat, [OP_MULTIPLY] = bytes_multiply, [OP_MODULO] = bytes_modulo},
        .inplace = {[OP_ADD] = inplace_add, [OP_MULTIPLY] = inplace_multiply},
        .length = length,
        .get_item = get_item,
        .set_item = set_item,
        .contains = bytes_contains,
        .get_buffer = get_buffer,
        .release_buffer = release_buffer,
    },
    .methods = methods,
    .init_signature = "(source=<unset>, encoding=<unset>, errors=<unset>)",
    .initialize = initialize,
};
