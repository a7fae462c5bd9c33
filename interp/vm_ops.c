// SPDX-License-Identifier: MIT
// interp/vm_ops.c: instructions that are not worth a place in the loop, and the slow paths of those that are.
//
// Always: an op_ function writes its destination last; when it returns false an exception is pending and its temporaries
// are as they were or cleared.
#include "interp/vm.h"
#include "runtime/call.h"
#include "runtime/error.h"
#include "runtime/types/exception.h"
#include "runtime/types/function.h"
#include "runtime/types/generic_alias.h"
#include "runtime/types/int.h"
#include "runtime/types/list.h"
#include "runtime/types/set.h"
#include "runtime/types/slice.h"

#define A OPERAND_A(i)
#define B OPERAND_B(i)
#define C OPERAND_C(i)
#define R (frame->regs)

static bool finish(Frame *frame, uint32_t reg, TAKES Value v)
{
    if (is_error(v)) return false;
    set_register(frame, reg, v);
    return true;
}

// ---- names for errors

static Str *name_of_register(const Frame *frame, uint32_t reg)
{
    const Code *code = frame->code;
    uint32_t local = reg > NEAR_REGISTERS ? reg - NEAR_REGISTERS - 1 + NEAR_LOCALS : reg;
    if (local < code->varnames->length) return as_str(code->varnames->items[local]);
    for (size_t i = 0; i < code->cellvars->length; i++)
        if (code->cell_locals[i] == local) return as_str(code->cellvars->items[i]);
    return str_empty;
}

bool raise_unbound_local(Thread *t, Frame *frame, uint32_t reg)
{
    raise_error(t, &exc_UnboundLocalError, "cannot access local variable '%U' where it is not associated with a value",
                name_of_register(frame, reg));
    return false;
}

bool raise_unbound_free(Thread *t, Str *name, bool is_cell)
{
    if (is_cell) raise_error(t, &exc_UnboundLocalError, "cannot access local variable '%U' where it is not associated with a value", name);
    else raise_error(t, &exc_NameError, "cannot access free variable '%U' where it is not associated with a value in enclosing scope", name);
    return false;
}

Value raise_not_defined(Thread *t, Str *name) { return raise_name_error(t, &exc_NameError, name, "name '%U' is not defined"); }

bool op_far(Thread *t, Frame *frame, uint32_t i, uint32_t word)
{
    switch (i & 0xFF) {
    case OP_CODE_LOAD_FAR: set_register(frame, A, retain(R[word])); return true;
    case OP_CODE_STORE_FAR: assign(&R[word], take_operand(frame, A)); return true;
    default: return !is_unbound(R[A]) || raise_unbound_local(t, frame, word);
    }
}

static Str *name_of_cell(const Frame *frame, Value cell)
{
    const Code *code = frame->code;
    for (size_t i = 0; i < code->cellvars->length; i++)
        if (is_same(R[code_register(code, code->cell_locals[i])], cell)) return as_str(code->cellvars->items[i]);
    return str_empty;
}

bool op_cell(Thread *t, Frame *frame, uint32_t i)
{
    switch (i & 0xFF) {
    case OP_CODE_MAKE_CELL: {
        Value cell = cell_new(t, R[A]);
        return finish(frame, A, cell);
    }
    case OP_CODE_LOAD_CELL: return raise_unbound_free(t, name_of_cell(frame, R[B]), true);
    case OP_CODE_DELETE_CELL: {
        Cell *cell = (Cell *)as_object(R[A]);
        if (is_unbound(cell->value)) return raise_unbound_free(t, name_of_cell(frame, R[A]), true);
        clear(&cell->value);
        consume(frame, A);
        return true;
    }
    default: break;
    }
    Str *name = as_str(frame->code->freevars->items[OPERAND_BC(i)]);
    Cell *cell = (Cell *)as_object(as_tuple(frame->function->closure)->items[OPERAND_BC(i)]);
    if (is_unbound(cell->value)) return raise_unbound_free(t, name, false);
    clear(&cell->value);
    return true;
}

// ---- operators

static const uint8_t binary_ops[] = {OP_ADD, OP_SUBTRACT, OP_MULTIPLY, OP_MATMUL, OP_TRUEDIV, OP_FLOORDIV, OP_MODULO,
                                     OP_POWER, OP_LSHIFT, OP_RSHIFT, OP_AND, OP_XOR, OP_OR};

