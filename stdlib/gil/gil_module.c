// SPDX-License-Identifier: MIT
// stdlib/gil/gil_module.c: the native half of the package gil: counters, threads and their waits, the recorder's sessions, and
// what its readers do for every record.
#include "runtime/buffer.h"
#include "runtime/error.h"
#include "runtime/gil.h"
#include "runtime/gil_policy.h"
#include "runtime/gil_trace.h"
#include "runtime/heap.h"
#include "runtime/lock.h"
#include "runtime/types/bytes.h"
#include "runtime/types/dict.h"
#include "runtime/types/float.h"
#include "runtime/types/int.h"
#include "runtime/types/list.h"
#include "runtime/types/module.h"
#include "runtime/types/str.h"
#include "runtime/types/tuple.h"

static Value seconds(uint64_t ns) { return float_value((double)ns / 1e9); }

// What the thread has counted so far, the hold or the wait under way included.
static GilCounters counters_now(const Thread *each)
{
    GilCounters c = each->gil.counters;
    uint64_t now = gil_now();
    if (each->gil.holds) c.held_ns += now - each->gil.since_ns;
    else if (atomic_load_explicit(&each->gil.wants, memory_order_relaxed)) c.waited_ns += now - each->gil.since_ns;
    else c.blocked_ns[each->gil.reason] += now - each->gil.since_ns;
    return c;
}

static Value reasons_dict(Thread *t, const GilCounters *c)
{
    OWN_POINTER Dict *releases = dict_new(t);
    if (!releases) return ERROR;
    for (int r = 0; r < GIL_REASON_COUNT; r++) {
        if (!c->releases[r]) continue;
        OWN_POINTER Dict *one = dict_new(t);
        if (!one || !dict_set_text(t, one, "times", int_value(t, (int64_t)c->releases[r])) || !dict_set_text(t, one, "seconds", seconds(c->blocked_ns[r])) ||
            !dict_set_text(t, releases, gil_reason_names[r], retain(object_value(one)))) return ERROR;
    }
    return object_value(MOVE_POINTER(releases));
}
static Value counters_dict(Thread *t, const GilCounters *c)
{
    OWN_POINTER Dict *dict = dict_new(t);
    if (!dict || !dict_set_text(t, dict, "holds", int_value(t, (int64_t)c->holds)) || !dict_set_text(t, dict, "held", seconds(c->held_ns)) ||
        !dict_set_text(t, dict, "waits", int_value(t, (int64_t)c->waits)) || !dict_set_text(t, dict, "waited", seconds(c->waited_ns)) ||
        !dict_set_text(t, dict, "forced", int_value(t, (int64_t)c->forced)) || !dict_set_text(t, dict, "lost", int_value(t, (int64_t)c->lost)) || !dict_set_text(t, dict, "releases", reasons_dict(t, c))) return ERROR;
    return object_value(MOVE_POINTER(dict));
}

static Value thread_name(Thread *t, Thread *each)
{
    if (is_str(each->name)) return retain(each->name);
    return each->is_main ? str_from_text(t, "MainThread") : str_format(t, "thread %zu", (size_t)each->ident);
}

// Adds the counters of the other threads, living and ended, that have the thread's name.
static void add_namesakes(Thread *t, const Thread *each, GilCounters *sum)
{
    if (!is_str(each->name)) return;
    const Str *name = as_str(each->name);
    for (const EndedThread *ended = t->interp->ended_threads; ended; ended = ended->next)
        if (str_equal_text(name, ended->name)) gil_counters_add(sum, &ended->counters);
    for (const Thread *other = t->interp->threads; other; other = other->next) {
        if (other == each || !is_str(other->name) || !str_equal(name, as_str(other->name))) continue;
        GilCounters c = counters_now(other);
        gil_counters_add(sum, &c);
    }
}

