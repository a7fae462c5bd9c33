// SPDX-License-Identifier: MIT
// stdlib/_statistics/statistics.c: the quantile function of the normal distribution, for the borrowed module statistics.
//
// Wichura's algorithm AS 241 (Applied Statistics 37, 1988): the distance from the median is a quotient of polynomials, one in the middle of the
// distribution, one in its tails, one far out; the relative error is about 10^-16.
#include <math.h>

#include "runtime/error.h"
#include "runtime/types/float.h"
#include "runtime/types/module.h"

#define DEGREE 7
typedef struct Quotient { double above[DEGREE + 1], below[DEGREE + 1]; } Quotient;     // the highest power first
static const Quotient middle = {
    {2509.0809287301227, 33430.57558358813, 67265.7709270087, 45921.95393154987, 13731.69376550946, 1971.5909503065513, 133.14166789178438, 3.3871328727963665},
    {5226.495278852854, 28729.085735721943, 39307.89580009271, 21213.794301586597, 5394.196021424751, 687.1870074920579, 42.31333070160091, 1.0},
};
static const Quotient tail = {
    {0.0007745450142783414, 0.022723844989269184, 0.2417807251774506, 1.2704582524523684, 3.6478483247632045, 5.769497221460691, 4.630337846156546,
     1.4234371107496835},
    {1.0507500716444169e-09, 0.0005475938084995345, 0.015198666563616457, 0.14810397642748008, 0.6897673349851, 1.6763848301838038, 2.053191626637759, 1.0},
};
static const Quotient far_tail = {
    {2.0103343992922881e-07, 2.7115555687434876e-05, 0.0012426609473880784, 0.026532189526576124, 0.29656057182850487, 1.7848265399172913, 5.463784911164114,
     6.657904643501103},
    {2.0442631033899397e-15, 1.421511758316446e-07, 1.8463183175100548e-05, 0.0007868691311456133, 0.014875361290850615, 0.1369298809227358,
     0.599832206555888, 1.0},
};
static double polynomial(const double *coefficients, double x)
{
    double sum = coefficients[0];
    for (int i = 1; i <= DEGREE; i++) sum = sum * x + coefficients[i];
    return sum;
}
static double quotient(const Quotient *q, double factor, double x) { return polynomial(q->above, x) * factor / polynomial(q->below, x); }

static double standard_quantile(double p)
{
    double off = p - 0.5;
    if (fabs(off) <= 0.425) return quotient(&middle, off, 0.180625 - off * off);
    double r = sqrt(-log(off <= 0 ? p : 1 - p));
    double x = r <= 5 ? quotient(&tail, 1, r - 1.6) : quotient(&far_tail, 1, r - 5);
    return off < 0 ? -x : x;
}
static Value inv_cdf(Thread *t, Value self, const Value *args)
{
    double p, mu, sigma;
    if (!float_from_value(t, args[0], &p) || !float_from_value(t, args[1], &mu) || !float_from_value(t, args[2], &sigma)) return ERROR;
    if (p <= 0 || p >= 1 || sigma <= 0) return raise_value_error(t, "inv_cdf undefined for these parameters");
    return float_from_outside(mu + standard_quantile(p) * sigma);
}
static const Method functions[] = {
    {"_normal_dist_inv_cdf", inv_cdf, "(p, mu, sigma, /)", "The value below which a normally distributed one lies with probability p."},
    {0},
};
extern const ModuleSpec _statistics_spec;
const ModuleSpec _statistics_spec = {.name = "_statistics", .doc = "A function of the module statistics that is better in C.", .functions = functions};
