// SPDX-License-Identifier: MIT
// interp/repl.c: the interactive prompt: reads statements, runs each, shows what it gives.
//
// GNU readline is loaded when the prompt starts on a terminal (linking it would cost every script its start-up); without
// it lines are read plainly. The history is kept in ~/.baton_history.
#include <ctype.h>
#include <dlfcn.h>
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "interp/command_line.h"
#include "interp/compile.h"
#include "runtime/call.h"
#include "runtime/error.h"
#include "runtime/types/bytes.h"
#include "runtime/types/dict.h"
#include "runtime/types/exception.h"
#include "runtime/types/list.h"
#include "runtime/types/str.h"

#define HISTORY_LINES 1000

// ---- readline, as far as we use it
typedef char *CompletionEntry(const char *text, int state);
typedef char **AttemptedCompletion(const char *text, int start, int end);
static struct {
    char *(*readline)(const char *prompt);
    void (*add_history)(const char *line);
    int (*read_history)(const char *path);
    int (*write_history)(const char *path);
    void (*stifle_history)(int lines);
    char **(*completion_matches)(const char *text, CompletionEntry *entry);
    AttemptedCompletion **attempted_completion;
    const char **word_breaks;
    int *append_character;
    void (*free_line_state)(void);
    void (*cleanup_after_signal)(void);
    int *catch_signals;
    char *(*variable_value)(const char *name);
} rl;
static char history_path[4096];

static bool load_readline(void)
{
    void *library = dlopen("libreadline.so.8", RTLD_NOW | RTLD_LOCAL);
    if (!library) return false;
    rl.readline = (char *(*)(const char *))dlsym(library, "readline");
    rl.add_history = (void (*)(const char *))dlsym(library, "add_history");
    rl.read_history = (int (*)(const char *))dlsym(library, "read_history");
    rl.write_history = (int (*)(const char *))dlsym(library, "write_history");
    rl.stifle_history = (void (*)(int))dlsym(library, "stifle_history");
    rl.completion_matches = (char **(*)(const char *, CompletionEntry *))dlsym(library, "rl_completion_matches");
    rl.attempted_completion = dlsym(library, "rl_attempted_completion_function");
    rl.word_breaks = dlsym(library, "rl_completer_word_break_characters");
    rl.append_character = dlsym(library, "rl_completion_append_character");
    rl.free_line_state = (void (*)(void))dlsym(library, "rl_free_line_state");
    rl.cleanup_after_signal = (void (*)(void))dlsym(library, "rl_cleanup_after_signal");
    rl.catch_signals = dlsym(library, "rl_catch_signals");
    rl.variable_value = (char *(*)(const char *))dlsym(library, "rl_variable_value");
    return rl.variable_value && rl.readline && rl.add_history && rl.read_history && rl.write_history && rl.stifle_history && rl.completion_matches && rl.attempted_completion && rl.word_breaks &&
           rl.append_character && rl.free_line_state && rl.cleanup_after_signal && rl.catch_signals;
}

// ---- Completion: names of the namespace and of builtins, attributes behind a dot, keywords
static Dict *complete_namespace;        // of the prompt that runs
static List *complete_found;            // what the present word could become, owned

