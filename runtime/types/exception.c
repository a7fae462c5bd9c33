// SPDX-License-Identifier: MIT
// runtime/types/exception.c: the built-in exceptions: one common layout, and fields behind it by LAYOUT_….
//
// A layout is its field names, how the constructor fills the fields, and how str() reads. The tables are generated from
// runtime/exceptions.def. Exception groups are in exception_group.c.
#include "runtime/types/exception.h"

#include <errno.h>

#include "runtime/call.h"
#include "runtime/class.h"
#include "runtime/slots.h"
#include "runtime/types/dict.h"
#include "runtime/types/exception_layout.h"
#include "runtime/types/int.h"
#include "runtime/types/list.h"
#include "runtime/types/str.h"
#include "runtime/types/tuple.h"

Type exc_BaseException;
#define EXCEPTION(name, base, layout, doc) Type exc_##name;
#include "runtime/exceptions.def"

// ---- Common to all
static size_t field_count(Object *o)
{
    Type *type = o->type;
    while (!type->spec) type = type->base;
    return (type->spec->size - sizeof(Exception)) / sizeof(Value);
}
static void exception_visit(Object *o, VisitFn visit, void *context)
{
    Exception *e = (Exception *)o;
    Value owned[] = {e->args, e->traceback, e->cause, e->context};
    for (size_t i = 0; i < COUNT_OF(owned); i++)
        if (is_object(owned[i])) visit(owned[i], context);
    Value *fields = ((ExceptionWithFields *)o)->fields;
    for (size_t i = 0, count = field_count(o); i < count; i++)
        if (is_object(fields[i])) visit(fields[i], context);
}
static void exception_unlink(Thread *t, Object *o)
{
    Exception *e = (Exception *)o;
    clear(&e->traceback);
    clear(&e->cause);
    clear(&e->context);
    Value *fields = ((ExceptionWithFields *)o)->fields;
    for (size_t i = 0, count = field_count(o); i < count; i++) clear(&fields[i]);
}
static void exception_finish(Thread *t, Object *o)
{
    exception_unlink(t, o);
    clear(&((Exception *)o)->args);
}

static Value exception_make(Thread *t, Type *type, const Value *args, size_t nargs, Value kwnames)
{
    OWN_POINTER Exception *e = (Exception *)object_new(t, type);
    if (!e) return ERROR;
    e->args = tuple_from_values(t, args, nargs);
    return is_error(e->args) ? (e->args = UNBOUND, ERROR) : object_value(MOVE_POINTER(e));
}
static bool set_args(Thread *t, Value self, const Value *args, size_t nargs)
{
    Value tuple = tuple_from_values(t, args, nargs);
    if (is_error(tuple)) return false;
    assign(&as_exception(self)->args, tuple);
    return true;
}
static bool no_keywords(Thread *t, Value self, Value kwnames)
{
    if (is_unbound(kwnames) || as_tuple(kwnames)->length == 0) return true;
    return error_false(raise_type_error(t, "%T() takes no keyword arguments", self));
}
static bool exception_init(Thread *t, Value self, const Value *args, size_t nargs, Value kwnames)
{
    return no_keywords(t, self, kwnames) && set_args(t, self, args, nargs);
}

Value exception_new(Thread *t, Type *type, const Value *args, size_t nargs) { return call(t, type_value(type), args, nargs, UNBOUND); }

Value exception_class_new(Thread *t, const char *module, const char *name, Value base, const char *doc)
{
    OWN_POINTER Dict *namespace = dict_new(t);
    OWN Value title = str_from_text(t, name);
    OWN Value bases = is_tuple(base) ? retain(base) : tuple_of(t, 1, base);
    if (!namespace || is_error(title) || is_error(bases) || !dict_set_text(t, namespace, "__module__", str_from_text(t, module))) return ERROR;
    if (doc && !dict_set_text(t, namespace, "__doc__", str_from_text(t, doc))) return ERROR;
    return type_create(t, &type_type, title, bases, dict_value(namespace), NULL, UNBOUND);
}

