// SPDX-License-Identifier: MIT
// interp/async_generator.c: what asend(), athrow() and aclose() of an asynchronous generator give: awaitables of one step.
//
//   INIT --first send or throw--> ITER --value, end or error--> CLOSED
// A `yield` of the generator comes back wrapped (async_gen_wrap), to tell it from what an `await` inside lets through.
#include "interp/generator.h"
#include "interp/vm.h"
#include "runtime/call.h"
#include "runtime/error.h"
#include "runtime/types/container.h"
#include "runtime/types/exception.h"

Type async_gen_asend_type, async_gen_athrow_type, async_gen_wrapped_type;

typedef struct Wrapped { Object head; Value value; } Wrapped;
typedef enum StepState { STEP_INIT, STEP_ITER, STEP_CLOSED } StepState;
typedef struct Step {
    Object head;
    Generator *generator;
    Value value;          // asend: what to send; athrow: the exception; aclose: UNBOUND
    uint8_t state;
    bool closes;          // aclose()
} Step;

// ---- wrapped values

Value async_gen_wrap(Thread *t, TAKES Value v)
{
    OWN Value owned = v;
    Wrapped *w = (Wrapped *)object_new(t, &async_gen_wrapped_type);
    if (!w) return ERROR;
    w->value = MOVE(owned);
    return object_value(w);
}
static bool is_wrapped(Value v) { return is_object(v) && as_object(v)->type == &async_gen_wrapped_type; }
static void wrapped_visit(Object *o, VisitFn visit, void *context) { VISIT(((Wrapped *)o)->value); }
static void wrapped_finish(Thread *t, Object *o) { clear(&((Wrapped *)o)->value); }
const TypeSpec async_gen_wrapped_spec = {
    .name = "async_generator_wrapped_value", .size = sizeof(Wrapped), .flags = TYPE_GC | TYPE_NO_NEW | TYPE_IMMUTABLE,
    .slots = {.visit = wrapped_visit, .finish = wrapped_finish},
};

// ---- steps

static NEW_REF Value step_new(Thread *t, Type *type, Value generator, Value value, bool closes)
{
    Generator *g = as_generator(generator);
    if (!g->hooks_done) {
        g->hooks_done = true;
        if (!is_unbound(t->async_gen_finalizer) && !is_none(t->async_gen_finalizer)) g->finalizer = retain(t->async_gen_finalizer);
        if (!is_unbound(t->async_gen_firstiter) && !is_none(t->async_gen_firstiter)) {
            OWN Value hook = retain(t->async_gen_firstiter);
            OWN Value result = call1(t, hook, generator);
            if (is_error(result)) return ERROR;
        }
    }
    Step *step = (Step *)object_new(t, type);
    if (!step) return ERROR;
    step->generator = RETAIN(g);
    step->value = retain(value);
    step->closes = closes;
    return object_value(step);
}

static Step *as_step(Value v) { return (Step *)as_object(v); }
static void step_visit(Object *o, VisitFn visit, void *context)
{
    if (((Step *)o)->generator) VISIT(object_value(((Step *)o)->generator));
    VISIT(((Step *)o)->value);
}
static void step_finish(Thread *t, Object *o)
{
    drop_pointer(((Step *)o)->generator);
    clear(&((Step *)o)->value);
}

// What came out of the generator: a wrapped value ends the step (StopIteration with it), anything else is passed on.
static NEW_REF Value unwrap(Thread *t, Generator *g, TAKES Value result, bool returned)
{
    OWN Value owned = result;
    if (is_error(result) || returned) {
        if (returned) {
            OWN Value stop = exception_new(t, &exc_StopAsyncIteration, NULL, 0);
            if (!is_error(stop)) raise_exception(t, MOVE(stop));
        }
        if (error_matches(t, &exc_StopAsyncIteration) || error_matches(t, &exc_GeneratorExit)) g->closed = true;
        g->async_running = false;
        return ERROR;
    }
    if (!is_wrapped(owned)) return MOVE(owned);
    g->async_running = false;
    return raise_stop_iteration(t, ((Wrapped *)as_object(owned))->value);
}

