// SPDX-License-Identifier: MIT
// stdlib/mmap/mmap.c: files and memory as mutable bytes.
//
// Always
//   1. data NULL: closed. Nobody closes or resizes it while `exports` buffers show its memory.
//   2. Argument conversion can run Python, which may close the object: what uses `data` checks it after all arguments are read.
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
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
#include "runtime/types/slice.h"

typedef enum Access { MMAP_DEFAULT, MMAP_READ, MMAP_WRITE, MMAP_COPY } Access;
typedef struct Mmap { Object head; char *data; size_t size, position; int64_t offset; int fd, flags; Access access; uint32_t exports; } Mmap;
static Type mmap_type;
static Mmap *as_mmap(Value v) { return (Mmap *)as_object(v); }

static bool need_open(Thread *t, Mmap *m) { return m->data || error_false(raise_value_error(t, "mmap closed or invalid")); }
static bool need_writable(Thread *t, Mmap *m) { return m->access != MMAP_READ || error_false(raise_type_error(t, "mmap can't modify a readonly memory map.")); }
static bool need_resizable(Thread *t, Mmap *m)
{
    if (m->exports) return error_false(raise_error(t, &exc_BufferError, "mmap can't resize with extant buffers exported."));
    return m->access == MMAP_WRITE || m->access == MMAP_DEFAULT || error_false(raise_type_error(t, "mmap can't resize a readonly or copy-on-write memory map."));
}

// ---- Making
static bool access_from(Thread *t, Access access, const Value *args, int *flags, int *protection)
{
    bool given = !is_unbound(args[2]) || !is_unbound(args[3]);
    if (access != MMAP_DEFAULT && given) return error_false(raise_value_error(t, "mmap can't specify both access and flags, prot."));
    switch (access) {
    case MMAP_READ: *flags = MAP_SHARED; *protection = PROT_READ; return true;
    case MMAP_WRITE: *flags = MAP_SHARED; *protection = PROT_READ | PROT_WRITE; return true;
    case MMAP_COPY: *flags = MAP_PRIVATE; *protection = PROT_READ | PROT_WRITE; return true;
    case MMAP_DEFAULT: return true;
    }
    return error_false(raise_value_error(t, "mmap invalid access parameter."));
}
// The length of the map, checked against the file's size. The kernel would map more than there is, and reading it kills.
static bool length_within_file(Thread *t, int fd, size_t *length, int64_t offset)
{
    struct stat status;
    int failed, result;
    BLOCKING(t, GIL_FILE, { result = fstat(fd, &status); failed = result < 0 ? errno : 0; });
    if (failed || !S_ISREG(status.st_mode)) return failed != EBADF || error_false(raise_errno(t, failed));
    if (*length == 0) {
        if (status.st_size == 0) return error_false(raise_value_error(t, "cannot mmap an empty file"));
        if (offset >= status.st_size) return error_false(raise_value_error(t, "mmap offset is greater than file size"));
        *length = (size_t)(status.st_size - offset);
        return true;
    }
    return (offset <= status.st_size && (size_t)(status.st_size - offset) >= *length) || error_false(raise_value_error(t, "mmap length is greater than file size"));
}
static Value mmap_construct(Thread *t, Type *type, const Value *args)
{
    int fd, flags = MAP_SHARED, protection = PROT_READ | PROT_WRITE, access;
    ptrdiff_t length;
    int64_t offset;
    if (!int_as_int(t, args[0], &fd) || !object_as_index(t, args[1], &length, &exc_OverflowError) || (!is_unbound(args[2]) && !int_as_int(t, args[2], &flags)) ||
        (!is_unbound(args[3]) && !int_as_int(t, args[3], &protection)) || !int_as_int(t, args[4], &access) || !int_as_i64(t, args[5], &offset)) return ERROR;
    if (length < 0) return raise_error(t, &exc_OverflowError, "memory mapped length must be positive");
    if (offset < 0) return raise_error(t, &exc_OverflowError, "memory mapped offset must be positive");
    if (!access_from(t, (Access)access, args, &flags, &protection)) return ERROR;
    if (access == MMAP_DEFAULT) access = protection & PROT_WRITE ? protection & PROT_READ ? MMAP_DEFAULT : MMAP_WRITE : MMAP_READ;
    size_t size = (size_t)length;
    if (fd != -1 && !length_within_file(t, fd, &size, offset)) return ERROR;
    OWN_POINTER Mmap *m = (Mmap *)object_new(t, type);
    if (!m) return ERROR;
    m->fd = -1;
    m->offset = offset;
    m->access = (Access)access;
    m->flags = flags;
    if (fd == -1) flags |= MAP_ANONYMOUS;
    else if ((m->fd = fcntl(fd, F_DUPFD_CLOEXEC, 0)) < 0) return raise_errno(t, errno);
    char *data;
    int failed;
    BLOCKING(t, GIL_FILE, { data = mmap(NULL, size, protection, flags, fd, offset); failed = data == MAP_FAILED ? errno : 0; });
    if (failed) return raise_errno(t, failed);
    m->data = data;
    m->size = size;
    return object_value(MOVE_POINTER(m));
}
static void end(Thread *t, Mmap *m)
{
    char *data = m->data;
    size_t size = m->size;
    int fd = m->fd;
    m->data = NULL;
    m->fd = -1;
    m->size = 0;
    BLOCKING(t, GIL_FILE, {
        if (fd >= 0) close(fd);
        if (data) munmap(data, size);
    });
}
static void mmap_finish(Thread *t, Object *o) { end(t, (Mmap *)o); }
static Value mmap_close(Thread *t, Value self, const Value *args)
{
    if (as_mmap(self)->exports) return raise_error(t, &exc_BufferError, "cannot close exported pointers exist");
    end(t, as_mmap(self));
    return NONE;
}

