// SPDX-License-Identifier: MIT
// runtime/races.h: data races: two accesses to one variable, one of them a write, that nothing puts in order.
#ifndef BATON_RUNTIME_RACES_H
#define BATON_RUNTIME_RACES_H

#include "runtime/lock.h"

typedef enum RaceAccess { RACE_READ, RACE_WRITE, RACE_ATOMIC_READ, RACE_ATOMIC_WRITE } RaceAccess;

NEEDS_GIL MAY_RAISE bool races_start(Thread *t);
// An access to the part `key` (0: the whole) of what lives at `place`. `what` names it for a report.
NEEDS_GIL void races_access(Thread *t, const void *place, uint64_t key, RaceAccess access, Value (*what)(Thread *t, void *context), void *context);
NEEDS_GIL uint32_t races_found(Thread *t);
// What puts accesses in order
NEEDS_GIL void races_took(Thread *t, WaitLock *lock);
NEEDS_GIL void races_releases(Thread *t, WaitLock *lock);
// The same for what is no lock: *clocks is made when it is first needed, and freed by its owner.
NEEDS_GIL void races_say(Thread *t, uint64_t **clocks);
NEEDS_GIL void races_see(Thread *t, const uint64_t *clocks);
void races_lock_ends(WaitLock *lock);
NEEDS_GIL void races_thread_made(Thread *maker, Thread *fresh);
void races_thread_ends(Thread *t);                      // frees its clocks
void races_leaves(Thread *t, GilReason reason);         // a blocking call begins: a write may reach another thread's read
void races_returns(Thread *t, GilReason reason);
void races_object_freed(Thread *t, const void *o);      // its place may be another object's soon

#endif
