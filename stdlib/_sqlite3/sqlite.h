// SPDX-License-Identifier: MIT
// stdlib/_sqlite3/sqlite.h: connections, cursors and statements, and what their files share.
//
// Lock: `lock` of a connection is held by the one thread that uses it, from before a call of SQLite to after it; the thread waits for it
// without the GIL, and lets go of the GIL while SQLite works. It is recursive: functions that SQL calls may use the connection again.
// Always: a statement that is `busy` is on the C stack of that thread, and is neither reset nor finalized but by who made it busy.
#ifndef BATON_STDLIB_SQLITE_H
#define BATON_STDLIB_SQLITE_H

#include <sqlite3.h>

#include "runtime/error.h"
#include "runtime/types/dict.h"
#include "runtime/types/str.h"
#include "stdlib/module_slots.h"
#include "stdlib/stream_lock.h"

enum { PARSE_DECLTYPES = 1, PARSE_COLNAMES = 2 };

typedef struct Statement {
    struct Statement *next, *previous;   // the connection's list
    sqlite3_stmt *handle;                // NULL: finalized
    Value sql;                           // a str
    bool cached, in_use, busy;           // cached: the connection's table has it; in_use: a cursor has it
    bool changes_rows;                   // INSERT, UPDATE, DELETE or REPLACE
} Statement;

typedef struct Connection {
    Object head;
    sqlite3 *db;                         // NULL: closed, or never opened
    pthread_mutex_t lock;
    bool has_lock, initialized, check_same_thread;
    unsigned calls;                      // of SQLite under way: what they call back must not close the connection
    uint64_t ident;                      // of the thread that made it
    int detect_types;
    const char *begin;                   // the statement that begins a transaction; NULL: none is begun
    Value isolation_level, row_factory, text_factory;
    Value callables;                     // dict: (kind, name, arguments) -> what SQL may call, kept while it may
    Statement *statements;
    Statement **cache;                   // by the hash of the text
    size_t cache_size;
} Connection;

typedef struct Cursor {
    Object head;
    Value connection;                    // UNBOUND: __init__ was not called
    Value description, lastrowid, row_factory;
    Value converters;                    // a tuple of functions and None, a column each; or NONE
    Statement *statement;                // with a row ready to be read; or NULL
    int64_t arraysize, rowcount;
    bool closed, locked;
} Cursor;

extern Type sqlite_connection_type, sqlite_cursor_type, sqlite_row_type, sqlite_protocol_type;
extern const TypeSpec sqlite_connection_spec, sqlite_cursor_spec, sqlite_row_spec, sqlite_protocol_spec;
// functions.c: methods of Connection
#define EACH_FUNCTION_METHOD(X) X(create_function) X(create_aggregate) X(create_window_function) X(create_collation) X(set_authorizer) X(set_progress_handler) X(set_trace_callback)
#define X(name) NEEDS_GIL NEW_REF Value sqlite_##name(Thread *t, Value self, const Value *args);
EACH_FUNCTION_METHOD(X)
#undef X
static inline Connection *as_connection(Value v) { return (Connection *)as_object(v); }
static inline Cursor *as_cursor(Value v) { return (Cursor *)as_object(v); }
// A call of SQLite that may wait, and may call back.
#define IN_SQLITE(t, c, statement) do { (c)->calls++; BLOCKING(t, GIL_DATABASE, statement); (c)->calls--; } while (0)
#define HOLD_CONNECTION(t, c) HOLD_STREAM(t, &(c)->lock, GIL_DATABASE)

// ---- module.c
NEEDS_GIL Value sqlite_named(Thread *t, const char *name);                        // of the module: borrowed; NONE if it is not there
NEEDS_GIL COLD Value sqlite_raise(Thread *t, const char *class, const char *format, ...);
NEEDS_GIL COLD Value sqlite_raise_code(Thread *t, sqlite3 *db, int code);         // what SQLite says, as the class that belongs to the code
NEEDS_GIL NEW_REF Value sqlite_adapt(Thread *t, Value v, Value protocol, Value otherwise);    // otherwise UNBOUND: ProgrammingError

// ---- statement.c
NEEDS_GIL MAY_RAISE Statement *statement_get(Thread *t, Connection *c, Value sql);           // in use by the caller; the lock is held
NEEDS_GIL void statement_release(Connection *c, Statement *s);
NEEDS_GIL void statement_forget(Connection *c, Statement *s);                      // finalizes it unless it is busy
NEEDS_GIL int statement_step(Thread *t, Connection *c, Statement *s);
NEEDS_GIL MAY_RAISE bool statement_bind(Thread *t, Connection *c, Statement *s, Value parameters);
NEEDS_GIL NEW_REF Value sqlite_column_value(Thread *t, Connection *c, Statement *s, int column, Value converter);

// ---- connection.c
NEEDS_GIL MAY_RAISE bool connection_check(Thread *t, Connection *c);               // open, and in its thread
NEEDS_GIL MAY_RAISE bool connection_run(Thread *t, Connection *c, const char *sql);           // a statement without rows

#endif
