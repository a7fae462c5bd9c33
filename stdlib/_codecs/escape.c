// SPDX-License-Identifier: MIT
// stdlib/_codecs/escape.c: bytes as a bytes literal writes them (escape_encode, escape_decode), and UTF-7.
#include <stdio.h>

#include "stdlib/_codecs/codecs.h"

// ---- Escapes of bytes literals

Value codec_escape_encode(Thread *t, Value self, const Value *args)
{
    (void)self;
    if (!is_bytes(args[0])) return raise_type_error(t, "escape_encode() argument 1 must be bytes, not %.50T", args[0]);
    ByteBuilder b;
    byte_builder_start(t, &b);
    for (size_t i = 0; i < bytes_length(args[0]); i++) {
        unsigned c = (uint8_t)bytes_data(args[0])[i];
        char text[8];
        if (c == '\\' || c == '\'') {
            byte_builder_put(&b, '\\');
            byte_builder_put(&b, c);
        } else if (c == '\t' || c == '\n' || c == '\r') {
            byte_builder_put(&b, '\\');
            byte_builder_put(&b, c == '\t' ? 't' : c == '\n' ? 'n' : 'r');
        } else if (c < ' ' || c >= 0x7F) {
            byte_builder_add(&b, text, (size_t)snprintf(text, sizeof text, "\\x%02x", c));
        } else {
            byte_builder_put(&b, c);
        }
    }
    return codec_result(t, byte_builder_finish(&b), bytes_length(args[0]));
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if ((c | 32) >= 'a' && (c | 32) <= 'f') return (c | 32) - 'a' + 10;
    return -1;
}

// \x at data[at], at being behind the x. Gives how many bytes it takes, or -1: raised.
static int decode_hex(Thread *t, const char *data, size_t at, size_t length, const char *errors, ByteBuilder *b)
{
    int high = at < length ? hex_value(data[at]) : -1, low = high >= 0 && at + 1 < length ? hex_value(data[at + 1]) : -1;
    if (low >= 0) {
        byte_builder_put(b, (unsigned)(high << 4 | low));
        return 2;
    }
    if (!errors) return error_minus(raise_value_error(t, "invalid \\x escape at position %zd", (ptrdiff_t)at - 2));
    if (strcmp(errors, "replace") == 0) byte_builder_put(b, '?');
    else if (strcmp(errors, "ignore") != 0)
        return error_minus(raise_value_error(t, "decoding error; unknown error handling code: %.400s", errors));
    return high >= 0;
}

// The escape behind the backslash before data[*at]; *at moves behind it. False: raised.
static bool decode_one(Thread *t, const char *data, size_t *at, size_t length, const char *errors, ByteBuilder *b)
{
    static const char plain[] = "\\'\"abfnrtv", meaning[] = "\\'\"\a\b\f\n\r\t\v";
    char c = data[(*at)++];
    const char *found = c ? strchr(plain, c) : NULL;
    if (found) {
        byte_builder_put(b, (uint8_t)meaning[found - plain]);
    } else if (c == '\n') {
        return true;
    } else if (c >= '0' && c <= '7') {
        unsigned value = (unsigned)(c - '0');
        for (int i = 0; i < 2 && *at < length && data[*at] >= '0' && data[*at] <= '7'; i++) value = value << 3 | (unsigned)(data[(*at)++] - '0');
        if (value > 0xFF && !warn(t, &exc_DeprecationWarning, 1, "invalid octal escape sequence '\\%o'", value)) return false;
        byte_builder_put(b, value & 0xFF);
    } else if (c == 'x') {
        int taken = decode_hex(t, data, *at, length, errors, b);
        if (taken < 0) return false;
        *at += (size_t)taken;
    } else {
        if (!warn(t, &exc_DeprecationWarning, 1, "invalid escape sequence '\\%c'", (int)(uint8_t)c)) return false;
        byte_builder_put(b, '\\');
        byte_builder_put(b, (uint8_t)c);
    }
    return true;
}

Value codec_escape_decode(Thread *t, Value self, const Value *args)
{
    (void)self;
    const char *errors;
    OWN Value data = codec_data_argument(t, args[0], true);
    if (is_error(data) || !codec_errors_argument(t, args[1], &errors)) return ERROR;
    size_t length = bytes_length(data);
    const char *text = bytes_data(data);
    ByteBuilder b;
    byte_builder_start(t, &b);
    for (size_t at = 0; at < length && !b.failed;) {
        if (text[at] != '\\') {
            byte_builder_put(&b, (uint8_t)text[at++]);
            continue;
        }
        at++;
        bool good = at < length ? decode_one(t, text, &at, length, errors, &b) : error_false(raise_value_error(t, "Trailing \\ in string"));
        if (good) continue;
        byte_builder_abandon(&b);
        return ERROR;
    }
    return codec_result(t, byte_builder_finish(&b), length);
}

// ---- UTF-7

static const char base64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

// Characters that stand for themselves: letters, digits, a few signs, white space.
static bool is_direct(Codepoint c)
{
    if (c == 0 || c >= 128) return false;
    return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') || strchr("'(),-./:? \t\n\r!\"#$%&*;<=>@[]^_`{|}", (int)c) != NULL;
}

