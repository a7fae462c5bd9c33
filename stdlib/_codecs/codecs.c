// SPDX-License-Identifier: MIT
// stdlib/_codecs/codecs.c: the module _codecs: the registry of codecs and of error handlers, and the built-in codecs as functions.
//
// Owns interp->codec_search_path (a list of search functions), codec_cache (name -> what a search function gave) and
// codec_errors (name -> handler). The package encodings registers its search function when it is first needed.
#include "stdlib/_codecs/codecs.h"

#include "runtime/call.h"
#include "runtime/thread.h"
#include "runtime/types/arguments.h"
#include "runtime/types/bytes.h"
#include "runtime/types/dict.h"
#include "runtime/types/function.h"
#include "runtime/types/list.h"

Value codec_result(Thread *t, TAKES Value made, size_t count)
{
    OWN Value result = made;
    return is_error(result) ? ERROR : tuple_of(t, 2, result, small_int((int64_t)count));
}

bool codec_errors_argument(Thread *t, Value v, const char **errors)
{
    *errors = NULL;
    if (is_none(v)) return true;
    Str *s = argument_str(t, v, "codec", "'errors'");
    if (!s) return false;
    if (!str_is_ascii(s)) return error_false(raise_error(t, &exc_LookupError, "unknown error handler name '%U'", s));
    if (!str_equal_text(s, "strict")) *errors = str_text(s);
    return true;
}

Value codec_data_argument(Thread *t, Value v, bool str_too)
{
    if (is_bytes(v)) return retain(v);
    if (str_too && is_str(v)) return utf8_encode(t, as_str(v), NULL);
    return buffer_to_bytes(t, v);
}

Str *codec_text_argument(Thread *t, Value v, const char *function) { return argument_str(t, v, function, "1"); }

// ---- The registry

static Value search_path(Thread *t)
{
    Value *path = &t->interp->codec_search_path;
    if (!is_list(*path)) {
        *path = list_new(t, 1);
        if (is_error(*path)) *path = UNBOUND;
    }
    return is_unbound(*path) ? ERROR : *path;
}

static Dict *cache(Thread *t)
{
    if (!t->interp->codec_cache) t->interp->codec_cache = dict_new(t);
    return t->interp->codec_cache;
}

static Dict *handlers(Thread *t)
{
    if (!t->interp->codec_errors) t->interp->codec_errors = dict_new(t);
    return t->interp->codec_errors;
}

// The package encodings is imported before the first lookup and before the first search function is registered, so that its own
// search function, which importing it registers, comes first.
static bool import_encodings(Thread *t)
{
    if (!t->interp->up.import_module) return true;
    OWN_POINTER Str *name = str_intern_text(t, "encodings", 9);
    if (!name) return false;
    OWN Value module = t->interp->up.import_module(t, name);
    return !is_error(module) || error_clear_if(t, &exc_ImportError);
}

static Value function_register(Thread *t, Value self, const Value *args)
{
    (void)self;
    Value path = search_path(t);
    if (is_error(path)) return ERROR;
    if (!object_is_callable(args[0])) return raise_type_error(t, "argument must be callable");
    if (!import_encodings(t)) return ERROR;
    return list_append(t, path, args[0]) ? NONE : ERROR;
}

static Value function_unregister(Thread *t, Value self, const Value *args)
{
    (void)self;
    Value path = search_path(t);
    if (is_error(path)) return ERROR;
    for (size_t i = 0; i < as_list(path)->length; i++) {
        if (!is_same(as_list(path)->items[i], args[0])) continue;
        if (t->interp->codec_cache) dict_clear(t, t->interp->codec_cache);
        return list_set_slice(t, path, i, i + 1, NULL, 0) ? NONE : ERROR;
    }
    return NONE;
}

// The key of the cache: lower case, everything between letters, digits and points one underscore.
static Value normal_name(Thread *t, Str *name)
{
    StrBuilder b;
    builder_start(t, &b);
    bool gap = false;
    for (size_t i = 0; i < name->length; i++) {
        Codepoint c = str_at(name, i);
        bool word = c < 128 && ((c >= '0' && c <= '9') || c == '.' || ((c | 32) >= 'a' && (c | 32) <= 'z'));
        if (word) {
            if (gap && b.length) builder_add(&b, '_');
            builder_add(&b, c >= 'A' && c <= 'Z' ? c + 32 : c);
        }
        gap = !word;
    }
    return builder_finish(&b);
}

