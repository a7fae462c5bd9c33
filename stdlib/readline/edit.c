// SPDX-License-Identifier: MIT
// stdlib/readline/edit.c: reading a line, and what the library calls meanwhile.
//
// read_line() waits and edits outside the GIL; each function that the library calls takes it for as long as it runs Python. What such
// a function raises is dropped: nobody could be told in the middle of a line.
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "runtime/call.h"
#include "runtime/heap.h"
#include "runtime/lock.h"
#include "runtime/types/int.h"
#include "runtime/types/list.h"
#include "runtime/types/str.h"
#include "stdlib/readline/readline.h"

static Thread *editor;                    // who is inside read_line(), or NULL
static WaitLock editing;                  // held by it
static bool keeps_history = true;         // a line that was read is put behind the last one
static rl_completion_func_t *completion_before;    // the prompt's own, for when no completer is set
static int begin_index, end_index;        // of the word being completed, in characters

bool readline_available(Thread *t)
{
    return !editor || editor == t ? true : error_false(raise_error(t, &exc_RuntimeError, "another thread is editing a line"));
}
char *readline_text(Thread *t, Value v)
{
    if (!is_str(v)) return error_null(raise_type_error(t, "a str is required, not '%T'", v));
    char *text = str_to_os(t, as_str(v), NULL);
    if (!text && !error_matches(t, &exc_UnicodeError) && error_clear_if(t, &exc_ValueError)) raise_value_error(t, "embedded null character");
    return text;
}

// ---- Called by the library, outside the GIL
#define IN_PYTHON(t, statement) \
    do { \
        gil_acquire(t, GIL_READ); \
        Value pending_ = error_take(t); \
        statement; \
        error_clear(t); \
        error_restore(t, pending_); \
        gil_release(t, GIL_READ); \
    } while (0)

NEEDS_GIL static int call_hook(Thread *t, enum ModuleSlot slot)
{
    Value hook = t->interp->module_slots[slot];
    if (is_unbound(hook)) return 0;
    OWN Value f = retain(hook);
    OWN Value result = call0(t, f);
    int number = 0;
    if (is_error(result) || is_none(result) || !int_as_int(t, result, &number)) return 0;
    return number;
}
MOVES_GIL static int on_startup(void)
{
    Thread *t = thread_current();
    int result = 0;
    IN_PYTHON(t, result = call_hook(t, SLOT_READLINE_STARTUP_HOOK));
    return result;
}
MOVES_GIL static int on_pre_input(void)
{
    Thread *t = thread_current();
    int result = 0;
    IN_PYTHON(t, result = call_hook(t, SLOT_READLINE_INPUT_HOOK));
    return result;
}
NEEDS_GIL static char *ask_completer(Thread *t, const char *word, int state)
{
    OWN Value completer = retain(t->interp->module_slots[SLOT_READLINE_COMPLETER]);
    if (is_unbound(completer)) return NULL;
    OWN Value text = str_from_os(t, word, strlen(word));
    OWN Value found = is_error(text) ? ERROR : call2(t, completer, text, small_int(state));
    OWN_MEMORY char *match = is_error(found) || !is_str(found) ? NULL : readline_text(t, found);
    return match ? strdup(match) : NULL;
}
MOVES_GIL static char *on_word(const char *word, int state)
{
    Thread *t = thread_current();
    char *match = NULL;
    IN_PYTHON(t, match = ask_completer(t, word, state));
    return match;
}
// Characters of the line before a place that is counted in bytes.
NEEDS_GIL static int characters_before(Thread *t, int place)
{
    OWN Value text = str_from_os(t, rl_line_buffer, (size_t)place);
    return is_error(text) ? place : (int)as_str(text)->length;
}
MOVES_GIL static char **on_completion(const char *word, int start, int end)
{
    Thread *t = thread_current();
    if (is_unbound(t->interp->module_slots[SLOT_READLINE_COMPLETER])) return completion_before ? completion_before(word, start, end) : NULL;
    IN_PYTHON(t, {
        begin_index = characters_before(t, start);
        end_index = characters_before(t, end);
    });
    rl_completion_append_character = 0;
    rl_completion_suppress_append = 0;
    return rl_completion_matches(word, on_word);
}
NEEDS_GIL static void show_matches(Thread *t, char **matches, int count, int longest)
{
    OWN Value hook = retain(t->interp->module_slots[SLOT_READLINE_DISPLAY_HOOK]);
    OWN Value list = list_new(t, (size_t)count);
    OWN Value word = str_from_os(t, matches[0], strlen(matches[0]));
    if (is_unbound(hook) || is_error(list) || is_error(word)) return;
    for (int i = 1; i <= count; i++)
        if (!list_append_owned(t, list, str_from_os(t, matches[i], strlen(matches[i])))) return;
    OWN Value done = call3(t, hook, word, list, small_int(longest));
    if (is_error(done)) error_clear(t);
}
MOVES_GIL static void on_matches(char **matches, int count, int longest)
{
    Thread *t = thread_current();
    IN_PYTHON(t, show_matches(t, matches, count, longest));
}

