// SPDX-License-Identifier: MIT
// runtime/types/codec_utf16.c: UTF-16 and UTF-32, in either byte order, with or without the mark that says which.
#include "runtime/types/codec.h"
#include "runtime/types/str_internal.h"

static bool is_surrogate(Codepoint c) { return c >= 0xD800 && c <= 0xDFFF; }

static Codepoint read_unit(const char *data, unsigned size, bool big)
{
    const uint8_t *bytes = (const uint8_t *)data;
    Codepoint unit = 0;
    for (unsigned i = 0; i < size; i++) unit |= (Codepoint)bytes[i] << 8 * (big ? size - 1 - i : i);
    return unit;
}

static void put_unit(ByteBuilder *b, Codepoint unit, unsigned size, bool big)
{
    for (unsigned i = 0; i < size; i++) byte_builder_put(b, unit >> 8 * (big ? size - 1 - i : i) & 0xFF);
}

// Reads a byte order mark if the order is not given: how many bytes it takes; *order becomes -1 or 1.
static size_t read_mark(const char *data, size_t length, unsigned size, int *order)
{
    if (*order != 0) return 0;
    if (length >= size) {
        if (read_unit(data, size, false) == 0xFEFF) return *order = -1, size;
        if (read_unit(data, size, true) == 0xFEFF) return *order = 1, size;
    }
    return 0;
}

static const char *name_of(unsigned size, int order)
{
    if (size == 2) return order < 0 ? "utf-16-le" : order > 0 ? "utf-16-be" : "utf-16";
    return order < 0 ? "utf-32-le" : order > 0 ? "utf-32-be" : "utf-32";
}

// One character of UTF-16: 0, or the reason why it is none and in *bad how many bytes are at fault; *size: bytes read.
static const char *decode_utf16(const char *data, size_t left, bool big, Codepoint *c, size_t *size)
{
    *size = left < 2 ? left : 2;
    if (left < 2) return "truncated data";
    Codepoint first = read_unit(data, 2, big);
    *c = first;
    if (!is_surrogate(first)) return NULL;
    if (first >= 0xDC00) return "illegal encoding";
    if (left < 4) return *size = left, "unexpected end of data";
    Codepoint second = read_unit(data + 2, 2, big);
    if (second < 0xDC00 || second > 0xDFFF) return "illegal UTF-16 surrogate";
    *c = 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
    *size = 4;
    return NULL;
}

static const char *decode_utf32(const char *data, size_t left, bool big, Codepoint *c, size_t *size)
{
    *size = left < 4 ? left : 4;
    if (left < 4) return "truncated data";
    *c = read_unit(data, 4, big);
    if (*c > 0x10FFFF) return "code point not in range(0x110000)";
    return is_surrogate(*c) ? "code point in surrogate code point range(0xd800, 0xe000)" : NULL;
}

static Value decode(Thread *t, unsigned unit, const char *data, size_t length, const char *errors, int *order, bool final, size_t *consumed)
{
    size_t at = read_mark(data, length, unit, order);
    bool big = *order > 0;
    const char *encoding = name_of(unit, big ? 1 : -1);
    StrBuilder b;
    builder_start(t, &b);
    OWN_CODEC_ERRORS CodecErrors e = {t, encoding, errors, UNBOUND, data, length};
    while (at < length && !b.failed) {
        Codepoint c;
        size_t size;
        const char *reason = (unit == 2 ? decode_utf16 : decode_utf32)(data + at, length - at, big, &c, &size);
        if (!reason) {
            builder_add(&b, c);
            at += size;
            continue;
        }
        bool cut_off = reason[0] == 't' || reason[0] == 'u';
        if (cut_off && !final) break;
        if (codec_decode_error(&e, at, at + size, reason, &b, &at)) {
            data = e.data;
            length = e.length;
            continue;
        }
        builder_abandon(&b);
        return ERROR;
    }
    if (consumed) *consumed = at;
    return builder_finish(&b);
}

Value utf16_decode(Thread *t, const char *data, size_t length, const char *errors, int *order, bool final, size_t *consumed)
{
    return decode(t, 2, data, length, errors, order, final, consumed);
}

Value utf32_decode(Thread *t, const char *data, size_t length, const char *errors, int *order, bool final, size_t *consumed)
{
    return decode(t, 4, data, length, errors, order, final, consumed);
}

static void put_character(ByteBuilder *b, Codepoint c, unsigned unit, bool big)
{
    if (unit == 2 && c >= 0x10000) {
        put_unit(b, 0xD800 + ((c - 0x10000) >> 10), 2, big);
        put_unit(b, 0xDC00 + ((c - 0x10000) & 0x3FF), 2, big);
    } else {
        put_unit(b, c, unit, big);
    }
}

// A surrogate goes to the error handler; what it gives must be whole units, or ASCII.
static bool encode_bad(const CodecErrors *e, ByteBuilder *b, unsigned unit, bool big, size_t *at)
{
    size_t start = *at, end = start + 1;
    OWN Value replacement = UNBOUND;
    const char *reason = "surrogates not allowed";
    if (!codec_encode_error(e, start, end, reason, &replacement, at)) return false;
    if (is_bytes(replacement)) {
        if (bytes_length(replacement) % unit != 0) return error_false(raise_encode_error(e->t, e->encoding, e->object, start, end, reason));
        byte_builder_add(b, bytes_data(replacement), bytes_length(replacement));
        return !b->failed;
    }
    Str *text = as_str(replacement);
    if (!str_is_ascii(text)) return error_false(raise_encode_error(e->t, e->encoding, e->object, start, end, reason));
    for (size_t i = 0; i < text->length; i++) put_unit(b, str_at(text, i), unit, big);
    return !b->failed;
}

static Value encode(Thread *t, unsigned unit, Str *s, const char *errors, int order)
{
    ByteBuilder b;
    byte_builder_start(t, &b);
    bool big = order > 0;
    if (order == 0) put_unit(&b, 0xFEFF, unit, false);
    for (size_t at = 0; at < s->length && !b.failed;) {
        Codepoint c = str_at(s, at);
        if (!is_surrogate(c)) {
            put_character(&b, c, unit, big);
            at++;
            continue;
        }
        CodecErrors e = {t, name_of(unit, order), errors, object_value(s), NULL, 0};
        if (encode_bad(&e, &b, unit, big, &at)) continue;
        byte_builder_abandon(&b);
        return ERROR;
    }
    return byte_builder_finish(&b);
}

Value utf16_encode(Thread *t, Str *s, const char *errors, int order) { return encode(t, 2, s, errors, order); }
Value utf32_encode(Thread *t, Str *s, const char *errors, int order) { return encode(t, 4, s, errors, order); }
