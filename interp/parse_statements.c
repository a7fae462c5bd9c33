// SPDX-License-Identifier: MIT
// interp/parse_statements.c: statements and blocks.
//
// Each function is called with its keyword as the next token. Blocks nest on the C stack (at most as deep as
// indentation goes, 100), chains of elif do not.
#include "parser_internal.h"

static void parse_statement(Parser *p);

// ---- simple statements ----

static Node *finish_assignment(Parser *p, Node *first, uint32_t start)
{
    size_t mark = nodes_mark(p);
    Node *value = first;
    while (accept(p, TOKEN_EQUAL)) {
        parse_set_context(p, value, AST_Store, STAR_ALLOWED);
        nodes_push(p, value);
        value = parse_yield_or_star_expressions(p);
    }
    AstAssign *node = NEW(p, Assign, start);
    node->targets = nodes_take(p, mark);
    node->value = value;
    return &node->head;
}

static Node *finish_annotated(Parser *p, Node *target, uint32_t start)
{
    bool bare = token_at(p, start)->kind == TOKEN_NAME;
    if (target->kind != AST_Name && target->kind != AST_Attribute && target->kind != AST_Subscript) parser_fail(p);
    parse_set_context(p, target, AST_Store, STAR_FORBIDDEN);
    expect(p, TOKEN_COLON);
    Node *annotation = parse_expression(p);
    Node *value = accept(p, TOKEN_EQUAL) ? parse_yield_or_star_expressions(p) : NULL;
    AstAnnAssign *node = NEW(p, AnnAssign, start);
    node->target = target;
    node->annotation = annotation;
    node->value = value;
    node->simple = bare && target->kind == AST_Name;
    return &node->head;
}

static Node *finish_augmented(Parser *p, Node *target, uint32_t start)
{
    if (target->kind != AST_Name && target->kind != AST_Attribute && target->kind != AST_Subscript) parser_fail(p);
    parse_set_context(p, target, AST_Store, STAR_FORBIDDEN);
    AstKind op = parse_operator_of(peek(p));
    p->pos++;
    Node *value = parse_yield_or_star_expressions(p);
    AstAugAssign *node = NEW(p, AugAssign, start);
    node->target = target;
    node->op = op;
    node->value = value;
    return &node->head;
}

static Node *parse_expression_statement(Parser *p)
{
    uint32_t start = p->pos;
    Node *first = parse_yield_or_star_expressions(p);
    TokenKind next = peek(p);
    if (next == TOKEN_EQUAL) return finish_assignment(p, first, start);
    if (next == TOKEN_COLON) return finish_annotated(p, first, start);
    if (parse_operator_of(next) != AST_KINDS) return finish_augmented(p, first, start);
    AstExpr *node = NEW(p, Expr, start);
    node->value = first;
    return &node->head;
}

static bool at_simple_end(const Parser *p)
{
    return peek(p) == TOKEN_NEWLINE || peek(p) == TOKEN_SEMI || peek(p) == TOKEN_END;
}

static Node *parse_return(Parser *p)
{
    uint32_t start = p->pos++;
    Node *value = at_simple_end(p) ? NULL : parse_star_expressions(p);
    AstReturn *node = NEW(p, Return, start);
    node->value = value;
    return &node->head;
}

static Node *parse_raise(Parser *p)
{
    uint32_t start = p->pos++;
    Node *exception = NULL, *cause = NULL;
    if (!at_simple_end(p)) {
        exception = parse_expression(p);
        if (accept(p, TOKEN_FROM)) cause = parse_expression(p);
    }
    AstRaise *node = NEW(p, Raise, start);
    node->exc = exception;
    node->cause = cause;
    return &node->head;
}

static Node *parse_assert(Parser *p)
{
    uint32_t start = p->pos++;
    Node *test = parse_expression(p);
    Node *message = accept(p, TOKEN_COMMA) ? parse_expression(p) : NULL;
    AstAssert *node = NEW(p, Assert, start);
    node->test = test;
    node->msg = message;
    return &node->head;
}

