# SPDX-License-Identifier: MIT
"""Where libraries are."""
import _ctypes


def find_library(name):
    """The file name of a library (`m` gives `libm.so.6`), or None."""
    if not name:
        return None
    for version in ("", ".6", ".1", ".2", ".3", ".4", ".5", ".7", ".8", ".9", ".0"):
        candidate = f"lib{name}.so{version}"
        try:
            _ctypes.dlopen(candidate)
        except OSError:
            continue
        return candidate
    return None
