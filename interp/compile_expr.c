// SPDX-License-Identifier: MIT
// interp/compile_expr.c: expressions.
#include "interp/compiler.h"
#include "runtime/types/set.h"
#include "runtime/types/slice.h"

bool writes_once(const Node *node)
{
    switch (node->kind) {
    case AST_BinOp: case AST_UnaryOp: case AST_Constant: case AST_Name: case AST_Attribute: case AST_Subscript: case AST_Call:
    case AST_Lambda: case AST_IfExp: case AST_ListComp: case AST_SetComp: case AST_DictComp: case AST_GeneratorExp: case AST_Yield:
        return true;
    case AST_Compare: return AST(Compare, node)->ops.count == 1;
    default: return false;
    }
}

void move_result(Compiler *c, Reg dst, Reg from)
{
    if (dst != from) emit(c, OP_CODE_MOVE, dst, from, 0);
}

Reg value(Compiler *c, Node *node)
{
    Reg r;
    if (node->kind == AST_Name && AST(Name, node)->ctx == AST_Load) {
        Spot outer = c->unit->source;
        at(c, node);
        bool in_place = name_in_place(c, AST(Name, node)->id, &r);
        c->unit->source = outer;
        if (in_place) return r;
    }
    return value_push(c, node);
}

Reg value_push(Compiler *c, Node *node)
{
    value_to(c, node, top(c->unit));
    return push(c);
}

// ---- operators

static const struct { uint8_t plain, inplace; } binary_codes[] = {
#define PAIR(kind, name) [AST_##kind - AST_Add] = {OP_CODE_##name, OP_CODE_INPLACE_##name}
    PAIR(Add, ADD), PAIR(Sub, SUBTRACT), PAIR(Mult, MULTIPLY), PAIR(MatMult, MATMUL), PAIR(Div, TRUEDIV), PAIR(Mod, MODULO),
    PAIR(Pow, POWER), PAIR(LShift, LSHIFT), PAIR(RShift, RSHIFT), PAIR(BitOr, OR), PAIR(BitXor, XOR), PAIR(BitAnd, AND),
    PAIR(FloorDiv, FLOORDIV),
#undef PAIR
};

// A number as the right operand: the instruction that has it as a constant, of the plain operators; those that assign
// stand INPLACE_ADD_K - ADD_K further on.
bool number_operand(Compiler *c, AstKind op, const Node *node, Opcode *code, int *constant)
{
    switch (op) {
    case AST_Add: *code = OP_CODE_ADD_K; break;
    case AST_Sub: *code = OP_CODE_SUBTRACT_K; break;
    case AST_Mult: *code = OP_CODE_MULTIPLY_K; break;
    case AST_Div: *code = OP_CODE_TRUEDIV_K; break;
    case AST_FloorDiv: *code = OP_CODE_FLOORDIV_K; break;
    case AST_Mod: *code = OP_CODE_MODULO_K; break;
    case AST_BitAnd: *code = OP_CODE_AND_K; break;
    default: return false;
    }
    if ((node->kind != AST_Constant && node->kind != AST_UnaryOp && node->kind != AST_BinOp) || !c->unit->reachable) return false;
    Value v = fold(c, node);
    if (!is_small_int(v) && !is_small_float(v)) {
        drop(v);
        return false;
    }
    uint32_t k = constant_add(c, v);
    *constant = (int)k;
    return k <= 0xFF;
}

static void binary_to(Compiler *c, AstBinOp *e, Reg dst)
{
    Reg left = value(c, e->left);
    int immediate;
    if ((e->op == AST_Add || e->op == AST_Sub) && small_immediate(c, e->right, &immediate)) {
        pop_operand(c, left);
        at(c, &e->head);
        emit(c, e->op == AST_Add ? OP_CODE_ADD_IMM : OP_CODE_SUBTRACT_IMM, dst, left, immediate);
        return;
    }
    Opcode by_constant;
    int constant;
    if (number_operand(c, e->op, e->right, &by_constant, &constant)) {
        pop_operand(c, left);
        at(c, &e->head);
        emit(c, by_constant, dst, left, constant);
        return;
    }
    Reg right = value(c, e->right);
    pop_operand(c, right);
    pop_operand(c, left);
    at(c, &e->head);
    emit(c, binary_codes[e->op - AST_Add].plain, dst, left, right);
}

