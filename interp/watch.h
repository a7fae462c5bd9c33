// SPDX-License-Identifier: MIT
// interp/watch.h: what the instrumented loop does before an instruction besides tracing: policies, controlled runs, races.
#ifndef BATON_INTERP_WATCH_H
#define BATON_INTERP_WATCH_H

#include "interp/frame.h"

NEEDS_GIL MAY_RAISE bool watch_instruction(Thread *t, Frame *frame, uint32_t i);

// ---- access.c: which data that threads may share an instruction is about to touch
typedef enum AccessForm { FORM_GLOBAL, FORM_ATTRIBUTE, FORM_CELL, FORM_ITEM, FORM_CONTAINER, FORM_OUTPUT } AccessForm;
typedef struct Access {
    const void *place;        // the object or namespace
    uint64_t key;             // of the part; 0: the whole
    AccessForm form;
    bool write, atomic, by_call;
    Value owner, name;        // borrowed: what names it: the container and the key, the object and the attribute …
    Value value;              // what is read or written, where it is known; or UNBOUND
} Access;
enum { ACCESSES_MOST = 8 };
NEEDS_GIL size_t accesses_of(Thread *t, Frame *frame, uint32_t i, Access *found);
NEEDS_GIL NEW_REF Value access_name(Thread *t, const Access *access);     // "counter", "Account.balance", "stock['apple']"

#endif
