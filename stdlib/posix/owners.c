// SPDX-License-Identifier: MIT
// stdlib/posix/owners.c: whom processes belong to, how they are scheduled, other ways to start them and to wait for them.
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "stdlib/posix/posix.h"

#define DONE(result) ((result) != 0 ? raise_errno(t, errno) : NONE)

// ---- Users and groups
static bool id_from(Thread *t, Value v, const char *kind, uint32_t *id)
{
    int64_t number;
    OWN Value index = object_index(t, v);
    if (is_error(index)) {
        if (error_clear_if(t, &exc_TypeError)) raise_type_error(t, "%s should be integer, not %T", kind, v);
        return false;
    }
    if (!int_as_i64(t, index, &number)) {
        if (!error_clear_if(t, &exc_OverflowError)) return false;
        number = int_sign(index) < 0 ? INT64_MIN : INT64_MAX;
    }
    *id = (uint32_t)number;
    return (number >= -1 && number < UINT32_MAX) || error_false(raise_error(t, &exc_OverflowError, "%s is %s", kind, number < 0 ? "less than minimum" : "greater than maximum"));
}
static bool ids_from(Thread *t, const Value *args, size_t count, const char *kind, uint32_t *ids)
{
    for (size_t i = 0; i < count; i++)
        if (!id_from(t, args[i], kind, &ids[i])) return false;
    return true;
}
#define IDS(name, count, kind, call_it) \
    static Value posix_##name(Thread *t, Value self, const Value *args) { uint32_t id[3]; return ids_from(t, args, count, kind, id) ? DONE(call_it) : ERROR; }
IDS(setuid, 1, "uid", setuid(id[0]))
IDS(seteuid, 1, "uid", seteuid(id[0]))
IDS(setgid, 1, "gid", setgid(id[0]))
IDS(setegid, 1, "gid", setegid(id[0]))
IDS(setreuid, 2, "uid", setreuid(id[0], id[1]))
IDS(setregid, 2, "gid", setregid(id[0], id[1]))
IDS(setresuid, 3, "uid", setresuid(id[0], id[1], id[2]))
IDS(setresgid, 3, "gid", setresgid(id[0], id[1], id[2]))
static Value posix_getresuid(Thread *t, Value self, const Value *args)
{
    uid_t id[3];
    return getresuid(&id[0], &id[1], &id[2]) != 0 ? raise_errno(t, errno) : tuple_of(t, 3, small_int(id[0]), small_int(id[1]), small_int(id[2]));
}
static Value posix_getresgid(Thread *t, Value self, const Value *args)
{
    gid_t id[3];
    return getresgid(&id[0], &id[1], &id[2]) != 0 ? raise_errno(t, errno) : tuple_of(t, 3, small_int(id[0]), small_int(id[1]), small_int(id[2]));
}
static Value posix_setgroups(Thread *t, Value self, const Value *args)
{
    OWN Value items = tuple_from_iterable(t, args[0]);
    if (is_error(items)) return ERROR;
    size_t count = as_tuple(items)->length;
    if (count > 65536) return raise_value_error(t, "too many groups");
    OWN_MEMORY gid_t *groups = mem_allocate(t, (count + 1) * sizeof *groups);
    if (!groups) return ERROR;
    for (size_t i = 0; i < count; i++) {
        if (!is_int(as_tuple(items)->items[i])) return raise_type_error(t, "groups must be integers");
        if (!id_from(t, as_tuple(items)->items[i], "gid", &groups[i])) return ERROR;
    }
    return DONE(setgroups(count, groups));
}
static Value posix_initgroups(Thread *t, Value self, const Value *args)
{
    OWN_PATH Path name = {0};
    uint32_t gid;
    if (!path_from(t, args[0], "initgroups", "username", false, false, &name) || !id_from(t, args[1], "gid", &gid)) return ERROR;
    return DONE(initgroups(name.text, gid));
}
static Value posix_getgrouplist(Thread *t, Value self, const Value *args)
{
    OWN_PATH Path name = {0};
    uint32_t gid;
    if (!path_from(t, args[0], "getgrouplist", "user", false, false, &name) || !id_from(t, args[1], "gid", &gid)) return ERROR;
    for (int count = 64;; count *= 2) {
        OWN_MEMORY gid_t *groups = mem_allocate(t, (size_t)count * sizeof *groups);
        if (!groups) return ERROR;
        int found = count, result;
        BLOCKING(t, GIL_DNS, result = getgrouplist(name.text, gid, groups, &found));
        if (result < 0 && count < (1 << 20)) continue;
        OWN Value list = list_new(t, (size_t)found);
        for (int i = 0; i < found && !is_error(list); i++)
            if (!list_append(t, list, small_int(groups[i]))) return ERROR;
        return MOVE(list);
    }
}
static Value posix_setpgrp(Thread *t, Value self, const Value *args) { return DONE(setpgid(0, 0)); }

