"""What a collector is sent of the log, by a process of its own: telemetry is set up once per process."""

import subprocess
import sys
from collections.abc import Iterator

import pytest
from collectors import Collector
from opentelemetry.proto.common.v1.common_pb2 import KeyValue
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord, SeverityNumber

PROGRAM = """
import structlog
from counterstep.telemetry import (
    Destinations, FinishedSpan, Links, SpanEvent, TelemetryScope, begin, record_exception, record_span,
    set_up_logging, set_up_telemetry,
)
from opentelemetry._logs import get_logger_provider
from opentelemetry.trace import SpanKind

set_up_logging("json", Links(None))
set_up_telemetry("test", Destinations(traces="{url}/v1/traces", logs="{url}/v1/logs"), {ratio})
log = structlog.get_logger("counterstep")
log.info("begun")
get_logger_provider().force_flush()  # the collector has taken a log, or refused it
span = begin("process", {traceparent!r}, kind=SpanKind.CONSUMER, attributes={{}})
try:
    raise ValueError("amqp://order:swordfish@127.0.0.1")
except ValueError as error:
    with TelemetryScope(span, {{"saga_id": "s"}}):
        log.info("told", password="swordfish", strange=object, large=2**70, half="\\udc80")
        log.exception("set aside", text="x" * 100_000)
    record_exception(span, error, "messaging.process.exception")
span.end()
record_span(FinishedSpan(
    name="saga place_order", span_id=7, traceparent="00-" + "a" * 32 + "-" + "b" * 16 + "-01", start=1, end=2,
    attributes={{"saga.id": "s"}},
    moments=[SpanEvent("reserve_seat asked", 5, {{"saga.step": "reserve_seat"}}, "saga.asked")],
    repeated=[SpanEvent("reserve_seat asked", 5)],
))
"""


@pytest.fixture
def collector() -> Iterator[Collector]:
    collector = Collector()
    with collector.serving():
        yield collector


def ran(collector: Collector, *, ratio: float = 1.0, traceparent: str | None = None) -> str:
    program = PROGRAM.format(url=collector.url, ratio=ratio, traceparent=traceparent)
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout  # noqa: S603 - ours


def record(collector: Collector, text: str) -> LogRecord:
    (found,) = (each for each in collector.records if each.body.string_value.startswith(text))
    return found


def pairs(attributes: list[KeyValue]) -> dict[str, str]:
    return {each.key: each.value.string_value for each in attributes}


@pytest.fixture
def told(collector: Collector) -> Collector:
    ran(collector)
    return collector


def test_a_line_is_sent_as_it_is_printed_and_leads_to_its_span(told: Collector) -> None:
    line = record(told, "told")
    assert (line.severity_number, line.severity_text) == (SeverityNumber.SEVERITY_NUMBER_INFO, "INFO")
    assert (len(line.trace_id), len(line.span_id)) == (16, 8)
    said = pairs(list(line.attributes))
    assert (said["saga_id"], said["password"], said["half"]) == ("s", "[redacted]", "?")
    assert said["large"] == str(2**70)


def test_an_exception_is_sent_without_secrets_and_no_text_without_a_bound(told: Collector) -> None:
    line, event = record(told, "set aside"), record(told, "ValueError: ")
    assert event.event_name == "messaging.process.exception"
    assert event.trace_id == line.trace_id
    for said in (pairs(list(line.attributes)), pairs(list(event.attributes))):
        assert said["exception.type"] == "ValueError"
        assert said["exception.message"] == "amqp://[redacted]@127.0.0.1"
        assert "Traceback" in said["exception.stacktrace"]
    assert "swordfish" not in str(told.records)
    assert len(pairs(list(line.attributes))["text"]) < 10_000


def test_what_happened_to_a_saga_is_an_event_once_and_no_span_has_it_too(told: Collector) -> None:
    event = record(told, "reserve_seat asked")
    assert (event.event_name, event.time_unix_nano) == ("saga.asked", 5)
    assert pairs(list(event.attributes)) == {"saga.id": "s", "saga.step": "reserve_seat"}
    assert (event.trace_id.hex(), event.span_id.hex()) == ("a" * 32, f"{7:016x}")
    assert told.span_events == []


def test_a_collector_without_logs_gets_the_events_within_the_spans(collector: Collector) -> None:
    collector.without = "/v1/logs"
    printed = ran(collector)
    assert [event.name for event in collector.span_events] == [
        "exception",
        "reserve_seat asked",
        "reserve_seat asked",
    ]
    assert printed.count("logs are not taken") == 1
    assert "swordfish" not in str(collector.span_events)


def test_of_a_trace_that_is_not_recorded_only_warnings_and_worse_are_sent(collector: Collector) -> None:
    ran(collector, traceparent=f"00-{'c' * 32}-{'d' * 16}-00")
    texts = [each.body.string_value for each in collector.records]
    assert [text for text in texts if text in {"begun", "told", "set aside"}] == ["begun", "set aside"]
    assert record(collector, "set aside").trace_id.hex() == "c" * 32
