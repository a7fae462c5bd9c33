// SPDX-License-Identifier: MIT
// runtime/types/float.c: float: its operators, its constructor and its methods.
//
// Always: a float of type float exactly is an immediate; FloatObject exists for instances of subclasses only.
#include "runtime/types/float.h"

#include <errno.h>
#include <float.h>
#include <stdio.h>
#include <stdlib.h>

#include "runtime/buffer.h"
#include "runtime/call.h"
#include "runtime/heap.h"
#include "runtime/types/arguments.h"
#include "runtime/types/bytes.h"
#include "runtime/types/float_internal.h"
#include "runtime/types/int_internal.h"
#include "runtime/types/tuple.h"

#define HASH_BITS 61
#define HASH_MODULUS ((UINT64_C(1) << HASH_BITS) - 1)

Type float_type;

int float_operand(Thread *t, Value v, double *d)
{
    if (LIKELY(is_small_float(v))) {
        *d = as_small_float(v);
    } else if (int_is_immediate(v)) {
        *d = (double)int_immediate(v);
    } else if (has_type_flag(v, TYPE_IS_FLOAT)) {
        *d = as_float(v);
    } else if (has_type_flag(v, TYPE_IS_INT)) {
        return int_as_double(t, v, d) ? 1 : -1;
    } else {
        return 0;
    }
    return 1;
}

// Both operands of an operator as doubles, or out of the function: with an error, or NotImplemented.
#define OPERANDS(t, a, b, x, y) \
    double x, y; \
    do { \
        int first_ = float_operand(t, a, &x), second_ = first_ > 0 ? float_operand(t, b, &y) : 1; \
        if (UNLIKELY(first_ <= 0 || second_ <= 0)) return first_ < 0 || second_ < 0 ? ERROR : NOT_IMPLEMENTED; \
    } while (0)

static Value add(Thread *t, Value a, Value b) { OPERANDS(t, a, b, x, y); return float_value(x + y); }
static Value subtract(Thread *t, Value a, Value b) { OPERANDS(t, a, b, x, y); return float_value(x - y); }
static Value multiply(Thread *t, Value a, Value b) { OPERANDS(t, a, b, x, y); return float_value(x * y); }

static Value true_divide(Thread *t, Value a, Value b)
{
    OPERANDS(t, a, b, x, y);
    if (y == 0.0) return raise_error(t, &exc_ZeroDivisionError, "float division by zero");
    return float_value(x / y);
}

// The quotient rounded down and the remainder with the sign of y.
static void divide_down(double x, double y, double *quotient, double *remainder)
{
    double rest = fmod(x, y), q = (x - rest) / y;
    if (rest != 0.0) {
        if ((y < 0) != (rest < 0)) {
            rest += y;
            q -= 1.0;
        }
    } else {
        rest = copysign(0.0, y);
    }
    if (q != 0.0) {
        double down = floor(q);
        if (q - down > 0.5) down += 1.0;
        q = down;
    } else {
        q = copysign(0.0, x / y);
    }
    *quotient = q;
    *remainder = rest;
}

static Value floor_divide(Thread *t, Value a, Value b)
{
    OPERANDS(t, a, b, x, y);
    if (y == 0.0) return raise_error(t, &exc_ZeroDivisionError, "float floor division by zero");
    double quotient, remainder;
    divide_down(x, y, &quotient, &remainder);
    return float_value(quotient);
}

static Value modulo(Thread *t, Value a, Value b)
{
    OPERANDS(t, a, b, x, y);
    if (y == 0.0) return raise_error(t, &exc_ZeroDivisionError, "float modulo");
    double rest = fmod(x, y);
    if (rest == 0.0) rest = copysign(0.0, y);
    else if ((y < 0) != (rest < 0)) rest += y;
    return float_value(rest);
}

