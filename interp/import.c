// SPDX-License-Identifier: MIT
// interp/import.c: finding, loading and locking modules.
//
// A module is looked for among sys.meta_path's finders that the program has added, then in the binary (native tables,
// then compiled Python), then along a path: sys.path or its package's __path__. Each module that is being loaded has an
// Import in the list `loading`: a second thread that wants it waits, unless that would close a ring of waiting threads,
// in which case it gets the module as far as it is, as CPython does.
// Lock     the GIL; a wait lets go of it.
#include "interp/import.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "interp/code.h"
#include "interp/compile.h"
#include "interp/import_cache.h"
#include "interp/import_spec.h"
#include "interp/program.h"
#include "runtime/call.h"
#include "runtime/error.h"
#include "runtime/heap.h"
#include "runtime/lock.h"
#include "runtime/types/bytes.h"
#include "runtime/types/function.h"
#include "runtime/types/int.h"
#include "runtime/types/list.h"
#include "runtime/types/tuple.h"

// ---- Small helpers
static Str *name_of(Thread *t, const char *text) { return str_intern_text(t, text, strlen(text)); }

static Value sys_get(Thread *t, const char *name)       // borrowed, or UNBOUND
{
    OWN_POINTER Str *key = t->interp->sys ? name_of(t, name) : NULL;
    if (!key) return UNBOUND;
    return dict_get_str(t->interp->sys, key);
}

static ptrdiff_t last_dot(const Str *name)
{
    for (size_t i = name->length; i-- > 0;)
        if (str_at(name, i) == '.') return (ptrdiff_t)i;
    return -1;
}
static Str *part(Thread *t, Str *name, size_t start, size_t end)
{
    Value cut = str_substring(t, name, start, end);
    return is_error(cut) ? NULL : str_intern(t, as_str(cut));
}

// ---- Modules that are being loaded
typedef struct Import {
    Str *name;
    Thread *owner;
    struct Import *next;
} Import;

static struct { Import *first; pthread_mutex_t gate; pthread_cond_t changed; uint64_t ends; } loading = {
    NULL, PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0};     // [GIL], but `ends` and `changed`: [gate]

static Import *loading_find(Str *name)
{
    for (Import *at = loading.first; at; at = at->next)
        if (at->name == name) return at;
    return NULL;
}

// Would `t` wait for itself if it waited for the thread that loads `import`?
static bool closes_ring(Thread *t, const Import *import)
{
    for (int steps = 0; import && steps < 1000; steps++) {
        if (import->owner == t) return true;
        Str *wanted = import->owner->import_wanted;
        import = wanted ? loading_find(wanted) : NULL;
    }
    return false;
}

#define LOOK_NS 200000000u          // a wait looks so often whether a signal, or a deadlock elsewhere, has come

// Waits a while, or until some module has been loaded.
static void wait_for_an_end(Thread *t)
{
    pthread_mutex_lock(&loading.gate);
    uint64_t before = loading.ends;
    pthread_mutex_unlock(&loading.gate);
    uint64_t end = gil_now() + LOOK_NS;
    struct timespec until = {.tv_sec = (time_t)(end / 1000000000u), .tv_nsec = (long)(end % 1000000000u)};
    BLOCKING(t, GIL_LOCK, {
        pthread_mutex_lock(&loading.gate);
        while (loading.ends == before && pthread_cond_clockwait(&loading.changed, &loading.gate, CLOCK_MONOTONIC, &until) == 0) {}
        pthread_mutex_unlock(&loading.gate);
    });
}

// Waits until nobody else is loading `name`, if that can be waited for. False: a signal handler raised, or a deadlock.
static MAY_RAISE bool wait_for_loader(Thread *t, Str *name)
{
    for (Import *import = loading_find(name); import && !closes_ring(t, import); import = loading_find(name)) {
        WaitLock its_end = {.locked = true, .manner = LOCK_RECURSIVE, .owner = import->owner->ident, .owner_id = import->owner->native_id};
        t->import_wanted = name;
        bool fine = true;
        if (t->interp->schedule) {
            schedule_wait(t, &loading, -1);
            fine = !error_pending(t);
        } else {
            fine = wait_lock_note_wait(t, &its_end, "import");
            if (fine) wait_for_an_end(t);
            wait_lock_note_end(t);
        }
        t->import_wanted = NULL;
        if (!fine || !signals_poll(t)) return false;
    }
    return true;
}
static void loading_enter(Import *import) { loading.first = import; }
static void loading_leave(Thread *t, Import *import)
{
    if (t->interp->schedule) schedule_wake(t, &loading);
    Import **at = &loading.first;
    while (*at != import) at = &(*at)->next;
    *at = import->next;
    for (Thread *each = t->interp->threads; each; each = each->next)         // they can go on, though they have not woken yet
        if (each->import_wanted == import->name && each->waits_on) each->waits_on->locked = false;
    pthread_mutex_lock(&loading.gate);
    loading.ends++;
    pthread_cond_broadcast(&loading.changed);
    pthread_mutex_unlock(&loading.gate);
}
void import_after_fork(Thread *t)
{
    pthread_mutex_init(&loading.gate, NULL);
    pthread_cond_init(&loading.changed, NULL);
    Import **at = &loading.first;
    while (*at)
        if ((*at)->owner == t) at = &(*at)->next;
        else *at = (*at)->next;
}

