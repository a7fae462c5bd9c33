// SPDX-License-Identifier: MIT
// runtime/gil.c: which thread may run Python, and how the turn passes.
//
// Owns     struct Gil: the turn (`holder`), the threads that wait for it, the drop request.
// Lock     `gate` guards every member [gate]. It is held for a few instructions; no call leaves this file while it is
//          held, but the waits on its own conditions and trace_state, which waits for nobody.
//
//   OUTSIDE --gil_acquire--> WAITING --take_turn--> RUNNING --gil_release--> OUTSIDE
//                               ^                      |
//                               +------ gil_yield -----+   (only if a thread waits)
// Always
//   1. At most one thread is RUNNING; `holder` is that thread.
//   2. A thread that is not RUNNING touches no object, not even a reference count.
//   3. After gil_yield, a thread that waited has its turn before the yielder's next.
//   4. errno is the same after gil_acquire and gil_release as before.
//   5. Every acquire and release carries its reason, and is counted under it.
//
// The policy is CPython's since 3.2: a waiter that has waited for the switch interval, during which the lock did not
// change hands, asks the holder to let go (ATTEND_GIL); the holder sees it at its next safe point.
#include "runtime/gil.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>

#include "runtime/gil_trace.h"

#define DEFAULT_INTERVAL_NS 5000000u

const char *const gil_reason_names[GIL_REASON_COUNT] = {
#define REASON(id, text) [GIL_##id] = text,
    GIL_REASONS(REASON)
#undef REASON
};

struct Gil {
    pthread_mutex_t gate;
    pthread_cond_t freed;          // the turn is nobody's
    pthread_cond_t switched;       // somebody took the turn
    Thread *holder;                // [gate] NULL: nobody
    unsigned waiters;              // [gate] threads in take_turn
    uint64_t switches;             // [gate] turns taken so far
    _Atomic uint64_t interval_ns;
};

uint64_t gil_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static void gate_start(Gil *gil)
{
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_mutex_init(&gil->gate, NULL);
    pthread_cond_init(&gil->freed, &monotonic);
    pthread_cond_init(&gil->switched, &monotonic);
    pthread_condattr_destroy(&monotonic);
}

Gil *gil_create(void)
{
    Gil *gil = calloc(1, sizeof *gil);
    if (!gil) return NULL;
    gate_start(gil);
    atomic_init(&gil->interval_ns, DEFAULT_INTERVAL_NS);
    return gil;
}

void gil_destroy(Gil *gil)
{
    pthread_cond_destroy(&gil->freed);
    pthread_cond_destroy(&gil->switched);
    pthread_mutex_destroy(&gil->gate);
    free(gil);
}

// Waits until the turn is nobody's, and takes it. Called and left with the gate held.
static void take_turn(Gil *gil, Thread *t)
{
    gil->waiters++;
    atomic_store_explicit(&t->gil.wants, true, memory_order_relaxed);
    while (gil->holder) {
        uint64_t before = gil->switches;
        uint64_t until = gil_now() + atomic_load_explicit(&gil->interval_ns, memory_order_relaxed);
        struct timespec deadline = {.tv_sec = (time_t)(until / 1000000000u), .tv_nsec = (long)(until % 1000000000u)};
        int timed_out = pthread_cond_timedwait(&gil->freed, &gil->gate, &deadline) == ETIMEDOUT;
        if (timed_out && gil->holder && gil->switches == before) thread_request(gil->holder, ATTEND_GIL);
    }
    gil->waiters--;
    atomic_store_explicit(&t->gil.wants, false, memory_order_relaxed);
    gil->holder = t;
    gil->switches++;
    pthread_cond_broadcast(&gil->switched);
}

void gil_counters_add(GilCounters *sum, const GilCounters *c)
{
    sum->holds += c->holds;
    sum->held_ns += c->held_ns;
    sum->waited_ns += c->waited_ns;
    sum->waits += c->waits;
    sum->forced += c->forced;
    if (!sum->first_ns || c->first_ns < sum->first_ns) sum->first_ns = c->first_ns;
    if (c->last_ns > sum->last_ns) sum->last_ns = c->last_ns;
    for (int r = 0; r < GIL_REASON_COUNT; r++) {
        sum->releases[r] += c->releases[r];
        sum->blocked_ns[r] += c->blocked_ns[r];
    }
}

