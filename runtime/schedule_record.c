// SPDX-License-Identifier: MIT
// runtime/schedule_record.c: what happened in a controlled run, written to memory that another process may read.
#include "runtime/schedule_internal.h"

#include <string.h>

static RecordHead *head(const Thread *t)
{
    Schedule *s = t->interp->schedule;
    return s ? (RecordHead *)(void *)s->options.record : NULL;
}
bool schedule_records(const Thread *t) { return head(t) != NULL; }
bool schedule_detail(const Thread *t) { return t->interp->schedule && t->interp->schedule->options.detail; }

void schedule_note(Thread *t, enum RunFlags what)
{
    RecordHead *h = head(t);
    if (what == RUN_PROCESS && t->interp->schedule) t->interp->schedule->has_children = true;
    if (h) atomic_fetch_or(&h->flags, (uint32_t)what);
}

// Room for so many bytes more, or NULL.
static void *room(Thread *t, RecordHead *h, size_t bytes)
{
    if (h->used + bytes + sizeof(Record) > t->interp->schedule->options.record_size) {
        schedule_note(t, RUN_FULL);
        return NULL;
    }
    void *at = (char *)h + h->used;
    h->used += bytes;
    return at;
}

void schedule_record(Thread *t, Record record)
{
    RecordHead *h = head(t);
    Record *at = h ? room(t, h, sizeof record) : NULL;
    if (!at) return;
    record.thread = (uint8_t)t->schedule.number;
    *at = record;
}

void schedule_record_text(Thread *t, RecordKind kind, uint64_t id, const char *text, size_t length)
{
    RecordHead *h = head(t);
    size_t padded = (length + sizeof(Record) - 1) / sizeof(Record) * sizeof(Record);
    char *at = h ? room(t, h, sizeof(Record) + padded) : NULL;
    if (!at) return;
    *(Record *)(void *)at = (Record){.kind = (uint8_t)kind, .thread = (uint8_t)t->schedule.number, .line = (uint32_t)length, .a = id};
    memset(at + sizeof(Record), 0, padded);
    memcpy(at + sizeof(Record), text, length);
}

void record_point(Thread *t, Schedule *s, const Thread *chosen, const Thread *usual, uint8_t flags, int line, uint32_t file)
{
    RecordHead *h = head(t);
    if (!h) return;
    uint64_t timed, can = schedule_candidates(t, &timed);
    h->points = s->points;
    h->instructions = s->instructions;
    h->threads = s->made;
    schedule_record(t, (Record){.kind = RECORD_POINT, .flags = flags, .other = (uint8_t)chosen->schedule.number, .line = (uint32_t)line,
                                .a = can, .b = timed, .c = usual->schedule.number | (uint64_t)file << 32});
}
