// SPDX-License-Identifier: MIT
// stdlib/_sre/translate.c: the compiled form that the host's re._compiler makes (words) as a pattern of PCRE2.
//
// The words are the meaning of the pattern, flags and all, so each is put into PCRE2's syntax with nothing left to options.
// Their numbers are asked of re._constants, by name. A character that a subject of the width cannot hold matches nothing.
#include <stdio.h>
#include <stdlib.h>

#include "stdlib/_sre/sre.h"

#define WORDS(X) \
    X(FAILURE) X(SUCCESS) X(ANY) X(ANY_ALL) X(ASSERT) X(ASSERT_NOT) X(AT) X(BRANCH) X(CATEGORY) X(CHARSET) X(BIGCHARSET) X(GROUPREF) X(GROUPREF_EXISTS) X(IN) X(INFO) X(JUMP) X(LITERAL) X(MARK) \
    X(MAX_UNTIL) X(MIN_UNTIL) X(NOT_LITERAL) X(NEGATE) X(RANGE) X(REPEAT) X(REPEAT_ONE) X(SUBPATTERN) X(MIN_REPEAT_ONE) X(ATOMIC_GROUP) X(POSSESSIVE_REPEAT) X(POSSESSIVE_REPEAT_ONE) \
    X(GROUPREF_IGNORE) X(IN_IGNORE) X(LITERAL_IGNORE) X(NOT_LITERAL_IGNORE) X(GROUPREF_LOC_IGNORE) X(IN_LOC_IGNORE) X(LITERAL_LOC_IGNORE) X(NOT_LITERAL_LOC_IGNORE) X(GROUPREF_UNI_IGNORE) \
    X(IN_UNI_IGNORE) X(LITERAL_UNI_IGNORE) X(NOT_LITERAL_UNI_IGNORE) X(RANGE_UNI_IGNORE)
typedef enum Word {
#define X(name) WORD_##name,
    WORDS(X)
#undef X
    WORD_UNKNOWN
} Word;
static const char *const word_names[] = {
#define X(name) #name,
    WORDS(X)
#undef X
};

typedef struct Translator {
    Thread *t;
    const uint32_t *words;
    size_t count;
    uint32_t widest;                       // the last character that a subject can hold
    Word meaning[64];
    const char *places[32], *categories[32];
    char *out;
    size_t length, capacity;
    bool failed;
    uint32_t *parents;
    uint32_t open[101];                    // groups that are open
    size_t open_count;
    int depth;
} Translator;

static void put(Translator *r, const char *text)
{
    size_t length = strlen(text);
    if (r->length + length + 1 > r->capacity) {
        size_t capacity = (r->capacity + length + 64) * 2;
        char *out = realloc(r->out, capacity);
        if (!out) {
            r->failed = true;
            return;
        }
        r->out = out;
        r->capacity = capacity;
    }
    memcpy(r->out + r->length, text, length + 1);
    r->length += length;
}
static void put_character(Translator *r, uint32_t c)
{
    char text[24];
    snprintf(text, sizeof text, "\\x{%x}", c);
    put(r, text);
}

