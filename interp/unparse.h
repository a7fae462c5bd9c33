// SPDX-License-Identifier: MIT
// interp/unparse.h: an expression of the tree back as source text.
#ifndef BATON_INTERP_UNPARSE_H
#define BATON_INTERP_UNPARSE_H

#include "interp/ast.h"
#include "runtime/object.h"

// The text of an expression as annotations under `from __future__ import annotations` show it: a str.
NEEDS_GIL NEW_REF Value unparse(Thread *t, const Node *expression);

#endif
