// SPDX-License-Identifier: MIT
// interp/traceback_format.c: the text of an exception nobody caught, to the letter as CPython 3.11 prints it.
//
// Exceptions in a group are printed with a margin; `depth` counts how deep. An exception that was printed already as a
// cause or context is not printed again.
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "interp/parser.h"
#include "interp/source.h"
#include "interp/suggest.h"
#include "interp/traceback.h"
#include "runtime/call.h"
#include "runtime/error.h"
#include "runtime/heap.h"
#include "runtime/types/exception.h"
#include "runtime/types/int.h"
#include "runtime/types/list.h"
#include "runtime/types/set.h"

enum { GROUP_WIDTH = 15, GROUP_DEPTH = 10, SAME_LINES = 3 };

typedef struct Printer {
    Thread *t;
    StrBuilder out;
    Value seen;             // set of the identities of exceptions printed
    int depth;
    bool need_close;
    Str *filename;          // whose text is in `source`
    Arena arena;
    bool loaded;
    struct Source source;
    int nesting;
} Printer;

static void put(Printer *p, const char *text) { builder_add_text(&p->out, text); }
static void put_str(Printer *p, Str *s) { builder_add_str(&p->out, s); }
static void put_indent(Printer *p) { builder_add_repeat(&p->out, ' ', (size_t)(2 * p->depth)); }
static void put_margin(Printer *p)
{
    put_indent(p);
    if (p->depth) put(p, "| ");
}
static void put_format(Printer *p, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    OWN Value s = str_format_va(p->t, format, list);
    va_end(list);
    if (is_error(s)) error_clear(p->t);
    else put_str(p, as_str(s));
}

// Borrowed; UNBOUND also when the interpreter has let go of sys already.
static Value sys_value(Thread *t, Str *name) { return t->interp->sys ? dict_get_str(t->interp->sys, name) : UNBOUND; }

// ---- source lines

static char *read_file(Thread *t, Str *filename, size_t *length)
{
    OWN_MEMORY char *path = str_to_os(t, filename, NULL);
    if (!path) {
        error_clear(t);
        return NULL;
    }
    char *data = NULL;
    size_t size = 0, room = 0;
    int fd;
    BLOCKING(t, GIL_OPEN, fd = open(path, O_RDONLY | O_CLOEXEC));
    if (fd < 0) return NULL;
    for (;;) {
        if (size == room) {
            char *larger = mem_reallocate(t, data, room = room ? room * 2 : 16384);
            if (!larger) {
                error_clear(t);
                break;
            }
            data = larger;
        }
        ssize_t got;
        BLOCKING(t, GIL_READ, got = read(fd, data + size, room - size));
        if (got <= 0) break;
        size += (size_t)got;
    }
    BLOCKING(t, GIL_FILE, close(fd));
    *length = size;
    return data;
}

static void load_source(Printer *p, Str *filename)
{
    if (p->filename && str_equal(p->filename, filename)) return;
    if (p->filename) arena_free(&p->arena);
    p->filename = filename;
    p->loaded = false;
    arena_init(&p->arena);
    size_t length = 0;
    if (filename->length && str_at(filename, 0) == '<') return;
    OWN_MEMORY char *data = read_file(p->t, filename, &length);
    if (!data) return;
    SyntaxFault fault;
    p->source = (struct Source){.filename = "", .mode = PARSE_EXEC};
    p->loaded = source_decode(&p->source, data, length, &p->arena, &fault);
}

static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\f'; }

// The line without white space around; *cut is how many bytes were cut in front.
static Text stripped_line(Printer *p, Str *filename, int line, size_t *cut)
{
    *cut = 0;
    load_source(p, filename);
    if (!p->loaded) return (Text){NULL, 0};
    Text text = source_line(&p->source, line);
    if (text_is_none(text)) return text;
    while (text.length && (text.bytes[text.length - 1] == '\n' || text.bytes[text.length - 1] == '\r' || is_blank(text.bytes[text.length - 1]))) text.length--;
    while (*cut < text.length && is_blank(text.bytes[*cut])) ++*cut;
    return (Text){text.bytes + *cut, text.length - *cut};
}

