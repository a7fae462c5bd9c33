// SPDX-License-Identifier: MIT
// interp/unparse.c: an expression of the tree back as source text.
//
// Each kind of expression has a level; a child whose level is below what its place asks for gets brackets.
#include "interp/unparse.h"

#include "runtime/error.h"
#include "runtime/types/bytes.h"
#include "runtime/types/float.h"
#include "runtime/types/str.h"

typedef enum Level {
    LEVEL_TUPLE, LEVEL_TEST, LEVEL_OR, LEVEL_AND, LEVEL_NOT, LEVEL_COMPARE, LEVEL_BITOR, LEVEL_BITXOR, LEVEL_BITAND, LEVEL_SHIFT,
    LEVEL_ARITHMETIC, LEVEL_TERM, LEVEL_FACTOR, LEVEL_POWER, LEVEL_AWAIT, LEVEL_ATOM,
} Level;

typedef struct Writer { Thread *t; StrBuilder out; } Writer;

static void write_expr(Writer *w, const Node *e, Level level);

static void put(Writer *w, const char *text) { builder_add_ascii(&w->out, text, strlen(text)); }
static void put_text(Writer *w, Text text)
{
    OWN Value s = str_from_wtf8(w->t, text.bytes, text.length);
    if (is_error(s)) w->out.failed = true;
    else builder_add_str(&w->out, as_str(s));
}

static void open_if(Writer *w, bool yes) { if (yes) put(w, "("); }
static void close_if(Writer *w, bool yes) { if (yes) put(w, ")"); }

static void write_list(Writer *w, NodeList list, const char *separator, Level level)
{
    for (size_t i = 0; i < list.count; i++) {
        if (i) put(w, separator);
        write_expr(w, list.items[i], level);
    }
}

// ---- operators

static const struct { const char *text; Level level; } operators[] = {
    [AST_Add - AST_Add] = {" + ", LEVEL_ARITHMETIC}, [AST_Sub - AST_Add] = {" - ", LEVEL_ARITHMETIC},
    [AST_Mult - AST_Add] = {" * ", LEVEL_TERM}, [AST_MatMult - AST_Add] = {" @ ", LEVEL_TERM},
    [AST_Div - AST_Add] = {" / ", LEVEL_TERM}, [AST_Mod - AST_Add] = {" % ", LEVEL_TERM}, [AST_Pow - AST_Add] = {" ** ", LEVEL_POWER},
    [AST_LShift - AST_Add] = {" << ", LEVEL_SHIFT}, [AST_RShift - AST_Add] = {" >> ", LEVEL_SHIFT},
    [AST_BitOr - AST_Add] = {" | ", LEVEL_BITOR}, [AST_BitXor - AST_Add] = {" ^ ", LEVEL_BITXOR},
    [AST_BitAnd - AST_Add] = {" & ", LEVEL_BITAND}, [AST_FloorDiv - AST_Add] = {" // ", LEVEL_TERM},
};

static void write_binary(Writer *w, const AstBinOp *e, Level level)
{
    Level own = operators[e->op - AST_Add].level;
    bool right_first = e->op == AST_Pow;
    open_if(w, level > own);
    write_expr(w, e->left, own + right_first);
    put(w, operators[e->op - AST_Add].text);
    write_expr(w, e->right, own + !right_first);
    close_if(w, level > own);
}

static void write_unary(Writer *w, const AstUnaryOp *e, Level level)
{
    Level own = e->op == AST_Not ? LEVEL_NOT : LEVEL_FACTOR;
    open_if(w, level > own);
    put(w, e->op == AST_Not ? "not " : e->op == AST_Invert ? "~" : e->op == AST_USub ? "-" : "+");
    write_expr(w, e->operand, own);
    close_if(w, level > own);
}

static const char *compare_text(AstKind op)
{
    static const char *const texts[] = {" == ", " != ", " < ", " <= ", " > ", " >= ", " is ", " is not ", " in ", " not in "};
    return texts[op - AST_Eq];
}

static void write_compare(Writer *w, const AstCompare *e, Level level)
{
    open_if(w, level > LEVEL_COMPARE);
    write_expr(w, e->left, LEVEL_COMPARE + 1);
    for (size_t i = 0; i < e->ops.count; i++) {
        put(w, compare_text(e->ops.items[i]));
        write_expr(w, e->comparators.items[i], LEVEL_COMPARE + 1);
    }
    close_if(w, level > LEVEL_COMPARE);
}

// ---- parameters, comprehensions, calls

static void write_arg(Writer *w, const Node *node)
{
    const Astarg *a = AST(arg, node);
    put_text(w, a->arg);
    if (!a->annotation) return;
    put(w, ": ");
    write_expr(w, a->annotation, LEVEL_TEST);
}

