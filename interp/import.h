// SPDX-License-Identifier: MIT
// interp/import.h: from a module's name to the module.
#ifndef BATON_INTERP_IMPORT_H
#define BATON_INTERP_IMPORT_H

#include "runtime/types/module.h"

// A module of ours whose Python half was compiled when Baton was built.
typedef struct FrozenModule { const char *name; const unsigned char *data; size_t size; bool is_package; } FrozenModule;
extern const FrozenModule frozen_modules[];        // ends with a NULL name

NEEDS_GIL MAY_RAISE bool import_start(Thread *t);                            // sys.meta_path, the types of specs and loaders
// sys.modules["a.b"], imported if need be, its parents first.
NEEDS_GIL NEW_REF Value import_module(Thread *t, Str *name);
// What the import statement does: __import__(name, globals, locals, fromlist, level).
NEEDS_GIL NEW_REF Value import_name(Thread *t, Str *name, Value globals, Value fromlist, int level);
NEEDS_GIL NEW_REF Value import_from(Thread *t, Value module, Str *name);     // from module import name
// Whether a function, found as builtins.__import__, is ours (builtins_code.c).
NEEDS_GIL bool import_is_original(Value function);
// For a module that is run, not imported: its code. ERROR: raised; *spec (owned) is what __spec__ shall be.
NEEDS_GIL NEW_REF Value import_code_of(Thread *t, Str *name, Value *spec);
// Compiles a file of source, through the cache if `cached`. Borrowed path.
NEEDS_GIL NEW_REF Value import_compile_file(Thread *t, Str *path, bool cached);
void import_after_fork(Thread *t);

#endif
