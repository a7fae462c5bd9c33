// SPDX-License-Identifier: MIT
// interp/import.h: finding and loading modules.
#ifndef BATON_INTERP_IMPORT_H
#define BATON_INTERP_IMPORT_H

#include "runtime/thread.h"
#include "runtime/types/dict.h"
#include "runtime/types/str.h"

// `import name` with the globals of the importer (for relative names) and the names wanted from it (a tuple, or NONE): the
// first package of a dotted name, or the module itself when names are wanted.
NEEDS_GIL NEW_REF Value import_name(Thread *t, Str *name, Value globals, Value from, int level);
// `from module import name`.
NEEDS_GIL NEW_REF Value import_from(Thread *t, Value module, Str *name);
// Whether builtins.__import__ is still ours.
NEEDS_GIL bool import_is_original(Thread *t, Value function);
// sys.modules[name], imported if need be: for "a.b" the module a.b.
NEEDS_GIL NEW_REF Value import_module(Thread *t, Str *name);

#endif
