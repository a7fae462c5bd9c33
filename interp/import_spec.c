// SPDX-License-Identifier: MIT
// interp/import_spec.c: ModuleSpec, and our finder and loader as objects, so that inspect, runpy, pkgutil and importlib.util find in
// modules what they look for. The types go by the names that CPython gives the like of them.
#include "interp/import_spec.h"

#include <stdio.h>

#include "interp/program.h"
#include "runtime/call.h"
#include "runtime/error.h"
#include "runtime/types/bytes.h"
#include "runtime/types/function.h"
#include "runtime/types/list.h"
#include "runtime/types/str.h"
#include "runtime/types/tuple.h"

Type module_spec_type, loader_type, finder_type;

typedef struct Loader { Object head; Str *name; LoaderKind kind; Value path; bool is_package; } Loader;
static Loader *as_loader(Value v) { return (Loader *)as_object(v); }

static Value none_for(Value v) { return is_unbound(v) ? NONE : v; }

// ---- ModuleSpec
static Value loader_new(Thread *t, Str *name, LoaderKind kind, Value path, bool is_package)
{
    Loader *loader = (Loader *)object_new(t, &loader_type);
    if (!loader) return ERROR;
    loader->name = RETAIN(name);
    loader->kind = kind;
    loader->path = retain(none_for(path));
    loader->is_package = is_package;
    return object_value(loader);
}

Value module_spec_new(Thread *t, Str *name, LoaderKind kind, Value location, bool is_package)
{
    OWN_POINTER ModuleSpecObject *s = (ModuleSpecObject *)object_new(t, &module_spec_type);
    if (!s) return ERROR;
    s->name = RETAIN(name);
    s->kind = kind;
    s->origin = s->locations = s->loader_state = s->cached = NONE;
    s->has_location = kind == LOADER_SOURCE;
    s->loader = kind == LOADER_NAMESPACE ? NONE : loader_new(t, name, kind, location, is_package);
    if (is_error(s->loader)) return s->loader = NONE, ERROR;
    if (kind == LOADER_SOURCE) s->origin = retain(location);
    else if (kind != LOADER_NAMESPACE) s->origin = str_from_text(t, kind == LOADER_NATIVE ? "built-in" : "frozen");
    if (is_error(s->origin)) return s->origin = NONE, ERROR;
    if (!is_package) return object_value(MOVE_POINTER(s));
    s->locations = list_new(t, 1);
    if (is_error(s->locations)) return s->locations = NONE, ERROR;
    if (kind == LOADER_SOURCE) {
        Str *path = as_str(location);
        OWN Value folder = str_substring(t, path, 0, path->length - strlen("/__init__.py"));
        if (is_error(folder) || !list_append(t, s->locations, folder)) return ERROR;
    }
    return object_value(MOVE_POINTER(s));
}

bool module_spec_set_locations(Thread *t, Value spec, Value list)
{
    assign(&as_module_spec(spec)->locations, retain(list));
    return true;
}

Value module_spec_parent(Thread *t, Value spec)
{
    ModuleSpecObject *s = as_module_spec(spec);
    if (!is_none(s->locations)) return retain(object_value(s->name));
    size_t end = s->name->length;
    while (end > 0 && str_at(s->name, end - 1) != '.') end--;
    return str_substring(t, s->name, 0, end ? end - 1 : 0);
}

static Value spec_construct(Thread *t, Type *type, const Value *args)
{
    if (!is_str(args[0])) return raise_type_error(t, "name must be str, not %T", args[0]);
    OWN_POINTER Str *name = str_intern(t, as_str(retain(args[0])));
    OWN_POINTER ModuleSpecObject *s = name ? (ModuleSpecObject *)object_new(t, type) : NULL;
    if (!s) return ERROR;
    s->name = RETAIN(name);
    s->kind = LOADER_FOREIGN;
    s->loader = retain(args[1]);
    s->origin = retain(args[2]);
    s->loader_state = retain(args[3]);
    s->cached = s->locations = NONE;
    int package = object_truth(t, none_for(args[4]));
    if (package < 0) return ERROR;
    if (package) s->locations = list_new(t, 0);
    return object_value(MOVE_POINTER(s));
}
#define SPEC_FIELD(field) \
    static Value get_##field(Thread *t, Value v) { return retain(as_module_spec(v)->field); } \
    static bool set_##field(Thread *t, Value v, Value value) { assign(&as_module_spec(v)->field, retain(none_for(value))); return true; }
