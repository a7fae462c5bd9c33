// SPDX-License-Identifier: MIT
// interp/compile_pattern.c: match.
//
// A pattern binds its names only when all of it matches: each name has a temporary of its own, filled on the way. Every
// failure of a case jumps to one place, where all temporaries of the case are cleared; one that was not in use is empty.
#include "interp/compiler.h"

typedef struct Case {
    Text *names;
    Reg *registers;
    size_t count, capacity;
    Label fail;
    int deepest;          // how far up temporaries were used
    bool last;            // an irrefutable pattern may stand here
} Case;

static void pattern(Compiler *c, Case *k, Node *node, Reg subject);

static Reg case_push(Compiler *c, Case *k)
{
    Reg r = push(c);
    if (c->unit->depth > k->deepest) k->deepest = c->unit->depth;
    return r;
}

// ---- names

static bool add_name(Compiler *c, Case *k, Text name)
{
    if (k->count == k->capacity) {
        size_t capacity = k->capacity ? k->capacity * 2 : 8;
        Text *larger = ARENA_ARRAY(c->arena, Text, capacity);
        Reg *registers = ARENA_ARRAY(c->arena, Reg, capacity);
        if (!larger || !registers) return false;
        if (k->count) {
            memcpy(larger, k->names, k->count * sizeof *larger);
            memcpy(registers, k->registers, k->count * sizeof *registers);
        }
        k->names = larger;
        k->registers = registers;
        k->capacity = capacity;
    }
    k->names[k->count] = name;
    k->registers[k->count++] = -1;
    return true;
}

static int find_name(const Case *k, Text name, size_t from)
{
    for (size_t i = from; i < k->count; i++)
        if (text_equal(k->names[i], name)) return (int)i;
    return -1;
}

static bool note_name(Compiler *c, Case *k, const Node *at, Text name, size_t from)
{
    if (text_is_none(name)) return true;
    if (find_name(k, name, from) >= 0) {
        compile_error(c, at, "multiple assignments to name '%.*s' in pattern", (int)name.length, name.bytes);
        return false;
    }
    return add_name(c, k, name);
}

static bool collect(Compiler *c, Case *k, Node *node, size_t from);

static bool collect_all(Compiler *c, Case *k, NodeList list, size_t from)
{
    for (size_t i = 0; i < list.count; i++)
        if (!collect(c, k, list.items[i], from)) return false;
    return true;
}

static bool is_irrefutable(const Node *p) { return p->kind == AST_MatchAs && !AST(MatchAs, p)->pattern; }

static void report_irrefutable(Compiler *c, const Node *node)
{
    Text name = AST(MatchAs, node)->name;
    if (text_is_none(name)) compile_error(c, node, "wildcard makes remaining patterns unreachable");
    else compile_error(c, node, "name capture '%.*s' makes remaining patterns unreachable", (int)name.length, name.bytes);
}

static bool collect_alternatives(Compiler *c, Case *k, AstMatchOr *p, size_t from)
{
    size_t before = k->count;
    for (size_t i = 0; i + 1 < p->patterns.count; i++) {
        if (!is_irrefutable(p->patterns.items[i])) continue;
        report_irrefutable(c, p->patterns.items[i]);
        return false;
    }
    if (!collect(c, k, p->patterns.items[0], from)) return false;
    for (size_t i = 1; i < p->patterns.count; i++) {
        Case other = {0};
        for (size_t j = from; j < before; j++) add_name(c, &other, k->names[j]);
        size_t start = other.count;
        if (!collect(c, &other, p->patterns.items[i], 0)) return false;
        bool same = other.count - start == k->count - before;
        for (size_t j = start; same && j < other.count; j++) same = find_name(k, other.names[j], before) >= 0;
        if (same) continue;
        compile_error(c, p->patterns.items[i], "alternative patterns bind different names");
        return false;
    }
    return true;
}

