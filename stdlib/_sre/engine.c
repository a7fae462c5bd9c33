// SPDX-License-Identifier: MIT
// stdlib/_sre/engine.c: PCRE2 on subjects of 8, 16 and 32 bits a character. Units are characters: no UTF, so offsets are
// indices and lone surrogates are characters like others.
#define PCRE2_CODE_UNIT_WIDTH 0
#include <pcre2.h>

#include <stdlib.h>

#include "stdlib/_sre/sre.h"

// A pattern compiled for one width, and what each match with it needs: that is made once, for no match calls Python and so the GIL keeps two apart.
struct Engine { void *code, *data, *context; };
_Static_assert(sizeof(size_t) == sizeof(PCRE2_SIZE) && PCRE2_UNSET == SIZE_MAX, "spans are taken as PCRE2 writes them");

#define W(name) name##_8
#define UNIT uint8_t
#define NAMED(name) name##_narrow
#include "stdlib/_sre/engine_width.h"
#undef W
#undef UNIT
#undef NAMED
#define W(name) name##_16
#define UNIT uint16_t
#define NAMED(name) name##_middle
#include "stdlib/_sre/engine_width.h"
#undef W
#undef UNIT
#undef NAMED
#define W(name) name##_32
#define UNIT uint32_t
#define NAMED(name) name##_wide
#include "stdlib/_sre/engine_width.h"

void engine_free(Engine *engine, int width)
{
    if (!engine) return;
    if (width == 0) end_narrow(engine);
    else if (width == 1) end_middle(engine);
    else end_wide(engine);
}

static bool make(Thread *t, Pattern *p, int width)
{
    if (p->engines[width]) return true;
    OWN_MEMORY char *text = translate(t, p, width);
    if (!text) return false;
    p->engines[width] = width == 0 ? compile_narrow(t, text, !p->is_bytes, p->groups) : width == 1 ? compile_middle(t, text, true, p->groups) : compile_wide(t, text, true, p->groups);
    return p->engines[width] != NULL;
}

int engine_match(Thread *t, Pattern *p, const Subject *s, MatchMode mode, size_t from, bool not_empty_here, size_t *spans)
{
    if (!make(t, p, s->width)) return -1;
    uint32_t options = (mode != MODE_SEARCH ? PCRE2_ANCHORED : 0) | (mode == MODE_FULLMATCH ? PCRE2_ENDANCHORED : 0) | (not_empty_here ? PCRE2_NOTEMPTY_ATSTART : 0);
    Engine *engine = p->engines[s->width];
    if (s->width == 0) return match_narrow(t, engine, s, options, from, spans, p->groups);
    if (s->width == 1) return match_middle(t, engine, s, options, from, spans, p->groups);
    return match_wide(t, engine, s, options, from, spans, p->groups);
}
