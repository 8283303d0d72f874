"""A trace as a tree, from the JSON of Jaeger's query API."""

from typing import Any

from infra.cli.trace_tree import tree


def span(span_id: str, parent: str | None, start: int, **tags: object) -> dict[str, Any]:
    return {
        "spanID": span_id,
        "operationName": span_id,
        "references": [{"refType": "CHILD_OF", "traceID": "t", "spanID": parent}] if parent else [],
        "startTime": start,
        "duration": 1_000,
        "tags": [{"key": name.replace("_", "."), "value": value} for name, value in tags.items()],
        "processID": "p1",
    }


def trace(*spans: dict[str, Any]) -> dict[str, Any]:
    return {"spans": list(spans), "processes": {"p1": {"serviceName": "order"}}}


def test_children_stand_below_their_parent_in_the_order_of_time() -> None:
    found = tree(
        trace(
            span("late", "root", 30),
            span("grandchild", "early", 25),
            span("early", "root", 20),
            span("root", None, 10),
        )
    )
    assert [branch.guides + branch.span.name for branch in found] == [
        "root",
        "├ early",
        "│ └ grandchild",
        "└ late",
    ]


def test_times_count_from_the_trace_s_begin() -> None:
    first, second = tree(trace(span("root", None, 1_000), span("child", "root", 3_500)))
    assert (first.span.since.microseconds, second.span.since.microseconds) == (0, 2_500)


def test_a_span_whose_parent_is_not_there_yet_is_shown_all_the_same() -> None:
    assert [branch.span.name for branch in tree(trace(span("orphan", "not there", 0)))] == ["orphan"]


def test_what_was_not_meant_is_said_with_its_reason_and_only_a_fault_is_red() -> None:
    refused = {"saga_outcome": "refused", "saga_reason": "insufficient funds"}
    spans = (
        span("step", None, 0, **refused),
        span("fine", None, 1, saga_outcome="succeeded"),
        span("bad", None, 2, error=True),
    )
    assert [(each.span.note, each.span.failed) for each in tree(trace(*spans))] == [
        ("refused: insufficient funds", False),
        ("", False),
        ("", True),
    ]
