// SPDX-License-Identifier: MIT
// interp/command_line.c: the command line: options as CPython's where it has them.
#include "interp/command_line.h"
#include "interp/steer_options.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char usage[] =
    "usage: baton [option] ... [-c cmd | -m mod | file | -] [arg] ...\n"
    "Options:\n"
    "-c cmd : program passed in as string (ends the options)\n"
    "-m mod : run library module as a script (ends the options)\n"
    "-i     : inspect interactively after running the script\n"
    "-u     : write standard output and error unbuffered\n"
    "-O     : leave out assert statements; -OO: docstrings as well\n"
    "-B     : don't keep compiled code in the cache\n"
    "-E     : ignore the PYTHON* environment variables\n"
    "-I     : isolated: -E, and neither the script's nor the current folder on the path\n"
    "-S     : accepted for compatibility: there is no site module to leave out\n"
    "-W arg : warning control, as in CPython\n"
    "-q     : don't print the version when interactive\n"
    "-V     : print the version and exit\n"
    "-h     : print this help and exit\n"
    "--document file : run a document's Python blocks in order (implied by .md and .ipynb)\n"
    "    --list      : name its blocks instead\n"
    "    --block N   : run only block N\n"
    "Watching the GIL (any program; not across an os._exit() of its own):\n"
    "--gil-report      : at the end, on standard error: who held the lock, who waited, who was blocked, and why it changed hands\n"
    "--gil-trace FILE  : record every change of hands: a page (.html), a trace for Perfetto (.json), a timeline (.txt, or - for standard output)\n"
    "--gil-live        : the timeline on standard error while the program runs\n"
    "--four-ways SCRIPT:FUNCTION [arg] ... : run the function four times serial, in threads, in processes, in asyncio, and compare\n";
static const char usage_end[] =
    "file   : program read from script file\n"
    "-      : program read from standard input (the default; interactive if a terminal)\n"
    "arg ...: arguments in sys.argv[1:]\n";

static void print_usage(void)
{
    fputs(usage, stdout);
    steer_usage(stdout);
    fputs(usage_end, stdout);
}

const char *working_folder(void)
{
    static char folder[PATH_MAX];
    return getcwd(folder, sizeof folder) ? folder : "";
}

static int wrong(const char *format, const char *word)
{
    fprintf(stderr, format, word);
    fputs("usage: baton [option] ... [-c cmd | -m mod | file | -] [arg] ...\nTry `baton -h' for more information.\n", stderr);
    return 2;
}

static bool ends_with(const char *text, const char *end)
{
    size_t length = strlen(text), end_length = strlen(end);
    return length > end_length && strcmp(text + length - end_length, end) == 0;
}

// The letters of one word like -Bu. Less than 0: go on with the next word; 1: the options have ended with -c or -m.
typedef enum Letters { LETTERS_GO_ON, LETTERS_END, LETTERS_EXIT } Letters;

static Letters read_letters(char **argv, int argc, int *at, Options *o, int *status)
{
    for (const char *letter = argv[*at] + 1; *letter; letter++) {
        switch (*letter) {
        case 'i': o->inspect = true; break;
        case 'u': o->unbuffered = true; break;
        case 'O': o->optimize++; break;
        case 'B': o->dont_write_bytecode = true; break;
        case 'E': o->ignore_environment = true; break;
        case 'I': o->isolated = o->ignore_environment = true; break;
        case 'P': o->isolated = true; break;
        case 'S': o->no_site = true; break;
        case 's': case 'b': case 'd': case 'x': case 'R': break;
        case 'v': o->verbose++; break;
        case 'q': o->quiet = true; break;
        case 'V':
            puts("Python 3.11.2 (Baton 0.1.0)");
            *status = 0;
            return LETTERS_EXIT;
        case 'h': case '?':
            print_usage();
            *status = 0;
            return LETTERS_EXIT;
        case 'W': case 'X': case 'c': case 'm': {
            const char *value = letter[1] ? letter + 1 : *at + 1 < argc ? argv[++*at] : NULL;
            if (!value) {
                char word[2] = {*letter, 0};
                *status = wrong("Argument expected for the -%s option\n", word);
                return LETTERS_EXIT;
            }
            if (*letter == 'W' && o->warning_count < (int)COUNT_OF(o->warnings)) o->warnings[o->warning_count++] = value;
            if (*letter == 'W' || *letter == 'X') return LETTERS_GO_ON;
            o->mode = *letter == 'c' ? RUN_COMMAND : RUN_MODULE;
            o->target = value;
            return LETTERS_END;
        }
        default: {
            char word[2] = {*letter, 0};
            *status = wrong("Unknown option: -%s\n", word);
            return LETTERS_EXIT;
        }
        }
    }
    return LETTERS_GO_ON;
}