static Value exception_repr(Thread *t, Value v)
{
    Tuple *args = as_tuple(as_exception(v)->args);
    if (args->length == 1) return str_format(t, "%T(%R)", v, args->items[0]);
    return str_format(t, "%T%R", v, as_exception(v)->args);
}
static Value exception_str(Thread *t, Value v)
{
    Tuple *args = as_tuple(as_exception(v)->args);
    if (args->length == 0) return retain(object_value(str_empty));
    return object_str(t, args->length == 1 ? args->items[0] : as_exception(v)->args);
}

static Value get_args(Thread *t, Value v) { return retain(as_exception(v)->args); }
static bool put_args(Thread *t, Value v, Value value)
{
    if (is_unbound(value)) return error_false(raise_type_error(t, "args may not be deleted"));
    Value tuple = tuple_from_iterable(t, value);
    if (is_error(tuple)) return false;
    assign(&as_exception(v)->args, tuple);
    return true;
}
static Value none_if_unset(Value v) { return is_unbound(v) ? NONE : retain(v); }
static Value get_traceback(Thread *t, Value v) { return none_if_unset(as_exception(v)->traceback); }
static bool put_traceback(Thread *t, Value v, Value value)
{
    if (is_unbound(value)) return error_false(raise_type_error(t, "__traceback__ may not be deleted"));
    if (!is_none(value) && strcmp(type_of(value)->name, "traceback") != 0) return error_false(raise_type_error(t, "__traceback__ must be a traceback or None"));
    assign(&as_exception(v)->traceback, is_none(value) ? UNBOUND : retain(value));
    return true;
}
static bool put_exception(Thread *t, Value value, Value *place, const char *name)
{
    if (is_unbound(value)) return error_false(raise_type_error(t, "%s may not be deleted", name));
    if (!is_none(value) && !is_exception(value)) return error_false(raise_type_error(t, "exception %s must be None or derive from BaseException", name + 2));
    assign(place, is_none(value) ? UNBOUND : retain(value));
    return true;
}
static Value get_cause(Thread *t, Value v) { return none_if_unset(as_exception(v)->cause); }
static bool put_cause(Thread *t, Value v, Value value)
{
    if (!is_unbound(value) && !is_none(value) && !is_exception(value)) return error_false(raise_type_error(t, "exception cause must be None or derive from BaseException"));
    if (!put_exception(t, value, &as_exception(v)->cause, "__cause__")) return false;
    as_exception(v)->suppress_context = true;
    return true;
}
static Value get_context(Thread *t, Value v) { return none_if_unset(as_exception(v)->context); }
static bool put_context(Thread *t, Value v, Value value)
{
    if (!is_unbound(value) && !is_none(value) && !is_exception(value)) return error_false(raise_type_error(t, "exception context must be None or derive from BaseException"));
    return put_exception(t, value, &as_exception(v)->context, "__context__");
}
static Value get_suppress(Thread *t, Value v) { return bool_value(as_exception(v)->suppress_context); }
static bool put_suppress(Thread *t, Value v, Value value)
{
    if (!is_bool(value)) return error_false(raise_type_error(t, "attribute value type must be bool"));
    as_exception(v)->suppress_context = is_true(value);
    return true;
}
static Value get_dict(Thread *t, Value v) { return object_get_dict(t, v); }
static bool put_dict(Thread *t, Value v, Value value) { return object_set_dict(t, v, value); }

