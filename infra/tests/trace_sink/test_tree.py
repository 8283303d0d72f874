"""The tree of a trace, and how it is drawn."""

import json
from collections import Counter

import pytest
import sample_traces
from hypothesis import given
from hypothesis import strategies as st
from infra.trace_sink import formatting, otlp
from infra.trace_sink.axis import MOST_TICKS, Axis
from infra.trace_sink.role import Role
from infra.trace_sink.span import Origin, Span
from infra.trace_sink.tree import Node, grow, walk
from infra.trace_sink.waterfall import Waterfall
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans
from opentelemetry.proto.trace.v1.trace_pb2 import Span as SpanMessage

few_ids = st.integers(min_value=1, max_value=8)


def span(own: int, parent: int = 0, start: int = 0) -> Span:
    parent_id = parent.to_bytes(8, "big") if parent else b""
    return Span(
        SpanMessage(span_id=own.to_bytes(8, "big"), parent_span_id=parent_id, start_time_unix_nano=start),
        Origin(ResourceSpans()),
    )


def shape(nodes: list[Node]) -> list[object]:
    """Ids within ids; a parent that is not here has a minus sign."""
    return [
        [int(node.span_id, 16) * (1 if node.span else -1), *shape(node.children)]
        if node.children
        else int(node.span_id, 16)
        for node in nodes
    ]


def test_children_stand_under_their_parent_in_the_order_of_their_start() -> None:
    spans = [span(4, 3, 40), span(3, 1, 30), span(2, 1, 20), span(1, 0, 10)]
    assert shape(grow(spans)) == [[1, 2, [3, 4]]]


def test_spans_whose_parent_is_not_here_share_one_place_for_it() -> None:
    assert shape(grow([span(1, 0, 10), span(2, 9, 30), span(3, 9, 20), span(4, 8, 5)])) == [[-8, 4], 1, [-9, 3, 2]]


def test_spans_that_are_each_others_ancestors_begin_with_the_earliest() -> None:
    assert shape(grow([span(1, 3, 30), span(2, 1, 20), span(3, 2, 10), span(4, 2, 1)])) == [[3, [1, [2, 4]]]]
    assert shape(grow([span(1, 1)])) == [1]


def test_a_span_that_comes_twice_is_there_once() -> None:
    assert shape(grow([span(1), span(1), span(2, 1), span(2, 1)])) == [[1, 2]]


@given(st.lists(st.builds(span, few_ids, few_ids | st.just(0), st.integers(0, 5))))
def test_every_span_is_in_the_tree_exactly_once(spans: list[Span]) -> None:
    walked = [node.span_id for node, _ in walk(grow(spans)) if node.span]
    assert Counter(walked) == Counter({each.span_id for each in spans})


def test_a_trace_may_be_deep() -> None:
    chain = [span(own, own - 1) for own in range(1, 5_001)]
    assert max(depth for _, depth in walk(grow(chain))) == 4_999


def rows_of(trace: sample_traces.SampleTrace) -> Waterfall:
    return Waterfall(otlp.spans(trace.export))


def test_a_refused_order_tells_its_story_step_by_step() -> None:
    story = [
        (row.role, row.subject, row.outcome) for row in rows_of(sample_traces.order("order-1", refused=True)).story
    ]
    assert story == [
        (Role.STEP, "reserve_stock", "succeeded"),
        (Role.STEP, "authorize_payment", "refused"),
        (Role.COMPENSATION, "release_stock", "succeeded"),
        (Role.COMPENSATION, "reject_order", "succeeded"),
    ]


def test_a_refusal_is_no_fault_and_a_fault_is_one() -> None:
    assert not rows_of(sample_traces.order("order-1", refused=True)).summary.failures
    assert rows_of(sample_traces.order("order-1", failed=True)).summary.failures == {"inventory": 1}


def test_every_parent_that_opens_closes() -> None:
    rows = rows_of(sample_traces.order("order-1")).rows
    assert sum(row.is_parent for row in rows) == sum(row.closes for row in rows)


def test_a_saga_that_runs_leaves_a_place_for_itself() -> None:
    trace = sample_traces.order("order-1")
    trace.spans["orchestrator"] = [
        each for each in trace.spans["orchestrator"] if not each.name.startswith("saga")
    ]
    waterfall = rows_of(trace)
    assert waterfall.saga is None
    assert [row.span for row in waterfall.rows].count(None) == 5


@given(st.integers(1, 10**18))
def test_an_axis_has_few_round_ticks_on_it(length: int) -> None:
    ticks = list(Axis(0, length).ticks())
    assert 1 <= len(ticks) <= MOST_TICKS + 1
    assert ticks[0] == (0, "0")
    assert all(0 <= percent < 100 for percent, _ in ticks)


@pytest.mark.parametrize(
    ("nanoseconds", "text"),
    [
        (0, "0"),
        (999, "999 ns"),
        (1_500, "1.5 µs"),
        (123_456_789, "123 ms"),
        (1_240_000_000, "1.24 s"),
        (60 * formatting.SECOND, "1 min"),
        (3 * formatting.HOUR + 2 * formatting.MINUTE, "3 h 2 min"),
        (3 * formatting.DAY + 4 * formatting.HOUR, "3 d 4 h"),
    ],
    ids=json.dumps,
)
def test_durations_are_written_as_people_read_them(nanoseconds: int, text: str) -> None:
    assert formatting.duration(nanoseconds) == text
