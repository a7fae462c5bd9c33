// SPDX-License-Identifier: MIT
// stdlib/_sqlite3/cursor.c: cursors: executing statements, and their rows.
//
// After execute() the statement stands on its first row; each row that is read moves it to the next. `locked` is set while Python code that
// the cursor calls may use it again, which is refused.
#include "stdlib/_sqlite3/sqlite.h"

#include "runtime/call.h"
#include "runtime/heap.h"
#include "runtime/types/container.h"
#include "runtime/types/int.h"
#include "runtime/types/list.h"
#include "runtime/types/tuple.h"

Type sqlite_cursor_type;

static bool cursor_check(Thread *t, Cursor *cursor)
{
    if (is_unbound(cursor->connection)) return error_false(sqlite_raise(t, "ProgrammingError", "Base Cursor.__init__ not called."));
    if (cursor->closed) return error_false(sqlite_raise(t, "ProgrammingError", "Cannot operate on a closed cursor."));
    if (cursor->locked) return error_false(sqlite_raise(t, "ProgrammingError", "Recursive use of cursors not allowed."));
    return connection_check(t, as_connection(cursor->connection));
}
static void let_go(Cursor *cursor)
{
    Statement *s = cursor->statement;
    cursor->statement = NULL;
    if (s) statement_release(as_connection(cursor->connection), s);
}
static void cursor_visit(Object *o, VisitFn visit, void *context)
{
    Cursor *c = (Cursor *)o;
    visit(c->connection, context);
    visit(c->description, context);
    visit(c->row_factory, context);
    visit(c->converters, context);
}
static void cursor_finish(Thread *t, Object *o)
{
    Cursor *c = (Cursor *)o;
    if (!is_unbound(c->connection) && c->statement) {
        Connection *connection = as_connection(c->connection);
        HOLD_CONNECTION(t, connection);
        let_go(c);
    }
    Value *owned[] = {&c->connection, &c->description, &c->lastrowid, &c->row_factory, &c->converters};
    for (size_t i = 0; i < COUNT_OF(owned); i++) clear(owned[i]);
}
static bool cursor_init(Thread *t, Value self, const Value *args)
{
    Cursor *c = as_cursor(self);
    if (!is_object(args[0]) || !is_instance_of(args[0], &sqlite_connection_type))
        return error_false(raise_type_error(t, "Cursor() argument 1 must be sqlite3.Connection, not %T", args[0]));
    if (c->locked) return error_false(sqlite_raise(t, "ProgrammingError", "Recursive use of cursors not allowed."));
    if (c->statement) {
        Connection *old = as_connection(c->connection);
        HOLD_CONNECTION(t, old);
        let_go(c);
    }
    assign(&c->connection, retain(args[0]));
    assign(&c->description, NONE);
    assign(&c->lastrowid, NONE);
    assign(&c->row_factory, NONE);
    assign(&c->converters, NONE);
    c->arraysize = 1;
    c->rowcount = -1;
    c->closed = false;
    return connection_check(t, as_connection(c->connection));
}
static Value cursor_construct(Thread *t, Type *type, const Value *args)
{
    Object *o = object_new(t, type);
    return o ? object_value(o) : ERROR;
}

static bool still_open(Thread *t, Connection *c) { return c->db || error_false(sqlite_raise(t, "ProgrammingError", "Cannot operate on a closed database.")); }

