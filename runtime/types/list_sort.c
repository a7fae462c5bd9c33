// SPDX-License-Identifier: MIT
// runtime/types/list_sort.c: list.sort: a stable, adaptive merge sort.
//
// The list is cut into runs that are in order already (a falling one is turned round; a short one is made longer by
// binary insertion), and neighbouring runs are merged so that their lengths stay balanced. A merge first skips what
// is in place at both ends, copies the shorter side away, and leaps ahead by doubling steps when one side keeps winning.
//
// Always
//   1. While it sorts, the list itself is empty: what comparisons do to it cannot disturb the sort, and is reported.
//   2. At every comparison, `keys` and `temporary` together hold every value exactly once, so that after a failed
//      comparison the merge puts back what it had taken aside, and nothing is lost or doubled.
//   3. With a key function, `keys` holds the keys and `items` moves along with them.
#include "runtime/types/container.h"
#include "runtime/types/list_inner.h"
#include "runtime/types/str.h"
#include "runtime/types/tuple.h"

typedef enum Kind { KIND_ANY, KIND_INT, KIND_FLOAT, KIND_STR, KIND_TUPLE } Kind;

enum { RUNS_MAX = 90, RUN_LEAST = 32, LEAP_AFTER = 7 };

typedef struct Run { size_t start, length; } Run;

typedef struct Sort {
    Thread *t;
    Kind kind;
    Value *keys;
    Value *items;              // NULL: the keys are the items
    Value *temporary_keys, *temporary_items;
    size_t temporary_capacity;
    Run runs[RUNS_MAX];        // lengths fall at least as Fibonacci numbers do: 90 are enough for any memory
    size_t run_count;
} Sort;

static inline int less_any(Thread *t, Value a, Value b)
{
    if (both_small_ints(a, b)) return as_small_int(a) < as_small_int(b);
    if (is_exact_str(a) && is_exact_str(b)) return str_order(as_str(a), as_str(b)) < 0;
    return object_compare_bool(t, a, b, CMP_LT);
}

// The first items that are not equal decide.
static int tuple_less(Thread *t, Tuple *a, Tuple *b)
{
    for (size_t i = 0; i < a->length && i < b->length; i++) {
        int equal = equal_at_once(a->items[i], b->items[i]);
        if (equal == -2) equal = object_equal(t, a->items[i], b->items[i]);
        if (equal < 0) return -1;
        if (!equal) return less_any(t, a->items[i], b->items[i]);
    }
    return a->length < b->length;
}

// a < b: 1, 0, or -1 when the comparison raised.
static ALWAYS_INLINE int less(Sort *s, Value a, Value b, Kind kind)
{
    switch (kind) {
    case KIND_INT: return (int64_t)(a.bits << 16) < (int64_t)(b.bits << 16);
    case KIND_FLOAT: return as_small_float(a) < as_small_float(b);
    case KIND_STR: return str_order(as_str(a), as_str(b)) < 0;
    case KIND_TUPLE: return tuple_less(s->t, as_tuple(a), as_tuple(b));
    default: return object_compare_bool(s->t, a, b, CMP_LT);
    }
}

static Kind kind_of(const Value *keys, size_t length)
{
    bool ints = true, floats = true, strs = true, tuples = true;
    for (size_t i = 0; i < length && (ints || floats || strs || tuples); i++) {
        ints = ints && is_small_int(keys[i]);
        floats = floats && is_small_float(keys[i]);
        strs = strs && is_exact_str(keys[i]);
        tuples = tuples && is_exact_tuple(keys[i]);
    }
    return ints ? KIND_INT : floats ? KIND_FLOAT : strs ? KIND_STR : tuples ? KIND_TUPLE : KIND_ANY;
}

static inline void move_within(Sort *s, size_t to, size_t from, size_t count)
{
    memmove(s->keys + to, s->keys + from, count * sizeof(Value));
    if (s->items) memmove(s->items + to, s->items + from, count * sizeof(Value));
}

static inline void move_one(Sort *s, size_t to, size_t from)
{
    s->keys[to] = s->keys[from];
    if (s->items) s->items[to] = s->items[from];
}

static inline void set_aside(Sort *s, size_t from, size_t count)
{
    memcpy(s->temporary_keys, s->keys + from, count * sizeof(Value));
    if (s->items) memcpy(s->temporary_items, s->items + from, count * sizeof(Value));
}

