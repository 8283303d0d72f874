"""PostgreSQL's settings, as a private server on loopback and in its container alike."""

from typing import Final

from counterstep.messaging.database.pool_profile import CONNECTIONS

from infra.components.replicas import MOST_TOGETHER

BESIDE: Final = 44
"""Connections for clients that are no service: migrations, the exporter, people."""

SETTINGS: Final = {
    "max_connections": str(MOST_TOGETHER * CONNECTIONS + BESIDE),
    "shared_buffers": "64MB",
    # What is acknowledged is on disk.
    "fsync": "on",
    "synchronous_commit": "on",
    # The entries of all parts are put in the order of time.
    "log_timezone": "UTC",
}
INITDB = ("--auth=scram-sha-256", "--encoding=UTF8", "--locale=C")


def render(port: int, host: str) -> str:
    """Write `postgresql.conf`."""
    settings = {"listen_addresses": host, "port": str(port), **SETTINGS}
    return "".join(f"{name} = '{value}'\n" for name, value in settings.items())
