// SPDX-License-Identifier: MIT
// stdlib/cmath/cmath.c: the module cmath: the C library's functions of complex numbers, with Python's errors.
//
// The values at infinities and NaNs are those of the C standard (annex G), which are CPython's. An error is raised where there is no
// value at all (a domain error), or where finite parts give an infinite one (a range error).
#include <complex.h>
#include <float.h>

#include "runtime/call.h"
#include "runtime/error.h"
#include "runtime/types/float.h"
#include "runtime/types/module.h"
#include "runtime/types/tuple.h"

#ifndef CMPLX             // glibc has it for gcc only
#define CMPLX(real, imaginary) __builtin_complex((double)(real), (double)(imaginary))
#endif

typedef double complex Z;

static Value domain_error(Thread *t) { return raise_value_error(t, "math domain error"); }
static Value range_error(Thread *t) { return raise_error(t, &exc_OverflowError, "math range error"); }

static bool complex_from(Thread *t, Value v, Z *z)
{
    if (is_small_float(v)) {
        *z = CMPLX(as_small_float(v), 0.0);
        return true;
    }
    OWN Value made = is_instance_of(v, &complex_type) ? retain(v) : call_special(t, v, NAME(__complex__), NULL, 0);
    if (is_error(made)) return false;
    if (!is_unbound(made)) {
        if (!is_instance_of(made, &complex_type)) return error_false(raise_type_error(t, "__complex__ returned non-complex (type %.200T)", made));
        const Complex *c = (const Complex *)as_object(made);
        *z = CMPLX(c->real, c->imag);
        return true;
    }
    double real;
    if (!float_from_value(t, v, &real)) return false;
    *z = CMPLX(real, 0.0);
    return true;
}
static Value complex_value(Thread *t, Z z)
{
    double real = creal(z), imag = cimag(z);
    return complex_from_doubles(t, isnan(real) ? copysign(NAN, real) : real, isnan(imag) ? copysign(NAN, imag) : imag);
}
static bool is_finite(Z z) { return isfinite(creal(z)) && isfinite(cimag(z)); }

// Where a function has no value.
typedef bool (*NoValueFn)(Z z);
static bool nowhere(Z z) { return false; }
static bool at_zero(Z z) { return creal(z) == 0.0 && cimag(z) == 0.0; }
static bool at_real_one(Z z) { return fabs(creal(z)) == 1.0 && cimag(z) == 0.0; }
static bool at_imaginary_one(Z z) { return creal(z) == 0.0 && fabs(cimag(z)) == 1.0; }
static bool turning_for_ever(Z z) { return isinf(cimag(z)) && !isnan(creal(z)); }
static bool turning_and_growing(Z z) { return isinf(cimag(z)) && !isnan(creal(z)) && creal(z) != -INFINITY; }
static bool turning_in_place(Z z) { return isinf(cimag(z)) && isfinite(creal(z)); }
static bool real_turning_for_ever(Z z) { return isinf(creal(z)) && !isnan(cimag(z)); }
static bool real_turning_in_place(Z z) { return isinf(creal(z)) && isfinite(cimag(z)); }

static Value apply(Thread *t, Value argument, Z (*function)(Z), NoValueFn has_none)
{
    Z z;
    if (!complex_from(t, argument, &z)) return ERROR;
    if (has_none(z)) return domain_error(t);
    Z result = function(z);
    if (is_finite(z) && (isinf(creal(result)) || isinf(cimag(result)))) return range_error(t);
    return complex_value(t, result);
}
#define FUNCTION(name, c_function, has_none) \
    static Value name##_function(Thread *t, Value self, const Value *args) { return apply(t, args[0], c_function, has_none); }
static Z acosh_of(Z z) { return creal(z) == 0.0 && isnan(cimag(z)) ? CMPLX(NAN, NAN) : cacosh(z); }     // CPython has no angle there
FUNCTION(acos, cacos, nowhere) FUNCTION(acosh, acosh_of, nowhere) FUNCTION(asin, casin, nowhere) FUNCTION(asinh, casinh, nowhere)
FUNCTION(atan, catan, at_imaginary_one) FUNCTION(atanh, catanh, at_real_one) FUNCTION(cos, ccos, real_turning_for_ever)
FUNCTION(cosh, ccosh, turning_for_ever) FUNCTION(exp, cexp, turning_and_growing) FUNCTION(log10, clog10, at_zero)
FUNCTION(sin, csin, real_turning_for_ever) FUNCTION(sinh, csinh, turning_for_ever) FUNCTION(sqrt, csqrt, nowhere)
FUNCTION(tan, ctan, real_turning_in_place) FUNCTION(tanh, ctanh, turning_in_place)

static Value log_function(Thread *t, Value self, const Value *args)
{
    OWN Value x = apply(t, args[0], clog, at_zero);
    if (is_error(x) || is_unbound(args[1])) return MOVE(x);
    OWN Value base = apply(t, args[1], clog, at_zero);
    if (is_error(base)) return ERROR;
    OWN Value result = object_binary(t, OP_TRUEDIV, x, base);
    return is_error(result) && error_clear_if(t, &exc_ZeroDivisionError) ? domain_error(t) : MOVE(result);
}

