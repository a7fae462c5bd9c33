// SPDX-License-Identifier: MIT
// interp/steer_options.c: the options that steer the lock (--gil-policy, --switch-every, --seed, --step, --replay) and that look for
// what can go wrong (--explore, --races, --deadlock, --lock-order). What takes more than a call is in the package gil.
#include "interp/steer_options.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <unistd.h>

#include "interp/command_line.h"
#include "runtime/call.h"
#include "runtime/deadlock.h"
#include "runtime/error.h"
#include "runtime/gil_policy.h"
#include "runtime/lock_order.h"
#include "runtime/races.h"
#include "runtime/types/bytes.h"
#include "runtime/types/int.h"
#include "runtime/types/list.h"
#include "runtime/types/str.h"
#include "runtime/types/tuple.h"

static const char usage_before[] =
    "Steering the GIL:\n"
    "--gil-policy NAME   : who gets the lock, and when the holder gives it up:\n";
static const char usage_after[] =
    "--switch-every N    : another thread after every N instructions of the program\n"
    "--seed S            : switches at random instructions, the same ones for the same number S on every machine\n"
    "--step              : you choose, at each instruction, which thread goes on\n"
    "--replay TOKEN      : the run that the token stands for, again\n"
    "Finding what can go wrong:\n"
    "--explore           : run the program under many schedules, and tell which outcomes there are\n"
    "    --explore-time SECONDS, --explore-schedules N, --explore-bound N : its limits (20 s, 20000 schedules, 2 preemptions)\n"
    "--races             : report data races: accesses to shared data that nothing puts in order\n"
    "--deadlock ACTION   : when threads can never go on: raise (the default: report, and end with status 1), report, off\n"
    "--lock-order        : warn of locks that are taken in different orders\n";

void steer_usage(FILE *out)
{
    fputs(usage_before, out);
    for (const GilPolicy *each = gil_policies; each->name; each++) fprintf(out, "    %-16s: %s\n", each->name, each->help);
    fputs(usage_after, out);
}

// ---- The command line
enum ValueKind { FLAG, NUMBER, SECONDS, WORD };
typedef struct OptionRow { const char *name; enum ValueKind kind; size_t offset; const char *wanted; } OptionRow;
#define FIELD(member) offsetof(SteerOptions, member)
static const OptionRow rows[] = {
    {"gil-policy", WORD, FIELD(policy), "--gil-policy expects interval, interval-any, ticks, io-first or fair"},
    {"switch-every", NUMBER, FIELD(switch_every), "--switch-every expects a number of instructions, 1 or more"},
    {"seed", NUMBER, FIELD(seed), "--seed expects a number, 0 or more"},
    {"step", FLAG, FIELD(step), NULL},
    {"replay", WORD, FIELD(replay), "--replay expects a token, as --seed, --step and --explore print them"},
    {"explore", FLAG, FIELD(explore), NULL},
    {"explore-time", SECONDS, FIELD(explore_time), "--explore-time expects a number of seconds"},
    {"explore-schedules", NUMBER, FIELD(explore_schedules), "--explore-schedules expects a number"},
    {"explore-bound", NUMBER, FIELD(explore_bound), "--explore-bound expects a number of preemptions"},
    {"races", FLAG, FIELD(races), NULL},
    {"deadlock", WORD, FIELD(deadlock), "--deadlock expects raise, report or off"},
    {"lock-order", FLAG, FIELD(lock_order), NULL},
};

