// SPDX-License-Identifier: MIT
// runtime/call.h: calling any callable from C, and binding arguments to a native signature.
//
// Arguments are `nargs` positional values followed by one value for each name in `kwnames` (a tuple of str, or UNBOUND
// for none). They are borrowed; the result is owned; ERROR means that an exception is pending.
#ifndef BATON_RUNTIME_CALL_H
#define BATON_RUNTIME_CALL_H

#include "runtime/type.h"

NEEDS_GIL NEW_REF Value call(Thread *t, Value f, const Value *args, size_t nargs, Value kwnames);
NEEDS_GIL NEW_REF Value call0(Thread *t, Value f);
NEEDS_GIL NEW_REF Value call1(Thread *t, Value f, Value a);
NEEDS_GIL NEW_REF Value call2(Thread *t, Value f, Value a, Value b);
NEEDS_GIL NEW_REF Value call3(Thread *t, Value f, Value a, Value b, Value c);
NEEDS_GIL NEW_REF Value call_with_dict(Thread *t, Value f, Value args /*tuple*/, Value kwargs /*dict or UNBOUND*/);
// v.name(args…), without a bound method in between.
NEEDS_GIL NEW_REF Value call_method(Thread *t, Value v, Str *name, const Value *args, size_t nargs);
NEEDS_GIL NEW_REF Value call_method0(Thread *t, Value v, Str *name);
NEEDS_GIL NEW_REF Value call_method1(Thread *t, Value v, Str *name, Value a);
NEEDS_GIL NEW_REF Value call_method2(Thread *t, Value v, Str *name, Value a, Value b);
// f(self, args…).
NEEDS_GIL NEW_REF Value call_with_self(Thread *t, Value f, Value self, const Value *args, size_t nargs);
// The special method `name` of v's type, called; UNBOUND when the type has none.
NEEDS_GIL NEW_REF Value call_special(Thread *t, Value v, Str *name, const Value *args, size_t nargs);
// For LOAD_METHOD: the attribute of v to be called. If it is a plain method of the type, *bound is false: pass v as first argument.
NEEDS_GIL NEW_REF Value method_for_call(Thread *t, Value v, Str *name, bool *bound);

// ---- Signatures of native functions
typedef struct Parameter {
    Str *name;
    Value fallback;       // the default; UNBOUND when `required` or `<unset>`
    bool required;
    const char *fallback_text;   // as written, for __text_signature__; NULL if required
} Parameter;

typedef struct Signature {
    uint16_t positional_only;    // of the parameters, the first so many
    uint16_t positional;         // may be given by position (the positional-only ones included)
    uint16_t count;              // all but *args and **kwargs; parameters[positional..count) are keyword-only
    uint16_t required_positional;
    bool has_varargs, has_kwargs;
    bool simple;                 // positional-only, no varargs/kwargs: args can be passed as they stand when nargs == count
    uint16_t slots;              // Values a bound call needs: count + has_varargs + has_kwargs; *args is [count], **kwargs is [count + has_varargs]
    enum { BINDS_NOTHING, BINDS_SELF, BINDS_CLASS } binds;
    Parameter parameters[];
} Signature;

#define SIGNATURE_SLOTS_MAX 24
// Reads "(self, a, b=1, /, *, c=None)"; immortal. A malformed signature is our bug: it aborts with a message at start-up.
NEEDS_GIL NEW_REF Signature *signature_read(Thread *t, const char *text);
// Fills slots[0..signature->slots) from a call. Temporary tuple and dict are owned by slots and dropped by signature_release.
// On failure raises CPython's TypeError in the name of `function_name` ("list.append").
NEEDS_GIL MAY_RAISE bool signature_bind(Thread *t, const Signature *s, const char *function_name, const Value *args, size_t nargs, Value kwnames, Value *slots);
NEEDS_GIL void signature_release(const Signature *s, Value *slots);

#endif
