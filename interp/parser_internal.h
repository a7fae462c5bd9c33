// SPDX-License-Identifier: MIT
// interp/parser_internal.h: what the files of the parser share.
//
// The parser is a hand-written recursive descent over the tokens. It answers one question only: what is the tree?
// When the text has none, it gives up at once (parser_fail does not return), and syntax_error.c finds out what to say.
#pragma once
#include <locale.h>
#include <setjmp.h>
#include <stdnoreturn.h>

#include "arena.h"
#include "ast.h"
#include "lexer.h"
#include "parser.h"
#include "source.h"

enum {
    DEEPEST_NESTING = 3000,  // of expressions and statements: what the C stack surely holds
};

typedef struct Interned { Text text; uint32_t hash; } Interned;

typedef struct Parser {
    const Source *source;
    Arena *arena;
    TokenList tokens;
    uint32_t pos;             // the token to be read
    int depth;                // of nesting
    int field_depth;          // of fields in f-strings
    Interned *names;          // the identifiers met: an open hash table, malloc
    uint32_t name_count, name_room;
    Node **stack;             // lists being collected, malloc
    size_t stack_count, stack_room;
    locale_t c_locale;        // for numbers; made when the first is met
    SyntaxWarning **last_warning;
    SyntaxFault *fault;
    bool specific;            // the fault says all: nothing better is to be found
    bool explaining;          // in the second reading of a text that failed: no more warnings
    int string_depth;         // of literals within fields of literals
    bool in_string;           // the last failure was within a literal
    struct StringProblem {    // why the outermost literal failed
        const char *message;  // NULL: something is wrong with a field
        uint32_t token;       // the literal
        uint32_t field;       // the { of the field, as a place in the source; 0: not in a field
    } problem;
    jmp_buf give_up;
} Parser;

// ---- parser.c: tokens, failure, memory ----

static inline const Token *token_at(const Parser *p, uint32_t pos) { return &p->tokens.items[pos]; }
static inline TokenKind peek(const Parser *p) { return p->tokens.items[p->pos].kind; }
// The kind of the token behind the next one; the list ends in END or ERROR, so that only they have none behind.
static inline TokenKind peek_second(const Parser *p)
{
    TokenKind kind = peek(p);
    return kind == TOKEN_END || kind == TOKEN_ERROR ? kind : p->tokens.items[p->pos + 1].kind;
}
static inline bool accept(Parser *p, TokenKind kind)
{
    if (peek(p) != kind) return false;
    p->pos++;
    return true;
}

noreturn void parser_fail(Parser *p);                                       // the text is no program
noreturn void parser_fail_with(Parser *p, FaultClass kind, const char *message);  // told without a place
noreturn void parser_out_of_memory(void *parser);

static inline void expect(Parser *p, TokenKind kind)
{
    if (!accept(p, kind)) parser_fail(p);
}

Text parser_identifier(Parser *p);                       // expects a NAME and reads it
Text parser_intern(Parser *p, const char *bytes, size_t length);
bool parser_at_word(const Parser *p, const char *word);  // is the next token the NAME `word`?

static inline void parser_enter(Parser *p)
{
    if (++p->depth > DEEPEST_NESTING) parser_fail_with(p, FAULT_MEMORY, "");
}
static inline void parser_leave(Parser *p) { p->depth--; }

// A node that begins at token `start` and ends at the last token read.
void *parser_node(Parser *p, AstKind kind, size_t size, uint32_t start);
// Sets the end of a compound statement: behind the last token that is neither NEWLINE nor DEDENT.
void *parser_block_end(Parser *p, void *node);
#define NEW(p, name, start) ((Ast##name *)parser_node((p), AST_##name, sizeof(Ast##name), (start)))
#define NEW_PLAIN(p, name) ((Ast##name *)parser_plain_node((p), AST_##name, sizeof(Ast##name)))
void *parser_plain_node(Parser *p, AstKind kind, size_t size);
void parser_copy_place(Node *to, const Node *from);

// Lists are collected on a stack: mark, push each, take.
static inline size_t nodes_mark(const Parser *p) { return p->stack_count; }
// Runs `part`, and tells where it failed rather than failing: gives NULL then.
Node *parser_try(Parser *p, Node *(*part)(Parser *p));

void nodes_grow(Parser *p);
static inline void nodes_push(Parser *p, void *node)
{
    if (p->stack_count == p->stack_room) nodes_grow(p);
    p->stack[p->stack_count++] = node;
}
NodeList nodes_take(Parser *p, size_t mark);
NodeList nodes_of_one(Parser *p, void *node);

void parser_warn(Parser *p, WarningClass kind, const Token *place, const char *message);

// ---- parse_expressions.c ----

Node *parse_expression(Parser *p);
Node *parse_named_expression(Parser *p);
Node *parse_expressions(Parser *p);             // a, b: perhaps a tuple
Node *parse_star_named(Parser *p);              // *a or a named expression
Node *parse_star_expressions(Parser *p);        // a, *b: perhaps a tuple
Node *parse_yield_or_star_expressions(Parser *p);
Node *parse_disjunction(Parser *p);
Node *parse_bitwise_or(Parser *p);
Node *parse_primary(Parser *p);                 // without await
Node *parse_for_target(Parser *p);              // between `for` and `in`
Node *parse_delete_target(Parser *p);
Node *parse_single_target(Parser *p);           // behind `as`
void parse_call_arguments(Parser *p, NodeList *args, NodeList *keywords);  // behind (, reads the )
void parse_arguments(Parser *p, uint32_t stop, NodeList *args, NodeList *keywords);  // up to ) or token `stop`
NodeList parse_comprehensions(Parser *p);      // from `for` or `async for` on
Node *parse_number(Parser *p);
Astarguments *parse_no_arguments(Parser *p);
Astarguments *parse_parameters(Parser *p, TokenKind end);  // up to `end`, which stays: ) or, in a lambda, :
// Makes an expression that was read a target, or fails. STAR_ALLOWED: it may be *a.
typedef enum StarRule { STAR_FORBIDDEN, STAR_ALLOWED } StarRule;
void parse_set_context(Parser *p, Node *target, AstKind context, StarRule star);
AstKind parse_operator_of(TokenKind augmented);  // the operator of += and its kin, or AST_KINDS

// ---- parse_statements.c ----

NodeList parse_statements(Parser *p);        // up to END
NodeList parse_single_statement(Parser *p);  // as typed at a prompt
NodeList parse_block(Parser *p);             // behind the colon

// ---- parse_patterns.c ----

Node *parse_match(Parser *p);  // NULL, having read nothing, if no match statement begins here

// ---- parse_strings.c ----

Node *parse_strings(Parser *p);  // one or more STRING tokens; tells p->problem if they fail
// What stands between the quotes of a STRING token.
void parse_strings_body(const Parser *p, const Token *token, const char **start, const char **end);

// ---- string_literal.c ----

// Decodes the escapes of a literal's text, to `to`, which has room for as many bytes; gives how many they became.
// *flaw: the first escape that means nothing, or NULL. On failure gives SIZE_MAX and sets *problem.
size_t string_unescape(Parser *p, const char *s, const char *end, char *to, const char **flaw, const char **problem);
size_t bytes_unescape(Parser *p, const char *s, const char *end, char *to, const char **flaw, const char **problem);
