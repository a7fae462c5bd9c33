// SPDX-License-Identifier: MIT
// stdlib/_json/decode.c: JSON text to values: the Scanner that json.decoder calls, and scanstring.
//
// A position is an index of a character of the text. The functions read_… begin at *at and leave it behind what they have read.
// Text that holds no value where one must stand raises StopIteration(position), which json.decoder turns into its own error;
// every other fault is a JSONDecodeError from here.
//
// Keys repeat in most documents: those met before are found by their characters in a small table and shared (KeyTable), which
// saves their memory and, as their hash is known, the time to put them into a dict.
#include "stdlib/_json/json.h"

#include "runtime/call.h"
#include "runtime/heap.h"
#include "runtime/types/dict.h"
#include "runtime/types/float.h"
#include "runtime/types/int.h"
#include "runtime/types/list.h"
#include "runtime/types/tuple.h"

typedef struct Scanner { Object head; bool strict; Value object_hook, object_pairs_hook, parse_float, parse_int, parse_constant; } Scanner;
Type json_scanner_type;
static Scanner *as_scanner(Value v) { return (Scanner *)as_object(v); }

#define KEY_PLACES 64
#define KEY_LONGEST 48
typedef struct KeyTable { uint64_t taken; Value keys[KEY_PLACES]; } KeyTable;      // keys[i] is one where bit i of `taken` is set

typedef struct Reader {
    Thread *t;
    const Scanner *scanner;     // NULL: scanstring alone
    Str *text;
    const uint8_t *narrow;      // its characters, if they have one byte each; else NULL
    size_t length;
    KeyTable *keys;
} Reader;

static ALWAYS_INLINE Codepoint at_or_end(const Reader *r, size_t i)       // 0 behind the end: nothing that JSON asks for
{
    if (UNLIKELY(i >= r->length)) return 0;
    return LIKELY(r->narrow != NULL) ? r->narrow[i] : str_at(r->text, i);
}
static ALWAYS_INLINE size_t skip_space(const Reader *r, size_t i)
{
    for (;; i++) {
        Codepoint c = at_or_end(r, i);
        if (c != ' ' && c != '\n' && c != '\t' && c != '\r') return i;
    }
}

static COLD Value fault(const Reader *r, const char *message, size_t position)
{
    Thread *t = r->t;
    OWN_POINTER Str *module_name = str_intern_text(t, "json.decoder", 12);
    OWN_POINTER Str *class_name = str_intern_text(t, "JSONDecodeError", 15);
    OWN Value module = module_name && class_name ? t->interp->up.import_module(t, module_name) : ERROR;
    OWN Value class = is_error(module) ? ERROR : object_get_attr(t, module, class_name);
    OWN Value text = is_error(class) ? ERROR : str_from_text(t, message);
    OWN Value error = is_error(text) ? ERROR : call3(t, class, text, object_value(r->text), small_int((int64_t)position));
    return is_error(error) ? ERROR : raise_statement(t, error, UNBOUND);
}
static COLD Value no_value(const Reader *r, size_t position) { return raise_stop_iteration(r->t, small_int((int64_t)position)); }

// ---- Strings
// The characters that end a run of plain ones: quote, backslash, and the control characters.
static ALWAYS_INLINE bool is_plain(Codepoint c) { return c >= 0x20 && c != '"' && c != '\\'; }

