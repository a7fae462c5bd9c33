// SPDX-License-Identifier: MIT
// runtime/types/codec_utf8.c: UTF-8, Latin-1 and ASCII, and the ways from C text to str and back.
//
// Decoding looks for ASCII eight bytes at a time. An ill-formed sequence is reported as Unicode recommends: the longest
// beginning of a well-formed one, or one byte.
#include "runtime/heap.h"
#include "runtime/types/codec.h"
#include "runtime/types/str_internal.h"

// ---- Decoding

enum { UTF8_BAD_START = -1, UTF8_BAD_CONTINUATION = -2, UTF8_CUT_OFF = -3 };

// One character at p[0..left): its length and *c, or an error and in *bad how many bytes are at fault.
static int decode_one(const uint8_t *p, size_t left, bool surrogates, Codepoint *c, size_t *bad)
{
    unsigned lead = p[0];
    *bad = 1;
    if (lead < 0x80) {
        *c = lead;
        return 1;
    }
    if (lead < 0xC2 || lead > 0xF4) return UTF8_BAD_START;
    int length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    unsigned lowest = 0x80, highest = 0xBF;          // of the second byte: no overlong forms, no surrogates, nothing beyond 10FFFF
    if (lead == 0xE0) lowest = 0xA0;
    else if (lead == 0xED && !surrogates) highest = 0x9F;
    else if (lead == 0xF0) lowest = 0x90;
    else if (lead == 0xF4) highest = 0x8F;
    Codepoint value = lead & (0xFFu >> (length + 1));
    for (int i = 1; i < length; i++) {
        *bad = (size_t)i;
        if ((size_t)i == left) return UTF8_CUT_OFF;
        if (p[i] < lowest || p[i] > highest) return UTF8_BAD_CONTINUATION;
        value = value << 6 | (p[i] & 0x3Fu);
        lowest = 0x80;
        highest = 0xBF;
    }
    *c = value;
    return length;
}

static const char *reason_of(int error)
{
    return error == UTF8_BAD_START ? "invalid start byte" : error == UTF8_CUT_OFF ? "unexpected end of data" : "invalid continuation byte";
}

static size_t ascii_run(const char *data, size_t length)
{
    size_t i = 0;
    for (; i + 8 <= length; i += 8) {
        uint64_t word;
        memcpy(&word, data + i, 8);
        if (word & UINT64_C(0x8080808080808080)) break;
    }
    while (i < length && !(data[i] & 0x80)) i++;
    return i;
}

