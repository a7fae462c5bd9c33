// SPDX-License-Identifier: MIT
// stdlib/posix/paths.c: what is done to files by their names, and os.stat_result.
#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <sys/statvfs.h>
#include <sys/time.h>
#include <sys/xattr.h>

#include "stdlib/posix/posix.h"

// ---- Arguments
bool fd_from(Thread *t, Value v, int *fd)
{
    if (is_int(v)) return int_as_int(t, v, fd);
    OWN Value number = call_method0(t, v, NAME(fileno));
    if (is_error(number)) {
        if (error_clear_if(t, &exc_AttributeError)) raise_type_error(t, "argument must be an int, or have a fileno() method.");
        return false;
    }
    if (!is_int(number)) return error_false(raise_type_error(t, "fileno() returned a non-integer"));
    if (!int_as_int(t, number, fd)) return false;
    return *fd >= 0 || error_false(raise_value_error(t, "file descriptor cannot be a negative integer (%d)", *fd));
}
static bool descriptor_from(Thread *t, Value number, int *fd)
{
    int64_t wide;
    if (int_as_i64(t, number, &wide) && wide >= INT_MIN && wide <= INT_MAX) return *fd = (int)wide, true;
    if (error_pending(t) && !error_clear_if(t, &exc_OverflowError)) return false;
    return error_false(raise_error(t, &exc_OverflowError, "fd is %s than %s", int_sign(number) < 0 ? "less" : "greater", int_sign(number) < 0 ? "minimum" : "maximum"));
}
bool dir_fd_from(Thread *t, Value v, int *fd)
{
    *fd = AT_FDCWD;
    if (is_none(v)) return true;
    OWN Value number = object_index(t, v);
    if (is_error(number)) return error_clear_if(t, &exc_TypeError) && error_false(raise_type_error(t, "argument should be integer or None, not %T", v));
    return descriptor_from(t, number, fd);
}
bool path_from(Thread *t, Value v, const char *function, const char *argument, bool fd_allowed, bool none_allowed, Path *path)
{
    *path = (Path){.fd = -1, .object = v};
    if (is_none(v) && none_allowed) {
        path->text = strdup(".");
        return path->text || error_false(raise_memory_error(t));
    }
    OWN Value name = is_str(v) || is_bytes(v) ? retain(v) : fd_allowed && is_int(v) ? UNBOUND : call_special(t, v, NAME(__fspath__), NULL, 0);
    if (is_error(name)) return false;
    if (is_unbound(name)) {
        OWN Value number = fd_allowed ? special_method(t, v, NAME(__index__)) : UNBOUND;
        if (!is_unbound(number)) {
            if (!is_error(number)) assign(&number, object_index(t, v));
            return !is_error(number) && descriptor_from(t, number, &path->fd);
        }
        const char *others = fd_allowed ? none_allowed ? "string, bytes, os.PathLike, integer or None" : "string, bytes, os.PathLike or integer"
                                        : none_allowed ? "string, bytes, os.PathLike or None" : "string, bytes or os.PathLike";
        if (!is_buffer(v)) return error_false(raise_type_error(t, "%s: %s should be %s, not %T", function, argument, others, v));
        if (!warn(t, &exc_DeprecationWarning, 1, "%s: %s should be %s, not %T", function, argument, others, v)) return false;
        name = buffer_to_bytes(t, v);
        if (is_error(name)) return false;
    }
    if (!is_str(name) && !is_bytes(name)) return error_false(raise_type_error(t, "expected %T.__fspath__() to return str or bytes, not %T", v, name));
    if (is_str(name)) {
        path->text = str_to_os(t, as_str(name), NULL);
        return path->text != NULL;
    }
    if (memchr(bytes_data(name), 0, bytes_length(name))) return error_false(raise_value_error(t, "%s: embedded null character in %s", function, argument));
    path->is_bytes = true;
    path->text = strdup(bytes_data(name));
    return path->text || error_false(raise_memory_error(t));
}
void path_end(Path *path) { free(path->text); }
Value path_result(Thread *t, const char *text, bool as_bytes) { return as_bytes ? bytes_from(t, text, strlen(text)) : str_from_os(t, text, strlen(text)); }

#define TAKE_PATH(name, value, function, fd_allowed, none_allowed) \
    OWN_PATH Path name = {0}; \
    if (!path_from(t, value, function, "path", fd_allowed, none_allowed, &name)) return ERROR
#define CHECKED(failed, path) ((failed) ? raise_errno_path(t, failed, (path).object, UNBOUND) : NONE)

