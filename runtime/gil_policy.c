// SPDX-License-Identifier: MIT
// runtime/gil_policy.c: the policies: what each real Python did with its lock, and what one could do instead.
#include "runtime/gil_policy.h"

#include <string.h>

#include "runtime/thread.h"

#define STARVED_INTERVALS 4      // io-first: so long a thread may be passed over before it has a turn of its own

static Thread *first_come(Thread *first, uint64_t now, uint64_t interval) { return first; }

// A thread that has just come back from a blocking call goes before threads that were interrupted while they computed.
static Thread *returned_first(Thread *first, uint64_t now, uint64_t interval)
{
    if (first && now - first->gil.wanted_ns > STARVED_INTERVALS * interval) {
        first->gil.must_have_turn = true;
        return first;
    }
    for (Thread *each = first; each; each = each->gil.next_waiter)
        if (each->gil.returned) return each;
    return first;
}
static bool returned_interrupts(const Thread *comer, const Thread *holder)
{
    return comer->gil.returned && !holder->gil.returned && !holder->gil.must_have_turn;
}

const GilPolicy gil_policies[] = {
    {.name = "interval", .next = first_come,
     .help = "a waiter asks after the switch interval; the holder hands over at the next call or loop end (CPython 3.10 and later)"},
    {.name = "interval-any", .next = first_come, .any_instruction = true,
     .help = "the same, but the holder hands over before any instruction (CPython 3.2 to 3.9)"},
    {.name = "ticks", .next = first_come, .ticks = 100,
     .help = "every 100 instructions the holder lets go, wakes a waiter and races it for the lock (Python 1.5 to 3.1)"},
    {.name = "io-first", .next = returned_first, .keeps = true, .spins = true, .asks_at_once = returned_interrupts,
     .help = "who comes back from a blocking call goes first, at once (no CPython; proposed for 3.2 and not taken)"},
    {.name = "fair", .next = first_come, .keeps = true,
     .help = "strictly first come, first served, also after a blocking call (no CPython)"},
    {0},
};

const GilPolicy *gil_policy_find(const char *name)
{
    for (const GilPolicy *each = gil_policies; each->name; each++)
        if (strcmp(each->name, name) == 0) return each;
    return NULL;
}
