"""Why a saga instance was aborted: the cause for programs, the reason for people."""

from dataclasses import dataclass
from enum import StrEnum


class AbortCause(StrEnum):
    """The four ways in which a saga can fail. The values are stored, and shown in traces."""

    REFUSED = "refused"
    """A participant refused a step for a business reason."""
    TIMEOUT = "silence"
    """A step before the pivot was not answered in time, retries included."""
    CANCELLED = "cancelled"
    """The service that started the saga cancelled it with the saga's cancellation event."""
    OPERATOR = "operator"
    """An operator had it compensated."""


@dataclass(frozen=True, slots=True)
class Abort:
    """Why an instance rolls back. Only the first cause counts. The saga's own `undo` receives it.

    `cause` is for programs: refused, timeout, cancelled or operator. `reason` is one line for people. `code` is
    the refusal's code, and `None` for any other cause.

    Units: none.

    Raises: nothing.

    >>> def turn_down(trip: TripRequested, abort: Abort) -> RejectTrip:
    ...     return RejectTrip(trip_id=trip.trip_id, reason=f"{abort.code or abort.cause}: {abort.reason}")
    >>> turn_down(WANTED, Abort("refused", "no seat is left", "sold_out")).reason
    'sold_out: no seat is left'
    """

    cause: AbortCause
    reason: str
    """One line for people, such as the text of the refusal."""
    code: str | None = None
    """The code of the refusal, for programs; `None` for any other cause."""

    @property
    def is_cancellation(self) -> bool:
        """Whether the service that started the saga cancelled it, and nothing failed."""
        return self.cause is AbortCause.CANCELLED
