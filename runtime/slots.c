// SPDX-License-Identifier: MIT
// runtime/slots.c: the table of slots.h: for each special method the slot that it stands for, the function that fills the
// slot of a class written in Python (dispatch_…: calls the method), and the wrapper that makes a native slot a method.
#include "runtime/slots.h"

#include "runtime/error.h"
#include "runtime/heap.h"
#include "runtime/types/dict.h"
#include "runtime/types/exception.h"
#include "runtime/types/float.h"
#include "runtime/types/function.h"
#include "runtime/types/int.h"
#include "runtime/types/str.h"
#include "runtime/types/tuple.h"

// ---- One operand: repr, str, iter, …
#define UNARY(slot, method) \
    static Value dispatch_##slot(Thread *t, Value v) { return required(t, v, NAME(method), call_special(t, v, NAME(method), NULL, 0)); } \
    static Value wrap_##slot(Thread *t, Type *owner, Value self, const Value *args) { return owner->slots.slot(t, self); }

static Value required(Thread *t, Value v, Str *name, Value result)
{
    return is_unbound(result) ? raise_attribute_error(t, v, name) : result;
}

UNARY(iter, __iter__)
UNARY(await, __await__)
UNARY(aiter, __aiter__)
UNARY(anext, __anext__)
UNARY(absolute, __abs__)
UNARY(to_int, __int__)
UNARY(to_float, __float__)
UNARY(index, __index__)

static Value text_result(Thread *t, Value result, const char *method)
{
    if (is_error(result) || is_str(result)) return result;
    OWN Value other = result;
    return raise_type_error(t, "%s returned non-string (type %T)", method, other);
}
static Value dispatch_repr(Thread *t, Value v)
{
    Value result = call_special(t, v, NAME(__repr__), NULL, 0);
    return is_unbound(result) ? object_type.slots.repr(t, v) : text_result(t, result, "__repr__");
}
static Value wrap_repr(Thread *t, Type *owner, Value self, const Value *args) { return owner->slots.repr(t, self); }
static Value dispatch_str(Thread *t, Value v) { return text_result(t, required(t, v, NAME(__str__), call_special(t, v, NAME(__str__), NULL, 0)), "__str__"); }
static Value wrap_str(Thread *t, Type *owner, Value self, const Value *args) { return owner->slots.str(t, self); }

static Value dispatch_next(Thread *t, Value v)
{
    Value result = call_special(t, v, NAME(__next__), NULL, 0);
    if (is_unbound(result)) return raise_type_error(t, "'%T' object is not an iterator", v);
    if (is_error(result) && error_clear_if(t, &exc_StopIteration)) return UNBOUND;
    return result;
}
static Value wrap_next(Thread *t, Type *owner, Value self, const Value *args)
{
    Value result = owner->slots.next(t, self);
    if (is_unbound(result) && !error_pending(t)) return raise_stop_iteration(t, NONE);
    return is_unbound(result) ? ERROR : result;
}

#define UNARY_OPERATOR(op, slot, method) \
    static Value dispatch_##slot(Thread *t, Value v) { return required(t, v, NAME(method), call_special(t, v, NAME(method), NULL, 0)); } \
    static Value wrap_##slot(Thread *t, Type *owner, Value self, const Value *args) { return owner->slots.unary[op](t, self); }
UNARY_OPERATOR(OP_NEGATIVE, negative, __neg__)
UNARY_OPERATOR(OP_POSITIVE, positive, __pos__)
UNARY_OPERATOR(OP_INVERT, invert, __invert__)

// ---- hash, truth, length
bool hash_refused(Thread *t, Value v, int64_t *hash) { return error_false(raise_type_error(t, "unhashable type: '%T'", v)); }

static bool dispatch_hash(Thread *t, Value v, int64_t *hash)
{
    OWN Value result = call_special(t, v, NAME(__hash__), NULL, 0);
    if (is_unbound(result)) return hash_refused(t, v, hash);
    if (is_error(result)) return false;
    if (!is_int(result)) return error_false(raise_type_error(t, "__hash__ method should return an integer"));
    if (!int_as_i64(t, result, hash)) {       // only an int too large for a hash is hashed itself
        if (!error_clear_if(t, &exc_OverflowError)) return false;
        *hash = int_hash(result);
    }
    if (*hash == -1) *hash = -2;
    return true;
}
static Value wrap_hash(Thread *t, Type *owner, Value self, const Value *args)
{
    int64_t hash;
    return owner->slots.hash(t, self, &hash) ? int_value(t, hash) : ERROR;
}

