// SPDX-License-Identifier: MIT
// runtime/class.c: the making of classes: metaclass, layout, method resolution order, `__slots__`, hooks.
#include "runtime/class.h"

#include "runtime/call.h"
#include "runtime/error.h"
#include "runtime/heap.h"
#include "runtime/shape.h"
#include "runtime/slots.h"
#include "runtime/types/dict.h"
#include "runtime/types/exception.h"
#include "runtime/types/function.h"
#include "runtime/types/list.h"
#include "runtime/types/tuple.h"

// ---- C3 (Barrett et al.: "A monotonic superclass linearization for Dylan", 1996)
static bool in_tail(List *sequence, size_t at, Value candidate)
{
    for (size_t i = at + 1; i < sequence->length; i++)
        if (is_same(sequence->items[i], candidate)) return true;
    return false;
}

static Value mro_conflict(Thread *t, List *sequences, const size_t *at)
{
    OWN Value seen = list_new(t, 0);
    if (is_error(seen)) return ERROR;
    StrBuilder b;
    builder_start(t, &b);
    builder_add_text(&b, "Cannot create a consistent method resolution\norder (MRO) for bases");
    for (size_t i = 0; i < sequences->length; i++) {
        List *sequence = as_list(sequences->items[i]);
        if (at[i] >= sequence->length) continue;
        Value head = sequence->items[at[i]];
        int known = object_contains(t, seen, head);
        if (known < 0 || (!known && !list_append(t, seen, head))) {
            builder_abandon(&b);
            return ERROR;
        }
        if (known) continue;
        builder_add_text(&b, as_list(seen)->length > 1 ? ", " : " ");
        builder_add_str(&b, as_str(as_type(head)->name_value));
    }
    OWN Value message = builder_finish(&b);
    return is_error(message) ? ERROR : raise_value(t, &exc_TypeError, message);
}

// Merges the sequences of types into `result`; false: raised.
static bool c3_merge(Thread *t, List *sequences, Value result)
{
    OWN_MEMORY size_t *at = mem_allocate(t, sequences->length * sizeof *at);
    if (!at) return false;
    memset(at, 0, sequences->length * sizeof *at);
    for (;;) {
        Value next = UNBOUND;
        bool left = false;
        for (size_t i = 0; i < sequences->length && is_unbound(next); i++) {
            List *sequence = as_list(sequences->items[i]);
            if (at[i] >= sequence->length) continue;
            left = true;
            next = sequence->items[at[i]];
            for (size_t j = 0; j < sequences->length; j++)
                if (in_tail(as_list(sequences->items[j]), at[j], next)) {
                    next = UNBOUND;
                    break;
                }
        }
        if (!left) return true;
        if (is_unbound(next)) return error_false(mro_conflict(t, sequences, at));
        if (!list_append(t, result, next)) return false;
        for (size_t i = 0; i < sequences->length; i++) {
            List *sequence = as_list(sequences->items[i]);
            if (at[i] < sequence->length && is_same(sequence->items[at[i]], next)) at[i]++;
        }
    }
}

Tuple *type_compute_mro(Thread *t, Type *type)
{
    size_t bases = type->bases->length;
    OWN Value result = list_new(t, 4);
    OWN Value sequences = list_new(t, bases + 1);
    if (is_error(result) || is_error(sequences) || !list_append(t, result, type_value(type))) return NULL;
    for (size_t i = 0; i < bases; i++) {
        Tuple *mro = as_type(type->bases->items[i])->mro;
        if (!mro) return error_null(raise_type_error(t, "Cannot extend an incomplete type '%N'", as_type(type->bases->items[i])));
        if (!list_append_owned(t, sequences, list_from_values(t, mro->items, mro->length))) return NULL;
        for (size_t j = 0; j < i; j++)
            if (is_same(type->bases->items[i], type->bases->items[j]))
                return error_null(raise_type_error(t, "duplicate base class %N", as_type(type->bases->items[i])));
    }
    if (!list_append_owned(t, sequences, list_from_values(t, type->bases->items, bases))) return NULL;
    if (!c3_merge(t, as_list(sequences), result)) return NULL;
    Value tuple = list_to_tuple(t, result);
    return is_error(tuple) ? NULL : as_tuple(tuple);
}

// The nearest type up the chain that adds something to the native layout.
static Type *solid_base(Type *type)
{
    while (type->base && type->base_size == type->base->base_size) type = type->base;
    return type;
}

