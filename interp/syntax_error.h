// SPDX-License-Identifier: MIT
// interp/syntax_error.h: what to say about a text that is no program.
#pragma once
#include "parser_internal.h"

// Fills in p->fault: parsing p's tokens failed.
void syntax_error_explain(Parser *p);

// Sets offset, end_offset and line of a fault whose lineno and end_lineno are set: from columns in bytes.
void syntax_error_place(const Source *source, SyntaxFault *fault, int col_offset, int end_col_offset);

// Behind the statement of a PARSE_SINGLE: nothing but blank lines and comments may follow.
void syntax_error_check_single(Parser *p);