// ---- Tables of names
static const char *place_of(const char *name)
{
    static const struct { const char *name, *pattern; } places[] = {
        {"AT_BEGINNING", "\\A"}, {"AT_BEGINNING_LINE", "(?<![^\\n])"}, {"AT_BEGINNING_STRING", "\\A"}, {"AT_BOUNDARY", "(?:(?<=[0-9A-Za-z_])(?![0-9A-Za-z_])|(?<![0-9A-Za-z_])(?=[0-9A-Za-z_]))"},
        {"AT_NON_BOUNDARY", "(?:(?<=[0-9A-Za-z_])(?=[0-9A-Za-z_])|(?<![0-9A-Za-z_])(?![0-9A-Za-z_])(?!\\A\\z))"}, {"AT_END", "(?=\\n?\\z)"}, {"AT_END_LINE", "(?![^\\n])"}, {"AT_END_STRING", "\\z"},
        {"AT_LOC_BOUNDARY", "\\b"}, {"AT_LOC_NON_BOUNDARY", "(?!\\A\\z)\\B"},
        {"AT_UNI_BOUNDARY", "(?:(?<=[\\p{L}\\p{N}_])(?![\\p{L}\\p{N}_])|(?<![\\p{L}\\p{N}_])(?=[\\p{L}\\p{N}_]))"},
        {"AT_UNI_NON_BOUNDARY", "(?:(?<=[\\p{L}\\p{N}_])(?=[\\p{L}\\p{N}_])|(?<![\\p{L}\\p{N}_])(?![\\p{L}\\p{N}_])(?!\\A\\z))"},
    };
    for (size_t i = 0; i < COUNT_OF(places); i++)
        if (strcmp(places[i].name, name) == 0) return places[i].pattern;
    return NULL;
}
// A category as what stands inside square brackets; a leading ^ says that it is the complement.
static const char *category_of(const char *name)
{
    static const struct { const char *name, *set; } categories[] = {
        {"CATEGORY_DIGIT", "0-9"}, {"CATEGORY_NOT_DIGIT", "^0-9"}, {"CATEGORY_SPACE", " \\t\\n\\r\\f\\x0b"}, {"CATEGORY_NOT_SPACE", "^ \\t\\n\\r\\f\\x0b"}, {"CATEGORY_WORD", "0-9A-Za-z_"}, {"CATEGORY_NOT_WORD", "^0-9A-Za-z_"},
        {"CATEGORY_LINEBREAK", "\\n"}, {"CATEGORY_NOT_LINEBREAK", "^\\n"}, {"CATEGORY_LOC_WORD", "0-9A-Za-z_"}, {"CATEGORY_LOC_NOT_WORD", "^0-9A-Za-z_"}, {"CATEGORY_UNI_DIGIT", "\\p{Nd}"}, {"CATEGORY_UNI_NOT_DIGIT", "^\\p{Nd}"},
        {"CATEGORY_UNI_SPACE", "\\t-\\r\\x1c-\\x20\\x{85}\\p{Z}"}, {"CATEGORY_UNI_NOT_SPACE", "^\\t-\\r\\x1c-\\x20\\x{85}\\p{Z}"}, {"CATEGORY_UNI_WORD", "\\p{L}\\p{N}_"}, {"CATEGORY_UNI_NOT_WORD", "^\\p{L}\\p{N}_"},
        {"CATEGORY_UNI_LINEBREAK", "\\n\\r\\x0b\\x0c\\x1c-\\x1e\\x{85}"}, {"CATEGORY_UNI_NOT_LINEBREAK", "^\\n\\r\\x0b\\x0c\\x1c-\\x1e\\x{85}"},
    };
    for (size_t i = 0; i < COUNT_OF(categories); i++)
        if (strcmp(categories[i].name, name) == 0) return categories[i].set;
    return NULL;
}
// Calls take(translator, number, name) for each constant in a list of re._constants.
static bool each_constant(Translator *r, Value module, const char *list_name, void (*take)(Translator *, size_t, const char *))
{
    OWN_POINTER Str *key = str_intern_text(r->t, list_name, strlen(list_name));
    OWN Value list = key ? object_get_attr(r->t, module, key) : ERROR;
    if (is_error(list)) return false;
    if (!is_list(list)) return error_false(raise_error(r->t, &exc_RuntimeError, "re._constants.%s is no list", list_name));
    for (size_t i = 0; i < as_list(list)->length; i++) {
        OWN Value name = object_get_attr(r->t, as_list(list)->items[i], NAME(name));
        if (is_error(name)) return false;
        if (is_str(name) && str_is_ascii(as_str(name))) take(r, i, str_text(as_str(name)));
    }
    return true;
}
static void take_word(Translator *r, size_t number, const char *name)
{
    for (size_t i = 0; i < COUNT_OF(word_names) && number < COUNT_OF(r->meaning); i++)
        if (strcmp(word_names[i], name) == 0) r->meaning[number] = (Word)i;
}
static void take_place(Translator *r, size_t number, const char *name)
{
    if (number < COUNT_OF(r->places)) r->places[number] = place_of(name);
}
static void take_category(Translator *r, size_t number, const char *name)
{
    if (number < COUNT_OF(r->categories)) r->categories[number] = category_of(name);
}
static bool read_constants(Translator *r)
{
    for (size_t i = 0; i < COUNT_OF(r->meaning); i++) r->meaning[i] = WORD_UNKNOWN;
    OWN_POINTER Str *name = str_intern_text(r->t, "re._constants", 13);
    OWN Value module = name ? r->t->interp->up.import_module(r->t, name) : ERROR;
    return !is_error(module) && each_constant(r, module, "OPCODES", take_word) && each_constant(r, module, "ATCODES", take_place) && each_constant(r, module, "CHCODES", take_category);
}

