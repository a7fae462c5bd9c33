// SPDX-License-Identifier: MIT
// runtime/gil_trace.c: the recorder: rings of the threads, the drainer, the spool.
//
// Owns     struct Trace (one for each interpreter, made at the first session and kept), a TraceRing for each thread.
// Locks    `gate` guards the list of rings and the text of names that is not written yet [gate]: held for a copy, never for
//          a wait. `draining` is held by who empties the rings: the drainer, or a thread without the GIL that flushes
//          [draining]. Order: draining, then gate. The table of sites and the table of names need the GIL [GIL].
// Always
//   1. A ring has one producer, its thread, which alone writes `head`; and one consumer, who holds `draining` and alone
//      writes `tail`. Neither waits for the other.
//   2. What does not fit is counted; the next record that fits stands behind a GAP that says how many are missing.
//   3. Names and sites are in the spool before the first record that refers to them (drain writes them first).
//   4. The drainer touches no object and never wants the GIL. It sees no signal: those are for Python's threads.
//
// A pthread of its own empties the rings, because writing a full one costs the thread that fills it about 0.5 ms at a time
// when it may hold the GIL; handing it over costs a semaphore's post.
#include "runtime/gil_trace.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "runtime/error.h"
#include "runtime/types/str.h"

#define RING_RECORDS ((uint64_t)1 << 15)             // 768 KiB of address space a thread; pages come as they are touched
#define DRAIN_EVERY_NS 10000000u
#define SIGN_OF_LIFE_NS 50000000u                    // so often the drainer writes the time, for those who are killed
#define SAMPLE_EVERY 64                              // one record in so many is timed
#define FOLDER_MAX 200

typedef struct TraceRing {
    struct TraceRing *next;                          // [gate]
    uint32_t thread, site;                           // site: where the thread last let go
    uint64_t session;
    _Atomic bool gone;                               // its thread has ended
    uint64_t gap;                                    // records dropped since the last that fitted
    _Atomic uint64_t events, dropped, recording_ns;
    _Alignas(64) _Atomic uint64_t head;
    _Alignas(64) _Atomic uint64_t tail;
    _Alignas(64) TraceRecord records[RING_RECORDS];
} TraceRing;

typedef struct Site { CodePlace place; } Site;       // id is the index + 1; holds a reference to each code
typedef struct Name { char *text; } Name;            // the same

typedef struct Trace {
    pthread_mutex_t gate, draining;
    TraceRing *rings;                                // [gate]
    uint32_t thread_numbers;                         // [gate]
    char *text;                                      // [gate] lines for the file of names
    size_t text_length, text_capacity;
    bool text_lost;                                  // [gate] no memory for some of it
    _Atomic uint64_t session;
    bool records;                                    // [GIL]
    char folder[FOLDER_MAX];                         // [GIL] "" between sessions
    uint64_t started_ns;                             // when the session began here [GIL]
    uint64_t forked_ns;                              // when the last child was forked [GIL]
    pid_t root;                                      // the process that began the session, and reads the spool [GIL]
    int events_fd, names_fd;                         // [draining]
    bool records_failed, text_failed;                // [draining] a write to the file of records, of names, failed
    pthread_t drainer;
    bool drainer_runs;                               // [GIL]
    _Atomic bool stopping;
    sem_t wake;
    TraceCost ended;                                 // of rings that are gone [gate]
    _Atomic uint64_t unwritten;                      // records that could not be written
    _Atomic uint64_t draining_ns;
    GilCounters main_before;                         // of the main thread when the session began [GIL]
    Site *sites;                                     // [GIL]
    uint32_t *site_slots, *name_slots;               // [GIL] hash tables of ids, sizes powers of two
    uint32_t site_count, site_capacity, name_count, name_capacity;
    Name *names;
} Trace;

