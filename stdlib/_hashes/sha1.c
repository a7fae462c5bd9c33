// SPDX-License-Identifier: MIT
// stdlib/_hashes/sha1.c: the module _sha1.
#define HASH_MODULE _sha1
#define HASHES(HASH, ARG) \
    HASH(ARG, sha1, "SHA1", 64, false)
#include "stdlib/_hashes/hash_module.h"
