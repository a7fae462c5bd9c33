// SPDX-License-Identifier: MIT
// runtime/lock.h: a lock that Python threads wait for without the GIL: under _thread.lock and all that is built on it.
#ifndef BATON_RUNTIME_LOCK_H
#define BATON_RUNTIME_LOCK_H

#include <semaphore.h>

#include "runtime/thread.h"

typedef struct WaitLock {
    sem_t free;              // 1 while unlocked
    _Atomic bool locked;
    uint64_t owner;          // ident of the thread that took it last; for reports [GIL]
} WaitLock;

void wait_lock_start(WaitLock *lock);
void wait_lock_end(WaitLock *lock);
bool wait_lock_try(Thread *t, WaitLock *lock);
// Waits at most `timeout_ns`; negative: for ever. 1: taken, 0: time is up, -1: a signal handler raised.
NEEDS_GIL MAY_RAISE int wait_lock_acquire(Thread *t, WaitLock *lock, int64_t timeout_ns, GilReason reason, const char *waits_for);
void wait_lock_release(WaitLock *lock);      // it must be locked
// A timeout argument of Python in seconds (a float or an index) as nanoseconds; -1 is for ever (-1). False: raised.
NEEDS_GIL MAY_RAISE bool timeout_from_value(Thread *t, Value seconds, int64_t *ns);

#endif
