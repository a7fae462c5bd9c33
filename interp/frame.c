// SPDX-License-Identifier: MIT
// interp/frame.c: frames on the stacks of a thread, and the type `frame`.
#include "interp/frame.h"
#include "interp/jump.h"

#include <stdio.h>

#include "interp/generator.h"
#include "interp/vm.h"
#include "runtime/error.h"
#include "runtime/heap.h"
#include "runtime/types/function.h"
#include "runtime/types/int.h"
#include "runtime/types/list.h"

Type frame_type;

// ---- the stacks

bool stack_overflow(Thread *t)
{
    raise_error(t, &exc_RecursionError, "maximum recursion depth exceeded");
    return false;
}

static COLD Frame *too_deep(Thread *t, Frame *frame, Function *f, Value *regs)
{
    if (frame) for (uint32_t r = 0; r < f->code->param_count && r < f->code->near_locals; r++) clear(&regs[r]);
    raise_error(t, &exc_RecursionError, "maximum recursion depth exceeded");
    return NULL;
}

Frame *frame_push(Thread *t, Function *f, Value *regs, FrameEntry entry)
{
    Code *code = f->code;
    Frame *frame = (Frame *)(void *)t->stack_top - 1;
    Value *limit = regs + code->registers;
    if (UNLIKELY(t->py_depth >= t->recursion_limit || limit > stack_registers_end(t) || (Value *)(void *)frame < stack_registers_end(t)))
        return too_deep(t, frame, f, regs);
    for (uint32_t r = code->param_count; r < code->near_locals; r++) regs[r] = UNBOUND;
    frame->pc = code->words;
    frame->regs = regs;
    frame->code = code;
    frame->function = f;
    frame->limit = limit;
    frame->back = t->frame;
    frame->names = UNBOUND;
    frame->object = NULL;
    frame->entry = (uint8_t)entry;
    frame->owns_function = false;
    frame->is_generator = false;
    frame->handlers = 0;
    t->stack_top = (Value *)(void *)frame;
    t->frame = frame;
    t->py_depth++;
    return frame;
}

void frame_clear(Thread *t, Frame *frame)
{
    if (frame->object) frame_object_detach(t, frame);
    Value *regs = frame->regs;
    for (uint32_t r = 0; r < frame->code->registers; r++) {
        Value v = regs[r];
        if (!is_object(v)) continue;
        regs[r] = UNBOUND;
        drop(v);
    }
    if (UNLIKELY(frame->object)) frame_object_detach(t, frame);      // a destructor that ran just now has asked for the frame
}

Function *frame_take_function(Frame *frame)
{
    if (!frame->owns_function) return NULL;
    frame->owns_function = false;
    return frame->function;
}

void frame_pop(Thread *t, Frame *frame)
{
    frame_clear(t, frame);
    OWN Value names_ = MOVE(frame->names);
    OWN_POINTER Function *owned = frame_take_function(frame);
    t->frame = frame->back;
    t->stack_top = (Value *)(void *)(frame + 1);
    t->py_depth--;
}

int frame_line(const Frame *frame)
{
    return frame->pc == frame->code->words ? frame->code->first_line : code_line(frame->code, frame_at(frame));
}

// ---- frame objects

FrameObject *frame_object(Thread *t, Frame *frame)
{
    if (frame->object) return frame->object;
    FrameObject *f = (FrameObject *)object_new(t, &frame_type);
    if (!f) return NULL;
    f->frame = frame;
    f->locals = f->trace = f->extra = f->native_call = UNBOUND;
    f->trace_lines = true;
    frame->object = f;      // the frame owns the reference
    return f;
}

