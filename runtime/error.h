// SPDX-License-Identifier: MIT
// runtime/error.h: raising, inspecting and handing on exceptions from C.
//
// At most one exception is pending on a thread (t->pending). A function that returns ERROR, NULL, false or -1 under a
// MAY_RAISE contract has left one there. Python code that handles exceptions sees them through t->handled instead.
//
// Formats: %s C string (UTF-8), %c char, %d int, %ld long, %zd ptrdiff_t, %zu size_t, %x unsigned, %%;
// of Values: %S str(v), %R repr(v), %A ascii(v), %T the name of v's type; %N the name of a Type *; %U a Str *.
// %.200s and %.200T cut at that many characters.
#ifndef BATON_RUNTIME_ERROR_H
#define BATON_RUNTIME_ERROR_H

#include <stdarg.h>

#include "runtime/type.h"

extern Type exc_BaseException, exc_ExceptionGroup;
#define EXCEPTION(name, base, layout, doc) extern Type exc_##name;
#include "runtime/exceptions.def"

// Raises type(message). Always ERROR, so that a caller can return it.
NEEDS_GIL COLD Value raise_error(Thread *t, Type *type, const char *format, ...);
NEEDS_GIL COLD Value raise_type_error(Thread *t, const char *format, ...);
NEEDS_GIL COLD Value raise_value_error(Thread *t, const char *format, ...);
NEEDS_GIL COLD Value raise_value(Thread *t, Type *type, Value argument);       // type(argument): KeyError(key), StopIteration(v)
NEEDS_GIL COLD Value raise_key_error(Thread *t, Value key);
NEEDS_GIL COLD Value raise_stop_iteration(Thread *t, Value value);             // value NONE: no argument
NEEDS_GIL COLD Value raise_errno(Thread *t, int code);                         // the subclass of OSError that belongs to it
NEEDS_GIL COLD Value raise_errno_path(Thread *t, int code, Value path, Value path2);  // path2: or UNBOUND
NEEDS_GIL COLD Value raise_memory_error(Thread *t);
NEEDS_GIL COLD Value raise_attribute_error(Thread *t, Value v, Str *name);     // "'X' object has no attribute 'name'", or of a type
NEEDS_GIL void attribute_error_set(Thread *t, Value error, Value obj, Str *name);   // its obj and name, for suggestions
NEEDS_GIL COLD void attribute_error_complete(Thread *t, Value obj, Str *name);        // the same for a pending one that has neither
NEEDS_GIL COLD Value raise_name_error(Thread *t, Type *type, Str *name, const char *format);   // format has one %U: the name
NEEDS_GIL COLD Value raise_import_error(Thread *t, Type *type, Value message, Value name, Value path);
// Makes an exception that exists pending, chaining t->handled as its __context__.
NEEDS_GIL COLD Value raise_exception(Thread *t, TAKES Value exception);
// `raise x` / `raise x from y` of Python: x may be a class; cause UNBOUND when absent.
NEEDS_GIL COLD Value raise_statement(Thread *t, Value x, Value cause);

static ALWAYS_INLINE bool error_false(Value error) { (void)error; return false; }   // return error_false(raise_…)
static ALWAYS_INLINE int error_minus(Value error) { (void)error; return -1; }
static ALWAYS_INLINE void *error_null(Value error) { (void)error; return NULL; }

bool error_pending(const Thread *t);
NEEDS_GIL bool error_matches(Thread *t, Type *type);        // the pending exception is an instance of type
NEEDS_GIL void error_clear(Thread *t);
NEEDS_GIL bool error_clear_if(Thread *t, Type *type);       // clears it and says true if it matches
NEEDS_GIL NEW_REF Value error_take(Thread *t);              // takes the pending exception off the thread; UNBOUND if none
NEEDS_GIL void error_restore(Thread *t, TAKES Value exception);   // puts it back as it was (no chaining); UNBOUND: nothing
// A generator's or an iterator's end as a value: if StopIteration is pending, clears it and gives its value; else ERROR.
NEEDS_GIL NEW_REF Value error_take_stop_value(Thread *t);
// For what has no caller to tell: prints through sys.unraisablehook and clears. where NULL: "Exception ignored in".
NEEDS_GIL void error_unraisable(Thread *t, const char *where, Value object);
NEEDS_GIL MAY_RAISE bool warn(Thread *t, Type *category, int stack_level, const char *format, ...);   // false: the filter made it an error

// str from a format as above.
NEEDS_GIL NEW_REF Value str_format(Thread *t, const char *format, ...);
NEEDS_GIL NEW_REF Value str_format_va(Thread *t, const char *format, va_list arguments);

// Before a call from C: raises RecursionError when the C stack is at its end.
NEEDS_GIL MAY_RAISE bool enter_call(Thread *t, const char *where);
// Entering C recursion (repr of nested lists, comparisons): raises RecursionError when the C stack or the recursion limit, which Python's
// frames count against too, is at its end. Pair with leave_recursion.
NEEDS_GIL MAY_RAISE bool enter_recursion(Thread *t, const char *where);   // where: " while calling a Python object" or ""
static inline void leave_recursion(Thread *t);
// repr of containers that contain themselves: 1: already inside v's repr, 0: entered, -1: raised.
NEEDS_GIL MAY_RAISE int repr_enter(Thread *t, Value v);
NEEDS_GIL void repr_leave(Thread *t, Value v);

#include "runtime/thread.h"
static inline void leave_recursion(Thread *t) { t->c_depth--; }
static inline bool check_error_pending(const Thread *t) { return !is_unbound(t->pending); }

#endif
