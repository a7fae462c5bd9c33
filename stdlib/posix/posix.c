// SPDX-License-Identifier: MIT
// stdlib/posix/posix.c: the module under os: constants, the environment, and the functions of the other files.
#include <dlfcn.h>
#include <sched.h>
#include <spawn.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <sys/xattr.h>

#include <linux/limits.h>

#include "stdlib/posix/posix.h"

extern char **environ;

static const StructField stat_fields[] = {
    {"st_mode", "protection bits"}, {"st_ino", "inode"}, {"st_dev", "device"}, {"st_nlink", "number of hard links"}, {"st_uid", "user ID of owner"}, {"st_gid", "group ID of owner"}, {"st_size", "total size, in bytes"},
    {NULL, "integer time of last access"}, {NULL, "integer time of last modification"}, {NULL, "integer time of last change"}, {"st_atime", NULL}, {"st_mtime", NULL}, {"st_ctime", NULL}, {"st_atime_ns", NULL},
    {"st_mtime_ns", NULL}, {"st_ctime_ns", NULL}, {"st_blksize", NULL}, {"st_blocks", NULL}, {"st_rdev", NULL}, {0},
};
static const StructField size_fields[] = {{"columns", "width of the terminal window in characters"}, {"lines", "height of the terminal window in characters"}, {0}};
static const StructField uname_fields[] = {{"sysname", NULL}, {"nodename", NULL}, {"release", NULL}, {"version", NULL}, {"machine", NULL}, {0}};
static const StructField times_fields[] = {{"user", NULL}, {"system", NULL}, {"children_user", NULL}, {"children_system", NULL}, {"elapsed", NULL}, {0}};
static const StructField statvfs_fields[] = {{"f_bsize", NULL}, {"f_frsize", NULL}, {"f_blocks", NULL}, {"f_bfree", NULL}, {"f_bavail", NULL}, {"f_files", NULL}, {"f_ffree", NULL}, {"f_favail", NULL}, {"f_flag", NULL}, {"f_namemax", NULL}, {"f_fsid", NULL}, {0}};
static const StructField waitid_fields[] = {{"si_pid", NULL}, {"si_uid", NULL}, {"si_signo", NULL}, {"si_status", NULL}, {"si_code", NULL}, {0}};
static const StructField sched_fields[] = {{"sched_priority", NULL}, {0}};

bool posix_types_start(Thread *t, Value module)
{
    static const struct { const char *name, *attribute; const StructField *fields; size_t visible; int slot; } types[] = {
        {"os.stat_result", "stat_result", stat_fields, 10, SLOT_POSIX_STAT_RESULT}, {"os.terminal_size", "terminal_size", size_fields, 2, SLOT_POSIX_TERMINAL_SIZE}, {"posix.uname_result", "uname_result", uname_fields, 5, SLOT_POSIX_UNAME_RESULT},
        {"posix.times_result", "times_result", times_fields, 5, SLOT_POSIX_TIMES_RESULT}, {"os.statvfs_result", "statvfs_result", statvfs_fields, 10, SLOT_POSIX_STATVFS_RESULT}, {"posix.sched_param", "sched_param", sched_fields, 1, SLOT_POSIX_SCHED_PARAM},
        {"posix.waitid_result", "waitid_result", waitid_fields, 5, SLOT_POSIX_WAITID_RESULT},
    };
    for (size_t i = 0; i < COUNT_OF(types); i++) {
        Type *type = struct_sequence_type(t, types[i].name, NULL, types[i].fields, types[i].visible);
        if (!type) return false;
        assign(&t->interp->module_slots[types[i].slot], type_value(type));
        if (!module_add(t, module, types[i].attribute, retain(type_value(type)))) return false;
    }
    return true;
}

