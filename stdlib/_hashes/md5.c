// SPDX-License-Identifier: MIT
// stdlib/_hashes/md5.c: the module _md5.
#define HASH_MODULE _md5
#define HASHES(HASH, ARG) \
    HASH(ARG, md5, "MD5", 64, false)
#include "stdlib/_hashes/hash_module.h"