// ---- Scheduling
static Value posix_getpriority(Thread *t, Value self, const Value *args)
{
    int which, who;
    if (!int_as_int(t, args[0], &which) || !int_as_int(t, args[1], &who)) return ERROR;
    errno = 0;
    int priority = getpriority((__priority_which_t)which, (id_t)who);
    return errno ? raise_errno(t, errno) : small_int(priority);
}
static Value posix_setpriority(Thread *t, Value self, const Value *args)
{
    int which, who, priority;
    if (!int_as_int(t, args[0], &which) || !int_as_int(t, args[1], &who) || !int_as_int(t, args[2], &priority)) return ERROR;
    return DONE(setpriority((__priority_which_t)which, (id_t)who, priority));
}
static Value priority_limit(Thread *t, Value v, int (*limit)(int))
{
    int policy;
    if (!int_as_int(t, v, &policy)) return ERROR;
    int priority = limit(policy);
    return priority < 0 ? raise_errno(t, errno) : small_int(priority);
}
static Value posix_sched_max(Thread *t, Value self, const Value *args) { return priority_limit(t, args[0], sched_get_priority_max); }
static Value posix_sched_min(Thread *t, Value self, const Value *args) { return priority_limit(t, args[0], sched_get_priority_min); }
static Value posix_sched_getscheduler(Thread *t, Value self, const Value *args)
{
    int pid;
    if (!int_as_int(t, args[0], &pid)) return ERROR;
    int policy = sched_getscheduler(pid);
    return policy < 0 ? raise_errno(t, errno) : small_int(policy);
}
static bool sched_param_from(Thread *t, Value v, struct sched_param *param)
{
    Type *type = as_type(t->interp->module_slots[SLOT_POSIX_SCHED_PARAM]);
    if (!is_instance_of(v, type)) return error_false(raise_type_error(t, "must have a sched_param object"));
    return int_as_int(t, as_tuple(v)->items[0], &param->sched_priority);
}
static Value posix_sched_setscheduler(Thread *t, Value self, const Value *args)
{
    int pid, policy;
    struct sched_param param = {0};
    if (!int_as_int(t, args[0], &pid) || !int_as_int(t, args[1], &policy) || !sched_param_from(t, args[2], &param)) return ERROR;
    return sched_setscheduler(pid, policy, &param) < 0 ? raise_errno(t, errno) : NONE;
}
static Value posix_sched_getparam(Thread *t, Value self, const Value *args)
{
    int pid;
    struct sched_param param;
    if (!int_as_int(t, args[0], &pid)) return ERROR;
    if (sched_getparam(pid, &param) != 0) return raise_errno(t, errno);
    return struct_sequence_new(t, as_type(t->interp->module_slots[SLOT_POSIX_SCHED_PARAM]), (Value[]){small_int(param.sched_priority)}, 1);
}
static Value posix_sched_setparam(Thread *t, Value self, const Value *args)
{
    int pid;
    struct sched_param param = {0};
    if (!int_as_int(t, args[0], &pid) || !sched_param_from(t, args[1], &param)) return ERROR;
    return DONE(sched_setparam(pid, &param));
}
static Value posix_sched_rr_get_interval(Thread *t, Value self, const Value *args)
{
    int pid;
    struct timespec interval;
    if (!int_as_int(t, args[0], &pid)) return ERROR;
    return sched_rr_get_interval(pid, &interval) != 0 ? raise_errno(t, errno) : float_value((double)interval.tv_sec + 1e-9 * (double)interval.tv_nsec);
}

