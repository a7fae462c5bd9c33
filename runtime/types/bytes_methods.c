// SPDX-License-Identifier: MIT
// runtime/types/bytes_methods.c: the methods that bytes and bytearray share.
//
// Always: arguments are converted before the contents of self are looked at, since converting may run Python code that
// changes a bytearray; while an argument's buffer is held self may be that argument, which a held buffer keeps from resizing.
#include "runtime/call.h"
#include "runtime/types/bytes_internal.h"
#include "runtime/types/codec.h"
#include "runtime/types/int.h"
#include "runtime/types/list.h"
#include "runtime/types/tuple.h"

// ---- Arguments

// A part to search for: an int is one byte. The buffer is released by the caller.
typedef struct Part { Buffer buffer; char byte; ByteView view; } Part;
static void part_release(Part *p) { buffer_release(&p->buffer); }
#define OWN_PART __attribute__((cleanup(part_release)))

static bool read_part(Thread *t, Value v, Part *p)
{
    if (is_int(v) || type_of(v)->slots.index) {
        uint8_t byte;
        if (!byte_from(t, v, &byte, "byte must be in range(0, 256)")) return false;
        p->byte = (char)byte;
        p->view = (ByteView){&p->byte, 1};
        return true;
    }
    if (!is_buffer(v)) return error_false(raise_type_error(t, "argument should be integer or bytes-like object, not '%.200T'", v));
    if (!buffer_get(t, v, &p->buffer, 0)) return false;
    p->view = (ByteView){p->buffer.data, (size_t)p->buffer.length};
    return true;
}

static bool read_range(Thread *t, const Value *args, ptrdiff_t *start, ptrdiff_t *end)
{
    *start = 0;
    *end = PTRDIFF_MAX;
    return argument_slice_index(t, args[1], start) && argument_slice_index(t, args[2], end);
}

static ptrdiff_t find_in(ByteView whole, size_t start, size_t end, ByteView part)
{
    if (part.length == 0) return (ptrdiff_t)start;
    const char *found = part.length == 1 ? memchr(whole.data + start, part.data[0], end - start)
                                         : memmem(whole.data + start, end - start, part.data, part.length);
    return found ? found - whole.data : -1;
}

static ptrdiff_t find_last_in(ByteView whole, size_t start, size_t end, ByteView part)
{
    if (part.length > end - start) return -1;
    for (ptrdiff_t at = (ptrdiff_t)(end - part.length); at >= (ptrdiff_t)start; at--)
        if (memcmp(whole.data + at, part.data, part.length) == 0) return at;
    return -1;
}

typedef ptrdiff_t Finder(ByteView whole, size_t start, size_t end, ByteView part);

static bool find_with(Thread *t, Value self, const Value *args, Finder *finder, ptrdiff_t *at)
{
    ptrdiff_t start, end;
    OWN_PART Part part = {0};
    if (!read_range(t, args, &start, &end) || !read_part(t, args[0], &part)) return false;
    ByteView whole = bytes_view(self);
    *at = slice_clip(whole.length, &start, &end) ? finder(whole, (size_t)start, (size_t)end, part.view) : -1;
    return true;
}

Value bytes_method_find(Thread *t, Value self, const Value *args)
{
    ptrdiff_t at;
    return find_with(t, self, args, find_in, &at) ? small_int(at) : ERROR;
}

Value bytes_method_rfind(Thread *t, Value self, const Value *args)
{
    ptrdiff_t at;
    return find_with(t, self, args, find_last_in, &at) ? small_int(at) : ERROR;
}

Value bytes_method_index(Thread *t, Value self, const Value *args)
{
    ptrdiff_t at;
    if (!find_with(t, self, args, find_in, &at)) return ERROR;
    return at < 0 ? raise_value_error(t, "subsection not found") : small_int(at);
}

Value bytes_method_rindex(Thread *t, Value self, const Value *args)
{
    ptrdiff_t at;
    if (!find_with(t, self, args, find_last_in, &at)) return ERROR;
    return at < 0 ? raise_value_error(t, "subsection not found") : small_int(at);
}

