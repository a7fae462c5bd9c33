// SPDX-License-Identifier: MIT
// runtime/types/complex.c: complex: two doubles; its operators, its text and its constructor.
#include <stdio.h>
#include <errno.h>

#include "runtime/call.h"
#include "runtime/heap.h"
#include "runtime/types/arguments.h"
#include "runtime/types/float_internal.h"
#include "runtime/types/int_internal.h"
#include "runtime/types/tuple.h"

Type complex_type;

typedef struct Pair { double real, imag; } Pair;

static bool is_complex(Value v) { return is_object(v) && is_instance_of(v, &complex_type); }
static Complex *as_complex(Value v) { return (Complex *)as_object(v); }
static Pair pair_of(Value v) { return (Pair){as_complex(v)->real, as_complex(v)->imag}; }

static Value make_complex(Thread *t, Type *type, double real, double imag)
{
    Complex *c = (Complex *)object_new(t, type);
    if (!c) return ERROR;
    c->real = real;
    c->imag = imag;
    return object_value(c);
}

Value complex_from_doubles(Thread *t, double real, double imag) { return make_complex(t, &complex_type, real, imag); }
static Value from_pair(Thread *t, Pair p) { return complex_from_doubles(t, p.real, p.imag); }

// ---- Arithmetic

// 1: a number, *p is its value; 0: not one; -1: raised.
static int operand(Thread *t, Value v, Pair *p)
{
    if (is_complex(v)) {
        *p = pair_of(v);
        return 1;
    }
    p->imag = 0.0;
    return float_operand(t, v, &p->real);
}

#define OPERANDS(t, a, b, x, y) \
    Pair x, y; \
    do { \
        int first_ = operand(t, a, &x), second_ = first_ > 0 ? operand(t, b, &y) : 1; \
        if (first_ <= 0 || second_ <= 0) return first_ < 0 || second_ < 0 ? ERROR : NOT_IMPLEMENTED; \
    } while (0)

static Value add(Thread *t, Value a, Value b) { OPERANDS(t, a, b, x, y); return complex_from_doubles(t, x.real + y.real, x.imag + y.imag); }
static Value subtract(Thread *t, Value a, Value b) { OPERANDS(t, a, b, x, y); return complex_from_doubles(t, x.real - y.real, x.imag - y.imag); }

static Pair times(Pair x, Pair y) { return (Pair){x.real * y.real - x.imag * y.imag, x.real * y.imag + x.imag * y.real}; }
static Value multiply(Thread *t, Value a, Value b) { OPERANDS(t, a, b, x, y); return from_pair(t, times(x, y)); }

// Scales by the larger part of the divisor, so that nothing overflows on the way. False: division by zero.
static bool divide(Pair x, Pair y, Pair *result)
{
    if (fabs(y.real) >= fabs(y.imag)) {
        if (y.real == 0.0 && y.imag == 0.0) return false;
        double ratio = y.imag / y.real, denominator = y.real + y.imag * ratio;
        *result = (Pair){(x.real + x.imag * ratio) / denominator, (x.imag - x.real * ratio) / denominator};
    } else if (fabs(y.imag) >= fabs(y.real)) {
        double ratio = y.real / y.imag, denominator = y.real * ratio + y.imag;
        *result = (Pair){(x.real * ratio + x.imag) / denominator, (x.imag * ratio - x.real) / denominator};
    } else {
        *result = (Pair){(double)NAN, (double)NAN};
    }
    return true;
}

static Value true_divide(Thread *t, Value a, Value b)
{
    OPERANDS(t, a, b, x, y);
    Pair result;
    if (!divide(x, y, &result)) return raise_error(t, &exc_ZeroDivisionError, "complex division by zero");
    return from_pair(t, result);
}

// x to a whole power, by squaring; false: division by zero.
static bool whole_power(Pair x, long n, Pair *result)
{
    Pair power = {1.0, 0.0}, square = x;
    for (unsigned long left = n < 0 ? (unsigned long)-n : (unsigned long)n; left; left >>= 1) {
        if (left & 1) power = times(power, square);
        square = times(square, square);
    }
    *result = power;
    return n >= 0 || divide((Pair){1.0, 0.0}, power, result);
}

