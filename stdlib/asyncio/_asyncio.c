// SPDX-License-Identifier: MIT
// stdlib/asyncio/_asyncio.c: the module _asyncio: the types, the running loop and the current task.
#include "stdlib/asyncio/asyncio.h"

#include "runtime/types/exception.h"
#include "runtime/types/list.h"
#include "runtime/types/module.h"
#include "runtime/types/str.h"
#include "stdlib/contextvars/contextvars.h"

static Value get_running_loop(Thread *t, Value self, const Value *args)
{
    return is_unbound(t->running_loop) ? raise_error(t, &exc_RuntimeError, "no running event loop") : retain(t->running_loop);
}
static Value get_running_loop_or_none(Thread *t, Value self, const Value *args) { return is_unbound(t->running_loop) ? NONE : retain(t->running_loop); }
static Value set_running_loop(Thread *t, Value self, const Value *args)
{
    assign(&t->running_loop, is_none(args[0]) ? UNBOUND : retain(args[0]));
    return NONE;
}
static Value current_task(Thread *t, Value self, const Value *args)
{
    Value loop = is_none(args[0]) ? t->running_loop : args[0];
    if (is_unbound(loop)) return raise_error(t, &exc_RuntimeError, "no running event loop");
    if (!is_loop(loop) || is_unbound(as_loop(loop)->current_task)) return NONE;
    return retain(as_loop(loop)->current_task);
}
// For classes of tasks that are not ours.
static Loop *own_loop(Thread *t, Value v)
{
    return is_loop(v) ? as_loop(v) : error_null(raise_type_error(t, "an event loop of this package is needed, not %T", v));
}
static Value enter_task(Thread *t, Value self, const Value *args)
{
    Loop *loop = own_loop(t, args[0]);
    if (!loop) return ERROR;
    if (!is_unbound(loop->current_task)) return raise_error(t, &exc_RuntimeError, "Cannot enter into task %R while another task %R is being executed.", args[1], loop->current_task);
    loop->current_task = retain(args[1]);
    return NONE;
}
static Value leave_task(Thread *t, Value self, const Value *args)
{
    Loop *loop = own_loop(t, args[0]);
    if (!loop) return ERROR;
    if (is_unbound(loop->current_task) || !is_same(loop->current_task, args[1]))
        return raise_error(t, &exc_RuntimeError, "Leaving task %R does not match the current task %R.", args[1], is_unbound(loop->current_task) ? NONE : loop->current_task);
    clear(&loop->current_task);
    return NONE;
}
static Value unfinished_tasks(Thread *t, Value self, const Value *args) { return tasks_of(t, is_none(args[0]) ? UNBOUND : args[0]); }
static Value connect_python_half(Thread *t, Value self, const Value *args)
{
    for (int i = 0; i < 2; i++)
        if (!is_exception_type(args[i])) return raise_type_error(t, "an exception class is needed, not %T", args[i]);
    assign(&t->interp->module_slots[SLOT_ASYNCIO_CANCELLED_ERROR], retain(args[0]));
    assign(&t->interp->module_slots[SLOT_ASYNCIO_INVALID_STATE_ERROR], retain(args[1]));
    assign(&t->interp->module_slots[SLOT_ASYNCIO_REPR], retain(args[2]));
    return NONE;
}

static const Method functions[] = {
    {"get_running_loop", get_running_loop, "()", "The loop that runs in this thread; RuntimeError if there is none."},
    {"_get_running_loop", get_running_loop_or_none, "()", "The loop that runs in this thread, or None."},
    {"_set_running_loop", set_running_loop, "(loop, /)", "Set what get_running_loop() gives in this thread."},
    {"current_task", current_task, "(loop=None)", "The task that runs, or None."},
    {"_enter_task", enter_task, "(loop, task)", "Make a task of another class the current one."},
    {"_leave_task", leave_task, "(loop, task)", "Undo _enter_task()."},
    {"_unfinished_tasks", unfinished_tasks, "(loop=None)", "A list of the tasks of a loop (None: of any) that are not done."},
    {"_connect", connect_python_half, "(cancelled_error, invalid_state_error, repr, /)", "Hand over what C needs of the Python half."},
    {0},
};

static bool start(Thread *t, Value module)
{
    static const struct { Type *type; const TypeSpec *spec; } types[] = {
        {&handle_type, &handle_spec}, {&timer_handle_type, &timer_handle_spec}, {&loop_type, &loop_spec}, {&future_type, &future_spec},
        {&task_type, &task_spec}, {&future_iterator_type, &future_iterator_spec}, {&pause_type, &pause_spec},
    };
    for (size_t i = 0; i < COUNT_OF(types); i++)
        if (!type_prepare(t, types[i].type, types[i].spec) || !module_add_type(t, module, types[i].type)) return false;
    return true;
}

extern const ModuleSpec _asyncio_spec;
const ModuleSpec _asyncio_spec = {.name = "_asyncio", .doc = "The C half of asyncio.", .functions = functions, .start = start};
