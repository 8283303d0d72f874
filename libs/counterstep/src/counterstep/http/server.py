"""A process that answers HTTP until it is terminated."""

import gc
import socket
import ssl
from collections.abc import Callable

import uvicorn
from fastapi import FastAPI

from counterstep.http.connections import at_most
from counterstep.http.file_limit import connections_within
from counterstep.http.settings import WebSettings, text
from counterstep.telemetry import Links, set_up_logging, set_up_telemetry

GRACE_SECONDS = 20
BACKLOG = 2048
KEEP_ALIVE_SECONDS = 75
"""Longer than clients keep idle connections, so that none is closed while a request is on its way."""
YOUNG_OBJECTS = 20_000
"""New objects between two garbage collections. A batch makes thousands, and reference counts free nearly all."""


def serve_web(
    name: str, make: Callable[[], FastAPI], settings: WebSettings, grace_seconds: int = GRACE_SECONDS
) -> None:
    """Run the application that `make` makes, until SIGTERM.

    Exits with one line where the port is taken or the TLS certificate cannot be read.
    """
    tls = _tls(settings)
    listener = _listen(settings.http_host, settings.http_port)
    set_up_logging(settings.log_format, Links(text(settings.trace_ui_url)))
    set_up_telemetry(name, settings.destinations(), settings.otel_traces_sampler_arg)
    app = make()
    config = uvicorn.Config(
        app,
        http=at_most(connections_within(settings.http_most_connections)),
        ssl_context_factory=(lambda *_: tls) if tls else None,
        log_config=None,
        access_log=False,
        server_header=False,
        backlog=BACKLOG,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=grace_seconds,
    )
    _collect_seldom()
    _Server(config, app).run(sockets=[listener])


class _Server(uvicorn.Server):
    """A server that tells its application of the shutdown before it waits for the requests under way."""

    def __init__(self, config: uvicorn.Config, app: FastAPI) -> None:
        super().__init__(config)
        self._app = app

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for stop in self._app.state.at_shutdown:
            stop()
        await super().shutdown(sockets)


def _collect_seldom() -> None:
    """Modules, models and routes live as long as the process, so the collector need not visit them again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS)


def _tls(settings: WebSettings) -> ssl.SSLContext | None:
    if settings.http_tls_certificate is None:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(settings.http_tls_certificate, settings.http_tls_key)
    except OSError as error:
        reason = error.strerror or error
        raise SystemExit(f"cannot start: HTTP_TLS_CERTIFICATE, HTTP_TLS_KEY: {reason}") from None
    return context


def _listen(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        raise SystemExit(f"cannot listen on {host}:{port} ({error.strerror}); HTTP_PORT moves it") from None