Value bytes_method_count(Thread *t, Value self, const Value *args)
{
    ptrdiff_t start, end;
    OWN_PART Part part = {0};
    if (!read_range(t, args, &start, &end) || !read_part(t, args[0], &part)) return ERROR;
    ByteView whole = bytes_view(self);
    if (!slice_clip(whole.length, &start, &end)) return small_int(0);
    if (part.view.length == 0) return small_int(end - start + 1);
    int64_t count = 0;
    for (ptrdiff_t at = start; (at = find_in(whole, (size_t)at, (size_t)end, part.view)) >= 0; at += (ptrdiff_t)part.view.length) count++;
    return small_int(count);
}

static int matches_end(Thread *t, Value self, Value prefix, ptrdiff_t start, ptrdiff_t end, bool at_end)
{
    OWN_BUFFER Buffer b = {0};
    if (!buffer_get(t, prefix, &b, 0)) return -1;
    ByteView whole = bytes_view(self);
    if (!slice_clip(whole.length, &start, &end) || b.length > end - start) return 0;
    return memcmp(whole.data + (at_end ? end - b.length : start), b.data, (size_t)b.length) == 0;
}

static Value starts_or_ends(Thread *t, Value self, const Value *args, bool at_end)
{
    ptrdiff_t start, end;
    if (!read_range(t, args, &start, &end)) return ERROR;
    if (!is_tuple(args[0])) {
        if (!is_buffer(args[0]))
            return raise_type_error(t, "%s first arg must be bytes or a tuple of bytes, not %.100T", at_end ? "endswith" : "startswith", args[0]);
        int found = matches_end(t, self, args[0], start, end, at_end);
        return found < 0 ? ERROR : bool_value(found);
    }
    Tuple *parts = as_tuple(args[0]);
    for (size_t i = 0; i < parts->length; i++) {
        int found = matches_end(t, self, parts->items[i], start, end, at_end);
        if (found) return found < 0 ? ERROR : TRUE;
    }
    return FALSE;
}

Value bytes_method_startswith(Thread *t, Value self, const Value *args) { return starts_or_ends(t, self, args, false); }
Value bytes_method_endswith(Thread *t, Value self, const Value *args) { return starts_or_ends(t, self, args, true); }

// ---- Building

static Value finish_like(Thread *t, Value like, ByteBuilder *b)
{
    if (is_bytes(like)) return byte_builder_finish(b);
    Value result = b->failed ? ERROR : bytearray_from(t, b->length ? b->data : "", b->length);
    byte_builder_abandon(b);
    return result;
}

static Value whole_copy(Thread *t, Value self)
{
    if (as_object(self)->type == &bytes_type) return retain(self);
    ByteView view = bytes_view(self);
    return bytes_like(t, self, view.data, view.length);
}

static Value piece(Thread *t, Value self, size_t start, size_t end)
{
    ByteView view = bytes_view(self);
    if (start == 0 && end == view.length) return whole_copy(t, self);
    return bytes_like(t, self, view.data + start, end - start);
}

static void replace_empty(ByteBuilder *b, ByteView whole, ByteView replacement, size_t most)
{
    size_t i = 0;
    for (; i <= whole.length && most; i++, most--) {
        byte_builder_add(b, replacement.data, replacement.length);
        if (i < whole.length) byte_builder_put(b, (uint8_t)whole.data[i]);
    }
    if (i < whole.length) byte_builder_add(b, whole.data + i, whole.length - i);
}

