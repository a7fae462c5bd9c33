// SPDX-License-Identifier: MIT
// runtime/signature.c: signatures of native functions: reading them, and binding the arguments of a call to them.
//
// A signature is read the first time that its text is needed and lives as long as the process; equal text pointers share
// one. Its names and defaults are immortal.
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

#include "runtime/call.h"
#include "runtime/error.h"
#include "runtime/types/dict.h"
#include "runtime/types/float.h"
#include "runtime/types/int.h"
#include "runtime/types/str.h"
#include "runtime/types/tuple.h"

_Noreturn static void malformed(const char *text)
{
    fprintf(stderr, "baton: malformed native signature: %s\n", text);
    abort();
}

static const char *skip_space(const char *at)
{
    while (*at == ' ' || *at == '\n') at++;
    return at;
}

// The literal at `at`, which ends where *end says.
static Value read_default(Thread *t, const char *text, const char *at, const char **end)
{
    static const struct { const char *word; Value value; } words[] = {
        {"None", {2}}, {"True", {5}}, {"False", {4}}, {"...", {7}}, {"<unset>", {0}}, {"<unrepresentable>", {0}},
    };
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        size_t length = strlen(words[i].word);
        if (strncmp(at, words[i].word, length) == 0) {
            *end = at + length;
            return words[i].value;
        }
    }
    if (strncmp(at, "()", 2) == 0) {
        *end = at + 2;
        return object_value(tuple_empty);
    }
    if (*at == 'b' && (at[1] == '\'' || at[1] == '"')) malformed(text);
    if (*at == '\'' || *at == '"') {
        char buffer[64];
        size_t length = 0;
        const char *p = at + 1;
        for (; *p && *p != *at; p++) {
            char c = *p;
            if (c == '\\') c = *++p == 'n' ? '\n' : *p == 't' ? '\t' : *p;
            if (length == sizeof buffer) malformed(text);
            buffer[length++] = c;
        }
        *end = p + 1;
        return object_value(str_intern_text(t, buffer, length));
    }
    char *integer_end, *float_end;
    long long integer = strtoll(at, &integer_end, 0);
    double number = strtod(at, &float_end);
    if (integer_end == at && float_end == at) malformed(text);
    *end = float_end > integer_end ? float_end : integer_end;
    return float_end > integer_end ? float_value(number) : int_value(t, integer);
}

typedef struct Reader { const char *text, *at; Signature *s; bool keyword_only; unsigned capacity; } Reader;

static void add_parameter(Thread *t, Reader *r, const char *name, size_t length)
{
    Signature *s = r->s;
    if (s->count == SIGNATURE_SLOTS_MAX - 2) malformed(r->text);
    Parameter *p = &s->parameters[s->count++];
    *p = (Parameter){.name = str_intern_text(t, name, length), .required = true};
    if (!p->name) abort();
    p->name->head.flags |= OBJECT_IMMORTAL;
    if (*r->at == ':') {                                  // an annotation: skipped
        while (*r->at && *r->at != '=' && *r->at != ',' && *r->at != ')') r->at++;
    }
    r->at = skip_space(r->at);
    if (*r->at == '=') {
        p->required = false;
        r->at = skip_space(r->at + 1);
        p->fallback_text = r->at;
        p->fallback = read_default(t, r->text, r->at, &r->at);
        if (is_object(p->fallback)) as_object(p->fallback)->flags |= OBJECT_IMMORTAL;
    }
    if (!r->keyword_only) {
        s->positional = s->count;
        if (p->required) s->required_positional = s->count;
    }
}

static void read_item(Thread *t, Reader *r, bool first)
{
    Signature *s = r->s;
    if (*r->at == '/') {
        s->positional_only = s->count;
        r->at++;
    } else if (strncmp(r->at, "**", 2) == 0) {
        s->has_kwargs = true;
        for (r->at += 2; isalnum((unsigned char)*r->at) || *r->at == '_';) r->at++;
    } else if (*r->at == '*') {
        const char *name = ++r->at;
        while (isalnum((unsigned char)*r->at) || *r->at == '_') r->at++;
        s->has_varargs = r->at > name;
        r->keyword_only = true;
    } else {
        if (*r->at == '$') r->at++;
        const char *name = r->at;
        while (isalnum((unsigned char)*r->at) || *r->at == '_') r->at++;
        size_t length = (size_t)(r->at - name);
        if (!length) malformed(r->text);
        if (first && length == 4 && memcmp(name, "self", 4) == 0) s->binds = BINDS_SELF;
        else if (first && length == 3 && memcmp(name, "cls", 3) == 0) s->binds = BINDS_CLASS;
        else add_parameter(t, r, name, length);
    }
}

