"""What tells one message in one queue from every other."""

from hashlib import blake2b
from uuid import UUID

from counterstep.messaging.wire.envelope import Envelope


def fingerprint(queue: str, envelope: Envelope) -> UUID:
    """The same for every copy of the message in this queue, from the broker or from a table.

    A message id does not tell: its sender chooses it, and may choose the id of another message.
    """
    digest = blake2b(digest_size=16)
    for part in (
        queue.encode(),
        envelope.message_id.bytes,
        envelope.saga_id.bytes,
        envelope.type.encode(),
        envelope.headers.model_dump_json(exclude_defaults=True).encode(),
        envelope.body,
    ):
        digest.update(len(part).to_bytes(8))  # so that no two lists of parts give the same bytes
        digest.update(part)
    return UUID(bytes=digest.digest())
