// SPDX-License-Identifier: MIT
// tests/fuzz/fuzz_compiler.c: what parses must compile or be told wrong; what compiles must list, save and load again, equal.
//
// The first byte chooses the mode, the rest is the source; make_parser_corpus.py makes seeds. From a build folder configured
// with CC=clang and -Db_sanitize=address,undefined -Db_lundef=false:
//   clang -std=gnu11 -D_GNU_SOURCE -g -fsanitize=fuzzer,address,undefined -I.. ../tests/fuzz/fuzz_compiler.c \
//         ../interp/no_frozen_modules.c -Wl,--start-group {interp,runtime,stdlib}/lib*.a -Wl,--end-group -lgmp -lutf8proc -lm
#include <stdlib.h>

#include "interp/code.h"
#include "interp/compile.h"
#include "interp/interp.h"
#include "runtime/error.h"
#include "runtime/types/bytes.h"
#include "runtime/types/module.h"

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

static void check_code(Thread *t, Value code)
{
    OWN Value listing = disassemble(t, code);
    OWN Value saved = code_save(t, code);
    if (is_error(listing) || is_error(saved)) abort();
    OWN Value loaded = code_load(t, bytes_data(saved), bytes_length(saved));
    if (is_error(loaded)) abort();
    OWN Value again = code_save(t, loaded);
    if (is_error(again) || bytes_length(again) != bytes_length(saved)) abort();
    // A damaged form is refused, never a crash.
    size_t length = bytes_length(saved);
    OWN Value cut = code_load(t, bytes_data(saved), length / 2);
    if (!is_error(cut)) abort();
    error_clear(t);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!size) return 0;
    Thread *t = start();
    OWN Value filename = str_from_text(t, "<fuzz>");
    OWN Value code = compile_source(t, (const char *)data + 1, size - 1, filename, data[0] % 3, 0, data[0] / 3 % 3, false);
    if (is_error(code)) {
        if (!error_pending(t)) abort();
        error_clear(t);
    } else check_code(t, code);
    if (error_pending(t) || t->frame) abort();
    return 0;
}
