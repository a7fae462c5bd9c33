// SPDX-License-Identifier: MIT
// stdlib/_site/_site.c: exit, quit, help, copyright, credits and license, put among the built-in functions when this is imported.
#include "runtime/call.h"
#include "runtime/error.h"
#include "runtime/types/dict.h"
#include "runtime/types/exception.h"
#include "runtime/types/module.h"
#include "runtime/types/str.h"

static Type quitter_type, helper_type, printer_type;

// One of the three kinds; text: what it prints, or the name of a Quitter. Both are str.
typedef struct Friend { Object head; Value name, text; } Friend;
static Friend *as_friend(Value v) { return (Friend *)as_object(v); }

static void friend_finish(Thread *t, Object *o)
{
    clear(&((Friend *)o)->name);
    clear(&((Friend *)o)->text);
}
static bool add(Thread *t, Type *type, const char *name, const char *text)
{
    OWN_POINTER Friend *one = (Friend *)object_new(t, type);
    if (!one) return false;
    one->name = str_from_text(t, name);
    if (is_error(one->name)) return one->name = UNBOUND, false;
    one->text = str_from_text(t, text);
    if (is_error(one->text)) return one->text = UNBOUND, false;
    return dict_set_text(t, t->interp->builtins, name, object_value(MOVE_POINTER(one)));
}

// ---- exit and quit
static Value quitter_repr(Thread *t, Value self) { return str_format(t, "Use %S() or Ctrl-D (i.e. EOF) to exit", as_friend(self)->name); }
// Closes standard input, so that a prompt inside a prompt ends as well.
static Value quitter_call(Thread *t, Value self, const Value *args, size_t nargs, Value kwnames)
{
    if (nargs > 1) return raise_type_error(t, "Quitter.__call__() takes from 1 to 2 positional arguments but %d were given", (int)nargs + 1);
    OWN_POINTER Str *name = str_intern_text(t, "stdin", 5);
    OWN_POINTER Str *close = str_intern_text(t, "close", 5);
    OWN Value input = name && close ? retain(dict_get_str(t->interp->sys, name)) : UNBOUND;
    OWN Value closed = is_unbound(input) ? NONE : call_method0(t, input, close);
    if (is_error(closed)) error_clear(t);
    Value exception = exception_new(t, &exc_SystemExit, args, nargs || !is_unbound(kwnames) ? 1 : 0);
    return is_error(exception) ? ERROR : raise_exception(t, exception);
}
static const TypeSpec quitter_spec = {
    .name = "_sitebuiltins.Quitter", .size = sizeof(Friend), .flags = TYPE_NO_NEW,
    .slots = {.repr = quitter_repr, .call = quitter_call, .finish = friend_finish},
};

// ---- help
static Value helper_repr(Thread *t, Value self) { return str_from_text(t, "Type help() for interactive help, or help(object) for help about object."); }
static Value helper_call(Thread *t, Value self, const Value *args, size_t nargs, Value kwnames)
{
    OWN_POINTER Str *pydoc = str_intern_text(t, "pydoc", 5);
    OWN_POINTER Str *help = str_intern_text(t, "help", 4);
    OWN Value module = pydoc && help ? t->interp->up.import_module(t, pydoc) : ERROR;
    OWN Value function = is_error(module) ? ERROR : object_get_attr(t, module, help);
    return is_error(function) ? ERROR : call(t, function, args, nargs, kwnames);
}
static const TypeSpec helper_spec = {
    .name = "_sitebuiltins._Helper", .doc = "Help on an object, or interactive help.", .size = sizeof(Friend), .flags = TYPE_NO_NEW,
    .slots = {.repr = helper_repr, .call = helper_call, .finish = friend_finish},
};

// ---- copyright, credits, license
static Value printer_repr(Thread *t, Value self) { return retain(as_friend(self)->text); }
static Value printer_call(Thread *t, Value self, const Value *args, size_t nargs, Value kwnames)
{
    OWN_POINTER Str *write = str_intern_text(t, "write", 5);
    OWN Value output = write ? retain(dict_get_str(t->interp->sys, NAME(stdout))) : UNBOUND;
    if (is_unbound(output) || is_none(output)) return error_pending(t) ? ERROR : NONE;
    OWN Value line = str_format(t, "%S\n", as_friend(self)->text);
    OWN Value written = is_error(line) ? ERROR : call_method1(t, output, write, line);
    return is_error(written) ? ERROR : NONE;
}
static const TypeSpec printer_spec = {
    .name = "_sitebuiltins._Printer", .size = sizeof(Friend), .flags = TYPE_NO_NEW,
    .slots = {.repr = printer_repr, .call = printer_call, .finish = friend_finish},
};

static bool start(Thread *t, Value module)
{
    return type_prepare(t, &quitter_type, &quitter_spec) && type_prepare(t, &helper_type, &helper_spec) && type_prepare(t, &printer_type, &printer_spec) &&
           add(t, &quitter_type, "exit", "") && add(t, &quitter_type, "quit", "") && add(t, &helper_type, "help", "") &&
           add(t, &printer_type, "copyright", "Copyright (c) 2026 The Baton authors.") &&
           add(t, &printer_type, "credits", "Baton is written for those who teach and learn concurrency. It owes its language to the Python community.") &&
           add(t, &printer_type, "license", "Baton is under the MIT License; modules that it borrows from the host's Python library are under that library's own.");
}

const ModuleSpec _site_spec = {.name = "_site", .doc = "exit, quit, help and their like.", .start = start};
