"""Traces as anybody can read them: over the query API of the stack's own Jaeger, or of the trace sink."""

from collections.abc import Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import httpx2
from infra.machine.loopback import DIRECTLY
from waiting import eventually


@dataclass(frozen=True)
class Span:
    """What a test needs to know of a span; `links` are the other traces that it refers to."""

    service: str
    name: str
    span_id: str
    parent_id: str | None
    start: int
    tags: dict[str, Any]
    events: tuple[str, ...]
    links: frozenset[str]

    @classmethod
    def read(cls, span: Any, process: Any) -> Self:
        """One span of Jaeger's JSON, and the process that it names."""
        references = span["references"]
        fields = (field for log in span["logs"] for field in log["fields"])
        return cls(
            service=process["serviceName"],
            name=span["operationName"],
            span_id=span["spanID"],
            parent_id=next((each["spanID"] for each in references if each["refType"] == "CHILD_OF"), None),
            start=span["startTime"],
            tags=_tags(span),
            events=tuple(field["value"] for field in fields if field["key"] == "event"),
            links=frozenset(each["traceID"] for each in references if each["traceID"] != span["traceID"]),
        )

    @property
    def failed(self) -> bool:
        return bool(self.tags.get("error"))


@dataclass(frozen=True)
class Trace:
    """What is there of one trace, the earliest span first."""

    spans: tuple[Span, ...]

    def named(self, name: str) -> Span:
        """The one span of this name."""
        (found,) = (span for span in self.spans if span.name == name)
        return found

    @property
    def roots(self) -> list[Span]:
        """The spans whose parent is not there: one, where the trace is whole."""
        ids = {span.span_id for span in self.spans}
        return [span for span in self.spans if span.parent_id not in ids]

    @property
    def drawn(self) -> str:
        """The tree, a line for each span, with the service where it is another than the parent's."""
        return "\n".join(line for root in self.roots for line in self._lines(root, "", None))

    def _lines(self, span: Span, indent: str, parents: str | None) -> Iterator[str]:
        yield f"{indent}{span.name}" + ("" if span.service == parents else f" @ {span.service}")
        for child in self.spans:
            if child.parent_id == span.span_id:
                yield from self._lines(child, f"{indent}  ", span.service)


class Traces:
    """A client of the query API."""

    def __init__(self, url: str) -> None:
        self._client = httpx2.AsyncClient(base_url=url, timeout=30, **DIRECTLY)

    async def __aenter__(self) -> Self:
        await self._client.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.aclose()

    async def of(self, trace_id: str) -> Trace:
        """What is there already of a trace."""
        answer = await self._client.get(f"/api/traces/{trace_id}")
        if answer.status_code == httpx2.codes.NOT_FOUND:
            return Trace(())
        (found,) = answer.raise_for_status().json()["data"]
        spans = [Span.read(span, found["processes"][span["processID"]]) for span in found["spans"]]
        return Trace(tuple(sorted(spans, key=lambda span: span.start)))

    async def with_span(self, trace_id: str, name: str) -> Trace:
        """The trace, once it has a span of this name."""
        return await eventually(
            lambda: self.of(trace_id), until=lambda seen: name in {span.name for span in seen.spans}
        )

    async def of_saga(self, saga: Any) -> Trace:
        """The whole trace of a saga that has ended."""
        sent = [row for row in saga["history"] if row["event"] == "asked"]
        messages = sum(row["event"] in {"started", "asked", "succeeded", "refused"} for row in saga["history"])
        bars = 1 + len({(row["step"], row["direction"]) for row in sent})
        request, sent_and_processed = 1, 2
        least = request + sent_and_processed * messages + bars
        return await eventually(
            lambda: self.of(saga["trace_id"]), until=lambda seen: len(seen.spans) >= least and len(seen.roots) == 1
        )


def _tags(tagged: Any) -> dict[str, Any]:
    return {tag["key"]: tag["value"] for tag in tagged["tags"]}
