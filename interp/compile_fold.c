// SPDX-License-Identifier: MIT
// interp/compile_fold.c: expressions whose value is known when they are compiled.
//
// What is folded is what CPython folds: operators on constants with results of a modest size, tuples of constants,
// subscripts of constants, `in` a display of constants. A folding that would raise is left to run time.
#include "interp/compiler.h"
#include "runtime/types/bytes.h"
#include "runtime/types/float.h"
#include "runtime/types/int.h"
#include "runtime/types/set.h"

enum { FOLDED_BITS = 128, FOLDED_ITEMS = 256, FOLDED_CHARACTERS = 4096 };

Value constant_value(Compiler *c, const Constant *constant)
{
    Thread *t = c->t;
    switch (constant->tag) {
    case CONSTANT_NONE: return NONE;
    case CONSTANT_TRUE: return TRUE;
    case CONSTANT_FALSE: return FALSE;
    case CONSTANT_ELLIPSIS: return ELLIPSIS;
    case CONSTANT_INT: return int_from_text(t, constant->text.bytes, constant->text.length, constant->base, NONE);
    case CONSTANT_FLOAT: return float_from_outside(constant->number);
    case CONSTANT_IMAGINARY: return complex_from_doubles(t, 0, constant->number);
    case CONSTANT_BYTES: return bytes_from(t, constant->text.bytes, constant->text.length);
    case CONSTANT_STR: break;
    }
    OWN Value s = str_from_wtf8(t, constant->text.bytes, constant->text.length);
    if (is_error(s) || !str_is_identifier(as_str(s))) return MOVE(s);
    Str *interned = str_intern(t, as_str(MOVE(s)));
    return interned ? object_value(interned) : ERROR;
}

static size_t bits_of(Value v)
{
    if (is_bool(v)) return 1;
    if (is_small_int(v)) {
        int64_t i = as_small_int(v);
        uint64_t magnitude = (uint64_t)(i < 0 ? -i : i);
        return magnitude ? 64 - (size_t)__builtin_clzll(magnitude) : 0;
    }
    return mpz_sizeinbase(as_int_object(v)->value, 2);
}

static bool plain_int(Value v) { return is_small_int(v) || is_bool(v) || is_exact_int(v); }

// Whether left * right stays modest: the second factor is the sequence or number, in either order.
static bool modest_product(Value left, Value right)
{
    if (plain_int(left) && plain_int(right)) return bits_of(left) + bits_of(right) <= FOLDED_BITS;
    Value sequence = plain_int(left) ? right : left, count = plain_int(left) ? left : right;
    if (!plain_int(count)) return true;
    size_t length, limit;
    if (is_tuple(sequence)) length = as_tuple(sequence)->length, limit = FOLDED_ITEMS;
    else if (is_str(sequence)) length = as_str(sequence)->length, limit = FOLDED_CHARACTERS;
    else if (is_bytes(sequence)) length = as_bytes(sequence)->length, limit = FOLDED_CHARACTERS;
    else return true;
    if (!is_small_int(count)) return is_bool(count);
    int64_t n = as_small_int(count);
    return n <= 0 ? n == 0 || !is_tuple(sequence) : length == 0 || (uint64_t)n <= limit / length;
}

static bool modest(AstKind op, Value left, Value right)
{
    switch (op) {
    case AST_Mult: return modest_product(left, right);
    case AST_Pow:
        if (!plain_int(left) || !plain_int(right)) return true;
        if (is_small_int(right) && as_small_int(right) < 0) return true;
        return is_small_int(right) ? as_small_int(right) <= FOLDED_BITS && bits_of(left) * (size_t)as_small_int(right) <= FOLDED_BITS
                                   : is_bool(right);
    case AST_LShift:
        if (!plain_int(left) || !plain_int(right)) return true;
        return is_small_int(right) && as_small_int(right) >= 0 && as_small_int(right) <= FOLDED_BITS
            && bits_of(left) + (size_t)as_small_int(right) <= FOLDED_BITS;
    case AST_Mod: return !is_str(left) && !is_bytes(left);
    default: return true;
    }
}

