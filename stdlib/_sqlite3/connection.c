// SPDX-License-Identifier: MIT
// stdlib/_sqlite3/connection.c: connections: opening and closing, transactions, and what goes by a cursor of their own.
#include "stdlib/_sqlite3/sqlite.h"

#include "runtime/buffer.h"
#include "runtime/call.h"
#include "runtime/heap.h"
#include "runtime/types/arguments.h"
#include "runtime/types/bytes.h"
#include "runtime/types/float.h"
#include "runtime/types/int.h"
#include "runtime/types/tuple.h"

Type sqlite_connection_type;

bool connection_check(Thread *t, Connection *c)
{
    if (!c->initialized) return error_false(sqlite_raise(t, "ProgrammingError", "Base Connection.__init__ not called."));
    if (c->check_same_thread && c->ident != t->ident)
        return error_false(sqlite_raise(t, "ProgrammingError", "SQLite objects created in a thread can only be used in that same thread. "
                                        "The object was created in thread id %zu and this is thread id %zu.", (size_t)c->ident, (size_t)t->ident));
    return c->db || error_false(sqlite_raise(t, "ProgrammingError", "Cannot operate on a closed database."));
}
bool connection_run(Thread *t, Connection *c, const char *sql)
{
    sqlite3_stmt *handle = NULL;
    int code, ended;
    IN_SQLITE(t, c, {
        code = sqlite3_prepare_v2(c->db, sql, -1, &handle, NULL);
        if (code == SQLITE_OK) code = sqlite3_step(handle);
        ended = sqlite3_finalize(handle);
    });
    if (check_error_pending(t)) return false;
    if (code == SQLITE_DONE) code = ended;
    return code == SQLITE_OK || error_false(sqlite_raise_code(t, c->db, code));
}

