// SPDX-License-Identifier: MIT
// runtime/types/str_search.c: finding, counting and replacing a string in a string.
//
// A part that is wider than the string cannot be in it; one that is narrower is widened first. Then equal characters are equal
// bytes, and memchr and memmem do the work; a match that is not at a character's border is passed over.
#include <stdlib.h>

#include "runtime/heap.h"
#include "runtime/types/str_internal.h"

// The part in the kind of the string that is searched.
typedef struct Needle { const char *data; size_t bytes; char few[64]; char *many; } Needle;

static bool needle_make(Needle *n, const Str *part, unsigned kind)
{
    n->many = NULL;
    n->bytes = part->length * kind;
    if (str_kind(part) == kind) {
        n->data = part->data;
        return true;
    }
    char *data = n->few;
    if (n->bytes > sizeof n->few && !(data = n->many = malloc(n->bytes))) return false;
    characters_copy(data, kind, 0, part->data, str_kind(part), 0, part->length);
    n->data = data;
    return true;
}

static void needle_free(Needle *n) { free(n->many); }

// The first place of the bytes from `at` to `end`, or NULL. Strings are short and their matches near, where memmem's preparations cost more than
// the search; after many false starts it takes over.
static const char *find_run(const char *at, const char *end, const Needle *n)
{
    if (n->bytes == 1) return memchr(at, n->data[0], (size_t)(end - at));
    const char *start = at;
    size_t false_starts = 0;
    while ((size_t)(end - at) >= n->bytes) {
        at = memchr(at, n->data[0], (size_t)(end - at) - n->bytes + 1);
        if (!at || memcmp(at + 1, n->data + 1, n->bytes - 1) == 0) return at;
        at++;
        if (++false_starts > 8 + (size_t)(at - start) / 16) return memmem(at, (size_t)(end - at), n->data, n->bytes);
    }
    return NULL;
}

// The first match in data[0..bytes), as a byte offset, or -1.
static ptrdiff_t find_bytes(const char *data, size_t bytes, const Needle *n, unsigned kind)
{
    if (n->bytes > bytes) return -1;
    const char *at = data, *end = data + bytes;
    for (;;) {
        const char *found = find_run(at, end, n);
        if (!found) return -1;
        if ((size_t)(found - data) % kind == 0) return found - data;
        at = found + 1;
    }
}

static ptrdiff_t find_last_bytes(const char *data, size_t bytes, const Needle *n, unsigned kind)
{
    if (n->bytes > bytes) return -1;
    if (n->bytes == 1) {
        const char *found = memrchr(data, n->data[0], bytes);
        return found ? found - data : -1;
    }
    for (const char *at = data + (bytes - n->bytes) / kind * kind; at >= data; at -= kind) {
        if (at[0] == n->data[0] && memcmp(at, n->data, n->bytes) == 0) return at - data;
    }
    return -1;
}

ptrdiff_t str_find(const Str *s, const Str *part, size_t start, size_t end)
{
    if (end > s->length) end = s->length;
    if (start > end) return -1;
    unsigned kind = str_kind(s);
    if (part->length == 0) return (ptrdiff_t)start;
    if (str_kind(part) > kind || part->length > end - start || (str_is_ascii(s) && !str_is_ascii(part))) return -1;
    Needle n;
    if (!needle_make(&n, part, kind)) return -1;
    ptrdiff_t at = find_bytes(s->data + start * kind, (end - start) * kind, &n, kind);
    needle_free(&n);
    return at < 0 ? -1 : (ptrdiff_t)start + at / (ptrdiff_t)kind;
}

ptrdiff_t str_find_last(const Str *s, const Str *part, size_t start, size_t end)
{
    if (end > s->length) end = s->length;
    if (start > end) return -1;
    unsigned kind = str_kind(s);
    if (part->length == 0) return (ptrdiff_t)end;
    if (str_kind(part) > kind || part->length > end - start) return -1;
    Needle n;
    if (!needle_make(&n, part, kind)) return -1;
    ptrdiff_t at = find_last_bytes(s->data + start * kind, (end - start) * kind, &n, kind);
    needle_free(&n);
    return at < 0 ? -1 : (ptrdiff_t)start + at / (ptrdiff_t)kind;
}

