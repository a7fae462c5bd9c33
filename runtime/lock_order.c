// SPDX-License-Identifier: MIT
// runtime/lock_order.c: a graph with an edge from each lock to each that was taken while it was held.
//
// A ring in the graph means that threads which meet at the wrong moment wait for each other for ever. It is no warning
// if one thread alone made all of the ring, or if all of it was made under one common lock (a gate), for then no two
// threads can be in it at once.
//
// Owns     struct LockOrder: the edges [GIL]; each thread's list of held locks.
#include "runtime/lock_order.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/error.h"
#include "runtime/types/str.h"

#define HELD_MOST 16
#define GATES_MOST 4
#define RING_MOST 8

struct HeldLocks { uint32_t count; WaitLock *locks[HELD_MOST]; };

typedef struct Edge {
    struct Edge *next;
    WaitLock *from, *to;
    const void *from_at, *to_at;            // where they were taken
    int64_t thread;                         // native id; 0: more than one
    WaitLock *gates[GATES_MOST];            // held besides, every time
    char name[48], from_name[48], to_name[48];
    bool reported;
} Edge;
struct LockOrder { Edge *edges; uint32_t found; };
static struct LockOrder *_Atomic all;       // of the process: locks that end have no thread at hand

static void text_of(Thread *t, Value value, char *into, size_t size, const char *otherwise)
{
    OWN Value owned = value;
    OWN_MEMORY char *utf8 = is_object(owned) && is_str(owned) ? str_to_utf8(t, as_str(owned), NULL) : NULL;
    if (is_error(owned)) error_clear(t);
    snprintf(into, size, "%s", utf8 ? utf8 : otherwise);
}

static void put_place(Thread *t, const void *at)
{
    if (!at) return;
    OWN Value text = t->interp->up.place_text(t, at, true);
    OWN_MEMORY char *utf8 = is_error(text) || is_unbound(text) ? NULL : str_to_utf8(t, as_str(text), NULL);
    if (is_error(text)) error_clear(t);
    if (utf8) fputs(utf8, stderr);
}

// The way from `at` to `end` along edges; its length, 0: there is none.
static size_t find_way(const struct LockOrder *o, WaitLock *at, WaitLock *end, Edge **way, size_t depth)
{
    for (Edge *e = o->edges; e && depth < RING_MOST; e = e->next) {
        if (e->from != at) continue;
        bool seen = false;
        for (size_t i = 0; i < depth; i++) seen = seen || way[i]->from == e->from;
        if (seen) continue;
        way[depth] = e;
        if (e->to == end) return depth + 1;
        size_t length = find_way(o, e->to, end, way, depth + 1);
        if (length) return length;
    }
    return 0;
}

static bool has_gate(const Edge *e, const WaitLock *lock)
{
    for (int i = 0; i < GATES_MOST; i++)
        if (e->gates[i] == lock) return true;
    return false;
}
static bool harmless(Edge **ring, size_t length)
{
    bool one_thread = ring[0]->thread != 0;
    for (size_t i = 1; i < length; i++) one_thread = one_thread && ring[i]->thread == ring[0]->thread;
    if (one_thread) return true;
    for (int g = 0; g < GATES_MOST; g++) {
        bool common = ring[0]->gates[g] != NULL;
        for (size_t i = 1; i < length && common; i++) common = has_gate(ring[i], ring[0]->gates[g]);
        if (common) return true;
    }
    return false;
}

static void warn_of(Thread *t, Edge **ring, size_t length)
{
    bool known = true;
    for (size_t i = 0; i < length; i++) {
        known = known && ring[i]->reported;
        ring[i]->reported = true;
    }
    if (known) return;
    t->interp->lock_order->found++;
    fprintf(stderr, "Lock order: these %zu locks are taken in different orders; threads that meet here can wait for each other for ever.\n", length);
    for (size_t i = 0; i < length; i++) {
        fprintf(stderr, "%s took %s while it held %s:\n", ring[i]->name, ring[i]->to_name, ring[i]->from_name);
        put_place(t, ring[i]->from_at);
        put_place(t, ring[i]->to_at);
    }
    fputc('\n', stderr);
}

