// SPDX-License-Identifier: MIT
// runtime/types/codec_escape.c: unicode_escape (text as a Python literal writes it) and raw_unicode_escape (\u and \U only).
#include <stdio.h>

#include "runtime/call.h"
#include "runtime/thread.h"
#include "runtime/types/codec.h"
#include "runtime/types/str_internal.h"

static int hex_value(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f') return (c | 0x20) - 'a' + 10;
    return -1;
}

// What was read behind a backslash: how many bytes, and the character; or a reason why not.
typedef struct Escape { size_t size; Codepoint c; const char *reason; bool cut_off; } Escape;

static Escape read_hex(const char *at, size_t left, int digits)
{
    static const char *const reasons[] = {[2] = "truncated \\xXX escape", [4] = "truncated \\uXXXX escape", [8] = "truncated \\UXXXXXXXX escape"};
    Escape e = {.size = 2};
    for (int i = 0; i < digits; i++) {
        if (e.size >= left) return (Escape){e.size, 0, reasons[digits], true};
        int value = hex_value(at[e.size]);
        if (value < 0) return (Escape){e.size, 0, reasons[digits], false};
        e.c = e.c << 4 | (Codepoint)value;
        e.size++;
    }
    if (e.c > 0x10FFFF) e.reason = "illegal Unicode character";
    return e;
}

// \N{name}: looked up by the module unicodedata. False: raised something else than "no such name".
static bool read_name(Thread *t, const char *at, size_t left, Escape *e)
{
    const char *end = left > 3 && at[2] == '{' ? memchr(at + 3, '}', left - 3) : NULL;
    if (!end || end == at + 3) {
        bool cut_off = left <= 2 || (at[2] == '{' && !end);
        *e = (Escape){left <= 2 || cut_off ? left : 2 + (at[2] == '{'), 0, "malformed \\N character escape", cut_off};
        if (e->size > left) e->size = left;
        return true;
    }
    e->size = (size_t)(end - at) + 1;
    e->reason = "unknown Unicode character name";
    e->cut_off = false;
    OWN_POINTER Str *module_name = str_intern_text(t, "unicodedata", 11), *method = str_intern_text(t, "lookup", 6);
    if (!module_name || !method || !t->interp->up.import_module) return false;
    OWN Value module = t->interp->up.import_module(t, module_name);
    OWN Value name = str_from_latin1(t, at + 3, (size_t)(end - at) - 3);
    if (is_error(module) || is_error(name)) return false;
    OWN Value found = call_method1(t, module, method, name);
    if (is_error(found)) return error_clear_if(t, &exc_KeyError);
    if (is_str(found) && as_str(found)->length == 1) {
        e->c = str_at(as_str(found), 0);
        e->reason = NULL;
    }
    return true;
}

// The escape at `at`, which is a backslash. False: raised.
static bool read_escape(Thread *t, const char *at, size_t left, Escape *e)
{
    *e = (Escape){.size = 2};
    if (left < 2) {
        *e = (Escape){1, 0, "\\ at end of string", true};
        return true;
    }
    switch (at[1]) {
    case '\n': e->size = 2; e->c = 0x110000; return true;      // nothing: the line goes on
    case '\\': case '\'': case '"': e->c = (Codepoint)at[1]; return true;
    case 'a': e->c = 7; return true;
    case 'b': e->c = 8; return true;
    case 'f': e->c = 12; return true;
    case 'n': e->c = 10; return true;
    case 'r': e->c = 13; return true;
    case 't': e->c = 9; return true;
    case 'v': e->c = 11; return true;
    case 'x': *e = read_hex(at, left, 2); return true;
    case 'u': *e = read_hex(at, left, 4); return true;
    case 'U': *e = read_hex(at, left, 8); return true;
    case 'N': return read_name(t, at, left, e);
    case '0': case '1': case '2': case '3': case '4': case '5': case '6': case '7':
        e->size = 1;
        while (e->size < 4 && e->size < left && at[e->size] >= '0' && at[e->size] <= '7') e->c = e->c << 3 | (Codepoint)(at[e->size++] - '0');
        if (e->c > 0xFF) return warn(t, &exc_DeprecationWarning, 1, "invalid octal escape sequence '%.*s'", (int)e->size, at);
        return true;
    default:
        e->size = 1;
        e->c = '\\';
        return warn(t, &exc_DeprecationWarning, 1, "invalid escape sequence '\\%c'", (int)(uint8_t)at[1]);
    }
}

