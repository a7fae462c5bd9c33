// SPDX-License-Identifier: MIT
// stdlib/_datetime/module.c: the module _datetime, which the borrowed module datetime takes its types from.
#include "runtime/types/dict.h"
#include "runtime/types/module.h"
#include "stdlib/_datetime/datetime.h"

// A value that belongs to a type: as immortal as it. Takes value.
static bool add_to_type(Thread *t, Type *type, const char *name, TAKES Value value) { return dict_set_text(t, type->dict, name, value); }

static const Clock last_clock = {.hour = 23, .minute = 59, .second = 59, .microsecond = SECOND_US - 1};
static const Day first_day = {1, 1, 1}, last_day = {YEAR_MAX, 12, 31};

static bool prepare(Thread *t)
{
    const struct { Type *type; const TypeSpec *spec; } all[] = {
        {&delta_type, &delta_spec}, {&date_type, &date_spec}, {&time_type, &clock_time_spec}, {&datetime_type, &datetime_spec}, {&tzinfo_type, &tzinfo_spec},
        {&timezone_type, &timezone_spec}, {&iso_calendar_type, &iso_calendar_spec},
    };
    for (size_t i = 0; i < COUNT_OF(all); i++)
        if (!type_prepare(t, all[i].type, all[i].spec)) return false;
    return add_to_type(t, &delta_type, "min", delta_new(t, &delta_type, -(__int128)DAYS_MAX * DAY_US)) &&
           add_to_type(t, &delta_type, "max", delta_new(t, &delta_type, (__int128)(DAYS_MAX + 1) * DAY_US - 1)) &&
           add_to_type(t, &delta_type, "resolution", delta_new(t, &delta_type, 1)) && add_to_type(t, &date_type, "min", date_new(t, &date_type, first_day)) &&
           add_to_type(t, &date_type, "max", date_new(t, &date_type, last_day)) && add_to_type(t, &date_type, "resolution", delta_new(t, &delta_type, DAY_US)) &&
           add_to_type(t, &time_type, "min", time_new(t, &time_type, (Clock){0}, NONE)) && add_to_type(t, &time_type, "max", time_new(t, &time_type, last_clock, NONE)) &&
           add_to_type(t, &time_type, "resolution", delta_new(t, &delta_type, 1)) &&
           add_to_type(t, &datetime_type, "min", datetime_new(t, &datetime_type, first_day, (Clock){0}, NONE)) &&
           add_to_type(t, &datetime_type, "max", datetime_new(t, &datetime_type, last_day, last_clock, NONE)) &&
           add_to_type(t, &datetime_type, "resolution", delta_new(t, &delta_type, 1));
}
static bool add_zones(Thread *t)
{
    int64_t most = DAY_US - 60 * SECOND_US;
    OWN Value utc = timezone_new(t, 0, UNBOUND);
    if (is_error(utc)) return false;
    assign(&t->interp->module_slots[SLOT_DATETIME_UTC], retain(utc));
    return add_to_type(t, &timezone_type, "utc", MOVE(utc)) && add_to_type(t, &timezone_type, "min", timezone_new(t, -most, UNBOUND)) &&
           add_to_type(t, &timezone_type, "max", timezone_new(t, most, UNBOUND));
}
static bool start(Thread *t, Value module)
{
    Type *const types[] = {&delta_type, &date_type, &time_type, &datetime_type, &tzinfo_type, &timezone_type};
    if (delta_type.version == 0 && !prepare(t)) return false;
    if (is_unbound(utc_zone(t))) {
        if (!add_zones(t)) return false;
        for (size_t i = 0; i < COUNT_OF(types); i++) {
            type_modified(types[i]);
            type_keep(types[i]);
        }
    }
    for (size_t i = 0; i < COUNT_OF(types); i++)
        if (!module_add_type(t, module, types[i])) return false;
    return module_add_int(t, module, "MINYEAR", 1) && module_add_int(t, module, "MAXYEAR", YEAR_MAX) && module_add(t, module, "UTC", retain(utc_zone(t)));
}
extern const ModuleSpec _datetime_spec;
const ModuleSpec _datetime_spec = {.name = "_datetime", .doc = "Fast implementation of the datetime type.", .start = start};