// ---- Waiting
static Value usage_value(Thread *t, const struct rusage *u)
{
    OWN_POINTER Str *module_name = str_intern_text(t, "resource", 8);
    OWN_POINTER Str *type_name = str_intern_text(t, "struct_rusage", 13);
    OWN Value module = module_name && type_name ? t->interp->up.import_module(t, module_name) : ERROR;
    OWN Value type = is_error(module) ? ERROR : object_get_attr(t, module, type_name);
    if (is_error(type)) return ERROR;
    double user = (double)u->ru_utime.tv_sec + 1e-6 * (double)u->ru_utime.tv_usec, system_time = (double)u->ru_stime.tv_sec + 1e-6 * (double)u->ru_stime.tv_usec;
    Value items[] = {float_value(user), float_value(system_time), int_value(t, u->ru_maxrss), int_value(t, u->ru_ixrss), int_value(t, u->ru_idrss), int_value(t, u->ru_isrss),
                     int_value(t, u->ru_minflt), int_value(t, u->ru_majflt), int_value(t, u->ru_nswap), int_value(t, u->ru_inblock), int_value(t, u->ru_oublock),
                     int_value(t, u->ru_msgsnd), int_value(t, u->ru_msgrcv), int_value(t, u->ru_nsignals), int_value(t, u->ru_nvcsw), int_value(t, u->ru_nivcsw)};
    return struct_sequence_new(t, as_type(type), items, COUNT_OF(items));
}
static Value wait_with_usage(Thread *t, pid_t pid, Value options_value)
{
    int options, status = 0, failed;
    struct rusage usage = {0};
    pid_t ended;
    if (!int_as_int(t, options_value, &options)) return ERROR;
    SYSTEM_CALL(t, GIL_WAIT, failed, ended, wait4(pid, &status, options, &usage));
    if (failed) return raise_errno(t, failed);
    OWN Value used = usage_value(t, &usage);
    return is_error(used) ? ERROR : tuple_of(t, 3, small_int(ended), small_int(status), used);
}
static Value posix_wait3(Thread *t, Value self, const Value *args) { return wait_with_usage(t, -1, args[0]); }
static Value posix_wait4(Thread *t, Value self, const Value *args)
{
    int pid;
    return int_as_int(t, args[0], &pid) ? wait_with_usage(t, pid, args[1]) : ERROR;
}
static Value posix_waitid(Thread *t, Value self, const Value *args)
{
    int kind, options, failed, result;
    int64_t id;
    siginfo_t info = {0};
    if (!int_as_int(t, args[0], &kind) || !int_as_i64(t, args[1], &id) || !int_as_int(t, args[2], &options)) return ERROR;
    SYSTEM_CALL(t, GIL_WAIT, failed, result, waitid((idtype_t)kind, (id_t)id, &info, options));
    if (failed) return raise_errno(t, failed);
    if (info.si_pid == 0) return NONE;
    Value items[] = {small_int(info.si_pid), small_int(info.si_uid), small_int(info.si_signo), small_int(info.si_status), small_int(info.si_code)};
    return struct_sequence_new(t, as_type(t->interp->module_slots[SLOT_POSIX_WAITID_RESULT]), items, COUNT_OF(items));
}

