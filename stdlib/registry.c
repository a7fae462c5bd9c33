// SPDX-License-Identifier: MIT
// stdlib/registry.c: the native modules that are linked into the binary, from modules.def.
#include "runtime/types/module.h"

#define MODULE(name, spec) extern const ModuleSpec spec;
#include "stdlib/modules.def"

const NativeModule native_modules[] = {
#define MODULE(name, spec) {#name, &spec},
#include "stdlib/modules.def"
    {NULL, NULL},
};
