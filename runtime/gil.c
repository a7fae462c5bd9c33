// SPDX-License-Identifier: MIT
// runtime/gil.c: which thread may run Python, and how the turn passes.
//
// Owns     struct Gil: the turn (`holder`, `heir`), the queue of threads that wait for it, the drop request.
// Lock     `gate` guards every member [gate]. It is held for a few instructions; no call leaves this file while it is held, but
//          the waits on its own conditions, the policy's functions, schedule_instead and trace_state, which wait for nobody.
//
//   OUTSIDE --gil_acquire--> WAITING --take_turn--> RUNNING --gil_release--> OUTSIDE
//                               ^                      |
//                               +------ gil_yield -----+   (only if a thread waits)
// A turn that is nobody's may be kept for one thread, the heir; otherwise the quickest takes it. Who asks for the turn when,
// and who is the heir, is the policy's to say (gil_policy.h). Here, as in CPython since 3.2, a waiter that has waited for
// the switch interval, during which the lock did not change hands, asks the holder to let go (ATTEND_GIL); the holder sees
// it at its next safe point. In a controlled run the schedule names each next thread (schedule.h).
// Always
//   1. At most one thread is RUNNING; `holder` is that thread.
//   2. A thread that is not RUNNING touches no object, not even a reference count.
//   3. After gil_yield, a thread that waited has its turn before the yielder's next.
//   4. errno is the same after gil_acquire and gil_release as before.
//   5. Every acquire and release carries its reason, and is counted under it.
#include "runtime/gil.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "runtime/gil_policy.h"
#include "runtime/gil_trace.h"
#include "runtime/races.h"
#include "runtime/schedule.h"

#define DEFAULT_INTERVAL_NS 5000000u
#define SPIN_NS 40000u             // a policy that spins looks for its turn so long before it sleeps
#define STALL_NS 20000000u         // controlled runs: a blocking call that takes longer lets the others run
#define IDLE_NS 500000u            // controlled runs: nobody can run, and so often a thread looks whether that is still so

const char *const gil_reason_names[GIL_REASON_COUNT] = {
#define REASON(id, text) [GIL_##id] = text,
    GIL_REASONS(REASON)
#undef REASON
};

struct Gil {
    pthread_mutex_t gate;
    Thread *holder;                // [gate] NULL: nobody
    _Atomic(Thread *) heir;        // [gate] while the turn is nobody's: for whom it is kept; NULL: for the quickest
    Thread *first_waiter;          // [gate] threads in take_turn, in the order they came
    Thread *outside;               // [gate] controlled runs: the thread that keeps the turn through a blocking call
    uint64_t switches;             // [gate] turns taken so far
    _Atomic uint64_t interval_ns;
    _Atomic(const GilPolicy *) policy;
};

static bool several_processors(void)
{
    static _Atomic int known;          // 1: one, 2: several
    int count = atomic_load_explicit(&known, memory_order_relaxed);
    if (!count) {
        count = sysconf(_SC_NPROCESSORS_ONLN) > 1 ? 2 : 1;
        atomic_store_explicit(&known, count, memory_order_relaxed);
    }
    return count == 2;
}

uint64_t gil_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

Gil *gil_create(void)
{
    Gil *gil = calloc(1, sizeof *gil);
    if (!gil) return NULL;
    pthread_mutex_init(&gil->gate, NULL);
    atomic_init(&gil->interval_ns, DEFAULT_INTERVAL_NS);
    atomic_init(&gil->policy, gil_policies);
    return gil;
}

void gil_destroy(Gil *gil)
{
    pthread_mutex_destroy(&gil->gate);
    free(gil);
}

static uint64_t interval(const Gil *gil) { return atomic_load_explicit(&gil->interval_ns, memory_order_relaxed); }
const GilPolicy *gil_policy(const Gil *gil) { return atomic_load_explicit(&gil->policy, memory_order_relaxed); }

// ---- The queue for the turn [gate]
static void join_queue(Gil *gil, Thread *t)
{
    Thread **last = &gil->first_waiter;
    while (*last) last = &(*last)->gil.next_waiter;
    *last = t;
    t->gil.next_waiter = NULL;
    atomic_store_explicit(&t->gil.wants, true, memory_order_relaxed);
}
static void leave_queue(Gil *gil, Thread *t)
{
    Thread **at = &gil->first_waiter;
    while (*at != t) at = &(*at)->gil.next_waiter;
    *at = t->gil.next_waiter;
    atomic_store_explicit(&t->gil.wants, false, memory_order_relaxed);
}

// Does the policy let t go before the other one, who has the turn or for whom it is kept?
static bool goes_before(const Gil *gil, const Thread *t, const Thread *other)
{
    const GilPolicy *policy = gil_policy(gil);
    return policy->asks_at_once && policy->asks_at_once(t, other);
}

// Whose turn it may be. `named`: only the heir's (controlled runs).
static bool may_take(const Gil *gil, const Thread *t, bool named)
{
    const Thread *heir = atomic_load_explicit(&gil->heir, memory_order_relaxed);
    if (gil->holder || heir == t) return !gil->holder;
    return !named && (!heir || goes_before(gil, t, heir));
}