// ---- Columns
static Value converter_named(Thread *t, const char *name, size_t length)
{
    OWN Value text = str_from_utf8(t, name, length);
    OWN_POINTER Str *upper = str_intern_text(t, "upper", 5);
    OWN Value key = is_error(text) || !upper ? ERROR : call_method0(t, text, upper);
    Value converters = sqlite_named(t, "converters");
    Value found = is_error(key) ? ERROR : !is_dict(converters) ? UNBOUND : dict_get(t, as_dict(converters), key);
    return is_error(found) ? ERROR : is_unbound(found) ? NONE : retain(found);
}
// By "name [type]" of the column's name, then by the first word of its declared type.
static Value converter_of(Thread *t, Connection *c, sqlite3_stmt *handle, int column)
{
    const char *name = sqlite3_column_name(handle, column), *open = name ? strchr(name, '[') : NULL, *close = open ? strchr(open, ']') : NULL;
    if ((c->detect_types & PARSE_COLNAMES) && close) {
        Value found = converter_named(t, open + 1, (size_t)(close - open - 1));
        if (!is_none(found)) return found;
    }
    const char *declared = (c->detect_types & PARSE_DECLTYPES) ? sqlite3_column_decltype(handle, column) : NULL;
    return declared ? converter_named(t, declared, strcspn(declared, " (")) : NONE;
}
static bool describe(Thread *t, Connection *c, Cursor *cursor, sqlite3_stmt *handle)
{
    int count = sqlite3_column_count(handle);
    assign(&cursor->converters, NONE);
    if (count == 0) {
        assign(&cursor->description, NONE);
        return true;
    }
    OWN Value columns = list_new(t, (size_t)count), converters = list_new(t, (size_t)count);
    if (is_error(columns) || is_error(converters)) return false;
    for (int i = 0; i < count; i++) {
        const char *name = sqlite3_column_name(handle, i);
        if (!name) return error_false(raise_memory_error(t));
        const char *end = (c->detect_types & PARSE_COLNAMES) ? strstr(name, " [") : NULL;
        OWN Value title = str_from_utf8(t, name, end ? (size_t)(end - name) : strlen(name));
        OWN Value column = is_error(title) ? ERROR : tuple_of(t, 7, title, NONE, NONE, NONE, NONE, NONE, NONE);
        OWN Value converter = is_error(column) ? ERROR : c->detect_types ? converter_of(t, c, handle, i) : NONE;
        if (is_error(converter) || !list_append(t, columns, column) || !list_append(t, converters, converter)) return false;
    }
    Value description = list_to_tuple(t, columns);
    if (is_error(description)) return false;
    assign(&cursor->description, description);
    if (!c->detect_types) return true;
    Value all = list_to_tuple(t, converters);
    if (is_error(all)) return false;
    assign(&cursor->converters, all);
    return true;
}

