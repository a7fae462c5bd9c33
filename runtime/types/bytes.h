// SPDX-License-Identifier: MIT
// runtime/types/bytes.h: bytes (immutable, data inline, NUL-terminated) and bytearray.
#ifndef BATON_RUNTIME_TYPES_BYTES_H
#define BATON_RUNTIME_TYPES_BYTES_H

#include "runtime/type.h"

typedef struct Bytes { Object head; size_t length; int64_t hash; char data[]; } Bytes;   // hash -1: not known
typedef struct ByteArray { Object head; char *data; size_t length, capacity; uint32_t exports; } ByteArray;   // exports: buffers out

extern Type bytes_type, bytearray_type, memoryview_type;
static ALWAYS_INLINE bool is_bytes(Value v) { return has_type_flag(v, TYPE_IS_BYTES); }
static ALWAYS_INLINE Bytes *as_bytes(Value v) { ASSERT(is_bytes(v)); return (Bytes *)as_object(v); }
static inline bool is_bytearray(Value v) { return is_instance_of(v, &bytearray_type); }
static inline ByteArray *as_bytearray(Value v) { ASSERT(is_bytearray(v)); return (ByteArray *)as_object(v); }

NEEDS_GIL NEW_REF Value bytes_from(Thread *t, const char *data, size_t length);   // data NULL: blank, to be written at once
static inline char *bytes_data(Value v) { return as_bytes(v)->data; }
static inline size_t bytes_length(Value v) { return as_bytes(v)->length; }
// Shortens bytes that only the caller has. Takes v.
NEEDS_GIL NEW_REF Value bytes_cut(Thread *t, TAKES Value v, size_t length);
NEEDS_GIL NEW_REF Value bytes_concat(Thread *t, Value a, Value b);
NEEDS_GIL NEW_REF Value bytearray_from(Thread *t, const char *data, size_t length);
NEEDS_GIL MAY_RAISE bool bytearray_resize(Thread *t, Value v, size_t length);     // BufferError while exported
NEEDS_GIL MAY_RAISE bool bytearray_append(Thread *t, Value v, const char *data, size_t length);

#endif
