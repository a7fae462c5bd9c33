// SPDX-License-Identifier: MIT
// interp/syntax_grammar.h: walks a text that has no tree with the rules of syntax_rules.def.
//
// Owns     the meaning of the rules' notation: ordered choice, repetition, lookahead, memory.
// Always   `farthest` is the last token that was looked at: nothing is known of what follows it.
#pragma once
#include "parser_internal.h"

typedef enum RuleName {
#define RULE(name, choices) RULE_##name,
#define MEMO(name, choices) RULE_##name,
#include "syntax_rules.def"
    RULES
} RuleName;

enum { NO_MATCH = UINT32_MAX };

// What a part of a rule read: tokens `start` to `end` (exclusive). rule: RULES if it was not a rule.
typedef struct Span { uint32_t start, end; RuleName rule; } Span;

// What the end of a choice means: gives where the choice ends, or NO_MATCH: the rule does not match; or ends the walk.
typedef struct Walk Walk;
typedef uint32_t (*WalkAction)(Walk *walk, const char *message, const Span *a, const Span *b, uint32_t end);
typedef struct NamedAction { const char *name; WalkAction act; } NamedAction;

struct Walk {
    Parser *p;
    uint32_t first;            // the first token
    uint32_t farthest;
    bool diagnosing;           // the rules bad_... count
    int depth;
    char *stack_base;          // where the C stack was when the walk began
    const NamedAction *actions;
    void (*wrong_token)(Walk *walk, uint32_t at);                         // a TOKEN_ERROR was met: does not return
    void (*forced)(Walk *walk, uint32_t at, const char *expected);        // a ^ part is not there: does not return
    void (*too_deep)(Walk *walk);                                         // does not return
    struct Rule *rules;
    struct Memo **memos;       // for each token from `first` on, what was read there
};

void walk_begin(Walk *walk);
// Forgets what was read, so that the same text can be walked again.
void walk_forget(Walk *walk);
// Where `rule`, begun at token `at`, ends; or NO_MATCH.
uint32_t walk_match(Walk *walk, RuleName rule, uint32_t at);
