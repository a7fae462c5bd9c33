// SPDX-License-Identifier: MIT
// interp/import_cache.h: compiled code of source files, kept between runs.
#ifndef BATON_INTERP_IMPORT_CACHE_H
#define BATON_INTERP_IMPORT_CACHE_H

#include <sys/stat.h>

#include "runtime/types/str.h"

// The code of the source file `path` as its stat() says it is; UNBOUND: not in the cache. Never raises.
NEEDS_GIL NEW_REF Value cache_load(Thread *t, const char *path, const struct stat *source);
// Keeps the code for the next run; failing to is no error.
NEEDS_GIL void cache_store(Thread *t, const char *path, const struct stat *source, Value code);

#endif
