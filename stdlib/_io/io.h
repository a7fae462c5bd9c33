// SPDX-License-Identifier: MIT
// stdlib/_io/io.h: the layouts and helpers that the files of the module share.
#ifndef BATON_STDLIB_IO_IO_H
#define BATON_STDLIB_IO_IO_H

#include "runtime/buffer.h"
#include "runtime/call.h"
#include "runtime/error.h"
#include "runtime/heap.h"
#include "runtime/lock.h"
#include "runtime/types/bytes.h"
#include "runtime/types/dict.h"
#include "runtime/types/int.h"
#include "runtime/types/list.h"
#include "runtime/types/module.h"
#include "runtime/types/str.h"
#include "runtime/types/tuple.h"
#include "stdlib/module_slots.h"

typedef struct IoBase { Object head; Attrs attrs; bool closed, finalizing; } IoBase;    // closed: by IOBase.close itself; finalizing: nobody closed it

typedef struct FileIO {
    IoBase base;
    int fd;                    // -1: closed
    bool readable, writable, appending, created, close_fd;
    signed char seekable;      // -1: not known
} FileIO;

extern Type iobase_type, rawiobase_type, bufferediobase_type, textiobase_type, fileio_type, bytesio_type, stringio_type, buffered_reader_type,
    buffered_writer_type, buffered_random_type, buffered_pair_type, textiowrapper_type, incremental_newline_type;
extern const TypeSpec iobase_spec, rawiobase_spec, bufferediobase_spec, textiobase_spec, fileio_spec, bytesio_spec, stringio_spec, buffered_reader_spec,
    buffered_writer_spec, buffered_random_spec, buffered_pair_spec, textiowrapper_spec, incremental_newline_spec;

#define IO_DEFAULT_BUFFER 8192

#define IO_NAME(text) OWN_POINTER Str *text##_name = str_intern_text(t, #text, sizeof #text - 1)
NEEDS_GIL COLD Value io_unsupported(Thread *t, const char *what);
NEEDS_GIL MAY_RAISE int io_is_closed(Thread *t, Value file);                        // file.closed: 0, 1, -1
NEEDS_GIL Value io_raw_of(Value file);                                              // the raw stream of a buffered file of ours, borrowed; else the file itself
NEEDS_GIL MAY_RAISE bool io_check_open(Thread *t, Value file);                      // ValueError: I/O operation on closed file.
NEEDS_GIL NEW_REF Value io_call(Thread *t, Value file, const char *method, const Value *args, size_t nargs);
NEEDS_GIL MAY_RAISE bool io_ask(Thread *t, Value file, const char *question);       // file.readable() …; false also when it says no (nothing raised)
NEEDS_GIL MAY_RAISE bool io_size(Thread *t, Value v, ptrdiff_t *size);              // None: -1
NEEDS_GIL NEW_REF Value io_base_close(Thread *t, Value self, const Value *args);      // _IOBase.close: flushes, once
NEEDS_GIL void io_finalize(Thread *t, Value v);                                     // closes; for the slot finalize
// Closing a file in two steps, the second taken even if the first raised `first` (taken over; UNBOUND: it did not): NONE, or
// ERROR with the second's error, whose context is the first's.
NEEDS_GIL NEW_REF Value io_both(Thread *t, TAKES Value first, Value second);
NEEDS_GIL void io_warn_unclosed(Thread *t, Value stream, Value outermost);          // stream._dealloc_warn(outermost), if it has it; never raises

// FileIO without the detour through Python. Number of bytes; -1: raised; -2: would block.
NEEDS_GIL MAY_RAISE ptrdiff_t fileio_read_into(Thread *t, FileIO *file, char *data, size_t length);
NEEDS_GIL MAY_RAISE ptrdiff_t fileio_write_from(Thread *t, FileIO *file, const char *data, size_t length);
size_t fileio_block_size(FileIO *file);
static inline bool is_exact_fileio(Value v) { return is_object(v) && as_object(v)->type == &fileio_type; }

NEEDS_GIL NEW_REF Value io_newlines_met(Thread *t, unsigned seen);                  // 1 \n, 2 \r, 4 \r\n: what `newlines` shows
NEEDS_GIL NEW_REF Value io_open(Thread *t, Value self, const Value *args);

#endif
