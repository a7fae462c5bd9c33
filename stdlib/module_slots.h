// SPDX-License-Identifier: MIT
// stdlib/module_slots.h: what native modules keep for each interpreter: the numbers of Interp.module_slots, by name.
#ifndef BATON_STDLIB_MODULE_SLOTS_H
#define BATON_STDLIB_MODULE_SLOTS_H

#include "runtime/thread.h"

enum ModuleSlot {
    SLOT_ASYNCIO_CANCELLED_ERROR, SLOT_ASYNCIO_INVALID_STATE_ERROR,    // classes
    SLOT_ASYNCIO_REPR,                    // function of the Python half
    SLOT_ATEXIT_CALLS,                    // list of (function, args, kwargs)
    SLOT_BINASCII_ERROR,                  // class
    SLOT_CSV_ERROR, SLOT_CSV_DIALECTS, SLOT_CSV_FIELD_LIMIT,
    SLOT_DATETIME_UTC,                    // timezone.utc
    SLOT_DBM_ERROR, SLOT_GDBM_ERROR,     // classes
    SLOT_DECIMAL_STATE,                   // a DecimalState
    SLOT_EXPAT_ERROR,                     // class
    SLOT_FAULT_FILE, SLOT_FAULT_LATER_FILE, SLOT_FAULT_SIGNAL_FILES,    // kept open while their descriptors are in use
    SLOT_GC_CALLBACKS, SLOT_GC_THRESHOLDS, SLOT_GC_DEBUG, SLOT_GC_FROZEN,
    SLOT_GRP_GROUP,                       // struct sequence
    SLOT_GIL_ASK, SLOT_GIL_TAPE,          // of a controlled run: the function that chooses, the Tape
    SLOT_IO_UNSUPPORTED,                  // the class UnsupportedOperation
    SLOT_LOCALE_ERROR,                    // class
    SLOT_LSPROF_ENTRY, SLOT_LSPROF_SUBENTRY,    // struct sequences
    SLOT_LZMA_ERROR,                      // class
    SLOT_POSIX_STAT_RESULT, SLOT_POSIX_TERMINAL_SIZE, SLOT_POSIX_UNAME_RESULT, SLOT_POSIX_TIMES_RESULT, SLOT_POSIX_STATVFS_RESULT,
    SLOT_POSIX_SCHED_PARAM,               // struct sequences
    SLOT_SIGNAL_SIGINFO, SLOT_POSIX_WAITID_RESULT, SLOT_POSIX_FORK_HOOKS,
    SLOT_PWD_PASSWD, SLOT_RESOURCE_USAGE, // struct sequences
    SLOT_READLINE_COMPLETER, SLOT_READLINE_STARTUP_HOOK, SLOT_READLINE_INPUT_HOOK, SLOT_READLINE_DISPLAY_HOOK,    // functions
    SLOT_SOCKET_GAIERROR, SLOT_SOCKET_HERROR,      // classes
    SLOT_SOCKET_DEFAULT_TIMEOUT,          // nanoseconds; UNBOUND: none
    SLOT_SPWD_SPWD,
    SLOT_SQLITE_NAMESPACE,                // dict of the module
    SLOT_SSL_ZERO_RETURN, SLOT_SSL_WANT_READ, SLOT_SSL_WANT_WRITE, SLOT_SSL_SYSCALL, SLOT_SSL_EOF, SLOT_SSL_CERT_VERIFICATION,   // classes
    SLOT_STRUCT_ERROR, SLOT_STRUCT_CACHE,
    SLOT_SYSLOG_NAME,                     // bytes that the C library points to
    SLOT_TERMIOS_ERROR,
    SLOT_THREAD_AFTER_FORK,
    SLOT_TIME_STRUCT_TIME,
    SLOT_UNPICKLING_ERROR,                // class
    SLOT_ZLIB_ERROR,                      // class
    MODULE_SLOT_COUNT
};
_Static_assert(MODULE_SLOT_COUNT <= MODULE_SLOTS, "raise MODULE_SLOTS in runtime/thread.h");

#endif
