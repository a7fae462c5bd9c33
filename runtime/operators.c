// SPDX-License-Identifier: MIT
// runtime/operators.c: the object protocols of object.h: operators, comparison, items, iteration, conversion.
#include <stdio.h>

#include "runtime/call.h"
#include "runtime/error.h"
#include "runtime/slots.h"
#include "runtime/types/bytes.h"
#include "runtime/types/dict.h"
#include "runtime/types/generic_alias.h"
#include "runtime/types/int.h"
#include "runtime/types/iterators.h"
#include "runtime/types/list.h"
#include "runtime/types/str.h"
#include "runtime/types/tuple.h"

static const struct { const char *sign, *inplace_sign; } binary_signs[BINARY_OP_COUNT] = {
    [OP_ADD] = {"+", "+="}, [OP_SUBTRACT] = {"-", "-="}, [OP_MULTIPLY] = {"*", "*="}, [OP_MATMUL] = {"@", "@="}, [OP_TRUEDIV] = {"/", "/="},
    [OP_FLOORDIV] = {"//", "//="}, [OP_MODULO] = {"%", "%="}, [OP_POWER] = {"** or pow()", "**="}, [OP_LSHIFT] = {"<<", "<<="}, [OP_RSHIFT] = {">>", ">>="},
    [OP_AND] = {"&", "&="}, [OP_XOR] = {"^", "^="}, [OP_OR] = {"|", "|="}, [OP_DIVMOD] = {"divmod()", "divmod()"},
};

// ---- Text
static Value checked_str(Thread *t, Value text, const char *method)
{
    if (is_error(text) || is_str(text)) return text;
    OWN Value bad = text;
    return raise_type_error(t, "%s returned non-string (type %T)", method, bad);
}
Value object_repr(Thread *t, Value v)
{
    if (!enter_recursion(t, " while getting the repr of an object")) return ERROR;
    Value text = type_of(v)->slots.repr(t, v);
    leave_recursion(t);
    return checked_str(t, text, "__repr__");
}
Value object_str(Thread *t, Value v)
{
    if (is_exact_str(v)) return retain(v);
    if (!enter_recursion(t, " while getting the str of an object")) return ERROR;
    Value text = type_of(v)->slots.str(t, v);
    leave_recursion(t);
    return checked_str(t, text, "__str__");
}
Value object_ascii(Thread *t, Value v)
{
    OWN Value text = object_repr(t, v);
    if (is_error(text) || str_is_ascii(as_str(text))) return MOVE(text);
    OWN Value bytes = str_encode(t, as_str(text), "ascii", "backslashreplace");
    return is_error(bytes) ? ERROR : str_from_ascii(t, bytes_data(bytes), bytes_length(bytes));
}
Value object_bytes(Thread *t, Value v)
{
    OWN Value method = special_method(t, v, NAME(__bytes__));
    if (is_error(method)) return ERROR;
    if (!is_unbound(method)) {
        OWN Value bytes = call0(t, method);
        if (is_error(bytes) || is_bytes(bytes)) return MOVE(bytes);
        return raise_type_error(t, "__bytes__ returned non-bytes (type %T)", bytes);
    }
    return call1(t, type_value(&bytes_type), v);
}
Value object_format(Thread *t, Value v, Value spec)
{
    Value text = is_unbound(spec) ? object_value(str_empty) : spec;
    if (!is_str(text)) return raise_type_error(t, "format() argument 2 must be str, not %T", text);
    if (as_str(text)->length == 0) {
        if (is_exact_str(v)) return retain(v);
        if (is_exact_int(v)) return object_str(t, v);
    }
    Value result = SPECIAL(t, v, __format__, text);
    if (is_unbound(result)) return raise_type_error(t, "Type %T doesn't define __format__", v);
    if (is_error(result) || is_str(result)) return result;
    OWN Value bad = result;
    return raise_type_error(t, "__format__ must return a str, not %T", bad);
}

// ---- Hash, comparison, truth
bool object_hash(Thread *t, Value v, int64_t *hash)
{
    if (is_exact_str(v)) {
        *hash = str_hash(as_str(v));
        return true;
    }
    if (!is_object(v)) return type_of(v)->slots.hash(t, v, hash);
    if (!enter_recursion(t, "")) return false;          // of tuples in tuples
    bool done = as_object(v)->type->slots.hash(t, v, hash);
    leave_recursion(t);
    return done;
}

