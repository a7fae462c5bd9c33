// SPDX-License-Identifier: MIT
// runtime/types/str_internal.h: what the files of str share.
#ifndef BATON_RUNTIME_TYPES_STR_INTERNAL_H
#define BATON_RUNTIME_TYPES_STR_INTERNAL_H

#include "runtime/error.h"
#include "runtime/types/arguments.h"
#include "runtime/types/str.h"

// A string that str_append made keeps room behind its end; how much is coded in 8 bits of its flags (str.c).
enum { STR_GROWN = 64, STR_CAPACITY_SHIFT = 8 };

#define STR_LENGTH_MAX ((size_t)PTRDIFF_MAX / 4 - 64)

static ALWAYS_INLINE unsigned kind_for(Codepoint widest) { return widest < 0x100 ? 1 : widest < 0x10000 ? 2 : 4; }
static inline Codepoint data_at(const void *data, unsigned kind, size_t i)
{
    return kind == 1 ? ((const uint8_t *)data)[i] : kind == 2 ? ((const uint16_t *)data)[i] : ((const uint32_t *)data)[i];
}
static inline void data_put(void *data, unsigned kind, size_t i, Codepoint c)
{
    if (kind == 1) ((uint8_t *)data)[i] = (uint8_t)c;
    else if (kind == 2) ((uint16_t *)data)[i] = (uint16_t)c;
    else ((uint32_t *)data)[i] = c;
}
// Copies `count` characters between arrays of any kinds; what is copied fits the target's kind.
void characters_copy(void *to, unsigned to_kind, size_t to_at, const void *from, unsigned from_kind, size_t from_at, size_t count);
// The widest kind's largest character that the slice may hold: 0x7F, 0xFF, 0xFFFF or 0x10FFFF, tight.
Codepoint characters_widest(const void *data, unsigned kind, size_t count);
static inline Codepoint str_widest(const Str *s)
{
    return str_is_ascii(s) ? 0x7F : str_kind(s) == 1 ? 0xFF : str_kind(s) == 2 ? 0xFFFF : 0x10FFFF;
}
bool bytes_are_ascii(const char *data, size_t length);
// A str that lives for ever, outside any heap; its characters are for the caller to write. NULL: no memory.
Str *str_immortal(size_t length, Codepoint widest);
NEEDS_GIL NEW_REF Value str_repr(Thread *t, Value v);
NEEDS_GIL NEW_REF Value str_exact(Thread *t, Value v);        // of type str exactly
NEEDS_GIL NEW_REF Value str_multiply(Thread *t, Str *s, ptrdiff_t count);
NEEDS_GIL ptrdiff_t str_find_last(const Str *s, const Str *part, size_t start, size_t end);
NEEDS_GIL size_t str_count(const Str *s, const Str *part, size_t start, size_t end, size_t most);
NEEDS_GIL bool str_match_at(const Str *s, const Str *part, size_t at);     // part stands at `at`, wholly inside
NEEDS_GIL NEW_REF Value str_replace(Thread *t, Str *s, Str *old, Str *replacement, ptrdiff_t most);
NEEDS_GIL NEW_REF Value str_pad(Thread *t, Str *s, size_t left, size_t right, Codepoint fill);
NEEDS_GIL int64_t str_hash_of_bytes(const char *data, size_t length);     // the hash of a string, not empty, whose characters are these bytes
NEEDS_GIL void intern_forget(Str *s);                          // s, interned, is dying (intern.c)
extern const Method str_methods[];
typedef Value StrMethod(Thread *t, Value self, const Value *args);
StrMethod str_method_format, str_method_format_map, str_method_lower, str_method_upper, str_method_title, str_method_capitalize,
    str_method_swapcase, str_method_casefold, str_method_translate, str_method_maketrans, str_method_split, str_method_rsplit,
    str_method_splitlines, str_method_partition, str_method_rpartition, str_method_encode;

#endif