// ---- Sets
static uint32_t word_at(Translator *r, size_t at)
{
    if (at < r->count) return r->words[at];
    r->failed = true;
    return 0;
}
static Word meaning_at(Translator *r, size_t at)
{
    uint32_t word = word_at(r, at);
    return word < COUNT_OF(r->meaning) ? r->meaning[word] : WORD_UNKNOWN;
}
static void put_range(Translator *r, uint32_t low, uint32_t high)
{
    if (low > r->widest) return;
    if (high > r->widest) high = r->widest;
    put_character(r, low);
    if (high == low) return;
    put(r, "-");
    put_character(r, high);
}
static void put_bits(Translator *r, const uint32_t *bits, uint32_t first)
{
    for (uint32_t c = 0; c < 256;) {
        if (!(bits[c / 32] >> (c % 32) & 1)) {
            c++;
            continue;
        }
        uint32_t start = c;
        while (c < 256 && (bits[c / 32] >> (c % 32) & 1)) c++;
        put_range(r, first + start, first + c - 1);
    }
}
// The set in words[at..end): a class, or for what a class cannot say (complements of categories) alternatives.
static void put_set(Translator *r, size_t at, size_t end, const char *option)
{
    bool negate = meaning_at(r, at) == WORD_NEGATE;
    if (negate) at++;
    put(r, "(?");
    put(r, option);
    put(r, ":");
    put(r, negate ? "(?!" : "(?=");
    put(r, "[");
    size_t class_start = r->length;
    char complements[512] = "";
    while (at < end && !r->failed) {
        Word word = meaning_at(r, at++);
        if (word == WORD_FAILURE) break;
        switch (word) {
        case WORD_LITERAL: put_range(r, word_at(r, at), word_at(r, at)); at++; break;
        case WORD_RANGE: case WORD_RANGE_UNI_IGNORE: put_range(r, word_at(r, at), word_at(r, at + 1)); at += 2; break;
        case WORD_CHARSET:
            if (at + 8 > r->count) r->failed = true;
            else put_bits(r, r->words + at, 0);
            at += 8;
            break;
        case WORD_BIGCHARSET: {
            uint32_t blocks = word_at(r, at);
            const unsigned char *map = (const unsigned char *)(r->words + at + 1);
            if (at + 65 + (size_t)blocks * 8 > r->count) {
                r->failed = true;
                return;
            }
            for (uint32_t high = 0; high < 256; high++)
                if (map[high] < blocks) put_bits(r, r->words + at + 65 + (size_t)map[high] * 8, high * 256);
            at += 65 + (size_t)blocks * 8;
            break;
        }
        case WORD_CATEGORY: {
            uint32_t which = word_at(r, at++);
            const char *set = which < COUNT_OF(r->categories) ? r->categories[which] : NULL;
            if (!set) r->failed = true;
            else if (*set != '^') put(r, set);
            else if (strlen(complements) + strlen(set) + 8 < sizeof complements) {
                strcat(complements, "|[");
                strcat(complements, set);
                strcat(complements, "]");
            }
            break;
        }
        default: r->failed = true;
        }
    }
    if (r->failed) return;
    if (r->length == class_start) {
        r->length--;
        r->out[r->length] = 0;
        put(r, *complements ? complements + 1 : "(?!)");
    } else {
        put(r, "]");
        put(r, complements);
    }
    put(r, ")(?s:.))");
}

