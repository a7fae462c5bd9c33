// SPDX-License-Identifier: MIT
// stdlib/asyncio/loop.c: the event loop: a ring of what is ready, a heap of timers, a table of watched fds over epoll.
//
// Owns     struct Loop. One turn is run_once(): wait_for_events, collect_timers, run_ready.
// Always
//   1. The loop waits only in wait_for_events, without the GIL; with something ready it does not wait at all.
//   2. run_ready runs what was ready when the turn began: what a callback adds waits for the next turn.
//   3. The wake-up pipe carries no data that matters: what there is to do stands in the ring. It is full or it is read; either
//      way the loop wakes. It is a pipe, not an eventfd, because a signal's handler writes one byte to it (set_wakeup_fd).
//   4. A timer that is cancelled leaves the heap at once: every handle in the heap is to be run.
#include "stdlib/asyncio/asyncio.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "runtime/call.h"
#include "runtime/deadlock.h"
#include "runtime/heap.h"
#include "runtime/races.h"
#include "runtime/types/dict.h"
#include "runtime/types/exception.h"
#include "runtime/types/float.h"
#include "runtime/types/int.h"
#include "runtime/types/list.h"
#include "runtime/types/str.h"
#include "runtime/types/tuple.h"
#include "stdlib/contextvars/contextvars.h"

#define EVENTS_AT_ONCE 128
#define WAIT_MS_MAX (24 * 3600 * 1000)

Type loop_type;

static double now(void) { return (double)schedule_clock(thread_current()) / 1e9; }

static Value loop_construct(Thread *t, Type *type, const Value *args)
{
    OWN_POINTER Loop *loop = (Loop *)object_new(t, type);
    if (!loop) return ERROR;
    loop->epoll_fd = loop->wake_read = loop->wake_write = -1;
    int ends[2];
    loop->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    if (loop->epoll_fd < 0 || pipe2(ends, O_CLOEXEC | O_NONBLOCK) < 0) return raise_errno(t, errno);
    loop->wake_read = ends[0];
    loop->wake_write = ends[1];
    struct epoll_event event = {.events = EPOLLIN, .data.fd = loop->wake_read};
    if (epoll_ctl(loop->epoll_fd, EPOLL_CTL_ADD, loop->wake_read, &event) < 0) return raise_errno(t, errno);
    return object_value(MOVE_POINTER(loop));
}

static bool check_open(Thread *t, Loop *loop) { return !loop->closed || error_false(raise_error(t, &exc_RuntimeError, "Event loop is closed")); }

void loop_report(Thread *t, Value loop, const char *message, Value exception, const char *key, Value object)
{
    OWN Value pending = error_take(t);
    OWN Value text = message ? str_from_text(t, message) : NONE;
    OWN Value name = is_error(text) ? ERROR : str_from_text(t, key);
    OWN Value result = is_error(name) ? ERROR : call_method(t, loop, NAME(_report), (const Value[]){text, exception, name, object}, 4);
    if (is_error(result)) error_unraisable(t, "Exception ignored in", loop);
    error_restore(t, MOVE(pending));
}

// ---- the ready ring
bool loop_ready_push(Thread *t, Loop *loop, Value what, Value argument)
{
    if (loop->ready_count == loop->ready_capacity) {
        size_t capacity = loop->ready_capacity ? loop->ready_capacity * 2 : 64;
        Ready *ring = mem_allocate(t, capacity * sizeof *ring);
        if (!ring) return false;
        for (size_t i = 0; i < loop->ready_count; i++) ring[i] = loop->ready[(loop->ready_first + i) & (loop->ready_capacity - 1)];
        mem_free(loop->ready);
        loop->ready = ring;
        loop->ready_first = 0;
        loop->ready_capacity = capacity;
    }
    loop->ready[(loop->ready_first + loop->ready_count++) & (loop->ready_capacity - 1)] = (Ready){retain(what), retain(argument)};
    return true;
}
static Ready ready_pop(Loop *loop)
{
    ASSERT(loop->ready_count > 0);
    Ready next = loop->ready[loop->ready_first];
    loop->ready_first = (loop->ready_first + 1) & (loop->ready_capacity - 1);
    loop->ready_count--;
    return next;
}
static bool run_one(Thread *t, Value what, Value argument)
{
    if (!is_handle(what)) return task_run(t, what, argument);
    return as_handle(what)->cancelled || handle_run(t, as_handle(what));
}
// In debug mode the Python half is told how long each took: it warns of what kept the loop from the others.
COLD static bool run_one_timed(Thread *t, Loop *loop, Value what, Value argument)
{
    double start = now();
    bool fine = run_one(t, what, argument);
    OWN Value pending = error_take(t);
    OWN_POINTER Str *name = str_intern_text(t, "_took", strlen("_took"));
    OWN Value result = name ? call_method(t, object_value(loop), name, (const Value[]){what, float_value(now() - start)}, 2) : ERROR;
    if (is_error(result)) error_unraisable(t, "Exception ignored in", object_value(loop));
    error_restore(t, MOVE(pending));
    return fine;
}
// Runs what is ready now. False: KeyboardInterrupt or SystemExit.
static bool run_ready(Thread *t, Loop *loop)
{
    if (UNLIKELY(t->watch & WATCH_RACES)) races_see(t, loop->clocks);
    for (size_t left = loop->ready_count; left > 0 && loop->ready_count > 0; left--) {
        Ready next = ready_pop(loop);
        OWN Value what = next.what, argument = next.argument;
        if (!(loop->debug ? run_one_timed(t, loop, what, argument) : run_one(t, what, argument))) return false;
    }
    return true;
}

