// SPDX-License-Identifier: MIT
// runtime/types/float_format.c: a float by one of the format letters e, f, g and r (the shortest that reads back).
#include <stdio.h>
#include <stdlib.h>

#include "runtime/heap.h"
#include "runtime/types/float_internal.h"

// Inserts a point behind the digits of `text` (in front of an exponent) if there is none.
static void add_point(char *text, const char *what)
{
    char *at = text;
    while ((*at >= '0' && *at <= '9')) at++;
    if (*at == '.') return;
    size_t length = strlen(what);
    memmove(at + length, at, strlen(at) + 1);
    memcpy(at, what, length);
}

// digits, the first of which stands for 10^exponent, with or without an exponent.
static void write_digits(char *to, const char *digits, int exponent, bool scientific)
{
    int count = (int)strlen(digits);
    if (scientific) {
        *to++ = digits[0];
        if (count > 1) {
            *to++ = '.';
            memcpy(to, digits + 1, (size_t)count - 1);
            to += count - 1;
        }
        sprintf(to, "e%c%02d", exponent < 0 ? '-' : '+', abs(exponent));
    } else if (exponent < 0) {
        to += sprintf(to, "0.");
        for (int i = -1; i > exponent; i--) *to++ = '0';
        memcpy(to, digits, (size_t)count + 1);
    } else {
        int whole = exponent + 1;
        for (int i = 0; i < whole; i++) *to++ = i < count ? digits[i] : '0';
        if (count > whole) {
            *to++ = '.';
            memcpy(to, digits + whole, (size_t)(count - whole));
            to += count - whole;
        }
        *to = 0;
    }
}

// %g: `precision` significant digits, without trailing zeros unless '#'.
static void write_general(char *text, double d, size_t precision, int flags)
{
    size_t size = precision + 40;
    char *digits = text + size;                       // the caller's buffer has room for both
    float_print(digits, size, 'e', (int)precision - 1, d);
    char *e = strchr(digits, 'e');
    int exponent = atoi(e + 1);
    size_t count = 0;
    for (char *at = digits; at < e; at++) if (*at != '.') digits[count++] = *at;
    if (!(flags & FLOAT_ALTERNATE)) while (count > 1 && digits[count - 1] == '0') count--;
    digits[count] = 0;
    bool scientific = exponent < -4 || exponent >= (int)precision - (flags & FLOAT_ADD_DOT_0 ? 1 : 0);
    write_digits(text, digits, exponent, scientific);
    if (flags & FLOAT_ADD_DOT_0 && !scientific) add_point(text, ".0");
}

char *float_format(Thread *t, double d, char letter, size_t precision, int flags)
{
    if (precision > INT32_MAX - 1000) return error_null(raise_value_error(t, "precision too big"));
    char lower = (char)(letter | 0x20);
    bool upper = letter != lower;
    if (lower == 'g' && precision == 0) precision = 1;
    char *text = mem_allocate(t, 2 * (precision + 400));
    if (!text) return NULL;
    d = fabs(d);
    if (!isfinite(d)) {
        strcpy(text, isnan(d) ? "nan" : "inf");
    } else {
        if (lower == 'g') {
            write_general(text, d, precision, flags);
        } else if (lower == 'r') {
            char digits[20];
            int exponent;
            float_shortest_digits(d, digits, &exponent);
            bool scientific = exponent < -4 || exponent >= 16;
            write_digits(text, digits, exponent, scientific);
            if (flags & FLOAT_ADD_DOT_0 && !scientific) add_point(text, ".0");
        } else {
            float_print(text, precision + 400, lower, (int)precision, d);
        }
        if (flags & FLOAT_ALTERNATE) add_point(text, ".");
    }
    if (upper) for (char *at = text; *at; at++) if (*at >= 'a' && *at <= 'z') *at = (char)(*at - 32);
    return text;
}
