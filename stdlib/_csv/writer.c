// SPDX-License-Identifier: MIT
// stdlib/_csv/writer.c: the writer: rows to lines of text, each given to the file's write() as one string.
#include "stdlib/_csv/csv.h"

#include "runtime/call.h"
#include "runtime/types/float.h"
#include "runtime/types/int.h"

typedef struct Writer { Object head; Value write, dialect; } Writer;
Type csv_writer_type;
static Writer *as_writer(Value v) { return (Writer *)as_object(v); }

// What a character of a field needs.
typedef enum Need { NEEDS_NOTHING, NEEDS_QUOTES, NEEDS_DOUBLING, NEEDS_ESCAPE } Need;
static Need need_of(const CsvDialect *d, Codepoint c)
{
    bool special = c == d->delimiter || c == d->escape || c == d->quote;
    const Str *end = as_str(d->line_end);
    for (size_t i = 0; i < end->length && !special; i++) special = str_at(end, i) == c;
    if (!special) return NEEDS_NOTHING;
    if (d->quoting == QUOTE_NONE) return NEEDS_ESCAPE;
    if (c == d->quote) return d->double_quote ? NEEDS_DOUBLING : NEEDS_ESCAPE;
    return c == d->escape ? NEEDS_ESCAPE : NEEDS_QUOTES;
}
static bool put_field(Thread *t, StrBuilder *line, const CsvDialect *d, const Str *field, bool quoted)
{
    for (size_t i = 0; i < field->length && !quoted; i++) {
        Need need = need_of(d, str_at(field, i));
        quoted = need == NEEDS_QUOTES || need == NEEDS_DOUBLING;
    }
    if (quoted) builder_add(line, d->quote);
    size_t run = 0;
    for (size_t i = 0; i < field->length; i++) {
        Codepoint c = str_at(field, i);
        Need need = need_of(d, c);
        if (need != NEEDS_ESCAPE && need != NEEDS_DOUBLING) continue;
        if (need == NEEDS_ESCAPE && d->escape == NO_CHARACTER) return error_false(raise_error(t, csv_error(t), "need to escape, but no escapechar set"));
        builder_add_slice(line, field, run, i);
        builder_add(line, need == NEEDS_ESCAPE ? d->escape : d->quote);
        run = i;
    }
    builder_add_slice(line, field, run, field->length);
    if (quoted) builder_add(line, d->quote);
    return !line->failed;
}
static bool is_number(Value v) { return is_int(v) || is_float(v) || type_of(v)->slots.to_float || type_of(v)->slots.to_int || type_of(v)->slots.index || type_of(v) == &complex_type; }

static bool put_value(Thread *t, StrBuilder *line, const CsvDialect *d, Value v)
{
    bool quoted = d->quoting == QUOTE_ALL || (d->quoting == QUOTE_NONNUMERIC && !is_number(v));
    OWN Value text = is_none(v) ? object_value(str_empty) : is_str(v) ? retain(v) : object_str(t, v);
    return !is_error(text) && put_field(t, line, d, as_str(text), quoted);
}
static bool put_row(Thread *t, StrBuilder *line, const CsvDialect *d, Value fields)
{
    size_t count = 0;
    for (;; count++) {
        OWN Value field = object_next(t, fields);
        if (is_error(field)) return false;
        if (is_unbound(field)) break;
        if (count) builder_add(line, d->delimiter);
        if (!put_value(t, line, d, field)) return false;
    }
    if (count == 1 && line->length == 0) {      // as it stands the line would read as a row of no fields
        if (d->quoting == QUOTE_NONE) return error_false(raise_error(t, csv_error(t), "single empty field record must be quoted"));
        put_field(t, line, d, str_empty, true);
    }
    builder_add_str(line, as_str(d->line_end));
    return !line->failed;
}
static Value writerow(Thread *t, Value self, const Value *args)
{
    Writer *w = as_writer(self);
    OWN Value fields = object_iter(t, args[0]);
    if (is_error(fields)) {
        if (error_clear_if(t, &exc_TypeError)) raise_error(t, csv_error(t), "iterable expected, not %.200T", args[0]);
        return ERROR;
    }
    StrBuilder line;
    builder_start(t, &line);
    if (!put_row(t, &line, as_dialect(w->dialect), fields)) {
        builder_abandon(&line);
        return ERROR;
    }
    OWN Value text = builder_finish(&line);
    return is_error(text) ? ERROR : call1(t, w->write, text);
}
static Value writerows(Thread *t, Value self, const Value *args)
{
    OWN Value rows = object_iter(t, args[0]);
    if (is_error(rows)) return ERROR;
    for (;;) {
        OWN Value row = object_next(t, rows);
        if (is_error(row)) return ERROR;
        if (is_unbound(row)) return NONE;
        OWN Value done = writerow(t, self, &row);
        if (is_error(done)) return ERROR;
    }
}
static void writer_visit(Object *o, VisitFn visit, void *context)
{
    visit(((Writer *)o)->write, context);
    visit(((Writer *)o)->dialect, context);
}
static void writer_finish(Thread *t, Object *o)
{
    clear(&((Writer *)o)->write);
    clear(&((Writer *)o)->dialect);
}
static Value get_dialect(Thread *t, Value self) { return retain(as_writer(self)->dialect); }
static const GetSet writer_getsets[] = {{"dialect", get_dialect, NULL, NULL}, {0}};
static const Method writer_methods[] = {
    {"writerow", writerow, "(self, row, /)", "Write one row: an iterable of fields."},
    {"writerows", writerows, "(self, rows, /)", "Write the rows of an iterable."},
    {0},
};
const TypeSpec csv_writer_spec = {
    .name = "_csv.writer", .doc = "Writes rows to a file.", .size = sizeof(Writer), .flags = TYPE_GC | TYPE_NO_NEW,
    .slots = {.visit = writer_visit, .finish = writer_finish}, .methods = writer_methods, .getsets = writer_getsets,
};
Value csv_writer_new(Thread *t, Value file, Value dialect, Value changes)
{
    OWN_POINTER Writer *w = (Writer *)object_new(t, &csv_writer_type);
    if (!w) return ERROR;
    Value made = csv_dialect_from(t, dialect, changes);
    if (is_error(made)) return ERROR;
    w->dialect = made;
    Value write = object_get_attr_optional(t, file, NAME(write));
    if (is_error(write)) return ERROR;
    w->write = write;
    if (is_unbound(write) || !object_is_callable(write)) return raise_type_error(t, "argument 1 must have a \"write\" method");
    return object_value(MOVE_POINTER(w));
}
