// SPDX-License-Identifier: MIT
// stdlib/_decimal/methods.c: the methods of Decimal, and those of Context that do the same with operands as arguments.
//
// Each operation has its two methods from one line: a macro writes the functions, since a native function carries no data of its own.
#include "stdlib/_decimal/decimal.h"

#include "runtime/call.h"
#include "runtime/types/float.h"
#include "runtime/types/int.h"
#include "runtime/types/str.h"
#include "runtime/types/tuple.h"

// ---- Operations in both types

#define IN_BOTH_UNARY(name) \
    static Value decimal_##name(Thread *t, Value self, const Value *args) { return apply_unary(t, context_argument(t, args[0]), self, number_##name); } \
    static Value context_##name(Thread *t, Value self, const Value *args) { return apply_unary(t, as_decimal_context(self), args[0], number_##name); }
#define IN_BOTH_BINARY(name) \
    static Value decimal_##name(Thread *t, Value self, const Value *args) { return apply_binary(t, context_argument(t, args[1]), self, args[0], number_##name); } \
    static Value context_##name(Thread *t, Value self, const Value *args) { return apply_binary(t, as_decimal_context(self), args[0], args[1], number_##name); }
#define IN_CONTEXT_UNARY(name, operation) \
    static Value context_##name(Thread *t, Value self, const Value *args) { return apply_unary(t, as_decimal_context(self), args[0], operation); }
#define IN_CONTEXT_BINARY(name, operation) \
    static Value context_##name(Thread *t, Value self, const Value *args) { return apply_binary(t, as_decimal_context(self), args[0], args[1], operation); }
IN_BOTH_UNARY(exp) IN_BOTH_UNARY(ln) IN_BOTH_UNARY(log10) IN_BOTH_UNARY(sqrt) IN_BOTH_UNARY(logb) IN_BOTH_UNARY(logical_invert)
IN_BOTH_UNARY(next_minus) IN_BOTH_UNARY(next_plus) IN_BOTH_UNARY(normalize)
IN_BOTH_BINARY(compare) IN_BOTH_BINARY(compare_signal) IN_BOTH_BINARY(max) IN_BOTH_BINARY(max_mag) IN_BOTH_BINARY(min) IN_BOTH_BINARY(min_mag)
IN_BOTH_BINARY(next_toward) IN_BOTH_BINARY(remainder_near) IN_BOTH_BINARY(logical_and) IN_BOTH_BINARY(logical_or) IN_BOTH_BINARY(logical_xor)
IN_BOTH_BINARY(rotate) IN_BOTH_BINARY(scaleb) IN_BOTH_BINARY(shift) IN_BOTH_BINARY(compare_total) IN_BOTH_BINARY(compare_total_mag) IN_BOTH_BINARY(copy_sign)
IN_CONTEXT_UNARY(abs, number_abs) IN_CONTEXT_UNARY(plus, number_plus) IN_CONTEXT_UNARY(minus, number_minus) IN_CONTEXT_UNARY(copy_abs, number_copy_abs)
IN_CONTEXT_UNARY(copy_negate, number_copy_negate) IN_CONTEXT_UNARY(to_integral_exact, number_to_integral_exact)
IN_CONTEXT_UNARY(to_integral_value, number_to_integral_value)
IN_CONTEXT_BINARY(add, number_add) IN_CONTEXT_BINARY(subtract, number_subtract) IN_CONTEXT_BINARY(multiply, number_multiply) IN_CONTEXT_BINARY(divide, number_divide)
IN_CONTEXT_BINARY(divide_int, number_divide_int) IN_CONTEXT_BINARY(remainder, number_remainder) IN_CONTEXT_BINARY(quantize, number_quantize)

static Value context_divmod(Thread *t, Value self, const Value *args) { return apply_divmod(t, as_decimal_context(self), args[0], args[1]); }
static Value decimal_fma(Thread *t, Value self, const Value *args) { return apply_fma(t, context_argument(t, args[2]), self, args[0], args[1]); }
static Value context_fma(Thread *t, Value self, const Value *args) { return apply_fma(t, as_decimal_context(self), args[0], args[1], args[2]); }
static Value context_power(Thread *t, Value self, const Value *args) { return apply_power(t, as_decimal_context(self), args[0], args[1], args[2]); }

