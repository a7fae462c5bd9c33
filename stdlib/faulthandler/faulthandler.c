// SPDX-License-Identifier: MIT
// stdlib/faulthandler/faulthandler.c: tracebacks when the process is about to die, when it hangs, or when a signal asks.
//
// Owns     `fatal`, `users` and `watch`: what the handlers and the watchdog read. Signal handlers belong to the process, so these are static.
// Lock     `watch.gate` guards `watch`; `fatal` and `users` change only under the GIL, before the handler is installed or after it is taken out.
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "interp/interp.h"
#include "runtime/call.h"
#include "runtime/error.h"
#include "runtime/fork.h"
#include "runtime/heap.h"
#include "runtime/types/dict.h"
#include "runtime/types/float.h"
#include "runtime/types/int.h"
#include "runtime/types/module.h"
#include "runtime/types/str.h"
#include "stdlib/module_slots.h"

typedef struct Target { int fd; bool all_threads; Interp *interp; } Target;

static struct { Target target; bool enabled; void *alternate_stack; } fatal;
static struct FatalSignal { int number; const char *name; struct sigaction before; } fatal_signals[] = {
    {.number = SIGBUS, .name = "Bus error"}, {.number = SIGILL, .name = "Illegal instruction"}, {.number = SIGFPE, .name = "Floating point exception"},
    {.number = SIGABRT, .name = "Aborted"}, {.number = SIGSEGV, .name = "Segmentation fault"},
};
static struct UserSignal { Target target; bool registered, chain; struct sigaction before; } users[NSIG];
static struct {
    pthread_mutex_t gate;
    pthread_cond_t cancelled;
    pthread_t thread;
    bool running, cancel, repeat, exit;    // [gate]
    Target target;
    uint64_t timeout_ns;
    char header[64];
} watch = {.gate = PTHREAD_MUTEX_INITIALIZER};

static void put(int fd, const char *text) { if (write(fd, text, strlen(text)) < 0) return; }

static void dump(const Target *target)
{
    Thread *current = thread_current();
    if (target->all_threads || !current) interp_dump_threads(target->fd, target->interp, current);
    else interp_dump_thread(target->fd, current);
}

// ---- arguments

// The descriptor of `file` (None: sys.stderr), which is flushed; *keep: what must live while the descriptor is used. -1: raised.
static int descriptor_of(Thread *t, Value file, Value *keep)
{
    if (is_unbound(file) || is_none(file)) {
        OWN_POINTER Str *name = str_intern_text(t, "stderr", 6);
        if (!name) return -1;
        file = dict_get_str(t->interp->sys, name);
        if (is_unbound(file)) return raise_error(t, &exc_RuntimeError, "unable to get sys.stderr"), -1;
        if (is_none(file)) return raise_error(t, &exc_RuntimeError, "sys.stderr is None"), -1;
    }
    int fd;
    if (is_small_int(file)) {
        if (!int_as_int(t, file, &fd)) return -1;
        if (fd < 0) return raise_value_error(t, "file is not a valid file descripter"), -1;
        assign(keep, NONE);
        return fd;
    }
    OWN_POINTER Str *fileno_name = str_intern_text(t, "fileno", 6), *flush_name = str_intern_text(t, "flush", 5);
    if (!fileno_name || !flush_name) return -1;
    OWN Value number = call_method0(t, file, fileno_name);
    if (is_error(number)) return -1;
    if (!is_small_int(number) || as_small_int(number) < 0 || as_small_int(number) > INT32_MAX)
        return raise_error(t, &exc_RuntimeError, "file.fileno() is not a valid file descriptor"), -1;
    fd = (int)as_small_int(number);
    assign(keep, retain(file));
    OWN Value flushed = call_method0(t, file, flush_name);
    if (is_error(flushed)) error_clear(t);
    return fd;
}

static bool target_from(Thread *t, Value file, Value all_threads, Target *target, Value *keep)
{
    int all = is_unbound(all_threads) ? 1 : object_truth(t, all_threads);
    if (all < 0) return false;
    int fd = descriptor_of(t, file, keep);
    if (fd < 0) return false;
    *target = (Target){.fd = fd, .all_threads = all, .interp = t->interp};
    return true;
}

