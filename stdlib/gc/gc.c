// SPDX-License-Identifier: MIT
// stdlib/gc/gc.c: the module gc: the cycle collector (runtime/cycles.c) as Python sees it.
//
// The collector has one generation; what is told of the three is told of that one.
#include <stdlib.h>

#include "runtime/error.h"
#include "runtime/heap_page.h"
#include "runtime/thread.h"
#include "runtime/call.h"
#include "runtime/types/dict.h"
#include "runtime/types/int.h"
#include "runtime/types/list.h"
#include "runtime/types/module.h"
#include "runtime/types/tuple.h"
#include "stdlib/module_slots.h"

enum { DEBUG_STATS = 1, DEBUG_COLLECTABLE = 2, DEBUG_UNCOLLECTABLE = 4, DEBUG_SAVEALL = 32 };

// ---- Collections
static void tell(Thread *t, bool ended, int generation, size_t found)
{
    Value callbacks = t->interp->module_slots[SLOT_GC_CALLBACKS];
    if (!is_list(callbacks) || as_list(callbacks)->length == 0) return;
    OWN Value held = list_to_tuple(t, callbacks);
    OWN_POINTER Dict *info = dict_new(t);
    OWN Value phase = str_from_text(t, ended ? "stop" : "start");
    if (is_error(held) || !info || is_error(phase) || !dict_set_text(t, info, "generation", small_int(generation)) ||
        !dict_set_text(t, info, "collected", small_int((int64_t)found)) || !dict_set_text(t, info, "uncollectable", small_int(0)))
        return error_unraisable(t, "Exception ignored in", NONE);
    for (size_t i = 0; i < as_tuple(held)->length; i++) {
        OWN Value result = call2(t, as_tuple(held)->items[i], phase, dict_value(info));
        if (is_error(result)) error_unraisable(t, "Exception ignored in", as_tuple(held)->items[i]);
    }
}
static Value gc_collect(Thread *t, Value self, const Value *args)
{
    int generation;
    if (!int_as_int(t, args[0], &generation)) return ERROR;
    if (generation < 0 || generation > 2) return raise_value_error(t, "invalid generation");
    return small_int((int64_t)collect_cycles(t, generation));
}
static Value gc_enable(Thread *t, Value self, const Value *args)
{
    cycles_enable(t->interp, true);
    return NONE;
}
static Value gc_disable(Thread *t, Value self, const Value *args)
{
    cycles_enable(t->interp, false);
    return NONE;
}
static Value gc_isenabled(Thread *t, Value self, const Value *args) { return bool_value(t->interp->heap->collect_enabled); }
static Value gc_get_count(Thread *t, Value self, const Value *args)
{
    return tuple_of(t, 3, small_int((int64_t)t->interp->heap->containers_made), small_int(0), small_int(0));
}
static Value gc_get_threshold(Thread *t, Value self, const Value *args) { return retain(t->interp->module_slots[SLOT_GC_THRESHOLDS]); }
static Value gc_set_threshold(Thread *t, Value self, const Value *args)
{
    Tuple *given = as_tuple(args[0]), *old = as_tuple(t->interp->module_slots[SLOT_GC_THRESHOLDS]);
    if (given->length == 0) return raise_type_error(t, "set_threshold() takes at least 1 argument (0 given)");
    if (given->length > 3) return raise_type_error(t, "set_threshold() takes at most 3 arguments (%zu given)", given->length);
    int64_t numbers[3];
    for (size_t i = 0; i < 3; i++) {
        int number;
        if (!int_as_int(t, i < given->length ? given->items[i] : old->items[i], &number)) return ERROR;
        numbers[i] = number;
    }
    OWN Value thresholds = tuple_of(t, 3, small_int(numbers[0]), small_int(numbers[1]), small_int(numbers[2]));
    if (is_error(thresholds)) return ERROR;
    Heap *heap = t->interp->heap;
    heap->collect_floor = heap->collect_threshold = numbers[0] > 0 ? (size_t)numbers[0] : SIZE_MAX;
    assign(&t->interp->module_slots[SLOT_GC_THRESHOLDS], MOVE(thresholds));
    return NONE;
}
static Value gc_get_stats(Thread *t, Value self, const Value *args)
{
    OWN Value list = list_new(t, 3);
    if (is_error(list)) return ERROR;
    for (int i = 0; i < 3; i++) {
        OWN_POINTER Dict *stats = dict_new(t);
        Heap *heap = t->interp->heap;
        if (!stats || !dict_set_text(t, stats, "collections", small_int(i == 2 ? (int64_t)heap->collections : 0)) ||
            !dict_set_text(t, stats, "collected", small_int(i == 2 ? (int64_t)heap->collected : 0)) || !dict_set_text(t, stats, "uncollectable", small_int(0)) ||
            !list_append(t, list, dict_value(stats)))
            return ERROR;
    }
    return MOVE(list);
}
static Value gc_set_debug(Thread *t, Value self, const Value *args)
{
    int flags;
    if (!int_as_int(t, args[0], &flags)) return ERROR;
    assign(&t->interp->module_slots[SLOT_GC_DEBUG], small_int(flags));
    return NONE;
}
static Value gc_get_debug(Thread *t, Value self, const Value *args)
{
    Value flags = t->interp->module_slots[SLOT_GC_DEBUG];
    return is_unbound(flags) ? small_int(0) : retain(flags);
}

