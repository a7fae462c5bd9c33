// SPDX-License-Identifier: MIT
// runtime/type.h: what a type is, the table a native type is made from, and shapes.
//
// A native type is one const TypeSpec (runtime/types/list.c …) from which type_prepare() fills the global Type.
// Slots are what C calls; the methods of the same meaning (`__len__` …) are made from the slots, and the slots of
// a Python class call its methods. A slot that a type lacks is inherited along the MRO.
//
// Attributes of instances live in `Attrs` slots laid out by a Shape shared by the instances that set the same names
// in the same order. A shape belongs to one type. `version` of a type is a number unique to the type and its present
// contents: whatever an inline cache learnt from a type holds while the type has the version that it noted.
#ifndef BATON_RUNTIME_TYPE_H
#define BATON_RUNTIME_TYPE_H

#include "runtime/object.h"

typedef Value (*NativeFn)(Thread *t, Value self, const Value *args);   // args: one per parameter of the signature
typedef Value (*GetterFn)(Thread *t, Value self);
typedef bool (*SetterFn)(Thread *t, Value self, Value value);          // value UNBOUND: delete

// One native function. `signature` is Python's, read once: "(self, sub, start=0, end=None, /)", "(cls, iterable, value=None)",
// "(*args, sep=' ', end='\\n', file=None)". A first parameter named self makes a method, cls a class method, neither
// a static method (or a module's function, whose self is the module). self/cls is passed as `self`, the rest in args; an
// absent argument takes its default: a literal None/True/False/int/float/str, or `<unset>`, which arrives as UNBOUND.
// *args arrives as a tuple, **kwargs as a dict. All are borrowed. "/" and "*" mean what they mean in Python.
typedef struct Method {
    const char *name;
    NativeFn function;
    const char *signature;
    const char *doc;
} Method;

typedef struct GetSet {
    const char *name;
    GetterFn get;
    SetterFn set;        // NULL: read-only
    const char *doc;
} GetSet;

typedef bool (*VisitFn)(Value reference, void *context);

// The slots. Each takes the thread first; values are borrowed, results owned. NULL: the type cannot.
typedef struct Slots {
    void (*visit)(Object *o, VisitFn visit, void *context); // every reference it owns but its type and attrs
    void (*unlink)(Thread *t, Object *o);   // drops what could close a cycle; the object stays usable (for the collector)
    void (*finish)(Thread *t, Object *o);   // drops and frees all it owns but attrs and its own memory; runs once
    void (*finalize)(Thread *t, Value v);   // __del__: may run Python code and resurrect; errors go to unraisablehook
    size_t (*size)(Object *o);              // bytes of a var-sized instance (Str, Bytes, Tuple), without attrs
    Value (*repr)(Thread *t, Value v);
    Value (*str)(Thread *t, Value v);
    bool (*hash)(Thread *t, Value v, int64_t *hash);
    Value (*compare)(Thread *t, Value a, Value b, CompareOp op);        // may return NOT_IMPLEMENTED
    Value (*call)(Thread *t, Value f, const Value *args, size_t nargs, Value kwnames);
    Value (*get_attr)(Thread *t, Value v, Str *name);
    bool (*set_attr)(Thread *t, Value v, Str *name, Value value);
    Value (*iter)(Thread *t, Value v);
    Value (*next)(Thread *t, Value v);      // UNBOUND: exhausted, nothing pending
    Value (*await)(Thread *t, Value v);
    Value (*aiter)(Thread *t, Value v);
    Value (*anext)(Thread *t, Value v);
    Value (*descr_get)(Thread *t, Value descriptor, Value instance, Value type); // instance UNBOUND: from the class
    bool (*descr_set)(Thread *t, Value descriptor, Value instance, Value value); // value UNBOUND: delete
    Value (*make)(Thread *t, Type *type, const Value *args, size_t nargs, Value kwnames);     // __new__
    bool (*init)(Thread *t, Value self, const Value *args, size_t nargs, Value kwnames);      // __init__
    Value (*binary[BINARY_OP_COUNT])(Thread *t, Value a, Value b);      // either operand may be of this type
    Value (*inplace[BINARY_OP_COUNT])(Thread *t, Value a, Value b);
    Value (*power)(Thread *t, Value base, Value exponent, Value modulus); // modulus NONE for **; used for OP_POWER
    Value (*inplace_power)(Thread *t, Value base, Value exponent);
    Value (*unary[UNARY_OP_COUNT])(Thread *t, Value v);
    Value (*absolute)(Thread *t, Value v);
    Value (*to_int)(Thread *t, Value v);
    Value (*to_float)(Thread *t, Value v);
    Value (*index)(Thread *t, Value v);
    int (*truth)(Thread *t, Value v);
    ptrdiff_t (*length)(Thread *t, Value v);
    Value (*get_item)(Thread *t, Value v, Value key);
    bool (*set_item)(Thread *t, Value v, Value key, Value item);        // item UNBOUND: delete
    int (*contains)(Thread *t, Value v, Value item);
    bool (*get_buffer)(Thread *t, Value v, Buffer *buffer, int flags);   // runtime/buffer.h
    void (*release_buffer)(Value v, Buffer *buffer);
} Slots;

