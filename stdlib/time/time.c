// SPDX-License-Identifier: MIT
// stdlib/time/time.c: clocks, sleeping, and times of day.
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "runtime/call.h"
#include "runtime/error.h"
#include "runtime/gil.h"
#include "runtime/thread.h"
#include "runtime/types/float.h"
#include "runtime/types/function.h"
#include "runtime/types/int.h"
#include "runtime/types/module.h"
#include "runtime/types/str.h"
#include "runtime/types/tuple.h"
#include "stdlib/module_slots.h"

#define NS_PER_SECOND 1000000000
#define CONTROLLED_DATE 1700000000      // where the date stands when a controlled run's clock is at 0


// ---- Clocks
// In a controlled run (runtime/schedule.h) every clock is the schedule's; the date is a fixed one.
static bool read_clock(Thread *t, clockid_t clock, struct timespec *now)
{
    if (LIKELY(!t->interp->schedule)) return clock_gettime(clock, now) == 0;
    uint64_t ns = schedule_clock(t);
    schedule_note(t, RUN_CLOCK);
    *now = (struct timespec){.tv_sec = (time_t)(ns / NS_PER_SECOND) + (clock == CLOCK_REALTIME ? CONTROLLED_DATE : 0), .tv_nsec = (long)(ns % NS_PER_SECOND)};
    return true;
}
static Value clock_seconds(Thread *t, clockid_t clock)
{
    struct timespec now;
    if (!read_clock(t, clock, &now)) return raise_errno(t, errno);
    return float_value((double)now.tv_sec + (double)now.tv_nsec / NS_PER_SECOND);
}
static Value clock_ns(Thread *t, clockid_t clock)
{
    struct timespec now;
    if (!read_clock(t, clock, &now)) return raise_errno(t, errno);
    return int_value(t, (int64_t)now.tv_sec * NS_PER_SECOND + now.tv_nsec);
}
#define CLOCK_FUNCTIONS(name, clock) \
    static Value name(Thread *t, Value self, const Value *args) { return clock_seconds(t, clock); } \
    static Value name##_ns(Thread *t, Value self, const Value *args) { return clock_ns(t, clock); }
CLOCK_FUNCTIONS(time_time, CLOCK_REALTIME)
CLOCK_FUNCTIONS(time_monotonic, CLOCK_MONOTONIC)
CLOCK_FUNCTIONS(time_process_time, CLOCK_PROCESS_CPUTIME_ID)
CLOCK_FUNCTIONS(time_thread_time, CLOCK_THREAD_CPUTIME_ID)

static Value time_clock_gettime(Thread *t, Value self, const Value *args)
{
    int clock;
    return int_as_int(t, args[0], &clock) ? clock_seconds(t, clock) : ERROR;
}
static Value time_clock_gettime_ns(Thread *t, Value self, const Value *args)
{
    int clock;
    return int_as_int(t, args[0], &clock) ? clock_ns(t, clock) : ERROR;
}
static Value time_clock_getres(Thread *t, Value self, const Value *args)
{
    int clock;
    struct timespec resolution;
    if (!int_as_int(t, args[0], &clock)) return ERROR;
    if (clock_getres(clock, &resolution) != 0) return raise_errno(t, errno);
    return float_value((double)resolution.tv_sec + (double)resolution.tv_nsec / NS_PER_SECOND);
}
static Value time_get_clock_info(Thread *t, Value self, const Value *args)
{
    static const struct { const char *name, *implementation; clockid_t clock; bool monotonic, adjustable; } clocks[] = {
        {"time", "clock_gettime(CLOCK_REALTIME)", CLOCK_REALTIME, false, true},
        {"monotonic", "clock_gettime(CLOCK_MONOTONIC)", CLOCK_MONOTONIC, true, false},
        {"perf_counter", "clock_gettime(CLOCK_MONOTONIC)", CLOCK_MONOTONIC, true, false},
        {"process_time", "clock_gettime(CLOCK_PROCESS_CPUTIME_ID)", CLOCK_PROCESS_CPUTIME_ID, true, false},
        {"thread_time", "clock_gettime(CLOCK_THREAD_CPUTIME_ID)", CLOCK_THREAD_CPUTIME_ID, true, false},
    };
    if (!is_str(args[0])) return raise_type_error(t, "get_clock_info() argument must be str, not %T", args[0]);
    for (size_t i = 0; i < COUNT_OF(clocks); i++) {
        if (!str_equal_text(as_str(args[0]), clocks[i].name)) continue;
        struct timespec resolution;
        clock_getres(clocks[i].clock, &resolution);
        OWN Value implementation = str_from_text(t, clocks[i].implementation);
        if (is_error(implementation)) return ERROR;
        return simple_namespace_of(t, (const char *const[]){"implementation", "monotonic", "adjustable", "resolution", NULL},
            (const Value[]){implementation, bool_value(clocks[i].monotonic), bool_value(clocks[i].adjustable), float_value((double)resolution.tv_sec + (double)resolution.tv_nsec / NS_PER_SECOND)});
    }
    return raise_value_error(t, "unknown clock");
}