size_t str_count(const Str *s, const Str *part, size_t start, size_t end, size_t most)
{
    if (end > s->length) end = s->length;
    if (start > end) return 0;
    if (part->length == 0) return end - start + 1 < most ? end - start + 1 : most;
    unsigned kind = str_kind(s);
    if (str_kind(part) > kind) return 0;
    Needle n;
    if (!needle_make(&n, part, kind)) return 0;
    size_t count = 0;
    const char *at = s->data + start * kind, *stop = s->data + end * kind;
    while (count < most) {
        ptrdiff_t found = find_bytes(at, (size_t)(stop - at), &n, kind);
        if (found < 0) break;
        count++;
        at += (size_t)found + n.bytes;
    }
    needle_free(&n);
    return count;
}

bool str_match_at(const Str *s, const Str *part, size_t at)
{
    if (at > s->length || part->length > s->length - at) return false;
    unsigned kind = str_kind(s), part_kind = str_kind(part);
    if (kind == part_kind) return memcmp(s->data + at * kind, part->data, part->length * kind) == 0;
    if (part_kind > kind) return part->length == 0;
    for (size_t i = 0; i < part->length; i++) if (data_at(s->data, kind, at + i) != data_at(part->data, part_kind, i)) return false;
    return true;
}

// ---- Replacing

// Between all characters: "".replace and "abc".replace("", x).
static Value replace_empty(Thread *t, Str *s, Str *replacement, size_t most)
{
    StrBuilder b;
    builder_start(t, &b);
    for (size_t i = 0; i < most && i <= s->length; i++) {
        builder_add_str(&b, replacement);
        builder_add_slice(&b, s, i, i + 1 < most ? i + 1 : s->length);
    }
    return builder_finish(&b);
}

static Value replace_character(Thread *t, Str *s, Codepoint from, Codepoint to, size_t most)
{
    Str *result = str_blank(t, s->length, str_widest(s));
    if (!result) return ERROR;
    memcpy(result->data, s->data, s->length * str_kind(s));
    unsigned kind = str_kind(s);
    char *at = result->data, *end = at + s->length;
    if (kind == 1) {
        while (most-- && (at = memchr(at, (int)from, (size_t)(end - at)))) *at++ = (char)to;
        return object_value(result);
    }
    for (size_t i = 0; i < s->length && most; i++) {
        if (data_at(result->data, kind, i) != from) continue;
        data_put(result->data, kind, i, to);
        most--;
    }
    return object_value(result);
}

Value str_replace(Thread *t, Str *s, Str *old, Str *replacement, ptrdiff_t limit)
{
    size_t most = limit < 0 ? SIZE_MAX : (size_t)limit;
    if (most == 0) return str_exact(t, object_value(s));
    if (old->length == 0) {
        if (s->length == 0 && replacement->length == 0) return object_value(str_empty);
        return replace_empty(t, s, replacement, most < s->length + 1 ? most : s->length + 1);
    }
    if (str_find(s, old, 0, s->length) < 0) return str_exact(t, object_value(s));
    unsigned kind = str_kind(s);
    if (old->length == 1 && replacement->length == 1 && str_is_ascii(s) && str_is_ascii(replacement))
        return replace_character(t, s, str_at(old, 0), str_at(replacement, 0), most);
    Needle n;
    if (!needle_make(&n, old, kind)) return raise_memory_error(t);
    StrBuilder b;
    builder_start(t, &b);
    size_t at = 0;
    while (most--) {
        ptrdiff_t found = find_bytes(s->data + at * kind, (s->length - at) * kind, &n, kind);
        if (found < 0) break;
        size_t next = at + (size_t)found / kind;
        builder_add_slice(&b, s, at, next);
        builder_add_str(&b, replacement);
        at = next + old->length;
    }
    builder_add_slice(&b, s, at, s->length);
    needle_free(&n);
    return builder_finish(&b);
}
