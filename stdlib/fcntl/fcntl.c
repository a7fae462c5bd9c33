// SPDX-License-Identifier: MIT
// stdlib/fcntl/fcntl.c: fcntl, ioctl and locks of files. Every call lets the GIL go, since a lock may be waited for.
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/ioctl.h>

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
#include "stdlib/descriptor.h"

#define ROOM 1024              // bytes that a call may write to: the command's own structure is never larger

// Makes the call until no signal interrupts it. `call_it` is an expression of fd and gives -1 and errno.
#define FILE_CALL(result, call_it) \
    do { \
        BLOCKING(t, GIL_FILE, { result = (call_it); failed = result < 0 ? errno : 0; }); \
    } while (failed == EINTR && signals_poll(t)); \
    if (failed) return failed == EINTR ? ERROR : raise_errno(t, failed)

// The text of a str or bytes argument.
static Value text_bytes(Thread *t, Value v) { return is_str(v) ? str_encode(t, as_str(v), "utf-8", NULL) : retain(v); }

static Value fcntl_fcntl(Thread *t, Value self, const Value *args)
{
    int fd, command, failed, result;
    int64_t number = 0;
    if (!descriptor_from(t, args[0], &fd) || !int_as_int(t, args[1], &command)) return ERROR;
    if (is_str(args[2]) || is_bytes(args[2])) {
        char data[ROOM + 1] = {0};
        OWN Value text = text_bytes(t, args[2]);
        if (is_error(text)) return ERROR;
        size_t length = bytes_length(text);
        if (length > ROOM) return raise_value_error(t, "fcntl string arg too long");
        memcpy(data, bytes_data(text), length);
        FILE_CALL(result, fcntl(fd, command, data));
        return bytes_from(t, data, length);
    }
    if (!int_as_i64(t, args[2], &number)) return ERROR;
    FILE_CALL(result, fcntl(fd, command, number));
    return small_int(result);
}

