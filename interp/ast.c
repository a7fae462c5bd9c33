// SPDX-License-Identifier: MIT
// interp/ast.c: the names of kinds and groups, from ast.def.
#include "ast.h"

const char *const ast_kind_names[AST_KINDS] = {
#define NODE(name, group, fields) #name,
#define CHOICE(name, group) #name,
#include "ast.def"
};

const char *const ast_group_names[AST_GROUPS] = {
#define GROUP(name, located) #name,
#include "ast.def"
};

const AstGroup ast_kind_groups[AST_KINDS] = {
#define NODE(name, group, fields) AST_GROUP_##group,
#define CHOICE(name, group) AST_GROUP_##group,
#include "ast.def"
};
