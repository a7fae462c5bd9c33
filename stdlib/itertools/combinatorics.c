// SPDX-License-Identifier: MIT
// stdlib/itertools/combinatorics.c: product, permutations, combinations, combinations_with_replacement.
//
// Always: `indices` say which items of the pool (product: of each pool) make the row given last; `begun` is false
// before the first row, `ended` true behind the last. No Python code runs in a step.
#include "stdlib/itertools/itertools.h"

typedef struct Choice {
    Object head;
    Tuple *pool;           // product: a tuple of pools
    size_t r;              // items in a row
    size_t *indices;       // permutations: of the whole pool, the first r are the row
    size_t *cycles;        // permutations only
    bool begun, ended;
} Choice;

static inline Choice *as_choice(Value v) { return (Choice *)as_object(v); }

static void choice_visit(Object *o, VisitFn visit, void *context)
{
    if (((Choice *)o)->pool) visit(object_value(((Choice *)o)->pool), context);
}

static void choice_finish(Thread *t, Object *o)
{
    Choice *c = (Choice *)o;
    drop_pointer(MOVE_POINTER(c->pool));
    mem_free(c->indices);
    mem_free(c->cycles);
    c->indices = c->cycles = NULL;
}

static size_t *numbers(Thread *t, size_t count)
{
    size_t *made = count < SIZE_MAX / sizeof(size_t) ? mem_allocate(t, (count ? count : 1) * sizeof(size_t)) : error_null(raise_memory_error(t));
    if (made) memset(made, 0, count * sizeof(size_t));
    return made;
}

static Choice *choice_new(Thread *t, Type *type, TAKES Value pool, size_t r, size_t index_count)
{
    OWN Value owned = pool;
    if (is_error(owned)) return NULL;
    OWN_POINTER Choice *c = (Choice *)object_new(t, type);
    if (!c) return NULL;
    c->pool = as_tuple(MOVE(owned));
    c->r = r;
    c->indices = numbers(t, index_count);
    return c->indices ? MOVE_POINTER(c) : NULL;
}

static Value row_of(Thread *t, Choice *c)
{
    Tuple *row = tuple_blank(t, c->r);
    if (!row) return ERROR;
    for (size_t i = 0; i < c->r; i++) row->items[i] = retain(c->pool->items[c->indices[i]]);
    return object_value(row);
}

static bool read_r(Thread *t, Value v, size_t *r)
{
    int64_t n;
    if (!small_number(t, v, &n)) return false;
    if (n < 0) return error_false(raise_value_error(t, "r must be non-negative"));
    *r = (size_t)n;
    return true;
}

// (type, (pool, r)), with the indices as state once it has begun.
static Value choice_reduce(Thread *t, Value self, const Value *args)
{
    Choice *c = as_choice(self);
    OWN Value r = int_value(t, (int64_t)c->r);
    if (is_error(r)) return ERROR;
    if (c->ended) return itertool_reduction(t, self, tuple_of(t, 2, object_value(tuple_empty), r), UNBOUND);
    if (!c->begun) return itertool_reduction(t, self, tuple_of(t, 2, object_value(c->pool), r), UNBOUND);
    Tuple *state = tuple_blank(t, c->r);
    if (!state) return ERROR;
    for (size_t i = 0; i < c->r; i++) state->items[i] = small_int((int64_t)c->indices[i]);
    return itertool_reduction(t, self, tuple_of(t, 2, object_value(c->pool), r), object_value(state));
}

// Reads `count` indices, each clipped to 0 … most(i).
static bool read_indices(Thread *t, Value state, size_t *indices, size_t count, const size_t *most)
{
    if (!is_tuple(state) || as_tuple(state)->length != count) return error_false(raise_value_error(t, "invalid arguments"));
    for (size_t i = 0; i < count; i++) {
        int64_t index;
        if (!small_number(t, as_tuple(state)->items[i], &index)) return false;
        indices[i] = index < 0 ? 0 : (size_t)index > most[i] ? most[i] : (size_t)index;
    }
    return true;
}

