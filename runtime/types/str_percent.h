// SPDX-License-Identifier: MIT
// runtime/types/str_percent.h: the % operator of str and bytes.
#ifndef BATON_RUNTIME_TYPES_STR_PERCENT_H
#define BATON_RUNTIME_TYPES_STR_PERCENT_H

#include "runtime/types/codec.h"

// format % arguments as a str; for_bytes: format is the Latin-1 text of bytes, and so is the result.
NEEDS_GIL NEW_REF Value percent_format(Thread *t, Str *format, Value arguments, bool for_bytes);

#endif
