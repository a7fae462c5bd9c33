// SPDX-License-Identifier: MIT
// stdlib/multiprocessing/_posixshmem.c: memory that processes share by a name.
#include <errno.h>
#include <sys/mman.h>

#include "runtime/call.h"
#include "runtime/error.h"
#include "runtime/types/int.h"
#include "runtime/types/module.h"
#include "runtime/types/str.h"

// The name for the system, to be freed; NULL: raised.
static char *name_from(Thread *t, Value v, const char *function)
{
    if (!is_str(v)) return error_null(raise_type_error(t, "%s() argument 'path' must be str, not %.200s", function, type_of(v)->name));
    size_t length;
    return str_to_os(t, as_str(v), &length);
}

static Value shm_open_name(Thread *t, Value self, const Value *args)
{
    int flags, mode, fd, failed;
    OWN_MEMORY char *name = name_from(t, args[0], "shm_open");
    if (!name || !int_as_int(t, args[1], &flags) || !int_as_int(t, args[2], &mode)) return ERROR;
    do {
        BLOCKING(t, GIL_FILE, {
            fd = shm_open(name, flags, (mode_t)mode);
            failed = fd < 0 ? errno : 0;
        });
        if (failed == EINTR && !signals_poll(t)) return ERROR;
    } while (failed == EINTR);
    return failed ? raise_errno_path(t, failed, args[0], UNBOUND) : small_int(fd);
}
static Value shm_unlink_name(Thread *t, Value self, const Value *args)
{
    int failed;
    OWN_MEMORY char *name = name_from(t, args[0], "shm_unlink");
    if (!name) return ERROR;
    do {
        BLOCKING(t, GIL_FILE, failed = shm_unlink(name) ? errno : 0);
        if (failed == EINTR && !signals_poll(t)) return ERROR;
    } while (failed == EINTR);
    return failed ? raise_errno_path(t, failed, args[0], UNBOUND) : NONE;
}

static const Method functions[] = {
    {"shm_open", shm_open_name, "(path, flags, mode=511)", "Open a shared memory object.  Returns a file descriptor (integer)."},
    {"shm_unlink", shm_unlink_name, "(path)", "Remove a shared memory object (similar to unlink())."},
    {0},
};
extern const ModuleSpec _posixshmem_spec;
const ModuleSpec _posixshmem_spec = {.name = "_posixshmem", .doc = "POSIX shared memory", .functions = functions};
