// SPDX-License-Identifier: MIT
// stdlib/_json/encode.c: values to JSON text: the Encoder that json.encoder calls when it does not indent, and the two functions that
// quote a string.
//
// All text goes to one StrBuilder. `markers` being a dict asks for a check for cycles: the containers under way are a chain of Nests
// on the C stack, whose length the recursion limit bounds.
#include "stdlib/_json/json.h"

#include "runtime/call.h"
#include "runtime/heap.h"
#include "runtime/types/dict.h"
#include "runtime/types/float.h"
#include "runtime/types/function.h"
#include "runtime/types/int.h"
#include "runtime/types/list.h"
#include "runtime/types/tuple.h"

typedef enum Quoting { QUOTE_BY_CALL, QUOTE_PLAIN, QUOTE_ASCII } Quoting;
typedef struct Encoder {
    Object head;
    Value markers, fallback, quote, indent, key_separator, item_separator;     // fallback: the `default` of json.dumps
    bool sort_keys, skip_keys, allow_nan;
    Quoting quoting;              // what `quote` is, where it is one of ours
} Encoder;
Type json_encoder_type;
static Encoder *as_encoder(Value v) { return (Encoder *)as_object(v); }

typedef struct Nest { Value container; const struct Nest *outer; } Nest;
typedef struct Writer { Thread *t; const Encoder *encoder; StrBuilder text; } Writer;

// ---- Strings
// Characters that stand for themselves between quotes; above 127: where the text need not be ASCII.
static ALWAYS_INLINE bool is_plain(Codepoint c, Quoting quoting) { return c >= 0x20 && c != '"' && c != '\\' && (c < 0x7F || quoting == QUOTE_PLAIN); }

static ALWAYS_INLINE void put_ascii(StrBuilder *b, const char *text, size_t length)
{
    if (LIKELY(b->kind == 1 && b->capacity - b->length >= length)) {
        memcpy(b->data + b->length, text, length);
        b->length += length;
    } else builder_add_ascii(b, text, length);
}
// What stands for a character that is not plain, written at `to`: the end of that. At most ESCAPE_LONGEST characters.
#define ESCAPE_LONGEST 12
static ALWAYS_INLINE char *escape_unit(char *to, unsigned unit)
{
    static const char digits[] = "0123456789abcdef";
    memcpy(to, (char[]){'\\', 'u', digits[unit >> 12], digits[unit >> 8 & 15], digits[unit >> 4 & 15], digits[unit & 15]}, 6);
    return to + 6;
}
static ALWAYS_INLINE char *escape(char *to, Codepoint c)
{
    static const char letters[0x60] = {['"'] = '"', ['\\'] = '\\', ['\b'] = 'b', ['\f'] = 'f', ['\n'] = 'n', ['\r'] = 'r', ['\t'] = 't'};
    if (c < sizeof letters && letters[c]) {
        *to++ = '\\';
        *to++ = letters[c];
        return to;
    }
    if (LIKELY(c < 0x10000)) return escape_unit(to, c);
    return escape_unit(escape_unit(to, 0xD800 + ((c - 0x10000) >> 10)), 0xDC00 + ((c - 0x10000) & 0x3FF));
}
// `kind` is a constant where these three are called, so that each loop is of one width.
static ALWAYS_INLINE Codepoint character(const void *data, unsigned kind, size_t i)
{
    return kind == 1 ? ((const uint8_t *)data)[i] : kind == 2 ? ((const uint16_t *)data)[i] : ((const uint32_t *)data)[i];
}
static ALWAYS_INLINE void put_ascii_only(StrBuilder *b, const Str *s, unsigned kind)
{
    char text[512];
    char *to = text;
    for (size_t i = 0; i < s->length; i++) {
        Codepoint c = character(s->data, kind, i);
        if (is_plain(c, QUOTE_ASCII)) *to++ = (char)c;
        else to = escape(to, c);
        if (UNLIKELY(to > text + sizeof text - ESCAPE_LONGEST)) {
            put_ascii(b, text, (size_t)(to - text));
            to = text;
        }
    }
    put_ascii(b, text, (size_t)(to - text));
}
// Runs of plain characters are copied whole.
static ALWAYS_INLINE void put_runs(StrBuilder *b, const Str *s, unsigned kind, Quoting quoting)
{
    char text[ESCAPE_LONGEST];
    for (size_t i = 0, run = 0;; run = i) {
        while (i < s->length && is_plain(character(s->data, kind, i), quoting)) i++;
        if (kind == 1 && str_is_ascii(s)) put_ascii(b, s->data + run, i - run);
        else builder_add_slice(b, s, run, i);
        if (i == s->length) return;
        put_ascii(b, text, (size_t)(escape(text, character(s->data, kind, i++)) - text));
    }
}
static ALWAYS_INLINE void put_quoted_as(StrBuilder *b, const Str *s, Quoting quoting)
{
    put_ascii(b, "\"", 1);
    if (LIKELY(str_is_ascii(s))) put_runs(b, s, 1, quoting);
    else if (str_kind(s) == 1) quoting == QUOTE_ASCII ? put_ascii_only(b, s, 1) : put_runs(b, s, 1, quoting);
    else if (str_kind(s) == 2) quoting == QUOTE_ASCII ? put_ascii_only(b, s, 2) : put_runs(b, s, 2, quoting);
    else quoting == QUOTE_ASCII ? put_ascii_only(b, s, 4) : put_runs(b, s, 4, quoting);
    put_ascii(b, "\"", 1);
}
static void put_quoted(StrBuilder *b, const Str *s, Quoting quoting)
{
    if (quoting == QUOTE_ASCII) put_quoted_as(b, s, QUOTE_ASCII);
    else put_quoted_as(b, s, QUOTE_PLAIN);
}
static Value quote(Thread *t, Value v, Quoting quoting)
{
    if (!is_str(v)) return raise_type_error(t, "first argument must be a string, not %.80T", v);
    StrBuilder b;
    builder_start(t, &b);
    put_quoted(&b, as_str(v), quoting);
    return builder_finish(&b);
}
Value json_encode_basestring(Thread *t, Value module, const Value *args) { return quote(t, args[0], QUOTE_PLAIN); }
Value json_encode_basestring_ascii(Thread *t, Value module, const Value *args) { return quote(t, args[0], QUOTE_ASCII); }

