// SPDX-License-Identifier: MIT
// interp/document.c: running a document: its Python blocks in order, in one namespace, as the cells of a notebook.
//
// A document is Markdown or plain text with fenced blocks (```python), which may be indented in a list, or a Jupyter
// notebook. Each block is compiled with the document's own line numbers. A block that fails says why; the next one runs.
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "interp/command_line.h"
#include "interp/compile.h"
#include "runtime/call.h"
#include "runtime/error.h"
#include "runtime/types/bytes.h"
#include "runtime/types/dict.h"
#include "runtime/types/exception.h"
#include "runtime/types/list.h"
#include "runtime/types/str.h"

typedef struct Block { char *text; size_t length; int line, end_line; } Block;     // text: malloc'ed, preceded by blank lines up to `line`
typedef struct Blocks { Block *items; size_t count, capacity; bool failed; } Blocks;

static void blocks_free(Blocks *blocks)
{
    for (size_t i = 0; i < blocks->count; i++) free(blocks->items[i].text);
    free(blocks->items);
}
// Takes text over.
static void blocks_add(Blocks *blocks, char *text, size_t length, int line, int end_line)
{
    if (text && blocks->count == blocks->capacity) {
        size_t capacity = blocks->capacity ? blocks->capacity * 2 : 16;
        Block *items = realloc(blocks->items, capacity * sizeof *items);
        if (items) {
            blocks->items = items;
            blocks->capacity = capacity;
        } else {
            free(text);
            text = NULL;
        }
    }
    if (!text) {
        blocks->failed = true;
        return;
    }
    blocks->items[blocks->count++] = (Block){text, length, line, end_line};
}

// ---- Markdown
typedef struct Line { const char *start; size_t length; size_t indent; } Line;     // length without the newline

static bool next_line(const char **at, const char *end, Line *line)
{
    if (*at >= end) return false;
    const char *newline = memchr(*at, '\n', (size_t)(end - *at));
    const char *stop = newline ? newline : end;
    *line = (Line){.start = *at, .length = (size_t)(stop - *at)};
    while (line->indent < line->length && line->start[line->indent] == ' ') line->indent++;
    *at = newline ? newline + 1 : end;
    return true;
}
static size_t fence_length(const Line *line, char mark)
{
    size_t n = 0;
    while (line->indent + n < line->length && line->start[line->indent + n] == mark) n++;
    return n >= 3 ? n : 0;
}
// Is what follows the fence a name of Python?
static bool says_python(const Line *line, size_t fence)
{
    static const char *const words[] = {"python", "python3", "py", "py3"};
    const char *word = line->start + line->indent + fence, *end = line->start + line->length;
    while (word < end && (*word == ' ' || *word == '{' || *word == '.')) word++;
    size_t length = 0;
    while (word + length < end && isalnum((unsigned char)word[length])) length++;
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (strlen(words[i]) == length && strncasecmp(word, words[i], length) == 0) return true;
    return false;
}

// The lines up to the closing fence, their common indent (that of the opening fence) taken off, below blank lines that
// put the first of them at its own number.
static void read_block(Blocks *blocks, const char **at, const char *end, const Line *open, char mark, size_t fence, int *number, bool wanted)
{
    size_t capacity = (size_t)(end - *at) + (size_t)*number + 2, length = 0;
    char *text = wanted ? malloc(capacity) : NULL;
    int first = *number + 1;
    for (; text && length < (size_t)*number; length++) text[length] = '\n';
    Line line;
    while (next_line(at, end, &line)) {
        ++*number;
        size_t closing = fence_length(&line, mark);
        if (closing >= fence) break;
        size_t cut = line.indent < open->indent ? line.indent : open->indent;
        if (!text) continue;
        memcpy(text + length, line.start + cut, line.length - cut);
        length += line.length - cut;
        text[length++] = '\n';
    }
    if (wanted) blocks_add(blocks, text, length, first, *number - 1);
}

static void read_markdown(Blocks *blocks, const char *text, size_t length)
{
    const char *at = text, *end = text + length;
    Line line;
    for (int number = 0; next_line(&at, end, &line);) {
        number++;
        char mark = line.indent < line.length ? line.start[line.indent] : 0;
        size_t fence = mark == '`' || mark == '~' ? fence_length(&line, mark) : 0;
        if (fence) read_block(blocks, &at, end, &line, mark, fence, &number, says_python(&line, fence));
    }
}

// ---- Notebooks
// Appends a cell's source: a str, or a list of them. Line numbers count the lines of all code cells before it.
static bool read_cell(Thread *t, Blocks *blocks, Value source, int *lines)
{
    OWN Value text = is_str(source) ? retain(source) : str_join(t, str_empty, source);
    size_t length = 0;
    OWN_MEMORY char *utf8 = is_error(text) ? NULL : str_to_utf8(t, as_str(text), &length);
    if (!utf8) return false;
    char *padded = malloc(length + (size_t)*lines + 2);
    if (padded) {
        memset(padded, '\n', (size_t)*lines);
        memcpy(padded + *lines, utf8, length);
        padded[*lines + length] = '\n';
    }
    int first = *lines + 1, count = 1;
    for (size_t i = 0; i < length; i++) count += utf8[i] == '\n';
    blocks_add(blocks, padded, length + (size_t)*lines + 1, first, *lines + count);
    *lines += count;
    return !blocks->failed;
}

