// SPDX-License-Identifier: MIT
// runtime/gil.h: the Global Interpreter Lock. A thread runs Python, or touches any object, only while it holds it.
//
// Every acquire and release carries a reason, and is counted under it. Blocking calls stand only inside BLOCKING.
#ifndef BATON_RUNTIME_GIL_H
#define BATON_RUNTIME_GIL_H

#include <pthread.h>
#include <stdatomic.h>

#include "runtime/base.h"

// REASON(id, text): why a thread let go of the lock.
#define GIL_REASONS(REASON) \
    REASON(INTERVAL, "interval") REASON(SLEEP, "sleep") REASON(READ, "read") REASON(WRITE, "write") \
    REASON(OPEN, "open") REASON(ACCEPT, "accept") REASON(CONNECT, "connect") REASON(POLL, "poll") \
    REASON(LOCK, "lock") REASON(JOIN, "join") REASON(WAIT, "wait") REASON(FFI, "ffi") REASON(DNS, "dns") \
    REASON(TRANSFER, "transfer") REASON(HASH, "hash") REASON(COMPRESS, "compress") REASON(DATABASE, "database") \
    REASON(FORK, "fork") REASON(FILE, "file") REASON(EXIT, "exit") REASON(START, "start")
typedef enum GilReason {
#define REASON(id, text) GIL_##id,
    GIL_REASONS(REASON)
#undef REASON
    GIL_REASON_COUNT
} GilReason;
extern const char *const gil_reason_names[GIL_REASON_COUNT];

// What a thread did with the lock. Times in nanoseconds of CLOCK_MONOTONIC. Written by the thread itself, read under the GIL.
typedef struct GilCounters {
    uint64_t holds;                           // times that it took the lock
    uint64_t held_ns, waited_ns;              // in the lock; wanting it
    uint64_t waits;                           // times that it did not get the lock at once
    uint64_t forced;                          // releases that another thread's request forced
    uint64_t lost;                            // times it was called to take the turn and found it taken again
    uint64_t releases[GIL_REASON_COUNT];      // times let go, by reason
    uint64_t blocked_ns[GIL_REASON_COUNT];    // time between letting go for that reason and wanting the lock again
    uint64_t first_ns, last_ns;               // when the thread was made, and ended; last_ns 0: it lives
} GilCounters;

typedef struct GilThread {                    // a thread's side of the lock; part of Thread
    GilCounters counters;
    uint64_t since_ns;                        // of the present hold, or since the lock was let go
    GilReason reason;                         // why it is outside now
    bool holds;
    _Atomic bool wants;                       // it waits for its turn
    bool returned;                            // came back from a blocking call, and has not been interrupted since
    bool must_have_turn;                      // was passed over for too long: its hold is not cut short [gate]
    Thread *next_waiter;                      // in the queue for the turn [gate]
    uint64_t wanted_ns;                       // when it joined the queue
    pthread_cond_t called;                    // the turn is free, or kept for it
    uint32_t ticks;                           // instructions left of its turn, under a policy that counts them
} GilThread;

typedef struct Gil Gil;
struct GilPolicy;
NEEDS_GIL Gil *gil_create(void);
void gil_destroy(Gil *gil);
void gil_acquire(Thread *t, GilReason reason) ENTERS_GIL;   // errno is kept
void gil_release(Thread *t, GilReason reason) LEAVES_GIL;   // errno is kept
NEEDS_GIL void gil_yield(Thread *t);                        // at a safe point: hand over if another thread asked
NEEDS_GIL void gil_tick_over(Thread *t);                    // policy `ticks`: let go, and race for the lock
// Controlled runs (runtime/schedule.h): the turn goes to that thread and no other; NULL: to the first that comes back
// from outside. Returns when t has the turn again.
NEEDS_GIL void gil_hand_to(Thread *t, Thread *to, GilReason reason);
void gil_leave_to(Thread *t, Thread *to) LEAVES_GIL;        // the same for a thread that ends
NEEDS_GIL void gil_set_policy(Thread *t, const struct GilPolicy *policy);
const struct GilPolicy *gil_policy(const Gil *gil);
void gil_set_interval(Gil *gil, double seconds);
double gil_interval(Gil *gil);
void gil_after_fork(Thread *t);                             // in the child, where only t lives: t holds a new lock
void gil_counters_add(GilCounters *sum, const GilCounters *c);
uint64_t gil_now(void);                                     // ns, CLOCK_MONOTONIC

// Lets go of the lock around one statement that may block. Nothing inside may touch an object; clang checks it.
#define BLOCKING(t, reason, statement) \
    do { gil_release(t, reason); statement; gil_acquire(t, reason); } while (0)

#endif
