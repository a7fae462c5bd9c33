// SPDX-License-Identifier: MIT
// runtime/cycles.c: the cycle collector: trial deletion (Christopher, "Reference count garbage collection", 1984).
//
// Every container starts with its reference count; each reference from one container to another takes one away. What
// keeps some is held from outside (registers, C code, immortal objects) and so is all that it reaches; the rest is
// garbage that only refers to itself. References that frames hold are counted, so no roots need to be known.
#include <stdlib.h>

#include "runtime/error.h"
#include "runtime/heap_page.h"
#include "runtime/shape.h"
#include "runtime/types/weakref.h"

#define REACHED UINT32_MAX

typedef struct ObjectArray { Object **items; size_t count, capacity; bool failed; } ObjectArray;

static void array_add(ObjectArray *array, Object *o)
{
    if (array->count == array->capacity) {
        size_t capacity = array->capacity ? array->capacity * 2 : 1024;
        Object **items = realloc(array->items, capacity * sizeof *items);
        if (!items) {
            array->failed = true;
            return;
        }
        array->items = items;
        array->capacity = capacity;
    }
    array->items[array->count++] = o;
}

static bool is_container(Object *o) { return (o->type->flags & TYPE_GC) && !(o->flags & OBJECT_IMMORTAL); }

static bool gather(Object *o, void *context)
{
    if (is_container(o) && o->refs > 0) array_add(context, o);
    return true;
}

static bool pages_start(Heap *heap)
{
    for (unsigned c = 0; c < SIZE_CLASSES; c++)
        for (Page *page = heap->pages[1][c]; page; page = page->next) {
            page->gc_refs = calloc(page->cells, sizeof(uint32_t));
            if (!page->gc_refs) return false;
        }
    return true;
}
static void pages_end(Heap *heap)
{
    for (unsigned c = 0; c < SIZE_CLASSES; c++)
        for (Page *page = heap->pages[1][c]; page; page = page->next) {
            free(page->gc_refs);
            page->gc_refs = NULL;
        }
}

static bool subtract(Value v, void *context)
{
    if (!is_object(v)) return true;
    Object *o = as_object(v);
    if (!is_container(o)) return true;
    uint32_t *refs = gc_refs_of(o);
    ASSERT(*refs > 0);
    if (*refs > 0 && *refs != REACHED) --*refs;
    return true;
}
static bool reach(Value v, void *context)
{
    if (!is_object(v)) return true;
    Object *o = as_object(v);
    if (!is_container(o)) return true;
    uint32_t *refs = gc_refs_of(o);
    if (*refs == REACHED) return true;
    *refs = REACHED;
    array_add(context, o);
    return true;
}

// Leaves in `all` only what nothing outside `all` can reach.
static bool keep_unreachable(ObjectArray *all)
{
    for (size_t i = 0; i < all->count; i++) *gc_refs_of(all->items[i]) = all->items[i]->refs;
    for (size_t i = 0; i < all->count; i++) object_visit(all->items[i], subtract, NULL);
    ObjectArray stack = {0};
    for (size_t i = 0; i < all->count && !stack.failed; i++) {
        uint32_t *refs = gc_refs_of(all->items[i]);
        if (*refs == 0 || *refs == REACHED) continue;
        *refs = REACHED;
        array_add(&stack, all->items[i]);
        while (stack.count > 0 && !stack.failed) object_visit(stack.items[--stack.count], reach, &stack);
    }
    bool done = !stack.failed;
    free(stack.items);
    size_t kept = 0;
    for (size_t i = 0; i < all->count; i++)
        if (*gc_refs_of(all->items[i]) != REACHED) all->items[kept++] = all->items[i];
    all->count = kept;
    return done;
}

// Runs the finalizers of garbage. True: some ran, so the garbage must be looked at again.
static bool finalize_all(Thread *t, ObjectArray *garbage)
{
    bool ran = false;
    for (size_t i = 0; i < garbage->count; i++) {
        Object *o = garbage->items[i];
        if (!o->type->slots.finalize || (o->flags & OBJECT_FINALIZED)) continue;
        o->flags |= OBJECT_FINALIZED;
        ran = true;
        Value pending = error_take(t);
        o->type->slots.finalize(t, object_value(o));
        error_restore(t, pending);
    }
    return ran;
}

// Takes the part of the garbage that is still unreachable by counts among itself. References of ours are off by one each.
static bool still_garbage(Heap *heap, ObjectArray *garbage)
{
    if (!pages_start(heap)) {
        pages_end(heap);
        return false;
    }
    for (size_t i = 0; i < garbage->count; i++) garbage->items[i]->refs--;      // our own
    // What is not in the array counts as outside: mark it reached so that subtract leaves it alone.
    ObjectArray everything = {0};
    heap_each_container(heap, gather, &everything);
    for (size_t i = 0; i < everything.count; i++) *gc_refs_of(everything.items[i]) = REACHED;
    Object **owned = malloc(garbage->count * sizeof *owned);
    size_t owned_count = garbage->count;
    bool done = !everything.failed && owned;
    if (done) {
        memcpy(owned, garbage->items, owned_count * sizeof *owned);
        done = keep_unreachable(garbage);
    }
    free(everything.items);
    if (owned) {
        for (size_t i = 0; i < owned_count; i++) owned[i]->refs++;
        size_t let_go = 0;
        for (size_t i = 0; i < owned_count; i++)
            if (!done || *gc_refs_of(owned[i]) == REACHED) owned[let_go++] = owned[i];
        pages_end(heap);
        for (size_t i = 0; i < let_go; i++) drop(object_value(owned[i]));
        free(owned);
    } else {
        for (size_t i = 0; i < garbage->count; i++) garbage->items[i]->refs++;
        pages_end(heap);
    }
    return done;
}

static size_t collect_inside(Thread *t, Heap *heap)
{
    ObjectArray garbage = {0};
    bool ready = pages_start(heap);
    if (ready) heap_each_container(heap, gather, &garbage);
    size_t live = garbage.count;
    ready = ready && !garbage.failed && keep_unreachable(&garbage);
    pages_end(heap);
    if (!ready) garbage.count = 0;
    size_t found = garbage.count;
    for (size_t i = 0; i < garbage.count; i++) garbage.items[i]->refs++;          // none goes while we look at the others
    for (size_t i = 0; i < garbage.count; i++)
        if (garbage.items[i]->flags & OBJECT_WEAKLY_REFERENCED) weakrefs_clear(t, garbage.items[i]);
    if (finalize_all(t, &garbage) && !still_garbage(heap, &garbage)) garbage.count = 0;
    for (size_t i = 0; i < garbage.count; i++) object_unlink(t, garbage.items[i]);
    for (size_t i = 0; i < garbage.count; i++) drop(object_value(garbage.items[i]));
    free(garbage.items);
    heap->collect_threshold = live / 4 > heap->collect_floor ? live / 4 : heap->collect_floor;
    return found;
}

size_t collect_cycles(Thread *t, int generation)
{
    Heap *heap = t->interp->heap;
    if (heap->collecting) return 0;
    Value pending = error_take(t);
    heap->collecting = true;                  // the hook's calls of Python, too, must not begin another
    if (heap->collect_hook) heap->collect_hook(t, false, generation, 0);
    size_t found = collect_inside(t, heap);
    heap->containers_made = 0;
    heap->collections++;
    heap->collected += found;
    if (heap->collect_hook) heap->collect_hook(t, true, generation, found);
    heap->collecting = false;
    error_restore(t, pending);
    return found;
}

void cycles_enable(Interp *interp, bool enabled) { interp->heap->collect_enabled = enabled; }
