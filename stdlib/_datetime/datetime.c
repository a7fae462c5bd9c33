// SPDX-License-Identifier: MIT
// stdlib/_datetime/datetime.c: datetime.
#include "stdlib/_datetime/datetime.h"

#include "runtime/call.h"
#include "runtime/types/bytes.h"
#include "runtime/types/int.h"
#include "runtime/types/tuple.h"

Type datetime_type;

// ---- Making datetimes
static Value datetime_blank(Thread *t, Type *type, Day day, Clock clock, Value zone)
{
    DateTime *made = (DateTime *)object_new(t, type);
    if (!made) return ERROR;
    made->date.day = day;
    made->clock = clock;
    made->zone = retain(zone);
    return object_value(made);
}
Value datetime_new(Thread *t, Type *type, Day day, Clock c, Value zone)
{
    if (type == &datetime_type) return datetime_blank(t, type, day, c, zone);
    Value args[] = {small_int(day.year), small_int(day.month), small_int(day.day), small_int(c.hour), small_int(c.minute), small_int(c.second), small_int(c.microsecond), zone, small_int(c.fold)};
    OWN_POINTER Str *fold = str_intern_text(t, "fold", 4);
    OWN Value keywords = !fold ? ERROR : c.fold ? tuple_of(t, 1, object_value(fold)) : UNBOUND;
    return is_error(keywords) ? ERROR : call(t, type_value(type), args, 8, keywords);
}
// n: year, month, day, hour, minute, second, microsecond, fold.
static bool fields_from(Thread *t, const int n[8], Day *day, Clock *clock)
{
    *day = (Day){n[0], n[1], n[2]};
    if (!day_check(t, *day) || !clock_check(t, n[3], n[4], n[5], n[6], n[7])) return false;
    *clock = (Clock){.hour = (uint8_t)n[3], .minute = (uint8_t)n[4], .second = (uint8_t)n[5], .microsecond = n[6], .fold = (uint8_t)n[7]};
    return true;
}
static Value datetime_construct(Thread *t, Type *type, const Value *args)
{
    static const char *const parameters[] = {"year", "month", "day"};
    uint8_t state[10];
    bool is_state;
    Day day;
    Clock clock;
    if (is_object(args[0])) {
        if (!state_from(t, args[0], sizeof state, state, &is_state)) return ERROR;
        if (is_state && state_day(state, &day) && state_clock(state + 4, &clock)) {
            Value zone = is_unbound(args[1]) ? NONE : args[1];
            clock.fold = state[2] >> 7;
            if (!is_none(zone) && !(is_object(zone) && is_instance_of(zone, &tzinfo_type))) return raise_type_error(t, "bad tzinfo state arg");
            return datetime_blank(t, type, day, clock, zone);
        }
    }
    for (size_t i = 1; i < 3; i++)
        if (is_unbound(args[i])) return raise_type_error(t, "function missing required argument '%s' (pos %zu)", parameters[i], i + 1);
    int n[8] = {0};
    if (!ints_from(t, args, 7, n) || !ints_from(t, args + 8, 1, n + 7) || !zone_check(t, args[7]) || !fields_from(t, n, &day, &clock)) return ERROR;
    return datetime_blank(t, type, day, clock, args[7]);
}
static void datetime_finish(Thread *t, Object *o) { clear(&((DateTime *)o)->zone); }

