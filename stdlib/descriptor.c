// SPDX-License-Identifier: MIT
// stdlib/descriptor.c: an argument that is a file descriptor, or an object that has one.
#include "stdlib/descriptor.h"

#include "runtime/call.h"
#include "runtime/error.h"
#include "runtime/types/int.h"

bool descriptor_from(Thread *t, Value v, int *fd)
{
    OWN Value number = UNBOUND;
    if (is_int(v)) {
        number = retain(v);
    } else {
        OWN Value method = object_get_attr_optional(t, v, NAME(fileno));
        if (is_error(method)) return false;
        if (is_unbound(method)) return error_false(raise_type_error(t, "argument must be an int, or have a fileno() method."));
        number = call0(t, method);
        if (is_error(number)) return false;
        if (!is_int(number)) return error_false(raise_type_error(t, "fileno() returned a non-integer"));
    }
    if (!int_as_int(t, number, fd)) return false;
    return *fd >= 0 || error_false(raise_value_error(t, "file descriptor cannot be a negative integer (%d)", *fd));
}
