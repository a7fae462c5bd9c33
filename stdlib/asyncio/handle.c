// SPDX-License-Identifier: MIT
// stdlib/asyncio/handle.c: Handle and TimerHandle, what call_soon and call_later give back.
#include "stdlib/asyncio/asyncio.h"

#include "interp/interp.h"
#include "runtime/gil_trace.h"
#include "runtime/types/exception.h"
#include "runtime/types/float.h"
#include "runtime/types/str.h"
#include "runtime/types/tuple.h"
#include "stdlib/contextvars/contextvars.h"

Type handle_type, timer_handle_type;

Handle *handle_new(Thread *t, Type *type, Value loop, Value callback, Value arguments, Value context)
{
    OWN Value own = is_unbound(context) || is_none(context) ? context_copy_current(t) : retain(context);
    if (is_error(own)) return NULL;
    if (type_of(own) != &context_type) return error_null(raise_type_error(t, "a Context is needed, not %T", own));
    Handle *handle = (Handle *)object_new(t, type);
    if (!handle) return NULL;
    handle->callback = retain(callback);
    handle->arguments = retain(arguments);
    handle->context = MOVE(own);
    handle->loop = retain(loop);
    handle->place = NOT_IN_HEAP;
    return handle;
}

// What a callback is called in a trace: its qualified name, or its type's.
COLD static uint32_t name_for_trace(Thread *t, Value callback)
{
    OWN Value name = object_get_attr_optional(t, callback, NAME(__qualname__));
    error_clear(t);
    if (!is_str(name)) assign(&name, type_full_name(t, type_of(callback)));
    OWN_MEMORY char *text = is_str(name) ? str_to_utf8(t, as_str(name), NULL) : NULL;
    error_clear(t);
    return text ? trace_name(t, text) : 0;
}

bool handle_run(Thread *t, Handle *handle)
{
    OWN Value callback = retain(handle->callback), arguments = retain(handle->arguments), context = retain(handle->context);
    OWN Value result = ERROR;
    if (context_enter(t, context)) {
        bool traced = trace_is_on(t);
        uint32_t name = traced ? name_for_trace(t, callback) : 0;
        CodePlace place;
        if (traced) trace_step(t, TRACE_CALLBACK_BEGIN, name, interp_place_of(callback, &place) ? &place : NULL);
        result = call(t, callback, as_tuple(arguments)->items, as_tuple(arguments)->length, UNBOUND);
        if (traced && trace_is_on(t)) trace_step(t, TRACE_CALLBACK_END, name, NULL);
        context_leave(t, context);
    }
    if (!is_error(result)) return true;
    if (error_matches(t, &exc_KeyboardInterrupt) || error_matches(t, &exc_SystemExit)) return false;
    OWN Value exception = error_take(t);
    loop_report(t, handle->loop, NULL, exception, "handle", object_value(handle));
    return true;
}

static Value handle_cancel(Thread *t, Value self, const Value *args)
{
    Handle *handle = as_handle(self);
    if (handle->cancelled) return NONE;
    handle->cancelled = true;
    if (handle->place != NOT_IN_HEAP) loop_timer_remove(t, as_loop(handle->loop), handle);
    clear(&handle->callback);
    clear(&handle->arguments);
    return NONE;
}
static Value handle_cancelled(Thread *t, Value self, const Value *args) { return bool_value(as_handle(self)->cancelled); }
static Value handle_get_context(Thread *t, Value self, const Value *args) { return retain(as_handle(self)->context); }
static Value timer_when(Thread *t, Value self, const Value *args) { return float_value(as_handle(self)->when); }
static Value or_none(Value v) { return is_unbound(v) ? NONE : retain(v); }
static Value handle_callback(Thread *t, Value self) { return or_none(as_handle(self)->callback); }
static Value handle_arguments(Thread *t, Value self) { return or_none(as_handle(self)->arguments); }
static Value handle_context(Thread *t, Value self) { return or_none(as_handle(self)->context); }
static Value handle_loop(Thread *t, Value self) { return or_none(as_handle(self)->loop); }
static Value handle_is_cancelled(Thread *t, Value self) { return bool_value(as_handle(self)->cancelled); }
static Value timer_when_value(Thread *t, Value self) { return float_value(as_handle(self)->when); }
static Value handle_run_now(Thread *t, Value self, const Value *args)
{
    return as_handle(self)->cancelled || handle_run(t, as_handle(self)) ? NONE : ERROR;
}

