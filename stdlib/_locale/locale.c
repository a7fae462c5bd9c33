// SPDX-License-Identifier: MIT
// stdlib/_locale/locale.c: the C library's locale, and its catalogues of messages.
#include <errno.h>
#include <langinfo.h>
#include <libintl.h>
#include <limits.h>
#include <locale.h>
#include <wchar.h>

#include "runtime/buffer.h"
#include "runtime/call.h"
#include "runtime/error.h"
#include "runtime/gil.h"
#include "runtime/heap.h"
#include "runtime/types/bytes.h"
#include "runtime/types/int.h"
#include "runtime/types/list.h"
#include "runtime/types/module.h"
#include "runtime/types/str.h"
#include "runtime/types/tuple.h"
#include "runtime/types/exception.h"
#include "stdlib/module_slots.h"

#define FAIL(text) raise_error(t, as_type(t->interp->module_slots[SLOT_LOCALE_ERROR]), text)

// Text of the C library: UTF-8 as the file system's, or what the locale's encoding makes of it.
static Value locale_text(Thread *t, const char *text) { return str_from_os(t, text, strlen(text)); }
static char *text_from(Thread *t, Value v, const char *function)
{
    if (!is_str(v)) return error_null(raise_type_error(t, "%s() argument must be str, not %T", function, v));
    return str_to_os(t, as_str(v), NULL);
}
static Value locale_setlocale(Thread *t, Value self, const Value *args)
{
    int category;
    OWN_MEMORY char *name = NULL;
    if (!int_as_int(t, args[0], &category)) return ERROR;
    if (!is_none(args[1]) && !(name = text_from(t, args[1], "setlocale"))) return ERROR;
    if (category < 0 || category > LC_ALL) {
        if (category < LC_CTYPE || category > LC_IDENTIFICATION) return FAIL("invalid locale category");
    }
    const char *result = setlocale(category, name);
    return result ? locale_text(t, result) : FAIL(name ? "unsupported locale setting" : "locale query failed");
}
static Value grouping_value(Thread *t, const char *grouping)
{
    OWN Value list = list_new(t, 4);
    if (is_error(list) || !*grouping) return MOVE(list);
    const char *at = grouping;
    for (; *at && *at != CHAR_MAX; at++)
        if (!list_append(t, list, small_int(*at))) return ERROR;
    return list_append(t, list, small_int(*at)) ? MOVE(list) : ERROR;
}
static Value locale_localeconv(Thread *t, Value self, const Value *args)
{
    const struct lconv *c = localeconv();
    const struct { const char *name, *text; } texts[] = {
        {"decimal_point", c->decimal_point}, {"thousands_sep", c->thousands_sep}, {"int_curr_symbol", c->int_curr_symbol}, {"currency_symbol", c->currency_symbol},
        {"mon_decimal_point", c->mon_decimal_point}, {"mon_thousands_sep", c->mon_thousands_sep}, {"positive_sign", c->positive_sign}, {"negative_sign", c->negative_sign}};
    const NamedInt numbers[] = {
        {"int_frac_digits", c->int_frac_digits}, {"frac_digits", c->frac_digits}, {"p_cs_precedes", c->p_cs_precedes}, {"p_sep_by_space", c->p_sep_by_space},
        {"n_cs_precedes", c->n_cs_precedes}, {"n_sep_by_space", c->n_sep_by_space}, {"p_sign_posn", c->p_sign_posn}, {"n_sign_posn", c->n_sign_posn}};
    OWN_POINTER Dict *d = dict_new(t);
    if (!d || !dict_set_text(t, d, "grouping", grouping_value(t, c->grouping)) || !dict_set_text(t, d, "mon_grouping", grouping_value(t, c->mon_grouping))) return ERROR;
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        if (!dict_set_text(t, d, texts[i].name, locale_text(t, texts[i].text))) return ERROR;
    for (size_t i = 0; i < COUNT_OF(numbers); i++)
        if (!dict_set_text(t, d, numbers[i].name, int_value(t, numbers[i].value))) return ERROR;
    return object_value(MOVE_POINTER(d));
}
static wchar_t *wide_from(Thread *t, Value v, const char *function)
{
    if (!is_str(v)) return error_null(raise_type_error(t, "%s() argument must be str, not %T", function, v));
    Str *s = as_str(v);
    wchar_t *wide = mem_allocate(t, (s->length + 1) * sizeof *wide);
    if (!wide) return NULL;
    for (size_t i = 0; i < s->length; i++) {
        wide[i] = (wchar_t)str_at(s, i);
        if (wide[i]) continue;
        mem_free(wide);
        return error_null(raise_value_error(t, "embedded null character"));
    }
    wide[s->length] = 0;
    return wide;
}
static Value locale_strcoll(Thread *t, Value self, const Value *args)
{
    OWN_MEMORY wchar_t *a = wide_from(t, args[0], "strcoll");
    OWN_MEMORY wchar_t *b = a ? wide_from(t, args[1], "strcoll") : NULL;
    return b ? small_int(wcscoll(a, b)) : ERROR;
}
static Value locale_strxfrm(Thread *t, Value self, const Value *args)
{
    OWN_MEMORY wchar_t *text = wide_from(t, args[0], "strxfrm");
    if (!text) return ERROR;
    errno = 0;
    size_t length = wcsxfrm(NULL, text, 0);
    if (errno && errno != ERANGE) return raise_errno(t, errno);
    OWN_MEMORY wchar_t *key = mem_allocate(t, (length + 1) * sizeof *key);
    if (!key) return ERROR;
    wcsxfrm(key, text, length + 1);
    // The C library's keys may hold values that are no characters: each is cut in two, high part first, which keeps the order.
    OWN_MEMORY Codepoint *points = mem_allocate(t, (2 * length + 1) * sizeof *points);
    if (!points) return ERROR;
    size_t count = 0;
    bool plain = true;
    for (size_t i = 0; i < length; i++) plain = plain && (Codepoint)key[i] < 0x110000;
    for (size_t i = 0; i < length; i++) {
        if (!plain) points[count++] = (Codepoint)key[i] >> 16;
        points[count++] = plain ? (Codepoint)key[i] : (Codepoint)key[i] & 0xffff;
    }
    return str_from_codepoints(t, points, count);
}
static Value locale_nl_langinfo(Thread *t, Value self, const Value *args)
{
    int item;
    if (!int_as_int(t, args[0], &item)) return ERROR;
    Value module_dict = object_value(as_module(self)->dict), key, value;
    for (size_t at = 0; dict_next(as_dict(module_dict), &at, &key, &value);)        // only the items that we name: others may point anywhere
        if (is_small_int(value) && as_small_int(value) == item && item > 0xffff) return locale_text(t, nl_langinfo(item));
    return item == CODESET ? locale_text(t, nl_langinfo(item)) : raise_value_error(t, "unsupported langinfo constant");
}
static Value locale_getencoding(Thread *t, Value self, const Value *args)
{
    const char *name = nl_langinfo(CODESET);
    return str_from_text(t, *name ? name : "UTF-8");
}

