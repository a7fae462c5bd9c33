// SPDX-License-Identifier: MIT
// interp/traceback.h: traceback objects, and exceptions as text.
#ifndef BATON_INTERP_TRACEBACK_H
#define BATON_INTERP_TRACEBACK_H

#include "interp/frame.h"

typedef struct Traceback {
    Object head;
    Value next;             // Traceback, or NONE
    FrameObject *frame;
    uint32_t word;          // of the instruction
    int line;
} Traceback;

extern Type traceback_type;
extern const TypeSpec traceback_spec;

// Notes in the pending exception that it came through `frame`.
NEEDS_GIL COLD void traceback_add(Thread *t, Frame *frame);
// The frame ends by an exception that a clean-up of no line has raised again: the frame is where the exception came from.
NEEDS_GIL COLD void traceback_settle(Thread *t, Frame *frame);
// The text that the interpreter prints for an exception nobody caught: a str, ending in a newline.
NEEDS_GIL NEW_REF Value traceback_format(Thread *t, Value exception);
// Writes it to sys.stderr, or to file descriptor 2 when there is none.
NEEDS_GIL void traceback_print(Thread *t, Value exception);
// A line of a file as it stands there, or without the blanks around it: a str; UNBOUND if there is none.
NEEDS_GIL NEW_REF Value source_line_of(Thread *t, Str *filename, int line);
NEEDS_GIL NEW_REF Value source_line_trimmed(Thread *t, Str *filename, int line);

#endif
