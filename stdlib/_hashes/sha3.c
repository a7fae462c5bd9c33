// SPDX-License-Identifier: MIT
// stdlib/_hashes/sha3.c: the module _sha3.
#define HASH_MODULE _sha3
#define HASH_SPONGE
#define HASHES(HASH, ARG) \
    HASH(ARG, sha3_224, "SHA3-224", 144, false) HASH(ARG, sha3_256, "SHA3-256", 136, false) HASH(ARG, sha3_384, "SHA3-384", 104, false) \
    HASH(ARG, sha3_512, "SHA3-512", 72, false) HASH(ARG, shake_128, "SHAKE128", 168, true) HASH(ARG, shake_256, "SHAKE256", 136, true)
#include "stdlib/_hashes/hash_module.h"