static Quoting quoting_of(Value f)
{
    if (!is_object(f) || as_object(f)->type != &native_function_type) return QUOTE_BY_CALL;
    NativeFn function = ((NativeFunction *)as_object(f))->method->function;
    return function == json_encode_basestring ? QUOTE_PLAIN : function == json_encode_basestring_ascii ? QUOTE_ASCII : QUOTE_BY_CALL;
}
static bool write_str(Writer *w, Value v)
{
    if (LIKELY(w->encoder->quoting != QUOTE_BY_CALL)) {
        put_quoted(&w->text, as_str(v), w->encoder->quoting);
        return !w->text.failed;
    }
    OWN Value quoted = call1(w->t, w->encoder->quote, v);
    if (is_error(quoted)) return false;
    if (!is_str(quoted)) return error_false(raise_type_error(w->t, "encoder() must return a string, not %.80T", quoted));
    builder_add_str(&w->text, as_str(quoted));
    return !w->text.failed;
}

// ---- Numbers
// The decimal digits of i at the end of text[24]: where they begin.
static char *small_int_text(int64_t i, char text[24])
{
    char *at = text + 24;
    uint64_t u = i < 0 ? -(uint64_t)i : (uint64_t)i;
    do *--at = (char)('0' + u % 10);
    while (u /= 10);
    if (i < 0) *--at = '-';
    return at;
}
// repr of a float into text, or the words that stand for what JSON has no number for; 0: raised.
static size_t float_text(Thread *t, const Encoder *e, double d, char text[32])
{
    if (LIKELY(isfinite(d))) return float_repr(d, text);
    if (!e->allow_nan) {
        raise_value_error(t, "Out of range float values are not JSON compliant");
        return 0;
    }
    strcpy(text, isnan(d) ? "NaN" : d > 0 ? "Infinity" : "-Infinity");
    return strlen(text);
}
static bool write_number(Writer *w, Value v)
{
    char text[32];
    if (is_small_int(v)) {
        char *digits = small_int_text(as_small_int(v), text);
        put_ascii(&w->text, digits, (size_t)(text + 24 - digits));
        return !w->text.failed;
    }
    if (is_float(v)) {
        size_t length = float_text(w->t, w->encoder, as_float(v), text);
        if (length) put_ascii(&w->text, text, length);
        return length && !w->text.failed;
    }
    OWN Value digits = int_to_str(w->t, v, 10);
    if (is_error(digits)) return false;
    builder_add_str(&w->text, as_str(digits));
    return !w->text.failed;
}

// ---- Containers
static bool write_value(Writer *w, Value v, const Nest *outer);

