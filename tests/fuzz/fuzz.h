// SPDX-License-Identifier: MIT
// tests/fuzz/fuzz.h: what the targets share: an interpreter without Python code, made with the first input.
#ifndef BATON_TESTS_FUZZ_H
#define BATON_TESTS_FUZZ_H

#include <stdlib.h>

#include "interp/interp.h"
#include "runtime/call.h"
#include "runtime/error.h"
#include "runtime/heap.h"
#include "runtime/types/bytes.h"
#include "runtime/types/module.h"
#include "runtime/types/tuple.h"

static inline Thread *fuzz_thread(void)
{
    static Thread *t;
    if (t) return t;
    Interp *interp = interp_create((uint64_t[2]){0});
    if (!interp || !interp_install(interp->main_thread)) abort();
    t = interp->main_thread;
    return t;
}
// A module of ours, made once; borrowed.
static inline Value fuzz_module(Thread *t, const ModuleSpec *spec)
{
    static Value module;
    if (is_unbound(module) && is_error(module = module_from_spec(t, spec))) abort();
    return module;
}
static inline NEW_REF Value fuzz_attribute(Thread *t, Value v, const char *name)
{
    OWN_POINTER Str *interned = str_intern_text(t, name, strlen(name));
    return interned ? object_get_attr(t, v, interned) : ERROR;
}
// After each input: nothing is pending, no garbage left.
static inline void fuzz_end(Thread *t)
{
    if (error_pending(t)) error_clear(t);
    (void)collect_cycles(t, 2);
}

#endif
