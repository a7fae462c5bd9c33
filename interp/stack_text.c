// SPDX-License-Identifier: MIT
// interp/stack_text.c: what reports of deadlocks and races say of code: stacks of other threads, places, names of objects.
#include <stdio.h>

#include "interp/interp.h"
#include "interp/program.h"
#include "interp/stack_text.h"
#include "interp/traceback.h"
#include "runtime/error.h"
#include "runtime/heap.h"
#include "runtime/types/function.h"
#include "runtime/types/list.h"
#include "runtime/types/module.h"

#define SEARCH_DEPTH 4      // an Event's condition's waiters' lock
#define ITEMS_MOST 64          // of a container that are looked at
#define STACK_MOST 200      // frames that a report shows

// ---- Whose code
static bool begins_with(Str *s, const char *start)
{
    size_t length = strlen(start);
    if (s->length < length) return false;
    for (size_t i = 0; i < length; i++)
        if (str_at(s, i) != (unsigned char)start[i]) return false;
    return true;
}
bool code_is_program(Thread *t, Code *code)
{
    if (code->whose) return code->whose == CODE_PROGRAM;
    const Options *options = t->interp->options;
    bool library = begins_with(code->filename, "<frozen") || (options && options->library[0] && begins_with(code->filename, options->library));
    code->whose = library ? CODE_LIBRARY : CODE_PROGRAM;
    return !library;
}
bool frame_is_program(Thread *t)
{
    return t->frame && code_is_program(t, t->frame->code);
}

Frame *program_frame(Thread *t, Thread *of)
{
    Frame *f = of->frame;
    while (f && !code_is_program(t, f->code)) f = f->back;
    return f;
}
Value interp_thread_frame(Thread *t, Thread *of)
{
    Frame *f = program_frame(t, of);
    FrameObject *object = f ? frame_object(t, f) : NULL;
    return object ? retain(object_value(object)) : f ? ERROR : UNBOUND;
}

// ---- Places
// An entry of a traceback: file, line, function, and the line's text.
static Value entry(Thread *t, Code *code, int line)
{
    OWN Value text = source_line_trimmed(t, code->filename, line);
    if (is_unbound(text)) return str_format(t, "  File \"%U\", line %d, in %U\n", code->filename, line, code->name);
    return is_error(text) ? ERROR : str_format(t, "  File \"%U\", line %d, in %U\n    %S\n", code->filename, line, code->name, text);
}

typedef struct Search { const uint32_t *pc; Code *found; } Search;
static bool is_its_code(Object *o, void *context)
{
    Search *s = context;
    if (o->type != &code_type) return true;
    Code *code = (Code *)o;
    if (s->pc > code->words && s->pc <= code->words + code->word_count) s->found = code;
    return s->found == NULL;
}
// The pc may be of code that is gone by now: only what the heap still has is looked at.
Value place_text(Thread *t, const void *pc, bool whole)
{
    Search s = {.pc = pc};
    heap_each_object(t->interp->heap, is_its_code, &s);
    if (!s.found || !code_is_program(t, s.found)) return UNBOUND;
    int line = code_line(s.found, (uint32_t)(s.pc - s.found->words) - 1);
    return whole ? entry(t, s.found, line) : str_format(t, "%U, line %d", s.found->filename, line);
}

void stack_places(Thread *t, const void **pcs, size_t most)
{
    size_t count = 0;
    for (Frame *f = t->frame; f && count < most; f = f->back)
        if (code_is_program(t, f->code)) pcs[count++] = f->pc;
}

// As a traceback, outermost first. Frames of the library behind the last one of the program are left out.
Value stack_text(Thread *t, Thread *of)
{
    Frame *frames[STACK_MOST];
    size_t count = 0;
    Frame *f = of->frame;
    while (f && !code_is_program(t, f->code) && f->back) f = f->back;
    if (!f || !code_is_program(t, f->code)) f = of->frame;
    for (; f && count < STACK_MOST; f = f->back) frames[count++] = f;
    while (count > 1 && !code_is_program(t, frames[count - 1]->code)) count--;
    OWN Value text = str_from_text(t, "");
    while (count-- > 0 && !is_error(text)) {
        OWN Value one = entry(t, frames[count]->code, frame_line(frames[count]));
        if (is_error(one)) return ERROR;
        assign(&text, str_format(t, "%S%S", text, one));
    }
    return MOVE(text);
}

