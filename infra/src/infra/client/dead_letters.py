"""The dead letters of several services as one list."""

from collections.abc import Iterable, Iterator
from itertools import islice
from uuid import UUID

from counterstep.client import LONGEST_PAGE, Client, ProblemError, dead_letters
from counterstep.client.dead_letters import SettlingVerb
from counterstep.http.views.letters import Letter, LetterView, WholeLetter
from counterstep.messaging.consumer.letter_status import LetterStatus

from infra.machine.user_error import UserError

NOT_FOUND = 404


class DeadLetters:
    """The dead letters of these services, for one operator. Every method raises `ApiError` as the client does."""

    def __init__(self, client: Client, services: Iterable[str]) -> None:
        self._client = client
        self._services = tuple(services)

    def all(self, status: LetterStatus, *, limit: int) -> list[Letter]:
        """The dead letters of this status, the newest message first, at most `limit`."""
        found = [letter for name in self._services for letter in islice(self._of_service(name, status), limit)]
        return sorted(found, key=lambda letter: letter.message_id, reverse=True)[:limit]

    def waiting(self) -> dict[str, list[LetterView]]:
        """The dead letters that wait for a decision, by service: at most one page of each."""
        request = dead_letters.browse("waiting", limit=LONGEST_PAGE)
        return {name: self._client.send(name, request).items for name in self._services}

    def one(self, message_id: UUID, *, whole: bool = False) -> WholeLetter:
        """The dead letter of this message, with the `whole` body or its beginning.

        Raises `UserError` where no service has one.
        """
        for name in self._services:
            try:
                found = self._client.send(name, dead_letters.read(message_id, whole=whole))
            except ProblemError as problem:
                if problem.status != NOT_FOUND:
                    raise
            else:
                return WholeLetter(service=name, **found.model_dump())
        raise UserError("dead letters", f"no service has {message_id}; `saga dead-letters list` shows the letters")

    def settle(self, message_id: UUID, verb: SettlingVerb, *, reason: str) -> Letter:
        """Send a dead letter back to its queue under the same id, or mark it as not needed."""
        service = self.one(message_id).service
        settled = self._client.send(service, dead_letters.settle(message_id, verb, reason))
        return Letter(service=service, **settled.model_dump())

    def replay_many(self, *, message_type: str | None, limit: int, reason: str) -> dict[str, int]:
        """Send the oldest waiting dead letters of one message type, or of all, back; how many, by service."""
        replayed: dict[str, int] = {}
        for name in self._services:
            if left := limit - sum(replayed.values()):
                request = dead_letters.replay_many(message_type=message_type, limit=left, reason=reason)
                replayed[name] = self._client.send(name, request).replayed
        return replayed

    def _of_service(self, name: str, status: LetterStatus) -> Iterator[Letter]:
        found = self._client.every(name, dead_letters.browse(status))
        return (Letter(service=name, **each.model_dump()) for each in found)
