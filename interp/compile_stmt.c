// SPDX-License-Identifier: MIT
// interp/compile_stmt.c: statements but for definitions, try, with and match; and the entry to the compiler.
#include <stdio.h>

#include "interp/compiler.h"
#include "interp/symtable_objects.h"
#include "interp/parser.h"

bool body_docstring(Compiler *c, NodeList body, Text *doc)
{
    (void)c;
    if (!body.count || body.items[0]->kind != AST_Expr) return false;
    Node *v = AST(Expr, body.items[0])->value;
    if (v->kind != AST_Constant || AST(Constant, v)->value.tag != CONSTANT_STR) return false;
    *doc = AST(Constant, v)->value.text;
    return true;
}

// ---- assignment

static void forbid_debug(Compiler *c, const Node *node, Text name, bool delete)
{
    if (text_is(name, "__debug__")) compile_error(c, node, delete ? "cannot delete __debug__" : "cannot assign to __debug__");
}

static void unpack(Compiler *c, Node *target, NodeList elts, Reg src)
{
    Unit *u = c->unit;
    size_t star = elts.count;
    for (size_t i = 0; i < elts.count; i++) {
        if (elts.items[i]->kind != AST_Starred) continue;
        if (star < elts.count) {
            compile_error(c, target, "multiple starred expressions in assignment");
            return;
        }
        star = i;
    }
    if ((star < elts.count && star >= 256) || elts.count > UINT16_MAX) {
        compile_error(c, target, "too many expressions in %sassignment", star < elts.count ? "star-unpacking " : "");
        return;
    }
    if (elts.count > 60) {
        // Too many for registers: as a list whose items are taken one by one.
        Reg list = push(c), index;
        emit_word(c, OP_CODE_UNPACK_LIST, list, src, star < elts.count, (uint32_t)(star < elts.count ? star : elts.count) | (uint32_t)(star < elts.count ? elts.count - star - 1 : 0) << 16);
        for (size_t i = 0; i < elts.count; i++) {
            load_constant(c, top(u), small_int((int64_t)i));
            index = push(c);
            emit(c, OP_CODE_COPY, index + 1, list, 0);
            emit(c, OP_CODE_INDEX, index, index + 1, index);
            assign_to(c, elts.items[i]->kind == AST_Starred ? AST(Starred, elts.items[i])->value : elts.items[i], index);
            pop(c, 1);
        }
        emit(c, OP_CODE_CLEAR, list, 0, 0);
        pop(c, 1);
        return;
    }
    Reg first = top(u);
    for (size_t i = 0; i < elts.count; i++) push(c);
    if (star < elts.count) emit_word(c, OP_CODE_UNPACK_STAR, first, src, (int)star, (uint32_t)(elts.count - star - 1));
    else emit(c, OP_CODE_UNPACK, first, src, (int)elts.count);
    for (size_t i = 0; i < elts.count; i++)
        assign_to(c, elts.items[i]->kind == AST_Starred ? AST(Starred, elts.items[i])->value : elts.items[i], first + (Reg)i);
    pop(c, (int)elts.count);
}

// Consumes src if it is a temporary; the caller pops it.
void assign_to(Compiler *c, Node *target, Reg src)
{
    Unit *u = c->unit;
    Spot outer = u->source;
    at(c, target);
    switch (target->kind) {
    case AST_Name:
        forbid_debug(c, target, AST(Name, target)->id, false);
        name_store(c, AST(Name, target)->id, src);
        break;
    case AST_Attribute: {
        AstAttribute *a = AST(Attribute, target);
        forbid_debug(c, target, a->attr, false);
        Reg object = value(c, a->value);
        pop_operand(c, object);
        at(c, target);
        at_attribute(c, a);
        emit_word(c, OP_CODE_STORE_ATTR, object, src, 0, site_new(c, mangled(c, a->attr)));
        break;
    }
    case AST_Subscript: {
        AstSubscript *s = AST(Subscript, target);
        Reg object = value(c, s->value), key;
        if (s->slice->kind == AST_Slice) {
            slice_push(c, s->slice);
            key = top(u) - 1;
        } else key = value(c, s->slice);
        pop_operand(c, key);
        pop_operand(c, object);
        at(c, target);
        emit(c, OP_CODE_STORE_INDEX, object, key, src);
        break;
    }
    case AST_Tuple: unpack(c, target, AST(Tuple, target)->elts, src); break;
    case AST_List: unpack(c, target, AST(List, target)->elts, src); break;
    case AST_Starred: compile_error(c, target, "starred assignment target must be in a list or tuple"); break;
    default: compile_error(c, target, "cannot assign to expression"); break;
    }
    u->source = outer;
}

