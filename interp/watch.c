// SPDX-License-Identifier: MIT
// interp/watch.c: what the instrumented loop does before an instruction besides tracing (t->watch says which).
#include "interp/watch.h"

#include "interp/vm.h"
#include "runtime/error.h"
#include "runtime/gil_policy.h"
#include "runtime/races.h"
#include "runtime/types/int.h"

// ---- Records of a controlled run
static uint32_t file_id(Code *code) { return (uint32_t)((uintptr_t)code->filename >> 4); }

// The name of a file is written once, when its code is first seen to run in this process.
static void record_file(Thread *t, Code *code)
{
    if (code->announced) return;
    code->announced = true;
    OWN_MEMORY char *name = str_to_utf8(t, code->filename, NULL);
    if (name) schedule_record_text(t, RECORD_TEXT, file_id(code), name, strlen(name));
    else error_clear(t);
}

// A value as text without running any code: immediates and short strings; of others the type.
static Value plain_text(Thread *t, Value v)
{
    if (is_unbound(v)) return UNBOUND;
    bool plain = !is_object(v) || is_exact_str(v) || type_of(v) == &int_type || type_of(v) == &float_type;
    return plain ? object_repr(t, v) : str_format(t, "<%T>", v);
}
static void record_name_and_value(Thread *t, const Access *a)
{
    OWN Value name = access_name(t, a);
    OWN Value value = is_error(name) ? ERROR : plain_text(t, a->value);
    OWN Value both = is_error(value) ? ERROR : str_format(t, is_unbound(value) ? "%S" : "%S\n%S", name, value);
    OWN_MEMORY char *utf8 = is_error(both) ? NULL : str_to_utf8(t, as_str(both), NULL);
    if (utf8) schedule_record_text(t, RECORD_VALUE, 0, utf8, strlen(utf8) < 200 ? strlen(utf8) : 200);
    else error_clear(t);
}
static void record_accesses(Thread *t, Frame *frame, const Access *found, size_t count, int line)
{
    for (size_t n = 0; n < count; n++) {
        const Access *a = &found[n];
        uint8_t flags = (uint8_t)((a->write ? ACCESS_WRITE : 0) | (a->by_call ? ACCESS_CALL : 0) | (t->schedule.safe ? ACCESS_SAFE : 0) | (a->atomic ? ACCESS_ATOMIC : 0));
        schedule_record(t, (Record){.kind = RECORD_ACCESS, .flags = flags, .line = (uint32_t)line, .a = (uint64_t)(uintptr_t)a->place, .b = a->key, .c = file_id(frame->code)});
        if (schedule_detail(t)) record_name_and_value(t, a);
    }
}

// ---- Where CPython 3.10+ could have switched since the thread's last access: at the entry of a function, on a jump back, after a call
// into C. (A wait is one, too: runtime/schedule.c.)
static void note_progress(Thread *t, Frame *frame)
{
    ScheduleThread *own = &t->schedule;
    uint32_t word = frame_at(frame);
    if (own->last_frame != frame) {
        if (word == 0) own->safe = true;
    } else if (word <= own->last_word) own->safe = true;
    else {
        uint8_t last = frame->code->words[own->last_word] & 0xFF;
        if (last >= OP_CODE_CALL && last <= OP_CODE_CALL_STAR) own->safe = true;
    }
    own->last_frame = frame;
    own->last_word = word;
}

static bool watch_schedule(Thread *t, Frame *frame, uint32_t i)
{
    Access found[ACCESSES_MOST];
    note_progress(t, frame);
    size_t count = accesses_of(t, frame, i, found);
    int line = frame_line(frame);
    bool records = schedule_records(t);
    if (records) record_file(t, frame->code);
    if (!schedule_point(t, count > 0, line, file_id(frame->code))) return false;
    if (records && schedule_detail(t)) schedule_record(t, (Record){.kind = RECORD_LINE, .line = (uint32_t)line, .c = file_id(frame->code)});
    if (!count || !records) return true;
    if (!t->interp->schedule) return true;
    count = accesses_of(t, frame, i, found);       // other threads may have run: what is there now
    record_accesses(t, frame, found, count, line);
    if (!found[0].by_call) t->schedule.safe = false;
    return true;
}

// ---- Races
static Value race_name(Thread *t, void *context) { return access_name(t, context); }
static void watch_races(Thread *t, Frame *frame, uint32_t i)
{
    Access found[ACCESSES_MOST];
    size_t count = accesses_of(t, frame, i, found);
    for (size_t n = 0; n < count; n++) {
        Access *a = &found[n];
        if (a->form == FORM_OUTPUT) continue;
        races_access(t, a->place, a->key, a->atomic ? a->write ? RACE_ATOMIC_WRITE : RACE_ATOMIC_READ : a->write ? RACE_WRITE : RACE_READ, race_name, a);
    }
}

bool watch_instruction(Thread *t, Frame *frame, uint32_t i)
{
    if (t->watch & WATCH_TICKS) {
        if (t->gil.ticks) t->gil.ticks--;
        else gil_tick_over(t);
    }
    if ((t->watch & WATCH_REQUESTS) && (atomic_load_explicit(&t->attention, memory_order_relaxed) & ATTEND_GIL)) gil_yield(t);
    if (!(t->watch & (WATCH_SCHEDULE | WATCH_RACES)) || !code_is_program(t, frame->code) || t->interp->finalizing) return true;
    if ((t->watch & WATCH_SCHEDULE) && t->interp->schedule && !watch_schedule(t, frame, i)) return false;
    if (t->watch & WATCH_RACES) watch_races(t, frame, i);
    return true;
}