// What the metaclass's own mro() says, checked: each item a class whose layout instances of `type` have.
static Tuple *ask_mro(Thread *t, Type *type)
{
    OWN Value result = call_method0(t, type_value(type), NAME(mro));
    if (is_error(result)) return NULL;
    OWN Value tuple = tuple_from_iterable(t, result);
    if (is_error(tuple)) return NULL;
    if (!as_tuple(tuple)->length) return error_null(raise_type_error(t, "type MRO must not be empty"));
    for (size_t i = 0; i < as_tuple(tuple)->length; i++) {
        Value item = as_tuple(tuple)->items[i];
        if (!is_type(item)) return error_null(raise_type_error(t, "mro() returned a non-class ('%T')", item));
        if (!type_is_subtype(solid_base(type), solid_base(as_type(item))))
            return error_null(raise_type_error(t, "mro() returned base with unsuitable layout ('%N')", as_type(item)));
    }
    return as_tuple(MOVE(tuple));
}

// The MRO of a type whose bases are new. The metaclass's mro() may set the bases again: what the inner call made stands.
typedef enum MroOutcome { MRO_FAILED, MRO_SET, MRO_SET_INSIDE } MroOutcome;
static MroOutcome set_mro(Thread *t, Type *type)
{
    OWN_POINTER Tuple *old = RETAIN(type->mro);      // kept, so that no other tuple can have its address
    bool standard = is_same(type_lookup(type->head.type, NAME(mro)), type_lookup(&type_type, NAME(mro)));
    OWN_POINTER Tuple *fresh = standard ? type_compute_mro(t, type) : ask_mro(t, type);
    if (!fresh) return MRO_FAILED;
    if (type->mro != old) return MRO_SET_INSIDE;
    drop_pointer(old);
    type->mro = MOVE_POINTER(fresh);
    return MRO_SET;
}

// The MROs of a type and all that derive from it, anew. `changes` notes (type, new MRO, old MRO) for undo_mros.
static bool set_mros(Thread *t, Type *type, Value changes)
{
    OWN Value old = type->mro ? retain(object_value(type->mro)) : NONE;
    MroOutcome outcome = set_mro(t, type);
    if (outcome != MRO_SET) return outcome == MRO_SET_INSIDE;
    type_modified(type);
    Value change[] = {type_value(type), object_value(type->mro), old};
    OWN Value subclasses = list_new(t, type->subclass_count);
    if (is_error(subclasses) || !list_append_owned(t, changes, tuple_from_values(t, change, COUNT_OF(change)))) return false;
    for (uint32_t i = 0; i < type->subclass_count; i++)
        if (type->subclasses[i]->head.refs > 0 && !list_append(t, subclasses, type_value(type->subclasses[i]))) return false;
    if (!enter_recursion(t, "")) return false;
    bool done = true;
    for (size_t i = 0; done && i < as_list(subclasses)->length; i++) {
        Type *subclass = as_type(as_list(subclasses)->items[i]);
        if (subclass->mro) done = set_mros(t, subclass, changes);
    }
    leave_recursion(t);
    return done;
}

static void undo_mros(Thread *t, List *changes)
{
    for (size_t i = changes->length; i-- > 0;) {
        const Value *change = as_tuple(changes->items[i])->items;
        Type *type = as_type(change[0]);
        if (!is_same(object_value(type->mro), change[1])) continue;      // changed once more since
        Tuple *failed = type->mro;
        type->mro = is_none(change[2]) ? NULL : as_tuple(retain(change[2]));
        type_modified(type);
        drop_pointer(failed);
    }
}

// ---- Bases and layout
Type *type_choose_metatype(Thread *t, Type *metatype, Tuple *bases)
{
    for (size_t i = 0; i < bases->length; i++) {
        Type *other = type_of(bases->items[i]);
        if (type_is_subtype(metatype, other)) continue;
        if (!type_is_subtype(other, metatype))
            return error_null(raise_type_error(t, "metaclass conflict: the metaclass of a derived class must be a (non-strict) subclass of the "
                                                  "metaclasses of all its bases"));
        metatype = other;
    }
    return metatype;
}

