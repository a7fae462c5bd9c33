// SPDX-License-Identifier: MIT
// stdlib/gil/steer_module.c: the module _gil_steer: policies, controlled runs, deadlocks and races, for the Python half in gil.
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "interp/interp.h"
#include "runtime/buffer.h"
#include "runtime/call.h"
#include "runtime/deadlock.h"
#include "runtime/error.h"
#include "runtime/fork.h"
#include "runtime/gil_policy.h"
#include "runtime/heap.h"
#include "runtime/lock_order.h"
#include "runtime/races.h"
#include "runtime/schedule_internal.h"
#include "runtime/types/dict.h"
#include "runtime/types/float.h"
#include "runtime/types/int.h"
#include "runtime/types/list.h"
#include "runtime/types/module.h"
#include "runtime/types/str.h"
#include "runtime/types/tuple.h"
#include "stdlib/module_slots.h"

// ---- Policies
static Value policy(Thread *t, Value self, const Value *args) { return str_from_text(t, gil_policy(t->interp->gil)->name); }
static Value set_policy(Thread *t, Value self, const Value *args)
{
    if (!is_str(args[0])) return raise_type_error(t, "a policy is a str, not %T", args[0]);
    OWN_MEMORY char *name = str_to_utf8(t, as_str(args[0]), NULL);
    const GilPolicy *wanted = name ? gil_policy_find(name) : NULL;
    if (!name) return ERROR;
    if (!wanted) return raise_value_error(t, "there is no policy %R", args[0]);
    gil_set_policy(t, wanted);
    return NONE;
}
static Value policies(Thread *t, Value self, const Value *args)
{
    OWN Value list = list_new(t, 8);
    for (const GilPolicy *each = gil_policies; each->name && !is_error(list); each++) {
        OWN Value name = str_from_text(t, each->name);
        OWN Value help = str_from_text(t, each->help);
        if (is_error(name) || is_error(help) || !list_append_owned(t, list, tuple_of(t, 2, name, help))) return ERROR;
    }
    return is_error(list) ? ERROR : list_to_tuple(t, list);
}