static Value lookup(Thread *t, Str *name)
{
    OWN Value key = normal_name(t, name);
    Dict *known = cache(t);
    if (is_error(key) || !known) return ERROR;
    Value found = dict_get(t, known, key);
    if (is_error(found)) return ERROR;
    if (!is_unbound(found)) return retain(found);
    if (!import_encodings(t)) return ERROR;
    Value path = search_path(t);
    for (size_t i = 0; i < as_list(path)->length; i++) {
        OWN Value search = retain(as_list(path)->items[i]);
        OWN Value info = call1(t, search, key);
        if (is_error(info)) return ERROR;
        if (is_none(info)) continue;
        if (!is_tuple(info) || as_tuple(info)->length != 4) return raise_type_error(t, "codec search functions must return 4-tuples");
        return dict_set(t, known, key, info) ? MOVE(info) : ERROR;
    }
    return raise_error(t, &exc_LookupError, "unknown encoding: %U", name);
}

static Value function_lookup(Thread *t, Value self, const Value *args)
{
    (void)self;
    Str *name = argument_str(t, args[0], "lookup", "");
    return name ? lookup(t, name) : ERROR;
}

static Value function_forget(Thread *t, Value self, const Value *args)
{
    (void)self;
    Str *name = argument_str(t, args[0], "_forget_codec", "");
    OWN Value key = name ? normal_name(t, name) : ERROR;
    if (is_error(key) || !cache(t)) return ERROR;
    int deleted = dict_delete(t, cache(t), key);
    if (deleted < 0) return ERROR;
    return deleted ? NONE : raise_key_error(t, key);
}

// codecs.encode and decode: item `which` of the codec's tuple, called.
static Value run_codec(Thread *t, const Value *args, int which)
{
    Str *name = argument_str(t, args[1], which ? "decode" : "encode", "'encoding'");
    if (!name || !argument_str(t, args[2], which ? "decode" : "encode", "'errors'")) return ERROR;
    OWN Value info = lookup(t, name);
    if (is_error(info)) return ERROR;
    OWN Value result = call2(t, as_tuple(info)->items[which], args[0], args[2]);
    if (is_error(result)) {
        OWN_MEMORY char *encoding = str_to_os(t, name, NULL);
        return encoding ? codec_name_error(t, encoding, which ? "decoding" : "encoding") : ERROR;
    }
    if (!is_tuple(result) || as_tuple(result)->length != 2)
        return raise_type_error(t, which ? "decoder must return a tuple (object,integer)" : "encoder must return a tuple (object, integer)");
    return retain(as_tuple(result)->items[0]);
}

static Value function_encode(Thread *t, Value self, const Value *args) { (void)self; return run_codec(t, args, 0); }
static Value function_decode(Thread *t, Value self, const Value *args) { (void)self; return run_codec(t, args, 1); }

// ---- Error handlers

#define HANDLER(identifier, name) \
    static Value handle_##identifier(Thread *t, Value self, const Value *args) { (void)self; return codec_handle(t, name, args[0]); }
HANDLER(strict, "strict")
HANDLER(ignore, "ignore")
HANDLER(replace, "replace")
HANDLER(backslashreplace, "backslashreplace")
HANDLER(xmlcharrefreplace, "xmlcharrefreplace")
HANDLER(namereplace, "namereplace")
HANDLER(surrogateescape, "surrogateescape")
HANDLER(surrogatepass, "surrogatepass")

static const struct { const char *name; Method method; } builtin_handlers[] = {
    {"strict", {"strict_errors", handle_strict, "(exception, /)", "Implements the 'strict' error handling, which raises a UnicodeError on coding errors."}},
    {"ignore", {"ignore_errors", handle_ignore, "(exception, /)", "Implements the 'ignore' error handling, which ignores malformed data and continues."}},
    {"replace", {"replace_errors", handle_replace, "(exception, /)", "Implements the 'replace' error handling, which replaces malformed data with a replacement marker."}},
    {"backslashreplace", {"backslashreplace_errors", handle_backslashreplace, "(exception, /)", "Implements the 'backslashreplace' error handling, which replaces malformed data with a backslashed escape sequence."}},
    {"xmlcharrefreplace", {"xmlcharrefreplace_errors", handle_xmlcharrefreplace, "(exception, /)", "Implements the 'xmlcharrefreplace' error handling, which replaces an unencodable character with the appropriate XML character reference."}},
    {"namereplace", {"namereplace_errors", handle_namereplace, "(exception, /)", "Implements the 'namereplace' error handling, which replaces an unencodable character with a \\N{...} escape sequence."}},
    {"surrogateescape", {"surrogateescape", handle_surrogateescape, "(exception, /)", NULL}},
    {"surrogatepass", {"surrogatepass", handle_surrogatepass, "(exception, /)", NULL}},
};

