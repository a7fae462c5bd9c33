// SPDX-License-Identifier: MIT
// interp/parse_expressions.c: expressions, targets, arguments and parameters.
//
// Each function reads what its name says from the next token on, and leaves the parser behind it.
// Left-recursive chains (a.b.c, a + b + c) are loops; what is nested counts in parser_enter.
#include "parser_internal.h"

#include <stdlib.h>

#include "syntax_error.h"

enum { MOST_DIGITS = 4300 };  // of a decimal literal

static Node *parse_inversion(Parser *p);

// ---- constants and names ----

static Node *parse_name(Parser *p)
{
    uint32_t start = p->pos;
    Text id = parser_identifier(p);
    AstName *name = NEW(p, Name, start);
    name->id = id;
    name->ctx = AST_Load;
    return &name->head;
}

static Node *parse_word_constant(Parser *p, ConstantTag tag)
{
    p->pos++;
    AstConstant *constant = NEW(p, Constant, p->pos - 1);
    constant->value.tag = tag;
    return &constant->head;
}

// strtod in the C locale, whatever the program's locale is.
static double decimal_value(Parser *p, const char *digits)
{
    if (!p->c_locale) p->c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (!p->c_locale) parser_out_of_memory(p);
    return strtod_l(digits, NULL, p->c_locale);
}

Node *parse_number(Parser *p)
{
    const Token *token = token_at(p, p->pos++);
    const char *text = p->source->bytes + token->start;
    size_t length = token->end - token->start, count = 0;
    char *digits = arena_alloc(p->arena, length + 1);
    for (size_t i = 0; i < length; i++)
        if (text[i] != '_') digits[count++] = text[i] >= 'A' && text[i] <= 'Z' ? (char)(text[i] | 0x20) : text[i];
    digits[count] = 0;
    AstConstant *node = NEW(p, Constant, p->pos - 1);
    Constant *value = &node->value;
    char letter = digits[0] == '0' ? digits[1] : 0;
    value->base = letter == 'x' ? 16 : letter == 'o' ? 8 : letter == 'b' ? 2 : 10;
    if (value->base != 10) {
        value->tag = CONSTANT_INT;
        value->text = (Text){digits + 2, count - 2};
    } else if (digits[count - 1] == 'j') {
        digits[count - 1] = 0;
        value->tag = CONSTANT_IMAGINARY;
        value->number = decimal_value(p, digits);
    } else if (strpbrk(digits, ".e")) {
        value->tag = CONSTANT_FLOAT;
        value->number = decimal_value(p, digits);
    } else {
        value->tag = CONSTANT_INT;
        if (count > MOST_DIGITS && !(p->source->flags & PARSE_ANY_DIGITS)) syntax_error_digits(p, p->pos - 1, count);
        while (count > 1 && digits[0] == '0') digits++, count--;
        value->text = (Text){digits, count};
    }
    return &node->head;
}

// ---- comprehensions ----

static bool at_comprehension(const Parser *p)
{
    return peek(p) == TOKEN_FOR || (peek(p) == TOKEN_ASYNC && peek_second(p) == TOKEN_FOR);
}

NodeList parse_comprehensions(Parser *p)
{
    size_t mark = nodes_mark(p);
    while (at_comprehension(p)) {
        Astcomprehension *part = NEW_PLAIN(p, comprehension);
        part->is_async = accept(p, TOKEN_ASYNC);
        expect(p, TOKEN_FOR);
        part->target = parse_for_target(p);
        expect(p, TOKEN_IN);
        part->iter = parse_disjunction(p);
        size_t ifs = nodes_mark(p);
        while (accept(p, TOKEN_IF)) nodes_push(p, parse_disjunction(p));
        part->ifs = nodes_take(p, ifs);
        nodes_push(p, part);
    }
    return nodes_take(p, mark);
}

static Node *finish_generator(Parser *p, Node *element, uint32_t start)
{
    NodeList generators = parse_comprehensions(p);
    expect(p, TOKEN_RPAR);
    AstGeneratorExp *node = NEW(p, GeneratorExp, start);
    node->elt = element;
    node->generators = generators;
    return &node->head;
}

// ---- displays ----

static Node *parse_starred(Parser *p)
{
    uint32_t start = p->pos;
    expect(p, TOKEN_STAR);
    Node *value = parse_bitwise_or(p);
    AstStarred *node = NEW(p, Starred, start);
    node->value = value;
    node->ctx = AST_Load;
    return &node->head;
}

