// SPDX-License-Identifier: MIT
// stdlib/_struct/struct.c: Python values to and from C structs in bytes.
//
// A format is read once into codes, each a letter with its size, offset and repeat count. Native numbers ('@') differ from
// the standard ones ('=', '<', '>', '!') in size, alignment, letters (n, N, P) and some messages.
#include <float.h>
#include <stdlib.h>

#include "runtime/buffer.h"
#include "runtime/call.h"
#include "runtime/error.h"
#include "runtime/heap.h"
#include "runtime/thread.h"
#include "runtime/types/bytes.h"
#include "runtime/types/dict.h"
#include "runtime/types/exception.h"
#include "runtime/types/float.h"
#include "runtime/types/int.h"
#include "runtime/types/module.h"
#include "runtime/types/str.h"
#include "runtime/types/tuple.h"
#include "stdlib/module_slots.h"

enum { CACHE_MAX = 100 };

typedef struct Code { char letter; uint8_t size; size_t offset, count; } Code;    // count: of items; of bytes for s and p
typedef struct StructObject { Object head; Code *codes; size_t code_count, size, items; bool native, little; Value format; } StructObject;
typedef struct Unpacker { Object head; StructObject *layout; Buffer buffer; size_t at; } Unpacker;

static Type struct_type, unpacker_type;
static StructObject *as_struct(Value v) { return (StructObject *)as_object(v); }
static Type *error_type(Thread *t) { return as_type(t->interp->module_slots[SLOT_STRUCT_ERROR]); }
#define FAIL(...) raise_error(t, error_type(t), __VA_ARGS__)

