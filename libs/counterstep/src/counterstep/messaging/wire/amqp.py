"""Between an envelope and an AMQP message. Every message is persistent; AMQP's `reply_to` is not used."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid5

from aio_pika import DeliveryMode
from aio_pika.abc import AbstractIncomingMessage

from counterstep.messaging.wire.envelope import Envelope
from counterstep.messaging.wire.errors import ForgedError, UndecodableError
from counterstep.messaging.wire.frames import MALFORMED
from counterstep.messaging.wire.properties import OurProperties
from counterstep.messaging.wire.sizes import beginning, refuse_too_large
from counterstep.protocol.headers import SHORT_STRING_BYTES, Headers, shortened, without_nul

REPLACED = "\N{REPLACEMENT CHARACTER}"
"""What replaces bytes that are not UTF-8 in a text. None of our addresses has it."""

NOBODY = UUID(int=0)
"""The saga id of a message that names no saga."""


def to_amqp(envelope: Envelope, *, sender: str) -> OurProperties:
    """The AMQP properties of an envelope. The sender is also its user at the broker, which checks `user_id`."""
    return OurProperties(
        headers=envelope.headers.model_dump(mode="json", exclude_defaults=True),
        content_type="application/json",
        delivery_mode=DeliveryMode.PERSISTENT,
        message_id=str(envelope.message_id),
        correlation_id=str(envelope.saga_id),
        timestamp=datetime.now(UTC),
        message_type=envelope.type,
        user_id=sender,
        app_id=sender,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """The fields of one message as its sender wrote them, not yet believed. A text that is none is `None`."""

    message_id: str | None
    correlation_id: str | None
    type: str | None
    exchange: str | None
    routing_key: str | None
    body: bytes
    headers: Mapping[str, Any]
    user_id: str


def of_amqp(message: AbstractIncomingMessage) -> Unread:
    """The fields of a message as AMQP carries them."""
    return Unread(
        message_id=message.message_id,
        correlation_id=message.correlation_id,
        type=message.type,
        exchange=message.exchange,
        routing_key=message.routing_key,
        body=message.body,
        headers=message.headers,
        user_id=message.user_id or "",
    )


def check_frame(message: AbstractIncomingMessage) -> None:
    """Check what all that travels in this AMQP message depends on.

    Raises `UndecodableError` where a property is malformed or the body is too large, and `ForgedError` where
    `user_id` is missing: the broker refuses a message whose `user_id` is not the user of its connection, and takes
    one without.
    """
    if told := message.headers.get(MALFORMED):
        raise UndecodableError(f"the properties are malformed: {told!s}")
    if unreadable := [key for key in (message.exchange, message.routing_key) if REPLACED in (key or "")]:
        raise UndecodableError(f"the address is not UTF-8: {unreadable[0]!r}")
    refuse_too_large(message.body)
    if not message.user_id:
        raise ForgedError("nobody has signed the message: AMQP's user_id is missing")


def from_amqp(message: AbstractIncomingMessage, *, reader: str) -> Envelope:
    """The envelope of a message that was delivered to this service. Raises as `check_frame` and `read` do."""
    check_frame(message)
    return read(of_amqp(message), reader=reader)


def read(unread: Unread, *, reader: str) -> Envelope:
    """The envelope with these fields. Raises `UndecodableError` where one is missing or malformed."""
    try:
        return Envelope(
            message_id=UUID(unread.message_id),
            saga_id=UUID(unread.correlation_id),
            type=_whole(unread.type),
            exchange=_whole(unread.exchange),
            routing_key=_whole(unread.routing_key),
            body=unread.body,
            headers=Headers.model_validate(_signed(unread.headers, unread.user_id, reader)),
        )
    except Exception as error:  # whatever a publisher has written, the message alone is at fault
        raise UndecodableError(f"the envelope is malformed: {error}") from error


def salvage(unread: Unread) -> Envelope:
    """What can be read of a malformed message, so that it can be kept as a dead letter.

    A message without an id gets one from its body, so that a redelivery of it is the same dead letter.
    """
    return Envelope(
        message_id=_uuid(unread.message_id) or uuid5(NOBODY, sha256(unread.body).hexdigest()),
        saga_id=_uuid(unread.correlation_id) or NOBODY,
        type=shortened(unread.type or ""),
        exchange=shortened(unread.exchange or ""),
        routing_key=shortened(unread.routing_key or ""),
        body=beginning(unread.body),
        headers=Headers(sender=shortened(unread.user_id)),
    )


def _signed(headers: Mapping[str, Any], user_id: str, reader: str) -> Mapping[str, Any]:
    """The headers with the user that has signed them; what the reader itself has set aside keeps its sender."""
    return headers if user_id == reader and "sender" in headers else {**headers, "sender": shortened(user_id)}


def _whole(text: str | None) -> str:
    """The text as it can be stored and sent again. Raises `ValueError` where that would be a part of it."""
    stored = without_nul(text or "")
    if len(stored.encode()) > SHORT_STRING_BYTES:
        raise ValueError(f"{stored[:40]!r} has more than {SHORT_STRING_BYTES} bytes")
    return stored


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text)
    except (ValueError, TypeError, AttributeError):
        return None
