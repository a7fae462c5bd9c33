// SPDX-License-Identifier: MIT
// stdlib/itertools/itertools.h: the iterator types of the module, and the layout that the simple ones share.
#ifndef BATON_STDLIB_ITERTOOLS_H
#define BATON_STDLIB_ITERTOOLS_H

#include "runtime/types/container.h"
#include "runtime/types/int.h"
#include "runtime/types/list.h"
#include "runtime/types/str.h"
#include "runtime/types/tuple.h"

// An iterator over a source. What the other members mean is said at each type that uses them.
typedef struct Flow {
    Object head;
    Value source;          // an iterator; UNBOUND: at its end
    Value function, saved, extra;
    int64_t at, stop, step;
    bool flag;
} Flow;

static inline Flow *as_flow(Value v) { return (Flow *)as_object(v); }

// ITERTOOL(C name): every type of the module, with its table.
#define EACH_ITERTOOL(ITERTOOL) \
    ITERTOOL(accumulate) ITERTOOL(combinations) ITERTOOL(combinations_with_replacement) ITERTOOL(cycle) ITERTOOL(dropwhile) ITERTOOL(takewhile) \
    ITERTOOL(islice) ITERTOOL(starmap) ITERTOOL(chain) ITERTOOL(compress) ITERTOOL(filterfalse) ITERTOOL(count) ITERTOOL(zip_longest) \
    ITERTOOL(pairwise) ITERTOOL(permutations) ITERTOOL(product) ITERTOOL(repeat) ITERTOOL(groupby) ITERTOOL(grouper) ITERTOOL(tee) ITERTOOL(tee_data)
#define DECLARE(name) extern Type it_##name##_type; extern const TypeSpec it_##name##_spec;
EACH_ITERTOOL(DECLARE)
#undef DECLARE

// itertools.c
NEEDS_GIL void flow_visit(Object *o, VisitFn visit, void *context);
NEEDS_GIL void flow_finish(Thread *t, Object *o);
NEEDS_GIL NEW_REF Flow *flow_new(Thread *t, Type *type, Value iterable);    // its source is iter(iterable). NULL: raised
NEEDS_GIL MAY_RAISE bool itertool_no_keywords(Thread *t, Type *type, const Type *plain, Value kwnames);
// (type(self), (a, b…)) or with a state behind, when it is not UNBOUND.
NEEDS_GIL NEW_REF Value itertool_reduction(Thread *t, Value self, TAKES Value arguments, TAKES Value state);
NEEDS_GIL MAY_RAISE bool small_number(Thread *t, Value v, int64_t *number);
NEEDS_GIL NEW_REF Value tee(Thread *t, Value module, const Value *args);    // groups.c

#define FLOW_SLOTS .visit = flow_visit, .finish = flow_finish, .iter = iter_self

#endif
