// SPDX-License-Identifier: MIT
// interp/interp.h: the one header of interp that stdlib may include: compiling, running, frames and tracebacks.
#ifndef BATON_INTERP_INTERP_H
#define BATON_INTERP_INTERP_H

#include "interp/compile.h"
#include "runtime/types/dict.h"
#include "runtime/upcalls.h"

// Start-up, in this order: the types and the table of upcalls; then, when builtins and sys exist, the functions of those
// modules that need frames and code.
NEEDS_GIL MAY_RAISE bool interp_install(Thread *t);
NEEDS_GIL MAY_RAISE bool interp_start_builtins(Thread *t);

// ---- code
NEEDS_GIL NEW_REF Value code_save(Thread *t, Value code);                        // bytes
NEEDS_GIL NEW_REF Value code_load(Thread *t, const char *data, size_t length);   // ValueError if malformed
uint32_t bytecode_version(void);                                                // of all that makes bytecode what it is: another must not be read
NEEDS_GIL NEW_REF Value disassemble(Thread *t, Value code);                      // Baton's own listing: a str
NEEDS_GIL NEW_REF Value code_instructions(Thread *t, Value code);               // a list of (opcode, arg, what it is about, operands, offset, is a jump)
NEEDS_GIL NEW_REF Value code_handler_ranges(Thread *t, Value code);             // a list of (start, end, target, temporaries in use)
NEEDS_GIL NEW_REF Value opcode_table(Thread *t);                                // a list of (name, what it does, four kinds of operands)
extern Type code_type, function_type, frame_type, traceback_type, generator_type, coroutine_type, async_generator_type;

// ---- frames: the frame object `level` frames up from the innermost one (0). UNBOUND: there is none.
NEEDS_GIL NEW_REF Value interp_frame(Thread *t, int level);
NEEDS_GIL int interp_frame_line(Value frame);
NEEDS_GIL NEW_REF Value interp_thread_frame(Thread *t, Thread *of);              // the innermost frame of the program's code of any thread, or UNBOUND
NEEDS_GIL NEW_REF Value interp_next_instruction(Thread *t, Thread *of);          // what that frame does next, as in a listing: str

// Where a thread, or every thread, is: names and lines to a descriptor. For signal handlers and watchdogs: needs no GIL, allocates nothing.
void interp_dump_thread(int fd, const Thread *t);
void interp_dump_threads(int fd, const Interp *interp, const Thread *current);
// Where a coroutine or generator goes on, or a function begins. False: it is none of these, or at its end.
NEEDS_GIL bool interp_place_of(Value v, CodePlace *place);

// ---- generators and coroutines, stepped from C (asyncio). *returned: it ended, and the result is what it returned.
NEEDS_GIL NEW_REF Value iterator_send(Thread *t, Value iterator, Value sent, bool *returned);
NEEDS_GIL NEW_REF Value interp_throw(Thread *t, Value coroutine, Value exception, bool *returned);
NEEDS_GIL NEW_REF Value get_awaitable(Thread *t, Value v, int kind);             // kind 0: await

// ---- tracebacks: the text that an exception nobody caught is printed as
NEEDS_GIL NEW_REF Value traceback_format(Thread *t, Value exception);
NEEDS_GIL void traceback_print(Thread *t, Value exception);

#endif