static const CompareOp swapped[] = {[CMP_LT] = CMP_GT, [CMP_LE] = CMP_GE, [CMP_EQ] = CMP_EQ, [CMP_NE] = CMP_NE, [CMP_GT] = CMP_LT, [CMP_GE] = CMP_LE};
static const char *const compare_signs[] = {[CMP_LT] = "<", [CMP_LE] = "<=", [CMP_EQ] = "==", [CMP_NE] = "!=", [CMP_GT] = ">", [CMP_GE] = ">="};

static Value compare_inside(Thread *t, Value a, Value b, CompareOp op)
{
    Type *left = type_of(a), *right = type_of(b);
    bool tried_right = false;
    if (left != right && right->slots.compare && type_is_subtype(right, left)) {
        tried_right = true;
        Value result = right->slots.compare(t, b, a, swapped[op]);
        if (!is_not_implemented(result)) return result;
    }
    if (left->slots.compare) {
        Value result = left->slots.compare(t, a, b, op);
        if (!is_not_implemented(result)) return result;
    }
    if (!tried_right && right->slots.compare) {
        Value result = right->slots.compare(t, b, a, swapped[op]);
        if (!is_not_implemented(result)) return result;
    }
    if (op == CMP_EQ) return bool_value(is_same(a, b));
    if (op == CMP_NE) return bool_value(!is_same(a, b));
    return raise_type_error(t, "'%s' not supported between instances of '%T' and '%T'", compare_signs[op], a, b);
}
Value object_compare(Thread *t, Value a, Value b, CompareOp op)
{
    if (!enter_recursion(t, " in comparison")) return ERROR;
    OWN Value keeps_a = retain(a);
    OWN Value keeps_b = retain(b);
    Value result = compare_inside(t, a, b, op);
    leave_recursion(t);
    return result;
}
int object_compare_bool(Thread *t, Value a, Value b, CompareOp op)
{
    OWN Value result = object_compare(t, a, b, op);
    if (is_error(result)) return -1;
    return is_bool(result) ? is_true(result) : object_truth(t, result);
}
int object_equal(Thread *t, Value a, Value b)
{
    if (is_same(a, b)) return 1;
    if (both_small_ints(a, b)) return 0;
    if (is_exact_str(a) && is_exact_str(b)) return str_equal(as_str(a), as_str(b));
    return object_compare_bool(t, a, b, CMP_EQ);
}
int object_truth(Thread *t, Value v)
{
    if (is_bool(v)) return is_true(v);
    if (is_none(v)) return 0;
    if (is_small_int(v)) return as_small_int(v) != 0;
    Slots *slots = &type_of(v)->slots;
    if (slots->truth) return slots->truth(t, v);
    if (!slots->length) return 1;
    ptrdiff_t length = slots->length(t, v);
    return length < 0 ? -1 : length > 0;
}

// ---- Arithmetic
typedef Value (*BinaryFn)(Thread *, Value, Value);

static Value unsupported(Thread *t, const char *sign, Value a, Value b)
{
    return raise_type_error(t, "unsupported operand type(s) for %s: '%T' and '%T'", sign, a, b);
}
static bool is_sequence_operator(Type *type, BinaryOp op) { return (type->flags & TYPE_SEQUENCE) && (op == OP_ADD || op == OP_MULTIPLY); }

// NOT_IMPLEMENTED when neither operand can.
static Value try_binary(Thread *t, BinaryOp op, Value a, Value b)
{
    Type *left = type_of(a), *right = type_of(b);
    BinaryFn by_left = left->slots.binary[op], by_right = right->slots.binary[op];
    if (by_right == by_left) by_right = left == right ? NULL : by_right;
    bool right_first = by_right && left != right && ((type_is_subtype(right, left) && by_left != by_right) || (is_sequence_operator(left, op) && !is_sequence_operator(right, op)));
    if (right_first) {
        Value result = by_right(t, a, b);
        if (!is_not_implemented(result)) return result;
        by_right = NULL;
    }
    if (by_left) {
        Value result = by_left(t, a, b);
        if (!is_not_implemented(result)) return result;
    }
    if (!by_right || by_right == by_left) return NOT_IMPLEMENTED;
    return by_right(t, a, b);
}

