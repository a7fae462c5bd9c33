// SPDX-License-Identifier: MIT
// interp/import_spec.h: what Python sees of importing: module specs, our finders and loaders.
#ifndef BATON_INTERP_IMPORT_SPEC_H
#define BATON_INTERP_IMPORT_SPEC_H

#include "interp/import.h"

typedef enum LoaderKind { LOADER_FOREIGN, LOADER_NATIVE, LOADER_FROZEN, LOADER_SOURCE, LOADER_NAMESPACE } LoaderKind;

typedef struct ModuleSpecObject {
    Object head;
    Attrs attrs;
    Str *name;
    LoaderKind kind;
    bool initializing, has_location;
    Value loader, origin, locations, loader_state, cached;   // origin: path, "built-in", "frozen" or NONE; locations: list or NONE
    Value uninitialized;         // a list for importlib, made when it asks
} ModuleSpecObject;

extern Type module_spec_type, loader_type, finder_type;
static inline bool is_module_spec(Value v) { return is_instance_of(v, &module_spec_type); }
static inline ModuleSpecObject *as_module_spec(Value v) { return (ModuleSpecObject *)as_object(v); }
NEEDS_GIL bool is_own_path_hook(Value v);                                        // what stands in sys.path_hooks at the start
// Where importlib's own loader would keep the compiled code of a source file (Baton keeps it elsewhere); None if there is no source.
NEEDS_GIL NEW_REF Value module_spec_cached(Thread *t, Value spec);
static inline bool is_own_finder(Value v) { return type_of(v) == &finder_type; }

// location: the path of a source file, else UNBOUND.
NEEDS_GIL NEW_REF Value module_spec_new(Thread *t, Str *name, LoaderKind kind, Value location, bool is_package);
NEEDS_GIL MAY_RAISE bool module_spec_set_locations(Thread *t, Value spec, Value list);
NEEDS_GIL NEW_REF Value module_spec_parent(Thread *t, Value spec);      // str

// import.c's steps, for the methods of finders and loaders.
const FrozenModule *frozen_find(const Str *name);
const ModuleSpec *native_find(const Str *name);
NEEDS_GIL NEW_REF Value find_in_binary(Thread *t, Str *name);                    // a spec, or UNBOUND
NEEDS_GIL NEW_REF Value find_on_path(Thread *t, Str *name, Value path);          // path UNBOUND: sys.path
NEEDS_GIL NEW_REF Value module_code(Thread *t, Str *name, LoaderKind kind, Value location);
NEEDS_GIL MAY_RAISE bool module_execute(Thread *t, Value module, Str *name, LoaderKind kind, Value location);

#endif
