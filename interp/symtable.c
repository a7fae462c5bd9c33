// SPDX-License-Identifier: MIT
// interp/symtable.c: which variable each name means.
//
// Two passes. The first (visit_*) walks the tree, makes a Scope for each block and notes in it how each name is used;
// the second (analyze) goes down the scopes with the names that are bound outside, and comes back up with the names that
// are free inside, so that a name's Meaning is known at both ends.
#include <stdarg.h>
#include <stdio.h>

#include "symtable.h"

enum { DEPTH_LIMIT = 3000 };   // nested nodes; far beyond what the parser lets through, far below the C stack's end

static Text text_of(const char *word) { return (Text){word, strlen(word)}; }

// ---- faults

static bool fault_at(Symtable *st, int lineno, int col, int end_lineno, int end_col, const char *format, ...)
{
    char buffer[512];
    va_list list;
    va_start(list, format);
    vsnprintf(buffer, sizeof buffer, format, list);
    va_end(list);
    st->fault = (SymtableFault){.message = arena_copy(st->arena, buffer, strlen(buffer)), .lineno = lineno,
                                .col_offset = col, .end_lineno = end_lineno, .end_col_offset = end_col};
    return false;
}
#define FAULT(st, node, ...) \
    fault_at(st, (node)->lineno, (node)->col_offset, (node)->end_lineno, (node)->end_col_offset, __VA_ARGS__)
#define WIDTH(text) (int)((text).length < 200 ? (text).length : 200), (text).bytes

// ---- scopes and symbols

static unsigned hash_text(Text name)
{
    unsigned hash = 2166136261u;
    for (size_t i = 0; i < name.length; i++) hash = (hash ^ (unsigned char)name.bytes[i]) * 16777619u;
    return hash;
}

Symbol *scope_find(const Scope *scope, Text name)
{
    if (!scope->table_size) return NULL;
    for (Symbol *s = scope->table[hash_text(name) & (scope->table_size - 1)]; s; s = s->chain)
        if (text_equal(s->name, name)) return s;
    return NULL;
}

static bool grow_table(Symtable *st, Scope *scope)
{
    unsigned size = scope->table_size ? scope->table_size * 4 : 8;
    Symbol **table = ARENA_ARRAY(st->arena, Symbol *, size);
    if (!table) return false;
    for (Symbol *s = scope->first; s; s = s->next) {
        Symbol **bucket = &table[hash_text(s->name) & (size - 1)];
        s->chain = *bucket;
        *bucket = s;
    }
    scope->table = table;
    scope->table_size = size;
    return true;
}

static Symbol *intern_symbol(Symtable *st, Scope *scope, Text name)
{
    Symbol *s = scope_find(scope, name);
    if (s) return s;
    if (scope->symbol_count >= scope->table_size && !grow_table(st, scope)) return NULL;
    s = ARENA_NEW(st->arena, Symbol);
    if (!s) return NULL;
    s->name = name;
    s->index = -1;
    Symbol **bucket = &scope->table[hash_text(name) & (scope->table_size - 1)];
    s->chain = *bucket;
    *bucket = s;
    if (scope->last) scope->last->next = s; else scope->first = s;
    scope->last = s;
    scope->symbol_count++;
    return s;
}

Text symtable_mangle(Arena *arena, Text private_name, Text name)
{
    if (text_is_none(private_name) || name.length < 2 || name.bytes[0] != '_' || name.bytes[1] != '_') return name;
    if (name.bytes[name.length - 1] == '_' && name.bytes[name.length - 2] == '_') return name;
    if (memchr(name.bytes, '.', name.length)) return name;
    size_t skip = 0;
    while (skip < private_name.length && private_name.bytes[skip] == '_') skip++;
    if (skip == private_name.length) return name;
    size_t length = 1 + private_name.length - skip + name.length;
    char *bytes = arena_alloc(arena, length + 1);
    if (!bytes) return name;
    bytes[0] = '_';
    memcpy(bytes + 1, private_name.bytes + skip, private_name.length - skip);
    memcpy(bytes + 1 + private_name.length - skip, name.bytes, name.length);
    return (Text){bytes, length};
}

static unsigned hash_node(const Node *node) { return (unsigned)(((uintptr_t)node >> 4) * 2654435761u >> 8) & 255; }

Scope *symtable_scope(Symtable *table, const Node *node)
{
    for (Scope *s = table->by_node[hash_node(node)]; s; s = s->chain)
        if (s->node == node) return s;
    return NULL;
}

static bool enter(Symtable *st, ScopeKind kind, Text name, const Node *node)
{
    Scope *scope = ARENA_NEW(st->arena, Scope);
    if (!scope) return false;
    scope->kind = kind;
    scope->name = name;
    scope->node = node;
    scope->parent = st->scope;
    scope->private_name = st->private_name;
    scope->lineno = node->lineno;
    if (st->scope) {
        scope->nested = st->scope->nested || st->scope->kind == SCOPE_FUNCTION;
        scope->comp_iter_depth = st->scope->comp_iter_depth;
        if (st->scope->last_child) st->scope->last_child->next_sibling = scope; else st->scope->first_child = scope;
        st->scope->last_child = scope;
    }
    Scope **bucket = &st->by_node[hash_node(node)];
    scope->chain = *bucket;
    *bucket = scope;
    st->scope = scope;
    return true;
}
static void leave(Symtable *st) { st->scope = st->scope->parent; }

