// SPDX-License-Identifier: MIT
// interp/syntax_error.h: what to say about a text that is no program.
#pragma once
#include "parser_internal.h"

// Fills in p->fault: parsing p's tokens failed.
void syntax_error_explain(Parser *p);

// Behind the statement of a PARSE_SINGLE there is another one.
noreturn void syntax_error_several_statements(Parser *p);
