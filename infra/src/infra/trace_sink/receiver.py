"""POST /v1/traces: where exporters send."""

import asyncio
from collections.abc import Sequence

from fastapi import APIRouter, Request, Response
from google.protobuf.message import Message
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from infra.trace_sink import otlp
from infra.trace_sink.bounds import TooMuchError, check_size
from infra.trace_sink.intake import Intake, Overloaded
from infra.trace_sink.room import Place, Room
from infra.trace_sink.span import Span

RETRY_AFTER = 1  # seconds
BODY_SECONDS = 10.0

router = APIRouter()


@router.post("/v1/traces")
async def receive(request: Request) -> Response:
    """Keep the spans; the answer comes once they are in the file."""
    content_type = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    try:
        export, spans = await _keep(request, content_type)
    except otlp.Unacceptable as error:
        return _answer(otlp.refusal(str(error)), content_type, error.status)
    except Overloaded as error:
        later = {"Retry-After": str(RETRY_AFTER)}
        return _answer(otlp.refusal(str(error)), content_type, 503, later)
    return _answer(otlp.answer(export, accepted=len(spans)), content_type, 200)


async def _keep(request: Request, content_type: str) -> tuple[ExportTraceServiceRequest, Sequence[Span]]:
    """Read and keep the request, which has its place until it is in the file."""
    state = request.app.state
    encoding = request.headers.get("Content-Encoding", "").strip().lower()
    intake: Intake = state.intake
    room: Room = state.room
    with room.place() as place:
        body = await _body(request, place)
        loop = asyncio.get_running_loop()
        export, spans = await loop.run_in_executor(state.parsing, _read, body, encoding, content_type)
        await intake.keep(spans, export.ByteSize())
    return export, spans


def _read(body: bytes, encoding: str, content_type: str) -> tuple[ExportTraceServiceRequest, Sequence[Span]]:
    export = otlp.read(body, encoding, content_type)
    return export, otlp.spans(export)


async def _body(request: Request, place: Place) -> bytes:
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in request.stream():
                check_size(len(body) + len(chunk))
                place.take(len(chunk))
                body += chunk
    except TimeoutError:
        raise otlp.Unacceptable(408, f"send the whole body within {BODY_SECONDS:g} seconds") from None
    except TooMuchError as error:
        raise otlp.Unacceptable(413, str(error)) from None
    return bytes(body)


def _answer(message: Message, content_type: str, status: int, headers: dict[str, str] | None = None) -> Response:
    media_type = otlp.JSON if content_type == otlp.JSON else otlp.PROTOBUF
    return Response(otlp.encode(message, content_type), status, headers, media_type)