static inline void put_back(Sort *s, size_t to, size_t from, size_t count)
{
    memcpy(s->keys + to, s->temporary_keys + from, count * sizeof(Value));
    if (s->items) memcpy(s->items + to, s->temporary_items + from, count * sizeof(Value));
}

static inline void put_back_one(Sort *s, size_t to, size_t from)
{
    s->keys[to] = s->temporary_keys[from];
    if (s->items) s->items[to] = s->temporary_items[from];
}

static void reverse_values(Value *values, size_t count)
{
    for (size_t i = 0, j = count; i + 1 < j; i++) {
        j--;
        Value swap = values[i];
        values[i] = values[j];
        values[j] = swap;
    }
}

static bool room_aside(Sort *s, size_t count)
{
    if (count <= s->temporary_capacity) return true;
    mem_free(s->temporary_keys);
    s->temporary_capacity = 0;
    s->temporary_keys = mem_allocate(s->t, count * sizeof(Value) * (s->items ? 2 : 1));
    if (!s->temporary_keys) return false;
    s->temporary_items = s->temporary_keys + count;
    s->temporary_capacity = count;
    return true;
}

// ---- Runs

// The length of the run that begins at `start`; a strictly falling one is turned round. 0: raised.
static ALWAYS_INLINE size_t natural_run(Sort *s, size_t start, size_t end, Kind kind)
{
    size_t at = start + 1;
    if (at == end) return 1;
    int falling = less(s, s->keys[at], s->keys[start], kind);
    if (falling < 0) return 0;
    for (at++; at < end; at++) {
        int lower = less(s, s->keys[at], s->keys[at - 1], kind);
        if (lower < 0) return 0;
        if (lower != falling) break;
    }
    if (falling) {
        reverse_values(s->keys + start, at - start);
        if (s->items) reverse_values(s->items + start, at - start);
    }
    return at - start;
}

// Sorts [start, end), of which [start, sorted) is in order, by inserting one value after the other.
static ALWAYS_INLINE bool insert_rest(Sort *s, size_t start, size_t sorted, size_t end, Kind kind)
{
    for (size_t at = sorted; at < end; at++) {
        Value key = s->keys[at], item = s->items ? s->items[at] : UNBOUND;
        size_t low = start, high = at;
        while (low < high) {
            size_t middle = low + (high - low) / 2;
            int lower = less(s, key, s->keys[middle], kind);
            if (lower < 0) return false;
            if (lower) high = middle;
            else low = middle + 1;
        }
        if (low == at) continue;
        move_within(s, low + 1, low, at - low);
        s->keys[low] = key;
        if (s->items) s->items[low] = item;
    }
    return true;
}

// ---- Merging

// Where key belongs among values[0..count), which are in order: behind its equals (`after`) or before them.
// Looks in doubling steps from `hint` on, the front (0) or the back (count). SIZE_MAX: raised.
static ALWAYS_INLINE size_t place_of(Sort *s, Value key, const Value *values, size_t count, bool after, bool from_back, Kind kind)
{
    size_t low = 0, high = count, leap = 1;
    // Invariant: everything before `low` goes before key, everything from `high` on behind it.
    while (low < high) {
        size_t probe = from_back ? (high - low > leap ? high - leap : low) : (high - low > leap ? low + leap - 1 : high - 1);
        int answer = after ? less(s, key, values[probe], kind) : less(s, values[probe], key, kind);
        if (answer < 0) return SIZE_MAX;
        bool goes_before = after ? !answer : answer;
        if (goes_before) low = probe + 1;
        else high = probe;
        if (goes_before == from_back) break;
        leap *= 2;
    }
    while (low < high) {
        size_t probe = low + (high - low) / 2;
        int answer = after ? less(s, key, values[probe], kind) : less(s, values[probe], key, kind);
        if (answer < 0) return SIZE_MAX;
        if (after ? !answer : answer) low = probe + 1;
        else high = probe;
    }
    return low;
}