static bool offer(Thread *t, const char *prefix, size_t prefix_length, const char *word, const char *start)
{
    if (strncmp(word, start, strlen(start)) != 0) return true;
    if (*start == 0 && word[0] == '_') return true;
    return list_append_owned(t, object_value(complete_found), str_format(t, "%s%s", prefix_length ? prefix : "", word));
}
static void offer_keys(Thread *t, Dict *dict, const char *start)
{
    size_t at = 0;
    Value key, value;
    while (dict_next(dict, &at, &key, &value)) {
        if (!is_str(key)) continue;
        OWN_MEMORY char *word = str_to_utf8(t, as_str(key), NULL);
        if (!word || !offer(t, "", 0, word, start)) error_clear(t);
    }
}
static void offer_attributes(Thread *t, const char *text, const char *dot)
{
    char prefix[512];
    snprintf(prefix, sizeof prefix, "%.*s", (int)(dot - text), text);
    OWN Value filename = str_from_text(t, "<completion>");
    OWN Value code = is_error(filename) ? ERROR : compile_source(t, prefix, strlen(prefix), filename, 1, 0, 0, true);
    OWN Value object = is_error(code) ? ERROR : interp_run(t, code, object_value(complete_namespace), object_value(complete_namespace));
    OWN Value attributes = is_error(object) ? ERROR : object_dir(t, object);
    snprintf(prefix, sizeof prefix, "%.*s", (int)(dot - text + 1), text);
    for (size_t i = 0; !is_error(attributes) && i < as_list(attributes)->length; i++) {
        Value name = as_list(attributes)->items[i];
        OWN_MEMORY char *word = is_str(name) ? str_to_utf8(t, as_str(name), NULL) : NULL;
        if (!word || !offer(t, prefix, 1, word, dot + 1)) error_clear(t);
    }
    error_clear(t);
}
static void find_completions(Thread *t, const char *text)
{
    // with what follows each
    static const char *const keywords[] = {"False", "None", "True", "and ", "as ", "assert ", "async ", "await ", "break", "class ", "continue", 
        "def ", "del ", "elif ", "else", "except ", "finally:", "for ", "from ", "global ", "if ", "import ", "in ", "is ", "lambda ", "nonlocal ", 
        "not ", "or ", "pass", "raise ", "return ", "try:", "while ", "with ", "yield "};
    const char *dot = strrchr(text, '.');
    for (const char *c = text; dot && c < dot; c++)        // only plain dotted names: evaluating a call could do anything
        if (!isalnum((unsigned char)*c) && *c != '_' && *c != '.' && !(*c & 0x80)) return;
    if (dot) {
        offer_attributes(t, text, dot);
        return;
    }
    offer_keys(t, complete_namespace, text);
    offer_keys(t, t->interp->builtins, text);
    for (size_t i = 0; i < COUNT_OF(keywords); i++)
        if (*text && !offer(t, "", 0, keywords[i], text)) error_clear(t);
}
static char *next_completion(const char *text, int state)
{
    static size_t at;
    if (state == 0) at = 0;
    if (!complete_found || at >= complete_found->length) return NULL;
    Thread *t = thread_current();
    OWN_MEMORY char *word = str_to_utf8(t, as_str(complete_found->items[at++]), NULL);
    return word ? strdup(word) : (error_clear(t), NULL);
}
MOVES_GIL static char **complete(const char *text, int start, int end)
{
    Thread *t = thread_current();
    gil_acquire(t, GIL_READ);
    Value pending = error_take(t);
    OWN Value found = list_new(t, 16);
    char **matches = NULL;
    if (!is_error(found)) {
        complete_found = as_list(found);
        if (end - start == 0 && start == 0) {
            if (!list_append_owned(t, found, str_from_text(t, "    "))) error_clear(t);     // Tab at the start of a line indents
        } else {
            find_completions(t, text);
        }
        *rl.append_character = 0;
        matches = rl.completion_matches(text, next_completion);
        complete_found = NULL;
    }
    error_clear(t);
    error_restore(t, pending);
    clear(&found);
    gil_release(t, GIL_READ);
    return matches;
}

// ---- Reading a line
static sigjmp_buf interrupted;
static volatile sig_atomic_t reading;
static void on_interrupt(int number)
{
    if (reading) siglongjmp(interrupted, 1);
}

typedef enum LineEnd { LINE_READ, LINE_END, LINE_INTERRUPTED } LineEnd;

// The wait itself, outside the GIL: Ctrl-C jumps out of readline, which holds nothing of ours.
static LineEnd wait_for_line(const char *prompt, char **line)
{
    struct sigaction action = {.sa_handler = on_interrupt}, before;
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, &before);
    LineEnd end;
    if (sigsetjmp(interrupted, 1)) {
        reading = 0;
        rl.free_line_state();
        rl.cleanup_after_signal();
        *line = NULL;
        end = LINE_INTERRUPTED;
    } else {
        reading = 1;
        *line = rl.readline(prompt);
        reading = 0;
        end = *line ? LINE_READ : LINE_END;
    }
    sigaction(SIGINT, &before, NULL);
    return end;
}
static LineEnd wait_for_plain_line(const char *prompt, char **line)
{
    size_t capacity = 0;
    fputs(prompt, stderr);
    fflush(stderr);
    *line = NULL;
    ssize_t length = getline(line, &capacity, stdin);
    if (length < 0) {
        free(*line);
        *line = NULL;
        return LINE_END;
    }
    if (length && (*line)[length - 1] == '\n') (*line)[length - 1] = 0;
    return LINE_READ;
}
static LineEnd read_line(Thread *t, const char *prompt, char **line)
{
    LineEnd end;
    BLOCKING(t, GIL_READ, end = rl.readline ? wait_for_line(prompt, line) : wait_for_plain_line(prompt, line));
    return end;
}

