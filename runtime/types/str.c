// SPDX-License-Identifier: MIT
// runtime/types/str.c: str: making strings, slicing, joining, comparing, hashing; the type's table.
//
// Owns the layout of Str and the strings that live for ever: "" and the 256 of one Latin-1 character. Building is in
// str_builder.c, searching in str_search.c, methods in str_methods.c and others named str_*.
//
// Room to grow: a string that str_append made has STR_GROWN set and keeps room for more characters behind its end, so that
// `s += x` in a loop copies each character a constant number of times. The capacity is 8 bits of flags, a tiny floating
// point number: (8 + mantissa) << exponent, which is always at least the length.
#include "runtime/types/str.h"

#include <stdlib.h>

#include "runtime/call.h"
#include "runtime/buffer.h"
#include "runtime/heap.h"
#include "runtime/types/bytes.h"
#include "runtime/types/int.h"
#include "runtime/types/iterators.h"
#include "runtime/types/list.h"
#include "runtime/types/slice.h"
#include "runtime/types/str_internal.h"
#include "runtime/types/tuple.h"

Type str_type;
Str *str_empty;
static Str *latin1_characters[256];    // made when first needed, immortal

// ---- Characters

void characters_copy(void *to, unsigned to_kind, size_t to_at, const void *from, unsigned from_kind, size_t from_at, size_t count)
{
    if (to_kind == from_kind) {
        memcpy((char *)to + to_at * to_kind, (const char *)from + from_at * from_kind, count * to_kind);
    } else if (from_kind == 1 && to_kind == 2) {
        uint16_t *target = (uint16_t *)to + to_at;
        const uint8_t *source = (const uint8_t *)from + from_at;
        for (size_t i = 0; i < count; i++) target[i] = source[i];
    } else if (from_kind == 1) {
        uint32_t *target = (uint32_t *)to + to_at;
        const uint8_t *source = (const uint8_t *)from + from_at;
        for (size_t i = 0; i < count; i++) target[i] = source[i];
    } else {
        for (size_t i = 0; i < count; i++) data_put(to, to_kind, to_at + i, data_at(from, from_kind, from_at + i));
    }
}

bool bytes_are_ascii(const char *data, size_t length)
{
    size_t i = 0;
    for (; i + 8 <= length; i += 8) {
        uint64_t word;
        memcpy(&word, data + i, 8);
        if (word & UINT64_C(0x8080808080808080)) return false;
    }
    for (; i < length; i++) if (data[i] & 0x80) return false;
    return true;
}

Codepoint characters_widest(const void *data, unsigned kind, size_t count)
{
    if (kind == 1) return bytes_are_ascii(data, count) ? 0x7F : 0xFF;
    Codepoint seen = 0;
    for (size_t i = 0; i < count; i++) seen |= data_at(data, kind, i);
    return seen < 0x80 ? 0x7F : seen < 0x100 ? 0xFF : seen < 0x10000 ? 0xFFFF : 0x10FFFF;
}

// ---- Making

static size_t bytes_for(size_t length, unsigned kind) { return sizeof(Str) + (length + 1) * kind; }

static void set_shape(Str *s, size_t length, Codepoint widest)
{
    unsigned kind = kind_for(widest);
    s->head.flags |= kind | (widest < 0x80 ? STR_ASCII : 0);
    s->length = length;
    data_put(s->data, kind, length, 0);
}

Str *str_blank(Thread *t, size_t length, Codepoint widest)
{
    if (UNLIKELY(length > STR_LENGTH_MAX)) return error_null(raise_memory_error(t));
    Str *s = (Str *)heap_new_leaf(t, &str_type, bytes_for(length, kind_for(widest)));
    if (s) set_shape(s, length, widest);
    return s;
}

