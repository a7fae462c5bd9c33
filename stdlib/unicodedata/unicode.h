// SPDX-License-Identifier: MIT
// stdlib/unicodedata/unicode.h: the tables that make_tables.py writes, and what the files of the module share.
#ifndef BATON_STDLIB_UNICODE_H
#define BATON_STDLIB_UNICODE_H

#include "runtime/error.h"
#include "runtime/types/str.h"

// Texts by code point: codes[i] has the text at text + offsets[i]. Sorted by code point; aliases by their text.
#define TEXT_TABLE(name) \
    extern const uint32_t name##_codes[], name##_offsets[]; \
    extern const char name##_text[]; \
    extern const size_t name##_count
TEXT_TABLE(unicode_names);
TEXT_TABLE(unicode_aliases);
TEXT_TABLE(unicode_decompositions);
extern const uint32_t unicode_names_sorted[];    // indices of names, in the order of their texts

typedef struct UnicodeNumber { uint32_t code; int digit; double value; } UnicodeNumber;    // digit -1: it is none
typedef struct UnicodeRange { uint32_t first, last; char value[4]; } UnicodeRange;       // a run of characters alike
extern const UnicodeNumber unicode_numbers[];
extern const UnicodeRange unicode_widths[], unicode_categories[], unicode_directions[];
extern const size_t unicode_numbers_count, unicode_widths_count, unicode_categories_count, unicode_directions_count;
extern const char unicode_version[];

#define UNICODE_NAME_MAX 128
// The index of code in codes[0..count), or -1.
ptrdiff_t unicode_find_code(const uint32_t *codes, size_t count, Codepoint code);
// The name of a character into text (of UNICODE_NAME_MAX); false: it has none.
bool unicode_name_of(Codepoint code, char *text);
// The character with a name or an alias, in any case (names made by rule: in capitals only); -1: none has it.
int32_t unicode_code_of(const char *name, size_t length);
// The text in one of the four normal forms.
NEEDS_GIL NEW_REF Value unicode_normalize(Thread *t, Str *s, bool compatible, bool composed);

#endif
