// SPDX-License-Identifier: MIT
// stdlib/_datetime/calendar.c: days, months and years; ranges; ISO weeks.
#include "stdlib/_datetime/datetime.h"

static const int days_before[13] = {0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};

static bool is_leap(int year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }
int days_in_month(int year, int month)
{
    if (month == 2) return is_leap(year) ? 29 : 28;
    return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}
static int days_before_year(int year) { return (year - 1) * 365 + (year - 1) / 4 - (year - 1) / 100 + (year - 1) / 400; }
int ordinal_of(Day d) { return days_before_year(d.year) + days_before[d.month] + (d.month > 2 && is_leap(d.year)) + d.day; }

Day day_of_ordinal(int ordinal)
{
    int rest = ordinal - 1, by_400 = rest / 146097;
    rest %= 146097;
    int by_100 = rest / 36524 == 4 ? 3 : rest / 36524;      // the last day of 400 years
    rest -= by_100 * 36524;
    int by_4 = rest / 1461;
    rest -= by_4 * 1461;
    int by_1 = rest / 365 == 4 ? 3 : rest / 365;            // the last day of four years
    rest -= by_1 * 365;
    Day d = {.year = by_400 * 400 + by_100 * 100 + by_4 * 4 + by_1 + 1, .month = 1};
    while (rest >= days_in_month(d.year, d.month)) rest -= days_in_month(d.year, d.month++);
    d.day = rest + 1;
    return d;
}

int first_iso_monday(int year)
{
    int first = ordinal_of((Day){year, 1, 1}), weekday = (first + 6) % 7;
    return first - weekday + (weekday > 3 ? 7 : 0);         // week 1 has the first Thursday
}
Day iso_day(Day day)
{
    int ordinal = ordinal_of(day), year = day.year, monday = first_iso_monday(year);
    if (ordinal < monday) monday = first_iso_monday(--year);
    else if (ordinal >= first_iso_monday(year + 1)) monday = first_iso_monday(++year);
    return (Day){year, (ordinal - monday) / 7 + 1, (ordinal - monday) % 7 + 1};
}
bool day_from_iso(Thread *t, int year, int week, int weekday, Day *day)
{
    if (year < 1 || year > YEAR_MAX) return error_false(raise_value_error(t, "Year is out of range: %d", year));
    int weeks = (first_iso_monday(year + 1) - first_iso_monday(year)) / 7;
    if (week < 1 || week > weeks) return error_false(raise_value_error(t, "Invalid week: %d", week));
    if (weekday < 1 || weekday > 7) return error_false(raise_value_error(t, "Invalid weekday: %d (range is [1, 7])", weekday));
    int ordinal = first_iso_monday(year) + (week - 1) * 7 + weekday - 1;
    if (ordinal < 1) return error_false(raise_value_error(t, "year %d is out of range", year - 1));
    if (ordinal > LAST_DAY) return error_false(raise_value_error(t, "year %d is out of range", year + 1));
    *day = day_of_ordinal(ordinal);
    return true;
}

bool day_check(Thread *t, Day d)
{
    if (d.year < 1 || d.year > YEAR_MAX) return error_false(raise_value_error(t, "year %d is out of range", d.year));
    if (d.month < 1 || d.month > 12) return error_false(raise_value_error(t, "month must be in 1..12"));
    return (d.day >= 1 && d.day <= days_in_month(d.year, d.month)) || error_false(raise_value_error(t, "day is out of range for month"));
}
bool clock_check(Thread *t, int hour, int minute, int second, int microsecond, int fold)
{
    if (hour < 0 || hour > 23) return error_false(raise_value_error(t, "hour must be in 0..23"));
    if (minute < 0 || minute > 59) return error_false(raise_value_error(t, "minute must be in 0..59"));
    if (second < 0 || second > 59) return error_false(raise_value_error(t, "second must be in 0..59"));
    if (microsecond < 0 || microsecond >= SECOND_US) return error_false(raise_value_error(t, "microsecond must be in 0..999999"));
    return fold == 0 || fold == 1 || error_false(raise_value_error(t, "fold must be either 0 or 1"));
}
Clock clock_of_us(int64_t us)
{
    int64_t seconds = us / SECOND_US;
    return (Clock){.hour = (uint8_t)(seconds / 3600), .minute = (uint8_t)(seconds / 60 % 60), .second = (uint8_t)(seconds % 60), .microsecond = (int32_t)(us % SECOND_US)};
}

int64_t hash_of_state(const uint8_t *state, size_t length)
{
    int64_t hash = (int64_t)keyed_hash(state, length);
    return hash == -1 ? -2 : hash;
}

int64_t hash_of_numbers(int64_t a, int64_t b, int64_t c)
{
    uint64_t h = (uint64_t)a * UINT64_C(0x9E3779B97F4A7C15) ^ (uint64_t)b * UINT64_C(0xC2B2AE3D27D4EB4F);
    h = (h ^ h >> 29) * UINT64_C(0xBF58476D1CE4E5B9) + (uint64_t)c * UINT64_C(0x94D049BB133111EB);
    int64_t hash = (int64_t)(h ^ h >> 32);
    return hash == -1 ? -2 : hash;
}
