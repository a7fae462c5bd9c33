// SPDX-License-Identifier: MIT
// stdlib/_sqlite3/functions.c: what SQL may call: functions, aggregates, collations, and the hooks of a connection.
//
// SQLite calls these from within sqlite3_step() and its like, when the thread has let go of the GIL, or from a function that kept it:
// enter() takes it if need be. An exception cannot pass through SQLite: it is shown if callback tracebacks are on, and dropped; the
// statement fails. The connection's `callables` keeps each function as long as SQLite may call it.
#include "stdlib/_sqlite3/sqlite.h"

#include <limits.h>

#include "runtime/buffer.h"
#include "runtime/call.h"
#include "runtime/heap.h"
#include "runtime/types/arguments.h"
#include "runtime/types/bytes.h"
#include "runtime/types/float.h"
#include "runtime/types/int.h"
#include "runtime/types/tuple.h"

typedef struct Callback { Value function; } Callback;      // borrowed from the connection's `callables`
typedef struct Inside { Thread *t; Value pending; bool was_outside; } Inside;

MOVES_GIL static Inside enter(void)
{
    Inside in = {.t = thread_current()};
    in.was_outside = !in.t->gil.holds;
    if (in.was_outside) gil_acquire(in.t, GIL_DATABASE);
    in.pending = error_take(in.t);
    return in;
}
MOVES_GIL static void leave(Inside *in, const char *where)
{
    if (error_pending(in->t)) {
        if (is_true(sqlite_named(in->t, "_callback_tracebacks"))) error_unraisable(in->t, where, UNBOUND);
        else error_clear(in->t);
    }
    if (!is_unbound(in->pending)) error_restore(in->t, in->pending);
    if (in->was_outside) gil_release(in->t, GIL_DATABASE);
}

// ---- Values between SQL and Python
static Value argument_value(Thread *t, sqlite3_value *v)
{
    switch (sqlite3_value_type(v)) {
    case SQLITE_INTEGER: return int_value(t, sqlite3_value_int64(v));
    case SQLITE_FLOAT: return float_from_outside(sqlite3_value_double(v));
    case SQLITE_TEXT: {
        const char *text = (const char *)sqlite3_value_text(v);
        return text ? str_from_utf8(t, text, (size_t)sqlite3_value_bytes(v)) : raise_memory_error(t);
    }
    case SQLITE_BLOB: {
        const void *blob = sqlite3_value_blob(v);
        return bytes_from(t, blob ? blob : "", blob ? (size_t)sqlite3_value_bytes(v) : 0);
    }
    default: return NONE;
    }
}
static Value arguments_value(Thread *t, int count, sqlite3_value **values)
{
    OWN_POINTER Tuple *args = tuple_blank(t, (size_t)count);
    for (int i = 0; args && i < count; i++) args->items[i] = NONE;
    for (int i = 0; args && i < count; i++) {
        args->items[i] = argument_value(t, values[i]);
        if (!is_error(args->items[i])) continue;
        args->items[i] = NONE;
        return ERROR;
    }
    return args ? object_value(MOVE_POINTER(args)) : ERROR;
}
static bool give_result(Thread *t, sqlite3_context *context, Value v)
{
    if (is_error(v)) return false;
    if (is_none(v)) sqlite3_result_null(context);
    else if (is_int(v)) {
        int64_t i;
        if (!int_as_i64(t, v, &i)) return false;
        sqlite3_result_int64(context, i);
    } else if (is_float(v)) sqlite3_result_double(context, as_float(v));
    else if (is_str(v)) {
        size_t length;
        OWN_MEMORY char *text = str_to_utf8(t, as_str(v), &length);
        if (!text) return false;
        if (length > INT_MAX) return error_false(raise_error(t, &exc_OverflowError, "string is longer than INT_MAX bytes"));
        sqlite3_result_text(context, text, (int)length, SQLITE_TRANSIENT);
    } else if (is_buffer(v)) {
        OWN_BUFFER Buffer b = {0};
        if (!buffer_get(t, v, &b, 0)) return false;
        if (b.length > INT_MAX) return error_false(raise_error(t, &exc_OverflowError, "BLOB longer than INT_MAX bytes"));
        sqlite3_result_blob(context, b.length ? b.data : "", (int)b.length, SQLITE_TRANSIENT);
    } else return error_false(raise_type_error(t, "a function of SQL must return None, int, float, str or bytes, not %T", v));
    return true;
}
static void fail(Thread *t, sqlite3_context *context, const char *message)
{
    if (error_matches(t, &exc_MemoryError)) sqlite3_result_error_nomem(context);
    else if (error_matches(t, &exc_OverflowError)) sqlite3_result_error_toobig(context);
    else sqlite3_result_error(context, message, -1);
}