static void unary_to(Compiler *c, AstUnaryOp *e, Reg dst)
{
    Reg operand = value(c, e->operand);
    pop_operand(c, operand);
    at(c, &e->head);
    Opcode op = e->op == AST_Not ? OP_CODE_NOT : e->op == AST_Invert ? OP_CODE_INVERT : e->op == AST_USub ? OP_CODE_NEGATIVE : OP_CODE_POSITIVE;
    emit(c, op, dst, operand, 0);
}

static Opcode compare_code(AstKind op)
{
    switch (op) {
    case AST_Lt: return OP_CODE_LT;
    case AST_LtE: return OP_CODE_LE;
    case AST_Eq: return OP_CODE_EQ;
    case AST_NotEq: return OP_CODE_NE;
    case AST_Gt: return OP_CODE_GT;
    case AST_GtE: return OP_CODE_GE;
    case AST_Is: return OP_CODE_IS;
    case AST_IsNot: return OP_CODE_IS_NOT;
    case AST_In: return OP_CODE_IN;
    default: return OP_CODE_NOT_IN;
    }
}

static const char *literal_type(const Node *node)
{
    if (node->kind == AST_Tuple) return AST(Tuple, node)->ctx == AST_Load ? "tuple" : NULL;
    if (node->kind != AST_Constant) return NULL;
    switch (AST(Constant, node)->value.tag) {
    case CONSTANT_INT: return "int";
    case CONSTANT_FLOAT: return "float";
    case CONSTANT_IMAGINARY: return "complex";
    case CONSTANT_STR: return "str";
    case CONSTANT_BYTES: return "bytes";
    default: return NULL;
    }
}

static bool is_literal_operand(Compiler *c, const Node *node)
{
    if (node->kind == AST_Tuple) {
        OWN Value v = fold(c, node);
        return !is_unbound(v);
    }
    return literal_type(node) != NULL;
}

static void warn_is_literal(Compiler *c, AstCompare *e)
{
    const Node *left = e->left;
    for (size_t i = 0; i < e->ops.count; i++) {
        const Node *right = e->comparators.items[i];
        AstKind op = e->ops.items[i];
        if ((op == AST_Is || op == AST_IsNot) && (is_literal_operand(c, left) || is_literal_operand(c, right)))
            compile_warning(c, &e->head, op == AST_Is ? "\"is\" with a literal. Did you mean \"==\"?" : "\"is not\" with a literal. Did you mean \"!=\"?");
        left = right;
    }
}

// The right side of `in`: a display of constants becomes a constant tuple or frozenset.
static Reg container_value(Compiler *c, Node *node, bool is_in)
{
    if (!is_in || (node->kind != AST_List && node->kind != AST_Set)) return value(c, node);
    AstTuple as_tuple_node = {{AST_Tuple, node->lineno, node->col_offset, node->end_lineno, node->end_col_offset},
                              node->kind == AST_List ? AST(List, node)->elts : AST(Set, node)->elts, AST_Load};
    OWN Value items = fold(c, &as_tuple_node.head);
    if (is_unbound(items)) return value(c, node);
    Value constant = node->kind == AST_List ? MOVE(items) : set_from_iterable(c->t, &frozenset_type, items);
    if (is_error(constant)) {
        error_clear(c->t);
        return value(c, node);
    }
    at(c, node);
    load_constant(c, top(c->unit), constant);
    return push(c);
}

static bool is_containment(AstKind op) { return op == AST_In || op == AST_NotIn; }

