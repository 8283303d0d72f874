"""What an operator does to runs: they are advanced, and the audit says by whom and why, in one transaction."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Final
from uuid import UUID

from chassis.problems import Problem
from messaging import Transaction
from saga import Cancelled, Cause, Heard, Nudged, is_past_return
from telemetry import elsewhere

from orchestrator.closing import close
from orchestrator.ledger import Ledger
from orchestrator.model import Act, OperatorAct
from orchestrator.sagas import SAGAS
from orchestrator.spans import place_of_saga
from orchestrator.store import OpenRun

HEARD: Final[Mapping[Act, Callable[[str], Heard]]] = {
    Act.RETRY: Nudged,
    Act.COMPENSATE: partial(Cancelled, cause=Cause.OPERATOR),
}
"""What a run hears of each act; its reason is the operator's."""


async def act_on(tx: Transaction, saga_ids: Sequence[UUID], act: Act, operator: str, reason: str) -> None:
    """Do this to all of these runs.

    Raises `Problem`: 404 for a run that does not exist, 409 for one to which this can do nothing.
    """
    ledger = await _locked(tx, saga_ids)
    for saga_id in saga_ids:
        opened = ledger.runs.get(saga_id)
        if opened is None:
            raise Problem(404, f"there is no saga {saga_id}; GET /sagas lists them")
        if why_not := hindrance(act, opened):
            raise Problem(409, why_not)
        audit = OperatorAct(operator=operator, act=act, saga_id=saga_id, reason=reason)
        tx.session.add(audit)
        about = {"saga.id": str(saga_id), "operator.name": operator, "operator.reason": reason}
        with elsewhere(f"operator {act} {opened.saga.name}", place_of_saga(opened), about):
            for command in ledger.hear(saga_id, HEARD[act](reason), audit.act_id):
                tx.send(command)
    await close(ledger, tx)
    await tx.written()  # so that the answer shows it


def hindrance(act: Act, opened: OpenRun) -> str | None:
    """Why this can do nothing to the run; `None` where it can."""
    if opened.status.ended:
        return f"the saga has ended, {opened.status}: nothing is awaited"
    if act is Act.RETRY:
        return None
    if opened.run.turn:
        return f"the saga is on its way back already: {opened.run.turn.reason}"
    if is_past_return(opened.saga, opened.run):
        return f"the saga's pivot, {opened.saga.pivot.__name__}, has been asked for: it only goes forward now"
    return None


async def _locked(tx: Transaction, saga_ids: Sequence[UUID]) -> Ledger:
    try:
        return await Ledger.locked(tx.sql, SAGAS, saga_ids)
    except LookupError as error:
        raise Problem(409, str(error)) from None
