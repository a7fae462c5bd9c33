// SPDX-License-Identifier: MIT
// stdlib/filename.c: see filename.h.
#include "stdlib/filename.h"

#include "runtime/call.h"
#include "runtime/error.h"
#include "runtime/heap.h"
#include "runtime/types/bytes.h"
#include "runtime/types/str.h"

char *filename_from(Thread *t, Value v)
{
    OWN Value name = is_str(v) || is_bytes(v) ? retain(v) : call_special(t, v, NAME(__fspath__), NULL, 0);
    if (is_error(name)) return NULL;
    if (is_unbound(name)) return error_null(raise_type_error(t, "expected str, bytes or os.PathLike object, not %T", v));
    if (is_str(name)) return str_to_os(t, as_str(name), NULL);
    if (!is_bytes(name)) return error_null(raise_type_error(t, "expected %T.__fspath__() to return str or bytes, not %T", v, name));
    if (memchr(bytes_data(name), 0, bytes_length(name))) return error_null(raise_value_error(t, "embedded null byte"));
    char *text = mem_allocate(t, bytes_length(name) + 1);
    if (text) memcpy(text, bytes_data(name), bytes_length(name) + 1);
    return text;
}