// Merges the left run, which is set aside, with the right one behind it, from the front.
static ALWAYS_INLINE bool merge_forwards(Sort *s, size_t start, size_t left, size_t right, Kind kind)
{
    set_aside(s, start, left);
    size_t to = start, aside = 0, from = start + left, end = from + right;
    size_t left_wins = 0, right_wins = 0;
    bool fine = true;
    while (aside < left && from < end) {
        if (left_wins >= LEAP_AFTER) {
            size_t run = place_of(s, s->keys[from], s->temporary_keys + aside, left - aside, true, false, kind);
            if (!(fine = run != SIZE_MAX)) break;
            put_back(s, to, aside, run);
            to += run;
            aside += run;
            left_wins = 0;
            if (aside == left) break;
            move_one(s, to++, from++);
        } else if (right_wins >= LEAP_AFTER) {
            size_t run = place_of(s, s->temporary_keys[aside], s->keys + from, end - from, false, false, kind);
            if (!(fine = run != SIZE_MAX)) break;
            move_within(s, to, from, run);
            to += run;
            from += run;
            right_wins = 0;
            put_back_one(s, to++, aside++);
        } else {
            int lower = less(s, s->keys[from], s->temporary_keys[aside], kind);
            if (!(fine = lower >= 0)) break;
            if (lower) {
                move_one(s, to++, from++);
                right_wins++;
                left_wins = 0;
            } else {
                put_back_one(s, to++, aside++);
                left_wins++;
                right_wins = 0;
            }
        }
    }
    put_back(s, to, aside, left - aside);
    return fine;
}

// Merges the right run, which is set aside, with the left one before it, from the back.
static ALWAYS_INLINE bool merge_backwards(Sort *s, size_t start, size_t left, size_t right, Kind kind)
{
    set_aside(s, start + left, right);
    size_t to = start + left + right, from = start + left, aside = right;   // each one behind the next to be taken
    size_t left_wins = 0, right_wins = 0;
    bool fine = true;
    while (aside > 0 && from > start) {
        if (left_wins >= LEAP_AFTER) {
            size_t keep = place_of(s, s->temporary_keys[aside - 1], s->keys + start, from - start, true, true, kind);
            if (!(fine = keep != SIZE_MAX)) break;
            size_t run = from - start - keep;
            to -= run;
            from -= run;
            move_within(s, to, from, run);
            left_wins = 0;
            put_back_one(s, --to, --aside);
        } else if (right_wins >= LEAP_AFTER) {
            size_t keep = place_of(s, s->keys[from - 1], s->temporary_keys, aside, false, true, kind);
            if (!(fine = keep != SIZE_MAX)) break;
            size_t run = aside - keep;
            to -= run;
            aside -= run;
            put_back(s, to, aside, run);
            right_wins = 0;
            if (aside == 0) break;
            move_one(s, --to, --from);
        } else {
            int lower = less(s, s->temporary_keys[aside - 1], s->keys[from - 1], kind);
            if (!(fine = lower >= 0)) break;
            if (lower) {
                move_one(s, --to, --from);
                left_wins++;
                right_wins = 0;
            } else {
                put_back_one(s, --to, --aside);
                right_wins++;
                left_wins = 0;
            }
        }
    }
    put_back(s, to - aside, 0, aside);
    return fine;
}

// Merges runs i and i + 1 of the stack.
static ALWAYS_INLINE bool merge_at(Sort *s, size_t i, Kind kind)
{
    Run a = s->runs[i], b = s->runs[i + 1];
    s->runs[i].length = a.length + b.length;
    for (size_t n = i + 1; n + 1 < s->run_count; n++) s->runs[n] = s->runs[n + 1];
    s->run_count--;
    size_t skip = place_of(s, s->keys[b.start], s->keys + a.start, a.length, true, false, kind);
    if (skip == SIZE_MAX) return false;
    a.start += skip;
    a.length -= skip;
    if (a.length == 0) return true;
    b.length = place_of(s, s->keys[b.start - 1], s->keys + b.start, b.length, false, true, kind);
    if (b.length == SIZE_MAX) return false;
    if (b.length == 0) return true;
    bool forwards = a.length <= b.length;
    if (!room_aside(s, forwards ? a.length : b.length)) return false;
    return forwards ? merge_forwards(s, a.start, a.length, b.length, kind) : merge_backwards(s, a.start, a.length, b.length, kind);
}

// Keeps the stack of runs balanced: each longer than the next two together. With `all`, until one is left.
static ALWAYS_INLINE bool merge_runs(Sort *s, bool all, Kind kind)
{
    while (s->run_count > 1) {
        size_t top = s->run_count - 2;
        Run *r = s->runs;
        bool unbalanced = (top > 0 && r[top - 1].length <= r[top].length + r[top + 1].length) ||
                          (top > 1 && r[top - 2].length <= r[top - 1].length + r[top].length);
        if (unbalanced || all) {
            if (top > 0 && r[top - 1].length < r[top + 1].length) top--;
        } else if (r[top].length > r[top + 1].length) {
            return true;
        }
        if (!merge_at(s, top, kind)) return false;
    }
    return true;
}

