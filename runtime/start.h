// SPDX-License-Identifier: MIT
// runtime/start.h: the steps of interp_create that live with what they start.
#ifndef BATON_RUNTIME_START_H
#define BATON_RUNTIME_START_H

#include "runtime/thread.h"

NEEDS_GIL MAY_RAISE bool names_start(Thread *t);        // the intern table and `names` (types/intern.c)
void interp_enter(Thread *t);                           // takes the GIL for the first time

#endif
