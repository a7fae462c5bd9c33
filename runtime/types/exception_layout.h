// SPDX-License-Identifier: MIT
// runtime/types/exception_layout.h: what exception.c, exception_group.c and the start-up share.
#ifndef BATON_RUNTIME_TYPES_EXCEPTION_LAYOUT_H
#define BATON_RUNTIME_TYPES_EXCEPTION_LAYOUT_H

#include "runtime/types/bytes.h"
#include "runtime/types/exception.h"

#include <stdio.h>

extern const Method exception_group_methods[];
extern const GetSet exception_group_getsets[];
NEEDS_GIL NEW_REF Value exception_group_make(Thread *t, Type *type, const Value *args, size_t nargs, Value kwnames);
NEEDS_GIL MAY_RAISE bool exception_group_init(Thread *t, Value self, const Value *args, size_t nargs, Value kwnames);
NEEDS_GIL NEW_REF Value exception_group_str(Thread *t, Value v);
NEEDS_GIL MAY_RAISE bool exception_group_prepare(Thread *t);    // ExceptionGroup, which has two bases
NEEDS_GIL MAY_RAISE bool exceptions_prepare(Thread *t);
// Field n of an exception as an attribute; None while it is unset.
#define DECLARE_FIELD(n) Value exception_field_get_##n(Thread *t, Value v); bool exception_field_set_##n(Thread *t, Value v, Value value);
DECLARE_FIELD(0) DECLARE_FIELD(1) DECLARE_FIELD(2) DECLARE_FIELD(3) DECLARE_FIELD(4) DECLARE_FIELD(5) DECLARE_FIELD(6) DECLARE_FIELD(7)

#endif