Str *str_immortal(size_t length, Codepoint widest)
{
    Str *s = calloc(1, bytes_for(length, kind_for(widest)));
    if (!s) return NULL;
    s->head.type = &str_type;
    s->head.refs = IMMORTAL_REFS;
    s->head.flags = OBJECT_IMMORTAL;
    set_shape(s, length, widest);
    return s;
}

static Value empty(void) { return object_value(str_empty); }

Value str_from_codepoint(Thread *t, Codepoint c)
{
    if (c >= 256) {
        Str *s = str_blank(t, 1, c);
        if (!s) return ERROR;
        str_put(s, 0, c);
        return object_value(s);
    }
    if (UNLIKELY(!latin1_characters[c])) {
        Str *s = str_immortal(1, c);
        if (!s) return raise_memory_error(t);
        str_put(s, 0, c);
        latin1_characters[c] = s;
    }
    return retain(object_value(latin1_characters[c]));
}

Value str_from_ascii(Thread *t, const char *text, size_t length)
{
    if (length <= 1) return length == 0 ? empty() : str_from_codepoint(t, (uint8_t)text[0]);
    Str *s = str_blank(t, length, 0x7F);
    if (!s) return ERROR;
    memcpy(s->data, text, length);
    return object_value(s);
}

Value str_from_latin1(Thread *t, const char *text, size_t length)
{
    if (length <= 1) return str_from_ascii(t, text, length);
    Str *s = str_blank(t, length, characters_widest(text, 1, length));
    if (!s) return ERROR;
    memcpy(s->data, text, length);
    return object_value(s);
}

Value str_from_codepoints(Thread *t, const Codepoint *text, size_t length)
{
    if (length <= 1) return length == 0 ? empty() : str_from_codepoint(t, text[0]);
    Str *s = str_blank(t, length, characters_widest(text, 4, length));
    if (!s) return ERROR;
    unsigned kind = str_kind(s);
    for (size_t i = 0; i < length; i++) data_put(s->data, kind, i, text[i]);
    return object_value(s);
}

Value str_from_text(Thread *t, const char *text) { return str_from_utf8(t, text, strlen(text)); }

Value str_substring(Thread *t, Str *s, size_t start, size_t end)
{
    if (end > s->length) end = s->length;
    if (start >= end) return empty();
    size_t length = end - start;
    if (length == s->length && s->head.type == &str_type) return retain(object_value(s));
    if (length == 1) return str_from_codepoint(t, str_at(s, start));
    unsigned kind = str_kind(s);
    const char *from = s->data + start * kind;
    Str *part = str_blank(t, length, str_is_ascii(s) ? 0x7F : characters_widest(from, kind, length));
    if (!part) return ERROR;
    characters_copy(part->data, str_kind(part), 0, from, kind, 0, length);
    return object_value(part);
}

Value str_exact(Thread *t, Value v)
{
    return is_exact_str(v) ? retain(v) : str_substring(t, as_str(v), 0, as_str(v)->length);
}

// ---- Joining

Value str_concat(Thread *t, Value a, Value b)
{
    Str *first = as_str(a), *second = as_str(b);
    if (second->length == 0) return str_exact(t, a);
    if (first->length == 0) return str_exact(t, b);
    Codepoint widest = str_widest(first) > str_widest(second) ? str_widest(first) : str_widest(second);
    Str *joined = str_blank(t, first->length + second->length, widest);
    if (!joined) return ERROR;
    unsigned kind = str_kind(joined);
    characters_copy(joined->data, kind, 0, first->data, str_kind(first), 0, first->length);
    characters_copy(joined->data, kind, first->length, second->data, str_kind(second), 0, second->length);
    return object_value(joined);
}

static size_t capacity_of_code(unsigned code) { return (size_t)(8 + (code & 7)) << (code >> 3); }

static size_t capacity_of(const Str *s)
{
    return s->head.flags & STR_GROWN ? capacity_of_code(s->head.flags >> STR_CAPACITY_SHIFT & 0xFF) : s->length;
}

