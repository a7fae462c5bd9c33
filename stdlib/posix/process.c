// SPDX-License-Identifier: MIT
// stdlib/posix/process.c: processes: who we are, children, programs.
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/resource.h>
#include <sys/times.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <utmp.h>

#include "runtime/fork.h"
#include "runtime/gil_trace.h"
#include "runtime/processors.h"
#include "stdlib/posix/posix.h"

#define NUMBER(name, expression) static Value posix_##name(Thread *t, Value self, const Value *args) { return int_value(t, (int64_t)(expression)); }
NUMBER(getpid, getpid())
NUMBER(getppid, getppid())
NUMBER(getuid, getuid())
NUMBER(geteuid, geteuid())
NUMBER(getgid, getgid())
NUMBER(getegid, getegid())
NUMBER(getpgrp, getpgrp())
static Value posix_setsid(Thread *t, Value self, const Value *args) { return setsid() < 0 ? raise_errno(t, errno) : NONE; }
static Value posix_getsid(Thread *t, Value self, const Value *args)
{
    int pid;
    if (!int_as_int(t, args[0], &pid)) return ERROR;
    pid_t id = getsid(pid);
    return id < 0 ? raise_errno(t, errno) : small_int(id);
}
static Value posix_getpgid(Thread *t, Value self, const Value *args)
{
    int pid;
    if (!int_as_int(t, args[0], &pid)) return ERROR;
    pid_t id = getpgid(pid);
    return id < 0 ? raise_errno(t, errno) : small_int(id);
}
static Value posix_setpgid(Thread *t, Value self, const Value *args)
{
    int pid, group;
    if (!int_as_int(t, args[0], &pid) || !int_as_int(t, args[1], &group)) return ERROR;
    return setpgid(pid, group) != 0 ? raise_errno(t, errno) : NONE;
}
static Value posix_getgroups(Thread *t, Value self, const Value *args)
{
    gid_t groups[1024];
    int count = getgroups(1024, groups);
    if (count < 0) return raise_errno(t, errno);
    OWN Value list = list_new(t, (size_t)count);
    for (int i = 0; i < count && !is_error(list); i++)
        if (!list_append_owned(t, list, int_value(t, groups[i]))) return ERROR;
    return MOVE(list);
}
static Value posix_umask(Thread *t, Value self, const Value *args)
{
    int mask;
    return int_as_int(t, args[0], &mask) ? small_int(umask((mode_t)mask)) : ERROR;
}
static Value posix_nice(Thread *t, Value self, const Value *args)
{
    int by;
    if (!int_as_int(t, args[0], &by)) return ERROR;
    errno = 0;
    int value = nice(by);
    return value == -1 && errno ? raise_errno(t, errno) : small_int(value);
}
static Value posix_getlogin(Thread *t, Value self, const Value *args)
{
    char name[256];
    int failed = getlogin_r(name, sizeof name);
    return failed ? raise_errno(t, failed) : path_result(t, name, false);
}
static Value posix_kill(Thread *t, Value self, const Value *args)
{
    int pid, number;
    if (!int_as_int(t, args[0], &pid) || !int_as_int(t, args[1], &number)) return ERROR;
    if (kill(pid, number) != 0) return raise_errno(t, errno);
    return signals_poll(t) ? NONE : ERROR;
}
static Value posix_killpg(Thread *t, Value self, const Value *args)
{
    int group, number;
    if (!int_as_int(t, args[0], &group) || !int_as_int(t, args[1], &number)) return ERROR;
    return killpg(group, number) != 0 ? raise_errno(t, errno) : NONE;
}
static Value posix_exit_now(Thread *t, Value self, const Value *args)
{
    int status;
    if (!int_as_int(t, args[0], &status)) return ERROR;
    trace_at_exit(t);
    _exit(status);
}
static Value posix_abort(Thread *t, Value self, const Value *args) { abort(); }

