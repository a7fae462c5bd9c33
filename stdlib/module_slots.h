// SPDX-License-Identifier: MIT
// stdlib/module_slots.h: what native modules keep for each interpreter: the numbers of Interp.module_slots, by name.
#ifndef BATON_STDLIB_MODULE_SLOTS_H
#define BATON_STDLIB_MODULE_SLOTS_H

#include "runtime/thread.h"

enum ModuleSlot {
    SLOT_ASYNCIO_CANCELLED_ERROR, SLOT_ASYNCIO_INVALID_STATE_ERROR,    // classes
    SLOT_ASYNCIO_REPR,                    // function of the Python half
    SLOT_ATEXIT_CALLS,                    // list of (function, args, kwargs)
    SLOT_GC_CALLBACKS, SLOT_GC_THRESHOLDS, SLOT_GC_DEBUG, SLOT_GC_FROZEN,
    SLOT_GIL_ASK, SLOT_GIL_TAPE,          // of a controlled run: the function that chooses, the Tape
    SLOT_IO_UNSUPPORTED,                  // the class UnsupportedOperation
    SLOT_POSIX_STAT_RESULT, SLOT_POSIX_TERMINAL_SIZE, SLOT_POSIX_UNAME_RESULT, SLOT_POSIX_TIMES_RESULT, SLOT_POSIX_STATVFS_RESULT,
    SLOT_POSIX_SCHED_PARAM,               // struct sequences
    SLOT_POSIX_FORK_HOOKS,
    SLOT_STRUCT_ERROR, SLOT_STRUCT_CACHE,
    SLOT_THREAD_AFTER_FORK,
    SLOT_TIME_STRUCT_TIME,
    MODULE_SLOT_COUNT
};
_Static_assert(MODULE_SLOT_COUNT <= MODULE_SLOTS, "raise MODULE_SLOTS in runtime/thread.h");

#endif
