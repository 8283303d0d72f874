"""Finding RabbitMQ's programs, or installing them where that is allowed."""

import os
import shlex
import shutil
from pathlib import Path

from infra.command import run
from infra.failure import Failure

# Not Debian's wrapper on PATH: that one runs as the system's own broker only.
DEBIAN = Path("/usr/lib/rabbitmq/bin")
HOMEBREW = (Path("/opt/homebrew/opt/rabbitmq/sbin"), Path("/usr/local/opt/rabbitmq/sbin"))
INSTALLER = Path(__file__).parents[2] / "install-rabbitmq.sh"


def folder() -> Path:
    """Return the folder of the programs; it may still have to be installed."""
    return next(filter(_holds_programs, (DEBIAN, *HOMEBREW)), DEBIAN)


def installed() -> bool:
    """Tell whether the programs are there."""
    return _holds_programs(folder())


async def install() -> None:
    """Install them with apt. Raises Failure with what to type where that is not allowed, or fails."""
    if not shutil.which("apt-get"):
        raise Failure("rabbitmq", "RabbitMQ is not installed. On macOS type: brew install rabbitmq")
    command = ["sh", str(INSTALLER)]
    if os.geteuid():
        if not await _may_sudo():
            raise Failure("rabbitmq", f"RabbitMQ is not installed. Type: {shlex.join(['sudo', *command])}")
        command = ["sudo", "--non-interactive", *command]
    await run("rabbitmq", command, environment=dict(os.environ))
    if not installed():
        raise Failure("rabbitmq", f"{DEBIAN} is missing although rabbitmq-server is installed; install it again")


def _holds_programs(folder: Path) -> bool:
    return (folder / "rabbitmq-server").exists()


async def _may_sudo() -> bool:
    if not shutil.which("sudo"):
        return False
    try:
        await run("sudo", ["sudo", "--non-interactive", "true"], environment=dict(os.environ))
    except Failure:
        return False
    return True
