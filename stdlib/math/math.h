// SPDX-License-Identifier: MIT
// stdlib/math/math.h: the functions of math that stand in files of their own.
#ifndef BATON_STDLIB_MATH_H
#define BATON_STDLIB_MATH_H

#include "runtime/error.h"
#include "runtime/types/float.h"
#include "runtime/types/int_internal.h"
#include "runtime/types/module.h"
#include "runtime/types/tuple.h"

NEEDS_GIL COLD Value math_domain_error(Thread *t);     // ValueError: math domain error
NEEDS_GIL COLD Value math_range_error(Thread *t);      // OverflowError: math range error
typedef Value MathFunction(Thread *t, Value self, const Value *args);
MathFunction math_gcd, math_lcm, math_isqrt, math_comb, math_perm, math_factorial, math_prod, math_fsum, math_hypot, math_dist;

#endif
