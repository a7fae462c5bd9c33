// SPDX-License-Identifier: MIT
// interp/suggest.c: "Did you mean": the name that was meant by one that is not there.
//
// Names are compared by edit distance: another letter costs 2, another case 1. A name is near enough when the distance is
// at most a third of both lengths, with 3 letters more.
#include "interp/suggest.h"

#include "interp/traceback.h"
#include "runtime/error.h"
#include "runtime/types/exception.h"
#include "runtime/types/list.h"

enum { MOVE_COST = 2, CASE_COST = 1, LONGEST = 40, MOST_NAMES = 750 };

static unsigned substitution(Codepoint a, Codepoint b)
{
    if ((a & 31) != (b & 31)) return MOVE_COST;
    if (a == b) return 0;
    if (a >= 'A' && a <= 'Z') a += 'a' - 'A';
    if (b >= 'A' && b <= 'Z') b += 'a' - 'A';
    return a == b ? CASE_COST : MOVE_COST;
}

static size_t least(size_t a, size_t b) { return a < b ? a : b; }

// The distance; anything above `limit` if it is larger.
static size_t distance(const Str *a, const Str *b, size_t limit)
{
    size_t row[LONGEST + 1], start = 0, m = a->length, n = b->length;
    while (start < m && start < n && str_at(a, start) == str_at(b, start)) start++;
    while (m > start && n > start && str_at(a, m - 1) == str_at(b, n - 1)) m--, n--;
    m -= start, n -= start;
    if (!m || !n) return (m + n) * MOVE_COST;
    if (m > LONGEST || n > LONGEST) return limit + 1;
    for (size_t i = 0; i <= m; i++) row[i] = i * MOVE_COST;
    for (size_t j = 0; j < n; j++) {
        size_t diagonal = j * MOVE_COST, smallest = SIZE_MAX;
        row[0] = diagonal + MOVE_COST;
        for (size_t i = 0; i < m; i++) {
            size_t replaced = diagonal + substitution(str_at(b, start + j), str_at(a, start + i));
            diagonal = row[i + 1];
            row[i + 1] = least(replaced, least(row[i], row[i + 1]) + MOVE_COST);
            smallest = least(smallest, row[i + 1]);
        }
        if (smallest > limit) return limit + 1;
    }
    return row[m];
}

static NEW_REF Value nearest(Thread *t, Value names_, Str *wrong)
{
    List *list = as_list(names_);
    if (list->length >= MOST_NAMES || wrong->length > LONGEST) return NONE;
    Value best = NONE;
    size_t best_distance = SIZE_MAX;
    for (size_t i = 0; i < list->length; i++) {
        if (!is_str(list->items[i])) continue;
        Str *name = as_str(list->items[i]);
        if (str_equal(name, wrong)) continue;
        size_t limit = (name->length + wrong->length + 3) * MOVE_COST / 6;
        if (best_distance != SIZE_MAX) limit = least(limit, best_distance - 1);
        size_t d = distance(wrong, name, limit);
        if (d > limit) continue;
        if (d < best_distance) {
            best = list->items[i];
            best_distance = d;
        }
    }
    return retain(best);
}

static bool add_keys(Thread *t, Value list, Value mapping)
{
    if (!is_dict(mapping)) return true;
    size_t at = 0;
    Value key, value;
    while (dict_next(as_dict(mapping), &at, &key, &value))
        if (!list_append(t, list, key)) return false;
    return true;
}

static NEW_REF Value suggest_name(Thread *t, Value exception)
{
    Value name = exception_fields(exception)[NAME_ERROR_NAME], tb = as_exception(exception)->traceback;
    if (!is_str(name) || !is_object(tb)) return NONE;
    while (is_object(((Traceback *)as_object(tb))->next)) tb = ((Traceback *)as_object(tb))->next;
    FrameObject *f = ((Traceback *)as_object(tb))->frame;
    if (!f || !f->frame->code || !f->frame->function) return NONE;
    OWN Value locals = object_get_attr(t, object_value(f), NAME(f_locals));
    if (is_error(locals)) return ERROR;
    Function *function = f->frame->function;
    Value scopes[] = {locals, dict_value(function->globals), dict_value(function->builtins)};
    for (int i = 0; i < 3; i++) {
        OWN Value list = list_new(t, 16);
        if (is_error(list) || !add_keys(t, list, scopes[i])) return ERROR;
        OWN Value found = nearest(t, list, as_str(name));
        if (!is_none(found)) return MOVE(found);
    }
    return NONE;
}

static NEW_REF Value suggest_attribute(Thread *t, Value exception)
{
    Value name = exception_fields(exception)[ATTRIBUTE_ERROR_NAME], object = exception_fields(exception)[ATTRIBUTE_ERROR_OBJ];
    if (!is_str(name) || is_unbound(object)) return NONE;
    OWN Value names_ = object_dir(t, object);
    if (is_error(names_) || !is_list(names_)) return is_error(names_) ? ERROR : NONE;
    return nearest(t, names_, as_str(name));
}

Value suggest(Thread *t, Value exception)
{
    if (as_object(exception)->type == &exc_NameError || as_object(exception)->type == &exc_UnboundLocalError) return suggest_name(t, exception);
    if (as_object(exception)->type == &exc_AttributeError) return suggest_attribute(t, exception);
    return NONE;
}
