# SPDX-License-Identifier: MIT
# stdlib/sys/make_module_names.py: writes the C table behind sys.stdlib_module_names from the host's own. Run by meson.
import sys

names = sorted(sys.stdlib_module_names)
with open(sys.argv[1], "w") as out:
    out.write("// Made by make_module_names.py.\n#include <stddef.h>\n\nextern const char *const stdlib_module_names[];\nextern const size_t stdlib_module_names_count;\n")
    out.write("const char *const stdlib_module_names[] = {" + ", ".join(f'"{name}"' for name in names) + "};\n")
    out.write(f"const size_t stdlib_module_names_count = {len(names)};\n")
