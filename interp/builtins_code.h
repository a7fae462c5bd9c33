// SPDX-License-Identifier: MIT
// interp/builtins_code.h: the functions of builtins and sys that need code and frames.
#ifndef BATON_INTERP_BUILTINS_CODE_H
#define BATON_INTERP_BUILTINS_CODE_H

#include "runtime/type.h"

extern const Method builtins_code_functions[];   // builtins_code.c
extern const Method sys_frame_functions[];       // sys_frames.c
// Whether builtins.__import__ is still ours.
NEEDS_GIL bool import_is_original(Value function);

NEEDS_GIL NEW_REF Value symbols_of_source(Thread *t, Value source, Value filename, Value mode);     // for module _symtable

#endif
