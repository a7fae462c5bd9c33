// SPDX-License-Identifier: MIT
// interp/syntax_error.c: the messages of SyntaxError and their places.
//
// The text is walked twice with the rules of syntax_rules.def. The first walk takes it for right, and shows how far
// it is: the last token that it looked at. The second also tries the rules that know what is wrong. The first of
// these to fit raises its message. If none does, it is "invalid syntax" at the token where the first walk stuck.
// A mistake of the lexer counts when a walk comes to it, and over a message of the rules also when it comes later.
//
// A replacement field of an f-string is walked on its own, as if its text stood in parentheses in a file of its own.
#include "syntax_error.h"

#include <stdarg.h>
#include <stdio.h>

#include "syntax_grammar.h"

typedef struct Explanation {
    Walk walk;               // first: actions get at the rest through it
    RuleName rule;
    const char *field;       // the { that the text begins with, NULL: it is a whole source
    const char *field_end;   // where its expression ends
    int field_lineno;
    bool lexical;            // the lexer's mistake was met
    bool second;             // the first walk is over
    uint32_t stuck;          // the last token that it looked at
    jmp_buf done;
} Explanation;

static Explanation *of(Walk *walk) { return (Explanation *)walk; }

// Columns count bytes from 1; 0 and -1: none.
typedef struct Place { int lineno, column, end_lineno, end_column; } Place;

// ---- telling ----

// The line that a fault shows: in a field, of the expression in parentheses.
static Text shown_line(const Explanation *x, int lineno)
{
    Parser *p = x->walk.p;
    if (!x->field) {
        Text line = source_line(p->source, lineno);
        bool last = line.bytes && line.bytes + line.length == p->source->bytes + p->source->length;
        if (!(p->source->flags & PARSE_IS_STR) && last && p->source->newline_added) line.length--;
        return line.bytes ? (Text){arena_copy(p->arena, line.bytes, line.length), line.length} : (Text){"", 0};
    }
    const char *start = x->field + 1, *end = x->field_end;
    for (int line = x->field_lineno; line < lineno; line++) {
        const char *newline = memchr(start, '\n', (size_t)(end - start));
        if (!newline) break;
        start = newline + 1;
    }
    const char *stop = memchr(start, '\n', (size_t)(end - start));
    if (!stop) stop = end;
    size_t length = 0;
    char *text = arena_alloc(p->arena, (size_t)(stop - start) + 4);
    if (start == x->field + 1) text[length++] = '(';
    memcpy(text + length, start, (size_t)(stop - start));
    length += (size_t)(stop - start);
    if (stop == end) text[length++] = ')';
    text[length++] = '\n';
    return (Text){text, length};
}

// What a column of the source is in the line that is shown.
static int shown_column(const Explanation *x, int lineno, int column)
{
    if (!x->field || column <= 0 || lineno != x->field_lineno) return column;
    const char *line = x->field;
    while (line > x->walk.p->source->bytes && line[-1] != '\n') line--;
    return column - (int)(x->field - line);
}

static int characters(Text line, int column)
{
    if (column <= 0) return column;
    if ((size_t)column > line.length) return utf8_count(line.bytes, line.length) + 1;
    return utf8_count(line.bytes, (size_t)column);
}

static void tell(Explanation *x, FaultClass kind, Place place, const char *message)
{
    Text line = shown_line(x, place.lineno);
    // Of a line of a str that the lexer has left behind, CPython shows what stands before its end.
    bool behind = x->walk.p->source->flags & PARSE_IS_STR && place.lineno < token_at(x->walk.p, x->walk.farthest)->end_lineno;
    if (behind && line.length && line.bytes[line.length - 1] == '\n') line.length--;
    *x->walk.p->fault = (SyntaxFault){
        .kind = kind, .message = message, .has_position = true, .line = line,
        .lineno = place.lineno, .end_lineno = place.end_lineno,
        .offset = characters(line, shown_column(x, place.lineno, place.column)),
        .end_offset = characters(line, shown_column(x, place.end_lineno, place.end_column)),
    };
}

static noreturn void finish(Explanation *x)
{
    longjmp(x->done, 1);
}

