// SPDX-License-Identifier: MIT
// tests/fuzz/fuzz_json.c: any text at all, read as JSON, gives a value or an exception, and nothing is left behind; a value that came of it is
// written, read again, and equal.
//
// The scanner and the encoder alone: no Python code runs, so a fault that would be a JSONDecodeError is a MemoryError here. See README.md for how to build.
#include <stdlib.h>

#include "interp/interp.h"
#include "runtime/call.h"
#include "runtime/error.h"
#include "runtime/types/function.h"
#include "runtime/types/list.h"
#include "runtime/types/tuple.h"
#include "stdlib/_json/json.h"

static Value scanner, encoder;

static Value no_module(Thread *t, Str *name) { return raise_memory_error(t); }

static Value context(Thread *t)
{
    static const char *const attribute_names[] = {"strict", "object_hook", "object_pairs_hook", "parse_float", "parse_int", "parse_constant", NULL};
    Value values[] = {FALSE, NONE, NONE, type_value(&float_type), type_value(&int_type), type_value(&float_type)};
    return simple_namespace_of(t, attribute_names, values);
}
static Thread *start(void)
{
    static Thread *t;
    if (t) return t;
    Interp *interp = interp_create((uint64_t[2]){0});
    if (!interp || !interp_install(interp->main_thread)) abort();
    t = interp->main_thread;
    t->interp->up.import_module = no_module;
    if (!type_prepare(t, &json_scanner_type, &json_scanner_spec) || !type_prepare(t, &json_encoder_type, &json_encoder_spec)) abort();
    static const Method quote = {"encode_basestring_ascii", json_encode_basestring_ascii, "(string, /)", NULL};
    OWN Value options = context(t);
    OWN Value quoting = native_function_new(t, &quote, NONE, NONE);
    OWN Value comma = str_from_text(t, ", "), colon = str_from_text(t, ": ");
    OWN_POINTER Dict *markers = dict_new(t);
    if (is_error(options) || is_error(quoting) || is_error(comma) || is_error(colon) || !markers) abort();
    scanner = call1(t, type_value(&json_scanner_type), options);
    encoder = call(t, type_value(&json_encoder_type), (Value[]){dict_value(markers), NONE, quoting, NONE, colon, comma, FALSE, FALSE, TRUE}, 9, UNBOUND);
    if (is_error(scanner) || is_error(encoder)) abort();
    return t;
}
// What was read, written and read again.
static void write_and_read(Thread *t, Value value)
{
    OWN Value pieces = call2(t, encoder, value, small_int(0));
    if (is_error(pieces)) return;
    OWN Value again = call2(t, scanner, as_tuple(pieces)->items[0], small_int(0));
    if (is_error(again)) abort();
    OWN Value pieces_again = call2(t, encoder, as_tuple(again)->items[0], small_int(0));
    if (is_error(pieces_again) || !str_equal(as_str(as_tuple(pieces)->items[0]), as_str(as_tuple(pieces_again)->items[0]))) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Thread *t = start();
    bool latin1 = size && data[0] == 0xFF;
    OWN Value text = latin1 ? str_from_latin1(t, (const char *)data + 1, size - 1) : str_from_wtf8(t, (const char *)data, size);
    if (!is_error(text)) {
        OWN Value result = call2(t, scanner, text, small_int(0));
        if (!is_error(result)) write_and_read(t, as_tuple(result)->items[0]);
    }
    if (error_pending(t)) error_clear(t);
    return 0;
}
