// SPDX-License-Identifier: MIT
// stdlib/marshal/write.c: a value as bytes.
//
// No Python code runs from begin to end, so nothing that is being written can change. From version 3 on an object that somebody else
// has too is numbered where it is first written, and later only its number is; which those are is told by `Numbers`, a table by address.
#include <stdio.h>
#include <stdlib.h>

#include "interp/interp.h"
#include "runtime/buffer.h"
#include "runtime/heap.h"
#include "runtime/types/byte_builder.h"
#include "runtime/types/dict.h"
#include "runtime/types/float.h"
#include "runtime/types/int.h"
#include "runtime/types/list.h"
#include "runtime/types/set.h"
#include "runtime/types/str.h"
#include "runtime/types/tuple.h"
#include "stdlib/marshal/marshal.h"

typedef struct Number { const Object *object; uint32_t number; } Number;       // object NULL: a free place
typedef struct Numbers { Number *places; size_t count, mask; } Numbers;
typedef struct Writer { Thread *t; ByteBuilder out; int version, depth; Numbers numbers; } Writer;

static bool write_value(Writer *w, Value v);
static bool refuse(Writer *w) { return error_false(raise_value_error(w->t, "unmarshallable object")); }

// ---- Numbers of objects
static Number *place_of(const Numbers *n, const Object *o)
{
    size_t at = ((uintptr_t)o >> 4) * UINT64_C(0x9E3779B97F4A7C15) >> 32 & n->mask;
    while (n->places[at].object && n->places[at].object != o) at = (at + 1) & n->mask;
    return &n->places[at];
}
static bool numbers_grow(Thread *t, Numbers *n)
{
    size_t size = n->places ? 2 * (n->mask + 1) : 64;
    Numbers larger = {mem_allocate(t, size * sizeof(Number)), n->count, size - 1};
    if (!larger.places) return false;
    memset(larger.places, 0, size * sizeof(Number));
    for (size_t i = 0; n->places && i <= n->mask; i++)
        if (n->places[i].object) *place_of(&larger, n->places[i].object) = n->places[i];
    mem_free(n->places);
    *n = larger;
    return true;
}
// 1: v was written before, and now its number is; 0: it is to be written, with *kept in its type; -1: raised.
static int write_number(Writer *w, Value v, unsigned *kept)
{
    *kept = 0;
    if (w->version < 3 || !is_object(v) || as_object(v)->refs == 1) return 0;
    if ((!w->numbers.places || w->numbers.count > w->numbers.mask / 2) && !numbers_grow(w->t, &w->numbers)) return -1;
    Number *place = place_of(&w->numbers, as_object(v));
    if (place->object) {
        byte_builder_put(&w->out, TYPE_REFERENCE);
        byte_builder_add(&w->out, (const char *)&place->number, 4);
        return 1;
    }
    *place = (Number){as_object(v), (uint32_t)w->numbers.count++};
    *kept = MARSHAL_KEPT;
    return 0;
}

// ---- Pieces. Whether the builder has failed is asked once, at the end.
static void put_32(Writer *w, int32_t n) { byte_builder_add(&w->out, (const char *)&n, 4); }
static bool put_size(Writer *w, size_t size)
{
    if (size > INT32_MAX) return refuse(w);
    put_32(w, (int32_t)size);
    return true;
}
static bool put_sized(Writer *w, unsigned type, const char *data, size_t length)
{
    byte_builder_put(&w->out, type);
    if (!put_size(w, length)) return false;
    byte_builder_add(&w->out, data, length);
    return true;
}
static void put_double(Writer *w, double d)
{
    if (w->version > 1) {
        byte_builder_add(&w->out, (const char *)&d, 8);
        return;
    }
    char text[40];
    int length = snprintf(text, sizeof text, "%.17g", isnan(d) ? fabs(d) : d);
    byte_builder_put(&w->out, (unsigned)length);
    byte_builder_add(&w->out, text, (size_t)length);
}

