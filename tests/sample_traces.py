"""Traces as the services export them, made without the services: one order each, as OpenTelemetry's messages."""

import secrets
import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

MILLISECOND = 1_000_000

KINDS = {"POST": Span.SPAN_KIND_SERVER, "send": Span.SPAN_KIND_CLIENT, "process": Span.SPAN_KIND_CONSUMER}
LENGTH = 82  # of a saga, in milliseconds
CONFIRMED = (
    ("saga.step reserve_stock", "inventory"),
    ("saga.step authorize_payment", "payment"),
    ("saga.step capture_payment", "payment"),
    ("saga.step commit_stock", "inventory"),
    ("saga.step approve_order", "order"),
)
REFUSED = (
    *CONFIRMED[:2],
    ("saga.compensate release_stock", "inventory"),
    ("saga.compensate reject_order", "order"),
)


@dataclass
class SampleTrace:
    """A trace to which spans are added. Times are milliseconds since its beginning."""

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

    def span(
        self,
        service: str,
        name: str,
        times: tuple[float, float],
        *,
        parent: Span | None = None,
        about: Mapping[str, str] = MappingProxyType({}),
    ) -> Span:
        """Add a span."""
        start, end = (self.began + round(since * MILLISECOND) for since in times)
        span = Span(
            trace_id=self.trace_id,
            span_id=secrets.token_bytes(8),
            parent_span_id=parent.span_id if parent else b"",
            name=name,
            kind=KINDS.get(name.split(maxsplit=1)[0], Span.SPAN_KIND_INTERNAL),
            start_time_unix_nano=start,
            end_time_unix_nano=end,
            attributes=attributes(about),
        )
        self.spans[service].append(span)
        return span

    def event(self, span: Span, since: float, name: str, about: Mapping[str, str]) -> None:
        """Add an event to a span."""
        at = self.began + round(since * MILLISECOND)
        span.events.add(time_unix_nano=at, name=name, attributes=attributes(about))


def attributes(pairs: Mapping[str, str]) -> list[KeyValue]:
    return [KeyValue(key=key, value=AnyValue(string_value=value)) for key, value in pairs.items()]


def order(order_id: str, *, refused: bool = False, failed: bool = False) -> SampleTrace:
    """An order's trace: confirmed, or refused and compensated; where `failed`, with a fault that was retried."""
    trace = SampleTrace()
    about = {"saga.id": secrets.token_hex(16), "saga.name": "place_order", "order.id": order_id}
    root = trace.span("order", "POST /orders", (0, 9.4), about={"http.route": "/orders"})
    trace.span("order", "send events.order:order.order_placed", (9.9, 12.2), parent=root)
    process = "process events.order:order.order_placed:orchestrator.events"
    consumed = trace.span("orchestrator", process, (13.1, 17.6), parent=root)
    outcome = "compensated" if refused else "completed"
    cause = {"saga.cause": "refused", "saga.reason": "insufficient funds"} if refused else {}
    saga_about = {**about, "saga.outcome": outcome, **cause}
    saga = trace.span("orchestrator", "saga place_order", (14, 14 + LENGTH), parent=consumed, about=saga_about)
    steps = REFUSED if refused else CONFIRMED
    for number, (name, service) in enumerate(steps):
        at = 15 + number * LENGTH / len(steps)
        end = at + LENGTH / len(steps) - 1.5
        step_outcome = "refused" if refused and "authorize_payment" in name else "succeeded"
        direction = "forward" if name.startswith("saga.step") else "compensation"
        step_about = {
            **about,
            "saga.step": name.split()[1],
            "saga.direction": direction,
            "saga.outcome": step_outcome,
            **({"saga.reason": "insufficient funds"} if step_outcome == "refused" else {}),
        }
        step = trace.span("orchestrator", name, (at, end), parent=saga, about=step_about)
        trace.event(saga, at, "asked", {"saga.step": name.split()[1]})
        trace.event(saga, end, step_outcome, {"saga.step": name.split()[1]})
        _conversation(trace, step, service, failed=failed and number == 0)
    trace.event(saga, 14 + LENGTH, outcome, {})
    return trace


def _conversation(trace: SampleTrace, step: Span, service: str, *, failed: bool) -> None:
    """The spans of a step's command and of its reply."""
    name = step.name.partition(" ")[2]
    command = f"commands:{service}.{name}"
    process = f"process {command}:{service}.commands"
    begin = (step.start_time_unix_nano - trace.began) / MILLISECOND
    length = (step.end_time_unix_nano - step.start_time_unix_nano) / MILLISECOND

    def times(start: float, end: float) -> tuple[float, float]:
        return begin + start * length, begin + end * length

    trace.span("orchestrator", f"send {command}", times(0.02, 0.15), parent=step)
    if failed:
        broken = trace.span(service, process, times(0.16, 0.3), parent=step)
        broken.status.code = Status.STATUS_CODE_ERROR
        broken.status.message = "ConnectionResetError: the database closed the connection"
    work = trace.span(service, process, times(0.4, 0.75), parent=step)
    trace.span(service, "send replies:orchestrator", times(0.76, 0.88), parent=work)
    answered = "process replies:orchestrator:orchestrator.replies"
    trace.span("orchestrator", answered, times(0.9, 1), parent=work)
