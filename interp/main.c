// SPDX-License-Identifier: MIT
// interp/main.c: the process: makes the interpreter, runs the program, ends both.
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "interp/command_line.h"
#include "interp/gil_options.h"
#include "interp/import.h"
#include "interp/interp.h"
#include "interp/steer_options.h"
#include "runtime/call.h"
#include "runtime/error.h"
#include "runtime/fork.h"
#include "runtime/heap.h"
#include "runtime/types/dict.h"
#include "runtime/types/list.h"
#include "runtime/types/str.h"

static Str *text_name(Thread *t, const char *text) { return str_intern_text(t, text, strlen(text)); }

static bool import_for_start(Thread *t, const char *name, Dict **namespace)
{
    OWN_POINTER Str *key = text_name(t, name);
    OWN Value module = key ? import_module(t, key) : ERROR;
    if (is_error(module)) return false;
    *namespace = as_module(module)->dict;
    return true;
}

// builtins and sys are made by hand: importing needs both.
static bool make_first_modules(Thread *t)
{
    for (const NativeModule *m = native_modules; m->name; m++) {
        bool is_sys = strcmp(m->name, "sys") == 0;
        if (!is_sys && strcmp(m->name, "builtins") != 0) continue;
        OWN_POINTER Str *name = text_name(t, m->name);
        OWN Value module = name ? module_from_spec(t, m->spec) : ERROR;
        if (is_error(module) || !dict_set_str(t, t->interp->modules, name, module)) return false;
        if (!is_sys && !t->interp->builtins) t->interp->builtins = RETAIN(as_module(module)->dict);
    }
    return t->interp->sys && t->interp->builtins;
}

// Of PYTHONIOENCODING=encoding:errors, or NULL.
typedef struct StreamText { char encoding[64], errors[64]; } StreamText;
static StreamText stream_text(const Options *options)
{
    StreamText text = {"", ""};
    const char *value = options->ignore_environment ? NULL : getenv("PYTHONIOENCODING");
    const char *colon = value ? strchr(value, ':') : NULL;
    if (value) snprintf(text.encoding, sizeof text.encoding, "%.*s", colon ? (int)(colon - value) : (int)strlen(value), value);
    if (colon) snprintf(text.errors, sizeof text.errors, "%s", colon + 1);
    const char *locale = getenv("LC_ALL");
    if (!locale || !*locale) locale = getenv("LC_CTYPE");
    if (!locale || !*locale) locale = getenv("LANG");
    static const char *const plain[] = {"C", "POSIX", "C.UTF-8", "C.utf8", "UTF-8"};
    bool escapes = !locale || !*locale || options->utf8_mode;       // where nobody chose a language, bytes of any kind pass through
    for (size_t i = 0; !escapes && i < COUNT_OF(plain); i++) escapes = strcmp(locale, plain[i]) == 0;
    if (!*text.errors && !*text.encoding && escapes) snprintf(text.errors, sizeof text.errors, "surrogateescape");
    return text;
}

// One of the standard streams, or None if fd is closed.
static Value standard_stream(Thread *t, Dict *io, int fd, const char *name, const Options *options)
{
    if (fcntl(fd, F_GETFD) < 0 && errno == EBADF) return NONE;
    OWN_POINTER Str *key = text_name(t, "_standard_stream");
    Value maker = key ? dict_get_str(io, key) : ERROR;
    if (is_unbound(maker)) return raise_error(t, &exc_RuntimeError, "_io has no _standard_stream");
    StreamText text = stream_text(options);
    OWN Value name_value = str_from_text(t, name);
    OWN Value encoding = str_from_text(t, *text.encoding ? text.encoding : "utf-8");
    OWN Value errors = str_from_text(t, fd == 2 ? "backslashreplace" : *text.errors ? text.errors : "strict");
    if (is_error(name_value) || is_error(encoding) || is_error(errors) || is_error(maker)) return ERROR;
    return call(t, maker, (Value[]){small_int(fd), name_value, bool_value(options->unbuffered), encoding, errors}, 5, UNBOUND);
}

