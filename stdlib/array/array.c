// SPDX-License-Identifier: MIT
// stdlib/array/array.c: arrays of numbers of one C type, side by side in memory.
//
// Always
//   1. Nobody changes the length, or moves the items, while `exports` buffers show them.
//   2. Converting a value can run Python, which may change the array: places are computed after conversion.
#include <wchar.h>

#include "runtime/buffer.h"
#include "runtime/call.h"
#include "runtime/error.h"
#include "runtime/heap.h"
#include "runtime/types/bytes.h"
#include "runtime/types/float.h"
#include "runtime/types/int.h"
#include "runtime/types/list.h"
#include "runtime/types/module.h"
#include "runtime/types/slice.h"
#include "runtime/types/str.h"
#include "runtime/types/tuple.h"

typedef struct Code {
    char letter;
    uint8_t size;
    const char *format;
    Value (*get)(Thread *t, const char *at);
    bool (*set)(Thread *t, char *at, Value v);
    int machine;                    // as _array_reconstructor numbers it (little-endian); -1: by size and sign
} Code;
typedef struct Array { Object head; char *data; size_t length, capacity; const Code *code; uint32_t exports; } Array;
typedef struct ArrayIterator { Object head; Array *array; size_t next; } ArrayIterator;
static Type array_type, iterator_type;
static Array *as_array(Value v) { return (Array *)as_object(v); }
static bool is_array(Value v) { return is_instance_of(v, &array_type); }

// ---- Items
static bool in_range(Thread *t, Value v, int64_t least, int64_t most, const char *kind, int64_t *number)
{
    OWN Value index = object_index(t, v);
    if (is_error(index)) return false;
    if (!int_as_i64(t, index, number)) {
        if (!error_clear_if(t, &exc_OverflowError)) return false;
        *number = int_sign(index) < 0 ? INT64_MIN : INT64_MAX;
    }
    if (*number < least) return error_false(raise_error(t, &exc_OverflowError, "%s is less than minimum", kind));
    return *number <= most || error_false(raise_error(t, &exc_OverflowError, "%s is greater than maximum", kind));
}
#define INTEGER(letter, type, least, most, kind) \
    static Value get_##letter(Thread *t, const char *at) { type item; memcpy(&item, at, sizeof item); return int_value(t, (int64_t)item); } \
    static bool set_##letter(Thread *t, char *at, Value v) \
    { \
        int64_t number; \
        if (!in_range(t, v, least, most, kind, &number)) return false; \
        type item = (type)number; \
        memcpy(at, &item, sizeof item); \
        return true; \
    }
INTEGER(b, int8_t, INT8_MIN, INT8_MAX, "signed char")
INTEGER(B, uint8_t, 0, UINT8_MAX, "unsigned byte integer")
INTEGER(h, int16_t, INT16_MIN, INT16_MAX, "signed short integer")
INTEGER(H, uint16_t, 0, UINT16_MAX, "unsigned short")
INTEGER(i, int32_t, INT32_MIN, INT32_MAX, "signed integer")
INTEGER(I, uint32_t, 0, UINT32_MAX, "unsigned int")
static Value get_q(Thread *t, const char *at) { int64_t item; memcpy(&item, at, sizeof item); return int_value(t, item); }
static Value get_Q(Thread *t, const char *at) { uint64_t item; memcpy(&item, at, sizeof item); return int_from_u64(t, item); }
static bool set_q(Thread *t, char *at, Value v)
{
    int64_t item;
    OWN Value index = object_index(t, v);
    if (is_error(index) || !int_as_i64(t, index, &item)) return false;
    memcpy(at, &item, sizeof item);
    return true;
}
static bool set_Q(Thread *t, char *at, Value v)
{
    uint64_t item;
    OWN Value index = object_index(t, v);
    if (is_error(index) || !int_as_u64(t, index, &item)) return false;
    memcpy(at, &item, sizeof item);
    return true;
}
static Value get_f(Thread *t, const char *at) { float item; memcpy(&item, at, sizeof item); return float_from_outside((double)item); }
static Value get_d(Thread *t, const char *at) { double item; memcpy(&item, at, sizeof item); return float_from_outside(item); }
static bool set_f(Thread *t, char *at, Value v)
{
    double number;
    if (!float_from_value(t, v, &number)) return false;
    float item = (float)number;
    memcpy(at, &item, sizeof item);
    return true;
}
static bool set_d(Thread *t, char *at, Value v)
{
    double item;
    if (!float_from_value(t, v, &item)) return false;
    memcpy(at, &item, sizeof item);
    return true;
}
static Value get_u(Thread *t, const char *at)
{
    Codepoint item;
    memcpy(&item, at, sizeof item);
    if (item > 0x10ffff) return raise_value_error(t, "character U+%x is not in range [U+0000; U+10ffff]", item);
    return str_from_codepoint(t, item);
}
static bool set_u(Thread *t, char *at, Value v)
{
    if (!is_str(v)) return error_false(raise_type_error(t, "array item must be a unicode character, not %T", v));
    if (as_str(v)->length != 1) return error_false(raise_type_error(t, "array item must be a unicode character, not str"));
    Codepoint item = str_at(as_str(v), 0);
    memcpy(at, &item, sizeof item);
    return true;
}
static const Code codes[] = {
    {'b', 1, "b", get_b, set_b, 1}, {'B', 1, "B", get_B, set_B, 0}, {'u', 4, "w", get_u, set_u, 20}, {'h', 2, "h", get_h, set_h, 4}, {'H', 2, "H", get_H, set_H, 2},
    {'i', 4, "i", get_i, set_i, 8}, {'I', 4, "I", get_I, set_I, 6}, {'l', 8, "l", get_q, set_q, 12}, {'L', 8, "L", get_Q, set_Q, 10}, {'q', 8, "q", get_q, set_q, 12},
    {'Q', 8, "Q", get_Q, set_Q, 10}, {'f', 4, "f", get_f, set_f, 14}, {'d', 8, "d", get_d, set_d, 16},
};
static const Code *code_of(Codepoint letter)
{
    for (size_t i = 0; i < COUNT_OF(codes); i++)
        if ((Codepoint)(unsigned char)codes[i].letter == letter) return &codes[i];
    return NULL;
}
static char *place(const Array *a, size_t i) { return a->data + i * a->code->size; }
static Value item_at(Thread *t, const Array *a, size_t i) { return a->code->get(t, place(a, i)); }

