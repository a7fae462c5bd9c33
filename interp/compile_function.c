// SPDX-License-Identifier: MIT
// interp/compile_function.c: def, lambda, class, decorators, type parameters.
#include <stdio.h>

#include "interp/compiler.h"
#include "interp/unparse.h"

static void return_constant(Compiler *c, TAKES Value v)
{
    if (!c->unit->reachable) {
        drop(v);
        return;
    }
    uint32_t k = constant_add(c, v);
    if (k <= 0xFFFF) {
        emit(c, OP_CODE_RETURN_CONST, 0, (int)(k & 0xFF), (int)(k >> 8));
        return;
    }
    emit_word(c, OP_CODE_LOAD_CONST_FAR, top(c->unit), 0, 0, k);
    emit(c, OP_CODE_RETURN, top(c->unit), 0, 0);
}

void make_function(Compiler *c, TAKES Value code, int flags, int run, Reg dst)
{
    if (c->failed || is_error(code)) {
        if (!is_error(code)) drop(code);
        return;
    }
    Unit *u = c->unit;
    int depth = u->depth;
    if (as_code(code)->freevars->length) {
        closure_push(c, as_code(code));
        flags |= 8;
    }
    u->depth = depth;
    for (int f = flags & 7; f; f &= f - 1) u->depth--;
    if (!u->reachable) drop(code);
    else emit_word(c, OP_CODE_MAKE_FUNCTION, dst, run, flags, constant_add(c, code));
}

// ---- what is evaluated where the function is defined

static bool has_keyword_default(const Astarguments *a)
{
    for (size_t i = 0; i < a->kw_defaults.count; i++)
        if (a->kw_defaults.items[i]) return true;
    return false;
}

static void name_constant(Compiler *c, Text name, Reg dst)
{
    Str *s = intern_text(c, mangled(c, name));
    if (s) load_constant(c, dst, retain(object_value(s)));
}

static int defaults_push(Compiler *c, const Astarguments *a)
{
    int flags = 0;
    Unit *u = c->unit;
    if (a->defaults.count) {
        AstTuple tuple = {{.kind = AST_Tuple, .lineno = u->source.line, .col_offset = u->source.col, .end_lineno = u->source.end_line,
                           .end_col_offset = u->source.end_col}, a->defaults, AST_Load};
        value_push(c, &tuple.head);
        flags |= 1;
    }
    if (!has_keyword_default(a)) return flags;
    Reg dict = top(u);
    emit(c, OP_CODE_BUILD_DICT, dict, dict, 0);
    push(c);
    for (size_t i = 0; i < a->kwonlyargs.count; i++) {
        if (!a->kw_defaults.items[i]) continue;
        name_constant(c, AST(arg, a->kwonlyargs.items[i])->arg, top(u));
        Reg key = push(c), v = value(c, a->kw_defaults.items[i]);
        pop_operand(c, v);
        pop(c, 1);
        emit(c, OP_CODE_DICT_SET, dict, key, v);
    }
    return flags | 2;
}

void annotation_value(Compiler *c, Node *annotation, Reg dst)
{
    if (!(c->flags & COMPILE_FUTURE_ANNOTATIONS)) {
        if (annotation->kind != AST_Starred) {
            value_to(c, annotation, dst);
            return;
        }
        // *args: *Ts  is what the one item of  *Ts  is
        Reg v = value_push(c, AST(Starred, annotation)->value);
        emit(c, OP_CODE_UNPACK, v, v, 1);
        pop(c, 1);
        move_result(c, dst, v);
        return;
    }
    Value text = unparse(c->t, annotation);
    if (is_error(text)) {
        fail(c);
        return;
    }
    load_constant(c, dst, text);
}

typedef struct Annotations { Reg list; int count; } Annotations;

