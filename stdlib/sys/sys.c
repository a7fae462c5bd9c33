// SPDX-License-Identifier: MIT
// stdlib/sys/sys.c: the module sys: the interpreter as a program sees it. What interp alone knows (frames, tracing) is in
// interp/sys_frames.c; argv, path and the standard streams are set by the command line.
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include "runtime/call.h"
#include "runtime/error.h"
#include "runtime/heap.h"
#include "runtime/types/dict.h"
#include "runtime/types/exception.h"
#include "runtime/types/float.h"
#include "runtime/types/function.h"
#include "runtime/types/int.h"
#include "runtime/types/list.h"
#include "runtime/types/module.h"
#include "runtime/types/str.h"
#include "runtime/types/tuple.h"
#include "stdlib/sys/sys.h"

#ifdef __clang__
#define COMPILER "Clang"
#else
#define COMPILER "GCC"
#endif

// ---- Functions
static Value sys_exit(Thread *t, Value self, const Value *args)
{
    Value exception = exception_new(t, &exc_SystemExit, args, is_none(args[0]) ? 0 : 1);
    return is_error(exception) ? ERROR : raise_exception(t, exception);
}
static Value sys_getrefcount(Thread *t, Value self, const Value *args)
{
    return is_object(args[0]) ? int_value(t, as_object(args[0])->refs) : int_value(t, IMMORTAL_REFS);
}
static Value sys_getrecursionlimit(Thread *t, Value self, const Value *args) { return small_int(t->interp->recursion_limit); }
static Value sys_setrecursionlimit(Thread *t, Value self, const Value *args)
{
    int limit;
    if (!int_as_int(t, args[0], &limit)) return ERROR;
    if (limit < 1) return raise_value_error(t, "recursion limit must be greater or equal than 1");
    if ((uint32_t)limit <= t->py_depth) return raise_error(t, &exc_RecursionError, "cannot set the recursion limit to %d at the recursion depth %d: the limit is too low", limit, (int)t->py_depth);
    t->interp->recursion_limit = (uint32_t)limit;
    for (Thread *each = t->interp->threads; each; each = each->next) each->recursion_limit = (uint32_t)limit;
    return NONE;
}
static Value sys_getswitchinterval(Thread *t, Value self, const Value *args) { return float_value(gil_interval(t->interp->gil)); }
static Value sys_setswitchinterval(Thread *t, Value self, const Value *args)
{
    double seconds;
    if (!float_from_value(t, args[0], &seconds)) return ERROR;
    if (!(seconds > 0)) return raise_value_error(t, "switch interval must be strictly positive");
    gil_set_interval(t->interp->gil, seconds);
    return NONE;
}
static Value sys_intern(Thread *t, Value self, const Value *args)
{
    if (!is_exact_str(args[0])) return raise_type_error(t, is_str(args[0]) ? "can't intern %T" : "intern() argument must be str, not %T", args[0]);
    Str *interned = str_intern(t, as_str(retain(args[0])));
    return interned ? object_value(interned) : ERROR;
}
static Value sys_exc_info(Thread *t, Value self, const Value *args)
{
    Value e = t->handled;
    if (is_unbound(e)) return tuple_of(t, 3, NONE, NONE, NONE);
    Value traceback = as_exception(e)->traceback;
    return tuple_of(t, 3, type_value(type_of(e)), e, is_unbound(traceback) ? NONE : traceback);
}
static Value sys_exception(Thread *t, Value self, const Value *args) { return is_unbound(t->handled) ? NONE : retain(t->handled); }
static Value sys_getdefaultencoding(Thread *t, Value self, const Value *args) { return str_from_text(t, "utf-8"); }
static Value sys_getfilesystemencoding(Thread *t, Value self, const Value *args) { return str_from_text(t, "utf-8"); }
static Value sys_getfilesystemencodeerrors(Thread *t, Value self, const Value *args) { return str_from_text(t, "surrogateescape"); }
static Value sys_getsizeof(Thread *t, Value self, const Value *args)
{
    OWN Value size = call_special(t, args[0], NAME(__sizeof__), NULL, 0);
    if (is_unbound(size)) return raise_type_error(t, "Type %T doesn't define __sizeof__", args[0]);
    if (is_error(size)) {
        if (is_unbound(args[1]) || !error_clear_if(t, &exc_TypeError)) return ERROR;
        return retain(args[1]);
    }
    if (!is_int(size)) return raise_type_error(t, "an integer is required");
    if (int_sign(size) < 0) return raise_value_error(t, "__sizeof__() should return >= 0");
    int64_t bytes;
    if (!int_as_i64(t, size, &bytes)) return ERROR;
    return int_value(t, bytes + (is_object(args[0]) && (as_object(args[0])->type->flags & TYPE_GC) ? 16 : 0));
}
static Value sys_is_finalizing(Thread *t, Value self, const Value *args) { return bool_value(t->interp->finalizing); }
static Value sys_getallocatedblocks(Thread *t, Value self, const Value *args) { return int_value(t, (int64_t)heap_live_objects(t->interp->heap)); }

