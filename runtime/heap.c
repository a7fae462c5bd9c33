// SPDX-License-Identifier: MIT
// runtime/heap.c: pages of equal cells for small objects, malloc for the rest.
//
// Owns     struct Heap: for each size class, once for containers and once for the rest, a list of free cells and a page
//          that is being handed out from its start. Objects above SMALL_MAX are malloc'ed and linked.
// Lock     the GIL.
// Always
//   1. A free cell has type NULL; its next free cell stands behind the head. So a walk over a page tells live from free.
//   2. A page begins at a multiple of PAGE_SIZE: the page of a small object is its address rounded down.
//   3. Under AddressSanitizer the body of a free cell is poisoned.
#include "runtime/heap.h"

#include <stdlib.h>
#include <sys/mman.h>

#include "runtime/error.h"
#include "runtime/heap_page.h"
#include "runtime/races.h"

#if defined(__SANITIZE_ADDRESS__)
#define POISONING 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define POISONING 1
#endif
#endif
#ifdef POISONING
#include <sanitizer/asan_interface.h>
#include <sanitizer/lsan_interface.h>
#define POISON(at, size) __asan_poison_memory_region(at, size)
#define UNPOISON(at, size) __asan_unpoison_memory_region(at, size)
#define HOLDS_POINTERS(at, size) __lsan_register_root_region(at, size)     // the leak checker reads no mmap'ed memory by itself
#define HOLDS_NO_MORE(at, size) __lsan_unregister_root_region(at, size)
#define CHECK_LEAKS() __lsan_do_leak_check()
#else
#define POISON(at, size) ((void)(at), (void)(size))
#define UNPOISON(at, size) ((void)(at), (void)(size))
#define HOLDS_POINTERS(at, size) ((void)(at), (void)(size))
#define HOLDS_NO_MORE(at, size) ((void)(at), (void)(size))
#define CHECK_LEAKS() ((void)0)
#endif

#define CHUNK_PAGES 16
#define FIRST_THRESHOLD 10000     // containers made since the last collection that ask for the next

typedef struct FreeCell {
    Object head;                  // type NULL
    struct FreeCell *next;
} FreeCell;

Heap *heap_create(void)
{
    Heap *heap = calloc(1, sizeof *heap);
    if (heap) {
        heap->collect_threshold = heap->collect_floor = FIRST_THRESHOLD;
        heap->collect_enabled = true;
    }
    return heap;
}

void heap_destroy(Heap *heap)
{
    for (int kind = 0; kind < 2; kind++)
        for (Large *large = heap->large[kind], *next; large; large = next) {
            next = large->next;
            free(large);
        }
    for (Chunk *chunk = heap->chunks, *next; chunk; chunk = next) {
        next = chunk->next;
        UNPOISON(chunk->memory, chunk->size);
        HOLDS_NO_MORE(chunk->memory, chunk->size);
        munmap(chunk->memory, chunk->size);
        free(chunk);
    }
    free(heap);
}

void heap_check_leaks(void) { CHECK_LEAKS(); }

