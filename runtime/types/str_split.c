// SPDX-License-Identifier: MIT
// runtime/types/str_split.c: taking a str apart: split, rsplit, splitlines, partition, rpartition; translate and maketrans.
#include "runtime/types/dict.h"
#include "runtime/types/int.h"
#include "runtime/types/list.h"
#include "runtime/types/str_internal.h"
#include "runtime/types/tuple.h"

static bool append_piece(Thread *t, Value list, Str *s, size_t start, size_t end)
{
    Value piece = str_substring(t, s, start, end);
    return !is_error(piece) && list_append_owned(t, list, piece);
}

static bool is_ascii_space(char c) { return c == ' ' || (c >= 9 && c <= 13) || (c >= 0x1C && c <= 0x1F); }

static bool split_ascii_spaces(Thread *t, Value list, Str *s, size_t most)
{
    const char *at = s->data, *end = at + s->length;
    for (;;) {
        while (at < end && is_ascii_space(*at)) at++;
        if (at == end) return true;
        const char *start = at;
        if (most-- == 0) return append_piece(t, list, s, (size_t)(start - s->data), s->length);
        while (at < end && !is_ascii_space(*at)) at++;
        if (!append_piece(t, list, s, (size_t)(start - s->data), (size_t)(at - s->data))) return false;
    }
}

static bool split_spaces(Thread *t, Value list, Str *s, size_t most)
{
    if (str_is_ascii(s)) return split_ascii_spaces(t, list, s, most);
    size_t at = 0, length = s->length;
    while (at < length) {
        while (at < length && codepoint_is_space(str_at(s, at))) at++;
        if (at == length) break;
        size_t start = at;
        if (most-- == 0) return append_piece(t, list, s, start, length);
        while (at < length && !codepoint_is_space(str_at(s, at))) at++;
        if (!append_piece(t, list, s, start, at)) return false;
    }
    return true;
}

static bool split_parts(Thread *t, Value list, Str *s, Str *separator, size_t most)
{
    size_t at = 0;
    if (str_kind(s) == 1 && str_kind(separator) == 1 && separator->length == 1) {
        const char *found;
        while (most-- && (found = memchr(s->data + at, separator->data[0], s->length - at))) {
            if (!append_piece(t, list, s, at, (size_t)(found - s->data))) return false;
            at = (size_t)(found - s->data) + 1;
        }
        return append_piece(t, list, s, at, s->length);
    }
    while (most--) {
        ptrdiff_t found = str_find(s, separator, at, s->length);
        if (found < 0) break;
        if (!append_piece(t, list, s, at, (size_t)found)) return false;
        at = (size_t)found + separator->length;
    }
    return append_piece(t, list, s, at, s->length);
}

static bool rsplit_spaces(Thread *t, Value list, Str *s, size_t most)
{
    size_t end = s->length;
    while (end > 0) {
        while (end > 0 && codepoint_is_space(str_at(s, end - 1))) end--;
        if (end == 0) break;
        size_t start = end;
        if (most-- == 0) return append_piece(t, list, s, 0, end);
        while (start > 0 && !codepoint_is_space(str_at(s, start - 1))) start--;
        if (!append_piece(t, list, s, start, end)) return false;
        end = start;
    }
    return true;
}

static bool rsplit_parts(Thread *t, Value list, Str *s, Str *separator, size_t most)
{
    size_t end = s->length;
    while (most--) {
        ptrdiff_t found = str_find_last(s, separator, 0, end);
        if (found < 0) break;
        if (!append_piece(t, list, s, (size_t)found + separator->length, end)) return false;
        end = (size_t)found;
    }
    return append_piece(t, list, s, 0, end);
}

static void reverse_items(List *list)
{
    for (size_t i = 0, j = list->length; i + 1 < j; i++) {
        Value item = list->items[i];
        list->items[i] = list->items[--j];
        list->items[j] = item;
    }
}

static Value split_either(Thread *t, Value self, const Value *args, bool from_right)
{
    Str *s = as_str(self);
    ptrdiff_t limit;
    if (!argument_index(t, args[1], &limit)) return ERROR;
    size_t most = limit < 0 ? SIZE_MAX : (size_t)limit;
    OWN Value list = list_new(t, 8);
    if (is_error(list)) return ERROR;
    bool done;
    if (is_none(args[0])) {
        done = from_right ? rsplit_spaces(t, list, s, most) : split_spaces(t, list, s, most);
    } else {
        if (!is_str(args[0])) return raise_type_error(t, "must be str or None, not %.100T", args[0]);
        if (as_str(args[0])->length == 0) return raise_value_error(t, "empty separator");
        done = from_right ? rsplit_parts(t, list, s, as_str(args[0]), most) : split_parts(t, list, s, as_str(args[0]), most);
    }
    if (!done) return ERROR;
    if (from_right) reverse_items(as_list(list));
    return MOVE(list);
}

Value str_method_split(Thread *t, Value self, const Value *args) { return split_either(t, self, args, false); }
Value str_method_rsplit(Thread *t, Value self, const Value *args) { return split_either(t, self, args, true); }

Value str_method_splitlines(Thread *t, Value self, const Value *args)
{
    Str *s = as_str(self);
    int keep;
    if (!int_as_int(t, args[0], &keep)) return ERROR;
    OWN Value list = list_new(t, 0);
    if (is_error(list)) return ERROR;
    for (size_t at = 0; at < s->length;) {
        size_t start = at;
        while (at < s->length && !codepoint_is_linebreak(str_at(s, at))) at++;
        size_t end = at;
        if (at < s->length) at += str_at(s, at) == '\r' && at + 1 < s->length && str_at(s, at + 1) == '\n' ? 2 : 1;
        if (!append_piece(t, list, s, start, keep ? at : end)) return ERROR;
    }
    return MOVE(list);
}

