// SPDX-License-Identifier: MIT
// interp/compiler.h: what the parts of the compiler (compile_*.c) share. Nothing else includes it.
//
// One Unit is one code object in the making. Temporaries are a stack: `depth` of them are in use, push() takes the next one.
// An expression is compiled by
//   value(c, node)          to wherever it is cheapest: a local in place, else a new temporary (pushed)
//   value_push(c, node)     to a new temporary
//   value_to(c, node, dst)  to a register: a local, a temporary in use, or top(u), the next one, which is not pushed
// Always
//   1. Only the last instruction of value_to writes a dst that is a local, so an error before leaves the local alone.
//   2. When `failed` is set an exception is pending and emitting does nothing; callers need not look.
#ifndef BATON_INTERP_COMPILER_H
#define BATON_INTERP_COMPILER_H

#include "interp/code.h"
#include "interp/compile.h"
#include "interp/symtable.h"
#include "runtime/error.h"
#include "runtime/types/list.h"

typedef int Reg;
typedef int Label;

typedef struct Spot { int line, col, end_line, end_col; } Spot;   // line 0: artificial

typedef struct Instr {
    uint8_t op, a, b, c;
    uint32_t word;
    Label target;          // -1: none
    int handler;           // -1: none
    Spot source;
} Instr;

typedef struct Handler { Label label; int depth; } Handler;

typedef enum BlockKind {
    BLOCK_WHILE, BLOCK_FOR, BLOCK_TRY, BLOCK_FINALLY, BLOCK_FINALLY_END, BLOCK_WITH, BLOCK_ASYNC_WITH, BLOCK_HANDLER,
    BLOCK_VALUE, BLOCK_EXCEPT_STAR, BLOCK_ASYNC_FOR,
} BlockKind;

typedef struct Block {
    BlockKind kind;
    Label start, end;      // of loops: for continue and break
    Reg reg;               // what unwinding clears, or leaves: iterator, exit function, handler pair, value
    Text name;             // BLOCK_HANDLER: except ... as name
    NodeList body;         // BLOCK_FINALLY
    int outer_handler;     // in force outside of the block
    Spot source;
    struct Block *outer;
} Block;

enum { BOUND_WORDS = (NEAR_LOCALS + 63) / 64 };
typedef struct Bound { uint64_t bits[BOUND_WORDS]; } Bound;    // locals that have a value for certain

typedef struct Unit {
    struct Unit *outer;
    Scope *scope;
    Str *name, *qualname;            // interned
    int first_line;
    uint32_t flags;
    Instr *instrs;
    int instr_count, instr_capacity;
    int *labels;                     // label -> instruction, -1: not placed
    uint8_t *label_used;
    int label_count, label_capacity;
    Handler *handlers;
    int handler_count, handler_capacity;
    Value constants;                 // list
    Value constant_index;            // dict: key -> index
    Str **names;                     // of sites (NULL: a call)
    int site_count, site_capacity;
    Block *block;
    int handler;                     // in force, or -1
    int depth, deepest;
    int local_count, near_count;     // varnames and cells
    Text *varnames;                  int varname_count;
    Symbol **cellvars;               int cellvar_count;
    Symbol **freevars;               int freevar_count;
    uint32_t param_count, argcount, posonly_count, kwonly_count;
    Bound bound;
    bool reachable;
    bool copies_locals;              // the scope has :=, so locals must not be read late
    Spot source;
} Unit;

typedef struct Compiler {
    Thread *t;
    Arena *arena;
    Symtable symbols;
    Value filename;
    Value kept;            // list: what the units refer to lives at least as long as the compile
    unsigned flags;
    int optimize;
    bool failed, interactive;
    Unit *unit;
    int nesting;
} Compiler;

enum { NESTING_LIMIT = 2000, DISPLAY_CHUNK = 30 };

