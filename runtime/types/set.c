// SPDX-License-Identifier: MIT
// runtime/types/set.c: the table of set and frozenset: finding, adding, removing, growing.
//
// A slot is free (no key, hash 0), was emptied (no key, hash -1), or holds a key and its hash. A search looks at a
// short stretch of neighbouring slots, then jumps by what is left of the hash.
//
// Always
//   1. filled counts slots that are or were in use; filled * 5 < mask * 3 after each addition, so that searches end.
//   2. Comparing keys may run Python code, which may change this very set: after it, a search goes on only if table
//      and key are what they were, else it starts again.
//   3. What is removed is dropped last, when the set is whole again.
#include "runtime/types/set.h"

#include "runtime/types/container.h"
#include "runtime/types/iterators.h"
#include "runtime/types/list.h"
#include "runtime/types/dict.h"
#include "runtime/types/set_inner.h"
#include "runtime/types/str.h"
#include "runtime/types/tuple.h"

enum { FIRST_SLOTS = 8, NEIGHBOURS = 9, PERTURB_SHIFT = 5 };

static ALWAYS_INLINE bool is_free(const SetEntry *e) { return is_unbound(e->key) && e->hash == 0; }

static ALWAYS_INLINE bool hash_of(Thread *t, Value v, int64_t *hash)
{
    if (is_small_int(v)) {
        int64_t i = as_small_int(v);
        *hash = i == -1 ? -2 : i;
        return true;
    }
    if (is_exact_str(v)) {
        Str *s = as_str(v);
        *hash = s->head.flags & STR_HASHED ? s->hash : str_hash(s);
        return true;
    }
    return object_hash(t, v, hash);
}

// As for members of a set: a set stands for the frozenset of its items.
static bool hash_of_member(Thread *t, Value v, int64_t *hash)
{
    if (hash_of(t, v, hash)) return true;
    if (!is_any_set(v) || !error_clear_if(t, &exc_TypeError)) return false;
    *hash = frozenset_mix(as_set(v));
    return true;
}

typedef struct Walk { size_t slot, perturb, mask; } Walk;

static ALWAYS_INLINE Walk walk_start(size_t mask, int64_t hash) { return (Walk){(size_t)hash & mask, (size_t)hash, mask}; }
static ALWAYS_INLINE size_t walk_stretch(const Walk *w) { return w->slot + NEIGHBOURS <= w->mask ? NEIGHBOURS : 0; }
static ALWAYS_INLINE void walk_jump(Walk *w)
{
    w->perturb >>= PERTURB_SHIFT;
    w->slot = (w->slot * 5 + 1 + w->perturb) & w->mask;
}

// 1: equal, 0: not, -1: raised, -2: the set changed meanwhile.
static int same_key(Thread *t, Set *s, const SetEntry *e, Value item, int64_t hash)
{
    if (e->hash != hash || is_unbound(e->key)) return 0;
    int quick = equal_at_once(e->key, item);
    if (quick != -2) return quick;
    SetEntry *table = s->table;
    size_t mask = s->mask;
    Value key = retain(e->key);
    int equal = object_compare_bool(t, key, item, CMP_EQ);
    bool unchanged = s->table == table && s->mask == mask && is_same(e->key, key);
    drop(key);
    if (equal < 0) return -1;
    return unchanged ? equal : -2;
}

// The slot of item, or (*found false) where to put it: the last emptied slot on the way, else the free one at its end.
// NULL: raised, or the set was cleared meanwhile.
static ALWAYS_INLINE SetEntry *find(Thread *t, Set *s, Value item, int64_t hash, bool *found)
{
restart:;
    SetEntry *emptied = NULL;
    Walk w = walk_start(s->mask, hash);
    for (;; walk_jump(&w)) {
        SetEntry *e = &s->table[w.slot], *last = e + walk_stretch(&w);
        for (; e <= last; e++) {
            if (is_unbound(e->key)) {
                if (!is_free(e)) {
                    emptied = e;
                    continue;
                }
                *found = false;
                return emptied ? emptied : e;
            }
            if (e->hash != hash) continue;
            int same = same_key(t, s, e, item, hash);
            if (same == 0) continue;
            if (same == -2) {
                if (!s->table) {      // it was cleared
                    *found = false;
                    return NULL;
                }
                goto restart;
            }
            *found = same == 1;
            return same == 1 ? e : NULL;
        }
    }
}