// The names that a pattern binds, in order.
static bool collect(Compiler *c, Case *k, Node *node, size_t from)
{
    if (!nest(c)) return false;
    bool ok = true;
    switch (node->kind) {
    case AST_MatchSequence: ok = collect_all(c, k, AST(MatchSequence, node)->patterns, from); break;
    case AST_MatchMapping:
        ok = collect_all(c, k, AST(MatchMapping, node)->patterns, from) && note_name(c, k, node, AST(MatchMapping, node)->rest, from);
        break;
    case AST_MatchClass:
        ok = collect_all(c, k, AST(MatchClass, node)->patterns, from) && collect_all(c, k, AST(MatchClass, node)->kwd_patterns, from);
        break;
    case AST_MatchStar: ok = note_name(c, k, node, AST(MatchStar, node)->name, from); break;
    case AST_MatchAs:
        ok = (!AST(MatchAs, node)->pattern || collect(c, k, AST(MatchAs, node)->pattern, from))
          && note_name(c, k, node, AST(MatchAs, node)->name, from);
        break;
    case AST_MatchOr: ok = collect_alternatives(c, k, AST(MatchOr, node), from); break;
    default: break;
    }
    unnest(c);
    return ok;
}

static void capture(Compiler *c, Case *k, Text name, Reg subject)
{
    int i = find_name(k, name, 0);
    if (i >= 0) emit(c, OP_CODE_COPY, k->registers[i], subject, 0);
}

// ---- patterns

static bool is_wildcard(const Node *p)
{
    return p->kind == AST_MatchAs && !AST(MatchAs, p)->pattern && text_is_none(AST(MatchAs, p)->name);
}
static bool is_star_wildcard(const Node *p) { return p->kind == AST_MatchStar && text_is_none(AST(MatchStar, p)->name); }

static void fail_unless(Compiler *c, Case *k, Reg truth) { emit_jump(c, OP_CODE_JUMP_IF, truth, 0, 0, k->fail); }

static void value_pattern(Compiler *c, Case *k, AstMatchValue *p, Reg subject)
{
    Node *v = p->value;
    if (v->kind != AST_Constant && v->kind != AST_Attribute && v->kind != AST_UnaryOp && v->kind != AST_BinOp) {
        compile_error(c, v, "patterns may only match literals and attribute lookups");
        return;
    }
    Reg copy = case_push(c, k);
    emit(c, OP_CODE_COPY, copy, subject, 0);
    Reg constant = value(c, v);
    pop_operand(c, constant);
    emit_jump(c, OP_CODE_JUMP_IF_EQ, copy, constant, 0, k->fail);
    pop(c, 1);
}

static void singleton_pattern(Compiler *c, Case *k, AstMatchSingleton *p, Reg subject)
{
    Reg copy = case_push(c, k);
    emit(c, OP_CODE_COPY, copy, subject, 0);
    load_constant(c, top(c->unit), constant_value(c, &p->value));
    emit_jump(c, OP_CODE_JUMP_IF_IS, copy, top(c->unit), 0, k->fail);
    pop(c, 1);
}

static void check_length(Compiler *c, Case *k, Reg subject, size_t length, bool at_least)
{
    Reg r = case_push(c, k);
    emit(c, OP_CODE_GET_LENGTH, r, subject, 0);
    load_constant(c, top(c->unit), small_int((int64_t)length));
    emit_jump(c, at_least ? OP_CODE_JUMP_IF_GE : OP_CODE_JUMP_IF_EQ, r, top(c->unit), 0, k->fail);
    pop(c, 1);
}

