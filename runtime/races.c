// SPDX-License-Identifier: MIT
// runtime/races.c: data races by vector clocks (Lamport 1978; Flanagan and Freund, FastTrack, 2009).
//
// Each thread counts its own steps and knows, for every other thread, up to which step that one's work came before its
// own: by the release and the next taking of one lock, by the start of a thread, and by data that leaves the process and
// comes back. Events, queues, conditions and join are made of locks. An access that another thread's earlier access, one
// of them a write, does not come before is a race. Operations of containers that are one call into C (append, pop, len,
// in) are atomic under the GIL and no races between themselves; iterating is not.
//
// Owns     struct Races: the last accesses of each place; the clocks of threads and locks. All of it [GIL].
#include "runtime/races.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/error.h"
#include "runtime/types/str.h"

#define THREADS_MOST 256u
#define FRAMES_MOST 6
#define BUCKETS 4096u
#define REPORTS_MOST 50u

typedef uint64_t Clocks[THREADS_MOST];
struct RaceThread { uint32_t number; Clocks clocks; };

typedef struct Past {                      // one access that happened
    uint32_t thread;
    uint64_t clock;                        // 0: none
    bool atomic;
    const void *stack[FRAMES_MOST];        // the pc of each frame, innermost first
    char name[48];                         // of the thread
} Past;
typedef struct Readers { uint32_t count, room; Past *items; } Readers;
typedef struct Place {
    struct Place *next;
    const void *at;
    uint64_t key;
    Past written, updated;                 // the last plain write, the last atomic one
    Readers readers;                       // the last read of each thread since
    bool reported;
} Place;
struct Races {
    Place *buckets[BUCKETS];
    uint32_t threads, found;
    Clocks outside;                        // what was sent to the outside
};

// ---- Clocks
static void learn(uint64_t *to, const uint64_t *from)
{
    for (uint32_t i = 0; i < THREADS_MOST; i++)
        if (from[i] > to[i]) to[i] = from[i];
}
void races_thread_made(Thread *maker, Thread *fresh)
{
    struct Races *r = fresh->interp->races;
    fresh->races = r->threads < THREADS_MOST ? calloc(1, sizeof *fresh->races) : NULL;
    if (!fresh->races) return;             // beyond so many threads nothing is compared
    fresh->races->number = r->threads++;
    if (maker && maker->races) {
        learn(fresh->races->clocks, maker->races->clocks);
        maker->races->clocks[maker->races->number]++;
    }
    fresh->races->clocks[fresh->races->number] = 1;
}
void races_thread_ends(Thread *t)
{
    free(t->races);
    t->races = NULL;
}
static void hand_on(Thread *t, uint64_t *to)
{
    if (!t->races) return;
    learn(to, t->races->clocks);
    t->races->clocks[t->races->number]++;
}
void races_took(Thread *t, WaitLock *lock) { if (t->races && lock->clocks && !lock->internal) learn(t->races->clocks, lock->clocks); }
void races_say(Thread *t, uint64_t **clocks)
{
    if (!*clocks) *clocks = calloc(1, sizeof(Clocks));
    if (*clocks) hand_on(t, *clocks);
}
void races_see(Thread *t, const uint64_t *clocks) { if (t->races && clocks) learn(t->races->clocks, clocks); }
void races_releases(Thread *t, WaitLock *lock)
{
    if (!lock->internal) races_say(t, &lock->clocks);            // an internal one is bookkeeping of the library, which the program must not lean on
}
void races_lock_ends(WaitLock *lock)
{
    free(lock->clocks);
    lock->clocks = NULL;
}
void races_leaves(Thread *t, GilReason reason)
{
    if (reason == GIL_WRITE || reason == GIL_CONNECT || reason == GIL_TRANSFER) hand_on(t, t->interp->races->outside);
}
void races_returns(Thread *t, GilReason reason)
{
    if (t->races && (reason == GIL_READ || reason == GIL_POLL || reason == GIL_ACCEPT || reason == GIL_WAIT)) learn(t->races->clocks, t->interp->races->outside);
}

// ---- Places
static Place **bucket(struct Races *r, const void *at) { return &r->buckets[((uintptr_t)at >> 4) * UINT64_C(0x9E3779B97F4A7C15) >> 52 & (BUCKETS - 1)]; }

static Place *place_of(struct Races *r, const void *at, uint64_t key)
{
    Place **first = bucket(r, at);
    for (Place *p = *first; p; p = p->next)
        if (p->at == at && p->key == key) return p;
    Place *fresh = calloc(1, sizeof *fresh);
    if (!fresh) return NULL;
    *fresh = (Place){.next = *first, .at = at, .key = key};
    return *first = fresh;
}
void races_object_freed(Thread *t, const void *o)
{
    for (Place **at = bucket(t->interp->races, o); *at;) {
        Place *p = *at;
        if (p->at != o) {
            at = &p->next;
            continue;
        }
        *at = p->next;
        free(p->readers.items);
        free(p);
    }
}

