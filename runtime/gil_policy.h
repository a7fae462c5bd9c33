// SPDX-License-Identifier: MIT
// runtime/gil_policy.h: who gets the turn, and when the holder must give it up: a small table of policies beside each other.
//
// runtime/gil.c moves the turn and asks the policy in force; a policy decides and moves nothing. Its functions run with
// the gate of the lock held.
#ifndef BATON_RUNTIME_GIL_POLICY_H
#define BATON_RUNTIME_GIL_POLICY_H

#include "runtime/base.h"

typedef struct GilPolicy {
    const char *name;
    const char *help;          // one line: what it does, and which Python did it
    bool any_instruction;      // the holder sees requests before every instruction, not only at safe points
    uint32_t ticks;            // not 0: nobody asks; after so many instructions the holder lets go and races for the turn
    bool keeps;                // a turn given up for a blocking call is kept for `next`, too; otherwise the quickest has it
    bool spins;                // a waiter looks for its turn for some microseconds before it sleeps
    bool (*asks_at_once)(const Thread *comer, const Thread *holder);    // without waiting for the interval; NULL: never
    Thread *(*next)(Thread *first, uint64_t now, uint64_t interval);    // which of the waiters, in the order they came
} GilPolicy;

extern const GilPolicy gil_policies[];                   // ends with a NULL name; the first is the default
const GilPolicy *gil_policy_find(const char *name);      // NULL: there is none of that name

#endif