// ---- stat
static Value ns_time(Thread *t, struct timespec when)
{
    OWN Value seconds = int_value(t, when.tv_sec);
    OWN Value billion = small_int(1000000000);
    OWN Value product = object_binary(t, OP_MULTIPLY, seconds, billion);
    return is_error(product) ? ERROR : object_binary(t, OP_ADD, product, small_int(when.tv_nsec));
}
static Value float_time(struct timespec when) { return float_value((double)when.tv_sec + 1e-9 * (double)when.tv_nsec); }
Value stat_value(Thread *t, const struct stat *s)
{
    Value items[] = {int_value(t, s->st_mode), int_from_u64(t, s->st_ino), int_from_u64(t, s->st_dev), int_value(t, (int64_t)s->st_nlink), int_value(t, s->st_uid), int_value(t, s->st_gid), int_value(t, s->st_size),
                     int_value(t, s->st_atim.tv_sec), int_value(t, s->st_mtim.tv_sec), int_value(t, s->st_ctim.tv_sec), float_time(s->st_atim), float_time(s->st_mtim), float_time(s->st_ctim),
                     ns_time(t, s->st_atim), ns_time(t, s->st_mtim), ns_time(t, s->st_ctim), int_value(t, s->st_blksize), int_value(t, s->st_blocks), int_from_u64(t, s->st_rdev)};
    return struct_sequence_new(t, as_type(t->interp->module_slots[SLOT_POSIX_STAT_RESULT]), items, COUNT_OF(items));
}
static Value stat_path(Thread *t, Value path_argument, Value dir_fd, bool follow, bool fd_allowed, const char *function)
{
    TAKE_PATH(path, path_argument, function, fd_allowed, false);
    int folder, failed, result;
    struct stat status;
    if (!dir_fd_from(t, dir_fd, &folder)) return ERROR;
    if (!path.text && folder != AT_FDCWD) return raise_value_error(t, "%s: can't specify dir_fd without matching path", function);
    if (!path.text && !follow) return raise_value_error(t, "%s: cannot use fd and follow_symlinks together", function);
    SYSTEM_CALL(t, GIL_FILE, failed, result, path.text ? fstatat(folder, path.text, &status, follow ? 0 : AT_SYMLINK_NOFOLLOW) : fstat(path.fd, &status));
    return failed ? raise_errno_path(t, failed, path.object, UNBOUND) : stat_value(t, &status);
}
static Value posix_stat(Thread *t, Value self, const Value *args)
{
    int follow = object_truth(t, args[2]);
    return follow < 0 ? ERROR : stat_path(t, args[0], args[1], follow, true, "stat");
}
static Value posix_lstat(Thread *t, Value self, const Value *args) { return stat_path(t, args[0], args[1], false, false, "lstat"); }
static Value posix_fstat(Thread *t, Value self, const Value *args)
{
    int fd, failed, result;
    struct stat status;
    if (!int_as_int(t, args[0], &fd)) return ERROR;
    SYSTEM_CALL(t, GIL_FILE, failed, result, fstat(fd, &status));
    return failed ? raise_errno(t, failed) : stat_value(t, &status);
}
static Value statvfs_value(Thread *t, const struct statvfs *s)
{
    Value items[] = {int_from_u64(t, s->f_bsize), int_from_u64(t, s->f_frsize), int_from_u64(t, s->f_blocks), int_from_u64(t, s->f_bfree), int_from_u64(t, s->f_bavail), int_from_u64(t, s->f_files),
                     int_from_u64(t, s->f_ffree), int_from_u64(t, s->f_favail), int_from_u64(t, s->f_flag), int_from_u64(t, s->f_namemax), int_from_u64(t, s->f_fsid)};
    return struct_sequence_new(t, as_type(t->interp->module_slots[SLOT_POSIX_STATVFS_RESULT]), items, COUNT_OF(items));
}
static Value posix_statvfs(Thread *t, Value self, const Value *args)
{
    TAKE_PATH(path, args[0], "statvfs", true, false);
    struct statvfs status;
    int failed, result;
    SYSTEM_CALL(t, GIL_FILE, failed, result, path.text ? statvfs(path.text, &status) : fstatvfs(path.fd, &status));
    return failed ? raise_errno_path(t, failed, path.object, UNBOUND) : statvfs_value(t, &status);
}

