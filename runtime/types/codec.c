// SPDX-License-Identifier: MIT
// runtime/types/codec.c: which codec a name means. Those of codec.h are called directly; any other is looked up by
// the registry of codecs, the module _codecs.
#include "runtime/types/codec.h"

#include "runtime/call.h"
#include "runtime/thread.h"
#include "runtime/types/dict.h"
#include "runtime/types/exception.h"
#include "runtime/types/str_internal.h"
#include "runtime/types/tuple.h"

// Aliases in normal form: lower case, words joined by one underscore.
static const struct { const char *alias, *name; } aliases[] = {
    {"utf_8", "utf-8"}, {"utf8", "utf-8"}, {"u8", "utf-8"}, {"utf", "utf-8"}, {"cp65001", "utf-8"},
    {"latin_1", "latin-1"}, {"latin1", "latin-1"}, {"latin", "latin-1"}, {"l1", "latin-1"}, {"iso_8859_1", "latin-1"}, {"iso8859_1", "latin-1"},
    {"iso8859", "latin-1"}, {"8859", "latin-1"}, {"cp819", "latin-1"},
    {"ascii", "ascii"}, {"us_ascii", "ascii"}, {"646", "ascii"},
    {"utf_16", "utf-16"}, {"utf16", "utf-16"}, {"u16", "utf-16"},
    {"utf_16_le", "utf-16-le"}, {"utf_16le", "utf-16-le"}, {"utf16_le", "utf-16-le"}, {"utf16le", "utf-16-le"},
    {"utf_16_be", "utf-16-be"}, {"utf_16be", "utf-16-be"}, {"utf16_be", "utf-16-be"}, {"utf16be", "utf-16-be"},
    {"utf_32", "utf-32"}, {"utf32", "utf-32"}, {"u32", "utf-32"},
    {"utf_32_le", "utf-32-le"}, {"utf_32le", "utf-32-le"}, {"utf32_le", "utf-32-le"},
    {"utf_32_be", "utf-32-be"}, {"utf_32be", "utf-32-be"}, {"utf32_be", "utf-32-be"},
    {"unicode_escape", "unicode-escape"}, {"raw_unicode_escape", "raw-unicode-escape"},
};

const char *codec_builtin_name(const char *encoding)
{
    if (strcmp(encoding, "utf-8") == 0) return "utf-8";
    char normal[24];
    size_t length = 0;
    for (const char *at = encoding; *at; at++) {
        char c = *at >= 'A' && *at <= 'Z' ? (char)(*at | 0x20) : *at;
        if (c == '-' || c == ' ' || c == '_') {
            if (length == 0 || normal[length - 1] == '_') continue;
            c = '_';
        }
        if (length + 1 >= sizeof normal) return NULL;
        normal[length++] = c;
    }
    normal[length] = 0;
    for (size_t i = 0; i < COUNT_OF(aliases); i++) if (strcmp(aliases[i].alias, normal) == 0) return aliases[i].name;
    return NULL;
}

static Value raise_unknown(Thread *t, const char *encoding) { return raise_error(t, &exc_LookupError, "unknown encoding: %s", encoding); }

// An exception that has a message, or nothing, and no more: one that is made anew from another message loses nothing.
static bool is_plain(Value exception)
{
    Type *type = type_of(exception);
    Value args = as_exception(exception)->args;
    if (type->base_size != exc_BaseException.base_size || !is_tuple(args) || as_tuple(args)->length > 1 || (as_tuple(args)->length == 1 && !is_str(as_tuple(args)->items[0]))) return false;
    if (!is_same(type_lookup(type, NAME(__init__)), type_lookup(&exc_Exception, NAME(__init__))) || !is_same(type_lookup(type, NAME(__new__)), type_lookup(&exc_Exception, NAME(__new__)))) return false;
    const Attrs *attrs = object_attrs(as_object(exception));
    return !attrs || (attrs->shape ? attrs->shape->count == 0 : !attrs->dict || attrs->dict->count == 0);
}
Value codec_name_error(Thread *t, const char *encoding, const char *doing)
{
    OWN Value cause = error_take(t);
    if (!is_plain(cause)) {
        error_restore(t, MOVE(cause));
        return ERROR;
    }
    OWN Value message = str_format(t, "%s with '%s' codec failed (%T: %S)", doing, encoding, cause, cause);
    OWN Value exception = is_error(message) ? ERROR : call1(t, type_value(type_of(cause)), message);
    return is_error(exception) ? ERROR : raise_statement(t, exception, cause);
}
static Value name_codec(Thread *t, Value result, const char *encoding, const char *doing) { return is_error(result) ? codec_name_error(t, encoding, doing) : result; }

// codecs.lookup(encoding)[which], called with the object and errors: the first item of what it gives.
static Value call_registered(Thread *t, Value object, const char *encoding, const char *errors, bool decoding)
{
    OWN_POINTER Str *module_name = str_intern_text(t, "_codecs", 7), *lookup = str_intern_text(t, "lookup", 6);
    OWN_POINTER Str *marker = str_intern_text(t, "_is_text_encoding", 17);
    if (!module_name || !lookup || !marker) return ERROR;
    if (!t->interp->up.import_module) return raise_unknown(t, encoding);
    OWN Value module = t->interp->up.import_module(t, module_name);
    if (is_error(module)) return error_clear_if(t, &exc_ImportError) ? raise_unknown(t, encoding) : ERROR;
    OWN Value name = str_from_text(t, encoding), why = str_from_text(t, errors ? errors : "strict");
    if (is_error(name) || is_error(why)) return ERROR;
    OWN Value info = call_method1(t, module, lookup, name);
    if (is_error(info)) return ERROR;
    OWN Value is_text = object_get_attr_optional(t, info, marker);
    if (is_error(is_text)) return ERROR;
    int text = is_unbound(is_text) ? 1 : object_truth(t, is_text);
    if (text < 0) return ERROR;
    if (text == 0) return raise_error(t, &exc_LookupError, "'%.400s' is not a text encoding; use codecs.%s() to handle arbitrary codecs", encoding,
                                      decoding ? "decode" : "encode");
    OWN Value function = object_get_item(t, info, small_int(decoding));
    if (is_error(function)) return ERROR;
    OWN Value result = call2(t, function, object, why);
    if (is_error(result)) return codec_name_error(t, encoding, decoding ? "decoding" : "encoding");
    if (!is_tuple(result) || as_tuple(result)->length != 2)
        return raise_type_error(t, decoding ? "decoder must return a tuple (object,integer)" : "encoder must return a tuple (object, integer)");
    return retain(as_tuple(result)->items[0]);
}

