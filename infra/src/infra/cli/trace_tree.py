"""One trace as a tree, from Jaeger's query API."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Self

import httpx2

from infra.components.traces import Traces
from infra.machine.loopback import DIRECTLY
from infra.machine.user_error import UserError

OUTCOME, REASON = "saga.outcome", "saga.reason"
AS_MEANT = frozenset({"completed", "succeeded"})


@dataclass(frozen=True)
class Span:
    """What somebody did, when (since the trace began), and what came of it, where that was not meant (`note`)."""

    span_id: str
    parent_id: str | None
    name: str
    service: str
    since: timedelta
    took: timedelta
    failed: bool
    note: str

    @classmethod
    def read(cls, span: Any, process: Any, begin: int) -> Self:
        """Read one span of Jaeger's JSON, whose times are in microseconds."""
        tags = {tag["key"]: tag["value"] for tag in span["tags"]}
        told = [str(tags[name]) for name in (OUTCOME, REASON) if name in tags]
        parents = (each["spanID"] for each in span["references"] if each["refType"] == "CHILD_OF")
        return cls(
            span_id=span["spanID"],
            parent_id=next(parents, None),
            name=span["operationName"],
            service=process["serviceName"],
            since=timedelta(microseconds=span["startTime"] - begin),
            took=timedelta(microseconds=span["duration"]),
            failed=bool(tags.get("error")),
            note="" if tags.get(OUTCOME) in AS_MEANT else ": ".join(told),
        )


@dataclass(frozen=True)
class Branch:
    """A span in its place: `guides` are the lines that lead to it."""

    guides: str
    span: Span


def tree(trace: Any) -> Iterator[Branch]:
    """Order the spans as a tree, each parent before its children and those by time. Reads Jaeger's JSON."""
    begin = min(span["startTime"] for span in trace["spans"])
    spans = [Span.read(span, trace["processes"][span["processID"]], begin) for span in trace["spans"]]
    ids = {span.span_id for span in spans}
    children: dict[str | None, list[Span]] = {}
    for span in sorted(spans, key=lambda each: each.since):
        children.setdefault(span.parent_id if span.parent_id in ids else None, []).append(span)
    for root in children[None]:
        yield Branch("", root)
        yield from _below(root, children, "")


def fetch(traces: Traces, trace_id: str) -> Any:
    """Return a trace as Jaeger's JSON has it. Raises UserError where it is not there."""
    url = f"{traces.url}/api/traces/{trace_id}"
    try:
        answer = httpx2.get(url, timeout=30, **DIRECTLY)
    except httpx2.TransportError as error:
        raise UserError(f"GET {url}", f"{error}; type `make up`") from None
    if answer.status_code == httpx2.codes.NOT_FOUND:
        raise UserError("traces", f"{trace_id} is not there: never recorded, recorded elsewhere, or forgotten")
    if not answer.is_success:
        raise UserError(f"GET {url}", f"answered {answer.status_code}", answer.text)
    return answer.json()["data"][0]


def _below(parent: Span, children: dict[str | None, list[Span]], guides: str) -> Iterator[Branch]:
    found = children.get(parent.span_id, [])
    for span in found:
        last = span is found[-1]
        yield Branch(f"{guides}{'└ ' if last else '├ '}", span)
        yield from _below(span, children, guides + ("  " if last else "│ "))