// ---- the file of names
static void add_text(Trace *trace, const char *text, size_t length)          // [gate]
{
    if (trace->text_length + length > trace->text_capacity) {
        size_t capacity = (trace->text_length + length) * 2 + 4096;
        char *grown = realloc(trace->text, capacity);
        if (!grown) {
            trace->text_lost = true;
            return;
        }
        trace->text = grown;
        trace->text_capacity = capacity;
    }
    memcpy(trace->text + trace->text_length, text, length);
    trace->text_length += length;
}
// A word of a line: tabs, line ends and backslashes are written as escapes.
static void add_word(Trace *trace, const char *text)
{
    for (const char *at = text; *at;) {
        size_t plain = strcspn(at, "\t\n\\");
        add_text(trace, at, plain);
        at += plain;
        if (!*at) break;
        add_text(trace, *at == '\t' ? "\\t" : *at == '\n' ? "\\n" : "\\\\", 2);
        at++;
    }
}
// One line: a letter, numbers, words. Words NULL: none.
static void add_line(Trace *trace, char letter, const uint64_t *numbers, size_t number_count, const char *const *words, size_t word_count)
{
    pthread_mutex_lock(&trace->gate);
    add_text(trace, &letter, 1);
    for (size_t i = 0; i < number_count; i++) {
        char text[32];
        int length = snprintf(text, sizeof text, "\t%llu", (unsigned long long)numbers[i]);
        add_text(trace, text, (size_t)length);
    }
    for (size_t i = 0; i < word_count; i++) {
        add_text(trace, "\t", 1);
        add_word(trace, words[i]);
    }
    add_text(trace, "\n", 1);
    pthread_mutex_unlock(&trace->gate);
}
#define ADD_LINE(trace, letter, numbers, ...) \
    add_line(trace, letter, numbers, COUNT_OF(numbers), (const char *const[]){__VA_ARGS__}, COUNT_OF(((const char *const[]){__VA_ARGS__})))