Node *parse_star_named(Parser *p)
{
    return peek(p) == TOKEN_STAR ? parse_starred(p) : parse_named_expression(p);
}

static Node *finish_tuple(Parser *p, NodeList elements, uint32_t start)
{
    AstTuple *node = NEW(p, Tuple, start);
    node->elts = elements;
    node->ctx = AST_Load;
    return &node->head;
}

// Behind the first element and before `,`: the others, up to `close`.
static NodeList parse_rest_of_display(Parser *p, Node *first, TokenKind close)
{
    size_t mark = nodes_mark(p);
    nodes_push(p, first);
    while (accept(p, TOKEN_COMMA) && peek(p) != close) nodes_push(p, parse_star_named(p));
    return nodes_take(p, mark);
}

static Node *parse_yield(Parser *p);

// ( ... ): a tuple, a group, a generator.
static Node *parse_parenthesis(Parser *p)
{
    uint32_t start = p->pos++;
    if (accept(p, TOKEN_RPAR)) return finish_tuple(p, (NodeList){0}, start);
    if (peek(p) == TOKEN_YIELD) {
        Node *inner = parse_yield(p);
        expect(p, TOKEN_RPAR);
        return inner;
    }
    bool starred = peek(p) == TOKEN_STAR;
    Node *first = parse_star_named(p);
    if (peek(p) == TOKEN_COMMA) {
        NodeList elements = parse_rest_of_display(p, first, TOKEN_RPAR);
        expect(p, TOKEN_RPAR);
        return finish_tuple(p, elements, start);
    }
    if (starred) parser_fail(p);
    if (at_comprehension(p)) return finish_generator(p, first, start);
    expect(p, TOKEN_RPAR);
    return first;
}

static Node *parse_list(Parser *p)
{
    uint32_t start = p->pos++;
    NodeList elements = {0};
    if (peek(p) != TOKEN_RSQB) {
        bool starred = peek(p) == TOKEN_STAR;
        Node *first = parse_star_named(p);
        if (!starred && at_comprehension(p)) {
            NodeList generators = parse_comprehensions(p);
            expect(p, TOKEN_RSQB);
            AstListComp *node = NEW(p, ListComp, start);
            node->elt = first;
            node->generators = generators;
            return &node->head;
        }
        elements = parse_rest_of_display(p, first, TOKEN_RSQB);
    }
    expect(p, TOKEN_RSQB);
    AstList *node = NEW(p, List, start);
    node->elts = elements;
    node->ctx = AST_Load;
    return &node->head;
}

static Node *finish_set(Parser *p, Node *first, uint32_t start)
{
    if (first->kind != AST_Starred && at_comprehension(p)) {
        NodeList generators = parse_comprehensions(p);
        expect(p, TOKEN_RBRACE);
        AstSetComp *node = NEW(p, SetComp, start);
        node->elt = first;
        node->generators = generators;
        return &node->head;
    }
    NodeList elements = parse_rest_of_display(p, first, TOKEN_RBRACE);
    expect(p, TOKEN_RBRACE);
    AstSet *node = NEW(p, Set, start);
    node->elts = elements;
    return &node->head;
}

// Behind the first key (NULL for **) and its colon or stars.
static Node *finish_dict(Parser *p, Node *key, uint32_t start)
{
    Node *value = key ? parse_expression(p) : parse_bitwise_or(p);
    if (key && at_comprehension(p)) {
        NodeList generators = parse_comprehensions(p);
        expect(p, TOKEN_RBRACE);
        AstDictComp *node = NEW(p, DictComp, start);
        node->key = key;
        node->value = value;
        node->generators = generators;
        return &node->head;
    }
    size_t mark = nodes_mark(p);  // keys and values take turns
    nodes_push(p, key);
    nodes_push(p, value);
    while (accept(p, TOKEN_COMMA) && peek(p) != TOKEN_RBRACE) {
        if (accept(p, TOKEN_DOUBLESTAR)) {
            nodes_push(p, NULL);
            nodes_push(p, parse_bitwise_or(p));
        } else {
            nodes_push(p, parse_expression(p));
            expect(p, TOKEN_COLON);
            nodes_push(p, parse_expression(p));
        }
    }
    expect(p, TOKEN_RBRACE);
    AstDict *node = NEW(p, Dict, start);
    NodeList both = nodes_take(p, mark);
    size_t count = both.count / 2;
    node->keys = (NodeList){count, ARENA_ARRAY(p->arena, Node *, count)};
    node->values = (NodeList){count, ARENA_ARRAY(p->arena, Node *, count)};
    for (size_t i = 0; i < count; i++) {
        node->keys.items[i] = both.items[2 * i];
        node->values.items[i] = both.items[2 * i + 1];
    }
    return &node->head;
}