// ---- Catalogues of messages
static Value catalogue(Thread *t, Value domain, Value message, Value category, const char *function)
{
    int which = LC_MESSAGES;
    OWN_MEMORY char *name = NULL;
    OWN_MEMORY char *text = text_from(t, message, function);
    if (!text || (!is_none(domain) && !(name = text_from(t, domain, function))) || (!is_unbound(category) && !int_as_int(t, category, &which))) return ERROR;
    if (which < LC_CTYPE || which > LC_IDENTIFICATION || which == LC_ALL) return locale_text(t, text);
    return locale_text(t, dcgettext(name, text, which));
}
static Value locale_gettext(Thread *t, Value self, const Value *args) { return catalogue(t, NONE, args[0], UNBOUND, "gettext"); }
static Value locale_dgettext(Thread *t, Value self, const Value *args) { return catalogue(t, args[0], args[1], UNBOUND, "dgettext"); }
static Value locale_dcgettext(Thread *t, Value self, const Value *args) { return catalogue(t, args[0], args[1], args[2], "dcgettext"); }
static Value locale_textdomain(Thread *t, Value self, const Value *args)
{
    OWN_MEMORY char *name = NULL;
    if (!is_none(args[0]) && !(name = text_from(t, args[0], "textdomain"))) return ERROR;
    const char *result = textdomain(name);
    return result ? locale_text(t, result) : raise_errno(t, errno);
}
static Value bind_domain(Thread *t, const Value *args, const char *function, char *(*bind)(const char *, const char *))
{
    OWN_MEMORY char *name = text_from(t, args[0], function);
    OWN_MEMORY char *value = NULL;
    if (!name || (!is_none(args[1]) && !(value = text_from(t, args[1], function)))) return ERROR;
    if (!*name) return FAIL("domain must be a non-empty string");
    const char *result = bind(name, value);
    if (result) return locale_text(t, result);
    return value ? raise_errno(t, errno) : NONE;
}
static Value locale_bindtextdomain(Thread *t, Value self, const Value *args) { return bind_domain(t, args, "bindtextdomain", bindtextdomain); }
static Value locale_bind_codeset(Thread *t, Value self, const Value *args) { return bind_domain(t, args, "bind_textdomain_codeset", bind_textdomain_codeset); }

