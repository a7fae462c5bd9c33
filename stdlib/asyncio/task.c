// SPDX-License-Identifier: MIT
// stdlib/asyncio/task.c: Task, a future that drives a coroutine: each step runs it until it awaits a future that is not done.
//
// A task's next step is in the ready ring, or it is a callback of `waiter`, or it is done; never two of these.
// Owns     the list of all tasks that are not done, for all_tasks(): weak, a task leaves it at its end. [GIL]
#include "stdlib/asyncio/asyncio.h"

#include "interp/interp.h"
#include "runtime/gil_trace.h"
#include "runtime/types/exception.h"
#include "runtime/types/int.h"
#include "runtime/types/list.h"
#include "runtime/types/str.h"
#include "runtime/types/tuple.h"
#include "stdlib/contextvars/contextvars.h"

typedef struct Task {
    Future future;
    Value coroutine, name, context, waiter;      // name UNBOUND: "Task-<number>"
    uint64_t number;
    int32_t cancels_requested;
    uint32_t trace_name;                         // its number in the table of names of the recorder's session `trace_session`
    struct Task *previous, *next;
    bool must_cancel, listed, quiet_when_destroyed;
    uint16_t trace_session;
} Task;

Type task_type;
static Task *all_tasks;          // [GIL]
static uint64_t task_numbers;    // [GIL]
static Task *as_task(Value v) { ASSERT(is_instance_of(v, &task_type)); return (Task *)as_object(v); }

static void list_in(Task *task)
{
    task->next = all_tasks;
    task->previous = NULL;
    if (all_tasks) all_tasks->previous = task;
    all_tasks = task;
    task->listed = true;
}
static void list_out(Task *task)
{
    if (!task->listed) return;
    if (task->previous) task->previous->next = task->next;
    else all_tasks = task->next;
    if (task->next) task->next->previous = task->previous;
    task->listed = false;
}
Value tasks_of(Thread *t, Value loop)
{
    OWN Value list = list_new(t, 0);
    for (Task *each = all_tasks; each && !is_error(list); each = each->next)
        if ((is_unbound(loop) || is_same(each->future.loop, loop)) && !list_append(t, list, object_value(each))) return ERROR;
    return MOVE(list);
}

static bool is_coroutine(Thread *t, Value v)
{
    Type *type = type_of(v);
    if (type == &coroutine_type || type == &generator_type) return true;
    static const char *const wanted[] = {"send", "throw", "close", "__await__"};
    for (size_t i = 0; i < COUNT_OF(wanted); i++) {
        OWN_POINTER Str *name = str_intern_text(t, wanted[i], strlen(wanted[i]));
        if (!name) return error_clear(t), false;
        if (is_unbound(type_lookup(type, name))) return false;
    }
    return true;
}

static bool task_start(Thread *t, Task *task, Value coroutine, Value loop, Value name, Value context)
{
    if (!is_coroutine(t, coroutine)) return error_false(raise_type_error(t, "a coroutine was expected, got %R", coroutine));
    OWN Value own_context = is_none(context) ? context_copy_current(t) : retain(context);
    if (is_error(own_context)) return false;
    if (type_of(own_context) != &context_type) return error_false(raise_type_error(t, "a Context is needed, not %T", own_context));
    OWN Value own_name = is_none(name) ? UNBOUND : is_exact_str(name) ? retain(name) : object_str(t, name);
    if (is_error(own_name) || !future_start(t, &task->future, loop)) return false;
    task->future.is_task = true;
    if (is_none(name)) task->number = ++task_numbers;
    assign(&task->name, MOVE(own_name));
    assign(&task->coroutine, retain(coroutine));
    assign(&task->context, MOVE(own_context));
    clear(&task->waiter);
    if (!loop_ready_push(t, as_loop(task->future.loop), object_value(task), UNBOUND)) return false;
    if (!task->listed) list_in(task);
    return true;
}
Value task_new(Thread *t, Value coroutine, Value loop, Value name, Value context)
{
    OWN_POINTER Task *task = (Task *)object_new(t, &task_type);
    return task && task_start(t, task, coroutine, loop, name, context) ? object_value(MOVE_POINTER(task)) : ERROR;
}
static bool task_initialize(Thread *t, Value self, const Value *args) { return task_start(t, as_task(self), args[0], args[1], args[2], args[3]); }

