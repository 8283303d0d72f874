"""A trace is recorded whole or not at all."""

import pytest
from counterstep.telemetry.sampling import sampler
from counterstep.telemetry.spans import context_of, traceparent_of
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import Link, SpanKind, Tracer

TRACES = 400


def tracer_of(ratio: float) -> tuple[Tracer, InMemorySpanExporter]:
    kept = InMemorySpanExporter()
    provider = TracerProvider(sampler=sampler(ratio), shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(kept))
    return provider.get_tracer("test"), kept


@pytest.mark.parametrize(("ratio", "least", "most"), [(0.0, 0, 0), (0.1, 5, 100), (1.0, TRACES, TRACES)])
def test_so_large_a_share_of_the_traces_is_recorded(ratio: float, least: int, most: int) -> None:
    tracer, kept = tracer_of(ratio)
    for _ in range(TRACES):
        tracer.start_span("POST /orders").end()
    assert least <= len(kept.get_finished_spans()) <= most


@pytest.mark.parametrize(("begun_with", "continued_with", "recorded"), [(0.0, 1.0, 0), (1.0, 0.0, 2)])
def test_what_continues_a_trace_is_recorded_as_its_beginning_was(
    begun_with: float, continued_with: float, recorded: int
) -> None:
    begun, kept_there = tracer_of(begun_with)
    continued, kept_here = tracer_of(continued_with)
    root = begun.start_span("POST /orders")
    continued.start_span("process", context=context_of(traceparent_of(root))).end()
    root.end()
    assert len(kept_there.get_finished_spans()) + len(kept_here.get_finished_spans()) == recorded


@pytest.mark.parametrize(("method", "recorded"), [("GET", 0), ("HEAD", 0), ("POST", 1), ("PUT", 1)])
def test_a_request_that_only_reads_begins_no_trace(method: str, recorded: int) -> None:
    tracer, kept = tracer_of(1.0)
    tracer.start_span(method, kind=SpanKind.SERVER, attributes={"http.request.method": method}).end()
    assert len(kept.get_finished_spans()) == recorded


def test_a_request_that_only_reads_is_recorded_where_its_caller_records() -> None:
    tracer, kept = tracer_of(1.0)
    caller = tracer.start_span("caller")
    read = {"http.request.method": "GET"}
    tracer.start_span("GET", context_of(traceparent_of(caller)), SpanKind.SERVER, read).end()
    assert [span.name for span in kept.get_finished_spans()] == ["GET"]


@pytest.mark.parametrize(("ratio", "recorded"), [(0.0, 0), (1.0, 1)])
def test_what_is_about_a_recorded_trace_is_recorded_too(ratio: float, recorded: int) -> None:
    tracer, _ = tracer_of(ratio)
    rarely, kept = tracer_of(0.0)
    linked = Link(tracer.start_span("process").get_span_context())
    rarely.start_span("process batch", links=[linked]).end()
    assert len(kept.get_finished_spans()) == recorded