// ---- the timer heap
static bool earlier(const Handle *a, const Handle *b) { return a->when < b->when || (a->when == b->when && a->order < b->order); }
static void timer_put(Loop *loop, Handle *handle, size_t place)
{
    loop->timers[place] = handle;
    handle->place = place;
}
static void timer_rise(Loop *loop, Handle *handle, size_t place)
{
    while (place > 0 && earlier(handle, loop->timers[(place - 1) / 2])) {
        timer_put(loop, loop->timers[(place - 1) / 2], place);
        place = (place - 1) / 2;
    }
    timer_put(loop, handle, place);
}
static void timer_sink(Loop *loop, Handle *handle, size_t place)
{
    for (;;) {
        size_t child = 2 * place + 1;
        if (child >= loop->timer_count) break;
        if (child + 1 < loop->timer_count && earlier(loop->timers[child + 1], loop->timers[child])) child++;
        if (!earlier(loop->timers[child], handle)) break;
        timer_put(loop, loop->timers[child], place);
        place = child;
    }
    timer_put(loop, handle, place);
}
static bool timer_add(Thread *t, Loop *loop, Handle *handle)
{
    if (loop->timer_count == loop->timer_capacity) {
        size_t capacity = loop->timer_capacity ? loop->timer_capacity * 2 : 32;
        Handle **timers = mem_reallocate(t, loop->timers, capacity * sizeof *timers);
        if (!timers) return false;
        loop->timers = timers;
        loop->timer_capacity = capacity;
    }
    handle->order = loop->timer_order++;
    timer_rise(loop, RETAIN(handle), loop->timer_count++);
    return true;
}
// Takes it out of the heap: the reference is the caller's.
static Handle *timer_take(Loop *loop, size_t place)
{
    Handle *taken = loop->timers[place];
    Handle *last = loop->timers[--loop->timer_count];
    taken->place = NOT_IN_HEAP;
    if (last != taken) {
        if (place > 0 && earlier(last, loop->timers[(place - 1) / 2])) timer_rise(loop, last, place);
        else timer_sink(loop, last, place);
    }
    return taken;
}
void loop_timer_remove(Thread *t, Loop *loop, Handle *handle) { drop_pointer(timer_take(loop, handle->place)); }

static bool collect_timers(Thread *t, Loop *loop)
{
    if (loop->timer_count == 0) return true;
    double limit = now() + 1e-9;
    while (loop->timer_count > 0 && loop->timers[0]->when < limit) {
        OWN_POINTER Handle *due = timer_take(loop, 0);
        if (!loop_ready_push(t, loop, object_value(due), UNBOUND)) return false;
    }
    return true;
}

// ---- fds
static Watched *watched_of(Loop *loop, int fd) { return fd >= 0 && (size_t)fd < loop->watched_size ? &loop->watched[fd] : NULL; }