static Value with_traceback(Thread *t, Value self, const Value *args) { return put_traceback(t, self, args[0]) ? retain(self) : ERROR; }
static Value add_note(Thread *t, Value self, const Value *args)
{
    if (!is_str(args[0])) return raise_type_error(t, "note must be a str, not '%T'", args[0]);
    OWN Value notes = object_get_attr_optional(t, self, NAME(__notes__));
    if (is_error(notes)) return ERROR;
    if (is_unbound(notes)) {
        notes = list_new(t, 1);
        if (is_error(notes) || !object_set_attr(t, self, NAME(__notes__), notes)) return ERROR;
    }
    if (!is_list(notes)) return raise_type_error(t, "Cannot add note: __notes__ is not a list");
    return list_append(t, notes, args[0]) ? NONE : ERROR;
}
static Value reduce(Thread *t, Value self, const Value *args)
{
    Attrs *attrs = object_attrs(as_object(self));
    bool has_attributes = attrs->shape ? attrs->shape->count > 0 : attrs->dict && attrs->dict->count > 0;
    OWN Value dict = has_attributes ? object_get_dict(t, self) : UNBOUND;
    if (is_error(dict)) return ERROR;
    OWN Value arguments = retain(as_exception(self)->args);
    if (is_instance_of(self, &exc_OSError) && as_tuple(arguments)->length == 2 && !is_unbound(exception_fields(self)[OS_ERROR_FILENAME])) {
        Value *f = exception_fields(self);
        Value *first = as_tuple(arguments)->items;
        assign(&arguments, is_unbound(f[OS_ERROR_FILENAME2]) ? tuple_of(t, 3, first[0], first[1], f[OS_ERROR_FILENAME])
                                                             : tuple_of(t, 5, first[0], first[1], f[OS_ERROR_FILENAME], NONE, f[OS_ERROR_FILENAME2]));
        if (is_error(arguments)) return ERROR;
    }
    Value cls = type_value(type_of(self));
    return is_unbound(dict) ? tuple_of(t, 2, cls, arguments) : tuple_of(t, 3, cls, arguments, dict);
}
// (class, args, attributes with name and path): what the arguments alone would not bring back.
static Value import_error_reduce(Thread *t, Value self, const Value *args)
{
    Value name = exception_fields(self)[IMPORT_ERROR_NAME], path = exception_fields(self)[IMPORT_ERROR_PATH];
    OWN Value plain = reduce(t, self, args);
    if (is_error(plain) || (is_unbound(name) && is_unbound(path))) return MOVE(plain);
    const Tuple *parts = as_tuple(plain);
    OWN_POINTER Dict *state = parts->length > 2 ? dict_copy(t, as_dict(parts->items[2])) : dict_new(t);
    if (!state || (!is_unbound(name) && !dict_set_text(t, state, "name", retain(name)))) return ERROR;
    if (!is_unbound(path) && !dict_set_text(t, state, "path", retain(path))) return ERROR;
    return tuple_of(t, 3, parts->items[0], parts->items[1], object_value(state));
}
static Value set_state(Thread *t, Value self, const Value *args)
{
    if (is_none(args[0])) return NONE;
    if (!is_dict(args[0])) return raise_type_error(t, "state is not a dictionary");
    size_t at = 0;
    Value key, value;
    while (dict_next(as_dict(args[0]), &at, &key, &value)) {
        if (!is_str(key)) return raise_type_error(t, "attribute name must be string, not '%T'", key);
        OWN_POINTER Str *name = str_intern(t, as_str(retain(key)));
        if (!name || !object_set_attr(t, self, name, value)) return ERROR;
    }
    return NONE;
}

static const Method base_methods[] = {
    {"with_traceback", with_traceback, "(self, tb, /)", "Exception.with_traceback(tb) --\n    set self.__traceback__ to tb and return self."},
    {"add_note", add_note, "(self, note, /)", "Exception.add_note(note) --\n    add a note to the exception"},
    {"__reduce__", reduce, "(self, /)", NULL},
    {"__setstate__", set_state, "(self, state, /)", NULL},
    {0},
};
static const GetSet base_getsets[] = {
    {"args", get_args, put_args, NULL}, {"__traceback__", get_traceback, put_traceback, NULL}, {"__cause__", get_cause, put_cause, "exception cause"},
    {"__context__", get_context, put_context, "exception context"}, {"__suppress_context__", get_suppress, put_suppress, NULL}, {"__dict__", get_dict, put_dict, NULL}, {0},
};
#define EXCEPTION_FLAGS (TYPE_BASE | TYPE_GC | TYPE_HAS_ATTRS | TYPE_HAS_WEAKREFS | TYPE_IS_EXCEPTION)
#define EXCEPTION_SLOTS .visit = exception_visit, .unlink = exception_unlink, .finish = exception_finish
static const TypeSpec base_spec = {
    .name = "BaseException",
    .doc = "Common base class for all exceptions",
    .size = sizeof(Exception),
    .flags = EXCEPTION_FLAGS,
    .slots = {EXCEPTION_SLOTS, .repr = exception_repr, .str = exception_str, .make = exception_make, .init = exception_init, .set_attr = generic_set_attr},
    .methods = base_methods,
    .getsets = base_getsets,
};

