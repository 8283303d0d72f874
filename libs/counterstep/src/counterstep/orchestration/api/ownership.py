"""Whose an instance is, and what the owner sees of it: how it stands, and nothing that operators wrote."""

from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from pydantic import ValidationError

from counterstep.http.roles import Caller
from counterstep.orchestration.api.views import Detail, HistoryEntryView
from counterstep.orchestration.instances import Definitions
from counterstep.orchestration.model import InstanceRow
from counterstep.saga.abort import AbortCause
from counterstep.saga.transition import HistoryEvent

BY_AN_OPERATOR: Final = "an operator had it compensated"
"""The reason that an owner reads instead of the operator's own words."""


def may_see(caller: Caller, row: InstanceRow, definitions: Definitions) -> bool:
    """Whether the caller may read this instance: as an operator, as a viewer, or as its owner."""
    if caller.sees_all:
        return True
    owner = owner_of(row, definitions)
    return owner is not None and caller.may_see(owner)


def owner_of(row: InstanceRow, definitions: Definitions) -> str | None:
    """The subject in the tokens of its owner. `None` where the definition names none, or is not here."""
    try:
        saga = definitions.sagas.definition(row.saga, row.version)
        return saga.owner(definitions.contracts.readers[row.start_type](row.start)) if saga.owner else None
    except (LookupError, ValidationError):  # an orchestrator of another release began it
        return None


def for_owner(detail: Detail, row: InstanceRow) -> Detail:
    """The same without acts, without the operators' words in the history and the reason, and without the trace.

    A trace's page asks nobody for a token, and shows what operators and other services wrote.
    """
    history = tuple(entries_for_owner(detail.history, row, [act.act_id for act in detail.acts]))
    hidden: dict[str, Any] = {"acts": (), "history": history, "trace_id": None, "trace_url": None}
    return detail.model_copy(update=hidden | ({"reason": BY_AN_OPERATOR} if _is_by_operator(row) else {}))


def entries_for_owner(
    entries: Iterable[HistoryEntryView], row: InstanceRow, acts: Iterable[UUID]
) -> list[HistoryEntryView]:
    """The same entries without the operators' words; `acts` are the ids of what operators did to the instance."""
    noted, ends_by_operator = set(acts), _is_by_operator(row)
    return [
        entry.model_copy(update={"detail": None})
        if entry.message_id in noted or (ends_by_operator and entry.event is HistoryEvent.COMPENSATED)
        else entry
        for entry in entries
    ]


def _is_by_operator(row: InstanceRow) -> bool:
    return row.cause == AbortCause.OPERATOR
