// SPDX-License-Identifier: MIT
// runtime/error.c: raising exceptions from C, the pending exception of a thread, recursion limits, warnings.
#include "runtime/error.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "runtime/call.h"
#include "runtime/types/dict.h"
#include "runtime/types/exception.h"
#include "runtime/types/function.h"
#include "runtime/types/int.h"
#include "runtime/types/list.h"
#include "runtime/types/str.h"
#include "runtime/types/tuple.h"

// ---- The pending exception
bool error_pending(const Thread *t) { return !is_unbound(t->pending); }
bool error_matches(Thread *t, Type *type) { return error_pending(t) && type_is_subtype(type_of(t->pending), type); }
void error_clear(Thread *t) { clear(&t->pending); }
bool error_clear_if(Thread *t, Type *type)
{
    bool matches = error_matches(t, type);
    if (matches) error_clear(t);
    return matches;
}
Value error_take(Thread *t) { return MOVE(t->pending); }
void error_restore(Thread *t, Value exception) { assign(&t->pending, exception); }

Value error_take_stop_value(Thread *t)
{
    if (!error_matches(t, &exc_StopIteration)) return ERROR;
    OWN Value stop = error_take(t);
    Value value = exception_fields(stop)[STOP_ITERATION_VALUE];
    return is_unbound(value) ? NONE : retain(value);
}

// ---- Raising
// Breaks the chain of contexts under `handled` where it comes to `exception`, so that chaining makes no ring.
static void unchain(Value handled, Value exception)
{
    Value at = handled, slow = handled;
    for (bool step = false;; step = !step) {
        Value next = as_exception(at)->context;
        if (is_unbound(next)) return;
        if (is_same(next, exception)) {
            clear(&as_exception(at)->context);
            return;
        }
        at = next;
        if (step) slow = as_exception(slow)->context;
        if (is_same(at, slow)) return;         // a ring that was there before
    }
}

Value raise_exception(Thread *t, Value exception)
{
    Value handled = t->handled;
    if (!is_unbound(handled) && !is_same(handled, exception)) {
        unchain(handled, exception);
        assign(&as_exception(exception)->context, retain(handled));
    }
    assign(&t->pending, exception);
    return ERROR;
}

Value raise_value(Thread *t, Type *type, Value argument)
{
    Value exception = exception_new(t, type, &argument, 1);
    return is_error(exception) ? ERROR : raise_exception(t, exception);
}

static Value raise_va(Thread *t, Type *type, const char *format, va_list arguments)
{
    OWN Value message = str_format_va(t, format, arguments);
    return is_error(message) ? ERROR : raise_value(t, type, message);
}
#define RAISE_FORMATTED(type) \
    va_list arguments; \
    va_start(arguments, format); \
    raise_va(t, type, format, arguments); \
    va_end(arguments); \
    return ERROR
Value raise_error(Thread *t, Type *type, const char *format, ...) { RAISE_FORMATTED(type); }
Value raise_type_error(Thread *t, const char *format, ...) { RAISE_FORMATTED(&exc_TypeError); }
Value raise_value_error(Thread *t, const char *format, ...) { RAISE_FORMATTED(&exc_ValueError); }
Value raise_key_error(Thread *t, Value key) { return raise_value(t, &exc_KeyError, key); }
Value raise_stop_iteration(Thread *t, Value value)
{
    Value exception = exception_new(t, &exc_StopIteration, &value, is_none(value) ? 0 : 1);
    return is_error(exception) ? ERROR : raise_exception(t, exception);
}

Value raise_memory_error(Thread *t)
{
    Interp *interp = t->interp;
    if (is_unbound(interp->memory_error)) {
        fputs("baton: out of memory while starting\n", stderr);
        abort();
    }
    if (!interp->making_memory_error) {          // there may well be memory for one, though not for what was wanted
        interp->making_memory_error = true;
        Value exception = exception_new(t, &exc_MemoryError, NULL, 0);
        interp->making_memory_error = false;
        if (!is_error(exception)) return raise_exception(t, exception);
    }
    // The spare one, made when the interpreter started, without what it has kept of its last raise.
    Exception *spare = as_exception(interp->memory_error);
    clear(&spare->traceback);
    clear(&spare->context);
    assign(&t->pending, retain(interp->memory_error));
    return ERROR;
}

Value raise_errno(Thread *t, int code) { return raise_errno_path(t, code, UNBOUND, UNBOUND); }