// ---- Fields
#define FIELD_ACCESS(n) \
    Value exception_field_get_##n(Thread *t, Value v) { return none_if_unset(exception_fields(v)[n]); } \
    bool exception_field_set_##n(Thread *t, Value v, Value value) { assign(&exception_fields(v)[n], retain(value)); return true; }
FIELD_ACCESS(0) FIELD_ACCESS(1) FIELD_ACCESS(2) FIELD_ACCESS(3) FIELD_ACCESS(4) FIELD_ACCESS(5) FIELD_ACCESS(6) FIELD_ACCESS(7)
#define FIELD(n, name) {name, exception_field_get_##n, exception_field_set_##n, NULL}

static void put(Value self, size_t field, Value v) { assign(&exception_fields(self)[field], retain(v)); }

// Sets fields[first…] from keyword arguments of these names; others are refused.
static bool take_keywords(Thread *t, Value self, const Value *values, Value kwnames, const char *const *fields, size_t first)
{
    size_t keywords = is_unbound(kwnames) ? 0 : as_tuple(kwnames)->length;
    for (size_t i = 0; i < keywords; i++) {
        Value key = as_tuple(kwnames)->items[i];
        size_t field = 0;
        while (fields[field] && !str_equal_text(as_str(key), fields[field])) field++;
        if (!fields[field]) return error_false(raise_type_error(t, "'%S' is an invalid keyword argument for %T", key, self));
        put(self, first + field, values[i]);
    }
    return true;
}

static bool stop_iteration_init(Thread *t, Value self, const Value *args, size_t nargs, Value kwnames)
{
    if (!exception_init(t, self, args, nargs, kwnames)) return false;
    put(self, STOP_ITERATION_VALUE, nargs ? args[0] : NONE);
    return true;
}
static bool system_exit_init(Thread *t, Value self, const Value *args, size_t nargs, Value kwnames)
{
    if (!exception_init(t, self, args, nargs, kwnames)) return false;
    put(self, SYSTEM_EXIT_CODE, nargs == 0 ? NONE : nargs == 1 ? args[0] : as_exception(self)->args);
    return true;
}
static bool name_error_init(Thread *t, Value self, const Value *args, size_t nargs, Value kwnames)
{
    return set_args(t, self, args, nargs) && take_keywords(t, self, args + nargs, kwnames, (const char *const[]){"name", NULL}, NAME_ERROR_NAME);
}
static bool attribute_error_init(Thread *t, Value self, const Value *args, size_t nargs, Value kwnames)
{
    return set_args(t, self, args, nargs) && take_keywords(t, self, args + nargs, kwnames, (const char *const[]){"name", "obj", NULL}, ATTRIBUTE_ERROR_NAME);
}
static bool import_error_init(Thread *t, Value self, const Value *args, size_t nargs, Value kwnames)
{
    if (!set_args(t, self, args, nargs)) return false;
    put(self, IMPORT_ERROR_MSG, nargs == 1 ? args[0] : NONE);
    put(self, IMPORT_ERROR_NAME, UNBOUND);
    put(self, IMPORT_ERROR_PATH, UNBOUND);
    return take_keywords(t, self, args + nargs, kwnames, (const char *const[]){"name", "path", NULL}, IMPORT_ERROR_NAME);
}
static Value import_error_str(Thread *t, Value v)
{
    Value message = exception_fields(v)[IMPORT_ERROR_MSG];
    return is_exact_str(message) ? retain(message) : exception_str(t, v);
}
static Value key_error_str(Thread *t, Value v)
{
    Tuple *args = as_tuple(as_exception(v)->args);
    return args->length == 1 ? object_repr(t, args->items[0]) : exception_str(t, v);
}

