// SPDX-License-Identifier: MIT
// stdlib/_sqlite3/module.c: the module _sqlite3: connect(), errors, and how values of other types go into a database and come out of it.
#include <stdarg.h>

#include "runtime/call.h"
#include "runtime/types/arguments.h"
#include "runtime/types/bytes.h"
#include "runtime/types/exception.h"
#include "runtime/types/float.h"
#include "runtime/types/int.h"
#include "runtime/types/module.h"
#include "runtime/types/tuple.h"
#include "stdlib/_sqlite3/sqlite.h"

Value sqlite_named(Thread *t, const char *name)
{
    Value namespace = t->interp->module_slots[SLOT_SQLITE_NAMESPACE];
    OWN_POINTER Str *key = is_dict(namespace) ? str_intern_text(t, name, strlen(name)) : NULL;
    Value found = key ? dict_get_str(as_dict(namespace), key) : UNBOUND;
    return is_unbound(found) ? NONE : found;
}

// ---- Errors
static Type *error_class(Thread *t, const char *name)
{
    Value class = sqlite_named(t, name);
    return is_exception_type(class) ? as_type(class) : &exc_Exception;
}
Value sqlite_raise(Thread *t, const char *class, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    OWN Value message = str_format_va(t, format, arguments);
    va_end(arguments);
    return is_error(message) ? ERROR : raise_value(t, error_class(t, class), message);
}
static const char *class_of_code(int code)
{
    switch (code & 0xFF) {
    case SQLITE_INTERNAL: case SQLITE_NOTFOUND: return "InternalError";
    case SQLITE_ERROR: case SQLITE_PERM: case SQLITE_ABORT: case SQLITE_BUSY: case SQLITE_LOCKED: case SQLITE_READONLY: case SQLITE_INTERRUPT: case SQLITE_IOERR:
    case SQLITE_FULL: case SQLITE_CANTOPEN: case SQLITE_PROTOCOL: case SQLITE_EMPTY: case SQLITE_SCHEMA: return "OperationalError";
    case SQLITE_TOOBIG: return "DataError";
    case SQLITE_CONSTRAINT: case SQLITE_MISMATCH: return "IntegrityError";
    case SQLITE_MISUSE: case SQLITE_RANGE: return "InterfaceError";
    default: return "DatabaseError";
    }
}
#define EACH_CODE(X) \
    X(OK) X(ERROR) X(INTERNAL) X(PERM) X(ABORT) X(BUSY) X(LOCKED) X(NOMEM) X(READONLY) X(INTERRUPT) X(IOERR) X(CORRUPT) X(NOTFOUND) X(FULL) X(CANTOPEN) X(PROTOCOL) X(EMPTY) \
    X(SCHEMA) X(TOOBIG) X(CONSTRAINT) X(MISMATCH) X(MISUSE) X(NOLFS) X(AUTH) X(FORMAT) X(RANGE) X(NOTADB) X(NOTICE) X(WARNING) X(ROW) X(DONE) X(ABORT_ROLLBACK) X(BUSY_RECOVERY) \
    X(BUSY_SNAPSHOT) X(BUSY_TIMEOUT) X(CANTOPEN_DIRTYWAL) X(CANTOPEN_FULLPATH) X(CANTOPEN_ISDIR) X(CANTOPEN_NOTEMPDIR) X(CONSTRAINT_CHECK) X(CONSTRAINT_COMMITHOOK) \
    X(CONSTRAINT_FOREIGNKEY) X(CONSTRAINT_FUNCTION) X(CONSTRAINT_NOTNULL) X(CONSTRAINT_PINNED) X(CONSTRAINT_PRIMARYKEY) X(CONSTRAINT_ROWID) X(CONSTRAINT_TRIGGER) \
    X(CONSTRAINT_UNIQUE) X(CONSTRAINT_VTAB) X(CORRUPT_INDEX) X(CORRUPT_SEQUENCE) X(CORRUPT_VTAB) X(ERROR_MISSING_COLLSEQ) X(ERROR_RETRY) X(ERROR_SNAPSHOT) X(IOERR_ACCESS) \
    X(IOERR_AUTH) X(IOERR_FSTAT) X(IOERR_FSYNC) X(IOERR_LOCK) X(IOERR_NOMEM) X(IOERR_READ) X(IOERR_SHORT_READ) X(IOERR_TRUNCATE) X(IOERR_UNLOCK) X(IOERR_WRITE) \
    X(LOCKED_SHAREDCACHE) X(LOCKED_VTAB) X(READONLY_CANTINIT) X(READONLY_CANTLOCK) X(READONLY_DBMOVED) X(READONLY_DIRECTORY) X(READONLY_RECOVERY) X(READONLY_ROLLBACK)
