// SPDX-License-Identifier: MIT
// stdlib/_hashes/sha256.c: the module _sha256.
#define HASH_MODULE _sha256
#define HASHES(HASH, ARG) \
    HASH(ARG, sha224, "SHA224", 64, false) HASH(ARG, sha256, "SHA256", 64, false)
#include "stdlib/_hashes/hash_module.h"
