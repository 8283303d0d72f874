"""A message and all that travels with it: who it is, where it goes, and which step of which saga it is about."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from uuid import UUID

from pydantic import ValidationError
from uuid_utils.compat import uuid7

from counterstep.messaging.wire.errors import UndecodableError
from counterstep.protocol.contracts import Contracts
from counterstep.protocol.exchanges import COMMANDS, EVENTS, REPLIES
from counterstep.protocol.headers import LARGEST_BODY, Headers
from counterstep.protocol.messages import Event, FallibleCommand, Message, Reply
from counterstep.protocol.naming import routing_key, type_name


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

    def open(self, contracts: Contracts) -> Message:
        """The typed message inside, a past version as the one that is said.

        Raises `Unreadable` for an unknown type or version, or a bad body.
        """
        read = contracts.readers.get(self.type)
        if read is None:
            raise UndecodableError(f"no message of type {self.type!r} is known here")
        try:
            return read(self.body)
        except ValidationError as error:
            raise UndecodableError(
                f"{self.type}: {error.errors(include_url=False, include_input=False)}"
            ) from error

    def rerouted(self, exchange: str, key: str, headers: Headers) -> "Envelope":
        """The same message, sent elsewhere."""
        return replace(self, exchange=exchange, routing_key=key, headers=headers)


def event(message: Event, *, saga_id: UUID, traceparent: str | None) -> Envelope:
    """An event on its way to whoever listens."""
    return _addressed(message, EVENTS, routing_key(type(message)), saga_id, Headers(traceparent=traceparent))


def command(message: FallibleCommand, *, saga_id: UUID, headers: Headers) -> Envelope:
    """A command on its way to the participant whose module declares it."""
    return _addressed(message, COMMANDS, routing_key(type(message)), saga_id, headers)


def reply_headers(asked: Envelope, *, addresses: Collection[str], traceparent: str | None) -> Headers:
    """What the reply to a command says. Raises `Unreadable` where the command names a strange reply address."""
    if asked.headers.reply_key not in addresses:
        raise UndecodableError(f"{asked.headers.reply_key!r} is no reply address")
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
