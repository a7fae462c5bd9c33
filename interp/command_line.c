// SPDX-License-Identifier: MIT
// interp/command_line.c: the command line: options as CPython's where it has them.
#include "interp/command_line.h"
#include "interp/steer_options.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

static const char usage[] =
    "usage: baton [option] ... [-c cmd | -m mod | file | -] [arg] ...\n"
    "Options:\n"
    "-b     : warn about str(bytes) and comparing bytes with str; -bb: an error\n"
    "-B     : don't keep compiled code in the cache; also PYTHONDONTWRITEBYTECODE=x\n"
    "-c cmd : program passed in as string (ends the options)\n"
    "-d     : sets sys.flags.debug; also PYTHONDEBUG=x\n"
    "-E     : ignore the PYTHON* environment variables\n"
    "-h     : print this help and exit\n"
    "-i     : inspect interactively after running the script; also PYTHONINSPECT=x\n"
    "-I     : isolated: -E, -P and -s\n"
    "-m mod : run library module as a script (ends the options)\n"
    "-O     : leave out assert statements; -OO: docstrings as well; also PYTHONOPTIMIZE=x\n"
    "-P     : neither the script's nor the current folder on the path; also PYTHONSAFEPATH=x\n"
    "-q     : don't print the version when interactive\n"
    "-s     : sets sys.flags.no_user_site; also PYTHONNOUSERSITE=x\n"
    "-S     : leave out exit(), quit(), help() and their like\n"
    "-u     : write standard output and error unbuffered; also PYTHONUNBUFFERED=x\n"
    "-v     : say what is imported, and from where; also PYTHONVERBOSE=x\n"
    "-V     : print the version and exit; also --version\n"
    "-W arg : warning control, as in CPython; also PYTHONWARNINGS=arg\n"
    "-x     : skip the first line of the file\n"
    "-X opt : see --help-xoptions\n"
    "--document file : run a document's Python blocks in order (implied by .md and .ipynb)\n"
    "    --list      : name its blocks instead\n"
    "    --block N   : run only block N\n"
    "Watching the GIL (any program; not across an os._exit() of its own):\n"
    "--gil-report      : at the end, on standard error: who held the lock, who waited, who was blocked, and why it changed hands\n"
    "--gil-trace FILE  : record every change of hands: a page (.html), a trace for Perfetto (.json), a timeline (.txt, or - for standard output)\n"
    "--gil-live        : the timeline on standard error while the program runs\n"
    "--four-ways SCRIPT:FUNCTION [arg] ... : run the function four times serial, in threads, in processes, in asyncio, and compare\n";
static const char usage_end[] =
    "file   : program read from script file; a folder or a zip archive runs its __main__.py\n"
    "-      : program read from standard input (the default; interactive if a terminal)\n"
    "arg ...: arguments in sys.argv[1:]\n"
    "Environment variables: see --help-env. Everything at once: --help-all\n";
static const char usage_environment[] =
    "Environment variables:\n"
    "PYTHONPATH                : folders for sys.path, with ':' between them\n"
    "PYTHONHOME                : not asked for: Baton's own modules are in it, and BATON_STDLIB says where the others are\n"
    "PYTHONSTARTUP             : file that the prompt runs first\n"
    "PYTHONHASHSEED            : number from which the hashes of strings follow, or random\n"
    "PYTHONIOENCODING          : encoding[:errors] of the standard streams\n"
    "PYTHONINTMAXSTRDIGITS     : most digits of an int that becomes text or comes from it; 0: any number (-X int_max_str_digits)\n"
    "PYTHONUTF8                : 1: UTF-8 whatever the locale is (-X utf8)\n"
    "PYTHONWARNDEFAULTENCODING : 1: warn of text files opened without an encoding (-X warn_default_encoding)\n"
    "PYTHONFAULTHANDLER        : where the threads are is told when a signal ends the program (-X faulthandler)\n"
    "PYTHONDEVMODE             : the checks of -X dev\n"
    "PYTHONPROFILEIMPORTTIME   : say how long each import takes (-X importtime)\n"
    "PYTHONSAFEPATH, PYTHONDONTWRITEBYTECODE, PYTHONUNBUFFERED, PYTHONVERBOSE, PYTHONOPTIMIZE, PYTHONINSPECT, PYTHONDEBUG,\n"
    "PYTHONNOUSERSITE, PYTHONWARNINGS: the options -P, -B, -u, -v, -O, -i, -d, -s, -W\n"
    "BATON_STDLIB              : folder of the Python library to borrow modules from\n";
