"""What Jaeger 2 still has of its first query API: one trace, and the dependencies."""

import time
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import isfinite
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from opentelemetry.proto.trace.v1.trace_pb2 import Status

from infra.trace_sink import parameters
from infra.trace_sink.reading import Reading
from infra.trace_sink.span import Span, values

LARGEST_EXACT = 2**53 - 1  # what JavaScript's numbers hold
A_DAY = 24 * 3600 * 1000  # milliseconds
TYPES = {str: "string", bool: "bool", int: "int64", float: "float64", bytes: "binary"}

router = APIRouter(prefix="/api")


@router.get("/traces/{trace_id}")
async def trace(trace_id: str, reading: Reading) -> JSONResponse:
    """One trace as Jaeger's own page reads it; 404 where it is not here."""
    spans = await reading.read(reading.store.trace, parameters.trace_id(trace_id))
    if not spans:
        return error(404, "trace not found")
    return _answer([await reading.read(_trace, spans)])


@router.get("/dependencies")
async def dependencies(request: Request, reading: Reading) -> JSONResponse:
    """Which service called which before `endTs`, within `lookback`; both in milliseconds."""
    given = request.query_params
    end = parameters.whole_number("endTs", given.get("endTs") or str(time.time_ns() // 10**6))
    lookback = parameters.whole_number("lookback", given.get("lookback") or str(A_DAY))
    earliest, latest = (parameters.clamped(moment * 10**6) for moment in (end - lookback, end))
    found = await reading.read(reading.store.dependencies, earliest, latest)
    service = given.get("service", "")
    return _answer(
        [
            {"parent": parent, "child": child, "callCount": calls}
            for parent, child, calls in found
            if service in {"", parent, child}
        ]
    )


def error(status: int, message: str) -> JSONResponse:
    """Every answer that is none."""
    return _answer(None, [{"code": status, "msg": message}], status)


def _answer(data: object, errors: object = None, status: int = 200) -> JSONResponse:
    return JSONResponse({"data": data, "total": 0, "limit": 0, "offset": 0, "errors": errors}, status)


def _trace(spans: Sequence[Span]) -> Mapping[str, Any]:
    resources: dict[bytes, str] = {}
    for span in spans:
        resources.setdefault(_resource_key(span), f"p{len(resources) + 1}")
    return {
        "traceID": spans[0].trace_id,
        "spans": [_span(span, resources[_resource_key(span)]) for span in spans],
        "processes": {resources[_resource_key(span)]: _process(span) for span in spans},
        "warnings": None,
    }


def _resource_key(span: Span) -> bytes:
    return span.origin.message.resource.SerializeToString(deterministic=True)


def _process(span: Span) -> Mapping[str, Any]:
    tags = {name: value for name, value in span.origin.resource.items() if name != "service.name"}
    return {"serviceName": span.service, "tags": _tags(tags)}


def _span(span: Span, process: str) -> Mapping[str, Any]:
    return {
        "traceID": span.trace_id,
        "spanID": span.span_id,
        "operationName": span.name,
        "references": list(_references(span)),
        "startTime": span.start // 1000,
        "duration": span.duration // 1000,
        "tags": _tags({**_scope(span), **span.attributes, **_kind_and_status(span)}),
        "logs": [
            {
                "timestamp": event.time_unix_nano // 1000,
                "fields": _tags({"event": event.name, **values(event.attributes)}),
            }
            for event in span.message.events
        ],
        "processID": process,
        "warnings": None,
    }


def _references(span: Span) -> Iterator[Mapping[str, str]]:
    if span.parent_id:
        yield {"refType": "CHILD_OF", "traceID": span.trace_id, "spanID": span.parent_id}
    for link in span.message.links:
        yield {"refType": "FOLLOWS_FROM", "traceID": link.trace_id.hex(), "spanID": link.span_id.hex()}


def _scope(span: Span) -> Mapping[str, Any]:
    scope = span.origin.scope
    named = {"otel.scope.name": scope.name, "otel.scope.version": scope.version}
    return {name: value for name, value in named.items() if value}


def _kind_and_status(span: Span) -> Mapping[str, Any]:
    status = span.message.status
    tags: dict[str, Any] = {"span.kind": span.kind} if span.kind else {}
    if status.code == Status.STATUS_CODE_OK:
        tags["otel.status_code"] = "OK"
    if span.failed:
        tags |= {"otel.status_code": "ERROR", "error": True}
    if status.message:
        tags["otel.status_description"] = status.message
    return tags


def _tags(attributes: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    return [
        {"key": key, "type": TYPES.get(type(value), "string"), "value": _shown(value)}
        for key, value in attributes.items()
    ]


def _shown(value: Any) -> Any:
    if isinstance(value, bytes):
        return b64encode(value).decode()
    if isinstance(value, float) and not isfinite(value):  # JSON has no word for it
        return str(value)
    exact = not isinstance(value, int) or abs(value) <= LARGEST_EXACT
    return value if exact and type(value) in TYPES else str(value)
