// SPDX-License-Identifier: MIT
// stdlib/posix/posix.c: the module under os: constants, the environment, and the functions of the other files.
#include <dlfcn.h>
#include <sched.h>
#include <sys/statvfs.h>
#include <sys/wait.h>

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
static const StructField sched_fields[] = {{"sched_priority", NULL}, {0}};

bool posix_types_start(Thread *t, Value module)
{
    static const struct { const char *name, *attribute; const StructField *fields; size_t visible; int slot; } types[] = {
        {"os.stat_result", "stat_result", stat_fields, 10, SLOT_POSIX_STAT_RESULT}, {"os.terminal_size", "terminal_size", size_fields, 2, SLOT_POSIX_TERMINAL_SIZE}, {"posix.uname_result", "uname_result", uname_fields, 5, SLOT_POSIX_UNAME_RESULT},
        {"posix.times_result", "times_result", times_fields, 5, SLOT_POSIX_TIMES_RESULT}, {"os.statvfs_result", "statvfs_result", statvfs_fields, 10, SLOT_POSIX_STATVFS_RESULT}, {"posix.sched_param", "sched_param", sched_fields, 1, SLOT_POSIX_SCHED_PARAM},
    };
    for (size_t i = 0; i < COUNT_OF(types); i++) {
        Type *type = struct_sequence_type(t, types[i].name, NULL, types[i].fields, types[i].visible);
        if (!type) return false;
        assign(&t->interp->module_slots[types[i].slot], type_value(type));
        if (!module_add(t, module, types[i].attribute, retain(type_value(type)))) return false;
    }
    return true;
}

#define NAMED(name) {#name, name}
static const struct { const char *name; long value; } constants[] = {
    NAMED(F_OK), NAMED(R_OK), NAMED(W_OK), NAMED(X_OK), NAMED(O_RDONLY), NAMED(O_WRONLY), NAMED(O_RDWR), NAMED(O_NDELAY), NAMED(O_NONBLOCK), NAMED(O_APPEND), NAMED(O_DSYNC), NAMED(O_RSYNC), NAMED(O_SYNC), NAMED(O_NOCTTY),
    NAMED(O_CREAT), NAMED(O_EXCL), NAMED(O_TRUNC), NAMED(O_LARGEFILE), NAMED(O_DIRECT), NAMED(O_DIRECTORY), NAMED(O_NOFOLLOW), NAMED(O_NOATIME), NAMED(O_PATH), NAMED(O_TMPFILE), NAMED(O_CLOEXEC), NAMED(O_ACCMODE), NAMED(O_ASYNC),
    NAMED(WNOHANG), NAMED(WUNTRACED), NAMED(WCONTINUED), NAMED(WEXITED), NAMED(WSTOPPED), NAMED(WNOWAIT), NAMED(P_PID), NAMED(P_PGID), NAMED(P_ALL), {"EX_OK", 0}, {"EX_USAGE", 64}, {"EX_DATAERR", 65}, {"EX_NOINPUT", 66},
    {"EX_NOUSER", 67}, {"EX_NOHOST", 68}, {"EX_UNAVAILABLE", 69}, {"EX_SOFTWARE", 70}, {"EX_OSERR", 71}, {"EX_OSFILE", 72}, {"EX_CANTCREAT", 73}, {"EX_IOERR", 74}, {"EX_TEMPFAIL", 75}, {"EX_PROTOCOL", 76}, {"EX_NOPERM", 77},
    {"EX_CONFIG", 78}, NAMED(SEEK_DATA), NAMED(SEEK_HOLE), NAMED(ST_RDONLY), NAMED(ST_NOSUID), NAMED(SCHED_OTHER), NAMED(SCHED_FIFO), NAMED(SCHED_RR), NAMED(SCHED_BATCH), NAMED(SCHED_IDLE), {"NGROUPS_MAX", 65536},
    NAMED(F_LOCK), NAMED(F_TLOCK), NAMED(F_ULOCK), NAMED(F_TEST), {"TMP_MAX", 238328}, NAMED(RTLD_LAZY), NAMED(RTLD_NOW), NAMED(RTLD_GLOBAL), NAMED(RTLD_LOCAL),
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
        "HAVE_FUTIMENS", "HAVE_LINKAT", "HAVE_LCHOWN", "HAVE_LSTAT", "HAVE_LUTIMES", "HAVE_MKDIRAT", "HAVE_MKFIFOAT", "HAVE_OPENAT", "HAVE_READLINKAT", "HAVE_RENAMEAT", "HAVE_SYMLINKAT", "HAVE_UNLINKAT", "HAVE_UTIMENSAT"};
    OWN Value list = list_new(t, COUNT_OF(have));
    for (size_t i = 0; i < COUNT_OF(have) && !is_error(list); i++)
        if (!list_append_owned(t, list, str_from_text(t, have[i]))) return ERROR;
    return MOVE(list);
}
static Value name_to_number(Thread *t, const char *const *names_known, const int *numbers)
{
    OWN_POINTER Dict *dict = dict_new(t);
    for (size_t i = 0; dict && names_known[i]; i++)
        if (!dict_set_text(t, dict, names_known[i], small_int(numbers[i]))) return ERROR;
    return dict ? object_value(MOVE_POINTER(dict)) : ERROR;
}
static bool add_functions(Thread *t, Value module, const Method *functions)
{
    for (const Method *m = functions; m->name; m++)
        if (!module_add_function(t, module, m)) return false;
    return true;
}
static bool start(Thread *t, Value module)
{
    for (size_t i = 0; i < COUNT_OF(constants); i++)
        if (!module_add_int(t, module, constants[i].name, constants[i].value)) return false;
    static const char *const sysconf_names[] = {"SC_PAGESIZE", "SC_PAGE_SIZE", "SC_NPROCESSORS_ONLN", "SC_NPROCESSORS_CONF", "SC_CLK_TCK", "SC_OPEN_MAX", "SC_PHYS_PAGES", "SC_ARG_MAX", "SC_SEM_NSEMS_MAX", "SC_IOV_MAX", NULL};
    static const int sysconf_numbers[] = {_SC_PAGESIZE, _SC_PAGESIZE, _SC_NPROCESSORS_ONLN, _SC_NPROCESSORS_CONF, _SC_CLK_TCK, _SC_OPEN_MAX, _SC_PHYS_PAGES, _SC_ARG_MAX, _SC_SEM_NSEMS_MAX, _SC_IOV_MAX};
    return add_functions(t, module, posix_file_functions) && add_functions(t, module, posix_path_functions) && add_functions(t, module, posix_process_functions) && posix_types_start(t, module) &&
           posix_scandir_start(t, module) && module_add(t, module, "environ", environment(t)) && module_add(t, module, "_have_functions", have_functions(t)) &&
           module_add(t, module, "error", retain(type_value(&exc_OSError))) && module_add(t, module, "sysconf_names", name_to_number(t, sysconf_names, sysconf_numbers));
}
const ModuleSpec posix_spec = {.name = "posix", .doc = "This module provides access to operating system functionality that is standardized by the C Standard and the POSIX standard.", .start = start};