Value bytes_method_replace(Thread *t, Value self, const Value *args)
{
    ptrdiff_t limit;
    OWN_BUFFER Buffer old = {0}, new = {0};
    if (!buffer_get(t, args[0], &old, 0) || !buffer_get(t, args[1], &new, 0) || !argument_index(t, args[2], &limit)) return ERROR;
    size_t most = limit < 0 ? SIZE_MAX : (size_t)limit;
    ByteView whole = bytes_view(self), part = {old.data, (size_t)old.length}, replacement = {new.data, (size_t)new.length};
    if (most == 0 || find_in(whole, 0, whole.length, part) < 0) return whole_copy(t, self);
    ByteBuilder b;
    byte_builder_start(t, &b);
    if (part.length == 0) {
        replace_empty(&b, whole, replacement, most);
        return finish_like(t, self, &b);
    }
    size_t at = 0;
    for (; most; most--) {
        ptrdiff_t found = find_in(whole, at, whole.length, part);
        if (found < 0) break;
        byte_builder_add(&b, whole.data + at, (size_t)found - at);
        byte_builder_add(&b, replacement.data, replacement.length);
        at = (size_t)found + part.length;
    }
    byte_builder_add(&b, whole.data + at, whole.length - at);
    return finish_like(t, self, &b);
}

Value bytes_method_join(Thread *t, Value self, const Value *args)
{
    OWN Value items = is_list(args[0]) || is_tuple(args[0]) ? retain(args[0]) : list_from_iterable(t, args[0]);
    if (is_error(items)) {
        if (!type_of(args[0])->slots.iter && !type_of(args[0])->slots.get_item && error_clear_if(t, &exc_TypeError))
            raise_type_error(t, "can only join an iterable");
        return ERROR;
    }
    ByteBuilder b;
    byte_builder_start(t, &b);
    for (size_t i = 0; i < (is_list(items) ? as_list(items)->length : as_tuple(items)->length); i++) {
        OWN Value item = retain(is_list(items) ? as_list(items)->items[i] : as_tuple(items)->items[i]);
        OWN_BUFFER Buffer held = {0};
        if (!is_buffer(item)) {
            byte_builder_abandon(&b);
            return raise_type_error(t, "sequence item %zu: expected a bytes-like object, %.80T found", i, item);
        }
        if (!buffer_get(t, item, &held, 0)) {
            byte_builder_abandon(&b);
            return error_clear_if(t, &exc_BufferError) ?
                raise_type_error(t, "sequence item %zu: expected a bytes-like object, %.80T found", i, item) : ERROR;
        }
        ByteView separator = bytes_view(self);
        if (i) byte_builder_add(&b, separator.data, separator.length);
        byte_builder_add(&b, held.data, (size_t)held.length);
    }
    return finish_like(t, self, &b);
}

// ---- Pieces

static bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

static bool append_piece(Thread *t, Value list, Value self, size_t start, size_t end)
{
    Value part = piece(t, self, start, end);
    return !is_error(part) && list_append_owned(t, list, part);
}

static bool split_spaces(Thread *t, Value list, Value self, size_t most)
{
    ByteView s = bytes_view(self);
    size_t at = 0;
    while (at < s.length) {
        while (at < s.length && is_space(s.data[at])) at++;
        if (at == s.length) break;
        size_t start = at;
        if (most-- == 0) return append_piece(t, list, self, start, s.length);
        while (at < s.length && !is_space(s.data[at])) at++;
        if (!append_piece(t, list, self, start, at)) return false;
    }
    return true;
}

static bool rsplit_spaces(Thread *t, Value list, Value self, size_t most)
{
    ByteView s = bytes_view(self);
    size_t end = s.length;
    while (end > 0) {
        while (end > 0 && is_space(s.data[end - 1])) end--;
        if (end == 0) break;
        size_t start = end;
        if (most-- == 0) return append_piece(t, list, self, 0, end);
        while (start > 0 && !is_space(s.data[start - 1])) start--;
        if (!append_piece(t, list, self, start, end)) return false;
        end = start;
    }
    return true;
}

static bool split_parts(Thread *t, Value list, Value self, ByteView separator, size_t most)
{
    ByteView s = bytes_view(self);
    size_t at = 0;
    while (most--) {
        ptrdiff_t found = find_in(s, at, s.length, separator);
        if (found < 0) break;
        if (!append_piece(t, list, self, at, (size_t)found)) return false;
        at = (size_t)found + separator.length;
    }
    return append_piece(t, list, self, at, s.length);
}