// ---- Executing
static bool begin_if_needed(Thread *t, Connection *c, const Statement *s)
{
    return !c->begin || !s->changes_rows || !sqlite3_get_autocommit(c->db) || connection_run(t, c, c->begin);
}
// One execution with these parameters, up to its first row or its end. The cursor has its statement.
static bool run_once(Thread *t, Connection *c, Cursor *cursor, Value parameters, bool many)
{
    Statement *s = cursor->statement;
    sqlite3_reset(s->handle);
    if (!statement_bind(t, c, s, parameters) || !still_open(t, c)) return false;
    int code = statement_step(t, c, s);
    if (check_error_pending(t)) return false;
    if (code != SQLITE_DONE && code != SQLITE_ROW) return error_false(sqlite_raise_code(t, c->db, code));
    if (!is_tuple(cursor->description) && !describe(t, c, cursor, s->handle)) return false;
    if (s->changes_rows) {
        if (many && code == SQLITE_ROW) return error_false(sqlite_raise(t, "ProgrammingError", "executemany() can only execute DML statements."));
        if (code == SQLITE_DONE) cursor->rowcount = (cursor->rowcount < 0 ? 0 : cursor->rowcount) + sqlite3_changes64(c->db);
        else cursor->rowcount = cursor->rowcount < 0 ? 0 : cursor->rowcount;
    }
    if (code == SQLITE_DONE) sqlite3_reset(s->handle);
    if (code == SQLITE_DONE && !many) let_go(cursor);
    return true;
}
static bool run_all(Thread *t, Connection *c, Cursor *cursor, Value sets)
{
    for (;;) {
        OWN Value parameters = object_next(t, sets);
        if (is_error(parameters)) return false;
        if (is_unbound(parameters)) break;
        if (!cursor->statement->handle) return error_false(sqlite_raise(t, "ProgrammingError", "Cannot operate on a closed database."));
        if (!run_once(t, c, cursor, parameters, true)) return false;
    }
    let_go(cursor);
    return true;
}
// parameters: of one execution, or an iterator of those of many.
static bool execute(Thread *t, Connection *c, Cursor *cursor, Value sql, Value parameters, bool many)
{
    let_go(cursor);
    assign(&cursor->description, NONE);
    cursor->rowcount = -1;
    Statement *s = statement_get(t, c, sql);
    if (!s) return false;
    cursor->statement = s;
    if (!s->handle) {              // white space and comments alone
        let_go(cursor);
        return true;
    }
    if (many && !s->changes_rows) return error_false(sqlite_raise(t, "ProgrammingError", "executemany() can only execute DML statements."));
    if (s->changes_rows) cursor->rowcount = 0;
    if (!describe(t, c, cursor, s->handle) || !begin_if_needed(t, c, s)) return false;
    if (!(many ? run_all(t, c, cursor, parameters) : run_once(t, c, cursor, parameters, false))) return false;
    if (many) return true;
    Value last = int_value(t, sqlite3_last_insert_rowid(c->db));
    if (is_error(last)) return false;
    assign(&cursor->lastrowid, last);
    return true;
}
static Value execute_locked(Thread *t, Value self, Value sql, Value parameters, bool many)
{
    Cursor *cursor = as_cursor(self);
    OWN Value kept = retain(self), kept_connection = retain(cursor->connection), kept_sql = retain(sql);
    Connection *c = as_connection(kept_connection);
    HOLD_CONNECTION(t, c);
    if (!cursor_check(t, cursor)) return ERROR;           // again: it may have changed while the lock was waited for
    cursor->locked = true;
    bool done = execute(t, c, cursor, sql, parameters, many);
    if (!done) {
        let_go(cursor);
        cursor->rowcount = -1;
    }
    cursor->locked = false;
    return done ? MOVE(kept) : ERROR;
}
static Value cursor_execute(Thread *t, Value self, const Value *args)
{
    if (!is_str(args[0])) return raise_type_error(t, "execute() argument 1 must be str, not %T", args[0]);
    if (!cursor_check(t, as_cursor(self))) return ERROR;
    return execute_locked(t, self, args[0], is_unbound(args[1]) ? object_value(tuple_empty) : args[1], false);
}
static Value cursor_executemany(Thread *t, Value self, const Value *args)
{
    if (!is_str(args[0])) return raise_type_error(t, "executemany() argument 1 must be str, not %T", args[0]);
    if (!cursor_check(t, as_cursor(self))) return ERROR;
    OWN Value sets = object_iter(t, args[1]);
    return is_error(sets) ? ERROR : execute_locked(t, self, args[0], sets, true);
}
static bool run_script(Thread *t, Connection *c, const char *at)
{
    while (*at) {
        sqlite3_stmt *handle = NULL;
        int code;
        IN_SQLITE(t, c, code = sqlite3_prepare_v2(c->db, at, -1, &handle, &at));
        if (code == SQLITE_OK && handle) {
            do IN_SQLITE(t, c, code = sqlite3_step(handle)); while (code == SQLITE_ROW);
            int ended;
            IN_SQLITE(t, c, ended = sqlite3_finalize(handle));
            code = code == SQLITE_DONE ? SQLITE_OK : ended ? ended : code;
        }
        if (check_error_pending(t)) return false;
        if (code != SQLITE_OK) return error_false(sqlite_raise_code(t, c->db, code));
    }
    return true;
}
static Value cursor_executescript(Thread *t, Value self, const Value *args)
{
    Cursor *cursor = as_cursor(self);
    if (!is_str(args[0])) return raise_type_error(t, "executescript() argument 1 must be str, not %T", args[0]);
    size_t length;
    OWN_MEMORY char *script = str_to_utf8(t, as_str(args[0]), &length);
    if (!script) return ERROR;
    if (strlen(script) != length) return raise_value_error(t, "embedded null character");
    if (!cursor_check(t, cursor)) return ERROR;
    OWN Value kept = retain(self), kept_connection = retain(cursor->connection);
    Connection *c = as_connection(kept_connection);
    HOLD_CONNECTION(t, c);
    if (!cursor_check(t, cursor)) return ERROR;
    if (length > (size_t)sqlite3_limit(c->db, SQLITE_LIMIT_SQL_LENGTH, -1)) return sqlite_raise(t, "DataError", "query string is too large");
    if (!sqlite3_get_autocommit(c->db) && !connection_run(t, c, "COMMIT")) return ERROR;
    cursor->locked = true;
    bool done = run_script(t, c, script);
    cursor->locked = false;
    return done ? MOVE(kept) : ERROR;
}

