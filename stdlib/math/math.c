// SPDX-License-Identifier: MIT
// stdlib/math/math.c: the module math: the C library's functions of real numbers, with Python's errors.
//
// A result that is no number for an argument that is one is a domain error; an infinite result for a finite argument is a range
// error where the function can grow beyond all bounds, else a domain error.
#include "stdlib/math/math.h"

#include <errno.h>

#include "runtime/call.h"

Value math_domain_error(Thread *t) { return raise_value_error(t, "math domain error"); }
Value math_range_error(Thread *t) { return raise_error(t, &exc_OverflowError, "math range error"); }

enum Growth { BOUNDED, UNBOUNDED };

static Value apply(Thread *t, Value argument, double (*function)(double), enum Growth growth)
{
    double x;
    if (!float_from_value(t, argument, &x)) return ERROR;
    double result = function(x);
    if (isnan(result) && !isnan(x)) return math_domain_error(t);
    if (isinf(result) && isfinite(x)) return growth == UNBOUNDED ? math_range_error(t) : math_domain_error(t);
    return float_from_outside(result);
}

#define FUNCTION(name, c_function, growth) \
    static Value name##_function(Thread *t, Value self, const Value *args) { (void)self; return apply(t, args[0], c_function, growth); }
FUNCTION(acos, acos, BOUNDED) FUNCTION(acosh, acosh, BOUNDED) FUNCTION(asin, asin, BOUNDED) FUNCTION(asinh, asinh, BOUNDED)
FUNCTION(atan, atan, BOUNDED) FUNCTION(atanh, atanh, BOUNDED) FUNCTION(cbrt, cbrt, BOUNDED) FUNCTION(cos, cos, BOUNDED)
FUNCTION(cosh, cosh, UNBOUNDED) FUNCTION(erf, erf, BOUNDED) FUNCTION(erfc, erfc, BOUNDED) FUNCTION(exp, exp, UNBOUNDED)
FUNCTION(exp2, exp2, UNBOUNDED) FUNCTION(expm1, expm1, UNBOUNDED) FUNCTION(fabs, fabs, BOUNDED) FUNCTION(log1p, log1p, BOUNDED)
FUNCTION(sin, sin, BOUNDED) FUNCTION(sinh, sinh, UNBOUNDED) FUNCTION(sqrt, sqrt, BOUNDED) FUNCTION(tan, tan, BOUNDED)
FUNCTION(tanh, tanh, BOUNDED)

static Value gamma_function(Thread *t, Value self, const Value *args)
{
    (void)self;
    double x;
    if (!float_from_value(t, args[0], &x)) return ERROR;
    if (x == -INFINITY || x == 0.0 || (x < 0.0 && isfinite(x) && x == floor(x))) return math_domain_error(t);
    double result = x == floor(x) && x > 0.0 && x <= 23.0 ? 1.0 : tgamma(x);
    if (x == floor(x) && x > 0.0 && x <= 23.0) for (double n = 2.0; n < x; n++) result *= n;       // exact factorials
    if (isinf(result) && isfinite(x)) return math_range_error(t);
    return float_from_outside(result);
}

static Value lgamma_function(Thread *t, Value self, const Value *args)
{
    (void)self;
    double x;
    if (!float_from_value(t, args[0], &x)) return ERROR;
    if (isfinite(x) && x == floor(x) && x <= 0.0) return math_domain_error(t);
    int sign;
    double result = isinf(x) ? INFINITY : lgamma_r(x, &sign);
    return isinf(result) && isfinite(x) ? math_range_error(t) : float_from_outside(result);
}

// ---- Logarithms: of ints of any size too

static double log_of_big(mpz_srcptr z, double (*function)(double), double of_two)
{
    signed long exponent;
    double mantissa = mpz_get_d_2exp(&exponent, z);
    return function(mantissa) + of_two * (double)exponent;
}

static bool logarithm(Thread *t, Value v, double (*function)(double), double *result)
{
    double x;
    if (is_int(v)) {
        if (int_sign(v) <= 0) return error_false(math_domain_error(t));
        if (is_object(v) && mpz_sizeinbase(as_int_object(v)->value, 2) > 1000) {
            *result = log_of_big(as_int_object(v)->value, function, function(2.0));
            return true;
        }
        if (!int_as_double(t, v, &x)) return false;
    } else if (!float_from_value(t, v, &x)) {
        return false;
    }
    if (x <= 0.0) return error_false(math_domain_error(t));
    *result = function(x);
    return true;
}