// The setter of an attribute that is a member of the object in CPython: "readonly attribute" is what the program is told.
NEEDS_GIL MAY_RAISE bool member_readonly(Thread *t, Value self, Value value);

enum TypeFlags {
    TYPE_HEAP = 1u << 0,          // made by a class statement or type(): its Type is a counted object
    TYPE_BASE = 1u << 1,          // may be subclassed
    TYPE_GC = 1u << 2,            // instances may be part of a cycle
    TYPE_SEQUENCE = 1u << 3,      // add and multiply are concatenation and repetition: no __radd__
    TYPE_HAS_ATTRS = 1u << 4,     // instances have Attrs (a __dict__)
    TYPE_HAS_WEAKREFS = 1u << 5,
    TYPE_VAR_SIZED = 1u << 6,
    TYPE_ABSTRACT = 1u << 7,      // has abstract methods: object.__new__ refuses
    TYPE_NO_NEW = 1u << 8,        // cannot create 'X' instances
    TYPE_IMMUTABLE = 1u << 9,     // cannot set attributes of the type
    TYPE_MATCH_SELF = 1u << 10,   // match: one positional sub-pattern matches the whole subject
    TYPE_PATTERN_SEQUENCE = 1u << 11,
    TYPE_PATTERN_MAPPING = 1u << 12,
    TYPE_METHOD_DESCRIPTOR = 1u << 13,   // its instances bind like functions: a method call need not make a bound method
    TYPE_DEFAULT_GETATTR = 1u << 14,     // get_attr is generic_get_attr (computed)
    TYPE_LEAF = 1u << 15,         // its instances own memory alone: no other object, no attributes, no weak references (not inherited)
    TYPE_IS_TYPE = 1u << 16,      // subclass bits: instances are instances of the built-in
    TYPE_IS_INT = 1u << 17,
    TYPE_IS_STR = 1u << 18,
    TYPE_IS_BYTES = 1u << 19,
    TYPE_IS_LIST = 1u << 20,
    TYPE_IS_TUPLE = 1u << 21,
    TYPE_IS_DICT = 1u << 22,
    TYPE_IS_EXCEPTION = 1u << 23,
    TYPE_IS_FLOAT = 1u << 24,
    TYPE_IS_SET = 1u << 25,       // set or frozenset
    TYPE_IS_MODULE = 1u << 26,
    TYPE_SUBCLASS_BITS = 0x7FFu << 16,
};

typedef struct TypeSpec {
    const char *name;             // "list"; with its module in front when that is not builtins: "collections.deque"
    const char *doc;
    size_t size;                  // of an instance
    uint32_t flags;
    Type *base;                   // NULL: object
    Slots slots;
    const Method *methods;
    const GetSet *getsets;
    // The constructor in terms of a signature, instead of slots.make / slots.init:
    const char *new_signature;    // "(iterable=(), /)": without cls
    Value (*construct)(Thread *t, Type *type, const Value *args);
    const char *init_signature;
    bool (*initialize)(Thread *t, Value self, const Value *args);
    const char *const *match_args;  // NULL-terminated
    const char *text_signature;     // for a type whose constructor is a slot, or whose signature has what Python cannot write
} TypeSpec;

// Where an instance keeps its attributes. shape NULL: dict mode, the attributes are in `dict` (NULL: none yet).
typedef struct Attrs {
    Shape *shape;
    union { Value *slots; Dict *dict; };
} Attrs;

struct Shape {
    Type *type;                  // borrowed: shapes die with their type
    Shape *parent;               // without the last name
    Str *name;                   // the last name, interned, kept
    uint32_t count;              // slots in use
    uint32_t index_mask;         // of `index`, 0 while count is small: then the parents are walked
    struct ShapeEntry *index;    // name -> slot, made when a lookup first needs it
    Shape **children;            // by the name that they add
    uint32_t child_count, child_capacity;
};