static bool plain_elements(const Node *node, NodeList *elts)
{
    if (node->kind == AST_Tuple) *elts = AST(Tuple, node)->elts;
    else if (node->kind == AST_List) *elts = AST(List, node)->elts;
    else return false;
    for (size_t i = 0; i < elts->count; i++)
        if (elts->items[i]->kind == AST_Starred) return false;
    return true;
}

// a, b = x, y: no tuple is made.
static bool parallel_assignment(Compiler *c, AstAssign *s)
{
    NodeList targets, values;
    if (s->targets.count != 1 || s->value->kind != AST_Tuple || !plain_elements(s->targets.items[0], &targets)) return false;
    if (!plain_elements(s->value, &values) || targets.count != values.count || values.count < 2 || values.count > 3) return false;
    Value constant = fold(c, s->value);
    if (!is_unbound(constant)) {
        drop(constant);
        return false;
    }
    Reg first = top(c->unit);
    for (size_t i = 0; i < values.count; i++) value_push(c, values.items[i]);
    for (size_t i = 0; i < targets.count; i++) assign_to(c, targets.items[i], first + (Reg)i);
    pop(c, (int)values.count);
    return true;
}

static void assign_statement(Compiler *c, AstAssign *s)
{
    Reg dst;
    if (s->targets.count == 1 && name_destination(c, s->targets.items[0], &dst)) {
        value_to(c, s->value, dst);
        set_bound(c->unit, symbol_of(c, mangled(c, AST(Name, s->targets.items[0])->id)));
        return;
    }
    if (parallel_assignment(c, s)) return;
    bool single = s->targets.count == 1;
    Reg v = single && s->targets.items[0]->kind != AST_Name ? value(c, s->value) : value_push(c, s->value);
    for (size_t i = 0; i + 1 < s->targets.count; i++) {
        emit(c, OP_CODE_COPY, top(c->unit), v, 0);
        Reg copy = push(c);
        assign_to(c, s->targets.items[i], copy);
        pop(c, 1);
    }
    assign_to(c, s->targets.items[s->targets.count - 1], v);
    pop_operand(c, v);
}

static Opcode inplace_code(AstKind op)
{
    switch (op) {
    case AST_Add: return OP_CODE_INPLACE_ADD;
    case AST_Sub: return OP_CODE_INPLACE_SUBTRACT;
    case AST_Mult: return OP_CODE_INPLACE_MULTIPLY;
    case AST_MatMult: return OP_CODE_INPLACE_MATMUL;
    case AST_Div: return OP_CODE_INPLACE_TRUEDIV;
    case AST_Mod: return OP_CODE_INPLACE_MODULO;
    case AST_Pow: return OP_CODE_INPLACE_POWER;
    case AST_LShift: return OP_CODE_INPLACE_LSHIFT;
    case AST_RShift: return OP_CODE_INPLACE_RSHIFT;
    case AST_BitOr: return OP_CODE_INPLACE_OR;
    case AST_BitXor: return OP_CODE_INPLACE_XOR;
    case AST_BitAnd: return OP_CODE_INPLACE_AND;
    default: return OP_CODE_INPLACE_FLOORDIV;
    }
}