// ---- rings: the producer's side
static TraceRing *ring_new(Thread *t, Trace *trace)
{
    TraceRing *ring = mmap(NULL, sizeof *ring, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (ring == MAP_FAILED) return NULL;
    pthread_mutex_lock(&trace->gate);
    ring->thread = ++trace->thread_numbers;
    ring->session = atomic_load_explicit(&trace->session, memory_order_relaxed);
    ring->next = trace->rings;
    trace->rings = ring;
    pthread_mutex_unlock(&trace->gate);
    char name[32];
    snprintf(name, sizeof name, t->is_main ? "MainThread" : "thread %lld", (long long)t->native_id);
    ADD_LINE(trace, 'T', ((const uint64_t[]){ring->thread, (uint64_t)t->native_id, t->ident, t->is_main}), name);
    return ring;
}

// Adds to a number that only this thread writes. The sum before.
static uint64_t add_own(_Atomic uint64_t *number, uint64_t more)
{
    uint64_t before = atomic_load_explicit(number, memory_order_relaxed);
    atomic_store_explicit(number, before + more, memory_order_relaxed);
    return before;
}
static void put(TraceRing *ring, uint64_t head, TraceRecord record)
{
    ring->records[head & (RING_RECORDS - 1)] = record;
    atomic_store_explicit(&ring->head, head + 1, memory_order_release);
}
static void push(Trace *trace, TraceRing *ring, TraceRecord record)
{
    uint64_t head = atomic_load_explicit(&ring->head, memory_order_relaxed);
    uint64_t used = head - atomic_load_explicit(&ring->tail, memory_order_acquire);
    uint64_t need = ring->gap ? 2 : 1;
    if (used + need > RING_RECORDS) {
        if (!ring->gap++) sem_post(&trace->wake);
        add_own(&ring->dropped, 1);
        return;
    }
    if (ring->gap) {
        put(ring, head++, (TraceRecord){.ns = record.ns, .thread = ring->thread, .site = ring->gap > UINT32_MAX ? UINT32_MAX : (uint32_t)ring->gap, .kind = TRACE_GAP});
        ring->gap = 0;
    }
    put(ring, head, record);
    if (used == RING_RECORDS / 2) sem_post(&trace->wake);
}

// The ring of t for this session; NULL: no memory for one. A ring of an earlier session begins anew.
static TraceRing *ring_of(Thread *t, Trace *trace)
{
    TraceRing *ring = t->trace_ring;
    uint64_t session = atomic_load_explicit(&trace->session, memory_order_relaxed);
    if (LIKELY(ring && ring->session == session)) return ring;
    if (ring) trace_thread_gone(t);
    return t->trace_ring = ring_new(t, trace);
}

// ---- sites and names: tables from what was seen to a number
static uint32_t mix(uint64_t a, uint64_t b) { return (uint32_t)(((a ^ b * 0x9E3779B97F4A7C15u) * 0xD6E8FEB86659FD93u) >> 32); }

static bool grow_slots(uint32_t **slots, uint32_t *capacity, uint32_t count, uint32_t (*hash)(Trace *, uint32_t), Trace *trace)
{
    if (*slots && count * 2 < *capacity) return true;
    uint32_t wanted = *slots ? *capacity * 2 : 256;
    uint32_t *grown = calloc(wanted, sizeof *grown);
    if (!grown) return *slots && count + 1 < *capacity;
    for (uint32_t id = 1; id <= count; id++) {
        uint32_t at = hash(trace, id) & (wanted - 1);
        while (grown[at]) at = (at + 1) & (wanted - 1);
        grown[at] = id;
    }
    free(*slots);
    *slots = grown;
    *capacity = wanted;
    return true;
}
static uint32_t hash_place(const CodePlace *p) { return mix((uint64_t)(uintptr_t)p->code ^ (uint64_t)p->word << 44, (uint64_t)(uintptr_t)p->inner); }
static uint32_t hash_site(Trace *trace, uint32_t id) { return hash_place(&trace->sites[id - 1].place); }

// Adds an element to an array whose capacity is always the next power of two. False: no memory.
static bool reserve_one(void **items, uint32_t count, size_t size)
{
    if (count & (count - 1) || (count && count < 16)) return true;
    void *grown = realloc(*items, (count ? (size_t)count * 2 : 16) * size);
    if (grown) *items = grown;
    return grown != NULL;
}

static void describe_site(Thread *t, Trace *trace, const CodePlace *place, uint32_t id)
{
    Str *parts[4];
    int line = t->interp->up.code_place_text(place, &parts[0], &parts[1], &parts[2], &parts[3]);
    OWN Value pending = error_take(t);                // what is under way is not ours to disturb
    char *texts[4] = {NULL};
    for (int i = 0; i < 4; i++) texts[i] = i < 2 || place->inner != place->code ? str_to_utf8(t, parts[i], NULL) : NULL;
    error_clear(t);
    error_restore(t, MOVE(pending));
    ADD_LINE(trace, 'S', ((const uint64_t[]){id, (uint64_t)line}), texts[0] ? texts[0] : "?", texts[1] ? texts[1] : "?", texts[2] ? texts[2] : "", texts[3] ? texts[3] : "");
    for (int i = 0; i < 4; i++) mem_free(texts[i]);
}

// The number of a place; 0: no memory. Needs the GIL.
static uint32_t site_number(Thread *t, Trace *trace, CodePlace place)
{
    if (!grow_slots(&trace->site_slots, &trace->site_capacity, trace->site_count, hash_site, trace)) return 0;
    uint32_t at = hash_place(&place) & (trace->site_capacity - 1);
    for (; trace->site_slots[at]; at = (at + 1) & (trace->site_capacity - 1)) {
        const CodePlace *known = &trace->sites[trace->site_slots[at] - 1].place;
        if (known->code == place.code && known->inner == place.inner && known->word == place.word) return trace->site_slots[at];
    }
    if (!reserve_one((void **)&trace->sites, trace->site_count, sizeof *trace->sites)) return 0;
    retain(object_value(place.code));                 // so that no other code comes to stand at its address
    retain(object_value(place.inner));
    trace->sites[trace->site_count++].place = place;
    trace->site_slots[at] = trace->site_count;
    describe_site(t, trace, &place, trace->site_count);
    return trace->site_count;
}

static uint32_t site_here(Thread *t, Trace *trace)
{
    CodePlace place;
    return t->interp->up.code_place && t->interp->up.code_place(t, &place) ? site_number(t, trace, place) : 0;
}

static uint32_t hash_text(const char *text)
{
    uint64_t h = 14695981039346656037u;
    for (; *text; text++) h = (h ^ (unsigned char)*text) * 1099511628211u;
    return mix(h, 1);
}
static uint32_t hash_name(Trace *trace, uint32_t id) { return hash_text(trace->names[id - 1].text); }

uint32_t trace_name(Thread *t, const char *text)
{
    Trace *trace = t->interp->trace;
    if (!grow_slots(&trace->name_slots, &trace->name_capacity, trace->name_count, hash_name, trace)) return 0;
    uint32_t at = hash_text(text) & (trace->name_capacity - 1);
    for (; trace->name_slots[at]; at = (at + 1) & (trace->name_capacity - 1))
        if (strcmp(trace->names[trace->name_slots[at] - 1].text, text) == 0) return trace->name_slots[at];
    char *copy = reserve_one((void **)&trace->names, trace->name_count, sizeof *trace->names) ? strdup(text) : NULL;
    if (!copy) return 0;
    trace->names[trace->name_count++].text = copy;
    trace->name_slots[at] = trace->name_count;
    ADD_LINE(trace, 'N', ((const uint64_t[]){trace->name_count}), text);
    return trace->name_count;
}
uint32_t trace_session(const Thread *t) { return t->interp->trace ? (uint32_t)atomic_load_explicit(&t->interp->trace->session, memory_order_relaxed) : 0; }

static void clear_tables(Trace *trace)
{
    for (uint32_t i = 0; i < trace->site_count; i++) {
        drop(object_value(trace->sites[i].place.code));
        drop(object_value(trace->sites[i].place.inner));
    }
    for (uint32_t i = 0; i < trace->name_count; i++) free(trace->names[i].text);
    void *tables[] = {trace->sites, trace->names, trace->site_slots, trace->name_slots};
    for (size_t i = 0; i < COUNT_OF(tables); i++) free(tables[i]);
    trace->sites = NULL;
    trace->names = NULL;
    trace->site_slots = trace->name_slots = NULL;
    trace->site_count = trace->site_capacity = trace->name_count = trace->name_capacity = 0;
}

// ---- recording
// lets_go: the thread is at the code that this and its next records are about. place: the code that only this one is about.
static void record(Thread *t, TraceRecord r, bool lets_go, const CodePlace *place)
{
    int saved_errno = errno;
    Trace *trace = t->interp->trace;
    TraceRing *ring = ring_of(t, trace);
    if (ring) {
        uint64_t count = add_own(&ring->events, 1);
        uint64_t before = count % SAMPLE_EVERY == 0 ? gil_now() : 0;
        if (lets_go) ring->site = site_here(t, trace);
        r.thread = ring->thread;
        r.site = place ? site_number(t, trace, *place) : r.kind <= TRACE_GAP ? ring->site : 0;
        push(trace, ring, r);
        if (before) add_own(&ring->recording_ns, (gil_now() - before) * (count ? SAMPLE_EVERY : 1));
    }
    errno = saved_errno;
}

void trace_state(Thread *t, TraceKind kind, GilReason reason, uint64_t ns)
{
    bool lets_go = kind == TRACE_BLOCKED || (kind == TRACE_WANTS && reason == GIL_INTERVAL);
    uint64_t made = t->gil.counters.first_ns;
    if (!t->trace_ring && made > t->interp->trace->started_ns)
        record(t, (TraceRecord){.ns = made, .kind = TRACE_BLOCKED, .reason = GIL_START}, false, NULL);
    record(t, (TraceRecord){.ns = ns, .kind = (uint8_t)kind, .reason = (uint8_t)reason}, lets_go, NULL);
}

void trace_step(Thread *t, TraceKind kind, uint32_t name, const CodePlace *place)
{
    record(t, (TraceRecord){.ns = gil_now(), .name = name, .kind = (uint8_t)kind}, false, place);
}

// ---- draining: the consumer's side
// How many bytes could not be written. After the first failure nothing more is: what follows would not stand where it should.
static size_t write_all(bool *failed, int fd, const void *data, size_t length)         // [draining]
{
    for (const char *at = data; length > 0 && fd >= 0 && !*failed;) {
        ssize_t wrote = write(fd, at, length);
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote <= 0) {
            *failed = true;
            break;
        }
        at += wrote;
        length -= (size_t)wrote;
    }
    return length;
}

