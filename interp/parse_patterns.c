// SPDX-License-Identifier: MIT
// interp/parse_patterns.c: match statements and their patterns.
#include "parser_internal.h"

static Node *parse_pattern(Parser *p);

// Numbers may be negative, and a sum with an imaginary part: 1, -1, -1 + 2j.
static Node *parse_signed_number(Parser *p)
{
    uint32_t start = p->pos;
    bool negative = accept(p, TOKEN_MINUS);
    if (peek(p) != TOKEN_NUMBER) parser_fail(p);
    Node *number = parse_number(p);
    if (!negative) return number;
    AstUnaryOp *node = NEW(p, UnaryOp, start);
    node->op = AST_USub;
    node->operand = number;
    return &node->head;
}

static bool is_imaginary(const Node *node)
{
    if (node->kind == AST_UnaryOp) node = AST(UnaryOp, node)->operand;
    return AST(Constant, node)->value.tag == CONSTANT_IMAGINARY;
}

static Node *parse_number_value(Parser *p)
{
    uint32_t start = p->pos;
    Node *real = parse_signed_number(p);
    if (peek(p) != TOKEN_PLUS && peek(p) != TOKEN_MINUS) return real;
    AstKind op = peek(p) == TOKEN_PLUS ? AST_Add : AST_Sub;
    p->pos++;
    if (peek(p) != TOKEN_NUMBER) parser_fail(p);
    Node *imaginary = parse_number(p);
    if (is_imaginary(real) || !is_imaginary(imaginary)) parser_fail(p);
    AstBinOp *node = NEW(p, BinOp, start);
    node->left = real;
    node->op = op;
    node->right = imaginary;
    return &node->head;
}

// a.b.c; `dots` tells whether there was a dot.
static Node *parse_dotted(Parser *p, bool *dots)
{
    uint32_t start = p->pos;
    Text id = parser_identifier(p);
    AstName *name = NEW(p, Name, start);
    name->id = id;
    name->ctx = AST_Load;
    Node *node = &name->head;
    *dots = false;
    while (accept(p, TOKEN_DOT)) {
        *dots = true;
        Text attr = parser_identifier(p);
        AstAttribute *attribute = NEW(p, Attribute, start);
        attribute->value = node;
        attribute->attr = attr;
        attribute->ctx = AST_Load;
        node = &attribute->head;
    }
    return node;
}

static Node *value_pattern(Parser *p, Node *value, uint32_t start)
{
    AstMatchValue *node = NEW(p, MatchValue, start);
    node->value = value;
    return &node->head;
}

static Node *parse_singleton(Parser *p, ConstantTag tag)
{
    p->pos++;
    AstMatchSingleton *node = NEW(p, MatchSingleton, p->pos - 1);
    node->value.tag = tag;
    return &node->head;
}

// A name that is bound: not _.
static Text parse_capture_name(Parser *p)
{
    if (parser_at_word(p, "_")) parser_fail(p);
    return parser_identifier(p);
}

// ---- sequences ----

static Node *parse_maybe_star_pattern(Parser *p)
{
    uint32_t start = p->pos;
    if (!accept(p, TOKEN_STAR)) return parse_pattern(p);
    Text name = {0};
    if (parser_at_word(p, "_")) p->pos++;
    else name = parse_capture_name(p);
    AstMatchStar *node = NEW(p, MatchStar, start);
    node->name = name;
    return &node->head;
}

static Node *sequence(Parser *p, NodeList patterns, uint32_t start)
{
    AstMatchSequence *node = NEW(p, MatchSequence, start);
    node->patterns = patterns;
    return &node->head;
}

// Behind the first and before the comma.
static NodeList parse_rest_of_sequence(Parser *p, Node *first, TokenKind close)
{
    size_t mark = nodes_mark(p);
    nodes_push(p, first);
    while (accept(p, TOKEN_COMMA) && peek(p) != close) {
        if (close == TOKEN_COLON && peek(p) == TOKEN_IF) break;  // a guard
        nodes_push(p, parse_maybe_star_pattern(p));
    }
    return nodes_take(p, mark);
}

static Node *parse_bracketed_pattern(Parser *p)
{
    uint32_t start = p->pos;
    bool square = peek(p) == TOKEN_LSQB;
    TokenKind close = square ? TOKEN_RSQB : TOKEN_RPAR;
    p->pos++;
    if (accept(p, close)) return sequence(p, (NodeList){0}, start);
    Node *first = parse_maybe_star_pattern(p);
    if (!square && peek(p) != TOKEN_COMMA) {  // a group
        if (first->kind == AST_MatchStar) parser_fail(p);
        expect(p, close);
        return first;
    }
    NodeList patterns = parse_rest_of_sequence(p, first, close);
    expect(p, close);
    return sequence(p, patterns, start);
}

