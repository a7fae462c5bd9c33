// SPDX-License-Identifier: MIT
// runtime/types/str_methods.c: the table of str's methods, and those that look at a string or take a piece of it.
#include "runtime/call.h"
#include "runtime/types/int.h"
#include "runtime/types/str_internal.h"
#include "runtime/types/tuple.h"
#include "runtime/types/unicode.h"

// ---- repr

static bool needs_escape(Codepoint c) { return c < 0x20 || c == 0x7F || c == '\\' || (c >= 0x80 && !codepoint_is_printable(c)); }

static void add_escaped(StrBuilder *b, Codepoint c)
{
    char text[16];
    int length;
    switch (c) {
    case '\t': builder_add_ascii(b, "\\t", 2); return;
    case '\n': builder_add_ascii(b, "\\n", 2); return;
    case '\r': builder_add_ascii(b, "\\r", 2); return;
    case '\\': builder_add_ascii(b, "\\\\", 2); return;
    }
    static const char hex[] = "0123456789abcdef";
    int digits = c < 0x100 ? 2 : c < 0x10000 ? 4 : 8;
    text[0] = '\\';
    text[1] = digits == 2 ? 'x' : digits == 4 ? 'u' : 'U';
    for (int i = digits; i > 0; i--, c >>= 4) text[1 + i] = hex[c & 15];
    length = 2 + digits;
    builder_add_ascii(b, text, (size_t)length);
}

Value str_repr(Thread *t, Value v)
{
    Str *s = as_str(v);
    bool single = false, both = false, escapes = false;
    for (size_t i = 0; i < s->length; i++) {
        Codepoint c = str_at(s, i);
        single |= c == '\'';
        both |= c == '"';
        escapes |= needs_escape(c);
    }
    Codepoint quote = single && !both ? '"' : '\'';
    if (str_is_ascii(s) && !escapes && !(single && quote == '\'')) {
        Str *made = str_blank(t, s->length + 2, 0x7F);
        if (!made) return ERROR;
        made->data[0] = made->data[s->length + 1] = (char)quote;
        memcpy(made->data + 1, s->data, s->length);
        return object_value(made);
    }
    StrBuilder b;
    builder_start(t, &b);
    builder_add(&b, quote);
    if (!escapes && !(single && quote == '\'')) {
        builder_add_str(&b, s);
    } else {
        for (size_t i = 0; i < s->length; i++) {
            Codepoint c = str_at(s, i);
            if (c == quote) {
                builder_add(&b, '\\');
                builder_add(&b, c);
            } else if (needs_escape(c)) {
                add_escaped(&b, c);
            } else {
                builder_add(&b, c);
            }
        }
    }
    builder_add(&b, quote);
    return builder_finish(&b);
}

// ---- Searching

// The part, start and end of find and its kin.
static bool read_range(Thread *t, Str *s, const Value *args, ptrdiff_t *start, ptrdiff_t *end)
{
    *start = 0;
    *end = PTRDIFF_MAX;
    if (!argument_slice_index(t, args[1], start) || !argument_slice_index(t, args[2], end)) return false;
    if (!slice_clip(s->length, start, end)) *start = *end + 1;
    return true;
}

typedef ptrdiff_t Finder(const Str *s, const Str *part, size_t start, size_t end);

static bool find_with(Thread *t, Value self, const Value *args, Finder *finder, ptrdiff_t *at)
{
    Str *s = as_str(self);
    ptrdiff_t start, end;
    if (!is_str(args[0])) return error_false(raise_type_error(t, "must be str, not %.100T", args[0]));
    if (!read_range(t, s, args, &start, &end)) return false;
    *at = start > end ? -1 : finder(s, as_str(args[0]), (size_t)start, (size_t)end);
    return true;
}

static Value method_find(Thread *t, Value self, const Value *args)
{
    ptrdiff_t at;
    return find_with(t, self, args, str_find, &at) ? small_int(at) : ERROR;
}