Value object_binary(Thread *t, BinaryOp op, Value a, Value b)
{
    if (op == OP_POWER) return object_power(t, a, b, NONE);
    OWN Value keeps_a = retain(a);
    OWN Value keeps_b = retain(b);
    Value result = try_binary(t, op, a, b);
    if (!is_not_implemented(result)) return result;
    if (op == OP_RSHIFT && is_object(a)) {
        OWN Value name = object_get_attr_optional(t, a, NAME(__name__));
        if (is_error(name)) return ERROR;
        if (is_str(name) && str_equal_text(as_str(name), "print") && !is_type(a))
            return raise_type_error(t, "unsupported operand type(s) for %s: '%T' and '%T'. Did you mean \"print(<message>, file=<output_stream>)\"?", ">>", a, b);
    }
    return unsupported(t, binary_signs[op].sign, a, b);
}
static Value try_power(Thread *t, Value a, Value b, Value modulus)
{
    Type *left = type_of(a), *right = type_of(b);
    Value (*by_left)(Thread *, Value, Value, Value) = left->slots.power, (*by_right)(Thread *, Value, Value, Value) = right->slots.power;
    if (by_right == by_left) by_right = NULL;
    if (by_right && type_is_subtype(right, left)) {
        Value result = by_right(t, a, b, modulus);
        if (!is_not_implemented(result)) return result;
        by_right = NULL;
    }
    if (by_left) {
        Value result = by_left(t, a, b, modulus);
        if (!is_not_implemented(result)) return result;
    }
    return by_right ? by_right(t, a, b, modulus) : NOT_IMPLEMENTED;
}
Value object_power(Thread *t, Value base, Value exponent, Value modulus)
{
    OWN Value keeps_a = retain(base);
    OWN Value keeps_b = retain(exponent);
    Value result = try_power(t, base, exponent, modulus);
    if (!is_not_implemented(result)) return result;
    if (is_none(modulus)) return unsupported(t, "** or pow()", base, exponent);
    return raise_type_error(t, "unsupported operand type(s) for ** or pow(): '%T', '%T', '%T'", base, exponent, modulus);
}
Value object_inplace(Thread *t, BinaryOp op, Value a, Value b)
{
    OWN Value keeps_a = retain(a);
    OWN Value keeps_b = retain(b);
    Slots *slots = &type_of(a)->slots;
    BinaryFn inplace = op == OP_POWER ? slots->inplace_power : slots->inplace[op];
    if (inplace) {
        Value result = inplace(t, a, b);
        if (!is_not_implemented(result)) return result;
    }
    Value result = op == OP_POWER ? try_power(t, a, b, NONE) : try_binary(t, op, a, b);
    return is_not_implemented(result) ? unsupported(t, binary_signs[op].inplace_sign, a, b) : result;
}
Value object_unary(Thread *t, UnaryOp op, Value v)
{
    static const char *const signs[] = {[OP_NEGATIVE] = "-", [OP_POSITIVE] = "+", [OP_INVERT] = "~"};
    Value (*slot)(Thread *, Value) = type_of(v)->slots.unary[op];
    return slot ? slot(t, v) : raise_type_error(t, "bad operand type for unary %s: '%T'", signs[op], v);
}
Value object_absolute(Thread *t, Value v)
{
    Value (*slot)(Thread *, Value) = type_of(v)->slots.absolute;
    return slot ? slot(t, v) : raise_type_error(t, "bad operand type for abs(): '%T'", v);
}
// An int, which may be of a subclass, or a bool, as an exact one.
static Value exact_int(Thread *t, Value v)
{
    if (is_exact_int(v)) return retain(v);
    if (is_bool(v)) return small_int(is_true(v));
    mpz_t number;
    mpz_init(number);
    int_get_mpz(v, number);
    Value exact = int_from_mpz(t, number);
    mpz_clear(number);
    return exact;
}
Value object_index(Thread *t, Value v)
{
    if (is_int(v)) return exact_int(t, v);
    Value (*slot)(Thread *, Value) = type_of(v)->slots.index;
    if (!slot) return raise_type_error(t, "'%T' object cannot be interpreted as an integer", v);
    OWN Value result = slot(t, v);
    if (is_error(result)) return ERROR;
    if (is_exact_int(result)) return MOVE(result);
    if (is_int(result)) {
        if (!warn(t, &exc_DeprecationWarning, 1, "__index__ returned non-int (type %T).  The ability to return an instance of a strict subclass of int is "
                  "deprecated, and may be removed in a future version of Python.", result)) return ERROR;
        return exact_int(t, result);
    }
    return raise_type_error(t, "__index__ returned non-int (type %T)", result);
}
bool object_as_index(Thread *t, Value v, ptrdiff_t *index, Type *overflow)
{
    if (LIKELY(is_small_int(v))) {
        *index = (ptrdiff_t)as_small_int(v);
        return true;
    }
    OWN Value number = object_index(t, v);
    if (is_error(number)) return false;
    int64_t wide;
    if (int_as_i64(t, number, &wide)) {
        *index = (ptrdiff_t)wide;
        return true;
    }
    error_clear(t);
    if (overflow) return error_false(raise_error(t, overflow, "cannot fit '%T' into an index-sized integer", v));
    *index = int_sign(number) < 0 ? PTRDIFF_MIN : PTRDIFF_MAX;
    return true;
}