static void drain_text(Trace *trace)
{
    pthread_mutex_lock(&trace->gate);
    char *text = trace->text;
    size_t length = trace->text_length;
    trace->text = NULL;
    trace->text_length = trace->text_capacity = 0;
    pthread_mutex_unlock(&trace->gate);
    write_all(&trace->text_failed, trace->names_fd, text, length);
    free(text);
}

static void add_cost(const Trace *trace, TraceCost *sum, const TraceRing *ring)
{
    if (ring->session != atomic_load_explicit(&trace->session, memory_order_relaxed)) return;
    sum->events += atomic_load_explicit(&ring->events, memory_order_relaxed);
    sum->dropped += atomic_load_explicit(&ring->dropped, memory_order_relaxed);
    sum->recording_ns += atomic_load_explicit(&ring->recording_ns, memory_order_relaxed);
}

static void drain_ring(Trace *trace, TraceRing *ring, uint64_t head)
{
    uint64_t tail = atomic_load_explicit(&ring->tail, memory_order_relaxed);
    if (ring->session != atomic_load_explicit(&trace->session, memory_order_relaxed)) {     // what came too late for its session
        atomic_store_explicit(&ring->tail, head, memory_order_release);
        return;
    }
    while (tail != head) {
        uint64_t at = tail & (RING_RECORDS - 1), run = RING_RECORDS - at;
        if (run > head - tail) run = head - tail;
        size_t left = write_all(&trace->records_failed, trace->events_fd, ring->records + at, run * sizeof *ring->records);
        atomic_fetch_add_explicit(&trace->unwritten, (left + sizeof *ring->records - 1) / sizeof *ring->records, memory_order_relaxed);
        tail += run;
        atomic_store_explicit(&ring->tail, tail, memory_order_release);
    }
}