// ---- Names
// Is `wanted` the value, or inside it, as the lock inside an Event?
static bool holds(Thread *t, Value value, Value wanted, int depth)
{
    if (is_same(value, wanted)) return true;
    if (!is_object(value) || depth == 0) return false;
    Object *o = as_object(value);
    if (o->type == &list_type) {
        List *list = (List *)o;
        for (size_t i = 0; i < list->length && i < ITEMS_MOST; i++)
            if (holds(t, list->items[i], wanted, depth - 1)) return true;
        return false;
    }
    if (o->type == &tuple_type) {
        Tuple *tuple = (Tuple *)o;
        for (size_t i = 0; i < tuple->length && i < ITEMS_MOST; i++)
            if (holds(t, tuple->items[i], wanted, depth - 1)) return true;
        return false;
    }
    if (o->type == &dict_type) {
        Dict *dict = (Dict *)o;
        for (size_t i = 0; i < dict->used && i < ITEMS_MOST; i++)
            if (!is_unbound(dict->entries[i].key) && holds(t, dict->entries[i].value, wanted, depth - 1)) return true;
        return false;
    }
    if (!(o->type->flags & TYPE_HEAP) || (o->type->flags & TYPE_IS_TYPE)) return false;
    Attrs *attrs = object_attrs(o);
    if (!attrs) return false;
    if (attrs->shape) {
        for (uint32_t i = 0; i < attrs->shape->count; i++)
            if (holds(t, attrs->slots[i], wanted, depth - 1)) return true;
        return false;
    }
    for (size_t i = 0; attrs->dict && i < attrs->dict->used; i++)
        if (!is_unbound(attrs->dict->entries[i].key) && holds(t, attrs->dict->entries[i].value, wanted, depth - 1)) return true;
    return false;
}

// The item of a container that is, or holds, the wanted one: "forks[2]", "locks['a']"; for other values their name. Takes over `name`.
static Value named_item(Thread *t, TAKES Value name, Value value, Value wanted)
{
    OWN Value owned = name;
    Type *type = is_object(value) ? as_object(value)->type : NULL;
    if (type == &list_type || type == &tuple_type) {
        const Value *items = type == &list_type ? as_list(value)->items : as_tuple(value)->items;
        size_t length = type == &list_type ? as_list(value)->length : as_tuple(value)->length;
        for (size_t i = 0; i < length && i < ITEMS_MOST; i++)
            if (holds(t, items[i], wanted, SEARCH_DEPTH - 1)) return str_format(t, "%S[%d]", owned, (int)i);
    }
    for (size_t i = 0; type == &dict_type && i < as_dict(value)->used && i < ITEMS_MOST; i++) {
        DictEntry *e = &as_dict(value)->entries[i];
        bool plain = is_small_int(e->key) || (is_object(e->key) && is_exact_str(e->key));
        if (plain && holds(t, e->value, wanted, SEARCH_DEPTH - 1)) return str_format(t, "%S[%R]", owned, e->key);
    }
    return MOVE(owned);
}

// The attribute of an object of the program that is, or holds, the wanted one: "name.attribute", or UNBOUND.
static Value named_attribute(Thread *t, Value owner, const char *dot, Str *name, Value wanted)
{
    Attrs *attrs = is_object(owner) && (as_object(owner)->type->flags & TYPE_HEAP) && !is_type(owner) ? object_attrs(as_object(owner)) : NULL;
    if (!attrs) return UNBOUND;
    for (Shape *s = attrs->shape; s && s->name; s = s->parent)
        if (holds(t, attrs->slots[s->count - 1], wanted, SEARCH_DEPTH - 1)) return named_item(t, str_format(t, "%U%s%U", name, dot, s->name), attrs->slots[s->count - 1], wanted);
    for (size_t i = 0; !attrs->shape && attrs->dict && i < attrs->dict->used; i++) {
        DictEntry *e = &attrs->dict->entries[i];
        if (is_object(e->key) && is_str(e->key) && holds(t, e->value, wanted, SEARCH_DEPTH - 1)) return named_item(t, str_format(t, "%U%s%U", name, dot, as_str(e->key)), e->value, wanted);
    }
    return UNBOUND;
}