static Value choice_set_state(Thread *t, Value self, const Value *args)
{
    Choice *c = as_choice(self);
    size_t n = c->pool->length;
    if (c->ended || (n == 0 && c->r)) return NONE;
    size_t *most = numbers(t, c->r);
    if (!most) return ERROR;
    bool repeats = is_instance_of(self, &it_combinations_with_replacement_type);
    for (size_t i = 0; i < c->r; i++) most[i] = repeats ? n - 1 : i + n - c->r;
    bool fine = read_indices(t, args[0], c->indices, c->r, most);
    mem_free(most);
    if (!fine) return ERROR;
    c->begun = true;
    return NONE;
}

static const Method choice_methods[] = {
    {"__reduce__", choice_reduce, "(self, /)", "Return state information for pickling."},
    {"__setstate__", choice_set_state, "(self, state, /)", "Set state information for unpickling."},
    {0},
};

#define CHOICE_SLOTS .visit = choice_visit, .finish = choice_finish, .iter = iter_self

// ---- combinations(iterable, r)

static Value combinations_construct(Thread *t, Type *type, const Value *args)
{
    size_t r;
    OWN Value pool = tuple_from_iterable(t, args[0]);
    if (is_error(pool) || !read_r(t, args[1], &r)) return ERROR;
    bool none = r > as_tuple(pool)->length;
    Choice *c = choice_new(t, type, MOVE(pool), r, none ? 0 : r);
    if (!c) return ERROR;
    c->ended = none;
    for (size_t i = 0; !none && i < r; i++) c->indices[i] = i;
    return object_value(c);
}

static Value combinations_next(Thread *t, Value v)
{
    Choice *c = as_choice(v);
    if (c->ended) return UNBOUND;
    if (c->begun) {
        size_t i = c->r, room = c->pool->length - c->r;
        while (i > 0 && c->indices[i - 1] == i - 1 + room) i--;
        if (i == 0) {
            c->ended = true;
            return UNBOUND;
        }
        for (size_t index = ++c->indices[i - 1]; i < c->r; i++) c->indices[i] = ++index;
    }
    c->begun = true;
    return row_of(t, c);
}

const TypeSpec it_combinations_spec = {
    .name = "itertools.combinations",
    .doc = "Return successive r-length combinations of elements in the iterable.\n\ncombinations(range(4), 3) --> (0,1,2), (0,1,3), (0,2,3), (1,2,3)",
    .size = sizeof(Choice),
    .flags = TYPE_BASE | TYPE_GC,
    .slots = {CHOICE_SLOTS, .next = combinations_next},
    .methods = choice_methods,
    .new_signature = "(iterable, r)",
    .construct = combinations_construct,
};

// ---- combinations_with_replacement(iterable, r)

static Value replacement_construct(Thread *t, Type *type, const Value *args)
{
    size_t r;
    OWN Value pool = tuple_from_iterable(t, args[0]);
    if (is_error(pool) || !read_r(t, args[1], &r)) return ERROR;
    bool none = as_tuple(pool)->length == 0 && r > 0;
    Choice *c = choice_new(t, type, MOVE(pool), r, r);
    if (!c) return ERROR;
    c->ended = none;
    return object_value(c);
}

static Value replacement_next(Thread *t, Value v)
{
    Choice *c = as_choice(v);
    if (c->ended) return UNBOUND;
    if (c->begun) {
        size_t i = c->r, last = c->pool->length - 1;
        while (i > 0 && c->indices[i - 1] == last) i--;
        if (i == 0) {
            c->ended = true;
            return UNBOUND;
        }
        for (size_t index = c->indices[i - 1] + 1; i <= c->r; i++) c->indices[i - 1] = index;
    }
    c->begun = true;
    return row_of(t, c);
}

const TypeSpec it_combinations_with_replacement_spec = {
    .name = "itertools.combinations_with_replacement",
    .doc = "Return successive r-length combinations of elements in the iterable allowing individual elements to have successive repeats.",
    .size = sizeof(Choice),
    .flags = TYPE_BASE | TYPE_GC,
    .slots = {CHOICE_SLOTS, .next = replacement_next},
    .methods = choice_methods,
    .new_signature = "(iterable, r)",
    .construct = replacement_construct,
};

// ---- permutations(iterable, r=None): cycles[i] counts down how many items may still stand at place i