static Value faulthandler_dump_traceback(Thread *t, Value self, const Value *args)
{
    Target target;
    OWN Value keep = UNBOUND;
    if (!target_from(t, args[0], args[1], &target, &keep)) return ERROR;
    dump(&target);
    return NONE;
}

// ---- fatal signals

static void restore(const struct FatalSignal *signal) { sigaction(signal->number, &signal->before, NULL); }

static void on_fatal(int number)
{
    int saved_errno = errno;
    struct FatalSignal *signal = fatal_signals;
    while (signal->number != number) signal++;
    restore(signal);                          // a fault in here, or the signal sent again, ends the process
    put(fatal.target.fd, "Fatal Python error: ");
    put(fatal.target.fd, signal->name);
    put(fatal.target.fd, "\n\n");
    dump(&fatal.target);
    errno = saved_errno;
    raise(number);
}

static void disable(void)
{
    if (!fatal.enabled) return;
    fatal.enabled = false;
    for (size_t i = 0; i < COUNT_OF(fatal_signals); i++) restore(&fatal_signals[i]);
}

// A stack of its own for the handlers, so that an overflow of the thread's can be told.
static void alternate_stack_start(void)
{
    if (fatal.alternate_stack) return;
    size_t size = (size_t)SIGSTKSZ * 8;
    fatal.alternate_stack = malloc(size);
    stack_t stack = {.ss_sp = fatal.alternate_stack, .ss_size = size};
    if (fatal.alternate_stack) sigaltstack(&stack, NULL);
}

static Value faulthandler_enable(Thread *t, Value self, const Value *args)
{
    Target target;
    if (!target_from(t, args[0], args[1], &target, &t->interp->module_slots[SLOT_FAULT_FILE])) return ERROR;
    fatal.target = target;
    if (fatal.enabled) return NONE;
    alternate_stack_start();
    for (size_t i = 0; i < COUNT_OF(fatal_signals); i++) {
        struct sigaction action = {.sa_handler = on_fatal, .sa_flags = SA_NODEFER | SA_ONSTACK};
        sigemptyset(&action.sa_mask);
        if (sigaction(fatal_signals[i].number, &action, &fatal_signals[i].before) != 0) return raise_errno(t, errno);
    }
    fatal.enabled = true;
    return NONE;
}
static Value faulthandler_disable(Thread *t, Value self, const Value *args)
{
    bool was = fatal.enabled;
    disable();
    clear(&t->interp->module_slots[SLOT_FAULT_FILE]);
    return bool_value(was);
}
static Value faulthandler_is_enabled(Thread *t, Value self, const Value *args) { return bool_value(fatal.enabled); }

// ---- after a time

static void *watchdog(void *unused)
{
    pthread_mutex_lock(&watch.gate);
    do {
        struct timespec until;
        clock_gettime(CLOCK_MONOTONIC, &until);
        uint64_t ns = (uint64_t)until.tv_nsec + watch.timeout_ns;
        until.tv_sec += (time_t)(ns / 1000000000u);
        until.tv_nsec = (long)(ns % 1000000000u);
        int waited = 0;
        while (!watch.cancel && waited != ETIMEDOUT) waited = pthread_cond_timedwait(&watch.cancelled, &watch.gate, &until);
        if (watch.cancel) break;
        put(watch.target.fd, watch.header);
        interp_dump_threads(watch.target.fd, watch.target.interp, NULL);
        if (watch.exit) _exit(1);
    } while (watch.repeat);
    pthread_mutex_unlock(&watch.gate);
    return NULL;
}

static void watch_cancel(Thread *t)
{
    if (!watch.running) return;
    pthread_mutex_lock(&watch.gate);
    watch.cancel = true;
    pthread_cond_broadcast(&watch.cancelled);
    pthread_mutex_unlock(&watch.gate);
    BLOCKING(t, GIL_JOIN, pthread_join(watch.thread, NULL));
    watch.running = false;
    clear(&t->interp->module_slots[SLOT_FAULT_LATER_FILE]);
}

// In a child process: the watchdog has stayed with the parent.
static void after_fork(Thread *t)
{
    pthread_mutex_init(&watch.gate, NULL);
    watch.running = false;
}

