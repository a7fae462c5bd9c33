// SPDX-License-Identifier: MIT
// stdlib/_sre/engine_width.h: compiling and matching with the PCRE2 library of one width: engine.c includes it three times, with
// W(name) the library's name for that width, UNIT its unit, and NAMED(name) a name of ours.
#define JIT_FAILED_STACK PCRE2_ERROR_JIT_STACKLIMIT

static void *NAMED(compile)(Thread *t, const char *text, bool unicode)
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
    return compiled;
}

static int NAMED(match)(Thread *t, void *engine, const Subject *s, uint32_t options, size_t from, size_t *spans, size_t groups)
{
    W(pcre2_match_data) *data = W(pcre2_match_data_create)((uint32_t)groups + 1, NULL);
    W(pcre2_match_context) *context = W(pcre2_match_context_create)(NULL);
    if (!data || !context) return error_minus(raise_memory_error(t));
    W(pcre2_set_match_limit)(context, UINT32_MAX);
    W(pcre2_set_depth_limit)(context, UINT32_MAX);
    W(pcre2_set_heap_limit)(context, 4u * 1024 * 1024);
    const UNIT *subject = (const UNIT *)(const void *)s->data;
    int found = W(pcre2_match)(engine, subject, s->end, from, options, data, context);
    if (found == JIT_FAILED_STACK) found = W(pcre2_match)(engine, subject, s->end, from, options | PCRE2_NO_JIT, data, context);
    if (found >= 0) {
        PCRE2_SIZE *ends = W(pcre2_get_ovector_pointer)(data);
        for (size_t i = 0; i < 2 * (groups + 1); i++) spans[i] = ends[i];
    }
    W(pcre2_match_data_free)(data);
    W(pcre2_match_context_free)(context);
    if (found >= 0) return 1;
    if (found == PCRE2_ERROR_NOMATCH) return 0;
    if (found == PCRE2_ERROR_NOMEMORY || found == PCRE2_ERROR_HEAPLIMIT) return error_minus(raise_memory_error(t));
    return error_minus(raise_error(t, &exc_RuntimeError, "matching failed (PCRE2 error %d)", found));
}
#undef JIT_FAILED_STACK
