// SPDX-License-Identifier: MIT
// interp/vm.h: the evaluation loop, and what its parts (vm*.c) share.
#ifndef BATON_INTERP_VM_H
#define BATON_INTERP_VM_H

#include "interp/frame.h"
#include "interp/generator.h"

// Runs the innermost frame, which is entered by ENTRY_C, until it returns or yields. `throwing`: an exception is pending,
// raised at the place where the frame (of a generator) waits.
NEEDS_GIL NEW_REF Value vm_run(Thread *t, Frame *frame, bool throwing);

// Runs code in a namespace. names: a mapping, or UNBOUND for the locals of a function; closure: a tuple, or UNBOUND.
NEEDS_GIL NEW_REF Value vm_run_code(Thread *t, Code *code, Dict *globals, Value names, Value closure);
// The slot `call` of functions.
NEEDS_GIL NEW_REF Value vm_call_function(Thread *t, Value f, const Value *args, size_t nargs, Value kwnames);

// ---- frames on the stacks
// The limit of the part of the stack that holds registers; frame headers are above it, growing down from stack_end.
static ALWAYS_INLINE Value *stack_registers_end(const Thread *t) { return t->stack + (t->stack_end - t->stack) / 4 * 3; }
// A new frame whose registers are at regs, whose parameters are in place. NULL: too deep.
NEEDS_GIL Frame *frame_push(Thread *t, Function *f, Value *regs, FrameEntry entry);
NEEDS_GIL void frame_clear(Thread *t, Frame *frame);          // drops what its registers hold, at its end
NEEDS_GIL void frame_pop(Thread *t, Frame *frame);            // frame_clear, and takes it off the stack
// The function that the frame owns, or NULL. What drops it (or frame->names) may run a destructor, which must not find the frame: it goes first.
Function *frame_take_function(Frame *frame);

// ---- vm_ops.c: the instructions that are not worth a place in the loop. False: raised.
#define OP_FUNCTION(name) NEEDS_GIL MAY_RAISE bool name(Thread *t, Frame *frame, uint32_t i)
#define OP_FUNCTION_WORD(name) NEEDS_GIL MAY_RAISE bool name(Thread *t, Frame *frame, uint32_t i, uint32_t word)
OP_FUNCTION(op_binary);
OP_FUNCTION(op_binary_immediate);
OP_FUNCTION(op_unary);
OP_FUNCTION(op_compare);
OP_FUNCTION(op_contains);
NEEDS_GIL MAY_RAISE int op_compare_jump(Thread *t, Frame *frame, uint32_t i);      // the truth: 0, 1, -1
NEEDS_GIL MAY_RAISE int op_contains_jump(Thread *t, Frame *frame, uint32_t i);
OP_FUNCTION(op_index);
OP_FUNCTION(op_store_index);
OP_FUNCTION(op_delete_index);
OP_FUNCTION(op_build_slice);
OP_FUNCTION(op_build_tuple);
OP_FUNCTION(op_build_list);
OP_FUNCTION(op_build_set);
OP_FUNCTION(op_build_dict);
OP_FUNCTION(op_build_string);
OP_FUNCTION(op_format);
OP_FUNCTION(op_list_append);
OP_FUNCTION(op_list_extend);
OP_FUNCTION(op_set_add);
OP_FUNCTION(op_set_update);
OP_FUNCTION(op_dict_set);
OP_FUNCTION(op_dict_update);
OP_FUNCTION(op_dict_merge);
OP_FUNCTION(op_list_to_tuple);
OP_FUNCTION(op_unpack);
OP_FUNCTION_WORD(op_unpack_star);
OP_FUNCTION_WORD(op_unpack_list);
OP_FUNCTION(op_get_iter);
OP_FUNCTION(op_get_yield_from);
OP_FUNCTION(op_before_with);
OP_FUNCTION(op_with_args);
OP_FUNCTION_WORD(op_make_function);
OP_FUNCTION(op_match_sequence);
OP_FUNCTION(op_match_mapping);
OP_FUNCTION(op_get_length);
OP_FUNCTION(op_match_keys);
OP_FUNCTION_WORD(op_match_class);
OP_FUNCTION(op_match_rest);
OP_FUNCTION(op_match_group);
OP_FUNCTION(op_merge_groups);
OP_FUNCTION(op_end_async_for);
OP_FUNCTION(op_import_star);
OP_FUNCTION_WORD(op_import_name);
OP_FUNCTION_WORD(op_import_from);
OP_FUNCTION(op_setup_annotations);
OP_FUNCTION(op_make_type_alias);
OP_FUNCTION(op_print_expr);
OP_FUNCTION(op_raise);
OP_FUNCTION(op_load_build_class);
OP_FUNCTION_WORD(op_far);
OP_FUNCTION(op_cell);
NEEDS_GIL COLD bool raise_unbound_local(Thread *t, Frame *frame, uint32_t reg);    // always false
NEEDS_GIL COLD bool raise_unbound_free(Thread *t, Str *name, bool is_cell);
NEEDS_GIL COLD Value raise_not_defined(Thread *t, Str *name);

