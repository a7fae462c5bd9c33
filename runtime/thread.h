// SPDX-License-Identifier: MIT
// runtime/thread.h: what belongs to one thread, and what belongs to one interpreter.
#ifndef BATON_RUNTIME_THREAD_H
#define BATON_RUNTIME_THREAD_H

#include "runtime/gil.h"
#include "runtime/names.h"
#include "runtime/object.h"
#include "runtime/schedule.h"
#include "runtime/upcalls.h"

// Bits of t->attention: what the evaluation loop must see to at its next safe point.
enum Attention {
    ATTEND_GIL = 1,          // another thread asked for the lock
    ATTEND_SIGNAL = 2,       // a signal handler has work for the main thread
    ATTEND_EXCEPTION = 4,    // an exception was sent to this thread
    ATTEND_COLLECT = 8,      // the cycle collector is due
    ATTEND_EXIT = 16,        // the interpreter has ended: the thread must not run on
    ATTEND_INSTRUMENT = 32,  // switch to or from the instrumented dispatch table
};

// Why a thread uses the instrumented dispatch table, apart from sys.settrace and sys.setprofile.
enum Watch {
    WATCH_REQUESTS = 1,      // policy: requests for the lock are seen before every instruction
    WATCH_TICKS = 2,         // policy: instructions are counted
    WATCH_SCHEDULE = 4,      // a controlled run
    WATCH_RACES = 8,         // accesses to shared data are compared
    WATCH_ORDER = 16,        // the order in which locks are taken is noted (not the loop: runtime/lock.c)
    WATCH_LOOP = WATCH_REQUESTS | WATCH_TICKS | WATCH_SCHEDULE | WATCH_RACES,
};

struct Thread {
    _Atomic uint32_t attention;      // first: read at every safe point
    uint32_t py_depth;               // Python frames in use
    uint32_t c_depth;                // entries of enter_recursion
    uint32_t recursion_limit;
    char *c_stack_limit;             // below this address the C stack is at its end
    Frame *frame;                    // innermost Python frame (interp/frame.h)
    Value *stack, *stack_top, *stack_end;   // registers grow up from stack, frame headers down from stack_end, to stack_top; never moved
    Value pending;                   // the exception on its way up, or UNBOUND
    Value handled;                   // the exception that an except clause is handling, or UNBOUND; the VM saves and restores it
    Interp *interp;
    GilThread gil;
    ScheduleThread schedule;
    uint8_t watch;                   // why the instrumented loop is on: enum Watch
    Thread *previous, *next;         // the interpreter's list of threads [gil]
    pthread_t pthread;
    uint64_t ident;                  // threading.get_ident()
    int64_t native_id;
    Value async_exception;           // to be raised here, or UNBOUND
    Value trace_function, profile_function;   // sys.settrace / setprofile, or UNBOUND
    Value name;                      // str shown by gil.stats(), set by threading; UNBOUND: none yet
    Value sentinel;                  // lock that is released when the thread has ended, or UNBOUND
    Value context;                   // contextvars: the current Context, or UNBOUND
    Value locals_dict;               // threading.local storage: a dict, made when first needed
    Value async_gen_firstiter, async_gen_finalizer;   // sys.set_asyncgen_hooks
    int coroutine_origin_depth;
    Value running_loop;              // asyncio's running loop of this thread, or UNBOUND
    Value repr_stack;                // list of containers whose repr is under way, or UNBOUND
    Object **dead;                   // objects waiting for object_dead to come back to them (deep structures)
    uint32_t dead_count, dead_capacity, dying_depth;
    bool is_main, daemon, recursion_headroom, enlisted;
    Str *import_wanted;              // the module whose loading by another thread it waits for, or NULL; borrowed
    const char *waits_for;           // what it blocks on, in words, for reports; or NULL
    struct WaitLock *waits_on;       // the lock that it blocks on, or NULL [GIL]
    struct TraceRing *trace_ring;    // its records (gil_trace.c), or NULL: none yet
    bool waits_for_ever;             // without a timeout
    bool deadlocked;                 // reported: it will never go on
    struct HeldLocks *held;          // --lock-order: the locks that it has (runtime/lock_order.c), or NULL
    struct RaceThread *races;        // --races: its clocks (runtime/races.c), or NULL
};

// What is left of a thread that has ended: its counters, for gil.stats(). Threads of one name share one.
typedef struct EndedThread {
    struct EndedThread *next;
    GilCounters counters;
    char name[64];
} EndedThread;