// ---- Sleep
static Value time_sleep(Thread *t, Value self, const Value *args)
{
    double seconds;
    if (!float_from_value(t, args[0], &seconds)) {
        if (!error_clear_if(t, &exc_TypeError)) return ERROR;
        return raise_type_error(t, "'%T' object cannot be interpreted as an integer", args[0]);
    }
    if (isnan(seconds)) return raise_value_error(t, "Invalid value NaN (not a number)");
    if (seconds < 0) return raise_value_error(t, "sleep length must be non-negative");
    if (seconds > 9.2e9) return raise_error(t, &exc_OverflowError, "timestamp too large to convert to C _PyTime_t");
    if (t->interp->schedule) {
        uint64_t end = schedule_clock(t) + (uint64_t)ceil(seconds * NS_PER_SECOND);
        do {
            schedule_wait(t, NULL, (int64_t)(end - schedule_clock(t)));
            if (!signals_poll(t)) return ERROR;
        } while (schedule_clock(t) < end && t->interp->schedule);
        return NONE;
    }
    uint64_t deadline = gil_now() + (uint64_t)ceil(seconds * NS_PER_SECOND);
    struct timespec until = {.tv_sec = (time_t)(deadline / NS_PER_SECOND), .tv_nsec = (long)(deadline % NS_PER_SECOND)};
    for (;;) {
        int failed;
        BLOCKING(t, GIL_SLEEP, failed = clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL));
        if (failed == 0) return NONE;
        if (failed != EINTR) return raise_errno(t, failed);
        if (!signals_poll(t)) return ERROR;
    }
}

// ---- Broken-down time
static Value struct_time(Thread *t, const struct tm *tm)
{
    Type *type = as_type(t->interp->module_slots[SLOT_TIME_STRUCT_TIME]);
    Value items[11] = {small_int(tm->tm_year + 1900), small_int(tm->tm_mon + 1), small_int(tm->tm_mday), small_int(tm->tm_hour), small_int(tm->tm_min), small_int(tm->tm_sec),
                       small_int((tm->tm_wday + 6) % 7), small_int(tm->tm_yday + 1), small_int(tm->tm_isdst), str_from_text(t, tm->tm_zone ? tm->tm_zone : ""), int_value(t, tm->tm_gmtoff)};
    return struct_sequence_new(t, type, items, 11);
}
static bool timestamp(Thread *t, Value v, time_t *when)
{
    if (is_none(v)) {
        struct timespec now;
        if (!read_clock(t, CLOCK_REALTIME, &now)) return error_false(raise_errno(t, errno));
        *when = now.tv_sec;
        return true;
    }
    if (is_int(v)) {
        int64_t seconds;
        if (!int_as_i64(t, v, &seconds)) {
            error_clear(t);
            return error_false(raise_error(t, &exc_OverflowError, "timestamp out of range for platform time_t"));
        }
        *when = (time_t)seconds;
        return true;
    }
    if (!is_float(v)) return error_false(raise_type_error(t, "'%T' object cannot be interpreted as an integer", v));
    double seconds = floor(as_float(v));
    if (isnan(seconds)) return error_false(raise_value_error(t, "Invalid value NaN (not a number)"));
    if (!(fabs(seconds) < 9.2e18)) return error_false(raise_error(t, &exc_OverflowError, "timestamp out of range for platform time_t"));
    *when = (time_t)seconds;
    return true;
}
static Value broken_down(Thread *t, Value v, struct tm *(*convert)(const time_t *, struct tm *))
{
    time_t when;
    struct tm tm;
    if (!timestamp(t, v, &when)) return ERROR;
    errno = 0;
    if (!convert(&when, &tm)) return errno == EOVERFLOW ? raise_error(t, &exc_OverflowError, "timestamp out of range for platform time_t") : raise_errno(t, errno ? errno : EINVAL);
    return struct_time(t, &tm);
}
static Value time_localtime(Thread *t, Value self, const Value *args) { return broken_down(t, args[0], localtime_r); }
static Value time_gmtime(Thread *t, Value self, const Value *args) { return broken_down(t, args[0], gmtime_r); }

