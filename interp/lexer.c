// SPDX-License-Identifier: MIT
// interp/lexer.c: the tokenizer proper. See lexer.h.
//
// Always   `cur` never passes `end`, and *end is NUL: a character can be looked at without asking first.
#include "lexer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

enum { DEEPEST_INDENT = 100, DEEPEST_BRACKET = 200, TAB_WIDTH = 8, DEEPEST_FIELD = 100 };

const char *const token_spellings[TOKEN_KINDS] = {
#define MEMBER(name, spelling) [TOKEN_##name] = spelling,
    OPERATORS(MEMBER)
    KEYWORDS(MEMBER)
#undef MEMBER
};

typedef struct Lexer {
    const Source *source;
    const char *cur, *end;
    const char *line_start;  // of the line that `cur` is in
    int lineno;
    LexerEnd until;
    Arena *arena;
    TokenList *list;
    struct SyntaxWarning ***warnings;
    bool out_of_memory;
    int indent;              // how many blocks are open
    int columns[DEEPEST_INDENT], narrow_columns[DEEPEST_INDENT];  // their columns, with tabs of 8 and of 1
    int level;               // how many brackets are open
    struct OpenBracket open[DEEPEST_BRACKET];
} Lexer;

// ---- character classes ----

enum { LETTER = 1, DIGIT = 2, HEX = 4, SPACE = 8 };  // LETTER: may begin a name, or is not ASCII

static const uint8_t classes[256] = {
    [' '] = SPACE, ['\t'] = SPACE, ['\f'] = SPACE, ['_'] = LETTER,
    ['0' ... '9'] = DIGIT | HEX,
    ['a' ... 'f'] = LETTER | HEX, ['A' ... 'F'] = LETTER | HEX,
    ['g' ... 'z'] = LETTER, ['G' ... 'Z'] = LETTER,
    [128 ... 255] = LETTER,
};

static inline bool is_class(char c, int class) { return classes[(unsigned char)c] & class; }
static inline bool is_digit(char c) { return c >= '0' && c <= '9'; }

// ---- faults ----

static Token *add_token(Lexer *lx, TokenKind kind)
{
    TokenList *list = lx->list;
    if (list->count == list->room) {
        uint32_t room = list->room ? list->room * 2 : 256;
        Token *items = realloc(list->items, room * sizeof *items);
        if (!items) return lx->out_of_memory = true, NULL;
        list->items = items;
        list->room = room;
    }
    Token *token = &list->items[list->count++];
    *token = (Token){.kind = (uint8_t)kind, .level = (uint8_t)lx->level, .lineno = lx->lineno, .end_lineno = lx->lineno,
                     .start = (uint32_t)(lx->cur - lx->source->bytes), .end = (uint32_t)(lx->cur - lx->source->bytes),
                     .col_offset = -1, .end_col_offset = -1};
    return token;
}

// Ends the list with an error token; gives false, as every reader of a token does when reading is over.
static bool stop(Lexer *lx, FaultClass kind, const char *message)
{
    LexicalFault *fault = &lx->list->fault;
    *fault = (LexicalFault){.kind = kind, .message = message, .lineno = lx->lineno, .end_lineno = lx->lineno,
                            .end_offset = -1, .level = lx->level};
    if (lx->level) fault->open = lx->open[lx->level - 1];
    Token *token = add_token(lx, TOKEN_ERROR);
    if (token) token->level = (uint8_t)lx->level;
    return false;
}

// A mistake in the token being read: its place is the last character read.
__attribute__((format(printf, 2, 3))) static bool mistake(Lexer *lx, const char *format, ...)
{
    char text[160];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    char *message = arena_copy(lx->arena, text, strlen(text));
    if (!message) return !(lx->out_of_memory = true);
    stop(lx, FAULT_SYNTAX, message);
    LexicalFault *fault = &lx->list->fault;
    fault->offset = fault->end_offset = utf8_count(lx->line_start, (size_t)(lx->cur - lx->line_start));
    return false;
}

// A mistake in the layout of a line: told at the line, from character `offset` on.
static bool stop_layout(Lexer *lx, FaultClass kind, const char *message, int offset, int end_offset)
{
    stop(lx, kind, message);
    lx->list->fault.stage = LEXICAL_LINE;
    lx->list->fault.offset = offset;
    lx->list->fault.end_offset = end_offset;
    return false;
}