// ---- fork and what is to be called around it: a tuple of three lists (before, in the child, in the parent)
static List *fork_hooks(Thread *t, size_t which)
{
    Value *hooks = &t->interp->module_slots[SLOT_POSIX_FORK_HOOKS];
    if (is_unbound(*hooks)) {
        OWN Value before = list_new(t, 0);
        OWN Value child = list_new(t, 0);
        OWN Value parent = list_new(t, 0);
        Value all = is_error(before) || is_error(child) || is_error(parent) ? ERROR : tuple_of(t, 3, before, child, parent);
        if (is_error(all)) return NULL;
        *hooks = all;
    }
    return as_list(as_tuple(*hooks)->items[which]);
}
static Value posix_register_at_fork(Thread *t, Value self, const Value *args)
{
    if (is_unbound(args[0]) && is_unbound(args[1]) && is_unbound(args[2])) return raise_type_error(t, "At least one argument is required.");
    for (size_t i = 0; i < 3; i++) {
        if (is_unbound(args[i])) continue;
        if (!object_is_callable(args[i])) return raise_type_error(t, "'%s' must be callable, not %T", (const char *const[]){"before", "after_in_child", "after_in_parent"}[i], args[i]);
        List *hooks = fork_hooks(t, i);
        if (!hooks || !list_append(t, object_value(hooks), args[i])) return ERROR;
    }
    return NONE;
}
static void run_hooks(Thread *t, size_t which, bool backwards)
{
    if (is_unbound(t->interp->module_slots[SLOT_POSIX_FORK_HOOKS])) return;
    List *hooks = fork_hooks(t, which);
    for (size_t i = 0; hooks && i < hooks->length; i++) {
        OWN Value function = retain(hooks->items[backwards ? hooks->length - 1 - i : i]);
        OWN Value result = call0(t, function);
        if (is_error(result)) error_unraisable(t, "Exception ignored in", function);
    }
}
void posix_fork_hooks_before(Thread *t) { run_hooks(t, 0, true); }
void posix_fork_hooks_after(Thread *t, bool in_child) { run_hooks(t, in_child ? 1 : 2, false); }
static Value posix_fork(Thread *t, Value self, const Value *args)
{
    posix_fork_hooks_before(t);
    pid_t child = fork_process(t);
    int failed = errno;
    posix_fork_hooks_after(t, child == 0);
    return child < 0 ? raise_errno(t, failed) : small_int(child);
}
static Value posix_forkpty(Thread *t, Value self, const Value *args)
{
    int master, slave;
    if (!posix_pty_pair(t, &master, &slave)) return ERROR;
    posix_fork_hooks_before(t);
    pid_t child = fork_process(t);
    int failed = errno;
    if (child == 0) {
        close(master);
        login_tty(slave);
        master = -1;
    } else {
        close(slave);
    }
    posix_fork_hooks_after(t, child == 0);
    if (child >= 0) return tuple_of(t, 2, small_int(child), small_int(master));
    close(master);
    return raise_errno(t, failed);
}

// ---- Waiting
static Value posix_waitpid(Thread *t, Value self, const Value *args)
{
    int pid, options, status = 0, failed;
    pid_t ended;
    if (!int_as_int(t, args[0], &pid) || !int_as_int(t, args[1], &options)) return ERROR;
    if (UNLIKELY(t->interp->schedule != NULL) && !(options & WNOHANG) && !schedule_await_child(t, pid)) return ERROR;
    SYSTEM_CALL(t, GIL_WAIT, failed, ended, waitpid(pid, &status, options));
    return failed ? raise_errno(t, failed) : tuple_of(t, 2, small_int(ended), small_int(status));
}
static Value posix_wait(Thread *t, Value self, const Value *args) { return posix_waitpid(t, self, (const Value[]){small_int(-1), small_int(0)}); }
#define STATUS(name, type, expression) \
    static Value posix_##name(Thread *t, Value self, const Value *args) { int status; return int_as_int(t, args[0], &status) ? type(expression) : ERROR; }
STATUS(WIFEXITED, bool_value, WIFEXITED(status))
STATUS(WIFSIGNALED, bool_value, WIFSIGNALED(status))
STATUS(WIFSTOPPED, bool_value, WIFSTOPPED(status))
STATUS(WIFCONTINUED, bool_value, WIFCONTINUED(status))
STATUS(WCOREDUMP, bool_value, WCOREDUMP(status))
STATUS(WEXITSTATUS, small_int, WEXITSTATUS(status))
STATUS(WTERMSIG, small_int, WTERMSIG(status))
STATUS(WSTOPSIG, small_int, WSTOPSIG(status))
static Value posix_waitstatus_to_exitcode(Thread *t, Value self, const Value *args)
{
    int status;
    if (!int_as_int(t, args[0], &status)) return ERROR;
    if (WIFEXITED(status)) return small_int(WEXITSTATUS(status));
    if (WIFSIGNALED(status)) return small_int(-WTERMSIG(status));
    return raise_value_error(t, WIFSTOPPED(status) ? "process stopped by delivery of signal %d" : "invalid wait status: %d", WIFSTOPPED(status) ? WSTOPSIG(status) : status);
}

