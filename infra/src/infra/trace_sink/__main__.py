"""The trace sink's front door: one process that listens on both of Jaeger's ports."""

import socket
import sqlite3

import uvicorn
from counterstep.http.connections import at_most
from counterstep.http.file_limit import connections_within

from infra.machine.loopback import LOOPBACK
from infra.trace_sink.app import application
from infra.trace_sink.settings import TraceSinkSettings

GRACE_SECONDS = 5
MOST_CONNECTIONS = 500


def main() -> None:
    """Run until SIGTERM; exit with one line where a port or the file will not do."""
    settings = TraceSinkSettings.load()
    listeners = [_listen("OTLP_PORT", settings.otlp_port), _listen("TRACES_PORT", settings.traces_port)]
    try:
        app = application(settings)
    except (sqlite3.Error, OSError) as error:
        raise SystemExit(f"cannot use {settings.traces_file} ({error}); TRACES_FILE names another") from None
    config = uvicorn.Config(
        app,
        http=at_most(connections_within(MOST_CONNECTIONS)),
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    uvicorn.Server(config).run(sockets=listeners)


def _listen(variable: str, port: int) -> socket.socket:
    try:
        return socket.create_server((LOOPBACK, port))
    except OSError as error:
        raise SystemExit(f"cannot listen on {LOOPBACK}:{port} ({error.strerror}); {variable} moves it") from None


if __name__ == "__main__":
    main()
