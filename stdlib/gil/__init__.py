# SPDX-License-Identifier: MIT
"""The Global Interpreter Lock, to look at and to steer."""
import sys

import _gil_steer
from _gil import reasons, stats
from _gil_steer import Deadlock

__all__ = ["Deadlock", "explore", "policies", "policy", "reasons", "stats"]


class _Module(type(sys)):
    """The module itself, so that `gil.policy = "fair"` does something."""

    @property
    def policy(self):
        return _gil_steer.policy()

    @policy.setter
    def policy(self, name):
        _gil_steer.set_policy(name)


sys.modules[__name__].__class__ = _Module


def policies():
    """The policies that `gil.policy` can be set to, each with what it does: a dict."""
    return dict(_gil_steer.policies())


def explore(function, *args, time=None, schedules=None, bound=None, file=None):
    """Runs function(*args) under many schedules, each in a process of its own, and says which outcomes there are.

    Prints the report to `file` (standard error if None) and returns it: an object with `outcomes`, `schedules`, `complete` and `ok`."""
    from gil.explore import explore_function
    return explore_function(function, args, time, schedules, bound, file)
