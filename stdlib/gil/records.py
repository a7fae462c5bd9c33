# SPDX-License-Identifier: MIT
"""What a controlled run recorded on its tape (runtime/schedule.h), in a form to reason about."""
import _gil_steer as _c

POINT, ACCESS, TEXT, LINE, VALUE = _c.POINT, _c.ACCESS, _c.TEXT, _c.LINE, _c.VALUE


class Point:
    """A moment at which two threads or more could be next."""
    __slots__ = ("current", "flags", "chosen", "line", "can", "timed", "usual", "file", "steps")

    def __init__(self, record):
        _, self.current, self.flags, self.chosen, self.line, self.can, self.timed, self.usual, self.file = record
        self.steps = []          # what happened until the next point: [thread, accesses] in order

    @property
    def preempts(self):
        """Whether to choose another thread is to interrupt one that could go on."""
        return bool(self.flags & _c.POINT_CURRENT_CAN)


def bits(mask):
    """The numbers of the bits that are set."""
    numbers, number = [], 0
    while mask:
        if mask & 1:
            numbers.append(number)
        mask >>= 1
        number += 1
    return numbers


class Trace:
    """The points of a run, each with the accesses up to the next one. An access is (place, key, flags, line, file)."""

    def __init__(self, tape):
        self.flags, self.length, self.instructions, self.threads = tape.state()
        self.points, self.files = [], {}
        steps = self.before = []
        for record in tape.records():
            kind = record[0]
            if kind == POINT:
                point = Point(record)
                self.points.append(point)
                steps = point.steps
            elif kind == ACCESS:
                _, thread, flags, line, place, key, file = record
                if not steps or steps[-1][0] != thread:
                    steps.append((thread, []))
                steps[-1][1].append((place, key, flags, line, file))
            elif kind == TEXT:
                self.files[record[2]] = record[3]

    def choices(self, end=None):
        """The choices before the point number `end` that were not the usual ones: pairs (number of the point, thread)."""
        return [(number, p.chosen) for number, p in enumerate(self.points[:end], 1) if p.chosen != p.usual]