static bool stop_at_end(Lexer *lx)
{
    lx->cur = lx->end;
    stop_layout(lx, FAULT_SYNTAX, "unexpected EOF while parsing", utf8_count(lx->line_start, (size_t)(lx->end - lx->line_start)), -1);
    lx->list->fault.stage = LEXICAL_EOF;
    lx->list->fault.incomplete = true;
    return false;
}

static bool deprecated(Lexer *lx, const char *kind)
{
    char text[64];
    int length = snprintf(text, sizeof text, "invalid %s literal", kind);
    SyntaxWarning *warning = ARENA_NEW(lx->arena, SyntaxWarning);
    char *message = arena_copy(lx->arena, text, (size_t)length);
    if (!warning || !message) return !(lx->out_of_memory = true);
    int column = (int)(lx->cur - lx->line_start);
    *warning = (SyntaxWarning){.kind = WARN_SYNTAX, .message = message, .lineno = lx->lineno, .col_offset = column,
                               .end_lineno = lx->lineno, .end_col_offset = column};
    **lx->warnings = warning;
    *lx->warnings = &warning->next;
    return true;
}

// ---- names ----

// Is `point` one of the characters that the Unicode property differs in from what its category says?
static bool listed(uint32_t point, const uint32_t (*ranges)[2], size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (point >= ranges[i][0] && point <= ranges[i][1]) return true;
    return false;
}

// XID_Start, or XID_Continue, both as the standard derives them from category, normal form and short lists.
static bool may_be_in_name(uint32_t point, bool first)
{
    static const uint32_t starts[][2] = {{'_', '_'}, {0x1885, 0x1886}, {0x2118, 0x2118}, {0x212E, 0x212E}};
    static const uint32_t continues[][2] = {{0xB7, 0xB7}, {0x387, 0x387}, {0x1369, 0x1371}, {0x19DA, 0x19DA},
                                            {0x2118, 0x2118}, {0x212E, 0x212E}};
    static const uint32_t never[][2] = {{0x37A, 0x37A}, {0x2E2F, 0x2E2F}, {0xFC5E, 0xFC63}, {0xFDFA, 0xFDFB},
                                        {0xFE70, 0xFE70}, {0xFE72, 0xFE72}, {0xFE74, 0xFE74}, {0xFE76, 0xFE76},
                                        {0xFE78, 0xFE78}, {0xFE7A, 0xFE7A}, {0xFE7C, 0xFE7C}, {0xFE7E, 0xFE7E}};
    static const uint32_t not_first[][2] = {{0xE33, 0xE33}, {0xEB3, 0xEB3}, {0xFF9E, 0xFF9F}};
#define LISTED(ranges) listed(point, ranges, sizeof(ranges) / sizeof *(ranges))
    if (LISTED(never) || (first && LISTED(not_first))) return false;
    if (LISTED(starts) || (!first && LISTED(continues))) return true;
#undef LISTED
    switch (utf8proc_category((utf8proc_int32_t)point)) {
    case UTF8PROC_CATEGORY_LU: case UTF8PROC_CATEGORY_LL: case UTF8PROC_CATEGORY_LT: case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO: case UTF8PROC_CATEGORY_NL:
        return true;
    case UTF8PROC_CATEGORY_MN: case UTF8PROC_CATEGORY_MC: case UTF8PROC_CATEGORY_ND: case UTF8PROC_CATEGORY_PC:
        return !first;
    default:
        return false;
    }
}

static bool is_printable(uint32_t point)
{
    if (point < 0x80) return point >= ' ' && point != 0x7F;
    switch (utf8proc_category((utf8proc_int32_t)point)) {
    case UTF8PROC_CATEGORY_CC: case UTF8PROC_CATEGORY_CF: case UTF8PROC_CATEGORY_CS: case UTF8PROC_CATEGORY_CO:
    case UTF8PROC_CATEGORY_CN: case UTF8PROC_CATEGORY_ZL: case UTF8PROC_CATEGORY_ZP: case UTF8PROC_CATEGORY_ZS:
        return false;
    default:
        return true;
    }
}

// Checks the name from `start` to `cur`, which has characters beyond ASCII.
static bool check_name(Lexer *lx, const char *start)
{
    const char *at = start;
    while (at < lx->cur) {
        const char *here = at;
        uint32_t point = (unsigned char)*at < 0x80 ? (unsigned char)*at++ : utf8_next(&at, lx->end);
        if (point < 0x80 ? is_class((char)point, LETTER | (here > start ? DIGIT : 0)) : may_be_in_name(point, here == start)) continue;
        lx->cur = at;
        if (is_printable(point)) return mistake(lx, "invalid character '%.*s' (U+%04X)", (int)(at - here), here, point);
        return mistake(lx, "invalid non-printable character U+%04X", point);
    }
    return true;
}

