"""Requests that are small on the wire and large once they are read: none holds the sink, or fills its disk."""

import gzip
import threading
import time
from collections.abc import Callable
from pathlib import Path

import httpx2
import pytest
import sample_traces
from infra.trace_sink.bounds import LARGEST_ORIGIN, LARGEST_SPAN, MOST_BYTES, MOST_FIELDS, MOST_OBJECTS
from infra.trace_sink.intake import Overloaded
from infra.trace_sink.otlp import JSON, PROTOBUF
from infra.trace_sink.protobuf_fields import nested_fields
from infra.trace_sink.room import Room
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse

MANY = MOST_BYTES // 2 - 100
"""The emptiest message has two bytes."""


def field(number: int, value: bytes) -> bytes:
    size, length = len(value), b""
    while size > 0x7F:
        length, size = length + bytes([size & 0x7F | 0x80]), size >> 7
    return bytes([number << 3 | 2]) + length + bytes([size]) + value


def scopes_of_a_large_resource() -> bytes:
    """Each scope is kept with its resource, and so would have a copy of it."""
    resource = field(1, field(1, field(1, b"k" * (LARGEST_ORIGIN - 100))))
    return field(1, resource + field(2, field(2, b"")) * 10_000)


BOMBS: dict[str, Callable[[], tuple[bytes, str]]] = {
    "resources": lambda: (field(1, b"") * MANY, PROTOBUF),
    "scopes": lambda: (field(1, field(2, b"") * MANY), PROTOBUF),
    "spans": lambda: (field(1, field(2, field(2, b"") * MANY)), PROTOBUF),
    "unknown fields": lambda: (b"\x08\x00" * MANY, PROTOBUF),
    "copies": lambda: (scopes_of_a_large_resource(), PROTOBUF),
    "objects": lambda: (b'{"resourceSpans": [' + b"{}," * MOST_OBJECTS + b"{}]}", JSON),
    "bytes": lambda: (b"\0" * (MOST_BYTES + 1), PROTOBUF),
}


def post(sink: httpx2.Client, body: bytes, content_type: str = PROTOBUF) -> httpx2.Response:
    headers = {"Content-Type": content_type, "Content-Encoding": "gzip"}
    return sink.post("/v1/traces", content=gzip.compress(body), headers=headers)


@pytest.mark.parametrize("kind", BOMBS)
def test_a_small_body_that_holds_too_much_is_refused(sink: httpx2.Client, kind: str) -> None:
    answer = post(sink, *BOMBS[kind]())
    assert answer.status_code == 413
    assert b"send at most" in answer.content


def test_as_much_as_is_allowed_is_taken(sink: httpx2.Client) -> None:
    trace = sample_traces.SampleTrace()
    for number in range(MOST_FIELDS // 2):
        trace.span("order", "step", (number, number + 1))
    assert post(sink, trace.export.SerializeToString()).status_code == 200
    assert len(sink.get(f"/api/traces/{trace.hex_id}").json()["data"][0]["spans"]) == MOST_FIELDS // 2


def test_a_span_or_a_resource_that_is_too_large_is_rejected_and_the_others_kept(sink: httpx2.Client) -> None:
    trace = sample_traces.SampleTrace()
    trace.span("order", "small", (0, 1))
    trace.span("order", "large", (0, 1), about={"text": "x" * LARGEST_SPAN})
    trace.span("s" * LARGEST_ORIGIN, "of a large resource", (0, 1))
    answer = ExportTraceServiceResponse.FromString(post(sink, trace.export.SerializeToString()).content)
    assert answer.partial_success.rejected_spans == 2
    [kept] = sink.get(f"/api/traces/{trace.hex_id}").json()["data"]
    assert [span["operationName"] for span in kept["spans"]] == ["small"]


def test_others_are_answered_while_a_large_request_is_read(sink: httpx2.Client) -> None:
    attributes = b'{"key": "a"},' * (MOST_OBJECTS - 10)
    body = b'{"resourceSpans": [{"scopeSpans": [{"spans": [{"attributes": [' + attributes + b'{"key": "a"}]}]}]}]}'
    statuses: list[int] = []
    posting = threading.Thread(target=lambda: statuses.append(post(sink, body, JSON).status_code))
    begin = time.monotonic()
    posting.start()
    waits = []
    while posting.is_alive():
        asked = time.monotonic()
        assert sink.get("/api/v3/services").status_code == 200
        waits.append(time.monotonic() - asked)
    assert statuses == [200]
    assert max(waits) < (time.monotonic() - begin) / 2


def test_bodies_that_arrive_at_once_have_a_bound_together() -> None:
    room = Room(10)
    with room.place() as first:
        first.take(6)
        with room.place() as second:
            second.take(3)
            with pytest.raises(Overloaded):
                second.take(2)
        assert room.free == 4
    assert room.free == 10


@pytest.mark.parametrize("body", [b"\xff" * 100, b"\x0a", b"\x0a\xff", b"\x0f", b"\x0a\x7f\x12\x05"])
def test_malformed_fields_end_the_count(body: bytes) -> None:
    assert len(list(nested_fields(body, (1, 2)))) <= len(body)


def test_what_many_bombs_leave_on_the_disk_is_nothing(sink: httpx2.Client, tmp_path: Path) -> None:
    for make in BOMBS.values():
        post(sink, *make())
    assert sum(each.stat().st_size for each in (tmp_path / "traces").iterdir()) < 1024 * 1024
