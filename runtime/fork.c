// SPDX-License-Identifier: MIT
// runtime/fork.c: the child's consistent start.
//
// The caller holds the GIL, so the heap and every object are whole at the moment of the fork, and no other thread is
// inside the interpreter. What the other threads own stays counted: they may have been anywhere, so nothing of theirs
// is dropped; their Thread structs are left to the child's end.
#include "runtime/fork.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "runtime/gil_trace.h"
#include "runtime/schedule.h"

#define HOOKS_MAX 16

static void (*hooks[HOOKS_MAX])(Thread *t);
static size_t hook_count;

void fork_add_hook(void (*in_child)(Thread *t))
{
    for (size_t i = 0; i < hook_count; i++)
        if (hooks[i] == in_child) return;
    if (hook_count == HOOKS_MAX) abort();
    hooks[hook_count++] = in_child;
}

static void start_child(Thread *t)
{
    Interp *interp = t->interp;
    if (t->previous) t->previous->next = t->next;
    else interp->threads = t->next;
    if (t->next) t->next->previous = t->previous;
    interp->left_behind = interp->threads;
    t->previous = t->next = NULL;
    interp->threads = t;
    interp->main_thread = t;
    t->is_main = true;
    t->native_id = syscall(SYS_gettid);
    for (EndedThread *ended = interp->ended_threads, *next; ended; ended = next) {       // the parent's
        next = ended->next;
        free(ended);
    }
    interp->ended_threads = NULL;
    atomic_store(&interp->signals_pending, false);
    interp->waiting_for_ever = 0;
    gil_after_fork(t);
    for (size_t i = 0; i < hook_count; i++) hooks[i](t);
    interp->left_behind = NULL;
}

pid_t fork_process(Thread *t)
{
    schedule_note(t, RUN_PROCESS);
    trace_before_fork(t);
    pid_t child = fork();
    if (child == 0) start_child(t);
    return child;
}