// ---- Finding
// The places where a spec can come from, in order. UNBOUND: not there.
static Value find_by_meta_path(Thread *t, Str *name, Value path)
{
    Value meta_path = sys_get(t, "meta_path");
    if (!is_list(meta_path)) return UNBOUND;
    OWN Value finders = list_to_tuple(t, meta_path);
    OWN_POINTER Str *find_spec = name_of(t, "find_spec");
    if (is_error(finders) || !find_spec) return ERROR;
    for (size_t i = 0; i < as_tuple(finders)->length; i++) {
        Value finder = as_tuple(finders)->items[i];
        if (is_own_finder(finder)) continue;
        OWN Value method = object_get_attr_optional(t, finder, find_spec);
        if (is_error(method)) return ERROR;
        if (is_unbound(method)) continue;
        OWN Value spec = call3(t, method, object_value(name), path, NONE);
        if (is_error(spec)) return ERROR;
        if (!is_none(spec)) return MOVE(spec);
    }
    return UNBOUND;
}

const FrozenModule *frozen_find(const Str *name)
{
    for (const FrozenModule *m = frozen_modules; m->name; m++)
        if (str_equal_text(name, m->name)) return m;
    return NULL;
}
// The spec in the shared object of a module; NULL: it is not there or does not load.
static const ModuleSpec *shared_find(const char *name)
{
    char path[PATH_MAX], symbol[128];
    ssize_t length = readlink("/proc/self/exe", path, sizeof path - 64);
    if (length <= 0) return NULL;
    path[length] = 0;
    char *slash = strrchr(path, '/');
    snprintf(slash + 1, sizeof path - (size_t)(slash + 1 - path), "%.50s.so", name);
    snprintf(symbol, sizeof symbol, "%.100s_spec", name);
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    return library ? dlsym(library, symbol) : NULL;
}
const ModuleSpec *native_find(const Str *name)
{
    for (const NativeModule *m = native_modules; m->name; m++)
        if (str_equal_text(name, m->name)) return m->spec ? m->spec : shared_find(m->name);
    return NULL;
}

Value find_in_binary(Thread *t, Str *name)
{
    if (frozen_find(name)) return module_spec_new(t, name, LOADER_FROZEN, UNBOUND, frozen_find(name)->is_package);
    if (native_find(name)) return module_spec_new(t, name, LOADER_NATIVE, UNBOUND, false);
    return UNBOUND;
}

static bool is_file(const char *path, bool folder)
{
    struct stat status;
    return stat(path, &status) == 0 && (folder ? S_ISDIR(status.st_mode) : S_ISREG(status.st_mode));
}

