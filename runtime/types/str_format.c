// SPDX-License-Identifier: MIT
// runtime/types/str_format.c: str.format and format_map: "{field.name[0]!r:{width}}".
//
// A format is read in steps, each a literal and perhaps a replacement field; a field's spec may hold fields itself, one level deep.
#include "runtime/types/str_format.h"

#include "runtime/types/dict.h"
#include "runtime/types/int.h"
#include "runtime/types/list.h"
#include "runtime/types/str_internal.h"
#include "runtime/types/tuple.h"

typedef struct Span { size_t start, end; } Span;

// One step: format[literal], then, if `has_field`, a field.
typedef struct Piece {
    Span literal, name, spec;
    Codepoint conversion;        // 0: none
    bool has_field, nested;      // nested: the spec has fields
} Piece;

typedef struct Numbering { enum { UNDECIDED, AUTOMATIC, MANUAL } kind; size_t next; } Numbering;

typedef struct Formatting {
    Thread *t;
    Tuple *positional;           // NULL: format_map
    Value named;                 // a dict or any mapping
    Numbering numbering;
} Formatting;

// ---- Reading

static bool fail(Thread *t, const char *message) { return error_false(raise_value_error(t, "%s", message)); }

// The field behind a "{" at *at: up to its "}".
static bool read_field(Thread *t, const Str *s, size_t *at, size_t end, Piece *p)
{
    size_t i = *at;
    bool in_brackets = false;
    Codepoint c = 0;
    p->name.start = i;
    for (; i < end; i++) {
        c = str_at(s, i);
        if (c == '{' && !in_brackets) return fail(t, "unexpected '{' in field name");
        if (c == '[') in_brackets = true;
        else if (c == ']') in_brackets = false;
        else if (!in_brackets && (c == '}' || c == ':' || c == '!')) break;
    }
    if (i >= end) return fail(t, "expected '}' before end of string");
    p->name.end = i++;
    p->spec = (Span){i, i};
    if (c == '!') {
        if (i >= end) return fail(t, "end of string while looking for conversion specifier");
        p->conversion = str_at(s, i++);
        if (i >= end) return fail(t, "unmatched '{' in format spec");
        c = str_at(s, i++);
        if (c != '}' && c != ':') return fail(t, "expected ':' after conversion specifier");
    }
    if (c == ':') {
        p->spec.start = i;
        for (int depth = 1; i < end; i++) {
            c = str_at(s, i);
            if (c == '{') {
                depth++;
                p->nested = true;
            } else if (c == '}' && --depth == 0) {
                break;
            }
        }
        if (i >= end) return fail(t, "unmatched '{' in format spec");
        p->spec.end = i++;
    }
    *at = i;
    return true;
}

// The next piece of s[*at..end).
static bool read_piece(Thread *t, const Str *s, size_t *at, size_t end, Piece *p)
{
    *p = (Piece){.literal = {*at, *at}};
    size_t i = *at;
    Codepoint c = 0;
    while (i < end && (c = str_at(s, i)) != '{' && c != '}') i++;
    p->literal.end = i;
    if (i == end) {
        *at = end;
        return true;
    }
    if (i + 1 < end && str_at(s, i + 1) == c) {       // {{ or }}: one of them belongs to the literal
        p->literal.end = i + 1;
        *at = i + 2;
        return true;
    }
    if (c == '}') return fail(t, "Single '}' encountered in format string");
    if (i + 1 == end) return fail(t, "Single '{' encountered in format string");
    *at = i + 1;
    p->has_field = true;
    return read_field(t, s, at, end, p);
}

// s[span] as a number: -1 if it is none, -2 raised.
static ptrdiff_t read_index(Thread *t, const Str *s, Span span)
{
    if (span.start == span.end) return -1;
    ptrdiff_t n = 0;
    for (size_t i = span.start; i < span.end; i++) {
        int digit = codepoint_decimal_value(str_at(s, i));
        if (digit < 0) return -1;
        if (n > (PTRDIFF_MAX - digit) / 10) {
            raise_value_error(t, "Too many decimal digits in format string");
            return -2;
        }
        n = n * 10 + digit;
    }
    return n;
}

static size_t end_of_first(const Str *s, Span name)
{
    size_t i = name.start;
    while (i < name.end && str_at(s, i) != '.' && str_at(s, i) != '[') i++;
    return i;
}

