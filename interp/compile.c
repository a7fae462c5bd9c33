// SPDX-License-Identifier: MIT
// interp/compile.c: units, emission of instructions, and the way from a finished Unit to a code object.
#include <stdio.h>
#include <stdlib.h>

#include "interp/compiler.h"
#include "runtime/heap.h"
#include "runtime/call.h"
#include "runtime/types/float.h"
#include "runtime/types/int.h"
#include "runtime/types/set.h"

// ---- errors

void fail(Compiler *c) { c->failed = true; }

void compile_error_source(Compiler *c, Spot at, const char *message)
{
    if (c->failed) return;
    Value raised = raise_syntax_error(c->t, c->filename, message, at.line, at.col, at.end_line, at.end_col, true);
    (void)raised;
    fail(c);
}

void compile_error(Compiler *c, const Node *at, const char *format, ...)
{
    char message[400];
    va_list list;
    va_start(list, format);
    vsnprintf(message, sizeof message, format, list);
    va_end(list);
    compile_error_source(c, source_of(at), message);
}

// A SyntaxWarning; when the filter makes it an error, a SyntaxError at the place.
bool compile_warning(Compiler *c, const Node *at, const char *format, ...)
{
    if (c->failed) return false;
    char message[400];
    va_list list;
    va_start(list, format);
    vsnprintf(message, sizeof message, format, list);
    va_end(list);
    if (syntax_warning(c->t, &exc_SyntaxWarning, c->filename, message, at->lineno)) return true;
    if (error_matches(c->t, &exc_SyntaxWarning)) {
        error_clear(c->t);
        compile_error_source(c, source_of(at), message);
    }
    fail(c);
    return false;
}

bool nest(Compiler *c)
{
    if (c->failed) return false;
    if (c->nesting++ < NESTING_LIMIT) return true;
    Value raised = raise_error(c->t, &exc_RecursionError, "maximum recursion depth exceeded during compilation");
    (void)raised;
    fail(c);
    c->nesting--;
    return false;
}

Spot source_of(const Node *node)
{
    return (Spot){node->lineno, node->col_offset, node->end_lineno, node->end_col_offset};
}

// ---- growing arrays of the arena

static void *grow(Compiler *c, void *old, int count, int *capacity, size_t size)
{
    if (count < *capacity) return old;
    int larger = *capacity ? *capacity * 2 : 32;
    void *array = arena_alloc(c->arena, (size_t)larger * size);
    if (!array) {
        raise_memory_error(c->t);
        fail(c);
        return NULL;
    }
    if (count) memcpy(array, old, (size_t)count * size);
    *capacity = larger;
    return array;
}
#define GROW(c, array, count, capacity) \
    ({ void *grown_ = grow(c, array, count, &(capacity), sizeof *(array)); if (grown_) (array) = grown_; grown_ != NULL; })

// ---- emission

static void append(Compiler *c, Instr instr)
{
    Unit *u = c->unit;
    if (c->failed || !u->reachable || !GROW(c, u->instrs, u->instr_count, u->instr_capacity)) return;
    instr.handler = u->handler;
    instr.source = u->source;
    u->instrs[u->instr_count++] = instr;
    if (instr.target >= 0) u->label_used[instr.target] = 1;
    switch (instr.op) {
    case OP_CODE_JUMP: case OP_CODE_RETURN: case OP_CODE_RETURN_CONST: case OP_CODE_RAISE: case OP_CODE_RERAISE: case OP_CODE_RAISE_AGAIN:
        u->reachable = false;
        u->bound = bound_all();
        break;
    default: break;
    }
}

void emit(Compiler *c, Opcode op, int a, int b, int d)
{
    append(c, (Instr){(uint8_t)op, (uint8_t)a, (uint8_t)b, (uint8_t)d, 0, -1, -1, {0}});
}
void emit_word(Compiler *c, Opcode op, int a, int b, int d, uint32_t word)
{
    append(c, (Instr){(uint8_t)op, (uint8_t)a, (uint8_t)b, (uint8_t)d, word, -1, -1, {0}});
}
void emit_jump(Compiler *c, Opcode op, int a, int b, int d, Label target)
{
    if (c->failed) return;
    append(c, (Instr){(uint8_t)op, (uint8_t)a, (uint8_t)b, (uint8_t)d, 0, target, -1, {0}});
}
void jump(Compiler *c, Label target) { emit_jump(c, OP_CODE_JUMP, 0, 0, 0, target); }

