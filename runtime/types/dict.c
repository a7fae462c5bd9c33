// SPDX-License-Identifier: MIT
// runtime/types/dict.c: the table of dict: finding, adding, removing, growing.
//
// One block of memory holds the entries and, behind them, the index: 2^table_bits slots of 1, 2 or 4 bytes, each the
// number of an entry, EMPTY or DELETED. At most two thirds of the slots are ever used between two rebuilds.
//
// Always
//   1. used <= capacity <= 2/3 of the slots, so that a probe meets an EMPTY slot. Taking the last entry away
//      (dict_take_last) lowers both, because its slot stays DELETED.
//   2. Comparing keys may run Python code, which may change this very dict: after each comparison that can, `version`
//      tells whether the search must start again. Versions are never used twice in one interpreter.
//   3. What is removed is dropped last, when the dict is whole again.
#include "runtime/types/dict.h"

#include "runtime/types/container.h"
#include "runtime/types/dict_inner.h"

enum { EMPTY = -1, DELETED = -2, FIRST_TABLE_BITS = 3, PERTURB_SHIFT = 5 };
enum { ABSENT = -1, FAILED = -2 };

static inline void changed(Thread *t, Dict *d)
{
    if (UNLIKELY(++t->interp->dict_version == 0)) t->interp->dict_version = 1;
    d->version = t->interp->dict_version;
}

static ALWAYS_INLINE unsigned slot_width(unsigned table_bits) { return table_bits <= 7 ? 1 : table_bits <= 15 ? 2 : 4; }
static ALWAYS_INLINE int32_t slot_read(const void *index, size_t slot, unsigned width)
{
    if (width == 1) return ((const int8_t *)index)[slot];
    if (width == 2) return ((const int16_t *)index)[slot];
    return ((const int32_t *)index)[slot];
}
static ALWAYS_INLINE void slot_write(void *index, size_t slot, unsigned width, int32_t at)
{
    if (width == 1) ((int8_t *)index)[slot] = (int8_t)at;
    else if (width == 2) ((int16_t *)index)[slot] = (int16_t)at;
    else ((int32_t *)index)[slot] = at;
}
static ALWAYS_INLINE size_t table_mask(const Dict *d) { return ((size_t)1 << d->table_bits) - 1; }
static ALWAYS_INLINE size_t next_slot(size_t slot, size_t *perturb, size_t mask)
{
    *perturb >>= PERTURB_SHIFT;
    return (slot * 5 + *perturb + 1) & mask;
}

static ALWAYS_INLINE int64_t hash_of_str(Str *s) { return LIKELY(s->head.flags & STR_HASHED) ? s->hash : str_hash(s); }
static ALWAYS_INLINE bool hash_of(Thread *t, Value key, int64_t *hash)
{
    if (LIKELY(is_exact_str(key))) {
        *hash = hash_of_str(as_str(key));
        return true;
    }
    if (is_small_int(key)) {
        int64_t i = as_small_int(key);
        *hash = i == -1 ? -2 : i;
        return true;
    }
    return object_hash(t, key, hash);
}

// ---- Searching

static ALWAYS_INLINE ptrdiff_t probe_str(const Dict *d, Str *key, int64_t hash, unsigned width)
{
    size_t mask = table_mask(d), perturb = (size_t)hash, slot = perturb & mask;
    const DictEntry *entries = d->entries;
    for (;;) {
        int32_t at = slot_read(d->index, slot, width);
        if (at >= 0) {
            const DictEntry *e = &entries[at];
            if (is_same(e->key, object_value(key))) return at;
            if (e->hash == hash && (d->only_str || is_str(e->key)) && str_same_text(as_str(e->key), key)) return at;
        } else if (at == EMPTY) {
            return ABSENT;
        }
        slot = next_slot(slot, &perturb, mask);
    }
}

// Only str keys are looked at, and no Python code runs.
static ALWAYS_INLINE ptrdiff_t find_str(const Dict *d, Str *key, int64_t hash)
{
    if (d->count == 0) return ABSENT;
    if (LIKELY(d->table_bits <= 7)) return probe_str(d, key, hash, 1);
    return d->table_bits <= 15 ? probe_str(d, key, hash, 2) : probe_str(d, key, hash, 4);
}

