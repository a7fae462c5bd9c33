// SPDX-License-Identifier: MIT
// runtime/thread.c: threads as the interpreter knows them, and what they see to at safe points.
#include "runtime/thread.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "runtime/error.h"
#include "runtime/gil_trace.h"
#include "runtime/heap.h"
#include "runtime/lock_order.h"
#include "runtime/races.h"
#include "runtime/types/str.h"

#define STACK_VALUES ((size_t)4 * 1024 * 1024)       // 32 MiB of address space; pages come as they are touched
#define C_STACK_RESERVE ((size_t)192 * 1024)         // kept for handlers, libraries and the raising of RecursionError

__thread Thread *current_thread;

Thread *thread_create(Interp *interp)
{
    Thread *t = calloc(1, sizeof *t);
    if (!t) return NULL;
    t->stack = mmap(NULL, STACK_VALUES * sizeof(Value), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (t->stack == MAP_FAILED) {
        free(t);
        return NULL;
    }
    t->stack_top = t->stack + STACK_VALUES;      // frame headers grow down from the end
    t->stack_end = t->stack + STACK_VALUES;
    t->interp = interp;
    t->gil.reason = GIL_START;
    t->gil.since_ns = t->gil.counters.first_ns = gil_now();
    pthread_cond_init(&t->gil.called, NULL);
    return t;
}

void thread_enlist(Thread *t, Thread *maker)
{
    Interp *interp = t->interp;
    Thread **last = &interp->threads;           // at the end: in the order of their start
    while (*last) {
        t->previous = *last;
        last = &t->previous->next;
    }
    *last = t;
    t->enlisted = true;
    t->watch = interp->watch;
    if (t->watch) thread_request(t, ATTEND_INSTRUMENT);
    if (interp->schedule) schedule_thread_made(t);
    if (interp->races) races_thread_made(maker, t);
}

void thread_attach(Thread *t)
{
    current_thread = t;
    if (!t->enlisted) thread_enlist(t, NULL);
    t->recursion_limit = t->interp->recursion_limit;
    t->pthread = pthread_self();
    t->ident = (uint64_t)t->pthread;
    t->native_id = syscall(SYS_gettid);
    pthread_attr_t attributes;
    void *base = NULL;
    size_t size = 0;
    if (pthread_getattr_np(t->pthread, &attributes) == 0) {
        pthread_attr_getstack(&attributes, &base, &size);
        pthread_attr_destroy(&attributes);
    }
    t->c_stack_limit = size > 2 * C_STACK_RESERVE ? (char *)base + C_STACK_RESERVE : (char *)__builtin_frame_address(0) - 64 * 1024;
}

// Keeps the counters of a thread that ends. Without memory they are lost: nothing depends on them.
static void remember_counters(Thread *t)
{
    if (!t->gil.counters.holds) return;          // it never ran
    char name[sizeof ((EndedThread *)0)->name] = "";
    if (is_str(t->name)) {
        OWN_MEMORY char *text = str_to_utf8(t, as_str(t->name), NULL);
        if (text) snprintf(name, sizeof name, "%s", text);
        else error_clear(t);
    }
    if (!*name) snprintf(name, sizeof name, "%s", t->is_main ? "MainThread" : "unnamed");
    EndedThread **at = &t->interp->ended_threads;
    while (*at && strcmp((*at)->name, name) != 0) at = &(*at)->next;
    if (!*at && !(*at = calloc(1, sizeof **at))) return;
    memcpy((*at)->name, name, sizeof name);
    GilCounters c = t->gil.counters;
    c.last_ns = gil_now();
    if (t->gil.holds) c.held_ns += c.last_ns - t->gil.since_ns;
    gil_counters_add(&(*at)->counters, &c);
}

void thread_drop_values(Thread *t)
{
    if (t->interp->up.thread_cleared) t->interp->up.thread_cleared(t);
    Value *owned[] = {&t->pending, &t->handled, &t->async_exception, &t->trace_function, &t->profile_function, &t->name, &t->sentinel, &t->context, &t->locals_dict,
                      &t->async_gen_firstiter, &t->async_gen_finalizer, &t->running_loop, &t->repr_stack};
    for (size_t i = 0; i < COUNT_OF(owned); i++) clear(owned[i]);
}

void thread_clear(Thread *t)
{
    remember_counters(t);
    thread_drop_values(t);
    if (t->previous) t->previous->next = t->next;
    else if (t->interp->threads == t) t->interp->threads = t->next;
    if (t->next) t->next->previous = t->previous;
    t->previous = t->next = NULL;
}

void thread_destroy(Thread *t)
{
    if (current_thread == t) current_thread = NULL;
    races_thread_ends(t);
    lock_order_thread_ends(t);
    trace_thread_gone(t);
    munmap(t->stack, STACK_VALUES * sizeof(Value));
    pthread_cond_destroy(&t->gil.called);
    free(t->dead);
    free(t);
}

void thread_request(Thread *t, enum Attention what) { atomic_fetch_or_explicit(&t->attention, what, memory_order_relaxed); }

void threads_watch(Interp *interp, uint8_t which, uint8_t on)
{
    interp->watch = (uint8_t)((interp->watch & ~which) | on);
    for (Thread *each = interp->threads; each; each = each->next) {
        each->watch = (uint8_t)((each->watch & ~which) | on);
        thread_request(each, ATTEND_INSTRUMENT);
    }
}

static bool take_request(Thread *t, enum Attention what)
{
    return (atomic_fetch_and_explicit(&t->attention, ~(uint32_t)what, memory_order_relaxed) & what) != 0;
}

// A daemon thread that comes back after the interpreter has ended: it must touch nothing more, so it waits for the
// process to go.
_Noreturn static void wait_for_the_end(void)
{
    for (;;) pause();
}

void thread_rest(void) { wait_for_the_end(); }

bool thread_attend(Thread *t)
{
    uint32_t attention = atomic_load_explicit(&t->attention, memory_order_relaxed);
    if ((attention & ATTEND_EXIT) && t->interp->finalizing && !t->is_main) thread_exit_for_good(t);
    if (attention & ATTEND_GIL) gil_yield(t);
    // While the instrumented loop is wanted the request stays, for the loops further out that do not know yet.
    if ((attention & ATTEND_INSTRUMENT) && !(t->watch & WATCH_LOOP) && is_unbound(t->trace_function) && is_unbound(t->profile_function)) take_request(t, ATTEND_INSTRUMENT);
    if ((attention & ATTEND_SIGNAL) && take_request(t, ATTEND_SIGNAL) && !signals_poll(t)) return false;
    if ((attention & ATTEND_COLLECT) && take_request(t, ATTEND_COLLECT)) collect_cycles(t, 0);
    if ((attention & ATTEND_EXCEPTION) && take_request(t, ATTEND_EXCEPTION) && !is_unbound(t->async_exception)) {
        OWN Value exception = MOVE(t->async_exception);
        return error_false(raise_statement(t, exception, UNBOUND));
    }
    return true;
}

MOVES_GIL void thread_exit_for_good(Thread *t)
{
    gil_release(t, GIL_EXIT);
    wait_for_the_end();
}

bool signals_poll(Thread *t)
{
    if (!t->is_main || !atomic_exchange_explicit(&t->interp->signals_pending, false, memory_order_acq_rel)) return true;
    if (UNLIKELY(!is_unbound(t->interp->deadlock_error))) {
        Value error = t->interp->deadlock_error;
        t->interp->deadlock_error = UNBOUND;
        return error_false(raise_exception(t, error));
    }
    return !t->interp->up.signal_handlers || t->interp->up.signal_handlers(t);
}
