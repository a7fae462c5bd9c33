// SPDX-License-Identifier: MIT
// runtime/types/str_format.h: the parser of str.format, as string.Formatter needs it too (the module _string).
#ifndef BATON_RUNTIME_TYPES_STR_FORMAT_H
#define BATON_RUNTIME_TYPES_STR_FORMAT_H

#include "runtime/types/str.h"

// A list of (literal text, field name or None, format spec or None, conversion or None).
NEEDS_GIL NEW_REF Value format_parse(Thread *t, Str *format);
// (first, list of (is attribute, name or index)): first is an int or a str.
NEEDS_GIL NEW_REF Value format_split_field_name(Thread *t, Str *name);

#endif
