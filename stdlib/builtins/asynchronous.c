// SPDX-License-Identifier: MIT
// stdlib/builtins/asynchronous.c: aiter and anext.
//
// anext(iterator, default) is an awaitable around the awaitable of the step: it passes everything on, and turns
// StopAsyncIteration into a result, the default.
#include "runtime/types/str.h"
#include "runtime/types/tuple.h"
#include "stdlib/builtins/functions.h"

Type anext_awaitable_type;

typedef struct AnextAwaitable { Object head; Value step, fallback; } AnextAwaitable;

Value builtin_aiter(Thread *t, Value module, const Value *args)
{
    if (!type_of(args[0])->slots.aiter) return raise_type_error(t, "'%.200T' object is not an async iterable", args[0]);
    OWN Value iterator = type_of(args[0])->slots.aiter(t, args[0]);
    if (is_error(iterator)) return ERROR;
    if (!type_of(iterator)->slots.anext) return raise_type_error(t, "aiter() returned not an async iterator of type '%.200T'", iterator);
    return MOVE(iterator);
}

Value builtin_anext(Thread *t, Value module, const Value *args)
{
    if (!type_of(args[0])->slots.anext) return raise_type_error(t, "'%.200T' object is not an async iterator", args[0]);
    OWN Value step = type_of(args[0])->slots.anext(t, args[0]);
    if (is_error(step) || is_unbound(args[1])) return MOVE(step);
    AnextAwaitable *a = (AnextAwaitable *)object_new(t, &anext_awaitable_type);
    if (!a) return ERROR;
    a->step = MOVE(step);
    a->fallback = retain(args[1]);
    return object_value(a);
}

static void awaitable_visit(Object *o, VisitFn visit, void *context)
{
    visit(((AnextAwaitable *)o)->step, context);
    visit(((AnextAwaitable *)o)->fallback, context);
}

static void awaitable_finish(Thread *t, Object *o)
{
    clear(&((AnextAwaitable *)o)->step);
    clear(&((AnextAwaitable *)o)->fallback);
}

// What steps the wrapped awaitable: itself when it is an iterator or a coroutine, else what its __await__ gives.
static Value stepper(Thread *t, AnextAwaitable *a)
{
    Slots *slots = &type_of(a->step)->slots;
    if (slots->next) return retain(a->step);
    if (!slots->await) return raise_type_error(t, "object %.100T can't be used in 'await' expression", a->step);
    return slots->await(t, a->step);
}

static Value translated(Thread *t, AnextAwaitable *a, TAKES Value result)
{
    if (is_error(result) && error_clear_if(t, &exc_StopAsyncIteration)) return raise_stop_iteration(t, a->fallback);
    return result;
}

static Value awaitable_next(Thread *t, Value v)
{
    AnextAwaitable *a = (AnextAwaitable *)as_object(v);
    OWN Value inner = stepper(t, a);
    if (is_error(inner)) return ERROR;
    if (!type_of(inner)->slots.next) return raise_type_error(t, "'%.200T' object is not an iterator", inner);
    return translated(t, a, type_of(inner)->slots.next(t, inner));
}

static Value pass_on(Thread *t, Value self, const char *method, const Value *args, size_t nargs)
{
    AnextAwaitable *a = (AnextAwaitable *)as_object(self);
    OWN Value inner = stepper(t, a);
    if (is_error(inner)) return ERROR;
    OWN_POINTER Str *name = str_intern_text(t, method, strlen(method));
    return name ? translated(t, a, call_method(t, inner, name, args, nargs)) : ERROR;
}

static Value awaitable_send(Thread *t, Value self, const Value *args) { return pass_on(t, self, "send", args, 1); }
static Value awaitable_throw(Thread *t, Value self, const Value *args)
{
    Tuple *given = as_tuple(args[0]);
    return pass_on(t, self, "throw", given->items, given->length);
}
static Value awaitable_close(Thread *t, Value self, const Value *args) { return pass_on(t, self, "close", NULL, 0); }

static const Method awaitable_methods[] = {
    {"send", awaitable_send, "(self, value, /)", NULL},
    {"throw", awaitable_throw, "(self, /, *args)", NULL},
    {"close", awaitable_close, "(self, /)", NULL},
    {0},
};
const TypeSpec anext_awaitable_spec = {
    .name = "anext_awaitable",
    .size = sizeof(AnextAwaitable),
    .flags = TYPE_GC | TYPE_NO_NEW,
    .slots = {.visit = awaitable_visit, .finish = awaitable_finish, .iter = iter_self, .next = awaitable_next, .await = iter_self},
    .methods = awaitable_methods,
};