Value datetime_plus(Thread *t, Value v, __int128 us)
{
    const DateTime *d = as_datetime(v);
    __int128 sum = (__int128)ordinal_of(d->date.day) * DAY_US + clock_us(d->clock) + us;
    if (sum < DAY_US || sum >= (__int128)(LAST_DAY + 1) * DAY_US) return raise_error(t, &exc_OverflowError, "date value out of range");
    return datetime_new(t, type_of(v), day_of_ordinal((int)(sum / DAY_US)), clock_of_us((int64_t)(sum % DAY_US)), d->zone);
}
// The moment of a timestamp in a zone: its local time; zone None: the host's.
static Value from_moment(Thread *t, Type *type, int64_t seconds, int microseconds, Value zone)
{
    if (!zone_check(t, zone)) return ERROR;
    OWN Value made = datetime_from_seconds(t, type, seconds, microseconds, is_none(zone), zone);
    return is_error(made) || is_none(zone) ? MOVE(made) : call_named(t, zone, "fromutc", &made, 1);
}
static Value datetime_now(Thread *t, Value self, const Value *args)
{
    int64_t seconds;
    int microseconds;
    return clock_now(t, &seconds, &microseconds) ? from_moment(t, as_type(self), seconds, microseconds, args[0]) : ERROR;
}
static Value datetime_utcnow(Thread *t, Value self, const Value *args)
{
    int64_t seconds;
    int microseconds;
    return clock_now(t, &seconds, &microseconds) ? datetime_from_seconds(t, as_type(self), seconds, microseconds, false, NONE) : ERROR;
}
static Value datetime_fromtimestamp(Thread *t, Value self, const Value *args)
{
    int64_t seconds;
    int microseconds;
    if (!zone_check(t, args[1]) || !timestamp_from(t, args[0], false, &seconds, &microseconds)) return ERROR;
    return from_moment(t, as_type(self), seconds, microseconds, args[1]);
}
static Value datetime_utcfromtimestamp(Thread *t, Value self, const Value *args)
{
    int64_t seconds;
    int microseconds;
    return timestamp_from(t, args[0], false, &seconds, &microseconds) ? datetime_from_seconds(t, as_type(self), seconds, microseconds, false, NONE) : ERROR;
}
static Value datetime_combine(Thread *t, Value self, const Value *args)
{
    if (!is_date(args[0])) return raise_type_error(t, "combine() argument 1 must be datetime.date, not %T", args[0]);
    if (!is_time(args[1])) return raise_type_error(t, "combine() argument 2 must be datetime.time, not %T", args[1]);
    Value zone = is_unbound(args[2]) ? as_time(args[1])->zone : args[2];
    return zone_check(t, zone) ? datetime_new(t, as_type(self), as_date(args[0])->day, as_time(args[1])->clock, zone) : ERROR;
}
static Value datetime_fromisoformat(Thread *t, Value self, const Value *args) { return parse_datetime(t, as_type(self), args[0]); }
static Value datetime_strptime(Thread *t, Value self, const Value *args)
{
    for (int i = 0; i < 2; i++)
        if (!is_str(args[i])) return raise_type_error(t, "strptime() argument %d must be str, not %T", i + 1, args[i]);
    OWN_POINTER Str *name = str_intern_text(t, "_strptime", 9);
    OWN Value module = name ? t->interp->up.import_module(t, name) : ERROR;
    return is_error(module) ? ERROR : call_named(t, module, "_strptime_datetime", (Value[]){self, args[0], args[1]}, 3);
}
static Value datetime_replace(Thread *t, Value self, const Value *args)
{
    const DateTime *d = as_datetime(self);
    int n[8] = {d->date.day.year, d->date.day.month, d->date.day.day, d->clock.hour, d->clock.minute, d->clock.second, d->clock.microsecond, d->clock.fold};
    Day day;
    Clock clock;
    Value zone = is_unbound(args[7]) ? d->zone : args[7];
    if (!ints_from(t, args, 7, n) || !ints_from(t, args + 8, 1, n + 7) || !zone_check(t, zone) || !fields_from(t, n, &day, &clock)) return ERROR;
    return datetime_new(t, type_of(self), day, clock, zone);
}