// ---- OSError
static Type *os_error_class(int64_t code)
{
    switch (code) {
    case EAGAIN: case EALREADY: case EINPROGRESS: return &exc_BlockingIOError;
    case EPIPE: case ESHUTDOWN: return &exc_BrokenPipeError;
    case ECHILD: return &exc_ChildProcessError;
    case ECONNABORTED: return &exc_ConnectionAbortedError;
    case ECONNREFUSED: return &exc_ConnectionRefusedError;
    case ECONNRESET: return &exc_ConnectionResetError;
    case EEXIST: return &exc_FileExistsError;
    case ENOENT: return &exc_FileNotFoundError;
    case EISDIR: return &exc_IsADirectoryError;
    case ENOTDIR: return &exc_NotADirectoryError;
    case EINTR: return &exc_InterruptedError;
    case EACCES: case EPERM: return &exc_PermissionError;
    case ESRCH: return &exc_ProcessLookupError;
    case ETIMEDOUT: return &exc_TimeoutError;
    default: return &exc_OSError;
    }
}
static bool os_error_fill(Thread *t, Value self, const Value *args, size_t nargs)
{
    if (nargs < 2 || nargs > 5) return set_args(t, self, args, nargs);
    put(self, OS_ERROR_ERRNO, args[0]);
    put(self, OS_ERROR_STRERROR, args[1]);
    bool blocking = is_instance_of(self, &exc_BlockingIOError) && nargs == 3 && is_int(args[2]);
    if (blocking) put(self, OS_ERROR_WRITTEN, args[2]);
    else if (nargs >= 3 && !is_none(args[2])) put(self, OS_ERROR_FILENAME, args[2]);
    if (nargs == 5 && !is_none(args[4])) put(self, OS_ERROR_FILENAME2, args[4]);
    return set_args(t, self, args, nargs >= 3 && !is_unbound(exception_fields(self)[OS_ERROR_FILENAME]) ? 2 : nargs);
}
// With an __init__ of its own but OSError's __new__, a subclass fills the fields in __init__; else __new__ has done it.
static bool os_error_init(Thread *t, Value self, const Value *args, size_t nargs, Value kwnames);
static Value os_error_make(Thread *t, Type *type, const Value *args, size_t nargs, Value kwnames)
{
    bool by_init = type->slots.init != os_error_init && type->slots.make == os_error_make;
    if (!by_init && !is_unbound(kwnames) && as_tuple(kwnames)->length) return raise_type_error(t, "%N() takes no keyword arguments", type);
    if (type == &exc_OSError && nargs >= 2 && nargs <= 5 && is_small_int(args[0])) type = os_error_class(as_small_int(args[0]));
    OWN Value made = exception_make(t, type, args, by_init ? 0 : nargs, UNBOUND);
    if (is_error(made) || by_init) return MOVE(made);
    return os_error_fill(t, made, args, nargs) ? MOVE(made) : ERROR;
}
static bool os_error_init(Thread *t, Value self, const Value *args, size_t nargs, Value kwnames)
{
    Type *type = type_of(self);
    if (type->slots.init == os_error_init || type->slots.make != os_error_make) return true;
    return no_keywords(t, self, kwnames) && os_error_fill(t, self, args, nargs);
}
static Value os_error_str(Thread *t, Value v)
{
    Value *f = exception_fields(v);
    Value code = is_unbound(f[OS_ERROR_ERRNO]) ? NONE : f[OS_ERROR_ERRNO], text = is_unbound(f[OS_ERROR_STRERROR]) ? NONE : f[OS_ERROR_STRERROR];
    if (!is_unbound(f[OS_ERROR_FILENAME]) && !is_unbound(f[OS_ERROR_FILENAME2]))
        return str_format(t, "[Errno %S] %S: %R -> %R", code, text, f[OS_ERROR_FILENAME], f[OS_ERROR_FILENAME2]);
    if (!is_unbound(f[OS_ERROR_FILENAME])) return str_format(t, "[Errno %S] %S: %R", code, text, f[OS_ERROR_FILENAME]);
    if (!is_unbound(f[OS_ERROR_ERRNO]) && !is_unbound(f[OS_ERROR_STRERROR])) return str_format(t, "[Errno %S] %S", code, text);
    return exception_str(t, v);
}
static Value get_written(Thread *t, Value v)
{
    Value written = exception_fields(v)[OS_ERROR_WRITTEN];
    return is_unbound(written) ? raise_error(t, &exc_AttributeError, "characters_written") : retain(written);
}