// ---- Formats
static bool letter_layout(char letter, bool native, size_t *size, size_t *align)
{
#define NATIVE(c, type) case c: *size = sizeof(type); *align = _Alignof(type); return true;
#define STANDARD(c, bytes) case c: *size = bytes; *align = 1; return true;
    if (native) {
        switch (letter) {
        NATIVE('b', char) NATIVE('B', char) NATIVE('c', char) NATIVE('s', char) NATIVE('p', char) NATIVE('x', char) NATIVE('?', _Bool)
        NATIVE('h', short) NATIVE('H', short) NATIVE('i', int) NATIVE('I', int) NATIVE('l', long) NATIVE('L', long) NATIVE('q', long long)
        NATIVE('Q', long long) NATIVE('n', size_t) NATIVE('N', size_t) NATIVE('e', short) NATIVE('f', float) NATIVE('d', double) NATIVE('P', void *)
        default: return false;
        }
    }
    switch (letter) {
    STANDARD('b', 1) STANDARD('B', 1) STANDARD('c', 1) STANDARD('s', 1) STANDARD('p', 1) STANDARD('x', 1) STANDARD('?', 1) STANDARD('h', 2)
    STANDARD('H', 2) STANDARD('i', 4) STANDARD('I', 4) STANDARD('l', 4) STANDARD('L', 4) STANDARD('q', 8) STANDARD('Q', 8) STANDARD('e', 2)
    STANDARD('f', 4) STANDARD('d', 8)
    default: return false;
    }
#undef NATIVE
#undef STANDARD
}
static bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
static bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Reads one count and letter at *at. False: raised; *letter 0 at the end.
static bool read_code(Thread *t, const char *text, size_t length, size_t *at, size_t *count, char *letter)
{
    while (*at < length && is_blank(text[*at])) ++*at;
    *letter = 0;
    *count = 1;
    if (*at == length) return true;
    if (is_digit(text[*at])) {
        size_t number = 0;
        for (; *at < length && is_digit(text[*at]); ++*at)
            if (__builtin_mul_overflow(number, 10, &number) || __builtin_add_overflow(number, (size_t)(text[*at] - '0'), &number) || number > PTRDIFF_MAX)
                return error_false(FAIL("total struct size too long"));
        if (*at == length) return error_false(FAIL("repeat count given without format specifier"));
        *count = number;
    }
    *letter = text[(*at)++];
    return true;
}
static bool read_format(Thread *t, StructObject *s, const char *text, size_t length)
{
    size_t at = 0, size = 0, items = 0;
    s->native = true;
    s->little = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__;
    if (memchr(text, 0, length)) return error_false(FAIL("embedded null character"));
    if (length > 0 && strchr("@=<>!", text[0])) {
        s->native = text[0] == '@';
        if (text[0] == '<') s->little = true;
        if (text[0] == '>' || text[0] == '!') s->little = false;
        at = 1;
    }
    s->codes = calloc(length + 1, sizeof *s->codes);
    if (!s->codes) return error_false(raise_memory_error(t));
    for (;;) {
        size_t count, unit, align;
        char letter;
        if (!read_code(t, text, length, &at, &count, &letter)) return false;
        if (!letter) break;
        if (!letter_layout(letter, s->native, &unit, &align)) return error_false(FAIL("bad char in struct format"));
        size_t bytes, start = (size + align - 1) / align * align;
        if (__builtin_mul_overflow(count, unit, &bytes) || __builtin_add_overflow(start, bytes, &size) || size > PTRDIFF_MAX) return error_false(FAIL("total struct size too long"));
        if (letter != 'x' && (count > 0 || letter == 's' || letter == 'p')) {
            s->codes[s->code_count++] = (Code){letter, (uint8_t)unit, start, count};
            items += letter == 's' || letter == 'p' ? 1 : count;
        }
    }
    s->size = size;
    s->items = items;
    return true;
}
static void struct_finish(Thread *t, Object *o)
{
    free(((StructObject *)o)->codes);
    clear(&((StructObject *)o)->format);
}
static Value struct_construct(Thread *t, Type *type, const Value *args)
{
    OWN Value text = UNBOUND;
    if (is_str(args[0])) text = str_encode(t, as_str(args[0]), "ascii", "strict");
    else if (is_bytes(args[0])) text = retain(args[0]);
    else return raise_type_error(t, "Struct() argument 1 must be a str or bytes object, not %T", args[0]);
    if (is_error(text)) return ERROR;
    StructObject *s = (StructObject *)object_new(t, type);
    OWN Value made = s ? object_value(s) : ERROR;
    if (!s) return ERROR;
    s->format = str_from_ascii(t, "", 0);
    if (!read_format(t, s, bytes_data(text), bytes_length(text))) return ERROR;
    assign(&s->format, bytes_decode(t, bytes_data(text), bytes_length(text), "latin-1", "strict"));
    return is_error(s->format) ? (s->format = UNBOUND, ERROR) : MOVE(made);
}
// The layout of a format, made before or anew.
static StructObject *cached(Thread *t, Value format)
{
    Dict *cache = as_dict(t->interp->module_slots[SLOT_STRUCT_CACHE]);
    bool keep = is_exact_str(format) || (is_object(format) && as_object(format)->type == &bytes_type);
    if (keep) {
        OWN Value key = tuple_of(t, 2, format, bool_value(is_str(format)));
        Value found = is_error(key) ? ERROR : dict_get(t, cache, key);
        if (is_error(found)) return NULL;
        if (!is_unbound(found)) return (StructObject *)as_object(retain(found));
        OWN Value made = struct_construct(t, &struct_type, &format);
        if (is_error(made)) return NULL;
        if (cache->count >= CACHE_MAX) dict_clear(t, cache);
        if (!dict_set(t, cache, key, made)) return NULL;
        return (StructObject *)as_object(MOVE(made));
    }
    Value made = struct_construct(t, &struct_type, &format);
    return is_error(made) ? NULL : (StructObject *)as_object(made);
}

