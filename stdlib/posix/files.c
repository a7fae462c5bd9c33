// SPDX-License-Identifier: MIT
// stdlib/posix/files.c: what is done to descriptors.
#include <sys/ioctl.h>
#include <sys/random.h>
#include <sys/sendfile.h>
#include <sys/uio.h>
#include <termios.h>

#include "stdlib/posix/posix.h"

static Value posix_open(Thread *t, Value self, const Value *args)
{
    OWN_PATH Path path = {0};
    int flags, mode, folder, fd, failed;
    if (!path_from(t, args[0], "open", "path", false, false, &path) || !int_as_int(t, args[1], &flags) || !int_as_int(t, args[2], &mode) || !dir_fd_from(t, args[3], &folder)) return ERROR;
    SYSTEM_CALL(t, GIL_OPEN, failed, fd, openat(folder, path.text, flags | O_CLOEXEC, (mode_t)mode));
    return failed ? raise_errno_path(t, failed, path.object, UNBOUND) : small_int(fd);
}
static Value posix_close(Thread *t, Value self, const Value *args)
{
    int fd, failed, result;
    if (!fd_from(t, args[0], &fd)) return ERROR;
    BLOCKING(t, GIL_FILE, { result = close(fd); failed = result < 0 ? errno : 0; });
    return failed && failed != EINTR ? raise_errno(t, failed) : NONE;
}
static Value posix_closerange(Thread *t, Value self, const Value *args)
{
    int low, high;
    if (!int_as_int(t, args[0], &low) || !int_as_int(t, args[1], &high)) return ERROR;
    BLOCKING(t, GIL_FILE, { for (int fd = low < 0 ? 0 : low; fd < high; fd++) close(fd); });
    return NONE;
}
static Value posix_read(Thread *t, Value self, const Value *args)
{
    int fd, failed;
    size_t length;
    ssize_t got;
    if (!int_as_int(t, args[0], &fd)) return ERROR;
    if (int_sign(args[1]) < 0) return raise_errno(t, EINVAL);
    if (!int_as_size(t, args[1], &length)) return ERROR;
    OWN Value data = bytes_from(t, NULL, length);
    if (is_error(data)) return ERROR;
    SYSTEM_CALL_ON(t, GIL_READ, fd, POLLIN, failed, got, read(fd, bytes_data(data), length));
    return failed ? raise_errno(t, failed) : bytes_cut(t, MOVE(data), (size_t)got);
}
static bool posix_blocks(int fd) { return !(fcntl(fd, F_GETFL) & O_NONBLOCK); }
static Value posix_write(Thread *t, Value self, const Value *args)
{
    int fd, failed;
    ssize_t put;
    OWN_BUFFER Buffer data = {0};
    if (!int_as_int(t, args[0], &fd) || !buffer_get(t, args[1], &data, 0)) return ERROR;
    ptrdiff_t done = 0;
    do {                        // once, but in a controlled run, where a descriptor that blocks takes a part at a time
        SYSTEM_CALL_ON(t, GIL_WRITE, fd, POLLOUT, failed, put, write(fd, data.data + done, (size_t)(data.length - done)));
        if (!failed) done += put;
    } while (UNLIKELY(t->interp->schedule != NULL) && !failed && put > 0 && done < data.length && posix_blocks(fd));
    return failed && !done ? raise_errno(t, failed) : int_value(t, done);
}
static Value posix_pread(Thread *t, Value self, const Value *args)
{
    int fd, failed;
    size_t length;
    int64_t offset;
    ssize_t got;
    if (!int_as_int(t, args[0], &fd) || !int_as_size(t, args[1], &length) || !int_as_i64(t, args[2], &offset)) return ERROR;
    OWN Value data = bytes_from(t, NULL, length);
    if (is_error(data)) return ERROR;
    SYSTEM_CALL(t, GIL_READ, failed, got, pread(fd, bytes_data(data), length, offset));
    return failed ? raise_errno(t, failed) : bytes_cut(t, MOVE(data), (size_t)got);
}
static Value posix_pwrite(Thread *t, Value self, const Value *args)
{
    int fd, failed;
    int64_t offset;
    ssize_t put;
    OWN_BUFFER Buffer data = {0};
    if (!int_as_int(t, args[0], &fd) || !buffer_get(t, args[1], &data, 0) || !int_as_i64(t, args[2], &offset)) return ERROR;
    SYSTEM_CALL(t, GIL_WRITE, failed, put, pwrite(fd, data.data, (size_t)data.length, offset));
    return failed ? raise_errno(t, failed) : int_value(t, put);
}
static Value posix_lseek(Thread *t, Value self, const Value *args)
{
    int fd, whence, failed;
    int64_t offset;
    off_t at;
    if (!int_as_int(t, args[0], &fd) || !int_as_i64(t, args[1], &offset) || !int_as_int(t, args[2], &whence)) return ERROR;
    BLOCKING(t, GIL_FILE, { at = lseek(fd, offset, whence); failed = at < 0 ? errno : 0; });
    return failed ? raise_errno(t, failed) : int_value(t, at);
}
static Value posix_dup(Thread *t, Value self, const Value *args)
{
    int fd;
    if (!int_as_int(t, args[0], &fd)) return ERROR;
    int copy = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    return copy < 0 ? raise_errno(t, errno) : small_int(copy);
}
static Value posix_dup2(Thread *t, Value self, const Value *args)
{
    int from, to, failed, result, inheritable = object_truth(t, args[2]);
    if (inheritable < 0 || !int_as_int(t, args[0], &from) || !int_as_int(t, args[1], &to)) return ERROR;
    if (from < 0 || to < 0) return raise_errno(t, EBADF);
    BLOCKING(t, GIL_FILE, { result = inheritable || from == to ? dup2(from, to) : dup3(from, to, O_CLOEXEC); failed = result < 0 ? errno : 0; });
    return failed ? raise_errno(t, failed) : small_int(result);
}
static Value pipe_with(Thread *t, int flags)
{
    int fds[2];
    if (pipe2(fds, flags) != 0) return raise_errno(t, errno);
    return tuple_of(t, 2, small_int(fds[0]), small_int(fds[1]));
}
static Value posix_pipe(Thread *t, Value self, const Value *args) { return pipe_with(t, O_CLOEXEC); }
static Value posix_pipe2(Thread *t, Value self, const Value *args)
{
    int flags;
    return int_as_int(t, args[0], &flags) ? pipe_with(t, flags) : ERROR;
}
static Value posix_isatty(Thread *t, Value self, const Value *args)
{
    int fd;
    return int_as_int(t, args[0], &fd) ? bool_value(isatty(fd)) : ERROR;
}
static Value posix_ttyname(Thread *t, Value self, const Value *args)
{
    int fd;
    char name[256];
    if (!int_as_int(t, args[0], &fd)) return ERROR;
    int failed = ttyname_r(fd, name, sizeof name);
    return failed ? raise_errno(t, failed) : path_result(t, name, false);
}
static Value sync_with(Thread *t, Value v, int (*sync_it)(int))
{
    int fd, failed, result;
    if (!fd_from(t, v, &fd)) return ERROR;
    SYSTEM_CALL(t, GIL_FILE, failed, result, sync_it(fd));
    return failed ? raise_errno(t, failed) : NONE;
}
static Value posix_fsync(Thread *t, Value self, const Value *args) { return sync_with(t, args[0], fsync); }
static Value posix_fdatasync(Thread *t, Value self, const Value *args) { return sync_with(t, args[0], fdatasync); }
static Value posix_ftruncate(Thread *t, Value self, const Value *args)
{
    int fd, failed, result;
    int64_t length;
    if (!int_as_int(t, args[0], &fd) || !int_as_i64(t, args[1], &length)) return ERROR;
    SYSTEM_CALL(t, GIL_FILE, failed, result, ftruncate(fd, length));
    return failed ? raise_errno(t, failed) : NONE;
}
static Value flag_get(Thread *t, Value v, int command, int flag, bool meaning)
{
    int fd;
    if (!int_as_int(t, v, &fd)) return ERROR;
    int flags = fcntl(fd, command);
    return flags < 0 ? raise_errno(t, errno) : bool_value(((flags & flag) != 0) == meaning);
}
static Value flag_set(Thread *t, const Value *args, int get, int set, int flag, bool meaning)
{
    int fd, wanted = object_truth(t, args[1]);
    if (wanted < 0 || !int_as_int(t, args[0], &fd)) return ERROR;
    int flags = fcntl(fd, get);
    if (flags < 0) return raise_errno(t, errno);
    return fcntl(fd, set, (wanted != 0) == meaning ? flags | flag : flags & ~flag) < 0 ? raise_errno(t, errno) : NONE;
}
static Value posix_get_inheritable(Thread *t, Value self, const Value *args) { return flag_get(t, args[0], F_GETFD, FD_CLOEXEC, false); }
static Value posix_set_inheritable(Thread *t, Value self, const Value *args) { return flag_set(t, args, F_GETFD, F_SETFD, FD_CLOEXEC, false); }
static Value posix_get_blocking(Thread *t, Value self, const Value *args) { return flag_get(t, args[0], F_GETFL, O_NONBLOCK, false); }
static Value posix_set_blocking(Thread *t, Value self, const Value *args) { return flag_set(t, args, F_GETFL, F_SETFL, O_NONBLOCK, false); }
static Value posix_get_terminal_size(Thread *t, Value self, const Value *args)
{
    int fd;
    struct winsize size;
    if (!int_as_int(t, args[0], &fd)) return ERROR;
    if (ioctl(fd, TIOCGWINSZ, &size) != 0) return raise_errno(t, errno);
    return struct_sequence_new(t, as_type(t->interp->module_slots[SLOT_POSIX_TERMINAL_SIZE]), (Value[]){small_int(size.ws_col), small_int(size.ws_row)}, 2);
}
static Value posix_sendfile(Thread *t, Value self, const Value *args)
{
    int out, in, failed;
    size_t count;
    int64_t offset;
    ssize_t sent;
    if (!int_as_int(t, args[0], &out) || !int_as_int(t, args[1], &in) || !int_as_size(t, args[3], &count)) return ERROR;
    off_t at = 0;
    if (!is_none(args[2])) {
        if (!int_as_i64(t, args[2], &offset)) return ERROR;
        at = offset;
    }
    bool given = !is_none(args[2]);
    SYSTEM_CALL(t, GIL_WRITE, failed, sent, sendfile(out, in, given ? &at : NULL, count));
    return failed ? raise_errno(t, failed) : int_value(t, sent);
}
static Value posix_urandom(Thread *t, Value self, const Value *args)
{
    size_t length;
    if (int_sign(args[0]) < 0) return raise_value_error(t, "negative argument not allowed");
    if (!int_as_size(t, args[0], &length)) return ERROR;
    OWN Value data = bytes_from(t, NULL, length);
    if (t->interp->schedule && !is_error(data)) {        // a controlled run: the same bytes every time
        schedule_note(t, RUN_RANDOM);
        for (size_t n = 0; n < length; n++) bytes_data(data)[n] = (char)schedule_random(t);
        return MOVE(data);
    }
    for (size_t done = 0; !is_error(data) && done < length;) {
        ssize_t got;
        int failed;
        SYSTEM_CALL(t, GIL_READ, failed, got, getrandom(bytes_data(data) + done, length - done, 0));
        if (failed) return raise_errno(t, failed);
        done += (size_t)got;
    }
    return MOVE(data);
}
static Value posix_device_encoding(Thread *t, Value self, const Value *args)
{
    int fd;
    if (!int_as_int(t, args[0], &fd)) return ERROR;
    return isatty(fd) ? str_from_text(t, "UTF-8") : NONE;
}
bool posix_pty_pair(Thread *t, int *master, int *slave)
{
    char name[256];
    *slave = -1;
    *master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (*master >= 0 && grantpt(*master) == 0 && unlockpt(*master) == 0 && ptsname_r(*master, name, sizeof name) == 0) *slave = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (*slave >= 0) return true;
    int failed = errno;
    if (*master >= 0) close(*master);
    return error_false(raise_errno(t, failed));
}
static Value posix_openpty(Thread *t, Value self, const Value *args)
{
    int master, slave;
    return posix_pty_pair(t, &master, &slave) ? tuple_of(t, 2, small_int(master), small_int(slave)) : ERROR;
}

