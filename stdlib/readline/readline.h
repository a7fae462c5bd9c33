// SPDX-License-Identifier: MIT
// stdlib/readline/readline.h: what the files of the module share.
//
// The library has one state for the process, so what is kept of it here is static too. Who touches either holds the GIL or is `editor`,
// the one thread that is inside read_line(): available() refuses the others.
#ifndef BATON_STDLIB_READLINE_H
#define BATON_STDLIB_READLINE_H

#include <stdio.h>

#include <readline/history.h>
#include <readline/readline.h>

#include "runtime/error.h"
#include "runtime/types/module.h"
#include "stdlib/module_slots.h"

NEEDS_GIL MAY_RAISE bool readline_available(Thread *t);
NEEDS_GIL NEW_REF char *readline_text(Thread *t, Value v);     // of a str argument, for the library: freed by mem_free
NEEDS_GIL void readline_install(Thread *t);                    // makes input() read through the library, and its hooks call ours

extern const Method readline_history_functions[], readline_edit_functions[];

#endif
