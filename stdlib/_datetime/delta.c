// SPDX-License-Identifier: MIT
// stdlib/_datetime/delta.c: timedelta. All arithmetic is of whole microseconds, which fit 128 bits; what may leave them goes by Python's ints.
#include "stdlib/_datetime/datetime.h"

#include <stdio.h>

#include "runtime/call.h"
#include "runtime/types/float.h"
#include "runtime/types/int.h"
#include "runtime/types/tuple.h"

Type delta_type;

Value delta_new(Thread *t, Type *type, __int128 us)
{
    __int128 days = us / DAY_US;
    int64_t rest = (int64_t)(us % DAY_US);
    if (rest < 0) {
        rest += DAY_US;
        days--;
    }
    if (days > DAYS_MAX || days < -DAYS_MAX) {
        bool shown = days <= INT32_MAX && days >= INT32_MIN;
        if (!shown) return raise_error(t, &exc_OverflowError, "Python int too large to convert to C int");
        return raise_error(t, &exc_OverflowError, "days=%ld; must have magnitude <= %d", (long)days, DAYS_MAX);
    }
    Delta *d = (Delta *)object_new(t, type);
    if (!d) return ERROR;
    d->days = (int32_t)days;
    d->seconds = (int32_t)(rest / SECOND_US);
    d->microseconds = (int32_t)(rest % SECOND_US);
    return object_value(d);
}

// ---- Microseconds as Python's ints
static Value us_value(Thread *t, Value delta)
{
    __int128 us = delta_us(as_delta(delta));
    if (us <= INT64_MAX && us >= INT64_MIN) return int_value(t, (int64_t)us);
    return int_from_bytes(t, (const uint8_t *)&us, sizeof us, true, true);
}
static Value delta_from_us(Thread *t, Value us)
{
    __int128 number;
    if (is_error(us)) return ERROR;
    if (is_small_int(us)) return delta_new(t, &delta_type, as_small_int(us));
    if (!is_int(us)) return raise_type_error(t, "an integer is required, not '%T'", us);      // a subclass of int may give anything
    if (int_to_bytes(t, us, (uint8_t *)&number, sizeof number, true, true)) return delta_new(t, &delta_type, number);
    return error_clear_if(t, &exc_OverflowError) ? raise_error(t, &exc_OverflowError, "Python int too large to convert to C int") : ERROR;
}
// a / b as the nearest int; of two as near, the even one.
static Value divide_nearest(Thread *t, Value a, Value b)
{
    OWN Value both = object_binary(t, OP_DIVMOD, a, b);
    if (is_error(both)) return ERROR;
    if (!is_tuple(both)) return raise_type_error(t, "divmod() returned non-tuple (type %.200T)", both);
    if (as_tuple(both)->length != 2 || !is_int(as_tuple(both)->items[0])) return raise_type_error(t, "divmod() returned a tuple of size %zu", as_tuple(both)->length);
    Value quotient = as_tuple(both)->items[0];
    OWN Value twice = object_binary(t, OP_LSHIFT, as_tuple(both)->items[1], small_int(1));
    if (is_error(twice)) return ERROR;
    int beyond = object_compare_bool(t, twice, b, int_sign(b) > 0 ? CMP_GT : CMP_LT);
    int half = beyond ? 0 : object_compare_bool(t, twice, b, CMP_EQ);
    if (beyond < 0 || half < 0) return ERROR;
    if (beyond || (half && (int_low_bits(quotient) & 1))) return object_binary(t, OP_ADD, quotient, small_int(1));
    return retain(quotient);
}
static Value ratio_of(Thread *t, Value v)
{
    OWN Value ratio = call_named(t, v, "as_integer_ratio", NULL, 0);
    if (is_error(ratio)) return ERROR;
    if (!is_tuple(ratio)) return raise_type_error(t, "unexpected return type from as_integer_ratio(): expected tuple, not '%.200T'", ratio);
    if (as_tuple(ratio)->length != 2 || !is_int(as_tuple(ratio)->items[0]) || !is_int(as_tuple(ratio)->items[1]))
        return raise_value_error(t, "as_integer_ratio() must return a 2-tuple");
    return MOVE(ratio);
}

