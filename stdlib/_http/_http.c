// SPDX-License-Identifier: MIT
// stdlib/_http/_http.c: text that requests and aiohttp meet: JSON (RFC 8259) read, and percent-encoding (RFC 3986).
#include "runtime/call.h"
#include "runtime/error.h"
#include "runtime/types/bytes.h"
#include "runtime/types/dict.h"
#include "runtime/types/float.h"
#include "runtime/types/int.h"
#include "runtime/types/list.h"
#include "runtime/types/module.h"
#include "runtime/types/str.h"
#include "runtime/types/tuple.h"

typedef struct Reader { Thread *t; Str *text; size_t at; } Reader;

// Raises ValueError(message, position): whoever called makes the exception that their users know.
static Value wrong(Reader *r, const char *message, size_t at)
{
    OWN Value text = str_from_text(r->t, message);
    OWN Value args = is_error(text) ? ERROR : tuple_of(r->t, 2, text, small_int((int64_t)at));
    if (is_error(args)) return ERROR;
    OWN Value exception = call_with_dict(r->t, type_value(&exc_ValueError), args, UNBOUND);
    return is_error(exception) ? ERROR : raise_exception(r->t, MOVE(exception));
}
static Codepoint peek(const Reader *r) { return r->at < r->text->length ? str_at(r->text, r->at) : 0; }
static void skip_space(Reader *r)
{
    for (Codepoint c = peek(r); r->at < r->text->length && (c == ' ' || c == '\t' || c == '\n' || c == '\r'); c = peek(r)) r->at++;
}
static bool word(Reader *r, const char *text)
{
    size_t length = strlen(text);
    if (r->text->length - r->at < length) return false;
    for (size_t i = 0; i < length; i++)
        if (str_at(r->text, r->at + i) != (Codepoint)text[i]) return false;
    r->at += length;
    return true;
}
static int hex_digits(Reader *r)
{
    int value = 0;
    for (int i = 0; i < 4; i++) {
        Codepoint c = peek(r);
        int digit = c >= '0' && c <= '9' ? (int)c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (int)(c | 32) - 'a' + 10 : -1;
        if (digit < 0) return -1;
        value = value * 16 + digit;
        r->at++;
    }
    return value;
}
static Value read_string(Reader *r)
{
    size_t start = r->at++;
    StrBuilder b;
    builder_start(r->t, &b);
    for (;;) {
        if (r->at >= r->text->length) break;
        Codepoint c = str_at(r->text, r->at++);
        if (c == '"') return builder_finish(&b);
        if (c < 0x20) {
            builder_abandon(&b);
            return wrong(r, "Invalid control character at", r->at - 1);
        }
        if (c == '\\') {
            static const char escapes[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
            Codepoint e = peek(r);
            r->at++;
            const char *known = e && e < 128 ? strchr(escapes, (int)e) : NULL;
            if (known) c = (Codepoint)meanings[known - escapes];
            else if (e == 'u') {
                int high = hex_digits(r);
                if (high < 0) {
                    builder_abandon(&b);
                    return wrong(r, "Invalid \\uXXXX escape", r->at);
                }
                c = (Codepoint)high;
                size_t back = r->at;
                if (c >= 0xD800 && c < 0xDC00 && word(r, "\\u")) {
                    int low = hex_digits(r);
                    if (low >= 0xDC00 && low < 0xE000) c = 0x10000 + ((c - 0xD800) << 10) + ((Codepoint)low - 0xDC00);
                    else r->at = back;
                }
            } else {
                builder_abandon(&b);
                return wrong(r, "Invalid \\escape", r->at - 2);
            }
        }
        builder_add(&b, c);
    }
    builder_abandon(&b);
    return wrong(r, "Unterminated string starting at", start);
}
static bool is_digit(Codepoint c) { return c >= '0' && c <= '9'; }
static Value read_number(Reader *r)
{
    size_t start = r->at;
    bool real = false;
    if (peek(r) == '-') r->at++;
    if (peek(r) == '0') r->at++;
    else if (is_digit(peek(r)))
        while (is_digit(peek(r))) r->at++;
    else {
        r->at = start;
        return wrong(r, "Expecting value", start);
    }
    if (peek(r) == '.' && r->at + 1 < r->text->length && is_digit(str_at(r->text, r->at + 1))) {
        real = true;
        for (r->at++; is_digit(peek(r));) r->at++;
    }
    if ((peek(r) | 32) == 'e') {
        size_t back = r->at++;
        if (peek(r) == '+' || peek(r) == '-') r->at++;
        if (is_digit(peek(r))) {
            real = true;
            while (is_digit(peek(r))) r->at++;
        } else {
            r->at = back;
        }
    }
    OWN Value text = str_substring(r->t, r->text, start, r->at);
    if (is_error(text)) return ERROR;
    const char *digits = str_text(as_str(text));
    return real ? float_from_text(r->t, digits, as_str(text)->length, text) : int_from_text(r->t, digits, as_str(text)->length, 10, text);
}
static Value read_value(Reader *r);
static Value read_array(Reader *r)
{
    OWN Value list = list_new(r->t, 0);
    r->at++;
    skip_space(r);
    if (is_error(list)) return ERROR;
    if (peek(r) == ']') return r->at++, MOVE(list);
    for (;;) {
        skip_space(r);
        if (!list_append_owned(r->t, list, read_value(r))) return ERROR;
        skip_space(r);
        Codepoint c = peek(r);
        if (c == ']') return r->at++, MOVE(list);
        if (c != ',') return wrong(r, "Expecting ',' delimiter", r->at);
        r->at++;
    }
}
static Value read_object(Reader *r)
{
    OWN_POINTER Dict *dict = dict_new(r->t);
    r->at++;
    skip_space(r);
    if (!dict) return ERROR;
    if (peek(r) == '}') return r->at++, object_value(MOVE_POINTER(dict));
    for (;;) {
        skip_space(r);
        if (peek(r) != '"') return wrong(r, "Expecting property name enclosed in double quotes", r->at);
        OWN Value key = read_string(r);
        skip_space(r);
        if (is_error(key)) return ERROR;
        if (peek(r) != ':') return wrong(r, "Expecting ':' delimiter", r->at);
        r->at++;
        skip_space(r);
        OWN Value value = read_value(r);
        if (is_error(value) || !dict_set(r->t, dict, key, value)) return ERROR;
        skip_space(r);
        Codepoint c = peek(r);
        if (c == '}') return r->at++, object_value(MOVE_POINTER(dict));
        if (c != ',') return wrong(r, "Expecting ',' delimiter", r->at);
        r->at++;
    }
}
static Value read_value(Reader *r)
{
    switch (peek(r)) {
    case '"': return read_string(r);
    case '{': case '[': {
        if (!enter_recursion(r->t, " while decoding a JSON object from a unicode string")) return ERROR;
        Value value = peek(r) == '{' ? read_object(r) : read_array(r);
        leave_recursion(r->t);
        return value;
    }
    case 't': if (word(r, "true")) return TRUE; break;
    case 'f': if (word(r, "false")) return FALSE; break;
    case 'n': if (word(r, "null")) return NONE; break;
    case 'N': if (word(r, "NaN")) return float_value((double)NAN); break;
    case 'I': if (word(r, "Infinity")) return float_value(INFINITY); break;
    case '-':
        if (word(r, "-Infinity")) return float_value(-INFINITY);
        return read_number(r);
    default:
        if (is_digit(peek(r))) return read_number(r);
    }
    return wrong(r, "Expecting value", r->at);
}
static Value parse_json(Thread *t, Value self, const Value *args)
{
    if (!is_str(args[0])) return raise_type_error(t, "parse_json() argument must be str, not %T", args[0]);
    Reader r = {.t = t, .text = as_str(args[0])};
    skip_space(&r);
    OWN Value value = read_value(&r);
    if (is_error(value)) return ERROR;
    skip_space(&r);
    return r.at == r.text->length ? MOVE(value) : wrong(&r, "Extra data", r.at);
}

static Value quote(Thread *t, Value self, const Value *args)
{
    if (!is_str(args[0]) || !is_str(args[1])) return raise_type_error(t, "quote() arguments must be str");
    size_t length;
    OWN_MEMORY char *text = str_to_utf8(t, as_str(args[0]), &length);
    OWN_MEMORY char *safe = text ? str_to_utf8(t, as_str(args[1]), NULL) : NULL;
    if (!safe) return ERROR;
    StrBuilder b;
    builder_start(t, &b);
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)text[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c && strchr("-._~", c)) || (c && c < 128 && strchr(safe, c));
        if (plain) {
            builder_add(&b, c);
            continue;
        }
        builder_add(&b, '%');
        builder_add(&b, (Codepoint)"0123456789ABCDEF"[c >> 4]);
        builder_add(&b, (Codepoint)"0123456789ABCDEF"[c & 15]);
    }
    return builder_finish(&b);
}
static Value base64_text(Thread *t, Value self, const Value *args)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    if (!is_bytes(args[0])) return raise_type_error(t, "base64_text() argument must be bytes, not %T", args[0]);
    const unsigned char *data = (const unsigned char *)bytes_data(args[0]);
    StrBuilder b;
    builder_start(t, &b);
    for (size_t i = 0, length = bytes_length(args[0]); i < length; i += 3) {
        uint32_t three = (uint32_t)data[i] << 16 | (i + 1 < length ? (uint32_t)data[i + 1] << 8 : 0) | (i + 2 < length ? data[i + 2] : 0);
        builder_add(&b, (Codepoint)digits[three >> 18]);
        builder_add(&b, (Codepoint)digits[three >> 12 & 63]);
        builder_add(&b, i + 1 < length ? (Codepoint)digits[three >> 6 & 63] : '=');
        builder_add(&b, i + 2 < length ? (Codepoint)digits[three & 63] : '=');
    }
    return builder_finish(&b);
}
static const Method functions[] = {
    {"base64_text", base64_text, "(data, /)", "Bytes in base 64 (RFC 4648)."},
    {"parse_json", parse_json, "(text, /)", "The value of a JSON text; ValueError(message, position)."},
    {"quote", quote, "(text, safe='', /)", "Text with all but letters, digits, -._~ and `safe` percent-encoded as UTF-8."},
    {0},
};
const ModuleSpec _http_spec = {.name = "_http", .doc = "Text that HTTP clients meet.", .functions = functions};