// ---- Numbers
static void put_bytes(char *to, uint64_t bits, size_t size, bool little)
{
    for (size_t i = 0; i < size; i++) to[little ? i : size - 1 - i] = (char)(bits >> (8 * i));
}
static uint64_t get_bytes(const char *from, size_t size, bool little)
{
    uint64_t bits = 0;
    for (size_t i = 0; i < size; i++) bits |= (uint64_t)(uint8_t)from[little ? i : size - 1 - i] << (8 * i);
    return bits;
}
static bool is_signed_letter(char c) { return c == 'b' || c == 'h' || c == 'i' || c == 'l' || c == 'q' || c == 'n'; }
static bool range_error(Thread *t, const StructObject *s, const Code *code, bool huge)
{
    bool is_signed = is_signed_letter(code->letter);
    const char *name = code->letter == 'b' ? "byte" : code->letter == 'B' ? "ubyte" : code->letter == 'h' ? "short" : code->letter == 'H' ? "ushort" : NULL;
    unsigned bits = code->size * 8u;
    if (huge || code->size == 8) return error_false(FAIL("argument out of range"));
    long low = is_signed ? -(1L << (bits - 1)) : 0, high = is_signed ? (1L << (bits - 1)) - 1 : (1L << bits) - 1;
    if (name) return error_false(FAIL("%s format requires %ld <= number <= %ld", name, low, high));
    return error_false(FAIL("'%c' format requires %ld <= number <= %ld", code->letter, low, high));
}
static bool pack_int(Thread *t, const StructObject *s, const Code *code, char *to, Value v)
{
    OWN Value number = is_int(v) ? retain(v) : object_index(t, v);
    if (is_error(number)) return error_clear_if(t, &exc_TypeError) ? error_false(FAIL("required argument is not an integer")) : false;
    uint64_t bits;
    if (code->letter == 'P') {
        bits = int_low_bits(number);
    } else if (is_signed_letter(code->letter)) {
        int64_t i;
        if (!int_as_i64(t, number, &i)) return error_clear_if(t, &exc_OverflowError) ? range_error(t, s, code, true) : false;
        int64_t high = code->size == 8 ? INT64_MAX : ((int64_t)1 << (code->size * 8 - 1)) - 1;
        if (i > high || i < -high - 1) return range_error(t, s, code, false);
        bits = (uint64_t)i;
    } else {
        if (int_sign(number) < 0 && code->size >= 4) return range_error(t, s, code, true);
        if (int_sign(number) < 0) return range_error(t, s, code, false);
        if (!int_as_u64(t, number, &bits)) return error_clear_if(t, &exc_OverflowError) ? range_error(t, s, code, true) : false;
        if (code->size < 8 && bits >> (code->size * 8)) return range_error(t, s, code, false);
    }
    put_bytes(to, bits, code->size, s->little);
    return true;
}
static Value unpack_int(Thread *t, const StructObject *s, const Code *code, const char *from)
{
    uint64_t bits = get_bytes(from, code->size, s->little);
    if (!is_signed_letter(code->letter)) return int_from_u64(t, bits);
    unsigned unused = 64 - code->size * 8u;
    return int_value(t, (int64_t)(bits << unused) >> unused);
}
// IEEE 754 half: round to nearest, ties to even. False: too large.
static bool half_from_double(double d, uint16_t *half)
{
    uint16_t sign = signbit(d) ? 0x8000 : 0;
    if (isnan(d)) { *half = sign | 0x7e00; return true; }
    if (isinf(d)) { *half = sign | 0x7c00; return true; }
    double a = fabs(d);
    if (a < 0x1p-14) {
        *half = (uint16_t)(sign | (unsigned)nearbyint(a * 0x1p24));
        return true;
    }
    int exponent;
    double fraction = frexp(a, &exponent);                       // in [0.5, 1)
    if (exponent > 16) return false;
    double rounded = nearbyint(ldexp(fraction, 11));             // in [1024, 2048]
    unsigned value = (unsigned)((exponent + 14) << 10) + (unsigned)rounded - 1024;
    if (value >= 0x7c00) return false;
    *half = (uint16_t)(sign | value);
    return true;
}
static double double_from_half(uint16_t half)
{
    int exponent = (half >> 10) & 31, fraction = half & 1023;
    double a = exponent == 31 ? (fraction ? (double)NAN : (double)INFINITY) : exponent == 0 ? ldexp(fraction, -24) : ldexp(fraction + 1024, exponent - 25);
    return half & 0x8000 ? -a : a;
}
static bool pack_float(Thread *t, const StructObject *s, const Code *code, char *to, Value v)
{
    double d;
    if (!float_from_value(t, v, &d)) return error_clear_if(t, &exc_TypeError) ? error_false(FAIL("required argument is not a float")) : false;
    uint64_t bits = 0;
    if (code->letter == 'd') {
        memcpy(&bits, &d, 8);
    } else if (code->letter == 'f') {
        bool too_large = isfinite(d) && fabs(d) >= (double)FLT_MAX + 0x1p103;
        if (too_large && !s->native) return error_false(raise_error(t, &exc_OverflowError, "float too large to pack with f format"));
        float f = too_large ? (d < 0 ? -INFINITY : INFINITY) : (float)d;
        uint32_t word;
        memcpy(&word, &f, 4);
        bits = word;
    } else {
        uint16_t half;
        if (!half_from_double(d, &half)) return error_false(raise_error(t, &exc_OverflowError, "float too large to pack with e format"));
        bits = half;
    }
    put_bytes(to, bits, code->size, s->little);
    return true;
}
static Value unpack_float(const StructObject *s, const Code *code, const char *from)
{
    uint64_t bits = get_bytes(from, code->size, s->little);
    double d;
    float f;
    uint32_t word = (uint32_t)bits;
    if (code->letter == 'e') return float_from_outside(double_from_half((uint16_t)bits));
    memcpy(&d, &bits, 8);
    memcpy(&f, &word, 4);
    return float_from_outside(code->letter == 'd' ? d : (double)f);
}
static bool pack_text(Thread *t, const Code *code, char *to, Value v)
{
    if (!is_bytes(v) && !is_bytearray(v)) return error_false(FAIL("argument for '%c' must be a bytes object", code->letter));
    size_t length = is_bytes(v) ? bytes_length(v) : as_bytearray(v)->length, room = code->count;
    const char *data = is_bytes(v) ? bytes_data(v) : as_bytearray(v)->data;
    if (code->letter == 'p') {
        if (room == 0) return true;
        room--;
        if (length > room) length = room;
        *to++ = (char)(uint8_t)(length > 255 ? 255 : length);
    }
    if (length > room) length = room;
    if (length > 0) memcpy(to, data, length);
    return true;
}

