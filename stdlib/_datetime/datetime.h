// SPDX-License-Identifier: MIT
// stdlib/_datetime/datetime.h: the layouts of the six types of datetime, and what its files share.
//
// Always: the fields of every object are in range, and no object changes. A Date is the head of a DateTime, whose type derives from its.
#ifndef BATON_STDLIB_DATETIME_H
#define BATON_STDLIB_DATETIME_H

#include "runtime/error.h"
#include "runtime/types/str.h"
#include "stdlib/module_slots.h"

#define YEAR_MAX 9999
#define DAYS_MAX 999999999            // of a timedelta
#define LAST_DAY 3652059              // ordinal of 9999-12-31
#define DAY_SECONDS 86400
#define SECOND_US INT64_C(1000000)
#define DAY_US (DAY_SECONDS * SECOND_US)

typedef struct Delta { Object head; int32_t days, seconds, microseconds; } Delta;   // 0 <= seconds < DAY_SECONDS, 0 <= microseconds < SECOND_US
typedef struct Clock { uint8_t hour, minute, second, fold; int32_t microsecond; } Clock;
typedef struct Day { int year, month, day; } Day;
typedef struct Date { Object head; Day day; } Date;
typedef struct Time { Object head; Clock clock; Value zone; } Time;                 // zone: a tzinfo, or NONE
typedef struct DateTime { Date date; Clock clock; Value zone; } DateTime;
typedef struct TimeZone { Object head; int64_t offset_us; Value name; } TimeZone;   // less than a day; name: a str, or UNBOUND

extern Type delta_type, date_type, time_type, datetime_type, tzinfo_type, timezone_type, iso_calendar_type;
extern const TypeSpec delta_spec, date_spec, clock_time_spec, datetime_spec, tzinfo_spec, timezone_spec, iso_calendar_spec;

static inline bool is_delta(Value v) { return is_object(v) && is_instance_of(v, &delta_type); }
static inline bool is_date(Value v) { return is_object(v) && is_instance_of(v, &date_type); }
static inline bool is_time(Value v) { return is_object(v) && is_instance_of(v, &time_type); }
static inline bool is_datetime(Value v) { return is_object(v) && is_instance_of(v, &datetime_type); }
static inline Delta *as_delta(Value v) { ASSERT(is_delta(v)); return (Delta *)as_object(v); }
static inline Date *as_date(Value v) { ASSERT(is_date(v)); return (Date *)as_object(v); }
static inline Time *as_time(Value v) { ASSERT(is_time(v)); return (Time *)as_object(v); }
static inline DateTime *as_datetime(Value v) { ASSERT(is_datetime(v)); return (DateTime *)as_object(v); }

// ---- calendar.c: the proleptic Gregorian calendar. Ordinal 1 is 0001-01-01.
int days_in_month(int year, int month);
int ordinal_of(Day day);
Day day_of_ordinal(int ordinal);
static inline int weekday_of(Day day) { return (ordinal_of(day) + 6) % 7; }        // Monday is 0
int first_iso_monday(int year);                                                   // the ordinal of the Monday of its week 1
Day iso_day(Day day);                                                             // year, week and weekday (1 to 7) in the fields' order
NEEDS_GIL MAY_RAISE bool day_from_iso(Thread *t, int year, int week, int weekday, Day *day);
NEEDS_GIL MAY_RAISE bool day_check(Thread *t, Day day);
NEEDS_GIL MAY_RAISE bool clock_check(Thread *t, int hour, int minute, int second, int microsecond, int fold);
static inline int64_t clock_us(Clock c) { return (((int64_t)c.hour * 60 + c.minute) * 60 + c.second) * SECOND_US + c.microsecond; }
Clock clock_of_us(int64_t us);       // of a day
int64_t hash_of_numbers(int64_t a, int64_t b, int64_t c);                         // of what has an offset, and of time deltas: no seed in it
int64_t hash_of_state(const uint8_t *state, size_t length);                       // of what has none: that of the bytes of its pickle

// ---- delta.c
NEEDS_GIL NEW_REF Value delta_new(Thread *t, Type *type, __int128 us);            // OverflowError beyond the range
static inline __int128 delta_us(const Delta *d) { return (__int128)d->days * DAY_US + (int64_t)d->seconds * SECOND_US + d->microseconds; }