static noreturn void raise(Explanation *x, Place place, const char *message)
{
    if (x->field) {
        static const char prefix[] = "f-string: ";
        char *whole = arena_alloc(x->walk.p->arena, sizeof prefix + strlen(message));
        strcpy(whole, prefix);
        strcat(whole, message);
        message = whole;
    }
    tell(x, FAULT_SYNTAX, place, message);
    finish(x);
}

__attribute__((format(printf, 2, 3))) static const char *format(Explanation *x, const char *pattern, ...)
{
    char text[300];
    va_list args;
    va_start(args, pattern);
    vsnprintf(text, sizeof text, pattern, args);
    va_end(args);
    return arena_copy(x->walk.p->arena, text, strlen(text));
}

// ---- places ----

static Place place_of_token(const Explanation *x, uint32_t at)
{
    const Token *token = token_at(x->walk.p, at);
    return (Place){token->lineno, token->col_offset + 1, token->end_lineno, token->end_col_offset + 1};
}

// Where a message goes that has no other place: the last token that was looked at.
static Place last_place(const Explanation *x)
{
    const Token *token = token_at(x->walk.p, x->walk.farthest);
    Place place = place_of_token(x, x->walk.farthest);
    if (token->col_offset >= 0) return place;
    const Source *source = x->walk.p->source;
    const char *line = source->bytes + token->start, *at = line;
    bool at_end = token->start == source->length && line > source->bytes;
    if (at_end && !(source->flags & PARSE_IS_STR)) return (Place){place.lineno, 0, place.end_lineno, -1};  // a file has been left
    if (at_end) line--;
    while (line > x->walk.p->source->bytes && line[-1] != '\n') line--;
    place.column = (int)(at - line);
    place.end_column = -1;
    return place;
}

static Place from_node(const Node *node)
{
    return (Place){node->lineno, node->col_offset + 1, node->end_lineno, node->end_col_offset + 1};
}

static Node *try_parse(Walk *walk, uint32_t start, uint32_t end, Node *(*part)(Parser *p))
{
    Parser *p = walk->p;
    uint32_t pos = p->pos;
    p->pos = start;
    Node *node = parser_try(p, part);
    bool whole = p->pos == end;
    p->pos = pos;
    return whole ? node : NULL;
}

static Node *parse_starred_or_expression(Parser *p)
{
    Node *node = parse_star_named(p);
    return node;
}

// The tree of a span that an expression rule read; NULL if there is none.
static Node *node_of(Walk *walk, const Span *span)
{
    Node *(*part)(Parser *p);
    switch (span->rule) {
    case RULE_bit_or: part = parse_bitwise_or; break;
    case RULE_disjunction: part = parse_disjunction; break;
    case RULE_expression: case RULE_undiagnosed: case RULE_bad_annotated: part = parse_expression; break;
    case RULE_star_expressions: case RULE_yield: part = parse_yield_or_star_expressions; break;
    case RULE_star_named: case RULE_starred: part = parse_starred_or_expression; break;
    default: return NULL;
    }
    return try_parse(walk, span->start, span->end, part);
}

static Place place_of(Walk *walk, const Span *span)
{
    const Node *node = node_of(walk, span);
    if (node) return from_node(node);
    uint32_t end = span->end - 1;
    bool parameter = span->rule == RULE_parameter_plain || span->rule == RULE_lambda_plain;
    if (parameter && token_at(walk->p, end)->kind == TOKEN_COMMA) end--;
    Place first = place_of_token(of(walk), span->start), last = place_of_token(of(walk), end);
    return (Place){first.lineno, first.column, last.end_lineno, last.end_column};
}

static Place between(Place a, Place b)
{
    return (Place){a.lineno, a.column, b.end_lineno, b.end_column};
}

// ---- what expressions are called ----

static const char *constant_name(const Node *node)
{
    switch (AST(Constant, node)->value.tag) {
    case CONSTANT_NONE: return "None";
    case CONSTANT_TRUE: return "True";
    case CONSTANT_FALSE: return "False";
    case CONSTANT_ELLIPSIS: return "ellipsis";
    default: return "literal";
    }
}

