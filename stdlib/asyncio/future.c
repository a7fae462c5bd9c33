// SPDX-License-Identifier: MIT
// stdlib/asyncio/future.c: Future, and the iterator that `await future` goes through.
//
//   PENDING --set_result, set_exception--> FINISHED        PENDING --cancel--> CANCELLED
// Always
//   1. Callbacks are there only while it is PENDING; on each edge they go to the loop's ready ring, in order.
//   2. log_traceback: it ended with an exception that nobody has asked for; told to the loop's exception handler at its death.
#include "stdlib/asyncio/asyncio.h"

#include "runtime/heap.h"
#include "runtime/types/exception.h"
#include "runtime/types/generic_alias.h"
#include "runtime/types/list.h"
#include "runtime/types/str.h"
#include "runtime/types/tuple.h"
#include "stdlib/contextvars/contextvars.h"

Type future_type, future_iterator_type, pause_type;

Value raise_invalid_state(Thread *t, const char *text)
{
    OWN Value message = str_from_text(t, text);
    return is_error(message) ? ERROR : raise_value(t, invalid_state_error_type(t), message);
}

bool future_start(Thread *t, Future *f, Value loop)
{
    if (is_unbound(loop) || is_none(loop)) loop = t->running_loop;
    if (is_unbound(loop)) return error_false(raise_error(t, &exc_RuntimeError, "no running event loop"));
    if (!is_loop(loop)) return error_false(raise_type_error(t, "an event loop is needed, not %T", loop));
    if (!is_unbound(f->loop)) future_finish(t, &f->head);      // __init__ called again
    f->loop = retain(loop);
    f->state = FUTURE_PENDING;
    f->log_traceback = f->blocking = false;
    return true;
}
Value future_new(Thread *t, Value loop)
{
    OWN_POINTER Future *f = (Future *)object_new(t, &future_type);
    return f && future_start(t, f, loop) ? object_value(MOVE_POINTER(f)) : ERROR;
}
static bool check_started(Thread *t, Future *f)
{
    return !is_unbound(f->loop) || error_false(raise_error(t, &exc_RuntimeError, "Future object is not initialized."));
}

// ---- callbacks
static bool schedule(Thread *t, Future *f, Callback c)
{
    Value self = object_value(f);
    if (is_instance_of(c.function, &task_type)) return loop_ready_push(t, as_loop(as_future(c.function)->loop), c.function, self);
    OWN Value arguments = tuple_of(t, 1, self);
    if (is_error(arguments)) return false;
    OWN_POINTER Handle *handle = handle_new(t, &handle_type, f->loop, c.function, arguments, c.context);
    return handle && loop_ready_push(t, as_loop(f->loop), object_value(handle), UNBOUND);
}
// Hands every callback to the loop. One that cannot be handed over for want of memory is lost; the error is raised.
static bool schedule_callbacks(Thread *t, Future *f)
{
    bool fine = true;
    Callback first = f->first, *more = f->more;
    uint32_t count = f->more_count;
    f->first = (Callback){UNBOUND, UNBOUND};
    f->more = NULL;
    f->more_count = f->more_capacity = 0;
    OWN Value function = first.function, context = first.context;
    if (!is_unbound(function)) fine = schedule(t, f, first);
    for (uint32_t i = 0; i < count; i++) {
        fine = fine && schedule(t, f, more[i]);
        drop(more[i].function);
        drop(more[i].context);
    }
    mem_free(more);
    return fine;
}
bool future_add_callback(Thread *t, Future *f, Value function, Value context)
{
    Callback c = {function, context};
    if (f->state != FUTURE_PENDING) return schedule(t, f, c);
    Callback *slot = &f->first;
    if (!is_unbound(f->first.function)) {
        if (f->more_count == f->more_capacity) {
            uint32_t capacity = f->more_capacity ? f->more_capacity * 2 : 2;
            Callback *more = mem_reallocate(t, f->more, capacity * sizeof *more);
            if (!more) return false;
            f->more = more;
            f->more_capacity = capacity;
        }
        slot = &f->more[f->more_count++];
    }
    *slot = (Callback){retain(function), retain(context)};
    return true;
}

// ---- its end
static bool check_pending(Thread *t, Future *f) { return f->state == FUTURE_PENDING || error_false(raise_invalid_state(t, "invalid state")); }

