// SPDX-License-Identifier: MIT
// tests/fuzz/fuzz_decimal.c: any text at all, read as a decimal number, gives a number or none; a number is written, in both notations, read again
// and equal, and a long one that is multiplied by a power of ten and cut again is what it was.
#include <stdlib.h>

#include "interp/interp.h"
#include "runtime/thread.h"
#include "runtime/types/str.h"
#include "stdlib/_decimal/number.h"

static Thread *start(void)
{
    static Thread *t;
    if (t) return t;
    Interp *interp = interp_create((uint64_t[2]){0});
    if (!interp || !interp_install(interp->main_thread)) abort();
    return t = interp->main_thread;
}

// Writes n and reads what came of it: the same number, but for the digits of an exponent that engineering notation moves.
static void write_and_read(Work *w, const Number *n, bool engineering)
{
    OWN Value text = number_to_str(w->t, n, true, engineering);
    OWN_NUMBER Number again = {0};
    bool is_number;
    if (is_error(text) || !number_from_ascii(w, &again, str_text(as_str(text)), as_str(text)->length, &is_number) || !is_number) abort();
    if (again.kind != n->kind || again.negative != n->negative) abort();
    if (!is_finite(n)) return;
    int order;
    if (!compare_magnitudes(w, n, &again, &order) || order != 0) abort();
    if (!engineering && (again.exponent != n->exponent || again.digits != n->digits)) abort();
}
static void lengthen_and_cut(Work *w, const Number *n)
{
    OWN_NUMBER Number longer = {0};
    int64_t zeros = (int64_t)n->digits % 19;
    bool inexact;
    int order;
    if (!number_copy(w, &longer, n) || !add_zeros(w, &longer, zeros) || !drop_digits(w, &longer, zeros, false, ROUND_HALF_EVEN, &inexact)) abort();
    if (inexact || !compare_magnitudes(w, n, &longer, &order) || order != 0) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Work w = {start(), &exact_settings, 0};
    OWN_NUMBER Number n = {0};
    bool is_number;
    char *text = malloc(size + 1);                    // of just that size: reading past its end is seen
    if (!text) return 0;
    memcpy(text, data, size);
    char *exact = realloc(text, size ? size : 1);
    if (!number_from_ascii(&w, &n, exact ? exact : text, size, &is_number)) abort();
    free(exact ? exact : text);
    if (!is_number || n.exponent > 2 * MAX_EMAX || n.exponent < 2 * MIN_EMIN) return 0;      // beyond, an exponent is not kept to the last digit
    write_and_read(&w, &n, false);
    write_and_read(&w, &n, true);
    if (is_finite(&n) && !is_zero(&n)) lengthen_and_cut(&w, &n);
    return 0;
}
