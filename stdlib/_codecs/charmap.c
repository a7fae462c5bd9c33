// SPDX-License-Identifier: MIT
// stdlib/_codecs/charmap.c: codecs by a table, as the one-byte encodings of the package encodings use them.
//
// A decoding table is a str, whose character at a byte's place is its meaning (U+FFFE: none), or a mapping from ints; an
// encoding table is a mapping from code points: charmap_build gives a dict.
#include "runtime/types/dict.h"
#include "stdlib/_codecs/codecs.h"

#define UNDEFINED_REASON "character maps to <undefined>"

// What the table says for one byte, added to out: 1; undefined: 0; raised: -1.
static int decode_byte(Thread *t, Value table, uint8_t byte, StrBuilder *out)
{
    if (is_str(table)) {
        Str *s = as_str(table);
        if (byte >= s->length || str_at(s, byte) == 0xFFFE) return 0;
        builder_add(out, str_at(s, byte));
        return 1;
    }
    OWN Value meaning = object_get_item(t, table, small_int(byte));
    if (is_error(meaning)) return error_clear_if(t, &exc_LookupError) ? 0 : -1;
    if (is_none(meaning)) return 0;
    if (is_str(meaning)) {
        if (as_str(meaning)->length == 1 && str_at(as_str(meaning), 0) == 0xFFFE) return 0;
        builder_add_str(out, as_str(meaning));
        return 1;
    }
    if (!is_int(meaning)) return error_minus(raise_type_error(t, "character mapping must return integer, None or str"));
    int64_t code = -1;
    if (is_small_int(meaning)) code = as_small_int(meaning);
    if (code == 0xFFFE) return 0;
    if (code < 0 || code > 0x10FFFF) return error_minus(raise_type_error(t, "character mapping must be in range(0x%x)", 0x110000));
    builder_add(out, (Codepoint)code);
    return 1;
}

Value codec_charmap_decode(Thread *t, Value self, const Value *args)
{
    (void)self;
    const char *errors;
    OWN Value owner = codec_data_argument(t, args[0], false);
    if (is_error(owner) || !codec_errors_argument(t, args[1], &errors)) return ERROR;
    const char *data = bytes_data(owner);
    size_t length = bytes_length(owner), given = length;
    if (is_none(args[2])) return codec_result(t, str_from_latin1(t, data, length), length);
    StrBuilder out;
    builder_start(t, &out);
    OWN_CODEC_ERRORS CodecErrors e = {t, "charmap", errors, UNBOUND, data, length};
    for (size_t at = 0; at < length && !out.failed;) {
        int found = decode_byte(t, args[2], (uint8_t)data[at], &out);
        if (found > 0) {
            at++;
            continue;
        }
        if (found < 0 || !codec_decode_error(&e, at, at + 1, UNDEFINED_REASON, &out, &at)) {
            builder_abandon(&out);
            return ERROR;
        }
        data = e.data;
        length = e.length;
    }
    return codec_result(t, builder_finish(&out), given);
}

// The bytes for one character, added to out: 1; undefined: 0; raised: -1.
static int encode_character(Thread *t, Value table, Codepoint c, ByteBuilder *out)
{
    OWN Value code = object_get_item(t, table, small_int(c));
    if (is_error(code)) return error_clear_if(t, &exc_LookupError) ? 0 : -1;
    if (is_none(code)) return 0;
    if (is_bytes(code)) {
        byte_builder_add(out, bytes_data(code), bytes_length(code));
        return 1;
    }
    if (!is_int(code)) return error_minus(raise_type_error(t, "character mapping must return integer, bytes or None, not %.400T", code));
    int64_t byte = is_small_int(code) ? as_small_int(code) : -1;
    if (byte < 0 || byte > 255) return error_minus(raise_type_error(t, "character mapping must be in range(256)"));
    byte_builder_put(out, (unsigned)byte);
    return 1;
}

// What the error handler gave for s[start..end), encoded by the table in its turn.
static bool add_replacement(const CodecErrors *e, Value table, Value replacement, size_t start, size_t end, ByteBuilder *out)
{
    if (is_bytes(replacement)) {
        byte_builder_add(out, bytes_data(replacement), bytes_length(replacement));
        return !out->failed;
    }
    Str *text = as_str(replacement);
    for (size_t i = 0; i < text->length; i++) {
        int found = encode_character(e->t, table, str_at(text, i), out);
        if (found < 0) return false;
        if (found == 0) return error_false(raise_encode_error(e->t, e->encoding, e->object, start, end, UNDEFINED_REASON));
    }
    return !out->failed;
}

// The run of characters from start on that the table does not know goes to the error handler. *at moves on.
static bool encode_undefined(const CodecErrors *e, Value table, size_t *at, ByteBuilder *out)
{
    Str *s = as_str(e->object);
    size_t start = *at, end = start + 1;
    for (; end < s->length; end++) {
        ByteBuilder trial;
        byte_builder_start(e->t, &trial);
        int found = encode_character(e->t, table, str_at(s, end), &trial);
        byte_builder_abandon(&trial);
        if (found < 0) return false;
        if (found > 0) break;
    }
    OWN Value replacement = UNBOUND;
    return codec_encode_error(e, start, end, UNDEFINED_REASON, &replacement, at) && add_replacement(e, table, replacement, start, end, out);
}

Value codec_charmap_encode(Thread *t, Value self, const Value *args)
{
    (void)self;
    const char *errors;
    Str *s = codec_text_argument(t, args[0], "charmap_encode");
    if (!s || !codec_errors_argument(t, args[1], &errors)) return ERROR;
    if (is_none(args[2])) return codec_result(t, latin1_encode(t, s, errors), s->length);
    ByteBuilder out;
    byte_builder_start(t, &out);
    for (size_t at = 0; at < s->length && !out.failed;) {
        int found = encode_character(t, args[2], str_at(s, at), &out);
        if (found > 0) {
            at++;
            continue;
        }
        CodecErrors e = {t, "charmap", errors, args[0], NULL, 0};
        if (found == 0 && encode_undefined(&e, args[2], &at, &out)) continue;
        byte_builder_abandon(&out);
        return ERROR;
    }
    return codec_result(t, byte_builder_finish(&out), s->length);
}

Value codec_charmap_build(Thread *t, Value self, const Value *args)
{
    (void)self;
    Str *map = codec_text_argument(t, args[0], "charmap_build");
    OWN_POINTER Dict *table = map ? dict_new(t) : NULL;
    if (!table) return ERROR;
    for (size_t i = 0; i < map->length && i < 256; i++) {
        if (str_at(map, i) == 0xFFFE) continue;
        if (!dict_set(t, table, small_int(str_at(map, i)), small_int((int64_t)i))) return ERROR;
    }
    return object_value(MOVE_POINTER(table));
}