// ---- posix_spawn
enum { SPAWN_OPEN, SPAWN_CLOSE, SPAWN_DUP2 };
typedef struct Spawn { posix_spawn_file_actions_t actions; posix_spawnattr_t attributes; char **words, **environment; short flags; } Spawn;
static void spawn_end(Spawn *s)
{
    posix_spawn_file_actions_destroy(&s->actions);
    posix_spawnattr_destroy(&s->attributes);
    posix_words_free(s->words);
    posix_words_free(s->environment);
}
#define OWN_SPAWN __attribute__((cleanup(spawn_end)))
static bool add_open(Thread *t, Spawn *s, Tuple *action, int fd)
{
    int flags, mode;
    if (action->length != 5) return error_false(raise_type_error(t, "A open file_action tuple must have 5 elements"));
    OWN_PATH Path path = {0};
    if (!path_from(t, action->items[2], "posix_spawn", "path", false, false, &path) || !int_as_int(t, action->items[3], &flags) || !int_as_int(t, action->items[4], &mode)) return false;
    int failed = posix_spawn_file_actions_addopen(&s->actions, fd, path.text, flags, (mode_t)mode);
    return !failed || error_false(raise_errno(t, failed));
}
static bool add_action(Thread *t, Spawn *s, Value v)
{
    int kind, fd, target, failed;
    if (!is_tuple(v) || as_tuple(v)->length == 0) return error_false(raise_type_error(t, "Each file_actions element must be a non-empty tuple"));
    Tuple *action = as_tuple(v);
    if (!int_as_int(t, action->items[0], &kind)) return false;
    if (kind < SPAWN_OPEN || kind > SPAWN_DUP2) return error_false(raise_type_error(t, "Unknown file_actions identifier"));
    if (action->length < 2) return error_false(raise_type_error(t, "A file_action tuple has too few elements"));
    if (!int_as_int(t, action->items[1], &fd)) return false;
    if (kind == SPAWN_OPEN) return add_open(t, s, action, fd);
    if (kind == SPAWN_CLOSE) {
        if (action->length != 2) return error_false(raise_type_error(t, "A close file_action tuple must have 2 elements"));
        failed = posix_spawn_file_actions_addclose(&s->actions, fd);
    } else {
        if (action->length != 3) return error_false(raise_type_error(t, "A dup2 file_action tuple must have 3 elements"));
        if (!int_as_int(t, action->items[2], &target)) return false;
        failed = posix_spawn_file_actions_adddup2(&s->actions, fd, target);
    }
    return !failed || error_false(raise_errno(t, failed));
}
static bool add_actions(Thread *t, Spawn *s, Value v)
{
    if (is_unbound(v) || is_none(v)) return true;
    OWN Value items = tuple_from_iterable(t, v);
    if (is_error(items)) return error_clear_if(t, &exc_TypeError) ? error_false(raise_type_error(t, "file_actions must be a sequence or None")) : false;
    for (size_t i = 0; i < as_tuple(items)->length; i++)
        if (!add_action(t, s, as_tuple(items)->items[i])) return false;
    return true;
}
static bool signals_from(Thread *t, Value v, sigset_t *set)
{
    OWN Value items = tuple_from_iterable(t, v);
    if (is_error(items)) return false;
    sigemptyset(set);
    for (size_t i = 0; i < as_tuple(items)->length; i++) {
        int number;
        if (!int_as_int(t, as_tuple(items)->items[i], &number)) return false;
        if (number <= 0 || number >= NSIG) return error_false(raise_value_error(t, "signal number %d out of range [1; %d]", number, NSIG - 1));
        sigaddset(set, number);
    }
    return true;
}
static bool set_scheduler(Thread *t, Spawn *s, Value v)
{
    struct sched_param param = {0};
    int policy;
    if (!is_tuple(v) || as_tuple(v)->length != 2) return error_false(raise_type_error(t, "A scheduler tuple must have two elements"));
    if (!is_none(as_tuple(v)->items[0])) {
        if (!int_as_int(t, as_tuple(v)->items[0], &policy)) return false;
        posix_spawnattr_setschedpolicy(&s->attributes, policy);
        s->flags |= POSIX_SPAWN_SETSCHEDULER;
    }
    if (!sched_param_from(t, as_tuple(v)->items[1], &param)) return false;
    posix_spawnattr_setschedparam(&s->attributes, &param);
    s->flags |= POSIX_SPAWN_SETSCHEDPARAM;
    return true;
}
// setpgroup, resetids, setsid, setsigmask, setsigdef, scheduler: args as in the signature.
static bool set_attributes(Thread *t, Spawn *s, const Value *args, const char *function)
{
    sigset_t set;
    int64_t resets;
    if (!int_as_i64(t, args[1], &resets)) return false;
    int group, reset = resets != 0, session = object_truth(t, args[2]);
    if (session < 0) return false;
    if (!is_unbound(args[0])) {
        if (!int_as_int(t, args[0], &group)) return false;
        posix_spawnattr_setpgroup(&s->attributes, group);
        s->flags |= POSIX_SPAWN_SETPGROUP;
    }
    if (reset) s->flags |= POSIX_SPAWN_RESETIDS;
    if (session) s->flags |= POSIX_SPAWN_SETSID;
    if (!is_unbound(args[3])) {
        if (!signals_from(t, args[3], &set)) return false;
        posix_spawnattr_setsigmask(&s->attributes, &set);
        s->flags |= POSIX_SPAWN_SETSIGMASK;
    }
    if (!is_unbound(args[4])) {
        if (!signals_from(t, args[4], &set)) return false;
        posix_spawnattr_setsigdefault(&s->attributes, &set);
        s->flags |= POSIX_SPAWN_SETSIGDEF;
    }
    if (!is_unbound(args[5]) && !is_none(args[5]) && !set_scheduler(t, s, args[5])) return false;
    posix_spawnattr_setflags(&s->attributes, s->flags);
    return true;
}
static Value spawn(Thread *t, const Value *args, const char *function, bool searches)
{
    OWN_PATH Path path = {0};
    if (!path_from(t, args[0], function, "path", false, false, &path)) return ERROR;
    OWN_SPAWN Spawn s = {0};
    posix_spawn_file_actions_init(&s.actions);
    posix_spawnattr_init(&s.attributes);
    if (!is_list(args[1]) && !is_tuple(args[1])) return raise_type_error(t, "%s: argv must be a tuple or list", function);
    s.words = posix_words_from(t, args[1], function);
    if (!s.words) return ERROR;
    if (!s.words[0] || !s.words[0][0]) return raise_value_error(t, s.words[0] ? "%s: argv first element cannot be empty" : "%s: argv must not be empty", function);
    OWN_POINTER Str *keys = str_intern_text(t, "keys", 4);
    OWN Value is_mapping = keys ? object_get_attr_optional(t, args[2], keys) : ERROR;
    if (is_error(is_mapping)) return ERROR;
    if (is_unbound(is_mapping)) return raise_type_error(t, "%s: environment must be a mapping object", function);
    s.environment = posix_environment_from(t, args[2]);
    if (!s.environment || !add_actions(t, &s, args[3]) || !set_attributes(t, &s, args + 4, function)) return ERROR;
    pid_t child;
    int failed;
    BLOCKING(t, GIL_FORK, failed = (searches ? posix_spawnp : posix_spawn)(&child, path.text, &s.actions, &s.attributes, s.words, s.environment));
    return failed ? raise_errno_path(t, failed, path.object, UNBOUND) : small_int(child);
}
static Value posix_posix_spawn(Thread *t, Value self, const Value *args) { return spawn(t, args, "posix_spawn", false); }
static Value posix_posix_spawnp(Thread *t, Value self, const Value *args) { return spawn(t, args, "posix_spawnp", true); }

