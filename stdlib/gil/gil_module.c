// SPDX-License-Identifier: MIT
// stdlib/gil/gil_module.c: the module gil: what the lock did, for a script to ask.
#include "runtime/error.h"
#include "runtime/gil.h"
#include "runtime/heap.h"
#include "runtime/thread.h"
#include "runtime/types/dict.h"
#include "runtime/types/float.h"
#include "runtime/types/int.h"
#include "runtime/types/list.h"
#include "runtime/types/module.h"
#include "runtime/types/str.h"

static Value seconds(uint64_t ns) { return float_value((double)ns / 1e9); }

// What the thread has counted so far, the hold or the wait under way included.
static GilCounters counters_now(const Thread *each)
{
    GilCounters c = each->gil.counters;
    uint64_t now = gil_now();
    if (each->gil.holds) c.held_ns += now - each->gil.since_ns;
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
        !dict_set_text(t, dict, "forced", int_value(t, (int64_t)c->forced)) || !dict_set_text(t, dict, "releases", reasons_dict(t, c))) return ERROR;
    return object_value(MOVE_POINTER(dict));
}

static Value thread_name(Thread *t, Thread *each)
{
    if (is_str(each->name)) return retain(each->name);
    return each->is_main ? str_from_text(t, "MainThread") : str_format(t, "thread %zu", (size_t)each->ident);
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
        OWN Value name = thread_name(t, each);
        OWN Value row = is_error(name) ? ERROR : counters_dict(t, &c);
        if (is_error(row) || !dict_set(t, threads, name, row)) return ERROR;
        gil_counters_add(&total, &c);
    }
    if (!dict_set_text(t, result, "threads", retain(object_value(threads))) || !dict_set_text(t, result, "total", counters_dict(t, &total)) ||
        !dict_set_text(t, result, "policy", str_from_text(t, "interval")) || !dict_set_text(t, result, "switch_interval", float_value(gil_interval(t->interp->gil)))) return ERROR;
    return object_value(MOVE_POINTER(result));
}

static Value reasons(Thread *t, Value self, const Value *args)
{
    OWN Value list = list_new(t, GIL_REASON_COUNT);
    for (int r = 0; r < GIL_REASON_COUNT && !is_error(list); r++)
        if (!list_append_owned(t, list, str_from_text(t, gil_reason_names[r]))) return ERROR;
    return is_error(list) ? ERROR : list_to_tuple(t, list);
}

static const Method functions[] = {
    {"stats", stats, "()",
     "What the GIL did so far, as a dict: 'threads' maps the name of each thread to its counters, 'total' is their sum.\n\n"
     "Counters: holds (times it took the lock), held (seconds it had it), waits (times it did not get the lock at once),\n"
     "waited (seconds it wanted the lock and had it not), forced (releases that another thread's request forced), and\n"
     "releases: for each reason how many times it let go and how many seconds passed until it wanted the lock again."},
    {"reasons", reasons, "()", "The reasons for which a thread lets go of the lock."},
    {0},
};

extern const ModuleSpec _gil_spec;
const ModuleSpec _gil_spec = {.name = "_gil", .doc = "The Global Interpreter Lock, to look at.", .functions = functions};