Label label_new(Compiler *c)
{
    Unit *u = c->unit;
    if (c->failed) return 0;
    int capacity = u->label_capacity;
    if (!GROW(c, u->labels, u->label_count, u->label_capacity)) return 0;
    if (!GROW(c, u->label_used, u->label_count, capacity)) return 0;
    u->labels[u->label_count] = -1;
    u->label_used[u->label_count] = 0;
    return u->label_count++;
}

void label_place(Compiler *c, Label label) { label_place_head(c, label, false); }

void label_place_head(Compiler *c, Label label, bool was_reachable)
{
    Unit *u = c->unit;
    if (c->failed) return;
    u->labels[label] = u->instr_count;
    if (u->label_used[label] || was_reachable) u->reachable = true;
}

int handler_new(Compiler *c, Label label)
{
    Unit *u = c->unit;
    if (c->failed || !GROW(c, u->handlers, u->handler_count, u->handler_capacity)) return -1;
    if (u->reachable) u->label_used[label] = 1;
    u->handlers[u->handler_count] = (Handler){label, u->depth};
    return u->handler_count++;
}

Reg push(Compiler *c)
{
    Unit *u = c->unit;
    Reg r = top(u);
    if (r + 8 > NEAR_REGISTERS - 1) {     // a few more may be used above without being pushed
        if (!c->failed) raise_error(c->t, &exc_RecursionError, "maximum recursion depth exceeded during compilation");
        fail(c);
        return r;
    }
    if (++u->depth + 8 > u->deepest) u->deepest = u->depth + 8;
    return r;
}

// ---- sites and constants

static uint32_t site_append(Compiler *c, Str *name)
{
    Unit *u = c->unit;
    if (c->failed || !u->reachable || !GROW(c, u->names, u->site_count, u->site_capacity)) return 0;
    u->names[u->site_count] = name;
    return (uint32_t)u->site_count++;
}
Str *intern_text(Compiler *c, Text text)
{
    if (c->failed) return NULL;
    OWN Value s = str_from_wtf8(c->t, text.bytes, text.length);
    if (is_error(s)) { fail(c); return NULL; }
    OWN_POINTER Str *interned = str_intern(c->t, as_str(MOVE(s)));
    if (!interned || !list_append(c->t, c->kept, object_value(interned))) { fail(c); return NULL; }
    return interned;
}
uint32_t site_new(Compiler *c, Text name) { return site_append(c, intern_text(c, name)); }
uint32_t site_new_str(Compiler *c, Str *name) { return site_append(c, name); }
uint32_t site_of_call(Compiler *c) { return site_append(c, NULL); }

// Constants are the same when type and value are, all the way down, -0.0 and 0.0 told apart: the key of the table
// that finds them again is the value with its type, a tuple with those of its items.
static NEW_REF Value constant_key(Compiler *c, Value v)
{
    Thread *t = c->t;
    if (is_small_float(v)) {
        OWN Value bits = int_from_u64(t, v.bits);
        if (is_error(bits)) return ERROR;
        return tuple_of(t, 2, type_value(&float_type), bits);
    }
    if (is_exact_tuple(v)) {
        Tuple *items = as_tuple(v);
        OWN Value keys = list_new(t, items->length + 1);
        if (is_error(keys) || !list_append(t, keys, type_value(&tuple_type))) return ERROR;
        for (size_t i = 0; i < items->length; i++) {
            OWN Value key = constant_key(c, items->items[i]);
            if (is_error(key) || !list_append(t, keys, key)) return ERROR;
        }
        return list_to_tuple(t, keys);
    }
    Type *type = type_of(v);
    if (type == &complex_type || type == &code_type || type == &frozenset_type) {
        OWN Value identity = int_from_u64(t, v.bits);
        if (is_error(identity)) return ERROR;
        return tuple_of(t, 2, type_value(type), identity);
    }
    return tuple_of(t, 2, type_value(type), v);
}