static int dispatch_truth(Thread *t, Value v)
{
    OWN Value result = call_special(t, v, NAME(__bool__), NULL, 0);
    if (is_unbound(result)) {
        OWN Value length = call_special(t, v, NAME(__len__), NULL, 0);
        if (is_unbound(length)) return 1;
        ptrdiff_t n = is_error(length) ? -1 : object_length(t, v);
        return n < 0 ? -1 : n > 0;
    }
    if (is_error(result)) return -1;
    if (!is_bool(result)) return error_minus(raise_type_error(t, "__bool__ should return bool, returned %T", result));
    return is_true(result);
}
static Value wrap_truth(Thread *t, Type *owner, Value self, const Value *args)
{
    int truth = owner->slots.truth(t, self);
    return truth < 0 ? ERROR : bool_value(truth);
}

static ptrdiff_t dispatch_length(Thread *t, Value v)
{
    OWN Value result = required(t, v, NAME(__len__), call_special(t, v, NAME(__len__), NULL, 0));
    if (is_error(result)) return -1;
    OWN Value index = object_index(t, result);
    if (is_error(index)) return -1;
    if (int_sign(index) < 0) return error_minus(raise_value_error(t, "__len__() should return >= 0"));
    int64_t length;
    if (!int_as_i64(t, index, &length)) {
        error_clear(t);
        return error_minus(raise_error(t, &exc_OverflowError, "cannot fit '%T' into an index-sized integer", index));
    }
    return (ptrdiff_t)length;
}
static Value wrap_length(Thread *t, Type *owner, Value self, const Value *args)
{
    ptrdiff_t length = owner->slots.length(t, self);
    return length < 0 ? ERROR : int_value(t, length);
}

// ---- Comparison: one slot, six methods
static Str *compare_name(CompareOp op)
{
    switch (op) {
    case CMP_LT: return NAME(__lt__);
    case CMP_LE: return NAME(__le__);
    case CMP_EQ: return NAME(__eq__);
    case CMP_NE: return NAME(__ne__);
    case CMP_GT: return NAME(__gt__);
    default: return NAME(__ge__);
    }
}
static Value dispatch_compare(Thread *t, Value a, Value b, CompareOp op)
{
    Value result = call_special(t, a, compare_name(op), &b, 1);
    return is_unbound(result) ? NOT_IMPLEMENTED : result;
}
#define COMPARISON(op, slot) \
    static Value wrap_##slot(Thread *t, Type *owner, Value self, const Value *args) { return owner->slots.compare(t, self, args[0], op); }
COMPARISON(CMP_LT, lt)
COMPARISON(CMP_LE, le)
COMPARISON(CMP_EQ, eq)
COMPARISON(CMP_NE, ne)
COMPARISON(CMP_GT, gt)
COMPARISON(CMP_GE, ge)

// ---- Two operands
static bool wraps_dispatch(Type *type, BinaryOp op, AnySlot dispatch)
{
    AnySlot own = slot_at(&type->slots, offsetof(Slots, binary) + (size_t)op * sizeof(AnySlot));
    return own == dispatch;
}
// Does b's class override the reflected method that a's class has?
static bool overrides(Type *a, Type *b, Str *reflected)
{
    return a != b && type_is_subtype(b, a) && !is_same(type_lookup(a, reflected), type_lookup(b, reflected));
}

static Value binary_by_methods(Thread *t, Value a, Value b, BinaryOp op, Str *name, Str *reflected, AnySlot dispatch)
{
    Type *left = type_of(a), *right = type_of(b);
    bool by_right = left != right && wraps_dispatch(right, op, dispatch);
    if (wraps_dispatch(left, op, dispatch)) {
        if (by_right && overrides(left, right, reflected)) {
            Value result = call_special(t, b, reflected, &a, 1);
            if (!is_unbound(result) && !is_not_implemented(result)) return result;
            by_right = false;
        }
        Value result = call_special(t, a, name, &b, 1);
        if (!is_unbound(result) && !is_not_implemented(result)) return result;
        if (left == right) return NOT_IMPLEMENTED;
    }
    if (by_right) {
        Value result = call_special(t, b, reflected, &a, 1);
        if (!is_unbound(result)) return result;
    }
    return NOT_IMPLEMENTED;
}