// The value of the option --NAME VALUE or --NAME=VALUE at argv[*at], which then moves on; NULL: it is not that option, or has none.
static const char *value_of(const char *name, char **argv, int argc, int *at)
{
    const char *word = argv[*at] + 2;
    size_t length = strlen(name);
    if (strncmp(word, name, length) != 0) return NULL;
    if (word[length] == '=') return word[length + 1] ? word + length + 1 : NULL;
    return !word[length] && *at + 1 < argc ? argv[++*at] : NULL;
}

// One option in words. False: it is none that we know (*status is set).
static bool read_long(char **argv, int argc, int *at, Options *o, int *status)
{
    const char *word = argv[*at] + 2, *value, *complaint;
    *status = -1;
    if (strcmp(word, "version") == 0) {
        puts("Python 3.11.2 (Baton 0.1.0)");
        *status = 0;
    } else if (strcmp(word, "help") == 0) {
        print_usage();
        *status = 0;
    } else if (strcmp(word, "list") == 0) {
        o->list_blocks = true;
    } else if (strcmp(word, "block") == 0 && *at + 1 < argc) {
        char *end;
        long block = strtol(argv[++*at], &end, 10);
        if (*end || block < 1 || block > INT_MAX) *status = wrong("--block expects the number of a block, not %s\n", argv[*at]);
        else o->block = (int)block;
    } else if (strcmp(word, "document") == 0 && *at + 1 < argc) {
        o->mode = RUN_DOCUMENT;
        o->target = argv[++*at];
    } else if (steer_option_read(argv, argc, at, &o->steer, &complaint)) {
        if (complaint) *status = wrong("%s\n", complaint);
    } else if (strcmp(word, "gil-report") == 0) {
        o->gil_report = true;
    } else if (strcmp(word, "gil-live") == 0) {
        o->gil_live = true;
    } else if ((value = value_of("gil-trace", argv, argc, at))) {
        o->gil_trace = value;
    } else if ((value = value_of("four-ways", argv, argc, at))) {
        o->mode = RUN_FOUR_WAYS;
        o->target = value;
    } else if (strcmp(word, "gil-trace") == 0 || strcmp(word, "four-ways") == 0) {
        *status = wrong(word[0] == 'g' ? "Argument expected for the --%s option: FILE\n" : "Argument expected for the --%s option: SCRIPT:FUNCTION\n", word);
    } else if (strcmp(word, "compile-modules") == 0) {
        o->mode = RUN_COMPILE;
    } else {
        *status = wrong("Unknown option: --%s\n", word);
        return false;
    }
    return *status < 0;
}

static void from_environment(Options *o)
{
    const char *value;
    if (o->ignore_environment) return;
    if ((value = getenv("PYTHONUNBUFFERED")) && *value) o->unbuffered = true;
    if ((value = getenv("PYTHONINSPECT")) && *value) o->inspect = true;
    if ((value = getenv("PYTHONOPTIMIZE")) && *value && atoi(value) > o->optimize) o->optimize = atoi(value);
}

static void find_places(Options *o)
{
    ssize_t length = readlink("/proc/self/exe", o->executable, sizeof o->executable - 1);
    o->executable[length > 0 ? length : 0] = 0;
    const char *library = getenv("BATON_STDLIB");
    snprintf(o->library, sizeof o->library, "%s", library ? library : BATON_HOST_LIBRARY);
    struct stat status;
    if (stat(o->library, &status) != 0 || !S_ISDIR(status.st_mode)) o->library[0] = 0;
}

int command_line_read(int argc, char **argv, Options *o)
{
    *o = (Options){.mode = RUN_PROMPT};
    find_places(o);
    int at = 1, status = -1;
    bool target_given = false;
    for (; at < argc && argv[at][0] == '-' && argv[at][1]; at++) {
        if (strcmp(argv[at], "--") == 0) {
            at++;
            break;
        }
        if (argv[at][1] == '-') {
            if (!read_long(argv, argc, &at, o, &status)) return status;
            if (o->mode == RUN_COMPILE) break;
            target_given = target_given || o->mode == RUN_DOCUMENT || o->mode == RUN_FOUR_WAYS;
            continue;
        }
        Letters letters = read_letters(argv, argc, &at, o, &status);
        if (letters == LETTERS_EXIT) return status;
        if (letters == LETTERS_END) {
            target_given = true;
            at++;
            break;
        }
    }
    if (o->mode == RUN_COMPILE) at++;
    else if (!target_given && at < argc) {
        o->mode = strcmp(argv[at], "-") == 0 ? RUN_STDIN : ends_with(argv[at], ".md") || ends_with(argv[at], ".ipynb") ? RUN_DOCUMENT : RUN_FILE;
        o->target = argv[at++];
    } else if (!target_given && !isatty(0)) {
        o->mode = RUN_STDIN;
    }
    if (o->mode == RUN_STDIN && isatty(0)) o->mode = RUN_PROMPT;
    if ((o->list_blocks || o->block) && o->mode != RUN_DOCUMENT && o->mode == RUN_FILE) o->mode = RUN_DOCUMENT;
    o->argc = argc - at;
    o->argv = argv + at;
    from_environment(o);
    return -1;
}
