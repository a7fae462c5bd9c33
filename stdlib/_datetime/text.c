// SPDX-License-Identifier: MIT
// stdlib/_datetime/text.c: dates and times as text: ISO 8601 both ways, strftime, ctime.
#include "stdlib/_datetime/datetime.h"

#include <stdio.h>

#include "runtime/call.h"
#include "runtime/heap.h"
#include "runtime/types/tuple.h"

// ---- Writing
size_t day_text(Day d, char *text) { return (size_t)snprintf(text, 16, "%04d-%02d-%02d", d.year, d.month, d.day); }

bool clock_text(Thread *t, Clock c, Value timespec, char text[CLOCK_TEXT_MAX])
{
    static const char *const specs[] = {"hours", "minutes", "seconds", "milliseconds", "microseconds"};
    size_t which = COUNT_OF(specs);
    if (!is_str(timespec)) return error_false(raise_type_error(t, "isoformat() argument 'timespec' must be str, not %T", timespec));
    if (str_equal_text(as_str(timespec), "auto")) which = c.microsecond ? 4 : 2;
    else for (size_t i = 0; i < COUNT_OF(specs); i++) if (str_equal_text(as_str(timespec), specs[i])) which = i;
    if (which == COUNT_OF(specs)) return error_false(raise_value_error(t, "Unknown timespec value"));
    int length = snprintf(text, CLOCK_TEXT_MAX, "%02d", c.hour);
    if (which >= 1) length += snprintf(text + length, CLOCK_TEXT_MAX - (size_t)length, ":%02d", c.minute);
    if (which >= 2) length += snprintf(text + length, CLOCK_TEXT_MAX - (size_t)length, ":%02d", c.second);
    if (which == 3) snprintf(text + length, CLOCK_TEXT_MAX - (size_t)length, ".%03d", (int)c.microsecond / 1000);
    if (which == 4) snprintf(text + length, CLOCK_TEXT_MAX - (size_t)length, ".%06d", (int)c.microsecond);
    return true;
}
bool offset_text(Thread *t, Value offset, const char *colon, char text[CLOCK_TEXT_MAX])
{
    text[0] = 0;
    if (is_none(offset)) return true;
    int64_t us = (int64_t)delta_us(as_delta(offset));
    char sign = us < 0 ? '-' : '+';
    Clock c = clock_of_us(us < 0 ? -us : us);
    int length = snprintf(text, CLOCK_TEXT_MAX, "%c%02d%s%02d", sign, c.hour, colon, c.minute);
    if (c.second || c.microsecond) length += snprintf(text + length, CLOCK_TEXT_MAX - (size_t)length, "%s%02d", colon, c.second);
    if (c.microsecond) snprintf(text + length, CLOCK_TEXT_MAX - (size_t)length, ".%06d", (int)c.microsecond);
    return true;
}
static const char *const day_names[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
static const char *const month_names[] = {"", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
Value ctime_value(Thread *t, Day d, Clock c)
{
    char text[64];
    int length = snprintf(text, sizeof text, "%s %s %2d %02d:%02d:%02d %04d", day_names[weekday_of(d)], month_names[d.month], d.day, c.hour, c.minute, c.second, d.year);
    return str_from_ascii(t, text, (size_t)length);
}

static Value time_module(Thread *t)
{
    OWN_POINTER Str *name = str_intern_text(t, "time", 4);
    return name ? t->interp->up.import_module(t, name) : ERROR;
}
Value struct_time_of(Thread *t, Day d, Clock c, int dst)
{
    int day_of_year = ordinal_of(d) - ordinal_of((Day){d.year, 1, 1}) + 1;
    OWN Value parts = tuple_of(t, 9, small_int(d.year), small_int(d.month), small_int(d.day), small_int(c.hour), small_int(c.minute), small_int(c.second),
                               small_int(weekday_of(d)), small_int(day_of_year), small_int(dst));
    OWN Value module = is_error(parts) ? ERROR : time_module(t);
    return is_error(module) ? ERROR : call_named(t, module, "struct_time", &parts, 1);
}

// What time.strftime does not know: %z, %Z and %f. `argument` is what the zone is asked with; UNBOUND: there is no zone.
static bool add_own_field(Thread *t, StrBuilder *b, Value self, Codepoint which, Value argument)
{
    char text[CLOCK_TEXT_MAX];
    if (which == 'f') {
        int us = is_datetime(self) ? as_datetime(self)->clock.microsecond : is_time(self) ? as_time(self)->clock.microsecond : 0;
        snprintf(text, sizeof text, "%06d", us);
        builder_add_text(b, text);
        return true;
    }
    if (is_unbound(argument)) return true;
    Value zone = is_datetime(self) ? as_datetime(self)->zone : as_time(self)->zone;
    if (which == 'z') {
        OWN Value offset = zone_offset(t, zone, argument);
        if (is_error(offset) || !offset_text(t, offset, "", text)) return false;
        builder_add_text(b, text);
        return true;
    }
    OWN Value name = zone_name(t, zone, argument);
    if (is_error(name)) return false;
    if (is_none(name)) return true;
    OWN Value percent = str_from_ascii(t, "%", 1), two = str_from_ascii(t, "%%", 2);
    if (is_error(percent) || is_error(two)) return false;
    OWN Value safe = call_named(t, name, "replace", (Value[]){percent, two}, 2);
    if (is_error(safe)) return false;
    if (!is_str(safe)) return error_false(raise_type_error(t, "tzname.replace() did not return a string"));
    builder_add_str(b, as_str(safe));
    return true;
}
Value strftime_value(Thread *t, Value self, Value format, Value time_tuple, Value argument)
{
    if (!is_str(format)) return raise_type_error(t, "strftime() argument 1 must be str, not %T", format);
    const Str *f = as_str(format);
    StrBuilder b;
    builder_start(t, &b);
    for (size_t i = 0; i < f->length; i++) {
        Codepoint c = str_at(f, i), next = i + 1 < f->length ? str_at(f, i + 1) : 0;
        if (c == '%' && (next == 'z' || next == 'Z' || next == 'f')) {
            i++;
            if (add_own_field(t, &b, self, next, argument)) continue;
            builder_abandon(&b);
            return ERROR;
        }
        builder_add(&b, c);
        if (c == '%' && i + 1 < f->length) builder_add(&b, str_at(f, ++i));
    }
    OWN Value new_format = builder_finish(&b);
    OWN Value module = is_error(new_format) ? ERROR : time_module(t);
    return is_error(module) ? ERROR : call_named(t, module, "strftime", (Value[]){new_format, time_tuple}, 2);
}
Value format_value(Thread *t, Value self, Value format)
{
    if (!is_str(format)) return raise_type_error(t, "__format__() argument 1 must be str, not %T", format);
    return as_str(format)->length == 0 ? object_str(t, self) : call_named(t, self, "strftime", &format, 1);
}

// ---- Reading. Text is a run of bytes; what is not ASCII is a byte that fits nowhere.
typedef struct Text { const char *at, *end; } Text;
static size_t left(const Text *x) { return (size_t)(x->end - x->at); }
static bool is_digit(char c) { return c >= '0' && c <= '9'; }

static bool take_number(Text *x, size_t digits, int *number)
{
    if (left(x) < digits) return false;
    *number = 0;
    for (size_t i = 0; i < digits; i++) {
        if (!is_digit(*x->at)) return false;
        *number = *number * 10 + (*x->at++ - '0');
    }
    return true;
}
static bool take(Text *x, char c)
{
    if (x->at == x->end || *x->at != c) return false;
    x->at++;
    return true;
}
// YYYY-MM-DD, YYYYMMDD, YYYY-Www, YYYY-Www-D, YYYYWww, YYYYWwwD: all of the text. *week: the weekday is of a week, not of a month.
static bool read_day(Text x, Day *day, bool *week)
{
    if (!take_number(&x, 4, &day->year)) return false;
    bool separated = take(&x, '-');
    *week = take(&x, 'W');
    if (*week) {
        day->day = 1;
        if (!take_number(&x, 2, &day->month)) return false;
        if (x.at == x.end) return true;
        return take(&x, '-') == separated && take_number(&x, 1, &day->day) && x.at == x.end;
    }
    return take_number(&x, 2, &day->month) && take(&x, '-') == separated && take_number(&x, 2, &day->day) && x.at == x.end;
}
// HH[:MM[:SS[.ffffff]]] or without colons; further digits of the fraction are read over.
static bool read_clock(Text x, int n[4])
{
    bool separated = false;
    memset(n, 0, 4 * sizeof *n);
    for (int i = 0; i < 3; i++) {
        if (!take_number(&x, 2, &n[i])) return false;
        if (i == 0) separated = x.at < x.end && *x.at == ':';
        if (x.at == x.end) return true;
        if (i == 2) break;
        if (*x.at == '.' || *x.at == ',') return false;
        if (separated && !take(&x, ':')) return false;
    }
    if (!take(&x, '.') && !take(&x, ',')) return false;
    if (x.at == x.end) return false;
    int digits = 0;
    for (; x.at < x.end; x.at++) {
        if (!is_digit(*x.at)) return false;
        if (digits < 6) {
            n[3] = n[3] * 10 + (*x.at - '0');
            digits++;
        }
    }
    for (; digits < 6; digits++) n[3] *= 10;
    return true;
}
// 1: read; 0: not such a text; -1: raised. Zone: None, or a timezone, owned by the caller.
static int read_clock_and_zone(Thread *t, Text x, int n[4], Value *zone)
{
    *zone = NONE;
    const char *mark = x.at;
    while (mark < x.end && *mark != '+' && *mark != '-' && *mark != 'Z') mark++;
    if (!read_clock((Text){x.at, mark}, n)) return 0;
    if (mark == x.end) return 1;
    Text rest = {mark + 1, x.end};
    if (*mark == 'Z') {
        *zone = retain(utc_zone(t));
        return left(&rest) == 0;
    }
    int offset[4];
    if (!read_clock(rest, offset)) return 0;
    int64_t us = ((offset[0] * INT64_C(60) + offset[1]) * 60 + offset[2]) * SECOND_US + offset[3];
    OWN Value delta = delta_new(t, &delta_type, *mark == '-' ? -us : us);
    *zone = is_error(delta) ? ERROR : timezone_of_delta(t, delta, UNBOUND);
    return is_error(*zone) ? -1 : 1;
}
// Where the day ends, in a text of a day and a time.
static size_t day_length(const Text *x)
{
    size_t length = left(x);
    const char *s = x->at;
    if (length == 7) return 7;
    if (length < 7) return length;
    if (s[4] == '-') {
        if (s[5] != 'W') return 10;
        if (length > 8 && s[8] == '-') return length > 10 && is_digit(s[10]) ? 8 : 10;     // YYYY-Www-D, or YYYY-Www and a minus as separator
        return 8;
    }
    if (s[4] != 'W') return 8;
    size_t digits = 7;
    while (digits < length && is_digit(s[digits])) digits++;
    return digits < 9 ? digits : digits % 2 == 0 ? 7 : 8;
}
static char *bytes_of(Thread *t, const Str *s)
{
    char *text = mem_allocate(t, s->length + 1);
    for (size_t i = 0; text && i < s->length; i++) text[i] = str_at(s, i) < 0x7F ? (char)str_at(s, i) : 0x7F;
    return text;
}
static Value invalid(Thread *t, Value text) { return raise_value_error(t, "Invalid isoformat string: %R", text); }
static Value not_text(Thread *t) { return raise_type_error(t, "fromisoformat: argument must be str"); }
// Checks a day that was read from `text`, and turns a week into it.
static bool settle_day(Thread *t, Value text, Day *day, bool week)
{
    if (!week) return day_check(t, *day);
    if (day_from_iso(t, day->year, day->month, day->day, day)) return true;
    error_clear(t);
    return error_false(invalid(t, text));
}
static bool settle_clock(Thread *t, const int n[4], Clock *clock)
{
    if (!clock_check(t, n[0], n[1], n[2], n[3], 0)) return false;
    *clock = (Clock){.hour = (uint8_t)n[0], .minute = (uint8_t)n[1], .second = (uint8_t)n[2], .microsecond = n[3]};
    return true;
}

Value parse_date(Thread *t, Type *type, Value v)
{
    if (!is_str(v)) return not_text(t);
    Day day;
    bool week;
    OWN_MEMORY char *text = bytes_of(t, as_str(v));
    if (!text) return ERROR;
    if (!read_day((Text){text, text + as_str(v)->length}, &day, &week)) return invalid(t, v);
    return settle_day(t, v, &day, week) ? date_new(t, type, day) : ERROR;
}
Value parse_time(Thread *t, Type *type, Value v)
{
    if (!is_str(v)) return not_text(t);
    int n[4];
    Clock clock;
    OWN_MEMORY char *text = bytes_of(t, as_str(v));
    if (!text) return ERROR;
    Text x = {text, text + as_str(v)->length};
    take(&x, 'T');
    OWN Value zone = UNBOUND;
    int done = read_clock_and_zone(t, x, n, &zone);
    if (done < 0) return ERROR;
    if (done == 0) return invalid(t, v);
    return settle_clock(t, n, &clock) ? time_new(t, type, clock, zone) : ERROR;
}
Value parse_datetime(Thread *t, Type *type, Value v)
{
    if (!is_str(v)) return not_text(t);
    int n[4] = {0};
    Day day;
    Clock clock;
    bool week;
    OWN_MEMORY char *text = bytes_of(t, as_str(v));
    if (!text) return ERROR;
    Text x = {text, text + as_str(v)->length};
    size_t length = day_length(&x);
    if (length > left(&x) || !read_day((Text){x.at, x.at + length}, &day, &week)) return invalid(t, v);
    x.at += length;
    OWN Value zone = NONE;
    if (x.at < x.end) {
        x.at++;                            // any character may stand between
        int done = x.at == x.end ? 0 : read_clock_and_zone(t, x, n, &zone);
        if (done < 0) return ERROR;
        if (done == 0) return invalid(t, v);
    }
    return settle_day(t, v, &day, week) && settle_clock(t, n, &clock) ? datetime_new(t, type, day, clock, zone) : ERROR;
}
