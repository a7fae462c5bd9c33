// SPDX-License-Identifier: MIT
// tests/fuzz/fuzz_saved_code.c: any bytes at all, read as saved code (a file of the cache), give code that lists and saves again, or
// an exception; and leave nothing behind.
//
// Code that loads is not run: its instructions are trusted as those of a .pyc are. See README.md for how to build.
#include <stdlib.h>

#include "interp/code.h"
#include "interp/compile.h"
#include "interp/interp.h"
#include "runtime/error.h"
#include "runtime/types/bytes.h"

static Thread *start(void)
{
    static Thread *t;
    if (t) return t;
    Interp *interp = interp_create((uint64_t[2]){0});
    if (!interp || !interp_install(interp->main_thread)) abort();
    t = interp->main_thread;
    t->interp->up.import_module = NULL;      // no warnings: nothing is imported here
    return t;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Thread *t = start();
    OWN Value code = code_load(t, (const char *)data, size);
    if (!is_error(code)) {
        OWN Value again = code_save(t, code);
        if (is_error(again)) error_clear(t);
    }
    if (error_pending(t)) error_clear(t);
    return 0;
}