static Node *parse_brace(Parser *p)
{
    uint32_t start = p->pos++;
    if (accept(p, TOKEN_RBRACE)) return &NEW(p, Dict, start)->head;
    if (accept(p, TOKEN_DOUBLESTAR)) return finish_dict(p, NULL, start);
    Node *first = parse_star_named(p);
    bool may_be_key = first->kind == AST_NamedExpr ? token_at(p, start + 1)->kind == TOKEN_LPAR : first->kind != AST_Starred;
    if (may_be_key && accept(p, TOKEN_COLON)) return finish_dict(p, first, start);
    return finish_set(p, first, start);
}

static Node *parse_atom(Parser *p)
{
    switch (peek(p)) {
    case TOKEN_NAME: return parse_name(p);
    case TOKEN_NUMBER: return parse_number(p);
    case TOKEN_STRING: return parse_strings(p);
    case TOKEN_TRUE: return parse_word_constant(p, CONSTANT_TRUE);
    case TOKEN_FALSE: return parse_word_constant(p, CONSTANT_FALSE);
    case TOKEN_NONE: return parse_word_constant(p, CONSTANT_NONE);
    case TOKEN_ELLIPSIS: return parse_word_constant(p, CONSTANT_ELLIPSIS);
    case TOKEN_LPAR: return parse_parenthesis(p);
    case TOKEN_LSQB: return parse_list(p);
    case TOKEN_LBRACE: return parse_brace(p);
    default: parser_fail(p);
    }
}

// ---- primaries ----

static Node *parse_slice(Parser *p)
{
    uint32_t start = p->pos;
    Node *lower = NULL;
    if (peek(p) == TOKEN_STAR) return parse_starred(p);
    if (peek(p) != TOKEN_COLON) {
        lower = parse_named_expression(p);
        if (peek(p) != TOKEN_COLON || (lower->kind == AST_NamedExpr && token_at(p, start)->kind == TOKEN_NAME)) return lower;
    }
    Node *upper = NULL, *step = NULL;
    expect(p, TOKEN_COLON);
#define AT_PART (peek(p) != TOKEN_COLON && peek(p) != TOKEN_COMMA && peek(p) != TOKEN_RSQB)
    if (AT_PART) upper = parse_expression(p);
    if (accept(p, TOKEN_COLON) && AT_PART) step = parse_expression(p);
#undef AT_PART
    AstSlice *node = NEW(p, Slice, start);
    node->lower = lower;
    node->upper = upper;
    node->step = step;
    return &node->head;
}

static Node *parse_slices(Parser *p)
{
    uint32_t start = p->pos;
    Node *first = parse_slice(p);
    if (first->kind != AST_Starred && peek(p) != TOKEN_COMMA) return first;
    size_t mark = nodes_mark(p);
    nodes_push(p, first);
    while (accept(p, TOKEN_COMMA) && peek(p) != TOKEN_RSQB) nodes_push(p, parse_slice(p));
    return finish_tuple(p, nodes_take(p, mark), start);
}

static void push_keyword(Parser *p, Text name, uint32_t start)
{
    Node *value = parse_expression(p);
    Astkeyword *keyword = NEW(p, keyword, start);
    keyword->arg = name;
    keyword->value = value;
    nodes_push(p, keyword);
}

void parse_call_arguments(Parser *p, NodeList *args, NodeList *keywords)
{
    parse_arguments(p, UINT32_MAX, args, keywords);
    expect(p, TOKEN_RPAR);
}