static void write_arguments(Writer *w, const Astarguments *a)
{
    bool first = true;
    size_t positional = a->posonlyargs.count + a->args.count, plain = positional - a->defaults.count;
    for (size_t i = 0; i < positional; i++) {
        if (!first) put(w, ", ");
        first = false;
        write_arg(w, i < a->posonlyargs.count ? a->posonlyargs.items[i] : a->args.items[i - a->posonlyargs.count]);
        if (i >= plain) {
            put(w, "=");
            write_expr(w, a->defaults.items[i - plain], LEVEL_TEST);
        }
        if (a->posonlyargs.count && i + 1 == a->posonlyargs.count) put(w, ", /");
    }
    if (a->vararg || a->kwonlyargs.count) {
        put(w, first ? "*" : ", *");
        first = false;
        if (a->vararg) write_arg(w, a->vararg);
    }
    for (size_t i = 0; i < a->kwonlyargs.count; i++) {
        put(w, ", ");
        write_arg(w, a->kwonlyargs.items[i]);
        if (!a->kw_defaults.items[i]) continue;
        put(w, "=");
        write_expr(w, a->kw_defaults.items[i], LEVEL_TEST);
    }
    if (!a->kwarg) return;
    put(w, first ? "**" : ", **");
    write_arg(w, a->kwarg);
}

static void write_lambda(Writer *w, const AstLambda *e, Level level)
{
    const Astarguments *a = AST(arguments, e->args);
    bool any = a->posonlyargs.count || a->args.count || a->kwonlyargs.count || a->vararg || a->kwarg;
    open_if(w, level > LEVEL_TEST);
    put(w, any ? "lambda " : "lambda");
    write_arguments(w, a);
    put(w, ": ");
    write_expr(w, e->body, LEVEL_TEST);
    close_if(w, level > LEVEL_TEST);
}

static void write_clauses(Writer *w, NodeList generators)
{
    for (size_t i = 0; i < generators.count; i++) {
        const Astcomprehension *g = AST(comprehension, generators.items[i]);
        put(w, g->is_async ? " async for " : " for ");
        write_expr(w, g->target, LEVEL_TUPLE);
        put(w, " in ");
        write_expr(w, g->iter, LEVEL_TEST + 1);
        for (size_t j = 0; j < g->ifs.count; j++) {
            put(w, " if ");
            write_expr(w, g->ifs.items[j], LEVEL_TEST + 1);
        }
    }
}

static void write_comprehension(Writer *w, const char *open, const Node *element, NodeList generators, const char *close)
{
    put(w, open);
    write_expr(w, element, LEVEL_TEST);
    write_clauses(w, generators);
    put(w, close);
}

static void write_call(Writer *w, const AstCall *e)
{
    write_expr(w, e->func, LEVEL_ATOM);
    if (e->args.count == 1 && !e->keywords.count && e->args.items[0]->kind == AST_GeneratorExp) {
        write_expr(w, e->args.items[0], LEVEL_TEST);
        return;
    }
    put(w, "(");
    write_list(w, e->args, ", ", LEVEL_TEST);
    for (size_t i = 0; i < e->keywords.count; i++) {
        const Astkeyword *k = AST(keyword, e->keywords.items[i]);
        if (i || e->args.count) put(w, ", ");
        if (text_is_none(k->arg)) put(w, "**");
        else {
            put_text(w, k->arg);
            put(w, "=");
        }
        write_expr(w, k->value, LEVEL_TEST);
    }
    put(w, ")");
}

// ---- constants and strings

static void write_constant(Writer *w, const AstConstant *node)
{
    const Constant *constant = &node->value;
    char text[40];
    OWN Value v = UNBOUND;
    switch (constant->tag) {
    case CONSTANT_NONE: put(w, "None"); return;
    case CONSTANT_TRUE: put(w, "True"); return;
    case CONSTANT_FALSE: put(w, "False"); return;
    case CONSTANT_ELLIPSIS: put(w, "..."); return;
    case CONSTANT_INT:
        if (constant->base != 10) put(w, constant->base == 16 ? "0x" : constant->base == 8 ? "0o" : "0b");
        put_text(w, constant->text);
        return;
    case CONSTANT_FLOAT: case CONSTANT_IMAGINARY:
        if (isinf(constant->number)) put(w, "1e309");
        else {
            size_t length = float_repr(constant->number, text);
            bool whole = constant->tag == CONSTANT_IMAGINARY && length > 2 && memcmp(text + length - 2, ".0", 2) == 0;      // 1j, not 1.0j
            builder_add_ascii(&w->out, text, length - (whole ? 2 : 0));
        }
        if (constant->tag == CONSTANT_IMAGINARY) put(w, "j");
        return;
    case CONSTANT_STR:
        if (node->kind.length) put_text(w, node->kind);         // u'...'
        v = str_from_wtf8(w->t, constant->text.bytes, constant->text.length); break;
    case CONSTANT_BYTES: v = bytes_from(w->t, constant->text.bytes, constant->text.length); break;
    }
    if (is_error(v)) w->out.failed = true;
    else builder_add_repr(&w->out, v);
}