static Type *best_base(Thread *t, Tuple *bases)
{
    Type *winner = NULL, *base = NULL;
    for (size_t i = 0; i < bases->length; i++) {
        if (!is_type(bases->items[i])) return error_null(raise_type_error(t, "bases must be types"));
        Type *candidate = as_type(bases->items[i]);
        if (!(candidate->flags & TYPE_BASE)) return error_null(raise_type_error(t, "type '%N' is not an acceptable base type", candidate));
        Type *solid = solid_base(candidate);
        if (!winner || (solid != winner && type_is_subtype(solid, winner))) {
            winner = solid;
            base = candidate;
        } else if (!type_is_subtype(winner, solid)) {
            return error_null(raise_type_error(t, "multiple bases have instance lay-out conflict"));
        }
    }
    return base;
}

// Members are sorted by name.
static bool same_members(const Type *a, const Type *b)
{
    if (a->member_count != b->member_count) return false;
    for (uint32_t i = 0; i < a->member_count; i++)
        if (a->members[i].name != b->members[i].name) return false;
    return true;
}

bool type_same_layout(Type *a, Type *b)
{
    if (!(a->flags & TYPE_HEAP) || !(b->flags & TYPE_HEAP)) return a == b;
    return a->size == b->size && a->base_size == b->base_size && a->attrs_offset == b->attrs_offset && solid_base(a)->slots.finish == solid_base(b)->slots.finish &&
           (solid_base(a) == solid_base(b) || (solid_base(a)->base == solid_base(b)->base && same_members(solid_base(a), solid_base(b))));
}

// ---- __slots__
// Private names are mangled: __x in class C is _C__x.
static Value mangle(Thread *t, Type *type, Value name)
{
    Str *s = as_str(name);
    bool private = s->length > 2 && str_at(s, 0) == '_' && str_at(s, 1) == '_' &&
                   !(str_at(s, s->length - 1) == '_' && str_at(s, s->length - 2) == '_');
    if (!private) return retain(name);
    const char *class_name = type->name;
    while (*class_name == '_') class_name++;
    return *class_name ? str_format(t, "_%s%S", class_name, name) : retain(name);
}

typedef struct SlotWishes { bool dict, weakref; Value names_list; } SlotWishes;

static bool read_slot_names(Thread *t, Type *type, Value slots, SlotWishes *wishes)
{
    OWN Value items = is_str(slots) ? tuple_from_values(t, &slots, 1) : tuple_from_iterable(t, slots);
    if (is_error(items)) return false;
    for (size_t i = 0; i < as_tuple(items)->length; i++) {
        Value name = as_tuple(items)->items[i];
        if (!is_str(name)) return error_false(raise_type_error(t, "__slots__ items must be strings, not '%T'", name));
        if (!str_is_identifier(as_str(name))) return error_false(raise_type_error(t, "__slots__ must be identifiers"));
        if (str_equal(as_str(name), NAME(__dict__))) {
            if (wishes->dict || type->base->attrs_offset) return error_false(raise_type_error(t, "__dict__ slot disallowed: we already got one"));
            wishes->dict = true;
        } else if (str_equal(as_str(name), NAME(__weakref__))) {
            if (wishes->weakref || (type->base->flags & TYPE_HAS_WEAKREFS))
                return error_false(raise_type_error(t, "__weakref__ slot disallowed: either we already got one, or __itemsize__ != 0"));
            wishes->weakref = true;
        } else {
            OWN Value mangled = mangle(t, type, name);
            if (is_error(mangled) || !list_append(t, wishes->names_list, mangled)) return false;
        }
    }
    if (as_list(wishes->names_list)->length && (type->base->flags & (TYPE_VAR_SIZED | TYPE_IS_INT)))
        return error_false(raise_type_error(t, "nonempty __slots__ not supported for subtype of '%N'", type->base));
    return true;
}

static bool add_members(Thread *t, Type *type, List *slot_names)
{
    if (!slot_names->length) return true;
    type->members = mem_allocate(t, slot_names->length * sizeof *type->members);
    if (!type->members) return false;
    if (!list_sort(t, object_value(slot_names), NONE, false)) return false;
    for (size_t i = 0; i < slot_names->length; i++) {
        if (i && str_equal(as_str(slot_names->items[i]), as_str(slot_names->items[i - 1]))) continue;      // named twice
        Str *name = str_intern(t, as_str(retain(slot_names->items[i])));
        if (!name) return false;
        type->members[type->member_count++] = (SlotMember){name, (uint32_t)type->size};
        if (!is_unbound(dict_get_str(type->dict, name)))
            return error_false(raise_value_error(t, "'%U' in __slots__ conflicts with class variable", name));
        OWN Value descriptor = member_descriptor_new(t, type, name, (uint32_t)type->size);
        if (is_error(descriptor) || !dict_set_str(t, type->dict, name, descriptor)) return false;
        type->size += sizeof(Value);
        type->base_size = type->size;
    }
    return true;
}