void parse_arguments(Parser *p, uint32_t stop, NodeList *args, NodeList *keywords)
{
    // Both kinds are collected in one list; what is a keyword tells its kind.
    size_t mark = nodes_mark(p), keyword_count = 0;
    bool doubled = false;
    while (peek(p) != TOKEN_RPAR && p->pos < stop) {
        uint32_t start = p->pos;
        if (peek(p) == TOKEN_NAME && peek_second(p) == TOKEN_EQUAL) {
            Text name = parser_identifier(p);
            p->pos++;
            push_keyword(p, name, start);
            keyword_count++;
        } else if (accept(p, TOKEN_DOUBLESTAR)) {
            push_keyword(p, (Text){0}, start);
            keyword_count++;
            doubled = true;
        } else if (accept(p, TOKEN_STAR)) {
            if (doubled) parser_fail(p);
            Node *value = parse_expression(p);
            AstStarred *starred = NEW(p, Starred, start);
            starred->value = value;
            starred->ctx = AST_Load;
            nodes_push(p, starred);
        } else {
            if (keyword_count) parser_fail(p);
            nodes_push(p, parse_named_expression(p));
        }
        if (!accept(p, TOKEN_COMMA)) break;
    }
    NodeList all = nodes_take(p, mark);
    if (!keyword_count) {
        *args = all;
        *keywords = (NodeList){0};
        return;
    }
    *keywords = (NodeList){0, ARENA_ARRAY(p->arena, Node *, keyword_count)};
    *args = (NodeList){0, ARENA_ARRAY(p->arena, Node *, all.count - keyword_count)};
    for (size_t i = 0; i < all.count; i++) {
        NodeList *list = all.items[i]->kind == AST_keyword ? keywords : args;
        list->items[list->count++] = all.items[i];
    }
}

static Node *parse_call(Parser *p, Node *function, uint32_t start)
{
    uint32_t open = p->pos++;
    NodeList args, keywords;
    bool lone = peek(p) != TOKEN_STAR && peek(p) != TOKEN_DOUBLESTAR && peek(p) != TOKEN_RPAR && peek_second(p) != TOKEN_EQUAL;
    Node *first = lone ? parse_named_expression(p) : NULL;
    if (first && at_comprehension(p)) {
        args = nodes_of_one(p, finish_generator(p, first, open));
        keywords = (NodeList){0};
    } else if (first && accept(p, TOKEN_RPAR)) {
        args = nodes_of_one(p, first);
        keywords = (NodeList){0};
    } else {
        if (first) expect(p, TOKEN_COMMA);
        parse_call_arguments(p, &args, &keywords);
        if (first) {
            Node **items = ARENA_ARRAY(p->arena, Node *, args.count + 1);
            items[0] = first;
            if (args.count) memcpy(items + 1, args.items, args.count * sizeof(Node *));
            args = (NodeList){args.count + 1, items};
        }
    }
    AstCall *call = NEW(p, Call, start);
    call->func = function;
    call->args = args;
    call->keywords = keywords;
    return &call->head;
}

Node *parse_primary(Parser *p)
{
    uint32_t start = p->pos;
    Node *node = parse_atom(p);
    for (;;) {
        if (accept(p, TOKEN_DOT)) {
            Text attr = parser_identifier(p);
            AstAttribute *attribute = NEW(p, Attribute, start);
            attribute->value = node;
            attribute->attr = attr;
            attribute->ctx = AST_Load;
            node = &attribute->head;
        } else if (peek(p) == TOKEN_LPAR) {
            node = parse_call(p, node, start);
        } else if (accept(p, TOKEN_LSQB)) {
            Node *slice = parse_slices(p);
            expect(p, TOKEN_RSQB);
            AstSubscript *subscript = NEW(p, Subscript, start);
            subscript->value = node;
            subscript->slice = slice;
            subscript->ctx = AST_Load;
            node = &subscript->head;
        } else {
            return node;
        }
    }
}

// ---- operators ----

typedef struct BinaryOperator { uint8_t strength; AstKind kind; } BinaryOperator;

static const BinaryOperator binary_operators[TOKEN_KINDS] = {
    [TOKEN_VBAR] = {1, AST_BitOr}, [TOKEN_CIRCUMFLEX] = {2, AST_BitXor}, [TOKEN_AMPER] = {3, AST_BitAnd},
    [TOKEN_LEFTSHIFT] = {4, AST_LShift}, [TOKEN_RIGHTSHIFT] = {4, AST_RShift},
    [TOKEN_PLUS] = {5, AST_Add}, [TOKEN_MINUS] = {5, AST_Sub},
    [TOKEN_STAR] = {6, AST_Mult}, [TOKEN_SLASH] = {6, AST_Div}, [TOKEN_DOUBLESLASH] = {6, AST_FloorDiv},
    [TOKEN_PERCENT] = {6, AST_Mod}, [TOKEN_AT] = {6, AST_MatMult},
};