// ---- Length
static Array *array_new(Thread *t, Type *type, const Code *code)
{
    Array *a = (Array *)object_new(t, type);
    if (a) a->code = code;
    return a;
}
static bool resize(Thread *t, Array *a, size_t length)
{
    if (a->exports && length != a->length) return error_false(raise_error(t, &exc_BufferError, "cannot resize an array that is exporting buffers"));
    if (length > a->capacity) {
        if (length > PTRDIFF_MAX / 2 / a->code->size) return error_false(raise_memory_error(t));
        size_t capacity = length + (length >> 3) + (length < 9 ? 3 : 6);
        char *data = mem_reallocate(t, a->data, capacity * a->code->size);
        if (!data) return false;
        a->data = data;
        a->capacity = capacity;
    }
    a->length = length;
    return true;
}
// Makes room for `count` items at `at`: their contents are the caller's to write.
static bool open_gap(Thread *t, Array *a, size_t at, size_t count)
{
    size_t old = a->length;
    if (count > PTRDIFF_MAX - old) return error_false(raise_memory_error(t));
    if (!resize(t, a, old + count)) return false;
    if (old > at) memmove(place(a, at + count), place(a, at), (old - at) * a->code->size);
    return true;
}
static bool close_gap(Thread *t, Array *a, size_t at, size_t count)
{
    if (a->exports && count) return error_false(raise_error(t, &exc_BufferError, "cannot resize an array that is exporting buffers"));
    if (count && a->length > at + count) memmove(place(a, at), place(a, at + count), (a->length - at - count) * a->code->size);
    return resize(t, a, a->length - count);
}
static bool insert(Thread *t, Array *a, ptrdiff_t at, Value v)
{
    char item[8];
    if (!a->code->set(t, item, v)) return false;
    ptrdiff_t length = (ptrdiff_t)a->length;          // now, not before: set may have run Python
    if (at < 0) at = at + length < 0 ? 0 : at + length;
    if (at > length) at = length;
    if (!open_gap(t, a, (size_t)at, 1)) return false;
    memcpy(place(a, (size_t)at), item, a->code->size);
    return true;
}
static bool extend_bytes(Thread *t, Array *a, const char *data, size_t size)
{
    if (size % a->code->size) return error_false(raise_value_error(t, "bytes length not a multiple of item size"));
    size_t old = a->length;
    if (!open_gap(t, a, old, size / a->code->size)) return false;
    if (size) memcpy(place(a, old), data, size);
    return true;
}
static bool extend_str(Thread *t, Array *a, Str *s)
{
    size_t old = a->length;
    if (!open_gap(t, a, old, s->length)) return false;
    for (size_t i = 0; i < s->length; i++) {
        Codepoint c = str_at(s, i);
        memcpy(place(a, old + i), &c, sizeof c);
    }
    return true;
}
static bool extend(Thread *t, Array *a, Value v)
{
    if (is_array(v)) {
        Array *other = as_array(v);
        if (other->code != a->code) return error_false(raise_type_error(t, "can only extend with array of same kind"));
        size_t old = a->length, count = other->length;
        if (!open_gap(t, a, old, count)) return false;
        if (count) memmove(place(a, old), other->data, count * a->code->size);       // other may be a
        return true;
    }
    OWN Value iterator = object_iter(t, v);
    while (!is_error(iterator)) {
        OWN Value item = object_next(t, iterator);
        if (is_unbound(item)) return true;
        if (is_error(item) || !insert(t, a, PTRDIFF_MAX, item)) return false;
    }
    return false;
}