// ---- Opening and closing
static void connection_visit(Object *o, VisitFn visit, void *context)
{
    Connection *c = (Connection *)o;
    visit(c->isolation_level, context);
    visit(c->row_factory, context);
    visit(c->text_factory, context);
    visit(c->callables, context);
}
// The lock is held, or nobody else has the connection. Statements that are being run are finalized by who runs them.
static void close_database(Thread *t, Connection *c)
{
    for (Statement *s = c->statements, *next; s; s = next) {
        next = s->next;
        if (s->busy) continue;
        if (s->handle) sqlite3_finalize(s->handle);
        s->handle = NULL;
    }
    sqlite3 *db = c->db;
    c->db = NULL;
    if (db) BLOCKING(t, GIL_DATABASE, sqlite3_close_v2(db));
}
static void drop_statements(Connection *c)
{
    for (size_t i = 0; i < c->cache_size; i++) c->cache[i] = NULL;
    while (c->statements) {
        c->statements->in_use = c->statements->cached = c->statements->busy = false;
        statement_forget(c, c->statements);
    }
    mem_free(c->cache);
    c->cache = NULL;
    c->cache_size = 0;
}
static void connection_finish(Thread *t, Object *o)
{
    Connection *c = (Connection *)o;
    close_database(t, c);
    drop_statements(c);
    if (c->has_lock) pthread_mutex_destroy(&c->lock);
    c->has_lock = false;
    Value *owned[] = {&c->isolation_level, &c->row_factory, &c->text_factory, &c->callables};
    for (size_t i = 0; i < COUNT_OF(owned); i++) clear(owned[i]);
}
static Value connection_construct(Thread *t, Type *type, const Value *args)
{
    Connection *c = (Connection *)object_new(t, type);
    if (!c) return ERROR;
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE);
    pthread_mutex_init(&c->lock, &attributes);
    pthread_mutexattr_destroy(&attributes);
    c->has_lock = true;
    return object_value(c);
}
static bool isolation_from(Thread *t, Value v, const char **begin)
{
    static const struct { const char *name, *begin; } levels[] = {
        {"", "BEGIN "}, {"DEFERRED", "BEGIN DEFERRED"}, {"IMMEDIATE", "BEGIN IMMEDIATE"}, {"EXCLUSIVE", "BEGIN EXCLUSIVE"},
    };
    *begin = NULL;
    if (is_none(v)) return true;
    if (!is_str(v)) return error_false(raise_type_error(t, "isolation_level must be str or None"));
    OWN_MEMORY char *text = str_to_utf8(t, as_str(v), NULL);
    if (!text) return false;
    for (size_t i = 0; i < COUNT_OF(levels); i++)
        if (sqlite3_stricmp(text, levels[i].name) == 0) *begin = levels[i].begin;
    return *begin || error_false(raise_value_error(t, "isolation_level string must be '', 'DEFERRED', 'IMMEDIATE', or 'EXCLUSIVE'"));
}
static bool path_text(Thread *t, Value v, char **text)
{
    OWN Value path = is_str(v) || is_bytes(v) ? retain(v) : call_special(t, v, NAME(__fspath__), NULL, 0);
    if (is_error(path)) return false;
    if (is_str(path)) return (*text = str_to_os(t, as_str(path), NULL)) != NULL;
    if (!is_bytes(path)) return error_false(raise_type_error(t, "expected str, bytes or os.PathLike object, not %T", v));
    if (strlen(bytes_data(path)) != bytes_length(path)) return error_false(raise_value_error(t, "embedded null byte"));
    if (!(*text = mem_allocate(t, bytes_length(path) + 1))) return false;
    memcpy(*text, bytes_data(path), bytes_length(path) + 1);
    return true;
}
static bool open_database(Thread *t, Connection *c, const char *path, double timeout, bool uri)
{
    sqlite3 *db = NULL;
    int code, flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | (uri ? SQLITE_OPEN_URI : 0);
    BLOCKING(t, GIL_DATABASE, code = sqlite3_open_v2(path, &db, flags, NULL));
    if (code == SQLITE_OK) {
        double ms = timeout * 1000;
        sqlite3_busy_timeout(db, !(ms > 0) ? 0 : ms > 2e9 ? 2000000000 : (int)ms);
        c->db = db;
        return true;
    }
    if (db) sqlite_raise_code(t, db, code);
    else raise_memory_error(t);
    sqlite3_close(db);
    return false;
}
static bool may_close(Thread *t, Connection *c)
{
    return !c->calls || error_false(sqlite_raise(t, "ProgrammingError", "Cannot close a connection from within a function that it calls."));
}
static bool connection_init(Thread *t, Value self, const Value *args)
{
    Connection *c = as_connection(self);
    double timeout;
    int detect_types, cache_size;
    const char *begin;
    int check_thread = object_truth(t, args[4]), uri = check_thread < 0 ? -1 : object_truth(t, args[7]);
    OWN_MEMORY char *path = NULL;
    if (uri < 0 || !path_text(t, args[0], &path) || !float_from_value(t, args[1], &timeout) || !int_as_int(t, args[2], &detect_types) ||
        !isolation_from(t, args[3], &begin) || !int_as_int(t, args[6], &cache_size)) return false;
    HOLD_CONNECTION(t, c);
    if (!may_close(t, c)) return false;
    if (c->initialized) close_database(t, c);
    c->initialized = false;
    if (!open_database(t, c, path, timeout, uri)) return false;
    if (cache_size > 0 && !c->cache) {
        cache_size = cache_size > 4096 ? 4096 : cache_size;
        if (!(c->cache = mem_allocate(t, (size_t)cache_size * sizeof *c->cache))) return false;
        memset(c->cache, 0, (size_t)cache_size * sizeof *c->cache);
        c->cache_size = (size_t)cache_size;
    }
    Dict *callables = dict_new(t);
    if (!callables) return false;
    assign(&c->callables, dict_value(callables));
    c->begin = begin;
    assign(&c->isolation_level, retain(args[3]));
    assign(&c->row_factory, NONE);
    assign(&c->text_factory, retain(type_value(&str_type)));
    c->detect_types = detect_types;
    c->check_same_thread = check_thread;
    c->ident = t->ident;
    c->initialized = true;
    return true;
}
static Value connection_close(Thread *t, Value self, const Value *args)
{
    Connection *c = as_connection(self);
    if (!c->initialized) return sqlite_raise(t, "ProgrammingError", "Base Connection.__init__ not called.");
    if (!c->db) return NONE;
    if (!connection_check(t, c)) return ERROR;
    OWN Value kept = retain(self);
    HOLD_CONNECTION(t, c);
    if (!may_close(t, c)) return ERROR;
    if (c->db) close_database(t, c);
    return NONE;
}