// Rings whose threads have ended, and that are empty, are given back.
static void free_gone_rings(Trace *trace)
{
    pthread_mutex_lock(&trace->gate);
    for (TraceRing **at = &trace->rings; *at;) {
        TraceRing *ring = *at;
        bool gone = atomic_load_explicit(&ring->gone, memory_order_acquire);
        if (!gone || atomic_load_explicit(&ring->head, memory_order_acquire) != atomic_load_explicit(&ring->tail, memory_order_relaxed)) {
            at = &ring->next;
            continue;
        }
        *at = ring->next;
        add_cost(trace, &trace->ended, ring);
        munmap(ring, sizeof *ring);
    }
    pthread_mutex_unlock(&trace->gate);
}

#define HEADS_MAX 256     // rings drained between two looks at the names

// Empties every ring as it stood when the names were written, so that no record refers to a name that is not there.
static void drain(Trace *trace)
{
    pthread_mutex_lock(&trace->draining);
    TraceRing *rings[HEADS_MAX];
    uint64_t heads[HEADS_MAX];
    TraceRing *next = NULL;
    bool more = true;
    while (more) {
        size_t count = 0;
        pthread_mutex_lock(&trace->gate);
        for (next = next ? next : trace->rings; next && count < HEADS_MAX; next = next->next) {
            rings[count] = next;                       // only free_gone_rings takes rings out, and it needs `draining`
            heads[count++] = atomic_load_explicit(&next->head, memory_order_acquire);
        }
        more = next != NULL;
        pthread_mutex_unlock(&trace->gate);
        drain_text(trace);
        for (size_t i = 0; i < count; i++) drain_ring(trace, rings[i], heads[i]);
    }
    free_gone_rings(trace);
    pthread_mutex_unlock(&trace->draining);
}

static void *drain_until_stopped(void *argument)
{
    Trace *trace = argument;
    uint64_t said = 0;
    while (!atomic_load_explicit(&trace->stopping, memory_order_acquire)) {
        uint64_t until = gil_now() + DRAIN_EVERY_NS;
        struct timespec deadline = {.tv_sec = (time_t)(until / 1000000000u), .tv_nsec = (long)(until % 1000000000u)}, used;
        while (sem_clockwait(&trace->wake, CLOCK_MONOTONIC, &deadline) != 0 && errno == EINTR) {}
        if (until - said >= SIGN_OF_LIFE_NS) {
            said = until;
            ADD_LINE(trace, 'H', ((const uint64_t[]){gil_now()}), "");
        }
        drain(trace);
        if (clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used) == 0)
            atomic_store_explicit(&trace->draining_ns, (uint64_t)used.tv_sec * 1000000000u + (uint64_t)used.tv_nsec, memory_order_relaxed);
    }
    return NULL;
}

