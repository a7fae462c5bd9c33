# SPDX-License-Identifier: MIT
"""Variables whose values belong to the task or thread that set them."""
from _contextvars import Context, ContextVar, Token, copy_context

__all__ = ("Context", "ContextVar", "Token", "copy_context")
