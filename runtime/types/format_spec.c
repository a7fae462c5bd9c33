// SPDX-License-Identifier: MIT
// runtime/types/format_spec.c: the format mini-language, "[[fill]align][sign][z][#][0][width][grouping][.precision][type]",
// for str, int, float and complex.
#include <locale.h>

#include "runtime/types/float_internal.h"
#include "runtime/types/int_internal.h"
#include "runtime/types/str_internal.h"

typedef struct FormatSpec {
    Codepoint fill;
    char align;               // < > = ^
    char sign;                // + - space, or 0
    char grouping;            // , _ or 0
    bool align_given, fill_given, alternate, no_negative_zero;
    ptrdiff_t width, precision;   // -1: not given
    Codepoint type;
} FormatSpec;

// ---- Reading

static bool is_align(Codepoint c) { return c == '<' || c == '>' || c == '=' || c == '^'; }

// A decimal number at *at, or -1. False: too many digits.
static bool read_number(Thread *t, const Str *s, size_t *at, ptrdiff_t *number)
{
    *number = -1;
    for (; *at < s->length; ++*at) {
        int digit = codepoint_decimal_value(str_at(s, *at));
        if (digit < 0) break;
        ptrdiff_t n = *number < 0 ? 0 : *number;
        if (n > (PTRDIFF_MAX - digit) / 10) return error_false(raise_value_error(t, "Too many decimal digits in format string"));
        *number = n * 10 + digit;
    }
    return true;
}

static bool raise_bad_grouping(Thread *t, char grouping, Codepoint type)
{
    if (type > 32 && type < 128) return error_false(raise_value_error(t, "Cannot specify '%c' with '%c'.", grouping, (int)type));
    return error_false(raise_value_error(t, "Cannot specify '%c' with '\\x%x'.", grouping, (unsigned)type));
}

static bool check_grouping(Thread *t, const FormatSpec *f)
{
    if (!f->grouping) return true;
    switch (f->type) {
    case 'd': case 'e': case 'f': case 'g': case 'E': case 'G': case '%': case 'F': case 0:
        return true;
    case 'b': case 'o': case 'x': case 'X':
        if (f->grouping == '_') return true;
    }
    return raise_bad_grouping(t, f->grouping, f->type);
}

static bool read_grouping(Thread *t, const Str *s, size_t *at, FormatSpec *f)
{
    for (const char *which = ",_"; *which; which++) {
        if (*at >= s->length || str_at(s, *at) != (Codepoint)*which) continue;
        if (f->grouping) return error_false(raise_value_error(t, "Cannot specify both ',' and '_'."));
        f->grouping = *which;
        ++*at;
    }
    if (f->grouping == '_' && *at < s->length && str_at(s, *at) == ',')
        return error_false(raise_value_error(t, "Cannot specify both ',' and '_'."));
    return true;
}

static bool read_spec(Thread *t, Value v, const Str *s, FormatSpec *f, Codepoint default_type, char default_align)
{
    *f = (FormatSpec){.fill = ' ', .align = default_align, .width = -1, .precision = -1, .type = default_type};
    size_t at = 0, length = s->length;
    if (length >= 2 && is_align(str_at(s, 1))) {
        f->fill = str_at(s, 0);
        f->align = (char)str_at(s, 1);
        f->fill_given = f->align_given = true;
        at = 2;
    } else if (length >= 1 && is_align(str_at(s, 0))) {
        f->align = (char)str_at(s, at++);
        f->align_given = true;
    }
    if (at < length && (str_at(s, at) == '+' || str_at(s, at) == '-' || str_at(s, at) == ' ')) f->sign = (char)str_at(s, at++);
    if (at < length && str_at(s, at) == 'z') f->no_negative_zero = true, at++;
    if (at < length && str_at(s, at) == '#') f->alternate = true, at++;
    if (!f->fill_given && at < length && str_at(s, at) == '0') {
        f->fill = '0';
        if (!f->align_given && default_align == '>') f->align = '=';
        at++;
    }
    if (!read_number(t, s, &at, &f->width) || !read_grouping(t, s, &at, f)) return false;
    if (at < length && str_at(s, at) == '.') {
        at++;
        if (!read_number(t, s, &at, &f->precision)) return false;
        if (f->precision < 0) return error_false(raise_value_error(t, "Format specifier missing precision"));
    }
    if (length - at > 1)
        return error_false(raise_value_error(t, "Invalid format specifier '%U' for object of type '%.200T'", s, v));
    if (length - at == 1) f->type = str_at(s, at);
    return check_grouping(t, f);
}

static Value raise_unknown(Thread *t, Value v, Codepoint type)
{
    if (type > 32 && type < 128) return raise_value_error(t, "Unknown format code '%c' for object of type '%.200T'", (int)type, v);
    return raise_value_error(t, "Unknown format code '\\x%x' for object of type '%.200T'", (unsigned)type, v);
}

