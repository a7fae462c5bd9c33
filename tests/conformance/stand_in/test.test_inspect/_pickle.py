# SPDX-License-Identifier: MIT
"""The file imports CPython's C pickler for one test of its signatures, and another file that asks for names of cached code, which Baton keeps elsewhere."""
import sys

sys.implementation.cache_tag, sys.dont_write_bytecode = "none", True