static Value asend_send(Thread *t, Value self, const Value *args)
{
    Step *s = as_step(self);
    Generator *g = s->generator;
    OWN Value sent = retain(args[0]);
    if (s->state == STEP_CLOSED) return raise_error(t, &exc_RuntimeError, "cannot reuse already awaited __anext__()/asend()");
    if (s->state == STEP_INIT) {
        if (g->async_running) return raise_error(t, &exc_RuntimeError, "anext(): asynchronous generator is already running");
        if (is_none(sent)) sent = retain(s->value);
        s->state = STEP_ITER;
    }
    g->async_running = true;
    bool returned;
    Value result = generator_send(t, g, sent, &returned);
    result = unwrap(t, g, result, returned);
    if (is_error(result)) s->state = STEP_CLOSED;
    return result;
}

static Value asend_throw(Thread *t, Value self, const Value *args)
{
    Step *s = as_step(self);
    if (s->state == STEP_CLOSED) return raise_error(t, &exc_RuntimeError, "cannot reuse already awaited __anext__()/asend()");
    OWN Value e = thrown_exception(t, args[0], args[1], args[2]);
    if (is_error(e)) return ERROR;
    bool returned;
    Value result = generator_throw(t, s->generator, e, &returned);
    result = unwrap(t, s->generator, result, returned);
    if (is_error(result)) s->state = STEP_CLOSED;
    return result;
}

static Value step_close(Thread *t, Value self, const Value *args)
{
    as_step(self)->state = STEP_CLOSED;
    return NONE;
}

static NEW_REF Value close_ignored(Thread *t, Step *s)
{
    s->generator->async_running = false;
    s->state = STEP_CLOSED;
    return raise_error(t, &exc_RuntimeError, "async generator ignored GeneratorExit");
}

// What a step of athrow() or aclose() gives, from what came out of the generator.
static NEW_REF Value athrow_result(Thread *t, Step *s, TAKES Value result, bool returned)
{
    Generator *g = s->generator;
    if (s->closes && !is_error(result) && !returned && is_wrapped(result)) {
        drop(result);
        return close_ignored(t, s);
    }
    result = unwrap(t, g, result, returned);
    if (!is_error(result)) return result;
    g->async_running = false;
    s->state = STEP_CLOSED;
    if (s->closes && (error_clear_if(t, &exc_StopAsyncIteration) || error_clear_if(t, &exc_GeneratorExit))) return raise_stop_iteration(t, NONE);
    return ERROR;
}

static NEW_REF Value athrow_start(Thread *t, Step *s, Value sent)
{
    Generator *g = s->generator;
    if (g->async_running) {
        s->state = STEP_CLOSED;
        return raise_error(t, &exc_RuntimeError, s->closes ? "aclose(): asynchronous generator is already running"
                                                           : "athrow(): asynchronous generator is already running");
    }
    if (g->closed) {
        s->state = STEP_CLOSED;
        OWN Value stop = exception_new(t, &exc_StopAsyncIteration, NULL, 0);
        return is_error(stop) ? ERROR : raise_exception(t, MOVE(stop));
    }
    if (!is_none(sent)) return raise_error(t, &exc_RuntimeError, "can't send non-None value to a just-started coroutine");
    s->state = STEP_ITER;
    g->async_running = true;
    bool returned = false;
    OWN Value e = UNBOUND;
    if (s->closes) {
        g->closed = true;
        e = exception_new(t, &exc_GeneratorExit, NULL, 0);
    } else {
        Tuple *args = as_tuple(s->value);
        e = thrown_exception(t, args->items[0], args->items[1], args->items[2]);
    }
    Value result = is_error(e) ? ERROR : generator_throw(t, g, e, &returned);
    return athrow_result(t, s, result, returned);
}

