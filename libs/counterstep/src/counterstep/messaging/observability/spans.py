"""Spans of messages, by OpenTelemetry's conventions for messaging and for RabbitMQ (1.44, in development).

The trace context of the place where a message was created travels with the message and never changes. Each sending
and each processing of the message is a child of that place, however often there is one. So a span that is lost
takes no other span with it.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from opentelemetry.trace import Span, SpanKind, Status, StatusCode

from counterstep.messaging.wire.envelope import Envelope
from counterstep.telemetry import begin, begin_of_many, is_recorded
from counterstep.telemetry.events import Attributes
from counterstep.telemetry.redaction import redacted

_SYSTEM: Final = {"messaging.system": "rabbitmq"}


@contextmanager
def sending(envelope: Envelope) -> Iterator[None]:
    """The span of one publish: from the call to the broker's answer."""
    if not is_recorded(envelope.headers.traceparent):
        yield
        return
    where = destination(envelope)
    span = begin(
        f"send {where}",
        envelope.headers.traceparent,
        kind=SpanKind.CLIENT,
        attributes={**_operation("send", where), **_of_message(envelope)},
    )
    try:
        yield
    except Exception as error:
        fail(span, error)
        raise
    finally:
        span.end()


def begin_processing(envelope: Envelope, queue: str) -> Span:
    """Begin the span of one delivery; the caller must end it."""
    where = destination(envelope, queue)
    return begin(
        f"process {where}",
        envelope.headers.traceparent,
        kind=SpanKind.CONSUMER,
        attributes={**_operation("process", where), **_of_message(envelope)},
    )


@contextmanager
def of_batch(queues: Sequence[str], spans: Sequence[Span]) -> Iterator[None]:
    """The span of a transaction that several recorded messages share; it and their spans link to each other."""
    recorded = [span for span in spans if span.is_recording()]
    if len(recorded) < 2:  # noqa: PLR2004 - one message has its own span
        yield
        return
    where = "+".join(sorted(set(queues)))
    attributes = {**_operation("process", where), "messaging.batch.message_count": len(queues)}
    span = begin_of_many(f"process batch {where}", recorded, kind=SpanKind.CONSUMER, attributes=attributes)
    try:
        yield
    finally:
        span.end()


def fail(span: Span, error: Exception) -> None:
    """Mark the span as failed, with the type and the text of the error, without secrets."""
    span.set_attribute("error.type", type(error).__qualname__)
    span.set_status(Status(StatusCode.ERROR, redacted(str(error))))


def destination(envelope: Envelope, queue: str | None = None) -> str:
    """`exchange:routing_key`, and for a consumer `:queue`; without empty or repeated parts."""
    parts = dict.fromkeys([envelope.exchange, envelope.routing_key, queue])
    return ":".join(part for part in parts if part)


def _operation(name: str, where: str) -> Attributes:
    return {
        **_SYSTEM,
        "messaging.operation.name": name,
        "messaging.operation.type": name,
        "messaging.destination.name": where,
    }


def _of_message(envelope: Envelope) -> Attributes:
    headers = envelope.headers
    saga = {"saga.step": headers.step, "saga.direction": headers.direction, "saga.attempt": headers.attempt}
    return {
        "messaging.rabbitmq.destination.routing_key": envelope.routing_key,
        "messaging.message.id": str(envelope.message_id),
        "messaging.message.conversation_id": str(envelope.saga_id),
        "saga.id": str(envelope.saga_id),
        **{name: value for name, value in saga.items() if value is not None},
    }
