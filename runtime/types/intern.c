// SPDX-License-Identifier: MIT
// runtime/types/intern.c: the one string of its kind: interned strings, and the names that C code looks up.
//
// Owns  struct InternTable, one for each interpreter: open addressing by hash. It borrows its strings: a string that dies is
//       taken out by str's finish slot. Names and "" are immortal and shared by all interpreters.
// Always
//   1. Two interned strings of one interpreter are equal only if they are the same object.
//   2. A string in a table has STR_INTERNED and is of type str exactly.
//   3. At least a quarter of the slots is empty, so that a search ends.
#include <stdlib.h>

#include "runtime/heap.h"
#include "runtime/start.h"
#include "runtime/thread.h"
#include "runtime/types/str_internal.h"

struct Names names;

typedef struct InternTable { Str **slots; size_t mask, used, live; } InternTable;    // used: live ones and gravestones

static Str gravestone;      // marks a slot whose string died: a search goes on past it
#define GONE (&gravestone)

// The slot where s, or a string equal to it, is; or the slot where it would go.
static size_t find_slot(const InternTable *table, Str *s)
{
    size_t at = (size_t)str_hash(s) & table->mask, free_slot = SIZE_MAX;
    for (;; at = (at + 1) & table->mask) {
        Str *found = table->slots[at];
        if (!found) return free_slot != SIZE_MAX ? free_slot : at;
        if (found == GONE) {
            if (free_slot == SIZE_MAX) free_slot = at;
        } else if (found == s || (found->hash == s->hash && str_equal(found, s))) {
            return at;
        }
    }
}

static bool grow(InternTable *table)
{
    size_t slots = table->mask ? table->mask + 1 : 1024;
    if (table->live * 2 >= slots) slots *= 2;
    Str **old = table->slots;
    size_t old_slots = old ? table->mask + 1 : 0;
    Str **fresh = calloc(slots, sizeof *fresh);
    if (!fresh) return false;
    *table = (InternTable){fresh, slots - 1, 0, 0};
    for (size_t i = 0; i < old_slots; i++) {
        if (!old[i] || old[i] == GONE) continue;
        table->slots[find_slot(table, old[i])] = old[i];
        table->used++;
        table->live++;
    }
    free(old);
    return true;
}

static InternTable *table_of(Interp *interp)
{
    if (!interp->interned) interp->interned = calloc(1, sizeof(InternTable));
    InternTable *table = interp->interned;
    if (!table) return NULL;
    if (!table->slots || table->used * 4 >= (table->mask + 1) * 3) return grow(table) ? table : NULL;
    return table;
}

// Puts s in the table unless an equal one is there; gives the one that is there. Counts no reference.
static Str *table_add(InternTable *table, Str *s)
{
    size_t at = find_slot(table, s);
    Str *found = table->slots[at];
    if (found && found != GONE) return found;
    table->used += found != GONE;
    table->live++;
    table->slots[at] = s;
    s->head.flags |= STR_INTERNED;
    return s;
}

Str *str_intern(Thread *t, TAKES Str *s)
{
    if (!s || str_is_interned(s)) return s;
    InternTable *table = table_of(t->interp);
    OWN Value given = object_value(s);
    if (!table) return error_null(raise_memory_error(t));
    if (s->head.type != &str_type) {
        Value exact = str_exact(t, given);
        if (is_error(exact)) return NULL;
        return str_intern(t, as_str(exact));
    }
    Str *kept = table_add(table, s);
    if (kept == s) return as_str(MOVE(given));
    return RETAIN(kept);
}

// The interned string with these bytes, if it is ASCII and there; borrowed. *hash: what an ASCII string with them has.
static Str *find_text(const InternTable *table, const char *text, size_t length, int64_t *hash)
{
    *hash = length ? str_hash_of_bytes(text, length) : 0;
    for (size_t at = (size_t)*hash & table->mask; table->slots[at]; at = (at + 1) & table->mask) {
        Str *found = table->slots[at];
        if (found != GONE && found->hash == *hash && found->length == length && str_is_ascii(found) && memcmp(found->data, text, length) == 0) return found;
    }
    return NULL;
}
Str *str_intern_text(Thread *t, const char *utf8, size_t length)
{
    int64_t hash;
    InternTable *table = table_of(t->interp);
    Str *known = table ? find_text(table, utf8, length, &hash) : NULL;
    if (known) return RETAIN(known);
    Value s = str_from_utf8(t, utf8, length);
    if (is_error(s)) return NULL;
    if (table && str_is_ascii(as_str(s)) && !(as_str(s)->head.flags & STR_HASHED)) {
        as_str(s)->hash = hash;
        as_str(s)->head.flags |= STR_HASHED;
    }
    return str_intern(t, as_str(s));
}

void intern_forget(Str *s)
{
    InternTable *table = thread_current()->interp->interned;
    if (!table) return;
    size_t at = (size_t)s->hash & table->mask;
    for (; table->slots[at]; at = (at + 1) & table->mask) {
        if (table->slots[at] != s) continue;
        table->slots[at] = GONE;
        table->live--;
        return;
    }
}

void intern_stop(Interp *interp)
{
    if (!interp->interned) return;
    free(interp->interned->slots);
    free(interp->interned);
    interp->interned = NULL;
}

static bool start_immortal(Thread *t, Str **place, const char *text)
{
    InternTable *table = table_of(t->interp);
    if (!table) return error_false(raise_memory_error(t));
    if (!*place) {
        size_t length = strlen(text);
        Str *s = str_immortal(length, 0x7F);
        if (!s) return error_false(raise_memory_error(t));
        memcpy(s->data, text, length);
        *place = s;
    }
    table_add(table, *place);
    return true;
}

bool names_start(Thread *t)
{
    if (!start_immortal(t, &str_empty, "")) return false;
#define X(identifier) if (!start_immortal(t, &names.identifier##_name, #identifier)) return false;
#include "runtime/names.def"
    return true;
}
