// SPDX-License-Identifier: MIT
// runtime/shape.h: the attributes of one instance, and the shapes that lay them out (what type.h leaves to shape.c).
#ifndef BATON_RUNTIME_SHAPE_H
#define BATON_RUNTIME_SHAPE_H

#include "runtime/type.h"

// A slot of a class made with __slots__: where in the instance its value stands.
typedef struct SlotMember { Str *name; uint32_t offset; } SlotMember;

NEEDS_GIL NEW_REF Shape *shape_root(Type *type);               // NULL without memory
NEEDS_GIL void shape_destroy(Shape *root);                     // with all that grew from it
NEEDS_GIL void shapes_forget(Type *type);                    // those of the built-in types from `type` downwards; no instance has attributes any more
NEEDS_GIL void attrs_visit(Attrs *attrs, VisitFn visit, void *context);
NEEDS_GIL void attrs_release(Object *o, Attrs *attrs);         // drops every attribute; none are left
NEEDS_GIL MAY_RAISE Dict *attrs_make_dict(Thread *t, Object *o, Attrs *attrs);   // borrowed: turns to dict mode
NEEDS_GIL void object_unlink(Thread *t, Object *o);            // drops all that could close a cycle (object.c)

#endif
