// SPDX-License-Identifier: MIT
// interp/compile.h: syntax tree to code object.
#ifndef BATON_INTERP_COMPILE_H
#define BATON_INTERP_COMPILE_H

#include "interp/ast.h"
#include "interp/arena.h"
#include "runtime/object.h"

enum CompileFlags {            // the values of `flags` of compile()
    COMPILE_DONT_IMPLY_DEDENT = 0x200, COMPILE_ONLY_AST = 0x400, COMPILE_TYPE_COMMENTS = 0x1000,
    COMPILE_TOP_LEVEL_AWAIT = 0x2000, COMPILE_ALLOW_INCOMPLETE = 0x4000,
    COMPILE_FUTURE_BARRY = 0x400000, COMPILE_FUTURE_ANNOTATIONS = 0x1000000,
    COMPILE_FUTURES = 0x1FE0010,
    COMPILE_ONLY_SYMBOLS = 0x40000000,       // not of compile(): what symtable_to_object makes of the scopes
};

// Compiles the tree of a module, an expression or an interactive statement. optimize: 0, 1 (no assert), 2 (no docstrings).
// ERROR: a SyntaxError (or MemoryError, RecursionError) is pending.
NEEDS_GIL NEW_REF Value compile_tree(Thread *t, Arena *arena, Node *tree, Value filename, unsigned flags, int optimize);
// Source text to code, through the parser. mode: 0 exec, 1 eval, 2 single, as ParseMode.
NEEDS_GIL NEW_REF Value compile_source(Thread *t, const char *bytes, size_t length, Value filename, int mode, unsigned flags, int optimize, bool is_str);
// Makes SyntaxError pending for a place in a file (columns in bytes from 0), with the line of text that is there.
NEEDS_GIL COLD Value raise_syntax_error(Thread *t, Value filename, const char *message, int line, int col, int end_line, int end_col, bool in_args);

// Gives a warning about a place in the source, as warnings.warn_explicit does. False: the filter made it an error.
NEEDS_GIL MAY_RAISE bool syntax_warning(Thread *t, Type *category, Value filename, const char *message, int line);

#endif
