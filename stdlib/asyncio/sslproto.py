# SPDX-License-Identifier: MIT
"""TLS as a protocol, under the name that programs know."""
from .tls import TlsProtocol as SSLProtocol
