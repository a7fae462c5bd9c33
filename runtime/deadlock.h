// SPDX-License-Identifier: MIT
// runtime/deadlock.h: finds threads that can never go on, at the moment when the last of them begins to wait.
#ifndef BATON_RUNTIME_DEADLOCK_H
#define BATON_RUNTIME_DEADLOCK_H

#include "runtime/error.h"

enum DeadlockAction { DEADLOCK_RAISE, DEADLOCK_REPORT, DEADLOCK_OFF };
extern Type exc_Deadlock;                                         // gil.Deadlock, a RuntimeError

// t is about to wait for a lock for ever. False: that would be a deadlock, which is reported, and is raised here.
NEEDS_GIL MAY_RAISE bool deadlock_check(Thread *t);
// Whether t waits in a ring that only somebody else could break, by releasing a lock that is not his; and what tells it, if it is still so after a while.
#define SUSPICION_NS 1000000000u
NEEDS_GIL bool deadlock_suspects(Thread *t);
NEEDS_GIL void deadlock_tell_ring(Thread *t);
// In a controlled run nothing can ever happen again: every thread waits for another, for a lock or for data. False: it is raised here.
NEEDS_GIL MAY_RAISE bool deadlock_of_all(Thread *t);
NEEDS_GIL void deadlock_check_others(Thread *t);                  // t is about to end, and will release nothing more
NEEDS_GIL bool deadlock_calls_main(Thread *t);                    // interrupts the main thread if the exception is still on its way to it
NEEDS_GIL bool deadlock_alone(Thread *t);                         // every other thread waits for ever, and no signal, no C code could change that
// Reports a deadlock that was found elsewhere (asyncio, multiprocessing), in words. False: it is raised here.
NEEDS_GIL MAY_RAISE bool deadlock_report(Thread *t, Value text);
NEEDS_GIL void deadlock_tell(Thread *t, Value text);              // the same of what may still be none: nothing is raised
NEEDS_GIL MAY_RAISE bool deadlock_prepare(Thread *t);             // the type, at start-up

#endif