static void write_fstring_parts(Writer *w, const Node *node, bool in_spec);

static void write_literal(Writer *w, Text text)
{
    OWN Value v = str_from_wtf8(w->t, text.bytes, text.length);
    if (is_error(v)) { w->out.failed = true; return; }
    Str *s = as_str(v);
    for (size_t i = 0; i < s->length; i++) {
        Codepoint c = str_at(s, i);
        builder_add(&w->out, c);
        if (c == '{' || c == '}') builder_add(&w->out, c);
    }
}

static void write_replacement(Writer *w, const AstFormattedValue *f)
{
    OWN Value inner = UNBOUND;
    Writer nested = {.t = w->t};
    builder_start(w->t, &nested.out);
    write_expr(&nested, f->value, LEVEL_TEST + 1);
    inner = builder_finish(&nested.out);
    if (is_error(inner)) { w->out.failed = true; return; }
    put(w, as_str(inner)->length && str_at(as_str(inner), 0) == '{' ? "{ " : "{");
    builder_add_str(&w->out, as_str(inner));
    if (f->conversion > 0) {
        put(w, "!");
        builder_add(&w->out, (Codepoint)f->conversion);
    }
    if (f->format_spec) {
        put(w, ":");
        write_fstring_parts(w, f->format_spec, true);
    }
    put(w, "}");
}

static void write_fstring_parts(Writer *w, const Node *node, bool in_spec)
{
    if (node->kind == AST_FormattedValue) write_replacement(w, AST(FormattedValue, node));
    else if (node->kind == AST_Constant) write_literal(w, AST(Constant, node)->value.text);
    else if (node->kind == AST_JoinedStr)
        for (size_t i = 0; i < AST(JoinedStr, node)->values.count; i++) write_fstring_parts(w, AST(JoinedStr, node)->values.items[i], in_spec);
    else write_expr(w, node, LEVEL_TEST);
}

static void write_fstring(Writer *w, const Node *node)
{
    Writer body = {.t = w->t};
    builder_start(w->t, &body.out);
    write_fstring_parts(&body, node, false);
    OWN Value text = builder_finish(&body.out);
    put(w, "f");
    if (is_error(text)) w->out.failed = true;
    else builder_add_repr(&w->out, text);
}

static void write_dict(Writer *w, const AstDict *e)
{
    put(w, "{");
    for (size_t i = 0; i < e->keys.count; i++) {
        if (i) put(w, ", ");
        if (e->keys.items[i]) {
            write_expr(w, e->keys.items[i], LEVEL_TEST);
            put(w, ": ");
            write_expr(w, e->values.items[i], LEVEL_TEST);
        } else {
            put(w, "**");
            write_expr(w, e->values.items[i], LEVEL_BITOR);
        }
    }
    put(w, "}");
}

static void write_slice(Writer *w, const AstSlice *e)
{
    if (e->lower) write_expr(w, e->lower, LEVEL_TEST);
    put(w, ":");
    if (e->upper) write_expr(w, e->upper, LEVEL_TEST);
    if (!e->step) return;
    put(w, ":");
    write_expr(w, e->step, LEVEL_TEST);
}

static void write_attribute(Writer *w, const AstAttribute *e)
{
    write_expr(w, e->value, LEVEL_ATOM);
    bool number = e->value->kind == AST_Constant && AST(Constant, e->value)->value.tag == CONSTANT_INT;
    put(w, number ? " ." : ".");
    put_text(w, e->attr);
}

static void write_tuple(Writer *w, const AstTuple *e, Level level)
{
    if (!e->elts.count) {
        put(w, "()");
        return;
    }
    open_if(w, level > LEVEL_TUPLE);
    write_list(w, e->elts, ", ", LEVEL_TEST);
    if (e->elts.count == 1) put(w, ",");
    close_if(w, level > LEVEL_TUPLE);
}

static void write_bracketed(Writer *w, const char *word, const Node *value, Level own, Level inner, Level level)
{
    open_if(w, level > own);
    put(w, word);
    if (value) write_expr(w, value, inner);
    close_if(w, level > own);
}