// ---- Parts
static Value datetime_date(Thread *t, Value self, const Value *args) { return date_new(t, &date_type, as_date(self)->day); }
static Value datetime_time(Thread *t, Value self, const Value *args) { return time_new(t, &time_type, as_datetime(self)->clock, NONE); }
static Value datetime_timetz(Thread *t, Value self, const Value *args) { return time_new(t, &time_type, as_datetime(self)->clock, as_datetime(self)->zone); }
static Value datetime_timetuple(Thread *t, Value self, const Value *args)
{
    const DateTime *d = as_datetime(self);
    OWN Value dst = zone_dst(t, d->zone, self);
    return is_error(dst) ? ERROR : struct_time_of(t, d->date.day, d->clock, is_none(dst) ? -1 : delta_us(as_delta(dst)) != 0);
}
// The UTC time, as microseconds from ordinal 0; None of an offset counts as UTC.
static bool utc_us(Thread *t, Value v, Value offset, __int128 *us)
{
    const DateTime *d = as_datetime(v);
    *us = (__int128)ordinal_of(d->date.day) * DAY_US + clock_us(d->clock) - (is_none(offset) ? 0 : delta_us(as_delta(offset)));
    return true;
}
static Value datetime_utctimetuple(Thread *t, Value self, const Value *args)
{
    __int128 us;
    OWN Value offset = zone_offset(t, as_datetime(self)->zone, self);
    if (is_error(offset) || !utc_us(t, self, offset, &us)) return ERROR;
    if (us < DAY_US || us >= (__int128)(LAST_DAY + 1) * DAY_US) return raise_error(t, &exc_OverflowError, "date value out of range");
    return struct_time_of(t, day_of_ordinal((int)(us / DAY_US)), clock_of_us((int64_t)(us % DAY_US)), 0);
}
static Value datetime_timestamp(Thread *t, Value self, const Value *args)
{
    const DateTime *d = as_datetime(self);
    OWN Value offset = zone_offset(t, d->zone, self);
    if (is_error(offset)) return ERROR;
    if (is_none(d->zone)) {
        int64_t seconds;
        if (!local_to_seconds(t, d->date.day, d->clock, &seconds)) return ERROR;
        return float_value((double)seconds + d->clock.microsecond / 1e6);
    }
    __int128 us;
    if (!utc_us(t, self, offset, &us)) return ERROR;
    int64_t since = (int64_t)(us - (__int128)719163 * DAY_US);
    OWN Value whole = int_value(t, since);
    return is_error(whole) ? ERROR : object_binary(t, OP_TRUEDIV, whole, small_int(SECOND_US));
}
static Value datetime_ctime(Thread *t, Value self, const Value *args) { return ctime_value(t, as_date(self)->day, as_datetime(self)->clock); }

// ---- Zones
static Value datetime_utcoffset(Thread *t, Value self, const Value *args) { return zone_offset(t, as_datetime(self)->zone, self); }
static Value datetime_dst(Thread *t, Value self, const Value *args) { return zone_dst(t, as_datetime(self)->zone, self); }
static Value datetime_tzname(Thread *t, Value self, const Value *args) { return zone_name(t, as_datetime(self)->zone, self); }
static Value local_zone_of(Thread *t, Value self)
{
    int64_t seconds;
    return local_to_seconds(t, as_date(self)->day, as_datetime(self)->clock, &seconds) ? local_zone_at(t, seconds) : ERROR;
}
static Value datetime_astimezone(Thread *t, Value self, const Value *args)
{
    const DateTime *d = as_datetime(self);
    OWN Value zone = retain(args[0]);
    if (!zone_check(t, zone)) return ERROR;
    if (is_same(d->zone, zone) && !is_none(zone)) return retain(self);
    OWN Value offset = zone_offset(t, d->zone, self);
    if (is_error(offset)) return ERROR;
    if (is_none(offset)) {                            // naive: local time
        OWN Value own = local_zone_of(t, self);
        if (is_error(own)) return ERROR;
        if (is_same(own, zone)) return datetime_new(t, type_of(self), d->date.day, d->clock, zone);
        assign(&offset, zone_offset(t, own, self));
        if (is_error(offset)) return ERROR;
    }
    __int128 us;
    if (!utc_us(t, self, offset, &us)) return ERROR;
    if (us < DAY_US || us >= (__int128)(LAST_DAY + 1) * DAY_US) return raise_error(t, &exc_OverflowError, "date value out of range");
    if (is_none(zone)) {
        __int128 since = us - (__int128)719163 * DAY_US;
        int64_t seconds = (int64_t)(since / SECOND_US) - (since % SECOND_US < 0);
        assign(&zone, local_zone_at(t, seconds));
        if (is_error(zone)) return ERROR;
    }
    OWN Value utc = datetime_new(t, type_of(self), day_of_ordinal((int)(us / DAY_US)), clock_of_us((int64_t)(us % DAY_US)), zone);
    return is_error(utc) ? ERROR : call_named(t, zone, "fromutc", &utc, 1);
}