// ---- Values without others in them
static bool write_large_int(Writer *w, Value v, unsigned kept)
{
    mpz_t value;
    mpz_init(value);
    int_get_mpz(v, value);
    bool negative = mpz_sgn(value) < 0;
    size_t count = (mpz_sizeinbase(value, 2) + 14) / 15;
    bool done = false;
    byte_builder_put(&w->out, TYPE_LONG | kept);
    if (count <= INT32_MAX) {
        put_32(w, negative ? -(int32_t)count : (int32_t)count);
        uint16_t *digits = (uint16_t *)(void *)byte_builder_reserve(&w->out, 2 * count);
        // exported as bytes with one unused bit of sixteen: little-endian, which every machine that we run on is
        if (digits) mpz_export(digits, NULL, -1, 2, -1, 1, value);
        if (digits) w->out.length += 2 * count;
        done = true;
    }
    mpz_clear(value);
    return done || refuse(w);
}
static bool write_int(Writer *w, Value v, unsigned kept)
{
    int64_t i = is_small_int(v) ? as_small_int(v) : INT64_MAX;
    if (i < INT32_MIN || i > INT32_MAX) return write_large_int(w, v, kept);
    byte_builder_put(&w->out, TYPE_INT | kept);
    put_32(w, (int32_t)i);
    return true;
}
static bool write_str(Writer *w, const Str *s, unsigned kept)
{
    bool interned = str_is_interned(s);
    if (w->version >= 4 && str_is_ascii(s)) {
        if (s->length > 255) return put_sized(w, (interned ? TYPE_ASCII_INTERNED : TYPE_ASCII) | kept, s->data, s->length);
        byte_builder_put(&w->out, (interned ? TYPE_SHORT_ASCII_INTERNED : TYPE_SHORT_ASCII) | kept);
        byte_builder_put(&w->out, (unsigned)s->length);
        byte_builder_add(&w->out, s->data, s->length);
        return true;
    }
    OWN Value data = str_encode(w->t, (Str *)s, "utf-8", "surrogatepass");
    return !is_error(data) && put_sized(w, (interned && w->version >= 3 ? TYPE_INTERNED : TYPE_STR) | kept, bytes_data(data), bytes_length(data));
}
static bool write_code(Writer *w, Value v, unsigned kept)
{
    OWN Value saved = code_save(w->t, v);
    if (is_error(saved)) return false;
    uint32_t version = bytecode_version();
    byte_builder_put(&w->out, TYPE_CODE | kept);
    if (!put_size(w, MARSHAL_CODE_HEAD + bytes_length(saved))) return false;
    byte_builder_add(&w->out, MARSHAL_CODE_MARK, 8);
    byte_builder_add(&w->out, (const char *)&version, 4);
    byte_builder_add(&w->out, bytes_data(saved), bytes_length(saved));
    return true;
}
static bool write_buffer(Writer *w, Value v, unsigned kept)
{
    OWN_BUFFER Buffer buffer = {0};
    if (is_buffer(v) && buffer_get(w->t, v, &buffer, 0)) return put_sized(w, TYPE_BYTES | kept, buffer.data, (size_t)buffer.length);
    if (error_pending(w->t)) error_clear(w->t);
    return refuse(w);
}

// ---- Containers
static bool write_items(Writer *w, unsigned type, const Value *items, size_t count, unsigned kept)
{
    if (type == TYPE_TUPLE && w->version >= 4 && count < 256) {
        byte_builder_put(&w->out, TYPE_SMALL_TUPLE | kept);
        byte_builder_put(&w->out, (unsigned)count);
    } else {
        byte_builder_put(&w->out, type | kept);
        if (!put_size(w, count)) return false;
    }
    for (size_t i = 0; i < count; i++)
        if (!write_value(w, items[i])) return false;
    return true;
}
static bool write_dict(Writer *w, Dict *d, unsigned kept)
{
    byte_builder_put(&w->out, TYPE_DICT | kept);
    Value key, value;
    for (size_t at = 0; dict_next(d, &at, &key, &value);)
        if (!write_value(w, key) || !write_value(w, value)) return false;
    byte_builder_put(&w->out, TYPE_NULL);
    return true;
}
static int order_of_pairs(const void *a, const void *b)
{
    const Bytes *x = as_bytes(as_tuple(*(const Value *)a)->items[0]), *y = as_bytes(as_tuple(*(const Value *)b)->items[0]);
    int order = memcmp(x->data, y->data, x->length < y->length ? x->length : y->length);
    return order ? order : (x->length > y->length) - (x->length < y->length);
}
static NEW_REF Value write_alone(Writer *outer, Value v);
// In the order of what each is written as, so that equal sets give equal bytes whatever the hashes are.
static bool write_set(Writer *w, Set *s, unsigned type, unsigned kept)
{
    OWN Value pairs = list_new(w->t, s->count);
    if (is_error(pairs)) return false;
    Value item;
    for (size_t at = 0; set_next(s, &at, &item);) {
        OWN Value text = s->count > 1 ? write_alone(w, item) : NONE;
        OWN Value pair = is_error(text) ? ERROR : tuple_of(w->t, 2, text, item);
        if (is_error(pair) || !list_append(w->t, pairs, pair)) return false;
    }
    List *list = as_list(pairs);
    if (list->length > 1) qsort(list->items, list->length, sizeof *list->items, order_of_pairs);
    byte_builder_put(&w->out, type | kept);
    if (!put_size(w, list->length)) return false;
    for (size_t i = 0; i < list->length; i++)
        if (!write_value(w, as_tuple(list->items[i])->items[1])) return false;
    return true;
}

