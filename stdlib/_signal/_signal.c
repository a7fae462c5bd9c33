// SPDX-License-Identifier: MIT
// stdlib/_signal/_signal.c: signals. The C handler only notes the number and asks for attention; Python's handlers run in the
// main thread at its next safe point, or when a blocking call of its comes back with EINTR.
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "runtime/call.h"
#include "runtime/error.h"
#include "runtime/fork.h"
#include "runtime/types/exception.h"
#include "runtime/types/float.h"
#include "runtime/types/function.h"
#include "runtime/types/int.h"
#include "runtime/types/list.h"
#include "runtime/types/module.h"
#include "runtime/types/set.h"
#include "runtime/types/str.h"
#include "runtime/types/tuple.h"
#include "stdlib/module_slots.h"

#define SIGNALS_END 65

static struct { _Atomic bool came; Value handler; } signals[SIGNALS_END];      // of the process: handler [GIL]; small ints 0, 1 are SIG_DFL, SIG_IGN
static Interp *_Atomic target;                                                 // whose main thread handles them
static volatile sig_atomic_t wakeup_fd = -1;
static bool wakeup_warns = true;

static void on_signal(int number)
{
    int saved_errno = errno;
    atomic_store(&signals[number].came, true);
    Interp *interp = atomic_load(&target);
    if (interp) {
        atomic_store(&interp->signals_pending, true);
        thread_request(interp->main_thread, ATTEND_SIGNAL);
    }
    int fd = wakeup_fd;
    if (fd >= 0) {
        unsigned char byte = (unsigned char)number;
        while (write(fd, &byte, 1) < 0 && errno == EINTR) {}
    }
    errno = saved_errno;
}

static Value signal_default_int_handler(Thread *t, Value self, const Value *args);

// Runs the handlers of the signals that came. False: one raised.
static bool run_handlers(Thread *t)
{
    for (int number = 1; number < SIGNALS_END; number++) {
        if (!atomic_exchange(&signals[number].came, false)) continue;
        OWN Value handler = retain(signals[number].handler);
        if (is_unbound(handler) || is_small_int(handler) || is_none(handler)) continue;
        OWN Value frame = t->interp->up.current_frame ? t->interp->up.current_frame(t) : NONE;
        if (is_unbound(frame)) frame = NONE;
        OWN Value result = is_error(frame) ? ERROR : call2(t, handler, small_int(number), frame);
        if (!is_error(result)) continue;
        atomic_store(&t->interp->signals_pending, true);       // the rest waits for the next safe point
        thread_request(t, ATTEND_SIGNAL);
        return false;
    }
    return true;
}

// Could a signal make Python code run that wakes somebody? What ends the program (KeyboardInterrupt) does not count.
static bool signals_handled(void)
{
    for (int number = 1; number < SIGNALS_END; number++) {
        Value handler = signals[number].handler;
        if (!is_object(handler)) continue;
        if (as_object(handler)->type == &native_function_type && ((NativeFunction *)as_object(handler))->method->function == signal_default_int_handler) continue;
        if (as_object(handler)->type->flags & TYPE_HEAP && str_equal_text(as_str(as_object(handler)->type->name_value), "_Interrupt")) continue;     // asyncio.Runner's, which ends the program, too
        return true;
    }
    return false;
}

static bool number_from(Thread *t, Value v, int *number)
{
    if (!int_as_int(t, v, number)) return false;
    return (*number >= 1 && *number < SIGNALS_END) || error_false(raise_value_error(t, "signal number out of range"));
}

static bool install(int number, void (*handler)(int))
{
    struct sigaction action = {.sa_handler = handler};
    sigemptyset(&action.sa_mask);
    return sigaction(number, &action, NULL) == 0;
}

static Value handler_value(int number)
{
    Value handler = signals[number].handler;
    return is_unbound(handler) ? NONE : retain(handler);
}

