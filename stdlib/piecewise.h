// SPDX-License-Identifier: MIT
// stdlib/piecewise.h: what decompressors that work piece by piece share: input that waits for more room, and the end.
#ifndef BATON_STDLIB_PIECEWISE_H
#define BATON_STDLIB_PIECEWISE_H

#include "runtime/buffer.h"
#include "runtime/error.h"
#include "runtime/types/byte_builder.h"
#include "runtime/types/bytes.h"
#include "runtime/types/str.h"

// Always: `waiting` is input that has been given but not yet read; it is empty at the end of the stream.
typedef struct Pieces { Value unused; char *waiting; size_t waiting_length; bool at_end, needs_input; } Pieces;

// One call of a library: input and room for output; it says how much it used of both.
typedef struct PieceStep { const char *data; size_t length; char *to; size_t room, consumed, produced; bool at_end; } PieceStep;
typedef bool (*PieceFn)(Thread *t, void *stream, PieceStep *step);

static inline NEEDS_GIL MAY_RAISE bool pieces_start(Thread *t, Pieces *p)
{
    Value empty = bytes_from(t, "", 0);
    if (is_error(empty)) return false;
    *p = (Pieces){.unused = empty, .needs_input = true};
    return true;
}
static inline NEEDS_GIL void pieces_end(Pieces *p)
{
    mem_free(p->waiting);
    p->waiting = NULL;
    clear(&p->unused);
}
static inline size_t pieces_room(const ByteBuilder *out) { return out->length < 8192 ? 8192 : out->length > (1u << 30) ? 1u << 30 : out->length; }

// Decompresses `data` to `out`, at most `most` bytes; what stays over is noted.
static inline NEEDS_GIL MAY_RAISE bool pieces_pump(Thread *t, Pieces *p, const char **data, size_t *length, ByteBuilder *out, size_t most, PieceFn step_it, void *stream)
{
    for (;;) {
        size_t room = pieces_room(out);
        if (room > most - out->length) room = most - out->length;
        PieceStep step = {.data = *data, .length = *length, .room = room, .to = byte_builder_reserve(out, room)};
        if (!step.to || !step_it(t, stream, &step)) return false;
        *data += step.consumed;
        *length -= step.consumed;
        out->length += step.produced;
        p->at_end = step.at_end;
        if (step.at_end || out->length == most) return true;
        if (*length == 0 && step.produced < room) return true;      // there is no more
        if (step.consumed == 0 && step.produced == 0) return true;
    }
}
static inline NEEDS_GIL MAY_RAISE bool pieces_keep(Thread *t, Pieces *p, const char *data, size_t length, bool full)
{
    p->needs_input = !p->at_end && length == 0 && !full;
    if (p->at_end) {
        if (length) {
            Value rest = bytes_from(t, data, length);
            if (is_error(rest)) return false;
            assign(&p->unused, rest);
        }
        length = 0;
    }
    char *kept = length ? mem_allocate(t, length) : NULL;
    if (length && !kept) return false;
    if (length) memcpy(kept, data, length);
    mem_free(p->waiting);
    p->waiting = kept;
    p->waiting_length = length;
    return true;
}
// decompress(data, max_length) of the object; most < 0: no limit.
static inline NEEDS_GIL NEW_REF Value pieces_decompress(Thread *t, Pieces *p, const Buffer *input, ptrdiff_t most, PieceFn step_it, void *stream)
{
    if (p->at_end) return raise_error(t, &exc_EOFError, "End of stream already reached");
    size_t length = p->waiting_length + (size_t)input->length;
    OWN_MEMORY char *joined = p->waiting_length ? mem_allocate(t, length) : NULL;
    if (p->waiting_length) {
        if (!joined) return ERROR;
        memcpy(joined, p->waiting, p->waiting_length);
        if (input->length) memcpy(joined + p->waiting_length, input->data, (size_t)input->length);
    }
    const char *data = joined ? joined : input->data;
    size_t limit = most < 0 ? SIZE_MAX : (size_t)most;
    ByteBuilder out;
    byte_builder_start(t, &out);
    if (limit && !pieces_pump(t, p, &data, &length, &out, limit, step_it, stream)) {
        byte_builder_abandon(&out);
        return ERROR;
    }
    if (!pieces_keep(t, p, data, length, out.length == limit)) {
        byte_builder_abandon(&out);
        return ERROR;
    }
    return byte_builder_finish(&out);
}

#endif