static const char *expression_name(const Node *node)
{
    switch (node->kind) {
    case AST_Attribute: return "attribute";
    case AST_Subscript: return "subscript";
    case AST_Starred: return "starred";
    case AST_Name: return "name";
    case AST_List: return "list";
    case AST_Tuple: return "tuple";
    case AST_Lambda: return "lambda";
    case AST_Call: return "function call";
    case AST_BoolOp: case AST_BinOp: case AST_UnaryOp: return "expression";
    case AST_GeneratorExp: return "generator expression";
    case AST_Yield: case AST_YieldFrom: return "yield expression";
    case AST_Await: return "await expression";
    case AST_ListComp: return "list comprehension";
    case AST_SetComp: return "set comprehension";
    case AST_DictComp: return "dict comprehension";
    case AST_Dict: return "dict literal";
    case AST_Set: return "set display";
    case AST_JoinedStr: case AST_FormattedValue: return "f-string expression";
    case AST_Constant: return constant_name(node);
    case AST_Compare: return "comparison";
    case AST_IfExp: return "conditional expression";
    case AST_NamedExpr: return "named expression";
    default: return "expression";
    }
}

// The message with %n (the name of expression a) and %t (the text of token a) filled in.
static const char *fill_in(Walk *walk, const char *message, const Span *a)
{
    const char *mark = strchr(message, '%');
    if (!mark) return message;
    const Token *token = token_at(walk->p, a->start);
    Text text = {walk->p->source->bytes + token->start, token->end - token->start};
    if (mark[1] == 'n') {
        const Node *node = node_of(walk, a);
        text.bytes = node ? expression_name(node) : "expression";
        text.length = strlen(text.bytes);
    }
    return format(of(walk), "%.*s%.*s%s", (int)(mark - message), message, (int)text.length, text.bytes, mark + 2);
}

// ---- actions ----

#define UNUSED __attribute__((unused))
#define ACTION(name) \
    static uint32_t name(UNUSED Walk *walk, UNUSED const char *message, UNUSED const Span *a, UNUSED const Span *b, UNUSED uint32_t end)

ACTION(act_end) { return NO_MATCH; }

ACTION(act_last) { raise(of(walk), last_place(of(walk)), message); }

ACTION(act_at) { raise(of(walk), place_of(walk, a), fill_in(walk, message, a)); }

ACTION(act_range) { raise(of(walk), between(place_of(walk, a), place_of(walk, b)), fill_in(walk, message, a)); }

// From a up to where the lexer is.
ACTION(act_from)
{
    Place place = between(place_of(walk, a), place_of_token(of(walk), walk->farthest));
    if (token_at(walk->p, walk->farthest)->kind != TOKEN_NEWLINE) place.end_column--;
    raise(of(walk), place, message);
}

// b is a list of expressions that may end in a comma.
ACTION(act_range_to_item)
{
    uint32_t last = b->end - 1;
    if (token_at(walk->p, last)->kind == TOKEN_COMMA) last--;
    raise(of(walk), between(place_of(walk, a), place_of_token(of(walk), last)), message);
}

ACTION(act_no_block)
{
    if (message) message = format(of(walk), "expected an indented block after %s on line %d", message, token_at(walk->p, a->start)->lineno);
    tell(of(walk), FAULT_INDENTATION, last_place(of(walk)), message ? message : "expected an indented block");
    finish(of(walk));
}

static bool is_old_statement(Walk *walk, const Span *a)
{
    const Token *token = token_at(walk->p, a->start);
    const char *text = walk->p->source->bytes + token->start;
    return a->end == a->start + 1 && ((token->end - token->start == 5 && !memcmp(text, "print", 5)) ||
                                      (token->end - token->start == 4 && !memcmp(text, "exec", 4)));
}

ACTION(act_print)
{
    if (!is_old_statement(walk, a)) return NO_MATCH;
    const Token *token = token_at(walk->p, a->start);
    int length = (int)(token->end - token->start);
    const char *name = walk->p->source->bytes + token->start;
    raise(of(walk), between(place_of(walk, a), place_of(walk, b)),
          format(of(walk), "Missing parentheses in call to '%.*s'. Did you mean %.*s(...)?", length, name, length, name));
}

ACTION(act_comma)
{
    if (is_old_statement(walk, a) || token_at(walk->p, end - 1)->level == 0) return NO_MATCH;
    raise(of(walk), between(place_of(walk, a), place_of(walk, b)), "invalid syntax. Perhaps you forgot a comma?");
}

