// SPDX-License-Identifier: MIT
// runtime/types/codec_errors.c: what happens when a character cannot be encoded or a byte cannot be decoded.
//
// The handlers that Python names itself are here, as functions of the text and the place; others are Python functions in
// interp->codec_errors (codecs.register_error), which get a UnicodeError and give (replacement, position).
#include <stdio.h>

#include "runtime/call.h"
#include "runtime/thread.h"
#include "runtime/types/codec.h"
#include "runtime/types/dict.h"
#include "runtime/types/exception.h"
#include "runtime/types/int.h"
#include "runtime/types/str_internal.h"
#include "runtime/types/tuple.h"

const char *const codec_handler_names[] = {
    "strict", "ignore", "replace", "backslashreplace", "xmlcharrefreplace", "namereplace", "surrogateescape", "surrogatepass", NULL,
};

enum Handled { RAISED = -1, REFUSED, HANDLED };     // REFUSED: the UnicodeError itself is to be raised

// ---- UnicodeErrors

static Value make_error(Thread *t, Type *type, const char *encoding, Value object, size_t start, size_t end, const char *reason)
{
    OWN Value name = str_from_text(t, encoding), why = is_error(name) ? ERROR : str_from_text(t, reason);
    if (is_error(name) || is_error(why)) return ERROR;
    Value args[] = {name, object, small_int((int64_t)start), small_int((int64_t)end), why};
    return call(t, type_value(type), args, 5, UNBOUND);
}

Value raise_encode_error(Thread *t, const char *encoding, Value s, size_t start, size_t end, const char *reason)
{
    Value exception = make_error(t, &exc_UnicodeEncodeError, encoding, s, start, end, reason);
    return is_error(exception) ? ERROR : raise_exception(t, exception);
}

Value raise_decode_error(Thread *t, const char *encoding, Value bytes, size_t start, size_t end, const char *reason)
{
    Value exception = make_error(t, &exc_UnicodeDecodeError, encoding, bytes, start, end, reason);
    return is_error(exception) ? ERROR : raise_exception(t, exception);
}

// ---- Built-in handlers

