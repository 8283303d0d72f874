"""A message that could not be handled, as it is kept: for another try, or as a dead letter."""

from dataclasses import dataclass
from uuid import UUID

from counterstep.messaging.wire.envelope import Envelope


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """A message that could not be handled: in which queue, how often, and why the last time.

    It is tried again in `retry_in` seconds, and is a dead letter where that is `None`. `lease` is that of its row
    in the table of retries, where it has failed before.
    """

    queue: str
    envelope: Envelope
    fingerprint: UUID
    failures: int
    reason: str
    retry_in: float | None = None
    lease: UUID | None = None
