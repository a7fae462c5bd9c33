// SPDX-License-Identifier: MIT
// interp/ast.h: the nodes of the syntax tree, made from ast.def.
//
// Owns     the C shape of every node. Each NODE(Name, ...) of ast.def becomes a kind AST_Name and a struct AstName
//          whose first member is the head `Node`; each CHOICE(Name, ...) becomes the kind AST_Name alone.
// Always   1. Nodes, lists and texts live in the Arena of the parse and die with it; none is freed on its own.
//          2. Positions are as in module `ast`: lines from 1, columns in UTF-8 bytes from 0, ends exclusive.
//          3. Identifiers are NFKC-normalised and interned: within one parse equal identifiers have equal `bytes`.
//
// To use: switch (node->kind) { case AST_Name: AST(Name, node)->id ... }. ast.def tells each field's C type.
#pragma once
#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

// UTF-8, not ending in NUL. A Text of None has bytes == NULL.
typedef struct Text { const char *bytes; size_t length; } Text;

static inline bool text_is_none(Text text) { return !text.bytes; }
static inline bool text_equal(Text a, Text b)
{
    return a.length == b.length && (a.bytes == b.bytes || memcmp(a.bytes, b.bytes, a.length) == 0);
}
static inline bool text_is(Text text, const char *word)
{
    return text.bytes && text.length == strlen(word) && memcmp(text.bytes, word, text.length) == 0;
}

typedef enum AstKind {
#define NODE(name, group, fields) AST_##name,
#define CHOICE(name, group) AST_##name,
#include "ast.def"
    AST_KINDS  // how many there are
} AstKind;

typedef enum AstGroup {
#define GROUP(name, located) AST_GROUP_##name,
#include "ast.def"
    AST_GROUPS
} AstGroup;

typedef struct Node {
    AstKind kind;
    int lineno, col_offset, end_lineno, end_col_offset;  // 0 in groups that are PLAIN
} Node;

typedef struct NodeList { size_t count; Node **items; } NodeList;
typedef struct TextList { size_t count; Text *items; } TextList;
typedef struct KindList { size_t count; AstKind *items; } KindList;

typedef enum ConstantTag {
    CONSTANT_NONE, CONSTANT_TRUE, CONSTANT_FALSE, CONSTANT_ELLIPSIS,
    CONSTANT_INT,        // text: the digits, in base `base`, lower case, with neither prefix nor underscores
    CONSTANT_FLOAT,      // number
    CONSTANT_IMAGINARY,  // number: the imaginary part
    CONSTANT_STR,        // text: UTF-8, and a lone surrogate as its three bytes; may contain NUL
    CONSTANT_BYTES,      // text: the bytes
} ConstantTag;

typedef struct Constant {
    ConstantTag tag;
    uint8_t base;  // of an INT: 2, 8, 10 or 16
    union { Text text; double number; };
} Constant;

#define CHILD(group, name) Node *name;
#define OPTIONAL(group, name) Node *name;
#define CHILDREN(group, name) NodeList name;
#define CHILDREN_OR_NONE(group, name) NodeList name;
#define CHOSEN(group, name) AstKind name;
#define ALL_CHOSEN(group, name) KindList name;
#define IDENTIFIER(name) Text name;
#define OPTIONAL_IDENTIFIER(name) Text name;
#define IDENTIFIERS(name) TextList name;
#define INTEGER(name) int name;
#define OPTIONAL_INTEGER(name) int name;
#define OPTIONAL_STRING(name) Text name;
#define CONSTANT(name) Constant name;
#define NEWER(group, name) NodeList name;
#define NODE(name, group, fields) typedef struct Ast##name { Node head; fields } Ast##name;
#include "ast.def"
#undef CHILD
#undef OPTIONAL
#undef CHILDREN
#undef CHILDREN_OR_NONE
#undef CHOSEN
#undef ALL_CHOSEN
#undef IDENTIFIER
#undef OPTIONAL_IDENTIFIER
#undef IDENTIFIERS
#undef INTEGER
#undef OPTIONAL_INTEGER
#undef OPTIONAL_STRING
#undef CONSTANT
#undef NEWER

// AST(Name, node): node as an AstName; it must be of that kind.
#define NODE(name, group, fields) \
    static inline Ast##name *ast_as_##name(const Node *node) \
    { \
        assert(node->kind == AST_##name); \
        return (Ast##name *)(uintptr_t)node; \
    }
#include "ast.def"
#define AST(name, node) ast_as_##name(node)

extern const char *const ast_kind_names[AST_KINDS];   // "FunctionDef"
extern const char *const ast_group_names[AST_GROUPS]; // "stmt"
extern const AstGroup ast_kind_groups[AST_KINDS];     // the group of each kind