static Value function_register_error(Thread *t, Value self, const Value *args)
{
    (void)self;
    if (!argument_str(t, args[0], "register_error", "1")) return ERROR;
    if (!object_is_callable(args[1])) return raise_type_error(t, "handler must be callable");
    return handlers(t) && dict_set(t, handlers(t), args[0], args[1]) ? NONE : ERROR;
}

static Value function_lookup_error(Thread *t, Value self, const Value *args)
{
    Str *name = argument_str(t, args[0], "lookup_error", "");
    if (!name || !handlers(t)) return ERROR;
    Value found = dict_get(t, handlers(t), args[0]);
    if (is_error(found)) return ERROR;
    if (!is_unbound(found)) return retain(found);
    for (size_t i = 0; i < COUNT_OF(builtin_handlers); i++) {
        if (!str_equal_text(name, builtin_handlers[i].name)) continue;
        OWN Value function = native_function_new(t, &builtin_handlers[i].method, self, NONE);
        return !is_error(function) && dict_set(t, handlers(t), args[0], function) ? MOVE(function) : ERROR;
    }
    return raise_error(t, &exc_LookupError, "unknown error handler name '%U'", name);
}

// ---- The built-in codecs

typedef Value Encoder(Thread *t, Str *s, const char *errors, int order);
typedef Value Decoder(Thread *t, const char *data, size_t length, const char *errors, int *order, bool final, size_t *consumed);

static Value encode_with(Thread *t, const Value *args, const char *function, Encoder *encode, int order)
{
    const char *errors;
    Str *s = codec_text_argument(t, args[0], function);
    if (!s || !codec_errors_argument(t, args[1], &errors)) return ERROR;
    return codec_result(t, encode(t, s, errors, order), s->length);
}

static Value decode_with(Thread *t, const Value *args, Decoder *decode, int order, bool has_final)
{
    const char *errors;
    OWN Value data = codec_data_argument(t, args[0], false);
    if (is_error(data) || !codec_errors_argument(t, args[1], &errors)) return ERROR;
    int final = has_final ? object_truth(t, args[2]) : 1;
    if (final < 0) return ERROR;
    size_t consumed = bytes_length(data);
    Value text = decode(t, bytes_data(data), bytes_length(data), errors, &order, final, final ? NULL : &consumed);
    return codec_result(t, text, consumed);
}

static Value encode_utf8(Thread *t, Str *s, const char *errors, int order) { (void)order; return utf8_encode(t, s, errors); }
static Value encode_latin1(Thread *t, Str *s, const char *errors, int order) { (void)order; return latin1_encode(t, s, errors); }
static Value encode_ascii(Thread *t, Str *s, const char *errors, int order) { (void)order; return ascii_encode(t, s, errors); }
static Value encode_unicode_escape(Thread *t, Str *s, const char *errors, int order) { (void)order, (void)errors; return unicode_escape_encode(t, s); }
static Value encode_raw_escape(Thread *t, Str *s, const char *errors, int order) { (void)order, (void)errors; return raw_unicode_escape_encode(t, s); }

static Value decode_utf8(Thread *t, const char *data, size_t length, const char *errors, int *order, bool final, size_t *consumed)
{
    (void)order;
    return utf8_decode(t, data, length, errors, final, consumed);
}
static Value decode_latin1(Thread *t, const char *data, size_t length, const char *errors, int *order, bool final, size_t *consumed)
{
    (void)order, (void)errors, (void)final, (void)consumed;
    return str_from_latin1(t, data, length);
}
static Value decode_ascii(Thread *t, const char *data, size_t length, const char *errors, int *order, bool final, size_t *consumed)
{
    (void)order, (void)final, (void)consumed;
    return ascii_decode(t, data, length, errors);
}
static Value decode_unicode_escape(Thread *t, const char *data, size_t length, const char *errors, int *order, bool final, size_t *consumed)
{
    (void)order;
    return unicode_escape_decode(t, data, length, errors, final, consumed);
}
static Value decode_raw_escape(Thread *t, const char *data, size_t length, const char *errors, int *order, bool final, size_t *consumed)
{
    (void)order;
    return raw_unicode_escape_decode(t, data, length, errors, final, consumed);
}