static Value log_function(Thread *t, Value self, const Value *args)
{
    (void)self;
    double x, base;
    if (!logarithm(t, args[0], log, &x)) return ERROR;
    if (is_unbound(args[1])) return float_from_outside(x);
    if (!logarithm(t, args[1], log, &base)) return ERROR;
    return base == 0.0 ? raise_error(t, &exc_ZeroDivisionError, "float division by zero") : float_from_outside(x / base);
}

static Value log2_function(Thread *t, Value self, const Value *args)
{
    (void)self;
    double x;
    return logarithm(t, args[0], log2, &x) ? float_from_outside(x) : ERROR;
}

static Value log10_function(Thread *t, Value self, const Value *args)
{
    (void)self;
    double x;
    return logarithm(t, args[0], log10, &x) ? float_from_outside(x) : ERROR;
}

// ---- Of two numbers

static bool two(Thread *t, const Value *args, double *x, double *y) { return float_from_value(t, args[0], x) && float_from_value(t, args[1], y); }

static Value atan2_function(Thread *t, Value self, const Value *args)
{
    (void)self;
    double y, x;
    return two(t, args, &y, &x) ? float_from_outside(atan2(y, x)) : ERROR;
}

static Value copysign_function(Thread *t, Value self, const Value *args)
{
    (void)self;
    double x, y;
    return two(t, args, &x, &y) ? float_from_outside(copysign(x, y)) : ERROR;
}

static Value nextafter_function(Thread *t, Value self, const Value *args)
{
    (void)self;
    double x, y;
    return two(t, args, &x, &y) ? float_from_outside(nextafter(x, y)) : ERROR;
}

static Value fmod_function(Thread *t, Value self, const Value *args)
{
    (void)self;
    double x, y;
    if (!two(t, args, &x, &y)) return ERROR;
    if (isinf(y) && isfinite(x)) return float_value(x);
    double result = fmod(x, y);
    return isnan(result) && !isnan(x) && !isnan(y) ? math_domain_error(t) : float_from_outside(result);
}

static Value remainder_function(Thread *t, Value self, const Value *args)
{
    (void)self;
    double x, y;
    if (!two(t, args, &x, &y)) return ERROR;
    double result = remainder(x, y);
    return isnan(result) && !isnan(x) && !isnan(y) ? math_domain_error(t) : float_from_outside(result);
}

static Value pow_function(Thread *t, Value self, const Value *args)
{
    (void)self;
    double x, y;
    if (!two(t, args, &x, &y)) return ERROR;
    double result = pow(x, y);
    if (isfinite(x) && isfinite(y)) {
        if (isnan(result)) return math_domain_error(t);
        if (isinf(result)) return x == 0.0 ? math_domain_error(t) : math_range_error(t);
    }
    return float_from_outside(result);
}

static Value ldexp_function(Thread *t, Value self, const Value *args)
{
    (void)self;
    double x;
    if (!float_from_value(t, args[0], &x)) return ERROR;
    if (!is_int(args[1])) return raise_type_error(t, "Expected an int as second argument to ldexp.");
    if (x == 0.0 || !isfinite(x)) return float_from_outside(x);
    int sign = int_sign(args[1]);
    int64_t exponent = int_is_immediate(args[1]) ? int_immediate(args[1]) : sign < 0 ? INT64_MIN : INT64_MAX;
    if (exponent > 5000) return math_range_error(t);
    if (exponent < -5000) return float_value(copysign(0.0, x));
    double result = ldexp(x, (int)exponent);
    return isinf(result) ? math_range_error(t) : float_value(result);
}

// ---- Parts of a number

static Value frexp_function(Thread *t, Value self, const Value *args)
{
    (void)self;
    double x;
    int exponent = 0;
    if (!float_from_value(t, args[0], &x)) return ERROR;
    double mantissa = isfinite(x) && x != 0.0 ? frexp(x, &exponent) : x;
    return tuple_of(t, 2, float_from_outside(mantissa), small_int(exponent));
}

static Value modf_function(Thread *t, Value self, const Value *args)
{
    (void)self;
    double x, whole;
    if (!float_from_value(t, args[0], &x)) return ERROR;
    if (isinf(x)) return tuple_of(t, 2, float_value(copysign(0.0, x)), float_value(x));
    double fraction = modf(x, &whole);
    return tuple_of(t, 2, float_from_outside(fraction), float_from_outside(whole));
}

