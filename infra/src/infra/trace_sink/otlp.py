"""OTLP/HTTP as its specification says it: what a request's body means, and how an answer is written."""

import json
import zlib
from collections.abc import Iterator
from functools import partial

from google.protobuf import json_format
from google.protobuf.message import DecodeError, Message
from google.rpc.status_pb2 import Status
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTracePartialSuccess,
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans

from infra.trace_sink import otlp_json
from infra.trace_sink.bounds import (
    LARGEST_ORIGIN,
    LARGEST_SPAN,
    MOST_BYTES,
    TooMuchError,
    check_json,
    check_protobuf,
    check_size,
)
from infra.trace_sink.span import Origin, Span

PROTOBUF = "application/x-protobuf"
JSON = "application/json"
TRACE_ID_BYTES = 16
SPAN_ID_BYTES = 8
REJECTED = (
    f"a trace id has {TRACE_ID_BYTES} bytes and a span id {SPAN_ID_BYTES}, and not all of them are zero;"
    f" a span has at most {LARGEST_SPAN} bytes, and its resource with its scope at most {LARGEST_ORIGIN}"
)


class Unacceptable(Exception):  # noqa: N818 - it is an answer, and "Error" would add nothing
    """A request that is answered with this status."""

    def __init__(self, status: int, reason: str) -> None:
        self.status = status
        super().__init__(reason)


def read(body: bytes, encoding: str, content_type: str) -> ExportTraceServiceRequest:
    """Decompress and decode an export request. Raises Unacceptable where it cannot be read, or is too much."""
    try:
        return _decode(_decompressed(body, encoding), content_type)
    except TooMuchError as error:
        raise Unacceptable(413, str(error)) from None


def _decompressed(body: bytes, encoding: str) -> bytes:
    if encoding in {"", "identity"}:
        return body
    if encoding != "gzip":
        raise Unacceptable(415, f"Content-Encoding {encoding} is not understood; send gzip, or none")
    gzip = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        plain = gzip.decompress(body, MOST_BYTES + 1)
    except zlib.error as error:
        raise Unacceptable(400, f"the body is not gzip: {error}") from None
    check_size(len(plain))
    if not gzip.eof:
        raise Unacceptable(400, "the body ends in the middle of its gzip stream")
    return plain


def _decode(body: bytes, content_type: str) -> ExportTraceServiceRequest:
    if content_type == PROTOBUF:
        check_protobuf(body)
        try:
            return ExportTraceServiceRequest.FromString(body)
        except DecodeError as error:
            raise Unacceptable(400, f"the body is not an ExportTraceServiceRequest: {error}") from None
    if content_type == JSON:
        check_json(body)
        try:
            return otlp_json.parse(json.loads(body), ExportTraceServiceRequest())
        except (ValueError, RecursionError, json_format.ParseError) as error:
            raise Unacceptable(400, f"the body is not OTLP JSON: {error}") from None
    raise Unacceptable(415, f"send {PROTOBUF} or {JSON}, not {content_type or 'a body without Content-Type'}")


def spans(request: ExportTraceServiceRequest) -> list[Span]:
    """The spans of a request that are kept, each with its origin. Raises Unacceptable where these are too much."""
    return [span for span in _all_spans(request) if _is_sound(span)]


def answer(request: ExportTraceServiceRequest, accepted: int) -> ExportTraceServiceResponse:
    """The answer to the sender: empty, or the number of its spans that were rejected."""
    rejected = sum(len(scope.spans) for each in request.resource_spans for scope in each.scope_spans) - accepted
    if not rejected:
        return ExportTraceServiceResponse()
    partial = ExportTracePartialSuccess(rejected_spans=rejected, error_message=REJECTED)
    return ExportTraceServiceResponse(partial_success=partial)


def refusal(reason: str) -> Status:
    """The body of every answer that is not a 200; its numeric code is left out, as the specification allows."""
    return Status(message=reason)


def encode(message: Message, content_type: str) -> bytes:
    """Write an answer in the encoding of its request, and in protobuf if that was an unknown one."""
    if content_type == JSON:
        return json_format.MessageToJson(message, indent=None).encode()
    return message.SerializeToString()


def _all_spans(request: ExportTraceServiceRequest) -> Iterator[Span]:
    total = 0
    for each in request.resource_spans:
        resource = each.resource.ByteSize() + len(each.schema_url)
        for scope in each.scope_spans:
            size = resource + scope.scope.ByteSize() + len(scope.schema_url)
            if size > LARGEST_ORIGIN:
                continue
            total += size  # each scope is kept with a copy of its resource
            if total > MOST_BYTES:
                raise Unacceptable(413, f"send at most {MOST_BYTES} bytes of resources and scopes in a request")
            origin = ResourceSpans(resource=each.resource, schema_url=each.schema_url)
            origin.scope_spans.add(scope=scope.scope, schema_url=scope.schema_url)
            yield from map(partial(Span, origin=Origin(origin)), scope.spans)


def _is_sound(span: Span) -> bool:
    trace_id, span_id = span.message.trace_id, span.message.span_id
    lengths = (len(trace_id), len(span_id)) == (TRACE_ID_BYTES, SPAN_ID_BYTES)
    return lengths and any(trace_id) and any(span_id) and span.message.ByteSize() <= LARGEST_SPAN
