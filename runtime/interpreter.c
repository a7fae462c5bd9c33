// SPDX-License-Identifier: MIT
// runtime/interpreter.c: how an interpreter starts and ends.
//
// Start: heap, GIL and main thread; then the types, in an order that the first names and strings need; then what the
// types need to be used. End: modules go first, while everything still works; then cycles; then what is left is counted.
#include <stdio.h>
#include <stdlib.h>

#include "runtime/class.h"
#include "runtime/call.h"
#include "runtime/error.h"
#include "runtime/gil_trace.h"
#include "runtime/heap.h"
#include "runtime/shape.h"
#include "runtime/slots.h"
#include "runtime/start.h"
#include "runtime/types/dict.h"
#include "runtime/types/exception_layout.h"
#include "runtime/types/float.h"
#include "runtime/types/function.h"
#include "runtime/types/generic_alias.h"
#include "runtime/types/int.h"
#include "runtime/types/iterators.h"
#include "runtime/types/list.h"
#include "runtime/types/module.h"
#include "runtime/types/set.h"
#include "runtime/types/slice.h"
#include "runtime/types/str.h"
#include "runtime/types/tuple.h"
#include "runtime/types/weak_table.h"

#define DEFAULT_RECURSION_LIMIT 1000

extern const TypeSpec object_spec, type_spec;
#define TYPE(name, exposure) extern const TypeSpec name##_spec;
#include "runtime/builtin_types.def"

// Types that objects are made of before type_prepare has run for them: the head and the size are all that object_new needs.
static void type_outline(Type *type, const TypeSpec *spec)
{
    if (type->head.type) return;
    type->head = (Object){&type_type, IMMORTAL_REFS, OBJECT_IMMORTAL};
    type->size = spec->size;
    type->flags = spec->flags;
    type->slots = spec->slots;
    type->name = spec->name;
}

static bool types_prepare(Thread *t)
{
    if (!type_prepare(t, &object_type, &object_spec) || !type_prepare(t, &type_type, &type_spec)) return false;
#define TYPE(name, exposure) if (!type_prepare(t, &name##_type, &name##_spec)) return false;
#include "runtime/builtin_types.def"
    return exceptions_prepare(t);
}

static bool start_inside(Interp *interp, Thread *t)
{
    type_outline(&object_type, &object_spec);
    type_outline(&type_type, &type_spec);
#define TYPE(name, exposure) type_outline(&name##_type, &name##_spec);
#include "runtime/builtin_types.def"
    if (!names_start(t) || !types_prepare(t)) return false;
    interp->memory_error = exception_new(t, &exc_MemoryError, NULL, 0);
    interp->modules = dict_new(t);
    return !is_error(interp->memory_error) && interp->modules;
}

Interp *interp_create(uint64_t hash_seed)
{
    Interp *interp = calloc(1, sizeof *interp);
    if (!interp) return NULL;
    interp->recursion_limit = DEFAULT_RECURSION_LIMIT;
    interp->hash_seed[0] = hash_seed;
    interp->hash_seed[1] = hash_seed * 0x9E3779B97F4A7C15u;
    interp->heap = heap_create();
    interp->gil = gil_create();
    interp->method_cache = method_cache_create();
    interp->weak_table = weak_table_create();
    Thread *t = interp->heap && interp->gil && interp->method_cache && interp->weak_table ? thread_create(interp) : NULL;
    if (!t) return NULL;
    t->is_main = true;
    interp->main_thread = t;
    interp_enter(t);
    thread_attach(t);
    return start_inside(interp, t) ? interp : NULL;
}

MOVES_GIL void interp_enter(Thread *t) { gil_acquire(t, GIL_START); }

#ifdef BATON_DEBUG
typedef struct Left { FILE *to; const char *path; size_t count; } Left;

// Counts what is still alive and names the first few.
static bool describe(Object *o, void *context)
{
    Left *left = context;
    if (o->flags & OBJECT_IMMORTAL) return true;
    if (!left->to) left->to = fopen(left->path, "a");
    if (++left->count > 20 || !left->to) return true;
    fprintf(left->to, "  %s, %u reference(s)", o->type->name, o->refs);
    if (o->type == &str_type) fprintf(left->to, ": %.60s", ((Str *)o)->data);
    if (o->type == &tuple_type) fprintf(left->to, " of %zu, the first: %s", ((Tuple *)o)->length, type_of(((Tuple *)o)->items[0])->name);
    if (o->type == &list_type) fprintf(left->to, " of %zu", ((List *)o)->length);
    fputc('\n', left->to);
    return true;
}
#endif

// BATON_COUNT_REFERENCES=FILE has a debug build add to FILE what is left: no file, no leak.
static void report_left(Interp *interp)
{
#ifdef BATON_DEBUG
    Left left = {.path = getenv("BATON_COUNT_REFERENCES")};
    if (!left.path) return;
    heap_each_object(interp->heap, describe, &left);
    if (!left.to) return;
    fprintf(left.to, "baton: %zu objects left at exit\n", left.count);
    fclose(left.to);
#endif
}

// Writes out what finalizers have printed. What they print from here on goes nowhere, without a complaint.
static void streams_end(Thread *t, Dict *sys)
{
    Str *streams[] = {NAME(stdin), NAME(stdout), NAME(stderr)};
    for (size_t i = 0; sys && i < COUNT_OF(streams); i++) {
        OWN Value file = retain(dict_get_str(sys, streams[i]));
        bool writes = i > 0 && !is_unbound(file) && !is_none(file);
        OWN Value flushed = writes ? call_method0(t, file, NAME(flush)) : NONE;
        if (is_error(flushed)) error_clear(t);
        if (!dict_set_str(t, sys, streams[i], NONE)) error_clear(t);
    }
}

void interp_destroy(Interp *interp)
{
    Thread *t = interp->main_thread;
    trace_end(t);
    schedule_ends(t);
    clear(&interp->memory_error);
    Value *owned[] = {&interp->warnings_filters, &interp->warnings_once, &interp->warnings_default_action, &interp->codec_search_path};
    for (size_t i = 0; i < COUNT_OF(owned); i++) clear(owned[i]);
    drop_pointer(MOVE_POINTER(interp->codec_cache));
    drop_pointer(MOVE_POINTER(interp->codec_errors));
    drop_pointer(MOVE_POINTER(interp->extensions));
    dict_clear(t, interp->modules);      // sys.modules is the same dict: it would keep every module, and all that hangs on them, until sys itself goes
    drop_pointer(MOVE_POINTER(interp->modules));
    if (interp->sys && dict_delete(t, interp->sys, NAME_VALUE(modules)) < 0) error_clear(t);     // its sys.modules would keep every module
    thread_drop_values(t);
    collect_cycles(t, 2);         // while finalizers still have builtins, sys, and what native modules keep
    streams_end(t, interp->sys);
    for (size_t i = 0; i < COUNT_OF(interp->module_slots); i++) clear(&interp->module_slots[i]);
    drop_pointer(MOVE_POINTER(interp->sys));
    drop_pointer(MOVE_POINTER(interp->builtins));
    collect_cycles(t, 2);
    collect_cycles(t, 2);
    method_cache_clear(interp->method_cache);
    if (interp->threads == t && !t->next) {       // else a daemon thread stands somewhere with references of its own
        shapes_forget(&object_type);
        report_left(interp);
        heap_check_leaks();
    }
}