// ---- Shared memory for records
typedef struct Tape { Object head; char *data; size_t size; } Tape;
static Type tape_type;
static Value tape_construct(Thread *t, Type *type, const Value *args)
{
    size_t size;
    if (!int_as_size(t, args[0], &size)) return ERROR;
    if (size < 4096 || size > (size_t)1 << 34) return raise_value_error(t, "a tape has 4096 bytes to 16 GiB");
    OWN_POINTER Tape *tape = (Tape *)object_new(t, type);
    if (!tape) return ERROR;
    tape->data = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (tape->data == MAP_FAILED) {
        tape->data = NULL;
        return raise_memory_error(t);
    }
    tape->size = size;
    return object_value(MOVE_POINTER(tape));
}
static void tape_finish(Thread *t, Object *o)
{
    Tape *tape = (Tape *)o;
    if (tape->data) munmap(tape->data, tape->size);
}
static RecordHead *tape_head(Value v) { return (RecordHead *)(void *)((Tape *)as_object(v))->data; }
static Value tape_clear(Thread *t, Value self, const Value *args)
{
    *tape_head(self) = (RecordHead){.used = sizeof(RecordHead)};
    return NONE;
}
static Value tape_state(Thread *t, Value self, const Value *args)
{
    const RecordHead *h = tape_head(self);
    return tuple_of(t, 4, small_int((int64_t)atomic_load(&h->flags)), small_int(h->points), small_int(h->instructions), small_int(h->threads));
}
static NEW_REF Value point_tuple(Thread *t, const Record *r)
{
    return tuple_of(t, 9, small_int(RECORD_POINT), small_int(r->thread), small_int(r->flags), small_int(r->other), small_int(r->line), int_from_u64(t, r->a), int_from_u64(t, r->b),
                    small_int((int64_t)(r->c & 0xFFFFFFFF)), small_int((int64_t)(r->c >> 32)));
}
static NEW_REF Value access_tuple(Thread *t, const Record *r)
{
    OWN Value place = int_from_u64(t, r->a);
    OWN Value key = int_from_u64(t, r->b);
    if (is_error(place) || is_error(key)) return ERROR;
    return tuple_of(t, 7, small_int(RECORD_ACCESS), small_int(r->thread), small_int(r->flags), small_int(r->line), place, key, small_int((int64_t)(r->c & 0xFFFFFFFF)));
}
// The records as tuples, by kind: see records.py.
static Value tape_records(Thread *t, Value self, const Value *args)
{
    const Tape *tape = (const Tape *)as_object(self);
    uint64_t used = tape_head(self)->used < tape->size ? tape_head(self)->used : tape->size;
    OWN Value list = list_new(t, 64);
    for (uint64_t at = sizeof(RecordHead); !is_error(list) && at + sizeof(Record) <= used;) {
        const Record *r = (const Record *)(const void *)(tape->data + at);
        at += sizeof *r;
        Value one = ERROR;
        switch (r->kind) {
        case RECORD_POINT: one = point_tuple(t, r); break;
        case RECORD_ACCESS: one = access_tuple(t, r); break;
        case RECORD_LINE: one = tuple_of(t, 4, small_int(RECORD_LINE), small_int(r->thread), small_int(r->line), small_int((int64_t)r->c)); break;
        case RECORD_TEXT: case RECORD_VALUE: case RECORD_THREAD: {
            if (at + r->line > used) return MOVE(list);
            OWN Value text = str_from_utf8(t, tape->data + at, r->line);
            if (is_error(text)) error_clear(t);
            one = is_error(text) ? ERROR : tuple_of(t, 4, small_int(r->kind), small_int(r->thread), small_int((int64_t)r->a), text);
            at += (r->line + sizeof *r - 1) / sizeof *r * sizeof *r;
            break;
        }
        default: return MOVE(list);
        }
        if (!is_error(one)) { if (!list_append_owned(t, list, one)) return ERROR; }
        else if (error_pending(t)) return ERROR;
    }
    return MOVE(list);
}
static const Method tape_methods[] = {
    {"clear", tape_clear, "(self, /)", "Forget what is recorded."},
    {"state", tape_state, "(self, /)", "(flags, points, instructions, threads) of the run so far."},
    {"records", tape_records, "(self, /)", "What is recorded, as a list of tuples."},
    {0},
};
static const TypeSpec tape_spec = {
    .name = "_gil_steer.Tape",
    .doc = "Memory, shared with forked children, in which a controlled run records what happened.",
    .size = sizeof(Tape),
    .slots = {.finish = tape_finish},
    .methods = tape_methods,
    .new_signature = "(size)",
    .construct = tape_construct,
};

// ---- Controlled runs
// Asks the Python function which thread is next: its number, or None for the usual one.
static bool ask(Thread *t, Thread *current, Thread **chosen)
{
    OWN Value function = retain(t->interp->module_slots[SLOT_GIL_ASK]);
    if (!is_object(function)) return false;
    OWN Value pending = error_take(t);
    OWN Value result = call1(t, function, small_int(current->schedule.number));
    bool fine = is_small_int(result);
    if (is_error(result)) error_unraisable(t, "Exception ignored in", function);
    if (fine) *chosen = schedule_thread(t, (uint32_t)as_small_int(result));
    if (!is_unbound(pending)) error_restore(t, MOVE(pending));
    return fine;
}

static bool choices_from(Thread *t, Value pairs, ScheduleChoice **choices, size_t *count)
{
    OWN Value list = tuple_from_iterable(t, pairs);
    if (is_error(list)) return false;
    *count = as_tuple(list)->length;
    *choices = calloc(*count + 1, sizeof **choices);
    if (!*choices) return error_false(raise_memory_error(t));
    for (size_t i = 0; i < *count; i++) {
        Value pair = as_tuple(list)->items[i];
        int point, thread;
        if (!is_tuple(pair) || as_tuple(pair)->length != 2) return error_false(raise_type_error(t, "a choice is a pair (point, thread)"));
        if (!int_as_int(t, as_tuple(pair)->items[0], &point) || !int_as_int(t, as_tuple(pair)->items[1], &thread)) return false;
        (*choices)[i] = (ScheduleChoice){(uint32_t)point, (uint32_t)thread};
    }
    return true;
}

