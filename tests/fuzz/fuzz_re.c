// SPDX-License-Identifier: MIT
// tests/fuzz/fuzz_re.c: any numbers at all, as the compiled form of a pattern, are translated for PCRE2 or refused; what was translated searches a
// text. The first byte is the flags, the second the number of groups, then come numbers of four bytes; the last sixteen bytes are the text.
// See README.md for how to build.
#include "runtime/types/list.h"
#include "tests/fuzz/fuzz.h"

extern const ModuleSpec _sre_spec;
enum { TEXT = 16 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2 + TEXT) return 0;
    Thread *t = fuzz_thread();
    OWN Value compile = fuzz_attribute(t, fuzz_module(t, &_sre_spec), "compile");
    OWN Value code = list_new(t, 0);
    OWN Value text = str_from_latin1(t, (const char *)data + size - TEXT, TEXT);
    OWN Value names = dict_value(dict_new(t));
    size_t groups = data[1] % 5;
    OWN Value by_number = list_new(t, groups + 1);
    if (is_error(compile) || is_error(code) || is_error(text) || is_error(by_number)) abort();
    for (size_t i = 0; i <= groups; i++) (void)list_append(t, by_number, NONE);
    OWN Value index_group = list_to_tuple(t, by_number);
    for (const uint8_t *at = data + 2, *end = data + size - TEXT; at + 4 <= end; at += 4) {
        uint32_t word;
        memcpy(&word, at, 4);
        (void)list_append(t, code, small_int(word));
    }
    OWN Value pattern = call(t, compile, (Value[]){text, small_int(data[0]), code, small_int((int64_t)groups), names, index_group}, 6, UNBOUND);
    if (!is_error(pattern)) {
        OWN Value search = fuzz_attribute(t, pattern, "search");
        OWN Value found = is_error(search) ? ERROR : call1(t, search, text);
        if (!is_error(found) && !is_none(found)) {
            OWN Value get = fuzz_attribute(t, found, "groups");
            OWN Value all = is_error(get) ? ERROR : call0(t, get);
        }
    }
    fuzz_end(t);
    return 0;
}