static const NamedInt codes[] = {
#define X(name) {"SQLITE_" #name, SQLITE_##name},
    EACH_CODE(X)
#undef X
};
static const NamedInt constants[] = {
    NAMED_INT(PARSE_DECLTYPES), NAMED_INT(PARSE_COLNAMES), NAMED_INT(SQLITE_DENY), NAMED_INT(SQLITE_IGNORE), NAMED_INT(SQLITE_CREATE_INDEX), NAMED_INT(SQLITE_CREATE_TABLE),
    NAMED_INT(SQLITE_CREATE_TEMP_INDEX), NAMED_INT(SQLITE_CREATE_TEMP_TABLE), NAMED_INT(SQLITE_CREATE_TEMP_TRIGGER), NAMED_INT(SQLITE_CREATE_TEMP_VIEW),
    NAMED_INT(SQLITE_CREATE_TRIGGER), NAMED_INT(SQLITE_CREATE_VIEW), NAMED_INT(SQLITE_DELETE), NAMED_INT(SQLITE_DROP_INDEX), NAMED_INT(SQLITE_DROP_TABLE),
    NAMED_INT(SQLITE_DROP_TEMP_INDEX), NAMED_INT(SQLITE_DROP_TEMP_TABLE), NAMED_INT(SQLITE_DROP_TEMP_TRIGGER), NAMED_INT(SQLITE_DROP_TEMP_VIEW), NAMED_INT(SQLITE_DROP_TRIGGER),
    NAMED_INT(SQLITE_DROP_VIEW), NAMED_INT(SQLITE_INSERT), NAMED_INT(SQLITE_PRAGMA), NAMED_INT(SQLITE_READ), NAMED_INT(SQLITE_SELECT), NAMED_INT(SQLITE_TRANSACTION),
    NAMED_INT(SQLITE_UPDATE), NAMED_INT(SQLITE_ATTACH), NAMED_INT(SQLITE_DETACH), NAMED_INT(SQLITE_ALTER_TABLE), NAMED_INT(SQLITE_REINDEX), NAMED_INT(SQLITE_ANALYZE),
    NAMED_INT(SQLITE_CREATE_VTABLE), NAMED_INT(SQLITE_DROP_VTABLE), NAMED_INT(SQLITE_FUNCTION), NAMED_INT(SQLITE_SAVEPOINT), NAMED_INT(SQLITE_RECURSIVE),
    NAMED_INT(SQLITE_LIMIT_LENGTH), NAMED_INT(SQLITE_LIMIT_SQL_LENGTH), NAMED_INT(SQLITE_LIMIT_COLUMN), NAMED_INT(SQLITE_LIMIT_EXPR_DEPTH), NAMED_INT(SQLITE_LIMIT_COMPOUND_SELECT),
    NAMED_INT(SQLITE_LIMIT_VDBE_OP), NAMED_INT(SQLITE_LIMIT_FUNCTION_ARG), NAMED_INT(SQLITE_LIMIT_ATTACHED), NAMED_INT(SQLITE_LIMIT_LIKE_PATTERN_LENGTH),
    NAMED_INT(SQLITE_LIMIT_VARIABLE_NUMBER), NAMED_INT(SQLITE_LIMIT_TRIGGER_DEPTH), NAMED_INT(SQLITE_LIMIT_WORKER_THREADS),
};
Value sqlite_raise_code(Thread *t, sqlite3 *db, int code)
{
    if ((code & 0xFF) == SQLITE_NOMEM) return raise_memory_error(t);
    int extended = db ? sqlite3_extended_errcode(db) : code;
    const char *text = db ? sqlite3_errmsg(db) : sqlite3_errstr(code), *name = "unknown";
    OWN Value message = bytes_decode(t, text, strlen(text), "utf-8", "replace");
    OWN Value error = is_error(message) ? ERROR : call1(t, type_value(error_class(t, class_of_code(code))), message);
    for (size_t i = 0; i < COUNT_OF(codes); i++) if (codes[i].value == extended) name = codes[i].name;
    OWN_POINTER Str *code_name = str_intern_text(t, "sqlite_errorcode", 16), *name_name = str_intern_text(t, "sqlite_errorname", 16);
    OWN Value shown = str_from_text(t, name);
    if (is_error(error) || is_error(shown) || !code_name || !name_name || !object_set_attr(t, error, code_name, small_int(extended)) || !object_set_attr(t, error, name_name, shown)) return ERROR;
    return raise_exception(t, MOVE(error));
}

