// SPDX-License-Identifier: MIT
// runtime/types/str_builder.c: building a string piece by piece.
//
// Always
//   1. `kind` is the narrowest that fits every character added so far, `ascii` says that all are below 128.
//   2. After `failed` an exception is pending and nothing is added any more.
#include "runtime/heap.h"
#include "runtime/types/str_internal.h"

void builder_start(Thread *t, StrBuilder *b)
{
    b->data = b->own;
    b->length = 0;
    b->capacity = sizeof b->own;
    b->kind = 1;
    b->ascii = true;
    b->failed = false;
    b->t = t;
}

// Makes room for `more` characters no wider than `widest`.
static bool reserve(StrBuilder *b, size_t more, Codepoint widest)
{
    if (b->failed) return false;
    unsigned kind = kind_for(widest) > b->kind ? kind_for(widest) : b->kind;
    if (widest >= 0x80) b->ascii = false;
    if (LIKELY(kind == b->kind && more <= b->capacity - b->length)) return true;
    if (more > STR_LENGTH_MAX - b->length) {
        b->failed = true;
        return error_false(raise_memory_error(b->t));
    }
    size_t capacity = b->capacity;
    if (b->length + more > capacity) capacity = (b->length + more) + (b->length + more) / 2 + 16;
    bool grows = kind == b->kind && b->data != b->own;
    char *data = grows ? mem_reallocate(b->t, b->data, capacity * kind) : mem_allocate(b->t, capacity * kind);
    if (!data) {
        b->failed = true;
        return false;
    }
    if (!grows) {
        if (b->length) characters_copy(data, kind, 0, b->data, b->kind, 0, b->length);
        if (b->data != b->own) mem_free(b->data);
    }
    b->data = data;
    b->kind = kind;
    b->capacity = capacity;
    return true;
}

void builder_add(StrBuilder *b, Codepoint c)
{
    if (reserve(b, 1, c)) data_put(b->data, b->kind, b->length++, c);
}

void builder_add_ascii(StrBuilder *b, const char *text, size_t length)
{
    if (length == 0 || !reserve(b, length, 0x7F)) return;
    characters_copy(b->data, b->kind, b->length, text, 1, 0, length);
    b->length += length;
}

void builder_add_text(StrBuilder *b, const char *utf8)
{
    size_t length = strlen(utf8);
    if (bytes_are_ascii(utf8, length)) {
        builder_add_ascii(b, utf8, length);
        return;
    }
    if (b->failed) return;
    OWN Value s = str_from_utf8(b->t, utf8, length);
    if (is_error(s)) b->failed = true;
    else builder_add_str(b, as_str(s));
}

void builder_add_str(StrBuilder *b, const Str *s) { builder_add_slice(b, s, 0, s->length); }

void builder_add_slice(StrBuilder *b, const Str *s, size_t start, size_t end)
{
    if (end > s->length) end = s->length;
    if (start >= end) return;
    unsigned kind = str_kind(s);
    bool narrow = str_is_ascii(s) || (start == 0 && end == s->length);
    Codepoint widest = narrow ? str_widest(s) : characters_widest(s->data + start * kind, kind, end - start);
    if (!reserve(b, end - start, widest)) return;
    characters_copy(b->data, b->kind, b->length, s->data, kind, start, end - start);
    b->length += end - start;
}

void builder_add_repeat(StrBuilder *b, Codepoint c, size_t count)
{
    if (count == 0 || !reserve(b, count, c)) return;
    if (b->kind == 1) memset(b->data + b->length, (int)c, count);
    else for (size_t i = 0; i < count; i++) data_put(b->data, b->kind, b->length + i, c);
    b->length += count;
}

void builder_add_repr(StrBuilder *b, Value v)
{
    if (b->failed) return;
    OWN Value text = object_repr(b->t, v);
    if (is_error(text)) b->failed = true;
    else builder_add_str(b, as_str(text));
}

Value builder_finish(StrBuilder *b)
{
    Value result = ERROR;
    if (!b->failed && b->length == 0) {
        result = object_value(str_empty);
    } else if (!b->failed && b->length == 1) {
        result = str_from_codepoint(b->t, data_at(b->data, b->kind, 0));
    } else if (!b->failed) {
        Str *s = str_blank(b->t, b->length, b->ascii ? 0x7F : b->kind == 1 ? 0xFF : b->kind == 2 ? 0xFFFF : 0x10FFFF);
        if (s) {
            memcpy(s->data, b->data, b->length * b->kind);
            result = object_value(s);
        }
    }
    builder_abandon(b);
    return result;
}

void builder_abandon(StrBuilder *b)
{
    if (b->data != b->own) mem_free(b->data);
    b->data = NULL;
    b->length = b->capacity = 0;
    b->failed = true;
}