// ---- Names
static Value posix_access(Thread *t, Value self, const Value *args)
{
    TAKE_PATH(path, args[0], "access", false, false);
    int mode, folder, result, effective = object_truth(t, args[3]), follow = object_truth(t, args[4]);
    if (effective < 0 || follow < 0 || !int_as_int(t, args[1], &mode) || !dir_fd_from(t, args[2], &folder)) return ERROR;
    BLOCKING(t, GIL_FILE, result = faccessat(folder, path.text, mode, (effective ? AT_EACCESS : 0) | (follow ? 0 : AT_SYMLINK_NOFOLLOW)));
    return bool_value(result == 0);
}
static Value posix_listdir(Thread *t, Value self, const Value *args)
{
    TAKE_PATH(path, args[0], "listdir", true, true);
    DIR *folder;
    int failed = 0;
    BLOCKING(t, GIL_FILE, {
        folder = path.text ? opendir(path.text) : fdopendir(dup(path.fd));
        failed = folder ? 0 : errno;
    });
    if (!folder) return raise_errno_path(t, failed, path.object, UNBOUND);
    if (!path.text) rewinddir(folder);
    OWN Value list = list_new(t, 16);
    while (!is_error(list)) {
        struct dirent *entry;
        BLOCKING(t, GIL_FILE, { errno = 0; entry = readdir(folder); failed = entry ? 0 : errno; });
        if (!entry) break;
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
        if (!list_append_owned(t, list, path_result(t, entry->d_name, path.is_bytes))) break;
    }
    BLOCKING(t, GIL_FILE, closedir(folder));
    if (error_pending(t)) return ERROR;
    return failed ? raise_errno_path(t, failed, path.object, UNBOUND) : MOVE(list);
}
static Value posix_mkdir(Thread *t, Value self, const Value *args)
{
    TAKE_PATH(path, args[0], "mkdir", false, false);
    int mode, folder, failed, result;
    if (!int_as_int(t, args[1], &mode) || !dir_fd_from(t, args[2], &folder)) return ERROR;
    SYSTEM_CALL(t, GIL_FILE, failed, result, mkdirat(folder, path.text, (mode_t)mode));
    return CHECKED(failed, path);
}
static Value remove_path(Thread *t, Value v, Value dir_fd, int flags, const char *function)
{
    TAKE_PATH(path, v, function, false, false);
    int folder, failed, result;
    if (!dir_fd_from(t, dir_fd, &folder)) return ERROR;
    SYSTEM_CALL(t, GIL_FILE, failed, result, unlinkat(folder, path.text, flags));
    return CHECKED(failed, path);
}
static Value posix_rmdir(Thread *t, Value self, const Value *args) { return remove_path(t, args[0], args[1], AT_REMOVEDIR, "rmdir"); }
static Value posix_unlink(Thread *t, Value self, const Value *args) { return remove_path(t, args[0], args[1], 0, "unlink"); }
static Value posix_remove(Thread *t, Value self, const Value *args) { return remove_path(t, args[0], args[1], 0, "remove"); }
static Value two_paths(Thread *t, const Value *args, const char *function, int (*call_it)(int, const char *, int, const char *))
{
    OWN_PATH Path from, to = {0};
    int from_folder, to_folder, failed, result;
    if (!path_from(t, args[0], function, "src", false, false, &from) || !path_from(t, args[1], function, "dst", false, false, &to)) return ERROR;
    if (!dir_fd_from(t, args[2], &from_folder) || !dir_fd_from(t, args[3], &to_folder)) return ERROR;
    SYSTEM_CALL(t, GIL_FILE, failed, result, call_it(from_folder, from.text, to_folder, to.text));
    return failed ? raise_errno_path(t, failed, from.object, to.object) : NONE;
}
static Value posix_rename(Thread *t, Value self, const Value *args) { return two_paths(t, args, "rename", renameat); }
static Value posix_replace(Thread *t, Value self, const Value *args) { return two_paths(t, args, "replace", renameat); }
static int link_follow(int a, const char *from, int b, const char *to) { return linkat(a, from, b, to, AT_SYMLINK_FOLLOW); }
static int link_itself(int a, const char *from, int b, const char *to) { return linkat(a, from, b, to, 0); }
static Value posix_link(Thread *t, Value self, const Value *args) { return two_paths(t, args, "link", is_false(args[4]) ? link_itself : link_follow); }
static Value posix_symlink(Thread *t, Value self, const Value *args)
{
    OWN_PATH Path from, to = {0};
    int folder, failed, result;
    if (!path_from(t, args[0], "symlink", "src", false, false, &from) || !path_from(t, args[1], "symlink", "dst", false, false, &to) || !dir_fd_from(t, args[3], &folder)) return ERROR;
    SYSTEM_CALL(t, GIL_FILE, failed, result, symlinkat(from.text, folder, to.text));
    return failed ? raise_errno_path(t, failed, from.object, to.object) : NONE;
}
static Value posix_readlink(Thread *t, Value self, const Value *args)
{
    TAKE_PATH(path, args[0], "readlink", false, false);
    char target[PATH_MAX + 1];
    int folder, failed;
    ssize_t length;
    if (!dir_fd_from(t, args[1], &folder)) return ERROR;
    SYSTEM_CALL(t, GIL_FILE, failed, length, readlinkat(folder, path.text, target, PATH_MAX));
    if (failed) return raise_errno_path(t, failed, path.object, UNBOUND);
    target[length] = 0;
    return path_result(t, target, path.is_bytes);
}
static Value posix_chmod(Thread *t, Value self, const Value *args)
{
    TAKE_PATH(path, args[0], "chmod", true, false);
    int mode, folder, failed, result;
    if (!int_as_int(t, args[1], &mode) || !dir_fd_from(t, args[2], &folder)) return ERROR;
    SYSTEM_CALL(t, GIL_FILE, failed, result, path.text ? fchmodat(folder, path.text, (mode_t)mode, 0) : fchmod(path.fd, (mode_t)mode));
    return CHECKED(failed, path);
}
static Value posix_chown(Thread *t, Value self, const Value *args)
{
    TAKE_PATH(path, args[0], "chown", true, false);
    int64_t uid, gid;
    int folder, failed, result, follow = object_truth(t, args[4]);
    if (follow < 0 || !int_as_i64(t, args[1], &uid) || !int_as_i64(t, args[2], &gid) || !dir_fd_from(t, args[3], &folder)) return ERROR;
    SYSTEM_CALL(t, GIL_FILE, failed, result, path.text ? fchownat(folder, path.text, (uid_t)uid, (gid_t)gid, follow ? 0 : AT_SYMLINK_NOFOLLOW) : fchown(path.fd, (uid_t)uid, (gid_t)gid));
    return CHECKED(failed, path);
}
static bool time_from(Thread *t, Value v, bool in_ns, struct timespec *out)
{
    if (in_ns) {
        int64_t ns;
        if (!int_as_i64(t, v, &ns)) return false;
        *out = (struct timespec){.tv_sec = ns / 1000000000 - (ns % 1000000000 < 0), .tv_nsec = (ns % 1000000000 + 1000000000) % 1000000000};
        return true;
    }
    double seconds;
    if (!float_from_value(t, v, &seconds)) return false;
    *out = (struct timespec){.tv_sec = (time_t)floor(seconds), .tv_nsec = (long)((seconds - floor(seconds)) * 1e9)};
    return true;
}
static Value posix_utime(Thread *t, Value self, const Value *args)
{
    TAKE_PATH(path, args[0], "utime", true, false);
    struct timespec times[2] = {{.tv_nsec = UTIME_NOW}, {.tv_nsec = UTIME_NOW}};
    int folder, failed, result, follow = object_truth(t, args[4]);
    Value given = is_unbound(args[2]) ? args[1] : args[2];
    if (!is_unbound(args[2]) && !is_none(args[1])) return raise_value_error(t, "utime: you may specify either 'times' or 'ns' but not both");
    if (follow < 0 || !dir_fd_from(t, args[3], &folder)) return ERROR;
    if (!is_none(given)) {
        if (!is_tuple(given) || as_tuple(given)->length != 2) return raise_type_error(t, "utime: '%s' must be %sa tuple of two ints", is_unbound(args[2]) ? "times" : "ns", is_unbound(args[2]) ? "either " : "");
        for (size_t i = 0; i < 2; i++)
            if (!time_from(t, as_tuple(given)->items[i], !is_unbound(args[2]), &times[i])) return ERROR;
    }
    SYSTEM_CALL(t, GIL_FILE, failed, result, path.text ? utimensat(folder, path.text, times, follow ? 0 : AT_SYMLINK_NOFOLLOW) : futimens(path.fd, times));
    return CHECKED(failed, path);
}
static Value posix_truncate(Thread *t, Value self, const Value *args)
{
    TAKE_PATH(path, args[0], "truncate", true, false);
    int64_t length;
    int failed, result;
    if (!int_as_i64(t, args[1], &length)) return ERROR;
    SYSTEM_CALL(t, GIL_FILE, failed, result, path.text ? truncate(path.text, length) : ftruncate(path.fd, length));
    return CHECKED(failed, path);
}
static Value posix_mkfifo(Thread *t, Value self, const Value *args)
{
    TAKE_PATH(path, args[0], "mkfifo", false, false);
    int mode, folder, failed, result;
    if (!int_as_int(t, args[1], &mode) || !dir_fd_from(t, args[2], &folder)) return ERROR;
    SYSTEM_CALL(t, GIL_FILE, failed, result, mkfifoat(folder, path.text, (mode_t)mode));
    return CHECKED(failed, path);
}
static Value working_folder(Thread *t, bool as_bytes)
{
    char folder[PATH_MAX];
    char *found;
    BLOCKING(t, GIL_FILE, found = getcwd(folder, sizeof folder));
    return found ? path_result(t, folder, as_bytes) : raise_errno(t, errno);
}
static Value posix_getcwd(Thread *t, Value self, const Value *args) { return working_folder(t, false); }
static Value posix_getcwdb(Thread *t, Value self, const Value *args) { return working_folder(t, true); }
static Value posix_chdir(Thread *t, Value self, const Value *args)
{
    TAKE_PATH(path, args[0], "chdir", true, false);
    int failed, result;
    SYSTEM_CALL(t, GIL_FILE, failed, result, path.text ? chdir(path.text) : fchdir(path.fd));
    return CHECKED(failed, path);
}
static Value posix_fspath(Thread *t, Value self, const Value *args)
{
    if (is_str(args[0]) || is_bytes(args[0])) return retain(args[0]);
    OWN Value name = call_special(t, args[0], NAME(__fspath__), NULL, 0);
    if (is_unbound(name)) return raise_type_error(t, "expected str, bytes or os.PathLike object, not %T", args[0]);
    if (is_error(name) || is_str(name) || is_bytes(name)) return MOVE(name);
    return raise_type_error(t, "expected %T.__fspath__() to return str or bytes, not %T", args[0], name);
}

