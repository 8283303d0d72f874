"""POST /v1/traces: where exporters send."""

from fastapi import APIRouter, Request, Response
from google.protobuf.message import Message

from infra.trace_sink import otlp
from infra.trace_sink.intake import Intake, Overloaded

RETRY_AFTER = 1  # seconds

router = APIRouter()


@router.post("/v1/traces")
async def receive(request: Request) -> Response:
    """Keep the spans; the answer comes once they are in the file."""
    content_type = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    intake: Intake = request.app.state.intake
    try:
        encoding = request.headers.get("Content-Encoding", "").strip().lower()
        export = otlp.decode(otlp.decompressed(await _body(request), encoding), content_type)
        spans = otlp.spans(export)
        await intake.keep(spans)
    except otlp.Unacceptable as error:
        return _answer(otlp.refusal(str(error)), content_type, error.status)
    except Overloaded as error:
        later = {"Retry-After": str(RETRY_AFTER)}
        return _answer(otlp.refusal(str(error)), content_type, 503, later)
    return _answer(otlp.answer(export, accepted=len(spans)), content_type, 200)


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > otlp.MOST_BYTES:
            raise otlp.Unacceptable(413, f"send at most {otlp.MOST_BYTES} bytes")
    return bytes(body)


def _answer(message: Message, content_type: str, status: int, headers: dict[str, str] | None = None) -> Response:
    media_type = otlp.JSON if content_type == otlp.JSON else otlp.PROTOBUF
    return Response(otlp.encode(message, content_type), status, headers, media_type)