// ---- vm_cache.c: names and attributes with their sites
OP_FUNCTION_WORD(op_load_name);
OP_FUNCTION_WORD(op_store_name);
OP_FUNCTION_WORD(op_delete_name);
OP_FUNCTION_WORD(op_load_global);
OP_FUNCTION_WORD(op_store_global);
OP_FUNCTION_WORD(op_delete_global);
OP_FUNCTION_WORD(op_load_class_free);
OP_FUNCTION_WORD(op_load_attr);
OP_FUNCTION_WORD(op_store_attr);
OP_FUNCTION_WORD(op_delete_attr);
OP_FUNCTION_WORD(op_load_method);

enum SiteKind {
    SITE_EMPTY,
    SITE_GLOBAL,        // globals->version == version: entries[index] of the globals
    SITE_BUILTIN,       // and builtins->version == version2: entries[index] of the builtins
    SITE_SLOT,          // type->version == version and the instance has `shape`: its slot index
    SITE_VALUE,         // the same: `value` of the type (borrowed while the version lasts)
    SITE_PLAIN_VALUE,   // type->version == version, its instances have no attributes of their own: `value`
    SITE_MODULE,        // a module whose dict has the version: entries[index]
    SITE_CLASS,         // a class with the version: `value`
    SITE_ADD,           // storing: no descriptor, the attribute goes into the Attrs
};

// What is left of a call that is no plain call of a function: builds the frame or does the call.
typedef enum CallOutcome { CALL_FAILED, CALL_DONE, CALL_PUSHED } CallOutcome;
// callee at R[base]; its `nargs` arguments from args on. kwnames: a tuple, or UNBOUND. Consumes them. When done the result
// is in *result; when pushed the new frame is t->frame.
NEEDS_GIL CallOutcome vm_call(Thread *t, Frame *frame, Value *base, Value *args, size_t nargs, Value kwnames, Value *result);
NEEDS_GIL CallOutcome vm_call_star(Thread *t, Frame *frame, uint32_t i, Value *result);

// Drops a temporary operand once it has been read.
static ALWAYS_INLINE void consume(Frame *frame, uint32_t reg)
{
    if (reg >= frame->code->near_locals) {
        Value v = frame->regs[reg];
        frame->regs[reg] = UNBOUND;
        drop(v);
    }
}
// The reference of an operand: of a temporary the one that it holds, of a local a new one.
static ALWAYS_INLINE NEW_REF Value take_operand(Frame *frame, uint32_t reg)
{
    Value v = frame->regs[reg];
    if (reg >= frame->code->near_locals) frame->regs[reg] = UNBOUND;
    else retain(v);
    return v;
}
static ALWAYS_INLINE void set_register(Frame *frame, uint32_t reg, TAKES Value v) { assign(&frame->regs[reg], v); }
#define OPERAND_A(i) ((i) >> 8 & 0xFF)
#define OPERAND_B(i) ((i) >> 16 & 0xFF)
#define OPERAND_C(i) ((i) >> 24)
#define OPERAND_BC(i) ((i) >> 16)

#endif
