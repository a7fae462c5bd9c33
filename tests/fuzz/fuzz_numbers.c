// SPDX-License-Identifier: MIT
// tests/fuzz/fuzz_numbers.c: any text, read as an int in a base (the first byte) and as a float, gives a number or an exception; an int written in
// base 10 and 16, a float by its repr, are read again as the same. See README.md for how to build.
#include "runtime/types/float.h"
#include "runtime/types/int.h"
#include "tests/fuzz/fuzz.h"

static void read_again(Thread *t, Value number, int base)
{
    OWN Value text = int_to_str(t, number, base);
    if (is_error(text)) return;              // more digits than may be written
    OWN Value again = int_from_text(t, as_str(text)->data, as_str(text)->length, base, text);
    if (is_error(again) || object_equal(t, again, number) != 1) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0) return 0;
    Thread *t = fuzz_thread();
    OWN Value text = str_from_latin1(t, (const char *)data + 1, size - 1);
    int base = data[0] % 37;
    if (is_error(text) || !str_is_ascii(as_str(text))) return 0;
    OWN Value number = base == 1 ? small_int(1) : int_from_text(t, as_str(text)->data, as_str(text)->length, base, text);
    if (!is_error(number)) {
        read_again(t, number, 10);
        read_again(t, number, 16);
    }
    if (error_pending(t)) error_clear(t);
    OWN Value real = float_from_text(t, as_str(text)->data, as_str(text)->length, text);
    if (!is_error(real)) {
        OWN Value shown = object_repr(t, real);
        OWN Value again = is_error(shown) ? ERROR : float_from_text(t, as_str(shown)->data, as_str(shown)->length, shown);
        if (is_error(again)) abort();
        double a = as_float(real), b = as_float(again);
        if (a != b && !(a != a && b != b)) abort();
    }
    fuzz_end(t);
    return 0;
}