uint32_t constant_add(Compiler *c, TAKES Value v)
{
    Unit *u = c->unit;
    OWN Value owned = v;
    if (is_error(v)) fail(c);
    if (c->failed) return 0;
    OWN Value key = constant_key(c, v);
    if (is_error(key)) { fail(c); return 0; }
    Value known = dict_get(c->t, as_dict(u->constant_index), key);
    if (is_error(known)) { fail(c); return 0; }
    if (!is_unbound(known)) return (uint32_t)as_small_int(known);
    size_t index = as_list(u->constants)->length;
    if (!list_append(c->t, u->constants, v) || !dict_set(c->t, as_dict(u->constant_index), key, small_int((int64_t)index))) {
        fail(c);
        return 0;
    }
    return (uint32_t)index;
}

void load_constant(Compiler *c, Reg dst, TAKES Value v)
{
    if (!c->unit->reachable && !is_error(v)) {
        drop(v);
        return;
    }
    if (is_small_int(v) && as_small_int(v) >= INT16_MIN && as_small_int(v) <= INT16_MAX) {
        int64_t i = as_small_int(v);
        emit(c, OP_CODE_LOAD_INT, dst, (int)(i & 0xFF), (int)((i >> 8) & 0xFF));
        return;
    }
    uint32_t k = constant_add(c, v);
    if (k <= 0xFFFF) emit(c, OP_CODE_LOAD_CONST, dst, (int)(k & 0xFF), (int)(k >> 8));
    else emit_word(c, OP_CODE_LOAD_CONST_FAR, dst, 0, 0, k);
}

// ---- blocks

Block *block_push(Compiler *c, Block *block, BlockKind kind)
{
    block->kind = kind;
    block->outer_handler = c->unit->handler;
    block->source = c->unit->source;
    block->outer = c->unit->block;
    c->unit->block = block;
    return block;
}
void block_pop(Compiler *c)
{
    c->unit->handler = c->unit->block->outer_handler;
    c->unit->block = c->unit->block->outer;
}

// ---- names and what is known of them

Text mangled(Compiler *c, Text name) { return symtable_mangle(c->arena, c->unit->scope->private_name, name); }
Symbol *symbol_of(Compiler *c, Text mangled_name) { return scope_find(c->unit->scope, mangled_name); }

bool is_bound(const Unit *u, int local) { return local < u->near_count && (u->bound.bits[local >> 6] >> (local & 63) & 1); }
void set_bound(Unit *u, const Symbol *s)
{
    if (s->index < u->near_count && !(s->flags & SYM_DELETED)) u->bound.bits[s->index >> 6] |= UINT64_C(1) << (s->index & 63);
}
Bound bound_all(void)
{
    Bound b;
    memset(&b, 0xFF, sizeof b);
    return b;
}
Bound bound_meet(Bound a, Bound b)
{
    for (int i = 0; i < BOUND_WORDS; i++) a.bits[i] &= b.bits[i];
    return a;
}

static int compare_names(const void *a, const void *b)
{
    Text x = (*(Symbol *const *)a)->name, y = (*(Symbol *const *)b)->name;
    size_t shorter = x.length < y.length ? x.length : y.length;
    int order = memcmp(x.bytes, y.bytes, shorter);
    return order ? order : (x.length > y.length) - (x.length < y.length);
}

static bool is_param(const Scope *scope, const Symbol *s) { return (s->flags & SYM_PARAM) && scope->kind == SCOPE_FUNCTION; }

// Numbers the locals: parameters, other locals, then cells that are no parameters; and the free variables.
static bool number_variables(Compiler *c, Unit *u)
{
    Scope *scope = u->scope;
    unsigned room = scope->symbol_count + 2;
    u->varnames = ARENA_ARRAY(c->arena, Text, room);
    u->cellvars = ARENA_ARRAY(c->arena, Symbol *, room);
    u->freevars = ARENA_ARRAY(c->arena, Symbol *, room);
    if (!u->varnames || !u->cellvars || !u->freevars) return false;
    for (unsigned i = 0; i < scope->param_count; i++) {
        scope_find(scope, scope->params[i])->index = u->varname_count;
        u->varnames[u->varname_count++] = scope->params[i];
    }
    for (Symbol *s = scope->first; s; s = s->next) {
        if (s->meaning == MEANS_CELL) u->cellvars[u->cellvar_count++] = s;
        if (s->meaning == MEANS_FREE || (s->flags & SYM_FREE_CLASS)) u->freevars[u->freevar_count++] = s;
        if (scope->kind != SCOPE_FUNCTION || s->meaning != MEANS_LOCAL || is_param(scope, s)) continue;
        s->index = u->varname_count;
        u->varnames[u->varname_count++] = s->name;
    }
    qsort(u->cellvars, (size_t)u->cellvar_count, sizeof *u->cellvars, compare_names);
    qsort(u->freevars, (size_t)u->freevar_count, sizeof *u->freevars, compare_names);
    u->local_count = u->varname_count;
    for (int i = 0; i < u->cellvar_count; i++)
        if (!is_param(scope, u->cellvars[i])) u->cellvars[i]->index = u->local_count++;
    for (int i = 0; i < u->freevar_count; i++) u->freevars[i]->index = i;
    u->near_count = u->local_count < NEAR_LOCALS ? u->local_count : NEAR_LOCALS;
    return true;
}

