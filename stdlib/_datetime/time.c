// SPDX-License-Identifier: MIT
// stdlib/_datetime/time.c: time, of a day without a date.
#include "stdlib/_datetime/datetime.h"

#include "runtime/call.h"
#include "runtime/types/bytes.h"
#include "runtime/types/int.h"
#include "runtime/types/tuple.h"

Type time_type;

static Value time_blank(Thread *t, Type *type, Clock clock, Value zone)
{
    Time *made = (Time *)object_new(t, type);
    if (!made) return ERROR;
    made->clock = clock;
    made->zone = retain(zone);
    return object_value(made);
}
Value time_new(Thread *t, Type *type, Clock c, Value zone)
{
    if (type == &time_type) return time_blank(t, type, c, zone);
    Value args[] = {small_int(c.hour), small_int(c.minute), small_int(c.second), small_int(c.microsecond), zone, small_int(c.fold)};
    OWN_POINTER Str *fold = str_intern_text(t, "fold", 4);
    OWN Value keywords = !fold ? ERROR : c.fold ? tuple_of(t, 1, object_value(fold)) : UNBOUND;
    return is_error(keywords) ? ERROR : call(t, type_value(type), args, 5, keywords);
}
static bool clock_from(Thread *t, const int n[5], Clock *clock)
{
    if (!clock_check(t, n[0], n[1], n[2], n[3], n[4])) return false;
    *clock = (Clock){.hour = (uint8_t)n[0], .minute = (uint8_t)n[1], .second = (uint8_t)n[2], .microsecond = n[3], .fold = (uint8_t)n[4]};
    return true;
}
static Value time_construct(Thread *t, Type *type, const Value *args)
{
    uint8_t state[6];
    bool is_state;
    Clock clock;
    if (is_object(args[0])) {
        if (!state_from(t, args[0], sizeof state, state, &is_state)) return ERROR;
        if (is_state && state_clock(state, &clock)) {
            Value zone = is_unbound(args[1]) ? NONE : args[1];
            clock.fold = state[0] >> 7;
            if (!is_none(zone) && !is_instance_of(zone, &tzinfo_type)) return raise_type_error(t, "bad tzinfo state arg");
            return time_blank(t, type, clock, zone);
        }
    }
    int n[5] = {0};
    if (!ints_from(t, args, 4, n) || !ints_from(t, args + 5, 1, n + 4) || !zone_check(t, args[4]) || !clock_from(t, n, &clock)) return ERROR;
    return time_blank(t, type, clock, args[4]);
}
static void time_finish(Thread *t, Object *o) { clear(&((Time *)o)->zone); }

static Value time_replace(Thread *t, Value self, const Value *args)
{
    const Time *x = as_time(self);
    int n[5] = {x->clock.hour, x->clock.minute, x->clock.second, x->clock.microsecond, x->clock.fold};
    Clock clock;
    Value zone = is_unbound(args[4]) ? x->zone : args[4];
    if (!ints_from(t, args, 4, n) || !ints_from(t, args + 5, 1, n + 4) || !zone_check(t, zone) || !clock_from(t, n, &clock)) return ERROR;
    return time_new(t, type_of(self), clock, zone);
}
static Value time_fromisoformat(Thread *t, Value self, const Value *args) { return parse_time(t, as_type(self), args[0]); }

// ---- Asking times
static Value time_utcoffset(Thread *t, Value self, const Value *args) { return zone_offset(t, as_time(self)->zone, NONE); }
static Value time_dst(Thread *t, Value self, const Value *args) { return zone_dst(t, as_time(self)->zone, NONE); }
static Value time_tzname(Thread *t, Value self, const Value *args) { return zone_name(t, as_time(self)->zone, NONE); }
static Value time_isoformat(Thread *t, Value self, const Value *args)
{
    char text[CLOCK_TEXT_MAX], offset_part[CLOCK_TEXT_MAX];
    if (!clock_text(t, as_time(self)->clock, args[0], text)) return ERROR;
    OWN Value offset = zone_offset(t, as_time(self)->zone, NONE);
    return is_error(offset) || !offset_text(t, offset, ":", offset_part) ? ERROR : str_format(t, "%s%s", text, offset_part);
}
static Value time_str(Thread *t, Value self) { return call_named(t, self, "isoformat", NULL, 0); }
static Value time_repr(Thread *t, Value self)
{
    const Time *x = as_time(self);
    const char *name = type_of(self) == &time_type ? "datetime.time" : type_of(self)->name;
    StrBuilder b;
    builder_start(t, &b);
    OWN Value head = x->clock.microsecond ? str_format(t, "%s(%d, %d, %d, %d", name, x->clock.hour, x->clock.minute, x->clock.second, (int)x->clock.microsecond)
                   : x->clock.second     ? str_format(t, "%s(%d, %d, %d", name, x->clock.hour, x->clock.minute, x->clock.second)
                                         : str_format(t, "%s(%d, %d", name, x->clock.hour, x->clock.minute);
    if (is_error(head)) return ERROR;
    builder_add_str(&b, as_str(head));
    if (!is_none(x->zone)) {
        builder_add_text(&b, ", tzinfo=");
        builder_add_repr(&b, x->zone);
    }
    if (x->clock.fold) builder_add_text(&b, ", fold=1");
    builder_add(&b, ')');
    return builder_finish(&b);
}
static Value time_strftime(Thread *t, Value self, const Value *args)
{
    OWN Value parts = struct_time_of(t, (Day){1900, 1, 1}, as_time(self)->clock, -1);
    return is_error(parts) ? ERROR : strftime_value(t, self, args[0], parts, NONE);
}
static Value time_format(Thread *t, Value self, const Value *args) { return format_value(t, self, args[0]); }