// A fresh page for the size class, taken from the chunk that is open; NULL without memory.
static Page *page_new(Heap *heap, unsigned size_class, bool container)
{
    if (heap->chunk_left == 0) {
        Chunk *chunk = malloc(sizeof *chunk);
        if (!chunk) return NULL;
        chunk->size = (CHUNK_PAGES + 1) * PAGE_SIZE;
        chunk->memory = mmap(NULL, chunk->size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (chunk->memory == MAP_FAILED) {
            free(chunk);
            return NULL;
        }
        HOLDS_POINTERS(chunk->memory, chunk->size);
        chunk->next = heap->chunks;
        heap->chunks = chunk;
        heap->chunk_at = (char *)(((uintptr_t)chunk->memory + PAGE_SIZE - 1) & ~(uintptr_t)(PAGE_SIZE - 1));
        heap->chunk_left = CHUNK_PAGES;
    }
    Page *page = (Page *)(void *)heap->chunk_at;
    heap->chunk_at += PAGE_SIZE;
    heap->chunk_left--;
    page->cell_size = (uint32_t)(size_class + 1) * GRAIN;
    page->cells = (uint32_t)((PAGE_SIZE - sizeof *page) / page->cell_size);
    page->started = 0;
    page->gc_refs = NULL;
    page->next = heap->pages[container][size_class];
    heap->pages[container][size_class] = page;
    return page;
}

// A loop of our own, which the compiler is kept from taking for a memset: of a size that it does not know it makes `rep stos`, and that takes longer to
// begin than most cells take to clear.
static ALWAYS_INLINE void clear_cell(void *cell, size_t size)
{
    for (char *at = cell, *end = at + size; at < end; at += GRAIN) {
        __asm__("" : "+r"(at));
        memset(at, 0, GRAIN);
    }
}

static void *small_allocate(Heap *heap, unsigned size_class, bool container)
{
    size_t size = (size_t)(size_class + 1) * GRAIN;
    FreeCell *cell = heap->free_cells[container][size_class];
    if (LIKELY(cell != NULL)) {
        heap->free_cells[container][size_class] = cell->next;
        UNPOISON(cell, size);
        clear_cell(cell, size);
        return cell;
    }
    Page *page = heap->pages[container][size_class];
    if (!page || page->started == page->cells) {
        page = page_new(heap, size_class, container);
        if (!page) return NULL;
    }
    return page_cell(page, page->started++);     // fresh from mmap: zero
}

static void *large_allocate(Heap *heap, size_t size, bool container)
{
    Large *large = size < PTRDIFF_MAX - sizeof *large ? calloc(1, sizeof *large + size) : NULL;
    if (!large) return NULL;
    large->size = size;
    large->next = heap->large[container];
    if (large->next) large->next->previous = large;
    heap->large[container] = large;
    Object *o = (Object *)(void *)(large + 1);
    o->flags = OBJECT_LARGE;
    return o;
}

void *heap_allocate(Thread *t, size_t size, bool container)
{
    Heap *heap = t->interp->heap;
    void *memory;
    if (LIKELY(size <= SMALL_MAX)) {
        ASSERT(size >= sizeof(Object));
        unsigned size_class = size <= sizeof(FreeCell) ? (sizeof(FreeCell) - 1) / GRAIN : (unsigned)((size - 1) / GRAIN);
        memory = small_allocate(heap, size_class, container);
    } else {
        memory = large_allocate(heap, size, container);
    }
    if (!memory) return error_null(raise_memory_error(t));
    heap->live++;
    if (container && ++heap->containers_made > heap->collect_threshold && heap->collect_enabled) thread_request(t, ATTEND_COLLECT);
    return memory;
}

Object *heap_new_leaf(Thread *t, Type *type, size_t size)
{
    ASSERT((type->flags & (TYPE_LEAF | TYPE_GC)) == TYPE_LEAF && size >= sizeof(FreeCell));
    Heap *heap = t->interp->heap;
    size_t size_class = (size - 1) / GRAIN;
    FreeCell *cell = LIKELY(size <= SMALL_MAX) ? heap->free_cells[false][size_class] : NULL;
    Object *o;
    if (LIKELY(cell != NULL)) {
        heap->free_cells[false][size_class] = cell->next;
        UNPOISON(cell, (size_class + 1) * GRAIN);
        heap->live++;
        o = &cell->head;
        o->flags = 0;
    } else {
        o = heap_allocate(t, size, false);
        if (!o) return NULL;
    }
    o->type = type;
    o->refs = 1;
    return o;
}

void heap_free(Thread *t, Object *o)
{
    Heap *heap = t->interp->heap;
    heap->live--;
    if (UNLIKELY(t->interp->races != NULL)) races_object_freed(t, o);
    bool container = (o->type->flags & TYPE_GC) != 0;
    if (container && heap->containers_made > 0) heap->containers_made--;
    if (o->flags & OBJECT_LARGE) {
        Large *large = (Large *)(void *)o - 1;
        if (large->previous) large->previous->next = large->next;
        else heap->large[container] = large->next;
        if (large->next) large->next->previous = large->previous;
        free(large);
        return;
    }
    Page *page = page_of(o);
    unsigned size_class = page->cell_size / GRAIN - 1;
    FreeCell *cell = (FreeCell *)o;
    cell->head.type = NULL;
    cell->next = heap->free_cells[container][size_class];
    heap->free_cells[container][size_class] = cell;
    POISON(cell + 1, page->cell_size - sizeof *cell);
}

size_t heap_cell_size(const Object *o)
{
    if (o->flags & OBJECT_LARGE) return ((const Large *)(const void *)o - 1)->size;
    return page_of(o)->cell_size;
}

size_t heap_live_objects(Heap *heap) { return heap->live; }

static bool visit_pages(Page *page, bool (*visit)(Object *o, void *context), void *context)
{
    for (; page; page = page->next)
        for (uint32_t i = 0; i < page->started; i++) {
            Object *o = page_cell(page, i);
            if (o->type && !visit(o, context)) return false;
        }
    return true;
}

// Visits live objects of one kind until visit says false.
static void visit_kind(Heap *heap, bool container, bool (*visit)(Object *o, void *context), void *context)
{
    for (unsigned size_class = 0; size_class < SIZE_CLASSES; size_class++)
        if (!visit_pages(heap->pages[container][size_class], visit, context)) return;
    for (Large *large = heap->large[container], *next; large; large = next) {
        next = large->next;
        Object *o = (Object *)(void *)(large + 1);
        if (o->type && !visit(o, context)) return;
    }
}

void heap_each_container(Heap *heap, bool (*visit)(Object *o, void *context), void *context) { visit_kind(heap, true, visit, context); }

void heap_each_object(Heap *heap, bool (*visit)(Object *o, void *context), void *context)
{
    visit_kind(heap, true, visit, context);
    visit_kind(heap, false, visit, context);
}

void *mem_allocate(Thread *t, size_t size)
{
    void *memory = size <= PTRDIFF_MAX ? malloc(size ? size : 1) : NULL;
    return memory ? memory : error_null(raise_memory_error(t));
}

void *mem_reallocate(Thread *t, void *old, size_t size)
{
    void *memory = size <= PTRDIFF_MAX ? realloc(old, size ? size : 1) : NULL;
    return memory ? memory : error_null(raise_memory_error(t));
}

void mem_free(void *memory) { free(memory); }
