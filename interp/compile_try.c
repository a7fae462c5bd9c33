// SPDX-License-Identifier: MIT
// interp/compile_try.c: loops, try, with, and how break, continue and return leave them.
//
// While a handler is in force every instruction is emitted with its number; the tables are made from that. When an
// exception arrives at a handler of depth d the loop has dropped the temporaries from d on, the exception is in d+1, and
// ENTER_HANDLER d makes it the one being handled, with the one before kept in d. So a handler works at depth d+2. An
// exception out of the handler itself goes to its `cleanup`, of depth d+2: it restores d and passes the exception on.
#include "interp/compiler.h"

static Reg register_at(const Unit *u, int depth) { return u->near_count + depth; }

// ---- leaving blocks

static void exit_call(Compiler *c, Reg exit, bool is_async)
{
    // [exit function] None None None; its result is not looked at
    Unit *u = c->unit;
    Reg base = top(u);
    emit(c, OP_CODE_MOVE, base, exit, 0);
    push(c);
    for (int i = 0; i < 3; i++) {
        load_constant(c, top(u), NONE);
        push(c);
    }
    pop(c, 4);
    emit_word(c, OP_CODE_CALL, base, 3, is_async ? base : NO_DESTINATION, site_of_call(c));
    if (!is_async) return;
    push(c);
    await_push(c, 2);
    emit(c, OP_CODE_CLEAR, base, 0, 0);
    pop(c, 1);
}

static void unbind_name(Compiler *c, Text name)
{
    if (text_is_none(name)) return;
    load_constant(c, top(c->unit), NONE);
    Reg r = push(c);
    name_store(c, name, r);
    pop(c, 1);
    name_delete(c, name);
}

// Emits what leaving one block needs. The block is off the stack of blocks meanwhile.
void unwind_block(Compiler *c, Block *block)
{
    Unit *u = c->unit;
    u->handler = block->outer_handler;
    switch (block->kind) {
    case BLOCK_WHILE: case BLOCK_TRY: case BLOCK_EXCEPT_STAR: break;
    case BLOCK_FOR: case BLOCK_VALUE: emit(c, OP_CODE_CLEAR, block->reg, 0, 0); break;
    case BLOCK_ASYNC_FOR: emit(c, OP_CODE_CLEAR, block->reg, 0, 0); break;
    case BLOCK_FINALLY:
        statements(c, block->body);
        at_nothing(c);                 // what comes then is not another visit to the statement that leaves
        break;
    case BLOCK_FINALLY_END: emit(c, OP_CODE_LEAVE_HANDLER, block->reg, 0, 0); break;
    case BLOCK_WITH: case BLOCK_ASYNC_WITH:
        u->source = block->source;
        exit_call(c, block->reg, block->kind == BLOCK_ASYNC_WITH);
        at_nothing(c);
        break;
    case BLOCK_HANDLER:
        emit(c, OP_CODE_LEAVE_HANDLER, block->reg, 0, 0);
        unbind_name(c, block->name);
        break;
    }
}

void unwind_to(Compiler *c, Block *stop)
{
    Unit *u = c->unit;
    Block *innermost = u->block;
    int handler = u->handler;
    Spot statement = u->source;
    while (u->block != stop && !c->failed) {
        Block *block = u->block;
        if (block->kind == BLOCK_EXCEPT_STAR) {
            compile_error_source(c, statement, "'break', 'continue' and 'return' cannot appear in an except* block");
            break;
        }
        u->block = block->outer;
        unwind_block(c, block);
    }
    u->block = innermost;
    u->handler = handler;
}

static bool unwinding_runs_code(const Block *block)
{
    for (; block; block = block->outer)
        if (block->kind != BLOCK_WHILE && block->kind != BLOCK_TRY && block->kind != BLOCK_FOR) return true;
    return false;
}