// The smallest code for a capacity of at least `least`.
static unsigned code_for_capacity(size_t least)
{
    unsigned exponent = 0;
    while (((size_t)15 << exponent) < least) exponent++;
    unsigned mantissa = 0;
    while (capacity_of_code(exponent << 3 | mantissa) < least) mantissa++;
    return exponent << 3 | mantissa;
}

static bool can_grow(const Str *s)
{
    return s->head.refs == 1 && s->head.type == &str_type && !(s->head.flags & (STR_INTERNED | OBJECT_IMMORTAL));
}

// first + second in a new string with room for a quarter more.
static Value concat_with_room(Thread *t, Str *first, Str *second, Codepoint widest)
{
    size_t length = first->length + second->length;
    unsigned code = code_for_capacity(length + length / 4), kind = kind_for(widest);
    if (code > 0xFF || length > STR_LENGTH_MAX) return raise_memory_error(t);
    Str *s = (Str *)object_new_sized(t, &str_type, bytes_for(capacity_of_code(code), kind));
    if (!s) return ERROR;
    set_shape(s, length, widest);
    s->head.flags |= STR_GROWN | code << STR_CAPACITY_SHIFT;
    characters_copy(s->data, kind, 0, first->data, str_kind(first), 0, first->length);
    characters_copy(s->data, kind, first->length, second->data, str_kind(second), 0, second->length);
    return object_value(s);
}

Value str_append(Thread *t, TAKES Value v, Value tail)
{
    OWN Value head = v;
    Str *s = as_str(head), *end = as_str(tail);
    if (!can_grow(s) || s->length < 32 || s == end || end->length == 0) return str_concat(t, head, tail);
    Codepoint widest = str_widest(s) > str_widest(end) ? str_widest(s) : str_widest(end);
    unsigned kind = str_kind(s);
    size_t length = s->length + end->length;
    if (kind != kind_for(widest) || length > capacity_of(s)) return concat_with_room(t, s, end, widest);
    characters_copy(s->data, kind, s->length, end->data, str_kind(end), 0, end->length);
    s->head.flags &= ~(uint32_t)(STR_ASCII | STR_HASHED);
    set_shape(s, length, widest);
    return MOVE(head);
}

static Value raise_not_str_item(Thread *t, size_t at, Value item)
{
    return raise_type_error(t, "sequence item %zu: expected str instance, %.80T found", at, item);
}

static Value join_values(Thread *t, Str *separator, const Value *items, size_t count)
{
    if (count == 0) return empty();
    if (count == 1 && is_exact_str(items[0])) return retain(items[0]);
    size_t length = 0;
    Codepoint widest = count > 1 ? str_widest(separator) : 0x7F;
    for (size_t i = 0; i < count; i++) {
        if (UNLIKELY(!is_str(items[i]))) return raise_not_str_item(t, i, items[i]);
        Str *item = as_str(items[i]);
        if (str_widest(item) > widest) widest = str_widest(item);
        if (UNLIKELY(item->length > STR_LENGTH_MAX - length || separator->length > STR_LENGTH_MAX - length - item->length))
            return raise_error(t, &exc_OverflowError, "join() result is too long for a Python string");
        length += item->length + (i ? separator->length : 0);
    }
    if (length == 0) return empty();
    Str *joined = str_blank(t, length, widest);
    if (!joined) return ERROR;
    unsigned kind = str_kind(joined);
    size_t at = 0;
    for (size_t i = 0; i < count; i++) {
        if (i && separator->length) {
            characters_copy(joined->data, kind, at, separator->data, str_kind(separator), 0, separator->length);
            at += separator->length;
        }
        Str *item = as_str(items[i]);
        characters_copy(joined->data, kind, at, item->data, str_kind(item), 0, item->length);
        at += item->length;
    }
    return object_value(joined);
}

