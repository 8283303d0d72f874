"""The services' dead letters, over their public APIs."""

from collections.abc import Iterator, Mapping
from itertools import islice
from uuid import UUID

from counterstep.http.views.letters import Letter, WholeLetter
from counterstep.messaging.consumer.letter_status import LetterStatus

from infra.client.public_api import PAGE, PublicApi
from infra.machine.failure import Failure


class DeadLetters:
    """The dead letters of these services (name → address), for one operator. Every method raises Failure."""

    def __init__(self, api: PublicApi, services: Mapping[str, str]) -> None:
        self._api = api
        self._services = services

    def all(self, status: LetterStatus, *, limit: int) -> list[Letter]:
        """List those of this status, the newest message first."""
        found = [letter for name in self._services for letter in islice(self._of_service(name, status), limit)]
        return sorted(found, key=lambda letter: letter.message_id, reverse=True)[:limit]

    def waiting(self) -> dict[str, int]:
        """Count those that wait with each service, up to a page."""
        return {name: len(list(islice(self._of_service(name, "waiting"), PAGE))) for name in self._services}

    def one(self, message_id: UUID) -> WholeLetter:
        """Find a letter, whichever service has it."""
        for name, url in self._services.items():
            if found := self._api.get(f"{url}/dead-letters/{message_id}"):
                return WholeLetter(service=name, **found)
        raise Failure("dead letters", f"no service has {message_id}; `saga dead-letters list` shows what there is")

    def replay(self, message_id: UUID, *, reason: str) -> Letter:
        """Send one back to the queue where it died, under the same id."""
        return self._settle(message_id, "replay", reason)

    def discard(self, message_id: UUID, *, reason: str) -> Letter:
        """Settle one that nobody needs; it stays on record."""
        return self._settle(message_id, "discard", reason)

    def replay_many(self, *, kind: str | None, limit: int, reason: str) -> dict[str, int]:
        """Send the oldest that wait back, of one type or of all; tells how many of each service."""
        replayed: dict[str, int] = {}
        for name, url in self._services.items():
            left = limit - sum(replayed.values())
            if left:
                asked = {"type": kind, "limit": left, "reason": reason}
                replayed[name] = self._api.post(f"{url}/dead-letters/replay", asked)["replayed"]
        return replayed

    def _settle(self, message_id: UUID, verb: str, reason: str) -> Letter:
        service = self.one(message_id).service
        url = f"{self._services[service]}/dead-letters/{message_id}/{verb}"
        return Letter(service=service, **self._api.post(url, {"reason": reason}))

    def _of_service(self, name: str, status: LetterStatus) -> Iterator[Letter]:
        found = self._api.items(f"{self._services[name]}/dead-letters", {"status": status})
        return (Letter(service=name, **each) for each in found)
