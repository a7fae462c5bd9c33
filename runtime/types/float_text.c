// SPDX-License-Identifier: MIT
// runtime/types/float_text.c: float from and to text: the shortest decimal that reads back, float("…"), hexadecimal.
//
// Reading digits, and writing a number of them, is the C library's, which rounds correctly; what is here is Python's grammar around it. Numbers
// are read and written with the C locale's point whatever locale a script has set.
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>

#include "runtime/call.h"
#include "runtime/heap.h"
#include "runtime/types/float_internal.h"
#include "runtime/types/shortest_decimal.h"
#include "runtime/types/str.h"

// The C locale, made once: strtod_l reads "1.5" in every locale.
static locale_t c_locale(void)
{
    static locale_t made;
    if (!made) made = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    return made;
}

double float_read(const char *text, char **end) { return strtod_l(text, end, c_locale()); }


bool float_scale(double d, int decimals, uint64_t *n, double *unit)
{
    static const double powers[] = {1.0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
    if (decimals < 0 || (size_t)decimals >= COUNT_OF(powers)) return false;
    double scaled = fabs(d) * powers[decimals];                 // off by half a unit in the last place at most
    if (!(scaled < 1e15)) return false;
    double whole = floor(scaled), rest = scaled - whole;        // exact
    if (fabs(rest - 0.5) < scaled * 4e-16 + 1e-300) return false;
    *n = (uint64_t)whole + (rest > 0.5);
    *unit = powers[decimals];
    return true;
}

// "%.<precision>f" of a number that float_scale can scale: how many characters, or 0.
static int print_fixed(char *text, size_t size, int precision, double d)
{
    uint64_t n;
    double unit;
    if (size < 48 || !isfinite(d) || !float_scale(d, precision, &n, &unit)) return 0;
    char digits[40], *at = digits + sizeof digits;
    int decimals = precision;
    do {
        *--at = (char)('0' + n % 10);
        n /= 10;
        if (--decimals == 0) *--at = '.';
    } while (n || decimals >= 0);
    if (signbit(d)) *--at = '-';
    size_t length = (size_t)(digits + sizeof digits - at);
    memcpy(text, at, length);
    text[length] = 0;
    return (int)length;
}

int float_print(char *text, size_t size, char letter, int precision, double d)
{
    int fixed = letter == 'f' ? print_fixed(text, size, precision, d) : 0;
    if (fixed) return fixed;
    char format[] = {'%', '.', '*', letter, 0};
    bool foreign = nl_langinfo(RADIXCHAR)[0] != '.';            // a script has set a locale with a comma
    locale_t before = foreign ? uselocale(c_locale()) : (locale_t)0;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    int length = snprintf(text, size, format, precision, d);
#pragma GCC diagnostic pop
    if (foreign) uselocale(before);
    return length;
}

// ---- Shortest decimal

// The shortest digits of |d| that read back: into digits, NUL-terminated, without trailing zeros; *exponent: of the first digit.
void float_shortest_digits(double d, char digits[20], int *exponent)
{
    Decimal64 decimal = d == 0.0 ? (Decimal64){0} : shortest_decimal(fabs(d));
    while (decimal.significand && decimal.significand % 10 == 0) {
        decimal.significand /= 10;
        decimal.exponent++;
    }
    char reversed[20];
    int count = 0;
    do {
        reversed[count++] = (char)('0' + decimal.significand % 10);
        decimal.significand /= 10;
    } while (decimal.significand);
    *exponent = decimal.exponent + count - 1;
    for (int i = 0; i < count; i++) digits[i] = reversed[count - 1 - i];
    digits[count] = 0;
}

static char *append(char *at, const char *from, int count)
{
    memcpy(at, from, (size_t)count);
    return at + count;
}

// 1.5e+300: at least two digits of the exponent.
static char *append_scientific(char *at, const char *digits, int count, int exponent)
{
    *at++ = digits[0];
    if (count > 1) {
        *at++ = '.';
        at = append(at, digits + 1, count - 1);
    }
    return at + sprintf(at, "e%c%02d", exponent < 0 ? '-' : '+', abs(exponent));
}

size_t float_repr(double d, char *text)
{
    if (isnan(d)) return (size_t)sprintf(text, "nan");
    if (isinf(d)) return (size_t)sprintf(text, d < 0 ? "-inf" : "inf");
    char digits[20], *at = text;
    int exponent;
    float_shortest_digits(d, digits, &exponent);
    int count = (int)strlen(digits);
    if (signbit(d)) *at++ = '-';
    if (exponent < -4 || exponent >= 16) {
        at = append_scientific(at, digits, count, exponent);
    } else if (exponent < 0) {
        at = append(at, "0.000", 1 - exponent);
        at = append(at, digits, count);
    } else {
        int whole = count < exponent + 1 ? count : exponent + 1;
        at = append(at, digits, whole);
        for (int i = whole; i <= exponent; i++) *at++ = '0';
        *at++ = '.';
        at = count > whole ? append(at, digits + whole, count - whole) : append(at, "0", 1);
    }
    *at = 0;
    return (size_t)(at - text);
}

// ---- Reading

static bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
static bool is_digit(char c) { return c >= '0' && c <= '9'; }

static bool word_at(const char **at, const char *end, const char *word)
{
    const char *p = *at;
    for (; *word; word++, p++) if (p >= end || (*p | 0x20) != *word) return false;
    *at = p;
    return true;
}

// Copies a run of digits with underscores between digits; false: a misplaced underscore.
static bool copy_digits(const char **at, const char *end, char **to, size_t *count)
{
    const char *p = *at;
    *count = 0;
    for (; p < end; p++) {
        if (is_digit(*p)) {
            *(*to)++ = *p;
            ++*count;
        } else if (*p == '_' && *count && p + 1 < end && is_digit(p[1])) {
            continue;
        } else {
            break;
        }
    }
    *at = p;
    return true;
}

bool float_scan(const char **from, const char *end, char *scratch, double *result)
{
    const char *at = *from;
    char *to = scratch;
    bool negative = at < end && *at == '-';
    if (at < end && (*at == '-' || *at == '+')) at++;
    if (word_at(&at, end, "inf")) {
        word_at(&at, end, "inity");
        *result = negative ? -INFINITY : INFINITY;
        *from = at;
        return true;
    }
    if (word_at(&at, end, "nan")) {
        *result = negative ? -(double)NAN : (double)NAN;
        *from = at;
        return true;
    }
    size_t whole, fraction = 0, power;
    if (!copy_digits(&at, end, &to, &whole)) return false;
    if (at < end && *at == '.') {
        *to++ = '.';
        at++;
        copy_digits(&at, end, &to, &fraction);
    }
    if (whole + fraction == 0) return false;
    if (at < end && (*at | 0x20) == 'e') {
        const char *before = at;
        char *kept = to;
        *to++ = 'e';
        at++;
        if (at < end && (*at == '-' || *at == '+')) *to++ = *at++;
        copy_digits(&at, end, &to, &power);
        if (power == 0) {
            at = before;
            to = kept;
        }
    }
    *to = 0;
    double d = float_read(scratch, NULL);
    *result = negative ? -d : d;
    *from = at;
    return true;
}

Value float_from_text(Thread *t, const char *text, size_t length, Value original)
{
    const char *at = text, *end = text + length;
    while (at < end && is_space(*at)) at++;
    while (end > at && is_space(end[-1])) end--;
    char few[128];
    OWN_MEMORY char *many = NULL;
    char *scratch = few;
    if (length + 8 > sizeof few && !(scratch = many = mem_allocate(t, length + 8))) return ERROR;
    double d;
    if (at == end || !float_scan(&at, end, scratch, &d) || at != end)
        return raise_value_error(t, "could not convert string to float: %R", original);
    return float_value(d);
}

// ---- Hexadecimal

Value float_method_hex(Thread *t, Value self, const Value *args)
{
    (void)args;
    double d = as_float(self);
    char text[48];
    if (isnan(d) || isinf(d)) return str_from_ascii(t, text, float_repr(d, text));
    uint64_t bits;
    memcpy(&bits, &d, sizeof bits);
    unsigned exponent = bits >> 52 & 0x7FF;
    unsigned long long fraction = bits & ((UINT64_C(1) << 52) - 1);
    const char *sign = signbit(d) ? "-" : "";
    int length;
    if (d == 0.0) length = snprintf(text, sizeof text, "%s0x0.0p+0", sign);
    else if (exponent == 0) length = snprintf(text, sizeof text, "%s0x0.%013llxp-1022", sign, fraction);
    else length = snprintf(text, sizeof text, "%s0x1.%013llxp%+d", sign, fraction, (int)exponent - 1023);
    return str_from_ascii(t, text, (size_t)length);
}

static bool is_hex_digit(char c) { return is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f'); }

// mantissa * 2^exponent, and a little more if `sticky`, rounded half to even: the C library rounds subnormals twice.
static double round_binary(uint64_t mantissa, int64_t exponent, bool sticky)
{
    if (mantissa == 0) return 0.0;
    int64_t bits = 64 - __builtin_clzll(mantissa), extra = bits - 53;
    if (exponent + bits > 2000) return INFINITY;
    if (exponent + extra < -1074) extra = -1074 - exponent;
    if (extra > bits + 1) return 0.0;
    if (extra > 0) {
        uint64_t rest = extra > 63 ? mantissa : mantissa & ((UINT64_C(1) << extra) - 1), half = extra > 64 ? UINT64_MAX : UINT64_C(1) << (extra - 1);
        mantissa = extra > 63 ? 0 : mantissa >> extra;
        if (rest > half || (rest == half && (sticky || (mantissa & 1)))) mantissa++;
        exponent += extra;
    }
    return ldexp((double)mantissa, (int)exponent);
}

// Reads [0x] digits [. digits] [p exponent] after the sign. NULL: malformed.
static const char *scan_hex(const char *at, const char *end, double *result)
{
    if (end - at >= 2 && at[0] == '0' && (at[1] | 0x20) == 'x') at += 2;
    uint64_t mantissa = 0;
    int64_t exponent = 0, given = 0;
    bool sticky = false, behind_point = false, digits = false;
    for (; at < end; at++) {
        if (*at == '.' && !behind_point) {
            behind_point = true;
            continue;
        }
        if (!is_hex_digit(*at)) break;
        unsigned digit = is_digit(*at) ? (unsigned)(*at - '0') : (unsigned)((*at | 0x20) - 'a' + 10);
        digits = true;
        if (mantissa >> 60) {
            sticky |= digit != 0;
            exponent += 4;
        } else {
            mantissa = mantissa << 4 | digit;
        }
        if (behind_point) exponent -= 4;
    }
    if (!digits) return NULL;
    if (at < end && (*at | 0x20) == 'p') {
        at++;
        bool negative = at < end && *at == '-';
        if (at < end && (*at == '-' || *at == '+')) at++;
        if (at >= end || !is_digit(*at)) return NULL;
        for (; at < end && is_digit(*at); at++) if (given < INT64_MAX / 100) given = given * 10 + (*at - '0');
        exponent += negative ? -given : given;
    }
    *result = round_binary(mantissa, exponent, sticky);
    return at;
}

Value float_method_fromhex(Thread *t, Value cls, const Value *args)
{
    if (!is_str(args[0])) return raise_type_error(t, "bad argument type for built-in operation");
    size_t length;
    OWN_MEMORY char *text = str_to_utf8(t, as_str(args[0]), &length);
    if (!text) return ERROR;
    const char *at = text, *end = text + length;
    while (at < end && is_space(*at)) at++;
    while (end > at && is_space(end[-1])) end--;
    bool negative = at < end && *at == '-';
    if (at < end && (*at == '-' || *at == '+')) at++;
    double d;
    if (word_at(&at, end, "inf")) {
        word_at(&at, end, "inity");
        d = INFINITY;
    } else if (word_at(&at, end, "nan")) {
        d = (double)NAN;
    } else {
        at = scan_hex(at, end, &d);
        if (!at || at != end) return raise_value_error(t, "invalid hexadecimal floating-point string");
        if (isinf(d)) return raise_error(t, &exc_OverflowError, "hexadecimal value too large to represent as a float");
    }
    if (at != end) return raise_value_error(t, "invalid hexadecimal floating-point string");
    Value result = float_value(negative ? -d : d);
    return as_type(cls) == &float_type ? result : call1(t, cls, result);
}