Value str_join(Thread *t, Str *separator, Value iterable)
{
    if (is_list(iterable)) return join_values(t, separator, as_list(iterable)->items, as_list(iterable)->length);
    if (is_tuple(iterable)) return join_values(t, separator, as_tuple(iterable)->items, as_tuple(iterable)->length);
    OWN Value items = list_from_iterable(t, iterable);
    if (is_error(items)) {
        if (!type_of(iterable)->slots.iter && !type_of(iterable)->slots.get_item && error_clear_if(t, &exc_TypeError))
            raise_type_error(t, "can only join an iterable");
        return ERROR;
    }
    return join_values(t, separator, as_list(items)->items, as_list(items)->length);
}

Value str_multiply(Thread *t, Str *s, ptrdiff_t count)
{
    if (count <= 0 || s->length == 0) return empty();
    if (count == 1) return str_exact(t, object_value(s));
    if ((size_t)count > (size_t)PTRDIFF_MAX / s->length) return raise_error(t, &exc_OverflowError, "repeated string is too long");
    Str *result = str_blank(t, s->length * (size_t)count, str_widest(s));
    if (!result) return ERROR;
    size_t unit = s->length * str_kind(s), total = unit * (size_t)count;
    if (unit == 1) {
        memset(result->data, s->data[0], total);
        return object_value(result);
    }
    memcpy(result->data, s->data, unit);
    for (size_t done = unit; done < total;) {              // doubling
        size_t more = done < total - done ? done : total - done;
        memcpy(result->data + done, result->data, more);
        done += more;
    }
    return object_value(result);
}

// ---- Comparing and hashing

bool str_equal(const Str *a, const Str *b)
{
    if (a == b) return true;
    if (a->head.flags & b->head.flags & STR_HASHED && a->hash != b->hash) return false;
    return str_same_text(a, b);
}

int str_order(const Str *a, const Str *b)
{
    size_t shorter = a->length < b->length ? a->length : b->length;
    unsigned kind_a = str_kind(a), kind_b = str_kind(b);
    if (kind_a == 1 && kind_b == 1) {
        int order = memcmp(a->data, b->data, shorter);
        if (order) return order;
    } else {
        for (size_t i = 0; i < shorter; i++) {
            Codepoint x = data_at(a->data, kind_a, i), y = data_at(b->data, kind_b, i);
            if (x != y) return x < y ? -1 : 1;
        }
    }
    return (a->length > b->length) - (a->length < b->length);
}

bool str_equal_text(const Str *s, const char *ascii)
{
    size_t length = strlen(ascii);
    return s->length == length && str_is_ascii(s) && memcmp(s->data, ascii, length) == 0;
}

#define ROTATE(x, bits) ((x) << (bits) | (x) >> (64 - (bits)))
#define SIP_ROUND(a, b, c, d) \
    do { \
        a += b; b = ROTATE(b, 13); b ^= a; a = ROTATE(a, 32); \
        c += d; d = ROTATE(d, 16); d ^= c; \
        a += d; d = ROTATE(d, 21); d ^= a; \
        c += b; b = ROTATE(b, 17); b ^= c; c = ROTATE(c, 32); \
    } while (0)

uint64_t keyed_hash(const void *data, size_t length)
{
    const uint64_t *seed = thread_current()->interp->hash_seed;
    uint64_t a = seed[0] ^ UINT64_C(0x736f6d6570736575), b = seed[1] ^ UINT64_C(0x646f72616e646f6d);
    uint64_t c = seed[0] ^ UINT64_C(0x6c7967656e657261), d = seed[1] ^ UINT64_C(0x7465646279746573);
    const char *at = data;
    uint64_t last = (uint64_t)length << 56, word;
    for (size_t words = length / 8; words; words--, at += 8) {
        memcpy(&word, at, 8);
        d ^= word;
        SIP_ROUND(a, b, c, d);
        a ^= word;
    }
    word = 0;
    memcpy(&word, at, length & 7);
    last |= word;
    d ^= last;
    SIP_ROUND(a, b, c, d);
    a ^= last;
    c ^= 0xFF;
    SIP_ROUND(a, b, c, d);
    SIP_ROUND(a, b, c, d);
    SIP_ROUND(a, b, c, d);
    return a ^ b ^ c ^ d;
}