// The next ".attribute" or "[index]" at *at; its name into *part.
static bool read_accessor(Thread *t, const Str *s, size_t *at, size_t end, bool *is_attribute, Span *part)
{
    Codepoint c = str_at(s, (*at)++);
    *is_attribute = c == '.';
    part->start = *at;
    if (c == '.') {
        while (*at < end && str_at(s, *at) != '.' && str_at(s, *at) != '[') ++*at;
        part->end = *at;
    } else if (c == '[') {
        while (*at < end && str_at(s, *at) != ']') ++*at;
        if (*at == end) return fail(t, "Missing ']' in format string");
        part->end = (*at)++;
    } else {
        return fail(t, "Only '.' or '[' may follow ']' in format field specifier");
    }
    return part->start < part->end || fail(t, "Empty attribute in format string");
}

// ---- Values

static bool number_automatically(Formatting *f, ptrdiff_t *index, bool empty)
{
    if (!empty && *index < 0) return true;            // a name
    Numbering *n = &f->numbering;
    int wanted = empty ? AUTOMATIC : MANUAL;
    if (n->kind == UNDECIDED) n->kind = empty ? AUTOMATIC : MANUAL;
    if ((int)n->kind != wanted)
        return fail(f->t, empty ? "cannot switch from manual field specification to automatic field numbering"
                                : "cannot switch from automatic field numbering to manual field specification");
    if (empty) *index = (ptrdiff_t)n->next++;
    return true;
}

static Value first_value(Formatting *f, Str *s, Span first)
{
    Thread *t = f->t;
    ptrdiff_t index = read_index(t, s, first);
    if (index == -2 || !number_automatically(f, &index, first.start == first.end)) return ERROR;
    if (index >= 0) {
        if (!f->positional) return raise_value_error(t, "Format string contains positional fields");
        if ((size_t)index >= f->positional->length)
            return raise_error(t, &exc_IndexError, "Replacement index %zd out of range for positional args tuple", index);
        return retain(f->positional->items[index]);
    }
    OWN Value key = str_substring(t, s, first.start, first.end);
    if (is_error(key)) return ERROR;
    if (!is_dict(f->named) || as_object(f->named)->type != &dict_type) return object_get_item(t, f->named, key);
    Value found = dict_get(t, as_dict(f->named), key);
    if (is_error(found)) return ERROR;
    return is_unbound(found) ? raise_key_error(t, key) : retain(found);
}

static Value field_value(Formatting *f, Str *s, Span name)
{
    Thread *t = f->t;
    size_t at = end_of_first(s, name);
    OWN Value value = first_value(f, s, (Span){name.start, at});
    while (at < name.end && !is_error(value)) {
        bool is_attribute;
        Span part;
        if (!read_accessor(t, s, &at, name.end, &is_attribute, &part)) return ERROR;
        ptrdiff_t index = is_attribute ? -1 : read_index(t, s, part);
        if (index == -2) return ERROR;
        if (index >= 0) {
            assign(&value, object_get_item(t, value, small_int(index)));
            continue;
        }
        OWN Value text = str_substring(t, s, part.start, part.end);
        if (is_error(text)) return ERROR;
        if (is_attribute) {
            OWN_POINTER Str *attribute = str_intern(t, as_str(MOVE(text)));
            if (!attribute) return ERROR;
            assign(&value, object_get_attr(t, value, attribute));
        } else {
            assign(&value, object_get_item(t, value, text));
        }
    }
    return MOVE(value);
}

static Value convert(Thread *t, Value v, Codepoint conversion)
{
    switch (conversion) {
    case 'r': return object_repr(t, v);
    case 's': return object_str(t, v);
    case 'a': return object_ascii(t, v);
    }
    if (conversion > 32 && conversion < 127) return raise_value_error(t, "Unknown conversion specifier %c", (int)conversion);
    return raise_value_error(t, "Unknown conversion specifier \\x%x", (unsigned)conversion);
}

static Value format_range(Formatting *f, Str *s, Span range, int depth);