static void compare_to(Compiler *c, AstCompare *e, Reg dst)
{
    warn_is_literal(c, e);
    size_t count = e->ops.count;
    if (count == 1) {
        Reg left = value(c, e->left), right = container_value(c, e->comparators.items[0], is_containment(e->ops.items[0]));
        pop_operand(c, right);
        pop_operand(c, left);
        at(c, &e->head);
        emit(c, compare_code(e->ops.items[0]), dst, left, right);
        return;
    }
    // [left, later the result] [middle] [copy of middle]
    Reg left = value_push(c, e->left);
    Label done = label_new(c), cleanup = label_new(c);
    Bound bound = c->unit->bound;
    for (size_t i = 0; i + 1 < count; i++) {
        Reg middle = value_push(c, e->comparators.items[i]);
        if (i == 0) bound = c->unit->bound;
        at(c, &e->head);
        emit(c, OP_CODE_COPY, middle + 1, middle, 0);
        emit(c, compare_code(e->ops.items[i]), left, left, middle + 1);
        emit_jump(c, OP_CODE_JUMP_IF_KEEP, left, 0, 0, cleanup);
        emit(c, OP_CODE_MOVE, left, middle, 0);
        pop(c, 1);
    }
    Reg last = container_value(c, e->comparators.items[count - 1], is_containment(e->ops.items[count - 1]));
    pop_operand(c, last);
    at(c, &e->head);
    emit(c, compare_code(e->ops.items[count - 1]), left, left, last);
    jump(c, done);
    label_place(c, cleanup);
    emit(c, OP_CODE_CLEAR, left + 1, 0, 0);
    label_place(c, done);
    c->unit->bound = bound;
    pop(c, 1);
    move_result(c, dst, left);
}

static void bool_op_to(Compiler *c, AstBoolOp *e, Reg dst)
{
    // The destination holds each operand in turn: it is a temporary (writes_once is false).
    Unit *u = c->unit;
    Label done = label_new(c);
    bool fresh = dst == top(u);
    if (fresh) push(c);
    Bound bound = u->bound;
    for (size_t i = 0; i < e->values.count; i++) {
        value_to(c, e->values.items[i], dst);
        if (i == 0) bound = u->bound;
        at(c, &e->head);
        if (i + 1 < e->values.count) emit_jump(c, OP_CODE_JUMP_IF_KEEP, dst, 0, e->op == AST_Or, done);
    }
    label_place(c, done);
    u->bound = bound;
    if (fresh) pop(c, 1);
}

static void if_exp_to(Compiler *c, AstIfExp *e, Reg dst)
{
    Unit *u = c->unit;
    Label otherwise = label_new(c), done = label_new(c);
    branch(c, e->test, false, otherwise);
    Bound bound = u->bound;
    value_to(c, e->body, dst);
    jump(c, done);
    label_place(c, otherwise);
    u->bound = bound;
    value_to(c, e->orelse, dst);
    label_place(c, done);
    u->bound = bound;
}

// ---- branches

static bool branch_compare_single(Compiler *c, AstCompare *e, bool when, Label target)
{
    AstKind op = e->ops.items[0];
    Node *right_node = e->comparators.items[0];
    Reg left = value(c, e->left);
    int immediate;
    if (op != AST_Is && op != AST_IsNot && !is_containment(op) && small_immediate(c, right_node, &immediate)) {
        pop_operand(c, left);
        at(c, &e->head);
        emit_jump(c, OP_CODE_JUMP_IF_LT_IMM + (compare_code(op) - OP_CODE_LT), left, immediate, when, target);
        return true;
    }
    if ((op == AST_Is || op == AST_IsNot) && right_node->kind == AST_Constant && AST(Constant, right_node)->value.tag == CONSTANT_NONE) {
        pop_operand(c, left);
        at(c, &e->head);
        emit_jump(c, OP_CODE_JUMP_IF_NONE, left, 0, (op == AST_Is) == when, target);
        return true;
    }
    Reg right = container_value(c, right_node, is_containment(op));
    pop_operand(c, right);
    pop_operand(c, left);
    at(c, &e->head);
    if (op == AST_Is || op == AST_IsNot) emit_jump(c, OP_CODE_JUMP_IF_IS, left, right, (op == AST_Is) == when, target);
    else if (is_containment(op)) emit_jump(c, OP_CODE_JUMP_IF_IN, left, right, (op == AST_In) == when, target);
    else emit_jump(c, OP_CODE_JUMP_IF_LT + (compare_code(op) - OP_CODE_LT), left, right, when, target);
    return true;
}