static TokenKind keyword_or_name(const char *word, size_t length)
{
#define IS(name, spelling) \
    if (length == sizeof(spelling) - 1 && memcmp(word, spelling, sizeof(spelling) - 1) == 0) return TOKEN_##name
    if (length < 2 || length > 8) return TOKEN_NAME;
    switch (word[0]) {
    case 'F': IS(FALSE, "False"); break;
    case 'N': IS(NONE, "None"); break;
    case 'T': IS(TRUE, "True"); break;
    case 'a': IS(AS, "as"); IS(AND, "and"); IS(AWAIT, "await"); IS(ASYNC, "async"); IS(ASSERT, "assert"); break;
    case 'b': IS(BREAK, "break"); break;
    case 'c': IS(CLASS, "class"); IS(CONTINUE, "continue"); break;
    case 'd': IS(DEF, "def"); IS(DEL, "del"); break;
    case 'e': IS(ELSE, "else"); IS(ELIF, "elif"); IS(EXCEPT, "except"); break;
    case 'f': IS(FOR, "for"); IS(FROM, "from"); IS(FINALLY, "finally"); break;
    case 'g': IS(GLOBAL, "global"); break;
    case 'i': IS(IF, "if"); IS(IN, "in"); IS(IS, "is"); IS(IMPORT, "import"); break;
    case 'l': IS(LAMBDA, "lambda"); break;
    case 'n': IS(NOT, "not"); IS(NONLOCAL, "nonlocal"); break;
    case 'o': IS(OR, "or"); break;
    case 'p': IS(PASS, "pass"); break;
    case 'r': IS(RETURN, "return"); IS(RAISE, "raise"); break;
    case 't': IS(TRY, "try"); break;
    case 'w': IS(WITH, "with"); IS(WHILE, "while"); break;
    case 'y': IS(YIELD, "yield"); break;
    }
#undef IS
    return TOKEN_NAME;
}

// ---- numbers ----

static bool is_word_at(const char *s, const char *word)
{
    size_t length = strlen(word);
    return !strncmp(s, word, length) && !is_class(s[length], LETTER | DIGIT);
}

// What follows a number must not be glued to it. A keyword may, but is frowned upon.
static bool check_number_end(Lexer *lx, const char *kind)
{
    const char *s = lx->cur;
    if (!is_class(*s, LETTER | DIGIT)) return true;
    bool keyword = (s[0] == 'i' && (s[1] == 'f' || s[1] == 'n' || s[1] == 's')) || is_word_at(s, "and") ||
                   is_word_at(s, "else") || is_word_at(s, "for") || is_word_at(s, "or") || is_word_at(s, "not");
    return keyword ? deprecated(lx, kind) : mistake(lx, "invalid %s literal", kind);
}

// Digits with single underscores between them; `cur` is at a digit or behind one.
static bool decimal_digits(Lexer *lx)
{
    for (;;) {
        while (is_digit(*lx->cur)) lx->cur++;
        if (*lx->cur != '_') return true;
        if (!is_digit(*++lx->cur)) return mistake(lx, "invalid decimal literal");
    }
}

static bool digit_of(char c, int base)
{
    return base == 16 ? is_class(c, HEX) : c >= '0' && c < '0' + base;
}

// 0x, 0o, 0b: `cur` is behind the letter.
static bool based_number(Lexer *lx, int base, const char *kind)
{
    do {
        if (*lx->cur == '_') lx->cur++;
        if (!digit_of(*lx->cur, base)) {
            if (!is_digit(*lx->cur)) return mistake(lx, "invalid %s literal", kind);
            char digit = *lx->cur++;
            return mistake(lx, "invalid digit '%c' in %s literal", digit, kind);
        }
        while (digit_of(*lx->cur, base)) lx->cur++;
    } while (*lx->cur == '_');
    if (is_digit(*lx->cur)) {
        char digit = *lx->cur++;
        return mistake(lx, "invalid digit '%c' in %s literal", digit, kind);
    }
    return check_number_end(lx, kind);
}

