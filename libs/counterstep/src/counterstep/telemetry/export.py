"""Sends spans to a collector. If it is slow or away, nothing waits for it and spans are dropped."""

from collections.abc import Sequence
from threading import Timer
from typing import Final

import structlog
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult

EXPORT_EVERY_MS: Final = 500
MOST_WAITING: Final = 8_192
"""The most spans that are kept for a collector that is away. Beyond it the oldest are dropped."""
EXPORT_SECONDS: Final = 2.0
"""How long the collector may take to answer, and how long a process that stops tries to send the rest."""

log = structlog.get_logger()


class LogOnceExporter(SpanExporter):
    """Logs once that the collector is away and once that it is back, however often it is tried."""

    def __init__(self, exporter: SpanExporter, endpoint: str) -> None:
        self._exporter = exporter
        self._endpoint = endpoint
        self._unreachable = False

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        result = self._exporter.export(spans)
        unreachable = result is not SpanExportResult.SUCCESS
        if unreachable and not self._unreachable:
            log.warning("traces are not taken; they are dropped until they are", endpoint=self._endpoint)
        elif self._unreachable and not unreachable:
            log.info("traces are taken again", endpoint=self._endpoint)
        self._unreachable = unreachable
        return result

    def shutdown(self) -> None:
        self._exporter.shutdown()


class Export:
    """Sends spans in the background, in batches."""

    def __init__(self, endpoint: str) -> None:
        self._exporter = LogOnceExporter(OTLPSpanExporter(endpoint=endpoint, timeout=EXPORT_SECONDS), endpoint)
        self.processor = BatchSpanProcessor(
            self._exporter, schedule_delay_millis=EXPORT_EVERY_MS, max_queue_size=MOST_WAITING
        )

    def stop(self) -> None:
        """Send what is left, for at most EXPORT_SECONDS."""
        giving_up = Timer(EXPORT_SECONDS, self._exporter.shutdown)
        giving_up.daemon = True
        giving_up.start()
        self.processor.shutdown()  # type: ignore[no-untyped-call] # published without a type
        giving_up.cancel()
