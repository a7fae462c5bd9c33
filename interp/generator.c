// SPDX-License-Identifier: MIT
// interp/generator.c: generators and coroutines. The awaitables of asynchronous generators are in async_generator.c.
#include "interp/generator.h"

#include <stdio.h>

#include "interp/traceback.h"
#include "interp/vm.h"
#include "runtime/call.h"
#include "runtime/error.h"
#include "runtime/types/exception.h"
#include "runtime/types/int.h"
#include "runtime/types/list.h"

Type generator_type, coroutine_type, async_generator_type, coroutine_wrapper_type;

static const char *kind_of(const Generator *g)
{
    return g->head.type == &coroutine_type ? "coroutine" : g->head.type == &async_generator_type ? "async generator" : "generator";
}

// ---- making, entering, leaving

// (file, line, function) of the frames that made a coroutine, for cr_origin.
static NEW_REF Value creation_origin(Thread *t, const Frame *frame)
{
    OWN Value list = list_new(t, 4);
    if (is_error(list)) return ERROR;
    int depth = t->coroutine_origin_depth;
    for (; frame && depth > 0; frame = frame->back, depth--) {
        Value item = tuple_of(t, 3, object_value(frame->code->filename), small_int(frame_line(frame)), object_value(frame->code->name));
        if (is_error(item) || !list_append_owned(t, list, item)) return ERROR;
    }
    return list_to_tuple(t, list);
}

Value generator_new(Thread *t, Frame *frame)
{
    Code *code = frame->code;
    Type *type = code->flags & CODE_COROUTINE ? &coroutine_type : code->flags & CODE_ASYNC_GENERATOR ? &async_generator_type : &generator_type;
    OWN_POINTER Generator *g = (Generator *)object_new_sized(t, type, sizeof(Generator) + code->registers * sizeof(Value));
    if (!g) return ERROR;
    g->code = RETAIN(code);
    g->name = RETAIN(frame->function->name);
    g->qualname = RETAIN(frame->function->qualname);
    g->state = GENERATOR_CREATED;
    if (type == &coroutine_type && t->coroutine_origin_depth > 0) {
        Value origin = creation_origin(t, frame->back);
        if (is_error(origin)) return ERROR;
        g->origin = origin;
    }
    g->frame = *frame;
    g->frame.regs = g->regs;
    g->frame.is_generator = true;
    g->frame.back = NULL;
    g->frame.entry = ENTRY_C;
    if (frame->entry == ENTRY_INIT) g->frame.names = UNBOUND;
    else frame->names = UNBOUND;
    if (!frame->owns_function) RETAIN(frame->function);
    g->frame.owns_function = true;
    frame->owns_function = false;
    if (frame->object) {
        frame->object->frame = &g->frame;
        frame->object = NULL;
    }
    for (uint32_t r = 0; r < code->registers; r++) {
        if (r >= code->near_locals && r <= NEAR_REGISTERS) continue;
        g->regs[r] = frame->regs[r];
        frame->regs[r] = UNBOUND;
    }
    return object_value(MOVE_POINTER(g));
}

bool generator_refuse(Thread *t, Generator *g, bool *ended)
{
    *ended = g->state == GENERATOR_FINISHED;
    if (g->state == GENERATOR_RUNNING) return error_false(raise_value_error(t, "%s already executing", kind_of(g)));
    return !*ended && stack_overflow(t);
}

void generator_end(Thread *t, Generator *g)
{
    Frame *frame = &g->frame;
    OWN Value error = error_take(t);
    if (frame->handlers) assign(&t->handled, MOVE(g->outer_handled));
    frame->handlers = 0;
    OWN_POINTER Function *owned = frame_take_function(frame);
    OWN Value names_ = MOVE(frame->names);
    frame_clear(t, frame);
    t->frame = frame->back;
    t->py_depth--;
    frame->back = NULL;
    g->state = GENERATOR_FINISHED;
    error_restore(t, MOVE(error));
}

