// SPDX-License-Identifier: MIT
// interp/program.c: from an interpreter to a running program, and to its orderly end.
#include "interp/program.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "interp/compile.h"
#include "interp/gil_options.h"
#include "interp/import.h"
#include "interp/import_spec.h"
#include "interp/vm.h"
#include "runtime/call.h"
#include "runtime/deadlock.h"
#include "runtime/error.h"
#include "runtime/types/bytes.h"
#include "runtime/types/exception.h"
#include "runtime/types/int.h"
#include "runtime/types/list.h"
#include "runtime/types/tuple.h"
#include "interp/command_line.h"

static Str *text_name(Thread *t, const char *text) { return str_intern_text(t, text, strlen(text)); }

// ---- Files and code
Value interp_read_file(Thread *t, const char *path, Value shown_path)
{
    int fd, failed = 0;
    BLOCKING(t, GIL_OPEN, fd = open(path, O_RDONLY | O_CLOEXEC));
    if (fd < 0) return raise_errno_path(t, errno, shown_path, UNBOUND);
    struct stat status;
    if (fstat(fd, &status) == 0 && S_ISDIR(status.st_mode)) {
        close(fd);
        return raise_errno_path(t, EISDIR, shown_path, UNBOUND);
    }
    OWN Value all = bytearray_from(t, NULL, 0);
    char buffer[65536];
    for (ssize_t got = 1; !is_error(all) && got > 0;) {
        BLOCKING(t, GIL_READ, got = read(fd, buffer, sizeof buffer));
        if (got < 0 && errno == EINTR && signals_poll(t)) got = 1;
        else if (got < 0) failed = errno;
        else if (got > 0 && !bytearray_append(t, all, buffer, (size_t)got)) break;
    }
    close(fd);
    if (error_pending(t)) return ERROR;
    if (failed) return raise_errno_path(t, failed, shown_path, UNBOUND);
    return bytes_from(t, as_bytearray(all)->data, as_bytearray(all)->length);
}

int interp_optimize(Thread *t) { return t->interp->options ? t->interp->options->optimize : 0; }
bool interp_host_library_found(Thread *t) { return !t->interp->options || t->interp->options->library[0]; }

bool interp_set_builtins(Thread *t, Dict *namespace)
{
    if (!is_unbound(dict_get_str(namespace, NAME(__builtins__)))) return true;
    return dict_set_str(t, namespace, NAME(__builtins__), object_value(t->interp->builtins));
}

Value interp_run(Thread *t, Value code, Value globals, Value locals) { return vm_run_code(t, as_code(code), as_dict(globals), locals, UNBOUND); }

// ---- The module __main__
Dict *program_main_namespace(Thread *t)
{
    OWN_POINTER Str *name = RETAIN(NAME(__main__));
    Value known = dict_get_str(t->interp->modules, name);
    if (is_unbound(known)) {
        OWN Value module = module_new(t, name, NONE);
        if (is_error(module) || !dict_set_str(t, t->interp->modules, name, module)) return NULL;
        Dict *dict = as_module(module)->dict;
        Value builtins = dict_get_str(t->interp->modules, NAME(builtins));
        OWN_POINTER Dict *annotations = dict_new(t);
        if (!annotations || !dict_set_str(t, dict, NAME(__annotations__), object_value(annotations))) return NULL;
        if (!dict_set_str(t, dict, NAME(__builtins__), builtins)) return NULL;
        return dict;
    }
    return as_module(known)->dict;
}

// ---- sys.path and sys.argv
static Value os_text(Thread *t, const char *text) { return str_from_os(t, text, strlen(text)); }