static Value start_schedule(Thread *t, Value self, const Value *args)
{
    enum { RULE, NUMBER, DEPTH, LENGTH, INSTRUCTIONS, DETAIL, CHOICES, TAPE, MOST, ASK, RELEASES };
    if (t->interp->schedule) return raise_error(t, &exc_RuntimeError, "the run is controlled already");
    ScheduleOptions options = {0};
    int rule, depth, length, most;
    if (!int_as_int(t, args[RULE], &rule) || !int_as_u64(t, args[NUMBER], &options.number) || !int_as_int(t, args[DEPTH], &depth) || !int_as_int(t, args[LENGTH], &length) ||
        !int_as_int(t, args[MOST], &most)) return ERROR;
    if (rule < SCHEDULE_KEEP || rule > SCHEDULE_ASK || depth < 0 || length < 0 || most < 0) return raise_value_error(t, "no such rule");
    if (rule == SCHEDULE_EVERY && !options.number) return raise_value_error(t, "a switch after every 0 instructions makes no sense");
    options.rule = (ScheduleRule)rule;
    options.depth = (uint32_t)depth;
    options.length = (uint32_t)length;
    options.most_points = (uint32_t)most;
    options.instructions = is_true(args[INSTRUCTIONS]);
    options.detail = is_true(args[DETAIL]);
    options.releases = is_true(args[RELEASES]);
    if (!is_none(args[TAPE])) {
        if (!is_object(args[TAPE]) || as_object(args[TAPE])->type != &tape_type) return raise_type_error(t, "a Tape is required, not %T", args[TAPE]);
        assign(&t->interp->module_slots[SLOT_GIL_TAPE], retain(args[TAPE]));
        options.record = ((Tape *)as_object(args[TAPE]))->data;
        options.record_size = ((Tape *)as_object(args[TAPE]))->size;
    }
    assign(&t->interp->module_slots[SLOT_GIL_ASK], is_none(args[ASK]) ? UNBOUND : retain(args[ASK]));
    OWN_MEMORY ScheduleChoice *choices = NULL;
    if (!choices_from(t, args[CHOICES], &choices, &options.choice_count)) return ERROR;
    options.choices = choices;
    return schedule_start(t, &options, ask) ? NONE : ERROR;
}
static Value stop_schedule(Thread *t, Value self, const Value *args)
{
    schedule_stop(t);
    return NONE;
}
static Value is_controlled(Thread *t, Value self, const Value *args) { return bool_value(t->interp->schedule != NULL); }
static Value pause_schedule(Thread *t, Value self, const Value *args)
{
    schedule_pause(t, is_true(args[0]));
    return NONE;
}
static Value points(Thread *t, Value self, const Value *args) { return small_int(schedule_points(t)); }

// Each thread of a controlled run: (number, name, state, can run, timed, what it waits for, frame, the text of its next instruction).
static NEW_REF Value thread_row(Thread *t, Thread *each, bool can, bool timed)
{
    static const char *const states[] = {"runs", "is blocked", "sleeps", "is outside", "has ended"};
    OWN Value name = is_str(each->name) ? retain(each->name) : str_format(t, each->is_main ? "MainThread" : "thread %d", (int)each->schedule.number);
    OWN Value state = str_from_text(t, states[each->schedule.state]);
    OWN Value waits = NONE;
    if (each->waits_on && each->waits_on->object && t->interp->up.object_place) {
        assign(&waits, t->interp->up.object_place(t, each, object_value(each->waits_on->object)));
        if (is_unbound(waits)) waits = NONE;
    }
    OWN Value frame = interp_thread_frame(t, each);
    OWN Value next = interp_next_instruction(t, each);
    if (is_error(name) || is_error(state) || is_error(waits) || is_error(frame) || is_error(next)) return ERROR;
    return tuple_of(t, 8, small_int(each->schedule.number), name, state, bool_value(can), bool_value(timed), waits, is_unbound(frame) ? NONE : frame, next);
}
static Value threads(Thread *t, Value self, const Value *args)
{
    uint64_t timed, can = t->interp->schedule ? schedule_candidates(t, &timed) : (timed = 0);
    OWN Value list = list_new(t, 8);
    for (Thread *each = t->interp->threads; each && !is_error(list); each = each->next) {
        if (each->schedule.state == THREAD_ENDED) continue;
        uint64_t bit = each->schedule.number < 64 ? UINT64_C(1) << each->schedule.number : 0;
        if (!list_append_owned(t, list, thread_row(t, each, (can & bit) != 0, (timed & bit) != 0))) return ERROR;
    }
    return MOVE(list);
}