static bool add_param(Symtable *st, Scope *scope, Text name)
{
    if (scope->param_count == scope->param_capacity) {
        unsigned capacity = scope->param_capacity ? scope->param_capacity * 2 : 8;
        Text *params = ARENA_ARRAY(st->arena, Text, capacity);
        if (!params) return false;
        if (scope->param_count) memcpy(params, scope->params, scope->param_count * sizeof *params);
        scope->params = params;
        scope->param_capacity = capacity;
    }
    scope->params[scope->param_count++] = name;
    return true;
}

static bool define_in(Symtable *st, Scope *scope, Text raw, unsigned flag, const Node *at)
{
    Text name = symtable_mangle(st->arena, st->private_name, raw);
    Symbol *symbol = intern_symbol(st, scope, name);
    if (!symbol) return false;
    if ((flag & SYM_PARAM) && (symbol->flags & SYM_PARAM))
        return FAULT(st, at, "duplicate argument '%.*s' in function definition", WIDTH(raw));
    if ((flag & SYM_TYPE_PARAM) && (symbol->flags & SYM_TYPE_PARAM))
        return FAULT(st, at, "duplicate type parameter '%.*s'", WIDTH(raw));
    symbol->flags |= flag;
    if (scope->in_comp_iter_target) {
        // The target of a comprehension's loop must not be what := in it binds outside.
        if (symbol->flags & (SYM_GLOBAL | SYM_NONLOCAL))
            return FAULT(st, at, "comprehension inner loop cannot rebind assignment expression target '%.*s'", WIDTH(name));
        symbol->flags |= SYM_COMP_ITER;
    }
    if (flag & SYM_PARAM) return add_param(st, scope, name);
    if (flag & SYM_GLOBAL) {
        Symbol *global = intern_symbol(st, st->top, name);
        if (!global) return false;
        global->flags |= flag;
    }
    return true;
}
static bool define(Symtable *st, Text name, unsigned flag, const Node *at) { return define_in(st, st->scope, name, flag, at); }

// ---- first pass

static bool visit_stmt(Symtable *st, Node *node);
static bool visit_expr(Symtable *st, Node *node);
static bool visit_pattern(Symtable *st, Node *node);

static bool visit_stmts(Symtable *st, NodeList list)
{
    for (size_t i = 0; i < list.count; i++)
        if (!visit_stmt(st, list.items[i])) return false;
    return true;
}
static bool visit_exprs(Symtable *st, NodeList list)
{
    for (size_t i = 0; i < list.count; i++)
        if (list.items[i] && !visit_expr(st, list.items[i])) return false;
    return true;
}
static bool visit_optional(Symtable *st, Node *node) { return !node || visit_expr(st, node); }

static bool visit_annotation(Symtable *st, Node *annotation)
{
    if (!annotation) return true;
    if (!st->future_annotations) return visit_expr(st, annotation);
    // Never evaluated: its names bind nothing and use nothing, but its mistakes are mistakes.
    Scope *outer = st->scope;
    if (!enter(st, SCOPE_ANNOTATION, text_of("_annotation"), annotation)) return false;
    bool ok = visit_expr(st, annotation);
    leave(st);
    Scope *child = outer->first_child, *before = NULL;
    for (; child && child->next_sibling; child = child->next_sibling) before = child;
    if (before) before->next_sibling = NULL; else outer->first_child = NULL;
    outer->last_child = before;
    return ok;
}

static bool visit_keywords(Symtable *st, NodeList keywords)
{
    for (size_t i = 0; i < keywords.count; i++)
        if (!visit_expr(st, AST(keyword, keywords.items[i])->value)) return false;
    return true;
}

static bool define_params(Symtable *st, Node *node)
{
    Astarguments *a = AST(arguments, node);
    const NodeList lists[] = {a->posonlyargs, a->args, a->kwonlyargs};
    for (int l = 0; l < 3; l++)
        for (size_t i = 0; i < lists[l].count; i++)
            if (!define(st, AST(arg, lists[l].items[i])->arg, SYM_PARAM, lists[l].items[i])) return false;
    if (a->vararg && !define(st, AST(arg, a->vararg)->arg, SYM_PARAM, a->vararg)) return false;
    if (a->kwarg && !define(st, AST(arg, a->kwarg)->arg, SYM_PARAM, a->kwarg)) return false;
    st->scope->varargs = a->vararg != NULL;
    st->scope->varkeywords = a->kwarg != NULL;
    return true;
}

static bool visit_arg_annotations(Symtable *st, Node *args, Node *returns)
{
    Astarguments *a = AST(arguments, args);
    const NodeList lists[] = {a->posonlyargs, a->args};
    for (int l = 0; l < 2; l++)
        for (size_t i = 0; i < lists[l].count; i++)
            if (!visit_annotation(st, AST(arg, lists[l].items[i])->annotation)) return false;
    if (a->vararg && !visit_annotation(st, AST(arg, a->vararg)->annotation)) return false;
    if (a->kwarg && !visit_annotation(st, AST(arg, a->kwarg)->annotation)) return false;
    for (size_t i = 0; i < a->kwonlyargs.count; i++)
        if (!visit_annotation(st, AST(arg, a->kwonlyargs.items[i])->annotation)) return false;
    return visit_annotation(st, returns);
}

