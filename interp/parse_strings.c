// SPDX-License-Identifier: MIT
// interp/parse_strings.c: string literals: prefixes, concatenation, f-strings.
//
// An f-string is one token. Its text is taken apart here; what stands in a field is read by the same lexer and
// parser, with its tokens added at the end of the parser's list for that time.
#include "parser_internal.h"

#include <stdio.h>

enum { DEEPEST_FIELD = 60 };

// A group of adjacent literals on its way to become one node.
typedef struct Group {
    Node place;            // of the node, and of its parts
    bool kind_u;           // the first literal has the prefix u
    bool formatted;        // there is an f among them
    char *scratch;         // the decoded text: room for all of it
    size_t start, end;     // the part of scratch that is not yet in a node
    uint32_t token;        // the literal being read
    bool raw;
} Group;

static noreturn void problem(Parser *p, const Group *group, const char *message)
{
    if (p->string_depth == 1) p->problem = (struct StringProblem){message, group->token, 0};
    parser_fail(p);
}

// Nodes get the place of the whole group, from literal `first` to literal `last`.
static void place_group(Parser *p, Group *group, uint32_t first, uint32_t last)
{
    const Token *from = token_at(p, first), *to = token_at(p, last);
    group->place = (Node){.lineno = from->lineno, .col_offset = from->col_offset,
                          .end_lineno = to->end_lineno, .end_col_offset = to->end_col_offset};
    group->kind_u = p->source->bytes[from->start] == 'u';
}

// From here on a failure is the fault of the field at `at`; NULL: of none.
static void blame_field(Parser *p, const Group *group, const char *at)
{
    if (p->string_depth != 1) return;
    p->problem = (struct StringProblem){NULL, group->token, at ? (uint32_t)(at - p->source->bytes) : 0};
}

static void warn_of_escape(Parser *p, const Group *group, const char *flaw)
{
    if (p->explaining) return;
    char text[64];
    bool octal = flaw[1] >= '4' && flaw[1] <= '7';         // beyond '\\377'
    int length = octal ? 3 : 1;
    const char *end = p->source->bytes + p->source->length, *at = flaw + 1;
    if ((unsigned char)flaw[1] >= 0x80) utf8_next(&at, end), length = (int)(at - flaw) - 1;
    int size = snprintf(text, sizeof text, "invalid %sescape sequence '\\%.*s'", octal ? "octal " : "", length, flaw + 1);
    parser_warn(p, WARN_DEPRECATION, token_at(p, group->token), arena_copy(p->arena, text, (size_t)size));
}

static void add_text(Parser *p, Group *group, const char *s, const char *end)
{
    const char *flaw = NULL, *message = NULL;
    size_t length = (size_t)(end - s);
    if (group->raw || !memchr(s, '\\', length)) memcpy(group->scratch + group->end, s, length);
    else length = string_unescape(p, s, end, group->scratch + group->end, &flaw, &message);
    if (message) problem(p, group, message);
    if (flaw) warn_of_escape(p, group, flaw);
    group->end += length;
}

// The text that is not yet in a node, as a Constant.
static Node *take_text(Parser *p, Group *group)
{
    AstConstant *node = NEW_PLAIN(p, Constant);
    parser_copy_place(&node->head, &group->place);
    node->value.tag = CONSTANT_STR;
    node->value.text = (Text){group->scratch + group->start, group->end - group->start};
    if (group->kind_u) node->kind = parser_intern(p, "u", 1);
    group->start = group->end;
    return &node->head;
}

static void flush_text(Parser *p, Group *group)
{
    if (group->end > group->start) nodes_push(p, take_text(p, group));
}

static Node *take_joined(Parser *p, Group *group, size_t mark)
{
    flush_text(p, group);
    AstJoinedStr *node = NEW_PLAIN(p, JoinedStr);
    parser_copy_place(&node->head, &group->place);
    node->values = nodes_take(p, mark);
    return &node->head;
}