bool future_set_result(Thread *t, Future *f, Value result)
{
    if (!check_pending(t, f)) return false;
    assign(&f->result, retain(result));
    f->state = FUTURE_FINISHED;
    return schedule_callbacks(t, f);
}
bool future_set_exception(Thread *t, Future *f, Value exception)
{
    if (!check_pending(t, f)) return false;
    OWN Value made = is_exception_type(exception) ? call0(t, exception) : retain(exception);
    if (is_error(made)) return false;
    if (!is_exception(made)) return error_false(raise_type_error(t, "invalid exception object"));
    if (type_of(made) == &exc_StopIteration)
        return error_false(raise_type_error(t, "StopIteration interacts badly with generators and cannot be raised into a Future"));
    f->exception_traceback = retain(as_exception(made)->traceback);
    f->exception = MOVE(made);
    f->state = FUTURE_FINISHED;
    f->log_traceback = true;
    return schedule_callbacks(t, f);
}
bool future_cancel(Thread *t, Future *f, Value message)
{
    ASSERT(f->state == FUTURE_PENDING);
    f->state = FUTURE_CANCELLED;
    assign(&f->cancel_message, is_none(message) ? UNBOUND : retain(message));
    return schedule_callbacks(t, f);
}
Value future_cancelled_error(Thread *t, Future *f)
{
    if (!is_unbound(f->cancelled_error)) return MOVE(f->cancelled_error);
    Value type = type_value(cancelled_error_type(t));
    return is_unbound(f->cancel_message) ? call0(t, type) : call1(t, type, f->cancel_message);
}
Value raise_cancelled(Thread *t, Future *f)
{
    Value error = future_cancelled_error(t, f);
    return is_error(error) ? ERROR : raise_exception(t, error);
}
// Its exception, with the traceback that it came with. Borrowed.
static Value exception_to_raise(Future *f)
{
    f->log_traceback = false;
    assign(&as_exception(f->exception)->traceback, retain(f->exception_traceback));
    return f->exception;
}
Value future_result(Thread *t, Future *f)
{
    if (f->state == FUTURE_CANCELLED) return raise_cancelled(t, f);
    if (f->state == FUTURE_PENDING) return raise_invalid_state(t, "Result is not set.");
    f->log_traceback = false;
    return is_unbound(f->exception) ? retain(f->result) : raise_exception(t, retain(exception_to_raise(f)));
}