static Value decimal_copy_abs(Thread *t, Value self, const Value *args) { return apply_unary(t, current_decimal_context(t), self, number_copy_abs); }
static Value decimal_copy_negate(Thread *t, Value self, const Value *args) { return apply_unary(t, current_decimal_context(t), self, number_copy_negate); }

// ---- Rounding to an exponent, in a mode that may be given

static Value with_rounding(Thread *t, DecimalContext *c, Value rounding, Value a, Value b, BinaryOperation binary, UnaryOperation unary)
{
    if (!c) return ERROR;
    Settings settings = c->settings;
    if (!is_none(rounding) && !rounding_from(t, rounding, &settings.rounding)) return ERROR;
    Work w = {t, &settings, 0};
    OWN_OPERAND Operand x = {0}, y = {0};
    OWN_NUMBER Number r = {0};
    if (!operand_from(t, a, &x) || (binary && !operand_from(t, b, &y))) return ERROR;
    bool done = binary ? binary(&w, &r, x.number, y.number) : unary(&w, &r, x.number);
    return done ? decimal_result(t, c, &w, &r) : ERROR;
}
static Value decimal_quantize(Thread *t, Value self, const Value *args)
{
    return with_rounding(t, context_argument(t, args[2]), args[1], self, args[0], number_quantize, NULL);
}
static Value decimal_to_integral_value(Thread *t, Value self, const Value *args)
{
    return with_rounding(t, context_argument(t, args[1]), args[0], self, UNBOUND, NULL, number_to_integral_value);
}
static Value decimal_to_integral_exact(Thread *t, Value self, const Value *args)
{
    return with_rounding(t, context_argument(t, args[1]), args[0], self, UNBOUND, NULL, number_to_integral_exact);
}
static Value decimal_round(Thread *t, Value self, const Value *args)
{
    if (is_unbound(args[0])) return number_to_int(t, &as_decimal(self)->number, ROUND_HALF_EVEN);
    int64_t places;
    if (!is_int(args[0])) return raise_type_error(t, "optional arg must be an integer");
    if (!int_as_i64(t, args[0], &places))
        return error_clear_if(t, &exc_OverflowError) ? raise_error(t, &exc_OverflowError, "Python int too large to convert to C ssize_t") : ERROR;
    Number unit;
    DecimalContext *c = current_decimal_context(t);
    if (!c) return ERROR;
    if (places > 4 * MAX_EMAX) places = 4 * MAX_EMAX;
    if (places < -4 * MAX_EMAX) places = -4 * MAX_EMAX;
    number_small(&unit, false, 1, -places);
    OWN_NUMBER Number r = {0};
    Work w = {t, &c->settings, 0};
    return number_quantize(&w, &r, &as_decimal(self)->number, &unit) ? decimal_result(t, c, &w, &r) : ERROR;
}
static Value decimal_trunc(Thread *t, Value self, const Value *args) { return number_to_int(t, &as_decimal(self)->number, ROUND_DOWN); }
static Value decimal_floor(Thread *t, Value self, const Value *args) { return number_to_int(t, &as_decimal(self)->number, ROUND_FLOOR); }
static Value decimal_ceil(Thread *t, Value self, const Value *args) { return number_to_int(t, &as_decimal(self)->number, ROUND_CEILING); }

// ---- Questions

#define QUESTION(name, answer) \
    static Value decimal_##name(Thread *t, Value self, const Value *args) \
    { \
        const Number *n = &as_decimal(self)->number; \
        return bool_value(answer); \
    } \
    static Value context_##name(Thread *t, Value self, const Value *args) \
    { \
        OWN_OPERAND Operand o = {0}; \
        if (!operand_from(t, args[0], &o)) return ERROR; \
        const Number *n = o.number; \
        return bool_value(answer); \
    }
