// SPDX-License-Identifier: MIT
// interp/symtable_objects.h: scopes as Python objects.
#ifndef BATON_INTERP_SYMTABLE_OBJECTS_H
#define BATON_INTERP_SYMTABLE_OBJECTS_H

#include "interp/symtable.h"
#include "runtime/object.h"

NEEDS_GIL NEW_REF Value symtable_to_object(Thread *t, const Scope *scope);

#endif