static Value permutations_construct(Thread *t, Type *type, const Value *args)
{
    OWN Value pool = tuple_from_iterable(t, args[0]);
    if (is_error(pool)) return ERROR;
    size_t n = as_tuple(pool)->length, r = n;
    if (!is_none(args[1])) {
        if (!is_int(args[1])) return raise_type_error(t, "Expected int as r");
        if (!read_r(t, args[1], &r)) return ERROR;
    }
    OWN_POINTER Choice *c = choice_new(t, type, MOVE(pool), r, n);
    if (!c) return ERROR;
    c->ended = r > n;
    c->cycles = numbers(t, c->ended ? 0 : r);
    if (!c->cycles) return ERROR;
    for (size_t i = 0; i < n; i++) c->indices[i] = i;
    for (size_t i = 0; !c->ended && i < r; i++) c->cycles[i] = n - i;
    return object_value(MOVE_POINTER(c));
}

static Value permutations_next(Thread *t, Value v)
{
    Choice *c = as_choice(v);
    if (c->ended) return UNBOUND;
    size_t n = c->pool->length;
    if (c->begun) {
        size_t i = c->r;
        for (; i > 0; i--) {
            size_t at = i - 1;
            if (--c->cycles[at] > 0) {
                size_t other = n - c->cycles[at], swap = c->indices[at];
                c->indices[at] = c->indices[other];
                c->indices[other] = swap;
                break;
            }
            size_t first = c->indices[at];      // round: this place begins again
            memmove(&c->indices[at], &c->indices[at + 1], (n - 1 - at) * sizeof(size_t));
            c->indices[n - 1] = first;
            c->cycles[at] = n - at;
        }
        if (i == 0) {
            c->ended = true;
            return UNBOUND;
        }
    }
    c->begun = true;
    return row_of(t, c);
}

static Value tuple_of_numbers(Thread *t, const size_t *values, size_t count)
{
    Tuple *made = tuple_blank(t, count);
    if (!made) return ERROR;
    for (size_t i = 0; i < count; i++) made->items[i] = small_int((int64_t)values[i]);
    return object_value(made);
}

static Value permutations_reduce(Thread *t, Value self, const Value *args)
{
    Choice *c = as_choice(self);
    if (c->ended || !c->begun) return choice_reduce(t, self, args);
    OWN Value indices = tuple_of_numbers(t, c->indices, c->pool->length);
    if (is_error(indices)) return ERROR;
    OWN Value cycles = tuple_of_numbers(t, c->cycles, c->r);
    if (is_error(cycles)) return ERROR;
    return itertool_reduction(t, self, tuple_of(t, 2, object_value(c->pool), small_int((int64_t)c->r)), tuple_of(t, 2, indices, cycles));
}

static Value permutations_set_state(Thread *t, Value self, const Value *args)
{
    Choice *c = as_choice(self);
    Tuple *state = is_tuple(args[0]) && as_tuple(args[0])->length == 2 ? as_tuple(args[0]) : NULL;
    if (!state) return raise_value_error(t, "invalid arguments");
    size_t n = c->pool->length;
    if (c->ended) return NONE;
    size_t *most = numbers(t, n);
    if (!most) return ERROR;
    for (size_t i = 0; i < n; i++) most[i] = n - 1;
    bool fine = read_indices(t, state->items[0], c->indices, n, most);
    for (size_t i = 0; i < n; i++) most[i] = n - i;
    fine = fine && read_indices(t, state->items[1], c->cycles, c->r, most);
    mem_free(most);
    if (!fine) return ERROR;
    for (size_t i = 0; i < c->r; i++) {
        if (c->cycles[i] == 0) c->cycles[i] = 1;
    }
    c->begun = true;
    return NONE;
}

static const Method permutations_methods[] = {
    {"__reduce__", permutations_reduce, "(self, /)", "Return state information for pickling."},
    {"__setstate__", permutations_set_state, "(self, state, /)", "Set state information for unpickling."},
    {0},
};
const TypeSpec it_permutations_spec = {
    .name = "itertools.permutations",
    .doc = "Return successive r-length permutations of elements in the iterable.\n\npermutations(range(3), 2) --> (0,1), (0,2), (1,0), (1,2), (2,0), (2,1)",
    .size = sizeof(Choice),
    .flags = TYPE_BASE | TYPE_GC,
    .slots = {CHOICE_SLOTS, .next = permutations_next},
    .methods = permutations_methods,
    .new_signature = "(iterable, r=None)",
    .construct = permutations_construct,
};