static Value divmod_pair(Thread *t, Value a, Value b)
{
    OPERANDS(t, a, b, x, y);
    if (y == 0.0) return raise_error(t, &exc_ZeroDivisionError, "float divmod()");
    double quotient, remainder;
    divide_down(x, y, &quotient, &remainder);
    return tuple_of(t, 2, float_value(quotient), float_value(remainder));
}

Value raise_math_range(Thread *t)
{
    OWN Value text = str_from_text(t, "Numerical result out of range");
    if (is_error(text)) return ERROR;
    Value exception = call2(t, type_value(&exc_OverflowError), small_int(ERANGE), text);
    return is_error(exception) ? ERROR : raise_exception(t, exception);
}

Value float_power(Thread *t, Value base, Value exponent, Value modulus)
{
    if (!is_none(modulus)) return raise_type_error(t, "pow() 3rd argument not allowed unless all arguments are integers");
    OPERANDS(t, base, exponent, x, y);
    if (y == 0.0 || x == 1.0) return float_value(1.0);
    if (isnan(x) || isnan(y)) return float_value(isnan(x) ? x : y);
    if (x == 0.0 && y < 0.0 && isfinite(y)) return raise_error(t, &exc_ZeroDivisionError, "0.0 cannot be raised to a negative power");
    if (x < 0.0 && isfinite(x) && isfinite(y) && y != floor(y)) {
        OWN Value complex_base = complex_from_doubles(t, x, 0.0), complex_exponent = complex_from_doubles(t, y, 0.0);
        return is_error(complex_base) || is_error(complex_exponent) ? ERROR : complex_power(t, complex_base, complex_exponent, NONE);
    }
    double result = pow(x, y);
    if (isinf(result) && isfinite(x) && isfinite(y)) return raise_math_range(t);
    return float_value(result);
}

static Value negative(Thread *t, Value v) { (void)t; return float_value(-as_float(v)); }
static Value positive(Thread *t, Value v) { (void)t; return float_value(as_float(v)); }
static Value absolute(Thread *t, Value v) { (void)t; return float_value(fabs(as_float(v))); }
static int truth(Thread *t, Value v) { (void)t; return as_float(v) != 0.0; }
static Value to_float(Thread *t, Value v) { (void)t; return float_value(as_float(v)); }
static Value to_int(Thread *t, Value v) { return int_from_double(t, as_float(v)); }

// The order of a float and an int of any size, exactly. The float is no NaN.
static int order_with_int(double x, Value i)
{
    if (isinf(x)) return x < 0 ? -1 : 1;
    if (int_is_immediate(i)) {
        double y = (double)int_immediate(i);
        return (x > y) - (x < y);
    }
    return -mpz_cmp_d(as_int_object(i)->value, x);
}

static Value compare(Thread *t, Value a, Value b, CompareOp op)
{
    (void)t;
    double x, y;
    int order;
    if (is_float(a) && is_float(b)) {
        x = as_float(a);
        y = as_float(b);
        if (isnan(x) || isnan(y)) return bool_value(op == CMP_NE);
        order = (x > y) - (x < y);
    } else if (is_float(a) && is_int(b)) {
        if (isnan(as_float(a))) return bool_value(op == CMP_NE);
        order = order_with_int(as_float(a), b);
    } else if (is_int(a) && is_float(b)) {
        if (isnan(as_float(b))) return bool_value(op == CMP_NE);
        order = -order_with_int(as_float(b), a);
    } else {
        return NOT_IMPLEMENTED;
    }
    return order_value(order, op);
}

