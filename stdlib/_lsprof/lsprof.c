// SPDX-License-Identifier: MIT
// stdlib/_lsprof/lsprof.c: the profiler under cProfile: how often each function was called, and how long it and what it called took.
//
// A Profiler is the function that sys.setprofile() is given. It keeps a stack of the calls under way and an Entry for each function; an
// Entry has a SubEntry for each function that it called. Times are of the clock, in ns, or of the timer, as floats times 2^30.
// Only the thread that enabled the profiler is profiled.
#include "runtime/call.h"
#include "runtime/error.h"
#include "runtime/heap.h"
#include "runtime/types/dict.h"
#include "runtime/types/float.h"
#include "runtime/types/function.h"
#include "runtime/types/int.h"
#include "runtime/types/list.h"
#include "runtime/types/module.h"
#include "runtime/types/tuple.h"
#include "stdlib/module_slots.h"

#define TIMER_SCALE 0x1p30

typedef struct Counts { int64_t calls, recursive, total, own; int depth; } Counts;
typedef struct SubEntry { struct SubEntry *next; struct Entry *called; Counts counts; } SubEntry;
typedef struct Entry { struct Entry *next; Value code; Counts counts; SubEntry *subs; } Entry;     // code: a code object, or the text of a native function
typedef struct Running { Entry *entry; SubEntry *sub; int64_t start, inner; } Running;             // inner: time of what it called

typedef struct Profiler {
    Object head;
    Value timer;                 // NONE: the clock
    double unit;                 // of the timer, in seconds; 0: its values are seconds
    bool subcalls, builtins, broken;
    Thread *owner;               // whom it profiles, or NULL
    Value index;                 // dict: id of the code, or text, to its place in memory
    Entry *entries;
    Running *running;
    size_t depth, room;
} Profiler;
static Type profiler_type;
static Profiler *as_profiler(Value v) { return (Profiler *)as_object(v); }

static int64_t now(Thread *t, Profiler *p)
{
    if (is_none(p->timer)) return (int64_t)gil_now();
    OWN Value timer = retain(p->timer);
    OWN Value time = call0(t, timer);
    double seconds = 0;
    if (is_error(time) || !float_from_value(t, time, &seconds)) {
        error_unraisable(t, NULL, timer);
        p->broken = true;
        return 0;
    }
    seconds *= TIMER_SCALE;
    return seconds > -0x1p62 && seconds < 0x1p62 ? (int64_t)seconds : 0;
}
static double seconds_of(const Profiler *p, int64_t time)
{
    if (is_none(p->timer)) return (double)time / 1e9;
    return (double)time / TIMER_SCALE * (p->unit > 0 ? p->unit : 1);
}

// ---- Entries
static Value native_text(Thread *t, Value function)
{
    if (is_object(function) && as_object(function)->type == &native_function_type) {
        const NativeFunction *f = (const NativeFunction *)as_object(function);
        if (is_str(f->module)) return str_format(t, "<built-in method %S.%s>", f->module, f->method->name);
        if (is_module(f->self)) return str_format(t, "<built-in method %s>", f->method->name);
        Type *type = type_of(f->self);
        while (type->flags & TYPE_HEAP) type = type->base;        // the native one, whose method it is
        OWN Value type_name = type_full_name(t, type);
        return is_error(type_name) ? ERROR : str_format(t, "<method '%s' of '%S' objects>", f->method->name, type_name);
    }
    return object_repr(t, function);
}
// The entry of a code object or text, which is new if need be.
static Entry *entry_of(Thread *t, Profiler *p, Value code)
{
    OWN Value key = is_str(code) ? retain(code) : int_from_u64(t, code.bits);
    Value found = is_error(key) ? ERROR : dict_get(t, as_dict(p->index), key);
    if (is_error(found)) return NULL;
    if (!is_unbound(found)) return (Entry *)(uintptr_t)int_low_bits(found);
    Entry *e = mem_allocate(t, sizeof *e);
    OWN Value place = e ? int_from_u64(t, (uint64_t)(uintptr_t)e) : ERROR;
    if (is_error(place) || !dict_set(t, as_dict(p->index), key, place)) {
        mem_free(e);
        return NULL;
    }
    *e = (Entry){.next = p->entries, .code = retain(code)};
    p->entries = e;
    return e;
}
static SubEntry *sub_of(Thread *t, Entry *caller, Entry *called)
{
    for (SubEntry *s = caller->subs; s; s = s->next)
        if (s->called == called) return s;
    SubEntry *s = mem_allocate(t, sizeof *s);
    if (!s) return NULL;
    *s = (SubEntry){.next = caller->subs, .called = called};
    caller->subs = s;
    return s;
}
static void forget_all(Profiler *p)
{
    while (p->entries) {
        Entry *e = p->entries;
        p->entries = e->next;
        while (e->subs) {
            SubEntry *s = e->subs;
            e->subs = s->next;
            mem_free(s);
        }
        Value code = MOVE(e->code);
        mem_free(e);
        drop(code);
    }
    p->depth = 0;
}