static bool add_field(Formatting *f, StrBuilder *out, Str *s, const Piece *p, int depth)
{
    Thread *t = f->t;
    OWN Value value = field_value(f, s, p->name);
    if (is_error(value)) return false;
    if (p->conversion) assign(&value, convert(t, value, p->conversion));
    if (is_error(value)) return false;
    OWN Value spec = UNBOUND;
    if (p->nested) spec = format_range(f, s, p->spec, depth - 1);
    else if (p->spec.end > p->spec.start) spec = str_substring(t, s, p->spec.start, p->spec.end);
    if (is_error(spec)) return false;
    bool bare = is_unbound(spec) || as_str(spec)->length == 0;
    if (bare && is_exact_str(value)) {
        builder_add_str(out, as_str(value));
        return true;
    }
    OWN Value text = bare && (is_exact_int(value) || is_small_float(value)) ? object_str(t, value) : object_format(t, value, spec);
    if (is_error(text)) return false;
    builder_add_str(out, as_str(text));
    return true;
}

static Value format_range(Formatting *f, Str *s, Span range, int depth)
{
    if (depth < 0) return raise_value_error(f->t, "Max string recursion exceeded");
    StrBuilder out;
    builder_start(f->t, &out);
    for (size_t at = range.start; at < range.end && !out.failed;) {
        Piece p;
        bool good = read_piece(f->t, s, &at, range.end, &p);
        if (good) builder_add_slice(&out, s, p.literal.start, p.literal.end);
        if (good && (!p.has_field || add_field(f, &out, s, &p, depth))) continue;
        builder_abandon(&out);
        return ERROR;
    }
    return builder_finish(&out);
}

// str.format(*args, **kwargs)
Value str_method_format(Thread *t, Value self, const Value *args)
{
    Formatting f = {.t = t, .positional = as_tuple(args[0]), .named = args[1]};
    return format_range(&f, as_str(self), (Span){0, as_str(self)->length}, 1);
}

Value str_method_format_map(Thread *t, Value self, const Value *args)
{
    Formatting f = {.t = t, .named = args[0]};
    return format_range(&f, as_str(self), (Span){0, as_str(self)->length}, 1);
}

// ---- For the module _string

static Value piece_tuple(Thread *t, Str *s, const Piece *p)
{
    OWN Value literal = str_substring(t, s, p->literal.start, p->literal.end);
    if (is_error(literal)) return ERROR;
    if (!p->has_field) return tuple_of(t, 4, literal, NONE, NONE, NONE);
    OWN Value name = str_substring(t, s, p->name.start, p->name.end), spec = str_substring(t, s, p->spec.start, p->spec.end);
    OWN Value conversion = p->conversion ? str_from_codepoint(t, p->conversion) : NONE;
    if (is_error(name) || is_error(spec) || is_error(conversion)) return ERROR;
    return tuple_of(t, 4, literal, name, spec, conversion);
}

Value format_parse(Thread *t, Str *s)
{
    OWN Value pieces = list_new(t, 0);
    if (is_error(pieces)) return ERROR;
    for (size_t at = 0; at < s->length;) {
        Piece p;
        if (!read_piece(t, s, &at, s->length, &p)) return ERROR;
        Value piece = piece_tuple(t, s, &p);
        if (is_error(piece) || !list_append_owned(t, pieces, piece)) return ERROR;
    }
    return MOVE(pieces);
}

static Value name_or_index(Thread *t, Str *s, Span span)
{
    ptrdiff_t index = read_index(t, s, span);
    if (index == -2) return ERROR;
    return index >= 0 ? int_value(t, index) : str_substring(t, s, span.start, span.end);
}

Value format_split_field_name(Thread *t, Str *s)
{
    size_t at = end_of_first(s, (Span){0, s->length});
    OWN Value first = name_or_index(t, s, (Span){0, at}), rest = list_new(t, 0);
    if (is_error(first) || is_error(rest)) return ERROR;
    while (at < s->length) {
        bool is_attribute;
        Span part;
        if (!read_accessor(t, s, &at, s->length, &is_attribute, &part)) return ERROR;
        OWN Value name = is_attribute ? str_substring(t, s, part.start, part.end) : name_or_index(t, s, part);
        OWN Value pair = is_error(name) ? ERROR : tuple_of(t, 2, bool_value(is_attribute), name);
        if (is_error(pair) || !list_append(t, rest, pair)) return ERROR;
    }
    return tuple_of(t, 2, first, rest);
}