// The frame ends while somebody knows its object: the object takes the registers over.
void frame_object_detach(Thread *t, Frame *frame)
{
    FrameObject *f = frame->object;
    frame->object = NULL;
    f->ended = true;
    if (f->head.refs == 1) {
        f->frame = &f->own;
        f->own = (Frame){.regs = NULL, .names = UNBOUND};
        drop_pointer(f);
        return;
    }
    Code *code = frame->code;
    f->own = *frame;
    f->own.object = NULL;
    f->own.regs = mem_allocate(t, sizeof(Value) * (code->registers + 1));
    f->own.code = RETAIN(code);
    f->own.function = RETAIN(frame->function);
    retain(f->own.names);
    if (!f->own.regs) error_clear(t);
    for (uint32_t r = 0; f->own.regs && r < code->registers; r++) {
        bool local = r < code->near_locals || r > NEAR_REGISTERS;
        f->own.regs[r] = local ? frame->regs[r] : UNBOUND;
        if (local) frame->regs[r] = UNBOUND;
    }
    if (frame->back) {
        FrameObject *back = frame_object(t, frame->back);
        if (back) f->back = RETAIN(back);
        else error_clear(t);
    }
    f->own.back = NULL;
    f->frame = &f->own;
    drop_pointer(f);
}

static void frame_visit(Object *o, VisitFn visit, void *context)
{
    FrameObject *f = (FrameObject *)o;
    VISIT(f->locals);
    VISIT(f->trace);
    VISIT(f->extra);
    VISIT(f->native_call);
    if (f->back) VISIT(object_value(f->back));
    if (!f->ended) return;
    VISIT(f->own.names);
    if (f->own.function) VISIT(object_value(f->own.function));
    if (f->own.code) VISIT(object_value(f->own.code));
    for (uint32_t r = 0; f->own.regs && r < f->own.code->registers; r++) VISIT(f->own.regs[r]);
}

static void clear_own(FrameObject *f)
{
    if (!f->own.regs) return;
    for (uint32_t r = 0; r < f->own.code->registers; r++) clear(&f->own.regs[r]);
}

static void frame_unlink(Thread *t, Object *o)
{
    FrameObject *f = (FrameObject *)o;
    clear(&f->locals);
    clear(&f->trace);
    clear(&f->extra);
    clear(&f->native_call);
    if (f->ended) clear_own(f);
}

static void frame_finish(Thread *t, Object *o)
{
    FrameObject *f = (FrameObject *)o;
    frame_unlink(t, o);
    drop_pointer(MOVE_POINTER(f->back));
    if (!f->ended) return;
    clear(&f->own.names);
    mem_free(f->own.regs);
    drop_pointer(f->own.function);
    drop_pointer(f->own.code);
}

// ---- locals

static Value read_local(const Frame *frame, uint32_t local, bool is_cell)
{
    Value v = frame->regs ? frame->regs[code_register(frame->code, local)] : UNBOUND;
    if (is_cell && is_object(v) && as_object(v)->type == &cell_type) return ((Cell *)as_object(v))->value;
    return v;
}

static int cell_index(const Code *code, uint32_t local)
{
    for (size_t i = 0; i < code->cellvars->length; i++)
        if (code->cell_locals[i] == local) return (int)i;
    return -1;
}

static bool put_local(Thread *t, Dict *into, Value name, Value v)
{
    if (is_unbound(v)) {
        int deleted = dict_delete(t, into, name);
        return deleted >= 0;
    }
    return dict_set(t, into, name, v);
}

static bool collect_locals(Thread *t, const Frame *frame, Dict *into)
{
    const Code *code = frame->code;
    for (size_t i = 0; i < code->varnames->length; i++) {
        Value v = read_local(frame, (uint32_t)i, cell_index(code, (uint32_t)i) >= 0);
        if (str_at(as_str(code->varnames->items[i]), 0) == '.' && is_unbound(v)) continue;
        if (!put_local(t, into, code->varnames->items[i], v)) return false;
    }
    for (size_t i = 0; i < code->cellvars->length; i++)
        if (code->cell_locals[i] >= code->varnames->length
            && !put_local(t, into, code->cellvars->items[i], read_local(frame, code->cell_locals[i], true))) return false;
    if (!frame->function || is_unbound(frame->function->closure) || !(code->flags & CODE_OPTIMIZED)) return true;
    for (size_t i = 0; i < code->freevars->length; i++) {
        Value cell = as_tuple(frame->function->closure)->items[i];
        if (!put_local(t, into, code->freevars->items[i], ((Cell *)as_object(cell))->value)) return false;
    }
    return true;
}