void return_statement(Compiler *c, AstReturn *s)
{
    Unit *u = c->unit;
    if (u->scope->kind != SCOPE_FUNCTION) {
        compile_error(c, &s->head, "'return' outside function");
        return;
    }
    if (s->value && (u->flags & CODE_ASYNC_GENERATOR)) {
        compile_error(c, &s->head, "'return' with value in async generator");
        return;
    }
    int depth = u->depth;
    Value constant = s->value ? fold(c, s->value) : NONE;
    if (is_unbound(constant) && !(unwinding_runs_code(u->block))) {
        Reg r = value(c, s->value);
        at(c, &s->head);
        unwind_to(c, NULL);
        emit(c, OP_CODE_RETURN, r, 0, 0);
        u->depth = depth;
        return;
    }
    if (is_unbound(constant)) {
        Reg r = value_push(c, s->value);
        at(c, &s->head);
        Block keep;
        block_push(c, &keep, BLOCK_VALUE)->reg = r;
        // `keep` stands between the value and the blocks: a return in a finally clause drops the value.
        Block *blocks = keep.outer;
        u->block = blocks;
        int handler = u->handler;
        Block *innermost = blocks;
        while (u->block && !c->failed) {
            Block *block = u->block;
            if (block->kind == BLOCK_EXCEPT_STAR) {
                compile_error(c, &s->head, "'break', 'continue' and 'return' cannot appear in an except* block");
                break;
            }
            keep.outer = block->outer;
            keep.outer_handler = block->outer_handler;
            u->block = block->kind == BLOCK_FINALLY ? &keep : block->outer;
            unwind_block(c, block);
            u->block = block->outer;
        }
        u->block = innermost;
        u->handler = handler;
        emit(c, OP_CODE_RETURN, r, 0, 0);
        u->depth = depth;
        return;
    }
    at(c, s->value && s->value->lineno == s->head.lineno ? s->value : &s->head);
    unwind_to(c, NULL);
    if (!u->reachable) {
        drop(constant);
        return;
    }
    uint32_t k = constant_add(c, constant);
    if (k <= 0xFFFF) emit(c, OP_CODE_RETURN_CONST, 0, (int)(k & 0xFF), (int)(k >> 8));
    else {
        emit_word(c, OP_CODE_LOAD_CONST_FAR, top(u), 0, 0, k);
        emit(c, OP_CODE_RETURN, top(u), 0, 0);
    }
}

static bool is_loop(const Block *b) { return b->kind == BLOCK_WHILE || b->kind == BLOCK_FOR || b->kind == BLOCK_ASYNC_FOR; }

void break_or_continue(Compiler *c, Node *s, bool is_break)
{
    Unit *u = c->unit;
    Block *loop = u->block;
    emit(c, OP_CODE_NOP, 0, 0, 0);
    while (loop && !is_loop(loop)) {
        if (loop->kind == BLOCK_EXCEPT_STAR) {
            compile_error(c, s, "'break', 'continue' and 'return' cannot appear in an except* block");
            return;
        }
        loop = loop->outer;
    }
    if (!loop) {
        compile_error(c, s, is_break ? "'break' outside loop" : "'continue' not properly in loop");
        return;
    }
    unwind_to(c, loop);
    if (is_break) {
        int handler = u->handler;
        Block *innermost = u->block;
        u->block = loop->outer;
        unwind_block(c, loop);
        u->block = innermost;
        u->handler = handler;
    }
    jump(c, is_break ? loop->end : loop->start);
}

// ---- loops

void while_statement(Compiler *c, AstWhile *s)
{
    Unit *u = c->unit;
    Label body = label_new(c), test = label_new(c), end = label_new(c);
    int known = constant_truth(c, s->test);
    Bound bound = u->bound;
    Block block = {.start = test, .end = end};
    bool reachable = u->reachable && known != 0;
    Spot source = u->source;
    block_push(c, &block, BLOCK_WHILE);
    if (known != 1) {
        // The test stands at the end; it is also where the loop begins.
        jump(c, test);
        label_place_head(c, body, reachable);
        u->bound = bound;
        statements(c, s->body);
        label_place(c, test);
        u->bound = bound;
        u->source = source;
        if (known < 0) branch(c, s->test, true, body);
    } else {
        emit(c, OP_CODE_NOP, 0, 0, 0);
        label_place_head(c, test, reachable);
        statements(c, s->body);
        u->source = source;
        jump(c, test);
    }
    block_pop(c);
    if (u->reachable) u->bound = bound;
    statements(c, s->orelse);
    label_place(c, end);
    u->bound = bound;
}