AstKind parse_operator_of(TokenKind augmented)
{
    switch (augmented) {
    case TOKEN_PLUSEQUAL: return AST_Add;
    case TOKEN_MINEQUAL: return AST_Sub;
    case TOKEN_STAREQUAL: return AST_Mult;
    case TOKEN_SLASHEQUAL: return AST_Div;
    case TOKEN_PERCENTEQUAL: return AST_Mod;
    case TOKEN_AMPEREQUAL: return AST_BitAnd;
    case TOKEN_VBAREQUAL: return AST_BitOr;
    case TOKEN_CIRCUMFLEXEQUAL: return AST_BitXor;
    case TOKEN_LEFTSHIFTEQUAL: return AST_LShift;
    case TOKEN_RIGHTSHIFTEQUAL: return AST_RShift;
    case TOKEN_DOUBLESTAREQUAL: return AST_Pow;
    case TOKEN_DOUBLESLASHEQUAL: return AST_FloorDiv;
    case TOKEN_ATEQUAL: return AST_MatMult;
    default: return AST_KINDS;
    }
}

static Node *binary(Parser *p, Node *left, AstKind kind, Node *right, uint32_t start)
{
    AstBinOp *node = NEW(p, BinOp, start);
    node->left = left;
    node->op = kind;
    node->right = right;
    return &node->head;
}

static Node *parse_factor(Parser *p);

static Node *parse_power(Parser *p)
{
    uint32_t start = p->pos;
    Node *base;
    if (accept(p, TOKEN_AWAIT)) {
        Node *value = parse_primary(p);
        AstAwait *await = NEW(p, Await, start);
        await->value = value;
        base = &await->head;
    } else {
        base = parse_primary(p);
    }
    if (!accept(p, TOKEN_DOUBLESTAR)) return base;
    Node *exponent = parse_factor(p);
    return binary(p, base, AST_Pow, exponent, start);
}

static Node *parse_factor(Parser *p)
{
    uint32_t start = p->pos;
    AstKind kind;
    switch (peek(p)) {
    case TOKEN_PLUS: kind = AST_UAdd; break;
    case TOKEN_MINUS: kind = AST_USub; break;
    case TOKEN_TILDE: kind = AST_Invert; break;
    default:
        parser_enter(p);
        Node *node = parse_power(p);
        parser_leave(p);
        return node;
    }
    p->pos++;
    parser_enter(p);
    Node *operand = parse_factor(p);
    parser_leave(p);
    AstUnaryOp *node = NEW(p, UnaryOp, start);
    node->op = kind;
    node->operand = operand;
    return &node->head;
}

// Operators that bind at least as strongly as `strength`.
static Node *parse_binary(Parser *p, int strength)
{
    uint32_t start = p->pos;
    Node *left = parse_factor(p);
    for (;;) {
        BinaryOperator op = binary_operators[peek(p)];
        if (op.strength < strength || !op.strength) return left;
        p->pos++;
        Node *right = parse_binary(p, op.strength + 1);
        left = binary(p, left, op.kind, right, start);
    }
}

Node *parse_bitwise_or(Parser *p)
{
    return parse_binary(p, 1);
}

// Reads a comparison operator; AST_KINDS if there is none.
static AstKind accept_comparison(Parser *p)
{
    AstKind kind;
    switch (peek(p)) {
    case TOKEN_EQEQUAL: kind = AST_Eq; break;
    case TOKEN_NOTEQUAL: {
        bool old = p->source->bytes[token_at(p, p->pos)->start] == '<';
        if (old != !!(p->source->flags & PARSE_BARRY_AS_FLUFL)) return AST_KINDS;
        kind = AST_NotEq;
        break;
    }
    case TOKEN_LESS: kind = AST_Lt; break;
    case TOKEN_LESSEQUAL: kind = AST_LtE; break;
    case TOKEN_GREATER: kind = AST_Gt; break;
    case TOKEN_GREATEREQUAL: kind = AST_GtE; break;
    case TOKEN_IN: kind = AST_In; break;
    case TOKEN_IS:
        p->pos++;
        return accept(p, TOKEN_NOT) ? AST_IsNot : AST_Is;
    case TOKEN_NOT:
        if (peek_second(p) != TOKEN_IN) return AST_KINDS;
        p->pos++;
        kind = AST_NotIn;
        break;
    default: return AST_KINDS;
    }
    p->pos++;
    return kind;
}

