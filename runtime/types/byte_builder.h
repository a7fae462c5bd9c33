// SPDX-License-Identifier: MIT
// runtime/types/byte_builder.h: building bytes piece by piece. Once an append has failed the rest do nothing, and finish gives ERROR.
#ifndef BATON_RUNTIME_TYPES_BYTE_BUILDER_H
#define BATON_RUNTIME_TYPES_BYTE_BUILDER_H

#include "runtime/heap.h"
#include "runtime/types/bytes.h"

typedef struct ByteBuilder { char *data; size_t length, capacity; bool failed; Thread *t; } ByteBuilder;

static inline void byte_builder_start(Thread *t, ByteBuilder *b) { *b = (ByteBuilder){.t = t}; }

// Room for `more` bytes behind the end, or NULL.
static inline char *byte_builder_reserve(ByteBuilder *b, size_t more)
{
    if (b->failed) return NULL;
    if (more > b->capacity - b->length) {
        size_t capacity = more > PTRDIFF_MAX / 4 ? more : b->length + more + (b->length + more) / 2 + 16;
        char *data = mem_reallocate(b->t, b->data, capacity);
        if (!data) {
            b->failed = true;
            return NULL;
        }
        b->data = data;
        b->capacity = capacity;
    }
    return b->data + b->length;
}

static inline void byte_builder_add(ByteBuilder *b, const char *data, size_t length)
{
    if (length == 0) return;
    char *to = byte_builder_reserve(b, length);
    if (!to) return;
    memcpy(to, data, length);
    b->length += length;
}

static inline void byte_builder_put(ByteBuilder *b, unsigned byte)
{
    char *to = byte_builder_reserve(b, 1);
    if (!to) return;
    *to = (char)byte;
    b->length++;
}

static inline void byte_builder_abandon(ByteBuilder *b)
{
    mem_free(b->data);
    *b = (ByteBuilder){.failed = true, .t = b->t};
}

NEEDS_GIL NEW_REF static inline Value byte_builder_finish(ByteBuilder *b)
{
    Value result = b->failed ? ERROR : bytes_from(b->t, b->data ? b->data : "", b->length);
    byte_builder_abandon(b);
    return result;
}

#endif