static Value method_rfind(Thread *t, Value self, const Value *args)
{
    ptrdiff_t at;
    return find_with(t, self, args, str_find_last, &at) ? small_int(at) : ERROR;
}

static Value method_index(Thread *t, Value self, const Value *args)
{
    ptrdiff_t at;
    if (!find_with(t, self, args, str_find, &at)) return ERROR;
    return at < 0 ? raise_value_error(t, "substring not found") : small_int(at);
}

static Value method_rindex(Thread *t, Value self, const Value *args)
{
    ptrdiff_t at;
    if (!find_with(t, self, args, str_find_last, &at)) return ERROR;
    return at < 0 ? raise_value_error(t, "substring not found") : small_int(at);
}

static Value method_count(Thread *t, Value self, const Value *args)
{
    Str *s = as_str(self);
    ptrdiff_t start, end;
    if (!is_str(args[0])) return raise_type_error(t, "must be str, not %.100T", args[0]);
    if (!read_range(t, s, args, &start, &end)) return ERROR;
    return start > end ? small_int(0) : int_value(t, (int64_t)str_count(s, as_str(args[0]), (size_t)start, (size_t)end, SIZE_MAX));
}

static bool tail_matches(Str *s, Str *part, ptrdiff_t start, ptrdiff_t end, bool at_end)
{
    if (start > end || part->length > (size_t)(end - start)) return false;
    return str_match_at(s, part, at_end ? (size_t)end - part->length : (size_t)start);
}

static Value starts_or_ends(Thread *t, Value self, const Value *args, bool at_end)
{
    Str *s = as_str(self);
    ptrdiff_t start, end;
    const char *name = at_end ? "endswith" : "startswith";
    if (!read_range(t, s, args, &start, &end)) return ERROR;
    if (is_str(args[0])) return bool_value(tail_matches(s, as_str(args[0]), start, end, at_end));
    if (!is_tuple(args[0])) return raise_type_error(t, "%s first arg must be str or a tuple of str, not %.100T", name, args[0]);
    Tuple *parts = as_tuple(args[0]);
    for (size_t i = 0; i < parts->length; i++) {
        if (!is_str(parts->items[i])) return raise_type_error(t, "tuple for %s must only contain str, not %.100T", name, parts->items[i]);
        if (tail_matches(s, as_str(parts->items[i]), start, end, at_end)) return TRUE;
    }
    return FALSE;
}

static Value method_startswith(Thread *t, Value self, const Value *args) { return starts_or_ends(t, self, args, false); }
static Value method_endswith(Thread *t, Value self, const Value *args) { return starts_or_ends(t, self, args, true); }

// ---- Pieces

static bool is_stripped(Codepoint c, const Str *what)
{
    if (!what) return codepoint_is_space(c);
    for (size_t i = 0; i < what->length; i++) if (str_at(what, i) == c) return true;
    return false;
}

static bool is_ascii_space(char c) { return c == ' ' || (c >= 9 && c <= 13) || (c >= 0x1C && c <= 0x1F); }

enum { STRIP_LEFT = 1, STRIP_RIGHT = 2 };

static Value strip(Thread *t, Value self, Value what, int sides, const char *name)
{
    Str *s = as_str(self);
    if (!is_none(what) && !is_str(what)) return raise_type_error(t, "%s arg must be None or str", name);
    const Str *characters = is_none(what) ? NULL : as_str(what);
    size_t start = 0, end = s->length;
    if (!characters && str_is_ascii(s)) {
        if (sides & STRIP_LEFT) while (start < end && is_ascii_space(s->data[start])) start++;
        if (sides & STRIP_RIGHT) while (end > start && is_ascii_space(s->data[end - 1])) end--;
        return str_substring(t, s, start, end);
    }
    if (sides & STRIP_LEFT) while (start < end && is_stripped(str_at(s, start), characters)) start++;
    if (sides & STRIP_RIGHT) while (end > start && is_stripped(str_at(s, end - 1), characters)) end--;
    return str_substring(t, s, start, end);
}

