// SPDX-License-Identifier: MIT
// stdlib/readline/history.c: the lines that were entered, and the files that they are kept in.
#include <errno.h>
#include <stdlib.h>

#include "runtime/heap.h"
#include "runtime/types/int.h"
#include "runtime/types/str.h"
#include "stdlib/filename.h"
#include "stdlib/readline/readline.h"

static int file_length = -1;      // lines that a file is cut to when it was written; negative: all stay

static Value add(Thread *t, Value module, const Value *args)
{
    OWN_MEMORY char *line = readline_available(t) ? readline_text(t, args[0]) : NULL;
    if (!line) return ERROR;
    add_history(line);
    return NONE;
}
static Value clear_all(Thread *t, Value module, const Value *args)
{
    if (!readline_available(t)) return ERROR;
    clear_history();
    return NONE;
}
static Value get_item(Thread *t, Value module, const Value *args)
{
    int index;
    if (!readline_available(t) || !int_as_int(t, args[0], &index)) return ERROR;
    HIST_ENTRY *entry = history_get(index);
    return entry ? str_from_os(t, entry->line, strlen(entry->line)) : NONE;
}
static Value current_length(Thread *t, Value module, const Value *args) { return readline_available(t) ? small_int(history_length) : ERROR; }

static void free_entry(HIST_ENTRY *entry)
{
    if (entry) free(free_history_entry(entry));
}
static bool place_from(Thread *t, Value v, int *place)
{
    if (!int_as_int(t, v, place)) return false;
    if (*place < 0) return error_false(raise_value_error(t, "History index cannot be negative"));
    return true;
}
static Value remove_item(Thread *t, Value module, const Value *args)
{
    int place;
    if (!readline_available(t) || !place_from(t, args[0], &place)) return ERROR;
    HIST_ENTRY *entry = remove_history(place);
    if (!entry) return raise_value_error(t, "No history item at position %d", place);
    free_entry(entry);
    return NONE;
}
static Value replace_item(Thread *t, Value module, const Value *args)
{
    int place;
    if (!readline_available(t) || !place_from(t, args[0], &place)) return ERROR;
    OWN_MEMORY char *line = readline_text(t, args[1]);
    if (!line) return ERROR;
    HIST_ENTRY *before = replace_history_entry(place, line, NULL);
    if (!before) return raise_value_error(t, "No history item at position %d", place);
    free_entry(before);
    return NONE;
}

// ---- Files. The library reads and writes them under the GIL, for they are small and the list is its own. No name: ~/.history.
static bool name_from(Thread *t, Value v, char **name)
{
    *name = NULL;
    return is_none(v) || (*name = filename_from(t, v));
}
static Value read_file(Thread *t, Value module, const Value *args)
{
    OWN_MEMORY char *name = NULL;
    if (!readline_available(t) || !name_from(t, args[0], &name)) return ERROR;
    int failed = read_history(name);
    return failed ? raise_errno(t, failed) : NONE;
}
static Value write_done(Thread *t, const char *name, int failed)
{
    if (!failed && file_length >= 0) history_truncate_file(name, file_length);
    return failed ? raise_errno(t, failed) : NONE;
}
static Value write_file(Thread *t, Value module, const Value *args)
{
    OWN_MEMORY char *name = NULL;
    if (!readline_available(t) || !name_from(t, args[0], &name)) return ERROR;
    return write_done(t, name, write_history(name));
}
static Value append_file(Thread *t, Value module, const Value *args)
{
    int count;
    OWN_MEMORY char *name = NULL;
    if (!readline_available(t) || !int_as_int(t, args[0], &count) || !name_from(t, args[1], &name)) return ERROR;
    if (count < 0) count = 0;
    return write_done(t, name, append_history(count < history_length ? count : history_length, name));
}
static Value get_length(Thread *t, Value module, const Value *args) { return small_int(file_length); }
static Value set_length(Thread *t, Value module, const Value *args) { return int_as_int(t, args[0], &file_length) ? NONE : ERROR; }

const Method readline_history_functions[] = {
    {"add_history", add, "(string, /)", "Put a line behind the last of the history."},
    {"clear_history", clear_all, "()", "Forget every line of the history."},
    {"get_history_item", get_item, "(index, /)", "The line of that number, from 1 on, or None."},
    {"get_current_history_length", current_length, "()", "How many lines the history has."},
    {"remove_history_item", remove_item, "(pos, /)", "Take away the line at a place, counted from 0."},
    {"replace_history_item", replace_item, "(pos, line, /)", "Put another line at a place, counted from 0."},
    {"read_history_file", read_file, "(filename=None, /)", "Add the lines of a file, ~/.history if none is named."},
    {"write_history_file", write_file, "(filename=None, /)", "Write the lines to a file, ~/.history if none is named."},
    {"append_history_file", append_file, "(nelements, filename=None, /)", "Add the last lines to a file, ~/.history if none is named."},
    {"get_history_length", get_length, "()", "How many lines a file is cut to; negative: it is not."},
    {"set_history_length", set_length, "(length, /)", "Cut a file to so many lines when it is written; negative: to none."},
    {0},
};
