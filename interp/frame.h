// SPDX-License-Identifier: MIT
// interp/frame.h: frames: what a call in progress knows, and the `frame` objects that Python sees of it.
//
// Owns     Frame, the two stacks of a thread (registers grow upwards, frame headers downwards in a part of their own),
//          FrameObject.
// Always   1. A register that is not in use holds no reference: UNBOUND or a stale immediate.
//          2. The parameters of a frame are the outgoing registers of its caller, but for generators, which own theirs.
//          3. A FrameObject is made when somebody asks; when its frame ends while it is known, it takes the registers over.
#ifndef BATON_INTERP_FRAME_H
#define BATON_INTERP_FRAME_H

#include "interp/function.h"
#include "runtime/thread.h"

typedef enum FrameEntry {
    ENTRY_C,          // vm_run returns to C
    ENTRY_CALL,       // the result goes to the destination of the caller's call instruction
    ENTRY_INIT,       // __init__: the result is the new instance, in the register in front of the parameters
    ENTRY_FOR,        // a generator stepped by FOR_LOOP
    ENTRY_SEND,       // a generator or coroutine stepped by SEND
} FrameEntry;

struct Frame {
    const uint32_t *pc;       // the next instruction; saved before what may look at it
    Value *regs;
    Code *code;
    Function *function;       // kept alive by the caller's register, or by `owner`
    Value *limit;             // behind the last register: where frames called from here begin
    Frame *back;
    Value names;              // the namespace of a class body or module, or UNBOUND
    struct FrameObject *object;   // or NULL
    uint8_t entry;
    bool owns_function;       // frame drops `function` at its end
    bool is_generator;        // part of a Generator
    uint8_t handlers;         // of a generator: except clauses it is in
};

_Static_assert(offsetof(Frame, pc) == 0, "runtime/lock.c notes where a lock was taken by the first word of the frame");

typedef struct FrameObject {
    Object head;
    Frame *frame;             // the live frame, or &own
    Frame own;                // after the frame has ended
    struct FrameObject *back; // known once the frame has ended
    Value locals;             // the dict of f_locals, or UNBOUND
    Value trace;              // f_trace, or UNBOUND
    Value extra;
    int trace_line, trace_word;   // where trace last was
    char event;                   // the first letter of the event that the frame's tracer is being told; 0: none
    uint32_t jump;                // where the tracer has sent the frame: word + 1; 0: nowhere
    int jump_line;
    bool trace_lines, trace_opcodes, ended;
    bool cleared;             // clear() was called: it has no locals any more
} FrameObject;

extern Type frame_type;
extern const TypeSpec frame_spec;

NEEDS_GIL FrameObject *frame_object(Thread *t, Frame *frame);       // borrowed from the frame; NULL: raised
NEEDS_GIL void frame_object_detach(Thread *t, Frame *frame);        // at the end of a frame with an object
NEEDS_GIL NEW_REF Value frame_locals(Thread *t, Frame *frame);      // what locals() gives
NEEDS_GIL MAY_RAISE bool frame_locals_to_fast(Thread *t, FrameObject *f);   // f_locals back to the registers
int frame_line(const Frame *frame);
static inline uint32_t frame_at(const Frame *frame)                 // the word of the instruction under way
{
    return frame->pc > frame->code->words ? (uint32_t)(frame->pc - frame->code->words) - 1 : 0;
}
// Where the registers of a frame called from the innermost one begin.
static ALWAYS_INLINE Value *stack_base(Thread *t) { return t->frame ? t->frame->limit : t->stack; }
NEEDS_GIL COLD bool stack_overflow(Thread *t);                 // raises RecursionError; always false
// The innermost frame of Python code; NULL: none.
static inline Frame *frame_current(Thread *t) { return t->frame; }

#endif