Value complex_power(Thread *t, Value base, Value exponent, Value modulus)
{
    if (!is_none(modulus)) return raise_value_error(t, "complex modulo");
    OPERANDS(t, base, exponent, x, y);
    Pair result;
    bool zero_base = x.real == 0.0 && x.imag == 0.0, good = true;
    errno = 0;
    if (y.imag == 0.0 && y.real == floor(y.real) && fabs(y.real) <= 100.0) {
        good = whole_power(x, (long)y.real, &result);
    } else if (y.real == 0.0 && y.imag == 0.0) {
        result = (Pair){1.0, 0.0};
    } else if (zero_base) {
        good = y.imag == 0.0 && y.real >= 0.0;
        result = (Pair){0.0, 0.0};
    } else {
        double length = pow(hypot(x.real, x.imag), y.real), angle = atan2(x.imag, x.real), phase = angle * y.real;
        if (y.imag != 0.0) {
            length /= exp(angle * y.imag);
            phase += y.imag * log(hypot(x.real, x.imag));
        }
        result = (Pair){length * cos(phase), length * sin(phase)};
    }
    if (!good || errno == EDOM) return raise_error(t, &exc_ZeroDivisionError, "0.0 to a negative or complex power");
    if (isinf(result.real) || isinf(result.imag)) return raise_error(t, &exc_OverflowError, "complex exponentiation");
    return from_pair(t, result);
}

static Value negative(Thread *t, Value v) { return complex_from_doubles(t, -as_complex(v)->real, -as_complex(v)->imag); }
static Value positive(Thread *t, Value v) { return complex_from_doubles(t, as_complex(v)->real, as_complex(v)->imag); }

static Value absolute(Thread *t, Value v)
{
    Pair p = pair_of(v);
    double length = hypot(p.real, p.imag);
    if (isinf(length) && isfinite(p.real) && isfinite(p.imag)) return raise_error(t, &exc_OverflowError, "absolute value too large");
    return float_from_outside(length);
}

static int truth(Thread *t, Value v) { (void)t; return as_complex(v)->real != 0.0 || as_complex(v)->imag != 0.0; }

static Value compare(Thread *t, Value a, Value b, CompareOp op)
{
    if (op != CMP_EQ && op != CMP_NE) return NOT_IMPLEMENTED;
    Pair x = pair_of(a);
    bool equal;
    if (is_complex(b)) {
        equal = x.real == as_complex(b)->real && x.imag == as_complex(b)->imag;
    } else if (is_float(b)) {
        equal = x.imag == 0.0 && x.real == as_float(b);
    } else if (is_int(b)) {
        if (x.imag != 0.0) equal = false;
        else return object_compare(t, float_value(x.real), b, op);
    } else {
        return NOT_IMPLEMENTED;
    }
    return bool_value(equal == (op == CMP_EQ));
}

static bool hash_slot(Thread *t, Value v, int64_t *hash)
{
    (void)t;
    uint64_t combined = (uint64_t)float_hash(as_complex(v)->real) + UINT64_C(1000003) * (uint64_t)float_hash(as_complex(v)->imag);
    *hash = (int64_t)combined == -1 ? -2 : (int64_t)combined;
    return true;
}

// ---- Text

// A part as repr writes it: shortest, without ".0".
static size_t part_text(double d, char *text)
{
    size_t length = float_repr(d, text);
    if (length > 2 && strcmp(text + length - 2, ".0") == 0) text[length -= 2] = 0;
    return length;
}

static Value repr(Thread *t, Value v)
{
    Pair p = pair_of(v);
    char real[40], imag[40], text[100];
    part_text(p.imag, imag);
    int length;
    if (p.real == 0.0 && !signbit(p.real)) {
        length = snprintf(text, sizeof text, "%sj", imag);
    } else {
        part_text(p.real, real);
        length = snprintf(text, sizeof text, "(%s%s%sj)", real, imag[0] == '-' ? "" : "+", imag);
    }
    return str_from_ascii(t, text, (size_t)length);
}

static bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

// Reads "1", "1j", "1+2j", "-j" …: the grammar of complex(), without parentheses and spaces.
static bool scan_parts(const char *at, const char *end, char *scratch, Pair *p)
{
    *p = (Pair){0.0, 0.0};
    const char *start = at;
    double first = 0.0;
    bool number = float_scan(&at, end, scratch, &first);
    if (!number) {
        at = start;
        first = 1.0;
        if (at < end && (*at == '+' || *at == '-')) first = *at++ == '-' ? -1.0 : 1.0;
    }
    if (at < end && (*at | 0x20) == 'j') {
        p->imag = first;
        return at + 1 == end;
    }
    if (!number) return false;
    p->real = first;
    if (at == end) return true;
    if (*at != '+' && *at != '-') return false;
    start = at;
    double second;
    if (!float_scan(&at, end, scratch, &second)) {
        second = *start == '-' ? -1.0 : 1.0;
        at = start + 1;
    }
    p->imag = second;
    return at < end && (*at | 0x20) == 'j' && at + 1 == end;
}

static Value from_str(Thread *t, Type *type, Str *s)
{
    OWN_MEMORY char *text = mem_allocate(t, 2 * s->length + 16);
    if (!text) return ERROR;
    for (size_t i = 0; i < s->length; i++) {
        Codepoint c = str_at(s, i);
        int digit = c < 128 ? -1 : codepoint_decimal_value(c);
        text[i] = c < 128 ? (char)c : digit >= 0 ? (char)('0' + digit) : codepoint_is_space(c) ? ' ' : '?';
    }
    const char *at = text, *end = text + s->length;
    while (at < end && is_space(*at)) at++;
    while (end > at && is_space(end[-1])) end--;
    if (at < end && *at == '(') {
        if (end[-1] != ')' || end - at < 2) return raise_value_error(t, "complex() arg is a malformed string");
        at++;
        end--;
        while (at < end && is_space(*at)) at++;
        while (end > at && is_space(end[-1])) end--;
    }
    for (size_t i = 0; i < s->length; i++) {                  // underscores stand between digits only
        bool between = i > 0 && i + 1 < s->length && text[i - 1] >= '0' && text[i - 1] <= '9' && text[i + 1] >= '0' && text[i + 1] <= '9';
        if (text[i] == '_' && !between) return raise_value_error(t, "could not convert string to complex: %R", object_value(s));
    }
    Pair p;
    if (at == end || !scan_parts(at, end, text + s->length + 8, &p)) return raise_value_error(t, "complex() arg is a malformed string");
    return make_complex(t, type, p.real, p.imag);
}

// ---- The constructor

// v.__complex__(), checked: an instance of complex, or UNBOUND when there is no such method.
static Value special_complex(Thread *t, Value v)
{
    if (is_complex(v) && as_object(v)->type == &complex_type) return retain(v);
    OWN Value given = call_special(t, v, NAME(__complex__), NULL, 0);
    if (is_error(given) || is_unbound(given)) return MOVE(given);
    if (!is_complex(given)) return raise_type_error(t, "__complex__ returned non-complex (type %.200T)", given);
    if (as_object(given)->type != &complex_type && !warn(t, &exc_DeprecationWarning, 1,
        "__complex__ returned non-complex (type %.200T).  The ability to return an instance of a strict subclass of complex is deprecated, "
        "and may not be allowed in a future version of Python.", given)) return ERROR;
    return MOVE(given);
}

static bool is_number(Value v)
{
    Type *type = type_of(v);
    return is_complex(v) || type->slots.to_float || type->slots.index || is_float(v) || is_int(v);
}