// ---- Packing and unpacking. `to` is zeroed.
static bool pack_one(Thread *t, const StructObject *s, const Code *code, char *to, Value v)
{
    int truth;
    switch (code->letter) {
    case 's': case 'p': return pack_text(t, code, to, v);
    case 'e': case 'f': case 'd': return pack_float(t, s, code, to, v);
    case '?':
        truth = object_truth(t, v);
        *to = (char)(truth > 0);
        return truth >= 0;
    case 'c':
        if (!is_bytes(v) || bytes_length(v) != 1) return error_false(FAIL("char format requires a bytes object of length 1"));
        *to = bytes_data(v)[0];
        return true;
    default: return pack_int(t, s, code, to, v);
    }
}
static bool pack_all(Thread *t, const StructObject *s, char *to, const Value *values)
{
    for (size_t i = 0; i < s->code_count; i++) {
        const Code *code = &s->codes[i];
        bool text = code->letter == 's' || code->letter == 'p';
        for (size_t k = 0; k < (text ? 1 : code->count); k++)
            if (!pack_one(t, s, code, to + code->offset + k * code->size, *values++)) return false;
    }
    return true;
}
static Value unpack_one(Thread *t, const StructObject *s, const Code *code, const char *from)
{
    size_t length;
    switch (code->letter) {
    case 's': return bytes_from(t, from, code->count);
    case 'p':
        length = code->count == 0 ? 0 : (uint8_t)*from;
        if (length + 1 > code->count) length = code->count ? code->count - 1 : 0;
        return bytes_from(t, code->count ? from + 1 : from, length);
    case 'c': return bytes_from(t, from, 1);
    case '?': return bool_value(*from != 0);
    case 'e': case 'f': case 'd': return unpack_float(s, code, from);
    default: return unpack_int(t, s, code, from);
    }
}
static Value unpack_all(Thread *t, const StructObject *s, const char *from)
{
    if (s->items == 0) return retain(object_value(tuple_empty));
    OWN_MEMORY Value *values = mem_allocate(t, s->items * sizeof *values);
    if (!values) return ERROR;
    size_t made = 0;
    for (size_t i = 0; i < s->code_count; i++) {
        const Code *code = &s->codes[i];
        bool text = code->letter == 's' || code->letter == 'p';
        for (size_t k = 0; k < (text ? 1 : code->count); k++) {
            Value item = unpack_one(t, s, code, from + code->offset + k * code->size);
            if (is_error(item)) {
                while (made > 0) drop(values[--made]);
                return ERROR;
            }
            values[made++] = item;
        }
    }
    return tuple_from_owned(t, values, made);
}
static Value do_pack(Thread *t, const StructObject *s, const Value *values, size_t count)
{
    if (count != s->items) return FAIL("pack expected %zu items for packing (got %zu)", s->items, count);
    OWN Value result = bytes_from(t, NULL, s->size);
    if (is_error(result)) return ERROR;
    memset(bytes_data(result), 0, s->size);
    return pack_all(t, s, bytes_data(result), values) ? MOVE(result) : ERROR;
}
static Value do_unpack(Thread *t, const StructObject *s, Value data)
{
    OWN_BUFFER Buffer buffer = {0};
    if (!buffer_get(t, data, &buffer, 0)) return ERROR;
    if ((size_t)buffer.length != s->size) return FAIL("unpack requires a buffer of %zu bytes", s->size);
    return unpack_all(t, s, buffer.data);
}
static Value do_unpack_from(Thread *t, const StructObject *s, Value data, Value where)
{
    OWN_BUFFER Buffer buffer = {0};
    ptrdiff_t offset = 0;
    if (!buffer_get(t, data, &buffer, 0) || (!is_unbound(where) && !object_as_index(t, where, &offset, &exc_OverflowError))) return ERROR;
    if (offset < 0) {
        if (offset + (ptrdiff_t)s->size > 0) return FAIL("not enough data to unpack %zu bytes at offset %zd", s->size, offset);
        if (offset + buffer.length < 0) return FAIL("offset %zd out of range for %zd-byte buffer", offset, buffer.length);
        offset += buffer.length;
    }
    if (buffer.length < offset || (size_t)(buffer.length - offset) < s->size)
        return FAIL("unpack_from requires a buffer of at least %zu bytes for unpacking %zu bytes at offset %zd (actual buffer size is %zd)", s->size + (size_t)offset, s->size, offset, buffer.length);
    return unpack_all(t, s, buffer.data + offset);
}
static Value do_pack_into(Thread *t, const StructObject *s, const Value *given, size_t count)
{
    if (count == 0) return FAIL("pack_into expected buffer argument");
    if (count == 1) return FAIL("pack_into expected offset argument");
    if (count - 2 != s->items) return FAIL("pack_into expected %zu items for packing (got %zu)", s->items, count - 2);
    OWN_BUFFER Buffer buffer = {0};
    ptrdiff_t offset;
    if (!buffer_get(t, given[0], &buffer, BUFFER_WRITABLE)) {
        if (!error_clear_if(t, &exc_TypeError) && !error_clear_if(t, &exc_BufferError)) return ERROR;
        return raise_type_error(t, "argument must be read-write bytes-like object, not %T", given[0]);
    }
    if (!object_as_index(t, given[1], &offset, &exc_IndexError)) return ERROR;
    if (offset < 0) {
        if (offset + (ptrdiff_t)s->size > 0) return FAIL("no space to pack %zu bytes at offset %zd", s->size, offset);
        if (offset + buffer.length < 0) return FAIL("offset %zd out of range for %zd-byte buffer", offset, buffer.length);
        offset += buffer.length;
    }
    if (buffer.length < offset || (size_t)(buffer.length - offset) < s->size)
        return FAIL("pack_into requires a buffer of at least %zu bytes for packing %zu bytes at offset %zd (actual buffer size is %zd)", s->size + (size_t)offset, s->size, offset, buffer.length);
    OWN_MEMORY char *packed = mem_allocate(t, s->size + 1);        // packing may run Python code: not into the buffer itself
    if (!packed) return ERROR;
    memset(packed, 0, s->size);
    if (!pack_all(t, s, packed, given + 2)) return ERROR;
    memcpy(buffer.data + offset, packed, s->size);
    return NONE;
}

