// SPDX-License-Identifier: MIT
// interp/vm.c: the evaluation loop.
//
// vm_run runs the frame that it is given and every frame that is called from it by Python code; a call from Python to
// Python costs no C stack. What the instructions do is told in opcodes.def. Here stand their fast paths, on immediates
// and on what the sites have learnt; the rest is in vm_ops.c, vm_cache.c and vm_call.c.
//
// Always
//   1. pc points behind the instruction under way; frame->pc has it before anything that may raise, call or look.
//   2. A destination is written last, by SET, which drops what was there.
//   3. An instruction that raises leaves its operands where they are or has cleared them: unwinding drops the rest.
#include "interp/vm.h"

#include "interp/trace.h"
#include "interp/traceback.h"
#include "interp/watch.h"
#include "runtime/call.h"
#include "runtime/error.h"
#include "runtime/types/exception.h"
#include "runtime/types/function.h"
#include "runtime/types/int.h"
#include "runtime/types/iterators.h"
#include "runtime/types/list.h"
#include "runtime/types/module.h"
#include "runtime/types/slice.h"

#define A OPERAND_A(i)
#define B OPERAND_B(i)
#define C OPERAND_C(i)

#define SET(reg, value) \
    do { \
        Value new_ = (value), *slot_ = &R[reg], old_ = *slot_; \
        *slot_ = new_; \
        if (UNLIKELY(is_object(old_))) drop(old_); \
    } while (0)
#define IS_TEMP(reg) ((reg) >= near_locals)
#define CONSUME(reg) \
    do { \
        if (IS_TEMP(reg)) { \
            Value gone_ = R[reg]; \
            if (is_object(gone_)) { R[reg] = UNBOUND; drop(gone_); } \
        } \
    } while (0)

#define FETCH() (i = *pc++)
#define NEXT() do { FETCH(); goto *dispatch[i & 0xFF]; } while (0)
#define CASE(name) L_##name
#define SLOW(function) do { frame->pc = pc; if (!function(t, frame, i)) goto raised; NEXT(); } while (0)
#define SLOW_WORD(function) do { uint32_t word_ = *pc++; frame->pc = pc; if (!function(t, frame, i, word_)) goto raised; NEXT(); } while (0)
// An operator of ints beyond the immediates, which runs no other code; else the long way.
#define SLOW_BINARY(int_function, left, right) \
    do { \
        if (is_exact_int(left) && is_exact_int(right)) { \
            frame->pc = pc; \
            result = int_function(t, left, right); \
            goto computed; \
        } \
        SLOW(op_binary); \
    } while (0)
#define TAKE_JUMP(distance) \
    do { \
        int32_t distance_ = (int32_t)(distance); \
        pc += distance_; \
        if (distance_ < 0 && UNLIKELY(t->attention)) goto attend; \
        NEXT(); \
    } while (0)
#define JUMP_WHEN(condition) \
    do { \
        int32_t off_ = (int32_t)*pc++; \
        if ((condition) == (bool)C) TAKE_JUMP(off_); \
        NEXT(); \
    } while (0)

static ALWAYS_INLINE int64_t shifted(Value v) { return (int64_t)(v.bits << 16); }

// Floats from an int and a float in either order.
static ALWAYS_INLINE bool mixed_floats(Value a, Value b, double *x, double *y)
{
    if (is_small_float(a)) {
        *x = as_small_float(a);
        if (is_small_float(b)) *y = as_small_float(b);
        else if (is_small_int(b)) *y = (double)as_small_int(b);
        else return false;
        return true;
    }
    if (!is_small_int(a) || !is_small_float(b)) return false;
    *x = (double)as_small_int(a);
    *y = as_small_float(b);
    return true;
}

static NOINLINE bool truth_of(Thread *t, Value v, int *truth)
{
    *truth = object_truth(t, v);
    return *truth >= 0;
}

// One step of an iterator that the loop does not know.
static NOINLINE Value step_iterator(Thread *t, Value iterator)
{
    Value (*next)(Thread *, Value) = type_of(iterator)->slots.next;
    if (!next) return object_next(t, iterator);
    Value item = next(t, iterator);
    return is_error(item) && error_clear_if(t, &exc_StopIteration) ? UNBOUND : item;
}

// One step of an iterator over the items of a dict, key and value each in a register. False: the long way must be gone.
static NOINLINE bool step_dict_items(Value iterator, Value *pair)
{
    DictIterator *i = (DictIterator *)as_object(iterator);
    Dict *d = i->dict;
    if (!d || i->count != d->count || !i->left) return false;
    while (i->at < d->used && is_unbound(d->entries[i->at].key)) i->at++;
    if (i->at >= d->used) return false;
    DictEntry *e = &d->entries[i->at++];
    i->left--;
    Value key = retain(e->key), value = retain(e->value);
    assign(&pair[0], key);
    assign(&pair[1], value);
    return true;
}

// Goes to the handler that covers the instruction under way; false: there is none, the frame ends.
static NOINLINE bool find_handler(Thread *t, Frame *frame)
{
    Code *code = frame->code;
    const HandlerRange *h = code_handler(code, frame_at(frame));
    if (!h) return false;
    Value *regs = frame->regs;
    uint32_t first = code->near_locals + h->depth, last = code->registers < NEAR_REGISTERS + 1 ? code->registers : NEAR_REGISTERS + 1;
    OWN Value exception = error_take(t);
    for (uint32_t r = first; r < last; r++) clear(&regs[r]);
    regs[first + 1] = MOVE(exception);
    frame->pc = code->words + h->target;
    return true;
}

static ALWAYS_INLINE Site *site_at(const Frame *frame, uint32_t word) { return &frame->code->sites[word]; }
static ALWAYS_INLINE Attrs *fixed_attrs(Object *o, Type *type) { return (Attrs *)(void *)((char *)o + type->attrs_offset); }