static NOINLINE ptrdiff_t find_any(Thread *t, Dict *d, Value key, int64_t hash)
{
restart:
    if (d->count == 0) return ABSENT;
    uint32_t version = d->version;
    unsigned width = slot_width(d->table_bits);
    size_t mask = table_mask(d), perturb = (size_t)hash, slot = perturb & mask;
    for (;;) {
        int32_t at = slot_read(d->index, slot, width);
        if (at == EMPTY) return ABSENT;
        if (at >= 0) {
            DictEntry *e = &d->entries[at];
            if (is_same(e->key, key)) return at;
            if (e->hash == hash) {
                int equal = equal_at_once(e->key, key);
                if (equal == -2) {
                    Value kept = retain(e->key);
                    equal = object_compare_bool(t, kept, key, CMP_EQ);
                    drop(kept);
                    if (equal < 0) return FAILED;
                    if (UNLIKELY(d->version != version)) goto restart;
                }
                if (equal) return at;
            }
        }
        slot = next_slot(slot, &perturb, mask);
    }
}

static ALWAYS_INLINE ptrdiff_t find(Thread *t, Dict *d, Value key, int64_t hash)
{
    if (LIKELY(d->only_str && is_exact_str(key))) return find_str(d, as_str(key), hash);
    return find_any(t, d, key, hash);
}

// The slot that leads to entry `at`, which is live.
static size_t slot_of(const Dict *d, size_t at)
{
    unsigned width = slot_width(d->table_bits);
    size_t mask = table_mask(d), perturb = (size_t)d->entries[at].hash, slot = perturb & mask;
    while (slot_read(d->index, slot, width) != (int32_t)at) slot = next_slot(slot, &perturb, mask);
    return slot;
}

// ---- Growing

static inline size_t table_capacity(unsigned bits) { return ((size_t)2 << bits) / 3; }

static unsigned bits_for(size_t entries)
{
    unsigned bits = FIRST_TABLE_BITS;
    while (table_capacity(bits) < entries) bits++;
    return bits;
}

// Puts entries [first..used), all of them live, into an index that is empty.
static void index_entries(Dict *d)
{
    unsigned width = slot_width(d->table_bits);
    size_t mask = table_mask(d);
    for (size_t at = d->first; at < d->used; at++) {
        size_t perturb = (size_t)d->entries[at].hash, slot = perturb & mask;
        while (slot_read(d->index, slot, width) != EMPTY) slot = next_slot(slot, &perturb, mask);
        slot_write(d->index, slot, width, (int32_t)at);
    }
}

static size_t table_bytes(unsigned bits) { return table_capacity(bits) * sizeof(DictEntry) + ((size_t)slot_width(bits) << bits); }

size_t dict_table_bytes(const Dict *d) { return d->index ? table_bytes(d->table_bits) : 0; }

// A block for 2^bits slots, its index empty. NULL: raised.
static DictEntry *table_new(Thread *t, unsigned bits, void **index)
{
    if (bits > 30) return error_null(raise_memory_error(t));
    DictEntry *entries = mem_allocate(t, table_bytes(bits));
    if (!entries) return NULL;
    *index = entries + table_capacity(bits);
    memset(*index, 0xFF, (size_t)slot_width(bits) << bits);
    return entries;
}

// Moves what lives into a table of 2^bits slots, without gaps.
static NOINLINE bool rebuild(Thread *t, Dict *d, unsigned bits)
{
    void *index;
    DictEntry *entries = table_new(t, bits, &index);
    if (!entries) return false;
    DictEntry *old = d->entries;
    if (d->count == d->used) {
        if (d->used) memcpy(entries, old, d->used * sizeof *entries);
    } else {
        size_t to = 0;
        for (size_t at = d->first; at < d->used; at++) {
            if (!is_unbound(old[at].key)) entries[to++] = old[at];
        }
    }
    d->entries = entries;
    d->index = index;
    d->table_bits = bits;
    d->first = 0;
    d->used = d->count;
    d->capacity = table_capacity(bits);
    index_entries(d);
    changed(t, d);
    mem_free(old);
    return true;
}