// Equal to the hash of the int with the same value: the mantissa, in pieces, times 2^exponent modulo 2^61 - 1, where
// multiplying by a power of two is a rotation of 61 bits.
int64_t float_hash(double d)
{
    if (isinf(d)) return d > 0 ? 314159 : -314159;
    if (isnan(d)) return 0;
    int exponent;
    double mantissa = frexp(fabs(d), &exponent);
    uint64_t x = 0;
    while (mantissa != 0.0) {
        x = (x << 28 & HASH_MODULUS) | x >> (HASH_BITS - 28);
        mantissa *= 268435456.0;
        exponent -= 28;
        uint64_t piece = (uint64_t)mantissa;
        mantissa -= (double)piece;
        x += piece;
        if (x >= HASH_MODULUS) x -= HASH_MODULUS;
    }
    unsigned turn = exponent >= 0 ? (unsigned)exponent % HASH_BITS : HASH_BITS - 1 - (unsigned)(-1 - exponent) % HASH_BITS;
    x = (x << turn & HASH_MODULUS) | x >> (HASH_BITS - turn);
    int64_t hash = d < 0 ? -(int64_t)x : (int64_t)x;
    return hash == -1 ? -2 : hash;
}

static bool hash_slot(Thread *t, Value v, int64_t *hash)
{
    if (isnan(as_float(v))) return object_type.slots.hash(t, v, hash);       // by identity
    *hash = float_hash(as_float(v));
    return true;
}

static Value repr(Thread *t, Value v)
{
    char text[40];
    return str_from_ascii(t, text, float_repr(as_float(v), text));
}

// ---- The constructor

// The double of v by __float__ or __index__; false with nothing pending: v has neither.
static bool convert_number(Thread *t, Value v, double *result, bool *is_number)
{
    *is_number = true;
    if (is_small_float(v)) {
        *result = as_small_float(v);
        return true;
    }
    Type *type = type_of(v);
    if (type->slots.to_float) {
        OWN Value given = type->slots.to_float(t, v);
        if (is_error(given)) return false;
        if (!is_float(given)) return error_false(raise_type_error(t, "%.50T.__float__ returned non-float (type %.50T)", v, given));
        if (!is_small_float(given) && !warn(t, &exc_DeprecationWarning, 1, "%.50T.__float__ returned non-float (type %.50T).  The ability to return an "
            "instance of a strict subclass of float is deprecated, and may not be allowed in a future version of Python.", v, given)) return false;
        *result = as_float(given);
        return true;
    }
    if (type->slots.index) {
        OWN Value index = object_index(t, v);
        return !is_error(index) && int_as_double(t, index, result);
    }
    *is_number = false;
    return false;
}

bool float_from_value(Thread *t, Value v, double *result)
{
    bool is_number;
    if (convert_number(t, v, result, &is_number)) return true;
    return is_number ? false : error_false(raise_type_error(t, "must be real number, not %.50T", v));
}

static Value from_str(Thread *t, Value x)
{
    Str *s = as_str(x);
    if (str_is_ascii(s)) return float_from_text(t, str_text(s), s->length, x);
    OWN_MEMORY char *text = mem_allocate(t, s->length + 1);
    if (!text) return ERROR;
    for (size_t i = 0; i < s->length; i++) {
        Codepoint c = str_at(s, i);
        int digit = c < 128 ? -1 : codepoint_decimal_value(c);
        text[i] = c < 128 ? (char)c : digit >= 0 ? (char)('0' + digit) : codepoint_is_space(c) ? ' ' : '?';
    }
    return float_from_text(t, text, s->length, x);
}

static Value from_object(Thread *t, Value x)
{
    if (is_small_float(x)) return x;
    if (is_exact_str(x)) return from_str(t, x);
    double d;
    bool is_number;
    if (convert_number(t, x, &d, &is_number)) return float_from_outside(d);
    if (is_number) return ERROR;
    if (is_str(x)) return from_str(t, x);
    if (is_buffer(x)) {
        OWN_BUFFER Buffer b = {0};
        if (!buffer_get(t, x, &b, 0)) return ERROR;
        return float_from_text(t, b.data, (size_t)b.length, x);
    }
    return raise_type_error(t, "float() argument must be a string or a real number, not '%.200T'", x);
}