Value raise_errno_path(Thread *t, int code, Value path, Value path2)
{
    if (code == EINTR && !signals_poll(t)) return ERROR;
    char buffer[128];
    OWN Value text = str_from_text(t, strerror_r(code, buffer, sizeof buffer));
    if (is_error(text)) return ERROR;
    Value args[5] = {small_int(code), text, path, NONE, path2};
    size_t nargs = is_unbound(path) ? 2 : is_unbound(path2) ? 3 : 5;
    Value exception = call(t, type_value(&exc_OSError), args, nargs, UNBOUND);
    return is_error(exception) ? ERROR : raise_exception(t, exception);
}

void attribute_error_set(Thread *t, Value error, Value obj, Str *name)
{
    if (!is_exception(error) || !is_instance_of(error, &exc_AttributeError)) return;
    Value *fields = exception_fields(error);
    assign(&fields[ATTRIBUTE_ERROR_NAME], retain(object_value(name)));
    assign(&fields[ATTRIBUTE_ERROR_OBJ], retain(obj));
}

void attribute_error_complete(Thread *t, Value obj, Str *name)
{
    if (!is_exception(t->pending) || !is_instance_of(t->pending, &exc_AttributeError)) return;
    const Value *fields = exception_fields(t->pending);
    if (is_unbound(fields[ATTRIBUTE_ERROR_NAME]) && is_unbound(fields[ATTRIBUTE_ERROR_OBJ])) attribute_error_set(t, t->pending, obj, name);
}

Value raise_attribute_error(Thread *t, Value v, Str *name)
{
    if (is_type(v)) raise_error(t, &exc_AttributeError, "type object '%N' has no attribute '%U'", as_type(v), name);
    else raise_error(t, &exc_AttributeError, "'%T' object has no attribute '%U'", v, name);
    attribute_error_set(t, t->pending, v, name);
    return ERROR;
}

Value raise_name_error(Thread *t, Type *type, Str *name, const char *format)
{
    raise_error(t, type, format, name);
    if (is_instance_of(t->pending, &exc_NameError)) assign(&exception_fields(t->pending)[NAME_ERROR_NAME], retain(object_value(name)));
    return ERROR;
}

Value raise_import_error(Thread *t, Type *type, Value message, Value name, Value path)
{
    OWN Value exception = exception_new(t, type, &message, 1);
    if (is_error(exception)) return ERROR;
    Value *fields = exception_fields(exception);
    assign(&fields[IMPORT_ERROR_NAME], retain(name));
    assign(&fields[IMPORT_ERROR_PATH], retain(path));
    return raise_exception(t, MOVE(exception));
}

// An exception from what `raise` was given: itself, or an instance of the class.
static Value make_instance(Thread *t, Value x, const char *complaint)
{
    if (is_exception(x)) return retain(x);
    if (!is_exception_type(x)) return raise_type_error(t, complaint);
    OWN Value made = call0(t, x);
    if (is_error(made) || is_exception(made)) return MOVE(made);
    return raise_type_error(t, "calling %R should have returned an instance of BaseException, not %R", x, type_value(type_of(made)));
}

Value raise_statement(Thread *t, Value x, Value cause)
{
    OWN Value exception = make_instance(t, x, "exceptions must derive from BaseException");
    if (is_error(exception)) return ERROR;
    if (!is_unbound(cause)) {
        OWN Value made = is_none(cause) ? UNBOUND : make_instance(t, cause, "exception causes must derive from BaseException");
        if (is_error(made)) return ERROR;
        assign(&as_exception(exception)->cause, MOVE(made));
        as_exception(exception)->suppress_context = true;
    }
    return raise_exception(t, MOVE(exception));
}

// ---- Recursion
static COLD bool too_deep(Thread *t, const char *where)
{
    if (t->recursion_headroom) return true;      // raising itself needs a little
    t->recursion_headroom = true;
    raise_error(t, &exc_RecursionError, "maximum recursion depth exceeded%s", where);
    t->recursion_headroom = false;
    return false;
}

bool enter_call(Thread *t, const char *where)
{
    return LIKELY((char *)__builtin_frame_address(0) >= t->c_stack_limit) || too_deep(t, where);
}

bool enter_recursion(Thread *t, const char *where)
{
    if (UNLIKELY((char *)__builtin_frame_address(0) < t->c_stack_limit || t->c_depth + t->py_depth >= t->recursion_limit) && !too_deep(t, where)) return false;
    t->c_depth++;
    return true;
}

int repr_enter(Thread *t, Value v)
{
    if (is_unbound(t->repr_stack)) {
        Value stack = list_new(t, 8);
        if (is_error(stack)) return -1;
        t->repr_stack = stack;
    }
    List *stack = as_list(t->repr_stack);
    for (size_t i = stack->length; i-- > 0;)
        if (is_same(stack->items[i], v)) return 1;
    return list_append(t, t->repr_stack, v) ? 0 : -1;
}