// ---- Transactions
static Value end_transaction(Thread *t, Value self, const char *sql)
{
    Connection *c = as_connection(self);
    if (!connection_check(t, c)) return ERROR;
    OWN Value kept = retain(self);
    HOLD_CONNECTION(t, c);
    if (!connection_check(t, c)) return ERROR;
    return sqlite3_get_autocommit(c->db) || connection_run(t, c, sql) ? NONE : ERROR;
}
static Value connection_commit(Thread *t, Value self, const Value *args) { return end_transaction(t, self, "COMMIT"); }
static Value connection_rollback(Thread *t, Value self, const Value *args) { return end_transaction(t, self, "ROLLBACK"); }
static Value connection_enter(Thread *t, Value self, const Value *args) { return connection_check(t, as_connection(self)) ? retain(self) : ERROR; }
// A commit that fails is rolled back, and raised.
static Value connection_exit(Thread *t, Value self, const Value *args)
{
    bool commit = is_none(args[0]) && is_none(args[1]) && is_none(args[2]);
    OWN Value ended = end_transaction(t, self, commit ? "COMMIT" : "ROLLBACK");
    if (!is_error(ended)) return FALSE;
    if (commit) {
        OWN Value failure = error_take(t);
        OWN Value rolled_back = end_transaction(t, self, "ROLLBACK");
        if (is_error(rolled_back)) error_clear(t);
        error_restore(t, MOVE(failure));
    }
    return ERROR;
}