static void put_unit(ByteBuilder *b, unsigned unit, uint64_t *bits, int *count)
{
    *bits = *bits << 16 | unit;
    for (*count += 16; *count >= 6; *count -= 6) byte_builder_put(b, (uint8_t)base64[*bits >> (*count - 6) & 63]);
}

Value codec_utf7_encode(Thread *t, Value self, const Value *args)
{
    (void)self;
    Str *s = codec_text_argument(t, args[0], "utf_7_encode");
    if (!s) return ERROR;
    ByteBuilder b;
    byte_builder_start(t, &b);
    bool shifted = false;
    uint64_t bits = 0;
    int count = 0;
    for (size_t i = 0; i < s->length && !b.failed; i++) {
        Codepoint c = str_at(s, i);
        if (is_direct(c)) {
            if (shifted) {
                if (count) byte_builder_put(&b, (uint8_t)base64[bits << (6 - count) & 63]);
                if (strchr(base64, (int)c) || c == '-') byte_builder_put(&b, '-');
                shifted = false;
            }
            byte_builder_put(&b, c);
        } else if (c == '+' && !shifted) {
            byte_builder_add(&b, "+-", 2);
        } else {
            if (!shifted) byte_builder_put(&b, '+'), shifted = true, bits = 0, count = 0;
            if (c >= 0x10000) {
                put_unit(&b, 0xD800 + ((c - 0x10000) >> 10), &bits, &count);
                c = 0xDC00 + ((c - 0x10000) & 0x3FF);
            }
            put_unit(&b, c, &bits, &count);
        }
    }
    if (shifted) {
        if (count) byte_builder_put(&b, (uint8_t)base64[bits << (6 - count) & 63]);
        byte_builder_put(&b, '-');
    }
    return codec_result(t, byte_builder_finish(&b), s->length);
}

// One run of base64 at data[*at..), as characters of UTF-16; gives the reason of an error, or NULL. A run ends before the first
// other byte, which belongs to it when it is "-" or when the run is at fault.
static const char *decode_run(const char *data, size_t *at, size_t length, StrBuilder *out)
{
    uint64_t bits = 0;
    int count = 0;
    unsigned high = 0;
    size_t start = *at;
    for (; *at < length; ++*at) {
        const char *digit = data[*at] ? strchr(base64, data[*at]) : NULL;
        if (!digit) break;
        bits = bits << 6 | (uint64_t)(digit - base64);
        count += 6;
        if (count < 16) continue;
        count -= 16;
        unsigned unit = bits >> count & 0xFFFF;
        if (high && unit >= 0xDC00 && unit <= 0xDFFF) {
            builder_add(out, 0x10000 + ((high - 0xD800) << 10) + (unit - 0xDC00));
            high = 0;
            continue;
        }
        if (high) builder_add(out, high);
        high = unit >= 0xD800 && unit <= 0xDBFF ? unit : 0;
        if (!high) builder_add(out, unit);
    }
    bool padding = count > 0 && (bits & ((1u << count) - 1)) != 0;
    if (*at == length) return high || count >= 6 || padding ? "unterminated shift sequence" : NULL;
    size_t end = (*at)++;
    if (end == start) return "ill-formed sequence";
    if (count >= 6) return "partial character in base64 sequence";
    if (padding) return "non-zero padding bits in base64 sequence";
    if (high && !(data[end] & 0x80)) builder_add(out, high);
    if (data[end] != '-') *at = end;
    return NULL;
}

Value codec_utf7_decode(Thread *t, Value self, const Value *args)
{
    (void)self;
    const char *errors;
    OWN Value owner = codec_data_argument(t, args[0], false);
    if (is_error(owner) || !codec_errors_argument(t, args[1], &errors)) return ERROR;
    int final = object_truth(t, args[2]);
    if (final < 0) return ERROR;
    const char *data = bytes_data(owner);
    size_t length = bytes_length(owner), at = 0;
    StrBuilder out;
    builder_start(t, &out);
    OWN_CODEC_ERRORS CodecErrors e = {t, "utf7", errors, UNBOUND, data, length};
    while (at < length && !out.failed) {
        size_t start = at, written = out.length;
        const char *reason = NULL;
        if (data[at] & 0x80) {
            reason = "unexpected special character";
            at++;
        } else if (data[at] != '+') {
            builder_add(&out, (Codepoint)data[at++]);
        } else if (at + 1 < length && data[at + 1] == '-') {
            builder_add(&out, '+');
            at += 2;
        } else {
            at++;
            reason = decode_run(data, &at, length, &out);
            if (at == length && !final && (at == start + 1 || data[at - 1] != '-')) {       // the run may go on: begin it again next time
                out.length = written;
                at = start;
                break;
            }
        }
        if (!reason) continue;
        if (!codec_decode_error(&e, start, at, reason, &out, &at)) {
            builder_abandon(&out);
            return ERROR;
        }
        data = e.data;
        length = e.length;
    }
    return codec_result(t, builder_finish(&out), at);
}