// What may come behind the whole part: fraction, exponent, j. `cur` is at it.
static bool number_tail(Lexer *lx)
{
    if (*lx->cur == '.') {
        lx->cur++;
        if (is_digit(*lx->cur) && !decimal_digits(lx)) return false;
    }
    if (*lx->cur == 'e' || *lx->cur == 'E') {
        const char *letter = lx->cur++;
        if (*lx->cur == '+' || *lx->cur == '-') {
            lx->cur++;
            if (!is_digit(*lx->cur)) return mistake(lx, "invalid decimal literal");
        } else if (!is_digit(*lx->cur)) {
            lx->cur = letter;
            return check_number_end(lx, "decimal");
        }
        if (!decimal_digits(lx)) return false;
    }
    if (*lx->cur == 'j' || *lx->cur == 'J') {
        lx->cur++;
        return check_number_end(lx, "imaginary");
    }
    return check_number_end(lx, "decimal");
}

static bool zero_number(Lexer *lx, const char *start)
{
    char letter = lx->cur[0] | 0x20;
    if (letter == 'x' || letter == 'o' || letter == 'b') {
        lx->cur++;
        if (letter == 'x') return based_number(lx, 16, "hexadecimal");
        return letter == 'o' ? based_number(lx, 8, "octal") : based_number(lx, 2, "binary");
    }
    for (;;) {
        if (*lx->cur == '_' && !is_digit(*++lx->cur)) return mistake(lx, "invalid decimal literal");
        if (*lx->cur != '0') break;
        lx->cur++;
    }
    const char *zeros_end = lx->cur;
    bool nonzero = is_digit(*lx->cur);
    if (nonzero && !decimal_digits(lx)) return false;
    if (nonzero && *lx->cur != '.' && *lx->cur != 'e' && *lx->cur != 'E' && *lx->cur != 'j' && *lx->cur != 'J') {
        mistake(lx, "leading zeros in decimal integer literals are not permitted; use an 0o prefix for octal integers");
        lx->list->fault.offset = (int)(start + 1 - lx->line_start);
        lx->list->fault.end_offset = (int)(zeros_end + 1 - lx->line_start);
        return false;
    }
    return number_tail(lx);
}

static bool number(Lexer *lx, const char *start)
{
    if (*start == '0') return lx->cur = start + 1, zero_number(lx, start);
    lx->cur = start;
    if (*start != '.' && !decimal_digits(lx)) return false;
    return number_tail(lx);
}

// ---- strings ----

// Behind the string literal whose opening quote is at `at`, NULL if it does not end.
static const char *string_end(const char *at, const char *end)
{
    char quote = *at;
    if (at[1] == quote && at[2] != quote) return at + 2;
    if (at[1] == quote) {
        for (at += 3; at < end; at++) {
            if (*at == '\\') at++;
            else if (*at == quote && at[1] == quote && at[2] == quote) return at + 3;
        }
        return NULL;
    }
    for (at++; at < end && *at != '\n'; at++) {
        if (*at == '\\') at++;
        else if (*at == quote) return at + 1;
    }
    return NULL;
}

// What stands around a piece of an f-string: its quote, and how deep fields are in fields.
typedef struct Surroundings { char quote; bool triple; int depth; } Surroundings;

static const char *formatted_end(const char *at, const char *end, bool raw, int depth);

// Has the literal whose quote is at `quote` a prefix with f in it? `first`: where the text began.
static bool is_formatted(const char *first, const char *quote, bool *raw)
{
    const char *at = quote;
    while (at > first && is_class(at[-1], LETTER | DIGIT)) at--;
    size_t length = (size_t)(quote - at);
    *raw = length == 2;
    if (length == 1) return (at[0] | 0x20) == 'f';
    return length == 2 && (((at[0] | 0x20) == 'f' && (at[1] | 0x20) == 'r') || ((at[0] | 0x20) == 'r' && (at[1] | 0x20) == 'f'));
}

static bool closes(const char *at, Surroundings around)
{
    return *at == around.quote && (!around.triple || (at[1] == around.quote && at[2] == around.quote));
}

static const char *field_end(const char *at, const char *end, Surroundings around);

// Behind the } that ends a format specification that begins at `at`.
static const char *specification_end(const char *at, const char *end, Surroundings around)
{
    while (at < end && *at != '}') {
        if ((*at == '\n' && !around.triple) || closes(at, around)) return NULL;
        if (*at != '{') at++;
        else if (!(at = field_end(at, end, around))) return NULL;
    }
    return at < end ? at + 1 : NULL;
}