// The C-level hook of the interactive prompt: shows what is not None and keeps it as `_`.
static Value sys_displayhook(Thread *t, Value self, const Value *args)
{
    if (is_none(args[0])) return NONE;
    if (!dict_set_str(t, t->interp->builtins, NAME(_), NONE)) return ERROR;
    OWN Value stdout_file = retain(dict_get_str(t->interp->sys, NAME(stdout)));
    if (is_unbound(stdout_file)) return raise_error(t, &exc_RuntimeError, "lost sys.stdout");
    OWN Value text = object_repr(t, args[0]);
    if (is_error(text)) return ERROR;
    OWN Value line = str_format(t, "%S\n", text);
    OWN Value written = is_error(line) ? ERROR : call_method1(t, stdout_file, NAME(write), line);
    if (is_error(written)) return ERROR;
    return dict_set_str(t, t->interp->builtins, NAME(_), args[0]) ? NONE : ERROR;
}
static Value sys_excepthook(Thread *t, Value self, const Value *args)
{
    if (!is_exception(args[1])) return NONE;
    t->interp->up.print_exception(t, args[1]);
    error_clear(t);
    return NONE;
}
static Value sys_unraisablehook(Thread *t, Value self, const Value *args)
{
    OWN_POINTER Str *exc_value = str_intern_text(t, "exc_value", 9);
    OWN_POINTER Str *object = str_intern_text(t, "object", 6);
    OWN_POINTER Str *err_msg = str_intern_text(t, "err_msg", 7);
    if (!exc_value || !object || !err_msg) return ERROR;
    OWN Value exception = object_get_attr(t, args[0], exc_value);
    OWN Value source = is_error(exception) ? ERROR : object_get_attr(t, args[0], object);
    OWN Value message = is_error(source) ? ERROR : object_get_attr(t, args[0], err_msg);
    if (is_error(message)) return ERROR;
    OWN_MEMORY char *where = is_str(message) ? str_to_utf8(t, as_str(message), NULL) : NULL;
    if (is_str(message) && !where) return ERROR;
    if (is_exception(exception)) {
        error_restore(t, retain(exception));
        error_unraisable(t, where, source);
    }
    return NONE;
}
static Value sys_breakpointhook(Thread *t, Value self, const Value *args)
{
    const char *wish = getenv("PYTHONBREAKPOINT");
    if (wish && strcmp(wish, "0") == 0) return NONE;
    const char *target = wish && *wish ? wish : "pdb.set_trace";
    const char *dot = strrchr(target, '.');
    OWN_POINTER Str *module_name = dot ? str_intern_text(t, target, (size_t)(dot - target)) : str_intern_text(t, "builtins", 8);
    OWN_POINTER Str *name = str_intern_text(t, dot ? dot + 1 : target, strlen(dot ? dot + 1 : target));
    OWN Value module = module_name && name ? t->interp->up.import_module(t, module_name) : ERROR;
    OWN Value hook = is_error(module) ? ERROR : object_get_attr(t, module, name);
    return is_error(hook) ? ERROR : call_with_dict(t, hook, args[0], args[1]);
}
static Value sys_get_int_max_str_digits(Thread *t, Value self, const Value *args) { return small_int(int_max_str_digits(t)); }
static Value sys_set_int_max_str_digits(Thread *t, Value self, const Value *args)
{
    int limit;
    if (!int_as_int(t, args[0], &limit)) return ERROR;
    if (limit != 0 && limit < 640) return raise_value_error(t, "maxdigits must be 0 or larger than 640");
    int_set_max_str_digits(t, limit);
    return NONE;
}
static Value sys_audit(Thread *t, Value self, const Value *args) { return NONE; }
static Value sys_addaudithook(Thread *t, Value self, const Value *args) { return NONE; }
static Value sys_get_asyncgen_hooks(Thread *t, Value self, const Value *args)
{
    return simple_namespace_of(t, (const char *const[]){"firstiter", "finalizer", NULL},
        (const Value[]){is_unbound(t->async_gen_firstiter) ? NONE : t->async_gen_firstiter, is_unbound(t->async_gen_finalizer) ? NONE : t->async_gen_finalizer});
}
static bool take_hook(Thread *t, Value *place, Value hook, const char *name)
{
    if (is_unbound(hook)) return true;
    if (!is_none(hook) && !object_is_callable(hook)) return error_false(raise_type_error(t, "callable %s expected, got %T", name, hook));
    assign(place, is_none(hook) ? UNBOUND : retain(hook));
    return true;
}
static Value sys_set_asyncgen_hooks(Thread *t, Value self, const Value *args)
{
    return take_hook(t, &t->async_gen_firstiter, args[0], "firstiter") && take_hook(t, &t->async_gen_finalizer, args[1], "finalizer") ? NONE : ERROR;
}
static Value sys_get_coroutine_depth(Thread *t, Value self, const Value *args) { return small_int(t->coroutine_origin_depth); }
static Value sys_set_coroutine_depth(Thread *t, Value self, const Value *args)
{
    int depth;
    if (!int_as_int(t, args[0], &depth)) return ERROR;
    if (depth < 0) return raise_value_error(t, "depth must be >= 0");
    t->coroutine_origin_depth = depth;
    return NONE;
}

