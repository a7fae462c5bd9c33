// SPDX-License-Identifier: MIT
// stdlib/_bisect/bisect.c: the module _bisect: searching and inserting in sorted sequences.
#include "runtime/types/container.h"
#include "runtime/types/int.h"
#include "runtime/types/list.h"
#include "runtime/types/module.h"

typedef enum Side { LEFT_OF_EQUALS, RIGHT_OF_EQUALS } Side;

// lo, hi, key as the functions take them: [2], [3], [4]. hi None: the length.
static bool bounds(Thread *t, const Value *args, ptrdiff_t *low, ptrdiff_t *high)
{
    if (!object_as_index(t, args[2], low, &exc_OverflowError)) return false;
    if (*low < 0) return error_false(raise_value_error(t, "lo must be non-negative"));
    if (!is_none(args[3])) return object_as_index(t, args[3], high, &exc_OverflowError);
    *high = object_length(t, args[0]);
    return *high >= 0;
}

// Where wanted belongs among the keys of sequence[low:high]; -1: raised.
static ptrdiff_t search(Thread *t, Value sequence, Value wanted, ptrdiff_t low, ptrdiff_t high, Value key, Side side)
{
    while (low < high) {
        ptrdiff_t middle = low + (high - low) / 2;
        OWN Value item = UNBOUND;
        if (is_exact_list(sequence) && (size_t)middle < as_list(sequence)->length) {
            item = retain(as_list(sequence)->items[middle]);
        } else {
            OWN Value index = int_value(t, middle);
            item = is_error(index) ? ERROR : object_get_item(t, sequence, index);
        }
        if (is_error(item)) return -1;
        OWN Value its_key = is_none(key) ? retain(item) : call1(t, key, item);
        if (is_error(its_key)) return -1;
        int lower = side == LEFT_OF_EQUALS ? object_compare_bool(t, its_key, wanted, CMP_LT) : object_compare_bool(t, wanted, its_key, CMP_LT);
        if (lower < 0) return -1;
        bool goes_right = side == LEFT_OF_EQUALS ? lower : !lower;
        if (goes_right) low = middle + 1;
        else high = middle;
    }
    return low;
}

static Value find(Thread *t, const Value *args, Side side)
{
    ptrdiff_t low, high;
    if (!bounds(t, args, &low, &high)) return ERROR;
    ptrdiff_t at = search(t, args[0], args[1], low, high, args[4], side);
    return at < 0 ? ERROR : int_value(t, at);
}

static Value insert(Thread *t, const Value *args, Side side)
{
    ptrdiff_t low, high;
    OWN Value wanted = is_none(args[4]) ? retain(args[1]) : call1(t, args[4], args[1]);
    if (is_error(wanted) || !bounds(t, args, &low, &high)) return ERROR;
    ptrdiff_t at = search(t, args[0], wanted, low, high, args[4], side);
    if (at < 0) return ERROR;
    if (is_exact_list(args[0])) return list_insert(t, args[0], at, args[1]) ? NONE : ERROR;
    OWN Value index = int_value(t, at);
    if (is_error(index)) return ERROR;
    OWN Value done = call_method2(t, args[0], NAME(insert), index, args[1]);
    return is_error(done) ? ERROR : NONE;
}

static Value bisect_left(Thread *t, Value module, const Value *args) { return find(t, args, LEFT_OF_EQUALS); }
static Value bisect_right(Thread *t, Value module, const Value *args) { return find(t, args, RIGHT_OF_EQUALS); }
static Value insort_left(Thread *t, Value module, const Value *args) { return insert(t, args, LEFT_OF_EQUALS); }
static Value insort_right(Thread *t, Value module, const Value *args) { return insert(t, args, RIGHT_OF_EQUALS); }

#define PARAMETERS "(a, x, lo=0, hi=None, *, key=None)"
static const Method functions[] = {
    {"bisect_left", bisect_left, PARAMETERS, "Return the index where to insert item x in list a, assuming a is sorted: before its equals."},
    {"bisect_right", bisect_right, PARAMETERS, "Return the index where to insert item x in list a, assuming a is sorted: behind its equals."},
    {"insort_left", insort_left, PARAMETERS, "Insert item x in list a, and keep it sorted assuming a is sorted: before its equals."},
    {"insort_right", insort_right, PARAMETERS, "Insert item x in list a, and keep it sorted assuming a is sorted: behind its equals."},
    {0},
};

extern const ModuleSpec _bisect_spec;
const ModuleSpec _bisect_spec = {.name = "_bisect", .doc = "Bisection algorithms.", .functions = functions};
