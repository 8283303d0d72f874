"""What the store keeps, and what it lets go."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import sample_traces
from infra.trace_sink import intake, otlp
from infra.trace_sink.intake import Intake, Overloaded
from infra.trace_sink.query import TraceQuery
from infra.trace_sink.span import Origin, Span
from infra.trace_sink.store import LATEST, Store

EVER = TraceQuery(earliest=0, latest=LATEST, limit=1000)
MOST = 100
MOST_BYTES = 4 * 1024 * 1024


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "traces" / "spans.sqlite"


@pytest.fixture
def store(file: Path) -> Iterator[Store]:
    with closing(Store(file, MOST, MOST_BYTES)) as store:
        yield store


def spans(*traces: sample_traces.SampleTrace) -> list[Span]:
    return [span for trace in traces for span in otlp.spans(trace.export)]


def spans_of(trace: sample_traces.SampleTrace) -> list[Span]:
    """Without the bounds of a request."""
    return [
        Span(span, Origin(each))
        for each in trace.export.resource_spans
        for scope in each.scope_spans
        for span in scope.spans
    ]


def on_disk(file: Path) -> int:
    return sum(each.stat().st_size for each in file.parent.iterdir())


def kept(store: Store) -> list[str]:
    return [found[0].trace_id for found in store.find(EVER)]


def test_the_oldest_traces_make_room_as_a_whole(store: Store) -> None:
    traces = [sample_traces.order(str(number)) for number in range(20)]
    for trace in traces:
        store.add(spans(trace))
    assert 0 < sum(len(found) for found in store.find(EVER)) <= MOST
    assert set(kept(store)) == {trace.hex_id for trace in traces[-len(kept(store)) :]}
    assert all(len(found) == len(spans(traces[0])) for found in store.find(EVER))


def test_the_bound_holds_after_a_restart_too(store: Store, file: Path) -> None:
    store.add(spans(*(sample_traces.order(str(number)) for number in range(3))))
    with closing(Store(file, MOST, MOST_BYTES)) as reopened:
        reopened.add(spans(*(sample_traces.order(str(number)) for number in range(3))))
        assert sum(len(found) for found in reopened.find(EVER)) <= MOST


def test_the_file_stays_within_its_bytes_however_large_the_spans_are(store: Store, file: Path) -> None:
    for number in range(300):
        trace = sample_traces.SampleTrace()
        trace.span("order", "large", (number, number + 1), about={"text": "x" * 60_000})
        store.add(spans_of(trace))
    assert on_disk(file) < 3 * MOST_BYTES
    assert kept(store)[0] == trace.hex_id


def test_a_name_of_any_length_is_stored_shortened(store: Store, file: Path) -> None:
    """A service's name is stored with each of its spans, and again in two indexes."""
    trace = sample_traces.SampleTrace()
    for number in range(MOST):
        trace.span("s" * 100_000, "n" * 255, (number, number + 1))
    store.add(spans_of(trace))
    assert store.services() == ["s" * 255]
    assert on_disk(file) < MOST_BYTES


def test_a_file_that_is_far_too_large_is_emptied(store: Store, file: Path) -> None:
    for _ in range(40):
        trace = sample_traces.SampleTrace()
        trace.span("order", "large", (0, 1), about={"text": "x" * 50_000})
        store.add(spans_of(trace))
    store.close()
    with closing(Store(file, MOST, MOST_BYTES // 8)) as reopened:
        assert kept(reopened) == []
    assert on_disk(file) < MOST_BYTES // 8


def test_a_span_that_comes_twice_is_one(store: Store) -> None:
    trace = sample_traces.order("order-1")
    store.add(spans(trace, trace))
    store.add(spans(trace))
    assert len(store.trace(trace.hex_id)) == len(spans(trace))


def test_traces_outlive_the_process(store: Store, file: Path) -> None:
    trace = sample_traces.order("order-1")
    store.add(spans(trace))
    with closing(Store(file, MOST, MOST_BYTES)) as reopened:
        assert [(span.name, span.service) for span in reopened.trace(trace.hex_id)] == [
            (span.name, span.service) for span in store.trace(trace.hex_id)
        ]


def test_a_file_of_another_version_begins_anew(file: Path) -> None:
    file.parent.mkdir()
    with closing(sqlite3.connect(file)) as older:
        older.execute("CREATE TABLE spans (trace_id BLOB)")
    trace = sample_traces.order("order-1")
    with closing(Store(file, MOST, MOST_BYTES)) as store:
        store.add(spans(trace))
        assert kept(store) == [trace.hex_id]


def test_only_its_owner_reads_the_file(store: Store, file: Path) -> None:
    assert store.services() == []
    assert file.parent.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("moment", [0, 2**64 - 1])
def test_a_senders_clock_may_be_anything(store: Store, moment: int) -> None:
    trace = sample_traces.order("order-1")
    trace.spans["order"][0].start_time_unix_nano = moment
    store.add(spans(trace))
    assert kept(store) == [trace.hex_id]


@pytest.mark.parametrize("text", ["200", "true", "1.5", "order-1"])
def test_values_of_every_type_are_found_by_how_they_are_written(store: Store, text: str) -> None:
    trace = sample_traces.order("order-1")
    span = trace.spans["payment"][0]
    span.attributes.add(key="status").value.int_value = 200
    span.attributes.add(key="flag").value.bool_value = True
    span.attributes.add(key="ratio").value.double_value = 1.5
    store.add(spans(trace, sample_traces.order("order-2")))
    key = {"200": "status", "true": "flag", "1.5": "ratio"}.get(text, "order.id")
    found = store.find(TraceQuery(earliest=0, latest=LATEST, attributes={key: text}))
    assert [each[0].trace_id for each in found] == [trace.hex_id]


async def test_a_file_that_fails_sends_the_sender_away_for_now(store: Store) -> None:
    writer = Intake(store)
    async with writer.running():
        store.close()
        with pytest.raises(Overloaded, match="closed"):
            await writer.keep(spans(sample_traces.order("order-1")), 1)


@pytest.mark.parametrize(("bound", "most"), [("MOST_WAITING", 30), ("MOST_WAITING_BYTES", 1)])
async def test_more_than_may_wait_is_sent_away_for_now(
    store: Store, monkeypatch: pytest.MonkeyPatch, bound: str, most: int
) -> None:
    monkeypatch.setattr(intake, bound, most)
    writer = Intake(store)
    first, second = sample_traces.order("order-1"), sample_traces.order("order-2")
    waiting = asyncio.create_task(writer.keep(spans(first), 1))
    await asyncio.sleep(0)  # nobody writes yet
    with pytest.raises(Overloaded, match="too many"):
        await writer.keep(spans(second), 1)
    async with writer.running():
        await waiting
    assert kept(store) == [first.hex_id]
