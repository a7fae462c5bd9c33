// SPDX-License-Identifier: MIT
// interp/gil_options.h: what the options that watch the lock do around a program.
#ifndef BATON_INTERP_GIL_OPTIONS_H
#define BATON_INTERP_GIL_OPTIONS_H

#include "interp/program.h"

// Before the program, and after its threads and atexit functions have ended. Each says what went wrong itself.
NEEDS_GIL bool gil_options_start(Thread *t, const Options *options);        // false: the program is not to run
NEEDS_GIL void gil_options_finish(Thread *t, const Options *options, int *status);
NEEDS_GIL int gil_options_four_ways(Thread *t, const Options *options);     // exit status

#endif