static Value method_strip(Thread *t, Value self, const Value *args) { return strip(t, self, args[0], STRIP_LEFT | STRIP_RIGHT, "strip"); }
static Value method_lstrip(Thread *t, Value self, const Value *args) { return strip(t, self, args[0], STRIP_LEFT, "lstrip"); }
static Value method_rstrip(Thread *t, Value self, const Value *args) { return strip(t, self, args[0], STRIP_RIGHT, "rstrip"); }

static Value method_removeprefix(Thread *t, Value self, const Value *args)
{
    Str *s = as_str(self), *prefix = argument_str(t, args[0], "removeprefix", "");
    if (!prefix) return ERROR;
    return str_substring(t, s, str_match_at(s, prefix, 0) ? prefix->length : 0, s->length);
}

static Value method_removesuffix(Thread *t, Value self, const Value *args)
{
    Str *s = as_str(self), *suffix = argument_str(t, args[0], "removesuffix", "");
    if (!suffix) return ERROR;
    bool there = suffix->length <= s->length && str_match_at(s, suffix, s->length - suffix->length);
    return str_substring(t, s, 0, s->length - (there ? suffix->length : 0));
}

static Value method_replace(Thread *t, Value self, const Value *args)
{
    Str *old = argument_str(t, args[0], "replace", "1"), *replacement = old ? argument_str(t, args[1], "replace", "2") : NULL;
    ptrdiff_t most;
    if (!replacement || !argument_index(t, args[2], &most)) return ERROR;
    return str_replace(t, as_str(self), old, replacement, most);
}

static Value method_join(Thread *t, Value self, const Value *args) { return str_join(t, as_str(self), args[0]); }

// ---- Padding

Value str_pad(Thread *t, Str *s, size_t left, size_t right, Codepoint fill)
{
    if (left + right == 0) return str_exact(t, object_value(s));
    if (left > STR_LENGTH_MAX || right > STR_LENGTH_MAX) return raise_memory_error(t);
    StrBuilder b;
    builder_start(t, &b);
    builder_add_repeat(&b, fill, left);
    builder_add_str(&b, s);
    builder_add_repeat(&b, fill, right);
    return builder_finish(&b);
}

// The width and the fill character of center, ljust, rjust; *spare: how many characters are to be filled.
static bool read_padding(Thread *t, Value self, const Value *args, size_t *spare, Codepoint *fill)
{
    ptrdiff_t width;
    if (!argument_index(t, args[0], &width)) return false;
    *fill = ' ';
    if (!is_unbound(args[1])) {
        if (!is_str(args[1])) return error_false(raise_type_error(t, "The fill character must be a unicode character, not %.100T", args[1]));
        if (as_str(args[1])->length != 1) return error_false(raise_type_error(t, "The fill character must be exactly one character long"));
        *fill = str_at(as_str(args[1]), 0);
    }
    size_t length = as_str(self)->length;
    *spare = width > 0 && (size_t)width > length ? (size_t)width - length : 0;
    return true;
}

static Value method_center(Thread *t, Value self, const Value *args)
{
    size_t spare;
    Codepoint fill;
    if (!read_padding(t, self, args, &spare, &fill)) return ERROR;
    size_t width = as_str(self)->length + spare, left = spare / 2 + (spare & width & 1);
    return str_pad(t, as_str(self), left, spare - left, fill);
}

static Value method_ljust(Thread *t, Value self, const Value *args)
{
    size_t spare;
    Codepoint fill;
    return read_padding(t, self, args, &spare, &fill) ? str_pad(t, as_str(self), 0, spare, fill) : ERROR;
}

static Value method_rjust(Thread *t, Value self, const Value *args)
{
    size_t spare;
    Codepoint fill;
    return read_padding(t, self, args, &spare, &fill) ? str_pad(t, as_str(self), spare, 0, fill) : ERROR;
}

