"""Talking to this machine itself, and to nothing else."""

import ssl
from typing import Any

LOOPBACK = "127.0.0.1"

# For httpx2's clients: the user's proxy is not used, and no certificates are loaded for plain HTTP.
DIRECTLY: dict[str, Any] = {"trust_env": False, "verify": ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)}