// ---- Making
static bool fill(Thread *t, Array *a, Value v)
{
    if (is_unbound(v)) return true;
    char letter = a->code->letter;
    if (letter != 'u' && is_str(v)) return error_false(raise_type_error(t, "cannot use a str to initialize an array with typecode '%c'", letter));
    if (letter != 'u' && is_array(v) && as_array(v)->code->letter == 'u')
        return error_false(raise_type_error(t, "cannot use a unicode array to initialize an array with typecode '%c'", letter));
    if (is_str(v)) return extend_str(t, a, as_str(v));
    if (is_bytes(v) || is_bytearray(v)) {
        OWN_BUFFER Buffer data = {0};
        return buffer_get(t, v, &data, 0) && extend_bytes(t, a, data.data, (size_t)data.length);
    }
    if (is_array(v) && as_array(v)->code == a->code) return extend(t, a, v);
    OWN Value iterator = object_iter(t, v);
    while (!is_error(iterator)) {
        OWN Value item = object_next(t, iterator);
        if (is_unbound(item)) return true;
        if (is_error(item) || !insert(t, a, PTRDIFF_MAX, item)) return false;
    }
    return false;
}
static Value array_construct(Thread *t, Type *type, const Value *args)
{
    if (!is_str(args[0]) || as_str(args[0])->length != 1) return raise_type_error(t, "array() argument 1 must be a unicode character, not %T", args[0]);
    const Code *code = code_of(str_at(as_str(args[0]), 0));
    if (!code) return raise_value_error(t, "bad typecode (must be b, B, u, h, H, i, I, l, L, q, Q, f or d)");
    OWN_POINTER Array *a = array_new(t, type, code);
    return a && fill(t, a, args[1]) ? object_value(MOVE_POINTER(a)) : ERROR;
}
static Value array_make(Thread *t, Type *type, const Value *args, size_t nargs, Value kwnames)
{
    if (type == &array_type && !is_unbound(kwnames)) return raise_type_error(t, "array.array() takes no keyword arguments");
    if (nargs < 1) return raise_type_error(t, "array() takes at least 1 argument (0 given)");
    if (nargs > 2) return raise_type_error(t, "array() takes at most 2 arguments (%zu given)", nargs);
    return array_construct(t, type, (const Value[]){args[0], nargs > 1 ? args[1] : UNBOUND});
}
static void array_finish(Thread *t, Object *o)
{
    mem_free(((Array *)o)->data);
    ((Array *)o)->data = NULL;
}
static Value part_of(Thread *t, Array *a, ptrdiff_t start, ptrdiff_t step, size_t count)
{
    OWN_POINTER Array *part = array_new(t, &array_type, a->code);
    if (!part || !resize(t, part, count)) return ERROR;
    for (size_t i = 0; i < count; i++) memcpy(place(part, i), place(a, (size_t)(start + (ptrdiff_t)i * step)), a->code->size);
    return object_value(MOVE_POINTER(part));
}

