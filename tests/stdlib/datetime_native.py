# The types of datetime: arithmetic, comparison, text both ways, zones, folds, pickles, and what is refused.
import copy
import os
import pickle
import time
from datetime import MAXYEAR, date, datetime, time as clock, timedelta, timezone, tzinfo

os.environ["TZ"] = "CET-1CEST,M3.5.0,M10.5.0/3"
time.tzset()


def show(call):
    try:
        print(call())
    except Exception as e:
        print(type(e).__name__, e)


deltas = [timedelta(), timedelta(1, 2, 3), timedelta(-1), timedelta(hours=1.5), timedelta(weeks=-2, milliseconds=0.5, microseconds=0.5), timedelta.max, timedelta.min]
for d in deltas:
    print(repr(d), d, d.total_seconds(), bool(d), pickle.loads(pickle.dumps(d)) == d)
    for call in [lambda: -d, lambda: abs(d), lambda: d * 3, lambda: 0.3 * d, lambda: d / 7, lambda: d / 0.7, lambda: d // 7, lambda: d // timedelta(0, 7), lambda: d % timedelta(0, 7),
                 lambda: divmod(d, timedelta(hours=5)), lambda: d / timedelta(3), lambda: d + timedelta(1), lambda: d - timedelta(1), lambda: d < timedelta(5), lambda: d * "x", lambda: d / 0,
                 lambda: d * 10**30, lambda: d * float("nan"), lambda: d / float("inf")]:
        show(call)
show(lambda: timedelta(days=10**10))
show(lambda: timedelta(days=10**30))
show(lambda: timedelta(seconds=float("nan")))
show(lambda: timedelta("1"))
show(lambda: hash(timedelta(hours=24)) == hash(timedelta(1)))
days = [date(1, 1, 1), date(2000, 2, 29), date(2024, 12, 30), date(2021, 1, 3), date.max]
for d in days:
    print(repr(d), d, d.toordinal(), d.weekday(), d.isocalendar(), d.ctime(), d.strftime("%d.%m.%y %j %f"), f"{d:%B}", d.timetuple()[:8])
    show(lambda: d + timedelta(366))
    show(lambda: d - timedelta(1))
    print(d - date(2000, 1, 1), d == date.fromordinal(d.toordinal()), date.fromisocalendar(*d.isocalendar()) == d, pickle.loads(pickle.dumps(d)) == d)
for call in [lambda: date(2001, 2, 29), lambda: date(0, 1, 1), lambda: date(2001, 13, 1), lambda: date("2001", 1, 1), lambda: date(2001), lambda: date(2001, 1, 1.0), lambda: date.fromordinal(0),
             lambda: date(2001, 1, 1) < 5, lambda: date(2001, 1, 1) == 5, lambda: date(2001, 1, 1) < datetime(2001, 1, 1), lambda: date(2001, 1, 1) == datetime(2001, 1, 1),
             lambda: date(2001, 1, 31).replace(month=2), lambda: date.fromisocalendar(2021, 53, 1), lambda: date(2000, 1, 1) - 1]:
    show(call)
for text in ["2000-01-02", "20000102", "2000-W01-7", "2000W017", "2000-W01", "2000W01", "2000-1-2", "2000-01-32", "2000-W53-1", "abc", "", "2000-0102", "２０００-01-02", "2000-01-02T"]:
    show(lambda: date.fromisoformat(text))
for text in ["04", "04:05", "0405", "04:05:06", "040506", "T04:05", "04:05:06.7", "04:05:06,789012345", "04:05Z", "04:05+01:30", "04:05-0130", "04:05+01:30:15.000001", "25:00", "4:05", "04:0506",
             "04:05:06.", "04:05+", "04:05+24:30", "04:05:06.x", "", "04:05+00:00"]:
    show(lambda: repr(clock.fromisoformat(text)))
for text in ["2000-01-02 03:04", "2000-01-02T03:04:05.678+02:00", "20000102T030405Z", "2000-W01-7T03", "2000W01703", "2000W01T03", "2000-01-02€03:04", "2000-01-02T", "2000-W01-03", "2000-01-02x24:00", "2000-01-02T03:04:05.1234567"]:
    show(lambda: repr(datetime.fromisoformat(text)))
east, west = timezone(timedelta(hours=5, minutes=30), "East"), timezone(timedelta(hours=-8))
moments = [datetime(2000, 1, 2, 3, 4, 5, 678), datetime(2000, 1, 2), datetime(2021, 7, 1, 12, tzinfo=east), datetime(2021, 7, 1, 12, 30, tzinfo=timezone.utc), datetime(2021, 10, 31, 2, 30, fold=1)]
for m in moments:
    print(repr(m), m, m.isoformat("_", "milliseconds"), m.isoformat(timespec="hours"), m.ctime(), m.strftime("%Y %H:%M:%S.%f|%z|%Z|%%|%%z"), m.date(), m.time(), repr(m.timetz()))
    print(m.timestamp(), m.timetuple()[:9], m.utctimetuple()[:9], m.utcoffset(), m.tzname(), m.dst(), m.astimezone(west), m.astimezone(), m.replace(fold=0, year=2001))
    print(m + timedelta(1, 1, 1), m - timedelta(1, 1, 1), pickle.loads(pickle.dumps(m)) == m, pickle.loads(pickle.dumps(m, 2)).fold, copy.deepcopy(m) == m, hash(m) == hash(m.replace(fold=0)))
    for other in moments:
        show(lambda: (m == other, m < other))
        show(lambda: m - other)
