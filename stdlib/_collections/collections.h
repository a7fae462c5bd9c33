// SPDX-License-Identifier: MIT
// stdlib/_collections/collections.h: the types of the module, one file each, as its start (collections.c) prepares them.
#ifndef BATON_STDLIB_COLLECTIONS_H
#define BATON_STDLIB_COLLECTIONS_H

#include "runtime/types/container.h"

extern Type deque_type, deque_iterator_type, deque_reverse_iterator_type;
extern const TypeSpec deque_spec, deque_iterator_spec, deque_reverse_iterator_spec;
extern Type default_dict_type;
extern const TypeSpec default_dict_spec;
extern Type tuple_getter_type;
extern const TypeSpec tuple_getter_spec;
NEEDS_GIL MAY_RAISE bool ordered_dict_prepare(Thread *t);
extern Type ordered_dict_type;

#endif