#pragma GCC diagnostic push
#ifdef __clang__
#pragma GCC diagnostic ignored "-Winitializer-overrides"
#else
#pragma GCC diagnostic ignored "-Woverride-init"
#endif
Value vm_run(Thread *t, Frame *frame, bool throwing)
{
    static const void *const plain[256] = {
        [0 ... 255] = &&L_invalid,
#define OP(name, a, b, c, word, traits, text) [OP_CODE_##name] = &&L_##name,
#include "interp/opcodes.def"
    };
    static const void *const instrumented[256] = {[0 ... 255] = &&instrument};
    const void *const *dispatch = UNLIKELY(instrumented_loop(t)) ? instrumented : plain;
    const uint32_t *pc = frame->pc;
    Value *R = frame->regs;
    uint32_t near_locals = frame->code->near_locals, i = 0;
    const Value *K = frame->code->constants;
    Value result, value_c;

    if (throwing) goto raised_again;
    goto entered;

attend:
    frame->pc = pc;
    if (!thread_attend(t)) goto raised;
    dispatch = instrumented_loop(t) ? instrumented : plain;
    NEXT();

instrument:
    frame->pc = pc;
    if (t->watch && !watch_instruction(t, frame, i)) goto raised;
    if (!trace_instruction(t, frame)) goto raised;
    if (UNLIKELY(frame->pc != pc)) {      // the tracer set f_lineno
        pc = frame->pc;
        NEXT();
    }
    if (!instrumented_loop(t)) dispatch = plain;
    goto *plain[i & 0xFF];

    // ---- moving
CASE(NOP):
    NEXT();
CASE(MOVE): {
    Value v = R[B];
    R[B] = UNBOUND;
    SET(A, v);
    NEXT();
}
CASE(COPY): {
    Value v = R[B];
    retain(v);
    SET(A, v);
    NEXT();
}
CASE(LOAD_CONST): {
    Value v = K[OPERAND_BC(i)];
    retain(v);
    SET(A, v);
    NEXT();
}
CASE(LOAD_CONST_FAR): {
    Value v = K[*pc++];
    retain(v);
    SET(A, v);
    NEXT();
}
CASE(LOAD_INT):
    SET(A, small_int((int16_t)OPERAND_BC(i)));
    NEXT();
CASE(LOAD_FAR): CASE(STORE_FAR): CASE(CHECK_FAR):
    SLOW_WORD(op_far);
CASE(CLEAR):
    SET(A, UNBOUND);
    NEXT();
CASE(UNSET_LOCAL):
    SET(A, UNBOUND);
    NEXT();
CASE(CHECK_LOCAL):
    if (LIKELY(!is_unbound(R[A]))) NEXT();
    frame->pc = pc;
    if (!raise_unbound_local(t, frame, A)) goto raised;
    NEXT();
CASE(DELETE_LOCAL):
    if (UNLIKELY(is_unbound(R[A]))) {
        frame->pc = pc;
        if (!raise_unbound_local(t, frame, A)) goto raised;
    }
    SET(A, UNBOUND);
    NEXT();
CASE(LOAD_CELL): {
    Value v = ((Cell *)as_object(R[B]))->value;
    if (UNLIKELY(is_unbound(v))) SLOW(op_cell);
    retain(v);
    CONSUME(B);
    SET(A, v);
    NEXT();
}
CASE(STORE_CELL): {
    Value v = take_operand(frame, B);
    assign(&((Cell *)as_object(R[A]))->value, v);
    CONSUME(A);
    NEXT();
}
CASE(MAKE_CELL): CASE(DELETE_CELL): CASE(DELETE_FREE):
    SLOW(op_cell);
CASE(LOAD_FREE): {
    Value v = ((Cell *)as_object(as_tuple(frame->function->closure)->items[OPERAND_BC(i)]))->value;
    if (UNLIKELY(is_unbound(v))) SLOW(op_cell);
    retain(v);
    SET(A, v);
    NEXT();
}
CASE(STORE_FREE): {
    Value v = take_operand(frame, A);
    assign(&((Cell *)as_object(as_tuple(frame->function->closure)->items[OPERAND_BC(i)]))->value, v);
    NEXT();
}
CASE(LOAD_CELL_ITSELF): {
    Value v = as_tuple(frame->function->closure)->items[OPERAND_BC(i)];
    retain(v);
    SET(A, v);
    NEXT();
}
CASE(LOAD_CLASS_FREE): SLOW_WORD(op_load_class_free);

    // ---- names and attributes
CASE(LOAD_NAME): SLOW_WORD(op_load_name);
CASE(STORE_NAME): SLOW_WORD(op_store_name);
CASE(DELETE_NAME): SLOW_WORD(op_delete_name);
CASE(LOAD_GLOBAL): {
    Site *s = site_at(frame, *pc);
    Function *f = frame->function;
    if (LIKELY(f->globals->version == s->version)) {
        Dict *d = f->globals;
        if (s->kind == SITE_BUILTIN) {
            d = f->builtins;
            if (UNLIKELY(d->version != s->version2)) SLOW_WORD(op_load_global);
        }
        Value v = d->entries[s->index].value;
        retain(v);
        pc++;
        SET(A, v);
        NEXT();
    }
    SLOW_WORD(op_load_global);
}
CASE(STORE_GLOBAL): SLOW_WORD(op_store_global);
CASE(DELETE_GLOBAL): SLOW_WORD(op_delete_global);
CASE(LOAD_ATTR): {
    Value v = R[B];
    if (LIKELY(is_object(v))) {
        Site *s = site_at(frame, *pc);
        Object *o = as_object(v);
        Type *type = o->type;
        if (LIKELY(type->version == s->version && s->kind == SITE_SLOT)) {
            Attrs *attrs = fixed_attrs(o, type);
            if (LIKELY(attrs->shape == s->shape)) {
                Value found = attrs->slots[s->index];
                retain(found);
                pc++;
                if (IS_TEMP(B)) {
                    R[B] = UNBOUND;
                    frame->pc = pc;
                    drop(v);
                }
                SET(A, found);
                NEXT();
            }
        }
    }
    SLOW_WORD(op_load_attr);
}
CASE(STORE_ATTR): {
    Value v = R[A];
    if (LIKELY(is_object(v))) {
        Site *s = site_at(frame, *pc);
        Object *o = as_object(v);
        Type *type = o->type;
        if (LIKELY(type->version == s->version && s->kind == SITE_SLOT)) {
            Attrs *attrs = fixed_attrs(o, type);
            if (LIKELY(attrs->shape == s->shape)) {
                Value *slot = &attrs->slots[s->index], old = *slot, new = R[B];
                if (IS_TEMP(B)) R[B] = UNBOUND;
                else retain(new);
                *slot = new;
                pc++;
                frame->pc = pc;
                drop(old);
                CONSUME(A);
                NEXT();
            }
        }
    }
    SLOW_WORD(op_store_attr);
}
CASE(DELETE_ATTR): SLOW_WORD(op_delete_attr);
CASE(LOAD_METHOD): {
    Value v = R[B];
    if (LIKELY(is_object(v))) {
        Site *s = site_at(frame, *pc);
        Object *o = as_object(v);
        Type *type = o->type;
        if (LIKELY(type->version == s->version
                   && (s->kind == SITE_PLAIN_VALUE || (s->kind == SITE_VALUE && fixed_attrs(o, type)->shape == s->shape)))) {
            Value method = s->value;
            retain(method);
            if (IS_TEMP(B)) R[B] = UNBOUND;
            else retain(v);
            pc++;
            SET(A + 1, v);
            SET(A, method);
            NEXT();
        }
    }
    SLOW_WORD(op_load_method);
}

    // ---- arithmetic
#define INT_OR_FLOAT(name, int_function, big_function, operator) \
    CASE(name): CASE(INPLACE_##name): ARITHMETIC(int_function, big_function, operator, R[C]) \
    CASE(name##_K): CASE(INPLACE_##name##_K): ARITHMETIC(int_function, big_function, operator, K[C])
#define ARITHMETIC(int_function, big_function, operator, right) \
    { \
        Value b = R[B], c = (right), r; \
        if (LIKELY(both_small_ints(b, c))) { \
            if (LIKELY(int_function(b, c, &r))) { SET(A, r); NEXT(); } \
        } else { \
            double x, y; \
            if (LIKELY(mixed_floats(b, c, &x, &y))) { SET(A, float_value(x operator y)); NEXT(); } \
        } \
        SLOW_BINARY(big_function, b, c); \
    }
INT_OR_FLOAT(ADD, small_int_add, int_add, +)
INT_OR_FLOAT(SUBTRACT, small_int_subtract, int_subtract, -)
INT_OR_FLOAT(MULTIPLY, small_int_multiply, int_multiply, *)
CASE(TRUEDIV_K): CASE(INPLACE_TRUEDIV_K): {
    value_c = K[C];
    goto do_TRUEDIV;
}
CASE(TRUEDIV): CASE(INPLACE_TRUEDIV):
    value_c = R[C];
do_TRUEDIV: {
    Value b = R[B], c = value_c;
    double x, y;
    if (both_small_ints(b, c)) x = (double)as_small_int(b), y = (double)as_small_int(c);
    else if (!mixed_floats(b, c, &x, &y)) SLOW(op_binary);
    if (UNLIKELY(y == 0)) SLOW(op_binary);
    SET(A, float_value(x / y));
    NEXT();
}
CASE(FLOORDIV_K): CASE(INPLACE_FLOORDIV_K): {
    value_c = K[C];
    goto do_FLOORDIV;
}
CASE(FLOORDIV): CASE(INPLACE_FLOORDIV):
    value_c = R[C];
do_FLOORDIV: {
    Value b = R[B], c = value_c;
    if (LIKELY(both_small_ints(b, c)) && as_small_int(c) > 0) {
        int64_t x = as_small_int(b), y = as_small_int(c), q = x / y;
        SET(A, small_int(q - (x % y < 0)));
        NEXT();
    }
    SLOW_BINARY(int_floor_divide, b, c);
}
CASE(MODULO_K): CASE(INPLACE_MODULO_K): {
    value_c = K[C];
    goto do_MODULO;
}
CASE(MODULO): CASE(INPLACE_MODULO):
    value_c = R[C];
do_MODULO: {
    Value b = R[B], c = value_c;
    if (LIKELY(both_small_ints(b, c)) && as_small_int(c) > 0) {
        int64_t y = as_small_int(c), r = as_small_int(b) % y;
        SET(A, small_int(r < 0 ? r + y : r));
        NEXT();
    }
    SLOW_BINARY(int_modulo, b, c);
}
CASE(AND_K): CASE(INPLACE_AND_K): {
    value_c = K[C];
    goto do_AND;
}
CASE(AND): CASE(INPLACE_AND):
    value_c = R[C];
do_AND: {
    Value b = R[B], c = value_c;
    if (LIKELY(both_small_ints(b, c))) {
        SET(A, small_int(as_small_int(b) & as_small_int(c)));
        NEXT();
    }
    SLOW_BINARY(int_and, b, c);
}
CASE(OR): CASE(INPLACE_OR): {
    Value b = R[B], c = R[C];
    if (LIKELY(both_small_ints(b, c))) {
        SET(A, small_int(as_small_int(b) | as_small_int(c)));
        NEXT();
    }
    SLOW_BINARY(int_or, b, c);
}
CASE(XOR): CASE(INPLACE_XOR): {
    Value b = R[B], c = R[C];
    if (LIKELY(both_small_ints(b, c))) {
        SET(A, small_int(as_small_int(b) ^ as_small_int(c)));
        NEXT();
    }
    SLOW_BINARY(int_xor, b, c);
}
CASE(RSHIFT): CASE(INPLACE_RSHIFT): {
    Value b = R[B], c = R[C];
    if (LIKELY(both_small_ints(b, c)) && (uint64_t)as_small_int(c) < 64) {
        SET(A, small_int(as_small_int(b) >> as_small_int(c)));
        NEXT();
    }
    SLOW_BINARY(int_right_shift, b, c);
}
CASE(LSHIFT): CASE(INPLACE_LSHIFT): {
    Value b = R[B], c = R[C];
    if (LIKELY(both_small_ints(b, c)) && (uint64_t)as_small_int(c) < 16) {
        int64_t r = (int64_t)((uint64_t)as_small_int(b) << as_small_int(c));
        if (LIKELY(fits_small_int(r))) {
            SET(A, small_int(r));
            NEXT();
        }
    }
    SLOW_BINARY(int_left_shift, b, c);
}
CASE(MATMUL): CASE(INPLACE_MATMUL): CASE(POWER): CASE(INPLACE_POWER): SLOW(op_binary);
CASE(ADD_IMM): CASE(INPLACE_ADD_IMM): {
    Value b = R[B], r;
    if (LIKELY(is_small_int(b)) && LIKELY(small_int_add(b, small_int((int8_t)C), &r))) {
        SET(A, r);
        NEXT();
    }
    if (is_exact_int(b)) {
        frame->pc = pc;
        result = int_add(t, b, small_int((int8_t)C));
        goto computed;
    }
    SLOW(op_binary_immediate);
}
CASE(SUBTRACT_IMM): CASE(INPLACE_SUBTRACT_IMM): {
    Value b = R[B], r;
    if (LIKELY(is_small_int(b)) && LIKELY(small_int_subtract(b, small_int((int8_t)C), &r))) {
        SET(A, r);
        NEXT();
    }
    if (is_exact_int(b)) {
        frame->pc = pc;
        result = int_subtract(t, b, small_int((int8_t)C));
        goto computed;
    }
    SLOW(op_binary_immediate);
}
CASE(NEGATIVE): {
    Value b = R[B], r;
    if (LIKELY(is_small_int(b)) && small_int_subtract(small_int(0), b, &r)) {
        SET(A, r);
        NEXT();
    }
    if (is_small_float(b)) {
        SET(A, float_value(-as_small_float(b)));
        NEXT();
    }
    SLOW(op_unary);
}
computed:  // by the operator i, whose right operand is a register, a constant or immediate
    if (UNLIKELY(is_error(result))) goto raised;
    if ((i & 0xFF) < OP_CODE_ADD_IMM) CONSUME(C);
    CONSUME(B);
    SET(A, result);
    NEXT();
CASE(POSITIVE): CASE(INVERT): SLOW(op_unary);
CASE(NOT): {
    Value b = R[B];
    if (LIKELY(is_bool(b))) {
        SET(A, bool_value(is_false(b)));
        NEXT();
    }
    SLOW(op_unary);
}

    // ---- comparison
#define COMPARE(name, operator) \
    CASE(name): { \
        Value b = R[B], c = R[C]; \
        double x, y; \
        if (LIKELY(both_small_ints(b, c))) { SET(A, bool_value(shifted(b) operator shifted(c))); NEXT(); } \
        if (mixed_floats(b, c, &x, &y)) { SET(A, bool_value(x operator y)); NEXT(); } \
        SLOW(op_compare); \
    } \
    CASE(JUMP_IF_##name): { \
        Value a = R[A], b = R[B]; \
        double x, y; \
        if (LIKELY(both_small_ints(a, b))) JUMP_WHEN(shifted(a) operator shifted(b)); \
        if (mixed_floats(a, b, &x, &y)) JUMP_WHEN(x operator y); \
        goto compare_jump; \
    } \
    CASE(JUMP_IF_##name##_IMM): { \
        Value a = R[A]; \
        if (LIKELY(is_small_int(a))) JUMP_WHEN(as_small_int(a) operator (int8_t)B); \
        goto compare_jump; \
    }
COMPARE(LT, <)
COMPARE(LE, <=)
COMPARE(EQ, ==)
COMPARE(NE, !=)
COMPARE(GT, >)
COMPARE(GE, >=)
compare_jump: {
    frame->pc = pc + 1;
    int truth = op_compare_jump(t, frame, i);
    if (UNLIKELY(truth < 0)) { pc++; goto raised; }
    JUMP_WHEN(truth);
}
CASE(IS): {
    Value r = bool_value(is_same(R[B], R[C]));
    CONSUME(C);
    CONSUME(B);
    SET(A, r);
    NEXT();
}
CASE(IS_NOT): {
    Value r = bool_value(!is_same(R[B], R[C]));
    CONSUME(C);
    CONSUME(B);
    SET(A, r);
    NEXT();
}
CASE(IN): CASE(NOT_IN): SLOW(op_contains);

    // ---- jumps
CASE(JUMP): {
    int32_t off = (int32_t)*pc++;
    TAKE_JUMP(off);
}
CASE(JUMP_IF): {
    Value a = R[A];
    int truth;
    if (LIKELY(is_bool(a))) JUMP_WHEN(is_true(a));
    if (is_small_int(a)) JUMP_WHEN(as_small_int(a) != 0);
    if (is_none(a)) JUMP_WHEN(false);
    frame->pc = pc + 1;
    if (UNLIKELY(!truth_of(t, a, &truth))) { pc++; goto raised; }
    CONSUME(A);
    JUMP_WHEN(truth);
}
CASE(JUMP_IF_KEEP): {
    Value a = R[A];
    int truth;
    if (LIKELY(is_bool(a))) JUMP_WHEN(is_true(a));
    frame->pc = pc + 1;
    if (UNLIKELY(!truth_of(t, a, &truth))) { pc++; goto raised; }
    JUMP_WHEN(truth);
}
CASE(JUMP_IF_NONE): {
    bool none = is_none(R[A]);
    CONSUME(A);
    JUMP_WHEN(none);
}
CASE(JUMP_IF_IS): {
    bool same = is_same(R[A], R[B]);
    CONSUME(B);
    CONSUME(A);
    JUMP_WHEN(same);
}
CASE(JUMP_IF_IN): {
    frame->pc = pc + 1;
    int truth = op_contains_jump(t, frame, i);
    if (UNLIKELY(truth < 0)) { pc++; goto raised; }
    JUMP_WHEN(truth);
}

    // ---- iteration
CASE(GET_ITER): {
    Value v = R[B];
    if (is_object(v) && as_object(v)->type == &generator_type && IS_TEMP(B)) {
        R[B] = UNBOUND;
        SET(A, v);
        NEXT();
    }
    SLOW(op_get_iter);
}
CASE(FOR_LOOP): {
    Value iterator = R[A], item;
    Type *type = as_object(iterator)->type;
    if (type == &range_iterator_type) {
        RangeIterator *r = (RangeIterator *)as_object(iterator);
        if (UNLIKELY(r->left <= 0)) goto exhausted;
        int64_t n = r->next;
        r->left--;
        r->next = (int64_t)((uint64_t)n + (uint64_t)r->step);
        item = LIKELY(fits_small_int(n)) ? small_int(n) : int_from_i64(t, n);
        if (UNLIKELY(is_error(item))) goto raised;
    } else if (type == &list_iterator_type) {
        SequenceIterator *s = (SequenceIterator *)as_object(iterator);
        if (UNLIKELY(is_unbound(s->sequence) || s->at >= ((List *)as_object(s->sequence))->length)) goto step;
        item = ((List *)as_object(s->sequence))->items[s->at++];
        retain(item);
    } else if (type == &tuple_iterator_type) {
        SequenceIterator *s = (SequenceIterator *)as_object(iterator);
        if (UNLIKELY(is_unbound(s->sequence) || s->at >= ((Tuple *)as_object(s->sequence))->length)) goto step;
        item = ((Tuple *)as_object(s->sequence))->items[s->at++];
        retain(item);
    } else if (type == &generator_type) {
        Generator *g = (Generator *)as_object(iterator);
        bool ended = false;
        frame->pc = ++pc;
        if (LIKELY(generator_enter(t, g, ENTRY_FOR, &ended))) goto resumed;
        if (!ended) goto raised;
        pc--;
        goto exhausted;
    } else if (type == &dict_item_iterator_type && IS_TEMP(B) && (pc[1 + (int32_t)*pc] & 0xFFFFFF) == (OP_CODE_UNPACK | B << 16 | (pc[1 + (int32_t)*pc] & 0xFF00))
               && OPERAND_C(pc[1 + (int32_t)*pc]) == 2 && step_dict_items(iterator, &R[OPERAND_A(pc[1 + (int32_t)*pc])])) {
        // for key, value in d.items(): the pair goes to the registers of the UNPACK that the loop begins with. Where the pair itself is a
        // variable, the program can look at it after its unpacking.
        pc += 2 + (int32_t)*pc;
        if (UNLIKELY(t->attention)) goto attend;
        NEXT();
    } else {
    step:
        frame->pc = pc + 1;
        item = step_iterator(t, iterator);
        if (is_unbound(item)) goto exhausted;
        if (UNLIKELY(is_error(item))) { pc++; goto raised; }
    }
    SET(B, item);
    int32_t off = (int32_t)*pc++;
    TAKE_JUMP(off);
exhausted:
    frame->pc = ++pc;
    SET(A, UNBOUND);
    NEXT();
}
CASE(UNPACK): {
    Value v = R[B];
    if (is_object(v) && as_object(v)->type == &tuple_type && as_tuple(v)->length == C && !(A <= B && B < A + C)) {
        Tuple *tuple = as_tuple(v);
        for (uint32_t j = 0; j < C; j++) {
            Value item = tuple->items[j];
            retain(item);
            SET(A + j, item);
        }
        CONSUME(B);
        NEXT();
    }
    SLOW(op_unpack);
}
CASE(UNPACK_STAR): SLOW_WORD(op_unpack_star);
CASE(UNPACK_LIST): SLOW_WORD(op_unpack_list);
CASE(GET_AITER): {
    frame->pc = pc;
    Value r = get_aiter(t, R[B]);
    if (is_error(r)) goto raised;
    CONSUME(B);
    SET(A, r);
    NEXT();
}
CASE(GET_ANEXT): {
    frame->pc = pc;
    Value r = get_anext(t, R[B]);
    if (is_error(r)) goto raised;
    SET(A, r);
    NEXT();
}
CASE(END_ASYNC_FOR):
    frame->pc = pc;
    if (!op_end_async_for(t, frame, i)) goto raised_again;
    NEXT();

    // ---- items
CASE(INDEX): {
    Value b = R[B], c = R[C];
    if (LIKELY(is_object(b)) && LIKELY(is_small_int(c))) {
        Type *type = as_object(b)->type;
        int64_t index = as_small_int(c);
        if (type == &list_type) {
            List *list = (List *)as_object(b);
            if (index < 0) index += (int64_t)list->length;
            if (LIKELY((uint64_t)index < list->length)) {
                Value item = list->items[index];
                retain(item);
                if (IS_TEMP(B)) CONSUME(B);
                SET(A, item);
                NEXT();
            }
        } else if (type == &tuple_type) {
            Tuple *tuple = (Tuple *)as_object(b);
            if (index < 0) index += (int64_t)tuple->length;
            if (LIKELY((uint64_t)index < tuple->length)) {
                Value item = tuple->items[index];
                retain(item);
                if (IS_TEMP(B)) CONSUME(B);
                SET(A, item);
                NEXT();
            }
        }
    }
    SLOW(op_index);
}
CASE(STORE_INDEX): {
    Value a = R[A], b = R[B];
    if (LIKELY(is_object(a)) && as_object(a)->type == &list_type && is_small_int(b)) {
        List *list = (List *)as_object(a);
        int64_t index = as_small_int(b);
        if (index < 0) index += (int64_t)list->length;
        if (LIKELY((uint64_t)index < list->length)) {
            Value v = R[C];
            if (IS_TEMP(C)) R[C] = UNBOUND;
            else retain(v);
            frame->pc = pc;
            assign(&list->items[index], v);
            CONSUME(A);
            NEXT();
        }
    } else if (LIKELY(is_object(a)) && as_object(a)->type == &dict_type) {
        frame->pc = pc;
        if (UNLIKELY(!dict_set(t, as_dict(a), b, R[C]))) goto raised;
        CONSUME(C);
        CONSUME(B);
        CONSUME(A);
        NEXT();
    }
    SLOW(op_store_index);
}
CASE(DELETE_INDEX): SLOW(op_delete_index);
CASE(BUILD_SLICE): SLOW(op_build_slice);
CASE(BUILD_TUPLE): SLOW(op_build_tuple);
CASE(BUILD_LIST): SLOW(op_build_list);
CASE(BUILD_SET): SLOW(op_build_set);
CASE(BUILD_DICT): SLOW(op_build_dict);
CASE(BUILD_STRING): SLOW(op_build_string);
CASE(FORMAT): SLOW(op_format);
CASE(LIST_APPEND): {
    List *list = (List *)as_object(R[A]);
    if (LIKELY(list->length < list->capacity)) {
        Value v = R[B];
        if (IS_TEMP(B)) R[B] = UNBOUND;
        else retain(v);
        list->items[list->length++] = v;
        NEXT();
    }
    SLOW(op_list_append);
}
CASE(LIST_EXTEND): SLOW(op_list_extend);
CASE(SET_ADD): SLOW(op_set_add);
CASE(SET_UPDATE): SLOW(op_set_update);
CASE(DICT_SET): SLOW(op_dict_set);
CASE(DICT_UPDATE): SLOW(op_dict_update);
CASE(DICT_MERGE): SLOW(op_dict_merge);
CASE(LIST_TO_TUPLE): SLOW(op_list_to_tuple);

    // ---- calls
CASE(CALL): {
    Value callee = R[A];
    size_t nargs = B;
    pc++;
    if (LIKELY(is_object(callee)) && LIKELY(as_object(callee)->type == &function_type)) {
        Function *f = (Function *)as_object(callee);
        if (LIKELY(f->code->simple && f->code->argcount == nargs && !frame->is_generator)) {
            frame->pc = pc;
            frame = frame_push(t, f, &R[A + 1], ENTRY_CALL);
            if (UNLIKELY(!frame)) { frame = t->frame; goto raised; }
            goto entered;
        }
    }
    frame->pc = pc;
    switch (vm_call(t, frame, &R[A], &R[A + 1], nargs, UNBOUND, &result)) {
    case CALL_PUSHED: frame = t->frame; goto entered;
    case CALL_DONE: goto called;
    default: goto raised;
    }
}
CASE(CALL_METHOD): {
    Value callee = R[A];
    size_t nargs = B;
    Value *args = &R[A + 2];
    pc++;
    if (!is_unbound(R[A + 1])) args--, nargs++;
    if (LIKELY(is_object(callee))) {
        Type *type = as_object(callee)->type;
        if (LIKELY(type == &function_type)) {
            Function *f = (Function *)as_object(callee);
            if (LIKELY(f->code->simple && f->code->argcount == nargs && !frame->is_generator)) {
                frame->pc = pc;
                frame = frame_push(t, f, args, ENTRY_CALL);
                if (UNLIKELY(!frame)) { frame = t->frame; goto raised; }
                goto entered;
            }
        } else if (type == &method_descriptor_type && nargs) {
            MethodDescriptor *m = (MethodDescriptor *)as_object(callee);
            if (m->signature->simple && nargs - 1 == m->signature->count && m->signature->binds == BINDS_SELF
                && LIKELY(type_of(args[0]) == m->type)) {
                frame->pc = pc;
                result = m->method->function(t, args[0], args + 1);
                if (UNLIKELY(is_error(result))) goto raised;
                for (size_t j = 0; j < nargs; j++) {
                    Value gone = args[j];
                    args[j] = UNBOUND;
                    drop(gone);
                }
                goto called;
            }
        }
    }
    frame->pc = pc;
    switch (vm_call(t, frame, &R[A], args, nargs, UNBOUND, &result)) {
    case CALL_PUSHED: frame = t->frame; goto entered;
    case CALL_DONE: goto called;
    default: goto raised;
    }
}
CASE(CALL_KW): {
    Value names_ = K[*pc++];
    frame->pc = pc;
    switch (vm_call(t, frame, &R[A], &R[A + 1], B - as_tuple(names_)->length, names_, &result)) {
    case CALL_PUSHED: frame = t->frame; goto entered;
    case CALL_DONE: goto called;
    default: goto raised;
    }
}
CASE(CALL_METHOD_KW): {
    Value names_ = K[*pc++];
    size_t nargs = B - as_tuple(names_)->length;
    Value *args = &R[A + 2];
    if (!is_unbound(R[A + 1])) args--, nargs++;
    frame->pc = pc;
    switch (vm_call(t, frame, &R[A], args, nargs, names_, &result)) {
    case CALL_PUSHED: frame = t->frame; goto entered;
    case CALL_DONE: goto called;
    default: goto raised;
    }
}
CASE(CALL_STAR): {
    pc++;
    frame->pc = pc;
    switch (vm_call_star(t, frame, i, &result)) {
    case CALL_PUSHED: frame = t->frame; goto entered;
    case CALL_DONE: goto called;
    default: goto raised;
    }
}
called:    // the call instruction i of this frame is done: `result` is owned
    SET(A, UNBOUND);
    if (C == NO_DESTINATION) drop(result);
    else SET(C, result);
    if (UNLIKELY(t->attention)) goto attend;
    NEXT();
entered:   // t->frame == frame is new
    R = frame->regs;
    pc = frame->pc;
    near_locals = frame->code->near_locals;
    K = frame->code->constants;
    if (UNLIKELY(t->attention)) {
        if (!thread_attend(t)) goto raised;
        dispatch = instrumented_loop(t) ? instrumented : plain;
    }
    if (UNLIKELY(dispatch == instrumented) && !trace_call(t, frame)) goto raised;
    NEXT();
resumed:   // a generator goes on
    frame = t->frame;
    R = frame->regs;
    pc = frame->pc;
    near_locals = frame->code->near_locals;
    K = frame->code->constants;
    if ((pc[-1] & 0xFF) == OP_CODE_YIELD && OPERAND_A(pc[-1]) != NO_DESTINATION) SET(OPERAND_A(pc[-1]), NONE);
    if (UNLIKELY(dispatch == instrumented) && !trace_call(t, frame)) goto raised;
    NEXT();
CASE(MAKE_FUNCTION): SLOW_WORD(op_make_function);
CASE(LOAD_BUILD_CLASS): SLOW(op_load_build_class);
CASE(RETURN):
    result = R[A];
    R[A] = UNBOUND;
    goto leave;
CASE(RETURN_CONST):
    result = K[OPERAND_BC(i)];
    retain(result);
leave: {
    frame->pc = pc;
    if (UNLIKELY(dispatch == instrumented) && !trace_return(t, frame, result)) {
        drop(result);
        goto raised;
    }
    if (UNLIKELY(frame->object || near_locals < frame->code->locals || frame->owns_function || frame->is_generator)) {
        if (!frame->is_generator) frame_clear(t, frame);     // of a generator generator_end does it
    } else {
        for (uint32_t j = 0; j < near_locals; j++) {
            Value v = R[j];
            if (is_object(v)) {
                R[j] = UNBOUND;
                drop(v);
            }
        }
        if (UNLIKELY(frame->object)) frame_object_detach(t, frame);      // a destructor that ran just now has asked for it
    }
    FrameEntry how = frame->entry;
    Frame *back = frame->back;
    if (frame->is_generator) {
        generator_end(t, generator_of_frame(frame));
    } else {
        Value names_ = frame->names;
        Function *owned = frame_take_function(frame);
        t->frame = back;
        t->stack_top = (Value *)(void *)(frame + 1);
        t->py_depth--;
        if (UNLIKELY(owned)) drop_pointer(owned);
        if (how == ENTRY_INIT) {
            if (UNLIKELY(!is_none(result))) {
                raise_type_error(t, "__init__() should return None, not '%T'", result);
                drop(result);
                drop(names_);
                frame = back;
                goto returned_error;
            }
            result = names_;
        } else if (UNLIKELY(!is_unbound(names_))) drop(names_);
    }
    if (how == ENTRY_C) return result;
    frame = back;
    R = frame->regs;
    pc = frame->pc;
    near_locals = frame->code->near_locals;
    K = frame->code->constants;
    i = pc[-2];
    switch (how) {
    case ENTRY_FOR:
        drop(result);
        SET(A, UNBOUND);
        NEXT();
    case ENTRY_SEND: {
        int32_t off = (int32_t)pc[-1];
        SET(B, result);
        SET(A, UNBOUND);
        TAKE_JUMP(off);
    }
    default: {
        Value callee = R[A];
        R[A] = UNBOUND;
        drop(callee);
        if (C == NO_DESTINATION) drop(result);
        else SET(C, result);
        NEXT();
    }
    }
}
CASE(RETURN_GENERATOR): {
    frame->pc = pc;
    result = generator_new(t, frame);
    if (is_error(result)) goto raised;
    goto leave_quietly;
}
leave_quietly: {   // as leave, but the registers are empty already and no event is due
    FrameEntry how = frame->entry;
    Frame *back = frame->back;
    t->frame = back;
    t->stack_top = (Value *)(void *)(frame + 1);
    t->py_depth--;
    if (how == ENTRY_C) return result;
    bool init = how == ENTRY_INIT;
    Value instance = frame->names;
    frame = back;
    if (UNLIKELY(init)) {
        raise_type_error(t, "__init__() should return None, not '%T'", result);
        drop(result);
        drop(instance);
        goto returned_error;
    }
    R = frame->regs;
    pc = frame->pc;
    near_locals = frame->code->near_locals;
    K = frame->code->constants;
    i = pc[-2];
    goto called;
}
CASE(YIELD): {
    Generator *g = generator_of_frame(frame);
    FrameEntry how = frame->entry;
    Frame *back = frame->back;
    result = take_operand(frame, B);
    frame->pc = pc;
    if (C == 2) {
        result = async_gen_wrap(t, result);
        if (is_error(result)) goto raised;
    }
    if (UNLIKELY(dispatch == instrumented) && !trace_return(t, frame, result)) {
        drop(result);
        goto raised;
    }
    generator_suspend(t, g);
    if (how == ENTRY_C) return result;
    frame = back;
    R = frame->regs;
    pc = frame->pc;
    near_locals = frame->code->near_locals;
    K = frame->code->constants;
    i = pc[-2];
    SET(B, result);
    if (how == ENTRY_SEND) NEXT();
    int32_t off = (int32_t)pc[-1];
    TAKE_JUMP(off);
}
CASE(SEND): {
    Value receiver = R[A];
    Type *type = as_object(receiver)->type;
    frame->pc = ++pc;
    if (type == &generator_type || type == &coroutine_type) {
        Generator *g = (Generator *)as_object(receiver);
        bool ended = false;
        if (LIKELY(g->state == GENERATOR_SUSPENDED || is_none(R[B]))) {
            if (LIKELY(generator_enter(t, g, ENTRY_SEND, &ended))) {
                Value sent = R[B];
                R[B] = UNBOUND;
                frame = t->frame;
                R = frame->regs;
                pc = frame->pc;
                near_locals = frame->code->near_locals;
    K = frame->code->constants;
                if ((pc[-1] & 0xFF) == OP_CODE_YIELD && OPERAND_A(pc[-1]) != NO_DESTINATION) SET(OPERAND_A(pc[-1]), sent);
                else drop(sent);
                if (UNLIKELY(dispatch == instrumented) && !trace_call(t, frame)) goto raised;
                NEXT();
            }
            if (!ended) goto raised;
        }
    }
    bool returned = false;
    result = iterator_send(t, receiver, R[B], &returned);
    if (UNLIKELY(is_error(result))) goto raised;
    SET(B, result);
    if (!returned) NEXT();
    SET(A, UNBOUND);
    TAKE_JUMP(pc[-1]);
}
CASE(GET_YIELD_FROM): SLOW(op_get_yield_from);
CASE(GET_AWAITABLE): {
    frame->pc = pc;
    Value r = get_awaitable(t, R[B], (int)C);
    if (is_error(r)) goto raised;
    CONSUME(B);
    SET(A, r);
    NEXT();
}

    // ---- exceptions
CASE(RAISE):
    frame->pc = pc;
    if (!op_raise(t, frame, i) && B == 0) goto raised_again;
    goto raised;
CASE(ENTER_HANDLER): {
    Value exception = R[A + 1];
    retain(exception);
    if (frame->is_generator && frame->handlers++ == 0) {
        R[A] = UNBOUND;
        generator_of_frame(frame)->outer_handled = t->handled;
    } else R[A] = t->handled;
    t->handled = exception;
    NEXT();
}
CASE(LEAVE_HANDLER): CASE(RERAISE): {
    bool again = (i & 0xFF) == OP_CODE_RERAISE;
    Value before = R[A], exception = R[A + 1];
    R[A] = R[A + 1] = UNBOUND;
    frame->pc = pc;
    if (frame->is_generator && --frame->handlers == 0) before = MOVE(generator_of_frame(frame)->outer_handled);
    assign(&t->handled, before);
    if (again) {
        error_restore(t, exception);
        goto raised_again;
    }
    drop(exception);
    NEXT();
}
CASE(RAISE_AGAIN): {
    Value exception = R[A];
    R[A] = UNBOUND;
    frame->pc = pc;
    error_restore(t, exception);
    goto raised_again;
}
CASE(JUMP_IF_NO_MATCH): {
    frame->pc = pc + 1;
    int match = exception_matches(t, R[A], R[B]);
    if (UNLIKELY(match < 0)) { pc++; goto raised; }
    CONSUME(B);
    int32_t off = (int32_t)*pc++;
    if (!match) pc += off;
    NEXT();
}
CASE(MATCH_GROUP): SLOW(op_match_group);
CASE(SET_HANDLED): {
    Value v = R[A];
    assign(&t->handled, retain(v));
    NEXT();
}
CASE(MERGE_GROUPS): SLOW(op_merge_groups);
CASE(BEFORE_WITH): SLOW(op_before_with);
CASE(WITH_ARGS): SLOW(op_with_args);
CASE(LOAD_ASSERTION_ERROR):
    SET(A, type_value(&exc_AssertionError));
    NEXT();

    // ---- match, import and the rest
CASE(MATCH_SEQUENCE): SLOW(op_match_sequence);
CASE(MATCH_MAPPING): SLOW(op_match_mapping);
CASE(GET_LENGTH): SLOW(op_get_length);
CASE(MATCH_KEYS): SLOW(op_match_keys);
CASE(MATCH_CLASS): SLOW_WORD(op_match_class);
CASE(MATCH_REST): SLOW(op_match_rest);
CASE(IMPORT_NAME): SLOW_WORD(op_import_name);
CASE(IMPORT_FROM): SLOW_WORD(op_import_from);
CASE(IMPORT_STAR): SLOW(op_import_star);
CASE(SETUP_ANNOTATIONS): SLOW(op_setup_annotations);
CASE(MAKE_TYPE_ALIAS): SLOW(op_make_type_alias);
CASE(PRINT_EXPR): SLOW(op_print_expr);
L_invalid:
    frame->pc = pc;
    raise_error(t, &exc_SystemError, "unknown opcode");
    goto raised;

    // ---- an exception is pending
raised:
    frame->pc = pc;
returned_error:
    ASSERT(error_pending(t));
    traceback_add(t, frame);
    if (UNLIKELY(dispatch == instrumented)) trace_exception(t, frame);
raised_again:
    if (LIKELY(find_handler(t, frame))) {
        R = frame->regs;
        pc = frame->pc;
        near_locals = frame->code->near_locals;
    K = frame->code->constants;
        NEXT();
    }
    {
        traceback_settle(t, frame);
        if (UNLIKELY(dispatch == instrumented)) trace_unwind(t, frame);
        FrameEntry how = frame->entry;
        Frame *back = frame->back;
        if (frame->is_generator) {
            Generator *g = generator_of_frame(frame);
            generator_failed(t, g);
            generator_end(t, g);
        } else frame_pop(t, frame);
        if (how == ENTRY_C) return ERROR;
        frame = back;
        goto returned_error;
    }
}
#pragma GCC diagnostic pop