// Whether v is under way already; only asked for when the encoder has markers.
static bool check_circular(Writer *w, Value v, const Nest *outer)
{
    if (is_none(w->encoder->markers)) return true;
    for (const Nest *n = outer; n; n = n->outer)
        if (is_same(n->container, v)) return error_false(raise_value_error(w->t, "Circular reference detected"));
    return true;
}
// The str that stands for a key: UNBOUND: to be left out.
static Value key_text(Writer *w, Value key)
{
    Thread *t = w->t;
    char text[32];
    if (is_str(key)) return retain(key);
    if (is_float(key)) {
        size_t length = float_text(t, w->encoder, as_float(key), text);
        return length ? str_from_ascii(t, text, length) : ERROR;
    }
    if (is_true(key)) return str_from_text(t, "true");
    if (is_false(key)) return str_from_text(t, "false");
    if (is_none(key)) return str_from_text(t, "null");
    if (is_int(key)) return int_to_str(t, key, 10);
    return w->encoder->skip_keys ? UNBOUND : raise_type_error(t, "keys must be str, int, float, bool or None, not %.100T", key);
}
static bool write_member(Writer *w, Value key, Value value, const Nest *outer, bool *first)
{
    OWN Value text = key_text(w, key);
    if (is_error(text)) return false;
    if (is_unbound(text)) return true;
    if (!*first) builder_add_str(&w->text, as_str(w->encoder->item_separator));
    *first = false;
    if (!write_str(w, text)) return false;
    builder_add_str(&w->text, as_str(w->encoder->key_separator));
    return write_value(w, value, outer);
}
static bool write_pairs(Writer *w, Value dict, const Nest *outer)
{
    Thread *t = w->t;
    bool first = true;
    OWN Value view = call_method0(t, dict, NAME(items));
    OWN Value items = is_error(view) ? ERROR : list_from_iterable(t, view);
    if (is_error(items) || (w->encoder->sort_keys && !list_sort(t, items, NONE, false))) return false;
    for (size_t i = 0; i < as_list(items)->length; i++) {
        OWN Value item = retain(as_list(items)->items[i]);
        if (!is_tuple(item) || as_tuple(item)->length != 2) return error_false(raise_value_error(t, "items must return 2-tuples"));
        if (!write_member(w, as_tuple(item)->items[0], as_tuple(item)->items[1], outer, &first)) return false;
    }
    return true;
}
// What `default` does to the dict meanwhile cannot make this endless: no more entries are read than there were.
static bool write_entries(Writer *w, Dict *d, const Nest *outer)
{
    bool first = true;
    size_t end = d->used;
    Value key, value;
    for (size_t at = 0; at < end && dict_next(d, &at, &key, &value);) {
        OWN Value kept_key = retain(key);
        OWN Value kept_value = retain(value);
        if (!write_member(w, kept_key, kept_value, outer, &first)) return false;
    }
    return true;
}
static bool write_dict(Writer *w, Value v, const Nest *outer)
{
    if (as_dict(v)->count == 0) {
        put_ascii(&w->text, "{}", 2);
        return !w->text.failed;
    }
    if (!check_circular(w, v, outer)) return false;
    Nest nest = {v, outer};
    put_ascii(&w->text, "{", 1);
    if (!(is_exact_dict(v) && !w->encoder->sort_keys ? write_entries(w, as_dict(v), &nest) : write_pairs(w, v, &nest))) return false;
    put_ascii(&w->text, "}", 1);
    return !w->text.failed;
}
static bool write_sequence(Writer *w, Value v, const Nest *outer)
{
    bool tuple = is_tuple(v);
    if ((tuple ? as_tuple(v)->length : as_list(v)->length) == 0) {
        put_ascii(&w->text, "[]", 2);
        return !w->text.failed;
    }
    if (!check_circular(w, v, outer)) return false;
    Nest nest = {v, outer};
    put_ascii(&w->text, "[", 1);
    for (size_t i = 0; i < (tuple ? as_tuple(v)->length : as_list(v)->length); i++) {
        OWN Value item = retain(tuple ? as_tuple(v)->items[i] : as_list(v)->items[i]);
        if (i) builder_add_str(&w->text, as_str(w->encoder->item_separator));
        if (!write_value(w, item, &nest)) return false;
    }
    put_ascii(&w->text, "]", 1);
    return !w->text.failed;
}
static bool write_other(Writer *w, Value v, const Nest *outer)
{
    if (!check_circular(w, v, outer)) return false;
    Nest nest = {v, outer};
    OWN Value instead = call1(w->t, w->encoder->fallback, v);
    return !is_error(instead) && write_value(w, instead, &nest);
}
static bool write_nested(Writer *w, Value v, const Nest *outer)
{
    if (!enter_recursion(w->t, " while encoding a JSON object")) return false;
    bool done = is_dict(v) ? write_dict(w, v, outer) : is_list(v) || is_tuple(v) ? write_sequence(w, v, outer) : write_other(w, v, outer);
    leave_recursion(w->t);
    return done;
}
static bool write_value(Writer *w, Value v, const Nest *outer)
{
    if (is_str(v)) return write_str(w, v);
    if (is_none(v)) put_ascii(&w->text, "null", 4);
    else if (is_true(v)) put_ascii(&w->text, "true", 4);
    else if (is_false(v)) put_ascii(&w->text, "false", 5);
    else if (is_int(v) || is_float(v)) return write_number(w, v);
    else return write_nested(w, v, outer);
    return !w->text.failed;
}