// On memory of the caller's: in place where it is long enough, else over a copy.
static Value ioctl_memory(Thread *t, int fd, unsigned long request, Buffer *memory)
{
    int failed, result;
    if (memory->length >= ROOM) {
        char *data = memory->data;
        FILE_CALL(result, ioctl(fd, request, data));
        return small_int(result);
    }
    char data[ROOM + 1] = {0};
    size_t length = (size_t)memory->length;
    memcpy(data, memory->data, length);
    FILE_CALL(result, ioctl(fd, request, data));
    memcpy(memory->data, data, length);
    return small_int(result);
}
static Value ioctl_text(Thread *t, int fd, unsigned long request, const char *text, size_t length)
{
    int failed, result;
    char data[ROOM + 1] = {0};
    if (length > ROOM) return raise_value_error(t, "ioctl string arg too long");
    memcpy(data, text, length);
    FILE_CALL(result, ioctl(fd, request, data));
    return bytes_from(t, data, length);
}
static Value fcntl_ioctl(Thread *t, Value self, const Value *args)
{
    int fd, failed, result, mutate = object_truth(t, args[3]);
    int64_t number;
    if (mutate < 0 || !descriptor_from(t, args[0], &fd)) return ERROR;
    if (!is_int(args[1])) return raise_type_error(t, "an integer is required (got type %T)", args[1]);
    unsigned long request = (uint32_t)int_low_bits(args[1]);
    if (is_int(args[2])) {
        if (!int_as_i64(t, args[2], &number)) return ERROR;
        FILE_CALL(result, ioctl(fd, request, number));
        return small_int(result);
    }
    OWN_BUFFER Buffer memory = {0};
    if (!is_str(args[2]) && is_buffer(args[2]) && !is_bytes(args[2])) {
        if (buffer_get(t, args[2], &memory, BUFFER_WRITABLE))
            return mutate ? ioctl_memory(t, fd, request, &memory) : ioctl_text(t, fd, request, memory.data, (size_t)memory.length);
        error_clear(t);
    }
    OWN Value text = text_bytes(t, args[2]);
    if (is_error(text) || !buffer_get(t, text, &memory, 0)) {
        if (!is_error(text) && error_clear_if(t, &exc_TypeError)) raise_type_error(t, "ioctl requires a file or file descriptor, an integer and optionally an integer or buffer argument");
        return ERROR;
    }
    return ioctl_text(t, fd, request, memory.data, (size_t)memory.length);
}
static Value fcntl_flock(Thread *t, Value self, const Value *args)
{
    int fd, operation, failed, result;
    if (!descriptor_from(t, args[0], &fd) || !int_as_int(t, args[1], &operation)) return ERROR;
    FILE_CALL(result, flock(fd, operation));
    return NONE;
}
static Value fcntl_lockf(Thread *t, Value self, const Value *args)
{
    int fd, operation, whence, failed, result;
    int64_t length = 0, start = 0;
    if (!descriptor_from(t, args[0], &fd) || !int_as_int(t, args[1], &operation) || !int_as_int(t, args[4], &whence)) return ERROR;
    if (!int_as_i64(t, args[2], &length) || !int_as_i64(t, args[3], &start)) return ERROR;
    struct flock lock = {.l_whence = (short)whence, .l_start = start, .l_len = length};
    if (operation == LOCK_UN) lock.l_type = F_UNLCK;
    else if (operation & LOCK_SH) lock.l_type = F_RDLCK;
    else if (operation & LOCK_EX) lock.l_type = F_WRLCK;
    else return raise_value_error(t, "unrecognized lockf argument");
    FILE_CALL(result, fcntl(fd, operation & LOCK_NB ? F_SETLK : F_SETLKW, &lock));
    return NONE;
}
static const Method functions[] = {
    {"fcntl", fcntl_fcntl, "(fd, cmd, arg=0, /)", "Perform an operation on a descriptor: an int, or bytes where bytes were given."},
    {"ioctl", fcntl_ioctl, "(fd, request, arg=0, mutate_flag=True, /)", "Perform a device operation; a writable buffer is changed in place."},
    {"flock", fcntl_flock, "(fd, operation, /)", "Lock or unlock a whole file."},
    {"lockf", fcntl_lockf, "(fd, cmd, len=0, start=0, whence=0, /)", "Lock or unlock a part of a file."},
    {0},
};
static const NamedInt constants[] = {
    NAMED_INT(DN_ACCESS), NAMED_INT(DN_ATTRIB), NAMED_INT(DN_CREATE), NAMED_INT(DN_DELETE), NAMED_INT(DN_MODIFY), NAMED_INT(DN_MULTISHOT),
    NAMED_INT(DN_RENAME), NAMED_INT(FASYNC), NAMED_INT(FD_CLOEXEC), NAMED_INT(F_ADD_SEALS), NAMED_INT(F_DUPFD), NAMED_INT(F_DUPFD_CLOEXEC),
    NAMED_INT(F_EXLCK), NAMED_INT(F_GETFD), NAMED_INT(F_GETFL), NAMED_INT(F_GETLEASE), NAMED_INT(F_GETLK), NAMED_INT(F_GETLK64), NAMED_INT(F_GETOWN),
    NAMED_INT(F_GETPIPE_SZ), NAMED_INT(F_GETSIG), NAMED_INT(F_GET_SEALS), NAMED_INT(F_NOTIFY), NAMED_INT(F_OFD_GETLK), NAMED_INT(F_OFD_SETLK),
    NAMED_INT(F_OFD_SETLKW), NAMED_INT(F_RDLCK), NAMED_INT(F_SEAL_GROW), NAMED_INT(F_SEAL_SEAL), NAMED_INT(F_SEAL_SHRINK), NAMED_INT(F_SEAL_WRITE),
    NAMED_INT(F_SETFD), NAMED_INT(F_SETFL), NAMED_INT(F_SETLEASE), NAMED_INT(F_SETLK), NAMED_INT(F_SETLK64), NAMED_INT(F_SETLKW),
    NAMED_INT(F_SETLKW64), NAMED_INT(F_SETOWN), NAMED_INT(F_SETPIPE_SZ), NAMED_INT(F_SETSIG), NAMED_INT(F_SHLCK), NAMED_INT(F_UNLCK),
    NAMED_INT(F_WRLCK), NAMED_INT(LOCK_EX), NAMED_INT(LOCK_MAND), NAMED_INT(LOCK_NB), NAMED_INT(LOCK_READ), NAMED_INT(LOCK_RW), NAMED_INT(LOCK_SH),
    NAMED_INT(LOCK_UN), NAMED_INT(LOCK_WRITE),
};
static bool start(Thread *t, Value module) { return module_add_ints(t, module, constants, COUNT_OF(constants)); }
extern const ModuleSpec fcntl_spec;
const ModuleSpec fcntl_spec = {.name = "fcntl", .doc = "Control of files and their locks.", .functions = functions, .start = start};
