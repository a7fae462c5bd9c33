// SPDX-License-Identifier: MIT
// interp/disassemble.c: a listing of a code object, for people.
//
// One line an instruction: source line where it changes, `>>` at jump targets, offset in words, name, operands. A register
// is shown by the name of the local in it, or as %n, the n-th temporary.
#include <stdio.h>

#include "interp/interp.h"
#include "interp/stack_text.h"
#include "runtime/error.h"
#include "runtime/types/int.h"
#include "runtime/types/list.h"

static void put(StrBuilder *b, const char *text) { builder_add_ascii(b, text, strlen(text)); }

static void put_register(StrBuilder *b, const Code *code, uint32_t r)
{
    char text[24];
    if (r < code->near_locals && r < code->varnames->length) {
        builder_add_str(b, as_str(code->varnames->items[r]));
        return;
    }
    for (size_t i = 0; r < code->near_locals && i < code->cellvars->length; i++) {
        if (code->cell_locals[i] != r) continue;
        builder_add_str(b, as_str(code->cellvars->items[i]));
        return;
    }
    if (r == NO_DESTINATION) snprintf(text, sizeof text, "-");
    else if (r > NEAR_REGISTERS) snprintf(text, sizeof text, "far %u", r);
    else snprintf(text, sizeof text, "%%%u", r - code->near_locals);
    put(b, text);
}

static void put_number(StrBuilder *b, long n)
{
    char text[24];
    snprintf(text, sizeof text, "%ld", n);
    put(b, text);
}

static void put_constant(StrBuilder *b, const Code *code, uint32_t k)
{
    if (k >= code->constant_count) put(b, "?");
    else builder_add_repr(b, code->constants[k]);
}

static void put_operand(StrBuilder *b, const Code *code, OperandKind kind, uint32_t byte, uint32_t both, uint32_t word, uint32_t next)
{
    switch (kind) {
    case OPERAND_NONE: return;
    case OPERAND_DST: case OPERAND_SRC: case OPERAND_KEEP: case OPERAND_RUN: put_register(b, code, byte); return;
    case OPERAND_COUNT: case OPERAND_FLAG: put_number(b, (long)byte); return;
    case OPERAND_IMM: put_number(b, (int8_t)byte); return;
    case OPERAND_K8: put_constant(b, code, byte); return;
    case OPERAND_K16: put_constant(b, code, both); return;
    case OPERAND_I16: put_number(b, (int16_t)both); return;
    case OPERAND_X16: if (both < code->freevars->length) builder_add_str(b, as_str(code->freevars->items[both])); return;
    case OPERAND_SITE:
        if (word < code->site_count && code->sites[word].name) builder_add_str(b, code->sites[word].name);
        return;
    case OPERAND_CONST: put_constant(b, code, word); return;
    case OPERAND_JUMP: put(b, "-> "); put_number(b, (long)next + (int32_t)word); return;
    case OPERAND_FAR: put_register(b, code, word); return;
    case OPERAND_WORD: put_number(b, (long)word); return;
    }
}

// One instruction, taken apart.
typedef struct Decoded { const OpcodeInfo *info; uint32_t opcode, at, next, first, word; } Decoded;

static Decoded decode(const Code *code, uint32_t at)
{
    Decoded d = {.at = at, .first = code->words[at], .opcode = code->words[at] & 0xFF};
    d.info = &opcode_info[d.opcode < OPCODE_COUNT ? d.opcode : 0];
    d.next = at + 1 + (d.info->word != OPERAND_NONE);
    if (d.info->word != OPERAND_NONE) d.word = code->words[at + 1];
    return d;
}

static bool is_silent(const Code *code, OperandKind kind, uint32_t word)
{
    return kind == OPERAND_NONE || (kind == OPERAND_SITE && !code->sites[word].name);
}

static void put_operands(StrBuilder *b, const Code *code, const Decoded *d)
{
    const uint8_t kinds[] = {d->info->a, d->info->b, d->info->c, d->info->word};
    bool first = true;
    for (int k = 0; k < 4; k++) {
        if (is_silent(code, kinds[k], d->word)) continue;
        if (!first) put(b, ", ");
        first = false;
        put_operand(b, code, kinds[k], k < 3 ? d->first >> (8 * (k + 1)) & 0xFF : 0, d->first >> 16, d->word, d->next);
    }
}

static void put_instruction(StrBuilder *b, const Code *code, uint32_t at, int *line)
{
    char text[80];
    Decoded d = decode(code, at);
    const Place *place = code_place(code, at);
    int own = place ? place->line : 0;
    if (own != *line && own) snprintf(text, sizeof text, "%5d  %5u %-20s ", own, at, d.info->name);
    else snprintf(text, sizeof text, "       %5u %-20s ", at, d.info->name);
    if (own) *line = own;
    put(b, text);
    put_operands(b, code, &d);
    put(b, "\n");
}

