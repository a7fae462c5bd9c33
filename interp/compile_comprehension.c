// SPDX-License-Identifier: MIT
// interp/compile_comprehension.c: list, set and dict comprehensions and generator expressions.
//
// Each is a function of its own with one parameter, ".0": the iterator of the outermost loop.
#include "interp/compiler.h"

typedef struct Parts {
    NodeList generators;
    Node *element, *value;   // value: of a dict
    Comprehension kind;
    Reg collection;          // in the inner function; -1: a generator
} Parts;

static Parts parts_of(Node *node)
{
    switch (node->kind) {
    case AST_ListComp: return (Parts){AST(ListComp, node)->generators, AST(ListComp, node)->elt, NULL, COMP_LIST, -1};
    case AST_SetComp: return (Parts){AST(SetComp, node)->generators, AST(SetComp, node)->elt, NULL, COMP_SET, -1};
    case AST_DictComp: return (Parts){AST(DictComp, node)->generators, AST(DictComp, node)->key, AST(DictComp, node)->value, COMP_DICT, -1};
    default: return (Parts){AST(GeneratorExp, node)->generators, AST(GeneratorExp, node)->elt, NULL, COMP_GENERATOR, -1};
    }
}

static void element(Compiler *c, const Parts *p, const Node *whole)
{
    Unit *u = c->unit;
    Reg e = value(c, p->element);
    if (p->kind == COMP_DICT) {
        Reg v = value(c, p->value);
        pop_operand(c, v);
        pop_operand(c, e);
        at(c, p->element);
        u->source.end_line = p->value->end_lineno;
        u->source.end_col = p->value->end_col_offset;
        emit(c, OP_CODE_DICT_SET, p->collection, e, v);
        return;
    }
    pop_operand(c, e);
    at(c, p->kind == COMP_GENERATOR ? p->element : whole);
    if (p->kind == COMP_GENERATOR) {
        bool async = (u->flags & CODE_ASYNC_GENERATOR) != 0;
        emit(c, OP_CODE_YIELD, NO_DESTINATION, e, async ? 2 : 0);
    } else emit(c, p->kind == COMP_LIST ? OP_CODE_LIST_APPEND : OP_CODE_SET_ADD, p->collection, e, 0);
    at(c, whole);
}

static void loop(Compiler *c, const Parts *p, size_t index, const Node *whole);

static void inner(Compiler *c, const Parts *p, size_t index, const Node *whole)
{
    if (index + 1 < p->generators.count) loop(c, p, index + 1, whole);
    else element(c, p, whole);
}

static void sync_loop(Compiler *c, const Parts *p, size_t index, const Node *whole)
{
    Unit *u = c->unit;
    Astcomprehension *g = AST(comprehension, p->generators.items[index]);
    Reg iterator = 0;
    // for y in [f(x)] is an assignment in disguise
    if (index > 0) {
        NodeList elts = {0};
        if (g->iter->kind == AST_List) elts = AST(List, g->iter)->elts;
        if (g->iter->kind == AST_Tuple) elts = AST(Tuple, g->iter)->elts;
        if (elts.count == 1 && elts.items[0]->kind != AST_Starred) {
            Label skip = label_new(c);
            Reg v = value_push(c, elts.items[0]);
            assign_to(c, g->target, v);
            pop(c, 1);
            for (size_t i = 0; i < g->ifs.count; i++) branch(c, g->ifs.items[i], false, skip);
            inner(c, p, index, whole);
            label_place(c, skip);
            return;
        }
        iterator = value_push(c, g->iter);
        at(c, whole);
        emit(c, OP_CODE_GET_ITER, iterator, iterator, 0);
    }
    Label next = label_new(c), body = label_new(c);
    bool reachable = u->reachable;
    Bound bound = u->bound;
    at(c, whole);
    jump(c, next);
    label_place_head(c, body, reachable);
    u->bound = bound;
    Reg item;
    bool direct = name_destination(c, g->target, &item);
    if (direct) set_bound(u, symbol_of(c, mangled(c, AST(Name, g->target)->id)));
    else {
        item = push(c);
        assign_to(c, g->target, item);
        pop(c, 1);
    }
    for (size_t i = 0; i < g->ifs.count; i++) branch(c, g->ifs.items[i], false, next);
    inner(c, p, index, whole);
    label_place(c, next);
    u->bound = bound;
    at(c, whole);
    emit_jump(c, OP_CODE_FOR_LOOP, iterator, item, 0, body);
    if (index > 0) pop(c, 1);
}

