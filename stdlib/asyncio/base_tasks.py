# SPDX-License-Identifier: MIT
"""What tasks have in common, under the name that programs know."""
from .formats import task_parts as _task_repr_info