// Threads of one name are one row, as those that have ended are (t->interp->ended_threads).
static Value stats(Thread *t, Value self, const Value *args)
{
    OWN_POINTER Dict *threads = dict_new(t);
    OWN_POINTER Dict *result = dict_new(t);
    if (!threads || !result) return ERROR;
    GilCounters total = {0};
    for (const EndedThread *ended = t->interp->ended_threads; ended; ended = ended->next) {
        OWN Value name = str_from_text(t, ended->name);
        OWN Value row = is_error(name) ? ERROR : counters_dict(t, &ended->counters);
        if (is_error(row) || !dict_set(t, threads, name, row)) return ERROR;
        gil_counters_add(&total, &ended->counters);
    }
    for (Thread *each = t->interp->threads; each; each = each->next) {
        GilCounters c = counters_now(each);
        gil_counters_add(&total, &c);
        add_namesakes(t, each, &c);
        OWN Value name = thread_name(t, each);
        OWN Value row = is_error(name) ? ERROR : counters_dict(t, &c);
        if (is_error(row) || !dict_set(t, threads, name, row)) return ERROR;
    }
    if (!dict_set_text(t, result, "threads", retain(object_value(threads))) || !dict_set_text(t, result, "total", counters_dict(t, &total)) ||
        !dict_set_text(t, result, "policy", str_from_text(t, gil_policy(t->interp->gil)->name)) || !dict_set_text(t, result, "switch_interval", float_value(gil_interval(t->interp->gil)))) return ERROR;
    return object_value(MOVE_POINTER(result));
}

static Value reasons(Thread *t, Value self, const Value *args)
{
    OWN Value list = list_new(t, GIL_REASON_COUNT);
    for (int r = 0; r < GIL_REASON_COUNT && !is_error(list); r++)
        if (!list_append_owned(t, list, str_from_text(t, gil_reason_names[r]))) return ERROR;
    return is_error(list) ? ERROR : list_to_tuple(t, list);
}


// ---- threads: what each is doing, and who stands in its way

// Who has what the thread blocks on, as a thread that lives; NULL: nobody known. A waiter's own lock (a condition's) is nobody's.
static Thread *holder_of_wait(Thread *t, const Thread *each)
{
    if (!each->waits_on) return NULL;
    uint64_t owner = each->waits_on->owner;
    for (Thread *other = t->interp->threads; other; other = other->next)
        if (other != each && owner && other->ident == owner) return other;
    return NULL;
}
// (name, ident, native id, daemon, state, reason, waits for, its holder's name, line …) of one thread.
static Value thread_tuple(Thread *t, Thread *each)
{
    bool wants = atomic_load_explicit(&each->gil.wants, memory_order_relaxed);
    bool blocked = !wants && !each->gil.holds;
    Thread *holder = wants ? t : holder_of_wait(t, each);       // the caller holds the GIL
    OWN Value name = thread_name(t, each);
    OWN Value state = str_from_text(t, each->gil.holds ? "holds" : wants ? "wants" : "blocked");
    OWN Value reason = blocked ? str_from_text(t, gil_reason_names[each->gil.reason]) : NONE;
    OWN Value waits_for = wants ? str_from_text(t, "gil") : blocked && each->waits_for ? str_from_text(t, each->waits_for) : NONE;
    OWN Value holder_name = holder ? thread_name(t, holder) : NONE;
    OWN Value ident = int_from_u64(t, each->ident);
    if (is_error(name) || is_error(state) || is_error(reason) || is_error(waits_for) || is_error(holder_name) || is_error(ident)) return ERROR;
    OWN Value since = seconds(gil_now() - each->gil.since_ns);
    return tuple_of(t, 9, name, ident, int_value(t, each->native_id), bool_value(each->daemon), state, reason, waits_for, holder_name, since);
}
static Value threads(Thread *t, Value self, const Value *args)
{
    OWN Value list = list_new(t, 0);
    for (Thread *each = t->interp->threads; each && !is_error(list); each = each->next)
        if (!list_append_owned(t, list, thread_tuple(t, each))) return ERROR;
    return MOVE(list);
}

