// SPDX-License-Identifier: MIT
// runtime/types/weak_table.h: the table of weakly referenced objects, for the interpreter's start and end and the module _weakref.
#ifndef BATON_RUNTIME_TYPES_WEAK_TABLE_H
#define BATON_RUNTIME_TYPES_WEAK_TABLE_H

#include "runtime/types/weakref.h"

struct WeakTable *weak_table_create(void);
void weak_table_destroy(struct WeakTable *table);
NEEDS_GIL size_t weakref_count(Thread *t, Value target);
NEEDS_GIL Value weakref_each(Thread *t, Value target, size_t i);   // borrowed; UNBOUND behind the last

#endif