// dst = (old op= value), consuming old.
static void inplace(Compiler *c, AstAugAssign *s, Reg dst, Reg old)
{
    int immediate;
    if ((s->op == AST_Add || s->op == AST_Sub) && small_immediate(c, s->value, &immediate)) {
        at(c, &s->head);
        emit(c, s->op == AST_Add ? OP_CODE_INPLACE_ADD_IMM : OP_CODE_INPLACE_SUBTRACT_IMM, dst, old, immediate);
        return;
    }
    Opcode by_constant;
    int constant;
    if (number_operand(c, s->op, s->value, &by_constant, &constant)) {
        at(c, &s->head);
        emit(c, by_constant + (OP_CODE_INPLACE_ADD_K - OP_CODE_ADD_K), dst, old, constant);
        return;
    }
    Reg v = value(c, s->value);
    pop_operand(c, v);
    at(c, &s->head);
    emit(c, inplace_code(s->op), dst, old, v);
}

static void augmented_assignment(Compiler *c, AstAugAssign *s)
{
    Unit *u = c->unit;
    switch (s->target->kind) {
    case AST_Name: {
        Text name = AST(Name, s->target)->id;
        forbid_debug(c, s->target, name, false);
        Reg local;
        at(c, s->target);
        if (name_in_place(c, name, &local)) {
            inplace(c, s, local, local);
            return;
        }
        name_load(c, name, top(u));
        Reg old = push(c);
        inplace(c, s, old, old);
        at(c, s->target);
        name_store(c, name, old);
        pop(c, 1);
        return;
    }
    case AST_Attribute: {
        AstAttribute *a = AST(Attribute, s->target);
        Reg object = value(c, a->value), base = object;
        at(c, s->target);
        if (is_temp(u, object)) {
            emit(c, OP_CODE_COPY, top(u), object, 0);
            base = top(u);
        }
        Reg old = top(u);
        emit_word(c, OP_CODE_LOAD_ATTR, old, base, 0, site_new(c, mangled(c, a->attr)));
        push(c);
        inplace(c, s, old, old);
        at(c, s->target);
        emit_word(c, OP_CODE_STORE_ATTR, object, old, 0, site_new(c, mangled(c, a->attr)));
        pop(c, 1);
        pop_operand(c, object);
        return;
    }
    case AST_Subscript: {
        AstSubscript *e = AST(Subscript, s->target);
        Reg object = value(c, e->value), key;
        if (e->slice->kind == AST_Slice) {
            slice_push(c, e->slice);
            key = top(u) - 1;
        } else key = value(c, e->slice);
        at(c, s->target);
        Reg old = top(u), o = object, k = key;
        if (is_temp(u, object)) emit(c, OP_CODE_COPY, o = top(u), object, 0);
        if (is_temp(u, key)) emit(c, OP_CODE_COPY, k = top(u) + 1, key, 0);
        emit(c, OP_CODE_INDEX, old, o, k);
        push(c);
        inplace(c, s, old, old);
        at(c, s->target);
        emit(c, OP_CODE_STORE_INDEX, object, key, old);
        pop(c, 1);
        pop_operand(c, key);
        pop_operand(c, object);
        return;
    }
    default: return;
    }
}

static void discard(Compiler *c, Node *node)
{
    Reg v = value(c, node);
    if (is_temp(c->unit, v)) emit(c, OP_CODE_CLEAR, v, 0, 0);
    pop_operand(c, v);
}

// Evaluates what an annotation that is not kept evaluates all the same: the parts of a target.
static void check_annotated_target(Compiler *c, Node *target)
{
    if (target->kind == AST_Attribute) {
        forbid_debug(c, target, AST(Attribute, target)->attr, false);
        discard(c, AST(Attribute, target)->value);
    } else if (target->kind == AST_Subscript) {
        discard(c, AST(Subscript, target)->value);
        discard(c, AST(Subscript, target)->slice);
    }
}