static bool visit_type_params(Symtable *st, NodeList params)
{
    for (size_t i = 0; i < params.count; i++) {
        Node *p = params.items[i];
        Text name = p->kind == AST_TypeVar ? AST(TypeVar, p)->name
                  : p->kind == AST_ParamSpec ? AST(ParamSpec, p)->name : AST(TypeVarTuple, p)->name;
        if (!define(st, name, SYM_LOCAL | SYM_TYPE_PARAM, p)) return false;
        if (p->kind == AST_TypeVar && !visit_optional(st, AST(TypeVar, p)->bound)) return false;
    }
    return true;
}

// The scope around a generic function, class or alias, in which its type parameters are bound. It is keyed by the
// first type parameter; `.type_params` names what the scope keeps besides.
static bool enter_type_params(Symtable *st, Text name, NodeList params)
{
    bool in_class = st->scope->kind == SCOPE_CLASS;
    if (!enter(st, SCOPE_FUNCTION, name, params.items[0])) return false;
    st->scope->can_see_class = in_class;
    const Node *at = params.items[0];
    return define(st, text_of(".defaults"), SYM_PARAM, at) && define(st, text_of(".kwdefaults"), SYM_PARAM, at)
        && define(st, text_of(".generic_base"), SYM_LOCAL, at) && visit_type_params(st, params);
}

static bool visit_function(Symtable *st, Node *node, Text name, Node *args, NodeList body, Node *returns,
                           NodeList type_params, bool is_async)
{
    Astarguments *a = AST(arguments, args);
    if (!visit_exprs(st, a->defaults) || !visit_exprs(st, a->kw_defaults)) return false;
    if (type_params.count && !enter_type_params(st, name, type_params)) return false;
    if (!visit_arg_annotations(st, args, returns)) return false;
    if (!enter(st, SCOPE_FUNCTION, name, node)) return false;
    st->scope->is_coroutine = is_async;
    if (!define_params(st, args) || !visit_stmts(st, body)) return false;
    leave(st);
    if (type_params.count) leave(st);
    return true;
}

static bool visit_class(Symtable *st, AstClassDef *c)
{
    if (!visit_exprs(st, c->decorator_list)) return false;
    if (!define(st, c->name, SYM_LOCAL, &c->head)) return false;
    if (c->type_params.count && !enter_type_params(st, c->name, c->type_params)) return false;
    if (!visit_exprs(st, c->bases) || !visit_keywords(st, c->keywords)) return false;
    if (!enter(st, SCOPE_CLASS, c->name, &c->head)) return false;
    Text outer = st->private_name;
    st->private_name = st->scope->private_name = c->name;
    bool ok = visit_stmts(st, c->body);
    st->private_name = outer;
    leave(st);
    if (c->type_params.count) leave(st);
    return ok;
}

// := in a comprehension binds in the function (or module) around it.
static bool extend_named_expression(Symtable *st, Node *target)
{
    Text raw = AST(Name, target)->id, name = symtable_mangle(st->arena, st->private_name, raw);
    for (Scope *scope = st->scope; scope; scope = scope->parent) {
        if (scope->comprehension) {
            Symbol *s = scope_find(scope, name);
            if (s && (s->flags & SYM_COMP_ITER))
                return FAULT(st, target, "assignment expression cannot rebind comprehension iteration variable '%.*s'",
                             WIDTH(raw));
            continue;
        }
        if (scope->kind == SCOPE_FUNCTION) {
            Symbol *s = scope_find(scope, name);
            bool global = s && (s->flags & SYM_GLOBAL);
            if (!define(st, raw, global ? SYM_GLOBAL : SYM_NONLOCAL, target)) return false;
            return define_in(st, scope, raw, SYM_LOCAL, target);
        }
        if (scope->kind == SCOPE_MODULE)
            return define(st, raw, SYM_GLOBAL, target) && define_in(st, scope, raw, SYM_GLOBAL, target);
        if (scope->kind == SCOPE_CLASS)
            return FAULT(st, target, "assignment expression within a comprehension cannot be used in a class body");
    }
    return true;
}

static bool visit_named_expr(Symtable *st, AstNamedExpr *e)
{
    if (st->scope->kind == SCOPE_ANNOTATION)
        return FAULT(st, &e->head, "'named expression' can not be used within an annotation");
    if (st->scope->comp_iter_depth > 0)
        return FAULT(st, &e->head, "assignment expression cannot be used in a comprehension iterable expression");
    for (Scope *s = st->scope; s; s = s->parent) {
        s->has_walrus = true;
        if (!s->comprehension) break;
    }
    if (st->scope->comprehension && !extend_named_expression(st, e->target)) return false;
    return visit_expr(st, e->value) && visit_expr(st, e->target);
}

