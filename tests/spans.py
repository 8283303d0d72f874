"""Traces as anybody can read them: over the query API of the stack's own Jaeger, or of what stands in for it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Any, Self

import httpx
from infra.loopback import DIRECTLY

INSTANCE = "service.instance.id"
MOST = 1_500
A_MOMENT = timedelta(minutes=1)


@dataclass(frozen=True)
class Span:
    """What a test asks of a span; the instance is that of its service, where that says it."""

    service: str
    instance: str | None
    name: str
    trace_id: str
    span_id: str
    parent_id: str


class Traces:
    """A client of the query API."""

    def __init__(self, url: str) -> None:
        self._client = httpx.AsyncClient(base_url=url, timeout=30, **DIRECTLY)

    async def __aenter__(self) -> Self:
        await self._client.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.aclose()

    async def of(self, trace_id: str) -> list[Span]:
        """All spans of a trace that are there already."""
        answer = await self._client.get(f"/api/traces/{trace_id}")
        if answer.status_code == httpx.codes.NOT_FOUND:
            return []
        return [span for trace in answer.raise_for_status().json()["data"] for span in _spans(trace)]

    async def of_instance(self, service: str, instance: str) -> set[str]:
        """The newest traces that this instance of a service has spans in."""
        now = datetime.now(UTC)
        query = {
            "query.serviceName": service,
            "query.attributes": json.dumps({INSTANCE: instance}),
            "query.startTimeMin": (now - timedelta(hours=1)).isoformat(),
            "query.startTimeMax": (now + A_MOMENT).isoformat(),
            "query.searchDepth": str(MOST),
        }
        answer = await self._client.get("/api/v3/trace-summaries", params=query)
        return {summary["traceId"] for summary in answer.raise_for_status().json().get("summaries", [])}


def _spans(trace: Any) -> Iterator[Span]:
    for span in trace["spans"]:
        process = trace["processes"][span["processID"]]
        tags = {tag["key"]: tag["value"] for tag in process["tags"]}
        parents = [each["spanID"] for each in span["references"] if each["refType"] == "CHILD_OF"]
        yield Span(
            service=process["serviceName"],
            instance=tags.get(INSTANCE),
            name=span["operationName"],
            trace_id=span["traceID"],
            span_id=span["spanID"],
            parent_id=parents[0] if parents else "",
        )
