// SPDX-License-Identifier: MIT
// stdlib/_io/fileio.c: FileIO: a file descriptor as a raw stream. Every system call lets go of the GIL.
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/types/float.h"
#include "stdlib/_io/io.h"

Type fileio_type;
static FileIO *as_file(Value v) { return (FileIO *)as_object(v); }
static Value closed_error(Thread *t) { return raise_value_error(t, "I/O operation on closed file"); }

// ---- Transfers
ptrdiff_t fileio_read_into(Thread *t, FileIO *file, char *data, size_t length)
{
    for (;;) {
        ssize_t got;
        int fd = file->fd;
        if (fd < 0) return error_minus(closed_error(t));
        ScheduleIo io;
        if (!schedule_io_begins(t, &io, fd, POLLIN)) return -1;
        BLOCKING(t, GIL_READ, got = read(fd, data, length < SSIZE_MAX ? length : SSIZE_MAX));
        if (schedule_io_ends(&io, got < 0)) continue;
        if (got >= 0) return got;
        if (errno == EAGAIN) return -2;
        if (errno != EINTR) return error_minus(raise_errno(t, errno));
        if (!signals_poll(t)) return -1;
    }
}
ptrdiff_t fileio_write_from(Thread *t, FileIO *file, const char *data, size_t length)
{
    for (;;) {
        ssize_t put;
        int fd = file->fd;
        if (fd < 0) return error_minus(closed_error(t));
        ScheduleIo io;
        if (!schedule_io_begins(t, &io, fd, POLLOUT)) return -1;
        BLOCKING(t, GIL_WRITE, put = write(fd, data, length < SSIZE_MAX ? length : SSIZE_MAX));
        if (schedule_io_ends(&io, put < 0)) continue;
        if (put >= 0) return put;
        if (errno == EAGAIN) return -2;
        if (errno != EINTR) return error_minus(raise_errno(t, errno));
        if (!signals_poll(t)) return -1;
    }
}