static bool visit_clause(Symtable *st, Node *node, bool is_first)
{
    Astcomprehension *g = AST(comprehension, node);
    st->scope->in_comp_iter_target = true;
    if (!visit_expr(st, g->target)) return false;
    st->scope->in_comp_iter_target = false;
    if (!is_first) {
        st->scope->comp_iter_depth++;
        if (!visit_expr(st, g->iter)) return false;
        st->scope->comp_iter_depth--;
    }
    if (!visit_exprs(st, g->ifs)) return false;
    if (g->is_async) st->scope->is_coroutine = true;
    return true;
}

static bool visit_comprehension(Symtable *st, Node *node, Comprehension kind, const char *name, NodeList generators,
                                Node *element, Node *value)
{
    Astcomprehension *outermost = AST(comprehension, generators.items[0]);
    st->scope->comp_iter_depth++;
    if (!visit_expr(st, outermost->iter)) return false;
    st->scope->comp_iter_depth--;
    if (!enter(st, SCOPE_FUNCTION, text_of(name), node)) return false;
    Scope *scope = st->scope;
    scope->comprehension = kind;
    if (outermost->is_async) scope->is_coroutine = true;
    Symbol *implicit = intern_symbol(st, scope, text_of(".0"));
    if (!implicit || !add_param(st, scope, implicit->name)) return false;
    implicit->flags |= SYM_PARAM;
    for (size_t i = 0; i < generators.count; i++)
        if (!visit_clause(st, generators.items[i], i == 0)) return false;
    if (!visit_optional(st, value) || !visit_expr(st, element)) return false;
    scope->is_generator = kind == COMP_GENERATOR;
    bool is_async = scope->is_coroutine && kind != COMP_GENERATOR;
    leave(st);
    if (is_async) st->scope->is_coroutine = true;
    return true;
}

static bool check_not_comprehension(Symtable *st, const Node *node)
{
    static const char *const places[] = {[COMP_LIST] = "list comprehension", [COMP_SET] = "set comprehension",
                                         [COMP_DICT] = "dict comprehension", [COMP_GENERATOR] = "generator expression"};
    if (!st->scope->comprehension) return true;
    return FAULT(st, node, "'yield' inside %s", places[st->scope->comprehension]);
}

static bool visit_yield(Symtable *st, const Node *node, Node *value)
{
    if (st->scope->kind == SCOPE_ANNOTATION)
        return FAULT(st, node, "'yield expression' can not be used within an annotation");
    if (!visit_optional(st, value)) return false;
    st->scope->is_generator = true;
    return check_not_comprehension(st, node);
}

static bool visit_name(Symtable *st, AstName *n)
{
    bool load = n->ctx == AST_Load;
    unsigned flag = load ? SYM_USE : n->ctx == AST_Del ? SYM_LOCAL | SYM_DELETED : SYM_LOCAL;
    if (!define(st, n->id, flag, &n->head)) return false;
    if (load && st->scope->kind == SCOPE_FUNCTION && text_is(n->id, "super"))
        return define(st, text_of("__class__"), SYM_USE, &n->head);
    return true;
}

static bool visit_lambda(Symtable *st, AstLambda *l)
{
    Astarguments *a = AST(arguments, l->args);
    if (!visit_exprs(st, a->defaults) || !visit_exprs(st, a->kw_defaults)) return false;
    if (!enter(st, SCOPE_FUNCTION, text_of("lambda"), &l->head)) return false;
    bool ok = define_params(st, l->args) && visit_expr(st, l->body);
    leave(st);
    return ok;
}

static bool visit_await(Symtable *st, AstAwait *e)
{
    if (st->scope->kind == SCOPE_ANNOTATION)
        return FAULT(st, &e->head, "'await expression' can not be used within an annotation");
    if (!visit_expr(st, e->value)) return false;
    st->scope->is_coroutine = true;
    return true;
}

