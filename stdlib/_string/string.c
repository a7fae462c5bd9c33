// SPDX-License-Identifier: MIT
// stdlib/_string/string.c: the module _string: the parser of str.format, for string.Formatter.
#include "runtime/error.h"
#include "runtime/types/module.h"
#include "runtime/types/str_format.h"
#include "runtime/types/tuple.h"

static Value formatter_parser(Thread *t, Value self, const Value *args)
{
    (void)self;
    if (!is_str(args[0])) return raise_type_error(t, "expected str, got %T", args[0]);
    OWN Value pieces = format_parse(t, as_str(args[0]));
    return is_error(pieces) ? ERROR : object_iter(t, pieces);
}

static Value formatter_field_name_split(Thread *t, Value self, const Value *args)
{
    (void)self;
    if (!is_str(args[0])) return raise_type_error(t, "expected str, got %T", args[0]);
    OWN Value parts = format_split_field_name(t, as_str(args[0]));
    if (is_error(parts)) return ERROR;
    OWN Value rest = object_iter(t, as_tuple(parts)->items[1]);
    return is_error(rest) ? ERROR : tuple_of(t, 2, as_tuple(parts)->items[0], rest);
}

static const Method functions[] = {
    {"formatter_parser", formatter_parser, "(format, /)", "parse the argument as a format string"},
    {"formatter_field_name_split", formatter_field_name_split, "(name, /)", "split the argument as a field name"},
    {0},
};

const ModuleSpec _string_spec = {.name = "_string", .doc = "string helper module", .functions = functions};
