// SPDX-License-Identifier: MIT
// interp/compile_name.c: reading, binding and unbinding variables.
#include "interp/compiler.h"

typedef enum Access { ACCESS_LOCAL, ACCESS_CELL, ACCESS_FREE, ACCESS_GLOBAL, ACCESS_NAME } Access;

static Access access_of(const Unit *u, const Symbol *s)
{
    if (!s) return u->scope->kind == SCOPE_FUNCTION ? ACCESS_GLOBAL : ACCESS_NAME;
    switch (s->meaning) {
    case MEANS_CELL: return ACCESS_CELL;
    case MEANS_FREE: return ACCESS_FREE;
    case MEANS_LOCAL: return u->scope->kind == SCOPE_FUNCTION ? ACCESS_LOCAL : ACCESS_NAME;
    case MEANS_GLOBAL: return u->scope->kind == SCOPE_FUNCTION ? ACCESS_GLOBAL : ACCESS_NAME;
    default: return ACCESS_GLOBAL;
    }
}

static bool is_near(const Unit *u, int local) { return local < u->near_count; }
static uint32_t far_register(const Unit *u, int local) { return (uint32_t)(local - u->near_count + NEAR_REGISTERS + 1); }

static void check_bound(Compiler *c, const Symbol *s)
{
    Unit *u = c->unit;
    if (is_bound(u, s->index)) return;
    emit(c, OP_CODE_CHECK_LOCAL, s->index, 0, 0);
    set_bound(u, s);
}

bool name_in_place(Compiler *c, Text raw, Reg *reg)
{
    Unit *u = c->unit;
    Symbol *s = symbol_of(c, mangled(c, raw));
    if (c->failed || u->copies_locals || access_of(u, s) != ACCESS_LOCAL || !is_near(u, s->index)) return false;
    check_bound(c, s);
    *reg = s->index;
    return true;
}

// The register that holds the cell of a cell variable: its own, or a temporary at `scratch` with a copy.
static Reg cell_register(Compiler *c, const Symbol *s, Reg scratch)
{
    Unit *u = c->unit;
    if (is_near(u, s->index)) return s->index;
    emit_word(c, OP_CODE_LOAD_FAR, scratch, 0, 0, far_register(u, s->index));
    return scratch;
}

void name_load(Compiler *c, Text raw, Reg dst)
{
    Unit *u = c->unit;
    Text name = mangled(c, raw);
    Symbol *s = symbol_of(c, name);
    switch (access_of(u, s)) {
    case ACCESS_LOCAL:
        if (is_near(u, s->index)) {
            check_bound(c, s);
            emit(c, OP_CODE_COPY, dst, s->index, 0);
            return;
        }
        if (is_temp(u, dst)) {
            emit_word(c, OP_CODE_LOAD_FAR, dst, 0, 0, far_register(u, s->index));
            emit_word(c, OP_CODE_CHECK_FAR, dst, 0, 0, far_register(u, s->index));
            return;
        }
        emit_word(c, OP_CODE_LOAD_FAR, top(u), 0, 0, far_register(u, s->index));
        emit_word(c, OP_CODE_CHECK_FAR, top(u), 0, 0, far_register(u, s->index));
        emit(c, OP_CODE_MOVE, dst, top(u), 0);
        return;
    case ACCESS_CELL: emit(c, OP_CODE_LOAD_CELL, dst, cell_register(c, s, top(u)), 0); return;
    case ACCESS_FREE:
        if (u->scope->kind == SCOPE_CLASS) emit_word(c, OP_CODE_LOAD_CLASS_FREE, dst, s->index & 0xFF, s->index >> 8, site_new(c, name));
        else emit(c, OP_CODE_LOAD_FREE, dst, s->index & 0xFF, s->index >> 8);
        return;
    case ACCESS_GLOBAL: emit_word(c, OP_CODE_LOAD_GLOBAL, dst, 0, 0, site_new(c, name)); return;
    case ACCESS_NAME: emit_word(c, OP_CODE_LOAD_NAME, dst, 0, 0, site_new(c, name)); return;
    }
}

