// SPDX-License-Identifier: MIT
// stdlib/posix/more_files.c: descriptors of Linux's own kinds, several buffers at once, extended attributes, devices.
#include <limits.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>
#include <sys/xattr.h>
#include <termios.h>
#include <utmp.h>

#include "stdlib/posix/posix.h"

#define DONE(failed) ((failed) ? raise_errno(t, failed) : NONE)

// ---- Several buffers
typedef struct Parts { struct iovec *parts; Buffer *held; int count; } Parts;
static void parts_end(Parts *p)
{
    for (int i = 0; p->held && i < p->count; i++) buffer_release(&p->held[i]);
    mem_free(p->held);
    mem_free(p->parts);
}
#define OWN_PARTS __attribute__((cleanup(parts_end)))
static bool parts_from(Thread *t, Value v, int flags, const char *function, Parts *p)
{
    if (!is_list(v) && !is_tuple(v) && !type_of(v)->slots.get_item) return error_false(raise_type_error(t, "%s() arg 2 must be a sequence", function));
    OWN Value items = tuple_from_iterable(t, v);
    if (is_error(items)) return false;
    size_t count = as_tuple(items)->length;
    if (count > IOV_MAX) return error_false(raise_errno(t, EINVAL));
    p->held = mem_allocate(t, (count + 1) * sizeof *p->held);
    p->parts = p->held ? mem_allocate(t, (count + 1) * sizeof *p->parts) : NULL;
    if (!p->parts) return false;
    for (; p->count < (int)count; p->count++) {
        Buffer *b = &p->held[p->count];
        *b = (Buffer){0};
        if (!buffer_get(t, as_tuple(items)->items[p->count], b, flags)) return false;
        p->parts[p->count] = (struct iovec){.iov_base = b->data, .iov_len = (size_t)b->length};
    }
    return true;
}
static Value vector_call(Thread *t, const Value *args, bool writes, bool placed, const char *function)
{
    int fd, failed, flags = 0;
    int64_t offset = 0;
    ssize_t done;
    OWN_PARTS Parts p = {0};
    if (!int_as_int(t, args[0], &fd) || !parts_from(t, args[1], writes ? 0 : BUFFER_WRITABLE, function, &p)) return ERROR;
    if (placed && (!int_as_i64(t, args[2], &offset) || !int_as_int(t, args[3], &flags))) return ERROR;
    SYSTEM_CALL_ON(t, writes ? GIL_WRITE : GIL_READ, fd, writes ? POLLOUT : POLLIN, failed, done,
                writes ? placed ? pwritev2(fd, p.parts, p.count, offset, flags) : writev(fd, p.parts, p.count)
                       : placed ? preadv2(fd, p.parts, p.count, offset, flags) : readv(fd, p.parts, p.count));
    return failed ? raise_errno(t, failed) : int_value(t, done);
}
static Value posix_readv(Thread *t, Value self, const Value *args) { return vector_call(t, args, false, false, "readv"); }
static Value posix_writev(Thread *t, Value self, const Value *args) { return vector_call(t, args, true, false, "writev"); }
static Value posix_preadv(Thread *t, Value self, const Value *args) { return vector_call(t, args, false, true, "preadv"); }
static Value posix_pwritev(Thread *t, Value self, const Value *args) { return vector_call(t, args, true, true, "pwritev"); }

