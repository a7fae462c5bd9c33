// SPDX-License-Identifier: MIT
// stdlib/_json/json.h: what the two halves of _json share.
#ifndef BATON_STDLIB_JSON_H
#define BATON_STDLIB_JSON_H

#include "runtime/error.h"
#include "runtime/types/str.h"

extern Type json_scanner_type, json_encoder_type;
extern const TypeSpec json_scanner_spec, json_encoder_spec;
NEEDS_GIL NEW_REF Value json_scanstring(Thread *t, Value module, const Value *args);
NEEDS_GIL NEW_REF Value json_encode_basestring(Thread *t, Value module, const Value *args);
NEEDS_GIL NEW_REF Value json_encode_basestring_ascii(Thread *t, Value module, const Value *args);

// The two values of a call f(a, b) whose parameters have these names: borrowed. TypeError in the name of `function`.
NEEDS_GIL MAY_RAISE bool json_two_arguments(Thread *t, const char *function, const char *const parameters[2], const Value *args, size_t nargs, Value kwnames, Value two[2]);

#endif
