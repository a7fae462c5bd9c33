// SPDX-License-Identifier: MIT
// runtime/types/str.h: str: 1, 2 or 4 bytes a character by the widest one, so that indexing is O(1).
//
// Always: `kind` is the narrowest that fits; the ASCII flag is set exactly when every character is below 128; the
// characters follow the head and end with a zero character; lone surrogates are characters (kind 2).
#ifndef BATON_RUNTIME_TYPES_STR_H
#define BATON_RUNTIME_TYPES_STR_H

#include "runtime/names.h"
#include "runtime/type.h"

enum StrFlags { STR_KIND_MASK = 7, STR_ASCII = 8, STR_INTERNED = 16, STR_HASHED = 32 };   // in Object.flags; kind is 1, 2 or 4

struct Str {
    Object head;
    size_t length;      // characters
    int64_t hash;       // valid when STR_HASHED
    char data[];
};

typedef uint32_t Codepoint;
static ALWAYS_INLINE bool is_str(Value v) { return has_type_flag(v, TYPE_IS_STR); }
extern Type str_type;
static ALWAYS_INLINE bool is_exact_str(Value v) { return is_object(v) && as_object(v)->type == &str_type; }
static ALWAYS_INLINE Str *as_str(Value v) { ASSERT(is_str(v)); return (Str *)as_object(v); }
static ALWAYS_INLINE unsigned str_kind(const Str *s) { return s->head.flags & STR_KIND_MASK; }
static ALWAYS_INLINE bool str_is_ascii(const Str *s) { return (s->head.flags & STR_ASCII) != 0; }
static ALWAYS_INLINE bool str_is_interned(const Str *s) { return (s->head.flags & STR_INTERNED) != 0; }
static inline Codepoint str_at(const Str *s, size_t i)
{
    ASSERT(i <= s->length);
    switch (str_kind(s)) {
    case 1: return ((const uint8_t *)s->data)[i];
    case 2: return ((const uint16_t *)(const void *)s->data)[i];
    default: return ((const uint32_t *)(const void *)s->data)[i];
    }
}

NEEDS_GIL NEW_REF Value str_from_ascii(Thread *t, const char *text, size_t length);        // every byte below 128
NEEDS_GIL NEW_REF Value str_from_latin1(Thread *t, const char *text, size_t length);
NEEDS_GIL NEW_REF Value str_from_utf8(Thread *t, const char *text, size_t length);         // strict: UnicodeDecodeError
NEEDS_GIL NEW_REF Value str_from_wtf8(Thread *t, const char *text, size_t length);         // lone surrogates allowed: literals
NEEDS_GIL NEW_REF Value str_from_text(Thread *t, const char *text);                        // NUL-terminated UTF-8
NEEDS_GIL NEW_REF Value str_from_os(Thread *t, const char *text, size_t length);           // the file system's: UTF-8 with surrogateescape
NEEDS_GIL NEW_REF Value str_from_codepoint(Thread *t, Codepoint c);
NEEDS_GIL NEW_REF Value str_from_codepoints(Thread *t, const Codepoint *text, size_t length);
// A new string of `length` characters none wider than `widest`, to be written by the caller at once (then never changed).
NEEDS_GIL NEW_REF Str *str_blank(Thread *t, size_t length, Codepoint widest);
static inline void str_put(Str *s, size_t i, Codepoint c)
{
    switch (str_kind(s)) {
    case 1: ((uint8_t *)s->data)[i] = (uint8_t)c; break;
    case 2: ((uint16_t *)(void *)s->data)[i] = (uint16_t)c; break;
    default: ((uint32_t *)(void *)s->data)[i] = c; break;
    }
}
extern Str *str_empty;     // ""
NEEDS_GIL NEW_REF Value str_substring(Thread *t, Str *s, size_t start, size_t end);
NEEDS_GIL NEW_REF Value str_concat(Thread *t, Value a, Value b);
// s + tail where s is owned by nobody else may grow in place: for `s += …` loops. Takes s.
NEEDS_GIL NEW_REF Value str_append(Thread *t, TAKES Value s, Value tail);
NEEDS_GIL NEW_REF Value str_join(Thread *t, Str *separator, Value iterable);
NEEDS_GIL bool str_equal(const Str *a, const Str *b);
// memcmp() == 0, in line for what is short: two overlapping words.
static ALWAYS_INLINE bool bytes_equal(const char *a, const char *b, size_t size)
{
    if (size > 16) return memcmp(a, b, size) == 0;
    if (size >= 8) {
        uint64_t x[2], y[2];
        memcpy(&x[0], a, 8), memcpy(&x[1], a + size - 8, 8);
        memcpy(&y[0], b, 8), memcpy(&y[1], b + size - 8, 8);
        return ((x[0] ^ y[0]) | (x[1] ^ y[1])) == 0;
    }
    if (size >= 4) {
        uint32_t x[2], y[2];
        memcpy(&x[0], a, 4), memcpy(&x[1], a + size - 4, 4);
        memcpy(&y[0], b, 4), memcpy(&y[1], b + size - 4, 4);
        return ((x[0] ^ y[0]) | (x[1] ^ y[1])) == 0;
    }
    for (size_t i = 0; i < size; i++)
        if (a[i] != b[i]) return false;
    return true;
}

