// SPDX-License-Identifier: MIT
// interp/disassemble.c: a listing of a code object, for people.
//
// One line an instruction: source line where it changes, `>>` at jump targets, offset in words, name, operands. A register
// is shown by the name of the local in it, or as %n, the n-th temporary.
#include <stdio.h>

#include "interp/interp.h"
#include "interp/stack_text.h"
#include "runtime/error.h"

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

static void put_instruction(StrBuilder *b, const Code *code, uint32_t at, int *line)
{
    char text[80];
    uint32_t i = code->words[at], word = 0;
    const OpcodeInfo *info = &opcode_info[(i & 0xFF) < OPCODE_COUNT ? i & 0xFF : 0];
    uint32_t next = at + 1 + (info->word != OPERAND_NONE);
    if (info->word != OPERAND_NONE) word = code->words[at + 1];
    const Place *place = code_place(code, at);
    int own = place ? place->line : 0;
    if (own != *line && own) snprintf(text, sizeof text, "%5d  %5u %-20s ", own, at, info->name);
    else snprintf(text, sizeof text, "       %5u %-20s ", at, info->name);
    if (own) *line = own;
    put(b, text);
    const uint8_t kinds[] = {info->a, info->b, info->c, info->word};
    bool first = true;
    for (int k = 0; k < 4; k++) {
        bool silent = kinds[k] == OPERAND_NONE || (kinds[k] == OPERAND_SITE && !code->sites[word].name);
        if (silent) continue;
        if (!first) put(b, ", ");
        first = false;
        put_operand(b, code, kinds[k], k < 3 ? i >> (8 * (k + 1)) & 0xFF : 0, i >> 16, word, next);
    }
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
        at += 1 + (opcode_info[code->words[at] & 0xFF].word != OPERAND_NONE);
    }
    for (uint32_t i = 0; i < code->handler_count; i++) {
        char text[96];
        const HandlerRange *h = &code->handlers[i];
        snprintf(text, sizeof text, "  handler %u..%u -> %u at depth %u\n", h->start, h->end, h->target, h->depth);
        put(&b, text);
    }
    return builder_finish(&b);
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