static const Method sys_functions[] = {
    {"exit", sys_exit, "(status=None, /)", "Exit the interpreter by raising SystemExit(status)."},
    {"getrefcount", sys_getrefcount, "(object, /)", "Return the reference count of object."},
    {"getrecursionlimit", sys_getrecursionlimit, "()", "Return the current value of the recursion limit."},
    {"setrecursionlimit", sys_setrecursionlimit, "(limit, /)", "Set the maximum depth of the Python interpreter stack to n."},
    {"getswitchinterval", sys_getswitchinterval, "()", "Return the current thread switch interval; see sys.setswitchinterval()."},
    {"setswitchinterval", sys_setswitchinterval, "(interval, /)", "Set the ideal thread switching delay inside the Python interpreter."},
    {"intern", sys_intern, "(string, /)", "``Intern'' the given string."},
    {"exc_info", sys_exc_info, "()", "Return current exception information: (type, value, traceback)."},
    {"exception", sys_exception, "()", "Return the current exception."},
    {"getdefaultencoding", sys_getdefaultencoding, "()", "Return the current default encoding used by the Unicode implementation."},
    {"getfilesystemencoding", sys_getfilesystemencoding, "()", "Return the encoding used to convert Unicode filenames to OS filenames."},
    {"getfilesystemencodeerrors", sys_getfilesystemencodeerrors, "()", "Return the error mode used for Unicode to OS filename conversion."},
    {"getsizeof", sys_getsizeof, "(object, default=<unset>)", "Return the size of object in bytes."},
    {"is_finalizing", sys_is_finalizing, "()", "Return True if Python is exiting."},
    {"getallocatedblocks", sys_getallocatedblocks, "()", "Return the number of memory blocks currently allocated."},
    {"displayhook", sys_displayhook, "(object, /)", "Print an object to sys.stdout and also save it in builtins._"},
    {"excepthook", sys_excepthook, "(exctype, value, traceback, /)", "Handle an exception by displaying it with a traceback on sys.stderr."},
    {"unraisablehook", sys_unraisablehook, "(unraisable, /)", "Handle an unraisable exception."},
    {"breakpointhook", sys_breakpointhook, "(*args, **kws)", "This hook function is called by built-in breakpoint()."},
    {"get_int_max_str_digits", sys_get_int_max_str_digits, "()", "Return the maximum string digits limit for non-binary int<->str conversions."},
    {"set_int_max_str_digits", sys_set_int_max_str_digits, "(maxdigits)", "Set the maximum string digits limit for non-binary int<->str conversions."},
    {"audit", sys_audit, "(event, /, *args)", "Passes the event to any hooks that are attached: none can be."},
    {"addaudithook", sys_addaudithook, "(hook)", "Adds a new audit hook callback: it is never called."},
    {"get_asyncgen_hooks", sys_get_asyncgen_hooks, "()", "Return the installed asynchronous generators hooks."},
    {"set_asyncgen_hooks", sys_set_asyncgen_hooks, "(firstiter=<unset>, finalizer=<unset>)", "Set a finalizer for async generators objects."},
    {"get_coroutine_origin_tracking_depth", sys_get_coroutine_depth, "()", "Check status of origin tracking for coroutine objects in this thread."},
    {"set_coroutine_origin_tracking_depth", sys_set_coroutine_depth, "(depth)", "Enable or disable origin tracking for coroutine objects in this thread."},
    {0},
};