static Node *parse_comparison(Parser *p)
{
    uint32_t start = p->pos;
    Node *left = parse_bitwise_or(p);
    AstKind kind = accept_comparison(p);
    if (kind == AST_KINDS) return left;
    size_t mark = nodes_mark(p), room = 4, count = 0;
    AstKind *kinds = ARENA_ARRAY(p->arena, AstKind, room);
    do {
        if (count == room) {
            AstKind *more = ARENA_ARRAY(p->arena, AstKind, room * 2);
            memcpy(more, kinds, room * sizeof *kinds);
            kinds = more;
            room *= 2;
        }
        kinds[count++] = kind;
        nodes_push(p, parse_bitwise_or(p));
    } while ((kind = accept_comparison(p)) != AST_KINDS);
    AstCompare *node = NEW(p, Compare, start);
    node->left = left;
    node->ops = (KindList){count, kinds};
    node->comparators = nodes_take(p, mark);
    return &node->head;
}

static Node *parse_inversion(Parser *p)
{
    uint32_t start = p->pos;
    if (!accept(p, TOKEN_NOT)) return parse_comparison(p);
    parser_enter(p);
    Node *operand = parse_inversion(p);
    parser_leave(p);
    AstUnaryOp *node = NEW(p, UnaryOp, start);
    node->op = AST_Not;
    node->operand = operand;
    return &node->head;
}

static Node *parse_bool(Parser *p, TokenKind word, AstKind kind, Node *(*part)(Parser *p))
{
    uint32_t start = p->pos;
    Node *first = part(p);
    if (peek(p) != word) return first;
    size_t mark = nodes_mark(p);
    nodes_push(p, first);
    while (accept(p, word)) nodes_push(p, part(p));
    AstBoolOp *node = NEW(p, BoolOp, start);
    node->op = kind;
    node->values = nodes_take(p, mark);
    return &node->head;
}

static Node *parse_conjunction(Parser *p)
{
    return parse_bool(p, TOKEN_AND, AST_And, parse_inversion);
}

Node *parse_disjunction(Parser *p)
{
    return parse_bool(p, TOKEN_OR, AST_Or, parse_conjunction);
}

static Node *parse_lambda(Parser *p)
{
    uint32_t start = p->pos++;
    Astarguments *args = peek(p) == TOKEN_COLON ? parse_no_arguments(p) : parse_parameters(p, TOKEN_COLON);
    expect(p, TOKEN_COLON);
    Node *body = parse_expression(p);
    AstLambda *node = NEW(p, Lambda, start);
    node->args = &args->head;
    node->body = body;
    return &node->head;
}

Node *parse_expression(Parser *p)
{
    uint32_t start = p->pos;
    parser_enter(p);
    Node *node = peek(p) == TOKEN_LAMBDA ? parse_lambda(p) : parse_disjunction(p);
    if (node->kind == AST_Lambda && token_at(p, start)->kind == TOKEN_LAMBDA) {
        parser_leave(p);
        return node;
    }
    if (accept(p, TOKEN_IF)) {
        Node *test = parse_disjunction(p);
        expect(p, TOKEN_ELSE);
        Node *otherwise = parse_expression(p);
        AstIfExp *choice = NEW(p, IfExp, start);
        choice->test = test;
        choice->body = node;
        choice->orelse = otherwise;
        node = &choice->head;
    }
    parser_leave(p);
    return node;
}

Node *parse_named_expression(Parser *p)
{
    if (peek(p) != TOKEN_NAME || peek_second(p) != TOKEN_COLONEQUAL) return parse_expression(p);
    uint32_t start = p->pos;
    Node *target = parse_name(p);
    AST(Name, target)->ctx = AST_Store;
    p->pos++;
    Node *value = parse_expression(p);
    AstNamedExpr *node = NEW(p, NamedExpr, start);
    node->target = target;
    node->value = value;
    return &node->head;
}

// ---- lists of expressions ----

