// SPDX-License-Identifier: MIT
// stdlib/posix/posix.h: what the files of the module share.
#ifndef BATON_STDLIB_POSIX_POSIX_H
#define BATON_STDLIB_POSIX_POSIX_H

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/buffer.h"
#include "runtime/call.h"
#include "runtime/error.h"
#include "runtime/heap.h"
#include "runtime/thread.h"
#include "runtime/types/bytes.h"
#include "runtime/types/dict.h"
#include "runtime/types/float.h"
#include "runtime/types/int.h"
#include "runtime/types/list.h"
#include "runtime/types/module.h"
#include "runtime/types/str.h"
#include "runtime/types/tuple.h"
#include "stdlib/module_slots.h"

// A path argument: str, bytes, something with __fspath__, or (where `fd_allowed`) a descriptor.
typedef struct Path { char *text; int fd; bool is_bytes; Value object; } Path;    // text NULL: fd holds; object borrowed, for messages
NEEDS_GIL MAY_RAISE bool path_from(Thread *t, Value v, const char *function, const char *argument, bool fd_allowed, bool none_allowed, Path *path);
void path_end(Path *path);
#define OWN_PATH __attribute__((cleanup(path_end)))

NEEDS_GIL MAY_RAISE bool fd_from(Thread *t, Value v, int *fd);                  // an int, or an object with fileno()
NEEDS_GIL MAY_RAISE bool dir_fd_from(Thread *t, Value v, int *fd);              // None: AT_FDCWD
NEEDS_GIL NEW_REF Value path_result(Thread *t, const char *text, bool as_bytes); // str or bytes
NEEDS_GIL NEW_REF Value stat_value(Thread *t, const struct stat *status);       // os.stat_result

// One system call that may block, tried again after a signal whose handler did not raise. `failed` is an int lvalue: errno, 0.
#define SYSTEM_CALL(t, reason, failed, result, expression) \
    do { \
        BLOCKING(t, reason, { (result) = (expression); (failed) = (result) < 0 ? errno : 0; }); \
    } while ((failed) == EINTR && signals_poll(t)); \
    if ((failed) == EINTR) return ERROR

// The same for a call that may wait for a descriptor, which a controlled run knows about.
#define SYSTEM_CALL_ON(t, reason, fd, event, failed, result, expression) \
    do { \
        ScheduleIo io_; \
        if (!schedule_io_begins(t, &io_, fd, event)) return ERROR; \
        BLOCKING(t, reason, { (result) = (expression); (failed) = (result) < 0 ? errno : 0; }); \
        if (schedule_io_ends(&io_, (failed) != 0)) (failed) = EINTR; \
    } while ((failed) == EINTR && signals_poll(t)); \
    if ((failed) == EINTR) return ERROR

NEEDS_GIL NEW_REF char **posix_environment_from(Thread *t, Value mapping);
// Words for exec from a tuple or list of str and bytes, NULL at the end; posix_words_free() frees them. NULL: raised.
NEEDS_GIL NEW_REF char **posix_words_from(Thread *t, Value v, const char *function);
void posix_words_free(char **words);
NEEDS_GIL void posix_fork_hooks_before(Thread *t);                              // what register_at_fork() was given
NEEDS_GIL void posix_fork_hooks_after(Thread *t, bool in_child);
NEEDS_GIL MAY_RAISE bool posix_pty_pair(Thread *t, int *master, int *slave);

extern const Method posix_file_functions[], posix_path_functions[], posix_process_functions[], posix_more_functions[], posix_owner_functions[], posix_name_functions[];
NEEDS_GIL MAY_RAISE bool posix_names_start(Thread *t, Value module);
NEEDS_GIL MAY_RAISE bool posix_types_start(Thread *t, Value module);            // stat_result and the like
NEEDS_GIL MAY_RAISE bool posix_scandir_start(Thread *t, Value module);
NEEDS_GIL NEW_REF Value posix_scandir(Thread *t, Value self, const Value *args);


#endif
