"""Dead letters."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from counterstep.messaging.consumer.letter_status import LetterStatus
from counterstep.messaging.wire.errors import FORGED


class LetterView(BaseModel, from_attributes=True):
    """A dead letter: the queue in which it died (`origin`), why, and how often.

    `sender` is the user that sent it, whose name the broker has checked; `failures` is how often it could not be
    handled. Letters that an earlier release kept have neither.
    """

    message_id: UUID
    saga_id: UUID
    type: str
    origin: str
    reason: str
    deaths: int
    sender: str | None = None
    failures: int | None = None
    status: LetterStatus
    died_at: datetime
    settled_by: str | None
    settled_because: str | None

    @property
    def cause(self) -> str:
        """The reason in one line: the last line of a traceback, which names the error."""
        return next((line for line in reversed(self.reason.splitlines()) if line.strip()), self.reason)

    @property
    def is_forged(self) -> bool:
        """Whether its sender may not send it."""
        return self.reason.startswith(FORGED)


class WholeLetterView(LetterView):
    """A dead letter with its body as text, without secrets."""

    body: str
    headers: str


class Letter(LetterView, frozen=True):
    """A dead letter, with the name of its service."""

    service: str


class WholeLetter(Letter, WholeLetterView, frozen=True):
    """A dead letter with the name of its service and its body."""
