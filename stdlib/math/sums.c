// SPDX-License-Identifier: MIT
// stdlib/math/sums.c: the functions of math over many numbers: prod, fsum, hypot, dist.
#include "runtime/heap.h"
#include "stdlib/math/math.h"

Value math_prod(Thread *t, Value self, const Value *args)
{
    (void)self;
    OWN Value product = retain(args[1]), iterator = object_iter(t, args[0]);
    if (is_error(iterator)) return ERROR;
    for (;;) {
        OWN Value item = object_next(t, iterator);
        if (is_error(item)) return ERROR;
        if (is_unbound(item)) return MOVE(product);
        assign(&product, object_binary(t, OP_MULTIPLY, product, item));
        if (is_error(product)) return ERROR;
    }
}

// ---- fsum: the exact sum, rounded once
// Always: the partials do not overlap and grow; their exact sum is the sum so far.
typedef struct Partials { double *items; size_t count, capacity; double special; bool has_inf, has_nan; } Partials;

static bool add_partial(Thread *t, Partials *p, double x)
{
    size_t kept = 0;
    double given = x;
    for (size_t i = 0; i < p->count; i++) {
        double y = p->items[i];
        if (fabs(x) < fabs(y)) {
            double swapped = x;
            x = y;
            y = swapped;
        }
        volatile double high = x + y, rounded = high - x;
        double low = y - rounded;
        if (low != 0.0) p->items[kept++] = low;
        x = high;
    }
    p->count = kept;
    if (x == 0.0) return true;
    if (!isfinite(x)) {
        if (isfinite(given)) return error_false(raise_error(t, &exc_OverflowError, "intermediate overflow in fsum"));
        p->has_inf |= isinf(given);
        p->has_nan = p->has_nan || (p->has_inf && isnan(p->special + given) && !isnan(given) && isinf(p->special));
        p->special += given;
        p->count = 0;
        return true;
    }
    if (p->count == p->capacity) {
        size_t capacity = p->capacity * 2 + 16;
        double *items = mem_reallocate(t, p->items, capacity * sizeof *items);
        if (!items) return false;
        p->items = items;
        p->capacity = capacity;
    }
    p->items[p->count++] = x;
    return true;
}

// The partials added from the largest down, until something is lost; a tie is broken by what follows.
static double round_partials(const Partials *p)
{
    size_t n = p->count;
    if (n == 0) return 0.0;
    double high = p->items[--n], low = 0.0;
    while (n > 0) {
        double x = high, y = p->items[--n];
        volatile double sum = x + y, rounded = sum - x;
        high = sum;
        low = y - rounded;
        if (low != 0.0) break;
    }
    if (n > 0 && ((low < 0.0 && p->items[n - 1] < 0.0) || (low > 0.0 && p->items[n - 1] > 0.0))) {
        double twice = low * 2.0;
        volatile double x = high + twice, rounded = x - high;
        if (twice == rounded) high = x;
    }
    return high;
}

static bool sum_all(Thread *t, Value iterator, Partials *p)
{
    for (;;) {
        OWN Value item = object_next(t, iterator);
        double x;
        if (is_error(item)) return false;
        if (is_unbound(item)) return true;
        if (!float_from_value(t, item, &x) || !add_partial(t, p, x)) return false;
    }
}

Value math_fsum(Thread *t, Value self, const Value *args)
{
    (void)self;
    OWN Value iterator = object_iter(t, args[0]);
    if (is_error(iterator)) return ERROR;
    Partials p = {0};
    bool good = sum_all(t, iterator, &p);
    double sum = round_partials(&p);
    mem_free(p.items);
    if (!good) return ERROR;
    if (p.has_nan) return raise_value_error(t, "-inf + inf in fsum");
    return float_from_outside(p.special != 0.0 || isnan(p.special) ? p.special : sum);
}

// ---- Lengths of vectors

// The root of the sum of squares, scaled so that nothing overflows, in wider arithmetic so that it is rounded once.
static double vector_length(const double *items, size_t count, double largest, bool has_nan)
{
    if (isinf(largest)) return INFINITY;
    if (has_nan) return (double)NAN;
    if (largest == 0.0 || count <= 1) return largest;
    int exponent;
    frexp(largest, &exponent);
    long double sum = 0.0L;
    for (size_t i = 0; i < count; i++) {
        long double x = ldexpl((long double)items[i], -exponent);
        sum += x * x;
    }
    return (double)ldexpl(sqrtl(sum), exponent);
}

Value math_hypot(Thread *t, Value self, const Value *args)
{
    (void)self;
    Tuple *numbers = as_tuple(args[0]);
    OWN_MEMORY double *items = mem_allocate(t, (numbers->length + 1) * sizeof(double));
    if (!items) return ERROR;
    double largest = 0.0;
    bool has_nan = false;
    for (size_t i = 0; i < numbers->length; i++) {
        if (!float_from_value(t, numbers->items[i], &items[i])) return ERROR;
        items[i] = fabs(items[i]);
        has_nan |= isnan(items[i]);
        if (items[i] > largest) largest = items[i];
    }
    return float_value(vector_length(items, numbers->length, largest, has_nan));
}

Value math_dist(Thread *t, Value self, const Value *args)
{
    (void)self;
    OWN Value p = is_tuple(args[0]) ? retain(args[0]) : tuple_from_iterable(t, args[0]);
    OWN Value q = is_error(p) ? ERROR : is_tuple(args[1]) ? retain(args[1]) : tuple_from_iterable(t, args[1]);
    if (is_error(q)) return ERROR;
    size_t count = as_tuple(p)->length;
    if (count != as_tuple(q)->length) return raise_value_error(t, "both points must have the same number of dimensions");
    OWN_MEMORY double *items = mem_allocate(t, (count + 1) * sizeof(double));
    if (!items) return ERROR;
    double largest = 0.0;
    bool has_nan = false;
    for (size_t i = 0; i < count; i++) {
        double x, y;
        if (!float_from_value(t, as_tuple(p)->items[i], &x) || !float_from_value(t, as_tuple(q)->items[i], &y)) return ERROR;
        items[i] = fabs(x - y);
        has_nan |= isnan(items[i]);
        if (items[i] > largest) largest = items[i];
    }
    return float_value(vector_length(items, count, largest, has_nan));
}