Value disassemble(Thread *t, Value v)
{
    Code *code = as_code(v);
    StrBuilder b;
    builder_start(t, &b);
    int line = 0;
    for (uint32_t at = 0; at < code->word_count;) {
        put_instruction(&b, code, at, &line);
        at = decode(code, at).next;
    }
    for (uint32_t i = 0; i < code->handler_count; i++) {
        char text[96];
        const HandlerRange *h = &code->handlers[i];
        snprintf(text, sizeof text, "  handler %u..%u -> %u at depth %u\n", h->start, h->end, h->target, h->depth);
        put(&b, text);
    }
    return builder_finish(&b);
}

// ---- For module dis: the same as data. Offsets count 2 for a word, as in co_lines() and f_lasti, for module traceback halves them.

// What an instruction is about, besides registers: the constant, name or jump target; UNBOUND for none.
static Value subject(const Code *code, const Decoded *d)
{
    const uint8_t kinds[] = {d->info->a, d->info->b, d->info->c, d->info->word};
    uint32_t both = d->first >> 16;
    for (int k = 0; k < 4; k++)
        switch ((OperandKind)kinds[k]) {
        case OPERAND_K8: return code->constants[d->first >> (8 * (k + 1)) & 0xFF];
        case OPERAND_K16: return code->constants[both];
        case OPERAND_I16: return small_int((int16_t)both);
        case OPERAND_X16: return code->freevars->items[both];
        case OPERAND_CONST: return code->constants[d->word];
        case OPERAND_JUMP: return small_int(2 * ((int64_t)d->next + (int32_t)d->word));
        case OPERAND_SITE:
            if (code->sites[d->word].name) return object_value(code->sites[d->word].name);
            break;
        default: break;
        }
    return UNBOUND;
}

static Value instruction_tuple(Thread *t, const Code *code, const Decoded *d)
{
    StrBuilder b;
    builder_start(t, &b);
    put_operands(&b, code, d);
    OWN Value operands = builder_finish(&b);
    if (is_error(operands)) return ERROR;
    const OpcodeInfo *info = d->info;
    bool bare = info->a == OPERAND_NONE && info->b == OPERAND_NONE && info->word == OPERAND_NONE;
    uint64_t bits = d->first >> 8 | (uint64_t)d->word << 24;
    OWN Value arg = bare ? NONE : int_value(t, (int64_t)(bits & INT64_MAX));
    if (is_error(arg)) return ERROR;
    Value about = subject(code, d);
    return tuple_of(t, 6, small_int(d->opcode), arg, is_unbound(about) ? arg : about, operands, small_int(2 * (int64_t)d->at), bool_value(info->word == OPERAND_JUMP));
}

Value code_instructions(Thread *t, Value v)
{
    Code *code = as_code(v);
    OWN Value list = list_new(t, code->word_count);
    if (is_error(list)) return ERROR;
    for (uint32_t at = 0; at < code->word_count;) {
        Decoded d = decode(code, at);
        if (!list_append_owned(t, list, instruction_tuple(t, code, &d))) return ERROR;
        at = d.next;
    }
    return MOVE(list);
}

Value code_handler_ranges(Thread *t, Value v)
{
    Code *code = as_code(v);
    OWN Value list = list_new(t, code->handler_count);
    if (is_error(list)) return ERROR;
    for (uint32_t i = 0; i < code->handler_count; i++) {
        const HandlerRange *h = &code->handlers[i];
        Value range = tuple_of(t, 4, small_int(2 * (int64_t)h->start), small_int(2 * (int64_t)h->end), small_int(2 * (int64_t)h->target), small_int(h->depth));
        if (!list_append_owned(t, list, range)) return ERROR;
    }
    return MOVE(list);
}

Value opcode_table(Thread *t)
{
    OWN Value list = list_new(t, OPCODE_COUNT);
    if (is_error(list)) return ERROR;
    for (int i = 0; i < OPCODE_COUNT; i++) {
        const OpcodeInfo *info = &opcode_info[i];
        OWN Value name = str_from_text(t, info->name);
        OWN Value text = str_from_text(t, info->text);
        if (is_error(name) || is_error(text)) return ERROR;
        Value row = tuple_of(t, 6, name, text, small_int(info->a), small_int(info->b), small_int(info->c), small_int(info->word));
        if (!list_append_owned(t, list, row)) return ERROR;
    }
    return MOVE(list);
}

// The instruction under way, or about to begin, in the innermost frame of the program's own code: name and operands.
Value interp_next_instruction(Thread *t, Thread *of)
{
    Frame *f = program_frame(t, of);
    if (!f) return str_from_text(t, "");
    StrBuilder b;
    builder_start(t, &b);
    int line = code_line(f->code, frame_at(f));
    put_instruction(&b, f->code, frame_at(f), &line);
    return builder_finish(&b);
}