// ---- Growing

static bool resize(Thread *t, Set *s, size_t more_than)
{
    size_t slots = FIRST_SLOTS;
    while (slots <= more_than) slots <<= 1;
    SetEntry *table = mem_allocate(t, slots * sizeof *table);
    if (!table) return false;
    memset(table, 0, slots * sizeof *table);
    SetEntry *old = s->table;
    size_t old_slots = old ? s->mask + 1 : 0;
    for (size_t i = 0; i < old_slots; i++) {
        if (is_unbound(old[i].key)) continue;
        Walk w = walk_start(slots - 1, old[i].hash);
        for (;; walk_jump(&w)) {
            SetEntry *e = &table[w.slot], *last = e + walk_stretch(&w);
            while (e < last && !is_unbound(e->key)) e++;
            if (!is_unbound(e->key)) continue;
            *e = old[i];
            break;
        }
    }
    s->table = table;
    s->mask = slots - 1;
    s->filled = s->count;
    mem_free(old);
    return true;
}

static size_t grown(size_t count) { return count > 50000 ? count * 2 : count * 4; }

// ---- Single items

int set_add_hashed(Thread *t, Set *s, Value item, int64_t hash)
{
    SetEntry *e;
    bool found;
    do {
        if (!s->table && !resize(t, s, 0)) return -1;
        e = find(t, s, item, hash, &found);
    } while (!e && !check_error_pending(t));
    if (!e) return -1;
    if (found) return 0;
    bool was_free = is_free(e);
    *e = (SetEntry){hash, retain(item)};
    s->count++;
    if (!was_free) return 1;
    s->filled++;
    if (s->filled * 5 < s->mask * 3) return 1;
    return resize(t, s, grown(s->count)) ? 1 : -1;
}

int set_add(Thread *t, Value set, Value item)
{
    int64_t hash;
    return hash_of(t, item, &hash) ? set_add_hashed(t, as_set(set), item, hash) : -1;
}

int set_contains_hashed(Thread *t, Set *s, Value item, int64_t hash)
{
    if (s->count == 0) return 0;
    bool found;
    SetEntry *e = find(t, s, item, hash, &found);
    return e ? found : check_error_pending(t) ? -1 : 0;
}

int set_contains(Thread *t, Value set, Value item)
{
    int64_t hash;
    return hash_of_member(t, item, &hash) ? set_contains_hashed(t, as_set(set), item, hash) : -1;
}

static Value empty_slot(Set *s, SetEntry *e)
{
    Value key = e->key;
    *e = (SetEntry){-1, UNBOUND};
    s->count--;
    return key;
}

int set_discard_hashed(Thread *t, Set *s, Value item, int64_t hash)
{
    if (s->count == 0) return 0;
    bool found;
    SetEntry *e = find(t, s, item, hash, &found);
    if (!e) return check_error_pending(t) ? -1 : 0;
    if (!found) return 0;
    drop(empty_slot(s, e));
    return 1;
}

int set_discard(Thread *t, Value set, Value item)
{
    int64_t hash;
    return hash_of_member(t, item, &hash) ? set_discard_hashed(t, as_set(set), item, hash) : -1;
}

Value set_take_any(Thread *t, Set *s)
{
    if (s->count == 0) return UNBOUND;
    size_t slot = (size_t)s->hash & s->mask;
    while (is_unbound(s->table[slot].key)) slot = (slot + 1) & s->mask;
    s->hash = (int64_t)(slot + 1);
    return empty_slot(s, &s->table[slot]);
}

void set_clear(Thread *t, Set *s)
{
    SetEntry *table = s->table;
    size_t slots = table ? s->mask + 1 : 0;
    s->table = NULL;
    s->count = s->filled = s->mask = 0;
    for (size_t i = 0; i < slots; i++) drop(table[i].key);
    mem_free(table);
}

bool set_next(Set *s, size_t *at, Value *key)
{
    if (!s->table) return false;
    for (; *at <= s->mask; ++*at) {
        if (is_unbound(s->table[*at].key)) continue;
        *key = s->table[(*at)++].key;
        return true;
    }
    return false;
}

