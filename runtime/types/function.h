// SPDX-License-Identifier: MIT
// runtime/types/function.h: native functions, descriptors of native types, bound methods, classmethod, staticmethod, property, cell.
#ifndef BATON_RUNTIME_TYPES_FUNCTION_H
#define BATON_RUNTIME_TYPES_FUNCTION_H

#include "runtime/call.h"

// A module's function, or a method of a native type bound to its object: builtin_function_or_method.
typedef struct NativeFunction {
    Object head;
    const Method *method;
    const Signature *signature;
    Value self;                 // module, object or type; owned
    Value module;               // name of the module, str or NONE
} NativeFunction;

// A method as it stands in the dict of a native type: method_descriptor (or slot wrapper).
typedef struct MethodDescriptor {
    Object head;
    Type *type;                 // whose method it is
    const Method *method;
    const Signature *signature;
    Str *name;
} MethodDescriptor;

typedef struct BoundMethod { Object head; Value function, self; } BoundMethod;
typedef struct Cell { Object head; Value value; } Cell;         // value UNBOUND: empty
typedef struct Property { Object head; Value get, set, del, doc, name; bool doc_from_getter; } Property;
typedef struct Wrapping { Object head; Attrs attrs; Value callable; } Wrapping;   // classmethod, staticmethod

extern Type native_function_type, method_descriptor_type, classmethod_descriptor_type, slot_wrapper_type, method_wrapper_type, bound_method_type, cell_type, property_type,
    classmethod_type, staticmethod_type, getset_descriptor_type, member_descriptor_type, mapping_proxy_type, super_type, simple_namespace_type;

NEEDS_GIL NEW_REF Value native_function_new(Thread *t, const Method *method, Value self, Value module);
NEEDS_GIL NEW_REF Value bound_method_new(Thread *t, Value function, Value self);
NEEDS_GIL NEW_REF Value cell_new(Thread *t, Value value);       // value may be UNBOUND
// A SimpleNamespace with these attributes; names end with NULL, values are retained.
NEEDS_GIL NEW_REF Value simple_namespace_of(Thread *t, const char *const *attribute_names, const Value *values);
NEEDS_GIL NEW_REF Value mapping_proxy_new(Thread *t, Value mapping);

#endif