void generator_failed(Thread *t, Generator *g)
{
    bool stop = error_matches(t, &exc_StopIteration);
    bool stop_async = !stop && g->head.type == &async_generator_type && error_matches(t, &exc_StopAsyncIteration);
    if (!stop && !stop_async) return;
    Value cause = error_take(t);
    raise_error(t, &exc_RuntimeError, "%s raised %s", kind_of(g), stop ? "StopIteration" : "StopAsyncIteration");
    Exception *e = as_exception(t->pending);
    assign(&e->cause, retain(cause));
    assign(&e->context, cause);
    e->suppress_context = true;
}

// ---- resuming from C

static bool waits_at_yield(const Generator *g) { return g->state == GENERATOR_SUSPENDED && (g->frame.pc[-1] & 0xFF) == OP_CODE_YIELD; }

Value generator_delegate(const Generator *g)
{
    if (!waits_at_yield(g) || OPERAND_C(g->frame.pc[-1]) != 1) return UNBOUND;
    return g->frame.regs[OPERAND_B(g->frame.pc[-1]) - 1];
}

static NEW_REF Value run(Thread *t, Generator *g, bool throwing, bool *returned)
{
    if (!enter_call(t, "")) {
        generator_end(t, g);
        return ERROR;
    }
    OWN Value keep = retain(object_value(g));
    Value result = vm_run(t, &g->frame, throwing);
    *returned = !is_error(result) && g->state == GENERATOR_FINISHED;
    return result;
}

Value generator_send(Thread *t, Generator *g, Value sent, bool *returned)
{
    *returned = false;
    if (g->state == GENERATOR_CREATED && !is_none(sent))
        return raise_type_error(t, "can't send non-None value to a just-started %s", kind_of(g));
    bool at_yield = waits_at_yield(g), ended;
    if (!generator_enter(t, g, ENTRY_C, &ended)) {
        if (!ended) return ERROR;
        if (g->head.type == &coroutine_type) return raise_error(t, &exc_RuntimeError, "cannot reuse already awaited coroutine");
        *returned = true;
        return NONE;
    }
    if (at_yield && OPERAND_A(g->frame.pc[-1]) != NO_DESTINATION) set_register(&g->frame, OPERAND_A(g->frame.pc[-1]), retain(sent));
    return run(t, g, false, returned);
}

// ---- throwing

// Closes what a generator waits for. False: that raised.
static bool close_iterator(Thread *t, Value v)
{
    if (is_object(v) && (as_object(v)->type == &generator_type || as_object(v)->type == &coroutine_type)) {
        Value result = generator_close(t, as_generator(v));
        return !is_error(result);
    }
    OWN Value close = object_get_attr_optional(t, v, NAME(close));
    if (is_error(close)) {
        error_unraisable(t, NULL, v);
        return true;
    }
    if (is_unbound(close)) return true;
    OWN Value result = call0(t, close);
    return !is_error(result);
}

static NEW_REF Value throw_here(Thread *t, Generator *g, TAKES Value exception, bool *returned)
{
    bool ended;
    OWN Value owned = exception;
    if (!generator_enter(t, g, ENTRY_C, &ended)) {
        if (!ended) return ERROR;
        if (g->head.type == &coroutine_type) return raise_error(t, &exc_RuntimeError, "cannot reuse already awaited coroutine");
        error_restore(t, MOVE(owned));
        return ERROR;
    }
    if (g->frame.handlers) raise_exception(t, MOVE(owned));      // what the generator itself is handling becomes its context,
    else error_restore(t, MOVE(owned));                          // what its caller is handling does not
    traceback_add(t, &g->frame);
    return run(t, g, true, returned);
}

// The delegate has ended with a result: the generator goes on behind its SEND.
static NEW_REF Value go_on(Thread *t, Generator *g, TAKES Value result, bool *returned)
{
    OWN Value owned = result;
    bool ended;
    if (!generator_enter(t, g, ENTRY_C, &ended)) return ERROR;
    Frame *frame = &g->frame;
    uint32_t send = frame->pc[-3];
    ASSERT((send & 0xFF) == OP_CODE_SEND);
    set_register(frame, OPERAND_B(send), MOVE(owned));
    set_register(frame, OPERAND_A(send), UNBOUND);
    frame->pc = frame->pc - 1 + (int32_t)frame->pc[-2];
    return run(t, g, false, returned);
}