void for_statement(Compiler *c, AstFor *s)
{
    Unit *u = c->unit;
    Label body = label_new(c), next = label_new(c), end = label_new(c);
    Reg iterator = value_push(c, s->iter);
    at(c, &s->head);
    emit(c, OP_CODE_GET_ITER, iterator, iterator, 0);
    Block block = {.start = next, .end = end, .reg = iterator};
    block_push(c, &block, BLOCK_FOR);
    Bound bound = u->bound;
    bool reachable = u->reachable;
    jump(c, next);
    label_place_head(c, body, reachable);
    u->bound = bound;
    Reg item;
    if (name_destination(c, s->target, &item)) set_bound(u, symbol_of(c, mangled(c, AST(Name, s->target)->id)));
    else {
        item = push(c);
        assign_to(c, s->target, item);
        pop(c, 1);
    }
    statements(c, s->body);
    label_place(c, next);
    u->bound = bound;
    at(c, &s->head);
    emit_jump(c, OP_CODE_FOR_LOOP, iterator, item, 0, body);
    pop(c, 1);
    block_pop(c);
    at(c, &s->head);
    statements(c, s->orelse);
    label_place(c, end);
    u->bound = bound;
}

void async_for_statement(Compiler *c, AstAsyncFor *s)
{
    Unit *u = c->unit;
    if (!(u->flags & (CODE_COROUTINE | CODE_ASYNC_GENERATOR)) && !(u->scope->kind == SCOPE_MODULE && (c->flags & COMPILE_TOP_LEVEL_AWAIT))) {
        compile_error(c, &s->head, "'async for' outside async function");
        return;
    }
    Label next = label_new(c), ended = label_new(c), end = label_new(c);
    Reg iterator = value_push(c, s->iter);
    at(c, s->iter);
    emit(c, OP_CODE_GET_AITER, iterator, iterator, 0);
    Block block = {.start = next, .end = end, .reg = iterator};
    block_push(c, &block, BLOCK_ASYNC_FOR);
    Bound bound = u->bound;
    label_place_head(c, next, u->reachable);
    int outer = u->handler;
    u->handler = handler_new(c, ended);
    emit(c, OP_CODE_GET_ANEXT, top(u), iterator, 0);
    push(c);
    await_push(c, 3);
    u->handler = outer;
    assign_to(c, s->target, top(u) - 1);
    pop(c, 1);
    statements(c, s->body);
    jump(c, next);
    block_pop(c);
    label_place(c, ended);
    u->bound = bound;
    at(c, s->iter);
    emit(c, OP_CODE_END_ASYNC_FOR, iterator + 1, 0, 0);
    emit(c, OP_CODE_CLEAR, iterator, 0, 0);
    pop(c, 1);
    statements(c, s->orelse);
    label_place(c, end);
    u->bound = bound;
}

// ---- try

// Emits `cleanup`: what an exception out of the handler at depth `d` goes through.
static void handler_cleanup(Compiler *c, Label cleanup, int d)
{
    Unit *u = c->unit;
    label_place(c, cleanup);
    at_nothing(c);
    emit(c, OP_CODE_LEAVE_HANDLER, register_at(u, d), 0, 0);
    emit(c, OP_CODE_RAISE_AGAIN, register_at(u, d + 3), 0, 0);
}

static void enter_handler(Compiler *c, Label label, int d, Label cleanup)
{
    Unit *u = c->unit;
    label_place(c, label);
    u->depth = d;
    push(c);
    push(c);
    at_nothing(c);
    emit(c, OP_CODE_ENTER_HANDLER, register_at(u, d), 0, 0);
    u->handler = handler_new(c, cleanup);
}