// ---- Calls and returns
static bool call_begins(Thread *t, Profiler *p, Value code)
{
    int64_t start = now(t, p);             // first: a timer may clear the profiler
    if (p->depth == p->room) {
        size_t room = p->room ? p->room * 2 : 64;
        Running *running = mem_reallocate(t, p->running, room * sizeof *running);
        if (!running) return false;
        p->running = running;
        p->room = room;
    }
    Entry *e = entry_of(t, p, code);
    if (!e) return false;
    SubEntry *sub = NULL;
    if (p->subcalls && p->depth) {
        sub = sub_of(t, p->running[p->depth - 1].entry, e);
        if (!sub) return false;
        sub->counts.depth++;
    }
    e->counts.depth++;
    p->running[p->depth++] = (Running){.entry = e, .sub = sub, .start = start};
    return true;
}
static void count(Counts *c, int64_t total, int64_t own)
{
    if (--c->depth == 0) c->total += total;
    else c->recursive++;
    c->own += own;
    c->calls++;
}
static void call_ends(Thread *t, Profiler *p)
{
    if (p->depth == 0) return;             // begun before the profiler was enabled
    int64_t time = now(t, p);
    if (p->depth == 0) return;             // the timer has cleared it
    Running done = p->running[--p->depth];
    int64_t total = time - done.start, own = total - done.inner;
    if (p->depth) p->running[p->depth - 1].inner += total;
    count(&done.entry->counts, total, own);
    if (done.sub) count(&done.sub->counts, total, own);
}
// profiler(frame, event, argument), as sys.setprofile() has it called.
static Value profiler_call(Thread *t, Value self, const Value *args, size_t nargs, Value kwnames)
{
    Profiler *p = as_profiler(self);
    if (nargs != 3 || !is_unbound(kwnames) || !is_str(args[1])) return raise_type_error(t, "a Profiler is called with a frame, an event and an argument");
    if (p->owner != t) return NONE;
    const Str *event = as_str(args[1]);
    if (str_equal_text(event, "call")) {
        OWN_POINTER Str *name = str_intern_text(t, "f_code", 6);
        OWN Value code = name ? object_get_attr(t, args[0], name) : ERROR;
        return is_error(code) || !call_begins(t, p, code) ? ERROR : NONE;
    }
    if (str_equal_text(event, "return")) call_ends(t, p);
    else if (p->builtins && str_equal_text(event, "c_call")) {
        OWN Value text = native_text(t, args[2]);
        return is_error(text) || !call_begins(t, p, text) ? ERROR : NONE;
    } else if (p->builtins) call_ends(t, p);
    return NONE;
}

