// SPDX-License-Identifier: MIT
// runtime/types/str_percent.c: format % arguments, for str and for bytes.
//
// bytes are formatted as the Latin-1 text of the same values: what differs is what %s, %b and %c accept, and some messages.
#include "runtime/types/str_percent.h"

#include "runtime/buffer.h"
#include "runtime/call.h"
#include "runtime/types/bytes.h"
#include "runtime/types/float_internal.h"
#include "runtime/types/int_internal.h"
#include "runtime/types/str_internal.h"
#include "runtime/types/tuple.h"

typedef struct Percent {
    Thread *t;
    Str *format;
    size_t at;                    // in the format
    Value arguments;
    Tuple *tuple;                 // arguments, if a tuple; else there is one
    size_t next, count;           // of positional arguments
    bool is_bytes, used_mapping;
    StrBuilder out;
} Percent;

typedef struct Directive {
    bool left, zero, plus, space, alternate, has_value;
    Value value;                  // borrowed, or owned by `held`
    ptrdiff_t width, precision;   // -1: none
    Codepoint letter;
} Directive;

static bool next_argument(Percent *p, Value *value)
{
    if (p->next >= p->count) return error_false(raise_type_error(p->t, "not enough arguments for format string"));
    *value = p->tuple ? p->tuple->items[p->next] : p->arguments;
    p->next++;
    return true;
}

static bool read_character(Percent *p, Codepoint *c)
{
    if (p->at >= p->format->length) return error_false(raise_value_error(p->t, "incomplete format"));
    *c = str_at(p->format, p->at++);
    return true;
}

// (key): the value in the mapping, into *held.
static bool read_key(Percent *p, Value *held)
{
    Thread *t = p->t;
    Type *type = type_of(p->arguments);
    bool is_mapping = type->slots.get_item && !p->tuple && !is_str(p->arguments) && !(p->is_bytes && (is_bytes(p->arguments) || is_bytearray(p->arguments)));
    if (!is_mapping) return error_false(raise_type_error(t, "format requires a mapping"));
    size_t start = p->at;
    int depth = 1;
    for (; p->at < p->format->length; p->at++) {
        Codepoint c = str_at(p->format, p->at);
        if (c == '(') depth++;
        else if (c == ')' && --depth == 0) break;
    }
    if (depth) return error_false(raise_value_error(t, "incomplete format key"));
    OWN Value key = str_substring(t, p->format, start, p->at++);
    if (is_error(key)) return false;
    if (p->is_bytes) assign(&key, latin1_encode(t, as_str(key), NULL));
    if (is_error(key)) return false;
    assign(held, object_get_item(t, p->arguments, key));
    p->used_mapping = true;
    return !is_error(*held);
}

// The digits of a width or a precision, or `*`. *number stays when there are none.
static bool read_number(Percent *p, Codepoint *c, ptrdiff_t *number, const char *too_big)
{
    Thread *t = p->t;
    if (*c == '*') {
        Value value;
        if (!next_argument(p, &value)) return false;
        if (!is_int(value)) return error_false(raise_type_error(t, "* wants int"));
        int64_t n;
        bool precision = too_big[0] == 'p';
        if (!int_as_i64(t, value, &n) || (precision && (n > INT32_MAX || n < INT32_MIN))) {
            if (error_pending(t) && !error_clear_if(t, &exc_OverflowError)) return false;
            return error_false(raise_error(t, &exc_OverflowError, "Python int too large to convert to C %s", precision ? "int" : "ssize_t"));
        }
        *number = (ptrdiff_t)n;
        return read_character(p, c);
    }
    while (*c >= '0' && *c <= '9') {
        ptrdiff_t n = *number < 0 ? 0 : *number;
        if (n > (PTRDIFF_MAX - 9) / 10) return error_false(raise_value_error(t, "%s", too_big));
        *number = n * 10 + (ptrdiff_t)(*c - '0');
        if (!read_character(p, c)) return false;
    }
    return true;
}