// str_equal() for two whose hashes are known to be the same.
static ALWAYS_INLINE bool str_same_text(const Str *a, const Str *b)
{
    uint32_t differing = a->head.flags ^ b->head.flags;
    return a->length == b->length && !(differing & (STR_KIND_MASK | STR_ASCII)) && bytes_equal(a->data, b->data, a->length * str_kind(a));
}
NEEDS_GIL int str_order(const Str *a, const Str *b);                 // <0, 0, >0 by code point
bool str_equal_text(const Str *s, const char *ascii);
NEEDS_GIL int64_t str_hash(Str *s);
uint64_t keyed_hash(const void *data, size_t length);                // SipHash-1-3 with the interpreter's seed; may be -1, which no hash is
NEEDS_GIL ptrdiff_t str_find(const Str *s, const Str *part, size_t start, size_t end);     // index or -1
NEEDS_GIL NEW_REF Str *str_intern(Thread *t, TAKES Str *s);                  // the one interned string equal to s
NEEDS_GIL NEW_REF Str *str_intern_text(Thread *t, const char *utf8, size_t length);
NEEDS_GIL void intern_stop(Interp *interp);            // frees the interpreter's table of interned strings: at its very end
// UTF-8 of s: a mem_allocate'd, NUL-terminated copy, freed by mem_free; *length without the NUL (may be NULL). NULL: raised
// (surrogates: UnicodeEncodeError). For an ASCII string str_text() needs no copy.
NEEDS_GIL NEW_REF char *str_to_utf8(Thread *t, const Str *s, size_t *length);
NEEDS_GIL NEW_REF char *str_to_os(Thread *t, const Str *s, size_t *length);  // surrogateescape; ValueError on an embedded NUL
static inline const char *str_text(const Str *s) { ASSERT(str_is_ascii(s)); return s->data; }
static inline void mem_free_slot(void *slot);
#define OWN_MEMORY __attribute__((cleanup(mem_free_slot)))               // OWN_MEMORY char *text = str_to_utf8(…)
void mem_free(void *memory);
static inline void mem_free_slot(void *slot) { mem_free(*(void **)slot); }

// Building a string piece by piece; widens as needed. Once an append has failed the rest do nothing, and finish gives ERROR.
#define STR_BUILDER_OWN 136
typedef struct StrBuilder {
    char *data;               // `own` while that is enough: a builder stays where it was started
    size_t length, capacity;
    unsigned kind;
    bool ascii, failed;
    Thread *t;
    char own[STR_BUILDER_OWN];
} StrBuilder;
NEEDS_GIL void builder_start(Thread *t, StrBuilder *b);
NEEDS_GIL void builder_add(StrBuilder *b, Codepoint c);
NEEDS_GIL void builder_add_ascii(StrBuilder *b, const char *text, size_t length);
NEEDS_GIL void builder_add_text(StrBuilder *b, const char *utf8);
NEEDS_GIL void builder_add_str(StrBuilder *b, const Str *s);
NEEDS_GIL void builder_add_slice(StrBuilder *b, const Str *s, size_t start, size_t end);
NEEDS_GIL void builder_add_repeat(StrBuilder *b, Codepoint c, size_t count);
NEEDS_GIL void builder_add_repr(StrBuilder *b, Value v);
NEEDS_GIL NEW_REF Value builder_finish(StrBuilder *b);   // ERROR if anything failed; frees the builder
NEEDS_GIL void builder_abandon(StrBuilder *b);           // frees it

// Codecs: encoding and errors may be NULL (utf-8, strict). Names are normalised ("UTF8", "utf_8"); unknown ones go to codecs.lookup.
NEEDS_GIL NEW_REF Value str_encode(Thread *t, Str *s, const char *encoding, const char *errors);      // bytes
NEEDS_GIL NEW_REF Value bytes_decode(Thread *t, const char *data, size_t length, const char *encoding, const char *errors);
// Number formatting shared by str.format, format() and % (types/format.c). spec is a Str.
NEEDS_GIL NEW_REF Value format_str_spec(Thread *t, Value v, Str *spec);
NEEDS_GIL NEW_REF Value format_int_spec(Thread *t, Value v, Str *spec);
NEEDS_GIL NEW_REF Value format_float_spec(Thread *t, Value v, Str *spec);
NEEDS_GIL NEW_REF Value str_percent(Thread *t, Value format, Value arguments);           // format % arguments

// Unicode properties (utf8proc), as Python's str methods see them.
bool codepoint_is_space(Codepoint c), codepoint_is_alpha(Codepoint c), codepoint_is_decimal(Codepoint c), codepoint_is_digit(Codepoint c),
    codepoint_is_numeric(Codepoint c), codepoint_is_printable(Codepoint c), codepoint_is_upper(Codepoint c), codepoint_is_lower(Codepoint c),
    codepoint_is_title(Codepoint c), codepoint_is_identifier_start(Codepoint c), codepoint_is_identifier_part(Codepoint c), codepoint_is_linebreak(Codepoint c);
int codepoint_decimal_value(Codepoint c);    // 0-9 or -1
NEEDS_GIL bool str_is_identifier(const Str *s);

#endif
