"""A service's front door: one process that answers HTTP, consumes commands and relays messages."""

import socket

import telemetry
import uvicorn
from fastapi import APIRouter
from messaging.batches import Consumer

from chassis.app import application
from chassis.settings import ServiceSettings

GRACE_SECONDS = 20
BACKLOG = 2048


def serve(consumer: Consumer, router: APIRouter, settings: ServiceSettings) -> None:
    """Run the service until SIGTERM; exit with one line where its port is taken."""
    listener = _listen(settings.http_host, settings.http_port)
    telemetry.setup(consumer.name, settings.otel_exporter_otlp_endpoint, settings.log_format)
    config = uvicorn.Config(
        application(consumer, router, settings),
        log_config=None,
        access_log=False,
        server_header=False,
        backlog=BACKLOG,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    uvicorn.Server(config).run(sockets=[listener])


def _listen(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        raise SystemExit(f"cannot listen on {host}:{port} ({error.strerror}); HTTP_PORT moves it") from None