// With a star that binds nothing the other items are taken by index.
static void sequence_by_index(Compiler *c, Case *k, NodeList patterns, size_t star, Reg subject)
{
    for (size_t i = 0; i < patterns.count; i++) {
        if (i == star || is_wildcard(patterns.items[i])) continue;
        Reg item = case_push(c, k);
        emit(c, OP_CODE_COPY, item, subject, 0);
        Reg index = top(c->unit);
        if (i < star) load_constant(c, index, small_int((int64_t)i));
        else {
            emit(c, OP_CODE_GET_LENGTH, index, subject, 0);
            load_constant(c, index + 1, small_int((int64_t)(patterns.count - i)));
            emit(c, OP_CODE_SUBTRACT, index, index, index + 1);
        }
        emit(c, OP_CODE_INDEX, item, item, index);
        pattern(c, k, patterns.items[i], item);
    }
}

static void sequence_by_unpacking(Compiler *c, Case *k, NodeList patterns, size_t star, Reg subject)
{
    Reg copy = case_push(c, k);
    emit(c, OP_CODE_COPY, copy, subject, 0);
    Reg first = top(c->unit);
    for (size_t i = 0; i < patterns.count; i++) case_push(c, k);
    if (star < patterns.count)
        emit_word(c, OP_CODE_UNPACK_STAR, first, copy, (int)star, (uint32_t)(patterns.count - star - 1));
    else emit(c, OP_CODE_UNPACK, first, copy, (int)patterns.count);
    for (size_t i = 0; i < patterns.count; i++) pattern(c, k, patterns.items[i], first + (Reg)i);
}

static void sequence_pattern(Compiler *c, Case *k, AstMatchSequence *p, Reg subject)
{
    NodeList patterns = p->patterns;
    size_t star = patterns.count;
    bool only_wildcards = true;
    for (size_t i = 0; i < patterns.count; i++) {
        Node *item = patterns.items[i];
        if (item->kind == AST_MatchStar) {
            if (star < patterns.count) {
                compile_error(c, &p->head, "multiple starred names in sequence pattern");
                return;
            }
            star = i;
            only_wildcards = only_wildcards && is_star_wildcard(item);
        } else only_wildcards = only_wildcards && is_wildcard(item);
    }
    bool starred = star < patterns.count;
    emit(c, OP_CODE_MATCH_SEQUENCE, top(c->unit), subject, 0);
    fail_unless(c, k, top(c->unit));
    if (!starred || patterns.count > 1) check_length(c, k, subject, patterns.count - starred, starred);
    if (only_wildcards) return;
    if (starred && is_star_wildcard(patterns.items[star])) sequence_by_index(c, k, patterns, star, subject);
    else sequence_by_unpacking(c, k, patterns, star, subject);
}

static void check_duplicate_keys(Compiler *c, AstMatchMapping *p)
{
    OWN_POINTER Dict *seen = dict_new(c->t);
    if (!seen) { fail(c); return; }
    for (size_t i = 0; i < p->keys.count; i++) {
        Node *key = p->keys.items[i];
        OWN Value v = fold(c, key);
        if (is_unbound(v)) {
            if (key->kind != AST_Attribute) compile_error(c, key, "mapping pattern keys may only match literals and attribute lookups");
            continue;
        }
        int known = dict_contains(c->t, seen, v);
        if (known < 0 || !dict_set(c->t, seen, v, NONE)) { fail(c); return; }
        if (!known) continue;
        OWN Value repr = object_repr(c->t, v);
        OWN_MEMORY char *text = is_error(repr) ? NULL : str_to_utf8(c->t, as_str(repr), NULL);
        if (text) compile_error(c, &p->head, "mapping pattern checks duplicate key (%s)", text);
        else fail(c);
        return;
    }
}

