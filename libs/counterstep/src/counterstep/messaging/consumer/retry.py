"""What becomes of a message that could not be handled: it is tried again, after longer and longer delays."""

import traceback
from typing import Final

from counterstep.messaging.wire.errors import PoisonError
from counterstep.protocol.headers import without_nul

RETRY_DELAYS: Final = (1.0, 5.0, 30.0)
"""How long a message waits after its first failure, its second and its third, in seconds. After the next one it is
a dead letter."""

LONGEST_REASON: Final = 2_000
"""In bytes."""


def delay_after(failures: int, error: Exception) -> float | None:
    """The seconds until the next try of a message that has now failed this often; `None` for a dead letter."""
    if isinstance(error, PoisonError) or failures > len(RETRY_DELAYS):
        return None
    return RETRY_DELAYS[failures - 1]


def reason_of(error: Exception) -> str:
    """Why it failed, as PostgreSQL can store it: the text of a `PoisonError`, or the end of a traceback."""
    if isinstance(error, PoisonError):
        return without_nul(str(error)).encode()[:LONGEST_REASON].decode(errors="ignore")
    told = without_nul("".join(traceback.format_exception(error)))
    return told.encode()[-LONGEST_REASON:].decode(errors="ignore")
