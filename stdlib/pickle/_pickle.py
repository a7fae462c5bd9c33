# SPDX-License-Identifier: MIT
"""The name by which pickles of pickle's own exceptions, and programs that want the fast half, know the package: here it is the same."""
from pickle import PickleBuffer, PickleError, Pickler, PicklingError, Unpickler, UnpicklingError, dump, dumps, load, loads