static void annotation_push(Compiler *c, Annotations *to, Text name, Node *annotation)
{
    if (!annotation) return;
    name_constant(c, name, top(c->unit));
    push(c);
    annotation_value(c, annotation, top(c->unit));
    push(c);
    to->count += 2;
    if (to->list >= 0) {
        emit(c, OP_CODE_LIST_APPEND, to->list, top(c->unit) - 2, 0);
        emit(c, OP_CODE_LIST_APPEND, to->list, top(c->unit) - 1, 0);
        pop(c, 2);
    } else if (to->count >= DISPLAY_CHUNK) {
        Reg first = top(c->unit) - to->count;
        emit(c, OP_CODE_BUILD_LIST, first, first, to->count);
        pop(c, to->count);
        to->list = push(c);
    }
}

static int annotations_push(Compiler *c, const Astarguments *a, Node *returns)
{
    Annotations to = {-1, 0};
    Reg first = top(c->unit);
    const NodeList lists[] = {a->posonlyargs, a->args};
    for (int l = 0; l < 2; l++)
        for (size_t i = 0; i < lists[l].count; i++)
            annotation_push(c, &to, AST(arg, lists[l].items[i])->arg, AST(arg, lists[l].items[i])->annotation);
    if (a->vararg) annotation_push(c, &to, AST(arg, a->vararg)->arg, AST(arg, a->vararg)->annotation);
    for (size_t i = 0; i < a->kwonlyargs.count; i++)
        annotation_push(c, &to, AST(arg, a->kwonlyargs.items[i])->arg, AST(arg, a->kwonlyargs.items[i])->annotation);
    if (a->kwarg) annotation_push(c, &to, AST(arg, a->kwarg)->arg, AST(arg, a->kwarg)->annotation);
    annotation_push(c, &to, (Text){"return", 6}, returns);
    if (!to.count) return 0;
    if (to.list >= 0) emit(c, OP_CODE_LIST_TO_TUPLE, first, first, 0);
    else {
        emit(c, OP_CODE_BUILD_TUPLE, first, first, to.count);
        pop(c, to.count);
        push(c);
    }
    return 4;
}

// ---- the body

static void check_names(Compiler *c, const Node *function, const Astarguments *a)
{
    const NodeList lists[] = {a->posonlyargs, a->args, a->kwonlyargs};
    for (int l = 0; l < 3; l++)
        for (size_t i = 0; i < lists[l].count; i++)
            if (text_is(AST(arg, lists[l].items[i])->arg, "__debug__")) compile_error(c, function, "cannot assign to __debug__");
    const Node *gathering[] = {a->vararg, a->kwarg};
    for (int i = 0; i < 2; i++)
        if (gathering[i] && text_is(AST(arg, gathering[i])->arg, "__debug__")) compile_error(c, function, "cannot assign to __debug__");
}

static void function_prologue(Compiler *c, const Astarguments *a, bool is_async)
{
    Unit *u = c->unit;
    Scope *scope = u->scope;
    u->posonly_count = (uint32_t)a->posonlyargs.count;
    u->argcount = u->posonly_count + (uint32_t)a->args.count;
    u->kwonly_count = (uint32_t)a->kwonlyargs.count;
    u->flags = CODE_OPTIMIZED | CODE_NEWLOCALS | (scope->nested ? CODE_NESTED : 0) | (scope->varargs ? CODE_VARARGS : 0)
             | (scope->varkeywords ? CODE_VARKEYWORDS : 0);
    if (is_async) u->flags |= scope->is_generator ? CODE_ASYNC_GENERATOR : CODE_COROUTINE;
    else if (scope->is_generator) u->flags |= CODE_GENERATOR;
    if (c->flags & COMPILE_FUTURE_ANNOTATIONS) u->flags |= CODE_FUTURE_ANNOTATIONS;
    for (int i = 0; i < u->cellvar_count; i++) {
        int local = u->cellvars[i]->index;
        if (local < u->near_count) {
            emit(c, OP_CODE_MAKE_CELL, local, 0, 0);
            continue;
        }
        uint32_t far = (uint32_t)(local - u->near_count + NEAR_REGISTERS + 1);
        emit_word(c, OP_CODE_LOAD_FAR, top(u), 0, 0, far);
        emit(c, OP_CODE_MAKE_CELL, top(u), 0, 0);
        emit_word(c, OP_CODE_STORE_FAR, top(u), 0, 0, far);
    }
    if (u->flags & CODE_ANY_GENERATOR) emit(c, OP_CODE_RETURN_GENERATOR, 0, 0, 0);
}