static Node *parse_del(Parser *p)
{
    uint32_t start = p->pos++;
    size_t mark = nodes_mark(p);
    do nodes_push(p, parse_delete_target(p)); while (accept(p, TOKEN_COMMA) && !at_simple_end(p));
    if (!at_simple_end(p)) parser_fail(p);
    AstDelete *node = NEW(p, Delete, start);
    node->targets = nodes_take(p, mark);
    return &node->head;
}

static TextList parse_names(Parser *p)
{
    size_t room = 4, count = 0;
    Text *names = ARENA_ARRAY(p->arena, Text, room);
    do {
        if (count == room) {
            Text *more = ARENA_ARRAY(p->arena, Text, room * 2);
            memcpy(more, names, room * sizeof *names);
            names = more;
            room *= 2;
        }
        names[count++] = parser_identifier(p);
    } while (accept(p, TOKEN_COMMA));
    return (TextList){count, names};
}

static Node *parse_global(Parser *p)
{
    uint32_t start = p->pos++;
    TextList names = parse_names(p);
    AstGlobal *node = NEW(p, Global, start);
    node->names = names;
    return &node->head;
}

static Node *parse_nonlocal(Parser *p)
{
    uint32_t start = p->pos++;
    TextList names = parse_names(p);
    AstNonlocal *node = NEW(p, Nonlocal, start);
    node->names = names;
    return &node->head;
}

// ---- import ----

static Text parse_dotted_name(Parser *p)
{
    Text name = parser_identifier(p);
    while (accept(p, TOKEN_DOT)) {
        Text part = parser_identifier(p);
        char *joined = arena_alloc(p->arena, name.length + 1 + part.length);
        memcpy(joined, name.bytes, name.length);
        joined[name.length] = '.';
        memcpy(joined + name.length + 1, part.bytes, part.length);
        name = parser_intern(p, joined, name.length + 1 + part.length);
    }
    return name;
}

static Node *finish_alias(Parser *p, Text name, uint32_t start)
{
    Text other = accept(p, TOKEN_AS) ? parser_identifier(p) : (Text){0};
    Astalias *node = NEW(p, alias, start);
    node->name = name;
    node->asname = other;
    return &node->head;
}

static Node *parse_import(Parser *p)
{
    uint32_t start = p->pos++;
    size_t mark = nodes_mark(p);
    do {
        uint32_t first = p->pos;
        Text name = parse_dotted_name(p);
        nodes_push(p, finish_alias(p, name, first));
    } while (accept(p, TOKEN_COMMA));
    AstImport *node = NEW(p, Import, start);
    node->names = nodes_take(p, mark);
    return &node->head;
}

static NodeList parse_imported_names(Parser *p)
{
    uint32_t start = p->pos;
    if (accept(p, TOKEN_STAR)) {
        Astalias *all = NEW(p, alias, start);
        all->name = parser_intern(p, "*", 1);
        return nodes_of_one(p, all);
    }
    bool bracketed = accept(p, TOKEN_LPAR);
    size_t mark = nodes_mark(p);
    do {
        uint32_t first = p->pos;
        Text name = parser_identifier(p);
        nodes_push(p, finish_alias(p, name, first));
    } while (accept(p, TOKEN_COMMA) && !(bracketed && peek(p) == TOKEN_RPAR));
    if (bracketed) expect(p, TOKEN_RPAR);
    return nodes_take(p, mark);
}

static Node *parse_from(Parser *p)
{
    uint32_t start = p->pos++;
    int level = 0;
    for (; peek(p) == TOKEN_DOT || peek(p) == TOKEN_ELLIPSIS; p->pos++) level += peek(p) == TOKEN_DOT ? 1 : 3;
    Text module = level && peek(p) == TOKEN_IMPORT ? (Text){0} : parse_dotted_name(p);
    expect(p, TOKEN_IMPORT);
    NodeList names = parse_imported_names(p);
    AstImportFrom *node = NEW(p, ImportFrom, start);
    node->module = module;
    node->names = names;
    node->level = level;
    return &node->head;
}