static bool store(const OptionRow *row, SteerOptions *o, const char *value)
{
    void *slot = (char *)o + row->offset;
    char *end = NULL;
    errno = 0;
    switch (row->kind) {
    case FLAG: *(bool *)slot = true; return true;
    case WORD: *(const char **)slot = value; return *value != 0;
    case SECONDS: *(double *)slot = strtod(value, &end); return end != value && !*end && *(double *)slot > 0 && *(double *)slot < 1e9;
    case NUMBER: {
        unsigned long long n = strtoull(value, &end, 10);
        *(SteerNumber *)slot = (SteerNumber){.given = true, .value = n};
        return *value >= '0' && *value <= '9' && !*end && errno == 0;
    }
    }
    return false;
}
static bool sensible(const SteerOptions *o, const char *name)
{
    if (strcmp(name, "gil-policy") == 0) return gil_policy_find(o->policy) != NULL;
    if (strcmp(name, "switch-every") == 0) return o->switch_every.value > 0;
    if (strcmp(name, "explore-bound") == 0) return o->explore_bound.value < 100;
    if (strcmp(name, "explore-schedules") == 0) return o->explore_schedules.value > 0 && o->explore_schedules.value < 1000000000;
    if (strcmp(name, "deadlock") == 0) return strcmp(o->deadlock, "raise") == 0 || strcmp(o->deadlock, "report") == 0 || strcmp(o->deadlock, "off") == 0;
    return true;
}
bool steer_option_read(char **argv, int argc, int *at, SteerOptions *o, const char **wrong)
{
    const char *word = argv[*at] + 2;
    *wrong = NULL;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const OptionRow *row = &rows[i];
        size_t length = strlen(row->name);
        if (strncmp(word, row->name, length) != 0 || (word[length] && word[length] != '=')) continue;
        if (row->kind == FLAG) {
            if (word[length]) *wrong = "this option takes no value";
            store(row, o, NULL);
            return true;
        }
        const char *value = word[length] == '=' ? word + length + 1 : *at + 1 < argc ? argv[++*at] : "";
        if (!store(row, o, value) || !sensible(o, row->name)) *wrong = row->wanted;
        return true;
    }
    return false;
}

bool steer_controls(const SteerOptions *o) { return o->switch_every.given || o->seed.given || o->step || o->replay || o->explore; }

const char *steer_options_clash(const Options *options)
{
    const SteerOptions *o = &options->steer;
    bool watches = options->gil_report || options->gil_live || options->gil_trace, controlled = steer_controls(o);
    if (o->switch_every.given + o->seed.given + o->step + (o->replay != NULL) + o->explore > 1) return "--switch-every, --seed, --step, --replay and --explore exclude each other";
    if (options->mode == RUN_FOUR_WAYS && (watches || controlled || o->policy || o->races || o->lock_order || o->deadlock))
        return "--four-ways measures a function as it runs by itself: no other option of the lock goes with it";
    if (!o->explore && (o->explore_time > 0 || o->explore_schedules.given || o->explore_bound.given)) return "--explore-time, --explore-schedules and --explore-bound are limits of --explore";
    if (controlled && (options->mode == RUN_PROMPT || options->mode == RUN_STDIN)) return "a controlled run needs a file, -c or -m";
    if (controlled && o->policy) return "in a controlled run the schedule says who is next: --gil-policy has no say";
    if (o->explore && watches) return "--explore runs the program many times: --gil-report, --gil-trace and --gil-live tell of one run; give them with --replay TOKEN";
    if (o->explore && (o->races || o->lock_order)) return "--explore runs the program many times: --races and --lock-order watch one run; give them with --replay TOKEN";
    if (o->explore && o->deadlock && strcmp(o->deadlock, "raise") != 0) return "--explore needs deadlocks to be raised";
    if (o->step && watches) return "--step runs the program in steps of yours: --gil-report, --gil-trace and --gil-live tell of its run with --replay TOKEN";
    return NULL;
}

void steer_options_fix_addresses(const SteerOptions *o, char **argv)
{
    if (!steer_controls(o)) return;
    int now = personality(0xFFFFFFFF);
    if (now < 0 || (now & ADDR_NO_RANDOMIZE) || personality((unsigned long)now | ADDR_NO_RANDOMIZE) < 0) return;
    execv("/proc/self/exe", argv);
}

