// SPDX-License-Identifier: MIT
// stdlib/_datetime/date.c: date, and the named tuple of isocalendar().
#include "stdlib/_datetime/datetime.h"

#include <stdio.h>

#include "runtime/call.h"
#include "runtime/types/bytes.h"
#include "runtime/types/int.h"
#include "runtime/types/tuple.h"

Type date_type, iso_calendar_type;

// ---- What the types share
bool ints_from(Thread *t, const Value *args, size_t count, int *numbers)
{
    for (size_t i = 0; i < count; i++) {
        if (is_small_int(args[i]) && as_small_int(args[i]) == (int)as_small_int(args[i])) numbers[i] = (int)as_small_int(args[i]);
        else if (!is_unbound(args[i]) && !int_as_int(t, args[i], &numbers[i])) return false;
    }
    return true;
}
bool state_from(Thread *t, Value v, size_t length, uint8_t *state, bool *is_state)
{
    *is_state = false;
    if (is_bytes(v)) {
        if (bytes_length(v) != length) return true;
        memcpy(state, bytes_data(v), length);
        *is_state = true;
    } else if (is_str(v) && as_str(v)->length == length) {       // a pickle of Python 2, read as Latin-1
        for (size_t i = 0; i < length; i++) {
            if (str_at(as_str(v), i) > 0xFF)
                return error_false(raise_value_error(t, "Failed to encode latin1 string when unpickling a datetime object. pickle.load(data, encoding='latin1') is assumed."));
            state[i] = (uint8_t)str_at(as_str(v), i);
        }
        *is_state = true;
    }
    return true;
}
bool state_day(const uint8_t *state, Day *day)
{
    *day = (Day){state[0] << 8 | state[1], state[2] & 0x7F, state[3]};
    return day->year >= 1 && day->year <= YEAR_MAX && day->month >= 1 && day->month <= 12 && day->day >= 1 && day->day <= days_in_month(day->year, day->month);
}
bool state_clock(const uint8_t *state, Clock *clock)
{
    *clock = (Clock){.hour = state[0] & 0x7F, .minute = state[1], .second = state[2], .microsecond = state[3] << 16 | state[4] << 8 | state[5]};
    return clock->hour < 24 && clock->minute < 60 && clock->second < 60 && clock->microsecond < SECOND_US;
}
void day_state(Day day, uint8_t *state)
{
    state[0] = (uint8_t)(day.year >> 8);
    state[1] = (uint8_t)day.year;
    state[2] = (uint8_t)day.month;
    state[3] = (uint8_t)day.day;
}
void clock_state(Clock c, uint8_t *state)
{
    state[0] = c.hour;
    state[1] = c.minute;
    state[2] = c.second;
    state[3] = (uint8_t)(c.microsecond >> 16);
    state[4] = (uint8_t)(c.microsecond >> 8);
    state[5] = (uint8_t)c.microsecond;
}