static NEW_REF Value locals_of(Thread *t, FrameObject *f)
{
    if (!is_unbound(f->frame->names) && f->frame->entry != ENTRY_INIT) return retain(f->frame->names);
    if (!f->frame->code || f->cleared) {
        Dict *empty = dict_new(t);
        return empty ? dict_value(empty) : ERROR;
    }
    if (is_unbound(f->locals)) {
        Dict *d = dict_new(t);
        if (!d) return ERROR;
        f->locals = dict_value(d);
    }
    if (!collect_locals(t, f->frame, as_dict(f->locals))) return ERROR;
    return retain(f->locals);
}

Value frame_locals(Thread *t, Frame *frame)
{
    if (!is_unbound(frame->names) && frame->entry != ENTRY_INIT) return retain(frame->names);
    FrameObject *f = frame_object(t, frame);
    return f ? locals_of(t, f) : ERROR;
}

bool frame_locals_to_fast(Thread *t, FrameObject *f)
{
    if (is_unbound(f->locals) || !f->frame->regs) return true;
    Code *code = f->frame->code;
    Dict *locals = as_dict(f->locals);
    for (size_t i = 0; i < code->varnames->length; i++) {
        Value v = dict_get_str(locals, as_str(code->varnames->items[i]));
        Value *slot = &f->frame->regs[code_register(code, (uint32_t)i)];
        if (is_unbound(v)) continue;
        if (cell_index(code, (uint32_t)i) >= 0 && is_object(*slot) && as_object(*slot)->type == &cell_type)
            assign(&((Cell *)as_object(*slot))->value, retain(v));
        else assign(slot, retain(v));
    }
    for (size_t i = 0; i < code->freevars->length && f->frame->function && !is_unbound(f->frame->function->closure); i++) {
        Value v = dict_get_str(locals, as_str(code->freevars->items[i]));
        Cell *cell = (Cell *)as_object(as_tuple(f->frame->function->closure)->items[i]);
        if (!is_unbound(v)) assign(&cell->value, retain(v));
    }
    return true;
}

// ---- attributes

static FrameObject *self_of(Value v) { return (FrameObject *)as_object(v); }

static Value get_locals(Thread *t, Value v) { return locals_of(t, self_of(v)); }
static Value get_back(Thread *t, Value v)
{
    FrameObject *f = self_of(v);
    if (f->ended) return f->back ? retain(object_value(f->back)) : NONE;
    Frame *back = f->frame->back;
    if (f->frame->is_generator && generator_of_frame(f->frame)->state != GENERATOR_RUNNING) return NONE;
    if (!back) return NONE;
    FrameObject *b = frame_object(t, back);
    return b ? retain(object_value(b)) : ERROR;
}
static Value get_code(Thread *t, Value v)
{
    Code *code = self_of(v)->frame->code;
    return code ? retain(object_value(code)) : NONE;
}
static Value get_globals(Thread *t, Value v)
{
    Function *f = self_of(v)->frame->function;
    return f ? retain(dict_value(f->globals)) : NONE;
}
static Value get_builtins(Thread *t, Value v)
{
    Function *f = self_of(v)->frame->function;
    return f ? retain(dict_value(f->builtins)) : NONE;
}
static Value get_lineno(Thread *t, Value v)
{
    FrameObject *f = self_of(v);
    if (!f->frame->code) return NONE;
    if (f->jump) return small_int(f->jump_line);
    const Place *place = is_unbound(f->trace) ? NULL : code_place(f->frame->code, frame_at(f->frame));
    bool between = place && !place->line && f->trace_line > 0;         // an instruction of no line: a tracer is still at the last one
    return small_int(between ? f->trace_line : frame_line(f->frame));
}
static bool set_lineno(Thread *t, Value v, Value line)
{
    if (is_unbound(line)) return error_false(raise_error(t, &exc_AttributeError, "cannot delete attribute"));
    if (!is_exact_int(line)) return error_false(raise_value_error(t, "lineno must be an integer"));
    FrameObject *f = self_of(v);
    int64_t number;
    switch (f->event) {
    case 'l': return int_as_i64(t, line, &number) && jump_prepare(t, f, number);
    case 'c': return error_false(raise_value_error(t, "can't jump from the 'call' trace event of a new frame"));
    case 0: return error_false(raise_value_error(t, "f_lineno can only be set in a trace function"));
    default: return error_false(raise_value_error(t, "can only jump from a 'line' trace event"));
    }
}
static Value get_lasti(Thread *t, Value v)
{
    FrameObject *f = self_of(v);
    if (!f->frame->code || f->frame->pc == f->frame->code->words) return small_int(-1);
    return small_int((int64_t)frame_at(f->frame) * 2);
}
static Value get_trace(Thread *t, Value v) { return is_unbound(self_of(v)->trace) ? NONE : retain(self_of(v)->trace); }
static bool set_trace(Thread *t, Value v, Value function)
{
    FrameObject *f = self_of(v);
    if (is_unbound(f->trace) && !f->ended && f->frame) {       // a line that has begun already is not told
        f->trace_line = frame_line(f->frame);
        f->trace_word = (int)frame_at(f->frame);
    }
    assign(&f->trace, is_none(function) || is_unbound(function) ? UNBOUND : retain(function));
    return true;
}
static Value get_trace_lines(Thread *t, Value v) { return bool_value(self_of(v)->trace_lines); }
static bool set_trace_lines(Thread *t, Value v, Value yes)
{
    int truth = is_unbound(yes) ? 0 : object_truth(t, yes);
    if (truth >= 0) self_of(v)->trace_lines = truth != 0;
    return truth >= 0;
}
static Value get_trace_opcodes(Thread *t, Value v) { return bool_value(self_of(v)->trace_opcodes); }
static bool set_trace_opcodes(Thread *t, Value v, Value yes)
{
    int truth = is_unbound(yes) ? 0 : object_truth(t, yes);
    if (truth >= 0) self_of(v)->trace_opcodes = truth != 0;
    return truth >= 0;
}

