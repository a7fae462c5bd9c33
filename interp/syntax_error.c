// SPDX-License-Identifier: MIT
#include "syntax_error.h"
void syntax_error_place(const Source *source, SyntaxFault *fault, int col_offset, int end_col_offset)
{
    fault->line = source_line(source, fault->lineno);
    fault->offset = col_offset + 1;
    fault->end_offset = end_col_offset + 1;
}
void syntax_error_explain(Parser *p)
{
    const Token *t = token_at(p, p->pos);
    *p->fault = (SyntaxFault){.kind = FAULT_SYNTAX, .message = "invalid syntax", .lineno = t->lineno, .end_lineno = t->end_lineno, .has_position = true};
    if (t->kind == TOKEN_ERROR) p->fault->message = p->tokens.fault.message;
    syntax_error_place(p->source, p->fault, t->col_offset, t->end_col_offset);
}
void syntax_error_check_single(Parser *p){(void)p;}