// ---- iter_unpack
static void unpacker_visit(Object *o, VisitFn visit, void *context)
{
    Unpacker *u = (Unpacker *)o;
    if (u->layout) visit(object_value(u->layout), context);
    visit(u->buffer.owner, context);
}
static void unpacker_finish(Thread *t, Object *o)
{
    Unpacker *u = (Unpacker *)o;
    buffer_release(&u->buffer);
    StructObject *layout = u->layout;
    u->layout = NULL;
    drop_pointer(layout);
}
static Value unpacker_next(Thread *t, Value v)
{
    Unpacker *u = (Unpacker *)as_object(v);
    if (!u->layout) return UNBOUND;
    if (u->at + u->layout->size > (size_t)u->buffer.length) {
        unpacker_finish(t, as_object(v));
        return UNBOUND;
    }
    u->at += u->layout->size;
    return unpack_all(t, u->layout, u->buffer.data + u->at - u->layout->size);
}
static Value unpacker_iter(Thread *t, Value v) { return retain(v); }
static Value unpacker_hint(Thread *t, Value self, const Value *args)
{
    Unpacker *u = (Unpacker *)as_object(self);
    return small_int(u->layout ? (int64_t)(((size_t)u->buffer.length - u->at) / u->layout->size) : 0);
}
static const Method unpacker_methods[] = {{"__length_hint__", unpacker_hint, "(self)", "How many are left."}, {0}};
static const TypeSpec unpacker_spec = {
    .name = "_struct.unpack_iterator", .size = sizeof(Unpacker), .flags = TYPE_GC | TYPE_NO_NEW,
    .slots = {.visit = unpacker_visit, .unlink = unpacker_finish, .finish = unpacker_finish, .iter = unpacker_iter, .next = unpacker_next}, .methods = unpacker_methods,
};
static Value do_iter_unpack(Thread *t, StructObject *s, Value data)
{
    if (s->size == 0) return FAIL("cannot iteratively unpack with a struct of length 0");
    Unpacker *u = (Unpacker *)object_new(t, &unpacker_type);
    OWN Value made = u ? object_value(u) : ERROR;
    if (!u || !buffer_get(t, data, &u->buffer, 0)) return ERROR;
    if ((size_t)u->buffer.length % s->size != 0) return FAIL("iterative unpacking requires a buffer of a multiple of %zu bytes", s->size);
    u->layout = RETAIN(s);
    return MOVE(made);
}