bool set_next_hashed(Set *s, size_t *at, Value *key, int64_t *hash)
{
    if (!set_next(s, at, key)) return false;
    retain(*key);
    *hash = s->table[*at - 1].hash;
    return true;
}

size_t set_table_bytes(const Set *s) { return s->table ? (s->mask + 1) * sizeof(SetEntry) : 0; }

bool set_tidy(Thread *t, Set *s) { return s->filled - s->count <= s->mask / 4 || resize(t, s, grown(s->count)); }

// ---- Whole sets

Set *set_new_of_type(Thread *t, Type *type)
{
    Set *s = (Set *)object_new(t, type);
    if (s && type_is_subtype(type, &frozenset_type)) s->hash = -1;
    return s;
}

Value set_new(Thread *t, Type *type)
{
    Set *s = set_new_of_type(t, type);
    return s ? object_value(s) : ERROR;
}

bool set_merge(Thread *t, Set *s, Set *other)
{
    if (s == other || other->count == 0) return true;
    if (!s->table && !resize(t, s, 0)) return false;
    if ((s->filled + other->count) * 5 >= s->mask * 3 && !resize(t, s, (s->count + other->count) * 2)) return false;
    bool same_shape = s->filled == 0 && s->mask == other->mask && other->filled == other->count;
    if (same_shape) {
        for (size_t i = 0; i <= other->mask; i++) {
            s->table[i] = other->table[i];
            retain(s->table[i].key);
        }
        s->count = s->filled = other->count;
        return true;
    }
    size_t at = 0;
    Value key;
    int64_t hash;
    while (set_next_hashed(other, &at, &key, &hash)) {
        OWN Value kept = key;
        if (set_add_hashed(t, s, kept, hash) < 0) return false;
    }
    return true;
}

static bool add_dict_keys(Thread *t, Set *s, Dict *d)
{
    if (!s->table && !resize(t, s, 0)) return false;
    if ((s->filled + d->count) * 5 >= s->mask * 3 && !resize(t, s, (s->count + d->count) * 2)) return false;
    for (size_t at = 0; at < d->used; at++) {
        if (is_unbound(d->entries[at].key)) continue;
        int64_t hash = d->entries[at].hash;
        OWN Value key = retain(d->entries[at].key);
        if (set_add_hashed(t, s, key, hash) < 0) return false;
    }
    return true;
}

bool set_update(Thread *t, Value set, Value iterable)
{
    Set *s = as_set(set);
    if (is_any_set(iterable)) return set_merge(t, s, as_set(iterable));
    if (is_exact_dict(iterable)) return add_dict_keys(t, s, as_dict(iterable));
    OWN Value iterator = object_iter(t, iterable);
    if (is_error(iterator)) return false;
    for (;;) {
        OWN Value item = iterator_step(t, iterator);
        if (is_unbound(item)) return true;
        if (is_error(item) || set_add(t, set, item) < 0) return false;
    }
}

Value set_from_iterable(Thread *t, Type *type, Value iterable)
{
    OWN Value set = set_new(t, type);
    if (is_error(set) || !set_update(t, set, iterable)) return ERROR;
    return MOVE(set);
}

Value set_copy_as(Thread *t, Type *type, Value set)
{
    if (type == &frozenset_type && type_of(set) == &frozenset_type) return retain(set);
    return set_from_iterable(t, type, set);
}

// The hash that collections.abc.Set._hash computes too, so that every kind of set agrees. Each item's hash is scattered
// on its own: the order does not matter, and neighbouring ints do not cancel each other out.
int64_t frozenset_mix(const Set *s)
{
    uint64_t mixed = UINT64_C(1927868237) * (s->count + 1);
    for (size_t i = 0; s->table && i <= s->mask; i++) {
        if (is_unbound(s->table[i].key)) continue;
        uint64_t h = (uint64_t)s->table[i].hash;
        mixed ^= (h ^ (h << 16) ^ UINT64_C(89869747)) * UINT64_C(3644798167);
    }
    mixed ^= (mixed >> 11) ^ (mixed >> 25);
    mixed = mixed * 69069 + UINT64_C(907133923);
    return mixed == UINT64_MAX ? 590923713 : (int64_t)mixed;
}
