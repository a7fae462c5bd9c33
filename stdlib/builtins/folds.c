// SPDX-License-Identifier: MIT
// stdlib/builtins/folds.c: all, any, max, min, sum, sorted: what goes once through an iterable.
#include "runtime/types/bytes.h"
#include "runtime/types/dict.h"
#include "runtime/types/iterators.h"
#include "runtime/types/list.h"
#include "runtime/types/str.h"
#include "runtime/types/tuple.h"
#include "stdlib/builtins/functions.h"

// The truth of the first item whose truth is `wanted`, else the opposite.
static Value first_truth(Thread *t, Value iterable, int wanted)
{
    OWN Value iterator = object_iter(t, iterable);
    if (is_error(iterator)) return ERROR;
    for (;;) {
        OWN Value item = iterator_step(t, iterator);
        if (is_unbound(item)) return bool_value(!wanted);
        if (is_error(item)) return ERROR;
        int truth = object_truth(t, item);
        if (truth < 0) return ERROR;
        if (truth == wanted) return bool_value(wanted);
    }
}

Value builtin_all(Thread *t, Value module, const Value *args) { return first_truth(t, args[0], 0); }
Value builtin_any(Thread *t, Value module, const Value *args) { return first_truth(t, args[0], 1); }

// args: key, default, the tuple of items. op says which of two keys is the better one.
static Value best_of(Thread *t, const Value *args, const char *name, CompareOp op)
{
    Value key = args[0], fallback = args[1];
    Tuple *items = as_tuple(args[2]);
    if (items->length == 0) return raise_type_error(t, "%s expected at least 1 argument, got 0", name);
    bool many = items->length > 1;
    if (many && !is_unbound(fallback)) return raise_type_error(t, "Cannot specify a default for %s() with multiple positional arguments", name);
    OWN Value iterator = object_iter(t, many ? args[2] : items->items[0]);
    if (is_error(iterator)) return ERROR;
    OWN Value best = UNBOUND;
    OWN Value best_key = UNBOUND;
    for (;;) {
        OWN Value item = iterator_step(t, iterator);
        if (is_unbound(item)) break;
        OWN Value item_key = is_error(item) ? ERROR : is_none(key) ? retain(item) : call1(t, key, item);
        if (is_error(item_key)) return ERROR;
        if (!is_unbound(best)) {
            int better;
            if (both_small_ints(item_key, best_key)) {
                int64_t a = as_small_int(item_key), b = as_small_int(best_key);
                better = op == CMP_GT ? a > b : a < b;
            } else {
                better = object_compare_bool(t, item_key, best_key, op);
            }
            if (better < 0) return ERROR;
            if (!better) continue;
        }
        assign(&best, MOVE(item));
        assign(&best_key, MOVE(item_key));
    }
    if (!is_unbound(best)) return MOVE(best);
    return is_unbound(fallback) ? raise_value_error(t, "%s() arg is an empty sequence", name) : retain(fallback);
}

Value builtin_max(Thread *t, Value module, const Value *args) { return best_of(t, args, "max", CMP_GT); }
Value builtin_min(Thread *t, Value module, const Value *args) { return best_of(t, args, "min", CMP_LT); }

Value builtin_sum(Thread *t, Value module, const Value *args)
{
    OWN Value iterator = object_iter(t, args[0]);
    if (is_error(iterator)) return ERROR;
    OWN Value sum = retain(args[1]);
    if (is_str(sum)) return raise_type_error(t, "sum() can't sum strings [use ''.join(seq) instead]");
    if (is_bytes(sum)) return raise_type_error(t, "sum() can't sum bytes [use b''.join(seq) instead]");
    if (is_bytearray(sum)) return raise_type_error(t, "sum() can't sum bytearray [use b''.join(seq) instead]");
    for (;;) {
        OWN Value item = iterator_step(t, iterator);
        if (is_unbound(item)) return MOVE(sum);
        if (is_error(item)) return ERROR;
        if (both_small_ints(sum, item) && small_int_add(sum, item, &sum)) continue;
        Value next = is_small_float(sum) && is_small_float(item) ? float_value(as_small_float(sum) + as_small_float(item))
                                                                : object_binary(t, OP_ADD, sum, item);
        if (is_error(next)) return ERROR;
        assign(&sum, next);
    }
}

// args: iterable, key, reverse
Value builtin_sorted(Thread *t, Value module, const Value *args)
{
    OWN Value list = list_from_iterable(t, args[0]);
    if (is_error(list)) return ERROR;
    if (!has_index(args[2])) return raise_type_error(t, "'%.200T' object cannot be interpreted as an integer", args[2]);
    ptrdiff_t reverse;
    if (!object_as_index(t, args[2], &reverse, &exc_OverflowError)) return ERROR;
    return list_sort(t, list, args[1], reverse != 0) ? MOVE(list) : ERROR;
}
