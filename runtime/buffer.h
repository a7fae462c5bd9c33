// SPDX-License-Identifier: MIT
// runtime/buffer.h: the buffer protocol: memory of an object, shown to C code or to a memoryview.
#ifndef BATON_RUNTIME_BUFFER_H
#define BATON_RUNTIME_BUFFER_H

#include "runtime/type.h"

#define BUFFER_WRITABLE 1
#define BUFFER_DIMENSIONS_MAX 64

struct Buffer {
    Value owner;               // kept while the buffer is held; UNBOUND: nothing is held
    char *data;
    ptrdiff_t length;          // bytes
    ptrdiff_t item_size;
    const char *format;        // struct syntax; "B" for bytes. Valid while held
    int dimensions;
    ptrdiff_t *shape, *strides;    // NULL: one dimension, contiguous
    bool readonly;
    void *internal;
};

// Takes hold of v's memory: contiguous. False: TypeError "a bytes-like object is required, not 'X'".
NEEDS_GIL MAY_RAISE bool buffer_get(Thread *t, Value v, Buffer *buffer, int flags);
// The contents of v's memory as bytes, row by row: it need not be contiguous.
NEEDS_GIL NEW_REF Value buffer_to_bytes(Thread *t, Value v);
NEEDS_GIL void buffer_release(Buffer *buffer);         // does nothing when nothing is held
NEEDS_GIL bool is_buffer(Value v);
static inline void buffer_release_slot(Buffer *b) { buffer_release(b); }
#define OWN_BUFFER __attribute__((cleanup(buffer_release_slot)))   // OWN_BUFFER Buffer b = {0};

#endif