// floor, ceil: of a float directly, else by the type's own method.
static Value round_to_int(Thread *t, Value v, Str *method, double (*function)(double))
{
    if (is_small_float(v)) return int_from_double(t, function(as_small_float(v)));
    OWN Value result = call_special(t, v, method, NULL, 0);
    if (!is_unbound(result)) return MOVE(result);
    double x;
    return float_from_value(t, v, &x) ? int_from_double(t, function(x)) : ERROR;
}

static Value floor_function(Thread *t, Value self, const Value *args) { (void)self; return round_to_int(t, args[0], NAME(__floor__), floor); }
static Value ceil_function(Thread *t, Value self, const Value *args) { (void)self; return round_to_int(t, args[0], NAME(__ceil__), ceil); }

static Value trunc_function(Thread *t, Value self, const Value *args)
{
    (void)self;
    if (is_small_float(args[0])) return int_from_double(t, as_small_float(args[0]));
    Value result = call_special(t, args[0], NAME(__trunc__), NULL, 0);
    return is_unbound(result) ? raise_type_error(t, "type %.100T doesn't define __trunc__ method", args[0]) : result;
}

static Value ulp_function(Thread *t, Value self, const Value *args)
{
    (void)self;
    double x;
    if (!float_from_value(t, args[0], &x)) return ERROR;
    x = fabs(x);
    if (!isfinite(x)) return float_from_outside(x);
    double above = nextafter(x, INFINITY);
    return float_value(isinf(above) ? x - nextafter(x, -INFINITY) : above - x);
}

static Value degrees_function(Thread *t, Value self, const Value *args)
{
    (void)self;
    double x;
    return float_from_value(t, args[0], &x) ? float_from_outside(x * (180.0 / M_PI)) : ERROR;
}

static Value radians_function(Thread *t, Value self, const Value *args)
{
    (void)self;
    double x;
    return float_from_value(t, args[0], &x) ? float_from_outside(x * (M_PI / 180.0)) : ERROR;
}

// ---- Questions

static Value isfinite_function(Thread *t, Value self, const Value *args)
{
    (void)self;
    double x;
    return float_from_value(t, args[0], &x) ? bool_value(isfinite(x)) : ERROR;
}

static Value isinf_function(Thread *t, Value self, const Value *args)
{
    (void)self;
    double x;
    return float_from_value(t, args[0], &x) ? bool_value(isinf(x)) : ERROR;
}

static Value isnan_function(Thread *t, Value self, const Value *args)
{
    (void)self;
    double x;
    return float_from_value(t, args[0], &x) ? bool_value(isnan(x)) : ERROR;
}

static Value isclose_function(Thread *t, Value self, const Value *args)
{
    (void)self;
    double a, b, relative, absolute;
    if (!two(t, args, &a, &b) || !two(t, args + 2, &relative, &absolute)) return ERROR;
    if (relative < 0.0 || absolute < 0.0) return raise_value_error(t, "tolerances must be non-negative");
    if (a == b) return TRUE;
    if (isinf(a) || isinf(b)) return FALSE;
    double difference = fabs(b - a);
    return bool_value(difference <= fabs(relative * b) || difference <= fabs(relative * a) || difference <= absolute);
}