// Where members, attributes and weak references of instances stand.
static bool lay_out(Thread *t, Type *type)
{
    Type *base = type->base;
    type->size = base->size;
    type->base_size = base->base_size;
    type->attrs_offset = base->attrs_offset;
    Value slots = dict_get_str(type->dict, NAME(__slots__));
    OWN Value names_list = list_new(t, 0);
    if (is_error(names_list)) return false;
    SlotWishes wishes = {.names_list = names_list};
    if (is_unbound(slots)) wishes.dict = wishes.weakref = true;
    else if (!read_slot_names(t, type, slots, &wishes)) return false;
    for (size_t i = 0; i < type->bases->length; i++) {       // a second base may bring what the best one lacks
        Type *other = as_type(type->bases->items[i]);
        wishes.dict = wishes.dict || other->attrs_offset;
        wishes.weakref = wishes.weakref || (other->flags & TYPE_HAS_WEAKREFS);
    }
    if (!add_members(t, type, as_list(names_list))) return false;
    if (wishes.dict && !type->attrs_offset && !((type->flags | base->flags) & (TYPE_IS_TYPE | TYPE_IS_MODULE))) {     // a module has a dict already
        if (type->flags & TYPE_VAR_SIZED) {
            type->attrs_offset = -1;
        } else {
            type->attrs_offset = (int32_t)type->size;
            type->size += sizeof(Attrs);
        }
        OWN Value descriptor = dict_descriptor_new(t, type);
        if (is_error(descriptor) || (is_unbound(dict_get_str(type->dict, NAME(__dict__))) && !dict_set_str(t, type->dict, NAME(__dict__), descriptor))) return false;
    }
    if (type->attrs_offset) type->flags |= TYPE_HAS_ATTRS;
    if (wishes.weakref && !(type->flags & TYPE_HAS_WEAKREFS)) {
        type->flags |= TYPE_HAS_WEAKREFS;
        OWN Value descriptor = weakref_descriptor_new(t, type);
        if (is_error(descriptor) || (is_unbound(dict_get_str(type->dict, NAME(__weakref__))) && !dict_set_str(t, type->dict, NAME(__weakref__), descriptor))) return false;
    }
    return true;
}

// ---- The namespace
static bool wrap_as(Thread *t, Type *type, Str *name, Type *wrapper)
{
    Value found = dict_get_str(type->dict, name);
    if (is_unbound(found) || !(type_of(found)->flags & TYPE_METHOD_DESCRIPTOR) || as_object(found)->type == &method_descriptor_type) return true;
    OWN Value wrapped = call1(t, type_value(wrapper), found);
    return !is_error(wrapped) && dict_set_str(t, type->dict, name, wrapped);
}

static bool fill_namespace(Thread *t, Type *type)
{
    Dict *dict = type->dict;
    if (is_unbound(dict_get_str(dict, NAME(__module__)))) {
        Value globals = t->interp->up.current_globals ? t->interp->up.current_globals(t) : UNBOUND;
        Value module = is_unbound(globals) ? UNBOUND : dict_get_str(as_dict(globals), NAME(__name__));
        if (!is_unbound(module) && !dict_set_str(t, dict, NAME(__module__), module)) return false;
    }
    Value qualname = dict_pop(t, dict, NAME_VALUE(__qualname__));
    if (is_error(qualname)) return false;
    if (is_unbound(qualname)) qualname = retain(type->name_value);
    if (!is_str(qualname)) {
        OWN Value bad = qualname;
        return error_false(raise_type_error(t, "type __qualname__ must be a str, not %T", bad));
    }
    type->qualname = qualname;
    if (!is_unbound(dict_get_str(dict, NAME(__eq__))) && is_unbound(dict_get_str(dict, NAME(__hash__))) && !dict_set_str(t, dict, NAME(__hash__), NONE)) return false;
    return wrap_as(t, type, NAME(__new__), &staticmethod_type) && wrap_as(t, type, NAME(__init_subclass__), &classmethod_type) &&
           wrap_as(t, type, NAME(__class_getitem__), &classmethod_type);
}

