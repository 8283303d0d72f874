"""A span as it was received, and what is asked of it.

The received protobuf message is kept as it is; everything else is read from it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from counterstep.protocol.headers import shortened
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, InstrumentationScope, KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, Status
from opentelemetry.proto.trace.v1.trace_pb2 import Span as SpanMessage

NAMELESS = "unknown_service"  # what OpenTelemetry calls a service that does not say its name


@dataclass(frozen=True)
class Origin:
    """Where spans come from: a resource with one scope, and no spans in it."""

    message: ResourceSpans

    @cached_property
    def serialized(self) -> bytes:
        """The same bytes for the same origin."""
        return self.message.SerializeToString(deterministic=True)

    @cached_property
    def resource(self) -> Mapping[str, Any]:
        return values(self.message.resource.attributes)

    @cached_property
    def service(self) -> str:
        """Its beginning, where the name is long: every span is stored with it."""
        return shortened(str(self.resource.get("service.name") or NAMELESS))

    @property
    def scope(self) -> InstrumentationScope:
        return self.message.scope_spans[0].scope


@dataclass(frozen=True)
class Span:
    """One span, and its origin."""

    message: SpanMessage
    origin: Origin

    @cached_property
    def trace_id(self) -> str:
        return self.message.trace_id.hex()

    @cached_property
    def span_id(self) -> str:
        return self.message.span_id.hex()

    @cached_property
    def parent_id(self) -> str:
        """Empty for a root."""
        return self.message.parent_span_id.hex()

    @cached_property
    def name(self) -> str:
        """Its beginning, where the name is long."""
        return shortened(self.message.name)

    @property
    def start(self) -> int:
        """Nanoseconds of the Unix clock."""
        return self.message.start_time_unix_nano

    @property
    def end(self) -> int:
        """Nanoseconds of the Unix clock; never before the start, whatever the sender's clock did."""
        return max(self.message.end_time_unix_nano, self.start)

    @property
    def duration(self) -> int:
        """Nanoseconds."""
        return self.end - self.start

    @property
    def service(self) -> str:
        return self.origin.service

    @property
    def kind(self) -> str:
        """As Jaeger writes it: `server`, `client`, `producer`, `consumer`, `internal`; empty where unsaid."""
        try:
            name = SpanMessage.SpanKind.Name(self.message.kind)
        except ValueError:  # a kind of a later protocol
            return ""
        return name.removeprefix("SPAN_KIND_").lower().replace("unspecified", "")

    @property
    def failed(self) -> bool:
        return self.message.status.code == Status.STATUS_CODE_ERROR

    @cached_property
    def attributes(self) -> Mapping[str, Any]:
        return values(self.message.attributes)


def values(pairs: Iterable[KeyValue]) -> dict[str, Any]:
    """The attributes as Python values."""
    return {pair.key: value(pair.value) for pair in pairs}


def value(any_value: AnyValue) -> Any:
    """A value of OpenTelemetry as Python's own; None where it is unset."""
    which = any_value.WhichOneof("value")
    if which == "array_value":
        return [value(each) for each in any_value.array_value.values]
    if which == "kvlist_value":
        return values(any_value.kvlist_value.values)
    return getattr(any_value, which) if which else None
