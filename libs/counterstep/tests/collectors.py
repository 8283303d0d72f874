"""Collectors of traces, as good and as bad as there are."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Final

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

LOOPBACK: Final = "127.0.0.1"


class Collector:
    """Takes spans where it is `open`, and refuses them where it is not."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.open = True
        collector = self

        class Receiver(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if collector.open:
                    collector.keep(ExportTraceServiceRequest.FromString(body))
                self.send_response(200 if collector.open else 403)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Say nothing between the tests' own lines."""

        self._server = HTTPServer((LOOPBACK, 0), Receiver)

    @property
    def endpoint(self) -> str:
        return f"http://{LOOPBACK}:{self._server.server_port}/v1/traces"

    def keep(self, request: ExportTraceServiceRequest) -> None:
        for resource in request.resource_spans:
            self.names += [span.name for scope in resource.scope_spans for span in scope.spans]

    @contextmanager
    def serving(self) -> Iterator[None]:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        try:
            yield
        finally:
            self._server.shutdown()
            self._server.server_close()


@contextmanager
def silent() -> Iterator[str]:
    """The endpoint of one that takes connections and never answers."""
    with socket.create_server((LOOPBACK, 0)) as listener:
        yield f"http://{LOOPBACK}:{listener.getsockname()[1]}/v1/traces"
