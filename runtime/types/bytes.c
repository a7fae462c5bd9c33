// SPDX-License-Identifier: MIT
// runtime/types/bytes.c: bytes: its objects, slots and constructor, and what bytearray shares of them.
//
// Owns the layout of Bytes, and the immortal b"" and the 256 of one byte. The methods are in bytes_methods.c.
#include <stdlib.h>

#include "runtime/call.h"
#include "runtime/thread.h"
#include "runtime/types/bytes_internal.h"
#include "runtime/types/codec.h"
#include "runtime/types/int_internal.h"
#include "runtime/types/iterators.h"
#include "runtime/types/list.h"
#include "runtime/types/slice.h"
#include "runtime/types/str_internal.h"
#include "runtime/types/str_percent.h"
#include "runtime/types/tuple.h"

Type bytes_type;
static Bytes *short_bytes[257];      // of one byte, by its value; [256] is b"". Made when first needed

// ---- Objects

static size_t size_for(size_t length) { return sizeof(Bytes) + length + 1; }

static Value immortal(Thread *t, size_t index)
{
    if (!short_bytes[index]) {
        Bytes *b = calloc(1, size_for(1));
        if (!b) return raise_memory_error(t);
        b->head = (Object){.type = &bytes_type, .refs = IMMORTAL_REFS, .flags = OBJECT_IMMORTAL};
        b->length = index < 256;
        b->data[0] = (char)index;
        b->hash = -1;
        short_bytes[index] = b;
    }
    return retain(object_value(short_bytes[index]));
}

static Bytes *blank(Thread *t, Type *type, size_t length)
{
    if (length > (size_t)PTRDIFF_MAX / 2) return error_null(raise_memory_error(t));
    Bytes *b = (Bytes *)object_new_sized(t, type, size_for(length));
    if (!b) return NULL;
    b->length = length;
    b->hash = -1;
    b->data[length] = 0;
    return b;
}

Value bytes_from(Thread *t, const char *data, size_t length)
{
    if (data && length <= 1) return immortal(t, length ? (uint8_t)data[0] : 256);
    Bytes *b = blank(t, &bytes_type, length);
    if (!b) return ERROR;
    if (data) memcpy(b->data, data, length);
    return object_value(b);
}

Value bytes_cut(Thread *t, TAKES Value v, size_t length)
{
    OWN Value whole = v;
    Bytes *b = as_bytes(whole);
    if (length >= b->length) return MOVE(whole);
    if (length < b->length / 2 || length <= 1) return bytes_from(t, b->data, length);     // do not keep what is mostly unused
    b->length = length;
    b->data[length] = 0;
    return MOVE(whole);
}

Value bytes_like(Thread *t, Value like, const char *data, size_t length)
{
    return is_bytes(like) ? bytes_from(t, data, length) : bytearray_from(t, data, length);
}

Value bytes_slice(Thread *t, Value like, ptrdiff_t start, ptrdiff_t step, size_t count)
{
    ByteView view = bytes_view(like);
    if (step == 1) return bytes_like(t, like, view.data + start, count);
    OWN Value result = count ? bytes_like(t, like, NULL, count) : bytes_like(t, like, "", 0);
    if (is_error(result)) return ERROR;
    char *to = is_bytes(result) ? bytes_data(result) : as_bytearray(result)->data;
    view = bytes_view(like);
    for (size_t i = 0; i < count; i++) to[i] = view.data[start + (ptrdiff_t)i * step];
    return MOVE(result);
}

// ---- Operators that bytearray shares

// The memory of an operand of +; false with a BufferError pending if it is not contiguous.
static bool concat_view(Thread *t, Value v, Buffer *held, ByteView *view)
{
    if (is_bytes(v)) {
        *view = bytes_view(v);
        return true;
    }
    if (!buffer_get(t, v, held, 0)) return false;
    *view = (ByteView){held->data, (size_t)held->length};
    return true;
}