// ---- Reading a line
static char *line_read;
static bool line_whole;
static void on_line(char *line)
{
    line_read = line;
    line_whole = true;
    rl_callback_handler_remove();
}
// Edits until the line is whole (true) or a signal comes. Outside the GIL.
static bool edit(void)
{
    struct pollfd input = {.fd = fileno(rl_instream ? rl_instream : stdin), .events = POLLIN};
    while (!line_whole) {
        if (poll(&input, 1, -1) < 0) return false;
        rl_callback_read_char();
    }
    return true;
}
static void remember(const char *line)
{
    HIST_ENTRY *last = history_length > 0 ? history_get(history_base + history_length - 1) : NULL;
    if (keeps_history && *line && (!last || strcmp(last->line, line) != 0)) add_history(line);
}
static ReadLineEnd edit_line(Thread *t, const char *prompt, char **line)
{
    line_whole = false;
    line_read = NULL;
    rl_instream = stdin;
    rl_outstream = stdout;
    BLOCKING(t, GIL_READ, rl_callback_handler_install(prompt, on_line));
    for (;;) {
        bool whole;
        BLOCKING(t, GIL_READ, whole = edit());
        if (whole) break;
        if (signals_poll(t)) continue;
        rl_free_line_state();
        rl_callback_sigcleanup();
        rl_cleanup_after_signal();
        rl_callback_handler_remove();
        return READ_LINE_RAISED;
    }
    *line = line_read;
    if (!line_read) return READ_LINE_AT_END;
    remember(line_read);
    return READ_LINE_DONE;
}
static ReadLineEnd read_line(Thread *t, const char *prompt, char **line)
{
    if (editor == t) {
        raise_error(t, &exc_RuntimeError, "can't re-enter readline");
        return READ_LINE_RAISED;
    }
    if (wait_lock_acquire(t, &editing, -1, GIL_LOCK, "the terminal") < 0) return READ_LINE_RAISED;
    editor = t;
    ReadLineEnd end = edit_line(t, prompt, line);
    editor = NULL;
    wait_lock_release(&editing);
    return end;
}
void readline_install(Thread *t)
{
    if (!rl_attempted_completion_function || rl_attempted_completion_function == on_completion) {
        // No prompt of ours is there: Tab is a character until the program asks for completion.
        rl_bind_key('\t', rl_insert);
        rl_bind_key_in_map('\t', rl_complete, emacs_meta_keymap);
        rl_bind_key_in_map('\033', rl_complete, emacs_meta_keymap);
        if (!rl_attempted_completion_function) wait_lock_start(&editing);
    } else {
        completion_before = rl_attempted_completion_function;
        wait_lock_start(&editing);
    }
    rl_attempted_completion_function = on_completion;
    rl_startup_hook = on_startup;
    rl_pre_input_hook = on_pre_input;
    t->interp->up.read_line = read_line;
}