// Behind the replacement field whose { is at `at`, NULL if it is not well formed. A field may hold any
// literal, also one with the quotes of the string around it.
static const char *field_end(const char *at, const char *end, Surroundings around)
{
    if (around.depth++ > DEEPEST_FIELD) return NULL;
    int level = 0;
    const char *first = ++at;
    for (; at < end; at++) {
        bool raw;
        switch (*at) {
        case '\'': case '"':
            at = is_formatted(first, at, &raw) ? formatted_end(at, end, raw, around.depth) : string_end(at, end);
            if (!at) return NULL;
            at--;
            break;
        case '#':
            while (at < end && *at != '\n') at++;
            break;
        case '(': case '[': case '{':
            level++;
            break;
        case ')': case ']':
            if (level-- == 0) return NULL;
            break;
        case '}':
            if (level-- == 0) return at + 1;
            break;
        case ':':
            if (!level) return specification_end(at + 1, end, around);
        }
    }
    return NULL;
}

// As string_end, for an f-string with well-formed fields; NULL also if they are not.
static const char *formatted_end(const char *at, const char *end, bool raw, int depth)
{
    Surroundings around = {*at, at[1] == *at && at[2] == *at, depth};
    if (at[1] == *at && !around.triple) return at + 2;
    for (at += around.triple ? 3 : 1; at < end; at++) {
        if (*at == '\n' && !around.triple) return NULL;
        if (*at == '\\' && at[1] != '{' && at[1] != '}') {
            at++;
            if (raw || *at != 'N' || at[1] != '{') continue;
            while (at[1] && at[1] != '}' && at[1] != '\n' && at[1] != around.quote) at++;
            if (at[1] == '}') at++;
        } else if (*at == '{' && at[1] == '{') {
            at++;
        } else if (*at == '{') {
            if (!(at = field_end(at, end, around))) return NULL;
            at--;
        } else if (closes(at, around)) {
            return at + (around.triple ? 3 : 1);
        }
    }
    return NULL;
}

// `cur` is at the opening quote, `start` at the prefix.
static bool string(Lexer *lx, const char *start)
{
    const char *quote = lx->cur, *end = NULL;
    bool triple = quote[1] == quote[0] && quote[2] == quote[0];
    const char *first_line = lx->line_start;
    int first_lineno = lx->lineno;
    bool raw;
    bool old = lx->source->old_fstring == (uint32_t)(start - lx->source->bytes) + 1;
    if (!old && is_formatted(start, quote, &raw)) end = formatted_end(quote, lx->end, raw, 0);
    if (!end) end = string_end(quote, lx->end);
    const char *stop_at = end;
    if (!end) {
        stop_at = lx->end;
        if (!triple)
            for (stop_at = quote; stop_at < lx->end && *stop_at != '\n'; stop_at++)
                if (*stop_at == '\\' && stop_at + 1 < lx->end) stop_at++;
    }
    for (const char *at = quote; (at = memchr(at, '\n', (size_t)(stop_at - at))); ) lx->lineno++, lx->line_start = ++at;
    lx->cur = stop_at;
    if (!end) {
        int detected = lx->lineno;
        if (stop_at == lx->end && lx->line_start == lx->end) detected--;
        lx->cur = start + 1;
        lx->line_start = first_line;
        lx->lineno = first_lineno;
        if (triple) mistake(lx, "unterminated triple-quoted string literal (detected at line %d)", detected);
        else mistake(lx, "unterminated string literal (detected at line %d)", detected);
        lx->list->fault.incomplete = triple || stop_at == lx->end;
        return false;
    }
    Token *token = add_token(lx, TOKEN_STRING);
    if (!token) return false;
    token->start = (uint32_t)(start - lx->source->bytes);
    token->lineno = first_lineno;
    token->col_offset = (int)(start - first_line);
    token->end_col_offset = (int)(end - lx->line_start);
    return true;
}

// ---- operators ----