// Tells epoll what is wanted of fd now. 0, or errno.
static int watch(Loop *loop, int fd, Watched *w)
{
    uint32_t mask = (is_unbound(w->reader) ? 0 : EPOLLIN) | (is_unbound(w->writer) ? 0 : EPOLLOUT);
    if (mask == w->mask) return 0;
    struct epoll_event event = {.events = mask, .data.fd = fd};
    int op = !mask ? EPOLL_CTL_DEL : w->mask ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;
    int failed = epoll_ctl(loop->epoll_fd, op, fd, &event) < 0 ? errno : 0;
    if (failed == ENOENT && op == EPOLL_CTL_MOD) failed = epoll_ctl(loop->epoll_fd, EPOLL_CTL_ADD, fd, &event) < 0 ? errno : 0;    // the fd was closed, and opened anew
    if (failed == EEXIST && op == EPOLL_CTL_ADD) failed = epoll_ctl(loop->epoll_fd, EPOLL_CTL_MOD, fd, &event) < 0 ? errno : 0;
    if (op == EPOLL_CTL_DEL) failed = 0;      // closed already: epoll has forgotten it
    if (failed) return failed;
    if (!w->mask && mask) loop->watched_count++;
    if (w->mask && !mask) loop->watched_count--;
    w->mask = mask;
    return 0;
}
static bool fd_from(Thread *t, Value v, int *fd)
{
    OWN Value number = UNBOUND;
    if (!is_int(v)) {
        OWN Value method = object_get_attr_optional(t, v, NAME(fileno));
        number = is_error(method) ? ERROR : is_unbound(method) ? raise_value_error(t, "Invalid file object: %R", v) : call0(t, method);
        if (is_error(number)) return false;
        v = number;
    }
    if (!int_as_int(t, v, fd)) return false;
    return *fd >= 0 || error_false(raise_value_error(t, "Invalid file descriptor: %d", *fd));
}
static Value add_watch(Thread *t, Value self, const Value *args, bool writes)
{
    Loop *loop = as_loop(self);
    int fd;
    if (!check_open(t, loop) || !fd_from(t, args[0], &fd)) return ERROR;
    OWN Value handle = object_value(handle_new(t, &handle_type, self, args[1], args[2], UNBOUND));
    if (is_unbound(handle)) return ERROR;
    if ((size_t)fd >= loop->watched_size) {
        size_t size = (size_t)fd + 16;
        Watched *watched = mem_reallocate(t, loop->watched, size * sizeof *watched);
        if (!watched) return ERROR;
        memset(watched + loop->watched_size, 0, (size - loop->watched_size) * sizeof *watched);
        loop->watched = watched;
        loop->watched_size = size;
    }
    Watched *w = &loop->watched[fd];
    Value *slot = writes ? &w->writer : &w->reader;
    OWN Value before = *slot;
    *slot = retain(handle);
    int failed = watch(loop, fd, w);
    if (failed) {
        *slot = MOVE(before);
        drop(handle);          // the slot's reference
        return raise_errno(t, failed);
    }
    if (!is_unbound(before)) {
        OWN Value done = call_method0(t, before, NAME(cancel));
        if (is_error(done)) return ERROR;
    }
    return MOVE(handle);
}
static Value remove_watch(Thread *t, Value self, const Value *args, bool writes)
{
    Loop *loop = as_loop(self);
    int fd;
    if (loop->closed) return FALSE;
    if (!fd_from(t, args[0], &fd)) return ERROR;
    Watched *w = watched_of(loop, fd);
    if (!w) return FALSE;
    Value *slot = writes ? &w->writer : &w->reader;
    if (is_unbound(*slot)) return FALSE;
    OWN Value handle = MOVE(*slot);
    watch(loop, fd, w);
    OWN Value done = call_method0(t, handle, NAME(cancel));
    return is_error(done) ? ERROR : TRUE;
}
static Value loop_add_reader(Thread *t, Value self, const Value *args) { return add_watch(t, self, args, false); }
static Value loop_add_writer(Thread *t, Value self, const Value *args) { return add_watch(t, self, args, true); }
static Value loop_remove_reader(Thread *t, Value self, const Value *args) { return remove_watch(t, self, args, false); }
static Value loop_remove_writer(Thread *t, Value self, const Value *args) { return remove_watch(t, self, args, true); }

