# SPDX-License-Identifier: MIT
"""The transport of a child process, under the name that programs know."""
from .subprocess import ProcessTransport as BaseSubprocessTransport
