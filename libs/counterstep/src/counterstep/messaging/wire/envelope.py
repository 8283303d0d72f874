"""A message and all that travels with it: its id and address, and which step of which saga it is about."""

import re
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import Final
from uuid import UUID

from pydantic import ValidationError
from uuid_utils.compat import uuid7

from counterstep.messaging.wire.errors import UndecodableError
from counterstep.protocol.contracts import Contracts
from counterstep.protocol.exchanges import COMMANDS, REPLIES, events_of
from counterstep.protocol.headers import Headers
from counterstep.protocol.messages import Event, FallibleCommand, Message, Reply
from counterstep.protocol.naming import owner, routing_key, type_name

_NUL: Final = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
"""NUL, as JSON writes it. Who reads it as text would fail where it is stored, and with it the whole batch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """One message on its way. `message_id` stays the same through relay, redelivery, retry and redrive."""

    message_id: UUID = field(default_factory=uuid7)
    saga_id: UUID
    type: str
    exchange: str
    routing_key: str
    body: bytes
    headers: Headers = field(default_factory=Headers)

    @property
    def sender(self) -> str | None:
        """The user that sent it, whose name the broker has checked; `None` before it is sent."""
        return self.headers.sender

    def open(self, contracts: Contracts) -> Message:
        """The typed message inside. A past version is upcast to the current one.

        Raises `UndecodableError` for an unknown type or version, or a bad body.
        """
        read = contracts.readers.get(self.type)
        if read is None:
            raise UndecodableError(f"no message of type {self.type!r} is known here")
        if _NUL.search(self.body):
            raise UndecodableError(f"{self.type}: a text in it has NUL, which PostgreSQL cannot store")
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
    """An event on its way to its subscribers."""
    kind = type(message)
    headers = Headers(traceparent=traceparent)
    return _addressed(message, events_of(owner(kind)), routing_key(kind), saga_id, headers)


def command(message: FallibleCommand, *, saga_id: UUID, headers: Headers) -> Envelope:
    """A command on its way to the participant whose module declares it."""
    return _addressed(message, COMMANDS, routing_key(type(message)), saga_id, headers)


def reply_headers(command: Envelope, *, addresses: Collection[str], traceparent: str | None) -> Headers:
    """The headers of the reply to a command.

    Raises `UndecodableError` where the command's reply address is none of the topology's. So a forged command
    cannot make a participant send its reply to a queue of the forger's choice.
    """
    if command.headers.reply_key not in addresses:
        raise UndecodableError(f"{command.headers.reply_key!r} is no reply address")
    return Headers(
        causation_id=command.message_id,
        traceparent=traceparent,
        step=command.headers.step,
        direction=command.headers.direction,
        attempt=command.headers.attempt,
        reply_key=command.headers.reply_key,
    )


def reply(message: Reply, *, saga_id: UUID, headers: Headers) -> Envelope:
    """The reply to a command, on its way to the address that the command named."""
    return _addressed(message, REPLIES, headers.reply_key or "", saga_id, headers)


def _addressed(message: Message, exchange: str, key: str, saga_id: UUID, headers: Headers) -> Envelope:
    return Envelope(
        saga_id=saga_id,
        type=type_name(type(message)),
        exchange=exchange,
        routing_key=key,
        body=message.model_dump_json().encode(),
        headers=headers,
    )
