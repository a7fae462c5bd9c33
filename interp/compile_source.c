// SPDX-License-Identifier: MIT
// interp/compile_source.c: source text to code, and what is wrong with it as exceptions.
#include "interp/ast_objects.h"
#include "interp/compile.h"
#include "interp/parser.h"
#include "interp/traceback.h"
#include "runtime/call.h"
#include "runtime/error.h"
#include "runtime/thread.h"
#include "runtime/types/exception.h"

bool syntax_warning(Thread *t, Type *category, Value filename, const char *message, int line)
{
    if (!t->interp->up.import_module) return true;
    OWN Value module = t->interp->up.import_module(t, NAME(warnings));
    if (is_error(module)) {
        error_clear(t);
        return true;
    }
    OWN Value text = str_from_text(t, message);
    if (is_error(text)) return false;
    Value args[] = {text, type_value(category), filename, small_int(line)};
    OWN Value result = call_method(t, module, NAME(warn_explicit), args, 4);
    return !is_error(result);
}

// \N{name} in a literal: asks the module unicodedata, which is imported when the first name is read.
static size_t look_up_name(const char *name, size_t length, uint32_t *points, size_t room)
{
    Thread *t = thread_current();
    if (!t->interp->up.import_module || room == 0) return 0;
    OWN Value pending = error_take(t);
    OWN_POINTER Str *module_name = str_intern_text(t, "unicodedata", 11), *lookup = str_intern_text(t, "lookup", 6);
    OWN Value module = module_name && lookup ? t->interp->up.import_module(t, module_name) : ERROR;
    OWN Value text = is_error(module) ? ERROR : str_from_utf8(t, name, length);
    OWN Value found = is_error(text) ? ERROR : call_method1(t, module, lookup, text);
    error_clear(t);
    if (!is_unbound(pending)) error_restore(t, MOVE(pending));
    if (!is_str(found) || as_str(found)->length != 1) return 0;
    points[0] = str_at(as_str(found), 0);
    return 1;
}

static NEW_REF Value line_text(Thread *t, Value filename, int line)
{
    Value text = is_str(filename) ? source_line_of(t, as_str(filename), line) : UNBOUND;
    return is_unbound(text) ? NONE : text;
}

static void set_field(Value e, int field, TAKES Value v) { assign(&exception_fields(e)[field], v); }

Value raise_syntax_error(Thread *t, Value filename, const char *message, int line, int col, int end_line, int end_col, bool in_args)
{
    OWN Value text = str_from_text(t, message), source = line_text(t, filename, line);
    if (is_error(text)) return ERROR;
    if (in_args) {
        OWN Value place = tuple_of(t, 6, filename, small_int(line), small_int(col + 1), source, small_int(end_line), small_int(end_col + 1));
        if (is_error(place)) return ERROR;
        Value args[] = {text, place};
        Value e = exception_new(t, &exc_SyntaxError, args, 2);
        return is_error(e) ? ERROR : raise_exception(t, e);
    }
    OWN Value e = exception_new(t, &exc_SyntaxError, &text, 1);
    if (is_error(e)) return ERROR;
    set_field(e, SYNTAX_FILENAME, retain(filename));
    set_field(e, SYNTAX_LINENO, small_int(line));
    set_field(e, SYNTAX_OFFSET, small_int(col + 1));
    set_field(e, SYNTAX_END_LINENO, small_int(end_line));
    set_field(e, SYNTAX_END_OFFSET, end_col >= 0 ? small_int(end_col + 1) : NONE);
    set_field(e, SYNTAX_TEXT, MOVE(source));
    return raise_exception(t, MOVE(e));
}

// ---- faults of the parser

