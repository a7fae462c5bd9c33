// SPDX-License-Identifier: MIT
// interp/no_frozen_modules.c: the empty table, for the first binary of a build, which compiles the modules for the second.
#include "interp/import.h"

const FrozenModule frozen_modules[] = {{NULL, NULL, 0, false}};