// ---- Rows
static Value read_row(Thread *t, Connection *c, Cursor *cursor)
{
    Statement *s = cursor->statement;
    int count = sqlite3_data_count(s->handle);
    OWN Value values = list_new(t, (size_t)count);
    if (is_error(values)) return ERROR;
    bool outer = s->busy;
    s->busy = true;                // converters run here
    bool good = true;
    for (int i = 0; good && i < count; i++) {
        bool has_converter = is_tuple(cursor->converters) && (size_t)i < as_tuple(cursor->converters)->length;
        OWN Value v = sqlite_column_value(t, c, s, i, has_converter ? as_tuple(cursor->converters)->items[i] : NONE);
        good = !is_error(v) && list_append(t, values, v);
    }
    s->busy = outer;
    return good ? list_to_tuple(t, values) : ERROR;
}
// The row that the statement stands on; it moves to the next.
static Value next_row(Thread *t, Connection *c, Cursor *cursor)
{
    OWN Value row = read_row(t, c, cursor);
    if (is_error(row) || !still_open(t, c)) return ERROR;      // a converter may have closed it
    int code = statement_step(t, c, cursor->statement);
    if (check_error_pending(t)) return ERROR;
    if (code == SQLITE_DONE) {
        if (cursor->statement->changes_rows) cursor->rowcount = sqlite3_changes64(c->db);
        let_go(cursor);
    } else if (code != SQLITE_ROW) {
        sqlite_raise_code(t, c->db, code);
        let_go(cursor);
        return ERROR;
    }
    return MOVE(row);
}
static Value cursor_next(Thread *t, Value self)
{
    Cursor *cursor = as_cursor(self);
    if (!cursor_check(t, cursor)) return ERROR;
    OWN Value kept = retain(self), kept_connection = retain(cursor->connection), row = UNBOUND, factory = UNBOUND;
    {
        Connection *c = as_connection(kept_connection);
        HOLD_CONNECTION(t, c);
        if (!cursor_check(t, cursor)) return ERROR;
        if (!cursor->statement || !cursor->statement->handle) return UNBOUND;
        cursor->locked = true;
        assign(&row, next_row(t, c, cursor));
        cursor->locked = false;
        factory = retain(cursor->row_factory);
    }
    if (is_error(row) || is_none(factory)) return MOVE(row);
    return call2(t, factory, self, row);
}
static Value cursor_fetchone(Thread *t, Value self, const Value *args)
{
    Value row = cursor_next(t, self);
    return is_unbound(row) ? NONE : row;
}
static Value fetch(Thread *t, Value self, int64_t most)
{
    OWN Value rows = list_new(t, 0);
    for (int64_t i = 0; !is_error(rows) && (most < 0 || i < most); i++) {
        OWN Value row = cursor_next(t, self);
        if (is_unbound(row)) break;
        if (is_error(row) || !list_append(t, rows, row)) return ERROR;
    }
    return MOVE(rows);
}
static Value cursor_fetchmany(Thread *t, Value self, const Value *args)
{
    int most;
    if (is_unbound(args[0])) return fetch(t, self, as_cursor(self)->arraysize);
    return int_as_int(t, args[0], &most) ? fetch(t, self, most == 0 ? -1 : most) : ERROR;
}
static Value cursor_fetchall(Thread *t, Value self, const Value *args) { return fetch(t, self, -1); }
static Value cursor_close(Thread *t, Value self, const Value *args)
{
    Cursor *cursor = as_cursor(self);
    if (cursor->locked) return sqlite_raise(t, "ProgrammingError", "Recursive use of cursors not allowed.");
    if (is_unbound(cursor->connection)) return sqlite_raise(t, "ProgrammingError", "Base Cursor.__init__ not called.");
    OWN Value kept = retain(cursor->connection);
    Connection *c = as_connection(kept);
    if (!connection_check(t, c)) return ERROR;
    HOLD_CONNECTION(t, c);
    let_go(cursor);
    cursor->closed = true;
    return NONE;
}
static Value cursor_ignore(Thread *t, Value self, const Value *args) { return NONE; }