static bool read_directive(Percent *p, Directive *d, Value *held)
{
    *d = (Directive){.width = -1, .precision = -1};
    Codepoint c;
    if (!read_character(p, &c)) return false;
    if (c == '(') {
        if (!read_key(p, held)) return false;
        d->value = *held;
        d->has_value = true;
        if (!read_character(p, &c)) return false;
    }
    for (;; ) {
        if (c == '-') d->left = true;
        else if (c == '+') d->plus = true;
        else if (c == ' ') d->space = true;
        else if (c == '#') d->alternate = true;
        else if (c == '0') d->zero = true;
        else break;
        if (!read_character(p, &c)) return false;
    }
    if (!read_number(p, &c, &d->width, "width too big")) return false;
    if (d->width < -1) {
        d->left = true;
        d->width = -d->width;
    }
    if (c == '.') {
        if (!read_character(p, &c)) return false;
        d->precision = 0;
        if (!read_number(p, &c, &d->precision, p->is_bytes ? "prec too big" : "precision too big")) return false;
        if (d->precision < 0) d->precision = 0;
    }
    if ((c == 'h' || c == 'l' || c == 'L') && !read_character(p, &c)) return false;
    d->letter = c;
    return true;
}

// ---- Writing

#define SMALL_INT_DIGITS 20
// The decimal digits of i at the end of the buffer, its sign in front; how many characters.
static size_t small_int_digits(int64_t i, char buffer[SMALL_INT_DIGITS])
{
    uint64_t rest = i < 0 ? -(uint64_t)i : (uint64_t)i;
    char *at = buffer + SMALL_INT_DIGITS;
    do *--at = (char)('0' + rest % 10); while (rest /= 10);
    if (i < 0) *--at = '-';
    return (size_t)(buffer + SMALL_INT_DIGITS - at);
}

static void add_padded(Percent *p, const Directive *d, const Str *s)
{
    size_t length = d->precision >= 0 && (size_t)d->precision < s->length ? (size_t)d->precision : s->length;
    size_t spare = d->width > 0 && (size_t)d->width > length ? (size_t)d->width - length : 0;
    if (!d->left) builder_add_repeat(&p->out, ' ', spare);
    builder_add_slice(&p->out, s, 0, length);
    if (d->left) builder_add_repeat(&p->out, ' ', spare);
}

// sign, prefix and digits in the field; zeros fill between the prefix and the digits.
static void add_number(Percent *p, const Directive *d, bool negative, const char *prefix, const char *digits, size_t count, size_t zeros)
{
    char sign = negative ? '-' : d->plus ? '+' : d->space ? ' ' : 0;
    size_t length = (sign != 0) + strlen(prefix) + zeros + count;
    size_t spare = d->width > 0 && (size_t)d->width > length ? (size_t)d->width - length : 0;
    bool zero_fill = d->zero && !d->left;
    if (!d->left && !zero_fill) builder_add_repeat(&p->out, ' ', spare);
    if (sign) builder_add(&p->out, (Codepoint)sign);
    builder_add_ascii(&p->out, prefix, strlen(prefix));
    builder_add_repeat(&p->out, '0', zeros + (zero_fill ? spare : 0));
    builder_add_ascii(&p->out, digits, count);
    if (d->left) builder_add_repeat(&p->out, ' ', spare);
}

static bool add_int(Percent *p, const Directive *d)
{
    Thread *t = p->t;
    char letter = (char)d->letter;
    bool decimal = letter == 'd' || letter == 'i' || letter == 'u';
    OWN Value number = UNBOUND;
    const Slots *slots = &type_of(d->value)->slots;
    if (is_int(d->value)) number = retain(d->value);
    else if (!decimal && slots->index) number = object_index(t, d->value);
    else if (decimal && (slots->index || slots->to_int || slots->to_float)) number = call1(t, type_value(&int_type), d->value);
    if (is_error(number) && !error_matches(t, &exc_TypeError)) return false;
    if (is_error(number) || is_unbound(number)) {
        if (is_error(number)) error_clear(t);
        return error_false(raise_type_error(t, "%%%c format: %s is required, not %.200T", letter == 'i' && p->is_bytes ? 'd' : (int)letter, decimal ? "a real number" : "an integer", d->value));
    }
    OWN Value text = int_to_str(t, number, decimal ? 10 : letter == 'o' ? 8 : 16);
    if (is_error(text)) return false;
    if (letter == 'X') assign(&text, str_method_upper(t, text, NULL));
    if (is_error(text)) return false;
    Str *s = as_str(text);
    bool negative = s->data[0] == '-';
    size_t count = s->length - negative;
    if (d->precision > INT32_MAX) return error_false(raise_value_error(t, "precision too large"));
    size_t zeros = d->precision > 0 && (size_t)d->precision > count ? (size_t)d->precision - count : 0;
    const char *prefix = !d->alternate || decimal ? "" : letter == 'o' ? "0o" : letter == 'x' ? "0x" : "0X";
    add_number(p, d, negative, prefix, s->data + negative, count, zeros);
    return true;
}