// ---- By a cursor
static Value connection_cursor(Thread *t, Value self, const Value *args)
{
    Connection *c = as_connection(self);
    if (!connection_check(t, c)) return ERROR;
    OWN Value cursor = call1(t, is_unbound(args[0]) ? type_value(&sqlite_cursor_type) : args[0], self);
    if (is_error(cursor)) return ERROR;
    if (!is_object(cursor) || !is_instance_of(cursor, &sqlite_cursor_type)) return raise_type_error(t, "factory must return a cursor, not %.100T", cursor);
    if (!is_none(c->row_factory)) assign(&as_cursor(cursor)->row_factory, retain(c->row_factory));
    return MOVE(cursor);
}
static Value by_cursor(Thread *t, Value self, const char *method, const Value *args, size_t count)
{
    OWN_POINTER Str *name = str_intern_text(t, method, strlen(method));
    OWN Value cursor = name ? connection_cursor(t, self, &(Value){0}) : ERROR;
    return is_error(cursor) ? ERROR : call_method(t, cursor, name, args, count);
}
static Value connection_execute(Thread *t, Value self, const Value *args) { return by_cursor(t, self, "execute", args, is_unbound(args[1]) ? 1 : 2); }
static Value connection_executemany(Thread *t, Value self, const Value *args) { return by_cursor(t, self, "executemany", args, 2); }
static Value connection_executescript(Thread *t, Value self, const Value *args) { return by_cursor(t, self, "executescript", args, 1); }
static Value connection_iterdump(Thread *t, Value self, const Value *args)
{
    if (!connection_check(t, as_connection(self))) return ERROR;
    OWN_POINTER Str *module_name = str_intern_text(t, "sqlite3.dump", 12), *name = str_intern_text(t, "_iterdump", 9);
    OWN Value module = module_name && name ? t->interp->up.import_module(t, module_name) : ERROR;
    return is_error(module) ? ERROR : call_method1(t, module, name, self);
}
static Value connection_interrupt(Thread *t, Value self, const Value *args)
{
    Connection *c = as_connection(self);                 // meant for other threads: neither their check nor the lock
    if (!c->initialized || !c->db) return sqlite_raise(t, "ProgrammingError", c->initialized ? "Cannot operate on a closed database." : "Base Connection.__init__ not called.");
    sqlite3_interrupt(c->db);
    return NONE;
}
// Pages at a time, so that others may use both databases in between.
static Value backup_run(Thread *t, Connection *from, Connection *to, const Value *args, int pages, int sleep_ms, const char *name)
{
    sqlite3_backup *backup = sqlite3_backup_init(to->db, "main", from->db, name);
    if (!backup) return sqlite_raise_code(t, to->db, sqlite3_errcode(to->db));
    int code;
    bool good = true;
    from->calls++;                // nor may `progress` close either
    to->calls++;
    do {
        IN_SQLITE(t, from, code = sqlite3_backup_step(backup, pages));
        if (!is_none(args[2])) {
            OWN Value told = call3(t, args[2], small_int(code), small_int(sqlite3_backup_remaining(backup)), small_int(sqlite3_backup_pagecount(backup)));
            good = !is_error(told);
        }
        if (good && (code == SQLITE_BUSY || code == SQLITE_LOCKED)) BLOCKING(t, GIL_DATABASE, sqlite3_sleep(sleep_ms));
    } while (good && (code == SQLITE_OK || code == SQLITE_BUSY || code == SQLITE_LOCKED));
    int ended;
    BLOCKING(t, GIL_DATABASE, ended = sqlite3_backup_finish(backup));
    from->calls--;
    to->calls--;
    if (!good) return ERROR;
    return ended == SQLITE_OK ? NONE : sqlite_raise_code(t, to->db, ended);
}
static Value backup_within(Thread *t, Connection *second, Connection *from, Connection *to, const Value *args, int pages, int sleep_ms, const char *name)
{
    HOLD_CONNECTION(t, second);
    return connection_check(t, from) && connection_check(t, to) ? backup_run(t, from, to, args, pages, sleep_ms, name) : ERROR;
}
static Value connection_backup(Thread *t, Value self, const Value *args)
{
    Connection *c = as_connection(self);
    int pages;
    double seconds;
    if (!is_object(args[0]) || !is_instance_of(args[0], &sqlite_connection_type)) return raise_type_error(t, "backup() argument 1 must be sqlite3.Connection, not %T", args[0]);
    if (!int_as_int(t, args[1], &pages) || !float_from_value(t, args[4], &seconds) || !argument_str(t, args[3], "backup", "'name'")) return ERROR;
    if (!is_none(args[2]) && !object_is_callable(args[2])) return raise_type_error(t, "progress argument must be a callable");
    if (is_same(args[0], self)) return raise_value_error(t, "target cannot be the same connection instance");
    if (seconds < 0) return raise_value_error(t, "sleep must be greater-than or equal to zero");
    OWN_MEMORY char *name = str_to_utf8(t, as_str(args[3]), NULL);
    Connection *to = as_connection(args[0]);
    if (!name || !connection_check(t, c) || !connection_check(t, to)) return ERROR;
    OWN Value kept = retain(self), kept_other = retain(args[0]);
    Connection *first = c < to ? c : to, *second = c < to ? to : c;      // two backups the other way round do not wait for each other
    HOLD_CONNECTION(t, first);
    return backup_within(t, second, c, to, args, pages ? pages : -1, seconds > 1e6 ? 1000000000 : (int)(seconds * 1000), name);
}
static Value connection_serialize(Thread *t, Value self, const Value *args)
{
    Connection *c = as_connection(self);
    if (!argument_str(t, args[0], "serialize", "'name'")) return ERROR;
    OWN_MEMORY char *name = str_to_utf8(t, as_str(args[0]), NULL);
    if (!name || !connection_check(t, c)) return ERROR;
    HOLD_CONNECTION(t, c);
    if (!connection_check(t, c)) return ERROR;
    sqlite3_int64 size = 0;
    unsigned char *data;
    BLOCKING(t, GIL_DATABASE, data = sqlite3_serialize(c->db, name, &size, 0));
    if (!data && size == 0) return sqlite_raise(t, "OperationalError", "unable to serialize '%s'", name);
    if (!data) return raise_memory_error(t);
    Value result = bytes_from(t, (const char *)data, (size_t)size);
    sqlite3_free(data);
    return result;
}
static Value connection_deserialize(Thread *t, Value self, const Value *args)
{
    Connection *c = as_connection(self);
    if (!argument_str(t, args[1], "deserialize", "'name'")) return ERROR;
    OWN_MEMORY char *name = str_to_utf8(t, as_str(args[1]), NULL);
    OWN_BUFFER Buffer data = {0};
    if (!name || !buffer_get(t, args[0], &data, 0) || !connection_check(t, c)) return ERROR;
    HOLD_CONNECTION(t, c);
    if (!connection_check(t, c)) return ERROR;
    unsigned char *copy = sqlite3_malloc64((sqlite3_uint64)data.length);
    if (!copy) return raise_memory_error(t);
    memcpy(copy, data.data, (size_t)data.length);
    int code;
    BLOCKING(t, GIL_DATABASE, code = sqlite3_deserialize(c->db, name, copy, data.length, data.length, SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_RESIZEABLE));
    return code == SQLITE_OK ? NONE : sqlite_raise_code(t, c->db, code);
}
static Value connection_limit(Thread *t, Value self, const Value *args, int value)
{
    int category;
    if (!connection_check(t, as_connection(self)) || !int_as_int(t, args[0], &category)) return ERROR;
    int old = sqlite3_limit(as_connection(self)->db, category, value);
    return old < 0 ? sqlite_raise(t, "ProgrammingError", "'category' is out of bounds") : small_int(old);
}
static Value connection_getlimit(Thread *t, Value self, const Value *args) { return connection_limit(t, self, args, -1); }
static Value connection_setlimit(Thread *t, Value self, const Value *args)
{
    int value;
    return int_as_int(t, args[1], &value) ? connection_limit(t, self, args, value) : ERROR;
}
// Connection(sql): a statement, checked; only that it is well formed is of use.
static Value connection_call(Thread *t, Value self, const Value *args, size_t nargs, Value kwnames)
{
    if (nargs != 1 || !is_unbound(kwnames)) return raise_type_error(t, "Connection() takes exactly one argument (%zu given)", nargs);
    return by_cursor(t, self, "execute", args, 1);
}