static void add_backslashed(StrBuilder *b, Codepoint c)
{
    char text[16];
    int length = snprintf(text, sizeof text, c < 0x100 ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\U%08x", c);
    builder_add_ascii(b, text, (size_t)length);
}

// \N{NAME}, by the module unicodedata; false: raised.
static bool add_named(Thread *t, StrBuilder *b, Codepoint c)
{
    OWN_POINTER Str *module_name = str_intern_text(t, "unicodedata", 11), *method = str_intern_text(t, "name", 4);
    if (!module_name || !method || !t->interp->up.import_module) return false;
    OWN Value module = t->interp->up.import_module(t, module_name), character = str_from_codepoint(t, c);
    if (is_error(module) || is_error(character)) return false;
    OWN Value name = call_method2(t, module, method, character, NONE);
    if (is_error(name)) return false;
    if (!is_str(name)) {
        add_backslashed(b, c);
    } else {
        builder_add_text(b, "\\N{");
        builder_add_str(b, as_str(name));
        builder_add(b, '}');
    }
    return true;
}

static bool is_surrogate(Codepoint c) { return c >= 0xD800 && c <= 0xDFFF; }

// Bytes of a codec's unit for surrogatepass: 1 for UTF-8, else 2 or 4; *big: most significant byte first. 0: another codec.
static int unit_of(const char *encoding, bool *big)
{
    const char *name = codec_builtin_name(encoding);
    *big = false;
    if (!name) return 0;
    if (strcmp(name, "utf-8") == 0) return 1;
    if (strncmp(name, "utf-16", 6) != 0 && strncmp(name, "utf-32", 6) != 0) return 0;
    *big = strstr(name, "-be") != NULL;
    return name[4] == '1' ? 2 : 4;
}

// `at`, which may be NULL, lets surrogateescape stop in the middle: where the first character is that it cannot escape.
static enum Handled encode_surrogates(Thread *t, bool pass, const char *encoding, Str *s, size_t start, size_t end, Value *replacement, size_t *at)
{
    bool big;
    int unit = pass ? unit_of(encoding, &big) : 0;
    if (pass && unit == 0) return REFUSED;
    ByteBuilder b;
    byte_builder_start(t, &b);
    for (size_t i = start; i < end; i++) {
        Codepoint c = str_at(s, i);
        if (pass ? !is_surrogate(c) : c < 0xDC80 || c > 0xDCFF) {
            if (!pass && at && i > start) {
                *at = i;
                break;
            }
            byte_builder_abandon(&b);
            return REFUSED;
        }
        if (!pass) {
            byte_builder_put(&b, c - 0xDC00);
        } else if (unit == 1) {
            byte_builder_put(&b, 0xE0 | c >> 12);
            byte_builder_put(&b, 0x80 | (c >> 6 & 0x3F));
            byte_builder_put(&b, 0x80 | (c & 0x3F));
        } else {
            for (int k = 0; k < unit; k++) byte_builder_put(&b, c >> 8 * (big ? unit - 1 - k : k) & 0xFF);
        }
    }
    *replacement = byte_builder_finish(&b);
    return is_error(*replacement) ? RAISED : HANDLED;
}

static enum Handled encode_builtin(Thread *t, const char *name, const char *encoding, Str *s, size_t start, size_t end, Value *replacement, size_t *at)
{
    if (strcmp(name, "strict") == 0) return REFUSED;
    if (strncmp(name, "surrogate", 9) == 0) return encode_surrogates(t, strcmp(name, "surrogatepass") == 0, encoding, s, start, end, replacement, at);
    StrBuilder b;
    builder_start(t, &b);
    for (size_t i = start; i < end; i++) {
        Codepoint c = str_at(s, i);
        char text[16];
        switch (name[0]) {
        case 'r': builder_add(&b, '?'); break;
        case 'b': add_backslashed(&b, c); break;
        case 'x': builder_add_ascii(&b, text, (size_t)snprintf(text, sizeof text, "&#%u;", c)); break;
        case 'n':
            if (add_named(t, &b, c)) break;
            builder_abandon(&b);
            return RAISED;
        }
    }
    *replacement = builder_finish(&b);
    return is_error(*replacement) ? RAISED : HANDLED;
}

// A surrogate as its three bytes of UTF-8, or two or four of the wider encodings, that begins at data[start].
static bool decode_surrogate(const char *encoding, const uint8_t *data, size_t length, size_t start, Codepoint *c, size_t *size)
{
    bool big;
    int unit = unit_of(encoding, &big);
    *size = unit == 1 ? 3 : (size_t)unit;
    if (unit == 0 || start + *size > length) return false;
    data += start;
    if (unit == 1) {
        if ((data[0] & 0xF0) != 0xE0 || (data[1] & 0xC0) != 0x80 || (data[2] & 0xC0) != 0x80) return false;
        *c = (Codepoint)((data[0] & 15) << 12 | (data[1] & 63) << 6 | (data[2] & 63));
    } else {
        *c = 0;
        for (int k = 0; k < unit; k++) *c |= (Codepoint)data[k] << 8 * (big ? unit - 1 - k : k);
    }
    return is_surrogate(*c);
}

static enum Handled decode_builtin(const char *name, const char *encoding, const uint8_t *data, size_t length, size_t start, size_t end,
                                   StrBuilder *out, size_t *at)
{
    *at = end;
    if (strcmp(name, "surrogatepass") == 0) {
        Codepoint c;
        size_t size;
        if (!decode_surrogate(encoding, data, length, start, &c, &size)) return REFUSED;
        builder_add(out, c);
        *at = start + size;
    } else if (strcmp(name, "surrogateescape") == 0) {
        size_t i = start;
        for (; i < end && i < start + 4 && data[i] >= 0x80; i++) builder_add(out, 0xDC00u + data[i]);
        if (i == start) return REFUSED;
        *at = i;
    } else if (strcmp(name, "replace") == 0) {
        builder_add(out, 0xFFFD);
    } else if (strcmp(name, "backslashreplace") == 0) {
        for (size_t i = start; i < end; i++) add_backslashed(out, data[i]);
    } else if (strcmp(name, "xmlcharrefreplace") == 0 || strcmp(name, "namereplace") == 0) {
        raise_type_error(out->t, "don't know how to handle UnicodeDecodeError in error callback");
        return RAISED;
    } else if (strcmp(name, "ignore") != 0) {
        return REFUSED;
    }
    return out->failed ? RAISED : HANDLED;
}

static bool is_builtin(const char *name)
{
    for (const char *const *known = codec_handler_names; *known; known++) if (strcmp(*known, name) == 0) return true;
    return false;
}

// ---- Registered handlers

// Calls the handler on the exception: *replacement (owned) and *at, checked.
static bool call_handler(const CodecErrors *e, Value exception, bool decoding, Value *replacement, size_t *at)
{
    Thread *t = e->t;
    OWN Value name = str_from_text(t, e->errors);
    if (is_error(name)) return false;
    Value handler = t->interp->codec_errors ? dict_get(t, t->interp->codec_errors, name) : UNBOUND;
    if (is_error(handler)) return false;
    if (is_unbound(handler)) return error_false(raise_error(t, &exc_LookupError, "unknown error handler name '%.400s'", e->errors));
    OWN Value function = retain(handler), result = call1(t, function, exception);
    if (is_error(result)) return false;
    const char *wanted = decoding ? "decoding error handler must return (str, int) tuple" : "encoding error handler must return (str/bytes, int) tuple";
    if (!is_tuple(result) || as_tuple(result)->length != 2) return error_false(raise_type_error(t, "%s", wanted));
    Value text = as_tuple(result)->items[0], where = as_tuple(result)->items[1];
    if (!(is_str(text) || (!decoding && is_bytes(text))) || !is_int(where)) return error_false(raise_type_error(t, "%s", wanted));
    int64_t position;
    if (!int_as_i64(t, where, &position)) return false;
    Value object = exception_fields(exception)[UNICODE_OBJECT];        // the handler may have changed it
    if (decoding && !is_bytes(object)) return error_false(raise_type_error(t, "object attribute must be bytes"));
    size_t length = decoding ? bytes_length(object) : as_str(e->object)->length;
    if (position < 0) position += (int64_t)length;
    if (position < 0 || position > (int64_t)length)
        return error_false(raise_error(t, &exc_IndexError, "position %zd from error handler out of bounds", (ptrdiff_t)position));
    *replacement = retain(text);
    *at = (size_t)position;
    return true;
}

bool codec_encode_error(const CodecErrors *e, size_t start, size_t end, const char *reason, Value *replacement, size_t *at)
{
    Str *s = as_str(e->object);
    const char *name = e->errors ? e->errors : "strict";
    *at = end;
    if (is_builtin(name)) {
        enum Handled handled = encode_builtin(e->t, name, e->encoding, s, start, end, replacement, at);
        if (handled == REFUSED) raise_encode_error(e->t, e->encoding, e->object, start, end, reason);
        return handled == HANDLED;
    }
    OWN Value exception = make_error(e->t, &exc_UnicodeEncodeError, e->encoding, e->object, start, end, reason);
    return !is_error(exception) && call_handler(e, exception, false, replacement, at);
}

bool codec_decode_error(CodecErrors *e, size_t start, size_t end, const char *reason, StrBuilder *out, size_t *at)
{
    const char *name = e->errors ? e->errors : "strict";
    if (is_builtin(name)) {
        enum Handled handled = decode_builtin(name, e->encoding, (const uint8_t *)e->data, e->length, start, end, out, at);
        if (handled != REFUSED) return handled == HANDLED;
    }
    OWN Value object = bytes_from(e->t, e->data, e->length);
    if (is_error(object)) return false;
    OWN Value exception = make_error(e->t, &exc_UnicodeDecodeError, e->encoding, object, start, end, reason);
    if (is_error(exception)) return false;
    if (is_builtin(name)) return error_false(raise_exception(e->t, MOVE(exception)));
    OWN Value replacement = UNBOUND;
    if (!call_handler(e, exception, true, &replacement, at)) return false;
    Value now = exception_fields(exception)[UNICODE_OBJECT];
    if (!is_same(now, object)) {
        assign(&e->object, retain(now));
        e->data = bytes_data(now);
        e->length = bytes_length(now);
    }
    builder_add_str(out, as_str(replacement));
    return !out->failed;
}

// ---- Handlers as functions of an exception: what codecs.lookup_error gives

static bool clip_range(Thread *t, Value exception, size_t length, size_t *start, size_t *end)
{
    int64_t first, last;
    Value *fields = exception_fields(exception);
    if (!int_as_i64(t, fields[UNICODE_START], &first) || !int_as_i64(t, fields[UNICODE_END], &last)) return false;
    int64_t size = (int64_t)length;
    if (first < 0) first = 0;
    if (first >= size) first = size ? size - 1 : 0;
    if (last < 1) last = 1;
    if (last > size) last = size;
    if (last < first) last = first;
    *start = (size_t)first;
    *end = (size_t)last;
    return true;
}

static Value handle_encode(Thread *t, const char *name, Value exception, bool translating)
{
    Value *fields = exception_fields(exception);
    size_t start, end;
    if (!is_str(fields[UNICODE_OBJECT])) return raise_type_error(t, "object attribute must be unicode");
    Str *s = as_str(fields[UNICODE_OBJECT]);
    if (!clip_range(t, exception, s->length, &start, &end)) return ERROR;
    OWN Value replacement = UNBOUND;
    if (translating && strcmp(name, "replace") == 0) {
        StrBuilder b;
        builder_start(t, &b);
        builder_add_repeat(&b, 0xFFFD, end - start);
        replacement = builder_finish(&b);
        return is_error(replacement) ? ERROR : tuple_of(t, 2, replacement, small_int((int64_t)end));
    }
    bool takes_translation = strcmp(name, "ignore") == 0 || strcmp(name, "backslashreplace") == 0;
    if (translating && !takes_translation && strcmp(name, "strict") != 0)
        return raise_type_error(t, "don't know how to handle %.200T in error callback", exception);
    OWN_MEMORY char *encoding = translating || !is_str(fields[UNICODE_ENCODING]) ? NULL : str_to_utf8(t, as_str(fields[UNICODE_ENCODING]), NULL);
    if (!translating && !encoding) return ERROR;
    enum Handled handled = encode_builtin(t, name, encoding ? encoding : "", s, start, end, &replacement, NULL);
    if (handled == REFUSED) return raise_exception(t, retain(exception));
    return handled == RAISED ? ERROR : tuple_of(t, 2, replacement, small_int((int64_t)end));
}

static Value handle_decode(Thread *t, const char *name, Value exception)
{
    Value *fields = exception_fields(exception);
    if (!is_bytes(fields[UNICODE_OBJECT]) || !is_str(fields[UNICODE_ENCODING])) return raise_type_error(t, "object attribute must be bytes");
    Value object = fields[UNICODE_OBJECT];
    size_t start, end, at;
    if (!clip_range(t, exception, bytes_length(object), &start, &end)) return ERROR;
    if (strcmp(name, "xmlcharrefreplace") == 0 || strcmp(name, "namereplace") == 0)
        return raise_type_error(t, "don't know how to handle %.200T in error callback", exception);
    OWN_MEMORY char *encoding = str_to_utf8(t, as_str(fields[UNICODE_ENCODING]), NULL);
    if (!encoding) return ERROR;
    StrBuilder out;
    builder_start(t, &out);
    enum Handled handled = decode_builtin(name, encoding, (const uint8_t *)bytes_data(object), bytes_length(object), start, end, &out, &at);
    if (handled != HANDLED) {
        builder_abandon(&out);
        return handled == REFUSED ? raise_exception(t, retain(exception)) : ERROR;
    }
    OWN Value replacement = builder_finish(&out);
    return is_error(replacement) ? ERROR : tuple_of(t, 2, replacement, small_int((int64_t)at));
}

Value codec_handle(Thread *t, const char *name, Value exception)
{
    if (strcmp(name, "strict") == 0) {
        if (is_exception(exception)) return raise_exception(t, retain(exception));
        return raise_type_error(t, "codec must pass exception instance");
    }
    if (is_instance_of(exception, &exc_UnicodeEncodeError)) return handle_encode(t, name, exception, false);
    if (is_instance_of(exception, &exc_UnicodeTranslateError)) return handle_encode(t, name, exception, true);
    if (is_instance_of(exception, &exc_UnicodeDecodeError)) return handle_decode(t, name, exception);
    return raise_type_error(t, "don't know how to handle %.200T in error callback", exception);
}
