// SPDX-License-Identifier: MIT
// stdlib/_datetime/local.c: the clock, timestamps, and local time as the C library knows it.
//
// Which of two local times of the same name is meant, when clocks are put back, is `fold`: 1 is the later one. It is found by asking for the
// local time of moments around the one in question.
#include "stdlib/_datetime/datetime.h"

#include <time.h>

#include "runtime/call.h"
#include "runtime/types/float.h"
#include "runtime/types/int.h"

#define YEAR_ONE INT64_C(-62135596800)       // seconds of 0001-01-01
#define YEAR_END INT64_C(253402300799)       // of the last second of 9999

bool clock_now(Thread *t, int64_t *seconds, int *microseconds)
{
    struct timespec now;
    if (LIKELY(!t->interp->schedule) && clock_gettime(CLOCK_REALTIME, &now) == 0) {
        *seconds = now.tv_sec;
        *microseconds = (int)(now.tv_nsec / 1000);
        return true;
    }
    int64_t ns;                              // a controlled run has a clock of its own, which module time shows
    OWN_POINTER Str *name = str_intern_text(t, "time", 4);
    OWN Value module = name ? t->interp->up.import_module(t, name) : ERROR;
    OWN Value v = is_error(module) ? ERROR : call_named(t, module, "time_ns", NULL, 0);
    if (is_error(v) || !int_as_i64(t, v, &ns)) return false;
    *seconds = ns / 1000000000;
    *microseconds = (int)(ns % 1000000000 / 1000);
    return true;
}
static COLD bool out_of_range(Thread *t) { return error_false(raise_error(t, &exc_OverflowError, "timestamp out of range for platform time_t")); }

bool timestamp_from(Thread *t, Value v, bool floor_it, int64_t *seconds, int *microseconds)
{
    *microseconds = 0;
    if (!is_float(v)) {
        OWN Value index = object_index(t, v);
        if (is_error(index)) return false;
        if (int_as_i64(t, index, seconds)) return true;
        return error_clear_if(t, &exc_OverflowError) ? out_of_range(t) : false;
    }
    double d = as_float(v), whole;
    if (isnan(d)) return error_false(raise_value_error(t, "Invalid value NaN (not a number)"));
    double us = floor_it ? 0 : nearbyint(modf(d, &whole) * 1e6);          // halfway: to the even one
    if (floor_it) whole = floor(d);
    if (us >= 1e6) {
        us -= 1e6;
        whole++;
    } else if (us < 0) {
        us += 1e6;
        whole--;
    }
    if (!(whole >= -0x1p63 && whole < 0x1p63)) return out_of_range(t);
    *seconds = (int64_t)whole;
    *microseconds = (int)us;
    return true;
}

static bool broken_down(Thread *t, int64_t seconds, bool local, struct tm *tm)
{
    time_t moment = (time_t)seconds;
    if (!(local ? localtime_r(&moment, tm) : gmtime_r(&moment, tm))) return out_of_range(t);
    return (tm->tm_year >= 1 - 1900 && tm->tm_year <= YEAR_MAX - 1900) || error_false(raise_value_error(t, "year %ld is out of range", (long)tm->tm_year + 1900));
}
static Day tm_day(const struct tm *tm) { return (Day){tm->tm_year + 1900, tm->tm_mon + 1, tm->tm_mday}; }
static Clock tm_clock(const struct tm *tm)
{
    return (Clock){.hour = (uint8_t)tm->tm_hour, .minute = (uint8_t)tm->tm_min, .second = (uint8_t)(tm->tm_sec > 59 ? 59 : tm->tm_sec)};     // no leap seconds
}
static int64_t clock_seconds(Clock c) { return clock_us(c) / SECOND_US; }
// The local time of a moment, as seconds from 1970 in its own terms.
static bool local_seconds(Thread *t, int64_t seconds, int64_t *local)
{
    struct tm tm;
    if (seconds < YEAR_ONE || seconds > YEAR_END) return error_false(raise_value_error(t, "year is out of range"));
    if (!broken_down(t, seconds, true, &tm)) return false;
    *local = day_seconds(tm_day(&tm)) + clock_seconds(tm_clock(&tm));
    return true;
}
bool local_day(Thread *t, int64_t seconds, Day *day)
{
    struct tm tm;
    if (!broken_down(t, seconds, true, &tm)) return false;
    *day = tm_day(&tm);
    return true;
}
// Whether the clock was put back within the last day, and shows what it has shown before.
static bool find_fold(Thread *t, int64_t seconds, int64_t local, uint8_t *fold)
{
    int64_t before, again;
    if (seconds - DAY_SECONDS < YEAR_ONE || seconds > YEAR_END) return true;
    if (!local_seconds(t, seconds - DAY_SECONDS, &before)) return false;
    int64_t step = local - before - DAY_SECONDS;
    if (step >= 0) return true;
    if (!local_seconds(t, seconds + step, &again)) return false;
    *fold = again == local;
    return true;
}
Value datetime_from_seconds(Thread *t, Type *type, int64_t seconds, int microseconds, bool local, Value zone)
{
    struct tm tm;
    if (!broken_down(t, seconds, local, &tm)) return ERROR;
    Day day = tm_day(&tm);
    Clock clock = tm_clock(&tm);
    if (local && is_none(zone) && !find_fold(t, seconds, day_seconds(day) + clock_seconds(clock), &clock.fold)) return ERROR;
    clock.microsecond = microseconds;
    return datetime_new(t, type, day, clock, zone);
}

bool local_to_seconds(Thread *t, Day day, Clock clock, int64_t *seconds)
{
    int64_t wanted = day_seconds(day) + clock_seconds(clock), shown, first_shown, other_shown;
    if (!local_seconds(t, wanted, &shown)) return false;
    int64_t offset = shown - wanted, first = wanted - offset;
    if (!local_seconds(t, first, &first_shown)) return false;
    int64_t other_offset;
    if (first_shown == wanted) {           // one moment found; is there another?
        int64_t near = first + (clock.fold ? DAY_SECONDS : -DAY_SECONDS);
        if (near < YEAR_ONE || near > YEAR_END) return *seconds = first, true;
        if (!local_seconds(t, near, &shown)) return false;
        other_offset = shown - near;
        if (other_offset == offset) return *seconds = first, true;
    } else other_offset = first_shown - first;
    int64_t other = wanted - other_offset;
    if (!local_seconds(t, other, &other_shown)) return false;
    if (other_shown == wanted) *seconds = other;
    else if (first_shown == wanted) *seconds = first;
    else *seconds = clock.fold ? (first < other ? first : other) : first > other ? first : other;     // a time that was skipped
    return true;
}
Value local_zone_at(Thread *t, int64_t seconds)
{
    struct tm tm;
    time_t moment = (time_t)seconds;
    if (!localtime_r(&moment, &tm)) return raise_error(t, &exc_OverflowError, "timestamp out of range for platform time_t");
    OWN Value name = str_from_os(t, tm.tm_zone, strlen(tm.tm_zone));
    return is_error(name) ? ERROR : timezone_new(t, tm.tm_gmtoff * SECOND_US, name);
}