static void branch_bool_op(Compiler *c, AstBoolOp *e, bool when, Label target)
{
    Unit *u = c->unit;
    bool stops_on = e->op == AST_Or;     // an operand of this truth decides the whole
    Label done = label_new(c);
    Bound bound = u->bound;
    for (size_t i = 0; i < e->values.count; i++) {
        bool last = i + 1 == e->values.count;
        if (last) branch(c, e->values.items[i], when, target);
        else branch(c, e->values.items[i], stops_on, stops_on == when ? target : done);
        if (i == 0) bound = u->bound;
    }
    label_place(c, done);
    u->bound = bound;
}

void branch(Compiler *c, Node *test, bool when, Label target)
{
    if (!nest(c)) return;
    Spot outer = c->unit->source;
    int known = constant_truth(c, test);
    if (known >= 0) {
        at(c, test);
        if (known == when) jump(c, target);
        c->unit->source = outer;
    } else if (test->kind == AST_UnaryOp && AST(UnaryOp, test)->op == AST_Not) {
        branch(c, AST(UnaryOp, test)->operand, !when, target);
    } else if (test->kind == AST_BoolOp) {
        branch_bool_op(c, AST(BoolOp, test), when, target);
    } else if (test->kind == AST_IfExp) {
        AstIfExp *e = AST(IfExp, test);
        Label otherwise = label_new(c), done = label_new(c);
        branch(c, e->test, false, otherwise);
        Bound bound = c->unit->bound;
        branch(c, e->body, when, target);
        jump(c, done);
        label_place(c, otherwise);
        c->unit->bound = bound;
        branch(c, e->orelse, when, target);
        label_place(c, done);
        c->unit->bound = bound;
    } else if (test->kind == AST_Compare && AST(Compare, test)->ops.count == 1) {
        warn_is_literal(c, AST(Compare, test));
        branch_compare_single(c, AST(Compare, test), when, target);
    } else {
        Reg r = value(c, test);
        pop_operand(c, r);
        at(c, test);
        emit_jump(c, OP_CODE_JUMP_IF, r, 0, when, target);
        if (test->kind != AST_Compare) c->unit->source = outer;     // what follows a comparison stands at its place
    }
    unnest(c);
}

// ---- displays

static bool has_star(NodeList elts)
{
    for (size_t i = 0; i < elts.count; i++)
        if (elts.items[i]->kind == AST_Starred) return true;
    return false;
}

static void run_to(Compiler *c, NodeList elts, size_t from, size_t count, Opcode build, Reg dst)
{
    Reg first = top(c->unit);
    Spot source = c->unit->source;
    for (size_t i = 0; i < count; i++) value_push(c, elts.items[from + i]);
    pop(c, (int)count);
    c->unit->source = source;
    emit(c, build, dst, first, (int)count);
}

// A list or set display of constants is made from a constant tuple or frozenset.
static bool constant_display(Compiler *c, NodeList elts, Opcode build)
{
    if (build == OP_CODE_BUILD_TUPLE || elts.count < 3) return false;
    AstTuple tuple = {{.kind = AST_Tuple}, elts, AST_Load};
    OWN Value items = fold(c, &tuple.head);
    if (is_unbound(items)) return false;
    if (build == OP_CODE_BUILD_SET) {
        Value set = set_from_iterable(c->t, &frozenset_type, items);
        if (is_error(set)) {
            error_clear(c->t);
            return false;
        }
        assign(&items, set);
    }
    Reg r = top(c->unit);
    emit(c, build, r, r, 0);
    push(c);
    load_constant(c, top(c->unit), MOVE(items));
    emit(c, build == OP_CODE_BUILD_SET ? OP_CODE_SET_UPDATE : OP_CODE_LIST_EXTEND, r, top(c->unit), 0);
    return true;
}