// ---- Making dates
static Value date_blank(Thread *t, Type *type, Day day)
{
    Date *d = (Date *)object_new(t, type);
    if (!d) return ERROR;
    d->day = day;
    return object_value(d);
}
Value date_new(Thread *t, Type *type, Day day)
{
    if (type == &date_type) return date_blank(t, type, day);
    if (type == &datetime_type) return datetime_new(t, type, day, (Clock){0}, NONE);
    return call3(t, type_value(type), small_int(day.year), small_int(day.month), small_int(day.day));
}
static Value date_construct(Thread *t, Type *type, const Value *args)
{
    static const char *const parameters[] = {"year", "month", "day"};
    if (is_unbound(args[1]) && is_unbound(args[2])) {
        uint8_t state[4];
        bool is_state;
        Day day;
        if (!state_from(t, args[0], sizeof state, state, &is_state)) return ERROR;
        if (is_state && state_day(state, &day)) return date_blank(t, type, day);
    }
    for (size_t i = 1; i < 3; i++)
        if (is_unbound(args[i])) return raise_type_error(t, "function missing required argument '%s' (pos %zu)", parameters[i], i + 1);
    int n[3];
    if (!ints_from(t, args, 3, n)) return ERROR;
    Day day = {n[0], n[1], n[2]};
    return day_check(t, day) ? date_blank(t, type, day) : ERROR;
}
static Value date_from_ordinal(Thread *t, Type *type, int64_t ordinal)
{
    if (ordinal < 1) return raise_value_error(t, "ordinal must be >= 1");
    if (ordinal > LAST_DAY) return raise_value_error(t, "year is out of range");
    return date_new(t, type, day_of_ordinal((int)ordinal));
}
static Value date_fromtimestamp(Thread *t, Value self, const Value *args)
{
    int64_t seconds;
    int microseconds;
    Day day;
    return timestamp_from(t, args[0], true, &seconds, &microseconds) && local_day(t, seconds, &day) ? date_new(t, as_type(self), day) : ERROR;
}
static Value date_today(Thread *t, Value self, const Value *args)
{
    if (is_same(self, type_value(&date_type))) {
        int64_t seconds;
        int microseconds;
        Day day;
        return clock_now(t, &seconds, &microseconds) && local_day(t, seconds, &day) ? date_new(t, &date_type, day) : ERROR;
    }
    OWN_POINTER Str *name = str_intern_text(t, "time", 4);
    OWN Value module = name ? t->interp->up.import_module(t, name) : ERROR;
    OWN Value now = is_error(module) ? ERROR : call_method0(t, module, name);
    return is_error(now) ? ERROR : call_named(t, self, "fromtimestamp", &now, 1);
}
static Value date_fromordinal(Thread *t, Value self, const Value *args)
{
    int ordinal;
    return int_as_int(t, args[0], &ordinal) ? date_from_ordinal(t, as_type(self), ordinal) : ERROR;
}
static Value date_fromisoformat(Thread *t, Value self, const Value *args) { return parse_date(t, as_type(self), args[0]); }
static Value date_fromisocalendar(Thread *t, Value self, const Value *args)
{
    int n[3];
    Day day;
    for (size_t i = 0; i < 3; i++) {
        if (int_as_int(t, args[i], &n[i])) continue;
        return error_clear_if(t, &exc_OverflowError) ? raise_value_error(t, "ISO calendar component out of range") : ERROR;
    }
    return day_from_iso(t, n[0], n[1], n[2], &day) ? date_new(t, as_type(self), day) : ERROR;
}
static Value date_replace(Thread *t, Value self, const Value *args)
{
    Day day = as_date(self)->day;
    int n[3] = {day.year, day.month, day.day};
    if (!ints_from(t, args, 3, n)) return ERROR;
    day = (Day){n[0], n[1], n[2]};
    return day_check(t, day) ? date_new(t, type_of(self), day) : ERROR;
}

// ---- Asking dates
static Value date_toordinal(Thread *t, Value self, const Value *args) { return small_int(ordinal_of(as_date(self)->day)); }
static Value date_weekday(Thread *t, Value self, const Value *args) { return small_int(weekday_of(as_date(self)->day)); }
static Value date_isoweekday(Thread *t, Value self, const Value *args) { return small_int(weekday_of(as_date(self)->day) + 1); }
static Value date_isocalendar(Thread *t, Value self, const Value *args)
{
    Day iso = iso_day(as_date(self)->day);
    Tuple *made = (Tuple *)object_new_sized(t, &iso_calendar_type, sizeof(Tuple) + 3 * sizeof(Value));
    if (!made) return ERROR;
    made->length = 3;
    made->items[0] = small_int(iso.year);
    made->items[1] = small_int(iso.month);
    made->items[2] = small_int(iso.day);
    return object_value(made);
}
static Value date_timetuple(Thread *t, Value self, const Value *args) { return struct_time_of(t, as_date(self)->day, (Clock){0}, -1); }
static Value date_ctime(Thread *t, Value self, const Value *args) { return ctime_value(t, as_date(self)->day, (Clock){0}); }
static Value date_isoformat(Thread *t, Value self, const Value *args)
{
    char text[16];
    return str_from_ascii(t, text, day_text(as_date(self)->day, text));
}
static Value date_str(Thread *t, Value self) { return call_named(t, self, "isoformat", NULL, 0); }
static Value date_repr(Thread *t, Value self)
{
    Day d = as_date(self)->day;
    return str_format(t, "%s(%d, %d, %d)", type_of(self) == &date_type ? "datetime.date" : type_of(self)->name, d.year, d.month, d.day);
}
static Value date_strftime(Thread *t, Value self, const Value *args)
{
    OWN Value parts = call_named(t, self, "timetuple", NULL, 0);
    return is_error(parts) ? ERROR : strftime_value(t, self, args[0], parts, UNBOUND);
}
static Value date_format(Thread *t, Value self, const Value *args) { return format_value(t, self, args[0]); }

