// SPDX-License-Identifier: MIT
// runtime/interpreter.c: how an interpreter starts and ends.
//
// Start: heap, GIL and main thread; then the types, in an order that the first names and strings need; then what the
// types need to be used. End: all modules are let go of, and what only they held is finalised while the rest of it still
// stands, so that a __del__ finds the names that it uses; modules that something else holds are emptied; sys and builtins go
// last, and no Python code runs after them; then what is left is counted.
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
#include "runtime/types/weakref.h"

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

Interp *interp_create(const uint64_t hash_seed[2])
{
    Interp *interp = calloc(1, sizeof *interp);
    if (!interp) return NULL;
    interp->recursion_limit = DEFAULT_RECURSION_LIMIT;
    memcpy(interp->hash_seed, hash_seed, sizeof interp->hash_seed);
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

// ---- The end of modules
// sys as it was at the start, and without what would keep the program's objects.
static void end_sys(Thread *t)
{
    static const char *const streams[] = {"stdin", "stdout", "stderr"};
    static const char *const gone[] = {"path", "argv", "ps1", "ps2", "last_type", "last_value", "last_traceback", "path_hooks", "path_importer_cache", "meta_path"};
    Dict *sys = t->interp->sys;
    for (size_t i = 0; i < COUNT_OF(streams); i++) {
        char original[16];
        snprintf(original, sizeof original, "__%s__", streams[i]);
        OWN_POINTER Str *key = str_intern_text(t, original, strlen(original));
        Value stream = key ? dict_get_str(sys, key) : UNBOUND;
        if (!is_unbound(stream) && !dict_set_text(t, sys, streams[i], retain(stream))) error_clear(t);
    }
    for (size_t i = 0; i < COUNT_OF(gone); i++)
        if (!dict_set_text(t, sys, gone[i], NONE)) error_clear(t);
    if (error_pending(t)) error_clear(t);
}
// Sets every name to None, the private ones first: what a __del__ of theirs uses is still there.
static void empty_namespace(Thread *t, Dict *namespace)
{
    for (int pass = 0; pass < 2; pass++) {
        OWN Value keys = tuple_from_iterable(t, dict_value(namespace));
        for (size_t i = 0; !is_error(keys) && i < as_tuple(keys)->length; i++) {
            Value key = as_tuple(keys)->items[i];
            if (!is_str(key) || as_str(key)->length == 0) continue;
            bool private = str_at(as_str(key), 0) == '_' && (as_str(key)->length == 1 || str_at(as_str(key), 1) != '_');
            if ((pass == 0) != private || as_str(key) == NAME(__builtins__)) continue;
            if (!dict_set(t, namespace, key, NONE)) error_clear(t);
        }
        if (error_pending(t)) error_clear(t);
    }
}
// Takes every module out of sys.modules: a list of weak references to them, in the order in which they were imported.
static Value let_modules_go(Thread *t)
{
    Dict *modules = t->interp->modules;
    OWN Value keys = tuple_from_iterable(t, dict_value(modules));
    OWN Value references = is_error(keys) ? ERROR : list_new(t, as_tuple(keys)->length);
    for (size_t i = 0; !is_error(references) && i < as_tuple(keys)->length; i++) {
        Value key = as_tuple(keys)->items[i], module = dict_get(t, modules, key);
        if (is_error(module)) return ERROR;
        bool stays = is_unbound(module) || !is_module(module) || as_module(module)->dict == t->interp->sys || as_module(module)->dict == t->interp->builtins;
        if (!stays && !list_append_owned(t, references, weakref_new(t, &weakref_type, module, UNBOUND))) return ERROR;
        if (!dict_set(t, modules, key, NONE)) return ERROR;
    }
    return is_error(references) ? ERROR : MOVE(references);
}
// The module objects themselves, which must outlive the others.
static Value sys_and_builtins(Thread *t)
{
    OWN_POINTER Str *sys = str_intern_text(t, "sys", 3);
    Value modules[] = {sys ? dict_get_str(t->interp->modules, sys) : UNBOUND, dict_get_str(t->interp->modules, NAME(builtins))};
    for (size_t i = 0; i < COUNT_OF(modules); i++)
        if (is_unbound(modules[i])) modules[i] = NONE;
    return tuple_from_values(t, modules, COUNT_OF(modules));
}
static void end_modules(Thread *t)
{
    Interp *interp = t->interp;
    if (!interp->modules || !interp->sys || !interp->builtins) return;      // it never came to start
    end_sys(t);
    OWN Value keeps_sys = sys_and_builtins(t);
    interp->modules_gone = true;
    OWN Value references = let_modules_go(t);
    dict_clear(t, interp->modules);
    collect_cycles(t, 2);
    for (size_t i = is_error(references) ? 0 : as_list(references)->length; i-- > 0;) {
        OWN Value module = weakref_target(as_list(references)->items[i]);
        if (is_module(module) && as_module(module)->dict) empty_namespace(t, as_module(module)->dict);
    }
    if (error_pending(t)) error_clear(t);
    empty_namespace(t, interp->sys);
}

void interp_destroy(Interp *interp)
{
    Thread *t = interp->main_thread;
    trace_end(t);
    schedule_ends(t);
    end_modules(t);
    clear(&interp->memory_error);
    clear(&interp->codec_search_path);
    drop_pointer(MOVE_POINTER(interp->codec_cache));
    drop_pointer(MOVE_POINTER(interp->codec_errors));
    drop_pointer(MOVE_POINTER(interp->extensions));
    drop_pointer(MOVE_POINTER(interp->modules));
    thread_drop_values(t);
    collect_cycles(t, 2);         // while finalizers still have builtins, sys, and what native modules keep
    interp->no_python = true;
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