// ---- Items
static void put_items(Translator *r, size_t at, size_t end);
static void put_literal(Translator *r, uint32_t c, bool negate, const char *option)
{
    if (c > r->widest) {
        put(r, negate ? "(?s:.)" : "(?!)");
        return;
    }
    char text[64];
    snprintf(text, sizeof text, negate ? "(?%s:[^\\x{%x}])" : *option ? "(?%s:\\x{%x})" : "%s\\x{%x}", option, c);
    put(r, text);
}
static void put_repeat(Translator *r, size_t at, size_t end, const char *kind)
{
    uint32_t least = word_at(r, at), most = word_at(r, at + 1);
    char counts[48];
    put(r, "(?:");
    put_items(r, at + 2, end);
    put(r, ")");
    // PCRE2 counts repeats up to 65535: more is no bound.
    if (most >= 65535) snprintf(counts, sizeof counts, least == 0 ? "*" : least == 1 ? "+" : "{%u,}", least > 65535 ? 65535 : least);
    else snprintf(counts, sizeof counts, "{%u,%u}", least, most);
    put(r, counts);
    put(r, kind);
}
static void put_group(Translator *r, const char *head, size_t at, size_t end)
{
    put(r, head);
    put_items(r, at, end);
    put(r, ")");
}
static void put_mark(Translator *r, uint32_t mark)
{
    uint32_t group = mark / 2 + 1;
    if (mark % 2) {
        if (r->open_count) r->open_count--;
        put(r, ")");
        return;
    }
    if (r->parents) r->parents[group] = r->open_count ? r->open[r->open_count - 1] : 0;
    if (r->open_count < COUNT_OF(r->open)) r->open[r->open_count++] = group;
    put(r, "(");
}
static size_t put_branch(Translator *r, size_t at)
{
    put(r, "(?:");
    for (bool first = true; word_at(r, at) != 0 && !r->failed; first = false) {
        size_t next = at + word_at(r, at);
        if (!first) put(r, "|");
        if (next < at + 3) r->failed = true;
        else put_items(r, at + 1, next - 2);        // less the JUMP at its end
        at = next;
    }
    put(r, ")");
    return at + 1;
}
static size_t put_conditional(Translator *r, size_t at)
{
    char head[32];
    snprintf(head, sizeof head, "(?(%u)", word_at(r, at) + 1);
    size_t yes = at + 2, yes_end = at + 1 + word_at(r, at + 1) - 1, end = yes_end;
    put(r, head);
    bool has_no = yes_end >= yes + 2 && meaning_at(r, yes_end - 2) == WORD_JUMP;
    if (has_no) {
        end = yes_end - 1 + word_at(r, yes_end - 1);
        put_items(r, yes, yes_end - 2);
        put(r, "|");
        put_items(r, yes_end, end);
    } else {
        put_items(r, yes, yes_end);
    }
    put(r, ")");
    return end;
}
static void put_reference(Translator *r, uint32_t group, bool ignore)
{
    char text[40];
    snprintf(text, sizeof text, ignore ? "(?i:\\g{%u})" : "\\g{%u}", group + 1);
    put(r, text);
}

