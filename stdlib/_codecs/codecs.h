// SPDX-License-Identifier: MIT
// stdlib/_codecs/codecs.h: what the files of the module _codecs share.
#ifndef BATON_STDLIB_CODECS_H
#define BATON_STDLIB_CODECS_H

#include "runtime/buffer.h"
#include "runtime/error.h"
#include "runtime/types/codec.h"
#include "runtime/types/int.h"
#include "runtime/types/module.h"
#include "runtime/types/tuple.h"

// (result, count): what every codec function gives. Takes result, which may be ERROR.
NEEDS_GIL NEW_REF Value codec_result(Thread *t, TAKES Value result, size_t count);
// The `errors` argument: None and "strict" read as NULL; the text is borrowed from v.
NEEDS_GIL MAY_RAISE bool codec_errors_argument(Thread *t, Value v, const char **errors);
// Bytes to decode: a buffer, or the UTF-8 of a str where `str_too`. Owned bytes.
NEEDS_GIL NEW_REF Value codec_data_argument(Thread *t, Value v, bool str_too);
NEEDS_GIL MAY_RAISE Str *codec_text_argument(Thread *t, Value v, const char *function);
typedef Value CodecFunction(Thread *t, Value self, const Value *args);
CodecFunction codec_charmap_decode, codec_charmap_encode, codec_charmap_build, codec_escape_decode, codec_escape_encode, codec_utf7_decode,
    codec_utf7_encode;

#endif