static bool add_float(Percent *p, const Directive *d)
{
    double x;
    if (is_float(d->value)) x = as_float(d->value);
    else if (p->is_bytes) {
        if (!float_from_value(p->t, d->value, &x)) {
            if (!error_clear_if(p->t, &exc_TypeError)) return false;
            return error_false(raise_type_error(p->t, "float argument required, not %.200T", d->value));
        }
    } else if (!float_from_value(p->t, d->value, &x)) return false;
    if (d->precision > INT32_MAX) return error_false(raise_value_error(p->t, "precision too large"));
    OWN_MEMORY char *text = float_format(p->t, x, (char)d->letter, d->precision < 0 ? 6 : (size_t)d->precision, d->alternate ? FLOAT_ALTERNATE : 0);
    if (!text) return false;
    add_number(p, d, signbit(x) && !isnan(x), "", text, strlen(text), 0);
    return true;
}

static bool add_character(Percent *p, const Directive *d)
{
    Thread *t = p->t;
    Directive whole = *d;
    whole.precision = -1;
    const char *wrong = p->is_bytes ? "%%c requires an integer in range(256) or a single byte" : "%%c requires int or char";
    if (p->is_bytes ? is_bytes(d->value) || is_bytearray(d->value) : is_str(d->value)) {
        OWN Value text = is_str(d->value) ? retain(d->value) : is_bytes(d->value) ? str_from_latin1(t, bytes_data(d->value), bytes_length(d->value)) :
            str_from_latin1(t, as_bytearray(d->value)->data, as_bytearray(d->value)->length);
        if (is_error(text)) return false;
        if (as_str(text)->length != 1) return error_false(raise_type_error(t, wrong));
        add_padded(p, &whole, as_str(text));
        return true;
    }
    if (!is_int(d->value) && !type_of(d->value)->slots.index) return error_false(raise_type_error(t, wrong));
    OWN Value number = object_index(t, d->value);
    int64_t code = -1;
    if (is_error(number) || (int_is_immediate(number) && !int_as_i64(t, number, &code))) return false;
    if (code < 0 || code > (p->is_bytes ? 0xFF : 0x10FFFF))
        return error_false(raise_error(t, &exc_OverflowError, p->is_bytes ? "%%c arg not in range(256)" : "%%c arg not in range(0x110000)"));
    OWN Value text = str_from_codepoint(t, (Codepoint)code);
    if (is_error(text)) return false;
    add_padded(p, &whole, as_str(text));
    return true;
}

// %s and %b of bytes: what has the buffer protocol, or __bytes__.
static Value bytes_text(Thread *t, Value v)
{
    if (is_buffer(v)) {
        OWN Value copy = buffer_to_bytes(t, v);
        return is_error(copy) ? ERROR : str_from_latin1(t, bytes_data(copy), bytes_length(copy));
    }
    OWN Value made = call_special(t, v, NAME(__bytes__), NULL, 0);
    if (is_error(made)) return ERROR;
    if (is_unbound(made)) return raise_type_error(t, "%%b requires a bytes-like object, or an object that implements __bytes__, not '%.100T'", v);
    if (!is_bytes(made)) return raise_type_error(t, "__bytes__ returned non-bytes (type %.200T)", made);
    return str_from_latin1(t, bytes_data(made), bytes_length(made));
}

