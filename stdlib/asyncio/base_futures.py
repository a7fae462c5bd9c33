# SPDX-License-Identifier: MIT
"""What futures have in common, under the name that programs know."""
from .formats import future_parts as _future_repr_info
from .futures import isfuture

__all__ = ()

_PENDING, _CANCELLED, _FINISHED = "PENDING", "CANCELLED", "FINISHED"