static NEW_REF Value binary(Thread *t, BinaryOp op, bool inplace, Value a, Value b)
{
    return inplace ? object_inplace(t, op, a, b) : object_binary(t, op, a, b);
}

static bool op_binary_constant(Thread *t, Frame *frame, uint32_t i)
{
    static const uint8_t ops[] = {OP_ADD, OP_SUBTRACT, OP_MULTIPLY, OP_TRUEDIV, OP_FLOORDIV, OP_MODULO, OP_AND};
    uint32_t code = i & 0xFF;
    bool inplace = code >= OP_CODE_INPLACE_ADD_K;
    BinaryOp op = (BinaryOp)ops[code - (inplace ? OP_CODE_INPLACE_ADD_K : OP_CODE_ADD_K)];
    Value result = binary(t, op, inplace, R[B], frame->code->constants[C]);
    if (is_error(result)) return false;
    consume(frame, B);
    set_register(frame, A, result);
    return true;
}

bool op_binary(Thread *t, Frame *frame, uint32_t i)
{
    uint32_t code = i & 0xFF;
    if (code >= OP_CODE_ADD_K) return op_binary_constant(t, frame, i);
    bool inplace = code >= OP_CODE_INPLACE_ADD;
    BinaryOp op = (BinaryOp)binary_ops[code - (inplace ? OP_CODE_INPLACE_ADD : OP_CODE_ADD)];
    Value b = R[B], c = R[C], result;
    if (op == OP_ADD && is_exact_str(b) && is_exact_str(c)) {
        if (A == B && B != C) {
            // s = s + tail: the register lets go of s, so that it may grow where it is
            R[B] = UNBOUND;
            result = str_append(t, b, c);
        } else result = str_concat(t, b, c);
    } else result = binary(t, op, inplace, b, c);
    if (is_error(result)) return false;
    consume(frame, C);
    consume(frame, B);
    set_register(frame, A, result);
    return true;
}

bool op_binary_immediate(Thread *t, Frame *frame, uint32_t i)
{
    uint32_t code = i & 0xFF;
    bool add = code == OP_CODE_ADD_IMM || code == OP_CODE_INPLACE_ADD_IMM, inplace = code >= OP_CODE_INPLACE_ADD_IMM;
    Value result, b = R[B];
    int8_t n = (int8_t)C;
    if (is_small_float(b)) result = float_value(add ? as_small_float(b) + n : as_small_float(b) - n);
    else result = binary(t, add ? OP_ADD : OP_SUBTRACT, inplace, b, small_int(n));
    if (is_error(result)) return false;
    consume(frame, B);
    set_register(frame, A, result);
    return true;
}

bool op_unary(Thread *t, Frame *frame, uint32_t i)
{
    Value result, b = R[B];
    switch (i & 0xFF) {
    case OP_CODE_NOT: {
        int truth = object_truth(t, b);
        result = truth < 0 ? ERROR : bool_value(!truth);
        break;
    }
    case OP_CODE_NEGATIVE: result = object_unary(t, OP_NEGATIVE, b); break;
    case OP_CODE_POSITIVE: result = object_unary(t, OP_POSITIVE, b); break;
    default: result = object_unary(t, OP_INVERT, b); break;
    }
    if (is_error(result)) return false;
    consume(frame, B);
    set_register(frame, A, result);
    return true;
}

bool op_compare(Thread *t, Frame *frame, uint32_t i)
{
    CompareOp op = (CompareOp)((i & 0xFF) - OP_CODE_LT);
    Value b = R[B], c = R[C], result;
    if ((op == CMP_EQ || op == CMP_NE) && is_exact_str(b) && is_exact_str(c))
        result = bool_value(str_equal(as_str(b), as_str(c)) == (op == CMP_EQ));
    else if (is_exact_int(b) && is_exact_int(c)) result = int_compare(t, b, c, op);
    else result = object_compare(t, b, c, op);
    if (is_error(result)) return false;
    consume(frame, C);
    consume(frame, B);
    set_register(frame, A, result);
    return true;
}