// Compiled code in the place of its source, which importlib loads: place/__init__.pyc or place.pyc. UNBOUND: neither is there.
static Value find_compiled(Thread *t, Str *name, const char *place, bool is_folder)
{
    char path[PATH_MAX + 16];
    bool is_package = is_folder && (snprintf(path, sizeof path, "%s/__init__.pyc", place), is_file(path, false));
    if (!is_package && (snprintf(path, sizeof path, "%s.pyc", place), !is_file(path, false))) return UNBOUND;
    OWN_POINTER Str *helper = name_of(t, "_importers");
    OWN_POINTER Str *function = name_of(t, "sourceless");
    OWN Value module = helper && function ? import_module(t, helper) : ERROR;
    OWN Value location = is_error(module) ? ERROR : str_from_os(t, path, strlen(path));
    return is_error(location) ? ERROR : call_method(t, module, function, (const Value[]){object_value(name), location, bool_value(is_package)}, 3);
}
// Looks in one folder for tail.py or tail/__init__.py.
static Value find_in_folder(Thread *t, Str *name, const char *folder, const char *tail, bool *namespace_part)
{
    char path[PATH_MAX];
    const char *slash = *folder && folder[strlen(folder) - 1] == '/' ? "" : *folder ? "/" : "";
    int length = snprintf(path, sizeof path, "%s%s%s/__init__.py", folder, slash, tail);
    if (length <= 0 || (size_t)length >= sizeof path) return UNBOUND;
    if (is_file(path, false)) {
        OWN Value location = str_from_os(t, path, (size_t)length);
        return is_error(location) ? ERROR : module_spec_new(t, name, LOADER_SOURCE, location, true);
    }
    length = snprintf(path, sizeof path, "%s%s%s.py", folder, slash, tail);
    if (is_file(path, false)) {
        OWN Value location = str_from_os(t, path, (size_t)length);
        return is_error(location) ? ERROR : module_spec_new(t, name, LOADER_SOURCE, location, false);
    }
    snprintf(path, sizeof path, "%s%s%s", folder, slash, tail);
    bool is_folder = is_file(path, true);
    Value spec = find_compiled(t, name, path, is_folder);
    *namespace_part = is_folder && is_unbound(spec);
    return spec;
}

// Is an entry of the path a file, or a place inside one? Folders are told by one look.
static bool is_in_archive(const char *entry)
{
    struct stat status;
    if (stat(entry, &status) == 0) return S_ISREG(status.st_mode);
    return errno == ENOTDIR;
}
// zipimport._find(entry, name): a spec, or UNBOUND.
static Value find_in_archive(Thread *t, Str *name, Value entry)
{
    OWN_POINTER Str *module_name = name_of(t, "zipimport");
    OWN_POINTER Str *find = name_of(t, "_find");
    if (!module_name || !find || name == module_name) return error_pending(t) ? ERROR : UNBOUND;
    OWN Value module = import_module(t, module_name);
    Value spec = is_error(module) ? ERROR : call_method2(t, module, find, entry, object_value(name));
    return is_none(spec) ? UNBOUND : spec;
}

// ---- Finders that the program has put in place of ours, by sys.path_hooks or sys.path_importer_cache
// A finder that finds what find_in_folder and find_in_archive do.
static bool is_usual_finder(Value finder)
{
    const Str *type = as_str(type_of(finder)->name_value);
    if (!str_equal_text(type, "FileFinder") && !str_equal_text(type, "zipimporter")) return false;
    Value module = dict_get_str(type_of(finder)->dict, NAME(__module__));
    return is_str(module) && (str_equal_text(as_str(module), "importlib._bootstrap_external") || str_equal_text(as_str(module), "_frozen_importlib_external") ||
                              str_equal_text(as_str(module), "zipimport"));
}
// What looks at this place of the path: NONE: nobody; UNBOUND: we do.
static Value finder_for(Thread *t, Value entry)
{
    Value cache = sys_get(t, "path_importer_cache"), hooks = sys_get(t, "path_hooks");
    if (is_dict(cache) && as_dict(cache)->count > 0) {
        Value known = dict_get(t, as_dict(cache), entry);
        if (!is_unbound(known)) return is_error(known) || is_none(known) ? known : is_usual_finder(known) ? UNBOUND : retain(known);
    }
    if (LIKELY(!is_list(hooks) || (as_list(hooks)->length == 1 && is_own_path_hook(as_list(hooks)->items[0])))) return UNBOUND;
    OWN Value asked = list_to_tuple(t, hooks);
    OWN Value finder = is_error(asked) ? ERROR : NONE;
    for (size_t i = 0; !is_error(asked) && i < as_tuple(asked)->length && is_none(finder); i++) {
        finder = call1(t, as_tuple(asked)->items[i], entry);
        if (is_error(finder) && error_clear_if(t, &exc_ImportError)) finder = NONE;
    }
    if (is_error(finder) || !is_dict(sys_get(t, "path_importer_cache")) || !dict_set(t, as_dict(sys_get(t, "path_importer_cache")), entry, finder)) return ERROR;
    return !is_none(finder) && is_usual_finder(finder) ? UNBOUND : MOVE(finder);
}
// What such a finder finds: a spec; UNBOUND: nothing, or folders of a namespace package, added to `parts`.
static Value find_by(Thread *t, Value finder, Str *name, Value parts)
{
    OWN_POINTER Str *find = name_of(t, "find_spec");
    OWN_POINTER Str *locations = name_of(t, "submodule_search_locations");
    OWN_POINTER Str *loader_name = name_of(t, "loader");
    OWN Value method = find && locations && loader_name ? object_get_attr_optional(t, finder, find) : ERROR;
    if (is_error(method) || is_unbound(method)) return MOVE(method);
    OWN Value spec = call1(t, method, object_value(name));
    if (is_error(spec)) return ERROR;
    if (is_none(spec)) return UNBOUND;
    OWN Value loader = object_get_attr(t, spec, loader_name);
    if (is_error(loader)) return ERROR;
    if (!is_none(loader)) return MOVE(spec);
    OWN Value folders = object_get_attr(t, spec, locations);
    if (is_error(folders)) return ERROR;
    if (is_none(folders)) return raise_error(t, &exc_ImportError, "spec missing loader");
    OWN Value more = tuple_from_iterable(t, folders);
    for (size_t i = 0; !is_error(more) && i < as_tuple(more)->length; i++)
        if (!list_append(t, parts, as_tuple(more)->items[i])) return ERROR;
    return is_error(more) ? ERROR : UNBOUND;
}