static NEW_REF Value function_code(Compiler *c, const Node *node, Text name, const Astarguments *a, NodeList body, int line, bool is_async)
{
    Scope *scope = symtable_scope(&c->symbols, node);
    if (!compiler_enter(c, scope, name, line)) return ERROR;
    Unit *u = c->unit;
    u->source = (Spot){line, 0, line, 0};
    Text doc;
    bool documented = body_docstring(c, body, &doc) && c->optimize < 2;
    Value first = NONE;
    if (documented) first = str_from_wtf8(c->t, doc.bytes, doc.length);
    constant_add(c, first);
    function_prologue(c, a, is_async);
    NodeList rest = documented || (body_docstring(c, body, &doc) && c->optimize >= 2) ? (NodeList){body.count - 1, body.items + 1} : body;
    statements(c, rest);
    if (rest.count) at_nothing(c);      // the end is no statement: nothing to stop at
    return_constant(c, NONE);
    return compiler_leave(c);
}

static void apply_decorators(Compiler *c, NodeList decorators)
{
    // [decorator 0] ... [decorator n-1] [function]
    for (size_t i = decorators.count; i-- > 0;) {
        pop(c, 1);
        Reg decorator = top(c->unit) - 1;
        at(c, decorators.items[i]);
        emit_word(c, OP_CODE_CALL, decorator, 1, decorator, site_of_call(c));
    }
}

// ---- type parameters: a function that is called at once makes them, and returns the function, class or value

static void type_param_push(Compiler *c, Node *node)
{
    Text name = node->kind == AST_TypeVar ? AST(TypeVar, node)->name
              : node->kind == AST_ParamSpec ? AST(ParamSpec, node)->name : AST(TypeVarTuple, node)->name;
    const char *class = node->kind == AST_TypeVar ? "TypeVar" : node->kind == AST_ParamSpec ? "ParamSpec" : "TypeVarTuple";
    Unit *u = c->unit;
    Reg base = top(u);
    at(c, node);
    load_constant(c, base, small_int(0));
    push(c);
    load_constant(c, top(u), NONE);
    push(c);
    emit_word(c, OP_CODE_IMPORT_NAME, base, base, base + 1, site_new(c, (Text){"typing", 6}));
    emit_word(c, OP_CODE_LOAD_ATTR, base, base, 0, site_new(c, (Text){class, strlen(class)}));
    pop(c, 1);
    name_constant(c, name, top(u));
    push(c);
    Node *bound = node->kind == AST_TypeVar ? AST(TypeVar, node)->bound : NULL;
    if (bound && bound->kind == AST_Tuple) {
        NodeList constraints = AST(Tuple, bound)->elts;
        call_arguments(c, base, 1, constraints, (NodeList){0}, false, base);
    } else if (bound) {
        Astkeyword keyword = {{AST_keyword, bound->lineno, bound->col_offset, bound->end_lineno, bound->end_col_offset}, {"bound", 5}, bound};
        Node *items[] = {&keyword.head};
        call_arguments(c, base, 1, (NodeList){0}, (NodeList){1, items}, false, base);
    } else call_arguments(c, base, 1, (NodeList){0}, (NodeList){0}, false, base);
    push(c);
    emit(c, OP_CODE_COPY, top(u), base, 0);
    push(c);
    name_store(c, name, top(u) - 1);
    pop(c, 1);
}

// Leaves a tuple of the type parameters, which are bound, too, in a new temporary.
static void type_params_push(Compiler *c, NodeList params)
{
    Reg first = top(c->unit);
    for (size_t i = 0; i < params.count; i++) type_param_push(c, params.items[i]);
    emit(c, OP_CODE_BUILD_TUPLE, first, first, (int)params.count);
    pop(c, (int)params.count);
    push(c);
}

