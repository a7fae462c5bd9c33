// SPDX-License-Identifier: MIT
// runtime/types/str_case.c: lower, upper, title, capitalize, swapcase and casefold of str, by Unicode's full mappings.
//
// A mapping may make a string longer (ß becomes SS). A capital sigma becomes ς at the end of a word, σ elsewhere.
#include "runtime/types/str_internal.h"
#include "runtime/types/unicode.h"

typedef size_t Mapping(Codepoint c, Codepoint result[CASE_MAX]);

static void add_all(StrBuilder *b, const Codepoint *characters, size_t count)
{
    for (size_t i = 0; i < count; i++) builder_add(b, characters[i]);
}

#define CAPITAL_SIGMA 0x3A3

// A sigma at `at` ends a word: a cased letter before it and none behind it, not counting what case ignores.
static bool is_final_sigma(const Str *s, size_t at)
{
    size_t i = at;
    while (i > 0 && codepoint_is_case_ignorable(str_at(s, i - 1))) i--;
    if (i == 0 || !codepoint_is_cased(str_at(s, i - 1))) return false;
    for (i = at + 1; i < s->length && codepoint_is_case_ignorable(str_at(s, i));) i++;
    return i == s->length || !codepoint_is_cased(str_at(s, i));
}

static void add_lower(StrBuilder *b, const Str *s, size_t at)
{
    Codepoint c = str_at(s, at), mapped[CASE_MAX];
    if (c == CAPITAL_SIGMA) builder_add(b, is_final_sigma(s, at) ? 0x3C2 : 0x3C3);
    else add_all(b, mapped, codepoint_to_lower(c, mapped));
}

static void add_mapped(StrBuilder *b, Codepoint c, Mapping *mapping)
{
    Codepoint mapped[CASE_MAX];
    add_all(b, mapped, mapping(c, mapped));
}

static Value map_ascii(Thread *t, Str *s, char first, char last)
{
    if (s->length == 1) {
        char c = s->data[0];
        return str_from_codepoint(t, (Codepoint)(c >= first && c <= last ? c ^ 0x20 : c));
    }
    if (s->length == 0) return object_value(str_empty);
    Str *result = str_blank(t, s->length, 0x7F);
    if (!result) return ERROR;
    for (size_t i = 0; i < s->length; i++) {
        char c = s->data[i];
        result->data[i] = (char)(c ^ (c >= first && c <= last ? 0x20 : 0));
    }
    return object_value(result);
}

Value str_method_lower(Thread *t, Value self, const Value *args)
{
    (void)args;
    Str *s = as_str(self);
    if (str_is_ascii(s)) return map_ascii(t, s, 'A', 'Z');
    StrBuilder b;
    builder_start(t, &b);
    for (size_t i = 0; i < s->length; i++) add_lower(&b, s, i);
    return builder_finish(&b);
}

static Value map_all(Thread *t, Str *s, Mapping *mapping)
{
    StrBuilder b;
    builder_start(t, &b);
    for (size_t i = 0; i < s->length; i++) add_mapped(&b, str_at(s, i), mapping);
    return builder_finish(&b);
}

Value str_method_upper(Thread *t, Value self, const Value *args)
{
    (void)args;
    Str *s = as_str(self);
    return str_is_ascii(s) ? map_ascii(t, s, 'a', 'z') : map_all(t, s, codepoint_to_upper);
}

Value str_method_casefold(Thread *t, Value self, const Value *args)
{
    (void)args;
    Str *s = as_str(self);
    return str_is_ascii(s) ? map_ascii(t, s, 'A', 'Z') : map_all(t, s, codepoint_to_folded);
}

Value str_method_title(Thread *t, Value self, const Value *args)
{
    (void)args;
    Str *s = as_str(self);
    StrBuilder b;
    builder_start(t, &b);
    bool in_word = false;
    for (size_t i = 0; i < s->length; i++) {
        Codepoint c = str_at(s, i);
        if (in_word) add_lower(&b, s, i);
        else add_mapped(&b, c, codepoint_to_title);
        in_word = codepoint_is_cased(c);
    }
    return builder_finish(&b);
}

Value str_method_capitalize(Thread *t, Value self, const Value *args)
{
    (void)args;
    Str *s = as_str(self);
    StrBuilder b;
    builder_start(t, &b);
    if (s->length) add_mapped(&b, str_at(s, 0), codepoint_to_title);
    for (size_t i = 1; i < s->length; i++) add_lower(&b, s, i);
    return builder_finish(&b);
}

Value str_method_swapcase(Thread *t, Value self, const Value *args)
{
    (void)args;
    Str *s = as_str(self);
    StrBuilder b;
    builder_start(t, &b);
    for (size_t i = 0; i < s->length; i++) {
        Codepoint c = str_at(s, i);
        if (codepoint_is_upper(c)) add_lower(&b, s, i);
        else if (codepoint_is_lower(c)) add_mapped(&b, c, codepoint_to_upper);
        else builder_add(&b, c);
    }
    return builder_finish(&b);
}