// ---- From file to file
typedef struct Between { int from, to; size_t count; int64_t offsets[2]; bool given[2]; } Between;
static bool between_from(Thread *t, const Value *args, Between *b)
{
    if (!int_as_int(t, args[0], &b->from) || !int_as_int(t, args[1], &b->to)) return false;
    if (int_sign(args[2]) < 0) return error_false(raise_value_error(t, "negative value for 'count' not allowed"));
    if (!int_as_size(t, args[2], &b->count)) return false;
    for (size_t i = 0; i < 2; i++) {
        b->given[i] = !is_none(args[3 + i]);
        if (b->given[i] && !int_as_i64(t, args[3 + i], &b->offsets[i])) return false;
    }
    return true;
}
static Value posix_copy_file_range(Thread *t, Value self, const Value *args)
{
    Between b;
    int failed;
    ssize_t done;
    if (!is_int(args[2])) return raise_type_error(t, "'%T' object cannot be interpreted as an integer", args[2]);
    if (!between_from(t, args, &b)) return ERROR;
    SYSTEM_CALL(t, GIL_FILE, failed, done, copy_file_range(b.from, b.given[0] ? &b.offsets[0] : NULL, b.to, b.given[1] ? &b.offsets[1] : NULL, b.count, 0));
    return failed ? raise_errno(t, failed) : int_value(t, done);
}
static Value posix_splice(Thread *t, Value self, const Value *args)
{
    Between b;
    int failed;
    uint64_t flags;
    ssize_t done;
    if (!is_int(args[2])) return raise_type_error(t, "'%T' object cannot be interpreted as an integer", args[2]);
    if (!between_from(t, args, &b) || !int_as_u64(t, args[5], &flags)) return ERROR;
    SYSTEM_CALL(t, GIL_WRITE, failed, done, splice(b.from, b.given[0] ? &b.offsets[0] : NULL, b.to, b.given[1] ? &b.offsets[1] : NULL, b.count, (unsigned)flags));
    return failed ? raise_errno(t, failed) : int_value(t, done);
}
static Value posix_posix_fallocate(Thread *t, Value self, const Value *args)
{
    int fd, failed;
    int64_t offset, length;
    if (!int_as_int(t, args[0], &fd) || !int_as_i64(t, args[1], &offset) || !int_as_i64(t, args[2], &length)) return ERROR;
    do BLOCKING(t, GIL_FILE, failed = posix_fallocate(fd, offset, length));
    while (failed == EINTR && signals_poll(t));
    return error_pending(t) ? ERROR : DONE(failed);
}
static Value posix_posix_fadvise(Thread *t, Value self, const Value *args)
{
    int fd, advice, failed;
    int64_t offset, length;
    if (!int_as_int(t, args[0], &fd) || !int_as_i64(t, args[1], &offset) || !int_as_i64(t, args[2], &length) || !int_as_int(t, args[3], &advice)) return ERROR;
    do BLOCKING(t, GIL_FILE, failed = posix_fadvise(fd, offset, length, advice));
    while (failed == EINTR && signals_poll(t));
    return error_pending(t) ? ERROR : DONE(failed);
}
static Value posix_lockf(Thread *t, Value self, const Value *args)
{
    int fd, command, failed, result;
    int64_t length;
    if (!int_as_int(t, args[0], &fd) || !int_as_int(t, args[1], &command) || !int_as_i64(t, args[2], &length)) return ERROR;
    SYSTEM_CALL(t, GIL_LOCK, failed, result, lockf(fd, command, length));
    return DONE(failed);
}
static Value posix_sync(Thread *t, Value self, const Value *args)
{
    BLOCKING(t, GIL_FILE, sync());
    return NONE;
}

// ---- Descriptors of Linux's own kinds
static Value posix_eventfd(Thread *t, Value self, const Value *args)
{
    uint64_t start;
    int flags;
    if (!int_as_u64(t, args[0], &start) || !int_as_int(t, args[1], &flags)) return ERROR;
    if (start > UINT32_MAX) return raise_error(t, &exc_OverflowError, "Python int too large to convert to C unsigned int");
    int fd = eventfd((unsigned)start, flags);
    return fd < 0 ? raise_errno(t, errno) : small_int(fd);
}
static Value posix_eventfd_read(Thread *t, Value self, const Value *args)
{
    int fd, failed, result;
    eventfd_t value;
    if (!fd_from(t, args[0], &fd)) return ERROR;
    SYSTEM_CALL_ON(t, GIL_READ, fd, POLLIN, failed, result, eventfd_read(fd, &value));
    return failed ? raise_errno(t, failed) : int_from_u64(t, value);
}
static Value posix_eventfd_write(Thread *t, Value self, const Value *args)
{
    int fd, failed, result;
    uint64_t value;
    if (!fd_from(t, args[0], &fd) || !int_as_u64(t, args[1], &value)) return ERROR;
    SYSTEM_CALL_ON(t, GIL_WRITE, fd, POLLOUT, failed, result, eventfd_write(fd, value));
    return DONE(failed);
}
static Value posix_memfd_create(Thread *t, Value self, const Value *args)
{
    OWN_PATH Path name = {0};
    uint64_t flags;
    if (!path_from(t, args[0], "memfd_create", "name", false, false, &name) || !int_as_u64(t, args[1], &flags)) return ERROR;
    int fd = memfd_create(name.text, (unsigned)flags);
    return fd < 0 ? raise_errno(t, errno) : small_int(fd);
}
static Value posix_getrandom(Thread *t, Value self, const Value *args)
{
    int flags, failed;
    ptrdiff_t size;
    ssize_t got;
    if (!object_as_index(t, args[0], &size, &exc_OverflowError) || !int_as_int(t, args[1], &flags)) return ERROR;
    if (size < 0) return raise_errno(t, EINVAL);
    OWN Value data = bytes_from(t, NULL, (size_t)size);
    if (is_error(data)) return ERROR;
    SYSTEM_CALL(t, GIL_READ, failed, got, getrandom(bytes_data(data), (size_t)size, (unsigned)flags));
    return failed ? raise_errno(t, failed) : bytes_cut(t, MOVE(data), (size_t)got);
}