// encoder(obj, indent level): a tuple of pieces of text; here one.
static Value encoder_call(Thread *t, Value self, const Value *args, size_t nargs, Value kwnames)
{
    Value two[2];
    if (!json_two_arguments(t, "_iterencode", (const char *const[]){"obj", "_current_indent_level"}, args, nargs, kwnames, two)) return ERROR;
    OWN Value encoder = retain(self);          // `default` may let go of both
    OWN Value object = retain(two[0]);
    Writer w = {.t = t, .encoder = as_encoder(encoder)};
    builder_start(t, &w.text);
    if (!write_value(&w, object, NULL)) {
        builder_abandon(&w.text);
        return ERROR;
    }
    OWN Value text = builder_finish(&w.text);
    return is_error(text) ? ERROR : tuple_from_values(t, &text, 1);
}
static void encoder_visit(Object *o, VisitFn visit, void *context)
{
    Encoder *e = (Encoder *)o;
    visit(e->markers, context);
    visit(e->fallback, context);
    visit(e->quote, context);
    visit(e->indent, context);
    visit(e->key_separator, context);
    visit(e->item_separator, context);
}
static void encoder_finish(Thread *t, Object *o)
{
    Encoder *e = (Encoder *)o;
    clear(&e->markers);
    clear(&e->fallback);
    clear(&e->quote);
    clear(&e->indent);
    clear(&e->key_separator);
    clear(&e->item_separator);
}
static bool flag_from(Thread *t, Value v, bool *flag)
{
    int truth = object_truth(t, v);
    *flag = truth > 0;
    return truth >= 0;
}
static Value encoder_construct(Thread *t, Type *type, const Value *args)
{
    if (!is_none(args[0]) && !is_dict(args[0])) return raise_type_error(t, "make_encoder() argument 1 must be dict or None, not %.200T", args[0]);
    for (size_t i = 4; i < 6; i++)
        if (!is_str(args[i])) return raise_type_error(t, "make_encoder() argument %zu must be str, not %.50T", i + 1, args[i]);
    OWN_POINTER Encoder *e = (Encoder *)object_new(t, type);
    if (!e || !flag_from(t, args[6], &e->sort_keys) || !flag_from(t, args[7], &e->skip_keys) || !flag_from(t, args[8], &e->allow_nan)) return ERROR;
    e->markers = retain(args[0]);
    e->fallback = retain(args[1]);
    e->quote = retain(args[2]);
    e->indent = retain(args[3]);
    e->key_separator = retain(args[4]);
    e->item_separator = retain(args[5]);
    e->quoting = quoting_of(args[2]);
    return object_value(MOVE_POINTER(e));
}
#define GETTER(name, expression) static Value get_##name(Thread *t, Value self) { return expression; }
GETTER(markers, retain(as_encoder(self)->markers))
GETTER(default, retain(as_encoder(self)->fallback))
GETTER(encoder, retain(as_encoder(self)->quote))
GETTER(indent, retain(as_encoder(self)->indent))
GETTER(key_separator, retain(as_encoder(self)->key_separator))
GETTER(item_separator, retain(as_encoder(self)->item_separator))
GETTER(sort_keys, bool_value(as_encoder(self)->sort_keys))
GETTER(skipkeys, bool_value(as_encoder(self)->skip_keys))
#undef GETTER
static const GetSet encoder_getsets[] = {
    {"markers", get_markers, NULL, NULL}, {"default", get_default, NULL, NULL}, {"encoder", get_encoder, NULL, NULL}, {"indent", get_indent, NULL, NULL},
    {"key_separator", get_key_separator, NULL, NULL}, {"item_separator", get_item_separator, NULL, NULL}, {"sort_keys", get_sort_keys, NULL, NULL},
    {"skipkeys", get_skipkeys, NULL, NULL}, {0},
};
const TypeSpec json_encoder_spec = {
    .name = "_json.Encoder", .doc = "Writes values as JSON text.", .size = sizeof(Encoder), .flags = TYPE_GC,
    .slots = {.visit = encoder_visit, .finish = encoder_finish, .call = encoder_call}, .getsets = encoder_getsets,
    .new_signature = "(markers, default, encoder, indent, key_separator, item_separator, sort_keys, skipkeys, allow_nan)", .construct = encoder_construct,
};