static bool rsplit_parts(Thread *t, Value list, Value self, ByteView separator, size_t most)
{
    ByteView s = bytes_view(self);
    size_t end = s.length;
    while (most--) {
        ptrdiff_t found = find_last_in(s, 0, end, separator);
        if (found < 0) break;
        if (!append_piece(t, list, self, (size_t)found + separator.length, end)) return false;
        end = (size_t)found;
    }
    return append_piece(t, list, self, 0, end);
}

static Value split_either(Thread *t, Value self, const Value *args, bool from_right)
{
    ptrdiff_t limit;
    if (!argument_index(t, args[1], &limit)) return ERROR;
    size_t most = limit < 0 ? SIZE_MAX : (size_t)limit;
    OWN Value list = list_new(t, 0);
    if (is_error(list)) return ERROR;
    bool done;
    if (is_none(args[0])) {
        done = from_right ? rsplit_spaces(t, list, self, most) : split_spaces(t, list, self, most);
    } else {
        OWN_BUFFER Buffer separator = {0};
        if (!buffer_get(t, args[0], &separator, 0)) return ERROR;
        if (separator.length == 0) return raise_value_error(t, "empty separator");
        ByteView view = {separator.data, (size_t)separator.length};
        done = from_right ? rsplit_parts(t, list, self, view, most) : split_parts(t, list, self, view, most);
    }
    if (!done) return ERROR;
    List *l = as_list(list);
    for (size_t i = 0, j = l->length; from_right && i + 1 < j; i++) {
        Value item = l->items[i];
        l->items[i] = l->items[--j];
        l->items[j] = item;
    }
    return MOVE(list);
}

Value bytes_method_split(Thread *t, Value self, const Value *args) { return split_either(t, self, args, false); }
Value bytes_method_rsplit(Thread *t, Value self, const Value *args) { return split_either(t, self, args, true); }

Value bytes_method_splitlines(Thread *t, Value self, const Value *args)
{
    int keep;
    if (!int_as_int(t, args[0], &keep)) return ERROR;
    OWN Value list = list_new(t, 0);
    if (is_error(list)) return ERROR;
    ByteView s = bytes_view(self);
    for (size_t at = 0; at < s.length;) {
        size_t start = at;
        while (at < s.length && s.data[at] != '\n' && s.data[at] != '\r') at++;
        size_t end = at;
        if (at < s.length) at += s.data[at] == '\r' && at + 1 < s.length && s.data[at + 1] == '\n' ? 2 : 1;
        if (!append_piece(t, list, self, start, keep ? at : end)) return ERROR;
    }
    return MOVE(list);
}

static Value partition(Thread *t, Value self, Value separator, bool last)
{
    OWN_BUFFER Buffer held = {0};
    if (!buffer_get(t, separator, &held, 0)) return ERROR;
    if (held.length == 0) return raise_value_error(t, "empty separator");
    ByteView s = bytes_view(self), part = {held.data, (size_t)held.length};
    ptrdiff_t at = last ? find_last_in(s, 0, s.length, part) : find_in(s, 0, s.length, part);
    size_t end = at >= 0 ? (size_t)at : last ? 0 : s.length, start = at >= 0 ? (size_t)at + part.length : end;
    OWN Value before = piece(t, self, 0, end), after = piece(t, self, start, s.length);
    OWN Value middle = at < 0 ? bytes_like(t, self, "", 0) : is_bytes(self) ? retain(separator) : bytes_like(t, self, part.data, part.length);
    if (is_error(before) || is_error(after) || is_error(middle)) return ERROR;
    return tuple_of(t, 3, before, middle, after);
}

Value bytes_method_partition(Thread *t, Value self, const Value *args) { return partition(t, self, args[0], false); }
Value bytes_method_rpartition(Thread *t, Value self, const Value *args) { return partition(t, self, args[0], true); }