static void except_body(Compiler *c, AstExceptHandler *h, int d, int outer, Label end, Bound *after)
{
    Unit *u = c->unit;
    Reg pair = register_at(u, d);
    Block block = {.reg = pair, .name = h->name};
    if (text_is_none(h->name)) {
        block_push(c, &block, BLOCK_HANDLER);
        block.outer_handler = outer;
        int handler = u->handler;
        statements(c, h->body);
        block_pop(c);
        u->handler = outer;
        at_nothing(c);
        emit(c, OP_CODE_LEAVE_HANDLER, pair, 0, 0);
        *after = bound_meet(*after, u->bound);
        jump(c, end);
        u->handler = handler;
        return;
    }
    int handler = u->handler;
    emit(c, OP_CODE_COPY, top(u), pair + 1, 0);
    Reg copy = push(c);
    name_store(c, h->name, copy);
    pop(c, 1);
    Label unbind = label_new(c);
    block_push(c, &block, BLOCK_HANDLER);
    block.outer_handler = outer;
    u->handler = handler_new(c, unbind);
    statements(c, h->body);
    block_pop(c);
    u->handler = outer;
    at_nothing(c);
    emit(c, OP_CODE_LEAVE_HANDLER, pair, 0, 0);
    unbind_name(c, h->name);
    *after = bound_meet(*after, u->bound);
    jump(c, end);
    // An exception out of the body: the name is unbound, then it goes on.
    u->handler = handler;
    label_place(c, unbind);
    int depth = u->depth;
    u->depth = d + 4;
    unbind_name(c, h->name);
    emit(c, OP_CODE_RAISE_AGAIN, register_at(u, d + 3), 0, 0);
    u->depth = depth;
}

static void try_except(Compiler *c, NodeList body, NodeList handlers, NodeList orelse)
{
    Unit *u = c->unit;
    Label caught = label_new(c), cleanup = label_new(c), end = label_new(c);
    int d = u->depth, outer = u->handler;
    Bound before = u->bound;
    Block block = {0};
    block_push(c, &block, BLOCK_TRY);
    u->handler = handler_new(c, caught);
    statements(c, body);
    block_pop(c);
    u->handler = outer;
    statements(c, orelse);
    at_nothing(c);
    Bound after = u->bound;
    jump(c, end);

    u->bound = before;
    enter_handler(c, caught, d, cleanup);
    int handling = u->handler;
    for (size_t i = 0; i < handlers.count; i++) {
        AstExceptHandler *h = AST(ExceptHandler, handlers.items[i]);
        at(c, &h->head);
        if (!h->type && i + 1 < handlers.count) compile_error(c, &h->head, "default 'except:' must be last");
        Label next = label_new(c);
        u->bound = u->reachable ? before : bound_all();
        if (h->type) {
            Reg type = value(c, h->type);
            pop_operand(c, type);
            at(c, &h->head);
            emit_jump(c, OP_CODE_JUMP_IF_NO_MATCH, register_at(u, d) + 1, type, 0, next);
            at(c, &h->head);
        }
        u->handler = handling;
        except_body(c, h, d, outer, end, &after);
        label_place(c, next);
        u->handler = handling;
    }
    u->bound = before;
    at(c, handlers.items[handlers.count - 1]);
    u->handler = outer;
    emit(c, OP_CODE_RERAISE, register_at(u, d), 0, 0);
    handler_cleanup(c, cleanup, d);
    label_place(c, end);
    u->bound = after;
    u->depth = d;
}

