// SPDX-License-Identifier: MIT
// runtime/types/none.c: the types of the three constants that are nothing but themselves: None, NotImplemented, Ellipsis.
#include "runtime/types/arguments.h"

Type none_type, not_implemented_type, ellipsis_type;

static Value none_repr(Thread *t, Value v) { (void)v; return str_from_ascii(t, "None", 4); }
static Value not_implemented_repr(Thread *t, Value v) { (void)v; return str_from_ascii(t, "NotImplemented", 14); }
static Value ellipsis_repr(Thread *t, Value v) { (void)v; return str_from_ascii(t, "Ellipsis", 8); }

static int none_truth(Thread *t, Value v) { (void)t, (void)v; return 0; }

static int not_implemented_truth(Thread *t, Value v)
{
    (void)v;
    return warn(t, &exc_DeprecationWarning, 1, "NotImplemented should not be used in a boolean context") ? 1 : -1;
}

static bool no_arguments(Thread *t, const char *name, size_t nargs, Value kwnames)
{
    if (nargs == 0) return argument_no_keywords(t, name, kwnames);
    return error_false(raise_type_error(t, "%s takes no arguments", name));
}

static Value none_make(Thread *t, Type *type, const Value *args, size_t nargs, Value kwnames)
{
    (void)type, (void)args;
    return no_arguments(t, "NoneType", nargs, kwnames) ? NONE : ERROR;
}

static Value not_implemented_make(Thread *t, Type *type, const Value *args, size_t nargs, Value kwnames)
{
    (void)type, (void)args;
    return no_arguments(t, "NotImplementedType", nargs, kwnames) ? NOT_IMPLEMENTED : ERROR;
}

static Value ellipsis_make(Thread *t, Type *type, const Value *args, size_t nargs, Value kwnames)
{
    (void)type, (void)args;
    return no_arguments(t, "EllipsisType", nargs, kwnames) ? ELLIPSIS : ERROR;
}

static Value not_implemented_reduce(Thread *t, Value self, const Value *args) { (void)args; return not_implemented_repr(t, self); }
static Value ellipsis_reduce(Thread *t, Value self, const Value *args) { (void)args; return ellipsis_repr(t, self); }

static const Method not_implemented_methods[] = {{"__reduce__", not_implemented_reduce, "(self, /)", NULL}, {0}};
static const Method ellipsis_methods[] = {{"__reduce__", ellipsis_reduce, "(self, /)", NULL}, {0}};

const TypeSpec none_spec = {
    .name = "NoneType",
    .size = sizeof(Object),
    .flags = TYPE_IMMUTABLE,
    .slots = {.repr = none_repr, .truth = none_truth, .make = none_make},
};

const TypeSpec not_implemented_spec = {
    .name = "NotImplementedType",
    .size = sizeof(Object),
    .flags = TYPE_IMMUTABLE,
    .slots = {.repr = not_implemented_repr, .truth = not_implemented_truth, .make = not_implemented_make},
    .methods = not_implemented_methods,
};

const TypeSpec ellipsis_spec = {
    .name = "ellipsis",
    .size = sizeof(Object),
    .flags = TYPE_IMMUTABLE,
    .slots = {.repr = ellipsis_repr, .make = ellipsis_make},
    .methods = ellipsis_methods,
};