static const NamedInt constants[] = {
    NAMED_INT(F_OK), NAMED_INT(R_OK), NAMED_INT(W_OK), NAMED_INT(X_OK), NAMED_INT(O_RDONLY), NAMED_INT(O_WRONLY), NAMED_INT(O_RDWR), NAMED_INT(O_NDELAY), NAMED_INT(O_NONBLOCK), NAMED_INT(O_APPEND), NAMED_INT(O_DSYNC), NAMED_INT(O_RSYNC), NAMED_INT(O_SYNC), NAMED_INT(O_NOCTTY),
    NAMED_INT(O_CREAT), NAMED_INT(O_EXCL), NAMED_INT(O_TRUNC), NAMED_INT(O_LARGEFILE), NAMED_INT(O_DIRECT), NAMED_INT(O_DIRECTORY), NAMED_INT(O_NOFOLLOW), NAMED_INT(O_NOATIME), NAMED_INT(O_PATH), NAMED_INT(O_TMPFILE), NAMED_INT(O_CLOEXEC), NAMED_INT(O_ACCMODE), NAMED_INT(O_ASYNC),
    NAMED_INT(WNOHANG), NAMED_INT(WUNTRACED), NAMED_INT(WCONTINUED), NAMED_INT(WEXITED), NAMED_INT(WSTOPPED), NAMED_INT(WNOWAIT), NAMED_INT(P_PID), NAMED_INT(P_PGID), NAMED_INT(P_ALL), {"EX_OK", 0}, {"EX_USAGE", 64}, {"EX_DATAERR", 65}, {"EX_NOINPUT", 66},
    {"EX_NOUSER", 67}, {"EX_NOHOST", 68}, {"EX_UNAVAILABLE", 69}, {"EX_SOFTWARE", 70}, {"EX_OSERR", 71}, {"EX_OSFILE", 72}, {"EX_CANTCREAT", 73}, {"EX_IOERR", 74}, {"EX_TEMPFAIL", 75}, {"EX_PROTOCOL", 76}, {"EX_NOPERM", 77},
    {"EX_CONFIG", 78}, NAMED_INT(SEEK_DATA), NAMED_INT(SEEK_HOLE), NAMED_INT(ST_RDONLY), NAMED_INT(ST_NOSUID), NAMED_INT(SCHED_OTHER), NAMED_INT(SCHED_FIFO), NAMED_INT(SCHED_RR), NAMED_INT(SCHED_BATCH), NAMED_INT(SCHED_IDLE), {"NGROUPS_MAX", 65536},
    NAMED_INT(F_LOCK), NAMED_INT(F_TLOCK), NAMED_INT(F_ULOCK), NAMED_INT(F_TEST), {"TMP_MAX", 238328}, NAMED_INT(RTLD_LAZY), NAMED_INT(RTLD_NOW), NAMED_INT(RTLD_GLOBAL), NAMED_INT(RTLD_LOCAL),
    NAMED_INT(CLD_CONTINUED), NAMED_INT(CLD_DUMPED), NAMED_INT(CLD_EXITED), NAMED_INT(CLD_KILLED), NAMED_INT(CLD_STOPPED), NAMED_INT(CLD_TRAPPED),
    NAMED_INT(EFD_CLOEXEC), NAMED_INT(EFD_NONBLOCK), NAMED_INT(EFD_SEMAPHORE), NAMED_INT(GRND_NONBLOCK), NAMED_INT(GRND_RANDOM),
    NAMED_INT(MFD_ALLOW_SEALING), NAMED_INT(MFD_CLOEXEC), NAMED_INT(MFD_HUGETLB), NAMED_INT(O_FSYNC), NAMED_INT(POSIX_FADV_DONTNEED),
    NAMED_INT(POSIX_FADV_NOREUSE), NAMED_INT(POSIX_FADV_NORMAL), NAMED_INT(POSIX_FADV_RANDOM), NAMED_INT(POSIX_FADV_SEQUENTIAL),
    NAMED_INT(POSIX_FADV_WILLNEED), NAMED_INT(PRIO_PGRP), NAMED_INT(PRIO_PROCESS), NAMED_INT(PRIO_USER), NAMED_INT(P_PIDFD), NAMED_INT(RTLD_DEEPBIND),
    NAMED_INT(RTLD_NODELETE), NAMED_INT(RTLD_NOLOAD), NAMED_INT(RWF_APPEND), NAMED_INT(RWF_DSYNC), NAMED_INT(RWF_HIPRI), NAMED_INT(RWF_NOWAIT),
    NAMED_INT(RWF_SYNC), NAMED_INT(SCHED_RESET_ON_FORK), NAMED_INT(SPLICE_F_MORE), NAMED_INT(SPLICE_F_MOVE), NAMED_INT(SPLICE_F_NONBLOCK),
    NAMED_INT(ST_APPEND), NAMED_INT(ST_MANDLOCK), NAMED_INT(ST_NOATIME), NAMED_INT(ST_NODEV), NAMED_INT(ST_NODIRATIME), NAMED_INT(ST_NOEXEC),
    NAMED_INT(ST_RELATIME), NAMED_INT(ST_SYNCHRONOUS), NAMED_INT(ST_WRITE), NAMED_INT(XATTR_CREATE), NAMED_INT(XATTR_REPLACE),
    NAMED_INT(XATTR_SIZE_MAX),
    {"MFD_HUGE_16GB", 2281701376}, {"MFD_HUGE_16MB", 1610612736}, {"MFD_HUGE_1GB", 2013265920}, {"MFD_HUGE_1MB", 1342177280}, {"MFD_HUGE_256MB",
    1879048192}, {"MFD_HUGE_2GB", 2080374784}, {"MFD_HUGE_2MB", 1409286144}, {"MFD_HUGE_32MB", 1677721600}, {"MFD_HUGE_512KB", 1275068416},
    {"MFD_HUGE_512MB", 1946157056}, {"MFD_HUGE_64KB", 1073741824}, {"MFD_HUGE_8MB", 1543503872}, {"MFD_HUGE_MASK", 63}, {"MFD_HUGE_SHIFT", 26},
    {"POSIX_SPAWN_OPEN", 0}, {"POSIX_SPAWN_CLOSE", 1}, {"POSIX_SPAWN_DUP2", 2},
};