// compile.c: units, emission, names of registers, errors
bool compiler_enter(Compiler *c, Scope *scope, Text name, int line);
Value compiler_leave(Compiler *c);               // the finished code, or ERROR
void unit_drop(Compiler *c);
void compile_error(Compiler *c, const Node *at, const char *format, ...);
void compile_error_source(Compiler *c, Spot at, const char *message);
void fail(Compiler *c);                          // an exception is pending
bool compile_warning(Compiler *c, const Node *at, const char *format, ...);
Label label_new(Compiler *c);
void label_place(Compiler *c, Label label);
void label_place_head(Compiler *c, Label label, bool was_reachable);   // of a loop whose jumps come later
int handler_new(Compiler *c, Label label);       // at the present depth
void emit(Compiler *c, Opcode op, int a, int b, int c_operand);
void emit_word(Compiler *c, Opcode op, int a, int b, int c_operand, uint32_t word);
void emit_jump(Compiler *c, Opcode op, int a, int b, int c_operand, Label target);
void jump(Compiler *c, Label target);
Reg push(Compiler *c);
static inline Reg top(const Unit *u) { return u->near_count + u->depth; }
static inline bool is_temp(const Unit *u, Reg r) { return r >= u->near_count; }
static inline void pop(Compiler *c, int n) { c->unit->depth -= n; }
static inline void pop_operand(Compiler *c, Reg r) { if (is_temp(c->unit, r)) c->unit->depth--; }
uint32_t site_new(Compiler *c, Text name);
uint32_t site_new_str(Compiler *c, Str *name);
uint32_t site_of_call(Compiler *c);
uint32_t constant_add(Compiler *c, TAKES Value v);
void load_constant(Compiler *c, Reg dst, TAKES Value v);
Str *intern_text(Compiler *c, Text text);        // borrowed: kept by the compile's table of constants
Spot source_of(const Node *node);
static inline void at(Compiler *c, const Node *node) { c->unit->source = source_of(node); }
static inline void at_nothing(Compiler *c) { c->unit->source = (Spot){0}; }
Block *block_push(Compiler *c, Block *block, BlockKind kind);
void block_pop(Compiler *c);
Text mangled(Compiler *c, Text name);
Symbol *symbol_of(Compiler *c, Text mangled_name);
bool is_bound(const Unit *u, int local);
void set_bound(Unit *u, const Symbol *s);
Bound bound_all(void);
Bound bound_meet(Bound a, Bound b);
bool nest(Compiler *c);                          // false: too deep
static inline void unnest(Compiler *c) { c->nesting--; }

// compile_assemble.c
NEW_REF Value assemble(Compiler *c);             // the code object of the present unit

// compile_fold.c: constants
Value fold(Compiler *c, const Node *node);       // owned constant; UNBOUND: not one
Value constant_value(Compiler *c, const Constant *constant);
int constant_truth(Compiler *c, const Node *node);   // 1, 0, -1: not known
bool small_immediate(Compiler *c, const Node *node, int *value);   // an int of 8 bits

// compile_name.c: variables
void name_load(Compiler *c, Text name, Reg dst);
bool name_in_place(Compiler *c, Text name, Reg *reg);   // the local itself, checked to be bound
void name_store(Compiler *c, Text name, Reg src);       // consumes a temporary, which the caller pops
void name_delete(Compiler *c, Text name);
bool name_destination(Compiler *c, const Node *target, Reg *reg);   // a Name that is a near local: its register
void closure_push(Compiler *c, const Code *code);       // pushes a tuple of cells

// compile_expr.c
Reg value(Compiler *c, Node *node);
Reg value_push(Compiler *c, Node *node);
void value_to(Compiler *c, Node *node, Reg dst);
bool number_operand(Compiler *c, AstKind op, const Node *node, Opcode *code, int *constant);
bool writes_once(const Node *node);                     // value_to may have a local as dst
void branch(Compiler *c, Node *test, bool when, Label target);
void display_push(Compiler *c, NodeList elts, Opcode build);    // list, tuple or set of elts
void await_push(Compiler *c, int kind);                 // the top temporary: replaced by the result of awaiting it
void slice_push(Compiler *c, Node *slice);
void move_result(Compiler *c, Reg dst, Reg from);       // from is a temporary

// compile_call.c
void call_to(Compiler *c, AstCall *e, Reg dst);
void call_arguments(Compiler *c, Reg base, int extra, NodeList args, NodeList keywords, bool method, Reg dst);
void at_attribute(Compiler *c, const AstAttribute *a);
void check_keywords(Compiler *c, NodeList keywords);

// compile_comprehension.c
void comprehension_to(Compiler *c, Node *node, Reg dst);

// compile_function.c
void function_statement(Compiler *c, Node *node);
void class_statement(Compiler *c, AstClassDef *node);
void module_body(Compiler *c, NodeList body);             // the statements of a module
void interactive_body(Compiler *c, NodeList body);        // the statements of a line at the prompt
void lambda_to(Compiler *c, AstLambda *node, Reg dst);
void type_alias_statement(Compiler *c, AstTypeAlias *node);
void make_function(Compiler *c, TAKES Value code, int flags, int run, Reg dst);

// compile_stmt.c, compile_try.c
void statements(Compiler *c, NodeList list);
void statement(Compiler *c, Node *node);
void assign_to(Compiler *c, Node *target, Reg src);     // consumes src if a temporary (the caller pops it)
bool body_docstring(Compiler *c, NodeList body, Text *doc);
void try_statement(Compiler *c, NodeList body, NodeList handlers, NodeList orelse, NodeList finalbody, bool star);
void with_statement(Compiler *c, Node *node, NodeList items, size_t at, NodeList body, bool is_async);
void unwind_block(Compiler *c, Block *block);
void unwind_to(Compiler *c, Block *stop);               // emits what leaving every block inside `stop` needs
void for_statement(Compiler *c, AstFor *s);
void async_for_statement(Compiler *c, AstAsyncFor *s);
void while_statement(Compiler *c, AstWhile *s);
void return_statement(Compiler *c, AstReturn *s);
void break_or_continue(Compiler *c, Node *s, bool is_break);
void annotation_value(Compiler *c, Node *annotation, Reg dst);   // or its text, under the future import

// compile_pattern.c
void match_statement(Compiler *c, AstMatch *s);

#endif