static bool add_text(Percent *p, const Directive *d)
{
    Thread *t = p->t;
    OWN Value text = UNBOUND;
    switch (d->letter) {
    case 's': text = p->is_bytes ? bytes_text(t, d->value) : object_str(t, d->value); break;
    case 'b': text = bytes_text(t, d->value); break;
    case 'r': text = p->is_bytes ? object_ascii(t, d->value) : object_repr(t, d->value); break;
    default: text = object_ascii(t, d->value);
    }
    if (is_error(text)) return false;
    add_padded(p, d, as_str(text));
    return true;
}

// A directive that is one letter, of a value whose text needs nobody: a str or a small int. False: it is none of these, and nothing was read.
static bool add_plain(Percent *p)
{
    if (p->is_bytes || p->at >= p->format->length || p->next >= p->count) return false;
    Codepoint letter = str_at(p->format, p->at);
    Value value = p->tuple ? p->tuple->items[p->next] : p->arguments;
    if (letter == 's' && is_exact_str(value)) {
        builder_add_str(&p->out, as_str(value));
    } else if ((letter == 'd' || letter == 's') && is_small_int(value)) {
        char digits[SMALL_INT_DIGITS];
        size_t count = small_int_digits(as_small_int(value), digits);
        builder_add_ascii(&p->out, digits + SMALL_INT_DIGITS - count, count);
    } else {
        return false;
    }
    p->at++;
    p->next++;
    return true;
}

static bool add_directive(Percent *p)
{
    Thread *t = p->t;
    if (add_plain(p)) return true;
    if (p->at < p->format->length && str_at(p->format, p->at) == '%') {
        p->at++;
        builder_add(&p->out, '%');
        return true;
    }
    Directive d;
    OWN Value held = UNBOUND;
    if (!read_directive(p, &d, &held)) return false;
    if (!d.has_value && !next_argument(p, &d.value)) return false;
    switch (d.letter) {
    case 'b':
        if (!p->is_bytes) break;
        return add_text(p, &d);
    case 's': case 'r': case 'a':
        return add_text(p, &d);
    case 'd': case 'i': case 'u': case 'o': case 'x': case 'X':
        return add_int(p, &d);
    case 'e': case 'E': case 'f': case 'F': case 'g': case 'G':
        return add_float(p, &d);
    case 'c':
        return add_character(p, &d);
    }
    Codepoint shown = d.letter >= 32 && d.letter < 127 ? d.letter : '?';
    return error_false(raise_value_error(t, "unsupported format character '%c' (0x%x) at index %zd", (int)shown, (unsigned)d.letter, (ptrdiff_t)p->at - 1));
}

Value percent_format(Thread *t, Str *format, Value arguments, bool for_bytes)
{
    Percent p = {.t = t, .format = format, .arguments = arguments, .is_bytes = for_bytes, .count = 1};
    if (is_tuple(arguments)) {
        p.tuple = as_tuple(arguments);
        p.count = p.tuple->length;
    }
    builder_start(t, &p.out);
    while (p.at < format->length && !p.out.failed) {
        size_t start = p.at;
        while (p.at < format->length && str_at(format, p.at) != '%') p.at++;
        builder_add_slice(&p.out, format, start, p.at);
        if (p.at == format->length) break;
        p.at++;
        if (add_directive(&p)) continue;
        builder_abandon(&p.out);
        return ERROR;
    }
    bool is_text = is_str(arguments) || (for_bytes && (is_bytes(arguments) || is_bytearray(arguments)));
    bool may_be_mapping = type_of(arguments)->slots.get_item && !p.tuple && !is_text;
    if (!p.out.failed && p.next < p.count && !may_be_mapping) {
        builder_abandon(&p.out);
        return raise_type_error(t, "not all arguments converted during %s formatting", for_bytes ? "bytes" : "string");
    }
    return builder_finish(&p.out);
}

Value str_percent(Thread *t, Value format, Value arguments) { return percent_format(t, as_str(format), arguments, false); }