// ---- Adapting
// What v itself, or the protocol, offers: UNBOUND: nothing. A TypeError counts as nothing.
static Value offered(Thread *t, Value by, const char *method, Value argument)
{
    OWN_POINTER Str *name = str_intern_text(t, method, strlen(method));
    OWN Value function = name ? object_get_attr_optional(t, by, name) : ERROR;
    if (is_error(function) || is_unbound(function)) return MOVE(function);
    Value result = call1(t, function, argument);
    if (is_error(result)) return error_clear_if(t, &exc_TypeError) ? UNBOUND : ERROR;
    return is_none(result) ? UNBOUND : result;
}
Value sqlite_adapt(Thread *t, Value v, Value protocol, Value otherwise)
{
    Value adapters = sqlite_named(t, "adapters");
    OWN Value key = tuple_of(t, 2, type_value(type_of(v)), protocol);
    if (is_error(key)) return ERROR;
    Value adapter = is_dict(adapters) ? dict_get(t, as_dict(adapters), key) : UNBOUND;
    if (is_error(adapter)) return ERROR;
    if (!is_unbound(adapter)) {
        OWN Value kept = retain(adapter);
        return call1(t, kept, v);
    }
    Value result = offered(t, protocol, "__adapt__", v);
    if (is_unbound(result)) result = offered(t, v, "__conform__", protocol);
    if (!is_unbound(result)) return result;
    return is_unbound(otherwise) ? sqlite_raise(t, "ProgrammingError", "can't adapt") : retain(otherwise);
}
static Value adapt(Thread *t, Value module, const Value *args)
{
    return sqlite_adapt(t, args[0], is_unbound(args[1]) ? type_value(&sqlite_protocol_type) : args[1], args[2]);
}
static Value register_adapter(Thread *t, Value module, const Value *args)
{
    Value adapters = sqlite_named(t, "adapters");
    OWN Value key = tuple_of(t, 2, args[0], type_value(&sqlite_protocol_type));
    return is_error(key) || !is_dict(adapters) || !dict_set(t, as_dict(adapters), key, args[1]) ? ERROR : NONE;
}
static Value register_converter(Thread *t, Value module, const Value *args)
{
    Value converters = sqlite_named(t, "converters");
    OWN_POINTER Str *upper = str_intern_text(t, "upper", 5);
    if (!argument_str(t, args[0], "register_converter", "1") || !upper) return ERROR;
    OWN Value key = call_method0(t, args[0], upper);
    return is_error(key) || !is_dict(converters) || !dict_set(t, as_dict(converters), key, args[1]) ? ERROR : NONE;
}