static bool path_add(Thread *t, Value path, const char *entry, size_t length)
{
    return list_append_owned(t, path, str_from_os(t, entry, length));
}
// The entries of a variable like PYTHONPATH.
static bool path_add_list(Thread *t, Value path, const char *entries)
{
    while (entries && *entries) {
        size_t length = strcspn(entries, ":");
        if (!path_add(t, path, entries, length)) return false;
        entries += length + (entries[length] == ':');
    }
    return true;
}
static bool set_path(Thread *t, const Options *options, const char *first)
{
    OWN Value path = list_new(t, 4);
    if (is_error(path) || (first && !path_add(t, path, first, strlen(first)))) return false;
    if (!options->ignore_environment && !path_add_list(t, path, getenv("PYTHONPATH"))) return false;
    if (options->library[0] && !path_add(t, path, options->library, strlen(options->library))) return false;
    return dict_set_text(t, t->interp->sys, "path", MOVE(path));
}
static bool set_argv(Thread *t, const Options *options, const char *first)
{
    OWN Value argv = list_new(t, 4);
    if (is_error(argv) || !list_append_owned(t, argv, os_text(t, first))) return false;
    for (int i = 0; i < options->argc; i++)
        if (!list_append_owned(t, argv, os_text(t, options->argv[i]))) return false;
    return dict_set_text(t, t->interp->sys, "argv", MOVE(argv));
}

// ---- Ways to run
static bool run_text(Thread *t, const char *text, size_t length, Value filename, Dict *namespace)
{
    OWN Value code = compile_source(t, text, length, filename, 0, 0, interp_optimize(t), false);
    OWN Value result = is_error(code) ? ERROR : interp_run(t, code, object_value(namespace), object_value(namespace));
    return !is_error(result);
}

// The folder of a script, symbolic links resolved, as sys.path[0].
static void folder_of(const char *path, char *folder)
{
    char resolved[PATH_MAX];
    const char *real = realpath(path, resolved) ? resolved : path;
    const char *slash = strrchr(real, '/');
    snprintf(folder, PATH_MAX, "%.*s", slash ? (int)(slash == real ? 1 : slash - real) : 0, real);
}

// The target as a path from the root, as it was written otherwise.
static const char *absolute_target(const Options *options, char *absolute)
{
    if (options->target[0] == '/') snprintf(absolute, PATH_MAX, "%s", options->target);
    else snprintf(absolute, PATH_MAX, "%.2000s/%.2000s", working_folder(), options->target);
    return absolute;
}

// A zip archive, by its first bytes: what else could begin so, and be a program?
static bool is_archive(const char *path)
{
    char start[4] = "";
    FILE *file = fopen(path, "rb");
    bool archive = file && fread(start, 1, 4, file) == 4 && memcmp(start, "PK\003\004", 4) == 0;
    if (file) fclose(file);
    return archive;
}

// Runs the module __main__ of a folder or an archive, which is the first entry of sys.path.
static bool run_folder(Thread *t, const Options *options, Dict *namespace)
{
    OWN_POINTER Str *name = RETAIN(NAME(__main__));
    Value main_module = retain(dict_get_str(t->interp->modules, name));
    char absolute[PATH_MAX];
    if (!set_path(t, options, absolute_target(options, absolute)) || dict_delete(t, t->interp->modules, object_value(name)) < 0) return false;
    OWN Value spec = UNBOUND;
    OWN Value code = import_code_of(t, name, &spec);
    bool restored = dict_set_str(t, t->interp->modules, name, main_module);
    drop(main_module);
    OWN_POINTER Str *origin_name = text_name(t, "origin");
    OWN Value origin = is_error(code) || !origin_name ? ERROR : is_module_spec(spec) ? retain(as_module_spec(spec)->origin) : object_get_attr(t, spec, origin_name);
    OWN Value package = str_from_text(t, "");
    if (is_error(code) || is_error(origin) || is_error(package) || !restored || !dict_set_str(t, namespace, NAME(__spec__), spec) ||
        !dict_set_str(t, namespace, NAME(__file__), origin) || !dict_set_str(t, namespace, NAME(__package__), package)) return false;
    OWN Value result = interp_run(t, code, object_value(namespace), object_value(namespace));
    return !is_error(result);
}