// ---- Opening
static bool parse_mode(Thread *t, FileIO *f, Value mode, int *flags)
{
    if (!is_str(mode)) return error_false(raise_type_error(t, "FileIO() argument 'mode' must be str, not %T", mode));
    Str *text = as_str(mode);
    int kinds = 0;
    bool plus = false;
    *flags = O_CLOEXEC;
    for (size_t i = 0; i < text->length; i++)
        switch (str_at(text, i)) {
        case 'r': kinds++; f->readable = true; break;
        case 'w': kinds++; f->writable = true; *flags |= O_CREAT | O_TRUNC; break;
        case 'a': kinds++; f->writable = f->appending = true; *flags |= O_CREAT | O_APPEND; break;
        case 'x': kinds++; f->writable = f->created = true; *flags |= O_CREAT | O_EXCL; break;
        case 'b': break;
        case '+':
            if (plus) kinds = 2;
            plus = true;
            break;
        default: return error_false(raise_value_error(t, "invalid mode: %.200s", str_is_ascii(text) ? str_text(text) : "?"));
        }
    if (kinds != 1) return error_false(raise_value_error(t, "Must have exactly one of create/read/write/append mode and at most one plus"));
    if (plus) f->readable = f->writable = true;
    *flags |= f->readable && f->writable ? O_RDWR : f->writable ? O_WRONLY : O_RDONLY;
    return true;
}
static bool open_path(Thread *t, FileIO *f, Value path, int flags, Value opener)
{
    if (!is_none(opener)) {
        OWN Value fd = call2(t, opener, path, small_int(flags));
        if (is_error(fd)) return false;
        if (!is_int(fd)) return error_false(raise_type_error(t, "expected integer from opener"));
        if (!int_as_int(t, fd, &f->fd)) return false;
        if (f->fd < 0) return error_false(raise_value_error(t, "opener returned %d", f->fd));
        return true;
    }
    OWN Value name = is_str(path) ? retain(path) : is_bytes(path) ? str_from_os(t, bytes_data(path), bytes_length(path)) : UNBOUND;
    if (is_unbound(name)) {
        name = call_special(t, path, NAME(__fspath__), NULL, 0);
        if (is_unbound(name)) return error_false(raise_type_error(t, "expected str, bytes or os.PathLike object, not %T", path));
        if (is_bytes(name)) assign(&name, str_from_os(t, bytes_data(name), bytes_length(name)));
    }
    if (is_error(name)) return false;
    if (!is_str(name)) return error_false(raise_type_error(t, "expected %T.__fspath__() to return str or bytes, not %T", path, name));
    OWN_MEMORY char *text = str_to_os(t, as_str(name), NULL);
    if (!text) return false;
    for (;;) {
        BLOCKING(t, GIL_OPEN, f->fd = open(text, flags, 0666));
        if (f->fd >= 0) return true;
        if (errno != EINTR) return error_false(raise_errno_path(t, errno, path, UNBOUND));
        if (!signals_poll(t)) return false;
    }
}
static bool file_initialize(Thread *t, Value self, const Value *args)
{
    FileIO *f = as_file(self);
    int flags, close_fd = object_truth(t, args[2]);
    if (close_fd < 0) return false;
    if (f->fd >= 0 && f->close_fd) close(f->fd);
    f->fd = -1;
    f->readable = f->writable = f->appending = f->created = false;
    f->seekable = -1;
    f->close_fd = close_fd;
    if (is_float(args[0])) return error_false(raise_type_error(t, "integer argument expected, got float"));
    if (!parse_mode(t, f, args[1], &flags)) return false;
    if (is_int(args[0])) {
        if (!int_as_int(t, args[0], &f->fd)) return false;
        if (f->fd < 0) return error_false(raise_value_error(t, "negative file descriptor"));
    } else {
        if (!close_fd) return error_false(raise_value_error(t, "Cannot use closefd=False with file name"));
        if (!open_path(t, f, args[0], flags, args[3])) return false;
    }
    struct stat status;
    int failed = fstat(f->fd, &status) == 0 ? S_ISDIR(status.st_mode) ? EISDIR : 0 : errno == EBADF ? EBADF : 0;
    if (failed) {
        if (!is_int(args[0])) close(f->fd);
        f->fd = -1;
        return error_false(raise_errno_path(t, failed, args[0], UNBOUND));
    }
    bool exact = type_of(self) == &fileio_type;
    if (!(exact ? attrs_set(t, as_object(self), object_attrs(as_object(self)), NAME(name), args[0]) : object_set_attr(t, self, NAME(name), args[0]))) {
        if (is_int(args[0])) f->fd = -1;           // the caller's, who keeps it
        return false;
    }
    if (f->appending && lseek(f->fd, 0, SEEK_END) < 0) errno = 0;
    return true;
}
static Value file_construct(Thread *t, Type *type, const Value *args)
{
    FileIO *f = (FileIO *)object_new(t, type);
    if (!f) return ERROR;
    f->fd = -1;
    f->seekable = -1;
    f->close_fd = true;
    return object_value(f);
}