static bool open_streams(Thread *t, const Options *options)
{
    static const char *const names_of_streams[] = {"stdin", "stdout", "stderr"};
    Dict *io;
    if (!import_for_start(t, "_io", &io)) return false;
    for (int fd = 0; fd < 3; fd++) {
        char original[16];
        snprintf(original, sizeof original, "__%s__", names_of_streams[fd]);
        OWN Value stream = standard_stream(t, io, fd, names_of_streams[fd], options);
        if (is_error(stream) || !dict_set_text(t, t->interp->sys, names_of_streams[fd], retain(stream)) || !dict_set_text(t, t->interp->sys, original, retain(stream))) return false;
    }
    OWN_POINTER Str *open_name = text_name(t, "open");
    Value open_function = open_name ? dict_get_str(io, open_name) : UNBOUND;
    return is_unbound(open_function) || dict_set_str(t, t->interp->builtins, open_name, open_function);
}

// module.function(argument): for what the command line switches on.
static bool call_of(Thread *t, const char *module, const char *function, Value argument)
{
    Dict *namespace;
    OWN_POINTER Str *name = text_name(t, function);
    if (!name || !import_for_start(t, module, &namespace)) return false;
    Value callable = dict_get_str(namespace, name);
    OWN Value result = is_unbound(callable) ? ERROR : is_unbound(argument) ? call0(t, callable) : call1(t, callable, argument);
    return !is_error(result);
}
static bool switch_on(Thread *t, const Options *options)
{
    Dict *unused;
    if (options->warnings.count && !import_for_start(t, "warnings", &unused)) return false;
    if (options->faulthandler && !call_of(t, "faulthandler", "enable", UNBOUND)) return false;
    return !options->tracemalloc || call_of(t, "tracemalloc", "start", small_int(atoi(options->tracemalloc) > 0 ? atoi(options->tracemalloc) : 1));
}

static bool start(Thread *t, Options *options)
{
    t->interp->options = options;
    if (!interp_install(t) || !make_first_modules(t) || !interp_start_builtins(t) || !program_describe(t, options) || !import_start(t)) return false;
    fork_add_hook(import_after_fork);
    if (options->mode == RUN_COMPILE) return true;
    Dict *unused;
    return open_streams(t, options) && import_for_start(t, "_signal", &unused) && (options->no_site || import_for_start(t, "_site", &unused)) && switch_on(t, options);
}

int main(int argc, char **argv)
{
    mallopt(M_ARENA_MAX, 1);          // under the GIL more arenas would only hold memory back
    Options options;
    int status = command_line_read(argc, argv, &options);
    if (status >= 0) return status;
    const char *clash = steer_options_clash(&options);
    if (clash) {
        fprintf(stderr, "baton: %s\n", clash);
        return 2;
    }
    steer_options_fix_addresses(&options.steer, argv);
    Interp *interp = interp_create(options.hash_seed);
    if (!interp) {
        fputs("baton: not enough memory to start\n", stderr);
        return 1;
    }
    Thread *t = interp->main_thread;
    if (!start(t, &options)) {
        fputs("baton: cannot start\n", stderr);
        status = program_report(t);
    } else if (options.mode == RUN_COMPILE) {
        status = compile_modules(t, options.argc, options.argv);
    } else {
        if (steer_options_start(t, &options, &status)) {
            bool run = gil_options_start(t, &options);
            status = run ? program_run(t, &options) : 2;
            program_wind_up(t, &status);
            steer_options_finish(t, &options, &status);
        }
    }
    interp->finalizing = true;
    for (Thread *each = interp->threads; each; each = each->next)
        if (each != t) thread_request(each, ATTEND_EXIT);
    gil_options_finish(t, &options, &status);     // daemon threads run no more: they would only hold up the reports
    if (interp->up.faults_end) interp->up.faults_end(t);
    if (interp->up.signals_end) interp->up.signals_end();
    interp_destroy(interp);
    if (status == STATUS_INTERRUPTED) {       // so that a shell sees that the program was interrupted
        signal(SIGINT, SIG_DFL);
        kill(getpid(), SIGINT);
    }
    fflush(NULL);
    _exit(status);
}