Value cancel_any(Thread *t, Value future, Value message)
{
    OWN Value cancel = object_get_attr(t, future, NAME(cancel));
    if (is_error(cancel)) return ERROR;
    OWN Value keyword = tuple_of(t, 1, NAME_VALUE(msg));
    return is_error(keyword) ? ERROR : call(t, cancel, &message, 0, keyword);
}
// Cancels what the task waits for. 1: it will be cancelled; 0: it would not; -1: raised.
static int cancel_waiter(Thread *t, Value waiter, Value message)
{
    OWN Value keep = retain(waiter);
    OWN Value done = cancel_any(t, keep, message);
    return is_error(done) ? -1 : object_truth(t, done);
}

// ---- a step
static bool soon(Thread *t, Task *task, Value argument) { return loop_ready_push(t, as_loop(task->future.loop), object_value(task), argument); }

// The next step throws RuntimeError(message).
COLD static bool soon_error(Thread *t, Task *task, Value message)
{
    OWN Value text = message;
    OWN Value error = is_error(text) ? ERROR : exception_new(t, &exc_RuntimeError, &text, 1);
    return !is_error(error) && soon(t, task, error);
}
static bool cancel_if_wanted(Thread *t, Task *task)
{
    if (!task->must_cancel || is_unbound(task->waiter)) return true;
    int cancelled = cancel_waiter(t, task->waiter, is_unbound(task->future.cancel_message) ? NONE : task->future.cancel_message);
    if (cancelled > 0) task->must_cancel = false;
    return cancelled >= 0;
}
static bool wait_for_own_future(Thread *t, Task *task, Value yielded)
{
    Future *f = as_future(yielded);
    Value self = object_value(task);
    if (!f->blocking) return soon_error(t, task, str_format(t, "yield was used instead of yield from in task %R with %R", self, yielded));
    if (is_same(self, yielded)) return soon_error(t, task, str_format(t, "Task cannot await on itself: %R", self));
    if (!is_same(f->loop, task->future.loop)) return soon_error(t, task, str_format(t, "Task %R got Future %R attached to a different loop", self, yielded));
    f->blocking = false;
    if (!future_add_callback(t, f, self, UNBOUND)) return false;
    task->waiter = retain(yielded);
    Loop *loop = is_loop(f->loop) ? as_loop(f->loop) : NULL;
    if (UNLIKELY(loop && loop->lock_waits) && (f->is_task || type_of(yielded) != &future_type) && !loop_suspect(t, loop, self)) return false;
    return cancel_if_wanted(t, task);
}
// A future of another make, known by its attribute _asyncio_future_blocking.
static bool wait_for_foreign_future(Thread *t, Task *task, Value yielded, Value blocking)
{
    int is_blocking = object_truth(t, blocking);
    if (is_blocking < 0) return false;
    if (!is_blocking) return soon_error(t, task, str_format(t, "yield was used instead of yield from in task %R with %R", object_value(task), yielded));
    if (!object_set_attr(t, yielded, NAME(_asyncio_future_blocking), FALSE)) return false;
    OWN Value wakeup = object_get_attr(t, object_value(task), NAME(_wakeup));
    OWN Value added = is_error(wakeup) ? ERROR : call_method1(t, yielded, NAME(add_done_callback), wakeup);
    if (is_error(added)) return false;
    task->waiter = retain(yielded);
    return cancel_if_wanted(t, task);
}
static bool wait_for(Thread *t, Task *task, Value yielded)
{
    if (is_none(yielded)) return soon(t, task, UNBOUND);
    if (is_future(yielded)) return wait_for_own_future(t, task, yielded);
    OWN Value blocking = object_get_attr_optional(t, yielded, NAME(_asyncio_future_blocking));
    if (is_error(blocking)) return false;
    if (!is_unbound(blocking) && !is_none(blocking)) return wait_for_foreign_future(t, task, yielded, blocking);
    if (type_of(yielded) == &generator_type)
        return soon_error(t, task, str_format(t, "yield was used instead of yield from for generator in task %R with %R", object_value(task), yielded));
    return soon_error(t, task, str_format(t, "Task got bad yield: %R", yielded));
}
// The coroutine raised: the exception is pending.
static bool step_failed(Thread *t, Task *task)
{
    list_out(task);
    bool fatal = error_matches(t, &exc_KeyboardInterrupt) || error_matches(t, &exc_SystemExit);
    OWN Value error = error_take(t);
    if (is_instance_of(error, cancelled_error_type(t))) {
        assign(&task->future.cancelled_error, retain(error));
        return future_cancel(t, &task->future, NONE);
    }
    if (!future_set_exception(t, &task->future, error)) return false;
    if (fatal) error_restore(t, MOVE(error));
    return !fatal;
}
static bool step_returned(Thread *t, Task *task, Value result)
{
    list_out(task);
    if (!task->must_cancel) return future_set_result(t, &task->future, result);
    task->must_cancel = false;
    OWN Value message = is_unbound(task->future.cancel_message) ? NONE : retain(task->future.cancel_message);
    return future_cancel(t, &task->future, message);
}
// Runs the coroutine to its next await; thrown: an exception, or UNBOUND.
static Value resume(Thread *t, Task *task, Value thrown, bool *returned)
{
    Loop *loop = as_loop(task->future.loop);
    *returned = false;
    if (!is_unbound(loop->current_task))
        return raise_error(t, &exc_RuntimeError, "Cannot enter into task %R while another task %R is being executed.", object_value(task), loop->current_task);
    if (!context_enter(t, task->context)) return ERROR;
    OWN Value context = retain(task->context), coroutine = retain(task->coroutine), keep_loop = retain(object_value(loop));
    loop->current_task = retain(object_value(task));
    Value result;
    if (is_unbound(thrown)) {
        result = iterator_send(t, coroutine, NONE, returned);
    } else if (type_of(coroutine) == &coroutine_type || type_of(coroutine) == &generator_type) {
        result = interp_throw(t, coroutine, thrown, returned);
    } else {
        result = call_method1(t, coroutine, NAME(throw), thrown);
        if (is_error(result) && error_matches(t, &exc_StopIteration)) {
            result = error_take_stop_value(t);
            *returned = !is_error(result);
        }
    }
    clear(&loop->current_task);
    context_leave(t, context);
    return result;
}
static bool step(Thread *t, Task *task, Value thrown)
{
    OWN Value exception = retain(thrown);
    if (task->must_cancel) {
        bool is_cancel = !is_unbound(exception) && is_instance_of(exception, cancelled_error_type(t));
        if (!is_cancel) assign(&exception, future_cancelled_error(t, &task->future));
        if (is_error(exception)) return false;
        task->must_cancel = false;
    }
    clear(&task->waiter);
    bool returned;
    OWN Value result = resume(t, task, exception, &returned);
    if (is_error(result)) return step_failed(t, task);
    return returned ? step_returned(t, task, result) : wait_for(t, task, result);
}
// What the future that it waited for has come to, as what is to be thrown in: UNBOUND: nothing; ERROR.
static Value thrown_by(Thread *t, Value future)
{
    if (is_future(future) && as_future(future)->state == FUTURE_FINISHED && is_unbound(as_future(future)->exception)) return UNBOUND;
    OWN Value result = is_future(future) ? future_result(t, as_future(future)) : call_method0(t, future, NAME(result));
    return is_error(result) ? error_take(t) : UNBOUND;
}
static Value method_get_name(Thread *t, Value self, const Value *args);

