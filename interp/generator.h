// SPDX-License-Identifier: MIT
// interp/generator.h: generators, coroutines and asynchronous generators: frames that can wait.
//
//   CREATED --generator_resume--> RUNNING --YIELD--> SUSPENDED --generator_resume--> RUNNING --RETURN or error--> FINISHED
// Always
//   1. While it is RUNNING its frame is in the thread's chain of frames; else nobody but the generator knows the frame.
//   2. While it is in an except clause (frame.handlers > 0): `handled` is what that handles, and is on the thread while the generator runs;
//      what the resumer handles waits in `outer_handled` then. Else the resumer's stays on the thread, and both are UNBOUND.
#ifndef BATON_INTERP_GENERATOR_H
#define BATON_INTERP_GENERATOR_H

#include "interp/frame.h"

typedef enum GeneratorState { GENERATOR_CREATED, GENERATOR_SUSPENDED, GENERATOR_RUNNING, GENERATOR_FINISHED } GeneratorState;

typedef struct Generator {
    Object head;
    Str *name, *qualname;
    Code *code;
    Value handled, outer_handled;
    Value origin;                   // cr_origin, or UNBOUND
    Value finalizer;                // of an asynchronous generator: the hook, or UNBOUND
    uint8_t state;
    bool closed, hooks_done, async_running;
    Frame frame;
    Value regs[];
} Generator;

extern Type generator_type, coroutine_type, async_generator_type, coroutine_wrapper_type, async_gen_asend_type, async_gen_athrow_type,
    async_gen_wrapped_type;
extern const TypeSpec generator_spec, coroutine_spec, async_generator_spec, coroutine_wrapper_spec, async_gen_asend_spec, async_gen_athrow_spec,
    async_gen_wrapped_spec;

static inline Generator *generator_of_frame(Frame *frame) { return (Generator *)(void *)((char *)frame - offsetof(Generator, frame)); }
static inline bool is_any_generator(Value v)
{
    if (!is_object(v)) return false;
    Type *type = as_object(v)->type;
    return type == &generator_type || type == &coroutine_type || type == &async_generator_type;
}
static inline Generator *as_generator(Value v) { ASSERT(is_any_generator(v)); return (Generator *)as_object(v); }

// Makes the generator of a frame that has just begun: it takes over the registers and the reference to the function.
NEEDS_GIL NEW_REF Value generator_new(Thread *t, Frame *frame);
// Why generator_enter cannot: it runs already (ValueError), is at its end (*ended), or the stack is full. Always false.
NEEDS_GIL MAY_RAISE COLD bool generator_refuse(Thread *t, Generator *g, bool *ended);
// Puts the frame at the top of the thread's frames. False: see generator_refuse.
NEEDS_GIL MAY_RAISE static ALWAYS_INLINE bool generator_enter(Thread *t, Generator *g, FrameEntry entry, bool *ended)
{
    if (UNLIKELY(g->state >= GENERATOR_RUNNING || t->py_depth >= t->recursion_limit)) return generator_refuse(t, g, ended);
    Frame *frame = &g->frame;
    frame->limit = stack_base(t);
    frame->back = t->frame;
    frame->entry = (uint8_t)entry;
    t->frame = frame;
    t->py_depth++;
    g->state = GENERATOR_RUNNING;
    if (UNLIKELY(frame->handlers)) {
        g->outer_handled = t->handled;
        t->handled = MOVE(g->handled);
    }
    return true;
}
// Takes it off again, at a yield.
NEEDS_GIL static ALWAYS_INLINE void generator_suspend(Thread *t, Generator *g)
{
    Frame *frame = &g->frame;
    if (UNLIKELY(frame->handlers)) {
        g->handled = t->handled;
        t->handled = MOVE(g->outer_handled);
    }
    t->frame = frame->back;
    t->py_depth--;
    frame->back = NULL;
    g->state = GENERATOR_SUSPENDED;
}
// Takes it off at its end, and clears it.
NEEDS_GIL void generator_end(Thread *t, Generator *g);
// Its frame ends with an exception: StopIteration becomes RuntimeError.
NEEDS_GIL void generator_failed(Thread *t, Generator *g);

// Resumes it with a value. The value yielded or returned (*returned tells which); ERROR.
NEEDS_GIL NEW_REF Value generator_send(Thread *t, Generator *g, Value sent, bool *returned);
// One step of any iterator for SEND: the value yielded; or *returned and the result; or ERROR.
NEEDS_GIL NEW_REF Value iterator_send(Thread *t, Value iterator, Value sent, bool *returned);
NEEDS_GIL NEW_REF Value generator_throw(Thread *t, Generator *g, Value exception, bool *returned);   // exception: an instance, retained
// What the generator waits for (gi_yieldfrom): borrowed, UNBOUND: nothing.
NEEDS_GIL Value generator_delegate(const Generator *g);
NEEDS_GIL NEW_REF Value get_awaitable(Thread *t, Value v, int kind);          // the iterator of await v; kind as GET_AWAITABLE's c
NEEDS_GIL NEW_REF Value get_anext(Thread *t, Value iterator);
NEEDS_GIL NEW_REF Value get_aiter(Thread *t, Value v);
NEEDS_GIL NEW_REF Value generator_close(Thread *t, Generator *g);     // NONE, or ERROR
// The instance to be thrown by throw(type, value, traceback), as Python's methods of that name take them.
NEEDS_GIL NEW_REF Value thrown_exception(Thread *t, Value type, Value value, Value traceback);
NEEDS_GIL NEW_REF Value generator_throw_value(Thread *t, Value g, const Value *args);   // the method throw
extern const Method async_generator_methods[];
NEEDS_GIL NEW_REF Value async_generator_anext(Thread *t, Value g);
NEEDS_GIL NEW_REF Value async_gen_wrap(Thread *t, TAKES Value v);

#endif
