// SPDX-License-Identifier: MIT
// runtime/types/unicode.h: characters' case: what stands beside the properties that str.h declares.
#ifndef BATON_RUNTIME_TYPES_UNICODE_H
#define BATON_RUNTIME_TYPES_UNICODE_H

#include "runtime/types/str.h"

#define CASE_MAX 4       // characters that one may become

bool codepoint_is_cased(Codepoint c), codepoint_is_case_ignorable(Codepoint c);
// Full case mappings, without context (the final sigma is str_case.c's): how many characters were written.
size_t codepoint_to_upper(Codepoint c, Codepoint result[CASE_MAX]), codepoint_to_lower(Codepoint c, Codepoint result[CASE_MAX]),
    codepoint_to_title(Codepoint c, Codepoint result[CASE_MAX]), codepoint_to_folded(Codepoint c, Codepoint result[CASE_MAX]);

#endif