// ---- fields ----

static int line_at(const Parser *p, const Token *token, const char *at)
{
    int lineno = token->lineno;
    for (const char *s = p->source->bytes + token->start; s < at; s++) lineno += *s == '\n';
    return lineno;
}

// The expression of the field whose { is at `at`; *at then is where the expression ends.
static Node *parse_field_expression(Parser *p, Group *group, const char **at, const char *end)
{
    uint32_t pos = p->pos, count = p->tokens.count, field = (uint32_t)(*at - p->source->bytes);
    int lineno = line_at(p, token_at(p, group->token), *at);
    blame_field(p, group, *at);
    Source inside = *p->source;
    const Source *whole = p->source;
    inside.length = (uint32_t)(end - whole->bytes);
    if (!lexer_run(&inside, field, lineno, LEXER_FIELD, p->arena, &p->tokens, &p->last_warning)) parser_out_of_memory(p);
    p->pos = count;
    if (peek(p) == TOKEN_LPAR && token_at(p, count + 1)->kind == TOKEN_RPAR) parser_fail(p);
    Node *value = parse_star_expressions(p);
    if (peek(p) != TOKEN_END) parser_fail(p);
    *at = p->source->bytes + token_at(p, p->pos - 1)->start;
    p->tokens.count = count;
    p->pos = pos;
    return value;
}

static Node *parse_pieces(Parser *p, Group *group, const char **at, const char *end);

// From the { at *at to behind its }.
static void parse_field(Parser *p, Group *group, const char **at, const char *end)
{
    const char *open = *at, *s = open;
    if (++p->field_depth > DEEPEST_FIELD) problem(p, group, "f-string: expressions nested too deeply");
    parser_enter(p);
    Node *value = parse_field_expression(p, group, &s, end);
    int conversion = -1;
    bool explicit_form = false;
    if (*s == '=') {
        s++;
        while (s < end && (*s == ' ' || *s == '\t' || *s == '\n' || *s == '\f' || *s == '\r' || *s == '\v')) s++;
        memcpy(group->scratch + group->end, open + 1, (size_t)(s - open - 1));
        group->end += (size_t)(s - open - 1);
        conversion = 'r';
    }
    flush_text(p, group);
    if (s < end && *s == '!') {
        s++;
        if (s >= end || (*s != 's' && *s != 'r' && *s != 'a')) parser_fail(p);
        conversion = *s++;
        explicit_form = true;
    }
    Node *specification = NULL;
    if (s < end && *s == ':') {
        s++;
        specification = parse_pieces(p, group, &s, end);
        blame_field(p, group, open);
        if (!explicit_form) conversion = -1;
    }
    if (s >= end || *s != '}') parser_fail(p);
    blame_field(p, group, NULL);
    *at = s + 1;
    AstFormattedValue *node = NEW_PLAIN(p, FormattedValue);
    parser_copy_place(&node->head, &group->place);
    node->value = value;
    node->conversion = conversion;
    node->format_spec = specification;
    nodes_push(p, node);
    parser_leave(p);
    p->field_depth--;
}

// Literal text from `s` up to a brace or the end, doubled braces as one (not in a format specification).
static const char *parse_literal(Parser *p, Group *group, const char *s, const char *end, bool nested)
{
    const char *begin = s;
    while (s < end) {
        if (!group->raw && *s == '\\' && s + 1 < end) {
            s++;
            if (*s == 'N' && s + 1 < end && s[1] == '{') {
                const char *close = memchr(s, '}', (size_t)(end - s));
                s = close ? close + 1 : end;
                continue;
            }
            if (*s == '{') warn_of_escape(p, group, s - 1);
        }
        if (*s != '{' && *s != '}') {
            s++;
            continue;
        }
        if (nested || s + 1 >= end || s[1] != *s) break;
        add_text(p, group, begin, s + 1);
        begin = s += 2;
    }
    add_text(p, group, begin, s);
    return s;
}

