"""Jaeger's query API, version 3: the parameters, the answers and the errors of Jaeger 2."""

from collections.abc import Iterable, Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, TracesData

from infra.trace_sink import otlp_json, parameters
from infra.trace_sink.parameters import BadParameter
from infra.trace_sink.query import TraceQuery
from infra.trace_sink.reading import Reading
from infra.trace_sink.span import Span
from infra.trace_sink.summary import Summary

DEFAULT_DEPTH = 100

router = APIRouter(prefix="/api/v3")


@router.get("/services")
async def services(reading: Reading) -> JSONResponse:
    """The names of all services."""
    return JSONResponse({"services": await reading.read(reading.store.services)})


@router.get("/operations")
async def operations(request: Request, reading: Reading) -> JSONResponse:
    """What a service does; of one span kind, or of every."""
    service, kind = _given(request, "service"), _given(request, "spanKind")
    found = await reading.read(reading.store.operations, service, kind)
    return JSONResponse({"operations": [{"name": name, "spanKind": kind or "internal"} for name, kind in found]})


@router.get("/traces")
async def find_traces(request: Request, reading: Reading) -> JSONResponse:
    """Whole traces, the newest first; 404 where there is none."""
    found = await reading.read(reading.store.find, _query(request))
    return await reading.read(_traces, [span for trace in found for span in trace])


@router.get("/traces/{trace_id}")
async def trace(trace_id: str, reading: Reading) -> JSONResponse:
    """One trace; 404 where it is not here."""
    return await reading.read(_traces, await reading.read(reading.store.trace, parameters.trace_id(trace_id)))


@router.get("/trace-summaries")
async def find_summaries(request: Request, reading: Reading) -> JSONResponse:
    """What is found, without its spans."""
    found = await reading.read(reading.store.find, _query(request))
    return JSONResponse({"summaries": [_summary(Summary(spans)) for spans in found]})


@router.get("/dependencies")
async def dependencies(request: Request, reading: Reading) -> JSONResponse:
    """Which service called which."""
    earliest, latest = _required_time(request, "startTime"), _required_time(request, "endTime")
    found = await reading.read(reading.store.dependencies, earliest, latest)
    calls = [{"parent": parent, "child": child, "callCount": str(calls)} for parent, child, calls in found]
    return JSONResponse({"dependencies": calls})


def error(status: int, message: str) -> JSONResponse:
    """Every answer that is none."""
    return JSONResponse({"error": {"httpCode": status, "message": message}}, status)


def _traces(spans: Iterable[Span]) -> JSONResponse:
    traces = TracesData()
    origins: dict[bytes, ResourceSpans] = {}
    for span in spans:
        key = span.message.trace_id + span.origin.serialized
        if key not in origins:
            origins[key] = traces.resource_spans.add()
            origins[key].CopyFrom(span.origin.message)
        origins[key].scope_spans[0].spans.append(span.message)
    if not origins:
        return error(404, "No traces found")
    return JSONResponse({"result": otlp_json.render(traces)})


def _summary(summary: Summary) -> Mapping[str, Any]:
    found = {
        "traceId": summary.trace_id,
        "rootServiceName": summary.root.service if summary.root else "",
        "rootOperationName": summary.root.name if summary.root else "",
        "minStartTimeUnixNano": str(summary.start),
        "maxEndTimeUnixNano": str(summary.end),
        "spanCount": len(summary.spans),
        "errorSpanCount": sum(summary.failures.values()),
        "orphanSpanCount": summary.orphans,
        "services": [
            _set({"name": name, "spanCount": spans, "errorSpanCount": summary.failures.get(name, 0)})
            for name, spans in summary.services.items()
        ],
    }
    return _set(found)


def _set(message: Mapping[str, Any]) -> Mapping[str, Any]:
    """As protobuf's JSON leaves out what is zero or empty."""
    return {name: value for name, value in message.items() if value}


def _query(request: Request) -> TraceQuery:
    if _given(request, "query.filter"):  # left out, more would be found than was requested
        raise BadParameter("query.filter is understood by Jaeger alone; search by query.attributes")
    shortest, longest = _given(request, "query.durationMin"), _given(request, "query.durationMax")
    attributes = _given(request, "query.attributes")
    depth = _given(request, "query.searchDepth") or request.query_params.get("query.num_traces", "")
    return TraceQuery(
        earliest=_required_time(request, "query.startTimeMin"),
        latest=_required_time(request, "query.startTimeMax"),
        service=_given(request, "query.serviceName"),
        operation=_given(request, "query.operationName"),
        attributes=parameters.attributes("query.attributes", attributes) if attributes else {},
        shortest=parameters.duration("query.durationMin", shortest) if shortest else None,
        longest=parameters.duration("query.durationMax", longest) if longest else None,
        limit=parameters.limit("query.searchDepth", depth, DEFAULT_DEPTH),
    )


def _required_time(request: Request, name: str) -> int:
    if text := _given(request, name):
        return parameters.time(name, text)
    raise BadParameter(f"parameter {name} is required")


def _given(request: Request, name: str) -> str:
    """A parameter by its name in camel case, or by its older one in snake case."""
    older = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)
    return request.query_params.get(name) or request.query_params.get(older, "")