// ---- carets

typedef struct Anchors { size_t left, right; bool known; } Anchors;   // in bytes of the segment

static Anchors find_anchors(const char *segment, size_t length)
{
    Anchors a = {0};
    Arena arena;
    Node *tree;
    SyntaxFault fault;
    arena_init(&arena);
    if (parse_source(segment, length, "", PARSE_EXEC, PARSE_IS_STR, &arena, &tree, &fault) && AST(Module, tree)->body.count == 1
        && AST(Module, tree)->body.items[0]->kind == AST_Expr) {
        Node *e = AST(Expr, AST(Module, tree)->body.items[0])->value;
        if (e->kind == AST_BinOp && e->lineno == e->end_lineno) {
            size_t end = (size_t)AST(BinOp, e)->right->col_offset;
            for (size_t i = (size_t)AST(BinOp, e)->left->end_col_offset; i < end && !a.known; i++) {
                if (is_blank(segment[i])) continue;
                a = (Anchors){i, i + 1 + (i + 1 < end && !is_blank(segment[i + 1])), true};
            }
        } else if (e->kind == AST_Subscript) {
            a = (Anchors){(size_t)AST(Subscript, e)->value->end_col_offset, (size_t)AST(Subscript, e)->slice->end_col_offset + 1, true};
        }
    }
    arena_free(&arena);
    return a;
}

static void put_carets(Printer *p, const Code *code, uint32_t word, Text line, size_t cut)
{
    const Place *place = code_place(code, word);
    if (!place || !place->line || place->col == NO_COLUMN || place->end_col == NO_COLUMN) return;
    if (place->col < cut) return;
    size_t start = place->col - cut, end = place->end_line == place->line ? (size_t)place->end_col - (place->end_col > cut ? cut : place->end_col) : line.length;
    if (end > line.length) end = line.length;
    if (start >= end) return;
    Anchors a = {0};
    if (place->line == place->end_line) a = find_anchors(line.bytes + start, end - start);
    if (!a.known && start == 0 && end == line.length) return;
    put_margin(p);
    put(p, "    ");
    const char *at = line.bytes, *stop = line.bytes + end;
    while (at < stop) {
        size_t offset = (size_t)(at - line.bytes);
        bool primary = !a.known || (offset >= a.left + start && offset < a.right + start);
        utf8_next(&at, stop);
        builder_add(&p->out, offset < start ? ' ' : primary ? '^' : '~');
    }
    put(p, "\n");
}

// ---- tracebacks

static void put_entry(Printer *p, const Traceback *tb)
{
    const Code *code = tb->frame->frame->code;
    if (!code) return;
    put_margin(p);
    put_format(p, "  File \"%U\", line %d, in %U\n", code->filename, tb->line, code->name);
    size_t cut;
    Text line = stripped_line(p, code->filename, tb->line, &cut);
    if (text_is_none(line) || !line.length) return;
    put_margin(p);
    put(p, "    ");
    OWN Value text = str_from_wtf8(p->t, line.bytes, line.length);
    if (is_error(text)) error_clear(p->t);
    else put_str(p, as_str(text));
    put(p, "\n");
    put_carets(p, code, tb->word, line, cut);
}

static void put_repeated(Printer *p, long count)
{
    count -= SAME_LINES;
    put_margin(p);
    put_format(p, count == 1 ? "  [Previous line repeated %ld more time]\n" : "  [Previous line repeated %ld more times]\n", count);
}

static void put_traceback(Printer *p, Value first, bool group)
{
    put_indent(p);
    if (p->depth) put(p, group && p->depth == 1 ? "+ " : "| ");
    put(p, group ? "Exception Group Traceback (most recent call last):\n" : "Traceback (most recent call last):\n");
    const Code *last = NULL;
    int last_line = -1;
    long same = 0;
    OWN Value limit_value = retain(sys_value(p->t, NAME(tracebacklimit)));
    int64_t limit = is_small_int(limit_value) ? as_small_int(limit_value) : INT64_MAX, depth = 0;
    for (Value v = first; is_object(v); v = ((Traceback *)as_object(v))->next) depth++;
    for (Value v = first; is_object(v); v = ((Traceback *)as_object(v))->next) {
        if (depth-- > limit) continue;
        const Traceback *tb = (Traceback *)as_object(v);
        const Code *code = tb->frame->frame->code;
        bool again = last && code && tb->line == last_line && str_equal(code->filename, last->filename) && str_equal(code->name, last->name);
        if (!again) {
            if (same > SAME_LINES) put_repeated(p, same);
            same = 0;
        }
        last = code;
        last_line = tb->line;
        if (++same <= SAME_LINES) put_entry(p, tb);
    }
    if (same > SAME_LINES) put_repeated(p, same);
}

