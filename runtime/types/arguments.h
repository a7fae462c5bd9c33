// SPDX-License-Identifier: MIT
// runtime/types/arguments.h: checks of arguments that the constructors and methods of the built-in types share.
#ifndef BATON_RUNTIME_TYPES_ARGUMENTS_H
#define BATON_RUNTIME_TYPES_ARGUMENTS_H

#include "runtime/error.h"
#include "runtime/types/str.h"

// v as a Str (borrowed), or NULL: TypeError "function() argument which must be str, not X". `which`: "'name'" or "1".
NEEDS_GIL MAY_RAISE Str *argument_str(Thread *t, Value v, const char *function, const char *which);
// "X() takes no keyword arguments".
NEEDS_GIL MAY_RAISE bool argument_no_keywords(Thread *t, const char *function, Value kwnames);
// "X expected at most N arguments, got M".
NEEDS_GIL MAY_RAISE bool argument_count_at_most(Thread *t, const char *function, size_t nargs, size_t most);
// An index of a slice (an argument `start` or `end` of find, count, startswith …): UNBOUND and None leave *index as it is.
NEEDS_GIL MAY_RAISE bool argument_slice_index(Thread *t, Value v, ptrdiff_t *index);
// Clips start and end, as of a slice, to a sequence of `length`; false if the slice lies behind the end or is reversed.
bool slice_clip(size_t length, ptrdiff_t *start, ptrdiff_t *end);
// A codec's `encoding` or `errors`: NULL for UNBOUND; false if it is no str. The text is borrowed from v, or owned by *copy.
NEEDS_GIL MAY_RAISE bool argument_codec_text(Thread *t, Value v, const char *function, const char *which, const char **text, char **copy);
NEEDS_GIL MAY_RAISE bool argument_index(Thread *t, Value v, ptrdiff_t *index);      // __index__, OverflowError when too large

#endif
