// SPDX-License-Identifier: MIT
// stdlib/_sre/objects.c: re.Pattern, re.Match and the scanner.
#include <stdlib.h>

#include "runtime/types/function.h"
#include "runtime/types/generic_alias.h"
#include "stdlib/_sre/sre.h"

#define SPANS_INSIDE 8       // so many places for ends a Match has in itself
typedef struct Match { Object head; Value pattern, subject; size_t pos, endpos; size_t *spans, inside[SPANS_INSIDE]; } Match;
typedef struct Scanner { Object head; Value pattern, subject; size_t pos, endpos, at; bool must_advance, done; } Scanner;
Type pattern_type, match_type, scanner_type;
static Match *as_match(Value v) { return (Match *)as_object(v); }

// ---- Subjects
static void subject_end(Subject *s) { buffer_release(&s->buffer); }
#define OWN_SUBJECT __attribute__((cleanup(subject_end)))
static size_t clip(ptrdiff_t index, size_t length) { return index < 0 ? 0 : (size_t)index > length ? length : (size_t)index; }

// How often, at most.
static bool count_from(Thread *t, Value v, ptrdiff_t *count)
{
    if (object_as_index(t, v, count, &exc_OverflowError)) return true;
    if (error_clear_if(t, &exc_OverflowError)) raise_error(t, &exc_OverflowError, "Python int too large to convert to C ssize_t");
    return false;
}
static bool subject_from(Thread *t, Pattern *p, Value string, Value pos, Value endpos, Subject *s)
{
    *s = (Subject){.object = string};
    if (is_str(string)) {
        if (p->is_bytes) return error_false(raise_type_error(t, "cannot use a bytes pattern on a string-like object"));
        s->data = as_str(string)->data;
        s->length = as_str(string)->length;
        s->width = str_kind(as_str(string)) / 2;
    } else {
        if (!is_buffer(string)) return error_false(raise_type_error(t, "expected string or bytes-like object, got '%T'", string));
        if (!p->is_bytes && !is_none(p->pattern)) return error_false(raise_type_error(t, "cannot use a string pattern on a bytes-like object"));
        if (!buffer_get(t, string, &s->buffer, 0)) return false;
        s->data = s->buffer.data ? s->buffer.data : "";
        s->length = (size_t)s->buffer.length;
    }
    ptrdiff_t from = 0, to = PTRDIFF_MAX;
    if (!object_as_index(t, pos, &from, NULL) || (!is_unbound(endpos) && !object_as_index(t, endpos, &to, NULL))) {
        subject_end(s);
        return false;
    }
    s->end = clip(to, s->length);
    s->start = clip(from, s->length);
    return true;
}
static Value piece(Thread *t, Value string, const Subject *s, size_t start, size_t end)
{
    if (is_str(string)) return str_substring(t, as_str(string), start, end);
    return bytes_from(t, s->data + start, end - start);
}

