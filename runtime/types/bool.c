// SPDX-License-Identifier: MIT
// runtime/types/bool.c: bool: True and False, which are ints; &, | and ^ of two of them stay bool.
#include "runtime/call.h"
#include "runtime/types/arguments.h"
#include "runtime/types/int_internal.h"

Type bool_type;

static Value repr(Thread *t, Value v) { return str_from_ascii(t, is_true(v) ? "True" : "False", is_true(v) ? 4 : 5); }

static Value make(Thread *t, Type *type, const Value *args, size_t nargs, Value kwnames)
{
    (void)type;
    if (!argument_no_keywords(t, "bool", kwnames) || !argument_count_at_most(t, "bool", nargs, 1)) return ERROR;
    if (nargs == 0) return FALSE;
    int truth = object_truth(t, args[0]);
    return truth < 0 ? ERROR : bool_value(truth);
}

static Value and(Thread *t, Value a, Value b) { return is_bool(a) && is_bool(b) ? bool_value(is_true(a) && is_true(b)) : int_and(t, a, b); }
static Value or(Thread *t, Value a, Value b) { return is_bool(a) && is_bool(b) ? bool_value(is_true(a) || is_true(b)) : int_or(t, a, b); }
static Value xor(Thread *t, Value a, Value b) { return is_bool(a) && is_bool(b) ? bool_value(!is_same(a, b)) : int_xor(t, a, b); }

const TypeSpec bool_spec = {
    .name = "bool",
    .doc = "bool(x) -> bool\n\nReturns True when the argument x is true, False otherwise.\n"
           "The builtins True and False are the only two instances of the class bool.\nThe class bool is a subclass of the class int, and cannot be subclassed.",
    .size = sizeof(Int),
    .flags = TYPE_IS_INT | TYPE_MATCH_SELF | TYPE_IMMUTABLE,
    .base = &int_type,
    .slots = {
        .repr = repr,
        .make = make,
        .binary = {[OP_AND] = and, [OP_OR] = or, [OP_XOR] = xor},
    },
};