// ---- Attributes
static Value get_isolation_level(Thread *t, Value self) { return connection_check(t, as_connection(self)) ? retain(as_connection(self)->isolation_level) : ERROR; }
static bool set_isolation_level(Thread *t, Value self, Value v)
{
    const char *begin;
    if (is_unbound(v)) return error_false(raise_error(t, &exc_AttributeError, "cannot delete attribute"));
    if (!isolation_from(t, v, &begin)) return false;
    if (is_none(v)) {
        OWN Value ended = end_transaction(t, self, "COMMIT");
        if (is_error(ended)) return false;
    }
    as_connection(self)->begin = begin;
    assign(&as_connection(self)->isolation_level, retain(v));
    return true;
}
static Value get_in_transaction(Thread *t, Value self)
{
    return connection_check(t, as_connection(self)) ? bool_value(!sqlite3_get_autocommit(as_connection(self)->db)) : ERROR;
}
static Value get_total_changes(Thread *t, Value self)
{
    return connection_check(t, as_connection(self)) ? int_value(t, sqlite3_total_changes64(as_connection(self)->db)) : ERROR;
}
#define FACTORY(name) \
    static Value get_##name(Thread *t, Value self) { return is_unbound(as_connection(self)->name) ? NONE : retain(as_connection(self)->name); } \
    static bool set_##name(Thread *t, Value self, Value v) \
    { \
        assign(&as_connection(self)->name, is_unbound(v) ? NONE : retain(v)); \
        return true; \
    }
