// SPDX-License-Identifier: MIT
// runtime/lock.c: locks on semaphores, because a wait on one is interrupted by signals and any thread may release it.
#include "runtime/lock.h"

#include <errno.h>
#include <time.h>

#include "runtime/deadlock.h"
#include "runtime/error.h"
#include "runtime/lock_order.h"
#include "runtime/races.h"
#include "runtime/types/float.h"
#include "runtime/types/int.h"

#define LONGEST_SECONDS 9223372036.0    // in nanoseconds it fits 63 bits: threading.TIMEOUT_MAX
#define CALL_AGAIN_NS 20000000u     // a thread in a deadlock calls the main thread so often, until that has heard it

void wait_lock_start(WaitLock *lock)
{
    *lock = (WaitLock){.manner = LOCK_ANYONE};
    sem_init(&lock->free, 0, 1);
}
void wait_lock_end(WaitLock *lock)
{
    sem_destroy(&lock->free);
    if (UNLIKELY(lock->clocks != NULL)) races_lock_ends(lock);
    lock_order_forget(lock);
}

void wait_lock_note(Thread *t, WaitLock *lock)
{
    atomic_store_explicit(&lock->locked, true, memory_order_relaxed);
    lock->owner = t->ident;
    lock->owner_id = t->native_id;
    lock->taken_at = t->frame ? *(const void *const *)(const void *)t->frame : NULL;     // Frame begins with its pc
    if (lock->manner == LOCK_WITH) lock->manner = LOCK_ANYONE;
    if (UNLIKELY(t->watch & (WATCH_RACES | WATCH_ORDER))) {
        if (t->watch & WATCH_RACES) races_took(t, lock);
        if (t->watch & WATCH_ORDER) lock_order_took(t, lock);
    }
}
bool wait_lock_try(Thread *t, WaitLock *lock)
{
    if (sem_trywait(&lock->free) != 0) return false;
    wait_lock_note(t, lock);
    return true;
}

// Waits for the semaphore, without the GIL, until the deadline (0: none). Result as errno: 0, ETIMEDOUT or EINTR.
static int wait_once(Thread *t, WaitLock *lock, uint64_t deadline, GilReason reason)
{
    int failed = 0;
    struct timespec until = {.tv_sec = (time_t)(deadline / 1000000000u), .tv_nsec = (long)(deadline % 1000000000u)};
    BLOCKING(t, reason, {
        failed = deadline ? sem_clockwait(&lock->free, CLOCK_MONOTONIC, &until) : sem_wait(&lock->free);
        failed = failed ? errno : 0;
    });
    return failed;
}

// Waits, by the clock or by the schedule, until the lock is t's. 1, 0 or -1 as below.
static int wait_for_lock(Thread *t, WaitLock *lock, int64_t timeout_ns, GilReason reason)
{
    uint64_t deadline = timeout_ns > 0 ? schedule_clock(t) + (uint64_t)timeout_ns : 0;
    if (!signals_poll(t)) return -1;
    while (t->interp->schedule) {
        bool in_time = schedule_wait(t, lock, deadline ? (int64_t)(deadline - schedule_clock(t)) : -1);
        if (error_pending(t) || !signals_poll(t)) return -1;
        if (sem_trywait(&lock->free) == 0) return 1;
        if (!in_time || (deadline && schedule_clock(t) >= deadline)) return 0;
    }
    bool suspects = !deadline && deadlock_suspects(t);
    for (;;) {
        bool calls = t->deadlocked && !deadline && deadlock_calls_main(t);
        uint64_t until = calls ? gil_now() + CALL_AGAIN_NS : suspects ? gil_now() + SUSPICION_NS : deadline;
        int failed = wait_once(t, lock, until, reason);
        if (failed == 0) return 1;
        if (failed == EINTR && !signals_poll(t)) return -1;
        if (failed == EINTR || calls) continue;
        if (!suspects) return 0;
        suspects = false;
        deadlock_tell_ring(t);
    }
}

bool wait_lock_note_wait(Thread *t, WaitLock *lock, const char *waits_for)
{
    t->waits_for = waits_for;
    t->waits_on = lock;
    t->waits_for_ever = true;
    t->interp->waiting_for_ever++;
    return deadlock_check(t);
}
void wait_lock_note_end(Thread *t)
{
    t->interp->waiting_for_ever--;
    t->waits_for = NULL;
    t->waits_on = NULL;
    t->waits_for_ever = false;
}

int wait_lock_acquire(Thread *t, WaitLock *lock, int64_t timeout_ns, GilReason reason, const char *waits_for)
{
    if (wait_lock_try(t, lock)) return 1;
    if (timeout_ns == 0) return 0;
    int taken;
    if (timeout_ns < 0) {
        taken = !wait_lock_note_wait(t, lock, waits_for) ? -1 : wait_for_lock(t, lock, timeout_ns, reason);
        wait_lock_note_end(t);
    } else {
        t->waits_for = waits_for;
        t->waits_on = lock;
        taken = wait_for_lock(t, lock, timeout_ns, reason);
        t->waits_for = NULL;
        t->waits_on = NULL;
    }
    if (taken > 0) wait_lock_note(t, lock);
    return taken;
}

void wait_lock_note_release(Thread *t, WaitLock *lock)
{
    if (!lock_is_of(lock, t)) lock->handed = true;
    if (UNLIKELY(t->watch & (WATCH_RACES | WATCH_ORDER))) {
        if (t->watch & WATCH_RACES) races_releases(t, lock);
        if (t->watch & WATCH_ORDER) lock_order_releases(t, lock);
    }
    atomic_store_explicit(&lock->locked, false, memory_order_relaxed);
    lock->owner = 0;
    lock->owner_id = 0;
}

void wait_lock_release(WaitLock *lock)
{
    Thread *t = thread_current();
    wait_lock_note_release(t, lock);
    sem_post(&lock->free);
    if (UNLIKELY(t->interp->schedule != NULL)) schedule_wake(t, lock);
}

bool timeout_from_value(Thread *t, Value seconds, int64_t *ns)
{
    OWN Value whole = is_float(seconds) ? retain(seconds) : object_index(t, seconds);
    double wanted;
    if (is_error(whole) || !float_from_value(t, whole, &wanted)) return false;
    if (isnan(wanted)) return error_false(raise_value_error(t, "Invalid value NaN (not a number)"));
    if (fabs(wanted) > LONGEST_SECONDS) return error_false(raise_error(t, &exc_OverflowError, "timestamp too large to convert to C _PyTime_t"));
    if (wanted < 0 && wanted != -1) return error_false(raise_value_error(t, "timeout value must be positive"));
    *ns = wanted == -1 ? -1 : (int64_t)ceil(wanted * 1e9);
    return true;
}
