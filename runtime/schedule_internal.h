// SPDX-License-Identifier: MIT
// runtime/schedule_internal.h: what schedule.c and schedule_record.c share.
#ifndef BATON_RUNTIME_SCHEDULE_INTERNAL_H
#define BATON_RUNTIME_SCHEDULE_INTERNAL_H

#include <sched.h>

#include "runtime/thread.h"

struct Schedule {
    ScheduleOptions options;
    ScheduleChoice *choices;
    size_t next_choice;
    ScheduleAsk ask;
    uint32_t made;                 // threads so far
    uint32_t points, instructions;
    uint32_t stretch;              // points since the running thread got the turn
    uint64_t countdown;            // EVERY, RANDOM: instructions until the next switch
    uint64_t random;               // state of the generator of choices
    uint64_t system_random;        // and of what os.urandom gives
    uint64_t clock;
    uint32_t lowest_priority;
    uint32_t changes[16];          // PRIORITIES: the points at which the running thread's becomes the lowest
    cpu_set_t processors;          // that the threads may use once the run is not controlled any more
    bool paused, asking, pinned;
    bool has_children;             // processes were started
    uint64_t idle_since;           // real time: when the clock was last made to follow it; 0: somebody runs
    Thread *now;                   // whose turn it is
};

NEEDS_GIL void schedule_after_fork(Thread *t);      // in the child: a schedule of its own, by the same rule, that nobody records
void record_point(Thread *t, Schedule *s, const Thread *chosen, const Thread *usual, uint8_t flags, int line, uint32_t file);

#endif
