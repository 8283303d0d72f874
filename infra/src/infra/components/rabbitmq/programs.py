"""Where RabbitMQ's programs are."""

from pathlib import Path

from infra.machine.packages import Package

PACKAGE = Package("rabbitmq", apt="rabbitmq-server", service="rabbitmq-server", formula="rabbitmq")
# Not Debian's wrapper on PATH: that one runs as the system's own broker only.
DEBIAN = Path("/usr/lib/rabbitmq/bin")
HOMEBREW = (Path("/opt/homebrew/opt/rabbitmq/sbin"), Path("/usr/local/opt/rabbitmq/sbin"))


def folder() -> Path:
    """Return the folder of the programs; it may still have to be installed."""
    return next(filter(_holds_programs, (DEBIAN, *HOMEBREW)), DEBIAN)


def installed() -> bool:
    """Tell whether the programs are there."""
    return _holds_programs(folder())


def _holds_programs(folder: Path) -> bool:
    return (folder / "rabbitmq-server").exists()
