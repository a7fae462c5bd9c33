// SPDX-License-Identifier: MIT
// stdlib/_hashes/sha512.c: the module _sha512.
#define HASH_MODULE _sha512
#define HASHES(HASH, ARG) \
    HASH(ARG, sha384, "SHA384", 128, false) HASH(ARG, sha512, "SHA512", 128, false)
#include "stdlib/_hashes/hash_module.h"