// Made by a class of the library: then the whole object is what a reader knows, not its insides.
static bool is_of_library(Thread *t, Value v)
{
    if (!is_object(v) || !(as_object(v)->type->flags & TYPE_HEAP)) return true;
    Type *type = as_object(v)->type;
    Value module = type->dict ? dict_get_str(type->dict, NAME(__module__)) : UNBOUND;
    static const char *const of_library[] = {"threading", "queue", "multiprocessing.synchronize", "multiprocessing.queues", "multiprocessing.sharedctypes"};
    bool found = false;
    for (size_t i = 0; is_object(module) && is_str(module) && i < COUNT_OF(of_library); i++) found = found || str_equal_text(as_str(module), of_library[i]);
    return found;
}
static Value named(Thread *t, Str *name, Value value, Value wanted)
{
    if (is_same(value, wanted)) return retain(object_value(name));
    if (is_of_library(t, value)) return !is_object(value) || !holds(t, value, wanted, SEARCH_DEPTH) ? UNBOUND : named_item(t, retain(object_value(name)), value, wanted);
    return named_attribute(t, value, ".", name, wanted);
}

static Value local_named(Thread *t, Frame *f, Value wanted)
{
    Code *code = f->code;
    for (size_t i = 0; i < code->varnames->length; i++) {
        Value v = f->regs[code_register(code, (uint32_t)i)];
        if (is_object(v) && as_object(v)->type == &cell_type) v = ((Cell *)as_object(v))->value;
        Value found = named(t, as_str(code->varnames->items[i]), v, wanted);
        if (!is_unbound(found)) return found;
    }
    for (size_t i = 0; i < code->freevars->length; i++) {
        Value found = named(t, as_str(code->freevars->items[i]), ((Cell *)as_object(as_tuple(f->function->closure)->items[i]))->value, wanted);
        if (!is_unbound(found)) return found;
    }
    return UNBOUND;
}

// Cells that a function makes for its inner functions are locals that are no parameters.
static Value cell_named(Thread *t, Frame *f, Value wanted)
{
    Code *code = f->code;
    for (size_t i = 0; i < code->cellvars->length; i++) {
        Value v = f->regs[code_register(code, code->cell_locals[i])];
        if (!is_object(v) || as_object(v)->type != &cell_type) continue;
        Value found = named(t, as_str(code->cellvars->items[i]), ((Cell *)as_object(v))->value, wanted);
        if (!is_unbound(found)) return found;
    }
    return UNBOUND;
}

static Value global_named(Thread *t, Dict *globals, Value wanted)
{
    for (size_t i = 0; i < globals->used; i++) {
        DictEntry *e = &globals->entries[i];
        if (!is_object(e->key) || !is_str(e->key)) continue;
        Value found = named(t, as_str(e->key), e->value, wanted);
        if (!is_unbound(found)) return found;
    }
    return UNBOUND;
}

// An object of the library without a name: by its class, from the outermost of the library's frames that works on it.
static Value self_in_library(Thread *t, Thread *of, Value wanted)
{
    Value self = UNBOUND;
    for (Frame *f = of->frame; f && !code_is_program(t, f->code); f = f->back) {
        if (!f->code->argcount || !str_equal_text(as_str(f->code->varnames->items[0]), "self")) continue;
        Value first = f->regs[0];
        if (is_object(first) && as_object(first)->type == &cell_type) first = ((Cell *)as_object(first))->value;
        if (holds(t, first, wanted, SEARCH_DEPTH)) self = first;
    }
    return is_unbound(self) ? UNBOUND : str_format(t, strchr("AEIOU", type_of(self)->name[0]) ? "an %T" : "a %T", self);
}

// A global name comes first: two threads in one function have different locks under the same local name.
Value object_place(Thread *t, Thread *of, Value wanted)
{
    for (Frame *f = of->frame; f; f = f->back) {
        if (!code_is_program(t, f->code)) continue;
        Value found = global_named(t, f->function->globals, wanted);
        if (is_unbound(found)) found = local_named(t, f, wanted);
        if (is_unbound(found)) found = cell_named(t, f, wanted);
        if (!is_unbound(found)) return found;
    }
    Value main_module = dict_get_str(t->interp->modules, NAME(__main__));
    Value found = is_object(main_module) && is_module(main_module) ? global_named(t, as_module(main_module)->dict, wanted) : UNBOUND;
    return !is_unbound(found) ? found : self_in_library(t, of, wanted);
}
