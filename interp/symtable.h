// SPDX-License-Identifier: MIT
// interp/symtable.h: which variable each name means.
//
// Owns     Scope and Symbol: one Scope for each block of code of its own (module, class, function, lambda, comprehension,
//          type parameters), one Symbol for each name used in it.
// Always   1. Everything lives in the arena of the parse. 2. After symtable_build, `meaning` of every symbol is set.
//          3. Names are mangled already (__x in class C is _C__x).
#pragma once
#include "arena.h"
#include "ast.h"

typedef enum ScopeKind { SCOPE_MODULE, SCOPE_CLASS, SCOPE_FUNCTION, SCOPE_ANNOTATION } ScopeKind;
typedef enum Comprehension { COMP_NONE, COMP_LIST, COMP_SET, COMP_DICT, COMP_GENERATOR } Comprehension;
typedef enum Meaning { MEANS_NOTHING, MEANS_LOCAL, MEANS_GLOBAL_EXPLICIT, MEANS_GLOBAL, MEANS_FREE, MEANS_CELL } Meaning;

enum SymbolFlags {
    SYM_GLOBAL = 1, SYM_LOCAL = 2, SYM_PARAM = 4, SYM_NONLOCAL = 8, SYM_USE = 16, SYM_FREE = 32, SYM_FREE_CLASS = 64,
    SYM_IMPORT = 128, SYM_ANNOTATED = 256, SYM_COMP_ITER = 512, SYM_DELETED = 1024, SYM_TYPE_PARAM = 2048,
    SYM_BOUND = SYM_LOCAL | SYM_PARAM | SYM_IMPORT,
};

typedef struct Symbol {
    Text name;
    unsigned flags;
    Meaning meaning;
    int index;              // the compiler's: number of the local, cell or free variable, or -1
    struct Symbol *chain;   // in the hash table
    struct Symbol *next;    // in order of appearance
} Symbol;

typedef struct Scope {
    ScopeKind kind;
    Comprehension comprehension;
    Text name;              // "top", a function's or class's name, "lambda", "listcomp" ...
    const Node *node;       // what it is the scope of
    struct Scope *parent, *first_child, *last_child, *next_sibling, *chain;
    Symbol **table;
    unsigned table_size, symbol_count;
    Symbol *first, *last;
    Text *params;           // in the order of a code object's varnames
    unsigned param_count, param_capacity;
    Text private_name;      // the class for mangling, or None
    bool nested;            // inside a function
    bool has_free, child_free;
    bool is_generator, is_coroutine;   // contains yield; is async or contains an asynchronous comprehension
    bool varargs, varkeywords, returns_value;
    bool needs_class_cell;  // a class in which a method uses __class__ or super
    bool in_comp_iter_target;
    bool has_walrus;        // rebinds a local within an expression
    bool can_see_class;     // type parameters of a method or class: names of the class come first
    int comp_iter_depth;    // inside the iterable of a comprehension
    int lineno;
} Scope;

typedef struct SymtableFault {
    const char *message;    // in the arena
    int lineno, col_offset, end_lineno, end_col_offset;
    bool memory;            // out of memory, message is NULL
} SymtableFault;

typedef struct Symtable {
    Arena *arena;
    Scope *top;
    Scope *by_node[256];    // hash of the node
    bool future_annotations;
    SymtableFault fault;
    Scope *scope;           // while it is being built
    Text private_name;
    int depth;
} Symtable;

// Reads the whole tree. False: table->fault tells why (a SyntaxError, or too deep nesting as RecursionError when message is NULL).
bool symtable_build(Symtable *table, Arena *arena, const Node *module, bool future_annotations);
Scope *symtable_scope(Symtable *table, const Node *node);
Symbol *scope_find(const Scope *scope, Text name);       // NULL: not used in it
Text symtable_mangle(Arena *arena, Text private_name, Text name);