void display_push(Compiler *c, NodeList elts, Opcode build)
{
    bool star = has_star(elts);
    if (!star && constant_display(c, elts, build)) return;
    if (!star && elts.count <= DISPLAY_CHUNK) {
        run_to(c, elts, 0, elts.count, build, top(c->unit));
        push(c);
        return;
    }
    bool set = build == OP_CODE_BUILD_SET;
    size_t head = 0;
    while (head < elts.count && head < DISPLAY_CHUNK && elts.items[head]->kind != AST_Starred) head++;
    Spot source = c->unit->source;
    run_to(c, elts, 0, head, set ? OP_CODE_BUILD_SET : OP_CODE_BUILD_LIST, top(c->unit));
    Reg r = push(c);
    for (size_t i = head; i < elts.count; i++) {
        Node *item = elts.items[i];
        bool starred = item->kind == AST_Starred;
        Reg v = value(c, starred ? AST(Starred, item)->value : item);
        pop_operand(c, v);
        c->unit->source = source;
        emit(c, starred ? (set ? OP_CODE_SET_UPDATE : OP_CODE_LIST_EXTEND) : (set ? OP_CODE_SET_ADD : OP_CODE_LIST_APPEND), r, v, 0);
    }
    if (build == OP_CODE_BUILD_TUPLE) emit(c, OP_CODE_LIST_TO_TUPLE, r, r, 0);
}

static void display_to(Compiler *c, NodeList elts, Opcode build, Reg dst)
{
    if (build == OP_CODE_BUILD_TUPLE) {
        AstTuple tuple = {{.kind = AST_Tuple}, elts, AST_Load};
        Value constant = fold(c, &tuple.head);
        if (!is_unbound(constant)) {
            load_constant(c, dst, constant);
            return;
        }
    }
    display_push(c, elts, build);
    pop(c, 1);
    move_result(c, dst, top(c->unit));
}

static void dict_to(Compiler *c, AstDict *e, Reg dst)
{
    Unit *u = c->unit;
    size_t head = 0, count = e->keys.count;
    Reg first = top(u);
    Spot source = u->source;
    while (head < count && head < DISPLAY_CHUNK / 2 && e->keys.items[head]) {
        value_push(c, e->keys.items[head]);
        value_push(c, e->values.items[head++]);
    }
    pop(c, 2 * (int)head);
    u->source = source;
    emit(c, OP_CODE_BUILD_DICT, first, first, (int)head);
    Reg r = push(c);
    for (size_t i = head; i < count; i++) {
        if (!e->keys.items[i]) {
            Reg v = value(c, e->values.items[i]);
            pop_operand(c, v);
            u->source = source;
            emit(c, OP_CODE_DICT_UPDATE, r, v, 0);
            continue;
        }
        Reg k = value(c, e->keys.items[i]), v = value(c, e->values.items[i]);
        pop_operand(c, v);
        pop_operand(c, k);
        u->source = source;
        emit(c, OP_CODE_DICT_SET, r, k, v);
    }
    pop(c, 1);
    move_result(c, dst, r);
}

// ---- f-strings

static void formatted_to(Compiler *c, AstFormattedValue *e, Reg dst)
{
    Reg first = value_push(c, e->value);
    int flag = e->conversion == 's' ? 1 : e->conversion == 'r' ? 2 : e->conversion == 'a' ? 3 : 0;
    if (e->format_spec) {
        value_push(c, e->format_spec);
        flag |= 4;
        pop(c, 1);
    }
    pop(c, 1);
    at(c, &e->head);
    emit(c, OP_CODE_FORMAT, dst, first, flag);
}