// ---- one turn
static int wait_ms(const Loop *loop)
{
    if (loop->ready_count || loop->stopping) return 0;
    if (!loop->timer_count) return -1;
    double ms = ceil((loop->timers[0]->when - now()) * 1000);
    return ms <= 0 ? 0 : ms > WAIT_MS_MAX ? WAIT_MS_MAX : (int)ms;
}
static void drain_wake(Loop *loop)
{
    char bytes[256];
    while (read(loop->wake_read, bytes, sizeof bytes) > 0) {}     // it does not block: O_NONBLOCK
}
// About to wait for ever, with nothing that could wake the loop: no timer, no descriptor, no other thread. Tasks that wait now wait
// for each other, which the Python half reports. False: raised.
static bool check_deadlock(Thread *t, Loop *loop)
{
    if (loop->deadlock_told || !deadlock_alone(t)) return true;
    loop->deadlock_told = true;
    OWN_POINTER Str *name = str_intern_text(t, "asyncio.deadlock", strlen("asyncio.deadlock"));
    OWN_POINTER Str *function_name = str_intern_text(t, "report", strlen("report"));
    OWN Value module = name && function_name ? t->interp->up.import_module(t, name) : ERROR;
    OWN Value result = is_error(module) ? ERROR : call_method1(t, module, function_name, object_value(loop));
    if (is_error(result)) return false;
    return is_none(result) || deadlock_report(t, result);
}

// Some tasks may wait in a ring while others go on: looked at when the loop comes to rest, from each task that has begun to wait for
// another one since. The Python half gives a text, and whether nothing can free them. False: raised.
bool loop_suspect(Thread *t, Loop *loop, Value task)
{
    if (t->interp->deadlocks == DEADLOCK_OFF) return true;
    loop->lock_waits = true;
    if (is_unbound(loop->suspects)) {
        Value list = list_new(t, 4);
        if (is_error(list)) return false;
        loop->suspects = list;
    }
    return list_append(t, loop->suspects, task);
}
static bool check_rings(Thread *t, Loop *loop)
{
    OWN Value suspects = MOVE(loop->suspects);
    OWN_POINTER Str *name = str_intern_text(t, "asyncio.deadlock", strlen("asyncio.deadlock"));
    OWN_POINTER Str *function_name = str_intern_text(t, "ring", strlen("ring"));
    OWN Value module = name && function_name ? t->interp->up.import_module(t, name) : ERROR;
    OWN Value function = is_error(module) ? ERROR : object_get_attr(t, module, function_name);
    OWN Value result = is_error(function) ? ERROR : call2(t, function, object_value(loop), suspects);
    if (is_error(result)) return false;
    if (is_none(result)) return true;
    if (is_true(as_tuple(result)->items[1])) return deadlock_report(t, as_tuple(result)->items[0]);
    deadlock_tell(t, as_tuple(result)->items[0]);
    return true;
}

// In a controlled run time is virtual, and a loop without descriptors waits for other threads only.
static bool wait_by_schedule(Thread *t, Loop *loop, int timeout)
{
    schedule_wait(t, loop, timeout < 0 ? -1 : (int64_t)timeout * 1000000);
    drain_wake(loop);
    return !error_pending(t) && signals_poll(t);
}

static bool wait_for_events(Thread *t, Loop *loop)
{
    int timeout = wait_ms(loop), epoll_fd = loop->epoll_fd, count, failed;
    if (timeout != 0 && !is_unbound(loop->suspects)) {
        if (!check_rings(t, loop)) return false;
        timeout = wait_ms(loop);
    }
    if (timeout == 0 && loop->watched_count == 0) return true;        // nobody to ask: the ring is told of wake-ups directly
    if (timeout < 0 && loop->watched_count == 0) {
        if (!check_deadlock(t, loop)) return false;
        if (loop->ready_count) return true;
    }
    if (t->interp->schedule && loop->watched_count == 0) return wait_by_schedule(t, loop, timeout);
    struct epoll_event events[EVENTS_AT_ONCE];
    if (UNLIKELY(t->interp->schedule != NULL)) {
        struct pollfd any = {.fd = epoll_fd, .events = POLLIN};
        if (schedule_poll(t, &any, 1, timeout < 0 ? -1 : (int64_t)timeout * 1000000) < 0) return false;
        timeout = 0;
    }
    BLOCKING(t, GIL_POLL, count = epoll_wait(epoll_fd, events, EVENTS_AT_ONCE, timeout); failed = errno);
    if (count < 0 && failed != EINTR) return error_false(raise_errno(t, failed));
    for (int i = 0; i < count; i++) {
        if (events[i].data.fd == loop->wake_read) {
            drain_wake(loop);
            continue;
        }
        Watched *w = watched_of(loop, events[i].data.fd);
        if (!w) continue;
        if ((events[i].events & ~(uint32_t)EPOLLOUT) && !is_unbound(w->reader) && !loop_ready_push(t, loop, w->reader, UNBOUND)) return false;
        if ((events[i].events & ~(uint32_t)EPOLLIN) && !is_unbound(w->writer) && !loop_ready_push(t, loop, w->writer, UNBOUND)) return false;
    }
    return !atomic_load(&t->interp->signals_pending) || signals_poll(t);
}
static bool run_once(Thread *t, Loop *loop) { return wait_for_events(t, loop) && collect_timers(t, loop) && run_ready(t, loop); }