static Value signal_signal(Thread *t, Value self, const Value *args)
{
    int number;
    if (!number_from(t, args[0], &number)) return ERROR;
    if (!t->is_main) return raise_value_error(t, "signal only works in main thread of the main interpreter");
    void (*handler)(int) = on_signal;
    OWN Value wanted = is_int(args[1]) ? object_index(t, args[1]) : retain(args[1]);
    if (is_error(wanted)) return ERROR;
    if (is_int(wanted)) {
        int64_t which;
        if (!int_as_i64(t, wanted, &which)) return ERROR;
        if (which != 0 && which != 1) return raise_type_error(t, "signal handler must be signal.SIG_IGN, signal.SIG_DFL, or a callable object");
        handler = which ? SIG_IGN : SIG_DFL;
        wanted = small_int(which);
    } else if (!object_is_callable(wanted)) {
        return raise_type_error(t, "signal handler must be signal.SIG_IGN, signal.SIG_DFL, or a callable object");
    }
    if (!signals_poll(t)) return ERROR;
    if (!install(number, handler)) return raise_errno(t, errno);
    OWN Value before = handler_value(number);
    assign(&signals[number].handler, MOVE(wanted));
    return MOVE(before);
}
static Value signal_getsignal(Thread *t, Value self, const Value *args)
{
    int number;
    return number_from(t, args[0], &number) ? handler_value(number) : ERROR;
}
static Value signal_default_int_handler(Thread *t, Value self, const Value *args)
{
    Value exception = call0(t, type_value(&exc_KeyboardInterrupt));
    return is_error(exception) ? ERROR : raise_exception(t, exception);
}
static Value signal_raise_signal(Thread *t, Value self, const Value *args)
{
    int number, failed;
    if (!int_as_int(t, args[0], &number)) return ERROR;
    BLOCKING(t, GIL_WAIT, failed = raise(number));
    if (failed) return raise_errno(t, errno);
    return signals_poll(t) ? NONE : ERROR;
}
static Value signal_alarm(Thread *t, Value self, const Value *args)
{
    int seconds;
    return int_as_int(t, args[0], &seconds) ? int_value(t, alarm((unsigned)seconds)) : ERROR;
}
static Value signal_pause(Thread *t, Value self, const Value *args)
{
    BLOCKING(t, GIL_WAIT, pause());
    return signals_poll(t) ? NONE : ERROR;
}
static double seconds_of(struct timeval v) { return (double)v.tv_sec + (double)v.tv_usec / 1e6; }
static Value timer_value(Thread *t, const struct itimerval *timer) { return tuple_of(t, 2, float_value(seconds_of(timer->it_value)), float_value(seconds_of(timer->it_interval))); }
static bool timer_from(Thread *t, Value v, struct timeval *out)
{
    double seconds;
    if (!float_from_value(t, v, &seconds)) return false;
    if (!(seconds >= 0) || seconds > 1e9) return error_false(raise_errno(t, EINVAL));
    *out = (struct timeval){.tv_sec = (time_t)seconds, .tv_usec = (suseconds_t)((seconds - floor(seconds)) * 1e6)};
    if (seconds > 0 && !out->tv_sec && !out->tv_usec) out->tv_usec = 1;
    return true;
}
static Value signal_setitimer(Thread *t, Value self, const Value *args)
{
    int which;
    struct itimerval wanted, before;
    if (!int_as_int(t, args[0], &which) || !timer_from(t, args[1], &wanted.it_value) || !timer_from(t, args[2], &wanted.it_interval)) return ERROR;
    if (setitimer(which, &wanted, &before) != 0) return raise_errno(t, errno);
    return timer_value(t, &before);
}
static Value signal_getitimer(Thread *t, Value self, const Value *args)
{
    int which;
    struct itimerval now;
    if (!int_as_int(t, args[0], &which)) return ERROR;
    return getitimer(which, &now) != 0 ? raise_errno(t, errno) : timer_value(t, &now);
}
static Value signal_set_wakeup_fd(Thread *t, Value self, const Value *args)
{
    int fd;
    if (!int_as_int(t, args[0], &fd)) return ERROR;
    if (!t->is_main) return raise_value_error(t, "set_wakeup_fd only works in main thread of the main interpreter");
    if (fd != -1) {
        int flags = fcntl(fd, F_GETFL);
        if (flags < 0) return errno == EBADF ? raise_value_error(t, "invalid fd") : raise_errno(t, errno);
        if (!(flags & O_NONBLOCK)) return raise_value_error(t, "the fd %d must be in non-blocking mode", fd);
    }
    int before = wakeup_fd;
    wakeup_fd = fd;
    wakeup_warns = is_true(args[1]);
    return small_int(before);
}
static Value signal_siginterrupt(Thread *t, Value self, const Value *args)
{
    int number, flag;
    if (!number_from(t, args[0], &number) || !int_as_int(t, args[1], &flag)) return ERROR;
    struct sigaction action;
    if (sigaction(number, NULL, &action) != 0) return raise_errno(t, errno);
    if (flag) action.sa_flags &= ~SA_RESTART;
    else action.sa_flags |= SA_RESTART;
    return sigaction(number, &action, NULL) != 0 ? raise_errno(t, errno) : NONE;
}
static Value signal_strsignal(Thread *t, Value self, const Value *args)
{
    int number;
    if (!number_from(t, args[0], &number)) return ERROR;
    const char *text = strsignal(number);
    return text && strncmp(text, "Unknown", 7) != 0 ? str_from_text(t, text) : NONE;
}
static Value set_of(Thread *t, const sigset_t *set)
{
    OWN Value result = set_new(t, &set_type);
    for (int number = 1; number < SIGNALS_END && !is_error(result); number++)
        if (sigismember(set, number) == 1 && set_add(t, result, small_int(number)) < 0) return ERROR;
    return MOVE(result);
}
static bool set_from(Thread *t, Value iterable, sigset_t *set)
{
    sigemptyset(set);
    OWN Value items = tuple_from_iterable(t, iterable);
    if (is_error(items)) return false;
    for (size_t i = 0; i < as_tuple(items)->length; i++) {
        int64_t number = 0;
        if (!int_as_i64(t, as_tuple(items)->items[i], &number) && !error_clear_if(t, &exc_OverflowError)) return false;
        if (number < 1 || number >= SIGNALS_END) return error_false(raise_value_error(t, "signal number %S out of range [1; %d]", as_tuple(items)->items[i], SIGNALS_END - 1));
        sigaddset(set, (int)number);
    }
    return true;
}
static Value signal_valid_signals(Thread *t, Value self, const Value *args)
{
    sigset_t set;
    sigfillset(&set);
    return set_of(t, &set);
}
static Value signal_pthread_sigmask(Thread *t, Value self, const Value *args)
{
    int how;
    sigset_t wanted, before;
    if (!int_as_int(t, args[0], &how) || !set_from(t, args[1], &wanted)) return ERROR;
    int failed = pthread_sigmask(how, &wanted, &before);
    if (failed) return raise_errno(t, failed);
    return signals_poll(t) ? set_of(t, &before) : ERROR;
}
static Value signal_sigpending(Thread *t, Value self, const Value *args)
{
    sigset_t set;
    return sigpending(&set) != 0 ? raise_errno(t, errno) : set_of(t, &set);
}
static Value signal_sigwait(Thread *t, Value self, const Value *args)
{
    sigset_t set;
    int number = 0, failed;
    if (!set_from(t, args[0], &set)) return ERROR;
    BLOCKING(t, GIL_WAIT, failed = sigwait(&set, &number));
    return failed ? raise_errno(t, failed) : small_int(number);
}
static const StructField siginfo_fields[] = {
    {"si_signo", "signal number"}, {"si_code", "signal code"}, {"si_errno", "errno associated with this signal"}, {"si_pid", "sending process ID"},
    {"si_uid", "real user ID of sending process"}, {"si_status", "exit value or signal"}, {"si_band", "band event for SIGPOLL"}, {0},
};
static Value siginfo_value(Thread *t, const siginfo_t *info)
{
    Value items[] = {small_int(info->si_signo), small_int(info->si_code), small_int(info->si_errno), small_int(info->si_pid), small_int(info->si_uid),
                     small_int(info->si_status), int_value(t, info->si_band)};
    return struct_sequence_new(t, as_type(t->interp->module_slots[SLOT_SIGNAL_SIGINFO]), items, COUNT_OF(items));
}
// Waits for a signal of the set until `deadline` (gil_now's clock; negative: for ever). None: it did not come.
static Value wait_for_signal(Thread *t, Value iterable, int64_t deadline)
{
    sigset_t set;
    siginfo_t info = {0};
    if (!set_from(t, iterable, &set)) return ERROR;
    for (;;) {
        int64_t left = deadline < 0 ? 0 : deadline - (int64_t)gil_now();
        if (left < 0) left = 0;
        struct timespec limit = {.tv_sec = left / 1000000000, .tv_nsec = left % 1000000000};
        int came, failed;
        BLOCKING(t, GIL_WAIT, { came = deadline < 0 ? sigwaitinfo(&set, &info) : sigtimedwait(&set, &info, &limit); failed = came < 0 ? errno : 0; });
        if (!failed) return siginfo_value(t, &info);
        if (failed == EAGAIN) return NONE;
        if (failed != EINTR) return raise_errno(t, failed);
        if (!signals_poll(t)) return ERROR;
    }
}
static Value signal_sigwaitinfo(Thread *t, Value self, const Value *args) { return wait_for_signal(t, args[0], -1); }
static Value signal_sigtimedwait(Thread *t, Value self, const Value *args)
{
    double seconds;
    if (!float_from_value(t, args[1], &seconds)) return ERROR;
    if (isnan(seconds)) return raise_value_error(t, "Invalid value NaN (not a number)");
    if (seconds < 0) return raise_value_error(t, "timeout must be non-negative");
    if (seconds > 9e9) return raise_error(t, &exc_OverflowError, "timestamp too large to convert to C _PyTime_t");
    return wait_for_signal(t, args[0], (int64_t)gil_now() + (int64_t)ceil(seconds * 1e9));
}
static Value signal_pidfd_send_signal(Thread *t, Value self, const Value *args)
{
    int fd, number, flags;
    if (!int_as_int(t, args[0], &fd) || !int_as_int(t, args[1], &number) || !int_as_int(t, args[3], &flags)) return ERROR;
    if (!is_none(args[2])) return raise_type_error(t, "siginfo must be None");
    return syscall(SYS_pidfd_send_signal, fd, number, NULL, flags) < 0 ? raise_errno(t, errno) : NONE;
}
static Value signal_pthread_kill(Thread *t, Value self, const Value *args)
{
    uint64_t ident;
    int number;
    if (!int_as_u64(t, args[0], &ident) || !int_as_int(t, args[1], &number)) return ERROR;
    int failed = pthread_kill((pthread_t)ident, number);
    if (failed) return raise_errno(t, failed);
    return signals_poll(t) ? NONE : ERROR;
}