static void annotated_assignment(Compiler *c, AstAnnAssign *s)
{
    Unit *u = c->unit;
    if (s->value) {
        Reg dst;
        if (name_destination(c, s->target, &dst)) {
            value_to(c, s->value, dst);
            set_bound(u, symbol_of(c, mangled(c, AST(Name, s->target)->id)));
        } else {
            Reg v = value_push(c, s->value);
            assign_to(c, s->target, v);
            pop(c, 1);
        }
    }
    bool kept = u->scope->kind != SCOPE_FUNCTION;
    if (s->target->kind == AST_Name) {
        Text name = AST(Name, s->target)->id;
        forbid_debug(c, s->target, name, false);
        if (s->simple && kept) {
            Reg v = top(u);
            annotation_value(c, s->annotation, v);
            push(c);
            emit_word(c, OP_CODE_LOAD_NAME, top(u), 0, 0, site_new(c, (Text){"__annotations__", 15}));
            Reg annotations = push(c);
            Str *key = intern_text(c, mangled(c, name));
            if (!key) return;
            load_constant(c, top(u), retain(object_value(key)));
            emit(c, OP_CODE_STORE_INDEX, annotations, top(u), v);
            pop(c, 2);
            return;
        }
    } else if (!s->value) check_annotated_target(c, s->target);
    if (!s->simple && kept && !(c->flags & COMPILE_FUTURE_ANNOTATIONS)) discard(c, s->annotation);
}

static void delete_target(Compiler *c, Node *target)
{
    Spot outer = c->unit->source;
    at(c, target);
    switch (target->kind) {
    case AST_Name:
        forbid_debug(c, target, AST(Name, target)->id, true);
        name_delete(c, AST(Name, target)->id);
        break;
    case AST_Attribute: {
        AstAttribute *a = AST(Attribute, target);
        forbid_debug(c, target, a->attr, true);
        Reg object = value(c, a->value);
        pop_operand(c, object);
        at(c, target);
        at_attribute(c, a);
        emit_word(c, OP_CODE_DELETE_ATTR, object, 0, 0, site_new(c, mangled(c, a->attr)));
        break;
    }
    case AST_Subscript: {
        AstSubscript *s = AST(Subscript, target);
        Reg object = value(c, s->value);
        slice_push(c, s->slice);
        pop(c, 1);
        Reg key = top(c->unit);
        pop_operand(c, object);
        at(c, target);
        emit(c, OP_CODE_DELETE_INDEX, object, key, 0);
        break;
    }
    case AST_Tuple: for (size_t i = 0; i < AST(Tuple, target)->elts.count; i++) delete_target(c, AST(Tuple, target)->elts.items[i]); break;
    case AST_List: for (size_t i = 0; i < AST(List, target)->elts.count; i++) delete_target(c, AST(List, target)->elts.items[i]); break;
    default: break;
    }
    c->unit->source = outer;
}

// ---- flow

static void if_statement(Compiler *c, AstIf *s)
{
    Unit *u = c->unit;
    if (constant_truth(c, s->test) >= 0) emit(c, OP_CODE_NOP, 0, 0, 0);
    Label otherwise = label_new(c), done = label_new(c);
    branch(c, s->test, false, otherwise);
    Bound before = u->bound;
    statements(c, s->body);
    if (!s->orelse.count) {
        label_place(c, otherwise);
        u->bound = bound_meet(u->bound, before);
        return;
    }
    at_nothing(c);
    Bound after = u->bound;
    jump(c, done);
    label_place(c, otherwise);
    u->bound = before;
    statements(c, s->orelse);
    label_place(c, done);
    u->bound = bound_meet(u->bound, after);
}

static void assert_statement(Compiler *c, AstAssert *s)
{
    if (s->test->kind == AST_Tuple && AST(Tuple, s->test)->elts.count)
        compile_warning(c, &s->head, "assertion is always true, perhaps remove parentheses?");
    if (c->optimize) return;
    Unit *u = c->unit;
    Label fine = label_new(c);
    branch(c, s->test, true, fine);
    Bound bound = u->bound;
    Reg r = top(u);
    emit(c, OP_CODE_LOAD_ASSERTION_ERROR, r, 0, 0);
    push(c);
    if (s->msg) {
        value_push(c, s->msg);
        pop(c, 1);
        emit_word(c, OP_CODE_CALL, r, 1, r, site_of_call(c));
    }
    emit(c, OP_CODE_RAISE, r, 1, 0);
    pop(c, 1);
    label_place(c, fine);
    u->bound = bound;
}