// ---- Terminals
static Value posix_tcgetpgrp(Thread *t, Value self, const Value *args)
{
    int fd;
    if (!int_as_int(t, args[0], &fd)) return ERROR;
    pid_t group = tcgetpgrp(fd);
    return group < 0 ? raise_errno(t, errno) : small_int(group);
}
static Value posix_tcsetpgrp(Thread *t, Value self, const Value *args)
{
    int fd, group;
    if (!int_as_int(t, args[0], &fd) || !int_as_int(t, args[1], &group)) return ERROR;
    return tcsetpgrp(fd, group) < 0 ? raise_errno(t, errno) : NONE;
}
static Value posix_login_tty(Thread *t, Value self, const Value *args)
{
    int fd;
    if (!fd_from(t, args[0], &fd)) return ERROR;
    return login_tty(fd) < 0 ? raise_errno(t, errno) : NONE;
}
static Value posix_ctermid(Thread *t, Value self, const Value *args)
{
    char name[L_ctermid];
    return path_result(t, ctermid(name), false);
}

// ---- Extended attributes
typedef struct Attribute { Path path, name; int follow; } Attribute;
static void attribute_end(Attribute *a)
{
    path_end(&a->path);
    path_end(&a->name);
}
#define OWN_ATTRIBUTE __attribute__((cleanup(attribute_end)))
static bool attribute_from(Thread *t, Value path, Value name, Value follow, const char *function, Attribute *a)
{
    a->follow = object_truth(t, follow);
    if (a->follow < 0 || !path_from(t, path, function, "path", true, is_unbound(name), &a->path)) return false;
    if (!a->path.text && !a->follow) return error_false(raise_value_error(t, "%s: cannot use fd and follow_symlinks together", function));
    return is_unbound(name) || path_from(t, name, function, "attribute", false, false, &a->name);
}
static ssize_t attribute_read(const Attribute *a, char *data, size_t room)
{
    if (!a->path.text) return fgetxattr(a->path.fd, a->name.text, data, room);
    return a->follow ? getxattr(a->path.text, a->name.text, data, room) : lgetxattr(a->path.text, a->name.text, data, room);
}
static ssize_t attribute_list(const Attribute *a, char *data, size_t room)
{
    if (!a->path.text) return flistxattr(a->path.fd, data, room);
    return a->follow ? listxattr(a->path.text, data, room) : llistxattr(a->path.text, data, room);
}
#define ATTRIBUTE_ROOM (1u << 17)         // more than the kernel gives
static Value posix_getxattr(Thread *t, Value self, const Value *args)
{
    OWN_ATTRIBUTE Attribute a = {0};
    if (!attribute_from(t, args[0], args[1], args[2], "getxattr", &a)) return ERROR;
    OWN_MEMORY char *data = mem_allocate(t, ATTRIBUTE_ROOM);
    if (!data) return ERROR;
    int failed;
    ssize_t got;
    SYSTEM_CALL(t, GIL_FILE, failed, got, attribute_read(&a, data, ATTRIBUTE_ROOM));
    return failed ? raise_errno_path(t, failed, a.path.object, UNBOUND) : bytes_from(t, data, (size_t)got);
}
static Value posix_setxattr(Thread *t, Value self, const Value *args)
{
    OWN_ATTRIBUTE Attribute a = {0};
    OWN_BUFFER Buffer value = {0};
    int flags, failed, result;
    if (!attribute_from(t, args[0], args[1], args[4], "setxattr", &a) || !buffer_get(t, args[2], &value, 0) || !int_as_int(t, args[3], &flags)) return ERROR;
    size_t length = (size_t)value.length;
    SYSTEM_CALL(t, GIL_FILE, failed, result,
                !a.path.text ? fsetxattr(a.path.fd, a.name.text, value.data, length, flags)
                : a.follow ? setxattr(a.path.text, a.name.text, value.data, length, flags) : lsetxattr(a.path.text, a.name.text, value.data, length, flags));
    return failed ? raise_errno_path(t, failed, a.path.object, UNBOUND) : NONE;
}
static Value posix_removexattr(Thread *t, Value self, const Value *args)
{
    OWN_ATTRIBUTE Attribute a = {0};
    int failed, result;
    if (!attribute_from(t, args[0], args[1], args[2], "removexattr", &a)) return ERROR;
    SYSTEM_CALL(t, GIL_FILE, failed, result, !a.path.text ? fremovexattr(a.path.fd, a.name.text) : a.follow ? removexattr(a.path.text, a.name.text) : lremovexattr(a.path.text, a.name.text));
    return failed ? raise_errno_path(t, failed, a.path.object, UNBOUND) : NONE;
}
static Value posix_listxattr(Thread *t, Value self, const Value *args)
{
    OWN_ATTRIBUTE Attribute a = {0};
    if (!attribute_from(t, args[0], UNBOUND, args[1], "listxattr", &a)) return ERROR;
    OWN_MEMORY char *data = mem_allocate(t, ATTRIBUTE_ROOM);
    OWN Value list = data ? list_new(t, 4) : ERROR;
    if (is_error(list)) return ERROR;
    int failed;
    ssize_t got;
    SYSTEM_CALL(t, GIL_FILE, failed, got, attribute_list(&a, data, ATTRIBUTE_ROOM));
    if (failed) return raise_errno_path(t, failed, args[0], UNBOUND);
    for (ssize_t at = 0; at < got; at += (ssize_t)strlen(data + at) + 1)
        if (!list_append_owned(t, list, path_result(t, data + at, false))) return ERROR;
    return MOVE(list);
}