static const Method functions[] = {
    {"signal", signal_signal, "(signalnum, handler, /)", "Set the action for the given signal."},
    {"getsignal", signal_getsignal, "(signalnum, /)", "Return the current action for the given signal."},
    {"default_int_handler", signal_default_int_handler, "(signalnum, frame, /)", "The default handler for SIGINT installed by Python."},
    {"raise_signal", signal_raise_signal, "(signalnum, /)", "Send a signal to the executing process."},
    {"alarm", signal_alarm, "(seconds, /)", "Arrange for SIGALRM to arrive after the given number of seconds."},
    {"pause", signal_pause, "()", "Wait until a signal arrives."},
    {"setitimer", signal_setitimer, "(which, seconds, interval=0.0, /)", "Sets given itimer."},
    {"getitimer", signal_getitimer, "(which, /)", "Returns current value of given itimer."},
    {"set_wakeup_fd", signal_set_wakeup_fd, "(fd, /, *, warn_on_full_buffer=True)", "Sets the fd to be written to (with the signal number) when a signal comes in."},
    {"siginterrupt", signal_siginterrupt, "(signalnum, flag, /)", "Change system call restart behaviour."},
    {"strsignal", signal_strsignal, "(signalnum, /)", "Return the system description of the given signal."},
    {"valid_signals", signal_valid_signals, "()", "Return a set of valid signal numbers on this platform."},
    {"pthread_sigmask", signal_pthread_sigmask, "(how, mask, /)", "Fetch and/or change the signal mask of the calling thread."},
    {"sigpending", signal_sigpending, "()", "Examine pending signals."},
    {"sigwait", signal_sigwait, "(sigset, /)", "Wait for a signal."},
    {"sigwaitinfo", signal_sigwaitinfo, "(sigset, /)", "Wait for a signal of the set: what came with it."},
    {"sigtimedwait", signal_sigtimedwait, "(sigset, timeout, /)", "Like sigwaitinfo(), but None when the time is up."},
    {"pidfd_send_signal", signal_pidfd_send_signal, "(pidfd, signalnum, siginfo=None, flags=0, /)", "Send a signal to the process that a descriptor stands for."},
    {"pthread_kill", signal_pthread_kill, "(thread_id, signalnum, /)", "Send a signal to a thread."},
    {0},
};
#define NAMED(name) {#name, name}
static const struct { const char *name; int value; } constants[] = {
    NAMED(SIGHUP), NAMED(SIGINT), NAMED(SIGQUIT), NAMED(SIGILL), NAMED(SIGTRAP), NAMED(SIGABRT), NAMED(SIGIOT), NAMED(SIGBUS), NAMED(SIGFPE), NAMED(SIGKILL), NAMED(SIGUSR1), NAMED(SIGSEGV),
    NAMED(SIGUSR2), NAMED(SIGPIPE), NAMED(SIGALRM), NAMED(SIGTERM), NAMED(SIGCHLD), NAMED(SIGCONT), NAMED(SIGSTOP), NAMED(SIGTSTP), NAMED(SIGTTIN), NAMED(SIGTTOU), NAMED(SIGURG), NAMED(SIGXCPU),
    NAMED(SIGXFSZ), NAMED(SIGVTALRM), NAMED(SIGPROF), NAMED(SIGWINCH), NAMED(SIGIO), NAMED(SIGPOLL), NAMED(SIGPWR), NAMED(SIGSYS), NAMED(SIGSTKFLT), {"SIGCLD", SIGCHLD},
    {"SIG_BLOCK", SIG_BLOCK}, {"SIG_UNBLOCK", SIG_UNBLOCK}, {"SIG_SETMASK", SIG_SETMASK}, {"ITIMER_REAL", ITIMER_REAL}, {"ITIMER_VIRTUAL", ITIMER_VIRTUAL}, {"ITIMER_PROF", ITIMER_PROF},
    {"SIG_DFL", 0}, {"SIG_IGN", 1}, {"NSIG", SIGNALS_END},
};

