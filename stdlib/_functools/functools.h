// SPDX-License-Identifier: MIT
// stdlib/_functools/functools.h: the types of the module that have files of their own.
#ifndef BATON_STDLIB_FUNCTOOLS_H
#define BATON_STDLIB_FUNCTOOLS_H

#include "runtime/types/container.h"

extern Type partial_type, lru_cache_type;
extern const TypeSpec partial_spec;
NEEDS_GIL MAY_RAISE bool lru_cache_prepare(Thread *t);

#endif