static void raise_statement_(Compiler *c, AstRaise *s)
{
    int count = 0;
    Reg r = top(c->unit);
    if (s->exc) {
        value_push(c, s->exc);
        count++;
        if (s->cause) {
            value_push(c, s->cause);
            count++;
        }
        pop(c, count);
    }
    at(c, &s->head);
    emit(c, OP_CODE_RAISE, r, count, 0);
}

static void import_statement(Compiler *c, AstImport *s)
{
    Unit *u = c->unit;
    for (size_t i = 0; i < s->names.count; i++) {
        Astalias *a = AST(alias, s->names.items[i]);
        Reg r = top(u);
        load_constant(c, r, small_int(0));
        push(c);
        load_constant(c, top(u), NONE);
        emit_word(c, OP_CODE_IMPORT_NAME, r, r, r + 1, site_new(c, a->name));
        const char *dot = memchr(a->name.bytes, '.', a->name.length);
        Text rest = a->name;
        if (text_is_none(a->asname)) {
            Text name = dot ? (Text){a->name.bytes, (size_t)(dot - a->name.bytes)} : a->name;
            forbid_debug(c, &s->head, name, false);
            name_store(c, name, r);
            pop(c, 1);
            continue;
        }
        // import a.b.c as d: from a take b, from that c
        while (dot) {
            rest = (Text){dot + 1, rest.length - (size_t)(dot + 1 - rest.bytes)};
            dot = memchr(rest.bytes, '.', rest.length);
            Text part = dot ? (Text){rest.bytes, (size_t)(dot - rest.bytes)} : rest;
            emit_word(c, OP_CODE_IMPORT_FROM, top(u), r, 0, site_new(c, part));
            emit(c, OP_CODE_MOVE, r, top(u), 0);
        }
        forbid_debug(c, &s->head, a->asname, false);
        name_store(c, a->asname, r);
        pop(c, 1);
    }
}

static NEW_REF Value names_tuple(Compiler *c, NodeList aliases)
{
    Tuple *tuple = tuple_blank(c->t, aliases.count);
    for (size_t i = 0; tuple && i < aliases.count; i++) {
        Str *s = intern_text(c, AST(alias, aliases.items[i])->name);
        if (!s) {
            drop_pointer(tuple);
            return ERROR;
        }
        tuple->items[i] = retain(object_value(s));
    }
    return tuple ? object_value(tuple) : ERROR;
}

static void import_from_statement(Compiler *c, AstImportFrom *s)
{
    Unit *u = c->unit;
    Reg module = top(u);
    load_constant(c, module, small_int(s->level));
    push(c);
    load_constant(c, top(u), names_tuple(c, s->names));
    Text name = text_is_none(s->module) ? (Text){"", 0} : s->module;
    emit_word(c, OP_CODE_IMPORT_NAME, module, module, module + 1, site_new(c, name));
    for (size_t i = 0; i < s->names.count; i++) {
        Astalias *a = AST(alias, s->names.items[i]);
        if (text_is(a->name, "*")) {
            emit(c, OP_CODE_IMPORT_STAR, module, 0, 0);
            pop(c, 1);
            return;
        }
        emit_word(c, OP_CODE_IMPORT_FROM, top(u), module, 0, site_new(c, a->name));
        Text as = text_is_none(a->asname) ? a->name : a->asname;
        forbid_debug(c, &s->head, as, false);
        Reg v = push(c);
        name_store(c, as, v);
        pop(c, 1);
    }
    emit(c, OP_CODE_CLEAR, module, 0, 0);
    pop(c, 1);
}

static void expression_statement(Compiler *c, AstExpr *s)
{
    Unit *u = c->unit;
    if (c->interactive && u->scope->kind == SCOPE_MODULE) {
        Reg v = value(c, s->value);
        emit(c, OP_CODE_PRINT_EXPR, v, 0, 0);
        pop_operand(c, v);
        return;
    }
    switch (s->value->kind) {
    case AST_Constant: emit(c, OP_CODE_NOP, 0, 0, 0); return;
    case AST_Call: case AST_Yield: value_to(c, s->value, NO_DESTINATION); return;
    default: break;
    }
    discard(c, s->value);
}