// ---- Functions and aggregates
static void call_function(sqlite3_context *context, int count, sqlite3_value **values)
{
    Inside in = enter();
    {
        OWN Value function = retain(((Callback *)sqlite3_user_data(context))->function);
        OWN Value args = arguments_value(in.t, count, values);
        OWN Value result = is_error(args) ? ERROR : call(in.t, function, as_tuple(args)->items, as_tuple(args)->length, UNBOUND);
        if (!give_result(in.t, context, result)) fail(in.t, context, "user-defined function raised exception");
    }
    leave(&in, "in a function called by SQL");
}
// The object that aggregates, made at the first row: owned by SQLite's memory until the end. ERROR: raised.
static Value aggregate_of(Thread *t, sqlite3_context *context, bool make)
{
    Value *slot = sqlite3_aggregate_context(context, make ? sizeof(Value) : 0);
    if (!slot) return make ? raise_memory_error(t) : UNBOUND;
    if (is_unbound(*slot) && make) {
        OWN Value class = retain(((Callback *)sqlite3_user_data(context))->function);
        Value made = call0(t, class);
        if (!is_error(made)) *slot = made;
        else fail(t, context, "user-defined aggregate's '__init__' method raised error");
        return made;
    }
    return *slot;
}
static Value call_aggregate(Thread *t, Value aggregate, const char *method, Value args)
{
    OWN_POINTER Str *name = str_intern_text(t, method, strlen(method));
    return name ? call_method(t, aggregate, name, as_tuple(args)->items, as_tuple(args)->length) : ERROR;
}
static void aggregate_row(sqlite3_context *context, int count, sqlite3_value **values, const char *method, const char *message)
{
    Inside in = enter();
    {
        OWN Value aggregate = retain(aggregate_of(in.t, context, true));
        OWN Value args = is_error(aggregate) ? ERROR : arguments_value(in.t, count, values);
        OWN Value result = is_error(args) ? ERROR : call_aggregate(in.t, aggregate, method, args);
        if (is_error(result) && !is_error(aggregate)) fail(in.t, context, message);
    }
    leave(&in, "in an aggregate called by SQL");
}
static void on_step(sqlite3_context *context, int count, sqlite3_value **values)
{
    aggregate_row(context, count, values, "step", "user-defined aggregate's 'step' method raised error");
}
static void on_inverse(sqlite3_context *context, int count, sqlite3_value **values)
{
    aggregate_row(context, count, values, "inverse", "user-defined aggregate's 'inverse' method raised error");
}
static void aggregate_result(sqlite3_context *context, const char *method, const char *message, bool last)
{
    Inside in = enter();
    {
        OWN Value aggregate = retain(aggregate_of(in.t, context, false));
        if (!is_unbound(aggregate)) {
            OWN Value result = call_aggregate(in.t, aggregate, method, object_value(tuple_empty));
            if (!give_result(in.t, context, result)) fail(in.t, context, message);
            if (last) clear(sqlite3_aggregate_context(context, 0));
        }
    }
    leave(&in, "in an aggregate called by SQL");
}
static void on_final(sqlite3_context *context) { aggregate_result(context, "finalize", "user-defined aggregate's 'finalize' method raised error", true); }
static void on_value(sqlite3_context *context) { aggregate_result(context, "value", "user-defined aggregate's 'value' method raised error", false); }