#define ENCODER(name, function, order) \
    static Value name(Thread *t, Value self, const Value *args) { (void)self; return encode_with(t, args, #name, function, order); }
#define DECODER(name, function, order) \
    static Value name(Thread *t, Value self, const Value *args) { (void)self; return decode_with(t, args, function, order, true); }
ENCODER(utf_8_encode, encode_utf8, 0)
ENCODER(latin_1_encode, encode_latin1, 0)
ENCODER(ascii_encode_function, encode_ascii, 0)
ENCODER(unicode_escape_encode_function, encode_unicode_escape, 0)
ENCODER(raw_unicode_escape_encode_function, encode_raw_escape, 0)
ENCODER(utf_16_le_encode, utf16_encode, -1)
ENCODER(utf_16_be_encode, utf16_encode, 1)
ENCODER(utf_32_le_encode, utf32_encode, -1)
ENCODER(utf_32_be_encode, utf32_encode, 1)
DECODER(utf_8_decode, decode_utf8, 0)
DECODER(utf_16_decode, utf16_decode, 0)
DECODER(utf_16_le_decode, utf16_decode, -1)
DECODER(utf_16_be_decode, utf16_decode, 1)
DECODER(utf_32_decode, utf32_decode, 0)
DECODER(utf_32_le_decode, utf32_decode, -1)
DECODER(utf_32_be_decode, utf32_decode, 1)
static Value latin_1_decode(Thread *t, Value self, const Value *args) { (void)self; return decode_with(t, args, decode_latin1, 0, false); }
static Value ascii_decode_function(Thread *t, Value self, const Value *args) { (void)self; return decode_with(t, args, decode_ascii, 0, false); }

// data may be a str, final is given: unicode_escape_decode(data, errors=None, final=True).
static Value decode_escape_with(Thread *t, const Value *args, Decoder *decode)
{
    OWN Value data = codec_data_argument(t, args[0], true);
    if (is_error(data)) return ERROR;
    const Value decoded[] = {data, args[1], args[2]};
    return decode_with(t, decoded, decode, 0, true);
}
static Value unicode_escape_decode_function(Thread *t, Value self, const Value *args) { (void)self; return decode_escape_with(t, args, decode_unicode_escape); }
static Value raw_unicode_escape_decode_function(Thread *t, Value self, const Value *args) { (void)self; return decode_escape_with(t, args, decode_raw_escape); }

// utf_16_encode(str, errors=None, byteorder=0)
static Value encode_ordered(Thread *t, const Value *args, const char *function, Encoder *encode)
{
    int order;
    if (!int_as_int(t, args[2], &order)) return ERROR;
    return encode_with(t, args, function, encode, order < 0 ? -1 : order > 0);
}
static Value utf_16_encode(Thread *t, Value self, const Value *args) { (void)self; return encode_ordered(t, args, "utf_16_encode", utf16_encode); }
static Value utf_32_encode(Thread *t, Value self, const Value *args) { (void)self; return encode_ordered(t, args, "utf_32_encode", utf32_encode); }

// utf_16_ex_decode(data, errors=None, byteorder=0, final=False): (text, consumed, byteorder)
static Value decode_ex(Thread *t, const Value *args, Decoder *decode)
{
    const char *errors;
    int order;
    OWN Value data = codec_data_argument(t, args[0], false);
    if (is_error(data) || !codec_errors_argument(t, args[1], &errors) || !int_as_int(t, args[2], &order)) return ERROR;
    int final = object_truth(t, args[3]);
    if (final < 0) return ERROR;
    size_t consumed = bytes_length(data);
    OWN Value text = decode(t, bytes_data(data), bytes_length(data), errors, &order, final, final ? NULL : &consumed);
    return is_error(text) ? ERROR : tuple_of(t, 3, text, small_int((int64_t)consumed), small_int(order));
}
static Value utf_16_ex_decode(Thread *t, Value self, const Value *args) { (void)self; return decode_ex(t, args, utf16_decode); }
static Value utf_32_ex_decode(Thread *t, Value self, const Value *args) { (void)self; return decode_ex(t, args, utf32_decode); }

static Value readbuffer_encode(Thread *t, Value self, const Value *args)
{
    (void)self;
    Value data = codec_data_argument(t, args[0], true);
    return is_error(data) ? ERROR : codec_result(t, data, bytes_length(data));
}

#define ENCODE_SIGNATURE "(str, errors=None, /)"
#define DECODE_SIGNATURE "(data, errors=None, final=False, /)"
static const Method functions[] = {
    {"register", function_register, "(search_function, /)", "Register a codec search function."},
    {"unregister", function_unregister, "(search_function, /)", "Unregister a codec search function and clear the registry's cache."},
    {"lookup", function_lookup, "(encoding, /)", "Looks up a codec tuple in the Python codec registry and returns a CodecInfo object."},
    {"encode", function_encode, "(obj, encoding='utf-8', errors='strict')", "Encodes obj using the codec registered for encoding."},
    {"decode", function_decode, "(obj, encoding='utf-8', errors='strict')", "Decodes obj using the codec registered for encoding."},
    {"_forget_codec", function_forget, "(encoding, /)", "Purge the named codec from the internal codec lookup cache"},
    {"register_error", function_register_error, "(errors, handler, /)", "Register the specified error handler under the name errors."},
    {"lookup_error", function_lookup_error, "(name, /)", "Return the error handler for the specified error handling name."},
    {"utf_8_encode", utf_8_encode, ENCODE_SIGNATURE, NULL},
    {"utf_8_decode", utf_8_decode, DECODE_SIGNATURE, NULL},
    {"utf_7_encode", codec_utf7_encode, ENCODE_SIGNATURE, NULL},
    {"utf_7_decode", codec_utf7_decode, DECODE_SIGNATURE, NULL},
    {"utf_16_encode", utf_16_encode, "(str, errors=None, byteorder=0, /)", NULL},
    {"utf_16_le_encode", utf_16_le_encode, ENCODE_SIGNATURE, NULL},
    {"utf_16_be_encode", utf_16_be_encode, ENCODE_SIGNATURE, NULL},
    {"utf_16_decode", utf_16_decode, DECODE_SIGNATURE, NULL},
    {"utf_16_le_decode", utf_16_le_decode, DECODE_SIGNATURE, NULL},
    {"utf_16_be_decode", utf_16_be_decode, DECODE_SIGNATURE, NULL},
    {"utf_16_ex_decode", utf_16_ex_decode, "(data, errors=None, byteorder=0, final=False, /)", NULL},
    {"utf_32_encode", utf_32_encode, "(str, errors=None, byteorder=0, /)", NULL},
    {"utf_32_le_encode", utf_32_le_encode, ENCODE_SIGNATURE, NULL},
    {"utf_32_be_encode", utf_32_be_encode, ENCODE_SIGNATURE, NULL},
    {"utf_32_decode", utf_32_decode, DECODE_SIGNATURE, NULL},
    {"utf_32_le_decode", utf_32_le_decode, DECODE_SIGNATURE, NULL},
    {"utf_32_be_decode", utf_32_be_decode, DECODE_SIGNATURE, NULL},
    {"utf_32_ex_decode", utf_32_ex_decode, "(data, errors=None, byteorder=0, final=False, /)", NULL},
    {"unicode_escape_encode", unicode_escape_encode_function, ENCODE_SIGNATURE, NULL},
    {"unicode_escape_decode", unicode_escape_decode_function, "(data, errors=None, final=True, /)", NULL},
    {"raw_unicode_escape_encode", raw_unicode_escape_encode_function, ENCODE_SIGNATURE, NULL},
    {"raw_unicode_escape_decode", raw_unicode_escape_decode_function, "(data, errors=None, final=True, /)", NULL},
    {"latin_1_encode", latin_1_encode, ENCODE_SIGNATURE, NULL},
    {"latin_1_decode", latin_1_decode, "(data, errors=None, /)", NULL},
    {"ascii_encode", ascii_encode_function, ENCODE_SIGNATURE, NULL},
    {"ascii_decode", ascii_decode_function, "(data, errors=None, /)", NULL},
    {"charmap_encode", codec_charmap_encode, "(str, errors=None, mapping=None, /)", NULL},
    {"charmap_decode", codec_charmap_decode, "(data, errors=None, mapping=None, /)", NULL},
    {"charmap_build", codec_charmap_build, "(map, /)", NULL},
    {"escape_encode", codec_escape_encode, "(data, errors=None, /)", NULL},
    {"escape_decode", codec_escape_decode, "(data, errors=None, /)", NULL},
    {"readbuffer_encode", readbuffer_encode, "(data, errors=None, /)", NULL},
    {0},
};

const ModuleSpec _codecs_spec = {.name = "_codecs", .functions = functions};
