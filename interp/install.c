// SPDX-License-Identifier: MIT
// interp/install.c: what interp gives to the runtime and to the modules builtins and sys when an interpreter starts.
#include <stddef.h>

#include "interp/builtins_code.h"
#include "interp/function.h"
#include "interp/import.h"
#include "interp/interp.h"
#include "interp/stack_text.h"
#include "interp/traceback.h"
#include "interp/vm.h"
#include "runtime/class.h"
#include "runtime/deadlock.h"
#include "runtime/error.h"
#include "runtime/types/function.h"
#include "runtime/types/module.h"

// ---- upcalls

static Value current_frame(Thread *t) { return interp_frame(t, 0); }
static int current_line(Thread *t) { return t->frame ? frame_line(t->frame) : 0; }
static Value current_globals(Thread *t) { return t->frame ? dict_value(t->frame->function->globals) : UNBOUND; }

// Modules of ours have no source to show: "<frozen threading>".
static bool is_frozen_code(const Code *code)
{
    return code->filename->length > 8 && str_is_ascii(code->filename) && memcmp(code->filename->data, "<frozen ", 8) == 0;
}
static bool code_place_of_thread(Thread *t, CodePlace *place)
{
    Frame *inner = t->frame, *frame = inner;
    if (!inner) return false;
    while (frame && is_frozen_code(frame->code)) frame = frame->back;
    if (!frame) frame = inner;
    *place = (CodePlace){.code = &frame->code->head, .inner = &inner->code->head, .word = frame->pc == frame->code->words ? 0 : frame_at(frame)};
    return true;
}
bool interp_place_of(Value v, CodePlace *place)
{
    if (is_object(v) && type_of(v) == &bound_method_type) v = ((BoundMethod *)as_object(v))->function;
    Code *code = NULL;
    uint32_t word = 0;
    if (is_any_generator(v) && as_generator(v)->state != GENERATOR_FINISHED) {
        code = as_generator(v)->code;
        word = as_generator(v)->frame.pc ? frame_at(&as_generator(v)->frame) : 0;
    } else if (is_function(v)) {
        code = as_function(v)->code;
    }
    if (code) *place = (CodePlace){.code = &code->head, .inner = &code->head, .word = word};
    return code != NULL;
}
static int code_place_text(const CodePlace *place, Str **file, Str **function, Str **inner_file, Str **inner_function)
{
    Code *code = (Code *)place->code, *inner = (Code *)place->inner;
    *file = code->filename;
    *function = code->qualname;
    *inner_file = inner->filename;
    *inner_function = inner->qualname;
    return code_line(code, place->word);
}

static Value frame_globals(Thread *t, int level, Value *filename, int *line)
{
    Frame *frame = t->frame;
    while (frame && level-- > 0) frame = frame->back;
    if (!frame) return UNBOUND;
    *filename = object_value(frame->code->filename);
    *line = frame_line(frame);
    return dict_value(frame->function->globals);
}

// super() without arguments: the class is in the cell of __class__, the object is the first argument.
static bool super_arguments(Thread *t, Value *type, Value *self)
{
    Frame *frame = t->frame;
    if (!frame) return error_false(raise_error(t, &exc_RuntimeError, "super(): no current frame"));
    Code *code = frame->code;
    if (!code->argcount) return error_false(raise_error(t, &exc_RuntimeError, "super(): no arguments"));
    Value first = frame->regs[0];
    bool in_cell = false;                           // or the argument itself is a cell
    for (size_t i = 0; i < code->cellvars->length; i++) in_cell = in_cell || code->cell_locals[i] == 0;
    if (in_cell && is_object(first) && as_object(first)->type == &cell_type) first = ((Cell *)as_object(first))->value;
    if (is_unbound(first)) return error_false(raise_error(t, &exc_RuntimeError, "super(): arg[0] deleted"));
    for (size_t i = 0; i < code->freevars->length; i++) {
        if (!str_equal(as_str(code->freevars->items[i]), NAME(__class__))) continue;
        Value class = ((Cell *)as_object(as_tuple(frame->function->closure)->items[i]))->value;
        if (is_unbound(class)) return error_false(raise_error(t, &exc_RuntimeError, "super(): empty __class__ cell"));
        if (!is_type(class)) return error_false(raise_error(t, &exc_RuntimeError, "super(): __class__ is not a type (%T)", class));
        *type = class;
        *self = first;
        return true;
    }
    return error_false(raise_error(t, &exc_RuntimeError, "super(): __class__ cell not found"));
}

Value interp_frame(Thread *t, int level)
{
    Frame *frame = t->frame;
    while (frame && level-- > 0) frame = frame->back;
    if (!frame) return UNBOUND;
    FrameObject *f = frame_object(t, frame);
    return f ? retain(object_value(f)) : ERROR;
}

int interp_frame_line(Value frame)
{
    FrameObject *f = (FrameObject *)as_object(frame);
    return f->frame->code ? frame_line(f->frame) : 0;
}

Value interp_throw(Thread *t, Value coroutine, Value exception, bool *returned)
{
    return generator_throw(t, as_generator(coroutine), exception, returned);
}

// ---- start

static bool prepare_types(Thread *t)
{
    static const struct { Type *type; const TypeSpec *spec; } types[] = {
        {&code_type, &code_spec}, {&function_type, &function_spec}, {&frame_type, &frame_spec}, {&traceback_type, &traceback_spec},
        {&generator_type, &generator_spec}, {&coroutine_type, &coroutine_spec}, {&async_generator_type, &async_generator_spec},
        {&coroutine_wrapper_type, &coroutine_wrapper_spec}, {&async_gen_asend_type, &async_gen_asend_spec},
        {&async_gen_athrow_type, &async_gen_athrow_spec}, {&async_gen_wrapped_type, &async_gen_wrapped_spec},
    };
    for (size_t i = 0; i < COUNT_OF(types); i++)
        if (!type_prepare(t, types[i].type, types[i].spec)) return false;
    return true;
}

bool interp_install(Thread *t)
{
    Upcalls *up = &t->interp->up;
    up->import_module = import_module;
    up->current_frame = current_frame;
    up->current_line = current_line;
    up->current_globals = current_globals;
    up->frame_globals = frame_globals;
    up->super_arguments = super_arguments;
    up->code_place = code_place_of_thread;
    up->code_place_text = code_place_text;
    up->print_exception = traceback_print;
    up->stack_text = stack_text;
    up->object_place = object_place;
    up->place_text = place_text;
    up->stack_places = stack_places;
    up->is_program_code = frame_is_program;
    return prepare_types(t) && deadlock_prepare(t);
}

static bool add_functions(Thread *t, Dict *into, const Method *functions, const char *module_name)
{
    OWN Value module = str_from_text(t, module_name);
    OWN_POINTER Str *key = str_intern_text(t, module_name, strlen(module_name));
    if (is_error(module) || !key) return false;
    Value self = dict_get_str(t->interp->modules, key);
    for (const Method *m = functions; m->name; m++)
        if (!dict_set_text(t, into, m->name, native_function_new(t, m, is_unbound(self) ? NONE : self, module))) return false;
    return true;
}

bool interp_start_builtins(Thread *t)
{
    return add_functions(t, t->interp->builtins, builtins_code_functions, "builtins") && add_functions(t, t->interp->sys, sys_frame_functions, "sys");
}
