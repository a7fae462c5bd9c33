// SPDX-License-Identifier: MIT
// interp/syntax_grammar.c: see syntax_grammar.h. A rule's text is taken apart when it is first needed.
#include "syntax_grammar.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

enum { DEEPEST_RULE = 6000, MOST_STACK = 4 << 20 };

typedef enum PartKind {
    TOKEN, WORD, SOFT_KEYWORD, REFERENCE, GROUP_, OPTIONAL_, ANY_NUMBER, ONE_OR_MORE, SEPARATED, AHEAD, NOT_AHEAD, CUT, FORCED
} PartKind;

typedef struct Choice Choice;
typedef struct Part {
    struct Part *next;
    PartKind kind;
    char capture;          // 'a', 'b' or 0
    TokenKind token;       // of TOKEN and FORCED
    RuleName rule;         // of REFERENCE
    const char *word;      // of WORD
    size_t word_length;
    struct Part *inner, *separator;
    Choice *choices;       // of GROUP_
} Part;

struct Choice {
    Choice *next;
    Part *first;
    bool diagnostic;       // it is a rule bad_... and nothing else
    WalkAction action;
    const char *message;
};

typedef struct Rule { const char *name, *text; bool remembered; Choice *choices; } Rule;

typedef struct Memo { struct Memo *next; RuleName rule; uint32_t end; } Memo;

static const Rule rule_texts[RULES] = {
#define RULE(name, choices) {#name, choices, false, NULL},
#define MEMO(name, choices) {#name, choices, true, NULL},
#include "syntax_rules.def"
};

// ---- the notation ----

typedef struct Reader { Walk *walk; const char *at; } Reader;

static void skip_blanks(Reader *reader)
{
    while (*reader->at == ' ') reader->at++;
}

static noreturn void bad_notation(const Reader *reader)
{
    fprintf(stderr, "syntax_rules.def: %s\n", reader->at);
    abort();
}

static TokenKind token_spelled(const Reader *reader, const char *text, size_t length)
{
    for (int kind = 0; kind < TOKEN_KINDS; kind++) {
        const char *spelling = token_spellings[kind];
        if (spelling && strlen(spelling) == length && !memcmp(spelling, text, length)) return (TokenKind)kind;
    }
    bad_notation(reader);
}

static Choice *read_choices(Reader *reader);

static void read_name(Reader *reader, Part *part)
{
    static const struct { const char *name; TokenKind kind; } kinds[] = {
        {"NAME", TOKEN_NAME}, {"NUMBER", TOKEN_NUMBER}, {"STRING", TOKEN_STRING}, {"NEWLINE", TOKEN_NEWLINE},
        {"INDENT", TOKEN_INDENT}, {"DEDENT", TOKEN_DEDENT}, {"END", TOKEN_END},
    };
    const char *name = reader->at;
    while (isalnum((unsigned char)*reader->at) || *reader->at == '_') reader->at++;
    size_t length = (size_t)(reader->at - name);
    if (length == 4 && !memcmp(name, "SOFT", 4)) {
        part->kind = SOFT_KEYWORD;
        return;
    }
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (strlen(kinds[i].name) != length || memcmp(kinds[i].name, name, length)) continue;
        part->kind = TOKEN;
        part->token = kinds[i].kind;
        return;
    }
    part->kind = REFERENCE;
    for (int i = 0; i < RULES; i++) {
        if (rule_texts[i].name[0] != name[0] || strlen(rule_texts[i].name) != length || memcmp(rule_texts[i].name, name, length)) continue;
        part->rule = (RuleName)i;
        return;
    }
    reader->at = name;
    bad_notation(reader);
}

static void read_spelling(Reader *reader, Part *part)
{
    const char *text = ++reader->at;
    while (*reader->at && *reader->at != '\'') reader->at++;
    part->token = token_spelled(reader, text, (size_t)(reader->at++ - text));
}

static Part *new_part(Reader *reader)
{
    return ARENA_NEW(reader->walk->p->arena, Part);
}

// One part, without what may stand behind it.
static Part *read_simple(Reader *reader)
{
    Part *part = new_part(reader);
    switch (*reader->at) {
    case '\'':
        part->kind = TOKEN;
        read_spelling(reader, part);
        break;
    case '^':
        reader->at++;
        part->kind = FORCED;
        read_spelling(reader, part);
        break;
    case '~':
        reader->at++;
        part->kind = CUT;
        break;
    case '=':
        part->kind = WORD;
        part->word = ++reader->at;
        while (isalpha((unsigned char)*reader->at) || *reader->at == '_') reader->at++;
        part->word_length = (size_t)(reader->at - part->word);
        break;
    case '(':
        reader->at++;
        part->kind = GROUP_;
        part->choices = read_choices(reader);
        if (*reader->at++ != ')') bad_notation(reader);
        break;
    default:
        read_name(reader, part);
    }
    return part;
}

