"""Spans whose beginning, end or trace is not that of the code that records them."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import INVALID_SPAN, Link, Span, SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from counterstep.telemetry.events import Attributes, SpanEvent, record_events, record_exception, record_marks
from counterstep.telemetry.identity import chosen

_PROPAGATOR: Final = TraceContextTextMapPropagator()
_TRACER: Final = trace.get_tracer("counterstep")
_IDENTITY: Final = ("saga.id",)
"""The attributes of a span that its log records have, too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishedSpan:
    """A span that has ended: its own id, the `traceparent` that it continues, and its times in nanoseconds."""

    name: str
    span_id: int
    traceparent: str
    start: int
    end: int
    attributes: Attributes
    moments: Sequence[SpanEvent] = ()
    repeated: Sequence[SpanEvent] = ()
    """What another span has among its moments, and is drawn here, too. As log records they would be sent twice."""
    fault: str | None = None
    """What went wrong, if anything did. A refusal for a business reason is no fault."""


def record_span(finished: FinishedSpan) -> None:
    """Record a span after it has ended, with its own times."""
    with chosen(finished.span_id):
        span = _TRACER.start_span(
            finished.name,
            context=context_of(finished.traceparent),
            attributes=finished.attributes,
            start_time=finished.start,
        )
    about = {name: finished.attributes[name] for name in _IDENTITY if name in finished.attributes}
    record_events(span, finished.moments, about)
    record_marks(span, finished.repeated)
    if finished.fault is not None:
        span.set_status(Status(StatusCode.ERROR, finished.fault))
    span.end(finished.end)


def begin(name: str, traceparent: str | None, *, kind: SpanKind, attributes: Attributes) -> Span:
    """A span that continues this trace, or begins one where there is none. The caller must end it."""
    return _TRACER.start_span(name, context=context_of(traceparent), kind=kind, attributes=attributes)


def begin_of_many(name: str, spans: Sequence[Span], *, kind: SpanKind, attributes: Attributes) -> Span:
    """A span in a trace of its own, about something that concerns all of these spans. Each links to the other."""
    links = [Link(span.get_span_context()) for span in spans]
    group_span = _TRACER.start_span(name, context=Context(), kind=kind, attributes=attributes, links=links)
    for span in spans:
        span.add_link(group_span.get_span_context())
    return group_span


@contextmanager
def linked_span(name: str, traceparent: str | None, attributes: Attributes) -> Iterator[None]:
    """A span of another trace than the current request's. The two are linked."""
    request = trace.get_current_span().get_span_context()
    links = [Link(request)] if request.is_valid else []
    context = context_of(traceparent)
    with _TRACER.start_as_current_span(
        name, context=context, attributes=attributes, links=links, record_exception=False
    ) as span:
        try:
            yield
        except Exception as error:
            record_exception(span, error, "counterstep.operator.exception")
            raise


def operator_span(
    act: str, traceparent: str | None, saga_id: UUID, *, operator: str, reason: str
) -> AbstractContextManager[None]:
    """A span of what an operator does, in the trace of the saga that it concerns."""
    about = {"saga.id": str(saga_id), "operator.name": operator, "operator.reason": reason}
    return linked_span(f"operator {act}", traceparent, about)


def context_of(traceparent: str | None) -> Context:
    """The OpenTelemetry context in which a new span continues this trace."""
    return _PROPAGATOR.extract({"traceparent": traceparent} if traceparent else {}, context=Context())


def traceparent_of(span: Span) -> str | None:
    """The W3C `traceparent` of this span, to travel in a message; `None` where nothing is traced."""
    carrier: dict[str, str] = {}
    _PROPAGATOR.inject(carrier, context=trace.set_span_in_context(span, Context()))
    return carrier.get("traceparent")


def current_traceparent() -> str | None:
    """The W3C `traceparent` of the current span; `None` outside of any."""
    span = trace.get_current_span()
    return None if span is INVALID_SPAN else traceparent_of(span)