// ---- SyntaxError

static Str *field_str(Value exception, int field)
{
    Value v = exception_fields(exception)[field];
    return is_str(v) ? as_str(v) : NULL;
}
static int64_t field_int(Value exception, int field, int64_t otherwise)
{
    Value v = exception_fields(exception)[field];
    return is_small_int(v) ? as_small_int(v) : otherwise;
}

static void put_syntax_place(Printer *p, Value e)
{
    Value file = exception_fields(e)[SYNTAX_FILENAME];
    int64_t line = field_int(e, SYNTAX_LINENO, 0);
    put_margin(p);
    if (is_str(file)) put_format(p, "  File \"%U\", line %ld\n", as_str(file), (long)line);
    else put_format(p, "  File \"<string>\", line %ld\n", (long)line);
    Str *text = field_str(e, SYNTAX_TEXT);
    if (!text) return;
    size_t start = 0, end = text->length;
    while (end > start && (str_at(text, end - 1) == '\n' || str_at(text, end - 1) == '\r')) end--;
    while (start < end && (str_at(text, start) == ' ' || str_at(text, start) == '\t' || str_at(text, start) == '\f')) start++;
    put_margin(p);
    put(p, "    ");
    builder_add_slice(&p->out, text, start, end);
    put(p, "\n");
    int64_t offset = field_int(e, SYNTAX_OFFSET, 0), end_offset = field_int(e, SYNTAX_END_OFFSET, 0);
    int64_t end_line = field_int(e, SYNTAX_END_LINENO, line);
    if (offset < 1) return;
    if (end_line != line) end_offset = (int64_t)end + 1;
    else if (end_offset <= 0 || end_offset == offset) end_offset = offset + 1;
    if (type_of(e) != &exc_SyntaxError) end_offset = offset + 1;  // a subclass gets one caret
    if (end_offset > (int64_t)end + 1) end_offset = (int64_t)end + 1;          // a place may be anything that a program says
    if (offset > (int64_t)end + 1) offset = (int64_t)end + 1;
    int64_t from = offset - 1 - (int64_t)start, to = end_offset - 1 - (int64_t)start;
    if (from < 0) return;
    put_margin(p);
    put(p, "    ");
    for (int64_t i = 0; i < from; i++) {
        Codepoint c = start + (size_t)i < text->length ? str_at(text, start + (size_t)i) : ' ';
        builder_add(&p->out, c == '\t' || c == '\f' ? c : ' ');
    }
    builder_add_repeat(&p->out, '^', to > from ? (size_t)(to - from) : 1);
    put(p, "\n");
}

static bool has_syntax_place(Value e)
{
    return is_instance_of(e, &exc_SyntaxError) && is_small_int(exception_fields(e)[SYNTAX_LINENO]);
}

// ---- one exception

static void put_type(Printer *p, Type *type)
{
    Value module = dict_get_str(type->dict, NAME(__module__));
    if (is_unbound(module)) module = type->module_value;
    if (is_str(module) && !str_equal_text(as_str(module), "builtins") && !str_equal_text(as_str(module), "__main__")) {
        put_str(p, as_str(module));
        put(p, ".");
    }
    OWN Value name = type_qualified_name(p->t, type);
    if (is_error(name)) error_clear(p->t);
    else put_str(p, as_str(name));
}

