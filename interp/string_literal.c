// SPDX-License-Identifier: MIT
// interp/string_literal.c: the escapes of str and bytes literals.
//
// Always   What an escape becomes is never longer than the escape.
#include "parser_internal.h"

#include <stdarg.h>
#include <stdio.h>

__attribute__((format(printf, 3, 4))) static size_t refuse(Parser *p, const char **problem, const char *format, ...)
{
    char text[160];
    va_list args;
    va_start(args, format);
    int length = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    *problem = arena_copy(p->arena, text, (size_t)length);
    return SIZE_MAX;
}

// The codec's complaint. `first` to `last` (exclusive) count in what the codec is given: see escaped_length.
static size_t refuse_unicode(Parser *p, const char **problem, size_t first, size_t last, const char *reason)
{
    if (last - first == 1)
        return refuse(p, problem, "(unicode error) 'unicodeescape' codec can't decode byte 0x5c in position %zu: %s", first, reason);
    return refuse(p, problem, "(unicode error) 'unicodeescape' codec can't decode bytes in position %zu-%zu: %s", first, last - 1, reason);
}

// The length of the text when all beyond ASCII is written as \UXXXXXXXX, and a \ before such as \u005c.
static size_t escaped_length(const char *s, const char *end)
{
    size_t length = 0;
    while (s < end) {
        if (*s == '\\') {
            length++, s++;
            if (s >= end) break;
            if ((unsigned char)*s >= 0x80) length += 5;
        }
        length += (unsigned char)*s < 0x80 ? 1 : 10;
        do s++; while (s < end && ((unsigned char)*s & 0xC0) == 0x80);
    }
    return length;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

// One of \n \t ...; -1 if `c` is none of them.
static int simple_escape(char c)
{
    switch (c) {
    case '\\': case '\'': case '"': return c;
    case 'b': return '\b';
    case 'f': return '\f';
    case 't': return '\t';
    case 'n': return '\n';
    case 'r': return '\r';
    case 'v': return '\v';
    case 'a': return '\a';
    default: return -1;
    }
}

static uint32_t octal(const char **s, const char *end)
{
    uint32_t value = 0;
    for (int digits = 0; digits < 3 && *s < end && **s >= '0' && **s <= '7'; digits++) value = value * 8 + (uint32_t)(*(*s)++ - '0');
    return value;
}

// \N{name}: *s is behind the N.
static bool named(const char **s, const char *end, uint32_t *point, const char **reason)
{
    *reason = "malformed \\N character escape";
    if (*s >= end || **s != '{') return false;
    const char *name = ++*s;
    while (*s < end && **s != '}') ++*s;
    if (*s >= end || *s == name) return false;
    size_t length = (size_t)((*s)++ - name);
    *reason = "unknown Unicode character name";
    return unicode_name_lookup && unicode_name_lookup(name, length, point, 1) == 1;
}

// \x, \u, \U: *s is behind the letter.
static bool hexadecimal(const char **s, const char *end, char letter, uint32_t *point, const char **reason)
{
    int count = letter == 'x' ? 2 : letter == 'u' ? 4 : 8;
    *reason = letter == 'x' ? "truncated \\xXX escape" : letter == 'u' ? "truncated \\uXXXX escape" : "truncated \\UXXXXXXXX escape";
    for (*point = 0; count; count--, ++*s) {
        int digit = *s < end ? hex_digit(**s) : -1;
        if (digit < 0) return false;
        *point = *point << 4 | (uint32_t)digit;
    }
    *reason = "illegal Unicode character";
    return *point < 0x110000;
}

size_t string_unescape(Parser *p, const char *s, const char *end, char *to, const char **flaw, const char **problem)
{
    const char *begin = s;
    char *start = to;
    *flaw = NULL;
    while (s < end) {
        const char *backslash = memchr(s, '\\', (size_t)(end - s)), *stop = backslash ? backslash : end;
        memcpy(to, s, (size_t)(stop - s));
        to += stop - s;
        s = stop + 1;
        if (!backslash) break;
        if (s == end || (unsigned char)*s >= 0x80) {  // the end: in an f-string, before a field
            *to++ = '\\';
            continue;
        }
        char c = *s++;
        int simple = simple_escape(c);
        uint32_t point;
        const char *reason;
        bool good = true;
        if (simple >= 0) *to++ = (char)simple;
        else if (c == '\n') continue;
        else if (c >= '0' && c <= '7') {
            s--;
            point = octal(&s, end);
            if (point > 0377 && !*flaw) *flaw = backslash;
            to += utf8_put(to, point);
        }
        else if (c == 'x' || c == 'u' || c == 'U' || c == 'N') {
            good = c == 'N' ? named(&s, end, &point, &reason) : hexadecimal(&s, end, c, &point, &reason);
            if (good) to += utf8_put(to, point);
        } else {
            if (!*flaw) *flaw = backslash;
            *to++ = '\\';
            s--;
        }
        if (!good) {
            size_t first = escaped_length(begin, backslash);
            return refuse_unicode(p, problem, first, first + escaped_length(backslash, s), reason);
        }
    }
    return (size_t)(to - start);
}

size_t bytes_unescape(Parser *p, const char *s, const char *end, char *to, const char **flaw, const char **problem)
{
    const char *begin = s;
    char *start = to;
    *flaw = NULL;
    while (s < end) {
        if (*s != '\\') {
            *to++ = *s++;
            continue;
        }
        const char *backslash = s++;
        if (s == end) return refuse(p, problem, "(value error) Trailing \\ in string");
        int simple = simple_escape(*s);
        if (simple >= 0) *to++ = (char)simple, s++;
        else if (*s == '\n') s++;
        else if (*s >= '0' && *s <= '7') {
            uint32_t byte = octal(&s, end);
            if (byte > 0377 && !*flaw) *flaw = backslash;
            *to++ = (char)byte;
        }
        else if (*s == 'x') {
            int high = s + 1 < end ? hex_digit(s[1]) : -1, low = s + 2 < end ? hex_digit(s[2]) : -1;
            if (high < 0 || low < 0)
                return refuse(p, problem, "(value error) invalid \\x escape at position %zu", (size_t)(backslash - begin));
            *to++ = (char)(high << 4 | low);
            s += 3;
        } else {
            if (!*flaw) *flaw = backslash;
            *to++ = '\\';
        }
    }
    return (size_t)(to - start);
}