// Runs until stop().
static Value loop_run(Thread *t, Value self, const Value *args)
{
    Loop *loop = as_loop(self);
    if (!check_open(t, loop)) return ERROR;
    if (loop->running) return raise_error(t, &exc_RuntimeError, "This event loop is already running");
    if (!is_unbound(t->running_loop)) return raise_error(t, &exc_RuntimeError, "Cannot run the event loop while another loop is running");
    OWN Value keep = retain(self);
    loop->running = true;
    loop->thread = t->ident;
    t->running_loop = retain(self);
    bool fine = true;
    do fine = run_once(t, loop) && (!(atomic_load_explicit(&t->attention, memory_order_relaxed)) || thread_attend(t));
    while (fine && !loop->stopping);
    loop->running = loop->stopping = false;
    loop->thread = 0;
    clear(&t->running_loop);
    return fine ? NONE : ERROR;
}

// ---- calls
static void wake(Loop *loop)
{
    ssize_t ignored = write(loop->wake_write, "", 1);     // it does not block; a full pipe wakes the loop as well
    (void)ignored;
}
static Value loop_wake(Thread *t, Value self, const Value *args)
{
    if (!as_loop(self)->closed) wake(as_loop(self));
    if (t->interp->schedule) schedule_wake(t, as_loop(self));
    return NONE;
}
static bool check_thread(Thread *t, Loop *loop)
{
    if (!loop->debug || !loop->running || loop->thread == t->ident) return true;
    return error_false(raise_error(t, &exc_RuntimeError, "Non-thread-safe operation invoked on an event loop other than the current one"));
}
static Value call_soon(Thread *t, Value self, const Value *args)
{
    Loop *loop = as_loop(self);
    if (!check_open(t, loop)) return ERROR;
    OWN Value handle = object_value(handle_new(t, &handle_type, self, args[0], args[2], args[1]));
    return !is_unbound(handle) && loop_ready_push(t, loop, handle, UNBOUND) ? MOVE(handle) : ERROR;
}
static Value loop_call_soon(Thread *t, Value self, const Value *args) { return check_thread(t, as_loop(self)) ? call_soon(t, self, args) : ERROR; }
static Value loop_call_soon_threadsafe(Thread *t, Value self, const Value *args)
{
    Value handle = call_soon(t, self, args);
    if (UNLIKELY(t->watch & WATCH_RACES)) races_say(t, &as_loop(self)->clocks);
    if (!is_error(handle) && as_loop(self)->thread != t->ident) {
        wake(as_loop(self));
        if (t->interp->schedule) schedule_wake(t, as_loop(self));
    }
    return handle;
}
static Value call_at(Thread *t, Value self, double when, Value callback, Value arguments, Value context)
{
    Loop *loop = as_loop(self);
    if (!check_open(t, loop) || !check_thread(t, loop)) return ERROR;
    OWN_POINTER Handle *handle = handle_new(t, &timer_handle_type, self, callback, arguments, context);
    if (!handle) return ERROR;
    handle->when = when;
    return timer_add(t, loop, handle) ? object_value(MOVE_POINTER(handle)) : ERROR;
}
static Value loop_call_later(Thread *t, Value self, const Value *args)
{
    double delay;
    if (is_none(args[0])) return raise_type_error(t, "delay must not be None");
    return float_from_value(t, args[0], &delay) ? call_at(t, self, now() + delay, args[1], args[3], args[2]) : ERROR;
}
static Value loop_call_at(Thread *t, Value self, const Value *args)
{
    double when;
    if (is_none(args[0])) return raise_type_error(t, "when cannot be None");
    return float_from_value(t, args[0], &when) ? call_at(t, self, when, args[1], args[3], args[2]) : ERROR;
}
static Value loop_time(Thread *t, Value self, const Value *args) { return float_value(now()); }
static Value loop_stop(Thread *t, Value self, const Value *args)
{
    as_loop(self)->stopping = true;
    return NONE;
}
static Value loop_is_running(Thread *t, Value self, const Value *args) { return bool_value(as_loop(self)->running); }
static Value loop_is_closed(Thread *t, Value self, const Value *args) { return bool_value(as_loop(self)->closed); }
static Value loop_get_debug(Thread *t, Value self, const Value *args) { return bool_value(as_loop(self)->debug); }
static Value loop_set_debug(Thread *t, Value self, const Value *args)
{
    int on = object_truth(t, args[0]);
    if (on < 0) return ERROR;
    as_loop(self)->debug = on;
    return NONE;
}
static Value loop_create_future(Thread *t, Value self, const Value *args) { return future_new(t, self); }
static Value loop_create_task(Thread *t, Value self, const Value *args)
{
    Loop *loop = as_loop(self);
    if (!check_open(t, loop)) return ERROR;
    if (is_unbound(loop->task_factory)) return task_new(t, args[0], self, args[1], args[2]);
    OWN Value task = UNBOUND;
    if (is_none(args[2])) {
        task = call2(t, loop->task_factory, self, args[0]);
    } else {
        OWN_POINTER Dict *keywords = dict_new(t);
        OWN Value two = keywords && dict_set_text(t, keywords, "context", retain(args[2])) ? tuple_of(t, 2, self, args[0]) : ERROR;
        task = is_error(two) ? ERROR : call_with_dict(t, loop->task_factory, two, object_value(keywords));
    }
    if (is_error(task) || is_none(args[1])) return MOVE(task);
    OWN Value set_name = object_get_attr_optional(t, task, NAME(set_name));
    if (is_error(set_name)) return ERROR;
    OWN Value done = is_unbound(set_name) ? NONE : call1(t, set_name, args[1]);
    return is_error(done) ? ERROR : MOVE(task);
}
static Value loop_set_task_factory(Thread *t, Value self, const Value *args)
{
    if (!is_none(args[0]) && !object_is_callable(args[0])) return raise_type_error(t, "task factory must be a callable or None");
    assign(&as_loop(self)->task_factory, is_none(args[0]) ? UNBOUND : retain(args[0]));
    return NONE;
}
static Value loop_get_task_factory(Thread *t, Value self, const Value *args)
{
    return is_unbound(as_loop(self)->task_factory) ? NONE : retain(as_loop(self)->task_factory);
}