static Value handle_repr(Thread *t, Value self)
{
    Value function = t->interp->module_slots[SLOT_ASYNCIO_REPR];
    return is_unbound(function) ? str_from_text(t, "<Handle>") : call1(t, function, self);
}
static Value timer_compare(Thread *t, Value a, Value b, CompareOp op)
{
    if (!is_instance_of(a, &timer_handle_type) || !is_instance_of(b, &timer_handle_type)) return NOT_IMPLEMENTED;
    if (op == CMP_EQ || op == CMP_NE) return bool_value(is_same(a, b) == (op == CMP_EQ));
    return object_compare(t, float_value(as_handle(a)->when), float_value(as_handle(b)->when), op);
}
static bool timer_hash(Thread *t, Value v, int64_t *hash) { return object_hash(t, float_value(as_handle(v)->when), hash); }
static void handle_visit(Object *o, VisitFn visit, void *context)
{
    Handle *handle = (Handle *)o;
    Value owned[] = {handle->callback, handle->arguments, handle->context, handle->loop};
    for (size_t i = 0; i < COUNT_OF(owned); i++)
        if (is_object(owned[i])) visit(owned[i], context);
}
static void handle_finish(Thread *t, Object *o)
{
    Handle *handle = (Handle *)o;
    ASSERT(handle->place == NOT_IN_HEAP);
    clear(&handle->callback);
    clear(&handle->arguments);
    clear(&handle->context);
    clear(&handle->loop);
}

static const Method handle_methods[] = {
    {"cancel", handle_cancel, "(self)", "Do not call it."},
    {"cancelled", handle_cancelled, "(self)", "Whether it was cancelled."},
    {"get_context", handle_get_context, "(self)", "The context it is to be called in."},
    {"_run", handle_run_now, "(self)", NULL},
    {0},
};
static const GetSet handle_getsets[] = {
    {"_callback", handle_callback, NULL, NULL}, {"_args", handle_arguments, NULL, NULL}, {"_context", handle_context, NULL, NULL},
    {"_loop", handle_loop, NULL, NULL}, {"_cancelled", handle_is_cancelled, NULL, NULL}, {0},
};
const TypeSpec handle_spec = {
    .name = "asyncio.events.Handle",
    .doc = "A callback that the loop is to call.",
    .size = sizeof(Handle),
    .flags = TYPE_GC | TYPE_NO_NEW | TYPE_HAS_WEAKREFS,
    .slots = {.visit = handle_visit, .finish = handle_finish, .repr = handle_repr},
    .methods = handle_methods,
    .getsets = handle_getsets,
};
static const Method timer_methods[] = {{"when", timer_when, "(self)", "The time of the loop's clock at which it is to be called."}, {0}};
static const GetSet timer_getsets[] = {{"_when", timer_when_value, NULL, NULL}, {0}};
const TypeSpec timer_handle_spec = {
    .name = "asyncio.events.TimerHandle",
    .doc = "A callback that the loop is to call at some time.",
    .size = sizeof(Handle),
    .flags = TYPE_GC | TYPE_NO_NEW | TYPE_HAS_WEAKREFS,
    .base = &handle_type,
    .slots = {.visit = handle_visit, .finish = handle_finish, .repr = handle_repr, .compare = timer_compare, .hash = timer_hash},
    .methods = timer_methods,
    .getsets = timer_getsets,
};