static TokenKind operator_at(const char *s, int *length)
{
    *length = 1;
#define TWO(second, kind) if (s[1] == (second)) return *length = 2, TOKEN_##kind
#define THREE(second, third, kind) if (s[1] == (second) && s[2] == (third)) return *length = 3, TOKEN_##kind
    switch (s[0]) {
    case '(': return TOKEN_LPAR;
    case ')': return TOKEN_RPAR;
    case '[': return TOKEN_LSQB;
    case ']': return TOKEN_RSQB;
    case '{': return TOKEN_LBRACE;
    case '}': return TOKEN_RBRACE;
    case ',': return TOKEN_COMMA;
    case ';': return TOKEN_SEMI;
    case '~': return TOKEN_TILDE;
    case ':': TWO('=', COLONEQUAL); return TOKEN_COLON;
    case '=': TWO('=', EQEQUAL); return TOKEN_EQUAL;
    case '.': THREE('.', '.', ELLIPSIS); return TOKEN_DOT;
    case '+': TWO('=', PLUSEQUAL); return TOKEN_PLUS;
    case '-': TWO('=', MINEQUAL); TWO('>', RARROW); return TOKEN_MINUS;
    case '*': THREE('*', '=', DOUBLESTAREQUAL); TWO('*', DOUBLESTAR); TWO('=', STAREQUAL); return TOKEN_STAR;
    case '/': THREE('/', '=', DOUBLESLASHEQUAL); TWO('/', DOUBLESLASH); TWO('=', SLASHEQUAL); return TOKEN_SLASH;
    case '|': TWO('=', VBAREQUAL); return TOKEN_VBAR;
    case '&': TWO('=', AMPEREQUAL); return TOKEN_AMPER;
    case '^': TWO('=', CIRCUMFLEXEQUAL); return TOKEN_CIRCUMFLEX;
    case '%': TWO('=', PERCENTEQUAL); return TOKEN_PERCENT;
    case '@': TWO('=', ATEQUAL); return TOKEN_AT;
    case '!': TWO('=', NOTEQUAL); return TOKEN_BANG;
    case '<': THREE('<', '=', LEFTSHIFTEQUAL); TWO('<', LEFTSHIFT); TWO('=', LESSEQUAL); TWO('>', NOTEQUAL); return TOKEN_LESS;
    case '>': THREE('>', '=', RIGHTSHIFTEQUAL); TWO('>', RIGHTSHIFT); TWO('=', GREATEREQUAL); return TOKEN_GREATER;
    }
#undef TWO
#undef THREE
    return TOKEN_UNKNOWN;
}

static bool open_bracket(Lexer *lx, char bracket)
{
    if (lx->level >= DEEPEST_BRACKET) {
        lx->cur++;
        return mistake(lx, "too many nested parentheses");
    }
    lx->open[lx->level++] = (struct OpenBracket){bracket, lx->lineno, (int)(lx->cur - lx->line_start)};
    return true;
}

static bool close_bracket(Lexer *lx, char bracket)
{
    if (!lx->level) return lx->cur++, mistake(lx, "unmatched '%c'", bracket);
    struct OpenBracket open = lx->open[--lx->level];
    char fitting = open.bracket == '(' ? ')' : open.bracket == '[' ? ']' : '}';
    if (bracket == fitting) return true;
    lx->cur++;
    if (open.lineno == lx->lineno)
        return mistake(lx, "closing parenthesis '%c' does not match opening parenthesis '%c'", bracket, open.bracket);
    return mistake(lx, "closing parenthesis '%c' does not match opening parenthesis '%c' on line %d", bracket, open.bracket, open.lineno);
}

static bool operator(Lexer *lx)
{
    int length;
    char c = *lx->cur;
    TokenKind kind = operator_at(lx->cur, &length);
    if ((c == '(' || c == '[' || c == '{') && !open_bracket(lx, c)) return false;
    if ((c == ')' || c == ']' || c == '}') && !close_bracket(lx, c)) return false;
    if (kind == TOKEN_UNKNOWN && !is_printable((unsigned char)c)) {
        lx->cur++;
        return mistake(lx, "invalid non-printable character U+%04X", (unsigned char)c);
    }
    Token *token = add_token(lx, kind);
    if (!token) return false;
    token->col_offset = (int)(lx->cur - lx->line_start);
    lx->cur += length;
    token->end += (uint32_t)length;
    token->end_col_offset = token->col_offset + length;
    return true;
}

// ---- lines ----

// `cur` is at a backslash. Goes to the start of the next line.
static bool join_lines(Lexer *lx)
{
    if (*++lx->cur != '\n') {
        if (lx->cur < lx->end) lx->cur++;
        return stop_layout(lx, FAULT_SYNTAX, "unexpected character after line continuation character",
                           utf8_count(lx->line_start, (size_t)(lx->cur - lx->line_start)), 0);
    }
    lx->cur++;
    if (lx->cur >= lx->end) return stop_at_end(lx);
    lx->lineno++;
    lx->line_start = lx->cur;
    return true;
}

static bool inconsistent(Lexer *lx)
{
    return stop_layout(lx, FAULT_TAB, "inconsistent use of tabs and spaces in indentation", 1, 0);
}