static void write_rare(Writer *w, const Node *e, Level level)
{
    switch (e->kind) {
    case AST_DictComp:
        put(w, "{");
        write_expr(w, AST(DictComp, e)->key, LEVEL_TEST);
        put(w, ": ");
        write_comprehension(w, "", AST(DictComp, e)->value, AST(DictComp, e)->generators, "}");
        break;
    case AST_Yield: write_bracketed(w, AST(Yield, e)->value ? "(yield " : "(yield", AST(Yield, e)->value, LEVEL_ATOM, LEVEL_TUPLE, 0); put(w, ")"); break;
    case AST_YieldFrom: write_bracketed(w, "(yield from ", AST(YieldFrom, e)->value, LEVEL_ATOM, LEVEL_TEST, 0); put(w, ")"); break;
    case AST_Await: write_bracketed(w, "await ", AST(Await, e)->value, LEVEL_AWAIT, LEVEL_ATOM, level); break;
    case AST_NamedExpr:
        open_if(w, level > LEVEL_TUPLE);
        write_expr(w, AST(NamedExpr, e)->target, LEVEL_ATOM);
        put(w, " := ");
        write_expr(w, AST(NamedExpr, e)->value, LEVEL_ATOM);
        close_if(w, level > LEVEL_TUPLE);
        break;
    case AST_IfExp:
        open_if(w, level > LEVEL_TEST);
        write_expr(w, AST(IfExp, e)->body, LEVEL_TEST + 1);
        put(w, " if ");
        write_expr(w, AST(IfExp, e)->test, LEVEL_TEST + 1);
        put(w, " else ");
        write_expr(w, AST(IfExp, e)->orelse, LEVEL_TEST);
        close_if(w, level > LEVEL_TEST);
        break;
    case AST_BoolOp: {
        const AstBoolOp *b = AST(BoolOp, e);
        Level own = b->op == AST_And ? LEVEL_AND : LEVEL_OR;
        open_if(w, level > own);
        write_list(w, b->values, b->op == AST_And ? " and " : " or ", own + 1);
        close_if(w, level > own);
        break;
    }
    case AST_Set:
        put(w, "{");
        write_list(w, AST(Set, e)->elts, ", ", LEVEL_TEST);
        put(w, "}");
        break;
    default: break;
    }
}

static void write_expr(Writer *w, const Node *e, Level level)
{
    switch (e->kind) {
    case AST_Name: put_text(w, AST(Name, e)->id); break;
    case AST_Constant: write_constant(w, AST(Constant, e)); break;
    case AST_Attribute: write_attribute(w, AST(Attribute, e)); break;
    case AST_Subscript:
        write_expr(w, AST(Subscript, e)->value, LEVEL_ATOM);
        put(w, "[");
        write_expr(w, AST(Subscript, e)->slice, LEVEL_TUPLE);
        put(w, "]");
        break;
    case AST_Slice: write_slice(w, AST(Slice, e)); break;
    case AST_Starred:
        put(w, "*");
        write_expr(w, AST(Starred, e)->value, LEVEL_BITOR);
        break;
    case AST_Tuple: write_tuple(w, AST(Tuple, e), level); break;
    case AST_List:
        put(w, "[");
        write_list(w, AST(List, e)->elts, ", ", LEVEL_TEST);
        put(w, "]");
        break;
    case AST_Dict: write_dict(w, AST(Dict, e)); break;
    case AST_Call: write_call(w, AST(Call, e)); break;
    case AST_BinOp: write_binary(w, AST(BinOp, e), level); break;
    case AST_UnaryOp: write_unary(w, AST(UnaryOp, e), level); break;
    case AST_Compare: write_compare(w, AST(Compare, e), level); break;
    case AST_Lambda: write_lambda(w, AST(Lambda, e), level); break;
    case AST_ListComp: write_comprehension(w, "[", AST(ListComp, e)->elt, AST(ListComp, e)->generators, "]"); break;
    case AST_SetComp: write_comprehension(w, "{", AST(SetComp, e)->elt, AST(SetComp, e)->generators, "}"); break;
    case AST_GeneratorExp: write_comprehension(w, "(", AST(GeneratorExp, e)->elt, AST(GeneratorExp, e)->generators, ")"); break;
    case AST_JoinedStr: case AST_FormattedValue: write_fstring(w, e); break;
    default: write_rare(w, e, level); break;
    }
}

Value unparse(Thread *t, const Node *expression)
{
    Writer w = {.t = t};
    builder_start(t, &w.out);
    write_expr(&w, expression, LEVEL_TEST);
    return builder_finish(&w.out);
}
