// SPDX-License-Identifier: MIT
// interp/ast_dump.c: a tool that prints the tree of a program as Python's ast.dump(tree, include_attributes=True,
// indent=1) does, or what is wrong with it. The tests of the parser compare what it prints with CPython.
//
//   ast_dump FILE               the tree, or the fault (status 1)
//   ast_dump --batch [NAMES]    many texts, with all but ASCII escaped and the character names of the file NAMES
//                               (sorted lines "NAME\tHEX"): reads "MODE LENGTH\n" and LENGTH bytes, each time answers "LENGTH\n" and
//                               LENGTH bytes: "tree\n" or "fault\n", then what would be printed. MODE: exec, eval, single;
//                               with +str if the text was a str, +part if it may be incomplete
//   ast_dump --time N FILE...   the seconds that parsing all the files N times takes
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <utf8proc.h>

#include "parser.h"
#include "source.h"

static void dump(FILE *out, const Node *node, int level);

static bool ascii_only;

// ---- literals as repr shows them ----

static bool is_shown(uint32_t point)
{
    if (point < 0x7F || ascii_only) return point >= ' ' && point < 0x7F;
    switch (utf8proc_category((utf8proc_int32_t)point)) {
    case UTF8PROC_CATEGORY_CC: case UTF8PROC_CATEGORY_CF: case UTF8PROC_CATEGORY_CS: case UTF8PROC_CATEGORY_CO:
    case UTF8PROC_CATEGORY_CN: case UTF8PROC_CATEGORY_ZL: case UTF8PROC_CATEGORY_ZP: case UTF8PROC_CATEGORY_ZS:
        return false;
    default:
        return true;
    }
}

static void print_quoted(FILE *out, Text text, bool bytes)
{
    bool single = memchr(text.bytes, '\'', text.length), twice = memchr(text.bytes, '"', text.length);
    char quote = single && !twice ? '"' : '\'';
    const char *at = text.bytes, *end = at + text.length;
    fprintf(out, "%s%c", bytes ? "b" : "", quote);
    while (at < end) {
        const char *from = at;
        uint32_t point = bytes ? (unsigned char)*at++ : utf8_next(&at, end);
        if (point == '\\' || point == (unsigned char)quote) fprintf(out, "\\%c", (int)point);
        else if (point == '\n') fputs("\\n", out);
        else if (point == '\r') fputs("\\r", out);
        else if (point == '\t') fputs("\\t", out);
        else if (bytes ? point >= ' ' && point < 0x7F : is_shown(point)) fwrite(from, 1, (size_t)(at - from), out);
        else if (point < 0x100) fprintf(out, "\\x%02x", point);
        else if (point < 0x10000) fprintf(out, "\\u%04x", point);
        else fprintf(out, "\\U%08x", point);
    }
    fputc(quote, out);
}

static void print_integer(FILE *out, Text digits, int base)
{
    enum { LIMB = 1000000000 };
    uint32_t *limbs = calloc(digits.length / 2 + 2, sizeof *limbs);
    if (!limbs) abort();
    size_t count = 1;
    for (size_t i = 0; i < digits.length; i++) {
        char c = digits.bytes[i];
        uint64_t carry = (uint64_t)(isdigit((unsigned char)c) ? c - '0' : c - 'a' + 10);
        for (size_t j = 0; j < count; j++) {
            carry += (uint64_t)limbs[j] * (unsigned)base;
            limbs[j] = (uint32_t)(carry % LIMB);
            carry /= LIMB;
        }
        if (carry) limbs[count++] = (uint32_t)carry;
    }
    fprintf(out, "%u", limbs[--count]);
    while (count-- > 0) fprintf(out, "%09u", limbs[count]);
    free(limbs);
}

static void print_number(FILE *out, double number, bool imaginary)
{
    if (isinf(number)) {
        fputs(imaginary ? "infj" : "inf", out);
        return;
    }
    char text[64];
    int precision = 1;
    do snprintf(text, sizeof text, "%.*e", precision - 1, number); while (strtod(text, NULL) != number && ++precision <= 17);
    int exponent = atoi(strchr(text, 'e') + 1);
    if (number != 0 && (exponent < -4 || exponent >= 16)) {
        *strchr(text, 'e') = 0;
        fprintf(out, "%se%c%02d", text, exponent < 0 ? '-' : '+', abs(exponent));
    } else {
        int decimals = precision - 1 - exponent;
        fprintf(out, "%.*f", decimals > 0 ? decimals : imaginary ? 0 : 1, number);
    }
    if (imaginary) fputc('j', out);
}