ACTION(act_dict_key)
{
    Place key = place_of(walk, a);
    raise(of(walk), (Place){key.lineno, key.end_column - 1, key.end_lineno, 0}, "':' expected after dictionary key");
}

// ---- actions: targets ----

typedef enum TargetUse { ASSIGNED, LOOPED, DELETED } TargetUse;

// The part of an expression that cannot be a target; NULL if there is none.
static const Node *wrong_target(const Node *node, TargetUse use)
{
    const NodeList *elements;
    switch (node->kind) {
    case AST_Name: case AST_Attribute: case AST_Subscript: return NULL;
    case AST_Starred: return use == DELETED ? node : wrong_target(AST(Starred, node)->value, use);
    case AST_Compare:
        if (use != LOOPED) return node;
        return AST(Compare, node)->ops.items[0] == AST_In ? wrong_target(AST(Compare, node)->left, use) : NULL;
    case AST_List: elements = &AST(List, node)->elts; break;
    case AST_Tuple: elements = &AST(Tuple, node)->elts; break;
    default: return node;
    }
    for (size_t i = 0; i < elements->count; i++) {
        const Node *wrong = wrong_target(elements->items[i], use);
        if (wrong) return wrong;
    }
    return NULL;
}

static uint32_t refuse_target(Walk *walk, const Span *a, TargetUse use)
{
    const Node *node = node_of(walk, a), *wrong = node ? wrong_target(node, use) : NULL;
    if (!wrong) return NO_MATCH;
    raise(of(walk), from_node(wrong), format(of(walk), use == DELETED ? "cannot delete %s" : "cannot assign to %s", expression_name(wrong)));
}

ACTION(act_star_target) { return refuse_target(walk, a, ASSIGNED); }
ACTION(act_for_target) { return refuse_target(walk, a, LOOPED); }
ACTION(act_del_target) { return refuse_target(walk, a, DELETED); }

// ---- actions: calls ----

// The last part of `for` clauses: a place, and the target there.
static Place last_clause(Walk *walk, const Span *clauses, bool target)
{
    Parser *p = walk->p;
    uint32_t pos = p->pos;
    p->pos = clauses->start;
    NodeList list = parse_comprehensions(p);
    p->pos = pos;
    const Astcomprehension *last = AST(comprehension, list.items[list.count - 1]);
    if (target) return from_node(last->target);
    return from_node(last->ifs.count ? last->ifs.items[last->ifs.count - 1] : last->iter);
}

static const char unbracketed[] = "Generator expression must be parenthesized";

ACTION(act_generator_argument) { raise(of(walk), between(place_of(walk, a), last_clause(walk, b, false)), unbracketed); }

ACTION(act_generator_target) { raise(of(walk), between(place_of(walk, a), last_clause(walk, b, true)), unbracketed); }

static void read_arguments(Walk *walk, const Span *a, NodeList *args, NodeList *keywords)
{
    uint32_t pos = walk->p->pos;
    walk->p->pos = a->start;
    parse_arguments(walk->p, a->end, args, keywords);
    walk->p->pos = pos;
}

ACTION(act_generator_last)
{
    NodeList args, keywords;
    read_arguments(walk, a, &args, &keywords);
    if (args.count <= 1) return NO_MATCH;
    raise(of(walk), between(from_node(args.items[args.count - 1]), last_clause(walk, b, false)), unbracketed);
}

ACTION(act_positional_late)
{
    NodeList args, keywords;
    read_arguments(walk, a, &args, &keywords);
    const char *told = "positional argument follows keyword argument";
    for (size_t i = 0; i < keywords.count; i++)
        if (text_is_none(AST(keyword, keywords.items[i])->arg)) told = "positional argument follows keyword argument unpacking";
    raise(of(walk), last_place(of(walk)), told);
}

// ---- actions: literals ----

static bool is_imaginary(Walk *walk, const Span *a)
{
    char last = walk->p->source->bytes[token_at(walk->p, a->start)->end - 1];
    return last == 'j' || last == 'J';
}

ACTION(act_real)
{
    if (is_imaginary(walk, a)) raise(of(walk), place_of(walk, a), "real number required in complex literal");
    return end;
}