// ---- mappings and classes ----

static Node *parse_mapping_key(Parser *p)
{
    uint32_t start = p->pos;
    ConstantTag tag;
    switch (peek(p)) {
    case TOKEN_NUMBER: case TOKEN_MINUS: return parse_number_value(p);
    case TOKEN_STRING: return parse_strings(p);
    case TOKEN_NONE: tag = CONSTANT_NONE; break;
    case TOKEN_TRUE: tag = CONSTANT_TRUE; break;
    case TOKEN_FALSE: tag = CONSTANT_FALSE; break;
    default: {
        bool dots;
        Node *node = parse_dotted(p, &dots);
        if (!dots) parser_fail(p);
        return node;
    }
    }
    p->pos++;
    AstConstant *node = NEW(p, Constant, start);
    node->value.tag = tag;
    return &node->head;
}

// Takes apart a list in which keys and patterns take turns.
static void split_pairs(Parser *p, NodeList both, NodeList *first, NodeList *second)
{
    size_t count = both.count / 2;
    *first = *second = (NodeList){0};
    if (!count) return;
    *first = (NodeList){count, ARENA_ARRAY(p->arena, Node *, count)};
    *second = (NodeList){count, ARENA_ARRAY(p->arena, Node *, count)};
    for (size_t i = 0; i < count; i++) {
        first->items[i] = both.items[2 * i];
        second->items[i] = both.items[2 * i + 1];
    }
}

static Node *parse_mapping_pattern(Parser *p)
{
    uint32_t start = p->pos++;
    size_t mark = nodes_mark(p);
    Text rest = {0};
    while (peek(p) != TOKEN_RBRACE) {
        if (accept(p, TOKEN_DOUBLESTAR)) {
            rest = parse_capture_name(p);
            accept(p, TOKEN_COMMA);
            break;
        }
        nodes_push(p, parse_mapping_key(p));
        expect(p, TOKEN_COLON);
        nodes_push(p, parse_pattern(p));
        if (!accept(p, TOKEN_COMMA)) break;
    }
    expect(p, TOKEN_RBRACE);
    AstMatchMapping *node = NEW(p, MatchMapping, start);
    split_pairs(p, nodes_take(p, mark), &node->keys, &node->patterns);
    node->rest = rest;
    return &node->head;
}

static Node *parse_class_pattern(Parser *p, Node *class, uint32_t start)
{
    p->pos++;
    size_t mark = nodes_mark(p), keywords = 0;
    NodeList positional = {0};
    Text *names = NULL;
    size_t room = 0;
    while (peek(p) != TOKEN_RPAR) {
        if (peek(p) == TOKEN_NAME && peek_second(p) == TOKEN_EQUAL) {
            if (!keywords) positional = nodes_take(p, mark);
            if (keywords == room) {
                Text *more = ARENA_ARRAY(p->arena, Text, room * 2 + 4);
                if (room) memcpy(more, names, room * sizeof *names);
                names = more;
                room = room * 2 + 4;
            }
            names[keywords++] = parser_identifier(p);
            p->pos++;
        } else if (keywords) {
            parser_fail(p);
        }
        nodes_push(p, parse_pattern(p));
        if (!accept(p, TOKEN_COMMA)) break;
    }
    expect(p, TOKEN_RPAR);
    AstMatchClass *node = NEW(p, MatchClass, start);
    NodeList last = nodes_take(p, mark);
    node->cls = class;
    node->patterns = keywords ? positional : last;
    node->kwd_attrs = (TextList){keywords, names};
    if (keywords) node->kwd_patterns = last;
    return &node->head;
}

// A name alone is bound, a dotted one is a value, one with ( is a class.
static Node *parse_name_pattern(Parser *p)
{
    uint32_t start = p->pos;
    bool wild = parser_at_word(p, "_"), dots;
    Node *name = parse_dotted(p, &dots);
    if (peek(p) == TOKEN_LPAR) return parse_class_pattern(p, name, start);
    if (dots) return value_pattern(p, name, start);
    AstMatchAs *node = NEW(p, MatchAs, start);
    if (!wild) node->name = AST(Name, name)->id;
    return &node->head;
}

// ---- patterns ----

