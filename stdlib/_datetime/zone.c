// SPDX-License-Identifier: MIT
// stdlib/_datetime/zone.c: tzinfo, from which time zones derive, and timezone, a fixed offset from UTC.
#include "stdlib/_datetime/datetime.h"

#include "runtime/call.h"
#include "runtime/types/tuple.h"

Type tzinfo_type, timezone_type;
static inline bool is_timezone(Value v) { return is_object(v) && as_object(v)->type == &timezone_type; }
static inline TimeZone *as_timezone(Value v) { return (TimeZone *)as_object(v); }

Value call_named(Thread *t, Value v, const char *name, const Value *args, size_t nargs)
{
    OWN_POINTER Str *key = str_intern_text(t, name, strlen(name));
    return key ? call_method(t, v, key, args, nargs) : ERROR;
}

// ---- Asking a zone
bool zone_check(Thread *t, Value zone)
{
    if (is_none(zone) || (is_object(zone) && is_instance_of(zone, &tzinfo_type))) return true;
    return error_false(raise_type_error(t, "tzinfo argument must be None or of a tzinfo subclass, not type '%T'", zone));
}
static bool offset_in_range(Value offset)
{
    __int128 us = delta_us(as_delta(offset));
    return us > -DAY_US && us < DAY_US;
}
static Value ask_delta(Thread *t, Value zone, const char *name, Value argument)
{
    if (is_none(zone)) return NONE;
    OWN Value offset = call_named(t, zone, name, &argument, 1);
    if (is_error(offset) || is_none(offset)) return MOVE(offset);
    if (!is_delta(offset)) return raise_type_error(t, "tzinfo.%s() must return None or timedelta, not '%.200T'", name, offset);
    if (!offset_in_range(offset)) return raise_value_error(t, "offset must be a timedelta strictly between -timedelta(hours=24) and timedelta(hours=24).");
    return MOVE(offset);
}
Value zone_offset(Thread *t, Value zone, Value argument)
{
    return is_timezone(zone) ? delta_new(t, &delta_type, as_timezone(zone)->offset_us) : ask_delta(t, zone, "utcoffset", argument);
}
Value zone_dst(Thread *t, Value zone, Value argument) { return ask_delta(t, zone, "dst", argument); }
Value zone_name(Thread *t, Value zone, Value argument)
{
    if (is_none(zone)) return NONE;
    OWN Value name = call_named(t, zone, "tzname", &argument, 1);
    if (is_error(name) || is_none(name) || is_str(name)) return MOVE(name);
    return raise_type_error(t, "tzinfo.tzname() must return None or a string, not '%T'", name);
}

// ---- tzinfo
static Value not_there(Thread *t, const char *name) { return raise_error(t, &exc_NotImplementedError, "a tzinfo subclass must implement %s()", name); }
static Value tzinfo_utcoffset(Thread *t, Value self, const Value *args) { return not_there(t, "utcoffset"); }
static Value tzinfo_dst(Thread *t, Value self, const Value *args) { return not_there(t, "dst"); }
static Value tzinfo_tzname(Thread *t, Value self, const Value *args) { return not_there(t, "tzname"); }