// ---- Methods
static Value array_append(Thread *t, Value self, const Value *args) { return insert(t, as_array(self), PTRDIFF_MAX, args[0]) ? NONE : ERROR; }
static Value array_extend(Thread *t, Value self, const Value *args) { return extend(t, as_array(self), args[0]) ? NONE : ERROR; }
static Value array_insert(Thread *t, Value self, const Value *args)
{
    ptrdiff_t at;
    return object_as_index(t, args[0], &at, &exc_OverflowError) && insert(t, as_array(self), at, args[1]) ? NONE : ERROR;
}
// The index of the first item equal to v, from `start` to `stop`; -1: none, -2: raised.
static ptrdiff_t find(Thread *t, Array *a, Value v, size_t start, size_t stop)
{
    for (size_t i = start; i < a->length && i < stop; i++) {
        OWN Value item = item_at(t, a, i);
        int equal = is_error(item) ? -1 : object_equal(t, item, v);
        if (equal) return equal < 0 ? -2 : (ptrdiff_t)i;
    }
    return -1;
}
static Value array_index(Thread *t, Value self, const Value *args)
{
    Array *a = as_array(self);
    ptrdiff_t bounds[2];
    if (!object_as_index(t, args[1], &bounds[0], NULL) || !object_as_index(t, args[2], &bounds[1], NULL)) return ERROR;
    for (size_t i = 0; i < 2; i++)
        if (bounds[i] < 0) bounds[i] = bounds[i] + (ptrdiff_t)a->length < 0 ? 0 : bounds[i] + (ptrdiff_t)a->length;
    ptrdiff_t at = find(t, a, args[0], (size_t)bounds[0], (size_t)bounds[1]);
    return at >= 0 ? int_value(t, at) : at == -2 ? ERROR : raise_value_error(t, "array.index(x): x not in array");
}
static Value array_remove(Thread *t, Value self, const Value *args)
{
    ptrdiff_t at = find(t, as_array(self), args[0], 0, SIZE_MAX);
    if (at == -1) return raise_value_error(t, "array.remove(x): x not in array");
    if (at < 0) return ERROR;
    return (size_t)at >= as_array(self)->length || close_gap(t, as_array(self), (size_t)at, 1) ? NONE : ERROR;
}
static Value array_count(Thread *t, Value self, const Value *args)
{
    int64_t count = 0;
    for (size_t i = 0; i < as_array(self)->length; i++) {
        OWN Value item = item_at(t, as_array(self), i);
        int equal = is_error(item) ? -1 : object_equal(t, item, args[0]);
        if (equal < 0) return ERROR;
        count += equal;
    }
    return int_value(t, count);
}
static Value array_pop(Thread *t, Value self, const Value *args)
{
    Array *a = as_array(self);
    ptrdiff_t at;
    if (!object_as_index(t, args[0], &at, &exc_OverflowError)) return ERROR;
    if (a->length == 0) return raise_error(t, &exc_IndexError, "pop from empty array");
    if (at < 0) at += (ptrdiff_t)a->length;
    if (at < 0 || at >= (ptrdiff_t)a->length) return raise_error(t, &exc_IndexError, "pop index out of range");
    OWN Value item = item_at(t, a, (size_t)at);
    return is_error(item) || !close_gap(t, a, (size_t)at, 1) ? ERROR : MOVE(item);
}
static void swap_bytes(char *data, size_t size)
{
    for (size_t i = 0; i < size / 2; i++) {
        char kept = data[i];
        data[i] = data[size - 1 - i];
        data[size - 1 - i] = kept;
    }
}
static Value array_reverse(Thread *t, Value self, const Value *args)
{
    Array *a = as_array(self);
    size_t size = a->code->size;
    swap_bytes(a->data, a->length * size);                          // the bytes of all, then those of each item back
    for (size_t i = 0; i < a->length; i++) swap_bytes(place(a, i), size);
    return NONE;
}
static Value array_byteswap(Thread *t, Value self, const Value *args)
{
    Array *a = as_array(self);
    for (size_t i = 0; i < a->length; i++) swap_bytes(place(a, i), a->code->size);
    return NONE;
}
static Value array_buffer_info(Thread *t, Value self, const Value *args)
{
    OWN Value address = int_from_u64(t, (uint64_t)(uintptr_t)as_array(self)->data);
    return is_error(address) ? ERROR : tuple_of(t, 2, address, small_int((int64_t)as_array(self)->length));
}
static Value array_tobytes(Thread *t, Value self, const Value *args) { return bytes_from(t, as_array(self)->data ? as_array(self)->data : "", as_array(self)->length * as_array(self)->code->size); }
static Value array_tolist(Thread *t, Value self, const Value *args)
{
    OWN Value list = list_new(t, as_array(self)->length);
    for (size_t i = 0; !is_error(list) && i < as_array(self)->length; i++)
        if (!list_append_owned(t, list, item_at(t, as_array(self), i))) return ERROR;
    return MOVE(list);
}
static Value array_tounicode(Thread *t, Value self, const Value *args)
{
    Array *a = as_array(self);
    if (a->code->letter != 'u') return raise_value_error(t, "tounicode() may only be called on unicode type arrays");
    for (size_t i = 0; i < a->length; i++) {
        Codepoint c;
        memcpy(&c, place(a, i), sizeof c);
        if (c > 0x10ffff) return raise_value_error(t, "character U+%x is not in range [U+0000; U+10ffff]", c);
    }
    return str_from_codepoints(t, (const Codepoint *)(const void *)a->data, a->length);
}
static Value array_frombytes(Thread *t, Value self, const Value *args)
{
    OWN_BUFFER Buffer data = {0};
    if (!buffer_get(t, args[0], &data, 0)) return ERROR;
    if (data.item_size != 1) return raise_type_error(t, "a bytes-like object is required");
    return extend_bytes(t, as_array(self), data.data, (size_t)data.length) ? NONE : ERROR;
}
static Value array_fromlist(Thread *t, Value self, const Value *args)
{
    Array *a = as_array(self);
    if (!is_list(args[0])) return raise_type_error(t, "arg must be list");
    size_t old = a->length;
    for (size_t i = 0; i < as_list(args[0])->length; i++) {
        OWN Value item = retain(as_list(args[0])->items[i]);
        if (insert(t, a, PTRDIFF_MAX, item)) continue;
        OWN Value pending = error_take(t);
        if (a->length > old && !close_gap(t, a, old, a->length - old)) error_clear(t);
        error_restore(t, MOVE(pending));
        return ERROR;
    }
    return NONE;
}
static Value array_fromunicode(Thread *t, Value self, const Value *args)
{
    if (!is_str(args[0])) return raise_type_error(t, "fromunicode() argument must be str, not %T", args[0]);
    if (as_array(self)->code->letter != 'u') return raise_value_error(t, "fromunicode() may only be called on unicode type arrays");
    return extend_str(t, as_array(self), as_str(args[0])) ? NONE : ERROR;
}
static Value array_fromfile(Thread *t, Value self, const Value *args)
{
    ptrdiff_t count;
    size_t size = as_array(self)->code->size;
    if (!object_as_index(t, args[1], &count, &exc_OverflowError)) return ERROR;
    if (count < 0) return raise_value_error(t, "negative count");
    if ((size_t)count > PTRDIFF_MAX / size) return raise_memory_error(t);
    OWN Value wanted = int_value(t, count * (ptrdiff_t)size);
    OWN Value data = is_error(wanted) ? ERROR : call_method1(t, args[0], NAME(read), wanted);
    if (is_error(data)) return ERROR;
    if (!is_bytes(data)) return raise_type_error(t, "read() didn't return bytes");
    bool whole = bytes_length(data) == (size_t)count * size;
    if (!extend_bytes(t, as_array(self), bytes_data(data), bytes_length(data))) return ERROR;
    return whole ? NONE : raise_error(t, &exc_EOFError, "read() didn't return enough bytes");
}
static Value array_tofile(Thread *t, Value self, const Value *args)
{
    enum { CHUNK = 65536 };
    Array *a = as_array(self);
    for (size_t at = 0; at < a->length * a->code->size; at += CHUNK) {
        size_t rest = a->length * a->code->size - at;
        OWN Value data = bytes_from(t, a->data + at, rest < CHUNK ? rest : CHUNK);
        OWN Value result = is_error(data) ? ERROR : call_method1(t, args[0], NAME(write), data);
        if (is_error(result)) return ERROR;
    }
    return NONE;
}
static Value array_copy(Thread *t, Value self, const Value *args) { return part_of(t, as_array(self), 0, 1, as_array(self)->length); }
static Value array_sizeof(Thread *t, Value self, const Value *args) { return int_value(t, (int64_t)(sizeof(Array) + as_array(self)->capacity * as_array(self)->code->size)); }
static Value letter_value(Thread *t, Value self) { return str_from_ascii(t, &as_array(self)->code->letter, 1); }
static Value size_value(Thread *t, Value self) { return small_int(as_array(self)->code->size); }