static bool is_direct(const char *name)
{
    return strcmp(name, "utf-8") == 0 || strcmp(name, "latin-1") == 0 || strcmp(name, "ascii") == 0 || strcmp(name, "utf-16") == 0 ||
           strcmp(name, "utf-32") == 0;
}

// `name` as codec_builtin_name gives it.
static Value encode_builtin(Thread *t, Str *s, const char *name, const char *errors)
{
    if (strcmp(name, "utf-8") == 0) return utf8_encode(t, s, errors);
    if (strcmp(name, "latin-1") == 0) return latin1_encode(t, s, errors);
    if (strcmp(name, "ascii") == 0) return ascii_encode(t, s, errors);
    if (strcmp(name, "unicode-escape") == 0) return unicode_escape_encode(t, s);
    if (strcmp(name, "raw-unicode-escape") == 0) return raw_unicode_escape_encode(t, s);
    int order = strstr(name, "-le") ? -1 : strstr(name, "-be") ? 1 : 0;
    return name[4] == '1' ? utf16_encode(t, s, errors, order) : utf32_encode(t, s, errors, order);
}

static Value decode_builtin(Thread *t, const char *data, size_t length, const char *name, const char *errors)
{
    if (strcmp(name, "utf-8") == 0) return utf8_decode(t, data, length, errors, true, NULL);
    if (strcmp(name, "latin-1") == 0) return str_from_latin1(t, data, length);
    if (strcmp(name, "ascii") == 0) return ascii_decode(t, data, length, errors);
    if (strcmp(name, "unicode-escape") == 0) return unicode_escape_decode(t, data, length, errors, true, NULL);
    if (strcmp(name, "raw-unicode-escape") == 0) return raw_unicode_escape_decode(t, data, length, errors, true, NULL);
    int order = strstr(name, "-le") ? -1 : strstr(name, "-be") ? 1 : 0;
    return name[4] == '1' ? utf16_decode(t, data, length, errors, &order, true, NULL) : utf32_decode(t, data, length, errors, &order, true, NULL);
}

Value str_encode(Thread *t, Str *s, const char *encoding, const char *errors)
{
    const char *name = encoding ? codec_builtin_name(encoding) : "utf-8";
    if (name) {
        Value result = encode_builtin(t, s, name, errors);
        return is_direct(name) ? result : name_codec(t, result, encoding, "encoding");
    }

    OWN Value result = call_registered(t, object_value(s), encoding, errors, false);
    if (is_error(result) || is_bytes(result)) return MOVE(result);
    if (is_bytearray(result)) {
        if (!warn(t, &exc_RuntimeWarning, 1, "encoder %s returned bytearray instead of bytes; use codecs.encode() to encode to arbitrary types", encoding)) return ERROR;
        return bytes_from(t, as_bytearray(result)->data, as_bytearray(result)->length);
    }
    return raise_type_error(t, "'%.400s' encoder returned '%.400T' instead of 'bytes'; use codecs.encode() to encode to arbitrary types", encoding, result);
}

Value bytes_decode(Thread *t, const char *data, size_t length, const char *encoding, const char *errors)
{
    const char *name = encoding ? codec_builtin_name(encoding) : "utf-8";
    if (name) {
        Value text = decode_builtin(t, data, length, name, errors);
        return is_direct(name) ? text : name_codec(t, text, encoding, "decoding");
    }
    OWN Value object = bytes_from(t, data, length);
    if (is_error(object)) return ERROR;
    OWN Value result = call_registered(t, object, encoding, errors, true);
    if (is_error(result) || is_str(result)) return MOVE(result);
    return raise_type_error(t, "'%.400s' decoder returned '%.400T' instead of 'str'; use codecs.decode() to decode to arbitrary types", encoding, result);
}

static bool says(Value v, const char *text, size_t length)
{
    return is_exact_str(v) && str_is_ascii(as_str(v)) && as_str(v)->length == length && memcmp(as_str(v)->data, text, length) == 0;
}
bool codec_is_default(const Value *args) { return says(args[0], "utf-8", 5) && says(args[1], "strict", 6); }

// str.encode(encoding='utf-8', errors='strict')
Value str_method_encode(Thread *t, Value self, const Value *args)
{
    if (codec_is_default(args)) return utf8_encode(t, as_str(self), NULL);
    OWN_MEMORY char *encoding_copy = NULL, *errors_copy = NULL;
    const char *encoding, *errors;
    if (!argument_codec_text(t, args[0], "encode", "'encoding'", &encoding, &encoding_copy)) return ERROR;
    if (!argument_codec_text(t, args[1], "encode", "'errors'", &errors, &errors_copy)) return ERROR;
    return str_encode(t, as_str(self), encoding, errors);
}
