"""Requests about sagas, to the orchestrator."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal, TypeAlias
from uuid import UUID

from counterstep.client.request import LONGEST_PAGE, Page, Request
from counterstep.http.views.sagas import SagaDefinition, SagaDetail, SagaHistoryEntry, SagaMessage, SagaSummary

OperatorVerb: TypeAlias = Literal["retry", "compensate"]


def browse(  # noqa: PLR0913 - one parameter for each filter
    *,
    status: str | None = None,
    saga: str | None = None,
    key: str | None = None,
    code: str | None = None,
    ids: Sequence[UUID] = (),
    started_after: datetime | None = None,
    started_before: datetime | None = None,
    limit: int = LONGEST_PAGE,
    cursor: str | None = None,
) -> Request[Page[SagaSummary]]:
    """A page of the saga instances that all of this is true of, newest first.

    `key` is the business key, and `code` that of the refusal which aborted the instance.
    """
    query: Mapping[str, object] = {
        "status": status,
        "saga": saga,
        "key": key,
        "code": code,
        "id": list(ids) or None,
        "started_after": started_after,
        "started_before": started_before,
        "limit": limit,
        "cursor": cursor,
    }
    return Request("GET", "/sagas", Page[SagaSummary], query=query)


def read(saga_id: UUID) -> Request[SagaDetail]:
    """One instance with its history. The answer is a 404 problem where it has not begun."""
    return Request("GET", f"/sagas/{saga_id}", SagaDetail)


def history(
    saga_id: UUID, *, cursor: str | None = None, limit: int = LONGEST_PAGE
) -> Request[Page[SagaHistoryEntry]]:
    """A page of the history of an instance, oldest entry first."""
    return Request(
        "GET", f"/sagas/{saga_id}/history", Page[SagaHistoryEntry], query={"cursor": cursor, "limit": limit}
    )


def messages(saga_id: UUID) -> Request[list[SagaMessage]]:
    """The event that the instance started on, and every command that it sent."""
    return Request("GET", f"/sagas/{saga_id}/messages", list[SagaMessage])


def act(saga_id: UUID, verb: OperatorVerb, reason: str) -> Request[SagaSummary]:
    """Send the pending commands again (`retry`), or abort the saga (`compensate`). The audit keeps the reason."""
    return Request("POST", f"/sagas/{saga_id}/{verb}", SagaSummary, body={"reason": reason})


def definitions() -> Request[list[SagaDefinition]]:
    """Every registered definition, with its diagrams and the number of instances that have not ended."""
    return Request("GET", "/sagas/definitions", list[SagaDefinition])
