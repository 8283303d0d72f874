"""The dead letters of several services."""

from collections.abc import Iterator
from uuid import UUID

from counterstep.client import LONGEST_PAGE, dead_letters
from counterstep.client.dead_letters import SettlingVerb
from counterstep.http.views.letters import Letter, LetterView, WholeLetter
from counterstep.messaging.consumer.letter_status import LetterStatus

from infra.client.set_aside import SetAside


class DeadLetters(SetAside[Letter, WholeLetter]):
    """The dead letters of these services, for one operator. Every method raises `ApiError` as the client does."""

    name = "dead letters"
    hint = "`saga dead-letters list` shows the letters"

    def all(self, status: LetterStatus, *, limit: int) -> list[Letter]:
        """The dead letters of this status, the newest message first, at most `limit`."""

        def of_service(name: str) -> Iterator[Letter]:
            found = self._client.every(name, dead_letters.browse(status))
            return (Letter(service=name, **each.model_dump()) for each in found)

        return self._newest(of_service, limit)

    def waiting(self) -> dict[str, list[LetterView]]:
        """The dead letters that wait for a decision, by service: at most one page of each."""
        request = dead_letters.browse("waiting", limit=LONGEST_PAGE)
        return {name: self._client.send(name, request).items for name in self._services}

    def settle(self, message_id: UUID, verb: SettlingVerb, *, reason: str) -> Letter:
        """Send a dead letter back to its queue under the same id, or mark it as not needed."""
        service = self.one(message_id).service
        settled = self._client.send(service, dead_letters.settle(message_id, verb, reason))
        return Letter(service=service, **settled.model_dump())

    def replay_many(self, *, message_type: str | None, limit: int, reason: str) -> dict[str, int]:
        """Send the oldest waiting dead letters of one message type, or of all, back; how many, by service."""

        def replay(name: str, left: int) -> int:
            request = dead_letters.replay_many(message_type=message_type, limit=left, reason=reason)
            return self._client.send(name, request).replayed

        return self._many(replay, limit)

    def _read(self, service: str, message_id: UUID, *, whole: bool) -> WholeLetter:
        found = self._client.send(service, dead_letters.read(message_id, whole=whole))
        return WholeLetter(service=service, **found.model_dump())