static const Method functions[] = {
    {"setlocale", locale_setlocale, "(category, locale=None, /)", "Activate or query a locale."},
    {"localeconv", locale_localeconv, "()", "How numbers and money are written."},
    {"strcoll", locale_strcoll, "(os1, os2, /)", "Compare two strings by the locale's order."},
    {"strxfrm", locale_strxfrm, "(string, /)", "A key that sorts as the locale does."},
    {"nl_langinfo", locale_nl_langinfo, "(key, /)", "What the locale says about one item."},
    {"getencoding", locale_getencoding, "()", "The locale's encoding."},
    {"gettext", locale_gettext, "(msg, /)", "A message's translation."},
    {"dgettext", locale_dgettext, "(domain, msg, /)", "A message's translation in a domain."},
    {"dcgettext", locale_dcgettext, "(domain, msg, category, /)", "A message's translation in a domain and category."},
    {"textdomain", locale_textdomain, "(domain, /)", "Set the domain of messages."},
    {"bindtextdomain", locale_bindtextdomain, "(domain, dir, /)", "Set where a domain's catalogues are."},
    {"bind_textdomain_codeset", locale_bind_codeset, "(domain, codeset, /)", "Set the encoding of a domain's messages."},
    {0},
};
static const NamedInt constants[] = {
    NAMED_INT(ABDAY_1), NAMED_INT(ABDAY_2), NAMED_INT(ABDAY_3), NAMED_INT(ABDAY_4), NAMED_INT(ABDAY_5), NAMED_INT(ABDAY_6), NAMED_INT(ABDAY_7),
    NAMED_INT(ABMON_1), NAMED_INT(ABMON_10), NAMED_INT(ABMON_11), NAMED_INT(ABMON_12), NAMED_INT(ABMON_2), NAMED_INT(ABMON_3), NAMED_INT(ABMON_4),
    NAMED_INT(ABMON_5), NAMED_INT(ABMON_6), NAMED_INT(ABMON_7), NAMED_INT(ABMON_8), NAMED_INT(ABMON_9), NAMED_INT(ALT_DIGITS), NAMED_INT(AM_STR),
    NAMED_INT(CHAR_MAX), NAMED_INT(CODESET), NAMED_INT(CRNCYSTR), NAMED_INT(DAY_1), NAMED_INT(DAY_2), NAMED_INT(DAY_3), NAMED_INT(DAY_4),
    NAMED_INT(DAY_5), NAMED_INT(DAY_6), NAMED_INT(DAY_7), NAMED_INT(D_FMT), NAMED_INT(D_T_FMT), NAMED_INT(ERA), NAMED_INT(ERA_D_FMT),
    NAMED_INT(ERA_D_T_FMT), NAMED_INT(ERA_T_FMT), NAMED_INT(LC_ALL), NAMED_INT(LC_COLLATE), NAMED_INT(LC_CTYPE), NAMED_INT(LC_MESSAGES),
    NAMED_INT(LC_MONETARY), NAMED_INT(LC_NUMERIC), NAMED_INT(LC_TIME), NAMED_INT(MON_1), NAMED_INT(MON_10), NAMED_INT(MON_11), NAMED_INT(MON_12),
    NAMED_INT(MON_2), NAMED_INT(MON_3), NAMED_INT(MON_4), NAMED_INT(MON_5), NAMED_INT(MON_6), NAMED_INT(MON_7), NAMED_INT(MON_8), NAMED_INT(MON_9),
    NAMED_INT(NOEXPR), NAMED_INT(PM_STR), NAMED_INT(RADIXCHAR), NAMED_INT(THOUSEP), NAMED_INT(T_FMT), NAMED_INT(T_FMT_AMPM), NAMED_INT(YESEXPR),
    NAMED_INT(_DATE_FMT),
};
static bool start(Thread *t, Value module)
{
    Value class = exception_class_new(t, "locale", "Error", type_value(&exc_Exception), NULL);
    if (is_error(class)) return false;
    assign(&t->interp->module_slots[SLOT_LOCALE_ERROR], retain(class));
    return module_add(t, module, "Error", class) && module_add_ints(t, module, constants, COUNT_OF(constants));
}
extern const ModuleSpec _locale_spec;
const ModuleSpec _locale_spec = {.name = "_locale", .doc = "The C library's locale.", .functions = functions, .start = start};
