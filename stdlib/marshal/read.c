// SPDX-License-Identifier: MIT
// stdlib/marshal/read.c: bytes as the value that they stand for, from memory or from a file's readinto().
//
// Reading from a file runs Python code, which may find what is not whole yet: a tuple is full of None until then. A bad size asks for
// no more memory than there are bytes to fill it, but from a file, whose length nobody knows: there containers grow as items come.
#include "interp/interp.h"
#include "runtime/buffer.h"
#include "runtime/call.h"
#include "runtime/types/bytes.h"
#include "runtime/types/dict.h"
#include "runtime/types/float.h"
#include "runtime/types/int.h"
#include "runtime/types/list.h"
#include "runtime/types/set.h"
#include "runtime/types/str.h"
#include "runtime/types/tuple.h"
#include "stdlib/marshal/marshal.h"

typedef struct Reader {
    Thread *t;
    Value file;                 // UNBOUND: from memory
    const char *at, *end;       // of memory
    Value known;                // list: objects by number; None: one that is not whole yet
    Value chunk;                // of a file: the bytearray that was read last
    int depth;
} Reader;

static Value read_value(Reader *r);

static COLD Value too_short(Reader *r) { return raise_error(r->t, &exc_EOFError, "marshal data too short"); }

// ---- Bytes
static const char *take_from_file(Reader *r, size_t count)
{
    OWN Value chunk = bytearray_from(r->t, NULL, 0);
    if (is_error(chunk) || !bytearray_resize(r->t, chunk, count)) return NULL;
    OWN Value got = call_method1(r->t, r->file, NAME(readinto), chunk);
    ptrdiff_t length;
    if (is_error(got) || !object_as_index(r->t, got, &length, &exc_ValueError)) return NULL;
    if (length > (ptrdiff_t)count) return error_null(raise_value_error(r->t, "read() returned too much data: %zd bytes requested, %zd returned", count, length));
    if (length < (ptrdiff_t)count || as_bytearray(chunk)->length < count) return error_null(raise_error(r->t, &exc_EOFError, "EOF read where not expected"));
    assign(&r->chunk, MOVE(chunk));
    return as_bytearray(r->chunk)->data;
}
// The next so many bytes, good until the next call; NULL: raised.
static const char *take(Reader *r, size_t count)
{
    if (count == 0) return "";
    if (!is_unbound(r->file)) return take_from_file(r, count);
    if ((size_t)(r->end - r->at) < count) return error_null(too_short(r));
    r->at += count;
    return r->at - count;
}
static bool read_32(Reader *r, int32_t *n)
{
    const char *data = take(r, 4);
    if (data) memcpy(n, data, 4);
    return data != NULL;
}
static bool read_byte(Reader *r, unsigned *byte)
{
    const char *data = take(r, 1);
    if (data) *byte = (unsigned char)*data;
    return data != NULL;
}
// A size, which is not negative. `what` has it, in words.
static bool read_size(Reader *r, size_t *size, const char *what)
{
    int32_t n;
    if (!read_32(r, &n)) return false;
    *size = (size_t)n;
    if (n >= 0) return true;
    return error_false(raise_value_error(r->t, "bad marshal data (%s size out of range)", what));
}