// plain_run for characters of two bytes: four at a time, as there eight. *seen has each bit that one of them has.
static ALWAYS_INLINE size_t plain_run_of_two(const Reader *r, size_t i, Codepoint *seen)
{
    const uint16_t *data = (const void *)r->text->data;
    const uint64_t ones = UINT64_C(0x0001000100010001), high = ones << 15;
    uint64_t bits = 0;
    while (r->length - i >= 4) {
        uint64_t four;
        memcpy(&four, data + i, 8);
        uint64_t quote = four ^ ones * '"', slash = four ^ ones * '\\';
        if ((((four - ones * 0x20) & ~four) | ((quote - ones) & ~quote) | ((slash - ones) & ~slash)) & high) break;
        bits |= four;
        i += 4;
    }
    for (; i < r->length && is_plain(data[i]); i++) bits |= data[i];
    *seen = (bits | bits >> 16 | bits >> 32 | bits >> 48) & 0xFFFF;
    return i;
}
// The first character from i on that is not plain, or the end.
static ALWAYS_INLINE size_t plain_run(const Reader *r, size_t i)
{
    if (UNLIKELY(!r->narrow)) {
        Codepoint seen;
        if (str_kind(r->text) == 2) return plain_run_of_two(r, i, &seen);
        while (i < r->length && is_plain(str_at(r->text, i))) i++;
        return i;
    }
    // Eight bytes at a time: a byte is below n if subtracting n from it borrows and it has no high bit of its own.
    const uint64_t ones = UINT64_C(0x0101010101010101), high = ones << 7;
    while (r->length - i >= 8) {
        uint64_t eight;
        memcpy(&eight, r->narrow + i, 8);
        uint64_t quote = eight ^ ones * '"', slash = eight ^ ones * '\\';
        if ((((eight - ones * 0x20) & ~eight) | ((quote - ones) & ~quote) | ((slash - ones) & ~slash)) & high) break;
        i += 8;
    }
    while (i < r->length && is_plain(r->narrow[i])) i++;
    return i;
}
static int hex_digit(Codepoint c)
{
    return c >= '0' && c <= '9' ? (int)(c - '0') : c >= 'a' && c <= 'f' ? (int)(c - 'a') + 10 : c >= 'A' && c <= 'F' ? (int)(c - 'A') + 10 : -1;
}
// The four digits of \uXXXX, whose first is at i; -1: they are not there.
static int32_t four_digits(const Reader *r, size_t i)
{
    int32_t c = 0;
    if (r->length < 4 || i > r->length - 4) return -1;
    for (size_t end = i + 4; i < end; i++) {
        int digit = hex_digit(at_or_end(r, i));
        if (digit < 0) return -1;
        c = c * 16 + digit;
    }
    return c;
}
// What the escape at *at, behind the backslash, stands for.
static bool read_escape(const Reader *r, size_t begin, size_t *at, Codepoint *c)
{
    size_t i = *at;
    if (i >= r->length) return error_false(fault(r, "Unterminated string starting at", begin));
    *at = i + 1;
    switch (at_or_end(r, i)) {
    case '"': *c = '"'; return true;
    case '\\': *c = '\\'; return true;
    case '/': *c = '/'; return true;
    case 'b': *c = '\b'; return true;
    case 'f': *c = '\f'; return true;
    case 'n': *c = '\n'; return true;
    case 'r': *c = '\r'; return true;
    case 't': *c = '\t'; return true;
    case 'u': break;
    default: return error_false(fault(r, "Invalid \\escape", i - 1));
    }
    int32_t first = four_digits(r, i + 1);
    if (first < 0 || i + 5 >= r->length) return error_false(fault(r, "Invalid \\uXXXX escape", i));
    *at = i + 5;
    *c = (Codepoint)first;
    if (first < 0xD800 || first > 0xDBFF || *at + 6 >= r->length || at_or_end(r, *at) != '\\' || at_or_end(r, *at + 1) != 'u') return true;
    int32_t second = four_digits(r, *at + 2);
    if (second < 0xDC00 || second > 0xDFFF) return true;        // a surrogate alone stays one
    *c = 0x10000 + (((Codepoint)first - 0xD800) << 10) + ((Codepoint)second - 0xDC00);
    *at += 6;
    return true;
}
// The rest of a string that is not plain from its begin to its end.
static Value read_pieces(const Reader *r, size_t begin, size_t *at, bool strict)
{
    StrBuilder b;
    builder_start(r->t, &b);
    for (size_t i = begin + 1;;) {
        size_t run = i;
        i = plain_run(r, i);
        builder_add_slice(&b, r->text, run, i);
        Codepoint c = at_or_end(r, i);
        if (i >= r->length) {
            builder_abandon(&b);
            return fault(r, "Unterminated string starting at", begin);
        }
        i++;
        if (c == '"') {
            *at = i;
            return builder_finish(&b);
        }
        if (c != '\\' && strict) {
            builder_abandon(&b);
            return fault(r, "Invalid control character at", i - 1);
        }
        if (c == '\\' && !read_escape(r, begin, &i, &c)) {
            builder_abandon(&b);
            return ERROR;
        }
        builder_add(&b, c);
    }
}
static inline Value plain_string(const Reader *r, size_t start, size_t end)
{
    if (!r->narrow) return str_substring(r->t, r->text, start, end);
    const char *data = (const char *)r->narrow + start;
    return str_is_ascii(r->text) ? str_from_ascii(r->t, data, end - start) : str_from_latin1(r->t, data, end - start);
}
// [start, end) of a text whose characters have two bytes; `seen` as plain_run_of_two gives it for them.
static inline Value plain_string_of_two(const Reader *r, size_t start, size_t end, Codepoint seen)
{
    if (end - start <= 1) return str_substring(r->t, r->text, start, end);
    const uint16_t *from = (const uint16_t *)(const void *)r->text->data + start;
    Str *s = str_blank(r->t, end - start, seen);
    if (!s) return ERROR;
    if (seen > 0xFF) memcpy(s->data, from, (end - start) * 2);
    else for (size_t i = 0; i < end - start; i++) s->data[i] = (char)from[i];
    return object_value(s);
}
// A string whose opening quote is at `begin`; *at is behind that, and then behind the closing quote.
static inline Value read_string(const Reader *r, size_t *at, bool strict)
{
    size_t start = *at;
    if (UNLIKELY(!r->narrow) && str_kind(r->text) == 2) {
        Codepoint seen;
        size_t end = plain_run_of_two(r, start, &seen);
        if (UNLIKELY(end >= r->length || at_or_end(r, end) != '"')) return read_pieces(r, start - 1, at, strict);
        *at = end + 1;
        return plain_string_of_two(r, start, end, seen);
    }
    size_t i = plain_run(r, start);
    if (UNLIKELY(i >= r->length || at_or_end(r, i) != '"')) return read_pieces(r, start - 1, at, strict);
    *at = i + 1;
    return plain_string(r, start, i);
}
static inline size_t key_place(const uint8_t *key, size_t length)
{
    uint64_t mixed = length;
    for (size_t i = 0; i < length; i++) mixed = mixed * 31 + key[i];
    return (mixed ^ mixed >> 11) % KEY_PLACES;
}
static inline Value read_key(const Reader *r, size_t *at)
{
    size_t start = *at, i = start;
    bool strict = r->scanner->strict;
    if (UNLIKELY(!r->narrow)) return read_string(r, at, strict);
    while (i < r->length && is_plain(r->narrow[i])) i++;
    if (UNLIKELY(i >= r->length || r->narrow[i] != '"' || i - start > KEY_LONGEST)) return read_string(r, at, strict);
    *at = i + 1;
    size_t at_place = key_place(r->narrow + start, i - start);
    Value *place = &r->keys->keys[at_place];
    bool taken = r->keys->taken >> at_place & 1;
    if (taken && as_str(*place)->length == i - start && memcmp(as_str(*place)->data, r->narrow + start, i - start) == 0) return retain(*place);
    Value key = plain_string(r, start, i);
    if (is_error(key)) return ERROR;
    if (taken) drop(*place);
    *place = retain(key);
    r->keys->taken |= UINT64_C(1) << at_place;
    return key;
}

