// SPDX-License-Identifier: MIT
// stdlib/dis/dis.c: the module _dis: code objects and the table of instructions as data, for the module dis.
#include "interp/interp.h"
#include "runtime/error.h"
#include "runtime/types/module.h"

static bool check_code(Thread *t, Value v)
{
    if (is_object(v) && as_object(v)->type == &code_type) return true;
    return error_false(raise_type_error(t, "a code object is required, not %T", v));
}

static Value instructions(Thread *t, Value module, const Value *args) { return check_code(t, args[0]) ? code_instructions(t, args[0]) : ERROR; }
static Value handlers(Thread *t, Value module, const Value *args) { return check_code(t, args[0]) ? code_handler_ranges(t, args[0]) : ERROR; }
static Value opcodes(Thread *t, Value module, const Value *args) { return opcode_table(t); }

static const Method functions[] = {
    {"instructions", instructions, "(code, /)", "A tuple for each instruction: opcode, arg, what it is about, its operands as text, offset, whether it jumps."},
    {"handlers", handlers, "(code, /)", "A tuple for each range that is protected: start, end, target, temporaries in use."},
    {"opcodes", opcodes, "()", "A tuple for each instruction there is: name, what it does, the kinds of its four operands."},
    {0},
};

extern const ModuleSpec _dis_spec;
const ModuleSpec _dis_spec = {
    .name = "_dis",
    .doc = "Instructions as data.",
    .functions = functions,
};