// ---- Items
ptrdiff_t object_length(Thread *t, Value v)
{
    ptrdiff_t (*slot)(Thread *, Value) = type_of(v)->slots.length;
    return slot ? slot(t, v) : error_minus(raise_type_error(t, "object of type '%T' has no len()", v));
}
ptrdiff_t object_length_hint(Thread *t, Value v, ptrdiff_t otherwise)
{
    if (type_of(v)->slots.length) {
        ptrdiff_t length = object_length(t, v);
        if (length >= 0) return length;
        if (!error_clear_if(t, &exc_TypeError)) return -1;
    }
    OWN Value hint = SPECIAL(t, v, __length_hint__);
    if (is_unbound(hint)) return otherwise;
    if (is_error(hint)) return error_clear_if(t, &exc_TypeError) ? otherwise : -1;
    if (is_not_implemented(hint)) return otherwise;
    if (!is_int(hint)) return error_minus(raise_type_error(t, "__length_hint__ must be an integer, not %T", hint));
    ptrdiff_t length;
    if (!object_as_index(t, hint, &length, &exc_OverflowError)) return -1;
    return length >= 0 ? length : error_minus(raise_value_error(t, "__length_hint__() should return >= 0"));
}
static Value class_item(Thread *t, Value v, Value key)
{
    if (as_type(v) == &type_type) {
        return generic_alias_new(t, v, key);
    }
    OWN Value method = object_get_attr_optional(t, v, NAME(__class_getitem__));
    if (is_error(method)) return ERROR;
    if (is_unbound(method) || is_none(method)) return raise_type_error(t, "type '%N' is not subscriptable", as_type(v));
    return call1(t, method, key);
}
Value object_get_item(Thread *t, Value v, Value key)
{
    Value (*slot)(Thread *, Value, Value) = type_of(v)->slots.get_item;
    if (slot) return slot(t, v, key);
    if (is_type(v)) return class_item(t, v, key);
    return raise_type_error(t, "'%T' object is not subscriptable", v);
}
bool object_set_item(Thread *t, Value v, Value key, Value item)
{
    bool (*slot)(Thread *, Value, Value, Value) = type_of(v)->slots.set_item;
    return slot ? slot(t, v, key, item) : error_false(raise_type_error(t, "'%T' object does not support item assignment", v));
}
bool object_delete_item(Thread *t, Value v, Value key)
{
    bool (*slot)(Thread *, Value, Value, Value) = type_of(v)->slots.set_item;
    return slot ? slot(t, v, key, UNBOUND) : error_false(raise_type_error(t, "'%T' object doesn't support item deletion", v));
}
int object_contains(Thread *t, Value v, Value item)
{
    int (*slot)(Thread *, Value, Value) = type_of(v)->slots.contains;
    if (slot) return slot(t, v, item);
    OWN Value iterator = object_iter(t, v);
    if (is_error(iterator)) {
        if (error_clear_if(t, &exc_TypeError)) raise_type_error(t, "argument of type '%T' is not iterable", v);
        return -1;
    }
    for (;;) {
        OWN Value candidate = object_next(t, iterator);
        if (is_error(candidate)) return -1;
        if (is_unbound(candidate)) return 0;
        int equal = object_equal(t, candidate, item);
        if (equal) return equal;
    }
}

// ---- Iteration
Value object_iter(Thread *t, Value v)
{
    Type *type = type_of(v);
    if (type->slots.iter) {
        Value method = type->flags & TYPE_HEAP ? type_lookup(type, NAME(__iter__)) : UNBOUND;
        if (is_none(method)) return raise_type_error(t, "'%T' object is not iterable", v);
        OWN Value iterator = type->slots.iter(t, v);
        if (is_error(iterator) || type_of(iterator)->slots.next) return MOVE(iterator);
        return raise_type_error(t, "iter() returned non-iterator of type '%T'", iterator);
    }
    if (type->slots.get_item && !is_dict(v)) return sequence_iterator_new(t, &sequence_iterator_type, v);
    return raise_type_error(t, "'%T' object is not iterable", v);
}
Value object_next(Thread *t, Value iterator)
{
    Value (*slot)(Thread *, Value) = type_of(iterator)->slots.next;
    if (!slot) return raise_type_error(t, "'%T' object is not an iterator", iterator);
    if (!enter_recursion(t, "")) return ERROR;          // of iterators over iterators
    Value item = slot(t, iterator);
    leave_recursion(t);
    if (is_error(item) && error_matches(t, &exc_StopIteration)) {
        error_clear(t);
        return UNBOUND;
    }
    return item;
}