enum { STRIP_LEFT = 1, STRIP_RIGHT = 2 };

static Value strip(Thread *t, Value self, Value what, int sides)
{
    OWN_BUFFER Buffer held = {0};
    if (!is_none(what) && !buffer_get(t, what, &held, 0)) return ERROR;
    ByteView s = bytes_view(self);
    size_t start = 0, end = s.length;
#define STRIPPED(c) (is_none(what) ? is_space(c) : held.length && memchr(held.data, c, (size_t)held.length) != NULL)
    if (sides & STRIP_LEFT) while (start < end && STRIPPED(s.data[start])) start++;
    if (sides & STRIP_RIGHT) while (end > start && STRIPPED(s.data[end - 1])) end--;
#undef STRIPPED
    return piece(t, self, start, end);
}

Value bytes_method_strip(Thread *t, Value self, const Value *args) { return strip(t, self, args[0], STRIP_LEFT | STRIP_RIGHT); }
Value bytes_method_lstrip(Thread *t, Value self, const Value *args) { return strip(t, self, args[0], STRIP_LEFT); }
Value bytes_method_rstrip(Thread *t, Value self, const Value *args) { return strip(t, self, args[0], STRIP_RIGHT); }

Value bytes_method_removeprefix(Thread *t, Value self, const Value *args)
{
    OWN_BUFFER Buffer prefix = {0};
    if (!buffer_get(t, args[0], &prefix, 0)) return ERROR;
    ByteView s = bytes_view(self);
    size_t length = (size_t)prefix.length;
    bool there = length && length <= s.length && memcmp(s.data, prefix.data, length) == 0;
    return piece(t, self, there ? length : 0, s.length);
}

Value bytes_method_removesuffix(Thread *t, Value self, const Value *args)
{
    OWN_BUFFER Buffer suffix = {0};
    if (!buffer_get(t, args[0], &suffix, 0)) return ERROR;
    ByteView s = bytes_view(self);
    size_t length = (size_t)suffix.length;
    bool there = length && length <= s.length && memcmp(s.data + s.length - length, suffix.data, length) == 0;
    return piece(t, self, 0, s.length - (there ? length : 0));
}

// ---- Padding

static Value pad(Thread *t, Value self, const Value *args, const char *name, int side)
{
    ptrdiff_t width;
    if (!argument_index(t, args[0], &width)) return ERROR;
    char fill = ' ';
    if (!is_unbound(args[1])) {
        bool one = (is_bytes(args[1]) || is_bytearray(args[1])) && bytes_view(args[1]).length == 1;
        if (!one) return raise_type_error(t, "%s() argument 2 must be a byte string of length 1, not %.50T", name, args[1]);
        fill = bytes_view(args[1]).data[0];
    }
    ByteView s = bytes_view(self);
    if (width <= 0 || (size_t)width <= s.length) return whole_copy(t, self);
    size_t spare = (size_t)width - s.length, left = side < 0 ? 0 : side > 0 ? spare : spare / 2 + (spare & (size_t)width & 1);
    ByteBuilder b;
    byte_builder_start(t, &b);
    char *to = byte_builder_reserve(&b, (size_t)width);
    if (to) {
        memset(to, fill, (size_t)width);
        memcpy(to + left, s.data, s.length);
        b.length = (size_t)width;
    }
    return finish_like(t, self, &b);
}

Value bytes_method_center(Thread *t, Value self, const Value *args) { return pad(t, self, args, "center", 0); }
Value bytes_method_ljust(Thread *t, Value self, const Value *args) { return pad(t, self, args, "ljust", -1); }
Value bytes_method_rjust(Thread *t, Value self, const Value *args) { return pad(t, self, args, "rjust", 1); }