static Value method_zfill(Thread *t, Value self, const Value *args)
{
    Str *s = as_str(self);
    ptrdiff_t width;
    if (!argument_index(t, args[0], &width)) return ERROR;
    if (width <= 0 || (size_t)width <= s->length) return str_exact(t, self);
    StrBuilder b;
    builder_start(t, &b);
    bool sign = s->length && (str_at(s, 0) == '+' || str_at(s, 0) == '-');
    if (sign) builder_add(&b, str_at(s, 0));
    builder_add_repeat(&b, '0', (size_t)width - s->length);
    builder_add_slice(&b, s, sign, s->length);
    return builder_finish(&b);
}

static Value method_expandtabs(Thread *t, Value self, const Value *args)
{
    Str *s = as_str(self);
    int size;
    if (!int_as_int(t, args[0], &size)) return ERROR;
    StrBuilder b;
    builder_start(t, &b);
    size_t column = 0;
    for (size_t i = 0; i < s->length; i++) {
        Codepoint c = str_at(s, i);
        if (c == '\t') {
            size_t spaces = size > 0 ? (size_t)size - column % (size_t)size : 0;
            builder_add_repeat(&b, ' ', spaces);
            column += spaces;
        } else {
            builder_add(&b, c);
            column = c == '\n' || c == '\r' ? 0 : column + 1;
        }
    }
    return builder_finish(&b);
}

// ---- What all characters are

static Value all_characters(Str *s, bool (*has)(Codepoint c))
{
    if (s->length == 0) return FALSE;
    for (size_t i = 0; i < s->length; i++) if (!has(str_at(s, i))) return FALSE;
    return TRUE;
}

static bool is_alnum(Codepoint c) { return codepoint_is_alpha(c) || codepoint_is_numeric(c) || codepoint_is_digit(c); }

static Value method_isalpha(Thread *t, Value self, const Value *args) { (void)t, (void)args; return all_characters(as_str(self), codepoint_is_alpha); }
static Value method_isalnum(Thread *t, Value self, const Value *args) { (void)t, (void)args; return all_characters(as_str(self), is_alnum); }
static Value method_isdecimal(Thread *t, Value self, const Value *args) { (void)t, (void)args; return all_characters(as_str(self), codepoint_is_decimal); }
static Value method_isdigit(Thread *t, Value self, const Value *args) { (void)t, (void)args; return all_characters(as_str(self), codepoint_is_digit); }
static Value method_isnumeric(Thread *t, Value self, const Value *args) { (void)t, (void)args; return all_characters(as_str(self), codepoint_is_numeric); }
static Value method_isspace(Thread *t, Value self, const Value *args) { (void)t, (void)args; return all_characters(as_str(self), codepoint_is_space); }
static Value method_isascii(Thread *t, Value self, const Value *args) { (void)t, (void)args; return bool_value(str_is_ascii(as_str(self))); }
static Value method_isidentifier(Thread *t, Value self, const Value *args) { (void)t, (void)args; return bool_value(str_is_identifier(as_str(self))); }

static Value method_isprintable(Thread *t, Value self, const Value *args)
{
    (void)t, (void)args;
    return as_str(self)->length == 0 ? TRUE : all_characters(as_str(self), codepoint_is_printable);
}

// Some character is cased, and none is of the other case.
static Value all_cased(Str *s, bool (*wanted)(Codepoint c), bool (*other)(Codepoint c))
{
    bool any = false;
    for (size_t i = 0; i < s->length; i++) {
        Codepoint c = str_at(s, i);
        if (other(c) || codepoint_is_title(c)) return FALSE;
        any |= wanted(c);
    }
    return bool_value(any);
}

static Value method_isupper(Thread *t, Value self, const Value *args)
{
    (void)t, (void)args;
    return all_cased(as_str(self), codepoint_is_upper, codepoint_is_lower);
}

static Value method_islower(Thread *t, Value self, const Value *args)
{
    (void)t, (void)args;
    return all_cased(as_str(self), codepoint_is_lower, codepoint_is_upper);
}

