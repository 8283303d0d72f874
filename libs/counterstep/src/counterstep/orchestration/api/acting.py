"""Acts of operators: instances are advanced, and the audit is written, in one transaction."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Final
from uuid import UUID

from counterstep.http.problems import Problem
from counterstep.messaging.outbox.platform_transaction import PlatformTransaction
from counterstep.orchestration.instances import Definitions, LoadedInstance
from counterstep.orchestration.model import Act, OperatorAct
from counterstep.orchestration.persisting import persist
from counterstep.orchestration.spans import place_of_saga
from counterstep.orchestration.unit_of_work import UnitOfWork
from counterstep.saga.abort import AbortCause
from counterstep.saga.engine import is_past_pivot
from counterstep.saga.transition import Cancelled, Input, ResendRequested
from counterstep.telemetry import operator_span

_INPUT_OF: Final[Mapping[Act, Callable[[str], Input]]] = {
    Act.RETRY: ResendRequested,
    Act.COMPENSATE: partial(Cancelled, cause=AbortCause.OPERATOR),
}
"""The engine's input for each act, made from the operator's reason."""


async def act_on(  # noqa: PLR0913, PLR0917 - who does what to which, and why
    tx: PlatformTransaction,
    definitions: Definitions,
    saga_ids: Sequence[UUID],
    act: Act,
    operator: str,
    reason: str,
) -> None:
    """Do this to all of these instances, or to none.

    Raises `Problem`: 404 for an instance that does not exist, 409 for one to which the act can do nothing.
    """
    work = await _locked(tx, definitions, saga_ids)
    for saga_id in saga_ids:
        loaded = work.instances.get(saga_id)
        if loaded is None:
            raise Problem(404, f"there is no saga {saga_id}; GET /sagas lists them")
        if why_not := hindrance(act, loaded):
            raise Problem(409, why_not)
        audit = OperatorAct(operator=operator, act=act, saga_id=saga_id, reason=reason)
        tx.session.add(audit)
        what, place = f"{act} {loaded.saga.name}", place_of_saga(loaded)
        with operator_span(what, place, saga_id, operator=operator, reason=reason):
            for command in work.apply(saga_id, _INPUT_OF[act](reason), audit.act_id):
                tx.send(command)
    await persist(work, tx)
    await tx.flush()  # so that the response shows it


def hindrance(act: Act, loaded: LoadedInstance) -> str | None:
    """Why the act can do nothing to this instance; `None` where it can."""
    if loaded.status.ended:
        return f"the saga has ended, {loaded.status}: no command is pending"
    if act is Act.RETRY:
        return None
    if loaded.instance.abort:
        return f"the saga is rolling back already: {loaded.instance.abort.reason}"
    if is_past_pivot(loaded.saga, loaded.instance):
        return f"the saga's pivot, {loaded.saga.pivot.__name__}, was sent: it only goes forward now"
    return None


async def _locked(tx: PlatformTransaction, definitions: Definitions, saga_ids: Sequence[UUID]) -> UnitOfWork:
    try:
        return await UnitOfWork.lock(tx.sql, definitions, saga_ids)
    except LookupError as error:
        raise Problem(409, str(error)) from None
