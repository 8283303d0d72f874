"""Collectors of telemetry, as good and as bad as there are."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Final

from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord
from opentelemetry.proto.metrics.v1.metrics_pb2 import Metric
from opentelemetry.proto.trace.v1.trace_pb2 import Span

LOOPBACK: Final = "127.0.0.1"


class Collector:
    """Takes what is sent where it is `open`, and refuses it with `refusal` where it is not."""

    def __init__(self) -> None:
        self.names: list[str] = []
        """The names of the spans."""
        self.span_events: list[Span.Event] = []
        self.records: list[LogRecord] = []
        self.metrics: dict[str, Metric] = {}
        """The last that came of each name."""
        self.open = True
        self.refusal = 403
        self.without: str | None = None
        """The path that it does not know."""
        self.asked = 0
        collector = self

        class Receiver(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                collector.asked += 1
                status = 404 if self.path == collector.without else 200 if collector.open else collector.refusal
                if status == 200:
                    collector.keep(self.path, body)
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Say nothing between the tests' own lines."""

        self._server = HTTPServer((LOOPBACK, 0), Receiver)

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self._server.server_port}"

    @property
    def endpoint(self) -> str:
        return f"{self.url}/v1/traces"

    def keep(self, path: str, body: bytes) -> None:
        match path:
            case "/v1/traces":
                for traced in ExportTraceServiceRequest.FromString(body).resource_spans:
                    spans = [span for scope in traced.scope_spans for span in scope.spans]
                    self.names += [span.name for span in spans]
                    self.span_events += [event for span in spans for event in span.events]
            case "/v1/logs":
                for logged in ExportLogsServiceRequest.FromString(body).resource_logs:
                    self.records += [record for scope in logged.scope_logs for record in scope.log_records]
            case "/v1/metrics":
                for measured in ExportMetricsServiceRequest.FromString(body).resource_metrics:
                    self.metrics |= {each.name: each for scope in measured.scope_metrics for each in scope.metrics}

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
    """The address of one that takes connections and never answers."""
    with socket.create_server((LOOPBACK, 0)) as listener:
        yield f"http://{LOOPBACK}:{listener.getsockname()[1]}"