static Value three(Thread *t, Str *s, size_t end, Value separator, size_t start)
{
    OWN Value before = str_substring(t, s, 0, end), after = is_error(before) ? ERROR : str_substring(t, s, start, s->length);
    return is_error(before) || is_error(after) ? ERROR : tuple_of(t, 3, before, separator, after);
}

static bool check_separator(Thread *t, Value separator)
{
    if (!is_str(separator)) return error_false(raise_type_error(t, "must be str, not %.100T", separator));
    return as_str(separator)->length > 0 || error_false(raise_value_error(t, "empty separator"));
}

Value str_method_partition(Thread *t, Value self, const Value *args)
{
    Str *s = as_str(self);
    if (!check_separator(t, args[0])) return ERROR;
    ptrdiff_t at = str_find(s, as_str(args[0]), 0, s->length);
    if (at >= 0) return three(t, s, (size_t)at, args[0], (size_t)at + as_str(args[0])->length);
    return three(t, s, s->length, object_value(str_empty), s->length);
}

Value str_method_rpartition(Thread *t, Value self, const Value *args)
{
    Str *s = as_str(self);
    if (!check_separator(t, args[0])) return ERROR;
    ptrdiff_t at = str_find_last(s, as_str(args[0]), 0, s->length);
    if (at >= 0) return three(t, s, (size_t)at, args[0], (size_t)at + as_str(args[0])->length);
    return three(t, s, 0, object_value(str_empty), 0);
}

// ---- translate

// Adds what the table says for c. False: raised.
static bool add_translated(Thread *t, StrBuilder *b, Value table, Codepoint c)
{
    OWN Value mapped = object_get_item(t, table, small_int(c));
    if (is_error(mapped)) {
        if (!error_clear_if(t, &exc_LookupError)) return false;
        builder_add(b, c);
        return !b->failed;
    }
    if (is_int(mapped)) {
        if (!is_small_int(mapped) && !is_bool(mapped)) return error_false(raise_value_error(t, "character mapping must be in range(0x%x)", 0x110000));
        int64_t code = is_bool(mapped) ? is_true(mapped) : as_small_int(mapped);
        if (code < 0 || code > 0x10FFFF) return error_false(raise_value_error(t, "character mapping must be in range(0x%x)", 0x110000));
        builder_add(b, (Codepoint)code);
    } else if (is_str(mapped)) {
        builder_add_str(b, as_str(mapped));
    } else if (!is_none(mapped)) {
        return error_false(raise_type_error(t, "character mapping must return integer, None or str"));
    }
    return !b->failed;
}

Value str_method_translate(Thread *t, Value self, const Value *args)
{
    Str *s = as_str(self);
    StrBuilder b;
    builder_start(t, &b);
    for (size_t i = 0; i < s->length; i++) {
        if (add_translated(t, &b, args[0], str_at(s, i))) continue;
        builder_abandon(&b);
        return ERROR;
    }
    return builder_finish(&b);
}

static bool add_pairs(Thread *t, Dict *table, Str *from, Str *to, Value removed)
{
    if (from->length != to->length) return error_false(raise_value_error(t, "the first two maketrans arguments must have equal length"));
    for (size_t i = 0; i < from->length; i++) if (!dict_set(t, table, small_int(str_at(from, i)), small_int(str_at(to, i)))) return false;
    if (is_unbound(removed)) return true;
    Str *gone = as_str(removed);
    for (size_t i = 0; i < gone->length; i++) if (!dict_set(t, table, small_int(str_at(gone, i)), NONE)) return false;
    return true;
}

static bool add_mapping(Thread *t, Dict *table, Dict *from)
{
    size_t at = 0;
    Value key, value;
    while (dict_next(from, &at, &key, &value)) {
        if (is_str(key)) {
            if (as_str(key)->length != 1) return error_false(raise_value_error(t, "string keys in translate table must be of length 1"));
            if (!dict_set(t, table, small_int(str_at(as_str(key), 0)), value)) return false;
        } else if (is_int(key)) {
            if (!dict_set(t, table, key, value)) return false;
        } else {
            return error_false(raise_type_error(t, "keys in translate table must be strings or integers"));
        }
    }
    return true;
}

// maketrans(x), maketrans(x, y), maketrans(x, y, z): a static method.
Value str_method_maketrans(Thread *t, Value self, const Value *args)
{
    (void)self;
    OWN_POINTER Dict *table = dict_new(t);
    if (!table) return ERROR;
    if (is_unbound(args[1])) {
        if (!is_dict(args[0])) return raise_type_error(t, "if you give only one argument to maketrans it must be a dict");
        if (!add_mapping(t, table, as_dict(args[0]))) return ERROR;
    } else {
        Str *to = argument_str(t, args[1], "maketrans", "2");
        if (!to || (!is_unbound(args[2]) && !argument_str(t, args[2], "maketrans", "3"))) return ERROR;
        if (!is_str(args[0])) return raise_type_error(t, "first maketrans argument must be a string if there is a second argument");
        if (!add_pairs(t, table, as_str(args[0]), to, args[2])) return ERROR;
    }
    return object_value(MOVE_POINTER(table));
}