static bool enter_type_params(Compiler *c, Text name, NodeList params)
{
    char text[200];
    int length = snprintf(text, sizeof text, "<generic parameters of %.*s>", name.length < 100 ? (int)name.length : 100, name.bytes);
    const Node *node = params.items[0];
    char *copy = arena_copy(c->arena, text, (size_t)length);
    if (!copy || !compiler_enter(c, symtable_scope(&c->symbols, node), (Text){copy, (size_t)length}, node->lineno)) return false;
    Unit *u = c->unit;
    u->flags = CODE_OPTIMIZED | CODE_NEWLOCALS | (u->scope->nested ? CODE_NESTED : 0);
    u->argcount = u->param_count;
    at(c, node);
    constant_add(c, NONE);
    for (int i = 0; i < u->cellvar_count; i++) emit(c, OP_CODE_MAKE_CELL, u->cellvars[i]->index, 0, 0);
    type_params_push(c, params);
    return true;
}

// Consumes the temporary `r`, whose __type_params__ are the tuple in `params`.
static void mark_type_params(Compiler *c, Reg params, Reg r)
{
    emit_word(c, OP_CODE_STORE_ATTR, r, params, 0, site_new(c, (Text){"__type_params__", 15}));
}

// ---- statements

static int first_line_of(const Node *node, NodeList decorators)
{
    return decorators.count ? decorators.items[0]->lineno : node->lineno;
}

// The function itself, in a new temporary: annotations, closure, code. defaults are in the `flags` temporaries before it.
static void function_push(Compiler *c, Node *node, Text name, const Astarguments *a, NodeList body, Node *returns, int line, bool is_async,
                          int flags, Reg run)
{
    flags |= annotations_push(c, a, returns);
    Value code = function_code(c, node, name, a, body, line, is_async);
    at(c, node);
    make_function(c, code, flags, run, run);
    push(c);
}

static void generic_function_push(Compiler *c, Node *node, Text name, Node *args, NodeList body, Node *returns, NodeList params, int line,
                                  bool is_async)
{
    Unit *u = c->unit;
    const Astarguments *a = AST(arguments, args);
    Reg base = top(u);
    push(c);
    int flags = defaults_push(c, a);
    if (!(flags & 1)) {
        Reg kw = top(u) - 1;
        if (flags & 2) {
            emit(c, OP_CODE_MOVE, top(u), kw, 0);
            load_constant(c, kw, NONE);
        } else load_constant(c, top(u), NONE);
        push(c);
    }
    if (!(flags & 2)) {
        load_constant(c, top(u), NONE);
        push(c);
    }
    Value code = ERROR;
    if (enter_type_params(c, name, params)) {
        Reg tuple = top(c->unit) - 1, run = top(c->unit);
        for (int i = 0; i < 2; i++)
            if (flags & (1 << i)) {
                emit(c, OP_CODE_COPY, top(c->unit), i, 0);
                push(c);
            }
        function_push(c, node, name, a, body, returns, line, is_async, flags, run);
        Reg f = top(c->unit) - 1;
        emit(c, OP_CODE_COPY, f + 1, f, 0);
        mark_type_params(c, tuple, f + 1);
        emit(c, OP_CODE_RETURN, f, 0, 0);
        code = compiler_leave(c);
    }
    if (is_error(code)) return;
    int depth = u->depth;
    make_function(c, code, 0, top(u), base);
    u->depth = depth - 3;
    emit_word(c, OP_CODE_CALL, base, 2, base, site_of_call(c));
    push(c);
}

static void push_function(Compiler *c, Node *node, Text name, Node *args, NodeList body, NodeList decorators, Node *returns,
                          NodeList params, bool is_async)
{
    int line = first_line_of(node, decorators);
    check_names(c, node, AST(arguments, args));
    if (text_is(name, "__debug__")) compile_error(c, node, "cannot assign to __debug__");
    if (params.count) {
        generic_function_push(c, node, name, args, body, returns, params, line, is_async);
        return;
    }
    Reg run = top(c->unit);
    int flags = defaults_push(c, AST(arguments, args));
    function_push(c, node, name, AST(arguments, args), body, returns, line, is_async, flags, run);
}

