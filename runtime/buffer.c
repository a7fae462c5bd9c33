// SPDX-License-Identifier: MIT
// runtime/buffer.c: the buffer protocol: taking hold of an object's memory and letting it go.
//
// A Buffer owns a reference to its owner while it is held, and the owner keeps the memory where it is until release.
#include "runtime/buffer.h"

#include "runtime/error.h"
#include "runtime/types/bytes.h"

bool is_buffer(Value v) { return is_object(v) && as_object(v)->type->slots.get_buffer != NULL; }

static bool is_contiguous(const Buffer *b)
{
    if (!b->strides) return true;
    ptrdiff_t expected = b->item_size;
    for (int i = b->dimensions - 1; i >= 0; i--) {
        if (b->shape[i] == 0) return true;
        if (b->shape[i] > 1 && b->strides[i] != expected) return false;
        expected *= b->shape[i];
    }
    return true;
}

bool buffer_get(Thread *t, Value v, Buffer *buffer, int flags)
{
    *buffer = (Buffer){0};
    if (!is_buffer(v)) return error_false(raise_type_error(t, "a bytes-like object is required, not '%.100T'", v));
    bool got = as_object(v)->type->slots.get_buffer(t, v, buffer, flags);
    if (!got) {
        *buffer = (Buffer){0};
        if (flags & BUFFER_WRITABLE && error_clear_if(t, &exc_BufferError))
            raise_type_error(t, "a read-write bytes-like object is required, not '%.100T'", v);
        return false;
    }
    if (is_contiguous(buffer)) return true;
    buffer_release(buffer);
    return error_false(raise_error(t, &exc_BufferError, "memoryview: underlying buffer is not C-contiguous"));
}

static char *gather(const Buffer *b, const char *from, int dimension, char *to)
{
    if (dimension == b->dimensions) return memcpy(to, from, (size_t)b->item_size), to + b->item_size;
    for (ptrdiff_t i = 0; i < b->shape[dimension]; i++) to = gather(b, from + i * b->strides[dimension], dimension + 1, to);
    return to;
}

Value buffer_to_bytes(Thread *t, Value v)
{
    if (!is_buffer(v)) return raise_type_error(t, "a bytes-like object is required, not '%.100T'", v);
    OWN_BUFFER Buffer b = {0};
    if (!as_object(v)->type->slots.get_buffer(t, v, &b, 0)) {
        b = (Buffer){0};
        return ERROR;
    }
    if (is_contiguous(&b)) return bytes_from(t, b.data, (size_t)b.length);
    OWN Value result = bytes_from(t, NULL, (size_t)b.length);
    if (is_error(result)) return ERROR;
    gather(&b, b.data, 0, bytes_data(result));
    return MOVE(result);
}

void buffer_release(Buffer *buffer)
{
    Value owner = buffer->owner;
    if (is_unbound(owner)) return;
    void (*release)(Value v, Buffer *b) = as_object(owner)->type->slots.release_buffer;
    if (release) release(owner, buffer);
    *buffer = (Buffer){0};
    drop(owner);
}