// May an expression begin here? After a comma, that is: else the comma was the last.
static bool at_expression(const Parser *p)
{
    switch (peek(p)) {
    case TOKEN_NAME: case TOKEN_NUMBER: case TOKEN_STRING: case TOKEN_LPAR: case TOKEN_LSQB: case TOKEN_LBRACE:
    case TOKEN_PLUS: case TOKEN_MINUS: case TOKEN_TILDE: case TOKEN_STAR: case TOKEN_ELLIPSIS: case TOKEN_TRUE:
    case TOKEN_FALSE: case TOKEN_NONE: case TOKEN_NOT: case TOKEN_AWAIT: case TOKEN_LAMBDA:
        return true;
    default:
        return false;
    }
}

static Node *parse_expression_or_starred(Parser *p)
{
    return peek(p) == TOKEN_STAR ? parse_starred(p) : parse_expression(p);
}

static Node *parse_tuple_of(Parser *p, Node *(*part)(Parser *p))
{
    uint32_t start = p->pos;
    Node *first = part(p);
    if (peek(p) != TOKEN_COMMA) return first;
    size_t mark = nodes_mark(p);
    nodes_push(p, first);
    while (accept(p, TOKEN_COMMA) && at_expression(p)) nodes_push(p, part(p));
    return finish_tuple(p, nodes_take(p, mark), start);
}

Node *parse_star_expressions(Parser *p)
{
    return parse_tuple_of(p, parse_expression_or_starred);
}

Node *parse_expressions(Parser *p)
{
    return parse_tuple_of(p, parse_expression);
}

static Node *parse_yield(Parser *p)
{
    uint32_t start = p->pos++;
    if (accept(p, TOKEN_FROM)) {
        Node *value = parse_expression(p);
        AstYieldFrom *node = NEW(p, YieldFrom, start);
        node->value = value;
        return &node->head;
    }
    Node *value = at_expression(p) ? parse_star_expressions(p) : NULL;
    AstYield *node = NEW(p, Yield, start);
    node->value = value;
    return &node->head;
}

Node *parse_yield_or_star_expressions(Parser *p)
{
    return peek(p) == TOKEN_YIELD ? parse_yield(p) : parse_star_expressions(p);
}

// ---- targets ----

void parse_set_context(Parser *p, Node *target, AstKind context, StarRule star)
{
    NodeList *elements = NULL;
    switch (target->kind) {
    case AST_Name: AST(Name, target)->ctx = context; return;
    case AST_Attribute: AST(Attribute, target)->ctx = context; return;
    case AST_Subscript: AST(Subscript, target)->ctx = context; return;
    case AST_Starred:
        if (star == STAR_FORBIDDEN) parser_fail(p);
        AST(Starred, target)->ctx = context;
        parse_set_context(p, AST(Starred, target)->value, context, STAR_FORBIDDEN);
        return;
    case AST_Tuple:
        AST(Tuple, target)->ctx = context;
        elements = &AST(Tuple, target)->elts;
        break;
    case AST_List:
        AST(List, target)->ctx = context;
        elements = &AST(List, target)->elts;
        break;
    default:
        parser_fail(p);
    }
    parser_enter(p);
    for (size_t i = 0; i < elements->count; i++)
        parse_set_context(p, elements->items[i], context, context == AST_Del ? STAR_FORBIDDEN : STAR_ALLOWED);
    parser_leave(p);
}

Node *parse_single_target(Parser *p)
{
    Node *target = peek(p) == TOKEN_STAR ? parse_starred(p) : parse_primary(p);
    parse_set_context(p, target, AST_Store, STAR_ALLOWED);
    return target;
}

Node *parse_for_target(Parser *p)
{
    uint32_t start = p->pos;
    Node *first = parse_single_target(p);
    if (peek(p) != TOKEN_COMMA) return first;
    size_t mark = nodes_mark(p);
    nodes_push(p, first);
    while (accept(p, TOKEN_COMMA) && peek(p) != TOKEN_IN) nodes_push(p, parse_single_target(p));
    Node *tuple = finish_tuple(p, nodes_take(p, mark), start);
    AST(Tuple, tuple)->ctx = AST_Store;
    return tuple;
}

Node *parse_delete_target(Parser *p)
{
    Node *target = parse_primary(p);
    parse_set_context(p, target, AST_Del, STAR_FORBIDDEN);
    return target;
}

// ---- parameters ----

Astarguments *parse_no_arguments(Parser *p)
{
    return NEW_PLAIN(p, arguments);
}