// A struct_time or a tuple of nine ints. False: raised.
static bool tm_from(Thread *t, Value v, struct tm *tm, const char *function)
{
    if (!is_tuple(v)) return error_false(raise_type_error(t, "Tuple or struct_time argument required"));
    Tuple *tuple = as_tuple(v);
    if (is_exact_tuple(v) ? tuple->length != 9 : tuple->length < 9) return error_false(raise_type_error(t, "%s(): illegal time tuple argument", function));
    int fields[9];
    for (size_t i = 0; i < 9; i++)
        if (!int_as_int(t, tuple->items[i], &fields[i])) return false;
    memset(tm, 0, sizeof *tm);
    if ((int64_t)fields[0] - 1900 < INT_MIN) return error_false(raise_error(t, &exc_OverflowError, "year out of range"));
    tm->tm_year = fields[0] - 1900;
    tm->tm_mon = fields[1] - 1;
    tm->tm_mday = fields[2];
    tm->tm_hour = fields[3];
    tm->tm_min = fields[4];
    tm->tm_sec = fields[5];
    tm->tm_wday = (fields[6] + 1) % 7;
    tm->tm_yday = fields[7] - 1;
    tm->tm_isdst = fields[8];
    if (tuple->length >= 11 && is_int(tuple->items[10])) {
        int64_t offset;
        if (!int_as_i64(t, tuple->items[10], &offset)) return false;
        tm->tm_gmtoff = offset;
    }
    return true;
}
static bool tm_check(Thread *t, struct tm *tm)
{
    if (tm->tm_mon == -1) tm->tm_mon = 0;
    if (tm->tm_mday == 0) tm->tm_mday = 1;
    if (tm->tm_yday == -1) tm->tm_yday = 0;
    const char *wrong = tm->tm_mon < 0 || tm->tm_mon > 11 ? "month" : tm->tm_mday < 0 || tm->tm_mday > 31 ? "day of month" : tm->tm_hour < 0 || tm->tm_hour > 23 ? "hour" :
        tm->tm_min < 0 || tm->tm_min > 59 ? "minute" : tm->tm_sec < 0 || tm->tm_sec > 61 ? "seconds" : tm->tm_wday < 0 ? "day of week" : tm->tm_yday < 0 || tm->tm_yday > 365 ? "day of year" : NULL;
    return !wrong || error_false(raise_value_error(t, "%s out of range", wrong));
}
static bool tm_or_now(Thread *t, Value v, struct tm *tm, const char *function)
{
    if (!is_unbound(v)) return tm_from(t, v, tm, function) && tm_check(t, tm);
    time_t now;
    if (!timestamp(t, NONE, &now)) return false;
    localtime_r(&now, tm);
    return true;
}
static Value asctime_text(Thread *t, const struct tm *tm)
{
    static const char days[][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char months[][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    char text[96];
    snprintf(text, sizeof text, "%s %s%3d %.2d:%.2d:%.2d %lld", days[tm->tm_wday], months[tm->tm_mon], tm->tm_mday, tm->tm_hour, tm->tm_min, tm->tm_sec, (long long)tm->tm_year + 1900);
    return str_from_text(t, text);
}
static Value time_asctime(Thread *t, Value self, const Value *args)
{
    struct tm tm;
    return tm_or_now(t, args[0], &tm, "asctime") ? asctime_text(t, &tm) : ERROR;
}
static Value time_ctime(Thread *t, Value self, const Value *args)
{
    time_t when;
    struct tm tm;
    if (!timestamp(t, args[0], &when)) return ERROR;
    if (!localtime_r(&when, &tm)) return raise_error(t, &exc_OverflowError, "timestamp out of range for platform time_t");
    return asctime_text(t, &tm);
}
static Value time_mktime(Thread *t, Value self, const Value *args)
{
    struct tm tm;
    if (!tm_from(t, args[0], &tm, "mktime")) return ERROR;
    tm.tm_wday = -1;
    time_t when = mktime(&tm);
    if (when == (time_t)-1 && tm.tm_wday == -1) return raise_error(t, &exc_OverflowError, "mktime argument out of range");
    return float_value((double)when);
}
static Value time_strftime(Thread *t, Value self, const Value *args)
{
    if (!is_str(args[0])) return raise_type_error(t, "strftime() argument 1 must be str, not %T", args[0]);
    struct tm tm;
    if (!tm_or_now(t, args[1], &tm, "strftime")) return ERROR;
    size_t length;
    OWN_MEMORY char *format = str_to_utf8(t, as_str(args[0]), &length);
    if (!format) return ERROR;
    if (memchr(format, 0, length)) return raise_value_error(t, "embedded null character");
    if (length == 0) return retain(args[0]);
    if (!is_unbound(args[1]) && strpbrk(format, "Zzsc+")) {      // what may show the zone: mktime finds it, and looks at the file system for that
        struct tm local = tm;
        time_t when = mktime(&local);
        (void)when;
        if (!tm.tm_zone) tm.tm_zone = local.tm_zone;
        if (!tm.tm_gmtoff) tm.tm_gmtoff = local.tm_gmtoff;
    }
    for (size_t size = 256 + length; size < (size_t)1 << 24; size *= 4) {
        OWN_MEMORY char *text = malloc(size);
        if (!text) return raise_memory_error(t);
        size_t written = strftime(text, size, format, &tm);
        if (written > 0 || size >= 256 * length) return bytes_decode(t, text, written, "utf-8", "surrogateescape");
    }
    return str_from_text(t, "");
}
static Value time_strptime(Thread *t, Value self, const Value *args)
{
    OWN_POINTER Str *module_name = str_intern_text(t, "_strptime", 9);
    OWN_POINTER Str *function = str_intern_text(t, "_strptime_time", 14);
    OWN Value module = module_name && function ? t->interp->up.import_module(t, module_name) : ERROR;
    return is_error(module) ? ERROR : call_method(t, module, function, args, 2);
}

static bool add_zone(Thread *t, Value module)
{
    tzset();
    time_t year_start = 1704067200, mid_year = 1719792000;      // January and July 2024
    struct tm winter, summer;
    localtime_r(&year_start, &winter);
    localtime_r(&mid_year, &summer);
    bool south = winter.tm_gmtoff > summer.tm_gmtoff;
    struct tm standard = south ? summer : winter, saving = south ? winter : summer;
    OWN Value first = str_from_text(t, standard.tm_zone);
    OWN Value second = str_from_text(t, saving.tm_zone);
    return !is_error(first) && !is_error(second) && module_add(t, module, "tzname", tuple_of(t, 2, first, second)) &&
           module_add_int(t, module, "timezone", -standard.tm_gmtoff) && module_add_int(t, module, "altzone", -saving.tm_gmtoff) &&
           module_add_int(t, module, "daylight", standard.tm_gmtoff != saving.tm_gmtoff);
}
static Value time_tzset(Thread *t, Value self, const Value *args) { return add_zone(t, self) ? NONE : ERROR; }

static const Method functions[] = {
    {"time", time_time, "()", "Return the current time in seconds since the Epoch."},
    {"time_ns", time_time_ns, "()", "Return the current time in nanoseconds since the Epoch."},
    {"monotonic", time_monotonic, "()", "Monotonic clock, cannot go backward."},
    {"monotonic_ns", time_monotonic_ns, "()", "Monotonic clock, cannot go backward, as nanoseconds."},
    {"perf_counter", time_monotonic, "()", "Performance counter for benchmarking."},
    {"perf_counter_ns", time_monotonic_ns, "()", "Performance counter for benchmarking as nanoseconds."},
    {"process_time", time_process_time, "()", "Process time for profiling: sum of the kernel and user-space CPU time."},
    {"process_time_ns", time_process_time_ns, "()", "Process time for profiling as nanoseconds."},
    {"thread_time", time_thread_time, "()", "Thread time for profiling: sum of the kernel and user-space CPU time."},
    {"thread_time_ns", time_thread_time_ns, "()", "Thread time for profiling as nanoseconds."},
    {"clock_gettime", time_clock_gettime, "(clk_id, /)", "Return the time of the specified clock clk_id."},
    {"clock_gettime_ns", time_clock_gettime_ns, "(clk_id, /)", "Return the time of the specified clock clk_id as nanoseconds."},
    {"clock_getres", time_clock_getres, "(clk_id, /)", "Return the resolution of the specified clock clk_id."},
    {"get_clock_info", time_get_clock_info, "(name, /)", "Get information of the specified clock."},
    {"sleep", time_sleep, "(seconds, /)", "Delay execution for a given number of seconds, without the GIL."},
    {"localtime", time_localtime, "(seconds=None, /)", "Convert seconds since the Epoch to a time tuple expressing local time."},
    {"gmtime", time_gmtime, "(seconds=None, /)", "Convert seconds since the Epoch to a time tuple expressing UTC."},
    {"asctime", time_asctime, "(tuple=<unset>, /)", "Convert a time tuple to a string, e.g. 'Sat Jun 06 16:26:11 1998'."},
    {"ctime", time_ctime, "(seconds=None, /)", "Convert a time in seconds since the Epoch to a string in local time."},
    {"mktime", time_mktime, "(tuple, /)", "Convert a time tuple in local time to seconds since the Epoch."},
    {"strftime", time_strftime, "(format, tuple=<unset>, /)", "Convert a time tuple to a string according to a format specification."},
    {"strptime", time_strptime, "(string, format='%a %b %d %H:%M:%S %Y', /)", "Parse a string to a time tuple according to a format specification."},
    {"tzset", time_tzset, "()", "Initialize, or reinitialize, the local timezone to the value stored in os.environ['TZ']."},
    {0},
};
static const StructField struct_time_fields[] = {
    {"tm_year", "year, for example, 1993"}, {"tm_mon", "month of year, range [1, 12]"}, {"tm_mday", "day of month, range [1, 31]"}, {"tm_hour", "hours, range [0, 23]"},
    {"tm_min", "minutes, range [0, 59]"}, {"tm_sec", "seconds, range [0, 61])"}, {"tm_wday", "day of week, range [0, 6], Monday is 0"}, {"tm_yday", "day of year, range [1, 366]"},
    {"tm_isdst", "1 if summer time is in effect, 0 if not, and -1 if unknown"}, {"tm_zone", "abbreviation of timezone name"}, {"tm_gmtoff", "offset from UTC in seconds"}, {0},
};
static bool start(Thread *t, Value module)
{
    static const struct { const char *name; int value; } clocks[] = {
        {"CLOCK_REALTIME", CLOCK_REALTIME}, {"CLOCK_MONOTONIC", CLOCK_MONOTONIC}, {"CLOCK_MONOTONIC_RAW", CLOCK_MONOTONIC_RAW}, {"CLOCK_BOOTTIME", CLOCK_BOOTTIME},
        {"CLOCK_PROCESS_CPUTIME_ID", CLOCK_PROCESS_CPUTIME_ID}, {"CLOCK_THREAD_CPUTIME_ID", CLOCK_THREAD_CPUTIME_ID}, {"CLOCK_TAI", CLOCK_TAI},
    };
    Type *type = struct_sequence_type(t, "time.struct_time", "The time value as returned by gmtime(), localtime(), and strptime().", struct_time_fields, 9);
    if (!type) return false;
    assign(&t->interp->module_slots[SLOT_TIME_STRUCT_TIME], type_value(type));
    for (size_t i = 0; i < COUNT_OF(clocks); i++)
        if (!module_add_int(t, module, clocks[i].name, clocks[i].value)) return false;
    return module_add(t, module, "struct_time", retain(type_value(type))) && module_add_int(t, module, "_STRUCT_TM_ITEMS", 11) && add_zone(t, module);
}
const ModuleSpec time_spec = {.name = "time", .doc = "This module provides various functions to manipulate time values.", .functions = functions, .start = start};
