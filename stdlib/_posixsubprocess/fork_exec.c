// SPDX-License-Identifier: MIT
// stdlib/_posixsubprocess/fork_exec.c: starting a program: fork and exec under subprocess.
//
// All that the child needs is made before: between fork and exec it may only call what is safe in a signal handler (another
// thread may have held any lock at the fork). With vfork it even runs in the parent's memory, so all signals are blocked until
// its handlers are reset. Only where there is a preexec_fn does the child run Python, after the full start of fork_process.
#include <errno.h>
#include <grp.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runtime/buffer.h"
#include "runtime/call.h"
#include "runtime/error.h"
#include "runtime/gil.h"
#include "runtime/heap.h"
#include "runtime/types/bytes.h"
#include "runtime/types/int.h"
#include "runtime/types/list.h"
#include "runtime/types/module.h"
#include "runtime/types/str.h"
#include "runtime/types/tuple.h"
#include "runtime/fork.h"
#include "runtime/schedule.h"
#include "stdlib/posix/posix.h"

#define ARGUMENTS 23

typedef struct Plan {
    char **programs, **words, **environment;      // environment NULL: the parent's
    char *folder;
    int *kept;                                     // descriptors that stay open, in rising order
    size_t kept_count;
    int input[2], output[2], error[2];             // pipes or files: [0] the end for reading, [1] for writing; -1: none
    int report_read, report_write;                 // where the child tells what failed
    bool close_others, restore_signals, new_session;
    int group;                                     // process group to enter; -1: none
    bool set_gid, set_uid, set_groups;
    gid_t gid, *groups;
    uid_t uid;
    size_t group_count;
    int mask;                                      // -1: as it is
    Value before_exec;                             // function, or NONE: borrowed
} Plan;

// ---- In the child
static void report(int fd, const char *text)
{
    ssize_t put = write(fd, text, strlen(text));
    (void)put;
}
// "OSError:<errno in hex>:", and "noexec" if the program had not been tried yet.
static void report_errno(int fd, int code, bool reached_exec)
{
    char digits[12], *at = digits + sizeof digits;
    *--at = '\0';
    do {
        *--at = "0123456789ABCDEF"[code & 15];
        code >>= 4;
    } while (code);
    report(fd, "OSError:");
    report(fd, at);
    report(fd, reached_exec ? ":" : ":noexec");
}
static bool inherit(int fd)
{
    int flags = fcntl(fd, F_GETFD);
    return flags >= 0 && fcntl(fd, F_SETFD, flags & ~FD_CLOEXEC) == 0;
}
static bool place(int fd, int target)
{
    if (fd == target) return inherit(fd);
    return fd < 0 || dup2(fd, target) >= 0;
}
// A descriptor that stands where a standard one must come is moved up first.
static bool move_up(int *fd, int from)
{
    while (*fd >= 0 && *fd < from) {
        *fd = dup(*fd);
        if (*fd < 0) return false;
    }
    return true;
}
static bool standard_streams(Plan *p)
{
    const int parents[] = {p->input[1], p->output[0], p->error[0], p->report_read};
    for (size_t i = 0; i < COUNT_OF(parents); i++)
        if (parents[i] >= 0) close(parents[i]);
    // Output that is 0 would be covered by input, an error stream that is 0 or 1 by input or output.
    if (p->output[1] == 0 && !move_up(&p->output[1], 1)) return false;
    if ((p->error[1] == 0 || p->error[1] == 1) && !move_up(&p->error[1], 2)) return false;
    return place(p->input[0], 0) && place(p->output[1], 1) && place(p->error[1], 2);
}
static void close_span(unsigned first, unsigned last)
{
    if (first > last || syscall(436, first, last, 0) == 0) return;     // close_range
    long most = sysconf(_SC_OPEN_MAX);
    unsigned end = most > 0 && (unsigned long)most - 1 < last ? (unsigned)most - 1 : last;
    for (unsigned fd = first; fd <= end; fd++) close((int)fd);
}
static void close_others(const Plan *p)
{
    unsigned first = 3;
    for (size_t i = 0; i < p->kept_count; i++) {
        if (p->kept[i] < (int)first) continue;
        if (p->kept[i] > (int)first) close_span(first, (unsigned)p->kept[i] - 1);
        first = (unsigned)p->kept[i] + 1;
    }
    close_span(first, INT32_MAX);
}
static bool change_identity(const Plan *p)
{
    if (p->new_session) setsid();                  // fails only where there is one already
    if (p->group >= 0 && setpgid(0, p->group) != 0) return false;
    if (p->set_groups && setgroups(p->group_count, p->groups) != 0) return false;
    if (p->set_gid && setregid(p->gid, p->gid) != 0) return false;
    return !p->set_uid || setreuid(p->uid, p->uid) == 0;
}
static bool prepare(Plan *p)
{
    for (size_t i = 0; i < p->kept_count; i++)
        if (p->kept[i] != p->report_write && !inherit(p->kept[i])) return false;
    if (!standard_streams(p) || (p->folder && chdir(p->folder) != 0)) return false;
    if (p->mask >= 0) umask((mode_t)p->mask);
    if (p->restore_signals) {
        signal(SIGPIPE, SIG_DFL);
        signal(SIGXFSZ, SIG_DFL);
    }
    return change_identity(p);
}
// Becomes the program: the first of the candidates that is one. Comes back with errno.
static void become(const Plan *p)
{
    int failed = 0;
    for (char **program = p->programs; *program; program++) {
        if (p->environment) execve(*program, p->words, p->environment);
        else execv(*program, p->words);
        if (errno != ENOENT && errno != ENOTDIR) failed = errno;
    }
    if (failed) errno = failed;
}
_Noreturn static void run_child(Plan *p)
{
    if (!prepare(p)) {
        report_errno(p->report_write, errno, false);
        _exit(255);
    }
    if (p->close_others) close_others(p);
    become(p);
    report_errno(p->report_write, errno, true);
    _exit(255);
}
// The child that has a preexec_fn: it holds the GIL of its own interpreter.
_Noreturn static void run_child_in_python(Thread *t, Plan *p)
{
    if (!prepare(p)) {
        report_errno(p->report_write, errno, false);
        _exit(255);
    }
    OWN Value result = call0(t, p->before_exec);
    if (is_error(result)) {
        error_clear(t);
        report(p->report_write, "SubprocessError:0:Exception occurred in preexec_fn.");
        _exit(255);
    }
    if (p->close_others) close_others(p);
    become(p);
    report_errno(p->report_write, errno, true);
    _exit(255);
}
// Handlers of this process would run in the parent's memory: they go before signals come in.
static void forget_handlers(const sigset_t *mask)
{
    for (int number = 1; number < NSIG; number++) {
        struct sigaction action;
        if (number == SIGKILL || number == SIGSTOP || sigaction(number, NULL, &action) != 0) continue;
        if (action.sa_handler == SIG_IGN || action.sa_handler == SIG_DFL) continue;
        action = (struct sigaction){.sa_handler = SIG_DFL};
        sigaction(number, &action, NULL);
    }
    sigprocmask(SIG_SETMASK, mask, NULL);
}
// The frame in which the child lives after vfork must not be left by it.
NOINLINE static pid_t vfork_child(Plan *p, const sigset_t *mask)
{
    pid_t child = vfork();
    if (child == 0) {
        forget_handlers(mask);
        run_child(p);
    }
    return child;
}
NOINLINE static pid_t start_child(Plan *p, bool may_vfork)
{
    if (may_vfork && !p->set_gid && !p->set_uid && !p->set_groups) {
        sigset_t all, mask;
        sigfillset(&all);
        pthread_sigmask(SIG_BLOCK, &all, &mask);
        pid_t child = vfork_child(p, &mask);
        int failed = errno;
        pthread_sigmask(SIG_SETMASK, &mask, NULL);
        errno = failed;
        return child;
    }
    pid_t child = fork();
    if (child == 0) run_child(p);
    return child;
}