static bool write_object(Writer *w, Value v, unsigned kept)
{
    Type *type = type_of(v);
    if (type == &str_type) return write_str(w, as_str(v), kept);
    if (type == &int_type) return write_int(w, v, kept);
    if (type == &bytes_type) return put_sized(w, TYPE_BYTES | kept, bytes_data(v), bytes_length(v));
    if (type == &float_type || type == &complex_type) {
        bool text = w->version <= 1, complex = type == &complex_type;
        byte_builder_put(&w->out, (complex ? (text ? TYPE_COMPLEX_TEXT : TYPE_COMPLEX) : text ? TYPE_FLOAT_TEXT : TYPE_FLOAT) | kept);
        put_double(w, complex ? ((Complex *)as_object(v))->real : as_float(v));
        if (complex) put_double(w, ((Complex *)as_object(v))->imag);
        return true;
    }
    if (type == &tuple_type) return write_items(w, TYPE_TUPLE, as_tuple(v)->items, as_tuple(v)->length, kept);
    if (type == &list_type) return write_items(w, TYPE_LIST, as_list(v)->items, as_list(v)->length, kept);
    if (type == &dict_type) return write_dict(w, as_dict(v), kept);
    if (type == &set_type || type == &frozenset_type) return write_set(w, as_set(v), type == &set_type ? TYPE_SET : TYPE_FROZENSET, kept);
    if (type == &code_type) return write_code(w, v, kept);
    return write_buffer(w, v, kept);
}
static int single_letter(Value v)
{
    return is_none(v) ? TYPE_NONE : is_true(v) ? TYPE_TRUE : is_false(v) ? TYPE_FALSE : is_ellipsis(v) ? TYPE_ELLIPSIS
           : is_same(v, type_value(&exc_StopIteration)) ? TYPE_STOP : 0;
}
static bool write_value(Writer *w, Value v)
{
    unsigned kept;
    int letter = single_letter(v);
    if (letter) {
        byte_builder_put(&w->out, (unsigned)letter);
        return true;
    }
    if (w->depth >= MARSHAL_DEEPEST) return error_false(raise_value_error(w->t, "object too deeply nested to marshal"));
    int known = write_number(w, v, &kept);
    if (known) return known > 0;
    if (!enter_call(w->t, " while marshalling an object")) return false;
    w->depth++;
    bool done = write_object(w, v, kept);
    w->depth--;
    return done;
}

static Value write_with(Writer *w, Value v)
{
    byte_builder_start(w->t, &w->out);
    bool done = write_value(w, v);
    mem_free(w->numbers.places);
    if (done) return byte_builder_finish(&w->out);
    byte_builder_abandon(&w->out);
    return ERROR;
}
// What v alone is written as, as deep as it lies in what `outer` writes.
static Value write_alone(Writer *outer, Value v) { return write_with(&(Writer){.t = outer->t, .version = outer->version, .depth = outer->depth}, v); }
Value marshal_write(Thread *t, Value v, int version) { return write_with(&(Writer){.t = t, .version = version}, v); }