// ---- Devices and owners
static Value posix_mknod(Thread *t, Value self, const Value *args)
{
    OWN_PATH Path path = {0};
    int mode, folder, failed, result;
    uint64_t device;
    if (!path_from(t, args[0], "mknod", "path", false, false, &path) || !int_as_int(t, args[1], &mode) || !int_as_u64(t, args[2], &device) || !dir_fd_from(t, args[3], &folder)) return ERROR;
    SYSTEM_CALL(t, GIL_FILE, failed, result, mknodat(folder, path.text, (mode_t)mode, (dev_t)device));
    return failed ? raise_errno_path(t, failed, path.object, UNBOUND) : NONE;
}
static Value posix_major(Thread *t, Value self, const Value *args)
{
    uint64_t device;
    return int_as_u64(t, args[0], &device) ? small_int(major((dev_t)device)) : ERROR;
}
static Value posix_minor(Thread *t, Value self, const Value *args)
{
    uint64_t device;
    return int_as_u64(t, args[0], &device) ? small_int(minor((dev_t)device)) : ERROR;
}
static Value posix_makedev(Thread *t, Value self, const Value *args)
{
    int high, low;
    return int_as_int(t, args[0], &high) && int_as_int(t, args[1], &low) ? int_from_u64(t, makedev((unsigned)high, (unsigned)low)) : ERROR;
}
static bool owner_from(Thread *t, const Value *args, int64_t *owner)
{
    for (size_t i = 0; i < 2; i++) {
        if (!int_as_i64(t, args[i], &owner[i])) return false;
        if (owner[i] < -1 || owner[i] >= UINT32_MAX)
            return error_false(raise_error(t, &exc_OverflowError, "%s is %s", i ? "gid" : "uid", owner[i] < -1 ? "less than minimum" : "greater than maximum"));
    }
    return true;
}
static Value posix_fchown(Thread *t, Value self, const Value *args)
{
    int fd, failed, result;
    int64_t owner[2];
    if (!int_as_int(t, args[0], &fd) || !owner_from(t, args + 1, owner)) return ERROR;
    SYSTEM_CALL(t, GIL_FILE, failed, result, fchown(fd, (uid_t)owner[0], (gid_t)owner[1]));
    return DONE(failed);
}
static Value posix_lchown(Thread *t, Value self, const Value *args)
{
    OWN_PATH Path path = {0};
    int failed, result;
    int64_t owner[2];
    if (!path_from(t, args[0], "lchown", "path", false, false, &path) || !owner_from(t, args + 1, owner)) return ERROR;
    SYSTEM_CALL(t, GIL_FILE, failed, result, lchown(path.text, (uid_t)owner[0], (gid_t)owner[1]));
    return failed ? raise_errno_path(t, failed, path.object, UNBOUND) : NONE;
}
static Value posix_chroot(Thread *t, Value self, const Value *args)
{
    OWN_PATH Path path = {0};
    int failed, result;
    if (!path_from(t, args[0], "chroot", "path", false, false, &path)) return ERROR;
    SYSTEM_CALL(t, GIL_FILE, failed, result, chroot(path.text));
    return failed ? raise_errno_path(t, failed, path.object, UNBOUND) : NONE;
}