ACTION(act_imaginary)
{
    if (!is_imaginary(walk, a)) raise(of(walk), place_of(walk, a), "imaginary number required in complex literal");
    return end;
}

static void explain(Explanation *x);
static noreturn void explain_field(Explanation *x, uint32_t token, uint32_t field);

ACTION(act_strings)
{
    if (try_parse(walk, a->start, a->end, parse_strings)) return end;
    Parser *p = walk->p;
    if (p->specific) finish(of(walk));
    if (p->problem.message) raise(of(walk), last_place(of(walk)), p->problem.message);
    explain_field(of(walk), p->problem.token, p->problem.field);
}

static const NamedAction actions[] = {
    {"end", act_end}, {"last", act_last}, {"at", act_at}, {"range", act_range}, {"from", act_from},
    {"range_to_item", act_range_to_item}, {"no_block", act_no_block}, {"print", act_print}, {"comma", act_comma},
    {"dict_key", act_dict_key}, {"star_target", act_star_target}, {"for_target", act_for_target},
    {"del_target", act_del_target}, {"generator_argument", act_generator_argument},
    {"generator_target", act_generator_target}, {"generator_last", act_generator_last},
    {"positional_late", act_positional_late}, {"real", act_real}, {"imaginary", act_imaginary}, {"strings", act_strings},
    {NULL, NULL},
};

// ---- fields of f-strings ----

typedef struct Scan { char quote; bool triple; int level; char open[200]; } Scan;

static bool matches(char open, char close)
{
    return (open == '(' && close == ')') || (open == '[' && close == ']') || (open == '{' && close == '}');
}

// Goes over one character of a field's expression outside of quotes. Gives what is wrong with it, or NULL.
static const char *scan_bracket(Explanation *x, Scan *scan, char c)
{
    if (c == '(' || c == '[' || c == '{') {
        if (scan->level == (int)sizeof scan->open) return "f-string: too many nested parenthesis";
        scan->open[scan->level++] = c;
    } else if (c == '#') {
        return "f-string expression part cannot include '#'";
    } else if (c == ')' || c == ']' || c == '}') {
        if (!scan->level) return format(x, "f-string: unmatched '%c'", c);
        char open = scan->open[--scan->level];
        if (!matches(open, c)) return format(x, "f-string: closing parenthesis '%c' does not match opening parenthesis '%c'", c, open);
    }
    return NULL;
}

// Does the expression end at `s`? *length: how many characters to go on if it does not.
static bool ends_expression(const char *s, const char *end, int *length)
{
    *length = 1;
    if (!strchr("!:}=<>", *s)) return false;
    if (s + 1 < end && s[1] == '=' && strchr("!=<>", *s)) return *length = 2, false;
    return *s != '<' && *s != '>';
}

// Finds the end of the expression of a field as CPython 3.11 does, which forbids more than Baton. Gives what is wrong.
static const char *scan_field(Explanation *x, const char *s, const char *end, const char **stop)
{
    Scan scan = {0};
    while (s < end) {
        int length = 1;
        if (*s == '\\') return "f-string expression part cannot include a backslash";
        bool three = s + 2 < end && s[1] == s[0] && s[2] == s[0];
        if (scan.quote) {
            if (*s == scan.quote && (!scan.triple || three)) scan.quote = 0, length = scan.triple ? 3 : 1;
        } else if (*s == '\'' || *s == '"') {
            scan.quote = *s;
            scan.triple = three;
            length = three ? 3 : 1;
        } else if (scan.level == 0 && ends_expression(s, end, &length)) {
            break;
        } else if (length == 1) {
            const char *wrong = scan_bracket(x, &scan, *s);
            if (wrong) return wrong;
        }
        s += length;
    }
    *stop = s;
    if (scan.quote) return "f-string: unterminated string";
    if (scan.level) return format(x, "f-string: unmatched '%c'", scan.open[scan.level - 1]);
    return s < end ? NULL : "f-string: expecting '}'";
}

static bool is_blank(const char *s, const char *end)
{
    while (s < end && strchr(" \t\n\f\r", *s)) s++;
    return s >= end;
}

