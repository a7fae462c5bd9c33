// SPDX-License-Identifier: MIT
// runtime/slots.h: the two-way table between slots (what C calls) and special methods (what Python calls).
#ifndef BATON_RUNTIME_SLOTS_H
#define BATON_RUNTIME_SLOTS_H

#include "runtime/call.h"

// What a slot wrapper calls: the slot of `owner`, whose method this is, whatever the type of self overrides.
typedef Value (*WrapFn)(Thread *t, Type *owner, Value self, const Value *args);

typedef struct SlotRow {
    Str *const *name;
    size_t offset;            // of the slot in Slots; rows of one slot are neighbours
    void (*dispatch)(void);   // the slot of a class that defines the method in Python
    WrapFn wrap;
    const char *signature;
    const char *doc;
    bool not_for_sequences;   // a reflected method that sequences, which only concatenate, do not have
} SlotRow;

extern const SlotRow slot_rows[];
extern const size_t slot_row_count;

typedef void (*AnySlot)(void);
static inline AnySlot slot_at(const Slots *slots, size_t offset)
{
    AnySlot slot;
    memcpy(&slot, (const char *)slots + offset, sizeof slot);
    return slot;
}
static inline void slot_set(Slots *slots, size_t offset, AnySlot slot) { memcpy((char *)slots + offset, &slot, sizeof slot); }

// Adds a wrapper to the dict of a native type for each slot that its spec fills.
NEEDS_GIL MAY_RAISE bool slots_add_wrappers(Thread *t, Type *type);
// Sets the slots of a heap type from the methods that its MRO has, all of them or those that `name` decides.
NEEDS_GIL void slots_update(Type *type, Str *name /*or NULL*/);
NEEDS_GIL bool hash_refused(Thread *t, Value v, int64_t *hash);     // the hash slot of unhashable types
NEEDS_GIL NEW_REF Value make_by_python(Thread *t, Type *type, const Value *args, size_t nargs, Value kwnames);   // calls type.__new__

// The special method called on v's type; UNBOUND when absent.
#define SPECIAL(t, v, name, ...) call_special(t, v, NAME(name), (const Value[]){__VA_ARGS__}, sizeof((const Value[]){__VA_ARGS__}) / sizeof(Value))

typedef struct SlotWrapper {
    Object head;
    Type *type;               // borrowed: the owner
    const SlotRow *row;
    const Signature *signature;
} SlotWrapper;
extern Type slot_wrapper_type;

#endif