// The local time of a UTC time: the zone's standard offset first, and then its daylight saving at the standard time thus found.
static Value tzinfo_fromutc(Thread *t, Value self, const Value *args)
{
    Value utc = args[0];
    if (!is_datetime(utc)) return raise_type_error(t, "fromutc: argument must be a datetime");
    if (!is_same(as_datetime(utc)->zone, self)) return raise_value_error(t, "fromutc: dt.tzinfo is not self");
    OWN Value offset = zone_offset(t, self, utc);
    if (is_error(offset)) return ERROR;
    if (is_none(offset)) return raise_value_error(t, "fromutc: non-None utcoffset() result required");
    OWN Value dst = zone_dst(t, self, utc);
    if (is_error(dst)) return ERROR;
    if (is_none(dst)) return raise_value_error(t, "fromutc: non-None dst() result required");
    OWN Value standard = datetime_plus(t, utc, delta_us(as_delta(offset)) - delta_us(as_delta(dst)));
    OWN Value saving = is_error(standard) ? ERROR : zone_dst(t, self, standard);
    if (is_error(saving)) return ERROR;
    if (is_none(saving)) return raise_value_error(t, "fromutc: tz.dst() gave inconsistent results; cannot convert");
    return datetime_plus(t, standard, delta_us(as_delta(saving)));
}
static Value tzinfo_reduce(Thread *t, Value self, const Value *args)
{
    OWN_POINTER Str *name = str_intern_text(t, "__getinitargs__", 15);
    OWN Value getter = name ? object_get_attr_optional(t, self, name) : ERROR;
    if (is_error(getter)) return ERROR;
    OWN Value initial = is_unbound(getter) ? tuple_from_values(t, NULL, 0) : call0(t, getter);
    OWN Value state = is_error(initial) ? ERROR : call_method0(t, self, NAME(__getstate__));
    return is_error(state) ? ERROR : tuple_of(t, 3, type_value(type_of(self)), initial, state);
}
static Value tzinfo_construct(Thread *t, Type *type, const Value *args)
{
    Object *o = object_new(t, type);
    return o ? object_value(o) : ERROR;
}
static const Method tzinfo_methods[] = {
    {"utcoffset", tzinfo_utcoffset, "(self, dt, /)", "datetime -> timedelta showing offset from UTC, negative values indicating West of UTC"},
    {"dst", tzinfo_dst, "(self, dt, /)", "datetime -> DST offset as timedelta positive east of UTC."},
    {"tzname", tzinfo_tzname, "(self, dt, /)", "datetime -> string name of time zone."},
    {"fromutc", tzinfo_fromutc, "(self, dt, /)", "datetime in UTC -> datetime in local time."},
    {"__reduce__", tzinfo_reduce, "(self, /)", "-> (cls, state)"},
    {0},
};
const TypeSpec tzinfo_spec = {
    .name = "datetime.tzinfo", .doc = "Abstract base class for time zone info objects.", .size = sizeof(Object), .flags = TYPE_BASE, .methods = tzinfo_methods,
    .new_signature = "(*args, **kwargs)", .construct = tzinfo_construct,
};