// ---- Struct, and the functions
static Value struct_pack(Thread *t, Value self, const Value *args) { return do_pack(t, as_struct(self), as_tuple(args[0])->items, as_tuple(args[0])->length); }
static Value struct_pack_into(Thread *t, Value self, const Value *args) { return do_pack_into(t, as_struct(self), as_tuple(args[0])->items, as_tuple(args[0])->length); }
static Value struct_unpack(Thread *t, Value self, const Value *args) { return do_unpack(t, as_struct(self), args[0]); }
static Value struct_unpack_from(Thread *t, Value self, const Value *args) { return do_unpack_from(t, as_struct(self), args[0], args[1]); }
static Value struct_iter_unpack(Thread *t, Value self, const Value *args) { return do_iter_unpack(t, as_struct(self), args[0]); }
static Value struct_get_size(Thread *t, Value self) { return int_value(t, (int64_t)as_struct(self)->size); }
static Value struct_get_format(Thread *t, Value self) { return retain(as_struct(self)->format); }
static bool struct_initialize(Thread *t, Value self, const Value *args) { return true; }

static const Method struct_methods[] = {
    {"pack", struct_pack, "(self, *values)", "S.pack(v1, v2, ...) -> bytes"},
    {"pack_into", struct_pack_into, "(self, *values)", "S.pack_into(buffer, offset, v1, v2, ...)"},
    {"unpack", struct_unpack, "(self, buffer, /)", "Return a tuple containing unpacked values."},
    {"unpack_from", struct_unpack_from, "(self, buffer, offset=0)", "Return a tuple containing unpacked values, from the offset on."},
    {"iter_unpack", struct_iter_unpack, "(self, buffer, /)", "Return an iterator yielding tuples."},
    {0},
};
static const GetSet struct_getsets[] = {{"size", struct_get_size, NULL, "struct size in bytes"}, {"format", struct_get_format, NULL, "struct format string"}, {0}};
static const TypeSpec struct_spec = {
    .name = "_struct.Struct", .doc = "Struct(fmt) --> compiled struct object", .size = sizeof(StructObject), .flags = TYPE_BASE | TYPE_HAS_WEAKREFS,
    .slots = {.finish = struct_finish}, .methods = struct_methods, .getsets = struct_getsets, .new_signature = "(format)", .construct = struct_construct,
    .init_signature = "(format)", .initialize = struct_initialize,
};