// After lay_out: a slot may be named __doc__.
static bool default_doc(Thread *t, Type *type)
{
    Value doc = dict_get_str(type->dict, NAME(__doc__));
    if (is_unbound(doc)) return dict_set_str(t, type->dict, NAME(__doc__), NONE);
    if (!is_str(doc)) return true;
    OWN_MEMORY char *text = str_to_utf8(t, as_str(doc), NULL);      // a half of a surrogate pair is refused here, and here only
    return text != NULL;
}

static bool set_class_cell(Thread *t, Type *type)
{
    OWN Value cell = dict_pop(t, type->dict, NAME_VALUE(__classcell__));
    if (is_unbound(cell)) return true;
    if (is_error(cell)) return false;
    if (!is_object(cell) || as_object(cell)->type != &cell_type)
        return error_false(raise_type_error(t, "__classcell__ must be a nonlocal cell, not <class '%T'>", cell));
    assign(&((Cell *)as_object(cell))->value, retain(type_value(type)));
    return true;
}

static bool call_set_names(Thread *t, Type *type)
{
    OWN_POINTER Dict *copy = dict_copy(t, type->dict);
    if (!copy) return false;
    size_t at = 0;
    Value key, value;
    while (dict_next(copy, &at, &key, &value)) {
        OWN Value method = special_method(t, value, NAME(__set_name__));
        if (is_unbound(method)) continue;
        if (is_error(method)) return false;
        OWN Value result = call2(t, method, type_value(type), key);
        if (!is_error(result)) continue;
        OWN Value cause = error_take(t);
        raise_error(t, &exc_RuntimeError, "Error calling __set_name__ on '%T' instance %R in '%N'", value, key, type);
        OWN Value error = error_take(t);
        assign(&as_exception(error)->context, retain(cause));
        return error_false(raise_statement(t, error, cause));
    }
    return true;
}

static bool call_init_subclass(Thread *t, Type *type, const Value *kwvalues, Value kwnames)
{
    OWN Value super = call2(t, type_value(&super_type), type_value(type), type_value(type));
    if (is_error(super)) return false;
    OWN Value method = object_get_attr(t, super, NAME(__init_subclass__));
    if (is_error(method)) return false;
    OWN Value result = call(t, method, kwvalues, 0, kwnames);
    return !is_error(result);
}

static void inherit_flags(Type *type)
{
    uint32_t inherited = TYPE_SUBCLASS_BITS | TYPE_HAS_ATTRS | TYPE_HAS_WEAKREFS | TYPE_VAR_SIZED | TYPE_SEQUENCE;
    type->flags |= TYPE_HEAP | TYPE_BASE | TYPE_GC | (type->base->flags & inherited);
    const uint32_t patterns = TYPE_PATTERN_SEQUENCE | TYPE_PATTERN_MAPPING;
    for (size_t i = 0; i < type->bases->length; i++) {
        uint32_t flags = as_type(type->bases->items[i])->flags;
        if (!(type->flags & patterns)) type->flags |= flags & patterns;      // the first base that is either decides
        type->flags |= flags & TYPE_MATCH_SELF;
    }
}

char *type_name_text(Thread *t, Value name)
{
    OWN_MEMORY char *text = str_to_utf8(t, as_str(name), NULL);
    if (!text) return NULL;
    for (size_t i = 0; i < as_str(name)->length; i++)
        if (str_at(as_str(name), i) == 0) return error_null(raise_value_error(t, "type name must not contain null characters"));
    return MOVE_POINTER(text);
}

static bool name_type(Thread *t, Type *type, Value name)
{
    type->name = type_name_text(t, name);
    if (type->name) type->name_value = retain(name);
    return type->name != NULL;
}

// Makes the type known to its bases, once to each.
static bool join_bases(Thread *t, Type *type)
{
    for (size_t i = 0; i < type->bases->length; i++) {
        Type *base = as_type(type->bases->items[i]);
        type_remove_subclass(base, type);
        if (!type_add_subclass(t, base, type)) return false;
    }
    return true;
}

