// SPDX-License-Identifier: MIT
// interp/compile_call.c: calls.
//
// The callee and the arguments are put in consecutive temporaries, the last ones in use, so that they become the first
// registers of the frame that is called. A method call keeps a register for self between the two. Calls with stars, or
// with more arguments than a run of registers is good for, collect a tuple and a dict.
#include "interp/compiler.h"

enum { ARGUMENTS_IN_REGISTERS = 40 };

void check_keywords(Compiler *c, NodeList keywords)
{
    for (size_t i = 0; i < keywords.count; i++) {
        Text name = AST(keyword, keywords.items[i])->arg;
        if (text_is_none(name)) continue;
        if (text_is(name, "__debug__")) {
            compile_error_source(c, c->unit->source, "cannot assign to __debug__");
            return;
        }
        for (size_t j = i + 1; j < keywords.count; j++) {
            Astkeyword *other = AST(keyword, keywords.items[j]);
            if (text_is_none(other->arg) || !text_equal(name, other->arg)) continue;
            compile_error(c, &other->head, "keyword argument repeated: %.*s", (int)name.length, name.bytes);
            return;
        }
    }
}

static NEW_REF Value keyword_names(Compiler *c, NodeList keywords, size_t from, size_t count)
{
    Tuple *tuple = tuple_blank(c->t, count);
    for (size_t i = 0; tuple && i < count; i++) {
        Str *name = intern_text(c, AST(keyword, keywords.items[from + i])->arg);
        if (!name) {
            drop_pointer(tuple);
            return ERROR;
        }
        tuple->items[i] = retain(object_value(name));
    }
    return tuple ? object_value(tuple) : ERROR;
}

static bool has_star(NodeList args, NodeList keywords)
{
    for (size_t i = 0; i < args.count; i++)
        if (args.items[i]->kind == AST_Starred) return true;
    for (size_t i = 0; i < keywords.count; i++)
        if (text_is_none(AST(keyword, keywords.items[i])->arg)) return true;
    return false;
}

static bool fits_registers(NodeList args, NodeList keywords)
{
    return args.count + keywords.count <= ARGUMENTS_IN_REGISTERS && !has_star(args, keywords);
}

// Pushes the tuple of positional arguments; `extra` of them are in the registers before it already, and become part of it.
static void argument_tuple_push(Compiler *c, int extra, NodeList args)
{
    Unit *u = c->unit;
    Reg first = top(u) - extra;
    if (!extra && args.count == 1 && args.items[0]->kind == AST_Starred) {
        value_push(c, AST(Starred, args.items[0])->value);
        return;
    }
    if (!extra) {
        AstTuple tuple = {{.kind = AST_Tuple}, args, AST_Load};
        value_push(c, &tuple.head);
        return;
    }
    emit(c, args.count ? OP_CODE_BUILD_LIST : OP_CODE_BUILD_TUPLE, first, first, extra);
    pop(c, extra);
    push(c);
    for (size_t i = 0; i < args.count; i++) {
        bool star = args.items[i]->kind == AST_Starred;
        Reg v = value(c, star ? AST(Starred, args.items[i])->value : args.items[i]);
        pop_operand(c, v);
        emit(c, star ? OP_CODE_LIST_EXTEND : OP_CODE_LIST_APPEND, first, v, 0);
    }
    if (args.count) emit(c, OP_CODE_LIST_TO_TUPLE, first, first, 0);
}

static void keyword_dict_push(Compiler *c, Reg callee, NodeList keywords)
{
    Unit *u = c->unit;
    Reg dict = top(u);
    emit(c, OP_CODE_BUILD_DICT, dict, dict, 0);
    push(c);
    for (size_t i = 0; i < keywords.count; i++) {
        Astkeyword *k = AST(keyword, keywords.items[i]);
        if (text_is_none(k->arg)) {
            Reg v = value(c, k->value);
            pop_operand(c, v);
            emit(c, OP_CODE_DICT_MERGE, dict, v, callee);
            continue;
        }
        // Names between two ** go in as a dict of their own, so that one given twice is told.
        Reg part = top(u);
        emit(c, OP_CODE_BUILD_DICT, part, part, 0);
        push(c);
        for (; i < keywords.count && !text_is_none(AST(keyword, keywords.items[i])->arg); i++) {
            Astkeyword *named = AST(keyword, keywords.items[i]);
            Str *name = intern_text(c, named->arg);
            if (!name) return;
            load_constant(c, top(u), retain(object_value(name)));
            Reg key = push(c), v = value(c, named->value);
            pop_operand(c, v);
            pop(c, 1);
            emit(c, OP_CODE_DICT_SET, part, key, v);
        }
        i--;
        pop(c, 1);
        emit(c, OP_CODE_DICT_MERGE, dict, part, callee);
    }
}

static void call_star(Compiler *c, Reg base, int extra, NodeList args, NodeList keywords, Reg dst)
{
    Spot source = c->unit->source;
    argument_tuple_push(c, extra, args);
    c->unit->source = source;
    if (keywords.count) keyword_dict_push(c, base, keywords);
    c->unit->source = source;
    c->unit->depth = base - c->unit->near_count;
    emit_word(c, OP_CODE_CALL_STAR, base, keywords.count != 0, dst, 0);
}

void call_arguments(Compiler *c, Reg base, int extra, NodeList args, NodeList keywords, bool method, Reg dst)
{
    Unit *u = c->unit;
    check_keywords(c, keywords);
    if (c->failed) return;
    if (!fits_registers(args, keywords)) {
        call_star(c, base, extra, args, keywords, dst);
        return;
    }
    Spot source = u->source;
    for (size_t i = 0; i < args.count; i++) value_push(c, args.items[i]);
    for (size_t i = 0; i < keywords.count; i++) value_push(c, AST(keyword, keywords.items[i])->value);
    u->depth = base - u->near_count;
    u->source = source;
    int count = extra + (int)args.count + (int)keywords.count;
    if (keywords.count)
        emit_word(c, method ? OP_CODE_CALL_METHOD_KW : OP_CODE_CALL_KW, base, count, dst,
                  constant_add(c, keyword_names(c, keywords, 0, keywords.count)));
    else emit_word(c, method ? OP_CODE_CALL_METHOD : OP_CODE_CALL, base, count, dst, site_of_call(c));
}

// An attribute that stands on a later line than its object begins is told by its own line.
void at_attribute(Compiler *c, const AstAttribute *a)
{
    Spot *s = &c->unit->source;
    if (s->line == a->head.end_lineno) return;
    s->line = a->head.end_lineno;
    int length = (int)a->attr.length;
    if (length <= a->head.end_col_offset) s->col = a->head.end_col_offset - length;
    else s->col = s->end_col = -1;
}

void call_to(Compiler *c, AstCall *e, Reg dst)
{
    Unit *u = c->unit;
    Reg base = top(u);
    if (e->func->kind == AST_Attribute && fits_registers(e->args, e->keywords)) {
        AstAttribute *a = AST(Attribute, e->func);
        Reg object = value(c, a->value);
        pop_operand(c, object);
        at(c, e->func);
        at_attribute(c, a);
        emit_word(c, OP_CODE_LOAD_METHOD, base, object, 0, site_new(c, mangled(c, a->attr)));
        push(c);
        push(c);
        at(c, &e->head);
        at_attribute(c, a);
        call_arguments(c, base, 0, e->args, e->keywords, true, dst);
        return;
    }
    value_push(c, e->func);
    at(c, &e->head);
    call_arguments(c, base, 0, e->args, e->keywords, false, dst);
}