static Value make(Thread *t, Type *type, const Value *args, size_t nargs, Value kwnames)
{
    if (type->slots.init == float_type.slots.init && !argument_no_keywords(t, "float", kwnames)) return ERROR;
    if (!argument_count_at_most(t, "float", nargs, 1)) return ERROR;
    OWN Value result = nargs ? from_object(t, args[0]) : float_value(0.0);
    if (is_error(result) || type == &float_type) return MOVE(result);
    FloatObject *f = (FloatObject *)object_new(t, type);
    if (!f) return ERROR;
    f->value = as_float(result);
    return object_value(f);
}

// ---- Methods

static Value method_self(Thread *t, Value self, const Value *args) { (void)args; return to_float(t, self); }
static Value method_trunc(Thread *t, Value self, const Value *args) { (void)args; return int_from_double(t, as_float(self)); }
static Value method_floor(Thread *t, Value self, const Value *args) { (void)args; return int_from_double(t, floor(as_float(self))); }
static Value method_ceil(Thread *t, Value self, const Value *args) { (void)args; return int_from_double(t, ceil(as_float(self))); }

static Value method_is_integer(Thread *t, Value self, const Value *args)
{
    (void)t, (void)args;
    double d = as_float(self);
    return bool_value(isfinite(d) && floor(d) == d);
}

// x rounded to a multiple of 10 ** -digits, half to even on its exact binary value.
static double round_decimal(double x, int digits)
{
    char text[512];
    uint64_t n;
    double unit;
    if (digits >= 0 && float_scale(x, digits, &n, &unit)) return copysign((double)n / unit, x);
    if (digits >= 0) {
        float_print(text, sizeof text, 'f', digits, x);
        return float_read(text, NULL);
    }
    float_print(text, sizeof text, 'e', 20, fabs(x));
    int exponent = atoi(strchr(text, 'e') + 1), precision = exponent + digits;
    if (precision >= 0) {
        float_print(text, sizeof text, 'e', precision, x);
        return float_read(text, NULL);
    }
    if (precision < -1) return copysign(0.0, x);
    snprintf(text, sizeof text, "5e%d", exponent);              // precision -1: 0 or the unit, which is 10 ** (exponent + 1)
    double half = float_read(text, NULL);
    snprintf(text, sizeof text, "1e%d", exponent + 1);
    return copysign(fabs(x) > half ? float_read(text, NULL) : 0.0, x);
}

static Value method_round(Thread *t, Value self, const Value *args)
{
    double x = as_float(self);
    if (is_none(args[0])) {
        double rounded = nearbyint(x);
        return int_from_double(t, rounded);
    }
    ptrdiff_t digits;
    if (!object_as_index(t, args[0], &digits, NULL)) return ERROR;
    if (!isfinite(x) || digits > 323) return float_value(x);
    if (digits < -308) return float_value(0.0 * x);
    double result = round_decimal(x, (int)digits);
    if (isinf(result)) return raise_error(t, &exc_OverflowError, "rounded value too large to represent");
    return float_value(result);
}

static Value method_as_integer_ratio(Thread *t, Value self, const Value *args)
{
    (void)args;
    double d = as_float(self);
    if (isinf(d)) return raise_error(t, &exc_OverflowError, "cannot convert Infinity to integer ratio");
    if (isnan(d)) return raise_value_error(t, "cannot convert NaN to integer ratio");
    int exponent;
    double mantissa = frexp(d, &exponent);
    for (int i = 0; i < 300 && mantissa != floor(mantissa); i++) {
        mantissa *= 2.0;
        exponent--;
    }
    OWN_POINTER Int *numerator = int_blank(t), *denominator = int_blank(t);
    if (!numerator || !denominator) return ERROR;
    mpz_set_d(numerator->value, mantissa);
    mpz_set_ui(denominator->value, 1);
    if (d == 0.0) exponent = 0;
    if (exponent > 0) mpz_mul_2exp(numerator->value, numerator->value, (mp_bitcnt_t)exponent);
    else mpz_mul_2exp(denominator->value, denominator->value, (mp_bitcnt_t)-exponent);
    OWN Value first = int_settle(t, MOVE_POINTER(numerator)), second = int_settle(t, MOVE_POINTER(denominator));
    return tuple_of(t, 2, first, second);
}