SPEC_FIELD(loader)
SPEC_FIELD(origin)
SPEC_FIELD(locations)
SPEC_FIELD(loader_state)
static Value cached_path(Thread *t, Str *source)
{
    size_t slash = source->length, end = source->length;
    while (slash > 0 && str_at(source, slash - 1) != '/') slash--;
    for (size_t i = slash; i < source->length; i++)
        if (str_at(source, i) == '.') end = i;
    int level = interp_optimize(t);
    const char *const endings[] = {"", ".opt-1", ".opt-2"};
    OWN Value folder = str_substring(t, source, 0, slash);
    OWN Value base = is_error(folder) ? ERROR : str_substring(t, source, slash, end);
    return is_error(base) ? ERROR : str_format(t, "%S__pycache__/%S.baton-311%s.pyc", folder, base, endings[level > 2 ? 2 : level]);
}
Value module_spec_cached(Thread *t, Value v)
{
    ModuleSpecObject *s = as_module_spec(v);
    if (is_none(s->cached) && s->kind == LOADER_SOURCE && is_str(s->origin)) {
        Value path = cached_path(t, as_str(s->origin));
        if (is_error(path)) return ERROR;
        assign(&s->cached, path);
    }
    return retain(s->cached);
}
static bool set_cached(Thread *t, Value v, Value value)
{
    assign(&as_module_spec(v)->cached, retain(none_for(value)));
    return true;
}
static Value get_name(Thread *t, Value v) { return retain(object_value(as_module_spec(v)->name)); }
static bool set_name(Thread *t, Value v, Value value)
{
    if (!is_str(value)) return error_false(raise_type_error(t, "name must be str"));
    Str *name = str_intern(t, as_str(retain(value)));
    if (!name) return false;
    drop_pointer(as_module_spec(v)->name);
    as_module_spec(v)->name = name;
    return true;
}
static Value get_parent(Thread *t, Value v) { return module_spec_parent(t, v); }
static Value get_has_location(Thread *t, Value v) { return bool_value(as_module_spec(v)->has_location); }
static bool set_has_location(Thread *t, Value v, Value value)
{
    int truth = is_unbound(value) ? 0 : object_truth(t, value);
    as_module_spec(v)->has_location = truth > 0;
    return truth >= 0;
}
static Value get_initializing(Thread *t, Value v) { return bool_value(as_module_spec(v)->initializing); }
static bool set_initializing(Thread *t, Value v, Value value)
{
    as_module_spec(v)->initializing = is_true(value);
    return true;
}
// The names of submodules that importlib is importing just now: a list of importlib's own.
static Value get_uninitialized(Thread *t, Value v)
{
    Value *list = &as_module_spec(v)->uninitialized;
    if (is_unbound(*list)) {
        Value made = list_new(t, 0);
        if (is_error(made)) return ERROR;
        *list = made;
    }
    return retain(*list);
}
static Value spec_repr(Thread *t, Value v)
{
    ModuleSpecObject *s = as_module_spec(v);
    StrBuilder b;
    builder_start(t, &b);
    builder_add_text(&b, "ModuleSpec(name=");
    builder_add_repr(&b, object_value(s->name));
    builder_add_text(&b, ", loader=");
    builder_add_repr(&b, s->loader);
    if (!is_none(s->origin)) {
        builder_add_text(&b, ", origin=");
        builder_add_repr(&b, s->origin);
    }
    if (!is_none(s->locations)) {
        builder_add_text(&b, ", submodule_search_locations=");
        builder_add_repr(&b, s->locations);
    }
    builder_add(&b, ')');
    return builder_finish(&b);
}
static Value spec_dict(Thread *t, Value v) { return object_get_dict(t, v); }
static void spec_visit(Object *o, VisitFn visit, void *context)
{
    ModuleSpecObject *s = (ModuleSpecObject *)o;
    Value owned[] = {s->loader, s->origin, s->locations, s->loader_state, s->cached, s->uninitialized};
    for (size_t i = 0; i < COUNT_OF(owned); i++)
        if (is_object(owned[i])) visit(owned[i], context);
}
static void spec_finish(Thread *t, Object *o)
{
    ModuleSpecObject *s = (ModuleSpecObject *)o;
    drop_pointer(s->name);
    Value *owned[] = {&s->loader, &s->origin, &s->locations, &s->loader_state, &s->cached, &s->uninitialized};
    for (size_t i = 0; i < COUNT_OF(owned); i++) clear(owned[i]);
}
static const GetSet spec_getsets[] = {
    {"name", get_name, set_name, NULL}, {"loader", get_loader, set_loader, NULL}, {"origin", get_origin, set_origin, NULL},
    {"submodule_search_locations", get_locations, set_locations, NULL}, {"loader_state", get_loader_state, set_loader_state, NULL},
    {"cached", module_spec_cached, set_cached, NULL}, {"parent", get_parent, NULL, NULL}, {"has_location", get_has_location, set_has_location, NULL},
    {"_set_fileattr", get_has_location, set_has_location, NULL}, {"_initializing", get_initializing, set_initializing, NULL},
    {"_uninitialized_submodules", get_uninitialized, NULL, NULL}, {"__dict__", spec_dict, NULL, NULL}, {0},
};
static const TypeSpec module_spec_spec = {
    .name = "importlib._bootstrap.ModuleSpec",
    .doc = "The specification for a module, used for loading.",
    .size = sizeof(ModuleSpecObject),
    .flags = TYPE_BASE | TYPE_GC | TYPE_HAS_ATTRS | TYPE_HAS_WEAKREFS,
    .slots = {.visit = spec_visit, .finish = spec_finish, .repr = spec_repr},
    .getsets = spec_getsets,
    .new_signature = "(name, loader, *, origin=None, loader_state=None, is_package=None)",
    .construct = spec_construct,
};

