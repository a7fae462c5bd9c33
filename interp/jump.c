// SPDX-License-Identifier: MIT
// interp/jump.c: a tracer sets f_lineno: where the frame may go on, and getting it there.
//
// At the beginning of a statement the temporaries of a frame hold only what its loops, with statements and handlers keep.
// What that is at each instruction follows from the code: the kinds of the temporaries are carried along every way through
// it. A jump may leave such blocks, whose temporaries it drops, but not enter one, for nothing has made what it needs.
// Locals that the jump may have passed over are None from then on: instructions do not check those the compiler knew bound.
#include "interp/jump.h"

#include "interp/generator.h"
#include "runtime/error.h"
#include "runtime/heap.h"

// BEFORE: the exception handled before, below the one that is. OBJECT: part of an expression, nowhere to go to.
typedef enum Kind { EMPTY, OBJECT, ITERATOR, EXIT, BEFORE, EXCEPTION } Kind;

typedef struct Flow {
    const Code *code;
    uint32_t temporaries;
    uint8_t *kinds;          // [word][temporary]
    uint8_t *seen;           // [word]
    uint32_t *waiting;       // words whose ways on have yet to be followed
    uint32_t waiting_count;
} Flow;

static uint8_t *kinds_at(const Flow *f, uint32_t word) { return f->kinds + (size_t)word * f->temporaries; }

static void put(const Flow *f, uint8_t *kinds, uint32_t reg, Kind kind)
{
    uint32_t first = f->code->near_locals;
    if (reg >= first && reg < NEAR_REGISTERS && reg - first < f->temporaries) kinds[reg - first] = (uint8_t)kind;
}

static void put_run(const Flow *f, uint8_t *kinds, uint32_t reg, uint32_t count, Kind kind)
{
    for (uint32_t i = 0; i < count; i++) put(f, kinds, reg + i, kind);
}

static void clear_from(const Flow *f, uint8_t *kinds, uint32_t reg)
{
    for (uint32_t r = reg; r < NEAR_REGISTERS && r < f->code->near_locals + f->temporaries; r++) put(f, kinds, r, EMPTY);
}

static void arrive(Flow *f, uint32_t word, const uint8_t *kinds)
{
    if (word >= f->code->word_count || f->seen[word]) return;
    f->seen[word] = 1;
    memcpy(kinds_at(f, word), kinds, f->temporaries);
    f->waiting[f->waiting_count++] = word;
}

// What an instruction leaves in the registers that it names.
static void apply(const Flow *f, uint8_t *kinds, uint32_t i, uint32_t word)
{
    const OpcodeInfo *info = &opcode_info[i & 0xFF];
    const uint32_t operands[] = {i >> 8 & 0xFF, i >> 16 & 0xFF, i >> 24};
    const uint8_t what[] = {info->a, info->b, info->c};
    for (int k = 0; k < 3; k++) {
        if (what[k] == OPERAND_SRC) put(f, kinds, operands[k], EMPTY);
        if (what[k] == OPERAND_RUN && (i & 0xFF) != OP_CODE_LEAVE_HANDLER) clear_from(f, kinds, operands[k]);
    }
    for (int k = 0; k < 3; k++)
        if (what[k] == OPERAND_DST) put(f, kinds, operands[k], OBJECT);
    uint32_t a = operands[0], c = operands[2];
    switch ((Opcode)(i & 0xFF)) {
    case OP_CODE_LEAVE_HANDLER: put_run(f, kinds, a, 2, EMPTY); break;      // a value that is being returned may be above
    case OP_CODE_GET_ITER: case OP_CODE_GET_AITER: put(f, kinds, a, ITERATOR); break;
    case OP_CODE_LOAD_METHOD: case OP_CODE_MATCH_GROUP: put_run(f, kinds, a, 2, OBJECT); break;
    case OP_CODE_BEFORE_WITH:
        put(f, kinds, a, EXIT);
        put(f, kinds, a + 1, OBJECT);
        break;
    case OP_CODE_UNPACK: put_run(f, kinds, a, c, OBJECT); break;
    case OP_CODE_UNPACK_STAR: put_run(f, kinds, a, c + 1 + word, OBJECT); break;
    case OP_CODE_WITH_ARGS: put_run(f, kinds, a, 4, OBJECT); break;
    case OP_CODE_ENTER_HANDLER:
        put(f, kinds, a, BEFORE);
        put(f, kinds, a + 1, EXCEPTION);
        break;
    default: break;
    }
}

