// SPDX-License-Identifier: MIT
// tests/fuzz/fuzz_marshal.c: any bytes, read by marshal, give a value or an exception; a value that came of it is written, read and written again,
// to equal bytes. The first byte is the version that is written. See README.md for how to build.
#include "stdlib/marshal/marshal.h"
#include "tests/fuzz/fuzz.h"

static void write_and_read(Thread *t, Value value, int version)
{
    OWN Value written = marshal_write(t, value, version);
    if (is_error(written)) return;
    OWN Value again = marshal_read_buffer(t, written);
    if (is_error(again)) {
        if (version > 2) abort();             // without references what is shared takes more room and depth
        return;
    }
    if (version < 2) return;                  // text keeps no sign of a NaN
    OWN Value written_again = marshal_write(t, again, 2);
    OWN Value first = is_error(written_again) ? ERROR : marshal_write(t, value, 2);
    if (is_error(first)) return;
    if (bytes_length(first) != bytes_length(written_again) || memcmp(bytes_data(first), bytes_data(written_again), bytes_length(first)) != 0) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0) return 0;
    Thread *t = fuzz_thread();
    OWN Value bytes = bytes_from(t, (const char *)data + 1, size - 1);
    OWN Value value = is_error(bytes) ? ERROR : marshal_read_buffer(t, bytes);
    if (!is_error(value)) write_and_read(t, value, data[0] % 5);
    fuzz_end(t);
    return 0;
}
