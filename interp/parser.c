// SPDX-License-Identifier: MIT
// interp/parser.c: parse_source, and what every part of the parser needs: tokens, nodes, lists, names, failure.
//
// Always   Memory that is not in the arena hangs on the Parser, and parse_source frees it, however parsing ends.
#include "parser_internal.h"

#include <stdlib.h>
#include <utf8proc.h>

#include "syntax_error.h"

UnicodeNameLookup unicode_name_lookup;

// ---- failure ----

noreturn void parser_fail(Parser *p)
{
    longjmp(p->give_up, 1);
}

noreturn void parser_fail_with(Parser *p, FaultClass kind, const char *message)
{
    *p->fault = (SyntaxFault){.kind = kind, .message = message};
    p->specific = true;
    longjmp(p->give_up, 1);
}

noreturn void parser_out_of_memory(void *parser)
{
    parser_fail_with(parser, FAULT_MEMORY, "");
}

Node *parser_try(Parser *p, Node *(*part)(Parser *p))
{
    struct { jmp_buf give_up; } outer;
    memcpy(&outer.give_up, &p->give_up, sizeof outer.give_up);
    int depth = p->depth, string_depth = p->string_depth, field_depth = p->field_depth;
    size_t stack_count = p->stack_count;
    uint32_t token_count = p->tokens.count;
    LexicalFault fault = p->tokens.fault;
    Node *volatile node = NULL;
    p->string_depth = p->field_depth = 0;
    p->specific = false;
    if (setjmp(p->give_up) == 0) node = part(p);
    p->in_string = !node && p->string_depth > 0;
    memcpy(&p->give_up, &outer.give_up, sizeof outer.give_up);
    p->depth = depth;
    p->string_depth = string_depth;
    p->field_depth = field_depth;
    p->stack_count = stack_count;
    p->tokens.count = token_count;
    p->tokens.fault = fault;
    return node;
}

void parser_warn(Parser *p, WarningClass kind, const Token *place, const char *message)
{
    SyntaxWarning *warning = ARENA_NEW(p->arena, SyntaxWarning);
    *warning = (SyntaxWarning){.kind = kind, .message = message, .lineno = place->lineno, .col_offset = place->col_offset,
                               .end_lineno = place->end_lineno, .end_col_offset = place->end_col_offset};
    *p->last_warning = warning;
    p->last_warning = &warning->next;
}

// ---- nodes and lists ----

void *parser_plain_node(Parser *p, AstKind kind, size_t size)
{
    Node *node = arena_alloc(p->arena, size);
    node->kind = kind;
    return node;
}

void *parser_node(Parser *p, AstKind kind, size_t size, uint32_t start)
{
    Node *node = arena_alloc(p->arena, size);
    const Token *first = token_at(p, start), *last = token_at(p, p->pos - 1);
    node->kind = kind;
    node->lineno = first->lineno;
    node->col_offset = first->col_offset;
    node->end_lineno = last->end_lineno;
    node->end_col_offset = last->end_col_offset;
    return node;
}

void *parser_block_end(Parser *p, void *node)
{
    const Token *last = token_at(p, p->pos - 1);
    while (last->kind <= TOKEN_DEDENT) last--;
    ((Node *)node)->end_lineno = last->end_lineno;
    ((Node *)node)->end_col_offset = last->end_col_offset;
    return node;
}

void parser_copy_place(Node *to, const Node *from)
{
    to->lineno = from->lineno;
    to->col_offset = from->col_offset;
    to->end_lineno = from->end_lineno;
    to->end_col_offset = from->end_col_offset;
}

void nodes_grow(Parser *p)
{
    size_t room = p->stack_room ? p->stack_room * 2 : 256;
    Node **stack = realloc(p->stack, room * sizeof *stack);
    if (!stack) parser_out_of_memory(p);
    p->stack = stack;
    p->stack_room = room;
}

NodeList nodes_take(Parser *p, size_t mark)
{
    NodeList list = {p->stack_count - mark, NULL};
    if (list.count) {
        list.items = ARENA_ARRAY(p->arena, Node *, list.count);
        memcpy(list.items, p->stack + mark, list.count * sizeof(Node *));
    }
    p->stack_count = mark;
    return list;
}

NodeList nodes_of_one(Parser *p, void *node)
{
    NodeList list = {1, ARENA_ARRAY(p->arena, Node *, 1)};
    list.items[0] = node;
    return list;
}

// ---- names ----

static uint32_t hash_of(const char *bytes, size_t length)
{
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < length; i++) hash = (hash ^ (unsigned char)bytes[i]) * 16777619u;
    return hash;
}

static void grow_names(Parser *p)
{
    uint32_t room = p->name_room ? p->name_room * 2 : 256;
    Interned *names = calloc(room, sizeof *names);
    if (!names) parser_out_of_memory(p);
    for (uint32_t i = 0; i < p->name_room; i++) {
        if (!p->names[i].text.bytes) continue;
        uint32_t at = p->names[i].hash & (room - 1);
        while (names[at].text.bytes) at = (at + 1) & (room - 1);
        names[at] = p->names[i];
    }
    free(p->names);
    p->names = names;
    p->name_room = room;
}

