"""Start the control room of the home that this process is marked with."""

import os
import socket
from pathlib import Path

import uvicorn
from counterstep.telemetry import Links, set_up_logging

from infra.control.app import application
from infra.launcher import Stack
from infra.machine.environment import MARK
from infra.machine.home import Home
from infra.machine.ports import Ports

GRACE_SECONDS = 2
OWNER_ONLY = 0o600


def main() -> None:
    """Run until SIGTERM."""
    home = Home(Path(os.environ[MARK]))
    stack = Stack(home.path, Ports.resolve({}, home.ports))
    listener = _listen(home.control_socket)
    set_up_logging("console", Links(None))
    config = uvicorn.Config(
        application(stack),
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    uvicorn.Server(config).run(sockets=[listener])


def _listen(path: Path) -> socket.socket:
    """Listen where only the owner can connect. Its mode is set before anybody can."""
    path.unlink(missing_ok=True)  # an earlier process was killed
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(path))
    path.chmod(OWNER_ONLY)
    listener.listen()
    return listener


if __name__ == "__main__":
    main()
