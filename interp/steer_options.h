// SPDX-License-Identifier: MIT
// interp/steer_options.h: what the options that steer the lock, or look for what can go wrong, do around a program.
#ifndef BATON_INTERP_STEER_OPTIONS_H
#define BATON_INTERP_STEER_OPTIONS_H

#include <stdio.h>

#include "interp/program.h"

// One of --gil-policy, --seed, --explore …, at argv[*at]. False: it is none of these. *wrong: what is wrong with it, or NULL.
bool steer_option_read(char **argv, int argc, int *at, SteerOptions *o, const char **wrong);
bool steer_controls(const SteerOptions *o);                     // whether the run is a controlled one
void steer_usage(FILE *out);                                    // their part of the help
// Options that make no sense with each other, in words; NULL: all is well.
const char *steer_options_clash(const Options *options);
// Controlled runs need addresses that are the same every time: starts the process again without their randomization.
void steer_options_fix_addresses(const SteerOptions *o, char **argv);
// Before the program. False: it is not to run in this process, and *status is the exit status. The child processes in which a
// program is explored come back from here with true.
NEEDS_GIL bool steer_options_start(Thread *t, const Options *options, int *status);
NEEDS_GIL void steer_options_finish(Thread *t, const Options *options, int *status);

#endif