#define SPAWN_SIGNATURE "(path, argv, env, /, *, file_actions=<unset>, setpgroup=<unset>, resetids=False, setsid=False, setsigmask=<unset>, setsigdef=<unset>, scheduler=<unset>)"
const Method posix_owner_functions[] = {
    {"setuid", posix_setuid, "(uid, /)", NULL}, {"seteuid", posix_seteuid, "(uid, /)", NULL}, {"setgid", posix_setgid, "(gid, /)", NULL}, {"setegid", posix_setegid, "(gid, /)", NULL},
    {"setreuid", posix_setreuid, "(ruid, euid, /)", NULL}, {"setregid", posix_setregid, "(rgid, egid, /)", NULL}, {"setresuid", posix_setresuid, "(ruid, euid, suid, /)", NULL},
    {"setresgid", posix_setresgid, "(rgid, egid, sgid, /)", NULL}, {"getresuid", posix_getresuid, "()", NULL}, {"getresgid", posix_getresgid, "()", NULL}, {"setgroups", posix_setgroups, "(groups, /)", NULL},
    {"initgroups", posix_initgroups, "(username, gid, /)", NULL}, {"getgrouplist", posix_getgrouplist, "(user, group, /)", NULL}, {"setpgrp", posix_setpgrp, "()", NULL},
    {"getpriority", posix_getpriority, "(which, who)", NULL}, {"setpriority", posix_setpriority, "(which, who, priority)", NULL}, {"sched_get_priority_max", posix_sched_max, "(policy)", NULL},
    {"sched_get_priority_min", posix_sched_min, "(policy)", NULL}, {"sched_getscheduler", posix_sched_getscheduler, "(pid, /)", NULL}, {"sched_setscheduler", posix_sched_setscheduler, "(pid, policy, param, /)", NULL},
    {"sched_getparam", posix_sched_getparam, "(pid, /)", NULL}, {"sched_setparam", posix_sched_setparam, "(pid, param, /)", NULL}, {"sched_rr_get_interval", posix_sched_rr_get_interval, "(pid, /)", NULL},
    {"wait3", posix_wait3, "(options)", NULL}, {"wait4", posix_wait4, "(pid, options)", NULL}, {"waitid", posix_waitid, "(idtype, id, options, /)", NULL},
    {"posix_spawn", posix_posix_spawn, SPAWN_SIGNATURE, "Start a program in a new process: its id."}, {"posix_spawnp", posix_posix_spawnp, SPAWN_SIGNATURE, "The same, searching PATH."}, {0},
};
