"""What an operator does to runs: they are advanced, and the audit says by whom and why, in one transaction."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Final
from uuid import UUID

from counterstep.http.problems import Problem
from counterstep.messaging.outbox.transaction import Transaction
from counterstep.orchestration.instances import Definitions, LoadedInstance
from counterstep.orchestration.model import Act, OperatorAct
from counterstep.orchestration.persisting import persist
from counterstep.orchestration.spans import place_of_saga
from counterstep.orchestration.unit_of_work import UnitOfWork
from counterstep.saga.abort import AbortCause
from counterstep.saga.engine import is_past_pivot
from counterstep.saga.transition import Cancelled, Input, ResendRequested
from counterstep.telemetry import linked_span

HEARD: Final[Mapping[Act, Callable[[str], Input]]] = {
    Act.RETRY: ResendRequested,
    Act.COMPENSATE: partial(Cancelled, cause=AbortCause.OPERATOR),
}
"""What a run hears of each act; its reason is the operator's."""


async def act_on(  # noqa: PLR0913, PLR0917 - who does what to which, and why
    tx: Transaction, sagas: Definitions, saga_ids: Sequence[UUID], act: Act, operator: str, reason: str
) -> None:
    """Do this to all of these runs.

    Raises `Problem`: 404 for a run that does not exist, 409 for one to which this can do nothing.
    """
    ledger = await _locked(tx, sagas, saga_ids)
    for saga_id in saga_ids:
        opened = ledger.runs.get(saga_id)
        if opened is None:
            raise Problem(404, f"there is no saga {saga_id}; GET /sagas lists them")
        if why_not := hindrance(act, opened):
            raise Problem(409, why_not)
        audit = OperatorAct(operator=operator, act=act, saga_id=saga_id, reason=reason)
        tx.session.add(audit)
        about = {"saga.id": str(saga_id), "operator.name": operator, "operator.reason": reason}
        with linked_span(f"operator {act} {opened.saga.name}", place_of_saga(opened), about):
            for command in ledger.hear(saga_id, HEARD[act](reason), audit.act_id):
                tx.send(command)
    await persist(ledger, tx)
    await tx.written()  # so that the answer shows it


def hindrance(act: Act, opened: LoadedInstance) -> str | None:
    """Why this can do nothing to the run; `None` where it can."""
    if opened.status.ended:
        return f"the saga has ended, {opened.status}: nothing is awaited"
    if act is Act.RETRY:
        return None
    if opened.run.turn:
        return f"the saga is on its way back already: {opened.run.turn.reason}"
    if is_past_pivot(opened.saga, opened.run):
        return f"the saga's pivot, {opened.saga.pivot.__name__}, has been asked for: it only goes forward now"
    return None


async def _locked(tx: Transaction, sagas: Definitions, saga_ids: Sequence[UUID]) -> UnitOfWork:
    try:
        return await UnitOfWork.locked(tx.sql, sagas, saga_ids)
    except LookupError as error:
        raise Problem(409, str(error)) from None