static uint32_t name_for_trace(Thread *t, Task *task)
{
    if (task->trace_name && task->trace_session == (uint16_t)trace_session(t)) return task->trace_name;
    OWN Value name = method_get_name(t, object_value(task), NULL);
    OWN_MEMORY char *text = is_error(name) ? NULL : str_to_utf8(t, as_str(name), NULL);
    if (!text) return error_clear(t), 0;
    task->trace_session = (uint16_t)trace_session(t);
    return task->trace_name = trace_name(t, text);
}
static bool run_step(Thread *t, Value v, Value argument);
bool task_run(Thread *t, Value v, Value argument)
{
    if (LIKELY(!trace_is_on(t))) return run_step(t, v, argument);
    uint32_t name = name_for_trace(t, as_task(v));
    OWN Value task = retain(v);
    CodePlace place;
    trace_step(t, TRACE_TASK_BEGIN, name, interp_place_of(as_task(task)->coroutine, &place) ? &place : NULL);
    bool done = run_step(t, v, argument);
    if (trace_is_on(t)) trace_step(t, TRACE_TASK_END, name, interp_place_of(as_task(task)->coroutine, &place) ? &place : NULL);
    return done;
}
static bool run_step(Thread *t, Value v, Value argument)
{
    OWN Value self = retain(v);
    Task *task = as_task(self);
    if (is_unbound(task->coroutine)) return error_false(raise_error(t, &exc_RuntimeError, "Task object is not initialized."));
    if (task->future.state != FUTURE_PENDING) {
        OWN Value ignored = raise_invalid_state(t, "_step(): already done");
        OWN Value error = error_take(t);
        loop_report(t, task->future.loop, NULL, error, "task", self);
        return true;
    }
    OWN Value thrown = is_unbound(argument) ? UNBOUND : is_exception(argument) ? retain(argument) : thrown_by(t, argument);
    return step(t, task, thrown) || !error_pending(t);
}

