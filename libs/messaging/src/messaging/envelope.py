"""A message and all that travels with it: who it is, where it goes, and which step of which saga it is about."""

from dataclasses import dataclass, field, replace
from typing import Annotated, Final
from uuid import UUID

from contracts.base import Event, Message, Refusable, Reply
from contracts.naming import readers, routing_key, type_name
from contracts.protocol import Direction
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from uuid_utils.compat import uuid7

from messaging.errors import Unreadable
from messaging.topology import COMMANDS, EVENTS, REPLIES, REPLY_ADDRESSES

LARGEST_BODY: Final = 256 * 1024
"""In bytes; larger things belong in a store, and their address in the message."""

Traceparent = Annotated[str, Field(pattern=r"^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$")]


def without_nul(text: str) -> str:
    """The text with a visible sign for each NUL, which PostgreSQL cannot store."""
    return text.replace("\0", "\N{SYMBOL FOR NULL}")


Text = Annotated[str, AfterValidator(without_nul)]


class Headers(BaseModel):
    """What an envelope says beside AMQP's own properties; the broker's own headers are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    causation_id: UUID | None = None
    traceparent: Traceparent | None = None
    step: Annotated[Text, Field(max_length=64)] | None = None
    direction: Direction | None = None
    attempt: Annotated[int, Field(ge=1)] | None = None
    reply_key: Annotated[Text, Field(max_length=64)] | None = None
    failures: Annotated[int, Field(ge=0)] = 0
    origin: Text | None = None
    reason: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """One message on its way. `message_id` stays the same through relay, redelivery, retry and replay."""

    message_id: UUID = field(default_factory=uuid7)
    saga_id: UUID
    type: str
    exchange: str
    routing_key: str
    body: bytes
    headers: Headers = field(default_factory=Headers)

    def open(self) -> Message:
        """The typed message inside, a past version as the one that is said.

        Raises `Unreadable` for an unknown type or version, or a bad body.
        """
        read = readers().get(self.type)
        if read is None:
            raise Unreadable(f"no message of type {self.type!r} is known here")
        try:
            return read(self.body)
        except ValidationError as error:
            raise Unreadable(f"{self.type}: {error.errors(include_url=False, include_input=False)}") from error

    def rerouted(self, exchange: str, key: str, headers: Headers) -> "Envelope":
        """The same message, sent elsewhere."""
        return replace(self, exchange=exchange, routing_key=key, headers=headers)


def event(message: Event, *, saga_id: UUID, traceparent: str | None) -> Envelope:
    """An event on its way to whoever listens."""
    return _addressed(message, EVENTS, routing_key(type(message)), saga_id, Headers(traceparent=traceparent))


def command(message: Refusable, *, saga_id: UUID, headers: Headers) -> Envelope:
    """A command on its way to the participant whose module declares it."""
    return _addressed(message, COMMANDS, routing_key(type(message)), saga_id, headers)


def reply_headers(asked: Envelope, *, traceparent: str | None) -> Headers:
    """What the reply to a command says. Raises `Unreadable` where the command names a strange reply address."""
    if asked.headers.reply_key not in REPLY_ADDRESSES:
        raise Unreadable(f"{asked.headers.reply_key!r} is no reply address")
    return Headers(
        causation_id=asked.message_id,
        traceparent=traceparent,
        step=asked.headers.step,
        direction=asked.headers.direction,
        attempt=asked.headers.attempt,
        reply_key=asked.headers.reply_key,
    )


def reply(message: Reply, *, saga_id: UUID, headers: Headers) -> Envelope:
    """The reply to a command, on its way to the address that the command named."""
    return _addressed(message, REPLIES, headers.reply_key or "", saga_id, headers)


def _addressed(message: Message, exchange: str, key: str, saga_id: UUID, headers: Headers) -> Envelope:
    body = message.model_dump_json().encode()
    if len(body) > LARGEST_BODY:
        raise ValueError(
            f"{type_name(type(message))} is {len(body)} bytes long; a message may have {LARGEST_BODY}"
        )
    return Envelope(
        saga_id=saga_id,
        type=type_name(type(message)),
        exchange=exchange,
        routing_key=key,
        body=body,
        headers=headers,
    )