// ---- methods
Value future_construct(Thread *t, Type *type, const Value *args)
{
    Future *f = (Future *)object_new(t, type);
    return f ? object_value(f) : ERROR;
}
static bool future_initialize(Thread *t, Value self, const Value *args) { return future_start(t, as_future(self), args[0]); }
static Value method_result(Thread *t, Value self, const Value *args) { return check_started(t, as_future(self)) ? future_result(t, as_future(self)) : ERROR; }
static Value method_exception(Thread *t, Value self, const Value *args)
{
    Future *f = as_future(self);
    if (!check_started(t, f)) return ERROR;
    if (f->state == FUTURE_CANCELLED) return raise_cancelled(t, f);
    if (f->state == FUTURE_PENDING) return raise_invalid_state(t, "Exception is not set.");
    f->log_traceback = false;
    return is_unbound(f->exception) ? NONE : retain(f->exception);
}
static Value method_set_result(Thread *t, Value self, const Value *args)
{
    return check_started(t, as_future(self)) && future_set_result(t, as_future(self), args[0]) ? NONE : ERROR;
}
static Value method_set_exception(Thread *t, Value self, const Value *args)
{
    return check_started(t, as_future(self)) && future_set_exception(t, as_future(self), args[0]) ? NONE : ERROR;
}
static Value method_cancel(Thread *t, Value self, const Value *args)
{
    Future *f = as_future(self);
    if (!check_started(t, f)) return ERROR;
    f->log_traceback = false;
    if (f->state != FUTURE_PENDING) return FALSE;
    return future_cancel(t, f, args[0]) ? TRUE : ERROR;
}
static Value method_cancelled(Thread *t, Value self, const Value *args) { return bool_value(as_future(self)->state == FUTURE_CANCELLED); }
static Value method_done(Thread *t, Value self, const Value *args) { return bool_value(as_future(self)->state != FUTURE_PENDING); }
static Value method_get_loop(Thread *t, Value self, const Value *args) { return check_started(t, as_future(self)) ? retain(as_future(self)->loop) : ERROR; }
static Value method_add_done_callback(Thread *t, Value self, const Value *args)
{
    Future *f = as_future(self);
    if (!check_started(t, f)) return ERROR;
    OWN Value context = is_none(args[1]) ? context_copy_current(t) : retain(args[1]);
    return !is_error(context) && future_add_callback(t, f, args[0], context) ? NONE : ERROR;
}
static Value all_callbacks(Thread *t, Future *f)
{
    OWN Value list = list_new(t, f->more_count + 1);
    if (is_error(list)) return ERROR;
    if (!is_unbound(f->first.function) && !list_append_owned(t, list, tuple_of(t, 2, f->first.function, is_unbound(f->first.context) ? NONE : f->first.context))) return ERROR;
    for (uint32_t i = 0; i < f->more_count; i++)
        if (!list_append_owned(t, list, tuple_of(t, 2, f->more[i].function, is_unbound(f->more[i].context) ? NONE : f->more[i].context))) return ERROR;
    return MOVE(list);
}
// Comparing can run Python, so what to keep is found out on a list of our own, and then put in place of what there is.
static Value method_remove_done_callback(Thread *t, Value self, const Value *args)
{
    Future *f = as_future(self);
    if (!check_started(t, f)) return ERROR;
    OWN Value before = all_callbacks(t, f);
    OWN Value kept = is_error(before) ? ERROR : list_new(t, 0);
    if (is_error(kept)) return ERROR;
    size_t removed = 0;
    for (size_t i = 0; i < as_list(before)->length; i++) {
        Value pair = as_list(before)->items[i];
        int same = object_equal(t, as_tuple(pair)->items[0], args[0]);
        if (same < 0 || (!same && !list_append(t, kept, pair))) return ERROR;
        removed += same != 0;
    }
    if (!removed || f->state != FUTURE_PENDING) return small_int((int64_t)removed);
    Callback first = f->first, *more = f->more;
    uint32_t count = f->more_count;
    f->first = (Callback){UNBOUND, UNBOUND};
    f->more = NULL;
    f->more_count = f->more_capacity = 0;
    bool fine = true;
    for (size_t i = 0; i < as_list(kept)->length && fine; i++) {
        Tuple *pair = as_tuple(as_list(kept)->items[i]);
        fine = future_add_callback(t, f, pair->items[0], is_none(pair->items[1]) ? UNBOUND : pair->items[1]);
    }
    drop(first.function);
    drop(first.context);
    for (uint32_t i = 0; i < count; i++) {
        drop(more[i].function);
        drop(more[i].context);
    }
    mem_free(more);
    return fine ? small_int((int64_t)removed) : ERROR;
}
static Value method_make_cancelled_error(Thread *t, Value self, const Value *args) { return future_cancelled_error(t, as_future(self)); }
static Value method_class_getitem(Thread *t, Value self, const Value *args) { return generic_alias_new(t, self, args[0]); }

static Value or_none(Value v) { return is_unbound(v) ? NONE : retain(v); }
static Value get_state(Thread *t, Value self)
{
    static const char *const names_of_states[] = {"PENDING", "CANCELLED", "FINISHED"};
    return str_from_text(t, names_of_states[as_future(self)->state]);
}
static Value get_loop(Thread *t, Value self) { return or_none(as_future(self)->loop); }
static Value get_callbacks(Thread *t, Value self)
{
    Future *f = as_future(self);
    return is_unbound(f->first.function) && !f->more_count ? NONE : all_callbacks(t, f);
}
static Value get_result(Thread *t, Value self) { return or_none(as_future(self)->result); }
static Value get_exception(Thread *t, Value self) { return or_none(as_future(self)->exception); }
static Value get_source_traceback(Thread *t, Value self) { return NONE; }
static Value get_log_traceback(Thread *t, Value self) { return bool_value(as_future(self)->log_traceback); }
static bool set_log_traceback(Thread *t, Value self, Value value)
{
    int on = is_unbound(value) ? 1 : object_truth(t, value);
    if (on < 0) return false;
    if (on) return error_false(raise_value_error(t, "_log_traceback can only be set to False"));
    as_future(self)->log_traceback = false;
    return true;
}
static Value get_blocking(Thread *t, Value self) { return bool_value(as_future(self)->blocking); }
static bool set_blocking(Thread *t, Value self, Value value)
{
    int on = is_unbound(value) ? 0 : object_truth(t, value);
    if (on < 0) return false;
    as_future(self)->blocking = on;
    return true;
}
static Value get_cancel_message(Thread *t, Value self) { return or_none(as_future(self)->cancel_message); }
static bool set_cancel_message(Thread *t, Value self, Value value)
{
    assign(&as_future(self)->cancel_message, is_unbound(value) || is_none(value) ? UNBOUND : retain(value));
    return true;
}

