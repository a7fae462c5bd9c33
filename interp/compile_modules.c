// SPDX-License-Identifier: MIT
// interp/compile_modules.c: the Python halves of our own modules as C arrays of bytecode, for the build.
#include <stdio.h>
#include <string.h>

#include "interp/code.h"
#include "interp/command_line.h"
#include "interp/compile.h"
#include "runtime/error.h"
#include "runtime/types/bytes.h"

static bool ends_with_py(const char *path)
{
    size_t length = strlen(path);
    return length > 3 && strcmp(path + length - 3, ".py") == 0;
}

static bool write_module(Thread *t, FILE *out, int number, const char *name, const char *path)
{
    OWN Value shown = str_from_text(t, path);
    OWN Value source = is_error(shown) ? ERROR : interp_read_file(t, path, shown);
    OWN Value filename = str_format(t, "<frozen %s>", name);
    if (is_error(source) || is_error(filename)) return false;
    if (!ends_with_py(path)) {             // a text that a module of ours needs: a module with the constant TEXT
        OWN Value text = str_from_utf8(t, bytes_data(source), bytes_length(source));
        OWN Value statement = is_error(text) ? ERROR : str_format(t, "TEXT = %A\n", text);
        OWN_MEMORY char *code_text = is_error(statement) ? NULL : str_to_utf8(t, as_str(statement), NULL);
        if (!code_text) return false;
        assign(&source, bytes_from(t, code_text, strlen(code_text)));
        if (is_error(source)) return false;
    }
    OWN Value code = compile_source(t, bytes_data(source), bytes_length(source), filename, 0, 0, 0, false);
    OWN Value saved = is_error(code) ? ERROR : code_save(t, code);
    if (is_error(saved)) return false;
    fprintf(out, "static const unsigned char module_%d[] = {", number);
    for (size_t i = 0; i < bytes_length(saved); i++) fprintf(out, "%s%u,", i % 32 ? "" : "\n", (unsigned char)bytes_data(saved)[i]);
    fprintf(out, "\n};\n");
    return true;
}

static bool is_package(const char *path)
{
    const char *slash = strrchr(path, '/');
    return strcmp(slash ? slash + 1 : path, "__init__.py") == 0;
}

int compile_modules(Thread *t, int count, char **words)
{
    FILE *out = count > 0 ? fopen(words[0], "w") : NULL;
    if (!out) {
        fprintf(stderr, "baton: --compile-modules needs a file to write and NAME=PATH words\n");
        return 2;
    }
    bool done = true;
    fprintf(out, "// Made by the build from the Python files of stdlib/.\n#include \"interp/import.h\"\n\n");
    for (int i = 1; i < count && done; i++) {
        char *equals = strchr(words[i], '=');
        if (!equals) {
            fprintf(stderr, "baton: %s is not NAME=PATH\n", words[i]);
            done = false;
            continue;
        }
        *equals = 0;
        done = write_module(t, out, i, words[i], equals + 1);
        if (!done) program_report(t);
    }
    fprintf(out, "const FrozenModule frozen_modules[] = {\n");
    for (int i = 1; i < count && done; i++) {
        const char *path = words[i] + strlen(words[i]) + 1;
        fprintf(out, "    {\"%s\", module_%d, sizeof module_%d, %s},\n", words[i], i, i, is_package(path) ? "true" : "false");
    }
    fprintf(out, "    {NULL, NULL, 0, false},\n};\n");
    if (fclose(out) != 0) done = false;
    return done ? 0 : 1;
}