// array(letter, list), or from protocol 3 on the reconstructor with the bytes as they are.
static Value array_reduce_ex(Thread *t, Value self, const Value *args)
{
    Array *a = as_array(self);
    int64_t protocol;
    if (!int_as_i64(t, args[0], &protocol)) return ERROR;
    OWN_POINTER Str *key = str_intern_text(t, "__dict__", 8);
    OWN Value attributes = key ? object_get_attr_optional(t, self, key) : ERROR;
    OWN Value letter = is_error(attributes) ? ERROR : letter_value(t, self);
    if (is_error(letter)) return ERROR;
    if (is_unbound(attributes)) attributes = NONE;
    if (protocol < 3) {
        OWN Value list = array_tolist(t, self, NULL);
        OWN Value inner = is_error(list) ? ERROR : tuple_of(t, 2, letter, list);
        return is_error(inner) ? ERROR : tuple_of(t, 3, type_value(type_of(self)), inner, attributes);
    }
    OWN_POINTER Str *module_name = str_intern_text(t, "array", 5);
    OWN_POINTER Str *function_name = str_intern_text(t, "_array_reconstructor", 20);
    OWN Value module = module_name && function_name ? t->interp->up.import_module(t, module_name) : ERROR;
    OWN Value function = is_error(module) ? ERROR : object_get_attr(t, module, function_name);
    OWN Value data = is_error(function) ? ERROR : array_tobytes(t, self, NULL);
    OWN Value inner = is_error(data) ? ERROR : tuple_of(t, 4, type_value(type_of(self)), letter, small_int(a->code->machine), data);
    return is_error(inner) ? ERROR : tuple_of(t, 3, function, inner, attributes);
}