// A line of code begins at column `column`: gives the INDENT or the DEDENTs for it.
static bool set_indent(Lexer *lx, int column, int narrow)
{
    if (column == lx->columns[lx->indent]) return narrow == lx->narrow_columns[lx->indent] || inconsistent(lx);
    if (column > lx->columns[lx->indent]) {
        if (lx->indent + 1 >= DEEPEST_INDENT) return stop_layout(lx, FAULT_INDENTATION, "too many levels of indentation", 1, 0);
        if (narrow <= lx->narrow_columns[lx->indent]) return inconsistent(lx);
        lx->columns[++lx->indent] = column;
        lx->narrow_columns[lx->indent] = narrow;
        return add_token(lx, TOKEN_INDENT);
    }
    int blocks = 0;
    while (lx->indent > 0 && column < lx->columns[lx->indent]) lx->indent--, blocks++;
    if (column != lx->columns[lx->indent]) {
        const char *end = memchr(lx->cur, '\n', (size_t)(lx->end - lx->cur));
        return stop_layout(lx, FAULT_INDENTATION, "unindent does not match any outer indentation level",
                           utf8_count(lx->line_start, (size_t)((end ? end + 1 : lx->end) - lx->line_start)), -1);
    }
    if (narrow != lx->narrow_columns[lx->indent]) return inconsistent(lx);
    while (blocks-- > 0)
        if (!add_token(lx, TOKEN_DEDENT)) return false;
    return true;
}

// At the start of a line: measures it. *blank: there is no code on it.
static bool begin_line(Lexer *lx, bool *blank)
{
    int column = 0, narrow = 0, joined_column = 0;
    for (;; lx->cur++) {
        if (*lx->cur == ' ') column++, narrow++;
        else if (*lx->cur == '\t') column = (column / TAB_WIDTH + 1) * TAB_WIDTH, narrow++;
        else if (*lx->cur == '\f') column = narrow = 0;
        else if (*lx->cur == '\\') {
            if (!joined_column) joined_column = column;
            if (!join_lines(lx)) return false;
            lx->cur--;
        } else break;
    }
    *blank = *lx->cur == '#' || *lx->cur == '\n';
    if (*blank || lx->level) return true;
    if (joined_column) column = narrow = joined_column;
    return set_indent(lx, column, narrow);
}

// The NEWLINE begins where the line's comment does, at `start`.
static bool add_newline(Lexer *lx, const char *start)
{
    Token *token = add_token(lx, TOKEN_NEWLINE);
    if (!token) return false;
    token->col_offset = (int)(start - lx->line_start);
    token->end_col_offset = (int)(lx->cur - lx->line_start);
    return true;
}

// ---- the whole ----

static bool name_or_string(Lexer *lx)
{
    const char *start = lx->cur, *at = start;
    unsigned mask = 0;
    do mask |= (unsigned char)*at++; while (is_class(*at, LETTER | DIGIT));
    if ((*at == '"' || *at == '\'') && at - start <= 2) {
        char a = start[0] | 0x20, b = at - start == 2 ? start[1] | 0x20 : 0;
        bool prefix = b ? (a == 'r' && (b == 'b' || b == 'f')) || (b == 'r' && (a == 'b' || a == 'f'))
                        : a == 'r' || a == 'b' || a == 'u' || a == 'f';
        if (prefix) return lx->cur = at, string(lx, start);
    }
    lx->cur = at;
    if (mask & 0x80 && !check_name(lx, start)) return false;
    Token *token = add_token(lx, keyword_or_name(start, (size_t)(at - start)));
    if (!token) return false;
    token->start = (uint32_t)(start - lx->source->bytes);
    token->col_offset = (int)(start - lx->line_start);
    token->end_col_offset = (int)(at - lx->line_start);
    return true;
}

static bool numeral(Lexer *lx)
{
    const char *start = lx->cur;
    if (!number(lx, start)) return false;
    Token *token = add_token(lx, TOKEN_NUMBER);
    if (!token) return false;
    token->start = (uint32_t)(start - lx->source->bytes);
    token->col_offset = (int)(start - lx->line_start);
    token->end_col_offset = (int)(lx->cur - lx->line_start);
    return true;
}

static bool close_blocks(Lexer *lx)
{
    for (; lx->indent > 0; lx->indent--)
        if (!add_token(lx, TOKEN_DEDENT)) return false;
    return true;
}