const Method posix_more_functions[] = {
    {"readv", posix_readv, "(fd, buffers, /)", "Read into several buffers."}, {"writev", posix_writev, "(fd, buffers, /)", "Write several buffers."},
    {"preadv", posix_preadv, "(fd, buffers, offset, flags=0, /)", "Read into several buffers from a place."},
    {"pwritev", posix_pwritev, "(fd, buffers, offset, flags=0, /)", "Write several buffers at a place."},
    {"copy_file_range", posix_copy_file_range, "(src, dst, count, offset_src=None, offset_dst=None)", "Copy bytes from one file to another inside the kernel."},
    {"splice", posix_splice, "(src, dst, count, offset_src=None, offset_dst=None, flags=0)", "Move bytes between a pipe and a file inside the kernel."},
    {"posix_fallocate", posix_posix_fallocate, "(fd, offset, length, /)", "Make sure that a file has room on the disk."},
    {"posix_fadvise", posix_posix_fadvise, "(fd, offset, length, advice, /)", "Tell the kernel how a file will be read."},
    {"lockf", posix_lockf, "(fd, command, length, /)", "Lock a part of a file."}, {"sync", posix_sync, "()", "Write everything to the disks."},
    {"eventfd", posix_eventfd, "(initval, flags=524288)", "A descriptor for events: a counter."}, {"eventfd_read", posix_eventfd_read, "(fd)", "Read an event counter."},
    {"eventfd_write", posix_eventfd_write, "(fd, value)", "Add to an event counter."}, {"memfd_create", posix_memfd_create, "(name, flags=1)", "A file that lives in memory."},
    {"getrandom", posix_getrandom, "(size, flags=0)", "Random bytes of the kernel."}, {"tcgetpgrp", posix_tcgetpgrp, "(fd, /)", "The process group of a terminal."},
    {"tcsetpgrp", posix_tcsetpgrp, "(fd, pgid, /)", "Set the process group of a terminal."}, {"login_tty", posix_login_tty, "(fd, /)", "Make a terminal the controlling one."},
    {"ctermid", posix_ctermid, "()", "The name of the controlling terminal."}, {"getxattr", posix_getxattr, "(path, attribute, *, follow_symlinks=True)", "An extended attribute of a file."},
    {"setxattr", posix_setxattr, "(path, attribute, value, flags=0, *, follow_symlinks=True)", "Set an extended attribute of a file."},
    {"removexattr", posix_removexattr, "(path, attribute, *, follow_symlinks=True)", "Remove an extended attribute of a file."},
    {"listxattr", posix_listxattr, "(path=None, *, follow_symlinks=True)", "The names of a file's extended attributes."},
    {"mknod", posix_mknod, "(path, mode=384, device=0, *, dir_fd=None)", "Make a node of the file system."}, {"major", posix_major, "(device, /)", "The major number of a device."},
    {"minor", posix_minor, "(device, /)", "The minor number of a device."}, {"makedev", posix_makedev, "(major, minor, /)", "The number of a device."},
    {"fchown", posix_fchown, "(fd, uid, gid)", "Change the owner of an open file."}, {"lchown", posix_lchown, "(path, uid, gid)", "Change the owner of a file, or of a link itself."},
    {"chroot", posix_chroot, "(path)", "Change the root folder."}, {0},
};