// ---- Values without others in them
static Value read_int64(Reader *r)
{
    int64_t n;
    const char *data = take(r, 8);
    if (!data) return ERROR;
    memcpy(&n, data, 8);
    return int_value(r->t, n);
}
static Value read_long(Reader *r)
{
    int32_t n;
    if (!read_32(r, &n)) return ERROR;
    if (n == INT32_MIN) return raise_value_error(r->t, "bad marshal data (long size out of range)");
    size_t count = (size_t)(n < 0 ? -n : n);
    const char *data = take(r, 2 * count);
    if (!data) return ERROR;
    for (size_t i = 0; i < count; i++)
        if (data[2 * i + 1] & 0x80) return raise_value_error(r->t, "bad marshal data (digit out of range in long)");
    if (count && !data[2 * count - 1] && !data[2 * count - 2]) return raise_value_error(r->t, "bad marshal data (unnormalized long data)");
    mpz_t value;
    mpz_init(value);
    mpz_import(value, count, -1, 2, -1, 1, data);
    if (n < 0) mpz_neg(value, value);
    Value result = int_from_mpz(r->t, value);
    mpz_clear(value);
    return result;
}
static bool read_double(Reader *r, bool as_text, double *d)
{
    if (!as_text) {
        const char *data = take(r, 8);
        if (data) memcpy(d, data, 8);
        return data != NULL;
    }
    unsigned length;
    char text[256];
    if (!read_byte(r, &length)) return false;
    const char *data = take(r, length);
    if (!data) return false;
    memcpy(text, data, length);
    OWN Value written = str_from_latin1(r->t, text, length);
    OWN Value number = is_error(written) ? ERROR : float_from_text(r->t, text, length, written);
    bool plain = !memchr(text, '_', length) && length && !strchr(" \t\n\v\f\r", text[0]) && !strchr(" \t\n\v\f\r", text[length - 1]);   // float() takes these
    if (!is_error(number) && !plain) return error_false(raise_value_error(r->t, "could not convert string to float: %R", written));
    if (!is_error(number)) *d = as_float(number);
    return !is_error(number);
}
static Value read_complex(Reader *r, bool as_text)
{
    double real, imag;
    return read_double(r, as_text, &real) && read_double(r, as_text, &imag) ? complex_from_doubles(r->t, real, imag) : ERROR;
}
static Value read_text(Reader *r, bool is_short, bool utf8, bool interned)
{
    size_t length;
    unsigned byte;
    if (is_short ? !read_byte(r, &byte) : !read_size(r, &length, "string")) return ERROR;
    if (is_short) length = byte;
    const char *data = take(r, length);
    if (!data) return ERROR;
    Value text = utf8 ? bytes_decode(r->t, data, length, "utf-8", "surrogatepass") : str_from_latin1(r->t, data, length);
    if (is_error(text) || !interned) return text;
    Str *one = str_intern(r->t, as_str(text));
    return one ? object_value(one) : ERROR;
}
static Value read_bytes(Reader *r)
{
    size_t length;
    if (!read_size(r, &length, "bytes object")) return ERROR;
    const char *data = take(r, length);
    return data ? bytes_from(r->t, data, length) : ERROR;
}
static Value read_code(Reader *r)
{
    size_t length;
    if (!read_size(r, &length, "code")) return ERROR;
    const char *data = take(r, length);
    if (!data) return ERROR;
    uint32_t version = bytecode_version();
    if (length < MARSHAL_CODE_HEAD || memcmp(data, MARSHAL_CODE_MARK, 8) != 0) return raise_value_error(r->t, "bad marshal data (not code of this interpreter)");
    if (memcmp(data + 8, &version, 4) != 0) return raise_value_error(r->t, "bad marshal data (code of another version of this interpreter)");
    return code_load(r->t, data + MARSHAL_CODE_HEAD, length - MARSHAL_CODE_HEAD);
}

// ---- Containers. A list, dict, set or tuple is known by its number before its items are read, so that they may refer to it.
static bool keep(Reader *r, ptrdiff_t number, Value v)
{
    if (number >= 0) assign(&as_list(r->known)->items[number], retain(v));
    return true;
}
// An item of a container; UNBOUND: the mark that ends a dict, which is an error where `of` names what it is an item of.
static Value read_item(Reader *r, const char *of)
{
    Value v = read_value(r);
    if (is_unbound(v) && of) return raise_type_error(r->t, "NULL object in marshal data for %s", of);
    return v;
}
static Value read_list(Reader *r, ptrdiff_t number, size_t count, const char *what)
{
    OWN Value list = list_new(r->t, 0);
    if (is_error(list) || !keep(r, number, list)) return ERROR;
    for (size_t i = 0; i < count; i++) {
        Value item = read_item(r, what);
        if (is_error(item) || !list_append_owned(r->t, list, item)) return ERROR;
    }
    return MOVE(list);
}
static Value read_tuple(Reader *r, ptrdiff_t number, size_t count)
{
    size_t left = is_unbound(r->file) ? (size_t)(r->end - r->at) : 4096;
    if (count > left) {          // not known by its number until it is whole
        OWN Value list = read_list(r, -1, count, "tuple");
        return is_error(list) ? ERROR : list_to_tuple(r->t, list);
    }
    OWN_POINTER Tuple *tuple = tuple_blank(r->t, count);
    if (!tuple) return ERROR;
    for (size_t i = 0; i < count; i++) tuple->items[i] = NONE;
    keep(r, number, object_value(tuple));
    for (size_t i = 0; i < count; i++) {
        Value item = read_item(r, "tuple");
        if (is_error(item)) return ERROR;
        assign(&tuple->items[i], item);
    }
    return object_value(MOVE_POINTER(tuple));
}
static Value read_dict(Reader *r, ptrdiff_t number)
{
    OWN_POINTER Dict *d = dict_new(r->t);
    if (!d) return ERROR;
    keep(r, number, dict_value(d));
    for (;;) {
        OWN Value key = read_item(r, NULL);
        if (is_error(key)) return ERROR;
        if (is_unbound(key)) break;
        OWN Value value = read_item(r, NULL);
        if (is_error(value)) return ERROR;
        if (is_unbound(value)) break;
        if (!dict_set(r->t, d, key, value)) return ERROR;
    }
    return dict_value(MOVE_POINTER(d));
}
// A frozenset has no number until it is whole, for then its hash is final.
static Value read_set(Reader *r, ptrdiff_t number, bool frozen)
{
    size_t count;
    if (!read_size(r, &count, "set")) return ERROR;
    OWN Value set = set_new(r->t, frozen ? &frozenset_type : &set_type);
    if (is_error(set) || (!frozen && !keep(r, number, set))) return ERROR;
    for (size_t i = 0; i < count; i++) {
        OWN Value item = read_item(r, "set");
        if (is_error(item) || set_add(r->t, set, item) < 0) return ERROR;
    }
    return MOVE(set);
}
static Value read_reference(Reader *r)
{
    int32_t n;
    if (!read_32(r, &n)) return ERROR;
    List *known = as_list(r->known);
    if (n < 0 || (size_t)n >= known->length || is_none(known->items[n])) return raise_value_error(r->t, "bad marshal data (invalid reference)");
    return retain(known->items[n]);
}