static void mapping_pattern(Compiler *c, Case *k, AstMatchMapping *p, Reg subject)
{
    check_duplicate_keys(c, p);
    size_t count = p->keys.count;
    emit(c, OP_CODE_MATCH_MAPPING, top(c->unit), subject, 0);
    fail_unless(c, k, top(c->unit));
    if (count) check_length(c, k, subject, count, true);
    bool rest = !text_is_none(p->rest);
    if (!count && !rest) return;
    Reg keys = top(c->unit);
    AstTuple tuple = {{AST_Tuple, p->head.lineno, p->head.col_offset, p->head.end_lineno, p->head.end_col_offset}, p->keys, AST_Load};
    value_to(c, &tuple.head, keys);
    case_push(c, k);
    if (count) {
        Reg copy = case_push(c, k), values = case_push(c, k);
        emit(c, OP_CODE_COPY, copy, keys, 0);
        emit(c, OP_CODE_MATCH_KEYS, values, subject, copy);
        emit(c, OP_CODE_COPY, copy, values, 0);
        emit_jump(c, OP_CODE_JUMP_IF_NONE, copy, 0, 1, k->fail);
        Reg first = top(c->unit);
        for (size_t i = 0; i < count; i++) case_push(c, k);
        emit(c, OP_CODE_UNPACK, first, values, (int)count);
        for (size_t i = 0; i < count; i++) pattern(c, k, p->patterns.items[i], first + (Reg)i);
    }
    if (rest) {
        Reg r = case_push(c, k);
        emit(c, OP_CODE_MATCH_REST, r, subject, keys);
        capture(c, k, p->rest, r);
    } else emit(c, OP_CODE_CLEAR, keys, 0, 0);
}

static bool check_attributes(Compiler *c, AstMatchClass *p)
{
    for (size_t i = 0; i < p->kwd_attrs.count; i++) {
        Text name = p->kwd_attrs.items[i];
        for (size_t j = i + 1; j < p->kwd_attrs.count; j++) {
            if (!text_equal(name, p->kwd_attrs.items[j])) continue;
            compile_error(c, p->kwd_patterns.items[j], "attribute name repeated in class pattern: %.*s", (int)name.length, name.bytes);
            return false;
        }
    }
    return true;
}

static void class_pattern(Compiler *c, Case *k, AstMatchClass *p, Reg subject)
{
    if (!check_attributes(c, p)) return;
    size_t positional = p->patterns.count, named = p->kwd_patterns.count, count = positional + named;
    Reg class = value_push(c, p->cls);
    if (c->unit->depth > k->deepest) k->deepest = c->unit->depth;
    Tuple *tuple = tuple_blank(c->t, named);
    if (!tuple) { fail(c); return; }
    for (size_t i = 0; i < named; i++) {
        Str *name = intern_text(c, p->kwd_attrs.items[i]);
        tuple->items[i] = name ? retain(object_value(name)) : NONE;
    }
    load_constant(c, top(c->unit), object_value(tuple));
    case_push(c, k);
    Reg result = case_push(c, k), copy = case_push(c, k);
    emit_word(c, OP_CODE_MATCH_CLASS, result, subject, class, (uint32_t)positional);
    emit(c, OP_CODE_COPY, copy, result, 0);
    emit_jump(c, OP_CODE_JUMP_IF_NONE, copy, 0, 1, k->fail);
    Reg first = top(c->unit);
    for (size_t i = 0; i < count; i++) case_push(c, k);
    emit(c, OP_CODE_UNPACK, first, result, (int)count);
    for (size_t i = 0; i < count; i++)
        pattern(c, k, i < positional ? p->patterns.items[i] : p->kwd_patterns.items[i - positional], first + (Reg)i);
}

static void as_pattern(Compiler *c, Case *k, AstMatchAs *p, Reg subject)
{
    if (!p->pattern) {
        if (!k->last) {
            report_irrefutable(c, &p->head);
            return;
        }
    } else {
        pattern(c, k, p->pattern, subject);
    }
    if (!text_is_none(p->name)) capture(c, k, p->name, subject);
}

