// SPDX-License-Identifier: MIT
// interp/source.c: from the bytes of a file or a str to clean UTF-8. See source.h.
//
// Owns     the byte order mark, the coding cookie, line ends, and the faults of a text that cannot be decoded.
#include "source.h"

#include <ctype.h>
#include <errno.h>
#include <iconv.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool refuse(SyntaxFault *fault, FaultClass kind, Arena *arena, const char *format, ...)
{
    char text[600];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    *fault = (SyntaxFault){.kind = kind};
    fault->message = arena_copy(arena, text, strlen(text));
    if (!fault->message) *fault = (SyntaxFault){.kind = FAULT_MEMORY, .message = ""};
    return false;
}

// ---- UTF-8 ----

int utf8_count(const char *bytes, size_t length)
{
    int count = 0;
    for (size_t i = 0; i < length; i++) count += ((unsigned char)bytes[i] & 0xC0) != 0x80;
    return count;
}

uint32_t utf8_next(const char **at, const char *end)
{
    const unsigned char *s = (const unsigned char *)*at;
    size_t room = (size_t)(end - *at);
    if (s[0] < 0x80) return (*at)++, s[0];
    if (s[0] >= 0xC2 && s[0] < 0xE0 && room > 1 && (s[1] & 0xC0) == 0x80) {
        *at += 2;
        return (s[0] & 0x1Fu) << 6 | (s[1] & 0x3Fu);
    }
    if (s[0] >= 0xE0 && s[0] < 0xF0 && room > 2 && (s[1] & 0xC0) == 0x80 && (s[2] & 0xC0) == 0x80) {
        uint32_t point = (s[0] & 0x0Fu) << 12 | (s[1] & 0x3Fu) << 6 | (s[2] & 0x3Fu);
        if (point >= 0x800) return *at += 3, point;
    }
    if (s[0] >= 0xF0 && s[0] < 0xF5 && room > 3 && (s[1] & 0xC0) == 0x80 && (s[2] & 0xC0) == 0x80 && (s[3] & 0xC0) == 0x80) {
        uint32_t point = (s[0] & 0x07u) << 18 | (s[1] & 0x3Fu) << 12 | (s[2] & 0x3Fu) << 6 | (s[3] & 0x3Fu);
        if (point >= 0x10000 && point < 0x110000) return *at += 4, point;
    }
    ++*at;
    return 0xFFFD;
}

size_t utf8_put(char *to, uint32_t point)
{
    if (point < 0x80) return to[0] = (char)point, 1;
    if (point < 0x800) return to[0] = (char)(0xC0 | point >> 6), to[1] = (char)(0x80 | (point & 0x3F)), 2;
    if (point < 0x10000) {
        to[0] = (char)(0xE0 | point >> 12);
        to[1] = (char)(0x80 | (point >> 6 & 0x3F));
        to[2] = (char)(0x80 | (point & 0x3F));
        return 3;
    }
    to[0] = (char)(0xF0 | point >> 18);
    to[1] = (char)(0x80 | (point >> 12 & 0x3F));
    to[2] = (char)(0x80 | (point >> 6 & 0x3F));
    to[3] = (char)(0x80 | (point & 0x3F));
    return 4;
}

// The first byte that is not part of valid UTF-8, or `length`.
static size_t utf8_flaw(const char *bytes, size_t length, bool surrogates)
{
    const char *at = bytes, *end = bytes + length;
    while (at < end) {
        while (end - at >= 8) {
            uint64_t word;
            memcpy(&word, at, 8);
            if (word & 0x8080808080808080u) break;
            at += 8;
        }
        if (at == end) break;
        const char *before = at;
        uint32_t point = utf8_next(&at, end);
        bool is_mark = at - before == 3 && point == 0xFFFD;
        if ((point == 0xFFFD && !is_mark) || (!surrogates && point >= 0xD800 && point < 0xE000)) return (size_t)(before - bytes);
    }
    return length;
}

// ---- coding cookies ----

static bool only_blank_or_comment(const char *line, const char *end)
{
    while (line < end && (*line == ' ' || *line == '\t' || *line == '\f')) line++;
    return line == end || *line == '#' || *line == '\n' || *line == '\r';
}

