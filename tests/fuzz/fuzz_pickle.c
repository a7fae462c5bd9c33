// SPDX-License-Identifier: MIT
// tests/fuzz/fuzz_pickle.c: any bytes, run as a pickle, give an object or an exception; an object that came of it is written in protocol 4 or an
// exception says why not, and what was written can be read. The C halves alone: what they hand to pickle.py is an AttributeError here.
// See README.md for how to build.
#include "stdlib/pickle/pickle.h"
#include "tests/fuzz/fuzz.h"

extern const ModuleSpec _picklecore_spec;

static Value method(Thread *t, Value v, const char *name, const Value *args, size_t nargs)
{
    OWN Value f = fuzz_attribute(t, v, name);
    return is_error(f) ? ERROR : call(t, f, args, nargs, UNBOUND);
}
static Value read_pickle(Thread *t, Value pickle)
{
    OWN Value reader = call0(t, type_value(&pickle_reader_type));
    OWN Value started = is_error(reader) ? ERROR : method(t, reader, "start", (Value[]){pickle, NONE, NONE}, 3);
    return is_error(started) ? ERROR : method(t, reader, "read_pickle", NULL, 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Thread *t = fuzz_thread();
    (void)fuzz_module(t, &_picklecore_spec);
    OWN Value pickle = bytes_from(t, (const char *)data, size);
    OWN Value object = is_error(pickle) ? ERROR : read_pickle(t, pickle);
    if (!is_error(object)) {
        OWN Value writer = call0(t, type_value(&pickle_writer_type));
        OWN Value started = is_error(writer) ? ERROR : method(t, writer, "start", (Value[]){NONE, small_int(4)}, 2);
        OWN Value written = is_error(started) ? ERROR : method(t, writer, "write_pickle", &object, 1);
        if (!is_error(written)) {
            OWN Value again = read_pickle(t, written);
            if (is_error(again) && !error_matches(t, &exc_AttributeError) && !error_matches(t, &exc_TypeError)) abort();
        }
    }
    fuzz_end(t);
    return 0;
}