static Signature *read_text(Thread *t, const char *text)
{
    unsigned commas = 0;
    for (const char *c = text; *c; c++) commas += *c == ',';
    Signature *s = calloc(1, sizeof *s + (commas + 1) * sizeof(Parameter));
    if (!s) return error_null(raise_memory_error(t));
    Reader r = {.text = text, .at = skip_space(text), .s = s};
    if (*r.at != '(') malformed(text);
    r.at = skip_space(r.at + 1);
    for (bool first = true; *r.at != ')'; first = false) {
        read_item(t, &r, first);
        r.at = skip_space(r.at);
        if (*r.at == ',') r.at = skip_space(r.at + 1);
        else if (*r.at != ')') malformed(text);
    }
    s->slots = (uint16_t)(s->count + s->has_varargs + s->has_kwargs);
    s->simple = s->positional_only == s->count && !s->has_varargs && !s->has_kwargs;
    return s;
}

// ---- Sharing
static struct { const char *text; Signature *signature; } *known;      // process-wide, like the immortal types; grown under the GIL
static size_t known_count, known_size;

static size_t known_bucket(const char *text) { return ((uintptr_t)text * UINT64_C(0x9E3779B97F4A7C15)) >> 20 & (known_size - 1); }

Signature *signature_read(Thread *t, const char *text)
{
    if (known_count * 2 >= known_size) {
        size_t old_size = known_size;
        __typeof__(known) old = known;
        known_size = old_size ? old_size * 2 : 1024;
        known = calloc(known_size, sizeof *known);
        if (!known) abort();
        for (size_t i = 0; i < old_size; i++) {
            if (!old[i].text) continue;
            size_t j = known_bucket(old[i].text);
            while (known[j].text) j = (j + 1) & (known_size - 1);
            known[j] = old[i];
        }
        free(old);
    }
    size_t i = known_bucket(text);
    for (; known[i].text; i = (i + 1) & (known_size - 1))
        if (known[i].text == text) return known[i].signature;
    Signature *s = read_text(t, text);
    if (!s) return NULL;
    known[i].text = text;
    known[i].signature = s;
    known_count++;
    return s;
}

// ---- Binding
// "append", of "list.append": what messages about positional-only arguments call a function.
static const char *short_name(const char *name)
{
    const char *dot = strrchr(name, '.');
    return dot ? dot + 1 : name;
}

// The searching methods of str and bytes count their arguments in other words than the rest.
static bool is_search(const char *name)
{
    static const char *const words[] = {"find", "rfind", "index", "rindex", "count", "startswith", "endswith"};
    if (strncmp(name, "str.", 4) != 0 && strncmp(name, "bytes.", 6) != 0 && strncmp(name, "bytearray.", 10) != 0) return false;
    for (size_t i = 0; i < COUNT_OF(words); i++) if (strcmp(short_name(name), words[i]) == 0) return true;
    return false;
}

static bool wrong_count(Thread *t, const Signature *s, const char *name, size_t given)
{
    unsigned most = s->positional, least = s->required_positional;
    if (s->count == 0) return error_false(raise_type_error(t, "%s() takes no arguments (%zu given)", name, given));
    if (s->simple && !is_search(name)) {
        if (most == 1 && least == 1) return error_false(raise_type_error(t, "%s() takes exactly one argument (%zu given)", name, given));
        const char *how = most == least ? "" : given < least ? "at least " : "at most ";
        unsigned count = given < least ? least : most;
        return error_false(raise_type_error(t, "%s expected %s%u argument%s, got %zu", short_name(name), how, count, count == 1 ? "" : "s", given));
    }
    if (most == 0) return error_false(raise_type_error(t, "%s() takes no positional arguments", short_name(name)));
    const char *how = most == least ? "exactly" : given < least ? "at least" : "at most";
    unsigned count = given < least ? least : most;
    const char *kind = given > s->count || is_search(name) ? "" : "positional ";        // more than all parameters together
    return error_false(raise_type_error(t, "%s() takes %s %u %sargument%s (%zu given)", short_name(name), how, count, kind, count == 1 ? "" : "s", given));
}

