// SPDX-License-Identifier: MIT
// stdlib/resource/resource.c: limits of the process, and what it has used.
#include <errno.h>
#include <sys/resource.h>
#include <unistd.h>

#include "runtime/buffer.h"
#include "runtime/call.h"
#include "runtime/error.h"
#include "runtime/gil.h"
#include "runtime/heap.h"
#include "runtime/types/bytes.h"
#include "runtime/types/float.h"
#include "runtime/types/int.h"
#include "runtime/types/list.h"
#include "runtime/types/module.h"
#include "runtime/types/str.h"
#include "runtime/types/tuple.h"
#include "stdlib/module_slots.h"

static const StructField usage_fields[] = {
    {"ru_utime", "user time used"}, {"ru_stime", "system time used"}, {"ru_maxrss", "max. resident set size"}, {"ru_ixrss", "shared memory size"},
    {"ru_idrss", "unshared data size"}, {"ru_isrss", "unshared stack size"}, {"ru_minflt", "page faults not requiring I/O"}, {"ru_majflt", "page faults requiring I/O"},
    {"ru_nswap", "number of swap outs"}, {"ru_inblock", "block input operations"}, {"ru_oublock", "block output operations"}, {"ru_msgsnd", "IPC messages sent"},
    {"ru_msgrcv", "IPC messages received"}, {"ru_nsignals", "signals received"}, {"ru_nvcsw", "voluntary context switches"}, {"ru_nivcsw", "involuntary context switches"}, {0},
};
static double seconds(struct timeval when) { return (double)when.tv_sec + 1e-6 * (double)when.tv_usec; }
static Value resource_getrusage(Thread *t, Value self, const Value *args)
{
    int who;
    struct rusage u;
    if (!int_as_int(t, args[0], &who)) return ERROR;
    if (getrusage(who, &u) != 0) return errno == EINVAL ? raise_value_error(t, "invalid who parameter") : raise_errno(t, errno);
    Value items[] = {float_value(seconds(u.ru_utime)), float_value(seconds(u.ru_stime)), int_value(t, u.ru_maxrss), int_value(t, u.ru_ixrss), int_value(t, u.ru_idrss),
                     int_value(t, u.ru_isrss), int_value(t, u.ru_minflt), int_value(t, u.ru_majflt), int_value(t, u.ru_nswap), int_value(t, u.ru_inblock), int_value(t, u.ru_oublock),
                     int_value(t, u.ru_msgsnd), int_value(t, u.ru_msgrcv), int_value(t, u.ru_nsignals), int_value(t, u.ru_nvcsw), int_value(t, u.ru_nivcsw)};
    return struct_sequence_new(t, as_type(t->interp->module_slots[SLOT_RESOURCE_USAGE]), items, COUNT_OF(items));
}