// A statement typed at a prompt ends in a NEWLINE, a block in one of its own: where the text has none, its end counts.
static bool finish_single(Lexer *lx)
{
    if (!lx->list->count) return true;
    if (lx->cur == lx->line_start) return close_blocks(lx) && add_token(lx, TOKEN_NEWLINE);
    if (!add_token(lx, TOKEN_NEWLINE)) return false;
    if (!lx->indent || lx->source->flags & PARSE_DONT_IMPLY_DEDENT) return true;
    return close_blocks(lx) && add_token(lx, TOKEN_NEWLINE);
}

// The end of the input: what is still open, then the END.
static void finish(Lexer *lx)
{
    if (lx->level) {
        stop_at_end(lx);
        return;
    }
    if (lx->cur == lx->line_start) lx->lineno--;  // what comes behind the last line counts to it
    if (lx->source->mode == PARSE_SINGLE ? !finish_single(lx) : !close_blocks(lx)) return;
    add_token(lx, TOKEN_END);
}

// At the end of a field, outside of its brackets.
static bool at_field_end(const Lexer *lx)
{
    if (lx->until != LEXER_FIELD || lx->level != 1) return false;
    char c = *lx->cur;
    return c == '}' || c == ':' || ((c == '!' || c == '=') && lx->cur[1] != '=');
}

// The braces of a field read as parentheses: its text is an expression between them.
static bool begin_field(Lexer *lx)
{
    if (!open_bracket(lx, '{')) return false;
    Token *token = add_token(lx, TOKEN_LPAR);
    if (!token) return false;
    token->col_offset = (int)(lx->cur++ - lx->line_start);
    token->end_col_offset = token->col_offset + 1;
    return true;
}

static void end_field(Lexer *lx)
{
    lx->level--;
    Token *token = add_token(lx, TOKEN_RPAR);
    if (!token) return;
    token->col_offset = (int)(lx->cur - lx->line_start);
    token->end_col_offset = token->col_offset + 1;
    token = add_token(lx, TOKEN_END);
    if (token) token->col_offset = token->end_col_offset = (int)(lx->cur - lx->line_start);
}

static void run(Lexer *lx)
{
    bool line_start = lx->until == LEXER_FILE, blank = false;
    for (const char *comment = NULL;;) {
        if (line_start && lx->cur < lx->end) {
            line_start = false;
            if (!begin_line(lx, &blank)) return;
        }
        while (is_class(*lx->cur, SPACE)) lx->cur++;
        char c = *lx->cur;
        bool more = true;
        if (lx->cur >= lx->end) {
            finish(lx);
            return;
        } else if (at_field_end(lx)) {
            end_field(lx);
            return;
        } else if (is_class(c, LETTER)) {
            more = name_or_string(lx);
        } else if (is_class(c, DIGIT) || (c == '.' && is_digit(lx->cur[1]))) {
            more = numeral(lx);
        } else if (c == '"' || c == '\'') {
            more = string(lx, lx->cur);
        } else if (c == '#') {
            comment = lx->cur;
            while (lx->cur < lx->end && *lx->cur != '\n') lx->cur++;
            continue;
        } else if (c == '\n') {
            if (!blank && !lx->level && !add_newline(lx, comment ? comment : lx->cur)) return;
            comment = NULL;
            lx->lineno++;
            lx->line_start = ++lx->cur;
            line_start = true, blank = false;
            continue;
        } else if (c == '\\') {
            if (!join_lines(lx)) return;
            continue;
        } else {
            more = operator(lx);
        }
        if (!more) return;
    }
}

bool lexer_run(const Source *source, uint32_t start, int lineno, LexerEnd until, Arena *arena, TokenList *list,
               struct SyntaxWarning ***warnings)
{
    Lexer lx;
    memset(&lx, 0, offsetof(Lexer, columns));
    lx.source = source;
    lx.cur = lx.line_start = source->bytes + start;
    lx.end = source->bytes + source->length;
    lx.lineno = lineno;
    lx.until = until;
    lx.arena = arena;
    lx.list = list;
    lx.warnings = warnings;
    lx.columns[0] = lx.narrow_columns[0] = 0;
    lx.level = 0;
    while (lx.line_start > source->bytes && lx.line_start[-1] != '\n') lx.line_start--;
    if (until == LEXER_FILE || begin_field(&lx)) run(&lx);
    return !lx.out_of_memory;
}

void token_list_free(TokenList *list)
{
    free(list->items);
    *list = (TokenList){0};
}