// ---- The constructor
static bool number_to_i128(Thread *t, Value v, __int128 *number)
{
    if (is_small_int(v)) *number = as_small_int(v);
    else {
        int64_t i;
        if (!int_as_i64(t, v, &i)) return error_clear_if(t, &exc_OverflowError) ? error_false(raise_error(t, &exc_OverflowError, "Python int too large to convert to C int")) : false;
        *number = i;
    }
    return true;
}
// Adds v units of so many microseconds to *us; the part of a float that is no whole microsecond, to *left.
static bool accumulate(Thread *t, const char *name, Value v, int64_t unit, __int128 *us, double *left)
{
    __int128 whole;
    if (is_unbound(v)) return true;
    if (is_int(v)) {
        if (!number_to_i128(t, v, &whole)) return false;
        *us += whole * unit;
        return true;
    }
    if (!is_float(v)) return error_false(raise_type_error(t, "unsupported type for timedelta %s component: %T", name, v));
    double integer, fraction = modf(as_float(v), &integer);
    OWN Value exact = int_from_double(t, integer);
    if (is_error(exact) || !number_to_i128(t, exact, &whole)) return false;
    *us += whole * unit;
    fraction = modf(fraction * (double)unit, &integer);
    *us += (int64_t)integer;
    *left += fraction;
    return true;
}
static Value delta_construct(Thread *t, Type *type, const Value *args)
{
    static const struct { const char *name; int64_t unit; } components[] = {
        {"days", DAY_US}, {"seconds", SECOND_US}, {"microseconds", 1}, {"milliseconds", 1000}, {"minutes", 60 * SECOND_US}, {"hours", 3600 * SECOND_US}, {"weeks", 7 * DAY_US},
    };
    __int128 us = 0;
    double left = 0;
    for (size_t i = 0; i < COUNT_OF(components); i++)
        if (!accumulate(t, components[i].name, args[i], components[i].unit, &us, &left)) return ERROR;
    if (left != 0) {
        double rounded = round(left);
        if (fabs(rounded - left) == 0.5) {          // halfway: to the even sum
            int odd = (int)(us & 1);
            rounded = 2.0 * round((left + odd) * 0.5) - odd;
        }
        us += (int64_t)rounded;
    }
    return delta_new(t, type, us);
}

// ---- Operators
static Value delta_add(Thread *t, Value a, Value b)
{
    return is_delta(a) && is_delta(b) ? delta_new(t, &delta_type, delta_us(as_delta(a)) + delta_us(as_delta(b))) : NOT_IMPLEMENTED;
}
static Value delta_subtract(Thread *t, Value a, Value b)
{
    return is_delta(a) && is_delta(b) ? delta_new(t, &delta_type, delta_us(as_delta(a)) - delta_us(as_delta(b))) : NOT_IMPLEMENTED;
}
static Value delta_multiply(Thread *t, Value a, Value b)
{
    if (!is_delta(a)) {
        Value other = a;
        a = b;
        b = other;
    }
    if (is_delta(b) || (!is_int(b) && !is_float(b))) return NOT_IMPLEMENTED;
    OWN Value us = us_value(t, a);
    if (is_error(us)) return ERROR;
    if (is_int(b)) {
        OWN Value product = object_binary(t, OP_MULTIPLY, us, b);
        return delta_from_us(t, product);
    }
    OWN Value ratio = ratio_of(t, b);
    OWN Value product = is_error(ratio) ? ERROR : object_binary(t, OP_MULTIPLY, us, as_tuple(ratio)->items[0]);
    OWN Value nearest = is_error(product) ? ERROR : divide_nearest(t, product, as_tuple(ratio)->items[1]);
    return delta_from_us(t, nearest);
}
static Value delta_true_divide(Thread *t, Value a, Value b)
{
    if (!is_delta(a) || !(is_delta(b) || is_int(b) || is_float(b))) return NOT_IMPLEMENTED;
    OWN Value us = us_value(t, a);
    if (is_error(us)) return ERROR;
    if (is_delta(b)) {
        OWN Value divisor = us_value(t, b);
        return is_error(divisor) ? ERROR : object_binary(t, OP_TRUEDIV, us, divisor);
    }
    if (is_int(b)) {
        OWN Value nearest = divide_nearest(t, us, b);
        return delta_from_us(t, nearest);
    }
    OWN Value ratio = ratio_of(t, b);
    OWN Value product = is_error(ratio) ? ERROR : object_binary(t, OP_MULTIPLY, us, as_tuple(ratio)->items[1]);
    OWN Value nearest = is_error(product) ? ERROR : divide_nearest(t, product, as_tuple(ratio)->items[0]);
    return delta_from_us(t, nearest);
}
static Value delta_floor_divide(Thread *t, Value a, Value b)
{
    if (!is_delta(a) || !(is_delta(b) || is_int(b))) return NOT_IMPLEMENTED;
    OWN Value us = us_value(t, a);
    OWN Value divisor = is_error(us) ? ERROR : is_delta(b) ? us_value(t, b) : retain(b);
    OWN Value quotient = is_error(divisor) ? ERROR : object_binary(t, OP_FLOORDIV, us, divisor);
    return is_delta(b) ? MOVE(quotient) : delta_from_us(t, quotient);
}
static Value delta_modulo(Thread *t, Value a, Value b)
{
    if (!is_delta(a) || !is_delta(b)) return NOT_IMPLEMENTED;
    OWN Value us = us_value(t, a);
    OWN Value divisor = is_error(us) ? ERROR : us_value(t, b);
    OWN Value rest = is_error(divisor) ? ERROR : object_binary(t, OP_MODULO, us, divisor);
    return delta_from_us(t, rest);
}
static Value delta_divmod(Thread *t, Value a, Value b)
{
    if (!is_delta(a) || !is_delta(b)) return NOT_IMPLEMENTED;
    OWN Value quotient = delta_floor_divide(t, a, b);
    OWN Value rest = is_error(quotient) ? ERROR : delta_modulo(t, a, b);
    return is_error(rest) ? ERROR : tuple_of(t, 2, quotient, rest);
}
static Value delta_negative(Thread *t, Value v) { return delta_new(t, &delta_type, -delta_us(as_delta(v))); }
static Value delta_positive(Thread *t, Value v) { return delta_new(t, &delta_type, delta_us(as_delta(v))); }
static Value delta_absolute(Thread *t, Value v) { return as_delta(v)->days < 0 ? delta_negative(t, v) : delta_positive(t, v); }
static int delta_truth(Thread *t, Value v) { return delta_us(as_delta(v)) != 0; }
static Value delta_compare(Thread *t, Value a, Value b, CompareOp op)
{
    if (!is_delta(a) || !is_delta(b)) return NOT_IMPLEMENTED;
    __int128 x = delta_us(as_delta(a)), y = delta_us(as_delta(b));
    return order_value(x < y ? -1 : x > y, op);
}
static bool delta_hash(Thread *t, Value v, int64_t *hash)
{
    const Delta *d = as_delta(v);
    *hash = hash_of_numbers(d->days, d->seconds, d->microseconds);
    return true;
}

