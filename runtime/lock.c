// SPDX-License-Identifier: MIT
// runtime/lock.c: locks on semaphores, because a wait on one is interrupted by signals and any thread may release it.
#include "runtime/lock.h"

#include <errno.h>
#include <time.h>

#include "runtime/error.h"
#include "runtime/types/float.h"
#include "runtime/types/int.h"

#define LONGEST_SECONDS 9.22e9          // in nanoseconds it fits 63 bits

void wait_lock_start(WaitLock *lock)
{
    sem_init(&lock->free, 0, 1);
    atomic_init(&lock->locked, false);
    lock->owner = 0;
}
void wait_lock_end(WaitLock *lock) { sem_destroy(&lock->free); }

static void took(Thread *t, WaitLock *lock)
{
    atomic_store_explicit(&lock->locked, true, memory_order_relaxed);
    lock->owner = t->ident;
}
bool wait_lock_try(Thread *t, WaitLock *lock)
{
    if (sem_trywait(&lock->free) != 0) return false;
    took(t, lock);
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

int wait_lock_acquire(Thread *t, WaitLock *lock, int64_t timeout_ns, GilReason reason, const char *waits_for)
{
    if (wait_lock_try(t, lock)) return 1;
    if (timeout_ns == 0) return 0;
    uint64_t deadline = timeout_ns > 0 ? gil_now() + (uint64_t)timeout_ns : 0;
    t->waits_for = waits_for;
    t->waits_on = lock;
    int failed;
    while ((failed = wait_once(t, lock, deadline, reason)) == EINTR)
        if (!signals_poll(t)) {
            t->waits_for = NULL;
            t->waits_on = NULL;
            return -1;
        }
    t->waits_for = NULL;
    t->waits_on = NULL;
    if (failed) return 0;
    took(t, lock);
    return 1;
}

void wait_lock_release(WaitLock *lock)
{
    atomic_store_explicit(&lock->locked, false, memory_order_relaxed);
    lock->owner = 0;
    sem_post(&lock->free);
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