// ---- Methods
static bool need(Thread *t, FileIO *f, bool able, const char *complaint)
{
    if (f->fd < 0) return error_false(closed_error(t));
    return able || error_false(io_unsupported(t, complaint));
}
static Value file_readall(Thread *t, Value self, const Value *args)
{
    FileIO *f = as_file(self);
    if (!need(t, f, f->readable, "File not open for reading")) return ERROR;
    struct stat status;
    off_t at = lseek(f->fd, 0, SEEK_CUR);
    size_t guess = fstat(f->fd, &status) == 0 && at >= 0 && status.st_size > at ? (size_t)(status.st_size - at) + 1 : IO_DEFAULT_BUFFER;
    OWN Value all = bytearray_from(t, NULL, 0);
    if (is_error(all)) return ERROR;
    for (size_t have = 0;;) {
        if (!bytearray_resize(t, all, have + guess)) return ERROR;
        ptrdiff_t got = fileio_read_into(t, f, as_bytearray(all)->data + have, guess);
        if (got == -2 && have == 0) return NONE;
        if (got == -1) return ERROR;
        if (got <= 0) return bytes_from(t, as_bytearray(all)->data, have);
        have += (size_t)got;
        if ((size_t)got == guess) guess = have < 65536 ? 65536 : have;
        else guess -= (size_t)got;
        if (guess < IO_DEFAULT_BUFFER) guess = IO_DEFAULT_BUFFER;
    }
}
static Value file_read(Thread *t, Value self, const Value *args)
{
    FileIO *f = as_file(self);
    ptrdiff_t size;
    if (!need(t, f, f->readable, "File not open for reading") || !io_size(t, args[0], &size)) return ERROR;
    if (size < 0) return file_readall(t, self, NULL);
    OWN Value data = bytes_from(t, NULL, (size_t)size);
    if (is_error(data)) return ERROR;
    ptrdiff_t got = fileio_read_into(t, f, bytes_data(data), (size_t)size);
    return got == -2 ? NONE : got < 0 ? ERROR : bytes_cut(t, MOVE(data), (size_t)got);
}
static Value file_readinto(Thread *t, Value self, const Value *args)
{
    FileIO *f = as_file(self);
    OWN_BUFFER Buffer buffer = {0};
    if (!need(t, f, f->readable, "File not open for reading") || !buffer_get(t, args[0], &buffer, BUFFER_WRITABLE)) return ERROR;
    ptrdiff_t got = fileio_read_into(t, f, buffer.data, (size_t)buffer.length);
    return got == -2 ? NONE : got < 0 ? ERROR : int_value(t, got);
}
static Value file_write(Thread *t, Value self, const Value *args)
{
    FileIO *f = as_file(self);
    OWN_BUFFER Buffer buffer = {0};
    if (!need(t, f, f->writable, "File not open for writing") || !buffer_get(t, args[0], &buffer, 0)) return ERROR;
    ptrdiff_t put = fileio_write_from(t, f, buffer.data, (size_t)buffer.length);
    return put == -2 ? NONE : put < 0 ? ERROR : int_value(t, put);
}
static Value file_seek(Thread *t, Value self, const Value *args)
{
    FileIO *f = as_file(self);
    int64_t offset;
    int whence;
    if (f->fd < 0) return closed_error(t);
    if (is_float(args[0])) return raise_type_error(t, "an integer is required");
    if (!int_as_i64(t, args[0], &offset) || !int_as_int(t, args[1], &whence)) return ERROR;
    off_t at = lseek(f->fd, offset, whence);
    return at < 0 ? raise_errno(t, errno) : int_value(t, at);
}
static Value file_tell(Thread *t, Value self, const Value *args) { return file_seek(t, self, (const Value[]){small_int(0), small_int(1)}); }
static Value file_truncate(Thread *t, Value self, const Value *args)
{
    FileIO *f = as_file(self);
    int64_t size;
    if (!need(t, f, f->writable, "File not open for writing")) return ERROR;
    if (is_none(args[0])) size = lseek(f->fd, 0, SEEK_CUR);
    else if (!int_as_i64(t, args[0], &size)) return ERROR;
    int fd = f->fd, failed;
    BLOCKING(t, GIL_FILE, failed = ftruncate(fd, size));
    return failed ? raise_errno(t, errno) : int_value(t, size);
}
static Value file_seekable(Thread *t, Value self, const Value *args)
{
    FileIO *f = as_file(self);
    if (f->fd < 0) return closed_error(t);
    if (f->seekable < 0) f->seekable = lseek(f->fd, 0, SEEK_CUR) >= 0;
    return bool_value(f->seekable);
}
static Value file_readable(Thread *t, Value self, const Value *args) { return as_file(self)->fd < 0 ? closed_error(t) : bool_value(as_file(self)->readable); }
static Value file_writable(Thread *t, Value self, const Value *args) { return as_file(self)->fd < 0 ? closed_error(t) : bool_value(as_file(self)->writable); }
static Value file_fileno(Thread *t, Value self, const Value *args) { return as_file(self)->fd < 0 ? closed_error(t) : small_int(as_file(self)->fd); }
static Value file_isatty(Thread *t, Value self, const Value *args) { return as_file(self)->fd < 0 ? closed_error(t) : bool_value(isatty(as_file(self)->fd)); }
// Tells of a file that nobody closed, in the name of the stream that stood over it.
static void warn_unclosed(Thread *t, FileIO *f, Value outermost)
{
    if (f->fd < 0 || !f->close_fd || t->interp->finalizing) return;
    OWN Value pending = error_take(t);
    if (!warn(t, &exc_ResourceWarning, 1, "unclosed file %R", outermost)) {
        if (error_matches(t, &exc_Warning)) error_unraisable(t, NULL, outermost);
        else error_clear(t);
    }
    error_restore(t, MOVE(pending));
}
static Value file_dealloc_warn(Thread *t, Value self, const Value *args)
{
    warn_unclosed(t, as_file(self), args[0]);
    return NONE;
}
static Value file_close(Thread *t, Value self, const Value *args)
{
    FileIO *f = as_file(self);
    OWN Value flushed = f->base.closed ? NONE : io_base_close(t, self, NULL);
    OWN Value first = is_error(flushed) ? error_take(t) : UNBOUND;
    if (f->base.finalizing) warn_unclosed(t, f, self);
    int fd = f->fd, failed = 0;
    f->fd = -1;
    if (fd >= 0 && f->close_fd) BLOCKING(t, GIL_FILE, failed = close(fd) ? errno : 0);
    return io_both(t, MOVE(first), failed && failed != EINTR ? raise_errno(t, failed) : NONE);
}
static Value file_closed(Thread *t, Value self) { return bool_value(as_file(self)->fd < 0); }
static Value file_closefd(Thread *t, Value self) { return bool_value(as_file(self)->close_fd); }
static const char *mode_text(FileIO *f)
{
    if (f->created) return f->readable ? "xb+" : "xb";
    if (f->appending) return f->readable ? "ab+" : "ab";
    return f->readable ? f->writable ? "rb+" : "rb" : "wb";
}
static Value file_mode(Thread *t, Value self) { return str_from_text(t, mode_text(as_file(self))); }
static Value file_repr(Thread *t, Value v)
{
    FileIO *f = as_file(v);
    if (f->fd < 0) return str_format(t, "<%N [closed]>", &fileio_type);
    OWN Value name = object_get_attr_optional(t, v, NAME(name));
    if (is_error(name)) return ERROR;
    const char *closes = f->close_fd ? "True" : "False";
    if (is_unbound(name)) return str_format(t, "<_io.FileIO fd=%d mode='%s' closefd=%s>", f->fd, mode_text(f), closes);
    return str_format(t, "<_io.FileIO name=%R mode='%s' closefd=%s>", name, mode_text(f), closes);
}
static void file_finish(Thread *t, Object *o)
{
    FileIO *f = (FileIO *)o;
    if (f->fd >= 0 && f->close_fd) close(f->fd);
    f->fd = -1;
}
size_t fileio_block_size(FileIO *f)
{
    struct stat status;
    return f->fd >= 0 && fstat(f->fd, &status) == 0 && status.st_blksize > 1 ? (size_t)status.st_blksize : IO_DEFAULT_BUFFER;
}
static Value file_block_size(Thread *t, Value self) { return int_value(t, (int64_t)fileio_block_size(as_file(self))); }
static const Method file_methods[] = {
    {"read", file_read, "(self, size=-1, /)", "Read at most size bytes, returned as bytes."},
    {"readall", file_readall, "(self, /)", "Read all data from the file, returned as bytes."},
    {"readinto", file_readinto, "(self, buffer, /)", "Same as RawIOBase.readinto()."},
    {"write", file_write, "(self, b, /)", "Write buffer b to file, return number of bytes written."},
    {"seek", file_seek, "(self, pos, whence=0, /)", "Move to new file position and return the file position."},
    {"tell", file_tell, "(self, /)", "Current file position."},
    {"truncate", file_truncate, "(self, size=None, /)", "Truncate the file to at most size bytes and return the truncated size."},
    {"seekable", file_seekable, "(self, /)", "True if file supports random-access."},
    {"readable", file_readable, "(self, /)", "True if file was opened in a read mode."},
    {"writable", file_writable, "(self, /)", "True if file was opened in a write mode."},
    {"fileno", file_fileno, "(self, /)", "Return the underlying file descriptor (an integer)."},
    {"isatty", file_isatty, "(self, /)", "True if the file is connected to a TTY device."},
    {"close", file_close, "(self, /)", "Close the file."},
    {"_dealloc_warn", file_dealloc_warn, "(self, outermost, /)", NULL},
    {0},
};
static const GetSet file_getsets[] = {{"closed", file_closed, NULL, NULL}, {"closefd", file_closefd, NULL, NULL}, {"mode", file_mode, NULL, NULL}, {"_blksize", file_block_size, NULL, NULL}, {0}};
const TypeSpec fileio_spec = {
    .name = "_io.FileIO", .doc = "Open a file.", .size = sizeof(FileIO), .flags = TYPE_BASE | TYPE_GC | TYPE_HAS_ATTRS | TYPE_HAS_WEAKREFS, .base = &rawiobase_type,
    .slots = {.repr = file_repr, .finish = file_finish,}, .methods = file_methods, .getsets = file_getsets,
    .new_signature = "(file=<unset>, mode='r', closefd=True, opener=None)", .construct = file_construct,
    .init_signature = "(file, mode='r', closefd=True, opener=None)", .initialize = file_initialize,
};
