// SPDX-License-Identifier: MIT
// runtime/upcalls.h: what the runtime calls in interp, which it must not include. interp fills the table at start-up.
#ifndef BATON_RUNTIME_UPCALLS_H
#define BATON_RUNTIME_UPCALLS_H

#include "runtime/object.h"

// Where Python code of a thread is: the instruction at `word` of `code`. `inner`: the innermost code, which is another one
// when modules of ours (frozen into the binary, without source to show) stand in between.
typedef struct CodePlace { Object *code, *inner; uint32_t word; } CodePlace;

// How a line of the terminal came to its end.
typedef enum ReadLineEnd { READ_LINE_DONE, READ_LINE_AT_END, READ_LINE_RAISED } ReadLineEnd;

typedef struct Upcalls {
    NEW_REF Value (*import_module)(Thread *t, Str *name);                // sys.modules[name], imported if need be ("a.b" gives a.b)
    Value (*current_frame)(Thread *t);                                   // the frame object of the innermost Python frame, owned; UNBOUND: none
    int (*current_line)(Thread *t);                                      // line of the innermost Python frame, or 0
    Value (*current_globals)(Thread *t);                                 // borrowed dict of the innermost Python frame, or UNBOUND
    Value (*frame_globals)(Thread *t, int level, Value *filename, int *line); // of the frame `level` up (0: innermost): borrowed; for warnings
    bool (*super_arguments)(Thread *t, Value *type, Value *self);        // of zero-argument super(): borrowed; false: raised RuntimeError
    void (*print_exception)(Thread *t, Value exception);                 // traceback to sys.stderr
    void (*faults_end)(Thread *t);                                       // stops what looks at threads from outside; set by faulthandler
    void (*signals_end)(void);                                           // gives signals back to the system; set by _signal
    bool (*signal_handlers)(Thread *t);                                  // runs the Python handlers of signals that came; false: raised
    bool (*code_place)(Thread *t, CodePlace *place);                     // of the thread itself, borrowed; false: it runs no Python code
    int (*code_place_text)(const CodePlace *place, Str **file, Str **function, Str **inner_file, Str **inner_function);    // its line; all borrowed
    void (*thread_cleared)(Thread *t);                                   // lets go of the frames of a dying thread
    bool (*signals_handled)(void);                                       // a Python handler is there besides SIGINT's own
    NEW_REF Value (*stack_text)(Thread *t, Thread *of);                  // its frames as a traceback shows them: str
    NEW_REF Value (*object_place)(Thread *t, Thread *of, Value object);  // what its code calls the object: str, or UNBOUND
    NEW_REF Value (*place_text)(Thread *t, const void *pc, bool whole);   // of a frame's pc: "FILE, line N" or, whole, as a traceback has it; or UNBOUND
    void (*stack_places)(Thread *t, const void **pcs, size_t most);      // the pc of each frame of the program's own code, innermost first
    bool (*is_program_code)(Thread *t);                                  // whether the innermost frame is the program's own code
    ReadLineEnd (*read_line)(Thread *t, const char *prompt, char **line);    // edited at the terminal, malloc'ed; NULL while the module readline is not there
    Value (*intern_module_name)(Thread *t, Frame *frame);
} Upcalls;

#endif