static size_t put_item(Translator *r, size_t at)
{
    Word word = meaning_at(r, at++);
    size_t skip_end = at + (at < r->count ? r->words[at] : 0);
    switch (word) {
    case WORD_SUCCESS: return at;
    case WORD_FAILURE: put(r, "(?!)"); return at;
    case WORD_ANY: put(r, "[^\\n]"); return at;
    case WORD_ANY_ALL: put(r, "(?s:.)"); return at;
    case WORD_LITERAL: put_literal(r, word_at(r, at), false, ""); return at + 1;
    case WORD_NOT_LITERAL: put_literal(r, word_at(r, at), true, ""); return at + 1;
    case WORD_LITERAL_IGNORE: case WORD_LITERAL_LOC_IGNORE: case WORD_LITERAL_UNI_IGNORE: put_literal(r, word_at(r, at), false, "i"); return at + 1;
    case WORD_NOT_LITERAL_IGNORE: case WORD_NOT_LITERAL_LOC_IGNORE: case WORD_NOT_LITERAL_UNI_IGNORE: put_literal(r, word_at(r, at), true, "i"); return at + 1;
    case WORD_IN: put_set(r, at + 1, skip_end, ""); return skip_end;
    case WORD_IN_IGNORE: case WORD_IN_LOC_IGNORE: case WORD_IN_UNI_IGNORE: put_set(r, at + 1, skip_end, "i"); return skip_end;
    case WORD_CATEGORY: {
        uint32_t which = word_at(r, at);
        const char *set = which < COUNT_OF(r->categories) ? r->categories[which] : NULL;
        if (!set) r->failed = true;
        else put(r, "["), put(r, set), put(r, "]");
        return at + 1;
    }
    case WORD_AT: {
        uint32_t which = word_at(r, at);
        if (which < COUNT_OF(r->places) && r->places[which]) put(r, r->places[which]);
        else r->failed = true;
        return at + 1;
    }
    case WORD_MARK: put_mark(r, word_at(r, at)); return at + 1;
    case WORD_INFO: return skip_end;
    case WORD_BRANCH: return put_branch(r, at);
    case WORD_REPEAT_ONE: put_repeat(r, at + 1, skip_end, ""); return skip_end;
    case WORD_MIN_REPEAT_ONE: put_repeat(r, at + 1, skip_end, "?"); return skip_end;
    case WORD_POSSESSIVE_REPEAT_ONE: put_repeat(r, at + 1, skip_end, "+"); return skip_end;
    case WORD_REPEAT: put_repeat(r, at + 1, skip_end, meaning_at(r, skip_end) == WORD_MIN_UNTIL ? "?" : ""); return skip_end + 1;
    case WORD_POSSESSIVE_REPEAT: put_repeat(r, at + 1, skip_end, "+"); return skip_end + 1;
    case WORD_ATOMIC_GROUP: put_group(r, "(?>", at + 1, skip_end); return skip_end;
    case WORD_ASSERT: put_group(r, word_at(r, at + 1) ? "(?<=" : "(?=", at + 2, skip_end); return skip_end;
    case WORD_ASSERT_NOT: put_group(r, word_at(r, at + 1) ? "(?<!" : "(?!", at + 2, skip_end); return skip_end;
    case WORD_GROUPREF: put_reference(r, word_at(r, at), false); return at + 1;
    case WORD_GROUPREF_IGNORE: case WORD_GROUPREF_LOC_IGNORE: case WORD_GROUPREF_UNI_IGNORE: put_reference(r, word_at(r, at), true); return at + 1;
    case WORD_GROUPREF_EXISTS: return put_conditional(r, at);
    default:
        r->failed = true;
        return r->count;
    }
}
static void put_items(Translator *r, size_t at, size_t end)
{
    if (++r->depth > 200) r->failed = true;
    while (at < end && !r->failed) {
        size_t next = put_item(r, at);
        if (next <= at) r->failed = true;
        at = next;
    }
    r->depth--;
}

char *translate(Thread *t, Pattern *p, int width)
{
    Translator r = {.t = t, .count = as_list(p->code)->length, .widest = width == 0 ? 0xFF : width == 1 ? 0xFFFF : 0x10FFFF, .parents = p->parents};
    OWN_MEMORY uint32_t *words = mem_allocate(t, r.count * sizeof *words);
    if (!words || !read_constants(&r)) return NULL;
    for (size_t i = 0; i < r.count; i++) {
        Value item = as_list(p->code)->items[i];
        if (!is_int(item)) return error_null(raise_type_error(t, "the words of a pattern must be integers, not %T", item));
        words[i] = (uint32_t)int_low_bits(item);
    }
    r.words = words;
    put(&r, "");
    put_items(&r, 0, r.count);
    if (!r.failed) return r.out;
    free(r.out);
    return error_null(raise_error(t, &exc_RuntimeError, "invalid SRE code"));
}