// ---- Constants
static const StructField version_fields[] = {{"major", NULL}, {"minor", NULL}, {"micro", NULL}, {"releaselevel", NULL}, {"serial", NULL}, {0}};
static const StructField float_fields[] = {
    {"max", NULL}, {"max_exp", NULL}, {"max_10_exp", NULL}, {"min", NULL}, {"min_exp", NULL}, {"min_10_exp", NULL}, {"dig", NULL}, {"mant_dig", NULL}, {"epsilon", NULL},
    {"radix", NULL}, {"rounds", NULL}, {0},
};
static const StructField int_fields[] = {{"bits_per_digit", NULL}, {"sizeof_digit", NULL}, {"default_max_str_digits", NULL}, {"str_digits_check_threshold", NULL}, {0}};
static const StructField hash_fields[] = {{"width", NULL}, {"modulus", NULL}, {"inf", NULL}, {"nan", NULL}, {"imag", NULL}, {"algorithm", NULL}, {"hash_bits", NULL}, {"seed_bits", NULL}, {"cutoff", NULL}, {0}};
static const StructField thread_fields[] = {{"name", NULL}, {"lock", NULL}, {"version", NULL}, {0}};

// A named tuple of a type of its own; values are owned by the call.
static Value named_tuple(Thread *t, const char *name, const StructField *fields, Value *items, size_t count)
{
    OWN_POINTER Type *type = struct_sequence_type(t, name, NULL, fields, count);
    return type ? struct_sequence_new(t, type, items, count) : ERROR;
}
static Value version_info(Thread *t)
{
    Value made = named_tuple(t, "sys.version_info", version_fields, (Value[]){small_int(3), small_int(11), small_int(2), str_from_text(t, "final"), small_int(0)}, 5);
    if (!is_error(made)) type_of(made)->flags |= TYPE_NO_NEW;      // there is only one
    return made;
}
static Value float_info(Thread *t)
{
    return named_tuple(t, "sys.float_info", float_fields, (Value[]){float_value(1.7976931348623157e308), small_int(1024), small_int(308), float_value(2.2250738585072014e-308),
        small_int(-1021), small_int(-307), small_int(15), small_int(53), float_value(2.220446049250313e-16), small_int(2), small_int(1)}, 11);
}
static Value implementation(Thread *t)
{
    OWN Value name = str_from_text(t, "baton");
    OWN Value tag = str_from_text(t, "baton-311");
    OWN Value version = version_info(t);
    OWN Value multiarch = str_from_text(t, "x86_64-linux-gnu");
    if (is_error(name) || is_error(tag) || is_error(version) || is_error(multiarch)) return ERROR;
    return simple_namespace_of(t, (const char *const[]){"name", "cache_tag", "version", "hexversion", "_multiarch", NULL},
        (const Value[]){name, tag, version, small_int(0x030b02f0), multiarch});
}

