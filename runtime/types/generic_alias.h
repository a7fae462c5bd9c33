// SPDX-License-Identifier: MIT
// runtime/types/generic_alias.h: list[int] (types.GenericAlias) and int | str (types.UnionType).
#ifndef BATON_RUNTIME_TYPES_GENERIC_ALIAS_H
#define BATON_RUNTIME_TYPES_GENERIC_ALIAS_H

#include "runtime/type.h"

extern Type generic_alias_type, generic_alias_iterator_type, union_type, type_alias_type;

NEEDS_GIL NEW_REF Value generic_alias_new(Thread *t, Value origin, Value args);   // args: a tuple, or the only argument
// a | b of types, None, aliases and unions; NOT_IMPLEMENTED when either is none of these.
NEEDS_GIL NEW_REF Value union_or(Thread *t, Value a, Value b);

// type X[parameters] = …: parameters: a tuple, or None; compute: called without arguments gives the value.
NEEDS_GIL NEW_REF Value type_alias_new(Thread *t, Value name, Value parameters, Value compute);

// What both share (generic_alias.c): the type variables in args, and args with item put in their places.
NEEDS_GIL NEW_REF Value type_parameters_of(Thread *t, Tuple *args);
NEEDS_GIL NEW_REF Value type_arguments_substitute(Thread *t, Value self, Tuple *args, Tuple *parameters, Value item);
typedef struct StrBuilder StrBuilder;
NEEDS_GIL MAY_RAISE bool type_argument_repr(Thread *t, StrBuilder *b, Value argument);

#endif
