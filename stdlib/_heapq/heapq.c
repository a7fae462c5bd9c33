// SPDX-License-Identifier: MIT
// stdlib/_heapq/heapq.c: the module _heapq: binary heaps in lists. Item i is not greater than items 2i+1 and 2i+2.
//
// Comparing runs Python code, which may change the list: each comparison is followed by a check that the list still has
// the length it had, and items are read anew. The `max` variants turn the order round.
#include "runtime/types/container.h"
#include "runtime/types/list.h"
#include "runtime/types/module.h"

typedef enum Order { SMALLEST_FIRST, LARGEST_FIRST } Order;

// Does a belong above b? 1, 0, -1: raised.
static inline int above(Thread *t, Value a, Value b, Order order)
{
    return order == SMALLEST_FIRST ? object_compare_bool(t, a, b, CMP_LT) : object_compare_bool(t, b, a, CMP_LT);
}

// above() for items i and j of the list, whose length must stay.
static int item_above(Thread *t, List *heap, size_t i, size_t j, Order order)
{
    size_t length = heap->length;
    OWN Value a = retain(heap->items[i]);
    OWN Value b = retain(heap->items[j]);
    int answer = above(t, a, b, order);
    if (answer < 0 || heap->length == length) return answer;
    return error_minus(raise_error(t, &exc_RuntimeError, "list changed size during iteration"));
}

static inline void swap(List *heap, size_t i, size_t j)
{
    Value item = heap->items[i];
    heap->items[i] = heap->items[j];
    heap->items[j] = item;
}

// Item `at` rises towards `top` as long as it belongs above its parent.
static bool rise(Thread *t, List *heap, size_t top, size_t at, Order order)
{
    while (at > top) {
        size_t parent = (at - 1) / 2;
        int higher = item_above(t, heap, at, parent, order);
        if (higher < 0) return false;
        if (!higher) break;
        swap(heap, at, parent);
        at = parent;
    }
    return true;
}

// Item `at` goes down to a leaf, the better child moving up each time, and rises from there to its place.
static bool sink(Thread *t, List *heap, size_t at, Order order)
{
    size_t top = at, length = heap->length;
    for (size_t child = 2 * at + 1; child < length; child = 2 * at + 1) {
        if (child + 1 < length) {
            int left = item_above(t, heap, child, child + 1, order);
            if (left < 0) return false;
            if (!left) child++;
        }
        swap(heap, at, child);
        at = child;
    }
    return rise(t, heap, top, at, order);
}

static List *heap_argument(Thread *t, Value v, const char *message)
{
    return is_list(v) ? as_list(v) : error_null(raise_type_error(t, message, v));
}

static Value heappush(Thread *t, Value module, const Value *args)
{
    List *heap = heap_argument(t, args[0], "heappush() argument 1 must be list, not %.50T");
    if (!heap || !list_append(t, args[0], args[1])) return ERROR;
    return rise(t, heap, 0, heap->length - 1, SMALLEST_FIRST) ? NONE : ERROR;
}

static Value pop_top(Thread *t, List *heap, Order order)
{
    if (heap->length == 0) return raise_error(t, &exc_IndexError, "index out of range");
    OWN Value last = heap->items[--heap->length];
    if (heap->length == 0) return MOVE(last);
    OWN Value top = heap->items[0];
    heap->items[0] = MOVE(last);
    return sink(t, heap, 0, order) ? MOVE(top) : ERROR;
}

static Value replace_top(Thread *t, List *heap, Value item, Order order)
{
    if (heap->length == 0) return raise_error(t, &exc_IndexError, "index out of range");
    OWN Value top = heap->items[0];
    heap->items[0] = retain(item);
    return sink(t, heap, 0, order) ? MOVE(top) : ERROR;
}

static Value heapify_list(Thread *t, List *heap, Order order)
{
    size_t length = heap->length;
    for (size_t at = length / 2; at-- > 0; ) {
        if (!sink(t, heap, at, order)) return ERROR;
        if (heap->length != length) return raise_error(t, &exc_RuntimeError, "list changed size during iteration");
    }
    return NONE;
}

static Value heappop(Thread *t, Value module, const Value *args)
{
    List *heap = heap_argument(t, args[0], "heappop() argument must be list, not %.50T");
    return heap ? pop_top(t, heap, SMALLEST_FIRST) : ERROR;
}

static Value heapreplace(Thread *t, Value module, const Value *args)
{
    List *heap = heap_argument(t, args[0], "heapreplace() argument 1 must be list, not %.50T");
    return heap ? replace_top(t, heap, args[1], SMALLEST_FIRST) : ERROR;
}

static Value heappushpop(Thread *t, Value module, const Value *args)
{
    List *heap = heap_argument(t, args[0], "heappushpop() argument 1 must be list, not %.50T");
    if (!heap) return ERROR;
    if (heap->length == 0) return retain(args[1]);
    OWN Value top = retain(heap->items[0]);
    int lower = object_compare_bool(t, top, args[1], CMP_LT);
    if (lower < 0) return ERROR;
    if (!lower) return retain(args[1]);
    return replace_top(t, heap, args[1], SMALLEST_FIRST);
}

static Value heapify(Thread *t, Value module, const Value *args)
{
    List *heap = heap_argument(t, args[0], "heapify() argument must be list, not %.50T");
    return heap ? heapify_list(t, heap, SMALLEST_FIRST) : ERROR;
}

static Value heappop_max(Thread *t, Value module, const Value *args)
{
    List *heap = heap_argument(t, args[0], "_heappop_max() argument must be list, not %.50T");
    return heap ? pop_top(t, heap, LARGEST_FIRST) : ERROR;
}

static Value heapreplace_max(Thread *t, Value module, const Value *args)
{
    List *heap = heap_argument(t, args[0], "_heapreplace_max() argument 1 must be list, not %.50T");
    return heap ? replace_top(t, heap, args[1], LARGEST_FIRST) : ERROR;
}

static Value heapify_max(Thread *t, Value module, const Value *args)
{
    List *heap = heap_argument(t, args[0], "_heapify_max() argument must be list, not %.50T");
    return heap ? heapify_list(t, heap, LARGEST_FIRST) : ERROR;
}

static const Method functions[] = {
    {"heappush", heappush, "(heap, item, /)", "Push item onto heap, maintaining the heap invariant."},
    {"heappop", heappop, "(heap, /)", "Pop the smallest item off the heap, maintaining the heap invariant."},
    {"heapreplace", heapreplace, "(heap, item, /)", "Pop and return the current smallest value, and add the new item."},
    {"heappushpop", heappushpop, "(heap, item, /)", "Push item on the heap, then pop and return the smallest item from the heap."},
    {"heapify", heapify, "(heap, /)", "Transform list into a heap, in-place, in O(len(heap)) time."},
    {"_heappop_max", heappop_max, "(heap, /)", "Maxheap variant of heappop."},
    {"_heapreplace_max", heapreplace_max, "(heap, item, /)", "Maxheap variant of heapreplace."},
    {"_heapify_max", heapify_max, "(heap, /)", "Maxheap variant of heapify."},
    {0},
};

extern const ModuleSpec _heapq_spec;
const ModuleSpec _heapq_spec = {
    .name = "_heapq",
    .doc = "Heap queue algorithm (a.k.a. priority queue).",
    .functions = functions,
};
