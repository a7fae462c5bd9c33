// SPDX-License-Identifier: MIT
// interp/program.h: the program that Baton was started to run: options, search path, standard streams, start and end.
#ifndef BATON_INTERP_PROGRAM_H
#define BATON_INTERP_PROGRAM_H

#include "runtime/types/module.h"

typedef enum RunMode { RUN_PROMPT, RUN_FILE, RUN_COMMAND, RUN_MODULE, RUN_STDIN, RUN_DOCUMENT, RUN_FOUR_WAYS, RUN_COMPILE } RunMode;

#define WORDS_MAX 64
typedef struct Words { const char *items[WORDS_MAX]; int count; } Words;

// What steers the run (interp/steer_options.c).
typedef struct SteerNumber { bool given; uint64_t value; } SteerNumber;
typedef struct SteerOptions {
    const char *policy, *replay, *deadlock;      // or NULL
    SteerNumber switch_every, seed, explore_schedules, explore_bound;
    double explore_time;                         // 0: not given
    bool step, explore, races, lock_order;
} SteerOptions;

typedef struct Options {
    RunMode mode;
    const char *target;          // file, command, or module
    int argc;                    // what the program sees behind argv[0]
    char **argv;
    int original_argc;           // the whole command line, for sys.orig_argv
    char **original_argv;
    // As sys.flags has them
    int debug, inspect, interactive, optimize, dont_write_bytecode, no_user_site, no_site, ignore_environment, verbose, bytes_warning, quiet, isolated, dev_mode, utf8_mode,
        warn_default_encoding, safe_path;
    int max_str_digits;          // -1: nobody said
    uint64_t hash_seed[2];
    bool hash_random, random_anyway;       // -R: where the environment says that they are not
    bool unbuffered, skip_first_line, list_blocks, import_time, faulthandler;
    const char *tracemalloc;     // how many frames, as text; NULL: off
    int block;                   // --block N; 0: all
    Words warnings;              // -W and what stands for it, in the order of sys.warnoptions
    Words x_options;             // -X
    bool import_header;          // its first line has been written
    int import_level;            // how deep -X importtime is
    uint64_t import_inside_ns;   // what the imports within the present one took
    SteerOptions steer;
    bool gil_report, gil_live;
    const char *gil_trace;       // a file, or NULL
    char executable[4096], library[4096];    // of this binary; the host's Python library ("" when it is not there)
} Options;

NEEDS_GIL NEW_REF Value interp_read_file(Thread *t, const char *path, Value shown_path);     // bytes
NEEDS_GIL int interp_optimize(Thread *t);
NEEDS_GIL MAY_RAISE bool interp_set_builtins(Thread *t, Dict *namespace);
NEEDS_GIL NEW_REF Value interp_run(Thread *t, Value code, Value globals, Value locals);
NEEDS_GIL bool interp_host_library_found(Thread *t);

// Flushes sys.stdout and sys.stderr. False: stdout could not be flushed (reported already).
NEEDS_GIL bool program_flush(Thread *t);
// What a program's end with an exception pending means: prints it, and gives the exit status. Clears it.
NEEDS_GIL int program_report(Thread *t);
// What sys tells of the command line: flags, warnoptions, orig_argv … (sys_options.c).
NEEDS_GIL MAY_RAISE bool program_describe(Thread *t, const Options *options);
NEEDS_GIL MAY_RAISE Dict *program_main_namespace(Thread *t);             // of the module __main__, borrowed
NEEDS_GIL int repl_run(Thread *t, Dict *namespace, const Options *options);          // exit status
NEEDS_GIL int document_run(Thread *t, Dict *namespace, const Options *options);      // exit status

#endif
