// SPDX-License-Identifier: MIT
// runtime/names.h: the interned identifiers of names.def as NAME(identifier), a Str *.
#ifndef BATON_RUNTIME_NAMES_H
#define BATON_RUNTIME_NAMES_H

#include "runtime/base.h"

struct Names {
#define X(identifier) Str *identifier##_name;
#include "runtime/names.def"
};
extern struct Names names;
#define NAME(identifier) (names.identifier##_name)
#define NAME_VALUE(identifier) object_value(names.identifier##_name)

#endif