// ---- Programs
void posix_words_free(char **words)
{
    for (char **word = words; word && *word; word++) free(*word);
    free(words);
}
static void words_free(char ***slot) { posix_words_free(*slot); }
#define OWN_WORDS __attribute__((cleanup(words_free)))
char **posix_words_from(Thread *t, Value v, const char *function)
{
    if (!is_list(v) && !is_tuple(v)) return error_null(raise_type_error(t, "%s() arg 2 must be a tuple or list", function));
    OWN Value items = tuple_from_iterable(t, v);
    if (is_error(items)) return NULL;
    size_t count = as_tuple(items)->length;
    OWN_WORDS char **words = calloc(count + 1, sizeof *words);
    for (size_t i = 0; words && i < count; i++) {
        OWN_PATH Path path = {0};
        if (!path_from(t, as_tuple(items)->items[i], function, "argument", false, false, &path)) return NULL;
        words[i] = path.text;
        path.text = NULL;
    }
    return words ? MOVE_POINTER(words) : error_null(raise_memory_error(t));
}
char **posix_environment_from(Thread *t, Value mapping)
{
    OWN Value pairs_view = call_method0(t, mapping, NAME(items));
    OWN Value pairs = is_error(pairs_view) ? ERROR : tuple_from_iterable(t, pairs_view);
    if (is_error(pairs)) return NULL;
    size_t count = as_tuple(pairs)->length;
    OWN_WORDS char **words = calloc(count + 1, sizeof *words);
    for (size_t i = 0; words && i < count; i++) {
        Value pair = as_tuple(pairs)->items[i];
        OWN_PATH Path key, value = {0};
        if (!is_tuple(pair) || as_tuple(pair)->length != 2) return error_null(raise_type_error(t, "env.items() must give pairs"));
        if (!path_from(t, as_tuple(pair)->items[0], "exec", "env", false, false, &key) || !path_from(t, as_tuple(pair)->items[1], "exec", "env", false, false, &value)) return NULL;
        if (!*key.text || strchr(key.text + 1, '=')) return error_null(raise_value_error(t, "illegal environment variable name"));
        if (asprintf(&words[i], "%s=%s", key.text, value.text) < 0) {
            words[i] = NULL;
            return error_null(raise_memory_error(t));
        }
    }
    return words ? MOVE_POINTER(words) : error_null(raise_memory_error(t));
}
static Value posix_execv(Thread *t, Value self, const Value *args)
{
    OWN_PATH Path path = {0};
    if (!path_from(t, args[0], "execv", "path", false, false, &path)) return ERROR;
    OWN_WORDS char **words = posix_words_from(t, args[1], "execv");
    if (!words) return ERROR;
    if (!words[0] || !words[0][0]) return raise_value_error(t, words[0] ? "execv() arg 2 first element cannot be empty" : "execv() arg 2 must not be empty");
    execv(path.text, words);
    return raise_errno_path(t, errno, path.object, UNBOUND);
}
static Value posix_execve(Thread *t, Value self, const Value *args)
{
    OWN_PATH Path path = {0};
    if (!path_from(t, args[0], "execve", "path", true, false, &path)) return ERROR;
    if (!is_list(args[1]) && !is_tuple(args[1])) return raise_type_error(t, "execve: argv must be a tuple or list");
    OWN_WORDS char **words = posix_words_from(t, args[1], "execve");
    if (!words) return ERROR;
    if (!words[0] || !words[0][0]) return raise_value_error(t, words[0] ? "execve: argv first element cannot be empty" : "execve: argv must not be empty");
    OWN_WORDS char **environment = posix_environment_from(t, args[2]);
    if (!environment) return ERROR;
    if (path.text) execve(path.text, words, environment);
    else fexecve(path.fd, words, environment);
    return raise_errno_path(t, errno, path.object, UNBOUND);
}
static Value posix_system(Thread *t, Value self, const Value *args)
{
    OWN_PATH Path command = {0};
    int status;
    if (!path_from(t, args[0], "system", "command", false, false, &command)) return ERROR;
    BLOCKING(t, GIL_WAIT, status = system(command.text));
    return small_int(status);
}

