// SPDX-License-Identifier: MIT
// stdlib/_operator/operator.h: the types of the module (getters.c).
#ifndef BATON_STDLIB_OPERATOR_H
#define BATON_STDLIB_OPERATOR_H

#include "runtime/types/container.h"

extern Type item_getter_type, attr_getter_type, method_caller_type;
extern const TypeSpec item_getter_spec, attr_getter_spec, method_caller_spec;

#endif
