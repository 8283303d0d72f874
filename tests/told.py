"""Traces as the services tell them, without the services: one order each, in OpenTelemetry's own messages."""

import secrets
import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

MILLISECOND = 1_000_000

SERVER, INTERNAL, CLIENT, CONSUMER = (
    Span.SPAN_KIND_SERVER,
    Span.SPAN_KIND_INTERNAL,
    Span.SPAN_KIND_CLIENT,
    Span.SPAN_KIND_CONSUMER,
)


@dataclass
class Told:
    """A trace that is being told; times are milliseconds since it began."""

    trace_id: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    began: int = field(default_factory=lambda: time.time_ns() - 2_000 * MILLISECOND)
    spans: dict[str, list[Span]] = field(default_factory=lambda: defaultdict(list))

    @property
    def hex_id(self) -> str:
        return self.trace_id.hex()

    @property
    def export(self) -> ExportTraceServiceRequest:
        """All of it in one request, with a resource for each service."""
        request = ExportTraceServiceRequest()
        for service, spans in self.spans.items():
            resource = request.resource_spans.add()
            resource.resource.attributes.extend(attributes({"service.name": service, "service.version": "0.1.0"}))
            resource.scope_spans.add(spans=spans).scope.name = "counterstep"
        return request

    def span(  # noqa: PLR0913 - what a span is made of
        self,
        service: str,
        name: str,
        times: tuple[float, float],
        *,
        parent: Span | None = None,
        kind: Span.SpanKind = INTERNAL,
        **more: str,
    ) -> Span:
        """Add a span; underscores in the names of attributes are dots."""
        start, end = (self.began + round(since * MILLISECOND) for since in times)
        span = Span(
            trace_id=self.trace_id,
            span_id=secrets.token_bytes(8),
            parent_span_id=parent.span_id if parent else b"",
            name=name,
            kind=kind,
            start_time_unix_nano=start,
            end_time_unix_nano=end,
            attributes=attributes({name.replace("_", "."): value for name, value in more.items()}),
        )
        self.spans[service].append(span)
        return span

    def event(self, span: Span, since: float, name: str, **more: str) -> None:
        """Something that happened in a span."""
        at = self.began + round(since * MILLISECOND)
        span.events.add(time_unix_nano=at, name=name, attributes=attributes(more))


def attributes(pairs: Mapping[str, str]) -> list[KeyValue]:
    return [KeyValue(key=key, value=AnyValue(string_value=value)) for key, value in pairs.items()]


def order(order_id: str, *, refused: bool = False, failed: bool = False) -> Told:
    """The trace of an order: confirmed, or refused by payment and compensated; failed with a fault that was retried."""
    told = Told()
    saga_id = secrets.token_hex(16)
    length = 96.0
    root = told.span("order", "POST /orders", (0, 9.4), kind=SERVER, order_id=order_id, http_route="/orders")
    told.span("order", "send events:order.order_placed", (9.9, 12.2), parent=root, kind=CLIENT)
    heard = told.span(
        "orchestrator",
        "process events:order.order_placed:orchestrator.events",
        (13.1, 17.6),
        parent=root,
        kind=CONSUMER,
    )
    outcome = "compensated" if refused else "completed"
    about = {"saga_id": saga_id, "saga_name": "place_order", "order_id": order_id}
    saga = told.span(
        "orchestrator", "saga place_order", (14.0, length), parent=heard, saga_outcome=outcome, **about
    )
    steps = [("reserve_stock", "inventory", "step"), ("authorize_payment", "payment", "step")]
    steps += (
        [("release_stock", "inventory", "compensate"), ("reject_order", "order", "compensate")]
        if refused
        else [
            ("capture_payment", "payment", "step"),
            ("commit_stock", "inventory", "step"),
            ("approve_order", "order", "step"),
        ]
    )
    at, each = 15.0, (length - 16) / len(steps)
    for step, service, verb in steps:
        ended = "refused" if refused and step == "authorize_payment" else "succeeded"
        told.event(saga, at, "asked", **{"saga.step": step})
        span = told.span(
            "orchestrator",
            f"saga.{verb} {step}",
            (at, at + each - 1.5),
            parent=saga,
            saga_step=step,
            saga_direction="forward" if verb == "step" else "compensation",
            saga_outcome=ended,
            **about,
        )
        told.event(saga, at + each - 1.2, ended, **{"saga.step": step})
        _conversation(told, span, service, step, at, each, failed=failed and step == "reserve_stock")
        at += each
    told.event(saga, length, outcome)
    return told


def _conversation(  # noqa: PLR0913 - one step's places and times
    told: Told, span: Span, service: str, step: str, at: float, each: float, *, failed: bool
) -> None:
    command = f"commands:{service}.{step}"
    told.span("orchestrator", f"send {command}", (at + 0.4, at + 2.6), parent=span, kind=CLIENT)
    process = f"process {command}:{service}.commands"
    if failed:
        broken = told.span(service, process, (at + 2.7, at + 4.2), parent=span, kind=CONSUMER)
        broken.status.code = Status.STATUS_CODE_ERROR
        broken.status.message = "ConnectionResetError: the database closed the connection"
    work = told.span(service, process, (at + each * 0.4, at + each * 0.7), parent=span, kind=CONSUMER)
    told.span(service, "send replies:orchestrator", (at + each * 0.7, at + each * 0.8), parent=work, kind=CLIENT)
    told.span(
        "orchestrator",
        "process replies:orchestrator:orchestrator.replies",
        (at + each * 0.82, at + each - 1.4),
        parent=work,
        kind=CONSUMER,
    )