int64_t str_hash_of_bytes(const char *data, size_t length)
{
    int64_t hash = (int64_t)keyed_hash(data, length);
    return hash == -1 ? -2 : hash;
}
int64_t str_hash(Str *s)
{
    if (LIKELY(s->head.flags & STR_HASHED)) return s->hash;
    s->hash = s->length ? str_hash_of_bytes(s->data, s->length * str_kind(s)) : 0;
    s->head.flags |= STR_HASHED;
    return s->hash;
}

// ---- Slots

static size_t size_slot(Object *o)
{
    Str *s = (Str *)o;
    return bytes_for(capacity_of(s), str_kind(s));
}

static void finish(Thread *t, Object *o)
{
    (void)t;
    if (UNLIKELY(o->flags & STR_INTERNED)) intern_forget((Str *)o);
}

static bool hash_slot(Thread *t, Value v, int64_t *hash)
{
    (void)t;
    *hash = str_hash(as_str(v));
    return true;
}

static Value compare(Thread *t, Value a, Value b, CompareOp op)
{
    (void)t;
    if (!is_str(b) || !is_str(a)) return NOT_IMPLEMENTED;
    if (op == CMP_EQ) return bool_value(str_equal(as_str(a), as_str(b)));
    if (op == CMP_NE) return bool_value(!str_equal(as_str(a), as_str(b)));
    return order_value(str_order(as_str(a), as_str(b)), op);
}

static Value str_slot(Thread *t, Value v) { return str_exact(t, v); }

static ptrdiff_t length(Thread *t, Value v)
{
    (void)t;
    return (ptrdiff_t)as_str(v)->length;
}

static Value get_slice(Thread *t, Str *s, Slice *slice)
{
    ptrdiff_t start, stop, step;
    size_t count;
    if (!slice_indices(t, slice, s->length, &start, &stop, &step, &count)) return ERROR;
    if (step == 1) return str_substring(t, s, (size_t)start, (size_t)start + count);
    if (count == 0) return empty();
    unsigned kind = str_kind(s);
    Codepoint seen = 0;
    if (str_is_ascii(s)) seen = 0x7F;
    else for (size_t i = 0; i < count; i++) seen |= data_at(s->data, kind, (size_t)(start + (ptrdiff_t)i * step));
    Str *part = str_blank(t, count, seen);
    if (!part) return ERROR;
    unsigned part_kind = str_kind(part);
    for (size_t i = 0; i < count; i++) data_put(part->data, part_kind, i, data_at(s->data, kind, (size_t)(start + (ptrdiff_t)i * step)));
    return object_value(part);
}

static Value get_item(Thread *t, Value v, Value key)
{
    Str *s = as_str(v);
    ptrdiff_t at;
    if (LIKELY(is_small_int(key))) {
        at = (ptrdiff_t)as_small_int(key);
    } else if (is_slice(key)) {
        return get_slice(t, s, as_slice(key));
    } else {
        if (!is_bool(key) && !type_of(key)->slots.index) return raise_type_error(t, "string indices must be integers, not '%.200T'", key);
        if (!object_as_index(t, key, &at, &exc_IndexError)) return ERROR;
    }
    if (at < 0) at += (ptrdiff_t)s->length;
    if (at < 0 || (size_t)at >= s->length) return raise_error(t, &exc_IndexError, "string index out of range");
    return str_from_codepoint(t, str_at(s, (size_t)at));
}

static int contains(Thread *t, Value v, Value item)
{
    if (!is_str(item)) return error_minus(raise_type_error(t, "'in <string>' requires string as left operand, not %.200T", item));
    return str_find(as_str(v), as_str(item), 0, as_str(v)->length) >= 0;
}

