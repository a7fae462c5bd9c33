// SPDX-License-Identifier: MIT
// stdlib/_decimal/format.c: Decimal.__format__: [[fill]align][sign][z][0][width][,][.precision][type].
#include "stdlib/_decimal/number.h"

#include <locale.h>
#include <stdio.h>

#include "runtime/heap.h"
#include "runtime/types/dict.h"
#include "runtime/types/str.h"

// No text of more characters than this is made: neither the width nor the digits.
#define TEXT_MAX (INT64_C(1) << 40)

typedef struct Spec {
    Codepoint fill;
    char align;                // < > ^ =
    char sign;                 // + - space
    char type;                 // e E f F g G %
    bool zero_fill, positive_zero, localized, grouped;
    int64_t width, precision;  // precision -1: none
} Spec;
// How digits are grouped: the sizes as C's locale has them, from the right (the last repeats; CHAR_MAX ends).
typedef struct Marks { Value point, separator; char sizes[16]; } Marks;

// ---- Reading

static bool is_align(Codepoint c) { return c == '<' || c == '>' || c == '=' || c == '^'; }
static bool read_count(const Str *s, size_t *at, int64_t *count)
{
    size_t first = *at;
    for (*count = 0; *at < s->length && str_at(s, *at) >= '0' && str_at(s, *at) <= '9'; ++*at)
        if ((*count = *count * 10 + (int64_t)(str_at(s, *at) - '0')) > MAX_PREC) return false;
    return *at > first;
}
static bool read_spec(const Str *s, bool capitals, Spec *f)
{
    *f = (Spec){.fill = ' ', .align = '>', .sign = '-', .type = capitals ? 'G' : 'g', .precision = -1};
    size_t at = 0;
    bool aligned = false;
    if (s->length >= 2 && is_align(str_at(s, 1))) {
        f->fill = str_at(s, 0);
        f->align = (char)str_at(s, 1);
        aligned = true;
        at = 2;
    } else if (s->length >= 1 && is_align(str_at(s, 0))) {
        f->align = (char)str_at(s, at++);
        aligned = true;
    }
#define NEXT() (at < s->length ? str_at(s, at) : 0)
    if (NEXT() == '+' || NEXT() == '-' || NEXT() == ' ') f->sign = (char)str_at(s, at++);
    if (NEXT() == 'z') f->positive_zero = true, at++;
    if (NEXT() == '0') {
        if (aligned) return false;
        f->zero_fill = true;
        f->fill = '0';
        f->align = '=';
        at++;
    }
    if (NEXT() >= '1' && NEXT() <= '9' && !read_count(s, &at, &f->width)) return false;
    if (NEXT() == ',') f->grouped = true, at++;
    if (NEXT() == '.') {
        at++;
        if (!read_count(s, &at, &f->precision)) return false;
    }
    Codepoint type = NEXT();
#undef NEXT
    if (type) {
        if (type > 127 || !strchr("eEfFgGn%", (int)type)) return false;
        if (type == 'n' && f->grouped) return false;
        f->localized = type == 'n';
        f->type = f->localized ? 'g' : (char)type;
        at++;
    }
    return at == s->length;
}

// ---- The marks: as the locale or an override has them

static bool from_locale(Thread *t, Marks *m)
{
    const struct lconv *here = localeconv();
    char point[16], separator[16];
    snprintf(point, sizeof point, "%s", here->decimal_point);
    snprintf(separator, sizeof separator, "%s", here->thousands_sep);
    snprintf(m->sizes, sizeof m->sizes, "%s", here->grouping);
    m->point = str_from_os(t, point, strlen(point));
    if (is_error(m->point)) return false;
    m->separator = str_from_os(t, separator, strlen(separator));
    return !is_error(m->separator);
}
// A str among the items of an override: borrowed, or UNBOUND.
static bool override_item(Thread *t, Dict *override, const char *name, Value *item)
{
    OWN Value key = str_from_text(t, name);
    if (is_error(key)) return false;
    *item = dict_get(t, override, key);
    if (is_error(*item)) return false;
    return is_unbound(*item) || is_str(*item) || error_false(raise_type_error(t, "bad argument type for built-in operation"));
}
static bool from_override(Thread *t, Dict *override, Marks *m)
{
    Value point, separator, sizes;
    if (!override_item(t, override, "decimal_point", &point) || !override_item(t, override, "thousands_sep", &separator) ||
        !override_item(t, override, "grouping", &sizes)) return false;
    if (!is_unbound(point)) assign(&m->point, retain(point));
    if (!is_unbound(separator)) assign(&m->separator, retain(separator));
    size_t count = is_unbound(sizes) ? 0 : as_str(sizes)->length;
    if (is_unbound(point) && is_unbound(separator) && is_unbound(sizes)) return error_false(raise_value_error(t, "invalid override dict"));
    if (as_str(m->point)->length == 0 || as_str(m->point)->length > 4 || as_str(m->separator)->length > 4 || count >= sizeof m->sizes)
        return error_false(raise_value_error(t, "invalid override dict"));
    for (size_t i = 0; i < count; i++) {
        Codepoint c = str_at(as_str(sizes), i);
        if (c > 127) return error_false(raise_value_error(t, "invalid override dict"));
        m->sizes[i] = (char)c;
    }
    if (!is_unbound(sizes)) m->sizes[count] = 0;
    return true;
}
static bool choose_marks(Thread *t, const Spec *f, Value override, Marks *m)
{
    if (f->localized) {
        if (!from_locale(t, m)) return false;
    } else {
        m->point = str_from_text(t, ".");
        m->separator = is_error(m->point) ? ERROR : str_from_text(t, f->grouped ? "," : "");
        if (is_error(m->separator)) return false;
        m->sizes[0] = f->grouped ? 3 : 0;
    }
    return is_unbound(override) || from_override(t, as_dict(override), m);
}

