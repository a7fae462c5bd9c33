// SPDX-License-Identifier: MIT
// stdlib/sys/sys.h: what the start of an interpreter needs of the module sys.
#ifndef BATON_STDLIB_SYS_SYS_H
#define BATON_STDLIB_SYS_SYS_H

#include "runtime/types/module.h"

extern const ModuleSpec sys_spec;
NEEDS_GIL MAY_RAISE bool sys_set(Thread *t, const char *name, TAKES Value value);

#endif
