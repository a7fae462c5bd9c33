// SPDX-License-Identifier: MIT
// interp/function.h: functions written in Python, and how the arguments of a call find their parameters.
#ifndef BATON_INTERP_FUNCTION_H
#define BATON_INTERP_FUNCTION_H

#include "interp/code.h"

typedef struct Function {
    Object head;
    Attrs attrs;
    Code *code;
    Dict *globals, *builtins;
    Value defaults;           // tuple, or UNBOUND
    Value kwdefaults;         // dict, or UNBOUND
    Value closure;            // tuple of cells, or UNBOUND
    Str *name, *qualname;
    Value annotations;        // dict; or a tuple of names and values that has not been asked for yet; or UNBOUND
    Value doc, module;        // any; module may be UNBOUND
    Value type_params;        // tuple, or UNBOUND
    Value former_codes;       // codes that __code__ was before: a frame may still run one; a list, or UNBOUND
} Function;

extern Type function_type;
extern const TypeSpec function_spec;
static ALWAYS_INLINE bool is_function(Value v) { return is_object(v) && as_object(v)->type == &function_type; }
static ALWAYS_INLINE Function *as_function(Value v) { ASSERT(is_function(v)); return (Function *)as_object(v); }

NEEDS_GIL NEW_REF Value function_new(Thread *t, Code *code, Dict *globals, Str *qualname /*or NULL*/);
// The builtins that code with these globals sees. Borrowed; NULL: raised.
NEEDS_GIL Dict *builtins_of_globals(Thread *t, Dict *globals);
// Puts the arguments of a call into the registers of a new frame: `regs` has code->registers of them, none holding a
// reference. Positional values in args[0..nargs) and those of kwnames behind them are retained, or moved if `owned`.
// False: a TypeError is pending, regs hold no reference; owned arguments have been dropped in either case.
NEEDS_GIL MAY_RAISE bool function_bind(Thread *t, Function *f, Value *regs, Value *args, size_t nargs, Value kwnames, bool owned);

#endif