// ---- Match
static Value match_new(Thread *t, Value pattern, const Subject *s, const size_t *spans)
{
    OWN_POINTER Match *m = (Match *)object_new(t, &match_type);
    if (!m) return ERROR;
    size_t count = 2 * (as_pattern(pattern)->groups + 1);
    m->spans = count <= SPANS_INSIDE ? m->inside : mem_allocate(t, count * sizeof *m->spans);
    if (!m->spans) return ERROR;
    memcpy(m->spans, spans, count * sizeof *spans);
    m->pattern = retain(pattern);
    m->subject = retain(s->object);
    m->pos = s->start;
    m->endpos = s->end;
    return object_value(MOVE_POINTER(m));
}
// The number of a group by number or name; -1: raised IndexError.
static ptrdiff_t group_number(Thread *t, Value self, Value group)
{
    Pattern *p = as_pattern(as_match(self)->pattern);
    ptrdiff_t number = -1;
    if (is_int(group) || type_of(group)->slots.index) {
        if (!object_as_index(t, group, &number, NULL)) return -1;
    } else {
        OWN Value known = is_dict(p->group_index) ? retain(dict_get(t, as_dict(p->group_index), group)) : UNBOUND;
        if (is_error(known)) return -1;
        if (is_small_int(known)) number = (ptrdiff_t)as_small_int(known);
    }
    if (number >= 0 && (size_t)number <= p->groups) return number;
    return error_minus(raise_error(t, &exc_IndexError, "no such group"));
}
static Value group_text(Thread *t, Value self, size_t number, Value otherwise)
{
    Match *m = as_match(self);
    size_t start = m->spans[2 * number], end = m->spans[2 * number + 1];
    if (start == SIZE_MAX) return retain(otherwise);
    if (is_str(m->subject)) return str_substring(t, as_str(m->subject), start, end);
    OWN_BUFFER Buffer data = {0};
    if (!buffer_get(t, m->subject, &data, 0)) return ERROR;
    size_t length = (size_t)data.length;
    if (end > length) end = length;
    if (start > end) start = end;
    return bytes_from(t, data.data ? data.data + start : "", end - start);
}
static Value match_group(Thread *t, Value self, const Value *args)
{
    Tuple *wanted = as_tuple(args[0]);
    if (wanted->length == 0) return group_text(t, self, 0, NONE);
    if (wanted->length == 1) {
        ptrdiff_t number = group_number(t, self, wanted->items[0]);
        return number < 0 ? ERROR : group_text(t, self, (size_t)number, NONE);
    }
    OWN_POINTER Tuple *result = tuple_blank(t, wanted->length);
    for (size_t i = 0; result && i < wanted->length; i++) {
        ptrdiff_t number = group_number(t, self, wanted->items[i]);
        Value text = number < 0 ? ERROR : group_text(t, self, (size_t)number, NONE);
        if (is_error(text)) return ERROR;
        result->items[i] = text;
    }
    return result ? object_value(MOVE_POINTER(result)) : ERROR;
}
static Value match_get_item(Thread *t, Value self, Value key)
{
    ptrdiff_t number = group_number(t, self, key);
    return number < 0 ? ERROR : group_text(t, self, (size_t)number, NONE);
}
static Value match_groups(Thread *t, Value self, const Value *args)
{
    size_t groups = as_pattern(as_match(self)->pattern)->groups;
    OWN_POINTER Tuple *result = tuple_blank(t, groups);
    for (size_t i = 0; result && i < groups; i++) {
        Value text = group_text(t, self, i + 1, args[0]);
        if (is_error(text)) return ERROR;
        result->items[i] = text;
    }
    return result ? object_value(MOVE_POINTER(result)) : ERROR;
}
static Value match_groupdict(Thread *t, Value self, const Value *args)
{
    Pattern *p = as_pattern(as_match(self)->pattern);
    OWN_POINTER Dict *result = dict_new(t);
    size_t at = 0;
    Value name, number;
    while (result && is_dict(p->group_index) && dict_next(as_dict(p->group_index), &at, &name, &number)) {
        OWN Value text = group_text(t, self, (size_t)as_small_int(number), args[0]);
        if (is_error(text) || !dict_set(t, result, name, text)) return ERROR;
    }
    return result ? object_value(MOVE_POINTER(result)) : ERROR;
}
static Value place(size_t at) { return at == SIZE_MAX ? small_int(-1) : small_int((int64_t)at); }
static Value match_start(Thread *t, Value self, const Value *args)
{
    ptrdiff_t number = group_number(t, self, args[0]);
    return number < 0 ? ERROR : place(as_match(self)->spans[2 * number]);
}
static Value match_end(Thread *t, Value self, const Value *args)
{
    ptrdiff_t number = group_number(t, self, args[0]);
    return number < 0 ? ERROR : place(as_match(self)->spans[2 * number + 1]);
}
static Value match_span(Thread *t, Value self, const Value *args)
{
    ptrdiff_t number = group_number(t, self, args[0]);
    return number < 0 ? ERROR : tuple_of(t, 2, place(as_match(self)->spans[2 * number]), place(as_match(self)->spans[2 * number + 1]));
}
static Value call_re(Thread *t, const char *function, const Value *args, size_t nargs)
{
    OWN_POINTER Str *module_name = str_intern_text(t, "re", 2);
    OWN_POINTER Str *name = str_intern_text(t, function, strlen(function));
    OWN Value module = module_name && name ? t->interp->up.import_module(t, module_name) : ERROR;
    return is_error(module) ? ERROR : call_method(t, module, name, args, nargs);
}
static Value match_expand(Thread *t, Value self, const Value *args) { return call_re(t, "_expand", (const Value[]){as_match(self)->pattern, self, args[0]}, 3); }
static Value match_copy(Thread *t, Value self, const Value *args) { return retain(self); }
static Value match_pos(Thread *t, Value self) { return small_int((int64_t)as_match(self)->pos); }
static Value match_endpos(Thread *t, Value self) { return small_int((int64_t)as_match(self)->endpos); }
static Value match_re(Thread *t, Value self) { return retain(as_match(self)->pattern); }
static Value match_string(Thread *t, Value self) { return retain(as_match(self)->subject); }
static bool inside(const Pattern *p, uint32_t inner, uint32_t outer)
{
    for (; inner; inner = p->parents[inner])
        if (p->parents[inner] == outer) return true;
    return false;
}
// The group that closed last: the one with the last end; of several at one place the outermost, or the later.
static uint32_t last_group(const Match *m)
{
    const Pattern *p = as_pattern(m->pattern);
    uint32_t last = 0;
    for (uint32_t g = 1; g <= p->groups; g++) {
        if (m->spans[2 * g] == SIZE_MAX) continue;
        if (!last || m->spans[2 * g + 1] > m->spans[2 * last + 1] || (m->spans[2 * g + 1] == m->spans[2 * last + 1] && !inside(p, g, last))) last = g;
    }
    return last;
}
static Value match_lastindex(Thread *t, Value self)
{
    uint32_t last = last_group(as_match(self));
    return last ? small_int(last) : NONE;
}
static Value match_lastgroup(Thread *t, Value self)
{
    uint32_t last = last_group(as_match(self));
    Value names_of = as_pattern(as_match(self)->pattern)->index_group;
    return last && is_tuple(names_of) && last < as_tuple(names_of)->length ? retain(as_tuple(names_of)->items[last]) : NONE;
}
static Value match_regs(Thread *t, Value self)
{
    Match *m = as_match(self);
    size_t count = as_pattern(m->pattern)->groups + 1;
    OWN_POINTER Tuple *result = tuple_blank(t, count);
    for (size_t i = 0; result && i < count; i++) {
        Value pair = tuple_of(t, 2, place(m->spans[2 * i]), place(m->spans[2 * i + 1]));
        if (is_error(pair)) return ERROR;
        result->items[i] = pair;
    }
    return result ? object_value(MOVE_POINTER(result)) : ERROR;
}
static Value match_repr(Thread *t, Value self)
{
    OWN Value text = group_text(t, self, 0, NONE);
    if (is_error(text)) return ERROR;
    return str_format(t, "<re.Match object; span=(%zu, %zu), match=%R>", as_match(self)->spans[0], as_match(self)->spans[1], text);
}
static void match_visit(Object *o, VisitFn visit, void *context)
{
    if (is_object(((Match *)o)->pattern)) visit(((Match *)o)->pattern, context);
    if (is_object(((Match *)o)->subject)) visit(((Match *)o)->subject, context);
}
static void match_finish(Thread *t, Object *o)
{
    Match *m = (Match *)o;
    if (m->spans != m->inside) mem_free(m->spans);
    clear(&m->pattern);
    clear(&m->subject);
}
static Value generic_class_item(Thread *t, Value self, const Value *args);
static const Method match_methods[] = {
    {"group", match_group, "(self, /, *groups)", "Return one or more subgroups of the match."}, {"groups", match_groups, "(self, default=None)", NULL}, {"groupdict", match_groupdict, "(self, default=None)", NULL},
    {"start", match_start, "(self, group=0, /)", NULL}, {"end", match_end, "(self, group=0, /)", NULL}, {"span", match_span, "(self, group=0, /)", NULL}, {"expand", match_expand, "(self, template)", NULL},
    {"__copy__", match_copy, "(self, /)", NULL}, {"__deepcopy__", match_copy, "(self, memo, /)", NULL}, {"__class_getitem__", generic_class_item, "(cls, item, /)", "See PEP 585"}, {0},
};
static const GetSet match_getsets[] = {{"pos", match_pos, NULL, NULL}, {"endpos", match_endpos, NULL, NULL}, {"re", match_re, NULL, NULL}, {"string", match_string, NULL, NULL}, {"lastindex", match_lastindex, NULL, NULL},
                                       {"lastgroup", match_lastgroup, NULL, NULL}, {"regs", match_regs, NULL, NULL}, {0}};
