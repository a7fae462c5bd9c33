// SPDX-License-Identifier: MIT
// stdlib/descriptor.h: an argument that is a file descriptor, or an object that has one.
#ifndef BATON_STDLIB_DESCRIPTOR_H
#define BATON_STDLIB_DESCRIPTOR_H

#include "runtime/value.h"

// An int, or what the fileno() of the object gives; never negative.
NEEDS_GIL MAY_RAISE bool descriptor_from(Thread *t, Value v, int *fd);

#endif