// ---- As a file
static Value take(Thread *t, Mmap *m, size_t count)
{
    Value result = bytes_from(t, m->data + m->position, count);
    if (!is_error(result)) m->position += count;
    return result;
}
static size_t left(const Mmap *m) { return m->position < m->size ? m->size - m->position : 0; }
static Value mmap_read(Thread *t, Value self, const Value *args)
{
    Mmap *m = as_mmap(self);
    ptrdiff_t wanted = -1;
    if (!is_none(args[0]) && !object_as_index(t, args[0], &wanted, &exc_OverflowError)) return ERROR;
    if (!need_open(t, m)) return ERROR;
    return take(t, m, wanted < 0 || (size_t)wanted > left(m) ? left(m) : (size_t)wanted);
}
static Value mmap_readline(Thread *t, Value self, const Value *args)
{
    Mmap *m = as_mmap(self);
    if (!need_open(t, m)) return ERROR;
    const char *start = m->data + m->position, *end_of_line = left(m) ? memchr(start, '\n', left(m)) : NULL;
    return take(t, m, end_of_line ? (size_t)(end_of_line - start) + 1 : left(m));
}
static Value mmap_read_byte(Thread *t, Value self, const Value *args)
{
    Mmap *m = as_mmap(self);
    if (!need_open(t, m)) return ERROR;
    if (!left(m)) return raise_value_error(t, "read byte out of range");
    return small_int((uint8_t)m->data[m->position++]);
}
static Value mmap_write(Thread *t, Value self, const Value *args)
{
    Mmap *m = as_mmap(self);
    OWN_BUFFER Buffer data = {0};
    if (!buffer_get(t, args[0], &data, 0) || !need_open(t, m) || !need_writable(t, m)) return ERROR;
    if ((size_t)data.length > left(m)) return raise_value_error(t, "data out of range");
    if (data.length) memmove(m->data + m->position, data.data, (size_t)data.length);
    m->position += (size_t)data.length;
    return int_value(t, data.length);
}
static Value mmap_write_byte(Thread *t, Value self, const Value *args)
{
    Mmap *m = as_mmap(self);
    int64_t byte;
    if (!int_as_i64(t, args[0], &byte)) return ERROR;
    if (byte < 0 || byte > 255) return raise_error(t, &exc_OverflowError, byte < 0 ? "unsigned byte integer is less than minimum" : "unsigned byte integer is greater than maximum");
    if (!need_open(t, m) || !need_writable(t, m)) return ERROR;
    if (!left(m)) return raise_value_error(t, "write byte out of range");
    m->data[m->position++] = (char)byte;
    return NONE;
}
static Value mmap_seek(Thread *t, Value self, const Value *args)
{
    Mmap *m = as_mmap(self);
    int64_t distance;
    int whence;
    if (!int_as_i64(t, args[0], &distance) || !int_as_int(t, args[1], &whence) || !need_open(t, m)) return ERROR;
    if (whence < 0 || whence > 2) return raise_value_error(t, "unknown seek type");
    int64_t base = whence == 0 ? 0 : whence == 1 ? (int64_t)m->position : (int64_t)m->size, target;
    if (__builtin_add_overflow(base, distance, &target) || target < 0 || target > (int64_t)m->size) return raise_value_error(t, "seek out of range");
    m->position = (size_t)target;
    return NONE;
}
static Value mmap_tell(Thread *t, Value self, const Value *args) { return need_open(t, as_mmap(self)) ? int_value(t, (int64_t)as_mmap(self)->position) : ERROR; }
static Value mmap_size(Thread *t, Value self, const Value *args)
{
    Mmap *m = as_mmap(self);
    struct stat status;
    if (!need_open(t, m)) return ERROR;
    if (m->fd < 0) return raise_errno(t, EBADF);
    return fstat(m->fd, &status) != 0 ? raise_errno(t, errno) : int_value(t, status.st_size);
}
static Value seek_part(Thread *t, Value self, const Value *args, bool backwards)
{
    Mmap *m = as_mmap(self);
    OWN_BUFFER Buffer part = {0};
    ptrdiff_t start = (ptrdiff_t)m->position, stop = (ptrdiff_t)m->size;
    if (!buffer_get(t, args[0], &part, 0) || (!is_unbound(args[1]) && !object_as_index(t, args[1], &start, &exc_OverflowError)) ||
        (!is_unbound(args[2]) && !object_as_index(t, args[2], &stop, &exc_OverflowError)) || !need_open(t, m)) return ERROR;
    ptrdiff_t size = (ptrdiff_t)m->size;
    if (start < 0) start = start + size < 0 ? 0 : start + size;
    if (start > size) start = size;
    if (stop < 0) stop = stop + size < 0 ? 0 : stop + size;
    if (stop > size) stop = size;
    if (stop - start < part.length) return small_int(-1);
    ptrdiff_t at = backwards ? stop - part.length : start, step = backwards ? -1 : 1;
    if (!backwards && part.length) {
        const char *found = memmem(m->data + start, (size_t)(stop - start), part.data, (size_t)part.length);
        return int_value(t, found ? found - m->data : -1);
    }
    for (; at >= start && at + part.length <= stop; at += step)
        if (memcmp(m->data + at, part.data, (size_t)part.length) == 0) return int_value(t, at);
    return small_int(-1);
}
static Value mmap_find(Thread *t, Value self, const Value *args) { return seek_part(t, self, args, false); }
static Value mmap_rfind(Thread *t, Value self, const Value *args) { return seek_part(t, self, args, true); }