static void put_message(Printer *p, Value e, bool syntax)
{
    Thread *t = p->t;
    put_margin(p);
    put_type(p, as_object(e)->type);
    Value msg = syntax ? exception_fields(e)[SYNTAX_MSG] : UNBOUND;
    OWN Value text = syntax && !is_unbound(msg) ? object_str(t, msg) : object_str(t, e);
    if (is_error(text)) {
        error_clear(t);
        put(p, ": <exception str() failed>");
    } else if (as_str(text)->length) {
        put(p, ": ");
        put_str(p, as_str(text));
    }
    OWN Value suggestion = suggest(t, e);
    if (is_error(suggestion)) error_clear(t);
    else if (is_str(suggestion)) put_format(p, ". Did you mean: '%U'?", as_str(suggestion));
    put(p, "\n");
}

static void put_note(Printer *p, Value note)
{
    OWN Value text = object_str(p->t, note);
    if (is_error(text)) {
        error_clear(p->t);
        put_margin(p);
        put(p, "<note str() failed>\n");
        return;
    }
    Str *s = as_str(text);
    for (size_t start = 0; start <= s->length;) {
        size_t end = start;
        while (end < s->length && str_at(s, end) != '\n') end++;
        put_margin(p);
        builder_add_slice(&p->out, s, start, end);
        put(p, "\n");
        start = end + 1;
    }
}

static void put_notes(Printer *p, Value e)
{
    Thread *t = p->t;
    OWN Value notes = object_get_attr_optional(t, e, NAME(__notes__));
    if (is_error(notes)) error_clear(t);
    if (is_error(notes) || is_unbound(notes)) return;
    if (!is_list(notes) && !is_tuple(notes)) {
        OWN Value repr = object_repr(t, notes);
        put_margin(p);
        if (is_error(repr)) {
            error_clear(t);
            put(p, "<__notes__ repr() failed>");
        } else put_str(p, as_str(repr));
        put(p, "\n");
        return;
    }
    OWN Value items = tuple_from_iterable(t, notes);
    if (is_error(items)) return error_clear(t);
    for (size_t i = 0; i < as_tuple(items)->length; i++) put_note(p, as_tuple(items)->items[i]);
}

static void put_exception(Printer *p, Value e)
{
    Value traceback = as_exception(e)->traceback;
    bool group = is_instance_of(e, &exc_BaseExceptionGroup);
    if (is_object(traceback) && as_object(traceback)->type == &traceback_type) put_traceback(p, traceback, group);
    bool syntax = has_syntax_place(e);
    if (syntax) put_syntax_place(p, e);
    put_message(p, e, syntax);
    put_notes(p, e);
}

// ---- groups and chains

static void put_chain(Printer *p, Value e);

static void put_group_part(Printer *p, Tuple *parts, size_t i, bool last)
{
    bool truncated = i >= GROUP_WIDTH;
    if (last) p->need_close = true;
    put_indent(p);
    put(p, i == 0 ? "+-" : "  ");
    if (truncated) put(p, "+---------------- ... ----------------\n");
    else put_format(p, "+---------------- %zu ----------------\n", i + 1);
    p->depth++;
    if (truncated) {
        size_t remaining = parts->length - GROUP_WIDTH;
        put_margin(p);
        put_format(p, "and %zu more exception%s\n", remaining, remaining > 1 ? "s" : "");
    } else put_chain(p, parts->items[i]);
    if (last && p->need_close) {
        put_indent(p);
        put(p, "+------------------------------------\n");
        p->need_close = false;
    }
    p->depth--;
}

static void put_group(Printer *p, Value e)
{
    if (p->depth > GROUP_DEPTH) {
        put_margin(p);
        put_format(p, "... (max_group_depth is %d)\n", GROUP_DEPTH);
        return;
    }
    if (p->depth == 0) p->depth = 1;
    put_exception(p, e);
    Tuple *parts = as_tuple(exception_fields(e)[GROUP_EXCEPTIONS]);
    size_t n = parts->length <= GROUP_WIDTH ? parts->length : GROUP_WIDTH + 1;
    p->need_close = false;
    for (size_t i = 0; i < n; i++) put_group_part(p, parts, i, i + 1 == n);
    if (p->depth == 1) p->depth = 0;
}