static Value method_getnewargs(Thread *t, Value self, const Value *args)
{
    (void)args;
    return tuple_of(t, 1, float_value(as_float(self)));
}

static Value method_getformat(Thread *t, Value cls, const Value *args)
{
    (void)cls;
    Str *kind = argument_str(t, args[0], "__getformat__", "");
    if (!kind) return ERROR;
    if (!str_equal_text(kind, "double") && !str_equal_text(kind, "float"))
        return raise_value_error(t, "__getformat__() argument 1 must be 'double' or 'float'");
    return str_from_text(t, "IEEE, little-endian");
}

static Value method_format(Thread *t, Value self, const Value *args)
{
    Str *spec = argument_str(t, args[0], "__format__", "");
    if (!spec) return ERROR;
    return spec->length == 0 ? object_str(t, self) : format_float_spec(t, self, spec);
}

static Value get_real(Thread *t, Value self) { return to_float(t, self); }
static Value get_imag(Thread *t, Value self) { (void)t, (void)self; return float_value(0.0); }

static const Method methods[] = {
    {"conjugate", method_self, "(self, /)", "Return self, the complex conjugate of any float."},
    {"__trunc__", method_trunc, "(self, /)", "Return the Integral closest to x between 0 and x."},
    {"__floor__", method_floor, "(self, /)", "Return the floor as an Integral."},
    {"__ceil__", method_ceil, "(self, /)", "Return the ceiling as an Integral."},
    {"__round__", method_round, "(self, ndigits=None, /)", "Return the Integral closest to x, rounding half toward even."},
    {"as_integer_ratio", method_as_integer_ratio, "(self, /)", "Return a pair of integers, whose ratio is exactly equal to the original float.\n\n>>> (0.75).as_integer_ratio()\n(3, 4)\n>>> (-2.0).as_integer_ratio()\n(-2, 1)"},
    {"fromhex", float_method_fromhex, "(cls, string, /)", "Create a floating-point number from a hexadecimal string.\n\n>>> float.fromhex('0x1.8p1')\n3.0\n>>> float.fromhex('-a.4')\n-10.25"},
    {"hex", float_method_hex, "(self, /)", "Return a hexadecimal representation of a floating-point number.\n\n>>> (2.5).hex()\n'0x1.4000000000000p+1'"},
    {"is_integer", method_is_integer, "(self, /)", "Return True if the float is an integer."},
    {"__getnewargs__", method_getnewargs, "(self, /)", NULL},
    {"__getformat__", method_getformat, "(cls, typestr, /)", "You probably don't want to use this function."},
    {"__format__", method_format, "(self, format_spec, /)", "Formats the float according to format_spec."},
    {0},
};

static const GetSet getsets[] = {
    {"real", get_real, NULL, "the real part of a complex number"},
    {"imag", get_imag, NULL, "the imaginary part of a complex number"},
    {0},
};

const TypeSpec float_spec = {
    .name = "float",
    .text_signature = "(x=0, /)",
    .doc = "Convert a string or number to a floating point number, if possible.",
    .size = sizeof(FloatObject),
    .flags = TYPE_BASE | TYPE_IS_FLOAT | TYPE_MATCH_SELF | TYPE_IMMUTABLE,
    .slots = {
        .repr = repr,
        .hash = hash_slot,
        .compare = compare,
        .make = make,
        .binary = {
            [OP_ADD] = add, [OP_SUBTRACT] = subtract, [OP_MULTIPLY] = multiply, [OP_TRUEDIV] = true_divide,
            [OP_FLOORDIV] = floor_divide, [OP_MODULO] = modulo, [OP_DIVMOD] = divmod_pair,
        },
        .power = float_power,
        .unary = {[OP_NEGATIVE] = negative, [OP_POSITIVE] = positive},
        .absolute = absolute,
        .to_int = to_int,
        .to_float = to_float,
        .truth = truth,
    },
    .methods = methods,
    .getsets = getsets,
};
