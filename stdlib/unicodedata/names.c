// SPDX-License-Identifier: MIT
// stdlib/unicodedata/names.c: names of characters, both ways: from tables, and by rule for ideographs and Hangul syllables.
#include <stdio.h>

#include "stdlib/unicodedata/unicode.h"

#define HANGUL_FIRST 0xAC00u
#define HANGUL_COUNT 11172u
#define HANGUL_VOWELS 21u
#define HANGUL_TAILS 28u

static const char *const leads[] = {"G", "GG", "N", "D", "DD", "R", "M", "B", "BB", "S", "SS", "", "J", "JJ", "C", "K", "T", "P", "H"};
static const char *const vowels[] = {"A", "AE", "YA", "YAE", "EO", "E", "YEO", "YE", "O", "WA", "WAE", "OE", "YO", "U", "WEO", "WE", "WI", "YU", "EU",
    "YI", "I"};
static const char *const tails[] = {"", "G", "GG", "GS", "N", "NJ", "NH", "D", "L", "LG", "LM", "LB", "LS", "LT", "LP", "LH", "M", "B", "BS", "S", "SS",
    "NG", "J", "C", "K", "T", "P", "H"};
static const char ideograph_prefix[] = "CJK UNIFIED IDEOGRAPH-", hangul_prefix[] = "HANGUL SYLLABLE ";

ptrdiff_t unicode_find_code(const uint32_t *codes, size_t count, Codepoint code)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (codes[middle] < code) low = middle + 1;
        else high = middle;
    }
    return low < count && codes[low] == code ? (ptrdiff_t)low : -1;
}

static bool is_ideograph(Codepoint c)
{
    return (c >= 0x3400 && c <= 0x4DBF) || (c >= 0x4E00 && c <= 0x9FFC) || (c >= 0x9FFD && c <= 0x9FFF) || (c >= 0x20000 && c <= 0x2A6DF) ||
           (c >= 0x2A700 && c <= 0x2B738) || (c >= 0x2B740 && c <= 0x2B81D) || (c >= 0x2B820 && c <= 0x2CEA1) ||
           (c >= 0x2CEB0 && c <= 0x2EBE0) || (c >= 0x30000 && c <= 0x3134A);
}

bool unicode_name_of(Codepoint code, char *text)
{
    if (is_ideograph(code)) return snprintf(text, UNICODE_NAME_MAX, "%s%X", ideograph_prefix, code) > 0;
    if (code - HANGUL_FIRST < HANGUL_COUNT) {
        unsigned n = code - HANGUL_FIRST;
        return snprintf(text, UNICODE_NAME_MAX, "%s%s%s%s", hangul_prefix, leads[n / (HANGUL_VOWELS * HANGUL_TAILS)],
                        vowels[n / HANGUL_TAILS % HANGUL_VOWELS], tails[n % HANGUL_TAILS]) > 0;
    }
    ptrdiff_t at = unicode_find_code(unicode_names_codes, unicode_names_count, code);
    return at >= 0 && snprintf(text, UNICODE_NAME_MAX, "%s", unicode_names_text + unicode_names_offsets[at]) > 0;
}

// The longest of words that `text` begins with: its index, and its length in *length.
static unsigned longest(const char *const *words, unsigned count, const char *text, size_t *length)
{
    unsigned best = count;
    *length = 0;
    for (unsigned i = 0; i < count; i++) {
        size_t size = strlen(words[i]);
        if (strncmp(text, words[i], size) == 0 && (best == count || size > *length)) {
            best = i;
            *length = size;
        }
    }
    return best;
}

static int32_t hangul_code(const char *text)
{
    size_t length;
    unsigned lead = longest(leads, COUNT_OF(leads), text, &length);
    text += length;
    unsigned vowel = longest(vowels, COUNT_OF(vowels), text, &length);
    if (vowel == COUNT_OF(vowels)) return -1;
    text += length;
    unsigned tail = longest(tails, COUNT_OF(tails), text, &length);
    return text[length] ? -1 : (int32_t)(HANGUL_FIRST + (lead * HANGUL_VOWELS + vowel) * HANGUL_TAILS + tail);
}

static int32_t ideograph_code(const char *digits)
{
    size_t count = strlen(digits);
    if (count != 4 && count != 5) return -1;
    Codepoint code = 0;
    for (; *digits; digits++) {
        if (*digits >= '0' && *digits <= '9') code = code * 16 + (Codepoint)(*digits - '0');
        else if (*digits >= 'A' && *digits <= 'F') code = code * 16 + (Codepoint)(*digits - 'A' + 10);
        else return -1;
    }
    return is_ideograph(code) ? (int32_t)code : -1;
}

int32_t unicode_code_of(const char *name, size_t length)
{
    char text[UNICODE_NAME_MAX];
    if (length == 0 || length >= sizeof text) return -1;
    memcpy(text, name, length);
    text[length] = 0;
    if (strncmp(text, hangul_prefix, sizeof hangul_prefix - 1) == 0) return hangul_code(text + sizeof hangul_prefix - 1);
    if (strncmp(text, ideograph_prefix, sizeof ideograph_prefix - 1) == 0) return ideograph_code(text + sizeof ideograph_prefix - 1);
    for (size_t i = 0; i < length; i++) text[i] = name[i] >= 'a' && name[i] <= 'z' ? (char)(name[i] - 32) : name[i];
    size_t low = 0, high = unicode_names_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        uint32_t index = unicode_names_sorted[middle];
        int order = strcmp(unicode_names_text + unicode_names_offsets[index], text);
        if (order == 0) return (int32_t)unicode_names_codes[index];
        if (order < 0) low = middle + 1;
        else high = middle;
    }
    for (size_t i = 0; i < unicode_aliases_count; i++)
        if (strcmp(unicode_aliases_text + unicode_aliases_offsets[i], text) == 0) return (int32_t)unicode_aliases_codes[i];
    return -1;
}