static void joined_to(Compiler *c, AstJoinedStr *e, Reg dst)
{
    Spot source = c->unit->source;
    if (e->values.count == 0) {
        load_constant(c, dst, retain(object_value(str_empty)));
        return;
    }
    Reg first = top(c->unit);
    size_t pending = 0;
    for (size_t i = 0; i < e->values.count; i++) {
        value_push(c, e->values.items[i]);
        c->unit->source = source;
        if (++pending < DISPLAY_CHUNK) continue;
        emit(c, OP_CODE_BUILD_STRING, first, first, (int)pending);
        pop(c, (int)pending - 1);
        pending = 1;
    }
    pop(c, (int)pending);
    if (e->values.count == 1) move_result(c, dst, first);
    else emit(c, OP_CODE_BUILD_STRING, dst, first, (int)pending);
}

// ---- await, yield, slices, the walrus

void await_push(Compiler *c, int kind)
{
    // [awaitable, then its iterator] [what is sent, what comes back, the result]
    Reg r = top(c->unit) - 1;
    emit(c, OP_CODE_GET_AWAITABLE, r, r, kind);
    load_constant(c, top(c->unit), NONE);
    Reg v = push(c);
    Label again = label_new(c), done = label_new(c);
    label_place_head(c, again, c->unit->reachable);
    emit_jump(c, OP_CODE_SEND, r, v, 0, done);
    emit(c, OP_CODE_YIELD, v, v, 1);
    jump(c, again);
    label_place(c, done);
    pop(c, 1);
    emit(c, OP_CODE_MOVE, r, v, 0);
}

static bool can_await(Compiler *c)
{
    Unit *u = c->unit;
    return (u->flags & (CODE_COROUTINE | CODE_ASYNC_GENERATOR)) != 0
        || (u->scope->kind == SCOPE_MODULE && (c->flags & COMPILE_TOP_LEVEL_AWAIT) != 0);
}

static void await_to(Compiler *c, AstAwait *e, Reg dst)
{
    Unit *u = c->unit;
    if (!can_await(c)) {
        bool in_function = u->scope->kind == SCOPE_FUNCTION;
        compile_error(c, &e->head, in_function ? "'await' outside async function" : "'await' outside function");
        return;
    }
    value_push(c, e->value);
    at(c, &e->head);
    await_push(c, 0);
    pop(c, 1);
    move_result(c, dst, top(u));
}

static void yield_to(Compiler *c, AstYield *e, Reg dst)
{
    Unit *u = c->unit;
    if (u->scope->kind != SCOPE_FUNCTION) {
        compile_error(c, &e->head, "'yield' outside function");
        return;
    }
    Reg v = top(u);
    if (e->value) v = value(c, e->value);
    else {
        load_constant(c, v, NONE);
        push(c);
    }
    pop_operand(c, v);
    at(c, &e->head);
    emit(c, OP_CODE_YIELD, dst, v, u->flags & CODE_ASYNC_GENERATOR ? 2 : 0);
}

static void yield_from_to(Compiler *c, AstYieldFrom *e, Reg dst)
{
    Unit *u = c->unit;
    if (u->scope->kind != SCOPE_FUNCTION) {
        compile_error(c, &e->head, "'yield' outside function");
        return;
    }
    if (u->scope->is_coroutine) {
        compile_error(c, &e->head, "'yield from' inside async function");
        return;
    }
    Reg r = value_push(c, e->value);
    at(c, &e->head);
    emit(c, OP_CODE_GET_YIELD_FROM, r, r, 0);
    load_constant(c, top(u), NONE);
    Reg v = push(c);
    Label again = label_new(c), done = label_new(c);
    label_place_head(c, again, u->reachable);
    emit_jump(c, OP_CODE_SEND, r, v, 0, done);
    emit(c, OP_CODE_YIELD, v, v, 1);
    jump(c, again);
    label_place(c, done);
    pop(c, 2);
    emit(c, OP_CODE_MOVE, dst, v, 0);
}

