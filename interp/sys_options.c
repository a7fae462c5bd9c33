// SPDX-License-Identifier: MIT
// interp/sys_options.c: what the module sys tells of the command line.
#include <string.h>

#include "interp/program.h"
#include "runtime/error.h"
#include "runtime/types/dict.h"
#include "runtime/types/int.h"
#include "runtime/types/list.h"
#include "runtime/types/str.h"
#include "runtime/types/tuple.h"

static const StructField flag_fields[] = {
    {"debug", NULL}, {"inspect", NULL}, {"interactive", NULL}, {"optimize", NULL}, {"dont_write_bytecode", NULL}, {"no_user_site", NULL}, {"no_site", NULL},
    {"ignore_environment", NULL}, {"verbose", NULL}, {"bytes_warning", NULL}, {"quiet", NULL}, {"hash_randomization", NULL}, {"isolated", NULL}, {"dev_mode", NULL},
    {"utf8_mode", NULL}, {"warn_default_encoding", NULL}, {"safe_path", NULL}, {"int_max_str_digits", NULL}, {0},
};

static Value flags(Thread *t, const Options *o)
{
    Value items[] = {
        small_int(o->debug), small_int(o->inspect), small_int(o->interactive), small_int(o->optimize), small_int(o->dont_write_bytecode), small_int(o->no_user_site),
        small_int(o->no_site), small_int(o->ignore_environment), small_int(o->verbose), small_int(o->bytes_warning), small_int(o->quiet), small_int(o->hash_random),
        small_int(o->isolated), bool_value(o->dev_mode), small_int(o->utf8_mode), small_int(o->warn_default_encoding), bool_value(o->safe_path), small_int(o->max_str_digits),
    };
    OWN_POINTER Type *type = struct_sequence_type(t, "sys.flags", NULL, flag_fields, COUNT_OF(items));
    if (type) type->flags |= TYPE_NO_NEW;
    return type ? struct_sequence_new(t, type, items, COUNT_OF(items)) : ERROR;
}

static Value os_text(Thread *t, const char *text) { return str_from_os(t, text, strlen(text)); }

static Value words_list(Thread *t, const char *const *words, int count)
{
    OWN Value list = list_new(t, (size_t)count);
    for (int i = 0; i < count && !is_error(list); i++)
        if (!list_append_owned(t, list, os_text(t, words[i]))) return ERROR;
    return MOVE(list);
}

// sys._xoptions: {"name": "value"}, True where there is none.
static Value x_options(Thread *t, const Words *words)
{
    OWN_POINTER Dict *dict = dict_new(t);
    for (int i = 0; i < words->count && dict; i++) {
        const char *equals = strchr(words->items[i], '=');
        OWN Value name = str_from_os(t, words->items[i], equals ? (size_t)(equals - words->items[i]) : strlen(words->items[i]));
        OWN Value value = equals ? os_text(t, equals + 1) : TRUE;
        if (is_error(name) || is_error(value) || !dict_set(t, dict, name, value)) return ERROR;
    }
    return dict ? object_value(MOVE_POINTER(dict)) : ERROR;
}

bool program_describe(Thread *t, const Options *o)
{
    Dict *sys = t->interp->sys;
    static const char *const prefixes[] = {"prefix", "exec_prefix", "base_prefix", "base_exec_prefix"};
    for (size_t i = 0; i < COUNT_OF(prefixes); i++)
        if (!dict_set_text(t, sys, prefixes[i], str_from_text(t, "/usr"))) return false;
    if (o->max_str_digits >= 0) int_set_max_str_digits(t, o->max_str_digits);
    t->interp->bytes_warning = o->bytes_warning;
    return dict_set_text(t, sys, "flags", flags(t, o)) && dict_set_text(t, sys, "dont_write_bytecode", bool_value(o->dont_write_bytecode)) &&
           dict_set_text(t, sys, "warnoptions", words_list(t, o->warnings.items, o->warnings.count)) && dict_set_text(t, sys, "_xoptions", x_options(t, &o->x_options)) &&
           dict_set_text(t, sys, "orig_argv", words_list(t, (const char *const *)o->original_argv, o->original_argc)) &&
           dict_set_text(t, sys, "executable", os_text(t, o->executable)) && dict_set_text(t, sys, "_base_executable", os_text(t, o->executable)) &&
           dict_set_text(t, sys, "_stdlib_dir", o->library[0] ? os_text(t, o->library) : NONE) && dict_set_text(t, sys, "path", words_list(t, (const char *const[]){o->library}, *o->library != 0)) &&
           dict_set_text(t, sys, "argv", list_new(t, 0));
}