// Reads the tokens of a field into the parser's list, for a walk of their own.
static void begin_field(Explanation *inner, Explanation *outer, const char *field, const char *field_end, const char *end, int lineno)
{
    Parser *p = outer->walk.p;
    Source inside = *p->source;
    inside.length = (uint32_t)(end - p->source->bytes);
    memset(inner, 0, sizeof *inner);
    inner->walk.p = p;
    inner->walk.first = p->tokens.count;
    inner->rule = RULE_field;
    inner->field = field;
    inner->field_end = field_end;
    inner->field_lineno = lineno;
    LexicalFault kept = p->tokens.fault;
    if (!lexer_run(&inside, (uint32_t)(field - p->source->bytes), lineno, LEXER_FIELD, p->arena, &p->tokens, &p->last_warning))
        parser_out_of_memory(p);
    if (token_at(p, p->tokens.count - 1)->kind != TOKEN_ERROR) p->tokens.fault = kept;
}

static noreturn void explain_field(Explanation *x, uint32_t token, uint32_t field)
{
    Parser *p = x->walk.p;
    const char *body, *end, *stop, *open = p->source->bytes + field;
    parse_strings_body(p, token_at(p, token), &body, &end);
    int lineno = token_at(p, token)->lineno;
    for (const char *s = p->source->bytes + token_at(p, token)->start; s < open; s++) lineno += *s == '\n';
    const char *wrong = scan_field(x, open + 1, end, &stop);
    if (!wrong && is_blank(open + 1, stop))
        wrong = *stop == '}' ? "f-string: empty expression not allowed" : format(x, "f-string: expression required before '%c'", *stop);
    if (wrong) raise(x, last_place(x), wrong);

    uint32_t count = p->tokens.count;
    LexicalFault kept = p->tokens.fault;
    Explanation *inner = ARENA_NEW(p->arena, Explanation);
    begin_field(inner, x, open, stop, end, lineno);
    bool good = token_at(p, p->tokens.count - 1)->kind == TOKEN_END && try_parse(&x->walk, count, p->tokens.count - 1, parse_star_expressions);
    if (!good) explain(inner);
    p->tokens.count = count;
    p->tokens.fault = kept;
    if (!good) finish(x);

    if (*stop == '=')
        for (stop++; stop < end && strchr(" \t\n\f\r", *stop); ) stop++;
    if (stop + 1 < end && *stop == '!' && !strchr("sra", stop[1]))
        raise(x, last_place(x), "f-string: invalid conversion character: expected 's', 'r', or 'a'");
    raise(x, last_place(x), "f-string: expecting '}'");
}

// ---- the walks ----

static noreturn void unclosed(Explanation *x)
{
    const LexicalFault *fault = &x->walk.p->tokens.fault;
    tell(x, FAULT_SYNTAX, (Place){fault->open.lineno, fault->open.col_offset + 1, fault->open.lineno, 0},
         format(x, "'%c' was never closed", fault->open.bracket));
    finish(x);
}

static noreturn void tell_lexical(Explanation *x)
{
    const LexicalFault *lexical = &x->walk.p->tokens.fault;
    SyntaxFault *fault = x->walk.p->fault;
    x->lexical = true;
    if (lexical->stage == LEXICAL_EOF && lexical->level) unclosed(x);
    int shift = shown_column(x, lexical->lineno, 10000) - 10000;
    *fault = (SyntaxFault){.kind = lexical->kind, .message = lexical->message, .has_position = true,
                           .lineno = lexical->lineno, .end_lineno = lexical->end_lineno,
                           .offset = lexical->offset + shift,
                           .end_offset = lexical->end_offset + (lexical->end_offset > 0 ? shift : 0),
                           .line = shown_line(x, lexical->lineno)};
    finish(x);
}

static void wrong_token(Walk *walk, uint32_t at)
{
    (void)at;
    tell_lexical(of(walk));
}

static void forced(Walk *walk, uint32_t at, const char *expected)
{
    raise(of(walk), place_of_token(of(walk), at), format(of(walk), "expected '%s'", expected));
}

static void too_deep(Walk *walk)
{
    *walk->p->fault = (SyntaxFault){.kind = FAULT_MEMORY, .message = ""};
    of(walk)->lexical = true;
    finish(of(walk));
}