QUESTION(is_finite, is_finite(n))
QUESTION(is_infinite, n->kind == INFINITE)
QUESTION(is_nan, is_nan(n))
QUESTION(is_qnan, n->kind == QUIET_NAN)
QUESTION(is_snan, n->kind == SIGNALING_NAN)
QUESTION(is_signed, n->negative)
QUESTION(is_zero, is_zero(n))

typedef bool (*SettingsQuestion)(const Settings *s, const Number *n);
static bool is_normal(const Settings *s, const Number *n) { return is_finite(n) && !is_zero(n) && !is_subnormal(s, n); }
static Value ask(Thread *t, DecimalContext *c, Value v, SettingsQuestion question)
{
    OWN_OPERAND Operand o = {0};
    return c && operand_from(t, v, &o) ? bool_value(question(&c->settings, o.number)) : ERROR;
}
static Value decimal_is_normal(Thread *t, Value self, const Value *args) { return ask(t, context_argument(t, args[0]), self, is_normal); }
static Value context_is_normal(Thread *t, Value self, const Value *args) { return ask(t, as_decimal_context(self), args[0], is_normal); }
static Value decimal_is_subnormal(Thread *t, Value self, const Value *args) { return ask(t, context_argument(t, args[0]), self, is_subnormal); }
static Value context_is_subnormal(Thread *t, Value self, const Value *args) { return ask(t, as_decimal_context(self), args[0], is_subnormal); }
static Value class_of(Thread *t, DecimalContext *c, Value v)
{
    OWN_OPERAND Operand o = {0};
    return c && operand_from(t, v, &o) ? str_from_text(t, number_class(&c->settings, o.number)) : ERROR;
}
static Value decimal_number_class(Thread *t, Value self, const Value *args) { return class_of(t, context_argument(t, args[0]), self); }
static Value context_number_class(Thread *t, Value self, const Value *args) { return class_of(t, as_decimal_context(self), args[0]); }
static Value same_exponent(Thread *t, Value a, Value b)
{
    OWN_OPERAND Operand x = {0}, y = {0};
    return operand_from(t, a, &x) && operand_from(t, b, &y) ? bool_value(same_quantum(x.number, y.number)) : ERROR;
}
static Value decimal_same_quantum(Thread *t, Value self, const Value *args) { return context_argument(t, args[1]) ? same_exponent(t, self, args[0]) : ERROR; }
static Value context_same_quantum(Thread *t, Value self, const Value *args) { return same_exponent(t, args[0], args[1]); }

static bool must_be_decimal(Thread *t, Value v) { return is_decimal(v) || error_false(raise_type_error(t, "argument must be a Decimal")); }
static Value decimal_is_canonical(Thread *t, Value self, const Value *args) { return TRUE; }
static Value context_is_canonical(Thread *t, Value self, const Value *args) { return must_be_decimal(t, args[0]) ? TRUE : ERROR; }
static Value decimal_itself(Thread *t, Value self, const Value *args) { return retain(self); }
static Value context_canonical(Thread *t, Value self, const Value *args) { return must_be_decimal(t, args[0]) ? retain(args[0]) : ERROR; }
static Value radix(Thread *t, Value self, const Value *args)
{
    Number ten;
    number_small(&ten, false, 10, 0);
    return decimal_new(t, &decimal_type, &ten);
}
static Value decimal_adjusted(Thread *t, Value self, const Value *args)
{
    const Number *n = &as_decimal(self)->number;
    return is_finite(n) ? int_value(t, adjusted(n)) : small_int(0);
}

// ---- Conversions