// ---- SyntaxError
static bool syntax_error_init(Thread *t, Value self, const Value *args, size_t nargs, Value kwnames)
{
    if (!exception_init(t, self, args, nargs, kwnames)) return false;
    if (nargs >= 1) put(self, SYNTAX_MSG, args[0]);
    if (nargs != 2) return true;
    OWN Value details = tuple_from_iterable(t, args[1]);
    if (is_error(details)) return false;
    Tuple *d = as_tuple(details);
    if (d->length != 4 && d->length != 6) {
        if (d->length < 4) return error_false(raise_type_error(t, "function missing required argument '%s' (pos %d)",
            (const char *const[]){"filename", "lineno", "offset", "text"}[d->length], (int)d->length + 1));
        if (d->length == 5) return error_false(raise_type_error(t, "end_offset must be provided when end_lineno is provided"));
        return error_false(raise_type_error(t, "function takes at most 6 arguments (%zu given)", d->length));
    }
    static const size_t places[] = {SYNTAX_FILENAME, SYNTAX_LINENO, SYNTAX_OFFSET, SYNTAX_TEXT, SYNTAX_END_LINENO, SYNTAX_END_OFFSET};
    for (size_t i = 0; i < d->length; i++) put(self, places[i], d->items[i]);
    return true;
}
static Value syntax_error_str(Thread *t, Value v)
{
    Value *f = exception_fields(v);
    Value message = is_unbound(f[SYNTAX_MSG]) ? NONE : f[SYNTAX_MSG];
    bool has_line = is_exact_int(f[SYNTAX_LINENO]);
    if (!is_str(f[SYNTAX_FILENAME])) return has_line ? str_format(t, "%S (line %S)", message, f[SYNTAX_LINENO]) : object_str(t, message);
    Str *path = as_str(f[SYNTAX_FILENAME]);
    size_t start = path->length;
    while (start > 0 && str_at(path, start - 1) != '/') start--;
    OWN Value base = str_substring(t, path, start, path->length);
    if (is_error(base)) return ERROR;
    return has_line ? str_format(t, "%S (%S, line %S)", message, base, f[SYNTAX_LINENO]) : str_format(t, "%S (%S)", message, base);
}