static bool visit_expr_inner(Symtable *st, Node *node)
{
    switch (node->kind) {
    case AST_BoolOp: return visit_exprs(st, AST(BoolOp, node)->values);
    case AST_NamedExpr: return visit_named_expr(st, AST(NamedExpr, node));
    case AST_BinOp: return visit_expr(st, AST(BinOp, node)->left) && visit_expr(st, AST(BinOp, node)->right);
    case AST_UnaryOp: return visit_expr(st, AST(UnaryOp, node)->operand);
    case AST_Lambda: return visit_lambda(st, AST(Lambda, node));
    case AST_IfExp:
        return visit_expr(st, AST(IfExp, node)->test) && visit_expr(st, AST(IfExp, node)->body)
            && visit_expr(st, AST(IfExp, node)->orelse);
    case AST_Dict: return visit_exprs(st, AST(Dict, node)->keys) && visit_exprs(st, AST(Dict, node)->values);
    case AST_Set: return visit_exprs(st, AST(Set, node)->elts);
    case AST_ListComp:
        return visit_comprehension(st, node, COMP_LIST, "listcomp", AST(ListComp, node)->generators, AST(ListComp, node)->elt, NULL);
    case AST_SetComp:
        return visit_comprehension(st, node, COMP_SET, "setcomp", AST(SetComp, node)->generators, AST(SetComp, node)->elt, NULL);
    case AST_DictComp:
        return visit_comprehension(st, node, COMP_DICT, "dictcomp", AST(DictComp, node)->generators, AST(DictComp, node)->key,
                                   AST(DictComp, node)->value);
    case AST_GeneratorExp:
        return visit_comprehension(st, node, COMP_GENERATOR, "genexpr", AST(GeneratorExp, node)->generators,
                                   AST(GeneratorExp, node)->elt, NULL);
    case AST_Await: return visit_await(st, AST(Await, node));
    case AST_Yield: return visit_yield(st, node, AST(Yield, node)->value);
    case AST_YieldFrom: return visit_yield(st, node, AST(YieldFrom, node)->value);
    case AST_Compare: return visit_expr(st, AST(Compare, node)->left) && visit_exprs(st, AST(Compare, node)->comparators);
    case AST_Call:
        return visit_expr(st, AST(Call, node)->func) && visit_exprs(st, AST(Call, node)->args)
            && visit_keywords(st, AST(Call, node)->keywords);
    case AST_FormattedValue:
        return visit_expr(st, AST(FormattedValue, node)->value) && visit_optional(st, AST(FormattedValue, node)->format_spec);
    case AST_JoinedStr: return visit_exprs(st, AST(JoinedStr, node)->values);
    case AST_Attribute: return visit_expr(st, AST(Attribute, node)->value);
    case AST_Subscript: return visit_expr(st, AST(Subscript, node)->value) && visit_expr(st, AST(Subscript, node)->slice);
    case AST_Starred: return visit_expr(st, AST(Starred, node)->value);
    case AST_Name: return visit_name(st, AST(Name, node));
    case AST_List: return visit_exprs(st, AST(List, node)->elts);
    case AST_Tuple: return visit_exprs(st, AST(Tuple, node)->elts);
    case AST_Slice:
        return visit_optional(st, AST(Slice, node)->lower) && visit_optional(st, AST(Slice, node)->upper)
            && visit_optional(st, AST(Slice, node)->step);
    default: return true;
    }
}

static bool visit_expr(Symtable *st, Node *node)
{
    if (++st->depth > DEPTH_LIMIT) return false;
    bool ok = visit_expr_inner(st, node);
    st->depth--;
    return ok;
}

static bool visit_patterns(Symtable *st, NodeList list)
{
    for (size_t i = 0; i < list.count; i++)
        if (!visit_pattern(st, list.items[i])) return false;
    return true;
}

static bool visit_pattern_inner(Symtable *st, Node *node)
{
    switch (node->kind) {
    case AST_MatchValue: return visit_expr(st, AST(MatchValue, node)->value);
    case AST_MatchSequence: return visit_patterns(st, AST(MatchSequence, node)->patterns);
    case AST_MatchStar:
        return text_is_none(AST(MatchStar, node)->name) || define(st, AST(MatchStar, node)->name, SYM_LOCAL, node);
    case AST_MatchMapping:
        return visit_exprs(st, AST(MatchMapping, node)->keys) && visit_patterns(st, AST(MatchMapping, node)->patterns)
            && (text_is_none(AST(MatchMapping, node)->rest) || define(st, AST(MatchMapping, node)->rest, SYM_LOCAL, node));
    case AST_MatchClass:
        return visit_expr(st, AST(MatchClass, node)->cls) && visit_patterns(st, AST(MatchClass, node)->patterns)
            && visit_patterns(st, AST(MatchClass, node)->kwd_patterns);
    case AST_MatchAs:
        return (!AST(MatchAs, node)->pattern || visit_pattern(st, AST(MatchAs, node)->pattern))
            && (text_is_none(AST(MatchAs, node)->name) || define(st, AST(MatchAs, node)->name, SYM_LOCAL, node));
    case AST_MatchOr: return visit_patterns(st, AST(MatchOr, node)->patterns);
    default: return true;
    }
}

static bool visit_pattern(Symtable *st, Node *node)
{
    if (++st->depth > DEPTH_LIMIT) return false;
    bool ok = visit_pattern_inner(st, node);
    st->depth--;
    return ok;
}

static bool visit_declaration(Symtable *st, Node *node, TextList list, bool global)
{
    const char *word = global ? "global" : "nonlocal";
    for (size_t i = 0; i < list.count; i++) {
        Text raw = list.items[i];
        Symbol *s = scope_find(st->scope, symtable_mangle(st->arena, st->private_name, raw));
        unsigned flags = s ? s->flags : 0;
        if (flags & SYM_PARAM) return FAULT(st, node, "name '%.*s' is parameter and %s", WIDTH(raw), word);
        if (flags & SYM_ANNOTATED) return FAULT(st, node, "annotated name '%.*s' can't be %s", WIDTH(raw), word);
        if (flags & (SYM_LOCAL | SYM_IMPORT))
            return FAULT(st, node, "name '%.*s' is assigned to before %s declaration", WIDTH(raw), word);
        if (flags & SYM_USE) return FAULT(st, node, "name '%.*s' is used prior to %s declaration", WIDTH(raw), word);
        if (!define(st, raw, global ? SYM_GLOBAL : SYM_NONLOCAL, node)) return false;
    }
    return true;
}