Value bytes_method_zfill(Thread *t, Value self, const Value *args)
{
    ptrdiff_t width;
    if (!argument_index(t, args[0], &width)) return ERROR;
    ByteView s = bytes_view(self);
    if (width <= 0 || (size_t)width <= s.length) return whole_copy(t, self);
    ByteBuilder b;
    byte_builder_start(t, &b);
    size_t sign = s.length && (s.data[0] == '+' || s.data[0] == '-'), zeros = (size_t)width - s.length;
    char *to = byte_builder_reserve(&b, (size_t)width);
    if (to) {
        memcpy(to, s.data, sign);
        memset(to + sign, '0', zeros);
        memcpy(to + sign + zeros, s.data + sign, s.length - sign);
        b.length = (size_t)width;
    }
    return finish_like(t, self, &b);
}

Value bytes_method_expandtabs(Thread *t, Value self, const Value *args)
{
    int size;
    if (!int_as_int(t, args[0], &size)) return ERROR;
    ByteView s = bytes_view(self);
    ByteBuilder b;
    byte_builder_start(t, &b);
    size_t column = 0;
    for (size_t i = 0; i < s.length && !b.failed; i++) {
        char c = s.data[i];
        if (c == '\t') {
            size_t spaces = size > 0 ? (size_t)size - column % (size_t)size : 0;
            char *to = byte_builder_reserve(&b, spaces);
            if (to && spaces) {
                memset(to, ' ', spaces);
                b.length += spaces;
            }
            column += spaces;
        } else {
            byte_builder_put(&b, (uint8_t)c);
            column = c == '\n' || c == '\r' ? 0 : column + 1;
        }
    }
    return finish_like(t, self, &b);
}

// ---- Tables and hexadecimal

Value bytes_method_translate(Thread *t, Value self, const Value *args)
{
    OWN_BUFFER Buffer table = {0}, removed = {0};
    if (!is_none(args[0])) {
        if (!buffer_get(t, args[0], &table, 0)) return ERROR;
        if (table.length != 256) return raise_value_error(t, "translation table must be 256 characters long");
    }
    if (!is_unbound(args[1]) && !buffer_get(t, args[1], &removed, 0)) return ERROR;
    bool gone[256] = {false};
    for (ptrdiff_t i = 0; i < removed.length; i++) gone[(uint8_t)removed.data[i]] = true;
    ByteView s = bytes_view(self);
    ByteBuilder b;
    byte_builder_start(t, &b);
    for (size_t i = 0; i < s.length && !b.failed; i++) {
        uint8_t c = (uint8_t)s.data[i];
        if (!gone[c]) byte_builder_put(&b, table.data ? (uint8_t)table.data[c] : c);
    }
    return finish_like(t, self, &b);
}

Value bytes_method_maketrans(Thread *t, Value self, const Value *args)
{
    (void)self;
    OWN_BUFFER Buffer from = {0}, to = {0};
    if (!buffer_get(t, args[0], &from, 0) || !buffer_get(t, args[1], &to, 0)) return ERROR;
    if (from.length != to.length) return raise_value_error(t, "maketrans arguments must have same length");
    char table[256];
    for (int i = 0; i < 256; i++) table[i] = (char)i;
    for (ptrdiff_t i = 0; i < from.length; i++) table[(uint8_t)from.data[i]] = to.data[i];
    return bytes_from(t, table, 256);
}

