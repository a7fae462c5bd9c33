// SPDX-License-Identifier: MIT
// interp/syntax_error.h: what to say about a text that is no program.
#pragma once
#include "parser_internal.h"

// Fills in p->fault: parsing p's tokens failed.
void syntax_error_explain(Parser *p);

// Behind the statement of a PARSE_SINGLE only blank lines and comments may follow: else fails.
void syntax_error_check_single(Parser *p);

// The decimal literal at token `number` has too many digits.
noreturn void syntax_error_digits(Parser *p, uint32_t number, size_t digits);