// Throws into what g waits for. UNBOUND: it cannot be thrown into.
static NEW_REF Value throw_into_delegate(Thread *t, Generator *g, Value delegate, Value exception, bool *returned)
{
    OWN Value keep = retain(delegate), result = UNBOUND;
    bool inner_returned = false;
    uint8_t state = g->state;
    if (is_any_generator(delegate) && as_object(delegate)->type != &async_generator_type) {
        g->state = GENERATOR_RUNNING;
        result = generator_throw(t, as_generator(delegate), exception, &inner_returned);
        g->state = state;
    } else {
        OWN Value method = object_get_attr_optional(t, delegate, NAME(throw));
        if (is_error(method)) return ERROR;
        if (is_unbound(method)) return UNBOUND;
        g->state = GENERATOR_RUNNING;
        result = call1(t, method, exception);
        g->state = state;
        if (is_error(result) && error_matches(t, &exc_StopIteration)) {
            result = error_take_stop_value(t);
            inner_returned = !is_error(result);
        }
    }
    if (inner_returned) return go_on(t, g, MOVE(result), returned);
    if (!is_error(result)) return MOVE(result);
    return throw_here(t, g, error_take(t), returned);
}

Value generator_throw(Thread *t, Generator *g, Value exception, bool *returned)
{
    *returned = false;
    if (g->state == GENERATOR_RUNNING) return raise_value_error(t, "%s already executing", kind_of(g));
    Value delegate = generator_delegate(g);
    if (!is_unbound(delegate)) {
        if (is_instance_of(exception, &exc_GeneratorExit)) {
            OWN Value keep = retain(delegate);
            g->state = GENERATOR_RUNNING;
            bool closed = close_iterator(t, keep);
            g->state = GENERATOR_SUSPENDED;
            if (!closed) return throw_here(t, g, error_take(t), returned);
        } else {
            Value result = throw_into_delegate(t, g, delegate, exception, returned);
            if (!is_unbound(result)) return result;
        }
    }
    return throw_here(t, g, retain(exception), returned);
}

static void abandon(Thread *t, Generator *g)
{
    g->state = GENERATOR_FINISHED;
    OWN_POINTER Function *owned = frame_take_function(&g->frame);
    OWN Value names_ = MOVE(g->frame.names);
    frame_clear(t, &g->frame);
    clear(&g->handled);
}

Value generator_close(Thread *t, Generator *g)
{
    if (g->state == GENERATOR_FINISHED) return NONE;
    if (g->state == GENERATOR_CREATED) {
        abandon(t, g);
        return NONE;
    }
    if (g->state == GENERATOR_RUNNING) return raise_value_error(t, "%s already executing", kind_of(g));
    OWN Value exit = exception_new(t, &exc_GeneratorExit, NULL, 0);
    if (is_error(exit)) return ERROR;
    bool returned;
    OWN Value result = generator_throw(t, g, exit, &returned);
    if (is_error(result)) {
        if (error_clear_if(t, &exc_StopIteration) || error_clear_if(t, &exc_GeneratorExit)) return NONE;
        return ERROR;
    }
    if (!returned) return raise_error(t, &exc_RuntimeError, "%s ignored GeneratorExit", kind_of(g));
    return NONE;
}

// ---- one step of anything

Value iterator_send(Thread *t, Value iterator, Value sent, bool *returned)
{
    *returned = false;
    Type *type = type_of(iterator);
    if (type == &generator_type || type == &coroutine_type) return generator_send(t, as_generator(iterator), sent, returned);
    Value result = UNBOUND;
    if (!is_none(sent) || !type->slots.next) result = call_method1(t, iterator, NAME(send), sent);
    else if (!(type->flags & TYPE_HEAP)) result = type->slots.next(t, iterator);
    else result = call_special(t, iterator, NAME(__next__), NULL, 0);       // the slot of a class would lose what StopIteration carries
    if (is_unbound(result)) {
        *returned = true;
        return NONE;
    }
    if (!is_error(result) || !error_matches(t, &exc_StopIteration)) return result;
    result = error_take_stop_value(t);
    *returned = !is_error(result);
    return result;
}

