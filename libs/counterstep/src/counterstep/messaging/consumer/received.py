"""A message as a service consumes it, and the span of its processing: from its arrival to its acknowledgement."""

from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry import trace
from opentelemetry.trace import INVALID_SPAN, Span

from counterstep.messaging.observability import spans
from counterstep.messaging.wire.envelope import Envelope
from counterstep.telemetry import TelemetryScope, is_recorded, record_exception, traceparent_of
from counterstep.telemetry.events import Attributes
from counterstep.telemetry.spans import context_of


class Received:
    """An envelope, and `traceparent`: the place in the trace from which all that the message causes continues.

    The span begins here. `done` must be called exactly once: when the message has been handled, or sent on to a
    retry queue or the dead letters.
    """

    __slots__ = ("envelope", "span", "traceparent")

    def __init__(self, envelope: Envelope, queue: str) -> None:
        self.envelope = envelope
        self.span: Span = INVALID_SPAN
        self.traceparent = envelope.headers.traceparent
        if self.traceparent is None or is_recorded(self.traceparent):
            self.span = spans.begin_processing(envelope, queue)
            self.traceparent = traceparent_of(self.span)

    def current(self) -> TelemetryScope:
        """Inside this scope, log lines name the message and new spans are children of its span."""
        return TelemetryScope(
            self.span, {"saga_id": self.envelope.saga_id, "message_id": self.envelope.message_id}
        )

    def link(self, traceparent: str | None) -> None:
        """Link the span to another trace that it is also about."""
        other = trace.get_current_span(context_of(traceparent)).get_span_context()
        if other.is_valid and other.trace_id != self.span.get_span_context().trace_id:
            self.span.add_link(other)

    def annotate(self, attributes: Attributes) -> None:
        """Record the outcome as attributes of the span."""
        self.span.set_attributes(attributes)

    def done(self, fault: Exception | None = None) -> None:
        """End the span: the message was handled, or `fault` is why it was not."""
        if fault is not None:
            spans.fail(self.span, fault)
            record_exception(self.span, fault, "messaging.process.exception")
        self.span.end()


@contextmanager
def collecting(faults: dict[Received, Exception], received: Received) -> Iterator[None]:
    """Keep what the block raises as the fault of this message. The block must have changed nothing then."""
    try:
        yield
    except Exception as error:  # noqa: BLE001 - whatever it is, it harms this message alone
        faults[received] = error