// ---- Limits. Infinity is -1 in Python.
static bool resource_from(Thread *t, Value v, int *resource)
{
    if (!int_as_int(t, v, resource)) return false;
    return (*resource >= 0 && *resource < RLIM_NLIMITS) || error_false(raise_value_error(t, "invalid resource specified"));
}
static bool limits_from(Thread *t, Value v, struct rlimit *limits)
{
    int64_t soft, hard;
    OWN Value pair = tuple_from_iterable(t, v);
    if (is_error(pair)) return false;
    if (as_tuple(pair)->length != 2) return error_false(raise_value_error(t, "expected a tuple of 2 integers"));
    if (!int_as_i64(t, as_tuple(pair)->items[0], &soft) || !int_as_i64(t, as_tuple(pair)->items[1], &hard)) return false;
    *limits = (struct rlimit){.rlim_cur = (rlim_t)soft, .rlim_max = (rlim_t)hard};
    return true;
}
static Value limits_value(Thread *t, const struct rlimit *limits)
{
    OWN Value soft = int_value(t, (int64_t)limits->rlim_cur);
    OWN Value hard = int_value(t, (int64_t)limits->rlim_max);
    return is_error(soft) || is_error(hard) ? ERROR : tuple_of(t, 2, soft, hard);
}
static Value resource_getrlimit(Thread *t, Value self, const Value *args)
{
    int resource;
    struct rlimit limits;
    if (!resource_from(t, args[0], &resource)) return ERROR;
    return getrlimit((__rlimit_resource_t)resource, &limits) != 0 ? raise_errno(t, errno) : limits_value(t, &limits);
}
static Value limit_error(Thread *t, int code)
{
    if (code == EINVAL) return raise_value_error(t, "current limit exceeds maximum limit");
    return code == EPERM ? raise_value_error(t, "not allowed to raise maximum limit") : raise_errno(t, code);
}
static Value resource_setrlimit(Thread *t, Value self, const Value *args)
{
    int resource;
    struct rlimit limits;
    if (!resource_from(t, args[0], &resource) || !limits_from(t, args[1], &limits)) return ERROR;
    return setrlimit((__rlimit_resource_t)resource, &limits) != 0 ? limit_error(t, errno) : NONE;
}
static Value resource_prlimit(Thread *t, Value self, const Value *args)
{
    int pid, resource;
    struct rlimit old, limits;
    if (!int_as_int(t, args[0], &pid) || !resource_from(t, args[1], &resource)) return ERROR;
    bool set = !is_unbound(args[2]) && !is_none(args[2]);
    if (set && !limits_from(t, args[2], &limits)) return ERROR;
    if (prlimit(pid, (__rlimit_resource_t)resource, set ? &limits : NULL, &old) == 0) return limits_value(t, &old);
    return errno == EINVAL ? limit_error(t, errno) : raise_errno(t, errno);
}
static Value resource_getpagesize(Thread *t, Value self, const Value *args) { return int_value(t, sysconf(_SC_PAGESIZE)); }

static const Method functions[] = {
    {"getrusage", resource_getrusage, "(who, /)", "What the process, its children or this thread have used."},
    {"getrlimit", resource_getrlimit, "(resource, /)", "The limits of a resource: (soft, hard)."},
    {"setrlimit", resource_setrlimit, "(resource, limits, /)", "Set the limits of a resource."},
    {"prlimit", resource_prlimit, "(pid, resource, limits=<unset>, /)", "The limits of a resource of a process, which may be set."},
    {"getpagesize", resource_getpagesize, "()", "Bytes of a page."},
    {0},
};
static const NamedInt constants[] = {
    NAMED_INT(RLIMIT_AS), NAMED_INT(RLIMIT_CORE), NAMED_INT(RLIMIT_CPU), NAMED_INT(RLIMIT_DATA), NAMED_INT(RLIMIT_FSIZE), NAMED_INT(RLIMIT_MEMLOCK),
    NAMED_INT(RLIMIT_MSGQUEUE), NAMED_INT(RLIMIT_NICE), NAMED_INT(RLIMIT_NOFILE), NAMED_INT(RLIMIT_NPROC), NAMED_INT(RLIMIT_OFILE),
    NAMED_INT(RLIMIT_RSS), NAMED_INT(RLIMIT_RTPRIO), NAMED_INT(RLIMIT_RTTIME), NAMED_INT(RLIMIT_SIGPENDING), NAMED_INT(RLIMIT_STACK),
    NAMED_INT(RLIM_INFINITY), NAMED_INT(RUSAGE_CHILDREN), NAMED_INT(RUSAGE_SELF), NAMED_INT(RUSAGE_THREAD),
};
static bool start(Thread *t, Value module)
{
    Type *type = struct_sequence_type(t, "resource.struct_rusage", "What getrusage() gives.", usage_fields, COUNT_OF(usage_fields) - 1);
    if (!type) return false;
    assign(&t->interp->module_slots[SLOT_RESOURCE_USAGE], type_value(type));
    return module_add(t, module, "struct_rusage", retain(type_value(type))) && module_add_ints(t, module, constants, COUNT_OF(constants)) &&
           module_add(t, module, "error", retain(type_value(&exc_OSError)));
}
extern const ModuleSpec resource_spec;
const ModuleSpec resource_spec = {.name = "resource", .doc = "Limits of the process, and what it has used.", .functions = functions, .start = start};