// ---- Laying out

// The places where `content` characters in a field of f->width are filled on the left and the right.
static void split_padding(const FormatSpec *f, size_t content, size_t *left, size_t *right)
{
    size_t spare = f->width > 0 && (size_t)f->width > content ? (size_t)f->width - content : 0;
    *left = f->align == '>' ? spare : f->align == '^' ? spare / 2 : 0;
    *right = spare - *left;
}

static Value lay_out_text(Thread *t, const FormatSpec *f, Str *s, size_t length)
{
    size_t left, right;
    split_padding(f, length, &left, &right);
    StrBuilder b;
    builder_start(t, &b);
    builder_add_repeat(&b, f->fill, left);
    builder_add_slice(&b, s, 0, length);
    builder_add_repeat(&b, f->fill, right);
    return builder_finish(&b);
}

// How digits are grouped: the sizes of the groups from the right as C's locale says them (the last repeats; CHAR_MAX ends), and
// the texts around them.
typedef struct Punctuation { const char *sizes; Str *separator; Str *point; } Punctuation;

// A number in its parts: "-" "0x" "1234" ".5e10".
typedef struct NumberParts { char sign; const char *prefix, *digits, *rest; size_t digit_count; } NumberParts;

// Puts separators between `count` digits (zeros in front where there are fewer than `digits` has), grouped, into b.
static void add_grouped(StrBuilder *b, const NumberParts *n, size_t count, const Punctuation *p)
{
    // The group that the leftmost digit is in: walk from the right, remembering how many digits stand right of each border.
    for (size_t i = 0; i < count; i++) {
        size_t right = count - i;                     // digits from here on, this one included
        if (i > 0) {
            size_t border = 0;
            const char *size = p->sizes;
            while (*size && *size != 127 && border < right) {
                border += (size_t)*size;
                if (size[1]) size++;
                if (border == right) builder_add_str(b, p->separator);
            }
        }
        size_t missing = count - n->digit_count;
        builder_add(b, i < missing ? '0' : (Codepoint)n->digits[i - missing]);
    }
}

static size_t separators_between(size_t count, const char *sizes)
{
    size_t separators = 0, border = 0;
    while (*sizes && *sizes != 127) {
        border += (size_t)*sizes;
        if (border >= count) break;
        separators++;
        if (sizes[1]) sizes++;
    }
    return separators;
}

static Value lay_out_number(Thread *t, const FormatSpec *f, const NumberParts *n, const Punctuation *p)
{
    size_t rest = strlen(n->rest), prefix = strlen(n->prefix), count = n->digit_count;
    size_t around = (n->sign != 0) + prefix + rest;
    if (p->point && strchr(n->rest, '.')) around += p->point->length - 1;
    size_t width = f->width > 0 ? (size_t)f->width : 0;
    if (width > STR_LENGTH_MAX) return raise_memory_error(t);
    size_t unit = p->separator && count ? p->separator->length : 0;       // inf and nan have no digits to group
#define GROUPED_LENGTH(c) ((c) + unit * separators_between(c, p->sizes))
    if (f->fill == '0' && f->align == '=') while (around + GROUPED_LENGTH(count) < width) {
        size_t missing = width - around - GROUPED_LENGTH(count);
        count += missing > 8 ? missing / 2 : 1;
    }
    size_t content = around + GROUPED_LENGTH(count), left, right;
#undef GROUPED_LENGTH
    split_padding(f, content, &left, &right);
    StrBuilder b;
    builder_start(t, &b);
    builder_add_repeat(&b, f->fill, left);
    if (n->sign) builder_add(&b, (Codepoint)n->sign);
    builder_add_text(&b, n->prefix);
    if (f->align == '=') builder_add_repeat(&b, f->fill, right);
    if (unit && p->sizes[0]) {
        add_grouped(&b, n, count, p);
    } else {
        builder_add_repeat(&b, '0', count - n->digit_count);
        builder_add_ascii(&b, n->digits, n->digit_count);
    }
    for (const char *at = n->rest; *at; at++) {
        if (*at == '.' && p->point) builder_add_str(&b, p->point);
        else builder_add(&b, (Codepoint)*at);
    }
    if (f->align != '=') builder_add_repeat(&b, f->fill, right);
    return builder_finish(&b);
}

