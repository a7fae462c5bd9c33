// SPDX-License-Identifier: MIT
// runtime/types/module.h: module objects, and the table that a native module is made from.
#ifndef BATON_RUNTIME_TYPES_MODULE_H
#define BATON_RUNTIME_TYPES_MODULE_H

#include "runtime/types/dict.h"

typedef struct Module { Object head; Dict *dict; void *state; void (*free_state)(Thread *t, void *state); } Module;

extern Type module_type;
static inline bool is_module(Value v) { return has_type_flag(v, TYPE_IS_MODULE); }
static inline Module *as_module(Value v) { ASSERT(is_module(v)); return (Module *)as_object(v); }

// A native module: one const table. start() adds what is no function: types, constants.
typedef struct ModuleSpec {
    const char *name;
    const char *doc;
    const Method *functions;      // self is the module
    bool (*start)(Thread *t, Value module);
} ModuleSpec;

// The native modules; stdlib/registry.c makes the table from stdlib/modules.def. Ends with a NULL name. spec NULL: in a shared
// object beside the binary.
typedef struct NativeModule { const char *name; const ModuleSpec *spec; } NativeModule;
extern const NativeModule native_modules[];

NEEDS_GIL NEW_REF Value module_new(Thread *t, Str *name, Value doc);
NEEDS_GIL NEW_REF Value module_from_spec(Thread *t, const ModuleSpec *spec);   // made and started, not in sys.modules
NEEDS_GIL MAY_RAISE bool module_add(Thread *t, Value module, const char *name, TAKES Value value);   // ERROR value: fails
NEEDS_GIL MAY_RAISE bool module_add_int(Thread *t, Value module, const char *name, int64_t value);
typedef struct NamedInt { const char *name; int64_t value; } NamedInt;
#define NAMED_INT(constant) {#constant, (int64_t)(constant)}
NEEDS_GIL MAY_RAISE bool module_add_ints(Thread *t, Value module, const NamedInt *ints, size_t count);
NEEDS_GIL MAY_RAISE bool module_add_function(Thread *t, Value module, const Method *method);   // for tables besides spec->functions
NEEDS_GIL MAY_RAISE bool module_add_type(Thread *t, Value module, Type *type);

#endif