Value future_repr(Thread *t, Value v)
{
    Value function = t->interp->module_slots[SLOT_ASYNCIO_REPR];
    return is_unbound(function) ? str_from_text(t, "<Future>") : call1(t, function, v);
}
void future_visit(Object *o, VisitFn visit, void *context)
{
    Future *f = (Future *)o;
    Value owned[] = {f->loop, f->result, f->exception, f->exception_traceback, f->cancel_message, f->cancelled_error, f->first.function, f->first.context};
    for (size_t i = 0; i < COUNT_OF(owned); i++)
        if (is_object(owned[i])) visit(owned[i], context);
    for (uint32_t i = 0; i < f->more_count; i++) {
        if (is_object(f->more[i].function)) visit(f->more[i].function, context);
        if (is_object(f->more[i].context)) visit(f->more[i].context, context);
    }
}
void future_finish(Thread *t, Object *o)
{
    Future *f = (Future *)o;
    Value *owned[] = {&f->loop, &f->result, &f->exception, &f->exception_traceback, &f->cancel_message, &f->cancelled_error, &f->first.function, &f->first.context};
    for (size_t i = 0; i < COUNT_OF(owned); i++) clear(owned[i]);
    Callback *more = f->more;
    uint32_t count = f->more_count;
    f->more = NULL;
    f->more_count = f->more_capacity = 0;
    for (uint32_t i = 0; i < count; i++) {
        drop(more[i].function);
        drop(more[i].context);
    }
    mem_free(more);
}
void future_finalize(Thread *t, Value v)
{
    Future *f = as_future(v);
    if (!f->log_traceback || is_unbound(f->exception)) return;
    f->log_traceback = false;
    OWN Value exception = retain(f->exception);
    loop_report(t, f->loop, f->is_task ? "Task exception was never retrieved" : "Future exception was never retrieved", exception, "future", v);
}

static const Method future_methods[] = {
    {"result", method_result, "(self, /)", "Its result; raises its exception."},
    {"exception", method_exception, "(self, /)", "Its exception, or None."},
    {"set_result", method_set_result, "(self, result, /)", "Mark it done with a result."},
    {"set_exception", method_set_exception, "(self, exception, /)", "Mark it done with an exception."},
    {"cancel", method_cancel, "(self, /, msg=None)", "Cancel it and schedule its callbacks."},
    {"cancelled", method_cancelled, "(self, /)", "Whether it was cancelled."},
    {"done", method_done, "(self, /)", "Whether it has a result or an exception, or was cancelled."},
    {"get_loop", method_get_loop, "(self, /)", "The loop that it belongs to."},
    {"add_done_callback", method_add_done_callback, "(self, fn, /, *, context=None)", "Have the loop call fn(self) when it is done."},
    {"remove_done_callback", method_remove_done_callback, "(self, fn, /)", "Take a callback away; how many there were."},
    {"_make_cancelled_error", method_make_cancelled_error, "(self, /)", "The CancelledError to be raised for it."},
    {"__class_getitem__", method_class_getitem, "(cls, item, /)", "See PEP 585"},
    {0},
};
static const GetSet future_getsets[] = {
    {"_state", get_state, NULL, NULL}, {"_loop", get_loop, NULL, NULL}, {"_callbacks", get_callbacks, NULL, NULL}, {"_result", get_result, NULL, NULL},
    {"_exception", get_exception, NULL, NULL}, {"_source_traceback", get_source_traceback, NULL, NULL},
    {"_log_traceback", get_log_traceback, set_log_traceback, NULL}, {"_Future__log_traceback", get_log_traceback, set_log_traceback, NULL},
    {"_asyncio_future_blocking", get_blocking, set_blocking, NULL}, {"_cancel_message", get_cancel_message, set_cancel_message, NULL}, {0},
};
const TypeSpec future_spec = {
    .name = "_asyncio.Future",
    .doc = "A result that is not there yet.",
    .size = sizeof(Future),
    .flags = TYPE_GC | TYPE_BASE | TYPE_HAS_ATTRS | TYPE_HAS_WEAKREFS,
    .slots = {.visit = future_visit, .unlink = future_finish, .finish = future_finish, .finalize = future_finalize, .repr = future_repr, .await = future_await,
              .iter = future_await},
    .methods = future_methods,
    .getsets = future_getsets,
    .new_signature = "(*args, **kwargs)",
    .construct = future_construct,
    .init_signature = "(*, loop=None)",
    .initialize = future_initialize,
};

// ---- the iterator of `await future`: yields the future once, then has its result
typedef struct FutureIterator { Object head; Value future; bool yielded; } FutureIterator;
static FutureIterator *as_iterator(Value v) { return (FutureIterator *)as_object(v); }

