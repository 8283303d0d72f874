"""A collector that is slow, silent or away harms no process."""

import logging
import time
from collections.abc import Callable, Iterator
from typing import TypeAlias

import pytest
from collectors import Collector, silent
from counterstep.telemetry.export import MOST_WAITING, LogExport, SpanExport, at_once
from counterstep.telemetry.reception import EXPORT_SECONDS
from opentelemetry._logs import LogRecord
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk.trace import TracerProvider
from structlog.testing import capture_logs

Export: TypeAlias = SpanExport | LogExport


@pytest.fixture
def collector() -> Iterator[Collector]:
    collector = Collector()
    with collector.serving():
        yield collector


def of_spans(url: str) -> tuple[Export, Callable[[str], None]]:
    export, provider = SpanExport(f"{url}/v1/traces"), TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(export.processor)
    tracer = provider.get_tracer("test")
    return export, lambda text: tracer.start_span(text).end()


def of_logs(url: str) -> tuple[Export, Callable[[str], None]]:
    export, provider = LogExport(f"{url}/v1/logs"), LoggerProvider(shutdown_on_exit=False)
    provider.add_log_record_processor(export.processor)
    logger = provider.get_logger("test")
    return export, lambda text: logger.emit(LogRecord(body=text))


def texts(collector: Collector) -> list[str]:
    return [*collector.names, *(record.body.string_value for record in collector.records)]


Maker: TypeAlias = Callable[[str], tuple[Export, Callable[[str], None]]]
both = pytest.mark.parametrize("make", [of_spans, of_logs])


@both
def test_what_waits_is_sent_before_the_process_ends(collector: Collector, make: Maker) -> None:
    export, record = make(collector.url)
    record("last words")
    export.stop()
    assert texts(collector) == ["last words"]


def test_a_silent_collector_holds_up_neither_the_work_nor_the_end_of_a_process(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.CRITICAL, "opentelemetry")  # as in every service
    with silent() as url:
        made = [of_spans(url), of_logs(url)]
        for _, record in made:
            began = time.monotonic()
            for _ in range(2 * MOST_WAITING):
                record("never exported")
            assert time.monotonic() - began < EXPORT_SECONDS * 5  # never as long as it would take to send them all
        worked = time.monotonic()
        at_once([export.stop for export, _ in made])
        assert time.monotonic() - worked < EXPORT_SECONDS * 3


@both
def test_an_absent_collector_is_logged_once_and_so_is_its_return(collector: Collector, make: Maker) -> None:
    export, record = make(collector.url)
    with capture_logs() as logs:
        for is_open in (False, False, True, True):
            collector.open = is_open
            record("perhaps exported")
            export.processor.force_flush()
    export.stop()
    assert [entry["log_level"] for entry in logs] == ["warning", "info"]
    assert all(entry["endpoint"].startswith(collector.url) for entry in logs)
    assert logs[0]["answer"] == 403
    assert texts(collector) == ["perhaps exported"] * 2


@both
@pytest.mark.parametrize("status", [404, 405, 501])
def test_a_collector_without_such_telemetry_is_told_about_it_once_and_left_alone(
    collector: Collector, make: Maker, status: int
) -> None:
    collector.open, collector.refusal = False, status
    export, record = make(collector.url)
    with capture_logs() as logs:
        for _ in range(3):
            record("never exported")
            export.processor.force_flush()
    export.stop()
    assert collector.asked == 1
    assert [(entry["log_level"], entry["answer"]) for entry in logs] == [("warning", status), ("info", status)]