const Method posix_path_functions[] = {
    {"stat", posix_stat, "(path, *, dir_fd=None, follow_symlinks=True)", "Perform a stat system call on the given path."}, {"lstat", posix_lstat, "(path, *, dir_fd=None)", NULL},
    {"fstat", posix_fstat, "(fd)", NULL}, {"statvfs", posix_statvfs, "(path)", NULL}, {"fstatvfs", posix_statvfs, "(fd, /)", NULL},
    {"access", posix_access, "(path, mode, *, dir_fd=None, effective_ids=False, follow_symlinks=True)", NULL}, {"listdir", posix_listdir, "(path=None)", "Return a list containing the names of the files in the directory."},
    {"scandir", posix_scandir, "(path=None)", "Return an iterator of DirEntry objects for given path."}, {"mkdir", posix_mkdir, "(path, mode=511, *, dir_fd=None)", NULL}, {"rmdir", posix_rmdir, "(path, *, dir_fd=None)", NULL},
    {"unlink", posix_unlink, "(path, *, dir_fd=None)", NULL}, {"remove", posix_remove, "(path, *, dir_fd=None)", NULL}, {"rename", posix_rename, "(src, dst, *, src_dir_fd=None, dst_dir_fd=None)", NULL},
    {"replace", posix_replace, "(src, dst, *, src_dir_fd=None, dst_dir_fd=None)", NULL}, {"link", posix_link, "(src, dst, *, src_dir_fd=None, dst_dir_fd=None, follow_symlinks=True)", NULL},
    {"symlink", posix_symlink, "(src, dst, target_is_directory=False, *, dir_fd=None)", NULL}, {"readlink", posix_readlink, "(path, *, dir_fd=None)", NULL},
    {"chmod", posix_chmod, "(path, mode, *, dir_fd=None, follow_symlinks=True)", NULL}, {"fchmod", posix_chmod, "(fd, mode, dir_fd=None, /)", NULL}, {"chown", posix_chown, "(path, uid, gid, *, dir_fd=None, follow_symlinks=True)", NULL},
    {"utime", posix_utime, "(path, times=None, *, ns=<unset>, dir_fd=None, follow_symlinks=True)", NULL}, {"truncate", posix_truncate, "(path, length)", NULL},
    {"mkfifo", posix_mkfifo, "(path, mode=438, *, dir_fd=None)", NULL}, {"getcwd", posix_getcwd, "()", NULL}, {"getcwdb", posix_getcwdb, "()", NULL}, {"chdir", posix_chdir, "(path)", NULL}, {"fchdir", posix_chdir, "(fd)", NULL},
    {"fspath", posix_fspath, "(path)", NULL}, {0},
};
