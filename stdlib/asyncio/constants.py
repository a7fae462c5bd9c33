# SPDX-License-Identifier: MIT
"""Numbers of the network layer."""
SSL_HANDSHAKE_TIMEOUT = 60.0
SSL_SHUTDOWN_TIMEOUT = 30.0