void repr_leave(Thread *t, Value v)
{
    List *stack = as_list(t->repr_stack);
    for (size_t i = stack->length; i-- > 0;) {
        if (!is_same(stack->items[i], v)) continue;
        memmove(&stack->items[i], &stack->items[i + 1], (stack->length - i - 1) * sizeof(Value));
        stack->length--;
        drop(v);
        return;
    }
}

// ---- Where nobody catches
// To sys.stderr, or to the descriptor before there is one; to nobody once the program's end has taken it away.
static void print_line(Thread *t, Value text)
{
    OWN Value stream = t->interp->sys ? retain(dict_get_str(t->interp->sys, NAME(stderr))) : UNBOUND;
    if (is_none(stream) || (t->interp->modules_gone && is_unbound(stream))) return;
    if (is_object(stream) && is_str(text)) {
        OWN Value line = str_format(t, "%S\n", text);
        OWN Value written = is_error(line) ? ERROR : call_method1(t, stream, NAME(write), line);
        if (!is_error(written)) return;
        error_clear(t);
    }
    OWN_MEMORY char *utf8 = is_str(text) ? str_to_utf8(t, as_str(text), NULL) : NULL;
    if (utf8) fprintf(stderr, "%s\n", utf8);
    else error_clear(t);
}

void error_unraisable(Thread *t, const char *where, Value object)
{
    OWN Value exception = error_take(t);
    if (is_unbound(exception)) return;
    if (!where) where = "Exception ignored in";
    Value hook = t->interp->sys ? dict_get_str(t->interp->sys, NAME(unraisablehook)) : UNBOUND;
    bool own_hook = !is_unbound(hook) && !is_none(hook) && type_of(hook) != &native_function_type;
    OWN Value object_or_none = is_unbound(object) || is_error(object) ? NONE : retain(object);
    if (own_hook) {
        OWN Value message = strcmp(where, "Exception ignored in") == 0 ? NONE : str_from_text(t, where);
        if (is_error(message)) error_clear(t), message = NONE;
        OWN Value args = simple_namespace_of(t, (const char *const[]){"exc_type", "exc_value", "exc_traceback", "err_msg", "object", NULL},
            (const Value[]){type_value(type_of(exception)), exception, is_unbound(as_exception(exception)->traceback) ? NONE : as_exception(exception)->traceback,
                            message, object_or_none});
        OWN Value keeps = retain(hook);
        OWN Value result = is_error(args) ? ERROR : call1(t, hook, args);
        if (!is_error(result)) return;
        error_clear(t);
    }
    OWN Value repr = is_none(object_or_none) ? UNBOUND : object_repr(t, object_or_none);
    if (is_error(repr)) error_clear(t);
    OWN Value line = is_str(repr) ? str_format(t, "%s: %S", where, repr) : str_format(t, "%s:", where);
    print_line(t, line);
    Exception *e = as_exception(exception);       // what came before it is not told
    OWN Value cause = MOVE(e->cause), context = MOVE(e->context);
    t->interp->up.print_exception(t, exception);
    error_clear(t);
    if (is_unbound(e->cause)) e->cause = MOVE(cause);
    if (is_unbound(e->context)) e->context = MOVE(context);
}

// Whether the filters of a start ignore the category. Whoever has imported warnings may have others: that module then says.
static bool ignored_at_start(Thread *t, Type *category)
{
    Type *const ignored[] = {&exc_ResourceWarning, &exc_ImportWarning, &exc_PendingDeprecationWarning};
    Interp *interp = t->interp;
    if (!interp->modules || !interp->sys || !is_unbound(dict_get_str(interp->modules, NAME(warnings)))) return false;
    Value options = dict_get_str(interp->sys, NAME(warnoptions));
    if (!is_list(options) || as_list(options)->length) return false;
    for (size_t i = 0; i < COUNT_OF(ignored); i++)
        if (type_is_subtype(category, ignored[i])) return true;
    return false;
}

bool warn(Thread *t, Type *category, int stack_level, const char *format, ...)
{
    if (ignored_at_start(t, category)) return true;
    va_list arguments;
    va_start(arguments, format);
    OWN Value message = str_format_va(t, format, arguments);
    va_end(arguments);
    if (is_error(message)) return false;
    OWN Value module = t->interp->up.import_module ? t->interp->up.import_module(t, NAME(warnings)) : ERROR;
    if (is_error(module)) {
        error_clear(t);
        OWN Value line = str_format(t, "%N: %S", category, message);
        print_line(t, line);
        return true;
    }
    OWN Value function = object_get_attr(t, module, NAME(warn));
    if (is_error(function)) return false;
    OWN Value result = call3(t, function, message, type_value(category), small_int(stack_level));
    return !is_error(result);
}
