// SPDX-License-Identifier: MIT
// stdlib/_json/module.c: the module _json: what the borrowed package json uses in place of its own slower half.
#include "runtime/types/module.h"
#include "runtime/types/tuple.h"
#include "stdlib/_json/json.h"

bool json_two_arguments(Thread *t, const char *function, const char *const parameters[2], const Value *args, size_t nargs, Value kwnames, Value two[2])
{
    two[0] = nargs > 0 ? args[0] : UNBOUND;
    two[1] = nargs > 1 ? args[1] : UNBOUND;
    size_t named = is_unbound(kwnames) ? 0 : as_tuple(kwnames)->length;
    if (nargs + named > 2) return error_false(raise_type_error(t, "%s() takes at most 2 arguments (%zu given)", function, nargs + named));
    for (size_t i = 0; i < named; i++) {
        const Str *name = as_str(as_tuple(kwnames)->items[i]);
        size_t which = str_equal_text(name, parameters[0]) ? 0 : 1;
        if (which == 1 && !str_equal_text(name, parameters[1])) return error_false(raise_type_error(t, "'%U' is an invalid keyword argument for %s()", name, function));
        if (!is_unbound(two[which])) return error_false(raise_type_error(t, "argument for %s() given by name ('%s') and position (%zu)", function, parameters[which], which + 1));
        two[which] = args[nargs + i];
    }
    for (size_t i = 0; i < 2; i++)
        if (is_unbound(two[i])) return error_false(raise_type_error(t, "%s() missing required argument '%s' (pos %zu)", function, parameters[i], i + 1));
    return true;
}

static const Method functions[] = {
    {"encode_basestring", json_encode_basestring, "(string, /)", "The string between quotes as JSON writes it."},
    {"encode_basestring_ascii", json_encode_basestring_ascii, "(string, /)", "The string between quotes as JSON writes it, in ASCII alone."},
    {"scanstring", json_scanstring, "(string, end, strict=True, /)", "The JSON string whose first character, behind its quote, is at `end`, and the place behind it."},
    {0},
};
static bool start(Thread *t, Value module)
{
    if (json_scanner_type.version == 0 && (!type_prepare(t, &json_scanner_type, &json_scanner_spec) || !type_prepare(t, &json_encoder_type, &json_encoder_spec))) return false;
    return module_add(t, module, "make_scanner", retain(type_value(&json_scanner_type))) && module_add(t, module, "make_encoder", retain(type_value(&json_encoder_type)));
}
extern const ModuleSpec _json_spec;
const ModuleSpec _json_spec = {.name = "_json", .doc = "The fast half of json.", .functions = functions, .start = start};