// Text and fields up to the end of the literal; in a format specification, up to its }.
static Node *parse_pieces(Parser *p, Group *group, const char **at, const char *end)
{
    bool nested = p->field_depth > 0;
    size_t mark = nodes_mark(p);
    while (*at < end) {
        *at = parse_literal(p, group, *at, end, nested);
        if (*at >= end || (nested && **at == '}')) break;
        if (**at == '}') problem(p, group, "f-string: single '}' is not allowed");
        parse_field(p, group, at, end);
    }
    if (!nested) return NULL;
    // A format specification has the place of its own literal alone.
    Group alone = *group;
    place_group(p, &alone, group->token, group->token);
    Node *joined = take_joined(p, &alone, mark);
    group->start = alone.start;
    return joined;
}

// ---- groups ----

typedef struct Prefix { bool bytes, raw, formatted; } Prefix;

static Prefix prefix_of(const char *s)
{
    Prefix prefix = {0};
    for (; *s != '"' && *s != '\''; s++) {
        char c = *s | 0x20;
        if (c == 'b') prefix.bytes = true;
        if (c == 'r') prefix.raw = true;
        if (c == 'f') prefix.formatted = true;
    }
    return prefix;
}

void parse_strings_body(const Parser *p, const Token *token, const char **start, const char **end)
{
    const char *quote = p->source->bytes + token->start;
    while (*quote != '"' && *quote != '\'') quote++;
    int quotes = p->source->bytes + token->end - quote >= 6 && quote[1] == quote[0] && quote[2] == quote[0] ? 3 : 1;
    *start = quote + quotes;
    *end = p->source->bytes + token->end - quotes;
}

static void add_bytes(Parser *p, Group *group, const char *s, const char *end)
{
    for (const char *c = s; c < end; c++)
        if ((unsigned char)*c >= 0x80) problem(p, group, "bytes can only contain ASCII literal characters");
    const char *flaw = NULL, *message = NULL;
    size_t length = (size_t)(end - s);
    if (group->raw) memcpy(group->scratch + group->end, s, length);
    else length = bytes_unescape(p, s, end, group->scratch + group->end, &flaw, &message);
    if (message) problem(p, group, message);
    if (flaw) warn_of_escape(p, group, flaw);
    group->end += length;
}

Node *parse_strings(Parser *p)
{
    uint32_t first = p->pos, last = first;
    size_t room = 0, mark = nodes_mark(p);
    if (p->string_depth++ == 0) p->problem = (struct StringProblem){0};
    for (; peek(p) == TOKEN_STRING; p->pos++) {
        last = p->pos;
        room += token_at(p, last)->end - token_at(p, last)->start;
    }
    Group group = {.scratch = arena_alloc(p->arena, room + 1)};
    place_group(p, &group, first, last);
    int depth = p->field_depth;
    p->field_depth = 0;
    bool bytes = false;
    for (uint32_t i = first; i <= last; i++) {
        const char *s, *end;
        Prefix prefix = prefix_of(p->source->bytes + token_at(p, i)->start);
        parse_strings_body(p, token_at(p, i), &s, &end);
        group.token = i;
        group.raw = prefix.raw;
        if (i > first && prefix.bytes != bytes) problem(p, &group, "cannot mix bytes and nonbytes literals");
        bytes = prefix.bytes;
        group.formatted |= prefix.formatted;
        if (prefix.formatted) parse_pieces(p, &group, &s, end);
        else if (bytes) add_bytes(p, &group, s, end);
        else add_text(p, &group, s, end);
    }
    p->field_depth = depth;
    p->string_depth--;
    if (group.formatted) return take_joined(p, &group, mark);
    Node *node = take_text(p, &group);
    if (!bytes) return node;
    AST(Constant, node)->value.tag = CONSTANT_BYTES;
    AST(Constant, node)->kind = (Text){0};
    return node;
}