static bool ends(uint8_t op)
{
    return op == OP_CODE_JUMP || op == OP_CODE_RETURN || op == OP_CODE_RETURN_CONST || op == OP_CODE_RAISE || op == OP_CODE_RERAISE || op == OP_CODE_RAISE_AGAIN;
}

static void follow(Flow *f, uint32_t at, uint8_t *kinds, uint8_t *other)
{
    const Code *code = f->code;
    uint32_t i = code->words[at];
    const OpcodeInfo *info = &opcode_info[(i & 0xFF) < OPCODE_COUNT ? i & 0xFF : 0];
    uint32_t next = at + 1 + (info->word != OPERAND_NONE), word = info->word != OPERAND_NONE && at + 1 < code->word_count ? code->words[at + 1] : 0;
    memcpy(kinds, kinds_at(f, at), f->temporaries);
    const HandlerRange *handler = code_handler(code, at);
    if (handler) {
        memcpy(other, kinds, f->temporaries);
        clear_from(f, other, code->near_locals + handler->depth);
        put(f, other, code->near_locals + handler->depth + 1, EXCEPTION);
        arrive(f, handler->target, other);
    }
    apply(f, kinds, i, word);
    if (info->word == OPERAND_JUMP) {
        memcpy(other, kinds, f->temporaries);
        if ((i & 0xFF) == OP_CODE_SEND) put(f, other, i >> 8 & 0xFF, EMPTY);
        arrive(f, next + word, other);
        if ((i & 0xFF) == OP_CODE_FOR_LOOP) {
            put(f, kinds, i >> 8 & 0xFF, EMPTY);
            put(f, kinds, i >> 16 & 0xFF, EMPTY);
        }
    }
    if (!ends(i & 0xFF)) arrive(f, next, kinds);
}

static bool flow_start(Thread *t, Flow *f, const Code *code)
{
    *f = (Flow){.code = code, .temporaries = NEAR_REGISTERS - code->near_locals};
    f->kinds = mem_allocate(t, (size_t)code->word_count * f->temporaries + 2 * (size_t)f->temporaries);
    f->seen = mem_allocate(t, code->word_count);
    f->waiting = mem_allocate(t, code->word_count * sizeof *f->waiting);
    if (!f->kinds || !f->seen || !f->waiting) return false;
    memset(f->kinds, EMPTY, (size_t)code->word_count * f->temporaries + 2 * (size_t)f->temporaries);
    memset(f->seen, 0, code->word_count);
    uint8_t *scratch = kinds_at(f, code->word_count);
    arrive(f, 0, scratch);
    while (f->waiting_count) follow(f, f->waiting[--f->waiting_count], scratch, scratch + f->temporaries);
    return true;
}

static void flow_end(Flow *f)
{
    mem_free(f->kinds);
    mem_free(f->seen);
    mem_free(f->waiting);
}

// ---- the place

// NULL: a frame with the temporaries `from` may go on where they are `to`; else why not.
static const char *objection(const Flow *f, const uint8_t *from, const uint8_t *to)
{
    for (uint32_t r = f->temporaries; r-- > 0;) {
        if (to[r] == EMPTY || (to[r] == from[r] && to[r] != OBJECT)) continue;
        if (to[r] == ITERATOR) return "can't jump into the body of a for loop";
        return to[r] == OBJECT || to[r] == EXIT ? "incompatible stacks" : "can't jump into an 'except' block as there's no exception";
    }
    return NULL;
}