// The name in "# ... coding: name" of one line; gives its length, 0 if there is none.
static size_t cookie_in(const char *line, const char *end, const char **name)
{
    while (line < end && (*line == ' ' || *line == '\t' || *line == '\f')) line++;
    if (line == end || *line != '#') return 0;
    for (; end - line > 7; line++) {
        if (memcmp(line, "coding", 6) != 0 || (line[6] != ':' && line[6] != '=')) continue;
        const char *at = line + 7;
        while (at < end && (*at == ' ' || *at == '\t')) at++;
        const char *first = at;
        while (at < end && (isalnum((unsigned char)*at) || *at == '-' || *at == '_' || *at == '.')) at++;
        if (at > first) return *name = first, (size_t)(at - first);
    }
    return 0;
}

typedef enum Encoding { UTF_8, LATIN_1, ASCII, OTHER } Encoding;

static Encoding encoding_named(const char *name, size_t length, char *plain, size_t room)
{
    size_t n = 0;
    for (; n < length && n + 1 < room; n++) plain[n] = name[n] == '_' ? '-' : (char)tolower((unsigned char)name[n]);
    plain[n] = 0;
    if (!strcmp(plain, "utf-8") || !strncmp(plain, "utf-8-", 6) || !strcmp(plain, "utf8")) return UTF_8;
    static const char *const latin[] = {"latin-1", "iso-8859-1", "iso-latin-1", "latin1", "iso8859-1", "8859", "l1", "cp819"};
    for (size_t i = 0; i < sizeof latin / sizeof *latin; i++)
        if (!strcmp(plain, latin[i])) return LATIN_1;
    if (!strncmp(plain, "latin-1-", 8) || !strncmp(plain, "iso-8859-1-", 11) || !strncmp(plain, "iso-latin-1-", 12)) return LATIN_1;
    return !strcmp(plain, "ascii") || !strcmp(plain, "us-ascii") ? ASCII : OTHER;
}

static size_t find_cookie(const char *bytes, size_t length, const char **name)
{
    const char *end = bytes + length, *line = bytes;
    for (int i = 0; i < 2 && line < end; i++) {
        const char *stop = line;
        while (stop < end && *stop != '\n' && *stop != '\r') stop++;
        size_t found = cookie_in(line, stop, name);
        if (found) return found;
        if (!only_blank_or_comment(line, stop)) return 0;
        line = stop + (stop + 1 < end && stop[0] == '\r' && stop[1] == '\n') + 1;
    }
    return 0;
}

// ---- decoding ----

static char *from_latin_1(const char *bytes, size_t *length, Arena *arena)
{
    char *text = arena_alloc(arena, *length * 2 + 2), *to = text;
    if (!text) return NULL;
    for (size_t i = 0; i < *length; i++) to += utf8_put(to, (unsigned char)bytes[i]);
    *length = (size_t)(to - text);
    return text;
}

// Through iconv, for the encodings that old files are written in. NULL: *problem says why.
static char *from_other(const char *name, const char *bytes, size_t *length, Arena *arena, FaultClass *problem)
{
    *problem = FAULT_SYNTAX;
    iconv_t converter = iconv_open("UTF-8", name);
    if (converter == (iconv_t)-1) return NULL;
    size_t room = *length * 4 + 16, left = room, rest = *length;
    char *text = arena_alloc(arena, room + 2), *to = text, *from = (char *)(uintptr_t)bytes;
    if (!text) *problem = FAULT_MEMORY;
    bool converted = text && iconv(converter, &from, &rest, &to, &left) != (size_t)-1;
    iconv_close(converter);
    *length = room - left;
    return converted ? text : NULL;
}

static int line_of(const char *bytes, size_t at)
{
    int line = 1;
    for (size_t i = 0; i < at; i++) line += bytes[i] == '\n';
    return line;
}