// ---- The loader of all that we find
static Value loader_create(Thread *t, Value self, const Value *args)
{
    Loader *loader = as_loader(self);
    return loader->kind == LOADER_NATIVE ? module_from_spec(t, native_find(loader->name)) : NONE;
}
static Value loader_exec(Thread *t, Value self, const Value *args)
{
    Loader *loader = as_loader(self);
    if (loader->kind == LOADER_NATIVE || loader->kind == LOADER_NAMESPACE) return NONE;
    if (!is_module(args[0])) return raise_type_error(t, "exec_module() argument must be a module, not %T", args[0]);
    return module_execute(t, args[0], loader->name, loader->kind, loader->path) ? NONE : ERROR;
}
static Value loader_get_code(Thread *t, Value self, const Value *args)
{
    Loader *loader = as_loader(self);
    return loader->kind == LOADER_NATIVE ? NONE : module_code(t, loader->name, loader->kind, loader->path);
}
static Value loader_get_source(Thread *t, Value self, const Value *args)
{
    Loader *loader = as_loader(self);
    if (loader->kind != LOADER_SOURCE) return NONE;
    OWN_POINTER Str *tokenize = str_intern_text(t, "tokenize", 8);
    OWN Value module = tokenize ? import_module(t, tokenize) : ERROR;
    OWN Value file = is_error(module) ? ERROR : call_method1(t, module, NAME(open), loader->path);
    if (is_error(file)) return ERROR;
    OWN Value text = call_method0(t, file, NAME(read));
    OWN Value closed = is_error(text) ? NONE : call_method0(t, file, NAME(close));
    return is_error(closed) ? ERROR : MOVE(text);
}
static Value loader_get_data(Thread *t, Value self, const Value *args)
{
    if (!is_str(args[0])) return raise_type_error(t, "get_data() argument must be str, not %T", args[0]);
    OWN_MEMORY char *path = str_to_os(t, as_str(args[0]), NULL);
    return path ? interp_read_file(t, path, args[0]) : ERROR;
}
static Value loader_is_package(Thread *t, Value self, const Value *args) { return bool_value(as_loader(self)->is_package); }
static Value loader_get_filename(Thread *t, Value self, const Value *args)
{
    Loader *loader = as_loader(self);
    if (!is_none(loader->path)) return retain(loader->path);
    return raise_error(t, &exc_ImportError, "%U has no file", loader->name);
}
static Value loader_get_name(Thread *t, Value v) { return retain(object_value(as_loader(v)->name)); }
static Value loader_get_path(Thread *t, Value v) { return retain(as_loader(v)->path); }
static Value loader_repr(Thread *t, Value v)
{
    static const char *const names_of_kinds[] = {[LOADER_NATIVE] = "BuiltinImporter", [LOADER_FROZEN] = "FrozenImporter", [LOADER_SOURCE] = "SourceFileLoader"};
    char address[32];
    snprintf(address, sizeof address, "0x%llx", (unsigned long long)v.bits);
    if (as_loader(v)->kind != LOADER_SOURCE) return str_format(t, "<class '_frozen_importlib.%s'>", names_of_kinds[as_loader(v)->kind]);
    return str_format(t, "<_frozen_importlib_external.%s object at %s>", names_of_kinds[as_loader(v)->kind], address);
}
static void loader_finish(Thread *t, Object *o)
{
    drop_pointer(((Loader *)o)->name);
    drop(((Loader *)o)->path);
}
static const Method loader_methods[] = {
    {"create_module", loader_create, "(self, spec, /)", "A new module for the spec, or None for the default."},
    {"exec_module", loader_exec, "(self, module, /)", "Run the module's code in its namespace."},
    {"get_code", loader_get_code, "(self, fullname=None, /)", "The module's code object."},
    {"get_source", loader_get_source, "(self, fullname=None, /)", "The module's source text, or None."},
    {"get_data", loader_get_data, "(self, path, /)", "The bytes of a file."},
    {"is_package", loader_is_package, "(self, fullname=None, /)", "Whether the module is a package."},
    {"get_filename", loader_get_filename, "(self, fullname=None, /)", "The path of the module's source."},
    {0},
};
static const GetSet loader_getsets[] = {{"name", loader_get_name, NULL, NULL}, {"path", loader_get_path, NULL, NULL}, {0}};
static const TypeSpec loader_spec = {
    .name = "_frozen_importlib_external.SourceFileLoader",
    .size = sizeof(Loader),
    .flags = TYPE_NO_NEW | TYPE_HAS_WEAKREFS,
    .slots = {.finish = loader_finish, .repr = loader_repr},
    .methods = loader_methods,
    .getsets = loader_getsets,
};

