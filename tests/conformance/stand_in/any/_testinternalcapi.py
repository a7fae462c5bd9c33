# SPDX-License-Identifier: MIT
"""What test.support asks of CPython's module of this name before it runs tests of columns in tracebacks; all else in it is CPython's own."""
import sys


def get_config():
    return {"code_debug_ranges": "no_debug_ranges" not in sys._xoptions}
