// SPDX-License-Identifier: MIT
// stdlib/_decimal/decimal.c: the type Decimal: its constructor and its operators.
#include "stdlib/_decimal/decimal.h"

#include "runtime/types/int.h"
#include "runtime/types/tuple.h"

Type decimal_type;

static void decimal_finish(Thread *t, Object *o) { number_clear(&((Decimal *)o)->number); }

static Value decimal_construct(Thread *t, Type *type, const Value *args)
{
    DecimalContext *c = context_argument(t, args[1]);
    return c ? decimal_from_value(t, type, args[0], c, EXACTLY) : ERROR;
}

// ---- Applying operations, to operands that must be Decimals or ints

Value apply_unary(Thread *t, DecimalContext *c, Value a, UnaryOperation operation)
{
    OWN_OPERAND Operand x = {0};
    OWN_NUMBER Number r = {0};
    if (!c || !operand_from(t, a, &x)) return ERROR;
    Work w = {t, &c->settings, 0};
    return operation(&w, &r, x.number) ? decimal_result(t, c, &w, &r) : ERROR;
}
Value apply_binary(Thread *t, DecimalContext *c, Value a, Value b, BinaryOperation operation)
{
    OWN_OPERAND Operand x = {0}, y = {0};
    OWN_NUMBER Number r = {0};
    if (!c || !operand_from(t, a, &x) || !operand_from(t, b, &y)) return ERROR;
    Work w = {t, &c->settings, 0};
    return operation(&w, &r, x.number, y.number) ? decimal_result(t, c, &w, &r) : ERROR;
}
Value apply_divmod(Thread *t, DecimalContext *c, Value a, Value b)
{
    OWN_OPERAND Operand x = {0}, y = {0};
    OWN_NUMBER Number q = {0}, r = {0};
    if (!c || !operand_from(t, a, &x) || !operand_from(t, b, &y)) return ERROR;
    Work w = {t, &c->settings, 0};
    if (!number_divmod(&w, &q, &r, x.number, y.number) || !tell(t, c, w.status)) return ERROR;
    OWN Value quotient = decimal_new(t, &decimal_type, &q);
    OWN Value remainder = is_error(quotient) ? ERROR : decimal_new(t, &decimal_type, &r);
    return is_error(remainder) ? ERROR : tuple_of(t, 2, quotient, remainder);
}
Value apply_fma(Thread *t, DecimalContext *c, Value a, Value b, Value third)
{
    OWN_OPERAND Operand x = {0}, y = {0}, z = {0};
    OWN_NUMBER Number r = {0};
    if (!c || !operand_from(t, a, &x) || !operand_from(t, b, &y) || !operand_from(t, third, &z)) return ERROR;
    Work w = {t, &c->settings, 0};
    return number_fma(&w, &r, x.number, y.number, z.number) ? decimal_result(t, c, &w, &r) : ERROR;
}
Value apply_power(Thread *t, DecimalContext *c, Value a, Value b, Value modulus)
{
    if (is_none(modulus)) return apply_binary(t, c, a, b, number_power);
    OWN_OPERAND Operand x = {0}, y = {0}, m = {0};
    OWN_NUMBER Number r = {0};
    if (!c || !operand_from(t, a, &x) || !operand_from(t, b, &y) || !operand_from(t, modulus, &m)) return ERROR;
    Work w = {t, &c->settings, 0};
    return number_powmod(&w, &r, x.number, y.number, m.number) ? decimal_result(t, c, &w, &r) : ERROR;
}

// ---- Operators: anything else than Decimals and ints is for the other operand to deal with

