// SPDX-License-Identifier: MIT
// stdlib/unicodedata/unicodedata.c: the module unicodedata: properties of characters.
//
// Combining classes and normal forms are utf8proc's; names, numbers, categories, directions, widths and decompositions come from
// tables made when Baton is built. ucd_3_2_0 is an object with the same functions over the same data.
#include <utf8proc.h>

#include "runtime/types/arguments.h"
#include "runtime/types/function.h"
#include "runtime/types/int.h"
#include "runtime/types/module.h"
#include "stdlib/unicodedata/unicode.h"

// The argument: one character.
static bool read_character(Thread *t, Value v, const char *function, const char *which, Codepoint *c)
{
    if (is_str(v) && as_str(v)->length == 1) {
        *c = str_at(as_str(v), 0);
        return true;
    }
    if (is_str(v)) return error_false(raise_type_error(t, "%s() argument%s must be a unicode character, not str", function, which));
    return error_false(raise_type_error(t, "%s() argument%s must be a unicode character, not %.50T", function, which, v));
}

static const char *in_ranges(const UnicodeRange *ranges, size_t count, Codepoint c)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (ranges[middle].last < c) low = middle + 1;
        else high = middle;
    }
    return ranges[low].value;
}

static bool is_assigned(Codepoint c) { return strcmp(in_ranges(unicode_categories, unicode_categories_count, c), "Cn") != 0; }

// utf8proc's properties, which may know of more characters than the tables do.
static const utf8proc_property_t *property(Codepoint c) { return utf8proc_get_property(is_assigned(c) ? (utf8proc_int32_t)c : 0x10FFFF); }

