// SPDX-License-Identifier: MIT
// runtime/processors.h: which processors the program may use, whatever a controlled run has made of it (runtime/schedule.c).
#ifndef BATON_RUNTIME_PROCESSORS_H
#define BATON_RUNTIME_PROCESSORS_H

#include <sched.h>

#include "runtime/base.h"

bool schedule_processors(Thread *t, cpu_set_t *set);     // false: ask the system

#endif