static void statement_inner(Compiler *c, Node *s)
{
    switch (s->kind) {
    case AST_FunctionDef: case AST_AsyncFunctionDef: function_statement(c, s); break;
    case AST_ClassDef: class_statement(c, AST(ClassDef, s)); break;
    case AST_Return: return_statement(c, AST(Return, s)); break;
    case AST_Delete:
        for (size_t i = 0; i < AST(Delete, s)->targets.count; i++) delete_target(c, AST(Delete, s)->targets.items[i]);
        break;
    case AST_Assign: assign_statement(c, AST(Assign, s)); break;
    case AST_TypeAlias: type_alias_statement(c, AST(TypeAlias, s)); break;
    case AST_AugAssign: augmented_assignment(c, AST(AugAssign, s)); break;
    case AST_AnnAssign: annotated_assignment(c, AST(AnnAssign, s)); break;
    case AST_For: for_statement(c, AST(For, s)); break;
    case AST_AsyncFor: async_for_statement(c, AST(AsyncFor, s)); break;
    case AST_While: while_statement(c, AST(While, s)); break;
    case AST_If: if_statement(c, AST(If, s)); break;
    case AST_With: with_statement(c, s, AST(With, s)->items, 0, AST(With, s)->body, false); break;
    case AST_AsyncWith: with_statement(c, s, AST(AsyncWith, s)->items, 0, AST(AsyncWith, s)->body, true); break;
    case AST_Match: match_statement(c, AST(Match, s)); break;
    case AST_Raise: raise_statement_(c, AST(Raise, s)); break;
    case AST_Try: case AST_TryStar: {
        AstTry *tr = (AstTry *)s;
        _Static_assert(sizeof(AstTry) == sizeof(AstTryStar), "Try and TryStar differ");
        try_statement(c, tr->body, tr->handlers, tr->orelse, tr->finalbody, s->kind == AST_TryStar);
        break;
    }
    case AST_Assert: assert_statement(c, AST(Assert, s)); break;
    case AST_Import: import_statement(c, AST(Import, s)); break;
    case AST_ImportFrom: import_from_statement(c, AST(ImportFrom, s)); break;
    case AST_Expr: expression_statement(c, AST(Expr, s)); break;
    case AST_Break: break_or_continue(c, s, true); break;
    case AST_Continue: break_or_continue(c, s, false); break;
    case AST_Pass: emit(c, OP_CODE_NOP, 0, 0, 0); break;
    default: break;
    }
}

void statement(Compiler *c, Node *s)
{
    if (!nest(c)) return;
    at(c, s);
    ASSERT(c->unit->depth >= 0);
    statement_inner(c, s);
    unnest(c);
}

void statements(Compiler *c, NodeList list)
{
    for (size_t i = 0; i < list.count && !c->failed; i++) statement(c, list.items[i]);
}

// ---- the entry

static bool is_future_import(const Node *s) { return s->kind == AST_ImportFrom && text_is(AST(ImportFrom, s)->module, "__future__"); }

static const struct { const char *name; unsigned flag; } futures[] = {
    {"nested_scopes", 0}, {"generators", 0}, {"division", 0}, {"absolute_import", 0}, {"with_statement", 0}, {"print_function", 0},
    {"unicode_literals", 0}, {"barry_as_FLUFL", COMPILE_FUTURE_BARRY}, {"generator_stop", 0}, {"annotations", COMPILE_FUTURE_ANNOTATIONS},
};