// ---- Looking at the heap. The walk only notes and retains; lists are made afterwards, since making one allocates.
typedef struct Found { Value *items; size_t count, capacity; bool failed, only_count; Tuple *targets; Object *skip; bool hit; } Found;

static void found_add(Found *found, Object *o)
{
    if (found->only_count) {
        found->count++;
        return;
    }
    if (found->count == found->capacity) {
        size_t capacity = found->capacity ? found->capacity * 2 : 256;
        Value *items = realloc(found->items, capacity * sizeof *items);
        if (!items) {
            found->failed = true;
            return;
        }
        found->items = items;
        found->capacity = capacity;
    }
    found->items[found->count++] = retain(object_value(o));
}
static bool is_watched(const Object *o)
{
    return (o->type->flags & TYPE_GC) && !(o->flags & (OBJECT_IMMORTAL | OBJECT_UNTRACKED | OBJECT_DYING)) && o->refs > 0;
}
static bool add_watched(Object *o, void *context)
{
    Found *found = context;
    if (is_watched(o) && !found->failed) found_add(found, o);
    return true;
}
static bool compare_target(Value v, void *context)
{
    Found *found = context;
    for (size_t i = 0; i < found->targets->length; i++)
        if (is_same(v, found->targets->items[i])) found->hit = true;
    return true;
}
static bool add_referrer(Object *o, void *context)
{
    Found *found = context;
    if (!is_watched(o) || found->failed || o == found->skip) return true;
    found->hit = false;
    object_visit(o, compare_target, found);
    if (found->hit) found_add(found, o);
    return true;
}
static bool add_referent(Value v, void *context)
{
    Found *found = context;
    if (is_object(v) && !found->failed) found_add(found, as_object(v));
    return true;
}
static Value found_list(Thread *t, Found *found)
{
    OWN Value list = found->failed ? raise_memory_error(t) : list_from_values(t, found->items, found->count);
    for (size_t i = 0; i < found->count; i++) drop(found->items[i]);
    free(found->items);
    return MOVE(list);
}
static Value gc_get_objects(Thread *t, Value self, const Value *args)
{
    if (!is_none(args[0])) {
        int generation;
        if (!int_as_int(t, args[0], &generation)) return ERROR;
        if (generation >= 3) return raise_value_error(t, "generation must be less than the number of available generations (3)");
        if (generation < 0) return raise_value_error(t, "generation cannot be negative");
        if (generation < 2) return list_new(t, 0);
    }
    Found found = {0};
    heap_each_container(t->interp->heap, add_watched, &found);
    return found_list(t, &found);
}
static Value gc_get_referrers(Thread *t, Value self, const Value *args)
{
    Found found = {.targets = as_tuple(args[0]), .skip = as_object(args[0])};
    if (found.targets->length > 0) heap_each_container(t->interp->heap, add_referrer, &found);
    return found_list(t, &found);
}
static Value gc_get_referents(Thread *t, Value self, const Value *args)
{
    Found found = {0};
    Tuple *objects = as_tuple(args[0]);
    for (size_t i = 0; i < objects->length; i++)
        if (has_type_flag(objects->items[i], TYPE_GC)) object_visit(as_object(objects->items[i]), add_referent, &found);
    return found_list(t, &found);
}
static Value gc_is_tracked(Thread *t, Value self, const Value *args)
{
    return bool_value(is_object(args[0]) && (as_object(args[0])->type->flags & TYPE_GC) && !(as_object(args[0])->flags & OBJECT_UNTRACKED));
}
static Value gc_is_finalized(Thread *t, Value self, const Value *args)
{
    return bool_value(has_type_flag(args[0], TYPE_GC) && (as_object(args[0])->flags & OBJECT_FINALIZED));
}
static Value gc_freeze(Thread *t, Value self, const Value *args)
{
    Found found = {.only_count = true};
    heap_each_container(t->interp->heap, add_watched, &found);
    assign(&t->interp->module_slots[SLOT_GC_FROZEN], small_int((int64_t)found.count));
    return NONE;
}
static Value gc_unfreeze(Thread *t, Value self, const Value *args)
{
    clear(&t->interp->module_slots[SLOT_GC_FROZEN]);
    return NONE;
}
static Value gc_get_freeze_count(Thread *t, Value self, const Value *args)
{
    Value frozen = t->interp->module_slots[SLOT_GC_FROZEN];
    return is_unbound(frozen) ? small_int(0) : retain(frozen);
}