// ---- As a sequence
static ptrdiff_t array_length(Thread *t, Value self) { return (ptrdiff_t)as_array(self)->length; }
static bool index_from(Thread *t, Array *a, Value key, const char *complaint, ptrdiff_t *at)
{
    if (!is_int(key) && !type_of(key)->slots.index) return error_false(raise_type_error(t, "array indices must be integers"));
    if (!object_as_index(t, key, at, &exc_IndexError)) return false;
    if (*at < 0) *at += (ptrdiff_t)a->length;
    return (*at >= 0 && *at < (ptrdiff_t)a->length) || error_false(raise_error(t, &exc_IndexError, "%s", complaint));
}
static Value array_get_item(Thread *t, Value self, Value key)
{
    Array *a = as_array(self);
    ptrdiff_t start, stop, step;
    if (!is_slice(key)) return index_from(t, a, key, "array index out of range", &start) ? item_at(t, a, (size_t)start) : ERROR;
    if (!slice_read(t, as_slice(key), &start, &stop, &step)) return ERROR;
    size_t count = slice_clip_bounds(a->length, &start, &stop, step);
    return part_of(t, a, start, step, count);
}
static bool delete_slice(Thread *t, Array *a, ptrdiff_t start, ptrdiff_t step, size_t count)
{
    if (count == 0) return true;
    if (step < 0) {
        start += (ptrdiff_t)(count - 1) * step;
        step = -step;
    }
    if (step == 1) return close_gap(t, a, (size_t)start, count);
    if (a->exports) return error_false(raise_error(t, &exc_BufferError, "cannot resize an array that is exporting buffers"));
    size_t to = (size_t)start, gone = 0;
    for (size_t from = (size_t)start; from < a->length; from++) {
        if (gone < count && from == (size_t)start + gone * (size_t)step) gone++;
        else memcpy(place(a, to++), place(a, from), a->code->size);
    }
    return resize(t, a, to);
}
static bool set_slice(Thread *t, Array *a, Value key, Value item)
{
    ptrdiff_t start, stop, step;
    if (!slice_read(t, as_slice(key), &start, &stop, &step)) return false;
    size_t count = slice_clip_bounds(a->length, &start, &stop, step);
    if (is_unbound(item)) return delete_slice(t, a, start, step, count);
    if (!is_array(item)) return error_false(raise_type_error(t, "can only assign array (not \"%.200T\") to array slice", item));
    if (as_array(item)->code != a->code) return error_false(raise_type_error(t, "bad argument type for built-in operation"));
    OWN Value copy = as_array(item) == a ? array_copy(t, item, NULL) : retain(item);
    if (is_error(copy)) return false;
    Array *from = as_array(copy);
    if (step == 1) {
        size_t at = (size_t)start;
        if (count > from->length ? !close_gap(t, a, at, count - from->length) : !open_gap(t, a, at, from->length - count)) return false;
        if (from->length) memcpy(place(a, at), from->data, from->length * a->code->size);
        return true;
    }
    if (from->length != count) return error_false(raise_value_error(t, "attempt to assign array of size %zu to extended slice of size %zu", from->length, count));
    for (size_t i = 0; i < count; i++) memcpy(place(a, (size_t)(start + (ptrdiff_t)i * step)), place(from, i), a->code->size);
    return true;
}
static bool array_set_item(Thread *t, Value self, Value key, Value item)
{
    Array *a = as_array(self);
    ptrdiff_t at;
    char raw[8];
    if (is_slice(key)) return set_slice(t, a, key, item);
    if (!index_from(t, a, key, "array assignment index out of range", &at)) return false;
    if (is_unbound(item)) return close_gap(t, a, (size_t)at, 1);
    if (!a->code->set(t, raw, item)) return false;
    if ((size_t)at >= a->length) return error_false(raise_error(t, &exc_IndexError, "array assignment index out of range"));
    memcpy(place(a, (size_t)at), raw, a->code->size);
    return true;
}
static int array_contains(Thread *t, Value self, Value item)
{
    ptrdiff_t at = find(t, as_array(self), item, 0, SIZE_MAX);
    return at == -2 ? -1 : at >= 0;
}
static Value array_concat(Thread *t, Value a, Value b)
{
    if (!is_array(a)) return NOT_IMPLEMENTED;
    if (!is_array(b)) return raise_type_error(t, "can only append array (not \"%.200T\") to array", b);
    if (as_array(a)->code != as_array(b)->code) return raise_type_error(t, "bad argument type for built-in operation");
    OWN Value copy = array_copy(t, a, NULL);
    return is_error(copy) || !extend(t, as_array(copy), b) ? ERROR : MOVE(copy);
}
static bool repeat_into(Thread *t, Array *a, ptrdiff_t times)
{
    size_t length = a->length, size = length * a->code->size;
    if (times <= 0) return close_gap(t, a, 0, length);
    if (length && (size_t)times > PTRDIFF_MAX / length) return error_false(raise_memory_error(t));
    if (!resize(t, a, length * (size_t)times)) return false;
    for (ptrdiff_t i = 1; i < times && size; i++) memcpy(a->data + (size_t)i * size, a->data, size);
    return true;
}
static bool times_from(Thread *t, Value v, ptrdiff_t *count)
{
    if (!is_int(v) && !type_of(v)->slots.index) return error_false(raise_type_error(t, "can't multiply sequence by non-int of type '%.200T'", v));
    return object_as_index(t, v, count, &exc_OverflowError);
}
static Value array_repeat(Thread *t, Value a, Value b)
{
    Value array = is_array(a) ? a : b, times = is_array(a) ? b : a;
    ptrdiff_t count;
    if (!times_from(t, times, &count)) return ERROR;
    OWN Value copy = array_copy(t, array, NULL);
    return is_error(copy) || !repeat_into(t, as_array(copy), count) ? ERROR : MOVE(copy);
}
static Value array_inplace_concat(Thread *t, Value a, Value b)
{
    if (!is_array(b)) return raise_type_error(t, "can only extend with array (not \"%.200T\")", b);
    return extend(t, as_array(a), b) ? retain(a) : ERROR;
}
static Value array_inplace_repeat(Thread *t, Value a, Value b)
{
    ptrdiff_t count;
    return times_from(t, b, &count) && repeat_into(t, as_array(a), count) ? retain(a) : ERROR;
}
static Value array_compare(Thread *t, Value v, Value w, CompareOp op)
{
    if (!is_array(v) || !is_array(w)) return NOT_IMPLEMENTED;
    Array *a = as_array(v), *b = as_array(w);
    if (a->length != b->length && (op == CMP_EQ || op == CMP_NE)) return bool_value(op == CMP_NE);
    for (size_t i = 0; i < a->length && i < b->length; i++) {
        OWN Value x = item_at(t, a, i);
        OWN Value y = is_error(x) ? ERROR : item_at(t, b, i);
        int equal = is_error(y) ? -1 : object_compare_bool(t, x, y, CMP_EQ);
        if (equal < 0) return ERROR;
        if (equal) continue;
        if (op == CMP_EQ || op == CMP_NE) return bool_value(op == CMP_NE);
        return object_compare(t, x, y, op);
    }
    size_t m = a->length, n = b->length;
    const bool results[] = {[CMP_LT] = m < n, [CMP_LE] = m <= n, [CMP_EQ] = m == n, [CMP_NE] = m != n, [CMP_GT] = m > n, [CMP_GE] = m >= n};
    return bool_value(results[op]);
}
static Value array_repr(Thread *t, Value self)
{
    Array *a = as_array(self);
    OWN Value name = type_qualified_name(t, type_of(self));
    if (is_error(name)) return ERROR;
    if (a->length == 0) return str_format(t, "%S('%c')", name, a->code->letter);
    OWN Value items = a->code->letter == 'u' ? array_tounicode(t, self, NULL) : array_tolist(t, self, NULL);
    return is_error(items) ? ERROR : str_format(t, "%S('%c', %R)", name, a->code->letter, items);
}
static bool array_get_buffer(Thread *t, Value self, Buffer *buffer, int flags)
{
    static char nothing[8];
    Array *a = as_array(self);
    *buffer = (Buffer){.owner = retain(self), .data = a->data ? a->data : nothing, .length = (ptrdiff_t)(a->length * a->code->size), .item_size = a->code->size,
                       .format = a->code->format, .dimensions = 1};
    a->exports++;
    return true;
}
static void array_release_buffer(Value self, Buffer *buffer) { as_array(self)->exports--; }