// Looks, without the gate, whether the turn is being kept for t, before sleeping: a sleep and a call cost more than a short
// turn of the holder. Called and left with the gate held.
static void look_for_turn(Gil *gil, Thread *t)
{
    pthread_mutex_unlock(&gil->gate);
    uint64_t end = gil_now() + SPIN_NS;
    while (atomic_load_explicit(&gil->heir, memory_order_relaxed) != t && gil_now() < end)
        for (int i = 0; i < 16; i++) atomic_signal_fence(memory_order_seq_cst);
    pthread_mutex_lock(&gil->gate);
}

static bool called_within(Gil *gil, Thread *t, uint64_t ns)
{
    uint64_t until = gil_now() + ns;
    struct timespec deadline = {.tv_sec = (time_t)(until / 1000000000u), .tv_nsec = (long)(until % 1000000000u)};
    return pthread_cond_clockwait(&t->gil.called, &gil->gate, CLOCK_MONOTONIC, &deadline) != ETIMEDOUT;
}

static void have_turn(Gil *gil, Thread *t)
{
    gil->holder = t;
    gil->outside = NULL;
    atomic_store_explicit(&gil->heir, NULL, memory_order_relaxed);
    gil->switches++;
}

// Waits until t may have the turn, and takes it. Called and left with the gate held.
static void take_turn(Gil *gil, Thread *t, uint64_t wanted)
{
    t->gil.wanted_ns = wanted;
    join_queue(gil, t);
    for (bool looked = false; !may_take(gil, t, false);) {
        const GilPolicy *policy = gil_policy(gil);
        uint64_t before = gil->switches;
        if (gil->holder && goes_before(gil, t, gil->holder)) thread_request(gil->holder, ATTEND_GIL);
        if (policy->spins && !looked && several_processors()) {
            look_for_turn(gil, t);
            looked = true;
            continue;
        }
        bool called = called_within(gil, t, interval(gil));
        if (called) t->gil.counters.lost += !may_take(gil, t, false);
        else if (!policy->ticks && gil->holder && gil->switches == before) thread_request(gil->holder, ATTEND_GIL);
    }
    leave_queue(gil, t);
    have_turn(gil, t);
    for (const Thread *each = gil->first_waiter; each; each = each->gil.next_waiter)      // who came while the turn was on its way to t
        if (goes_before(gil, each, t)) thread_request(t, ATTEND_GIL);
}

// Controlled runs: waits until the schedule has named t. Meanwhile it sees to it that a blocking call of the thread that has
// the turn does not hold up the others for long, and that a turn which is nobody's finds the next who can go on. [gate]
static void take_named_turn(Gil *gil, Thread *t)
{
    while (!may_take(gil, t, t->interp->schedule != NULL)) {
        uint64_t before = gil->switches;
        bool idle = t->interp->schedule && !gil->holder && !atomic_load_explicit(&gil->heir, memory_order_relaxed);
        if (called_within(gil, t, idle ? IDLE_NS : STALL_NS) || !t->interp->schedule || gil->holder || gil->switches != before) continue;
        Thread *next;
        if (gil->outside) next = schedule_instead(gil->outside);
        else if (!atomic_load_explicit(&gil->heir, memory_order_relaxed)) next = schedule_idle(t);
        else continue;
        gil->outside = NULL;
        atomic_store_explicit(&gil->heir, next, memory_order_relaxed);
        if (next && next != t) pthread_cond_signal(&next->gil.called);
    }
    have_turn(gil, t);
}