struct Type {
    Object head;
    Slots slots;
    const TypeSpec *spec;        // NULL for heap types
    const char *name;            // UTF-8, without module
    uint32_t flags;
    uint32_t version;            // unique to the type and its present contents; never 0 once prepared
    size_t size;                 // of an instance, without inline attribute slots
    int32_t attrs_offset;        // of Attrs in an instance; 0: none; -1: behind the items of a var-sized one. A native type
                                 // with TYPE_HAS_ATTRS keeps them right behind the head
    uint32_t inline_slots;       // attribute slots that a new instance has inline
    Type *base;                  // owned when a heap type
    Tuple *bases, *mro;
    Dict *dict;                  // keys are interned str
    Shape *root_shape;           // no attributes
    Value name_value, qualname, module_value, doc_value;    // str; module and doc may be UNBOUND
    struct Signature *new_binder, *init_binder;
    Type **subclasses;           // weak
    uint32_t subclass_count, subclass_capacity;
    size_t base_size;            // where the native part of the instance ends (layout conflicts)
    struct SlotMember *members;  // __slots__ of this very class
    uint32_t member_count;
};

extern Type type_type, object_type;

static ALWAYS_INLINE bool has_type_flag(Value v, uint32_t flag) { return is_object(v) && (as_object(v)->type->flags & flag) != 0; }
static ALWAYS_INLINE bool is_type(Value v) { return has_type_flag(v, TYPE_IS_TYPE); }
static ALWAYS_INLINE Type *as_type(Value v) { ASSERT(is_type(v)); return (Type *)as_object(v); }
static ALWAYS_INLINE Value type_value(Type *type) { return object_value(type); }

// Fills `type` from its spec: bases, slots, methods. Called once for each type at start-up, bases first (or by a module's start).
NEEDS_GIL MAY_RAISE bool type_prepare(Thread *t, Type *type, const TypeSpec *spec);
NEEDS_GIL void type_keep(Type *type);    // once a built-in type was given more than its spec says: all that it owns is as immortal as it
// A counted type of its own for an interpreter, from a spec: for extension modules.
NEEDS_GIL NEW_REF Type *type_from_spec(Thread *t, const TypeSpec *spec, const char *module);
// type(name, bases, namespace, **keywords): metaclass has been chosen.
NEEDS_GIL NEW_REF Value type_create(Thread *t, Type *metatype, Value name, Value bases, Value namespace, const Value *kwvalues, Value kwnames);
NEEDS_GIL bool type_is_subtype(const Type *a, const Type *b);         // a is b or derives from b (by MRO)
static ALWAYS_INLINE bool is_instance_of(Value v, const Type *type) { Type *own = type_of(v); return own == type || type_is_subtype(own, type); }
// The attribute as it stands in the first class of the MRO that has it: borrowed, or UNBOUND. Never raises; cached.
NEEDS_GIL Value type_lookup(Type *type, Str *name);
// Looks up a special method on the type of v and binds it: UNBOUND when absent, ERROR when binding raised.
NEEDS_GIL NEW_REF Value special_method(Thread *t, Value v, Str *name);
NEEDS_GIL void type_modified(Type *type);                              // new version for it and its subclasses
NEEDS_GIL NEW_REF Value type_full_name(Thread *t, Type *type);         // "module.qualname", without "builtins."
NEEDS_GIL NEW_REF Value type_qualified_name(Thread *t, Type *type);    // __qualname__

// Instances
NEEDS_GIL NEW_REF Object *object_new(Thread *t, Type *type);                     // zeroed but for the head and Attrs; NULL: MemoryError
NEEDS_GIL NEW_REF Object *object_new_sized(Thread *t, Type *type, size_t size);  // size: of a var-sized instance, without attrs
Attrs *object_attrs(Object *o);                                        // NULL if its type has none
NEEDS_GIL NEW_REF Value object_get_dict(Thread *t, Value v);           // makes __dict__ real
NEEDS_GIL MAY_RAISE bool object_set_dict(Thread *t, Value v, Value dict);
// Slot of `name` in the shape, or -1.
int32_t shape_find(Shape *shape, Str *name);
NEEDS_GIL MAY_RAISE Shape *shape_add(Thread *t, Shape *shape, Str *name);   // the shape with one name more
// Sets an attribute in the Attrs themselves, adding it when new; no descriptor is consulted.
NEEDS_GIL MAY_RAISE bool attrs_set(Thread *t, Object *o, Attrs *attrs, Str *name, Value value);   // UNBOUND deletes: -1…
NEEDS_GIL Value attrs_get(Attrs *attrs, Str *name);                    // borrowed, or UNBOUND

#endif