Text parser_intern(Parser *p, const char *bytes, size_t length)
{
    if (p->name_count * 2 >= p->name_room) grow_names(p);
    uint32_t hash = hash_of(bytes, length), at = hash & (p->name_room - 1);
    for (; p->names[at].text.bytes; at = (at + 1) & (p->name_room - 1)) {
        Text known = p->names[at].text;
        if (p->names[at].hash == hash && known.length == length && memcmp(known.bytes, bytes, length) == 0) return known;
    }
    Text text = {arena_copy(p->arena, bytes, length), length};
    p->names[at] = (Interned){text, hash};
    p->name_count++;
    return text;
}

static bool is_ascii(const char *bytes, size_t length)
{
    unsigned char seen = 0;
    for (size_t i = 0; i < length; i++) seen |= (unsigned char)bytes[i];
    return seen < 0x80;
}

static Text normalized(Parser *p, const char *bytes, size_t length)
{
    utf8proc_uint8_t *form = NULL;
    utf8proc_ssize_t size = utf8proc_map((const utf8proc_uint8_t *)bytes, (utf8proc_ssize_t)length, &form,
                                         UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT);
    if (size < 0) parser_out_of_memory(p);
    const char *copy = arena_copy(p->arena, (const char *)form, (size_t)size);
    free(form);
    return parser_intern(p, copy, (size_t)size);
}

Text parser_identifier(Parser *p)
{
    const Token *token = token_at(p, p->pos);
    expect(p, TOKEN_NAME);
    const char *bytes = p->source->bytes + token->start;
    size_t length = token->end - token->start;
    return is_ascii(bytes, length) ? parser_intern(p, bytes, length) : normalized(p, bytes, length);
}

bool parser_at_word(const Parser *p, const char *word)
{
    const Token *token = token_at(p, p->pos);
    size_t length = strlen(word);
    return token->kind == TOKEN_NAME && token->end - token->start == length && memcmp(p->source->bytes + token->start, word, length) == 0;
}

// ---- the whole ----

static Node *parse_tree(Parser *p)
{
    if (p->source->mode == PARSE_EVAL) {
        AstExpression *tree = NEW_PLAIN(p, Expression);
        tree->body = parse_expressions(p);
        while (accept(p, TOKEN_NEWLINE)) continue;
        expect(p, TOKEN_END);
        return &tree->head;
    }
    if (p->source->mode == PARSE_SINGLE) {
        AstInteractive *tree = NEW_PLAIN(p, Interactive);
        tree->body = parse_single_statement(p);
        syntax_error_check_single(p);
        return &tree->head;
    }
    AstModule *tree = NEW_PLAIN(p, Module);
    tree->body = parse_statements(p);
    expect(p, TOKEN_END);
    return &tree->head;
}

static void release(Parser *p)
{
    token_list_free(&p->tokens);
    free(p->names);
    free(p->stack);
    if (p->c_locale) freelocale(p->c_locale);
    p->arena->out_of_memory = NULL;
}

static bool lex_all(Parser *p)
{
    return lexer_run(p->source, 0, 1, LEXER_FILE, p->arena, &p->tokens, &p->last_warning);
}

// The f-string that is wrong is told as 3.11 reads it: it may well end at the first quote.
static void read_old_fstring(Parser *p)
{
    Source *old = ARENA_NEW(p->arena, Source);
    *old = *p->source;
    old->old_fstring = token_at(p, p->problem.token)->start + 1;
    p->source = old;
    p->tokens.count = 0;
    if (!lex_all(p)) parser_out_of_memory(p);
    if (p->pos >= p->tokens.count) p->pos = p->tokens.count - 1;
}

// Memory may end here, too.
static void explain(Parser *p)
{
    p->explaining = true;
    SyntaxWarning **last = p->last_warning;
    if (setjmp(p->give_up) == 0) {
        if (p->in_string) read_old_fstring(p);
        syntax_error_explain(p);
    }
    *last = NULL;
    p->last_warning = last;
}

bool parse_source(const char *bytes, size_t length, const char *filename, ParseMode mode, ParseFlags flags,
                  Arena *arena, Node **out, SyntaxFault *fault)
{
    *fault = (SyntaxFault){0};
    *out = NULL;
    Source source = {.filename = filename, .mode = mode, .flags = flags};
    if (!source_decode(&source, bytes, length, arena, fault)) return false;
    SyntaxWarning *warnings = NULL;
    Parser p = {.source = &source, .arena = arena, .fault = fault, .last_warning = &warnings};
    if (!lex_all(&p)) {
        release(&p);
        *fault = (SyntaxFault){.kind = FAULT_MEMORY, .message = ""};
        return false;
    }
    arena->out_of_memory = parser_out_of_memory;
    arena->context = &p;
    *out = parser_try(&p, parse_tree);
    if (!*out && !p.specific) explain(&p);
    fault->warnings = warnings;
    bool parsed = *out != NULL;
    release(&p);
    return parsed;
}