// ---- Rounding

static bool round_for(Work *w, const Spec *f, Number *n)
{
    bool inexact, negative = n->negative;
    int64_t wanted = f->precision;
    if (f->type == '%') n->exponent += 2;
    bool fixed = f->type == 'f' || f->type == 'F' || f->type == '%';
    if (wanted >= 0) {
        if (!fixed && (f->type | 0x20) == 'e') wanted++;
        if ((f->type | 0x20) == 'g' && wanted == 0) wanted = 1;
        if (fixed) {
            if (!rescale(w, n, -wanted, w->settings->rounding, &inexact)) return false;
        } else if (!is_zero(n) || (f->type | 0x20) == 'g') {
            int64_t excess = (int64_t)n->digits - wanted;
            if (excess > 0 && !drop_digits(w, n, excess, false, w->settings->rounding, &inexact)) return false;
            if (excess > 0 && (int64_t)n->digits > wanted && !drop_digits(w, n, 1, false, ROUND_DOWN, &inexact)) return false;     // 9.99 became 10.0
            if (excess < 0 && (f->type | 0x20) == 'e' && !add_zeros(w, n, -excess)) return false;
        }
    }
    n->negative = negative;
    if (fixed && is_zero(n) && n->exponent > 0) n->exponent = 0;
    if (f->positive_zero && is_zero(n)) n->negative = false;
    return true;
}

// ---- Laying out

// A number in its parts: digits before the point (`zeros` of them in front or behind), those after it, and the rest.
typedef struct Parts { char sign; char *whole; size_t whole_length; char *fraction; size_t fraction_length; char rest[32]; } Parts;

// Where the point goes, counted from the first digit.
static int64_t place_of_point(const Spec *f, const Number *n)
{
    int64_t before = n->exponent + (int64_t)n->digits;
    switch (f->type | 0x20) {
    case 'e': return is_zero(n) && f->precision >= 0 ? 1 - f->precision : 1;
    case 'g': return n->exponent <= 0 && before > -6 ? before : 1;
    default: return before;
    }
}
// Fills the parts of a finite number; `memory` is what they stand in, and is the caller's.
static bool split_number(Thread *t, const Spec *f, const Number *n, Parts *p, char **memory)
{
    int64_t digits = (int64_t)n->digits, point = place_of_point(f, n), before = n->exponent + digits;
    int64_t front = point <= 0 ? 1 - point : 0, behind = point > digits ? point - digits : 0;
    if (front > TEXT_MAX || behind > TEXT_MAX) return error_false(raise_memory_error(t));
    char *text = *memory = mem_allocate(t, (size_t)(digits + front + behind) + 2);
    if (!text) return false;
    memset(text, '0', (size_t)front);
    if (!coefficient_text(t, n, text + front)) return false;
    memset(text + front + digits, '0', (size_t)behind);
    p->whole = text;
    p->whole_length = (size_t)(point <= 0 ? 1 : point);
    p->fraction = text + p->whole_length;
    p->fraction_length = (size_t)(front + digits + behind) - p->whole_length;
    bool exponential = (f->type | 0x20) == 'e' || ((f->type | 0x20) == 'g' && before != point);
    if (exponential) sprintf(p->rest, "%c%+lld", f->type == 'E' || f->type == 'G' ? 'E' : 'e', (long long)(before - point));
    else if (f->type == '%') strcpy(p->rest, "%");
    return true;
}
static bool split_special(Thread *t, const Spec *f, const Number *n, Parts *p, char **memory)
{
    const char *name = n->kind == INFINITE ? "Infinity" : n->kind == QUIET_NAN ? "NaN" : "sNaN";
    size_t length = strlen(name);
    char *text = *memory = mem_allocate(t, length + (size_t)n->digits + 2);
    if (!text) return false;
    memcpy(text, name, length);
    if (is_nan(n) && n->digits) {
        if (!coefficient_text(t, n, text + length)) return false;
        length += (size_t)n->digits;
    }
    p->whole = text;
    p->whole_length = length;
    if (f->type == '%') strcpy(p->rest, "%");
    return true;
}