static Value athrow_send(Thread *t, Value self, const Value *args)
{
    Step *s = as_step(self);
    Generator *g = s->generator;
    if (s->state == STEP_CLOSED) return raise_error(t, &exc_RuntimeError, "cannot reuse already awaited aclose()/athrow()");
    if (g->state == GENERATOR_FINISHED) {
        s->state = STEP_CLOSED;
        return raise_stop_iteration(t, NONE);
    }
    if (s->state == STEP_INIT) return athrow_start(t, s, args[0]);
    bool returned;
    Value result = generator_send(t, g, args[0], &returned);
    return athrow_result(t, s, result, returned);
}

static Value athrow_throw(Thread *t, Value self, const Value *args)
{
    Step *s = as_step(self);
    if (s->state == STEP_CLOSED) return raise_error(t, &exc_RuntimeError, "cannot reuse already awaited aclose()/athrow()");
    OWN Value e = thrown_exception(t, args[0], args[1], args[2]);
    if (is_error(e)) return ERROR;
    bool returned;
    Value result = generator_throw(t, s->generator, e, &returned);
    return athrow_result(t, s, result, returned);
}

static Value itself(Thread *t, Value v) { return retain(v); }
static Value asend_next(Thread *t, Value v)
{
    Value none = NONE;
    return asend_send(t, v, &none);
}
static Value athrow_next(Thread *t, Value v)
{
    Value none = NONE;
    return athrow_send(t, v, &none);
}

static const Method asend_methods[] = {
    {"send", asend_send, "(self, value, /)", NULL},
    {"throw", asend_throw, "(self, type, value=None, traceback=None, /)", NULL},
    {"close", step_close, "(self, /)", NULL},
    {0},
};
static const Method athrow_methods[] = {
    {"send", athrow_send, "(self, value, /)", NULL},
    {"throw", athrow_throw, "(self, type, value=None, traceback=None, /)", NULL},
    {"close", step_close, "(self, /)", NULL},
    {0},
};
const TypeSpec async_gen_asend_spec = {
    .name = "async_generator_asend", .size = sizeof(Step), .flags = TYPE_GC | TYPE_NO_NEW | TYPE_IMMUTABLE,
    .slots = {.visit = step_visit, .finish = step_finish, .await = itself, .iter = itself, .next = asend_next},
    .methods = asend_methods,
};
const TypeSpec async_gen_athrow_spec = {
    .name = "async_generator_athrow", .size = sizeof(Step), .flags = TYPE_GC | TYPE_NO_NEW | TYPE_IMMUTABLE,
    .slots = {.visit = step_visit, .finish = step_finish, .await = itself, .iter = itself, .next = athrow_next},
    .methods = athrow_methods,
};

// ---- methods of the generator itself

Value async_generator_anext(Thread *t, Value g) { return step_new(t, &async_gen_asend_type, g, NONE, false); }
static Value asend_method(Thread *t, Value self, const Value *args) { return step_new(t, &async_gen_asend_type, self, args[0], false); }
static Value athrow_method(Thread *t, Value self, const Value *args)
{
    OWN Value thrown = tuple_from_values(t, args, 3);
    return is_error(thrown) ? ERROR : step_new(t, &async_gen_athrow_type, self, thrown, false);
}
static Value aclose_method(Thread *t, Value self, const Value *args) { return step_new(t, &async_gen_athrow_type, self, UNBOUND, true); }

const Method async_generator_methods[] = {
    {"asend", asend_method, "(self, value, /)", "Resume the generator with a value."},
    {"athrow", athrow_method, "(self, type, value=None, traceback=None, /)", "Raise an exception where the generator waits."},
    {"aclose", aclose_method, "(self, /)", "Raise GeneratorExit where the generator waits."},
    CLASS_GET_ITEM,
    {0},
};
