# SPDX-License-Identifier: MIT
"""Numbers of the network layer, and of debug mode."""
SSL_HANDSHAKE_TIMEOUT = 60.0
SSL_SHUTDOWN_TIMEOUT = 30.0
DEBUG_STACK_DEPTH = 10
