// SPDX-License-Identifier: MIT
// runtime/types/unicode.c: what a character is, as str's methods ask: utf8proc's categories and simple case mappings,
// corrected by the tables of unicode_tables.h.
#include <utf8proc.h>

#include "runtime/types/unicode.h"
#include "runtime/types/unicode_tables.h"

static bool in_ranges(const Range *ranges, size_t count, Codepoint c)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (c > ranges[middle].last) low = middle + 1;
        else high = middle;
    }
    return low < count && c >= ranges[low].first;
}
#define IN(table, c) in_ranges(table, COUNT_OF(table), c)

static utf8proc_category_t category(Codepoint c) { return utf8proc_category((utf8proc_int32_t)c); }

static bool is_letter(utf8proc_category_t k)
{
    return k == UTF8PROC_CATEGORY_LU || k == UTF8PROC_CATEGORY_LL || k == UTF8PROC_CATEGORY_LT || k == UTF8PROC_CATEGORY_LM || k == UTF8PROC_CATEGORY_LO;
}

bool codepoint_is_space(Codepoint c)
{
    if (c < 0x80) return c == ' ' || (c >= 9 && c <= 13) || (c >= 0x1C && c <= 0x1F);
    return c == 0x85 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F ||
           c == 0x205F || c == 0x3000;
}

bool codepoint_is_linebreak(Codepoint c)
{
    return (c >= 10 && c <= 13) || (c >= 0x1C && c <= 0x1E) || c == 0x85 || c == 0x2028 || c == 0x2029;
}

bool codepoint_is_alpha(Codepoint c)
{
    if (c < 0x80) return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
    return is_letter(category(c));
}

bool codepoint_is_decimal(Codepoint c)
{
    if (c < 0x80) return c >= '0' && c <= '9';
    return category(c) == UTF8PROC_CATEGORY_ND;
}

// Decimal digits stand in unbroken runs of ten (the mathematical ones in a run of fifty), each beginning with its zero.
int codepoint_decimal_value(Codepoint c)
{
    if (c < 0x80) return c >= '0' && c <= '9' ? (int)(c - '0') : -1;
    if (!codepoint_is_decimal(c)) return -1;
    Codepoint zero = c;
    while (codepoint_is_decimal(zero - 1)) zero--;
    return (int)((c - zero) % 10);
}

bool codepoint_is_digit(Codepoint c) { return codepoint_is_decimal(c) || (c >= 0x80 && IN(digit_ranges, c)); }

bool codepoint_is_numeric(Codepoint c)
{
    if (c < 0x80) return c >= '0' && c <= '9';
    utf8proc_category_t k = category(c);
    return k == UTF8PROC_CATEGORY_ND || k == UTF8PROC_CATEGORY_NL || k == UTF8PROC_CATEGORY_NO || IN(numeric_letter_ranges, c);
}

bool codepoint_is_printable(Codepoint c)
{
    if (c < 0x7F) return c >= ' ';
    switch (category(c)) {
    case UTF8PROC_CATEGORY_CC: case UTF8PROC_CATEGORY_CF: case UTF8PROC_CATEGORY_CS: case UTF8PROC_CATEGORY_CO:
    case UTF8PROC_CATEGORY_CN: case UTF8PROC_CATEGORY_ZL: case UTF8PROC_CATEGORY_ZP: case UTF8PROC_CATEGORY_ZS:
        return false;
    default:
        return true;
    }
}

bool codepoint_is_upper(Codepoint c)
{
    if (c < 0x80) return c >= 'A' && c <= 'Z';
    return category(c) == UTF8PROC_CATEGORY_LU || IN(other_upper_ranges, c);
}

bool codepoint_is_lower(Codepoint c)
{
    if (c < 0x80) return c >= 'a' && c <= 'z';
    return category(c) == UTF8PROC_CATEGORY_LL || IN(other_lower_ranges, c);
}

bool codepoint_is_title(Codepoint c) { return c >= 0x80 && category(c) == UTF8PROC_CATEGORY_LT; }