static Value decode(Thread *t, const char *data, size_t length, const char *errors, bool surrogates, bool final, size_t *consumed)
{
    size_t at = ascii_run(data, length);
    if (at == length) {
        if (consumed) *consumed = length;
        return str_from_ascii(t, data, length);
    }
    StrBuilder b;
    builder_start(t, &b);
    OWN_CODEC_ERRORS CodecErrors e = {t, "utf-8", errors, UNBOUND, data, length};
    builder_add_ascii(&b, data, at);
    while (at < length && !b.failed) {
        Codepoint c;
        size_t bad;
        if (!(data[at] & 0x80)) {
            size_t run = ascii_run(data + at, length - at);
            builder_add_ascii(&b, data + at, run);
            at += run;
            continue;
        }
        int size = decode_one((const uint8_t *)data + at, length - at, surrogates, &c, &bad);
        if (size > 0) {
            builder_add(&b, c);
            at += (size_t)size;
            continue;
        }
        bool half_surrogate = (uint8_t)data[at] == 0xED && length - at == 2 && ((uint8_t)data[at + 1] & 0xE0) == 0xA0;
        if ((size == UTF8_CUT_OFF || half_surrogate) && !final) break;       // what is missing may make it right, for surrogatepass
        if (codec_decode_error(&e, at, at + bad, reason_of(size), &b, &at)) {
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

Value utf8_decode(Thread *t, const char *data, size_t length, const char *errors, bool final, size_t *consumed)
{
    return decode(t, data, length, errors, false, final, consumed);
}

Value str_from_utf8(Thread *t, const char *text, size_t length) { return decode(t, text, length, NULL, false, true, NULL); }
Value str_from_wtf8(Thread *t, const char *text, size_t length) { return decode(t, text, length, NULL, true, true, NULL); }
Value str_from_os(Thread *t, const char *text, size_t length) { return decode(t, text, length, "surrogateescape", false, true, NULL); }

Value ascii_decode(Thread *t, const char *data, size_t length, const char *errors)
{
    size_t at = ascii_run(data, length);
    if (at == length) return str_from_ascii(t, data, length);
    StrBuilder b;
    builder_start(t, &b);
    OWN_CODEC_ERRORS CodecErrors e = {t, "ascii", errors, UNBOUND, data, length};
    builder_add_ascii(&b, data, at);
    while (at < length && !b.failed) {
        size_t run = ascii_run(data + at, length - at);
        builder_add_ascii(&b, data + at, run);
        at += run;
        if (at == length) break;
        if (codec_decode_error(&e, at, at + 1, "ordinal not in range(128)", &b, &at)) {
            data = e.data;
            length = e.length;
            continue;
        }
        builder_abandon(&b);
        return ERROR;
    }
    return builder_finish(&b);
}

// ---- Encoding

static size_t put_utf8(char *to, Codepoint c)
{
    if (c < 0x80) {
        to[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        to[0] = (char)(0xC0 | c >> 6);
        to[1] = (char)(0x80 | (c & 0x3F));
        return 2;
    }
    if (c < 0x10000) {
        to[0] = (char)(0xE0 | c >> 12);
        to[1] = (char)(0x80 | (c >> 6 & 0x3F));
        to[2] = (char)(0x80 | (c & 0x3F));
        return 3;
    }
    to[0] = (char)(0xF0 | c >> 18);
    to[1] = (char)(0x80 | (c >> 12 & 0x3F));
    to[2] = (char)(0x80 | (c >> 6 & 0x3F));
    to[3] = (char)(0x80 | (c & 0x3F));
    return 4;
}

static bool is_surrogate(Codepoint c) { return c >= 0xD800 && c <= 0xDFFF; }

// Adds what a handler put in the place of s[start..end): bytes as they are, characters if they are below `limit`.
static bool add_replacement(const CodecErrors *e, ByteBuilder *b, Value replacement, Codepoint limit, size_t start, size_t end, const char *reason)
{
    if (is_bytes(replacement)) {
        byte_builder_add(b, bytes_data(replacement), bytes_length(replacement));
        return !b->failed;
    }
    Str *s = as_str(replacement);
    for (size_t i = 0; i < s->length; i++) {
        Codepoint c = str_at(s, i);
        if (c >= limit) return error_false(raise_encode_error(e->t, e->encoding, e->object, start, end, reason));
        byte_builder_put(b, c);
    }
    return !b->failed;
}

// The surrogate at `at` and those behind it go to the error handler; *at moves on.
static bool encode_bad(const CodecErrors *e, ByteBuilder *b, Codepoint limit, bool (*is_bad)(Codepoint c), const char *reason, size_t *at)
{
    Str *s = as_str(e->object);
    size_t start = *at, end = start + 1;
    while (end < s->length && is_bad(str_at(s, end))) end++;
    OWN Value replacement = UNBOUND;
    return codec_encode_error(e, start, end, reason, &replacement, at) && add_replacement(e, b, replacement, limit, start, end, reason);
}

// How many bytes the text takes; 0: it has characters that cannot be encoded (a text without any takes none either).
static size_t encoded_size(const Str *s)
{
    size_t size = 0;
    for (size_t at = 0; at < s->length; at++) {
        Codepoint c = str_at(s, at);
        if (UNLIKELY(is_surrogate(c))) return 0;
        size += c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    }
    return size;
}

Value utf8_encode(Thread *t, Str *s, const char *errors)
{
    if (str_is_ascii(s)) return bytes_from(t, s->data, s->length);
    size_t size = encoded_size(s);
    if (size) {
        Value made = bytes_from(t, NULL, size);
        if (is_error(made)) return ERROR;
        char *to = bytes_data(made);
        for (size_t at = 0; at < s->length; at++) to += put_utf8(to, str_at(s, at));
        return made;
    }
    ByteBuilder b;
    byte_builder_start(t, &b);
    byte_builder_reserve(&b, s->length * (str_kind(s) == 1 ? 2 : 3));
    for (size_t at = 0; at < s->length && !b.failed;) {
        Codepoint c = str_at(s, at);
        if (UNLIKELY(is_surrogate(c))) {
            CodecErrors e = {t, "utf-8", errors, object_value(s), NULL, 0};
            if (encode_bad(&e, &b, 0x80, is_surrogate, "surrogates not allowed", &at)) continue;
            byte_builder_abandon(&b);
            return ERROR;
        }
        char *to = byte_builder_reserve(&b, 4);
        if (to) b.length += put_utf8(to, c);
        at++;
    }
    return byte_builder_finish(&b);
}

static bool is_beyond_latin1(Codepoint c) { return c > 0xFF; }
static bool is_beyond_ascii(Codepoint c) { return c > 0x7F; }

static Value encode_narrow(Thread *t, Str *s, const char *errors, const char *encoding, Codepoint limit, bool (*is_bad)(Codepoint c), const char *reason)
{
    ByteBuilder b;
    byte_builder_start(t, &b);
    byte_builder_reserve(&b, s->length);
    for (size_t at = 0; at < s->length && !b.failed;) {
        Codepoint c = str_at(s, at);
        if (c < limit) {
            byte_builder_put(&b, c);
            at++;
            continue;
        }
        CodecErrors e = {t, encoding, errors, object_value(s), NULL, 0};
        if (encode_bad(&e, &b, limit, is_bad, reason, &at)) continue;
        byte_builder_abandon(&b);
        return ERROR;
    }
    return byte_builder_finish(&b);
}

Value latin1_encode(Thread *t, Str *s, const char *errors)
{
    if (str_kind(s) == 1) return bytes_from(t, s->data, s->length);
    return encode_narrow(t, s, errors, "latin-1", 0x100, is_beyond_latin1, "ordinal not in range(256)");
}

Value ascii_encode(Thread *t, Str *s, const char *errors)
{
    if (str_is_ascii(s)) return bytes_from(t, s->data, s->length);
    return encode_narrow(t, s, errors, "ascii", 0x80, is_beyond_ascii, "ordinal not in range(128)");
}

// ---- To C

static char *copy_out(Thread *t, const Str *s, const char *errors, size_t *length)
{
    char *text;
    size_t size;
    if (str_is_ascii(s)) {
        size = s->length;
        text = mem_allocate(t, size + 1);
        if (text) memcpy(text, s->data, size + 1);
    } else {
        OWN Value encoded = utf8_encode(t, (Str *)(uintptr_t)s, errors);
        if (is_error(encoded)) return NULL;
        size = bytes_length(encoded);
        text = mem_allocate(t, size + 1);
        if (text) memcpy(text, bytes_data(encoded), size + 1);
    }
    if (length) *length = size;
    return text;
}

char *str_to_utf8(Thread *t, const Str *s, size_t *length) { return copy_out(t, s, NULL, length); }

char *str_to_os(Thread *t, const Str *s, size_t *length)
{
    size_t size;
    char *text = copy_out(t, s, "surrogateescape", &size);
    if (!text) return NULL;
    if (memchr(text, 0, size)) {
        mem_free(text);
        return error_null(raise_value_error(t, "embedded null byte"));
    }
    if (length) *length = size;
    return text;
}