// ---- UnicodeError
static bool unicode_error_init(Thread *t, Value self, const Value *args, size_t nargs, Value kwnames)
{
    if (!exception_init(t, self, args, nargs, kwnames)) return false;
    bool translates = is_instance_of(self, &exc_UnicodeTranslateError);
    size_t wanted = translates ? 4 : 5, first = translates ? UNICODE_OBJECT : UNICODE_ENCODING;
    if (nargs != wanted) return error_false(raise_type_error(t, "function takes exactly %zu arguments (%zu given)", wanted, nargs));
    bool decodes = is_instance_of(self, &exc_UnicodeDecodeError);
    for (size_t i = 0; i < wanted; i++) {
        size_t field = first + i;
        bool number = field == UNICODE_START || field == UNICODE_END;
        bool right = number ? is_int(args[i]) : field == UNICODE_OBJECT && decodes ? !is_str(args[i]) && type_of(args[i])->slots.get_buffer != NULL : is_str(args[i]);
        if (!right && number) return error_false(raise_type_error(t, "'%T' object cannot be interpreted as an integer", args[i]));
        if (!right && field == UNICODE_OBJECT && decodes) return error_false(raise_type_error(t, "a bytes-like object is required, not '%T'", args[i]));
        if (!right) return error_false(raise_type_error(t, "argument %zu must be str, not %T", i + 1, args[i]));
        put(self, field, args[i]);
    }
    if (decodes && !is_instance_of(args[1], &bytes_type)) {
        Value copy = call1(t, type_value(&bytes_type), args[1]);
        if (is_error(copy)) return false;
        assign(&exception_fields(self)[UNICODE_OBJECT], copy);
    }
    return true;
}
static Value unicode_error_str(Thread *t, Value v)
{
    Value *f = exception_fields(v);
    if (is_unbound(f[UNICODE_OBJECT]) || !is_small_int(f[UNICODE_START]) || !is_small_int(f[UNICODE_END])) return retain(object_value(str_empty));
    int64_t start = as_small_int(f[UNICODE_START]), end = as_small_int(f[UNICODE_END]);
    bool decodes = is_instance_of(v, &exc_UnicodeDecodeError), translates = is_instance_of(v, &exc_UnicodeTranslateError);
    OWN Value codec = translates ? str_from_text(t, "can't translate") : str_format(t, "'%S' codec can't %s", f[UNICODE_ENCODING], decodes ? "decode" : "encode");
    if (is_error(codec)) return ERROR;
    int64_t length = decodes ? (int64_t)bytes_length(f[UNICODE_OBJECT]) : (int64_t)as_str(f[UNICODE_OBJECT])->length;
    if (start < 0 || start >= length || end != start + 1) {
        return str_format(t, "%S %s in position %ld-%ld: %S", codec, decodes ? "bytes" : "characters", (long)start, (long)end - 1, f[UNICODE_REASON]);
    }
    char shown[16];
    if (decodes) snprintf(shown, sizeof shown, "0x%02x", (unsigned char)bytes_data(f[UNICODE_OBJECT])[start]);
    else {
        Codepoint c = str_at(as_str(f[UNICODE_OBJECT]), (size_t)start);
        snprintf(shown, sizeof shown, c <= 0xFF ? "'\\x%02x'" : c <= 0xFFFF ? "'\\u%04x'" : "'\\U%08x'", c);
    }
    return str_format(t, "%S %s %s in position %ld: %S", codec, decodes ? "byte" : "character", shown, (long)start, f[UNICODE_REASON]);
}

// ---- The tables
static const GetSet stop_iteration_fields[] = {FIELD(0, "value"), {0}};
static const GetSet system_exit_fields[] = {FIELD(0, "code"), {0}};
static const GetSet name_error_fields[] = {FIELD(0, "name"), {0}};
static const GetSet attribute_error_fields[] = {FIELD(0, "name"), FIELD(1, "obj"), {0}};
static const GetSet import_error_fields[] = {FIELD(0, "msg"), FIELD(1, "name"), FIELD(2, "path"), {0}};
static const GetSet os_error_fields[] = {FIELD(0, "errno"), FIELD(1, "strerror"), FIELD(2, "filename"), FIELD(3, "filename2"),
                                         {"characters_written", get_written, exception_field_set_4, NULL}, {0}};
static const GetSet syntax_error_fields[] = {FIELD(0, "msg"), FIELD(1, "filename"), FIELD(2, "lineno"), FIELD(3, "offset"), FIELD(4, "text"),
                                             FIELD(5, "end_lineno"), FIELD(6, "end_offset"), FIELD(7, "print_file_and_line"), {0}};
static const GetSet unicode_error_fields[] = {FIELD(0, "encoding"), FIELD(1, "object"), FIELD(2, "start"), FIELD(3, "end"), FIELD(4, "reason"), {0}};