// ---- Adding

// key is not in the dict. Retains both.
static ALWAYS_INLINE bool add_new(Thread *t, Dict *d, Value key, int64_t hash, Value value)
{
    if (UNLIKELY(d->used >= d->capacity) && !rebuild(t, d, bits_for(d->count * 2 + 1))) return false;
    unsigned width = slot_width(d->table_bits);
    size_t mask = table_mask(d), perturb = (size_t)hash, slot = perturb & mask;
    while (slot_read(d->index, slot, width) >= 0) slot = next_slot(slot, &perturb, mask);
    slot_write(d->index, slot, width, (int32_t)d->used);
    d->entries[d->used++] = (DictEntry){.hash = hash, .key = retain(key), .value = retain(value)};
    d->count++;
    if (!is_exact_str(key)) d->only_str = false;
    changed(t, d);
    return true;
}

static ALWAYS_INLINE bool set_hashed(Thread *t, Dict *d, Value key, int64_t hash, Value value)
{
    ptrdiff_t at = find(t, d, key, hash);
    if (at >= 0) {
        assign(&d->entries[at].value, retain(value));
        return true;
    }
    return at == ABSENT && add_new(t, d, key, hash, value);
}

bool dict_set_hashed(Thread *t, Dict *d, Value key, int64_t hash, Value value) { return set_hashed(t, d, key, hash, value); }

bool dict_set(Thread *t, Dict *d, Value key, Value value)
{
    int64_t hash;
    return hash_of(t, key, &hash) && set_hashed(t, d, key, hash, value);
}

bool dict_set_str(Thread *t, Dict *d, Str *key, Value value)
{
    int64_t hash = hash_of_str(key);
    ptrdiff_t at = find_str(d, key, hash);
    if (at >= 0) {
        assign(&d->entries[at].value, retain(value));
        return true;
    }
    return add_new(t, d, object_value(key), hash, value);
}

bool dict_set_text(Thread *t, Dict *d, const char *key, TAKES Value value)
{
    OWN Value owned = value;
    if (is_error(owned)) return false;
    OWN_POINTER Str *name = str_intern_text(t, key, strlen(key));
    return name && dict_set_str(t, d, name, owned);
}

Value dict_set_default(Thread *t, Dict *d, Value key, Value value)
{
    int64_t hash;
    if (!hash_of(t, key, &hash)) return ERROR;
    ptrdiff_t at = find(t, d, key, hash);
    if (at >= 0) return retain(d->entries[at].value);
    if (at == FAILED || !add_new(t, d, key, hash, value)) return ERROR;
    return retain(value);
}

// ---- Looking up

static ALWAYS_INLINE Value get_hashed(Thread *t, Dict *d, Value key, int64_t hash)
{
    ptrdiff_t at = find(t, d, key, hash);
    if (at >= 0) return d->entries[at].value;
    return at == ABSENT ? UNBOUND : ERROR;
}

Value dict_get_hashed(Thread *t, Dict *d, Value key, int64_t hash) { return get_hashed(t, d, key, hash); }

Value dict_get(Thread *t, Dict *d, Value key)
{
    int64_t hash;
    if (!hash_of(t, key, &hash)) return ERROR;
    return get_hashed(t, d, key, hash);
}

Value dict_get_str(Dict *d, Str *key)
{
    ptrdiff_t at = find_str(d, key, hash_of_str(key));
    return at >= 0 ? d->entries[at].value : UNBOUND;
}

ptrdiff_t dict_find_str(Dict *d, Str *key) { return find_str(d, key, hash_of_str(key)); }

Value *dict_find_value(Thread *t, Dict *d, Value key, int64_t hash, bool *failed)
{
    ptrdiff_t at = find(t, d, key, hash);
    *failed = at == FAILED;
    return at >= 0 ? &d->entries[at].value : NULL;
}

