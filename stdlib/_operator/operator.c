// SPDX-License-Identifier: MIT
// stdlib/_operator/operator.c: the module _operator: the operators as functions.
#include "runtime/buffer.h"
#include "runtime/types/dict.h"
#include "runtime/types/int.h"
#include "runtime/types/module.h"
#include "runtime/types/str.h"
#include "runtime/types/tuple.h"
#include "stdlib/_operator/operator.h"

#define FUNCTION(name) static Value op_##name(Thread *t, Value module, const Value *args)
#define COMPARISON(name, op) FUNCTION(name) { return object_compare(t, args[0], args[1], op); }
#define BINARY(name, op) \
    FUNCTION(name) { return object_binary(t, op, args[0], args[1]); } \
    FUNCTION(i##name) { return object_inplace(t, op, args[0], args[1]); }
#define UNARY(name, op) FUNCTION(name) { return object_unary(t, op, args[0]); }

COMPARISON(lt, CMP_LT)
COMPARISON(le, CMP_LE)
COMPARISON(eq, CMP_EQ)
COMPARISON(ne, CMP_NE)
COMPARISON(gt, CMP_GT)
COMPARISON(ge, CMP_GE)
BINARY(add, OP_ADD)
BINARY(sub, OP_SUBTRACT)
BINARY(mul, OP_MULTIPLY)
BINARY(matmul, OP_MATMUL)
BINARY(truediv, OP_TRUEDIV)
BINARY(floordiv, OP_FLOORDIV)
BINARY(mod, OP_MODULO)
BINARY(lshift, OP_LSHIFT)
BINARY(rshift, OP_RSHIFT)
BINARY(and, OP_AND)
BINARY(xor, OP_XOR)
BINARY(or, OP_OR)
UNARY(neg, OP_NEGATIVE)
UNARY(pos, OP_POSITIVE)
UNARY(invert, OP_INVERT)

FUNCTION(pow) { return object_power(t, args[0], args[1], NONE); }
FUNCTION(ipow) { return object_inplace(t, OP_POWER, args[0], args[1]); }
FUNCTION(abs) { return object_absolute(t, args[0]); }
FUNCTION(index) { return object_index(t, args[0]); }
FUNCTION(is_) { return bool_value(is_same(args[0], args[1])); }
FUNCTION(is_not) { return bool_value(!is_same(args[0], args[1])); }

FUNCTION(truth)
{
    int truth = object_truth(t, args[0]);
    return truth < 0 ? ERROR : bool_value(truth);
}
FUNCTION(not_)
{
    int truth = object_truth(t, args[0]);
    return truth < 0 ? ERROR : bool_value(!truth);
}
FUNCTION(contains)
{
    int there = object_contains(t, args[0], args[1]);
    return there < 0 ? ERROR : bool_value(there);
}
FUNCTION(getitem) { return object_get_item(t, args[0], args[1]); }
FUNCTION(setitem) { return object_set_item(t, args[0], args[1], args[2]) ? NONE : ERROR; }
FUNCTION(delitem) { return object_delete_item(t, args[0], args[1]) ? NONE : ERROR; }

// Only sequences are concatenated: what has items but no addition of numbers.
static bool check_sequence(Thread *t, Value v)
{
    if (type_of(v)->slots.get_item && !is_exact_dict(v)) return true;
    return error_false(raise_type_error(t, "'%.200T' object can't be concatenated", v));
}
FUNCTION(concat) { return check_sequence(t, args[0]) ? object_binary(t, OP_ADD, args[0], args[1]) : ERROR; }
FUNCTION(iconcat) { return check_sequence(t, args[0]) ? object_inplace(t, OP_ADD, args[0], args[1]) : ERROR; }

// Where the wanted item is; with count, how many there are. -1: absent, -2: raised.
static int64_t search(Thread *t, Value iterable, Value wanted, bool count)
{
    OWN Value iterator = object_iter(t, iterable);
    if (is_error(iterator)) return -2;
    int64_t found = 0;
    for (int64_t i = 0;; i++) {
        OWN Value item = object_next(t, iterator);
        if (is_unbound(item)) return count ? found : -1;
        if (is_error(item)) return -2;
        int equal = object_equal(t, item, wanted);
        if (equal < 0) return -2;
        if (equal && !count) return i;
        found += equal;
    }
}
FUNCTION(countOf)
{
    int64_t count = search(t, args[0], args[1], true);
    return count < 0 ? ERROR : int_value(t, count);
}
FUNCTION(indexOf)
{
    int64_t at = search(t, args[0], args[1], false);
    if (at == -2) return ERROR;
    return at < 0 ? raise_value_error(t, "sequence.index(x): x not in sequence") : int_value(t, at);
}

FUNCTION(length_hint)
{
    ptrdiff_t otherwise;
    if (!has_index(args[1])) return raise_type_error(t, "'%.200T' object cannot be interpreted as an integer", args[1]);
    if (!object_as_index(t, args[1], &otherwise, &exc_OverflowError)) return ERROR;
    ptrdiff_t hint = object_length_hint(t, args[0], otherwise);
    return hint == -1 && check_error_pending(t) ? ERROR : int_value(t, hint);
}

FUNCTION(call)
{
    Tuple *given = as_tuple(args[0]);
    if (given->length == 0) return raise_type_error(t, "call expected at least 1 argument, got 0");
    OWN Value rest = tuple_slice(t, args[0], 1, given->length);
    return is_error(rest) ? ERROR : call_with_dict(t, given->items[0], rest, args[1]);
}

// Takes the same time wherever two secrets of one length differ.
static bool equal_in_constant_time(const char *a, size_t a_length, const char *b, size_t b_length)
{
    volatile unsigned char difference = a_length != b_length;
    const char *left = a_length == b_length ? a : b;
    for (size_t i = 0; i < b_length; i++) difference |= (unsigned char)(left[i] ^ b[i]);
    return difference == 0;
}
FUNCTION(compare_digest)
{
    if (is_str(args[0]) && is_str(args[1])) {
        Str *a = as_str(args[0]), *b = as_str(args[1]);
        if (!str_is_ascii(a) || !str_is_ascii(b)) return raise_type_error(t, "comparing strings with non-ASCII characters is not supported");
        return bool_value(equal_in_constant_time(a->data, a->length, b->data, b->length));
    }
    if (!is_buffer(args[0]) || !is_buffer(args[1])) {
        return raise_type_error(t, "unsupported operand types(s) or combination of types: '%.100T' and '%.100T'", args[0], args[1]);
    }
    OWN_BUFFER Buffer a = {0};
    OWN_BUFFER Buffer b = {0};
    if (!buffer_get(t, args[0], &a, 0) || !buffer_get(t, args[1], &b, 0)) return ERROR;
    return bool_value(equal_in_constant_time(a.data, (size_t)a.length, b.data, (size_t)b.length));
}

#define BOTH(name, sign) {#name, op_##name, "(a, b, /)", "Same as a " sign " b."}, {"i" #name, op_i##name, "(a, b, /)", "Same as a " sign "= b."}
static const Method functions[] = {
    {"lt", op_lt, "(a, b, /)", "Same as a < b."},
    {"le", op_le, "(a, b, /)", "Same as a <= b."},
    {"eq", op_eq, "(a, b, /)", "Same as a == b."},
    {"ne", op_ne, "(a, b, /)", "Same as a != b."},
    {"gt", op_gt, "(a, b, /)", "Same as a > b."},
    {"ge", op_ge, "(a, b, /)", "Same as a >= b."},
    BOTH(add, "+"), BOTH(sub, "-"), BOTH(mul, "*"), BOTH(matmul, "@"), BOTH(truediv, "/"), BOTH(floordiv, "//"), BOTH(mod, "%"),
    BOTH(lshift, "<<"), BOTH(rshift, ">>"), BOTH(xor, "^"), BOTH(pow, "**"),
    {"and_", op_and, "(a, b, /)", "Same as a & b."},
    {"iand", op_iand, "(a, b, /)", "Same as a &= b."},
    {"or_", op_or, "(a, b, /)", "Same as a | b."},
    {"ior", op_ior, "(a, b, /)", "Same as a |= b."},
    {"neg", op_neg, "(a, /)", "Same as -a."},
    {"pos", op_pos, "(a, /)", "Same as +a."},
    {"inv", op_invert, "(a, /)", "Same as ~a."},
    {"invert", op_invert, "(a, /)", "Same as ~a."},
    {"abs", op_abs, "(a, /)", "Same as abs(a)."},
    {"index", op_index, "(a, /)", "Same as a.__index__()"},
    {"is_", op_is_, "(a, b, /)", "Same as a is b."},
    {"is_not", op_is_not, "(a, b, /)", "Same as a is not b."},
    {"truth", op_truth, "(a, /)", "Return True if a is true, False otherwise."},
    {"not_", op_not_, "(a, /)", "Same as not a."},
    {"contains", op_contains, "(a, b, /)", "Same as b in a (note reversed operands)."},
    {"getitem", op_getitem, "(a, b, /)", "Same as a[b]."},
    {"setitem", op_setitem, "(a, b, c, /)", "Same as a[b] = c."},
    {"delitem", op_delitem, "(a, b, /)", "Same as del a[b]."},
    {"concat", op_concat, "(a, b, /)", "Same as a + b, for a and b sequences."},
    {"iconcat", op_iconcat, "(a, b, /)", "Same as a += b, for a and b sequences."},
    {"countOf", op_countOf, "(a, b, /)", "Return the number of items in a which are, or which equal, b."},
    {"indexOf", op_indexOf, "(a, b, /)", "Return the first index of b in a."},
    {"length_hint", op_length_hint, "(obj, default=0, /)", "Return an estimate of the number of items in obj."},
    {"call", op_call, "(*args, **kwargs)", "Same as obj(*args, **kwargs)."},
    {"_compare_digest", op_compare_digest, "(a, b, /)", "Return 'a == b', in a time that does not tell where they differ."},
    {0},
};

static bool start(Thread *t, Value module)
{
    return type_prepare(t, &item_getter_type, &item_getter_spec) && type_prepare(t, &attr_getter_type, &attr_getter_spec) &&
           type_prepare(t, &method_caller_type, &method_caller_spec) && module_add(t, module, "itemgetter", retain(type_value(&item_getter_type))) &&
           module_add(t, module, "attrgetter", retain(type_value(&attr_getter_type))) &&
           module_add(t, module, "methodcaller", retain(type_value(&method_caller_type)));
}

extern const ModuleSpec _operator_spec;
const ModuleSpec _operator_spec = {.name = "_operator", .doc = "Operator interface.", .functions = functions, .start = start};