// ---- Text
static Value delta_repr(Thread *t, Value v)
{
    const Delta *d = as_delta(v);
    const char *name = type_of(v) == &delta_type ? "datetime.timedelta" : type_of(v)->name, *between = "";
    StrBuilder b;
    builder_start(t, &b);
    builder_add_text(&b, name);
    builder_add(&b, '(');
    const struct { const char *name; int number; } parts[] = {{"days", d->days}, {"seconds", d->seconds}, {"microseconds", d->microseconds}};
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        if (!parts[i].number) continue;
        char text[48];
        snprintf(text, sizeof text, "%s%s=%d", between, parts[i].name, parts[i].number);
        builder_add_text(&b, text);
        between = ", ";
    }
    if (!*between) builder_add(&b, '0');
    builder_add(&b, ')');
    return builder_finish(&b);
}
static Value delta_str(Thread *t, Value v)
{
    const Delta *d = as_delta(v);
    char text[80];
    int length = 0;
    if (d->days) length = snprintf(text, sizeof text, "%d day%s, ", d->days, d->days == 1 || d->days == -1 ? "" : "s");
    length += snprintf(text + length, sizeof text - (size_t)length, "%d:%02d:%02d", d->seconds / 3600, d->seconds / 60 % 60, d->seconds % 60);
    if (d->microseconds) length += snprintf(text + length, sizeof text - (size_t)length, ".%06d", d->microseconds);
    return str_from_ascii(t, text, (size_t)length);
}
static Value total_seconds(Thread *t, Value self, const Value *args)
{
    OWN Value us = us_value(t, self);
    return is_error(us) ? ERROR : object_binary(t, OP_TRUEDIV, us, small_int(SECOND_US));
}
static Value delta_reduce(Thread *t, Value self, const Value *args)
{
    const Delta *d = as_delta(self);
    OWN Value parts = tuple_of(t, 3, small_int(d->days), small_int(d->seconds), small_int(d->microseconds));
    return is_error(parts) ? ERROR : tuple_of(t, 2, type_value(type_of(self)), parts);
}
static Value get_days(Thread *t, Value self) { return small_int(as_delta(self)->days); }
static Value get_seconds(Thread *t, Value self) { return small_int(as_delta(self)->seconds); }
static Value get_microseconds(Thread *t, Value self) { return small_int(as_delta(self)->microseconds); }
static const GetSet delta_getsets[] = {
    {"days", get_days, NULL, "Number of days."}, {"seconds", get_seconds, NULL, "Number of seconds (>= 0 and less than 1 day)."},
    {"microseconds", get_microseconds, NULL, "Number of microseconds (>= 0 and less than 1 second)."}, {0},
};
static const Method delta_methods[] = {
    {"total_seconds", total_seconds, "(self, /)", "Total seconds in the duration."},
    {"__reduce__", delta_reduce, "(self, /)", NULL},
    {0},
};
const TypeSpec delta_spec = {
    .name = "datetime.timedelta", .doc = "Difference between two datetime values.", .size = sizeof(Delta), .flags = TYPE_BASE,
    .slots = {
        .repr = delta_repr, .str = delta_str, .hash = delta_hash, .compare = delta_compare, .truth = delta_truth, .absolute = delta_absolute,
        .unary = {[OP_NEGATIVE] = delta_negative, [OP_POSITIVE] = delta_positive},
        .binary = {[OP_ADD] = delta_add, [OP_SUBTRACT] = delta_subtract, [OP_MULTIPLY] = delta_multiply, [OP_TRUEDIV] = delta_true_divide,
                   [OP_FLOORDIV] = delta_floor_divide, [OP_MODULO] = delta_modulo, [OP_DIVMOD] = delta_divmod},
    },
    .methods = delta_methods, .getsets = delta_getsets, .construct = delta_construct,
    .new_signature = "(days=<unset>, seconds=<unset>, microseconds=<unset>, milliseconds=<unset>, minutes=<unset>, hours=<unset>, weeks=<unset>)",
};
