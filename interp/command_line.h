// SPDX-License-Identifier: MIT
// interp/command_line.h: what main.c, command_line.c and program.c share.
#ifndef BATON_INTERP_COMMAND_LINE_H
#define BATON_INTERP_COMMAND_LINE_H

#include <stdio.h>

#include "interp/program.h"

enum { STATUS_INTERRUPTED = 130 };

// Reads the command line. Less than 0: run; else exit with that status, all said already.
int command_line_read(int argc, char **argv, Options *options);
const char *working_folder(void);                                            // of the process, "" if unknown
NEEDS_GIL int program_run(Thread *t, const Options *options);                // exit status
NEEDS_GIL void program_wind_up(Thread *t, int *status);                      // threads, atexit, streams
// --compile-modules OUT NAME=PATH …: writes the C source of the table frozen_modules. For the build.
NEEDS_GIL int compile_modules(Thread *t, int count, char **words);

#endif
