// SPDX-License-Identifier: MIT
// stdlib/registry.c: the native modules that are linked into the binary, from modules.def.
#include "runtime/types/module.h"

#define MODULE(name, spec) extern const ModuleSpec spec;
#define SHARED(name)
#include "stdlib/modules.def"

const NativeModule native_modules[] = {
#define MODULE(name, spec) {#name, &spec},
#define SHARED(name) {#name, NULL},
#include "stdlib/modules.def"
    {NULL, NULL},
};