static void async_loop(Compiler *c, const Parts *p, size_t index, const Node *whole)
{
    Unit *u = c->unit;
    Astcomprehension *g = AST(comprehension, p->generators.items[index]);
    Reg iterator = top(u);
    if (index == 0) {
        emit(c, OP_CODE_MOVE, iterator, 0, 0);
        push(c);
    } else {
        value_push(c, g->iter);
        at(c, g->iter);
        emit(c, OP_CODE_GET_AITER, iterator, iterator, 0);
    }
    Label next = label_new(c), ended = label_new(c);
    Bound bound = u->bound;
    at(c, whole);
    label_place_head(c, next, u->reachable);
    int outer = u->handler;
    u->handler = handler_new(c, ended);
    emit(c, OP_CODE_GET_ANEXT, top(u), iterator, 0);
    push(c);
    await_push(c, 3);
    u->handler = outer;
    assign_to(c, g->target, top(u) - 1);
    pop(c, 1);
    for (size_t i = 0; i < g->ifs.count; i++) branch(c, g->ifs.items[i], false, next);
    inner(c, p, index, whole);
    jump(c, next);
    label_place(c, ended);
    u->bound = bound;
    at(c, whole);
    emit(c, OP_CODE_END_ASYNC_FOR, iterator + 1, 0, 0);
    emit(c, OP_CODE_CLEAR, iterator, 0, 0);
    pop(c, 1);
}

static void loop(Compiler *c, const Parts *p, size_t index, const Node *whole)
{
    if (!nest(c)) return;
    if (AST(comprehension, p->generators.items[index])->is_async) async_loop(c, p, index, whole);
    else sync_loop(c, p, index, whole);
    unnest(c);
}

static const char *name_of(Comprehension kind)
{
    return kind == COMP_LIST ? "<listcomp>" : kind == COMP_SET ? "<setcomp>" : kind == COMP_DICT ? "<dictcomp>" : "<genexpr>";
}

// Whether an asynchronous comprehension may stand here.
static bool async_allowed(Compiler *c)
{
    for (const Scope *s = c->unit->scope; s; s = s->parent) {
        if (s->comprehension) return true;     // the outer one is asked in its turn
        if (s->kind == SCOPE_FUNCTION) return s->is_coroutine && (s->node->kind == AST_AsyncFunctionDef);
        if (s->kind == SCOPE_MODULE) return (c->flags & COMPILE_TOP_LEVEL_AWAIT) != 0;
    }
    return false;
}

static NEW_REF Value comprehension_code(Compiler *c, Node *node, Scope *scope, Parts *p)
{
    const char *name = name_of(p->kind);
    if (!compiler_enter(c, scope, (Text){name, strlen(name)}, node->lineno)) return ERROR;
    Unit *u = c->unit;
    u->argcount = 1;
    u->flags = CODE_OPTIMIZED | CODE_NEWLOCALS | (scope->nested ? CODE_NESTED : 0);
    if (p->kind == COMP_GENERATOR) u->flags |= scope->is_coroutine ? CODE_ASYNC_GENERATOR : CODE_GENERATOR;
    else if (scope->is_coroutine) u->flags |= CODE_COROUTINE;
    at(c, node);
    for (int i = 0; i < u->cellvar_count; i++) emit(c, OP_CODE_MAKE_CELL, u->cellvars[i]->index, 0, 0);
    if (u->flags & CODE_ANY_GENERATOR) emit(c, OP_CODE_RETURN_GENERATOR, 0, 0, 0);
    if (p->kind != COMP_GENERATOR) {
        p->collection = top(u);
        Opcode build = p->kind == COMP_LIST ? OP_CODE_BUILD_LIST : p->kind == COMP_SET ? OP_CODE_BUILD_SET : OP_CODE_BUILD_DICT;
        emit(c, build, p->collection, p->collection, 0);
        push(c);
    }
    loop(c, p, 0, node);
    at(c, node);
    if (p->kind != COMP_GENERATOR) {
        pop(c, 1);
        emit(c, OP_CODE_RETURN, p->collection, 0, 0);
    } else {
        uint32_t none = constant_add(c, NONE);
        emit(c, OP_CODE_RETURN_CONST, 0, (int)(none & 0xFF), (int)(none >> 8));
    }
    return compiler_leave(c);
}

void comprehension_to(Compiler *c, Node *node, Reg dst)
{
    Unit *u = c->unit;
    Parts p = parts_of(node);
    Scope *scope = symtable_scope(&c->symbols, node);
    if (scope->is_coroutine && p.kind != COMP_GENERATOR && !async_allowed(c)) {
        compile_error(c, node, "asynchronous comprehension outside of an asynchronous function");
        return;
    }
    Astcomprehension *outermost = AST(comprehension, p.generators.items[0]);
    Value code = comprehension_code(c, node, scope, &p);
    if (is_error(code)) return;
    Reg base = top(u);
    make_function(c, code, 0, base, base);
    push(c);
    Reg iterable = value_push(c, outermost->iter);
    at(c, node);
    emit(c, outermost->is_async ? OP_CODE_GET_AITER : OP_CODE_GET_ITER, iterable, iterable, 0);
    at(c, node);
    pop(c, 2);
    bool await = scope->is_coroutine && p.kind != COMP_GENERATOR;
    emit_word(c, OP_CODE_CALL, base, 1, await ? base : dst, site_of_call(c));
    if (!await) return;
    push(c);
    await_push(c, 0);
    pop(c, 1);
    move_result(c, dst, base);
}