void function_statement(Compiler *c, Node *node)
{
    bool is_async = node->kind == AST_AsyncFunctionDef;
    AstFunctionDef *f = (AstFunctionDef *)node;     // both kinds have the same fields
    _Static_assert(sizeof(AstFunctionDef) == sizeof(AstAsyncFunctionDef), "FunctionDef and AsyncFunctionDef differ");
    for (size_t i = 0; i < f->decorator_list.count; i++) value_push(c, f->decorator_list.items[i]);
    at(c, node);
    push_function(c, node, f->name, f->args, f->body, f->decorator_list, f->returns, f->type_params, is_async);
    apply_decorators(c, f->decorator_list);
    at(c, node);
    name_store(c, f->name, top(c->unit) - 1);
    pop(c, 1);
}

void lambda_to(Compiler *c, AstLambda *node, Reg dst)
{
    const Astarguments *a = AST(arguments, node->args);
    check_names(c, &node->head, a);
    Reg run = top(c->unit);
    int flags = defaults_push(c, a);
    Scope *scope = symtable_scope(&c->symbols, &node->head);
    Value code = ERROR;
    if (compiler_enter(c, scope, (Text){"<lambda>", 8}, node->head.lineno)) {
        at(c, &node->head);
        constant_add(c, NONE);
        function_prologue(c, a, false);
        Reg r = value(c, node->body);
        at(c, node->body);
        emit(c, OP_CODE_RETURN, r, 0, 0);
        code = compiler_leave(c);
    }
    at(c, &node->head);
    make_function(c, code, flags, run, dst);
}

static bool has_annotation(NodeList body)
{
    for (size_t i = 0; i < body.count; i++) {
        Node *s = body.items[i];
        NodeList lists[4] = {{0}};
        switch (s->kind) {
        case AST_AnnAssign: return true;
        case AST_For: lists[0] = AST(For, s)->body; lists[1] = AST(For, s)->orelse; break;
        case AST_AsyncFor: lists[0] = AST(AsyncFor, s)->body; lists[1] = AST(AsyncFor, s)->orelse; break;
        case AST_While: lists[0] = AST(While, s)->body; lists[1] = AST(While, s)->orelse; break;
        case AST_If: lists[0] = AST(If, s)->body; lists[1] = AST(If, s)->orelse; break;
        case AST_With: lists[0] = AST(With, s)->body; break;
        case AST_AsyncWith: lists[0] = AST(AsyncWith, s)->body; break;
        case AST_Match:
            for (size_t j = 0; j < AST(Match, s)->cases.count; j++)
                if (has_annotation(AST(match_case, AST(Match, s)->cases.items[j])->body)) return true;
            break;
        case AST_Try: case AST_TryStar: {
            AstTry *tr = (AstTry *)s;
            lists[0] = tr->body; lists[1] = tr->orelse; lists[2] = tr->finalbody;
            for (size_t j = 0; j < tr->handlers.count; j++)
                if (has_annotation(AST(ExceptHandler, tr->handlers.items[j])->body)) return true;
            break;
        }
        default: break;
        }
        for (int l = 0; l < 4; l++)
            if (lists[l].count && has_annotation(lists[l])) return true;
    }
    return false;
}

// The statements of a module or class: docstring, annotations, the rest.
static void namespace_body(Compiler *c, NodeList body)
{
    Unit *u = c->unit;
    if (has_annotation(body)) emit(c, OP_CODE_SETUP_ANNOTATIONS, 0, 0, 0);
    Text doc;
    if (body_docstring(c, body, &doc)) {
        if (c->optimize < 2) {
            at(c, body.items[0]);
            load_constant(c, top(u), str_from_wtf8(c->t, doc.bytes, doc.length));
            push(c);
            name_store(c, (Text){"__doc__", 7}, top(u) - 1);
            pop(c, 1);
        }
        body = (NodeList){body.count - 1, body.items + 1};
    }
    statements(c, body);
}