// A place relative to the working folder, which may be another one later. False: no memory.
static bool make_absolute(char **folder)
{
    char here[PATH_MAX];
    if (!getcwd(here, sizeof here)) return true;
    const char *rest = *folder;
    while (strncmp(rest, "./", 2) == 0) rest += 2;
    if (strcmp(rest, ".") == 0) rest++;
    char *joined = NULL;
    if (asprintf(&joined, "%s%s%s", here, *rest ? "/" : "", rest) < 0) return false;
    mem_free(*folder);
    *folder = joined;
    return true;
}

Value find_on_path(Thread *t, Str *name, Value path)
{
    if (is_unbound(path)) path = sys_get(t, "path");
    OWN Value entries = is_unbound(path) || is_none(path) ? tuple_from_values(t, NULL, 0) : tuple_from_iterable(t, path);
    OWN Value parts = list_new(t, 0);
    if (is_error(entries) || is_error(parts)) return ERROR;
    OWN_MEMORY char *tail = NULL;
    OWN_POINTER Str *last = part(t, name, (size_t)(last_dot(name) + 1), name->length);
    if (!last || !(tail = str_to_os(t, last, NULL))) return error_pending(t) && error_clear_if(t, &exc_ValueError) ? UNBOUND : ERROR;
    for (size_t i = 0; i < as_tuple(entries)->length; i++) {
        Value entry = as_tuple(entries)->items[i];
        if (!is_str(entry)) continue;
        OWN Value finder = finder_for(t, entry);
        if (is_error(finder)) return ERROR;
        if (!is_unbound(finder)) {
            Value found = is_none(finder) ? UNBOUND : find_by(t, finder, name, parts);
            if (!is_unbound(found)) return found;
            continue;
        }
        OWN_MEMORY char *folder = str_to_os(t, as_str(entry), NULL);
        if (!folder) {
            error_clear(t);
            continue;
        }
        if (*folder != '/' && !make_absolute(&folder)) return raise_memory_error(t);
        bool namespace_part = false;
        Value spec = is_in_archive(folder) ? find_in_archive(t, name, entry) : find_in_folder(t, name, folder, tail, &namespace_part);
        if (!is_unbound(spec)) return spec;
        if (!namespace_part) continue;
        OWN Value location = str_format(t, "%s/%s", folder, tail);
        if (is_error(location) || !list_append(t, parts, location)) return ERROR;
    }
    if (as_list(parts)->length == 0) return UNBOUND;
    Value spec = module_spec_new(t, name, LOADER_NAMESPACE, UNBOUND, true);
    return is_error(spec) || module_spec_set_locations(t, spec, parts) ? spec : ERROR;
}

static Value find_spec(Thread *t, Str *name, Value path)
{
    OWN Value spec = find_by_meta_path(t, name, is_unbound(path) ? NONE : path);
    if (is_unbound(spec)) spec = find_in_binary(t, name);
    if (is_unbound(spec)) spec = find_on_path(t, name, path);
    return MOVE(spec);
}

// ---- Loading
Value import_compile_file(Thread *t, Str *path, bool cached)
{
    OWN_MEMORY char *name = str_to_os(t, path, NULL);
    if (!name) return ERROR;
    struct stat status = {0};
    if (cached && stat(name, &status) == 0) {
        Value code = cache_load(t, name, &status);
        if (!is_unbound(code)) return code;
    }
    OWN Value source = interp_read_file(t, name, object_value(path));
    if (is_error(source)) return ERROR;
    OWN Value code = compile_source(t, bytes_data(source), bytes_length(source), object_value(path), 0, 0, interp_optimize(t), false);
    if (is_error(code)) return ERROR;
    Value refuses = cached ? sys_get(t, "dont_write_bytecode") : TRUE;
    if (!is_true(refuses)) cache_store(t, name, &status, code);
    return MOVE(code);
}