void slice_push(Compiler *c, Node *node)
{
    if (node->kind != AST_Slice) {
        value_push(c, node);
        return;
    }
    AstSlice *s = AST(Slice, node);
    Node *parts[] = {s->lower, s->upper, s->step};
    Reg first = top(c->unit);
    for (int i = 0; i < 3; i++) {
        if (parts[i]) value_to(c, parts[i], top(c->unit));
        else load_constant(c, top(c->unit), NONE);
        push(c);
    }
    at(c, node);
    emit(c, OP_CODE_BUILD_SLICE, first, first, 0);
    pop(c, 2);
}

static bool is_not_callable(const Node *node, const char **type, bool subscript)
{
    switch (node->kind) {
    case AST_Constant:
        *type = literal_type(node);
        switch (AST(Constant, node)->value.tag) {
        case CONSTANT_NONE: *type = "NoneType"; break;
        case CONSTANT_TRUE: case CONSTANT_FALSE: *type = "bool"; break;
        case CONSTANT_ELLIPSIS: *type = "ellipsis"; break;
        case CONSTANT_STR: case CONSTANT_BYTES: return !subscript;
        default: break;
        }
        return true;
    case AST_Set: *type = "set"; return true;
    case AST_SetComp: *type = "set"; return true;
    case AST_GeneratorExp: *type = "generator"; return true;
    case AST_Lambda: *type = "function"; return subscript;
    case AST_Tuple: *type = "tuple"; return !subscript;
    case AST_List: case AST_ListComp: *type = "list"; return !subscript;
    case AST_Dict: case AST_DictComp: *type = "dict"; return !subscript;
    case AST_JoinedStr: case AST_FormattedValue: *type = "str"; return !subscript;
    default: return false;
    }
}

static void warn_subscript(Compiler *c, AstSubscript *e)
{
    const char *type = NULL;
    if (e->ctx != AST_Load) return;
    if (is_not_callable(e->value, &type, true)) {
        compile_warning(c, &e->head, "'%s' object is not subscriptable; perhaps you missed a comma?", type);
        return;
    }
    const Node *v = e->value;
    bool sequence = v->kind == AST_Tuple || v->kind == AST_List || v->kind == AST_ListComp || v->kind == AST_JoinedStr
                 || v->kind == AST_FormattedValue || v->kind == AST_Constant;
    const char *key = literal_type(e->slice), *own = NULL;
    if (e->slice->kind == AST_Set || e->slice->kind == AST_SetComp) key = "set";
    if (e->slice->kind == AST_List || e->slice->kind == AST_ListComp) key = "list";
    if (e->slice->kind == AST_Dict || e->slice->kind == AST_DictComp) key = "dict";
    if (!sequence || !key || strcmp(key, "int") == 0) return;
    is_not_callable(v, &own, false);
    compile_warning(c, &e->head, "%s indices must be integers or slices, not %s; perhaps you missed a comma?", own ? own : "str", key);
}

static void subscript_to(Compiler *c, AstSubscript *e, Reg dst)
{
    warn_subscript(c, e);
    Reg v = value(c, e->value), k;
    if (e->slice->kind == AST_Slice) {
        slice_push(c, e->slice);
        k = top(c->unit) - 1;
    } else k = value(c, e->slice);
    pop_operand(c, k);
    pop_operand(c, v);
    at(c, &e->head);
    emit(c, OP_CODE_INDEX, dst, v, k);
}

static void attribute_to(Compiler *c, AstAttribute *e, Reg dst)
{
    Reg v = value(c, e->value);
    pop_operand(c, v);
    at(c, &e->head);
    at_attribute(c, e);
    emit_word(c, OP_CODE_LOAD_ATTR, dst, v, 0, site_new(c, mangled(c, e->attr)));
}