int dict_contains(Thread *t, Dict *d, Value key)
{
    int64_t hash;
    if (!hash_of(t, key, &hash)) return -1;
    ptrdiff_t at = find(t, d, key, hash);
    return at >= 0 ? 1 : at == ABSENT ? 0 : -1;
}

int dict_contains_hashed(Thread *t, Dict *d, Value key, int64_t hash)
{
    ptrdiff_t at = find(t, d, key, hash);
    return at >= 0 ? 1 : at == ABSENT ? 0 : -1;
}

// ---- Removing

// Takes entry `at` out; the caller owns its key and value.
static DictEntry take_out(Thread *t, Dict *d, size_t at)
{
    DictEntry entry = d->entries[at];
    slot_write(d->index, slot_of(d, at), slot_width(d->table_bits), DELETED);
    d->entries[at].key = UNBOUND;
    d->entries[at].value = UNBOUND;
    if (at == d->first) d->first++;
    d->count--;
    changed(t, d);
    return entry;
}

int dict_delete_hashed(Thread *t, Dict *d, Value key, int64_t hash)
{
    ptrdiff_t at = find(t, d, key, hash);
    if (at < 0) return at == ABSENT ? 0 : -1;
    DictEntry gone = take_out(t, d, (size_t)at);
    drop(gone.key);
    drop(gone.value);
    return 1;
}

int dict_delete(Thread *t, Dict *d, Value key)
{
    int64_t hash;
    return hash_of(t, key, &hash) ? dict_delete_hashed(t, d, key, hash) : -1;
}

Value dict_pop(Thread *t, Dict *d, Value key)
{
    int64_t hash;
    if (d->count == 0) return UNBOUND;
    if (!hash_of(t, key, &hash)) return ERROR;
    ptrdiff_t at = find(t, d, key, hash);
    if (at < 0) return at == ABSENT ? UNBOUND : ERROR;
    DictEntry gone = take_out(t, d, (size_t)at);
    drop(gone.key);
    return gone.value;
}

bool dict_take_last(Thread *t, Dict *d, Value *key, Value *value)
{
    if (d->count == 0) return false;
    while (is_unbound(d->entries[d->used - 1].key)) {
        d->used--;
        d->capacity--;
    }
    DictEntry gone = take_out(t, d, d->used - 1);
    d->used--;
    d->capacity--;
    if (d->first > d->used) d->first = d->used;
    *key = gone.key;
    *value = gone.value;
    return true;
}

// The number of the first live entry; d is not empty.
static size_t first_live(Dict *d)
{
    while (is_unbound(d->entries[d->first].key)) d->first++;
    return d->first;
}

bool dict_take_first(Thread *t, Dict *d, Value *key, Value *value)
{
    if (d->count == 0) return false;
    DictEntry gone = take_out(t, d, first_live(d));
    *key = gone.key;
    *value = gone.value;
    return true;
}

// Rebuilds with as many free entries before the first one as there are live ones.
static bool make_room_before(Thread *t, Dict *d)
{
    size_t gap = d->count;
    void *index;
    unsigned bits = bits_for(d->count * 3);
    DictEntry *entries = table_new(t, bits, &index);
    if (!entries) return false;
    memset(entries, 0, gap * sizeof *entries);
    size_t to = gap;
    for (size_t at = d->first; at < d->used; at++) {
        if (!is_unbound(d->entries[at].key)) entries[to++] = d->entries[at];
    }
    mem_free(d->entries);
    d->entries = entries;
    d->index = index;
    d->table_bits = bits;
    d->first = gap;
    d->used = to;
    d->capacity = table_capacity(bits);
    index_entries(d);
    changed(t, d);
    return true;
}

// Puts an entry that was taken out before all others: in the gap before `first`, where there is one.
static void put_first(Thread *t, Dict *d, DictEntry entry)
{
    ASSERT(d->first > 0);
    unsigned width = slot_width(d->table_bits);
    size_t mask = table_mask(d), perturb = (size_t)entry.hash, slot = perturb & mask, at = --d->first;
    while (slot_read(d->index, slot, width) >= 0) slot = next_slot(slot, &perturb, mask);
    slot_write(d->index, slot, width, (int32_t)at);
    d->entries[at] = entry;
    d->count++;
    changed(t, d);
}

