// SPDX-License-Identifier: MIT
// stdlib/_decimal/text.c: numbers from and to text, by the grammar and the rules of the specification's chapter on conversions.
#include "stdlib/_decimal/number.h"

#include <stdio.h>

#include "runtime/heap.h"
#include "runtime/types/str.h"

#define EXPONENT_LIMIT (4 * MAX_EMAX)      // an exponent written in a text stops here: every context is far from it

// ---- Reading

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Whether the word stands at *at, in any case of letters; moves behind it.
static bool take_word(const char **at, const char *end, const char *word)
{
    const char *p = *at;
    for (; *word; word++, p++) if (p == end || (*p | 0x20) != *word) return false;
    *at = p;
    return true;
}

// The number whose digits stand from `at` to `end`, with a point among them perhaps; `count` of them, leading zeros left out.
static bool read_coefficient(Work *w, Number *r, bool negative, const char *at, const char *end, int64_t count, int64_t exponent)
{
    if (count <= SMALL_DIGITS) {
        uint64_t high = 0, low = 0;                // the last 19 digits, and those before
        int64_t left = count;
        for (; left > 19; at++) if (*at != '.') high = high * 10 + (unsigned)(*at - '0'), left--;
        for (; left > 0; at++) if (*at != '.') low = low * 10 + (unsigned)(*at - '0'), left--;
        number_small(r, negative, (u128)high * tens[19] + low, exponent);
        return true;
    }
    if (!room_for_digits(w->t, count)) return false;
    OWN_MEMORY char *digits = mem_allocate(w->t, (size_t)count + 1);
    if (!digits) return false;
    char *to = digits;
    for (; at < end; at++) if (*at != '.') *to++ = *at;
    *to = 0;
    OWN_MPZ mpz_t z;
    mpz_init(z);
    mpz_set_str(z, digits, 10);
    return number_from_mpz(w, r, negative, z, exponent);
}

static bool read_nan(Work *w, Number *r, bool negative, enum Kind kind, const char *at, const char *end, bool *is_number)
{
    const char *p = at;
    while (p < end && is_digit(*p)) p++;
    *is_number = p == end;
    if (!*is_number) return true;
    while (at < end && *at == '0') at++;
    if (!read_coefficient(w, r, negative, at, end, end - at, 0)) return false;
    if (at == end) r->digits = 0;
    r->kind = kind;
    return true;
}

// An exponent "[+-]digits" up to the end.
static bool read_exponent(const char *at, const char *end, int64_t *exponent)
{
    bool negative = at < end && *at == '-';
    if (at < end && (*at == '-' || *at == '+')) at++;
    if (at == end) return false;
    int64_t e = 0;
    for (; at < end; at++) {
        if (!is_digit(*at)) return false;
        e = e < EXPONENT_LIMIT / 10 ? e * 10 + (*at - '0') : EXPONENT_LIMIT;
    }
    *exponent = negative ? -e : e;
    return true;
}

bool number_from_ascii(Work *w, Number *r, const char *text, size_t length, bool *is_number)
{
    const char *at = text, *end = text + length;
    bool negative = at < end && *at == '-';
    *is_number = false;
    if (at < end && (*at == '-' || *at == '+')) at++;
    if (at == end) return true;
    if (!is_digit(*at) && *at != '.') {
        if (take_word(&at, end, "inf")) {
            if (at < end && !take_word(&at, end, "inity")) return true;
            *is_number = at == end;
            if (*is_number) number_special(r, INFINITE, negative);
            return true;
        }
        bool signaling = take_word(&at, end, "snan");
        if (!signaling && !take_word(&at, end, "nan")) return true;
        return read_nan(w, r, negative, signaling ? SIGNALING_NAN : QUIET_NAN, at, end, is_number);
    }
    const char *first = NULL, *point = NULL, *p = at;         // first: the first digit that is not 0
    for (; p < end; p++) {
        if (is_digit(*p)) {
            if (!first && *p != '0') first = p;
        } else if (*p == '.' && !point) point = p;
        else break;
    }
    if (p - at == (point != NULL)) return true;               // no digit at all
    int64_t exponent = 0;
    if (p < end && ((*p | 0x20) != 'e' || !read_exponent(p + 1, end, &exponent))) return true;
    *is_number = true;
    if (point) exponent -= p - point - 1;
    if (!first) first = p;
    return read_coefficient(w, r, negative, first, p, p - first - (point && point >= first), exponent);
}