// ---- Reports
static void put(Thread *t, Value text)
{
    OWN Value owned = text;
    if (is_unbound(owned)) return;
    OWN_MEMORY char *utf8 = is_error(owned) ? NULL : str_to_utf8(t, as_str(owned), NULL);
    if (utf8) fputs(utf8, stderr);
    else error_clear(t);
}
static void put_stack(Thread *t, const Past *past)
{
    for (int i = FRAMES_MOST - 1; i >= 0; i--)
        if (past->stack[i]) put(t, t->interp->up.place_text(t, past->stack[i], true));
}
static void report(Thread *t, Place *place, const Past *before, const char *did_before, const Past *now, const char *did_now, Value name)
{
    place->reported = true;
    if (++t->interp->races->found > REPORTS_MOST) return;
    fprintf(stderr, "Data race on ");
    put(t, name);
    fprintf(stderr, ": nothing puts these two in order.\n%s %s it:\n", before->name, did_before);
    put_stack(t, before);
    fprintf(stderr, "%s %s it:\n", now->name, did_now);
    put_stack(t, now);
    fputc('\n', stderr);
}

static void remember(Thread *t, Past *past, bool atomic)
{
    *past = (Past){.thread = t->races->number, .clock = t->races->clocks[t->races->number], .atomic = atomic};
    t->interp->up.stack_places(t, past->stack, FRAMES_MOST);
    OWN_MEMORY char *name = is_str(t->name) ? str_to_utf8(t, as_str(t->name), NULL) : NULL;
    snprintf(past->name, sizeof past->name, "%s", name ? name : t->is_main ? "MainThread" : "a thread");
}
// Did it happen before what t does now?
static bool came_before(const Thread *t, const Past *past) { return !past->clock || past->clock <= t->races->clocks[past->thread]; }

static const Past *unordered_reader(Thread *t, Place *p, bool atomic)
{
    for (uint32_t i = 0; i < p->readers.count; i++) {
        const Past *r = &p->readers.items[i];
        if (r->thread != t->races->number && !came_before(t, r) && !(atomic && r->atomic)) return r;
    }
    return NULL;
}
static void add_reader(Place *p, const Past *now)
{
    for (uint32_t i = 0; i < p->readers.count; i++)
        if (p->readers.items[i].thread == now->thread && p->readers.items[i].atomic == now->atomic) {
            p->readers.items[i] = *now;
            return;
        }
    if (p->readers.count == p->readers.room) {
        uint32_t room = p->readers.room ? p->readers.room * 2 : 2;
        Past *larger = realloc(p->readers.items, room * sizeof *larger);
        if (!larger) return;
        p->readers.items = larger;
        p->readers.room = room;
    }
    p->readers.items[p->readers.count++] = *now;
}

void races_access(Thread *t, const void *at, uint64_t key, RaceAccess access, Value (*what)(Thread *t, void *context), void *context)
{
    struct Races *r = t->interp->races;
    Place *p = r && t->races ? place_of(r, at, key) : NULL;
    if (!p) return;
    bool write = access == RACE_WRITE || access == RACE_ATOMIC_WRITE, atomic = access == RACE_ATOMIC_READ || access == RACE_ATOMIC_WRITE;
    Past now;
    remember(t, &now, atomic);
    if (!p->reported) {
        const Past *other = !came_before(t, &p->written) ? &p->written : !atomic && !came_before(t, &p->updated) ? &p->updated : NULL;
        if (other) report(t, p, other, "wrote", &now, write ? "wrote" : "read", what(t, context));
        else if (write && (other = unordered_reader(t, p, atomic))) report(t, p, other, "read", &now, "wrote", what(t, context));
    }
    if (!write) add_reader(p, &now);
    else {
        *(atomic ? &p->updated : &p->written) = now;
        if (!atomic) p->readers.count = 0;
    }
}

uint32_t races_found(Thread *t) { return t->interp->races ? t->interp->races->found : 0; }

bool races_start(Thread *t)
{
    if (t->interp->races) return true;
    t->interp->races = calloc(1, sizeof *t->interp->races);
    if (!t->interp->races) return error_false(raise_memory_error(t));
    races_thread_made(NULL, t);
    for (Thread *each = t->interp->threads; each; each = each->next)
        if (each != t) races_thread_made(t, each);
    threads_watch(t->interp, WATCH_RACES, WATCH_RACES);
    return true;
}