Value bytes_concat(Thread *t, Value a, Value b)
{
    if (!is_bytes(a) && !is_bytearray(a)) return NOT_IMPLEMENTED;
    if (!is_buffer(b)) return raise_type_error(t, "can't concat %.100T to %.100T", b, a);
    OWN_BUFFER Buffer first = {0}, second = {0};
    ByteView x, y;
    if (!concat_view(t, a, &first, &x) || !concat_view(t, b, &second, &y))
        return error_clear_if(t, &exc_BufferError) ? raise_type_error(t, "can't concat %.100T to %.100T", b, a) : ERROR;
    if (y.length == 0 && is_object(a) && as_object(a)->type == &bytes_type) return retain(a);
    if (x.length == 0 && is_bytes(a) && is_object(b) && as_object(b)->type == &bytes_type) return retain(b);
    if (x.length > (size_t)PTRDIFF_MAX - y.length) return raise_memory_error(t);
    OWN Value result = bytes_like(t, a, x.length + y.length ? NULL : "", x.length + y.length);
    if (is_error(result)) return ERROR;
    char *to = is_bytes(result) ? bytes_data(result) : as_bytearray(result)->data;
    if (x.length) memcpy(to, x.data, x.length);
    if (y.length) memcpy(to + x.length, y.data, y.length);
    return MOVE(result);
}

Value bytes_multiply(Thread *t, Value a, Value b)
{
    bool first = is_bytes(a) || is_bytearray(a);
    Value v = first ? a : b, count = first ? b : a;
    if (!is_int(count) && !type_of(count)->slots.index) return raise_type_error(t, "can't multiply sequence by non-int of type '%.200T'", count);
    ptrdiff_t n;
    if (!object_as_index(t, count, &n, &exc_OverflowError)) return ERROR;
    ByteView view = bytes_view(v);
    if (n <= 0 || view.length == 0) return bytes_like(t, v, "", 0);
    if (n == 1 && as_object(v)->type == &bytes_type) return retain(v);
    if ((size_t)n > (size_t)PTRDIFF_MAX / view.length) return is_bytes(v) ? raise_error(t, &exc_OverflowError, "repeated bytes are too long") : raise_memory_error(t);
    OWN Value result = bytes_like(t, v, NULL, view.length * (size_t)n);
    if (is_error(result)) return ERROR;
    char *to = is_bytes(result) ? bytes_data(result) : as_bytearray(result)->data;
    view = bytes_view(v);
    if (view.length == 1) memset(to, view.data[0], (size_t)n);
    else for (ptrdiff_t i = 0; i < n; i++) memcpy(to + (size_t)i * view.length, view.data, view.length);
    return MOVE(result);
}

// What str() makes is seldom what was meant; -b says so. False: raised.
bool bytes_str_allowed(Thread *t, const char *what)
{
    return LIKELY(!t->interp->bytes_warning) || warn(t, &exc_BytesWarning, 1, "str() on a %s instance", what);
}

Value bytes_compare(Thread *t, Value a, Value b, CompareOp op)
{
    if (UNLIKELY(t->interp->bytes_warning) && (op == CMP_EQ || op == CMP_NE) && (is_str(b) || is_int(b)) &&
        !warn(t, &exc_BytesWarning, 1, "Comparison between bytes and %s", is_str(b) ? "string" : "int")) return ERROR;
    bool array = is_bytearray(a) || is_bytearray(b);
    if (!is_bytes(b) && !is_bytearray(b) && !(array && is_buffer(b))) return NOT_IMPLEMENTED;
    OWN_BUFFER Buffer held = {0};
    ByteView x = bytes_view(a), y;
    if (is_bytes(b) || is_bytearray(b)) {
        y = bytes_view(b);
    } else {
        if (!buffer_get(t, b, &held, 0)) {
            error_clear(t);
            return NOT_IMPLEMENTED;
        }
        y = (ByteView){held.data, (size_t)held.length};
    }
    if (op == CMP_EQ || op == CMP_NE) {
        bool equal = x.length == y.length && memcmp(x.data, y.data, x.length) == 0;
        return bool_value(equal == (op == CMP_EQ));
    }
    int order = memcmp(x.data, y.data, x.length < y.length ? x.length : y.length);
    if (order == 0) order = (x.length > y.length) - (x.length < y.length);
    return order_value(order, op);
}

bool byte_from(Thread *t, Value v, uint8_t *byte, const char *message)
{
    ptrdiff_t n;
    if (!object_as_index(t, v, &n, NULL)) return false;
    if (n < 0 || n > 255) return error_false(raise_value_error(t, "%s", message));
    *byte = (uint8_t)n;
    return true;
}

