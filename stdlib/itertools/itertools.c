// SPDX-License-Identifier: MIT
// stdlib/itertools/itertools.c: the module itertools: its table, and what its iterators share.
#include "stdlib/itertools/itertools.h"

#include "runtime/types/module.h"

void flow_visit(Object *o, VisitFn visit, void *context)
{
    Flow *f = (Flow *)o;
    visit(f->source, context);
    visit(f->function, context);
    visit(f->saved, context);
    visit(f->extra, context);
}

void flow_finish(Thread *t, Object *o)
{
    Flow *f = (Flow *)o;
    clear(&f->source);
    clear(&f->function);
    clear(&f->saved);
    clear(&f->extra);
}

Flow *flow_new(Thread *t, Type *type, Value iterable)
{
    OWN Value iterator = object_iter(t, iterable);
    if (is_error(iterator)) return NULL;
    Flow *f = (Flow *)object_new(t, type);
    if (f) f->source = MOVE(iterator);
    return f;
}

bool itertool_no_keywords(Thread *t, Type *type, const Type *plain, Value kwnames)
{
    bool strict = type == plain || type->slots.init == plain->slots.init;
    return !strict || check_no_keywords(t, plain->name, kwnames);
}

Value itertool_reduction(Thread *t, Value self, TAKES Value arguments, TAKES Value state)
{
    OWN Value owned_arguments = arguments;
    OWN Value owned_state = state;
    if (is_error(owned_arguments) || is_error(owned_state)) return ERROR;
    Value type = type_value(type_of(self));
    return is_unbound(owned_state) ? tuple_of(t, 2, type, owned_arguments) : tuple_of(t, 3, type, owned_arguments, owned_state);
}

bool small_number(Thread *t, Value v, int64_t *number)
{
    if (!has_index(v)) return error_false(raise_type_error(t, "'%.200T' object cannot be interpreted as an integer", v));
    return int_as_i64(t, v, number);
}

static const Method functions[] = {
    {"tee", tee, "(iterable, n=2, /)", "Returns a tuple of n independent iterators."},
    {0},
};

#define DEFINE(name) Type it_##name##_type;
EACH_ITERTOOL(DEFINE)

static bool start(Thread *t, Value module)
{
    static const struct { Type *type; const TypeSpec *spec; } types[] = {
#define ROW(name) {&it_##name##_type, &it_##name##_spec},
        EACH_ITERTOOL(ROW)
    };
    for (size_t i = 0; i < COUNT_OF(types); i++) {
        if (!type_prepare(t, types[i].type, types[i].spec)) return false;
        if (!module_add(t, module, types[i].type->name, retain(type_value(types[i].type)))) return false;
    }
    return true;
}

extern const ModuleSpec itertools_spec;
const ModuleSpec itertools_spec = {
    .name = "itertools",
    .doc = "Functional tools for creating and using iterators.\n\nInfinite iterators: count, cycle, repeat. Ending with the shortest input: accumulate, chain, compress,\n"
           "dropwhile, groupby, filterfalse, islice, pairwise, starmap, tee, takewhile, zip_longest.\nCombinatoric: product, permutations, combinations, combinations_with_replacement.",
    .functions = functions,
    .start = start,
};
