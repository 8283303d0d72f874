"""The orchestrator's sagas over its public API, and its definitions."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, Literal, TypeAlias, get_args
from uuid import UUID

from pydantic import BaseModel

from infra.client.public_api import PAGE, PublicApi
from infra.launcher.deployment import Deployment
from infra.machine.failure import Failure

Status: TypeAlias = Literal["running", "compensating", "completed", "compensated", "needs_attention"]
Direction: TypeAlias = Literal["forward", "compensation"]
Act: TypeAlias = Literal["retry", "compensate"]

STATUSES: tuple[Status, ...] = get_args(Status)


class Happening(BaseModel, frozen=True):
    """One line of a saga's history."""

    at: datetime
    step: str
    direction: Direction
    attempt: int
    event: str
    detail: str | None
    code: str | None = None


class OperatorAct(BaseModel, frozen=True):
    """What somebody did to a saga, and why."""

    at: datetime
    operator: str
    act: Act
    reason: str


class Summary(BaseModel, frozen=True):
    """A saga in a list; `key` is the order's id."""

    saga_id: UUID
    saga: str
    version: int
    key: str
    status: Status
    reason: str | None
    code: str | None = None
    trace_id: str | None
    trace_url: str | None
    started_at: datetime
    ended_at: datetime | None

    @property
    def took(self) -> timedelta | None:
        """How long it took to its end; None where it has not ended."""
        return self.ended_at - self.started_at if self.ended_at else None


class SagaRun(Summary, frozen=True):
    """A saga with all that happened to it, oldest first."""

    history: list[Happening]
    acts: list[OperatorAct]


class Definition(BaseModel, frozen=True):
    """One version of a saga: how many runs it has left, its description, and its diagrams in Mermaid."""

    saga: str
    version: int
    runs_left: int
    description: dict[str, Any]
    state_diagram: str
    sequence_diagram: str

    @property
    def steps(self) -> dict[str, dict[str, Any]]:
        """What is said of each step, in their order."""
        return {step: self.description["steps"][step] for stage in self.description["stages"] for step in stage}


class Sagas:
    """The sagas of one stack, for one caller. Every method raises Failure."""

    def __init__(self, stack: Deployment, api: PublicApi) -> None:
        self._api = api
        self._url = f"{stack.url('orchestrator')}/sagas"
        self._orders = f"{stack.url('order')}/orders"

    def newest(
        self,
        *,
        limit: int,
        status: Status | None = None,
        saga: str | None = None,
        key: str | None = None,
        code: str | None = None,
    ) -> list[Summary]:
        """List those that all of this is true of, the newest first; `code` is the refusal's."""
        query = {"status": status, "saga": saga, "key": key, "code": code}
        return list(islice(self._all(query, page=min(limit, PAGE)), limit))

    def one(self, saga_id: UUID) -> SagaRun | None:
        """Return a saga; None where it has not begun."""
        found = self._api.get(f"{self._url}/{saga_id}")
        return SagaRun.model_validate(found) if found else None

    def saga_of(self, known: UUID) -> UUID:
        """Find the saga of an id, which may be its own or its order's."""
        if self._api.get(f"{self._url}/{known}"):
            return known
        if by_key := self.newest(limit=1, key=str(known)):
            return by_key[0].saga_id
        if order := self._api.get(f"{self._orders}/{known}"):
            return UUID(order["saga_id"])
        raise Failure("sagas", f"no saga and no order is {known}; `saga sagas list` shows what there is")

    def act(self, saga_id: UUID, act: Act, *, reason: str) -> Summary:
        """Ask again at once for what is awaited, or call the saga back."""
        return Summary.model_validate(self._api.post(f"{self._url}/{saga_id}/{act}", {"reason": reason}))

    def cancel(self, saga_id: UUID, *, reason: str) -> None:
        """Ask for its order to be called back, as its customer may."""
        order_id = self.begun(saga_id).key
        self._api.post(f"{self._orders}/{order_id}/cancel", {"reason": reason})

    def begun(self, saga_id: UUID) -> SagaRun:
        """Return a saga that has begun."""
        if run := self.one(saga_id):
            return run
        raise Failure("sagas", f"{saga_id} has not begun yet: the orchestrator has not heard of its order")

    def definitions(self) -> list[Definition]:
        return [Definition.model_validate(each) for each in self._api.get(f"{self._url}/definitions")]

    def definition(self, run: Summary) -> Definition:
        """Return the definition that a saga is pinned to."""
        pinned = (run.saga, run.version)
        return next(each for each in self.definitions() if (each.saga, each.version) == pinned)

    def _all(self, query: dict[str, str | None], *, page: int) -> Iterator[Summary]:
        return map(Summary.model_validate, self._api.items(self._url, query, page=page))
