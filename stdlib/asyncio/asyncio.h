// SPDX-License-Identifier: MIT
// stdlib/asyncio/asyncio.h: what the C files of _asyncio share: the loop, handles, futures and tasks.
//
//   call_soon ──> ready ring ──> run ──> a coroutine's step ──> awaits a Future ──> its callbacks ──> ready ring
//   call_later ─> timer heap ──┘          add_reader/add_writer ──> epoll ──> ready ring
//
// All of it is touched only under the GIL.
#ifndef BATON_STDLIB_ASYNCIO_H
#define BATON_STDLIB_ASYNCIO_H

#include "runtime/call.h"
#include "runtime/error.h"
#include "stdlib/module_slots.h"

// Borrowed. At the interpreter's end the slots are empty: then the bases do.
static inline Type *cancelled_error_type(Thread *t)
{
    Value type = t->interp->module_slots[SLOT_ASYNCIO_CANCELLED_ERROR];
    return is_unbound(type) ? &exc_BaseException : as_type(type);
}
static inline Type *invalid_state_error_type(Thread *t)
{
    Value type = t->interp->module_slots[SLOT_ASYNCIO_INVALID_STATE_ERROR];
    return is_unbound(type) ? &exc_RuntimeError : as_type(type);
}

// ---- handle.c: a callback to be called by the loop
typedef struct Handle {
    Object head;
    Value callback, arguments, context, loop;    // arguments: a tuple; the first three are UNBOUND once it is cancelled
    bool cancelled, scheduled;
    double when;                                 // of a TimerHandle
    uint64_t order;                              // timers of equal time go in the order they were made
    size_t place;                                // in the loop's heap; NOT_IN_HEAP
} Handle;
#define NOT_IN_HEAP SIZE_MAX

extern Type handle_type, timer_handle_type, loop_type, future_type, task_type, future_iterator_type, pause_type;
extern const TypeSpec handle_spec, timer_handle_spec, loop_spec, future_spec, task_spec, future_iterator_spec, pause_spec;
static inline bool is_handle(Value v) { return is_instance_of(v, &handle_type); }
static inline Handle *as_handle(Value v) { ASSERT(is_handle(v)); return (Handle *)as_object(v); }
// context UNBOUND or NONE: a copy of the current one.
NEEDS_GIL NEW_REF Handle *handle_new(Thread *t, Type *type, Value loop, Value callback, Value arguments, Value context);
// False: KeyboardInterrupt or SystemExit is on its way; any other exception is reported to the loop's handler.
NEEDS_GIL MAY_RAISE bool handle_run(Thread *t, Handle *handle);

// ---- loop.c
typedef struct Ready { Value what, argument; } Ready;     // a Handle, UNBOUND; or a Task and what its next step is told
typedef struct Watched { Value reader, writer; uint32_t mask; } Watched;   // handles of one fd; mask: what epoll was told

typedef struct Loop {
    Object head;
    Ready *ready;                    // ring: ready_capacity is a power of two, or 0
    size_t ready_first, ready_count, ready_capacity;
    Handle **timers;                 // binary heap by (when, order); owned
    size_t timer_count, timer_capacity;
    uint64_t timer_order;
    Watched *watched;                // by fd
    size_t watched_size, watched_count;
    int epoll_fd, wake_read, wake_write;
    Value current_task, task_factory;    // or UNBOUND
    Value suspects;                  // a list of tasks that began to wait for locks that others hold, until it is looked at; or UNBOUND
    uint64_t thread;                 // ident of the thread it runs in, while it runs
    uint64_t *clocks;                // --races: what came before the calls from other threads, or NULL
    bool running, stopping, closed, debug, deadlock_told;
    bool lock_waits;                 // there were suspects: waits for other tasks may close a ring, too
} Loop;
static inline bool is_loop(Value v) { return is_instance_of(v, &loop_type); }
static inline Loop *as_loop(Value v) { ASSERT(is_loop(v)); return (Loop *)as_object(v); }
NEEDS_GIL MAY_RAISE bool loop_ready_push(Thread *t, Loop *loop, Value what, Value argument);
// loop._report(message, exception or None, key or None, object): calls the loop's exception handler; errors in it are unraisable.
NEEDS_GIL void loop_report(Thread *t, Value loop, const char *message, Value exception, const char *key, Value object);
NEEDS_GIL MAY_RAISE bool loop_suspect(Thread *t, Loop *loop, Value task);
NEEDS_GIL void loop_timer_remove(Thread *t, Loop *loop, Handle *handle);

// ---- future.c
typedef enum FutureState { FUTURE_PENDING, FUTURE_CANCELLED, FUTURE_FINISHED } FutureState;
typedef struct Callback { Value function, context; } Callback;      // function: a callable, or a Task that waits; context or UNBOUND

typedef struct Future {
    Object head;
    Attrs attrs;
    Value loop, result, exception, exception_traceback, cancel_message, cancelled_error;    // or UNBOUND
    Callback first;                  // most have one callback at most
    Callback *more;
    uint32_t more_count, more_capacity;
    uint8_t state;
    bool log_traceback, blocking, is_task;
} Future;
static inline bool is_future(Value v) { return is_instance_of(v, &future_type); }
static inline Future *as_future(Value v) { ASSERT(is_future(v)); return (Future *)as_object(v); }
NEEDS_GIL MAY_RAISE bool future_start(Thread *t, Future *f, Value loop);       // loop NONE or UNBOUND: the running one
NEEDS_GIL NEW_REF Value future_construct(Thread *t, Type *type, const Value *args);   // not started: __init__ does that
NEEDS_GIL NEW_REF Value future_new(Thread *t, Value loop);
NEEDS_GIL MAY_RAISE bool future_set_result(Thread *t, Future *f, Value result);
NEEDS_GIL MAY_RAISE bool future_set_exception(Thread *t, Future *f, Value exception);
NEEDS_GIL MAY_RAISE bool future_cancel(Thread *t, Future *f, Value message);   // of one that is pending
NEEDS_GIL MAY_RAISE bool future_add_callback(Thread *t, Future *f, Value function, Value context);
NEEDS_GIL NEW_REF Value future_result(Thread *t, Future *f);
NEEDS_GIL NEW_REF Value future_cancelled_error(Thread *t, Future *f);          // the CancelledError to be raised for it
NEEDS_GIL COLD Value raise_cancelled(Thread *t, Future *f);
NEEDS_GIL COLD Value raise_invalid_state(Thread *t, const char *text);
void future_visit(Object *o, VisitFn visit, void *context);
NEEDS_GIL void future_finish(Thread *t, Object *o);
NEEDS_GIL void future_finalize(Thread *t, Value v);
NEEDS_GIL NEW_REF Value future_await(Thread *t, Value v);
NEEDS_GIL NEW_REF Value future_repr(Thread *t, Value v);

// ---- task.c
NEEDS_GIL NEW_REF Value task_new(Thread *t, Value coroutine, Value loop, Value name, Value context);
// The next step, as the ready ring holds it. argument: UNBOUND; a future that is done; or an exception to be thrown in.
NEEDS_GIL MAY_RAISE bool task_run(Thread *t, Value task, Value argument);
NEEDS_GIL NEW_REF Value tasks_of(Thread *t, Value loop);        // a list of those that are not done; loop UNBOUND: of any loop
NEEDS_GIL NEW_REF Value cancel_any(Thread *t, Value future, Value message);    // future.cancel(msg=message), whatever it is

#endif