// ---- The environment and the machine
static Value posix_putenv(Thread *t, Value self, const Value *args)
{
    OWN_PATH Path name, value = {0};
    if (!path_from(t, args[0], "putenv", "name", false, false, &name) || !path_from(t, args[1], "putenv", "value", false, false, &value)) return ERROR;
    if (strchr(name.text, '=')) return raise_value_error(t, "illegal environment variable name");
    return setenv(name.text, value.text, 1) != 0 ? raise_errno(t, errno) : NONE;
}
static Value posix_unsetenv(Thread *t, Value self, const Value *args)
{
    OWN_PATH Path name = {0};
    if (!path_from(t, args[0], "unsetenv", "name", false, false, &name)) return ERROR;
    return unsetenv(name.text) != 0 ? raise_errno(t, errno) : NONE;
}
static Value posix_uname(Thread *t, Value self, const Value *args)
{
    struct utsname u;
    if (uname(&u) != 0) return raise_errno(t, errno);
    Value items[] = {str_from_text(t, u.sysname), str_from_text(t, u.nodename), str_from_text(t, u.release), str_from_text(t, u.version), str_from_text(t, u.machine)};
    return struct_sequence_new(t, as_type(t->interp->module_slots[SLOT_POSIX_UNAME_RESULT]), items, 5);
}
static Value posix_times(Thread *t, Value self, const Value *args)
{
    struct tms now;
    clock_t elapsed = times(&now);
    double ticks = (double)sysconf(_SC_CLK_TCK);
    if (t->interp->schedule) {                   // a controlled run: all of its time was the program's own
        elapsed = (clock_t)((double)schedule_clock(t) / 1e9 * ticks);
        now = (struct tms){.tms_utime = elapsed};
    }
    Value items[] = {float_value((double)now.tms_utime / ticks), float_value((double)now.tms_stime / ticks), float_value((double)now.tms_cutime / ticks), float_value((double)now.tms_cstime / ticks), float_value((double)elapsed / ticks)};
    return struct_sequence_new(t, as_type(t->interp->module_slots[SLOT_POSIX_TIMES_RESULT]), items, 5);
}
static Value posix_cpu_count(Thread *t, Value self, const Value *args)
{
    long count = sysconf(_SC_NPROCESSORS_ONLN);
    return count > 0 ? int_value(t, count) : NONE;
}
static Value posix_sched_getaffinity(Thread *t, Value self, const Value *args)
{
    int pid;
    cpu_set_t mask;
    if (!int_as_int(t, args[0], &pid)) return ERROR;
    bool known = (pid == 0 || pid == getpid()) && schedule_processors(t, &mask);       // not the one of a controlled run
    if (!known && sched_getaffinity(pid, sizeof mask, &mask) != 0) return raise_errno(t, errno);
    OWN Value list = list_new(t, 8);
    for (int cpu = 0; cpu < CPU_SETSIZE && !is_error(list); cpu++)
        if (CPU_ISSET(cpu, &mask) && !list_append(t, list, small_int(cpu))) return ERROR;
    extern Type set_type;
    return is_error(list) ? ERROR : call1(t, type_value(&set_type), list);
}
static Value posix_sched_setaffinity(Thread *t, Value self, const Value *args)
{
    int pid;
    cpu_set_t mask;
    OWN Value cpus = tuple_from_iterable(t, args[1]);
    if (is_error(cpus) || !int_as_int(t, args[0], &pid)) return ERROR;
    CPU_ZERO(&mask);
    for (size_t i = 0; i < as_tuple(cpus)->length; i++) {
        int cpu;
        if (!int_as_int(t, as_tuple(cpus)->items[i], &cpu)) return ERROR;
        if (cpu < 0 || cpu >= CPU_SETSIZE) return raise_value_error(t, "CPU number out of range");
        CPU_SET(cpu, &mask);
    }
    return sched_setaffinity(pid, sizeof mask, &mask) != 0 ? raise_errno(t, errno) : NONE;
}
static Value posix_sched_yield(Thread *t, Value self, const Value *args)
{
    BLOCKING(t, GIL_WAIT, sched_yield());
    return NONE;
}
static Value posix_getloadavg(Thread *t, Value self, const Value *args)
{
    double load[3];
    if (getloadavg(load, 3) != 3) return raise_error(t, &exc_OSError, "Load averages are unobtainable");
    return tuple_of(t, 3, float_value(load[0]), float_value(load[1]), float_value(load[2]));
}
static Value posix_strerror(Thread *t, Value self, const Value *args)
{
    int code;
    char text[128];
    return int_as_int(t, args[0], &code) ? str_from_text(t, strerror_r(code, text, sizeof text)) : ERROR;
}
static Value posix_pidfd_open(Thread *t, Value self, const Value *args)
{
    int pid, flags;
    if (!int_as_int(t, args[0], &pid) || !int_as_int(t, args[1], &flags)) return ERROR;
    long fd = syscall(434, pid, flags);       // SYS_pidfd_open
    return fd < 0 ? raise_errno(t, errno) : int_value(t, fd);
}
const Method posix_process_functions[] = {
    {"getpid", posix_getpid, "()", NULL}, {"getppid", posix_getppid, "()", NULL}, {"getuid", posix_getuid, "()", NULL}, {"geteuid", posix_geteuid, "()", NULL}, {"getgid", posix_getgid, "()", NULL}, {"getegid", posix_getegid, "()", NULL},
    {"getpgrp", posix_getpgrp, "()", NULL},
    {"setsid", posix_setsid, "()", NULL}, {"getsid", posix_getsid, "(pid, /)", NULL}, {"getpgid", posix_getpgid, "(pid)", NULL}, {"setpgid", posix_setpgid, "(pid, pgrp, /)", NULL}, {"getgroups", posix_getgroups, "()", NULL},
    {"umask", posix_umask, "(mask, /)", NULL}, {"nice", posix_nice, "(increment, /)", NULL}, {"getlogin", posix_getlogin, "()", NULL}, {"kill", posix_kill, "(pid, signal, /)", NULL}, {"killpg", posix_killpg, "(pgid, signal, /)", NULL},
    {"_exit", posix_exit_now, "(status)", "Exit to the system with specified status, without normal exit processing."}, {"abort", posix_abort, "()", NULL},
    {"register_at_fork", posix_register_at_fork, "(*, before=<unset>, after_in_child=<unset>, after_in_parent=<unset>)", NULL}, {"fork", posix_fork, "()", "Fork a child process."}, {"forkpty", posix_forkpty, "()", "Fork a child process in a terminal of its own: (pid, descriptor of the terminal)."},
    {"waitpid", posix_waitpid, "(pid, options, /)", NULL}, {"wait", posix_wait, "()", NULL}, {"WIFEXITED", posix_WIFEXITED, "(status)", NULL}, {"WIFSIGNALED", posix_WIFSIGNALED, "(status)", NULL},
    {"WIFSTOPPED", posix_WIFSTOPPED, "(status)", NULL}, {"WIFCONTINUED", posix_WIFCONTINUED, "(status)", NULL}, {"WCOREDUMP", posix_WCOREDUMP, "(status, /)", NULL}, {"WEXITSTATUS", posix_WEXITSTATUS, "(status)", NULL},
    {"WTERMSIG", posix_WTERMSIG, "(status)", NULL}, {"WSTOPSIG", posix_WSTOPSIG, "(status)", NULL}, {"waitstatus_to_exitcode", posix_waitstatus_to_exitcode, "(status)", NULL}, {"execv", posix_execv, "(path, argv, /)", NULL},
    {"execve", posix_execve, "(path, argv, env)", NULL}, {"system", posix_system, "(command)", NULL}, {"putenv", posix_putenv, "(name, value, /)", NULL}, {"unsetenv", posix_unsetenv, "(name, /)", NULL}, {"uname", posix_uname, "()", NULL},
    {"times", posix_times, "()", NULL}, {"cpu_count", posix_cpu_count, "()", NULL}, {"sched_getaffinity", posix_sched_getaffinity, "(pid, /)", NULL}, {"sched_setaffinity", posix_sched_setaffinity, "(pid, mask, /)", NULL},
    {"sched_yield", posix_sched_yield, "()", NULL}, {"getloadavg", posix_getloadavg, "()", NULL}, {"strerror", posix_strerror, "(code, /)", NULL}, {"pidfd_open", posix_pidfd_open, "(pid, flags=0)", NULL}, {0},
};