// ---- The plan, from Python
static void plan_end(Plan *p)
{
    posix_words_free(p->programs);
    posix_words_free(p->words);
    posix_words_free(p->environment);
    free(p->folder);
    mem_free(p->kept);
    mem_free(p->groups);
}
static bool kept_from(Thread *t, Value tuple, Plan *p)
{
    if (!is_tuple(tuple)) return error_false(raise_type_error(t, "fork_exec() argument 4 must be tuple, not %T", tuple));
    size_t count = as_tuple(tuple)->length;
    p->kept = mem_allocate(t, (count + 1) * sizeof *p->kept);
    if (!p->kept) return false;
    for (size_t i = 0; i < count; i++) {
        int64_t fd;
        Value v = as_tuple(tuple)->items[i];
        if (!is_int(v)) return error_false(raise_value_error(t, "bad value(s) in fds_to_keep"));
        if (!int_as_i64(t, v, &fd) && !error_clear_if(t, &exc_OverflowError)) return false;
        else if (!is_small_int(v) || fd < 0 || fd > INT32_MAX || (i && fd <= p->kept[i - 1])) return error_false(raise_value_error(t, "bad value(s) in fds_to_keep"));
        p->kept[i] = (int)fd;
        p->kept_count = i + 1;
    }
    return true;
}
static bool id_from(Thread *t, Value v, uint32_t *id, bool *given)
{
    int64_t number;
    *given = !is_none(v);
    if (!*given) return true;
    if (!is_int(v)) return error_false(raise_type_error(t, "gid should be integer, not %T", v));
    if (!int_as_i64(t, v, &number)) return false;
    *id = (uint32_t)number;
    return (number >= -1 && number < UINT32_MAX) || error_false(raise_error(t, &exc_OverflowError, "uid is %s", number < 0 ? "less than minimum" : "greater than maximum"));
}
static bool groups_from(Thread *t, Value v, Plan *p)
{
    if (is_none(v)) return true;
    if (!is_list(v)) return error_false(raise_type_error(t, "setgroups argument must be a sequence"));
    OWN Value items = list_to_tuple(t, v);
    if (is_error(items)) return false;
    size_t count = as_tuple(items)->length;
    if (count > 65536) return error_false(raise_value_error(t, "too many groups"));
    p->groups = mem_allocate(t, (count + 1) * sizeof *p->groups);
    for (; p->groups && p->group_count < count; p->group_count++) {
        bool given;
        Value group = as_tuple(items)->items[p->group_count];
        if (!is_int(group)) return error_false(raise_type_error(t, "groups must be integers"));
        if (!id_from(t, group, &p->groups[p->group_count], &given)) return false;
    }
    p->set_groups = true;
    return p->groups != NULL;
}
static bool numbers_from(Thread *t, const Value *args, Plan *p)
{
    int *numbers[] = {&p->input[0], &p->input[1], &p->output[0], &p->output[1], &p->error[0], &p->error[1], &p->report_read, &p->report_write};
    for (size_t i = 0; i < COUNT_OF(numbers); i++)
        if (!int_as_int(t, args[6 + i], numbers[i])) return false;
    int flags[] = {object_truth(t, args[2]), object_truth(t, args[14]), object_truth(t, args[15])};
    if (flags[0] < 0 || flags[1] < 0 || flags[2] < 0 || !int_as_int(t, args[16], &p->group) || !int_as_int(t, args[20], &p->mask)) return false;
    p->close_others = flags[0];
    p->restore_signals = flags[1];
    p->new_session = flags[2];
    if (p->close_others && p->report_write < 3) return error_false(raise_value_error(t, "errpipe_write must be >= 3"));
    return id_from(t, args[17], &p->gid, &p->set_gid) && groups_from(t, args[18], p) && id_from(t, args[19], &p->uid, &p->set_uid);
}
static bool texts_from(Thread *t, const Value *args, Plan *p)
{
    OWN Value words = is_list(args[0]) || is_tuple(args[0]) ? tuple_from_iterable(t, args[0]) : UNBOUND;
    if (is_unbound(words)) return error_false(raise_type_error(t, "expected a sequence of arguments, not %T", args[0]));
    OWN Value programs = is_error(words) ? ERROR : tuple_from_iterable(t, args[1]);
    if (is_error(programs)) return false;
    p->words = posix_words_from(t, words, "fork_exec");
    p->programs = p->words ? posix_words_from(t, programs, "fork_exec") : NULL;
    if (!p->programs) return false;
    if (!is_none(args[5])) {
        OWN Value environment = tuple_from_iterable(t, args[5]);
        p->environment = is_error(environment) ? NULL : posix_words_from(t, environment, "fork_exec");
        if (!p->environment) return false;
    }
    if (is_none(args[4])) return true;
    OWN_PATH Path folder = {0};
    if (!path_from(t, args[4], "fork_exec", "cwd", false, false, &folder)) return false;
    p->folder = MOVE_POINTER(folder.text);
    return true;
}
static Value fork_exec(Thread *t, Value self, const Value *arguments)
{
    if (as_tuple(arguments[0])->length != ARGUMENTS) return raise_type_error(t, "fork_exec expected %d arguments, got %zu", ARGUMENTS, as_tuple(arguments[0])->length);
    const Value *args = as_tuple(arguments[0])->items;
    __attribute__((cleanup(plan_end))) Plan plan = {.before_exec = args[21]};
    int may_vfork = object_truth(t, args[22]), failed;
    pid_t child;
    if (may_vfork < 0 || !kept_from(t, args[3], &plan) || !numbers_from(t, args, &plan) || !texts_from(t, args, &plan)) return ERROR;
    if (!is_none(plan.before_exec)) {
        posix_fork_hooks_before(t);
        child = fork_process(t);
        failed = errno;
        posix_fork_hooks_after(t, child == 0);
        if (child == 0) run_child_in_python(t, &plan);
    } else {
        schedule_note(t, RUN_PROCESS);
        BLOCKING(t, GIL_FORK, { child = start_child(&plan, may_vfork); failed = errno; });
    }
    return child < 0 ? raise_errno(t, failed) : small_int(child);
}
static const Method functions[] = {
    {"fork_exec", fork_exec,
     "(*args)",
     "Start a program in a new process: its id. The arguments: args, executable_list, close_fds, pass_fds, cwd, env, p2cread, p2cwrite, c2pread, "
     "c2pwrite, errread, errwrite, errpipe_read, errpipe_write, restore_signals, start_new_session, process_group, gid, groups_list, uid, umask, "
     "preexec_fn, allow_vfork."},
    {0},
};
extern const ModuleSpec _posixsubprocess_spec;
const ModuleSpec _posixsubprocess_spec = {.name = "_posixsubprocess", .doc = "Starting programs.", .functions = functions};
