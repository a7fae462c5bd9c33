// SPDX-License-Identifier: MIT
// interp/main.c: the process: makes the interpreter, runs the program, ends both.
#include <errno.h>
#include <fcntl.h>
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

// One of the standard streams: open(fd, mode, -1, "utf-8", errors, newline, closefd=False) of _io, or None if fd is closed.
static Value standard_stream(Thread *t, Dict *io, int fd, const char *name, const Options *options)
{
    if (fcntl(fd, F_GETFD) < 0 && errno == EBADF) return NONE;
    OWN_POINTER Str *key = text_name(t, "_standard_stream");
    Value maker = key ? dict_get_str(io, key) : ERROR;
    if (is_unbound(maker)) return raise_error(t, &exc_RuntimeError, "_io has no _standard_stream");
    OWN Value text = str_from_text(t, name);
    if (is_error(text) || is_error(maker)) return ERROR;
    return call3(t, maker, small_int(fd), text, bool_value(options->unbuffered));
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

static bool describe_program(Thread *t, const Options *options)
{
    Dict *sys = t->interp->sys;
    OWN Value warnings = list_new(t, 0);
    for (int i = 0; i < options->warning_count && !is_error(warnings); i++)
        if (!list_append_owned(t, warnings, str_from_text(t, options->warnings[i]))) return false;
    OWN Value executable = str_from_os(t, options->executable, strlen(options->executable));
    OWN Value prefix = str_from_text(t, "/usr");
    OWN Value library = str_from_os(t, options->library, strlen(options->library));
    OWN Value original_argv = list_new(t, 0);
    if (is_error(warnings) || is_error(executable) || is_error(prefix) || is_error(library) || is_error(original_argv)) return false;
    static const char *const prefixes[] = {"prefix", "exec_prefix", "base_prefix", "base_exec_prefix"};
    for (size_t i = 0; i < COUNT_OF(prefixes); i++)
        if (!dict_set_text(t, sys, prefixes[i], retain(prefix))) return false;
    if (options->dont_write_bytecode && !dict_set_text(t, sys, "dont_write_bytecode", TRUE)) return false;
    return dict_set_text(t, sys, "warnoptions", retain(warnings)) && dict_set_text(t, sys, "executable", retain(executable)) &&
           dict_set_text(t, sys, "_base_executable", retain(executable)) && dict_set_text(t, sys, "_stdlib_dir", options->library[0] ? retain(library) : NONE) &&
           dict_set_text(t, sys, "orig_argv", retain(original_argv)) && dict_set_text(t, sys, "path", list_new(t, 0)) && dict_set_text(t, sys, "argv", list_new(t, 0));
}

static bool start(Thread *t, Options *options)
{
    t->interp->options = options;
    if (!interp_install(t) || !make_first_modules(t) || !interp_start_builtins(t) || !describe_program(t, options) || !import_start(t)) return false;
    fork_add_hook(import_after_fork);
    if (options->mode == RUN_COMPILE) return true;
    Dict *unused;
    return open_streams(t, options) && import_for_start(t, "_signal", &unused);
}

int main(int argc, char **argv)
{
    Options options;
    int status = command_line_read(argc, argv, &options);
    if (status >= 0) return status;
    steer_options_fix_addresses(&options.steer, argv);
    Interp *interp = interp_create();
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
    if (interp->up.signals_end) interp->up.signals_end();
    interp_destroy(interp);
    if (status == STATUS_INTERRUPTED) {       // so that a shell sees that the program was interrupted
        signal(SIGINT, SIG_DFL);
        kill(getpid(), SIGINT);
    }
    fflush(NULL);
    _exit(status);
}