static const GetSet frame_getsets[] = {
    {"f_back", get_back, NULL, NULL},
    {"f_code", get_code, NULL, NULL},
    {"f_globals", get_globals, NULL, NULL},
    {"f_builtins", get_builtins, NULL, NULL},
    {"f_locals", get_locals, NULL, NULL},
    {"f_lineno", get_lineno, set_lineno, NULL},
    {"f_lasti", get_lasti, NULL, NULL},
    {"f_trace", get_trace, set_trace, NULL},
    {"f_trace_lines", get_trace_lines, set_trace_lines, NULL},
    {"f_trace_opcodes", get_trace_opcodes, set_trace_opcodes, NULL},
    {0},
};

// clear(): drops the locals of a frame that has ended, or of a generator that waits.
static Value clear_frame(Thread *t, Value self, const Value *args)
{
    FrameObject *f = self_of(self);
    if (f->ended) {
        f->cleared = true;
        clear(&f->locals);
        clear_own(f);
        return NONE;
    }
    if (f->frame->is_generator) {
        Generator *g = generator_of_frame(f->frame);
        if (g->state == GENERATOR_SUSPENDED || g->state == GENERATOR_CREATED) {
            OWN Value keep = retain(object_value(g));
            if (g->head.type->slots.finalize) g->head.type->slots.finalize(t, keep);
            return NONE;
        }
    }
    return raise_error(t, &exc_RuntimeError, "cannot clear an executing frame");
}

static const Method frame_methods[] = {
    {"clear", clear_frame, "(self, /)", "Clear most references held by the frame."},
    {0},
};

static Value frame_repr(Thread *t, Value v)
{
    FrameObject *f = self_of(v);
    char address[32];
    snprintf(address, sizeof address, "%p", (void *)f);
    if (!f->frame->code) return str_format(t, "<frame at %s>", address);
    return str_format(t, "<frame at %s, file %R, line %d, code %U>", address, object_value(f->frame->code->filename), frame_line(f->frame),
                      f->frame->code->name);
}

const TypeSpec frame_spec = {
    .name = "frame",
    .size = sizeof(FrameObject),
    .flags = TYPE_GC | TYPE_NO_NEW | TYPE_IMMUTABLE,
    .slots = {
        .visit = frame_visit,
        .unlink = frame_unlink,
        .finish = frame_finish,
        .repr = frame_repr,
    },
    .methods = frame_methods,
    .getsets = frame_getsets,
};
