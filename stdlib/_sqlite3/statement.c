// SPDX-License-Identifier: MIT
// stdlib/_sqlite3/statement.c: statements: from text, with parameters, to rows; and the connection's table of those used before.
#include "stdlib/_sqlite3/sqlite.h"

#include <limits.h>

#include "runtime/buffer.h"
#include "runtime/call.h"
#include "runtime/heap.h"
#include "runtime/types/bytes.h"
#include "runtime/types/float.h"
#include "runtime/types/int.h"
#include "runtime/types/list.h"
#include "runtime/types/tuple.h"

// ---- Making and ending
// Behind white space and comments.
static const char *skip_blank(const char *at)
{
    for (;;) {
        if (*at == ' ' || *at == '\t' || *at == '\r' || *at == '\n' || *at == '\f') at++;
        else if (at[0] == '-' && at[1] == '-') while (*at && *at != '\n') at++;
        else if (at[0] == '/' && at[1] == '*') {
            at += 2;
            while (*at && !(at[0] == '*' && at[1] == '/')) at++;
            if (*at) at += 2;
        } else return at;
    }
}
static bool begins_with_change(const char *sql)
{
    static const char *const words[] = {"INSERT", "UPDATE", "DELETE", "REPLACE"};
    const char *at = skip_blank(sql);
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (sqlite3_strnicmp(at, words[i], (int)strlen(words[i])) == 0) return true;
    return false;
}
static Statement *statement_new(Thread *t, Connection *c, Value sql)
{
    size_t length;
    OWN_MEMORY char *text = str_to_utf8(t, as_str(sql), &length);
    if (!text) return NULL;
    if (length > (size_t)sqlite3_limit(c->db, SQLITE_LIMIT_SQL_LENGTH, -1)) return error_null(sqlite_raise(t, "DataError", "query string is too large"));
    if (strlen(text) != length) return error_null(sqlite_raise(t, "ProgrammingError", "the query contains a null character"));
    sqlite3_stmt *handle = NULL;
    const char *tail = "";
    int code;
    IN_SQLITE(t, c, code = sqlite3_prepare_v2(c->db, text, (int)length + 1, &handle, &tail));
    if (code != SQLITE_OK) return check_error_pending(t) ? NULL : error_null(sqlite_raise_code(t, c->db, code));
    Statement *s = *skip_blank(tail) ? NULL : mem_allocate(t, sizeof *s);
    if (!s) {
        sqlite3_finalize(handle);
        return check_error_pending(t) ? NULL : error_null(sqlite_raise(t, "ProgrammingError", "You can only execute one statement at a time."));
    }
    *s = (Statement){.next = c->statements, .handle = handle, .sql = retain(sql), .in_use = true, .changes_rows = begins_with_change(text)};
    if (c->statements) c->statements->previous = s;
    c->statements = s;
    return s;
}
void statement_forget(Connection *c, Statement *s)
{
    if (s->busy) return;
    if (s->handle) sqlite3_finalize(s->handle);
    s->handle = NULL;
    if (s->in_use || s->cached) return;
    if (s->previous) s->previous->next = s->next;
    else c->statements = s->next;
    if (s->next) s->next->previous = s->previous;
    clear(&s->sql);
    mem_free(s);
}
void statement_release(Connection *c, Statement *s)
{
    s->in_use = false;
    if (s->handle && !s->busy) {
        sqlite3_reset(s->handle);
        sqlite3_clear_bindings(s->handle);
    }
    if (!s->cached || !s->handle) {
        for (size_t i = 0; s->cached && i < c->cache_size; i++)
            if (c->cache[i] == s) c->cache[i] = NULL;
        s->cached = false;
        statement_forget(c, s);
    }
}
Statement *statement_get(Thread *t, Connection *c, Value sql)
{
    if (c->cache_size == 0) return statement_new(t, c, sql);
    Statement **place = &c->cache[(size_t)str_hash(as_str(sql)) % c->cache_size];
    if (*place && !(*place)->in_use && (*place)->handle && str_equal(as_str((*place)->sql), as_str(sql))) {
        (*place)->in_use = true;
        return *place;
    }
    Statement *s = statement_new(t, c, sql);
    if (!s || (*place && (*place)->in_use)) return s;
    Statement *old = *place;
    *place = s;
    s->cached = true;
    if (old) {
        old->cached = false;
        statement_forget(c, old);
    }
    return s;
}
int statement_step(Thread *t, Connection *c, Statement *s)
{
    int code;
    bool outer = s->busy;
    s->busy = true;
    IN_SQLITE(t, c, code = sqlite3_step(s->handle));
    s->busy = outer;
    return code;
}