bool codepoint_is_identifier_start(Codepoint c)
{
    if (c < 0x80) return c == '_' || codepoint_is_alpha(c);
    utf8proc_category_t k = category(c);
    if (is_letter(k) || k == UTF8PROC_CATEGORY_NL) return !IN(not_start_ranges, c);
    return IN(other_start_ranges, c);
}

bool codepoint_is_identifier_part(Codepoint c)
{
    if (c < 0x80) return c == '_' || codepoint_is_alpha(c) || (c >= '0' && c <= '9');
    utf8proc_category_t k = category(c);
    if (is_letter(k) || k == UTF8PROC_CATEGORY_NL || k == UTF8PROC_CATEGORY_MN || k == UTF8PROC_CATEGORY_MC || k == UTF8PROC_CATEGORY_ND ||
        k == UTF8PROC_CATEGORY_PC) return !IN(not_part_ranges, c);
    return IN(other_part_ranges, c);
}

bool codepoint_is_cased(Codepoint c) { return codepoint_is_lower(c) || codepoint_is_upper(c) || codepoint_is_title(c); }

bool codepoint_is_case_ignorable(Codepoint c)
{
    switch (c) {
    case 0x27: case 0x2E: case 0x3A: case 0xB7: case 0x387: case 0x55F: case 0x5F4: case 0x2018: case 0x2019: case 0x2024: case 0x2027:
    case 0xFE13: case 0xFE52: case 0xFE55: case 0xFF07: case 0xFF0E: case 0xFF1A:
        return true;
    }
    switch (category(c)) {
    case UTF8PROC_CATEGORY_MN: case UTF8PROC_CATEGORY_ME: case UTF8PROC_CATEGORY_CF: case UTF8PROC_CATEGORY_LM: case UTF8PROC_CATEGORY_SK:
        return true;
    default:
        return false;
    }
}

// ---- Case mappings

static const SpecialCase *special_case(Codepoint c)
{
    if (c < 0xDF || c > 0xFB17) return NULL;
    size_t low = 0, high = COUNT_OF(special_cases);
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (special_cases[middle].character == c) return &special_cases[middle];
        if (special_cases[middle].character < c) low = middle + 1;
        else high = middle;
    }
    return NULL;
}

static size_t copy_case(const uint16_t mapped[3], Codepoint result[CASE_MAX])
{
    size_t count = 0;
    while (count < 3 && mapped[count]) {
        result[count] = mapped[count];
        count++;
    }
    return count;
}

size_t codepoint_to_upper(Codepoint c, Codepoint result[CASE_MAX])
{
    const SpecialCase *special = special_case(c);
    if (special) return copy_case(special->upper, result);
    result[0] = c < 0x80 ? (c >= 'a' && c <= 'z' ? c - 32 : c) : (Codepoint)utf8proc_toupper((utf8proc_int32_t)c);
    return 1;
}

size_t codepoint_to_title(Codepoint c, Codepoint result[CASE_MAX])
{
    const SpecialCase *special = special_case(c);
    if (special) return copy_case(special->title, result);
    result[0] = c < 0x80 ? (c >= 'a' && c <= 'z' ? c - 32 : c) : (Codepoint)utf8proc_totitle((utf8proc_int32_t)c);
    return 1;
}

size_t codepoint_to_lower(Codepoint c, Codepoint result[CASE_MAX])
{
    if (c == 0x130) {
        result[0] = 'i';
        result[1] = 0x307;
        return 2;
    }
    result[0] = c < 0x80 ? (c >= 'A' && c <= 'Z' ? c + 32 : c) : (Codepoint)utf8proc_tolower((utf8proc_int32_t)c);
    return 1;
}

size_t codepoint_to_folded(Codepoint c, Codepoint result[CASE_MAX])
{
    if (c < 0x80) return codepoint_to_lower(c, result);
    utf8proc_int32_t folded[CASE_MAX];
    utf8proc_ssize_t count = c > 0x10FFFF ? 0 : utf8proc_decompose_char((utf8proc_int32_t)c, folded, CASE_MAX, UTF8PROC_CASEFOLD, NULL);
    if (count <= 0 || count > CASE_MAX) {
        result[0] = c;
        return 1;
    }
    for (utf8proc_ssize_t i = 0; i < count; i++) result[i] = (Codepoint)folded[i];
    return (size_t)count;
}