// The environment as bytes to bytes, as the process had it when the module was loaded.
static Value environment(Thread *t)
{
    OWN_POINTER Dict *dict = dict_new(t);
    for (char **word = environ; dict && word && *word; word++) {
        const char *equals = strchr(*word + 1, '=');
        if (!equals) continue;
        OWN Value key = bytes_from(t, *word, (size_t)(equals - *word));
        OWN Value value = bytes_from(t, equals + 1, strlen(equals + 1));
        if (is_error(key) || is_error(value)) return ERROR;
        int known = dict_contains(t, dict, key);
        if (known < 0 || (!known && !dict_set(t, dict, key, value))) return ERROR;
    }
    return dict ? object_value(MOVE_POINTER(dict)) : ERROR;
}
// What os.supports_dir_fd and its like are made of.
static Value have_functions(Thread *t)
{
    static const char *const have[] = {"HAVE_FACCESSAT", "HAVE_FCHDIR", "HAVE_FCHMOD", "HAVE_FCHMODAT", "HAVE_FCHOWN", "HAVE_FCHOWNAT", "HAVE_FDOPENDIR", "HAVE_FEXECVE", "HAVE_FPATHCONF", "HAVE_FSTATAT", "HAVE_FSTATVFS", "HAVE_FTRUNCATE",
        "HAVE_FUTIMENS", "HAVE_LINKAT", "HAVE_LCHOWN", "HAVE_LSTAT", "HAVE_LUTIMES", "HAVE_MKDIRAT", "HAVE_MKFIFOAT", "HAVE_MKNODAT", "HAVE_OPENAT", "HAVE_READLINKAT", "HAVE_RENAMEAT", "HAVE_SYMLINKAT", "HAVE_UNLINKAT", "HAVE_UTIMENSAT"};
    OWN Value list = list_new(t, COUNT_OF(have));
    for (size_t i = 0; i < COUNT_OF(have) && !is_error(list); i++)
        if (!list_append_owned(t, list, str_from_text(t, have[i]))) return ERROR;
    return MOVE(list);
}
static bool add_functions(Thread *t, Value module, const Method *functions)
{
    for (const Method *m = functions; m->name; m++)
        if (!module_add_function(t, module, m)) return false;
    return true;
}
static bool start(Thread *t, Value module)
{
    if (!module_add_ints(t, module, constants, COUNT_OF(constants))) return false;
    if (!add_functions(t, module, posix_more_functions) || !add_functions(t, module, posix_owner_functions) || !add_functions(t, module, posix_name_functions) || !posix_names_start(t, module)) return false;
    return add_functions(t, module, posix_file_functions) && add_functions(t, module, posix_path_functions) && add_functions(t, module, posix_process_functions) && posix_types_start(t, module) &&
           posix_scandir_start(t, module) && module_add(t, module, "environ", environment(t)) && module_add(t, module, "_have_functions", have_functions(t)) &&
           module_add(t, module, "error", retain(type_value(&exc_OSError)));
}
const ModuleSpec posix_spec = {.name = "posix", .doc = "This module provides access to operating system functionality that is standardized by the C Standard and the POSIX standard.", .start = start};
