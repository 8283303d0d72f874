"""A pack: several messages to one address that travel as one AMQP message.

The body is JSON Lines: for each message a line with its envelope and a line with its body, byte for byte. So a
person can read it on the broker's management page, and no body is encoded or parsed a second time. A pack is
transport: what lies above the envelope knows nothing of it.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from aio_pika import DeliveryMode
from pydantic_core import from_json, to_json

from counterstep.messaging.wire.amqp import Unread
from counterstep.messaging.wire.envelope import Envelope
from counterstep.messaging.wire.errors import UndecodableError
from counterstep.messaging.wire.properties import OurProperties

PACK_TYPE: Final = "counterstep.pack.v1"
PACK_MEDIA_TYPE: Final = "application/jsonl"

MOST_READ: Final = 1_000
"""How many messages a pack may hold that is read."""

_END: Final = b"\n"


def packed(envelopes: Sequence[Envelope]) -> bytes:
    """The body of a pack with these messages, which must be `packable`.

    >>> from uuid import UUID
    >>> paid = Envelope(
    ...     message_id=UUID(int=1), saga_id=UUID(int=2), type="a", exchange="x", routing_key="k", body=b"{}"
    ... )
    >>> print(packed([paid]).decode())
    {"message_id":"00000000-0000-0000-0000-000000000001","saga_id":"00000000-0000-0000-0000-000000000002","type":"a"}
    {}
    """
    return _END.join(line for envelope in envelopes for line in (_first_line(envelope), envelope.body))


def is_packable(envelope: Envelope) -> bool:
    """Whether the body is one line. The platform writes no other; an application's own code may."""
    return _END not in envelope.body


def properties_of_pack(*, sender: str) -> OurProperties:
    """The AMQP properties of a pack. Its sender, which the broker checks, is the sender of all its messages."""
    return OurProperties(
        content_type=PACK_MEDIA_TYPE,
        delivery_mode=DeliveryMode.PERSISTENT,
        timestamp=datetime.now(UTC),
        message_type=PACK_TYPE,
        user_id=sender,
        app_id=sender,
    )


def unpacked(pack: Unread) -> Iterator[Unread]:
    """The messages of a pack. A message in it that cannot be read harms only itself.

    Raises `UndecodableError` where the pack cannot be taken apart.
    """
    lines = pack.body.split(_END)
    if len(lines) % 2 or len(lines) > 2 * MOST_READ:
        raise UndecodableError(
            f"the pack is malformed: a pack has two lines for each message, and at most {MOST_READ:,} messages; "
            f"this one has {len(lines):,} lines"
        )
    for first, body in zip(lines[::2], lines[1::2], strict=True):
        yield _unread(pack, first, body)


def _first_line(envelope: Envelope) -> bytes:
    line = {
        "message_id": envelope.message_id,
        "saga_id": envelope.saga_id,
        "type": envelope.type,
    }
    if headers := envelope.headers.model_dump(mode="json", exclude_defaults=True):
        line["headers"] = headers
    return to_json(line)


def _unread(pack: Unread, first: bytes, body: bytes) -> Unread:
    """One message of a pack: it has the address and the sender of its pack, whatever its own line says."""
    try:
        line = from_json(first)
    except ValueError:
        line = None
    fields: Mapping[str, Any] = line if isinstance(line, dict) else {}
    return Unread(
        message_id=_text(fields.get("message_id")),
        correlation_id=_text(fields.get("saga_id")),
        type=_text(fields.get("type")),
        exchange=pack.exchange,
        routing_key=pack.routing_key,
        body=body,
        headers=fields.get("headers", {}),
        user_id=pack.user_id,
    )


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
