// SPDX-License-Identifier: MIT
// runtime/lock.h: a lock that Python threads wait for without the GIL: under _thread.lock and all that is built on it.
//
// Everything but the semaphore is for reports and for the deadlock finder (runtime/deadlock.c), which asks who alone
// could release a lock. All of it is read and written under the GIL.
#ifndef BATON_RUNTIME_LOCK_H
#define BATON_RUNTIME_LOCK_H

#include <semaphore.h>

#include "runtime/thread.h"

// How a lock was taken, which tells who will release it.
typedef enum LockManner {
    LOCK_ANYONE,             // acquire(): any thread may release it, and as a signal another one does
    LOCK_WITH,               // a with statement: the same thread releases it at the block's end
    LOCK_RECURSIVE,          // RLock: nobody but the owner can
    LOCK_SENTINEL,           // released by the end of the thread that has it
} LockManner;

typedef struct WaitLock {
    sem_t free;              // 1 while unlocked
    _Atomic bool locked;
    uint8_t manner;          // enum LockManner, of the present hold
    bool internal;           // of the library's own bookkeeping: no point of a controlled run
    bool handed;             // a thread released it that had not taken it
    bool shared;             // between processes: one of the others may release it
    uint64_t owner;          // ident of the thread that took it last
    int64_t owner_id;        // its native id: idents are used again by later threads
    const void *taken_at;    // the place in the owner's code: a frame's pc
    Object *object;          // the lock object that it is part of, or NULL
    uint64_t *clocks;        // --races: what happened before its release (runtime/races.c), or NULL
} WaitLock;

// The main thread is known by its ident, which it keeps through a fork and nobody else gets.
static inline bool lock_is_of(const WaitLock *lock, const Thread *t)
{
    return lock->owner && (lock->owner_id == t->native_id || (t->is_main && lock->owner == t->ident));
}

void wait_lock_start(WaitLock *lock);
void wait_lock_end(WaitLock *lock);
bool wait_lock_try(Thread *t, WaitLock *lock);
// Waits at most `timeout_ns`; negative: for ever. 1: taken, 0: time is up, -1: a signal handler raised, or a deadlock.
NEEDS_GIL MAY_RAISE int wait_lock_acquire(Thread *t, WaitLock *lock, int64_t timeout_ns, GilReason reason, const char *waits_for);
void wait_lock_release(WaitLock *lock);      // it must be locked
// What is noted of a lock, for one that waits by other means (stdlib/multiprocessing): t has taken it; t releases it; t waits for it for ever (false: that
// would be a deadlock, which is raised), and does so no more.
void wait_lock_note(Thread *t, WaitLock *lock);
void wait_lock_note_release(Thread *t, WaitLock *lock);
NEEDS_GIL MAY_RAISE bool wait_lock_note_wait(Thread *t, WaitLock *lock, const char *waits_for);
NEEDS_GIL void wait_lock_note_end(Thread *t);
// A timeout argument of Python in seconds (a float or an index) as nanoseconds; -1 is for ever (-1). False: raised.
NEEDS_GIL MAY_RAISE bool timeout_from_value(Thread *t, Value seconds, int64_t *ns);

#endif
