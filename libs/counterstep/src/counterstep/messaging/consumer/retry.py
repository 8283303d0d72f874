"""What becomes of a message that could not be handled: it is retried after growing delays, then a dead letter.

It is sent there through the outbox like every message, so it cannot be lost on the way.
"""

import traceback

from counterstep.messaging.wire.envelope import Envelope
from counterstep.messaging.wire.errors import UndecodableError
from counterstep.protocol.exchanges import DEAD_LETTERS, RETRY, RETRY_DELAYS
from counterstep.protocol.headers import without_nul

LONGEST_REASON = 2_000


def after_failure(envelope: Envelope, queue: str, error: Exception) -> Envelope:
    """The same message on its way to the next retry tier, or to the dead letters, with the reason."""
    tiers = list(RETRY_DELAYS)
    failures = min(envelope.headers.failures, len(tiers))  # a forged header may hold any number
    headers = envelope.headers.model_copy(
        update={"failures": failures + 1, "origin": queue, "reason": _reason(error)}
    )
    if isinstance(error, UndecodableError) or failures >= len(tiers):
        return envelope.rerouted(DEAD_LETTERS, queue, headers)
    return envelope.rerouted(RETRY, f"{queue}.{tiers[failures]}", headers)


def _reason(error: Exception) -> str:
    if isinstance(error, UndecodableError):
        return without_nul(str(error))[:LONGEST_REASON]
    return without_nul("".join(traceback.format_exception(error)))[-LONGEST_REASON:]
