"""One order is one trace: the context travels as a `traceparent` in every message and every stored row."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Span, SpanKind
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

_PROPAGATOR: Final = TraceContextTextMapPropagator()
_TRACER: Final = trace.get_tracer("counterstep")


def set_up_tracing(service_name: str, otlp_endpoint: str | None) -> None:
    """Record spans; send them to `<otlp_endpoint>/v1/traces` in the background where one is given."""
    provider = TracerProvider(resource=Resource.create({SERVICE_NAME: service_name}))
    if otlp_endpoint:
        exporter = OTLPSpanExporter(endpoint=f"{otlp_endpoint.rstrip('/')}/v1/traces")
        provider.add_span_processor(BatchSpanProcessor(exporter))
    trace.set_tracer_provider(provider)


@contextmanager
def continued(
    name: str, traceparent: str | None, *, kind: SpanKind, attributes: Mapping[str, str]
) -> Iterator[Span]:
    """A span that continues the trace of a message; it is the current span inside the block."""
    context = _PROPAGATOR.extract({"traceparent": traceparent} if traceparent else {})
    with _TRACER.start_as_current_span(name, context=context, kind=kind, attributes=attributes) as span:
        yield span


def current_traceparent() -> str | None:
    """The current span as W3C `traceparent`, to travel in a message; `None` outside any span."""
    carrier: dict[str, str] = {}
    _PROPAGATOR.inject(carrier)
    return carrier.get("traceparent")


def trace_id(traceparent: str | None) -> str | None:
    """The trace that a `traceparent` belongs to."""
    return traceparent.split("-")[1] if traceparent else None