static void forget_pending(Thread *t)
{
    for (int number = 1; number < SIGNALS_END; number++) atomic_store(&signals[number].came, false);
}

static void signals_end(void)
{
    atomic_store(&target, NULL);
    for (int number = 1; number < SIGNALS_END; number++) {
        if (is_object(signals[number].handler)) install(number, SIG_DFL);
        clear(&signals[number].handler);
    }
}
// Notes what each signal does now; SIGINT raises KeyboardInterrupt unless the parent had it ignored, SIGPIPE and SIGXFSZ become errors of write().
static bool take_over(Thread *t, Value module)
{
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    for (int number = 1; number < SIGNALS_END; number++) {
        struct sigaction action;
        if (sigaction(number, NULL, &action) != 0) continue;
        assign(&signals[number].handler, action.sa_handler == SIG_DFL ? small_int(0) : action.sa_handler == SIG_IGN ? small_int(1) : NONE);
    }
    atomic_store(&target, t->interp);
    t->interp->up.signals_handled = signals_handled;
    t->interp->up.signal_handlers = run_handlers;
    t->interp->up.signals_end = signals_end;
    fork_add_hook(forget_pending);
    OWN_POINTER Str *name = str_intern_text(t, "default_int_handler", 19);
    Value handler = name ? dict_get_str(as_module(module)->dict, name) : ERROR;
    if (is_error(handler)) return false;
    if (is_same(signals[SIGINT].handler, small_int(0)) && install(SIGINT, on_signal)) assign(&signals[SIGINT].handler, retain(handler));
    return true;
}
static bool start(Thread *t, Value module)
{
    Type *siginfo = struct_sequence_type(t, "signal.struct_siginfo", "What came with a signal.", siginfo_fields, 7);
    if (!siginfo) return false;
    assign(&t->interp->module_slots[SLOT_SIGNAL_SIGINFO], type_value(siginfo));
    if (!module_add(t, module, "struct_siginfo", retain(type_value(siginfo)))) return false;
    for (size_t i = 0; i < COUNT_OF(constants); i++)
        if (!module_add_int(t, module, constants[i].name, constants[i].value)) return false;
    return module_add_int(t, module, "SIGRTMIN", SIGRTMIN) && module_add_int(t, module, "SIGRTMAX", SIGRTMAX) && module_add(t, module, "ItimerError", retain(type_value(&exc_OSError))) &&
           take_over(t, module);
}
const ModuleSpec _signal_spec = {.name = "_signal", .doc = "This module provides mechanisms to use signal handlers in Python.", .functions = functions, .start = start};
