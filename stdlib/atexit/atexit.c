// SPDX-License-Identifier: MIT
// stdlib/atexit/atexit.c: functions to be called when the program ends, the last registered first.
#include "runtime/call.h"
#include "runtime/error.h"
#include "runtime/thread.h"
#include "runtime/types/dict.h"
#include "runtime/types/list.h"
#include "runtime/types/module.h"
#include "runtime/types/tuple.h"
#include "stdlib/module_slots.h"


static Value calls(Thread *t) { return t->interp->module_slots[SLOT_ATEXIT_CALLS]; }

static Value atexit_register(Thread *t, Value self, const Value *args)
{
    Tuple *given = as_tuple(args[0]);
    if (given->length == 0) return raise_type_error(t, "register() takes at least 1 argument (0 given)");
    if (!object_is_callable(given->items[0])) return raise_type_error(t, "the first argument must be callable");
    OWN Value rest = tuple_from_values(t, given->items + 1, given->length - 1);
    OWN Value entry = is_error(rest) ? ERROR : tuple_of(t, 3, given->items[0], rest, args[1]);
    if (is_error(entry) || !list_append(t, calls(t), entry)) return ERROR;
    return retain(given->items[0]);
}
static Value atexit_unregister(Thread *t, Value self, const Value *args)
{
    for (size_t i = 0; i < as_list(calls(t))->length;) {
        OWN Value entry = retain(as_list(calls(t))->items[i]);
        int equal = object_equal(t, as_tuple(entry)->items[0], args[0]);
        if (equal < 0) return ERROR;
        bool still = i < as_list(calls(t))->length && is_same(as_list(calls(t))->items[i], entry);
        if (!equal) i++;
        else if (still && !list_set_slice(t, calls(t), i, i + 1, NULL, 0)) return ERROR;
    }
    return NONE;
}
static Value atexit_clear(Thread *t, Value self, const Value *args)
{
    return list_set_slice(t, calls(t), 0, as_list(calls(t))->length, NULL, 0) ? NONE : ERROR;
}
static Value atexit_ncallbacks(Thread *t, Value self, const Value *args) { return small_int((int64_t)as_list(calls(t))->length); }
static Value atexit_run(Thread *t, Value self, const Value *args)
{
    for (size_t length; (length = as_list(calls(t))->length) > 0;) {
        OWN Value entry = retain(as_list(calls(t))->items[length - 1]);
        if (!list_set_slice(t, calls(t), length - 1, length, NULL, 0)) return ERROR;
        Value *items = as_tuple(entry)->items;
        OWN Value result = call_with_dict(t, items[0], items[1], items[2]);
        if (is_error(result)) error_unraisable(t, "Exception ignored in atexit callback", items[0]);
    }
    return NONE;
}

static const Method functions[] = {
    {"register", atexit_register, "(*args, **kwargs)", "register(func, *args, **kwargs): have func(*args, **kwargs) called when the program ends. Returns func."},
    {"unregister", atexit_unregister, "(func, /)", "Forget every registration of a function equal to func."},
    {"_clear", atexit_clear, "()", "Forget all registered functions."},
    {"_run_exitfuncs", atexit_run, "()", "Call all registered functions, the last registered first."},
    {"_ncallbacks", atexit_ncallbacks, "()", "The number of registered functions."},
    {0},
};
static bool start(Thread *t, Value module)
{
    if (is_list(calls(t))) return true;
    OWN Value list = list_new(t, 0);
    if (is_error(list)) return false;
    assign(&t->interp->module_slots[SLOT_ATEXIT_CALLS], MOVE(list));
    return true;
}
extern const ModuleSpec atexit_spec;
const ModuleSpec atexit_spec = {.name = "atexit", .doc = "Allow programmers to define multiple exit functions to be executed upon normal program termination.", .functions = functions, .start = start};