static const char usage_x[] =
    "-X dev                    : more warnings are shown, and a fault of the process is told\n"
    "-X faulthandler           : where the threads are is told when a signal ends the program\n"
    "-X importtime             : say how long each import takes\n"
    "-X int_max_str_digits=N   : most digits of an int that becomes text or comes from it; 0: any number\n"
    "-X utf8[=0|1]             : UTF-8 whatever the locale is\n"
    "-X warn_default_encoding  : warn of text files opened without an encoding\n";

static void print_usage(void)
{
    fputs(usage, stdout);
    steer_usage(stdout);
    fputs(usage_end, stdout);
}

// --help, --help-env, --help-xoptions, --help-all. False: it is none of these.
static bool print_help(const char *which)
{
    bool all = strcmp(which, "-all") == 0;
    if (!*which || all) print_usage();
    if (strcmp(which, "-env") == 0 || all) fputs(usage_environment, stdout);
    else if (*which && strcmp(which, "-xoptions") != 0) return false;
    if (strcmp(which, "-xoptions") == 0 || all) fputs(usage_x, stdout);
    return true;
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

static void words_add(Words *words, const char *word)
{
    if (words->count < WORDS_MAX) words->items[words->count++] = word;
}

// The letters of one word like -Bu. Less than 0: go on with the next word; 1: the options have ended with -c or -m.
typedef enum Letters { LETTERS_GO_ON, LETTERS_END, LETTERS_EXIT } Letters;

// A letter that only sets something. False: it is none of those.
static bool read_flag(char letter, Options *o)
{
    switch (letter) {
    case 'b': o->bytes_warning++; return true;
    case 'B': o->dont_write_bytecode = 1; return true;
    case 'd': o->debug++; return true;
    case 'E': o->ignore_environment = 1; return true;
    case 'i': o->inspect = o->interactive = 1; return true;
    case 'I': o->isolated = o->ignore_environment = o->no_user_site = o->safe_path = 1; return true;
    case 'O': o->optimize++; return true;
    case 'P': o->safe_path = 1; return true;
    case 'q': o->quiet++; return true;
    case 'R': o->random_anyway = true; return true;
    case 's': o->no_user_site = 1; return true;
    case 'S': o->no_site = 1; return true;
    case 'u': o->unbuffered = true; return true;
    case 'v': o->verbose++; return true;
    case 'x': o->skip_first_line = true; return true;
    default: return false;
    }
}

static Letters read_letters(char **argv, int argc, int *at, Options *o, int *status)
{
    for (const char *letter = argv[*at] + 1; *letter; letter++) {
        if (read_flag(*letter, o)) continue;
        char word[2] = {*letter, 0};
        switch (*letter) {
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
                *status = wrong("Argument expected for the -%s option\n", word);
                return LETTERS_EXIT;
            }
            if (*letter == 'W') words_add(&o->warnings, value);
            if (*letter == 'X') words_add(&o->x_options, value);
            if (*letter == 'W' || *letter == 'X') return LETTERS_GO_ON;
            o->mode = *letter == 'c' ? RUN_COMMAND : RUN_MODULE;
            o->target = value;
            return LETTERS_END;
        }
        default:
            *status = wrong("Unknown option: -%s\n", word);
            return LETTERS_EXIT;
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
    } else if (strncmp(word, "help", 4) == 0 && print_help(word + 4)) {
        *status = 0;
    } else if (strcmp(word, "list") == 0) {
        o->list_blocks = true;
    } else if (strcmp(word, "block") == 0 && *at + 1 < argc) {
        char *end;
        long block = strtol(argv[++*at], &end, 10);
        if (*end || block < 1 || block > INT_MAX) *status = wrong("--block expects the number of a block, not %s\n", argv[*at]);
        else o->block = (int)block;
    } else if (strcmp(word, "check-hash-based-pycs") == 0 && *at + 1 < argc) {
        at[0]++;                 // there are no such files
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
        *status = wrong("unknown option --%s\n", word);
        return false;
    }
    return *status < 0;
}

