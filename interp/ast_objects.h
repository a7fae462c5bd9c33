// SPDX-License-Identifier: MIT
// interp/ast_objects.h: syntax trees as Python objects: the module _ast.
#ifndef BATON_INTERP_AST_OBJECTS_H
#define BATON_INTERP_AST_OBJECTS_H

#include "interp/arena.h"
#include "interp/ast.h"
#include "runtime/object.h"

// The tree as instances of the classes of _ast.
NEEDS_GIL NEW_REF Value ast_to_object(Thread *t, const Node *tree);
// The way back. mode: 0 exec, 1 eval, 2 single: which kind of tree is asked for. NULL: TypeError or ValueError.
NEEDS_GIL MAY_RAISE Node *ast_from_object(Thread *t, Arena *arena, Value object, int mode);
// 1: an instance of _ast.AST, 0: not, -1: raised.
NEEDS_GIL MAY_RAISE int is_ast_object(Thread *t, Value v);

#endif
