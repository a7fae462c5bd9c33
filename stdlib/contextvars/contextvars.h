// SPDX-License-Identifier: MIT
// stdlib/contextvars/contextvars.h: what other modules need of contexts: asyncio's loop a copy for each task, and to run inside one; decimal a variable.
#ifndef BATON_STDLIB_CONTEXTVARS_H
#define BATON_STDLIB_CONTEXTVARS_H

#include "runtime/thread.h"
#include "runtime/types/dict.h"

typedef struct Context { Object head; Value vars, previous; bool entered; } Context;         // vars: a dict, or UNBOUND: empty
typedef struct ContextVar { Object head; Value name, fallback; size_t place; } ContextVar;   // fallback UNBOUND: none; place: where it was last

extern Type context_type;
NEEDS_GIL NEW_REF Value context_copy_current(Thread *t);
// Makes it the thread's current context until context_leave. False: RuntimeError, some thread runs in it already.
NEEDS_GIL MAY_RAISE bool context_enter(Thread *t, Value context);
NEEDS_GIL void context_leave(Thread *t, Value context);

NEEDS_GIL NEW_REF Value context_var_new(Thread *t, const char *name);
NEEDS_GIL MAY_RAISE Value context_var_find(Thread *t, Context *c, Value var);  // borrowed; UNBOUND: it has no value there; ERROR
// The same in the thread's context. A variable tends to stand in the same place of every dict of variables: it remembers where it was last.
static ALWAYS_INLINE NEEDS_GIL MAY_RAISE Value context_var_get(Thread *t, Value var)
{
    if (is_unbound(t->context)) return UNBOUND;
    Context *c = (Context *)as_object(t->context);
    if (LIKELY(!is_unbound(c->vars))) {
        const Dict *vars = as_dict(c->vars);
        size_t place = ((ContextVar *)as_object(var))->place;
        if (LIKELY(place < vars->used && is_same(vars->entries[place].key, var))) return vars->entries[place].value;
    }
    return context_var_find(t, c, var);
}
NEEDS_GIL MAY_RAISE bool context_var_set(Thread *t, Value var, Value value);

#endif
