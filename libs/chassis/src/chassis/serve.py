"""A process's front door: it answers HTTP; a service's process also consumes commands and relays messages."""

import socket
import ssl
from collections.abc import Callable
from functools import partial

import uvicorn
from fastapi import APIRouter, FastAPI
from messaging.batches import Consumer
from telemetry import Links, set_up_logging, set_up_tracing

from chassis.app import application
from chassis.settings import ServiceSettings, WebSettings, text

GRACE_SECONDS = 20
BACKLOG = 2048


def serve(consumer: Consumer, router: APIRouter, settings: ServiceSettings) -> None:
    """Run the service until SIGTERM; raises as `serve_web` does."""
    serve_web(consumer.name, partial(application, consumer, router, settings), settings)


def serve_web(
    name: str, make: Callable[[], FastAPI], settings: WebSettings, grace_seconds: int = GRACE_SECONDS
) -> None:
    """Run what `make` makes until SIGTERM; exit with one line where its port or its certificate will not do."""
    tls = _tls(settings)
    listener = _listen(settings.http_host, settings.http_port)
    set_up_logging(settings.log_format, Links(text(settings.trace_ui_url)))
    set_up_tracing(name, text(settings.otel_exporter_otlp_endpoint), settings.otel_traces_sampler_arg)
    config = uvicorn.Config(
        make(),
        ssl_context_factory=(lambda *_: tls) if tls else None,
        log_config=None,
        access_log=False,
        server_header=False,
        backlog=BACKLOG,
        timeout_graceful_shutdown=grace_seconds,
    )
    uvicorn.Server(config).run(sockets=[listener])


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
