// SPDX-License-Identifier: MIT
// interp/trace.h: sys.settrace and sys.setprofile: events of frames, told to Python functions.
//
// The evaluation loop has two dispatch tables. While a thread traces it uses the one that comes here before every
// instruction; otherwise none of this is ever looked at.
#ifndef BATON_INTERP_TRACE_H
#define BATON_INTERP_TRACE_H

#include "interp/frame.h"

static ALWAYS_INLINE bool tracing(const Thread *t) { return !is_unbound(t->trace_function) || !is_unbound(t->profile_function); }

static ALWAYS_INLINE bool instrumented_loop(const Thread *t) { return tracing(t) || (t->watch & WATCH_LOOP); }

NEEDS_GIL MAY_RAISE bool trace_call(Thread *t, Frame *frame);                 // a frame begins or goes on
NEEDS_GIL MAY_RAISE bool trace_instruction(Thread *t, Frame *frame);          // before the instruction behind frame->pc - 1
NEEDS_GIL MAY_RAISE bool trace_return(Thread *t, Frame *frame, Value result); // a frame returns or yields
NEEDS_GIL void trace_exception(Thread *t, Frame *frame);                      // the pending exception has come to the frame
NEEDS_GIL void trace_unwind(Thread *t, Frame *frame);                         // the frame ends by it
// For sys: NONE turns it off.
NEEDS_GIL void trace_set(Thread *t, Value function);
NEEDS_GIL void trace_set_profile(Thread *t, Value function);

#endif