const TypeSpec match_spec = {.name = "re.Match", .size = sizeof(Match), .flags = TYPE_GC | TYPE_NO_NEW, .slots = {.visit = match_visit, .finish = match_finish, .repr = match_repr, .get_item = match_get_item}, .methods = match_methods, .getsets = match_getsets};

// ---- Pattern
Value pattern_new(Thread *t, const Value *args)
{
    OWN_POINTER Pattern *p = (Pattern *)object_new(t, &pattern_type);
    if (!p || !int_as_i64(t, args[1], &p->flags) || !int_as_size(t, args[3], &p->groups)) return ERROR;
    if (!is_list(args[2])) return raise_type_error(t, "compile() argument 'code' must be list, not %T", args[2]);
    p->pattern = retain(args[0]);
    p->is_bytes = !is_none(args[0]) && !is_str(args[0]);
    p->code = retain(args[2]);
    p->group_index = retain(args[4]);
    p->index_group = retain(args[5]);
    p->parents = calloc(p->groups + 1, sizeof *p->parents);
    if (!p->parents) return raise_memory_error(t);
    return object_value(MOVE_POINTER(p));
}
#define SPANS_SMALL 24
// Room for the spans of a pattern.
#define SPANS(p, name) \
    size_t name##_small[SPANS_SMALL]; \
    OWN_MEMORY size_t *name##_large = 2 * ((p)->groups + 1) > SPANS_SMALL ? mem_allocate(t, 2 * ((p)->groups + 1) * sizeof(size_t)) : NULL; \
    size_t *name = name##_large ? name##_large : name##_small; \
    if (2 * ((p)->groups + 1) > SPANS_SMALL && !name##_large) return ERROR

static Value match_by(Thread *t, Value self, const Value *args, MatchMode mode)
{
    OWN_SUBJECT Subject s = {0};
    Pattern *p = as_pattern(self);
    if (!subject_from(t, p, args[0], args[1], args[2], &s)) return ERROR;
    SPANS(p, spans);
    int found = s.start > s.end ? 0 : engine_match(t, p, &s, mode, s.start, false, spans);
    return found < 0 ? ERROR : found ? match_new(t, self, &s, spans) : NONE;
}
static Value pattern_match(Thread *t, Value self, const Value *args) { return match_by(t, self, args, MODE_MATCH); }
static Value pattern_fullmatch(Thread *t, Value self, const Value *args) { return match_by(t, self, args, MODE_FULLMATCH); }
static Value pattern_search(Thread *t, Value self, const Value *args) { return match_by(t, self, args, MODE_SEARCH); }

// Steps from match to match: an empty match may follow one that is not, but not another at its place.
typedef struct Steps { size_t at; bool must_advance; } Steps;
static int next_match(Thread *t, Pattern *p, const Subject *s, Steps *steps, size_t *spans)
{
    if (steps->at > s->end) return 0;
    int found = engine_match(t, p, s, MODE_SEARCH, steps->at, steps->must_advance, spans);
    if (found > 0) {
        steps->must_advance = spans[0] == spans[1];
        steps->at = spans[1];
    }
    return found;
}
static Value span_text(Thread *t, const Subject *s, const size_t *spans, size_t group)
{
    if (spans[2 * group] == SIZE_MAX) return piece(t, s->object, s, 0, 0);
    return piece(t, s->object, s, spans[2 * group], spans[2 * group + 1]);
}
static Value pattern_findall(Thread *t, Value self, const Value *args)
{
    OWN_SUBJECT Subject s = {0};
    Pattern *p = as_pattern(self);
    if (!subject_from(t, p, args[0], args[1], args[2], &s)) return ERROR;
    SPANS(p, spans);
    OWN Value list = list_new(t, 8);
    Steps steps = {s.start, false};
    int found = 0;
    while (!is_error(list) && (found = next_match(t, p, &s, &steps, spans)) > 0) {
        if (p->groups <= 1) {
            if (!list_append_owned(t, list, span_text(t, &s, spans, p->groups))) return ERROR;
            continue;
        }
        OWN_POINTER Tuple *all = tuple_blank(t, p->groups);
        for (size_t g = 0; all && g < p->groups; g++) {
            Value text = span_text(t, &s, spans, g + 1);
            if (is_error(text)) return ERROR;
            all->items[g] = text;
        }
        if (!all || !list_append(t, list, object_value(all))) return ERROR;
    }
    return found < 0 ? ERROR : MOVE(list);
}
static Value pattern_split(Thread *t, Value self, const Value *args)
{
    OWN_SUBJECT Subject s = {0};
    Pattern *p = as_pattern(self);
    ptrdiff_t most;
    if (!count_from(t, args[1], &most) || !subject_from(t, p, args[0], small_int(0), UNBOUND, &s)) return ERROR;
    SPANS(p, spans);
    OWN Value list = list_new(t, 8);
    Steps steps = {0, false};
    size_t last = 0;
    int found = 0;
    for (ptrdiff_t n = 0; !is_error(list) && (most <= 0 || n < most) && (found = next_match(t, p, &s, &steps, spans)) > 0; n++) {
        if (!list_append_owned(t, list, piece(t, args[0], &s, last, spans[0]))) return ERROR;
        for (size_t g = 1; g <= p->groups; g++) {
            Value text = spans[2 * g] == SIZE_MAX ? NONE : span_text(t, &s, spans, g);
            if (!list_append_owned(t, list, text)) return ERROR;
        }
        last = spans[1];
    }
    if (found < 0 || is_error(list)) return ERROR;
    return list_append_owned(t, list, piece(t, args[0], &s, last, s.end)) ? MOVE(list) : ERROR;
}
// What replaces a match: a constant text, or a function of the match.
static Value replacement(Thread *t, Value self, Value repl, bool *is_function)
{
    *is_function = object_is_callable(repl);
    if (*is_function) return retain(repl);
    bool plain = is_str(repl) ? true : is_buffer(repl);
    if (is_str(repl))
        for (size_t i = 0; plain && i < as_str(repl)->length; i++) plain = str_at(as_str(repl), i) != '\\';
    else if (is_bytes(repl)) plain = memchr(bytes_data(repl), '\\', bytes_length(repl)) == NULL;
    if (plain) return retain(repl);
    Value made = call_re(t, "_subx", (const Value[]){self, repl}, 2);
    if (!is_error(made)) *is_function = object_is_callable(made);
    return made;
}
static Value join_pieces(Thread *t, Value list, bool is_text)
{
    if (is_text) return str_join(t, str_empty, list);
    OWN Value empty = bytes_from(t, "", 0);
    return is_error(empty) ? ERROR : call_method1(t, empty, NAME(join), list);
}
static Value substitute(Thread *t, Value self, const Value *args, bool with_count)
{
    OWN_SUBJECT Subject s = {0};
    Pattern *p = as_pattern(self);
    ptrdiff_t most, done = 0;
    if (!count_from(t, args[2], &most)) return ERROR;
    bool is_function;
    OWN Value repl = replacement(t, self, args[0], &is_function);
    if (is_error(repl) || !subject_from(t, p, args[1], small_int(0), UNBOUND, &s)) return ERROR;
    SPANS(p, spans);
    OWN Value list = list_new(t, 8);
    Steps steps = {0, false};
    size_t last = 0;
    int found = 0;
    while (!is_error(list) && (most <= 0 || done < most) && (found = next_match(t, p, &s, &steps, spans)) > 0) {
        if (last < spans[0] && !list_append_owned(t, list, piece(t, args[1], &s, last, spans[0]))) return ERROR;
        OWN Value text = UNBOUND;
        if (is_function) {
            OWN Value match = match_new(t, self, &s, spans);
            text = is_error(match) ? ERROR : call1(t, repl, match);
        } else {
            text = retain(repl);
        }
        if (is_error(text) || (!is_none(text) && !list_append(t, list, text))) return ERROR;
        last = spans[1];
        done++;
    }
    if (found < 0 || is_error(list)) return ERROR;
    if (last < s.end && !list_append_owned(t, list, piece(t, args[1], &s, last, s.end))) return ERROR;
    OWN Value result = join_pieces(t, list, is_str(args[1]));
    if (is_error(result)) return ERROR;
    return with_count ? tuple_of(t, 2, result, small_int(done)) : MOVE(result);
}
static Value pattern_sub(Thread *t, Value self, const Value *args) { return substitute(t, self, args, false); }
static Value pattern_subn(Thread *t, Value self, const Value *args) { return substitute(t, self, args, true); }

// ---- Scanner, which finditer also is
static Value scanner_new(Thread *t, Value self, const Value *args)
{
    OWN_SUBJECT Subject s = {0};
    if (!subject_from(t, as_pattern(self), args[0], args[1], args[2], &s)) return ERROR;
    Scanner *scanner = (Scanner *)object_new(t, &scanner_type);
    if (!scanner) return ERROR;
    scanner->pattern = retain(self);
    scanner->subject = retain(args[0]);
    scanner->pos = scanner->at = s.start;
    scanner->endpos = s.end;
    scanner->done = s.start > s.end;
    return object_value(scanner);
}
static Value scan(Thread *t, Value self, MatchMode mode)
{
    Scanner *scanner = (Scanner *)as_object(self);
    if (scanner->done) return NONE;
    OWN_SUBJECT Subject s = {0};
    Pattern *p = as_pattern(scanner->pattern);
    if (!subject_from(t, p, scanner->subject, small_int((int64_t)scanner->pos), small_int((int64_t)scanner->endpos), &s)) return ERROR;
    SPANS(p, spans);
    int found = scanner->at > s.end ? 0 : engine_match(t, p, &s, mode, scanner->at, scanner->must_advance, spans);
    if (found < 0) return ERROR;
    if (!found) {
        scanner->done = true;
        return NONE;
    }
    scanner->must_advance = spans[0] == spans[1];
    scanner->at = spans[1];
    return match_new(t, scanner->pattern, &s, spans);
}
static Value scanner_match(Thread *t, Value self, const Value *args) { return scan(t, self, MODE_MATCH); }
static Value scanner_search(Thread *t, Value self, const Value *args) { return scan(t, self, MODE_SEARCH); }
static Value scanner_pattern(Thread *t, Value self) { return retain(((Scanner *)as_object(self))->pattern); }
static void scanner_visit(Object *o, VisitFn visit, void *context)
{
    visit(((Scanner *)o)->pattern, context);
    if (is_object(((Scanner *)o)->subject)) visit(((Scanner *)o)->subject, context);
}
static void scanner_finish(Thread *t, Object *o)
{
    clear(&((Scanner *)o)->pattern);
    clear(&((Scanner *)o)->subject);
}
static const Method scanner_methods[] = {{"match", scanner_match, "(self, /)", NULL}, {"search", scanner_search, "(self, /)", NULL}, {0}};
static const GetSet scanner_getsets[] = {{"pattern", scanner_pattern, NULL, NULL}, {0}};
const TypeSpec scanner_spec = {.name = "_sre.SRE_Scanner", .size = sizeof(Scanner), .flags = TYPE_GC | TYPE_NO_NEW, .slots = {.visit = scanner_visit, .finish = scanner_finish}, .methods = scanner_methods, .getsets = scanner_getsets};

static Value pattern_finditer(Thread *t, Value self, const Value *args)
{
    OWN Value scanner = scanner_new(t, self, args);
    OWN_POINTER Str *search = str_intern_text(t, "search", 6);
    OWN Value method = is_error(scanner) || !search ? ERROR : object_get_attr(t, scanner, search);
    if (is_error(method)) return ERROR;
    OWN_POINTER Str *iter = str_intern_text(t, "iter", 4);
    Value maker = iter ? dict_get_str(t->interp->builtins, iter) : ERROR;
    return is_error(maker) || is_unbound(maker) ? ERROR : call2(t, maker, method, NONE);
}

// ---- The rest of Pattern
static Value pattern_pattern(Thread *t, Value self) { return retain(as_pattern(self)->pattern); }
static Value pattern_flags(Thread *t, Value self) { return small_int(as_pattern(self)->flags); }
static Value pattern_groups(Thread *t, Value self) { return small_int((int64_t)as_pattern(self)->groups); }
static Value pattern_groupindex(Thread *t, Value self)
{

    return mapping_proxy_new(t, as_pattern(self)->group_index);
}
static Value pattern_copy(Thread *t, Value self, const Value *args) { return retain(self); }
static Value pattern_repr(Thread *t, Value self)
{
    static const struct { const char *name; int64_t flag; } flags[] = {{"re.IGNORECASE", 2}, {"re.LOCALE", 4}, {"re.MULTILINE", 8}, {"re.DOTALL", 16}, {"re.VERBOSE", 64}, {"re.DEBUG", 128}, {"re.ASCII", 256}, {"re.TEMPLATE", 1}, {"re.UNICODE", 32}};
    Pattern *p = as_pattern(self);
    int64_t left = p->flags;
    if (is_str(p->pattern) && (left & (4 | 256 | 32)) == 32) left &= ~(int64_t)32;
    StrBuilder b;
    builder_start(t, &b);
    OWN Value text = object_repr(t, p->pattern);
    builder_add_text(&b, "re.compile(");
    if (is_str(text)) builder_add_slice(&b, as_str(text), 0, as_str(text)->length < 200 ? as_str(text)->length : 200);
    bool first = true;
    for (size_t i = 0; i < COUNT_OF(flags); i++) {
        if (!(left & flags[i].flag)) continue;
        builder_add_text(&b, first ? ", " : "|");
        builder_add_text(&b, flags[i].name);
        first = false;
        left &= ~flags[i].flag;
    }
    builder_add(&b, ')');
    return builder_finish(&b);
}
static bool pattern_hash(Thread *t, Value self, int64_t *hash)
{
    if (!object_hash(t, as_pattern(self)->pattern, hash)) return false;
    *hash ^= as_pattern(self)->flags;
    if (*hash == -1) *hash = -2;
    return true;
}
static Value pattern_compare(Thread *t, Value a, Value b, CompareOp op)
{
    if ((op != CMP_EQ && op != CMP_NE) || type_of(b) != &pattern_type) return NOT_IMPLEMENTED;
    bool same = as_pattern(a)->flags == as_pattern(b)->flags && as_pattern(a)->is_bytes == as_pattern(b)->is_bytes;
    int equal = same ? object_equal(t, as_pattern(a)->pattern, as_pattern(b)->pattern) : 0;
    return equal < 0 ? ERROR : bool_value(equal == (op == CMP_EQ));
}
static Value generic_class_item(Thread *t, Value self, const Value *args)
{

    return generic_alias_new(t, self, args[0]);
}
static void pattern_visit(Object *o, VisitFn visit, void *context)
{
    Pattern *p = (Pattern *)o;
    Value owned[] = {p->pattern, p->group_index, p->index_group, p->code};
    for (size_t i = 0; i < COUNT_OF(owned); i++)
        if (is_object(owned[i])) visit(owned[i], context);
}
static void pattern_finish(Thread *t, Object *o)
{
    Pattern *p = (Pattern *)o;
    for (int width = 0; width < WIDTHS; width++) engine_free(p->engines[width], width);
    free(p->parents);
    Value *owned[] = {&p->pattern, &p->group_index, &p->index_group, &p->code};
    for (size_t i = 0; i < COUNT_OF(owned); i++) clear(owned[i]);
}
#define SEARCHED "(self, string, pos=0, endpos=<unset>)"
static const Method pattern_methods[] = {
    {"match", pattern_match, SEARCHED, "Matches zero or more characters at the beginning of the string."}, {"fullmatch", pattern_fullmatch, SEARCHED, "Matches against all of the string."},
    {"search", pattern_search, SEARCHED, "Scan through string looking for a match, and return a corresponding match object instance."}, {"findall", pattern_findall, SEARCHED, "Return a list of all non-overlapping matches of pattern in string."},
    {"finditer", pattern_finditer, SEARCHED, NULL}, {"scanner", scanner_new, SEARCHED, NULL}, {"split", pattern_split, "(self, string, maxsplit=0)", NULL}, {"sub", pattern_sub, "(self, repl, string, count=0)", NULL},
    {"subn", pattern_subn, "(self, repl, string, count=0)", NULL}, {"__copy__", pattern_copy, "(self, /)", NULL}, {"__deepcopy__", pattern_copy, "(self, memo, /)", NULL}, {"__class_getitem__", generic_class_item, "(cls, item, /)", "See PEP 585"}, {0},
};
static const GetSet pattern_getsets[] = {{"pattern", pattern_pattern, NULL, NULL}, {"flags", pattern_flags, NULL, NULL}, {"groups", pattern_groups, NULL, NULL}, {"groupindex", pattern_groupindex, NULL, NULL}, {0}};
const TypeSpec pattern_spec = {
    .name = "re.Pattern", .size = sizeof(Pattern), .flags = TYPE_GC | TYPE_NO_NEW | TYPE_HAS_WEAKREFS, .slots = {.visit = pattern_visit, .finish = pattern_finish, .repr = pattern_repr, .hash = pattern_hash, .compare = pattern_compare},
    .methods = pattern_methods, .getsets = pattern_getsets,
};