Value bytes_hex(Thread *t, const char *data, size_t length, Value separator, Value group)
{
    ptrdiff_t every = 0;
    Codepoint between = 0;
    if (!is_unbound(separator)) {
        int64_t n;
        ptrdiff_t separator_length = object_length(t, separator);
        if (separator_length < 0) return ERROR;
        if (separator_length != 1) return raise_value_error(t, "sep must be length 1.");
        if (!is_str(separator) && !is_bytes(separator)) return raise_type_error(t, "sep must be str or bytes.");
        if (is_str(separator) ? !str_is_ascii(as_str(separator)) : (uint8_t)bytes_data(separator)[0] >= 0x80)
            return raise_value_error(t, "sep must be ASCII.");
        between = is_str(separator) ? str_at(as_str(separator), 0) : (uint8_t)bytes_data(separator)[0];
        if (!int_as_i64(t, group, &n)) return ERROR;
        every = (ptrdiff_t)n;
    }
    if (length == 0) return object_value(str_empty);
    size_t step = every < 0 ? -(size_t)every : (size_t)every, separators = step ? (length - 1) / step : 0;
    if (length > (size_t)PTRDIFF_MAX / 8) return raise_memory_error(t);
    Str *text = str_blank(t, 2 * length + separators, 0x7F);
    if (!text) return ERROR;
    static const char digits[] = "0123456789abcdef";
    char *to = text->data;
    for (size_t i = 0; i < length; i++) {
        bool border = step && i && (every > 0 ? (length - i) % step == 0 : i % step == 0);
        if (border) *to++ = (char)between;
        *to++ = digits[(uint8_t)data[i] >> 4];
        *to++ = digits[data[i] & 15];
    }
    return object_value(text);
}

Value bytes_method_hex(Thread *t, Value self, const Value *args)
{
    ByteView s = bytes_view(self);
    OWN Value copy = is_bytes(self) ? retain(self) : bytes_from(t, s.data, s.length);     // asking for the arguments may change a bytearray
    return is_error(copy) ? ERROR : bytes_hex(t, bytes_data(copy), bytes_length(copy), args[0], args[1]);
}

static int hex_digit(Codepoint c)
{
    if (c >= '0' && c <= '9') return (int)c - '0';
    if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f') return (int)(c | 0x20) - 'a' + 10;
    return -1;
}

Value bytes_method_fromhex(Thread *t, Value cls, const Value *args)
{
    Str *s = argument_str(t, args[0], "fromhex", "");
    if (!s) return ERROR;
    ByteBuilder b;
    byte_builder_start(t, &b);
    for (size_t i = 0; i < s->length && !b.failed;) {
        Codepoint c = str_at(s, i);
        if (c < 0x80 && is_space((char)c)) {
            i++;
            continue;
        }
        int high = hex_digit(c), low = high < 0 || i + 1 >= s->length ? -1 : hex_digit(str_at(s, i + 1));
        if (low < 0) {
            byte_builder_abandon(&b);
            return raise_value_error(t, "non-hexadecimal number found in fromhex() arg at position %zu", high < 0 ? i : i + 1);
        }
        byte_builder_put(&b, (unsigned)(high << 4 | low));
        i += 2;
    }
    bool array = as_type(cls) == &bytearray_type;
    OWN Value result = array ? bytearray_from(t, b.length ? b.data : "", b.length) : b.failed ? ERROR : bytes_from(t, b.length ? b.data : "", b.length);
    byte_builder_abandon(&b);
    if (is_error(result) || array || as_type(cls) == &bytes_type) return MOVE(result);
    return call1(t, cls, result);
}

Value bytes_method_decode(Thread *t, Value self, const Value *args)
{
    if (is_bytes(self) && codec_is_default(args)) return utf8_decode(t, bytes_data(self), bytes_length(self), NULL, true, NULL);
    OWN_MEMORY char *encoding_copy = NULL, *errors_copy = NULL;
    const char *encoding, *errors;
    if (!argument_codec_text(t, args[0], "decode", "'encoding'", &encoding, &encoding_copy)) return ERROR;
    if (!argument_codec_text(t, args[1], "decode", "'errors'", &errors, &errors_copy)) return ERROR;
    OWN_BUFFER Buffer held = {0};
    if (!buffer_get(t, self, &held, 0)) return ERROR;
    return bytes_decode(t, held.data, (size_t)held.length, encoding, errors);
}

// ---- ASCII letters

static bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
static bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
static bool is_alpha(char c) { return is_upper(c) || is_lower(c); }
static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool is_alnum(char c) { return is_alpha(c) || is_digit(c); }
static char to_lower(char c) { return is_upper(c) ? (char)(c + 32) : c; }
static char to_upper(char c) { return is_lower(c) ? (char)(c - 32) : c; }