// ---- As memory
static Value mmap_flush(Thread *t, Value self, const Value *args)
{
    Mmap *m = as_mmap(self);
    ptrdiff_t offset, length = (ptrdiff_t)m->size;
    if (!object_as_index(t, args[0], &offset, &exc_OverflowError) || (!is_unbound(args[1]) && !object_as_index(t, args[1], &length, &exc_OverflowError)) || !need_open(t, m)) return ERROR;
    if (offset < 0 || length < 0 || (ptrdiff_t)m->size - offset < length) return raise_value_error(t, "flush values out of range");
    if (m->access == MMAP_READ || m->access == MMAP_COPY) return NONE;
    char *start = m->data + offset;
    int failed, result;
    m->exports++;                // nobody unmaps it meanwhile
    BLOCKING(t, GIL_FILE, { result = msync(start, (size_t)length, MS_SYNC); failed = result < 0 ? errno : 0; });
    m->exports--;
    return failed ? raise_errno(t, failed) : NONE;
}
static Value mmap_move(Thread *t, Value self, const Value *args)
{
    Mmap *m = as_mmap(self);
    ptrdiff_t words[3];
    for (size_t i = 0; i < 3; i++)
        if (!object_as_index(t, args[i], &words[i], &exc_OverflowError)) return ERROR;
    ptrdiff_t to = words[0], from = words[1], count = words[2], size = (ptrdiff_t)m->size;
    if (!need_open(t, m) || !need_writable(t, m)) return ERROR;
    if (to < 0 || from < 0 || count < 0 || size - to < count || size - from < count) return raise_value_error(t, "source, destination, or count out of range");
    if (count) memmove(m->data + to, m->data + from, (size_t)count);
    return NONE;
}
static Value mmap_resize(Thread *t, Value self, const Value *args)
{
    Mmap *m = as_mmap(self);
    ptrdiff_t size;
    if (!object_as_index(t, args[0], &size, &exc_OverflowError) || !need_open(t, m) || !need_resizable(t, m)) return ERROR;
    if (size < 0 || PTRDIFF_MAX - size < m->offset) return raise_value_error(t, "new size out of range");
    if (m->fd == -1 && !(m->flags & MAP_PRIVATE) && (size_t)size > m->size) return raise_value_error(t, "mmap: can't expand a shared anonymous mapping on Linux");
    if (m->fd != -1 && ftruncate(m->fd, m->offset + size) != 0) return raise_errno(t, errno);
    char *data = mremap(m->data, m->size, (size_t)size, MREMAP_MAYMOVE);
    if (data == MAP_FAILED) return raise_errno(t, errno);
    m->data = data;
    m->size = (size_t)size;
    return NONE;
}
static Value mmap_madvise(Thread *t, Value self, const Value *args)
{
    Mmap *m = as_mmap(self);
    int advice;
    ptrdiff_t start = 0, length = (ptrdiff_t)m->size;
    if (!int_as_int(t, args[0], &advice) || !object_as_index(t, args[1], &start, &exc_OverflowError) ||
        (!is_unbound(args[2]) && !object_as_index(t, args[2], &length, &exc_OverflowError)) || !need_open(t, m)) return ERROR;
    if (start < 0 || (size_t)start >= m->size) return raise_value_error(t, "madvise start out of bounds");
    if (length < 0) return raise_value_error(t, "madvise length invalid");
    if (PTRDIFF_MAX - start < length) return raise_error(t, &exc_OverflowError, "madvise length too large");
    if ((size_t)(start + length) > m->size) length = (ptrdiff_t)m->size - start;
    return madvise(m->data + start, (size_t)length, advice) != 0 ? raise_errno(t, errno) : NONE;
}