// ---- Parameters
static bool bind_buffer(Thread *t, Statement *s, int position, Value v, int *code)
{
    OWN_BUFFER Buffer b = {0};
    if (!buffer_get(t, v, &b, 0)) return error_clear_if(t, &exc_BufferError) ? error_false(raise_value_error(t, "could not convert BLOB to buffer")) : false;
    if (b.length > INT_MAX) return error_false(raise_error(t, &exc_OverflowError, "BLOB longer than INT_MAX bytes"));
    *code = sqlite3_bind_blob(s->handle, position, b.length ? b.data : "", (int)b.length, SQLITE_TRANSIENT);
    return true;
}
static bool bind_value(Thread *t, Connection *c, Statement *s, int position, Value v)
{
    int code = SQLITE_OK;
    if (is_none(v)) code = sqlite3_bind_null(s->handle, position);
    else if (is_int(v)) {
        int64_t i;
        if (!int_as_i64(t, v, &i)) return error_clear_if(t, &exc_OverflowError) ? error_false(raise_error(t, &exc_OverflowError, "Python int too large to convert to SQLite INTEGER")) : false;
        code = sqlite3_bind_int64(s->handle, position, i);
    } else if (is_float(v)) code = sqlite3_bind_double(s->handle, position, as_float(v));
    else if (is_str(v)) {
        size_t length;
        OWN_MEMORY char *text = str_to_utf8(t, as_str(v), &length);
        if (!text) return false;
        if (length > INT_MAX) return error_false(raise_error(t, &exc_OverflowError, "string longer than INT_MAX bytes"));
        code = sqlite3_bind_text(s->handle, position, text, (int)length, SQLITE_TRANSIENT);
    } else if (is_buffer(v)) {
        if (!bind_buffer(t, s, position, v, &code)) return false;
    } else return error_false(sqlite_raise(t, "ProgrammingError", "Error binding parameter %d: type '%T' is not supported", position, v));
    return code == SQLITE_OK || error_false(sqlite_raise_code(t, c->db, code));
}
static bool needs_no_adapting(Value v)
{
    return is_small_int(v) || is_small_float(v) || is_exact_str(v) || is_none(v) || (is_object(v) && (as_object(v)->type == &bytes_type || as_object(v)->type == &bytearray_type));
}
// Binds one parameter; adapters run here, and must leave the statement as it is.
static bool bind_adapted(Thread *t, Connection *c, Statement *s, int position, Value v)
{
    OWN Value adapted = needs_no_adapting(v) ? retain(v) : sqlite_adapt(t, v, type_value(&sqlite_protocol_type), v);
    if (is_error(adapted)) return false;
    if (!s->handle) return error_false(sqlite_raise(t, "ProgrammingError", "Cannot operate on a closed database."));
    return bind_value(t, c, s, position, adapted);
}
static bool bind_sequence(Thread *t, Connection *c, Statement *s, Value parameters, int wanted)
{
    ptrdiff_t given = object_length(t, parameters);
    if (given < 0) return false;
    if (given != wanted)
        return error_false(sqlite_raise(t, "ProgrammingError", "Incorrect number of bindings supplied. The current statement uses %d, and there are %zd supplied.", wanted, given));
    for (int i = 0; i < wanted; i++) {
        OWN Value v = object_get_item(t, parameters, small_int(i));
        if (is_error(v) || !bind_adapted(t, c, s, i + 1, v)) return false;
    }
    return true;
}
static bool bind_mapping(Thread *t, Connection *c, Statement *s, Value parameters, int wanted)
{
    for (int i = 1; i <= wanted; i++) {
        const char *name = s->handle ? sqlite3_bind_parameter_name(s->handle, i) : NULL;
        if (!name) return error_false(sqlite_raise(t, "ProgrammingError", "Binding %d has no name, but you supplied a dictionary (which has only names).", i));
        OWN Value key = str_from_text(t, name + 1);
        OWN Value v = is_error(key) ? ERROR : object_get_item(t, parameters, key);
        if (is_error(v)) {
            if (error_clear_if(t, &exc_LookupError)) sqlite_raise(t, "ProgrammingError", "You did not supply a value for binding parameter :%S.", key);
            return false;
        }
        if (!bind_adapted(t, c, s, i, v)) return false;
    }
    return true;
}
bool statement_bind(Thread *t, Connection *c, Statement *s, Value parameters)
{
    int wanted = sqlite3_bind_parameter_count(s->handle);
    bool mapping = is_dict(parameters);
    bool sequence = is_tuple(parameters) || is_list(parameters);
    if (!mapping && !sequence) {
        OWN Value keys = object_get_attr_optional(t, parameters, NAME(keys));
        if (is_error(keys)) return false;
        sequence = is_unbound(keys) && type_of(parameters)->slots.get_item && type_of(parameters)->slots.length;
        mapping = !is_unbound(keys) && type_of(parameters)->slots.get_item;
    }
    if (!mapping && !sequence) return error_false(sqlite_raise(t, "ProgrammingError", "parameters are of unsupported type"));
    return sequence ? bind_sequence(t, c, s, parameters, wanted) : bind_mapping(t, c, s, parameters, wanted);
}