int op_compare_jump(Thread *t, Frame *frame, uint32_t i)
{
    uint32_t code = i & 0xFF;
    bool immediate = code >= OP_CODE_JUMP_IF_LT_IMM;
    CompareOp op = (CompareOp)(code - (immediate ? OP_CODE_JUMP_IF_LT_IMM : OP_CODE_JUMP_IF_LT));
    Value a = R[A], b = immediate ? small_int((int8_t)B) : R[B];
    int truth;
    if ((op == CMP_EQ || op == CMP_NE) && is_exact_str(a) && is_exact_str(b)) {
        truth = is_same(a, b) || str_equal(as_str(a), as_str(b));
        if (op == CMP_NE) truth = !truth;
    } else {
        OWN Value result = is_exact_int(a) && is_exact_int(b) ? int_compare(t, a, b, op) : object_compare(t, a, b, op);
        if (is_error(result)) return -1;
        truth = is_bool(result) ? is_true(result) : object_truth(t, result);
        if (truth < 0) return -1;
    }
    if (!immediate) consume(frame, B);
    consume(frame, A);
    return truth;
}

bool op_contains(Thread *t, Frame *frame, uint32_t i)
{
    int found = object_contains(t, R[C], R[B]);
    if (found < 0) return false;
    consume(frame, C);
    consume(frame, B);
    set_register(frame, A, bool_value(found == ((i & 0xFF) == OP_CODE_IN)));
    return true;
}

int op_contains_jump(Thread *t, Frame *frame, uint32_t i)
{
    int found = object_contains(t, R[B], R[A]);
    if (found < 0) return -1;
    consume(frame, B);
    consume(frame, A);
    return found;
}

// ---- items

bool op_index(Thread *t, Frame *frame, uint32_t i)
{
    Value b = R[B], c = R[C], result;
    if (is_exact_dict(b)) {
        result = dict_get(t, as_dict(b), c);
        if (is_error(result)) return false;
        if (is_unbound(result)) return error_false(raise_key_error(t, c));
        retain(result);
    } else {
        result = object_get_item(t, b, c);
        if (is_error(result)) return false;
    }
    consume(frame, C);
    consume(frame, B);
    set_register(frame, A, result);
    return true;
}

bool op_store_index(Thread *t, Frame *frame, uint32_t i)
{
    if (!object_set_item(t, R[A], R[B], R[C])) return false;
    consume(frame, C);
    consume(frame, B);
    consume(frame, A);
    return true;
}

bool op_delete_index(Thread *t, Frame *frame, uint32_t i)
{
    if (!object_delete_item(t, R[A], R[B])) return false;
    consume(frame, B);
    consume(frame, A);
    return true;
}

bool op_build_slice(Thread *t, Frame *frame, uint32_t i)
{
    Value slice = slice_new(t, R[B], R[B + 1], R[B + 2]);
    if (is_error(slice)) return false;
    for (uint32_t j = 0; j < 3; j++) clear(&R[B + j]);
    return finish(frame, A, slice);
}

// ---- making things

static void blank_run(Value *run, uint32_t count)
{
    for (uint32_t j = 0; j < count; j++) run[j] = UNBOUND;
}

bool op_build_tuple(Thread *t, Frame *frame, uint32_t i)
{
    Value v = tuple_from_owned(t, &R[B], C);
    blank_run(&R[B], C);
    return finish(frame, A, v);
}

bool op_make_type_alias(Thread *t, Frame *frame, uint32_t i)
{
    OWN Value name = MOVE(R[B]), parameters = MOVE(R[B + 1]), compute = MOVE(R[B + 2]);
    return finish(frame, A, type_alias_new(t, name, parameters, compute));
}

bool op_build_list(Thread *t, Frame *frame, uint32_t i)
{
    Value v = list_from_owned(t, &R[B], C);
    blank_run(&R[B], C);
    return finish(frame, A, v);
}

bool op_build_set(Thread *t, Frame *frame, uint32_t i)
{
    OWN Value set = set_new(t, &set_type);
    if (is_error(set)) return false;
    for (uint32_t j = 0; j < C; j++) {
        if (set_add(t, set, R[B + j]) < 0) return false;
        clear(&R[B + j]);
    }
    return finish(frame, A, MOVE(set));
}

bool op_build_dict(Thread *t, Frame *frame, uint32_t i)
{
    OWN_POINTER Dict *d = dict_new_sized(t, C);
    if (!d) return false;
    for (uint32_t j = 0; j < C; j++) {
        if (!dict_set(t, d, R[B + 2 * j], R[B + 2 * j + 1])) return false;
        clear(&R[B + 2 * j]);
        clear(&R[B + 2 * j + 1]);
    }
    return finish(frame, A, dict_value(MOVE_POINTER(d)));
}