static const Method functions[] = {
    {"acos", acos_function, "(x, /)", "Return the arc cosine (measured in radians) of x."},
    {"acosh", acosh_function, "(x, /)", "Return the inverse hyperbolic cosine of x."},
    {"asin", asin_function, "(x, /)", "Return the arc sine (measured in radians) of x."},
    {"asinh", asinh_function, "(x, /)", "Return the inverse hyperbolic sine of x."},
    {"atan", atan_function, "(x, /)", "Return the arc tangent (measured in radians) of x."},
    {"atan2", atan2_function, "(y, x, /)", "Return the arc tangent (measured in radians) of y/x."},
    {"atanh", atanh_function, "(x, /)", "Return the inverse hyperbolic tangent of x."},
    {"cbrt", cbrt_function, "(x, /)", "Return the cube root of x."},
    {"ceil", ceil_function, "(x, /)", "Return the ceiling of x as an Integral."},
    {"comb", math_comb, "(n, k, /)", "Number of ways to choose k items from n items without repetition and without order."},
    {"copysign", copysign_function, "(x, y, /)", "Return a float with the magnitude of x but the sign of y."},
    {"cos", cos_function, "(x, /)", "Return the cosine of x (measured in radians)."},
    {"cosh", cosh_function, "(x, /)", "Return the hyperbolic cosine of x."},
    {"degrees", degrees_function, "(x, /)", "Convert angle x from radians to degrees."},
    {"dist", math_dist, "(p, q, /)", "Return the Euclidean distance between two points p and q."},
    {"erf", erf_function, "(x, /)", "Error function at x."},
    {"erfc", erfc_function, "(x, /)", "Complementary error function at x."},
    {"exp", exp_function, "(x, /)", "Return e raised to the power of x."},
    {"exp2", exp2_function, "(x, /)", "Return 2 raised to the power of x."},
    {"expm1", expm1_function, "(x, /)", "Return exp(x)-1."},
    {"fabs", fabs_function, "(x, /)", "Return the absolute value of the float x."},
    {"factorial", math_factorial, "(n, /)", "Find n!."},
    {"floor", floor_function, "(x, /)", "Return the floor of x as an Integral."},
    {"fmod", fmod_function, "(x, y, /)", "Return fmod(x, y), according to platform C."},
    {"frexp", frexp_function, "(x, /)", "Return the mantissa and exponent of x, as pair (m, e)."},
    {"fsum", math_fsum, "(seq, /)", "Return an accurate floating point sum of values in the iterable seq."},
    {"gamma", gamma_function, "(x, /)", "Gamma function at x."},
    {"gcd", math_gcd, "(*integers)", "Greatest Common Divisor."},
    {"hypot", math_hypot, "(*coordinates)", "Multidimensional Euclidean distance from the origin to a point."},
    {"isclose", isclose_function, "(a, b, *, rel_tol=1e-09, abs_tol=0.0)", "Determine whether two floating point numbers are close in value."},
    {"isfinite", isfinite_function, "(x, /)", "Return True if x is neither an infinity nor a NaN, and False otherwise."},
    {"isinf", isinf_function, "(x, /)", "Return True if x is a positive or negative infinity, and False otherwise."},
    {"isnan", isnan_function, "(x, /)", "Return True if x is a NaN (not a number), and False otherwise."},
    {"isqrt", math_isqrt, "(n, /)", "Return the integer part of the square root of the input."},
    {"lcm", math_lcm, "(*integers)", "Least Common Multiple."},
    {"ldexp", ldexp_function, "(x, i, /)", "Return x * (2**i)."},
    {"lgamma", lgamma_function, "(x, /)", "Natural logarithm of absolute value of Gamma function at x."},
    {"log", log_function, "(x, base=<unset>, /)", "Return the logarithm of x to the given base; without one, the natural logarithm."},
    {"log10", log10_function, "(x, /)", "Return the base 10 logarithm of x."},
    {"log1p", log1p_function, "(x, /)", "Return the natural logarithm of 1+x (base e)."},
    {"log2", log2_function, "(x, /)", "Return the base 2 logarithm of x."},
    {"modf", modf_function, "(x, /)", "Return the fractional and integer parts of x."},
    {"nextafter", nextafter_function, "(x, y, /)", "Return the next floating-point value after x towards y."},
    {"perm", math_perm, "(n, k=None, /)", "Number of ways to choose k items from n items without repetition and with order."},
    {"pow", pow_function, "(x, y, /)", "Return x**y (x to the power of y)."},
    {"prod", math_prod, "(iterable, /, *, start=1)", "Calculate the product of all the elements in the input iterable."},
    {"radians", radians_function, "(x, /)", "Convert angle x from degrees to radians."},
    {"remainder", remainder_function, "(x, y, /)", "Difference between x and the closest integer multiple of y."},
    {"sin", sin_function, "(x, /)", "Return the sine of x (measured in radians)."},
    {"sinh", sinh_function, "(x, /)", "Return the hyperbolic sine of x."},
    {"sqrt", sqrt_function, "(x, /)", "Return the square root of x."},
    {"tan", tan_function, "(x, /)", "Return the tangent of x (measured in radians)."},
    {"tanh", tanh_function, "(x, /)", "Return the hyperbolic tangent of x."},
    {"trunc", trunc_function, "(x, /)", "Truncates the Real x to the nearest Integral toward 0."},
    {"ulp", ulp_function, "(x, /)", "Return the value of the least significant bit of the float x."},
    {0},
};

static bool start(Thread *t, Value module)
{
    return module_add(t, module, "pi", float_value(M_PI)) && module_add(t, module, "e", float_value(M_E)) &&
           module_add(t, module, "tau", float_value(2.0 * M_PI)) && module_add(t, module, "inf", float_value(INFINITY)) &&
           module_add(t, module, "nan", float_value((double)NAN));
}

const ModuleSpec math_spec = {
    .name = "math",
    .doc = "This module provides access to the mathematical functions\ndefined by the C standard.",
    .functions = functions,
    .start = start,
};