static BinaryOp binary_op(AstKind op)
{
    switch (op) {
    case AST_Add: return OP_ADD;
    case AST_Sub: return OP_SUBTRACT;
    case AST_Mult: return OP_MULTIPLY;
    case AST_MatMult: return OP_MATMUL;
    case AST_Div: return OP_TRUEDIV;
    case AST_Mod: return OP_MODULO;
    case AST_Pow: return OP_POWER;
    case AST_LShift: return OP_LSHIFT;
    case AST_RShift: return OP_RSHIFT;
    case AST_BitOr: return OP_OR;
    case AST_BitXor: return OP_XOR;
    case AST_BitAnd: return OP_AND;
    default: return OP_FLOORDIV;
    }
}

// A result, or UNBOUND if computing it raised (then it is left to run time) or it is too big a collection.
static NEW_REF Value keep(Compiler *c, TAKES Value result)
{
    if (is_error(result)) {
        error_clear(c->t);
        return UNBOUND;
    }
    return result;
}

static NEW_REF Value fold_binary(Compiler *c, const AstBinOp *e)
{
    OWN Value left = fold(c, e->left);
    if (is_unbound(left)) return UNBOUND;
    OWN Value right = fold(c, e->right);
    if (is_unbound(right) || !modest(e->op, left, right)) return UNBOUND;
    return keep(c, object_binary(c->t, binary_op(e->op), left, right));
}

static NEW_REF Value fold_unary(Compiler *c, const AstUnaryOp *e)
{
    OWN Value v = fold(c, e->operand);
    if (is_unbound(v)) return UNBOUND;
    if (e->op == AST_Not) {
        int truth = object_truth(c->t, v);
        return truth < 0 ? keep(c, ERROR) : bool_value(!truth);
    }
    return keep(c, object_unary(c->t, e->op == AST_Invert ? OP_INVERT : e->op == AST_USub ? OP_NEGATIVE : OP_POSITIVE, v));
}

static NEW_REF Value fold_tuple(Compiler *c, NodeList elts)
{
    for (size_t i = 0; i < elts.count; i++)
        if (elts.items[i]->kind == AST_Starred || elts.items[i]->kind == AST_Name) return UNBOUND;
    OWN Value items = list_new(c->t, elts.count);
    for (size_t i = 0; i < elts.count; i++) {
        OWN Value item = fold(c, elts.items[i]);
        if (is_unbound(item)) return UNBOUND;
        if (is_error(items) || !list_append(c->t, items, item)) return keep(c, ERROR);
    }
    return keep(c, list_to_tuple(c->t, items));
}

static NEW_REF Value fold_subscript(Compiler *c, const AstSubscript *e)
{
    if (e->ctx != AST_Load || e->slice->kind == AST_Slice) return UNBOUND;
    OWN Value v = fold(c, e->value);
    if (is_unbound(v)) return UNBOUND;
    OWN Value key = fold(c, e->slice);
    if (is_unbound(key)) return UNBOUND;
    return keep(c, object_get_item(c->t, v, key));
}

Value fold(Compiler *c, const Node *node)
{
    if (c->failed) return UNBOUND;
    if (!nest(c)) return UNBOUND;
    Value result = UNBOUND;
    switch (node->kind) {
    case AST_Constant: result = constant_value(c, &AST(Constant, node)->value); break;
    case AST_BinOp: result = fold_binary(c, AST(BinOp, node)); break;
    case AST_UnaryOp: result = fold_unary(c, AST(UnaryOp, node)); break;
    case AST_Tuple: if (AST(Tuple, node)->ctx == AST_Load) result = fold_tuple(c, AST(Tuple, node)->elts); break;
    case AST_Subscript: result = fold_subscript(c, AST(Subscript, node)); break;
    case AST_Name: if (text_is(AST(Name, node)->id, "__debug__")) result = bool_value(!c->optimize); break;
    default: break;
    }
    unnest(c);
    if (is_error(result)) {
        fail(c);
        return UNBOUND;
    }
    return result;
}

int constant_truth(Compiler *c, const Node *node)
{
    OWN Value v = fold(c, node);
    return is_unbound(v) ? -1 : object_truth(c->t, v);
}

bool small_immediate(Compiler *c, const Node *node, int *immediate)
{
    if (node->kind != AST_Constant && node->kind != AST_UnaryOp) return false;
    OWN Value v = fold(c, node);
    if (!is_small_int(v) || as_small_int(v) < -128 || as_small_int(v) > 127) return false;
    *immediate = (int)as_small_int(v);
    return true;
}
