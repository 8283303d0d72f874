"""Why a saga turned back."""

from dataclasses import dataclass
from enum import StrEnum


class AbortCause(StrEnum):
    """The four ways in which a saga can fail."""

    REFUSED = "refused"
    SILENCE = "silence"
    CANCELLED = "cancelled"
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Abort:
    """The point where a saga turned back, as its own undo is told."""

    cause: AbortCause
    reason: str
    code: str | None = None
    """The refusal's code, where a refusal is the cause."""
