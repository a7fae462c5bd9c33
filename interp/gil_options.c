// SPDX-License-Identifier: MIT
// interp/gil_options.c: --gil-report, --gil-trace, --gil-live and --four-ways: calls of the package gil around the program.
#include "interp/gil_options.h"

#include <stdio.h>
#include <string.h>

#include "runtime/call.h"
#include "runtime/error.h"
#include "runtime/types/int.h"
#include "runtime/types/list.h"
#include "runtime/types/str.h"

static bool watches(const Options *o) { return o->gil_report || o->gil_trace || o->gil_live; }

static Value call_in(Thread *t, const char *module_name, const char *function_name, const Value *args, size_t nargs)
{
    OWN_POINTER Str *module_key = str_intern_text(t, module_name, strlen(module_name));
    OWN_POINTER Str *function_key = module_key ? str_intern_text(t, function_name, strlen(function_name)) : NULL;
    OWN Value module = function_key ? t->interp->up.import_module(t, module_key) : ERROR;
    OWN Value function = is_error(module) ? ERROR : object_get_attr(t, module, function_key);
    return is_error(function) ? ERROR : call(t, function, args, nargs, UNBOUND);
}

// None, or an error in words, which is printed. False: it was one, or an exception.
static bool said_nothing(Thread *t, Value result, int *status)
{
    if (is_error(result)) {
        *status = program_report(t);
        return false;
    }
    if (is_none(result)) return true;
    OWN_MEMORY char *text = is_str(result) ? str_to_utf8(t, as_str(result), NULL) : NULL;
    error_clear(t);
    fprintf(stderr, "baton: %s\n", text ? text : "the GIL cannot be recorded");
    *status = 2;
    return false;
}

bool gil_options_start(Thread *t, const Options *options)
{
    if (!watches(options)) return true;
    OWN Value file = options->gil_trace ? str_from_os(t, options->gil_trace, strlen(options->gil_trace)) : NONE;
    const Value args[] = {bool_value(options->gil_report), file, bool_value(options->gil_live)};
    OWN Value result = is_error(file) ? ERROR : call_in(t, "gil.session", "start", args, COUNT_OF(args));
    int status;
    return said_nothing(t, result, &status);
}

void gil_options_finish(Thread *t, const Options *options, int *status)
{
    if (!watches(options)) return;
    OWN Value result = call_in(t, "gil.session", "finish", NULL, 0);
    int failed = 0;
    if (!said_nothing(t, result, &failed) && *status == 0) *status = failed;
}

int gil_options_four_ways(Thread *t, const Options *options)
{
    OWN Value words = list_new(t, 0);
    for (int i = 0; i < options->argc && !is_error(words); i++)
        if (!list_append_owned(t, words, str_from_os(t, options->argv[i], strlen(options->argv[i])))) return program_report(t);
    OWN Value target = str_from_os(t, options->target, strlen(options->target));
    const Value args[] = {target, words};
    OWN Value result = is_error(words) || is_error(target) ? ERROR : call_in(t, "gil.compare", "main", args, COUNT_OF(args));
    int status;
    return is_error(result) || !int_as_int(t, result, &status) ? program_report(t) : status;
}
