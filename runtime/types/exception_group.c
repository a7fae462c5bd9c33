// SPDX-License-Identifier: MIT
// runtime/types/exception_group.c: BaseExceptionGroup and ExceptionGroup: making, splitting, and what `except*` needs.
#include "runtime/call.h"
#include "runtime/class.h"
#include "runtime/slots.h"
#include "runtime/types/exception_layout.h"
#include "runtime/types/generic_alias.h"
#include "runtime/types/list.h"
#include "runtime/types/str.h"
#include "runtime/types/tuple.h"

Type exc_ExceptionGroup;

static bool is_group(Value v) { return is_exception(v) && is_instance_of(v, &exc_BaseExceptionGroup); }
static Tuple *members(Value group) { return as_tuple(exception_fields(group)[GROUP_EXCEPTIONS]); }

Value exception_group_make(Thread *t, Type *type, const Value *args, size_t nargs, Value kwnames)
{
    if (nargs != 2) return raise_type_error(t, "BaseExceptionGroup.__new__() takes exactly 2 arguments (%zu given)", nargs);
    if (!is_str(args[0])) return raise_type_error(t, "argument 1 must be str, not %T", args[0]);
    if (!type_of(args[1])->slots.get_item) return raise_type_error(t, "second argument (exceptions) must be a sequence");
    OWN Value exceptions = tuple_from_iterable(t, args[1]);
    if (is_error(exceptions)) return ERROR;
    Tuple *all = as_tuple(exceptions);
    if (all->length == 0) return raise_value_error(t, "second argument (exceptions) must be a non-empty sequence");
    bool base_only = false;
    for (size_t i = 0; i < all->length; i++) {
        if (!is_exception(all->items[i])) return raise_value_error(t, "Item %zu of second argument (exceptions) is not an exception", i);
        base_only = base_only || !is_instance_of(all->items[i], &exc_Exception);
    }
    if (type == &exc_BaseExceptionGroup && !base_only) type = &exc_ExceptionGroup;
    else if (base_only && type == &exc_ExceptionGroup) return raise_type_error(t, "Cannot nest BaseExceptions in an ExceptionGroup");
    else if (base_only && type_is_subtype(type, &exc_Exception)) return raise_type_error(t, "Cannot nest BaseExceptions in '%N'", type);
    OWN Value made = exc_BaseException.slots.make(t, type, args, nargs, UNBOUND);
    if (is_error(made)) return ERROR;
    exception_fields(made)[GROUP_MESSAGE] = retain(args[0]);
    exception_fields(made)[GROUP_EXCEPTIONS] = MOVE(exceptions);
    return MOVE(made);
}
bool exception_group_init(Thread *t, Value self, const Value *args, size_t nargs, Value kwnames) { return exc_BaseException.slots.init(t, self, args, nargs, kwnames); }

Value exception_group_str(Thread *t, Value v)
{
    size_t count = members(v)->length;
    return str_format(t, "%S (%zu sub-exception%s)", exception_fields(v)[GROUP_MESSAGE], count, count == 1 ? "" : "s");
}

Value exception_group_new(Thread *t, Str *message, Value exceptions)
{
    return call2(t, type_value(&exc_BaseExceptionGroup), object_value(message), exceptions);
}

// A group like `group` around other exceptions: its derive(), with traceback, cause, context and notes carried over.
Value exception_group_derive(Thread *t, Value group, Value exceptions)
{
    OWN_POINTER Str *name = str_intern_text(t, "derive", 6);
    OWN Value derived = name ? call_method1(t, group, name, exceptions) : ERROR;
    if (is_error(derived)) return ERROR;
    if (!is_group(derived)) return raise_type_error(t, "derive must return an instance of BaseExceptionGroup");
    Exception *from = as_exception(group), *to = as_exception(derived);
    assign(&to->traceback, retain(from->traceback));
    assign(&to->cause, retain(from->cause));
    assign(&to->context, retain(from->context));
    to->suppress_context = from->suppress_context;
    OWN Value notes = object_get_attr_optional(t, group, NAME(__notes__));
    if (is_error(notes)) return ERROR;
    if (!is_unbound(notes) && type_of(notes)->slots.get_item) {
        OWN Value copy = list_from_iterable(t, notes);
        if (is_error(copy) || !object_set_attr(t, derived, NAME(__notes__), copy)) return ERROR;
    }
    return MOVE(derived);
}

// Does a condition (classes, or a callable) accept the exception?
static int accepts(Thread *t, Value condition, Value exception)
{
    if (is_exception_type(condition) || is_tuple(condition)) return exception_matches(t, exception, condition);
    OWN Value result = call1(t, condition, exception);
    return is_error(result) ? -1 : object_truth(t, result);
}

