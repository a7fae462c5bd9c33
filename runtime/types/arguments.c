// SPDX-License-Identifier: MIT
// runtime/types/arguments.c: checks of arguments that the constructors and methods of the built-in types share.
//
// Owns nothing: each function looks at borrowed values and raises in CPython's words.
#include "runtime/types/arguments.h"

#include "runtime/types/tuple.h"

Str *argument_str(Thread *t, Value v, const char *function, const char *which)
{
    if (LIKELY(is_str(v))) return as_str(v);
    const char *space = *which ? " " : "";
    if (is_none(v)) return error_null(raise_type_error(t, "%s() argument%s%s must be str, not None", function, space, which));
    return error_null(raise_type_error(t, "%s() argument%s%s must be str, not %.50T", function, space, which, v));
}

bool argument_no_keywords(Thread *t, const char *function, Value kwnames)
{
    if (is_unbound(kwnames) || as_tuple(kwnames)->length == 0) return true;
    return error_false(raise_type_error(t, "%s() takes no keyword arguments", function));
}

bool argument_count_at_most(Thread *t, const char *function, size_t nargs, size_t most)
{
    if (nargs <= most) return true;
    return error_false(raise_type_error(t, "%s expected at most %zu argument%s, got %zu", function, most, most == 1 ? "" : "s", nargs));
}

bool argument_index(Thread *t, Value v, ptrdiff_t *index)
{
    return object_as_index(t, v, index, &exc_OverflowError);
}

bool argument_slice_index(Thread *t, Value v, ptrdiff_t *index)
{
    if (is_unbound(v) || is_none(v)) return true;
    if (is_small_int(v)) {
        *index = (ptrdiff_t)as_small_int(v);
        return true;
    }
    if (!is_bool(v) && !has_type_flag(v, TYPE_IS_INT) && !type_of(v)->slots.index)
        return error_false(raise_type_error(t, "slice indices must be integers or None or have an __index__ method"));
    return object_as_index(t, v, index, NULL);
}

bool slice_clip(size_t length, ptrdiff_t *start, ptrdiff_t *end)
{
    ptrdiff_t size = (ptrdiff_t)length;
    if (*end > size) *end = size;
    else if (*end < 0) *end = *end + size < 0 ? 0 : *end + size;
    if (*start < 0) *start = *start + size < 0 ? 0 : *start + size;
    return *start <= *end;
}

bool argument_codec_text(Thread *t, Value v, const char *function, const char *which, const char **text, char **copy)
{
    *text = NULL;
    if (is_unbound(v)) return true;
    Str *s = argument_str(t, v, function, which);
    if (!s) return false;
    if (memchr(s->data, 0, s->length * str_kind(s)) && str_kind(s) == 1) return error_false(raise_value_error(t, "embedded null character"));
    if (str_is_ascii(s)) {
        *text = str_text(s);
        return true;
    }
    *copy = str_to_utf8(t, s, NULL);
    *text = *copy;
    return *copy != NULL;
}