static bool start_drainer(Trace *trace)
{
    sigset_t all, before;
    sigfillset(&all);
    atomic_store(&trace->stopping, false);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    trace->drainer_runs = pthread_create(&trace->drainer, NULL, drain_until_stopped, trace) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return trace->drainer_runs;
}
static void end_drainer(Trace *trace)        // without the GIL
{
    atomic_store_explicit(&trace->stopping, true, memory_order_release);
    sem_post(&trace->wake);
    if (trace->drainer_runs) pthread_join(trace->drainer, NULL);
    drain(trace);
}

// ---- sessions
static bool open_spool(Trace *trace)
{
    char path[FOLDER_MAX + 40];
    int flags = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC;
    snprintf(path, sizeof path, "%s/%d.names", trace->folder, (int)getpid());
    trace->names_fd = open(path, flags, 0600);
    snprintf(path, sizeof path, "%s/%d.events", trace->folder, (int)getpid());
    trace->events_fd = trace->records && trace->names_fd >= 0 ? open(path, flags, 0600) : -1;
    return trace->names_fd >= 0 && (!trace->records || trace->events_fd >= 0);
}
static void close_spool(Trace *trace)
{
    if (trace->names_fd >= 0) close(trace->names_fd);
    if (trace->events_fd >= 0) close(trace->events_fd);
    trace->names_fd = trace->events_fd = -1;
}
static void forget_session(Trace *trace)
{
    free(trace->text);
    trace->text = NULL;
    trace->text_length = trace->text_capacity = 0;
    trace->text_lost = trace->text_failed = trace->records_failed = false;
    trace->thread_numbers = 0;
    trace->ended = (TraceCost){0};
    atomic_store(&trace->unwritten, 0);
    atomic_store(&trace->draining_ns, 0);
}
static void say_process(Trace *trace, uint64_t born_ns)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    ADD_LINE(trace, 'P', ((const uint64_t[]){(uint64_t)getpid(), (uint64_t)getppid(), born_ns, (uint64_t)now.tv_sec}), "");
}

static Trace *trace_of(Interp *interp)
{
    if (interp->trace) return interp->trace;
    Trace *trace = calloc(1, sizeof *trace);
    if (!trace) return NULL;
    pthread_mutex_init(&trace->gate, NULL);
    pthread_mutex_init(&trace->draining, NULL);
    sem_init(&trace->wake, 0, 0);
    trace->names_fd = trace->events_fd = -1;
    return interp->trace = trace;
}

// What the other threads are doing when a session begins, as records of theirs: they write none until their state changes.
static void record_states(Thread *t, Trace *trace)
{
    uint64_t now = gil_now();
    for (Thread *each = t->interp->threads; each; each = each->next) {
        if (each == t || !each->native_id) continue;          // without an id it has not come to life: its first record will say all
        TraceRing *ring = ring_of(each, trace);
        if (!ring) continue;
        bool wants = atomic_load_explicit(&each->gil.wants, memory_order_relaxed);
        TraceRecord state = {.ns = now, .thread = ring->thread, .kind = wants ? TRACE_WANTS : TRACE_BLOCKED, .reason = (uint8_t)each->gil.reason};
        write_all(&trace->records_failed, trace->events_fd, &state, sizeof state);
    }
    trace_state(t, TRACE_HOLDS, GIL_START, now);
}
// The name that a thread was given, in memory of the caller's; NULL: none. One with lone surrogates is shown with escapes.
static char *name_text(Thread *t, const Thread *named)
{
    if (!is_str(named->name)) return NULL;
    OWN Value pending = error_take(t);
    char *text = str_to_utf8(t, as_str(named->name), NULL);
    if (!text) {
        error_clear(t);
        OWN Value escaped = str_format(t, "%A", named->name);
        text = is_error(escaped) ? NULL : str_to_utf8(t, as_str(escaped), NULL);
        error_clear(t);
    }
    error_restore(t, MOVE(pending));
    return text;
}
static void name_threads(Thread *t)
{
    for (Thread *each = t->interp->threads; each; each = each->next)
        if (each->trace_ring) trace_thread_named(t, each);
}