static bool decode_bytes(Source *source, const char **bytes, size_t *length, Arena *arena, SyntaxFault *fault)
{
    bool marked = *length >= 3 && memcmp(*bytes, "\xEF\xBB\xBF", 3) == 0;
    if (marked) *bytes += 3, *length -= 3;
    const char *name = NULL;
    size_t name_length = find_cookie(*bytes, *length, &name);
    char plain[64] = "";
    Encoding encoding = name_length ? encoding_named(name, name_length, plain, sizeof plain) : UTF_8;
    if (marked && name_length && (encoding != UTF_8 || !strcmp(plain, "utf8")))  // CPython compares the name as it is
        return refuse(fault, FAULT_SYNTAX, arena, "encoding problem: %s with BOM", encoding == LATIN_1 ? "iso-8859-1" : plain);
    if (encoding == LATIN_1) {
        *bytes = from_latin_1(*bytes, length, arena);
        return *bytes || refuse(fault, FAULT_MEMORY, arena, "");
    }
    if (encoding == OTHER) {
        FaultClass problem;
        *bytes = from_other(plain, *bytes, length, arena, &problem);
        return *bytes || refuse(fault, problem, arena, "encoding problem: %.*s", (int)name_length, name);
    }
    size_t flaw = utf8_flaw(*bytes, *length, false);
    if (encoding == ASCII) {
        for (flaw = 0; flaw < *length && (unsigned char)(*bytes)[flaw] < 0x80;) flaw++;
        return flaw == *length || refuse(fault, FAULT_SYNTAX, arena, "encoding problem: %s", plain);
    }
    if (flaw == *length) return true;
    return refuse(fault, FAULT_SYNTAX, arena,
                  "Non-UTF-8 code starting with '\\x%02x' in file %s on line %d, but no encoding declared; "
                  "see https://peps.python.org/pep-0263/ for details",
                  (unsigned char)(*bytes)[flaw], source->filename, line_of(*bytes, flaw));
}

// Copies with \r\n and \r as \n; a file's last line gets its \n.
static char *with_plain_lines(const char *bytes, size_t *length, bool end_line, bool *added, Arena *arena)
{
    char *text = arena_alloc(arena, *length + 2), *to = text;
    if (!text) return NULL;
    if (!memchr(bytes, '\r', *length)) {
        if (*length) memcpy(text, bytes, *length);
        to += *length;
    } else {
        for (size_t i = 0; i < *length; i++) {
            if (bytes[i] == '\r' && i + 1 < *length && bytes[i + 1] == '\n') continue;
            *to++ = bytes[i] == '\r' ? '\n' : bytes[i];
        }
    }
    *added = end_line && (to == text || to[-1] != '\n');
    if (*added) *to++ = '\n';
    *to = 0;
    *length = (size_t)(to - text);
    return text;
}

bool source_decode(Source *source, const char *bytes, size_t length, Arena *arena, SyntaxFault *fault)
{
    bool is_str = source->flags & PARSE_IS_STR;
    if (!length) bytes = "";
    if (length > INT32_MAX / 2) return refuse(fault, FAULT_OVERFLOW, arena, "source is too long");
    const char *nul = length ? memchr(bytes, 0, length) : NULL;
    if (nul) {
        refuse(fault, is_str ? FAULT_VALUE : FAULT_SYNTAX, arena,
               is_str ? "source code string cannot contain null bytes" : "source code cannot contain null bytes");
        fault->lineno = line_of(bytes, (size_t)(nul - bytes));
        return false;
    }
    if (!is_str && !decode_bytes(source, &bytes, &length, arena, fault)) return false;
    if (is_str && utf8_flaw(bytes, length, true) != length) return refuse(fault, FAULT_UNICODE, arena, "source is not UTF-8");
    source->bytes = with_plain_lines(bytes, &length, source->mode == PARSE_EXEC, &source->newline_added, arena);
    source->length = (uint32_t)length;
    return source->bytes || refuse(fault, FAULT_MEMORY, arena, "");
}

Text source_line(const Source *source, int lineno)
{
    const char *at = source->bytes, *end = at + source->length;
    for (int line = 1; line < lineno && at < end; line++) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        at = newline ? newline + 1 : end;
    }
    if (lineno < 1 || at >= end) return (Text){0};
    const char *newline = memchr(at, '\n', (size_t)(end - at));
    return (Text){at, (size_t)((newline ? newline + 1 : end) - at)};
}