static NEW_REF Value class_code(Compiler *c, AstClassDef *node, int line)
{
    Scope *scope = symtable_scope(&c->symbols, &node->head);
    if (!compiler_enter(c, scope, node->name, line)) return ERROR;
    Unit *u = c->unit;
    u->source = (Spot){line, 0, line, 0};
    Reg cell = -1;
    if (scope->needs_class_cell) {
        cell = u->cellvars[u->cellvar_count - 1]->index;
        emit(c, OP_CODE_MAKE_CELL, cell, 0, 0);
    }
    Reg r = top(u);
    emit_word(c, OP_CODE_LOAD_NAME, r, 0, 0, site_new(c, (Text){"__name__", 8}));
    emit_word(c, OP_CODE_STORE_NAME, r, 0, 0, site_new(c, (Text){"__module__", 10}));
    load_constant(c, r, retain(object_value(u->qualname)));
    emit_word(c, OP_CODE_STORE_NAME, r, 0, 0, site_new(c, (Text){"__qualname__", 12}));
    namespace_body(c, node->body);
    at_nothing(c);
    if (cell >= 0) {
        emit(c, OP_CODE_COPY, r, cell, 0);
        emit_word(c, OP_CODE_STORE_NAME, r, 0, 0, site_new(c, (Text){"__classcell__", 13}));
        emit(c, OP_CODE_RETURN, cell, 0, 0);
    } else return_constant(c, NONE);
    return compiler_leave(c);
}

// The class itself, in a new temporary.
static void class_push(Compiler *c, AstClassDef *node, int line, Reg type_params)
{
    Unit *u = c->unit;
    Reg base = top(u);
    emit(c, OP_CODE_LOAD_BUILD_CLASS, base, 0, 0);
    push(c);
    Value code = class_code(c, node, line);
    if (is_error(code)) return;
    at(c, &node->head);
    make_function(c, code, 0, top(u), top(u));
    push(c);
    Str *name = intern_text(c, node->name);
    if (!name) return;
    load_constant(c, top(u), retain(object_value(name)));
    push(c);
    NodeList bases = node->bases;
    if (type_params >= 0) {
        // class C[T](B)  has the bases  B, Generic[T]
        Node **items = ARENA_ARRAY(c->arena, Node *, bases.count + 1);
        AstName *generic = ARENA_NEW(c->arena, AstName);
        if (!items || !generic) return;
        for (size_t i = 0; i < bases.count; i++) items[i] = bases.items[i];
        *generic = (AstName){{AST_Name, node->head.lineno, node->head.col_offset, node->head.end_lineno, node->head.end_col_offset}, {".generic_base", 13}, AST_Load};
        items[bases.count] = &generic->head;
        bases = (NodeList){bases.count + 1, items};
    }
    call_arguments(c, base, 2, bases, node->keywords, false, base);
    push(c);
}

// Binds .generic_base to typing.Generic[the parameters], a TypeVarTuple among them unpacked.
static void generic_base(Compiler *c, Reg params, NodeList type_params)
{
    Unit *u = c->unit;
    Reg r = top(u);
    load_constant(c, r, small_int(0));
    load_constant(c, r + 1, NONE);
    emit_word(c, OP_CODE_IMPORT_NAME, r, r, r + 1, site_new(c, (Text){"typing", 6}));
    emit_word(c, OP_CODE_LOAD_ATTR, r, r, 0, site_new(c, (Text){"Generic", 7}));
    push(c);
    Reg list = top(u);
    emit(c, OP_CODE_BUILD_LIST, list, list, 0);
    push(c);
    for (size_t i = 0; i < type_params.count; i++) {
        Reg item = push(c);
        emit(c, OP_CODE_COPY, item, params, 0);
        load_constant(c, item + 1, small_int((int64_t)i));
        emit(c, OP_CODE_INDEX, item, item, item + 1);
        emit(c, type_params.items[i]->kind == AST_TypeVarTuple ? OP_CODE_LIST_EXTEND : OP_CODE_LIST_APPEND, list, item, 0);
        pop(c, 1);
    }
    emit(c, OP_CODE_LIST_TO_TUPLE, list, list, 0);
    emit(c, OP_CODE_INDEX, r, r, list);
    pop(c, 1);
    name_store(c, (Text){".generic_base", 13}, r);
    pop(c, 1);
}

