// SPDX-License-Identifier: MIT
// runtime/object.h: what every heap object begins with, reference counts, and the words that move them.
//
// Always
//   1. `refs` counts the references that somebody owns; it is touched only under the GIL and is not atomic.
//   2. A Value held without owning a reference is borrowed: good until its container changes or the GIL is released.
//   3. Immortal objects start at a count that no program reaches; dropping one to zero only resets it.
#ifndef BATON_RUNTIME_OBJECT_H
#define BATON_RUNTIME_OBJECT_H

#include "runtime/value.h"

struct Object {
    Type *type;
    uint32_t refs;
    uint32_t flags;
};

enum ObjectFlags {
    OBJECT_IMMORTAL = 1u << 31,
    OBJECT_FINALIZED = 1u << 30,    // its __del__ has run
    OBJECT_LARGE = 1u << 29,        // lives outside the size classes (runtime/heap.c)
    OBJECT_WEAKLY_REFERENCED = 1u << 28,
    OBJECT_UNTRACKED = 1u << 27,    // a container that cannot be in a cycle: the collector passes it over
    OBJECT_DYING = 1u << 26,        // being taken apart
    OBJECT_TYPE_FLAGS = 0xFFFF,     // the low bits belong to the object's own type (str: kind, interned …)
};

#define IMMORTAL_REFS (1u << 30)

extern Type none_type, bool_type, int_type, float_type, not_implemented_type, ellipsis_type;

// The type of any value but UNBOUND and ERROR.
Type *type_of_immediate(Value v);
static ALWAYS_INLINE Type *type_of(Value v) { return LIKELY(is_object(v)) ? as_object(v)->type : type_of_immediate(v); }

NEEDS_GIL NOINLINE void object_dead(Object *o);   // its last reference is gone (runtime/object.c)

static ALWAYS_INLINE NEEDS_GIL Value retain(Value v)
{
    if (is_object(v)) as_object(v)->refs++;
    return v;
}
static ALWAYS_INLINE NEEDS_GIL void drop(Value v)
{
    if (is_object(v)) {
        Object *o = as_object(v);
        ASSERT(o->refs > 0);
        if (UNLIKELY(--o->refs == 0)) object_dead(o);
    }
}
// The same for a pointer to any object struct, which may be NULL.
#define RETAIN(pointer) ({ __typeof__(pointer) kept_ = (pointer); if (kept_) ((Object *)kept_)->refs++; kept_; })
static inline NEEDS_GIL void drop_pointer(void *o) { if (o) drop(object_value(o)); }

static inline void drop_slot(Value *slot) { drop(*slot); }
static inline void drop_pointer_slot(void *slot) { drop_pointer(*(void **)slot); }
#define OWN __attribute__((unused, cleanup(drop_slot)))                  // OWN Value x: dropped on every way out of the block
#define OWN_POINTER __attribute__((unused, cleanup(drop_pointer_slot)))  // OWN_POINTER List *l: the same
#define MOVE(slot) ({ Value moved_ = (slot); (slot) = UNBOUND; moved_; })
#define MOVE_POINTER(slot) ({ __typeof__(slot) moved_ = (slot); (slot) = NULL; moved_; })

// Puts an owned value in a slot and drops what was there, in the order that is safe when dropping runs code.
static inline NEEDS_GIL void assign(Value *slot, TAKES Value v)
{
    Value old = *slot;
    *slot = v;
    drop(old);
}
static inline NEEDS_GIL void clear(Value *slot) { assign(slot, UNBOUND); }

// ---- The object protocols: what syntax and built-in functions do to any value. All can run Python code.
typedef enum CompareOp { CMP_LT, CMP_LE, CMP_EQ, CMP_NE, CMP_GT, CMP_GE } CompareOp;
// What a comparison says of two values in this order: negative, 0 or positive.
static inline Value order_value(int order, CompareOp op)
{
    switch (op) {
    case CMP_LT: return bool_value(order < 0);
    case CMP_LE: return bool_value(order <= 0);
    case CMP_EQ: return bool_value(order == 0);
    case CMP_NE: return bool_value(order != 0);
    case CMP_GT: return bool_value(order > 0);
    default: return bool_value(order >= 0);
    }
}
typedef enum BinaryOp {
    OP_ADD, OP_SUBTRACT, OP_MULTIPLY, OP_MATMUL, OP_TRUEDIV, OP_FLOORDIV, OP_MODULO, OP_POWER,
    OP_LSHIFT, OP_RSHIFT, OP_AND, OP_XOR, OP_OR, OP_DIVMOD, BINARY_OP_COUNT
} BinaryOp;
typedef enum UnaryOp { OP_NEGATIVE, OP_POSITIVE, OP_INVERT, UNARY_OP_COUNT } UnaryOp;