bool trace_start(Thread *t, const char *folder, bool records)
{
    Trace *trace = trace_of(t->interp);
    if (!trace) return error_false(raise_memory_error(t));
    if (trace->folder[0]) return error_false(raise_error(t, &exc_RuntimeError, "a trace is running already"));
    if (!*folder || strlen(folder) >= sizeof trace->folder) return error_false(raise_value_error(t, "the folder for the trace has no name, or one that is too long"));
    forget_session(trace);
    snprintf(trace->folder, sizeof trace->folder, "%s", folder);
    trace->records = records;
    trace->root = getpid();
    trace->started_ns = gil_now();
    trace->main_before = t->interp->main_thread->gil.counters;
    if (t->interp->main_thread->gil.holds) trace->main_before.held_ns += trace->started_ns - t->interp->main_thread->gil.since_ns;
    bool open_now = open_spool(trace);
    if (!open_now || (records && !start_drainer(trace))) {
        int failed = open_now ? EAGAIN : errno;
        close_spool(trace);
        trace->folder[0] = 0;
        return error_false(raise_errno(t, failed));
    }
    atomic_fetch_add(&trace->session, 1);
    say_process(trace, trace->started_ns);
    if (records) {
        record_states(t, trace);
        name_threads(t);
    }
    atomic_store(&t->interp->trace_on, records);
    return true;
}

void trace_flush(Thread *t)
{
    Trace *trace = t->interp->trace;
    if (!trace || !trace->folder[0]) return;
    if (trace->records) name_threads(t);
    BLOCKING(t, GIL_FILE, drain(trace));
}

static TraceCost cost_so_far(Trace *trace)
{
    pthread_mutex_lock(&trace->gate);
    TraceCost cost = trace->ended;
    for (TraceRing *ring = trace->rings; ring; ring = ring->next) add_cost(trace, &cost, ring);
    pthread_mutex_unlock(&trace->gate);
    cost.dropped += atomic_load(&trace->unwritten);
    cost.draining_ns = atomic_load(&trace->draining_ns);
    return cost;
}
TraceCost trace_cost(Thread *t) { return t->interp->trace ? cost_so_far(t->interp->trace) : (TraceCost){0}; }

static void say_counters(Trace *trace, const char *name, const GilCounters *c, const GilCounters *less, bool is_main)
{
    static const GilCounters none;
    if (!less) less = &none;
    uint64_t numbers[8 + 2 * GIL_REASON_COUNT] = {is_main, c->first_ns, c->last_ns, c->holds - less->holds, c->held_ns - less->held_ns,
                                                  c->waits - less->waits, c->waited_ns - less->waited_ns, c->forced - less->forced};
    for (int r = 0; r < GIL_REASON_COUNT; r++) {
        numbers[8 + 2 * r] = c->releases[r] - less->releases[r];
        numbers[9 + 2 * r] = c->blocked_ns[r] - less->blocked_ns[r];
    }
    ADD_LINE(trace, 'R', numbers, name);
}
// A line for each thread that this process has or had.
static void say_all_counters(Thread *t, Trace *trace, uint64_t now)
{
    for (const EndedThread *ended = t->interp->ended_threads; ended; ended = ended->next) say_counters(trace, ended->name, &ended->counters, NULL, false);
    for (Thread *each = t->interp->threads; each; each = each->next) {
        GilCounters c = each->gil.counters;
        bool wants = atomic_load_explicit(&each->gil.wants, memory_order_relaxed);
        if (each->gil.holds) c.held_ns += now - each->gil.since_ns;
        else if (wants) c.waited_ns += now - each->gil.since_ns;
        else c.blocked_ns[each->gil.reason] += now - each->gil.since_ns;
        c.last_ns = now;
        OWN_MEMORY char *text = name_text(t, each);
        say_counters(trace, text ? text : each->is_main ? "MainThread" : "unnamed", &c, each->is_main ? &trace->main_before : NULL, each->is_main);
    }
}

static void stop_without_lock(Trace *trace, uint64_t ended_ns)
{
    end_drainer(trace);
    TraceCost cost = cost_so_far(trace);
    ADD_LINE(trace, 'D', ((const uint64_t[]){cost.events, cost.dropped, cost.recording_ns, cost.draining_ns, trace->text_lost || trace->text_failed || trace->records_failed, ended_ns}), "");
    drain(trace);
    close_spool(trace);
}
void trace_stop(Thread *t)
{
    Trace *trace = t->interp->trace;
    if (!trace || !trace->folder[0]) return;
    if (trace->records) name_threads(t);
    atomic_store(&t->interp->trace_on, false);
    uint64_t now = gil_now();
    say_all_counters(t, trace, now);
    BLOCKING(t, GIL_FILE, stop_without_lock(trace, now));
    trace->drainer_runs = false;
    trace->folder[0] = 0;
    clear_tables(trace);
}