bool op_build_string(Thread *t, Frame *frame, uint32_t i)
{
    Value result;
    if (C == 2) result = str_concat(t, R[B], R[B + 1]);
    else {
        StrBuilder b;
        builder_start(t, &b);
        for (uint32_t j = 0; j < C; j++) builder_add_str(&b, as_str(R[B + j]));
        result = builder_finish(&b);
    }
    if (is_error(result)) return false;
    for (uint32_t j = 0; j < C; j++) clear(&R[B + j]);
    return finish(frame, A, result);
}

bool op_format(Thread *t, Frame *frame, uint32_t i)
{
    Value v = R[B];
    OWN Value converted = UNBOUND;
    switch (C & 3) {
    case 1: converted = object_str(t, v); break;
    case 2: converted = object_repr(t, v); break;
    case 3: converted = object_ascii(t, v); break;
    default: converted = retain(v); break;
    }
    if (is_error(converted)) return false;
    Value spec = C & 4 ? R[B + 1] : UNBOUND;
    Value result = is_unbound(spec) && is_exact_str(converted) ? MOVE(converted) : object_format(t, converted, spec);
    if (is_error(result)) return false;
    clear(&R[B]);
    if (C & 4) clear(&R[B + 1]);
    return finish(frame, A, result);
}

bool op_list_append(Thread *t, Frame *frame, uint32_t i) { return list_append_owned(t, R[A], take_operand(frame, B)); }

static COLD bool not_iterable_star(Thread *t, Value v)
{
    if (!error_matches(t, &exc_TypeError) || type_of(v)->slots.iter || type_of(v)->slots.get_item) return false;
    error_clear(t);
    raise_type_error(t, "Value after * must be an iterable, not %T", v);
    return false;
}

bool op_list_extend(Thread *t, Frame *frame, uint32_t i)
{
    if (!list_extend(t, R[A], R[B])) return not_iterable_star(t, R[B]);
    consume(frame, B);
    return true;
}

bool op_set_add(Thread *t, Frame *frame, uint32_t i)
{
    if (set_add(t, R[A], R[B]) < 0) return false;
    consume(frame, B);
    return true;
}

bool op_set_update(Thread *t, Frame *frame, uint32_t i)
{
    if (!set_update(t, R[A], R[B])) return false;
    consume(frame, B);
    return true;
}

bool op_dict_set(Thread *t, Frame *frame, uint32_t i)
{
    if (!dict_set(t, as_dict(R[A]), R[B], R[C])) return false;
    consume(frame, C);
    consume(frame, B);
    return true;
}

static bool is_mapping(Thread *t, Value v, bool *yes)
{
    if (is_dict(v)) return *yes = true;
    OWN Value keys = object_get_attr_optional(t, v, NAME(keys));
    if (is_error(keys)) return false;
    *yes = !is_unbound(keys);
    return true;
}

bool op_dict_update(Thread *t, Frame *frame, uint32_t i)
{
    bool mapping;
    if (!is_mapping(t, R[B], &mapping)) return false;
    if (!mapping) return error_false(raise_type_error(t, "'%T' object is not a mapping", R[B]));
    if (!dict_update(t, as_dict(R[A]), R[B])) return false;
    consume(frame, B);
    return true;
}

bool op_dict_merge(Thread *t, Frame *frame, uint32_t i)
{
    if (!dict_merge_keywords(t, as_dict(R[A]), R[B], R[C])) return false;
    consume(frame, B);
    return true;
}

bool op_list_to_tuple(Thread *t, Frame *frame, uint32_t i)
{
    Value v = list_to_tuple(t, R[B]);
    if (is_error(v)) return false;
    consume(frame, B);
    return finish(frame, A, v);
}

// ---- iterating and unpacking

bool op_get_iter(Thread *t, Frame *frame, uint32_t i)
{
    Value v = object_iter(t, R[B]);
    if (is_error(v)) return false;
    consume(frame, B);
    return finish(frame, A, v);
}

bool op_get_yield_from(Thread *t, Frame *frame, uint32_t i)
{
    Value v = R[B], result;
    if (is_object(v) && as_object(v)->type == &coroutine_type) {
        if (!(frame->code->flags & (CODE_COROUTINE | CODE_ITERABLE_COROUTINE)))
            return error_false(raise_type_error(t, "cannot 'yield from' a coroutine object in a non-coroutine generator"));
        result = retain(v);
    } else if (is_object(v) && as_object(v)->type == &generator_type) result = retain(v);
    else result = object_iter(t, v);
    if (is_error(result)) return false;
    consume(frame, B);
    return finish(frame, A, result);
}