Value type_create(Thread *t, Type *metatype, Value name, Value bases_value, Value namespace, const Value *kwvalues, Value kwnames)
{
    Value object_base = type_value(&object_type);
    OWN Value bases = as_tuple(bases_value)->length ? retain(bases_value) : tuple_from_values(t, &object_base, 1);
    if (is_error(bases)) return ERROR;
    Type *base = best_base(t, as_tuple(bases));
    if (!base) return ERROR;
    OWN_POINTER Type *type = (Type *)object_new(t, metatype);
    if (!type) return ERROR;
    type->base = RETAIN(base);
    type->bases = as_tuple(retain(bases));
    type->root_shape = shape_root(type);
    type->dict = dict_copy(t, as_dict(namespace));
    if (!type->root_shape || !type->dict || !name_type(t, type, name)) return ERROR;
    inherit_flags(type);
    type->inline_slots = base->inline_slots ? base->inline_slots : 4;
    type->slots.visit = base->slots.visit;
    type->slots.unlink = base->slots.unlink;
    type->slots.finish = base->slots.finish;
    type->slots.size = base->slots.size;
    type->slots.get_buffer = base->slots.get_buffer;
    type->slots.release_buffer = base->slots.release_buffer;
    if (!fill_namespace(t, type) || !lay_out(t, type) || !default_doc(t, type)) return ERROR;
    type_modified(type);
    if (!set_class_cell(t, type) || set_mro(t, type) == MRO_FAILED || !join_bases(t, type)) return ERROR;
    slots_update(type, NULL);
    if (!call_set_names(t, type) || !call_init_subclass(t, type, kwvalues, kwnames)) return ERROR;
    return object_value(MOVE_POINTER(type));
}

// Whether `base` derives from `type`, or is about to: its MRO may be the old one while its metaclass's mro() runs.
static bool would_be_cycle(const Type *base, const Type *type)
{
    if (type_is_subtype(base, type)) return true;
    while (base && base != type) base = base->base;
    return base == type;
}

static bool check_bases(Thread *t, Type *type, Value bases)
{
    if (!(type->flags & TYPE_HEAP) || (type->flags & TYPE_IMMUTABLE))
        return error_false(raise_type_error(t, "cannot set '__bases__' attribute of immutable type '%N'", type));
    if (is_unbound(bases)) return error_false(raise_type_error(t, "cannot delete '__bases__' attribute of immutable type '%N'", type));
    if (!is_tuple(bases)) return error_false(raise_type_error(t, "can only assign tuple to %N.__bases__, not %T", type, bases));
    if (!as_tuple(bases)->length) return error_false(raise_type_error(t, "can only assign non-empty tuple to %N.__bases__, not ()", type));
    for (size_t i = 0; i < as_tuple(bases)->length; i++) {
        Value candidate = as_tuple(bases)->items[i];
        if (!is_type(candidate)) return error_false(raise_type_error(t, "%N.__bases__ must be tuple of classes, not '%T'", type, candidate));
        if (would_be_cycle(as_type(candidate), type)) return error_false(raise_type_error(t, "a __bases__ item causes an inheritance cycle"));
    }
    return true;
}

bool type_set_bases(Thread *t, Type *type, Value bases)
{
    if (!check_bases(t, type, bases)) return false;
    Type *base = best_base(t, as_tuple(bases));
    if (!base) return false;
    if (solid_base(base) != solid_base(type->base) || base->attrs_offset > type->attrs_offset)
        return error_false(raise_type_error(t, "__bases__ assignment: '%N' object layout differs from '%N'", base, type->base));
    OWN Value changes = list_new(t, 0);
    if (is_error(changes)) return false;
    OWN_POINTER Tuple *old_bases = type->bases;
    OWN_POINTER Type *old_base = type->base;
    type->bases = as_tuple(retain(bases));
    type->base = RETAIN(base);
    if (!set_mros(t, type, changes)) {
        undo_mros(t, as_list(changes));
        if (is_same(object_value(type->bases), bases)) {      // else mro() has set others, and has told their fate
            drop_pointer(type->bases);
            drop_pointer(type->base);
            type->bases = MOVE_POINTER(old_bases);
            type->base = MOVE_POINTER(old_base);
        }
        return false;
    }
    for (size_t i = 0; i < old_bases->length; i++) type_remove_subclass(as_type(old_bases->items[i]), type);
    if (!join_bases(t, type)) return false;
    type_modified(type);
    slots_update(type, NULL);
    return true;
}
