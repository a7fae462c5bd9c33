// SPDX-License-Identifier: MIT
// interp/parser.h: source text to syntax tree.
//
// Owns     the interface of the front end: what may be parsed, what comes back, how a mistake is told.
// Always   The tree is CPython 3.11's, to the node and the column; so are message and place of a fault. One difference
//          is meant: offsets in a fault count characters, where CPython counts bytes in a file without coding cookie.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "ast.h"

typedef enum ParseMode {
    PARSE_EXEC,    // a file: Module
    PARSE_EVAL,    // an expression: Expression
    PARSE_SINGLE,  // one statement typed at a prompt: Interactive
} ParseMode;

typedef enum ParseFlags {
    PARSE_IS_STR = 1,              // the source was a str: it is UTF-8, and a coding cookie means nothing
    PARSE_ALLOW_INCOMPLETE = 2,    // input that only ends too early fails with "incomplete input"
    PARSE_DONT_IMPLY_DEDENT = 4,   // the end of the input does not end an indented block (codeop)
    PARSE_BARRY_AS_FLUFL = 8,      // from __future__ import barry_as_FLUFL: <> instead of !=
    PARSE_ANY_DIGITS = 16,         // decimal literals may have more than 4300 digits (sys.set_int_max_str_digits(0))
} ParseFlags;

typedef enum FaultClass {
    FAULT_SYNTAX,       // SyntaxError
    FAULT_INDENTATION,  // IndentationError
    FAULT_TAB,          // TabError
    FAULT_MEMORY,       // MemoryError, also where CPython raises it for too deep nesting
    FAULT_RECURSION,    // RecursionError
    FAULT_VALUE,        // ValueError: the message alone (source code string cannot contain null bytes)
    FAULT_OVERFLOW,     // OverflowError: the message alone
    FAULT_UNICODE,      // UnicodeDecodeError and its kin that a str source cannot have
} FaultClass;

// A warning that parsing gives: always about a place in the source.
typedef enum WarningClass { WARN_DEPRECATION, WARN_SYNTAX } WarningClass;
typedef struct SyntaxWarning {
    struct SyntaxWarning *next;
    WarningClass kind;
    const char *message;  // NUL-terminated, in the arena
    int lineno, col_offset, end_lineno, end_col_offset;
} SyntaxWarning;

// What SyntaxError carries. All texts are NUL-terminated, in the arena.
typedef struct SyntaxFault {
    FaultClass kind;
    const char *message;
    int lineno, offset, end_lineno, end_offset;  // offsets count characters from 1, as SyntaxError.offset does
    bool has_position;                           // else lineno ... are not to be shown
    Text line;                                   // the source line, with its newline; None when there is none
    bool incomplete;                             // more lines could still make the input valid
    SyntaxWarning *warnings;                     // in order of place; set by a parse that succeeds, too
} SyntaxFault;

// Parses `length` bytes at `bytes`. True: *out is the tree, in `arena`. False: *fault tells why.
// `filename` is only used in messages. Does not keep `bytes`: the arena has its own copy of what it needs.
bool parse_source(const char *bytes, size_t length, const char *filename, ParseMode mode, ParseFlags flags,
                  Arena *arena, Node **out, SyntaxFault *fault);

// \N{name}: gives the code points of `name` (one, or several for a named sequence); 0: no such name.
// Until someone sets it, every name is unknown.
typedef size_t (*UnicodeNameLookup)(const char *name, size_t length, uint32_t *points, size_t room);
extern UnicodeNameLookup unicode_name_lookup;