int bytes_contains(Thread *t, Value v, Value item)
{
    if (is_int(item) || type_of(item)->slots.index) {
        uint8_t byte;
        if (!byte_from(t, item, &byte, "byte must be in range(0, 256)")) return -1;
        ByteView view = bytes_view(v);
        return memchr(view.data, byte, view.length) != NULL;
    }
    OWN_BUFFER Buffer part = {0};
    if (!buffer_get(t, item, &part, 0)) return -1;
    ByteView view = bytes_view(v);
    return part.length == 0 || memmem(view.data, view.length, part.data, (size_t)part.length) != NULL;
}

Value bytes_modulo(Thread *t, Value a, Value b)
{
    if (!is_bytes(a) && !is_bytearray(a)) return NOT_IMPLEMENTED;
    ByteView view = bytes_view(a);
    OWN Value format = str_from_latin1(t, view.data, view.length);
    OWN Value text = is_error(format) ? ERROR : percent_format(t, as_str(format), b, true);
    if (is_error(text)) return ERROR;
    return bytes_like(t, a, as_str(text)->data, as_str(text)->length);
}

Value bytes_repr_of(Thread *t, ByteView view, const char *prefix, const char *suffix)
{
    char quote = memchr(view.data, '\'', view.length) && !memchr(view.data, '"', view.length) ? '"' : '\'';
    StrBuilder b;
    builder_start(t, &b);
    builder_add_text(&b, prefix);
    builder_add(&b, (Codepoint)quote);
    static const char hex[] = "0123456789abcdef";
    for (size_t i = 0; i < view.length; i++) {
        unsigned c = (uint8_t)view.data[i];
        if (c == (unsigned)quote || c == '\\' || (c == '\'' && *suffix)) {
            builder_add(&b, '\\');
            builder_add(&b, c);
        } else if (c == '\t' || c == '\n' || c == '\r') {
            builder_add(&b, '\\');
            builder_add(&b, c == '\t' ? 't' : c == '\n' ? 'n' : 'r');
        } else if (c < 0x20 || c >= 0x7F) {
            const char escape[4] = {'\\', 'x', hex[c >> 4], hex[c & 15]};
            builder_add_ascii(&b, escape, 4);
        } else {
            builder_add(&b, c);
        }
    }
    builder_add(&b, (Codepoint)quote);
    builder_add_text(&b, suffix);
    return builder_finish(&b);
}

// ---- The constructor

static bool collect_iterable(Thread *t, Value source, ByteBuilder *b, const char *range_message, const char *name)
{
    OWN Value iterator = object_iter(t, source);
    if (is_error(iterator)) {
        if (type_of(source)->slots.iter || !error_clear_if(t, &exc_TypeError)) return false;
        return error_false(raise_type_error(t, "cannot convert '%.200T' object to %s", source, name));
    }
    for (;;) {
        OWN Value item = object_next(t, iterator);
        if (is_error(item)) return false;
        if (is_unbound(item)) return !b->failed;
        uint8_t byte;
        if (!byte_from(t, item, &byte, range_message)) return false;
        byte_builder_put(b, byte);
    }
}

bool bytes_collect(Thread *t, Value source, ByteBuilder *b, const char *range_message)
{
    if (is_buffer(source)) {
        OWN Value copy = is_bytes(source) ? retain(source) : buffer_to_bytes(t, source);
        if (is_error(copy)) return false;
        byte_builder_add(b, bytes_data(copy), bytes_length(copy));
        return !b->failed;
    }
    if (is_str(source)) return error_false(raise_type_error(t, "cannot convert '%.200T' object to bytes", source));
    return collect_iterable(t, source, b, range_message, range_message[4] == 's' ? "bytes" : "bytearray");
}

static bool collect_zeros(Thread *t, Value count, ByteBuilder *b)
{
    ptrdiff_t n;
    if (!object_as_index(t, count, &n, &exc_OverflowError)) return false;
    if (n < 0) return error_false(raise_value_error(t, "negative count"));
    if (n == 0) return true;
    char *to = byte_builder_reserve(b, (size_t)n);
    if (!to) return false;
    memset(to, 0, (size_t)n);
    b->length = (size_t)n;
    return true;
}