static void name_lock(Thread *t, WaitLock *lock, char *into, size_t size)
{
    text_of(t, lock->object ? t->interp->up.object_place(t, t, object_value(lock->object)) : UNBOUND, into, size, "a lock");
}

static Edge *edge_between(Thread *t, struct LockOrder *o, WaitLock *from, WaitLock *to, const struct HeldLocks *held)
{
    for (Edge *e = o->edges; e; e = e->next) {
        if (e->from != from || e->to != to) continue;
        if (e->thread != t->native_id) e->thread = 0;
        for (int g = 0; g < GATES_MOST; g++) {
            bool kept = false;
            for (uint32_t i = 0; i < held->count; i++) kept = kept || held->locks[i] == e->gates[g];
            if (!kept) e->gates[g] = NULL;
        }
        return e;
    }
    Edge *e = calloc(1, sizeof *e);
    if (!e) return NULL;
    *e = (Edge){.next = o->edges, .from = from, .to = to, .from_at = from->taken_at, .to_at = to->taken_at, .thread = t->native_id};
    for (uint32_t i = 0, g = 0; i < held->count && g < GATES_MOST; i++)
        if (held->locks[i] != from) e->gates[g++] = held->locks[i];
    text_of(t, is_object(t->name) ? retain(t->name) : UNBOUND, e->name, sizeof e->name, t->is_main ? "MainThread" : "a thread");
    name_lock(t, from, e->from_name, sizeof e->from_name);
    name_lock(t, to, e->to_name, sizeof e->to_name);
    return o->edges = e;
}

void lock_order_took(Thread *t, WaitLock *lock)
{
    struct LockOrder *o = t->interp->lock_order;
    if (!lock->object || !t->interp->up.is_program_code(t)) return;      // locks inside the library keep their own order
    if (!t->held && !(t->held = calloc(1, sizeof *t->held))) return;
    struct HeldLocks *held = t->held;
    for (uint32_t i = 0; i < held->count; i++) {
        Edge *e = edge_between(t, o, held->locks[i], lock, held), *ring[RING_MOST + 1];
        size_t length = e ? find_way(o, lock, held->locks[i], ring + 1, 0) : 0;
        if (!length) continue;
        ring[0] = e;
        if (!harmless(ring, length + 1)) warn_of(t, ring, length + 1);
    }
    if (held->count < HELD_MOST) held->locks[held->count++] = lock;
}
static void let_go(struct HeldLocks *held, const WaitLock *lock)
{
    for (uint32_t i = 0; held && i < held->count; i++) {
        if (held->locks[i] != lock) continue;
        memmove(&held->locks[i], &held->locks[i + 1], (held->count - i - 1) * sizeof *held->locks);
        held->count--;
        return;
    }
}
void lock_order_releases(Thread *t, WaitLock *lock)
{
    for (Thread *each = t->interp->threads; each; each = each->next) let_go(each->held, lock);
}
void lock_order_forget(WaitLock *lock)
{
    struct LockOrder *o = atomic_load_explicit(&all, memory_order_relaxed);
    for (Edge **at = o ? &o->edges : NULL; at && *at;) {
        Edge *e = *at;
        if (e->from == lock || e->to == lock) {
            *at = e->next;
            free(e);
            continue;
        }
        for (int g = 0; g < GATES_MOST; g++)
            if (e->gates[g] == lock) e->gates[g] = NULL;
        at = &e->next;
    }
}
void lock_order_thread_ends(Thread *t)
{
    free(t->held);
    t->held = NULL;
}
uint32_t lock_order_found(Thread *t) { return t->interp->lock_order ? t->interp->lock_order->found : 0; }

bool lock_order_start(Thread *t)
{
    if (t->interp->lock_order) return true;
    t->interp->lock_order = calloc(1, sizeof *t->interp->lock_order);
    if (!t->interp->lock_order) return error_false(raise_memory_error(t));
    atomic_store(&all, t->interp->lock_order);
    threads_watch(t->interp, WATCH_ORDER, WATCH_ORDER);
    return true;
}
