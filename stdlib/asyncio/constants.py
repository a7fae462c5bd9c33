# SPDX-License-Identifier: MIT
"""Numbers of the network layer, and of debug mode."""
SSL_HANDSHAKE_TIMEOUT = 60.0
SSL_SHUTDOWN_TIMEOUT = 30.0
DEBUG_STACK_DEPTH = 10
SENDFILE_FALLBACK_READBUFFER_SIZE = 256 * 1024      # what sendfile() copies at once