static bool watch_start(Thread *t)
{
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&watch.cancelled, &monotonic);
    pthread_condattr_destroy(&monotonic);
    watch.cancel = false;
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);         // signals are for Python's threads
    int failed = pthread_create(&watch.thread, NULL, watchdog, NULL);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    watch.running = !failed;
    return !failed || error_false(raise_error(t, &exc_RuntimeError, "unable to start watchdog thread"));
}

static Value faulthandler_dump_traceback_later(Thread *t, Value self, const Value *args)
{
    double seconds;
    int repeat = is_unbound(args[1]) ? 0 : object_truth(t, args[1]), ends = is_unbound(args[3]) ? 0 : object_truth(t, args[3]);
    if (repeat < 0 || ends < 0 || !float_from_value(t, args[0], &seconds)) return ERROR;
    if (!(seconds * 1e6 >= 1)) return raise_value_error(t, "timeout must be greater than 0");
    if (seconds > 9e9) return raise_error(t, &exc_OverflowError, "timeout value is too large");
    Target target;
    OWN Value keep = UNBOUND;
    if (!target_from(t, args[2], UNBOUND, &target, &keep)) return ERROR;
    watch_cancel(t);
    assign(&t->interp->module_slots[SLOT_FAULT_LATER_FILE], MOVE(keep));
    watch.target = target;
    watch.repeat = repeat;
    watch.exit = ends;
    watch.timeout_ns = (uint64_t)(seconds * 1e9);
    uint64_t us = watch.timeout_ns / 1000, whole = us / 1000000;
    int used = snprintf(watch.header, sizeof watch.header, "Timeout (%u:%02u:%02u", (unsigned)(whole / 3600), (unsigned)(whole / 60 % 60), (unsigned)(whole % 60));
    if (us % 1000000) used += snprintf(watch.header + used, sizeof watch.header - (size_t)used, ".%06u", (unsigned)(us % 1000000));
    snprintf(watch.header + used, sizeof watch.header - (size_t)used, ")!\n");
    return watch_start(t) ? NONE : ERROR;
}
static Value faulthandler_cancel_dump_traceback_later(Thread *t, Value self, const Value *args)
{
    watch_cancel(t);
    return NONE;
}

// ---- on a signal of the user's

static void on_user(int number)
{
    int saved_errno = errno;
    struct UserSignal *user = &users[number];
    if (!user->registered) return;
    dump(&user->target);
    if (user->chain) {
        struct sigaction own;
        sigaction(number, &user->before, &own);
        errno = saved_errno;
        raise(number);
        sigaction(number, &own, NULL);
    }
    errno = saved_errno;
}

static bool user_signal(Thread *t, Value v, int *number)
{
    if (!int_as_int(t, v, number)) return false;
    for (size_t i = 0; i < COUNT_OF(fatal_signals); i++)
        if (fatal_signals[i].number == *number)
            return error_false(raise_error(t, &exc_RuntimeError, "signal %d cannot be registered, use enable() instead", *number));
    return (*number >= 1 && *number < NSIG) || error_false(raise_value_error(t, "signal number out of range"));
}

// The files that handlers write to, by signal number: a dict, made when first needed.
static Dict *signal_files(Thread *t)
{
    Value *slot = &t->interp->module_slots[SLOT_FAULT_SIGNAL_FILES];
    if (is_unbound(*slot)) {
        Dict *made = dict_new(t);
        if (!made) return NULL;
        *slot = object_value(made);
    }
    return as_dict(*slot);
}