static Value item_of(Thread *t, Value dict, const char *key)      // borrowed, or UNBOUND
{
    OWN_POINTER Str *name = str_intern_text(t, key, strlen(key));
    return name && is_dict(dict) ? dict_get_str(as_dict(dict), name) : UNBOUND;
}

static bool read_notebook(Thread *t, Blocks *blocks, Value bytes)
{
    OWN_POINTER Str *json = str_intern_text(t, "json", 4);
    OWN_POINTER Str *loads = str_intern_text(t, "loads", 5);
    OWN Value module = json && loads ? t->interp->up.import_module(t, json) : ERROR;
    OWN Value notebook = is_error(module) ? ERROR : call_method1(t, module, loads, bytes);
    if (is_error(notebook)) return false;
    Value cells = item_of(t, notebook, "cells");
    if (!is_list(cells)) return error_false(raise_value_error(t, "this is not a Jupyter notebook: it has no list of cells"));
    int lines = 0;
    for (size_t i = 0; i < as_list(cells)->length; i++) {
        Value cell = as_list(cells)->items[i], kind = item_of(t, cell, "cell_type"), source = item_of(t, cell, "source");
        if (!is_str(kind) || !str_equal_text(as_str(kind), "code") || is_unbound(source)) continue;
        if (!read_cell(t, blocks, source, &lines)) return false;
    }
    return true;
}

// ---- Running
static void list_blocks(const Blocks *blocks, const char *name)
{
    for (size_t i = 0; i < blocks->count; i++) {
        const Block *b = &blocks->items[i];
        const char *first = b->text + (b->line - 1), *end = b->text + b->length;
        while (first < end && isspace((unsigned char)*first)) first++;
        printf("%zu  lines %d-%d  %.*s\n", i + 1, b->line, b->end_line, (int)strcspn(first, "\n"), first);
    }
    if (!blocks->count) printf("%s has no Python blocks\n", name);
    fflush(stdout);
}

// True: the block ran to its end. *leave: it raised SystemExit or KeyboardInterrupt, whose status is *status.
static bool run_block(Thread *t, const Block *block, Value filename, Dict *namespace, bool *leave, int *status)
{
    OWN Value code = compile_source(t, block->text, block->length, filename, 0, 0, interp_optimize(t), false);
    OWN Value result = is_error(code) ? ERROR : interp_run(t, code, object_value(namespace), object_value(namespace));
    if (!is_error(result)) return true;
    *leave = error_matches(t, &exc_SystemExit) || error_matches(t, &exc_KeyboardInterrupt);
    *status = program_report(t);
    return false;
}

static int run_blocks(Thread *t, const Blocks *blocks, Value filename, Dict *namespace, const Options *options)
{
    int failures = 0;
    if (options->block > (int)blocks->count) {
        fprintf(stderr, "baton: %s has %zu Python blocks, so there is no block %d\n", options->target, blocks->count, options->block);
        return 2;
    }
    for (size_t i = 0; i < blocks->count; i++) {
        if (options->block && options->block != (int)i + 1) continue;
        bool leave = false;
        int status = 0;
        if (run_block(t, &blocks->items[i], filename, namespace, &leave, &status)) continue;
        if (leave) return status;
        failures++;
        if (!program_flush(t)) return 120;
        fprintf(stderr, "baton: block %zu (lines %d-%d of %s) failed\n", i + 1, blocks->items[i].line, blocks->items[i].end_line, options->target);
    }
    return failures ? 1 : 0;
}

int document_run(Thread *t, Dict *namespace, const Options *options)
{
    OWN Value filename = str_from_os(t, options->target, strlen(options->target));
    OWN Value bytes = is_error(filename) ? ERROR : interp_read_file(t, options->target, filename);
    if (is_error(bytes)) {
        OWN Value error = error_take(t);
        OWN Value text = object_str(t, error);
        OWN_MEMORY char *message = is_error(text) ? NULL : str_to_utf8(t, as_str(text), NULL);
        error_clear(t);
        fprintf(stderr, "baton: can't open document: %s\n", message ? message : options->target);
        return 2;
    }
    Blocks blocks = {0};
    size_t name_length = strlen(options->target);
    bool notebook = name_length > 6 && strcmp(options->target + name_length - 6, ".ipynb") == 0;
    bool read = true;
    if (notebook) read = read_notebook(t, &blocks, bytes);
    else read_markdown(&blocks, bytes_data(bytes), bytes_length(bytes));
    int status;
    if (!read || blocks.failed) status = error_pending(t) ? program_report(t) : 1;
    else if (options->list_blocks) status = 0, list_blocks(&blocks, options->target);
    else if (!dict_set_str(t, namespace, NAME(__file__), filename)) status = program_report(t);
    else status = run_blocks(t, &blocks, filename, namespace, options);
    blocks_free(&blocks);
    return status;
}