static const Method functions[] = {
    {"enable", gc_enable, "()", "Enable automatic garbage collection."},
    {"disable", gc_disable, "()", "Disable automatic garbage collection."},
    {"isenabled", gc_isenabled, "()", "Returns true if automatic garbage collection is enabled."},
    {"collect", gc_collect, "(generation=2)", "Run the garbage collector; the number of unreachable objects is returned."},
    {"get_count", gc_get_count, "()", "Return a three-tuple of the current collection counts."},
    {"get_threshold", gc_get_threshold, "()", "Return the current collection thresholds."},
    {"set_threshold", gc_set_threshold, "(*thresholds)", "Set the collection thresholds; a first one of zero disables collection."},
    {"get_stats", gc_get_stats, "()", "Return a list of dictionaries containing per-generation statistics."},
    {"set_debug", gc_set_debug, "(flags, /)", "Set the garbage collection debugging flags."},
    {"get_debug", gc_get_debug, "()", "Get the garbage collection debugging flags."},
    {"get_objects", gc_get_objects, "(generation=None)", "Return a list of objects tracked by the collector."},
    {"get_referrers", gc_get_referrers, "(*objs)", "Return the list of objects that directly refer to any of objs."},
    {"get_referents", gc_get_referents, "(*objs)", "Return the list of objects that are directly referred to by objs."},
    {"is_tracked", gc_is_tracked, "(obj, /)", "Returns true if the object is tracked by the garbage collector."},
    {"is_finalized", gc_is_finalized, "(obj, /)", "Returns true if the object has been already finalized by the GC."},
    {"freeze", gc_freeze, "()", "Count all tracked objects as frozen."},
    {"unfreeze", gc_unfreeze, "()", "Count no object as frozen."},
    {"get_freeze_count", gc_get_freeze_count, "()", "Return the number of frozen objects."},
    {0},
};
static bool start(Thread *t, Value module)
{
    Value *slots = t->interp->module_slots;
    OWN Value callbacks = list_new(t, 0);
    OWN Value thresholds = tuple_of(t, 3, small_int((int64_t)t->interp->heap->collect_floor), small_int(10), small_int(10));
    if (is_error(callbacks) || is_error(thresholds)) return false;
    assign(&slots[SLOT_GC_CALLBACKS], retain(callbacks));
    assign(&slots[SLOT_GC_THRESHOLDS], MOVE(thresholds));
    t->interp->heap->collect_hook = tell;
    return module_add(t, module, "callbacks", MOVE(callbacks)) && module_add(t, module, "garbage", list_new(t, 0)) &&
           module_add_int(t, module, "DEBUG_STATS", DEBUG_STATS) && module_add_int(t, module, "DEBUG_COLLECTABLE", DEBUG_COLLECTABLE) &&
           module_add_int(t, module, "DEBUG_UNCOLLECTABLE", DEBUG_UNCOLLECTABLE) && module_add_int(t, module, "DEBUG_SAVEALL", DEBUG_SAVEALL) &&
           module_add_int(t, module, "DEBUG_LEAK", DEBUG_COLLECTABLE | DEBUG_UNCOLLECTABLE | DEBUG_SAVEALL);
}
extern const ModuleSpec gc_spec;
const ModuleSpec gc_spec = {.name = "gc", .doc = "This module provides access to the garbage collector for reference cycles.", .functions = functions, .start = start};