// ---- its end
static void release_all(Thread *t, Loop *loop)
{
    while (loop->ready_count) {
        Ready next = ready_pop(loop);
        drop(next.what);
        drop(next.argument);
    }
    while (loop->timer_count) drop_pointer(timer_take(loop, loop->timer_count - 1));
    for (size_t fd = 0; fd < loop->watched_size; fd++) {
        clear(&loop->watched[fd].reader);
        clear(&loop->watched[fd].writer);
    }
    loop->watched_count = 0;
}
static void close_fds(Loop *loop)
{
    int *fds[] = {&loop->epoll_fd, &loop->wake_read, &loop->wake_write};
    for (size_t i = 0; i < COUNT_OF(fds); i++) {
        if (*fds[i] >= 0) close(*fds[i]);
        *fds[i] = -1;
    }
}
static Value loop_close(Thread *t, Value self, const Value *args)
{
    Loop *loop = as_loop(self);
    if (loop->running) return raise_error(t, &exc_RuntimeError, "Cannot close a running event loop");
    if (loop->closed) return NONE;
    loop->closed = true;
    release_all(t, loop);
    close_fds(loop);
    return NONE;
}
static void loop_visit(Object *o, VisitFn visit, void *context)
{
    Loop *loop = (Loop *)o;
    for (size_t i = 0; i < loop->ready_count; i++) {
        Ready *r = &loop->ready[(loop->ready_first + i) & (loop->ready_capacity - 1)];
        if (is_object(r->what)) visit(r->what, context);
        if (is_object(r->argument)) visit(r->argument, context);
    }
    for (size_t i = 0; i < loop->timer_count; i++) visit(object_value(loop->timers[i]), context);
    for (size_t fd = 0; fd < loop->watched_size; fd++) {
        if (is_object(loop->watched[fd].reader)) visit(loop->watched[fd].reader, context);
        if (is_object(loop->watched[fd].writer)) visit(loop->watched[fd].writer, context);
    }
    if (is_object(loop->current_task)) visit(loop->current_task, context);
    if (is_object(loop->task_factory)) visit(loop->task_factory, context);
    if (is_object(loop->suspects)) visit(loop->suspects, context);
}
static void loop_unlink(Thread *t, Object *o) { release_all(t, (Loop *)o); }
static void loop_finish(Thread *t, Object *o)
{
    Loop *loop = (Loop *)o;
    release_all(t, loop);
    clear(&loop->current_task);
    clear(&loop->task_factory);
    clear(&loop->suspects);
    close_fds(loop);
    mem_free(loop->ready);
    mem_free(loop->timers);
    mem_free(loop->watched);
    free(loop->clocks);
}
static Value loop_suspect_task(Thread *t, Value self, const Value *args) { return loop_suspect(t, as_loop(self), args[0]) ? NONE : ERROR; }
static Value loop_timer_callbacks(Thread *t, Value self, const Value *args)
{
    Loop *loop = as_loop(self);
    OWN Value list = list_new(t, loop->timer_count);
    for (size_t i = 0; i < loop->timer_count && !is_error(list); i++)
        if (is_object(loop->timers[i]->callback) && !list_append(t, list, loop->timers[i]->callback)) return ERROR;
    return MOVE(list);
}
static Value loop_wake_fd(Thread *t, Value self) { return small_int(as_loop(self)->wake_write); }