// ---- The environment and -X: what they say where the letters said nothing
static const char *variable(const Options *o, const char *name)
{
    const char *value = o->ignore_environment ? NULL : getenv(name);
    return value && *value ? value : NULL;
}
static void flag_from(const Options *o, const char *name, int *flag)
{
    const char *value = variable(o, name);
    int level = value ? atoi(value) : 0;
    if (value && *flag < (level > 0 ? level : 1)) *flag = level > 0 ? level : 1;
}
// The value of -X name=value: "" for -X name, NULL if it was not given.
static const char *x_option(const Options *o, const char *name)
{
    size_t length = strlen(name);
    for (int i = o->x_options.count - 1; i >= 0; i--) {
        const char *word = o->x_options.items[i];
        if (strncmp(word, name, length) != 0 || (word[length] && word[length] != '=')) continue;
        return word[length] ? word + length + 1 : word + length;
    }
    return NULL;
}

static int fatal(const char *what)
{
    fprintf(stderr, "Fatal Python error: %s\n", what);
    return 1;
}

// The seed that CPython makes of a number, so that strings have the same hashes: 0 is no seed, others go through a linear congruential generator.
static void seed_from_number(uint32_t number, uint64_t seed[2])
{
    memset(seed, 0, 2 * sizeof *seed);
    if (!number) return;
    uint32_t state = number;
    for (unsigned i = 0; i < 16; i++) {
        state = state * 214013 + 2531011;
        seed[i / 8] |= (uint64_t)(state >> 16 & 0xFF) << 8 * (i % 8);
    }
}
// Less than 0: all is well.
static int read_hash_seed(Options *o)
{
    const char *seed = variable(o, "PYTHONHASHSEED");
    o->hash_random = true;
    if (seed && o->random_anyway && strcmp(seed, "0") == 0) seed = NULL;      // -R
    if (seed && strcmp(seed, "random") != 0) {
        char *end;
        unsigned long number = strtoul(seed, &end, 10);
        if (*end || *seed == '-' || number > UINT32_MAX) return fatal("PYTHONHASHSEED must be \"random\" or an integer in range [0; 4294967295]");
        o->hash_random = number != 0;
        seed_from_number((uint32_t)number, o->hash_seed);
    } else if (steer_controls(&o->steer)) {          // sets of strings have their order from it, and a run is to be the same again
        seed_from_number(1, o->hash_seed);
    } else if (getrandom(o->hash_seed, sizeof o->hash_seed, GRND_NONBLOCK) != sizeof o->hash_seed) {
        seed_from_number((uint32_t)getpid(), o->hash_seed);
    }
    return -1;
}
static int read_max_str_digits(Options *o)
{
    const char *from_x = x_option(o, "int_max_str_digits"), *text = from_x ? from_x : variable(o, "PYTHONINTMAXSTRDIGITS");
    o->max_str_digits = -1;
    if (!text) return -1;
    char *end;
    long digits = strtol(text, &end, 10);
    if (*end || !*text || digits < 0 || digits > INT_MAX || (digits && digits < 640))
        return fatal(from_x ? "-X int_max_str_digits: invalid limit; must be >= 640 or 0 for unlimited." : "PYTHONINTMAXSTRDIGITS: invalid limit; must be >= 640 or 0 for unlimited.");
    o->max_str_digits = (int)digits;
    return -1;
}
static int read_utf8_mode(Options *o)
{
    const char *from_x = x_option(o, "utf8"), *text = from_x ? from_x : variable(o, "PYTHONUTF8");
    if (!text) return -1;
    if (strcmp(text, "0") != 0 && strcmp(text, "1") != 0 && !(from_x && !*from_x))
        return fatal(from_x ? "invalid -X utf8 option value" : "invalid PYTHONUTF8 environment variable value");
    o->utf8_mode = *text != '0';
    return -1;
}