static void or_pattern(Compiler *c, Case *k, AstMatchOr *p, Reg subject)
{
    Unit *u = c->unit;
    Label matched = label_new(c), fail_outer = k->fail;
    bool last = k->last;
    int depth = u->depth, deepest = depth;
    for (size_t i = 0; i < p->patterns.count; i++) {
        bool is_final = i + 1 == p->patterns.count;
        k->last = is_final && last;
        Label next = is_final ? fail_outer : label_new(c);
        k->fail = next;
        u->depth = depth;
        pattern(c, k, p->patterns.items[i], subject);
        if (k->deepest > deepest) deepest = k->deepest;
        if (is_final) break;
        jump(c, matched);
        label_place(c, next);
        // The next alternative starts with clean temporaries.
        for (int d = depth; d < deepest; d++) emit(c, OP_CODE_CLEAR, u->near_count + d, 0, 0);
    }
    k->fail = fail_outer;
    k->last = last;
    label_place(c, matched);
}

static void pattern(Compiler *c, Case *k, Node *node, Reg subject)
{
    if (!nest(c)) return;
    at(c, node);
    bool last = k->last;
    // Below the top an irrefutable pattern is no surprise.
    if (node->kind != AST_MatchAs && node->kind != AST_MatchOr) k->last = true;
    switch (node->kind) {
    case AST_MatchValue: value_pattern(c, k, AST(MatchValue, node), subject); break;
    case AST_MatchSingleton: singleton_pattern(c, k, AST(MatchSingleton, node), subject); break;
    case AST_MatchSequence: sequence_pattern(c, k, AST(MatchSequence, node), subject); break;
    case AST_MatchMapping: mapping_pattern(c, k, AST(MatchMapping, node), subject); break;
    case AST_MatchClass: class_pattern(c, k, AST(MatchClass, node), subject); break;
    case AST_MatchStar: if (!text_is_none(AST(MatchStar, node)->name)) capture(c, k, AST(MatchStar, node)->name, subject); break;
    case AST_MatchAs: as_pattern(c, k, AST(MatchAs, node), subject); break;
    case AST_MatchOr: or_pattern(c, k, AST(MatchOr, node), subject); break;
    default: break;
    }
    k->last = last;
    unnest(c);
}

// ---- the statement

static void clear_case(Compiler *c, const Case *k, int depth)
{
    for (int d = depth; d < k->deepest; d++) emit(c, OP_CODE_CLEAR, c->unit->near_count + d, 0, 0);
}

static void match_case(Compiler *c, Astmatch_case *m, Reg subject, bool last, Label end)
{
    Unit *u = c->unit;
    Case k = {.fail = label_new(c), .last = last || m->guard != NULL};
    int depth = u->depth;
    k.deepest = depth;
    if (!collect(c, &k, m->pattern, 0)) { fail(c); return; }
    for (size_t i = 0; i < k.count; i++) k.registers[i] = case_push(c, &k);
    at(c, m->pattern);
    pattern(c, &k, m->pattern, subject);
    for (size_t i = 0; i < k.count; i++) name_store(c, k.names[i], k.registers[i]);
    Bound bound = u->bound;
    if (m->guard) branch(c, m->guard, false, k.fail);
    clear_case(c, &k, depth);
    emit(c, OP_CODE_CLEAR, subject, 0, 0);
    u->depth = depth - 1;
    statements(c, m->body);
    at_nothing(c);
    jump(c, end);
    u->depth = depth;
    label_place(c, k.fail);
    u->bound = bound;
    clear_case(c, &k, depth);
}

void match_statement(Compiler *c, AstMatch *s)
{
    Unit *u = c->unit;
    Label end = label_new(c);
    Reg subject = value_push(c, s->subject);
    Bound bound = u->bound;
    for (size_t i = 0; i < s->cases.count; i++) {
        u->bound = bound;
        match_case(c, AST(match_case, s->cases.items[i]), subject, i + 1 == s->cases.count, end);
    }
    emit(c, OP_CODE_CLEAR, subject, 0, 0);
    pop(c, 1);
    label_place(c, end);
    u->bound = bound;
}
