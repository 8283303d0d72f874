"""What becomes of a message that could not be handled: the retry ladder, then the dead letters.

It travels by the outbox like everything else, so setting it aside cannot lose it.
"""

import traceback

from messaging.envelope import Envelope, without_nul
from messaging.errors import Unreadable
from messaging.topology import DEAD_LETTERS, RETRY, RETRY_LADDER

LONGEST_REASON = 2_000


def set_aside(envelope: Envelope, queue: str, error: Exception) -> Envelope:
    """The same message on the next rung of its ladder, or a dead letter with the reason and where it was."""
    failures = envelope.headers.failures
    rungs = list(RETRY_LADDER)
    headers = envelope.headers.model_copy(
        update={"failures": failures + 1, "origin": queue, "reason": _reason(error)}
    )
    if isinstance(error, Unreadable) or failures >= len(rungs):
        return envelope.rerouted(DEAD_LETTERS, queue, headers)
    return envelope.rerouted(RETRY, f"{queue}.{rungs[failures]}", headers)


def _reason(error: Exception) -> str:
    if isinstance(error, Unreadable):
        return without_nul(str(error))[:LONGEST_REASON]
    return without_nul("".join(traceback.format_exception(error)))[-LONGEST_REASON:]