// ---- Collations and hooks
static int on_collation(void *data, int length, const void *text, int other_length, const void *other)
{
    Inside in = enter();
    int order = 0;
    {
        OWN Value function = retain(((Callback *)data)->function);
        OWN Value first = str_from_utf8(in.t, text, (size_t)length);
        OWN Value second = is_error(first) ? ERROR : str_from_utf8(in.t, other, (size_t)other_length);
        OWN Value result = is_error(second) ? ERROR : call2(in.t, function, first, second);
        int64_t number;
        if (!is_error(result) && int_as_i64(in.t, result, &number)) order = number < 0 ? -1 : number > 0;
    }
    leave(&in, "in a collation called by SQL");
    return order;
}
static Value text_or_none(Thread *t, const char *text) { return text ? str_from_utf8(t, text, strlen(text)) : NONE; }
static int on_authorizer(void *data, int action, const char *first, const char *second, const char *database, const char *trigger)
{
    Inside in = enter();
    int answer = SQLITE_DENY;
    {
        OWN Value function = retain(((Callback *)data)->function);
        const char *const texts[] = {first, second, database, trigger};
        Value args[5] = {small_int(action), NONE, NONE, NONE, NONE};
        bool good = true;
        for (size_t i = 0; i < COUNT_OF(texts); i++) {
            args[i + 1] = good ? text_or_none(in.t, texts[i]) : NONE;
            good = good && !is_error(args[i + 1]);
        }
        OWN Value result = good ? call(in.t, function, args, 5, UNBOUND) : ERROR;
        for (size_t i = 1; i < 5; i++) if (!is_error(args[i])) drop(args[i]);
        if (!is_error(result) && !is_int(result)) raise_type_error(in.t, "an authorizer must return an int, not %T", result);
        else if (!is_error(result) && !int_as_int(in.t, result, &answer)) answer = SQLITE_DENY;
    }
    leave(&in, "in an authorizer called by SQL");
    return answer;
}
static int on_progress(void *data)
{
    Inside in = enter();
    int stop = 1;
    {
        OWN Value function = retain(((Callback *)data)->function);
        OWN Value result = call0(in.t, function);
        if (!is_error(result)) stop = object_truth(in.t, result) != 0;
    }
    leave(&in, "in a progress handler called by SQL");
    return stop;
}
static int on_trace(unsigned kind, void *data, void *statement, void *sql)
{
    if (kind != SQLITE_TRACE_STMT) return 0;
    Inside in = enter();
    {
        OWN Value function = retain(((Callback *)data)->function);
        char *expanded = strncmp(sql, "--", 2) == 0 ? NULL : sqlite3_expanded_sql(statement);    // of a trigger: its comment
        const char *shown = expanded ? expanded : (const char *)sql;
        OWN Value text = str_from_utf8(in.t, shown, strlen(shown));
        sqlite3_free(expanded);
        OWN Value result = is_error(text) ? ERROR : call1(in.t, function, text);
    }
    leave(&in, "in a trace callback called by SQL");
    return 0;
}