static Value method_istitle(Thread *t, Value self, const Value *args)
{
    (void)t, (void)args;
    Str *s = as_str(self);
    bool any = false, in_word = false;
    for (size_t i = 0; i < s->length; i++) {
        Codepoint c = str_at(s, i);
        if (codepoint_is_upper(c) || codepoint_is_title(c)) {
            if (in_word) return FALSE;
            any = in_word = true;
        } else if (codepoint_is_lower(c)) {
            if (!in_word) return FALSE;
            any = true;
        } else {
            in_word = false;
        }
    }
    return bool_value(any);
}

bool str_is_identifier(const Str *s)
{
    if (s->length == 0 || !codepoint_is_identifier_start(str_at(s, 0))) return false;
    for (size_t i = 1; i < s->length; i++) if (!codepoint_is_identifier_part(str_at(s, i))) return false;
    return true;
}

// ---- Others

static Value method_format_spec(Thread *t, Value self, const Value *args)
{
    Str *spec = argument_str(t, args[0], "__format__", "");
    if (!spec) return ERROR;
    if (spec->length == 0) return object_str(t, self);
    return format_str_spec(t, self, spec);
}

static Value method_getnewargs(Thread *t, Value self, const Value *args)
{
    (void)args;
    Str *s = as_str(self);
    OWN_POINTER Str *copy = str_blank(t, s->length, str_widest(s));      // never self: pickle is to see another object
    if (!copy) return ERROR;
    memcpy(copy->data, s->data, s->length * str_kind(s));
    return tuple_of(t, 1, object_value(copy));
}

static Value method_sizeof(Thread *t, Value self, const Value *args)
{
    (void)args;
    Str *s = as_str(self);
    return int_value(t, (int64_t)((str_is_ascii(s) ? 48 : 72) + (s->length + 1) * str_kind(s)));
}