static Value read_typed(Reader *r, unsigned type, ptrdiff_t number)
{
    int32_t n;
    unsigned byte;
    size_t count;
    double d;
    switch (type) {
    case TYPE_NULL: return UNBOUND;
    case TYPE_NONE: return NONE;
    case TYPE_FALSE: return FALSE;
    case TYPE_TRUE: return TRUE;
    case TYPE_ELLIPSIS: return ELLIPSIS;
    case TYPE_STOP: return retain(type_value(&exc_StopIteration));
    case TYPE_INT: return read_32(r, &n) ? small_int(n) : ERROR;
    case TYPE_INT64: return read_int64(r);
    case TYPE_LONG: return read_long(r);
    case TYPE_FLOAT_TEXT: case TYPE_FLOAT: return read_double(r, type == TYPE_FLOAT_TEXT, &d) ? float_from_outside(d) : ERROR;
    case TYPE_COMPLEX_TEXT: case TYPE_COMPLEX: return read_complex(r, type == TYPE_COMPLEX_TEXT);
    case TYPE_BYTES: return read_bytes(r);
    case TYPE_STR: case TYPE_INTERNED: return read_text(r, false, true, type == TYPE_INTERNED);
    case TYPE_ASCII: case TYPE_ASCII_INTERNED: return read_text(r, false, false, type == TYPE_ASCII_INTERNED);
    case TYPE_SHORT_ASCII: case TYPE_SHORT_ASCII_INTERNED: return read_text(r, true, false, type == TYPE_SHORT_ASCII_INTERNED);
    case TYPE_SMALL_TUPLE: return read_byte(r, &byte) ? read_tuple(r, number, byte) : ERROR;
    case TYPE_TUPLE: return read_size(r, &count, "tuple") ? read_tuple(r, number, count) : ERROR;
    case TYPE_LIST: return read_size(r, &count, "list") ? read_list(r, number, count, "list") : ERROR;
    case TYPE_DICT: return read_dict(r, number);
    case TYPE_SET: case TYPE_FROZENSET: return read_set(r, number, type == TYPE_FROZENSET);
    case TYPE_CODE: return read_code(r);
    case TYPE_REFERENCE: return read_reference(r);
    default: return raise_value_error(r->t, "bad marshal data (unknown type code)");
    }
}
// UNBOUND: the mark that ends a dict.
static Value read_value(Reader *r)
{
    unsigned type;
    if (!read_byte(r, &type)) return error_clear_if(r->t, &exc_EOFError) ? raise_error(r->t, &exc_EOFError, "EOF read where object expected") : ERROR;
    if (r->depth >= MARSHAL_DEEPEST) return raise_value_error(r->t, "recursion limit exceeded");
    if (!enter_call(r->t, " while reading marshal data")) return ERROR;
    ptrdiff_t number = -1;
    if (type & MARSHAL_KEPT) {
        number = (ptrdiff_t)as_list(r->known)->length;
        if (!list_append(r->t, r->known, NONE)) return ERROR;
    }
    r->depth++;
    Value v = read_typed(r, type & ~(unsigned)MARSHAL_KEPT, number);
    r->depth--;
    if (!is_error(v) && !is_unbound(v)) keep(r, number, v);
    return v;
}
static Value read_whole(Reader *r)
{
    r->known = list_new(r->t, 0);
    Value v = is_error(r->known) ? ERROR : read_item(r, "object");
    drop(r->known);
    drop(r->chunk);
    return v;
}
Value marshal_read_buffer(Thread *t, Value data)
{
    OWN_BUFFER Buffer buffer = {0};
    if (!buffer_get(t, data, &buffer, 0)) return ERROR;
    const char *at = buffer.data ? buffer.data : "";
    return read_whole(&(Reader){.t = t, .at = at, .end = at + buffer.length});
}
Value marshal_read_file(Thread *t, Value file)
{
    OWN Value nothing = call_method1(t, file, NAME(read), small_int(0));      // is it open for bytes?
    if (is_error(nothing)) return ERROR;
    if (!is_bytes(nothing)) return raise_type_error(t, "file.read() returned not bytes but %.100T", nothing);
    return read_whole(&(Reader){.t = t, .file = file});
}
