"""Fault switches over HTTP: any service can be asked; it tells all processes, and each knows what is on."""

from datetime import timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field

from counterstep.chaos.switches import FaultSwitches
from counterstep.chaos.views import Board, Fault
from counterstep.http.auth import Operator, Viewer
from counterstep.http.problems import Problem
from counterstep.http.text import OneLine
from counterstep.protocol.control import LONGEST, Faults, SwitchFaults
from counterstep.topology.topology import Topology

MOST_SECONDS: Final = round(LONGEST.total_seconds())


router = APIRouter(prefix="/faults", tags=["faults"])


class SwitchOn(BaseModel, extra="forbid"):
    """Which faults these services are to have, and for how many seconds. They replace those of before."""

    services: Annotated[frozenset[str], Field(min_length=1)]
    faults: Annotated[Faults, Field(examples=[{"refuses": 0.3}])]
    seconds: Annotated[int, Field(ge=1, le=MOST_SECONDS)] = 120
    seed: int = 0
    reason: Annotated[OneLine, Field(examples=["to see sagas compensated"])]


async def switches(request: Request) -> FaultSwitches:
    """The process's fault switches, or a 404 problem where it has none."""
    found: FaultSwitches | None = request.app.state.fault_switches
    if found is None:
        raise Problem(
            404, "there are no fault switches here; FAULTS_ENABLED=true makes them, with MODE=local only"
        )
    return found


Switches = Annotated[FaultSwitches, Depends(switches)]


async def topology(request: Request) -> Topology:
    """The system that this process is a part of."""
    found: Topology = request.app.state.consumer.topology
    return found


TheTopology = Annotated[Topology, Depends(topology)]


@router.get("")
async def read(_: Viewer, found: Switches) -> Board:
    """What is on, and until when."""
    return _board(found)


@router.post("", status_code=202)
async def switch_on(body: SwitchOn, operator: Operator, found: Switches, topology: TheTopology) -> Board:
    """Switch faults on; they end by themselves."""
    _check(body, topology)
    said = SwitchFaults(
        services=tuple(sorted(body.services)),
        faults=body.faults,
        switched_at=(now := found.board.moment()),
        ends_at=now + timedelta(seconds=body.seconds),
        seed=body.seed,
        by=operator.subject,
        reason=body.reason,
    )
    await _send(found, said)
    return _board(found)


@router.delete("", status_code=202)
async def switch_off(operator: Operator, found: Switches, topology: TheTopology) -> Board:
    """Switch everything off."""
    said = SwitchFaults(
        services=tuple(sorted(topology.services)),
        faults=Faults(),
        switched_at=(now := found.board.moment()),
        ends_at=now + LONGEST,
        by=operator.subject,
        reason="switched off",
    )
    await _send(found, said)
    return _board(found)


def _check(wanted: SwitchOn, topology: Topology) -> None:
    """Raises `Problem` for a service that this system lacks, and for refusals by one without commands."""
    if unknown := sorted(wanted.services - topology.services.keys()):
        services = ", ".join(topology.services)
        raise Problem(422, f"there is no service {', '.join(unknown)}; the services are {services}")
    if wanted.faults.refuses and topology.orchestrator in wanted.services:
        raise Problem(422, f"nothing commands the {topology.orchestrator}, so it cannot refuse")


def _board(found: FaultSwitches) -> Board:
    return Board(
        on=[
            Fault(service=name, faults=said.faults, ends_at=said.ends_at, by=said.by, reason=said.reason)
            for name, said in found.board.on().items()
        ]
    )


async def _send(found: FaultSwitches, message: SwitchFaults) -> None:
    try:
        await found.switch(message)
    except (ConnectionError, TimeoutError):
        raise Problem(503, "the broker does not answer, so no process can be told; try again") from None