// except*: [d: handled before] [d+1: the rest] [d+2: the match] [d+3: list of what was raised] [d+4: the original]
static void star_clause(Compiler *c, AstExceptHandler *h, int d, int handling)
{
    Unit *u = c->unit;
    Reg base = register_at(u, d);
    Label next = label_new(c), failed = label_new(c), unbind = label_new(c);
    at(c, &h->head);
    Reg type = value(c, h->type);
    pop_operand(c, type);
    at(c, &h->head);
    emit(c, OP_CODE_MATCH_GROUP, base + 1, type, 0);
    emit(c, OP_CODE_COPY, top(u), base + 2, 0);
    emit_jump(c, OP_CODE_JUMP_IF_NONE, top(u), 0, 1, next);
    at(c, &h->head);
    emit(c, OP_CODE_SET_HANDLED, base + 2, 0, 0);
    bool named = !text_is_none(h->name);
    if (named) {
        emit(c, OP_CODE_COPY, top(u), base + 2, 0);
        Reg copy = push(c);
        name_store(c, h->name, copy);
        pop(c, 1);
    }
    Block block = {0};
    block_push(c, &block, BLOCK_EXCEPT_STAR);
    u->handler = handler_new(c, failed);
    if (named) {
        int inner = u->handler;
        u->handler = handler_new(c, unbind);
        statements(c, h->body);
        u->handler = inner;
        at_nothing(c);
        unbind_name(c, h->name);
    } else statements(c, h->body);
    block_pop(c);
    u->handler = handling;
    at_nothing(c);
    jump(c, next);
    if (named) {
        label_place(c, unbind);
        int depth = u->depth;
        u->depth = depth + 2;
        unbind_name(c, h->name);
        u->depth = depth;
        emit(c, OP_CODE_LIST_APPEND, base + 3, register_at(u, depth + 1), 0);
        jump(c, next);
    }
    label_place(c, failed);
    emit(c, OP_CODE_LIST_APPEND, base + 3, top(u) + 1, 0);
    label_place(c, next);
}

static void try_star(Compiler *c, NodeList body, NodeList handlers, NodeList orelse)
{
    Unit *u = c->unit;
    Label caught = label_new(c), cleanup = label_new(c), end = label_new(c), nothing = label_new(c);
    int d = u->depth, outer = u->handler;
    Bound before = u->bound;
    Block block = {0};
    block_push(c, &block, BLOCK_TRY);
    u->handler = handler_new(c, caught);
    statements(c, body);
    block_pop(c);
    u->handler = outer;
    statements(c, orelse);
    at_nothing(c);
    jump(c, end);

    u->bound = before;
    enter_handler(c, caught, d, cleanup);
    Reg base = register_at(u, d);
    int handling = u->handler;
    push(c);
    emit(c, OP_CODE_BUILD_LIST, base + 3, base + 3, 0);
    push(c);
    emit(c, OP_CODE_COPY, base + 4, base + 1, 0);
    push(c);
    for (size_t i = 0; i < handlers.count; i++) {
        u->bound = before;
        star_clause(c, AST(ExceptHandler, handlers.items[i]), d, handling);
    }
    u->bound = before;
    at_nothing(c);
    // What no clause took is raised again with what the clauses raised.
    emit(c, OP_CODE_LIST_APPEND, base + 3, base + 1, 0);
    emit(c, OP_CODE_CLEAR, base + 2, 0, 0);
    emit(c, OP_CODE_MERGE_GROUPS, base + 2, base + 4, base + 3);
    u->handler = outer;
    emit(c, OP_CODE_COPY, base + 3, base + 2, 0);
    emit_jump(c, OP_CODE_JUMP_IF_NONE, base + 3, 0, 1, nothing);
    emit(c, OP_CODE_LEAVE_HANDLER, base, 0, 0);
    emit(c, OP_CODE_RAISE_AGAIN, base + 2, 0, 0);
    label_place(c, nothing);
    emit(c, OP_CODE_LEAVE_HANDLER, base, 0, 0);
    emit(c, OP_CODE_CLEAR, base + 2, 0, 0);
    jump(c, end);
    handler_cleanup(c, cleanup, d);
    label_place(c, end);
    u->bound = before;
    u->depth = d;
}

static void try_finally(Compiler *c, NodeList body, NodeList handlers, NodeList orelse, NodeList finalbody, bool star)
{
    Unit *u = c->unit;
    Label caught = label_new(c), cleanup = label_new(c), end = label_new(c);
    int d = u->depth, outer = u->handler;
    Bound before = u->bound;
    Block block = {.body = finalbody};
    block_push(c, &block, BLOCK_FINALLY);
    u->handler = handler_new(c, caught);
    if (!handlers.count) statements(c, body);
    else if (star) try_star(c, body, handlers, orelse);
    else try_except(c, body, handlers, orelse);
    block_pop(c);
    u->handler = outer;
    statements(c, finalbody);
    at_nothing(c);
    Bound after = u->bound;
    jump(c, end);

    u->bound = before;
    enter_handler(c, caught, d, cleanup);
    Block in_finally = {.reg = register_at(u, d)};
    block_push(c, &in_finally, BLOCK_FINALLY_END);
    in_finally.outer_handler = outer;
    statements(c, finalbody);
    block_pop(c);
    u->handler = outer;
    at_nothing(c);
    emit(c, OP_CODE_RERAISE, register_at(u, d), 0, 0);
    handler_cleanup(c, cleanup, d);
    label_place(c, end);
    u->bound = after;
    u->depth = d;
}