static Value faulthandler_register(Thread *t, Value self, const Value *args)
{
    int number, chain = is_unbound(args[3]) ? 0 : object_truth(t, args[3]);
    Target target;
    OWN Value keep = UNBOUND;
    if (chain < 0 || !user_signal(t, args[0], &number) || !target_from(t, args[1], args[2], &target, &keep)) return ERROR;
    Dict *files = signal_files(t);
    if (!files || !dict_set(t, files, small_int(number), keep)) return ERROR;
    struct UserSignal *user = &users[number];
    user->target = target;
    user->chain = chain;
    if (user->registered) return NONE;
    struct sigaction action = {.sa_handler = on_user, .sa_flags = SA_RESTART | SA_ONSTACK | (chain ? SA_NODEFER : 0)};
    sigemptyset(&action.sa_mask);
    if (sigaction(number, &action, &user->before) != 0) return raise_errno(t, errno);
    user->registered = true;
    return NONE;
}
static bool unregister(int number)
{
    struct UserSignal *user = &users[number];
    if (!user->registered) return false;
    user->registered = false;
    sigaction(number, &user->before, NULL);
    return true;
}
static Value faulthandler_unregister(Thread *t, Value self, const Value *args)
{
    int number;
    if (!user_signal(t, args[0], &number)) return ERROR;
    bool was = unregister(number);
    if (was && dict_delete(t, signal_files(t), small_int(number)) < 0) return ERROR;
    return bool_value(was);
}

// ---- ways to die, for tests of what is above

static void no_core(void)
{
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
}
static Value die(int number)
{
    no_core();
    raise(number);
    return NONE;
}
static Value faulthandler_sigsegv(Thread *t, Value self, const Value *args) { return die(SIGSEGV); }
static Value faulthandler_sigabrt(Thread *t, Value self, const Value *args)
{
    no_core();
    abort();
}
static Value faulthandler_sigfpe(Thread *t, Value self, const Value *args) { return die(SIGFPE); }
static Value faulthandler_read_null(Thread *t, Value self, const Value *args)
{
    no_core();
    volatile int *volatile nowhere = NULL;
    return small_int(*nowhere);
}
// Recursion without an end, though no compiler can know; the sum after the call keeps it from being made a loop.
static NOINLINE size_t overflow(volatile char *above)
{
    volatile char block[4096];
    block[0] = above[0];
    if (!block[0]) return 0;
    return overflow(block) + (size_t)block[0];
}
static Value faulthandler_stack_overflow(Thread *t, Value self, const Value *args)
{
    no_core();
    volatile char first[1] = {1};
    return small_int((int64_t)(overflow(first) & 0xFF));
}

static const Method functions[] = {
    {"enable", faulthandler_enable, "(file=None, all_threads=True)", "On a fatal signal, write where the threads are to file (sys.stderr)."},
    {"disable", faulthandler_disable, "()", "Leave fatal signals alone again; tells whether they were handled."},
    {"is_enabled", faulthandler_is_enabled, "()", "Whether fatal signals are handled."},
    {"dump_traceback", faulthandler_dump_traceback, "(file=None, all_threads=True)", "Write where this thread, or every thread, is to file (sys.stderr)."},
    {"dump_traceback_later", faulthandler_dump_traceback_later, "(timeout, repeat=False, file=None, exit=False)",
     "Write where the threads are after timeout seconds: once, or again and again, or and end the process."},
    {"cancel_dump_traceback_later", faulthandler_cancel_dump_traceback_later, "()", "Call off the last dump_traceback_later()."},
    {"register", faulthandler_register, "(signum, file=None, all_threads=True, chain=False)", "Write where the threads are whenever the signal comes; chain: then do what it did before."},
    {"unregister", faulthandler_unregister, "(signum, /)", "Undo register(); tells whether there was anything to undo."},
    {"_sigsegv", faulthandler_sigsegv, "(release_gil=False, /)", "Send SIGSEGV to this process."},
    {"_sigabrt", faulthandler_sigabrt, "()", "Abort."},
    {"_sigfpe", faulthandler_sigfpe, "()", "Send SIGFPE to this process."},
    {"_read_null", faulthandler_read_null, "()", "Read through a null pointer."},
    {"_stack_overflow", faulthandler_stack_overflow, "()", "Use up the C stack."},
    {0},
};
// The interpreter ends: nothing may look at it any longer.
static void faults_end(Thread *t)
{
    watch_cancel(t);
    disable();
    for (int number = 1; number < NSIG; number++) unregister(number);
}
static bool start(Thread *t, Value module)
{
    fork_add_hook(after_fork);
    t->interp->up.faults_end = faults_end;
    return true;
}
const ModuleSpec faulthandler_spec = {.name = "faulthandler", .doc = "Tracebacks at a fatal signal, after a time, or when a signal asks.", .functions = functions, .start = start};