#define MODULE_SLOTS 96

struct Interp {
    Thread *threads;                 // all of them [gil]
    Thread *main_thread;
    Thread *left_behind;             // while the hooks of a fork run in the child: the threads that it does not have
    Gil *gil;
    Schedule *schedule;              // of a controlled run, or NULL
    uint8_t watch;                   // of threads to come: enum Watch
    uint32_t waiting_for_ever;       // threads that wait for a lock without a timeout
    uint8_t deadlocks;               // what to do about them: enum DeadlockAction
    bool called_from_outside;        // C code has a way to call in: it could release anything
    bool deadlock_at_end;            // found when the program had ended
    Value deadlock_error;            // a Deadlock on its way to the main thread, or UNBOUND
    struct Races *races;             // --races, or NULL
    struct LockOrder *lock_order;    // --lock-order, or NULL
    EndedThread *ended_threads;      // [gil]
    struct Trace *trace;             // the recorder (gil_trace.c), or NULL: never asked for; stays once made
    _Atomic bool trace_on;           // states are recorded
    struct Heap *heap;
    uint32_t dict_version;           // the last that a dict was given (types/dict.c)
    Dict *modules;                   // sys.modules
    Dict *builtins;                  // namespace of the module builtins
    Dict *sys;                       // namespace of the module sys
    struct InternTable *interned;
    struct MethodCache *method_cache;    // (type version, name) -> what type_lookup found
    struct WeakTable *weak_table;    // object -> its weak references (types/weakref.c)
    Upcalls up;                      // what runtime calls in interp
    uint32_t recursion_limit;
    Value memory_error;              // made at start, raised when there is no memory to make one
    bool making_memory_error;        // runtime/error.c is trying to
    Dict *extensions;                // state of native modules that must outlive sys.modules
    bool finalizing;
    bool modules_gone;               // sys.modules is empty for good: nothing can be imported
    bool no_python;                  // sys and builtins go: no __del__ runs any more
    _Atomic bool signals_pending;
    Value module_slots[MODULE_SLOTS];    // state of native modules (stdlib/module_slots.h)
    Dict *codec_cache, *codec_errors;
    Value codec_search_path;
    uint64_t hash_seed[2];
    uint32_t int_max_str_digits;     // sys.set_int_max_str_digits() + 1; 0: the default (types/int_text.c)
    int bytes_warning;               // -b: 1 warns of str(bytes) and of comparing bytes with str, 2 and more is left to the filter
    struct Options *options;         // the command line (interp/main.c), or NULL
};

NEEDS_GIL Interp *interp_create(const uint64_t hash_seed[2]);    // of strings and bytes; makes the interpreter and its main thread; the caller holds its GIL
NEEDS_GIL void interp_destroy(Interp *interp);    // frees everything; debug builds check that nothing leaked
Thread *thread_create(Interp *interp);            // for a pthread about to start, or one that C started; NULL: no memory
NEEDS_GIL void thread_enlist(Thread *t, Thread *maker);    // makes it one of the interpreter's threads; maker: who starts it, or NULL
NEEDS_GIL void thread_attach(Thread *t);          // in that pthread, right after its first gil_acquire: thread_current(), and enlisted
NEEDS_GIL void thread_drop_values(Thread *t);     // every object that it refers to
NEEDS_GIL void thread_clear(Thread *t);           // that, and takes it off the list, while it still holds the GIL
void thread_destroy(Thread *t);                   // unlinked already by thread_clear, or never attached

extern __thread Thread *current_thread;
static ALWAYS_INLINE Thread *thread_current(void) { return current_thread; }

// Called by the loop when t->attention is not 0. False: an exception is pending.
NEEDS_GIL MAY_RAISE COLD bool thread_attend(Thread *t);
void thread_request(Thread *t, enum Attention what);        // sets a bit; safe from any thread or signal handler
NEEDS_GIL void threads_watch(Interp *interp, uint8_t which, uint8_t on);   // sets the bits `which` of every thread's watch to `on`
// For a daemon thread that finds the interpreter ended: lets go of the lock and never returns.
_Noreturn void thread_exit_for_good(Thread *t);
// After EINTR: runs Python's signal handlers if this is the main thread. False: one raised.
NEEDS_GIL MAY_RAISE bool signals_poll(Thread *t);

#endif