static void print_constant(FILE *out, Constant value)
{
    switch (value.tag) {
    case CONSTANT_NONE: fputs("None", out); break;
    case CONSTANT_TRUE: fputs("True", out); break;
    case CONSTANT_FALSE: fputs("False", out); break;
    case CONSTANT_ELLIPSIS: fputs("Ellipsis", out); break;
    case CONSTANT_INT: print_integer(out, value.text, value.base); break;
    case CONSTANT_FLOAT: print_number(out, value.number, false); break;
    case CONSTANT_IMAGINARY: print_number(out, value.number, true); break;
    case CONSTANT_STR: print_quoted(out, value.text, false); break;
    case CONSTANT_BYTES: print_quoted(out, value.text, true); break;
    }
}

// ---- nodes ----

// What a field holds, whatever its type: how it is shown follows from this alone.
typedef struct Shown {
    const char *name;
    enum { ABSENT, PLAIN_TEXT, NUMBER, LITERAL, KIND, CHILD_NODE, NODES, NAMES, KINDS } type;
    Text text;
    int number;
    Constant constant;
    const Node *node;
    NodeList nodes;
    TextList names;
    KindList kinds;
} Shown;

enum { MOST_FIELDS = 16, DEEPEST_SHOWN = 1500 };  // what is deeper shows as ...

#define CHILD(group, field) shown[n++] = (Shown){.name = #field, .type = CHILD_NODE, .node = node->field};
#define OPTIONAL(group, field) if (node->field) shown[n++] = (Shown){.name = #field, .type = CHILD_NODE, .node = node->field};
#define CHILDREN(group, field) shown[n++] = (Shown){.name = #field, .type = NODES, .nodes = node->field};
#define CHILDREN_OR_NONE(group, field) CHILDREN(group, field)
#define NEWER(group, field) if (node->field.count) CHILDREN(group, field)
#define CHOSEN(group, field) shown[n++] = (Shown){.name = #field, .type = KIND, .number = (int)node->field};
#define ALL_CHOSEN(group, field) shown[n++] = (Shown){.name = #field, .type = KINDS, .kinds = node->field};
#define IDENTIFIER(field) shown[n++] = (Shown){.name = #field, .type = PLAIN_TEXT, .text = node->field};
#define OPTIONAL_IDENTIFIER(field) if (node->field.bytes) IDENTIFIER(field)
#define OPTIONAL_STRING(field) if (node->field.bytes) IDENTIFIER(field)
#define IDENTIFIERS(field) shown[n++] = (Shown){.name = #field, .type = NAMES, .names = node->field};
#define INTEGER(field) shown[n++] = (Shown){.name = #field, .type = NUMBER, .number = node->field};
#define OPTIONAL_INTEGER(field) INTEGER(field)
#define CONSTANT(field) shown[n++] = (Shown){.name = #field, .type = LITERAL, .constant = node->field};

static int fields_of(const Node *any, Shown *shown)
{
    int n = 0;
    switch (any->kind) {
#define NODE(name, group, fields) case AST_##name: { const Ast##name *node = AST(name, any); (void)node; fields } break;
#include "ast.def"
    default: abort();
    }
    static const bool located[AST_GROUPS] = {
#define PLAIN false
#define LOCATED true
#define GROUP(name, where) where,
#include "ast.def"
    };
    if (!located[ast_kind_groups[any->kind]]) return n;
    shown[n++] = (Shown){.name = "lineno", .type = NUMBER, .number = any->lineno};
    shown[n++] = (Shown){.name = "col_offset", .type = NUMBER, .number = any->col_offset};
    shown[n++] = (Shown){.name = "end_lineno", .type = NUMBER, .number = any->end_lineno};
    shown[n++] = (Shown){.name = "end_col_offset", .type = NUMBER, .number = any->end_col_offset};
    return n;
}

static bool is_simple(const Shown *shown)
{
    switch (shown->type) {
    case NODES: return !shown->nodes.count;
    case NAMES: return !shown->names.count;
    case KINDS: return !shown->kinds.count;
    case CHILD_NODE: {
        Shown inner[MOST_FIELDS];
        return fields_of(shown->node, inner) == 0;
    }
    default: return true;
    }
}

