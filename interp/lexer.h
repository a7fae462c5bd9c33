// SPDX-License-Identifier: MIT
// interp/lexer.h: text to tokens.
//
// Owns     the kinds of tokens, and the rules of Python's lines: indentation, joining, brackets, literals.
// Always   1. A TokenList holds the whole input: it ends in TOKEN_END, or in TOKEN_ERROR where reading stopped.
//             A mistake is only told by whoever comes to that token: earlier tokens may hold an earlier mistake.
//          2. Tokens stand in the order of the text; start and end are byte offsets into `Source.bytes`.
//          3. Comments, blank lines and joined lines leave no token.
//
// To use: source_decode, then lexer_run, then walk `tokens`; token_list_free at the end.
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "arena.h"
#include "source.h"

// KEYWORD(NAME, "spelling")
#define KEYWORDS(KEYWORD) \
    KEYWORD(FALSE, "False") KEYWORD(NONE, "None") KEYWORD(TRUE, "True") KEYWORD(AND, "and") KEYWORD(AS, "as") \
    KEYWORD(ASSERT, "assert") KEYWORD(ASYNC, "async") KEYWORD(AWAIT, "await") KEYWORD(BREAK, "break") \
    KEYWORD(CLASS, "class") KEYWORD(CONTINUE, "continue") KEYWORD(DEF, "def") KEYWORD(DEL, "del") \
    KEYWORD(ELIF, "elif") KEYWORD(ELSE, "else") KEYWORD(EXCEPT, "except") KEYWORD(FINALLY, "finally") \
    KEYWORD(FOR, "for") KEYWORD(FROM, "from") KEYWORD(GLOBAL, "global") KEYWORD(IF, "if") KEYWORD(IMPORT, "import") \
    KEYWORD(IN, "in") KEYWORD(IS, "is") KEYWORD(LAMBDA, "lambda") KEYWORD(NONLOCAL, "nonlocal") KEYWORD(NOT, "not") \
    KEYWORD(OR, "or") KEYWORD(PASS, "pass") KEYWORD(RAISE, "raise") KEYWORD(RETURN, "return") KEYWORD(TRY, "try") \
    KEYWORD(WHILE, "while") KEYWORD(WITH, "with") KEYWORD(YIELD, "yield")

// OPERATOR(NAME, "spelling"); the operators that end in = and change a target stand together, last.
#define OPERATORS(OPERATOR) \
    OPERATOR(LPAR, "(") OPERATOR(RPAR, ")") OPERATOR(LSQB, "[") OPERATOR(RSQB, "]") OPERATOR(LBRACE, "{") \
    OPERATOR(RBRACE, "}") OPERATOR(COLON, ":") OPERATOR(COMMA, ",") OPERATOR(SEMI, ";") OPERATOR(PLUS, "+") \
    OPERATOR(MINUS, "-") OPERATOR(STAR, "*") OPERATOR(SLASH, "/") OPERATOR(VBAR, "|") OPERATOR(AMPER, "&") \
    OPERATOR(LESS, "<") OPERATOR(GREATER, ">") OPERATOR(EQUAL, "=") OPERATOR(DOT, ".") OPERATOR(PERCENT, "%") \
    OPERATOR(EQEQUAL, "==") OPERATOR(NOTEQUAL, "!=") OPERATOR(LESSEQUAL, "<=") OPERATOR(GREATEREQUAL, ">=") \
    OPERATOR(TILDE, "~") OPERATOR(CIRCUMFLEX, "^") OPERATOR(LEFTSHIFT, "<<") OPERATOR(RIGHTSHIFT, ">>") \
    OPERATOR(DOUBLESTAR, "**") OPERATOR(DOUBLESLASH, "//") OPERATOR(AT, "@") OPERATOR(RARROW, "->") \
    OPERATOR(ELLIPSIS, "...") OPERATOR(COLONEQUAL, ":=") OPERATOR(BANG, "!") \
    OPERATOR(PLUSEQUAL, "+=") OPERATOR(MINEQUAL, "-=") OPERATOR(STAREQUAL, "*=") OPERATOR(SLASHEQUAL, "/=") \
    OPERATOR(PERCENTEQUAL, "%=") OPERATOR(AMPEREQUAL, "&=") OPERATOR(VBAREQUAL, "|=") OPERATOR(CIRCUMFLEXEQUAL, "^=") \
    OPERATOR(LEFTSHIFTEQUAL, "<<=") OPERATOR(RIGHTSHIFTEQUAL, ">>=") OPERATOR(DOUBLESTAREQUAL, "**=") \
    OPERATOR(DOUBLESLASHEQUAL, "//=") OPERATOR(ATEQUAL, "@=")

typedef enum TokenKind {
    TOKEN_END, TOKEN_NEWLINE, TOKEN_INDENT, TOKEN_DEDENT, TOKEN_ERROR, TOKEN_NAME, TOKEN_NUMBER, TOKEN_STRING,
    TOKEN_UNKNOWN,  // a character that is no operator: $ ? `
#define MEMBER(name, spelling) TOKEN_##name,
    OPERATORS(MEMBER)
    KEYWORDS(MEMBER)
#undef MEMBER
    TOKEN_KINDS
} TokenKind;

extern const char *const token_spellings[TOKEN_KINDS];  // NULL where there is not one spelling

typedef struct Token {
    uint8_t kind;
    uint8_t level;  // of open brackets, this token included
    uint32_t start, end;
    int32_t lineno, col_offset, end_lineno, end_col_offset;  // col_offset -1: a token without text
} Token;

// Why reading stopped at a TOKEN_ERROR.
typedef struct LexicalFault {
    FaultClass kind;
    const char *message;   // in the arena
    int lineno, offset, end_lineno, end_offset;  // offsets in characters from 1; -1 and 0: unknown
    enum {
        LEXICAL_RAISED,    // a mistake in itself
        LEXICAL_EOF,       // the text ended within brackets or after a backslash
        LEXICAL_LINE,      // a mistake in the layout: indentation or a backslash
    } stage;
    bool incomplete;       // more text could mend it
    int level;             // of open brackets
    struct OpenBracket { char bracket; int lineno, col_offset; } open;  // the innermost, if level > 0
} LexicalFault;

typedef struct TokenList {
    Token *items;  // malloc
    uint32_t count, room;
    LexicalFault fault;  // when the last is TOKEN_ERROR
} TokenList;

typedef enum LexerEnd {
    LEXER_FILE,   // the end of the input ends lines and blocks
    LEXER_FIELD,  // a replacement field, from its {: ends at the }, !, : or = that is not in brackets. Where both are,
                  // the tokens have parentheses
} LexerEnd;

// Reads tokens from `source`, from byte `start` on, which is at line `lineno`; appends them to `list`.
// False: out of memory. A mistake in the text gives a TOKEN_ERROR instead.
bool lexer_run(const Source *source, uint32_t start, int lineno, LexerEnd until, Arena *arena, TokenList *list,
               struct SyntaxWarning ***warnings);
void token_list_free(TokenList *list);
