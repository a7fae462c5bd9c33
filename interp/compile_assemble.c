// SPDX-License-Identifier: MIT
// interp/compile_assemble.c: from the list of instructions of a Unit to a code object.
//
// Jumps to jumps are shortened, jumps to the next instruction left out; then words are numbered, labels become
// distances, and runs of equal handlers and places become the two tables.
#include "interp/compiler.h"
#include "runtime/heap.h"

static bool has_word(const Instr *i) { return opcode_info[i->op].word != OPERAND_NONE; }

// Where a jump to `label` ends up after the unconditional jumps there.
static int final_target(const Unit *u, Label label)
{
    int at = u->labels[label];
    for (int hops = 0; hops < 16 && at < u->instr_count && u->instrs[at].op == OP_CODE_JUMP; hops++) {
        int next = u->labels[u->instrs[at].target];
        if (next <= at) break;     // a jump back polls: keep it
        at = next;
    }
    return at;
}

static NEW_REF Tuple *tuple_of_texts(Compiler *c, const Text *texts, int count)
{
    Tuple *tuple = tuple_blank(c->t, (size_t)count);
    for (int i = 0; tuple && i < count; i++) {
        Str *s = intern_text(c, texts[i]);
        if (!s) {
            drop_pointer(tuple);
            return NULL;
        }
        tuple->items[i] = retain(object_value(s));
    }
    return tuple;
}

static NEW_REF Tuple *tuple_of_symbols(Compiler *c, Symbol **symbols, int count)
{
    Text *texts = ARENA_ARRAY(c->arena, Text, (size_t)count + 1);
    for (int i = 0; i < count; i++) texts[i] = symbols[i]->name;
    return tuple_of_texts(c, texts, count);
}

// co_names: each name of a site once.
static NEW_REF Tuple *tuple_of_sites(Compiler *c, const Unit *u)
{
    OWN_POINTER Dict *seen = dict_new(c->t);
    OWN Value list = list_new(c->t, 8);
    if (!seen || is_error(list)) return NULL;
    for (int i = 0; i < u->site_count; i++) {
        if (!u->names[i] || !is_unbound(dict_get_str(seen, u->names[i]))) continue;
        Value name = object_value(u->names[i]);
        if (!dict_set_str(c->t, seen, u->names[i], NONE) || !list_append(c->t, list, name)) return NULL;
    }
    OWN Value tuple = list_to_tuple(c->t, list);
    return is_error(tuple) ? NULL : as_tuple(MOVE(tuple));
}

static bool allocate_tables(Compiler *c, const Unit *u, Code *code, uint32_t words)
{
    Thread *t = c->t;
    List *constants = as_list(u->constants);
    code->words = mem_allocate(t, sizeof *code->words * (words + 1));
    code->constants = mem_allocate(t, sizeof *code->constants * (constants->length + 1));
    code->sites = mem_allocate(t, sizeof *code->sites * (size_t)(u->site_count + 1));
    code->handlers = mem_allocate(t, sizeof *code->handlers * (size_t)(u->instr_count + 1));
    code->places = mem_allocate(t, sizeof *code->places * (size_t)(u->instr_count + 1));
    code->cell_locals = mem_allocate(t, sizeof *code->cell_locals * (size_t)(u->cellvar_count + 1));
    if (!code->words || !code->constants || !code->sites || !code->handlers || !code->places || !code->cell_locals) return false;
    for (size_t i = 0; i < constants->length; i++) code->constants[i] = retain(constants->items[i]);
    code->constant_count = (uint32_t)constants->length;
    memset(code->sites, 0, sizeof *code->sites * (size_t)u->site_count);
    for (int i = 0; i < u->site_count; i++) code->sites[i].name = u->names[i];
    code->site_count = (uint32_t)u->site_count;
    for (int i = 0; i < u->cellvar_count; i++) code->cell_locals[i] = (uint32_t)u->cellvars[i]->index;
    return true;
}

static uint16_t column(int col) { return col < 0 || col >= NO_COLUMN ? NO_COLUMN : (uint16_t)col; }

