// SPDX-License-Identifier: MIT
// stdlib/_csv/reader.c: the reader: lines of an iterator to lists of fields, by a state machine that is fed a character at a time and,
// behind each line, LINE_END.
//
//   AT_RECORD   nothing of the record has been read        QUOTED         inside quotes
//   AT_FIELD    before the first character of a field      QUOTED_ESCAPE  behind an escape character inside quotes
//   IN_FIELD    in a field without quotes                  QUOTED_QUOTE   behind a quote inside quotes: its end, or the first of two
//   ESCAPED     behind an escape character                 AFTER_END      behind the record, where only line ends may follow
//   ESCAPED_END behind an escaped line end
//
// Reading a line, and turning a field into a float, run Python code, which may use the reader: the state is kept whole at each such point.
#include "stdlib/_csv/csv.h"

#include "runtime/call.h"
#include "runtime/heap.h"
#include "runtime/types/container.h"
#include "runtime/types/float.h"
#include "runtime/types/int.h"
#include "runtime/types/list.h"

#define LINE_END (UINT32_MAX - 1)

typedef enum State { AT_RECORD, AT_FIELD, IN_FIELD, ESCAPED, ESCAPED_END, QUOTED, QUOTED_ESCAPE, QUOTED_QUOTE, AFTER_END } State;
typedef struct Reader {
    Object head;
    Value lines, dialect;      // an iterator; a Dialect
    Value fields;              // of the record under way: a list
    Codepoint *field;          // the field under way
    size_t length, capacity;
    State state;
    bool number;               // the field had no quotes, and such are numbers
    uint64_t line;
} Reader;
Type csv_reader_type;
static Reader *as_reader(Value v) { return (Reader *)as_object(v); }