static int run_file(Thread *t, const Options *options, Dict *namespace)
{
    struct stat status;
    char folder[PATH_MAX];
    if (!set_argv(t, options, options->target)) return program_report(t);
    if (stat(options->target, &status) == 0 && S_ISDIR(status.st_mode)) {
        char inside[PATH_MAX];
        snprintf(inside, sizeof inside, "%.4000s/__main__.py", options->target);
        if (access(inside, R_OK) != 0) {
            char absolute[PATH_MAX];
            fprintf(stderr, "%s: can't find '__main__' module in '%s'\n", options->executable, absolute_target(options, absolute));
            return 1;
        }
        return run_folder(t, options, namespace) ? 0 : program_report(t);
    }
    if (is_archive(options->target)) return run_folder(t, options, namespace) ? 0 : program_report(t);
    folder_of(options->target, folder);
    char absolute[PATH_MAX];
    OWN Value filename = os_text(t, absolute_target(options, absolute));
    if (is_error(filename) || !set_path(t, options, options->safe_path ? NULL : folder)) return program_report(t);
    OWN Value source = interp_read_file(t, options->target, filename);
    if (is_error(source)) {
        OWN Value error = error_take(t);
        Value code = is_instance_of(error, &exc_OSError) ? exception_fields(error)[OS_ERROR_ERRNO] : NONE;
        int number = is_small_int(code) ? (int)as_small_int(code) : EIO;
        fprintf(stderr, "%s: can't open file '%s%s%s': [Errno %d] %s\n", options->executable, options->target[0] == '/' ? "" : working_folder(), options->target[0] == '/' ? "" : "/",
                options->target, number, strerror(number));
        return 2;
    }
    if (!dict_set_str(t, namespace, NAME(__file__), filename) || !dict_set_str(t, namespace, NAME(__cached__), NONE)) return program_report(t);
    const char *text = bytes_data(source);
    size_t length = bytes_length(source);
    const char *second = options->skip_first_line ? memchr(text, '\n', length) : NULL;      // the end of the first line stays: lines keep their numbers
    if (second) length -= (size_t)(second - text), text = second;
    return run_text(t, text, length, filename, namespace) ? 0 : program_report(t);
}

static int run_command(Thread *t, const Options *options, Dict *namespace)
{
    OWN Value filename = str_from_text(t, "<string>");
    if (is_error(filename) || !set_argv(t, options, "-c") || !set_path(t, options, options->safe_path ? NULL : "")) return program_report(t);
    return run_text(t, options->target, strlen(options->target), filename, namespace) ? 0 : program_report(t);
}

// Was a.b asked for where a was found, but is a plain module? Its name is put in `parent`.
static bool parent_is_no_package(Thread *t, const char *name, char *parent, size_t size)
{
    const char *dot = strrchr(name, '.');
    if (!dot) return false;
    snprintf(parent, size, "%.*s", (int)(dot - name), name);
    OWN_POINTER Str *key = text_name(t, parent);
    Value module = key ? dict_get_str(t->interp->modules, key) : UNBOUND;
    return is_module(module) && is_unbound(dict_get_str(as_module(module)->dict, NAME(__path__)));
}

static int run_module(Thread *t, const Options *options, Dict *namespace)
{
    OWN_POINTER Str *name = text_name(t, options->target);
    if (!name || !set_argv(t, options, "-m") || !set_path(t, options, options->safe_path ? NULL : working_folder())) return program_report(t);
    OWN Value spec = UNBOUND;
    OWN Value code = import_code_of(t, name, &spec);
    if (is_error(code)) {
        if (!error_matches(t, &exc_ImportError)) return program_report(t);
        OWN Value error = error_take(t);
        OWN Value text = object_str(t, error);
        OWN_MEMORY char *message = is_error(text) ? NULL : str_to_utf8(t, as_str(text), NULL);
        error_clear(t);
        char parent[256];
        if (parent_is_no_package(t, options->target, parent, sizeof parent))
            fprintf(stderr, "%s: Error while finding module specification for '%s' (ModuleNotFoundError: __path__ attribute not found on '%s' while trying to find '%s')\n",
                    options->executable, options->target, parent, options->target);
        else
            fprintf(stderr, "%s: %s\n", options->executable, message ? message : "import failed");
        return 1;
    }
    ModuleSpecObject *s = as_module_spec(spec);
    OWN Value parent = module_spec_parent(t, spec);
    if (is_error(parent) || !dict_set_str(t, namespace, NAME(__spec__), spec) || !dict_set_str(t, namespace, NAME(__package__), parent) ||
        !dict_set_str(t, namespace, NAME(__loader__), s->loader)) return program_report(t);
    if (s->kind == LOADER_SOURCE) {
        Value argv = dict_get_str(t->interp->sys, text_name(t, "argv"));
        if (!dict_set_str(t, namespace, NAME(__file__), s->origin) || (is_list(argv) && !list_set_slice(t, argv, 0, 1, &s->origin, 1))) return program_report(t);
    }
    OWN Value result = interp_run(t, code, object_value(namespace), object_value(namespace));
    return is_error(result) ? program_report(t) : 0;
}