#define WITH_FIELDS(count) .size = sizeof(Exception) + (count) * sizeof(Value)
#define LAYOUT_PLAIN .size = sizeof(Exception), .slots = {EXCEPTION_SLOTS}
#define LAYOUT_KEY_ERROR .size = sizeof(Exception), .slots = {EXCEPTION_SLOTS, .str = key_error_str}
#define LAYOUT_STOP_ITERATION WITH_FIELDS(1), .getsets = stop_iteration_fields, .slots = {EXCEPTION_SLOTS, .init = stop_iteration_init}
#define LAYOUT_SYSTEM_EXIT WITH_FIELDS(1), .getsets = system_exit_fields, .slots = {EXCEPTION_SLOTS, .init = system_exit_init}
#define LAYOUT_NAME_ERROR WITH_FIELDS(1), .getsets = name_error_fields, .slots = {EXCEPTION_SLOTS, .init = name_error_init}
#define LAYOUT_ATTRIBUTE_ERROR WITH_FIELDS(2), .getsets = attribute_error_fields, .slots = {EXCEPTION_SLOTS, .init = attribute_error_init}
static const Method import_error_methods[] = {{"__reduce__", import_error_reduce, "(self, /)", NULL}, {0}};
#define LAYOUT_IMPORT_ERROR WITH_FIELDS(3), .getsets = import_error_fields, .methods = import_error_methods, .slots = {EXCEPTION_SLOTS, .init = import_error_init, .str = import_error_str}
#define LAYOUT_OS_ERROR WITH_FIELDS(5), .getsets = os_error_fields, .slots = {EXCEPTION_SLOTS, .make = os_error_make, .init = os_error_init, .str = os_error_str}
#define LAYOUT_SYNTAX_ERROR WITH_FIELDS(8), .getsets = syntax_error_fields, .slots = {EXCEPTION_SLOTS, .init = syntax_error_init, .str = syntax_error_str}
#define LAYOUT_UNICODE_ERROR WITH_FIELDS(5), .getsets = unicode_error_fields, .slots = {EXCEPTION_SLOTS, .init = unicode_error_init, .str = unicode_error_str}
#define LAYOUT_GROUP WITH_FIELDS(2), .getsets = exception_group_getsets, .methods = exception_group_methods, \
    .slots = {EXCEPTION_SLOTS, .make = exception_group_make, .init = exception_group_init, .str = exception_group_str}

#define EXCEPTION(name_, base_, layout, doc_) \
    static const TypeSpec name_##_exception_spec = {.name = #name_, .doc = doc_, .base = &exc_##base_, .flags = EXCEPTION_FLAGS, LAYOUT_##layout};
#include "runtime/exceptions.def"

bool exceptions_prepare(Thread *t)
{
    if (!type_prepare(t, &exc_BaseException, &base_spec)) return false;
#define EXCEPTION(name, base, layout, doc) if (!type_prepare(t, &exc_##name, &name##_exception_spec)) return false;
#include "runtime/exceptions.def"
    return exception_group_prepare(t);
}

int exception_matches(Thread *t, Value exception, Value pattern)
{
    if (is_exception_type(pattern)) return type_is_subtype(type_of(exception), as_type(pattern));
    if (is_tuple(pattern)) {
        for (size_t i = 0; i < as_tuple(pattern)->length; i++)
            if (!is_exception_type(as_tuple(pattern)->items[i]) && !is_tuple(as_tuple(pattern)->items[i]))
                return error_minus(raise_type_error(t, "catching classes that do not inherit from BaseException is not allowed"));
        for (size_t i = 0; i < as_tuple(pattern)->length; i++) {
            int yes = exception_matches(t, exception, as_tuple(pattern)->items[i]);
            if (yes) return yes;
        }
        return 0;
    }
    return error_minus(raise_type_error(t, "catching classes that do not inherit from BaseException is not allowed"));
}