static Node *parse_closed_pattern(Parser *p)
{
    uint32_t start = p->pos;
    switch (peek(p)) {
    case TOKEN_NAME: return parse_name_pattern(p);
    case TOKEN_LPAR: case TOKEN_LSQB: return parse_bracketed_pattern(p);
    case TOKEN_LBRACE: return parse_mapping_pattern(p);
    case TOKEN_NONE: return parse_singleton(p, CONSTANT_NONE);
    case TOKEN_TRUE: return parse_singleton(p, CONSTANT_TRUE);
    case TOKEN_FALSE: return parse_singleton(p, CONSTANT_FALSE);
    case TOKEN_NUMBER: case TOKEN_MINUS: {
        Node *value = parse_number_value(p);
        return value_pattern(p, value, start);
    }
    case TOKEN_STRING: {
        Node *value = parse_strings(p);
        return value_pattern(p, value, start);
    }
    default: parser_fail(p);
    }
}

static Node *parse_or_pattern(Parser *p)
{
    uint32_t start = p->pos;
    Node *first = parse_closed_pattern(p);
    if (peek(p) != TOKEN_VBAR) return first;
    size_t mark = nodes_mark(p);
    nodes_push(p, first);
    while (accept(p, TOKEN_VBAR)) nodes_push(p, parse_closed_pattern(p));
    AstMatchOr *node = NEW(p, MatchOr, start);
    node->patterns = nodes_take(p, mark);
    return &node->head;
}

static Node *parse_pattern(Parser *p)
{
    uint32_t start = p->pos;
    parser_enter(p);
    Node *pattern = parse_or_pattern(p);
    parser_leave(p);
    if (!accept(p, TOKEN_AS)) return pattern;
    Text name = parse_capture_name(p);
    AstMatchAs *node = NEW(p, MatchAs, start);
    node->pattern = pattern;
    node->name = name;
    return &node->head;
}

// ---- the statement ----

// `match` is a keyword only where a line that it begins ends in a colon, and a block of cases follows.
static bool at_match(const Parser *p)
{
    uint32_t at = p->pos + 1;
    while (token_at(p, at)->kind != TOKEN_NEWLINE) {
        if (token_at(p, at)->kind == TOKEN_END || token_at(p, at)->kind == TOKEN_ERROR) return false;
        at++;
    }
    if (token_at(p, at - 1)->kind != TOKEN_COLON || at - p->pos < 3 || token_at(p, at + 1)->kind != TOKEN_INDENT) return false;
    const Token *word = token_at(p, at + 2);
    return word->kind == TOKEN_NAME && word->end - word->start == 4 && memcmp(p->source->bytes + word->start, "case", 4) == 0;
}

static Node *parse_subject(Parser *p)
{
    uint32_t start = p->pos;
    bool starred = peek(p) == TOKEN_STAR;
    Node *first = parse_star_named(p);
    if (peek(p) != TOKEN_COMMA && !starred) return first;
    if (peek(p) != TOKEN_COMMA) parser_fail(p);
    size_t mark = nodes_mark(p);
    nodes_push(p, first);
    while (accept(p, TOKEN_COMMA) && peek(p) != TOKEN_COLON) nodes_push(p, parse_star_named(p));
    AstTuple *tuple = NEW(p, Tuple, start);
    tuple->elts = nodes_take(p, mark);
    tuple->ctx = AST_Load;
    return &tuple->head;
}

static Node *parse_case(Parser *p)
{
    if (!parser_at_word(p, "case")) parser_fail(p);
    uint32_t start = ++p->pos;
    Node *pattern = parse_maybe_star_pattern(p);
    if (peek(p) == TOKEN_COMMA) {
        NodeList patterns = parse_rest_of_sequence(p, pattern, TOKEN_COLON);
        pattern = sequence(p, patterns, start);
    } else if (pattern->kind == AST_MatchStar) {
        parser_fail(p);
    }
    Node *guard = accept(p, TOKEN_IF) ? parse_named_expression(p) : NULL;
    expect(p, TOKEN_COLON);
    Astmatch_case *node = NEW_PLAIN(p, match_case);
    node->pattern = pattern;
    node->guard = guard;
    node->body = parse_block(p);
    return &node->head;
}

Node *parse_match(Parser *p)
{
    if (!at_match(p)) return NULL;
    uint32_t start = p->pos++;
    Node *subject = parse_subject(p);
    expect(p, TOKEN_COLON);
    expect(p, TOKEN_NEWLINE);
    expect(p, TOKEN_INDENT);
    size_t mark = nodes_mark(p);
    do nodes_push(p, parse_case(p)); while (peek(p) != TOKEN_DEDENT && peek(p) != TOKEN_END);
    expect(p, TOKEN_DEDENT);
    AstMatch *node = NEW(p, Match, start);
    node->subject = subject;
    node->cases = nodes_take(p, mark);
    return parser_block_end(p, node);
}