void gil_counters_add(GilCounters *sum, const GilCounters *c)
{
    sum->holds += c->holds;
    sum->held_ns += c->held_ns;
    sum->waited_ns += c->waited_ns;
    sum->waits += c->waits;
    sum->forced += c->forced;
    sum->lost += c->lost;
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
    t->gil.returned = reason != GIL_START;
    pthread_mutex_lock(&gil->gate);
    if (LIKELY(may_take(gil, t, t->interp->schedule != NULL))) {
        have_turn(gil, t);
        pthread_mutex_unlock(&gil->gate);
        if (trace_is_on(t)) now = gil_now();     // somebody may have had it since `wanted`: no two may be seen to hold it
    } else {
        t->gil.counters.waits++;
        if (trace_is_on(t)) trace_state(t, TRACE_WANTS, reason, wanted);
        if (t->interp->schedule) {
            schedule_comes_back(t);
            take_named_turn(gil, t);
        } else take_turn(gil, t, wanted);
        pthread_mutex_unlock(&gil->gate);
        now = gil_now();
    }
    if (UNLIKELY(t->interp->schedule != NULL)) t->schedule.state = THREAD_RUNNABLE;
    t->gil.reason = reason;
    start_hold(t, wanted, now);
    if (UNLIKELY(t->watch & WATCH_RACES)) races_returns(t, reason);
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

// The turn is nobody's: kept for `heir`, who is called, or (NULL) for whoever is quickest; then the first waiter is called.
static void give_turn(Gil *gil, Thread *t, Thread *heir)
{
    gil->holder = NULL;
    atomic_store_explicit(&gil->heir, heir, memory_order_relaxed);
    atomic_fetch_and_explicit(&t->attention, ~(uint32_t)ATTEND_GIL, memory_order_relaxed);
    t->gil.must_have_turn = false;
    Thread *called = heir ? heir : gil->first_waiter;
    if (called) pthread_cond_signal(&called->gil.called);
}

static Thread *next_waiter(Gil *gil, uint64_t now) { return gil_policy(gil)->next(gil->first_waiter, now, interval(gil)); }

MOVES_GIL void gil_release(Thread *t, GilReason reason)
{
    int saved_errno = errno;
    Gil *gil = t->interp->gil;
    end_hold(t, reason);
    if (UNLIKELY(t->watch & WATCH_RACES)) races_leaves(t, reason);
    pthread_mutex_lock(&gil->gate);
    ASSERT(gil->holder == t);
    if (UNLIKELY(t->interp->schedule != NULL)) {       // a blocking call of a controlled run: t keeps the turn
        give_turn(gil, t, t);
        gil->outside = t;
    } else give_turn(gil, t, gil_policy(gil)->keeps ? next_waiter(gil, t->gil.since_ns) : NULL);
    pthread_mutex_unlock(&gil->gate);
    errno = saved_errno;
}

void gil_yield(Thread *t)
{
    Gil *gil = t->interp->gil;
    pthread_mutex_lock(&gil->gate);
    if (!gil->first_waiter || t->interp->schedule) {        // whoever asked has gone
        atomic_fetch_and_explicit(&t->attention, ~(uint32_t)ATTEND_GIL, memory_order_relaxed);
        pthread_mutex_unlock(&gil->gate);
        return;
    }
    end_hold(t, GIL_INTERVAL);
    t->gil.counters.forced++;
    t->gil.counters.waits++;
    t->gil.returned = false;
    uint64_t wanted = t->gil.since_ns;
    give_turn(gil, t, next_waiter(gil, wanted));
    take_turn(gil, t, wanted);
    pthread_mutex_unlock(&gil->gate);
    start_hold(t, wanted, gil_now());
}

void gil_tick_over(Thread *t)
{
    Gil *gil = t->interp->gil;
    t->gil.ticks = gil_policy(gil)->ticks;
    pthread_mutex_lock(&gil->gate);
    if (!gil->first_waiter || t->interp->schedule) {
        pthread_mutex_unlock(&gil->gate);
        return;
    }
    end_hold(t, GIL_INTERVAL);
    t->gil.counters.forced++;
    uint64_t wanted = t->gil.since_ns;
    give_turn(gil, t, NULL);
    pthread_mutex_unlock(&gil->gate);          // the race: the waiter that was called must wake up; t is awake
    pthread_mutex_lock(&gil->gate);
    if (may_take(gil, t, false)) have_turn(gil, t);
    else {
        t->gil.counters.waits++;
        take_turn(gil, t, wanted);
    }
    pthread_mutex_unlock(&gil->gate);
    start_hold(t, wanted, gil_now());
}

void gil_hand_to(Thread *t, Thread *to, GilReason reason)
{
    Gil *gil = t->interp->gil;
    end_hold(t, reason);
    t->gil.counters.waits++;
    uint64_t wanted = t->gil.since_ns;
    pthread_mutex_lock(&gil->gate);
    give_turn(gil, t, to);
    take_named_turn(gil, t);
    pthread_mutex_unlock(&gil->gate);
    start_hold(t, wanted, gil_now());
    if (UNLIKELY(t->interp->finalizing) && !t->is_main) thread_exit_for_good(t);
}

MOVES_GIL void gil_leave_to(Thread *t, Thread *to)
{
    Gil *gil = t->interp->gil;
    end_hold(t, GIL_EXIT);
    pthread_mutex_lock(&gil->gate);
    give_turn(gil, t, to);
    pthread_mutex_unlock(&gil->gate);
}

void gil_set_policy(Thread *t, const GilPolicy *policy)
{
    Gil *gil = t->interp->gil;
    uint8_t watch = (uint8_t)((policy->any_instruction ? WATCH_REQUESTS : 0) | (policy->ticks ? WATCH_TICKS : 0));
    t->gil.ticks = policy->ticks;
    atomic_store_explicit(&gil->policy, policy, memory_order_relaxed);
    threads_watch(t->interp, WATCH_REQUESTS | WATCH_TICKS, watch);
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
    pthread_mutex_init(&gil->gate, NULL);   // the old gate may have been locked by a thread that does not exist here
    gil->first_waiter = gil->outside = NULL;
    atomic_store_explicit(&gil->heir, NULL, memory_order_relaxed);
    gil->holder = t;
    atomic_fetch_and_explicit(&t->attention, ATTEND_INSTRUMENT, memory_order_relaxed);
    t->gil = (GilThread){.since_ns = gil_now(), .holds = true};
    pthread_cond_init(&t->gil.called, NULL);
    t->gil.counters.first_ns = t->gil.since_ns;
    trace_after_fork(t);
}