// ---- methods
static Value method_cancel(Thread *t, Value self, const Value *args)
{
    Task *task = as_task(self);
    task->future.log_traceback = false;
    if (task->future.state != FUTURE_PENDING) return FALSE;
    task->cancels_requested++;
    if (!is_unbound(task->waiter)) {
        int cancelled = cancel_waiter(t, task->waiter, args[0]);
        if (cancelled) return cancelled < 0 ? ERROR : TRUE;
    }
    task->must_cancel = true;
    assign(&task->future.cancel_message, is_none(args[0]) ? UNBOUND : retain(args[0]));
    return TRUE;
}
static Value method_cancelling(Thread *t, Value self, const Value *args) { return int_value(t, as_task(self)->cancels_requested); }
static Value method_uncancel(Thread *t, Value self, const Value *args)
{
    if (as_task(self)->cancels_requested > 0) as_task(self)->cancels_requested--;
    return int_value(t, as_task(self)->cancels_requested);
}
static Value method_get_coro(Thread *t, Value self, const Value *args) { return is_unbound(as_task(self)->coroutine) ? NONE : retain(as_task(self)->coroutine); }
static Value method_get_name(Thread *t, Value self, const Value *args)
{
    Task *task = as_task(self);
    if (is_unbound(task->name)) {
        Value name = str_format(t, "Task-%ld", (long)task->number);
        if (is_error(name)) return ERROR;
        assign(&task->name, name);
    }
    return retain(task->name);
}
static Value method_set_name(Thread *t, Value self, const Value *args)
{
    Value name = is_exact_str(args[0]) ? retain(args[0]) : object_str(t, args[0]);
    if (is_error(name)) return ERROR;
    assign(&as_task(self)->name, name);
    return NONE;
}
// function(task, arguments...) of the Python half's asyncio.stacks
static Value call_stacks(Thread *t, const char *function, const Value *args, size_t nargs)
{
    OWN_POINTER Str *module_name = str_intern_text(t, "asyncio.stacks", strlen("asyncio.stacks"));
    OWN_POINTER Str *name = module_name ? str_intern_text(t, function, strlen(function)) : NULL;
    OWN Value module = name ? t->interp->up.import_module(t, module_name) : ERROR;
    OWN Value found = is_error(module) ? ERROR : object_get_attr(t, module, name);
    return is_error(found) ? ERROR : call(t, found, args, nargs, UNBOUND);
}
static Value method_get_stack(Thread *t, Value self, const Value *args) { return call_stacks(t, "get_stack", (const Value[]){self, args[0]}, 2); }
static Value method_print_stack(Thread *t, Value self, const Value *args) { return call_stacks(t, "print_stack", (const Value[]){self, args[0], args[1]}, 3); }
static Value method_wakeup(Thread *t, Value self, const Value *args) { return task_run(t, self, args[0]) ? NONE : ERROR; }
static Value method_set_result(Thread *t, Value self, const Value *args) { return raise_error(t, &exc_RuntimeError, "Task does not support set_result operation"); }
static Value method_set_exception(Thread *t, Value self, const Value *args) { return raise_error(t, &exc_RuntimeError, "Task does not support set_exception operation"); }