// ---- Operators
static Value date_plus(Thread *t, Value date, int64_t days)
{
    int64_t ordinal = ordinal_of(as_date(date)->day) + days;
    if (ordinal < 1 || ordinal > LAST_DAY) return raise_error(t, &exc_OverflowError, "date value out of range");
    return date_new(t, type_of(date), day_of_ordinal((int)ordinal));
}
static Value date_add(Thread *t, Value a, Value b)
{
    if (is_datetime(a) || is_datetime(b)) return NOT_IMPLEMENTED;
    if (is_date(a) && is_delta(b)) return date_plus(t, a, as_delta(b)->days);
    return is_delta(a) && is_date(b) ? date_plus(t, b, as_delta(a)->days) : NOT_IMPLEMENTED;
}
static Value date_subtract(Thread *t, Value a, Value b)
{
    if (!is_date(a) || is_datetime(a) || is_datetime(b)) return NOT_IMPLEMENTED;
    if (is_date(b)) return delta_new(t, &delta_type, (__int128)(ordinal_of(as_date(a)->day) - ordinal_of(as_date(b)->day)) * DAY_US);
    return is_delta(b) ? date_plus(t, a, -(int64_t)as_delta(b)->days) : NOT_IMPLEMENTED;
}
static Value date_compare(Thread *t, Value a, Value b, CompareOp op)
{
    if (!is_date(a) || !is_date(b)) return NOT_IMPLEMENTED;
    return order_value(ordinal_of(as_date(a)->day) - ordinal_of(as_date(b)->day), op);
}
static bool date_hash(Thread *t, Value v, int64_t *hash)
{
    uint8_t state[4];
    day_state(as_date(v)->day, state);
    *hash = hash_of_state(state, sizeof state);
    return true;
}
static Value date_reduce(Thread *t, Value self, const Value *args)
{
    uint8_t state[4];
    day_state(as_date(self)->day, state);
    OWN Value bytes = bytes_from(t, (const char *)state, sizeof state);
    OWN Value parts = is_error(bytes) ? ERROR : tuple_of(t, 1, bytes);
    return is_error(parts) ? ERROR : tuple_of(t, 2, type_value(type_of(self)), parts);
}
static Value get_year(Thread *t, Value self) { return small_int(as_date(self)->day.year); }
static Value get_month(Thread *t, Value self) { return small_int(as_date(self)->day.month); }
static Value get_day(Thread *t, Value self) { return small_int(as_date(self)->day.day); }
static const GetSet date_getsets[] = {{"year", get_year, NULL, NULL}, {"month", get_month, NULL, NULL}, {"day", get_day, NULL, NULL}, {0}};
static const Method date_methods[] = {
    {"fromtimestamp", date_fromtimestamp, "(cls, timestamp, /)", "Create a date from a POSIX timestamp."},
    {"fromordinal", date_fromordinal, "(cls, ordinal, /)", "int -> date corresponding to a proleptic Gregorian ordinal."},
    {"fromisoformat", date_fromisoformat, "(cls, text, /)", "str -> Construct a date from a string in ISO 8601 format."},
    {"fromisocalendar", date_fromisocalendar, "(cls, year, week, day)", "int, int, int -> Construct a date from the ISO year, week number and weekday."},
    {"today", date_today, "(cls, /)", "Current date or datetime:  same as self.__class__.fromtimestamp(time.time())."},
    {"ctime", date_ctime, "(self, /)", "Return ctime() style string."},
    {"strftime", date_strftime, "(self, format)", "format -> strftime() style string."},
    {"__format__", date_format, "(self, format, /)", "Formats self with strftime."},
    {"isoformat", date_isoformat, "(self, /)", "Return string in ISO 8601 format, YYYY-MM-DD."},
    {"isoweekday", date_isoweekday, "(self, /)", "Return the day of the week represented by the date.\nMonday == 1 ... Sunday == 7"},
    {"isocalendar", date_isocalendar, "(self, /)", "Return a named tuple containing ISO year, week number, and weekday."},
    {"timetuple", date_timetuple, "(self, /)", "Return time tuple, compatible with time.localtime()."},
    {"toordinal", date_toordinal, "(self, /)", "Return proleptic Gregorian ordinal.  January 1 of year 1 is day 1."},
    {"weekday", date_weekday, "(self, /)", "Return the day of the week represented by the date.\nMonday == 0 ... Sunday == 6"},
    {"replace", date_replace, "(self, year=<unset>, month=<unset>, day=<unset>)", "Return date with new specified fields."},
    {"__reduce__", date_reduce, "(self, /)", NULL},
    {0},
};
const TypeSpec date_spec = {
    .name = "datetime.date", .doc = "date(year, month, day) --> date object", .size = sizeof(Date), .flags = TYPE_BASE,
    .slots = {.repr = date_repr, .str = date_str, .hash = date_hash, .compare = date_compare, .binary = {[OP_ADD] = date_add, [OP_SUBTRACT] = date_subtract}},
    .methods = date_methods, .getsets = date_getsets, .new_signature = "(year, month=<unset>, day=<unset>)", .construct = date_construct,
};

