// SPDX-License-Identifier: MIT
// stdlib/contextvars/contextvars.h: what other modules need of contexts: asyncio's loop a copy for each task, and to run inside one; decimal a variable.
#ifndef BATON_STDLIB_CONTEXTVARS_H
#define BATON_STDLIB_CONTEXTVARS_H

#include "runtime/type.h"

extern Type context_type;
NEEDS_GIL NEW_REF Value context_copy_current(Thread *t);
// Makes it the thread's current context until context_leave. False: RuntimeError, some thread runs in it already.
NEEDS_GIL MAY_RAISE bool context_enter(Thread *t, Value context);
NEEDS_GIL void context_leave(Thread *t, Value context);

NEEDS_GIL NEW_REF Value context_var_new(Thread *t, const char *name);
NEEDS_GIL MAY_RAISE Value context_var_get(Thread *t, Value var);              // borrowed; UNBOUND: it has no value here; ERROR
NEEDS_GIL MAY_RAISE bool context_var_set(Thread *t, Value var, Value value);

#endif
