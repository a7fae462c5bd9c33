// SPDX-License-Identifier: MIT
// tests/fuzz/fuzz_struct.c: any text up to a NUL, as a format of struct, has a size or is refused; the bytes behind it are unpacked by it, packed
// again, and unpacked to equal values. See README.md for how to build.
#include "runtime/types/float.h"
#include "runtime/types/int.h"
#include "tests/fuzz/fuzz.h"

extern const ModuleSpec _struct_spec;

static Value ask(Thread *t, const char *function, const Value *args, size_t nargs)
{
    OWN Value f = fuzz_attribute(t, fuzz_module(t, &_struct_spec), function);
    return is_error(f) ? ERROR : call(t, f, args, nargs, UNBOUND);
}
// What is packed of it unpacks to the same; a NaN is not equal to itself.
static void pack_again(Thread *t, Value format, Value values)
{
    size_t count = as_tuple(values)->length;
    Value args[64] = {format};
    if (count > 60) return;
    for (size_t i = 0; i < count; i++) {
        args[i + 1] = as_tuple(values)->items[i];
        if (is_float(args[i + 1]) && as_float(args[i + 1]) != as_float(args[i + 1])) return;
    }
    OWN Value packed = ask(t, "pack", args, count + 1);
    OWN Value again = is_error(packed) ? ERROR : ask(t, "unpack", (Value[]){format, packed}, 2);
    if (is_error(again) || object_equal(t, again, values) != 1) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Thread *t = fuzz_thread();
    const uint8_t *end = memchr(data, 0, size);
    if (!end) return 0;
    OWN Value format = bytes_from(t, (const char *)data, (size_t)(end - data));
    OWN Value length = is_error(format) ? ERROR : ask(t, "calcsize", &format, 1);
    if (!is_error(length) && is_small_int(length) && as_small_int(length) <= 4096) {
        size_t n = (size_t)as_small_int(length), given = size - (size_t)(end - data) - 1;
        char bytes[4096] = {0};
        memcpy(bytes, end + 1, given < n ? given : n);
        OWN Value packed = bytes_from(t, bytes, n);
        OWN Value values = is_error(packed) ? ERROR : ask(t, "unpack", (Value[]){format, packed}, 2);
        if (is_error(values)) abort();
        pack_again(t, format, values);
    }
    fuzz_end(t);
    return 0;
}