static Part *wrap(Reader *reader, PartKind kind, Part *inner)
{
    Part *part = new_part(reader);
    part->kind = kind;
    part->inner = inner;
    return part;
}

static Part *read_part(Reader *reader)
{
    char capture = 0;
    if ((reader->at[0] == 'a' || reader->at[0] == 'b') && reader->at[1] == ':') {
        capture = reader->at[0];
        reader->at += 2;
    }
    Part *part;
    if (*reader->at == '&' || *reader->at == '!') {
        PartKind kind = *reader->at++ == '&' ? AHEAD : NOT_AHEAD;
        part = wrap(reader, kind, read_simple(reader));
    } else {
        part = read_simple(reader);
        if (*reader->at == '.') {
            reader->at++;
            Part *whole = wrap(reader, SEPARATED, read_simple(reader));
            whole->separator = part;
            part = whole;
            if (*reader->at++ != '+') bad_notation(reader);
        } else if (*reader->at == '?' || *reader->at == '*' || *reader->at == '+') {
            PartKind kind = *reader->at == '?' ? OPTIONAL_ : *reader->at == '*' ? ANY_NUMBER : ONE_OR_MORE;
            reader->at++;
            part = wrap(reader, kind, part);
        }
    }
    part->capture = capture;
    return part;
}

static void read_action(Reader *reader, Choice *choice)
{
    const char *name = ++reader->at;
    while (isalpha((unsigned char)*reader->at) || *reader->at == '_') reader->at++;
    size_t length = (size_t)(reader->at - name);
    for (const NamedAction *action = reader->walk->actions; action->name; action++)
        if (strlen(action->name) == length && !memcmp(action->name, name, length)) choice->action = action->act;
    if (!choice->action) bad_notation(reader);
    skip_blanks(reader);
    if (*reader->at != '`') return;
    const char *message = ++reader->at, *end = strchr(message, '`');
    choice->message = arena_copy(reader->walk->p->arena, message, (size_t)(end - message));
    reader->at = end + 1;
}

static Choice *read_choices(Reader *reader)
{
    Choice *first = NULL, **last = &first;
    do {
        Choice *choice = *last = ARENA_NEW(reader->walk->p->arena, Choice);
        last = &choice->next;
        Part **part = &choice->first;
        for (skip_blanks(reader); *reader->at && *reader->at != '|' && *reader->at != ')' && *reader->at != '@'; skip_blanks(reader)) {
            *part = read_part(reader);
            part = &(*part)->next;
        }
        if (*reader->at == '@') read_action(reader, choice);
        skip_blanks(reader);
        const Part *only = choice->first && !choice->first->next ? choice->first : NULL;
        choice->diagnostic = only && only->kind == REFERENCE && !strncmp(rule_texts[only->rule].name, "bad_", 4);
    } while (*reader->at == '|' && reader->at++);
    return first;
}

// ---- matching ----

static TokenKind look(Walk *walk, uint32_t at)
{
    if (at > walk->farthest) walk->farthest = at;
    TokenKind kind = token_at(walk->p, at)->kind;
    if (kind == TOKEN_ERROR) walk->wrong_token(walk, at);
    return kind;
}

static bool is_word(Walk *walk, uint32_t at, const Part *part)
{
    if (look(walk, at) != TOKEN_NAME) return false;
    const Token *token = token_at(walk->p, at);
    return token->end - token->start == part->word_length && !memcmp(walk->p->source->bytes + token->start, part->word, part->word_length);
}

// Is it the beginning of `match`, `case` or `_`? CPython takes m or cas for a soft keyword, too.
static bool is_soft_keyword(Walk *walk, uint32_t at)
{
    if (look(walk, at) != TOKEN_NAME) return false;
    const Token *token = token_at(walk->p, at);
    const char *name = walk->p->source->bytes + token->start;
    size_t length = token->end - token->start;
    return !strncmp("match", name, length) || !strncmp("case", name, length) || !strncmp("_", name, length);
}

static bool is_token(Walk *walk, uint32_t at, TokenKind kind)
{
    if (look(walk, at) != kind) return false;
    if (kind != TOKEN_NOTEQUAL) return true;
    bool old = walk->p->source->bytes[token_at(walk->p, at)->start] == '<';  // <> counts with barry_as_FLUFL alone
    return old == !!(walk->p->source->flags & PARSE_BARRY_AS_FLUFL);
}