// ---- timezone
Value timezone_new(Thread *t, int64_t offset_us, Value name)
{
    if (is_unbound(name) && offset_us == 0 && is_object(utc_zone(t))) return retain(utc_zone(t));
    TimeZone *z = (TimeZone *)object_new(t, &timezone_type);
    if (!z) return ERROR;
    z->offset_us = offset_us;
    z->name = retain(name);
    return object_value(z);
}
Value timezone_of_delta(Thread *t, Value offset, Value name)
{
    if (!offset_in_range(offset))
        return raise_value_error(t, "offset must be a timedelta strictly between -timedelta(hours=24) and timedelta(hours=24), not %R.", offset);
    return timezone_new(t, (int64_t)delta_us(as_delta(offset)), name);
}
static Value timezone_construct(Thread *t, Type *type, const Value *args)
{
    if (!is_delta(args[0])) return raise_type_error(t, "timezone() argument 1 must be datetime.timedelta, not %T", args[0]);
    if (!is_unbound(args[1]) && !is_str(args[1])) return raise_type_error(t, "timezone() argument 2 must be str, not %T", args[1]);
    return timezone_of_delta(t, args[0], args[1]);
}
static void timezone_finish(Thread *t, Object *o) { clear(&((TimeZone *)o)->name); }
static Value offset_of(Thread *t, const TimeZone *z) { return delta_new(t, &delta_type, z->offset_us); }
static Value timezone_str(Thread *t, Value v)
{
    const TimeZone *z = as_timezone(v);
    char text[CLOCK_TEXT_MAX];
    if (!is_unbound(z->name)) return retain(z->name);
    if (z->offset_us == 0) return str_from_text(t, "UTC");
    OWN Value offset = offset_of(t, z);
    return !is_error(offset) && offset_text(t, offset, ":", text) ? str_format(t, "UTC%s", text) : ERROR;
}
static Value timezone_repr(Thread *t, Value v)
{
    const TimeZone *z = as_timezone(v);
    if (is_same(v, utc_zone(t))) return str_from_text(t, "datetime.timezone.utc");
    OWN Value offset = offset_of(t, z);
    if (is_error(offset)) return ERROR;
    return is_unbound(z->name) ? str_format(t, "datetime.timezone(%R)", offset) : str_format(t, "datetime.timezone(%R, %R)", offset, z->name);
}
static bool timezone_hash(Thread *t, Value v, int64_t *hash)
{
    *hash = hash_of_numbers(as_timezone(v)->offset_us, 0, 5);
    return true;
}
static Value timezone_compare(Thread *t, Value a, Value b, CompareOp op)
{
    if ((op != CMP_EQ && op != CMP_NE) || !is_timezone(a) || !is_timezone(b)) return NOT_IMPLEMENTED;
    return bool_value((as_timezone(a)->offset_us == as_timezone(b)->offset_us) == (op == CMP_EQ));
}
static bool check_argument(Thread *t, Value v, const char *function)
{
    return is_none(v) || is_datetime(v) || error_false(raise_type_error(t, "%s(dt) argument must be a datetime instance or None, not %.200T", function, v));
}
static Value timezone_utcoffset(Thread *t, Value self, const Value *args) { return check_argument(t, args[0], "utcoffset") ? offset_of(t, as_timezone(self)) : ERROR; }
static Value timezone_dst(Thread *t, Value self, const Value *args) { return check_argument(t, args[0], "dst") ? NONE : ERROR; }
static Value timezone_tzname(Thread *t, Value self, const Value *args) { return check_argument(t, args[0], "tzname") ? timezone_str(t, self) : ERROR; }
static Value timezone_fromutc(Thread *t, Value self, const Value *args)
{
    if (!is_datetime(args[0])) return raise_type_error(t, "fromutc() argument must be a datetime instance");
    if (!is_same(as_datetime(args[0])->zone, self)) return raise_value_error(t, "fromutc: dt.tzinfo is not self");
    return datetime_plus(t, args[0], as_timezone(self)->offset_us);
}
static Value timezone_getinitargs(Thread *t, Value self, const Value *args)
{
    const TimeZone *z = as_timezone(self);
    OWN Value offset = offset_of(t, z);
    if (is_error(offset)) return ERROR;
    return is_unbound(z->name) ? tuple_of(t, 1, offset) : tuple_of(t, 2, offset, z->name);
}
static const Method timezone_methods[] = {
    {"utcoffset", timezone_utcoffset, "(self, dt, /)", "Return fixed offset."},
    {"dst", timezone_dst, "(self, dt, /)", "Return None."},
    {"tzname", timezone_tzname, "(self, dt, /)", "The name given, or one that says the offset, as 'UTC+01:00'."},
    {"fromutc", timezone_fromutc, "(self, dt, /)", "datetime in UTC -> datetime in local time."},
    {"__getinitargs__", timezone_getinitargs, "(self, /)", "pickle support"},
    {0},
};
const TypeSpec timezone_spec = {
    .name = "datetime.timezone", .doc = "Fixed offset from UTC implementation of tzinfo.", .size = sizeof(TimeZone), .base = &tzinfo_type,
    .slots = {.finish = timezone_finish, .repr = timezone_repr, .str = timezone_str, .hash = timezone_hash, .compare = timezone_compare},
    .methods = timezone_methods, .new_signature = "(offset, name=<unset>)", .construct = timezone_construct,
};