Value module_code(Thread *t, Str *name, LoaderKind kind, Value location)
{
    if (kind == LOADER_SOURCE) return import_compile_file(t, as_str(location), true);
    const FrozenModule *frozen = frozen_find(name);
    return frozen ? code_load(t, (const char *)frozen->data, frozen->size) : raise_error(t, &exc_ImportError, "%U is not a frozen module", name);
}

static bool fill_attributes(Thread *t, Value module, Value spec)
{
    Dict *dict = as_module(module)->dict;
    ModuleSpecObject *s = as_module_spec(spec);
    if (!dict_set_str(t, dict, NAME(__name__), object_value(s->name)) || !dict_set_str(t, dict, NAME(__spec__), spec) ||
        !dict_set_str(t, dict, NAME(__loader__), s->loader)) return false;
    OWN Value parent = module_spec_parent(t, spec);
    if (is_error(parent) || !dict_set_str(t, dict, NAME(__package__), parent)) return false;
    if (!is_none(s->locations) && !dict_set_str(t, dict, NAME(__path__), s->locations)) return false;
    if (s->kind == LOADER_SOURCE && !dict_set_str(t, dict, NAME(__file__), s->origin)) return false;
    OWN Value cached = s->kind == LOADER_SOURCE ? module_spec_cached(t, spec) : NONE;
    if (is_error(cached) || (s->kind == LOADER_SOURCE && !dict_set_str(t, dict, NAME(__cached__), cached))) return false;
    return true;
}

bool module_execute(Thread *t, Value module, Str *name, LoaderKind kind, Value location)
{
    OWN Value code = module_code(t, name, kind, location);
    if (is_error(code)) return false;
    Value namespace = object_value(as_module(module)->dict);
    if (!interp_set_builtins(t, as_module(module)->dict)) return false;
    OWN Value result = interp_run(t, code, namespace, namespace);
    return !is_error(result);
}

// Makes and runs the module of one of our own specs; it stands in sys.modules while it runs.
static Value load_own(Thread *t, Str *name, Value spec)
{
    ModuleSpecObject *s = as_module_spec(spec);
    OWN Value module = s->kind == LOADER_NATIVE ? module_from_spec(t, native_find(name)) : module_new(t, name, NONE);
    if (is_error(module) || !fill_attributes(t, module, spec) || !dict_set_str(t, t->interp->modules, name, module)) return ERROR;
    if (s->kind == LOADER_NATIVE || s->kind == LOADER_NAMESPACE) return MOVE(module);
    s->initializing = true;
    bool done = module_execute(t, module, name, s->kind, s->origin);
    s->initializing = false;
    if (done) return MOVE(module);
    Value error = error_take(t);
    if (dict_delete(t, t->interp->modules, object_value(name)) < 0) error_clear(t);
    error_restore(t, error);
    return ERROR;
}

// A spec that a finder of the program's gave: its loader does the work.
static Value load_foreign(Thread *t, Str *name, Value spec)
{
    OWN_POINTER Str *util = name_of(t, "importlib._bootstrap");
    OWN_POINTER Str *load = name_of(t, "_load");
    OWN Value module = util && load ? import_module(t, util) : ERROR;
    return is_error(module) ? ERROR : call_method1(t, module, load, spec);
}

static Value not_found(Thread *t, Str *name, Str *parent)
{
    OWN Value message = parent ? str_format(t, "No module named %R; %R is not a package", object_value(name), object_value(parent))
                               : str_format(t, "No module named %R", object_value(name));
    if (is_error(message)) return ERROR;
    if (!parent && !interp_host_library_found(t) && last_dot(name) < 0) {
        assign(&message, str_format(t, "No module named %R (the host's Python library is not there: install the package libpython3-stdlib, or set BATON_STDLIB)", object_value(name)));
        if (is_error(message)) return ERROR;
    }
    return raise_import_error(t, &exc_ModuleNotFoundError, message, object_value(name), NONE);
}