// The target is SCRIPT:FUNCTION.
static int run_four_ways(Thread *t, const Options *options)
{
    char script[PATH_MAX], folder[PATH_MAX];
    const char *colon = strrchr(options->target, ':');
    snprintf(script, sizeof script, "%.*s", colon ? (int)(colon - options->target) : PATH_MAX - 1, options->target);
    folder_of(script, folder);
    if (!set_argv(t, options, script) || !set_path(t, options, options->isolated ? NULL : folder)) return program_report(t);
    return gil_options_four_ways(t, options);
}

static int run_stdin(Thread *t, const Options *options, Dict *namespace)
{
    OWN Value filename = str_from_text(t, "<stdin>");
    if (is_error(filename) || !set_argv(t, options, options->target ? options->target : "") || !set_path(t, options, options->safe_path ? NULL : "")) return program_report(t);
    OWN Value source = interp_read_file(t, "/dev/stdin", filename);
    if (is_error(source)) return program_report(t);
    return run_text(t, bytes_data(source), bytes_length(source), filename, namespace) ? 0 : program_report(t);
}

// ---- The end of a program
bool program_flush(Thread *t)
{
    Str *streams[] = {NAME(stdout), NAME(stderr)};
    bool whole = true;
    for (size_t i = 0; i < COUNT_OF(streams); i++) {
        OWN Value file = retain(dict_get_str(t->interp->sys, streams[i]));
        if (is_unbound(file) || is_none(file)) continue;
        OWN Value closed = object_get_attr_optional(t, file, NAME(closed));
        if (is_true(closed)) continue;
        OWN Value result = is_error(closed) ? ERROR : call_method0(t, file, NAME(flush));
        if (!is_error(result)) continue;
        whole = false;
        if (i == 0) error_unraisable(t, "Exception ignored in", file);
        else error_clear(t);
    }
    return whole;
}

static int exit_status(Thread *t, Value code)
{
    if (is_unbound(code) || is_none(code)) return 0;
    if (is_int(code)) return (int)(int_low_bits(code) & 0xFF);
    OWN Value file = retain(dict_get_str(t->interp->sys, NAME(stderr)));
    OWN Value text = object_str(t, code);
    OWN Value line = is_error(text) ? ERROR : str_format(t, "%S\n", text);
    OWN Value written = is_error(line) || is_unbound(file) || is_none(file) ? ERROR : call_method1(t, file, NAME(write), line);
    if (is_error(written)) error_clear(t);
    return 1;
}