static void note_place(Code *code, uint32_t word, Spot s)
{
    Place place = {word, s.line, s.end_line, column(s.col), column(s.end_col)};
    if (s.line <= 0) place = (Place){word, 0, 0, NO_COLUMN, NO_COLUMN};
    Place *last = code->place_count ? &code->places[code->place_count - 1] : NULL;
    if (last && last->line == place.line && last->end_line == place.end_line && last->col == place.col && last->end_col == place.end_col) return;
    code->places[code->place_count++] = place;
}

static void note_handler(Code *code, const Unit *u, const uint32_t *starts, int i, uint32_t end)
{
    const Instr *instr = &u->instrs[i];
    if (instr->handler < 0) return;
    const Handler *h = &u->handlers[instr->handler];
    uint32_t target = starts[u->labels[h->label]];
    HandlerRange *last = code->handler_count ? &code->handlers[code->handler_count - 1] : NULL;
    if (last && last->target == target && last->depth == h->depth && last->end == starts[i]) last->end = end;
    else code->handlers[code->handler_count++] = (HandlerRange){starts[i], end, target, (uint16_t)h->depth};
}

static void write_words(const Unit *u, Code *code, const uint32_t *starts, const uint8_t *skip)
{
    uint32_t at = 0;
    for (int i = 0; i < u->instr_count; i++) {
        if (skip[i]) continue;
        const Instr *instr = &u->instrs[i];
        bool two = has_word(instr);
        uint32_t end = at + 1 + two;
        note_place(code, at, instr->source);
        note_handler(code, u, starts, i, end);
        code->words[at++] = INSTRUCTION(instr->op, instr->a, instr->b, instr->c);
        if (!two) continue;
        uint32_t word = instr->word;
        if (instr->target >= 0) word = (uint32_t)((int32_t)starts[final_target(u, instr->target)] - (int32_t)end);
        code->words[at++] = word;
    }
    code->word_count = at;
}

static void number_words(Compiler *c, const Unit *u, uint32_t **starts, uint8_t **skip, uint32_t *total)
{
    *starts = ARENA_ARRAY(c->arena, uint32_t, (size_t)u->instr_count + 1);
    *skip = ARENA_ARRAY(c->arena, uint8_t, (size_t)u->instr_count + 1);
    uint32_t at = 0;
    for (int i = 0; i < u->instr_count; i++) {
        const Instr *instr = &u->instrs[i];
        (*starts)[i] = at;
        if (instr->op == OP_CODE_JUMP && u->labels[instr->target] == i + 1) (*skip)[i] = 1;
        else at += 1 + has_word(instr);
    }
    (*starts)[u->instr_count] = at;
    *total = at;
}

static void set_counts(const Unit *u, Code *code)
{
    code->flags = u->flags;
    code->argcount = u->argcount;
    code->posonly_count = u->posonly_count;
    code->kwonly_count = u->kwonly_count;
    code->param_count = u->param_count;
    code->locals = (uint32_t)u->local_count;
    code->near_locals = (uint32_t)u->near_count;
    code->registers = u->local_count > u->near_count ? NEAR_REGISTERS + 1 + (uint32_t)(u->local_count - u->near_count)
                                                     : (uint32_t)(u->near_count + u->deepest);
    code->simple = u->kwonly_count == 0 && !(u->flags & (CODE_VARARGS | CODE_VARKEYWORDS)) && u->local_count == u->near_count;
    code->first_line = u->first_line;
    code->hash = -1;
}

Value assemble(Compiler *c)
{
    Thread *t = c->t;
    Unit *u = c->unit;
    uint32_t *starts, total;
    uint8_t *skip;
    number_words(c, u, &starts, &skip, &total);
    OWN_POINTER Code *code = (Code *)object_new(t, &code_type);
    if (!code) return ERROR;
    code->filename = RETAIN(as_str(c->filename));
    code->name = RETAIN(u->name);
    code->qualname = RETAIN(u->qualname);
    set_counts(u, code);
    code->names = tuple_of_sites(c, u);
    code->varnames = tuple_of_texts(c, u->varnames, u->varname_count);
    code->cellvars = tuple_of_symbols(c, u->cellvars, u->cellvar_count);
    code->freevars = tuple_of_symbols(c, u->freevars, u->freevar_count);
    if (!code->names || !code->varnames || !code->cellvars || !code->freevars) return ERROR;
    if (!allocate_tables(c, u, code, total)) return ERROR;
    write_words(u, code, starts, skip);
    code_trim(code);
    return object_value(MOVE_POINTER(code));
}
