// SPDX-License-Identifier: MIT
// runtime/types/weakref.h: weak references, kept in a list at the object that they watch.
#ifndef BATON_RUNTIME_TYPES_WEAKREF_H
#define BATON_RUNTIME_TYPES_WEAKREF_H

#include "runtime/type.h"

typedef struct WeakRef {
    Object head;
    Attrs attrs;
    Object *target;                  // NULL: it is gone
    Value callback;                  // or UNBOUND
    int64_t hash;                    // -1: not known
    struct WeakRef *previous, *next; // in the target's list
} WeakRef;

extern Type weakref_type, weak_proxy_type, weak_callable_proxy_type;
NEEDS_GIL NEW_REF Value weakref_new(Thread *t, Type *type, Value target, Value callback);
NEEDS_GIL NEW_REF Value weakref_target(Value reference);         // NONE when it is gone
NEEDS_GIL NEW_REF Value weakref_first(Thread *t, Value target);     // a weak reference to it that exists, or NONE
NEEDS_GIL void weakrefs_clear(Thread *t, Object *o);             // o is dying: references to it go dead, callbacks run

#endif
