// SPDX-License-Identifier: MIT
// stdlib/_collections/tuple_getter.c: _tuplegetter: the descriptor of a named tuple's field.
#include "runtime/types/str.h"
#include "runtime/types/tuple.h"
#include "stdlib/_collections/collections.h"

Type tuple_getter_type;

typedef struct TupleGetter { Object head; ptrdiff_t index; Value doc; } TupleGetter;

static Value getter_construct(Thread *t, Type *type, const Value *args)
{
    ptrdiff_t index;
    if (!object_as_index(t, args[0], &index, &exc_OverflowError)) return ERROR;
    TupleGetter *g = (TupleGetter *)object_new(t, type);
    if (!g) return ERROR;
    g->index = index;
    g->doc = retain(args[1]);
    return object_value(g);
}

static void getter_visit(Object *o, VisitFn visit, void *context) { visit(((TupleGetter *)o)->doc, context); }
static void getter_finish(Thread *t, Object *o) { clear(&((TupleGetter *)o)->doc); }

static Value getter_get(Thread *t, Value descriptor, Value instance, Value type)
{
    TupleGetter *g = (TupleGetter *)as_object(descriptor);
    if (is_unbound(instance) || is_none(instance)) return retain(descriptor);
    if (!is_tuple(instance)) return raise_type_error(t, "descriptor for index '%zd' for tuple subclasses doesn't apply to '%T' object", g->index, instance);
    if (g->index < 0 || (size_t)g->index >= as_tuple(instance)->length) return raise_error(t, &exc_IndexError, "tuple index out of range");
    return retain(as_tuple(instance)->items[g->index]);
}

static bool getter_set(Thread *t, Value descriptor, Value instance, Value value)
{
    return error_false(raise_error(t, &exc_AttributeError, is_unbound(value) ? "can't delete attribute" : "can't set attribute"));
}

static Value getter_repr(Thread *t, Value v)
{
    TupleGetter *g = (TupleGetter *)as_object(v);
    return str_format(t, "%s(%zd, %R)", type_name(v), g->index, g->doc);
}

static Value method_reduce(Thread *t, Value self, const Value *args)
{
    TupleGetter *g = (TupleGetter *)as_object(self);
    OWN Value arguments = tuple_of(t, 2, small_int(g->index), g->doc);
    return is_error(arguments) ? ERROR : tuple_of(t, 2, type_value(type_of(self)), arguments);
}

static Value get_doc(Thread *t, Value self) { return retain(((TupleGetter *)as_object(self))->doc); }
static bool set_doc(Thread *t, Value self, Value value)
{
    assign(&((TupleGetter *)as_object(self))->doc, is_unbound(value) ? NONE : retain(value));
    return true;
}

static const Method getter_methods[] = {{"__reduce__", method_reduce, "(self, /)", "Return state information for pickling."}, {0}};
static const GetSet getter_getsets[] = {{"__doc__", get_doc, set_doc, NULL}, {0}};

const TypeSpec tuple_getter_spec = {
    .name = "_collections._tuplegetter",
    .size = sizeof(TupleGetter),
    .flags = TYPE_GC,
    .slots = {
        .visit = getter_visit,
        .finish = getter_finish,
        .repr = getter_repr,
        .descr_get = getter_get,
        .descr_set = getter_set,
    },
    .methods = getter_methods,
    .getsets = getter_getsets,
    .new_signature = "(index, doc, /)",
    .construct = getter_construct,
};