// ---- The rest
// connect(database, …, factory=Connection, …): the factory is called with all that was given.
static Value connect(Thread *t, Value module, const Value *args)
{
    OWN_POINTER Str *name = str_intern_text(t, "factory", 7);
    Value factory = name ? dict_get_str(as_dict(args[1]), name) : ERROR;
    if (is_error(factory)) return ERROR;
    if (is_unbound(factory)) factory = as_tuple(args[0])->length > 5 ? as_tuple(args[0])->items[5] : type_value(&sqlite_connection_type);
    OWN Value kept = retain(factory);
    return call_with_dict(t, kept, args[0], args[1]);
}
static Value complete_statement(Thread *t, Value module, const Value *args)
{
    OWN_MEMORY char *text = argument_str(t, args[0], "complete_statement", "'statement'") ? str_to_utf8(t, as_str(args[0]), NULL) : NULL;
    return text ? bool_value(sqlite3_complete(text)) : ERROR;
}
static Value enable_callback_tracebacks(Thread *t, Value module, const Value *args)
{
    int on = object_truth(t, args[0]);
    return on < 0 || !module_add(t, module, "_callback_tracebacks", bool_value(on)) ? ERROR : NONE;
}
static const Method functions[] = {
    {"connect", connect, "(*args, **kwargs)", "Opens a connection to the SQLite database file database."},
    {"adapt", adapt, "(obj, proto=<unset>, alt=<unset>, /)", "Adapt given object to given protocol."},
    {"register_adapter", register_adapter, "(type, adapter, /)", "Register a function to adapt Python objects to SQLite values."},
    {"register_converter", register_converter, "(typename, converter, /)", "Register a function to convert SQLite values to Python objects."},
    {"complete_statement", complete_statement, "(statement)", "Checks if a string contains a complete SQL statement."},
    {"enable_callback_tracebacks", enable_callback_tracebacks, "(enable, /)", "Enable or disable callback functions throwing errors to stderr."},
    {0},
};
static bool add_errors(Thread *t, Value module)
{
    static const struct { const char *name, *base; } classes[] = {
        {"Warning", NULL}, {"Error", NULL}, {"InterfaceError", "Error"}, {"DatabaseError", "Error"}, {"DataError", "DatabaseError"}, {"OperationalError", "DatabaseError"},
        {"IntegrityError", "DatabaseError"}, {"InternalError", "DatabaseError"}, {"ProgrammingError", "DatabaseError"}, {"NotSupportedError", "DatabaseError"},
    };
    for (size_t i = 0; i < COUNT_OF(classes); i++) {
        Value base = classes[i].base ? sqlite_named(t, classes[i].base) : type_value(&exc_Exception);
        if (!module_add(t, module, classes[i].name, exception_class_new(t, "sqlite3", classes[i].name, base, NULL))) return false;
    }
    return true;
}
static bool start(Thread *t, Value module)
{
    if (sqlite_connection_type.version == 0 &&
        (!type_prepare(t, &sqlite_connection_type, &sqlite_connection_spec) || !type_prepare(t, &sqlite_cursor_type, &sqlite_cursor_spec) ||
         !type_prepare(t, &sqlite_row_type, &sqlite_row_spec) || !type_prepare(t, &sqlite_protocol_type, &sqlite_protocol_spec))) return false;
    assign(&t->interp->module_slots[SLOT_SQLITE_NAMESPACE], retain(dict_value(as_module(module)->dict)));
    Type *const types[] = {&sqlite_connection_type, &sqlite_cursor_type, &sqlite_row_type, &sqlite_protocol_type};
    for (size_t i = 0; i < COUNT_OF(types); i++)
        if (!module_add_type(t, module, types[i])) return false;
    Dict *adapters = dict_new(t);
    if (!adapters || !module_add(t, module, "adapters", dict_value(adapters))) return false;
    Dict *converters = dict_new(t);
    if (!converters || !module_add(t, module, "converters", dict_value(converters))) return false;
    return add_errors(t, module) && module_add_ints(t, module, codes, COUNT_OF(codes)) && module_add_ints(t, module, constants, COUNT_OF(constants)) &&
           module_add(t, module, "_callback_tracebacks", FALSE) && module_add(t, module, "version", str_from_text(t, "2.6.0")) &&
           module_add(t, module, "sqlite_version", str_from_text(t, sqlite3_libversion())) && module_add_int(t, module, "threadsafety", sqlite3_threadsafe() ? sqlite3_threadsafe() == 1 ? 3 : 1 : 0);
}
extern const ModuleSpec _sqlite3_spec;
const ModuleSpec _sqlite3_spec = {.name = "_sqlite3", .doc = "Databases by SQLite.", .functions = functions, .start = start};
