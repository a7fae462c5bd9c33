# SPDX-License-Identifier: MIT
"""How callbacks and stacks are shown."""
import sys

from . import constants
from .formats import _arguments as _format_args_and_kwargs, _callback as _format_callback, callback_source as _format_callback_source
from .formats import source_of as _get_function_source


def extract_stack(f=None, limit=None):
    """The stack above a frame, without its lines' text; in debug mode it is kept with what was made there."""
    from traceback import StackSummary, walk_stack
    stack = StackSummary.extract(walk_stack(f if f is not None else sys._getframe(1)), limit=limit or constants.DEBUG_STACK_DEPTH, lookup_lines=False)
    stack.reverse()
    return stack
