// SPDX-License-Identifier: MIT
// runtime/class.h: what type.c and class.c, the making of classes, need of each other.
#ifndef BATON_RUNTIME_CLASS_H
#define BATON_RUNTIME_CLASS_H

#include "runtime/type.h"

NEEDS_GIL NEW_REF Tuple *type_compute_mro(Thread *t, Type *type);         // C3 over type->bases
NEEDS_GIL MAY_RAISE bool type_add_subclass(Thread *t, Type *base, Type *type);
NEEDS_GIL void type_remove_subclass(Type *base, Type *type);
NEEDS_GIL void type_inherit_slots(Type *type, const Type *base);
// The most derived metaclass among `metatype` and those of the bases: borrowed; NULL: metaclass conflict raised.
NEEDS_GIL MAY_RAISE Type *type_choose_metatype(Thread *t, Type *metatype, Tuple *bases);
NEEDS_GIL MAY_RAISE bool type_set_bases(Thread *t, Type *type, Value bases);   // __bases__ = …
NEEDS_GIL MAY_RAISE bool type_same_layout(Type *a, Type *b);                   // may __class__ go from one to the other?
NEEDS_GIL NEW_REF Value method_descriptor_new(Thread *t, Type *type, const Method *method);   // or classmethod, staticmethod, by its signature
NEEDS_GIL NEW_REF Value getset_descriptor_new(Thread *t, Type *type, const GetSet *getset);
NEEDS_GIL NEW_REF Value native_new_function(Thread *t, Type *type);
// What the slot of a class with __slots__ holds in an instance, borrowed, UNBOUND if nothing. False: the descriptor is of another kind, or of another class.
NEEDS_GIL bool member_descriptor_peek(Value descriptor, Value instance, Value *found);
NEEDS_GIL NEW_REF Value member_descriptor_new(Thread *t, Type *type, Str *name, uint32_t offset);
NEEDS_GIL NEW_REF Value dict_descriptor_new(Thread *t, Type *type);           // the __dict__ of instances
NEEDS_GIL NEW_REF Value weakref_descriptor_new(Thread *t, Type *type);
NEEDS_GIL MAY_RAISE bool class_dir_into(Thread *t, Type *type, Dict *all);     // the names of a class and its bases, as keys
struct MethodCache *method_cache_create(void);
NEEDS_GIL void method_cache_clear(struct MethodCache *cache);
NEEDS_GIL void method_cache_destroy(struct MethodCache *cache);
NEEDS_GIL NEW_REF Value type_attr_optional(Thread *t, Type *type, Str *name);   // attribute of a class; UNBOUND: none

NEEDS_GIL MAY_RAISE char *type_name_text(Thread *t, Value name);      // UTF-8, to be freed; NULL: not a name for a type
#endif
