// SPDX-License-Identifier: MIT
// stdlib/_decimal/decimal.h: the objects of the module _decimal.
//
// Always: a Decimal never changes. The SignalDicts of a context hold its flags and its traps, so they may outlive it; a condition that is a
// kind of InvalidOperation is set together with that signal, and cleared with it.
#ifndef BATON_STDLIB_DECIMAL_H
#define BATON_STDLIB_DECIMAL_H

#include "stdlib/_decimal/number.h"

#include "stdlib/module_slots.h"

#define CONDITIONS 13          // of enum Condition
#define SIGNALS 9              // of which programs see so many
#define DEFAULT_TRAPS (ANY_INVALID | DIVISION_BY_ZERO | OVERFLOW)

typedef struct Decimal { Object head; Number number; } Decimal;
typedef struct SignalDict { Object head; uint32_t bits; } SignalDict;      // of enum Condition
typedef struct DecimalContext { Object head; Settings settings; bool capitals; Value flags, traps; } DecimalContext;     // SignalDicts
enum Template { TEMPLATE_DEFAULT, TEMPLATE_BASIC, TEMPLATE_EXTENDED, TEMPLATES };
// What the module keeps for an interpreter: in SLOT_DECIMAL_STATE.
typedef struct DecimalState {
    Object head;
    Value variable;                        // the ContextVar of the current context
    Value signal_dict, decimal_tuple, rational;    // classes
    Value conditions[CONDITIONS];          // exception classes, by the bits of enum Condition
    Value templates[TEMPLATES];            // contexts
    Ln10 ln10;
} DecimalState;
#define STATE_VALUES (4 + CONDITIONS + TEMPLATES)

typedef struct Signal { const char *name; uint32_t bits; } Signal;
extern const Signal signals[SIGNALS];
extern const char *const rounding_names[ROUNDING_COUNT];

extern Type decimal_type, decimal_context_type, signal_dict_type, context_manager_type;
extern const TypeSpec decimal_spec, decimal_context_spec, signal_dict_spec, context_manager_spec;
static inline DecimalState *state_of(Thread *t) { return (DecimalState *)as_object(t->interp->module_slots[SLOT_DECIMAL_STATE]); }
static ALWAYS_INLINE bool is_decimal(Value v) { return is_object(v) && (as_object(v)->type == &decimal_type || type_is_subtype(as_object(v)->type, &decimal_type)); }
static inline bool is_decimal_context(Value v) { return is_object(v) && is_instance_of(v, &decimal_context_type); }
static ALWAYS_INLINE Decimal *as_decimal(Value v) { ASSERT(is_decimal(v)); return (Decimal *)as_object(v); }
static inline DecimalContext *as_decimal_context(Value v) { ASSERT(is_decimal_context(v)); return (DecimalContext *)as_object(v); }
static inline SignalDict *as_signal_dict(Value v) { return (SignalDict *)as_object(v); }

// ---- context.c
NEEDS_GIL MAY_RAISE DecimalContext *current_decimal_context(Thread *t);                     // borrowed
NEEDS_GIL MAY_RAISE DecimalContext *context_argument(Thread *t, Value v);                   // borrowed; None and UNBOUND: the current one
NEEDS_GIL NEW_REF Value decimal_context_new(Thread *t, Type *type, const Settings *settings, bool capitals, uint32_t traps);
NEEDS_GIL MAY_RAISE bool raise_flags(Thread *t, DecimalContext *c, uint32_t status);        // sets them; false: one is trapped
static ALWAYS_INLINE NEEDS_GIL MAY_RAISE bool tell(Thread *t, DecimalContext *c, uint32_t status) { return LIKELY(!status) || raise_flags(t, c, status); }
NEEDS_GIL NEW_REF Value rounding_name(Thread *t, enum Rounding rounding);                   // interned
NEEDS_GIL MAY_RAISE bool rounding_from(Thread *t, Value v, uint8_t *rounding);
extern const Method module_functions[];
#define CONTEXT_METHOD(name) NEEDS_GIL NEW_REF Value context_##name(Thread *t, Value self, const Value *args)
CONTEXT_METHOD(reduce); CONTEXT_METHOD(copy_method); CONTEXT_METHOD(clear_flags); CONTEXT_METHOD(clear_traps); CONTEXT_METHOD(etiny); CONTEXT_METHOD(etop);

// ---- convert.c
// What a number is given as: a Decimal, whose number is borrowed, or an int.
typedef struct Operand { const Number *number; Number own; } Operand;
static inline void operand_clear(Operand *o) { number_clear(&o->own); }
#define OWN_OPERAND __attribute__((cleanup(operand_clear)))      // OWN_OPERAND Operand o = {0};
NEEDS_GIL NEW_REF Value decimal_new(Thread *t, Type *type, Number *n);           // takes what n has
NEEDS_GIL NEW_REF Value decimal_result(Thread *t, DecimalContext *c, Work *w, Number *n);    // the same, after telling the conditions
NEEDS_GIL int operand_of_int(Thread *t, Value v, Operand *o);
static ALWAYS_INLINE NEEDS_GIL int operand_optional(Thread *t, Value v, Operand *o)      // 1; 0: neither; -1: raised
{
    if (LIKELY(is_decimal(v))) {
        o->number = &as_decimal(v)->number;
        return 1;
    }
    return operand_of_int(t, v, o);
}
NEEDS_GIL MAY_RAISE bool operand_from(Thread *t, Value v, Operand *o);           // TypeError for anything else
NEEDS_GIL MAY_RAISE bool number_from_double(Work *w, Number *n, double d);
enum Exactness { EXACTLY, ROUNDED_TO_CONTEXT };
NEEDS_GIL NEW_REF Value decimal_from_value(Thread *t, Type *type, Value v, DecimalContext *c, enum Exactness exactness);
NEEDS_GIL NEW_REF Value decimal_from_float(Thread *t, Type *type, Value v, DecimalContext *c, enum Exactness exactness);
NEEDS_GIL NEW_REF Value number_to_int(Thread *t, const Number *n, enum Rounding rounding);
NEEDS_GIL NEW_REF Value number_to_float(Thread *t, const Number *n);
NEEDS_GIL NEW_REF Value number_to_ratio(Thread *t, const Number *n);
NEEDS_GIL NEW_REF Value number_to_tuple(Thread *t, const Number *n);
NEEDS_GIL MAY_RAISE bool number_hash(Thread *t, Value v, int64_t *hash);
NEEDS_GIL NEW_REF Value decimal_order(Thread *t, Value a, Value b, CompareOp op);

// ---- decimal.c
NEEDS_GIL NEW_REF Value apply_unary(Thread *t, DecimalContext *c, Value a, UnaryOperation operation);
NEEDS_GIL NEW_REF Value apply_binary(Thread *t, DecimalContext *c, Value a, Value b, BinaryOperation operation);
NEEDS_GIL NEW_REF Value apply_divmod(Thread *t, DecimalContext *c, Value a, Value b);
NEEDS_GIL NEW_REF Value apply_fma(Thread *t, DecimalContext *c, Value a, Value b, Value third);
NEEDS_GIL NEW_REF Value apply_power(Thread *t, DecimalContext *c, Value a, Value b, Value modulus);    // None: without

// ---- methods.c
extern const Method decimal_methods[], decimal_context_methods[];

#endif