Value unicode_escape_decode(Thread *t, const char *data, size_t length, const char *errors, bool final, size_t *consumed)
{
    StrBuilder b;
    builder_start(t, &b);
    OWN_CODEC_ERRORS CodecErrors e = {t, "unicodeescape", errors, UNBOUND, data, length};
    size_t at = 0;
    while (at < length && !b.failed) {
        if (data[at] != '\\') {
            builder_add(&b, (uint8_t)data[at++]);
            continue;
        }
        Escape escape;
        if (!read_escape(t, data + at, length - at, &escape)) {
            builder_abandon(&b);
            return ERROR;
        }
        if (!escape.reason) {
            if (escape.c <= 0x10FFFF) builder_add(&b, escape.c);
            at += escape.size;
            continue;
        }
        if (escape.cut_off && !final) break;
        if (codec_decode_error(&e, at, at + escape.size, escape.reason, &b, &at)) {
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

Value raw_unicode_escape_decode(Thread *t, const char *data, size_t length, const char *errors, bool final, size_t *consumed)
{
    StrBuilder b;
    builder_start(t, &b);
    OWN_CODEC_ERRORS CodecErrors e = {t, "rawunicodeescape", errors, UNBOUND, data, length};
    size_t at = 0;
    while (at < length && !b.failed) {
        if (data[at] == '\\' && at + 1 == length && !final) break;
        bool escape = data[at] == '\\' && at + 1 < length && (data[at + 1] == 'u' || data[at + 1] == 'U');
        if (!escape) {
            size_t run = data[at] == '\\' && at + 1 < length ? 2 : 1;       // a backslash shields the next one
            for (; run; run--) builder_add(&b, (uint8_t)data[at++]);
            continue;
        }
        Escape read = read_hex(data + at, length - at, data[at + 1] == 'u' ? 4 : 8);
        if (!read.reason) {
            builder_add(&b, read.c);
            at += read.size;
            continue;
        }
        if (read.cut_off && !final) break;
        const char *reason = read.c > 0x10FFFF ? "\\Uxxxxxxxx out of range" : read.reason;
        if (codec_decode_error(&e, at, at + read.size, reason, &b, &at)) {
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

static void put_escape(ByteBuilder *b, Codepoint c)
{
    char text[16];
    int length = snprintf(text, sizeof text, c < 0x100 ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\U%08x", c);
    byte_builder_add(b, text, (size_t)length);
}

Value unicode_escape_encode(Thread *t, Str *s)
{
    ByteBuilder b;
    byte_builder_start(t, &b);
    for (size_t i = 0; i < s->length && !b.failed; i++) {
        Codepoint c = str_at(s, i);
        if (c == '\\') byte_builder_add(&b, "\\\\", 2);
        else if (c == '\n') byte_builder_add(&b, "\\n", 2);
        else if (c == '\t') byte_builder_add(&b, "\\t", 2);
        else if (c == '\r') byte_builder_add(&b, "\\r", 2);
        else if (c >= ' ' && c < 0x7F) byte_builder_put(&b, c);
        else put_escape(&b, c);
    }
    return byte_builder_finish(&b);
}

Value raw_unicode_escape_encode(Thread *t, Str *s)
{
    ByteBuilder b;
    byte_builder_start(t, &b);
    for (size_t i = 0; i < s->length && !b.failed; i++) {
        Codepoint c = str_at(s, i);
        if (c < 0x100) byte_builder_put(&b, c);
        else put_escape(&b, c);
    }
    return byte_builder_finish(&b);
}