const Method str_methods[] = {
    {"encode", str_method_encode, "(self, /, encoding='utf-8', errors='strict')", "Encode the string using the codec registered for encoding."},
    {"replace", method_replace, "(self, old, new, count=-1, /)", "Return a copy with all occurrences of substring old replaced by new."},
    {"split", str_method_split, "(self, /, sep=None, maxsplit=-1)", "Return a list of the substrings in the string, using sep as the separator string."},
    {"rsplit", str_method_rsplit, "(self, /, sep=None, maxsplit=-1)", "Return a list of the substrings in the string, splitting from the right."},
    {"join", method_join, "(self, iterable, /)", "Concatenate any number of strings."},
    {"capitalize", str_method_capitalize, "(self, /)", "Return a capitalized version of the string."},
    {"casefold", str_method_casefold, "(self, /)", "Return a version of the string suitable for caseless comparisons."},
    {"title", str_method_title, "(self, /)", "Return a version of the string where each word is titlecased."},
    {"center", method_center, "(self, width, fillchar=<unset>, /)", "Return a centered string of length width."},
    {"count", method_count, "(self, sub, start=None, end=None, /)", "Return the number of non-overlapping occurrences of substring sub in S[start:end]."},
    {"expandtabs", method_expandtabs, "(self, /, tabsize=8)", "Return a copy where all tab characters are expanded using spaces."},
    {"find", method_find, "(self, sub, start=None, end=None, /)", "Return the lowest index in S where substring sub is found, or -1."},
    {"partition", str_method_partition, "(self, sep, /)", "Partition the string into three parts using the given separator."},
    {"index", method_index, "(self, sub, start=None, end=None, /)", "Return the lowest index in S where substring sub is found."},
    {"ljust", method_ljust, "(self, width, fillchar=<unset>, /)", "Return a left-justified string of length width."},
    {"lower", str_method_lower, "(self, /)", "Return a copy of the string converted to lowercase."},
    {"lstrip", method_lstrip, "(self, chars=None, /)", "Return a copy of the string with leading whitespace removed."},
    {"rfind", method_rfind, "(self, sub, start=None, end=None, /)", "Return the highest index in S where substring sub is found, or -1."},
    {"rindex", method_rindex, "(self, sub, start=None, end=None, /)", "Return the highest index in S where substring sub is found."},
    {"rjust", method_rjust, "(self, width, fillchar=<unset>, /)", "Return a right-justified string of length width."},
    {"rstrip", method_rstrip, "(self, chars=None, /)", "Return a copy of the string with trailing whitespace removed."},
    {"rpartition", str_method_rpartition, "(self, sep, /)", "Partition the string into three parts at the last separator."},
    {"splitlines", str_method_splitlines, "(self, /, keepends=False)", "Return a list of the lines in the string, breaking at line boundaries."},
    {"strip", method_strip, "(self, chars=None, /)", "Return a copy of the string with leading and trailing whitespace removed."},
    {"swapcase", str_method_swapcase, "(self, /)", "Convert uppercase characters to lowercase and lowercase characters to uppercase."},
    {"translate", str_method_translate, "(self, table, /)", "Replace each character in the string using the given translation table."},
    {"upper", str_method_upper, "(self, /)", "Return a copy of the string converted to uppercase."},
    {"startswith", method_startswith, "(self, prefix, start=None, end=None, /)", "Return True if S starts with the specified prefix, False otherwise."},
    {"endswith", method_endswith, "(self, suffix, start=None, end=None, /)", "Return True if S ends with the specified suffix, False otherwise."},
    {"removeprefix", method_removeprefix, "(self, prefix, /)", "Return a str with the given prefix string removed if present."},
    {"removesuffix", method_removesuffix, "(self, suffix, /)", "Return a str with the given suffix string removed if present."},
    {"isascii", method_isascii, "(self, /)", "Return True if all characters in the string are ASCII, False otherwise."},
    {"islower", method_islower, "(self, /)", "Return True if the string is a lowercase string, False otherwise."},
    {"isupper", method_isupper, "(self, /)", "Return True if the string is an uppercase string, False otherwise."},
    {"istitle", method_istitle, "(self, /)", "Return True if the string is a title-cased string, False otherwise."},
    {"isspace", method_isspace, "(self, /)", "Return True if the string is a whitespace string, False otherwise."},
    {"isdecimal", method_isdecimal, "(self, /)", "Return True if the string is a decimal string, False otherwise."},
    {"isdigit", method_isdigit, "(self, /)", "Return True if the string is a digit string, False otherwise."},
    {"isnumeric", method_isnumeric, "(self, /)", "Return True if the string is a numeric string, False otherwise."},
    {"isalpha", method_isalpha, "(self, /)", "Return True if the string is an alphabetic string, False otherwise."},
    {"isalnum", method_isalnum, "(self, /)", "Return True if the string is an alpha-numeric string, False otherwise."},
    {"isidentifier", method_isidentifier, "(self, /)", "Return True if the string is a valid Python identifier, False otherwise."},
    {"isprintable", method_isprintable, "(self, /)", "Return True if the string is printable, False otherwise."},
    {"zfill", method_zfill, "(self, width, /)", "Pad a numeric string with zeros on the left, to fill a field of the given width."},
    {"format", str_method_format, "(self, /, *args, **kwargs)", "Return a formatted version of S, using substitutions from args and kwargs."},
    {"format_map", str_method_format_map, "(self, mapping, /)", "Return a formatted version of S, using substitutions from mapping."},
    {"maketrans", str_method_maketrans, "(x, y=<unset>, z=<unset>, /)", "Return a translation table usable for str.translate()."},
    {"__format__", method_format_spec, "(self, format_spec, /)", "Return a formatted version of the string as described by format_spec."},
    {"__getnewargs__", method_getnewargs, "(self, /)", NULL},
    {"__sizeof__", method_sizeof, "(self, /)", "Return the size of the string in memory, in bytes."},
    {0},
};
