// SPDX-License-Identifier: MIT
// interp/stack_text.h: what reports of deadlocks and races say of code.
#ifndef BATON_INTERP_STACK_TEXT_H
#define BATON_INTERP_STACK_TEXT_H

#include "interp/frame.h"

NEEDS_GIL NEW_REF Value stack_text(Thread *t, Thread *of);
NEEDS_GIL NEW_REF Value object_place(Thread *t, Thread *of, Value object);            // what its code calls the object; or UNBOUND
NEEDS_GIL NEW_REF Value place_text(Thread *t, const void *pc, bool whole);
NEEDS_GIL void stack_places(Thread *t, const void **pcs, size_t most);
NEEDS_GIL bool frame_is_program(Thread *t);
NEEDS_GIL Frame *program_frame(Thread *t, Thread *of);                                // the innermost of the program's code, or NULL

#endif