void try_statement(Compiler *c, NodeList body, NodeList handlers, NodeList orelse, NodeList finalbody, bool star)
{
    emit(c, OP_CODE_NOP, 0, 0, 0);
    if (finalbody.count) try_finally(c, body, handlers, orelse, finalbody, star);
    else if (star) try_star(c, body, handlers, orelse);
    else try_except(c, body, handlers, orelse);
}

// ---- with

void with_statement(Compiler *c, Node *node, NodeList items, size_t index, NodeList body, bool is_async)
{
    Unit *u = c->unit;
    if (is_async && !(u->flags & (CODE_COROUTINE | CODE_ASYNC_GENERATOR))
        && !(u->scope->kind == SCOPE_MODULE && (c->flags & COMPILE_TOP_LEVEL_AWAIT))) {
        compile_error(c, node, "'async with' outside async function");
        return;
    }
    if (!nest(c)) return;
    Astwithitem *item = AST(withitem, items.items[index]);
    Label caught = label_new(c), cleanup = label_new(c), suppress = label_new(c), end = label_new(c);
    int d = u->depth, outer = u->handler;
    // [d: the exit function] then the handler's pair at d+1
    Reg manager = value(c, item->context_expr), exit = register_at(u, d);
    pop_operand(c, manager);
    at(c, node);
    emit(c, OP_CODE_BEFORE_WITH, exit, manager, is_async);
    push(c);
    Reg entered = push(c);
    pop(c, 1);
    bool discards = !item->optional_vars && !is_async;
    emit_word(c, OP_CODE_CALL, entered, 0, discards ? NO_DESTINATION : entered, site_of_call(c));
    if (is_async) {
        push(c);
        await_push(c, 1);
        pop(c, 1);
    }
    Bound before = u->bound;
    Block block = {.reg = exit};
    block_push(c, &block, is_async ? BLOCK_ASYNC_WITH : BLOCK_WITH);
    block.source = source_of(node);
    u->handler = handler_new(c, caught);
    if (item->optional_vars) {
        push(c);
        assign_to(c, item->optional_vars, entered);
        pop(c, 1);
    } else if (is_async) emit(c, OP_CODE_CLEAR, entered, 0, 0);
    if (index + 1 < items.count) with_statement(c, node, items, index + 1, body, is_async);
    else statements(c, body);
    block_pop(c);
    u->handler = outer;
    at(c, node);
    exit_call(c, exit, is_async);
    jump(c, end);

    u->bound = before;
    u->depth = d + 1;
    enter_handler(c, caught, d + 1, cleanup);
    at(c, node);
    Reg args = top(u);
    emit(c, OP_CODE_WITH_ARGS, args, exit, register_at(u, d + 2));
    for (int i = 0; i < 4; i++) push(c);
    pop(c, 4);
    emit_word(c, OP_CODE_CALL, args, 3, args, site_of_call(c));
    if (is_async) {
        push(c);
        await_push(c, 2);
        pop(c, 1);
    }
    emit_jump(c, OP_CODE_JUMP_IF, args, 0, 1, suppress);
    at_nothing(c);
    u->handler = outer;
    emit(c, OP_CODE_RERAISE, register_at(u, d + 1), 0, 0);
    label_place(c, suppress);
    emit(c, OP_CODE_LEAVE_HANDLER, register_at(u, d + 1), 0, 0);
    emit(c, OP_CODE_CLEAR, exit, 0, 0);
    jump(c, end);
    handler_cleanup(c, cleanup, d + 1);
    label_place(c, end);
    u->bound = before;
    u->depth = d;
    unnest(c);
}