typedef struct Owners { Thread *t; Value list; } Owners;
static bool owner_row(Object *o, void *context)
{
    Owners *owners = context;
    Thread *t = owners->t;
    if (strcmp(o->type->name, "lock") != 0 && strcmp(o->type->name, "RLock") != 0) return true;
    WaitLock *lock = (WaitLock *)(void *)(o + 1);
    if (lock->object != o || !atomic_load(&lock->locked) || lock->manner == LOCK_SENTINEL) return true;
    for (Thread *each = t->interp->threads; each; each = each->next) {
        if (!lock_is_of(lock, each)) continue;
        OWN Value name = t->interp->up.object_place(t, t, object_value(o));
        if (is_unbound(name)) assign(&name, t->interp->up.object_place(t, each, object_value(o)));
        if (is_unbound(name)) return true;
        return !is_error(name) && list_append_owned(t, owners->list, tuple_of(t, 2, name, small_int(each->schedule.number)));
    }
    return true;
}
static Value lock_owners(Thread *t, Value self, const Value *args)
{
    Owners owners = {t, list_new(t, 4)};
    OWN Value list = owners.list;
    if (is_error(list)) return ERROR;
    heap_each_object(t->interp->heap, owner_row, &owners);
    return error_pending(t) ? ERROR : MOVE(list);
}

// ---- Deadlocks, lock order, races
static Value report_deadlock(Thread *t, Value self, const Value *args)
{
    if (!is_str(args[0])) return raise_type_error(t, "a text is required, not %T", args[0]);
    return deadlock_report(t, args[0]) ? NONE : ERROR;
}
static Value deadlock_action(Thread *t, Value self, const Value *args)
{
    static const char *const actions[] = {[DEADLOCK_RAISE] = "raise", [DEADLOCK_REPORT] = "report", [DEADLOCK_OFF] = "off"};
    Value before = str_from_text(t, actions[t->interp->deadlocks]);
    if (is_unbound(args[0])) return before;
    OWN Value owned = before;
    for (uint8_t i = 0; i < COUNT_OF(actions); i++)
        if (is_str(args[0]) && str_equal_text(as_str(args[0]), actions[i])) {
            t->interp->deadlocks = i;
            return MOVE(owned);
        }
    return raise_value_error(t, "deadlocks are answered with 'raise', 'report' or 'off', not %R", args[0]);
}
static Value nobody_else(Thread *t, Value self, const Value *args) { return bool_value(deadlock_alone(t)); }
static Value watch_races(Thread *t, Value self, const Value *args) { return races_start(t) ? NONE : ERROR; }
static Value watch_lock_order(Thread *t, Value self, const Value *args) { return lock_order_start(t) ? NONE : ERROR; }
static Value found(Thread *t, Value self, const Value *args) { return tuple_of(t, 2, small_int(races_found(t)), small_int(lock_order_found(t))); }

static Value memory_file(Thread *t, Value self, const Value *args)
{
    int fd = memfd_create("baton", 0);
    return fd < 0 ? raise_errno(t, errno) : small_int(fd);
}

// Waits for a child; when the time is up, kills it: (its status, whether that was so).
static Value await_child(Thread *t, Value self, const Value *args)
{
    int pid, status = 0;
    double seconds;
    if (!int_as_int(t, args[0], &pid) || !float_from_value(t, args[1], &seconds)) return ERROR;
    if (pid <= 0 || !(seconds >= 0)) return raise_value_error(t, "no such child, or no such time");
    uint64_t end = gil_now() + (uint64_t)((seconds < 1e9 ? seconds : 1e9) * 1e9);
    struct pollfd ended = {.fd = (int)syscall(SYS_pidfd_open, pid, 0), .events = POLLIN};
    if (ended.fd < 0) return raise_errno(t, errno);
    bool late = false;
    for (;;) {
        uint64_t now = gil_now();
        int left = now >= end ? 0 : (int)((end - now) / 1000000 < 1000000 ? (end - now) / 1000000 + 1 : 1000000), ready;
        BLOCKING(t, GIL_WAIT, ready = poll(&ended, 1, left));
        if (ready > 0) break;
        if (ready == 0 && gil_now() >= end) {
            late = true;
            kill(pid, SIGKILL);
            end = UINT64_MAX;
        }
        if (!signals_poll(t)) {
            kill(pid, SIGKILL);
            break;
        }
    }
    close(ended.fd);
    BLOCKING(t, GIL_WAIT, while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {});
    return error_pending(t) ? ERROR : tuple_of(t, 2, small_int(status), bool_value(late));
}