static bool bind_keyword(Thread *t, const Signature *s, const char *name, Value key, Value value, size_t nargs, Value *slots, Dict *extra)
{
    for (unsigned i = s->positional_only; i < s->count; i++) {
        if (!is_same(object_value(s->parameters[i].name), key) && !str_equal(s->parameters[i].name, as_str(key))) continue;
        if (i < nargs && i < s->positional)
            return error_false(raise_type_error(t, "argument for %s() given by name ('%S') and position (%u)", short_name(name), key, i + 1));
        slots[i] = value;
        return true;
    }
    if (extra) return dict_set(t, extra, key, value);
    if (s->count == s->positional_only && !s->has_kwargs) return error_false(raise_type_error(t, "%s() takes no keyword arguments", name));
    return error_false(raise_type_error(t, "'%S' is an invalid keyword argument for %s()", key, short_name(name)));
}

static bool fill_defaults(Thread *t, const Signature *s, const char *name, size_t nargs, const bool *given, Value *slots)
{
    for (unsigned i = 0; i < s->count; i++) {
        const Parameter *p = &s->parameters[i];
        if (given[i]) continue;
        if (!p->required) {
            slots[i] = p->fallback;
            continue;
        }
        if (i < s->positional_only) return wrong_count(t, s, name, nargs);
        if (i >= s->positional) return error_false(raise_type_error(t, "%s() missing required keyword-only argument: '%U'", short_name(name), p->name));
        return error_false(raise_type_error(t, "%s() missing required argument '%U' (pos %u)", short_name(name), p->name, i + 1));
    }
    return true;
}

// The call that most calls are: by position alone, and nothing required left out. False: it is another one.
static ALWAYS_INLINE bool bind_plain(const Signature *s, const Value *args, size_t nargs, Value kwnames, Value *slots)
{
    if (!is_unbound(kwnames) || nargs > s->positional || s->slots != s->count) return false;
    for (size_t i = 0; i < nargs; i++) slots[i] = args[i];
    for (size_t i = nargs; i < s->count; i++) {
        if (s->parameters[i].required) return false;
        slots[i] = s->parameters[i].fallback;
    }
    return true;
}

bool signature_bind(Thread *t, const Signature *s, const char *name, const Value *args, size_t nargs, Value kwnames, Value *slots)
{
    if (LIKELY(bind_plain(s, args, nargs, kwnames, slots))) return true;
    if (nargs > s->positional && !s->has_varargs) return wrong_count(t, s, name, nargs);
    bool given[SIGNATURE_SLOTS_MAX] = {false};
    size_t taken = nargs < s->positional ? nargs : s->positional;
    for (size_t i = 0; i < s->slots; i++) slots[i] = UNBOUND;
    for (size_t i = 0; i < taken; i++) slots[i] = args[i], given[i] = true;
    if (s->has_varargs) {
        slots[s->count] = nargs > taken ? tuple_from_values(t, args + taken, nargs - taken) : retain(object_value(tuple_empty));
        if (is_error(slots[s->count])) return false;
    }
    Dict *extra = NULL;
    if (s->has_kwargs) {
        extra = dict_new(t);
        if (!extra) {
            signature_release(s, slots);
            return false;
        }
        slots[s->count + s->has_varargs] = object_value(extra);
    }
    size_t keywords = is_unbound(kwnames) ? 0 : as_tuple(kwnames)->length;
    for (size_t i = 0; i < keywords; i++)
        if (!bind_keyword(t, s, name, as_tuple(kwnames)->items[i], args[nargs + i], taken, slots, extra)) {
            signature_release(s, slots);
            return false;
        }
    if (keywords)
        for (unsigned i = 0; i < s->count; i++) given[i] = given[i] || !is_unbound(slots[i]);
    if (!fill_defaults(t, s, name, nargs, given, slots)) {
        signature_release(s, slots);
        return false;
    }
    return true;
}

void signature_release(const Signature *s, Value *slots)
{
    for (unsigned i = s->count; i < s->slots; i++) drop(slots[i]);
}