// ---- Iterating
static Value array_iter(Thread *t, Value self)
{
    ArrayIterator *i = (ArrayIterator *)object_new(t, &iterator_type);
    if (!i) return ERROR;
    i->array = RETAIN(as_array(self));
    return object_value(i);
}
static Value iterator_next(Thread *t, Value self)
{
    ArrayIterator *i = (ArrayIterator *)as_object(self);
    if (!i->array) return UNBOUND;
    if (i->next < i->array->length) return item_at(t, i->array, i->next++);
    Array *done = i->array;
    i->array = NULL;
    drop_pointer(done);
    return UNBOUND;
}
static Value iterator_self(Thread *t, Value self) { return retain(self); }
static void iterator_finish(Thread *t, Object *o)
{
    Array *array = ((ArrayIterator *)o)->array;
    ((ArrayIterator *)o)->array = NULL;
    drop_pointer(array);
}
// (iter, (array,), place), or (iter, ((),)) at the end.
static Value iterator_reduce(Thread *t, Value self, const Value *args)
{
    ArrayIterator *i = (ArrayIterator *)as_object(self);
    OWN_POINTER Str *key = str_intern_text(t, "iter", 4);
    Value iter = key ? dict_get_str(t->interp->builtins, key) : UNBOUND;
    if (is_unbound(iter)) return error_pending(t) ? ERROR : raise_attribute_error(t, object_value(t->interp->builtins), key);
    OWN Value inner = tuple_of(t, 1, i->array ? object_value(i->array) : object_value(tuple_empty));
    if (is_error(inner)) return ERROR;
    return i->array ? tuple_of(t, 3, iter, inner, small_int((int64_t)i->next)) : tuple_of(t, 2, iter, inner);
}
static Value iterator_set_state(Thread *t, Value self, const Value *args)
{
    ArrayIterator *i = (ArrayIterator *)as_object(self);
    ptrdiff_t at;
    if (!object_as_index(t, args[0], &at, &exc_OverflowError)) return ERROR;
    if (i->array) i->next = at < 0 ? 0 : (size_t)at > i->array->length ? i->array->length : (size_t)at;
    return NONE;
}
static const Method iterator_methods[] = {{"__reduce__", iterator_reduce, "(self)", NULL}, {"__setstate__", iterator_set_state, "(self, state, /)", NULL}, {0}};
static const TypeSpec iterator_spec = {.name = "array.arrayiterator", .size = sizeof(ArrayIterator), .flags = TYPE_NO_NEW, .slots = {.iter = iterator_self, .next = iterator_next, .finish = iterator_finish}, .methods = iterator_methods};

static const Method methods[] = {
    {"append", array_append, "(self, v, /)", "Add an item at the end."}, {"buffer_info", array_buffer_info, "(self)", "(address, length in items) of the memory."},
    {"byteswap", array_byteswap, "(self)", "Turn the bytes of each item round."}, {"count", array_count, "(self, v, /)", "How often an item occurs."},
    {"extend", array_extend, "(self, bb, /)", "Add items at the end."}, {"fromfile", array_fromfile, "(self, f, n, /)", "Read n items from a file."},
    {"fromlist", array_fromlist, "(self, list, /)", "Add the items of a list, all or none."}, {"frombytes", array_frombytes, "(self, buffer, /)", "Add items from their bytes."},
    {"fromunicode", array_fromunicode, "(self, ustr, /)", "Add the characters of a string."}, {"index", array_index, "(self, v, start=0, stop=0x7fffffffffffffff, /)", "Where an item occurs first."},
    {"insert", array_insert, "(self, i, v, /)", "Put an item before a place."}, {"pop", array_pop, "(self, i=-1, /)", "Take an item out."},
    {"remove", array_remove, "(self, v, /)", "Take out the first item that is equal."}, {"reverse", array_reverse, "(self)", "Turn the order round."},
    {"tobytes", array_tobytes, "(self)", "The bytes of all items."}, {"tofile", array_tofile, "(self, f, /)", "Write the bytes of all items to a file."},
    {"tolist", array_tolist, "(self)", "A list of the items."}, {"tounicode", array_tounicode, "(self)", "A string of the items."}, {"__copy__", array_copy, "(self)", "A copy."},
    {"__deepcopy__", array_copy, "(self, unused, /)", "A copy."}, {"__reduce_ex__", array_reduce_ex, "(self, value, /)", "For pickling."}, {"__sizeof__", array_sizeof, "(self)", "Its size in memory."}, {0},
};
static const GetSet getsets[] = {{"typecode", letter_value, NULL, "the letter of its type"}, {"itemsize", size_value, NULL, "bytes of an item"}, {0}};
static const TypeSpec array_type_spec = {
    .name = "array.array",
    .doc = "array(typecode [, initializer]): numbers of one C type, side by side in memory.",
    .size = sizeof(Array),
    .flags = TYPE_BASE | TYPE_HAS_WEAKREFS | TYPE_SEQUENCE | TYPE_PATTERN_SEQUENCE,
    .slots = {.finish = array_finish, .repr = array_repr, .compare = array_compare, .iter = array_iter, .make = array_make, .length = array_length, .get_item = array_get_item,
              .set_item = array_set_item, .contains = array_contains, .get_buffer = array_get_buffer, .release_buffer = array_release_buffer,
              .binary = {[OP_ADD] = array_concat, [OP_MULTIPLY] = array_repeat}, .inplace = {[OP_ADD] = array_inplace_concat, [OP_MULTIPLY] = array_inplace_repeat}},
    .methods = methods,
    .getsets = getsets,
};

