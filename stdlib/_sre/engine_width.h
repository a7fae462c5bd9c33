// SPDX-License-Identifier: MIT
// stdlib/_sre/engine_width.h: compiling and matching with the PCRE2 library of one width: engine.c includes it three times, with
// W(name) the library's name for that width, UNIT its unit, and NAMED(name) a name of ours.

static void NAMED(end)(Engine *engine)
{
    W(pcre2_match_context_free)(engine->context);
    W(pcre2_match_data_free)(engine->data);
    W(pcre2_code_free)(engine->code);
    free(engine);
}
static Engine *NAMED(compile)(Thread *t, const char *text, bool unicode, size_t groups)
{
    size_t length = strlen(text);
    OWN_MEMORY UNIT *units = mem_allocate(t, (length + 1) * sizeof(UNIT));
    if (!units) return NULL;
    for (size_t i = 0; i < length; i++) units[i] = (unsigned char)text[i];
    int code;
    PCRE2_SIZE at;
    uint32_t options = PCRE2_NEVER_BACKSLASH_C | PCRE2_DOLLAR_ENDONLY | (unicode ? PCRE2_UCP : 0);
    W(pcre2_compile_context) *context = W(pcre2_compile_context_create)(NULL);
    if (!context) return error_null(raise_memory_error(t));
    W(pcre2_set_newline)(context, PCRE2_NEWLINE_LF);
    W(pcre2_set_parens_nest_limit)(context, 2000);
    W(pcre2_code) *compiled = W(pcre2_compile)(units, length, options, &code, &at, context);
    W(pcre2_compile_context_free)(context);
    if (!compiled) {
        UNIT message[256];
        char words[256];
        W(pcre2_get_error_message)(code, message, 256);
        for (size_t i = 0; i < 255 && (words[i] = (char)message[i]); i++) words[i + 1] = 0;
        return error_null(raise_error(t, &exc_RuntimeError, "PCRE2 refuses the pattern: %s", words));
    }
    W(pcre2_jit_compile)(compiled, PCRE2_JIT_COMPLETE);
    Engine *engine = calloc(1, sizeof *engine);
    if (engine) *engine = (Engine){compiled, W(pcre2_match_data_create)((uint32_t)groups + 1, NULL), W(pcre2_match_context_create)(NULL)};
    if (!engine || !engine->data || !engine->context) {
        if (engine) NAMED(end)(engine);
        else W(pcre2_code_free)(compiled);
        return error_null(raise_memory_error(t));
    }
    W(pcre2_set_match_limit)(engine->context, UINT32_MAX);
    W(pcre2_set_depth_limit)(engine->context, UINT32_MAX);
    W(pcre2_set_heap_limit)(engine->context, 4u * 1024 * 1024);
    return engine;
}

// Without the machine code, whose stack was too small. What this takes of memory, which may be much, is given back at once.
static COLD int NAMED(match_deeply)(Engine *engine, const UNIT *subject, size_t end, uint32_t options, size_t from, size_t *spans, size_t groups)
{
    W(pcre2_match_data) *data = W(pcre2_match_data_create)((uint32_t)groups + 1, NULL);
    if (!data) return PCRE2_ERROR_NOMEMORY;
    int found = W(pcre2_match)(engine->code, subject, end, from, options | PCRE2_NO_JIT, data, engine->context);
    if (found >= 0) memcpy(spans, W(pcre2_get_ovector_pointer)(data), 2 * (groups + 1) * sizeof *spans);
    W(pcre2_match_data_free)(data);
    return found;
}
static int NAMED(match)(Thread *t, Engine *engine, const Subject *s, uint32_t options, size_t from, size_t *spans, size_t groups)
{
    const UNIT *subject = (const UNIT *)(const void *)s->data;
    int found = W(pcre2_match)(engine->code, subject, s->end, from, options, engine->data, engine->context);
    if (found == PCRE2_ERROR_JIT_STACKLIMIT) found = NAMED(match_deeply)(engine, subject, s->end, options, from, spans, groups);
    else if (found >= 0) memcpy(spans, W(pcre2_get_ovector_pointer)(engine->data), 2 * (groups + 1) * sizeof *spans);
    if (found >= 0) return 1;
    if (found == PCRE2_ERROR_NOMATCH) return 0;
    if (found == PCRE2_ERROR_NOMEMORY || found == PCRE2_ERROR_HEAPLIMIT) return error_minus(raise_memory_error(t));
    return error_minus(raise_error(t, &exc_RuntimeError, "matching failed (PCRE2 error %d)", found));
}