// ---- As a sequence
static ptrdiff_t mmap_length(Thread *t, Value self) { return need_open(t, as_mmap(self)) ? (ptrdiff_t)as_mmap(self)->size : -1; }
static bool index_from(Thread *t, Mmap *m, Value key, ptrdiff_t *index)
{
    if (!object_as_index(t, key, index, &exc_IndexError) || !need_open(t, m)) return false;
    if (*index < 0) *index += (ptrdiff_t)m->size;
    return (*index >= 0 && (size_t)*index < m->size) || error_false(raise_error(t, &exc_IndexError, "mmap index out of range"));
}
static Value mmap_get_item(Thread *t, Value self, Value key)
{
    Mmap *m = as_mmap(self);
    ptrdiff_t start, stop, step, count;
    if (!need_open(t, m)) return ERROR;
    if (!is_slice(key)) {
        if (!is_int(key) && !type_of(key)->slots.index) return raise_type_error(t, "mmap indices must be integers");
        return index_from(t, m, key, &start) ? small_int((uint8_t)m->data[start]) : ERROR;
    }
    if (!slice_read(t, as_slice(key), &start, &stop, &step) || !need_open(t, m)) return ERROR;
    count = (ptrdiff_t)slice_clip_bounds(m->size, &start, &stop, step);
    if (step == 1) return bytes_from(t, m->data + start, (size_t)count);
    Value result = bytes_from(t, NULL, (size_t)count);
    for (ptrdiff_t i = 0; i < count && !is_error(result); i++) bytes_data(result)[i] = m->data[start + i * step];
    return result;
}
static bool mmap_set_item(Thread *t, Value self, Value key, Value item)
{
    Mmap *m = as_mmap(self);
    ptrdiff_t start, stop, step, count;
    if (!need_open(t, m) || !need_writable(t, m)) return false;
    if (is_unbound(item)) return error_false(raise_type_error(t, is_slice(key) ? "mmap object doesn't support slice deletion" : "mmap object doesn't support item deletion"));
    if (!is_slice(key)) {
        int64_t byte;
        if (!is_int(key) && !type_of(key)->slots.index) return error_false(raise_type_error(t, "mmap indices must be integers"));
        if (!index_from(t, m, key, &start)) return false;
        if (!is_int(item) && !type_of(item)->slots.index) return error_false(raise_type_error(t, "mmap item value must be an int"));
        if (!int_as_i64(t, item, &byte)) return false;
        if (byte < 0 || byte > 255) return error_false(raise_value_error(t, "mmap item value must be in range(0, 256)"));
        if (!index_from(t, m, key, &start)) return false;
        m->data[start] = (char)byte;
        return true;
    }
    OWN_BUFFER Buffer data = {0};
    if (!slice_read(t, as_slice(key), &start, &stop, &step) || !buffer_get(t, item, &data, 0) || !need_open(t, m)) return false;
    count = (ptrdiff_t)slice_clip_bounds(m->size, &start, &stop, step);
    if (data.length != count) return error_false(raise_error(t, &exc_IndexError, "mmap slice assignment is wrong size"));
    if (step == 1 && count) memmove(m->data + start, data.data, (size_t)count);
    else
        for (ptrdiff_t i = 0; i < count; i++) m->data[start + i * step] = data.data[i];
    return true;
}
static bool mmap_get_buffer(Thread *t, Value self, Buffer *buffer, int flags)
{
    Mmap *m = as_mmap(self);
    if (!need_open(t, m)) return false;
    if ((flags & BUFFER_WRITABLE) && m->access == MMAP_READ) return error_false(raise_error(t, &exc_BufferError, "Object is not writable."));
    *buffer = (Buffer){.owner = retain(self), .data = m->data, .length = (ptrdiff_t)m->size, .item_size = 1, .format = "B", .dimensions = 1, .readonly = m->access == MMAP_READ};
    m->exports++;
    return true;
}
static void mmap_release_buffer(Value self, Buffer *buffer) { as_mmap(self)->exports--; }