// ---- methods

static NEW_REF Value deliver(Thread *t, Value result, bool returned)
{
    if (is_error(result) || !returned) return result;
    OWN Value value = result;
    return raise_stop_iteration(t, value);
}

static Value generator_next(Thread *t, Value self)
{
    bool returned;
    Value result = generator_send(t, as_generator(self), NONE, &returned);
    if (is_error(result) || !returned) return result;
    if (is_none(result)) return UNBOUND;
    return deliver(t, result, true);
}

static Value send_method(Thread *t, Value self, const Value *args)
{
    bool returned;
    Value result = generator_send(t, as_generator(self), args[0], &returned);
    return deliver(t, result, returned);
}

Value thrown_exception(Thread *t, Value type, Value value, Value traceback)
{
    if (is_none(value)) value = UNBOUND;
    if (is_none(traceback)) traceback = UNBOUND;
    if (!is_unbound(traceback) && type_of(traceback) != &traceback_type)
        return raise_type_error(t, "throw() third argument must be a traceback object");
    OWN Value e = UNBOUND;
    if (is_exception(type)) {
        if (!is_unbound(value)) return raise_type_error(t, "instance exception may not have a separate value");
        e = retain(type);
    } else if (is_exception_type(type)) {
        if (!is_unbound(value) && is_instance_of(value, as_type(type))) e = retain(value);
        else if (is_tuple(value)) e = call(t, type, as_tuple(value)->items, as_tuple(value)->length, UNBOUND);
        else e = is_unbound(value) ? call0(t, type) : call1(t, type, value);
        if (is_error(e)) return ERROR;
        if (!is_exception(e))
            return raise_type_error(t, "calling %R should have returned an instance of BaseException, not %T", type, e);
    } else return raise_type_error(t, "exceptions must be classes or instances deriving from BaseException, not %T", type);
    if (!is_unbound(traceback)) assign(&as_exception(e)->traceback, retain(traceback));
    return MOVE(e);
}

Value generator_throw_value(Thread *t, Value self, const Value *args)
{
    OWN Value e = thrown_exception(t, args[0], args[1], args[2]);
    if (is_error(e)) return ERROR;
    bool returned;
    Value result = generator_throw(t, as_generator(self), e, &returned);
    return deliver(t, result, returned);
}

static Value close_method(Thread *t, Value self, const Value *args) { return generator_close(t, as_generator(self)); }

static const Method generator_methods[] = {
    {"send", send_method, "(self, value, /)", "Resume the generator with a value."},
    {"throw", generator_throw_value, "(self, type, value=None, traceback=None, /)", "Raise an exception where the generator waits."},
    {"close", close_method, "(self, /)", "Raise GeneratorExit where the generator waits."},
    {0},
};

// ---- attributes

static Value get_name(Thread *t, Value v) { return retain(object_value(as_generator(v)->name)); }
static bool set_name(Thread *t, Value v, Value name)
{
    if (!is_str(name)) return error_false(raise_type_error(t, "__name__ must be set to a string object"));
    Generator *g = as_generator(v);
    drop_pointer(g->name);
    g->name = as_str(retain(name));
    return true;
}
static Value get_qualname(Thread *t, Value v) { return retain(object_value(as_generator(v)->qualname)); }
static bool set_qualname(Thread *t, Value v, Value name)
{
    if (!is_str(name)) return error_false(raise_type_error(t, "__qualname__ must be set to a string object"));
    Generator *g = as_generator(v);
    drop_pointer(g->qualname);
    g->qualname = as_str(retain(name));
    return true;
}
static Value get_running(Thread *t, Value v) { return bool_value(as_generator(v)->state == GENERATOR_RUNNING); }
static Value get_suspended(Thread *t, Value v) { return bool_value(as_generator(v)->state == GENERATOR_SUSPENDED); }
static Value get_async_running(Thread *t, Value v) { return bool_value(as_generator(v)->async_running); }
static Value get_frame(Thread *t, Value v)
{
    Generator *g = as_generator(v);
    if (g->state == GENERATOR_FINISHED) return NONE;
    FrameObject *f = frame_object(t, &g->frame);
    return f ? retain(object_value(f)) : ERROR;
}
static Value get_code(Thread *t, Value v) { return retain(object_value(as_generator(v)->code)); }
static Value get_delegate(Thread *t, Value v)
{
    Value delegate = generator_delegate(as_generator(v));
    return is_unbound(delegate) ? NONE : retain(delegate);
}
static Value get_origin(Thread *t, Value v) { return is_unbound(as_generator(v)->origin) ? NONE : retain(as_generator(v)->origin); }