FACTORY(row_factory)
FACTORY(text_factory)
#undef FACTORY
#define CLASS(name) static Value get_##name(Thread *t, Value self) { return retain(sqlite_named(t, #name)); }
#define EACH_CLASS(X) X(Warning) X(Error) X(InterfaceError) X(DatabaseError) X(DataError) X(OperationalError) X(IntegrityError) X(InternalError) X(ProgrammingError) X(NotSupportedError)
EACH_CLASS(CLASS)
#undef CLASS
static const GetSet connection_getsets[] = {
    {"isolation_level", get_isolation_level, set_isolation_level, NULL}, {"in_transaction", get_in_transaction, NULL, NULL}, {"total_changes", get_total_changes, NULL, NULL},
    {"row_factory", get_row_factory, set_row_factory, NULL}, {"text_factory", get_text_factory, set_text_factory, NULL},
#define CLASS(name) {#name, get_##name, NULL, NULL},
    EACH_CLASS(CLASS)
#undef CLASS
    {0},
};
static const Method connection_methods[] = {
    {"cursor", connection_cursor, "(self, factory=<unset>)", "Return a cursor for the connection."},
    {"commit", connection_commit, "(self, /)", "Commit any pending transaction to the database."},
    {"rollback", connection_rollback, "(self, /)", "Roll back to the start of any pending transaction."},
    {"close", connection_close, "(self, /)", "Close the database connection."},
    {"execute", connection_execute, "(self, sql, parameters=<unset>, /)", "Executes an SQL statement."},
    {"executemany", connection_executemany, "(self, sql, parameters, /)", "Repeatedly executes an SQL statement."},
    {"executescript", connection_executescript, "(self, sql_script, /)", "Executes multiple SQL statements at once."},
    {"iterdump", connection_iterdump, "(self, /)", "Returns iterator to the dump of the database in an SQL text format."},
    {"interrupt", connection_interrupt, "(self, /)", "Abort any pending database operation."},
    {"backup", connection_backup, "(self, target, *, pages=-1, progress=None, name='main', sleep=0.25)", "Makes a backup of the database."},
    {"serialize", connection_serialize, "(self, /, *, name='main')", "Serialize a database into a byte string."},
    {"deserialize", connection_deserialize, "(self, data, /, *, name='main')", "Load a serialized database."},
    {"getlimit", connection_getlimit, "(self, category, /)", "Get connection run-time limits."},
    {"setlimit", connection_setlimit, "(self, category, limit, /)", "Set connection run-time limits."},
    {"__enter__", connection_enter, "(self, /)", NULL},
    {"__exit__", connection_exit, "(self, type, value, traceback, /)", NULL},
    {"create_function", sqlite_create_function, "(self, name, narg, func, /, *, deterministic=False)", "Creates a new function."},
    {"create_aggregate", sqlite_create_aggregate, "(self, name, n_arg, aggregate_class)", "Creates a new aggregate."},
    {"create_window_function", sqlite_create_window_function, "(self, name, num_params, aggregate_class, /)", "Creates or redefines an aggregate window function."},
    {"create_collation", sqlite_create_collation, "(self, name, callback, /)", "Creates a collation function."},
    {"set_authorizer", sqlite_set_authorizer, "(self, authorizer_callback)", "Sets authorizer callback."},
    {"set_progress_handler", sqlite_set_progress_handler, "(self, progress_handler, n)", "Sets progress handler callback."},
    {"set_trace_callback", sqlite_set_trace_callback, "(self, trace_callback)", "Sets a trace callback called for each SQL statement (passed as unicode)."},
    {0},
};
const TypeSpec sqlite_connection_spec = {
    .name = "sqlite3.Connection", .doc = "SQLite database connection object.", .size = sizeof(Connection), .flags = TYPE_GC | TYPE_BASE,
    .slots = {.visit = connection_visit, .finish = connection_finish, .call = connection_call}, .methods = connection_methods, .getsets = connection_getsets,
    .new_signature = "(*args, **kwargs)", .construct = connection_construct, .initialize = connection_init,
    .init_signature = "(database, timeout=5.0, detect_types=0, isolation_level='', check_same_thread=True, factory=None, cached_statements=128, uri=False)",
};
