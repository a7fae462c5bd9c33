// SPDX-License-Identifier: MIT
// stdlib/_functools/functools.c: the module _functools: reduce and cmp_to_key; partial and the cache have files of their own.
#include "runtime/types/module.h"
#include "runtime/types/str.h"
#include "runtime/types/tuple.h"
#include "stdlib/_functools/functools.h"

static Value reduce(Thread *t, Value module, const Value *args)
{
    OWN Value iterator = object_iter(t, args[1]);
    if (is_error(iterator)) return error_clear_if(t, &exc_TypeError) ? raise_type_error(t, "reduce() arg 2 must support iteration") : ERROR;
    OWN Value result = is_unbound(args[2]) ? object_next(t, iterator) : retain(args[2]);
    if (is_unbound(result)) return raise_type_error(t, "reduce() of empty iterable with no initial value");
    if (is_error(result)) return ERROR;
    for (;;) {
        OWN Value item = object_next(t, iterator);
        if (is_unbound(item)) return MOVE(result);
        if (is_error(item)) return ERROR;
        Value next = call2(t, args[0], result, item);
        if (is_error(next)) return ERROR;
        assign(&result, next);
    }
}

// ---- cmp_to_key: K wraps a comparison function; K(object) compares by it.

static Type key_type;
typedef struct Key { Object head; Value compare, object; } Key;    // object UNBOUND: it is K itself

static Value key_new(Thread *t, Value compare, Value object)
{
    Key *key = (Key *)object_new(t, &key_type);
    if (!key) return ERROR;
    key->compare = retain(compare);
    key->object = retain(object);
    return object_value(key);
}

static void key_visit(Object *o, VisitFn visit, void *context)
{
    visit(((Key *)o)->compare, context);
    visit(((Key *)o)->object, context);
}

static void key_finish(Thread *t, Object *o)
{
    clear(&((Key *)o)->compare);
    clear(&((Key *)o)->object);
}

static Value key_call(Thread *t, Value f, const Value *args, size_t nargs, Value kwnames)
{
    size_t keywords = is_unbound(kwnames) ? 0 : as_tuple(kwnames)->length;
    bool named = keywords == 1 && str_equal_text(as_str(as_tuple(kwnames)->items[0]), "obj");
    if (nargs + keywords != 1 || (keywords && !named)) {
        if (nargs + keywords == 0) return raise_type_error(t, "K() missing required argument 'obj' (pos 1)");
        if (nargs + keywords > 1) return raise_type_error(t, "K() takes at most 1 argument (%zu given)", nargs + keywords);
        return raise_type_error(t, "'%S' is an invalid keyword argument for K()", as_tuple(kwnames)->items[0]);
    }
    return key_new(t, ((Key *)as_object(f))->compare, args[0]);
}

static Value key_compare(Thread *t, Value a, Value b, CompareOp op)
{
    if (type_of(a) != &key_type || type_of(b) != &key_type) return raise_type_error(t, "other argument must be K instance");
    Key *x = (Key *)as_object(a), *y = (Key *)as_object(b);
    if (is_unbound(x->object) || is_unbound(y->object)) return raise_error(t, &exc_AttributeError, "object");
    OWN Value order = call2(t, x->compare, x->object, y->object);
    return is_error(order) ? ERROR : object_compare(t, order, small_int(0), op);
}

static Value get_object(Thread *t, Value self)
{
    Value object = ((Key *)as_object(self))->object;
    return is_unbound(object) ? raise_error(t, &exc_AttributeError, "object") : retain(object);
}
static bool set_object(Thread *t, Value self, Value value)
{
    assign(&((Key *)as_object(self))->object, retain(value));
    return true;
}

static const GetSet key_getsets[] = {{"obj", get_object, set_object, "Value wrapped by a key function."}, {0}};
static const TypeSpec key_spec = {
    .name = "functools.KeyWrapper",
    .size = sizeof(Key),
    .flags = TYPE_GC | TYPE_NO_NEW,
    .slots = {.visit = key_visit, .finish = key_finish, .call = key_call, .compare = key_compare},
    .getsets = key_getsets,
};

static Value cmp_to_key(Thread *t, Value module, const Value *args) { return key_new(t, args[0], UNBOUND); }

static const Method functions[] = {
    {"reduce", reduce, "(function, iterable, initial=<unset>, /)",
     "reduce(function, iterable[, initial]) -> value\n\nApply a function of two arguments cumulatively to the items of a sequence\nor iterable, from left to right, "
     "so as to reduce the iterable to a single\nvalue."},
    {"cmp_to_key", cmp_to_key, "(mycmp)", "Convert a cmp= function into a key= function."},
    {0},
};

static bool start(Thread *t, Value module)
{
    return type_prepare(t, &key_type, &key_spec) && type_prepare(t, &partial_type, &partial_spec) && lru_cache_prepare(t) &&
           module_add(t, module, "partial", retain(type_value(&partial_type))) &&
           module_add(t, module, "_lru_cache_wrapper", retain(type_value(&lru_cache_type)));
}

extern const ModuleSpec _functools_spec;
const ModuleSpec _functools_spec = {
    .name = "_functools",
    .doc = "Tools that operate on functions.",
    .functions = functions,
    .start = start,
};