Value future_await(Thread *t, Value v)
{
    if (!check_started(t, as_future(v))) return ERROR;
    FutureIterator *iterator = (FutureIterator *)object_new(t, &future_iterator_type);
    if (!iterator) return ERROR;
    iterator->future = retain(v);
    return object_value(iterator);
}
static Value iterator_next(Thread *t, Value self)
{
    FutureIterator *iterator = as_iterator(self);
    if (is_unbound(iterator->future)) return UNBOUND;
    Future *f = as_future(iterator->future);
    if (f->state == FUTURE_PENDING) {
        if (iterator->yielded) return raise_error(t, &exc_RuntimeError, "await wasn't used with future");
        iterator->yielded = f->blocking = true;
        return retain(iterator->future);
    }
    OWN Value future = MOVE(iterator->future);
    OWN Value result = future_result(t, as_future(future));
    if (is_error(result)) return ERROR;
    return is_none(result) ? UNBOUND : raise_stop_iteration(t, result);
}
static Value iterator_send_value(Thread *t, Value self, const Value *args)
{
    Value next = as_object(self)->type->slots.next(t, self);
    return is_unbound(next) ? raise_stop_iteration(t, NONE) : next;
}
static Value raise_thrown(Thread *t, const Value *args)
{
    OWN Value exception = UNBOUND;
    if (is_exception(args[0])) exception = retain(args[0]);
    else if (is_exception_type(args[0])) exception = is_exception(args[1]) ? retain(args[1]) : is_none(args[1]) ? call0(t, args[0]) : call1(t, args[0], args[1]);
    else return raise_type_error(t, "exceptions must be classes deriving BaseException or instances of such a class");
    if (is_error(exception)) return ERROR;
    if (!is_exception(exception)) return raise_type_error(t, "exceptions must derive from BaseException");
    if (!is_none(args[2])) assign(&as_exception(exception)->traceback, retain(args[2]));
    return raise_exception(t, MOVE(exception));
}
static Value iterator_throw(Thread *t, Value self, const Value *args)
{
    clear(&as_iterator(self)->future);
    return raise_thrown(t, args);
}
static Value iterator_close(Thread *t, Value self, const Value *args)
{
    clear(&as_iterator(self)->future);
    return NONE;
}
static Value same(Thread *t, Value self) { return retain(self); }
static void iterator_visit(Object *o, VisitFn visit, void *context)
{
    if (is_object(((FutureIterator *)o)->future)) visit(((FutureIterator *)o)->future, context);
}
static void iterator_finish(Thread *t, Object *o) { clear(&((FutureIterator *)o)->future); }
static const Method iterator_methods[] = {
    {"send", iterator_send_value, "(self, value, /)", NULL},
    {"throw", iterator_throw, "(self, type, value=None, traceback=None, /)", NULL},
    {"close", iterator_close, "(self, /)", NULL},
    {0},
};
const TypeSpec future_iterator_spec = {
    .name = "_asyncio.FutureIter",
    .size = sizeof(FutureIterator),
    .flags = TYPE_GC | TYPE_NO_NEW,
    .slots = {.visit = iterator_visit, .finish = iterator_finish, .iter = same, .next = iterator_next},
    .methods = iterator_methods,
};

// ---- Pause: awaited once, it gives the other tasks a turn (sleep(0))
typedef struct Pause { Object head; bool yielded; } Pause;
static Value pause_construct(Thread *t, Type *type, const Value *args)
{
    Pause *pause = (Pause *)object_new(t, type);
    return pause ? object_value(pause) : ERROR;
}
static Value pause_next(Thread *t, Value self)
{
    Pause *pause = (Pause *)as_object(self);
    if (pause->yielded) return UNBOUND;
    pause->yielded = true;
    return NONE;
}
static Value pause_throw(Thread *t, Value self, const Value *args) { return raise_thrown(t, args); }
static Value pause_close(Thread *t, Value self, const Value *args) { return NONE; }
static const Method pause_methods[] = {
    {"send", iterator_send_value, "(self, value, /)", NULL},
    {"throw", pause_throw, "(self, type, value=None, traceback=None, /)", NULL},
    {"close", pause_close, "(self, /)", NULL},
    {0},
};
const TypeSpec pause_spec = {
    .name = "_asyncio.Pause",
    .size = sizeof(Pause),
    .slots = {.await = same, .iter = same, .next = pause_next},
    .methods = pause_methods,
    .new_signature = "()",
    .construct = pause_construct,
};