// ---- Numbers
static const double powers_of_ten[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
#define EXACT_DIGITS 15           // so many decimal digits are exact in a double

// A number as its text is written: [start, end), all ASCII.
typedef struct Number {
    size_t start, end;
    bool negative, is_float;
    uint64_t digits;             // all of them as one integer, if count <= EXACT_DIGITS
    size_t count;
    int64_t exponent;            // of ten, to be applied to digits
} Number;

static size_t read_digits(const Reader *r, size_t i, Number *n)
{
    for (Codepoint c = at_or_end(r, i); c >= '0' && c <= '9'; c = at_or_end(r, ++i)) {
        if (n->count < EXACT_DIGITS) n->digits = n->digits * 10 + (c - '0');
        n->count++;
    }
    return i;
}
static size_t read_exponent(const Reader *r, size_t i, Number *n)
{
    size_t first = i + 1;
    bool minus = at_or_end(r, first) == '-';
    if (minus || at_or_end(r, first) == '+') first++;
    int64_t exponent = 0;
    size_t end = first;
    for (Codepoint c = at_or_end(r, end); c >= '0' && c <= '9'; c = at_or_end(r, ++end))
        if (exponent < 1000000) exponent = exponent * 10 + (c - '0');
    if (end == first) return i;            // the e is not the number's
    n->is_float = true;
    n->exponent += minus ? -exponent : exponent;
    return end;
}
// False: there is no number at `start`; nothing is raised.
static bool scan_number(const Reader *r, size_t start, Number *n)
{
    *n = (Number){.start = start};
    size_t i = start;
    if (at_or_end(r, i) == '-') {
        n->negative = true;
        i++;
    }
    Codepoint c = at_or_end(r, i);
    if (c < '0' || c > '9') return false;
    if (c == '0') i++;                     // a leading zero stands alone
    else i = read_digits(r, i, n);
    Codepoint after = at_or_end(r, i + 1);
    if (at_or_end(r, i) == '.' && after >= '0' && after <= '9') {
        size_t fraction = i + 1;
        i = read_digits(r, fraction, n);
        n->exponent = -(int64_t)(i - fraction);
        n->is_float = true;
    }
    c = at_or_end(r, i);
    if (c == 'e' || c == 'E') i = read_exponent(r, i, n);
    n->end = i;
    return true;
}
static Value number_by(const Reader *r, const Number *n, Value function)
{
    OWN Value text = str_substring(r->t, r->text, n->start, n->end);
    return is_error(text) ? ERROR : call1(r->t, function, text);
}
static Value read_number(const Reader *r, size_t *at)
{
    Number n;
    if (!scan_number(r, *at, &n)) return no_value(r, *at);
    *at = n.end;
    const Scanner *s = r->scanner;
    if (!n.is_float) {
        if (!is_same(s->parse_int, type_value(&int_type))) return number_by(r, &n, s->parse_int);
        if (n.count <= 14) return small_int(n.negative ? -(int64_t)n.digits : (int64_t)n.digits);       // below 2^47
        return number_by(r, &n, s->parse_int);
    }
    if (!is_same(s->parse_float, type_value(&float_type))) return number_by(r, &n, s->parse_float);
    // Both the digits and the power of ten are exact doubles, so that one rounding gives the nearest one.
    if (n.count <= EXACT_DIGITS && n.exponent >= -22 && n.exponent <= 22) {
        double d = (double)n.digits;
        d = n.exponent < 0 ? d / powers_of_ten[-n.exponent] : d * powers_of_ten[n.exponent];
        return float_value(n.negative ? -d : d);
    }
    return number_by(r, &n, s->parse_float);
}

// ---- Values
static Value read_value(const Reader *r, size_t *at);

static inline Value read_member(const Reader *r, size_t *at, Value *key)
{
    size_t i = *at;
    if (at_or_end(r, i) != '"') return fault(r, "Expecting property name enclosed in double quotes", i);
    i++;
    *key = read_key(r, &i);
    if (is_error(*key)) return ERROR;
    i = skip_space(r, i);
    if (at_or_end(r, i) != ':') return fault(r, "Expecting ':' delimiter", i);
    *at = skip_space(r, i + 1);
    return read_value(r, at);
}
// Behind an item: 1: a comma, and *at is at the next item; 0: the closing bracket; -1: raised.
static inline int more_items(const Reader *r, size_t *at, Codepoint closing)
{
    size_t i = skip_space(r, *at);
    Codepoint c = at_or_end(r, i);
    *at = i + 1;
    if (c == closing) return 0;
    if (c != ',') return error_minus(fault(r, "Expecting ',' delimiter", i));
    *at = skip_space(r, i + 1);
    return 1;
}
static Value read_members(const Reader *r, size_t *at)
{
    Thread *t = r->t;
    bool as_pairs = !is_none(r->scanner->object_pairs_hook);
    OWN Value all = UNBOUND;
    if (as_pairs) all = list_new(t, 0);
    else {
        Dict *d = dict_new(t);
        all = d ? dict_value(d) : ERROR;
    }
    if (is_error(all)) return ERROR;
    *at = skip_space(r, *at);
    if (at_or_end(r, *at) == '}') ++*at;
    else for (int more = 1; more;) {
        OWN Value key = UNBOUND;
        OWN Value value = read_member(r, at, &key);
        if (is_error(value)) return ERROR;
        if (as_pairs) {
            OWN Value pair = tuple_from_values(t, (Value[]){key, value}, 2);
            if (is_error(pair) || !list_append(t, all, pair)) return ERROR;
        } else if (!dict_set_str(t, as_dict(all), as_str(key), value)) return ERROR;
        more = more_items(r, at, '}');
        if (more < 0) return ERROR;
    }
    if (as_pairs) return call1(t, r->scanner->object_pairs_hook, all);
    return is_none(r->scanner->object_hook) ? MOVE(all) : call1(t, r->scanner->object_hook, all);
}
static Value read_items(const Reader *r, size_t *at)
{
    OWN Value all = list_new(r->t, 0);
    if (is_error(all)) return ERROR;
    *at = skip_space(r, *at);
    if (at_or_end(r, *at) == ']') {
        ++*at;
        return MOVE(all);
    }
    for (int more = 1; more;) {
        Value item = read_value(r, at);
        if (is_error(item) || !list_append_owned(r->t, all, item)) return ERROR;
        more = more_items(r, at, ']');
        if (more < 0) return ERROR;
    }
    return MOVE(all);
}
static Value read_nested(const Reader *r, size_t *at, bool object)
{
    if (!enter_recursion(r->t, object ? " while decoding a JSON object from a unicode string" : " while decoding a JSON array from a unicode string")) return ERROR;
    ++*at;
    Value result = object ? read_members(r, at) : read_items(r, at);
    leave_recursion(r->t);
    return result;
}
static bool word_is(const Reader *r, size_t at, const char *word)
{
    for (size_t i = 0; word[i]; i++)
        if (at_or_end(r, at + i) != (Codepoint)word[i]) return false;
    return true;
}
static Value read_constant(const Reader *r, size_t *at, const char *word)
{
    *at += strlen(word);
    OWN Value text = str_from_text(r->t, word);
    return is_error(text) ? ERROR : call1(r->t, r->scanner->parse_constant, text);
}
static Value read_word(const Reader *r, size_t *at, const char *word, Value value)
{
    if (!word_is(r, *at, word)) return no_value(r, *at);
    *at += strlen(word);
    return value;
}
static Value read_value(const Reader *r, size_t *at)
{
    size_t i = *at;
    switch (at_or_end(r, i)) {
    case '"':
        *at = i + 1;
        return read_string(r, at, r->scanner->strict);
    case '{': return read_nested(r, at, true);
    case '[': return read_nested(r, at, false);
    case 'n': return read_word(r, at, "null", NONE);
    case 't': return read_word(r, at, "true", TRUE);
    case 'f': return read_word(r, at, "false", FALSE);
    case 'N': return word_is(r, i, "NaN") ? read_constant(r, at, "NaN") : no_value(r, i);
    case 'I': return word_is(r, i, "Infinity") ? read_constant(r, at, "Infinity") : no_value(r, i);
    case '-': return word_is(r, i, "-Infinity") ? read_constant(r, at, "-Infinity") : read_number(r, at);
    default: return read_number(r, at);
    }
}

static Reader reader_of(Thread *t, const Scanner *scanner, Str *text, KeyTable *keys)
{
    return (Reader){.t = t, .scanner = scanner, .text = text, .narrow = str_kind(text) == 1 ? (const uint8_t *)text->data : NULL, .length = text->length, .keys = keys};
}
// (value, behind) of what a scan has given. Takes value.
static Value with_end(Thread *t, TAKES Value value, size_t end)
{
    OWN Value owned = value;
    return is_error(owned) ? ERROR : tuple_from_values(t, (Value[]){owned, small_int((int64_t)end)}, 2);
}

static Value scanner_call(Thread *t, Value self, const Value *args, size_t nargs, Value kwnames)
{
    Value two[2];
    ptrdiff_t index;
    if (!json_two_arguments(t, "scan_once", (const char *const[]){"string", "idx"}, args, nargs, kwnames, two)) return ERROR;
    if (!is_str(two[0])) return raise_type_error(t, "first argument must be a string, not %.80T", two[0]);
    if (!object_as_index(t, two[1], &index, &exc_OverflowError)) return ERROR;
    if (index < 0) return raise_value_error(t, "idx cannot be negative");
    OWN Value text = retain(two[0]);
    OWN Value scanner = retain(self);          // a hook may let go of both
    KeyTable keys;
    keys.taken = 0;
    Reader r = reader_of(t, as_scanner(scanner), as_str(text), &keys);
    size_t at = (size_t)index;
    Value value = at >= r.length ? no_value(&r, at) : read_value(&r, &at);
    for (uint64_t taken = keys.taken; taken; taken &= taken - 1) drop(keys.keys[__builtin_ctzll(taken)]);
    return with_end(t, value, at);
}

static void scanner_visit(Object *o, VisitFn visit, void *context)
{
    Scanner *s = (Scanner *)o;
    visit(s->object_hook, context);
    visit(s->object_pairs_hook, context);
    visit(s->parse_float, context);
    visit(s->parse_int, context);
    visit(s->parse_constant, context);
}
static void scanner_finish(Thread *t, Object *o)
{
    Scanner *s = (Scanner *)o;
    clear(&s->object_hook);
    clear(&s->object_pairs_hook);
    clear(&s->parse_float);
    clear(&s->parse_int);
    clear(&s->parse_constant);
}
static bool take_attribute(Thread *t, Value from, const char *name, Value *slot)
{
    OWN_POINTER Str *key = str_intern_text(t, name, strlen(name));
    Value v = key ? object_get_attr(t, from, key) : ERROR;
    if (is_error(v)) return false;
    assign(slot, v);
    return true;
}
static Value scanner_construct(Thread *t, Type *type, const Value *args)
{
    OWN_POINTER Scanner *s = (Scanner *)object_new(t, type);
    OWN Value strict = UNBOUND;
    if (!s || !take_attribute(t, args[0], "strict", &strict)) return ERROR;
    int truth = object_truth(t, strict);
    if (truth < 0) return ERROR;
    s->strict = truth;
    return take_attribute(t, args[0], "object_hook", &s->object_hook) && take_attribute(t, args[0], "object_pairs_hook", &s->object_pairs_hook) &&
                   take_attribute(t, args[0], "parse_float", &s->parse_float) && take_attribute(t, args[0], "parse_int", &s->parse_int) &&
                   take_attribute(t, args[0], "parse_constant", &s->parse_constant)
               ? object_value(MOVE_POINTER(s))
               : ERROR;
}
static Value get_strict(Thread *t, Value self) { return bool_value(as_scanner(self)->strict); }
#define GETTER(name) static Value get_##name(Thread *t, Value self) { return retain(as_scanner(self)->name); }
GETTER(object_hook)
GETTER(object_pairs_hook)
GETTER(parse_float)
GETTER(parse_int)
GETTER(parse_constant)
#undef GETTER
static const GetSet scanner_getsets[] = {
    {"strict", get_strict, NULL, "whether control characters in strings are refused"}, {"object_hook", get_object_hook, NULL, NULL},
    {"object_pairs_hook", get_object_pairs_hook, NULL, NULL}, {"parse_float", get_parse_float, NULL, NULL}, {"parse_int", get_parse_int, NULL, NULL},
    {"parse_constant", get_parse_constant, NULL, NULL}, {0},
};
const TypeSpec json_scanner_spec = {
    .name = "_json.Scanner", .doc = "Reads one JSON value from a str.", .size = sizeof(Scanner), .flags = TYPE_GC,
    .slots = {.visit = scanner_visit, .finish = scanner_finish, .call = scanner_call}, .getsets = scanner_getsets,
    .new_signature = "(context)", .construct = scanner_construct,
};

Value json_scanstring(Thread *t, Value module, const Value *args)
{
    ptrdiff_t end;
    int strict = object_truth(t, args[2]);
    if (strict < 0 || !object_as_index(t, args[1], &end, &exc_OverflowError)) return ERROR;
    if (!is_str(args[0])) return raise_type_error(t, "first argument must be a string, not %.80T", args[0]);
    OWN Value text = retain(args[0]);
    if (end < 0 || (size_t)end > as_str(text)->length) return raise_value_error(t, "end is out of bounds");
    Reader r = reader_of(t, NULL, as_str(text), NULL);
    size_t at = (size_t)end;
    Value value = at ? read_string(&r, &at, strict) : read_pieces(&r, (size_t)-1, &at, strict);
    return with_end(t, value, at);
}
