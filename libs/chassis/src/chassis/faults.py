"""Fault switches over HTTP: whichever service is asked, all processes hear of it, and each knows what is on."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Annotated, Final, Self, get_args

from contracts.control import LONGEST, Faults, SwitchFaults
from contracts.services import ORCHESTRATOR, ServiceName
from fastapi import APIRouter, Depends, Request
from messaging.faults.switches import FaultSwitches
from pydantic import BaseModel, Field, model_validator

from chassis.auth import Operator, Viewer
from chassis.problems import Problem
from chassis.text import OneLine
from chassis.views.faults import Board, Fault

EVERY_SERVICE: Final[tuple[ServiceName, ...]] = get_args(ServiceName)
MOST_SECONDS: Final = round(LONGEST.total_seconds())

router = APIRouter(prefix="/faults", tags=["faults"])


class SwitchOn(BaseModel, extra="forbid"):
    """What is to be wrong with these services, and for how many seconds; it takes the place of what was on."""

    services: Annotated[frozenset[ServiceName], Field(min_length=1, examples=[["payment"]])]
    faults: Annotated[Faults, Field(examples=[{"refuses": 0.3}])]
    seconds: Annotated[int, Field(ge=1, le=MOST_SECONDS)] = 120
    seed: int = 0
    reason: Annotated[OneLine, Field(examples=["to see orders compensated"])]

    @model_validator(mode="after")
    def _possible(self) -> Self:
        if self.faults.refuses and ORCHESTRATOR in self.services:
            raise ValueError("the orchestrator is commanded by nobody, so it cannot refuse")
        return self


async def switches(request: Request) -> FaultSwitches:
    """The process's fault switches, or a 404 problem where it has none."""
    found: FaultSwitches | None = request.app.state.fault_switches
    if found is None:
        raise Problem(
            404, "there are no fault switches here; FAULTS_ENABLED=true makes them, with MODE=local only"
        )
    return found


Switches = Annotated[FaultSwitches, Depends(switches)]


@router.get("")
async def read(_: Viewer, found: Switches) -> Board:
    """What is on, and until when."""
    on = found.board.on().items()
    return Board(
        on=[
            Fault(service=name, faults=said.faults, ends_at=said.ends_at, by=said.by, reason=said.reason)
            for name, said in on
        ]
    )


@router.post("", status_code=202)
async def switch_on(body: SwitchOn, operator: Operator, found: Switches) -> Board:
    """Switch faults on; they end by themselves."""
    ends_in = timedelta(seconds=body.seconds)
    word = _word(body.services, body.faults, ends_in, by=operator.subject, reason=body.reason, seed=body.seed)
    await _say(found, word)
    return await read(operator, found)


@router.delete("", status_code=202)
async def switch_off(operator: Operator, found: Switches) -> Board:
    """Switch everything off."""
    await _say(found, _word(EVERY_SERVICE, Faults(), LONGEST, by=operator.subject, reason="switched off"))
    return await read(operator, found)


def _word(  # noqa: PLR0913 - one parameter for each thing that is said
    services: Iterable[ServiceName], faults: Faults, ends_in: timedelta, *, by: str, reason: str, seed: int = 0
) -> SwitchFaults:
    now = datetime.now(UTC)
    return SwitchFaults(
        services=tuple(sorted(services)),
        faults=faults,
        switched_at=now,
        ends_at=now + ends_in,
        seed=seed,
        by=by,
        reason=reason,
    )


async def _say(found: FaultSwitches, word: SwitchFaults) -> None:
    try:
        await found.switch(word)
    except (ConnectionError, TimeoutError):
        raise Problem(503, "the broker does not answer, so no process can be told; try again") from None