static const Method loop_methods[] = {
    {"call_soon", loop_call_soon, "(self, callback, *args, context=None)", "Call callback(*args) in the next turn."},
    {"call_soon_threadsafe", loop_call_soon_threadsafe, "(self, callback, *args, context=None)", "The same, from any thread."},
    {"call_later", loop_call_later, "(self, delay, callback, *args, context=None)", "Call callback(*args) when `delay` seconds have passed."},
    {"call_at", loop_call_at, "(self, when, callback, *args, context=None)", "Call callback(*args) at a time of the loop's clock."},
    {"time", loop_time, "(self)", "The loop's clock, in seconds."},
    {"stop", loop_stop, "(self)", "Stop after this turn."},
    {"is_running", loop_is_running, "(self)", "Whether it runs."},
    {"is_closed", loop_is_closed, "(self)", "Whether it was closed."},
    {"get_debug", loop_get_debug, "(self)", "Whether debug mode is on."},
    {"set_debug", loop_set_debug, "(self, enabled)", "Set debug mode."},
    {"create_future", loop_create_future, "(self)", "A new future of this loop."},
    {"create_task", loop_create_task, "(self, coro, *, name=None, context=None)", "Schedule a coroutine as a task."},
    {"set_task_factory", loop_set_task_factory, "(self, factory)", "What makes tasks from now on; None: Task."},
    {"get_task_factory", loop_get_task_factory, "(self)", "What makes tasks, or None."},
    {"add_reader", loop_add_reader, "(self, fd, callback, *args)", "Call callback(*args) whenever fd can be read."},
    {"add_writer", loop_add_writer, "(self, fd, callback, *args)", "Call callback(*args) whenever fd can be written to."},
    {"remove_reader", loop_remove_reader, "(self, fd)", "Stop watching fd for reading."},
    {"remove_writer", loop_remove_writer, "(self, fd)", "Stop watching fd for writing."},
    {"_run", loop_run, "(self)", NULL},
    {"_wake", loop_wake, "(self)", NULL},
    {"_suspect", loop_suspect_task, "(self, task, /)", "The task begins to wait for what another task holds."},
    {"_timer_callbacks", loop_timer_callbacks, "(self, /)", "What the timers will call."},
    {"_close", loop_close, "(self)", NULL},
    {0},
};
static const GetSet loop_getsets[] = {{"_wake_fd", loop_wake_fd, NULL, NULL}, {0}};
const TypeSpec loop_spec = {
    .name = "_asyncio.Loop",
    .doc = "The C core of the event loop.",
    .size = sizeof(Loop),
    .flags = TYPE_GC | TYPE_BASE | TYPE_HAS_WEAKREFS,
    .slots = {.visit = loop_visit, .unlink = loop_unlink, .finish = loop_finish},
    .methods = loop_methods,
    .getsets = loop_getsets,
    .new_signature = "(*args, **kwargs)",
    .construct = loop_construct,
};