#define BINARY(op, slot, method, reflected) \
    static Value dispatch_##slot(Thread *t, Value a, Value b) \
    { return binary_by_methods(t, a, b, op, NAME(method), NAME(reflected), (AnySlot)dispatch_##slot); } \
    static Value wrap_##slot(Thread *t, Type *owner, Value self, const Value *args) { return owner->slots.binary[op](t, self, args[0]); } \
    static Value wrap_r##slot(Thread *t, Type *owner, Value self, const Value *args) { return owner->slots.binary[op](t, args[0], self); }
BINARY(OP_ADD, add, __add__, __radd__)
BINARY(OP_SUBTRACT, subtract, __sub__, __rsub__)
BINARY(OP_MULTIPLY, multiply, __mul__, __rmul__)
BINARY(OP_MATMUL, matmul, __matmul__, __rmatmul__)
BINARY(OP_TRUEDIV, truediv, __truediv__, __rtruediv__)
BINARY(OP_FLOORDIV, floordiv, __floordiv__, __rfloordiv__)
BINARY(OP_MODULO, modulo, __mod__, __rmod__)
BINARY(OP_LSHIFT, lshift, __lshift__, __rlshift__)
BINARY(OP_RSHIFT, rshift, __rshift__, __rrshift__)
BINARY(OP_AND, and, __and__, __rand__)
BINARY(OP_XOR, xor, __xor__, __rxor__)
BINARY(OP_OR, or, __or__, __ror__)
BINARY(OP_DIVMOD, divmod, __divmod__, __rdivmod__)

#define INPLACE(op, slot, method) \
    static Value dispatch_i##slot(Thread *t, Value a, Value b) \
    { Value result = call_special(t, a, NAME(method), &b, 1); return is_unbound(result) ? NOT_IMPLEMENTED : result; } \
    static Value wrap_i##slot(Thread *t, Type *owner, Value self, const Value *args) { return owner->slots.inplace[op](t, self, args[0]); }
INPLACE(OP_ADD, add, __iadd__)
INPLACE(OP_SUBTRACT, subtract, __isub__)
INPLACE(OP_MULTIPLY, multiply, __imul__)
INPLACE(OP_MATMUL, matmul, __imatmul__)
INPLACE(OP_TRUEDIV, truediv, __itruediv__)
INPLACE(OP_FLOORDIV, floordiv, __ifloordiv__)
INPLACE(OP_MODULO, modulo, __imod__)
INPLACE(OP_LSHIFT, lshift, __ilshift__)
INPLACE(OP_RSHIFT, rshift, __irshift__)
INPLACE(OP_AND, and, __iand__)
INPLACE(OP_XOR, xor, __ixor__)
INPLACE(OP_OR, or, __ior__)

static Value dispatch_power(Thread *t, Value a, Value b, Value modulus)
{
    Type *left = type_of(a), *right = type_of(b);
    bool by_right = left != right && right->slots.power == dispatch_power;
    if (left->slots.power == dispatch_power) {
        if (by_right && overrides(left, right, NAME(__rpow__))) {
            Value result = call_special(t, b, NAME(__rpow__), &a, 1);
            if (!is_unbound(result) && !is_not_implemented(result)) return result;
            by_right = false;
        }
        Value result = call_special(t, a, NAME(__pow__), (const Value[]){b, modulus}, is_none(modulus) ? 1 : 2);
        if (!is_unbound(result) && !is_not_implemented(result)) return result;
    }
    if (by_right && is_none(modulus)) {
        Value result = call_special(t, b, NAME(__rpow__), &a, 1);
        if (!is_unbound(result)) return result;
    }
    return NOT_IMPLEMENTED;
}
static Value wrap_power(Thread *t, Type *owner, Value self, const Value *args) { return owner->slots.power(t, self, args[0], args[1]); }
static Value wrap_rpower(Thread *t, Type *owner, Value self, const Value *args) { return owner->slots.power(t, args[0], self, args[1]); }
static Value dispatch_ipower(Thread *t, Value a, Value b)
{
    Value result = call_special(t, a, NAME(__ipow__), &b, 1);
    return is_unbound(result) ? NOT_IMPLEMENTED : result;
}
static Value wrap_ipower(Thread *t, Type *owner, Value self, const Value *args) { return owner->slots.inplace_power(t, self, args[0]); }

// ---- Items
static Value dispatch_get_item(Thread *t, Value v, Value key) { return required(t, v, NAME(__getitem__), call_special(t, v, NAME(__getitem__), &key, 1)); }
static Value wrap_get_item(Thread *t, Type *owner, Value self, const Value *args) { return owner->slots.get_item(t, self, args[0]); }
static bool dispatch_set_item(Thread *t, Value v, Value key, Value item)
{
    bool deletes = is_unbound(item);
    Str *name = deletes ? NAME(__delitem__) : NAME(__setitem__);
    OWN Value result = call_special(t, v, name, (const Value[]){key, item}, deletes ? 1 : 2);
    if (is_unbound(result))
        return error_false(raise_type_error(t, deletes ? "'%T' object doesn't support item deletion" : "'%T' object does not support item assignment", v));
    return !is_error(result);
}
static Value wrap_set_item(Thread *t, Type *owner, Value self, const Value *args) { return owner->slots.set_item(t, self, args[0], args[1]) ? NONE : ERROR; }
static Value wrap_delete_item(Thread *t, Type *owner, Value self, const Value *args) { return owner->slots.set_item(t, self, args[0], UNBOUND) ? NONE : ERROR; }
static int dispatch_contains(Thread *t, Value v, Value item)
{
    Value method = type_lookup(type_of(v), NAME(__contains__));
    if (is_none(method)) return error_minus(raise_type_error(t, "'%T' object is not a container", v));
    OWN Value result = call_special(t, v, NAME(__contains__), &item, 1);
    if (is_unbound(result)) {
        ASSERT(false);
        return -1;
    }
    return is_error(result) ? -1 : object_truth(t, result);
}
static Value wrap_contains(Thread *t, Type *owner, Value self, const Value *args)
{
    int found = owner->slots.contains(t, self, args[0]);
    return found < 0 ? ERROR : bool_value(found);
}

// ---- Attributes and descriptors
static Str *attribute_name(Thread *t, Value name)
{
    if (!is_str(name)) return error_null(raise_type_error(t, "attribute name must be string, not '%T'", name));
    return as_str(retain(name));
}
static Value dispatch_get_attr(Thread *t, Value v, Str *name)
{
    Value getter = type_lookup(type_of(v), NAME(__getattribute__));
    bool plain = is_object(getter) && as_object(getter)->type == &slot_wrapper_type && ((SlotWrapper *)as_object(getter))->type == &object_type;
    Value name_value = object_value(name);
    Value result = plain ? generic_get_attr(t, v, name) : call_special(t, v, NAME(__getattribute__), &name_value, 1);
    if (!is_error(result) || !error_matches(t, &exc_AttributeError) || is_unbound(type_lookup(type_of(v), NAME(__getattr__)))) return result;
    error_clear(t);
    return call_special(t, v, NAME(__getattr__), &name_value, 1);
}
static Value wrap_get_attr(Thread *t, Type *owner, Value self, const Value *args)
{
    OWN_POINTER Str *name = attribute_name(t, args[0]);
    if (!name) return ERROR;
    Str *interned = str_intern(t, RETAIN(name));
    Value result = owner->slots.get_attr(t, self, interned);
    drop_pointer(interned);
    return result;
}
static bool dispatch_set_attr(Thread *t, Value v, Str *name, Value value)
{
    bool deletes = is_unbound(value);
    OWN Value result = call_special(t, v, deletes ? NAME(__delattr__) : NAME(__setattr__), (const Value[]){object_value(name), value}, deletes ? 1 : 2);
    if (is_unbound(result)) return generic_set_attr(t, v, name, value);
    return !is_error(result);
}
// object.__setattr__ of a class would go past what classes forbid.
static bool check_not_class(Thread *t, Type *owner, Value self, const char *method)
{
    if (!is_type(self) || owner->slots.set_attr == type_type.slots.set_attr || owner->flags & TYPE_HEAP) return true;
    return error_false(raise_type_error(t, "can't apply this %s to %T object", method, self));
}
static Value wrap_change_attr(Thread *t, Type *owner, Value self, Value name_value, Value value)
{
    OWN_POINTER Str *name = attribute_name(t, name_value);
    if (!name || !check_not_class(t, owner, self, is_unbound(value) ? "__delattr__" : "__setattr__")) return ERROR;
    OWN_POINTER Str *interned = str_intern(t, RETAIN(name));
    return owner->slots.set_attr(t, self, interned, value) ? NONE : ERROR;
}
static Value wrap_set_attr(Thread *t, Type *owner, Value self, const Value *args) { return wrap_change_attr(t, owner, self, args[0], args[1]); }
static Value wrap_delete_attr(Thread *t, Type *owner, Value self, const Value *args) { return wrap_change_attr(t, owner, self, args[0], UNBOUND); }

static Value dispatch_descr_get(Thread *t, Value descriptor, Value instance, Value type)
{
    Value args[2] = {is_unbound(instance) ? NONE : instance, is_unbound(type) ? NONE : type};
    Value result = call_special(t, descriptor, NAME(__get__), args, 2);
    return is_unbound(result) ? retain(descriptor) : result;
}
static Value wrap_descr_get(Thread *t, Type *owner, Value self, const Value *args)
{
    Value instance = is_none(args[0]) ? UNBOUND : args[0];
    if (is_unbound(instance) && is_none(args[1])) return raise_type_error(t, "__get__(None, None) is invalid");
    return owner->slots.descr_get(t, self, instance, is_none(args[1]) ? UNBOUND : args[1]);
}
static bool dispatch_descr_set(Thread *t, Value descriptor, Value instance, Value value)
{
    bool deletes = is_unbound(value);
    Str *name = deletes ? NAME(__delete__) : NAME(__set__);
    OWN Value result = required(t, descriptor, name, call_special(t, descriptor, name, (const Value[]){instance, value}, deletes ? 1 : 2));
    return !is_error(result);
}
static Value wrap_descr_set(Thread *t, Type *owner, Value self, const Value *args) { return owner->slots.descr_set(t, self, args[0], args[1]) ? NONE : ERROR; }
static Value wrap_descr_delete(Thread *t, Type *owner, Value self, const Value *args) { return owner->slots.descr_set(t, self, args[0], UNBOUND) ? NONE : ERROR; }

// ---- Calls, construction, the end
static Value dispatch_call(Thread *t, Value f, const Value *args, size_t nargs, Value kwnames)
{
    OWN Value method = special_method(t, f, NAME(__call__));
    if (is_unbound(method)) return raise_type_error(t, "'%T' object is not callable", f);
    return is_error(method) ? ERROR : call(t, method, args, nargs, kwnames);
}
// Unpacks the (*args, **kwargs) that a wrapper's signature gathered into a call of the slot.
static bool gathered(Thread *t, const Value *args, Value **flat, size_t *nargs, Value *kwnames)
{
    Tuple *positional = as_tuple(args[0]);
    Dict *keywords = as_dict(args[1]);
    *nargs = positional->length;
    *kwnames = UNBOUND;
    *flat = mem_allocate(t, (positional->length + keywords->count + 1) * sizeof(Value));
    if (!*flat) return false;
    if (positional->length) memcpy(*flat, positional->items, positional->length * sizeof(Value));
    if (keywords->count == 0) return true;
    Tuple *names_tuple = tuple_blank(t, keywords->count);
    if (!names_tuple) {
        mem_free(*flat);
        return false;
    }
    size_t at = 0, i = 0;
    Value key, value;
    while (dict_next(keywords, &at, &key, &value)) {
        names_tuple->items[i] = retain(key);
        (*flat)[positional->length + i++] = value;
    }
    *kwnames = object_value(names_tuple);
    return true;
}
static Value wrap_call(Thread *t, Type *owner, Value self, const Value *args)
{
    OWN_MEMORY Value *flat = NULL;
    size_t nargs;
    OWN Value kwnames = UNBOUND;
    if (!gathered(t, args, &flat, &nargs, &kwnames)) return ERROR;
    return owner->slots.call(t, self, flat, nargs, kwnames);
}
static bool dispatch_init(Thread *t, Value self, const Value *args, size_t nargs, Value kwnames)
{
    OWN Value method = special_method(t, self, NAME(__init__));
    if (is_error(method)) return false;
    if (is_unbound(method)) return true;
    OWN Value result = call(t, method, args, nargs, kwnames);
    if (is_error(result)) return false;
    if (!is_none(result)) return error_false(raise_type_error(t, "__init__() should return None, not '%T'", result));
    return true;
}
static Value wrap_init(Thread *t, Type *owner, Value self, const Value *args)
{
    OWN_MEMORY Value *flat = NULL;
    size_t nargs;
    OWN Value kwnames = UNBOUND;
    if (!gathered(t, args, &flat, &nargs, &kwnames)) return ERROR;
    return owner->slots.init(t, self, flat, nargs, kwnames) ? NONE : ERROR;
}
Value make_by_python(Thread *t, Type *type, const Value *args, size_t nargs, Value kwnames)
{
    OWN Value maker = object_get_attr(t, type_value(type), NAME(__new__));
    if (is_error(maker)) return ERROR;
    size_t keywords = is_unbound(kwnames) ? 0 : as_tuple(kwnames)->length;
    OWN_MEMORY Value *with_type = mem_allocate(t, (nargs + keywords + 1) * sizeof(Value));
    if (!with_type) return ERROR;
    with_type[0] = type_value(type);
    if (nargs + keywords) memcpy(with_type + 1, args, (nargs + keywords) * sizeof(Value));
    return call(t, maker, with_type, nargs + 1, kwnames);
}
static void dispatch_finalize(Thread *t, Value v)
{
    if (UNLIKELY(t->interp->no_python)) return;
    OWN Value result = call_special(t, v, NAME(__del__), NULL, 0);
    if (is_error(result)) error_unraisable(t, "Exception ignored in", type_lookup(type_of(v), NAME(__del__)));
}
static Value wrap_finalize(Thread *t, Type *owner, Value self, const Value *args)
{
    owner->slots.finalize(t, self);
    return NONE;
}

// ---- The table
#define ROW(method, slot, name, sig, text) {&NAME(method), offsetof(Slots, slot), (AnySlot)dispatch_##name, wrap_##name, sig, text, false}
#define ROW2(method, slot, dispatcher, wrapper, sig, text) {&NAME(method), offsetof(Slots, slot), (AnySlot)dispatch_##dispatcher, wrap_##wrapper, sig, text, false}
#define OPERATOR(op, name, method, reflected, sign) \
    {&NAME(method), offsetof(Slots, binary) + op * sizeof(AnySlot), (AnySlot)dispatch_##name, wrap_##name, "(self, value, /)", "Return self" sign "value.", false}, \
    {&NAME(reflected), offsetof(Slots, binary) + op * sizeof(AnySlot), (AnySlot)dispatch_##name, wrap_r##name, "(self, value, /)", "Return value" sign "self.", op == OP_ADD}
#define INPLACE_ROW(op, name, method, sign) \
    {&NAME(method), offsetof(Slots, inplace) + op * sizeof(AnySlot), (AnySlot)dispatch_i##name, wrap_i##name, "(self, value, /)", "Return self" sign "value.", false}
#define UNARY_ROW(op, name, method, text) \
    {&NAME(method), offsetof(Slots, unary) + op * sizeof(AnySlot), (AnySlot)dispatch_##name, wrap_##name, "(self, /)", text, false}

const SlotRow slot_rows[] = {
    ROW(__repr__, repr, repr, "(self, /)", "Return repr(self)."),
    ROW(__str__, str, str, "(self, /)", "Return str(self)."),
    ROW(__hash__, hash, hash, "(self, /)", "Return hash(self)."),
    ROW2(__lt__, compare, compare, lt, "(self, value, /)", "Return self<value."),
    ROW2(__le__, compare, compare, le, "(self, value, /)", "Return self<=value."),
    ROW2(__eq__, compare, compare, eq, "(self, value, /)", "Return self==value."),
    ROW2(__ne__, compare, compare, ne, "(self, value, /)", "Return self!=value."),
    ROW2(__gt__, compare, compare, gt, "(self, value, /)", "Return self>value."),
    ROW2(__ge__, compare, compare, ge, "(self, value, /)", "Return self>=value."),
    ROW(__call__, call, call, "(self, /, *args, **kwargs)", "Call self as a function."),
    ROW(__getattribute__, get_attr, get_attr, "(self, name, /)", "Return getattr(self, name)."),
    {&NAME(__getattr__), offsetof(Slots, get_attr), (AnySlot)dispatch_get_attr, NULL, "(self, name, /)", "", false},
    ROW(__setattr__, set_attr, set_attr, "(self, name, value, /)", "Implement setattr(self, name, value)."),
    ROW2(__delattr__, set_attr, set_attr, delete_attr, "(self, name, /)", "Implement delattr(self, name)."),
    ROW(__iter__, iter, iter, "(self, /)", "Implement iter(self)."),
    ROW(__next__, next, next, "(self, /)", "Implement next(self)."),
    ROW(__await__, await, await, "(self, /)", "Return an iterator to be used in await expression."),
    ROW(__aiter__, aiter, aiter, "(self, /)", "Return an awaitable, that resolves in asynchronous iterator."),
    ROW(__anext__, anext, anext, "(self, /)", "Return a value or raise StopAsyncIteration."),
    ROW(__get__, descr_get, descr_get, "(self, instance, owner=None, /)", "Return an attribute of instance, which is of type owner."),
    ROW(__set__, descr_set, descr_set, "(self, instance, value, /)", "Set an attribute of instance to value."),
    ROW2(__delete__, descr_set, descr_set, descr_delete, "(self, instance, /)", "Delete an attribute of instance."),
    ROW(__init__, init, init, "(self, /, *args, **kwargs)", "Initialize self.  See help(type(self)) for accurate signature."),
    ROW(__del__, finalize, finalize, "(self, /)", ""),
    OPERATOR(OP_ADD, add, __add__, __radd__, "+"),
    OPERATOR(OP_SUBTRACT, subtract, __sub__, __rsub__, "-"),
    OPERATOR(OP_MULTIPLY, multiply, __mul__, __rmul__, "*"),
    OPERATOR(OP_MATMUL, matmul, __matmul__, __rmatmul__, "@"),
    OPERATOR(OP_TRUEDIV, truediv, __truediv__, __rtruediv__, "/"),
    OPERATOR(OP_FLOORDIV, floordiv, __floordiv__, __rfloordiv__, "//"),
    OPERATOR(OP_MODULO, modulo, __mod__, __rmod__, "%"),
    OPERATOR(OP_LSHIFT, lshift, __lshift__, __rlshift__, "<<"),
    OPERATOR(OP_RSHIFT, rshift, __rshift__, __rrshift__, ">>"),
    OPERATOR(OP_AND, and, __and__, __rand__, "&"),
    OPERATOR(OP_XOR, xor, __xor__, __rxor__, "^"),
    OPERATOR(OP_OR, or, __or__, __ror__, "|"),
    OPERATOR(OP_DIVMOD, divmod, __divmod__, __rdivmod__, " divmod "),
    INPLACE_ROW(OP_ADD, add, __iadd__, "+="), INPLACE_ROW(OP_SUBTRACT, subtract, __isub__, "-="),
    INPLACE_ROW(OP_MULTIPLY, multiply, __imul__, "*="), INPLACE_ROW(OP_MATMUL, matmul, __imatmul__, "@="),
    INPLACE_ROW(OP_TRUEDIV, truediv, __itruediv__, "/="), INPLACE_ROW(OP_FLOORDIV, floordiv, __ifloordiv__, "//="),
    INPLACE_ROW(OP_MODULO, modulo, __imod__, "%="), INPLACE_ROW(OP_LSHIFT, lshift, __ilshift__, "<<="),
    INPLACE_ROW(OP_RSHIFT, rshift, __irshift__, ">>="), INPLACE_ROW(OP_AND, and, __iand__, "&="),
    INPLACE_ROW(OP_XOR, xor, __ixor__, "^="), INPLACE_ROW(OP_OR, or, __ior__, "|="),
    ROW(__pow__, power, power, "(self, value, mod=None, /)", "Return pow(self, value, mod)."),
    ROW2(__rpow__, power, power, rpower, "(self, value, mod=None, /)", "Return pow(value, self, mod)."),
    ROW(__ipow__, inplace_power, ipower, "(self, value, /)", "Return self**=value."),
    UNARY_ROW(OP_NEGATIVE, negative, __neg__, "-self"), UNARY_ROW(OP_POSITIVE, positive, __pos__, "+self"), UNARY_ROW(OP_INVERT, invert, __invert__, "~self"),
    ROW(__abs__, absolute, absolute, "(self, /)", "abs(self)"),
    ROW(__int__, to_int, to_int, "(self, /)", "int(self)"),
    ROW(__float__, to_float, to_float, "(self, /)", "float(self)"),
    ROW(__index__, index, index, "(self, /)", "Return self converted to an integer, if self is suitable for use as an index into a list."),
    ROW(__bool__, truth, truth, "(self, /)", "True if self else False"),
    ROW(__len__, length, length, "(self, /)", "Return len(self)."),
    ROW(__getitem__, get_item, get_item, "(self, key, /)", "Return self[key]."),
    ROW(__setitem__, set_item, set_item, "(self, key, value, /)", "Set self[key] to value."),
    ROW2(__delitem__, set_item, set_item, delete_item, "(self, key, /)", "Delete self[key]."),
    ROW(__contains__, contains, contains, "(self, key, /)", "Return key in self."),
};
const size_t slot_row_count = COUNT_OF(slot_rows);

// ---- Between table and types
bool slots_add_wrappers(Thread *t, Type *type)
{
    for (size_t i = 0; i < slot_row_count; i++) {
        const SlotRow *row = &slot_rows[i];
        AnySlot own = slot_at(&type->spec->slots, row->offset);
        if (row->offset == offsetof(Slots, init) && type->init_binder) own = slot_at(&type->slots, row->offset);
        bool refuses_hash = row->offset == offsetof(Slots, hash) && type->slots.hash == hash_refused && type->spec->slots.compare;
        if (refuses_hash) own = (AnySlot)hash_refused;          // it compares by value and does not hash
        if (!own || !row->wrap) continue;
        if (row->not_for_sequences && (type->flags & TYPE_SEQUENCE)) continue;
        if (!is_unbound(dict_get_str(type->dict, *row->name))) continue;
        if (own == (AnySlot)hash_refused) {
            if (!dict_set_str(t, type->dict, *row->name, NONE)) return false;
            continue;
        }
        OWN_POINTER SlotWrapper *wrapper = (SlotWrapper *)object_new(t, &slot_wrapper_type);
        if (!wrapper) return false;
        wrapper->type = type;
        wrapper->row = row;
        wrapper->signature = signature_read(t, row->signature);
        if (!wrapper->signature || !dict_set_str(t, type->dict, *row->name, object_value(wrapper))) return false;
    }
    return true;
}

// The slot that the methods of rows[0..count), all of one slot, ask for.
static AnySlot decide(Type *type, const SlotRow *rows, size_t count)
{
    AnySlot native = NULL;
    for (size_t i = 0; i < count; i++) {
        Value found = type_lookup(type, *rows[i].name);
        if (is_unbound(found)) continue;
        if (is_none(found) && rows[i].offset == offsetof(Slots, hash)) return (AnySlot)hash_refused;
        if (!is_object(found) || as_object(found)->type != &slot_wrapper_type) return rows[i].dispatch;
        SlotWrapper *wrapper = (SlotWrapper *)as_object(found);
        if (wrapper->row != &rows[i] || !type_is_subtype(type, wrapper->type)) return rows[i].dispatch;
        AnySlot own = slot_at(&wrapper->type->slots, rows[i].offset);
        if (native && native != own) return rows[i].dispatch;    // methods of two native bases: let the methods decide
        native = own;
    }
    return native;
}

void slots_update(Type *type, Str *name)
{
    for (size_t i = 0; i < slot_row_count;) {
        size_t count = 1;
        bool concerned = !name || *slot_rows[i].name == name;
        while (i + count < slot_row_count && slot_rows[i + count].offset == slot_rows[i].offset) {
            concerned = concerned || *slot_rows[i + count].name == name;
            count++;
        }
        if (concerned) slot_set(&type->slots, slot_rows[i].offset, decide(type, &slot_rows[i], count));
        i += count;
    }
    if (!name || name == NAME(__new__)) {
        Value maker = type_lookup(type, NAME(__new__));
        bool native = is_object(maker) && as_object(maker)->type == &native_function_type && is_type(((NativeFunction *)as_object(maker))->self);
        Type *owner = native ? as_type(((NativeFunction *)as_object(maker))->self) : NULL;
        type->slots.make = native && type_is_subtype(type, owner) ? owner->slots.make : make_by_python;
    }
    if (type->slots.get_attr == generic_get_attr) type->flags |= TYPE_DEFAULT_GETATTR;
    else type->flags &= ~(uint32_t)TYPE_DEFAULT_GETATTR;
    for (uint32_t i = 0; i < type->subclass_count; i++) slots_update(type->subclasses[i], name);
}