// The punctuation that the spec asks for; *separator and *point own what comes from the locale.
static bool choose_punctuation(Thread *t, const FormatSpec *f, Punctuation *p, Value *separator, Value *point)
{
    *p = (Punctuation){.sizes = ""};
    if (f->type == 'n') {
        struct lconv *conventions = localeconv();
        *separator = bytes_decode(t, conventions->thousands_sep, strlen(conventions->thousands_sep), "utf-8", "surrogateescape");
        *point = bytes_decode(t, conventions->decimal_point, strlen(conventions->decimal_point), "utf-8", "surrogateescape");
        if (is_error(*separator) || is_error(*point)) return false;
        p->sizes = conventions->grouping;
        p->separator = as_str(*separator);
        p->point = as_str(*point);
    } else if (f->grouping) {
        *separator = str_from_codepoint(t, (Codepoint)f->grouping);
        if (is_error(*separator)) return false;
        p->separator = as_str(*separator);
        p->sizes = f->type == 'b' || f->type == 'o' || f->type == 'x' || f->type == 'X' ? "\4" : "\3";
    }
    return true;
}

static char sign_of(const FormatSpec *f, bool negative) { return negative ? '-' : f->sign == '+' || f->sign == ' ' ? f->sign : 0; }

// ---- str

Value format_str_spec(Thread *t, Value v, Str *spec)
{
    FormatSpec f;
    if (!read_spec(t, v, spec, &f, 's', '<')) return ERROR;
    if (f.type != 's') return raise_unknown(t, v, f.type);
    if (f.sign) return raise_value_error(t, f.sign == ' ' ? "Space not allowed in string format specifier" : "Sign not allowed in string format specifier");
    if (f.no_negative_zero) return raise_value_error(t, "Negative zero coercion (z) not allowed in string format specifier");
    if (f.alternate) return raise_value_error(t, "Alternate form (#) not allowed in string format specifier");
    if (f.align == '=') return raise_value_error(t, "'=' alignment not allowed in string format specifier");
    Str *s = as_str(v);
    size_t length = f.precision >= 0 && (size_t)f.precision < s->length ? (size_t)f.precision : s->length;
    return lay_out_text(t, &f, s, length);
}

// ---- int

static Value format_character(Thread *t, Value v, const FormatSpec *f)
{
    if (f->sign) return raise_value_error(t, "Sign not allowed with integer format specifier 'c'");
    if (f->alternate) return raise_value_error(t, "Alternate form (#) not allowed with integer format specifier 'c'");
    int64_t code;
    if (!int_as_i64(t, v, &code)) return ERROR;
    if (code < 0 || code > 0x10FFFF) return raise_error(t, &exc_OverflowError, "%%c arg not in range(0x110000)");
    OWN Value character = str_from_codepoint(t, (Codepoint)code);
    if (is_error(character)) return ERROR;
    FormatSpec placed = *f;
    if (placed.align == '=') placed.align = '>';
    return lay_out_text(t, &placed, as_str(character), 1);
}

static Value format_digits(Thread *t, Value v, const FormatSpec *f)
{
    int base = 10;
    const char *prefix = "";
    switch (f->type) {
    case 'b': base = 2; prefix = "0b"; break;
    case 'o': base = 8; prefix = "0o"; break;
    case 'x': base = 16; prefix = "0x"; break;
    case 'X': base = 16; prefix = "0X"; break;
    }
    OWN Value text = int_to_str(t, v, base), separator = UNBOUND, point = UNBOUND;
    Punctuation p;
    if (is_error(text) || !choose_punctuation(t, f, &p, &separator, &point)) return ERROR;
    Str *s = as_str(text);
    bool negative = s->data[0] == '-';
    OWN Value upper = f->type == 'X' ? str_method_upper(t, text, NULL) : UNBOUND;
    if (is_error(upper)) return ERROR;
    const char *digits = (is_unbound(upper) ? s : as_str(upper))->data + negative;
    NumberParts n = {sign_of(f, negative), f->alternate ? prefix : "", digits, "", s->length - negative};
    return lay_out_number(t, f, &n, &p);
}

static Value format_double(Thread *t, Value v, double d, const FormatSpec *f);

Value format_int_spec(Thread *t, Value v, Str *spec)
{
    FormatSpec f;
    if (!read_spec(t, v, spec, &f, 'd', '>')) return ERROR;
    switch (f.type) {
    case 'b': case 'c': case 'd': case 'o': case 'x': case 'X': case 'n':
        if (f.precision >= 0) return raise_value_error(t, "Precision not allowed in integer format specifier");
        if (f.no_negative_zero) return raise_value_error(t, "Negative zero coercion (z) not allowed in integer format specifier");
        return f.type == 'c' ? format_character(t, v, &f) : format_digits(t, v, &f);
    case 'e': case 'E': case 'f': case 'F': case 'g': case 'G': case '%': {
        double d;
        return int_as_double(t, v, &d) ? format_double(t, v, d, &f) : ERROR;
    }
    default:
        return raise_unknown(t, v, f.type);
    }
}

