// SPDX-License-Identifier: MIT
// runtime/types/codec.h: the built-in codecs, and how errors in encoding and decoding are handled.
//
// A decoder with `final` false stops before a sequence that is cut off at the end; *consumed (which may be NULL) says how many
// bytes it used. `errors` NULL means strict.
#ifndef BATON_RUNTIME_TYPES_CODEC_H
#define BATON_RUNTIME_TYPES_CODEC_H

#include "runtime/types/byte_builder.h"
#include "runtime/types/str.h"

NEEDS_GIL bool codec_is_default(const Value *args);     // (encoding, errors) are ("utf-8", "strict")
NEEDS_GIL NEW_REF Value utf8_decode(Thread *t, const char *data, size_t length, const char *errors, bool final, size_t *consumed);
NEEDS_GIL NEW_REF Value utf8_encode(Thread *t, Str *s, const char *errors);
NEEDS_GIL NEW_REF Value latin1_encode(Thread *t, Str *s, const char *errors);
NEEDS_GIL NEW_REF Value ascii_decode(Thread *t, const char *data, size_t length, const char *errors);
NEEDS_GIL NEW_REF Value ascii_encode(Thread *t, Str *s, const char *errors);
// order: -1 little endian, 1 big endian, 0 by the byte order mark, else native; the decoder writes what it found.
NEEDS_GIL NEW_REF Value utf16_decode(Thread *t, const char *data, size_t length, const char *errors, int *order, bool final, size_t *consumed);
NEEDS_GIL NEW_REF Value utf16_encode(Thread *t, Str *s, const char *errors, int order);
NEEDS_GIL NEW_REF Value utf32_decode(Thread *t, const char *data, size_t length, const char *errors, int *order, bool final, size_t *consumed);
NEEDS_GIL NEW_REF Value utf32_encode(Thread *t, Str *s, const char *errors, int order);
NEEDS_GIL NEW_REF Value unicode_escape_decode(Thread *t, const char *data, size_t length, const char *errors, bool final, size_t *consumed);
NEEDS_GIL NEW_REF Value unicode_escape_encode(Thread *t, Str *s);
NEEDS_GIL NEW_REF Value raw_unicode_escape_decode(Thread *t, const char *data, size_t length, const char *errors, bool final, size_t *consumed);
NEEDS_GIL NEW_REF Value raw_unicode_escape_encode(Thread *t, Str *s);

// A codec has raised: a plain exception becomes one of its type that names the codec, with the first as its cause. Always ERROR.
NEEDS_GIL COLD Value codec_name_error(Thread *t, const char *encoding, const char *doing);

// ---- Errors (codec_errors.c)
typedef struct CodecErrors {
    Thread *t;
    const char *encoding;      // as messages name it
    const char *errors;        // the handler's name
    Value object;              // encoding: the str, borrowed. Decoding: the bytes that a handler put in the place of the data, owned
    const char *data;          // decoding: what is decoded now: read it anew after each codec_decode_error
    size_t length;
} CodecErrors;
NEEDS_GIL static inline void codec_errors_release(CodecErrors *e) { drop(e->object); }
#define OWN_CODEC_ERRORS __attribute__((cleanup(codec_errors_release)))   // for decoders

// object[start..end) cannot be encoded: gives what the handler puts in its place, a str or bytes (owned), and where to go on.
NEEDS_GIL MAY_RAISE bool codec_encode_error(const CodecErrors *e, size_t start, size_t end, const char *reason, Value *replacement, size_t *at);
// data[start..end) cannot be decoded: adds the replacement to `out`, and says where to go on.
NEEDS_GIL MAY_RAISE bool codec_decode_error(CodecErrors *e, size_t start, size_t end, const char *reason, StrBuilder *out, size_t *at);
NEEDS_GIL COLD Value raise_encode_error(Thread *t, const char *encoding, Value s, size_t start, size_t end, const char *reason);
NEEDS_GIL COLD Value raise_decode_error(Thread *t, const char *encoding, Value bytes, size_t start, size_t end, const char *reason);
// What codecs.lookup_error("ignore") and its like do: (replacement, position) for a UnicodeError; raises it where the handler cannot.
// `name` is one of codec_handler_names.
NEEDS_GIL NEW_REF Value codec_handle(Thread *t, const char *name, Value exception);
extern const char *const codec_handler_names[];    // NULL-terminated: strict, ignore, replace …

// The canonical name of a built-in codec ("UTF8" is "utf-8"), or NULL.
const char *codec_builtin_name(const char *encoding);

#endif