static uint32_t depth_of(const Flow *f, const uint8_t *kinds)
{
    uint32_t depth = f->temporaries;
    while (depth && kinds[depth - 1] == EMPTY) depth--;
    return depth;
}

// The end of a loop, where FOR_LOOP stands, is no place to begin its line.
static bool begins_line(const Code *code, uint32_t i)
{
    const Place *place = &code->places[i];
    return place->line > 0 && (i == 0 || place[-1].line != place->line) && (code->words[place->start] & 0xFF) != OP_CODE_FOR_LOOP;
}

// The first line from `wanted` on that has code; 0: none.
static int line_with_code(const Code *code, int64_t wanted)
{
    int best = 0;
    for (uint32_t i = 0; i < code->place_count; i++) {
        int line = code->places[i].line;
        if (begins_line(code, i) && line >= wanted && (!best || line < best)) best = line;
    }
    return best;
}

// Of the places where the line begins, the one with the most in its temporaries that the frame may go to. False: raised.
static bool choose(Thread *t, const Flow *f, uint32_t at, int line, uint32_t *target)
{
    const char *why = "can't jump into unreachable code";
    const uint8_t *from = kinds_at(f, at);
    int64_t best = -1;
    for (uint32_t i = 0; i < f->code->place_count; i++) {
        uint32_t word = f->code->places[i].start;
        if (f->code->places[i].line != line || !begins_line(f->code, i) || !f->seen[word]) continue;
        const char *objected = objection(f, from, kinds_at(f, word));
        if (objected) why = best < 0 ? objected : why;
        else if ((int64_t)depth_of(f, kinds_at(f, word)) > best) {
            best = depth_of(f, kinds_at(f, word));
            *target = word;
        }
    }
    return best >= 0 || error_false(raise_value_error(t, "%s", why));
}

bool jump_prepare(Thread *t, FrameObject *f, int64_t line)
{
    const Code *code = f->frame->code;
    if (line < code->first_line) return error_false(raise_value_error(t, "line %ld comes before the current code block", (long)line));
    int found = line_with_code(code, line);
    if (!found) return error_false(raise_value_error(t, "line %ld comes after the current code block", (long)line));
    Flow flow;
    uint32_t target = 0;
    bool done = flow_start(t, &flow, code) && choose(t, &flow, frame_at(f->frame), found, &target);
    flow_end(&flow);
    if (!done) return false;
    f->jump = target + 1;
    f->jump_line = found;
    return true;
}

// ---- going there

static void leave_handler(Thread *t, Frame *frame, uint32_t reg)
{
    Value before = MOVE(frame->regs[reg]), exception = MOVE(frame->regs[reg + 1]);
    if (frame->is_generator && --frame->handlers == 0) before = MOVE(generator_of_frame(frame)->outer_handled);
    assign(&t->handled, before);
    drop(exception);
}

static void bind_locals(Frame *frame)
{
    for (uint32_t i = 0; i < frame->code->locals; i++) {
        Value *slot = &frame->regs[code_register(frame->code, i)];
        if (is_unbound(*slot)) *slot = NONE;
    }
}

bool jump_go(Thread *t, FrameObject *f)
{
    Frame *frame = f->frame;
    uint32_t target = f->jump - 1;
    f->jump = 0;
    Flow flow;
    if (!flow_start(t, &flow, frame->code)) {
        flow_end(&flow);
        return false;
    }
    const uint8_t *from = kinds_at(&flow, frame_at(frame)), *to = kinds_at(&flow, target);
    for (uint32_t r = flow.temporaries; r-- > 0;) {
        uint32_t reg = frame->code->near_locals + r;
        if (from[r] == EMPTY || to[r] != EMPTY) continue;
        if (from[r] == BEFORE) leave_handler(t, frame, reg);
        else if (from[r] != EXCEPTION) clear(&frame->regs[reg]);
    }
    flow_end(&flow);
    frame->pc = frame->code->words + target;
    f->trace_line = -1;
    f->trace_word = (int)target;
    bind_locals(frame);
    return true;
}