// The __path__ to search for a submodule: its parent's, which is imported first. False: raised.
static bool parent_path(Thread *t, Str *name, Str **parent_name, Value *path)
{
    ptrdiff_t dot = last_dot(name);
    *path = UNBOUND;
    *parent_name = NULL;
    if (dot < 0) return true;
    *parent_name = part(t, name, 0, (size_t)dot);
    OWN Value parent = *parent_name ? import_module(t, *parent_name) : ERROR;
    if (is_error(parent)) return false;
    *path = object_get_attr_optional(t, parent, NAME(__path__));
    return !is_error(*path);
}

static Value load(Thread *t, Str *name, Value spec)
{
    return is_module_spec(spec) && as_module_spec(spec)->kind != LOADER_FOREIGN ? load_own(t, name, spec) : load_foreign(t, name, spec);
}

// -v and -X importtime: what is imported, from where, and how long it took without and with what it imports itself.
static COLD void tell(Thread *t, const Options *o, Str *name, Value spec, uint64_t own_ns, uint64_t all_ns)
{
    OWN_MEMORY char *text = str_to_utf8(t, name, NULL);
    OWN Value shown = is_module_spec(spec) ? retain(as_module_spec(spec)->origin) : NONE;
    OWN_MEMORY char *origin = is_str(shown) ? str_to_utf8(t, as_str(shown), NULL) : NULL;
    if (o->import_time) fprintf(stderr, "import time: %9llu | %10llu | %*s%s\n", (unsigned long long)own_ns / 1000, (unsigned long long)all_ns / 1000, 2 * o->import_level, "", text ? text : "?");
    if (o->verbose) fprintf(stderr, "import '%s' # %s\n", text ? text : "?", origin ? origin : "built-in");
    error_clear(t);
}
static Value load_and_tell(Thread *t, Str *name, Value spec)
{
    Options *o = t->interp->options;
    if (LIKELY(!o || (!o->import_time && !o->verbose))) return load(t, name, spec);
    uint64_t inside = o->import_inside_ns, start = gil_now();
    if (o->import_time && !o->import_header) {
        fputs("import time: self [us] | cumulative | imported package\n", stderr);
        o->import_header = true;
    }
    o->import_inside_ns = 0;
    o->import_level++;
    Value module = load(t, name, spec);
    o->import_level--;
    uint64_t took = gil_now() - start;
    Value pending = error_take(t);
    if (!is_error(module)) tell(t, o, name, spec, took - (o->import_inside_ns < took ? o->import_inside_ns : took), took);
    error_restore(t, pending);
    o->import_inside_ns = inside + took;
    return module;
}

static Value find_and_load(Thread *t, Str *name)
{
    OWN_POINTER Str *parent = NULL;
    OWN Value path = UNBOUND;
    if (!parent_path(t, name, &parent, &path)) return ERROR;
    Value known = dict_get_str(t->interp->modules, name);    // importing the parent may have imported it
    if (!is_unbound(known)) return retain(known);
    if (parent && is_unbound(path)) return not_found(t, name, parent);
    OWN Value spec = find_spec(t, name, path);
    if (is_error(spec)) return ERROR;
    if (is_unbound(spec)) return not_found(t, name, NULL);
    OWN Value loaded = load_and_tell(t, name, spec);
    if (is_error(loaded)) return ERROR;
    OWN Value module = retain(dict_get_str(t->interp->modules, name));   // a module may replace itself
    if (is_unbound(module)) module = retain(loaded);
    if (!parent) return MOVE(module);
    OWN Value parent_module = retain(dict_get_str(t->interp->modules, parent));
    OWN_POINTER Str *own_name = part(t, name, (size_t)(last_dot(name) + 1), name->length);
    if (!own_name || is_unbound(parent_module)) return own_name ? MOVE(module) : ERROR;
    if (!object_set_attr(t, parent_module, own_name, module)) error_clear(t);
    return MOVE(module);
}

Value import_module(Thread *t, Str *name)
{
    if (!wait_for_loader(t, name)) return ERROR;
    Value known = t->interp->modules ? dict_get_str(t->interp->modules, name) : UNBOUND;
    if (t->interp->modules_gone && (is_unbound(known) || is_none(known)))      // a finalizer that runs at the interpreter's end
        return raise_error(t, &exc_ImportError, "sys.meta_path is None, Python is likely shutting down");
    if (is_none(known)) {
        OWN Value message = str_format(t, "import of %U halted; None in sys.modules", name);
        return is_error(message) ? ERROR : raise_import_error(t, &exc_ModuleNotFoundError, message, object_value(name), NONE);
    }
    if (!is_unbound(known)) return retain(known);
    if (!enter_recursion(t, " while importing a module")) return ERROR;
    Import import = {RETAIN(name), t, loading.first};
    loading_enter(&import);
    Value module = find_and_load(t, name);
    loading_leave(t, &import);
    drop_pointer(import.name);
    leave_recursion(t);
    return module;
}