// ---- Registering them
// Keeps `function` under a key of the connection, and gives what SQLite is to be handed; NULL: raised.
static Callback *callback_keep(Thread *t, Connection *c, Value key, Value function)
{
    Callback *cb = mem_allocate(t, sizeof *cb);
    if (!cb) return NULL;
    cb->function = function;
    Dict *all = as_dict(c->callables);
    Value old = dict_get(t, all, key);
    // What was there before stays until SQLite has let go of it: under a key of its own, dropped when the connection ends.
    OWN Value id = is_error(old) ? ERROR : int_from_u64(t, old.bits);
    if (is_error(id) || (!is_unbound(old) && !dict_set(t, all, id, old)) || !dict_set(t, all, key, function)) {
        mem_free(cb);
        return NULL;
    }
    return cb;
}
static bool begin(Thread *t, Connection *c, Value name, const char *function, char **text)
{
    *text = NULL;
    if (!connection_check(t, c)) return false;
    return !is_str(name) ? argument_str(t, name, function, "1") != NULL : (*text = str_to_utf8(t, as_str(name), NULL)) != NULL;
}
enum Kind { KIND_FUNCTION, KIND_AGGREGATE, KIND_WINDOW };
static Value create(Thread *t, Value self, Value name, Value count, Value function, enum Kind kind, int flags)
{
    Connection *c = as_connection(self);
    int arguments;
    OWN_MEMORY char *text = NULL;
    if (!begin(t, c, name, "create_function", &text) || !int_as_int(t, count, &arguments)) return ERROR;
    HOLD_CONNECTION(t, c);
    if (!connection_check(t, c)) return ERROR;
    Callback *cb = NULL;
    if (!is_none(function)) {
        OWN Value key = tuple_of(t, 3, small_int(kind), name, small_int(arguments));
        cb = is_error(key) ? NULL : callback_keep(t, c, key, function);
        if (!cb) return ERROR;
    }
    int code;
    bool is_function = cb && kind == KIND_FUNCTION, is_aggregate = cb && kind != KIND_FUNCTION;
    if (kind == KIND_WINDOW)
        code = sqlite3_create_window_function(c->db, text, arguments, SQLITE_UTF8 | flags, cb, cb ? on_step : NULL, cb ? on_final : NULL, cb ? on_value : NULL, cb ? on_inverse : NULL, mem_free);
    else
        code = sqlite3_create_function_v2(c->db, text, arguments, SQLITE_UTF8 | flags, cb, is_function ? call_function : NULL, is_aggregate ? on_step : NULL, is_aggregate ? on_final : NULL, mem_free);
    if (code == SQLITE_OK) return NONE;
    return kind == KIND_WINDOW ? sqlite_raise_code(t, c->db, code)
                               : sqlite_raise(t, "OperationalError", kind == KIND_FUNCTION ? "Error creating function" : "Error creating aggregate");
}
Value sqlite_create_function(Thread *t, Value self, const Value *args)
{
    int deterministic = object_truth(t, args[3]);
    return deterministic < 0 ? ERROR : create(t, self, args[0], args[1], args[2], KIND_FUNCTION, deterministic ? SQLITE_DETERMINISTIC : 0);
}
Value sqlite_create_aggregate(Thread *t, Value self, const Value *args) { return create(t, self, args[0], args[1], args[2], KIND_AGGREGATE, 0); }
Value sqlite_create_window_function(Thread *t, Value self, const Value *args) { return create(t, self, args[0], args[1], args[2], KIND_WINDOW, 0); }
Value sqlite_create_collation(Thread *t, Value self, const Value *args)
{
    Connection *c = as_connection(self);
    OWN_MEMORY char *text = NULL;
    if (!begin(t, c, args[0], "create_collation", &text)) return ERROR;
    if (!is_none(args[1]) && !object_is_callable(args[1])) return raise_type_error(t, "parameter must be callable");
    HOLD_CONNECTION(t, c);
    if (!connection_check(t, c)) return ERROR;
    Callback *cb = NULL;
    if (!is_none(args[1])) {
        OWN Value key = tuple_of(t, 2, small_int(-1), args[0]);
        cb = is_error(key) ? NULL : callback_keep(t, c, key, args[1]);
        if (!cb) return ERROR;
    }
    int code = sqlite3_create_collation_v2(c->db, text, SQLITE_UTF8, cb, cb ? on_collation : NULL, mem_free);
    if (code == SQLITE_OK) return NONE;
    mem_free(cb);                 // this one function does not do so itself when it fails
    return sqlite_raise_code(t, c->db, code);
}
// The hooks: one a connection. Their Callback lies in the dict as a bytes object, so that it lives as long as the function. *old: what was
// there, to be dropped when SQLite has the new one.
static bool hook_keep(Thread *t, Connection *c, int which, Value function, Callback **cb, Value *old)
{
    OWN Value room = bytes_from(t, NULL, sizeof(Callback));
    OWN Value both = is_error(room) ? ERROR : tuple_of(t, 2, room, function);
    if (is_error(both)) return false;
    *cb = (Callback *)(void *)bytes_data(room);
    (*cb)->function = function;
    Value before = dict_get(t, as_dict(c->callables), small_int(which));
    if (is_error(before)) return false;
    *old = retain(before);
    return dict_set(t, as_dict(c->callables), small_int(which), both);
}
enum Hook { HOOK_AUTHORIZER, HOOK_PROGRESS, HOOK_TRACE };
static Value set_hook(Thread *t, Value self, enum Hook which, Value function, int instructions)
{
    Connection *c = as_connection(self);
    Callback *cb = NULL;
    OWN Value old = UNBOUND;
    if (!connection_check(t, c)) return ERROR;
    HOLD_CONNECTION(t, c);
    if (!connection_check(t, c) || (!is_none(function) && !hook_keep(t, c, which, function, &cb, &old))) return ERROR;
    int code = SQLITE_OK;
    if (which == HOOK_AUTHORIZER) code = sqlite3_set_authorizer(c->db, cb ? on_authorizer : NULL, cb);
    else if (which == HOOK_PROGRESS) sqlite3_progress_handler(c->db, cb ? instructions : 0, cb ? on_progress : NULL, cb);
    else code = sqlite3_trace_v2(c->db, SQLITE_TRACE_STMT, cb ? on_trace : NULL, cb);
    return code == SQLITE_OK ? NONE : sqlite_raise(t, "OperationalError", "Error setting authorizer callback");
}
Value sqlite_set_authorizer(Thread *t, Value self, const Value *args) { return set_hook(t, self, HOOK_AUTHORIZER, args[0], 0); }
Value sqlite_set_progress_handler(Thread *t, Value self, const Value *args)
{
    int instructions;
    return int_as_int(t, args[1], &instructions) ? set_hook(t, self, HOOK_PROGRESS, args[0], instructions) : ERROR;
}
Value sqlite_set_trace_callback(Thread *t, Value self, const Value *args) { return set_hook(t, self, HOOK_TRACE, args[0], 0); }