#define NAMES_OF_GENERATOR {"__name__", get_name, set_name, NULL}, {"__qualname__", get_qualname, set_qualname, NULL}
static const GetSet generator_getsets[] = {
    NAMES_OF_GENERATOR,
    {"gi_running", get_running, NULL, NULL}, {"gi_frame", get_frame, NULL, NULL}, {"gi_code", get_code, NULL, NULL},
    {"gi_yieldfrom", get_delegate, NULL, NULL}, {"gi_suspended", get_suspended, NULL, NULL},
    {0},
};
static const GetSet coroutine_getsets[] = {
    NAMES_OF_GENERATOR,
    {"cr_running", get_running, NULL, NULL}, {"cr_frame", get_frame, NULL, NULL}, {"cr_code", get_code, NULL, NULL},
    {"cr_await", get_delegate, NULL, NULL}, {"cr_suspended", get_suspended, NULL, NULL}, {"cr_origin", get_origin, NULL, NULL},
    {0},
};
static const GetSet async_generator_getsets[] = {
    NAMES_OF_GENERATOR,
    {"ag_running", get_async_running, NULL, NULL}, {"ag_frame", get_frame, NULL, NULL}, {"ag_code", get_code, NULL, NULL},
    {"ag_await", get_delegate, NULL, NULL},
    {0},
};

static Value generator_repr(Thread *t, Value v)
{
    Generator *g = as_generator(v);
    char address[32];
    snprintf(address, sizeof address, "%p", (void *)g);
    const char *kind = g->head.type == &async_generator_type ? "async_generator" : kind_of(g);
    return str_format(t, "<%s object %U at %s>", kind, g->qualname, address);
}

// ---- life

static size_t generator_size(Object *o)
{
    Generator *g = (Generator *)o;
    return sizeof(Generator) + (g->code ? g->code->registers : 0) * sizeof(Value);
}

static void generator_visit(Object *o, VisitFn visit, void *context)
{
    Generator *g = (Generator *)o;
    VISIT(g->handled);
    VISIT(g->outer_handled);
    VISIT(g->origin);
    VISIT(g->finalizer);
    if (g->name) VISIT(object_value(g->name));
    if (g->qualname) VISIT(object_value(g->qualname));
    if (g->code) VISIT(object_value(g->code));
    if (g->state == GENERATOR_FINISHED || !g->code || !g->frame.regs) return;
    VISIT(g->frame.names);
    if (g->frame.owns_function) VISIT(object_value(g->frame.function));
    if (g->frame.object) VISIT(object_value(g->frame.object));
    for (uint32_t r = 0; r < g->code->registers; r++) VISIT(g->regs[r]);
}

static void generator_unlink(Thread *t, Object *o)
{
    Generator *g = (Generator *)o;
    if (g->state == GENERATOR_CREATED || g->state == GENERATOR_SUSPENDED) abandon(t, g);
    clear(&g->finalizer);
    clear(&g->origin);
}

static void generator_finish(Thread *t, Object *o)
{
    Generator *g = (Generator *)o;
    if (g->frame.regs) generator_unlink(t, o);
    drop_pointer(g->name);
    drop_pointer(g->qualname);
}

static void finish_with_code(Thread *t, Object *o)
{
    generator_finish(t, o);
    // The size of the object is asked for once more when its memory goes: code stays readable until then.
    Generator *g = (Generator *)o;
    Code *code = g->code;
    g->code = NULL;
    drop_pointer(code);
}