const Method posix_file_functions[] = {
    {"open", posix_open, "(path, flags, mode=511, *, dir_fd=None)", "Open a file for low level IO.  Returns a file descriptor (integer)."}, {"close", posix_close, "(fd)", NULL}, {"closerange", posix_closerange, "(fd_low, fd_high, /)", NULL},
    {"read", posix_read, "(fd, length, /)", "Read from a file descriptor.  Returns a bytes object."}, {"write", posix_write, "(fd, data, /)", "Write a bytes object to a file descriptor."}, {"pread", posix_pread, "(fd, length, offset, /)", NULL},
    {"pwrite", posix_pwrite, "(fd, buffer, offset, /)", NULL}, {"lseek", posix_lseek, "(fd, position, how, /)", NULL}, {"dup", posix_dup, "(fd, /)", NULL}, {"dup2", posix_dup2, "(fd, fd2, inheritable=True)", NULL},
    {"pipe", posix_pipe, "()", NULL}, {"pipe2", posix_pipe2, "(flags, /)", NULL}, {"isatty", posix_isatty, "(fd, /)", NULL}, {"ttyname", posix_ttyname, "(fd, /)", NULL}, {"fsync", posix_fsync, "(fd)", NULL},
    {"fdatasync", posix_fdatasync, "(fd)", NULL}, {"ftruncate", posix_ftruncate, "(fd, length, /)", NULL}, {"get_inheritable", posix_get_inheritable, "(fd, /)", NULL}, {"set_inheritable", posix_set_inheritable, "(fd, inheritable, /)", NULL},
    {"get_blocking", posix_get_blocking, "(fd, /)", NULL}, {"set_blocking", posix_set_blocking, "(fd, blocking, /)", NULL}, {"get_terminal_size", posix_get_terminal_size, "(fd=1, /)", NULL},
    {"sendfile", posix_sendfile, "(out_fd, in_fd, offset, count)", NULL}, {"urandom", posix_urandom, "(size, /)", NULL}, {"device_encoding", posix_device_encoding, "(fd)", NULL}, {"openpty", posix_openpty, "()", NULL}, {0},
};