// ---- the recorder
static Value start_trace(Thread *t, Value self, const Value *args)
{
    if (!is_str(args[0])) return raise_type_error(t, "the folder must be a str, not %T", args[0]);
    OWN_MEMORY char *folder = str_to_utf8(t, as_str(args[0]), NULL);
    return folder && trace_start(t, folder, is_true(args[1])) ? NONE : ERROR;
}
static Value flush_trace(Thread *t, Value self, const Value *args) { trace_flush(t); return NONE; }
static Value stop_trace(Thread *t, Value self, const Value *args) { trace_stop(t); return NONE; }
static Value is_tracing(Thread *t, Value self, const Value *args) { return bool_value(trace_is_on(t)); }
static Value cost(Thread *t, Value self, const Value *args)
{
    TraceCost c = trace_cost(t);
    return tuple_of(t, 4, int_value(t, (int64_t)c.events), int_value(t, (int64_t)c.dropped), int_value(t, (int64_t)c.recording_ns), int_value(t, (int64_t)c.draining_ns));
}
static Value now(Thread *t, Value self, const Value *args) { return int_value(t, (int64_t)gil_now()); }
static Value name_process(Thread *t, Value self, const Value *args)
{
    if (!is_str(args[0])) return raise_type_error(t, "the name must be a str, not %T", args[0]);
    OWN_MEMORY char *name = str_to_utf8(t, as_str(args[0]), NULL);
    if (!name) return ERROR;
    trace_process_named(t, name);
    return NONE;
}

// ---- records, for the readers: one call for all of them
typedef struct Lane { size_t states, steps; char *states_at, *steps_at; } Lane;      // records of each kind; where the next one goes

// The lanes of the threads, by number. NULL: raised.
static NEW_REF Lane *count_lanes(Thread *t, const TraceRecord *records, size_t count, uint32_t *lane_count)
{
    *lane_count = 0;
    for (size_t i = 0; i < count; i++)
        if (records[i].thread > *lane_count) *lane_count = records[i].thread;
    if (*lane_count > count) return error_null(raise_value_error(t, "these are no records of the recorder: more threads than records"));
    Lane *lanes = mem_allocate(t, (*lane_count + (size_t)1) * sizeof *lanes);
    if (!lanes) return NULL;
    memset(lanes, 0, (*lane_count + (size_t)1) * sizeof *lanes);
    for (size_t i = 0; i < count; i++) {
        Lane *lane = &lanes[records[i].thread];
        if (records[i].kind <= TRACE_GAP) lane->states++;
        else lane->steps++;
    }
    return lanes;
}
// {thread: (states, steps)} of blank bytes, which the lanes point into.
static NEW_REF Dict *blank_lanes(Thread *t, Lane *lanes, uint32_t lane_count)
{
    OWN_POINTER Dict *result = dict_new(t);
    for (uint32_t thread = 0; result && thread <= lane_count; thread++) {
        Lane *lane = &lanes[thread];
        if (!lane->states && !lane->steps) continue;
        OWN Value states = bytes_from(t, NULL, lane->states * sizeof(TraceRecord));
        OWN Value steps = is_error(states) ? ERROR : bytes_from(t, NULL, lane->steps * sizeof(TraceRecord));
        OWN Value both = is_error(steps) ? ERROR : tuple_of(t, 2, states, steps);
        OWN Value key = int_value(t, thread);
        if (is_error(both) || !dict_set(t, result, key, both)) return NULL;
        lane->states_at = bytes_data(states);
        lane->steps_at = bytes_data(steps);
    }
    return MOVE_POINTER(result);
}
// split(records) -> {thread: (records of its states, records of its steps)}; a thread's records keep their order.
static Value split(Thread *t, Value self, const Value *args)
{
    OWN_BUFFER Buffer b = {0};
    if (!buffer_get(t, args[0], &b, 0)) return ERROR;
    size_t count = (size_t)b.length / sizeof(TraceRecord);
    OWN_MEMORY char *copy = mem_allocate(t, count * sizeof(TraceRecord) + 1);     // aligned, and it stays as it is
    if (!copy) return ERROR;
    memcpy(copy, b.data, count * sizeof(TraceRecord));
    const TraceRecord *records = (const TraceRecord *)(void *)copy;
    uint32_t lane_count;
    Lane *lanes = count_lanes(t, records, count, &lane_count);
    Dict *result = lanes ? blank_lanes(t, lanes, lane_count) : NULL;
    for (size_t i = 0; result && i < count; i++) {
        char **at = records[i].kind <= TRACE_GAP ? &lanes[records[i].thread].states_at : &lanes[records[i].thread].steps_at;
        memcpy(*at, &records[i], sizeof *records);
        *at += sizeof *records;
    }
    mem_free(lanes);
    return result ? object_value(result) : ERROR;
}