// ---- type X = ... ----

static NodeList parse_type_parameters(Parser *p)
{
    if (!accept(p, TOKEN_LSQB)) return (NodeList){0};
    size_t mark = nodes_mark(p);
    do {
        uint32_t start = p->pos;
        if (accept(p, TOKEN_STAR)) {
            Text name = parser_identifier(p);
            AstTypeVarTuple *node = NEW(p, TypeVarTuple, start);
            node->name = name;
            nodes_push(p, node);
        } else if (accept(p, TOKEN_DOUBLESTAR)) {
            Text name = parser_identifier(p);
            AstParamSpec *node = NEW(p, ParamSpec, start);
            node->name = name;
            nodes_push(p, node);
        } else {
            Text name = parser_identifier(p);
            Node *bound = accept(p, TOKEN_COLON) ? parse_expression(p) : NULL;
            AstTypeVar *node = NEW(p, TypeVar, start);
            node->name = name;
            node->bound = bound;
            nodes_push(p, node);
        }
    } while (accept(p, TOKEN_COMMA) && peek(p) != TOKEN_RSQB);
    expect(p, TOKEN_RSQB);
    return nodes_take(p, mark);
}

// Does `type X =` or `type X[` begin here? `type` is a name anywhere else.
static bool at_type_alias(const Parser *p)
{
    if (!parser_at_word(p, "type") || peek_second(p) != TOKEN_NAME) return false;
    TokenKind third = token_at(p, p->pos + 2)->kind;
    return third == TOKEN_EQUAL || third == TOKEN_LSQB;
}

static Node *parse_type_alias(Parser *p)
{
    uint32_t start = p->pos++, name_start = p->pos;
    Text id = parser_identifier(p);
    AstName *name = NEW(p, Name, name_start);
    name->id = id;
    name->ctx = AST_Store;
    NodeList parameters = parse_type_parameters(p);
    expect(p, TOKEN_EQUAL);
    Node *value = parse_expression(p);
    AstTypeAlias *node = NEW(p, TypeAlias, start);
    node->name = &name->head;
    node->type_params = parameters;
    node->value = value;
    return &node->head;
}

static Node *parse_simple_statement(Parser *p)
{
    uint32_t start = p->pos;
    switch (peek(p)) {
    case TOKEN_NAME: return at_type_alias(p) ? parse_type_alias(p) : parse_expression_statement(p);
    case TOKEN_PASS: p->pos++; return &NEW(p, Pass, start)->head;
    case TOKEN_BREAK: p->pos++; return &NEW(p, Break, start)->head;
    case TOKEN_CONTINUE: p->pos++; return &NEW(p, Continue, start)->head;
    case TOKEN_RETURN: return parse_return(p);
    case TOKEN_RAISE: return parse_raise(p);
    case TOKEN_ASSERT: return parse_assert(p);
    case TOKEN_DEL: return parse_del(p);
    case TOKEN_GLOBAL: return parse_global(p);
    case TOKEN_NONLOCAL: return parse_nonlocal(p);
    case TOKEN_IMPORT: return parse_import(p);
    case TOKEN_FROM: return parse_from(p);
    default: return parse_expression_statement(p);
    }
}

// a; b; c NEWLINE: pushes each.
static void parse_simple_statements(Parser *p)
{
    do nodes_push(p, parse_simple_statement(p)); while (accept(p, TOKEN_SEMI) && peek(p) != TOKEN_NEWLINE);
    expect(p, TOKEN_NEWLINE);
}

// ---- blocks ----

