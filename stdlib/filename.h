// SPDX-License-Identifier: MIT
// stdlib/filename.h: an argument that names a file.
#ifndef BATON_STDLIB_FILENAME_H
#define BATON_STDLIB_FILENAME_H

#include "runtime/value.h"

// str, bytes or what has __fspath__, as the bytes of the file system: freed by mem_free. NULL: raised.
NEEDS_GIL NEW_REF char *filename_from(Thread *t, Value v);

#endif