static void named_to(Compiler *c, AstNamedExpr *e, Reg dst)
{
    Reg v = value_push(c, e->value);
    Reg copy = top(c->unit);
    at(c, &e->head);
    emit(c, OP_CODE_COPY, copy, v, 0);
    push(c);
    at(c, e->target);
    if (text_is(AST(Name, e->target)->id, "__debug__")) compile_error(c, e->target, "cannot assign to __debug__");
    name_store(c, AST(Name, e->target)->id, copy);
    pop(c, 2);
    move_result(c, dst, v);
}

static void inner_to(Compiler *c, Node *node, Reg dst)
{
    switch (node->kind) {
    case AST_BoolOp: bool_op_to(c, AST(BoolOp, node), dst); break;
    case AST_NamedExpr: named_to(c, AST(NamedExpr, node), dst); break;
    case AST_BinOp: binary_to(c, AST(BinOp, node), dst); break;
    case AST_UnaryOp: unary_to(c, AST(UnaryOp, node), dst); break;
    case AST_Lambda: lambda_to(c, AST(Lambda, node), dst); break;
    case AST_IfExp: if_exp_to(c, AST(IfExp, node), dst); break;
    case AST_Dict: dict_to(c, AST(Dict, node), dst); break;
    case AST_Set: display_to(c, AST(Set, node)->elts, OP_CODE_BUILD_SET, dst); break;
    case AST_List: display_to(c, AST(List, node)->elts, OP_CODE_BUILD_LIST, dst); break;
    case AST_Tuple: display_to(c, AST(Tuple, node)->elts, OP_CODE_BUILD_TUPLE, dst); break;
    case AST_ListComp: case AST_SetComp: case AST_DictComp: case AST_GeneratorExp: comprehension_to(c, node, dst); break;
    case AST_Await: await_to(c, AST(Await, node), dst); break;
    case AST_Yield: yield_to(c, AST(Yield, node), dst); break;
    case AST_YieldFrom: yield_from_to(c, AST(YieldFrom, node), dst); break;
    case AST_Compare: compare_to(c, AST(Compare, node), dst); break;
    case AST_Call: {
        const char *type = NULL;
        if (is_not_callable(AST(Call, node)->func, &type, false))
            compile_warning(c, node, "'%s' object is not callable; perhaps you missed a comma?", type ? type : "str");
        call_to(c, AST(Call, node), dst);
        break;
    }
    case AST_FormattedValue: formatted_to(c, AST(FormattedValue, node), dst); break;
    case AST_JoinedStr: joined_to(c, AST(JoinedStr, node), dst); break;
    case AST_Attribute: attribute_to(c, AST(Attribute, node), dst); break;
    case AST_Subscript: subscript_to(c, AST(Subscript, node), dst); break;
    case AST_Name: name_load(c, AST(Name, node)->id, dst); break;
    case AST_Slice:
        slice_push(c, node);
        pop(c, 1);
        move_result(c, dst, top(c->unit));
        break;
    case AST_Starred: compile_error(c, node, "can't use starred expression here"); break;
    default: break;
    }
}

void value_to(Compiler *c, Node *node, Reg dst)
{
    if (!nest(c)) return;
    Unit *u = c->unit;
    Spot outer = u->source;
    at(c, node);
    Value constant = UNBOUND;
    switch (node->kind) {
    case AST_Constant: case AST_BinOp: case AST_UnaryOp: case AST_Subscript: case AST_Name: constant = fold(c, node); break;
    default: break;
    }
    if (!is_unbound(constant)) load_constant(c, dst, constant);
    else if (is_temp(u, dst) || writes_once(node)) inner_to(c, node, dst);
    else {
        Reg r = top(u);
        inner_to(c, node, r);
        emit(c, OP_CODE_MOVE, dst, r, 0);
    }
    u->source = outer;
    unnest(c);
}