typedef enum CaseChange { TO_UPPER, TO_LOWER, TO_TITLE, TO_CAPITAL, TO_SWAPPED } CaseChange;

static Value change_case(Thread *t, Value self, CaseChange how)
{
    ByteView s = bytes_view(self);
    ByteBuilder b;
    byte_builder_start(t, &b);
    char *to = s.length ? byte_builder_reserve(&b, s.length) : NULL;
    bool in_word = false;
    for (size_t i = 0; to && i < s.length; i++) {
        char c = s.data[i];
        switch (how) {
        case TO_UPPER: c = to_upper(c); break;
        case TO_LOWER: c = to_lower(c); break;
        case TO_SWAPPED: c = is_upper(c) ? to_lower(c) : to_upper(c); break;
        case TO_CAPITAL: c = i ? to_lower(c) : to_upper(c); break;
        case TO_TITLE: c = in_word ? to_lower(c) : to_upper(c); break;
        }
        in_word = is_alpha(c);
        to[i] = c;
    }
    if (to) b.length = s.length;
    return finish_like(t, self, &b);
}

Value bytes_method_upper(Thread *t, Value self, const Value *args) { (void)args; return change_case(t, self, TO_UPPER); }
Value bytes_method_lower(Thread *t, Value self, const Value *args) { (void)args; return change_case(t, self, TO_LOWER); }
Value bytes_method_title(Thread *t, Value self, const Value *args) { (void)args; return change_case(t, self, TO_TITLE); }
Value bytes_method_capitalize(Thread *t, Value self, const Value *args) { (void)args; return change_case(t, self, TO_CAPITAL); }
Value bytes_method_swapcase(Thread *t, Value self, const Value *args) { (void)args; return change_case(t, self, TO_SWAPPED); }

static Value all_bytes(Value self, bool (*has)(char c))
{
    ByteView s = bytes_view(self);
    for (size_t i = 0; i < s.length; i++) if (!has(s.data[i])) return FALSE;
    return bool_value(s.length > 0);
}

Value bytes_method_isalpha(Thread *t, Value self, const Value *args) { (void)t, (void)args; return all_bytes(self, is_alpha); }
Value bytes_method_isalnum(Thread *t, Value self, const Value *args) { (void)t, (void)args; return all_bytes(self, is_alnum); }
Value bytes_method_isdigit(Thread *t, Value self, const Value *args) { (void)t, (void)args; return all_bytes(self, is_digit); }
Value bytes_method_isspace(Thread *t, Value self, const Value *args) { (void)t, (void)args; return all_bytes(self, is_space); }

Value bytes_method_isascii(Thread *t, Value self, const Value *args)
{
    (void)t, (void)args;
    ByteView s = bytes_view(self);
    for (size_t i = 0; i < s.length; i++) if (s.data[i] & 0x80) return FALSE;
    return TRUE;
}

static Value all_cased(Value self, bool (*wanted)(char c), bool (*other)(char c))
{
    ByteView s = bytes_view(self);
    bool any = false;
    for (size_t i = 0; i < s.length; i++) {
        if (other(s.data[i])) return FALSE;
        any |= wanted(s.data[i]);
    }
    return bool_value(any);
}

Value bytes_method_islower(Thread *t, Value self, const Value *args) { (void)t, (void)args; return all_cased(self, is_lower, is_upper); }
Value bytes_method_isupper(Thread *t, Value self, const Value *args) { (void)t, (void)args; return all_cased(self, is_upper, is_lower); }

Value bytes_method_istitle(Thread *t, Value self, const Value *args)
{
    (void)t, (void)args;
    ByteView s = bytes_view(self);
    bool any = false, in_word = false;
    for (size_t i = 0; i < s.length; i++) {
        char c = s.data[i];
        if (is_upper(c) ? in_word : is_lower(c) && !in_word) return FALSE;
        in_word = is_alpha(c);
        any |= in_word;
    }
    return bool_value(any);
}
