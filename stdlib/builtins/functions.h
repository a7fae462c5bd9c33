// SPDX-License-Identifier: MIT
// stdlib/builtins/functions.h: the functions of the module, one file a family, as its table (builtins.c) names them.
#ifndef BATON_STDLIB_BUILTINS_FUNCTIONS_H
#define BATON_STDLIB_BUILTINS_FUNCTIONS_H

#include "runtime/types/container.h"

#define BUILTIN(name) NEEDS_GIL Value builtin_##name(Thread *t, Value module, const Value *args)

// folds.c: over an iterable
BUILTIN(all);
BUILTIN(any);
BUILTIN(max);
BUILTIN(min);
BUILTIN(sum);
BUILTIN(sorted);
// text.c: standard output and input
BUILTIN(print);
BUILTIN(input);
// asynchronous.c
BUILTIN(aiter);
BUILTIN(anext);
extern Type anext_awaitable_type;
extern const TypeSpec anext_awaitable_spec;

#endif