// ---- Text
static Value datetime_isoformat(Thread *t, Value self, const Value *args)
{
    const DateTime *d = as_datetime(self);
    char day_part[16], clock_part[CLOCK_TEXT_MAX], offset_part[CLOCK_TEXT_MAX];
    if (!is_str(args[0])) return raise_type_error(t, "isoformat() argument 1 must be a unicode character, not %T", args[0]);
    if (as_str(args[0])->length != 1) return raise_type_error(t, "isoformat() argument 1 must be a unicode character, not str");
    if (!clock_text(t, d->clock, args[1], clock_part)) return ERROR;
    day_text(d->date.day, day_part);
    OWN Value offset = zone_offset(t, d->zone, self);
    return is_error(offset) || !offset_text(t, offset, ":", offset_part) ? ERROR : str_format(t, "%s%S%s%s", day_part, args[0], clock_part, offset_part);
}
static Value datetime_str(Thread *t, Value self)
{
    OWN Value space = str_from_ascii(t, " ", 1);
    return is_error(space) ? ERROR : call_named(t, self, "isoformat", &space, 1);
}
static Value datetime_repr(Thread *t, Value self)
{
    const DateTime *d = as_datetime(self);
    const Clock c = d->clock;
    StrBuilder b;
    builder_start(t, &b);
    OWN Value head = str_format(t, "%s(%d, %d, %d, %d, %d", type_of(self) == &datetime_type ? "datetime.datetime" : type_of(self)->name, d->date.day.year, d->date.day.month,
                                d->date.day.day, c.hour, c.minute);
    OWN Value rest = c.microsecond ? str_format(t, ", %d, %d", c.second, (int)c.microsecond) : c.second ? str_format(t, ", %d", c.second) : object_value(str_empty);
    if (is_error(head) || is_error(rest)) return ERROR;
    builder_add_str(&b, as_str(head));
    builder_add_str(&b, as_str(rest));
    if (c.fold) builder_add_text(&b, ", fold=1");
    if (!is_none(d->zone)) {
        builder_add_text(&b, ", tzinfo=");
        builder_add_repr(&b, d->zone);
    }
    builder_add(&b, ')');
    return builder_finish(&b);
}
static Value datetime_strftime(Thread *t, Value self, const Value *args)
{
    OWN Value parts = call_named(t, self, "timetuple", NULL, 0);
    return is_error(parts) ? ERROR : strftime_value(t, self, args[0], parts, self);
}