static NEW_REF Value unpack_iterator(Thread *t, Value v)
{
    Type *type = type_of(v);
    if (!type->slots.iter && !type->slots.get_item) return raise_type_error(t, "cannot unpack non-iterable %T object", v);
    return object_iter(t, v);
}

// The first `count` items into `into`; the rest is left in the iterator. False: raised, with nothing kept.
static bool take_items(Thread *t, Value iterator, Value *into, uint32_t count, uint32_t at_least)
{
    for (uint32_t n = 0; n < count; n++) {
        Value item = object_next(t, iterator);
        if (is_unbound(item)) {
            if (at_least) raise_value_error(t, "not enough values to unpack (expected at least %d, got %d)", (int)at_least, (int)n);
            else raise_value_error(t, "not enough values to unpack (expected %d, got %d)", (int)count, (int)n);
        }
        if (is_unbound(item) || is_error(item)) {
            OWN Value error = error_take(t);
            for (uint32_t j = 0; j < n; j++) clear(&into[j]);
            error_restore(t, MOVE(error));
            return false;
        }
        into[n] = item;
    }
    return true;
}

static void put_items(Frame *frame, uint32_t first, Value *items, uint32_t count)
{
    for (uint32_t j = 0; j < count; j++) set_register(frame, first + j, items[j]);
}

bool op_unpack(Thread *t, Frame *frame, uint32_t i)
{
    Value items[256];
    OWN Value v = take_operand(frame, B);
    if (is_exact_list(v) && as_list(v)->length == C) {
        for (uint32_t j = 0; j < C; j++) items[j] = retain(as_list(v)->items[j]);
    } else {
        OWN Value iterator = unpack_iterator(t, v);
        if (is_error(iterator) || !take_items(t, iterator, items, C, 0)) return false;
        Value extra = object_next(t, iterator);
        if (!is_unbound(extra)) {
            if (!is_error(extra)) {
                drop(extra);
                raise_value_error(t, "too many values to unpack (expected %d)", (int)C);
            }
            OWN Value error = error_take(t);
            for (uint32_t j = 0; j < C; j++) drop(items[j]);
            error_restore(t, MOVE(error));
            return false;
        }
    }
    put_items(frame, A, items, C);
    return true;
}

// The rest of an iterator as a list, but for the last `after` items, which go to `into`.
static NEW_REF Value take_rest(Thread *t, Value iterator, Value *into, uint32_t before, uint32_t after)
{
    OWN Value list = list_from_iterable(t, iterator);
    if (is_error(list)) return ERROR;
    List *l = as_list(list);
    if (l->length < after)
        return raise_value_error(t, "not enough values to unpack (expected at least %d, got %d)", (int)(before + after), (int)(before + l->length));
    for (uint32_t j = 0; j < after; j++) into[j] = l->items[l->length - after + j];
    l->length -= after;
    return MOVE(list);
}

bool op_unpack_star(Thread *t, Frame *frame, uint32_t i, uint32_t after)
{
    Value items[520];
    OWN Value v = take_operand(frame, B);
    OWN Value iterator = unpack_iterator(t, v);
    if (is_error(iterator) || !take_items(t, iterator, items, C, C + after)) return false;
    Value rest = take_rest(t, iterator, items + C + 1, C, after);
    if (is_error(rest)) {
        OWN Value error = error_take(t);
        for (uint32_t j = 0; j < C; j++) drop(items[j]);
        error_restore(t, MOVE(error));
        return false;
    }
    items[C] = rest;
    put_items(frame, A, items, C + 1 + after);
    return true;
}