static Value add(Thread *t, Value a, Value b)
{
    if (is_str(a) && is_str(b)) return str_concat(t, a, b);
    if (!is_str(a)) return NOT_IMPLEMENTED;
    return raise_type_error(t, "can only concatenate str (not \"%.200T\") to str", b);
}

static Value multiply(Thread *t, Value a, Value b)
{
    Value string = is_str(a) ? a : b, count = is_str(a) ? b : a;
    ptrdiff_t n;
    if (!is_int(count) && !type_of(count)->slots.index) return raise_type_error(t, "can't multiply sequence by non-int of type '%.200T'", count);
    if (!object_as_index(t, count, &n, &exc_OverflowError)) return ERROR;
    return str_multiply(t, as_str(string), n);
}

static Value modulo(Thread *t, Value a, Value b)
{
    return is_str(a) ? str_percent(t, a, b) : NOT_IMPLEMENTED;
}

static Value iter(Thread *t, Value v) { return sequence_iterator_new(t, &str_iterator_type, v); }

// str(object='', encoding, errors): for a subclass, a copy with that type.
static Value construct(Thread *t, Type *type, const Value *args)
{
    OWN Value text = UNBOUND;
    if (is_unbound(args[0])) {
        text = empty();
    } else if (is_unbound(args[1]) && is_unbound(args[2])) {
        text = object_str(t, args[0]);
    } else {
        OWN_MEMORY char *encoding_copy = NULL, *errors_copy = NULL;
        const char *encoding, *errors;
        if (!argument_codec_text(t, args[1], "str", "'encoding'", &encoding, &encoding_copy)) return ERROR;
        if (!argument_codec_text(t, args[2], "str", "'errors'", &errors, &errors_copy)) return ERROR;
        if (is_str(args[0])) return raise_type_error(t, "decoding str is not supported");
        OWN_BUFFER Buffer b = {0};
        bool held = is_buffer(args[0]) && buffer_get(t, args[0], &b, 0);
        if (!held && is_buffer(args[0]) && !error_clear_if(t, &exc_BufferError)) return ERROR;
        if (!held) return raise_type_error(t, "decoding to str: need a bytes-like object, %.80T found", args[0]);
        text = bytes_decode(t, b.data, (size_t)b.length, encoding, errors);
    }
    if (is_error(text) || type == &str_type) return MOVE(text);
    Str *s = as_str(text);
    Str *copy = (Str *)object_new_sized(t, type, bytes_for(s->length, str_kind(s)));
    if (!copy) return ERROR;
    copy->head.flags |= s->head.flags & (STR_KIND_MASK | STR_ASCII | STR_HASHED);
    copy->length = s->length;
    copy->hash = s->hash;
    memcpy(copy->data, s->data, (s->length + 1) * str_kind(s));
    return object_value(copy);
}

const TypeSpec str_spec = {
    .name = "str",
    .doc = "str(object='') -> str\nstr(bytes_or_buffer[, encoding[, errors]]) -> str\n\nCreate a new string object from the given object.",
    .size = sizeof(Str),
    .flags = TYPE_BASE | TYPE_LEAF | TYPE_IS_STR | TYPE_VAR_SIZED | TYPE_SEQUENCE | TYPE_MATCH_SELF | TYPE_IMMUTABLE,
    .slots = {
        .size = size_slot,
        .finish = finish,
        .repr = str_repr,
        .str = str_slot,
        .hash = hash_slot,
        .compare = compare,
        .iter = iter,
        .binary = {[OP_ADD] = add, [OP_MULTIPLY] = multiply, [OP_MODULO] = modulo},
        .length = length,
        .get_item = get_item,
        .contains = contains,
    },
    .methods = str_methods,
    .new_signature = "(object=<unset>, encoding=<unset>, errors=<unset>)",
    .construct = construct,
};