// ---- IsoCalendarDate
static Value iso_repr(Thread *t, Value v)
{
    const Value *items = as_tuple(v)->items;
    return str_format(t, "datetime.IsoCalendarDate(year=%S, week=%S, weekday=%S)", items[0], items[1], items[2]);
}
static Value iso_year(Thread *t, Value self) { return retain(as_tuple(self)->items[0]); }
static Value iso_week(Thread *t, Value self) { return retain(as_tuple(self)->items[1]); }
static Value iso_weekday(Thread *t, Value self) { return retain(as_tuple(self)->items[2]); }
static Value iso_reduce(Thread *t, Value self, const Value *args)
{
    OWN Value plain = tuple_from_values(t, as_tuple(self)->items, 3);
    OWN Value parts = is_error(plain) ? ERROR : tuple_of(t, 1, plain);
    return is_error(parts) ? ERROR : tuple_of(t, 2, type_value(&tuple_type), parts);
}
static const GetSet iso_getsets[] = {{"year", iso_year, NULL, NULL}, {"week", iso_week, NULL, NULL}, {"weekday", iso_weekday, NULL, NULL}, {0}};
static const Method iso_methods[] = {{"__reduce__", iso_reduce, "(self, /)", NULL}, {0}};
const TypeSpec iso_calendar_spec = {
    .name = "datetime.IsoCalendarDate", .doc = "The result of date.isocalendar() or datetime.isocalendar()", .size = sizeof(Tuple), .base = &tuple_type,
    .flags = TYPE_GC | TYPE_VAR_SIZED | TYPE_IS_TUPLE | TYPE_SEQUENCE | TYPE_NO_NEW, .slots = {.repr = iso_repr}, .methods = iso_methods, .getsets = iso_getsets,
};
