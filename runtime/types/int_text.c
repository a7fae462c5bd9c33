// SPDX-License-Identifier: MIT
// runtime/types/int_text.c: int from and to text, and the limit on how many decimal digits may be converted.
//
// The limit keeps a script from being stopped by a quadratic conversion of somebody else's digits: it belongs to the
// interpreter (sys.set_int_max_str_digits) and does not concern bases that are powers of two.
#include "runtime/heap.h"
#include "runtime/thread.h"
#include "runtime/types/int_internal.h"
#include "runtime/types/str.h"

int int_max_str_digits(Thread *t)
{
    uint32_t set = t->interp->int_max_str_digits;
    return set == 0 ? INT_MAX_STR_DIGITS_DEFAULT : (int)(set - 1);
}

void int_set_max_str_digits(Thread *t, int digits) { t->interp->int_max_str_digits = (uint32_t)digits + 1; }

static bool is_ascii_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

static int digit_value(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'z') return c - 'a' + 10;
    if (c >= 'A' && c <= 'Z') return c - 'A' + 10;
    return 99;
}

static Value raise_invalid(Thread *t, int base, Value original)
{
    return raise_value_error(t, "invalid literal for int() with base %d: %.200R", base, original);
}

// The number in `digits` (clean: no sign, no underscores, NUL-terminated).
static Value from_clean_digits(Thread *t, const char *digits, size_t count, int base, bool negative)
{
    if (base == 10 ? count <= 18 : count <= 12) {
        int64_t i = 0;
        for (size_t k = 0; k < count; k++) i = i * base + digit_value(digits[k]);
        return int_from_i64(t, negative ? -i : i);
    }
    if (!int_room(t, (uint64_t)count * 6)) return ERROR;
    Int *result = int_blank(t);
    if (!result) return ERROR;
    mpz_set_str(result->value, digits, base);
    if (negative) mpz_neg(result->value, result->value);
    return int_settle(t, result);
}

// Reads a prefix such as 0x if the base (or base 0) lets it stand there; settles *base. False: "010" in base 0.
static void read_prefix(const char **at, const char *end, int *base, bool *only_zeros)
{
    const char *p = *at;
    *only_zeros = false;
    if (end - p >= 2 && p[0] == '0') {
        char letter = (char)(p[1] | 0x20);
        int named = letter == 'x' ? 16 : letter == 'o' ? 8 : letter == 'b' ? 2 : 0;
        if (named && (*base == 0 || *base == named)) {
            *base = named;
            p += 2;
            if (p < end && *p == '_') p++;
            *at = p;
            return;
        }
    }
    if (*base == 0) {
        *base = 10;
        *only_zeros = p < end && *p == '0';
    }
}

Value int_from_text(Thread *t, const char *text, size_t length, int base, Value original)
{
    const char *at = text, *end = text + length;
    int asked = base;
    while (at < end && is_ascii_space(*at)) at++;
    while (end > at && is_ascii_space(end[-1])) end--;
    bool negative = at < end && *at == '-', only_zeros;
    if (at < end && (*at == '-' || *at == '+')) at++;
    read_prefix(&at, end, &base, &only_zeros);
    char few[64];
    OWN_MEMORY char *many = NULL;
    char *digits = few;
    if ((size_t)(end - at) >= sizeof few && !(digits = many = mem_allocate(t, (size_t)(end - at) + 1))) return ERROR;
    size_t count = 0;
    bool after_digit = false, nonzero = false;
    for (; at < end; at++) {
        if (*at == '_' && after_digit) {
            after_digit = false;
            continue;
        }
        int value = digit_value(*at);
        if (value >= base) return raise_invalid(t, asked, original);
        nonzero |= value != 0;
        digits[count++] = *at;
        after_digit = true;
    }
    if (!after_digit || (only_zeros && nonzero)) return raise_invalid(t, asked, original);
    digits[count] = 0;
    int limit = int_max_str_digits(t);
    if (UNLIKELY(limit > 0 && count > (size_t)limit && (base & (base - 1)) != 0)) {
        return raise_value_error(t, "Exceeds the limit (%d digits) for integer string conversion: value has %zu digits; "
                                 "use sys.set_int_max_str_digits() to increase the limit", limit, count);
    }
    return from_clean_digits(t, digits, count, base, negative);
}

static Value small_to_str(Thread *t, int64_t i, int base)
{
    char text[72], *at = text + sizeof text;
    uint64_t magnitude = i < 0 ? (uint64_t)-i : (uint64_t)i;
    do {
        *--at = "0123456789abcdefghijklmnopqrstuvwxyz"[magnitude % (unsigned)base];
        magnitude /= (unsigned)base;
    } while (magnitude);
    if (i < 0) *--at = '-';
    return str_from_ascii(t, at, (size_t)(text + sizeof text - at));
}

static Value raise_too_long(Thread *t, int limit)
{
    return raise_value_error(t, "Exceeds the limit (%d digits) for integer string conversion; use sys.set_int_max_str_digits() to increase the limit", limit);
}

Value int_to_str(Thread *t, Value v, int base)
{
    if (int_is_immediate(v)) return base == 10 ? small_to_str(t, int_immediate(v), 10) : small_to_str(t, int_immediate(v), base);
    mpz_srcptr z = as_int_object(v)->value;
    size_t most = mpz_sizeinbase(z, base);                       // exact, or one too many
    int limit = int_max_str_digits(t);
    bool limited = limit > 0 && (base & (base - 1)) != 0;
    if (limited && most > (size_t)limit + 1) return raise_too_long(t, limit);
    OWN_MEMORY char *text = mem_allocate(t, most + 2);
    if (!text) return ERROR;
    mpz_get_str(text, base, z);
    size_t length = strlen(text);
    if (limited && length - (text[0] == '-') > (size_t)limit) return raise_too_long(t, limit);
    return str_from_ascii(t, text, length);
}

Value int_repr(Thread *t, Value v) { return int_to_str(t, v, 10); }
