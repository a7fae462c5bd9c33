// SPDX-License-Identifier: MIT
// stdlib/_sre/_sre.c: the module under re: the host's re reads and compiles patterns, this runs them, on PCRE2.
#include <utf8proc.h>

#include "stdlib/_sre/sre.h"

#define MAGIC 20220615          // of the compiled form that translate.c reads

static Value sre_compile(Thread *t, Value self, const Value *args) { return pattern_new(t, args); }
static bool character(Thread *t, Value v, int *c) { return int_as_int(t, v, c); }
static Value ascii_iscased(Thread *t, Value self, const Value *args)
{
    int c;
    return character(t, args[0], &c) ? bool_value((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) : ERROR;
}
static Value ascii_tolower(Thread *t, Value self, const Value *args)
{
    int c;
    return character(t, args[0], &c) ? small_int(c >= 'A' && c <= 'Z' ? c + 32 : c) : ERROR;
}
static Value unicode_iscased(Thread *t, Value self, const Value *args)
{
    int c;
    return character(t, args[0], &c) ? bool_value(utf8proc_tolower(c) != c || utf8proc_toupper(c) != c) : ERROR;
}
static Value unicode_tolower(Thread *t, Value self, const Value *args)
{
    int c;
    return character(t, args[0], &c) ? small_int(utf8proc_tolower(c)) : ERROR;
}
static Value getcodesize(Thread *t, Value self, const Value *args) { return small_int(4); }
static const Method functions[] = {
    {"compile", sre_compile, "(pattern, flags, code, groups, groupindex, indexgroup)", NULL}, {"ascii_iscased", ascii_iscased, "(character, /)", NULL}, {"ascii_tolower", ascii_tolower, "(character, /)", NULL},
    {"unicode_iscased", unicode_iscased, "(character, /)", NULL}, {"unicode_tolower", unicode_tolower, "(character, /)", NULL}, {"getcodesize", getcodesize, "()", NULL}, {0},
};
static bool start(Thread *t, Value module)
{
    return type_prepare(t, &pattern_type, &pattern_spec) && type_prepare(t, &match_type, &match_spec) && type_prepare(t, &scanner_type, &scanner_spec) && module_add_int(t, module, "MAGIC", MAGIC) &&
           module_add_int(t, module, "CODESIZE", 4) && module_add_int(t, module, "MAXREPEAT", 4294967295) && module_add_int(t, module, "MAXGROUPS", 1073741823);
}
const ModuleSpec _sre_spec = {.name = "_sre", .functions = functions, .start = start};