// ---- Rows
static Value text_column(Thread *t, Connection *c, Statement *s, int column, const char *text, size_t length)
{
    if (is_same(c->text_factory, type_value(&str_type))) {
        Value v = str_from_utf8(t, text, length);
        if (!is_error(v) || !error_clear_if(t, &exc_UnicodeDecodeError)) return v;
        const char *name = sqlite3_column_name(s->handle, column);
        OWN Value shown = bytes_decode(t, text, length, "utf-8", "replace");
        OWN Value shown_name = is_error(shown) ? ERROR : bytes_decode(t, name ? name : "", name ? strlen(name) : 0, "utf-8", "replace");
        return is_error(shown_name) ? ERROR : sqlite_raise(t, "OperationalError", "Could not decode to UTF-8 column '%S' with text '%S'", shown_name, shown);
    }
    if (is_same(c->text_factory, type_value(&bytearray_type))) return bytearray_from(t, text, length);
    OWN Value bytes = bytes_from(t, text, length);
    return is_error(bytes) || is_same(c->text_factory, type_value(&bytes_type)) ? MOVE(bytes) : call1(t, c->text_factory, bytes);
}
Value sqlite_column_value(Thread *t, Connection *c, Statement *s, int column, Value converter)
{
    int type = sqlite3_column_type(s->handle, column);
    if (type == SQLITE_NULL) return NONE;
    if (!is_none(converter)) {
        const void *blob = sqlite3_column_blob(s->handle, column);
        OWN Value bytes = bytes_from(t, blob ? blob : "", blob ? (size_t)sqlite3_column_bytes(s->handle, column) : 0);
        return is_error(bytes) ? ERROR : call1(t, converter, bytes);
    }
    switch (type) {
    case SQLITE_INTEGER: return int_value(t, sqlite3_column_int64(s->handle, column));
    case SQLITE_FLOAT: return float_from_outside(sqlite3_column_double(s->handle, column));
    case SQLITE_TEXT: {
        const char *text = (const char *)sqlite3_column_text(s->handle, column);
        if (!text) return raise_memory_error(t);
        return text_column(t, c, s, column, text, (size_t)sqlite3_column_bytes(s->handle, column));
    }
    default: {
        const void *blob = sqlite3_column_blob(s->handle, column);
        return bytes_from(t, blob ? blob : "", blob ? (size_t)sqlite3_column_bytes(s->handle, column) : 0);
    }
    }
}