static Value time_compare(Thread *t, Value a, Value b, CompareOp op)
{
    if (!is_time(a) || !is_time(b)) return NOT_IMPLEMENTED;
    const Time *x = as_time(a), *y = as_time(b);
    int64_t us = clock_us(x->clock), other_us = clock_us(y->clock);
    if (!is_same(x->zone, y->zone)) {
        OWN Value offset = zone_offset(t, x->zone, NONE);
        OWN Value other = is_error(offset) ? ERROR : zone_offset(t, y->zone, NONE);
        if (is_error(other)) return ERROR;
        if (is_none(offset) != is_none(other)) {
            if (op == CMP_EQ || op == CMP_NE) return bool_value(op == CMP_NE);
            return raise_type_error(t, "can't compare offset-naive and offset-aware times");
        }
        if (!is_none(offset)) {
            us -= (int64_t)delta_us(as_delta(offset));
            other_us -= (int64_t)delta_us(as_delta(other));
        }
    }
    return order_value(us < other_us ? -1 : us > other_us, op);
}
static bool time_hash(Thread *t, Value v, int64_t *hash)
{
    const Time *x = as_time(v);
    OWN Value offset = zone_offset(t, x->zone, NONE);
    if (is_error(offset)) return false;
    if (is_none(offset)) {
        uint8_t state[6];
        clock_state(x->clock, state);
        *hash = hash_of_state(state, sizeof state);
    } else {
        *hash = hash_of_numbers(clock_us(x->clock) - (int64_t)delta_us(as_delta(offset)), 7, 0);
    }
    return true;
}
static Value reduce(Thread *t, Value self, bool with_fold)
{
    const Time *x = as_time(self);
    uint8_t state[6];
    clock_state(x->clock, state);
    if (with_fold && x->clock.fold) state[0] |= 0x80;
    OWN Value bytes = bytes_from(t, (const char *)state, sizeof state);
    OWN Value parts = is_error(bytes) ? ERROR : is_none(x->zone) ? tuple_of(t, 1, bytes) : tuple_of(t, 2, bytes, x->zone);
    return is_error(parts) ? ERROR : tuple_of(t, 2, type_value(type_of(self)), parts);
}
static Value time_reduce_ex(Thread *t, Value self, const Value *args)
{
    int protocol;
    return int_as_int(t, args[0], &protocol) ? reduce(t, self, protocol > 3) : ERROR;
}
static Value time_reduce(Thread *t, Value self, const Value *args) { return reduce(t, self, false); }

#define CLOCK_GETTERS(kind, as_kind) \
    static Value kind##_hour(Thread *t, Value self) { return small_int(as_kind(self)->clock.hour); } \
    static Value kind##_minute(Thread *t, Value self) { return small_int(as_kind(self)->clock.minute); } \
    static Value kind##_second(Thread *t, Value self) { return small_int(as_kind(self)->clock.second); } \
    static Value kind##_microsecond(Thread *t, Value self) { return small_int(as_kind(self)->clock.microsecond); } \
    static Value kind##_fold(Thread *t, Value self) { return small_int(as_kind(self)->clock.fold); } \
    static Value kind##_zone(Thread *t, Value self) { return retain(as_kind(self)->zone); } \
    const GetSet clock_getsets_of_##kind[] = { \
        {"hour", kind##_hour, NULL, NULL}, {"minute", kind##_minute, NULL, NULL}, {"second", kind##_second, NULL, NULL}, \
        {"microsecond", kind##_microsecond, NULL, NULL}, {"tzinfo", kind##_zone, NULL, NULL}, {"fold", kind##_fold, NULL, NULL}, {0}, \
    };
CLOCK_GETTERS(time, as_time)
CLOCK_GETTERS(datetime, as_datetime)

static const Method time_methods[] = {
    {"isoformat", time_isoformat, "(self, timespec='auto')", "Return string in ISO 8601 format, [HH[:MM[:SS[.mmm[uuu]]]]][+HH:MM]."},
    {"strftime", time_strftime, "(self, format)", "format -> strftime() style string."},
    {"__format__", time_format, "(self, format, /)", "Formats self with strftime."},
    {"utcoffset", time_utcoffset, "(self, /)", "Return self.tzinfo.utcoffset(self)."},
    {"tzname", time_tzname, "(self, /)", "Return self.tzinfo.tzname(self)."},
    {"dst", time_dst, "(self, /)", "Return self.tzinfo.dst(self)."},
    {"replace", time_replace, "(self, hour=<unset>, minute=<unset>, second=<unset>, microsecond=<unset>, tzinfo=<unset>, *, fold=<unset>)", "Return time with new specified fields."},
    {"fromisoformat", time_fromisoformat, "(cls, text, /)", "string -> time from a string in ISO 8601 format"},
    {"__reduce_ex__", time_reduce_ex, "(self, protocol, /)", NULL},
    {"__reduce__", time_reduce, "(self, /)", NULL},
    {0},
};
const TypeSpec clock_time_spec = {
    .name = "datetime.time", .doc = "time([hour[, minute[, second[, microsecond[, tzinfo]]]]]) --> a time object", .size = sizeof(Time), .flags = TYPE_BASE,
    .slots = {.finish = time_finish, .repr = time_repr, .str = time_str, .hash = time_hash, .compare = time_compare}, .methods = time_methods,
    .getsets = clock_getsets_of_time, .construct = time_construct,
    .new_signature = "(hour=<unset>, minute=<unset>, second=<unset>, microsecond=<unset>, tzinfo=None, *, fold=<unset>)",
};
