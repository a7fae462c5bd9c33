// SPDX-License-Identifier: MIT
// runtime/gil_trace.h: the recorder of what threads do with the lock: who held it when, who wanted it, who was blocked and why.
//
//   a thread ──push──> its own ring ──drain──> the process's spool file ──> read by module gil at the end
//
// Off, it costs one test of a flag where the lock is taken or let go. On, a record is 24 bytes written by the thread itself
// into a ring that nobody else writes; what does not fit is dropped and counted: recording never makes a thread wait.
#ifndef BATON_RUNTIME_GIL_TRACE_H
#define BATON_RUNTIME_GIL_TRACE_H

#include "runtime/thread.h"

// TRACE_KIND(id, text): what a record says. The first five are states that last until the thread's next record of a state.
#define TRACE_KINDS(TRACE_KIND) \
    TRACE_KIND(HOLDS, "holds") TRACE_KIND(WANTS, "wants") TRACE_KIND(BLOCKED, "blocked") TRACE_KIND(ENDED, "ended") TRACE_KIND(GAP, "gap") \
    TRACE_KIND(TASK_BEGIN, "task") TRACE_KIND(TASK_END, "task end") TRACE_KIND(CALLBACK_BEGIN, "callback") TRACE_KIND(CALLBACK_END, "callback end")
typedef enum TraceKind {
#define TRACE_KIND(id, text) TRACE_##id,
    TRACE_KINDS(TRACE_KIND)
#undef TRACE_KIND
    TRACE_KIND_COUNT
} TraceKind;

typedef struct TraceRecord {
    uint64_t ns;             // CLOCK_MONOTONIC
    uint32_t thread;         // number of the thread in this process's trace, from 1
    uint32_t site;           // where its Python code was, from 1; 0: nowhere. In a GAP: how many records were dropped
    uint32_t name;           // of a task or callback; else 0
    uint8_t kind, reason;
    uint16_t unused;
} TraceRecord;
_Static_assert(sizeof(TraceRecord) == 24, "module gil unpacks it");

static ALWAYS_INLINE bool trace_is_on(const Thread *t) { return UNLIKELY(atomic_load_explicit(&t->interp->trace_on, memory_order_relaxed)); }

// ---- for gil.c: the thread's new state. HOLDS and BLOCKED: called with the GIL, which is still the thread's. errno is kept.
COLD void trace_state(Thread *t, TraceKind kind, GilReason reason, uint64_t ns);

// ---- for event loops: a step begins or ends. name: from trace_name, or 0. place: where its code goes on, or NULL.
NEEDS_GIL COLD void trace_step(Thread *t, TraceKind kind, uint32_t name, const CodePlace *place);
// The number of a text in this session's table of names.
NEEDS_GIL COLD uint32_t trace_name(Thread *t, const char *text);
uint32_t trace_session(const Thread *t);      // changes whenever numbers of names begin anew

// ---- sessions. The spool is two files in `folder` for each process: PID.events (records) and PID.names (lines of words
// with tabs between them; gil/reader.py tells them). records false: only the counters of forked children are kept.
NEEDS_GIL MAY_RAISE bool trace_start(Thread *t, const char *folder, bool records);
NEEDS_GIL void trace_flush(Thread *t);        // what was recorded so far is in the spool
NEEDS_GIL void trace_stop(Thread *t);
// What recording has cost this process so far.
typedef struct TraceCost { uint64_t events, dropped, recording_ns, draining_ns; } TraceCost;
NEEDS_GIL TraceCost trace_cost(Thread *t);

// ---- for the life of threads and processes
NEEDS_GIL void trace_thread_named(Thread *t, Thread *named);   // named->name is new
NEEDS_GIL void trace_process_named(Thread *t, const char *name);
void trace_thread_gone(Thread *t);            // no record comes from it any more
NEEDS_GIL void trace_before_fork(Thread *t);  // in the parent
NEEDS_GIL void trace_after_fork(Thread *t);   // in the child
NEEDS_GIL void trace_at_exit(Thread *t);      // the process is about to _exit: all that it knows goes to the spool
NEEDS_GIL void trace_end(Thread *t);          // at the end of the interpreter: a session that still runs ends

#endif
