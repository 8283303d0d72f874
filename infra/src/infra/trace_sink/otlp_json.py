"""OTLP's JSON, which is protobuf's own but for two things: ids are hexadecimal, and enums are numbers."""

from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from google.protobuf import json_format
from google.protobuf.message import Message
from opentelemetry.proto.trace.v1.trace_pb2 import TracesData

IDS = ("traceId", "spanId", "parentSpanId")

M = TypeVar("M", bound=Message)


def parse(document: Any, into: M) -> M:
    """Read a message that holds `resourceSpans`. Raises ValueError or json_format.ParseError."""
    if not isinstance(document, dict):
        raise ValueError("it is no object")  # noqa: TRY004 - to whom it concerns it is a wrong document, not a wrong type
    _rewrite_ids(document, lambda text: b64encode(bytes.fromhex(text)).decode())
    return json_format.ParseDict(document, into, ignore_unknown_fields=True)


def render(traces: TracesData) -> dict[str, Any]:
    """Write it as JSON's objects and lists."""
    document = json_format.MessageToDict(traces, use_integers_for_enums=True)
    _rewrite_ids(document, lambda text: b64decode(text).hex())
    return document


def _rewrite_ids(document: object, rewrite: Callable[[str], str]) -> None:
    for holder in _identified(document):
        for name in IDS:
            if isinstance(text := holder.get(name), str):
                holder[name] = rewrite(text)


def _identified(document: object) -> Iterator[dict[str, Any]]:
    """Every object that holds an id."""
    for resource in _objects(document, "resourceSpans"):
        for scope in _objects(resource, "scopeSpans"):
            for span in _objects(scope, "spans"):
                yield span
                yield from _objects(span, "links")


def _objects(holder: object, name: str) -> list[dict[str, Any]]:
    held = holder.get(name) if isinstance(holder, dict) else None
    return [each for each in held if isinstance(each, dict)] if isinstance(held, list) else []
