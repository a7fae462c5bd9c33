// SPDX-License-Identifier: MIT
// runtime/call.c: the ways to call a callable from C.
#include "runtime/call.h"

#include "runtime/error.h"
#include "runtime/heap.h"
#include "runtime/types/dict.h"
#include "runtime/types/tuple.h"

Value call(Thread *t, Value f, const Value *args, size_t nargs, Value kwnames)
{
    Value (*slot)(Thread *, Value, const Value *, size_t, Value) = type_of(f)->slots.call;
    if (UNLIKELY(!slot)) return raise_type_error(t, "'%T' object is not callable", f);
    if (UNLIKELY(!enter_call(t, " while calling a Python object"))) return ERROR;
    OWN Value keeps = retain(f);      // the call may drop the last reference that the caller borrowed from
    Value result = slot(t, f, args, nargs, kwnames);
    ASSERT(is_error(result) == error_pending(t));
    ASSERT(!is_unbound(result));
    return result;
}

Value call0(Thread *t, Value f) { return call(t, f, NULL, 0, UNBOUND); }
Value call1(Thread *t, Value f, Value a) { return call(t, f, &a, 1, UNBOUND); }
Value call2(Thread *t, Value f, Value a, Value b) { return call(t, f, (const Value[]){a, b}, 2, UNBOUND); }
Value call3(Thread *t, Value f, Value a, Value b, Value c) { return call(t, f, (const Value[]){a, b, c}, 3, UNBOUND); }

Value call_with_dict(Thread *t, Value f, Value args, Value kwargs)
{
    size_t nargs = as_tuple(args)->length, keywords = is_unbound(kwargs) ? 0 : as_dict(kwargs)->count;
    if (keywords == 0) return call(t, f, as_tuple(args)->items, nargs, UNBOUND);
    OWN_POINTER Tuple *kwnames = tuple_blank(t, keywords);
    OWN_POINTER Tuple *values = kwnames ? tuple_blank(t, nargs + keywords) : NULL;
    if (!values) return ERROR;
    for (size_t i = 0; i < nargs; i++) values->items[i] = retain(as_tuple(args)->items[i]);
    size_t at = 0, i = 0;
    Value key, value;
    while (dict_next(as_dict(kwargs), &at, &key, &value)) {
        if (!is_str(key)) return raise_type_error(t, "keywords must be strings");
        kwnames->items[i] = retain(key);
        values->items[nargs + i++] = retain(value);
    }
    return call(t, f, values->items, nargs, object_value(kwnames));
}

#define SMALL_CALL 8

Value call_with_self(Thread *t, Value f, Value self, const Value *args, size_t nargs)
{
    Value small[SMALL_CALL];
    OWN_MEMORY Value *large = NULL;
    Value *all = small;
    if (nargs + 1 > SMALL_CALL) {
        all = large = mem_allocate(t, (nargs + 1) * sizeof(Value));
        if (!all) return ERROR;
    }
    all[0] = self;
    if (nargs) memcpy(all + 1, args, nargs * sizeof(Value));
    return call(t, f, all, nargs + 1, UNBOUND);
}

Value call_special(Thread *t, Value v, Str *name, const Value *args, size_t nargs)
{
    Type *type = type_of(v);
    Value found = type_lookup(type, name);
    if (is_unbound(found)) return UNBOUND;
    Type *found_type = type_of(found);
    if (found_type->flags & TYPE_METHOD_DESCRIPTOR) return call_with_self(t, found, v, args, nargs);
    if (!found_type->slots.descr_get) return call(t, found, args, nargs, UNBOUND);
    OWN Value method = found_type->slots.descr_get(t, found, v, type_value(type));
    return is_error(method) ? ERROR : call(t, method, args, nargs, UNBOUND);
}

Value call_method(Thread *t, Value v, Str *name, const Value *args, size_t nargs)
{
    bool bound;
    OWN Value method = method_for_call(t, v, name, &bound);
    if (is_error(method)) return ERROR;
    return bound ? call(t, method, args, nargs, UNBOUND) : call_with_self(t, method, v, args, nargs);
}
Value call_method0(Thread *t, Value v, Str *name) { return call_method(t, v, name, NULL, 0); }
Value call_method1(Thread *t, Value v, Str *name, Value a) { return call_method(t, v, name, &a, 1); }
Value call_method2(Thread *t, Value v, Str *name, Value a, Value b) { return call_method(t, v, name, (const Value[]){a, b}, 2); }