static bool visit_alias(Symtable *st, Node *node)
{
    Astalias *a = AST(alias, node);
    Text name = text_is_none(a->asname) ? a->name : a->asname;
    const char *dot = memchr(name.bytes, '.', name.length);
    if (text_is_none(a->asname) && dot) {
        char *copy = arena_copy(st->arena, name.bytes, (size_t)(dot - name.bytes));
        if (!copy) return false;
        name = (Text){copy, (size_t)(dot - name.bytes)};
    }
    if (!text_is(name, "*")) return define(st, name, SYM_IMPORT, node);
    if (st->scope->kind != SCOPE_MODULE) return FAULT(st, node, "import * only allowed at module level");
    return true;
}

static bool visit_aliases(Symtable *st, NodeList names)
{
    for (size_t i = 0; i < names.count; i++)
        if (!visit_alias(st, names.items[i])) return false;
    return true;
}

static bool visit_annotated_assignment(Symtable *st, AstAnnAssign *s)
{
    if (s->target->kind == AST_Name) {
        AstName *n = AST(Name, s->target);
        Symbol *old = scope_find(st->scope, symtable_mangle(st->arena, st->private_name, n->id));
        if (s->simple && old && (old->flags & (SYM_GLOBAL | SYM_NONLOCAL)) && st->scope != st->top)
            return FAULT(st, &s->head, "annotated name '%.*s' can't be %s", WIDTH(n->id),
                         old->flags & SYM_GLOBAL ? "global" : "nonlocal");
        if (s->simple) {
            if (!define(st, n->id, SYM_ANNOTATED | SYM_LOCAL, s->target)) return false;
        } else if (s->value && !define(st, n->id, SYM_LOCAL, s->target)) return false;
    } else if (!visit_expr(st, s->target)) return false;
    return visit_annotation(st, s->annotation) && visit_optional(st, s->value);
}

static bool visit_try(Symtable *st, NodeList body, NodeList handlers, NodeList orelse, NodeList finalbody)
{
    if (!visit_stmts(st, body) || !visit_stmts(st, orelse)) return false;
    for (size_t i = 0; i < handlers.count; i++) {
        AstExceptHandler *h = AST(ExceptHandler, handlers.items[i]);
        if (!visit_optional(st, h->type)) return false;
        if (!text_is_none(h->name) && !define(st, h->name, SYM_LOCAL | SYM_DELETED, &h->head)) return false;
        if (!visit_stmts(st, h->body)) return false;
    }
    return visit_stmts(st, finalbody);
}

static bool visit_with(Symtable *st, NodeList items, NodeList body)
{
    for (size_t i = 0; i < items.count; i++)
        if (!visit_expr(st, AST(withitem, items.items[i])->context_expr)
            || !visit_optional(st, AST(withitem, items.items[i])->optional_vars)) return false;
    return visit_stmts(st, body);
}

static bool visit_match(Symtable *st, AstMatch *m)
{
    if (!visit_expr(st, m->subject)) return false;
    for (size_t i = 0; i < m->cases.count; i++) {
        Astmatch_case *c = AST(match_case, m->cases.items[i]);
        if (!visit_pattern(st, c->pattern) || !visit_optional(st, c->guard) || !visit_stmts(st, c->body)) return false;
    }
    return true;
}

static bool visit_type_alias(Symtable *st, AstTypeAlias *a)
{
    if (!visit_expr(st, a->name)) return false;
    Text name = AST(Name, a->name)->id;
    bool in_class = st->scope->kind == SCOPE_CLASS;
    if (a->type_params.count && !enter_type_params(st, name, a->type_params)) return false;
    if (!enter(st, SCOPE_FUNCTION, name, &a->head)) return false;
    st->scope->can_see_class = in_class;
    if (!visit_expr(st, a->value)) return false;
    leave(st);
    if (a->type_params.count) leave(st);
    return true;
}

static bool visit_function_def(Symtable *st, Node *node)
{
    if (node->kind == AST_FunctionDef) {
        AstFunctionDef *f = AST(FunctionDef, node);
        return define(st, f->name, SYM_LOCAL, node) && visit_exprs(st, f->decorator_list)
            && visit_function(st, node, f->name, f->args, f->body, f->returns, f->type_params, false);
    }
    AstAsyncFunctionDef *f = AST(AsyncFunctionDef, node);
    return define(st, f->name, SYM_LOCAL, node) && visit_exprs(st, f->decorator_list)
        && visit_function(st, node, f->name, f->args, f->body, f->returns, f->type_params, true);
}

static bool visit_loop(Symtable *st, Node *target, Node *iter, NodeList body, NodeList orelse)
{
    return (!target || visit_expr(st, target)) && visit_expr(st, iter) && visit_stmts(st, body) && visit_stmts(st, orelse);
}