NodeList parse_block(Parser *p)
{
    size_t mark = nodes_mark(p);
    if (!accept(p, TOKEN_NEWLINE)) {
        parse_simple_statements(p);
        return nodes_take(p, mark);
    }
    expect(p, TOKEN_INDENT);
    do parse_statement(p); while (peek(p) != TOKEN_DEDENT && peek(p) != TOKEN_END);
    expect(p, TOKEN_DEDENT);
    return nodes_take(p, mark);
}

static NodeList parse_colon_block(Parser *p)
{
    expect(p, TOKEN_COLON);
    return parse_block(p);
}

static NodeList parse_else(Parser *p)
{
    return accept(p, TOKEN_ELSE) ? parse_colon_block(p) : (NodeList){0};
}

static Node *parse_if(Parser *p)
{
    AstIf *first = NULL, *innermost = NULL;
    size_t mark = nodes_mark(p);  // every If of the chain, to end them all at the same place
    do {
        uint32_t start = p->pos++;
        Node *test = parse_named_expression(p);
        NodeList body = parse_colon_block(p);
        AstIf *node = NEW(p, If, start);
        node->test = test;
        node->body = body;
        if (innermost) innermost->orelse = nodes_of_one(p, node);
        else first = node;
        innermost = node;
        nodes_push(p, node);
    } while (peek(p) == TOKEN_ELIF);
    innermost->orelse = parse_else(p);
    for (size_t i = mark; i < p->stack_count; i++) parser_block_end(p, p->stack[i]);
    p->stack_count = mark;
    return &first->head;
}

static Node *parse_while(Parser *p)
{
    uint32_t start = p->pos++;
    Node *test = parse_named_expression(p);
    NodeList body = parse_colon_block(p), otherwise = parse_else(p);
    AstWhile *node = NEW(p, While, start);
    node->test = test;
    node->body = body;
    node->orelse = otherwise;
    return parser_block_end(p, node);
}

// `start` is the token of async, if there is one.
static Node *parse_for(Parser *p, uint32_t start, bool is_async)
{
    p->pos++;
    Node *target = parse_for_target(p);
    expect(p, TOKEN_IN);
    Node *iterable = parse_star_expressions(p);
    NodeList body = parse_colon_block(p), otherwise = parse_else(p);
    AstFor *node = NEW(p, For, start);  // an AsyncFor has the same fields
    _Static_assert(sizeof(AstFor) == sizeof(AstAsyncFor), "For and AsyncFor are alike");
    if (is_async) node->head.kind = AST_AsyncFor;
    node->target = target;
    node->iter = iterable;
    node->body = body;
    node->orelse = otherwise;
    return parser_block_end(p, node);
}

// ---- with ----

// At a ( behind `with`: does it bracket the items? That is, is it closed before the colon, and is what it holds
// a list of items rather than one expression (a generator, a yield, an assignment, an empty or starred tuple)?
static bool at_bracketed_items(const Parser *p)
{
    uint32_t at = p->pos;
    int outer = token_at(p, at)->level - 1;
    TokenKind before = TOKEN_LPAR;
    bool items = true, lambda = false;
    for (at++;; at++) {
        const Token *token = token_at(p, at);
        TokenKind kind = token->kind;
        if (kind == TOKEN_ERROR || kind == TOKEN_END) return false;
        if (token->level == outer) break;
        if (token->level == outer + 1) {
            bool first = before == TOKEN_LPAR || before == TOKEN_COMMA;
            if (kind == TOKEN_LAMBDA) lambda = true;
            if (kind == TOKEN_COMMA && !lambda && before == TOKEN_LPAR) items = false;
            if (kind == TOKEN_FOR || kind == TOKEN_COLONEQUAL) items = false;
            if (first && (kind == TOKEN_YIELD || (kind == TOKEN_STAR && !lambda))) items = false;
            if (kind == TOKEN_COLON) lambda = false;
            before = kind;
        } else {
            before = TOKEN_END;
        }
    }
    if (before == TOKEN_LPAR) return false;
    return items && token_at(p, at + 1)->kind == TOKEN_COLON;
}