// Both walks; ends in `finish`.
static noreturn void walk_twice(Explanation *x)
{
    Walk *walk = &x->walk;
    walk_begin(walk);
    bool fits = walk_match(walk, x->rule, walk->first) != NO_MATCH;
    uint32_t last = fits ? walk->p->pos : walk->farthest;  // it should not fit; then the parser's word counts
    x->stuck = last;
    x->second = walk->diagnosing = true;
    walk_forget(walk);
    walk_match(walk, x->rule, walk->first);
    TokenKind kind = token_at(walk->p, last)->kind;
    if (kind == TOKEN_INDENT || kind == TOKEN_DEDENT) {
        tell(x, FAULT_INDENTATION, last_place(x), kind == TOKEN_INDENT ? "unexpected indent" : "unexpected unindent");
        x->lexical = true;
        finish(x);
    }
    raise(x, place_of_token(x, last), "invalid syntax");
}

// A mistake that the lexer made behind the fault may be the cause of it.
static void prefer_lexical(Explanation *x)
{
    Parser *p = x->walk.p;
    uint32_t end = p->tokens.count - 1;
    if (token_at(p, end)->kind != TOKEN_ERROR || x->walk.farthest >= end) return;
    if (setjmp(x->done)) return;
    if (p->tokens.fault.stage == LEXICAL_RAISED) tell_lexical(x);
    if (p->tokens.fault.level && token_at(p, x->walk.farthest)->lineno > p->tokens.fault.open.lineno) unclosed(x);
}

static void explain(Explanation *x)
{
    x->walk.actions = actions;
    x->walk.wrong_token = wrong_token;
    x->walk.forced = forced;
    x->walk.too_deep = too_deep;
    x->walk.farthest = x->walk.first;
    if (setjmp(x->done) == 0) walk_twice(x);
    if (!x->lexical && !x->field) prefer_lexical(x);
}

// Could more text behind this one make it a program? It may if the first walk came to its end.
static bool is_incomplete(const Explanation *x)
{
    const Token *last = token_at(x->walk.p, x->second ? x->stuck : x->walk.farthest);
    if (last->kind == TOKEN_ERROR) return x->walk.p->tokens.fault.incomplete;
    return last->end >= x->walk.p->source->length;
}

void syntax_error_explain(Parser *p)
{
    Explanation *x = ARENA_NEW(p->arena, Explanation);
    x->walk.p = p;
    x->rule = p->source->mode == PARSE_EVAL ? RULE_eval : p->source->mode == PARSE_SINGLE ? RULE_single : RULE_file;
    explain(x);
    p->fault->incomplete = is_incomplete(x);
    if (!p->fault->incomplete || !(p->source->flags & PARSE_ALLOW_INCOMPLETE)) return;
    tell(x, FAULT_SYNTAX, last_place(x), "incomplete input");
    p->fault->incomplete = true;
}

void syntax_error_check_single(Parser *p)
{
    const Token *last = token_at(p, p->pos - 1);
    const char *at = p->source->bytes + last->end, *end = p->source->bytes + p->source->length;
    while (at < end && strchr(" \t\n\f\r", *at)) {
        while (at < end && strchr(" \t\n\f\r", *at)) at++;
        if (at < end && *at == '#') at += strcspn(at, "\n");
    }
    if (at >= end || *at == '#') return;
    Explanation *x = ARENA_NEW(p->arena, Explanation);
    x->walk.p = p;
    tell(x, FAULT_SYNTAX, place_of_token(x, p->pos - 1), "multiple statements found while compiling a single statement");
    p->specific = true;
    longjmp(p->give_up, 1);
}

noreturn void syntax_error_digits(Parser *p, uint32_t number, size_t digits)
{
    Explanation *x = ARENA_NEW(p->arena, Explanation);
    x->walk.p = p;
    Place place = place_of_token(x, number);
    tell(x, FAULT_SYNTAX, (Place){place.lineno, 0, place.end_lineno, 0},
         format(x, "Exceeds the limit (4300 digits) for integer string conversion: value has %zu digits; use "
                   "sys.set_int_max_str_digits() to increase the limit - Consider hexadecimal for huge integer literals "
                   "to avoid decimal conversion limits.", digits));
    p->specific = true;
    longjmp(p->give_up, 1);
}