static uint32_t match_choices(Walk *walk, const Choice *choice, uint32_t at);

static uint32_t match_part(Walk *walk, const Part *part, uint32_t at)
{
    uint32_t end;
    switch (part->kind) {
    case TOKEN: return is_token(walk, at, part->token) ? at + 1 : NO_MATCH;
    case WORD: return is_word(walk, at, part) ? at + 1 : NO_MATCH;
    case SOFT_KEYWORD: return is_soft_keyword(walk, at) ? at + 1 : NO_MATCH;
    case REFERENCE: return walk_match(walk, part->rule, at);
    case GROUP_: return match_choices(walk, part->choices, at);
    case OPTIONAL_:
        end = match_part(walk, part->inner, at);
        return end == NO_MATCH ? at : end;
    case ONE_OR_MORE:
        at = match_part(walk, part->inner, at);
        if (at == NO_MATCH) return at;
        // fall through
    case ANY_NUMBER:
        while ((end = match_part(walk, part->inner, at)) != NO_MATCH && end > at) at = end;
        return at;
    case SEPARATED:
        at = match_part(walk, part->inner, at);
        while (at != NO_MATCH) {
            end = match_part(walk, part->separator, at);
            if (end != NO_MATCH) end = match_part(walk, part->inner, end);
            if (end == NO_MATCH) return at;
            at = end;
        }
        return at;
    case AHEAD: return match_part(walk, part->inner, at) != NO_MATCH ? at : NO_MATCH;
    case NOT_AHEAD: return match_part(walk, part->inner, at) == NO_MATCH ? at : NO_MATCH;
    case CUT: return at;
    case FORCED:
        if (!is_token(walk, at, part->token)) walk->forced(walk, at, token_spellings[part->token]);
        return at + 1;
    }
    return NO_MATCH;
}

static uint32_t match_choices(Walk *walk, const Choice *choice, uint32_t start)
{
    for (; choice; choice = choice->next) {
        if (choice->diagnostic && !walk->diagnosing) continue;
        Span spans[2] = {0};
        bool cut = false;
        uint32_t at = start;
        for (const Part *part = choice->first; part; part = part->next) {
            uint32_t end = match_part(walk, part, at);
            if (part->kind == CUT) cut = true;
            if (part->capture) spans[part->capture - 'a'] = (Span){at, end, part->kind == REFERENCE ? part->rule : RULES};
            at = end;
            if (at == NO_MATCH) break;
        }
        if (at != NO_MATCH) return choice->action ? choice->action(walk, choice->message, &spans[0], &spans[1], at) : at;
        if (cut) return NO_MATCH;
    }
    return NO_MATCH;
}

static Rule *rule_of(Walk *walk, RuleName name)
{
    Rule *rule = &walk->rules[name];
    if (!rule->choices) {
        *rule = rule_texts[name];
        Reader reader = {walk, rule->text};
        rule->choices = read_choices(&reader);
        if (*reader.at) bad_notation(&reader);
    }
    return rule;
}

// The rule `undiagnosed` is read as if the text were right.
static uint32_t match_rule(Walk *walk, const Rule *rule, RuleName name, uint32_t at)
{
    bool diagnosing = walk->diagnosing;
    if (name == RULE_undiagnosed) walk->diagnosing = false;
    uint32_t end = match_choices(walk, rule->choices, at);
    walk->diagnosing = diagnosing;
    return end;
}

uint32_t walk_match(Walk *walk, RuleName name, uint32_t at)
{
    Rule *rule = rule_of(walk, name);
    if (rule->remembered) {
        for (Memo *memo = walk->memos[at - walk->first]; memo; memo = memo->next)
            if (memo->rule == name) return memo->end;
    }
    if (++walk->depth > DEEPEST_RULE || labs(walk->stack_base - (char *)__builtin_frame_address(0)) > MOST_STACK) walk->too_deep(walk);
    uint32_t end = match_rule(walk, rule, name, at);
    walk->depth--;
    if (rule->remembered) {
        Memo *memo = ARENA_NEW(walk->p->arena, Memo);
        *memo = (Memo){walk->memos[at - walk->first], name, end};
        walk->memos[at - walk->first] = memo;
    }
    return end;
}

void walk_begin(Walk *walk)
{
    walk->stack_base = __builtin_frame_address(0);
    walk->rules = ARENA_ARRAY(walk->p->arena, Rule, RULES);
    walk_forget(walk);
}

void walk_forget(Walk *walk)
{
    walk->memos = ARENA_ARRAY(walk->p->arena, Memo *, walk->p->tokens.count - walk->first + 1);
    walk->depth = 0;
}