// ---- The statement
static Value package_of(Thread *t, Dict *globals)      // a str, owned
{
    Value package = dict_get_str(globals, NAME(__package__));
    if (is_str(package)) return retain(package);
    if (!is_unbound(package) && !is_none(package)) return raise_type_error(t, "package must be a string");
    Value spec = dict_get_str(globals, NAME(__spec__));
    if (is_object(spec) && is_module_spec(spec)) return module_spec_parent(t, spec);
    if (!warn(t, &exc_ImportWarning, 1, "can't resolve package from __spec__ or __package__, falling back on __name__ and __path__")) return ERROR;
    Value name = dict_get_str(globals, NAME(__name__));
    if (!is_str(name)) return raise_error(t, &exc_KeyError, "'__name__' not in globals");
    if (!is_unbound(dict_get_str(globals, NAME(__path__)))) return retain(name);
    ptrdiff_t dot = last_dot(as_str(name));
    return str_substring(t, as_str(name), 0, dot < 0 ? 0 : (size_t)dot);
}

static Str *absolute_name(Thread *t, Str *name, Value globals, int level)
{
    if (level == 0) return RETAIN(name);
    if (!is_dict(globals)) return error_null(raise_type_error(t, "globals must be a dict"));
    OWN Value package = package_of(t, as_dict(globals));
    if (is_error(package)) return NULL;
    if (as_str(package)->length == 0) return error_null(raise_error(t, &exc_ImportError, "attempted relative import with no known parent package"));
    OWN_POINTER Str *base = str_intern(t, as_str(retain(package)));
    for (int i = 1; i < level && base; i++) {
        ptrdiff_t dot = last_dot(base);
        if (dot < 0) return error_null(raise_error(t, &exc_ImportError, "attempted relative import beyond top-level package"));
        Str *up = part(t, base, 0, (size_t)dot);
        drop_pointer(base);
        base = up;
    }
    if (!base) return NULL;
    if (name->length == 0) return MOVE_POINTER(base);
    Value full = str_format(t, "%U.%U", base, name);
    return is_error(full) ? NULL : str_intern(t, as_str(full));
}

// from package import a, b: names that are no attributes yet may be submodules.
static bool import_submodules(Thread *t, Value module, Value fromlist, bool from_all)
{
    OWN Value items = tuple_from_iterable(t, fromlist);
    if (is_error(items)) return false;
    for (size_t i = 0; i < as_tuple(items)->length; i++) {
        Value item = as_tuple(items)->items[i];
        if (!is_str(item)) return error_false(raise_type_error(t, from_all ? "Item in __all__ must be str, not %T" : "Item in ``from list'' must be str, not %T", item));
        OWN_POINTER Str *name = str_intern(t, as_str(retain(item)));
        if (!name) return false;
        if (str_equal_text(name, "*")) {
            OWN Value all = from_all ? UNBOUND : object_get_attr_optional(t, module, NAME(__all__));
            if (is_error(all) || (!is_unbound(all) && !import_submodules(t, module, all, true))) return false;
            continue;
        }
        OWN Value attribute = object_get_attr_optional(t, module, name);
        if (is_error(attribute)) return false;
        if (!is_unbound(attribute)) continue;
        OWN Value package = object_get_attr(t, module, NAME(__name__));
        Value full = is_error(package) ? ERROR : str_format(t, "%S.%U", package, name);
        OWN_POINTER Str *full_name = is_error(full) ? NULL : str_intern(t, as_str(full));
        if (!full_name) return false;
        OWN Value submodule = import_module(t, full_name);
        if (!is_error(submodule)) continue;
        OWN Value error = error_take(t);
        bool absent = is_instance_of(error, &exc_ModuleNotFoundError);
        OWN Value missing = absent ? object_get_attr_optional(t, error, NAME(name)) : UNBOUND;
        if (!absent || !is_str(missing) || !str_equal(as_str(missing), full_name)) {
            error_restore(t, MOVE(error));
            return false;
        }
    }
    return true;
}

