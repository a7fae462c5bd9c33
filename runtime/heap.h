// SPDX-License-Identifier: MIT
// runtime/heap.h: memory for objects, and the cycle collector's view of it.
//
// Objects come from pages of one size class each; pages of containers (TYPE_GC) are apart from the rest, so that the
// collector finds every container by walking them. The GIL is the only lock.
#ifndef BATON_RUNTIME_HEAP_H
#define BATON_RUNTIME_HEAP_H

#include "runtime/object.h"

typedef struct Heap Heap;
Heap *heap_create(void);
void heap_destroy(Heap *heap);
void heap_check_leaks(void);    // under AddressSanitizer: ends the process, with a report, if memory is lost
NEEDS_GIL NEW_REF void *heap_allocate(Thread *t, size_t size, bool container);    // zeroed; NULL: MemoryError raised
// A new instance of a TYPE_LEAF type, of `size` bytes, its body not zeroed. NULL: MemoryError raised.
NEEDS_GIL NEW_REF Object *heap_new_leaf(Thread *t, Type *type, size_t size);
NEEDS_GIL void heap_free(Thread *t, Object *o);
NEEDS_GIL size_t heap_live_objects(Heap *heap);
// Calls visit for every live container.
NEEDS_GIL void heap_each_container(Heap *heap, bool (*visit)(Object *o, void *context), void *context);

NEEDS_GIL void heap_each_object(Heap *heap, bool (*visit)(Object *o, void *context), void *context);
size_t heap_cell_size(const Object *o);     // bytes that o may use, its own size included

// Raw memory for the insides of objects (arrays, tables). Not zeroed. NULL: MemoryError raised.
NEEDS_GIL NEW_REF void *mem_allocate(Thread *t, size_t size);
NEEDS_GIL NEW_REF void *mem_reallocate(Thread *t, void *old, size_t size);   // on failure old stays
void mem_free(void *memory);

// The cycle collector (runtime/cycles.c). Returns how many objects were unreachable.
NEEDS_GIL size_t collect_cycles(Thread *t, int generation);
NEEDS_GIL void cycles_enable(Interp *interp, bool enabled);

#endif
