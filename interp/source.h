// SPDX-License-Identifier: MIT
// interp/source.h: the text of a program, decoded, and its lines.
//
// Always   `bytes` is valid UTF-8 (in a str also lone surrogates) without NUL, lines end in \n alone,
//          and a NUL stands behind the last byte.
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "parser.h"

typedef struct Source {
    const char *bytes;
    uint32_t length;
    const char *filename;
    ParseMode mode;
    ParseFlags flags;
    bool newline_added;    // the last \n is not in the file
    uint32_t old_fstring;  // one more than where an f-string begins that ends at the next quote like its first, as before
                           // Python 3.12; 0: there is none
} Source;

// Decodes: byte order mark, coding cookie (utf-8, latin-1, ascii and their other names), line ends.
// False: *fault is filled in, except that its line may be missing.
bool source_decode(Source *source, const char *bytes, size_t length, Arena *arena, SyntaxFault *fault);

// The line `lineno` with its line end, None if there is no such line.
Text source_line(const Source *source, int lineno);

// How many characters are in these bytes; a byte that begins none counts as one.
int utf8_count(const char *bytes, size_t length);

// Decodes the character at *at and moves *at behind it. A bad byte gives U+FFFD.
uint32_t utf8_next(const char **at, const char *end);

// Writes `point` (a lone surrogate, too) at `to`; gives the number of bytes, at most 4.
size_t utf8_put(char *to, uint32_t point);