// ---- Polar coordinates
static bool modulus(Thread *t, Z z, double *r)
{
    *r = hypot(creal(z), cimag(z));
    return !(isinf(*r) && is_finite(z)) || error_false(range_error(t));
}
static Value phase_function(Thread *t, Value self, const Value *args)
{
    Z z;
    return complex_from(t, args[0], &z) ? float_from_outside(atan2(cimag(z), creal(z))) : ERROR;
}
static Value polar_function(Thread *t, Value self, const Value *args)
{
    Z z;
    double r;
    if (!complex_from(t, args[0], &z) || !modulus(t, z, &r)) return ERROR;
    return tuple_of(t, 2, float_from_outside(r), float_from_outside(atan2(cimag(z), creal(z))));
}
static Value rect_function(Thread *t, Value self, const Value *args)
{
    double r, phi;
    if (!float_from_value(t, args[0], &r) || !float_from_value(t, args[1], &phi)) return ERROR;
    if (isinf(phi) && r != 0.0 && !isnan(r)) return domain_error(t);
    if (r == 0.0 && !isfinite(phi)) return complex_value(t, 0.0);
    if (phi == 0.0) return complex_from_doubles(t, isnan(r) ? (double)NAN : r, isnan(r) || isinf(r) ? phi : r * phi);
    return complex_value(t, CMPLX(r * cos(phi), r * sin(phi)));
}

// ---- Questions
static Value isfinite_function(Thread *t, Value self, const Value *args)
{
    Z z;
    return complex_from(t, args[0], &z) ? bool_value(is_finite(z)) : ERROR;
}
static Value isinf_function(Thread *t, Value self, const Value *args)
{
    Z z;
    return complex_from(t, args[0], &z) ? bool_value(isinf(creal(z)) || isinf(cimag(z))) : ERROR;
}
static Value isnan_function(Thread *t, Value self, const Value *args)
{
    Z z;
    return complex_from(t, args[0], &z) ? bool_value(isnan(creal(z)) || isnan(cimag(z))) : ERROR;
}
static Value isclose_function(Thread *t, Value self, const Value *args)
{
    Z a, b;
    double relative, absolute;
    if (!complex_from(t, args[0], &a) || !complex_from(t, args[1], &b) || !float_from_value(t, args[2], &relative) || !float_from_value(t, args[3], &absolute)) return ERROR;
    if (relative < 0.0 || absolute < 0.0) return raise_value_error(t, "tolerances must be non-negative");
    if (creal(a) == creal(b) && cimag(a) == cimag(b)) return TRUE;
    if (isinf(creal(a)) || isinf(cimag(a)) || isinf(creal(b)) || isinf(cimag(b))) return FALSE;
    double apart = cabs(a - b);
    return bool_value(apart <= relative * cabs(b) || apart <= relative * cabs(a) || apart <= absolute);
}

#define ENTRY(name, doc) {#name, name##_function, "(z, /)", doc}
static const Method functions[] = {
    ENTRY(acos, "The arc cosine of z."), ENTRY(acosh, "The inverse hyperbolic cosine of z."), ENTRY(asin, "The arc sine of z."),
    ENTRY(asinh, "The inverse hyperbolic sine of z."), ENTRY(atan, "The arc tangent of z."), ENTRY(atanh, "The inverse hyperbolic tangent of z."),
    ENTRY(cos, "The cosine of z."), ENTRY(cosh, "The hyperbolic cosine of z."), ENTRY(exp, "e to the power of z."), ENTRY(log10, "The logarithm of z to base 10."),
    ENTRY(sin, "The sine of z."), ENTRY(sinh, "The hyperbolic sine of z."), ENTRY(sqrt, "The square root of z."), ENTRY(tan, "The tangent of z."),
    ENTRY(tanh, "The hyperbolic tangent of z."), ENTRY(phase, "The angle of z, in radians."), ENTRY(polar, "z as its distance from 0 and its angle."),
    ENTRY(isfinite, "Whether both parts of z are finite."), ENTRY(isinf, "Whether a part of z is infinite."), ENTRY(isnan, "Whether a part of z is not a number."),
    {"log", log_function, "(z, base=<unset>, /)", "The logarithm of z, natural or to the given base."},
    {"rect", rect_function, "(r, phi, /)", "The complex number at that distance from 0 and that angle."},
    {"isclose", isclose_function, "(a, b, *, rel_tol=1e-09, abs_tol=0.0)", "Whether two complex numbers are close to each other."},
    {0},
};
static bool start(Thread *t, Value module)
{
    return module_add(t, module, "pi", float_value(3.14159265358979323846)) && module_add(t, module, "e", float_value(2.7182818284590452354)) &&
           module_add(t, module, "tau", float_value(6.28318530717958647692)) && module_add(t, module, "inf", float_value(INFINITY)) &&
           module_add(t, module, "nan", float_value(NAN)) && module_add(t, module, "infj", complex_from_doubles(t, 0.0, INFINITY)) &&
           module_add(t, module, "nanj", complex_from_doubles(t, 0.0, NAN));
}
extern const ModuleSpec cmath_spec;
const ModuleSpec cmath_spec = {.name = "cmath", .doc = "Functions of complex numbers.", .functions = functions, .start = start};