static Node *parse_with_item(Parser *p)
{
    Node *context = parse_expression(p), *target = NULL;
    if (accept(p, TOKEN_AS)) target = parse_single_target(p);
    Astwithitem *item = NEW_PLAIN(p, withitem);
    item->context_expr = context;
    item->optional_vars = target;
    return &item->head;
}

static Node *parse_with(Parser *p, uint32_t start, bool is_async)
{
    p->pos++;
    size_t mark = nodes_mark(p);
    if (peek(p) == TOKEN_LPAR && at_bracketed_items(p)) {
        p->pos++;
        do nodes_push(p, parse_with_item(p)); while (accept(p, TOKEN_COMMA) && peek(p) != TOKEN_RPAR);
        expect(p, TOKEN_RPAR);
    } else {
        do nodes_push(p, parse_with_item(p)); while (accept(p, TOKEN_COMMA));
    }
    NodeList items = nodes_take(p, mark), body = parse_colon_block(p);
    AstWith *node = NEW(p, With, start);  // an AsyncWith has the same fields
    _Static_assert(sizeof(AstWith) == sizeof(AstAsyncWith), "With and AsyncWith are alike");
    if (is_async) node->head.kind = AST_AsyncWith;
    node->items = items;
    node->body = body;
    return parser_block_end(p, node);
}

// ---- try ----

static Node *parse_handler(Parser *p, bool star)
{
    uint32_t start = p->pos++;
    if (star) expect(p, TOKEN_STAR);
    Node *type = NULL;
    Text name = {0};
    if (star || peek(p) != TOKEN_COLON) {
        type = parse_expression(p);
        if (accept(p, TOKEN_AS)) name = parser_identifier(p);
    }
    NodeList body = parse_colon_block(p);
    AstExceptHandler *node = NEW(p, ExceptHandler, start);
    node->type = type;
    node->name = name;
    node->body = body;
    return parser_block_end(p, node);
}

static Node *parse_try(Parser *p)
{
    uint32_t start = p->pos++;
    NodeList body = parse_colon_block(p), otherwise = {0}, final = {0};
    size_t mark = nodes_mark(p);
    bool star = peek(p) == TOKEN_EXCEPT && peek_second(p) == TOKEN_STAR;
    while (peek(p) == TOKEN_EXCEPT) nodes_push(p, parse_handler(p, star));
    NodeList handlers = nodes_take(p, mark);
    if (handlers.count) otherwise = parse_else(p);
    if (accept(p, TOKEN_FINALLY)) final = parse_colon_block(p);
    else if (!handlers.count) parser_fail(p);
    AstTry *node = NEW(p, Try, start);  // a TryStar has the same fields
    _Static_assert(sizeof(AstTry) == sizeof(AstTryStar), "Try and TryStar are alike");
    if (star) node->head.kind = AST_TryStar;
    node->body = body;
    node->handlers = handlers;
    node->orelse = otherwise;
    node->finalbody = final;
    return parser_block_end(p, node);
}

// ---- def and class ----

static NodeList parse_decorators(Parser *p)
{
    size_t mark = nodes_mark(p);
    while (accept(p, TOKEN_AT)) {
        nodes_push(p, parse_named_expression(p));
        expect(p, TOKEN_NEWLINE);
    }
    return nodes_take(p, mark);
}