void name_store(Compiler *c, Text raw, Reg src)
{
    Unit *u = c->unit;
    Text name = mangled(c, raw);
    Symbol *s = symbol_of(c, name);
    switch (access_of(u, s)) {
    case ACCESS_LOCAL:
        if (is_near(u, s->index)) {
            if (src != s->index) emit(c, is_temp(u, src) ? OP_CODE_MOVE : OP_CODE_COPY, s->index, src, 0);
            set_bound(u, s);
        } else emit_word(c, OP_CODE_STORE_FAR, src, 0, 0, far_register(u, s->index));
        return;
    case ACCESS_CELL: emit(c, OP_CODE_STORE_CELL, cell_register(c, s, top(u)), src, 0); return;
    case ACCESS_FREE: emit(c, OP_CODE_STORE_FREE, src, s->index & 0xFF, s->index >> 8); return;
    case ACCESS_GLOBAL: emit_word(c, OP_CODE_STORE_GLOBAL, src, 0, 0, site_new(c, name)); return;
    case ACCESS_NAME: emit_word(c, OP_CODE_STORE_NAME, src, 0, 0, site_new(c, name)); return;
    }
}

void name_delete(Compiler *c, Text raw)
{
    Unit *u = c->unit;
    Text name = mangled(c, raw);
    Symbol *s = symbol_of(c, name);
    switch (access_of(u, s)) {
    case ACCESS_LOCAL:
        if (is_near(u, s->index)) {
            emit(c, OP_CODE_DELETE_LOCAL, s->index, 0, 0);
            return;
        }
        emit_word(c, OP_CODE_LOAD_FAR, top(u), 0, 0, far_register(u, s->index));
        emit_word(c, OP_CODE_CHECK_FAR, top(u), 0, 0, far_register(u, s->index));
        emit(c, OP_CODE_UNSET_LOCAL, top(u), 0, 0);
        emit_word(c, OP_CODE_STORE_FAR, top(u), 0, 0, far_register(u, s->index));
        return;
    case ACCESS_CELL: emit(c, OP_CODE_DELETE_CELL, cell_register(c, s, top(u)), 0, 0); return;
    case ACCESS_FREE: emit(c, OP_CODE_DELETE_FREE, 0, s->index & 0xFF, s->index >> 8); return;
    case ACCESS_GLOBAL: emit_word(c, OP_CODE_DELETE_GLOBAL, 0, 0, 0, site_new(c, name)); return;
    case ACCESS_NAME: emit_word(c, OP_CODE_DELETE_NAME, 0, 0, 0, site_new(c, name)); return;
    }
}

bool name_destination(Compiler *c, const Node *target, Reg *reg)
{
    if (target->kind != AST_Name || c->failed) return false;
    Unit *u = c->unit;
    Symbol *s = symbol_of(c, mangled(c, AST(Name, target)->id));
    if (access_of(u, s) != ACCESS_LOCAL || !is_near(u, s->index)) return false;
    *reg = s->index;
    return true;
}

void closure_push(Compiler *c, const Code *code)
{
    Unit *u = c->unit;
    size_t count = code->freevars->length;
    Reg first = top(u);
    bool in_list = count > DISPLAY_CHUNK;
    if (in_list) emit(c, OP_CODE_BUILD_LIST, push(c), first, 0);
    for (size_t i = 0; i < count; i++) {
        Str *name = as_str(code->freevars->items[i]);
        size_t length;
        OWN_MEMORY char *utf8 = str_to_utf8(c->t, name, &length);
        if (!utf8) { fail(c); return; }
        Symbol *s = symbol_of(c, (Text){utf8, length});
        if (u->scope->needs_class_cell && text_is((Text){utf8, length}, "__class__")) s = u->cellvars[u->cellvar_count - 1];
        Reg r = push(c);
        if (!s || s->index < 0) ASSERT(c->failed);
        else if (s->meaning == MEANS_CELL) {
            Reg cell = cell_register(c, s, r);
            if (cell != r) emit(c, OP_CODE_COPY, r, cell, 0);
        } else emit(c, OP_CODE_LOAD_CELL_ITSELF, r, s->index & 0xFF, s->index >> 8);
        if (in_list) {
            emit(c, OP_CODE_LIST_APPEND, first, r, 0);
            pop(c, 1);
        }
    }
    if (in_list) {
        emit(c, OP_CODE_LIST_TO_TUPLE, first, first, 0);
        return;
    }
    emit(c, OP_CODE_BUILD_TUPLE, first, first, (int)count);
    pop(c, (int)count);
    push(c);
}
