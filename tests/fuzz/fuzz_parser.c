// SPDX-License-Identifier: MIT
// tests/fuzz/fuzz_parser.c: any bytes at all must give a tree or a fault, and leave no memory behind.
//
// The first byte chooses mode and flags, the rest is the source. make_parser_corpus.py makes seeds:
//   clang -std=gnu11 -D_GNU_SOURCE -g -O1 -fsanitize=fuzzer,address,undefined -I. tests/fuzz/fuzz_parser.c \
//         interp/{arena,ast,lexer,parse_*,parser,source,string_literal,syntax_*}.c -lutf8proc -lm
#include <stdlib.h>

#include "interp/parser.h"

// Some names exist, most do not.
static size_t look_up(const char *name, size_t length, uint32_t *points, size_t room)
{
    if (!room || length % 3 == 0) return 0;
    points[0] = 0x1F600 + (unsigned char)name[0];
    return 1;
}

static unsigned touched;  // so that no compiler leaves out what is read

static void read_texts(const SyntaxFault *fault)
{
    for (const char *s = fault->message; s && *s; s++) touched += (unsigned char)*s;
    for (size_t i = 0; i < fault->line.length; i++) touched += (unsigned char)fault->line.bytes[i];
    for (const SyntaxWarning *warning = fault->warnings; warning; warning = warning->next) touched += (unsigned char)warning->message[0];
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!size) return 0;
    unicode_name_lookup = look_up;
    Arena arena;
    arena_init(&arena);
    Node *tree = NULL;
    SyntaxFault fault;
    bool parsed = parse_source((const char *)data + 1, size - 1, "<fuzz>", (ParseMode)(data[0] % 3), (ParseFlags)(data[0] / 3 % 16), &arena, &tree, &fault);
    if (parsed != !!tree) abort();
    if (!parsed && !fault.message) abort();
    read_texts(&fault);
    arena_free(&arena);
    return 0;
}
