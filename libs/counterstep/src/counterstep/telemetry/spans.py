"""Spans that begin, end or belong elsewhere than where the code that tells of them runs."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import INVALID_SPAN, Link, Span, SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from opentelemetry.util.types import AttributeValue

from counterstep.telemetry.identity import chosen

_PROPAGATOR: Final = TraceContextTextMapPropagator()
_TRACER: Final = trace.get_tracer("counterstep")

Attributes = Mapping[str, AttributeValue]


@dataclass(frozen=True, slots=True)
class SpanEvent:
    """Something that happened in a span's life; `at` in nanoseconds of the Unix clock."""

    name: str
    at: int
    attributes: Attributes = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishedSpan:
    """A span whose whole life is known: its own id, the `traceparent` that it continues, and nanosecond times."""

    name: str
    span_id: int
    traceparent: str
    start: int
    end: int
    attributes: Attributes
    moments: Sequence[SpanEvent] = ()
    fault: str | None = None
    """What went wrong, where something did; a business no is no fault."""


def record_span(finished: FinishedSpan) -> None:
    """Record it as it was."""
    with chosen(finished.span_id):
        span = _TRACER.start_span(
            finished.name,
            context=context_of(finished.traceparent),
            attributes=finished.attributes,
            start_time=finished.start,
        )
    for moment in finished.moments:
        span.add_event(moment.name, moment.attributes, moment.at)
    if finished.fault is not None:
        span.set_status(Status(StatusCode.ERROR, finished.fault))
    span.end(finished.end)


def begin(name: str, traceparent: str | None, *, kind: SpanKind, attributes: Attributes) -> Span:
    """A span that continues this trace, or begins one where there is none; whoever asks for it must end it."""
    return _TRACER.start_span(name, context=context_of(traceparent), kind=kind, attributes=attributes)


def begin_of_many(name: str, spans: Sequence[Span], *, kind: SpanKind, attributes: Attributes) -> Span:
    """A span in a trace of its own about what happened to all of these at once: each links to the other."""
    links = [Link(span.get_span_context()) for span in spans]
    about = _TRACER.start_span(name, context=Context(), kind=kind, attributes=attributes, links=links)
    for span in spans:
        span.add_link(about.get_span_context())
    return about


@contextmanager
def linked_span(name: str, traceparent: str | None, attributes: Attributes) -> Iterator[None]:
    """What is done inside belongs to another trace than the request that asks for it; the two are linked."""
    request = trace.get_current_span().get_span_context()
    links = [Link(request)] if request.is_valid else []
    context = context_of(traceparent)
    with _TRACER.start_as_current_span(name, context=context, attributes=attributes, links=links):
        yield


def context_of(traceparent: str | None) -> Context:
    """The place where a span that continues this trace belongs."""
    return _PROPAGATOR.extract({"traceparent": traceparent} if traceparent else {}, context=Context())


def traceparent_of(span: Span) -> str | None:
    """The place of this span, to travel in a message; `None` where nothing is traced."""
    carrier: dict[str, str] = {}
    _PROPAGATOR.inject(carrier, context=trace.set_span_in_context(span, Context()))
    return carrier.get("traceparent")


def current_traceparent() -> str | None:
    """The place of the current span; `None` outside of any."""
    span = trace.get_current_span()
    return None if span is INVALID_SPAN else traceparent_of(span)


def annotate(attributes: Attributes) -> None:
    """Say of the current span what it is about."""
    trace.get_current_span().set_attributes(attributes)