// ---- threads and processes
void trace_thread_named(Thread *t, Thread *named)
{
    Trace *trace = t->interp->trace;
    if (!trace || !trace->folder[0] || !trace->records) return;
    TraceRing *ring = named == t ? ring_of(t, trace) : named->trace_ring;
    OWN_MEMORY char *name = ring ? name_text(t, named) : NULL;
    if (name) ADD_LINE(trace, 'T', ((const uint64_t[]){ring->thread, (uint64_t)named->native_id, named->ident, named->is_main}), name);
}
void trace_process_named(Thread *t, const char *name)
{
    Trace *trace = t->interp->trace;
    if (!trace || !trace->folder[0]) return;
    ADD_LINE(trace, 'L', ((const uint64_t[]){(uint64_t)getpid()}), name);
    sem_post(&trace->wake);             // it is to be known even of a process that is killed at once
}

void trace_thread_gone(Thread *t)
{
    if (!t->trace_ring) return;
    atomic_store_explicit(&t->trace_ring->gone, true, memory_order_release);
    t->trace_ring = NULL;
}

void trace_before_fork(Thread *t)
{
    if (t->interp->trace) t->interp->trace->forked_ns = gil_now();
}

// The child has the parent's rings and half-written names: those are the parent's to write. It begins a spool of its own.
void trace_after_fork(Thread *t)
{
    Trace *trace = t->interp->trace;
    if (!trace) return;
    pthread_mutex_init(&trace->gate, NULL);
    pthread_mutex_init(&trace->draining, NULL);
    sem_init(&trace->wake, 0, 0);
    for (TraceRing *ring = trace->rings, *next; ring; ring = next) {
        next = ring->next;
        munmap(ring, sizeof *ring);
    }
    trace->rings = NULL;
    t->trace_ring = NULL;
    trace->drainer_runs = false;
    if (!trace->folder[0]) return;
    forget_session(trace);
    clear_tables(trace);
    close_spool(trace);
    trace->main_before = (GilCounters){0};
    trace->started_ns = gil_now();
    atomic_fetch_add(&trace->session, 1);
    if (!open_spool(trace) || (trace->records && !start_drainer(trace))) {      // the parent's end has come, perhaps: nobody will read it
        close_spool(trace);
        trace->folder[0] = 0;
        atomic_store(&t->interp->trace_on, false);
        return;
    }
    say_process(trace, trace->forked_ns);        // not when it first ran: children are shown in the order in which the program made them
    if (trace->records) trace_state(t, TRACE_HOLDS, GIL_FORK, gil_now());
}

static void remove_spool(const char *folder)
{
    DIR *entries = opendir(folder);
    if (!entries) return;
    for (struct dirent *entry; (entry = readdir(entries));)
        if (entry->d_name[0] != '.') unlinkat(dirfd(entries), entry->d_name, 0);
    closedir(entries);
    rmdir(folder);
}

void trace_at_exit(Thread *t)
{
    Trace *trace = t->interp->trace;
    if (!trace || !trace->folder[0]) return;
    if (trace->root != getpid()) {
        trace_stop(t);
        return;
    }
    fputs("baton: os._exit() ended the program at once: what was recorded of the GIL is not told\n", stderr);
    remove_spool(trace->folder);
}

void trace_end(Thread *t)
{
    Interp *interp = t->interp;
    Trace *trace = interp->trace;
    if (!trace) return;
    if (trace->folder[0]) {             // a child's, whose records the parent will read; or one that nobody ended
        char folder[FOLDER_MAX];
        memcpy(folder, trace->folder, sizeof folder);
        trace_stop(t);
        if (trace->root == getpid()) remove_spool(folder);
    }
    atomic_store(&interp->trace_on, false);
    clear_tables(trace);
    trace_thread_gone(t);
    drain(trace);                       // of what came too late; rings that are gone are given back
    if (trace->rings || interp->threads != t || t->next) return;     // a thread that is about to end, or a daemon, may still look at it
    interp->trace = NULL;
    free(trace->text);
    pthread_mutex_destroy(&trace->gate);
    pthread_mutex_destroy(&trace->draining);
    sem_destroy(&trace->wake);
    free(trace);
}