// ---- Questions
bool object_is_callable(Value v) { return type_of(v)->slots.call != NULL; }

Value object_dir(Thread *t, Value v)
{
    OWN Value listed = SPECIAL(t, v, __dir__);
    if (is_unbound(listed)) return raise_type_error(t, "object does not provide __dir__");
    if (is_error(listed)) return ERROR;
    OWN Value list = list_from_iterable(t, listed);
    return is_error(list) || !list_sort(t, list, NONE, false) ? ERROR : MOVE(list);
}

// The bases that something which need not be a class says it has: a tuple, or UNBOUND; ERROR.
static NEW_REF Value bases_of(Thread *t, Value v)
{
    Value bases = object_get_attr_optional(t, v, NAME(__bases__));
    if (is_error(bases) || is_unbound(bases) || is_tuple(bases)) return bases;
    drop(bases);
    return UNBOUND;
}
// Whether cls is among the bases of `derived`, their bases, and so on. -1: raised.
static int descends(Thread *t, Value derived, Value cls)
{
    if (is_same(derived, cls)) return 1;
    OWN Value bases = bases_of(t, derived);
    if (is_error(bases)) return -1;
    if (is_unbound(bases)) return 0;
    if (!enter_recursion(t, " in __issubclass__")) return -1;
    int yes = 0;
    for (size_t i = 0; i < as_tuple(bases)->length && yes == 0; i++) yes = descends(t, as_tuple(bases)->items[i], cls);
    leave_recursion(t);
    return yes;
}
int object_descends(Thread *t, Value derived, Value cls)
{
    if (is_type(derived) && is_type(cls)) return type_is_subtype(as_type(derived), as_type(cls));
    OWN Value bases = bases_of(t, derived);
    if (is_error(bases)) return -1;
    if (is_unbound(bases)) return error_minus(raise_type_error(t, "issubclass() arg 1 must be a class"));
    return descends(t, derived, cls);
}

// isinstance and issubclass: a class, a union or a tuple of those, asked through the metaclass when that has an opinion.
static int ask_class(Thread *t, Value v, Value cls, Str *hook, const char *complaint)
{
    if (is_tuple(cls)) {
        if (!enter_recursion(t, hook == NAME(__instancecheck__) ? " in __instancecheck__" : " in __subclasscheck__")) return -1;
        int yes = 0;
        for (size_t i = 0; i < as_tuple(cls)->length && yes == 0; i++)
            yes = hook == NAME(__instancecheck__) ? object_is_instance(t, v, as_tuple(cls)->items[i]) : object_is_subclass(t, v, as_tuple(cls)->items[i]);
        leave_recursion(t);
        return yes;
    }
    OWN Value method = special_method(t, cls, hook);
    if (is_error(method)) return -1;
    if (!is_unbound(method)) {
        OWN Value result = call1(t, method, v);
        return is_error(result) ? -1 : object_truth(t, result);
    }
    OWN Value bases = bases_of(t, cls);
    if (is_error(bases)) return -1;
    if (is_unbound(bases)) return error_minus(raise_type_error(t, complaint));
    if (hook == NAME(__subclasscheck__)) return object_descends(t, v, cls);
    OWN Value own = object_get_attr(t, v, NAME(__class__));
    return is_error(own) ? -1 : descends(t, own, cls);
}
// v.__class__ is its type: nothing in between has another opinion.
static bool has_class_of_object(Value v)
{
    Type *type = type_of(v);
    if (!(type->flags & TYPE_DEFAULT_GETATTR)) return false;
    return !(type->flags & TYPE_HEAP) || is_same(type_lookup(type, NAME(__class__)), type_lookup(&object_type, NAME(__class__)));
}
int object_is_instance(Thread *t, Value v, Value cls)
{
    if (is_type(cls)) {
        if (type_of(v) == as_type(cls)) return 1;
        if (type_of(cls) == &type_type && type_is_subtype(type_of(v), as_type(cls))) return 1;
        if (type_of(cls) == &type_type && has_class_of_object(v)) return 0;
    }
    return ask_class(t, v, cls, NAME(__instancecheck__), "isinstance() arg 2 must be a type, a tuple of types, or a union");
}
int object_is_subclass(Thread *t, Value v, Value cls)
{
    if (type_of(cls) == &type_type && is_type(v)) return type_is_subtype(as_type(v), as_type(cls));
    return ask_class(t, v, cls, NAME(__subclasscheck__), "issubclass() arg 2 must be a class, a tuple of classes, or a union");
}