// ---- Operators
static Value datetime_add(Thread *t, Value a, Value b)
{
    if (is_datetime(a) && is_delta(b)) return datetime_plus(t, a, delta_us(as_delta(b)));
    return is_delta(a) && is_datetime(b) ? datetime_plus(t, b, delta_us(as_delta(a))) : NOT_IMPLEMENTED;
}
// The offsets of both; false: raised. NONE for both, *differ false, if the zones are one.
static bool both_offsets(Thread *t, Value a, Value b, Value *offset, Value *other)
{
    *offset = *other = NONE;
    if (is_same(as_datetime(a)->zone, as_datetime(b)->zone)) return true;
    *offset = zone_offset(t, as_datetime(a)->zone, a);
    if (is_error(*offset)) return false;
    *other = zone_offset(t, as_datetime(b)->zone, b);
    return !is_error(*other);
}
static Value datetime_subtract(Thread *t, Value a, Value b)
{
    if (!is_datetime(a)) return NOT_IMPLEMENTED;
    if (is_delta(b)) return datetime_plus(t, a, -delta_us(as_delta(b)));
    if (!is_datetime(b)) return NOT_IMPLEMENTED;
    OWN Value offset = UNBOUND, other = UNBOUND;
    __int128 us, other_us;
    if (!both_offsets(t, a, b, &offset, &other)) return ERROR;
    if (is_none(offset) != is_none(other)) return raise_type_error(t, "can't subtract offset-naive and offset-aware datetimes");
    return utc_us(t, a, offset, &us) && utc_us(t, b, other, &other_us) ? delta_new(t, &delta_type, us - other_us) : ERROR;
}
bool offsets_equal(Thread *t, Value a, Value b, bool *equal)
{
    *equal = is_none(a) || is_none(b) ? is_none(a) && is_none(b) : delta_us(as_delta(a)) == delta_us(as_delta(b));
    return true;
}
// Whether the offset at this time depends on its fold: such a time equals none in another zone.
static bool depends_on_fold(Thread *t, Value v, Value offset, bool *depends)
{
    const DateTime *d = as_datetime(v);
    Clock clock = d->clock;
    clock.fold = !clock.fold;
    OWN Value flipped = datetime_blank(t, &datetime_type, d->date.day, clock, d->zone);
    OWN Value other = is_error(flipped) ? ERROR : zone_offset(t, d->zone, flipped);
    bool equal;
    if (is_error(other) || !offsets_equal(t, offset, other, &equal)) return false;
    *depends = !equal;
    return true;
}
static Value datetime_compare(Thread *t, Value a, Value b, CompareOp op)
{
    if (!is_datetime(a)) return NOT_IMPLEMENTED;
    bool equality = op == CMP_EQ || op == CMP_NE;
    if (!is_datetime(b)) {
        if (!is_date(b)) return NOT_IMPLEMENTED;
        if (equality) return bool_value(op == CMP_NE);
        return raise_type_error(t, "can't compare datetime.datetime to datetime.date");
    }
    OWN Value offset = UNBOUND, other = UNBOUND;
    __int128 us, other_us;
    if (!both_offsets(t, a, b, &offset, &other)) return ERROR;
    if (is_none(offset) != is_none(other)) {
        if (equality) return bool_value(op == CMP_NE);
        return raise_type_error(t, "can't compare offset-naive and offset-aware datetimes");
    }
    if (!utc_us(t, a, offset, &us) || !utc_us(t, b, other, &other_us)) return ERROR;
    if (equality && us == other_us && !is_same(as_datetime(a)->zone, as_datetime(b)->zone)) {
        bool depends = false, other_depends = false;
        if (!depends_on_fold(t, a, offset, &depends) || (!depends && !depends_on_fold(t, b, other, &other_depends))) return ERROR;
        if (depends || other_depends) return bool_value(op == CMP_NE);
    }
    return order_value(us < other_us ? -1 : us > other_us, op);
}
static bool datetime_hash(Thread *t, Value v, int64_t *hash)
{
    const DateTime *d = as_datetime(v);
    Clock clock = d->clock;
    clock.fold = 0;
    OWN Value first = d->clock.fold ? datetime_blank(t, &datetime_type, d->date.day, clock, d->zone) : retain(v);    // equal times, equal hashes
    OWN Value offset = is_error(first) ? ERROR : zone_offset(t, d->zone, first);
    if (is_none(offset)) {
        uint8_t state[10];
        day_state(d->date.day, state);
        clock_state(clock, state + 4);
        *hash = hash_of_state(state, sizeof state);
        return true;
    }
    __int128 us;
    if (is_error(offset) || !utc_us(t, v, offset, &us)) return false;
    *hash = hash_of_numbers((int64_t)(us / DAY_US), (int64_t)(us % DAY_US), 3);
    return true;
}
static Value reduce(Thread *t, Value self, bool with_fold)
{
    const DateTime *d = as_datetime(self);
    uint8_t state[10];
    day_state(d->date.day, state);
    clock_state(d->clock, state + 4);
    if (with_fold && d->clock.fold) state[2] |= 0x80;
    OWN Value bytes = bytes_from(t, (const char *)state, sizeof state);
    OWN Value parts = is_error(bytes) ? ERROR : is_none(d->zone) ? tuple_of(t, 1, bytes) : tuple_of(t, 2, bytes, d->zone);
    return is_error(parts) ? ERROR : tuple_of(t, 2, type_value(type_of(self)), parts);
}
static Value datetime_reduce_ex(Thread *t, Value self, const Value *args)
{
    int protocol;
    return int_as_int(t, args[0], &protocol) ? reduce(t, self, protocol > 3) : ERROR;
}
static Value datetime_reduce(Thread *t, Value self, const Value *args) { return reduce(t, self, false); }

