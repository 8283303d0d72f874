"""The messages of several services that the broker would not take, as one list."""

from collections.abc import Iterable, Iterator
from itertools import islice
from uuid import UUID

from counterstep.client import Client, ProblemError, quarantine
from counterstep.client.quarantine import QuarantineVerb
from counterstep.http.views.quarantine import QuarantinedMessage, WholeQuarantinedMessage
from counterstep.messaging.outbox.quarantine_status import QuarantineStatus

from infra.machine.user_error import UserError

NOT_FOUND = 404


class Quarantine:
    """The quarantine of these services, for one operator. Every method raises `ApiError` as the client does."""

    def __init__(self, client: Client, services: Iterable[str]) -> None:
        self._client = client
        self._services = tuple(services)

    def all(self, status: QuarantineStatus, *, limit: int) -> list[QuarantinedMessage]:
        """The messages of this status, the newest first, at most `limit`."""
        found = [each for name in self._services for each in islice(self._of_service(name, status), limit)]
        return sorted(found, key=lambda each: each.message_id, reverse=True)[:limit]

    def one(self, message_id: UUID, *, whole: bool = False) -> WholeQuarantinedMessage:
        """This message, with the `whole` body or its beginning. Raises `UserError` where no service has it."""
        for name in self._services:
            try:
                found = self._client.send(name, quarantine.read(message_id, whole=whole))
            except ProblemError as problem:
                if problem.status != NOT_FOUND:
                    raise
            else:
                return WholeQuarantinedMessage(service=name, **found.model_dump())
        missing = f"no service has {message_id}; `saga quarantine list` shows the messages"
        raise UserError("quarantine", missing)

    def settle(self, message_id: UUID, verb: QuarantineVerb, *, reason: str) -> QuarantinedMessage:
        """Put a message back into its outbox under the same id, or mark it as not needed."""
        service = self.one(message_id).service
        settled = self._client.send(service, quarantine.settle(message_id, verb, reason))
        return QuarantinedMessage(service=service, **settled.model_dump())

    def retry_many(self, *, message_type: str | None, limit: int, reason: str) -> dict[str, int]:
        """Put the oldest messages of one type, or of all, back into their outboxes; how many, by service."""
        retried: dict[str, int] = {}
        for name in self._services:
            if left := limit - sum(retried.values()):
                request = quarantine.retry_many(message_type=message_type, limit=left, reason=reason)
                retried[name] = self._client.send(name, request).retried
        return retried

    def _of_service(self, name: str, status: QuarantineStatus) -> Iterator[QuarantinedMessage]:
        found = self._client.every(name, quarantine.browse(status))
        return (QuarantinedMessage(service=name, **each.model_dump()) for each in found)
