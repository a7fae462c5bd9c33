// SPDX-License-Identifier: MIT
// stdlib/unicodedata/normalize.c: the normal forms NFC, NFD, NFKC and NFKD, by utf8proc over code points (so that a lone
// surrogate passes through).
#include <utf8proc.h>

#include "runtime/heap.h"
#include "stdlib/unicodedata/unicode.h"

typedef struct Characters { utf8proc_int32_t *items; size_t length, capacity; } Characters;

static bool append(Thread *t, Characters *list, Codepoint c, utf8proc_option_t options)
{
    if (list->capacity - list->length < 32) {
        size_t capacity = list->capacity * 2 + 64;
        utf8proc_int32_t *items = mem_reallocate(t, list->items, capacity * sizeof *items);
        if (!items) return false;
        list->items = items;
        list->capacity = capacity;
    }
    utf8proc_ssize_t count = utf8proc_decompose_char((utf8proc_int32_t)c, list->items + list->length, 32, options, NULL);
    if (count <= 0 || count > 32) {
        list->items[list->length] = (utf8proc_int32_t)c;
        count = 1;
    }
    list->length += (size_t)count;
    return true;
}

static int combining(utf8proc_int32_t c) { return utf8proc_get_property(c)->combining_class; }

// Marks between two characters that are none stand in the order of their classes.
static void order_marks(Characters *list)
{
    for (size_t i = 1; i < list->length; i++) {
        utf8proc_int32_t c = list->items[i];
        int class = combining(c);
        size_t to = i;
        while (class && to > 0 && combining(list->items[to - 1]) > class) {
            list->items[to] = list->items[to - 1];
            to--;
        }
        list->items[to] = c;
    }
}

Value unicode_normalize(Thread *t, Str *s, bool compatible, bool composed)
{
    utf8proc_option_t options = UTF8PROC_STABLE | UTF8PROC_DECOMPOSE;
    if (compatible) options = (utf8proc_option_t)(options | UTF8PROC_COMPAT);
    Characters list = {0};
    Value result = ERROR;
    for (size_t i = 0; i < s->length; i++) {
        if (!append(t, &list, str_at(s, i), options)) {
            mem_free(list.items);
            return ERROR;
        }
    }
    order_marks(&list);
    utf8proc_ssize_t length = (utf8proc_ssize_t)list.length;
    if (composed) length = utf8proc_normalize_utf32(list.items, length, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
    result = str_from_codepoints(t, (const Codepoint *)list.items, length < 0 ? list.length : (size_t)length);
    mem_free(list.items);
    return result;
}
