# SPDX-License-Identifier: MIT
"""The package's logger."""
import logging

logger = logging.getLogger("asyncio")