// ---- From a pickle: the machine format is a number of the table below
typedef struct Format { int size; bool is_signed, is_float, big; } Format;
static const Format formats[] = {
    {1, 0, 0, 0}, {1, 1, 0, 0}, {2, 0, 0, 0}, {2, 0, 0, 1}, {2, 1, 0, 0}, {2, 1, 0, 1}, {4, 0, 0, 0}, {4, 0, 0, 1}, {4, 1, 0, 0}, {4, 1, 0, 1}, {8, 0, 0, 0},
    {8, 0, 0, 1}, {8, 1, 0, 0}, {8, 1, 0, 1}, {4, 0, 1, 0}, {4, 0, 1, 1}, {8, 0, 1, 0}, {8, 0, 1, 1}, {4, 0, 0, 0}, {4, 0, 0, 1}, {4, 0, 0, 0}, {4, 0, 0, 1},
};
enum { UTF16_LITTLE = 18, UTF16_BIG, UTF32_LITTLE, UTF32_BIG };

static Value foreign_item(Thread *t, const Format *format, const char *at)
{
    char item[8];
    memcpy(item, at, (size_t)format->size);
    if (!format->is_float) return int_from_bytes(t, (const uint8_t *)item, (size_t)format->size, !format->big, format->is_signed);
    if (format->big) swap_bytes(item, (size_t)format->size);
    return format->size == 4 ? get_f(t, item) : get_d(t, item);
}
static Value array_reconstruct(Thread *t, Value self, const Value *args)
{
    int machine;
    if (!is_type(args[0])) return raise_type_error(t, "first argument must be a type object, not %.200T", args[0]);
    if (!type_is_subtype(as_type(args[0]), &array_type)) return raise_type_error(t, "%.200N is not a subtype of %.200s", as_type(args[0]), "array.array");
    if (!is_str(args[1]) || as_str(args[1])->length != 1) return raise_type_error(t, "_array_reconstructor() argument 2 must be a unicode character, not %T", args[1]);
    if (!code_of(str_at(as_str(args[1]), 0))) return raise_value_error(t, "second argument must be a valid type code");
    if (!int_as_int(t, args[2], &machine)) return ERROR;
    if (machine < 0 || machine > UTF32_BIG) return raise_value_error(t, "third argument must be a valid machine format code.");
    if (!is_bytes(args[3])) return raise_type_error(t, "fourth argument should be bytes, not %.200T", args[3]);
    if (machine >= UTF16_LITTLE) {
        static const char *const encodings[] = {"utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"};
        OWN Value text = bytes_decode(t, bytes_data(args[3]), bytes_length(args[3]), encodings[machine - UTF16_LITTLE], NULL);
        return is_error(text) ? ERROR : call2(t, args[0], args[1], text);
    }
    const Format *format = &formats[machine];
    size_t length = bytes_length(args[3]);
    if (length % (size_t)format->size) return raise_value_error(t, "string length not a multiple of item size");
    OWN Value list = list_new(t, length / (size_t)format->size);
    for (size_t at = 0; !is_error(list) && at < length; at += (size_t)format->size)
        if (!list_append_owned(t, list, foreign_item(t, format, bytes_data(args[3]) + at))) return ERROR;
    return is_error(list) ? ERROR : call2(t, args[0], args[1], list);
}
static const Method functions[] = {{"_array_reconstructor", array_reconstruct, "(arraytype, typecode, mformat_code, items, /)", "For unpickling."}, {0}};
static bool start(Thread *t, Value module)
{
    if (array_type.version == 0 && (!type_prepare(t, &array_type, &array_type_spec) || !type_prepare(t, &iterator_type, &iterator_spec))) return false;
    OWN_POINTER Str *abc_name = str_intern_text(t, "collections.abc", 15);
    OWN_POINTER Str *class_name = str_intern_text(t, "MutableSequence", 15);
    OWN_POINTER Str *register_name = str_intern_text(t, "register", 8);
    OWN Value abc = abc_name && class_name && register_name ? t->interp->up.import_module(t, abc_name) : ERROR;
    OWN Value class = is_error(abc) ? ERROR : object_get_attr(t, abc, class_name);
    OWN Value registered = is_error(class) ? ERROR : call_method1(t, class, register_name, type_value(&array_type));
    if (is_error(registered)) return false;
    char letters[COUNT_OF(codes)];
    for (size_t i = 0; i < COUNT_OF(codes); i++) letters[i] = codes[i].letter;
    return module_add(t, module, "typecodes", str_from_ascii(t, letters, sizeof letters)) && module_add(t, module, "ArrayType", retain(type_value(&array_type))) &&
           module_add_type(t, module, &array_type);
}
extern const ModuleSpec array_spec;
const ModuleSpec array_spec = {.name = "array", .doc = "Arrays of numbers of one C type.", .functions = functions, .start = start};