static void separator(FILE *out, const char *before, int level)
{
    fprintf(out, "%s\n%*s", before, level, "");
}

#define PRINT_LIST(list, print_item) \
    do { \
        fputc('[', out); \
        for (size_t i = 0; i < (list).count; i++) { \
            separator(out, i ? "," : "", level + 1); \
            print_item; \
        } \
        fputc(']', out); \
    } while (0)

static void print_shown(FILE *out, const Shown *shown, int level)
{
    switch (shown->type) {
    case PLAIN_TEXT: print_quoted(out, shown->text, false); break;
    case NUMBER: fprintf(out, "%d", shown->number); break;
    case LITERAL: print_constant(out, shown->constant); break;
    case KIND: fprintf(out, "%s()", ast_kind_names[shown->number]); break;
    case CHILD_NODE: dump(out, shown->node, level); break;
    case NODES:
        PRINT_LIST(shown->nodes, if (shown->nodes.items[i]) dump(out, shown->nodes.items[i], level + 1); else fputs("None", out));
        break;
    case NAMES: PRINT_LIST(shown->names, print_quoted(out, shown->names.items[i], false)); break;
    case KINDS: PRINT_LIST(shown->kinds, fprintf(out, "%s()", ast_kind_names[shown->kinds.items[i]])); break;
    case ABSENT: break;
    }
}

static void dump(FILE *out, const Node *node, int level)
{
    if (level > DEEPEST_SHOWN) {
        fputs("...", out);
        return;
    }
    Shown shown[MOST_FIELDS];
    int count = fields_of(node, shown);
    bool one_line = count <= 3;
    for (int i = 0; i < count; i++) one_line = one_line && is_simple(&shown[i]);
    fprintf(out, "%s(", ast_kind_names[node->kind]);
    for (int i = 0; i < count; i++) {
        if (one_line) fputs(i ? ", " : "", out);
        else separator(out, i ? "," : "", level + 1);
        fprintf(out, "%s=", shown[i].name);
        print_shown(out, &shown[i], level + 1);
    }
    fputc(')', out);
}

// ---- the commands ----

static void print_fault(FILE *out, const SyntaxFault *fault)
{
    static const char *const names[] = {
        [FAULT_SYNTAX] = "SyntaxError", [FAULT_INDENTATION] = "IndentationError", [FAULT_TAB] = "TabError",
        [FAULT_MEMORY] = "MemoryError", [FAULT_RECURSION] = "RecursionError", [FAULT_VALUE] = "ValueError",
        [FAULT_OVERFLOW] = "OverflowError", [FAULT_UNICODE] = "UnicodeError",
    };
    fprintf(out, "%s: %s\n", names[fault->kind], fault->message);
    if (!fault->has_position) return;
    int length = (int)fault->line.length;
    if (length && fault->line.bytes[length - 1] == '\n') length--;
    fprintf(out, "%d %d %d %d\n", fault->lineno, fault->offset, fault->end_lineno, fault->end_offset);
    fprintf(out, "%.*s\n", length, length ? fault->line.bytes : "");
}

static void print_warnings(FILE *out, const SyntaxWarning *warning)
{
    for (; warning; warning = warning->next) fprintf(out, "warning %d: %s\n", warning->lineno, warning->message);
}

static bool parse_and_print(FILE *out, const char *bytes, size_t length, const char *filename, ParseMode mode, ParseFlags flags,
                            const char *heads[2])
{
    Arena arena;
    arena_init(&arena);
    Node *tree;
    SyntaxFault fault;
    bool parsed = parse_source(bytes, length, filename, mode, flags, &arena, &tree, &fault);
    fputs(heads[parsed], out);
    if (parsed) dump(out, tree, 0), fputc('\n', out);
    else print_fault(out, &fault);
    print_warnings(heads[0][0] ? out : stderr, fault.warnings);
    arena_free(&arena);
    return parsed;
}

static char *read_file(const char *path, size_t *length)
{
    FILE *file = fopen(path, "rb");
    if (!file) return NULL;
    size_t room = 1 << 16;
    char *bytes = malloc(room);
    *length = 0;
    for (size_t got; bytes && (got = fread(bytes + *length, 1, room - *length, file)) > 0;) {
        *length += got;
        if (*length == room) bytes = realloc(bytes, room *= 2);
    }
    if (bytes) bytes[*length] = 0;
    fclose(file);
    return bytes;
}