#define RANGE_FUNCTION(name, table) \
    static Value name(Thread *t, Value self, const Value *args) \
    { \
        (void)self; \
        Codepoint c; \
        if (!read_character(t, args[0], #name, "", &c)) return ERROR; \
        return str_from_text(t, in_ranges(table, table##_count, c)); \
    }
RANGE_FUNCTION(category, unicode_categories)
RANGE_FUNCTION(bidirectional, unicode_directions)
RANGE_FUNCTION(east_asian_width, unicode_widths)

static Value combining(Thread *t, Value self, const Value *args)
{
    (void)self;
    Codepoint c;
    return read_character(t, args[0], "combining", "", &c) ? small_int(property(c)->combining_class) : ERROR;
}

static Value mirrored(Thread *t, Value self, const Value *args)
{
    (void)self;
    Codepoint c;
    return read_character(t, args[0], "mirrored", "", &c) ? small_int(property(c)->bidi_mirrored) : ERROR;
}

static Value decomposition(Thread *t, Value self, const Value *args)
{
    (void)self;
    Codepoint c;
    if (!read_character(t, args[0], "decomposition", "", &c)) return ERROR;
    ptrdiff_t at = unicode_find_code(unicode_decompositions_codes, unicode_decompositions_count, c);
    return str_from_text(t, at < 0 ? "" : unicode_decompositions_text + unicode_decompositions_offsets[at]);
}

// ---- Numbers

static const UnicodeNumber *number_of(Codepoint c)
{
    size_t low = 0, high = unicode_numbers_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (unicode_numbers[middle].code < c) low = middle + 1;
        else high = middle;
    }
    return low < unicode_numbers_count && unicode_numbers[low].code == c ? &unicode_numbers[low] : NULL;
}

static Value otherwise(Thread *t, Value fallback, const char *message)
{
    return is_unbound(fallback) ? raise_value_error(t, "%s", message) : retain(fallback);
}

static Value decimal(Thread *t, Value self, const Value *args)
{
    (void)self;
    Codepoint c;
    if (!read_character(t, args[0], "decimal", " 1", &c)) return ERROR;
    int value = codepoint_decimal_value(c);
    return value >= 0 ? small_int(value) : otherwise(t, args[1], "not a decimal");
}

static Value digit(Thread *t, Value self, const Value *args)
{
    (void)self;
    Codepoint c;
    if (!read_character(t, args[0], "digit", " 1", &c)) return ERROR;
    const UnicodeNumber *number = number_of(c);
    return number && number->digit >= 0 ? small_int(number->digit) : otherwise(t, args[1], "not a digit");
}

static Value numeric(Thread *t, Value self, const Value *args)
{
    (void)self;
    Codepoint c;
    if (!read_character(t, args[0], "numeric", " 1", &c)) return ERROR;
    const UnicodeNumber *number = number_of(c);
    return number ? float_value(number->value) : otherwise(t, args[1], "not a numeric character");
}

// ---- Names

static Value name(Thread *t, Value self, const Value *args)
{
    (void)self;
    Codepoint c;
    char text[UNICODE_NAME_MAX];
    if (!read_character(t, args[0], "name", " 1", &c)) return ERROR;
    return unicode_name_of(c, text) ? str_from_text(t, text) : otherwise(t, args[1], "no such name");
}

static Value lookup(Thread *t, Value self, const Value *args)
{
    (void)self;
    Str *wanted = argument_str(t, args[0], "lookup", "");
    if (!wanted) return ERROR;
    int32_t code = str_is_ascii(wanted) ? unicode_code_of(str_text(wanted), wanted->length) : -1;
    if (code >= 0) return str_from_codepoint(t, (Codepoint)code);
    return raise_error(t, &exc_KeyError, "undefined character name '%U'", wanted);
}

// ---- Normal forms

static bool read_form(Thread *t, Value form, const char *function, bool *compatible, bool *composed)
{
    Str *s = argument_str(t, form, function, "1");
    if (!s) return false;
    *compatible = str_equal_text(s, "NFKC") || str_equal_text(s, "NFKD");
    *composed = str_equal_text(s, "NFC") || str_equal_text(s, "NFKC");
    return *compatible || *composed || str_equal_text(s, "NFD") || error_false(raise_value_error(t, "invalid normalization form"));
}

static Value normalize(Thread *t, Value self, const Value *args)
{
    (void)self;
    bool compatible, composed;
    if (!read_form(t, args[0], "normalize", &compatible, &composed)) return ERROR;
    Str *s = argument_str(t, args[1], "normalize", "2");
    if (!s) return ERROR;
    bool unchanged = str_is_ascii(s) || (str_kind(s) == 1 && composed && !compatible);
    return unchanged && is_exact_str(args[1]) ? retain(args[1]) : unicode_normalize(t, s, compatible, composed);
}

static Value is_normalized(Thread *t, Value self, const Value *args)
{
    OWN Value normal = normalize(t, self, args);
    return is_error(normal) ? ERROR : bool_value(str_equal(as_str(normal), as_str(args[1])));
}

#define FUNCTIONS(first) \
    {"category", category, first "chr, /)", "Returns the general category assigned to the character chr as string."}, \
    {"bidirectional", bidirectional, first "chr, /)", "Returns the bidirectional class assigned to the character chr as string."}, \
    {"combining", combining, first "chr, /)", "Returns the canonical combining class assigned to the character chr as integer."}, \
    {"mirrored", mirrored, first "chr, /)", "Returns the mirrored property assigned to the character chr as integer."}, \
    {"east_asian_width", east_asian_width, first "chr, /)", "Returns the east asian width assigned to the character chr as string."}, \
    {"decomposition", decomposition, first "chr, /)", "Returns the character decomposition mapping assigned to the character chr as string."}, \
    {"decimal", decimal, first "chr, default=<unset>, /)", "Converts a Unicode character into its equivalent decimal value."}, \
    {"digit", digit, first "chr, default=<unset>, /)", "Converts a Unicode character into its equivalent digit value."}, \
    {"numeric", numeric, first "chr, default=<unset>, /)", "Converts a Unicode character into its equivalent numeric value."}, \
    {"name", name, first "chr, default=<unset>, /)", "Returns the name assigned to the character chr as a string."}, \
    {"lookup", lookup, first "name, /)", "Look up character by name."}, \
    {"normalize", normalize, first "form, unistr, /)", "Return the normal form 'form' for the Unicode string unistr."}, \
    {"is_normalized", is_normalized, first "form, unistr, /)", "Return whether the Unicode string unistr is in the normal form 'form'."}

static const Method functions[] = {FUNCTIONS("("), {0}};
static const Method methods[] = {FUNCTIONS("(self, "), {0}};

static Value old_version(Thread *t, Value self) { (void)self; return str_from_text(t, "3.2.0"); }
static const GetSet getsets[] = {{"unidata_version", old_version, NULL, NULL}, {0}};
static const TypeSpec ucd_spec = {
    .name = "unicodedata.UCD",
    .size = sizeof(Object),
    .flags = TYPE_NO_NEW | TYPE_IMMUTABLE,
    .methods = methods,
    .getsets = getsets,
};

static bool start(Thread *t, Value module)
{
    OWN_POINTER Type *type = type_from_spec(t, &ucd_spec, "unicodedata");
    Object *old = type ? object_new(t, type) : NULL;
    return old && module_add(t, module, "ucd_3_2_0", object_value(old)) && module_add_type(t, module, type) &&
           module_add(t, module, "unidata_version", str_from_text(t, unicode_version));
}

const ModuleSpec unicodedata_spec = {
    .name = "unicodedata",
    .doc = "This module provides access to the Unicode Character Database.",
    .functions = functions,
    .start = start,
};