static const Method functions[] = {
    {"await_child", await_child, "(pid, seconds, /)", "Wait for a child, which is killed when the time is up: its status, and whether that was so."},
    {"memory_file", memory_file, "()", "The descriptor of a file that is in memory only."},
    {"policy", policy, "()", "The name of the policy in force."},
    {"set_policy", set_policy, "(name, /)", "Choose the policy by its name."},
    {"policies", policies, "()", "The policies: pairs of a name and what it means."},
    {"start", start_schedule, "(rule, number=0, depth=0, length=0, instructions=False, detail=False, choices=(), tape=None, most_points=0, ask=None, releases=False)", "From here on the run is controlled."},
    {"stop", stop_schedule, "()", "From here on the run is not controlled."},
    {"controlled", is_controlled, "()", "Whether the run is controlled."},
    {"pause", pause_schedule, "(paused, /)", "While a person is asked, nobody else runs."},
    {"points", points, "()", "How many switch points there were."},
    {"threads", threads, "()", "The threads of a controlled run."},
    {"lock_owners", lock_owners, "()", "Pairs of the name of a lock that is taken and the number of the thread that has it."},
    {"report_deadlock", report_deadlock, "(text, /)", "Report a deadlock that was found in Python."},
    {"deadlock_action", deadlock_action, "(action=<unset>, /)", "What is done about deadlocks; with an argument, set it."},
    {"nobody_else", nobody_else, "()", "Whether every other thread waits for ever for a lock."},
    {"watch_races", watch_races, "()", "From here on report data races."},
    {"watch_lock_order", watch_lock_order, "()", "From here on report locks that are taken in different orders."},
    {"found", found, "()", "How many data races and lock orders were reported."},
    {0},
};

static bool start(Thread *t, Value module)
{
    static const struct { const char *name; int64_t value; } constants[] = {
        {"KEEP", SCHEDULE_KEEP}, {"EVERY", SCHEDULE_EVERY}, {"RANDOM", SCHEDULE_RANDOM}, {"PRIORITIES", SCHEDULE_PRIORITIES}, {"ASK", SCHEDULE_ASK},
        {"POINT", RECORD_POINT}, {"ACCESS", RECORD_ACCESS}, {"TEXT", RECORD_TEXT}, {"LINE", RECORD_LINE}, {"VALUE", RECORD_VALUE}, {"THREAD", RECORD_THREAD},
        {"POINT_CURRENT_CAN", POINT_CURRENT_CAN}, {"POINT_SAFE", POINT_SAFE}, {"POINT_TIMED", POINT_TIMED}, {"ACCESS_WRITE", ACCESS_WRITE}, {"ACCESS_LOCK", ACCESS_LOCK},
        {"ACCESS_CALL", ACCESS_CALL}, {"ACCESS_SAFE", ACCESS_SAFE}, {"RUN_DEADLOCK", RUN_DEADLOCK}, {"RUN_CUT", RUN_CUT}, {"RUN_OUTSIDE", RUN_OUTSIDE}, {"RUN_CLOCK", RUN_CLOCK},
        {"RUN_RANDOM", RUN_RANDOM}, {"RUN_THREADS", RUN_THREADS}, {"RUN_FULL", RUN_FULL}, {"RUN_DIVERGED", RUN_DIVERGED}, {"RUN_TRIED", RUN_TRIED}, {"RUN_PROCESS", RUN_PROCESS}, {"RUN_LATE", RUN_LATE},
    };
    for (size_t i = 0; i < COUNT_OF(constants); i++)
        if (!module_add_int(t, module, constants[i].name, constants[i].value)) return false;
    fork_add_hook(schedule_after_fork);
    return type_prepare(t, &tape_type, &tape_spec) && module_add_type(t, module, &tape_type) && module_add(t, module, "Deadlock", retain(type_value(&exc_Deadlock)));
}

extern const ModuleSpec _gil_steer_spec;
const ModuleSpec _gil_steer_spec = {.name = "_gil_steer", .doc = "Policies, controlled runs, deadlocks and races.", .functions = functions, .start = start};