static bool read_future_import(Compiler *c, AstImportFrom *s)
{
    for (size_t i = 0; i < s->names.count; i++) {
        Text name = AST(alias, s->names.items[i])->name;
        size_t f = 0;
        while (f < COUNT_OF(futures) && !text_is(name, futures[f].name)) f++;
        if (f < COUNT_OF(futures)) {
            c->flags |= futures[f].flag;
            continue;
        }
        char message[300] = "not a chance";
        if (!text_is(name, "braces")) snprintf(message, sizeof message, "future feature %.*s is not defined", name.length < 200 ? (int)name.length : 200, name.bytes);
        if (!c->failed) raise_syntax_error(c->t, c->filename, message, s->head.lineno, 0, s->head.lineno, -1, false);
        fail(c);
        return false;
    }
    return true;
}

// The future imports at the top; one further down is an error.
static bool read_futures(Compiler *c, NodeList body)
{
    bool may_come = true, docstring = false;
    for (size_t i = 0; i < body.count; i++) {
        Node *s = body.items[i];
        if (is_future_import(s)) {
            if (!may_come) {
                compile_error(c, s, "from __future__ imports must occur at the beginning of the file");
                return false;
            }
            if (!read_future_import(c, AST(ImportFrom, s))) return false;
        } else if (s->kind == AST_Expr && !docstring && AST(Expr, s)->value->kind == AST_Constant) {
            docstring = true;
        } else may_come = false;
    }
    return true;
}

static void module_code(Compiler *c, Node *tree)
{
    Unit *u = c->unit;
    u->source = (Spot){1, 0, 1, 0};
    if (c->flags & COMPILE_FUTURE_ANNOTATIONS) u->flags |= CODE_FUTURE_ANNOTATIONS;
    if (u->scope->is_coroutine && (c->flags & COMPILE_TOP_LEVEL_AWAIT)) {
        u->flags |= CODE_COROUTINE;
        emit(c, OP_CODE_RETURN_GENERATOR, 0, 0, 0);
    }
    if (tree->kind == AST_Expression) {
        Reg r = value(c, AST(Expression, tree)->body);
        emit(c, OP_CODE_RETURN, r, 0, 0);
        pop_operand(c, r);
        return;
    }
    if (tree->kind == AST_Module) module_body(c, AST(Module, tree)->body);
    else interactive_body(c, AST(Interactive, tree)->body);
    if (u->instr_count) at_nothing(c);
    uint32_t none = u->reachable ? constant_add(c, NONE) : 0;
    if (none <= 0xFFFF) emit(c, OP_CODE_RETURN_CONST, 0, (int)(none & 0xFF), (int)(none >> 8));
    else {
        emit_word(c, OP_CODE_LOAD_CONST_FAR, top(u), 0, 0, none);
        emit(c, OP_CODE_RETURN, top(u), 0, 0);
    }
}

static void report_symtable(Compiler *c)
{
    const SymtableFault *f = &c->symbols.fault;
    if (f->message) raise_syntax_error(c->t, c->filename, f->message, f->lineno, f->col_offset, f->end_lineno, f->end_col_offset, false);
    else raise_error(c->t, &exc_RecursionError, "maximum recursion depth exceeded during compilation");
    fail(c);
}

Value compile_tree(Thread *t, Arena *arena, Node *tree, Value filename, unsigned flags, int optimize)
{
    Compiler compiler = {.t = t, .arena = arena, .filename = filename, .flags = flags, .optimize = optimize < 0 ? 0 : optimize,
                         .interactive = tree->kind == AST_Interactive}, *c = &compiler;
    OWN Value kept = list_new(t, 16);
    if (is_error(kept)) return ERROR;
    c->kept = kept;
    if (tree->kind == AST_Module && !read_futures(c, AST(Module, tree)->body)) return ERROR;
    if (tree->kind == AST_Interactive && !read_futures(c, AST(Interactive, tree)->body)) return ERROR;
    if (!symtable_build(&c->symbols, arena, tree, (c->flags & COMPILE_FUTURE_ANNOTATIONS) != 0)) {
        report_symtable(c);
        return ERROR;
    }
    if (flags & COMPILE_ONLY_SYMBOLS) return symtable_to_object(t, c->symbols.top);
    if (!compiler_enter(c, c->symbols.top, (Text){"<module>", 8}, 1)) return ERROR;
    module_code(c, tree);
    return compiler_leave(c);
}
