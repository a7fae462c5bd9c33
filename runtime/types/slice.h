// SPDX-License-Identifier: MIT
// runtime/types/slice.h: slice and range.
#ifndef BATON_RUNTIME_TYPES_SLICE_H
#define BATON_RUNTIME_TYPES_SLICE_H

#include "runtime/type.h"

typedef struct Slice { Object head; Value start, stop, step; } Slice;
typedef struct Range { Object head; Value start, stop, step, length; } Range;      // ints of any size
// A range iterator whose numbers fit int64; the VM steps it in line: value = next; next += step; left--.
typedef struct RangeIterator { Object head; int64_t next, step, left; } RangeIterator;

extern Type slice_type, range_type, range_iterator_type, long_range_iterator_type;
static inline bool is_slice(Value v) { return is_object(v) && as_object(v)->type == &slice_type; }
static inline Slice *as_slice(Value v) { ASSERT(is_slice(v)); return (Slice *)as_object(v); }
static inline bool is_range(Value v) { return is_object(v) && as_object(v)->type == &range_type; }

NEEDS_GIL NEW_REF Value slice_new(Thread *t, Value start, Value stop, Value step);
// In two steps, for what can change its length: reading the bounds may run Python code, clipping them does not.
NEEDS_GIL MAY_RAISE bool slice_read(Thread *t, Slice *s, ptrdiff_t *start, ptrdiff_t *stop, ptrdiff_t *step);
size_t slice_clip_bounds(size_t length, ptrdiff_t *start, ptrdiff_t *stop, ptrdiff_t step);      // how many items
// Both at once. start, stop, step clipped to a sequence of `length`; *count is how many items. False: ValueError (step 0) or TypeError.
NEEDS_GIL MAY_RAISE bool slice_indices(Thread *t, Slice *s, size_t length, ptrdiff_t *start, ptrdiff_t *stop, ptrdiff_t *step, size_t *count);
// The same on ints of any size: owned by the caller.
NEEDS_GIL MAY_RAISE bool slice_big_indices(Thread *t, Slice *s, Value length, Value *start, Value *stop, Value *step);
NEEDS_GIL NEW_REF Value range_new(Thread *t, Value start, Value stop, Value step);

#endif
