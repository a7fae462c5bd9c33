# A reader whose iterator of lines uses the reader itself: something sensible, and no crash.
import csv


class Again:
    """An iterator of lines that uses the reader which reads it."""

    def __init__(self):
        self.lines = iter(['"a', 'b', 'c"', 'd'])
        self.once = True

    def __iter__(self):
        return self

    def __next__(self):
        if self.once:
            self.once = False
            next(again)
        return next(self.lines)


again = csv.reader(Again())
print(list(again))   # expect: [['d']]