// ---- Around the program
static Value call_in(Thread *t, const char *module_name, const char *function_name, const Value *args, size_t nargs)
{
    OWN_POINTER Str *module_key = str_intern_text(t, module_name, strlen(module_name));
    OWN_POINTER Str *function_key = module_key ? str_intern_text(t, function_name, strlen(function_name)) : NULL;
    OWN Value module = function_key ? t->interp->up.import_module(t, module_key) : ERROR;
    OWN Value function = is_error(module) ? ERROR : object_get_attr(t, module, function_key);
    return is_error(function) ? ERROR : call(t, function, args, nargs, UNBOUND);
}

// What tells one program from another, for tokens: the file's text, the command, or the module's name.
static Value program_text(Thread *t, const Options *options)
{
    if (options->mode == RUN_FILE || options->mode == RUN_DOCUMENT) {
        OWN Value path = str_from_os(t, options->target, strlen(options->target));
        OWN Value text = is_error(path) ? ERROR : interp_read_file(t, options->target, path);
        if (!is_error(text)) return MOVE(text);
        error_clear(t);                  // the run will say what is wrong with the file
    }
    return bytes_from(t, options->target ? options->target : "", options->target ? strlen(options->target) : 0);
}

// The text of an error, printed; or an exception. The exit status.
static int refuse(Thread *t, Value said)
{
    if (is_error(said)) return program_report(t);
    OWN_MEMORY char *text = str_to_utf8(t, as_str(said), NULL);
    error_clear(t);
    fprintf(stderr, "baton: %s\n", text ? text : "the run cannot be controlled");
    return 2;
}

static Value number_or_none(Thread *t, SteerNumber n) { return n.given ? int_from_u64(t, n.value) : NONE; }

// Calls gil.steer.begin(program, rule, value). True: the program is to run now.
static bool begin(Thread *t, const Options *options, int *status)
{
    const SteerOptions *o = &options->steer;
    const char *rule = o->switch_every.given ? "every" : o->seed.given ? "seed" : o->step ? "step" : o->replay ? "replay" : "explore";
    OWN Value program = program_text(t, options);
    OWN Value rule_value = str_from_text(t, rule);
    OWN Value value = o->switch_every.given ? int_from_u64(t, o->switch_every.value) : o->seed.given ? int_from_u64(t, o->seed.value)
                      : o->replay ? str_from_os(t, o->replay, strlen(o->replay))
                      : tuple_of(t, 3, o->explore_time > 0 ? float_value(o->explore_time) : NONE, number_or_none(t, o->explore_schedules), number_or_none(t, o->explore_bound));
    const Value args[] = {program, rule_value, value};
    OWN Value result = is_error(program) || is_error(rule_value) || is_error(value) ? ERROR : call_in(t, "gil.steer", "begin", args, COUNT_OF(args));
    if (is_none(result)) return true;
    if (!is_small_int(result)) *status = refuse(t, result);
    else *status = (int)as_small_int(result);
    return false;
}

bool steer_options_start(Thread *t, const Options *options, int *status)
{
    const SteerOptions *o = &options->steer;
    if (o->policy) gil_set_policy(t, gil_policy_find(o->policy));
    if (o->deadlock) t->interp->deadlocks = strcmp(o->deadlock, "off") == 0 ? DEADLOCK_OFF : strcmp(o->deadlock, "report") == 0 ? DEADLOCK_REPORT : DEADLOCK_RAISE;
    if ((o->races && !races_start(t)) || (o->lock_order && !lock_order_start(t))) {
        *status = program_report(t);
        return false;
    }
    return !steer_controls(o) || begin(t, options, status);
}

void steer_options_finish(Thread *t, const Options *options, int *status)
{
    const SteerOptions *o = &options->steer;
    if (steer_controls(o)) {
        OWN Value result = call_in(t, "gil.steer", "finish", NULL, 0);
        if (is_error(result)) program_report(t);
    }
    if (o->races) fprintf(stderr, "%u data race%s\n", races_found(t), races_found(t) == 1 ? "" : "s");
    if (o->lock_order) fprintf(stderr, "%u set%s of locks taken in different orders\n", lock_order_found(t), lock_order_found(t) == 1 ? "" : "s");
}