typedef enum Annotated { NEVER_ANNOTATED, ANNOTATED, ANNOTATED_WITH_STAR } Annotated;

static Node *parse_parameter(Parser *p, Annotated annotated)
{
    uint32_t start = p->pos;
    Text name = parser_identifier(p);
    Node *annotation = NULL;
    if (annotated != NEVER_ANNOTATED && accept(p, TOKEN_COLON))
        annotation = annotated == ANNOTATED_WITH_STAR && peek(p) == TOKEN_STAR ? parse_starred(p) : parse_expression(p);
    Astarg *parameter = NEW(p, arg, start);
    parameter->arg = name;
    parameter->annotation = annotation;
    return &parameter->head;
}

// Behind a lone * or *args: the parameters that only keywords reach, and **kwargs.
static void parse_keyword_parameters(Parser *p, Astarguments *args, TokenKind end, Annotated annotated)
{
    size_t mark = nodes_mark(p);  // parameters and defaults take turns
    while (peek(p) != end) {
        if (accept(p, TOKEN_DOUBLESTAR)) {
            args->kwarg = parse_parameter(p, annotated);
            accept(p, TOKEN_COMMA);
            break;
        }
        nodes_push(p, parse_parameter(p, annotated));
        nodes_push(p, accept(p, TOKEN_EQUAL) ? parse_expression(p) : NULL);
        if (!accept(p, TOKEN_COMMA)) break;
    }
    NodeList both = nodes_take(p, mark);
    size_t count = both.count / 2;
    if (!count) return;
    args->kwonlyargs = (NodeList){count, ARENA_ARRAY(p->arena, Node *, count)};
    args->kw_defaults = (NodeList){count, ARENA_ARRAY(p->arena, Node *, count)};
    for (size_t i = 0; i < count; i++) {
        args->kwonlyargs.items[i] = both.items[2 * i];
        args->kw_defaults.items[i] = both.items[2 * i + 1];
    }
}

// Behind the *.
static void parse_star_parameters(Parser *p, Astarguments *args, TokenKind end, Annotated annotated)
{
    bool lone = accept(p, TOKEN_COMMA);
    if (lone) {
        if (peek(p) != TOKEN_NAME) parser_fail(p);
    } else {
        args->vararg = parse_parameter(p, annotated ? ANNOTATED_WITH_STAR : NEVER_ANNOTATED);
        if (!accept(p, TOKEN_COMMA)) return;
    }
    parse_keyword_parameters(p, args, end, annotated);
}

Astarguments *parse_parameters(Parser *p, TokenKind end)
{
    Annotated annotated = end == TOKEN_COLON ? NEVER_ANNOTATED : ANNOTATED;
    Astarguments *args = parse_no_arguments(p);
    size_t mark = nodes_mark(p), default_room = 0, default_count = 0;
    Node **defaults = NULL;
    bool slash = false;
    while (peek(p) != end) {
        if (accept(p, TOKEN_STAR)) {
            // The list is taken first: the parameters behind the star use the same stack.
            args->args = nodes_take(p, mark);
            parse_star_parameters(p, args, end, annotated);
            break;
        }
        if (accept(p, TOKEN_DOUBLESTAR)) {
            args->kwarg = parse_parameter(p, annotated);
            accept(p, TOKEN_COMMA);
            break;
        }
        if (peek(p) == TOKEN_SLASH) {
            if (slash || nodes_mark(p) == mark) parser_fail(p);
            p->pos++;
            slash = true;
            args->posonlyargs = nodes_take(p, mark);
        } else {
            nodes_push(p, parse_parameter(p, annotated));
            if (accept(p, TOKEN_EQUAL)) {
                if (default_count == default_room) {
                    Node **more = ARENA_ARRAY(p->arena, Node *, default_room * 2 + 4);
                    if (default_count) memcpy(more, defaults, default_count * sizeof *defaults);
                    defaults = more;
                    default_room = default_room * 2 + 4;
                }
                defaults[default_count++] = parse_expression(p);
            } else if (default_count) {
                parser_fail(p);
            }
        }
        if (!accept(p, TOKEN_COMMA)) break;
    }
    if (peek(p) != end) parser_fail(p);
    if (nodes_mark(p) > mark) args->args = nodes_take(p, mark);
    args->defaults = (NodeList){default_count, defaults};
    return args;
}