for call in [lambda: datetime(2000, 1, 1, 24), lambda: datetime(2000, 1, 1, fold=2), lambda: datetime(2000, 1, 1, tzinfo=5), lambda: datetime.max + timedelta(0, 1), lambda: datetime(2000, 1, 1) + 1,
             lambda: datetime.fromtimestamp(1e20), lambda: datetime.fromtimestamp(float("nan")), lambda: datetime.fromtimestamp("x"), lambda: datetime.utcfromtimestamp(1.0000005),
             lambda: datetime.fromtimestamp(-0.5), lambda: datetime.fromtimestamp(0, timezone.utc), lambda: datetime.fromtimestamp(1635643800), lambda: datetime.fromtimestamp(1635640200.25).fold,
             lambda: datetime.combine(date(2000, 1, 1), clock(1, 2, tzinfo=east)), lambda: datetime.combine(1, 2), lambda: datetime.strptime("2 Jan 2000 +0200", "%d %b %Y %z"),
             lambda: datetime.strptime(1, "x"), lambda: datetime(2000, 1, 1).isoformat("ab"), lambda: datetime(2000, 1, 1).isoformat(timespec="x"), lambda: datetime(2021, 3, 28, 2, 30).timestamp(),
             lambda: datetime(2000, 1, 1) == date(2000, 1, 1), lambda: datetime(2000, 1, 1) > date(2000, 1, 1), lambda: f"{datetime(2000, 1, 1)}", lambda: f"{datetime(2000, 1, 1):%A}"]:
    show(call)
times = [clock(), clock(1, 2), clock(1, 2, 3, 4, east), clock(23, 59, 59, 999999, fold=1), clock(0, 0, tzinfo=timezone.utc)]
for x in times:
    print(repr(x), x, bool(x), x.strftime("%H.%M %z"), x.utcoffset(), x.tzname(), x.dst(), pickle.loads(pickle.dumps(x)) == x, x.replace(minute=5))
    for y in times:
        show(lambda: (x == y, x < y))
for z in [timezone.utc, east, west, timezone.max, timezone(timedelta(seconds=-1)), timezone(timedelta(0), "Z")]:
    print(repr(z), z, z.utcoffset(None), z.dst(None), pickle.loads(pickle.dumps(z)) == z, copy.copy(z) == z, hash(z) == hash(copy.deepcopy(z)))
for call in [lambda: timezone(5), lambda: timezone(timedelta(1)), lambda: timezone(timedelta(0)) is timezone.utc, lambda: timezone.utc.utcoffset(5), lambda: timezone.utc.fromutc(datetime(2000, 1, 1)),
             lambda: tzinfo().utcoffset(None), lambda: type("T", (timezone,), {})]:
    show(call)


class Day(date):
    def __new__(cls, *args, **kwargs):
        self = super().__new__(cls, *args, **kwargs)
        self.note = "mine"
        return self


class Moment(datetime):
    pass


class Summer(tzinfo):
    """An hour of daylight saving from April to September."""

    def utcoffset(self, moment):
        return timedelta(hours=1) + self.dst(moment)

    def dst(self, moment):
        return timedelta(hours=1) if moment is not None and 4 <= moment.month <= 9 else timedelta(0)

    def tzname(self, moment):
        return "%S%"


class Wrong(tzinfo):
    def utcoffset(self, moment):
        return moment.year if moment.year != 2001 else timedelta(2)


day = Day(2000, 1, 1)
print(repr(day), day.note, type(day + timedelta(1)).__name__, type(day.replace(day=2)).__name__, Day.fromordinal(5), type(Day.today()).__name__, pickle.loads(pickle.dumps(day)).note)
moment = Moment(2000, 1, 1, fold=1, tzinfo=Summer())
print(repr(moment)[:40], type(moment + timedelta(1)).__name__, type(Moment.fromisoformat("2000-01-01")).__name__, type(Moment.now()).__name__, Moment.combine(day, clock(1)))
print(moment.strftime("%Z %z"), moment.astimezone(timezone.utc), datetime(2000, 6, 1, tzinfo=timezone.utc).astimezone(Summer()), moment.timetuple().tm_isdst)
show(lambda: datetime(2000, 1, 1, tzinfo=Wrong()).utcoffset())
show(lambda: datetime(2001, 1, 1, tzinfo=Wrong()).utcoffset())
show(lambda: datetime(2000, 1, 1, tzinfo=tzinfo()).tzname())
print(datetime.min, datetime.max, datetime.resolution, MAXYEAR, clock.max, date.resolution, isinstance(datetime.now(timezone.utc), date))
for state in [b"\x07\xd0\x01\x01\x00\x00\x00\x00\x00\x00", b"\x00" * 10, b"\xff" * 10, "x" * 10, b"\x07\xd0\x81\x01\x00\x00\x00\x00\x00\x00"]:
    try:
        print(repr(datetime(state)))
    except TypeError:
        print("no state")
