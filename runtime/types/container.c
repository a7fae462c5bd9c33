// SPDX-License-Identifier: MIT
// runtime/types/container.c: what the container types share.
#include "runtime/types/container.h"

#include "runtime/types/dict.h"
#include "runtime/types/generic_alias.h"
#include "runtime/types/int.h"
#include "runtime/types/list.h"
#include "runtime/types/tuple.h"

bool check_no_keywords(Thread *t, const char *name, Value kwnames)
{
    if (is_unbound(kwnames) || as_tuple(kwnames)->length == 0) return true;
    return error_false(raise_type_error(t, "%s() takes no keyword arguments", name));
}

bool check_count(Thread *t, const char *name, size_t nargs, size_t least, size_t most)
{
    if (LIKELY(nargs >= least && nargs <= most)) return true;
    size_t wanted = nargs < least ? least : most;
    const char *bound = least == most ? "" : nargs < least ? "at least " : "at most ";
    return error_false(raise_type_error(t, "%s expected %s%zu argument%s, got %zu", name, bound, wanted, wanted == 1 ? "" : "s", nargs));
}

bool clip_index(Thread *t, Value v, size_t length, size_t *index)
{
    if (!has_index(v)) return error_false(raise_type_error(t, "slice indices must be integers or have an __index__ method"));
    ptrdiff_t i;
    if (!object_as_index(t, v, &i, NULL)) return false;
    if (i < 0) {
        i += (ptrdiff_t)length;
        if (i < 0) i = 0;
    }
    *index = (size_t)i > length ? length : (size_t)i;
    return true;
}

bool repeat_count(Thread *t, Value v, size_t *count)
{
    if (!has_index(v)) return error_false(raise_type_error(t, "can't multiply sequence by non-int of type '%.200T'", v));
    ptrdiff_t n;
    if (!object_as_index(t, v, &n, &exc_OverflowError)) return false;
    *count = n < 0 ? 0 : (size_t)n;
    return true;
}

Value class_get_item(Thread *t, Value cls, const Value *args) { return generic_alias_new(t, cls, args[0]); }

Value list_from_iterable_or(Thread *t, Value v, const char *message)
{
    if (is_exact_list(v) || is_exact_tuple(v)) return list_from_iterable(t, v);
    OWN Value iterator = object_iter(t, v);
    if (is_error(iterator)) return error_clear_if(t, &exc_TypeError) ? raise_type_error(t, "%s", message) : ERROR;
    return list_from_iterable(t, iterator);
}

Value iter_self(Thread *t, Value v) { return retain(v); }

Value builtin_named(Thread *t, const char *name)
{
    OWN_POINTER Str *key = str_intern_text(t, name, strlen(name));
    if (!key) return ERROR;
    Value found = dict_get_str(t->interp->builtins, key);
    if (is_unbound(found)) return raise_error(t, &exc_AttributeError, "module 'builtins' has no attribute '%U'", key);
    return retain(found);
}