static Value text_of(Thread *t, DecimalContext *c, Value v, bool engineering)
{
    OWN_OPERAND Operand o = {0};
    return c && operand_from(t, v, &o) ? number_to_str(t, o.number, c->capitals, engineering) : ERROR;
}
static Value decimal_to_eng_string(Thread *t, Value self, const Value *args) { return text_of(t, context_argument(t, args[0]), self, true); }
static Value context_to_eng_string(Thread *t, Value self, const Value *args) { return text_of(t, as_decimal_context(self), args[0], true); }
static Value context_to_sci_string(Thread *t, Value self, const Value *args) { return text_of(t, as_decimal_context(self), args[0], false); }
static Value decimal_format(Thread *t, Value self, const Value *args)
{
    if (!is_str(args[0])) return raise_type_error(t, "format arg must be str");
    DecimalContext *c = current_decimal_context(t);
    if (!c) return ERROR;
    Settings settings = c->settings;
    bool capitals = c->capitals;
    Work w = {t, &settings, 0};                       // copies: the locale may be asked for, by calling Python code
    return number_format(&w, &as_decimal(self)->number, capitals, as_str(args[0]), args[1]);
}
static Value decimal_as_tuple(Thread *t, Value self, const Value *args) { return number_to_tuple(t, &as_decimal(self)->number); }
static Value decimal_as_ratio(Thread *t, Value self, const Value *args) { return number_to_ratio(t, &as_decimal(self)->number); }
static Value decimal_complex(Thread *t, Value self, const Value *args)
{
    OWN Value real = number_to_float(t, &as_decimal(self)->number);
    return is_error(real) ? ERROR : complex_from_doubles(t, as_float(real), 0);
}
static Value decimal_reduce(Thread *t, Value self, const Value *args)
{
    OWN Value text = number_to_str(t, &as_decimal(self)->number, true, false);
    OWN Value arguments = is_error(text) ? ERROR : tuple_of(t, 1, text);
    return is_error(arguments) ? ERROR : tuple_of(t, 2, type_value(type_of(self)), arguments);
}
static Value decimal_sizeof(Thread *t, Value self, const Value *args)
{
    const Number *n = &as_decimal(self)->number;
    return int_value(t, (int64_t)(type_of(self)->size + (is_large(n) ? mpz_size(n->large) * sizeof(mp_limb_t) : 0)));
}
static Value of_float_or_int(Thread *t, Value v, DecimalContext *c, enum Exactness exactness)
{
    if (!c) return ERROR;
    if (is_int(v)) return decimal_from_value(t, &decimal_type, v, c, exactness);
    return is_float(v) ? decimal_from_float(t, &decimal_type, v, c, exactness) : raise_type_error(t, "argument must be int or float");
}
static Value decimal_from_float_method(Thread *t, Value cls, const Value *args)
{
    OWN Value exact = of_float_or_int(t, args[0], current_decimal_context(t), EXACTLY);
    return is_error(exact) || is_same(cls, type_value(&decimal_type)) ? MOVE(exact) : call1(t, cls, exact);
}
static Value context_create_decimal(Thread *t, Value self, const Value *args)
{
    return decimal_from_value(t, &decimal_type, args[0], as_decimal_context(self), ROUNDED_TO_CONTEXT);
}
static Value context_create_decimal_from_float(Thread *t, Value self, const Value *args)
{
    return of_float_or_int(t, args[0], as_decimal_context(self), ROUNDED_TO_CONTEXT);
}
static bool plain_copy(Work *w, Number *r, const Number *a) { return number_copy(w, r, a); }
static Value context_copy_decimal(Thread *t, Value self, const Value *args)
{
    if (is_decimal(args[0])) return retain(args[0]);
    return apply_unary(t, as_decimal_context(self), args[0], plain_copy);
}
static bool fitted_copy(Work *w, Number *r, const Number *a) { return number_copy(w, r, a) && fit(w, r); }
static Value context_apply(Thread *t, Value self, const Value *args) { return apply_unary(t, as_decimal_context(self), args[0], fitted_copy); }

// ---- The tables