// The shortest run worth merging: 16 to 32, so that their number is a power of two or a little less.
static size_t least_run(size_t length)
{
    size_t odd = 0;
    while (length >= RUN_LEAST) {
        odd |= length & 1;
        length >>= 1;
    }
    return length + odd;
}

static ALWAYS_INLINE bool sort_kind(Sort *s, size_t length, Kind kind)
{
    size_t least = least_run(length);
    for (size_t start = 0; start < length; ) {
        size_t run = natural_run(s, start, length, kind);
        if (run == 0) return false;
        if (run < least) {
            size_t wanted = length - start < least ? length - start : least;
            if (!insert_rest(s, start, start + run, start + wanted, kind)) return false;
            run = wanted;
        }
        s->runs[s->run_count++] = (Run){start, run};
        if (!merge_runs(s, false, kind)) return false;
        start += run;
    }
    return merge_runs(s, true, kind);
}

static NOINLINE bool sort_ints(Sort *s, size_t length) { return sort_kind(s, length, KIND_INT); }
static NOINLINE bool sort_floats(Sort *s, size_t length) { return sort_kind(s, length, KIND_FLOAT); }
static NOINLINE bool sort_strs(Sort *s, size_t length) { return sort_kind(s, length, KIND_STR); }
static NOINLINE bool sort_tuples(Sort *s, size_t length) { return sort_kind(s, length, KIND_TUPLE); }
static NOINLINE bool sort_any(Sort *s, size_t length) { return sort_kind(s, length, KIND_ANY); }

static bool sort(Sort *s, size_t length)
{
    switch (kind_of(s->keys, length)) {
    case KIND_INT: return sort_ints(s, length);
    case KIND_FLOAT: return sort_floats(s, length);
    case KIND_STR: return sort_strs(s, length);
    case KIND_TUPLE: return sort_tuples(s, length);
    default: return sort_any(s, length);
    }
}

// The keys of items, in memory of their own. NULL: raised.
static Value *make_keys(Thread *t, Value function, const Value *items, size_t length)
{
    Value *keys = mem_allocate(t, length * sizeof(Value));
    if (!keys) return NULL;
    for (size_t i = 0; i < length; i++) {
        keys[i] = call1(t, function, items[i]);
        if (!is_error(keys[i])) continue;
        values_drop(keys, i);
        mem_free(keys);
        return NULL;
    }
    return keys;
}

// Sorting the reverse of the reverse keeps equal items in their order.
static bool sort_items(Thread *t, Value *items, size_t length, Value key, bool reverse)
{
    Sort s = {.t = t, .keys = items};
    if (!is_none(key)) {
        s.keys = make_keys(t, key, items, length);
        if (!s.keys) return false;
        s.items = items;
    }
    if (reverse) {
        reverse_values(s.keys, length);
        if (s.items) reverse_values(s.items, length);
    }
    bool fine = sort(&s, length);
    if (reverse) {
        reverse_values(s.keys, length);
        if (s.items) reverse_values(s.items, length);
    }
    mem_free(s.temporary_keys);
    if (s.items) {
        values_drop(s.keys, length);
        mem_free(s.keys);
    }
    return fine;
}

bool list_sort(Thread *t, Value v, Value key, bool reverse)
{
    List *list = as_list(v);
    Value *items = list->items;
    size_t length = list->length, capacity = list->capacity;
    // A block of no capacity stands in: whatever is done to the list, it moves or goes.
    Value *stand_in = mem_allocate(t, sizeof(Value));
    if (!stand_in) return false;
    list->items = stand_in;
    list->length = list->capacity = 0;
    bool fine = length == 0 || sort_items(t, items, length, key, reverse);
    Value *meanwhile = list->items;
    size_t added = list->length;
    bool modified = meanwhile != stand_in || list->capacity != 0;
    list->items = items;
    list->length = length;
    list->capacity = capacity;
    values_drop(meanwhile, added);
    mem_free(meanwhile);
    if (fine && modified) return error_false(raise_value_error(t, "list modified during sort"));
    return fine;
}