#define FIELDS "year=<unset>, month=<unset>, day=<unset>, hour=<unset>, minute=<unset>, second=<unset>, microsecond=<unset>, tzinfo="
static const Method datetime_methods[] = {
    {"now", datetime_now, "(cls, tz=None)", "Returns new datetime object representing current time local to tz."},
    {"utcnow", datetime_utcnow, "(cls, /)", "Return a new datetime representing UTC day and time."},
    {"fromtimestamp", datetime_fromtimestamp, "(cls, timestamp, tz=None)", "timestamp[, tz] -> tz's local time from POSIX timestamp."},
    {"utcfromtimestamp", datetime_utcfromtimestamp, "(cls, timestamp, /)", "Construct a naive UTC datetime from a POSIX timestamp."},
    {"strptime", datetime_strptime, "(cls, date_string, format, /)", "string, format -> new datetime parsed from a string (like time.strptime())."},
    {"combine", datetime_combine, "(cls, date, time, tzinfo=<unset>)", "date, time -> datetime with same date and time fields"},
    {"fromisoformat", datetime_fromisoformat, "(cls, text, /)", "string -> datetime from a string in most ISO 8601 formats"},
    {"date", datetime_date, "(self, /)", "Return date object with same year, month and day."},
    {"time", datetime_time, "(self, /)", "Return time object with same time but with tzinfo=None."},
    {"timetz", datetime_timetz, "(self, /)", "Return time object with same time and tzinfo."},
    {"ctime", datetime_ctime, "(self, /)", "Return ctime() style string."},
    {"timetuple", datetime_timetuple, "(self, /)", "Return time tuple, compatible with time.localtime()."},
    {"timestamp", datetime_timestamp, "(self, /)", "Return POSIX timestamp as float."},
    {"utctimetuple", datetime_utctimetuple, "(self, /)", "Return UTC time tuple, compatible with time.localtime()."},
    {"isoformat", datetime_isoformat, "(self, sep='T', timespec='auto')", "[sep] -> string in ISO 8601 format, YYYY-MM-DDT[HH[:MM[:SS[.mmm[uuu]]]]][+HH:MM]."},
    {"strftime", datetime_strftime, "(self, format)", "format -> strftime() style string."},
    {"utcoffset", datetime_utcoffset, "(self, /)", "Return self.tzinfo.utcoffset(self)."},
    {"tzname", datetime_tzname, "(self, /)", "Return self.tzinfo.tzname(self)."},
    {"dst", datetime_dst, "(self, /)", "Return self.tzinfo.dst(self)."},
    {"replace", datetime_replace, "(self, " FIELDS "<unset>, *, fold=<unset>)", "Return datetime with new specified fields."},
    {"astimezone", datetime_astimezone, "(self, tz=None)", "tz -> convert to local time in new timezone tz"},
    {"__reduce_ex__", datetime_reduce_ex, "(self, protocol, /)", NULL},
    {"__reduce__", datetime_reduce, "(self, /)", NULL},
    {0},
};
const TypeSpec datetime_spec = {
    .name = "datetime.datetime", .doc = "datetime(year, month, day[, hour[, minute[, second[, microsecond[,tzinfo]]]]])", .size = sizeof(DateTime), .base = &date_type,
    .flags = TYPE_BASE,
    .slots = {.finish = datetime_finish, .repr = datetime_repr, .str = datetime_str, .hash = datetime_hash, .compare = datetime_compare,
              .binary = {[OP_ADD] = datetime_add, [OP_SUBTRACT] = datetime_subtract}},
    .methods = datetime_methods, .getsets = clock_getsets_of_datetime, .construct = datetime_construct,
    .new_signature = "(year, month=<unset>, day=<unset>, hour=<unset>, minute=<unset>, second=<unset>, microsecond=<unset>, tzinfo=None, *, fold=<unset>)",
};