#define WITH_CONTEXT "(self, /, context=None)"
#define WITH_OTHER "(self, /, other, context=None)"
#define WITH_ROUNDING "(self, /, rounding=None, context=None)"
const Method decimal_methods[] = {
    {"__ceil__", decimal_ceil, "(self, /)", NULL}, {"__floor__", decimal_floor, "(self, /)", NULL}, {"__trunc__", decimal_trunc, "(self, /)", NULL},
    {"__round__", decimal_round, "(self, ndigits=<unset>, /)", NULL}, {"__complex__", decimal_complex, "(self, /)", NULL},
    {"__copy__", decimal_itself, "(self, /)", NULL}, {"__deepcopy__", decimal_itself, "(self, memo, /)", NULL}, {"__reduce__", decimal_reduce, "(self, /)", NULL},
    {"__format__", decimal_format, "(self, format_spec, override=<unset>, /)", NULL}, {"__sizeof__", decimal_sizeof, "(self, /)", NULL},
    {"adjusted", decimal_adjusted, "(self, /)", "The exponent of the first digit."},
    {"as_integer_ratio", decimal_as_ratio, "(self, /)", "A pair of ints, in lowest terms, whose ratio is the number."},
    {"as_tuple", decimal_as_tuple, "(self, /)", "The number as (sign, digits, exponent)."},
    {"canonical", decimal_itself, "(self, /)", "The number itself."},
    {"compare", decimal_compare, WITH_OTHER, "-1, 0 or 1 as a Decimal; NaN if one operand is."},
    {"compare_signal", decimal_compare_signal, WITH_OTHER, "As compare(), but every NaN signals."},
    {"compare_total", decimal_compare_total, WITH_OTHER, "Compare by the total ordering of representations."},
    {"compare_total_mag", decimal_compare_total_mag, WITH_OTHER, "As compare_total(), of magnitudes."},
    {"conjugate", decimal_itself, "(self, /)", "The number itself."},
    {"copy_abs", decimal_copy_abs, "(self, /)", "The number without its sign, unrounded."},
    {"copy_negate", decimal_copy_negate, "(self, /)", "The number with the other sign, unrounded."},
    {"copy_sign", decimal_copy_sign, WITH_OTHER, "The number with the sign of other."},
    {"exp", decimal_exp, WITH_CONTEXT, "e to the power of the number, correctly rounded."},
    {"fma", decimal_fma, "(self, /, other, third, context=None)", "self * other + third, rounded once."},
    {"from_float", decimal_from_float_method, "(cls, f, /)", "The Decimal that has exactly the value of a float or int."},
    {"is_canonical", decimal_is_canonical, "(self, /)", "True."},
    {"is_finite", decimal_is_finite, "(self, /)", "Whether it is neither infinite nor a NaN."},
    {"is_infinite", decimal_is_infinite, "(self, /)", "Whether it is an infinity."},
    {"is_nan", decimal_is_nan, "(self, /)", "Whether it is a NaN, quiet or signaling."},
    {"is_normal", decimal_is_normal, WITH_CONTEXT, "Whether it is finite, not zero and not subnormal."},
    {"is_qnan", decimal_is_qnan, "(self, /)", "Whether it is a quiet NaN."},
    {"is_signed", decimal_is_signed, "(self, /)", "Whether its sign is negative."},
    {"is_snan", decimal_is_snan, "(self, /)", "Whether it is a signaling NaN."},
    {"is_subnormal", decimal_is_subnormal, WITH_CONTEXT, "Whether it is smaller than Emin allows a full coefficient to be."},
    {"is_zero", decimal_is_zero, "(self, /)", "Whether it is zero."},
    {"ln", decimal_ln, WITH_CONTEXT, "The natural logarithm, correctly rounded."},
    {"log10", decimal_log10, WITH_CONTEXT, "The logarithm to base ten, correctly rounded."},
    {"logb", decimal_logb, WITH_CONTEXT, "The adjusted exponent as a Decimal."},
    {"logical_and", decimal_logical_and, WITH_OTHER, "Digitwise and of numbers made of 0 and 1."},
    {"logical_invert", decimal_logical_invert, WITH_CONTEXT, "Digitwise inversion of a number made of 0 and 1."},
    {"logical_or", decimal_logical_or, WITH_OTHER, "Digitwise or of numbers made of 0 and 1."},
    {"logical_xor", decimal_logical_xor, WITH_OTHER, "Digitwise exclusive or of numbers made of 0 and 1."},
    {"max", decimal_max, WITH_OTHER, "The larger; a number before a quiet NaN."},
    {"max_mag", decimal_max_mag, WITH_OTHER, "The one of larger magnitude."},
    {"min", decimal_min, WITH_OTHER, "The smaller; a number before a quiet NaN."},
    {"min_mag", decimal_min_mag, WITH_OTHER, "The one of smaller magnitude."},
    {"next_minus", decimal_next_minus, WITH_CONTEXT, "The largest number that is smaller."},
    {"next_plus", decimal_next_plus, WITH_CONTEXT, "The smallest number that is larger."},
    {"next_toward", decimal_next_toward, WITH_OTHER, "The next number in the direction of other."},
    {"normalize", decimal_normalize, WITH_CONTEXT, "The same value without trailing zeros."},
    {"number_class", decimal_number_class, WITH_CONTEXT, "What kind of number it is, in a word."},
    {"quantize", decimal_quantize, "(self, /, exp, rounding=None, context=None)", "The number rounded to the exponent of exp."},
    {"radix", radix, "(self, /)", "Decimal(10)."},
    {"remainder_near", decimal_remainder_near, WITH_OTHER, "self - other * n, n the integer nearest to self / other."},
    {"rotate", decimal_rotate, WITH_OTHER, "The digits, as many as the precision, rotated."},
    {"same_quantum", decimal_same_quantum, WITH_OTHER, "Whether the exponents are equal."},
    {"scaleb", decimal_scaleb, WITH_OTHER, "The number with other added to its exponent."},
    {"shift", decimal_shift, WITH_OTHER, "The digits, as many as the precision, shifted."},
    {"sqrt", decimal_sqrt, WITH_CONTEXT, "The square root, correctly rounded."},
    {"to_eng_string", decimal_to_eng_string, WITH_CONTEXT, "Text with exponents that are multiples of three."},
    {"to_integral", decimal_to_integral_value, WITH_ROUNDING, "As to_integral_value()."},
    {"to_integral_exact", decimal_to_integral_exact, WITH_ROUNDING, "Rounded to an integer; signals Inexact and Rounded."},
    {"to_integral_value", decimal_to_integral_value, WITH_ROUNDING, "Rounded to an integer; signals neither Inexact nor Rounded."},
    {0},
};
#define ONE "(self, x, /)"
#define TWO "(self, x, y, /)"
const Method decimal_context_methods[] = {
    {"__reduce__", context_reduce, "(self, /)", NULL}, {"__copy__", context_copy_method, "(self, /)", NULL},
    {"copy", context_copy_method, "(self, /)", "A copy with its own flags and traps."}, {"clear_flags", context_clear_flags, "(self, /)", "Set all flags to False."},
    {"clear_traps", context_clear_traps, "(self, /)", "Set all traps to False."},
    {"Etiny", context_etiny, "(self, /)", "The lowest exponent that a result can have."},
    {"Etop", context_etop, "(self, /)", "The highest exponent that a result with all digits can have."},
    {"abs", context_abs, ONE, "The absolute value of x."}, {"add", context_add, TWO, "x + y."}, {"canonical", context_canonical, ONE, "x itself."},
    {"compare", context_compare, TWO, "Compare x and y numerically."}, {"compare_signal", context_compare_signal, TWO, "The same; every NaN signals."},
    {"compare_total", context_compare_total, TWO, "Compare x and y by the total ordering."},
    {"compare_total_mag", context_compare_total_mag, TWO, "The same, of magnitudes."}, {"copy_abs", context_copy_abs, ONE, "x without its sign."},
    {"copy_decimal", context_copy_decimal, ONE, "x as a Decimal."}, {"copy_negate", context_copy_negate, ONE, "x with the other sign."},
    {"copy_sign", context_copy_sign, TWO, "x with the sign of y."},
    {"create_decimal", context_create_decimal, "(self, num='0', /)", "A Decimal from num, rounded to this context."},
    {"create_decimal_from_float", context_create_decimal_from_float, "(self, f, /)", "A Decimal from a float or int, rounded to this context."},
    {"divide", context_divide, TWO, "x / y."}, {"divide_int", context_divide_int, TWO, "The integer part of x / y."},
    {"divmod", context_divmod, TWO, "Integer quotient and remainder."}, {"exp", context_exp, ONE, "e to the power of x."},
    {"fma", context_fma, "(self, x, y, z, /)", "x * y + z, rounded once."}, {"is_canonical", context_is_canonical, ONE, "True."},
    {"is_finite", context_is_finite, ONE, "Whether x is finite."}, {"is_infinite", context_is_infinite, ONE, "Whether x is infinite."},
    {"is_nan", context_is_nan, ONE, "Whether x is a NaN."}, {"is_normal", context_is_normal, ONE, "Whether x is a normal number."},
    {"is_qnan", context_is_qnan, ONE, "Whether x is a quiet NaN."}, {"is_signed", context_is_signed, ONE, "Whether x is negative."},
    {"is_snan", context_is_snan, ONE, "Whether x is a signaling NaN."}, {"is_subnormal", context_is_subnormal, ONE, "Whether x is subnormal."},
    {"is_zero", context_is_zero, ONE, "Whether x is zero."}, {"ln", context_ln, ONE, "The natural logarithm of x."},
    {"log10", context_log10, ONE, "The logarithm of x to base ten."}, {"logb", context_logb, ONE, "The adjusted exponent of x."},
    {"logical_and", context_logical_and, TWO, "Digitwise and."}, {"logical_invert", context_logical_invert, ONE, "Digitwise inversion."},
    {"logical_or", context_logical_or, TWO, "Digitwise or."}, {"logical_xor", context_logical_xor, TWO, "Digitwise exclusive or."},
    {"max", context_max, TWO, "The larger of x and y."}, {"max_mag", context_max_mag, TWO, "The one of larger magnitude."},
    {"min", context_min, TWO, "The smaller of x and y."}, {"min_mag", context_min_mag, TWO, "The one of smaller magnitude."},
    {"minus", context_minus, ONE, "-x."}, {"multiply", context_multiply, TWO, "x * y."}, {"next_minus", context_next_minus, ONE, "The next smaller number."},
    {"next_plus", context_next_plus, ONE, "The next larger number."}, {"next_toward", context_next_toward, TWO, "The next number from x towards y."},
    {"normalize", context_normalize, ONE, "x without trailing zeros."}, {"number_class", context_number_class, ONE, "What kind of number x is."},
    {"plus", context_plus, ONE, "+x."}, {"power", context_power, "(self, /, a, b, modulo=None)", "a ** b, or a ** b % modulo."},
    {"quantize", context_quantize, TWO, "x rounded to the exponent of y."}, {"radix", radix, "(self, /)", "Decimal(10)."},
    {"remainder", context_remainder, TWO, "x % y."}, {"remainder_near", context_remainder_near, TWO, "x - y * n, n the integer nearest to x / y."},
    {"rotate", context_rotate, TWO, "The digits of x rotated by y."}, {"same_quantum", context_same_quantum, TWO, "Whether the exponents are equal."},
    {"scaleb", context_scaleb, TWO, "x with y added to its exponent."}, {"shift", context_shift, TWO, "The digits of x shifted by y."},
    {"sqrt", context_sqrt, ONE, "The square root of x."}, {"subtract", context_subtract, TWO, "x - y."},
    {"to_eng_string", context_to_eng_string, ONE, "x as text, in engineering notation."},
    {"to_integral", context_to_integral_value, ONE, "As to_integral_value()."},
    {"to_integral_exact", context_to_integral_exact, ONE, "x rounded to an integer; signals."},
    {"to_integral_value", context_to_integral_value, ONE, "x rounded to an integer."}, {"to_sci_string", context_to_sci_string, ONE, "x as text."},
    {"_apply", context_apply, ONE, NULL}, {0},
};