// ---- float

// Whether a number written in digits is zero after rounding.
static bool is_written_zero(const char *text)
{
    for (; *text && (*text | 0x20) != 'e'; text++) if (*text != '.' && *text != '0') return false;
    return true;
}

static char *write_double(Thread *t, double d, const FormatSpec *f, int flags)
{
    char letter = (char)f->type;
    size_t precision = f->precision < 0 ? 6 : (size_t)f->precision;
    if (letter == 0) {
        letter = f->precision < 0 ? 'r' : 'g';
    } else {
        flags &= ~FLOAT_ADD_DOT_0;
        if (letter == 'n') letter = 'g';
        if (letter == '%') {
            letter = 'f';
            d *= 100.0;
        }
    }
    if (letter == 'r') precision = 0;
    return float_format(t, d, letter, precision, flags | (f->alternate ? FLOAT_ALTERNATE : 0));
}

static size_t digits_at(const char *text)
{
    size_t count = 0;
    while (text[count] >= '0' && text[count] <= '9') count++;
    return count;
}

static Value format_double(Thread *t, Value v, double d, const FormatSpec *f)
{
    (void)v;
    OWN_MEMORY char *text = write_double(t, d, f, FLOAT_ADD_DOT_0);
    OWN Value separator = UNBOUND, point = UNBOUND;
    Punctuation p;
    if (!text || !choose_punctuation(t, f, &p, &separator, &point)) return ERROR;
    if (f->type == '%') strcat(text, "%");
    bool negative = signbit(d) && !isnan(d) && !(f->no_negative_zero && is_written_zero(text));
    if (f->no_negative_zero && f->type == '%') {
        text[strlen(text) - 1] = 0;
        negative = signbit(d) && !isnan(d) && !is_written_zero(text);
        strcat(text, "%");
    }
    size_t digits = digits_at(text);
    NumberParts n = {sign_of(f, negative), "", text, text + digits, digits};
    return lay_out_number(t, f, &n, &p);
}

Value format_float_spec(Thread *t, Value v, Str *spec)
{
    FormatSpec f;
    if (!read_spec(t, v, spec, &f, 0, '>')) return ERROR;
    switch (f.type) {
    case 0: case 'e': case 'E': case 'f': case 'F': case 'g': case 'G': case 'n': case '%':
        return format_double(t, v, as_float(v), &f);
    default:
        return raise_unknown(t, v, f.type);
    }
}

// ---- complex

// One part of a complex number, unpadded.
static Value format_part(Thread *t, double d, const FormatSpec *f, char sign)
{
    FormatSpec part = *f;
    part.width = -1;
    part.fill = ' ';
    part.align = '<';
    OWN_MEMORY char *text = write_double(t, d, f, 0);
    OWN Value separator = UNBOUND, point = UNBOUND;
    Punctuation p;
    if (!text || !choose_punctuation(t, f, &p, &separator, &point)) return ERROR;
    size_t digits = digits_at(text);
    bool negative = signbit(d) && !isnan(d) && !(f->no_negative_zero && is_written_zero(text));
    part.sign = sign;
    NumberParts n = {sign_of(&part, negative), "", text, text + digits, digits};
    return lay_out_number(t, &part, &n, &p);
}

Value format_complex_spec(Thread *t, Value v, Str *spec)
{
    FormatSpec f;
    if (!read_spec(t, v, spec, &f, 0, '>')) return ERROR;
    switch (f.type) {
    case 0: case 'e': case 'E': case 'f': case 'F': case 'g': case 'G': case 'n':
        break;
    default:
        return raise_unknown(t, v, f.type);
    }
    if (f.fill == '0') return raise_value_error(t, "Zero padding is not allowed in complex format specifier");
    if (f.align == '=') return raise_value_error(t, "'=' alignment flag is not allowed in complex format specifier");
    Complex *c = (Complex *)as_object(v);
    bool plain = f.type == 0, only_imaginary = plain && c->real == 0.0 && !signbit(c->real);
    OWN Value real = only_imaginary ? UNBOUND : format_part(t, c->real, &f, f.sign);
    OWN Value imaginary = format_part(t, c->imag, &f, only_imaginary ? f.sign : '+');
    if (is_error(real) || is_error(imaginary)) return ERROR;
    StrBuilder b;
    builder_start(t, &b);
    if (plain && !only_imaginary) builder_add(&b, '(');
    if (!only_imaginary) builder_add_str(&b, as_str(real));
    builder_add_str(&b, as_str(imaginary));
    builder_add(&b, 'j');
    if (plain && !only_imaginary) builder_add(&b, ')');
    OWN Value text = builder_finish(&b);
    return is_error(text) ? ERROR : lay_out_text(t, &f, as_str(text), as_str(text)->length);
}