static ALWAYS_INLINE Value operate(Thread *t, Value a, Value b, BinaryOperation operation)
{
    OWN_OPERAND Operand x = {0}, y = {0};
    int found = operand_optional(t, a, &x);
    if (found > 0) found = operand_optional(t, b, &y);
    if (UNLIKELY(found <= 0)) return found < 0 ? ERROR : NOT_IMPLEMENTED;
    DecimalContext *c = current_decimal_context(t);
    if (UNLIKELY(!c)) return ERROR;
    OWN_NUMBER Number r = {0};
    Work w = {t, &c->settings, 0};
    return operation(&w, &r, x.number, y.number) ? decimal_result(t, c, &w, &r) : ERROR;
}
static Value decimal_add(Thread *t, Value a, Value b) { return operate(t, a, b, number_add); }
static Value decimal_subtract(Thread *t, Value a, Value b) { return operate(t, a, b, number_subtract); }
static Value decimal_multiply(Thread *t, Value a, Value b) { return operate(t, a, b, number_multiply); }
static Value decimal_true_divide(Thread *t, Value a, Value b) { return operate(t, a, b, number_divide); }
static Value decimal_floor_divide(Thread *t, Value a, Value b) { return operate(t, a, b, number_divide_int); }
static Value decimal_modulo(Thread *t, Value a, Value b) { return operate(t, a, b, number_remainder); }
static bool is_operand(Value v) { return is_decimal(v) || is_int(v); }
static Value decimal_divmod(Thread *t, Value a, Value b)
{
    return is_operand(a) && is_operand(b) ? apply_divmod(t, current_decimal_context(t), a, b) : NOT_IMPLEMENTED;
}
static Value decimal_power(Thread *t, Value base, Value exponent, Value modulus)
{
    if (!is_operand(base) || !is_operand(exponent) || !(is_none(modulus) || is_operand(modulus))) return NOT_IMPLEMENTED;
    return apply_power(t, current_decimal_context(t), base, exponent, modulus);
}
static Value decimal_negative(Thread *t, Value v) { return apply_unary(t, current_decimal_context(t), v, number_minus); }
static Value decimal_positive(Thread *t, Value v) { return apply_unary(t, current_decimal_context(t), v, number_plus); }
static Value decimal_absolute(Thread *t, Value v) { return apply_unary(t, current_decimal_context(t), v, number_abs); }
static int decimal_truth(Thread *t, Value v) { return !is_zero(&as_decimal(v)->number); }
static Value decimal_int(Thread *t, Value v) { return number_to_int(t, &as_decimal(v)->number, ROUND_DOWN); }
static Value decimal_float(Thread *t, Value v) { return number_to_float(t, &as_decimal(v)->number); }

// ---- Text

static Value decimal_str(Thread *t, Value v)
{
    DecimalContext *c = current_decimal_context(t);
    return c ? number_to_str(t, &as_decimal(v)->number, c->capitals, false) : ERROR;
}
static Value decimal_repr(Thread *t, Value v)
{
    OWN Value text = decimal_str(t, v);
    return is_error(text) ? ERROR : str_format(t, "Decimal('%S')", text);
}
static Value get_real(Thread *t, Value v) { return retain(v); }
static Value get_imag(Thread *t, Value v)
{
    Number zero;
    number_small(&zero, false, 0, 0);
    return decimal_new(t, &decimal_type, &zero);
}
static const GetSet decimal_getsets[] = {{"real", get_real, NULL, NULL}, {"imag", get_imag, NULL, NULL}, {0}};

const TypeSpec decimal_spec = {
    .name = "decimal.Decimal", .doc = "A decimal number, exact as it is written. value may be a str, an int, a float, a tuple (sign, digits, exponent) or a Decimal.",
    .size = sizeof(Decimal), .flags = TYPE_BASE | TYPE_IMMUTABLE,
    .slots = {
        .finish = decimal_finish, .repr = decimal_repr, .str = decimal_str, .hash = number_hash, .compare = decimal_order, .truth = decimal_truth,
        .absolute = decimal_absolute, .to_int = decimal_int, .to_float = decimal_float, .power = decimal_power,
        .unary = {[OP_NEGATIVE] = decimal_negative, [OP_POSITIVE] = decimal_positive},
        .binary = {[OP_ADD] = decimal_add, [OP_SUBTRACT] = decimal_subtract, [OP_MULTIPLY] = decimal_multiply, [OP_TRUEDIV] = decimal_true_divide,
                   [OP_FLOORDIV] = decimal_floor_divide, [OP_MODULO] = decimal_modulo, [OP_DIVMOD] = decimal_divmod},
    },
    .methods = decimal_methods, .getsets = decimal_getsets, .new_signature = "(value='0', context=None)", .construct = decimal_construct,
    .text_signature = "(value=\"0\", context=None)",
};
