# SPDX-License-Identifier: MIT
"""The name under which CPython keeps the native half of queue."""
from queue import Empty, SimpleQueue
