// SPDX-License-Identifier: MIT
// stdlib/_sre/sre.h: what the files of the module share.
#ifndef BATON_STDLIB_SRE_SRE_H
#define BATON_STDLIB_SRE_SRE_H

#include "runtime/buffer.h"
#include "runtime/call.h"
#include "runtime/error.h"
#include "runtime/heap.h"
#include "runtime/types/bytes.h"
#include "runtime/types/dict.h"
#include "runtime/types/float.h"
#include "runtime/types/int.h"
#include "runtime/types/list.h"
#include "runtime/types/module.h"
#include "runtime/types/str.h"
#include "runtime/types/tuple.h"

enum { WIDTHS = 3 };                     // of a subject's characters: 1, 2 or 4 bytes, as index 0, 1, 2

typedef struct Engine Engine;            // engine.c
typedef struct Pattern {
    Object head;
    Value pattern, group_index, index_group;      // str, bytes or None; mapping; tuple
    Value code;                                   // list of the compiler's words, for translation
    int64_t flags;
    size_t groups;
    bool is_bytes;
    uint32_t *parents;                            // of each group, the one around it; 0: none
    Engine *engines[WIDTHS];                      // made when a subject of the width first comes
} Pattern;

// A subject: text or bytes, and the part that is searched.
typedef struct Subject { Value object; const char *data; size_t length, start, end; int width; Buffer buffer; } Subject;

// Where a match and its groups are, in characters; SIZE_MAX: not matched. spans has 2 * (groups + 1) places.
typedef enum MatchMode { MODE_SEARCH, MODE_MATCH, MODE_FULLMATCH } MatchMode;

// translate.c: the words of the compiler as a pattern of PCRE2 for characters of a width (ASCII text), malloc'ed.
NEEDS_GIL NEW_REF char *translate(Thread *t, Pattern *p, int width);
// engine.c. 1: matched, 0: not, -1: raised.
NEEDS_GIL MAY_RAISE int engine_match(Thread *t, Pattern *p, const Subject *s, MatchMode mode, size_t from, bool not_empty_here, size_t *spans);
void engine_free(Engine *engine, int width);

extern Type pattern_type, match_type, scanner_type;
extern const TypeSpec pattern_spec, match_spec, scanner_spec;
static inline Pattern *as_pattern(Value v) { return (Pattern *)as_object(v); }
NEEDS_GIL NEW_REF Value pattern_new(Thread *t, const Value *args);

#endif