static Type *class_of_fault(const SyntaxFault *fault)
{
    switch (fault->kind) {
    case FAULT_INDENTATION: return &exc_IndentationError;
    case FAULT_TAB: return &exc_TabError;
    case FAULT_MEMORY: return &exc_MemoryError;
    case FAULT_RECURSION: return &exc_RecursionError;
    case FAULT_VALUE: return &exc_ValueError;
    case FAULT_OVERFLOW: return &exc_OverflowError;
    case FAULT_UNICODE: return &exc_UnicodeError;
    default: return &exc_SyntaxError;
    }
}

static Value raise_fault(Thread *t, Value filename, const SyntaxFault *fault)
{
    Type *class = class_of_fault(fault);
    const char *message = fault->message ? fault->message : "";
    if (class == &exc_MemoryError && !*message) return raise_memory_error(t);
    if (!type_is_subtype(class, &exc_SyntaxError)) return raise_error(t, class, "%s", message);
    OWN Value text = str_from_text(t, message);
    if (is_error(text)) return ERROR;
    if (!fault->has_position) {
        Value e = exception_new(t, class, &text, 1);
        if (is_error(e)) return ERROR;
        bool about_bytes = fault->kind == FAULT_SYNTAX && (strstr(message, "null bytes") || strstr(message, "Non-UTF-8"));      // names its file, if any, itself
        if (!about_bytes) set_field(e, SYNTAX_FILENAME, retain(filename));
        return raise_exception(t, e);
    }
    OWN Value line = text_is_none(fault->line) ? NONE : str_from_wtf8(t, fault->line.bytes, fault->line.length);
    if (is_error(line)) return ERROR;
    OWN Value place = tuple_of(t, 6, filename, small_int(fault->lineno), small_int(fault->offset), line, small_int(fault->end_lineno),
                               small_int(fault->end_offset));
    if (is_error(place)) return ERROR;
    Value args[] = {text, place};
    Value e = exception_new(t, class, args, 2);
    return is_error(e) ? ERROR : raise_exception(t, e);
}

static bool give_warnings(Thread *t, Value filename, const SyntaxWarning *w)
{
    for (; w; w = w->next) {
        Type *category = w->kind == WARN_DEPRECATION ? &exc_DeprecationWarning : &exc_SyntaxWarning;
        if (syntax_warning(t, category, filename, w->message, w->lineno)) continue;
        if (!error_matches(t, category)) return false;
        error_clear(t);
        raise_syntax_error(t, filename, w->message, w->lineno, w->col_offset, w->end_lineno, w->end_col_offset, true);
        return false;
    }
    return true;
}

Value compile_source(Thread *t, const char *bytes, size_t length, Value filename, int mode, unsigned flags, int optimize, bool is_str)
{
    Arena arena;
    arena_init(&arena);
    Node *tree = NULL;
    SyntaxFault fault = {0};
    ParseFlags parse_flags = (is_str ? PARSE_IS_STR : 0) | (flags & COMPILE_ALLOW_INCOMPLETE ? PARSE_ALLOW_INCOMPLETE : 0)
                           | (flags & COMPILE_DONT_IMPLY_DEDENT ? PARSE_DONT_IMPLY_DEDENT : 0)
                           | (flags & COMPILE_FUTURE_BARRY ? PARSE_BARRY_AS_FLUFL : 0);
    OWN_MEMORY char *name = str_to_utf8(t, as_str(filename), NULL);
    if (!name) error_clear(t);
    Value result = ERROR;
    unicode_name_lookup = look_up_name;
    if (!parse_source(bytes, length, name ? name : "", (ParseMode)mode, parse_flags, &arena, &tree, &fault)) {
        result = raise_fault(t, filename, &fault);
    } else if (!give_warnings(t, filename, fault.warnings)) {
        result = ERROR;
    } else if (flags & COMPILE_ONLY_AST) {
        result = ast_to_object(t, tree);
    } else {
        result = compile_tree(t, &arena, tree, filename, flags & (COMPILE_FUTURES | COMPILE_TOP_LEVEL_AWAIT | COMPILE_ONLY_SYMBOLS), optimize);
    }
    arena_free(&arena);
    return result;
}