// sys.ps1 or sys.ps2 as text for a prompt.
static void prompt_text(Thread *t, Str *name, const char *otherwise, char *out, size_t size)
{
    Value prompt = dict_get_str(t->interp->sys, name);
    OWN Value text = is_unbound(prompt) ? str_from_text(t, otherwise) : object_str(t, prompt);
    OWN_MEMORY char *utf8 = is_error(text) ? NULL : str_to_utf8(t, as_str(text), NULL);
    snprintf(out, size, "%s", utf8 ? utf8 : "");
    error_clear(t);
}

// ---- Statements
typedef struct Source { char *text; size_t length, capacity; } Source;
static bool source_add(Source *s, const char *line)
{
    size_t length = strlen(line);
    if (s->length + length + 2 > s->capacity) {
        size_t capacity = (s->length + length + 2) * 2;
        char *text = realloc(s->text, capacity);
        if (!text) return false;
        s->text = text;
        s->capacity = capacity;
    }
    memcpy(s->text + s->length, line, length);
    s->length += length;
    s->text[s->length++] = '\n';
    s->text[s->length] = 0;
    return true;
}
static bool is_blank(const char *line)
{
    while (*line == ' ' || *line == '\t' || *line == '\f') line++;
    return *line == 0 || *line == '#';
}

typedef enum Outcome { RAN, FAILED, WANTS_MORE, LEFT } Outcome;

static bool begins_with_word(const char *text, const char *word)
{
    size_t length = strlen(word);
    return strncmp(text, word, length) == 0 && !isalnum((unsigned char)text[length]) && text[length] != '_' && !(text[length] & 0x80);
}

// A compound statement at the prompt ends with an empty line, even one that fits a line. The soft keyword `match` begins
// one if lines follow it that are indented, or will be.
static bool wants_more(const Source *s, const char *last_line)
{
    static const char *const words[] = {"if", "for", "while", "try", "with", "def", "class", "async", "@"};
    if (*last_line == 0) return false;
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (*words[i] == '@' ? s->text[0] == '@' : begins_with_word(s->text, words[i])) return true;
    const char *second = memchr(s->text, '\n', s->length);
    bool several = second && second + 1 < s->text + s->length;
    return begins_with_word(s->text, "match") && several && (last_line[0] == ' ' || last_line[0] == '\t');
}

// Did compiling fail only because the text ends too early?
static bool is_incomplete(Thread *t)
{
    if (!error_matches(t, &exc_SyntaxError)) return false;
    Value message = exception_fields(t->pending)[SYNTAX_MSG];
    return is_str(message) && str_equal_text(as_str(message), "incomplete input");
}

// Did compiling fail because a bracket, a string or a line with a backslash is open? An empty line ends none of these, but it ends a statement.
static bool is_open(Thread *t)
{
    static const char *const open[] = {"was never closed", "unterminated triple-quoted", "unexpected EOF"};
    if (!error_matches(t, &exc_SyntaxError)) return false;
    Value message = exception_fields(t->pending)[SYNTAX_MSG];
    OWN_MEMORY char *text = is_str(message) ? str_to_utf8(t, as_str(message), NULL) : NULL;
    for (size_t i = 0; text && i < COUNT_OF(open); i++)
        if (strstr(text, open[i])) return true;
    return false;
}

static Outcome run_source(Thread *t, const Source *s, const char *last_line, Dict *namespace, int *status)
{
    OWN Value filename = str_from_text(t, "<stdin>");
    if (is_error(filename)) return FAILED;
    OWN Value code = compile_source(t, s->text, s->length, filename, 2, COMPILE_ALLOW_INCOMPLETE, interp_optimize(t), false);
    bool incomplete = is_error(code) && is_incomplete(t);
    if (incomplete && *last_line == 0) {
        error_clear(t);
        assign(&code, compile_source(t, s->text, s->length, filename, 2, 0, interp_optimize(t), false));
        incomplete = is_error(code) && is_open(t);
    }
    if (incomplete || (!is_error(code) && wants_more(s, last_line))) {
        if (is_error(code)) error_clear(t);
        return WANTS_MORE;
    }
    OWN Value result = is_error(code) ? ERROR : interp_run(t, code, object_value(namespace), object_value(namespace));
    if (!is_error(result)) return RAN;
    if (error_matches(t, &exc_SystemExit)) {
        *status = program_report(t);
        return LEFT;
    }
    program_report(t);
    return FAILED;
}

