// SPDX-License-Identifier: MIT
// stdlib/builtins/text.c: print and input: through the methods of whatever sys.stdout and sys.stdin are now.
#include <stdlib.h>
#include <unistd.h>

#include "runtime/heap.h"
#include "runtime/types/dict.h"
#include "runtime/types/int.h"
#include "runtime/types/str.h"
#include "runtime/types/tuple.h"
#include "stdlib/builtins/functions.h"

// sys.<name>, kept for the caller; UNBOUND when sys has none.
static Value sys_stream(Thread *t, Str *name) { return t->interp->sys ? retain(dict_get_str(t->interp->sys, name)) : UNBOUND; }

static bool check_text(Thread *t, const char *name, Value v)
{
    if (is_none(v) || is_str(v)) return true;
    return error_false(raise_type_error(t, "%s must be None or a string, not %.200T", name, v));
}

static bool write_text(Thread *t, Value write, Value text)
{
    OWN Value written = call1(t, write, text);
    return !is_error(written);
}

static bool flush(Thread *t, Value file)
{
    OWN Value done = call_method0(t, file, NAME(flush));
    return !is_error(done);
}

static bool write_one(Thread *t, Value write, Value item)
{
    OWN Value text = object_str(t, item);
    return !is_error(text) && write_text(t, write, text);
}

// args: sep, end, file, flush, the tuple of items
Value builtin_print(Thread *t, Value module, const Value *args)
{
    Value sep = args[0], end = args[1];
    Tuple *items = as_tuple(args[4]);
    OWN Value file = is_none(args[2]) ? sys_stream(t, NAME(stdout)) : retain(args[2]);
    if (is_unbound(file) && t->interp->sys) return raise_error(t, &exc_RuntimeError, "lost sys.stdout");
    if (is_unbound(file) || is_none(file)) return NONE;      // unbound: the very end, where a finalizer prints
    if (!check_text(t, "sep", sep) || !check_text(t, "end", end)) return ERROR;
    OWN Value write = object_get_attr(t, file, NAME(write));
    if (is_error(write)) return ERROR;
    OWN Value space = is_none(sep) && items->length > 1 ? str_from_ascii(t, " ", 1) : retain(sep);
    if (is_error(space)) return ERROR;
    for (size_t i = 0; i < items->length; i++) {
        if (i && !write_text(t, write, space)) return ERROR;
        if (!write_one(t, write, items->items[i])) return ERROR;
    }
    OWN Value last = is_none(end) ? str_from_ascii(t, "\n", 1) : retain(end);
    if (is_error(last)) return ERROR;
    if (!write_text(t, write, last)) return ERROR;
    int flushes = object_truth(t, args[3]);
    if (flushes < 0 || (flushes && !flush(t, file))) return ERROR;
    return NONE;
}

// A line as readline() gave it, without its end.
static Value without_newline(Thread *t, TAKES Value line)
{
    OWN Value owned = line;
    if (is_error(owned)) return ERROR;
    if (!is_str(owned)) return raise_type_error(t, "object.readline() returned non-string");
    size_t length = as_str(owned)->length;
    if (length == 0) return raise_error(t, &exc_EOFError, "EOF when reading a line");
    if (str_at(as_str(owned), length - 1) != '\n') return MOVE(owned);
    return str_substring(t, as_str(owned), 0, length - 1);
}

// Whether the stream is the terminal that the C library has as `fd`.
static bool is_terminal(Thread *t, Value stream, int fd)
{
    OWN Value number = call_method0(t, stream, NAME(fileno));
    if (is_error(number)) error_clear(t);
    return is_small_int(number) && as_small_int(number) == fd && isatty(fd);
}
// A line edited at the terminal, in the streams' own encoding.
static Value edited_line(Thread *t, Value in, Value out, Value prompt)
{
    OWN Value text = is_unbound(prompt) ? object_value(str_empty) : object_str(t, prompt);
    if (is_error(text) || !flush(t, out)) return ERROR;
    OWN_MEMORY char *words = str_to_os(t, as_str(text), NULL);
    if (!words) return error_clear_if(t, &exc_ValueError) ? raise_value_error(t, "input: prompt string cannot contain null characters") : ERROR;
    char *line = NULL;
    ReadLineEnd end = t->interp->up.read_line(t, words, &line);
    if (end == READ_LINE_RAISED) return ERROR;
    if (end == READ_LINE_AT_END) {
        Value error = call0(t, type_value(&exc_EOFError));
        return is_error(error) ? ERROR : raise_exception(t, error);
    }
    Value read = str_from_os(t, line, strlen(line));
    free(line);
    return read;
}

Value builtin_input(Thread *t, Value module, const Value *args)
{
    OWN Value in = sys_stream(t, NAME(stdin));
    OWN Value out = sys_stream(t, NAME(stdout));
    OWN Value err = sys_stream(t, NAME(stderr));
    if (is_unbound(in) || is_none(in)) return raise_error(t, &exc_RuntimeError, "input(): lost sys.stdin");
    if (is_unbound(out) || is_none(out)) return raise_error(t, &exc_RuntimeError, "input(): lost sys.stdout");
    if (is_unbound(err) || is_none(err)) return raise_error(t, &exc_RuntimeError, "input(): lost sys.stderr");
    if (!flush(t, err)) error_clear(t);
    if (t->interp->up.read_line && is_terminal(t, in, STDIN_FILENO) && is_terminal(t, out, STDOUT_FILENO)) return edited_line(t, in, out, args[0]);
    if (!is_unbound(args[0])) {
        OWN Value write = object_get_attr(t, out, NAME(write));
        if (is_error(write) || !write_one(t, write, args[0])) return ERROR;
    }
    if (!flush(t, out)) error_clear(t);
    return without_newline(t, call_method0(t, in, NAME(readline)));
}