static void start_hold(Thread *t, uint64_t wanted, uint64_t now)
{
    GilThread *own = &t->gil;
    if (trace_is_on(t)) trace_state(t, TRACE_HOLDS, own->reason, now);
    own->counters.holds++;
    own->counters.blocked_ns[own->reason] += wanted - own->since_ns;
    own->counters.waited_ns += now - wanted;
    own->since_ns = now;
    own->holds = true;
}

MOVES_GIL void gil_acquire(Thread *t, GilReason reason)
{
    int saved_errno = errno;
    Gil *gil = t->interp->gil;
    uint64_t wanted = gil_now(), now = wanted;
    pthread_mutex_lock(&gil->gate);
    if (gil->holder) {
        t->gil.counters.waits++;
        if (trace_is_on(t)) trace_state(t, TRACE_WANTS, reason, wanted);
        take_turn(gil, t);
        pthread_mutex_unlock(&gil->gate);
        now = gil_now();
    } else {
        gil->holder = t;
        gil->switches++;
        pthread_cond_broadcast(&gil->switched);
        pthread_mutex_unlock(&gil->gate);
        if (trace_is_on(t)) now = gil_now();     // somebody may have had it since `wanted`: no two may be seen to hold it
    }
    t->gil.reason = reason;
    start_hold(t, wanted, now);
    if (UNLIKELY(t->interp->finalizing) && !t->is_main) thread_exit_for_good(t);
    errno = saved_errno;
}

// The counting half of letting go; the thread still holds the turn.
static void end_hold(Thread *t, GilReason reason)
{
    GilThread *own = &t->gil;
    uint64_t now = gil_now();
    own->counters.held_ns += now - own->since_ns;
    own->counters.releases[reason]++;
    own->since_ns = now;
    own->reason = reason;
    own->holds = false;
    if (trace_is_on(t)) trace_state(t, reason == GIL_INTERVAL ? TRACE_WANTS : reason == GIL_EXIT ? TRACE_ENDED : TRACE_BLOCKED, reason, now);
}

static void give_turn(Gil *gil, Thread *t)
{
    gil->holder = NULL;
    atomic_fetch_and_explicit(&t->attention, ~(uint32_t)ATTEND_GIL, memory_order_relaxed);
    if (gil->waiters) pthread_cond_signal(&gil->freed);
}

MOVES_GIL void gil_release(Thread *t, GilReason reason)
{
    int saved_errno = errno;
    Gil *gil = t->interp->gil;
    end_hold(t, reason);
    pthread_mutex_lock(&gil->gate);
    ASSERT(gil->holder == t);
    give_turn(gil, t);
    pthread_mutex_unlock(&gil->gate);
    errno = saved_errno;
}

void gil_yield(Thread *t)
{
    Gil *gil = t->interp->gil;
    pthread_mutex_lock(&gil->gate);
    if (gil->waiters == 0) {        // whoever asked has gone
        atomic_fetch_and_explicit(&t->attention, ~(uint32_t)ATTEND_GIL, memory_order_relaxed);
        pthread_mutex_unlock(&gil->gate);
        return;
    }
    end_hold(t, GIL_INTERVAL);
    t->gil.counters.forced++;
    t->gil.counters.waits++;
    give_turn(gil, t);
    uint64_t before = gil->switches, wanted = t->gil.since_ns;
    while (gil->switches == before && gil->waiters) pthread_cond_wait(&gil->switched, &gil->gate);
    take_turn(gil, t);
    pthread_mutex_unlock(&gil->gate);
    start_hold(t, wanted, gil_now());
}

void gil_set_interval(Gil *gil, double seconds)
{
    double ns = seconds * 1e9;
    atomic_store_explicit(&gil->interval_ns, ns < 1 ? 1 : (uint64_t)ns, memory_order_relaxed);
}

double gil_interval(Gil *gil) { return (double)atomic_load_explicit(&gil->interval_ns, memory_order_relaxed) / 1e9; }

void gil_after_fork(Thread *t)
{
    Gil *gil = t->interp->gil;
    gate_start(gil);                // the old gate may have been locked by a thread that does not exist here
    gil->waiters = 0;
    gil->holder = t;
    atomic_store_explicit(&t->attention, 0, memory_order_relaxed);
    t->gil = (GilThread){.since_ns = gil_now(), .holds = true};
    t->gil.counters.first_ns = t->gil.since_ns;
    trace_after_fork(t);
}