static Node *parse_def(Parser *p, uint32_t start, bool is_async, NodeList decorators)
{
    p->pos++;
    Text name = parser_identifier(p);
    NodeList type_parameters = parse_type_parameters(p);
    expect(p, TOKEN_LPAR);
    Astarguments *args = parse_parameters(p, TOKEN_RPAR);
    expect(p, TOKEN_RPAR);
    Node *returns = accept(p, TOKEN_RARROW) ? parse_expression(p) : NULL;
    NodeList body = parse_colon_block(p);
    AstFunctionDef *node = NEW(p, FunctionDef, start);  // an AsyncFunctionDef has the same fields
    _Static_assert(sizeof(AstFunctionDef) == sizeof(AstAsyncFunctionDef), "FunctionDef and AsyncFunctionDef are alike");
    if (is_async) node->head.kind = AST_AsyncFunctionDef;
    node->name = name;
    node->args = &args->head;
    node->body = body;
    node->decorator_list = decorators;
    node->returns = returns;
    node->type_params = type_parameters;
    return parser_block_end(p, node);
}

static Node *parse_class(Parser *p, NodeList decorators)
{
    uint32_t start = p->pos++;
    Text name = parser_identifier(p);
    NodeList type_parameters = parse_type_parameters(p), bases = {0}, keywords = {0};
    if (accept(p, TOKEN_LPAR)) parse_call_arguments(p, &bases, &keywords);
    NodeList body = parse_colon_block(p);
    AstClassDef *node = NEW(p, ClassDef, start);
    node->name = name;
    node->bases = bases;
    node->keywords = keywords;
    node->body = body;
    node->decorator_list = decorators;
    node->type_params = type_parameters;
    return parser_block_end(p, node);
}

static Node *parse_async(Parser *p)
{
    uint32_t start = p->pos++;
    switch (peek(p)) {
    case TOKEN_DEF: return parse_def(p, start, true, (NodeList){0});
    case TOKEN_FOR: return parse_for(p, start, true);
    case TOKEN_WITH: return parse_with(p, start, true);
    default: parser_fail(p);
    }
}

static Node *parse_decorated(Parser *p)
{
    NodeList decorators = parse_decorators(p);
    uint32_t start = p->pos;
    if (peek(p) == TOKEN_CLASS) return parse_class(p, decorators);
    bool is_async = accept(p, TOKEN_ASYNC);
    if (peek(p) != TOKEN_DEF) parser_fail(p);
    return parse_def(p, start, is_async, decorators);
}

// NULL, having read nothing, if no compound statement begins here.
static Node *parse_compound_statement(Parser *p)
{
    switch (peek(p)) {
    case TOKEN_IF: return parse_if(p);
    case TOKEN_WHILE: return parse_while(p);
    case TOKEN_FOR: return parse_for(p, p->pos, false);
    case TOKEN_WITH: return parse_with(p, p->pos, false);
    case TOKEN_TRY: return parse_try(p);
    case TOKEN_DEF: return parse_def(p, p->pos, false, (NodeList){0});
    case TOKEN_CLASS: return parse_class(p, (NodeList){0});
    case TOKEN_ASYNC: return parse_async(p);
    case TOKEN_AT: return parse_decorated(p);
    case TOKEN_NAME: return parser_at_word(p, "match") ? parse_match(p) : NULL;
    default: return NULL;
    }
}

// Pushes one statement, or the several of a line.
static void parse_statement(Parser *p)
{
    parser_enter(p);
    Node *compound = parse_compound_statement(p);
    if (compound) nodes_push(p, compound);
    else parse_simple_statements(p);
    parser_leave(p);
}

NodeList parse_statements(Parser *p)
{
    size_t mark = nodes_mark(p);
    while (peek(p) != TOKEN_END) parse_statement(p);
    return nodes_take(p, mark);
}

NodeList parse_single_statement(Parser *p)
{
    size_t mark = nodes_mark(p);
    uint32_t start = p->pos;
    if (accept(p, TOKEN_NEWLINE)) {
        nodes_push(p, NEW(p, Pass, start));
        return nodes_take(p, mark);
    }
    parser_enter(p);
    Node *compound = parse_compound_statement(p);
    parser_leave(p);
    if (compound) {
        nodes_push(p, compound);
        expect(p, TOKEN_NEWLINE);
    } else {
        parse_simple_statements(p);
    }
    return nodes_take(p, mark);
}