static void generic_class_push(Compiler *c, AstClassDef *node, int line)
{
    Unit *u = c->unit;
    Reg base = top(u);
    Value code = ERROR;
    if (enter_type_params(c, node->name, node->type_params)) {
        Reg tuple = top(c->unit) - 1;
        generic_base(c, tuple, node->type_params);
        class_push(c, node, line, tuple);
        Reg r = top(c->unit) - 1;
        emit(c, OP_CODE_COPY, r + 1, r, 0);
        mark_type_params(c, tuple, r + 1);
        emit(c, OP_CODE_RETURN, r, 0, 0);
        code = compiler_leave(c);
    }
    make_function(c, code, 0, base, base);
    load_constant(c, base + 1, NONE);
    load_constant(c, base + 2, NONE);
    emit_word(c, OP_CODE_CALL, base, 2, base, site_of_call(c));
    push(c);
}

void class_statement(Compiler *c, AstClassDef *node)
{
    for (size_t i = 0; i < node->decorator_list.count; i++) value_push(c, node->decorator_list.items[i]);
    at(c, &node->head);
    int line = first_line_of(&node->head, node->decorator_list);
    if (node->type_params.count) generic_class_push(c, node, line);
    else class_push(c, node, line, -1);
    apply_decorators(c, node->decorator_list);
    at(c, &node->head);
    name_store(c, node->name, top(c->unit) - 1);
    pop(c, 1);
}

void type_alias_statement(Compiler *c, AstTypeAlias *node)
{
    // A function works the value out when somebody asks for it; parameters are bound in a function around both.
    Unit *u = c->unit;
    Text name = AST(Name, node->name)->id;
    Reg base = top(u);
    bool generic = node->type_params.count > 0;
    Value code = ERROR;
    if (!generic || enter_type_params(c, name, node->type_params)) {
        Reg inner = top(c->unit);
        name_constant(c, name, inner);
        push(c);
        if (generic) emit(c, OP_CODE_MOVE, inner + 1, inner - 1, 0);
        else load_constant(c, inner + 1, NONE);
        push(c);
        Value body = ERROR;
        if (compiler_enter(c, symtable_scope(&c->symbols, &node->head), name, node->head.lineno)) {
            c->unit->flags = CODE_OPTIMIZED | CODE_NEWLOCALS;
            constant_add(c, NONE);
            for (int i = 0; i < c->unit->cellvar_count; i++) emit(c, OP_CODE_MAKE_CELL, c->unit->cellvars[i]->index, 0, 0);
            Reg r = value(c, node->value);
            emit(c, OP_CODE_RETURN, r, 0, 0);
            body = compiler_leave(c);
        }
        make_function(c, body, 0, inner + 2, inner + 2);
        pop(c, 2);
        emit(c, OP_CODE_MAKE_TYPE_ALIAS, inner, inner, 3);
        if (generic) {
            emit(c, OP_CODE_RETURN, inner, 0, 0);
            code = compiler_leave(c);
        }
    }
    if (generic) {
        make_function(c, code, 0, base, base);
        load_constant(c, base + 1, NONE);
        load_constant(c, base + 2, NONE);
        emit_word(c, OP_CODE_CALL, base, 2, base, site_of_call(c));
    }
    push(c);
    name_store(c, name, base);
    pop(c, 1);
}

void module_body(Compiler *c, NodeList body) { namespace_body(c, body); }

void interactive_body(Compiler *c, NodeList body)
{
    if (has_annotation(body)) emit(c, OP_CODE_SETUP_ANNOTATIONS, 0, 0, 0);
    statements(c, body);
}