static Value construct(Thread *t, Type *type, const Value *args)
{
    Value first = args[0], second = args[1];
    if (is_unbound(first)) first = small_int(0);
    if (is_unbound(second) && type == &complex_type && is_object(first) && as_object(first)->type == &complex_type) return retain(first);
    if (is_str(first)) {
        if (!is_unbound(second)) return raise_type_error(t, "complex() can't take second arg if first is a string");
        return from_str(t, type, as_str(first));
    }
    if (!is_unbound(second) && is_str(second)) return raise_type_error(t, "complex() second arg can't be a string");
    OWN Value converted = special_complex(t, first);
    if (is_error(converted)) return ERROR;
    if (is_unbound(converted)) {
        if (!is_number(first)) return raise_type_error(t, "complex() first argument must be a string or a number, not '%.200T'", first);
        converted = retain(first);
    }
    if (!is_unbound(second) && !is_number(second)) return raise_type_error(t, "complex() second argument must be a number, not '%.200T'", second);
    Pair x = {0.0, 0.0}, y = {0.0, 0.0};
    bool x_complex = is_complex(converted), y_complex = !is_unbound(second) && is_complex(second);
    if (x_complex) x = pair_of(converted);
    else if (!float_from_value(t, converted, &x.real)) return ERROR;
    if (y_complex) y = pair_of(second);
    else if (!is_unbound(second) && !float_from_value(t, second, &y.real)) return ERROR;
    // x + y * 1j, each sum made only where there is something to add: so that signed zeros stay as they are.
    double real = y_complex ? x.real - y.imag : x.real;
    double imag = is_unbound(second) ? x.imag : x_complex ? y.real + x.imag : y.real;
    return make_complex(t, type, real, imag);
}

// ---- Methods

static Value method_conjugate(Thread *t, Value self, const Value *args)
{
    (void)args;
    return complex_from_doubles(t, as_complex(self)->real, -as_complex(self)->imag);
}

static Value method_complex(Thread *t, Value self, const Value *args)
{
    (void)args;
    return as_object(self)->type == &complex_type ? retain(self) : from_pair(t, pair_of(self));
}

static Value method_getnewargs(Thread *t, Value self, const Value *args)
{
    (void)args;
    return tuple_of(t, 2, float_from_outside(as_complex(self)->real), float_from_outside(as_complex(self)->imag));
}

static Value method_format(Thread *t, Value self, const Value *args)
{
    Str *spec = argument_str(t, args[0], "__format__", "");
    if (!spec) return ERROR;
    return spec->length == 0 ? object_str(t, self) : format_complex_spec(t, self, spec);
}

static Value get_real(Thread *t, Value self) { (void)t; return float_from_outside(as_complex(self)->real); }
static Value get_imag(Thread *t, Value self) { (void)t; return float_from_outside(as_complex(self)->imag); }

static const Method methods[] = {
    {"conjugate", method_conjugate, "(self, /)", "Return the complex conjugate of its argument. (3-4j).conjugate() == 3+4j."},
    {"__complex__", method_complex, "(self, /)", "Convert this value to exact type complex."},
    {"__getnewargs__", method_getnewargs, "(self, /)", NULL},
    {"__format__", method_format, "(self, format_spec, /)", "Convert to a string according to format_spec."},
    {0},
};

static const GetSet getsets[] = {
    {"real", get_real, NULL, "the real part of a complex number"},
    {"imag", get_imag, NULL, "the imaginary part of a complex number"},
    {0},
};

const TypeSpec complex_spec = {
    .name = "complex",
    .text_signature = "(real=0, imag=0)",
    .doc = "Create a complex number from a string or numbers.\n\nIf a string is given, parse it as a complex number.\n"
           "If a single number is given, convert it to a complex number.\n"
           "If the 'real' or 'imag' arguments are given, create a complex number\nwith the specified real and imaginary components.",
    .size = sizeof(Complex),
    .flags = TYPE_BASE | TYPE_IMMUTABLE,
    .slots = {
        .repr = repr,
        .hash = hash_slot,
        .compare = compare,
        .binary = {[OP_ADD] = add, [OP_SUBTRACT] = subtract, [OP_MULTIPLY] = multiply, [OP_TRUEDIV] = true_divide},
        .power = complex_power,
        .unary = {[OP_NEGATIVE] = negative, [OP_POSITIVE] = positive},
        .absolute = absolute,
        .truth = truth,
    },
    .methods = methods,
    .getsets = getsets,
    .new_signature = "(real=<unset>, imag=<unset>)",
    .construct = construct,
};
