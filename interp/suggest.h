// SPDX-License-Identifier: MIT
// interp/suggest.h: "Did you mean": the name that was meant by one that is not there.
#ifndef BATON_INTERP_SUGGEST_H
#define BATON_INTERP_SUGGEST_H

#include "runtime/object.h"

// For a NameError or AttributeError the likeliest name: a str; NONE: no idea.
NEEDS_GIL NEW_REF Value suggest(Thread *t, Value exception);

#endif