static bool call_finalizer(Thread *t, Generator *g)
{
    if (g->head.type != &async_generator_type || is_unbound(g->finalizer) || g->closed) return false;
    OWN Value hook = retain(g->finalizer);
    OWN Value result = call1(t, hook, object_value(g));
    if (is_error(result)) error_unraisable(t, NULL, object_value(g));
    return true;
}

// Where a coroutine was made, as a traceback shows it: the innermost place last.
static NEW_REF Value origin_text(Thread *t, Value origin)
{
    OWN Value text = str_from_text(t, "\nCoroutine created at (most recent call last)");
    for (size_t i = as_tuple(origin)->length; i-- > 0 && !is_error(text);) {
        Value *place = as_tuple(as_tuple(origin)->items[i])->items;         // (file, line, function)
        int line;
        OWN Value source = int_as_int(t, place[1], &line) ? source_line_trimmed(t, as_str(place[0]), line) : ERROR;
        if (is_error(source)) return ERROR;
        assign(&text, is_str(source) ? str_format(t, "%U\n  File \"%U\", line %d, in %U\n    %U", as_str(text), as_str(place[0]), line, as_str(place[2]), as_str(source))
                                     : str_format(t, "%U\n  File \"%U\", line %d, in %U", as_str(text), as_str(place[0]), line, as_str(place[2])));
    }
    return MOVE(text);
}
static bool warn_never_awaited(Thread *t, Generator *g)
{
    if (is_unbound(g->origin)) return warn(t, &exc_RuntimeWarning, 1, "coroutine '%U' was never awaited", g->qualname);
    OWN Value origin = origin_text(t, g->origin);
    return !is_error(origin) && warn(t, &exc_RuntimeWarning, 1, "coroutine '%U' was never awaited%U", g->qualname, as_str(origin));
}
static void generator_finalize(Thread *t, Value v)
{
    Generator *g = as_generator(v);
    if (g->state == GENERATOR_FINISHED || !g->frame.regs) return;
    OWN Value pending = error_take(t);
    if (g->head.type == &coroutine_type && g->state == GENERATOR_CREATED) {
        if (!warn_never_awaited(t, g)) error_unraisable(t, NULL, v);
    } else if (g->state == GENERATOR_SUSPENDED && !call_finalizer(t, g)) {
        OWN Value result = generator_close(t, g);
        if (is_error(result)) error_unraisable(t, NULL, v);
    }
    error_restore(t, MOVE(pending));
}

#define GENERATOR_LIFE \
    .visit = generator_visit, .unlink = generator_unlink, .finish = finish_with_code, .finalize = generator_finalize, \
    .size = generator_size, .repr = generator_repr
enum { GENERATOR_FLAGS = TYPE_GC | TYPE_VAR_SIZED | TYPE_HAS_WEAKREFS | TYPE_NO_NEW | TYPE_IMMUTABLE };

static Value itself(Thread *t, Value v) { return retain(v); }

const TypeSpec generator_spec = {
    .name = "generator", .size = sizeof(Generator), .flags = GENERATOR_FLAGS,
    .slots = {GENERATOR_LIFE, .iter = itself, .next = generator_next},
    .methods = generator_methods, .getsets = generator_getsets,
};

// ---- coroutines

typedef struct CoroutineWrapper { Object head; Value coroutine; } CoroutineWrapper;

static Value coroutine_await(Thread *t, Value v)
{
    CoroutineWrapper *w = (CoroutineWrapper *)object_new(t, &coroutine_wrapper_type);
    if (!w) return ERROR;
    w->coroutine = retain(v);
    return object_value(w);
}

const TypeSpec coroutine_spec = {
    .name = "coroutine", .size = sizeof(Generator), .flags = GENERATOR_FLAGS,
    .slots = {GENERATOR_LIFE, .await = coroutine_await},
    .methods = generator_methods, .getsets = coroutine_getsets,
};

