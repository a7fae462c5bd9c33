// SPDX-License-Identifier: MIT
// stdlib/readline/module.c: configuring the library, and the start of the module.
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "runtime/heap.h"
#include "runtime/types/int.h"
#include "runtime/types/str.h"
#include "stdlib/filename.h"
#include "stdlib/readline/readline.h"

static char *delimiters;         // what set_completer_delims() gave, for the library points to it

static Value parse_and_bind(Thread *t, Value module, const Value *args)
{
    OWN_MEMORY char *line = readline_available(t) ? readline_text(t, args[0]) : NULL;       // the library writes into it
    if (!line) return ERROR;
    rl_parse_and_bind(line);
    return NONE;
}
static Value read_init_file(Thread *t, Value module, const Value *args)
{
    OWN_MEMORY char *name = NULL;
    if (!readline_available(t) || (!is_none(args[0]) && !(name = filename_from(t, args[0])))) return ERROR;
    int failed = rl_read_init_file(name);
    return failed ? raise_errno(t, failed) : NONE;
}
static Value get_delimiters(Thread *t, Value module, const Value *args)
{
    const char *now = rl_completer_word_break_characters;
    return now ? str_from_os(t, now, strlen(now)) : object_value(str_empty);
}
static Value set_delimiters(Thread *t, Value module, const Value *args)
{
    char *text = readline_available(t) ? readline_text(t, args[0]) : NULL;
    if (!text) return ERROR;
    rl_completer_word_break_characters = text;
    mem_free(delimiters);
    delimiters = text;
    return NONE;
}
static const Method functions[] = {
    {"parse_and_bind", parse_and_bind, "(string, /)", "Do what a line of an init file says."},
    {"read_init_file", read_init_file, "(filename=None, /)", "Do what an init file says; None: the last one again."},
    {"get_completer_delims", get_delimiters, "()", "The characters that part words for completion."},
    {"set_completer_delims", set_delimiters, "(string, /)", "Set the characters that part words for completion."},
    {0},
};
static bool add_functions(Thread *t, Value module, const Method *methods)
{
    for (; methods->name; methods++)
        if (!module_add_function(t, module, methods)) return false;
    return true;
}
static bool start(Thread *t, Value module)
{
    if (!rl_readline_name || strcmp(rl_readline_name, "python") != 0) {
        using_history();
        rl_readline_name = "python";
        rl_catch_signals = 0;
        if (!rl_completer_word_break_characters) rl_completer_word_break_characters = " \t\n`~!@#$%^&*()-=+[{]}\\|;:'\",<>/?";
        if (!isatty(STDOUT_FILENO)) rl_variable_bind("enable-meta-key", "off");     // or it would write the terminal's word for it
        rl_initialize();
    }
    readline_install(t);
    return add_functions(t, module, readline_history_functions) && add_functions(t, module, readline_edit_functions) && module_add_int(t, module, "_READLINE_VERSION", RL_READLINE_VERSION) &&
           module_add_int(t, module, "_READLINE_RUNTIME_VERSION", rl_readline_version) && module_add(t, module, "_READLINE_LIBRARY_VERSION", str_from_text(t, rl_library_version));
}
extern const ModuleSpec readline_spec;
const ModuleSpec readline_spec = {.name = "readline", .doc = "Line editing, history and completion by GNU readline.", .functions = functions, .start = start};