bool sys_set(Thread *t, const char *name, Value value)
{
    return dict_set_text(t, t->interp->sys, name, value);
}

static bool add_constants(Thread *t, Value module)
{
    Value hash_items[] = {small_int(64), int_from_i64(t, (INT64_C(1) << 61) - 1), small_int(314159), small_int(0), small_int(1000003), str_from_text(t, "siphash13"), small_int(64), small_int(128), small_int(0)};
    return module_add(t, module, "version_info", version_info(t)) && module_add(t, module, "hexversion", small_int(0x030b02f0)) &&
           module_add(t, module, "version", str_from_text(t, "3.11.2 (Baton 0.1.0) [" COMPILER " " __VERSION__ "]")) && module_add(t, module, "api_version", small_int(1013)) &&
           module_add(t, module, "copyright", str_from_text(t, "Copyright (c) 2026 The Baton authors.")) && module_add(t, module, "platform", str_from_text(t, "linux")) &&
           module_add(t, module, "byteorder", str_from_text(t, "little")) && module_add(t, module, "maxsize", int_from_i64(t, INT64_MAX)) &&
           module_add(t, module, "maxunicode", small_int(0x10FFFF)) && module_add(t, module, "float_repr_style", str_from_text(t, "short")) &&
           module_add(t, module, "platlibdir", str_from_text(t, "lib")) && module_add(t, module, "pycache_prefix", NONE) && module_add(t, module, "abiflags", str_from_text(t, "")) &&
           module_add(t, module, "warnoptions", list_new(t, 0)) && module_add(t, module, "_xoptions", object_value(dict_new(t))) &&
           module_add(t, module, "path_importer_cache", object_value(dict_new(t))) &&
           module_add(t, module, "_git", tuple_of(t, 3, object_value(str_empty), object_value(str_empty), object_value(str_empty))) && module_add(t, module, "_framework", str_from_text(t, "")) &&
           module_add(t, module, "float_info", float_info(t)) && module_add(t, module, "implementation", implementation(t)) &&
           module_add(t, module, "int_info", named_tuple(t, "sys.int_info", int_fields, (Value[]){small_int(30), small_int(4), small_int(4300), small_int(640)}, 4)) &&
           module_add(t, module, "hash_info", named_tuple(t, "sys.hash_info", hash_fields, hash_items, 9)) &&
           module_add(t, module, "thread_info", named_tuple(t, "sys.thread_info", thread_fields, (Value[]){str_from_text(t, "pthread"), str_from_text(t, "semaphore"), str_from_text(t, "NPTL 2.36")}, 3));
}

// The names of the native modules, so that os, pkgutil and help() know them.
static Value builtin_names(Thread *t)
{
    OWN Value list = list_new(t, 64);
    for (const NativeModule *m = native_modules; m->name && !is_error(list); m++)
        if (m->spec && !list_append_owned(t, list, str_from_text(t, m->name))) return ERROR;
    return is_error(list) || !list_sort(t, list, NONE, false) ? ERROR : list_to_tuple(t, list);
}
// The hooks as they were at the start are the very same functions: programs ask whether a hook was changed by `is`.
static bool keep_hooks(Thread *t)
{
    static const char *const hooks[][2] = {{"displayhook", "__displayhook__"}, {"excepthook", "__excepthook__"}, {"unraisablehook", "__unraisablehook__"}, {"breakpointhook", "__breakpointhook__"}};
    for (size_t i = 0; i < COUNT_OF(hooks); i++) {
        OWN_POINTER Str *name = str_intern_text(t, hooks[i][0], strlen(hooks[i][0]));
        if (!name || !sys_set(t, hooks[i][1], retain(dict_get_str(t->interp->sys, name)))) return false;
    }
    return true;
}

static bool start(Thread *t, Value module)
{
    t->interp->sys = RETAIN(as_module(module)->dict);
    return keep_hooks(t) && add_constants(t, module) && module_add(t, module, "builtin_module_names", builtin_names(t)) && module_add(t, module, "modules", retain(object_value(t->interp->modules)));
}

const ModuleSpec sys_spec = {.name = "sys", .doc = "This module provides access to some objects used or maintained by the interpreter.", .functions = sys_functions, .start = start};