// ---- zone.c
NEEDS_GIL MAY_RAISE bool zone_check(Thread *t, Value zone);                       // None, or a tzinfo
// zone.utcoffset(argument), .dst(), .tzname(), checked; None for a zone that is None.
NEEDS_GIL NEW_REF Value zone_offset(Thread *t, Value zone, Value argument);
NEEDS_GIL NEW_REF Value zone_dst(Thread *t, Value zone, Value argument);
NEEDS_GIL NEW_REF Value zone_name(Thread *t, Value zone, Value argument);
NEEDS_GIL NEW_REF Value timezone_new(Thread *t, int64_t offset_us, Value name);   // less than a day; name UNBOUND: none
NEEDS_GIL NEW_REF Value timezone_of_delta(Thread *t, Value offset, Value name);        // ValueError if that is a day or more
NEEDS_GIL NEW_REF Value call_named(Thread *t, Value v, const char *name, const Value *args, size_t nargs);
static inline NEEDS_GIL Value utc_zone(Thread *t) { return t->interp->module_slots[SLOT_DATETIME_UTC]; }

// ---- date.c, time.c, datetime.c: a new object of the type; a subclass is called.
NEEDS_GIL NEW_REF Value date_new(Thread *t, Type *type, Day day);
NEEDS_GIL NEW_REF Value time_new(Thread *t, Type *type, Clock clock, Value zone);
NEEDS_GIL NEW_REF Value datetime_new(Thread *t, Type *type, Day day, Clock clock, Value zone);
NEEDS_GIL NEW_REF Value datetime_plus(Thread *t, Value datetime, __int128 us);    // OverflowError beyond the range
NEEDS_GIL MAY_RAISE bool state_from(Thread *t, Value v, size_t length, uint8_t *state, bool *is_state);   // bytes (or a Latin-1 str) of a pickle
bool state_day(const uint8_t *state, Day *day);                                   // false: no day
bool state_clock(const uint8_t *state, Clock *clock);
void day_state(Day day, uint8_t *state);
void clock_state(Clock clock, uint8_t *state);
NEEDS_GIL MAY_RAISE bool ints_from(Thread *t, const Value *args, size_t count, int *numbers);     // UNBOUND leaves the number as it is
NEEDS_GIL MAY_RAISE bool offsets_equal(Thread *t, Value a, Value b, bool *equal);
extern const GetSet clock_getsets_of_time[], clock_getsets_of_datetime[];

// ---- text.c: ISO 8601 and strftime
enum { CLOCK_TEXT_MAX = 32 };
size_t day_text(Day day, char *text);                                             // 11 bytes
NEEDS_GIL MAY_RAISE bool clock_text(Thread *t, Clock clock, Value timespec, char text[CLOCK_TEXT_MAX]);
NEEDS_GIL MAY_RAISE bool offset_text(Thread *t, Value offset, const char *colon, char text[CLOCK_TEXT_MAX]);    // "" for None
NEEDS_GIL NEW_REF Value strftime_value(Thread *t, Value self, Value format, Value time_tuple, Value zone_argument);
NEEDS_GIL NEW_REF Value format_value(Thread *t, Value self, Value format);        // __format__
NEEDS_GIL NEW_REF Value struct_time_of(Thread *t, Day day, Clock clock, int dst);
NEEDS_GIL NEW_REF Value parse_date(Thread *t, Type *type, Value text);
NEEDS_GIL NEW_REF Value parse_time(Thread *t, Type *type, Value text);
NEEDS_GIL NEW_REF Value parse_datetime(Thread *t, Type *type, Value text);
NEEDS_GIL NEW_REF Value ctime_value(Thread *t, Day day, Clock clock);

// ---- local.c: clocks and the host's time zone. Seconds count from 1970.
static inline int64_t day_seconds(Day day) { return ((int64_t)ordinal_of(day) - 719163) * DAY_SECONDS; }
NEEDS_GIL MAY_RAISE bool clock_now(Thread *t, int64_t *seconds, int *microseconds);
NEEDS_GIL MAY_RAISE bool timestamp_from(Thread *t, Value v, bool floor_it, int64_t *seconds, int *microseconds);
NEEDS_GIL NEW_REF Value datetime_from_seconds(Thread *t, Type *type, int64_t seconds, int microseconds, bool local, Value zone);   // local: and its fold
NEEDS_GIL MAY_RAISE bool local_day(Thread *t, int64_t seconds, Day *day);
NEEDS_GIL MAY_RAISE bool local_to_seconds(Thread *t, Day day, Clock clock, int64_t *seconds);
NEEDS_GIL NEW_REF Value local_zone_at(Thread *t, int64_t seconds);                // a timezone

#endif
