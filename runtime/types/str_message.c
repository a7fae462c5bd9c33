// SPDX-License-Identifier: MIT
// runtime/types/str_message.c: strings from C formats, as the messages of exceptions use them (runtime/error.h lists the formats).
#include <stdio.h>

#include "runtime/types/str_internal.h"

// One conversion: %[flags][width][.precision][length]letter.
typedef struct Conversion { char flags[8]; int width, precision; char length; char letter; } Conversion;   // length: 'l', 'z' or 0; precision -1: none

static const char *read_conversion(const char *at, Conversion *c, va_list *arguments)
{
    *c = (Conversion){.precision = -1};
    size_t flags = 0;
    while (*at == '0' || *at == '-' || *at == '+' || *at == ' ' || *at == '#') {
        if (flags + 1 < sizeof c->flags) c->flags[flags++] = *at;
        at++;
    }
    if (*at == '*') {
        c->width = va_arg(*arguments, int);
        at++;
    } else {
        while (*at >= '0' && *at <= '9') c->width = c->width * 10 + (*at++ - '0');
    }
    if (*at == '.') {
        at++;
        c->precision = 0;
        if (*at == '*') {
            c->precision = va_arg(*arguments, int);
            at++;
        } else {
            while (*at >= '0' && *at <= '9') c->precision = c->precision * 10 + (*at++ - '0');
        }
    }
    while (*at == 'l' || *at == 'z' || *at == 'j' || *at == 't' || *at == 'h') c->length = *at++;
    c->letter = *at;
    return at + 1;
}

static void add_cut(StrBuilder *b, const Str *s, int precision)
{
    builder_add_slice(b, s, 0, precision < 0 ? s->length : (size_t)precision);
}

static void add_owned(StrBuilder *b, TAKES Value text, int precision)
{
    OWN Value s = text;
    if (is_error(s)) b->failed = true;
    else add_cut(b, as_str(s), precision);
}

// C text, which may be cut in the middle of a character or hold anything: what is not UTF-8 is replaced.
static void add_text(StrBuilder *b, const char *text, int precision)
{
    if (!text) text = "(null)";
    size_t length = precision < 0 ? strlen(text) : strnlen(text, (size_t)precision);
    if (bytes_are_ascii(text, length)) builder_add_ascii(b, text, length);
    else add_owned(b, bytes_decode(b->t, text, length, "utf-8", "replace"), -1);
}

static void add_number(StrBuilder *b, const Conversion *c, va_list *arguments)
{
    char text[512], format[48];
    int length;
    bool is_signed = c->letter == 'd' || c->letter == 'i';
    long long n;
    if (c->length == 'l' || c->length == 'z' || c->length == 'j' || c->length == 't') n = va_arg(*arguments, long long);
    else n = is_signed ? va_arg(*arguments, int) : (long long)va_arg(*arguments, unsigned);
    char letter = is_signed ? 'd' : c->letter;
    int width = c->width > 200 ? 200 : c->width;
    if (c->precision >= 0) snprintf(format, sizeof format, "%%%s%d.%dll%c", c->flags, width, c->precision > 200 ? 200 : c->precision, letter);
    else if (width) snprintf(format, sizeof format, "%%%s%dll%c", c->flags, width, letter);
    else snprintf(format, sizeof format, "%%%sll%c", c->flags, letter);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    length = snprintf(text, sizeof text, format, n);
#pragma GCC diagnostic pop
    builder_add_ascii(b, text, (size_t)length);
}

// A native type's name in messages has its module in front, unless that is builtins: 'collections.deque'.
static const char *shown_name(const Type *type) { return type->spec ? type->spec->name : type->name; }

static void add_conversion(StrBuilder *b, const Conversion *c, va_list *arguments)
{
    Thread *t = b->t;
    switch (c->letter) {
    case '%': builder_add(b, '%'); break;
    case 'c': builder_add(b, (Codepoint)va_arg(*arguments, int)); break;
    case 's': add_text(b, va_arg(*arguments, const char *), c->precision); break;
    case 'd': case 'i': case 'u': case 'x': case 'X': case 'o': add_number(b, c, arguments); break;
    case 'S': add_owned(b, object_str(t, va_arg(*arguments, Value)), c->precision); break;
    case 'R': add_owned(b, object_repr(t, va_arg(*arguments, Value)), c->precision); break;
    case 'A': add_owned(b, object_ascii(t, va_arg(*arguments, Value)), c->precision); break;
    case 'T': add_text(b, shown_name(type_of(va_arg(*arguments, Value))), c->precision); break;
    case 'N': add_text(b, shown_name(va_arg(*arguments, Type *)), c->precision); break;
    case 'U': add_cut(b, va_arg(*arguments, Str *), c->precision); break;
    case 'p': {
        char text[32];
        builder_add_ascii(b, text, (size_t)snprintf(text, sizeof text, "%p", va_arg(*arguments, void *)));
        break;
    }
    default:
        ASSERT(!"a format that str_format does not know");
    }
}

Value str_format_va(Thread *t, const char *format, va_list given)
{
    StrBuilder b;
    builder_start(t, &b);
    va_list arguments;
    va_copy(arguments, given);
    for (const char *at = format; *at && !b.failed;) {
        const char *percent = strchrnul(at, '%');
        char text[256];
        while (at < percent) {                        // the literal part, in pieces: it may hold UTF-8
            size_t piece = (size_t)(percent - at);
            if (piece >= sizeof text) piece = sizeof text - 1;
            while (piece > 1 && (at[piece] & 0xC0) == 0x80) piece--;
            memcpy(text, at, piece);
            text[piece] = 0;
            builder_add_text(&b, text);
            at += piece;
        }
        if (!*at) break;
        Conversion c;
        at = read_conversion(at + 1, &c, &arguments);
        add_conversion(&b, &c, &arguments);
    }
    va_end(arguments);
    return builder_finish(&b);
}

Value str_format(Thread *t, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    Value result = str_format_va(t, format, arguments);
    va_end(arguments);
    return result;
}