enum { STATE_NONE, STATE_HOLDS, STATE_WANTS, STATE_GAP, STATE_BLOCKED };      // STATE_BLOCKED + reason

static uint8_t state_of(const TraceRecord *r)
{
    switch ((TraceKind)r->kind) {
    case TRACE_HOLDS: return STATE_HOLDS;
    case TRACE_WANTS: return STATE_WANTS;
    case TRACE_BLOCKED: return (uint8_t)(STATE_BLOCKED + r->reason);
    case TRACE_GAP: return STATE_GAP;
    default: return STATE_NONE;
    }
}
// columns(records of states, start) -> (times as doubles: ns since start, states as bytes, sites as 32-bit numbers)
static Value columns(Thread *t, Value self, const Value *args)
{
    int64_t start;
    OWN_BUFFER Buffer b = {0};
    if (!int_as_i64(t, args[1], &start) || !buffer_get(t, args[0], &b, 0)) return ERROR;
    size_t count = (size_t)b.length / sizeof(TraceRecord);
    OWN Value times = bytes_from(t, NULL, count * sizeof(double));
    OWN Value states = is_error(times) ? ERROR : bytes_from(t, NULL, count);
    OWN Value sites = is_error(states) ? ERROR : bytes_from(t, NULL, count * sizeof(uint32_t));
    if (is_error(sites)) return ERROR;
    for (size_t i = 0; i < count; i++) {
        TraceRecord r;
        memcpy(&r, b.data + i * sizeof r, sizeof r);
        double at = (double)((int64_t)r.ns - start);
        uint8_t state = state_of(&r);
        memcpy(bytes_data(times) + i * sizeof at, &at, sizeof at);
        memcpy(bytes_data(states) + i, &state, 1);
        memcpy(bytes_data(sites) + i * sizeof r.site, &r.site, sizeof r.site);
    }
    return tuple_of(t, 3, times, states, sites);
}
static Value base64(Thread *t, Value self, const Value *args)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    OWN_BUFFER Buffer b = {0};
    if (!buffer_get(t, args[0], &b, 0)) return ERROR;
    size_t length = (size_t)b.length, at = 0;
    OWN_MEMORY char *text = mem_allocate(t, (length + 2) / 3 * 4 + 1);
    if (!text) return ERROR;
    for (size_t i = 0; i < length; i += 3) {
        uint32_t word = 0;
        for (size_t k = 0; k < 3; k++) word = word << 8 | (i + k < length ? (unsigned char)b.data[i + k] : 0);
        for (size_t k = 0; k < 4; k++) text[at++] = i + k > length ? '=' : letters[word >> (18 - 6 * k) & 63];
    }
    return str_from_ascii(t, text, at);
}

static const Method functions[] = {
    {"stats", stats, "()",
     "What the GIL did so far, as a dict: 'threads' maps the name of each thread to its counters, 'total' is their sum.\n\n"
     "Counters: holds (times it took the lock), held (seconds it had it), waits (times it did not get the lock at once),\n"
     "waited (seconds it wanted the lock and had it not), forced (releases that another thread's request forced), lost (times\n"
     "it was called to take the lock and found it taken again), and\n"
     "releases: for each reason how many times it let go and how many seconds passed until it wanted the lock again."},
    {"reasons", reasons, "()", "The reasons for which a thread lets go of the lock."},
    {"threads", threads, "()", NULL},
    {"trace_start", start_trace, "(folder, records, /)", NULL},
    {"trace_flush", flush_trace, "()", NULL},
    {"trace_stop", stop_trace, "()", NULL},
    {"is_tracing", is_tracing, "()", NULL},
    {"cost", cost, "()", "(events, dropped, nanoseconds spent recording, nanoseconds of the drainer) of this session."},
    {"now", now, "()", "Nanoseconds of the recorder's clock."},
    {"name_process", name_process, "(name, /)", NULL},
    {"split", split, "(records, /)", NULL},
    {"columns", columns, "(records, start, /)", NULL},
    {"base64", base64, "(data, /)", NULL},
    {0},
};

const ModuleSpec _gil_spec = {.name = "_gil", .doc = "The native half of gil.", .functions = functions};