static bool add(Thread *t, Reader *r, Codepoint c)
{
    if (UNLIKELY(r->length >= csv_field_limit(t))) return error_false(raise_error(t, csv_error(t), "field larger than field limit (%zu)", csv_field_limit(t)));
    if (UNLIKELY(r->length == r->capacity)) {
        size_t capacity = r->capacity ? r->capacity * 2 : 64;
        Codepoint *field = mem_reallocate(t, r->field, capacity * sizeof(Codepoint));
        if (!field) return false;
        r->field = field;
        r->capacity = capacity;
    }
    r->field[r->length++] = c;
    return true;
}
static bool end_field(Thread *t, Reader *r)
{
    OWN Value field = str_from_codepoints(t, r->field, r->length);
    if (is_error(field)) return false;
    r->length = 0;
    if (r->number) {
        r->number = false;
        OWN Value number = call1(t, type_value(&float_type), field);
        return !is_error(number) && list_append(t, r->fields, number);
    }
    return list_append(t, r->fields, field);
}
static bool is_line_end(Codepoint c) { return c == '\n' || c == '\r' || c == LINE_END; }
static bool end_record(Thread *t, Reader *r, Codepoint c)
{
    r->state = c == LINE_END ? AT_RECORD : AFTER_END;
    return end_field(t, r);
}
static bool go(Reader *r, State state)
{
    r->state = state;
    return true;
}
static bool feed_at_field(Thread *t, Reader *r, const CsvDialect *d, Codepoint c)
{
    if (is_line_end(c)) return end_record(t, r, c);
    if (c == d->quote && d->quoting != QUOTE_NONE) return go(r, QUOTED);
    if (c == d->escape) return go(r, ESCAPED);
    if (c == ' ' && d->skip_space) return go(r, AT_FIELD);
    if (c == d->delimiter) return go(r, AT_FIELD) && end_field(t, r);
    if (d->quoting == QUOTE_NONNUMERIC) r->number = true;
    return go(r, IN_FIELD) && add(t, r, c);
}
static bool feed_in_field(Thread *t, Reader *r, const CsvDialect *d, Codepoint c)
{
    if (is_line_end(c)) return end_record(t, r, c);
    if (c == d->escape) return go(r, ESCAPED);
    if (c == d->delimiter) return go(r, AT_FIELD) && end_field(t, r);
    return go(r, IN_FIELD) && add(t, r, c);
}
static bool feed_quoted(Thread *t, Reader *r, const CsvDialect *d, Codepoint c)
{
    if (c == LINE_END) return true;             // the field goes on in the next line
    if (c == d->escape) return go(r, QUOTED_ESCAPE);
    if (c == d->quote && d->quoting != QUOTE_NONE) return go(r, d->double_quote ? QUOTED_QUOTE : IN_FIELD);
    return add(t, r, c);
}
static COLD bool fail_after_quote(Thread *t, const CsvDialect *d)
{
    OWN Value delimiter = str_from_codepoint(t, d->delimiter), quote = str_from_codepoint(t, d->quote);
    if (is_error(delimiter) || is_error(quote)) return false;
    return error_false(raise_error(t, csv_error(t), "'%S' expected after '%S'", delimiter, quote));
}
static bool feed_quoted_quote(Thread *t, Reader *r, const CsvDialect *d, Codepoint c)
{
    if (d->quoting != QUOTE_NONE && c == d->quote) return go(r, QUOTED) && add(t, r, c);
    if (c == d->delimiter) return go(r, AT_FIELD) && end_field(t, r);
    if (is_line_end(c)) return end_record(t, r, c);
    if (d->strict) return fail_after_quote(t, d);
    return go(r, IN_FIELD) && add(t, r, c);
}
static bool feed(Thread *t, Reader *r, const CsvDialect *d, Codepoint c)
{
    switch (r->state) {
    case AT_RECORD:
        if (c == LINE_END) return true;         // an empty line is a record without fields
        return c == '\n' || c == '\r' ? go(r, AFTER_END) : feed_at_field(t, r, d, c);
    case AT_FIELD: return feed_at_field(t, r, d, c);
    case ESCAPED:
        if (c == '\n' || c == '\r') return go(r, ESCAPED_END) && add(t, r, c);
        return go(r, IN_FIELD) && add(t, r, c == LINE_END ? '\n' : c);
    case ESCAPED_END: return c == LINE_END ? true : feed_in_field(t, r, d, c);
    case IN_FIELD: return feed_in_field(t, r, d, c);
    case QUOTED: return feed_quoted(t, r, d, c);
    case QUOTED_ESCAPE: return go(r, QUOTED) && add(t, r, c == LINE_END ? '\n' : c);
    case QUOTED_QUOTE: return feed_quoted_quote(t, r, d, c);
    case AFTER_END:
        if (c == LINE_END) return go(r, AT_RECORD);
        return c == '\n' || c == '\r' ||
               error_false(raise_error(t, csv_error(t), "new-line character seen in unquoted field - do you need to open the file in universal-newline mode?"));
    }
    return true;
}
static bool feed_line(Thread *t, Reader *r, const CsvDialect *d, const Str *line)
{
    for (size_t i = 0; i < line->length; i++)
        if (!feed(t, r, d, str_at(line, i))) return false;
    return feed(t, r, d, LINE_END);
}
// The lines have ended: the record, if one is under way, or UNBOUND.
static Value last_record(Thread *t, Reader *r, const CsvDialect *d)
{
    if (r->length == 0 && r->state != QUOTED) return UNBOUND;
    if (d->strict) return raise_error(t, csv_error(t), "unexpected end of data");
    return end_field(t, r) ? MOVE(r->fields) : ERROR;
}
static bool start_record(Thread *t, Reader *r)
{
    Value fields = list_new(t, 0);
    if (is_error(fields)) return false;
    assign(&r->fields, fields);
    r->length = 0;
    r->state = AT_RECORD;
    r->number = false;
    return true;
}
static Value reader_next(Thread *t, Value self)
{
    Reader *r = as_reader(self);
    OWN Value dialect = retain(r->dialect), lines = retain(r->lines);
    if (!start_record(t, r)) return ERROR;
    do {
        OWN Value line = object_next(t, lines);
        if (is_error(line)) return ERROR;
        if (is_unbound(r->fields) && !start_record(t, r)) return ERROR;      // the iterator has used this reader itself
        if (is_unbound(line)) return last_record(t, r, as_dialect(dialect));
        if (!is_str(line)) return raise_error(t, csv_error(t), "iterator should return strings, not %.200T (the file should be opened in text mode)", line);
        r->line++;
        if (!feed_line(t, r, as_dialect(dialect), as_str(line))) return ERROR;
    } while (r->state != AT_RECORD);
    return MOVE(r->fields);
}
static void reader_visit(Object *o, VisitFn visit, void *context)
{
    Reader *r = (Reader *)o;
    visit(r->lines, context);
    visit(r->dialect, context);
    visit(r->fields, context);
}
static void reader_finish(Thread *t, Object *o)
{
    Reader *r = (Reader *)o;
    clear(&r->lines);
    clear(&r->dialect);
    clear(&r->fields);
    mem_free(r->field);
    r->field = NULL;
}
static Value get_dialect(Thread *t, Value self) { return retain(as_reader(self)->dialect); }
static Value get_line(Thread *t, Value self) { return int_value(t, (int64_t)as_reader(self)->line); }
static const GetSet reader_getsets[] = {{"dialect", get_dialect, NULL, NULL}, {"line_num", get_line, NULL, NULL}, {0}};
const TypeSpec csv_reader_spec = {
    .name = "_csv.reader", .doc = "Lists of fields, from an iterator of lines.", .size = sizeof(Reader), .flags = TYPE_GC | TYPE_NO_NEW,
    .slots = {.visit = reader_visit, .finish = reader_finish, .iter = iter_self, .next = reader_next}, .getsets = reader_getsets,
};
Value csv_reader_new(Thread *t, Value iterable, Value dialect, Value changes)
{
    OWN_POINTER Reader *r = (Reader *)object_new(t, &csv_reader_type);
    if (!r) return ERROR;
    Value lines = object_iter(t, iterable);
    if (is_error(lines)) return ERROR;
    r->lines = lines;
    Value made = csv_dialect_from(t, dialect, changes);
    if (is_error(made)) return ERROR;
    r->dialect = made;
    return object_value(MOVE_POINTER(r));
}