bool bytes_from_arguments(Thread *t, const Value *args, ByteBuilder *b, const char *range_message, Type *self_type)
{
    Value source = args[0];
    bool has_encoding = !is_unbound(args[1]), has_errors = !is_unbound(args[2]);
    const char *name = self_type == &bytes_type ? "bytes" : "bytearray";
    if (is_unbound(source)) {
        if (!has_encoding && !has_errors) return true;
        return error_false(raise_type_error(t, has_encoding ? "encoding without a string argument" : "errors without a string argument"));
    }
    if (has_encoding || (has_errors && is_str(source) && self_type == &bytearray_type)) {
        OWN_MEMORY char *encoding_copy = NULL, *errors_copy = NULL;
        const char *encoding, *errors;
        if (!argument_codec_text(t, args[1], name, "'encoding'", &encoding, &encoding_copy)) return false;
        if (!argument_codec_text(t, args[2], name, "'errors'", &errors, &errors_copy)) return false;
        if (!is_str(source)) return error_false(raise_type_error(t, "encoding without a string argument"));
        if (!has_encoding) return error_false(raise_type_error(t, "string argument without an encoding"));
        OWN Value encoded = str_encode(t, as_str(source), encoding, errors);
        if (is_error(encoded)) return false;
        byte_builder_add(b, bytes_data(encoded), bytes_length(encoded));
        return !b->failed;
    }
    if (has_errors) return error_false(raise_type_error(t, is_str(source) ? "string argument without an encoding" : "errors without a string argument"));
    if (self_type == &bytes_type && !(is_object(source) && as_object(source)->type == &bytes_type)) {
        OWN Value made = call_special(t, source, NAME(__bytes__), NULL, 0);
        if (is_error(made)) return false;
        if (!is_unbound(made)) {
            if (!is_bytes(made)) return error_false(raise_type_error(t, "__bytes__ returned non-bytes (type %.200T)", made));
            byte_builder_add(b, bytes_data(made), bytes_length(made));
            return !b->failed;
        }
    }
    if (is_str(source)) return error_false(raise_type_error(t, "string argument without an encoding"));
    if (is_int(source) || type_of(source)->slots.index) {
        if (collect_zeros(t, source, b)) return true;
        if (is_int(source) || !error_clear_if(t, &exc_TypeError)) return false;
    }
    return bytes_collect(t, source, b, range_message);
}

static Value construct(Thread *t, Type *type, const Value *args)
{
    Value source = args[0];
    bool alone = is_unbound(args[1]) && is_unbound(args[2]);
    if (type == &bytes_type && alone && is_object(source) && as_object(source)->type == &bytes_type) return retain(source);
    if (type == &bytes_type && alone && is_object(source) && !is_exact_str(source) && !is_int(source)) {     // what __bytes__ gives is given as it is
        OWN Value made = call_special(t, source, NAME(__bytes__), NULL, 0);
        if (is_error(made)) return ERROR;
        if (is_bytes(made)) return MOVE(made);
        if (!is_unbound(made)) return raise_type_error(t, "__bytes__ returned non-bytes (type %.200T)", made);
    }
    ByteBuilder b;
    byte_builder_start(t, &b);
    if (!bytes_from_arguments(t, args, &b, "bytes must be in range(0, 256)", &bytes_type)) {
        byte_builder_abandon(&b);
        return ERROR;
    }
    if (type == &bytes_type) return byte_builder_finish(&b);
    Bytes *result = b.failed ? NULL : blank(t, type, b.length);
    if (result && b.length) memcpy(result->data, b.data, b.length);
    byte_builder_abandon(&b);
    return result ? object_value(result) : ERROR;
}

// ---- Slots

static size_t size_slot(Object *o) { return size_for(((Bytes *)o)->length); }
static Value repr(Thread *t, Value v) { return bytes_repr_of(t, bytes_view(v), "b", ""); }
static Value bytes_str(Thread *t, Value v) { return bytes_str_allowed(t, "bytes") ? repr(t, v) : ERROR; }
static ptrdiff_t length(Thread *t, Value v) { (void)t; return (ptrdiff_t)bytes_length(v); }
static Value iter(Thread *t, Value v) { return sequence_iterator_new(t, &bytes_iterator_type, v); }