static char *name_list;         // the text of NAMES
static const char **name_lines;  // where its lines begin
static size_t name_count;

static size_t look_up(const char *name, size_t length, uint32_t *points, size_t room)
{
    size_t low = 0, high = name_count;
    char upper[128];
    if (length >= sizeof upper || !room) return 0;
    for (size_t i = 0; i < length; i++) upper[i] = (char)toupper((unsigned char)name[i]);
    while (low < high) {
        size_t middle = (low + high) / 2;
        const char *line = name_lines[middle];
        size_t size = strcspn(line, "\t");
        int order = memcmp(line, upper, size < length ? size : length);
        if (!order && size == length) return points[0] = (uint32_t)strtoul(line + size + 1, NULL, 16), 1;
        if (order < 0 || (!order && size < length)) low = middle + 1;
        else high = middle;
    }
    return 0;
}

static bool load_names(const char *path)
{
    size_t length;
    name_list = read_file(path, &length);
    if (!name_list) return false;
    name_lines = calloc(length / 3 + 1, sizeof *name_lines);
    if (!name_lines) return false;
    for (char *at = name_list; at < name_list + length; at = strchr(at, '\n') + 1) name_lines[name_count++] = at;
    unicode_name_lookup = look_up;
    return true;
}

static int batch(void)
{
    ascii_only = true;
    char word[20];
    size_t length;
    while (scanf("%19s %zu", word, &length) == 2 && getchar() == '\n') {
        char *bytes = malloc(length + 1), *answer = NULL;
        size_t answer_length;
        if (!bytes || fread(bytes, 1, length, stdin) != length) return free(bytes), 2;
        FILE *out = open_memstream(&answer, &answer_length);
        ParseMode mode = word[1] == 'v' ? PARSE_EVAL : word[0] == 's' ? PARSE_SINGLE : PARSE_EXEC;
        ParseFlags flags = (strstr(word, "+str") ? PARSE_IS_STR : 0) |
                           (strstr(word, "+part") ? PARSE_ALLOW_INCOMPLETE | PARSE_DONT_IMPLY_DEDENT : 0);
        parse_and_print(out, bytes, length, "<snippet>", mode, flags, (const char *[]){"fault\n", "tree\n"});
        fclose(out);
        printf("%zu\n", answer_length);
        fwrite(answer, 1, answer_length, stdout);
        fflush(stdout);
        free(answer);
        free(bytes);
    }
    free(name_lines);
    free(name_list);
    return 0;
}

static int measure(int rounds, int count, char **paths)
{
    struct timespec before, after;
    double seconds = 0;
    for (int i = 0; i < count; i++) {
        size_t length;
        char *bytes = read_file(paths[i], &length);
        if (!bytes) continue;
        clock_gettime(CLOCK_MONOTONIC, &before);
        for (int round = 0; round < rounds; round++) {
            Arena arena;
            arena_init(&arena);
            Node *tree;
            SyntaxFault fault;
            parse_source(bytes, length, paths[i], PARSE_EXEC, 0, &arena, &tree, &fault);
            arena_free(&arena);
        }
        clock_gettime(CLOCK_MONOTONIC, &after);
        seconds += (double)(after.tv_sec - before.tv_sec) + (double)(after.tv_nsec - before.tv_nsec) * 1e-9;
        free(bytes);
    }
    printf("%.3f\n", seconds);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 3 && !strcmp(argv[1], "--batch") && !load_names(argv[2])) return perror(argv[2]), 2;
    if (argc > 1 && !strcmp(argv[1], "--batch")) return batch();
    if (argc > 3 && !strcmp(argv[1], "--time")) return measure(atoi(argv[2]), argc - 3, argv + 3);
    if (argc != 2) return fputs("usage: ast_dump FILE | --batch | --time N FILE...\n", stderr), 2;
    size_t length;
    char *bytes = read_file(argv[1], &length);
    if (!bytes) return perror(argv[1]), 2;
    bool parsed = parse_and_print(stdout, bytes, length, argv[1], PARSE_EXEC, 0, (const char *[]){"", ""});
    free(bytes);
    return !parsed;
}