Value import_name(Thread *t, Str *name, Value globals, Value fromlist, int level)
{
    if (level < 0) return raise_value_error(t, "level must be >= 0");
    if (name->length == 0 && level == 0) return raise_value_error(t, "Empty module name");
    OWN_POINTER Str *full = absolute_name(t, name, globals, level);
    if (!full) return ERROR;
    OWN Value module = import_module(t, full);
    if (is_error(module)) return ERROR;
    int from = is_unbound(fromlist) ? 0 : object_truth(t, fromlist);
    if (from < 0) return ERROR;
    if (from) {
        OWN Value path = object_get_attr_optional(t, module, NAME(__path__));
        if (is_error(path) || (!is_unbound(path) && !import_submodules(t, module, fromlist, false))) return ERROR;
        return MOVE(module);
    }
    size_t dot = 0;                     // import a.b binds a
    while (dot < name->length && str_at(name, dot) != '.') dot++;
    if (dot == name->length || name->length == 0) return MOVE(module);
    OWN_POINTER Str *top = part(t, full, 0, full->length - (name->length - dot));
    return top ? import_module(t, top) : ERROR;
}

Value import_from(Thread *t, Value module, Str *name)
{
    Value found = object_get_attr_optional(t, module, name);
    if (!is_unbound(found)) return found;
    OWN Value package = object_get_attr_optional(t, module, NAME(__name__));
    if (is_error(package)) return ERROR;
    if (is_str(package)) {              // a submodule that is being imported in a ring
        Value full = str_format(t, "%S.%U", package, name);
        OWN_POINTER Str *full_name = is_error(full) ? NULL : str_intern(t, as_str(full));
        if (!full_name) return ERROR;
        Value known = dict_get_str(t->interp->modules, full_name);
        if (!is_unbound(known)) return retain(known);
    }
    OWN Value file = is_module(module) ? retain(dict_get_str(as_module(module)->dict, NAME(__file__))) : UNBOUND;
    Value spec = is_module(module) ? dict_get_str(as_module(module)->dict, NAME(__spec__)) : UNBOUND;
    bool partial = is_object(spec) && is_module_spec(spec) && as_module_spec(spec)->initializing;
    OWN Value shown = is_str(package) ? retain(package) : str_from_text(t, "<unknown module name>");
    OWN Value place = is_str(file) ? retain(file) : str_from_text(t, "unknown location");
    if (is_error(shown) || is_error(place)) return ERROR;
    OWN Value message = partial ? str_format(t, "cannot import name %R from partially initialized module %R (most likely due to a circular import) (%S)", object_value(name), shown, place)
                                : str_format(t, "cannot import name %R from %R (%S)", object_value(name), shown, place);
    return is_error(message) ? ERROR : raise_import_error(t, &exc_ImportError, message, shown, is_str(file) ? file : NONE);
}

Value import_code_of(Thread *t, Str *name, Value *spec)
{
    OWN_POINTER Str *parent = NULL;
    OWN Value path = UNBOUND;
    *spec = UNBOUND;
    if (!parent_path(t, name, &parent, &path)) return ERROR;
    OWN Value found = parent && is_unbound(path) ? UNBOUND : find_spec(t, name, path);
    if (is_error(found)) return ERROR;
    if (is_unbound(found)) return raise_error(t, &exc_ImportError, "No module named %U", name);
    if (!is_module_spec(found)) {       // a finder's own: its loader has the code
        OWN_POINTER Str *loader_name = name_of(t, "loader");
        OWN_POINTER Str *get_code = name_of(t, "get_code");
        OWN Value loader = loader_name && get_code ? object_get_attr(t, found, loader_name) : ERROR;
        *spec = retain(found);
        return is_error(loader) ? ERROR : call_method1(t, loader, get_code, object_value(name));
    }
    ModuleSpecObject *s = as_module_spec(found);
    if (!is_none(s->locations)) {       // python -m package runs package.__main__
        Value main = str_format(t, "%U.__main__", name);
        OWN_POINTER Str *main_name = is_error(main) ? NULL : str_intern(t, as_str(main));
        OWN Value package = main_name ? import_module(t, name) : ERROR;
        if (is_error(package)) return ERROR;
        OWN Value search = retain(s->locations);
        OWN Value main_spec = find_spec(t, main_name, search);
        if (is_error(main_spec)) return ERROR;
        if (is_unbound(main_spec)) return raise_error(t, &exc_ImportError, "No module named %U.__main__; %R is a package and cannot be directly executed", name, object_value(name));
        assign(&found, MOVE(main_spec));
        s = as_module_spec(found);
    }
    if (s->kind == LOADER_NATIVE) return raise_error(t, &exc_ImportError, "No code object available for %U", name);
    Value code = module_code(t, s->name, s->kind, s->origin);
    if (!is_error(code)) *spec = MOVE(found);
    return code;
}