static void say_hello(const Options *options)
{
    if (options->quiet || options->mode != RUN_PROMPT) return;
    fprintf(stderr, "Python 3.11.2 (Baton 0.1.0) on linux\nType \"help\", \"copyright\", \"credits\" or \"license\" for more information.\n");
}

static void start_readline(Thread *t, Dict *namespace)
{
    if (!isatty(0) || !isatty(1) || !load_readline()) {
        rl.readline = NULL;
        return;
    }
    const char *home = getenv("HOME");
    if (home) snprintf(history_path, sizeof history_path, "%s/.baton_history", home);
    if (*history_path) rl.read_history(history_path);
    rl.stifle_history(HISTORY_LINES);
    complete_namespace = namespace;
    *rl.attempted_completion = complete;
    *rl.word_breaks = " \t\n`~!@#$%^&*()-=+[{]}\\|;:'\",<>/?";
    *rl.catch_signals = 0;
}

// At the end of input readline goes to the next line where it brackets what is pasted, and only there.
static bool has_left_line(void)
{
    const char *bracketed = rl.readline ? rl.variable_value("enable-bracketed-paste") : NULL;
    return bracketed && strcmp(bracketed, "on") == 0;
}

// Reads and runs one statement.
static Outcome one_statement(Thread *t, Dict *namespace, int *status)
{
    Source source = {0};
    Outcome outcome = WANTS_MORE;
    char prompt[256];
    prompt_text(t, NAME(ps1), ">>> ", prompt, sizeof prompt);
    while (outcome == WANTS_MORE) {
        char *line;
        if (!program_flush(t)) break;
        LineEnd end = read_line(t, prompt, &line);
        if (end == LINE_INTERRUPTED) {
            fputs("\nKeyboardInterrupt\n", stderr);
            outcome = FAILED;
        } else if (end == LINE_END) {
            outcome = source.length ? run_source(t, &source, "", namespace, status) : LEFT;
            if (outcome == LEFT && source.length == 0 && !has_left_line()) fputc('\n', stderr);
        } else {
            if (rl.readline && *line) rl.add_history(line);
            if (source.length == 0 && is_blank(line)) outcome = RAN;
            else outcome = source_add(&source, line) ? run_source(t, &source, line, namespace, status) : FAILED;
            free(line);
        }
        prompt_text(t, NAME(ps2), "... ", prompt, sizeof prompt);
    }
    free(source.text);
    return outcome;
}

// PYTHONSTARTUP: a file that is run in the namespace of the prompt, before it. What fails in it is told.
static void run_startup(Thread *t, Dict *namespace, const Options *options)
{
    const char *path = options->ignore_environment ? NULL : getenv("PYTHONSTARTUP");
    if (!path || !*path) return;
    OWN Value name = str_from_os(t, path, strlen(path));
    OWN Value source = is_error(name) ? ERROR : interp_read_file(t, path, name);
    if (is_error(source)) {
        OWN Value error = error_take(t);
        Value number = is_instance_of(error, &exc_OSError) ? exception_fields(error)[OS_ERROR_ERRNO] : NONE;
        int code = is_small_int(number) ? (int)as_small_int(number) : EIO;
        fprintf(stderr, "Could not open PYTHONSTARTUP\n%s: [Errno %d] %s: '%s'\n", type_of(error)->name, code, strerror(code), path);
        return;
    }
    OWN Value code = compile_source(t, bytes_data(source), bytes_length(source), name, 0, 0, interp_optimize(t), false);
    OWN Value result = is_error(code) ? ERROR : interp_run(t, code, object_value(namespace), object_value(namespace));
    if (is_error(result)) program_report(t);
}

int repl_run(Thread *t, Dict *namespace, const Options *options)
{
    int status = 0;
    OWN Value first = str_from_text(t, ">>> ");
    OWN Value second = str_from_text(t, "... ");
    if (is_error(first) || is_error(second) || !dict_set_str(t, t->interp->sys, NAME(ps1), first) || !dict_set_str(t, t->interp->sys, NAME(ps2), second)) return program_report(t);
    start_readline(t, namespace);
    say_hello(options);
    t->interp->options->inspect = 0;         // from here on exit() leaves
    if (options->mode == RUN_PROMPT) run_startup(t, namespace, options);
    while (one_statement(t, namespace, &status) != LEFT) {}
    if (rl.readline && *history_path) rl.write_history(history_path);
    return status;
}
