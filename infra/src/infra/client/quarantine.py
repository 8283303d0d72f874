"""The messages of several services that the broker would not take."""

from collections.abc import Iterator
from uuid import UUID

from counterstep.client import quarantine
from counterstep.client.quarantine import QuarantineVerb
from counterstep.http.views.quarantine import QuarantinedMessage, WholeQuarantinedMessage
from counterstep.messaging.outbox.quarantine_status import QuarantineStatus

from infra.client.set_aside import SetAside


class Quarantine(SetAside[QuarantinedMessage, WholeQuarantinedMessage]):
    """The quarantine of these services, for one operator. Every method raises `ApiError` as the client does."""

    name = "quarantine"
    hint = "`saga quarantine list` shows the messages"

    def all(self, status: QuarantineStatus, *, limit: int) -> list[QuarantinedMessage]:
        """The messages of this status, the newest first, at most `limit`."""

        def of_service(name: str) -> Iterator[QuarantinedMessage]:
            found = self._client.every(name, quarantine.browse(status))
            return (QuarantinedMessage(service=name, **each.model_dump()) for each in found)

        return self._newest(of_service, limit)

    def settle(self, message_id: UUID, verb: QuarantineVerb, *, reason: str) -> QuarantinedMessage:
        """Put a message back into its outbox under the same id, or mark it as not needed."""
        service = self.one(message_id).service
        settled = self._client.send(service, quarantine.settle(message_id, verb, reason))
        return QuarantinedMessage(service=service, **settled.model_dump())

    def retry_many(self, *, message_type: str | None, limit: int, reason: str) -> dict[str, int]:
        """Put the messages in quarantine longest, of one type or of all, back; how many, by service."""

        def retry(name: str, left: int) -> int:
            request = quarantine.retry_many(message_type=message_type, limit=left, reason=reason)
            return self._client.send(name, request).retried

        return self._many(retry, limit)

    def _read(self, service: str, message_id: UUID, *, whole: bool) -> WholeQuarantinedMessage:
        found = self._client.send(service, quarantine.read(message_id, whole=whole))
        return WholeQuarantinedMessage(service=service, **found.model_dump())
