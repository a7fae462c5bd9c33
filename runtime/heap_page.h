// SPDX-License-Identifier: MIT
// runtime/heap_page.h: how the heap is laid out, for heap.c and the cycle collector alone.
#ifndef BATON_RUNTIME_HEAP_PAGE_H
#define BATON_RUNTIME_HEAP_PAGE_H

#include "runtime/heap.h"

#define PAGE_SIZE ((size_t)32 * 1024)
#define GRAIN 16u
#define SMALL_MAX 512u
#define SIZE_CLASSES (SMALL_MAX / GRAIN)

typedef struct Page {
    struct Page *next;
    uint32_t cell_size, cells, started;   // cells[0..started) have been handed out at least once
    uint32_t *gc_refs;                    // one per cell while a collection is under way, else NULL
    uint64_t padding;
} Page;

typedef struct Large {                    // before a large object
    struct Large *previous, *next;
    size_t size;
    uint32_t gc_refs;
    uint32_t padding;
} Large;

typedef struct Chunk {
    struct Chunk *next;
    void *memory;
    size_t size;
} Chunk;

struct Heap {
    struct FreeCell *free_cells[2][SIZE_CLASSES];   // [container]
    Page *pages[2][SIZE_CLASSES];
    Large *large[2];
    Chunk *chunks;
    char *chunk_at;
    unsigned chunk_left;
    size_t live;
    size_t containers_made;               // since the last collection, less those freed
    size_t collect_threshold;
    size_t collect_floor;                 // collect_threshold is never less; 0: no collection but those asked for
    size_t collections, collected;
    void (*collect_hook)(Thread *t, bool ended, int generation, size_t found);   // around each collection (the module gc), or NULL
    bool collect_enabled, collecting;
};

static inline Page *page_of(const Object *o) { return (Page *)((uintptr_t)o & ~(uintptr_t)(PAGE_SIZE - 1)); }
static inline Object *page_cell(Page *page, uint32_t i) { return (Object *)(void *)((char *)(page + 1) + (size_t)i * page->cell_size); }
static inline uint32_t *gc_refs_of(Object *o)
{
    if (o->flags & OBJECT_LARGE) return &((Large *)(void *)o - 1)->gc_refs;
    Page *page = page_of(o);
    return &page->gc_refs[(uint32_t)((char *)o - (char *)(page + 1)) / page->cell_size];
}

// Visits every reference that o owns: its own, its attributes and its heap type.
NEEDS_GIL void object_visit(Object *o, VisitFn visit, void *context);

#endif
