"""Every part as it is now: its state, what it uses, and what an operator may do to it."""

import asyncio
from concurrent.futures import Executor
from datetime import UTC, datetime
from time import monotonic

from counterstep.http.views.parts import PartAct, PartState, PartView

from infra.components.console import CONSOLE
from infra.components.control import Control
from infra.components.process_spec import ProcessSpec
from infra.control.acts import Acts
from infra.control.effects import effect
from infra.control.restarts import Restarts
from infra.control.usage import Usage, UsageMeter
from infra.launcher import Process, Stack

FRESH = 1.5
"""Seconds. The usage is measured at most this often, so that a share of processor time means something."""

STATES: dict[str, PartState] = {
    "RUNNING": "running",
    "STARTING": "starting",
    "STOPPING": "stopping",
    "BACKOFF": "failing",
    "FATAL": "failing",
}


class Overview:
    """The parts of one stack. The supervisor and the system are asked in `thread`."""

    def __init__(self, stack: Stack, acts: Acts, thread: Executor) -> None:
        self._stack = stack
        self._acts = acts
        self._thread = thread
        self._meter = UsageMeter()
        self._restarts = Restarts(stack.home.log("supervisor"))
        self._usage: dict[str, Usage] = {}
        self._measured_at = -FRESH

    async def parts(self) -> list[PartView]:
        """Every part, running or not."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._look)

    def _look(self) -> list[PartView]:
        specs, processes = self._stack.parts, self._stack.supervision.processes()
        if monotonic() - self._measured_at >= FRESH:
            self._measured_at = monotonic()
            self._usage = self._meter.look({name: each.pid for name, each in processes.items() if each.pid})
        restarts = self._restarts.count()
        services = {
            name: service for service in self._stack.services for name in self._stack.processes_of(service)
        }
        alive = {name for name, process in processes.items() if process.alive}

        def view(name: str, spec: ProcessSpec) -> PartView:
            process, usage = processes.get(name), self._usage.get(name)
            service = services.get(name, name)
            others = sum(services.get(each) == service for each in alive - {name}) if name in services else 0
            runs = process is not None and process.alive
            return PartView(
                name=name,
                service=service,
                address=spec.address,
                state=STATES.get(process.statename, "stopped") if process else "stopped",
                pid=process.pid or None if process else None,
                since=datetime.fromtimestamp(process.start, UTC) if process and runs else None,
                restarts=restarts[name],
                cpu=usage.cpu if usage and runs else None,
                memory_bytes=usage.memory if usage and runs else None,
                acts=[] if name in self._acts.under_way or process is None else acts_on(name, process),
                effect=effect(service, others),
                problem=self._acts.problems.get(name),
            )

        return [view(name, spec) for name, spec in specs.items()]


def acts_on(name: str, process: Process) -> list[PartAct]:
    """What an operator may do to it. Who acts from the console must be able to act again afterwards."""
    if name == Control.name:
        return []
    if process.alive:
        return ["restart"] if name == CONSOLE else ["stop", "restart"]
    if process.statename == "BACKOFF":
        return [] if name == CONSOLE else ["stop"]
    return [] if process.statename == "STOPPING" else ["start"]
