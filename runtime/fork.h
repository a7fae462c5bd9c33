// SPDX-License-Identifier: MIT
// runtime/fork.h: making a child process whose interpreter is in order.
#ifndef BATON_RUNTIME_FORK_H
#define BATON_RUNTIME_FORK_H

#include <sys/types.h>

#include "runtime/thread.h"

// fork(2). In the child only the calling thread lives: it holds a new GIL, the other threads' states are gone from the
// list, and every hook has run. -1: errno says why.
NEEDS_GIL pid_t fork_process(Thread *t);
// To be called in each child, in order of registration; at most 16. For locks and threads of C that a fork leaves behind.
void fork_add_hook(void (*in_child)(Thread *t));

#endif
