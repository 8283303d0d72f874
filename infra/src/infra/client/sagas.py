"""What several commands ask the orchestrator about sagas."""

from collections.abc import Iterator
from itertools import islice
from uuid import UUID

from counterstep.client import LONGEST_PAGE, Client, ProblemError, sagas
from counterstep.client.sagas import OperatorVerb
from counterstep.http.views.sagas import SagaDefinition, SagaDetail, SagaHistoryEntry, SagaSummary
from counterstep.saga.instance import Status
from shop_client import orders

from infra.machine.user_error import UserError

NOT_FOUND = 404


class Sagas:
    """The sagas of one deployment, for one caller. Every method raises `ApiError` as the client does."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def newest(
        self,
        *,
        limit: int,
        status: Status | None = None,
        saga: str | None = None,
        key: str | None = None,
        code: str | None = None,
    ) -> list[SagaSummary]:
        """The newest saga instances that all of this is true of, at most `limit`."""
        request = sagas.browse(status=status, saga=saga, key=key, code=code, limit=min(limit, LONGEST_PAGE))
        return list(islice(self._client.every("orchestrator", request), limit))

    def find(self, saga_id: UUID) -> SagaDetail | None:
        """One instance; `None` where it has not begun."""
        try:
            return self._client.send("orchestrator", sagas.read(saga_id))
        except ProblemError as problem:
            if problem.status == NOT_FOUND:
                return None
            raise

    def whole_history(self, saga: SagaDetail) -> Iterator[SagaHistoryEntry]:
        """Every history entry of this instance: those that came with it, then page by page."""
        yield from saga.history
        if saga.history_cursor:
            rest = sagas.history(saga.saga_id, cursor=saga.history_cursor)
            yield from self._client.every("orchestrator", rest)

    def started(self, saga_id: UUID) -> SagaDetail:
        """One instance. Raises `UserError` where it has not begun."""
        if found := self.find(saga_id):
            return found
        raise UserError("sagas", f"{saga_id} has not started yet: the orchestrator has not received its order")

    def saga_of(self, known: UUID) -> UUID:
        """The id of the saga with this id, or of the saga for this order. Raises `UserError` for an unknown id."""
        if self.find(known):
            return known
        if by_key := self.newest(limit=1, key=str(known)):
            return by_key[0].saga_id
        try:
            return self._client.send("order", orders.read(known)).saga_id
        except ProblemError as problem:
            if problem.status != NOT_FOUND:
                raise
        raise UserError("sagas", f"there is no saga and no order {known}; `saga sagas list` shows the sagas")

    def order_of(self, known: UUID) -> UUID:
        """The id of the order with this id, or of the order of this saga. It may be unknown."""
        saga = self.find(known)
        return UUID(saga.key) if saga else known

    def act(self, saga_id: UUID, verb: OperatorVerb, *, reason: str) -> SagaSummary:
        """Send the pending commands again, or abort the saga."""
        return self._client.send("orchestrator", sagas.act(saga_id, verb, reason))

    def cancel(self, saga_id: UUID, *, reason: str) -> None:
        """Ask for the cancellation of the saga's order, as its customer may."""
        self._client.send("order", orders.cancel(UUID(self.started(saga_id).key), reason=reason))

    def definitions(self) -> list[SagaDefinition]:
        """All registered definitions."""
        return self._client.send("orchestrator", sagas.definitions())

    def definition(self, saga: SagaSummary) -> SagaDefinition:
        """The definition that this instance is pinned to."""
        pinned = (saga.saga, saga.version)
        return next(each for each in self.definitions() if (each.saga, each.version) == pinned)
