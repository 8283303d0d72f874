"""Sends spans and logs to a collector. If it is slow or away, nothing waits for it and they are dropped."""

from collections.abc import Callable, Sequence
from functools import partial
from threading import Thread, Timer
from typing import Final

from opentelemetry._logs import SeverityNumber
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk._logs import ReadableLogRecord
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor, LogRecordExporter, LogRecordExportResult
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.sdk.util.instrumentation import InstrumentationScope

from counterstep.telemetry.reception import EXPORT_SECONDS, Reception

EXPORT_EVERY_MS: Final = 500
MOST_WAITING: Final = 8_192
"""How many spans, and log records, wait for a collector that is away. Beyond it the oldest are dropped."""


class SpanDelivery(SpanExporter):
    """Delivers spans, and logs once that the collector is away and once that it is back."""

    def __init__(self, endpoint: str) -> None:
        self._reception = Reception("traces", endpoint)
        self._exporter = OTLPSpanExporter(endpoint, timeout=EXPORT_SECONDS, session=self._reception.session)

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        send = partial(self._exporter.export, spans)
        return self._reception.deliver(send, success=SpanExportResult.SUCCESS, failure=SpanExportResult.FAILURE)

    def shutdown(self) -> None:
        self._exporter.shutdown()  # type: ignore[no-untyped-call] # published without a type


class LogDelivery(LogRecordExporter):
    """Delivers log records, likewise."""

    def __init__(self, endpoint: str) -> None:
        self.reception = Reception("logs", endpoint)
        self._exporter = OTLPLogExporter(endpoint, timeout=EXPORT_SECONDS, session=self.reception.session)

    def export(self, batch: Sequence[ReadableLogRecord]) -> LogRecordExportResult:
        send = partial(self._exporter.export, batch)
        taken, dropped = LogRecordExportResult.SUCCESS, LogRecordExportResult.FAILURE
        return self.reception.deliver(send, success=taken, failure=dropped)

    def shutdown(self) -> None:
        self._exporter.shutdown()  # type: ignore[no-untyped-call] # published without a type

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        """Nothing waits here: see the processor."""
        return self._exporter.force_flush(timeout_millis)


class LogProcessor(BatchLogRecordProcessor):
    """Sends log records in the background, in batches.

    Events are wanted once the collector has taken a log: until then, and where it takes none, they stay with the
    spans.
    """

    def __init__(self, delivery: LogDelivery) -> None:
        super().__init__(delivery, schedule_delay_millis=EXPORT_EVERY_MS, max_queue_size=MOST_WAITING)
        self._reception = delivery.reception

    def enabled(
        self,
        *,
        context: Context | None = None,  # noqa: ARG002 - OpenTelemetry's signature
        instrumentation_scope: InstrumentationScope | None = None,  # noqa: ARG002
        severity_number: SeverityNumber | None = None,  # noqa: ARG002
        event_name: str | None = None,
    ) -> bool:
        return self._reception.taken is True if event_name else self._reception.open


class SpanExport:
    """Spans that are sent in the background."""

    def __init__(self, endpoint: str) -> None:
        self._delivery = SpanDelivery(endpoint)
        self.processor = BatchSpanProcessor(
            self._delivery, schedule_delay_millis=EXPORT_EVERY_MS, max_queue_size=MOST_WAITING
        )

    def stop(self) -> None:
        """Send what is left, for at most EXPORT_SECONDS."""
        stop_within(EXPORT_SECONDS, self.processor.shutdown, self._delivery.shutdown)


class LogExport:
    """Log records that are sent in the background."""

    def __init__(self, endpoint: str) -> None:
        self._delivery = LogDelivery(endpoint)
        self.processor = LogProcessor(self._delivery)

    def stop(self) -> None:
        """Send what is left, for at most EXPORT_SECONDS."""
        stop_within(EXPORT_SECONDS, self.processor.shutdown, self._delivery.shutdown)


def stop_within(seconds: float, finish: Callable[[], object], give_up: Callable[[], object]) -> None:
    """Call `finish`, and `give_up` where it takes longer."""
    giving_up = Timer(seconds, give_up)
    giving_up.daemon = True
    giving_up.start()
    finish()
    giving_up.cancel()


def at_once(stops: Sequence[Callable[[], None]]) -> None:
    """Call all of them at the same time, so that together they take no longer than the slowest."""
    threads = [Thread(target=stop, daemon=True) for stop in stops]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
