// SPDX-License-Identifier: MIT
// runtime/base.c: what happens when an assertion of ours fails.
#include "runtime/base.h"

#include <stdio.h>
#include <stdlib.h>

struct OutsideGil outside_gil;

#ifdef BATON_DEBUG
_Noreturn void assertion_failed(const char *what, const char *file, int line)
{
    fprintf(stderr, "baton: %s:%d: assertion failed: %s\n", file, line, what);
    abort();
}
#endif