static bool hash_slot(Thread *t, Value v, int64_t *hash)
{
    (void)t;
    Bytes *b = as_bytes(v);
    if (b->hash == -1) {
        int64_t made = b->length ? (int64_t)keyed_hash(b->data, b->length) : 0;
        b->hash = made == -1 ? -2 : made;
    }
    *hash = b->hash;
    return true;
}

static Value get_item(Thread *t, Value v, Value key)
{
    Bytes *b = as_bytes(v);
    ptrdiff_t at;
    if (is_slice(key)) {
        ptrdiff_t start, stop, step;
        size_t count;
        if (!slice_indices(t, as_slice(key), b->length, &start, &stop, &step, &count)) return ERROR;
        if (step == 1 && count == b->length && b->head.type == &bytes_type) return retain(v);
        return bytes_slice(t, v, start, step, count);
    }
    if (!is_int(key) && !type_of(key)->slots.index) return raise_type_error(t, "byte indices must be integers or slices, not %.200T", key);
    if (!object_as_index(t, key, &at, &exc_IndexError)) return ERROR;
    if (at < 0) at += (ptrdiff_t)b->length;
    if (at < 0 || (size_t)at >= b->length) return raise_error(t, &exc_IndexError, "index out of range");
    return small_int((uint8_t)b->data[at]);
}

static Value add(Thread *t, Value a, Value b) { return bytes_concat(t, a, b); }

static bool get_buffer(Thread *t, Value v, Buffer *buffer, int flags)
{
    if (flags & BUFFER_WRITABLE) return error_false(raise_error(t, &exc_BufferError, "Object is not writable."));
    Bytes *b = as_bytes(v);
    *buffer = (Buffer){.owner = retain(v), .data = b->data, .length = (ptrdiff_t)b->length, .item_size = 1, .format = "B", .dimensions = 1, .readonly = true};
    return true;
}

static Value method_getnewargs(Thread *t, Value self, const Value *args)
{
    (void)args;
    OWN Value exact = bytes_from(t, bytes_data(self), bytes_length(self));
    return is_error(exact) ? ERROR : tuple_of(t, 1, exact);
}

static Value method_bytes(Thread *t, Value self, const Value *args)
{
    (void)args;
    return as_object(self)->type == &bytes_type ? retain(self) : bytes_from(t, bytes_data(self), bytes_length(self));
}

static Value method_sizeof(Thread *t, Value self, const Value *args)
{
    (void)args;
    return int_value(t, (int64_t)bytes_length(self) + 33);
}

static const Method methods[] = {
    BYTES_SHARED_METHODS,
    {"__getnewargs__", method_getnewargs, "(self, /)", NULL},
    {"__bytes__", method_bytes, "(self, /)", "Convert this value to exact type bytes."},
    {"__sizeof__", method_sizeof, "(self, /)", "Returns the size of the bytes object in memory, in bytes."},
    {0},
};

const TypeSpec bytes_spec = {
    .name = "bytes",
    .doc = "bytes(iterable_of_ints) -> bytes\nbytes(string, encoding[, errors]) -> bytes\nbytes(bytes_or_buffer) -> immutable copy of bytes_or_buffer\n"
           "bytes(int) -> bytes object of size given by the parameter initialized with null bytes\nbytes() -> empty bytes object",
    .size = sizeof(Bytes),
    .flags = TYPE_BASE | TYPE_LEAF | TYPE_IS_BYTES | TYPE_VAR_SIZED | TYPE_SEQUENCE | TYPE_MATCH_SELF | TYPE_IMMUTABLE,
    .slots = {
        .size = size_slot,
        .repr = repr,
        .hash = hash_slot,
        .str = bytes_str,
        .compare = bytes_compare,
        .iter = iter,
        .binary = {[OP_ADD] = add, [OP_MULTIPLY] = bytes_multiply, [OP_MODULO] = bytes_modulo},
        .length = length,
        .get_item = get_item,
        .contains = bytes_contains,
        .get_buffer = get_buffer,
    },
    .methods = methods,
    .new_signature = "(source=<unset>, encoding=<unset>, errors=<unset>)",
    .construct = construct,
};
