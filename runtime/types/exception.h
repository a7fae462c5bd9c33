// SPDX-License-Identifier: MIT
// runtime/types/exception.h: the layouts of built-in exceptions.
#ifndef BATON_RUNTIME_TYPES_EXCEPTION_H
#define BATON_RUNTIME_TYPES_EXCEPTION_H

#include "runtime/error.h"

typedef struct Exception {
    Object head;
    Attrs attrs;               // every exception has a __dict__ (and __notes__ in it)
    Value args;                // tuple
    Value traceback;           // traceback object, or UNBOUND
    Value cause, context;      // or UNBOUND
    bool suppress_context;
} Exception;

#define EXCEPTION_FIELDS_MAX 8
// All other layouts: named Value fields behind the common part, UNBOUND reads as None. Which field is which: exception.c.
typedef struct ExceptionWithFields { Exception base; Value fields[]; } ExceptionWithFields;
enum { STOP_ITERATION_VALUE = 0, SYSTEM_EXIT_CODE = 0, NAME_ERROR_NAME = 0, ATTRIBUTE_ERROR_NAME = 0, ATTRIBUTE_ERROR_OBJ = 1 };
enum { IMPORT_ERROR_MSG, IMPORT_ERROR_NAME, IMPORT_ERROR_PATH, IMPORT_ERROR_FIELDS };
enum { OS_ERROR_ERRNO, OS_ERROR_STRERROR, OS_ERROR_FILENAME, OS_ERROR_FILENAME2, OS_ERROR_WRITTEN, OS_ERROR_FIELDS };
enum { SYNTAX_MSG, SYNTAX_FILENAME, SYNTAX_LINENO, SYNTAX_OFFSET, SYNTAX_TEXT, SYNTAX_END_LINENO, SYNTAX_END_OFFSET, SYNTAX_PRINT_FILE_AND_LINE, SYNTAX_FIELDS };
enum { UNICODE_ENCODING, UNICODE_OBJECT, UNICODE_START, UNICODE_END, UNICODE_REASON, UNICODE_FIELDS };
enum { GROUP_MESSAGE, GROUP_EXCEPTIONS, GROUP_FIELDS };

static ALWAYS_INLINE bool is_exception(Value v) { return has_type_flag(v, TYPE_IS_EXCEPTION); }
static inline Exception *as_exception(Value v) { ASSERT(is_exception(v)); return (Exception *)as_object(v); }
static inline Value *exception_fields(Value v) { return ((ExceptionWithFields *)as_exception(v))->fields; }
static inline bool is_exception_type(Value v) { return is_type(v) && (as_type(v)->flags & TYPE_IS_EXCEPTION) != 0; }

NEEDS_GIL NEW_REF Value exception_new(Thread *t, Type *type, const Value *args, size_t nargs);
// A new class `module.name` over `base` (a class, or a tuple of classes), for a native module.
NEEDS_GIL NEW_REF Value exception_class_new(Thread *t, const char *module, const char *name, Value base, const char *doc);
// except clause: does `exception` match `pattern` (a class or tuple of classes)? TypeError if pattern is neither.
NEEDS_GIL MAY_RAISE int exception_matches(Thread *t, Value exception, Value pattern);
// except*: splits into what matches and the rest (NONE where empty). exception may be a plain one, wrapped when it matches.
NEEDS_GIL MAY_RAISE bool exception_group_split(Thread *t, Value exception, Value pattern, Value *match, Value *rest);
NEEDS_GIL NEW_REF Value exception_group_new(Thread *t, Str *message, Value exceptions /*list*/);
NEEDS_GIL NEW_REF Value exception_group_derive(Thread *t, Value group, Value exceptions /*list*/);

#endif