// sys.warnoptions: of -X dev, of PYTHONWARNINGS, of -W, of -b. Pieces of the variable live as long as the process.
static void collect_warnings(Options *o)
{
    Words given = o->warnings;
    o->warnings.count = 0;
    if (o->dev_mode) words_add(&o->warnings, "default");
    const char *value = variable(o, "PYTHONWARNINGS");
    char *copy = value ? strdup(value) : NULL, *rest = NULL;
    for (char *word = copy ? strtok_r(copy, ",", &rest) : NULL; word; word = strtok_r(NULL, ",", &rest)) words_add(&o->warnings, word);
    for (int i = 0; i < given.count; i++) words_add(&o->warnings, given.items[i]);
    if (o->bytes_warning) words_add(&o->warnings, o->bytes_warning > 1 ? "error::BytesWarning" : "default::BytesWarning");
}

static int from_environment(Options *o)
{
    const struct { const char *name; int *flag; } flags[] = {
        {"PYTHONDEBUG", &o->debug}, {"PYTHONINSPECT", &o->inspect}, {"PYTHONOPTIMIZE", &o->optimize}, {"PYTHONDONTWRITEBYTECODE", &o->dont_write_bytecode},
        {"PYTHONNOUSERSITE", &o->no_user_site}, {"PYTHONVERBOSE", &o->verbose}, {"PYTHONSAFEPATH", &o->safe_path}, {"PYTHONDEVMODE", &o->dev_mode},
        {"PYTHONWARNDEFAULTENCODING", &o->warn_default_encoding},
    };
    for (size_t i = 0; i < COUNT_OF(flags); i++) flag_from(o, flags[i].name, flags[i].flag);
    if (o->safe_path > 1) o->safe_path = 1;
    if (o->no_user_site > 1) o->no_user_site = 1;
    if (o->dont_write_bytecode > 1) o->dont_write_bytecode = 1;
    if (variable(o, "PYTHONUNBUFFERED")) o->unbuffered = true;
    if (x_option(o, "dev")) o->dev_mode = 1;
    if (x_option(o, "warn_default_encoding")) o->warn_default_encoding = 1;
    o->import_time = x_option(o, "importtime") || variable(o, "PYTHONPROFILEIMPORTTIME");
    o->faulthandler = x_option(o, "faulthandler") || variable(o, "PYTHONFAULTHANDLER") || o->dev_mode;
    o->tracemalloc = x_option(o, "tracemalloc");
    if (!o->tracemalloc) o->tracemalloc = variable(o, "PYTHONTRACEMALLOC");
    collect_warnings(o);
    int status = read_hash_seed(o);
    if (status < 0) status = read_max_str_digits(o);
    return status < 0 ? read_utf8_mode(o) : status;
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
    *o = (Options){.mode = RUN_PROMPT, .original_argc = argc, .original_argv = argv};
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
    if (o->mode == RUN_STDIN && (isatty(0) || o->interactive)) o->mode = RUN_PROMPT;
    if ((o->list_blocks || o->block) && o->mode != RUN_DOCUMENT && o->mode == RUN_FILE) o->mode = RUN_DOCUMENT;
    o->argc = argc - at;
    o->argv = argv + at;
    return from_environment(o);
}