NEEDS_GIL NEW_REF Value object_repr(Thread *t, Value v);               // a str
NEEDS_GIL NEW_REF Value object_str(Thread *t, Value v);                // a str
NEEDS_GIL NEW_REF Value object_ascii(Thread *t, Value v);
NEEDS_GIL NEW_REF Value object_bytes(Thread *t, Value v);              // bytes(v)
NEEDS_GIL NEW_REF Value object_format(Thread *t, Value v, Value spec); // spec: a str, or UNBOUND for ""
NEEDS_GIL MAY_RAISE bool object_hash(Thread *t, Value v, int64_t *hash);
NEEDS_GIL NEW_REF Value object_compare(Thread *t, Value a, Value b, CompareOp op);
NEEDS_GIL MAY_RAISE int object_compare_bool(Thread *t, Value a, Value b, CompareOp op);  // 0, 1, -1; no identity shortcut
NEEDS_GIL MAY_RAISE int object_equal(Thread *t, Value a, Value b);     // a is b or a == b: what containers ask
NEEDS_GIL MAY_RAISE int object_truth(Thread *t, Value v);              // 0, 1, -1
NEEDS_GIL NEW_REF Value object_binary(Thread *t, BinaryOp op, Value a, Value b);
NEEDS_GIL NEW_REF Value object_inplace(Thread *t, BinaryOp op, Value a, Value b);
NEEDS_GIL NEW_REF Value object_power(Thread *t, Value base, Value exponent, Value modulus);
NEEDS_GIL NEW_REF Value object_unary(Thread *t, UnaryOp op, Value v);
NEEDS_GIL NEW_REF Value object_absolute(Thread *t, Value v);
NEEDS_GIL MAY_RAISE ptrdiff_t object_length(Thread *t, Value v);       // -1: raised
NEEDS_GIL MAY_RAISE ptrdiff_t object_length_hint(Thread *t, Value v, ptrdiff_t otherwise);
NEEDS_GIL NEW_REF Value object_get_item(Thread *t, Value v, Value key);
NEEDS_GIL MAY_RAISE bool object_set_item(Thread *t, Value v, Value key, Value item);
NEEDS_GIL MAY_RAISE bool object_delete_item(Thread *t, Value v, Value key);
NEEDS_GIL MAY_RAISE int object_contains(Thread *t, Value v, Value item);
NEEDS_GIL NEW_REF Value object_iter(Thread *t, Value v);               // TypeError: 'X' object is not iterable
NEEDS_GIL NEW_REF Value object_next(Thread *t, Value iterator);        // UNBOUND at the end: no StopIteration is made
NEEDS_GIL NEW_REF Value object_index(Thread *t, Value v);              // __index__: an int
NEEDS_GIL MAY_RAISE bool object_as_index(Thread *t, Value v, ptrdiff_t *index, Type *overflow); // overflow: exception, or NULL to clip
NEEDS_GIL NEW_REF Value object_dir(Thread *t, Value v);                // a sorted list
NEEDS_GIL bool object_is_callable(Value v);
NEEDS_GIL MAY_RAISE int object_is_instance(Thread *t, Value v, Value cls);    // isinstance(): 0, 1, -1
NEEDS_GIL MAY_RAISE int object_is_subclass(Thread *t, Value v, Value cls);
NEEDS_GIL MAY_RAISE int object_descends(Thread *t, Value derived, Value cls);    // by __bases__ alone: no hook is asked

// Attributes. `name` is interned. The optional form returns UNBOUND where AttributeError would be raised.
NEEDS_GIL NEW_REF Value object_get_attr(Thread *t, Value v, Str *name);
NEEDS_GIL NEW_REF Value object_get_attr_optional(Thread *t, Value v, Str *name);
NEEDS_GIL MAY_RAISE bool object_set_attr(Thread *t, Value v, Str *name, Value value);   // UNBOUND deletes
NEEDS_GIL NEW_REF Value generic_get_attr(Thread *t, Value v, Str *name);          // object.__getattribute__
NEEDS_GIL NEW_REF Value generic_get_attr_optional(Thread *t, Value v, Str *name);
NEEDS_GIL MAY_RAISE bool generic_set_attr(Thread *t, Value v, Str *name, Value value);

#endif