int dict_move(Thread *t, Dict *d, Value key, bool to_end)
{
    int64_t hash;
    if (!hash_of(t, key, &hash)) return -1;
    ptrdiff_t at = find(t, d, key, hash);
    if (at < 0) return at == ABSENT ? 0 : -1;
    if (to_end) {
        if ((size_t)at == d->used - 1) return 1;
        if (d->used >= d->capacity) {
            if (!rebuild(t, d, bits_for(d->count * 2 + 1))) return -1;
            at = find(t, d, key, hash);
            if (at < 0) return at == ABSENT ? 0 : -1;
        }
        DictEntry moved = take_out(t, d, (size_t)at);
        bool only_str = d->only_str, added = add_new(t, d, moved.key, hash, moved.value);
        d->only_str = only_str;
        drop(moved.key);
        drop(moved.value);
        return added ? 1 : -1;
    }
    if ((size_t)at == first_live(d)) return 1;
    if (d->first == 0) {
        if (!make_room_before(t, d)) return -1;
        at = find(t, d, key, hash);
        if (at < 0) return at == ABSENT ? 0 : -1;
    }
    DictEntry moved = take_out(t, d, (size_t)at);
    put_first(t, d, moved);
    return 1;
}

void dict_clear(Thread *t, Dict *d)
{
    DictEntry *entries = d->entries;
    size_t used = d->used;
    d->entries = NULL;
    d->index = NULL;
    d->table_bits = 0;
    d->count = d->first = d->used = d->capacity = 0;
    d->only_str = true;
    changed(t, d);
    for (size_t at = 0; at < used; at++) {
        drop(entries[at].key);
        drop(entries[at].value);
    }
    mem_free(entries);
}

// ---- Whole dicts

Dict *dict_new_of_type(Thread *t, Type *type)
{
    Dict *d = (Dict *)object_new(t, type);
    if (!d) return NULL;
    d->only_str = true;
    changed(t, d);
    return d;
}

Dict *dict_new(Thread *t) { return dict_new_of_type(t, &dict_type); }

bool dict_reserve(Thread *t, Dict *d, size_t more)
{
    size_t wanted = d->count + more;
    if (wanted < more) return error_false(raise_memory_error(t));
    return more <= d->capacity - d->used || rebuild(t, d, bits_for(wanted));
}

Dict *dict_new_sized(Thread *t, size_t expected)
{
    OWN_POINTER Dict *d = dict_new(t);
    if (!d || (expected && !dict_reserve(t, d, expected))) return NULL;
    return MOVE_POINTER(d);
}

// Fills `to`, which is empty, with what `from` has. Runs no Python code.
bool dict_copy_into(Thread *t, Dict *to, Dict *from)
{
    ASSERT(to->count == 0);
    if (from->count == 0) return true;
    void *index;
    unsigned bits = from->count == from->used ? from->table_bits : bits_for(from->count);
    DictEntry *entries = table_new(t, bits, &index);
    if (!entries) return false;
    size_t used = 0;
    for (size_t at = 0; at < from->used; at++) {
        DictEntry e = from->entries[at];
        if (is_unbound(e.key)) continue;
        retain(e.key);
        retain(e.value);
        entries[used++] = e;
    }
    DictEntry *old = to->entries;
    to->first = 0;
    to->entries = entries;
    to->index = index;
    to->table_bits = bits;
    to->count = to->used = used;
    to->capacity = table_capacity(bits);
    to->only_str = from->only_str;
    index_entries(to);
    changed(t, to);
    mem_free(old);
    return true;
}

Dict *dict_copy(Thread *t, Dict *d)
{
    OWN_POINTER Dict *copy = dict_new(t);
    if (!copy || !dict_copy_into(t, copy, d)) return NULL;
    return MOVE_POINTER(copy);
}