static Value get_coroutine(Thread *t, Value self) { return method_get_coro(t, self, NULL); }
static Value get_waiter(Thread *t, Value self) { return is_unbound(as_task(self)->waiter) ? NONE : retain(as_task(self)->waiter); }
static Value get_must_cancel(Thread *t, Value self) { return bool_value(as_task(self)->must_cancel); }
static Value get_log_destroy(Thread *t, Value self) { return bool_value(!as_task(self)->quiet_when_destroyed); }
static bool set_log_destroy(Thread *t, Value self, Value value)
{
    int on = is_unbound(value) ? 1 : object_truth(t, value);
    if (on < 0) return false;
    as_task(self)->quiet_when_destroyed = !on;
    return true;
}
static void task_visit(Object *o, VisitFn visit, void *context)
{
    Task *task = (Task *)o;
    future_visit(o, visit, context);
    Value owned[] = {task->coroutine, task->name, task->context, task->waiter};
    for (size_t i = 0; i < COUNT_OF(owned); i++)
        if (is_object(owned[i])) visit(owned[i], context);
}
static void task_finish(Thread *t, Object *o)
{
    Task *task = (Task *)o;
    list_out(task);
    clear(&task->coroutine);
    clear(&task->name);
    clear(&task->context);
    clear(&task->waiter);
    future_finish(t, o);
}
static void task_finalize(Thread *t, Value v)
{
    Task *task = as_task(v);
    if (task->listed && task->future.state == FUTURE_PENDING && !task->quiet_when_destroyed)
        loop_report(t, task->future.loop, "Task was destroyed but it is pending!", NONE, "task", v);
    list_out(task);
    future_finalize(t, v);
}

static const Method task_methods[] = {
    {"cancel", method_cancel, "(self, /, msg=None)", "Have the coroutine see CancelledError at its next step."},
    {"cancelling", method_cancelling, "(self, /)", "How many requests to cancel it has had."},
    {"uncancel", method_uncancel, "(self, /)", "Take back one request to cancel it."},
    {"get_coro", method_get_coro, "(self, /)", "Its coroutine."},
    {"get_name", method_get_name, "(self, /)", "Its name."},
    {"set_name", method_set_name, "(self, value, /)", "Give it a name."},
    {"get_stack", method_get_stack, "(self, /, *, limit=None)", "The frames where it waits, or where it failed."},
    {"print_stack", method_print_stack, "(self, /, *, limit=None, file=None)", "Write them to a file."},
    {"set_result", method_set_result, "(self, result, /)", NULL},
    {"set_exception", method_set_exception, "(self, exception, /)", NULL},
    {"_wakeup", method_wakeup, "(self, future, /)", NULL},
    {0},
};
static const GetSet task_getsets[] = {
    {"_coro", get_coroutine, NULL, NULL}, {"_fut_waiter", get_waiter, NULL, NULL}, {"_must_cancel", get_must_cancel, NULL, NULL},
    {"_log_destroy_pending", get_log_destroy, set_log_destroy, NULL}, {0},
};
const TypeSpec task_spec = {
    .name = "_asyncio.Task",
    .doc = "A coroutine that the loop drives.",
    .size = sizeof(Task),
    .flags = TYPE_GC | TYPE_BASE | TYPE_HAS_ATTRS | TYPE_HAS_WEAKREFS,
    .base = &future_type,
    .slots = {.visit = task_visit, .unlink = task_finish, .finish = task_finish, .finalize = task_finalize, .repr = future_repr, .await = future_await,
              .iter = future_await},
    .methods = task_methods,
    .getsets = task_getsets,
    .new_signature = "(*args, **kwargs)",
    .construct = future_construct,
    .init_signature = "(coro, *, loop=None, name=None, context=None)",
    .initialize = task_initialize,
};