static bool seen_before(Printer *p, Value e)
{
    OWN Value identity = int_from_u64(p->t, e.bits);
    int known = is_error(identity) ? -1 : set_contains(p->t, p->seen, identity);
    if (known < 0) error_clear(p->t);
    return known != 0;
}

static void mark_seen(Printer *p, Value e)
{
    OWN Value identity = int_from_u64(p->t, e.bits);
    if (is_error(identity) || set_add(p->t, p->seen, identity) < 0) error_clear(p->t);
}

static void put_cause(Printer *p, Value cause, const char *message)
{
    bool need_close = p->need_close;
    p->need_close = false;
    put_chain(p, cause);
    p->need_close = need_close;
    put_margin(p);
    put(p, "\n");
    put_margin(p);
    put(p, message);
    put(p, "\n");
    put_margin(p);
    put(p, "\n");
}

static void put_chain(Printer *p, Value e)
{
    if (p->nesting++ > 1000) return (void)p->nesting--;
    mark_seen(p, e);
    Exception *x = as_exception(e);
    if (is_exception(x->cause)) {
        if (!seen_before(p, x->cause)) put_cause(p, x->cause, "The above exception was the direct cause of the following exception:");
    } else if (is_exception(x->context) && !x->suppress_context && !seen_before(p, x->context))
        put_cause(p, x->context, "During handling of the above exception, another exception occurred:");
    if (is_instance_of(e, &exc_BaseExceptionGroup)) put_group(p, e);
    else put_exception(p, e);
    p->nesting--;
}

Value traceback_format(Thread *t, Value exception)
{
    Printer p = {.t = t};
    OWN Value seen = set_new(t, &set_type);
    if (is_error(seen)) return ERROR;
    p.seen = seen;
    builder_start(t, &p.out);
    put_chain(&p, exception);
    if (p.filename) arena_free(&p.arena);
    return builder_finish(&p.out);
}

Value source_line_of(Thread *t, Str *filename, int line)
{
    Printer p = {.t = t};
    load_source(&p, filename);
    Text text = p.loaded ? source_line(&p.source, line) : (Text){NULL, 0};
    Value result = text_is_none(text) ? UNBOUND : str_from_wtf8(t, text.bytes, text.length);
    arena_free(&p.arena);
    if (is_error(result)) error_clear(t);
    return is_error(result) ? UNBOUND : result;
}

static bool is_outer_blank(Codepoint c) { return c == ' ' || c == '\t' || c == '\f' || c == '\n' || c == '\r'; }
Value source_line_trimmed(Thread *t, Str *filename, int line)
{
    OWN Value source = source_line_of(t, filename, line);
    if (!is_str(source)) return MOVE(source);
    size_t start = 0, end = as_str(source)->length;
    while (start < end && is_outer_blank(str_at(as_str(source), start))) start++;
    while (start < end && is_outer_blank(str_at(as_str(source), end - 1))) end--;
    return str_substring(t, as_str(source), start, end);
}

static void write_all(Thread *t, const char *text, size_t length)
{
    while (length) {
        ssize_t wrote;
        BLOCKING(t, GIL_WRITE, wrote = write(2, text, length));
        if (wrote <= 0) return;
        text += wrote;
        length -= (size_t)wrote;
    }
}

void traceback_print(Thread *t, Value exception)
{
    OWN Value keep = retain(exception);
    OWN Value pending = error_take(t);
    OWN Value text = traceback_format(t, exception);
    if (is_error(text)) {
        error_clear(t);
        return error_restore(t, MOVE(pending));
    }
    OWN Value file = retain(sys_value(t, NAME(stderr)));
    if (is_unbound(file)) {
        OWN_MEMORY char *utf8 = str_to_utf8(t, as_str(text), NULL);
        if (utf8) write_all(t, utf8, strlen(utf8));
        else error_clear(t);
    } else if (!is_none(file)) {
        OWN Value wrote = call_method1(t, file, NAME(write), text);
        OWN Value flushed = is_error(wrote) ? ERROR : call_method0(t, file, NAME(flush));
        if (is_error(wrote) || is_error(flushed)) error_clear(t);
    }
    error_restore(t, MOVE(pending));
}