static Value or_none(Value v) { return is_unbound(v) ? NONE : retain(v); }
static Value get_connection(Thread *t, Value self) { return or_none(as_cursor(self)->connection); }
static Value get_description(Thread *t, Value self) { return or_none(as_cursor(self)->description); }
static Value get_lastrowid(Thread *t, Value self) { return or_none(as_cursor(self)->lastrowid); }
static Value get_row_factory(Thread *t, Value self) { return or_none(as_cursor(self)->row_factory); }
static Value get_rowcount(Thread *t, Value self) { return int_value(t, as_cursor(self)->rowcount); }
static Value get_arraysize(Thread *t, Value self) { return int_value(t, as_cursor(self)->arraysize); }
static bool set_arraysize(Thread *t, Value self, Value v)
{
    int size;
    if (is_unbound(v)) return error_false(raise_type_error(t, "cannot delete attribute"));
    if (!int_as_int(t, v, &size)) return false;
    as_cursor(self)->arraysize = size;
    return true;
}
static bool set_row_factory(Thread *t, Value self, Value v)
{
    assign(&as_cursor(self)->row_factory, is_unbound(v) ? NONE : retain(v));
    return true;
}
static const GetSet cursor_getsets[] = {
    {"connection", get_connection, NULL, NULL}, {"description", get_description, NULL, NULL}, {"lastrowid", get_lastrowid, NULL, NULL},
    {"rowcount", get_rowcount, NULL, NULL}, {"arraysize", get_arraysize, set_arraysize, NULL}, {"row_factory", get_row_factory, set_row_factory, NULL}, {0},
};
static const Method cursor_methods[] = {
    {"execute", cursor_execute, "(self, sql, parameters=<unset>, /)", "Executes an SQL statement."},
    {"executemany", cursor_executemany, "(self, sql, seq_of_parameters, /)", "Repeatedly executes an SQL statement."},
    {"executescript", cursor_executescript, "(self, sql_script, /)", "Executes multiple SQL statements at once."},
    {"fetchone", cursor_fetchone, "(self, /)", "Fetches one row from the resultset."},
    {"fetchmany", cursor_fetchmany, "(self, size=<unset>)", "Fetches several rows from the resultset."},
    {"fetchall", cursor_fetchall, "(self, /)", "Fetches all rows from the resultset."},
    {"close", cursor_close, "(self, /)", "Closes the cursor."},
    {"setinputsizes", cursor_ignore, "(self, sizes, /)", "Required by DB-API. Does nothing in sqlite3."},
    {"setoutputsize", cursor_ignore, "(self, size, column=None, /)", "Required by DB-API. Does nothing in sqlite3."},
    {0},
};
const TypeSpec sqlite_cursor_spec = {
    .name = "sqlite3.Cursor", .doc = "SQLite database cursor class.", .size = sizeof(Cursor), .flags = TYPE_GC | TYPE_BASE | TYPE_HAS_WEAKREFS,
    .slots = {.visit = cursor_visit, .finish = cursor_finish, .iter = iter_self, .next = cursor_next}, .methods = cursor_methods, .getsets = cursor_getsets,
    .new_signature = "(*args, **kwargs)", .construct = cursor_construct, .init_signature = "(connection, /)", .initialize = cursor_init,
};