// How many separators stand among so many digits, and whether one stands where `right` digits follow.
static size_t separators_among(size_t count, const char *sizes)
{
    size_t separators = 0;
    for (size_t border = (size_t)*sizes; *sizes && *sizes != 127 && border < count; border += (size_t)*sizes) {
        separators++;
        if (sizes[1]) sizes++;
    }
    return separators;
}
static bool is_border(size_t right, const char *sizes)
{
    size_t border = 0;
    while (*sizes && *sizes != 127 && border < right) {
        border += (size_t)*sizes;
        if (sizes[1]) sizes++;
    }
    return border == right;
}

static Value lay_out(Thread *t, const Spec *f, const Parts *p, const Marks *m, bool is_number)
{
    size_t separator = is_number ? as_str(m->separator)->length : 0, count = p->whole_length, width = (size_t)f->width;
    const char *sizes = separator ? m->sizes : "";
    size_t around = (p->sign != 0) + strlen(p->rest) + (p->fraction_length ? as_str(m->point)->length + p->fraction_length : 0);
    if (f->zero_fill && is_number)
        while (around + count + separator * separators_among(count, sizes) < width) count++;
    size_t content = around + count + separator * separators_among(count, sizes);
    size_t spare = width > content ? width - content : 0, left = f->align == '>' ? spare : f->align == '^' ? spare / 2 : 0;
    StrBuilder b;
    builder_start(t, &b);
    builder_add_repeat(&b, f->fill, left);
    if (p->sign) builder_add(&b, (Codepoint)p->sign);
    if (f->align == '=') builder_add_repeat(&b, f->fill, spare);
    if (separator) {
        for (size_t i = 0; i < count; i++) {
            if (i && is_border(count - i, sizes)) builder_add_str(&b, as_str(m->separator));
            builder_add(&b, i < count - p->whole_length ? '0' : (Codepoint)p->whole[i - (count - p->whole_length)]);
        }
    } else {
        builder_add_repeat(&b, '0', count - p->whole_length);
        builder_add_ascii(&b, p->whole, p->whole_length);
    }
    if (p->fraction_length) {
        builder_add_str(&b, as_str(m->point));
        builder_add_ascii(&b, p->fraction, p->fraction_length);
    }
    builder_add_text(&b, p->rest);
    if (f->align == '<' || f->align == '^') builder_add_repeat(&b, f->fill, spare - left);
    return builder_finish(&b);
}

Value number_format(Work *w, const Number *n, bool capitals, Str *text, Value override)
{
    Spec f;
    Thread *t = w->t;
    if (!is_unbound(override) && !is_dict(override)) return raise_type_error(t, "optional argument must be a dict");
    if (!read_spec(text, capitals, &f)) return raise_value_error(t, "invalid format string");
    if (f.width > TEXT_MAX) return raise_memory_error(t);
    Marks m = {0};
    OWN Value point = UNBOUND, separator = UNBOUND;
    bool chosen = choose_marks(t, &f, override, &m);
    point = m.point;
    separator = m.separator;
    if (!chosen) return ERROR;
    OWN_NUMBER Number rounded = {0};
    if (!number_copy(w, &rounded, n) || (is_finite(n) && !round_for(w, &f, &rounded))) return ERROR;
    if (!is_finite(n) && f.zero_fill) {               // there is nothing to put zeros in front of
        f.fill = ' ';
        f.align = '>';
    }
    Parts p = {.sign = rounded.negative ? '-' : f.sign == '-' ? 0 : f.sign};
    OWN_MEMORY char *memory = NULL;
    bool split = is_finite(n) ? split_number(t, &f, &rounded, &p, &memory) : split_special(t, &f, &rounded, &p, &memory);
    return split ? lay_out(t, &f, &p, &m, is_finite(n)) : ERROR;
}