static bool visit_stmt_inner(Symtable *st, Node *node)
{
    switch (node->kind) {
    case AST_FunctionDef: case AST_AsyncFunctionDef: return visit_function_def(st, node);
    case AST_ClassDef: return visit_class(st, AST(ClassDef, node));
    case AST_Return:
        if (AST(Return, node)->value) st->scope->returns_value = true;
        return visit_optional(st, AST(Return, node)->value);
    case AST_Delete: return visit_exprs(st, AST(Delete, node)->targets);
    case AST_Assign: return visit_exprs(st, AST(Assign, node)->targets) && visit_expr(st, AST(Assign, node)->value);
    case AST_TypeAlias: return visit_type_alias(st, AST(TypeAlias, node));
    case AST_AugAssign: {
        // The target is read, too.
        AstAugAssign *s = AST(AugAssign, node);
        return visit_expr(st, s->target) && visit_expr(st, s->value);
    }
    case AST_AnnAssign: return visit_annotated_assignment(st, AST(AnnAssign, node));
    case AST_For:
        return visit_loop(st, AST(For, node)->target, AST(For, node)->iter, AST(For, node)->body, AST(For, node)->orelse);
    case AST_AsyncFor:
        return visit_loop(st, AST(AsyncFor, node)->target, AST(AsyncFor, node)->iter, AST(AsyncFor, node)->body,
                          AST(AsyncFor, node)->orelse);
    case AST_While: return visit_loop(st, NULL, AST(While, node)->test, AST(While, node)->body, AST(While, node)->orelse);
    case AST_If: return visit_loop(st, NULL, AST(If, node)->test, AST(If, node)->body, AST(If, node)->orelse);
    case AST_With: return visit_with(st, AST(With, node)->items, AST(With, node)->body);
    case AST_AsyncWith: return visit_with(st, AST(AsyncWith, node)->items, AST(AsyncWith, node)->body);
    case AST_Match: return visit_match(st, AST(Match, node));
    case AST_Raise: return visit_optional(st, AST(Raise, node)->exc) && visit_optional(st, AST(Raise, node)->cause);
    case AST_Try:
        return visit_try(st, AST(Try, node)->body, AST(Try, node)->handlers, AST(Try, node)->orelse, AST(Try, node)->finalbody);
    case AST_TryStar:
        return visit_try(st, AST(TryStar, node)->body, AST(TryStar, node)->handlers, AST(TryStar, node)->orelse,
                         AST(TryStar, node)->finalbody);
    case AST_Assert: return visit_expr(st, AST(Assert, node)->test) && visit_optional(st, AST(Assert, node)->msg);
    case AST_Import: return visit_aliases(st, AST(Import, node)->names);
    case AST_ImportFrom: return visit_aliases(st, AST(ImportFrom, node)->names);
    case AST_Global: return visit_declaration(st, node, AST(Global, node)->names, true);
    case AST_Nonlocal: return visit_declaration(st, node, AST(Nonlocal, node)->names, false);
    case AST_Expr: return visit_expr(st, AST(Expr, node)->value);
    default: return true;
    }
}

static bool visit_stmt(Symtable *st, Node *node)
{
    if (++st->depth > DEPTH_LIMIT) return false;
    bool ok = visit_stmt_inner(st, node);
    st->depth--;
    return ok;
}

// ---- second pass

// A set of names, as a list: the sets are small and live shortly.
typedef struct NameSet { Text *items; unsigned count, capacity; } NameSet;

static bool set_has(const NameSet *set, Text name)
{
    for (unsigned i = 0; i < set->count; i++)
        if (text_equal(set->items[i], name)) return true;
    return false;
}
static bool set_add(Symtable *st, NameSet *set, Text name)
{
    if (set_has(set, name)) return true;
    if (set->count == set->capacity) {
        unsigned capacity = set->capacity ? set->capacity * 2 : 8;
        Text *items = ARENA_ARRAY(st->arena, Text, capacity);
        if (!items) return false;
        if (set->count) memcpy(items, set->items, set->count * sizeof *items);
        set->items = items;
        set->capacity = capacity;
    }
    set->items[set->count++] = name;
    return true;
}

// Whether a function scope around `scope` binds `name`: 1 yes, 0 no (or it is declared global there).
static bool bound_outside(const Scope *scope, Text name)
{
    for (const Scope *s = scope->parent; s; s = s->parent) {
        if (s->kind == SCOPE_CLASS && text_is(name, "__class__")) return true;
        if (s->kind != SCOPE_FUNCTION) continue;
        Symbol *symbol = scope_find(s, name);
        if (!symbol) continue;
        if (symbol->meaning == MEANS_GLOBAL_EXPLICIT) return false;
        if (symbol->flags & SYM_BOUND && !(symbol->flags & SYM_NONLOCAL)) return true;
    }
    return false;
}

static const Node *find_nonlocal(NodeList body, Text name);

static const Node *nonlocal_in(Node *s, Text name)
{
    switch (s->kind) {
    case AST_Nonlocal: {
        TextList names = AST(Nonlocal, s)->names;
        for (size_t i = 0; i < names.count; i++)
            if (text_equal(names.items[i], name)) return s;
        return NULL;
    }
    case AST_If: {
        const Node *n = find_nonlocal(AST(If, s)->body, name);
        return n ? n : find_nonlocal(AST(If, s)->orelse, name);
    }
    case AST_For: return find_nonlocal(AST(For, s)->body, name);
    case AST_While: return find_nonlocal(AST(While, s)->body, name);
    case AST_With: return find_nonlocal(AST(With, s)->body, name);
    case AST_Try: {
        const Node *n = find_nonlocal(AST(Try, s)->body, name);
        return n ? n : find_nonlocal(AST(Try, s)->finalbody, name);
    }
    default: return NULL;
    }
}