// In a class whose methods use __class__ the cell for it is a variable of the class.
static bool add_class_cell(Compiler *c, Unit *u)
{
    Symbol *s = ARENA_NEW(c->arena, Symbol);
    if (!s) return false;
    s->name = (Text){"__class__", 9};
    s->meaning = MEANS_CELL;
    s->index = u->local_count++;
    u->near_count = u->local_count;
    u->cellvars[u->cellvar_count++] = s;
    return true;
}

// ---- units

static bool is_type_params(const Scope *scope)
{
    AstKind kind = scope->node->kind;
    return kind == AST_TypeVar || kind == AST_ParamSpec || kind == AST_TypeVarTuple;
}

static NEW_REF Str *qualified(Compiler *c, Unit *u, Text name)
{
    Unit *outer = u->outer;
    while (outer && is_type_params(outer->scope)) outer = outer->outer;      // def f[T] is called what def f is
    Str *own = intern_text(c, name);
    if (!own || !outer || outer->scope->kind == SCOPE_MODULE) return RETAIN(own);
    Symbol *s = scope_find(outer->scope, mangled(c, name));
    bool definition = u->scope->kind == SCOPE_CLASS || (u->scope->node->kind != AST_Lambda && !u->scope->comprehension);
    if (definition && s && s->meaning == MEANS_GLOBAL_EXPLICIT) return RETAIN(own);
    const char *format = outer->scope->kind == SCOPE_CLASS ? "%U.%U" : "%U.<locals>.%U";
    OWN Value text = str_format(c->t, format, outer->qualname, own);
    return is_error(text) ? NULL : as_str(MOVE(text));
}

bool compiler_enter(Compiler *c, Scope *scope, Text name, int line)
{
    if (c->failed) return false;
    Unit *u = ARENA_NEW(c->arena, Unit);
    if (!u) {
        raise_memory_error(c->t);
        fail(c);
        return false;
    }
    u->outer = c->unit;
    u->scope = scope;
    u->first_line = line;
    u->handler = -1;
    u->reachable = true;
    u->deepest = 8;
    u->copies_locals = scope->has_walrus;
    c->unit = u;
    u->constants = list_new(c->t, 8);
    Dict *index = dict_new(c->t);
    u->constant_index = index ? dict_value(index) : ERROR;
    OWN_POINTER Str *qualname = NULL;
    if (!is_error(u->constants) && index && number_variables(c, u) && (!scope->needs_class_cell || add_class_cell(c, u))) {
        u->name = intern_text(c, name);
        qualname = u->name ? qualified(c, u, name) : NULL;
    }
    if (!qualname || !list_append(c->t, c->kept, object_value(qualname))) fail(c);
    u->qualname = qualname;
    if (c->failed) {
        unit_drop(c);
        return false;
    }
    if (scope->kind == SCOPE_FUNCTION) {
        for (unsigned i = 0; i < scope->param_count; i++) set_bound(u, scope_find(scope, scope->params[i]));
        u->param_count = scope->param_count;
    }
    return true;
}

void unit_drop(Compiler *c)
{
    Unit *u = c->unit;
    if (!is_error(u->constants)) drop(u->constants);
    if (!is_error(u->constant_index)) drop(u->constant_index);
    c->unit = u->outer;
}

Value compiler_leave(Compiler *c)
{
    Value code = c->failed ? ERROR : assemble(c);
    if (is_error(code)) fail(c);
    unit_drop(c);
    return code;
}
