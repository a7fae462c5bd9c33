# SPDX-License-Identifier: MIT
"""Runs one of CPython's test files under whatever Python runs this: one_file.py MODULE. Prints a line a test: its outcome and its name.

Outcomes: pass, skip, fail, error. A line is written as soon as the test has ended, so what a crash leaves behind still counts.
"""
import importlib
import os
import sys
import time
import unittest

out = os.fdopen(os.dup(1), "w", buffering=1)


class Outcomes(unittest.TestResult):
    """Writes each test's outcome; a test with several failing parts fails once."""

    def startTest(self, test):
        super().startTest(test)
        self.outcome, self.why, self.began = "pass", None, time.monotonic()

    def note(self, outcome, why):
        if self.outcome in ("pass", "skip"):
            self.outcome, self.why = outcome, why

    def addFailure(self, test, err):
        self.note("fail", err)

    def addError(self, test, err):
        if hasattr(self, "outcome"):
            self.note("error", err)
        if not isinstance(test, unittest.TestCase):         # a class or module that could not be set up
            out.write(f"error\t{test}\t{summary(err)}\n")

    def addSubTest(self, test, subtest, err):
        if err is not None:
            self.note("fail", err)

    def addSkip(self, test, reason):
        self.outcome = "skip"
        if not isinstance(test, unittest.TestCase):
            out.write(f"skip\t{test}\t{reason}\n")

    def addExpectedFailure(self, test, err):
        self.outcome = "pass"

    def addUnexpectedSuccess(self, test):
        self.note("fail", None)

    def stopTest(self, test):
        super().stopTest(test)
        seconds = time.monotonic() - self.began
        out.write(f"{self.outcome}\t{test.id()}\t{summary(self.why)}{f' [{seconds:.1f} s]' if seconds > 2 else ''}\n")
        self.why = None


def summary(err):
    if err is None:
        return ""
    line = "".join(str(err[1]).split("\n")[:1])
    place, step = None, err[2]
    while step is not None:                                  # the last line that is not unittest's own
        if "unittest" not in step.tb_frame.f_code.co_filename:
            place = step
        step = step.tb_next
    at = f" (line {place.tb_lineno} of {os.path.basename(place.tb_frame.f_code.co_filename)})" if place is not None else ""
    return f"{err[0].__name__}: {line[:200]}{at}"


def main():
    name = sys.argv[1]
    sys.argv = [name]
    stand_in = os.path.join(os.path.dirname(os.path.abspath(__file__)), "stand_in")
    sys.path += [os.path.join(stand_in, "any"), os.path.join(stand_in, name)]      # behind CPython's own
    from test import support
    support.use_resources = {}
    try:
        module = importlib.import_module(name)
    except unittest.SkipTest as skip:
        out.write(f"skip\t{name}\t{skip}\n")
        return
    except BaseException as failed:
        out.write(f"error\t{name}\timport: {summary(sys.exc_info())}\n")
        return
    suite = unittest.defaultTestLoader.loadTestsFromModule(module)
    suite.run(Outcomes())


if __name__ == "__main__":
    main()