static Value mmap_enter(Thread *t, Value self, const Value *args) { return need_open(t, as_mmap(self)) ? retain(self) : ERROR; }
static Value mmap_closed(Thread *t, Value self) { return bool_value(!as_mmap(self)->data); }
static Value mmap_sizeof(Thread *t, Value self, const Value *args) { return int_value(t, sizeof(Mmap)); }
static Value mmap_repr(Thread *t, Value self)
{
    static const char *const names_of_access[] = {"ACCESS_DEFAULT", "ACCESS_READ", "ACCESS_WRITE", "ACCESS_COPY"};
    Mmap *m = as_mmap(self);
    const char *access = names_of_access[m->access];
    if (!m->data) return str_format(t, "<mmap.mmap closed=True>");
    return str_format(t, "<mmap.mmap closed=False, access=%s, length=%zu, pos=%zu, offset=%ld>", access, m->size, m->position, (long)m->offset);
}
static const Method methods[] = {
    {"close", mmap_close, "(self)", "Close the map."}, {"read", mmap_read, "(self, n=None, /)", "Up to n bytes from the position on."},
    {"readline", mmap_readline, "(self)", "The bytes up to the next line end."}, {"read_byte", mmap_read_byte, "(self)", "The byte at the position, as an int."},
    {"write", mmap_write, "(self, bytes, /)", "Write at the position."}, {"write_byte", mmap_write_byte, "(self, byte, /)", "Write one byte at the position."},
    {"seek", mmap_seek, "(self, pos, whence=0, /)", "Set the position."}, {"tell", mmap_tell, "(self)", "The position."}, {"size", mmap_size, "(self)", "The size of the file."},
    {"find", mmap_find, "(self, sub, start=<unset>, end=<unset>, /)", "Where the bytes stand first, or -1."},
    {"rfind", mmap_rfind, "(self, sub, start=<unset>, end=<unset>, /)", "Where the bytes stand last, or -1."},
    {"flush", mmap_flush, "(self, offset=0, size=<unset>, /)", "Write changes to the file."}, {"move", mmap_move, "(self, dest, src, count, /)", "Copy bytes within the map."},
    {"resize", mmap_resize, "(self, newsize, /)", "Change the size of the map, and of the file."}, {"madvise", mmap_madvise, "(self, option, start=0, length=<unset>, /)", "Tell the kernel how the memory is used."},
    {"__enter__", mmap_enter, "(self)", "The object itself."}, {"__exit__", mmap_close, "(self, exc_type=None, exc_value=None, exc_tb=None, /)", "Closes it."}, {"__sizeof__", mmap_sizeof, "(self)", "Its size in memory."},
    {0},
};
static const GetSet getsets[] = {{"closed", mmap_closed, NULL, "whether it is closed"}, {0}};
static const TypeSpec mmap_type_spec = {
    .name = "mmap.mmap",
    .doc = "Maps length bytes from the file that the descriptor stands for; -1 maps anonymous memory.",
    .size = sizeof(Mmap),
    .flags = TYPE_BASE | TYPE_HAS_WEAKREFS | TYPE_SEQUENCE,
    .slots = {.repr = mmap_repr, .finish = mmap_finish, .length = mmap_length, .get_item = mmap_get_item, .set_item = mmap_set_item, .get_buffer = mmap_get_buffer, .release_buffer = mmap_release_buffer},
    .methods = methods,
    .getsets = getsets,
    .new_signature = "(fileno, length, flags=<unset>, prot=<unset>, access=0, offset=0)",
    .construct = mmap_construct,
};
static const NamedInt constants[] = {
    {"ACCESS_DEFAULT", MMAP_DEFAULT}, {"ACCESS_READ", MMAP_READ}, {"ACCESS_WRITE", MMAP_WRITE}, {"ACCESS_COPY", MMAP_COPY},
    NAMED_INT(MADV_DODUMP), NAMED_INT(MADV_DOFORK), NAMED_INT(MADV_DONTDUMP), NAMED_INT(MADV_DONTFORK), NAMED_INT(MADV_DONTNEED),
    NAMED_INT(MADV_FREE), NAMED_INT(MADV_HUGEPAGE), NAMED_INT(MADV_HWPOISON), NAMED_INT(MADV_MERGEABLE), NAMED_INT(MADV_NOHUGEPAGE),
    NAMED_INT(MADV_NORMAL), NAMED_INT(MADV_RANDOM), NAMED_INT(MADV_REMOVE), NAMED_INT(MADV_SEQUENTIAL), NAMED_INT(MADV_UNMERGEABLE),
    NAMED_INT(MADV_WILLNEED), NAMED_INT(MAP_ANON), NAMED_INT(MAP_ANONYMOUS), NAMED_INT(MAP_DENYWRITE), NAMED_INT(MAP_EXECUTABLE),
    NAMED_INT(MAP_POPULATE), NAMED_INT(MAP_PRIVATE), NAMED_INT(MAP_SHARED), NAMED_INT(MAP_STACK), NAMED_INT(PROT_EXEC), NAMED_INT(PROT_READ),
    NAMED_INT(PROT_WRITE),
};
static bool start(Thread *t, Value module)
{
    if (mmap_type.version == 0 && !type_prepare(t, &mmap_type, &mmap_type_spec)) return false;
    long page = sysconf(_SC_PAGESIZE);
    return module_add_ints(t, module, constants, COUNT_OF(constants)) && module_add_int(t, module, "PAGESIZE", page) && module_add_int(t, module, "ALLOCATIONGRANULARITY", page) &&
           module_add(t, module, "error", retain(type_value(&exc_OSError))) && module_add_type(t, module, &mmap_type);
}
extern const ModuleSpec mmap_spec;
const ModuleSpec mmap_spec = {.name = "mmap", .doc = "Files and memory as mutable bytes.", .functions = NULL, .start = start};
