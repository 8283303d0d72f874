"""What PostgreSQL is told, as a private server on loopback and in its container alike."""

SETTINGS = {
    "max_connections": "200",
    "shared_buffers": "64MB",
    # What is acknowledged is on disk.
    "fsync": "on",
    "synchronous_commit": "on",
}
INITDB = ("--auth=scram-sha-256", "--encoding=UTF8", "--locale=C")


def render(port: int, host: str) -> str:
    """Write `postgresql.conf`."""
    settings = {"listen_addresses": host, "port": str(port), **SETTINGS}
    return "".join(f"{name} = '{value}'\n" for name, value in settings.items())