// ---- Functions
static Value set_hook(Thread *t, enum ModuleSlot slot, Value f, const char *function)
{
    if (!readline_available(t)) return ERROR;
    if (!is_none(f) && !object_is_callable(f)) return raise_type_error(t, "%s(func): argument not callable", function);
    assign(&t->interp->module_slots[slot], is_none(f) ? UNBOUND : retain(f));
    return NONE;
}
static Value set_startup_hook(Thread *t, Value module, const Value *args) { return set_hook(t, SLOT_READLINE_STARTUP_HOOK, args[0], "set_startup_hook"); }
static Value set_pre_input_hook(Thread *t, Value module, const Value *args) { return set_hook(t, SLOT_READLINE_INPUT_HOOK, args[0], "set_pre_input_hook"); }
static Value set_completer(Thread *t, Value module, const Value *args) { return set_hook(t, SLOT_READLINE_COMPLETER, args[0], "set_completer"); }
static Value set_display_hook(Thread *t, Value module, const Value *args)
{
    Value done = set_hook(t, SLOT_READLINE_DISPLAY_HOOK, args[0], "set_completion_display_matches_hook");
    if (!is_error(done)) rl_completion_display_matches_hook = is_none(args[0]) ? NULL : on_matches;
    return done;
}
static Value get_completer(Thread *t, Value module, const Value *args)
{
    Value completer = t->interp->module_slots[SLOT_READLINE_COMPLETER];
    return is_unbound(completer) ? NONE : retain(completer);
}
static Value set_auto_history(Thread *t, Value module, const Value *args)
{
    int truth = object_truth(t, args[0]);
    if (truth < 0) return ERROR;
    keeps_history = truth;
    return NONE;
}
static Value get_begin(Thread *t, Value module, const Value *args) { return small_int(begin_index); }
static Value get_end(Thread *t, Value module, const Value *args) { return small_int(end_index); }
static Value get_completion_type(Thread *t, Value module, const Value *args) { return small_int(rl_completion_type); }
static Value get_line_buffer(Thread *t, Value module, const Value *args)
{
    if (!readline_available(t)) return ERROR;
    return rl_line_buffer ? str_from_os(t, rl_line_buffer, strlen(rl_line_buffer)) : object_value(str_empty);
}
static Value insert_text(Thread *t, Value module, const Value *args)
{
    OWN_MEMORY char *text = readline_available(t) ? readline_text(t, args[0]) : NULL;
    if (!text) return ERROR;
    rl_insert_text(text);
    return NONE;
}
static Value redisplay(Thread *t, Value module, const Value *args)
{
    if (!readline_available(t)) return ERROR;
    rl_redisplay();
    return NONE;
}
const Method readline_edit_functions[] = {
    {"set_startup_hook", set_startup_hook, "(function=None, /)", "Have a function called before the prompt is shown; None: none."},
    {"set_pre_input_hook", set_pre_input_hook, "(function=None, /)", "Have a function called once the prompt is shown, before the first character is read; None: none."},
    {"set_completer", set_completer, "(function=None, /)", "Have function(text, state) called for state 0, 1, 2 … until it gives no str: the ways to complete text."},
    {"get_completer", get_completer, "()", "The function that completes, or None."},
    {"set_completion_display_matches_hook", set_display_hook, "(function=None, /)", "Have function(substitution, matches, longest_match_length) show the ways to complete."},
    {"set_auto_history", set_auto_history, "(enabled, /)", "Whether a line that was read goes to the history."},
    {"get_begidx", get_begin, "()", "Where the word begins that is being completed."},
    {"get_endidx", get_end, "()", "Where the word ends that is being completed."},
    {"get_completion_type", get_completion_type, "()", "Which kind of completion is under way: the number of a character."},
    {"get_line_buffer", get_line_buffer, "()", "The line that is being edited."},
    {"insert_text", insert_text, "(string, /)", "Put text where the cursor is."},
    {"redisplay", redisplay, "()", "Show the line as it is now."},
    {0},
};