bool op_unpack_list(Thread *t, Frame *frame, uint32_t i, uint32_t word)
{
    size_t before = word & 0xFFFF, after = word >> 16;
    OWN Value v = take_operand(frame, B);
    OWN Value iterator = unpack_iterator(t, v);
    OWN Value list = is_error(iterator) ? ERROR : list_from_iterable(t, iterator);
    if (is_error(list)) return false;
    size_t length = as_list(list)->length;
    if (!C && length > before) return error_false(raise_value_error(t, "too many values to unpack (expected %zu)", before));
    if (length < before + after) {
        const char *format = C ? "not enough values to unpack (expected at least %zu, got %zu)" : "not enough values to unpack (expected %zu, got %zu)";
        return error_false(raise_value_error(t, format, before + after, length));
    }
    if (C) {
        List *l = as_list(list);
        OWN Value middle = list_from_values(t, l->items + before, length - before - after);
        if (is_error(middle)) return false;
        if (!list_set_slice(t, list, before, length - after, &middle, 1)) return false;
    }
    return finish(frame, A, MOVE(list));
}

bool op_end_async_for(Thread *t, Frame *frame, uint32_t i)
{
    Value exception = MOVE(R[A + 1]);
    if (is_instance_of(exception, &exc_StopAsyncIteration)) {
        drop(exception);
        return true;
    }
    error_restore(t, exception);
    return false;
}

// ---- with, functions, classes

static COLD bool no_manager(Thread *t, Value v, bool is_async, bool missed_exit)
{
    raise_type_error(t, "'%T' object does not support the %scontext manager protocol%s", v, is_async ? "asynchronous " : "",
                     !missed_exit ? "" : is_async ? " (missed __aexit__ method)" : " (missed __exit__ method)");
    return false;
}

bool op_before_with(Thread *t, Frame *frame, uint32_t i)
{
    Value v = R[B];
    bool is_async = C != 0;
    OWN Value enter = special_method(t, v, is_async ? NAME(__aenter__) : NAME(__enter__));
    if (is_error(enter)) return false;
    if (is_unbound(enter)) return no_manager(t, v, is_async, false);
    OWN Value exit = special_method(t, v, is_async ? NAME(__aexit__) : NAME(__exit__));
    if (is_error(exit)) return false;
    if (is_unbound(exit)) return no_manager(t, v, is_async, true);
    consume(frame, B);
    set_register(frame, A, MOVE(exit));
    set_register(frame, A + 1, MOVE(enter));
    return true;
}

bool op_with_args(Thread *t, Frame *frame, uint32_t i)
{
    Value exception = R[C];
    Exception *e = as_exception(exception);
    Value traceback = is_unbound(e->traceback) ? NONE : retain(e->traceback);
    set_register(frame, A, retain(R[B]));
    set_register(frame, A + 1, retain(type_value(e->head.type)));
    set_register(frame, A + 2, retain(exception));
    set_register(frame, A + 3, traceback);
    return true;
}

bool op_make_function(Thread *t, Frame *frame, uint32_t i, uint32_t word)
{
    Code *code = as_code(frame->code->constants[word]);
    OWN Value fv = function_new(t, code, frame->function->globals, NULL);
    if (is_error(fv)) return false;
    Function *f = as_function(fv);
    uint32_t r = B;
    if (C & 1) f->defaults = MOVE(R[r]), r++;
    if (C & 2) f->kwdefaults = MOVE(R[r]), r++;
    if (C & 4) f->annotations = MOVE(R[r]), r++;
    if (C & 8) f->closure = MOVE(R[r]);
    return finish(frame, A, MOVE(fv));
}

bool op_load_build_class(Thread *t, Frame *frame, uint32_t i)
{
    Value v = dict_get_str(frame->function->builtins, NAME(__build_class__));
    if (is_unbound(v)) return error_false(raise_error(t, &exc_NameError, "__build_class__ not found"));
    set_register(frame, A, retain(v));
    return true;
}

bool op_setup_annotations(Thread *t, Frame *frame, uint32_t i)
{
    Value namespace = is_unbound(frame->names) ? dict_value(frame->function->globals) : frame->names;
    if (is_exact_dict(namespace)) {
        if (!is_unbound(dict_get_str(as_dict(namespace), NAME(__annotations__)))) return true;
    } else {
        OWN Value known = object_get_item(t, namespace, NAME_VALUE(__annotations__));
        if (!is_error(known)) return true;
        if (!error_clear_if(t, &exc_KeyError)) return false;
    }
    OWN_POINTER Dict *d = dict_new(t);
    return d && object_set_item(t, namespace, NAME_VALUE(__annotations__), dict_value(d));
}