int program_report(Thread *t)
{
    OWN Value exception = error_take(t);
    if (is_unbound(exception)) return 1;
    bool stays = t->interp->options && t->interp->options->inspect;      // -i: then leaving is an exception as any other
    if (is_instance_of(exception, &exc_SystemExit) && !stays) {
        OWN Value code = retain(exception_fields(exception)[SYSTEM_EXIT_CODE]);
        return exit_status(t, code);
    }
    bool interrupted = is_instance_of(exception, &exc_KeyboardInterrupt);
    Value traceback = as_exception(exception)->traceback;
    Value hook = dict_get_str(t->interp->sys, NAME(excepthook));
    if (!dict_set_text(t, t->interp->sys, "last_type", retain(type_value(type_of(exception)))) || !dict_set_text(t, t->interp->sys, "last_value", retain(exception)) ||
        !dict_set_text(t, t->interp->sys, "last_traceback", is_unbound(traceback) ? NONE : retain(traceback))) error_clear(t);
    if (is_unbound(hook)) {
        fputs("sys.excepthook is missing\n", stderr);
        t->interp->up.print_exception(t, exception);
    } else {
        OWN Value keeps = retain(hook);
        OWN Value result = call3(t, hook, type_value(type_of(exception)), exception, is_unbound(traceback) ? NONE : traceback);
        if (is_error(result)) {
            OWN Value second = error_take(t);
            if (is_instance_of(second, &exc_SystemExit)) {
                OWN Value code = retain(exception_fields(second)[SYSTEM_EXIT_CODE]);
                return exit_status(t, code);
            }
            fputs("Error in sys.excepthook:\n", stderr);
            t->interp->up.print_exception(t, second);
            fputs("\nOriginal exception was:\n", stderr);
            t->interp->up.print_exception(t, exception);
        }
    }
    error_clear(t);
    return interrupted ? STATUS_INTERRUPTED : 1;
}

// A deadlock that is found when the program has ended is reported already; it is the program's failure.
static bool take_deadlock(Thread *t)
{
    if (!error_clear_if(t, &exc_Deadlock)) return false;
    t->interp->deadlock_at_end = true;
    return true;
}

// Calls module.function() if the module has been imported.
static void call_if_imported(Thread *t, const char *module_name, const char *function_name)
{
    OWN_POINTER Str *module_key = text_name(t, module_name);
    OWN_POINTER Str *function_key = text_name(t, function_name);
    Value module = module_key && function_key ? retain(dict_get_str(t->interp->modules, module_key)) : UNBOUND;
    OWN Value keeps = module;
    if (is_unbound(module) || is_none(module)) return error_clear(t);
    OWN Value function = object_get_attr_optional(t, module, function_key);
    OWN Value result = is_unbound(function) || is_error(function) ? function : call0(t, function);
    if (is_error(result) && !take_deadlock(t)) error_unraisable(t, "Exception ignored in", module);     // that one is reported already
}

void program_wind_up(Thread *t, int *status)
{
    call_if_imported(t, "threading", "_shutdown");
    call_if_imported(t, "multiprocessing.util", "_exit_function");
    call_if_imported(t, "atexit", "_run_exitfuncs");
    if (!program_flush(t)) *status = 120;
    if (t->interp->deadlock_at_end && *status == 0) *status = 1;
}

int program_run(Thread *t, const Options *options)
{
    Dict *namespace = program_main_namespace(t);
    if (!namespace) return program_report(t);
    int status = 0;
    switch (options->mode) {
    case RUN_FILE: status = run_file(t, options, namespace); break;
    case RUN_COMMAND: status = run_command(t, options, namespace); break;
    case RUN_MODULE: status = run_module(t, options, namespace); break;
    case RUN_STDIN: status = run_stdin(t, options, namespace); break;
    case RUN_DOCUMENT:
        status = set_argv(t, options, options->target) && set_path(t, options, "") ? document_run(t, namespace, options) : program_report(t);
        break;
    case RUN_PROMPT:
        status = set_argv(t, options, "") && set_path(t, options, options->safe_path ? NULL : "") ? repl_run(t, namespace, options) : program_report(t);
        break;
    case RUN_FOUR_WAYS: status = run_four_ways(t, options); break;
    case RUN_COMPILE: status = 2; break;
    }
    bool wanted = options->inspect || (!options->ignore_environment && getenv("PYTHONINSPECT") && *getenv("PYTHONINSPECT"));
    if (wanted && options->mode != RUN_PROMPT && (isatty(0) || options->interactive)) status = repl_run(t, namespace, options);
    return status;
}