static const Node *find_nonlocal(NodeList body, Text name)
{
    for (size_t i = 0; i < body.count; i++) {
        const Node *n = nonlocal_in(body.items[i], name);
        if (n) return n;
    }
    return NULL;
}

static bool fault_in_declaration(Symtable *st, const Scope *scope, Text name, const char *format)
{
    NodeList body = {0};
    switch (scope->node->kind) {
    case AST_FunctionDef: body = AST(FunctionDef, scope->node)->body; break;
    case AST_AsyncFunctionDef: body = AST(AsyncFunctionDef, scope->node)->body; break;
    case AST_ClassDef: body = AST(ClassDef, scope->node)->body; break;
    case AST_Module: body = AST(Module, scope->node)->body; break;
    case AST_Interactive: body = AST(Interactive, scope->node)->body; break;
    default: break;
    }
    const Node *at = find_nonlocal(body, name);
    char text[256];
    snprintf(text, sizeof text, format, (int)(name.length < 150 ? name.length : 150), name.bytes);
    return FAULT(st, at ? at : scope->node, "%s", text);
}

static bool resolve(Symtable *st, Scope *scope, Symbol *s)
{
    if (s->flags & SYM_GLOBAL) {
        if (s->flags & SYM_NONLOCAL) return fault_in_declaration(st, scope, s->name, "name '%.*s' is nonlocal and global");
        s->meaning = MEANS_GLOBAL_EXPLICIT;
    } else if (s->flags & SYM_NONLOCAL) {
        if (scope->kind == SCOPE_MODULE) return fault_in_declaration(st, scope, s->name, "nonlocal declaration not allowed at module level");
        if (!bound_outside(scope, s->name)) return fault_in_declaration(st, scope, s->name, "no binding for nonlocal '%.*s' found");
        s->meaning = MEANS_FREE;
    } else if (s->flags & SYM_BOUND) {
        s->meaning = MEANS_LOCAL;
    } else if (bound_outside(scope, s->name)) {
        s->meaning = MEANS_FREE;
    } else {
        s->meaning = MEANS_GLOBAL;
    }
    if (s->meaning == MEANS_FREE) scope->has_free = true;
    return true;
}

// What is free in a child: a function that binds it gives it a cell; else it is free here, too.
static bool take_free(Symtable *st, Scope *scope, const NameSet *inner, NameSet *free)
{
    for (unsigned i = 0; i < inner->count; i++) {
        Text name = inner->items[i];
        Symbol *s = scope_find(scope, name);
        if (scope->kind == SCOPE_FUNCTION && s && s->meaning == MEANS_LOCAL) {
            s->meaning = MEANS_CELL;
            continue;
        }
        if (scope->kind == SCOPE_CLASS) {
            if (text_is(name, "__class__")) { scope->needs_class_cell = true; continue; }
            // The class's own binding of the name is another variable; what passes through is noted beside it.
            if (!s) {
                s = intern_symbol(st, scope, name);
                if (!s) return false;
                s->meaning = MEANS_FREE;
                s->flags |= SYM_FREE;
            } else if (s->meaning != MEANS_FREE) s->flags |= SYM_FREE_CLASS;
        } else if (!s) {
            s = intern_symbol(st, scope, name);
            if (!s) return false;
            s->meaning = MEANS_FREE;
            s->flags |= SYM_FREE;
        } else s->meaning = MEANS_FREE;
        scope->has_free = scope->child_free = true;
        if (!set_add(st, free, name)) return false;
    }
    return true;
}

static bool analyze(Symtable *st, Scope *scope, NameSet *free)
{
    if (++st->depth > DEPTH_LIMIT) return false;
    for (Symbol *s = scope->first; s; s = s->next) {
        if (!resolve(st, scope, s)) return false;
        if (s->meaning == MEANS_FREE && !set_add(st, free, s->name)) return false;
    }
    NameSet inner = {0};
    for (Scope *child = scope->first_child; child; child = child->next_sibling)
        if (!analyze(st, child, &inner)) return false;
    st->depth--;
    return take_free(st, scope, &inner, free);
}

bool symtable_build(Symtable *table, Arena *arena, const Node *module, bool future_annotations)
{
    *table = (Symtable){.arena = arena, .future_annotations = future_annotations};
    if (!enter(table, SCOPE_MODULE, text_of("top"), module)) return false;
    table->top = table->scope;
    bool ok = true;
    switch (module->kind) {
    case AST_Module: ok = visit_stmts(table, AST(Module, module)->body); break;
    case AST_Interactive: ok = visit_stmts(table, AST(Interactive, module)->body); break;
    case AST_Expression: ok = visit_expr(table, AST(Expression, module)->body); break;
    default: break;
    }
    NameSet free = {0};
    table->depth = 0;
    return ok && analyze(table, table->top, &free);
}