static StructObject *leading_format(Thread *t, Tuple *given)
{
    return given->length == 0 ? error_null(raise_type_error(t, "missing format argument")) : cached(t, given->items[0]);
}
static Value module_pack(Thread *t, Value self, const Value *args)
{
    OWN_POINTER StructObject *s = leading_format(t, as_tuple(args[0]));
    return s ? do_pack(t, s, as_tuple(args[0])->items + 1, as_tuple(args[0])->length - 1) : ERROR;
}
static Value module_pack_into(Thread *t, Value self, const Value *args)
{
    OWN_POINTER StructObject *s = leading_format(t, as_tuple(args[0]));
    return s ? do_pack_into(t, s, as_tuple(args[0])->items + 1, as_tuple(args[0])->length - 1) : ERROR;
}
#define WITH_FORMAT(name, result) \
    static Value name(Thread *t, Value self, const Value *args) \
    { \
        OWN_POINTER StructObject *s = cached(t, args[0]); \
        return s ? result : ERROR; \
    }
WITH_FORMAT(module_calcsize, int_value(t, (int64_t)s->size))
WITH_FORMAT(module_unpack, do_unpack(t, s, args[1]))
WITH_FORMAT(module_unpack_from, do_unpack_from(t, s, args[1], args[2]))
WITH_FORMAT(module_iter_unpack, do_iter_unpack(t, s, args[1]))
static Value module_clear_cache(Thread *t, Value self, const Value *args)
{
    dict_clear(t, as_dict(t->interp->module_slots[SLOT_STRUCT_CACHE]));
    return NONE;
}
static const Method functions[] = {
    {"pack", module_pack, "(*values)", "pack(format, v1, v2, ...) -> bytes"},
    {"pack_into", module_pack_into, "(*values)", "pack_into(format, buffer, offset, v1, v2, ...)"},
    {"calcsize", module_calcsize, "(format, /)", "Return size in bytes of the struct described by the format string."},
    {"unpack", module_unpack, "(format, buffer, /)", "Return a tuple containing values unpacked according to the format string."},
    {"unpack_from", module_unpack_from, "(format, /, buffer, offset=0)", "Return a tuple containing values unpacked from the offset on."},
    {"iter_unpack", module_iter_unpack, "(format, buffer, /)", "Return an iterator yielding tuples unpacked from the given bytes."},
    {"_clearcache", module_clear_cache, "()", "Clear the internal cache."},
    {0},
};
static bool start(Thread *t, Value module)
{
    OWN_POINTER Dict *cache = dict_new(t);
    if (!cache) return false;
    assign(&t->interp->module_slots[SLOT_STRUCT_CACHE], object_value(MOVE_POINTER(cache)));
    Value *error = &t->interp->module_slots[SLOT_STRUCT_ERROR];
    OWN Value class = is_unbound(*error) ? exception_class_new(t, "struct", "error", type_value(&exc_Exception), NULL) : retain(*error);   // one, however often it is imported
    if (is_error(class)) return false;
    assign(error, retain(class));
    if (struct_type.version == 0 && (!type_prepare(t, &struct_type, &struct_spec) || !type_prepare(t, &unpacker_type, &unpacker_spec))) return false;
    return module_add(t, module, "error", MOVE(class)) && module_add_type(t, module, &struct_type);
}
extern const ModuleSpec _struct_spec;
const ModuleSpec _struct_spec = {.name = "_struct", .doc = "Functions to convert between Python values and C structs represented as Python bytes objects.", .functions = functions, .start = start};