// ---- Our finder, as sys.meta_path shows it
static Value finder_find_spec(Thread *t, Value self, const Value *args)
{
    if (!is_str(args[0])) return raise_type_error(t, "find_spec() argument 1 must be str, not %T", args[0]);
    OWN_POINTER Str *name = str_intern(t, as_str(retain(args[0])));
    if (!name) return ERROR;
    Value spec = find_in_binary(t, name);
    if (is_unbound(spec)) spec = find_on_path(t, name, is_none(args[1]) ? UNBOUND : args[1]);
    return is_unbound(spec) ? NONE : spec;
}
static Value finder_invalidate(Thread *t, Value self, const Value *args) { return NONE; }
static Value finder_repr(Thread *t, Value v) { return str_from_text(t, "<class '_frozen_importlib_external.PathFinder'>"); }
static const Method finder_methods[] = {
    {"find_spec", finder_find_spec, "(self, fullname, path=None, target=None)", "The spec of a module in the binary or on the path, or None."},
    {"invalidate_caches", finder_invalidate, "(self, /)", "Nothing is kept between searches."},
    {0},
};
static const TypeSpec finder_spec = {
    .name = "_frozen_importlib_external.PathFinder", .size = sizeof(Object), .flags = TYPE_NO_NEW, .slots = {.repr = finder_repr}, .methods = finder_methods,
};

// ---- Our hook in sys.path_hooks. Nothing of ours calls it: it is for pkgutil, runpy and the like, who want a finder as an object.
static Value path_hook(Thread *t, Value self, const Value *args)
{
    OWN_POINTER Str *name = str_intern_text(t, "_importers", 10);
    OWN_POINTER Str *function = str_intern_text(t, "path_hook", 9);
    OWN Value module = name && function ? import_module(t, name) : ERROR;
    return is_error(module) ? ERROR : call_method1(t, module, function, args[0]);
}
static const Method path_hook_method = {"path_hook", path_hook, "(path, /)", "A finder for one place of the path, or ImportError."};
bool is_own_path_hook(Value v)
{
    return is_object(v) && as_object(v)->type == &native_function_type && ((NativeFunction *)as_object(v))->method == &path_hook_method;
}

bool import_start(Thread *t)
{
    if (!type_prepare(t, &module_spec_type, &module_spec_spec) || !type_prepare(t, &loader_type, &loader_spec) || !type_prepare(t, &finder_type, &finder_spec)) return false;
    OWN_POINTER Object *finder = object_new(t, &finder_type);
    OWN Value meta_path = list_new(t, 1);
    OWN_POINTER Str *key = str_intern_text(t, "meta_path", 9);
    OWN_POINTER Str *hooks_key = str_intern_text(t, "path_hooks", 10);
    OWN Value hooks = list_new(t, 1);
    if (!finder || is_error(meta_path) || !key || !hooks_key || is_error(hooks)) return false;
    if (!list_append_owned(t, hooks, native_function_new(t, &path_hook_method, NONE, UNBOUND)) || !dict_set_str(t, t->interp->sys, hooks_key, hooks)) return false;
    return list_append(t, meta_path, object_value(finder)) && dict_set_str(t, t->interp->sys, key, meta_path);
}
