// SPDX-License-Identifier: MIT
// interp/jump.h: a tracer sets f_lineno.
#ifndef BATON_INTERP_JUMP_H
#define BATON_INTERP_JUMP_H

#include "interp/frame.h"

NEEDS_GIL MAY_RAISE bool jump_prepare(Thread *t, FrameObject *f, int64_t line);    // notes where to; ValueError: it may not go there
NEEDS_GIL MAY_RAISE bool jump_go(Thread *t, FrameObject *f);                       // to what was noted, once the tracer has returned

#endif