// ---- Writing

// Writes the digits of v, `count` of them, up to `end`.
static void put_digits(char *end, u128 v, unsigned count)
{
    while (v >> 64) {                             // 19 digits at a time: the rest goes in one word
        u128 high = v / tens[19];
        uint64_t low = (uint64_t)(v - high * tens[19]);
        for (int i = 0; i < 19; i++, low /= 10) *--end = (char)('0' + low % 10);
        v = high;
        count -= 19;
    }
    for (uint64_t low = (uint64_t)v; count; count--, low /= 10) *--end = (char)('0' + low % 10);
}

bool coefficient_text(Thread *t, const Number *n, char *text)
{
    if (!is_large(n)) {
        put_digits(text + n->digits, small_coefficient(n), (unsigned)n->digits);
        text[n->digits] = 0;
        return true;
    }
    if (!room_for_digits(t, (int64_t)n->digits)) return false;
    mpz_get_str(text, 10, n->large);
    return true;
}

static Value special_to_str(Thread *t, const Number *n)
{
    const char *name = n->kind == INFINITE ? "Infinity" : n->kind == QUIET_NAN ? "NaN" : "sNaN";
    size_t digits = n->kind == INFINITE ? 0 : (size_t)n->digits;
    OWN_MEMORY char *text = mem_allocate(t, digits + 16);
    if (!text) return ERROR;
    int length = sprintf(text, "%s%s", n->negative ? "-" : "", name);
    if (digits && !coefficient_text(t, n, text + length)) return ERROR;
    return str_from_ascii(t, text, (size_t)length + digits);
}

Value number_to_str(Thread *t, const Number *n, bool capitals, bool engineering)
{
    if (!is_finite(n)) return special_to_str(t, n);
    int64_t digits = (int64_t)n->digits, before = n->exponent + digits;      // digits before the point
    int64_t point = before;
    bool plain = n->exponent <= 0 && before > -6;
    if (!plain) {
        point = 1;
        if (engineering) {
            int64_t e = is_zero(n) ? before + 1 : before - 1;
            point = (e % 3 + 3) % 3 + (is_zero(n) ? -1 : 1);
        }
    }
    int64_t zeros_in_front = point <= 0 ? 1 - point : 0, zeros_behind = point > digits ? point - digits : 0;
    char few[128];
    OWN_MEMORY char *many = NULL;
    size_t most = (size_t)(digits + zeros_in_front + zeros_behind) + 32;
    char *text = few, *at;
    if (most > sizeof few && !(text = many = mem_allocate(t, most))) return ERROR;
    at = text;
    if (n->negative) *at++ = '-';
    if (zeros_in_front) {
        *at++ = '0';
        if (digits - point > 0) *at++ = '.';
        memset(at, '0', (size_t)(zeros_in_front - 1));
        at += zeros_in_front - 1;
    }
    if (!coefficient_text(t, n, at)) return ERROR;
    if (point > 0 && point < digits) {
        memmove(at + point + 1, at + point, (size_t)(digits - point));
        at[point] = '.';
        at++;
    }
    at += digits;
    memset(at, '0', (size_t)zeros_behind);
    at += zeros_behind;
    if (before != point) at += sprintf(at, "%c%+lld", capitals ? 'E' : 'e', (long long)(before - point));
    return str_from_ascii(t, text, (size_t)(at - text));
}
