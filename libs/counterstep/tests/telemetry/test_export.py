"""A collector that is slow, silent or away harms no process."""

import time
from collections.abc import Iterator

import pytest
from collectors import Collector, silent
from counterstep.telemetry.export import EXPORT_SECONDS, MOST_WAITING, Export
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.trace import Tracer
from structlog.testing import capture_logs


@pytest.fixture
def collector() -> Iterator[Collector]:
    collector = Collector()
    with collector.serving():
        yield collector


def traced_by(export: Export) -> Tracer:
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(export.processor)
    return provider.get_tracer("test")


def test_what_waits_is_sent_before_the_process_ends(collector: Collector) -> None:
    export = Export(collector.endpoint)
    traced_by(export).start_span("last words").end()
    export.stop()
    assert collector.names == ["last words"]


def test_a_silent_collector_holds_up_neither_the_work_nor_the_end_of_a_process() -> None:
    with silent() as endpoint:
        export = Export(endpoint)
        tracer = traced_by(export)
        began = time.monotonic()
        for _ in range(2 * MOST_WAITING):
            tracer.start_span("never exported").end()
        worked = time.monotonic()
        export.stop()
        ended = time.monotonic()
    assert worked - began < EXPORT_SECONDS * 5  # never as long as it would take to send them all
    assert ended - worked < EXPORT_SECONDS * 3


def test_an_absent_collector_is_logged_once_and_so_is_its_return(collector: Collector) -> None:
    export = Export(collector.endpoint)
    tracer = traced_by(export)
    with capture_logs() as logs:
        for is_open in (False, False, True, True):
            collector.open = is_open
            tracer.start_span("perhaps exported").end()
            export.processor.force_flush()
    export.stop()
    assert [(entry["log_level"], entry["endpoint"]) for entry in logs] == [
        ("warning", collector.endpoint),
        ("info", collector.endpoint),
    ]
    assert collector.names == ["perhaps exported"] * 2