static Value wrapped(Value v) { return ((CoroutineWrapper *)as_object(v))->coroutine; }
static void wrapper_visit(Object *o, VisitFn visit, void *context) { VISIT(((CoroutineWrapper *)o)->coroutine); }
static void wrapper_finish(Thread *t, Object *o) { clear(&((CoroutineWrapper *)o)->coroutine); }
static Value wrapper_next(Thread *t, Value v) { return generator_next(t, wrapped(v)); }
static Value wrapper_send(Thread *t, Value v, const Value *args) { return send_method(t, wrapped(v), args); }
static Value wrapper_throw(Thread *t, Value v, const Value *args) { return generator_throw_value(t, wrapped(v), args); }
static Value wrapper_close(Thread *t, Value v, const Value *args) { return close_method(t, wrapped(v), args); }
static const Method wrapper_methods[] = {
    {"send", wrapper_send, "(self, value, /)", NULL},
    {"throw", wrapper_throw, "(self, type, value=None, traceback=None, /)", NULL},
    {"close", wrapper_close, "(self, /)", NULL},
    {0},
};
const TypeSpec coroutine_wrapper_spec = {
    .name = "coroutine_wrapper", .size = sizeof(CoroutineWrapper), .flags = TYPE_GC | TYPE_NO_NEW | TYPE_IMMUTABLE,
    .slots = {.visit = wrapper_visit, .finish = wrapper_finish, .iter = itself, .next = wrapper_next},
    .methods = wrapper_methods,
};

const TypeSpec async_generator_spec = {
    .name = "async_generator", .size = sizeof(Generator), .flags = GENERATOR_FLAGS,
    .slots = {GENERATOR_LIFE, .aiter = itself, .anext = async_generator_anext},
    .methods = async_generator_methods, .getsets = async_generator_getsets,
};

// ---- what await, async for and async with ask for

static COLD Value cannot_await(Thread *t, Value v, int kind)
{
    switch (kind) {
    case 1: return raise_type_error(t, "'async with' received an object from __aenter__ that does not implement __await__: %T", v);
    case 2: return raise_type_error(t, "'async with' received an object from __aexit__ that does not implement __await__: %T", v);
    default: return raise_type_error(t, "object %T can't be used in 'await' expression", v);
    }
}

static NEW_REF Value await_iterator(Thread *t, Value v, int kind)
{
    Type *type = type_of(v);
    if (type == &coroutine_type) {
        if (!is_unbound(generator_delegate(as_generator(v)))) return raise_error(t, &exc_RuntimeError, "coroutine is being awaited already");
        return retain(v);
    }
    if (type == &generator_type && (as_generator(v)->code->flags & CODE_ITERABLE_COROUTINE)) return retain(v);
    if (!type->slots.await) return cannot_await(t, v, kind);
    OWN Value iterator = type->slots.await(t, v);
    if (is_error(iterator)) return ERROR;
    Type *got = type_of(iterator);
    if (got == &coroutine_type) return raise_type_error(t, "__await__() returned a coroutine");
    if (!got->slots.next) return raise_type_error(t, "__await__() returned non-iterator of type '%T'", iterator);
    return MOVE(iterator);
}

Value get_awaitable(Thread *t, Value v, int kind)
{
    Value iterator = await_iterator(t, v, kind);
    if (!is_error(iterator) || kind != 3 || error_matches(t, &exc_RuntimeError)) return iterator;
    Value cause = error_take(t);
    raise_type_error(t, "'async for' received an invalid object from __anext__: %T", v);
    Exception *e = as_exception(t->pending);
    assign(&e->cause, retain(cause));
    assign(&e->context, cause);
    e->suppress_context = true;
    return ERROR;
}

Value get_aiter(Thread *t, Value v)
{
    Type *type = type_of(v);
    if (!type->slots.aiter) return raise_type_error(t, "'async for' requires an object with __aiter__ method, got %T", v);
    OWN Value iterator = type->slots.aiter(t, v);
    if (is_error(iterator)) return ERROR;
    if (!type_of(iterator)->slots.anext)
        return raise_type_error(t, "'async for' received an object from __aiter__ that does not implement __anext__: %T", iterator);
    return MOVE(iterator);
}

Value get_anext(Thread *t, Value iterator)
{
    Type *type = type_of(iterator);
    if (!type->slots.anext) return raise_type_error(t, "'async for' requires an iterator with __anext__ method, got %T", iterator);
    return type->slots.anext(t, iterator);
}
