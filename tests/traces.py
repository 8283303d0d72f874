"""An order's trace, as Jaeger's query API gives it: `GET /api/traces/{trace_id}`, whoever answers it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Self

import httpx
from shop import Shop
from waiting import eventually


@dataclass(frozen=True)
class Span:
    """What a test asks of a span; `links` are the traces that it refers to beside its own."""

    service: str
    name: str
    span_id: str
    parent_id: str | None
    start: int
    tags: dict[str, Any]
    events: tuple[str, ...]
    links: frozenset[str]

    @classmethod
    def read(cls, span: Any, processes: Any) -> Self:
        parents = [each for each in span["references"] if each["refType"] == "CHILD_OF"]
        return cls(
            service=processes[span["processID"]]["serviceName"],
            name=span["operationName"],
            span_id=span["spanID"],
            parent_id=parents[0]["spanID"] if parents else None,
            start=span["startTime"],
            tags={tag["key"]: tag["value"] for tag in span["tags"]},
            events=tuple(
                field["value"] for log in span["logs"] for field in log["fields"] if field["key"] == "event"
            ),
            links=frozenset(each["traceID"] for each in span["references"] if each["traceID"] != span["traceID"]),
        )

    @property
    def failed(self) -> bool:
        return bool(self.tags.get("error"))


@dataclass(frozen=True)
class Trace:
    """All spans of one trace, the earliest first."""

    spans: tuple[Span, ...]

    def named(self, name: str) -> Span:
        """The one span of this name."""
        (found,) = (span for span in self.spans if span.name == name)
        return found

    @property
    def roots(self) -> list[str]:
        """The spans whose parent is not there: one, where the trace is whole."""
        ids = {span.span_id for span in self.spans}
        return [span.name for span in self.spans if span.parent_id not in ids]

    @property
    def drawn(self) -> str:
        """The tree, a line each, with the service where it is another than the parent's."""
        roots = [span for span in self.spans if span.name in self.roots]
        return "\n".join(line for root in roots for line in self._lines(root, "", None))

    def _lines(self, span: Span, indent: str, parents: str | None) -> Iterator[str]:
        yield f"{indent}{span.name}" + ("" if span.service == parents else f" @ {span.service}")
        for child in self.spans:
            if child.parent_id == span.span_id:
                yield from self._lines(child, f"{indent}  ", span.service)


async def read_trace(shop: Shop, trace_id: str) -> Trace:
    """What is there of a trace now."""
    async with httpx.AsyncClient(base_url=shop.stack.traces.url, trust_env=False) as jaeger:
        answer = await jaeger.get(f"/api/traces/{trace_id}")
    if answer.status_code == httpx.codes.NOT_FOUND:
        return Trace(())
    (found,) = answer.raise_for_status().json()["data"]
    spans = [Span.read(span, found["processes"]) for span in found["spans"]]
    return Trace(tuple(sorted(spans, key=lambda span: span.start)))


async def trace_with(shop: Shop, trace_id: str, *names: str) -> Trace:
    """The trace, once spans of all these names are there, and no span without its parent but the root."""
    return await eventually(
        lambda: read_trace(shop, trace_id),
        until=lambda seen: {*names} <= {span.name for span in seen.spans} and len(seen.roots) == 1,
    )


async def trace_of(shop: Shop, order_id: str) -> Trace:
    """The whole trace of an order that has ended, or will."""
    saga = await shop.saga_ended((await shop.ended(order_id))["saga_id"])
    asked = [row for row in saga["history"] if row["event"] == "asked"]
    answered = [row for row in saga["history"] if row["event"] in {"succeeded", "refused"}]
    events, sent_and_heard, bars = 1, 2, 1 + len({(row["step"], row["direction"]) for row in asked})
    least = 1 + sent_and_heard * (events + len(asked) + len(answered)) + bars
    return await eventually(
        lambda: read_trace(shop, saga["trace_id"]),
        until=lambda seen: len(seen.spans) >= least and len(seen.roots) == 1,
    )