// ---- Methods
static Value set_profile(Thread *t, Value function)
{
    OWN_POINTER Str *name = str_intern_text(t, "setprofile", 10);
    OWN Value set = name && t->interp->sys ? retain(dict_get_str(t->interp->sys, name)) : ERROR;
    if (is_error(set) || is_unbound(set)) return ERROR;
    return call1(t, set, function);
}
static Value profiler_enable(Thread *t, Value self, const Value *args)
{
    Profiler *p = as_profiler(self);
    for (size_t i = 0; i < 2; i++) {
        if (is_unbound(args[i])) continue;
        int truth = object_truth(t, args[i]);
        if (truth < 0) return ERROR;
        *(i ? &p->builtins : &p->subcalls) = truth;
    }
    p->owner = t;
    return set_profile(t, self);
}
static Value profiler_disable(Thread *t, Value self, const Value *args)
{
    Profiler *p = as_profiler(self);
    OWN Value done = p->owner == t ? set_profile(t, NONE) : NONE;
    if (is_error(done)) return ERROR;
    while (p->depth) call_ends(t, p);      // what is under way ends here
    p->owner = NULL;
    if (p->broken) {
        p->broken = false;
        return raise_error(t, &exc_RuntimeError, "the timer of the profiler has failed");
    }
    return NONE;
}
static Value profiler_clear(Thread *t, Value self, const Value *args)
{
    Profiler *p = as_profiler(self);
    forget_all(p);
    dict_clear(t, as_dict(p->index));
    return NONE;
}
static Value record(Thread *t, const Profiler *p, Type *type, Value code, const Counts *c, Value calls)
{
    Value items[] = {retain(code), int_value(t, c->calls), int_value(t, c->recursive), float_value(seconds_of(p, c->total)), float_value(seconds_of(p, c->own)), retain(calls)};
    return struct_sequence_new(t, type, items, is_unbound(calls) ? 5 : 6);
}
static Value sub_records(Thread *t, const Profiler *p, const Entry *e)
{
    if (!e->subs) return NONE;
    Type *type = as_type(t->interp->module_slots[SLOT_LSPROF_SUBENTRY]);
    OWN Value all = list_new(t, 0);
    for (const SubEntry *s = e->subs; s && !is_error(all); s = s->next) {
        if (s->counts.calls == 0) continue;
        OWN Value one = record(t, p, type, s->called->code, &s->counts, UNBOUND);
        if (is_error(one) || !list_append(t, all, one)) return ERROR;
    }
    return MOVE(all);
}
static Value profiler_getstats(Thread *t, Value self, const Value *args)
{
    const Profiler *p = as_profiler(self);
    OWN Value off = p->owner == t ? profiler_disable(t, self, NULL) : NONE;
    OWN Value all = is_error(off) ? ERROR : list_new(t, 0);
    for (const Entry *e = p->entries; e && !is_error(all); e = e->next) {
        if (e->counts.calls == 0) continue;
        OWN Value subs = sub_records(t, p, e);
        OWN Value one = is_error(subs) ? ERROR : record(t, p, as_type(t->interp->module_slots[SLOT_LSPROF_ENTRY]), e->code, &e->counts, subs);
        if (is_error(one) || !list_append(t, all, one)) return ERROR;
    }
    return MOVE(all);
}
static Value profiler_construct(Thread *t, Type *type, const Value *args)
{
    OWN_POINTER Profiler *p = (Profiler *)object_new(t, type);
    Dict *index = p ? dict_new(t) : NULL;
    if (!index) return ERROR;
    p->index = dict_value(index);
    p->timer = NONE;
    p->subcalls = p->builtins = true;
    return object_value(MOVE_POINTER(p));
}
static bool profiler_init(Thread *t, Value self, const Value *args)
{
    Profiler *p = as_profiler(self);
    int subcalls = object_truth(t, args[2]), builtins = subcalls < 0 ? -1 : object_truth(t, args[3]);
    if (builtins < 0 || !float_from_value(t, args[1], &p->unit)) return false;
    if (p->owner) return error_false(raise_error(t, &exc_RuntimeError, "the profiler is enabled"));
    forget_all(p);
    dict_clear(t, as_dict(p->index));
    assign(&p->timer, retain(args[0]));
    p->subcalls = subcalls;
    p->builtins = builtins;
    return true;
}
static void profiler_visit(Object *o, VisitFn visit, void *context)
{
    Profiler *p = (Profiler *)o;
    visit(p->timer, context);
    visit(p->index, context);
    for (const Entry *e = p->entries; e; e = e->next) visit(e->code, context);
}
static void profiler_finish(Thread *t, Object *o)
{
    Profiler *p = (Profiler *)o;
    forget_all(p);
    clear(&p->timer);
    clear(&p->index);
    mem_free(p->running);
    p->running = NULL;
}
static const Method profiler_methods[] = {
    {"enable", profiler_enable, "(self, subcalls=<unset>, builtins=<unset>)", "Start collecting profiling information."},
    {"disable", profiler_disable, "(self)", "Stop collecting profiling information."},
    {"clear", profiler_clear, "(self)", "Clear all profiling information collected so far."},
    {"getstats", profiler_getstats, "(self)", "All information collected by the profiler: a list of profiler_entry."},
    {0},
};
static const TypeSpec profiler_spec = {
    .name = "_lsprof.Profiler", .doc = "Builds a profiler object using the specified timer function.", .size = sizeof(Profiler), .flags = TYPE_GC | TYPE_BASE,
    .slots = {.visit = profiler_visit, .finish = profiler_finish, .call = profiler_call}, .methods = profiler_methods, .new_signature = "(*args, **kwargs)",
    .construct = profiler_construct, .init_signature = "(timer=None, timeunit=0.0, subcalls=True, builtins=True)", .initialize = profiler_init,
};
static const StructField entry_fields[] = {
    {"code", "code object or built-in function name"}, {"callcount", "how many times this was called"}, {"reccallcount", "how many times called recursively"},
    {"totaltime", "total time in this entry"}, {"inlinetime", "inline time in this entry (not in subcalls)"}, {"calls", "details of the calls"}, {NULL, NULL},
};
static const StructField subentry_fields[] = {
    {"code", "called code object or built-in function name"}, {"callcount", "how many times this is called"}, {"reccallcount", "how many times this is called recursively"},
    {"totaltime", "total time spent in this call"}, {"inlinetime", "inline time (not in further subcalls)"}, {NULL, NULL},
};
static bool add_struct(Thread *t, Value module, enum ModuleSlot slot, const char *name, const char *full, const StructField *fields, size_t visible)
{
    Type *type = struct_sequence_type(t, full, NULL, fields, visible);
    if (!type) return false;
    assign(&t->interp->module_slots[slot], type_value(type));
    return module_add(t, module, name, retain(type_value(type)));
}
static bool start(Thread *t, Value module)
{
    if (profiler_type.version == 0 && !type_prepare(t, &profiler_type, &profiler_spec)) return false;
    return module_add_type(t, module, &profiler_type) && add_struct(t, module, SLOT_LSPROF_ENTRY, "profiler_entry", "_lsprof.profiler_entry", entry_fields, 6) &&
           add_struct(t, module, SLOT_LSPROF_SUBENTRY, "profiler_subentry", "_lsprof.profiler_subentry", subentry_fields, 5);
}
extern const ModuleSpec _lsprof_spec;
const ModuleSpec _lsprof_spec = {.name = "_lsprof", .doc = "Fast profiler", .start = start};