// ---- product(*iterables, repeat=1)

static bool read_repeat(Thread *t, const Value *args, size_t nargs, Value kwnames, size_t *repeat)
{
    size_t keywords = is_unbound(kwnames) ? 0 : as_tuple(kwnames)->length;
    *repeat = 1;
    for (size_t i = 0; i < keywords; i++) {
        Value name = as_tuple(kwnames)->items[i];
        int64_t n;
        if (!str_equal_text(as_str(name), "repeat")) return error_false(raise_type_error(t, "'%S' is an invalid keyword argument for product()", name));
        if (!small_number(t, args[nargs + i], &n)) return false;
        if (n < 0) return error_false(raise_value_error(t, "repeat argument cannot be negative"));
        *repeat = (size_t)n;
    }
    return true;
}

static Value product_make(Thread *t, Type *type, const Value *args, size_t nargs, Value kwnames)
{
    size_t repeat, count;
    if (!read_repeat(t, args, nargs, kwnames, &repeat)) return ERROR;
    if (__builtin_mul_overflow(nargs, repeat, &count) || count > PTRDIFF_MAX / sizeof(Value)) return raise_error(t, &exc_OverflowError, "repeat argument too large");
    OWN_POINTER Tuple *pools = tuple_blank(t, count);
    if (!pools) return ERROR;
    bool empty = false;
    size_t given = repeat ? nargs : 0;
    for (size_t i = 0; i < given; i++) {
        Value pool = tuple_from_iterable(t, args[i]);
        if (is_error(pool)) return ERROR;
        pools->items[i] = pool;
        if (as_tuple(pool)->length == 0) empty = true;
    }
    for (size_t i = given; i < count; i++) pools->items[i] = retain(pools->items[i - nargs]);
    Choice *c = choice_new(t, type, object_value(MOVE_POINTER(pools)), count, count);
    if (!c) return ERROR;
    c->ended = empty;
    return object_value(c);
}

static Value product_next(Thread *t, Value v)
{
    Choice *c = as_choice(v);
    if (c->ended) return UNBOUND;
    if (c->begun) {
        size_t i = c->r;
        while (i > 0 && ++c->indices[i - 1] == as_tuple(c->pool->items[i - 1])->length) c->indices[--i] = 0;
        if (i == 0) {
            c->ended = true;
            return UNBOUND;
        }
    }
    c->begun = true;
    Tuple *row = tuple_blank(t, c->r);
    if (!row) return ERROR;
    for (size_t i = 0; i < c->r; i++) row->items[i] = retain(as_tuple(c->pool->items[i])->items[c->indices[i]]);
    return object_value(row);
}

static Value product_reduce(Thread *t, Value self, const Value *args)
{
    Choice *c = as_choice(self);
    if (c->ended) return itertool_reduction(t, self, tuple_of(t, 1, object_value(tuple_empty)), UNBOUND);
    if (!c->begun) return itertool_reduction(t, self, retain(object_value(c->pool)), UNBOUND);
    return itertool_reduction(t, self, retain(object_value(c->pool)), tuple_of_numbers(t, c->indices, c->r));
}

static Value product_set_state(Thread *t, Value self, const Value *args)
{
    Choice *c = as_choice(self);
    if (c->ended) return NONE;
    size_t *most = numbers(t, c->r);
    if (!most) return ERROR;
    for (size_t i = 0; i < c->r; i++) most[i] = as_tuple(c->pool->items[i])->length - 1;
    bool fine = read_indices(t, args[0], c->indices, c->r, most);
    mem_free(most);
    if (!fine) return ERROR;
    c->begun = true;
    return NONE;
}

static const Method product_methods[] = {
    {"__reduce__", product_reduce, "(self, /)", "Return state information for pickling."},
    {"__setstate__", product_set_state, "(self, state, /)", "Set state information for unpickling."},
    {0},
};
const TypeSpec it_product_spec = {
    .name = "itertools.product",
    .doc = "product(*iterables, repeat=1) --> product object\n\nCartesian product of input iterables.  Equivalent to nested for-loops.",
    .size = sizeof(Choice),
    .flags = TYPE_BASE | TYPE_GC,
    .slots = {CHOICE_SLOTS, .next = product_next, .make = product_make},
    .methods = product_methods,
};