static bool split(Thread *t, Value exception, Value condition, Value *match, Value *rest)
{
    int whole = accepts(t, condition, exception);
    if (whole < 0) return false;
    *match = NONE;
    *rest = NONE;
    if (whole || !is_group(exception)) {
        *(whole ? match : rest) = retain(exception);
        return true;
    }
    if (!enter_recursion(t, " in exceptiongroup_split_recursive")) return false;
    OWN Value matched = list_new(t, 0);
    OWN Value others = list_new(t, 0);
    bool done = !is_error(matched) && !is_error(others);
    for (size_t i = 0; done && i < members(exception)->length; i++) {
        OWN Value inner_match = UNBOUND;
        OWN Value inner_rest = UNBOUND;
        done = split(t, members(exception)->items[i], condition, &inner_match, &inner_rest) &&
               (is_none(inner_match) || list_append(t, matched, inner_match)) && (is_none(inner_rest) || list_append(t, others, inner_rest));
    }
    leave_recursion(t);
    if (!done) return false;
    if (as_list(matched)->length) *match = exception_group_derive(t, exception, matched);
    if (is_error(*match)) return false;
    if (as_list(others)->length) *rest = exception_group_derive(t, exception, others);
    if (!is_error(*rest)) return true;
    clear(match);
    return false;
}

bool exception_group_split(Thread *t, Value exception, Value pattern, Value *match, Value *rest)
{
    if (is_exception_type(pattern) && type_is_subtype(as_type(pattern), &exc_BaseExceptionGroup))
        return error_false(raise_type_error(t, "catching ExceptionGroup with except* is not allowed. Use except instead."));
    for (size_t i = 0; is_tuple(pattern) && i < as_tuple(pattern)->length; i++)
        if (is_exception_type(as_tuple(pattern)->items[i]) && type_is_subtype(as_type(as_tuple(pattern)->items[i]), &exc_BaseExceptionGroup))
            return error_false(raise_type_error(t, "catching ExceptionGroup with except* is not allowed. Use except instead."));
    if (!is_exception_type(pattern) && !is_tuple(pattern))
        return error_false(raise_type_error(t, "catching classes that do not inherit from BaseException is not allowed"));
    if (is_group(exception)) return split(t, exception, pattern, match, rest);
    int yes = exception_matches(t, exception, pattern);
    if (yes < 0) return false;
    *match = NONE;
    *rest = yes ? NONE : retain(exception);
    if (!yes) return true;
    OWN Value single = tuple_from_values(t, &exception, 1);
    if (is_error(single)) return false;
    *match = exception_group_new(t, str_empty, single);
    if (is_error(*match)) return false;
    assign(&as_exception(*match)->traceback, retain(as_exception(exception)->traceback));
    return true;
}

// ---- Methods
static bool check_condition(Thread *t, Value condition)
{
    bool right = is_exception_type(condition) || (object_is_callable(condition) && !is_type(condition));
    if (is_tuple(condition)) {
        right = true;
        for (size_t i = 0; i < as_tuple(condition)->length; i++) right = right && is_exception_type(as_tuple(condition)->items[i]);
    }
    return right || error_false(raise_type_error(t, "expected a function, exception type or tuple of exception types"));
}
static Value group_split(Thread *t, Value self, const Value *args)
{
    OWN Value match = UNBOUND;
    OWN Value rest = UNBOUND;
    if (!check_condition(t, args[0]) || !split(t, self, args[0], &match, &rest)) return ERROR;
    return tuple_of(t, 2, match, rest);
}
static Value group_subgroup(Thread *t, Value self, const Value *args)
{
    OWN Value match = UNBOUND;
    OWN Value rest = UNBOUND;
    if (!check_condition(t, args[0]) || !split(t, self, args[0], &match, &rest)) return ERROR;
    return MOVE(match);
}
static Value group_derive(Thread *t, Value self, const Value *args)
{
    return call2(t, type_value(&exc_BaseExceptionGroup), exception_fields(self)[GROUP_MESSAGE], args[0]);
}
static Value group_class_getitem(Thread *t, Value self, const Value *args) { return generic_alias_new(t, self, args[0]); }

const Method exception_group_methods[] = {
    {"split", group_split, "(self, condition, /)", NULL},
    {"subgroup", group_subgroup, "(self, condition, /)", NULL},
    {"derive", group_derive, "(self, excs, /)", NULL},
    {"__class_getitem__", group_class_getitem, "(cls, item, /)", "See PEP 585"},
    {0},
};
const GetSet exception_group_getsets[] = {
    {"message", exception_field_get_0, NULL, "exception message"},
    {"exceptions", exception_field_get_1, NULL, "nested exceptions"},
    {0},
};

static const TypeSpec group_spec = {
    .name = "ExceptionGroup",
    .base = &exc_BaseExceptionGroup,
    .size = sizeof(Exception) + GROUP_FIELDS * sizeof(Value),
    .flags = TYPE_BASE | TYPE_GC | TYPE_HAS_ATTRS | TYPE_HAS_WEAKREFS | TYPE_IS_EXCEPTION,
};

bool exception_group_prepare(Thread *t)
{
    if (!type_prepare(t, &exc_ExceptionGroup, &group_spec)) return false;
    Type *type = &exc_ExceptionGroup;
    Value bases = tuple_of(t, 2, type_value(&exc_BaseExceptionGroup), type_value(&exc_Exception));
    if (is_error(bases)) return false;
    drop_pointer(type->bases);
    type->bases = as_tuple(bases);
    drop_pointer(type->mro);
    type->mro = type_compute_mro(t, type);
    type_modified(type);
    if (type->mro) type_keep(type);
    return type->mro && type_add_subclass(t, &exc_Exception, type);
}