bool op_print_expr(Thread *t, Frame *frame, uint32_t i)
{
    OWN Value hook = retain(dict_get_str(t->interp->sys, NAME(displayhook)));
    if (is_unbound(hook)) return error_false(raise_error(t, &exc_RuntimeError, "lost sys.displayhook"));
    OWN Value result = call1(t, hook, R[A]);
    if (is_error(result)) return false;
    consume(frame, A);
    return true;
}

// ---- exceptions

bool op_raise(Thread *t, Frame *frame, uint32_t i)
{
    if (B == 0) {
        if (is_unbound(t->handled) || is_none(t->handled)) {
            raise_error(t, &exc_RuntimeError, "No active exception to reraise");
            return true;     // raised here: it gets a traceback entry
        }
        error_restore(t, retain(t->handled));
        return false;
    }
    OWN Value exception = MOVE(R[A]);
    OWN Value cause = B == 2 ? MOVE(R[A + 1]) : UNBOUND;
    Value raised = raise_statement(t, exception, cause);
    return !is_error(raised);
}

bool op_match_group(Thread *t, Frame *frame, uint32_t i)
{
    Value match = UNBOUND, rest = UNBOUND;
    if (is_none(R[A])) {
        match = NONE;
        rest = NONE;
    } else if (!exception_group_split(t, R[A], R[B], &match, &rest)) return false;
    consume(frame, B);
    set_register(frame, A, rest);
    set_register(frame, A + 1, match);
    return true;
}

// Whether `exception` is a leaf or part of `original` that was raised again as it was: it has the very same metadata.
static bool is_same_metadata(Value a, Value b)
{
    Exception *x = as_exception(a), *y = as_exception(b);
    return is_same(x->traceback, y->traceback) && is_same(x->cause, y->cause) && is_same(x->context, y->context);
}

static bool collect_leaves(Thread *t, Value exception, Value into)
{
    if (!is_instance_of(exception, &exc_BaseExceptionGroup)) return list_append(t, into, exception);
    Value parts = exception_fields(exception)[GROUP_EXCEPTIONS];
    for (size_t j = 0; j < as_tuple(parts)->length; j++)
        if (!collect_leaves(t, as_tuple(parts)->items[j], into)) return false;
    return true;
}

// The part of the group `original` whose leaves are among `leaves`; NONE when there is none.
static NEW_REF Value project(Thread *t, Value original, Value leaves)
{
    if (!is_instance_of(original, &exc_BaseExceptionGroup)) {
        for (size_t j = 0; j < as_list(leaves)->length; j++)
            if (is_same(as_list(leaves)->items[j], original)) return retain(original);
        return NONE;
    }
    Tuple *parts = as_tuple(exception_fields(original)[GROUP_EXCEPTIONS]);
    OWN Value kept = list_new(t, parts->length);
    if (is_error(kept)) return ERROR;
    bool all = true;
    for (size_t j = 0; j < parts->length; j++) {
        OWN Value part = project(t, parts->items[j], leaves);
        if (is_error(part)) return ERROR;
        all = all && is_same(part, parts->items[j]);
        if (!is_none(part) && !list_append(t, kept, part)) return ERROR;
    }
    if (all) return retain(original);
    if (!as_list(kept)->length) return NONE;
    return exception_group_derive(t, original, kept);
}

bool op_merge_groups(Thread *t, Frame *frame, uint32_t i)
{
    Value original = R[B];
    OWN Value raised = list_new(t, 2), leaves = list_new(t, 4);
    if (is_error(raised) || is_error(leaves)) return false;
    bool is_group = is_instance_of(original, &exc_BaseExceptionGroup);
    List *came = as_list(R[C]);
    for (size_t j = 0; j < came->length; j++) {
        Value e = came->items[j];
        if (is_none(e)) continue;
        bool ok = is_group && is_same_metadata(e, original) ? collect_leaves(t, e, leaves)
                : !is_group && is_same(e, original) ? list_append(t, leaves, e) : list_append(t, raised, e);
        if (!ok) return false;
    }
    OWN Value again = as_list(leaves)->length ? project(t, original, leaves) : NONE;
    if (is_error(again)) return false;
    Value result;
    if (!as_list(raised)->length) result = MOVE(again);
    else {
        if (!is_none(again) && !list_append(t, raised, again)) return false;
        result = is_group ? exception_group_new(t, str_empty, raised) : retain(as_list(raised)->items[0]);      // of a plain one, one clause has run
    }
    if (is_error(result)) return false;
    consume(frame, B);
    consume(frame, C);
    return finish(frame, A, result);
}
